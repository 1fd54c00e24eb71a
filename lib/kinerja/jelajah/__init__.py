"""Penjelajah Ikesos: pilihan -> bingkai data -> gambar yang diperbarui di tempat, dan kendalinya.

Setiap langkah fungsi biasa: :mod:`.pilihan` (yang dipilih), :mod:`.hitung` (bingkainya), :mod:`.tampilan` (gambarnya),
:mod:`.sesi` (survei dan kanvas yang tetap hidup), :mod:`.panel` (kendali).
"""

from kinerja.jelajah.hitung import (
    PEMBANDING,
    TITIK_SOBOL,
    heat,
    rank_by_aggregation,
    rank_sources,
    ranking,
)
from kinerja.jelajah.panel import PanelJelajah
from kinerja.jelajah.pilihan import Pilihan, check, describe, parameters, subgroup
from kinerja.jelajah.sesi import Jelajah, open_explorer
from kinerja.jelajah.survei import Survei, open_survey

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
