"""Means, proportions, totals and ratios by domain, with linearised standard errors, covariances, confidence intervals,
RSE, and reliability flags."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from surveyest.cells import Cells, DomainSums, divide
from surveyest.design import Layout
from surveyest.inputs import EstimationError, Names, ParameterError, Subset, check_choice

INTERVAL_METHODS = ("auto", "t", "logit", "beta", "asin")
#: Width of the 95% interval of a proportion that always will do, and that is always doubtful (NCHS, 2017).
NARROW_INTERVAL, WIDE_INTERVAL = 0.05, 0.30
OK, CAUTION, SUPPRESSED = "", "caution", "suppressed"
DEFF_WITHOUT_REPLACEMENT, DEFF_WITH_REPLACEMENT = "without_replacement", "with_replacement"
#: Covariance matrices between domains larger than this are refused.
MAX_COVARIANCE_BYTES = 1_000_000_000
#: Relative step of numerical derivatives; at fourth order truncation and rounding errors are both about 1e-12.
DERIVATIVE_STEP = 1e-4


@dataclass(frozen=True)
class Estimates:
    """Estimates of D domains x V measures. Made by `estimate`.

    Attributes
    ----------
    values, se, deff : ndarray of float, shape (D, V)
        deff is NaN when the variance of a simple random sample is zero.
    n, df : ndarray of int, shape (D, V)
        Respondents with a positive weight and a value; degrees of freedom of the domain, PSUs less strata with values.
    scores : ndarray of float, shape (V, J)
        Sums of linearised scores of each PSU x domain pair; basis of covariances and the delta method.
    second_stage : Estimates or None
        The same estimates by second-stage units; their variance is the part within PSUs, already in `se`.
    """

    kind: str
    sums: DomainSums
    values: np.ndarray
    se: np.ndarray
    deff: np.ndarray
    n: np.ndarray
    df: np.ndarray
    scores: np.ndarray
    second_stage: Estimates | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the measures, parallel to axis V."""
        return self.sums.names

    @property
    def domain(self) -> pd.DataFrame:
        """Table of domains, D rows parallel to axis D; without columns for the whole sample."""
        return self.sums.table

    @property
    def proportion(self) -> np.ndarray:
        """Measures that are proportions, shape (V,)."""
        return self.sums.proportion & (self.kind == "mean")

    @cached_property
    def rse(self) -> np.ndarray:
        """Standard error relative to the value, percent, shape (D, V)."""
        return relative_se(self.values, self.se)

    def flags(self, *, df: str | float = "domain", **thresholds: float) -> np.ndarray:
        """Reliability flags, (D, V); `thresholds` as in `reliability_flags`. Proportions also by their intervals."""
        lower, upper = self.interval(df=df)
        width = np.where(self.proportion, upper - lower, np.nan)
        return reliability_flags(self.rse, self.se, self.n, df=self.df, width=width, **thresholds)

    def degrees_of_freedom(self, df: str | float = "domain") -> np.ndarray:
        """Degrees of freedom for intervals: "domain", "design", or a number (``np.inf`` = normal)."""
        return choose_df(df, self.df, self.sums.layout.design.df)

    def interval(
        self, method: str = "auto", *, level: float = 0.95, df: str | float = "domain"
    ) -> tuple[np.ndarray, np.ndarray]:
        """Bounds of confidence intervals, two arrays (D, V).

        Parameters
        ----------
        method : {"auto", "t", "logit", "beta", "asin"}
            "auto": logit for proportions (beta at zero or one, where logit is undefined), t for others.
        df : "domain", "design", or a number
        """
        check_choice("Metode selang", method, INTERVAL_METHODS)
        dof = self.degrees_of_freedom(df)
        if method not in ("auto", "t") and not self.proportion.all():
            others = [u for u, p in zip(self.names, self.proportion, strict=True) if not p]
            raise ParameterError(f"Selang {method} hanya untuk proporsi, bukan: {', '.join(others)}.")
        if method != "auto":
            return confidence_interval(self.values, self.se, dof, method=method, level=level, n=self.n)
        lower, upper = confidence_interval(self.values, self.se, dof, level=level)
        share = np.broadcast_to(self.proportion, lower.shape)
        extreme = share & ((self.values == 0) | (self.values == 1)) & (self.n > 0)
        for cells, kind in ((share, "logit"), (extreme, "beta")):
            if cells.any():
                content = self.values[cells], self.se[cells], dof[cells]
                lower[cells], upper[cells] = confidence_interval(*content, method=kind, level=level, n=self.n[cells])
        return lower, upper

    def to_frame(
        self,
        *,
        method: str = "auto",
        level: float = 0.95,
        df: str | float = "domain",
        suppress: bool = True,
        **thresholds: float,
    ) -> pd.DataFrame:
        """A tidy table of D x V rows; `thresholds` as in `reliability_flags`.

        Columns of the domain, then measure, estimate, se, lower, upper, rse (percent), deff, n, df, flag. With
        `suppress`, estimate, se, lower, upper, rse and deff are empty in rows flagged "suppressed".
        """
        lower, upper = self.interval(method, level=level, df=df)
        flags = self.flags(df=df, **thresholds)
        figures = {"estimate": self.values, "se": self.se, "lower": lower, "upper": upper, "rse": self.rse}
        hidden = suppress & (flags == SUPPRESSED)
        figures = {k: np.where(hidden, np.nan, x) for k, x in (figures | {"deff": self.deff}).items()}
        return long_table(self.domain, self.names, figures | {"n": self.n, "df": self.df, "flag": flags})

    def covariance(self) -> np.ndarray:
        """Covariances between measures within each domain, shape (D, V, V)."""
        k = self.sums.layout
        pairs, empty = self._decomposed
        empty = empty * np.sqrt(k.empty_psu)
        bounds = k.domain_bounds()
        segment_bounds = np.append(k.domain_start, len(k.segment_start))
        result = np.empty((k.domain_count, len(self.names), len(self.names)))
        for d in range(k.domain_count):
            p = pairs[:, bounds[d] : bounds[d + 1]]
            q = empty[:, segment_bounds[d] : segment_bounds[d + 1]]
            result[d] = p @ p.T + q @ q.T
        return result if self.second_stage is None else result + self.second_stage.covariance()

    def full_covariance(self) -> np.ndarray:
        """Covariances between measures and domains, shape (D, V, D, V).

        Domains that share strata (men and women, or districts of one stratum) are correlated although their members
        differ. EstimationError when larger than `MAX_COVARIANCE_BYTES`; use `linear_combination` for what is needed.
        """
        k, v = self.sums.layout, len(self.names)
        count = k.domain_count * v
        if count * count * 8 > MAX_COVARIANCE_BYTES:
            raise EstimationError(
                f"Kovarians {count} x {count} terlalu besar untuk memori; pakai linear_combination(), atau kurangi "
                "domain atau ukuran."
            )
        pairs, empty = self._decomposed
        design = k.design
        first_psu = np.searchsorted(design.psu_strata, np.arange(design.strata_count))
        segment_bounds = np.append(k.segment_start, len(k.psu))
        result = np.zeros((k.domain_count, v, k.domain_count, v))
        order = np.argsort(k.segment_strata, kind="stable")
        for segment in np.split(order, np.flatnonzero(np.diff(k.segment_strata[order])) + 1):
            strata = k.segment_strata[segment[0]]
            dense = np.repeat(empty[:, segment].T[:, :, None], design.n_psu[strata], axis=2)
            for i, r in enumerate(segment):
                content = slice(segment_bounds[r], segment_bounds[r + 1])
                dense[i][:, k.psu[content] - first_psu[strata]] = pairs[:, content]
            dense = dense.reshape(len(segment) * v, -1)
            d = k.segment_domain[segment]
            gram = (dense @ dense.T).reshape(len(segment), v, len(segment), v)
            result[d[:, None], :, d[None, :], :] += gram.transpose(0, 2, 1, 3)
        return result if self.second_stage is None else result + self.second_stage.full_covariance()

    def linear_combination(self, coefficients: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Linear combinations (K,) of estimates, across domains and measures, with their covariance (K, K).

        `coefficients` have shape (K, D, V) or (D, V), for example +1 and -1 for the difference of two domains. Zero
        coefficients may meet NaN estimates.
        """
        c = np.asarray(coefficients, dtype=float)
        c = c[None] if c.ndim == 2 else c
        if c.shape[1:] != self.values.shape:
            raise ParameterError(f"Koefisien berbentuk {c.shape[1:]}, seharusnya {self.values.shape}.")
        k = self.sums.layout
        values = _times(c, self.values).sum(axis=(1, 2))
        pairs, empty = self._decomposed
        own, base = np.zeros((len(c), len(k.psu))), np.zeros((len(c), len(k.segment_start)))
        for v in range(len(self.names)):
            own += _times(c[:, :, v][:, k.domain], pairs[v] - empty[v, k.segment])
            base += _times(c[:, :, v][:, k.segment_domain], empty[v])
        # Deviation of a PSU = that of PSUs without members of the domain, plus the difference when it has members.
        d = k.design
        deviations = np.array(
            [
                np.bincount(k.psu, weights=h, minlength=d.psu_count)
                + np.bincount(k.segment_strata, weights=s, minlength=d.strata_count)[d.psu_strata]
                for h, s in zip(own, base, strict=True)
            ]
        )
        covariance = deviations @ deviations.T
        if self.second_stage is not None:
            covariance = covariance + self.second_stage.linear_combination(c)[1]
        return values, covariance

    def gradient_se(self, gradient: np.ndarray) -> np.ndarray:
        """Standard errors (D,) or (K, D) of functions of one domain's estimates, from their gradients (delta method).

        `gradient`, (D, V) or (K, D, V), or (V,) for all domains: derivative of the k-th function in domain d with
        respect to measure v.
        """
        g = np.asarray(gradient, dtype=float)
        single = g.ndim <= 2
        g = np.broadcast_to(g, self.values.shape)[None] if single else g
        if g.shape[1:] != self.values.shape:
            raise ParameterError(f"Gradien berbentuk {g.shape[1:]}, seharusnya {self.values.shape}.")
        k = self.sums.layout
        scores = np.zeros((len(g), len(k.psu)))
        for v in range(len(self.names)):
            scores += _times(g[:, :, v][:, k.domain], self.scores[v])
        se = np.sqrt(k.variance(scores))
        if self.second_stage is not None:
            se = np.hypot(se, self.second_stage.gradient_se(g))
        return se[0] if single else se

    def score_covariance(self, psu_scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Covariance of each estimate with sums of other scores over the WHOLE sample, and covariance of those sums.

        `psu_scores` (K, P) are weighted sums of scores of each PSU of the design, for example influence functions of a
        quantile. Shapes of the result: (K, D, V) and (K, K).
        """
        k = self.sums.layout
        d = k.design
        whole = Layout.from_pairs(d, np.arange(d.psu_count), np.zeros(d.psu_count, dtype=np.int64), 1)
        t = whole.decompose(np.asarray(psu_scores, dtype=float))[0]
        pairs, empty = self._decomposed
        cross = np.empty((len(t), k.domain_count, len(self.names)))
        for i, one in enumerate(t):
            content = one[k.psu]
            strata = np.bincount(d.psu_strata, weights=one, minlength=d.strata_count)
            rest = strata[k.segment_strata] - k.per_segment(content)
            cross[i] = k.per_domain(k.per_segment(pairs * content) + empty * rest).T
        return cross, t @ t.T

    def delta(
        self, function: Callable[[np.ndarray], np.ndarray], gradient: Callable[[np.ndarray], np.ndarray] | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """A smooth function (D, V) -> (D,) of one domain's estimates and its standard error, both (D,).

        Without its `gradient`, (D, V) -> (D, V), derivatives are numerical.
        """
        values = np.asarray(function(self.values), dtype=float)
        g = gradient(self.values) if gradient is not None else self.derivative(function)
        return values, self.gradient_se(g)

    def derivative(self, function: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """Derivative of a function in each domain with respect to its measures, (D, V), by fourth-order central
        differences."""
        result = np.empty(self.values.shape)
        for v in range(len(self.names)):
            value, se = self.values[:, v], self.se[:, v]
            # Estimate of zero: the step follows its standard error.
            h = DERIVATIVE_STEP * np.where(value != 0, np.abs(value), np.where(se > 0, se, 1.0))
            f = []
            for times in (-2, -1, 1, 2):
                shift = self.values.copy()
                shift[:, v] += times * h
                f.append(np.asarray(function(shift), dtype=float))
            result[:, v] = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h)
        return result

    @cached_property
    def _decomposed(self) -> tuple[np.ndarray, np.ndarray]:
        return self.sums.layout.decompose(self.scores, self.sums.present[self.sums.x_index])


def estimate(
    cells: Cells,
    domain: Names = None,
    *,
    kind: str = "mean",
    measures: Sequence[str] | None = None,
    subset: Subset = None,
    deff: str = DEFF_WITHOUT_REPLACEMENT,
) -> Estimates:
    """Estimate all measures in all domains at once.

    Parameters
    ----------
    domain : str or list of str, optional
        Empty = the whole sample.
    kind : {"mean", "total"}
        "mean" covers proportions and ratios; "total" is for variables only.
    measures, subset
        See `Cells.collapse`.
    deff : {"without_replacement", "with_replacement"}
        The simple random sample compared with: with the factor 1 - n/N (``deff=TRUE`` in R survey) or without
        (``deff="replace"``). The first is NaN when weights do not sum to more than n.

    Raises
    ------
    ParameterError
        Unknown choice, domain or measure; total of a ratio.
    """
    check_choice("deff", deff, (DEFF_WITHOUT_REPLACEMENT, DEFF_WITH_REPLACEMENT))
    s = cells.collapse(domain, measures=measures, subset=subset, kind=kind)
    scores = linearised_scores(s, kind)
    second = None
    if cells.second_stage is not None:
        second = estimate(cells.second_stage, domain, kind=kind, measures=measures, subset=subset, deff=deff)
    return from_scores(kind, s, s.estimates(kind), scores, second, deff)


def from_scores(
    kind: str, s: DomainSums, values: np.ndarray, scores: np.ndarray, second: Estimates | None, deff: str
) -> Estimates:
    """Estimates from linearised scores (V, J) and, in two stages, those by second-stage units."""
    variance = s.layout.variance(scores, s.present[s.x_index]).T
    variance[np.isnan(values)] = np.nan
    if second is not None:
        variance += second.se**2
    df = s.layout.df(s.present)[s.x_index].T.astype(np.int64)
    return Estimates(
        kind, s, values, np.sqrt(variance), _design_effect(s, kind, variance, deff), s.n, df, scores, second
    )


def linearised_scores(s: DomainSums, kind: str) -> np.ndarray:
    """Linearised scores of each pair, (V, J): (y - R x)/X for means and ratios, y for totals; in calibrated designs
    less the part explained by auxiliary variables, since the variance of a total is that of its residuals."""
    if s.cross is None:
        return _scores(s, kind)
    from scipy.sparse import diags_array as diagonal

    y, x = s.cross
    if kind == "mean":
        y = diagonal(np.nan_to_num(divide(1.0, s.sum_x)).ravel()) @ (y - diagonal(np.nan_to_num(s.mean).ravel()) @ x)
    return _scores(s, kind) - s.layout.design.calibration.projection(y, s.layout.psu, s.layout.domain_bounds())


def _scores(s: DomainSums, kind: str) -> np.ndarray:
    if kind == "total":
        return s.y
    r, d = s.mean.T, s.layout.domain
    scores = r[:, d]
    scores *= s.x[s.x_index]
    np.subtract(s.y, scores, out=scores)
    scores *= divide(1.0, s.sum_x.T)[:, d]
    return scores


def _design_effect(s: DomainSums, kind: str, variance: np.ndarray, deff: str) -> np.ndarray:
    """Variance beside that of a simple random sample of n, (D, V)."""
    n, w = s.n.astype(float), s.sum_w
    s2 = divide(s.sum_squares, w) * divide(n, n - 1)
    srs = divide(s2, n) * (divide(w, s.sum_x) ** 2 if kind == "mean" else w**2)
    if deff == DEFF_WITHOUT_REPLACEMENT:
        srs = srs * np.where(w > n, 1 - divide(n, w), np.nan)
    return divide(variance, srs)


def _times(coefficients: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Coefficients times scores; a zero coefficient cancels an undefined score."""
    return np.where(coefficients == 0, 0.0, coefficients * scores)


def choose_df(df: str | float, domain: np.ndarray, design: float) -> np.ndarray:
    """Degrees of freedom in the shape of those of the domains: "domain", "design", or a number."""
    if isinstance(df, str) and df not in ("domain", "design"):
        raise ParameterError(f"df '{df}' tidak dikenal; pilih 'domain', 'design', atau bilangan.")
    if isinstance(df, str):
        return domain if df == "domain" else np.full(domain.shape, design)
    return np.full(domain.shape, float(df))


def t_table(values: np.ndarray, se: np.ndarray, df: np.ndarray, level: float, null: float = 0.0) -> dict:
    """Columns se, df, t, p, lower, upper; t and p are NaN when the standard error is zero."""
    t, width = divide(values - null, se), t_quantile(level, df) * se
    return {"se": se, "df": df, "t": t, "p": t_p_value(t, df), "lower": values - width, "upper": values + width}


def long_table(domain: pd.DataFrame, names: Sequence[str], figures: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """D x V rows: columns of the domain, measure, then the figures (D, V)."""
    content = {k: domain[k].repeat(len(names)).reset_index(drop=True) for k in domain.columns}
    content["measure"] = np.tile(np.array(names, dtype=object), len(domain))
    return pd.DataFrame(content | {k: x.ravel() for k, x in figures.items()})


# ---- intervals and flags


def t_quantile(level: float, df: np.ndarray | float) -> np.ndarray:
    """Two-sided t value for confidence `level`; infinite df gives the normal value, df <= 0 gives NaN."""
    from scipy.special import ndtri, stdtrit

    if not 0 < level < 1:
        raise ParameterError(f"Tingkat kepercayaan {level} harus di antara 0 dan 1.")
    df = np.asarray(df, dtype=float)
    probability = 0.5 + level / 2
    # Domains usually share a few values of df.
    distinct, inverse = np.unique(df, return_inverse=True)
    result = np.full(distinct.shape, np.nan)
    valid = distinct > 0
    result[valid] = np.where(
        np.isinf(distinct[valid]), ndtri(probability), stdtrit(np.minimum(distinct[valid], 1e15), probability)
    )
    return result[inverse].reshape(df.shape)


def confidence_interval(
    values: np.ndarray,
    se: np.ndarray,
    df: np.ndarray | float,
    *,
    method: str = "t",
    level: float = 0.95,
    n: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bounds; NaN where undefined: df <= 0, and logit or asin at proportions 0 or 1.

    Parameters
    ----------
    df : ndarray or float
        ``np.inf`` for normal intervals.
    method : {"t", "logit", "asin", "beta"}
        "t": value +- t se. "logit" and "asin": the t interval on that scale, brought back. "beta": Clopper-Pearson with
        the effective sample size (Korn and Graubard 1998); at 0 or 1 with the nominal sample size (NCHS, *Data
        Presentation Standards for Proportions*, 2017), adjusted for degrees of freedom.
    n : ndarray, for "beta" only
    """
    values, se = np.asarray(values, dtype=float), np.asarray(se, dtype=float)
    t = t_quantile(level, np.broadcast_to(df, values.shape))
    if method == "t":
        return values - t * se, values + t * se
    inside = (values > 0) & (values < 1)
    safe = np.where(inside, values, np.nan)
    if method == "logit":
        from scipy.special import expit

        centre = np.log(safe) - np.log1p(-safe)
        width = t * se / (safe * (1 - safe))
        return expit(centre - width), expit(centre + width)
    if method == "asin":
        # d asin(sqrt p)/dp = 1 / (2 sqrt(p (1 - p))).
        centre = np.arcsin(np.sqrt(safe))
        width = t * se / (2 * np.sqrt(safe * (1 - safe)))
        return np.sin(centre - width) ** 2, np.sin(centre + width) ** 2
    if method == "beta":
        if n is None:
            raise ParameterError("Selang beta memerlukan n.")
        return _beta_interval(values, se, t, level, np.asarray(n, dtype=float))
    raise ParameterError(f"Metode selang '{method}' tidak dikenal; pilih: {', '.join(INTERVAL_METHODS)}.")


def t_p_value(t: np.ndarray, df: np.ndarray) -> np.ndarray:
    """Two-sided probability; NaN when df is not positive."""
    from scipy.special import ndtr, stdtr

    t, df = np.broadcast_arrays(np.asarray(t, dtype=float), np.asarray(df, dtype=float))
    valid = (df > 0) & ~np.isnan(t)
    p = np.full(t.shape, np.nan)
    p[valid] = 2 * np.where(np.isinf(df[valid]), ndtr(-abs(t[valid])), stdtr(df[valid], -abs(t[valid])))
    return p


def _beta_interval(
    p: np.ndarray, se: np.ndarray, t: np.ndarray, level: float, n: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    from scipy.special import betaincinv

    extreme = (p == 0) | (p == 1)
    n_effective = np.where(extreme, n, np.nan)
    regular = ~extreme & (se > 0)
    n_effective[regular] = p[regular] * (1 - p[regular]) / se[regular] ** 2
    n_effective = n_effective * (t_quantile(level, np.maximum(n - 1, 0)) / t) ** 2
    tail = (1 - level) / 2
    lower, upper = np.full(p.shape, np.nan), np.full(p.shape, np.nan)
    present = n_effective > 0
    a, b = n_effective * p, n_effective * (1 - p)
    left, right = present & (p > 0), present & (p < 1)
    lower[left] = betaincinv(a[left], b[left] + 1, tail)
    upper[right] = betaincinv(a[right] + 1, b[right], 1 - tail)
    lower[present & (p == 0)] = 0.0
    upper[present & (p == 1)] = 1.0
    return lower, upper


def relative_se(values: np.ndarray, se: np.ndarray) -> np.ndarray:
    """Standard error relative to the value, percent, as statistical offices print it; NaN when the value is zero."""
    values, se = np.abs(np.asarray(values, dtype=float)), np.asarray(se, dtype=float)
    result = np.full(np.broadcast_shapes(values.shape, se.shape), np.nan)
    np.divide(100 * se, values, out=result, where=values > 0)
    return result


def reliability_flags(
    rse: np.ndarray,
    se: np.ndarray,
    n: np.ndarray,
    *,
    df: np.ndarray,
    width: np.ndarray | float = np.nan,
    caution_above: float = 25.0,
    suppress_above: float = 50.0,
    min_n: int = 30,
) -> np.ndarray:
    """Flag of each estimate: "" (reliable), "caution", or "suppressed".

    For proportions near 0 or 1 the interval decides, not the RSE: a 95% interval at most 0.05 wide will do whatever the
    RSE (Parker et al., *National Center for Health Statistics Data Presentation Standards for Proportions*, Vital and
    Health Statistics 2(175), 2017); a large RSE is still flagged "caution". Intervals 0.30 wide or more are flagged
    "caution"; NCHS suppresses them, BPS publishes them as long as the RSE is small.

    A standard error of zero without an interval of zero (no case at all, or only cases) is flagged "caution": the
    sample shows no variation, which does not mean the population has none. An unknown standard error is suppressed.

    Parameters
    ----------
    rse : ndarray, percent
    df : ndarray
        Degrees of freedom of the domain; zero (one PSU) means the standard error is unknown, and the estimate is
        suppressed.
    width : ndarray, optional
        Width of the 95% interval of a proportion (0-1); NaN for other measures.
    caution_above, suppress_above : float
        RSE above these is flagged; 25 and 50 percent are the limits used at BPS (Indonesia) and ABS (Australia).
    min_n : int
        Cells with fewer respondents are suppressed. A rule of this package, not of a statistical office.
    """
    if suppress_above < caution_above:
        raise ParameterError("Batas RSE ditahan tidak boleh di bawah batas hati-hati.")
    rse, se, n, df, width = np.broadcast_arrays(rse, se, n, df, width)
    narrow = width <= NARROW_INTERVAL
    no_variance = (se == 0) & (np.isnan(rse) | (width > 0))
    result = np.full(rse.shape, OK, dtype=object)
    result[(rse > caution_above) | (width >= WIDE_INTERVAL) | no_variance] = CAUTION
    result[((rse > suppress_above) & ~narrow) | np.isnan(se) | (df <= 0) | (n < min_n)] = SUPPRESSED
    return result
