"""Calibration of weights to known population totals: post-stratification, raking, linear (GREG) and logit
calibration."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyest.design import Design
from surveyest.inputs import (
    EstimationError,
    ParameterError,
    as_names,
    check_choice,
    check_columns,
    combine_columns,
    numeric_column,
)

if TYPE_CHECKING:
    from scipy import sparse

CALIBRATION_METHODS = ("linear", "raking", "logit")
#: A factor of more than this many times the mean factor (or less than one in as many) is called extreme.
EXTREME_FACTOR = 3.0
#: Sums reached equal their targets up to this; also how well sums of margins must agree.
TARGET_TOLERANCE, MARGIN_TOLERANCE = 1e-11, 1e-6
MAX_ITERATIONS = 60
#: An eigenvalue of the margins' matrix (unit diagonal) below this means that a margin is implied by the others.
_REDUNDANT = 1e-11


class CalibrationWarning(UserWarning):
    """Calibration succeeded, but some weights changed a great deal."""


@dataclass(frozen=True)
class Calibration:
    """Calibration of a design; in `Design.calibration` after `calibrate`.

    Attributes
    ----------
    auxiliary : csr_array, shape (n, q)
        Auxiliary variables of each row: one column for each category of a margin, or for each numeric variable.
    base_weights, factors : ndarray, shape (n,)
        Weights before calibration, and weights after divided by weights before (g).
    psu_totals : csr_array, shape (P, q)
        Sums of weights after * auxiliary variables of each PSU.
    inverse : csr_array, shape (q, q)
        (Pseudo-)inverse of the sum of weights before * a a', block by block.
    component : ndarray, shape (q,)
        Block of each auxiliary variable; different blocks never meet in a row.
    margins : DataFrame, q rows
        margin, category, sample (sum before calibration), population.
    """

    auxiliary: sparse.csr_array
    base_weights: np.ndarray
    factors: np.ndarray
    psu_totals: sparse.csr_array
    inverse: sparse.csr_array
    component: np.ndarray
    margins: pd.DataFrame

    @staticmethod
    def join(parts: Sequence[Calibration], positions: Sequence[np.ndarray], psu_count: int) -> Calibration:
        """Calibrations of several surveys as one; `positions` are the new PSU numbers of each survey."""
        from scipy import sparse

        totals = [
            sparse.csr_array((np.ones(len(p)), (p, np.arange(len(p)))), shape=(psu_count, len(p))) @ c.psu_totals
            for c, p in zip(parts, positions, strict=True)
        ]
        start = np.cumsum([0] + [int(c.component.max()) + 1 for c in parts[:-1]])
        return Calibration(
            sparse.csr_array(sparse.block_diag([c.auxiliary for c in parts])),
            np.concatenate([c.base_weights for c in parts]),
            np.concatenate([c.factors for c in parts]),
            sparse.csr_array(sparse.hstack(totals)),
            sparse.csr_array(sparse.block_diag([c.inverse for c in parts])),
            np.concatenate([c.component + s for c, s in zip(parts, start, strict=True)]),
            pd.concat([c.margins for c in parts], ignore_index=True),
        )

    def summary(self) -> pd.Series:
        """Smallest and largest factor, how many are extreme, and 1 + squared cv of the weights before and after
        (Kish)."""
        used = self.base_weights > 0
        w, g = self.base_weights[used], self.factors[used]

        def kish(x: np.ndarray) -> float:
            return len(x) * (x @ x) / x.sum() ** 2

        content = {"min": g.min(), "max": g.max(), "extreme": int(_extreme(w, g).sum())}
        return pd.Series(content | {"weighting_effect_before": kish(w), "weighting_effect_after": kish(w * g)})

    def cross(
        self, values: np.ndarray, group: np.ndarray, count: int, rows: np.ndarray | None = None
    ) -> sparse.csr_array:
        """Sum of weights before * values * auxiliary variables of each group, (count, q); all rows, or `rows` only."""
        from scipy import sparse

        n = len(self.base_weights)
        if rows is None:
            sums = sparse.csc_array((self.base_weights * values, group, np.arange(n + 1)), shape=(count, n))
        else:
            sums = sparse.csr_array((self.base_weights[rows] * values, (group, rows)), shape=(count, n))
        return sparse.csr_array(sums @ self.auxiliary)

    def support(self, psu: np.ndarray, domain: np.ndarray, domain_count: int) -> np.ndarray:
        """Sorted keys domain * P + psu of the given pairs and of all pairs whose residual can differ from zero: PSUs
        outside the domain that share a margin with it."""
        from scipy import sparse

        p = self.psu_totals.shape[0]
        blocks = sparse.csr_array(
            (np.ones(len(self.component)), (np.arange(len(self.component)), self.component)),
            shape=(len(self.component), int(self.component.max()) + 1),
        )
        touched = (abs(self.psu_totals) @ blocks).astype(bool).astype(np.float64)
        members = sparse.csr_array((np.ones(len(psu)), (domain, psu)), shape=(domain_count, p))
        reach = sparse.csr_array((members @ touched) @ touched.T + members)
        reach.sort_indices()
        return np.repeat(np.arange(domain_count) * p, np.diff(reach.indptr)) + reach.indices

    def projection(self, cross: sparse.csr_array, psu: np.ndarray, bounds: np.ndarray) -> np.ndarray:
        """Part of the scores explained by the auxiliary variables, (V, J).

        `cross` (D * V, q) are products of persons' scores and auxiliary variables, domain by domain; `psu` (J,) the
        PSUs by domain, with `bounds` (D + 1,).
        """
        from scipy import sparse

        slopes = sparse.csr_array(cross @ self.inverse)
        v = cross.shape[0] // (len(bounds) - 1)
        result = np.empty((v, len(psu)))
        for d in range(len(bounds) - 1):
            pairs = slice(bounds[d], bounds[d + 1])
            result[:, pairs] = (self.psu_totals[psu[pairs]] @ slopes[d * v : (d + 1) * v].toarray().T).T
        return result


def calibrate(
    design: Design,
    frame: pd.DataFrame,
    margins: Mapping[str | tuple[str, ...], float | Mapping | pd.Series],
    *,
    method: str = "linear",
    bounds: tuple[float, float] | None = None,
) -> Design:
    """Calibrate weights so that estimated totals equal those of the population: a design with `Design.calibration`.

    One categorical margin is post-stratification; several with "raking" are raking; numeric margins with "linear" are
    GREG. Standard errors of all estimates on the resulting design use residuals (Deville and Särndal 1992, JASA 87,
    376-382).

    Parameters
    ----------
    frame : DataFrame
        The rows of the design, as for `summarise`.
    margins : dict column (or tuple of columns) -> population totals
        A number: total of that numeric column in the population. A Mapping or Series: population of each category (each
        tuple of categories for several columns).
    method : {"linear", "raking", "logit"}
        Distance between old and new weights. "linear" takes one step but can give negative weights; "raking" is always
        positive; "logit" stays within `bounds`.
    bounds : (float, float), optional
        Bounds of the factor g; required for "logit" (lower < 1 < upper). With "linear" it becomes truncated linear.

    Raises
    ------
    ParameterError
        Invalid method, bounds, column or form of a margin.
    EstimationError
        A category is not in the sample or has no target, margins differ in sum, weights become negative, or the target
        is not reached; the sentence names the margin and category.

    Warns
    -----
    CalibrationWarning
        Some factors exceed `EXTREME_FACTOR` times their mean.
    """
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    distance = _distance(method, bounds)
    if design.calibration is not None:
        raise EstimationError("Rancangan sudah dikalibrasi; kalibrasikan rancangan asalnya sekali dengan semua margin.")
    if design.second_stage is not None:
        raise EstimationError("Kalibrasi belum mencakup ragam tahap kedua; bangun rancangan dengan satu fpc.")
    if not len(design.weights):
        raise EstimationError("Rancangan dari summarise_table tidak menyimpan baris; kalibrasi memerlukan from_frame.")
    if not margins:
        raise ParameterError("Tidak ada margin yang diberikan.")
    frame = design.align(frame)
    w = design.weights
    parts = [_margin(frame, as_names(columns), target, w) for columns, target in margins.items()]
    a = sparse.csr_array(sparse.hstack([part for part, _ in parts]))
    table = pd.concat([t for _, t in parts], ignore_index=True)
    table["population"] = _consistent(table)
    component = connected_components(abs(a.T) @ abs(a), directed=False)[1].astype(np.int64)
    table["sample"] = a.T @ w
    g = _solve(a, w, table, component, method, distance)
    calibrated = w * g
    if (calibrated < 0).any():
        raise EstimationError(
            f"Kalibrasi linear memberi bobot negatif pada {int((calibrated < 0).sum())} baris (pengali terkecil "
            f"{g[w > 0].min():.3g}); pakai method='raking', atau batasi pengalinya dengan bounds."
        )
    extreme = int(_extreme(w[w > 0], g[w > 0]).sum())
    if extreme:
        warnings.warn(
            f"{extreme} dari {int((w > 0).sum())} bobot berubah lebih dari {EXTREME_FACTOR:g} kali perubahan rata-rata "
            f"(pengali {g[w > 0].min():.3g} sampai {g[w > 0].max():.3g}); periksa margin atau gabungkan kategori.",
            CalibrationWarning,
            stacklevel=2,
        )
    psu_sum = sparse.csc_array((calibrated, design.psu, np.arange(len(w) + 1)), shape=(design.psu_count, len(w)))
    inverse, margins = _block_inverse(_gram(a, w), component), table[["margin", "category", "sample", "population"]]
    content = Calibration(a, w, g, sparse.csr_array(psu_sum @ a), inverse, component, margins)
    return replace(design.reweighted(calibrated), calibration=content)


def _extreme(w: np.ndarray, g: np.ndarray) -> np.ndarray:
    relative = g * w.sum() / (w @ g)
    return (relative > EXTREME_FACTOR) | (relative < 1 / EXTREME_FACTOR)


def _margin(
    frame: pd.DataFrame, columns: tuple[str, ...], target: object, weights: np.ndarray
) -> tuple[sparse.csr_array, pd.DataFrame]:
    """Columns of auxiliary variables of one margin, and their targets."""
    from scipy import sparse

    check_columns(frame, columns)
    name = " x ".join(columns)
    if not isinstance(target, Mapping | pd.Series):
        if len(columns) != 1 or isinstance(target, Sequence | pd.DataFrame) or not np.isfinite(target):
            raise ParameterError(f"Margin '{name}' harus sebuah bilangan, mapping, atau Series.")
        values = numeric_column(frame[columns[0]], columns[0])
        _refuse_missing(np.isnan(values) & (weights > 0), name)
        column = sparse.csr_array(np.nan_to_num(values)[:, None])
        return column, pd.DataFrame({"margin": name, "category": [None], "population": [float(target)]})
    codes, labels = combine_columns(frame, columns)
    _refuse_missing((codes < 0) & (weights > 0), name)
    present = list(labels.itertuples(index=False, name=None))
    wanted = {k if isinstance(k, tuple) else (k,): float(v) for k, v in target.items()}
    if not all(np.isfinite(v) and v >= 0 for v in wanted.values()) or not any(wanted.values()):
        raise ParameterError(f"Jumlah populasi margin '{name}' kosong, negatif, tak hingga, atau nol semuanya.")
    without = [k for k in present if k not in wanted]
    if without:
        raise EstimationError(
            f"Margin '{name}': {len(without)} kategori sampel tanpa jumlah populasi, misalnya {_words(without[0])}."
        )
    filled = np.bincount(codes[weights > 0], minlength=len(present)) > 0
    members = {k for k, f in zip(present, filled, strict=True) if f}
    empty = [k for k, v in wanted.items() if v > 0 and k not in members]
    if empty:
        raise EstimationError(
            f"Margin '{name}': {len(empty)} kategori populasi tanpa satu baris pun di sampel, misalnya "
            f"{_words(empty[0])}; gabungkan dengan kategori lain."
        )
    rows = np.flatnonzero(codes >= 0)
    a = sparse.csr_array((np.ones(len(rows)), (rows, codes[rows])), shape=(len(frame), len(present)))
    category = pd.Series([_words(k) for k in present], dtype=object)
    return a, pd.DataFrame({"margin": name, "category": category, "population": [wanted[k] for k in present]})


def _words(key: tuple) -> str:
    return " / ".join(str(k) for k in key)


def _refuse_missing(missing: np.ndarray, name: str) -> None:
    if missing.any():
        raise EstimationError(f"Margin '{name}' kosong di {int(missing.sum())} baris; kalibrasi menuntut semua terisi.")


def _consistent(table: pd.DataFrame) -> pd.Series:
    """Targets with every categorical margin summing to the first; refused unless they differ by rounding only."""
    categorical = table["category"].notna()
    sums = table[categorical].groupby("margin", sort=False)["population"].sum()
    if len(sums) > 1 and sums.max() - sums.min() > MARGIN_TOLERANCE * sums.max():
        low, high = sums.idxmin(), sums.idxmax()
        raise EstimationError(
            f"Jumlah populasi margin '{low}' {sums[low]:,.10g}, '{high}' {sums[high]:,.10g}; keduanya harus sama."
        )
    if not len(sums):
        return table["population"]
    return table["population"] * (sums.iloc[0] / table["margin"].map(sums)).where(categorical, 1.0)


def _distance(method: str, bounds: tuple[float, float] | None) -> tuple[Callable, Callable]:
    """F(u), the factor of weights, and its derivative (Deville and Särndal 1992, table 1)."""
    check_choice("Metode kalibrasi", method, CALIBRATION_METHODS)
    if bounds is not None and not (len(bounds) == 2 and 0 <= bounds[0] < 1 < bounds[1]):
        raise ParameterError(f"Batas pengali {bounds} harus berupa (bawah, atas) dengan 0 <= bawah < 1 < atas.")
    if method == "linear":
        low, high = bounds or (-np.inf, np.inf)
        return (lambda u: np.clip(1 + u, low, high)), (lambda u: ((1 + u > low) & (1 + u < high)).astype(float))
    if method == "raking":
        if bounds is not None:
            raise ParameterError("Raking tidak memakai bounds; pilih method='logit'.")
        return np.exp, np.exp
    if bounds is None or not np.isfinite(bounds[1]):
        raise ParameterError("Kalibrasi logit memerlukan bounds (bawah, atas) yang berhingga.")
    low, high = bounds
    steep = (high - low) / ((1 - low) * (high - 1))

    def share(u: np.ndarray) -> np.ndarray:
        from scipy.special import expit, logit

        return expit(steep * u + logit((1 - low) / (high - low)))

    return (
        lambda u: low + (high - low) * share(u),
        lambda u: (high - low) * steep * share(u) * (1 - share(u)),
    )


def _solve(
    a: sparse.csr_array, w: np.ndarray, table: pd.DataFrame, component: np.ndarray, method: str, distance: tuple
) -> np.ndarray:
    """Factor of each row: Newton on Lagrange multipliers, its step halved when the error grows."""
    factor, derivative = distance
    target = table["population"].to_numpy()
    # Errors of a margin are measured against the size of its content, not its sum, which can cancel.
    size = np.maximum(np.maximum(np.abs(target), abs(a).T @ w), np.finfo(float).tiny)
    # Relative weights (summing to n, not N) are scaled to the population first, so that Newton starts near the answer.
    level = 1.0
    if method == "raking":
        categories = table["category"].notna().to_numpy()
        level = target[categories].sum() / table["sample"].to_numpy()[categories].sum() if categories.any() else 1.0
    base, eta = w * level, np.zeros(a.shape[1])
    error = target - a.T @ (base * factor(a @ eta))
    for _ in range(MAX_ITERATIONS):
        if np.abs(error / size).max() <= TARGET_TOLERANCE:
            return level * factor(a @ eta)
        step = _block_inverse(_gram(a, base * derivative(a @ eta)), component) @ error
        for _ in range(30):
            with np.errstate(over="ignore", invalid="ignore"):
                moved = target - a.T @ (base * factor(a @ (eta + step)))
            if np.isfinite(moved).all() and np.abs(moved / size).max() < np.abs(error / size).max():
                break
            step = step / 2
        else:
            break
        eta, error = eta + step, moved
    if np.abs(error / size).max() <= MARGIN_TOLERANCE:
        return level * factor(a @ eta)
    j = int(np.abs(error / size).argmax())
    one = table.iloc[j]
    place = f"margin '{one['margin']}'" + (f" kategori {one['category']}" if one["category"] is not None else "")
    raise EstimationError(
        f"Kalibrasi {method} tidak mencapai {place}: sasaran {target[j]:,.10g}, tercapai {target[j] - error[j]:,.10g}; "
        "margin-margin itu bertentangan di sampel ini, atau batas pengalinya terlalu sempit."
    )


def _gram(a: sparse.csr_array, w: np.ndarray) -> sparse.csr_array:
    from scipy import sparse

    return sparse.csr_array(a.T @ sparse.csr_array(sparse.diags_array(w) @ a))


def _block_inverse(matrix: sparse.csr_array, component: np.ndarray) -> sparse.csr_array:
    """Pseudo-inverse of a symmetric matrix whose `component` blocks are separate."""
    from scipy import sparse

    size = np.sqrt(matrix.diagonal())
    scale = np.where(size > 0, 1 / np.where(size > 0, size, 1), 0.0)
    count = np.bincount(component)
    alone = np.flatnonzero(count[component] == 1)
    rows, columns, values = [alone], [alone], [scale[alone] ** 2]
    order = np.argsort(component, kind="stable")
    for block in np.split(order, np.cumsum(count)[:-1]):
        if len(block) == 1:
            continue
        content = matrix[block][:, block].toarray() * np.outer(scale[block], scale[block])
        inverse = np.linalg.pinv(content, rcond=_REDUNDANT, hermitian=True) * np.outer(scale[block], scale[block])
        rows.append(np.repeat(block, len(block)))
        columns.append(np.tile(block, len(block)))
        values.append(inverse.ravel())
    where = np.concatenate(rows), np.concatenate(columns)
    return sparse.csr_array((np.concatenate(values), where), shape=matrix.shape)
