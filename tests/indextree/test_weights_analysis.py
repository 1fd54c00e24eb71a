"""Bobot, analisis, dan penguraian: hitungan tangan, rumus tertutup, dan sifat umum."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indextree import (
    COVERAGE,
    MEANS,
    Tree,
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
    gradient,
    node_gradients,
    pca_weights,
    reliability,
    strengths_weaknesses,
)
from indextree.decomposition import multipliers
from indextree.errors import ComputationError, ParameterError

# -------------------------------------------------------------------- AHP


def pairwise(*values, code="abc"):
    pairs = [(code[i], code[j]) for i in range(len(code)) for j in range(i + 1, len(code))]
    return ahp_matrix(
        pd.DataFrame([(a, b, v) for (a, b), v in zip(pairs, values, strict=True)], columns=["a", "b", "value"])
    )


def test_ahp_three_items_closed_form():
    # tiga unsur: vektor eigen = rata-rata geometrik baris; lambda = 1 + c + 1/c, c = (a12 a23 / a13)^(1/3)
    result = ahp(pairwise(1 / 3, 5, 7))
    rows = np.array([5 / 3, 21, 1 / 35]) ** (1 / 3)
    assert result.weight.to_numpy() == pytest.approx(rows / rows.sum(), rel=1e-9)
    c = (1 / 3 * 7 / 5) ** (1 / 3)
    assert result.lambda_max == pytest.approx(1 + c + 1 / c, rel=1e-9)
    assert result.consistency_index == pytest.approx((1 + c + 1 / c - 3) / 2, rel=1e-9)
    assert result.consistency_ratio == pytest.approx((1 + c + 1 / c - 3) / 2 / 0.58, rel=1e-9)
    assert result.acceptable and round(result.lambda_max, 4) == 3.0649
    assert ahp(pairwise(1 / 3, 5, 7), method="geometric_mean").weight.to_numpy() == pytest.approx(rows / rows.sum())


def test_ahp_inconsistent_is_said():
    result = ahp(pairwise(9, 1 / 9, 9))
    assert not result.acceptable and result.consistency_ratio > 0.1
    assert result.inconsistencies["ratio"].is_monotonic_decreasing


@given(st.lists(st.floats(0.1, 10), min_size=2, max_size=8))
def test_ahp_recovers_consistent_weights(w):
    w = np.array(w)
    code = [f"k{i}" for i in range(len(w))]
    result = ahp(pd.DataFrame(w[:, None] / w[None, :], index=code, columns=code))
    assert result.weight.to_numpy() == pytest.approx(w / w.sum(), rel=1e-6)
    assert abs(result.consistency_ratio) < 1e-8 and result.acceptable


def test_ahp_keyed_by_name_and_combined():
    m = pairwise(1 / 3, 5, 7)
    rng = m.loc[["c", "a", "b"], ["b", "c", "a"]]
    pd.testing.assert_series_equal(ahp(rng).weight[list("abc")], ahp(m).weight, rtol=1e-9)
    invert = pairwise(3, 1 / 5, 1 / 7)
    assert ahp(combine_ahp([rng, invert])).weight.to_numpy() == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize(
    ("updates", "message"),
    [(("a", "b", -1.0), "positif"), (("a", "b", 9.0), "berbalikan pada 'a-b'"), (("a", "a", 2.0), "diagonal")],
)
def test_ahp_bad_matrix(updates, message):
    m = pairwise(1 / 3, 5, 7)
    m.at[updates[0], updates[1]] = updates[2]
    with pytest.raises(ParameterError, match=message):
        ahp(m)


def test_ahp_incomplete_pairs():
    with pytest.raises(ParameterError, match="belum dibandingkan: 'a-c'"):
        ahp_matrix(pd.DataFrame({"a": ["a", "b"], "b": ["b", "c"], "value": [2, 3]}))


# -------------------------------------------------------------------- bobot lain


@pytest.fixture
def three():
    return Tree.from_table(pd.DataFrame({"code": ["x", "y", "z", "I"], "parent": ["I", "I", "I", ""]}))


def test_given_and_equal(sama):
    weight = sama.replace(weight={"KD3": 4}).column("weight")
    assert weight["KD3"] == 4 and weight["KD4"] == 1
    assert (equal_weights(sama) == 1).all()


def test_pca_two_children_share_equally_and_negative_is_refused(three):
    rng = np.random.default_rng(1)
    z = rng.normal(size=200)
    data = pd.DataFrame({"x": z, "y": z + rng.normal(size=200), "z": -z + 0.1 * rng.normal(size=200)})
    with pytest.raises(ComputationError, match="Simpul 'I': muatan .* negatif pada 'z'"):
        pca_weights(data, three)
    zero = pca_weights(data, three, negative="zero")
    assert zero.weight["z"] == 0 and zero.weight.sum() == pytest.approx(1) and "'z'" in zero.note[0]
    squares = pca_weights(data, three, negative="flag", form="squared")
    assert squares.weight.to_numpy() == pytest.approx(squares.table["loading"].to_numpy() ** 2)
    # satu kolom tanpa ragam: dua sisanya berbagi sama rata
    flat = pca_weights(data.assign(z=3.0), three)
    assert flat.weight.to_dict() == pytest.approx({"x": 0.5, "y": 0.5, "z": 0.0}) and "tanpa ragam" in flat.note[0]


@pytest.fixture
def correlated():
    rng = np.random.default_rng(7)
    z = rng.normal(size=(300, 3)) @ np.array([[2, 0.5, 0.2], [0, 1, 0.3], [0, 0, 0.7]])
    return pd.DataFrame(z, columns=["x", "y", "z"]) + 10


@pytest.mark.parametrize("measure", ["correlation", "variance"])
def test_balanced_influence_hits_targets_by_name(three, correlated, measure):
    target = {"z": 0.25, "x": 0.4, "y": 0.35}
    result = balanced_weights(correlated, three, ["x", "y", "z"], target=target, measure=measure)
    assert result.achieved and (result.weight >= 0).all() and result.weight.sum() == pytest.approx(1)
    # dihitung lagi dari awal, tanpa memakai apa pun dari hasil selain bobotnya
    index = compute(correlated, three.replace(weight=result.weight))["I"]
    if measure == "correlation":
        r = correlated.corrwith(index)
        reached = r / r.sum()
    else:
        reached = correlated.mul(result.weight).apply(lambda k: k.cov(index)) / index.var()
    for code, values in target.items():
        assert reached[code] == pytest.approx(values, abs=1e-6), code


def test_balanced_influence_target_order_is_irrelevant(three, correlated):
    forward = balanced_weights(correlated, three, ["x", "y", "z"], target={"x": 3, "y": 2, "z": 2})
    backward = balanced_weights(correlated[["z", "y", "x"]], three, ["z", "x", "y"], target={"z": 2, "y": 2, "x": 3})
    assert backward.weight[["x", "y", "z"]].to_numpy() == pytest.approx(forward.weight.to_numpy(), abs=1e-7)
    with pytest.raises(ParameterError, match="menurut nama"):
        balanced_weights(correlated, three, ["x", "y", "z"], target={"x": 1, "y": 1})


def test_balanced_influence_says_when_it_cannot_be_had(normal, sama):
    # DKE berkorelasi 0,74 dengan DKD: bagian 0,1 untuk DKD mustahil dengan bobot tak negatif
    result = balanced_weights(normal, sama, ["DKD", "DPS", "DKE"], target={"DKE": 0.7, "DKD": 0.1, "DPS": 0.2})
    assert not result.achieved and "tidak dapat dicapai" in result.note and (result.weight >= 0).all()
    assert not np.isnan(result.table["share"]).any()


def test_balanced_influence_of_geometric_and_deeper_nodes(three, correlated, normal, sama):
    geometric = balanced_weights(
        correlated, three.replace(aggregation="geometric"), ["x", "y", "z"], target={"x": 4, "y": 3.5, "z": 2.5}
    )
    assert geometric.achieved, geometric.table
    inside = balanced_weights(normal, sama, sama.children["DKD"], ancestor="IKESOS")
    assert inside.weight.sum() == pytest.approx(1)
    with pytest.raises(ParameterError, match="Saudara 'DPS' harus"):
        balanced_weights(normal, sama, ["DKD", "DKE"])
    with pytest.raises(ComputationError, match="'x' bernilai sama"):
        balanced_weights(correlated.assign(x=1.0), three, ["x", "y", "z"])


# -------------------------------------------------------------------- analisis


def test_cronbach_by_hand():
    # dua kolom sama: alfa 1; var(a)=var(b)=1, kov=0,5: alfa = 2 (1 - 2/3) = 2/3
    a = pd.Series([1.0, 2, 3])
    assert cronbach_alpha(pd.DataFrame({"a": a, "b": a})) == pytest.approx(1)
    assert cronbach_alpha(pd.DataFrame({"a": a, "b": [1.0, 3, 2]})) == pytest.approx(2 / 3)
    with pytest.raises(ComputationError, match="dua kolom"):
        cronbach_alpha(a.to_frame())


def test_reliability_single_child_is_missing(normal, sama):
    result = reliability(compute(normal, sama), sama)
    assert np.isnan(result.at["PAPAN", "alpha_indicators"]) and result.at["DKD", "indicators"] == 9


def test_correlation_flags(sama, normal):
    values = compute(normal.assign(KD4=normal["KD3"] * 1.0, KD5=7.0), sama)
    result = correlations(values, sama, 1, related_only=True).set_index(["code_1", "code_2"])
    assert result.at[("KD3", "KD4"), "note"] == "collinear" and result.at[("KD3", "KD5"), "note"] == "no variance"
    assert set(result["relation"]) == {"siblings"}
    cross = correlations(values, sama, 1, 3, related_only=True, method="spearman")
    assert len(cross) == 29 and set(cross["relation"]) == {"ancestor"}


def test_effective_weights_are_variance_shares(normal, sama):
    result = effective_weights(normal, sama)
    values = compute(normal, sama)
    index = values["IKESOS"]
    for code in ("KD1", "SEHAT", "DKE"):
        expected = result.at[code, "final_weight"] * values[code].cov(index) / index.var()
        assert result.at[code, "variance_share"] == pytest.approx(expected, abs=1e-12), code
    for aggregation in ("arithmetic", "geometric", "harmonic"):
        part = effective_weights(normal, sama.replace(aggregation=aggregation))["variance_share"]
        for groups in (list(sama.indicators), ["DKD", "DPS", "DKE"]):
            assert part[groups].sum() == pytest.approx(1, abs=1e-9)


def test_drop_each_equals_pruned_tree(normal, uneven):
    scores, _, _ = drop_each(normal, uneven.replace(threshold=1.0), ["KD1", "PARTI", "DKE"])
    for code in ("KD1", "PARTI", "DKE"):
        expected = compute(normal, uneven.without(code).replace(threshold=1.0))["IKESOS"]
        np.testing.assert_allclose(scores[code], expected, rtol=1e-12, err_msg=code)


def test_strengths_and_weaknesses(normal, sama):
    result = strengths_weaknesses(normal, sama, "31", count=3)
    assert result["side"].tolist() == ["strength"] * 3 + ["weakness"] * 3
    strengths = result.iloc[0]
    other = normal.drop(index="31")[strengths["code"]].median()
    assert strengths["difference"] == pytest.approx(normal.at["31", strengths["code"]] - other)
    with pytest.raises(ParameterError, match="'99'"):
        strengths_weaknesses(normal, sama, "99")


# -------------------------------------------------------------------- penguraian


@pytest.mark.parametrize("aggregation", MEANS)
def test_difference_is_decomposed_exactly(normal, uneven, aggregation, use_mean):
    tree = use_mean(uneven, aggregation)
    a, b = normal, normal.iloc[::-1].set_axis(normal.index)
    result = contributions(a, b, tree)
    gap = compute(b, tree)["IKESOS"] - compute(a, tree)["IKESOS"]
    scale = 1e-10 * compute(a, tree)["IKESOS"].max()
    np.testing.assert_allclose(result[list(tree.indicators)].sum(axis=1), gap, atol=scale)
    np.testing.assert_allclose(result[["DKD", "DPS", "DKE"]].sum(axis=1), gap, atol=scale)
    np.testing.assert_allclose(result[list(tree.leaves("DKD"))].sum(axis=1), result["DKD"], atol=scale)
    np.testing.assert_allclose(result[COVERAGE], 0, atol=scale)


def test_node_below_its_threshold_takes_no_part(small):
    # Q menuntut tiga perempat anaknya: tanpa c ia gugur, I = P, dan d yang bergerak 16 -> 4 tidak menyumbang.
    tree = small.replace(threshold={"Q": 0.75})
    a = np.array([[8.0, 2.0, np.nan, 16.0]])
    b = np.array([[4.0, 6.0, np.nan, 4.0]])
    s = tree.compile()
    m, va, vb = multipliers(s, a, b)
    assert (va[-1, 0], vb[-1, 0]) == (3.5, 5.5)  # (8 + 3 x 2)/4 dan (4 + 3 x 6)/4
    assert dict(zip(s.codes, m[:, 0], strict=True)) == {"a": 0.25, "b": 0.75, "c": 0, "d": 0, "P": 1, "Q": 0, "I": 1}
    # gugur di satu keadaan saja: beda Q di keadaan lain bukan sumbangan d, melainkan ketersediaan
    b[0, 2] = 10.0
    m, va, vb = multipliers(s, a, b)
    assert m[s.positions("d"), 0] == 0 and (va[-1, 0], vb[-1, 0]) == (3.5, 5.5)
    one, two = (pd.DataFrame(x, columns=list("abcd")) for x in (a, b))
    part = contributions(one, two, tree).iloc[0]
    # I naik dari 3,5 ke (5,5 + 7)/2 = 6,25: a -1, b +3, sisanya Q yang baru tersedia
    assert part[["a", "b", "c", "d", COVERAGE]].tolist() == pytest.approx([-1, 3, 0, 0, 0.75])
    # tanpa ambang d ikut, setengah dari setengah: (a 1/8, b 3/8, d 1/2)
    m = multipliers(small.compile(), a, b)[0]
    assert m[:4, 0].tolist() == pytest.approx([1 / 8, 3 / 8, 0, 1 / 2])


def test_multipliers_of_a_node_below_the_top(small):
    s = small.replace(threshold={"I": 1.0}).compile()
    a = np.array([[8.0, 2.0, np.nan, np.nan]])
    b = np.array([[4.0, 6.0, np.nan, np.nan]])
    # I tidak tersedia, tetapi P tetap dapat diurai
    m, va, vb = multipliers(s, a, b, node=s.positions("P"))
    assert m[:, 0].tolist() == [0.25, 0.75, 0, 0, 1, 0, 0]
    assert (m[:4] * np.nan_to_num(vb - va)[:4]).sum() == pytest.approx(2)


def test_geometric_decomposition_is_lmdi(small):
    a = pd.Series({"a": 8.0, "b": 2.0, "c": 4.0, "d": 16.0})
    b = pd.Series({"a": 8.0, "b": 32.0, "c": 4.0, "d": 16.0})
    tree = small.replace(aggregation="geometric")
    result = decompose_difference(a, b, tree)
    # hanya b berubah: seluruh beda miliknya
    va, vb = ((8 * 2**3) ** 0.25 * 8) ** 0.5, ((8 * 32**3) ** 0.25 * 8) ** 0.5
    assert result.at["b", "contribution"] == pytest.approx(vb - va, rel=1e-12)
    assert result.loc[["a", "c", "d"], "contribution"].tolist() == [0, 0, 0]
    # b dan d berubah: L(va, vb) w ln(x2/x1)
    b["d"] = 4.0
    result = decompose_difference(a, b, tree)
    va, vb = result.loc["I", ["value_a", "value_b"]]
    log_mean = (vb - va) / np.log(vb / va)
    assert result.at["b", "contribution"] == pytest.approx(log_mean * 3 / 8 * np.log(16), rel=1e-12)
    assert result.at["d", "contribution"] == pytest.approx(log_mean * 1 / 4 * np.log(1 / 4), rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.01, 100), min_size=8, max_size=8),
    st.floats(-1, 1),
    st.sampled_from(["arithmetic", "geometric", "harmonic", "power", "mazziotta_pareto"]),
)
def test_decomposition_exact_even_for_tiny_changes(fixed_small, use_mean, values, step, aggregation):
    tree = use_mean(fixed_small, aggregation, 3.0)
    a = pd.Series(values[:4], index=list("abcd"))
    b = a + step * (pd.Series(values[4:], index=list("abcd")) - a).clip(-a * 0.999) * 10.0 ** (-9 * (1 - abs(step)))
    b = b.clip(lower=1e-4)
    result = decompose_difference(a, b, tree)
    assert result.loc[list("abcd"), "contribution"].sum() == pytest.approx(
        result.at["I", "difference"], abs=1e-10, rel=1e-8
    )


@pytest.fixture(scope="module")
def fixed_small():
    return Tree.from_table(
        pd.DataFrame({"code": ["a", "b", "c", "d", "P", "Q", "I"], "parent": ["P", "P", "Q", "Q", "I", "I", None]})
    )


@pytest.mark.parametrize("power", [0.5, 2.0])
def test_power_mean_decomposition_through_zero(small, power):
    tree = small.replace(power=power).replace(aggregation="power")
    a = pd.Series({"a": 0.0, "b": 0.0, "c": 0.0, "d": 9.0})
    b = pd.Series({"a": 4.0, "b": 0.0, "c": 0.0, "d": 1.0})
    result = decompose_difference(a, b, tree)
    assert result.loc[list("abcd"), "contribution"].sum() == pytest.approx(result.at["I", "difference"], abs=1e-12)
    assert result.loc[["b", "c"], "contribution"].tolist() == [0, 0]


def test_shapley_exact_and_handles_zero_products(small, normal, sama):
    tree = small.replace(aggregation="product")
    a, b = pd.Series({"a": 0.0, "b": 2.0, "c": 4.0, "d": 16.0}), pd.Series({"a": 8.0, "b": 2.0, "c": 4.0, "d": 16.0})
    with pytest.raises(ComputationError, match="'shapley'"):
        decompose_difference(a, b, tree)
    result = decompose_difference(a, b, tree, method="shapley", nodes=["a", "b", "c", "d"])
    assert result["contribution"].tolist() == pytest.approx([12, 0, 0, 0])
    # pohon aritmetik: kedua metode sama
    one, two = normal.loc["11"], normal.loc["31"]
    shapley = decompose_difference(one, two, sama, method="shapley", nodes=sama.at_level(2))
    divisia = decompose_difference(one, two, sama)
    np.testing.assert_allclose(shapley["contribution"], divisia.loc[shapley.index, "contribution"], atol=1e-12)
    with pytest.raises(ParameterError, match="tepat sekali"):
        decompose_difference(one, two, sama, method="shapley", nodes=["DKD", "DPS"])


def test_availability_difference_is_its_own_row(normal, sama):
    a, b = normal.loc["11"], normal.loc["31"].copy()
    b["KD3"] = np.nan
    b["KD1"] = np.nan
    tree = sama.replace(threshold={"SEHAT": 0.5})
    result = decompose_difference(a, b, tree)
    assert (
        result.at["KD3", "contribution"] == 0
        and result.at["PAPAN", "contribution"] == 0
        and result.at[COVERAGE, "contribution"] != 0
    )
    rows = [*tree.indicators, COVERAGE]
    gap = compute(b.to_frame().T, tree)["IKESOS"].iloc[0] - compute(a.to_frame().T, tree)["IKESOS"].iloc[0]
    assert result.loc[rows, "contribution"].sum() == pytest.approx(gap, abs=1e-12)
    assert result["share"].loc[rows].sum() == pytest.approx(1)


# -------------------------------------------------------------------- turunan dan galat baku


@pytest.mark.parametrize("aggregation", MEANS)
def test_gradient_equals_finite_differences(normal, uneven, aggregation, use_mean):
    s = use_mean(uneven, aggregation).compile()
    x = normal.iloc[:3][list(uneven.indicators)].to_numpy() + 5
    derivative = gradient(s, x)
    per_node = node_gradients(s, s.compute(x))
    np.testing.assert_allclose(per_node[-1], derivative[:29].T, rtol=1e-12)
    h = 1e-5
    for k in (0, 3, 10, 28):
        forward, backward = x.copy(), x.copy()
        forward[:, k] += h
        backward[:, k] -= h
        gap = (s.compute(forward) - s.compute(backward)) / (2 * h)
        np.testing.assert_allclose(per_node[:, :, k], gap, rtol=1e-6, atol=1e-9)


def test_gradient_skips_nodes_below_threshold(normal, uneven):
    """A node that falls below the threshold is no part of its parent's value, so no part of its gradient."""
    s = uneven.replace(threshold=0.4).compile()
    x = normal.iloc[:3][list(uneven.indicators)].to_numpy() + 5
    x[:, [k for k in range(29) if k % 3]] = np.nan
    values = s.compute(x)
    dropped = np.isnan(values[29:]).any(axis=1) & ~np.isnan(replace(s, threshold=0 * s.threshold).compute(x)[29:]).any(
        axis=1
    )
    assert dropped.any() and not np.isnan(values[-1]).any()
    per_node, h = node_gradients(s, s.compute(x)), 1e-5
    for k in range(0, 29, 3):
        forward, backward = x.copy(), x.copy()
        forward[:, k] += h
        backward[:, k] -= h
        gap = ((s.compute(forward) - s.compute(backward)) / (2 * h))[-1]
        np.testing.assert_allclose(per_node[-1, :, k], gap, rtol=1e-6, atol=1e-9)


def test_delta_error_by_hand(small):
    s = small.compile()
    x = np.array([[8.0, 2.0, 4.0, 16.0], [8.0, np.nan, 4.0, 16.0]])
    k = np.zeros((2, 4, 4))
    k[:, 0, 0], k[:, 1, 1], k[:, 0, 1], k[:, 1, 0] = 4, 1, 0.5, 0.5
    error = delta_standard_error(s, x, k)
    positions = s.positions("P")
    assert error[positions, 0] ** 2 == pytest.approx(4 / 16 + 9 / 16 + 2 * 3 / 16 * 0.5)
    assert error[positions, 1] == pytest.approx(2)  # hanya a tersedia
    assert error[-1] == pytest.approx(error[positions] / 2)
    with pytest.raises(ComputationError, match="semidefinit"):
        delta_standard_error(s, x, -np.tile(np.eye(4), (2, 1, 1)))
