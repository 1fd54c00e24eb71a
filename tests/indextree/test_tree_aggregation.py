"""Pohon, agregasi, ambang, dan peringkat: hitungan tangan dan sifat umum."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indextree import (
    MEANS,
    Recipe,
    Treatment,
    Tree,
    availability,
    compute,
    contributions,
    rank_array,
    rank_frame,
    run_uncertainty,
)
from indextree.aggregation import mean, register
from indextree.errors import ComputationError, ParameterError

positive_values = st.lists(st.floats(0.5, 100), min_size=4, max_size=4)


def one(tree, **content):
    return compute(pd.DataFrame([content], index=["u"]), tree).loc["u"]


BY_HAND = [
    # P = (1*8 + 3*2)/4 dst., Q = (4, 16) berbobot sama
    ("arithmetic", None, 3.5, 10.0, 6.75),
    ("geometric", None, (8 * 2**3) ** 0.25, 8.0, ((8 * 2**3) ** 0.25 * 8) ** 0.5),
    ("harmonic", None, 4 / (1 / 8 + 3 / 2), 6.4, 2 / ((1 / 8 + 3 / 2) / 4 + 1 / 6.4)),
    ("power", 2.0, 19**0.5, 136**0.5, 77.5**0.5),
    # hasil kali apa adanya: (1/4 * 8) * (3/4 * 2) = 3; (1/2 * 4)(1/2 * 16) = 16; (3/2)(16/2) = 12
    ("product", None, 3.0, 16.0, 12.0),
    # M - S^2/M: P: M = 3,5, S^2 = (4,5^2 + 3 * 1,5^2)/4 = 6,75; Q: 10 - 36/10; I: M = 279/70, S = (6,4 - 11/7)/2
    ("mazziotta_pareto", None, 3.5 - 6.75 / 3.5, 6.4, 279 / 70 - (169 / 70) ** 2 / (279 / 70)),
]


@pytest.mark.parametrize(("aggregation", "power", "p", "q", "top"), BY_HAND)
def test_means_by_hand(small, aggregation, power, p, q, top):
    tree = small.replace(power=power) if power else small
    result = one(tree.replace(aggregation=aggregation), a=8.0, b=2.0, c=4.0, d=16.0)
    assert result[["P", "Q", "I"]].to_numpy() == pytest.approx([p, q, top], rel=1e-12)


@pytest.mark.parametrize(("power", "equal_to"), [(1.0, "arithmetic"), (0.0, "geometric"), (-1.0, "harmonic")])
def test_power_mean_special_cases(small, power, equal_to):
    content = {"a": 8.0, "b": 2.0, "c": 4.0, "d": 16.0}
    left = one(small.replace(power=power).replace(aggregation="power"), **content)
    pd.testing.assert_series_equal(left, one(small.replace(aggregation=equal_to), **content))


def test_penalty_of_equal_children_is_nil_and_grows_with_imbalance(small):
    """Mazziotta dan Pareto: unit seimbang tidak didenda; yang timpang turun walau rata-ratanya sama."""
    tree = small.replace(aggregation="mazziotta_pareto", weight={"a": 1, "b": 1})
    balanced = one(tree, a=100.0, b=100.0, c=100.0, d=100.0)
    uneven = one(tree, a=110.0, b=90.0, c=100.0, d=100.0)
    assert balanced["I"] == 100 and uneven["P"] == 100 - 10**2 / 100
    missing = one(tree, a=110.0, b=np.nan, c=100.0, d=100.0)
    assert missing["P"] == 110
    with pytest.raises(ComputationError, match="mazziotta_pareto menuntut nilai di atas nol, tetapi 'a'"):
        one(tree, a=0.0, b=90.0, c=100.0, d=100.0)


@pytest.mark.parametrize("code", MEANS)
def test_every_mean_is_described(code):
    assert code in {x for x, *_ in BY_HAND}, f"tulis satu hitungan tangan bagi '{code}' di BY_HAND, di berkas ini"
    method = mean(code, 2.0)
    assert type(method) is MEANS[code] and set(method.name) == {"id", "en"} and all(method.name.values())
    assert (method.requirement is None) == (method.forbidden(np.array([-1.0])) is None)
    assert method.base <= method.reference


@pytest.mark.parametrize("code", [k for k in MEANS if MEANS[k].internal])
@given(st.lists(st.floats(1, 100), min_size=2, max_size=6))
@settings(max_examples=30, deadline=None)
def test_internal_means_lie_between_their_children(code, content):
    children = [f"x{i}" for i in range(len(content))]
    tree = Tree.from_table(pd.DataFrame({"code": [*children, "I"], "parent": ["I"] * len(content) + [None]}))
    values = one(tree.replace(power=2.5).replace(aggregation=code), **dict(zip(children, content, strict=True)))["I"]
    assert min(content) * (1 - 1e-9) <= values <= max(content) * (1 + 1e-9)


def test_a_name_can_be_registered_once():
    with pytest.raises(ParameterError, match="'geometric' sudah terdaftar"):
        register(MEANS["geometric"])


def test_power_mean_with_missing_values(small):
    # b hilang: P = a; c hilang: Q = d, tanpa sisa bobot yang hilang
    tree = small.replace(power=2.0).replace(aggregation="power")
    result = one(tree, a=8.0, b=np.nan, c=np.nan, d=16.0)
    assert result[["P", "Q", "I"]].to_numpy() == pytest.approx([8, 16, 160**0.5])


def test_literal_product_is_missing_when_a_child_is(small):
    result = one(small.replace(aggregation="product"), a=8.0, b=np.nan, c=4.0, d=16.0)
    assert np.isnan(result["P"]) and np.isnan(result["I"]) and result["Q"] == 16


def test_threshold_by_count_and_by_weight_differ(small):
    # hanya b tersedia: 1 dari 2 anak, tetapi 3/4 bobotnya
    content = {"a": np.nan, "b": 2.0, "c": 4.0, "d": 16.0}
    summed = small.replace(threshold={"P": 0.6})
    assert np.isnan(one(summed, **content)["P"])
    assert one(summed.replace(threshold_basis={"P": "weight"}), **content)["P"] == 2
    # hanya a tersedia: setengah anak lulus 0,5 menurut jumlah, seperempat bobot tidak
    content = {"a": 8.0, "b": np.nan, "c": 4.0, "d": 16.0}
    half = small.replace(threshold=0.5)
    assert one(half, **content)["P"] == 8
    assert np.isnan(one(half.replace(threshold_basis="weight"), **content)["P"])


@pytest.mark.parametrize("repeated", [False, True])
def test_threshold_applies_to_every_level(small, repeated):
    tree = small.replace(threshold={"P": 1.0, "I": 1.0})
    x = np.array([[np.nan, 2.0, 4.0, 16.0], [8.0, 2.0, np.nan, 16.0]])
    s = tree.compile()
    if repeated:
        top = s.top(np.stack([x, x]))[1]
    else:
        top = s.top(x)
    assert np.isnan(top[0]) and top[1] == pytest.approx((3.5 + 16) / 2)


def test_two_thirds_threshold_is_not_lost_to_rounding():
    tree = Tree.from_table(
        pd.DataFrame({"code": ["a", "b", "c", "I"], "parent": ["I", "I", "I", ""], "weight": [0.1, 0.2, 0.3, 1]}),
        threshold=0.5,
        threshold_basis="weight",
    )
    # 0.1 + 0.2 = 0.30000000000000004 dari 0.6; 0.3 / 0.6 harus lulus 0,5
    assert one(tree, a=np.nan, b=np.nan, c=5.0)["I"] == 5
    assert one(tree, a=5.0, b=5.0, c=np.nan)["I"] == pytest.approx(5)


@pytest.mark.parametrize("aggregation", ["geometric", "harmonic"])
@pytest.mark.parametrize("values", [0.0, -1.0])
def test_zero_or_negative_refused_with_node_name(small, aggregation, values):
    with pytest.raises(ComputationError, match=r"Simpul 'Q'.*'d'.*'u'"):
        one(small.replace(aggregation={"Q": aggregation}), a=8.0, b=2.0, c=4.0, d=values)


def test_zero_at_upper_level_refused_with_node_name(small):
    with pytest.raises(ComputationError, match="Simpul 'I'.*'P'"):
        one(small.replace(aggregation={"I": "geometric"}), a=0.0, b=0.0, c=4.0, d=1.0)


def test_power_of_negative_refused(small):
    tree = small.replace(power=2.0).replace(aggregation="power")
    assert one(tree, a=0.0, b=2.0, c=4.0, d=1.0)["P"] == pytest.approx(3**0.5)
    with pytest.raises(ComputationError, match="Simpul 'P'.*tak negatif"):
        one(tree, a=-1.0, b=2.0, c=4.0, d=1.0)


def test_zero_weight_child_neither_counts_nor_blocks(small):
    # a berbobot nol dan bernilai nol: geometrik tetap dapat dihitung dan ambang 1 tetap terpenuhi
    tree = small.replace(weight={"a": 0}, aggregation="geometric", threshold=1.0)
    assert one(tree, a=0.0, b=2.0, c=4.0, d=16.0)["P"] == pytest.approx(2)
    assert one(tree, a=np.nan, b=2.0, c=4.0, d=16.0)["P"] == pytest.approx(2)


def test_uneven_depth():
    table = pd.DataFrame({"code": ["x", "y", "z", "P", "I"], "parent": ["P", "P", "I", "I", ""]})
    tree = Tree.from_table(table)
    assert one(tree, x=2.0, y=4.0, z=9.0)["I"] == 6
    s = tree.compile()
    w = np.stack([s.weight_array(), s.weight_array({"z": 3})])
    assert s.top(np.array([[2.0, 4.0, 9.0]]), w)[:, 0] == pytest.approx([6, 7.5])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"code": ["a", "a", "I"], "parent": ["I", "I", ""]}, "ganda"),
        ({"code": ["a", "I"], "parent": ["X", ""]}, "'X'"),
        ({"code": ["a", "b", "I"], "parent": ["b", "a", ""]}, "lingkaran"),
        ({"code": ["a", "I", "J"], "parent": ["I", "", ""]}, "tepat satu puncak"),
        ({"code": ["a", "b"], "parent": ["b", "a"]}, "lingkaran"),
        ({"code": ["I"], "parent": [""]}, "tanpa indikator"),
        ({"code": ["a", "I"], "parent": ["I", ""], "weight": [-1, 1]}, "tak negatif"),
        ({"code": ["a", "I"], "parent": ["I", ""], "weight": [0, 1]}, "jumlah bobot anaknya nol"),
        ({"code": ["a", "b", "I"], "parent": ["I", "I", ""], "weight": [1, None, 1]}, "Bobot kosong pada 'b'"),
        ({"code": ["a", "I"], "parent": ["I", ""], "direction": [2, 1]}, "Arah"),
        ({"code": ["a", "I"], "parent": ["I", ""], "direction": [1, -1]}, "hanya untuk indikator"),
        ({"code": ["a", "I"], "parent": ["I", ""], "goalpost_lower": [5, None], "goalpost_upper": [5, None]}, "'a'"),
        ({"code": ["a", "I"], "parent": ["I", ""], "aggregation": [None, "middle"]}, "'middle' tidak dikenal"),
        ({"code": ["a", "I"], "parent": ["I", ""], "aggregation": [None, "power"]}, "menuntut"),
        ({"code": ["a", "I"], "parent": ["I", ""], "threshold": [None, 1.5]}, "ambang"),
    ],
)
def test_bad_trees_are_refused(content, message):
    with pytest.raises(ParameterError, match=message):
        Tree.from_table(pd.DataFrame(content))


def test_unknown_names_get_a_suggestion(sama, normal):
    with pytest.raises(ParameterError, match=r"'KD01' \(mungkin 'KD1'\)"):
        sama.replace(weight={"KD01": 2})
    with pytest.raises(ParameterError, match="tidak memuat indikator 'KD1'"):
        compute(normal.drop(columns="KD1"), sama)
    with pytest.raises(ParameterError, match="Unit ganda"):
        compute(pd.concat([normal, normal]), sama)


def test_missing_column_is_not_available_never_zero(sama, normal):
    result = compute(normal.drop(columns="KD1"), sama, missing_columns="missing")
    assert result["KD1"].isna().all() and result["PAPAN"].isna().all() and result["IKESOS"].notna().all()
    basis = availability(normal.drop(columns="KD1"), sama).query("code == 'DKD'")
    assert (basis["available"] == 8).all() and (basis["unavailable"] == "KD1").all()
    assert basis["weight_share"].to_numpy() == pytest.approx(0.8)


def test_removing_nodes_prunes_empty_parents(sama):
    tree = sama.without("KD1", "KD8", "KD9")
    assert "PAPAN" not in tree.codes and "ADMIN" not in tree.codes and "SEHAT" in tree.codes
    assert sama.subtree("DKE").top == "DKE"
    assert sama.final_weights()[list(sama.indicators)].sum() == pytest.approx(1)
    with pytest.raises(ParameterError, match="Puncak"):
        sama.without("IKESOS")


def test_ranks_by_hand():
    scores = pd.Series([3.0, 1.0, np.nan, 3.0 + 1e-12, 2.0])
    assert rank_frame(scores).tolist()[:2] == [1, 4]
    assert rank_array(scores.to_numpy()).tolist() == [1, 4, 0, 1, 3]


@given(st.lists(st.one_of(st.none(), st.integers(0, 6)), min_size=1, max_size=20))
def test_ranks_agree_with_pandas(content):
    scores = pd.Series([np.nan if x is None else float(x) for x in content])
    expected = scores.rank(ascending=False, method="min").fillna(0).astype(int)
    assert rank_array(scores.to_numpy()).tolist() == expected.tolist()


@settings(max_examples=60, deadline=None)
@given(positive_values, st.lists(st.floats(0.01, 10), min_size=6, max_size=6), st.floats(0.01, 100))
def test_mean_inequalities_scaling_and_bounds(fixed_small, values, weight, scale):
    tree = fixed_small.replace(weight=dict(zip("abcdPQ", weight, strict=True)))
    x = np.array([values])
    a, g, h = (tree.replace(aggregation=j).compile().compute(x)[4:, 0] for j in ("arithmetic", "geometric", "harmonic"))
    rest = 1e-9 * max(values)
    assert (a >= g - rest).all() and (g >= h - rest).all()
    assert (a <= max(values) + rest).all() and (h >= min(values) - rest).all()
    # bobot dikalikan tetapan tidak mengubah apa pun; nilai dikalikan tetapan mengalikan rata-ratanya
    s = tree.compile()
    assert s.compute(x, s.weight * scale) == pytest.approx(s.compute(x), rel=1e-12)
    assert s.compute(x * scale) == pytest.approx(s.compute(x) * scale, rel=1e-12)


@pytest.fixture(scope="module")
def fixed_small():
    return Tree.from_table(
        pd.DataFrame({"code": ["a", "b", "c", "d", "P", "Q", "I"], "parent": ["P", "P", "Q", "Q", "I", "I", None]})
    )


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(["arithmetic", "geometric", "harmonic"]))
def test_order_of_rows_and_columns_changes_nothing(nodes, normal, rng, aggregation):
    table = nodes.rename(columns={"bobot_timpang": "weight"})
    order = list(range(len(table)))
    rng.shuffle(order)
    columns, rows = list(normal.columns), list(normal.index)
    rng.shuffle(columns)
    rng.shuffle(rows)
    straight = compute(normal, Tree.from_table(table, aggregation=aggregation))
    shuffled = compute(normal.loc[rows, columns], Tree.from_table(table.iloc[order], aggregation=aggregation))
    pd.testing.assert_frame_equal(shuffled.loc[straight.index, straight.columns], straight, rtol=1e-12)


@pytest.mark.parametrize("aggregation", MEANS)
@pytest.mark.parametrize("missing", [0.0, 0.1])
def test_batch_equals_one_by_one(uneven, normal, aggregation, missing, use_mean):
    """Jalur cepat (bersama, per ulangan, per blok) sama dengan satu ulangan demi satu."""
    rng = np.random.default_rng(3)
    tree = use_mean(uneven, aggregation, 3.0).replace(threshold=0.4).replace(threshold_basis={"DPS": "weight"})
    s = tree.compile()
    x = normal[list(tree.indicators)].to_numpy()
    x3 = np.clip(x * rng.uniform(0.9, 1.1, (7, *x.shape)), 1, 100)
    x, x3 = (np.where(rng.random(y.shape) < missing, np.nan, y) for y in (x, x3))
    w = s.weight * rng.uniform(0.5, 1.5, (7, len(s.codes)))
    w[3, s.positions("KD3")] = 0
    weighted, repeated, both_ways = s.compute(x, w), s.compute(x3), s.compute(x3, w)
    for r in range(7):
        np.testing.assert_allclose(weighted[:, r], s.compute(x, w[r]), rtol=1e-12)
        np.testing.assert_allclose(repeated[:, r], s.compute(x3[r]), rtol=1e-12)
        np.testing.assert_allclose(both_ways[:, r], s.compute(x3[r], w[r]), rtol=1e-12)


def test_many_replicates_cross_block_borders(sama, normal):
    s = sama.compile()
    x = np.tile(normal.to_numpy(), (20, 1))
    w = s.weight * np.random.default_rng(5).uniform(0.5, 1.5, (150, len(s.codes)))
    top = s.top(x, w)
    np.testing.assert_allclose(top[[0, 48, 149]], [s.top(x, w[r]) for r in (0, 48, 149)], rtol=1e-12)


# -------------------------------------------------------------------- tabel dari tempat lain


def test_integer_codes_with_a_blank_root():
    """Kolom induk menjadi pecahan karena sel kosong puncak; kode 1 tetap 1."""
    table = pd.DataFrame({"code": [1, 11, 12], "parent": [None, 1, 1]})
    assert table["parent"].dtype == float
    tree = Tree.from_table(table)
    assert tree.top == "1" and tree.indicators == ("11", "12")
    data = pd.DataFrame({11: [2.0, 4.0], 12: [4.0, 8.0], 99: ["a", "b"]}, index=["u", "v"])
    assert compute(data, tree)["1"].tolist() == [3, 6]
    result = Recipe(treatment=Treatment("log"), imputation="siblings").run(data, tree)
    assert list(result.prepared.columns) == [11, 12, 99] and result.index.tolist() == [0, 100]


def test_arrow_tree_is_read_and_arrow_data_refused_by_name(small):
    pa = pytest.importorskip("pyarrow")
    tree = Tree.from_table(pa.table({"code": ["a", "b", "I"], "parent": ["I", "I", None]}))
    assert tree.indicators == ("a", "b")
    data = pa.table({"a": [1.0], "b": [2.0]})
    for call in (
        lambda: compute(data, tree),
        lambda: Recipe().run(data, tree),
        lambda: availability(data, tree),
        lambda: run_uncertainty(data, tree, {"aggregation": ["arithmetic", "geometric"]}),
        lambda: contributions(data, data, tree),
        lambda: compute({"a": [1.0], "b": [2.0]}, tree),
    ):
        with pytest.raises(
            ParameterError, match=r"harus DataFrame pandas berindeks unit; diberikan (pyarrow|builtins)"
        ):
            call()
    with pytest.raises(ParameterError, match="Tabel pohon harus DataFrame; diberikan dict"):
        Tree.from_table({"code": ["a"]})


def test_duplicate_columns_are_named(small):
    data = pd.DataFrame([[1.0, 2, 3, 4, 5]], columns=["a", "b", "c", "d", "a"])
    with pytest.raises(ParameterError, match="Kolom ganda: 'a'"):
        compute(data, small)
    with pytest.raises(ParameterError, match="Kolom ganda: '11'"):
        compute(
            pd.DataFrame([[1.0, 2.0]], columns=[11, "11"]),
            Tree.from_table(pd.DataFrame({"code": [1, 11], "parent": [None, 1]})),
        )
    with pytest.raises(ParameterError, match="Kolom ganda: 'weight'"):
        Tree.from_table(pd.DataFrame([["a", "I", 1, 2]], columns=["code", "parent", "weight", "weight"]))


def test_column_of_nothing_is_missing(small):
    data = pd.DataFrame({"a": [None], "b": [2.0], "c": [4.0], "d": [16.0]}, index=["u"], dtype=object)
    data = data.astype({k: float for k in "bcd"})
    assert compute(data, small)["P"].tolist() == [2]
