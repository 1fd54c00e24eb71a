"""Data acuan COINr 1.1.14 dan pohon yang dibangun darinya."""

from pathlib import Path

import pandas as pd
import pytest

from kinerja.index import Normalisasi, Pohon, normalise

ACUAN = Path(__file__).parents[1] / "acuan" / "indeks"


@pytest.fixture(scope="session")
def acuan():
    """Pembaca berkas acuan; kolom pertama menjadi indeks."""

    def read(nama):
        return pd.read_csv(ACUAN / f"{nama}.csv", index_col=0, dtype={0: str, "uCode": str, "kode": str})

    return read


@pytest.fixture(scope="session")
def simpul(acuan):
    kerangka = acuan("kerangka")[["tonggak_bawah", "tonggak_atas", "target"]]
    return acuan("struktur").join(kerangka).reset_index()


@pytest.fixture(scope="session")
def sama(simpul):
    return Pohon.dari_tabel(simpul.rename(columns={"bobot_sama": "bobot"}), ambang=0)


@pytest.fixture(scope="session")
def timpang(simpul):
    return Pohon.dari_tabel(simpul.rename(columns={"bobot_timpang": "bobot"}), ambang=0)


@pytest.fixture(scope="session")
def data(acuan):
    return acuan("data")


@pytest.fixture(scope="session")
def data_hilang(acuan):
    return acuan("data_hilang")


@pytest.fixture(scope="session")
def normal(data, sama):
    """Min-maks 1-100, dasar sebagian besar acuan."""
    return normalise(data, sama, Normalisasi(bawah=1))


@pytest.fixture
def kecil():
    """Pohon 2 x 2 untuk hitungan tangan: P(a 1, b 3), Q(c 2, d 2), I(P 1, Q 1)."""
    return Pohon.dari_tabel(
        pd.DataFrame(
            {
                "kode": ["a", "b", "c", "d", "P", "Q", "I"],
                "induk": ["P", "P", "Q", "Q", "I", "I", None],
                "bobot": [1, 3, 2, 2, 1, 1, None],
            }
        ),
        ambang=0,
    )


@pytest.fixture(scope="session")
def use_mean():
    """Pohon dengan satu agregasi; denda Mazziotta-Pareto, yang dapat turun di bawah nol, hanya di puncaknya."""

    def apply(pohon, kode, pangkat=2.5):
        if kode == "mazziotta_pareto":
            return pohon.ganti(agregasi={pohon.puncak: kode})
        return pohon.ganti(pangkat=pangkat).ganti(agregasi=kode)

    return apply
