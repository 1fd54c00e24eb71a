"""Capaian kinerja: dari angka dasar ke IKU, sasaran strategis, dan institusi.

Batas, arah, rumus, sifat triwulan, dan cara agregasi adalah data. ``indikator`` menghitung capaian setiap IKU dan
menyatakan apa yang terjadi pada masukan yang tidak biasa; ``agregat`` merata-ratakan dan membandingkan dengan tahun
lain dan Renstra.
"""

from kinerja.capaian.agregat import (
    DESIMAL_CETAK,
    HASIL,
    TERTIMBANG,
    comparison,
    counts,
    distance,
    end_year,
    institusi,
    mean_achievement,
    mean_by_rule,
    mean_with,
    offline_cap,
    renstra_path,
    sasaran,
    strip,
    summary,
    trajectory,
)
from kinerja.capaian.indikator import (
    DEFINISI_UTAMA,
    GOLONGAN,
    KEBALIKAN,
    NAIK,
    RENTANG,
    SATUAN_BAGIAN,
    SELISIH,
    TIDAK_DINILAI,
    TURUN,
    achievement,
    achievement_range,
    achievement_text,
    cap,
    change_unit,
    classify,
    iku,
    indicator_from,
    quarters,
    realisation,
    required_pace,
    short_names,
)

__all__ = [
    "DEFINISI_UTAMA", "DESIMAL_CETAK", "GOLONGAN", "HASIL", "KEBALIKAN", "NAIK", "RENTANG", "SATUAN_BAGIAN", "SELISIH",
    "TERTIMBANG", "TIDAK_DINILAI", "TURUN", "achievement", "achievement_range", "achievement_text", "cap",
    "change_unit", "classify", "comparison", "counts", "distance", "end_year", "iku", "indicator_from", "institusi",
    "mean_achievement", "mean_by_rule", "mean_with", "offline_cap", "quarters", "realisation", "renstra_path",
    "required_pace", "sasaran", "short_names", "strip", "summary", "trajectory",
]  # fmt: skip
