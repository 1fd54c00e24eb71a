"""Kontras dan uji: setiap angka `tests/acuan/survei/uji.csv`, hitungan tangan, dan masukan buruk."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from surveyest import (
    Design,
    EstimationError,
    ParameterError,
    RelativeLine,
    contrast,
    difference,
    estimate,
    estimate_by_replicates,
    independence_test,
    jkn,
    joint_test,
    poverty,
    replicate_estimates,
    summarise,
    t_test,
)

ACUAN = pd.read_csv(Path(__file__).parents[1] / "acuan" / "survei" / "uji.csv")
P32 = {"provinsi": 32}


@pytest.fixture(scope="module")
def provinsi(sampel, rancangan):
    return {
        k: estimate(summarise(r, sampel, ["kapita", "i1"], domain="provinsi"), "provinsi") for k, r in rancangan.items()
    }


def acuan(nama: str, uji: str) -> pd.Series:
    baris = ACUAN[(ACUAN.rancangan == nama) & (ACUAN.uji == uji)].set_index("apa")["nilai"]
    assert len(baris), f"{nama} {uji} tidak ada di uji.csv"
    return baris


@pytest.mark.parametrize("nama", ["utama", "fpc", "kalibrasi"])
@pytest.mark.parametrize("uji", [u for u in ACUAN.uji.unique() if "+" in u])
def test_khi_kuadrat_sama_dengan_r(sampel, rancangan, nama, uji):
    rumus, _, bagian = uji.partition(" | ")
    baris, kolom = rumus.split(" + ")
    t = independence_test(rancangan[nama], sampel, baris, kolom, subset=P32 if bagian else None)
    kita = {
        "F": t.second_order.statistic,
        "p_F": t.second_order.p,
        "df": t.first_order.df[0],
        "p_Chisq": t.first_order.p,
    }
    kita |= dict(zip(("ndf", "ddf"), t.second_order.df, strict=True))
    r = acuan(nama, uji)
    if nama == "kalibrasi" and bagian:
        # svychisq menghitung PSU di luar subpopulasi bila bobotnya terkalibrasi (60); svyttest tidak, kita juga tidak.
        assert kita["ddf"] == 13 and r["ddf"] == 60
        r = r.drop(["ddf", "p_F"])
    np.testing.assert_allclose([kita[k] for k in r.index], r, rtol=1e-8)


@pytest.mark.parametrize("nama", ["utama", "fpc", "kalibrasi"])
@pytest.mark.parametrize("uji", [u for u in ACUAN.uji.unique() if "~" in u])
def test_t_sama_dengan_r(sampel, rancangan, nama, uji):
    rumus, _, bagian = uji.partition(" | ")
    variabel, kelompok = rumus.split(" ~ ")
    kelompok = None if kelompok == "0" else kelompok
    t = t_test(rancangan[nama], sampel, variabel, kelompok, subset=P32 if bagian else None)
    r = acuan(nama, uji)
    np.testing.assert_allclose(t[r.index].iloc[0].astype(float), r, rtol=1e-9)


@pytest.mark.parametrize("nama", ["utama", "fpc", "kalibrasi"])
def test_kontras_dan_uji_bersama_sama_dengan_r(rancangan, provinsi, nama):
    t, r, p = provinsi[nama], acuan(nama, "kontras"), provinsi[nama].domain["provinsi"].tolist()

    def suku(koefisien):
        return [(c, "kapita", {"provinsi": k}) for c, k in zip(koefisien, p, strict=True)]

    k = contrast(t, {"a": suku([1, -0.5, -0.5, 0, 0, 0]), "b": suku([0, 0, 0, 1, 0, -1])})
    np.testing.assert_allclose(k[["estimate", "se"]].to_numpy().ravel(), r, rtol=1e-10)
    # Provinsi tidak berbagi strata: 9 + 13 + 12 dan 8 + 8.
    assert k["df"].tolist() == [34, 16]
    np.testing.assert_allclose(k["p"], 2 * stats.t.sf(abs(k["t"]), k["df"]), rtol=1e-10)
    semua = {str(x): [(1, "kapita", {"provinsi": x}), (-1, "kapita", {"provinsi": p[0]})] for x in p[1:]}
    uji = joint_test(t, semua)
    assert uji.df == (5, rancangan[nama].df)
    np.testing.assert_allclose([uji.statistic, uji.p], acuan(nama, "bersama"), rtol=1e-8)
    with pytest.raises(EstimationError, match="saling bergantung"):
        joint_test(t, {"a": suku([1, -1, 0, 0, 0, 0]), "b": suku([-2, 2, 0, 0, 0, 0])})


def test_beda_rerata_dengan_tangan():
    """Dua PSU sekelompok dalam satu strata: a 1, 3; b 5, 9. Beda 5; ragam 4/3 x jumlah (s - rerata)^2 = 5; df 3."""
    data = pd.DataFrame({"s": 1, "p": [1, 2, 3, 4], "w": 1.0, "g": list("aabb"), "y": [1.0, 3, 5, 9]})
    desain = Design.from_frame(data, weights="w", strata="s", psu="p")
    t = difference(estimate(summarise(desain, data, ["y"], domain="g"), "g"), {"g": "b"}, {"g": "a"})
    # Skor PSU: a -(-1)/2, -(1)/2; b -2/2, 2/2 -> 0,25 + 0,25 + 1 + 1 = 2,5; kali 4/3.
    assert t["estimate"].item() == 5 and t["df"].item() == 3
    assert t["se"].item() == pytest.approx(np.sqrt(10 / 3), rel=1e-14)
    assert t_test(desain, data, "y", "g")["df"].item() == 2
    satu = t_test(desain, data, "y", null=4.5, df=np.inf)
    assert satu["t"].item() == 0 and satu["p"].item() == 1


def test_kontras_kemiskinan_dengan_garis_bersama(sampel, utama):
    """Beda dua provinsi bergaris nasional: galat garisnya berbagi, jadi bukan akar jumlah kuadrat."""
    t = poverty(utama, sampel, "kapita", RelativeLine(), orders=1, domain="provinsi")
    k = difference(t, {"provinsi": 32}, {"provinsi": 73}, measures="P1")
    kov = t.full_covariance()[1:5:3, 0, 1:5:3, 0]
    assert k["se"].item() == pytest.approx(np.sqrt(kov[0, 0] + kov[1, 1] - 2 * kov[0, 1]), rel=1e-10)
    assert kov[0, 1] > 0


def test_kontras_taksiran_replikasi(sampel, utama):
    """Beda rerata JKn: galat kontras dari replikasi, df rancangan."""
    sel = summarise(utama, sampel, ["kapita"], domain="kelamin")
    t = estimate_by_replicates(sel, jkn(utama, mse=True), "kelamin")
    k = difference(t, {"kelamin": 2}, {"kelamin": 1})
    r = replicate_estimates(sel, jkn(utama), "kelamin")[:, :, 0] @ [-1, 1]
    assert k["se"].item() == pytest.approx(
        np.sqrt((jkn(utama).scale * (r - k["estimate"].item()) ** 2).sum()), rel=1e-10
    )
    assert k["df"].item() == utama.df


@pytest.mark.parametrize(
    ("suku", "pesan"),
    [
        ([(1, "i9")], "ukuran 'i9' tidak ada; pilih: kapita, i1"),
        ([(1, "i1")], "menunjuk 6 domain, seharusnya tepat satu; kolom domainnya provinsi"),
        ([(1, "i1", {"provinsi": "32"})], "menunjuk 0 domain"),
        ([(1, "i1", {"prov": 32})], "Kolom tidak ada di data: prov"),
    ],
)
def test_kontras_buruk(provinsi, suku, pesan):
    with pytest.raises(ParameterError, match=pesan):
        contrast(provinsi["utama"], {"k": suku})


def test_uji_buruk(sampel, utama):
    with pytest.raises(ParameterError, match="'provinsi' berisi 6 nilai, seharusnya dua"):
        t_test(utama, sampel, "i1", "provinsi")
    with pytest.raises(EstimationError, match="bernilai kurang dari dua"):
        independence_test(utama, sampel, "provinsi", "i1", subset=P32)
    with pytest.raises(EstimationError, match="Ragam tabel silang nol"):
        # Setiap PSU bersusunan sama.
        data = pd.DataFrame({"p": np.repeat([1, 2, 3], 4), "w": 1.0, "a": [0, 0, 1, 1] * 3, "b": [0, 1, 0, 1] * 3})
        independence_test(Design.from_frame(data, weights="w", psu="p"), data, "a", "b")
