"""Membaca lembar isian yang sudah diisi: buku kerja atau CSV, menjadi baris-baris dengan tempatnya di lembar."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kinerja.data import tulisan
from kinerja.data.reading import KOMENTAR, UKURAN_TERBESAR, check_workbook, decode, delimiter
from kinerja.errors import GalatData
from kinerja.lembaga.bentuk import ANGGARAN, IDENTITAS, INDIKATOR, PETUNJUK, columns

BARIS_TERBANYAK = 5_000
_LEMBAR = (IDENTITAS, INDIKATOR, ANGGARAN)
_CARI_KEPALA = 10


@dataclass(frozen=True)
class Sel:
    """Isi satu sel: teksnya, apakah ia sudah angka (bukan tulisan), berformat persen, atau tanggal."""

    teks: str
    angka: bool = False
    persen: bool = False
    tanggal: bool = False


@dataclass(frozen=True)
class Baris:
    """Satu baris: lembarnya, tempatnya bagi pesan (lembar itu atau berkas CSV), nomornya, dan kolom -> sel berisi."""

    lembar: str
    tempat: str
    nomor: int
    sel: dict[str, Sel]


@dataclass
class Isian:
    """Isi lembar isian dan semua masalah yang ditemukan saat membacanya.

    ``identitas`` memuat satu baris per isian, karena setiap isian punya nomor barisnya sendiri.
    """

    nama: str
    identitas: dict[str, Baris] = field(default_factory=dict)
    indikator: list[Baris] = field(default_factory=list)
    anggaran: list[Baris] = field(default_factory=list)
    masalah: list[GalatData] = field(default_factory=list)
    diabaikan: list[str] = field(default_factory=list)


def read_form(berkas: Path) -> Isian:
    """Baca lembar isian, .xlsx atau .csv; masalah isi dikumpulkan, bukan dilemparkan satu per satu.

    Raises
    ------
    GalatData
        Bukan berkas yang wajar, atau tidak satu pun lembar isian ada di dalamnya.
    """
    isian = Isian(berkas.name)
    lembar = _read_csv(berkas, isian) if berkas.suffix.lower() in (".csv", ".txt") else _read_workbook(berkas, isian)
    ada = {}
    for nama, tempat, baris in lembar:
        kenal = next((x for x in _LEMBAR if x.casefold() == nama.strip().casefold()), None)
        if kenal:
            ada[kenal] = (tempat, baris)
        elif dekat := tulisan.near(nama, _LEMBAR):
            isian.masalah.append(GalatData(nama, ditemukan=f"lembar '{nama}'", diharapkan=f"nama lembar {dekat}"))
        elif nama != PETUNJUK:
            isian.diabaikan.append(nama)
    if not ada and not isian.masalah:
        raise GalatData(berkas.name, ditemukan="tanpa lembar isian", diharapkan=f"lembar {', '.join(_LEMBAR)}")
    if IDENTITAS in ada:
        _identity(isian, *ada[IDENTITAS])
    for nama, tujuan in ((INDIKATOR, isian.indikator), (ANGGARAN, isian.anggaran)):
        if nama in ada:
            tujuan += _rows(isian, nama, *ada[nama])
    return isian


# Berkas ---------------------------------------------------------------------------------------------------------------

_Isi = list[tuple[int, list[Sel]]]


def _read_workbook(berkas: Path, isian: Isian) -> Iterator[tuple[str, str, _Isi]]:
    import openpyxl

    check_workbook(berkas)
    try:
        buku = openpyxl.load_workbook(berkas, read_only=True, data_only=False)
    except Exception as galat:  # openpyxl memunculkan bermacam galat untuk isi yang rusak
        raise GalatData(berkas.name, ditemukan="buku kerja yang rusak", diharapkan="buku kerja .xlsx") from galat
    try:
        for lembar in buku.worksheets:
            isi = []
            for nomor, baris in enumerate(lembar.iter_rows(max_row=BARIS_TERBANYAK + 1), 1):
                sel = [_cell(x, lembar.title, nomor, isian) for x in baris]
                if any(x.teks for x in sel):
                    isi.append((nomor, sel))
            if isi and isi[-1][0] > BARIS_TERBANYAK:
                raise GalatData(
                    lembar.title,
                    baris=isi[-1][0],
                    ditemukan="baris yang terlalu banyak",
                    diharapkan=f"paling banyak {BARIS_TERBANYAK}",
                )
            yield lembar.title, lembar.title, isi
    finally:
        buku.close()


def _cell(sel: Any, lembar: str, nomor: int, isian: Isian) -> Sel:
    nilai = sel.value
    if nilai is None:
        return Sel("")

    def tolak(ditemukan: str, diharapkan: str) -> Sel:
        isian.masalah.append(
            GalatData(lembar, baris=nomor, kolom=sel.column_letter, ditemukan=ditemukan, diharapkan=diharapkan)
        )
        return Sel("")

    if sel.data_type == "f" or (isinstance(nilai, str) and nilai.startswith("=")):
        return tolak(f"rumus {nilai}", "nilai yang ditulis (salin, lalu tempel sebagai nilai)")
    if sel.data_type == "e" or isinstance(nilai, bool):
        return tolak(f"{nilai}", "teks atau angka")
    if isinstance(nilai, dt.datetime | dt.date):
        return Sel(nilai.strftime("%Y-%m-%d"), tanggal=True)
    if isinstance(nilai, int | float):
        persen = "%" in str(sel.number_format)
        try:
            return Sel(tulisan.cell_number(nilai, persen=persen), angka=True, persen=persen)
        except ValueError as galat:
            return tolak(f"{nilai:.0f}", str(galat))
    return Sel(" ".join(str(nilai).split()))


def _read_csv(berkas: Path, isian: Isian) -> Iterator[tuple[str, str, _Isi]]:
    if not berkas.is_file():
        raise GalatData(berkas.name, ditemukan="berkas tidak ada", diharapkan="lembar isian .xlsx atau .csv")
    if berkas.stat().st_size > UKURAN_TERBESAR:
        raise GalatData(berkas.name, ditemukan="berkas yang terlalu besar", diharapkan="lembar isian")
    teks = decode(berkas.read_bytes(), berkas.name)
    nama, isi = "", []
    for nomor, baris in enumerate(csv.reader(io.StringIO(teks), delimiter=delimiter(teks)), 1):
        sel = [Sel(" ".join(x.split())) for x in baris]
        if rumus := next((x.teks for x in sel if x.teks.startswith("=")), ""):
            isian.masalah.append(
                GalatData(berkas.name, baris=nomor, ditemukan=f"rumus {rumus}", diharapkan="nilai yang ditulis")
            )
        pertama = sel[0].teks if sel else ""
        if pertama.startswith("[") and pertama.endswith("]"):
            if nama:
                yield nama, berkas.name, isi
            nama, isi = pertama[1:-1], []
        elif any(x.teks for x in sel) and not pertama.startswith("sep="):
            isi.append((nomor, sel))
    if nama:
        yield nama, berkas.name, isi


# Lembar ---------------------------------------------------------------------------------------------------------------


def _identity(isian: Isian, tempat: str, isi: _Isi) -> None:
    judul = {x.judul.casefold(): k for k, x in columns(IDENTITAS).items()}
    for nomor, sel in isi:
        kepala = sel[0].teks
        if kepala.startswith(KOMENTAR):
            continue
        if kepala.casefold() not in judul:
            harap = tulisan.one_of(kepala, (x.judul for x in columns(IDENTITAS).values()))
            isian.masalah.append(GalatData(tempat, baris=nomor, ditemukan=f"isian '{kepala}'", diharapkan=harap))
        elif len(sel) > 1 and sel[1].teks:
            kunci = judul[kepala.casefold()]
            isian.identitas[kunci] = Baris(IDENTITAS, tempat, nomor, {kunci: sel[1]})


def _rows(isian: Isian, lembar: str, tempat: str, isi: _Isi) -> Iterator[Baris]:
    kolom = columns(lembar)
    judul = {x.judul.casefold(): k for k, x in kolom.items()}
    mulai = next(
        (n for n, (_, sel) in enumerate(isi[:_CARI_KEPALA]) if len({x.teks.casefold() for x in sel} & set(judul)) > 1),
        None,
    )
    if mulai is None:
        if isi:
            isian.masalah.append(
                GalatData(
                    tempat,
                    baris=isi[0][0],
                    ditemukan="tanpa baris kepala",
                    diharapkan=f"kepala {', '.join(x.judul for x in kolom.values())}",
                )
            )
        return
    letak = _header(isian, lembar, tempat, *isi[mulai])
    for nomor, sel in isi[mulai + 1 :]:
        if sel[0].teks.startswith(KOMENTAR):
            continue
        lebih = [x.teks for n, x in enumerate(sel) if n not in letak and x.teks]
        if lebih:
            isian.masalah.append(
                GalatData(tempat, baris=nomor, ditemukan=f"'{lebih[0]}' di kolom tanpa kepala", diharapkan="sel kosong")
            )
        berisi = {letak[n]: x for n, x in enumerate(sel) if n in letak and x.teks}
        if berisi:
            yield Baris(lembar, tempat, nomor, berisi)


def _header(isian: Isian, lembar: str, tempat: str, nomor: int, sel: Sequence[Sel]) -> dict[int, str]:
    """Letak kolom -> kuncinya; kepala yang tidak dikenal, ganda, atau kurang menjadi masalah."""
    kolom = columns(lembar)
    judul = {x.judul.casefold(): k for k, x in kolom.items()}
    letak: dict[int, str] = {}

    def catat(ditemukan: str, diharapkan: str) -> None:
        isian.masalah.append(GalatData(tempat, baris=nomor, ditemukan=ditemukan, diharapkan=diharapkan))

    for n, x in enumerate(sel):
        kunci = judul.get(x.teks.casefold())
        if not x.teks:
            continue
        if kunci is None:
            catat(f"kepala '{x.teks}'", tulisan.one_of(x.teks, (y.judul for y in kolom.values())))
            letak[n] = f"#{n}"  # isinya tidak perlu disalahkan sekali lagi
        elif kunci in letak.values():
            catat(f"kepala ganda '{x.teks}'", "satu kolom saja")
        else:
            letak[n] = kunci
    kurang = [x.judul for k, x in kolom.items() if x.wajib and k not in letak.values()]
    if kurang:
        catat(f"kolom {', '.join(kurang)} tidak ada", "semua kolom wajib")
    return letak
