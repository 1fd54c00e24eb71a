"""Hitungan tangan, kasus tepi, pesan galat, dan sifat yang harus berlaku pada sampel apa pun."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveyest import (
    Design,
    EstimationError,
    ParameterError,
    confidence_interval,
    estimate,
    quantile,
    relative_se,
    reliability_flags,
    summarise,
)

KOLOM = {"weights": "bobot", "strata": "strata", "psu": "psu", "nested": True}


@st.composite
def sampel_acak(draw) -> pd.DataFrame:
    """Sampel kecil: 1-4 strata, 2-4 PSU, 1-5 orang, bobot bulat, indikator bernilai kosong, domain memotong PSU."""
    baris = []
    for h in range(draw(st.integers(1, 4))):
        for p in range(draw(st.integers(2, 4))):
            for _ in range(draw(st.integers(1, 5))):
                baris.append((h, p))
    n = len(baris)
    acak = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    isi = pd.DataFrame(baris, columns=["strata", "psu"])
    isi["bobot"] = acak.integers(1, 50, n).astype(float)
    isi["a"] = acak.integers(0, 2, n).astype(float)
    isi["b"] = acak.normal(100, 15, n)
    isi.loc[acak.random(n) < 0.15, "b"] = np.nan
    isi["x"] = acak.uniform(1, 3, n)
    isi["domain"] = acak.choice(["k", "l", "m"], n)
    return isi


def ragam_definisi(isi: pd.DataFrame, y: np.ndarray, anggota: np.ndarray) -> tuple[float, float]:
    """Rerata domain dan ragamnya langsung dari definisi: skor NOL bagi yang bukan anggota, seluruh PSU ikut."""
    w = np.where(anggota & ~np.isnan(y), isi["bobot"], 0.0)
    y = np.nan_to_num(y)
    rata = (w * y).sum() / w.sum()
    skor = pd.Series(w * (y - rata) / w.sum())
    ragam = 0.0
    for _, s in skor.groupby([isi["strata"], isi["psu"]]).sum().groupby(level=0):
        ragam += len(s) / (len(s) - 1) * ((s - s.mean()) ** 2).sum()
    return rata, ragam


def test_hitungan_tangan_dua_strata():
    """Dua strata, dua PSU, bobot 1: rerata 0,5; skor PSU (-1, 1)/8 dan (-1, 1)/8; ragam 2 x (2 x 2/64) = 0,125."""
    isi = pd.DataFrame({"strata": np.repeat([1, 2], 4), "psu": np.repeat([1, 2, 1, 2], 2), "bobot": 1.0})
    isi["y"] = [0, 0, 1, 1, 0, 0, 1, 1]
    desain = Design.from_frame(isi, **KOLOM)
    t = estimate(summarise(desain, isi, ["y"]), deff="with_replacement")
    assert t.values[0, 0] == 0.5
    # Tiap PSU: jumlah skor = 2 x (+-0,5)/8 = +-0,125; strata: 2/1 x 2 x 0,015625 = 0,0625; dua strata 0,125.
    assert t.se[0, 0] ** 2 == pytest.approx(0.125, rel=1e-14)
    assert t.df[0, 0] == 2 and desain.df == 2
    # Sampel acak: s2/n dengan s2 = 8/7 x 0,25; deff = 0,125 / (0,25/7) = 3,5.
    assert t.deff[0, 0] == pytest.approx(3.5, rel=1e-14)
    total = estimate(summarise(desain, isi, ["y"]), kind="total")
    # Jumlah PSU (0, 2) dan (0, 2): tiap strata 2 x ((0-1)^2 + (2-1)^2) = 4.
    assert total.values[0, 0] == 4 and total.se[0, 0] ** 2 == pytest.approx(8, rel=1e-14)


def test_fpc_jumlah_dan_fraksi_sama_dan_cacah_lengkap_nol():
    isi = pd.DataFrame({"strata": np.repeat([1, 2], 4), "psu": np.repeat([1, 2, 1, 2], 2), "bobot": 1.0})
    isi["y"] = [0, 1, 1, 1, 0, 0, 1, 0]
    isi["populasi"] = 8
    isi["fraksi"] = 0.25
    isi["lengkap"] = 2
    se = {}
    for fpc in (None, "populasi", "fraksi", "lengkap"):
        se[fpc] = estimate(summarise(Design.from_frame(isi, **KOLOM, fpc=fpc), isi, ["y"])).se[0, 0]
    assert se["populasi"] == se["fraksi"] == pytest.approx(se[None] * np.sqrt(0.75), rel=1e-14)
    assert se["lengkap"] == 0


def test_nol_dan_penuh_tepat():
    """Nol dan seluruh kasus: taksiran tepat 0 dan 1, galat baku tepat 0, deff NaN, selang Clopper-Pearson."""
    acak = np.random.default_rng(3)
    isi = pd.DataFrame({"strata": np.repeat([1, 2], 40), "psu": np.tile(np.repeat(range(8), 5), 2)})
    isi["bobot"] = acak.gamma(2, 3.7, 80)
    isi["nol"], isi["penuh"] = 0, 1
    desain = Design.from_frame(isi, **KOLOM)
    t = estimate(summarise(desain, isi, ["nol", "penuh"]))
    assert t.values.tolist() == [[0.0, 1.0]] and t.se.tolist() == [[0.0, 0.0]]
    assert np.isnan(t.deff).all() and np.isnan(t.rse[0, 0]) and t.rse[0, 1] == 0
    assert np.isnan(t.interval("logit")).all()
    bawah, atas = t.interval()
    assert bawah[0, 0] == 0 and atas[0, 1] == 1
    assert 0 < atas[0, 0] < 0.1 and bawah[0, 1] == pytest.approx(1 - atas[0, 0], rel=1e-12)
    # n = 80, df = 14: n disesuaikan (t79/t14)^2; batas atas 1 - 0,025^(1/n).
    from scipy.stats import t as sebaran

    n = 80 * (sebaran.ppf(0.975, 79) / sebaran.ppf(0.975, 14)) ** 2
    assert atas[0, 0] == pytest.approx(1 - 0.025 ** (1 / n), rel=1e-9)
    assert t.to_frame()["flag"].tolist() == ["caution", "caution"]


def test_domain_dalam_satu_psu_tidak_punya_selang():
    isi = pd.DataFrame({"strata": 1, "psu": [1, 1, 2, 2, 3], "bobot": 1.0, "y": [0, 1, 1, 0, 1], "d": list("aabbb")})
    t = estimate(summarise(Design.from_frame(isi, **KOLOM), isi, ["y"], domain="d"), "d")
    assert t.df.ravel().tolist() == [0, 1]
    bawah, atas = t.interval("t")
    assert np.isnan(bawah[0, 0]) and np.isfinite(bawah[1, 0])


def test_kosong_per_variabel_bukan_listwise():
    isi = pd.DataFrame({"strata": 1, "psu": [1, 1, 2, 2], "bobot": [1.0, 2, 3, 4]})
    isi["a"] = [1, np.nan, 0, 1]
    isi["b"] = [np.nan, 10, 20, 30]
    isi["semua_kosong"] = np.nan
    t = estimate(summarise(Design.from_frame(isi, **KOLOM), isi, ["a", "b", "semua_kosong"]))
    assert t.n.tolist() == [[3, 3, 0]]
    assert t.values[0, 0] == pytest.approx(5 / 8) and t.values[0, 1] == pytest.approx(200 / 9)
    assert np.isnan(t.values[0, 2]) and np.isnan(t.se[0, 2])
    assert t.to_frame()["flag"].iloc[2] == "suppressed"
    assert np.isnan(estimate(summarise(t.sums.layout.design, isi, ["semua_kosong"]), kind="total").values).all()


def test_kategori_dan_jenis_kolom():
    isi = pd.DataFrame({"strata": 1, "psu": [1, 2, 3, 4], "bobot": 1.0, "k": ["x", "y", None, "x"]})
    isi["b"] = pd.array([True, False, None, True], dtype="boolean")
    isi["c"] = pd.Categorical(["p", "q", "q", "p"], categories=["q", "tak_muncul", "p"])
    t = estimate(summarise(Design.from_frame(isi, **KOLOM), isi, ["b"], categories=["k"], domain="c"))
    assert t.names == ("b", "k=x", "k=y")
    assert t.values[0].tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3])
    domain = estimate(summarise(Design.from_frame(isi, **KOLOM), isi, ["b"], domain="c"), "c").domain
    assert domain["c"].tolist() == ["q", "p"]


def test_domain_kosong_tidak_menjadi_domain_tetapi_tetap_di_rancangan():
    isi = pd.DataFrame({"strata": 1, "psu": [1, 1, 2, 2, 3], "bobot": 1.0, "y": [0, 1, 1, 0, 1]})
    isi["d"] = ["a", "a", "a", None, None]
    desain = Design.from_frame(isi, **KOLOM)
    t = estimate(summarise(desain, isi, ["y"], domain="d"), "d")
    assert t.domain["d"].tolist() == ["a"]
    rata, ragam = ragam_definisi(isi, isi["y"].to_numpy(float), isi["d"].eq("a").to_numpy())
    assert t.values[0, 0] == pytest.approx(rata) and t.se[0, 0] ** 2 == pytest.approx(ragam, rel=1e-12)


def test_bobot_nol_tidak_dihitung_sebagai_responden():
    isi = pd.DataFrame({"strata": 1, "psu": [1, 1, 2, 3], "bobot": [1.0, 0, 2, 3], "y": [1, 0, 0, 1]})
    t = estimate(summarise(Design.from_frame(isi, **KOLOM), isi, ["y"]))
    assert t.n[0, 0] == 3 and t.values[0, 0] == pytest.approx(4 / 6)


@pytest.mark.parametrize("aturan", ["adjust", "average", "certainty", "remove"])
def test_psu_tunggal_hitungan_tangan(aturan):
    """Strata 1 dua PSU berjumlah 2 dan 4; strata 2 satu PSU berjumlah 9. Ragam strata 1 = 2 x (1 + 1) = 4."""
    isi = pd.DataFrame({"strata": [1, 1, 2], "psu": [1, 2, 1], "bobot": 1.0, "y": [2.0, 4, 9]})
    t = estimate(summarise(Design.from_frame(isi, **KOLOM, lonely_psu=aturan), isi, ["y"]), kind="total")
    harap = {"remove": 4.0, "certainty": 4.0, "average": 8.0, "adjust": 4 + (9 - 5) ** 2}[aturan]
    assert t.se[0, 0] ** 2 == pytest.approx(harap, rel=1e-14)


def test_psu_tunggal_semua_strata_average_nan():
    isi = pd.DataFrame({"strata": [1, 2], "psu": [1, 1], "bobot": 1.0, "y": [2.0, 4]})
    t = estimate(summarise(Design.from_frame(isi, **KOLOM, lonely_psu="average"), isi, ["y"]))
    assert np.isnan(t.se[0, 0])


def test_psu_tunggal_cacah_lengkap_bukan_galat():
    isi = pd.DataFrame({"strata": [1, 1, 2], "psu": [1, 2, 1], "bobot": 1.0, "y": [2.0, 4, 9], "n": [10, 10, 1]})
    t = estimate(summarise(Design.from_frame(isi, **KOLOM, fpc="n"), isi, ["y"]), kind="total")
    assert t.se[0, 0] ** 2 == pytest.approx(4 * 0.8, rel=1e-14)


@settings(max_examples=40, deadline=None)
@given(sampel_acak())
def test_domain_sama_dengan_indikator_pada_rancangan_penuh(isi):
    """Taksiran domain = definisi: bukan anggota berskor nol, semua PSU ikut; dan bukan hasil menyaring baris."""
    desain = Design.from_frame(isi, **KOLOM)
    sel = summarise(desain, isi, ["a", "b"], domain=["domain"])
    t = estimate(sel, "domain")
    for (i, d), (j, v) in itertools.product(enumerate(t.domain["domain"]), enumerate(t.names)):
        anggota = isi["domain"].eq(d).to_numpy()
        if isi.loc[anggota, v].notna().any():
            rata, ragam = ragam_definisi(isi, isi[v].to_numpy(float), anggota)
            np.testing.assert_allclose(t.values[i, j], rata, rtol=1e-12, atol=1e-15, err_msg=f"{d} {v}")
            np.testing.assert_allclose(t.se[i, j] ** 2, ragam, rtol=1e-9, atol=1e-24, err_msg=f"{d} {v}")
        # Jalan kedua: nilai di luar domain dikosongkan, lalu nasional.
        buang = isi.assign(**{v: isi[v].where(anggota)})
        lain = estimate(summarise(desain, buang, [v]))
        np.testing.assert_allclose(lain.se[0, 0], t.se[i, j], rtol=1e-12, atol=1e-15)
        # Jalan ketiga: pilih.
        pilih = estimate(sel, measures=[v], subset={"domain": d})
        np.testing.assert_allclose(pilih.se[0, 0], t.se[i, j], rtol=1e-12, atol=1e-15)
        assert pilih.df[0, 0] == t.df[i, j]


@settings(max_examples=30, deadline=None)
@given(sampel_acak(), st.floats(1e-3, 1e5))
def test_skala_bobot_tidak_mengubah_rerata(isi, kali):
    desain = Design.from_frame(isi, **KOLOM)
    besar = isi.assign(bobot=isi["bobot"] * kali)
    desain_besar = Design.from_frame(besar, **KOLOM)
    opsi = {"domain": "domain", "deff": "with_replacement"}
    rasio = {"r": ("b", "x")}
    satu = estimate(summarise(desain, isi, ["a", "b"], domain="domain", ratios=rasio), **opsi)
    dua = estimate(summarise(desain_besar, besar, ["a", "b"], domain="domain", ratios=rasio), **opsi)
    np.testing.assert_allclose(dua.values, satu.values, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(dua.se, satu.se, rtol=1e-9, atol=1e-13)
    t1 = estimate(summarise(desain, isi, ["a"]), kind="total")
    t2 = estimate(summarise(desain_besar, besar, ["a"]), kind="total")
    np.testing.assert_allclose(t2.se, t1.se * kali, rtol=1e-9)
    # deff domain beragam nol tidak terdefinisi, dan pembulatan menentukan di sisi mana ia jatuh.
    beragam = satu.se > 1e-9
    np.testing.assert_allclose(dua.deff[beragam], satu.deff[beragam], rtol=1e-6)


@settings(max_examples=30, deadline=None)
@given(sampel_acak(), st.randoms(use_true_random=False))
def test_urutan_baris_tidak_berpengaruh(isi, acak):
    urutan = list(range(len(isi)))
    acak.shuffle(urutan)
    kocok = isi.iloc[urutan].reset_index(drop=True)
    a = estimate(summarise(Design.from_frame(isi, **KOLOM), isi, ["a", "b"], domain="domain"), "domain")
    b = estimate(summarise(Design.from_frame(kocok, **KOLOM), kocok, ["a", "b"], domain="domain"), "domain")
    np.testing.assert_allclose(b.values, a.values, rtol=1e-12)
    np.testing.assert_allclose(b.se, a.se, rtol=1e-9, atol=1e-13)
    assert (a.n == b.n).all() and (a.df == b.df).all()


@settings(max_examples=30, deadline=None)
@given(sampel_acak())
def test_total_domain_berjumlah_total_nasional(isi):
    sel = summarise(Design.from_frame(isi, **KOLOM), isi, ["a", "b"], domain="domain")
    semua, domain = estimate(sel, kind="total"), estimate(sel, "domain", kind="total")
    np.testing.assert_allclose(np.nansum(domain.values, axis=0), np.nan_to_num(semua.values[0]), rtol=1e-12)
    # Ragam jumlah domain, dengan kovarians antardomain, adalah ragam total nasional.
    c = np.broadcast_to(np.eye(2)[:, None, :], (2, *domain.values.shape)).copy()
    c[:, np.isnan(domain.values)] = 0
    _, kov = domain.linear_combination(c)
    np.testing.assert_allclose(np.diag(kov), np.nan_to_num(semua.se[0] ** 2), rtol=1e-9, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(sampel_acak(), st.sampled_from(["remove", "adjust", "average"]))
def test_kovarians_konsisten(isi, aturan):
    """Diagonal = se kuadrat; penuh simetris, tidak punya nilai eigen negatif; kombinasi = c' K c; juga PSU tunggal."""
    isi = pd.concat([isi, isi.iloc[:2].assign(strata=99, psu=1)], ignore_index=True)
    t = estimate(
        summarise(Design.from_frame(isi, **KOLOM, lonely_psu=aturan), isi, ["a", "x"], domain="domain"), "domain"
    )
    if np.isnan(t.se).any():
        return
    d, v = t.values.shape
    penuh = t.full_covariance().reshape(d * v, d * v)
    np.testing.assert_allclose(np.diag(penuh), t.se.ravel() ** 2, rtol=1e-9, atol=1e-18)
    np.testing.assert_allclose(penuh, penuh.T, rtol=1e-12, atol=1e-18)
    assert np.linalg.eigvalsh(penuh).min() > -1e-10
    c = np.random.default_rng(0).normal(size=(3, d, v))
    nilai, kov = t.linear_combination(c)
    rata = c.reshape(3, -1)
    np.testing.assert_allclose(nilai, rata @ t.values.ravel(), rtol=1e-10)
    np.testing.assert_allclose(kov, rata @ penuh @ rata.T, rtol=1e-8, atol=1e-14)
    if aturan == "remove":
        g = np.random.default_rng(1).normal(size=(d, v))
        harap = [np.sqrt(g[i] @ t.covariance()[i] @ g[i]) for i in range(d)]
        np.testing.assert_allclose(t.gradient_se(g), harap, rtol=1e-8, atol=1e-12)


@settings(max_examples=30, deadline=None)
@given(sampel_acak())
def test_rerata_adalah_nisbah_dengan_penyebut_satu(isi):
    isi["satu"] = 1.0
    sel = summarise(Design.from_frame(isi, **KOLOM), isi, ["x"], domain="domain", ratios={"r": ("x", "satu")})
    t = estimate(sel, "domain")
    np.testing.assert_allclose(t.values[:, 0], t.values[:, 1], rtol=1e-13)
    np.testing.assert_allclose(t.se[:, 0], t.se[:, 1], rtol=1e-9, atol=1e-13)
    beragam = t.se[:, 0] > 1e-6
    np.testing.assert_allclose(t.deff[beragam, 0], t.deff[beragam, 1], rtol=1e-6)


@settings(max_examples=25, deadline=None)
@given(sampel_acak(), st.floats(0.05, 0.95))
def test_kuantil_adalah_kebalikan_sebaran(isi, p):
    """Kuantil "math": nilai terkecil yang proporsi tertimbang di bawah atau samanya mencapai p; urut terhadap p."""
    desain = Design.from_frame(isi, **KOLOM)
    q = quantile(desain, isi, "b", [p / 2, p], domain="domain")
    for d, k in q.groupby("domain"):
        satu = isi[isi["domain"].eq(d) & isi["b"].notna()]
        if len(satu) == 0:
            assert k["estimate"].isna().all()
            continue
        assert k["estimate"].is_monotonic_increasing and (k["n"] == len(satu)).all()
        for _, r in k.iterrows():
            bagian = satu["bobot"] / satu["bobot"].sum()
            assert bagian[satu["b"] <= r["estimate"]].sum() >= r["probability"] - 1e-9
            assert bagian[satu["b"] < r["estimate"]].sum() < r["probability"] + 1e-9


def test_kuantil_hitungan_tangan():
    isi = pd.DataFrame({"strata": 1, "psu": range(4), "bobot": 1.0, "y": [40.0, 10, 30, 20], "d": list("aaab")})
    desain = Design.from_frame(isi, **KOLOM)
    ambil = {a: quantile(desain, isi, "y", 0.5, rule=a)["estimate"].item() for a in ("math", "school", "hf7")}
    # hf7 tertimbang: titik 0, 1/3, 2/3, 1 bagi 10, 20, 30, 40; peluang 0,5 di tengah 20 dan 30.
    assert ambil == pytest.approx({"math": 20, "school": 25, "hf7": 25})
    assert quantile(desain, isi, "y", 0.01)["estimate"].item() == 10
    pilih = quantile(desain, isi, "y", 0.5, subset={"d": "a"})
    assert pilih["estimate"].item() == 30 and pilih["n"].item() == 3
    assert quantile(desain, isi, "y", 0.5, domain="d")["flag"].tolist() == ["suppressed", "suppressed"]


def test_kuantil_ekstrem_tidak_mengarang_batas():
    """Selang t yang keluar dari 0-1, dan kuantil pada nilai terbesar: batasnya NaN, bukan ujung data."""
    isi = pd.DataFrame({"strata": 1, "psu": range(8), "bobot": 1.0, "y": np.arange(8.0)})
    desain = Design.from_frame(isi, **KOLOM)
    logit = quantile(desain, isi, "y", [0.05, 0.5, 0.95])
    assert logit[["lower", "upper"]].isna().any(axis=1).tolist() == [False, False, True]
    q = quantile(desain, isi, "y", [0.05, 0.5, 0.95], method="t")
    assert np.isnan(q["lower"]).tolist() == [True, False, True]
    assert np.isnan(q["upper"]).tolist() == [False, False, True]
    assert np.isnan(q["se"]).tolist() == [True, False, True]
    assert q["flag"].tolist() == ["suppressed"] * 3


def test_rse_terhadap_nilai_seperti_bps():
    """RSE 2% dan 98% berbeda walau galat bakunya sama; nol tidak punya RSE."""
    rse = relative_se(np.array([0.02, 0.98, -200.0, 0.0]), np.array([0.01, 0.01, 10.0, 1.0]))
    assert rse.tolist() == pytest.approx([50, 100 / 98, 5, np.nan], nan_ok=True)


def tanda(rse, n=100, se=1.0, df=10, **opsi) -> str:
    return reliability_flags(np.array([rse]), np.array([se]), np.array([n]), df=np.array([df]), **opsi).item()


@pytest.mark.parametrize(
    ("rse", "opsi", "harap"),
    [
        (25.0, {}, ""),
        (25.01, {}, "caution"),
        (50.0, {}, "caution"),
        (50.01, {}, "suppressed"),
        (1.0, {"n": 29}, "suppressed"),
        (1.0, {"df": 0}, "suppressed"),
        (1.0, {"se": np.nan}, "suppressed"),
        (np.nan, {"se": 0.0}, "caution"),
        # NCHS 2017: selang 95% proporsi paling lebar 0,05 terbit berapa pun RSE-nya, kecuali n atau df tidak cukup.
        (70.0, {"width": 0.05}, "caution"),
        (70.0, {"width": 0.051}, "suppressed"),
        (70.0, {"width": 0.05, "n": 29}, "suppressed"),
        (1.0, {"width": 0.01, "df": 0}, "suppressed"),
        (1.0, {"width": 0.29}, ""),
        (1.0, {"width": 0.30}, "caution"),
        # Semua kasus: galat baku nol, selang tidak.
        (0.0, {"se": 0.0, "width": 0.004}, "caution"),
        (0.0, {"se": 0.0, "width": 0.0}, ""),
        (30.0, {"caution_above": 35.0, "n": 5, "min_n": 5}, ""),
    ],
)
def test_batas_tanda(rse, opsi, harap):
    assert tanda(rse, **opsi) == harap


def test_batas_tanda_terbalik_ditolak():
    with pytest.raises(ParameterError, match="hati-hati"):
        tanda(1.0, caution_above=60)


@pytest.mark.parametrize(("ya", "rse"), [(998, 0.1416), (2, 70.67)])
def test_hampir_semua_dan_hampir_tidak_ada_terbit_dengan_selangnya(ya, rse):
    """998 dari 1.000 (PSU satu orang): p = 0,998, se = akar(p (1 - p)/999) = 0,0014135; R survey dan rumus sama."""
    isi = pd.DataFrame({"bobot": 1.0, "y": np.arange(1000) < ya})
    satu = estimate(summarise(Design.from_frame(isi, weights="bobot"), isi, ["y"])).to_frame().iloc[0]
    assert satu["estimate"] == ya / 1000 and satu["se"] == pytest.approx(np.sqrt(0.998 * 0.002 / 999), rel=1e-12)
    assert satu["rse"] == pytest.approx(rse, rel=1e-3)
    assert satu["flag"] == ("" if ya == 998 else "caution") and satu["upper"] - satu["lower"] < 0.01


def test_satu_psu_ditahan_walau_banyak_responden():
    """Domain di satu PSU: df 0, galat bakunya tidak diketahui; R degf juga 0."""
    isi = pd.DataFrame({"strata": 1, "psu": np.repeat([1, 2, 3], 50), "bobot": 1.0, "d": np.repeat(list("abb"), 50)})
    isi["y"] = np.arange(150) % 2
    rapi = estimate(summarise(Design.from_frame(isi, **KOLOM), isi, ["y"], domain="d"), "d").to_frame()
    assert rapi["df"].tolist() == [0, 1] and rapi["flag"].tolist()[0] == "suppressed"
    assert rapi.loc[0, ["estimate", "se", "lower", "upper", "rse", "deff"]].isna().all()


def test_bingkai_menahan_nilai(sampel, utama):
    sel = summarise(utama, sampel, ["i1", "i5"], domain=["provinsi", "kelamin"])
    t = estimate(sel, ["provinsi", "kelamin"])
    rapi = t.to_frame()
    kolom = "provinsi kelamin measure estimate se lower upper rse deff n df flag"
    assert list(rapi.columns) == kolom.split()
    assert len(rapi) == 24
    ditahan = rapi["flag"].eq("suppressed")
    assert ditahan.any() and rapi.loc[ditahan, ["estimate", "se", "lower", "upper", "rse", "deff"]].isna().all(
        axis=None
    )
    assert rapi.loc[~ditahan, "estimate"].notna().all()
    # Tiap baris memang milik domain dan ukurannya.
    for r in t.to_frame(suppress=False).itertuples():
        satu = sampel[(sampel.provinsi == r.provinsi) & (sampel.kelamin == r.kelamin)]
        assert r.estimate == pytest.approx(np.average(satu[r.measure], weights=satu["bobot"]), rel=1e-12)
        assert r.n == len(satu)


def test_sel_halus_sama_dengan_sel_kasar(sampel, utama):
    """Sel yang disiapkan dengan banyak domain, dijumlahkan, sama dengan sel yang disiapkan langsung."""
    halus = summarise(utama, sampel, ["i1", "i3", "kapita"], domain=["kelamin", "daerah", "provinsi"])
    for domain in ("provinsi", ["daerah", "kelamin"], None):
        kasar = summarise(utama, sampel, ["i1", "i3", "kapita"], domain=domain or ())
        a, b = estimate(halus, domain), estimate(kasar, domain)
        pd.testing.assert_frame_equal(a.domain, b.domain)
        for k in ("values", "se", "deff", "n", "df"):
            np.testing.assert_allclose(getattr(a, k), getattr(b, k), rtol=1e-10, err_msg=k)
    assert halus.collapse("provinsi") is halus.collapse("provinsi")
    t = estimate(halus, "provinsi", subset={"daerah": [1], "kelamin": 2}, measures=["i1"])
    satu = sampel[(sampel.daerah == 1) & (sampel.kelamin == 2) & (sampel.provinsi == t.domain["provinsi"][0])]
    assert t.values[0, 0] == pytest.approx(np.average(satu["i1"], weights=satu["bobot"]))


def test_selang_bertingkat_dan_batas():
    bawah, atas = confidence_interval(np.array([0.3]), np.array([0.1]), np.inf, level=0.9)
    assert bawah[0] == pytest.approx(0.3 - 0.1644853626951473) and atas[0] == pytest.approx(0.3 + 0.1644853626951473)
    for metode in ("logit", "beta", "asin"):
        bawah, atas = confidence_interval(np.array([0.01]), np.array([0.009]), 5, method=metode, n=np.array([100]))
        assert 0 <= bawah[0] < 0.01 < atas[0] < 1, metode


def rusak(**ganti):
    isi = pd.DataFrame({"strata": [1, 1, 2, 2], "psu": [1, 2, 1, 2], "bobot": 1.0, "y": [1.0, 0, 1, 0], "fpc": 9.0})
    return isi.assign(**ganti)


@pytest.mark.parametrize(
    ("isi", "opsi", "pesan"),
    [
        (rusak(bobot=[1, -1, 1, 1]), {}, "negatif"),
        (rusak(bobot=[1, np.nan, 1, 1]), {}, "kosong"),
        (rusak(bobot=0.0), {}, "nol"),
        (rusak(strata=[1, np.nan, 2, 2]), {}, "'strata' kosong di 1 baris"),
        (rusak(psu=[1, None, 1, 2]), {}, "'psu' kosong"),
        (rusak(fpc=[5, 6, 5, 5]), {"fpc": "fpc"}, "berubah di dalam strata 1"),
        (rusak(fpc=1.5), {"fpc": "fpc"}, "1.5, kurang dari 2 unit"),
        (rusak(fpc=0.0), {"fpc": "fpc"}, "nol"),
        (rusak(psu=[1, 2, 1, 1]), {}, "strata 2"),
        (rusak().iloc[:0], {}, "satu baris pun"),
    ],
)
def test_rancangan_tidak_sah(isi, opsi, pesan):
    with pytest.raises(EstimationError, match=pesan):
        Design.from_frame(isi, **KOLOM, **opsi)


def test_parameter_tidak_sah():
    isi = rusak()
    with pytest.raises(ParameterError, match="tidak_ada"):
        Design.from_frame(isi, weights="tidak_ada")
    with pytest.raises(ParameterError, match="certainty"):
        Design.from_frame(isi, **KOLOM, lonely_psu="abaikan")
    desain = Design.from_frame(isi, **KOLOM)
    with pytest.raises(EstimationError, match="[Jj]angan menyaring"):
        summarise(desain, isi[isi["y"] == 1], ["y"])
    with pytest.raises(EstimationError, match="[Jj]angan menyaring"):
        quantile(desain, isi.iloc[1:], "y")
    with pytest.raises(ParameterError, match="kategori"):
        summarise(desain, isi.assign(y="a"), ["y"])
    with pytest.raises(EstimationError, match="tak hingga"):
        summarise(desain, isi.assign(y=np.inf), ["y"])
    with pytest.raises(ParameterError, match="dua kali"):
        summarise(desain, isi, ["y", "y"])
    with pytest.raises(ParameterError, match="Tidak ada ukuran"):
        summarise(desain, isi)
    sel = summarise(desain, isi, ["y"], domain="strata", ratios={"r": ("y", "fpc")})
    for panggil, pesan in [
        (lambda: estimate(sel, "psu"), "tidak disiapkan"),
        (lambda: estimate(sel, measures=["z"]), "z"),
        (lambda: estimate(sel, subset={"strata": 7}), "7"),
        (lambda: estimate(sel, kind="median"), "median"),
        (lambda: estimate(sel, kind="total", measures=["r"]), "nisbah: r"),
        (lambda: estimate(sel, deff="x"), "deff"),
        (lambda: estimate(sel).interval("wald"), "wald"),
        (lambda: estimate(sel).interval("logit"), "hanya untuk proporsi, bukan: r"),
        (lambda: estimate(sel).interval(df="x"), "df 'x'"),
        (lambda: estimate(sel).interval(level=95), "antara 0 dan 1"),
        (lambda: estimate(sel).linear_combination(np.ones((1, 3, 3))), "Koefisien"),
        (lambda: quantile(desain, isi, "y", 1.5), "antara 0 dan 1"),
        (lambda: quantile(desain, isi, "y", rule="hf99"), "hf99"),
    ]:
        with pytest.raises(ParameterError, match=pesan):
            panggil()
    assert estimate(sel, kind="total").names == ("y",)


def test_kovarians_terlalu_besar_ditolak(sampel, utama, monkeypatch):
    monkeypatch.setattr("surveyest.estimates.MAX_COVARIANCE_BYTES", 100)
    with pytest.raises(EstimationError, match="terlalu besar"):
        estimate(summarise(utama, sampel, ["i1", "i2"], domain="provinsi"), "provinsi").full_covariance()
