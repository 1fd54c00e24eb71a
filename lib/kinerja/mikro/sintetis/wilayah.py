"""Kabupaten/kota yang ada pada satu gelombang."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from kinerja import paths, terbaca
from kinerja.data import schema
from kinerja.data.reading import read_numbers
from kinerja.errors import GalatParameter

PEMEKARAN_DI_SUSENAS = 2024
"""Gelombang pertama yang memakai kode provinsi hasil pemekaran Papua 2022."""

_KOLOM = (["kode"], ["kode", "kode_lama"])


def kabkota(tahun: int, provinsi: Collection[int] = ()) -> pd.DataFrame:
    """Kode kabupaten/kota satu gelombang, menurut urutan kode sebelum pemekaran.

    Parameters
    ----------
    tahun : int
    provinsi : collection of int
        Hanya provinsi-provinsi ini; kosong = semua.

    Returns
    -------
    DataFrame
        ``provinsi``, ``kabkota`` (dua angka; 71 ke atas kota), ``asal`` (kode provinsi sebelum pemekaran).

    Raises
    ------
    GalatParameter
        Provinsi yang tidak ada pada gelombang itu.
    GalatData
        Daftar kabupaten/kota rusak.
    """
    daftar, baru = (
        read_numbers(berkas, f"acuan/{berkas.name}", schema.tables()[berkas.stem].kolom, kolom)
        for berkas, kolom in zip(berkas_wilayah(), _KOLOM, strict=True)
    )
    lama = daftar["kode"]
    kode = lama
    if tahun >= PEMEKARAN_DI_SUSENAS:
        kode = lama.map(dict(zip(baru["kode_lama"], baru["kode"], strict=True))).fillna(lama).astype(int)
    hasil = pd.DataFrame({"provinsi": kode // 100, "kabkota": kode % 100, "asal": lama // 100})
    asing = sorted(set(provinsi) - set(hasil["provinsi"]))
    if asing:
        raise GalatParameter(f"Provinsi {', '.join(map(str, asing))} tidak ada di Susenas {tahun}.")
    return hasil[hasil["provinsi"].isin(provinsi)].reset_index(drop=True) if provinsi else hasil


def berkas_wilayah() -> tuple[Path, Path]:
    """Daftar kabupaten/kota, dan kode hasil pemekaran."""
    berkas = paths.acuan() / "kabkota.csv", paths.acuan() / "wilayah_baru.csv"
    for satu in berkas:
        terbaca.note_file(satu)
    return berkas
