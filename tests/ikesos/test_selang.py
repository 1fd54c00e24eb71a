"""Selang indeks: cakupan yang dihitung tepat, bukan disimulasi, dan sifat-sifatnya."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom, t

from kinerja.ikesos import Kerangka, siapkan

from .conftest import kerangka_kecil

ORANG, PELUANG = 240, 0.0224


def survei(rumah, kerja):
    """Acak sederhana ORANG lansia seorang satu rumah tangga, seorang satu PSU; ``kerja`` orang di antaranya bekerja."""
    nomor = np.arange(ORANG)
    return pd.DataFrame(
        {
            "W": 1.0, "RUTA": nomor, "NO": 1, "STRATA": 1, "PSU": nomor, "UMUR": 70, "EMAS": 1.0,
            "BELANJA": 1.0 + nomor, "RUMAH": np.where(nomor < rumah, 1.0, 5.0), "KERJA": np.where(nomor < kerja, 1.0, 5.0),
        }
    )  # fmt: skip


@pytest.fixture
def ls(kodebuku):
    kerangka = Kerangka.susun(*kerangka_kecil(), kodebuku)

    def satu(rumah, kerja, **pilihan):
        siap = siapkan(survei(rumah, kerja), kodebuku, kerangka, n_minimum=1, n_daun=1)
        isi = {"sasaran": "ls", "simpul": ["ls", "ls/I1", "ls/I2"], "tahan": False, **pilihan}
        return siap.hitung(**isi).set_index("simpul")

    return satu


@pytest.mark.parametrize("agregasi", ["aritmetik", "geometrik", "harmonik"])
def test_cakupan_tepat_dengan_satu_indikator_jarang(ls, agregasi):
    # I1 diketahui 50 persen; I2 binomial(240; 2,24 persen). Peluang tiap hasil kali termuat atau tidaknya nilai sejati.
    x1, x2 = (50, 100 * PELUANG) if agregasi == "aritmetik" else (50.5, 1 + 99 * PELUANG)
    sejati = {"aritmetik": (x1 + x2) / 2, "geometrik": np.sqrt(x1 * x2), "harmonik": 2 / (1 / x1 + 1 / x2)}[agregasi]
    kasus = np.arange(20)
    selang = [ls(ORANG // 2, k, agregasi=agregasi).loc["ls", ["bawah", "nilai", "atas"]].tolist() for k in kasus]
    bawah, nilai, atas = np.array(selang).T
    assert (bawah <= nilai).all() and (nilai <= atas).all() and (bawah >= 0).all() and (atas <= 100).all()
    kena = (bawah <= sejati) & (sejati <= atas)
    assert binom.pmf(kasus, ORANG, PELUANG)[kena].sum() >= 0.92


@pytest.mark.parametrize("agregasi", ["aritmetik", "geometrik", "harmonik"])
@pytest.mark.parametrize("kerja", [1, 7, 120, 239])
def test_indeks_atas_satu_indikator_berselang_indikator_itu(ls, agregasi, kerja):
    h = ls(ORANG // 2, kerja, agregasi=agregasi, bobot={"KD": 0})
    persen = h.loc["ls/I2", ["bawah", "nilai", "atas"]].to_numpy(dtype=float)
    a = 0 if agregasi == "aritmetik" else 1
    harap = a + (100 - a) * persen / 100
    np.testing.assert_allclose(h.loc["ls", ["bawah", "nilai", "atas"]].to_numpy(dtype=float), harap, rtol=1e-9)


def test_selang_di_ujung_skala(ls):
    # tanpa satu kasus pun di kedua indikator: nilai tepat di ujung bawah, selangnya tetap terbuka ke atas
    h = ls(0, 0, agregasi="harmonik")
    assert h.loc["ls", "nilai"] == h.loc["ls", "bawah"] == 1
    assert 1 < h.loc["ls", "atas"] < 10
    # Mazziotta-Pareto dapat keluar dari rentang anaknya, jadi tidak punya ujung: selang t setangkup
    h = ls(ORANG // 2, 60, sasaran="semua", simpul=["IKESOS"], agregasi="mazziotta_pareto").loc["IKESOS"]
    assert h["nilai"] - h["bawah"] == pytest.approx(t.ppf(0.975, ORANG - 1) * h["se"], rel=1e-9)
    assert h["atas"] - h["nilai"] == pytest.approx(h["nilai"] - h["bawah"], rel=1e-9)
