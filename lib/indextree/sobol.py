"""Indeks Sobol: bagian ragam keluaran yang berasal dari tiap kelompok masukan, dengan selang bootstrap.

Rancangan Saltelli: dua matriks A dan B, dan untuk tiap kelompok i matriks AB_i (A dengan kolom kelompok i dari B). Orde
satu ditaksir menurut Saltelli dkk. (2010), total menurut Jansen (1999); keluaran dipusatkan lebih dulu, sebab rata-rata
yang jauh dari nol memperbesar galat penaksir orde satu.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indextree.errors import ComputationError, ParameterError


@dataclass(frozen=True, eq=False)
class SobolEstimate:
    """Indeks Sobol tiap kelompok masukan dan tiap keluaran; larik (kelompok, keluaran), NaN bila keluaran tanpa ragam.

    Attributes
    ----------
    first, total : ndarray
    first_lower, first_upper, total_lower, total_upper : ndarray
        Batas selang bootstrap (persentil).
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
    """Rancangan (n * (2 + kelompok), kolom) pada [0, 1), urutan A, B, AB_1, AB_2, ...

    Parameters
    ----------
    n : int
        Banyak titik dasar; untuk deret Sobol harus pangkat dua.
    width : sequence of int
        Banyak kolom tiap kelompok masukan.
    seed : int
    method : {"sobol", "random"}
        Deret Sobol teracak (Owen), atau bilangan acak biasa.

    Returns
    -------
    design : ndarray
    part : ndarray of int
        0 = A, 1 = B, 2 + i = AB_i untuk tiap baris.
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
    """Titik (n, d) pada [0, 1): "sobol" (teracak), "latin" (hiperkubus Latin), atau "random"."""
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
    """Indeks Sobol dari keluaran rancangan :func:`saltelli_design`.

    Parameters
    ----------
    outputs : ndarray (n * (2 + group), m) atau (n * (2 + group),)
        Nilai fungsi di tiap baris rancangan; m keluaran dihitung bersama.
    groups : int
    bootstrap : int
        Banyak ulangan bootstrap atas titik dasar untuk selang.
    level : float
        Tingkat kepercayaan selang.

    Raises
    ------
    ComputationError
        Ada keluaran yang hilang.
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
    # semua taksiran adalah fungsi dari rata-rata kolom ini, jadi bootstrap cukup satu perkalian matriks
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=bootstrap).astype(float)
    weight = np.vstack([np.ones(n), counts]) / n
    a, b = y[0], y[1]
    centred = 0.5 * (weight @ a + weight @ b)
    variance = 0.5 * (weight @ a**2 + weight @ b**2) - centred**2
    # di bawah ketelitian angka, ragam hanyalah pembulatan
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
    """Indeks Sobol gabungan banyak keluaran: jumlah ragam bagian dibagi jumlah ragam (Gamboa dkk. 2014).

    Unit yang ragamnya besar berbobot besar. Bentuk hasil (kelompok, 1).
    """
    y = np.asarray(outputs, dtype=float)
    if np.isnan(y).any():
        raise ComputationError("Ada keluaran yang hilang; indeks Sobol hanya untuk keluaran yang selalu tersedia.")
    y = y.reshape(2 + groups, -1, y.shape[1])
    y = y - y[:2].mean(axis=(0, 1))
    a, b = y[0], y[1]
    # rata-rata per keluaran ~ 0 sesudah dipusatkan; suku silangnya diabaikan di bootstrap (orde 1/n)
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
