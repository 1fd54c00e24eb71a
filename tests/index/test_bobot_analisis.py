"""Bobot, analisis, dan penguraian: hitungan tangan, rumus tertutup, dan sifat umum."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.index import (
    CAKUPAN,
    MEANS,
    Pohon,
    ahp,
    ahp_matrix,
    balanced_weights,
    combine_ahp,
    compute,
    contributions,
    correlations,
    cronbach_alpha,
    decompose_difference,
    delta_standard_error,
    drop_each,
    effective_weights,
    equal_weights,
    given_weights,
    gradient,
    node_gradients,
    pca_weights,
    reliability,
    strengths_weaknesses,
)

# -------------------------------------------------------------------- AHP


def pairwise(*nilai, kode="abc"):
    pasangan = [(kode[i], kode[j]) for i in range(len(kode)) for j in range(i + 1, len(kode))]
    return ahp_matrix(
        pd.DataFrame([(a, b, v) for (a, b), v in zip(pasangan, nilai, strict=True)], columns=["a", "b", "nilai"])
    )


def test_ahp_three_items_closed_form():
    # tiga unsur: vektor eigen = rata-rata geometrik baris; lambda = 1 + c + 1/c, c = (a12 a23 / a13)^(1/3)
    hasil = ahp(pairwise(1 / 3, 5, 7))
    baris = np.array([5 / 3, 21, 1 / 35]) ** (1 / 3)
    assert hasil.bobot.to_numpy() == pytest.approx(baris / baris.sum(), rel=1e-9)
    c = (1 / 3 * 7 / 5) ** (1 / 3)
    assert hasil.lambda_maks == pytest.approx(1 + c + 1 / c, rel=1e-9)
    assert hasil.indeks_konsistensi == pytest.approx((1 + c + 1 / c - 3) / 2, rel=1e-9)
    assert hasil.rasio_konsistensi == pytest.approx((1 + c + 1 / c - 3) / 2 / 0.58, rel=1e-9)
    assert hasil.wajar and round(hasil.lambda_maks, 4) == 3.0649
    assert ahp(pairwise(1 / 3, 5, 7), cara="rata_geometrik").bobot.to_numpy() == pytest.approx(baris / baris.sum())


def test_ahp_inconsistent_is_said():
    hasil = ahp(pairwise(9, 1 / 9, 9))
    assert not hasil.wajar and hasil.rasio_konsistensi > 0.1
    assert hasil.pertentangan["nisbah"].is_monotonic_decreasing


@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=8))
def test_ahp_recovers_consistent_weights(w):
    w = np.array(w)
    kode = [f"k{i}" for i in range(len(w))]
    hasil = ahp(pd.DataFrame(w[:, None] / w[None, :], index=kode, columns=kode))
    assert hasil.bobot.to_numpy() == pytest.approx(w / w.sum(), rel=1e-6)
    assert abs(hasil.rasio_konsistensi) < 1e-8 and hasil.wajar


def test_ahp_keyed_by_name_and_combined():
    m = pairwise(1 / 3, 5, 7)
    acak = m.loc[["c", "a", "b"], ["b", "c", "a"]]
    pd.testing.assert_series_equal(ahp(acak).bobot[list("abc")], ahp(m).bobot, rtol=1e-9)
    balik = pairwise(3, 1 / 5, 1 / 7)
    assert ahp(combine_ahp([acak, balik])).bobot.to_numpy() == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize(
    ("ubah", "pesan"),
    [(("a", "b", -1.0), "positif"), (("a", "b", 9.0), "berbalikan pada 'a-b'"), (("a", "a", 2.0), "diagonal")],
)
def test_ahp_bad_matrix(ubah, pesan):
    m = pairwise(1 / 3, 5, 7)
    m.at[ubah[0], ubah[1]] = ubah[2]
    with pytest.raises(GalatParameter, match=pesan):
        ahp(m)


def test_ahp_incomplete_pairs():
    with pytest.raises(GalatParameter, match="belum dibandingkan: 'a-c'"):
        ahp_matrix(pd.DataFrame({"a": ["a", "b"], "b": ["b", "c"], "nilai": [2, 3]}))


# -------------------------------------------------------------------- bobot lain


@pytest.fixture
def tiga():
    return Pohon.dari_tabel(pd.DataFrame({"kode": ["x", "y", "z", "I"], "induk": ["I", "I", "I", ""]}))


def test_given_and_equal(sama):
    bobot = given_weights(sama, {"KD3": 4})
    assert bobot["KD3"] == 4 and bobot["KD4"] == 1
    assert (equal_weights(sama) == 1).all()


def test_pca_two_children_share_equally_and_negative_is_refused(tiga):
    acak = np.random.default_rng(1)
    z = acak.normal(size=200)
    data = pd.DataFrame({"x": z, "y": z + acak.normal(size=200), "z": -z + 0.1 * acak.normal(size=200)})
    with pytest.raises(GalatHitung, match="Simpul 'I': muatan .* negatif pada 'z'"):
        pca_weights(data, tiga)
    nol = pca_weights(data, tiga, negatif="nol")
    assert nol.bobot["z"] == 0 and nol.bobot.sum() == pytest.approx(1) and "'z'" in nol.keterangan[0]
    kuadrat = pca_weights(data, tiga, negatif="tandai", bentuk="kuadrat")
    assert kuadrat.bobot.to_numpy() == pytest.approx(kuadrat.tabel["muatan"].to_numpy() ** 2)
    # satu kolom tanpa ragam: dua sisanya berbagi sama rata
    datar = pca_weights(data.assign(z=3.0), tiga)
    assert (
        datar.bobot.to_dict() == pytest.approx({"x": 0.5, "y": 0.5, "z": 0.0}) and "tanpa ragam" in datar.keterangan[0]
    )


@pytest.fixture
def berkorelasi():
    acak = np.random.default_rng(7)
    z = acak.normal(size=(300, 3)) @ np.array([[2, 0.5, 0.2], [0, 1, 0.3], [0, 0, 0.7]])
    return pd.DataFrame(z, columns=["x", "y", "z"]) + 10


@pytest.mark.parametrize("ukuran", ["korelasi", "ragam"])
def test_balanced_influence_hits_targets_by_name(tiga, berkorelasi, ukuran):
    sasaran = {"z": 0.25, "x": 0.4, "y": 0.35}
    hasil = balanced_weights(berkorelasi, tiga, ["x", "y", "z"], sasaran=sasaran, ukuran=ukuran)
    assert hasil.tercapai and (hasil.bobot >= 0).all() and hasil.bobot.sum() == pytest.approx(1)
    # dihitung lagi dari awal, tanpa memakai apa pun dari hasil selain bobotnya
    indeks = compute(berkorelasi, tiga.ganti(bobot=hasil.bobot))["I"]
    if ukuran == "korelasi":
        r = berkorelasi.corrwith(indeks)
        dicapai = r / r.sum()
    else:
        dicapai = berkorelasi.mul(hasil.bobot).apply(lambda k: k.cov(indeks)) / indeks.var()
    for kode, nilai in sasaran.items():
        assert dicapai[kode] == pytest.approx(nilai, abs=1e-6), kode


def test_balanced_influence_target_order_is_irrelevant(tiga, berkorelasi):
    maju = balanced_weights(berkorelasi, tiga, ["x", "y", "z"], sasaran={"x": 3, "y": 2, "z": 2})
    mundur = balanced_weights(berkorelasi[["z", "y", "x"]], tiga, ["z", "x", "y"], sasaran={"z": 2, "y": 2, "x": 3})
    assert mundur.bobot[["x", "y", "z"]].to_numpy() == pytest.approx(maju.bobot.to_numpy(), abs=1e-7)
    with pytest.raises(GalatParameter, match="menurut nama"):
        balanced_weights(berkorelasi, tiga, ["x", "y", "z"], sasaran={"x": 1, "y": 1})


def test_balanced_influence_says_when_it_cannot_be_had(normal, sama):
    # DKE berkorelasi 0,74 dengan DKD: bagian 0,1 untuk DKD mustahil dengan bobot tak negatif
    hasil = balanced_weights(normal, sama, ["DKD", "DPS", "DKE"], sasaran={"DKE": 0.7, "DKD": 0.1, "DPS": 0.2})
    assert not hasil.tercapai and "tidak dapat dicapai" in hasil.keterangan and (hasil.bobot >= 0).all()
    assert not np.isnan(hasil.tabel["bagian"]).any()


def test_balanced_influence_of_geometric_and_deeper_nodes(tiga, berkorelasi, normal, sama):
    geometrik = balanced_weights(
        berkorelasi, tiga.ganti(agregasi="geometrik"), ["x", "y", "z"], sasaran={"x": 4, "y": 3.5, "z": 2.5}
    )
    assert geometrik.tercapai, geometrik.tabel
    dalam = balanced_weights(normal, sama, sama.anak["DKD"], terhadap="IKESOS")
    assert dalam.bobot.sum() == pytest.approx(1)
    with pytest.raises(GalatParameter, match="Saudara 'DPS' harus"):
        balanced_weights(normal, sama, ["DKD", "DKE"])
    with pytest.raises(GalatHitung, match="'x' bernilai sama"):
        balanced_weights(berkorelasi.assign(x=1.0), tiga, ["x", "y", "z"])


# -------------------------------------------------------------------- analisis


def test_cronbach_by_hand():
    # dua kolom sama: alfa 1; var(a)=var(b)=1, kov=0,5: alfa = 2 (1 - 2/3) = 2/3
    a = pd.Series([1.0, 2, 3])
    assert cronbach_alpha(pd.DataFrame({"a": a, "b": a})) == pytest.approx(1)
    assert cronbach_alpha(pd.DataFrame({"a": a, "b": [1.0, 3, 2]})) == pytest.approx(2 / 3)
    with pytest.raises(GalatHitung, match="dua kolom"):
        cronbach_alpha(a.to_frame())


def test_reliability_single_child_is_missing(normal, sama):
    hasil = reliability(compute(normal, sama), sama)
    assert np.isnan(hasil.at["PAPAN", "alfa_indikator"]) and hasil.at["DKD", "indikator"] == 9


def test_correlation_flags(sama, normal):
    nilai = compute(normal.assign(KD4=normal["KD3"] * 1.0, KD5=7.0), sama)
    hasil = correlations(nilai, sama, 1, seinduk=True).set_index(["kode_1", "kode_2"])
    assert (
        hasil.at[("KD3", "KD4"), "keterangan"] == "kembar" and hasil.at[("KD3", "KD5"), "keterangan"] == "tanpa ragam"
    )
    assert set(hasil["hubungan"]) == {"saudara"}
    lintas = correlations(nilai, sama, 1, 3, seinduk=True, cara="spearman")
    assert len(lintas) == 29 and set(lintas["hubungan"]) == {"leluhur"}


def test_effective_weights_are_variance_shares(normal, sama):
    hasil = effective_weights(normal, sama)
    nilai = compute(normal, sama)
    indeks = nilai["IKESOS"]
    for kode in ("KD1", "SEHAT", "DKE"):
        harap = hasil.at[kode, "bobot_akhir"] * nilai[kode].cov(indeks) / indeks.var()
        assert hasil.at[kode, "bagian_ragam"] == pytest.approx(harap, abs=1e-12), kode
    for agregasi in ("aritmetik", "geometrik", "harmonik"):
        bagian = effective_weights(normal, sama.ganti(agregasi=agregasi))["bagian_ragam"]
        for kelompok in (list(sama.indikator), ["DKD", "DPS", "DKE"]):
            assert bagian[kelompok].sum() == pytest.approx(1, abs=1e-9)


def test_drop_each_equals_pruned_tree(normal, timpang):
    skor, _, _ = drop_each(normal, timpang.ganti(ambang=1.0), ["KD1", "PARTI", "DKE"])
    for kode in ("KD1", "PARTI", "DKE"):
        harap = compute(normal, timpang.tanpa(kode).ganti(ambang=1.0))["IKESOS"]
        np.testing.assert_allclose(skor[kode], harap, rtol=1e-12, err_msg=kode)


def test_strengths_and_weaknesses(normal, sama):
    hasil = strengths_weaknesses(normal, sama, "31", banyak=3)
    assert hasil["sisi"].tolist() == ["kekuatan"] * 3 + ["kelemahan"] * 3
    kuat = hasil.iloc[0]
    lain = normal.drop(index="31")[kuat["kode"]].median()
    assert kuat["selisih"] == pytest.approx(normal.at["31", kuat["kode"]] - lain)
    with pytest.raises(GalatParameter, match="'99'"):
        strengths_weaknesses(normal, sama, "99")


# -------------------------------------------------------------------- penguraian


@pytest.mark.parametrize("agregasi", MEANS)
def test_difference_is_decomposed_exactly(normal, timpang, agregasi, use_mean):
    pohon = use_mean(timpang, agregasi)
    a, b = normal, normal.iloc[::-1].set_axis(normal.index)
    hasil = contributions(a, b, pohon)
    beda = compute(b, pohon)["IKESOS"] - compute(a, pohon)["IKESOS"]
    skala = 1e-10 * compute(a, pohon)["IKESOS"].max()
    np.testing.assert_allclose(hasil[list(pohon.indikator)].sum(axis=1), beda, atol=skala)
    np.testing.assert_allclose(hasil[["DKD", "DPS", "DKE"]].sum(axis=1), beda, atol=skala)
    np.testing.assert_allclose(hasil[list(pohon.daun("DKD"))].sum(axis=1), hasil["DKD"], atol=skala)
    np.testing.assert_allclose(hasil[CAKUPAN], 0, atol=skala)


def test_geometric_decomposition_is_lmdi(kecil):
    a = pd.Series({"a": 8.0, "b": 2.0, "c": 4.0, "d": 16.0})
    b = pd.Series({"a": 8.0, "b": 32.0, "c": 4.0, "d": 16.0})
    pohon = kecil.ganti(agregasi="geometrik")
    hasil = decompose_difference(a, b, pohon)
    # hanya b berubah: seluruh beda miliknya
    va, vb = ((8 * 2**3) ** 0.25 * 8) ** 0.5, ((8 * 32**3) ** 0.25 * 8) ** 0.5
    assert hasil.at["b", "sumbangan"] == pytest.approx(vb - va, rel=1e-12)
    assert hasil.loc[["a", "c", "d"], "sumbangan"].tolist() == [0, 0, 0]
    # b dan d berubah: L(va, vb) w ln(x2/x1)
    b["d"] = 4.0
    hasil = decompose_difference(a, b, pohon)
    va, vb = hasil.loc["I", ["nilai_a", "nilai_b"]]
    rata_log = (vb - va) / np.log(vb / va)
    assert hasil.at["b", "sumbangan"] == pytest.approx(rata_log * 3 / 8 * np.log(16), rel=1e-12)
    assert hasil.at["d", "sumbangan"] == pytest.approx(rata_log * 1 / 4 * np.log(1 / 4), rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.01, 100), min_size=8, max_size=8),
    st.floats(-1, 1),
    st.sampled_from(["aritmetik", "geometrik", "harmonik", "pangkat", "mazziotta_pareto"]),
)
def test_decomposition_exact_even_for_tiny_changes(kecil_tetap, use_mean, nilai, langkah, agregasi):
    pohon = use_mean(kecil_tetap, agregasi, 3.0)
    a = pd.Series(nilai[:4], index=list("abcd"))
    b = a + langkah * (pd.Series(nilai[4:], index=list("abcd")) - a).clip(-a * 0.999) * 10.0 ** (
        -9 * (1 - abs(langkah))
    )
    b = b.clip(lower=1e-4)
    hasil = decompose_difference(a, b, pohon)
    assert hasil.loc[list("abcd"), "sumbangan"].sum() == pytest.approx(hasil.at["I", "selisih"], abs=1e-10, rel=1e-8)


@pytest.fixture(scope="module")
def kecil_tetap():
    return Pohon.dari_tabel(
        pd.DataFrame({"kode": ["a", "b", "c", "d", "P", "Q", "I"], "induk": ["P", "P", "Q", "Q", "I", "I", None]})
    )


@pytest.mark.parametrize("pangkat", [0.5, 2.0])
def test_power_mean_decomposition_through_zero(kecil, pangkat):
    pohon = kecil.ganti(pangkat=pangkat).ganti(agregasi="pangkat")
    a = pd.Series({"a": 0.0, "b": 0.0, "c": 0.0, "d": 9.0})
    b = pd.Series({"a": 4.0, "b": 0.0, "c": 0.0, "d": 1.0})
    hasil = decompose_difference(a, b, pohon)
    assert hasil.loc[list("abcd"), "sumbangan"].sum() == pytest.approx(hasil.at["I", "selisih"], abs=1e-12)
    assert hasil.loc[["b", "c"], "sumbangan"].tolist() == [0, 0]


def test_shapley_exact_and_handles_zero_products(kecil, normal, sama):
    pohon = kecil.ganti(agregasi="hasil_kali")
    a, b = pd.Series({"a": 0.0, "b": 2.0, "c": 4.0, "d": 16.0}), pd.Series({"a": 8.0, "b": 2.0, "c": 4.0, "d": 16.0})
    with pytest.raises(GalatHitung, match="'shapley'"):
        decompose_difference(a, b, pohon)
    hasil = decompose_difference(a, b, pohon, metode="shapley", simpul=["a", "b", "c", "d"])
    assert hasil["sumbangan"].tolist() == pytest.approx([12, 0, 0, 0])
    # pohon aritmetik: kedua metode sama
    satu, dua = normal.loc["11"], normal.loc["31"]
    shapley = decompose_difference(satu, dua, sama, metode="shapley", simpul=sama.setingkat(2))
    divisia = decompose_difference(satu, dua, sama)
    np.testing.assert_allclose(shapley["sumbangan"], divisia.loc[shapley.index, "sumbangan"], atol=1e-12)
    with pytest.raises(GalatParameter, match="tepat sekali"):
        decompose_difference(satu, dua, sama, metode="shapley", simpul=["DKD", "DPS"])


def test_availability_difference_is_its_own_row(normal, sama):
    a, b = normal.loc["11"], normal.loc["31"].copy()
    b["KD3"] = np.nan
    b["KD1"] = np.nan
    pohon = sama.ganti(ambang={"SEHAT": 0.5})
    hasil = decompose_difference(a, b, pohon)
    assert (
        hasil.at["KD3", "sumbangan"] == 0
        and hasil.at["PAPAN", "sumbangan"] == 0
        and hasil.at[CAKUPAN, "sumbangan"] != 0
    )
    baris = [*pohon.indikator, CAKUPAN]
    beda = compute(b.to_frame().T, pohon)["IKESOS"].iloc[0] - compute(a.to_frame().T, pohon)["IKESOS"].iloc[0]
    assert hasil.loc[baris, "sumbangan"].sum() == pytest.approx(beda, abs=1e-12)
    assert hasil["bagian"].loc[baris].sum() == pytest.approx(1)


# -------------------------------------------------------------------- turunan dan galat baku


@pytest.mark.parametrize("agregasi", MEANS)
def test_gradient_equals_finite_differences(normal, timpang, agregasi, use_mean):
    s = use_mean(timpang, agregasi).susun()
    x = normal.iloc[:3][list(timpang.indikator)].to_numpy() + 5
    turunan = gradient(s, x)
    per_simpul = node_gradients(s, x)
    np.testing.assert_allclose(per_simpul[-1], turunan[:29].T, rtol=1e-12)
    h = 1e-5
    for k in (0, 3, 10, 28):
        maju, mundur = x.copy(), x.copy()
        maju[:, k] += h
        mundur[:, k] -= h
        beda = (s.hitung(maju) - s.hitung(mundur)) / (2 * h)
        np.testing.assert_allclose(per_simpul[:, :, k], beda, rtol=1e-6, atol=1e-9)


def test_gradient_skips_nodes_below_threshold(normal, timpang):
    """A node that falls below the threshold is no part of its parent's value, so no part of its gradient."""
    s = timpang.susun()
    cabang = next(c for c, anak in enumerate(s.anak) if len(anak) > 1 and max(anak) < 29)
    ambang = np.zeros_like(s.ambang)
    ambang[cabang] = 1.0
    s = replace(s, ambang=ambang)
    x = normal.iloc[:3][list(timpang.indikator)].to_numpy() + 5
    x[:, s.anak[cabang][0]] = np.nan
    nilai = s.hitung(x)
    assert np.isnan(nilai[29 + cabang]).all() and not np.isnan(nilai[-1]).any()
    per_simpul, h = node_gradients(s, x), 1e-5
    for k in (*s.anak[cabang][1:], 0, 14, 28):
        maju, mundur = x.copy(), x.copy()
        maju[:, k] += h
        mundur[:, k] -= h
        beda = ((s.hitung(maju) - s.hitung(mundur)) / (2 * h))[-1]
        np.testing.assert_allclose(per_simpul[-1, :, k], beda, rtol=1e-6, atol=1e-9)


def test_delta_error_by_hand(kecil):
    s = kecil.susun()
    x = np.array([[8.0, 2.0, 4.0, 16.0], [8.0, np.nan, 4.0, 16.0]])
    k = np.zeros((2, 4, 4))
    k[:, 0, 0], k[:, 1, 1], k[:, 0, 1], k[:, 1, 0] = 4, 1, 0.5, 0.5
    galat = delta_standard_error(s, x, k)
    letak = s.letak("P")
    assert galat[letak, 0] ** 2 == pytest.approx(4 / 16 + 9 / 16 + 2 * 3 / 16 * 0.5)
    assert galat[letak, 1] == pytest.approx(2)  # hanya a tersedia
    assert galat[-1] == pytest.approx(galat[letak] / 2)
    with pytest.raises(GalatHitung, match="semidefinit"):
        delta_standard_error(s, x, -np.tile(np.eye(4), (2, 1, 1)))
