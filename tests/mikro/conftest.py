import pytest

from kinerja.mikro import buat_sintetis


@pytest.fixture(scope="session")
def kecil(d2020):
    """Survei sintetis kecil, benih baku."""
    return buat_sintetis(d2020["provinsi"], "kecil")
