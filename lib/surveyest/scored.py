"""Estimates from persons' scores: what is no mean gets standard errors, covariances and contrasts from its influence.

The maker of a measure gives the value of each domain and the influence function of each person; the result is
`Estimates`, as for means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyest.cells import DomainSums, check_domains, divide
from surveyest.design import Design, Layout
from surveyest.estimates import DEFF_WITHOUT_REPLACEMENT, Estimates, from_scores
from surveyest.inputs import (
    EstimationError,
    Names,
    ParameterError,
    Subset,
    as_names,
    as_values,
    check_columns,
    combine_columns,
    compact,
    encode_column,
    locate_values,
    numeric_column,
)

if TYPE_CHECKING:
    from scipy import sparse


@dataclass(frozen=True)
class DomainRows:
    """Domain of each row of the sample: `codes` (n,), -1 outside all domains or outside the subpopulation, and the
    `table` of D domains; rows of `frame` are in the order of the design."""

    design: Design
    frame: pd.DataFrame
    codes: np.ndarray
    table: pd.DataFrame

    @classmethod
    def read(
        cls,
        design: Design,
        frame: pd.DataFrame,
        domain: Names = None,
        subset: Subset = None,
        *,
        needed: Sequence[str] = (),
    ) -> DomainRows:
        """Read domains and subpopulation; `needed` are other columns that must be there."""
        columns, subset = as_names(domain), subset or {}
        check_domains(columns)
        frame = design.align(frame)
        check_columns(frame, [*columns, *needed, *as_names(tuple(subset))])
        codes, table = combine_columns(frame, columns)
        for k, values in subset.items():
            chosen, labels = encode_column(frame[k])
            codes = np.where(np.isin(chosen, locate_values(labels, as_values(values), k)), codes, -1)
        codes, occurring = compact(codes, len(table))
        if not len(occurring):
            raise EstimationError("Subpopulasi tidak berisi satu baris pun.")
        return cls(design, frame, codes, table.iloc[occurring].reset_index(drop=True))

    def measured(self, variable: str, *, allow_negative: bool = True) -> tuple[np.ndarray, np.ndarray]:
        """Rows in a domain, with a positive weight and a value, and their values; negative ones may be refused."""
        y = numeric_column(self.frame[variable], variable)
        rows = np.flatnonzero((self.codes >= 0) & (self.design.weights > 0) & ~np.isnan(y))
        y = y[rows]
        if not allow_negative and (y < 0).any():
            raise EstimationError(
                f"Kolom '{variable}' memuat {int((y < 0).sum())} nilai negatif (terkecil {y.min():g}), sehingga indeks "
                "Gini, bagian pendapatan, dan kedalaman kemiskinan dapat keluar dari 0-1; perbaiki, atau nyatakan "
                "allow_negative=True."
            )
        return rows, y


@dataclass(frozen=True)
class Shared:
    """Part of the scores that comes from outside the domain: G shared quantities, a national poverty line for example.

    `rows` and `group` (m,): rows that determine a quantity, and which one (0..G-1); `scores` (m,): weights times
    influence functions; `coefficients` (D, V, G): derivatives of the estimates with respect to the quantity.
    """

    rows: np.ndarray
    group: np.ndarray
    scores: np.ndarray
    coefficients: np.ndarray


def scored_estimates(
    sample: DomainRows,
    names: Sequence[str],
    values: np.ndarray,
    rows: np.ndarray,
    scores: Iterable[np.ndarray],
    *,
    proportion: Sequence[bool] | None = None,
    shared: Shared | None = None,
    combine: np.ndarray | None = None,
    kind: str = "mean",
) -> Estimates:
    """Estimates whose values and influence functions are known; deff is NaN with `shared` or `combine`.

    Parameters
    ----------
    values : ndarray, shape (D, V)
        NaN where undefined; so is the standard error.
    rows : ndarray of int64, shape (m,)
        Rows used: in a domain, with a positive weight and a value.
    scores : ndarray (V, m), or an iterable of V arrays (m,)
        Weight times influence function of each row on the estimate of its domain.
    proportion : V bool, optional
        Measures whose intervals use the logit scale.
    combine : ndarray, shape (V, V), optional
        The real influence functions are `combine` times `scores`.
    """
    names, design, d = as_names(names), sample.design, len(sample.table)
    if len(set(names)) < len(names):
        raise ParameterError(f"Nama ukuran kembar: {', '.join(names)}.")
    values = np.asarray(values, dtype=float)
    layout, y, present = _pair_scores(sample, rows, scores, shared, combine)
    codes, w = sample.codes[rows], design.weights[rows]
    n, sum_w = np.bincount(codes, minlength=d), np.bincount(codes, weights=w, minlength=d)
    squares, everyone = np.full(values.shape, np.nan), np.ones(values.shape)
    if shared is None and combine is None:
        for v, s in enumerate(scores):
            mean = divide(np.bincount(codes, weights=s, minlength=d), sum_w)
            squares[:, v] = np.bincount(codes, weights=w * (s / w - mean[codes]) ** 2, minlength=d)
    no_flags = np.zeros(len(names), dtype=bool)
    sums = DomainSums(
        layout, sample.table, names, y, np.zeros((1, y.shape[1])), np.zeros(len(names), dtype=np.int64), present,
        n[:, None] * everyone.astype(np.int64), sum_w[:, None] * everyone, everyone, values, squares,
        no_flags if proportion is None else np.asarray(proportion, dtype=bool), no_flags,
    )  # fmt: skip
    second = None
    if design.second_stage is not None:
        second = scored_estimates(
            replace(sample, design=design.second_stage), names, values, rows, scores,
            proportion=proportion, shared=shared, combine=combine, kind=kind,
        )  # fmt: skip
    return replace(from_scores("mean", sums, values, y, second, DEFF_WITHOUT_REPLACEMENT), kind=kind)


def _pair_scores(
    sample: DomainRows, rows: np.ndarray, scores: Iterable, shared: Shared | None, combine: np.ndarray | None
) -> tuple[Layout, np.ndarray, np.ndarray]:
    """Where PSU x domain pairs lie, their scores (V, J), and pairs with values (1, J)."""
    design, d, member = sample.design, len(sample.table), np.flatnonzero(sample.codes >= 0)
    p, calibration = design.psu_count, design.calibration
    keys = [sample.codes[rows] * p + design.psu[rows], sample.codes[member] * p + design.psu[member]]
    spread = None if shared is None else _spread(design, shared)
    if spread is not None:
        keys.append(spread[0])
    if calibration is not None:
        own = np.unique(np.concatenate(keys))
        keys.append(calibration.support(own % p, own // p, d))
    numbers, pairs = compact(np.concatenate(keys), d * p)
    position = numbers[: len(rows)]
    y = np.array([np.bincount(position, weights=s, minlength=len(pairs)) for s in scores]).reshape(-1, len(pairs))
    if combine is not None:
        y = combine @ y
    if spread is not None:
        place = numbers[len(rows) + len(member) :][: len(spread[0])]
        for own, shift in zip(y, spread[1], strict=True):
            own += np.bincount(place, weights=shift, minlength=len(pairs))
    layout = Layout.from_pairs(design, pairs % p, pairs // p, d, residual=calibration is not None)
    if calibration is not None:
        cross = _cross(sample, rows, scores, shared, combine)
        y -= calibration.projection(cross, layout.psu, layout.domain_bounds())
    return layout, y, (np.bincount(position, minlength=len(pairs)) > 0)[None]


def _cross(
    sample: DomainRows, rows: np.ndarray, scores: Iterable, shared: Shared | None, combine: np.ndarray | None
) -> sparse.csr_array:
    """Products of influence and the calibration's auxiliary variables, row d * V + v."""
    from scipy import sparse

    w, c, d = sample.design.weights, sample.design.calibration, len(sample.table)
    own = sparse.vstack([c.cross(s / w[rows], sample.codes[rows], d, rows) for s in scores], "csr")
    if combine is not None:
        own = sparse.csr_array(np.kron(combine, np.eye(d))) @ own
    result = own[np.arange(own.shape[0]).reshape(-1, d).T.ravel()]
    if shared is not None:
        groups = shared.coefficients.shape[2]
        lines = c.cross(shared.scores / w[shared.rows], shared.group, groups, shared.rows)
        result = result + sparse.csr_array(shared.coefficients.reshape(-1, groups)) @ lines
    return sparse.csr_array(result)


def _spread(design: Design, shared: Shared) -> tuple[np.ndarray, np.ndarray]:
    """Shared scores spread over (domain, PSU): keys of pairs (K,) and their scores (V, K)."""
    p, groups = design.psu_count, shared.coefficients.shape[2]
    key, inverse = np.unique(shared.group * p + design.psu[shared.rows], return_inverse=True)
    total = np.bincount(inverse, weights=shared.scores)
    bounds = np.searchsorted(key, np.arange(groups + 1) * p)
    d, g = np.nonzero((shared.coefficients != 0).any(axis=1))
    length = np.diff(bounds)[g]
    take = np.repeat(bounds[g] - (np.cumsum(length) - length), length)
    take += np.arange(len(take))
    spread = np.array([np.repeat(c, length) for c in shared.coefficients[d, :, g].T])
    spread *= total[take]
    return np.repeat(d * p, length) + (key % p)[take], spread
