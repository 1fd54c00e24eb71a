"""Acuan pemeriksaan daftar, dan pemeriksaan satu folder daftar dengan acuan itu."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from kinerja import fmt
from kinerja.besar import mesin, periksa
from kinerja.besar.buat import DTKS, PEMBAYARAN
from kinerja.besar.nik import kode_kabkota
from kinerja.data import Data
from kinerja.wilayah import Regions


class Acuan(NamedTuple):
    """Yang dipakai memeriksa daftar, dari ``data/raw/acuan``.

    Attributes
    ----------
    provinsi : DataFrame
        Tabel ``provinsi``.
    kabkota : list of str
        Empat angka pertama NIK yang pernah terbit.
    larangan : list of (str, str)
        Pasangan program yang tidak boleh dirangkap.
    program : list of str
        Kode program yang dikenal.
    kode_provinsi : list of int
        Kode BPS 38 provinsi.
    terbit : str
        Tanggal daftar kode NIK yang paling baru: yang terbit sesudahnya tidak dikenal.
    """

    provinsi: pd.DataFrame
    kabkota: list[str]
    larangan: list[tuple[str, str]]
    program: list[str]
    kode_provinsi: list[int]
    terbit: str

    @classmethod
    def of(cls, d: Data) -> Acuan:
        """Susun dari tabel ``provinsi``, ``nik_wilayah``, ``bansos_rangkap``, ``pen_program``, dan nama wilayah."""
        rangkap = d["bansos_rangkap"]
        tanggal = d.sumber.loc[d.sumber["id"].isin(d["nik_wilayah"]["sumber"]), "tanggal"].max()
        return cls(
            d["provinsi"],
            kode_kabkota(d["nik_wilayah"]),
            list(zip(rangkap["program"], rangkap["rangkap"], strict=True)),
            d["pen_program"].sort_values("urutan")["kode"].tolist(),
            [int(k) for k in Regions.of(d).tiles["wilayah"]],
            fmt.tanggal(tanggal) if len(tanggal) == len("2025-04-25") else tanggal,
        )


def hitung(
    folder: Path,
    sementara: Path,
    a: Acuan,
    *,
    kolom: Mapping[str, str] | None = None,
    nama_mesin: str = "duckdb",
    memori: float = mesin.MEMORI_GB,
) -> tuple[pd.DataFrame, bool]:
    """Periksa satu folder daftar; tumpahan ditulis di bawah ``sementara`` dan dihapus.

    Returns
    -------
    hasil : DataFrame
        Lihat :func:`kinerja.besar.periksa.hitung`.
    sintetis : bool
    """
    with mesin.buka(nama_mesin, sementara=sementara, memori_gb=memori) as con:
        dtks, satu = periksa.baca(con, folder, DTKS, kolom)
        bayar, dua = periksa.baca(con, folder, PEMBAYARAN, kolom, a.program)
        hasil = periksa.hitung(con, dtks, bayar, kabkota=a.kabkota, larangan=a.larangan, provinsi=a.kode_provinsi)
        return hasil, satu or dua
