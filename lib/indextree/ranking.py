"""Ranks: 1 = highest value, ties share the smallest rank, missing values have none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from indextree.errors import ParameterError

TIE_TOLERANCE = 1e-12
"""Scores that differ by less than this share of their size are tied: floating point error breaks no ties."""

_ZERO_ERROR = 1e-15  # share of the largest score: differences this small around zero are rounding of sums


def rank_array(values: np.ndarray, tolerance: float = TIE_TOLERANCE, descending: bool = True) -> np.ndarray:
    """Ranks 1..n along the last axis, int32; 0 marks missing values.

    Parameters
    ----------
    values : ndarray (..., n)
    tolerance : float
        Relative difference that counts as a tie; 0 means equal values only.
    descending : bool
        True: the largest value has rank 1.
    """
    values = np.asarray(values, dtype=float)
    key = -values if descending else values
    order = np.argsort(key, axis=-1)
    ordered = np.take_along_axis(key, order, axis=-1)
    position = np.broadcast_to(np.arange(1, values.shape[-1] + 1, dtype=np.int32), values.shape)
    tie_start = position.copy()
    ties = ordered[..., 1:] == ordered[..., :-1]
    if tolerance and values.shape[-1] > 1:
        magnitudes = np.where(np.isfinite(ordered), np.abs(ordered), 0.0)
        bounds = np.maximum(tolerance * magnitudes[..., 1:], _ZERO_ERROR * magnitudes.max(axis=-1, keepdims=True))
        with np.errstate(invalid="ignore"):
            ties |= np.diff(ordered, axis=-1) <= bounds
    if ties.any():
        tie_start[..., 1:][ties] = 0
        tie_start = np.maximum.accumulate(tie_start, axis=-1)
    result = np.empty(values.shape, dtype=np.int32)
    np.put_along_axis(result, order, tie_start, axis=-1)
    missing = np.isnan(values)
    if missing.any():
        result[missing] = 0
    return result


def rank_frame(scores: pd.DataFrame | pd.Series, tolerance: float = TIE_TOLERANCE) -> pd.DataFrame | pd.Series:
    """Ranks of each column (1 = highest) as ``Int64``; ``<NA>`` for missing values."""
    table = scores.to_frame() if isinstance(scores, pd.Series) else scores
    numbers = rank_array(table.to_numpy(dtype=float).T, tolerance).T
    result = pd.DataFrame(numbers, index=table.index, columns=table.columns).astype("Int64")
    result = result.mask(result == 0)
    return result.iloc[:, 0].rename(scores.name) if isinstance(scores, pd.Series) else result


def expected_ranks(values: np.ndarray, se: np.ndarray) -> np.ndarray:
    """Expected ranks given sampling error: ``E[R_i] = 1 + sum_{j != i} P(X_j > X_i)``, (n,); 1 = highest value.

    True values are taken as normal around the estimates, independent between units (Laird and Louis 1989, *Empirical
    Bayes Ranking Methods*, Journal of Educational Statistics 14, 29-46).

    Parameters
    ----------
    values, se : ndarray (n,)
        NaN in either: the unit is not ranked (NaN). When both errors are zero the larger is certainly above, and equal
        values share a half.
    """
    from scipy.special import ndtr

    values, se = _check_estimates(values, se)
    observed = ~(np.isnan(values) | np.isnan(se))
    x, variance = values[observed], se[observed] ** 2
    gap, spread = x[:, None] - x[None, :], np.sqrt(variance[:, None] + variance[None, :])
    with np.errstate(invalid="ignore", divide="ignore"):
        above = ndtr(np.where(gap == 0, 0.0, gap / spread))
    result = np.full(values.shape, np.nan)
    result[observed] = 0.5 + above.sum(axis=0)  # the unit itself contributes a half
    return result


def _check_estimates(values: np.ndarray, se: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values, se = np.asarray(values, dtype=float), np.asarray(se, dtype=float)
    if values.ndim != 1 or values.shape != se.shape:
        raise ParameterError(
            f"Nilai {values.shape} dan galat baku {se.shape} harus larik satu sumbu yang sama panjang."
        )
    if (se < 0).any():
        raise ParameterError("Galat baku tidak boleh negatif.")
    return values, se


JOINT_METHODS = ("bonferroni", "sidak")


def joint_rank_intervals(
    values: np.ndarray,
    se: np.ndarray,
    level: float = 0.90,
    *,
    df: np.ndarray | float | None = None,
    method: str = "bonferroni",
) -> tuple[np.ndarray, np.ndarray]:
    """Joint rank intervals: all true ranks lie in their own intervals at once.

    Values get joint intervals; a unit is certainly below those whose whole interval is above its own, and certainly
    above those whose whole interval is below (Klein, Wright and Wieczorek 2020, JRSS-A 183, 589-606).

    Parameters
    ----------
    values, se : ndarray (n,)
        Estimates and their sampling standard errors. NaN in either: the unit is not ranked.
    level : float
        Joint probability.
    df : ndarray (n,) or float, optional
        Degrees of freedom of the standard errors (t quantile); default normal.
    method : {"bonferroni", "sidak"}
        Bonferroni holds however the estimates are related; Sidak, slightly narrower, for independent estimates.

    Returns
    -------
    lower, upper : ndarray int (n,)
        Best and worst rank, 1 = highest value; 0 for units not ranked.
    """
    from scipy.stats import t as t_distribution

    values, se = _check_estimates(values, se)
    if not 0 < level < 1:
        raise ParameterError("Tingkat selang harus antara 0 dan 1.")
    if method not in JOINT_METHODS:
        raise ParameterError(f"Metode selang serentak '{method}' tidak dikenal; pilih {', '.join(JOINT_METHODS)}.")
    degrees = np.full(values.shape, np.inf) if df is None else np.broadcast_to(np.asarray(df, float), values.shape)
    observed = ~(np.isnan(values) | np.isnan(se))
    if not (degrees[observed] > 0).all():
        raise ParameterError("Derajat bebas harus positif bagi setiap unit yang bernilai.")
    lower, upper = np.zeros(len(values), dtype=np.int32), np.zeros(len(values), dtype=np.int32)
    n = int(observed.sum())
    if n:
        tail = (1 - level) / n if method == "bonferroni" else 1 - level ** (1 / n)
        margin = t_distribution.isf(tail / 2, degrees[observed]) * se[observed]
        low, high = values[observed] - margin, values[observed] + margin
        lower[observed] = 1 + (n - np.searchsorted(np.sort(low), high, side="right"))
        upper[observed] = n - np.searchsorted(np.sort(high), low, side="left")
    return lower, upper


_SPREADS = 400  # grid points for the spread of true changes


def rank_change(
    first: np.ndarray,
    second: np.ndarray,
    first_se: np.ndarray,
    second_se: np.ndarray,
    *,
    seed: int,
    covariance: np.ndarray | None = None,
    first_df: np.ndarray | float | None = None,
    second_df: np.ndarray | float | None = None,
    draws: int = 4000,
    level: float = 0.90,
) -> pd.DataFrame:
    """Change of rank between two measurements, and the probability that it is real.

    True changes are taken as normal over units, with a mean and spread estimated from all the changes themselves
    (`draw_changes`): when the observed changes do not exceed their errors, hardly a rank is said to have changed. The
    probability is the share of draws in which the rank moves the way it was seen to move. Certainty is stricter and
    free of that assumption: the joint rank intervals of the two measurements (each at half of 1 - `level`) do not meet.

    Parameters
    ----------
    first, second, first_se, second_se : ndarray (n,)
        A unit missing from either measurement is ranked in neither: a rank among other units is no change.
    covariance : ndarray (n,), optional
        Covariance of the first and second estimate of the same unit (shared PSUs), default zero; units are taken as
        independent.
    first_df, second_df : optional
        Degrees of freedom of the standard errors, for the joint intervals.
    level : float
        Joint probability, and the width of the spread of the change.

    Returns
    -------
    DataFrame, n rows
        rank_first, rank_second, change (Int64; positive = up: a smaller rank), lower, upper (quantiles of the change
        over draws), up, same, down (probabilities), probability (of the direction seen), certain (bool).

    Raises
    ------
    ParameterError
        Shape, level, number of draws, standard errors or covariance out of range.
    """
    first, first_se = _check_estimates(first, first_se)
    second, second_se = _check_estimates(second, second_se)
    if first.shape != second.shape:
        raise ParameterError(f"Pengukuran pertama {first.shape} dan kedua {second.shape} harus sama panjang.")
    if draws < 100 or not 0 < level < 1:
        raise ParameterError("Perubahan peringkat memerlukan sedikitnya 100 tarikan dan tingkat antara 0 dan 1.")
    shared = np.zeros(first.shape) if covariance is None else np.asarray(covariance, dtype=float)
    if shared.shape != first.shape or (np.abs(shared) > first_se * second_se * (1 + 1e-9)).any():
        raise ParameterError("Kovarians harus satu bilangan tiap unit, tidak melebihi hasil kali kedua galat baku.")
    seen = ~np.isnan(first + second + first_se + second_se + shared)
    a, b, s, t, c = (x[seen] for x in (first, second, first_se, second_se, shared))
    moved = np.zeros((draws, len(first)), dtype=np.int32)
    moved[:, seen] = _draw_rank_changes(a, b, s, t, c, draws, np.random.default_rng(seed))
    ranks, bounds = [], []
    for x, e, df in ((first, first_se, first_df), (second, second_se, second_df)):
        x = np.where(seen, x, np.nan)
        ranks.append(rank_array(x).astype(np.int64))
        bounds.append(joint_rank_intervals(x, e, 1 - (1 - level) / 2, df=df))
    change = np.where(seen, ranks[0] - ranks[1], 0)
    tail = (1 - level) / 2
    lower, upper = np.quantile(moved, [tail, 1 - tail], axis=0)
    chances = {"up": (moved > 0).mean(axis=0), "same": (moved == 0).mean(axis=0), "down": (moved < 0).mean(axis=0)}
    real = np.select([change > 0, change < 0], [chances["up"], chances["down"]], chances["same"])
    whole = {"rank_first": ranks[0], "rank_second": ranks[1], "change": change}
    figures = {"lower": lower, "upper": upper} | chances | {"probability": real}
    content = {k: pd.arrays.IntegerArray(x, ~seen) for k, x in whole.items()}
    content |= {k: np.where(seen, x, np.nan) for k, x in figures.items()}
    content["certain"] = seen & ((bounds[1][1] < bounds[0][0]) | (bounds[1][0] > bounds[0][1]))
    return pd.DataFrame(content)


def draw_changes(change: np.ndarray, variance: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draws of the true changes, (draws, n): normal over units with unknown mean and spread.

    Flat priors on the mean and the standard deviation, integrated on a grid (Gelman et al. 2013, *Bayesian Data
    Analysis*, section 5.4). ``change`` and ``variance`` (n,): estimated changes and the variances of their errors.
    """
    reach = np.sqrt(np.var(change) + variance.mean())
    if reach == 0:
        return np.tile(change, (draws, 1))
    spread = 10 * reach * (np.arange(_SPREADS) + 0.5) / _SPREADS
    total = variance + spread[:, None] ** 2
    precision = (1 / total).sum(axis=1)
    mean = (change / total).sum(axis=1) / precision
    log = -0.5 * ((np.log(total) + (change - mean[:, None]) ** 2 / total).sum(axis=1) + np.log(precision))
    chance = np.exp(log - log.max())
    k = rng.choice(_SPREADS, draws, p=chance / chance.sum())
    centre = (mean[k] + rng.standard_normal(draws) / np.sqrt(precision[k]))[:, None]
    own = spread[k][:, None] ** 2
    shrunk = (own * change + variance * centre) / (own + variance)
    return shrunk + np.sqrt(own * variance / (own + variance)) * rng.standard_normal(shrunk.shape)


def _draw_rank_changes(a, b, s, t, c, draws: int, rng: np.random.Generator) -> np.ndarray:
    """First rank minus second in each draw, (draws, n)."""
    if not len(a):
        return np.zeros((draws, 0), dtype=np.int32)
    variance = np.maximum(s**2 + t**2 - 2 * c, 0.0)
    change = draw_changes(b - a, variance, draws, rng)
    # The first value given the change: the optimal average of a and b - change.
    share = np.divide(t**2 - c, variance, out=np.ones(len(a)), where=variance > 0)
    rest = np.divide(s**2 * t**2 - c**2, variance, out=s**2, where=variance > 0)
    start = share * a + (1 - share) * (b - change) + np.sqrt(np.maximum(rest, 0.0)) * rng.standard_normal(change.shape)
    return rank_array(start) - rank_array(start + change)
