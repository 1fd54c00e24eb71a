"""Normalisasi, pencilan, dan imputasi: hitungan tangan dan kolom yang tidak sehat."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indextree import (
    Normalisation,
    Recipe,
    Reference,
    Treatment,
    Tree,
    fit_array,
    impute_group,
    impute_siblings,
    inspect_indicators,
    normalise,
    treat_outliers,
)
from indextree.errors import ComputationError, ParameterError
from indextree.normalisation import SCALINGS, normalise_array
from indextree.treatment import OUTLIER_RULES


@pytest.fixture
def two():
    """x lebih besar lebih baik, y lebih kecil lebih baik."""
    return Tree.from_table(
        pd.DataFrame(
            {
                "code": ["x", "y", "I"],
                "parent": ["I", "I", ""],
                "direction": [1, -1, 1],
                "goalpost_lower": [0, 10, None],
                "goalpost_upper": [10, 30, None],
                "target": [20, 5, None],
            }
        )
    )


DATA = pd.DataFrame({"x": [2.0, 6.0, 10.0, 10.0], "y": [10.0, 20.0, 40.0, np.nan]}, index=list("abcd"))


@pytest.mark.parametrize(
    ("spec", "x", "y"),
    [
        (Normalisation("minmax", 0, 1), [0, 0.5, 1, 1], [1, 2 / 3, 0, np.nan]),
        (Normalisation("best_distance", 0, 1), [0, 0.5, 1, 1], [1, 2 / 3, 0, np.nan]),
        (Normalisation("goalposts", 0, 1), [0.2, 0.6, 1, 1], [1, 0.5, 0, np.nan]),
        (Normalisation("goalposts", 0, 1, clip=False), [0.2, 0.6, 1, 1], [1, 0.5, -0.5, np.nan]),
        (Normalisation("target_distance", 0, 1), [0, 4 / 18, 8 / 18, 8 / 18], [30 / 35, 20 / 35, 0, np.nan]),
        (Normalisation("rank"), [1, 2, 3, 3], [3, 2, 1, np.nan]),
        (Normalisation("percentile_rank", 0, 1), [0, 1 / 3, 2 / 3, 2 / 3], [1, 0.5, 0, np.nan]),
        # pecahan terbaik: arah -1 memakai terkecil / x, bukan x / terbesar dari nilai yang dibalik tandanya
        (Normalisation("best_fraction", 0, 1), [0.2, 0.6, 1, 1], [1, 0.5, 0.25, np.nan]),
        (Normalisation("unscaled"), [2, 6, 10, 10], [-10, -20, -40, np.nan]),
    ],
)
def test_each_method_by_hand(two, spec, x, y):
    result = normalise(DATA, two, spec)
    np.testing.assert_allclose(result["x"], x, rtol=1e-12)
    np.testing.assert_allclose(result["y"], y, rtol=1e-12)


def test_capped_target_and_scale(two):
    data = pd.DataFrame({"x": [0.0, 30.0], "y": [9.0, 1.0]}, index=["a", "b"])
    result = normalise(data, two, Normalisation("target_distance", 1, 101, clip=True))
    assert result["x"].tolist() == [1, 101] and result["y"].tolist() == [1, 101]


@pytest.mark.parametrize("method", [m for m in SCALINGS if m != "unscaled"])
def test_best_unit_scores_highest_whatever_the_direction(two, method):
    data = pd.DataFrame({"x": [1.0, 5.0, 9.0], "y": [30.0, 20.0, 12.0]}, index=list("abc"))
    result = normalise(data, two, method)
    for code in ("x", "y"):
        assert result[code].is_monotonic_increasing and result[code].iloc[0] < result[code].iloc[2], (method, code)


def test_scale_fixed_on_a_reference_year(two):
    base = pd.DataFrame({"x": [0.0, 10.0], "y": [0.0, 10.0]}, index=["a", "b"])
    new = pd.DataFrame({"x": [5.0, 12.0], "y": [5.0, -2.0]}, index=["a", "b"])
    result = normalise(new, two, "minmax", reference=base)
    assert result["x"].tolist() == [50, 120] and result["y"].tolist() == [50, 120]
    ranks = normalise(new, two, Normalisation("percentile_rank"), reference=base)
    assert ranks["x"].tolist() == [100, 100]


def test_method_per_indicator(two):
    result = normalise(DATA, two, {"y": Normalisation("goalposts"), "*": Normalisation("minmax", 1, 5)})
    assert result["x"].tolist() == [1, 3, 5, 5] and result["y"].tolist()[:3] == [100, 50, 0]
    with pytest.raises(ParameterError, match="'x'"):
        normalise(DATA, two, {"y": "minmax"})


@pytest.mark.parametrize("method", ["minmax", "zscore", "best_distance"])
def test_constant_indicator_is_named_or_handled(two, method):
    data = DATA.assign(x=0.1)
    with pytest.raises(ComputationError, match="'x' bernilai sama"):
        normalise(data, two, method)
    centred = normalise(data, two, Normalisation(method, mean=50, constant="middle"))["x"]
    assert centred.tolist() == [50] * 4
    assert normalise(data, two, Normalisation(method, constant="missing"))["x"].isna().all()


def test_refusals_name_the_indicator(two):
    with pytest.raises(ComputationError, match="target belum diisi untuk 'x'"):
        normalise(DATA, two.replace(target={"x": np.nan}), "target_distance")
    with pytest.raises(ComputationError, match="target tidak lebih baik.*'y'"):
        normalise(DATA, two.replace(target={"y": 50}), "target_distance")
    with pytest.raises(ComputationError, match="tonggak bawah/atas belum diisi untuk 'y'"):
        normalise(DATA, two.replace(goalpost_upper={"y": np.nan}), "goalposts")
    with pytest.raises(ComputationError, match="nilai terbaik nol.*'y'"):
        normalise(DATA.assign(y=[0.0, 1, 2, 3]), two, "best_fraction")
    with pytest.raises(ComputationError, match="tidak ada data sama sekali pada indikator 'y'"):
        normalise(DATA.assign(y=np.nan), two, "minmax")
    with pytest.raises(ParameterError, match=r"'minmaks' \(mungkin 'minmax'\)"):
        normalise(DATA, two, "minmaks")
    with pytest.raises(ParameterError, match="harus berisi angka; periksa 'x'"):
        normalise(DATA.assign(x=list("pqrs")), two)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([m for m in SCALINGS]))
def test_replicates_equal_one_by_one(seed, method):
    rng = np.random.default_rng(seed)
    x = rng.uniform(1, 9, (3, 6, 2))
    x[rng.random(x.shape) < 0.1] = np.nan
    x[:, 0] = 5.0
    x[:, 1] = 7.0
    reference = Reference(
        ("x", "y"), np.array([1.0, -1.0]), np.array([0.0, 0.0]), np.array([10.0, 10.0]), np.array([20.0, 0.5])
    )
    shared = normalise_array(x, Normalisation(method), reference)
    for r in range(3):
        np.testing.assert_allclose(shared[r], normalise_array(x[r], Normalisation(method), reference), rtol=1e-12)
        np.testing.assert_allclose(shared[r], fit_array(x[r], Normalisation(method), reference).apply(x[r]), rtol=1e-12)


# -------------------------------------------------------------------- pencilan


@pytest.fixture
def five():
    return Tree.from_table(
        pd.DataFrame({"code": ["good", "tetap", "binary", "zero", "tail", "I"], "parent": ["I"] * 5 + [""]})
    )


@pytest.fixture
def sick_columns():
    n = 40
    zero = np.zeros(n)
    zero[:4] = [1, 2, 3, 500]
    return pd.DataFrame(
        {
            "good": np.arange(n, dtype=float),
            "tetap": 7.0,
            "binary": [1.0] + [0.0] * (n - 1),
            "zero": zero,
            "tail": [1000.0, *np.arange(1.0, n)],
        },
        index=[f"u{i}" for i in range(n)],
    )


def test_degenerate_columns_are_named_and_left_alone(five, sick_columns):
    condition = inspect_indicators(sick_columns.drop(columns="good"), five)["condition"]
    assert condition.to_dict() == {
        "good": "unavailable",
        "tetap": "constant",
        "binary": "binary",
        "zero": "mostly zero",
        "tail": "outliers",
    }
    result = treat_outliers(sick_columns, five)
    action = result.summary["action"]
    assert action["tetap"] == "not treated: constant" and action["binary"] == "not treated: binary"
    assert action["zero"] == "not treated: mostly zero" and action["good"] == "not needed"
    assert action["tail"] == "winsorise" and result.data.at["u0", "tail"] == 39
    assert result.changes[["unit", "indicator", "old_value", "new_value"]].to_numpy().tolist() == [
        ["u0", "tail", 1000.0, 39.0]
    ]
    intact = ["good", "tetap", "binary", "zero"]
    pd.testing.assert_frame_equal(result.data[intact], sick_columns[intact])


def test_winsor_in_the_low_tail(five, sick_columns):
    data = sick_columns.assign(tail=-sick_columns["tail"])
    result = treat_outliers(data, five)
    assert result.changes["action"].tolist() == ["winsorised low"] and result.data.at["u0", "tail"] == -39


def test_log_when_too_many_points(five, sick_columns):
    """log_CT dan log_CT_plus COINr 1.1.14: geseran 0,01 rentang, dicerminkan bila menceng ke kiri."""
    long = np.exp(np.linspace(0, 12, 40)) - 1
    shift = 0.01 * long[-1]
    result = treat_outliers(sick_columns.assign(tail=long), five, Treatment(max_points=1))
    assert result.summary.at["tail", "action"] == "log"
    np.testing.assert_allclose(result.data["tail"], np.log(long + shift), rtol=1e-12)
    assert (result.changes["action"] == "log").all() and len(result.changes) == 40
    downward = treat_outliers(sick_columns.assign(tail=-long), five, Treatment("log"))
    np.testing.assert_allclose(downward.data["tail"], -np.log(long + shift), rtol=1e-12)


GRDP = [21, 23, 24, 26, 28, 30, 33, 35, 38, 41, 44, 52, 60, 75, 98, 130, 160, 190, 540, 980.0]


@pytest.fixture
def grdp():
    """Dua indikator, 20 unit; pdrb menceng sehingga sampai ke langkah log."""
    tree = Tree.from_table(pd.DataFrame({"code": ["I", "grdp", "y"], "parent": ["", "I", "I"]}))
    unit = [f"k{i:02d}" for i in range(20)]
    return tree, pd.DataFrame({"grdp": GRDP, "y": np.linspace(40, 80, 20)}, index=unit)


@pytest.mark.parametrize("factors", [1, 1e-3, 1e3, 1e6])
def test_log_step_does_not_depend_on_the_unit_of_measure(grdp, factors):
    """Nilai k10 dari COINr log_CT, sama dalam satuan apa pun."""
    tree, data = grdp
    result = Recipe(treatment=Treatment(max_points=1)).run(data.assign(grdp=data["grdp"] * factors), tree)
    assert set(result.changes["action"]) == {"log"}
    assert result.normal.at["k10", "grdp"] == pytest.approx(26.51, abs=0.005)
    assert result.index["k10"] == pytest.approx(39.57, abs=0.005)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.1, 1e4), min_size=8, max_size=25, unique=True),
    st.sampled_from([1e-6, 1e-3, 1000.0, 1e6]),
    st.sampled_from(sorted(OUTLIER_RULES)),
    st.sampled_from([1, -1]),
)
def test_another_unit_of_measure_changes_no_rank(content, factors, method, sign):
    tree = Tree.from_table(pd.DataFrame({"code": ["I", "p", "y"], "parent": ["", "I", "I"]}))
    data = pd.DataFrame({"p": sign * np.array(content) ** 3, "y": np.linspace(0, 1, len(content))})
    recipe = Recipe(treatment=Treatment(method, max_points=1))
    raw, other = (recipe.run(data.assign(p=data["p"] * f), tree) for f in (1.0, factors))
    np.testing.assert_allclose(raw.values, other.values, rtol=1e-8, atol=1e-8)
    assert raw.condition["condition"].equals(other.condition["condition"])
    gap = raw.ranks != other.ranks
    # peringkat hanya boleh bertukar di antara skor yang sama sampai galat pembulatan
    for unit in gap.index[gap["I"]]:
        assert (raw.index.drop(unit) - raw.index[unit]).abs().min() < 1e-8


def test_failure_is_stated_and_data_kept(five, sick_columns):
    data = sick_columns.assign(tail=[1e9, 1e9 + 1, 1e9 + 2, *np.linspace(0, 1e-3, 37)])
    result = treat_outliers(data, five, Treatment("winsorise", max_points=1))
    assert result.summary.at["tail", "action"].startswith("fail")
    pd.testing.assert_series_equal(result.data["tail"], data["tail"])
    assert result.changes.empty


# -------------------------------------------------------------------- imputasi


def test_group_imputation_by_hand(two):
    data = DATA.assign(island=["p", "p", "q", "q"], y=[1.0, np.nan, np.nan, np.nan])
    result = impute_group(data, two, "island")
    assert result.data["y"].tolist()[:2] == [1, 1] and result.data["y"].isna().sum() == 2
    assert result.changes["action"].tolist() == ["imputation", "still missing", "still missing"]
    assert result.changes["reason"].tolist()[0] == "mean of group 'p'"
    assert result.summary.loc["y"].tolist() == [3, 1, 2]
    median = impute_group(DATA, two, statistic="median")
    assert median.data.at["d", "y"] == 20
    with pytest.raises(ParameterError, match="Kelompok kosong untuk unit 'c'"):
        impute_group(data.assign(island=["p", "p", None, "q"]), two, "island")


def test_sibling_imputation_respects_direction(two):
    # d: x terbaik (1), jadi y diisi dengan yang terbaik, yaitu yang terkecil
    result = impute_siblings(DATA, two)
    assert result.data.at["d", "y"] == pytest.approx(10)
    assert result.changes["reason"].tolist() == ["mean of siblings under 'I'"]


def test_recipe_log_can_be_replayed(two):
    recipe = Recipe.from_dict(
        {"normalisation": {"method": "minmax", "upper": 1}, "imputation": "siblings", "treatment": "log"}
    )
    one, twice = recipe.run(DATA, two), recipe.run(DATA, two)
    pd.testing.assert_frame_equal(one.values, twice.values)
    replayed = DATA.copy()
    for unit, code, values in one.changes[["unit", "indicator", "new_value"]].itertuples(index=False):
        replayed.at[unit, code] = values
    pd.testing.assert_frame_equal(replayed, one.prepared)
    assert one.index.name == "I" and one.ranks["I"].max() <= 4
    with pytest.raises(ParameterError, match="'imputsi'"):
        Recipe.from_dict({"imputsi": "siblings"})
