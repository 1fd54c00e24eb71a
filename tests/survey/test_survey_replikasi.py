"""Bobot replikasi: faktor, ragam, kesesuaian dengan linearisasi, dan keterulangan."""

import numpy as np
import pandas as pd
import pytest

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.survey import (
    Desain,
    estimasi_replikasi,
    jkn,
    kovarians_replikasi,
    ragam_replikasi,
    rao_wu,
    ringkas,
    taksir,
)

KOLOM = {"bobot": "bobot", "strata": "strata", "psu": "psu", "bersarang": True}


@pytest.fixture(scope="module")
def sel(sampel, utama):
    return ringkas(
        utama, sampel, ["i1", "i3", "kapita"], domain=["provinsi", "kelamin"], rasio={"porsi": ("makan", "kapita")}
    )


def test_faktor_rao_wu_menjaga_jumlah_psu(utama):
    """Dengan n - 1 tarikan, faktor tiap strata berjumlah n di setiap replikasi; nilainya kelipatan n/(n - 1)."""
    f = rao_wu(utama, 50, benih=4).faktor()
    jumlah = np.array([np.bincount(utama.strata_psu, weights=f[:, r]) for r in range(50)])
    np.testing.assert_allclose(jumlah, np.broadcast_to(utama.n_psu, jumlah.shape), rtol=1e-12)
    n = utama.n_psu[utama.strata_psu][:, None]
    np.testing.assert_allclose(f * (n - 1) / n, np.round(f * (n - 1) / n), atol=1e-12)
    assert (f >= 0).all()


def test_faktor_rao_wu_dengan_fpc(sampel):
    """Rata-rata faktor 1 dan ragamnya (1 - n/N) (tepat dalam harapan): sifat yang membuat bootstrap ini tidak bias."""
    desain = Desain.dari_bingkai(sampel, **KOLOM, fpc="npsu_populasi")
    f = rao_wu(desain, 6000, benih=5).faktor()
    assert np.abs(f.mean(axis=1) - 1).max() < 0.06
    harap = desain.faktor_fpc[desain.strata_psu]
    np.testing.assert_allclose(f.var(axis=1), harap, rtol=0.15)


@pytest.mark.parametrize("domain", [None, "provinsi", ["provinsi", "kelamin"]])
def test_estimasi_replikasi_sama_dengan_bobot_perorangan(sampel, sel, utama, domain):
    """Taksiran replikasi dari sel = rerata tertimbang dengan bobot replikasi tiap orang."""
    replikasi = rao_wu(utama, 5, benih=1)
    nilai = estimasi_replikasi(sel, replikasi, domain)
    bobot = replikasi.bobot()
    t = taksir(sel, domain)
    for i, baris in enumerate(t.domain.to_dict("records") or [{}]):
        anggota = np.logical_and.reduce([np.ones(len(sampel), bool), *(sampel[k] == v for k, v in baris.items())])
        for r in range(5):
            for j, v in enumerate(["i1", "i3", "kapita"]):
                ikut = anggota & sampel[v].notna().to_numpy()
                harap = np.average(sampel[v][ikut], weights=bobot[ikut, r])
                np.testing.assert_allclose(nilai[r, i, j], harap, rtol=1e-12, err_msg=f"{baris} {v} r{r}")
            harap = (sampel["makan"] * bobot[:, r])[anggota].sum() / (sampel["kapita"] * bobot[:, r])[anggota].sum()
            np.testing.assert_allclose(nilai[r, i, 3], harap, rtol=1e-12)


def test_jkn_total_sama_dengan_linearisasi(sel, utama):
    """Bagi total (linear) jackknife dan linearisasi identik, termasuk kovariansnya."""
    t = taksir(sel, "provinsi", jenis="total")
    nilai = estimasi_replikasi(sel, jkn(utama), "provinsi", jenis="total")
    np.testing.assert_allclose(np.sqrt(ragam_replikasi(nilai, jkn(utama))), t.se, rtol=1e-10)
    d, v = t.nilai.shape
    kov = kovarians_replikasi(nilai.reshape(len(nilai), -1), jkn(utama))
    penuh = t.kovarians_penuh().reshape(d * v, d * v)
    skala = np.sqrt(np.outer(np.diag(penuh), np.diag(penuh)))
    np.testing.assert_allclose(kov / skala, penuh / skala, rtol=1e-8, atol=1e-9)


def test_jkn_fpc_total_sama_dengan_linearisasi(sampel):
    desain = Desain.dari_bingkai(sampel, **KOLOM, fpc="npsu_populasi")
    sel = ringkas(desain, sampel, ["i1"])
    nilai = estimasi_replikasi(sel, jkn(desain), jenis="total")
    se = np.sqrt(ragam_replikasi(nilai, jkn(desain)))
    np.testing.assert_allclose(se, taksir(sel, jenis="total").se, rtol=1e-10)


def test_rao_wu_mendekati_linearisasi(sel, utama):
    """2.000 replikasi: galat acak se sekitar 1/akar(4.000) = 1,6%; rerata bukan linear, jadi batasnya 10%."""
    nilai = estimasi_replikasi(sel, replikasi := rao_wu(utama, 2000, benih=11))
    np.testing.assert_allclose(np.sqrt(ragam_replikasi(nilai, replikasi)), taksir(sel).se, rtol=0.10)


def test_benih_menentukan_dan_potongan_tidak(utama, monkeypatch):
    satu = rao_wu(utama, 40, benih=9).faktor()
    monkeypatch.setattr("kinerja.survey.replikasi.BITA_POTONGAN", 8 * utama.banyak_psu * 7)
    np.testing.assert_array_equal(rao_wu(utama, 40, benih=9).faktor(), satu)
    np.testing.assert_array_equal(np.concatenate([f for _, f in jkn(utama).potongan()], axis=1), jkn(utama).faktor())
    assert (rao_wu(utama, 40, benih=10).faktor() != satu).any()


def test_psu_tunggal_pada_replikasi(sampel_tunggal):
    """certainty: strata tunggal tidak beragam, hasilnya sama dengan linearisasi; adjust ditolak."""
    desain = Desain.dari_bingkai(sampel_tunggal, **KOLOM, psu_tunggal="certainty")
    sel = ringkas(desain, sampel_tunggal, ["i1"])
    nilai = estimasi_replikasi(sel, jkn(desain), jenis="total")
    se = np.sqrt(ragam_replikasi(nilai, jkn(desain)))
    np.testing.assert_allclose(se, taksir(sel, jenis="total").se, rtol=1e-10)
    tunggal = desain.strata_tunggal[desain.strata_psu]
    assert tunggal.sum() == 1 and (rao_wu(desain, 20, benih=1).faktor()[tunggal] == 1).all()
    with pytest.raises(GalatHitung, match="adjust"):
        jkn(Desain.dari_bingkai(sampel_tunggal, **KOLOM, psu_tunggal="adjust"))


def test_penyebut_replikasi_nol_menjadi_nan():
    isi = pd.DataFrame({"strata": 1, "psu": [1, 2, 3], "bobot": 1.0, "y": [1.0, 0, 1], "d": list("aab")})
    desain = Desain.dari_bingkai(isi, **KOLOM)
    nilai = estimasi_replikasi(ringkas(desain, isi, ["y"], domain="d"), jkn(desain), "d")
    assert np.isnan(nilai[2, 1, 0]) and np.isfinite(nilai[:, 0]).all()


def test_pesan_galat(sel, utama, sampel, monkeypatch):
    with pytest.raises(GalatParameter, match="2 replikasi"):
        rao_wu(utama, 1, benih=1)
    lain = Desain.dari_bingkai(sampel, **KOLOM)
    with pytest.raises(GalatHitung, match="berbeda"):
        estimasi_replikasi(sel, jkn(lain))
    with pytest.raises(GalatParameter, match="titik"):
        ragam_replikasi(np.zeros((72, 1)), jkn(utama, mse=True))
    with pytest.raises(GalatParameter, match="72"):
        ragam_replikasi(np.zeros((71, 1)), jkn(utama))
    with pytest.raises(GalatParameter, match="nisbah"):
        estimasi_replikasi(sel, jkn(utama), jenis="total", ukuran=["porsi"])
    monkeypatch.setattr("kinerja.survey.replikasi.BATAS_BITA_HASIL", 1000)
    with pytest.raises(GalatHitung, match="GB"):
        estimasi_replikasi(sel, jkn(utama), "provinsi")
