"""Sampling error as input of an index: an array of replicates (draw x unit x indicator), or a covariance for each
unit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from indextree.errors import ComputationError, ParameterError
from indextree.normalisation import FittedNormalisation
from indextree.tree import Tree

_NEGLIGIBLE_NEGATIVE = 1e-8  # share of the largest eigenvalue: negative eigenvalues below it are only rounding


def covariance_from_replicates(
    replicates: np.ndarray, centre: np.ndarray | None = None, factors: float | np.ndarray | None = None
) -> np.ndarray:
    """Covariance of the estimated indicators of each unit, from replicates.

    Parameters
    ----------
    replicates : ndarray (draw, unit, indicator)
    centre : ndarray (unit, indicator), optional
        Full-sample estimates; default the mean of the replicates.
    factors : float or ndarray (draw,), optional
        Multiplier of each replicate's squared deviation: 1/R for the bootstrap (default), (n_h - 1)/n_h for JKn.

    Returns
    -------
    ndarray (unit, indicator, indicator)
        NaN for indicators missing in any replicate.
    """
    r = _check_replicates(replicates)
    c = np.full(len(r), 1 / len(r)) if factors is None else np.broadcast_to(np.asarray(factors, float), (len(r),))
    d = r - (r.mean(axis=0) if centre is None else np.asarray(centre, dtype=float))
    return np.einsum("r,rui,ruj->uij", c, d, d, optimize=True)


def simulate_replicates(
    centre: np.ndarray,
    covariance: np.ndarray,
    draws: int,
    seed: int,
    *,
    bounds: tuple[float, float] | None = None,
) -> np.ndarray:
    """Normal replicates from estimates and their covariance, independent between units.

    Parameters
    ----------
    centre : ndarray (unit, indicator)
    covariance : ndarray (unit, indicator, indicator)
        Positive semidefinite. Rows and columns of missing indicators (centre NaN) are ignored.
    bounds : (float, float), optional
        Cut the result to this range, for example (0, 100) for percentages.

    Returns
    -------
    ndarray (draw, unit, indicator)

    Raises
    ------
    ComputationError
        The covariance of a unit is not positive semidefinite, or missing for an indicator that is there.
    """
    centre, covariance = np.asarray(centre, dtype=float), np.asarray(covariance, dtype=float)
    u, k = centre.shape
    if covariance.shape != (u, k, k):
        raise ParameterError(f"Kovarian berbentuk {covariance.shape}; diharapkan {(u, k, k)}.")
    if draws < 1:
        raise ParameterError("Banyak ulangan harus positif.")
    observed = ~np.isnan(centre)
    c = np.where(observed[:, :, None] & observed[:, None, :], covariance, 0.0)
    if np.isnan(c).any():
        raise ComputationError("Kovarian hilang untuk indikator yang nilainya ada.")
    if not np.allclose(c, np.swapaxes(c, 1, 2), rtol=1e-8, atol=1e-12):
        raise ComputationError("Kovarian indikator tidak simetris.")
    values, vectors = np.linalg.eigh(c)
    bad = np.flatnonzero(values[:, 0] < -_NEGLIGIBLE_NEGATIVE * np.maximum(values[:, -1], 1e-300))
    if len(bad):
        raise ComputationError(f"Kovarian unit urutan ke-{bad[0] + 1} bukan semidefinit positif.")
    root = vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]
    z = np.random.default_rng(seed).standard_normal((draws, u, k))
    result = centre + np.matmul(root[None], z[..., None])[..., 0]
    return result if bounds is None else np.clip(result, *bounds)


def replicate_standard_error(
    tree: Tree,
    data: pd.DataFrame,
    replicates: np.ndarray,
    normalisation: FittedNormalisation | None = None,
    factors: float | np.ndarray | None = None,
) -> pd.DataFrame:
    """Standard error of each node from survey replicates: root of the sum of factors x (replicate - full)^2.

    Parameters
    ----------
    data : DataFrame
        Full-sample estimates, unit x indicator.
    replicates : ndarray (draw, unit, indicator)
        Parallel to ``data.index`` and ``tree.indicators``.
    normalisation : FittedNormalisation, optional
        Applied to both; None when they are normalised already.
    factors : float or ndarray (draw,), optional
        1/R for the bootstrap (default), (n_h - 1)/n_h for JKn.

    Returns
    -------
    DataFrame
        Unit x node.
    """
    r = _check_replicates(replicates)
    x = tree.values(data)
    if r.shape[1:] != x.shape:
        raise ParameterError(f"Larik ulangan berbentuk {r.shape}; diharapkan (ulangan, {x.shape[0]}, {x.shape[1]}).")
    if normalisation is not None:
        x, r = normalisation.apply(x), normalisation.apply(r)
    compiled = tree.compile()
    c = np.full(len(r), 1 / len(r)) if factors is None else np.broadcast_to(np.asarray(factors, float), (len(r),))
    deviations = compiled.compute(r) - compiled.compute(x)[:, None]
    variance = np.einsum("r,sru->su", c, deviations**2)
    return pd.DataFrame(np.sqrt(variance).T, index=data.index, columns=list(tree.codes))


def _check_replicates(replicates: np.ndarray) -> np.ndarray:
    r = np.asarray(replicates, dtype=float)
    if r.ndim != 3 or len(r) < 2:
        raise ParameterError(f"Larik ulangan berbentuk {r.shape}; diharapkan (ulangan, unit, indikator), >= 2 ulangan.")
    return r
