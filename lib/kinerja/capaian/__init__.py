"""Capaian kinerja: dari angka dasar ke IKU, sasaran strategis, dan institusi.

Batas, arah, rumus, sifat triwulan, dan cara agregasi adalah data. ``rumus`` menghitung satu capaian dan menyatakan
apa yang terjadi pada masukan yang tidak biasa; ``indikator`` membentuk target dan realisasi periode laporan;
``agregat`` merata-ratakan; ``jalur`` membandingkan dengan tahun lain dan Renstra; ``tercetak`` dengan yang dicetak.
"""

from kinerja.capaian.agregat import (
    DESIMAL_CETAK,
    counts,
    institusi,
    mean_achievement,
    mean_by_rule,
    mean_with,
    offline_cap,
    sasaran,
    summary,
)
from kinerja.capaian.indikator import (
    DEFINISI_UTAMA,
    SATUAN_BAGIAN,
    cap,
    iku,
    indicator_from,
    indicator_rules,
    predicates,
    quarters,
    realisation,
)
from kinerja.capaian.jalur import HASIL, comparison, distance, end_year, renstra_path, strip, trajectory
from kinerja.capaian.rumus import (
    GOLONGAN,
    NAIK,
    RENTANG,
    TIDAK_DINILAI,
    TURUN,
    achievement,
    achievement_range,
    achievement_text,
    change_unit,
    classify,
    required_pace,
)
from kinerja.capaian.tercetak import printed_places, printed_versions

__all__ = [
    "DEFINISI_UTAMA",
    "DESIMAL_CETAK",
    "GOLONGAN",
    "HASIL",
    "NAIK",
    "RENTANG",
    "SATUAN_BAGIAN",
    "TIDAK_DINILAI",
    "TURUN",
    "achievement",
    "achievement_range",
    "achievement_text",
    "cap",
    "change_unit",
    "comparison",
    "classify",
    "counts",
    "distance",
    "end_year",
    "iku",
    "indicator_from",
    "indicator_rules",
    "institusi",
    "mean_achievement",
    "mean_by_rule",
    "mean_with",
    "offline_cap",
    "predicates",
    "printed_places",
    "printed_versions",
    "quarters",
    "realisation",
    "renstra_path",
    "required_pace",
    "sasaran",
    "strip",
    "summary",
    "trajectory",
]
