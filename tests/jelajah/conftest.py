"""Satu penjelajah atas survei sintetis kecil, kanvasnya dipakai bersama: persis keadaan panel yang lama terbuka."""

import pytest

from kinerja import fmt
from kinerja.buku import Buku
from kinerja.jelajah import Jelajah, PanelJelajah, Pilihan, open_survey


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


@pytest.fixture(scope="session")
def survei(d2020):
    with fmt.using("id"):
        return open_survey(d2020)


@pytest.fixture(scope="session")
def siap(survei):
    return survei.siap


@pytest.fixture(scope="session")
def buku(d2020):
    return Buku("jelajah_ikesos", tahun=2020, bahasa="id", data=d2020)


@pytest.fixture(scope="session")
def j(buku, survei):
    with fmt.using("id"):
        return Jelajah(buku, survei)


@pytest.fixture
def panel(buku, survei):
    return PanelJelajah(Jelajah(buku, survei), Pilihan())
