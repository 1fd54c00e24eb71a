"""Angka, tanggal, dan kata seperti ditulis orang, menjadi bentuk yang disimpan di CSV."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable
from decimal import Decimal

ANGKA_TERBANYAK = 15
"""Angka sebanyak ini masih tepat dalam float64."""

TIDAK_ADA = frozenset({"", "-", "–", "—", "n/a", "na", "tidak ada", "tidak tersedia", "belum ada", "belum tersedia"})
"""Tulisan (huruf kecil) yang berarti angkanya tidak ada."""

_SKALA = {
    "ribu": 3,
    "rb": 3,
    "juta": 6,
    "jt": 6,
    "miliar": 9,
    "milyar": 9,
    "m": 9,
    "triliun": 12,
    "trilyun": 12,
    "t": 12,
}
_BENTUK = re.compile(
    r"(?P<rp>Rp\.?|IDR)?\s*(?P<inti>[+-]?\s?[0-9][0-9.,]*?)(?:,-{1,2})?\s*(?P<skala>(?!persen)[a-z]+)?\s*(?P<persen>%|persen)?",
    re.I,
)
_POLOS = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_SERIBU = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_TITIK_RIBUAN = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_KOMA_DESIMAL = re.compile(r"-?[0-9]+,[0-9]+")
_KOMA_RIBUAN = re.compile(r"-?[0-9]{1,3}(?:(?:,[0-9]{3}){2,}(?:\.[0-9]+)?|,[0-9]{3}\.[0-9]+)")

_SISI = (
    (re.compile(r"(?:≥|>=|>|min(?:imal|imum|\.)?|paling sedikit|sekurang-kurangnya)\s*(.+)", re.I), 0),
    (re.compile(r"(?:≤|<=|<|maks(?:imal|imum|\.)?|max\.?|paling banyak)\s*(.+)", re.I), 1),
)
_RENTANG = re.compile(
    r"([0-9][0-9.,]*\s?%?)\s*(?:-|–|—|s\.?/?d\.?|sampai(?: dengan)?|hingga)\s*([0-9][0-9.,]*\s?%?)", re.I
)

_BULAN = (
    "januari|jan|january", "februari|feb|pebruari|february", "maret|mar|march", "april|apr", "mei|may", "juni|jun|june",
    "juli|jul|july", "agustus|agu|agt|ags|aug|august", "september|sep|sept", "oktober|okt|oct|october",
    "november|nov|nopember|nop", "desember|des|dec|december",
)  # fmt: skip
_NOMOR_BULAN = {kata: n for n, daftar in enumerate(_BULAN, 1) for kata in daftar.split("|")}


def number(teks: str, *, utuh: bool = False) -> str:
    """Angka yang ditulis orang sebagai angka bertitik desimal.

    Diterima: ``1234.5``, ``1.234,5``, ``12,5%``, ``12,5 persen``, ``Rp1.000.000,00``, ``Rp2.500,-``, ``1,234,567.8``,
    ``Rp1,5 miliar``.
    ``1.234`` berarti seribu lebih bila ditulis dengan Rp atau satuannya ``utuh``; selebihnya ia bermakna ganda.

    Parameters
    ----------
    teks : str
    utuh : bool
        Satuannya tidak berpecahan (rupiah, orang), sehingga ``1.234`` tidak bermakna ganda.

    Returns
    -------
    str
        Angka polos, atau teks kosong bila tulisannya berarti tidak ada (:data:`TIDAK_ADA`).

    Raises
    ------
    ValueError
        Bukan angka, atau bermakna ganda; pesannya kalimat "diharapkan".
    """
    teks = " ".join(teks.replace("\u2212", "-").split())
    if teks.casefold() in TIDAK_ADA:
        return ""
    kurung = re.fullmatch(r"\((.+)\)", teks)  # (1.000) dalam pembukuan adalah -1.000
    cocok = _BENTUK.fullmatch(kurung[1] if kurung else teks)
    skala = (cocok["skala"] or "").casefold() if cocok else ""
    if cocok is None or (skala and (skala not in _SKALA or cocok["persen"])):
        raise ValueError("angka, misalnya 1234,5 atau Rp1.000.000")
    inti = cocok["inti"].replace(" ", "").lstrip("+").rstrip(".,")
    utuh = utuh or bool(cocok["rp"]) or bool(skala)
    if _SERIBU.fullmatch(inti) and not skala:
        if not utuh:
            raise ValueError(f"angka yang tidak bermakna ganda: {inti.replace('.', '')} atau {inti.replace('.', ',')}")
        inti = inti.replace(".", "")
    elif _POLOS.fullmatch(inti):
        pass
    elif _TITIK_RIBUAN.fullmatch(inti) or _KOMA_DESIMAL.fullmatch(inti):
        inti = inti.replace(".", "").replace(",", ".")
    elif _KOMA_RIBUAN.fullmatch(inti):
        inti = inti.replace(",", "")
    else:
        raise ValueError("angka, misalnya 1234,5 atau Rp1.000.000")
    nilai = Decimal(inti).scaleb(_SKALA.get(skala, 0))
    nilai = -nilai if kurung else nilai
    bulat = utuh and nilai == nilai.to_integral_value()
    return check_length(f"{nilai.to_integral_value() if bulat else nilai:f}")


def check_length(angka: str) -> str:
    """Angka itu sendiri, bila masih tepat dalam float64.

    Raises
    ------
    ValueError
        Lebih dari :data:`ANGKA_TERBANYAK` angka.
    """
    if len(angka.lstrip("-0.").replace(".", "")) > ANGKA_TERBANYAK:
        raise ValueError(f"paling banyak {ANGKA_TERBANYAK} angka")
    return angka


def cell_number(x: float, *, persen: bool = False) -> str:
    """Angka sebuah sel lembar kerja; sel berformat persen menyimpan 0,9712 bagi 97,12%.

    Lembar kerja menyimpan 15 angka: 0.1 + 0.2 yang diketik 0,3 tidak menjadi 0.30000000000000004.

    Raises
    ------
    ValueError
        Lebih dari 15 angka.
    """
    nilai = Decimal(x) if isinstance(x, int) else Decimal(f"{x:.{ANGKA_TERBANYAK}g}")
    nilai = (nilai.scaleb(2) if persen else nilai).normalize()
    return check_length(f"{nilai:f}" if nilai else "0")


def date(teks: str) -> str:
    """Tanggal yang ditulis orang sebagai TTTT-BB-HH: ``31 Desember 2026``, ``31/12/2026``, ``2026-12-31``.

    Raises
    ------
    ValueError
        Bukan tanggal, atau tahunnya tidak berempat angka.
    """
    bagian = re.split(r"[\s/.\-]+", teks.strip().casefold())
    if len(bagian) == 3 and len(bagian[0]) == 4:
        bagian.reverse()
    try:
        hari, bulan, tahun = bagian
        if not re.fullmatch(r"[12][0-9]{3}", tahun):
            raise ValueError
        return dt.date(int(tahun), _NOMOR_BULAN.get(bulan) or int(bulan), int(hari)).isoformat()
    except ValueError:
        raise ValueError("tanggal, misalnya 31 Desember 2026 atau 2026-12-31") from None


def target(teks: str, *, utuh: bool = False) -> tuple[str, str] | None:
    """Batas bawah dan atas sebuah target: ``12,5`` (keduanya sama), ``≥ 3``, ``maks. 5``, ``3-4``, ``3 sampai 4``.

    Returns
    -------
    tuple of (str, str) or None
        Angka bertitik desimal; kosong bagi sisi yang terbuka. None bila targetnya teks, misalnya WTP.

    Raises
    ------
    ValueError
        Ada angkanya, tetapi bermakna ganda atau terlalu panjang.
    """
    teks = " ".join(teks.split())
    for pola, sisi in _SISI:
        if cocok := pola.fullmatch(teks):
            nilai = number(cocok[1], utuh=utuh)
            return (nilai, "") if sisi == 0 else ("", nilai)
    if cocok := _RENTANG.fullmatch(teks):
        return number(cocok[1], utuh=utuh), number(cocok[2], utuh=utuh)
    if not re.match(r"[(+\-\u2212]?\s?(?:Rp\.?\s*)?[0-9]", teks, re.I):
        return None
    nilai = number(teks, utuh=utuh)
    return nilai, nilai


def near(kata: str, pilihan: Iterable[str], mirip: float = 0.75) -> str:
    """Pilihan yang paling mirip dengan sebuah kata tanpa membedakan huruf besar, atau teks kosong."""
    asli = {x.casefold(): x for x in pilihan}
    dekat = difflib.get_close_matches(kata.casefold(), asli, n=1, cutoff=mirip)
    return asli[dekat[0]] if dekat else ""


def one_of(kata: str, pilihan: Iterable[str]) -> str:
    """Kalimat "diharapkan" bagi sebuah pilihan: semuanya, dan yang paling mirip bila ada."""
    pilihan = [x for x in pilihan if x]
    dekat = near(kata, pilihan)
    return f"salah satu dari {', '.join(pilihan)}" + (f" (mungkin {dekat})" if dekat else "")
