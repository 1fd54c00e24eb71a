"""Sebutan bagi nama dan kode dalam data, dan catatan tentang data mikro, dalam kedua bahasa.

Data mentah berbahasa Indonesia seperti sumbernya. Padanan Inggris nama dan sebutan kode ada di ``istilah.yml``. Yang
belum ada di sana tampil seperti dalam data, supaya tahun baru dengan program baru tetap dapat dirender. Kalimat catatan
ada di ``catatan.yml``.
"""

from __future__ import annotations

import re
from numbers import Real
from typing import Any

from kinerja import fmt
from kinerja.berkas import packaged

_POTONGAN = re.compile(r"(\s*[;:]\s*|\s*\(|\))")
_BERTAHUN = re.compile(r"(.+?) (?:[Tt]ahun )?(\d{4}(?:-\d{4})?)")


def terms() -> dict[str, dict[str, Any]]:
    """``nama``: nama Indonesia -> padanan Inggris; ``kode``: kode -> ``{"id": ..., "en": ...}``."""
    return packaged("istilah.yml")


def term(nama: str) -> str:
    """Nama dalam bahasa yang berlaku; nama tanpa padanan dan nilai hilang dikembalikan apa adanya."""
    return nama if fmt.language() == "id" or fmt.is_missing(nama) else terms()["nama"].get(nama, nama)


def code_name(kode: str) -> str:
    """Sebutan sebuah kode; kode tanpa sebutan ditulis dengan spasi."""
    sebutan = terms()["kode"].get(kode)
    return fmt.pick(sebutan) if sebutan else kode.replace("_", " ")


def word(kunci: str) -> str:
    """Kata kerangka tabel dan jawaban (``jawaban.yml``) dalam bahasa yang berlaku."""
    return fmt.pick(packaged("jawaban.yml")[kunci])


def spaced(kode: str) -> str:
    """Kode berhuruf dan bernomor sebagaimana dibaca: "SS2" menjadi "SS 2"."""
    return re.sub(r"(?<=[A-Za-z])(?=[0-9])", " ", kode)


def section(bagian: str) -> str:
    """Bab dan bagian sumber dalam bahasa yang berlaku, potongan demi potongan; potongan tanpa padanan tetap.

    Examples
    --------
    >>> with fmt.using("en"):
    ...     section("Capaian Kinerja: SS 2 (prosa)")
    'Performance results: SS 2 (text)'
    """
    if fmt.language() == "id" or fmt.is_missing(bagian):
        return bagian
    return "".join(_section_part(x) for x in _POTONGAN.split(bagian))


def _section_part(potong: str) -> str:
    padanan, tahun = terms()["bagian"], _BERTAHUN.fullmatch(potong)
    if potong in padanan or tahun is None or tahun[1] not in padanan:
        return padanan.get(potong, potong)
    return f"{padanan[tahun[1]]} {tahun[2]}"


class Catatan(str):
    """Satu kalimat catatan, atau bagiannya: teks Indonesia, yang :func:`kalimat` beri dalam bahasa yang berlaku.

    Pesan, CSV, dan ``catatan.txt`` memakainya seperti teks lain; simpanan menyimpan kode dan isinya, bukan kalimatnya.

    Parameters
    ----------
    kode : str
        Kunci di ``catatan.yml``.
    **isi
        Isian kalimatnya: teks, bilangan, catatan lain, atau daftar dari itu. Bilangan ditulis menurut bahasanya;
        ``{x:persen}`` di kalimat menulisnya sebagai persen.
    """

    __slots__ = ("isi", "kode")

    def __new__(cls, kode: str, /, **isi: object) -> Catatan:
        catatan = super().__new__(cls, _tulis(kode, isi, "id"))
        catatan.kode, catatan.isi = kode, isi
        return catatan

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        return (self.kode,), self.isi

    def __getstate__(self) -> None:
        return None


def kalimat(teks: str) -> str:
    """Kalimat dalam bahasa yang berlaku; teks biasa dikembalikan apa adanya."""
    return _tulis(teks.kode, teks.isi, fmt.language()) if isinstance(teks, Catatan) else teks


def _tulis(kode: str, isi: dict[str, object], bahasa: str) -> str:
    with fmt.using(bahasa):
        return packaged("catatan.yml")[kode][bahasa].format(**{k: _isian(v) for k, v in isi.items()})


def _isian(isi: object) -> object:
    if isinstance(isi, list | tuple):
        return ", ".join(str(_isian(x)) for x in isi)
    return _Bilangan(isi) if isinstance(isi, Real) else kalimat(isi)


class _Bilangan:
    def __init__(self, nilai: Real) -> None:
        self.nilai = nilai

    def __format__(self, cara: str) -> str:
        return fmt.persen(self.nilai) if cara == "persen" else fmt.angka(self.nilai)

    def __str__(self) -> str:
        return format(self)
