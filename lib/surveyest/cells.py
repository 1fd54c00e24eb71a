"""Cells: microdata collapsed ONCE into sums by PSU x domain; all estimates work on them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyest.design import Design, Layout
from surveyest.inputs import (
    EstimationError,
    Names,
    ParameterError,
    Subset,
    as_names,
    as_values,
    check_choice,
    check_columns,
    combine_codes,
    compact,
    encode_column,
    locate_values,
    numeric_column,
)

if TYPE_CHECKING:
    from scipy import sparse

KINDS = ("mean", "total")
#: Arrangements of domains kept for each Cells: enough for an explorer that moves between a few levels of regions.
CACHED_SUMS = 12
#: Residual scores of calibrated designs larger than this are refused.
MAX_SCORE_BYTES = 2_000_000_000
#: Columns of the table of results; a domain with such a name would be overwritten.
RESULT_COLUMNS = ("measure", "probability", "estimate", "se", "lower", "upper", "rse", "deff", "n", "df", "flag")


@dataclass(frozen=True)
class Moments:
    """Weighted sums of one measure in each cell. Arrays are shared when they are equal (no missing data, for example).

    A measure is a ratio y/x; for means x = 1. All arrays have shape (C,).

    Attributes
    ----------
    n : rows with a positive weight and a value
    w, x, y : sums of weights, weights * x, weights * y
    squares : means: sum of weights * (y - shift)**2; ratios: tuple (w y y, w x y, w x x)
    shift : centre of `squares`, near the overall mean so that differences of squares keep their digits
    cross : products of y, and of x, with the calibration's auxiliary variables by cross of domains, two arrays (G, q);
        None without calibration
    """

    n: np.ndarray
    w: np.ndarray
    x: np.ndarray
    y: np.ndarray
    squares: np.ndarray | tuple[np.ndarray, np.ndarray, np.ndarray]
    shift: float
    proportion: bool
    ratio: bool
    cross: tuple[sparse.csr_array, sparse.csr_array] | None = None


@dataclass
class Cells:
    """PSU x domain cells from `summarise`.

    Attributes
    ----------
    moments : dict name of a measure -> Moments
    psu : ndarray of int64, shape (C,)
    domain_codes : dict column -> ndarray of int64, shape (C,); -1 = empty
    domain_labels : dict column -> Index
    second_stage : Cells or None
        The same cells by second-stage units, for two-stage designs.
    group : ndarray of int64, shape (C,), or None
        Cross of domains 0..G-1 of each cell; only for calibrated designs.
    """

    design: Design
    moments: dict[str, Moments]
    psu: np.ndarray
    domain_codes: dict[str, np.ndarray]
    domain_labels: dict[str, pd.Index]
    second_stage: Cells | None = None
    group: np.ndarray | None = None
    _cache: OrderedDict = field(default_factory=OrderedDict, repr=False, compare=False)

    def __post_init__(self):
        check_domains(self.domain_labels)

    @property
    def measures(self) -> list[str]:
        """Names of all measures, in the order they were summarised."""
        return list(self.moments)

    def collapse(
        self, domain: Names = None, *, measures: Sequence[str] | None = None, subset: Subset = None, kind: str = "mean"
    ) -> DomainSums:
        """Sum cells to the PSU x domain pairs asked for; the result is kept for the next time.

        Parameters
        ----------
        domain : str or list of str, optional
            Domain columns (one or more) of those given to `summarise`; empty = the whole sample.
        measures : list of str, optional
            Part of `Cells.measures`; empty = all (for totals all but ratios).
        subset : dict column -> value or list of values, optional
            Restrict to a subpopulation. PSUs outside it still count in the design.

        Raises
        ------
        ParameterError
            A column, value or measure is not there; total of a ratio.
        """
        check_choice("Jenis taksiran", kind, KINDS)
        columns = as_names(domain)
        names = tuple(u for u, m in self.moments.items() if kind == "mean" or not m.ratio)
        if measures is not None:
            names = as_names(measures)
        limits = tuple(sorted((k, as_values(v)) for k, v in (subset or {}).items()))
        for k in (*columns, *(b[0] for b in limits)):
            if k not in self.domain_codes:
                present = ", ".join(self.domain_codes) or "tidak ada"
                raise ParameterError(f"Domain '{k}' tidak disiapkan saat meringkas; yang ada: {present}.")
        unknown = [u for u in names if u not in self.moments]
        if unknown:
            raise ParameterError(f"Ukuran tidak ada di sel: {', '.join(unknown)}.")
        ratios = [u for u in names if self.moments[u].ratio]
        if kind == "total" and ratios:
            raise ParameterError(f"Total tidak bermakna bagi nisbah: {', '.join(ratios)}.")
        key = (columns, names, limits)
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        result = _collapse(self, columns, names, limits)
        self._cache[key] = result
        if len(self._cache) > CACHED_SUMS:
            self._cache.popitem(last=False)
        return result


@dataclass(frozen=True)
class DomainSums:
    """Sums by J pairs of PSU and domain, sorted by (domain, stratum, PSU), and by D domains, of V measures.

    Attributes
    ----------
    layout : Layout
        Where the pairs lie in strata and domains.
    table : DataFrame, D rows
        Values of the domain columns.
    y : ndarray, shape (V, J)
    x, present : ndarray, shape (U, J)
        Distinct denominators only (measure v uses row `x_index[v]`), and pairs with at least one value of positive
        weight.
    n, sum_w, sum_x, sum_y, sum_squares : ndarray, shape (D, V)
        `sum_squares`: sum of weights * (y - R x)**2 with R the estimate of the domain.
    proportion, ratio : ndarray of bool, shape (V,)
    cross : two csr_array, shape (D * V, q), or None
        Products of y, and of x, with the calibration's auxiliary variables; row d * V + v.
    """

    layout: Layout
    table: pd.DataFrame
    names: tuple[str, ...]
    y: np.ndarray
    x: np.ndarray
    x_index: np.ndarray
    present: np.ndarray
    n: np.ndarray
    sum_w: np.ndarray
    sum_x: np.ndarray
    sum_y: np.ndarray
    sum_squares: np.ndarray
    proportion: np.ndarray
    ratio: np.ndarray
    cross: tuple[sparse.csr_array, sparse.csr_array] | None = None

    @property
    def mean(self) -> np.ndarray:
        """Y/X of each domain and measure, shape (D, V); NaN when the denominator is zero."""
        return divide(self.sum_y, self.sum_x)

    def estimates(self, kind: str) -> np.ndarray:
        """Means or totals, shape (D, V); NaN where nothing is known."""
        return self.mean if kind == "mean" else np.where(self.n > 0, self.sum_y, np.nan)


def summarise(
    design: Design,
    frame: pd.DataFrame,
    variables: Sequence[str] = (),
    *,
    domain: Names = (),
    categories: Sequence[str] = (),
    ratios: Mapping[str, tuple[str, str]] | None = None,
) -> Cells:
    """Collapse microdata into PSU x domain cells.

    Parameters
    ----------
    frame : DataFrame
        The rows `design` was made from; do not filter them. Another order is restored by index, or refused
        (`Design.align`). Arrow and polars tables are accepted too.
    variables : list of str
        Numeric or boolean columns. A missing value only takes its row out of that measure. Columns of only 0 and 1 are
        recognised as proportions.
    domain : str or list of str
        All columns to be used as domains later, one by one or crossed.
    categories : list of str
        Categorical columns: each value becomes a proportion named ``column=value``.
    ratios : dict name -> (numerator, denominator), optional
        Ratios of two columns; rows count when both have values.

    Raises
    ------
    EstimationError
        Another number of rows than the design, an order that cannot be matched, or infinite values.
    ParameterError
        Columns absent, duplicate or not numeric; a domain named like a column of results; duplicate names of measures.
    """
    ratios = dict(ratios or {})
    variables, domain_columns, categories = map(as_names, (variables, domain, categories))
    frame = design.align(frame)
    check_domains(domain_columns)
    check_columns(frame, [*variables, *domain_columns, *categories, *(k for p in ratios.values() for k in p)])
    return summarise_aligned(design, frame, variables, domain_columns, categories, ratios)


def summarise_aligned(
    design: Design,
    frame: Mapping[str, pd.Series],
    variables: tuple[str, ...],
    domain_columns: tuple[str, ...] = (),
    categories: tuple[str, ...] = (),
    ratios: Mapping[str, tuple[str, str]] | None = None,
) -> Cells:
    """As `summarise`, for columns in the order of the design already."""
    codes, labels, widths = {}, {}, {}
    key, count = design.psu, design.psu_count
    for name in domain_columns:
        codes[name], labels[name] = encode_column(frame[name])
        widths[name] = len(labels[name]) + 1
        key, count = key * widths[name] + (codes[name] + 1), count * widths[name]
        if count > 2**53:
            key, values = compact(key, count)
            raise ParameterError(f"Silang domain terlalu besar ({len(values)} sel); kurangi kolom domain.")
    cells, values = compact(key, count)
    rest = values
    for name in reversed(domain_columns):
        codes[name] = rest % widths[name] - 1
        rest = rest // widths[name]
    group = None
    if design.calibration is not None:
        group, _ = compact(values % (count // design.psu_count), count // design.psu_count)
    aggregator = _Aggregator(design, cells, len(values), group)
    moments: dict[str, Moments] = {}

    def add(name: str, content: Moments) -> None:
        if name in moments:
            raise ParameterError(f"Nama ukuran '{name}' dipakai dua kali.")
        moments[name] = content

    for name in variables:
        add(name, aggregator.mean(numeric_column(frame[name], name)))
    for name in categories:
        category_codes, category_labels = encode_column(frame[name])
        for k, label in enumerate(category_labels):
            add(f"{name}={label}", aggregator.mean(np.where(category_codes < 0, np.nan, category_codes == k)))
    for name, pair in (ratios or {}).items():
        add(name, aggregator.ratio(*(numeric_column(frame[k], k) for k in pair)))
    if not moments:
        raise ParameterError("Tidak ada ukuran yang diringkas: isi variables, categories, atau ratios.")
    second = None
    if design.second_stage is not None:
        second = summarise_aligned(design.second_stage, frame, variables, domain_columns, categories, ratios)
    return Cells(design, moments, rest, codes, labels, second, group)


def check_domains(columns: Iterable[str]) -> None:
    """Refuse domains named like columns of the table of results."""
    clashing = [k for k in columns if k in RESULT_COLUMNS]
    if clashing:
        raise ParameterError(f"Domain '{clashing[0]}' bernama seperti kolom tabel hasil; beri nama lain.")


class _Aggregator:
    """Weighted sums by cell; sums of weights with the same pattern of missing values are computed once and shared."""

    def __init__(self, design: Design, cells: np.ndarray, count: int, group: np.ndarray | None):
        self._all = self._last = _Rows(None, design.weights, cells, count)
        self._calibration, self._group = design.calibration, group
        self._cross_last: tuple[np.ndarray, sparse.csr_array] | None = None

    def cross(self, y: np.ndarray, x: np.ndarray) -> tuple[sparse.csr_array, sparse.csr_array] | None:
        """Products with the auxiliary variables; rows missing in `y` or `x` count as zero."""
        if self._calibration is None:
            return None
        group, count = self._group[self._all.cells], int(self._group.max()) + 1
        filled = ~(np.isnan(y) | np.isnan(x))
        x = np.where(filled, x, 0.0)
        if self._cross_last is None or not np.array_equal(self._cross_last[0], x):
            self._cross_last = x, self._calibration.cross(x, group, count)
        return self._calibration.cross(np.where(filled, y, 0.0), group, count), self._cross_last[1]

    def rows(self, empty: np.ndarray) -> _Rows:
        """Rows with a value; the same pattern of missing values as an earlier measure uses the same array."""
        if not empty.any():
            return self._all
        if self._last.empty is None or not np.array_equal(self._last.empty, empty):
            a = self._all
            self._last = _Rows(empty, a.weights[~empty], a.cells[~empty], a.count)
        return self._last

    def mean(self, y: np.ndarray) -> Moments:
        rows = self.rows(np.isnan(y))
        cross = self.cross(y, np.ones(len(y)))
        y = rows.take(y)
        n, w = rows.denominator
        sum_y = rows.totals(rows.weights * y)
        if bool(((y == 0) | (y == 1)).all()) and bool(n.any()):
            return Moments(n, w, w, sum_y, sum_y, 0.0, True, False, cross)
        total_w = w.sum()
        shift = float(sum_y.sum() / total_w) if total_w > 0 else 0.0
        deviations = y - shift
        deviations *= deviations
        deviations *= rows.weights
        return Moments(n, w, w, sum_y, rows.totals(deviations), shift, False, False, cross)

    def ratio(self, y: np.ndarray, x: np.ndarray) -> Moments:
        rows = self.rows(np.isnan(y) | np.isnan(x))
        cross = self.cross(y, x)
        y, x = rows.take(y), rows.take(x)
        wy, wx = rows.weights * y, rows.weights * x
        squares = rows.totals(wy * y), rows.totals(wx * y), rows.totals(wx * x)
        return Moments(*rows.denominator, rows.totals(wx), rows.totals(wy), squares, 0.0, False, True, cross)


@dataclass(frozen=True)
class _Rows:
    """Rows with a value of one measure, in `count` cells: `empty` (n,) marks the others (None: all have one)."""

    empty: np.ndarray | None
    weights: np.ndarray
    cells: np.ndarray
    count: int

    def take(self, values: np.ndarray) -> np.ndarray:
        return values if self.empty is None else values[~self.empty]

    def totals(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self.cells, weights=values, minlength=self.count)

    @cached_property
    def denominator(self) -> tuple[np.ndarray, np.ndarray]:
        """(n, sum of weights) by cell; rows of weight zero do not count in n."""
        return np.bincount(self.cells[self.weights > 0], minlength=self.count), self.totals(self.weights)


def _collapse(cells: Cells, columns: tuple[str, ...], names: tuple[str, ...], limits: tuple) -> DomainSums:
    codes, table = _domains(cells, columns, limits)
    sums = _Sums.of(cells, codes, len(table), len(names))
    shape = (len(table), len(names))
    n, w, sx, sy, squares = (np.empty(shape) for _ in range(5))
    moments = [cells.moments[u] for u in names]
    numbers: dict[tuple[int, int], int] = {}
    x_index = np.array([numbers.setdefault((id(m.x), id(m.n)), len(numbers)) for m in moments], dtype=np.int64)
    distinct = [moments[int(np.argmax(x_index == u))] for u in range(len(numbers))]
    for v, m in enumerate(moments):
        n[:, v], w[:, v], sx[:, v] = sums.to_domains(m.n), sums.to_domains(m.w), sums.to_domains(m.x)
        # Numerators are summed in the order of the denominators: a full proportion is exactly 1, its variance 0.
        sy[:, v] = sums.to_domains(m.y)
        squares[:, v] = sums.squares(m, w[:, v], sy[:, v], divide(sy[:, v], sx[:, v]))
    psu, domain = sums.pairs % cells.design.psu_count, sums.pairs // cells.design.psu_count
    calibrated = cells.design.calibration is not None

    def pairs(arrays: list[np.ndarray]) -> np.ndarray:
        return np.array([sums.to_pairs(x) for x in arrays]).reshape(len(arrays), len(sums.pairs))

    return DomainSums(
        Layout.from_pairs(cells.design, psu, domain, len(table), residual=calibrated),
        table,
        names,
        pairs([m.y for m in moments]),
        pairs([m.x for m in distinct]),
        x_index,
        pairs([m.n for m in distinct]) > 0,
        n.astype(np.int64),
        w,
        sx,
        sy,
        np.maximum(squares, 0),
        np.array([m.proportion for m in moments], dtype=bool),
        np.array([m.ratio for m in moments], dtype=bool),
        _domain_cross(cells, names, codes, len(table)) if calibrated else None,
    )


def _domains(cells: Cells, columns: tuple[str, ...], limits: tuple) -> tuple[np.ndarray, pd.DataFrame]:
    """Domain of each cell (-1 = outside) and the table of domains."""
    codes, table = combine_codes(
        [cells.domain_codes[k] for k in columns], [cells.domain_labels[k] for k in columns], columns, len(cells.psu)
    )
    for k, values in limits:
        position = locate_values(cells.domain_labels[k], values, k)
        codes = np.where(np.isin(cells.domain_codes[k], position), codes, -1)
    codes, occurring = compact(codes, len(table))
    return codes, table.iloc[occurring].reset_index(drop=True)


@dataclass(frozen=True)
class _Sums:
    """Sums of the cells in a domain (`included`, their domain in `codes`) to PSU x domain pairs and to domains.

    `pairs` are sorted keys domain * P + PSU, `inverse` the pair of each included cell; `order` sorts the cells when
    each is a pair of its own (otherwise None).
    """

    included: np.ndarray
    codes: np.ndarray
    pairs: np.ndarray
    inverse: np.ndarray
    order: np.ndarray | None
    count: int
    _known: dict[int, np.ndarray] = field(default_factory=dict)

    @classmethod
    def of(cls, cells: Cells, codes: np.ndarray, count: int, measures: int) -> _Sums:
        included = np.flatnonzero(codes >= 0)
        key = codes[included] * cells.design.psu_count + cells.psu[included]
        pairs, inverse = np.unique(key, return_inverse=True)
        if cells.design.calibration is not None:
            pairs = _residual_pairs(cells.design, pairs, count, measures)
            inverse = np.searchsorted(pairs, key)
        order = np.argsort(inverse, kind="stable") if len(pairs) == len(included) else None
        return cls(included, codes[included], pairs, inverse, order, count)

    def to_pairs(self, content: np.ndarray) -> np.ndarray:
        if self.order is not None:
            return content[self.included][self.order]
        return np.bincount(self.inverse, weights=content[self.included], minlength=len(self.pairs))

    def to_domains(self, content: np.ndarray) -> np.ndarray:
        # An array shared by several measures is summed once.
        if id(content) not in self._known:
            weights = content[self.included]
            self._known[id(content)] = np.bincount(self.codes, weights=weights, minlength=self.count)
        return self._known[id(content)]

    def squares(self, m: Moments, w: np.ndarray, y: np.ndarray, r: np.ndarray) -> np.ndarray:
        """Sum of weights * (y - r x)**2 in each domain."""
        if m.ratio:
            yy, xy, xx = (self.to_domains(k) for k in m.squares)
            return yy - 2 * r * xy + r * r * xx
        return y * (1 - r) if m.proportion else self.to_domains(m.squares) - w * (r - m.shift) ** 2


def _residual_pairs(design: Design, pairs: np.ndarray, domain_count: int, measures: int) -> np.ndarray:
    """PSU x domain pairs with the PSUs outside the domain that take part because they share calibration margins."""
    p = design.psu_count
    pairs = design.calibration.support(pairs % p, pairs // p, domain_count)
    if 8 * measures * len(pairs) > MAX_SCORE_BYTES:
        raise EstimationError(
            f"Residu kalibrasi {measures} ukuran x {len(pairs)} pasangan PSU-domain terlalu besar untuk memori; "
            "taksir beberapa ukuran saja sekali jalan (measures)."
        )
    return pairs


def _domain_cross(
    cells: Cells, names: tuple[str, ...], domain_codes: np.ndarray, domain_count: int
) -> tuple[sparse.csr_array, sparse.csr_array]:
    from scipy import sparse

    codes = np.full(int(cells.group.max()) + 1, -1, dtype=np.int64)
    codes[cells.group] = domain_codes
    member = np.flatnonzero(codes >= 0)
    collect = sparse.csr_array((np.ones(len(member)), (codes[member], member)), shape=(domain_count, len(codes)))
    order = np.arange(domain_count * len(names)).reshape(len(names), domain_count).T.ravel()

    def stack(i: int) -> sparse.csr_array:
        return sparse.csr_array(sparse.vstack([collect @ cells.moments[u].cross[i] for u in names], "csr")[order])

    return stack(0), stack(1)


def divide(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Numerator/denominator, NaN when the denominator is zero or NaN, without warnings."""
    numerator, denominator = np.broadcast_arrays(np.asarray(numerator, float), np.asarray(denominator, float))
    result = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=result, where=(denominator != 0) & ~np.isnan(denominator))
    return result
