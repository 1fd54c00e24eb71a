"""Sobol, skenario, dan galat penarikan sampel."""

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from indextree import (
    MixedScaleWarning,
    Normalisation,
    RandomGoalposts,
    RandomWeights,
    Recipe,
    Scenario,
    Tree,
    compute,
    covariance_from_replicates,
    delta_standard_error,
    drop_each,
    estimate_sobol,
    normalise,
    rank_array,
    replicate_standard_error,
    run_sensitivity,
    run_uncertainty,
    saltelli_design,
    simulate_replicates,
)
from indextree.errors import ComputationError, ParameterError
from indextree.scenario import ScenarioPlan

FULL = Scenario(
    draws=400,
    seed=11,
    normalisation=(Normalisation(lower=1), Normalisation("zscore", mean=50, sd=8)),
    aggregation=("arithmetic", "geometric"),
    weight=RandomWeights(magnitude=0.25),
    drop=("KD1", "PARTI"),
    treatment=(None, Recipe.from_dict({"treatment": "winsorise_then_log"}).treatment),
)


# -------------------------------------------------------------------- Sobol pada fungsi yang diketahui


def test_ishigami_analytic_indices():
    a, b = 7.0, 0.1
    u, _ = saltelli_design(4096, [1, 1, 1], seed=3)
    x = np.pi * (2 * u - 1)
    y = np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])
    v1, v2, v13 = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8, b**2 * np.pi**8 * 8 / 225
    variance = v1 + v2 + v13
    # geseran besar: tanpa pemusatan penaksir orde satu rusak
    t = estimate_sobol(y + 1000, 3)
    assert t.variance[0] == pytest.approx(variance, rel=0.02)
    assert t.first[:, 0] == pytest.approx([v1 / variance, v2 / variance, 0], abs=0.01)
    assert t.total[:, 0] == pytest.approx([(v1 + v13) / variance, v2 / variance, v13 / variance], abs=0.01)
    expected = np.array([v1 / variance, v2 / variance, 0])
    assert (t.first_lower[:, 0] <= expected).all() and (expected <= t.first_upper[:, 0]).all()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(0.1, 5), min_size=2, max_size=5))
def test_additive_function_first_equals_total(coefficients):
    c = np.array(coefficients)
    u, _ = saltelli_design(512, [1] * len(c), seed=1)
    t = estimate_sobol(u @ c, len(c), bootstrap=0)
    expected = c**2 / (c**2).sum()
    assert t.first[:, 0] == pytest.approx(expected, abs=0.02)
    assert t.total[:, 0] == pytest.approx(expected, abs=0.02)


def test_grouped_inputs_and_flat_output():
    u, part = saltelli_design(1024, [2, 1], seed=1)
    assert len(u) == 4096 and part[-1] == 3
    y = np.stack([u[:, 0] + u[:, 1] + u[:, 2], np.full(len(u), 0.1)], axis=1)
    t = estimate_sobol(y, 2)
    assert t.total[:, 0] == pytest.approx([2 / 3, 1 / 3], abs=0.02)
    assert np.isnan(t.total[:, 1]).all() and t.variance[1] == 0
    with pytest.raises(ParameterError, match="pangkat dua"):
        saltelli_design(100, [1], seed=1)


def test_agrees_with_scipy():
    from scipy.stats import sobol_indices

    u, _ = saltelli_design(256, [1, 1], seed=9, method="random")
    y = np.exp(u[:, 0]) * (1 + u[:, 1])
    t = estimate_sobol(y, 2, bootstrap=0)
    a, b, *ab = y.reshape(4, 256)
    scipy_result = sobol_indices(func={"f_A": a[None], "f_B": b[None], "f_AB": np.stack(ab)[:, None]}, n=256)
    assert t.first[:, 0] == pytest.approx(np.ravel(scipy_result.first_order), abs=0.02)
    assert t.total[:, 0] == pytest.approx(np.ravel(scipy_result.total_order), abs=0.02)


# -------------------------------------------------------------------- skenario sebagai data


def test_scenario_survives_yaml():
    complete = Scenario(
        normalisation=(Normalisation("goalposts"), Normalisation(lower=1)),
        weight=RandomWeights("dirichlet", nodes=("DKD", "DPS", "DKE")),
        goalposts=RandomGoalposts(0.1, ("KD1",)),
        treatment=(None, FULL.treatment[1]),
        weight_sets=({"DKD": 1.0}, {"DKD": 2.0}),
        aggregation=("arithmetic", {"IKESOS": "geometric"}),
        drop=("KD1",),
        sampling=True,
    )
    assert Scenario.from_dict(yaml.safe_load(yaml.safe_dump(complete.to_dict()))) == complete


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"drawz": 5}, r"'drawz' \(mungkin 'draws'\)"),
        ({}, "tidak mengubah apa pun"),
        ({"aggregation": ["arithmetc", "geometric"]}, r"'arithmetc' \(mungkin 'arithmetic'\)"),
        ({"aggregation": "geometric"}, "harus berupa daftar"),
        ({"weight": {"kind": "normal"}}, "noise"),
        ({"weight": {"magnitude": 1.5}}, "kurang dari 1"),
        ({"weight": {"kuat": 1}}, "'kuat'"),
        ({"weight": {}, "draws": 0}, "positif"),
        ({"weight": {}, "design": "halton"}, "'halton'"),
        ({"goalposts": {"magnitude": 0.6}}, "0,5"),
        ({"normalisation": [{"method": "minmaks"}]}, "'minmaks'"),
    ],
)
def test_bad_scenarios_are_refused(content, message):
    with pytest.raises(ParameterError, match=message):
        Scenario.from_dict(content)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"drop": ["KD99"]}, "'KD99'"),
        ({"weight": {"nodes": ["XX"]}}, "'XX'"),
        ({"weight": {"kind": "dirichlet", "nodes": ["DKD"]}}, "kurang DKE, DPS"),
        ({"aggregation": ["arithmetic", {"KD1": "geometric"}]}, "'KD1'"),
        ({"goalposts": {}}, "normalisasi 'goalposts'"),
        ({"sampling": True}, "tepat satu"),
        ({"drop": ["IKESOS"]}, "Puncak"),
    ],
)
def test_scenario_must_fit_the_tree(content, message, data, sama):
    with pytest.raises(ParameterError, match=message):
        run_uncertainty(data, sama, content | {"draws": 4})


def test_refused_aggregation_names_node(data, sama):
    with pytest.raises(ComputationError, match="Simpul 'PAPAN'"):
        run_uncertainty(data, sama, {"draws": 8, "aggregation": ["arithmetic", "geometric"]})


# -------------------------------------------------------------------- ulangan


@pytest.fixture(scope="module")
def result(data, sama):
    return run_uncertainty(data, sama, FULL, recipe=Recipe(Normalisation(lower=1)))


def test_every_replicate_can_be_rebuilt_by_hand(result, data, sama):
    """Ulangan disusun lagi langkah demi langkah dari rancangan yang disimpan, tanpa mesin ketidakpastian."""
    weight = ScenarioPlan.compile(FULL, sama).weight(result.uniform)
    code = sama.compile().codes
    spec = {"minmax 1-100": FULL.normalisation[0], "zscore": FULL.normalisation[1]}
    for r in range(0, 400, 37):
        choices = result.design.iloc[r]
        treatment = None if choices["treatment"] == "none" else FULL.treatment[1]
        tree = sama.replace(weight={k: max(w, 1e-300) for k, w in zip(code, weight[r], strict=True)})
        tree = tree.replace(aggregation=choices["aggregation"])
        if choices["drop"] != "(full)":
            tree = tree.without(choices["drop"])
        repeat = Recipe(spec[choices["normalisation"]], treatment).run(data, tree).index
        np.testing.assert_allclose(result.scores[r], repeat, rtol=1e-10, err_msg=f"ulangan {r + 1}")


def test_seed_and_design_are_kept(result, data, sama):
    stored = result.scenario.to_dict()
    again = run_uncertainty(data, sama, stored, recipe=Recipe(Normalisation(lower=1)))
    np.testing.assert_array_equal(again.scores, result.scores)
    assert set(result.design.columns) == {"normalisation", "treatment", "aggregation", "drop"}
    other = run_uncertainty(data, sama, stored | {"seed": 12}, recipe=Recipe(Normalisation(lower=1)))
    assert (other.scores != result.scores).any()


def test_noise_stays_in_its_range_and_dirichlet_on_simplex(sama):
    rng = np.random.default_rng(1)
    derau = ScenarioPlan.compile(Scenario(weight=RandomWeights(magnitude=0.25)), sama)
    w = derau.weight(rng.random((500, sum(derau.width))))
    assert w.min() >= 0.75 and w.max() <= 1.25 and (w[:, -1] == 1).all()
    concentration = 4.0
    dirichlet = ScenarioPlan.compile(
        Scenario(weight=RandomWeights("dirichlet", concentration=concentration, nodes=("DKD", "DPS", "DKE"))),
        sama.replace(weight={"DKD": 2}),
    )
    w = dirichlet.weight(rng.random((20000, 3)))
    positions = sama.compile().positions(["DKD", "DPS", "DKE"])
    part = w[:, positions] / w[:, positions].sum(axis=1, keepdims=True)
    m = np.array([0.5, 0.25, 0.25])
    assert part.mean(axis=0) == pytest.approx(m, abs=0.005)
    assert part.var(axis=0) == pytest.approx(m * (1 - m) / (3 * concentration + 1), rel=0.05)


def test_dropping_matches_drop_each(data, sama, normal):
    scenario = Scenario(draws=64, drop=("KD1", "PARTI", "DKE"))
    result = run_uncertainty(data, sama, scenario, recipe=Recipe(Normalisation(lower=1)))
    scores, _, _ = drop_each(normal, sama, ["KD1", "PARTI", "DKE"])
    scores = scores.rename(columns={"full": "(full)"})
    for r, name in enumerate(result.design["drop"]):
        np.testing.assert_allclose(result.scores[r], scores[name], rtol=1e-12)
    assert result.design["drop"].value_counts().tolist() == [16] * 4


def test_probabilities_agree_with_counts(result):
    probability = result.rank_probability()
    np.testing.assert_allclose(probability.sum(axis=1), 1)
    first = (np.round(result.scores, 10).argmax(axis=1)[:, None] == np.arange(34)).mean(axis=0)
    np.testing.assert_allclose(probability[1], first)
    brief = result.summary()
    assert (brief["rank_lower"] <= brief["rank_upper"]).all()


def test_goalposts_move(data, sama):
    scenario = Scenario(draws=32, goalposts=RandomGoalposts(0.1))
    recipe = Recipe(Normalisation("goalposts"))
    result = run_uncertainty(data, sama, scenario, recipe=recipe)
    t = ScenarioPlan.compile(scenario, sama)
    frame = sama.table.loc[list(sama.indicators)]
    lower, upper = frame["goalpost_lower"].to_numpy(), frame["goalpost_upper"].to_numpy()
    b, a = t.goalposts(result.uniform, lower, upper)
    assert np.abs(b[:, 0] - lower).max() <= 0.1 * (upper - lower).max()
    code = list(sama.indicators)
    for r in (0, 17):
        tree = sama.replace(
            goalpost_lower=dict(zip(code, b[r, 0], strict=True)), goalpost_upper=dict(zip(code, a[r, 0], strict=True))
        )
        np.testing.assert_allclose(result.scores[r], recipe.run(data, tree).index, rtol=1e-10)


def test_units_without_a_score_stay_without_rank(data_missing, sama):
    tree = sama.replace(threshold=1.0)
    result = run_uncertainty(data_missing, tree, {"draws": 16, "weight": {}})
    brief = result.summary()
    assert brief["rank"].isna().sum() == 9 and (brief["draws"] == 0).sum() == 9
    assert result.rank_probability().loc["91"].sum() == 0
    kepekaan = run_sensitivity(data_missing, tree, {"weight": {}, "drop": ["KD2"]}, points=16, bootstrap=20)
    notes = kepekaan.per_unit.query("unit == '91'")["note"]
    assert (notes == "not always available").all()


# -------------------------------------------------------------------- kepekaan


def test_first_order_never_above_total_beyond_noise(data, sama):
    result = run_sensitivity(data, sama, FULL, recipe=Recipe(Normalisation(lower=1)), points=256)
    every = pd.concat([result.per_unit, result.overall])
    every = every[every["note"] == ""]
    more = every[every["first_lower"] > every["total_upper"]]
    assert more.empty, more.head().to_string()
    core = result.overall.query("output == 'score'")
    assert (core["first"] <= core["total"] + 0.02).all() and 0.9 < core["total"].sum() < 1.5
    assert set(result.overall["output"]) == {"score", "rank", "shift"}
    assert len(result.per_unit) == 2 * 34 * 5


def test_known_shares_of_method_and_sampling():
    """Indeks = rata-rata x dan y; dua sumber ragam yang besarnya diketahui, bebas satu sama lain."""
    tree = Tree.from_table(
        pd.DataFrame(
            {
                "code": ["x", "y", "I"],
                "parent": ["I", "I", ""],
                "goalpost_lower": [0, 0, None],
                "goalpost_upper": [100, 100, None],
            }
        )
    )
    data = pd.DataFrame({"x": [30.0, 60.0], "y": [60.0, 30.0]}, index=["a", "b"])
    covariance = np.tile(np.diag([4.0, 4.0]), (2, 1, 1))  # ragam indeks karena sampel: 2
    scenario = Scenario(weight=RandomWeights("dirichlet", concentration=30), sampling=True)
    result = run_sensitivity(
        data,
        tree,
        scenario,
        recipe=Recipe(Normalisation("goalposts")),
        covariance=covariance,
        sampling_draws=2000,
        points=1024,
        groups={"method": ["weight"], "sampling": ["sampling"]},
    )
    # bobot w ~ Beta(30, 30): ragam 1/4/61; ragam indeks karena bobot 30^2/244
    weight, sampling = 900 / 244, 2.0 * (1 + 1 / 61)
    a = result.per_unit.query("unit == 'a' and output == 'score'").set_index("factor")
    assert a.at["method", "total"] == pytest.approx(weight / (weight + sampling), abs=0.05)
    assert a.at["sampling", "total"] == pytest.approx(sampling / (weight + sampling), abs=0.05)


def test_groups_must_cover_every_factor(data, sama):
    with pytest.raises(ParameterError, match="tepat satu kelompok"):
        run_sensitivity(data, sama, FULL, groups={"method": ["weight"]})
    with pytest.raises(ParameterError, match="'sampling'"):
        run_sensitivity(data, sama, FULL, groups={"method": ["sampling"]})


def test_rank_that_never_moves_is_said(sama, data):
    far = data.copy()
    far.loc["31"] = [
        *data.loc["31", ["province", "island"]],
        *np.where(sama.column("direction")[data.columns[2:]] > 0, 100, 0),
    ]
    far[list(sama.indicators)] = far[list(sama.indicators)].astype(float)
    result = run_sensitivity(far, sama, {"weight": {}, "drop": ["KD2"]}, recipe=Recipe(), points=32, bootstrap=20)
    rows = result.per_unit.query("unit == '31' and output == 'rank'")
    assert (rows["note"] == "never varies").all() and rows["total"].isna().all()


# -------------------------------------------------------------------- galat penarikan sampel


@pytest.fixture(scope="module")
def survey(data, sama):
    """Kovarian buatan dan 3.000 tarikan darinya, dengan normalisasi tonggak (linier selama tidak terpotong)."""
    tree = sama.replace(goalpost_lower=-100.0).replace(goalpost_upper=200.0)
    x = data[list(sama.indicators)].to_numpy()
    rng = np.random.default_rng(4)
    root = rng.normal(size=(34, 29, 29)) * 0.2
    return tree, x, np.einsum("uij,ukj->uik", root, root)


def test_simulated_replicates_return_their_covariance(survey):
    _, x, covariance = survey
    r = simulate_replicates(x, covariance, 4000, seed=2)
    estimate = covariance_from_replicates(r, x)
    scale = np.sqrt(np.einsum("uii,ujj->uij", covariance, covariance))
    assert (np.abs(estimate - covariance) / scale).max() < 0.12
    assert simulate_replicates(x, covariance, 50, seed=2, bounds=(0, 100)).min() >= 0
    with pytest.raises(ComputationError, match="urutan ke-1 bukan semidefinit"):
        simulate_replicates(x, -covariance, 5, seed=2)


def test_replicate_delta_and_uncertainty_errors_agree(survey, data):
    tree, x, covariance = survey
    recipe = Recipe(Normalisation("goalposts"))
    r = simulate_replicates(x, covariance, 1500, seed=2)
    from indextree import Reference, fit_array

    fitted = fit_array(x, recipe.normalisation, Reference.from_tree(tree))
    draws = replicate_standard_error(tree, data, r, fitted)["IKESOS"].to_numpy()
    # kovarian di skala 0-100: dibagi (rentang/100)^2 = 9
    direction = tree.column("direction")[list(tree.indicators)].to_numpy()
    k = covariance * direction[:, None] * direction / 9
    delta = delta_standard_error(tree.compile(), fitted.apply(x), k)[-1]
    np.testing.assert_allclose(draws, delta, rtol=0.08)
    result = run_uncertainty(data, tree, Scenario(draws=1500, sampling=True), recipe=recipe, replicates=r)
    np.testing.assert_allclose(result.summary()["score_se"], delta, rtol=0.08)


def test_jackknife_factor_by_hand():
    tree = Tree.from_table(pd.DataFrame({"code": ["x", "I"], "parent": ["I", ""]}))
    # JK1 atas rata-rata 1, 2, 6: taksiran tanpa satu = 4, 3,5, 1,5; galat baku = sqrt(s^2 / n)
    r = np.array([4.0, 3.5, 1.5])[:, None, None]
    error = replicate_standard_error(tree, pd.DataFrame({"x": [3.0]}, index=["u"]), r, factors=2 / 3)
    assert error.at["u", "I"] == pytest.approx(np.sqrt(np.var([1, 2, 6], ddof=1) / 3))


def test_replicate_shape_is_checked(data, sama):
    with pytest.raises(ParameterError, match=r"diharapkan \(ulangan, 34, 29\)"):
        run_uncertainty(data, sama, {"sampling": True}, replicates=np.zeros((5, 3, 29)))
    with pytest.raises(ParameterError, match="sampling=False"):
        run_uncertainty(data, sama, {"weight": {}}, replicates=np.zeros((5, 34, 29)))


def test_replicates_are_normalised_by_their_own_range(data, sama):
    x = data[list(sama.indicators)].to_numpy()
    r = x * np.random.default_rng(6).uniform(0.9, 1.1, (4, 34, 29))
    result = run_uncertainty(data, sama, Scenario(draws=64, sampling=True), recipe=Recipe(), replicates=r)
    for rows in (0, 9, 40):
        one = pd.DataFrame(r[result.design["sampling"].iloc[rows]], index=data.index, columns=list(sama.indicators))
        expected = compute(normalise(one, sama), sama)["IKESOS"]
        np.testing.assert_allclose(result.scores[rows], expected, rtol=1e-12)
    assert (rank_array(result.scores) == result.ranks).all()


# -------------------------------------------------------------------- normalisasi per indikator, skala bercampur

PER_INDICATOR = {
    "*": Normalisation("goalposts"),
    "KD1": Normalisation("minmax"),
    "KE1": Normalisation("zscore", mean=50),
}


def test_normalisation_per_indicator_in_uncertainty(data, sama):
    """Tiap ulangan sama dengan resep yang dijalankan sendiri tanpa indikator itu."""
    recipe = Recipe(normalisation=PER_INDICATOR)
    result = run_uncertainty(data, sama, Scenario(draws=16, drop=("KD8",)), recipe=recipe)
    np.testing.assert_allclose(result.nominal_scores, recipe.run(data, sama).index, rtol=1e-12)
    without = recipe.run(data, sama.replace(weight={"KD8": 0})).index
    assert set(result.design["drop"]) == {"KD8", "(full)"}
    for scores, drop in zip(result.scores, result.design["drop"], strict=True):
        np.testing.assert_allclose(scores, without if drop == "KD8" else result.nominal_scores, rtol=1e-10)


def test_goalposts_move_only_where_they_are_used(data, sama):
    recipe = Recipe(normalisation=PER_INDICATOR)
    scenario = Scenario(draws=8, goalposts=RandomGoalposts(0.1, ("KD2", "KE2")))
    result = run_uncertainty(data, sama, scenario, recipe=recipe)
    engine = ScenarioPlan.compile(scenario, sama)
    t = sama.table.loc[list(sama.indicators)]
    lower, upper = engine.goalposts(
        result.uniform, t["goalpost_lower"].to_numpy(float), t["goalpost_upper"].to_numpy(float)
    )
    for r in range(8):
        tree = sama.replace(
            goalpost_lower=dict(zip(sama.indicators, lower[r, 0], strict=True)),
            goalpost_upper=dict(zip(sama.indicators, upper[r, 0], strict=True)),
        )
        np.testing.assert_allclose(result.scores[r], recipe.run(data, tree).index, rtol=1e-10)
    with pytest.raises(ParameterError, match="tidak ada normalisasi 'goalposts'"):
        run_uncertainty(data, sama, scenario, recipe=Recipe(normalisation={"*": Normalisation("minmax")}))


def test_recipe_per_indicator_from_a_dict(data, sama):
    content = {"normalisation": {"*": "goalposts", "KD1": "minmax", "KE1": {"method": "zscore", "mean": 50}}}
    pd.testing.assert_frame_equal(
        Recipe.from_dict(content).run(data, sama).values, Recipe(normalisation=PER_INDICATOR).run(data, sama).values
    )
    with pytest.raises(ParameterError, match="'KD99'"):
        run_uncertainty(data, sama, {"drop": ["KD1"]}, recipe=Recipe(normalisation={"*": "minmax", "KD99": "minmax"}))


@pytest.mark.parametrize(
    ("choices", "mixed"),
    [
        ({"normalisation": ["minmax", "zscore"]}, True),
        ({"normalisation": ["minmax", "goalposts"]}, False),
        ({"normalisation": ["minmax", {"method": "minmax", "lower": 1}]}, True),
        ({"aggregation": ["arithmetic", "product"]}, True),
        ({"aggregation": ["arithmetic", "geometric"]}, False),
    ],
)
def test_mixed_scales_are_said(data, sama, choices, mixed, recwarn):
    scenario = {"weight": {"kind": "noise", "magnitude": 0.1}, **choices}
    recipe = Recipe(Normalisation("minmax", lower=1))
    result = run_sensitivity(data, sama, scenario, recipe=recipe, points=16, bootstrap=2)
    assert any(w.category is MixedScaleWarning for w in recwarn) == mixed
    for table in (result.per_unit, result.overall):
        remark = table.groupby("output")["note"].agg(lambda s: set(s))
        assert ("mixed scale" in remark["score"]) == mixed and "mixed scale" not in remark["rank"]
