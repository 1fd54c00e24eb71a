"""Rancangan dan bingkai yang datang dari orang lain: urutan baris, penomoran PSU, kode campuran, tahap kedua, Arrow.

Angka yang benar dari R survey 4.1-1 (``nest=TRUE``, ``degf``, dua tahap) di README acuan, atau dihitung tangan.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from surveyest import Design, EstimationError, ParameterError, estimate, jkn, quantile, rao_wu, summarise

ACUAN = Path(__file__).parents[1] / "acuan" / "survei"
KOLOM = {"weights": "w", "strata": "strata", "psu": "psu"}
DUA_TAHAP = pd.read_csv(ACUAN / "dua_tahap.csv")


def delapan(**ganti) -> pd.DataFrame:
    isi = pd.DataFrame({"strata": [1, 1, 1, 1, 2, 2, 2, 2], "psu": [11, 11, 12, 12, 21, 21, 22, 22], "w": range(1, 9)})
    return isi.assign(**{"y": [1, 2, 4, 3, 5, 9, 6, 7], "d": list("ababbaab")} | ganti)


RATA = 206 / 36
"""Jumlah w y / jumlah w = (1 + 4 + 12 + 12 + 25 + 54 + 42 + 56) / 36."""


# Urutan baris


@pytest.mark.parametrize(
    "ubah",
    [
        lambda x: x.iloc[::-1],
        lambda x: x.sample(frac=1, random_state=1),
        lambda x: x.sort_values("y")[["y", "d"]].assign(w=x["w"]),
        lambda x: x.merge(pd.DataFrame({"d": ["b", "a"], "z": [1, 2]}), on="d", how="left"),
    ],
)
def test_urutan_lain_dikembalikan_menurut_indeks(ubah):
    isi = delapan()
    desain = Design.from_frame(isi, **KOLOM)
    lain = ubah(isi)
    a, b = (estimate(summarise(desain, x, ["y"], domain="d"), "d") for x in (isi, lain))
    np.testing.assert_array_equal(a.values, b.values)
    np.testing.assert_array_equal(a.se, b.se)
    assert estimate(summarise(desain, lain, ["y"])).values.item() == pytest.approx(RATA, rel=1e-15)
    pd.testing.assert_frame_equal(quantile(desain, isi, "y", domain="d"), quantile(desain, lain, "y", domain="d"))


@pytest.mark.parametrize(
    ("ubah", "pesan"),
    [
        (lambda x: x.iloc[::-1].reset_index(drop=True), "strata.*tidak sama dengan saat rancangan dibangun"),
        (lambda x: x.assign(w=x["w"] * 2), "w tidak sama"),
        (lambda x: x.sort_values("y").set_index(x.index + 3), "tidak sama"),
        (lambda x: x[["y", "d"]], "tidak memuat kolom rancangan w, strata, psu"),
        (lambda x: x.sort_values("y").reset_index(drop=True)[["y", "d"]], "tidak memuat kolom rancangan"),
        (lambda x: x.iloc[1:], "[Jj]angan menyaring"),
    ],
)
def test_baris_yang_tidak_dapat_dipadankan_ditolak(ubah, pesan):
    isi = delapan()
    desain = Design.from_frame(isi, **KOLOM)
    for panggil in (lambda x: summarise(desain, x, ["y"]), lambda x: quantile(desain, x, "y")):
        with pytest.raises(EstimationError, match=pesan):
            panggil(ubah(isi))


def test_tanpa_kolom_rancangan_cukup_indeks_yang_bernama():
    isi = delapan().set_index(pd.Index(list("stuvwxyz")))
    desain = Design.from_frame(isi, **KOLOM)
    assert estimate(summarise(desain, isi[["y"]].sort_values("y"), ["y"])).values.item() == pytest.approx(
        RATA, rel=1e-15
    )


def test_baris_sama_dengan_indeks_lain_diterima():
    """Kolom rancangan sama baris demi baris: indeks baru tidak mengubah apa pun."""
    isi = delapan()
    lain = isi.set_index(isi.index + 100)
    assert estimate(summarise(Design.from_frame(isi, **KOLOM), lain, ["y"])).values.item() == pytest.approx(RATA)


# Penomoran PSU


def test_psu_di_dua_strata_berhenti_kecuali_dinyatakan_bersarang():
    """R: "Clusters not nested in strata at top level; you may want nest=TRUE"; dengan nest=TRUE SE 0,35785 dan df 3."""
    isi = delapan(psu=[11, 11, 12, 12, 21, 21, 22, 12])
    with pytest.raises(EstimationError, match="1 dari 4 PSU .* psu 12 di strata 1 dan strata 2; .*nested=True"):
        Design.from_frame(isi, **KOLOM)
    desain = Design.from_frame(isi, **KOLOM, nested=True)
    t = estimate(summarise(desain, isi, ["y"]))
    assert desain.df == 3 and t.values.item() == pytest.approx(5.722222222222, rel=1e-12)
    assert t.se.item() == pytest.approx(0.35785, abs=5e-6)


def test_psu_berbobot_nol_tidak_menambah_df():
    """R: degf 3 (enam PSU, satu berbobot nol, dua strata); rerata 5,218181818182, se 0,85 (cetakan R)."""
    isi = pd.DataFrame({"strata": np.repeat([1, 2], 6), "psu": np.repeat(range(1, 7), 2), "w": [0, 0, *range(1, 11)]})
    isi["y"] = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]
    desain = Design.from_frame(isi, **KOLOM)
    t = estimate(summarise(desain, isi, ["y"]))
    assert desain.df == 3 and t.df.item() == 3
    assert t.values.item() == pytest.approx(5.218181818182, rel=1e-12)
    bawah, atas = t.interval("t", df="design")
    assert (bawah.item(), atas.item()) == pytest.approx((2.51309561808343, 7.92326801828021), rel=1e-12)


# Kode


@pytest.mark.parametrize(
    "kode",
    [
        pd.Series([11, "11", 12, "12 ", 21, 21.0, " 22", 22], dtype=object),
        pd.Series(["11", "11 ", "12", "12", " 21", "21", "22", "22"]),
        pd.Categorical(["11", "11 ", "12", "12", "21", "21 ", "22", "22"]),
        pd.array(["11", "11 ", "12", "12", "21", "21", "22", "22"], dtype="string[pyarrow]"),
    ],
)
def test_kode_yang_hanya_berbeda_jenis_atau_spasi_adalah_satu(kode):
    isi = delapan()
    harap = estimate(summarise(Design.from_frame(isi, **KOLOM), isi, ["y"], domain="psu"), "psu")
    lain = isi.assign(psu=kode)
    desain = Design.from_frame(lain, **KOLOM)
    t = estimate(summarise(desain, lain, ["y"], domain="psu"), "psu")
    assert desain.psu_count == 4 and desain.df == 2
    assert t.domain["psu"].tolist() == ["11", "12", "21", "22"]
    np.testing.assert_allclose(t.values, harap.values, rtol=1e-14)
    np.testing.assert_allclose(t.se, harap.se, rtol=1e-12)


def test_strata_berspasi_tidak_membelah_strata():
    isi = delapan(strata=["A", "A ", "A", "A", "B", "B", " B", "B"])
    desain = Design.from_frame(isi, **KOLOM)
    assert desain.strata_count == 2 and desain.strata_labels["strata"].tolist() == ["A", "B"]


def test_kode_campuran_yang_tidak_pasti_ditolak():
    isi = delapan(psu=pd.Series([1, "01", 2, 2, 3, 3, 4, 4], dtype=object))
    with pytest.raises(EstimationError, match="'psu' mencampur teks dan bilangan: 01 dan 1"):
        Design.from_frame(isi, **KOLOM)


def test_nol_di_depan_dalam_teks_tetap_kode_sendiri():
    isi = delapan(psu=["01", "01", "1", "1", "2", "2", "3", "3"])
    assert Design.from_frame(isi, **KOLOM).psu_count == 4


def test_teks_kosong_di_kolom_rancangan_adalah_kosong():
    with pytest.raises(EstimationError, match="'psu' kosong di 1 baris"):
        Design.from_frame(delapan(psu=["11", " ", "12", "12", "21", "21", "22", "22"]), **KOLOM)


@pytest.mark.parametrize("pilih", [{"d": 11}, {"d": [11, 12]}, {"d": "13"}, {"d": None}, {"d": "11 "}])
def test_pilih_berjenis_lain_ditolak(pilih):
    isi = delapan(d=["11", "12"] * 4)
    desain = Design.from_frame(isi, **KOLOM)
    for panggil in (
        lambda: quantile(desain, isi, "y", subset=pilih),
        lambda: estimate(summarise(desain, isi, ["y"], domain="d"), subset=pilih),
    ):
        with pytest.raises(ParameterError, match="tidak ada di domain 'd'; isinya '11', '12'"):
            panggil()


# Kolom


@pytest.mark.parametrize(
    ("panggil", "pesan"),
    [
        (lambda x: Design.from_frame(x.assign(w="6,1"), **KOLOM), "Kolom 'w' bukan bilangan .misalnya '6,1'"),
        (lambda x: Design.from_frame(x.assign(f="9"), **KOLOM, fpc="f"), "Kolom 'f' bukan bilangan"),
        (lambda x: Design.from_frame(x.set_axis([*x.columns[:-1], "w"], axis=1), **KOLOM), "lebih dari sekali.*: w"),
        (lambda x: Design.from_frame(x, weights=3), r"Nama kolom harus teks; yang diberikan 3 \(int\)"),
        (lambda x: Design.from_frame({"w": [1.0]}, weights="w"), "yang diberikan dict"),
        (lambda x: Design.from_frame(x.to_numpy(), weights="w"), "yang diberikan numpy.ndarray"),
        (lambda x: Design.from_frame(x, **KOLOM, ssu="d"), "Tahap kedua memerlukan"),
        (lambda x: Design.from_frame(x, weights="w", fpc=["w", "w"]), "Tahap kedua memerlukan"),
    ],
)
def test_kolom_rancangan_yang_salah(panggil, pesan):
    with pytest.raises((ParameterError, EstimationError), match=pesan):
        panggil(delapan())


@pytest.mark.parametrize(
    ("ubah", "opsi", "pesan"),
    [
        (lambda x: x.assign(y="3,5"), {}, "Kolom 'y' bukan bilangan .misalnya '3,5'.*titik"),
        (lambda x: x.assign(z=x["y"]).set_axis([*x.columns, "y"], axis=1), {}, "lebih dari sekali di data: y"),
        (lambda x: x.assign(z=x["d"]).set_axis([*x.columns, "d"], axis=1), {"domain": "d"}, "lebih dari sekali.*: d"),
        (lambda x: x.assign(n="a"), {"domain": "n"}, "Domain 'n' bernama seperti kolom tabel hasil"),
        (lambda x: x.assign(se="a"), {"domain": ["d", "se"]}, "Domain 'se'"),
        (lambda x: x.assign(measure="a"), {"domain": "measure"}, "Domain 'measure'"),
        (lambda x: x.rename(columns={"d": 7}), {"domain": 7}, "Nama kolom harus teks"),
    ],
)
def test_kolom_ukuran_dan_domain_yang_salah(ubah, opsi, pesan):
    isi = delapan()
    desain = Design.from_frame(isi, **KOLOM)
    for panggil in (summarise, quantile):
        with pytest.raises(ParameterError, match=pesan):
            panggil(desain, ubah(isi), "y", **opsi)


def test_kolom_seluruhnya_kosong_adalah_kosong():
    isi = delapan(o=pd.Series([None] * 8, dtype=object), s=pd.Series([None] * 8, dtype="str"))
    t = estimate(summarise(Design.from_frame(isi, **KOLOM), isi, ["o", "s", "y"]))
    assert t.n.tolist() == [[0, 0, 8]] and np.isnan(t.values[0, :2]).all()


# Tabel bukan pandas


def tabel_lain(jenis: str, isi: pd.DataFrame):
    modul = pytest.importorskip(jenis)
    return modul.Table.from_pandas(isi, preserve_index=False) if jenis == "pyarrow" else modul.from_pandas(isi)


@pytest.mark.parametrize("jenis", ["pyarrow", "polars"])
def test_tabel_arrow_dan_polars_diterima(jenis):
    isi = delapan(
        k=pd.array([1, None, 2, 2, 1, 1, None, 2], dtype="Int64"), b=pd.array([True, None] * 4, dtype="boolean")
    )
    tabel = tabel_lain(jenis, isi)
    desain = Design.from_frame(tabel, **KOLOM)
    for domain in ("d", "k"):
        a = estimate(summarise(Design.from_frame(isi, **KOLOM), isi, ["y", "b"], domain=domain), domain)
        b = estimate(summarise(desain, tabel, ["y", "b"], domain=domain), domain)
        pd.testing.assert_frame_equal(b.domain, a.domain)
        np.testing.assert_array_equal(a.values, b.values)
        np.testing.assert_array_equal(a.se, b.se)
    assert quantile(desain, tabel, "y", subset={"k": 2})["n"].item() == 3
    with pytest.raises(EstimationError, match="tidak sama dengan saat rancangan"):
        summarise(desain, tabel_lain(jenis, isi.iloc[::-1]), ["y"])


# Tahap kedua


def apiclus2() -> tuple[pd.DataFrame, Design]:
    isi = pd.read_csv(ACUAN / "apiclus2.csv")
    isi["w"] = isi["fpc1"] / isi["dnum"].nunique() * isi["fpc2"] / isi.groupby("dnum")["snum"].transform("size")
    return isi, Design.from_frame(isi, weights="w", psu="dnum", ssu="snum", fpc=["fpc1", "fpc2"])


@pytest.mark.parametrize("baris", DUA_TAHAP.query("data == 'apiclus2' and jenis != 'selisih'").to_dict("records"))
def test_dua_tahap_apiclus2(baris):
    """R survey: svydesign(id=~dnum+snum, fpc=~fpc1+fpc2, data=apiclus2), rerata, total, dan domainnya."""
    isi, desain = apiclus2()
    domain, _, nilai = baris["domain"].partition("=")
    opsi = {} if domain == "nasional" else {"domain": domain, "subset": {domain: nilai}}
    sel = summarise(desain, isi, [baris["ukuran"]], domain=["stype", "comp.imp"])
    t = estimate(sel, kind="total" if baris["jenis"] == "total" else "mean", **opsi)
    assert t.values.item() == pytest.approx(baris["taksiran"], rel=1e-12)
    assert t.se.item() == pytest.approx(baris["se"], rel=1e-12)
    if baris["jenis"] == "mean" and not opsi:
        assert desain.df == 39
        assert t.gradient_se(np.ones(1)).item() == pytest.approx(baris["se"], rel=1e-12)


def test_dua_tahap_kovarians_dan_selisih():
    """Selisih E - M api99, SE 20,4829873206317 di R; hanya tahap satu memberi 17,33."""
    isi, desain = apiclus2()
    t = estimate(summarise(desain, isi, ["api99"], domain="stype"), "stype")
    c = np.array([1.0, 0, -1])[None, :, None]
    nilai, kov = t.linear_combination(c)
    r = DUA_TAHAP.set_index("jenis").loc["selisih"]
    assert nilai.item() == pytest.approx(r["taksiran"], rel=1e-12)
    assert np.sqrt(kov.item()) == pytest.approx(r["se"], rel=1e-12)
    penuh = t.full_covariance()[:, 0, :, 0]
    assert c.ravel() @ penuh @ c.ravel() == pytest.approx(r["se"] ** 2, rel=1e-12)
    np.testing.assert_allclose(t.covariance()[:, 0, 0], np.diag(penuh), rtol=1e-12)


@pytest.mark.parametrize(("jenis", "ssu"), [("mean", "id2"), ("total", "id2"), ("total", None)])
def test_dua_tahap_mu284(jenis, ssu):
    """Särndal dkk. lewat R: total 15.080, SE 2274,25; nomor unit tahap kedua diulang di tiap PSU."""
    isi = pd.read_csv(ACUAN / "mu284.csv")
    isi["w"] = isi["n1"] / 5 * isi["n2"] / 3
    desain = Design.from_frame(isi, weights="w", psu="id1", ssu=ssu, fpc=["n1", "n2"])
    t = estimate(summarise(desain, isi, ["y1"]), kind="mean" if jenis == "mean" else "total")
    r = DUA_TAHAP.query("data == 'mu284' and jenis == @jenis").iloc[0]
    assert t.values.item() == pytest.approx(r["taksiran"], rel=1e-12)
    assert t.se.item() == pytest.approx(r["se"], rel=1e-12)


def test_dua_tahap_kuantil_memakai_ragam_kedua_tahap():
    """Galat baku proporsi di bawah median adalah galat baku rerata indikatornya, yang diperiksa terhadap R di atas."""
    isi, desain = apiclus2()
    q = quantile(desain, isi, "api00", method="t", df=np.inf)
    isi["bawah"] = (isi["api00"] <= q["estimate"].item()).astype(float)
    t = estimate(summarise(desain, isi, ["bawah"]))
    kiri, kanan = t.interval("t", df=np.inf)
    batas = [quantile(desain, isi, "api00", float(p))["estimate"].item() for p in (kiri.item(), kanan.item())]
    assert q[["lower", "upper"]].iloc[0].tolist() == batas


def test_dua_tahap_tidak_untuk_replikasi():
    _, desain = apiclus2()
    for buat in (jkn, lambda d: rao_wu(d, 10, seed=1)):
        with pytest.raises(EstimationError, match="tahap kedua tidak ikut"):
            buat(desain)


def test_dua_tahap_satu_unit_tak_tercacah_menyebut_psu():
    isi = pd.DataFrame({"w": 1.0, "psu": [1, 1, 2], "n": 10, "m": [5, 5, 4], "y": [1.0, 2, 3]})
    with pytest.raises(EstimationError, match="PSU berikut hanya memiliki satu unit tahap kedua .*: psu 2"):
        Design.from_frame(isi, weights="w", psu="psu", fpc=["n", "m"])
    with pytest.raises(EstimationError, match="'m' berubah di dalam psu 1"):
        Design.from_frame(isi.assign(m=[5, 6, 1]), weights="w", psu="psu", fpc=["n", "m"])
