"""What needs the whole distribution, by domain and with design-based standard errors: quantiles (Woodruff intervals),
poverty (FGT), inequality (Gini, share ratios) and Lorenz curves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from surveyest.cells import KINDS, divide, summarise_aligned
from surveyest.design import Design
from surveyest.estimates import (
    Estimates,
    choose_df,
    confidence_interval,
    estimate,
    long_table,
    relative_se,
    reliability_flags,
    t_quantile,
)
from surveyest.inputs import EstimationError, Names, ParameterError, Subset, as_names, check_choice, numeric_column
from surveyest.scored import DomainRows, Shared, scored_estimates

QUANTILE_RULES = ("math", "school", "hf7")
#: A cumulative weight equals its target when it differs by no more than rounding.
CUMULATIVE_TOLERANCE = 1e-12
INEQUALITY_MEASURES = ("gini", "qsr")
BANDWIDTHS = ("population", "sample")


def quantile(
    design: Design,
    frame: pd.DataFrame,
    variables: Names,
    probability: float | Sequence[float] = 0.5,
    *,
    domain: Names = None,
    subset: Subset = None,
    rule: str = "math",
    method: str = "logit",
    level: float = 0.95,
    df: str | float = "domain",
    **thresholds: float,
) -> pd.DataFrame:
    """Weighted quantiles of each variable, domain and probability.

    Parameters
    ----------
    design, frame
        As in `summarise`: all rows, not filtered.
    variables, probability : one or several
    domain : str or list of str, optional
        Empty = the whole sample.
    subset : dict column -> value or list of values, optional
    rule : {"math", "school", "hf7"}
        "math": the smallest value whose distribution function reaches the probability; "school": the mean of two values
        when it is met exactly; "hf7": interpolation (type 7 of Hyndman and Fan). Names follow ``qrule`` of R survey.
    method : {"logit", "t", "beta", "asin"}
        Interval of the proportion below the quantile, turned into one of the quantile (Woodruff 1952). "t" leaves 0-1,
        and so has no bound, in many small domains.
    level, df
        See `Estimates.interval`.
    **thresholds
        As in `reliability_flags`. Rows flagged "suppressed" keep their values.

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
    check_choice("Aturan kuantil", rule, QUANTILE_RULES)
    p = np.atleast_1d(np.asarray(probability, dtype=float))
    if not ((p > 0) & (p < 1)).all():
        raise ParameterError("Peluang kuantil harus di antara 0 dan 1.")
    choose_df(df, p, 0)  # refused before the work, not after
    names = as_names(variables)
    sample = DomainRows.read(design, frame, domain, subset, needed=names)
    chunks = []
    for u in names:
        figures = _quantiles(sample, u, p, rule, method, level, df)
        rse, se, n = (figures[k] for k in ("rse", "se", "n"))
        figures["flag"] = reliability_flags(rse, se, n, df=figures["df"], **thresholds)
        chunk = long_table(sample.table, [u] * len(p), figures)
        chunk.insert(chunk.columns.get_loc("measure") + 1, "probability", np.tile(p, len(sample.table)))
        chunks.append(chunk)
    return pd.concat(chunks, ignore_index=True)


def _ascending(codes: np.ndarray, y: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Each domain that has rows, with the places of its rows in ascending order of `y`."""
    order = np.lexsort((y, codes))
    start = np.flatnonzero(np.diff(codes[order], prepend=-1))
    for part in np.split(order, start[1:]):
        if len(part):
            yield codes[part[0]], part


def _quantiles(
    sample: DomainRows, variable: str, p: np.ndarray, rule: str, method: str, level: float, df: str | float
) -> dict[str, np.ndarray]:
    """Quantiles of one variable, with what belongs to them; each (D, number of probabilities)."""
    rows, y = sample.measured(variable)
    codes, weights, count = sample.codes[rows], sample.design.weights[rows], len(sample.table)
    q, lower, upper = (np.full((count, len(p)), np.nan) for _ in range(3))
    distributions = {d: (y[part], np.cumsum(weights[part])) for d, part in _ascending(codes, y)}
    for d, distribution in distributions.items():
        q[d] = invert_distribution(*distribution, p, rule)
    proportion, se_p, dof = _proportion_below(sample.design, codes, y, rows, q)
    n = np.repeat(np.bincount(codes, minlength=count)[:, None], len(p), axis=1)
    used = choose_df(df, dof, sample.design.df)
    left, right = confidence_interval(proportion, se_p, used, method=method, level=level, n=n)
    # Quantile at the largest value: the proportion is 1 with standard error zero, which is no certainty; no interval.
    largest = proportion >= 1 - CUMULATIVE_TOLERANCE
    left, right = np.where(largest, np.nan, left), np.where(largest, np.nan, right)
    for d, distribution in distributions.items():
        for bound, at in ((lower, left[d]), (upper, right[d])):
            valid = (at >= 0) & (at <= 1)
            bound[d, valid] = invert_distribution(*distribution, at[valid], rule)
    se = (upper - lower) / (2 * t_quantile(level, used))
    figures = {"estimate": q, "se": se, "lower": lower, "upper": upper, "rse": relative_se(q, se)}
    return figures | {"n": n, "df": dof}


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
    cells = summarise_aligned(design, indicators | {"domain": column(codes)}, names, ("domain",))
    t = estimate(cells, "domain")
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


@dataclass(frozen=True)
class RelativeLine:
    """A poverty line estimated from the sample: a `fraction` of a quantile or of the mean.

    Attributes
    ----------
    of : float or "mean"
        Probability of the quantile (0.5 = median), or the mean.
    by : column, optional
        One line for each value of these columns; empty = one line from the whole sample, whatever domain and `subset`.
    bandwidth : {"population", "sample"}
        Bandwidth of the density kernel, s m**(-1/5): m the sum of weights, as the R package convey does, or the number
        of respondents. The second is wider, and more stable in small samples.
    """

    fraction: float = 0.6
    of: float | str = 0.5
    by: Names = None
    bandwidth: str = "population"

    def __post_init__(self):
        if not self.fraction > 0:
            raise ParameterError(f"Bagian garis {self.fraction} harus lebih dari nol.")
        if self.of != "mean" and (isinstance(self.of, str) or not 0 < self.of < 1):
            raise ParameterError(f"Garis diukur dari peluang kuantil antara 0 dan 1 atau 'mean', bukan {self.of!r}.")
        check_choice("Lebar kernel", self.bandwidth, BANDWIDTHS)


@dataclass(frozen=True)
class _Line:
    """Estimated line of each group, and its influence function times weights."""

    groups: DomainRows
    rows: np.ndarray
    values: np.ndarray
    scores: np.ndarray


def poverty(
    design: Design,
    frame: pd.DataFrame,
    variable: str,
    line: float | str | RelativeLine,
    *,
    orders: Sequence[float] = (0, 1, 2),
    domain: Names = None,
    subset: Subset = None,
    kind: str = "mean",
    allow_negative: bool = False,
) -> Estimates:
    """Poverty indices of Foster, Greer and Thorbecke (1984) by domain: measures "P0", "P1" and so on; P0 has logit
    intervals.

    An estimated line adds the derivative of the index with respect to the line times the line's influence function
    (Deville 1999; Osier 2009). Derivatives of P0 and of quantiles are densities at the line, estimated with a Gaussian
    kernel (`RelativeLine.bandwidth`).

    Parameters
    ----------
    design, frame, domain, subset
        As in `quantile`.
    variable : str
        Expenditure or income, in the unit of the line. A missing value only takes out its row; zero counts.
    line : float, str, or RelativeLine
        A fixed line; a column with the line of each row (published lines by region, for example); or an estimated line,
        whose error is part of the standard errors.
    orders : 0 and numbers >= 1
        0 headcount (P0), 1 gap (P1), 2 severity (P2). Poor means BELOW the line.
    kind : {"mean", "total"}
        "total": weighted sums, so P0 becomes the number of poor people.
    allow_negative : bool
        Accept negative values; P1 and P2 can then exceed 1.

    Raises
    ------
    ParameterError
        Unknown choice or column; an order between 0 and 1.
    EstimationError
        An empty, zero or negative line; negative values; rows that cannot be matched.
    """
    orders = tuple(float(a) for a in np.atleast_1d(orders))
    if any(a != 0 and not a >= 1 for a in orders):
        raise ParameterError("Derajat kemiskinan harus 0 atau sedikitnya 1.")
    check_choice("Jenis taksiran", kind, KINDS)
    needed = [variable, *as_names(line if isinstance(line, str) else None)]
    sample = DomainRows.read(design, frame, domain, subset, needed=needed)
    rows, y = sample.measured(variable, allow_negative=allow_negative)
    estimated = None
    if isinstance(line, RelativeLine):
        estimated = _estimate_line(design, sample.frame, variable, line, allow_negative)
    z = _line_of_rows(sample, rows, line, estimated)
    gap = np.where(y < z, (z - y) / z, 0.0)
    codes, w, d = sample.codes[rows], design.weights[rows], len(sample.table)
    sum_w = np.bincount(codes, weights=w, minlength=d)
    scale = np.ones(d) if kind == "total" else sum_w
    values, scores = np.empty((d, len(orders))), np.empty((len(orders), len(rows)))
    for v, a in enumerate(orders):
        f = np.where(gap > 0, gap**a, 0.0)
        values[:, v] = divide(np.bincount(codes, weights=w * f, minlength=d), scale)
        scores[v] = w * (f if kind == "total" else f - values[codes, v]) / scale[codes]
    values[sum_w == 0] = np.nan
    shared = None
    if estimated is not None:
        cell = codes * len(estimated.values) + estimated.groups.codes[rows]

        def slope(order: float) -> np.ndarray:
            if order == 0:
                return _kernel(y, z, w, cell, d * len(estimated.values), line.bandwidth)
            return np.where(gap > 0, w * order * gap ** (order - 1) * y / z**2, 0.0)

        count = d * len(estimated.values)
        # derivative of each weighted sum of FGT with respect to the line of each group, (order, D, G)
        slopes = np.array([np.bincount(cell, weights=slope(a), minlength=count).reshape(d, -1) for a in orders])
        slopes = np.moveaxis(divide(slopes, scale[:, None]), 0, 1)
        group = estimated.groups.codes[estimated.rows]
        shared = Shared(estimated.rows, group, estimated.scores, np.nan_to_num(slopes))
    names = [f"P{a:g}" for a in orders]
    proportion = [a == 0 and kind == "mean" for a in orders]
    return scored_estimates(sample, names, values, rows, scores, proportion=proportion, shared=shared, kind=kind)


def poverty_line(
    design: Design, frame: pd.DataFrame, variable: str, line: RelativeLine, *, allow_negative: bool = False
) -> Estimates:
    """The estimated poverty line (measure "line") and its standard error, one domain for each value of ``line.by``.

    Parameters and errors are as in `poverty`.
    """
    x = _estimate_line(design, frame, variable, line, allow_negative)
    return scored_estimates(x.groups, ["line"], x.values[:, None], x.rows, x.scores[None])


def inequality(
    design: Design,
    frame: pd.DataFrame,
    variable: str,
    measures: str | Sequence[str] = INEQUALITY_MEASURES,
    *,
    domain: Names = None,
    subset: Subset = None,
    allow_negative: bool = False,
) -> Estimates:
    """Inequality by domain; NaN when the total, or that of the bottom, is not positive.

    Influence function of Gini after Langel and Tillé (2013); of totals up to a quantile after Deville (1999), which
    needs no density: (x - q) 1(x <= q) + p q.

    Parameters
    ----------
    design, frame, variable, domain, subset
        As in `poverty`. Zeros count.
    measures : "gini", "qsr", or both
        "gini" between 0 and 1; "qsr" the total above the 80% quantile over the total up to the 20% quantile. Other
        ratios, Palma's for example, are functions of `lorenz` (`Estimates.delta`).
    allow_negative : bool
        Accept negative values; Gini can then exceed 1.

    Raises
    ------
    ParameterError
        Unknown measure or column.
    EstimationError
        Negative values; rows that cannot be matched.
    """
    names = as_names(measures)
    for one in names:
        check_choice("Ukuran", one, INEQUALITY_MEASURES)

    def compute(x: np.ndarray, w: np.ndarray) -> list[tuple[float, np.ndarray]]:
        return [{"gini": _gini, "qsr": _quintile_share_ratio}[m](x, w) for m in names]

    sample = DomainRows.read(design, frame, domain, subset, needed=[variable])
    return _by_domain(sample, variable, names, compute, allow_negative)


def lorenz(
    design: Design,
    frame: pd.DataFrame,
    variable: str,
    probability: float | Sequence[float] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    *,
    domain: Names = None,
    subset: Subset = None,
    allow_negative: bool = False,
) -> Estimates:
    """Ordinates of the Lorenz curve, measures "L(0.1)" and so on: the share of the bottom p (0.4: the World Bank's
    bottom 40%).

    The person at the boundary counts in part, so the curve is continuous (Kovačević and Binder 1997; Langel and Tillé
    2011). Other parameters, and errors, are as in `inequality`.

    Parameters
    ----------
    probability : one or several, between 0 and 1
    """
    p = np.atleast_1d(np.asarray(probability, dtype=float))
    if not ((p > 0) & (p < 1)).all():
        raise ParameterError("Peluang kurva Lorenz harus di antara 0 dan 1.")

    def compute(x: np.ndarray, w: np.ndarray) -> list[tuple[float, np.ndarray]]:
        return [_ordinate(x, w, one) for one in p]

    names = [f"L({one:g})" for one in p]
    sample = DomainRows.read(design, frame, domain, subset, needed=[variable])
    return _by_domain(sample, variable, names, compute, allow_negative)


def _by_domain(
    sample: DomainRows, variable: str, names: Sequence[str], compute: Callable, allow_negative: bool
) -> Estimates:
    """Apply `compute` (x ascending, w) -> [(value, influence function)] to each domain."""
    rows, y = sample.measured(variable, allow_negative=allow_negative)
    w, d = sample.design.weights[rows], len(sample.table)
    values, scores = np.full((d, len(names)), np.nan), np.zeros((len(names), len(rows)))
    for i, part in _ascending(sample.codes[rows], y):
        for v, (value, influence) in enumerate(compute(y[part], w[part])):
            values[i, v] = value
            if not np.isnan(value):
                scores[v, part] = w[part] * influence
    return scored_estimates(sample, names, values, rows, scores)


def _gini(x: np.ndarray, w: np.ndarray) -> tuple[float, np.ndarray]:
    weight, total = w.sum(), (w * x).sum()
    if total <= 0:
        return np.nan, x
    c, s = np.cumsum(w), np.cumsum(w * x)
    g = (2 * (w * x * c).sum() - (w * w * x).sum()) / (weight * total) - 1
    # Sum of weights times the distance of each person to all others; ties are at distance zero, so in any order.
    distance = 2 * (x * c - s) + total - x * weight
    return g, distance / (weight * total) - g * (1 / weight + x / total)


def _partial_sum(x: np.ndarray, w: np.ndarray, p: float) -> tuple[float, np.ndarray]:
    """Total of people up to quantile p, and its influence function."""
    q = invert_distribution(x, np.cumsum(w), np.array([p]), "math")[0]
    below = x <= q
    return (w * x)[below].sum(), (x - q) * below + p * q


def _quintile_share_ratio(x: np.ndarray, w: np.ndarray) -> tuple[float, np.ndarray]:
    low, low_influence = _partial_sum(x, w, 0.2)
    until, until_influence = _partial_sum(x, w, 0.8)
    if low <= 0:
        return np.nan, x
    ratio = ((w * x).sum() - until) / low
    return ratio, (x - until_influence - ratio * low_influence) / low


def _ordinate(x: np.ndarray, w: np.ndarray, p: float) -> tuple[float, np.ndarray]:
    total, c = (w * x).sum(), np.cumsum(w)
    if total <= 0:
        return np.nan, x
    inside = np.clip((p * c[-1] - (c - w)) / w, 0, 1)
    share = (w * x * inside).sum() / total
    return share, (_partial_sum(x, w, p)[1] - share * x) / total


def _line_of_rows(
    sample: DomainRows, rows: np.ndarray, line: float | str | RelativeLine, estimated: _Line | None
) -> np.ndarray:
    """Line of each row used, shape (m,)."""
    if estimated is not None:
        group = estimated.groups.codes[rows]
        if (group < 0).any():
            raise EstimationError(f"{int((group < 0).sum())} baris tidak punya garis: kolom pembagi garisnya kosong.")
        z, name = estimated.values[group], "taksiran"
    elif isinstance(line, str):
        z, name = numeric_column(sample.frame[line], line)[rows], f"di kolom '{line}'"
    else:
        z, name = np.full(len(rows), float(line)), f"{line}"
    wrong = ~(z > 0)
    if wrong.any():
        raise EstimationError(f"Garis kemiskinan {name} kosong, nol, atau negatif di {int(wrong.sum())} baris.")
    return z


def _estimate_line(
    design: Design, frame: pd.DataFrame, variable: str, line: RelativeLine, allow_negative: bool
) -> _Line:
    groups = DomainRows.read(design, frame, line.by, needed=[variable])
    rows, y = groups.measured(variable, allow_negative=allow_negative)
    g, w, count = groups.codes[rows], design.weights[rows], len(groups.table)
    sum_w = np.bincount(g, weights=w, minlength=count)
    if line.of == "mean":
        centre = divide(np.bincount(g, weights=w * y, minlength=count), sum_w)
        influence = (y - centre[g]) / sum_w[g]
    else:
        centre = np.full(count, np.nan)
        for i, part in _ascending(g, y):
            centre[i] = invert_distribution(y[part], np.cumsum(w[part]), np.array([line.of]), "math")[0]
        near = _kernel(y, centre[g], w, g, count, line.bandwidth)
        density = divide(np.bincount(g, weights=near, minlength=count), sum_w)
        influence = np.nan_to_num(divide(line.of - (y <= centre[g]), (sum_w * density)[g]))
    return _Line(groups, rows, line.fraction * centre, line.fraction * w * influence)


def _kernel(y: np.ndarray, at: np.ndarray, w: np.ndarray, cell: np.ndarray, count: int, bandwidth: str) -> np.ndarray:
    """Each person's part of weight sum times density of its cell at `at`; zero when the cell has no variation."""
    sum_w = np.bincount(cell, weights=w, minlength=count)
    mean = divide(np.bincount(cell, weights=w * y, minlength=count), sum_w)
    variance = divide(np.bincount(cell, weights=w * (y - mean[cell]) ** 2, minlength=count), sum_w)
    size = sum_w if bandwidth == "population" else np.bincount(cell, minlength=count)
    width = (np.sqrt(variance) * np.maximum(size, 1e-300) ** -0.2)[cell]
    u = divide(at - y, width)
    return np.nan_to_num(w * np.exp(-u * u / 2) / np.sqrt(2 * np.pi) * divide(1.0, width))
