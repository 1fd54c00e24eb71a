import pytest

from kinerja.mikro import buat_sintetis


@pytest.fixture(scope="session")
def survei():
    """Survei sintetis kecil tiap gelombang, benih baku; dibuat saat diminta."""
    simpanan = {}

    def ambil(tahun=2020):
        if tahun not in simpanan:
            simpanan[tahun] = buat_sintetis(tahun)
        return simpanan[tahun]

    return ambil
