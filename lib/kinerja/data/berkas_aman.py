"""Penjaga berkas dari luar sebelum dibuka: ukuran arsip setelah dibuka, dan alamat yang tidak keluar dari foldernya."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

from kinerja.errors import GalatData, GalatParameter

UKURAN_BUKU_KERJA = 64 * 2**20
"""Bita terbanyak isi buku kerja setelah dibuka; templat satu tahun penuh jauh di bawahnya."""

_RASIO = 200
_BEBAS_RASIO = 2**20


def check_workbook(berkas: Path, nama: str | None = None, *, terbesar: int = UKURAN_BUKU_KERJA) -> None:
    """Tolak buku kerja (.xlsx) yang bukan arsip ZIP utuh, terlalu besar setelah dibuka, atau mencurigakan.

    Panggil sebelum openpyxl: berkas beberapa kilobita dapat berisi bergiga-giga bita. Hanya daftar isi arsip yang
    dibaca; pembuka arsip Python sendiri berhenti pada ukuran yang disebut daftar itu.

    Parameters
    ----------
    berkas : Path
    nama : str, optional
        Nama untuk pesan; bawaan nama berkas.
    terbesar : int
        Batas bita seluruh isi.

    Raises
    ------
    GalatData
        Berkas tidak ada, bukan buku kerja, atau melewati batas.
    """
    nama = berkas.name if nama is None else nama
    if not berkas.is_file():
        raise GalatData(nama, ditemukan="berkas tidak ada", diharapkan="buku kerja .xlsx")
    try:
        with zipfile.ZipFile(berkas) as arsip:
            isi = arsip.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as galat:
        raise GalatData(nama, ditemukan="isi yang bukan arsip ZIP utuh", diharapkan="buku kerja .xlsx") from galat
    if "[Content_Types].xml" not in {x.filename for x in isi}:
        raise GalatData(nama, ditemukan="arsip ZIP tanpa daftar isi Office", diharapkan="buku kerja .xlsx")
    for satu in isi:
        if PurePosixPath(satu.filename).is_absolute() or ".." in PurePosixPath(satu.filename).parts:
            raise GalatData(nama, ditemukan=f"alamat '{satu.filename}' di dalam arsip", diharapkan="buku kerja .xlsx")
        if satu.flag_bits & 0x1:
            raise GalatData(nama, ditemukan="buku kerja bersandi", diharapkan="buku kerja .xlsx tanpa sandi")
    jumlah = sum(x.file_size for x in isi)
    bengkak = [x for x in isi if x.file_size > _BEBAS_RASIO and x.file_size > _RASIO * max(x.compress_size, 1)]
    if jumlah > terbesar or bengkak:
        besar = jumlah / 2**20
        raise GalatData(
            nama,
            ditemukan=f"isi {besar:,.0f} MB setelah dibuka dari {berkas.stat().st_size / 2**20:,.1f} MB".replace(
                ",", "."
            ),
            diharapkan=f"paling banyak {terbesar // 2**20} MB dan pemampatan yang wajar",
        )


def inside(folder: Path, nama: str, apa: str = "Nama") -> Path:
    """Alamat ``folder/nama`` yang dijamin tetap di dalam folder, juga setelah tautan simbolik diikuti.

    Raises
    ------
    GalatParameter
        Nama kosong, mutlak, memuat bita nol, atau keluar dari folder.
    """
    tujuan = folder / nama if nama and "\x00" not in nama else None
    if tujuan is None or not tujuan.resolve().is_relative_to(folder.resolve()) or tujuan.resolve() == folder.resolve():
        raise GalatParameter(f"{apa} '{nama}' harus berada di dalam folder {folder.name}.")
    return tujuan
