"""Data acuan COINr 1.1.14 dan pohon yang dibangun darinya."""

from pathlib import Path

import pandas as pd
import pytest

from indextree import Normalisation, Tree, normalise

REFERENCE_DIR = Path(__file__).parents[1] / "acuan" / "indeks"

# berkas acuan COINr tetap seperti dibuat; kepala kolomnya dibaca dengan nama kolom indextree
HEADS = (
    ("kode", "code"), ("induk", "parent"), ("nama", "name"), ("bobot", "weight"), ("arah", "direction"),
    ("tonggak_bawah", "goalpost_lower"), ("tonggak_atas", "goalpost_upper"), ("pulau", "island"), ("provinsi", "province"),
    ("normalisasi", "normalisation"), ("agregasi", "aggregation"), ("nilai_eigen", "eigenvalue"),
    ("bagian_ragam", "variance_share"),
)  # fmt: skip
FILES = (
    ("indikator", "indicator"),
    ("aritmetik", "arithmetic"),
    ("geometrik", "geometric"),
    ("harmonik", "harmonic"),
    ("timpang", "uneven"),
)


@pytest.fixture(scope="session")
def reference():
    """Pembaca berkas acuan; kolom pertama menjadi indeks."""

    def read(name):
        for theirs, ours in FILES:
            name = name.replace(ours, theirs)
        frame = pd.read_csv(REFERENCE_DIR / f"{name}.csv", index_col=0, dtype={0: str, "uCode": str, "kode": str})
        return frame.rename(columns=dict(HEADS)).rename_axis(dict(HEADS).get(frame.index.name, frame.index.name))

    return read


@pytest.fixture(scope="session")
def nodes(reference):
    frame = reference("kerangka")[["goalpost_lower", "goalpost_upper", "target"]]
    return reference("struktur").join(frame).reset_index()


@pytest.fixture(scope="session")
def sama(nodes):
    return Tree.from_table(nodes.rename(columns={"bobot_sama": "weight"}), threshold=0)


@pytest.fixture(scope="session")
def uneven(nodes):
    return Tree.from_table(nodes.rename(columns={"bobot_timpang": "weight"}), threshold=0)


@pytest.fixture(scope="session")
def data(reference):
    return reference("data")


@pytest.fixture(scope="session")
def data_missing(reference):
    return reference("data_hilang")


@pytest.fixture(scope="session")
def normal(data, sama):
    """Min-maks 1-100, dasar sebagian besar acuan."""
    return normalise(data, sama, Normalisation(lower=1))


@pytest.fixture
def small():
    """Pohon 2 x 2 untuk hitungan tangan: P(a 1, b 3), Q(c 2, d 2), I(P 1, Q 1)."""
    return Tree.from_table(
        pd.DataFrame(
            {
                "code": ["a", "b", "c", "d", "P", "Q", "I"],
                "parent": ["P", "P", "Q", "Q", "I", "I", None],
                "weight": [1, 3, 2, 2, 1, 1, None],
            }
        ),
        threshold=0,
    )


@pytest.fixture(scope="session")
def use_mean():
    """Pohon dengan satu agregasi; denda Mazziotta-Pareto, yang dapat turun di bawah nol, hanya di puncaknya."""

    def apply(tree, code, power=2.5):
        if code == "mazziotta_pareto":
            return tree.replace(aggregation={tree.top: code})
        return tree.replace(power=power).replace(aggregation=code)

    return apply
