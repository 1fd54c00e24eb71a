"""Tata letak Susenas per gelombang: variabel mana menyimpan apa, dengan kode apa, di berkas mana.

Isinya data (``data/raw/acuan/susenas/tata_letak.csv`` dan ``struktur.csv``), ditulis dari kuesioner dan label. Survei
sintetis disusun darinya; kodebuku diperiksa terhadapnya.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from kinerja import paths, terbaca
from kinerja.data import schema
from kinerja.data.reading import read_numbers
from kinerja.errors import GalatData, GalatParameter

BERKAS = ("ind1", "ind2", "rt", "kp43")
"""Bagian satu gelombang: dua belahan anggota, rumah tangga, dan KP blok 43."""

_RENTANG = re.compile(r"(\d+)\.\.(\d*)")


@dataclass(frozen=True)
class Variabel:
    """Satu hal yang ditanyakan pada satu gelombang."""

    konsep: str
    """Nama hal itu, sama di semua gelombang (``internet``)."""
    nama: str
    """Nama kolomnya pada gelombang ini (``R808``); kosong bila tidak ada atau nomornya tidak ditemukan."""
    berkas: tuple[str, ...]
    """Bagian yang memuat kolom itu; lihat ``BERKAS``."""
    jenis: str
    """Kode, angka, pecahan, nomor, huruf, atau teks."""
    arti: str
    kode: dict[int | str, str]
    """Kode (bilangan, atau huruf bila ``jenis`` huruf) -> artinya."""
    rentang: tuple[int, int | None] | None
    """Bilangan yang sah di luar ``kode``; batas atas None = tidak terbatas."""
    lewat: str
    """Cara isian yang dilewati disimpan: nol atau kosong; ``tidak`` = tidak pernah dilewati."""
    hilang: dict[int, str]
    """Kode "tidak tahu" atau tidak menjawab, bukan nilai."""
    ditanya: str
    yakin: str
    """Pasti, mungkin, atau tidak_tahu."""
    catatan: str

    @property
    def diketahui(self) -> bool:
        """Nomor dan kodenya cukup pasti untuk dihitung."""
        return bool(self.nama) and self.yakin != "tidak_tahu"

    @property
    def berkode(self) -> bool:
        """Kode-kodenya diketahui (variabel berkode tanpa daftar kode tidak dapat ditulis atau dibaca)."""
        return self.jenis != "kode" or bool(self.kode) or self.rentang is not None


@dataclass(frozen=True)
class Berkas:
    """Satu berkas satu gelombang: nama, kunci, penimbang, dan kolom rancangan."""

    bagian: str
    nama: str
    kunci_ruta: str
    kunci_anggota: str
    bobot: tuple[str, ...]
    rancangan: tuple[str, ...]


@dataclass(frozen=True)
class TataLetak:
    """Tata letak satu gelombang: variabel menurut konsep, termasuk yang tanpa kolom, dan berkas menurut bagian."""

    tahun: int
    konsep: dict[str, Variabel]
    berkas: dict[str, Berkas]

    @property
    def variabel(self) -> dict[str, Variabel]:
        """Nama kolom -> variabelnya."""
        return {v.nama: v for v in self.konsep.values() if v.nama}

    def kolom(self, bagian: str) -> list[Variabel]:
        """Variabel satu berkas, menurut urutan tata letak; bagian yang tidak dimiliki gelombang ini ditolak."""
        if bagian not in self.berkas:
            ada = ", ".join(self.berkas)
            raise GalatParameter(f"Susenas {self.tahun} tidak punya bagian '{bagian}'; yang ada: {ada}.")
        return [v for v in self.konsep.values() if v.nama and bagian in v.berkas]

    def diketahui(self, *konsep: str) -> bool:
        """Semua konsep itu punya kolom yang cukup pasti."""
        return all(k in self.konsep and self.konsep[k].diketahui for k in konsep)


def gelombang() -> tuple[int, ...]:
    """Tahun-tahun yang tata letaknya ada, berurutan."""
    return tuple(sorted(_semua(*_kunci())))


def tata_letak(tahun: int) -> TataLetak:
    """Tata letak satu gelombang; tahun yang tidak ada (`GalatParameter`), berkas rusak (`GalatData`) ditolak."""
    semua = _semua(*_kunci())
    if tahun not in semua:
        raise GalatParameter(f"Tata letak Susenas {tahun} tidak ada; yang ada: {', '.join(map(str, sorted(semua)))}.")
    return semua[tahun]


def berkas_tata_letak() -> tuple[Path, Path]:
    """``tata_letak.csv`` dan ``struktur.csv``."""
    return folder_susenas() / "tata_letak.csv", folder_susenas() / "struktur.csv"


def folder_susenas() -> Path:
    """``data/raw/acuan/susenas``: tata letak, kodebuku, dan angka terbitan tiap gelombang."""
    return paths.acuan() / "susenas"


def baca_acuan(berkas: Path | str, bulat: Collection[str] = (), pecahan: Collection[str] = ()) -> pd.DataFrame:
    """Satu tabel `folder_susenas`; selnya teks, kecuali kolom bilangan yang disebut."""
    berkas = folder_susenas() / berkas
    terbaca.note_file(berkas)
    kolom = schema.tables()[berkas.stem].kolom
    return read_numbers(berkas, f"acuan/susenas/{berkas.name}", kolom, bulat, pecahan)


def _kunci() -> tuple[Path, int, Path, int]:
    kunci: list = []
    for berkas in berkas_tata_letak():
        terbaca.note_file(berkas)
        kunci += [berkas, berkas.stat().st_mtime_ns if berkas.is_file() else 0]
    return tuple(kunci)


@cache
def _semua(letak: Path, _1: int, struktur: Path, _2: int) -> dict[int, TataLetak]:
    isi = {x.stem: baca_acuan(x, ("tahun",)) for x in (letak, struktur)}
    berkas: dict[int, dict[str, Berkas]] = {}
    for baris in isi["struktur"].to_dict("records"):
        kunci, bobot, rancangan = (baris["kunci_ruta"], baris["kunci_anggota"]), baris["bobot"], baris["rancangan"]
        satu = Berkas(baris["berkas"], baris["nama_berkas"], *kunci, tuple(bobot.split()), tuple(rancangan.split()))
        berkas.setdefault(baris["tahun"], {})[satu.bagian] = satu
    konsep: dict[int, dict[str, Variabel]] = {}
    for baris in isi["tata_letak"].to_dict("records"):
        satu = _variabel(baris)
        konsep.setdefault(baris["tahun"], {})[satu.konsep] = satu
    urut = {tahun: {b: milik[b] for b in BERKAS if b in milik} for tahun, milik in berkas.items()}
    return {tahun: TataLetak(tahun, konsep[tahun], urut[tahun]) for tahun in sorted(konsep.keys() & urut.keys())}


def _variabel(baris: dict) -> Variabel:
    kode, rentang = baca_kode(baris, "kode", baris["jenis"] == "huruf")
    return Variabel(
        nama=baris["variabel"],
        berkas=tuple(baris["berkas"].split()),
        kode=kode,
        rentang=rentang,
        hilang=baca_kode(baris, "hilang", False)[0],
        **{k: baris[k] for k in ("konsep", "jenis", "arti", "lewat", "ditanya", "yakin", "catatan")},
    )


def baca_kode(
    baris: Mapping, kolom: str, huruf: bool, berkas: str = "acuan/susenas/tata_letak.csv"
) -> tuple[dict[int | str, str], tuple[int, int | None] | None]:
    """Isi sel seperti ``1=ya;5=tidak`` atau ``1..31;44=tercatat tanpa tanggal``: kode dan rentangnya."""
    kode: dict[int | str, str] = {}
    rentang = None
    for bagian in filter(None, baris.get(kolom, "").split(";")):
        kunci, pemisah, arti = bagian.partition("=")
        if pemisah and arti and (huruf or kunci.isdecimal()):
            kode[kunci if huruf else int(kunci)] = arti
        elif (cocok := _RENTANG.fullmatch(bagian)) and rentang is None and not huruf:
            rentang = int(cocok[1]), int(cocok[2]) if cocok[2] else None
        else:
            nomor, harapan = int(baris["baris"]), "kode=arti atau rentang a..b, dipisahkan titik koma"
            raise GalatData(berkas, baris=nomor, kolom=kolom, ditemukan=f"'{bagian}'", diharapkan=harapan)
    return kode, rentang
