"""Setiap keluaran COINr 1.1.14 di tests/acuan/indeks, sampai 1e-9."""

import numpy as np
import pandas as pd
import pytest

from indextree import (
    Normalisation,
    Recipe,
    Scenario,
    Treatment,
    availability,
    compute,
    correlations,
    cronbach_alpha,
    drop_each,
    impute_group,
    impute_siblings,
    inspect_indicators,
    normalise,
    pca_weights,
    rank_array,
    rank_frame,
    treat_outliers,
)
from indextree.uncertainty import UncertaintyResult

TOLERANCE = 1e-9
MEAN_CODES = ("arithmetic", "geometric", "harmonic")


def match(result, reference):
    """Sel demi sel menurut nama baris dan kolom; galat menyebut sel yang bergeser."""
    h = result.loc[reference.index, reference.columns].astype(float)
    a = reference.astype(float)
    gap = (h - a).abs()
    wrong = (gap > TOLERANCE) | (h.isna() != a.isna())
    cells = [f"[{u}, {k}] hitung {h.at[u, k]!r} acuan {a.at[u, k]!r}" for u, k in wrong.stack()[lambda s: s].index[:5]]
    assert not cells, f"{int(wrong.to_numpy().sum())} sel bergeser: " + "; ".join(cells)


@pytest.mark.parametrize(
    ("file", "spec"),
    [
        ("norm_minmax_0_100", Normalisation()),
        ("norm_minmax_1_100", Normalisation(lower=1)),
        ("norm_zscore_0_1", Normalisation("zscore")),
        ("norm_zscore_50_8", Normalisation("zscore", mean=50, sd=8)),
        ("norm_prank", Normalisation("percentile_rank", 0, 1)),
        ("norm_goalposts_0_100", Normalisation("goalposts")),
        ("norm_dist2targ", Normalisation("target_distance", 0, 1)),
    ],
)
def test_normalisation(file, spec, data, sama, reference):
    match(normalise(data, sama, spec), reference(file))


@pytest.mark.parametrize("mean", MEAN_CODES)
@pytest.mark.parametrize("weight", ["sama", "uneven"])
def test_aggregates_and_ranks(mean, weight, normal, reference, request):
    values = compute(normal, request.getfixturevalue(weight).replace(aggregation=mean))
    match(values, reference(f"agregat_{mean}_{weight}"))
    match(rank_frame(values), reference(f"peringkat_{mean}_{weight}"))


def test_mixed_aggregation_per_node(normal, sama, reference):
    mixture = {"DKD": "geometric", "DPS": "geometric", "DKE": "geometric", "IKESOS": "harmonic"}
    match(compute(normal, sama.replace(aggregation=mixture)), reference("agregat_campuran_sama"))


def test_goalpost_index(data, sama, reference):
    result = Recipe(normalisation=Normalisation("goalposts")).run(data, sama)
    match(result.values, reference("agregat_goalposts_aritmetik_sama"))


def test_outlier_treatment(data, sama, reference):
    result = Recipe(treatment=Treatment()).run(data, sama)
    match(result.prepared, reference("winsor_data"))
    match(result.values, reference("winsor_agregat_aritmetik_sama"))
    assert list(zip(result.changes["unit"], result.changes["indicator"], strict=True)) == [("31", "KE2"), ("65", "KE5")]
    assert set(result.changes["action"]) == {"winsorised high"}


def test_treatment_details(data, sama, reference):
    details = reference("winsor_rincian")
    brief = treat_outliers(data, sama).summary
    condition = inspect_indicators(data, sama)
    start = pd.DataFrame({"check_SkewKurt0.Skew": condition["skewness"], "check_SkewKurt0.Kurt": condition["kurtosis"]})
    match(start, details[list(start)])
    treated = details.index[details["winsorise.nwin"].notna()]
    assert list(brief.index[brief["action"] == "winsorise"]) == list(treated)
    last = brief.rename(
        columns={
            "winsorised_points": "winsorise.nwin",
            "skewness_after": "check_SkewKurt1.Skew",
            "kurtosis_after": "check_SkewKurt1.Kurt",
        }
    )
    match(last, details.loc[treated, ["winsorise.nwin", "check_SkewKurt1.Skew", "check_SkewKurt1.Kurt"]])


def test_sibling_imputation(data_missing, sama, reference):
    result = impute_siblings(data_missing, sama)
    match(result.data, reference("hilang_imputasi_subdimensi"))
    kept_missing = result.changes[result.changes["action"] == "still missing"]
    assert set(zip(kept_missing["unit"], kept_missing["indicator"], strict=True)) == {
        ("91", "KD1"),
        ("14", "KD8"),
        ("14", "KD9"),
    }
    assert len(result.changes) == 11


def test_group_imputation(data_missing, sama, reference):
    match(impute_group(data_missing, sama, "island").data, reference("hilang_imputasi_pulau"))
    result = Recipe(imputation="group", groups="island").run(data_missing, sama)
    match(result.values, reference("hilang_agregat_imputasi_pulau"))


def test_missing_data_thresholds(data_missing, sama, uneven, reference):
    normal = normalise(data_missing, sama, Normalisation(lower=1))
    match(normal, reference("hilang_norm_minmax_1_100"))
    for threshold in ("0", "0.5", "0.75", "1"):
        match(
            compute(normal, sama.replace(threshold=float(threshold))), reference(f"hilang_agregat_ambang_{threshold}")
        )
    tree = uneven.replace(threshold=0.5, aggregation="geometric")
    match(compute(normal, tree), reference("hilang_agregat_geometrik_timpang_ambang_0.5"))


def test_availability(data_missing, sama, reference):
    top = availability(data_missing, sama).query("code == 'IKESOS'").set_index("unit")
    result = pd.DataFrame({"N_missing": top["indicator"] - top["available"], "Dat_Avail": top["count_share"]})
    match(result, reference("hilang_ketersediaan")[["N_missing", "Dat_Avail"]])


def test_cronbach(normal, sama, reference):
    expected = reference("cronbach")["alpha"]
    for code, alpha in expected.items():
        leaves = list(sama.leaves("IKESOS" if code == "SEMUA" else code))
        assert cronbach_alpha(normal[leaves]) == pytest.approx(alpha, abs=TOLERANCE), code


@pytest.mark.parametrize("level", [2, 3])
def test_principal_components(level, normal, sama, reference):
    expected = reference(f"pca_level{level}").reset_index()
    result = pca_weights(compute(normal, sama), sama, list(expected["parent"].unique()), negative="flag")
    for parent, rows in expected.groupby("parent"):
        loadings = result.table.set_index("code").loc[rows["code"], "loading"].to_numpy()
        expected_loadings = rows["muatan_pc1"].to_numpy()
        sign = np.sign(loadings @ expected_loadings)
        assert loadings * sign == pytest.approx(expected_loadings, abs=TOLERANCE), parent
        assert result.eigenvalues[parent] == pytest.approx(rows["eigenvalue"].to_numpy(), abs=TOLERANCE), parent
        part = result.eigenvalues[parent] / result.eigenvalues[parent].sum()
        assert part == pytest.approx(rows["variance_share"].to_numpy(), abs=TOLERANCE), parent


@pytest.mark.parametrize(
    ("file", "one", "two"),
    [("korelasi_subdimensi", 2, None), ("korelasi_dimensi", 3, None), ("korelasi_dimensi_indeks", 3, 4)],
)
def test_correlations(file, one, two, normal, sama, reference):
    result = correlations(compute(normal, sama), sama, one, two)
    lookup = {frozenset(p): r for *p, r in result[["code_1", "code_2", "correlation"]].itertuples(index=False)}
    compared = 0
    for a, b, r in reference(file).reset_index().itertuples(index=False):
        if a != b and not np.isnan(r):
            assert lookup[frozenset((a, b))] == pytest.approx(r, abs=TOLERANCE), (a, b)
            compared += 1
    assert compared >= len(result)


@pytest.mark.parametrize(("file", "level"), [("indicator", 1), ("subdimensi", 2), ("dimensi", 3)])
def test_dropping_each_node(file, level, normal, sama, reference):
    scores, ranks, summary = drop_each(normal, sama, level=level)
    match(scores, reference(f"buang_{file}_skor").rename(columns={"Nominal": "full"}))
    match(ranks, reference(f"buang_{file}_peringkat").rename(columns={"Nominal": "full"}))
    difference = reference(f"buang_{file}_selisih").drop(index="Nominal")
    match(summary.rename(columns={"mean_rank_shift": "rata_selisih_mutlak"}), difference)


@pytest.fixture(scope="module")
def draws(data, sama, reference):
    """200 ulangan COINr: set bobot, normalisasi, dan agregasi menurut ua_rancangan."""
    compiled = sama.compile()
    design = reference("ua_rancangan").reset_index(drop=True)
    weight = reference("ua_bobot").drop(columns="level").loc[list(compiled.codes)].to_numpy().T
    normal = {
        "minmax_1_100": Normalisation(lower=1),
        "zscore_50_8": Normalisation("zscore", mean=50, sd=8),
    }
    aggregation = dict(zip(("a_amean", "a_gmean", "a_hmean"), MEAN_CODES, strict=True))
    scores = np.full((200, 34), np.nan)
    for (norm, agg), rows in design.groupby(["normalisation", "aggregation"]):
        x = normalise(data, sama, normal[norm]).to_numpy()
        w = weight[rows["set_bobot"].to_numpy() - 1]
        scores[rows.index] = compiled.with_aggregation(aggregation[agg]).top(x, w)
    return scores


def test_uncertainty_scores_and_ranks(draws, data, reference):
    columns = [f"r_{i}" for i in range(1, 201)]
    match(pd.DataFrame(draws.T, index=data.index, columns=columns), reference("ua_skor")[columns])
    gap = (rank_array(draws).T != reference("ua_peringkat")[columns].to_numpy()).sum()
    assert gap == 0, f"{gap} peringkat dari 6800 berbeda"


def test_uncertainty_summary(draws, data, normal, sama, reference):
    nominal = compute(normal, sama)["IKESOS"].to_numpy()
    result = UncertaintyResult(
        unit=data.index,
        scores=draws,
        ranks=rank_array(draws),
        nominal_scores=nominal,
        nominal_ranks=rank_array(nominal),
        design=pd.DataFrame(index=range(200)),
        uniform=np.empty((200, 0)),
        scenario=Scenario(aggregation=MEAN_CODES),
    ).summary(0.90)
    name = {
        "rank": "Nominal",
        "rank_mean": "Mean",
        "rank_median": "Median",
        "rank_lower": "Q5",
        "rank_upper": "Q95",
    }
    match(result.rename(columns=name), reference("ua_ringkasan"))
