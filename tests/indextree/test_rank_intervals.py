"""Selang peringkat serentak (Klein, Wright, dan Wieczorek 2020) dan seri menurut beda relatif."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm, t

from indextree import Scenario, Tree, expected_ranks, joint_rank_intervals, rank_array, rank_change, run_uncertainty
from indextree.errors import ParameterError
from indextree.ranking import draw_changes


def test_joint_intervals_by_hand():
    """Empat unit, galat baku 1, tingkat 90%: kuantil Bonferroni 1 - 0,1/8 = 2,2414.

    Selangnya 10 +- 2,24 = (7,76; 12,24), 7 = (4,76; 9,24), 5 = (2,76; 7,24), 1 = (-1,24; 3,24). Yang pertama pasti di atas
    5 dan 1; 7 pasti di atas 1; 5 tumpang tindih dengan 7 dan 1.
    """
    assert norm.isf(0.1 / 8) == pytest.approx(2.2414, abs=1e-4)
    lower, upper = joint_rank_intervals([10.0, 7.0, 5.0, 1.0], np.ones(4))
    assert lower.tolist() == [1, 1, 2, 3] and upper.tolist() == [2, 3, 4, 4]


def test_missing_units_and_small_degrees_of_freedom():
    values, se = np.array([10.0, np.nan, 5.0, 1.0]), np.array([1.0, 1.0, 1.0, np.nan])
    lower, upper = joint_rank_intervals(values, se)
    assert lower.tolist() == [1, 0, 2, 0] and upper.tolist() == [1, 0, 2, 0]
    # t(2) untuk dua unit pada 90%: 4,303; 10 - 4,303 < 5 + 4,303
    assert t.isf(0.025, 2) == pytest.approx(4.303, abs=1e-3)
    lower, upper = joint_rank_intervals(values, se, df=2)
    assert lower.tolist() == [1, 0, 1, 0] and upper.tolist() == [2, 0, 2, 0]
    assert [x.tolist() for x in joint_rank_intervals([np.nan], [1.0])] == [[0], [0]]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 20)), min_size=1, max_size=15),
    st.sampled_from(["bonferroni", "sidak"]),
    st.floats(0.5, 0.99),
)
def test_joint_intervals_equal_the_definition(content, method, level):
    values, se = np.array(content, dtype=float).T
    lower, upper = joint_rank_intervals(values, se, level, method=method)
    n = len(values)
    alpha = (1 - level) / n if method == "bonferroni" else 1 - level ** (1 / n)
    low, height = values - norm.isf(alpha / 2) * se, values + norm.isf(alpha / 2) * se
    for k in range(n):
        assert lower[k] == 1 + sum(low[j] > height[k] for j in range(n))
        assert upper[k] == n - sum(height[j] < low[k] for j in range(n))
    points = rank_array(values)
    assert (lower <= points).all() and (points <= upper).all()


@pytest.mark.parametrize(
    ("choices", "message"),
    [
        ({"level": 1.0}, "antara 0 dan 1"),
        ({"method": "scheffe"}, "'scheffe' tidak dikenal"),
        ({"se": [1.0, -1.0]}, "negatif"),
        ({"se": [1.0]}, "sama panjang"),
        ({"df": 0}, "Derajat bebas"),
    ],
)
def test_bad_input_is_refused(choices, message):
    with pytest.raises(ParameterError, match=message):
        joint_rank_intervals(**{"values": [1.0, 2.0], "se": [1.0, 1.0], **choices})


def test_joint_intervals_from_replicates():
    tree = Tree.from_table(pd.DataFrame({"code": ["I", "x", "y"], "parent": ["", "I", "I"]}))
    data = pd.DataFrame({"x": [90.0, 50.0, 48.0], "y": [90.0, 50.0, 48.0]}, index=list("abc"))
    variance = np.tile(np.eye(2) * 4.0, (3, 1, 1))
    recipe = {"normalisation": "unscaled"}
    from indextree import Recipe

    result = run_uncertainty(
        data, tree, Scenario(sampling=True, draws=500), recipe=Recipe.from_dict(recipe), covariance=variance
    )
    interval = result.joint_intervals()
    assert interval.to_numpy().tolist() == [[1, 1], [2, 3], [2, 3]]
    width = result.summary()
    assert (interval["rank_lower"] <= width["rank_lower"]).all()
    other = run_uncertainty(data, tree, {"aggregation": ["arithmetic", "geometric"]}, recipe=Recipe.from_dict(recipe))
    with pytest.raises(ParameterError, match="hanya memuat galat sampel"):
        other.joint_intervals()


# -------------------------------------------------------------------- seri


def test_tiny_scores_keep_different_ranks():
    """Hasil kali dua belas anak pada skala 0-1: enam skor 1e-18 sampai 6e-17, enam peringkat."""
    scores = np.array([1e-18, 3e-18, 8e-18, 2e-17, 4e-17, 6e-17])
    assert rank_array(scores).tolist() == [6, 5, 4, 3, 2, 1]


def test_large_scores_do_not_keep_rounding_noise():
    scores = np.array([3e8, 3e8 + 1e-7, 2e8, 1e12, 1e12 + 10])
    assert rank_array(scores).tolist() == [3, 3, 5, 2, 1]


@pytest.mark.parametrize("scale", [1e-20, 1e-6, 1.0, 1e15])
def test_ties_do_not_depend_on_the_scale(scale):
    scores = np.array([0.1 + 0.2, 0.3, 0.1 + 0.2 - 0.3, 0.0, -1.0, np.nan, 0.3 + 1e-9]) * scale
    assert rank_array(scores).tolist() == [2, 2, 4, 4, 6, 0, 1]


def test_infinite_scores_are_ranked():
    assert rank_array(np.array([np.inf, np.inf, 1.0, -np.inf])).tolist() == [1, 1, 3, 4]


def test_expected_ranks_by_hand():
    """Nilai 3 dan 2 bergalat 1: P(X2 > X1) = 1 - Phi(1/akar 2) = 0,2398; unit ketiga (-40, galat 1) pasti terakhir."""
    tail = 0.23975006
    hasil = expected_ranks([3.0, 2.0, -40.0, np.nan, 5.0], [1.0, 1.0, 1.0, 1.0, np.nan])
    assert hasil[:3] == pytest.approx([1 + tail, 2 - tail, 3], abs=1e-8)
    assert np.isnan(hasil[3:]).all()


def test_expected_ranks_without_error_are_ranks_and_ties_share():
    assert expected_ranks([1.0, 5.0, 3.0], np.zeros(3)).tolist() == [3.0, 1.0, 2.0]
    assert expected_ranks([4.0, 4.0, 1.0], np.zeros(3)).tolist() == [1.5, 1.5, 3.0]


def test_expected_ranks_match_simulation():
    rng = np.random.default_rng(7)
    values, se = rng.normal(50, 5, 12), rng.uniform(0.5, 6, 12)
    drawn = rank_array(values + se * rng.standard_normal((40_000, 12)))
    assert expected_ranks(values, se) == pytest.approx(drawn.mean(axis=0), abs=0.08)
    assert expected_ranks(values, se).sum() == pytest.approx(12 * 13 / 2)


def test_expected_ranks_refuse_bad_errors():
    with pytest.raises(ParameterError, match="negatif"):
        expected_ranks([1.0], [-1.0])
    with pytest.raises(ParameterError, match="sama panjang"):
        expected_ranks([1.0, 2.0], [1.0])


def test_tarikan_perubahan_sama_dengan_delapan_sekolah():
    """Rubin (1981): rerata posterior delapan sekolah menurut Stan (prior datar): 11,4; 7,9; 6,1; 7,6; 5,1; 6,2; 10,7; 8,5."""
    y, galat = np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    tarikan = draw_changes(y, galat**2, 100_000, np.random.default_rng(2))
    np.testing.assert_allclose(tarikan.mean(axis=0), [11.4, 7.9, 6.1, 7.6, 5.1, 6.2, 10.7, 8.5], atol=0.25)


def test_perubahan_peringkat_menurut_normal_dwi_peubah():
    """Dua unit bersaing, yang lain berubah jauh: peluang yang satu menyusul = kuadran normal dua peubah (scipy)."""
    jauh = np.arange(1, 21) * 1000.0
    a, b = np.append([50.0, 52.0], jauh), np.append([54.0, 53.0], jauh + np.tile([-300.0, 300.0], 10))
    s, t = np.append([1.0, 2.0], np.ones(20)), np.append([1.5, 1.0], np.ones(20))
    for kov in (np.zeros(22), np.append([1.2, 1.0], np.zeros(20))):
        hasil = rank_change(a, b, s, t, seed=3, covariance=kov, draws=20_000).iloc[:2]
        galat, bersama = [x[:2] @ x[:2] for x in (s, t)], kov[:2].sum()
        # Beda kedua unit di bawah nol dulu, di atas nol kemudian.
        naik = multivariate_normal([-2.0, -1.0], [[galat[0], -bersama], [-bersama, galat[1]]]).cdf([0.0, 0.0])
        assert hasil["up"][0] == pytest.approx(naik, abs=0.012)
        assert hasil["down"][1] == hasil["probability"][1] == hasil["up"][0]
        assert hasil["change"].tolist() == [1, -1]
        np.testing.assert_allclose(hasil[["up", "same", "down"]].sum(axis=1), 1)


@pytest.mark.parametrize(("sebaran", "galat"), [(0.1, 0.05), (0.3, 0.2), (1.0, 0.2)])
def test_peluang_nyata_tidak_berlebihan(sebaran, galat):
    """Di antara perubahan yang disebut berpeluang p, sekitar p yang sejatinya searah; 34 unit, 40 kali."""
    acak, disebut, benar = np.random.default_rng(4), [], []
    for i in range(40):
        dulu = acak.normal(size=34)
        kini = dulu + acak.normal(0, sebaran, 34)
        se = np.full(34, galat)
        hasil = rank_change(*(x + acak.normal(0, galat, 34) for x in (dulu, kini)), se, se, seed=i, draws=200)
        bergerak = hasil["change"] != 0
        disebut.append(hasil["probability"][bergerak])
        benar.append((np.sign(rank_array(dulu) - rank_array(kini)) == np.sign(hasil["change"]))[bergerak])
    disebut, benar = np.concatenate(disebut), np.concatenate(benar).astype(float)
    for bawah, atas in ((0.0, 0.5), (0.5, 0.8), (0.8, 1.01)):
        pilih = (disebut >= bawah) & (disebut < atas)
        if pilih.sum() > 100:
            assert disebut[pilih].mean() == pytest.approx(benar[pilih].mean(), abs=0.1)


def test_perubahan_pasti_hampir_tidak_pernah_keliru():
    """Delapan unit yang sejatinya tidak berubah: peluang satu saja dinyatakan pasti paling besar 10%."""
    acak = np.random.default_rng(11)
    sejati = np.linspace(0, 10, 8)
    keliru = 0
    for i in range(200):
        a, b = sejati + acak.normal(size=(2, 8))
        keliru += rank_change(a, b, np.ones(8), np.ones(8), seed=i, draws=100)["certain"].any()
    assert keliru <= 0.10 * 200
    # Lompatan besar dari bawah ke atas pasti, juga bagi unit yang dilewatinya.
    tegas = rank_change(np.array([0.0, 10, 20]), np.array([30.0, 10, 20]), np.full(3, 0.1), np.full(3, 0.1), seed=1)
    assert tegas["certain"].all() and (tegas["probability"] > 0.99).all() and tegas["change"].tolist() == [2, -1, -1]
    kosong = rank_change(*np.full((4, 2), np.nan), seed=1)
    assert kosong["change"].isna().all() and kosong["up"].isna().all() and not kosong["certain"].any()
    tetap = rank_change(np.arange(4.0), np.arange(4.0) + 1, np.zeros(4), np.zeros(4), seed=1)
    assert (tetap["same"] == 1).all()


def test_perubahan_peringkat_unit_hilang_dan_masukan_salah():
    nilai, se = np.array([3.0, np.nan, 1.0]), np.ones(3)
    hasil = rank_change(nilai, np.array([1.0, 9.0, 2.0]), se, se, seed=1)
    assert hasil["rank_second"].isna().tolist() == [False, True, False] and hasil["rank_second"][2] == 1
    assert not hasil["certain"][1] and np.isnan(hasil["probability"][1])
    for pilihan, kalimat in (
        ({"draws": 10}, "100 tarikan"),
        ({"covariance": np.full(3, 2.0)}, "tidak melebihi"),
        ({"covariance": np.zeros(2)}, "satu bilangan tiap unit"),
    ):
        with pytest.raises(ParameterError, match=kalimat):
            rank_change(nilai, nilai, se, se, seed=1, **pilihan)
