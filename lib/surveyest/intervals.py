"""Confidence intervals, RSE, and reliability flags."""

from __future__ import annotations

import numpy as np

from surveyest.errors import ParameterError

INTERVAL_METHODS = ("auto", "t", "logit", "beta", "asin")
#: Width of the 95% interval of a proportion that always will do, and that is always doubtful (NCHS, 2017).
NARROW_INTERVAL, WIDE_INTERVAL = 0.05, 0.30
OK, CAUTION, SUPPRESSED = "", "caution", "suppressed"


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
    """Lower and upper bounds.

    Parameters
    ----------
    values, se : ndarray, same shape
    df : degrees of freedom; ``np.inf`` for normal intervals
    method : {"t", "logit", "asin", "beta"}
        "t": value +- t se. "logit" and "asin": the t interval on that scale, brought back. "beta": Clopper-Pearson with
        the effective sample size (Korn and Graubard 1998).
    level : float
    n : ndarray, for "beta" only

    Returns
    -------
    lower, upper : ndarray
        NaN where undefined: df <= 0, and logit or asin at proportions 0 or 1. "beta" at 0 or 1 uses the nominal sample
        size (NCHS, *Data Presentation Standards for Proportions*, 2017), adjusted for degrees of freedom.
    """
    values, se = np.asarray(values, dtype=float), np.asarray(se, dtype=float)
    t = t_quantile(level, np.broadcast_to(df, values.shape))
    if method == "t":
        return values - t * se, values + t * se
    inside = (values > 0) & (values < 1)
    safe = np.where(inside, values, np.nan)
    if method == "logit":
        centre = np.log(safe) - np.log1p(-safe)
        width = t * se / (safe * (1 - safe))
        return _sigmoid(centre - width), _sigmoid(centre + width)
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


def _sigmoid(x: np.ndarray) -> np.ndarray:
    from scipy.special import expit

    return expit(x)


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

    Parameters
    ----------
    rse : ndarray, percent
    se, n : ndarray, same shape
    df : ndarray
        Degrees of freedom of the domain; zero (one PSU) means the standard error is unknown, and the estimate is
        suppressed.
    width : ndarray, optional
        Width of the 95% interval of a proportion (0-1); NaN for other measures.
    caution_above, suppress_above : float
        RSE above these is flagged; 25 and 50 percent are the limits used at BPS (Indonesia) and ABS (Australia).
    min_n : int
        Cells with fewer respondents are suppressed. A rule of this package, not of a statistical office.

    Notes
    ----- For proportions near 0 or 1 the interval decides, not the RSE: a 95% interval at most 0.05 wide will do
    whatever the RSE (Parker et al., *National Center for Health Statistics Data Presentation Standards for
    Proportions*, Vital and Health Statistics 2(175), 2017); a large RSE is still flagged "caution". Intervals 0.30 wide
    or more are flagged "caution"; NCHS suppresses them, BPS publishes them as long as the RSE is small.

    A standard error of zero without an interval of zero (no case at all, or only cases) is flagged "caution": the
    sample shows no variation, which does not mean the population has none. An unknown standard error is suppressed.
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
