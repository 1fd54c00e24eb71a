"""Bobot replikasi: faktor, ragam, kesesuaian dengan linearisasi, dan keterulangan."""

import numpy as np
import pandas as pd
import pytest

from surveyest import (
    Design,
    EstimationError,
    ParameterError,
    estimate,
    jkn,
    rao_wu,
    replicate_covariance,
    replicate_estimates,
    replicate_variance,
    summarise,
)

KOLOM = {"weights": "bobot", "strata": "strata", "psu": "psu", "nested": True}


@pytest.fixture(scope="module")
def sel(sampel, utama):
    return summarise(
        utama, sampel, ["i1", "i3", "kapita"], domain=["provinsi", "kelamin"], ratios={"porsi": ("makan", "kapita")}
    )


def test_faktor_rao_wu_menjaga_jumlah_psu(utama):
    """Dengan n - 1 tarikan, faktor tiap strata berjumlah n di setiap replikasi; nilainya kelipatan n/(n - 1)."""
    f = rao_wu(utama, 50, seed=4).factors()
    jumlah = np.array([np.bincount(utama.psu_strata, weights=f[:, r]) for r in range(50)])
    np.testing.assert_allclose(jumlah, np.broadcast_to(utama.n_psu, jumlah.shape), rtol=1e-12)
    n = utama.n_psu[utama.psu_strata][:, None]
    np.testing.assert_allclose(f * (n - 1) / n, np.round(f * (n - 1) / n), atol=1e-12)
    assert (f >= 0).all()


def test_faktor_rao_wu_dengan_fpc(sampel):
    """Rata-rata faktor 1 dan ragamnya (1 - n/N) (tepat dalam harapan): sifat yang membuat bootstrap ini tidak bias."""
    desain = Design.from_frame(sampel, **KOLOM, fpc="npsu_populasi")
    f = rao_wu(desain, 6000, seed=5).factors()
    assert np.abs(f.mean(axis=1) - 1).max() < 0.06
    harap = desain.fpc_factor[desain.psu_strata]
    np.testing.assert_allclose(f.var(axis=1), harap, rtol=0.15)


@pytest.mark.parametrize("domain", [None, "provinsi", ["provinsi", "kelamin"]])
def test_estimasi_replikasi_sama_dengan_bobot_perorangan(sampel, sel, utama, domain):
    """Taksiran replikasi dari sel = rerata tertimbang dengan bobot replikasi tiap orang."""
    replikasi = rao_wu(utama, 5, seed=1)
    nilai = replicate_estimates(sel, replikasi, domain)
    bobot = replikasi.weights()
    t = estimate(sel, domain)
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
    t = estimate(sel, "provinsi", kind="total")
    nilai = replicate_estimates(sel, jkn(utama), "provinsi", kind="total")
    np.testing.assert_allclose(np.sqrt(replicate_variance(nilai, jkn(utama))), t.se, rtol=1e-10)
    d, v = t.values.shape
    kov = replicate_covariance(nilai.reshape(len(nilai), -1), jkn(utama))
    penuh = t.full_covariance().reshape(d * v, d * v)
    skala = np.sqrt(np.outer(np.diag(penuh), np.diag(penuh)))
    np.testing.assert_allclose(kov / skala, penuh / skala, rtol=1e-8, atol=1e-9)


def test_jkn_fpc_total_sama_dengan_linearisasi(sampel):
    desain = Design.from_frame(sampel, **KOLOM, fpc="npsu_populasi")
    sel = summarise(desain, sampel, ["i1"])
    nilai = replicate_estimates(sel, jkn(desain), kind="total")
    se = np.sqrt(replicate_variance(nilai, jkn(desain)))
    np.testing.assert_allclose(se, estimate(sel, kind="total").se, rtol=1e-10)


def test_rao_wu_mendekati_linearisasi(sel, utama):
    """2.000 replikasi: galat acak se sekitar 1/akar(4.000) = 1,6%; rerata bukan linear, jadi batasnya 10%."""
    nilai = replicate_estimates(sel, replikasi := rao_wu(utama, 2000, seed=11))
    np.testing.assert_allclose(np.sqrt(replicate_variance(nilai, replikasi)), estimate(sel).se, rtol=0.10)


def test_benih_menentukan_dan_potongan_tidak(utama, monkeypatch):
    satu = rao_wu(utama, 40, seed=9).factors()
    monkeypatch.setattr("surveyest.replicates.CHUNK_BYTES", 8 * utama.psu_count * 7)
    np.testing.assert_array_equal(rao_wu(utama, 40, seed=9).factors(), satu)
    np.testing.assert_array_equal(np.concatenate([f for _, f in jkn(utama).chunks()], axis=1), jkn(utama).factors())
    assert (rao_wu(utama, 40, seed=10).factors() != satu).any()


def test_psu_tunggal_pada_replikasi(sampel_tunggal):
    """certainty: strata tunggal tidak beragam, hasilnya sama dengan linearisasi; adjust ditolak."""
    desain = Design.from_frame(sampel_tunggal, **KOLOM, lonely_psu="certainty")
    sel = summarise(desain, sampel_tunggal, ["i1"])
    nilai = replicate_estimates(sel, jkn(desain), kind="total")
    se = np.sqrt(replicate_variance(nilai, jkn(desain)))
    np.testing.assert_allclose(se, estimate(sel, kind="total").se, rtol=1e-10)
    tunggal = desain.lonely_strata[desain.psu_strata]
    assert tunggal.sum() == 1 and (rao_wu(desain, 20, seed=1).factors()[tunggal] == 1).all()
    with pytest.raises(EstimationError, match="adjust"):
        jkn(Design.from_frame(sampel_tunggal, **KOLOM, lonely_psu="adjust"))


def test_penyebut_replikasi_nol_menjadi_nan():
    isi = pd.DataFrame({"strata": 1, "psu": [1, 2, 3], "bobot": 1.0, "y": [1.0, 0, 1], "d": list("aab")})
    desain = Design.from_frame(isi, **KOLOM)
    nilai = replicate_estimates(summarise(desain, isi, ["y"], domain="d"), jkn(desain), "d")
    assert np.isnan(nilai[2, 1, 0]) and np.isfinite(nilai[:, 0]).all()


def test_pesan_galat(sel, utama, sampel, monkeypatch):
    with pytest.raises(ParameterError, match="2 replikasi"):
        rao_wu(utama, 1, seed=1)
    lain = Design.from_frame(sampel, **KOLOM)
    with pytest.raises(EstimationError, match="berbeda"):
        replicate_estimates(sel, jkn(lain))
    with pytest.raises(ParameterError, match="point"):
        replicate_variance(np.zeros((72, 1)), jkn(utama, mse=True))
    with pytest.raises(ParameterError, match="72"):
        replicate_variance(np.zeros((71, 1)), jkn(utama))
    with pytest.raises(ParameterError, match="nisbah"):
        replicate_estimates(sel, jkn(utama), kind="total", measures=["porsi"])
    monkeypatch.setattr("surveyest.replicates.MAX_RESULT_BYTES", 1000)
    with pytest.raises(EstimationError, match="GB"):
        replicate_estimates(sel, jkn(utama), "provinsi")
