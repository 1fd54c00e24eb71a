"""Galat penarikan sampel sebagai masukan indeks: larik ulangan (ulangan x unit x indikator) atau kovarian per unit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from indextree.errors import ComputationError, ParameterError
from indextree.normalisation import FittedNormalisation
from indextree.tree import Tree

_NEGLIGIBLE_NEGATIVE = 1e-8  # bagian nilai eigen terbesar: di bawahnya nilai eigen negatif hanyalah pembulatan


def covariance_from_replicates(
    replicates: np.ndarray, centre: np.ndarray | None = None, factors: float | np.ndarray | None = None
) -> np.ndarray:
    """Kovarian taksiran indikator per unit dari ulangan.

    Parameters
    ----------
    replicates : ndarray (draw, unit, indicator)
    centre : ndarray (unit, indicator), optional
        Taksiran penuh; baku rata-rata ulangan.
    factors : float or ndarray (draw,), optional
        Pengali kuadrat simpangan tiap ulangan: 1/R untuk bootstrap (baku), (n_h - 1)/n_h untuk JKn.

    Returns
    -------
    ndarray (unit, indicator, indicator)
        NaN untuk indikator yang hilang di salah satu ulangan.
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
    """Ulangan normal dari taksiran dan kovariannya, bebas antarunit.

    Parameters
    ----------
    centre : ndarray (unit, indicator)
    covariance : ndarray (unit, indicator, indicator)
        Semidefinit positif. Baris dan kolom indikator yang hilang (pusat NaN) diabaikan.
    bounds : (float, float), optional
        Potong hasil ke rentang ini, misalnya (0, 100) untuk persentase.

    Returns
    -------
    ndarray (draw, unit, indicator)

    Raises
    ------
    ComputationError
        Kovarian suatu unit bukan semidefinit positif, atau hilang untuk indikator yang ada.
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
    """Galat baku setiap simpul dari ulangan survei: akar jumlah faktor x (simpul ulangan - simpul penuh)^2.

    Parameters
    ----------
    data : DataFrame
        Taksiran penuh, unit x indikator.
    replicates : ndarray (draw, unit, indicator)
        Sejajar dengan ``data.index`` dan ``tree.indicators``.
    normalisation : FittedNormalisation, optional
        Diterapkan pada keduanya; None bila sudah ternormalkan.
    factors : float or ndarray (draw,), optional
        1/R untuk bootstrap (baku), (n_h - 1)/n_h untuk JKn.

    Returns
    -------
    DataFrame
        Unit x simpul.
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
