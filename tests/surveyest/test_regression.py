"""Regresi: setiap angka `tests/acuan/survei/regresi.csv` (svyglm, regTermTest), hitungan tangan, dan masukan buruk."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from surveyest import (
    Design,
    EstimationError,
    ParameterError,
    Regression,
    contrast,
    estimate,
    regress,
    summarise,
    t_test,
)

ACUAN = pd.read_csv(Path(__file__).parents[1] / "acuan" / "survei" / "regresi.csv")
KOLOM = {"weights": "bobot", "strata": "strata", "psu": "psu", "nested": True}
#: Keluarga, rumus, provinsi, dan suku yang diuji, menurut nomor model di regresi.R.
MODEL = {
    1: ("gaussian", "kapita ~ umur + C(kelamin) + C(provinsi)", None, [["C(provinsi)"], ["umur", "C(kelamin)"]]),
    2: ("gaussian", "i1 ~ juta * C(daerah) + I(umur**2)", None, [["juta:C(daerah)"]]),
    3: ("gaussian", "juta ~ i4 + umur", 32, [["umur"]]),
    4: ("binomial", "i1 ~ juta + umur + C(daerah)", None, [["juta"], ["umur", "C(daerah)"]]),
    5: ("binomial", "i4 ~ log(juta) + C(provinsi) * C(kelamin)", None, [["C(provinsi):C(kelamin)"]]),
    6: ("binomial", "i2 ~ juta + C(kelamin)", 73, [["juta"]]),
}


@pytest.fixture(scope="module")
def data(sampel):
    return sampel.assign(juta=sampel["kapita"] / 1e6, teks=sampel["kelamin"].map({1: "a", 2: " b"}))


@pytest.mark.parametrize("nama", ["utama", "fpc", "kalibrasi"])
@pytest.mark.parametrize("nomor", MODEL)
def test_sama_dengan_svyglm(data, rancangan, nama, nomor):
    keluarga, rumus, provinsi, suku = MODEL[nomor]
    m = regress(rancangan[nama], data, rumus, family=keluarga, subset={"provinsi": provinsi} if provinsi else None)
    r = ACUAN[(ACUAN.rancangan == nama) & (ACUAN.model == nomor)]
    k, uji = r[r.jenis == "koefisien"], r[r.jenis == "uji"]
    kita = m.to_frame().rename(columns={"estimate": "b", "lower": "bawah", "upper": "atas"})
    assert len(kita) == len(k) and m.df == k["df"].iloc[0]
    for kolom in ("b", "se", "t", "p", "bawah", "atas"):
        np.testing.assert_allclose(kita[kolom], k[kolom], rtol=1e-8, err_msg=f"{rumus} {kolom}")
    np.testing.assert_allclose(m.covariance.iloc[0], k["kov"], rtol=1e-8)
    for satu, u in zip(suku, uji.itertuples(), strict=True):
        t = m.test(*satu)
        assert t.df == (u.apa, u.df)
        np.testing.assert_allclose([t.statistic, t.p], [u.t, u.p], rtol=1e-7)


def test_beda_rerata_adalah_koefisien(data, utama):
    """Regresi pada satu kategori = beda rerata domain; teks dan bilangan memberi kategori yang sama."""
    m = regress(utama, data, "i1 ~ teks")
    t = t_test(utama, data, "i1", "kelamin")
    assert m.terms["teks"] == ("teks[T.b]",)
    np.testing.assert_allclose(
        m.to_frame().loc[1, ["estimate", "se", "p"]].astype(float), t[["estimate", "se", "p"]].iloc[0], rtol=1e-9
    )
    # Tanpa intersep: rerata domain itu sendiri, beserta kovariansnya, dan kontras atasnya.
    m = regress(utama, data, "i1 ~ 0 + C(kelamin)")
    e = estimate(summarise(utama, data, ["i1"], domain="kelamin"), "kelamin")
    np.testing.assert_allclose(m.covariance, e.full_covariance()[:, 0, :, 0], rtol=1e-9)
    k = contrast(m.estimates, {"2 - 1": [(1, "C(kelamin)[2]"), (-1, "C(kelamin)[1]")]}, df=m.df)
    np.testing.assert_allclose(k[["se", "p"]], t[["se", "p"]], rtol=1e-9)


def test_logistik_pada_tabel_dua_kali_dua():
    """Odds 3/1 pada a dan 1/3 pada b: intersep ln 3, koefisien ln(1/9), rasio odds 1/9."""
    data = pd.DataFrame({"p": range(8), "w": 1.0, "g": list("aaaabbbb"), "y": [1, 1, 1, 0, 1, 0, 0, 0]})
    m = regress(Design.from_frame(data, weights="w", psu="p"), data, "y ~ g", family="binomial")
    np.testing.assert_allclose(m.coefficients, [np.log(3), -np.log(9)], rtol=1e-12)
    odds = m.to_frame(exponentiate=True)
    assert odds["estimate"].iloc[1] == pytest.approx(1 / 9) and odds["lower"].iloc[1] > 0
    # Ragam logit tiap kelompok 1/(n p (1 - p)) = 4/3 pada populasi acak sederhana, dikali n/(n - 1).
    assert m.covariance.iloc[1, 1] == pytest.approx(8 / 3 * 8 / 7)


def test_skala_dan_bobot_tidak_penting(data, utama):
    a = regress(utama, data, "i1 ~ juta + umur", family="binomial")
    lain = Design.from_frame(data.assign(bobot=data["bobot"] / 1e3), **KOLOM)
    b = regress(lain, data.assign(bobot=data["bobot"] / 1e3), "i1 ~ kapita + umur", family="binomial")
    np.testing.assert_allclose(b.to_frame()["t"], a.to_frame()["t"], rtol=1e-9)


@pytest.mark.parametrize(
    ("rumus", "keluarga", "galat", "pesan"),
    [
        ("y ~ x + dua", "gaussian", EstimationError, "Kolom model dua nol atau kombinasi linear kolom sebelumnya"),
        ("y ~ x + I(0*x)", "gaussian", EstimationError, r"Kolom model I\(0 \* x\) nol"),
        ("y ~ g + x", "binomial", EstimationError, r"terpisah sempurna: koefisien .*g\[T.b\].*membesar tanpa batas"),
        ("pisah ~ x", "binomial", EstimationError, "terpisah sempurna"),
        ("nol ~ x", "binomial", EstimationError, "sama di semua baris"),
        ("x ~ y", "binomial", ParameterError, "harus 0 sampai 1"),
        ("y ~ log(x - 1)", "gaussian", EstimationError, "tak hingga atau tak terdefinisi di .log"),
        ("y ~ z", "gaussian", ParameterError, "Kolom tidak ada di data: z"),
        ("y ~ (", "gaussian", ParameterError, "tidak dapat dibaca"),
        ("y ~ np.tidak_ada(x)", "gaussian", ParameterError, "tidak dapat dihitung"),
        ("~ x", "gaussian", ParameterError, "harus berbentuk 'keluaran ~ suku"),
        ("y ~ x | dua", "gaussian", ParameterError, "harus berbentuk 'keluaran ~ suku"),
        ("y ~ x + tetap", "gaussian", EstimationError, "Suku tetap tidak memberi kolom: nilainya hanya satu"),
        ("g ~ x", "gaussian", ParameterError, "harus satu kolom bilangan"),
        ("y ~ kosong", "gaussian", EstimationError, "Tidak ada baris yang terisi"),
        ("y ~ x", "poisson", ParameterError, "'poisson' tidak dikenal; pilih: gaussian, binomial"),
    ],
)
def test_masukan_buruk(rumus, keluarga, galat, pesan):
    data = pd.DataFrame(
        {"p": range(8), "w": 1.0, "g": list("aaaabbbb"), "x": np.arange(1.0, 9), "y": [1, 0, 1, 0, 1, 1, 1, 1]}
    )
    data = data.assign(dua=2 * data["x"] + 3, pisah=(data["x"] > 4).astype(float), nol=0.0, kosong=np.nan, tetap="a")
    with pytest.raises(galat, match=pesan):
        regress(Design.from_frame(data, weights="w", psu="p"), data, rumus, family=keluarga)


def test_kolom_di_dalam_fungsi_berkeadaan(data, utama):
    """poly() terpusat dan ortogonal: ramalan dan uji sukunya sama dengan umur + umur**2, kosongnya ikut dikeluarkan."""
    kosong = data.assign(umur=data["umur"].where(data.index != 7))
    a, b = (regress(utama, kosong, f"i1 ~ juta + {x}") for x in ("poly(umur, 2)", "umur + I(umur**2)"))
    assert a.n == b.n == len(data) - 1
    np.testing.assert_allclose(a.test("poly(umur, 2)").statistic, b.test("umur", "I(umur ** 2)").statistic, rtol=1e-6)


def test_suku_yang_tidak_ada(data, utama):
    m = regress(utama, data, "i1 ~ umur")
    assert isinstance(m, Regression)
    with pytest.raises(ParameterError, match="Suku 'juta' tidak ada di rumus; pilih: 1, umur"):
        m.test("juta")


def test_tanpa_formulaic(data, utama, monkeypatch):
    monkeypatch.setitem(sys.modules, "formulaic", None)
    with pytest.raises(ParameterError, match="memerlukan paket formulaic; pasang dengan: pip install formulaic"):
        regress(utama, data, "i1 ~ umur")
