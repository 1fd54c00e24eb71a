"""Selang kepercayaan, RSE, dan tanda kelayakan terbit."""

from __future__ import annotations

import numpy as np

from surveyest.errors import ParameterError

INTERVAL_METHODS = ("auto", "t", "logit", "beta", "asin")
#: Lebar selang 95% proporsi yang selalu cukup untuk terbit, dan yang selalu meragukan (NCHS, 2017).
NARROW_INTERVAL, WIDE_INTERVAL = 0.05, 0.30
OK, CAUTION, SUPPRESSED = "", "caution", "suppressed"


def t_quantile(level: float, df: np.ndarray | float) -> np.ndarray:
    """Nilai t dua sisi untuk tingkat kepercayaan `level`; df tak hingga memberi nilai normal, df <= 0 memberi NaN."""
    from scipy.special import ndtri, stdtrit

    if not 0 < level < 1:
        raise ParameterError(f"Tingkat kepercayaan {level} harus di antara 0 dan 1.")
    df = np.asarray(df, dtype=float)
    probability = 0.5 + level / 2
    # Domain-domain biasanya berbagi sedikit nilai df saja.
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
    """Batas bawah dan atas.

    Parameters
    ----------
    values, se : ndarray sebentuk
    df : derajat bebas; ``np.inf`` untuk selang normal
    method : {"t", "logit", "asin", "beta"}
        "t": nilai +- t se. "logit" dan "asin": selang t pada skala itu, dikembalikan. "beta": Clopper-Pearson dengan
        ukuran sampel efektif (Korn dan Graubard, 1998).
    level : float
    n : ndarray, hanya untuk "beta"

    Returns
    -------
    lower, upper : ndarray
        NaN bila tidak terdefinisi: df <= 0, dan logit/asin pada proporsi 0 atau 1. "beta" pada 0 atau 1 memakai
        ukuran sampel nominal (NCHS, *Data Presentation Standards for Proportions*, 2017), disesuaikan derajat bebas.
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
    """Galat baku relatif terhadap nilainya, persen, seperti yang dicetak BPS; NaN bila nilainya nol."""
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
    """Tanda tiap taksiran: "" (layak), "caution", atau "suppressed".

    Parameters
    ----------
    rse : ndarray, persen
    se, n : ndarray sebentuk
    df : ndarray
        Derajat bebas domain; nol (satu PSU) berarti galat bakunya tidak diketahui, dan taksirannya ditahan.
    width : ndarray, optional
        Lebar selang 95% proporsi (0-1); NaN bagi yang bukan proporsi.
    caution_above, suppress_above : float
        RSE di atasnya ditandai; 25 dan 50 persen adalah batas yang dipakai statistikawan BPS dan ABS.
    min_n : int
        Sel dengan responden lebih sedikit ditahan. Angka ini aturan suite, bukan aturan BPS.

    Notes
    -----
    Bagi proporsi dekat 0 atau 1 selanglah yang menentukan, bukan RSE: selang 95% selebar paling banyak 0,05 cukup
    untuk terbit berapa pun RSE-nya (Parker dkk., *National Center for Health Statistics Data Presentation Standards for
    Proportions*, Vital and Health Statistics 2(175), 2017); RSE yang besar tetap ditandai "caution". Selang selebar
    0,30 atau lebih ditandai "caution"; NCHS menahannya, BPS menerbitkannya selama RSE-nya kecil.

    Galat baku nol tanpa selang yang juga nol (tidak satu pun kasus, atau semua kasus) ditandai "caution": sampel
    tidak menunjukkan keragaman, bukan berarti populasi tidak beragam. Galat baku yang tak terhitung ditahan.
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
