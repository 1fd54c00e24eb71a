"""Penjelajah Ikesos: pilihan -> bingkai data -> gambar yang diperbarui di tempat, dan kendalinya.

Setiap langkah fungsi biasa: :mod:`.pilihan` (survei dan yang dipilih), :mod:`.hitung` (bingkainya), :mod:`.tampilan`
(gambarnya), :mod:`.panel` (penjelajah yang tetap hidup, dan kendalinya).
"""

from kinerja.jelajah.hitung import (
    PEMBANDING,
    TITIK_SOBOL,
    heat,
    rank_by_aggregation,
    rank_sources,
    ranking,
)
from kinerja.jelajah.panel import Jelajah, PanelJelajah, open_explorer
from kinerja.jelajah.pilihan import Pilihan, Survei, check, describe, open_survey, parameters, subgroup

__all__ = [
    "PEMBANDING",
    "TITIK_SOBOL",
    "Jelajah",
    "PanelJelajah",
    "Pilihan",
    "Survei",
    "check",
    "describe",
    "heat",
    "open_explorer",
    "open_survey",
    "parameters",
    "rank_by_aggregation",
    "rank_sources",
    "ranking",
    "subgroup",
]
