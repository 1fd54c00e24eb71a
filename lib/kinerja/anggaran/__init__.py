"""Anggaran: penyerapan, perubahan pagu, Perjanjian Kinerja, UKE 1, dan nilai kinerja anggaran (NKA).

Rupiah dihitung sebagai bilangan bulat; persen tidak dibulatkan. Tanggal laporan adalah ``per`` terakhir pada tabel
``anggaran``, atau yang terdekat dengan akhir periode laporannya; tanggal lain adalah sumber kedua.
"""

from kinerja.anggaran.nilai import (
    nka,
    nka_composition,
    nka_predicate,
    nka_weights,
)
from kinerja.anggaran.pagu import (
    JUMLAH,
    agreement,
    agreement_change,
    agreement_totals,
    agreements,
    ceiling_change,
    ceiling_steps,
    previous_version,
    versions,
)
from kinerja.anggaran.rincian import (
    breakdowns,
    reconcile,
    unit_totals,
    units,
)
from kinerja.anggaran.serapan import (
    absorption,
    cutoffs,
    details,
    has_money,
    lines,
    main_breakdown,
    report_date,
    step,
    step_name,
    total,
)

__all__ = [
    "JUMLAH",
    "absorption",
    "agreement",
    "agreement_change",
    "agreement_totals",
    "agreements",
    "breakdowns",
    "ceiling_change",
    "ceiling_steps",
    "cutoffs",
    "details",
    "has_money",
    "lines",
    "main_breakdown",
    "nka",
    "nka_composition",
    "nka_predicate",
    "nka_weights",
    "previous_version",
    "reconcile",
    "report_date",
    "step",
    "step_name",
    "total",
    "unit_totals",
    "units",
    "versions",
]
