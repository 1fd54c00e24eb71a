"""Uncertainty and sensitivity: thousands of indices under a scenario, intervals of scores and ranks, and Sobol
indices."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from indextree.errors import ComputationError, ParameterError
from indextree.normalisation import Reference, indicator_groups, normalise_array
from indextree.ranking import joint_rank_intervals, rank_array
from indextree.recipe import Recipe
from indextree.sampling import simulate_replicates
from indextree.scenario import Scenario, ScenarioPlan
from indextree.sobol import SobolEstimate, estimate_sobol, pooled_sobol, saltelli_design, unit_design
from indextree.treatment import fit_treatment
from indextree.tree import Tree, unknown_name_error

MIXED_SCALE = "mixed scale"
SCALE_WARNING = (
    "Pilihan dalam skenario ini memberi skor pada skala yang berbeda; indeks Sobol 'score' mengukur beda skala itu, "
    "bukan pengaruh metodenya. Baca keluaran 'rank', atau samakan skalanya."
)
_CELLS_PER_BLOCK = 2_000_000  # draws whose indicators vary too are computed in parts: 16 MB for each array


class MixedScaleWarning(UserWarning):
    """Scores of some choices are not on one scale."""


@dataclass(frozen=True, eq=False)
class UncertaintyResult:
    """Scores and ranks of all draws, with all that is needed to repeat them.

    Attributes
    ----------
    unit : Index
    scores : ndarray (draw, unit)
    ranks : ndarray int (draw, unit)
        0 = without a rank.
    nominal_scores, nominal_ranks : ndarray (unit,)
        By the recipe, with nothing varied.
    design : DataFrame
        Choices of each draw by name.
    uniform : ndarray (draw, column)
        Unit design; with the scenario it determines every draw.
    scenario : Scenario
    """

    unit: pd.Index
    scores: np.ndarray
    ranks: np.ndarray
    nominal_scores: np.ndarray
    nominal_ranks: np.ndarray
    design: pd.DataFrame
    uniform: np.ndarray
    scenario: Scenario

    def summary(self, level: float = 0.90) -> pd.DataFrame:
        """For each unit: nominal score and rank, and mean, median and spread over the draws (type 7 quantiles).

        Bounds of ranks here are the marginal spread of each unit's draws, not confidence intervals: at the ends of the
        list, and for all units at once, they are too narrow. Joint ones: :meth:`joint_intervals`.

        Returns
        -------
        DataFrame
            ``score``, ``score_mean``, ``score_se``, ``score_lower``, ``score_median``, ``score_upper``, ``rank``,
            ``rank_mean``, ``rank_lower``, ``rank_median``, ``rank_upper``, ``rank_width``, ``draws`` (those with a
            value).
        """
        if not 0 < level < 1:
            raise ParameterError("Tingkat selang harus antara 0 dan 1.")
        bounds = [(1 - level) / 2, 0.5, 1 - (1 - level) / 2]
        r = np.where(self.ranks == 0, np.nan, self.ranks.astype(float))
        n = (~np.isnan(self.scores)).sum(axis=0)
        s_lower, s_median, s_upper = _quantile(self.scores, bounds)
        r_lower, r_median, r_upper = _quantile(r, bounds)
        result = pd.DataFrame(
            {
                "score": self.nominal_scores,
                "score_mean": _nanmean(self.scores),
                "score_se": _nanstd(self.scores),
                "score_lower": s_lower,
                "score_median": s_median,
                "score_upper": s_upper,
                "rank": pd.array(self.nominal_ranks, dtype="Int64"),
                "rank_mean": _nanmean(r),
                "rank_lower": r_lower,
                "rank_median": r_median,
                "rank_upper": r_upper,
                "rank_width": r_upper - r_lower,
                "draws": n,
            },
            index=self.unit,
        )
        result["rank"] = result["rank"].mask(result["rank"] == 0)
        return result

    def joint_intervals(self, level: float = 0.90, *, method: str = "bonferroni") -> pd.DataFrame:
        """Joint rank intervals from sampling error (:func:`indextree.joint_rank_intervals`).

        The standard error of a score is the deviation of its draws, so sampling error must be the only thing that
        varies.

        Returns
        -------
        DataFrame
            ``rank_lower``, ``rank_upper`` (Int64).

        Raises
        ------
        ParameterError
            The scenario varies something else than the sample.
        """
        if self.scenario.factors != ("sampling",):
            raise ParameterError("Selang peringkat serentak menuntut skenario yang hanya memuat galat sampel.")
        bounds = joint_rank_intervals(self.nominal_scores, _nanstd(self.scores), level, method=method)
        result = pd.DataFrame(dict(zip(("rank_lower", "rank_upper"), bounds, strict=True)), index=self.unit)
        result = result.astype("Int64")
        return result.mask(result == 0)

    def rank_probability(self) -> pd.DataFrame:
        """Probability of each rank: unit x 1..n; rows sum to 1 when the unit always has a value."""
        n = len(self.unit)
        draws = len(self.scores)
        positions = np.arange(n) * (n + 1) + self.ranks
        counts = np.bincount(positions.ravel(), minlength=n * (n + 1)).reshape(n, n + 1)
        return pd.DataFrame(counts[:, 1:] / draws, index=self.unit, columns=pd.RangeIndex(1, n + 1, name="rank"))


def _quantile(x: np.ndarray, bounds: Sequence[float]) -> np.ndarray:
    if not np.isnan(x).any():
        return np.quantile(x, bounds, axis=0)
    result = np.full((len(bounds), x.shape[1]), np.nan)
    for u in range(x.shape[1]):
        observed = x[~np.isnan(x[:, u]), u]
        if len(observed):
            result[:, u] = np.quantile(observed, bounds)
    return result


def _nanmean(x: np.ndarray) -> np.ndarray:
    observed = ~np.isnan(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(observed, x, 0.0).sum(axis=0) / observed.sum(axis=0)


def _nanstd(x: np.ndarray) -> np.ndarray:
    observed = ~np.isnan(x)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.sqrt(np.where(observed, (x - _nanmean(x)) ** 2, 0.0).sum(axis=0) / (observed.sum(axis=0) - 1))


# -------------------------------------------------------------------- running


class _Engine:
    """Computes scores of the top for any rows of the unit design."""

    def __init__(
        self, data, tree: Tree, scenario: Scenario, recipe: Recipe, replicates, covariance, sampling_draws: int
    ):
        self.scenario, self.tree, self.recipe = scenario, tree, recipe
        self.plan = ScenarioPlan.compile(scenario, tree)
        self.reference = Reference.from_tree(tree)
        prepared, _ = replace(recipe, treatment=None).prepare(data, tree)
        self.x = tree.values(prepared, recipe.missing_columns)
        self.unit = data.index
        self.sampling = self._samples(replicates, covariance, sampling_draws)
        # indicators available nowhere stay NaN; normalisation touches only those with values
        self.filled = np.flatnonzero(~np.isnan(self.x).all(axis=0))
        self.compiled = tree.compile()
        self.groups = {
            i: indicator_groups(n, tree) for i, n in enumerate((recipe.normalisation, *scenario.normalisation))
        }
        self.choices = {
            "normalisation": tuple(range(1, 1 + len(scenario.normalisation))) or (0,),
            "treatment": scenario.treatment or (recipe.treatment,),
            "aggregation": scenario.aggregation or (None,),
        }
        if scenario.goalposts is not None and not any(map(self._uses_goalposts, self.choices["normalisation"])):
            raise ParameterError(
                "Tonggak diminta berubah, tetapi tidak ada normalisasi 'goalposts' di skenario atau resep."
            )

    def _uses_goalposts(self, norm: int) -> bool:
        return any(spec.scaling.uses_goalposts for spec, _ in self.groups[norm])

    @property
    def mixed_scale(self) -> bool:
        """Scores of the draws are on more than one scale (0-100 and z-scores, or a product and a mean)."""
        scales = {
            tuple(sorted((int(i), spec.scale) for spec, positions in self.groups[n] for i in positions))
            for n in self.choices["normalisation"]
        }
        top = {
            (self.compiled if a is None else self.compiled.with_aggregation(a)).means[-1].same_scale
            for a in self.choices["aggregation"]
        }
        return len(scales) > 1 or len(top) > 1

    def _samples(self, replicates, covariance, draws: int) -> np.ndarray | None:
        if not self.scenario.sampling:
            if replicates is not None or covariance is not None:
                raise ParameterError("Ulangan atau kovarian diberikan, tetapi skenario menyatakan sampling=False.")
            return None
        if (replicates is None) == (covariance is None):
            raise ParameterError("Galat sampel menuntut tepat satu dari larik ulangan atau kovarian.")
        if covariance is not None:
            return simulate_replicates(self.x, covariance, draws, self.scenario.seed)
        r = np.asarray(replicates, dtype=float)
        if r.ndim != 3 or r.shape[1:] != self.x.shape or len(r) < 2:
            raise ParameterError(
                f"Larik ulangan berbentuk {r.shape}; diharapkan (ulangan, {self.x.shape[0]}, {self.x.shape[1]})."
            )
        return r

    def nominal(self) -> np.ndarray:
        values = self._treat(self.recipe.treatment)(self.x)
        return self.compiled.compute(self._normalise(values, 0), unit=self.unit)[-1]

    def compute(self, u: np.ndarray) -> np.ndarray:
        """Scores of the top (row, unit). Rows with the same choices are computed together."""
        t = self.plan
        w = t.weight(u)
        choice_ids = np.stack([t.choices(u, f, len(p)) for f, p in self.choices.items()], axis=1)
        result = np.empty((len(u), len(self.unit)))
        for key in np.unique(choice_ids, axis=0):
            rows = np.flatnonzero((choice_ids == key).all(axis=1))
            norm, treatment, aggregation = (p[i] for p, i in zip(self.choices.values(), key, strict=True))
            compiled = self.compiled if aggregation is None else self.compiled.with_aggregation(aggregation)
            result[rows] = self._scores(u, w, rows, norm, self._treat(treatment), compiled)
        return result

    def _scores(self, u, w, rows: np.ndarray, norm: int, treat, compiled) -> np.ndarray:
        shift = self._uses_goalposts(norm) and self.scenario.goalposts is not None
        if self.sampling is None and not shift:
            x = self._normalise(treat(self.x), norm)
            return compiled.compute(x, w[rows], nodes=[len(compiled.codes) - 1], unit=self.unit)[0]
        result = np.empty((len(rows), len(self.unit)))
        step = max(1, _CELLS_PER_BLOCK // self.x.size)
        for start in range(0, len(rows), step):
            block = rows[start : start + step]
            if self.sampling is None:
                x = treat(self.x)[None]
            else:
                x = treat(self.sampling[self.plan.choices(u[block], "sampling", len(self.sampling))])
            reference = self.reference
            if shift:
                lower, upper = self.plan.goalposts(u[block], reference.goalpost_lower, reference.goalpost_upper)
                reference = replace(reference, goalpost_lower=lower, goalpost_upper=upper)
            values = self._normalise(x, norm, reference)
            result[start : start + step] = compiled.compute(
                values, w[block], nodes=[len(compiled.codes) - 1], unit=self.unit
            )[0]
        return result

    def _treat(self, treatment):
        """Treatment is decided once, from the nominal data, and applied to every draw."""
        return (lambda x: x) if treatment is None else fit_treatment(self.x, self.tree.indicators, treatment).apply

    def _normalise(self, x: np.ndarray, norm: int, reference: Reference | None = None) -> np.ndarray:
        reference = self.reference if reference is None else reference
        part = []
        for spec, positions in self.groups[norm]:
            positions = positions[np.isin(positions, self.filled)]
            if len(positions) == x.shape[-1]:
                return normalise_array(x, spec, reference)
            if len(positions):
                part.append((positions, normalise_array(x[..., positions], spec, reference.select(positions))))
        leading = np.broadcast_shapes(x.shape[:-1], *(content.shape[:-1] for _, content in part))
        result = np.full((*leading, x.shape[-1]), np.nan)
        for positions, content in part:
            result[..., positions] = content
        return result


def run_uncertainty(
    data: pd.DataFrame,
    tree: Tree,
    scenario: Scenario | Mapping[str, object],
    *,
    recipe: Recipe | None = None,
    replicates: np.ndarray | None = None,
    covariance: np.ndarray | None = None,
    sampling_draws: int = 200,
) -> UncertaintyResult:
    """Compute the index for each draw of a scenario.

    Parameters
    ----------
    data : DataFrame
        Unit x indicator, original units.
    scenario : Scenario or mapping
    recipe : Recipe, optional
        The nominal state; what the scenario does not vary is taken from here.
    replicates : ndarray (draw, unit, indicator), optional
        Bootstrap replicates of a survey in original units, parallel to ``data.index`` and ``tree.indicators``.
        Jackknife replicates are no draws from a distribution: turn them into a covariance first
        (:func:`indextree.sampling.covariance_from_replicates`).
    covariance : ndarray (unit, indicator, indicator), optional
        Instead of ``replicates``, in original units too: normal draws are taken from it, independent between units.
        When draws must stay in a range, call :func:`indextree.sampling.simulate_replicates` with ``bounds`` first.
    sampling_draws : int
        Draws taken from ``covariance``.

    Returns
    -------
    UncertaintyResult

    Notes
    ----- Each draw is normalised with its own parameters (min and max move along), while winsorising limits and shifts
    of logs are decided once from the nominal data. Imputation applies to the nominal data; survey replicates are used
    as they are.

    Raises
    ------
    ParameterError, ComputationError
        Invalid scenario, unknown name, or a choice that cannot be computed (the node is named).
    """
    scenario = scenario if isinstance(scenario, Scenario) else Scenario.from_dict(scenario)
    engine = _Engine(data, tree, scenario, recipe or Recipe(), replicates, covariance, sampling_draws)
    u = unit_design(scenario.draws, sum(engine.plan.width), scenario.seed, scenario.design)
    scores = engine.compute(u)
    nominal = engine.nominal()
    return UncertaintyResult(
        unit=data.index,
        scores=scores,
        ranks=rank_array(scores),
        nominal_scores=nominal,
        nominal_ranks=rank_array(nominal),
        design=engine.plan.table(u, 1 if engine.sampling is None else len(engine.sampling)),
        uniform=u,
        scenario=scenario,
    )


# -------------------------------------------------------------------- sensitivity


@dataclass(frozen=True, eq=False)
class SensitivityResult:
    """Sobol indices of each unit and overall.

    Attributes
    ----------
    per_unit : DataFrame
        ``output`` (score, rank), ``unit``, ``factor``, ``first``, ``first_lower``, ``first_upper``, ``total``,
        ``total_lower``, ``total_upper``, ``variance``, ``note`` ("never varies" when that output never changes, "not
        always available", "mixed scale" when scores of the choices do not compare).
    overall : DataFrame
        The same columns without unit; ``output``: ``score`` and ``rank`` pooled over units (sums of variances), and
        ``shift`` = mean absolute difference of rank from nominal.
    scenario : Scenario
    groups : dict of str to tuple of str
        Name of a group -> its factors.
    points : int
        Base points; the index is computed points x (2 + groups) times.
    level : float
    """

    per_unit: pd.DataFrame
    overall: pd.DataFrame
    scenario: Scenario
    groups: dict[str, tuple[str, ...]]
    points: int
    level: float


def run_sensitivity(
    data: pd.DataFrame,
    tree: Tree,
    scenario: Scenario | Mapping[str, object],
    *,
    recipe: Recipe | None = None,
    replicates: np.ndarray | None = None,
    covariance: np.ndarray | None = None,
    sampling_draws: int = 200,
    points: int = 256,
    groups: Mapping[str, Sequence[str]] | None = None,
    bootstrap: int = 200,
    level: float = 0.95,
) -> SensitivityResult:
    """Which factors move scores and ranks: first-order and total Sobol indices with intervals.

    Parameters
    ----------
    points : int
        Base points, a power of two.
    groups : mapping, optional
        Put factors together, for example ``{"method": ["normalisation", "weight", "aggregation"], "sampling":
        ["sampling"]}``; each factor of the scenario must be in one group. Default: each factor by itself. With those
        two groups the total index says what share of the variance of ranks comes from sampling.
    bootstrap, level
        For intervals. Points of a Sobol sequence are not independent, so bootstrap intervals are slightly too wide.
    data, tree, scenario, recipe, replicates, covariance, sampling_draws
        See :func:`run_uncertainty`; ``scenario.draws`` is not used.

    Returns
    -------
    SensitivityResult
    """
    scenario = scenario if isinstance(scenario, Scenario) else Scenario.from_dict(scenario)
    engine = _Engine(data, tree, scenario, recipe or Recipe(), replicates, covariance, sampling_draws)
    t = engine.plan
    grouping = _groups(t.factors, groups)
    # the design is made by group, then its columns put back in the order of the factors
    order = [f for members in grouping.values() for f in members]
    width = dict(zip(t.factors, t.width, strict=True))
    method = "random" if scenario.design == "random" else "sobol"
    u, _ = saltelli_design(
        points, [sum(width[f] for f in members) for members in grouping.values()], scenario.seed, method
    )
    start = dict(zip(order, np.cumsum([0] + [width[f] for f in order[:-1]]), strict=True))
    columns = np.concatenate([np.arange(start[f], start[f] + width[f]) for f in t.factors])
    scores = engine.compute(u[:, columns])
    if engine.mixed_scale:
        warnings.warn(SCALE_WARNING, MixedScaleWarning, stacklevel=2)
    ranks = rank_array(scores).astype(float)
    nominal = rank_array(engine.nominal()).astype(float)
    intact = ~np.isnan(scores).any(axis=0) & (nominal > 0)
    if not intact.any():
        raise ComputationError("Tidak ada unit yang selalu bernilai; indeks Sobol tidak dapat dihitung.")
    choices = {"bootstrap": bootstrap, "level": level, "seed": scenario.seed}
    per_unit, overall = [], []
    for name, y in (("score", scores), ("rank", ranks)):
        estimate = estimate_sobol(y[:, intact], len(grouping), **choices)
        per_unit.append(_sobol_frame(estimate, list(grouping), name, data.index[intact]))
        for unit in data.index[~intact]:
            per_unit.append(
                pd.DataFrame({"output": name, "unit": unit, "factor": list(grouping), "note": "not always available"})
            )
        pooled = pooled_sobol(y[:, intact], len(grouping), **choices)
        overall.append(_sobol_frame(pooled, list(grouping), name, None))
    shift = np.abs(ranks[:, intact] - nominal[intact]).mean(axis=1)
    overall.append(_sobol_frame(estimate_sobol(shift, len(grouping), **choices), list(grouping), "shift", None))
    per_unit, overall = (pd.concat(t, ignore_index=True) for t in (per_unit, overall))
    if engine.mixed_scale:
        for table in (per_unit, overall):
            table.loc[(table["output"] == "score") & (table["note"] == ""), "note"] = MIXED_SCALE
    return SensitivityResult(
        per_unit=per_unit,
        overall=overall,
        scenario=scenario,
        groups=grouping,
        points=points,
        level=level,
    )


def _groups(factors: tuple[str, ...], groups: Mapping[str, Sequence[str]] | None) -> dict[str, tuple[str, ...]]:
    if groups is None:
        return {f: (f,) for f in factors}
    every = [f for members in groups.values() for f in members]
    unknown = set(every) - set(factors)
    if unknown:
        raise unknown_name_error("Faktor", unknown, factors)
    if sorted(every) != sorted(factors) or not all(groups.values()):
        raise ParameterError(f"Setiap faktor harus masuk tepat satu kelompok; faktor skenario: {', '.join(factors)}.")
    return {name: tuple(members) for name, members in groups.items()}


def _sobol_frame(t: SobolEstimate, factors: list[str], outputs: str, unit: pd.Index | None) -> pd.DataFrame:
    count = t.first.shape[1]
    content: dict[str, object] = {"output": outputs}
    if unit is not None:
        content["unit"] = np.repeat(unit.to_numpy(), len(factors))
    content["factor"] = np.tile(np.array(factors, dtype=object), count)
    for name in ("first", "first_lower", "first_upper", "total", "total_lower", "total_upper"):
        content[name] = getattr(t, name).T.ravel()
    content["variance"] = np.repeat(t.variance, len(factors))
    result = pd.DataFrame(content)
    result["note"] = np.where(result["variance"] > 0, "", "never varies")
    return result
