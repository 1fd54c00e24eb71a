"""Baris sumber anggaran dan sebutan sasaran bagi panel yang belum dituturkan menurut pertanyaan."""

from __future__ import annotations

from kinerja import anggaran, fmt
from kinerja.data import Data

TIDAK_BERLAKU = fmt.TIDAK_BERLAKU
"""Tanda BPS untuk sel yang memang tidak berisi, misalnya target sebuah rata-rata."""


def sasaran_label(kode: str) -> str:
    """Sebutan pendek sasaran untuk sumbu: "SS1" menjadi "SS 1"; kode lain apa adanya."""
    return f"{kode[:2]} {kode[2:]}" if kode[:2] == "SS" and kode[2:].isdigit() else kode


def finance_source(d: Data, *rincian: str, awalan: str | None = None, semua_tanggal: bool = False) -> str:
    """Baris sumber untuk rincian anggaran yang dipakai saja.

    Parameters
    ----------
    d : Data
    *rincian : str
        Rincian yang dipakai, misalnya "total" dan "sasaran".
    awalan : str, optional
        Bawaan "Sumber" atau "Source".
    semua_tanggal : bool
        Ikutkan tanggal selain tanggal laporan, yaitu sumber kedua.
    """
    if not d.has("anggaran"):
        return ""
    a = d["anggaran"]
    pilih = a[a["rincian"].isin(rincian) & (semua_tanggal | (a["per"] == anggaran.report_date(d)))]
    awalan = fmt.pick({"id": "Sumber", "en": "Source"}) if awalan is None else awalan
    return Data(d.tahun, {"anggaran": pilih}, d.satuan, d.sumber).source_line(["anggaran"], awalan)
