"""Values over rows, columns and fractions against hand calculation; the sentence; and attrs through pandas verbs."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from colformula import (
    FormulaError,
    Missing,
    RowScope,
    Scope,
    Words,
    derive,
    evaluate,
    explain,
    parse,
    round_half_away,
    write,
)
from colformula.tree import Binary, Call, Name, Negative, Number


@pytest.fixture
def pkh():
    """PKH graduation 2020 as the report prints it: 29.58% and 70.41% (its own rounding of 70.4093)."""
    frame = pd.DataFrame(
        {"kpm": [352420, 838771, 1191279], "g": ["a", "a", "b"]}, index=["mandiri", "alamiah", "jumlah"]
    )
    frame.attrs["totals"] = ["jumlah"]
    return frame


@pytest.mark.parametrize(
    "rule, expected",
    [
        ('kpm / kpm["jumlah"] * 100', [29.58333, 70.40928, 100]),
        ("kpm - previous(kpm)", [math.nan, 486351, 352508]),
        ("kpm - first(kpm)", [0, 486351, 838859]),
        ("last(kpm)", [1191279] * 3),
        ("sum(kpm)", [1191191] * 3),
        ("sum(kpm[all])", [2382470] * 3),
        ("mean(kpm)", [595595.5] * 3),
        ("median(kpm[all])", [838771] * 3),
        ("max(kpm) - min(kpm)", [486351] * 3),
        ("count(kpm > 400000)", [1] * 3),
        ("sum(kpm[upto])", [352420, 1191191, 1191191]),
        ("sum(kpm[g])", [1191191, 1191191, math.nan]),
        ('kpm[g="b"]', [1191279] * 3),
        ("min(kpm, 500000)", [352420, 500000, 500000]),
        ("max(kpm - 500000, 0)", [0, 338771, 691279]),
        ("round(kpm / 1000, 1)", [352.4, 838.8, 1191.3]),
        ("at_most(kpm, 1000000)", [352420, 838771, 1000000]),
        ("ceil(kpm / 1000)", [353, 839, 1192]),
        ("floor(-kpm / 1000)", [-353, -839, -1192]),
        ("kpm / (kpm - 838771)", [-0.724621, math.nan, 3.379414]),
        ("2 * (3 - 1) - 4 / 2", [2] * 3),
        ("kpm * kpm * kpm", [352420**3, 838771**3, 1191279**3]),
    ],
)
def test_derive_by_hand(pkh, rule, expected):
    found = derive(pkh, x=rule)["x"]
    assert list(found.astype(float)) == pytest.approx(expected, rel=1e-5, nan_ok=True)


@pytest.mark.parametrize("kind", ["int64", "Int64", "float64", "Float64", "int32", "object"])
def test_every_number_type(pkh, kind):
    found = derive(pkh.astype({"kpm": kind}), x='kpm / kpm["jumlah"] * 100', y="sum(kpm)")
    assert list(found["x"].astype(float)) == pytest.approx([29.58333, 70.40928, 100], rel=1e-6)
    assert set(found["y"]) == {1191191}


def test_missing_cells_stay_missing(pkh):
    frame = pkh.astype({"kpm": "Int64"})
    frame.loc["alamiah", "kpm"] = pd.NA
    found = derive(frame, x="kpm * 2", y="max(kpm, 0)", z="sum(kpm)")
    assert found["x"].isna().tolist() == found["y"].isna().tolist() == [False, True, False]
    assert set(found["z"]) == {352420}


def test_rules_that_differ_by_row(pkh):
    found = derive(pkh, x={"jumlah": "sum(kpm)", "*": "kpm"})
    assert list(found["x"]) == [352420, 838771, 1191191]
    with pytest.raises(FormulaError, match='"total" tidak ada'):
        derive(pkh, x={"total": "kpm"})


def test_later_formula_reads_earlier_column(pkh):
    found = derive(pkh, a="kpm * 2", b="a + 1")
    assert list(found["b"]) == [2 * x + 1 for x in pkh["kpm"]]
    assert found.attrs["formulas"] == {"a": "kpm * 2", "b": "a + 1"}
    assert "formulas" not in pkh.attrs and "a" not in pkh


@pytest.mark.parametrize(
    "rule, word",
    [
        ("kmp / 2", "Kolom 'kmp' tidak ada; yang mirip: kpm"),
        ('kpm["total"]', 'Baris "total" tidak ada; kunci yang ada: mandiri'),
        ("[t/x] + 1", r"Id \[t/x\]"),
        ("sum(zz[g])", "Kolom 'zz'"),
    ],
)
def test_what_is_not_there(pkh, rule, word):
    with pytest.raises(FormulaError, match=word):
        derive(pkh, x=rule)


def test_explained_with_numbers_and_ids(pkh):
    pkh.attrs["ids"] = {"kpm": {"mandiri": "pkh/1/kpm", "jumlah": "pkh/3/kpm"}}
    found = derive(pkh, x='kpm / kpm["jumlah"] * 100', y={"jumlah": "sum(kpm)", "*": "-(kpm - 1) * (2 + 3)"})
    assert explain(found, "x", "mandiri", number="{:.6g}".format) == [
        "352420 / 1.19128e+06 × 100 = 29.5833",
        "pkh/1/kpm: 352420",
        "pkh/3/kpm: 1.19128e+06",
    ]
    assert explain(found, "y", "jumlah")[0] == "352420 + 838771 = 1191191"
    assert explain(found, "y", "mandiri")[0] == "−(352420 − 1) × (2 + 3) = -1762095"
    assert explain(found, "kpm", "mandiri") is None


def test_a_cell_the_formula_no_longer_gives_has_no_sentence(pkh):
    found = derive(pkh, x='kpm / kpm["jumlah"] * 100', y="sum(kpm)")
    assert explain(found.drop("jumlah"), "x", "mandiri") is None
    assert explain(found.drop("alamiah"), "y", "mandiri") is None
    assert explain(found.assign(x=1.0), "x", "mandiri") is None
    assert explain(found.rename(columns={"kpm": "k"}), "x", "mandiri") is None


VERBS = {
    "assign": lambda f: f.assign(z=1),
    "query": lambda f: f.query("kpm > 0"),
    "loc": lambda f: f.loc[["mandiri", "jumlah"]],
    "iloc": lambda f: f.iloc[:2],
    "mask": lambda f: f[f["kpm"] > 0],
    "columns": lambda f: f[["kpm", "x"]],
    "sort_values": lambda f: f.sort_values("kpm"),
    "sort_index": lambda f: f.sort_index(),
    "set_index": lambda f: f.set_index("g"),
    "reset_index": lambda f: f.reset_index(),
    "rename": lambda f: f.rename(columns={"kpm": "k"}),
    "drop": lambda f: f.drop("jumlah"),
    "astype": lambda f: f.astype({"kpm": float}),
    "groupby": lambda f: f.groupby("g").sum(),
    "melt": lambda f: f.melt("g"),
    "concat": lambda f: pd.concat([f, f]),
    "copy": lambda f: f.copy(),
    "head": lambda f: f.head(1),
    "dropna": lambda f: f.dropna(),
    "fillna": lambda f: f.fillna({"x": 0}),
    "pipe": lambda f: f.pipe(lambda y: y),
    "reindex": lambda f: f.reindex(["jumlah", "mandiri"]),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_formulas_survive_the_verb(pkh, verb):
    assert verb(derive(pkh, x="kpm * 2")).attrs["formulas"] == {"x": "kpm * 2"}


def test_joined_frames_lose_their_formulas_rather_than_tell_wrong_ones(pkh):
    """pandas keeps attrs of a join only when both frames have the same; the README says so."""
    found = derive(pkh, x="kpm * 2").merge(pd.DataFrame({"g": ["a", "b"], "n": [1, 2]}), on="g")
    assert found.attrs == {} and explain(found, "x", 0) is None


# --- exact fractions ----------------------------------------------------------------------------------------------


class Given(Scope):
    def __init__(self, exact, **values):
        self.exact, self.given = exact, values

    def one(self, leaf):
        value = self.given[leaf.name]
        return Fraction(value) if self.exact else value

    def many(self, leaf):
        return [self.one(leaf)]


_X = st.integers(-(10**6), 10**6)
_TREE = st.recursive(
    st.one_of(st.builds(Number, st.sampled_from(["1", "2", "100", "0.5", "12", "0.25"])), st.builds(Name, st.sampled_from("abc"))),
    lambda x: st.one_of(
        st.builds(Binary, st.sampled_from("+-*/"), x, x),
        st.builds(Negative, x),
        st.builds(lambda f, a: Call(f, tuple(a)), st.sampled_from(["sum", "mean", "min", "max"]), st.lists(x, min_size=2, max_size=3)),
    ),
    max_leaves=8,
)  # fmt: skip


@given(_TREE, _X, _X, _X)
def test_fractions_equal_floats(tree, a, b, c):
    try:
        exact = evaluate(tree, Given(True, a=a, b=b, c=c))
        size = evaluate(tree, Given(True, a=abs(a), b=abs(b), c=abs(c)))
        found = evaluate(tree, Given(False, a=a, b=b, c=c))
    except (ZeroDivisionError, OverflowError):
        assume(False)
    assert isinstance(exact, Fraction)
    assume(abs(size) < 10**15)
    # cancellation loses digits of the operands, not of the result
    assert float(exact) == pytest.approx(float(found), rel=1e-12, abs=1e-6 * max(1, abs(float(size))) * 1e-4)


@pytest.mark.parametrize(
    "rule, expected",
    [
        ("1 / 3 + 1 / 6", Fraction(1, 2)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("mean(1, 2, 4)", Fraction(7, 3)),
        ("round(2.675, 2)", Fraction(268, 100)),
        ("round(-2.5)", Fraction(-3)),
        ("ceil(0.29 * 100)", Fraction(29)),
        ("floor(7 / 2)", Fraction(3)),
        ("sum(largest(list(5, 4, 3, 2, 1), 4))", Fraction(14)),
        ("count(round(list(100.04, 99.9, 101), 1) = 100)", Fraction(1)),
        ("count(list(90, 120) > list(97, 98))", Fraction(1)),
        ("at_most(226.29, 120)", Fraction(120)),
        # 7 of 9 persons are 77.78%
        ("nearest_share(77.5, 9)", Fraction(700, 9)),
        ("median(3, 1, 2)", Fraction(2)),
    ],
)
def test_exact_by_hand(rule, expected):
    found = evaluate(parse(rule), Given(True))
    assert found == expected and isinstance(found, Fraction)


@pytest.mark.parametrize(
    "x, places, expected", [(2.675, 2, 2.68), (0.5, 0, 1), (-0.5, 0, -1), (1.005, 2, 1.01), (24997.5, 0, 24998)]
)
def test_half_away_from_zero_on_what_is_written(x, places, expected):
    assert round_half_away(x, places) == expected
    assert round_half_away(np.float64(x), places) == expected


def test_division_by_zero_of_a_single_number_is_the_callers():
    with pytest.raises(ZeroDivisionError):
        evaluate(parse("1 / (2 - 2)"), Given(True))


def test_a_text_in_arithmetic_is_missing():
    frame = pd.DataFrame({"a": ["x", "y"]})
    with pytest.raises(Missing, match="teks 'x'"):
        evaluate(parse("a + 1"), RowScope(frame, 0))


def test_row_scope_of_several_values_is_missing(pkh):
    with pytest.raises(Missing):
        evaluate(parse('kpm[g="a"]'), RowScope(pkh, 0))
    assert evaluate(parse("kpm[g=g]"), RowScope(pkh, 2)) == 1191279


# --- sentences ----------------------------------------------------------------------------------------------------


class Letters(Scope):
    def say(self, leaf, many):
        name = leaf.name if isinstance(leaf, Name) else "r"
        return [f"{name}1", "−2"] if many else [name]


@pytest.mark.parametrize(
    "rule, sentence",
    [
        ("(a + b) * c", "(a + b) × c"),
        ("a - (b - c)", "a − (b − c)"),
        ("a / (b * c)", "a / (b × c)"),
        ("(1 + (1 - a / b)) * 100", "(1 + (1 − a / b)) × 100"),
        ("a * 0.005", "a × 0,005"),
        ("sum(a)", "a1 + (−2)"),
        ("b / sum(a)", "b / (a1 + (−2))"),
        ("mean(a)", "(a1 + (−2)) / 2"),
        ("min(a) + max(b, 0)", "terkecil a1; −2 + max(b; 0)"),
        ("sum(largest(a, 4))", "sum of the 4 largest of a1; −2"),
        ("count(round(a, 1) > 100)", "count above 100 among a1; −2"),
        ("count(list(a, b) < list(c, a))", "pairs below: a1 against c1; −2 against −2; b1 against a1; −2 against −2"),
    ],
)
def test_sentence(rule, sentence):
    assert write(parse(rule), Letters(), Words({"least": "terkecil {all}"}, ",")) == sentence


def test_long_series_are_cut_in_the_middle():
    class Long(Scope):
        def say(self, leaf, many):
            return [str(x) for x in range(1, 21)]

    assert write(parse("mean(a)"), Long(), Words(longest=8)) == "(1 + 2 + 3 + … + 20) / 20"
