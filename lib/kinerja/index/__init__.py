"""Indeks komposit berjenjang: dari tabel simpul dan tabel indikator ke skor, peringkat, dan ketidakpastiannya.

Alur pendek::

    pohon = Pohon.dari_tabel(kerangka)
    hasil = Resep(normalisasi=Normalisasi("tonggak")).jalankan(data, pohon)
    hasil.nilai, hasil.peringkat, hasil.ketersediaan()
    tak_pasti = run_uncertainty(data, pohon, Skenario(bobot=BobotAcak()), resep=hasil.resep)

Untuk menghitung ulang berkali-kali (penggeser bobot): ``s = pohon.susun()`` lalu
``s.hitung(nilai, s.larik_bobot({...}))``.
"""

from kinerja.index.agregasi import Susunan
from kinerja.index.analisis import (
    correlations,
    cronbach_alpha,
    drop_each,
    effective_weights,
    reliability,
    strengths_weaknesses,
)
from kinerja.index.bobot import (
    HasilAHP,
    HasilBerimbang,
    HasilKomponenUtama,
    ahp,
    ahp_matrix,
    balanced_weights,
    combine_ahp,
    equal_weights,
    given_weights,
    pca_weights,
)
from kinerja.index.hitung import HasilIndeks, Resep, availability, compute
from kinerja.index.ketidakpastian import (
    HasilKepekaan,
    HasilKetidakpastian,
    MixedScaleWarning,
    run_sensitivity,
    run_uncertainty,
)
from kinerja.index.means import MEANS, Mean
from kinerja.index.normalisasi import Acuan, Normalisasi, NormalisasiTerpasang, fit_array, normalise
from kinerja.index.olah import (
    HasilOlah,
    Olahan,
    impute_group,
    impute_siblings,
    inspect_indicators,
    treat_outliers,
)
from kinerja.index.outliers import OUTLIER_RULES, kurtosis, skewness
from kinerja.index.peringkat import joint_rank_intervals, rank_array, rank_frame
from kinerja.index.pohon import Pohon
from kinerja.index.sampel import covariance_from_replicates, replicate_standard_error, simulate_replicates
from kinerja.index.scalings import SCALINGS
from kinerja.index.skenario import BobotAcak, Skenario, TonggakAcak
from kinerja.index.sobol import estimate_sobol, pooled_sobol, saltelli_design
from kinerja.index.urai import (
    CAKUPAN,
    contributions,
    decompose_difference,
    delta_standard_error,
    gradient,
    node_gradients,
)

__all__ = [
    "CAKUPAN",
    "MEANS",
    "OUTLIER_RULES",
    "SCALINGS",
    "Acuan",
    "BobotAcak",
    "HasilAHP",
    "HasilBerimbang",
    "HasilIndeks",
    "HasilKepekaan",
    "HasilKetidakpastian",
    "HasilKomponenUtama",
    "HasilOlah",
    "Mean",
    "MixedScaleWarning",
    "Normalisasi",
    "NormalisasiTerpasang",
    "Olahan",
    "Pohon",
    "Resep",
    "Skenario",
    "Susunan",
    "TonggakAcak",
    "ahp",
    "ahp_matrix",
    "availability",
    "balanced_weights",
    "combine_ahp",
    "compute",
    "contributions",
    "correlations",
    "covariance_from_replicates",
    "cronbach_alpha",
    "decompose_difference",
    "delta_standard_error",
    "drop_each",
    "effective_weights",
    "equal_weights",
    "estimate_sobol",
    "fit_array",
    "given_weights",
    "gradient",
    "impute_group",
    "impute_siblings",
    "inspect_indicators",
    "joint_rank_intervals",
    "kurtosis",
    "node_gradients",
    "normalise",
    "pca_weights",
    "pooled_sobol",
    "rank_array",
    "rank_frame",
    "reliability",
    "replicate_standard_error",
    "run_sensitivity",
    "run_uncertainty",
    "saltelli_design",
    "simulate_replicates",
    "skewness",
    "strengths_weaknesses",
    "treat_outliers",
]
