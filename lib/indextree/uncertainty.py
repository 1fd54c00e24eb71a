"""Uncertainty and sensitivity: thousands of indices under a scenario, intervals of scores and ranks, and Sobol indices.

Sobol indices: the share of the output's variance that comes from each group of inputs. Saltelli's design: two matrices
A and B, and for each group i a matrix AB_i (A with the columns of group i from B). First-order indices are estimated
after Saltelli et al. (2010), total ones after Jansen (1999); outputs are centred first, since a mean far from zero
enlarges the error of the first-order estimator.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd

from indextree.errors import ComputationError, ParameterError, require_known
from indextree.normalisation import Reference, indicator_groups, normalise_array
from indextree.ranking import joint_rank_intervals, rank_array
from indextree.recipe import Recipe
from indextree.scenario import Scenario, ScenarioPlan, check_replicates, simulate_replicates
from indextree.treatment import fit_treatment
from indextree.tree import Tree

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
    scores : ndarray (draw, unit)
    ranks : ndarray int (draw, unit)
        0 = without a rank.
    nominal_scores, nominal_ranks : ndarray (unit,)
        By the recipe, with nothing varied.
    design : DataFrame
        Choices of each draw by name.
    uniform : ndarray (draw, column)
        Unit design; with the scenario it determines every draw.
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
        list, and for all units at once, they are too narrow. Joint ones: :meth:`joint_intervals`. Columns: ``score``,
        ``score_mean``, ``score_se``, ``score_lower``, ``score_median``, ``score_upper``, the same of ``rank`` with
        ``rank_width``, and ``draws`` (those with a value).
        """
        if not 0 < level < 1:
            raise ParameterError("Tingkat selang harus antara 0 dan 1.")
        r = np.where(self.ranks == 0, np.nan, self.ranks.astype(float))
        columns: dict[str, object] = {}
        for name, nominal, x in (("score", self.nominal_scores, self.scores), ("rank", self.nominal_ranks, r)):
            columns |= dict(zip([name, f"{name}_mean", f"{name}_se"], [nominal, *_moments(x)], strict=True))
            bounds = _quantile(x, [(1 - level) / 2, 0.5, 1 - (1 - level) / 2])
            columns |= dict(zip([f"{name}_{k}" for k in ("lower", "median", "upper")], bounds, strict=True))
        del columns["rank_se"]
        columns["rank_width"] = columns["rank_upper"] - columns["rank_lower"]
        columns["draws"] = (~np.isnan(self.scores)).sum(axis=0)
        result = pd.DataFrame(columns, index=self.unit).astype({"rank": "Int64"})
        result["rank"] = result["rank"].mask(result["rank"] == 0)
        return result

    def joint_intervals(self, level: float = 0.90, *, method: str = "bonferroni") -> pd.DataFrame:
        """Joint rank intervals from sampling error (:func:`indextree.joint_rank_intervals`): ``rank_lower``,
        ``rank_upper``.

        The standard error of a score is the deviation of its draws, so sampling error must be the only thing that
        varies (ParameterError otherwise).
        """
        if self.scenario.factors != ("sampling",):
            raise ParameterError("Selang peringkat serentak menuntut skenario yang hanya memuat galat sampel.")
        bounds = joint_rank_intervals(self.nominal_scores, _moments(self.scores)[1], level, method=method)
        result = pd.DataFrame(dict(zip(("rank_lower", "rank_upper"), bounds, strict=True)), index=self.unit)
        result = result.astype("Int64")
        return result.mask(result == 0)

    def rank_probability(self) -> pd.DataFrame:
        """Probability of each rank: unit x 1..n; rows sum to 1 when the unit always has a value."""
        n = len(self.unit)
        positions = np.arange(n) * (n + 1) + self.ranks
        counts = np.bincount(positions.ravel(), minlength=n * (n + 1)).reshape(n, n + 1)[:, 1:]
        return pd.DataFrame(counts / len(self.scores), self.unit, pd.RangeIndex(1, n + 1, name="rank"))


def _quantile(x: np.ndarray, bounds: Sequence[float]) -> np.ndarray:
    if not np.isnan(x).any():
        return np.quantile(x, bounds, axis=0)
    result = np.full((len(bounds), x.shape[1]), np.nan)
    for u in range(x.shape[1]):
        observed = x[~np.isnan(x[:, u]), u]
        if len(observed):
            result[:, u] = np.quantile(observed, bounds)
    return result


def _moments(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and deviation of each unit over its draws with a value; NaN without one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmean(x, axis=0), np.nanstd(x, axis=0, ddof=1)


class _Engine:
    """Computes scores of the top for any rows of the unit design."""

    def __init__(
        self, data, tree: Tree, scenario, recipe=None, replicates=None, covariance=None, sampling_draws: int = 200
    ):
        scenario = scenario if isinstance(scenario, Scenario) else Scenario.from_dict(scenario)
        recipe = recipe or Recipe()
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
        return check_replicates(replicates, self.x.shape)

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
        top = [len(compiled.codes) - 1]
        if self.sampling is None and not shift:
            x = self._normalise(treat(self.x), norm)
            return compiled.compute(x, w[rows], nodes=top, unit=self.unit)[0]
        result = np.empty((len(rows), len(self.unit)))
        step = max(1, _CELLS_PER_BLOCK // self.x.size)
        for start in range(0, len(rows), step):
            block = rows[start : start + step]
            x, reference = self.x[None], self.reference
            if self.sampling is not None:
                x = self.sampling[self.plan.choices(u[block], "sampling", len(self.sampling))]
            if shift:
                lower, upper = self.plan.goalposts(u[block], reference.goalpost_lower, reference.goalpost_upper)
                reference = replace(reference, goalpost_lower=lower, goalpost_upper=upper)
            values = self._normalise(treat(x), norm, reference)
            result[start : start + step] = compiled.compute(values, w[block], nodes=top, unit=self.unit)[0]
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

    Each draw is normalised with its own parameters (min and max move along), while winsorising limits and shifts of
    logs are decided once from the nominal data. Imputation applies to the nominal data; survey replicates are used as
    they are.

    Parameters
    ----------
    data : DataFrame
        Unit x indicator, original units.
    recipe : Recipe, optional
        The nominal state; what the scenario does not vary is taken from here.
    replicates : ndarray (draw, unit, indicator), optional
        Bootstrap replicates of a survey in original units, parallel to ``data.index`` and ``tree.indicators``.
        Jackknife replicates are no draws from a distribution: turn them into a covariance first
        (:func:`covariance_from_replicates`).
    covariance : ndarray (unit, indicator, indicator), optional
        Instead of ``replicates``: ``sampling_draws`` normal draws are taken from it, independent between units. When
        draws must stay in a range, call :func:`simulate_replicates` with ``bounds`` first.

    Raises
    ------
    ParameterError, ComputationError
        Invalid scenario, unknown name, or a choice that cannot be computed (the node is named).
    """
    engine = _Engine(data, tree, scenario, recipe, replicates, covariance, sampling_draws)
    scenario = engine.scenario
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
    groups : dict of str to tuple of str
        Name of a group -> its factors.
    points : int
        Base points; the index is computed points x (2 + groups) times.
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
    points: int = 256,
    groups: Mapping[str, Sequence[str]] | None = None,
    bootstrap: int = 200,
    level: float = 0.95,
    **inputs: object,
) -> SensitivityResult:
    """Which factors move scores and ranks: first-order and total Sobol indices with intervals.

    ``inputs`` (recipe, replicates, covariance, sampling_draws) are as in :func:`run_uncertainty`; ``scenario.draws`` is
    not used.

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
    """
    engine = _Engine(data, tree, scenario, **inputs)
    scenario, t = engine.scenario, engine.plan
    grouping = _groups(t.factors, groups)
    # the design is made by group, then its columns put back in the order of the factors
    width = dict(zip(t.factors, t.width, strict=True))
    method = "random" if scenario.design == "random" else "sobol"
    u, _ = saltelli_design(points, [sum(width[f] for f in g) for g in grouping.values()], scenario.seed, method)
    order = [f for g in grouping.values() for f in g for _ in range(width[f])]
    columns = np.argsort([t.factors.index(f) for f in order], kind="stable")
    scores = engine.compute(u[:, columns])
    if engine.mixed_scale:
        warnings.warn(SCALE_WARNING, MixedScaleWarning, stacklevel=2)
    ranks = rank_array(scores).astype(float)
    nominal = rank_array(engine.nominal()).astype(float)
    intact = ~np.isnan(scores).any(axis=0) & (nominal > 0)
    if not intact.any():
        raise ComputationError("Tidak ada unit yang selalu bernilai; indeks Sobol tidak dapat dihitung.")
    options = {"bootstrap": bootstrap, "level": level, "seed": scenario.seed}
    names, per_unit, overall = list(grouping), [], []
    for output, y in (("score", scores), ("rank", ranks)):
        estimate = estimate_sobol(y[:, intact], len(names), **options)
        per_unit.append(_sobol_frame(estimate, names, output, data.index[intact]))
        for unit in data.index[~intact]:
            per_unit.append(
                pd.DataFrame({"output": output, "unit": unit, "factor": names, "note": "not always available"})
            )
        overall.append(_sobol_frame(pooled_sobol(y[:, intact], len(names), **options), names, output, None))
    shift = np.abs(ranks[:, intact] - nominal[intact]).mean(axis=1)
    overall.append(_sobol_frame(estimate_sobol(shift, len(names), **options), names, "shift", None))
    per_unit, overall = (pd.concat(one, ignore_index=True) for one in (per_unit, overall))
    if engine.mixed_scale:
        for table in (per_unit, overall):
            table.loc[(table["output"] == "score") & (table["note"] == ""), "note"] = MIXED_SCALE
    return SensitivityResult(per_unit, overall, scenario, grouping, points, level)


def _groups(factors: tuple[str, ...], groups: Mapping[str, Sequence[str]] | None) -> dict[str, tuple[str, ...]]:
    if groups is None:
        return {f: (f,) for f in factors}
    every = [f for members in groups.values() for f in members]
    require_known("Faktor", every, factors)
    if sorted(every) != sorted(factors) or not all(groups.values()):
        raise ParameterError(f"Setiap faktor harus masuk tepat satu kelompok; faktor skenario: {', '.join(factors)}.")
    return {name: tuple(members) for name, members in groups.items()}


def _sobol_frame(t: SobolEstimate, factors: list[str], outputs: str, unit: pd.Index | None) -> pd.DataFrame:
    content: dict[str, object] = {"output": outputs}
    if unit is not None:
        content["unit"] = np.repeat(unit.to_numpy(), len(factors))
    content["factor"] = np.tile(np.array(factors, dtype=object), t.first.shape[1])
    content |= {f.name: getattr(t, f.name).T.ravel() for f in fields(t) if f.name != "variance"}
    content["variance"] = np.repeat(t.variance, len(factors))
    return pd.DataFrame(content | {"note": np.where(content["variance"] > 0, "", "never varies")})


# -------------------------------------------------------------------- Sobol indices


@dataclass(frozen=True, eq=False)
class SobolEstimate:
    """Sobol indices of each group of inputs and each output; arrays (group, output), NaN for outputs without variance.

    Bounds are bootstrap percentiles; ``variance`` has shape (output,).
    """

    first: np.ndarray
    first_lower: np.ndarray
    first_upper: np.ndarray
    total: np.ndarray
    total_lower: np.ndarray
    total_upper: np.ndarray
    variance: np.ndarray


def saltelli_design(n: int, width: Sequence[int], seed: int, method: str = "sobol") -> tuple[np.ndarray, np.ndarray]:
    """Design (n * (2 + groups), column) on [0, 1), in the order A, B, AB_1, AB_2, ...; and its part of each row: 0 = A,
    1 = B, 2 + i = AB_i.

    Parameters
    ----------
    n : int
        Number of base points; a power of two for the Sobol sequence.
    width : sequence of int
        Columns of each group of inputs.
    method : {"sobol", "random"}
        Scrambled Sobol sequence (Owen), or plain random numbers.
    """
    if n < 2 or (method == "sobol" and n & (n - 1)):
        raise ParameterError(f"Banyak titik dasar Sobol harus pangkat dua (64, 128, 256, ...); diberikan {n}.")
    d = int(sum(width))
    if d == 0:
        raise ParameterError("Tidak ada masukan yang berubah: indeks Sobol tidak dapat dihitung.")
    base = unit_design(n, 2 * d, seed, method)
    a, b = base[:, :d], base[:, d:]
    cuts = np.concatenate([[0], np.cumsum(width)])
    rows = [a, b]
    for i in range(len(width)):
        mixed = a.copy()
        mixed[:, cuts[i] : cuts[i + 1]] = b[:, cuts[i] : cuts[i + 1]]
        rows.append(mixed)
    return np.concatenate(rows), np.repeat(np.arange(2 + len(width)), n)


def unit_design(n: int, d: int, seed: int, method: str) -> np.ndarray:
    """Points (n, d) on [0, 1): "sobol" (scrambled), "latin" (Latin hypercube), or "random"."""
    if method == "random":
        return np.random.default_rng(seed).random((n, d))
    from scipy.stats import qmc

    if method == "latin":
        return qmc.LatinHypercube(d, rng=np.random.default_rng(seed)).random(n)
    if method == "sobol":
        power = int(np.ceil(np.log2(max(n, 2))))
        return qmc.Sobol(d, rng=np.random.default_rng(seed)).random_base2(power)[:n]
    raise ParameterError("rancangan harus 'sobol', 'latin', atau 'random'.")


def estimate_sobol(
    outputs: np.ndarray, groups: int, *, bootstrap: int = 200, level: float = 0.95, seed: int = 1
) -> SobolEstimate:
    """Sobol indices from the outputs of the design of :func:`saltelli_design`.

    Parameters
    ----------
    outputs : ndarray (n * (2 + group), m) or (n * (2 + group),)
        Value of the function at each row of the design; m outputs are computed together.
    bootstrap : int
        Bootstrap replicates over the base points, for intervals.

    Raises
    ------
    ComputationError
        An output is missing.
    """
    y = np.asarray(outputs, dtype=float)
    a, b, mixed, weight = _saltelli_parts(y[:, None] if y.ndim == 1 else y, groups, bootstrap, level, seed)
    # all estimates are functions of these column means, so the bootstrap is one matrix product
    centred = 0.5 * (weight @ a + weight @ b)
    variance = 0.5 * (weight @ a**2 + weight @ b**2) - centred**2
    # below the precision of numbers a variance is only rounding
    scale = np.abs(y).reshape(-1, a.shape[1]).max(axis=0)
    flat = variance[0] <= (1e-12 * np.maximum(scale, 1e-300)) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        first = np.stack(
            [(weight @ (b * (ab - a)) - (0.5 * (weight @ (a + b))) * (weight @ (ab - a))) / variance for ab in mixed]
        )
        total = np.stack([0.5 * (weight @ (a - ab) ** 2) / variance for ab in mixed])
    first[..., flat] = total[..., flat] = np.nan
    return SobolEstimate(*_bounded(first, level), *_bounded(total, level), np.where(flat, 0.0, variance[0]))


def pooled_sobol(
    outputs: np.ndarray, groups: int, *, bootstrap: int = 200, level: float = 0.95, seed: int = 1
) -> SobolEstimate:
    """Pooled Sobol indices of many outputs: sum of partial variances over sum of variances (Gamboa et al. 2014).

    Units with large variance weigh heavily. Shape of the result: (group, 1).
    """
    a, b, mixed, weight = _saltelli_parts(np.asarray(outputs, dtype=float), groups, bootstrap, level, seed)
    # means of each output are ~ 0 after centring; their cross terms are left out of the bootstrap (order 1/n)
    denominator = weight @ (0.5 * (a**2 + b**2).sum(axis=1))
    if not denominator[0] > 0:
        return SobolEstimate(*[np.full((groups, 1), np.nan)] * 6, np.zeros(1))
    first = np.stack([weight @ (b * (ab - a)).sum(axis=1) / denominator for ab in mixed])[..., None]
    total = np.stack([0.5 * (weight @ ((a - ab) ** 2).sum(axis=1)) / denominator for ab in mixed])[..., None]
    return SobolEstimate(*_bounded(first, level), *_bounded(total, level), denominator[:1])


def _saltelli_parts(y: np.ndarray, groups: int, bootstrap: int, level: float, seed: int) -> tuple[np.ndarray, ...]:
    """Centred outputs at A, B and every AB_i, and weights of the base points: full sample first, then bootstrap."""
    if y.shape[0] % (2 + groups):
        raise ParameterError("Banyak baris keluaran tidak sesuai dengan rancangan Saltelli.")
    if np.isnan(y).any():
        raise ComputationError("Ada keluaran yang hilang; indeks Sobol hanya untuk keluaran yang selalu tersedia.")
    if not 0 < level < 1:
        raise ParameterError("Tingkat kepercayaan harus antara 0 dan 1.")
    y = y.reshape(2 + groups, -1, y.shape[1])
    y = y - y[:2].mean(axis=(0, 1))
    n = y.shape[1]
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=bootstrap).astype(float)
    return y[0], y[1], y[2:], np.vstack([np.ones(n), counts]) / n


def _bounded(x: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Estimate and its bootstrap bounds, each (group, output), from (group, 1 + bootstrap, output)."""
    if x.shape[1] == 1:
        return x[:, 0], *np.full((2, len(x), x.shape[2]), np.nan)
    with np.errstate(invalid="ignore"):
        return x[:, 0], *np.quantile(x[:, 1:], [(1 - level) / 2, 1 - (1 - level) / 2], axis=1)
