"""Perubahan antara dua survei: selisih, galat baku, dan p menurut hitungan tangan, atas sandaran yang sama."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import kinerja as kj
from kinerja.errors import GalatParameter
from kinerja.ikesos import perubahan


@pytest.fixture(scope="module")
def d():
    return kj.open(2020)


@pytest.fixture(scope="module")
def ubah(d):
    return d.change({2019: [], 2020: []}, ["provinsi", "daerah"], sasaran="rt")


def test_survei_terhadap_dirinya_sendiri(d):
    dua = d._open_survey((), 2020), d._open_survey((), 2020)
    sama, satu = perubahan(*dua), d.ikesos()
    assert sama["awal"].item() == satu["nilai"].item() == sama["akhir"].item()
    assert (sama["perubahan"].item(), sama["p"].item(), sama["geser"].item()) == (0, 1, 0)
    assert sama["se"].item() == pytest.approx(np.sqrt(2) * satu["se"].item())
    assert sama["keadaan"].item() == "sintetis"


def test_selisih_galat_p_dan_selang(ubah):
    ada = ubah.dropna(subset=["perubahan"])
    assert len(ada) > 20
    se = np.hypot(ada["se_awal"], ada["se_akhir"])
    np.testing.assert_allclose(ada["perubahan"], ada["akhir"] - ada["awal"])
    np.testing.assert_allclose(ada["se"], se)
    np.testing.assert_allclose(ada["p"], 2 * stats.t.sf(np.abs(ada["perubahan"] / se), ada["df"]))
    np.testing.assert_allclose(ada["atas"] - ada["perubahan"], stats.t.ppf(0.975, ada["df"]) * se)
    peringkat = ada["awal"].rank(ascending=False) - ada["akhir"].rank(ascending=False)
    np.testing.assert_allclose(ada["geser"].astype(float), peringkat)
    assert ada["peluang_geser"].between(0, 1).all()


def test_yang_tidak_dibandingkan_menyebut_sebabnya(ubah):
    kosong = ubah[ubah["perubahan"].isna()]
    assert len(kosong) and (kosong["keadaan"] == "tidak_tersedia").all()
    assert kosong[["se", "p", "peluang_geser"]].isna().all(axis=None) and kosong["geser"].isna().all()
    assert pd.Series(ubah.columns[:4]).tolist() == ["provinsi", "nama_provinsi", "daerah", "nama_daerah"]


def test_tepat_dua_survei(d):
    with pytest.raises(GalatParameter, match="tepat dua survei, bukan 1"):
        d.change({2020: []})
