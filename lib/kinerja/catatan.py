"""Catatan tentang berkas data mikro: kode dan isinya, dengan kalimat dalam kedua bahasa di ``catatan.yml``.

Sebuah :class:`Catatan` adalah teks Indonesia, sehingga pesan, CSV, dan ``catatan.txt`` memakainya seperti teks lain;
:func:`kalimat` memberi bahasa yang berlaku. Simpanan menyimpan kode dan isinya, bukan kalimatnya.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from numbers import Real

from kinerja import fmt
from kinerja.berkas_yaml import parse_yaml


class Catatan(str):
    """Satu kalimat, atau bagian kalimat.

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


@cache
def pola() -> dict[str, dict[str, str]]:
    """Kode -> kalimat berisian, ``id`` dan ``en``."""
    return parse_yaml(resources.files("kinerja").joinpath("catatan.yml").read_text("utf-8"))


def _tulis(kode: str, isi: dict[str, object], bahasa: str) -> str:
    with fmt.using(bahasa):
        return pola()[kode][bahasa].format(**{k: _isian(v) for k, v in isi.items()})


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
