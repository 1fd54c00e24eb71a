"""Periode laporan: triwulan, semester, atau setahun; angkanya selalu sampai akhir periode itu."""

from __future__ import annotations

import calendar
import datetime as dt

from kinerja import fmt
from kinerja.errors import GalatParameter

TAHUN = "tahun"
TRIWULAN = ("tw1", "tw2", "tw3", "tw4")
SEMESTER = ("smt1", "smt2")
PERIODE = (TAHUN, *TRIWULAN, *SEMESTER)

_ROMAWI = ("I", "II", "III", "IV")


class Waktu(int):
    """Tahun laporan yang di dalam kalimat dibaca dengan periodenya: "triwulan I 2031"; dalam hitungan tetap tahun."""

    periode: str

    def __new__(cls, tahun: int, periode: str) -> Waktu:
        """Tahun dan salah satu kode :data:`PERIODE`."""
        isi = super().__new__(cls, tahun)
        isi.periode = check(periode)
        return isi

    def __str__(self) -> str:
        return label(int(self), self.periode)


def check(periode: str) -> str:
    """Kode periode yang sah.

    Raises
    ------
    GalatParameter
        Kode lain.
    """
    if periode not in PERIODE:
        raise GalatParameter(f"Periode {periode!r} tidak dikenal; pilih {', '.join(PERIODE)}.")
    return periode


def label(tahun: int, periode: str) -> str:
    """Sebutan periode dalam bahasa yang berlaku.

    Examples
    --------
    >>> label(2031, "tw2"), label(2031, "smt1"), label(2031, "tahun")
    ('triwulan II 2031', 'semester I 2031', '2031')
    """
    if periode == TAHUN:
        return str(tahun)
    kode, kata, huruf = (TRIWULAN, "triwulan", "Q") if periode in TRIWULAN else (SEMESTER, "semester", "H")
    nomor = kode.index(periode)
    return fmt.pick({"id": f"{kata} {_ROMAWI[nomor]} {tahun}", "en": f"{huruf}{nomor + 1} {tahun}"})


def short(tahun: int, periode: str) -> str:
    """Sebutan pendek bagi sumbu: "I 2031", "smt I 2031"; bagi Inggris "Q1 2031".

    Examples
    --------
    >>> short(2031, "tw2"), short(2031, "smt1")
    ('II 2031', 'smt I 2031')
    """
    return label(tahun, periode).replace("triwulan ", "").replace("semester", "smt")


def last_quarter(periode: str) -> int:
    """Triwulan terakhir yang termasuk: 1 sampai 4."""
    if periode in SEMESTER:
        return 2 * (SEMESTER.index(periode) + 1)
    return 4 if periode == TAHUN else TRIWULAN.index(periode) + 1


def rows(periode: str) -> list[tuple[str, ...]]:
    """Kode baris yang membentuk angka sampai akhir periode itu: menurut triwulan, lalu menurut semester bila utuh."""
    akhir = last_quarter(periode)
    return [TRIWULAN[:akhir], *([SEMESTER[: akhir // 2]] if akhir % 2 == 0 else [])]


def end_date(tahun: int, periode: str) -> dt.date:
    """Hari terakhir periode itu."""
    bulan = 3 * last_quarter(periode)
    return dt.date(tahun, bulan, calendar.monthrange(tahun, bulan)[1])
