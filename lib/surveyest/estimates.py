"""Means, proportions, totals and ratios by domain, with linearised standard errors and covariances."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from surveyest.cells import Cells, DomainSums, divide
from surveyest.errors import EstimationError, ParameterError
from surveyest.intervals import INTERVAL_METHODS, SUPPRESSED, confidence_interval, relative_se, reliability_flags
from surveyest.layout import Layout

KINDS = ("mean", "total")
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
    kind : {"mean", "total"}
    sums : DomainSums
    values, se, deff : ndarray of float, shape (D, V)
        deff is NaN when the variance of a simple random sample is zero.
    n : ndarray of int, shape (D, V)
        Respondents with a positive weight and a value.
    df : ndarray of int, shape (D, V)
        Degrees of freedom of the domain: PSUs less strata with values.
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
        if isinstance(df, str):
            if df == "domain":
                return self.df
            if df == "design":
                return np.full(self.values.shape, self.sums.layout.design.df)
            raise ParameterError(f"df '{df}' tidak dikenal; pilih 'domain', 'design', atau bilangan.")
        return np.full(self.values.shape, float(df))

    def interval(
        self, method: str = "auto", *, level: float = 0.95, df: str | float = "domain"
    ) -> tuple[np.ndarray, np.ndarray]:
        """Bounds of confidence intervals, two arrays (D, V).

        Parameters
        ----------
        method : {"auto", "t", "logit", "beta", "asin"}
            "auto": logit for proportions (beta at zero or one, where logit is undefined), t for others.
        level : float
        df : "domain", "design", or a number
        """
        if method not in INTERVAL_METHODS:
            raise ParameterError(f"Metode selang '{method}' tidak dikenal; pilih: {', '.join(INTERVAL_METHODS)}.")
        dof = self.degrees_of_freedom(df)
        if method in ("auto", "t"):
            lower, upper = confidence_interval(self.values, self.se, dof, level=level)
            columns = np.flatnonzero(self.proportion)
            if method == "t" or not len(columns):
                return lower, upper
            p, se, n = self.values[:, columns], self.se[:, columns], self.n[:, columns]
            lo, hi = confidence_interval(p, se, dof[:, columns], method="logit", level=level)
            extreme = ((p == 0) | (p == 1)) & (n > 0)
            if extreme.any():
                lo[extreme], hi[extreme] = confidence_interval(
                    p[extreme], se[extreme], dof[:, columns][extreme], method="beta", level=level, n=n[extreme]
                )
            lower[:, columns], upper[:, columns] = lo, hi
            return lower, upper
        if not self.proportion.all():
            others = [u for u, p in zip(self.names, self.proportion, strict=True) if not p]
            raise ParameterError(f"Selang {method} hanya untuk proporsi, bukan: {', '.join(others)}.")
        return confidence_interval(self.values, self.se, dof, method=method, level=level, n=self.n)

    def to_frame(
        self,
        *,
        method: str = "auto",
        level: float = 0.95,
        df: str | float = "domain",
        caution_above: float = 25.0,
        suppress_above: float = 50.0,
        min_n: int = 30,
        suppress: bool = True,
    ) -> pd.DataFrame:
        """A tidy table of D x V rows.

        Returns
        -------
        DataFrame
            Columns of the domain, then measure, estimate, se, lower, upper, rse (percent), deff, n, df, flag. With
            `suppress`, estimate, se, lower, upper, rse and deff are empty in rows flagged "suppressed".
        """
        lower, upper = self.interval(method, level=level, df=df)
        flags = self.flags(df=df, caution_above=caution_above, suppress_above=suppress_above, min_n=min_n)
        d, v = self.values.shape
        content = {k: self.domain[k].repeat(v).reset_index(drop=True) for k in self.domain.columns}
        content["measure"] = np.tile(np.array(self.names, dtype=object), d)
        figures = {
            "estimate": self.values,
            "se": self.se,
            "lower": lower,
            "upper": upper,
            "rse": self.rse,
            "deff": self.deff,
        }
        hidden = (flags == SUPPRESSED) if suppress else np.zeros(flags.shape, dtype=bool)
        content |= {k: np.where(hidden, np.nan, a).ravel() for k, a in figures.items()}
        content |= {"n": self.n.ravel(), "df": self.df.ravel(), "flag": flags.ravel()}
        return pd.DataFrame(content)

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
        differ.

        Raises
        ------
        EstimationError
            The matrix is larger than `MAX_COVARIANCE_BYTES`; use `linear_combination` for the combinations needed.
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
        """Linear combinations of estimates, across domains and measures, with their covariance.

        Parameters
        ----------
        coefficients : ndarray, shape (K, D, V) or (D, V)
            For example +1 and -1 for the difference of two domains. Zero coefficients may meet NaN estimates.

        Returns
        -------
        values : ndarray, shape (K,)
        covariance : ndarray, shape (K, K)
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
        """Standard errors of functions of one domain's estimates, from their gradients (delta method).

        Parameters
        ----------
        gradient : ndarray, shape (D, V) or (K, D, V), or (V,) for all domains
            Derivative of the k-th function in domain d with respect to measure v.

        Returns
        -------
        ndarray, shape (D,) or (K, D)
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

        Parameters
        ----------
        psu_scores : ndarray, shape (K, P)
            Weighted sum of scores of each PSU of the design, for example influence functions of a quantile.

        Returns
        -------
        cross : ndarray, shape (K, D, V)
        covariance : ndarray, shape (K, K)
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
        self,
        function: Callable[[np.ndarray], np.ndarray],
        gradient: Callable[[np.ndarray], np.ndarray] | None = None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """A smooth function of one domain's estimates and its standard error.

        Parameters
        ----------
        function : (D, V) -> (D,)
        gradient : (D, V) -> (D, V), optional
            Without it derivatives are numerical (fourth-order central differences).

        Returns
        -------
        values, se : ndarray, shape (D,)
        """
        values = np.asarray(function(self.values), dtype=float)
        g = gradient(self.values) if gradient is not None else self.derivative(function)
        return values, self.gradient_se(g)

    def derivative(self, function: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """Numerical derivative of a function in each domain with respect to its measures, (D, V)."""
        return _derivative(function, self.values, self.se)

    @cached_property
    def _decomposed(self) -> tuple[np.ndarray, np.ndarray]:
        return self.sums.layout.decompose(self.scores, self.sums.present[self.sums.x_index])


def estimate(
    cells: Cells,
    domain: str | Sequence[str] | None = None,
    *,
    kind: str = "mean",
    measures: Sequence[str] | None = None,
    subset: Mapping[str, object] | None = None,
    deff: str = DEFF_WITHOUT_REPLACEMENT,
) -> Estimates:
    """Estimate all measures in all domains at once.

    Parameters
    ----------
    cells : Cells
        From `summarise`.
    domain : str or list of str, optional
        Empty = the whole sample.
    kind : {"mean", "total"}
        "mean" covers proportions and ratios; "total" is for variables only.
    measures, subset
        See `Cells.collapse`.
    deff : {"without_replacement", "with_replacement"}
        The simple random sample compared with: with the factor 1 - n/N (``deff=TRUE`` in R survey) or without
        (``deff="replace"``). The first is NaN when weights do not sum to more than n.

    Returns
    -------
    Estimates

    Raises
    ------
    ParameterError
        Unknown choice, domain or measure; total of a ratio.
    """
    if kind not in KINDS:
        raise ParameterError(f"Jenis taksiran '{kind}' tidak dikenal; pilih: {', '.join(KINDS)}.")
    if deff not in (DEFF_WITHOUT_REPLACEMENT, DEFF_WITH_REPLACEMENT):
        raise ParameterError(f"deff '{deff}' tidak dikenal.")
    if kind == "total" and measures is None:
        measures = [u for u, m in cells.moments.items() if not m.ratio]
    s = cells.collapse(domain, measures=measures, subset=subset)
    if kind == "total" and s.ratio.any():
        ratio_names = [u for u, r in zip(s.names, s.ratio, strict=True) if r]
        raise ParameterError(f"Total tidak bermakna bagi nisbah: {', '.join(ratio_names)}.")
    values = s.mean if kind == "mean" else np.where(s.n > 0, s.sum_y, np.nan)
    scores = linearised_scores(s, kind)
    present = s.present[s.x_index]
    variance = s.layout.variance(scores, present).T
    variance[s.n == 0] = np.nan
    second = None
    if cells.second_stage is not None:
        second = estimate(cells.second_stage, domain, kind=kind, measures=measures, subset=subset, deff=deff)
        variance += second.se**2
    return Estimates(
        kind, s, values, np.sqrt(variance), design_effect(s, kind, variance, deff), s.n, _df(s), scores, second
    )


def linearised_scores(s: DomainSums, kind: str) -> np.ndarray:
    """Linearised scores of each pair, shape (V, J): (y - R x)/X for means and ratios, y for totals."""
    if s.cross is not None:
        return _residual_scores(s, kind)
    return _scores(s, kind)


def _residual_scores(s: DomainSums, kind: str) -> np.ndarray:
    """Scores less the part explained by auxiliary variables; the variance of a total is that of its residuals."""
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


def _df(s: DomainSums) -> np.ndarray:
    return s.layout.df(s.present)[s.x_index].T.astype(np.int64)


def design_effect(s: DomainSums, kind: str, variance: np.ndarray, deff: str) -> np.ndarray:
    n, w = s.n.astype(float), s.sum_w
    s2 = divide(s.sum_squares, w) * divide(n, n - 1)
    srs = divide(s2, n) * (divide(w, s.sum_x) ** 2 if kind == "mean" else w**2)
    if deff == DEFF_WITHOUT_REPLACEMENT:
        srs = srs * np.where(w > n, 1 - divide(n, w), np.nan)
    return divide(variance, srs)


def _derivative(function: Callable[[np.ndarray], np.ndarray], point: np.ndarray, se: np.ndarray) -> np.ndarray:
    """Gradient (D, V) of a function in each domain by fourth-order central differences."""
    result = np.empty(point.shape)
    for v in range(point.shape[1]):
        # Estimate of zero: the step follows its standard error.
        scale = np.where(point[:, v] != 0, np.abs(point[:, v]), np.where(se[:, v] > 0, se[:, v], 1.0))
        h = DERIVATIVE_STEP * scale
        f = []
        for times in (-2, -1, 1, 2):
            shift = point.copy()
            shift[:, v] += times * h
            f.append(np.asarray(function(shift), dtype=float))
        result[:, v] = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h)
    return result


def _times(coefficients: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Coefficients times scores; a zero coefficient cancels an undefined score."""
    return np.where(coefficients == 0, 0.0, coefficients * scores)
