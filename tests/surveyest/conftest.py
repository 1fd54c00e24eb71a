"""Data acuan R survey 4.4.2 dan rancangannya."""

from pathlib import Path

import pandas as pd
import pytest

from surveyest import Design, calibrate

ACUAN = Path(__file__).parents[1] / "acuan" / "survei"
VARIABEL = ["i1", "i2", "i3", "i4", "i5", "kapita"]
KOLOM = {"weights": "bobot", "strata": "strata", "psu": "psu", "nested": True}


@pytest.fixture(scope="session")
def sampel() -> pd.DataFrame:
    return pd.read_csv(ACUAN / "sampel.csv")


@pytest.fixture(scope="session")
def sampel_tunggal() -> pd.DataFrame:
    return pd.read_csv(ACUAN / "sampel_psu_tunggal.csv")


@pytest.fixture(scope="session")
def utama(sampel) -> Design:
    return Design.from_frame(sampel, **KOLOM)


@pytest.fixture(scope="session")
def rancangan(sampel, utama) -> dict[str, Design]:
    """Rancangan uji.R dan regresi.R."""
    margin = {"kelamin": {1: 2.8e6, 2: 2.7e6}, "daerah": {1: 3.0e6, 2: 2.5e6}}
    fpc = Design.from_frame(sampel, **KOLOM, fpc="npsu_populasi")
    return {"utama": utama, "fpc": fpc, "kalibrasi": calibrate(utama, sampel, margin)}
