"""Bobot replikasi dari berkas: setiap angka `replikasi.csv` (R survey), dan masukan yang tidak sah."""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from surveyest import (
    Design,
    EstimationError,
    ParameterError,
    Replicates,
    difference,
    estimate,
    estimate_by_replicates,
    inequality,
    jkn,
    regress,
    replicate_statistic,
    replicate_variance,
    summarise,
)

ACUAN = Path(__file__).parents[1] / "acuan" / "survei"
HASIL = pd.read_csv(ACUAN / "replikasi.csv", dtype={"domain": str}).fillna({"domain": "", "variabel": ""})
PILIHAN = {"fay": {"fay": 0.3}, "jk1": {"scale": 11 / 12}}


@cache
def data() -> tuple[pd.DataFrame, pd.DataFrame]:
    isi, faktor = pd.read_csv(ACUAN / "sampel.csv"), pd.read_csv(ACUAN / "replikasi_faktor.csv")
    kolom = faktor.columns[2:]
    bobot = isi[["strata", "psu"]].merge(faktor, "left")[kolom].mul(isi["bobot"], axis=0)
    return pd.concat([isi, bobot], axis=1), faktor


def baca(jenis: str, **pilihan) -> Replicates:
    isi, faktor = data()
    kolom = list(faktor.filter(regex=rf"^{jenis}\d+$").columns)
    if jenis == "jkn":
        n = faktor.groupby("strata")["psu"].transform("size").to_numpy()
        pilihan = {"rscales": (n - 1) / n} | pilihan
    return Replicates.from_frame(isi, weights="bobot", replicates=kolom, kind=jenis, **PILIHAN.get(jenis, {}) | pilihan)


def angka(jenis: str, mse: bool) -> dict[tuple[str, str, str], tuple[float, float, float]]:
    isi, r = data()[0], baca(jenis, mse=mse)
    sel = summarise(
        r.design, isi, ["i1", "i3", "kapita"], domain="provinsi", ratios={"makan/kapita": ("makan", "kapita")}
    )
    kita = {("", "df", ""): (r.df, np.nan, np.nan)}
    for domain in ("", "provinsi"):
        for macam in ("mean", "total"):
            t = estimate_by_replicates(sel, r, domain or None, kind=macam)
            for i, v in np.ndindex(t.values.shape):
                label = f"provinsi={t.domain['provinsi'][i]}" if domain else ""
                ukuran = "ratio" if "/" in t.names[v] else macam
                kita[label, ukuran, t.names[v]] = (t.values[i, v], t.se[i, v], t.deff[i, v])
    t = estimate_by_replicates(sel, r, "provinsi", measures=["kapita"])
    c = (t.domain["provinsi"].eq(32).astype(float) - t.domain["provinsi"].eq(94)).to_numpy()[:, None]
    nilai, kov = t.linear_combination(c)
    kita["", "selisih", "kapita provinsi 32-94"] = (nilai[0], np.sqrt(kov[0, 0]), np.nan)
    penuh = t.full_covariance()[:, 0, :, 0]
    np.testing.assert_allclose(c[:, 0] @ penuh @ c[:, 0], kov[0, 0], rtol=1e-12)
    np.testing.assert_allclose(t.gradient_se(np.array([2.0])), 2 * t.se[:, 0], rtol=1e-12)
    return kita


@pytest.mark.parametrize(("jenis", "mse"), [(j, m) for j in HASIL["jenis"].unique() for m in (False, True)])
def test_sama_dengan_r(jenis, mse):
    kita = angka(jenis, mse)
    baris = HASIL[(HASIL["jenis"] == jenis) & (HASIL["mse"] == mse) & ~HASIL["ukuran"].isin(["glm", "gini"])]
    assert len(baris) == 45
    for r in baris.itertuples():
        for milik, acuan in zip(kita[r.domain, r.ukuran, r.variabel], (r.taksiran, r.se, r.deff), strict=True):
            if not np.isnan(acuan):
                assert milik == pytest.approx(acuan, rel=1e-8), r


@pytest.mark.parametrize("mse", [False, True])
def test_statistik_apa_pun(mse):
    """Gini dan regresi tiap replikasi, sama dengan ``withReplicates`` dan ``svyglm``."""
    r, isi = baca("jk1", mse=mse), data()[0]

    def statistik(d):
        gini = inequality(d, isi, "kapita", ["gini"]).values[0]
        return np.append(regress(d, isi, "i1 ~ umur + C(daerah)").coefficients, gini)

    penuh = statistik(r.design)
    se = np.sqrt(replicate_variance(replicate_statistic(r, statistik), r, penuh))
    acuan = HASIL[(HASIL["jenis"] == "jk1") & (HASIL["mse"] == mse) & HASIL["ukuran"].isin(["glm", "gini"])]
    np.testing.assert_allclose(penuh, acuan["taksiran"], rtol=1e-8)
    np.testing.assert_allclose(se, acuan["se"], rtol=1e-8)
    with pytest.raises(EstimationError, match="sudah berbobot replikasi"):
        jkn(r.design)


def test_faktor_dan_jackknife_rancangan_sama():
    """Kolom faktor (combined=False), bobot, dan jkn dari rancangan memberi galat baku yang sama."""
    isi = data()[0]
    d = Design.from_frame(isi, weights="bobot", strata="strata", psu="psu", nested=True)
    faktor = isi.assign(**{k: isi[k] / isi["bobot"] for k in isi.columns if k.startswith("jkn")})
    kolom = [k for k in faktor.columns if k.startswith("jkn")]
    n = data()[1].groupby("strata")["psu"].transform("size").to_numpy()
    r = Replicates.from_frame(
        faktor, weights="bobot", replicates=kolom, kind="jkn", rscales=(n - 1) / n, combined=False
    )
    kita = estimate_by_replicates(summarise(r.design, faktor, ["kapita"], domain="provinsi"), r, "provinsi")
    dari_rancangan = estimate_by_replicates(summarise(d, isi, ["kapita"], domain="provinsi"), jkn(d), "provinsi")
    np.testing.assert_allclose(kita.se, dari_rancangan.se, rtol=1e-12)
    assert (kita.df == 60).all() and (dari_rancangan.df == 60).all()
    selisih = difference(kita, {"provinsi": 32}, {"provinsi": 94})
    assert selisih["df"].item() == kita.sums.layout.design.df == 60
    # Tanpa replikasinya, galat baku rancangan ini tidak diketahui.
    polos = estimate(summarise(r.design, faktor, ["kapita"]))
    assert polos.values.item() > 0 and np.isnan(polos.se.item())


@pytest.mark.parametrize(
    ("jenis", "pilihan", "galat", "kalimat"),
    [
        ("jk1", {"kind": "jk9"}, ParameterError, "tidak dikenal"),
        ("jk1", {"fay": 0.3}, ParameterError, "Koefisien fay"),
        ("fay", {"fay": 1.0}, ParameterError, "Koefisien fay"),
        ("jkn", {"rscales": None}, ParameterError, "memerlukan rscales"),
        ("jk1", {"kind": "other", "scale": None}, ParameterError, "memerlukan scale"),
        ("jk1", {"rscales": [1.0]}, ParameterError, "berisi 1 bilangan, seharusnya 12"),
        ("jk1", {"scale": -1.0}, ParameterError, "tidak negatif"),
        ("jk1", {"combined": False}, EstimationError, "tampaknya bobot; nyatakan combined=True"),
        ("jk1", {"weights": "nol"}, EstimationError, "berbobot penuh nol"),
        ("jk1", {"replicates": ["jk11", "kosong"]}, EstimationError, "'kosong' memuat nilai kosong"),
        ("jk1", {"replicates": ["jk11"]}, ParameterError, "sedikitnya dua kolom"),
        ("jk1", {"df": 0}, ParameterError, "antara 1 dan banyaknya replikasi, 12"),
    ],
)
def test_masukan_tidak_sah(jenis, pilihan, galat, kalimat):
    isi = data()[0].copy().assign(nol=lambda x: x["bobot"].where(x.index > 0, 0.0), kosong=np.nan)
    kolom = list(isi.filter(regex=rf"^{jenis}\d+$").columns)
    dasar = {"weights": "bobot", "replicates": kolom, "kind": jenis} | PILIHAN.get(jenis, {})
    with pytest.raises(galat, match=kalimat):
        Replicates.from_frame(isi, **dasar | pilihan)
