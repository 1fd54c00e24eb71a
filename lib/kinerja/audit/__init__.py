"""Audit angka tercetak: dihitung ulang dari angka yang paling pokok, dibandingkan pada ketelitian cetaknya.

Yang dapat diketahui dari susunan data diuji tanpa ditulis siapa pun (:mod:`kinerja.audit.klaim`); yang tidak, ditulis
di tabel ``klaim``, yang kolom ``rumus``-nya berbahasa :mod:`colformula`. Semua hitungan memakai pecahan tepat, kecuali
capaian sebuah indikator, yang dihitung :mod:`kinerja.capaian` dan dibersihkan dari ekor binernya. Tidak ada vonis yang
ditulis tangan.

Rujukan dalam kolom ``rumus`` (di antara kurung siku) dan ``alternatif``:

``sdm/semua/lulus/prosa``
    angka tercetak dengan id itu
``=iku_tercetak/IKU3/realisasi/tabel_ss2``
    hasil hitung ulang (tidak dibulatkan) dari klaim atas angka itu
``sdm/*/lulus/rekapitulasi``
    semua id yang cocok, menurut urutan data
``{0}``, ``{1}``
    isi tanda ``*`` atau pilihan ``a|b`` ke-1, ke-2 dalam kolom ``tercetak``
"""

from __future__ import annotations

from kinerja.audit.mesin import Audit
from kinerja.audit.ringkas import (
    JUMLAH,
    SEMUA,
    VONIS,
    copies,
    counts,
    misprints,
    printed_versions,
    sections,
    select,
    subjects,
    verdicts,
)

__all__ = [
    "JUMLAH",
    "KOLOM",
    "SEMUA",
    "VONIS",
    "Audit",
    "copies",
    "counts",
    "misprints",
    "printed_versions",
    "sections",
    "select",
    "subjects",
    "verdicts",
]

KOLOM = ("id", "bagian", "uraian", "tercetak", "dihitung", "selisih", "vonis", "penjelasan", "sumber")
"""Kolom ``audit.csv`` dan ``kinerja audit --out``."""
