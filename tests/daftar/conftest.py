"""Daftar kecil buatan sekali untuk semua uji di folder ini."""

from pathlib import Path

import pandas as pd
import pytest

from kinerja.cli import daftar as perintah_daftar
from kinerja.daftar import DTKS, PEMBAYARAN, buatan, mutu

BARIS = 60_000


@pytest.fixture(scope="session")
def acuan():
    return perintah_daftar.acuan()


@pytest.fixture(scope="session")
def daftar(tmp_path_factory, acuan):
    """Folder daftar sintetis dan cacat yang ditanam."""
    folder = tmp_path_factory.mktemp("daftar") / "isi"
    return folder, buatan.buat(folder, buatan.susun_rencana(BARIS, acuan.provinsi, acuan.kabkota))


def periksa_folder(folder, acuan, *, sementara=None, nama_mesin="duckdb", kolom=None):
    return mutu.hitung(folder, sementara or folder, acuan, kolom=kolom, nama_mesin=nama_mesin, memori=1)[0]


@pytest.fixture(scope="session")
def hasil(daftar, acuan):
    return periksa_folder(daftar[0], acuan)


def tulis_daftar(folder: Path, dtks: pd.DataFrame, bayar: pd.DataFrame) -> Path:
    """Daftar kecil yang ditulis tangan, tanpa folder bertingkat."""
    for nama, isi in ((DTKS, dtks), (PEMBAYARAN, bayar)):
        (folder / nama).mkdir(parents=True)
        isi.to_parquet(folder / nama / "semua.parquet", index=False)
    return folder
