"""Kalibrasi: setiap angka `kalibrasi.csv` (R survey), sifat-sifatnya, dan masukan yang tidak mungkin."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from surveyest import (
    CalibrationWarning,
    Design,
    EstimationError,
    ParameterError,
    RelativeLine,
    calibrate,
    estimate,
    jkn,
    poverty,
    quantile,
    replicate_statistic,
    replicate_variance,
    summarise,
)

ACUAN = Path(__file__).parents[1] / "acuan" / "survei"
KOLOM = {"weights": "bobot", "strata": "strata", "psu": "psu", "nested": True}
HASIL = pd.read_csv(ACUAN / "kalibrasi.csv", dtype={"domain": str}).fillna({"domain": ""})
SASARAN = pd.read_csv(ACUAN / "kalibrasi_sasaran.csv")
TIGA = ("umur_kelas", "kelamin", "daerah")


@cache
def data() -> pd.DataFrame:
    isi = pd.read_csv(ACUAN / "sampel.csv")
    isi["umur_kelas"] = pd.cut(isi["umur"], [-1, 17, 39, 59, 200], labels=False) + 1
    return isi


def desain(fpc: bool = False) -> Design:
    return Design.from_frame(data(), **KOLOM, fpc="npsu_populasi" if fpc else None)


def margin(nama: str) -> object:
    baris = SASARAN[SASARAN["margin"] == nama]
    if nama == "kapita":
        return baris["Freq"].item()
    if "," in nama:
        return dict(zip(zip(baris["k1"].astype(int), baris["k2"].astype(int), strict=True), baris["Freq"], strict=True))
    return pd.Series(baris["Freq"].to_numpy(), index=baris["k1"].astype(int))


@cache
def terkalibrasi(nama: str) -> Design:
    if nama.startswith("pascastrata"):
        return calibrate(desain("fpc" in nama), data(), {("provinsi", "kelamin"): margin("provinsi,kelamin")})
    margin_margin = ("kelamin", "daerah", "kapita") if nama == "greg" else TIGA
    pilihan = {"logit": {"bounds": (0.6, 1.6)}, "terpotong": {"bounds": (0.8, 1.27)}}.get(nama, {})
    cara = nama if nama in ("raking", "logit") else "linear"
    return calibrate(desain(), data(), {k: margin(k) for k in margin_margin}, method=cara, **pilihan)


def angka(nama: str) -> dict[tuple[str, str, str], tuple[float, float, float]]:
    """(domain, ukuran, variabel) -> taksiran, se, deff, semuanya menurut kita."""
    d = terkalibrasi(nama)
    sel = summarise(
        d,
        data(),
        ["i1", "i3", "kapita"],
        domain=["provinsi", "umur_kelas"],
        ratios={"makan/kapita": ("makan", "kapita")},
    )
    g = d.calibration.factors
    kita = {("", "pengali", k): (getattr(g, k)(), 0.0, np.nan) for k in ("min", "max")}
    for jenis in ("mean", "total"):
        for domain in ("", "provinsi", "umur_kelas"):
            t = estimate(sel, domain or None, kind=jenis)
            for i in range(len(t.values)):
                label = f"{domain}={t.domain[domain][i]}" if domain else ""
                for v, u in enumerate(t.names):
                    ukuran = "ratio" if "/" in u else jenis
                    kita[label, ukuran, u] = (t.values[i, v], t.se[i, v], t.deff[i, v])
    t = estimate(sel, "provinsi", measures=["kapita"])
    c = (t.domain["provinsi"].eq(32).astype(float) - t.domain["provinsi"].eq(94)).to_numpy()[:, None]
    nilai, kov = t.linear_combination(c)
    kita["", "selisih", "kapita provinsi 32-94"] = (nilai[0], np.sqrt(kov[0, 0]), np.nan)
    for r in quantile(d, data(), "kapita", [0.25, 0.5], df="design").itertuples():
        kita["", "kuantil", f"{r.probability:g}"] = (r.estimate, r.se, np.nan)
    return kita


@pytest.mark.parametrize("nama", [x for x in HASIL["rancangan"].unique() if x != "jkn_raking"])
def test_sama_dengan_r(nama):
    kita = angka(nama)
    baris = HASIL[HASIL["rancangan"] == nama]
    assert len(baris) == 61
    for r in baris.itertuples():
        taksiran, se, deff = kita[r.domain, r.ukuran, r.variabel]
        assert taksiran == pytest.approx(r.taksiran, rel=1e-8), r
        # Jumlah satu pascastrata diketahui: galat bakunya nol, R mencetak sisa pembulatan.
        assert se == pytest.approx(r.se, rel=1e-8, abs=1e-9 * abs(r.taksiran)), r
        if not np.isnan(r.deff):
            assert deff == pytest.approx(r.deff, rel=1e-8), r


def test_margin_menjadi_pasti_dan_bobot_relatif_tetap_sampai():
    """Total yang dikalibrasi tepat sasarannya, tanpa galat; bobot berjumlah n memberi bobot akhir yang sama."""
    d = terkalibrasi("raking")
    t = estimate(summarise(d, data().assign(satu=1.0), ["satu"], domain="umur_kelas"), "umur_kelas", kind="total")
    np.testing.assert_allclose(t.values[:, 0], margin("umur_kelas"), rtol=1e-10)
    assert (t.se[:, 0] < 1e-6 * t.values[:, 0]).all()
    isi = data().assign(bobot=data()["bobot"] / data()["bobot"].mean())
    relatif = calibrate(Design.from_frame(isi, **KOLOM), isi, {k: margin(k) for k in TIGA}, method="raking")
    np.testing.assert_allclose(relatif.weights, d.weights, rtol=1e-9)
    # Margin terbitan yang hanya berbeda pembulatan mengikuti jumlah margin pertama.
    bulat = {k: margin(k) * (1 + i * 4e-7) for i, k in enumerate(TIGA)}
    np.testing.assert_allclose(calibrate(desain(), data(), bulat, method="raking").weights, d.weights, rtol=1e-9)
    ringkas = d.calibration.summary()
    assert ringkas["extreme"] == 0 and ringkas["weighting_effect_after"] > ringkas["weighting_effect_before"]


@pytest.mark.parametrize("garis", [1_000_000.0, RelativeLine(0.6)])
def test_kemiskinan_terkalibrasi_sama_dengan_residu_perorangan(garis):
    """Garis taksiran nasional menyebar ke semua PSU; pembandingnya regresi numpy atas pengaruh tiap orang."""
    d, isi = terkalibrasi("greg"), data()
    t = poverty(d, isi, "kapita", garis, orders=[0, 1], domain="provinsi")
    mentah = replace(d, calibration=None)
    polos = poverty(mentah, isi, "kapita", garis, orders=[0, 1], domain="provinsi")
    np.testing.assert_array_equal(t.values, polos.values)
    # Pengaruh tiap orang ialah skor taksiran yang sama bila setiap orang menjadi PSU-nya sendiri.
    orang = Design.from_frame(isi, weights="bobot", strata="strata")
    orang = replace(orang, weights=d.weights)
    skor = poverty(orang, isi, "kapita", garis, orders=[0, 1], domain="provinsi")
    k, a, w = skor.sums.layout, d.calibration.auxiliary.toarray(), d.calibration.base_weights
    baris = np.argsort(orang.psu)
    for i in range(len(t.values)):
        for v in range(2):
            u = np.zeros(len(isi))
            u[baris[k.psu[k.domain == i]]] = skor.scores[v, k.domain == i]
            z = u / d.weights
            beta = np.linalg.lstsq(np.sqrt(w)[:, None] * a, np.sqrt(w) * z, rcond=None)[0]
            per_psu = np.bincount(d.psu, weights=d.weights * (z - a @ beta))
            ragam = sum(
                len(x) / (len(x) - 1) * ((x - x.mean()) ** 2).sum()
                for x in (per_psu[d.psu_strata == h] for h in range(d.strata_count))
            )
            assert t.se[i, v] == pytest.approx(np.sqrt(ragam), rel=1e-8)
            assert abs(t.se[i, v] / polos.se[i, v] - 1) > 1e-4


def test_dikalibrasi_ulang_di_tiap_replikasi():
    """Jackknife dengan raking di tiap replikasi, sama dengan ``calibrate`` atas ``svyrep.design``."""
    r, isi = jkn(desain(), mse=True), data()

    def statistik(d):
        c = calibrate(d, isi, {k: margin(k) for k in TIGA}, method="raking")
        total = c.weights @ isi["kapita"]
        return np.array([total, total / c.weights.sum()])

    se = np.sqrt(replicate_variance(replicate_statistic(r, statistik), r, statistik(r.design)))
    np.testing.assert_allclose(se, HASIL.loc[HASIL["rancangan"] == "jkn_raking", "se"], rtol=1e-8)


def _gagal():
    kelamin = margin("kelamin")
    return [
        ({}, {}, ParameterError, "Tidak ada margin"),
        ({"kelamin": kelamin}, {"method": "x"}, ParameterError, "tidak dikenal"),
        ({"kelamin": kelamin}, {"method": "logit"}, ParameterError, "memerlukan bounds"),
        ({"kelamin": kelamin}, {"method": "raking", "bounds": (0, 2)}, ParameterError, "tidak memakai bounds"),
        ({"kelamin": kelamin}, {"bounds": (1.2, 2)}, ParameterError, "bawah < 1 < atas"),
        ({"kelamin": 5.0, ("kelamin", "daerah"): 5.0}, {}, ParameterError, "sebuah bilangan, mapping"),
        ({"kelamin": {1: -1.0, 2: 5.0}}, {}, ParameterError, "kosong, negatif"),
        ({"kelamin": {1: 0, 2: 0}}, {}, ParameterError, "nol semuanya"),
        ({"kelamin": {1: 5.0}}, {}, EstimationError, "kategori sampel tanpa jumlah populasi, misalnya 2"),
        ({"kelamin": {1: 5.0, 2: 5.0, 3: 1.0}}, {}, EstimationError, "tanpa satu baris pun di sampel, misalnya 3"),
        ({"kelamin": kelamin, "daerah": margin("daerah") * 2}, {}, EstimationError, "keduanya harus sama"),
        ({"i3": {0: 1.0, 1: 2.0}}, {}, EstimationError, "kosong di"),
        ({k: margin(k) for k in TIGA}, {"bounds": (0.95, 1.05)}, EstimationError, "tidak mencapai margin"),
        ({"kelamin": kelamin, "kapita": 10 * margin("kapita")}, {}, EstimationError, "bobot negatif"),
    ]


@pytest.mark.parametrize(("margin_margin", "pilihan", "galat", "kalimat"), _gagal())
def test_yang_tidak_mungkin_satu_kalimat(margin_margin, pilihan, galat, kalimat):
    with pytest.raises(galat, match=kalimat):
        calibrate(desain(), data(), margin_margin, **pilihan)


def test_bobot_ekstrem_dan_taksiran_lain_disebut():
    langka = data().assign(langka=(data()["umur"] >= 80).astype(int))
    jumlah = langka.groupby("langka")["bobot"].sum() * [1.0, 9.0]
    with pytest.warns(CalibrationWarning, match="berubah lebih dari 3 kali"):
        d = calibrate(desain(), langka, {"langka": jumlah})
    with pytest.raises(EstimationError, match="sudah dikalibrasi"):
        calibrate(d, langka, {"langka": jumlah})
    with pytest.raises(EstimationError, match="tidak menyimpan baris"):
        calibrate(replace(desain(), weights=np.empty(0)), langka, {"langka": jumlah})
    with pytest.raises(EstimationError, match="dikalibrasi ulang"):
        jkn(d)
    t = estimate(summarise(d, langka, ["i1"]))
    with pytest.raises(EstimationError, match="belum mengenal bobot terkalibrasi"):
        t.score_covariance(np.ones((1, d.psu_count)))
