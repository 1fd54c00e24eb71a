"""Hasil penyusunan lembar isian: tabel, masalah, dan cara membaca satu sel menurut jenis kolomnya."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kinerja.data import tulisan
from kinerja.errors import GalatData
from kinerja.lembaga.bentuk import IDENTITAS, Satuan, columns
from kinerja.lembaga.isian import Baris

TAHUN_WAJAR = range(1945, 2200)


@dataclass
class Lama:
    """Yang sudah ada di folder data: kode sasaran dan indikator menurut namanya, satuan, dan target Renstra."""

    sasaran: dict[str, str] = field(default_factory=dict)
    iku: dict[str, str] = field(default_factory=dict)
    satuan: dict[str, Satuan] = field(default_factory=dict)
    renstra: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Susunan:
    """Tabel satu tahun dari lembar isian: nama tabel -> baris (kolom -> isi), dan baris lembar asal setiap baris."""

    nama: str = ""
    tahun: int = 0
    tabel: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    asal: dict[str, list[Baris | None]] = field(default_factory=dict)
    satuan: dict[str, Satuan] = field(default_factory=dict)
    baru: list[str] = field(default_factory=list)
    diabaikan: list[str] = field(default_factory=list)
    bawaan: dict[str, Any] = field(default_factory=dict)
    masalah: list[GalatData] = field(default_factory=list)

    @property
    def sumber(self) -> str:
        """Id catatan sumber lembar ini."""
        return f"isian-{self.tahun}"

    def add(self, tabel: str, asal: Baris | None, **isi: str) -> None:
        """Tambahkan satu baris; keadaan, sumber, dan bagian diisi menurut asalnya."""
        bagian = f"Lembar {asal.lembar} (baris {asal.nomor})" if asal else f"Lembar {IDENTITAS}"
        dasar = {"keadaan": "dikutip", "sumber": self.sumber, "bagian": bagian, "catatan": ""}
        self.tabel.setdefault(tabel, []).append(dasar | isi)
        self.asal.setdefault(tabel, []).append(asal)

    def wrong(self, baris: Baris, judul: str, ditemukan: str, diharapkan: str) -> None:
        """Catat satu masalah dengan baris dan kepala kolom yang dilihat petugas."""
        self.masalah.append(
            GalatData(baris.tempat, baris=baris.nomor, kolom=judul, ditemukan=ditemukan, diharapkan=diharapkan)
        )

    def value(self, lembar: str, baris: Baris | None, kunci: str, *, utuh: bool = False) -> str:
        """Isi satu sel menurut jenis kolomnya, atau teks kosong; yang tidak dapat dibaca menjadi masalah."""
        sel = baris.sel.get(kunci) if baris else None
        if sel is None:
            return ""
        kolom = columns(lembar)[kunci]
        baca: dict[str, Callable[[], str]] = {
            "teks": lambda: sel.teks,
            "angka": lambda: self._plain(sel, utuh),
            "tahun": lambda: _year(sel.teks),
            "tanggal": lambda: sel.teks if sel.tanggal else tulisan.date(sel.teks),
            "pilihan": lambda: _choice(sel.teks, kolom.pilihan, kolom.daftar),
        }
        try:
            return baca[kolom.jenis]()
        except ValueError as galat:
            self.wrong(baris, kolom.judul, f"'{sel.teks}'", str(galat))
            return ""

    def _plain(self, sel, utuh: bool) -> str:
        if sel.tanggal:
            raise ValueError("angka, bukan tanggal")
        return sel.teks if sel.angka else tulisan.number(sel.teks, utuh=utuh)


def _year(teks: str) -> str:
    if not re.fullmatch(r"[0-9]{4}", teks) or int(teks) not in TAHUN_WAJAR:
        raise ValueError(f"tahun antara {TAHUN_WAJAR[0]} dan {TAHUN_WAJAR[-1]}, misalnya 2026")
    return teks


def _choice(teks: str, pilihan: dict[str, str], daftar: Sequence[str]) -> str:
    kenal = {k.casefold(): x for k, x in pilihan.items()}
    if teks.casefold() not in kenal:
        raise ValueError(tulisan.one_of(teks, daftar))
    return kenal[teks.casefold()]


def decimals(angka: str) -> int:
    """Banyaknya desimal sebuah tulisan angka bertitik; 0 bila bukan angka."""
    return len(angka.partition(".")[2].rstrip("%").strip()) if re.match(r"-?[0-9]", angka) else 0


def code(teks: str, dipakai: set[str]) -> str:
    """Kode dari sebuah nama: huruf kecil, angka, dan garis bawah; diberi nomor bila sudah dipakai."""
    kata = re.sub(r"[^a-z0-9]+", "_", teks.casefold()).strip("_")[:40].strip("_") or "x"
    kode = next(x for n in range(1, 10_000) if (x := kata if n == 1 else f"{kata}_{n}") not in dipakai)
    dipakai.add(kode)
    return kode
