"""Daftar kecil buatan sekali untuk semua uji di folder ini."""

from pathlib import Path

import pandas as pd
import pytest

from kinerja.besar import buat, mesin, periksa
from kinerja.cli import daftar as perintah_daftar

BARIS = 60_000


@pytest.fixture(scope="session")
def acuan():
    return perintah_daftar.acuan()


@pytest.fixture(scope="session")
def daftar(tmp_path_factory, acuan):
    """Folder daftar sintetis dan cacat yang ditanam."""
    folder = tmp_path_factory.mktemp("daftar") / "isi"
    return folder, buat.buat(folder, buat.susun_rencana(BARIS, acuan.provinsi, acuan.kabkota))


def periksa_folder(folder, acuan, *, sementara=None, nama_mesin="duckdb", kolom=None):
    with mesin.buka(nama_mesin, sementara=sementara or folder, memori_gb=1, inti=2) as con:
        dtks, bayar = (periksa.baca(con, folder, x, kolom, acuan.program)[0] for x in (buat.DTKS, buat.PEMBAYARAN))
        return periksa.hitung(
            con, dtks, bayar, kabkota=acuan.kabkota, larangan=acuan.larangan, provinsi=acuan.kode_provinsi
        )


@pytest.fixture(scope="session")
def hasil(daftar, acuan):
    return periksa_folder(daftar[0], acuan)


def tulis_daftar(folder: Path, dtks: pd.DataFrame, bayar: pd.DataFrame) -> Path:
    """Daftar kecil yang ditulis tangan, tanpa folder bertingkat."""
    for nama, isi in ((buat.DTKS, dtks), (buat.PEMBAYARAN, bayar)):
        (folder / nama).mkdir(parents=True)
        isi.to_parquet(folder / nama / "semua.parquet", index=False)
    return folder
