"""Quantiles by domain with Woodruff intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from surveyest.cells import summarise_aligned
from surveyest.design import Design
from surveyest.encoding import as_names
from surveyest.errors import ParameterError
from surveyest.estimates import estimate
from surveyest.intervals import confidence_interval, relative_se, reliability_flags, t_quantile
from surveyest.scored import DomainRows

QUANTILE_RULES = ("math", "school", "hf7")
#: A cumulative weight equals its target when it differs by no more than rounding.
CUMULATIVE_TOLERANCE = 1e-12


def quantile(
    design: Design,
    frame: pd.DataFrame,
    variables: str | Sequence[str],
    probability: float | Sequence[float] = 0.5,
    *,
    domain: str | Sequence[str] | None = None,
    subset: Mapping[str, object] | None = None,
    rule: str = "math",
    method: str = "logit",
    level: float = 0.95,
    df: str | float = "domain",
    caution_above: float = 25.0,
    suppress_above: float = 50.0,
    min_n: int = 30,
) -> pd.DataFrame:
    """Weighted quantiles of each variable, domain and probability.

    The only estimate that needs persons rather than cells: it uses the whole distribution.

    Parameters
    ----------
    design, frame
        As in `summarise`: all rows, not filtered.
    variables, probability : one or several
    domain : domain columns; empty = the whole sample
    subset : dict column -> value or list of values, optional
    rule : {"math", "school", "hf7"}
        "math": the smallest value whose distribution function reaches the probability; "school": the mean of two values
        when it is met exactly; "hf7": interpolation (type 7 of Hyndman and Fan). Names follow ``qrule`` of R survey.
    method : {"logit", "t", "beta", "asin"}
        Interval of the proportion below the quantile, turned into one of the quantile (Woodruff 1952). "t" leaves 0-1,
        and so has no bound, in many small domains.
    level, df
        See `Estimates.interval`.
    caution_above, suppress_above, min_n
        See `reliability_flags`. Rows flagged "suppressed" keep their values.

    Returns
    -------
    DataFrame
        Columns of the domain, then measure, probability, estimate, se, lower, upper, rse, n, df, flag. se = width of
        the interval / 2t. Bounds whose probability leaves 0-1 are NaN, also when the quantile is the largest value.

    Raises
    ------
    ParameterError
        Unknown choice, column or value of `subset`; a probability outside 0-1.
    EstimationError
        Rows cannot be matched with the design.
    """
    if rule not in QUANTILE_RULES:
        raise ParameterError(f"Aturan kuantil '{rule}' tidak dikenal; pilih: {', '.join(QUANTILE_RULES)}.")
    p = np.atleast_1d(np.asarray(probability, dtype=float))
    if not ((p > 0) & (p < 1)).all():
        raise ParameterError("Peluang kuantil harus di antara 0 dan 1.")
    if isinstance(df, str) and df not in ("domain", "design"):
        raise ParameterError(f"df '{df}' tidak dikenal; pilih 'domain', 'design', atau bilangan.")
    names = as_names(variables)
    sample = DomainRows.read(design, frame, domain, subset, needed=names)
    table = sample.table
    chunks = []
    for u in names:
        rows, y = sample.measured(u)
        result = _one_variable(design, sample.codes[rows], len(table), y, rows, p, rule, method, level, df)
        q, se, lower, upper, n, dof = result
        rse = relative_se(q, se)
        flags = reliability_flags(
            rse, se, n, df=dof, caution_above=caution_above, suppress_above=suppress_above, min_n=min_n
        )
        content = {k: table[k].repeat(len(p)).reset_index(drop=True) for k in table.columns}
        content |= {"measure": u, "probability": np.tile(p, len(table)), "estimate": q.ravel(), "se": se.ravel()}
        content |= {"lower": lower.ravel(), "upper": upper.ravel(), "rse": rse.ravel()}
        content |= {"n": n.ravel(), "df": dof.ravel(), "flag": flags.ravel()}
        chunks.append(pd.DataFrame(content))
    return pd.concat(chunks, ignore_index=True)


def _one_variable(
    design: Design,
    codes: np.ndarray,
    count: int,
    y: np.ndarray,
    rows: np.ndarray,
    p: np.ndarray,
    rule: str,
    method: str,
    level: float,
    df: str | float,
) -> tuple[np.ndarray, ...]:
    """Quantiles, se, lower, upper, n, df; each (D, number of probabilities)."""
    order = np.lexsort((y, codes))
    sorted_y, sorted_w, sorted_codes = y[order], design.weights[rows][order], codes[order]
    bounds = np.searchsorted(sorted_codes, np.arange(count + 1))
    shape = (count, len(p))
    q = np.full(shape, np.nan)
    distributions = []
    for d in range(count):
        content = slice(bounds[d], bounds[d + 1])
        distributions.append((sorted_y[content], np.cumsum(sorted_w[content])))
        if bounds[d + 1] > bounds[d]:
            q[d] = invert_distribution(*distributions[d], p, rule)

    proportion, se_p, dof = _proportion_below(design, codes, y, rows, q)
    n = np.repeat(np.diff(bounds)[:, None], len(p), axis=1)
    used = {"domain": dof, "design": np.full(shape, design.df)}[df] if isinstance(df, str) else df
    used = np.broadcast_to(used, shape)
    left, right = confidence_interval(proportion, se_p, used, method=method, level=level, n=n)
    # Quantile at the largest value: the proportion is 1 with standard error zero, which is no certainty; no interval.
    largest = proportion >= 1 - CUMULATIVE_TOLERANCE
    left, right = np.where(largest, np.nan, left), np.where(largest, np.nan, right)
    lower, upper = np.full(shape, np.nan), np.full(shape, np.nan)
    for d in np.flatnonzero(np.diff(bounds)):
        valid = left[d] >= 0
        lower[d, valid] = invert_distribution(*distributions[d], left[d, valid], rule)
        valid = right[d] <= 1
        upper[d, valid] = invert_distribution(*distributions[d], right[d, valid], rule)
    return q, (upper - lower) / (2 * t_quantile(level, used)), lower, upper, n, dof


def _proportion_below(
    design: Design, codes: np.ndarray, y: np.ndarray, rows: np.ndarray, q: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Proportion below quantile `q` (D, probabilities), its standard error as the mean of an indicator, and df by
    domain."""

    def column(values: np.ndarray) -> pd.Series:
        whole = np.full(len(design.weights), np.nan)
        whole[rows] = values
        return pd.Series(whole)

    names = tuple(f"p{i}" for i in range(q.shape[1]))
    indicators = {name: column(y <= q[codes, i]) for i, name in enumerate(names)}
    t = estimate(
        summarise_aligned(design, indicators | {"domain": column(codes)}, names, ("domain",), (), {}), "domain"
    )
    occurring = t.domain["domain"].to_numpy().astype(np.int64)
    proportion, se, df = np.full(q.shape, np.nan), np.full(q.shape, np.nan), np.zeros(q.shape, dtype=np.int64)
    proportion[occurring], se[occurring], df[occurring] = t.values, t.se, t.df
    return proportion, se, df


def invert_distribution(y: np.ndarray, cumulative: np.ndarray, p: np.ndarray, rule: str) -> np.ndarray:
    """Inverse of the weighted distribution function; `y` sorted, `cumulative` its sums of weights."""
    if len(y) == 1:
        return np.full(len(p), y[0])
    total = cumulative[-1]
    if rule == "hf7":
        point = np.append(0.0, cumulative[:-1]) / cumulative[-2]
        return np.interp(p, point, y)
    position = np.searchsorted(cumulative, (p - CUMULATIVE_TOLERANCE) * total)
    position = np.minimum(position, len(y) - 1)
    result = y[position]
    if rule == "school":
        exact = np.abs(cumulative[position] - p * total) <= CUMULATIVE_TOLERANCE * total
        result = np.where(exact, (result + y[np.minimum(position + 1, len(y) - 1)]) / 2, result)
    return result
