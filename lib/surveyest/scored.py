"""Estimates from persons' scores: what is no mean gets standard errors, covariances and contrasts from its influence.

The maker of a measure gives the value of each domain and the influence function of each person; the result is
`Estimates`, as for means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyest.cells import DomainSums, check_domains, divide
from surveyest.design import Design, Layout
from surveyest.estimates import DEFF_WITHOUT_REPLACEMENT, Estimates, design_effect
from surveyest.inputs import (
    EstimationError,
    ParameterError,
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
        domain: str | Sequence[str] | None = None,
        subset: Mapping[str, object] | None = None,
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
    names = as_names(names)
    if len(set(names)) < len(names):
        raise ParameterError(f"Nama ukuran kembar: {', '.join(names)}.")
    flags = np.zeros(len(names), dtype=bool) if proportion is None else np.asarray(proportion, dtype=bool)
    values = np.asarray(values, dtype=float)
    return _assemble(sample.design, _Request(sample, names, values, rows, scores, flags, shared, combine, kind))


@dataclass(frozen=True)
class _Request:
    """Input of `scored_estimates`; the same for both stages of a design."""

    sample: DomainRows
    names: tuple[str, ...]
    values: np.ndarray
    rows: np.ndarray
    scores: Iterable[np.ndarray]
    proportion: np.ndarray
    shared: Shared | None
    combine: np.ndarray | None
    kind: str

    @property
    def codes(self) -> np.ndarray:
        """Domain of each row used."""
        return self.sample.codes[self.rows]


def _assemble(design: Design, q: _Request) -> Estimates:
    d, shape = len(q.sample.table), q.values.shape
    layout, y, present = _pair_scores(design, q)
    codes, w = q.codes, design.weights[q.rows]
    n, sum_w = np.bincount(codes, minlength=d), np.bincount(codes, weights=w, minlength=d)
    squares = np.full(shape, np.nan)
    if q.shared is None and q.combine is None:
        for v, s in enumerate(q.scores):
            mean = divide(np.bincount(codes, weights=s, minlength=d), sum_w)
            squares[:, v] = np.bincount(codes, weights=w * (s / w - mean[codes]) ** 2, minlength=d)
    everyone = np.ones(shape)
    sums = DomainSums(
        layout, q.sample.table, q.names, y, np.zeros((1, y.shape[1])), np.zeros(shape[1], dtype=np.int64), present,
        n[:, None] * everyone.astype(np.int64), sum_w[:, None] * everyone, everyone, q.values, squares, q.proportion,
        np.zeros(shape[1], dtype=bool),
    )  # fmt: skip
    variance = layout.variance(y, present[sums.x_index]).T
    variance[np.isnan(q.values)] = np.nan
    second = None
    if design.second_stage is not None:
        second = _assemble(design.second_stage, q)
        variance += second.se**2
    df = layout.df(present)[sums.x_index].T.astype(np.int64)
    deff = design_effect(sums, "mean", variance, DEFF_WITHOUT_REPLACEMENT)
    return Estimates(q.kind, sums, q.values, np.sqrt(variance), deff, sums.n, df, y, second)


def _pair_scores(design: Design, q: _Request) -> tuple[Layout, np.ndarray, np.ndarray]:
    """Where PSU x domain pairs lie, their scores (V, J), and pairs with values (1, J)."""
    d, p, member = len(q.sample.table), design.psu_count, np.flatnonzero(q.sample.codes >= 0)
    keys = [q.codes * p + design.psu[q.rows], q.sample.codes[member] * p + design.psu[member]]
    spread = None if q.shared is None else _spread(design, q.shared)
    if spread is not None:
        keys.append(spread[0])
    calibration = design.calibration
    if calibration is not None:
        own = np.unique(np.concatenate(keys))
        keys.append(calibration.support(own % p, own // p, d))
    numbers, pairs = compact(np.concatenate(keys), d * p)
    position = numbers[: len(q.rows)]
    y = np.array([np.bincount(position, weights=s, minlength=len(pairs)) for s in q.scores]).reshape(len(q.names), -1)
    if q.combine is not None:
        y = q.combine @ y
    if spread is not None:
        place = numbers[len(q.rows) + len(member) :][: len(spread[0])]
        for v in range(len(q.names)):
            y[v] += np.bincount(place, weights=spread[1][v], minlength=len(pairs))
    layout = Layout.from_pairs(design, pairs % p, pairs // p, d, residual=calibration is not None)
    if calibration is not None:
        y -= calibration.projection(_cross(design, q), layout.psu, layout.domain_bounds())
    return layout, y, (np.bincount(position, minlength=len(pairs)) > 0)[None]


def _cross(design: Design, q: _Request) -> sparse.csr_array:
    """Products of influence and the calibration's auxiliary variables, row d * V + v."""
    from scipy import sparse

    w, c, (d, v) = design.weights, design.calibration, q.values.shape
    own = sparse.vstack([c.cross(s / w[q.rows], q.codes, d, q.rows) for s in q.scores], "csr")
    if q.combine is not None:
        own = sparse.csr_array(np.kron(q.combine, np.eye(d))) @ own
    result = own[np.arange(d * v).reshape(v, d).T.ravel()]
    if q.shared is not None:
        groups = q.shared.coefficients.shape[2]
        lines = c.cross(q.shared.scores / w[q.shared.rows], q.shared.group, groups, q.shared.rows)
        result = result + sparse.csr_array(q.shared.coefficients.reshape(d * v, groups)) @ lines
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
