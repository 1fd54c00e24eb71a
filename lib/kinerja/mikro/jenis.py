"""Apa yang diminta kodebuku dari tiap variabel: dihitung, dibandingkan dengan teks, atau hanya pengenal."""

from __future__ import annotations

from collections.abc import Iterator

from kinerja.mikro.kodebuku import Kodebuku
from kinerja.mikro.rapikan import ANGKA, HURUF, NOMOR

_PENGENAL = ("ruta", "anggota", "strata", "psu")
_HITUNG = ("+", "-", "*", "/")
_BANDING = ("=", "!=", "<", "<=", ">", ">=")


def jenis_variabel(kodebuku: Kodebuku) -> dict[str, str]:
    """Nama variabel -> ``angka``, ``huruf``, atau ``nomor``; yang hanya ditanya terisi atau tidak, tidak disebut.

    Variabel yang dihitung di satu ungkapan dan dibandingkan dengan teks di ungkapan lain dibaca menurut isinya.
    """
    pakai: dict[str, set[str]] = {}
    for butir in kodebuku.butir.values():
        for ungkapan in (butir.pembilang, butir.penyebut):
            if ungkapan is None:
                continue
            if butir.jenis == "rancangan" and butir.untuk in _PENGENAL:
                semua = ((nama, NOMOR) for nama in ungkapan.nama)
            else:
                semua = _pakai(ungkapan.akar)
            for nama, jenis in semua:
                pakai.setdefault(nama, set()).add(jenis)
    hasil = {}
    for nama, jenis in pakai.items():
        tentu = jenis - {NOMOR} or jenis
        if len(tentu) == 1:
            hasil[nama] = next(iter(tentu))
    return hasil


def _pakai(simpul: tuple, jenis: str = "") -> Iterator[tuple[str, str]]:
    kepala = simpul[0]
    if kepala == "nama":
        if jenis:
            yield simpul[1], jenis
    elif kepala == "di":
        yield from _pakai(simpul[1], HURUF if simpul[2][0][0] == "teks" else ANGKA)
    elif kepala in _BANDING:
        teks = "teks" in (simpul[1][0], simpul[2][0])
        for anak in simpul[1:]:
            yield from _pakai(anak, HURUF if teks else ANGKA)
    elif kepala == "fungsi":
        hitung = simpul[1] in ("jumlah_ruta", "kuantil")
        for anak in simpul[2]:
            yield from _pakai(anak, ANGKA if hitung else "")
    elif kepala in ("dan", "atau", "bukan", *_HITUNG):
        for anak in simpul[1:]:
            yield from _pakai(anak, ANGKA if kepala in _HITUNG else "")
