"""Kemiskinan dan ketimpangan: setiap angka `tests/acuan/survei/kemiskinan.csv`, hitungan tangan, dan masukan buruk."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from surveyest import (
    Design,
    EstimationError,
    ParameterError,
    RelativeLine,
    estimate,
    inequality,
    lorenz,
    poverty,
    poverty_line,
    quantile,
    rao_wu,
    summarise,
)

ACUAN = pd.read_csv(Path(__file__).parents[1] / "acuan" / "survei" / "kemiskinan.csv").fillna({"garis": ""})
GARIS = {
    "1200000": 1.2e6,
    "0.5 population": RelativeLine(),
    "0.5 sample": RelativeLine(bandwidth="sample"),
    "mean population": RelativeLine(of="mean"),
    "mean sample": RelativeLine(of="mean", bandwidth="sample"),
    "0.5 provinsi": RelativeLine(by="provinsi"),
}


def kecil(y, **kolom):
    data = pd.DataFrame({"strata": 1, "psu": range(len(y)), "w": 1.0, "y": y} | kolom)
    return Design.from_frame(data, weights="w", strata="strata", psu="psu"), data


def bandingkan(taksiran, ukuran, garis):
    acuan = ACUAN[(ACUAN.ukuran == ukuran) & (ACUAN.garis == garis)].set_index("domain")
    kunci = taksiran.domain["provinsi"] if "provinsi" in taksiran.domain else [0]
    v = taksiran.names.index(ukuran)
    for d, p in enumerate(kunci):
        for milik, r in ((taksiran.values, "nilai"), (taksiran.se, "se")):
            np.testing.assert_allclose(milik[d, v], acuan.loc[p, r], rtol=1e-9, err_msg=f"{ukuran} {garis} {p} {r}")
    return len(kunci)


@pytest.mark.parametrize("garis", GARIS)
def test_kemiskinan_sama_dengan_r(sampel, utama, garis):
    dibandingkan = 0
    for domain in ([] if "provinsi" in garis else [None]) + ["provinsi"]:
        t = poverty(utama, sampel, "kapita", GARIS[garis], domain=domain)
        dibandingkan += sum(bandingkan(t, u, garis) for u in t.names)
    assert dibandingkan == (ACUAN.garis.eq(garis) & ACUAN.ukuran.ne("line")).sum()


def test_garis_taksiran_sama_dengan_r(sampel, utama):
    for garis in ("0.5 population", "0.5 sample", "mean population", "mean sample"):
        bandingkan(poverty_line(utama, sampel, "kapita", GARIS[garis]), "line", garis)


@pytest.mark.parametrize("domain", [None, "provinsi"])
def test_ketimpangan_sama_dengan_r(sampel, utama, domain):
    for t in (
        inequality(utama, sampel, "kapita", domain=domain),
        lorenz(utama, sampel, "kapita", [0.1, 0.4, 0.9], domain=domain),
    ):
        for u in t.names:
            bandingkan(t, u, "")


def test_garis_tetap_sama_dengan_rerata_kolom_sendiri(sampel, utama):
    """Garis dari kolom; deff, df, kovarians, dan selang logit milik `estimate` atas kolom indikatornya."""
    data = sampel.assign(garis=np.where(sampel["daerah"] == 1, 1.3e6, 1.1e6))
    data["miskin"] = (data["kapita"] < data["garis"]).astype(float)
    data["jurang"] = data["miskin"] * (1 - data["kapita"] / data["garis"])
    acuan = estimate(summarise(utama, data, ["miskin", "jurang"], domain="provinsi"), "provinsi")
    t = poverty(utama, data, "kapita", "garis", orders=(0, 1), domain="provinsi")
    for k in ("values", "se", "deff", "df", "n"):
        np.testing.assert_allclose(getattr(t, k), getattr(acuan, k), rtol=1e-10, err_msg=k)
    np.testing.assert_allclose(t.full_covariance(), acuan.full_covariance(), rtol=1e-9, atol=1e-16)
    np.testing.assert_allclose(t.interval(), acuan.interval(), rtol=1e-9)
    banyak = poverty(utama, data, "kapita", "garis", orders=0, domain="provinsi", kind="total")
    jumlah = estimate(summarise(utama, data, ["miskin"], domain="provinsi"), "provinsi", kind="total")
    np.testing.assert_allclose([banyak.values, banyak.se], [jumlah.values, jumlah.se], rtol=1e-10)


def test_dua_tahap_sama_dengan_rerata_kolom_sendiri():
    data = pd.read_csv(Path(__file__).parents[1] / "acuan" / "survei" / "apiclus2.csv")
    data = data.assign(w=data["fpc1"] / data["dnum"].nunique() * data["fpc2"], miskin=data["api00"] < 600)
    desain = Design.from_frame(data, weights="w", psu="dnum", ssu="snum", fpc=["fpc1", "fpc2"])
    acuan = estimate(summarise(desain, data, ["miskin"], domain="stype"), "stype")
    t = poverty(desain, data, "api00", 600, orders=0, domain="stype")
    np.testing.assert_allclose([t.values, t.se], [acuan.values, acuan.se], rtol=1e-10)


def test_subset_sama_dengan_domain_dan_garis_tetap_nasional(sampel, utama):
    semua = poverty(utama, sampel, "kapita", RelativeLine(), domain="provinsi")
    satu = poverty(utama, sampel, "kapita", RelativeLine(), subset={"provinsi": 32})
    i = semua.domain["provinsi"].tolist().index(32)
    np.testing.assert_allclose([satu.values[0], satu.se[0]], [semua.values[i], semua.se[i]], rtol=1e-12)
    # Garis milik bersama: provinsi yang tidak berbagi strata pun berkorelasi.
    kov = semua.full_covariance()
    assert abs(kov[0, 0, 1, 0]) > 1e-8
    np.testing.assert_allclose(np.einsum("dvdv->dv", kov), semua.se**2, rtol=1e-10)


def test_galat_garis_sebanding_dengan_bootstrap(sampel, utama):
    """Rao-Wu 400 ulangan dengan garis yang ditaksir ulang: 60% rerata nasional, P1 tiap provinsi."""
    w, y = rao_wu(utama, 400, seed=1).weights(), sampel["kapita"].to_numpy()
    z = 0.6 * (w * y[:, None]).sum(axis=0) / w.sum(axis=0)
    jurang = w * np.maximum(0, 1 - y[:, None] / z)
    t = poverty(utama, sampel, "kapita", RelativeLine(of="mean"), orders=1, domain="provinsi")
    for d, p in enumerate(t.domain["provinsi"]):
        di = (sampel["provinsi"] == p).to_numpy()
        se = (jurang[di].sum(axis=0) / w[di].sum(axis=0)).std(ddof=1)
        assert t.se[d, 0] == pytest.approx(se, rel=0.12), p


def test_garis_dan_kuantil_sepakat(sampel, utama):
    garis = poverty_line(utama, sampel, "kapita", RelativeLine(by="provinsi"))
    median = quantile(utama, sampel, "kapita", domain="provinsi")["estimate"]
    np.testing.assert_allclose(garis.values[:, 0], 0.6 * median, rtol=1e-12)


def test_hitungan_tangan():
    """1, 2, 3, 4, 10: Gini 0,4 (jumlah selisih 80 dibagi 2 x 5 x 20); S80/S20 = 10/1; L(0,4) = 3/20, L(0,9) = 15/20."""
    desain, data = kecil([10, 1, 2, 4, 3])
    t = inequality(desain, data, "y")
    np.testing.assert_allclose(t.values[0], [0.4, 10.0], rtol=1e-14)
    bagian = lorenz(desain, data, "y", [0.4, 0.9])
    np.testing.assert_allclose(bagian.values[0], [3 / 20, 15 / 20], rtol=1e-14)
    palma, se = bagian.delta(lambda x: (1 - x[:, 1]) / x[:, 0])
    assert palma[0] == pytest.approx(5 / 3) and se[0] > 0
    # Garis 3: dua orang DI BAWAHNYA, jurang 2/3 dan 1/3.
    p = poverty(desain, data, "y", 3)
    np.testing.assert_allclose(p.values[0], [2 / 5, 1 / 5, (4 / 9 + 1 / 9) / 5], rtol=1e-14)


def test_urutan_nilai_kembar_dan_skala_tidak_penting(sampel, utama):
    bulat = sampel.assign(kapita=sampel["kapita"].round(-5))
    acak = bulat.sample(frac=1, random_state=1)
    desain = Design.from_frame(acak, weights="bobot", strata="strata", psu="psu", nested=True)
    for hitung in (inequality, lorenz):
        a, b = hitung(utama, bulat, "kapita"), hitung(desain, acak.assign(kapita=acak["kapita"] / 1e6), "kapita")
        np.testing.assert_allclose([b.values, b.se], [a.values, a.se], rtol=1e-9)


def test_nol_ikut_negatif_ditolak_kecuali_diminta():
    desain, data = kecil([0.0, 0.0, 1.0, 3.0])
    np.testing.assert_allclose(inequality(desain, data, "y", "gini").values, 0.625, rtol=1e-14)
    assert poverty(desain, data, "y", 2).values[0, :2].tolist() == [0.75, 0.625]
    # 20% terbawah tidak punya apa-apa: nisbahnya tak terdefinisi.
    t = inequality(desain, data, "y", "qsr")
    assert np.isnan(t.values).all() and np.isnan(t.se).all()
    desain, data = kecil([-1.0, 0.0, 1.0, 3.0])
    for hitung in (
        lambda **k: inequality(desain, data, "y", "gini", **k),
        lambda **k: lorenz(desain, data, "y", **k),
        lambda **k: poverty(desain, data, "y", 2, **k),
        lambda **k: poverty_line(desain, data, "y", RelativeLine(of="mean"), **k),
    ):
        with pytest.raises(EstimationError, match="1 nilai negatif \\(terkecil -1\\)"):
            hitung()
        assert np.isfinite(hitung(allow_negative=True).values).all()
    assert inequality(desain, data, "y", "gini", allow_negative=True).values[0, 0] == pytest.approx(13 / 12)


def test_domain_kosong_dan_seragam():
    """Domain yang seluruhnya kosong tetap tercetak; domain seragam: garis relatif tanpa galat, Gini nol."""
    desain, data = kecil([1.0, 2.0, np.nan, np.nan, 5.0, 5.0], wilayah=list("aabbcc"))
    t = inequality(desain, data, "y", "gini", domain="wilayah")
    assert t.domain["wilayah"].tolist() == ["a", "b", "c"] and t.n[:, 0].tolist() == [2, 0, 2]
    assert np.isnan(t.values[1, 0]) and np.isnan(t.se[1, 0]) and t.values[2, 0] == 0
    p = poverty(desain, data, "y", RelativeLine(by="wilayah"), domain="wilayah")
    assert np.isnan(p.se[1]).all() and p.values[2].tolist() == [0, 0, 0] and p.se[2].tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    ("kerja", "galat", "pesan"),
    [
        (lambda s, d: poverty(s, d, "y", 0), EstimationError, "Garis kemiskinan 0 kosong, nol, atau negatif"),
        (lambda s, d: poverty(s, d, "y", "g"), EstimationError, "kolom 'g' kosong, nol, atau negatif di 1 baris"),
        (lambda s, d: poverty(s, d, "y", "z"), ParameterError, "Kolom tidak ada di data: z"),
        (lambda s, d: poverty(s, d, "y", 2, orders=0.5), ParameterError, "0 atau sedikitnya 1"),
        (lambda s, d: poverty(s, d, "y", 2, kind="median"), ParameterError, "'median' tidak dikenal"),
        (lambda s, d: poverty(s, d, "y", 2, orders=(1, 1)), ParameterError, "kembar: P1, P1"),
        (lambda s, d: poverty(s, d, "y", RelativeLine(by="b")), EstimationError, "1 baris tidak punya garis"),
        (lambda s, d: RelativeLine(of=50), ParameterError, "peluang kuantil antara 0 dan 1"),
        (lambda s, d: RelativeLine(-1), ParameterError, "harus lebih dari nol"),
        (lambda s, d: RelativeLine(bandwidth="n"), ParameterError, "Lebar kernel 'n'"),
        (lambda s, d: inequality(s, d, "y", "theil"), ParameterError, "'theil' tidak dikenal; pilih: gini"),
        (lambda s, d: lorenz(s, d, "y", [0.5, 1]), ParameterError, "di antara 0 dan 1"),
        (lambda s, d: inequality(s, d.iloc[1:], "y"), EstimationError, "Jangan menyaring baris"),
        (lambda s, d: inequality(s, d, "y", subset={"b": 9}), ParameterError, "tidak ada di domain 'b'"),
    ],
)
def test_masukan_buruk(kerja, galat, pesan):
    desain, data = kecil([1.0, 2.0, 3.0], g=[1.0, np.nan, 2.0], b=[1, 1, None])
    with pytest.raises(galat, match=pesan):
        kerja(desain, data)
