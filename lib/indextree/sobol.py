"""Sobol indices: the share of the output's variance that comes from each group of inputs, with bootstrap intervals.

Saltelli's design: two matrices A and B, and for each group i a matrix AB_i (A with the columns of group i from B).
First-order indices are estimated after Saltelli et al. (2010), total ones after Jansen (1999); outputs are centred
first, since a mean far from zero enlarges the error of the first-order estimator.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indextree.errors import ComputationError, ParameterError


@dataclass(frozen=True, eq=False)
class SobolEstimate:
    """Sobol indices of each group of inputs and each output; arrays (group, output), NaN for outputs without variance.

    Attributes
    ----------
    first, total : ndarray
    first_lower, first_upper, total_lower, total_upper : ndarray
        Bootstrap interval (percentiles).
    variance : ndarray (output,)
    """

    first: np.ndarray
    first_lower: np.ndarray
    first_upper: np.ndarray
    total: np.ndarray
    total_lower: np.ndarray
    total_upper: np.ndarray
    variance: np.ndarray


def saltelli_design(n: int, width: Sequence[int], seed: int, method: str = "sobol") -> tuple[np.ndarray, np.ndarray]:
    """Design (n * (2 + groups), column) on [0, 1), in the order A, B, AB_1, AB_2, ...

    Parameters
    ----------
    n : int
        Number of base points; a power of two for the Sobol sequence.
    width : sequence of int
        Columns of each group of inputs.
    seed : int
    method : {"sobol", "random"}
        Scrambled Sobol sequence (Owen), or plain random numbers.

    Returns
    -------
    design : ndarray
    part : ndarray of int
        0 = A, 1 = B, 2 + i = AB_i for each row.
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
    groups : int
    bootstrap : int
        Bootstrap replicates over the base points, for intervals.
    level : float
        Confidence level of the intervals.

    Raises
    ------
    ComputationError
        An output is missing.
    """
    y = np.asarray(outputs, dtype=float)
    y = y[:, None] if y.ndim == 1 else y
    if y.shape[0] % (2 + groups):
        raise ParameterError("Banyak baris keluaran tidak sesuai dengan rancangan Saltelli.")
    if np.isnan(y).any():
        raise ComputationError("Ada keluaran yang hilang; indeks Sobol hanya untuk keluaran yang selalu tersedia.")
    if not 0 < level < 1:
        raise ParameterError("Tingkat kepercayaan harus antara 0 dan 1.")
    y = y.reshape(2 + groups, -1, y.shape[1])
    y = y - y[:2].mean(axis=(0, 1))
    n = y.shape[1]
    # all estimates are functions of these column means, so the bootstrap is one matrix product
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=bootstrap).astype(float)
    weight = np.vstack([np.ones(n), counts]) / n
    a, b = y[0], y[1]
    centred = 0.5 * (weight @ a + weight @ b)
    variance = 0.5 * (weight @ a**2 + weight @ b**2) - centred**2
    # below the precision of numbers a variance is only rounding
    scale = np.abs(outputs).reshape(-1, y.shape[2]).max(axis=0)
    flat = variance[0] <= (1e-12 * np.maximum(scale, 1e-300)) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        first = np.stack(
            [(weight @ (b * (ab - a)) - (0.5 * (weight @ (a + b))) * (weight @ (ab - a))) / variance for ab in y[2:]]
        )
        total = np.stack([0.5 * (weight @ (a - ab) ** 2) / variance for ab in y[2:]])
    first[..., flat] = np.nan
    total[..., flat] = np.nan
    bounds = [(1 - level) / 2, 1 - (1 - level) / 2]
    if bootstrap:
        with np.errstate(invalid="ignore"):
            s = np.quantile(first[:, 1:], bounds, axis=1)
            t = np.quantile(total[:, 1:], bounds, axis=1)
    else:
        s = t = np.full((2, groups, y.shape[2]), np.nan)
    return SobolEstimate(first[:, 0], s[0], s[1], total[:, 0], t[0], t[1], np.where(flat, 0.0, variance[0]))


def pooled_sobol(
    outputs: np.ndarray, groups: int, *, bootstrap: int = 200, level: float = 0.95, seed: int = 1
) -> SobolEstimate:
    """Pooled Sobol indices of many outputs: sum of partial variances over sum of variances (Gamboa et al. 2014).

    Units with large variance weigh heavily. Shape of the result: (group, 1).
    """
    y = np.asarray(outputs, dtype=float)
    if np.isnan(y).any():
        raise ComputationError("Ada keluaran yang hilang; indeks Sobol hanya untuk keluaran yang selalu tersedia.")
    y = y.reshape(2 + groups, -1, y.shape[1])
    y = y - y[:2].mean(axis=(0, 1))
    a, b = y[0], y[1]
    # means of each output are ~ 0 after centring; their cross terms are left out of the bootstrap (order 1/n)
    variance = 0.5 * (a**2 + b**2).sum(axis=1)
    n = len(variance)
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=bootstrap).astype(float)
    weight = np.vstack([np.ones(n), counts]) / n
    denominator = weight @ variance
    if not denominator[0] > 0:
        empty = np.full((groups, 1), np.nan)
        return SobolEstimate(empty, empty, empty, empty, empty, empty, np.zeros(1))
    first = np.stack([weight @ (b * (ab - a)).sum(axis=1) / denominator for ab in y[2:]])
    total = np.stack([0.5 * (weight @ ((a - ab) ** 2).sum(axis=1)) / denominator for ab in y[2:]])
    bounds = [(1 - level) / 2, 1 - (1 - level) / 2]
    cells = (lambda x: np.quantile(x[:, 1:], bounds, axis=1)[..., None]) if bootstrap else None
    s, t = (cells(first), cells(total)) if cells else (np.full((2, groups, 1), np.nan),) * 2
    return SobolEstimate(first[:, :1], s[0], s[1], total[:, :1], t[0], t[1], np.array([denominator[0]]))
