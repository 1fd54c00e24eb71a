"""Taksiran dari skor perorangan: yang bukan rerata mendapat galat baku, kovarians, dan kontras dari pengaruhnya.

Pembuat ukuran memberi nilai tiap domain dan fungsi pengaruh tiap orang; hasilnya `Estimates`, sama dengan rerata.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyest.cells import DomainSums, check_domains, divide
from surveyest.design import Design
from surveyest.encoding import (
    as_names,
    as_values,
    check_columns,
    combine_codes,
    compact,
    encode_column,
    locate_values,
    numeric_column,
)
from surveyest.errors import EstimationError, ParameterError
from surveyest.estimates import DEFF_WITHOUT_REPLACEMENT, Estimates, design_effect
from surveyest.layout import Layout

if TYPE_CHECKING:
    from scipy import sparse


@dataclass(frozen=True)
class DomainRows:
    """Domain tiap baris sampel.

    Attributes
    ----------
    design : Design
    frame : DataFrame
        Baris seurut rancangan.
    codes : ndarray of int64, shape (n,)
        Domain tiap baris; -1 bila di luar semua domain atau di luar `subset`.
    table : DataFrame, D baris
    """

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
        """Baca domain dan subpopulasi; `needed` kolom lain yang harus ada.

        Raises
        ------
        ParameterError
            Kolom atau nilai tidak ada; domain bernama seperti kolom hasil.
        EstimationError
            Baris tidak dapat dipadankan dengan rancangan; subpopulasi kosong.
        """
        columns, subset = as_names(domain), subset or {}
        check_domains(columns)
        frame = design.align(frame)
        check_columns(frame, [*columns, *needed, *as_names(tuple(subset))])
        coded = [encode_column(frame[k]) for k in columns]
        codes, table = combine_codes([b[0] for b in coded], [b[1] for b in coded], columns, len(frame))
        for k, values in subset.items():
            chosen, labels = encode_column(frame[k])
            codes = np.where(np.isin(chosen, locate_values(labels, as_values(values), k)), codes, -1)
        codes, occurring = compact(codes, len(table))
        if not len(occurring):
            raise EstimationError("Subpopulasi tidak berisi satu baris pun.")
        return cls(design, frame, codes, table.iloc[occurring].reset_index(drop=True))

    def measured(self, variable: str, *, allow_negative: bool = True) -> tuple[np.ndarray, np.ndarray]:
        """Baris berdomain, berbobot positif, dan terisi, beserta nilainya.

        Raises
        ------
        ParameterError
            Kolom bukan bilangan.
        EstimationError
            Ada nilai negatif, padahal tidak diperbolehkan.
        """
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
    """Bagian skor yang datang dari luar domain: G besaran bersama, misalnya garis kemiskinan nasional.

    Attributes
    ----------
    rows, group : ndarray of int64, shape (m,)
        Baris yang menentukan besaran itu, dan besaran mana (0..G-1).
    scores : ndarray, shape (m,)
        Bobot kali fungsi pengaruhnya.
    coefficients : ndarray, shape (D, V, G)
        Turunan taksiran terhadap besaran itu.
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
    scores: np.ndarray,
    *,
    proportion: Sequence[bool] | None = None,
    shared: Shared | None = None,
    kind: str = "mean",
) -> Estimates:
    """Taksiran yang nilai dan fungsi pengaruhnya sudah diketahui.

    Parameters
    ----------
    sample : DomainRows
    names : V nama ukuran
    values : ndarray, shape (D, V)
        NaN bila tidak terdefinisi; galat bakunya lalu NaN.
    rows : ndarray of int64, shape (m,)
        Baris yang dipakai: berdomain, berbobot positif, dan terisi.
    scores : ndarray, shape (V, m)
        Bobot kali fungsi pengaruh tiap baris pada taksiran domainnya.
    proportion : V bool, optional
        Ukuran yang selangnya memakai skala logit.
    shared : Shared, optional
    kind : {"mean", "total"}

    Returns
    -------
    Estimates
        deff NaN bila ada `shared`.
    """
    names = as_names(names)
    if len(set(names)) < len(names):
        raise ParameterError(f"Nama ukuran kembar: {', '.join(names)}.")
    flags = np.zeros(len(names), dtype=bool) if proportion is None else np.asarray(proportion, dtype=bool)
    return _assemble(sample.design, sample, names, np.asarray(values, dtype=float), rows, scores, flags, shared, kind)


def _assemble(
    design: Design,
    sample: DomainRows,
    names: tuple[str, ...],
    values: np.ndarray,
    rows: np.ndarray,
    scores: np.ndarray,
    proportion: np.ndarray,
    shared: Shared | None,
    kind: str,
) -> Estimates:
    d, p, member = len(sample.table), design.psu_count, np.flatnonzero(sample.codes >= 0)
    pairs = np.unique(sample.codes[member] * p + design.psu[member])
    spread = None if shared is None else _spread(design, shared)
    if spread is not None:
        pairs = np.unique(np.concatenate([pairs, spread[0]]))
    if design.calibration is not None:
        pairs = np.union1d(pairs, design.calibration.support(pairs % p, pairs // p, d))
    position = np.searchsorted(pairs, sample.codes[rows] * p + design.psu[rows])
    y = np.array([np.bincount(position, weights=s, minlength=len(pairs)) for s in scores]).reshape(len(names), -1)
    if spread is not None:
        place = np.searchsorted(pairs, spread[0])
        for v in range(len(names)):
            y[v] += np.bincount(place, weights=spread[1][v], minlength=len(pairs))
    layout = Layout.from_pairs(design, pairs % p, pairs // p, d, residual=design.calibration is not None)
    if design.calibration is not None:
        cross = _cross(design, sample.codes[rows], rows, scores, shared, values.shape)
        y -= design.calibration.projection(cross, layout.psu, layout.domain_bounds())
    present = (np.bincount(position, minlength=len(pairs)) > 0)[None]
    codes, w = sample.codes[rows], design.weights[rows]
    n, sum_w = np.bincount(codes, minlength=d), np.bincount(codes, weights=w, minlength=d)
    squares = np.full(values.shape, np.nan)
    if shared is None:
        for v, s in enumerate(scores):
            mean = divide(np.bincount(codes, weights=s, minlength=d), sum_w)
            squares[:, v] = np.bincount(codes, weights=w * (s / w - mean[codes]) ** 2, minlength=d)
    everyone = np.ones(values.shape)
    sums = DomainSums(
        layout, sample.table, names, y, np.zeros((1, len(pairs))), np.zeros(len(names), dtype=np.int64), present,
        n[:, None] * everyone.astype(np.int64), sum_w[:, None] * everyone, everyone, values, squares, proportion,
        np.zeros(len(names), dtype=bool),
    )  # fmt: skip
    variance = layout.variance(y, present[sums.x_index]).T
    variance[np.isnan(values)] = np.nan
    second = None
    if design.second_stage is not None:
        second = _assemble(design.second_stage, sample, names, values, rows, scores, proportion, shared, kind)
        variance += second.se**2
    df = layout.df(present)[sums.x_index].T.astype(np.int64)
    deff = design_effect(sums, "mean", variance, DEFF_WITHOUT_REPLACEMENT)
    return Estimates(kind, sums, values, np.sqrt(variance), deff, sums.n, df, y, second)


def _cross(
    design: Design, codes: np.ndarray, rows: np.ndarray, scores: np.ndarray, shared: Shared | None, shape: tuple
) -> sparse.csr_array:
    """Hasil kali silang pengaruh dan variabel bantu kalibrasi, baris d * V + v."""
    from scipy import sparse

    w, c, (d, v) = design.weights, design.calibration, shape
    own = [c.cross(s / w[rows], codes, d, rows) for s in scores]
    result = sparse.vstack(own, "csr")[np.arange(d * v).reshape(v, d).T.ravel()]
    if shared is not None:
        groups = shared.coefficients.shape[2]
        lines = c.cross(shared.scores / w[shared.rows], shared.group, groups, shared.rows)
        result = result + sparse.csr_array(shared.coefficients.reshape(d * v, groups)) @ lines
    return sparse.csr_array(result)


def _spread(design: Design, shared: Shared) -> tuple[np.ndarray, np.ndarray]:
    """Skor bersama tersebar ke (domain, PSU): kunci pasangan (K,) dan skornya (V, K)."""
    p, groups = design.psu_count, shared.coefficients.shape[2]
    key, inverse = np.unique(shared.group * p + design.psu[shared.rows], return_inverse=True)
    total = np.bincount(inverse, weights=shared.scores)
    bounds = np.searchsorted(key, np.arange(groups + 1) * p)
    d, g = np.nonzero((shared.coefficients != 0).any(axis=1))
    length = np.diff(bounds)[g]
    take = np.arange(length.sum()) + np.repeat(bounds[g] - (np.cumsum(length) - length), length)
    d, g = np.repeat(d, length), np.repeat(g, length)
    return d * p + key[take] % p, shared.coefficients[d, :, g].T * total[take]
