"""Bentuk lembar isian, dinyatakan sekali di ``bentuk.yml``: lembar, kolom, pilihan, dan satuan yang dikenal."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from kinerja.berkas import parse_yaml

IDENTITAS, INDIKATOR, ANGGARAN, PETUNJUK = "Identitas", "Indikator", "Anggaran", "Petunjuk"


@dataclass(frozen=True)
class Kolom:
    """Satu kolom lembar (atau satu baris lembar identitas).

    ``judul`` seperti terbaca di lembar; ``jenis`` teks, angka, sasaran, tahun, tanggal, atau pilihan; ``pilihan`` yang
    ditulis (huruf kecil) -> yang disimpan.
    """

    kunci: str
    judul: str
    jenis: str = "teks"
    wajib: bool = False
    uraian: str = ""
    pilihan: dict[str, str] = field(default_factory=dict)

    @property
    def daftar(self) -> list[str]:
        """Tulisan pertama bagi setiap pilihan: isi daftar di lembar dan di pesan."""
        return [x for n, x in enumerate(self.pilihan) if self.pilihan[x] not in list(self.pilihan.values())[:n]]


@dataclass(frozen=True)
class Satuan:
    """Satuan: kolom ``acuan/satuan.csv``, dan tulisan lain yang dikenal (huruf kecil)."""

    kode: str
    nama: str
    nama_en: str
    jenis: str
    desimal: str
    terkecil: str = ""
    terbesar: str = ""
    lain: tuple[str, ...] = ()


@cache
def _isi() -> dict[str, Any]:
    return parse_yaml(resources.files("kinerja.lembaga").joinpath("bentuk.yml").read_text("utf-8"))


@cache
def columns(lembar: str) -> dict[str, Kolom]:
    """Kolom sebuah lembar menurut kuncinya, dalam urutan lembar."""
    return {k: Kolom(k, **isi) for k, isi in _isi()[lembar.casefold()].items()}


@cache
def units() -> dict[str, Satuan]:
    """Satuan yang dikenal menurut kodenya."""
    return {
        k: Satuan(k, nama, en, jenis, str(desimal), lain=tuple(lain))
        for k, (nama, en, jenis, desimal, *lain) in _isi()["satuan"].items()
    }


def basic_units() -> list[str]:
    """Kode satuan yang diperlukan halaman mana pun."""
    return list(_isi()["selalu"])


@cache
def unit_names() -> dict[str, str]:
    """Tulisan (huruf kecil) -> kode satuan."""
    nama: dict[str, str] = {}
    for x in units().values():
        for tulisan in (x.nama, x.kode, *x.lain):
            nama.setdefault(tulisan.casefold(), x.kode)
    return nama


@cache
def unit_list() -> list[str]:
    """Nama satuan untuk daftar di lembar."""
    return list(dict.fromkeys(x.nama for x in units().values()))
