"""Apa yang diminta kodebuku dari tiap variabel: dihitung, dibandingkan dengan teks, atau hanya pengenal."""

from __future__ import annotations

from collections.abc import Iterator

from colformula import Node
from colformula.tree import Binary, Call, Compare, In, Logic, Name, Negative, Not, Text
from kinerja.mikro.kodebuku import Kodebuku
from kinerja.mikro.rapikan import ANGKA, HURUF, NOMOR

_PENGENAL = ("ruta", "anggota", "strata", "psu")


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


def _pakai(simpul: Node, jenis: str = "") -> Iterator[tuple[str, str]]:
    match simpul:
        case Name(nama):
            if jenis:
                yield nama, jenis
        case In(isi, pilihan):
            yield from _pakai(isi, HURUF if isinstance(pilihan[0], str) else ANGKA)
        case Compare(_, kiri, kanan):
            teks = isinstance(kiri, Text) or isinstance(kanan, Text)
            for anak in (kiri, kanan):
                yield from _pakai(anak, HURUF if teks else ANGKA)
        case Call(fungsi, masukan):
            for anak in masukan:
                yield from _pakai(anak, ANGKA if fungsi in ("jumlah_ruta", "kuantil") else "")
        case Binary(_, kiri, kanan):
            for anak in (kiri, kanan):
                yield from _pakai(anak, ANGKA)
        case Logic(_, kiri, kanan):
            for anak in (kiri, kanan):
                yield from _pakai(anak)
        case Not(isi):
            yield from _pakai(isi)
        case Negative(isi):
            yield from _pakai(isi, ANGKA)
