"""Perubahan antara dua survei: setiap angka `perubahan.csv` (rancangan bertumpuk di R), dan yang tidak dapat disatukan."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from indextree import Tree, node_gradients, rank_array, rank_change
from surveyest import (
    Design,
    EstimationError,
    ParameterError,
    Replicates,
    calibrate,
    change,
    difference,
    estimate,
    independent_change,
    pool,
    summarise,
)

ACUAN = Path(__file__).parents[1] / "acuan" / "survei"
HASIL = pd.read_csv(ACUAN / "perubahan.csv", dtype={"domain": str}).fillna({"domain": ""})
KOLOM = {"weights": "bobot", "strata": "strata", "psu": "psu", "nested": True}
UKURAN = ["i1", "i2", "i4", "i5", "kapita"]
RASIO = {"makan/kapita": ("makan", "kapita")}
BOBOT = np.array([0.4, 0.2, 0.2, 0.2])


@cache
def survei() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Aturan yang sama dengan `perubahan.R`."""
    isi = pd.read_csv(ACUAN / "sampel.csv")
    satu = isi[~((isi["strata"] == 1) & (isi["psu"] == 1))].reset_index(drop=True)
    dua = isi[~((isi["strata"] == 2) & (isi["psu"] == 2))].reset_index(drop=True)
    dua["i1"] = dua["i1"].where((dua["art"] + dua["psu"]) % 5 != 0, 1 - dua["i1"])
    dua["i4"] = dua["i4"].where((dua["ruta"] + dua["psu"]) % 7 != 0, 1)
    dua["kapita"] *= 1.1 ** (dua["psu"] % 3)
    dua["bobot"] *= 0.9 + 0.02 * dua["psu"]
    return satu, dua


def sel(isi: pd.DataFrame, ukuran=UKURAN, **pilihan):
    return summarise(
        Design.from_frame(isi, **KOLOM | pilihan), isi, ukuran, domain=["provinsi", "kelamin"], ratios=RASIO
    )


@cache
def gabungan(nama: str):
    pilihan = {"fpc": "npsu_populasi"} if "fpc" in nama else {}
    return pool({k: sel(x, **pilihan) for k, x in zip((1, 2), survei(), strict=True)}, shared_psu=nama == "bersama")


def geometrik(x: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):  # turunan numerik di provinsi bernilai nol
        return np.prod(x**BOBOT, axis=1)


@pytest.mark.parametrize("nama", HASIL["rancangan"].unique())
def test_sama_dengan_rancangan_bertumpuk_r(nama):
    kita = {}
    for domain in ([], ["provinsi"]):
        indeks = estimate(gabungan(nama), ["period", *domain], measures=UKURAN[:4])
        hasil = {
            "mean": change(estimate(gabungan(nama), ["period", *domain]), (1, 2)),
            "total": change(estimate(gabungan(nama), ["period", *domain], kind="total"), (1, 2)),
            "indeks": change(indeks, (1, 2), function=geometrik, name="geometrik"),
        }
        for jenis, c in hasil.items():
            for r in c.to_frame().itertuples():
                ukuran = "ratio" if "/" in r.measure else jenis
                kita[f"provinsi={r.provinsi}" if domain else "", ukuran, r.measure] = (r.change, r.se, r.df)
    baris = HASIL[HASIL["rancangan"] == nama]
    assert len(baris) == 24
    for r in baris.itertuples():
        milik = kita[r.domain, r.ukuran, r.variabel]
        assert milik == pytest.approx((r.taksiran, r.se, r.df), rel=1e-8, abs=1e-14), r


@pytest.mark.parametrize("nama", ["bebas", "bersama"])
def test_indeks_pohon_dan_peringkatnya(nama):
    """Pohon dua tingkat yang sama dengan indeks R, dengan gradiennya; peluang peringkat memakai kovarians PSU bersama."""
    kode = ["puncak", "a", "b", *UKURAN[:4]]
    tabel = pd.DataFrame({"code": kode, "parent": ["", "puncak", "puncak", "a", "a", "b", "b"]})
    pohon = Tree.from_table(tabel.assign(weight=[1, 0.6, 0.4, 0.4, 0.2, 0.2, 0.2]), aggregation="geometric").compile()
    puncak = len(pohon.codes) - 1
    t = estimate(gabungan(nama), ["period", "provinsi"], measures=UKURAN[:4], subset={"provinsi": [12, 32, 94]})
    c = change(
        t, (1, 2), function=lambda x: pohon.compute(x)[puncak],
        gradient=lambda x: node_gradients(pohon, pohon.compute(x), nodes=[puncak])[0],
    )  # fmt: skip
    r = HASIL[(HASIL["rancangan"] == nama) & (HASIL["ukuran"] == "indeks") & (HASIL["domain"] != "")]
    np.testing.assert_allclose(c.values[:, 0], r["taksiran"], rtol=1e-8)
    np.testing.assert_allclose(c.se[:, 0], r["se"], rtol=1e-8)
    angka = [x[:, 0] for x in (c.first, c.second, c.first_se, c.second_se)]
    bersama = rank_change(*angka, seed=1, covariance=c.covariance()[:, 0])
    if nama == "bebas":
        pd.testing.assert_frame_equal(bersama, rank_change(*angka, seed=1), rtol=1e-6)
    assert bersama["rank_first"].tolist() == rank_array(c.first[:, 0]).tolist()


def test_sama_dengan_kontras_dan_angka_terbitan():
    """Sampel bebas: kontras bernama, `change`, dan jumlah ragam dua survei sama; PSU bersama berkorelasi."""
    bebas = estimate(gabungan("bebas"), ["period", "provinsi"], measures=["kapita"])
    c = change(bebas, (1, 2))
    satu = difference(bebas, {"period": 2, "provinsi": 32}, {"period": 1, "provinsi": 32})
    i = c.domain["provinsi"].eq(32).to_numpy()
    tabel = c.to_frame()
    for k in ("se", "df", "t", "p", "lower", "upper"):
        assert tabel.loc[i, k].item() == pytest.approx(satu[k].item(), rel=1e-12)
    sendiri = [estimate(sel(x), "provinsi", measures=["kapita"]) for x in survei()]
    terbitan = independent_change(
        *(t.values[:, 0] for t in sendiri), *(t.se[:, 0] for t in sendiri),
        first_df=sendiri[0].df[:, 0], second_df=sendiri[1].df[:, 0],
    )  # fmt: skip
    pd.testing.assert_frame_equal(terbitan, tabel[terbitan.columns], check_dtype=False, rtol=1e-10)
    assert np.abs(c.covariance()).max() < 1e-9 * (c.se**2).max()
    bersama = change(estimate(gabungan("bersama"), ["period", "provinsi"], measures=["kapita"]), (1, 2))
    assert (bersama.covariance() > 0).any()


def test_deff_dan_kuadrat_ukuran_bukan_proporsi_tidak_bergeser():
    """Titik pusat kuadrat dua survei berbeda; deff tiap survei tetap seperti sebelum disatukan."""
    t = estimate(gabungan("bebas"), ["period"])
    for i, isi in enumerate(survei()):
        np.testing.assert_allclose(t.deff[i], estimate(sel(isi)).deff[0], rtol=1e-10)


@pytest.mark.parametrize("bersama", [False, True])
def test_survei_terkalibrasi(bersama):
    """Residu tiap survei sendiri: sampel bebas menjumlahkan ragamnya; PSU bersama sama dengan regresi numpy."""
    terkalibrasi = []
    for isi in survei():
        jumlah = isi.groupby("kelamin")["bobot"].sum() * [1.05, 0.98]
        terkalibrasi.append(calibrate(Design.from_frame(isi, **KOLOM), isi, {"kelamin": jumlah}))
    cells = [summarise(d, isi, ["kapita"], domain="provinsi") for d, isi in zip(terkalibrasi, survei(), strict=True)]
    satu, dua = (estimate(c, "provinsi") for c in cells)
    c = change(estimate(pool({1: cells[0], 2: cells[1]}, shared_psu=bersama), ["period", "provinsi"]), (1, 2))
    np.testing.assert_allclose(c.values, dua.values - satu.values, rtol=1e-12)
    if not bersama:
        np.testing.assert_allclose(c.se, np.hypot(satu.se, dua.se), rtol=1e-10)
        return
    per_psu = []
    for d, isi in zip(terkalibrasi, survei(), strict=True):
        di = isi["provinsi"].eq(32).to_numpy()
        w, w0 = d.weights, d.calibration.base_weights
        z = np.where(di, isi["kapita"] - np.average(isi["kapita"], weights=w * di), 0) / (w * di).sum()
        a = pd.get_dummies(isi["kelamin"]).to_numpy(dtype=float)
        e = z - a @ np.linalg.lstsq(np.sqrt(w0)[:, None] * a, np.sqrt(w0) * z, rcond=None)[0]
        per_psu.append(pd.Series(w * e).groupby([isi["strata"], isi["psu"]]).sum())
    u = per_psu[1].sub(per_psu[0], fill_value=0)
    ragam = sum(len(x) * x.var(ddof=1) for _, x in u.groupby(level=0))
    assert c.se[c.domain["provinsi"].eq(32), 0].item() == pytest.approx(np.sqrt(ragam), rel=1e-9)


def test_domain_di_satu_survei_saja_tidak_ikut():
    satu, dua = survei()
    c = change(estimate(pool({1: sel(satu[satu["provinsi"] != 12]), 2: sel(dua)}), ["period", "provinsi"]), (1, 2))
    assert c.domain["provinsi"].tolist() == [32, 35, 53, 73, 94]


def _gagal():
    satu, dua = survei()
    d = Design.from_frame(satu, weights="bobot")
    replikasi = Replicates.from_frame(
        satu.assign(r1=satu["bobot"] * 1.1, r2=satu["bobot"] * 0.9 ** satu["psu"]),
        weights="bobot", replicates=["r1", "r2"], kind="bootstrap",
    )  # fmt: skip
    tanpa_psu = [summarise(d, satu, ["i1"]), summarise(Design.from_frame(dua, weights="bobot"), dua, ["i1"])]
    lain_strata = [
        summarise(Design.from_frame(x, weights="bobot", strata=s, psu=["strata", "psu"]), x.assign(satu=1), ["i1"])
        for x, s in ((satu, ["strata"]), (dua.assign(strata2=dua["strata"] // 2), ["strata2"]))
    ]
    fpc = [sel(satu, fpc="npsu_populasi"), sel(dua.assign(npsu_populasi=dua["npsu_populasi"] + 1), fpc="npsu_populasi")]
    return [
        ([sel(satu)], {}, ParameterError, "sedikitnya dua survei"),
        ([sel(satu), sel(dua, ["i1"])], {}, ParameterError, "ukuran yang sama: i2, i4, i5, kapita"),
        ([sel(satu), sel(dua)], {"by": "provinsi"}, ParameterError, "sudah ada di survei"),
        ([sel(satu), sel(dua)], {"by": "se"}, ParameterError, "kolom tabel hasil"),
        ([sel(satu), sel(dua.assign(provinsi=dua["provinsi"].astype(str)))], {}, ParameterError, "berbeda jenis"),
        ([sel(satu), sel(dua, lonely_psu="adjust")], {}, EstimationError, "berbeda aturan PSU tunggal"),
        ([summarise(replikasi.design, satu, ["i1"]), tanpa_psu[1]], {}, EstimationError, "bobot replikasi dari berkas"),
        (tanpa_psu, {"shared_psu": True}, EstimationError, "kolom PSU di setiap survei"),
        (lain_strata, {"shared_psu": True}, EstimationError, "bernama sama"),
        (fpc, {"shared_psu": True}, EstimationError, "berbeda antarsurvei"),
    ]


@pytest.mark.parametrize("ke", range(10))
def test_yang_tidak_dapat_disatukan(ke):
    cells, pilihan, galat, kalimat = _kasus()[ke]
    with pytest.raises(galat, match=kalimat):
        pool(dict(enumerate(cells)), **pilihan)


_kasus = cache(_gagal)


def test_survei_tak_dikenal():
    t = estimate(gabungan("bebas"), ["period"])
    for between in ((1, 3), (1, 1)):
        with pytest.raises(ParameterError, match="tidak dapat dibandingkan; isi 'period': 1, 2"):
            change(t, between)
    with pytest.raises(ParameterError, match="ikutkan 'period'"):
        change(estimate(gabungan("bebas"), "provinsi"), (1, 2))
    with pytest.raises(ParameterError, match="tepat dua survei"):
        change(t, (1, 2, 3))
