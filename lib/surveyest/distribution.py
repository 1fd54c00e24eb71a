"""Kemiskinan (FGT), ketimpangan (Gini, nisbah bagian), dan kurva Lorenz menurut domain, dengan galat baku rancangan."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from surveyest.cells import divide
from surveyest.design import Design
from surveyest.encoding import as_names, numeric_column
from surveyest.errors import EstimationError, ParameterError
from surveyest.estimates import KINDS, Estimates
from surveyest.scored import DomainRows, Shared, scored_estimates
from surveyest.woodruff import invert_distribution

INEQUALITY_MEASURES = ("gini", "qsr")
BANDWIDTHS = ("population", "sample")


@dataclass(frozen=True)
class RelativeLine:
    """Garis kemiskinan yang ditaksir dari sampel: bagian tertentu dari sebuah kuantil atau rerata.

    Attributes
    ----------
    fraction : float
    of : float atau "mean"
        Peluang kuantil (0,5 = median), atau rerata.
    by : kolom, optional
        Satu garis tiap nilai kolom-kolom ini; kosong = satu garis dari seluruh sampel, apa pun domain dan `subset`.
    bandwidth : {"population", "sample"}
        Lebar kernel kepadatan, s m**(-1/5): m jumlah bobot seperti paket convey di R, atau banyak responden. Yang kedua
        lebih lebar, dan lebih stabil pada sampel kecil.
    """

    fraction: float = 0.6
    of: float | str = 0.5
    by: str | Sequence[str] | None = None
    bandwidth: str = "population"

    def __post_init__(self):
        if not self.fraction > 0:
            raise ParameterError(f"Bagian garis {self.fraction} harus lebih dari nol.")
        if self.of != "mean" and (isinstance(self.of, str) or not 0 < self.of < 1):
            raise ParameterError(f"Garis diukur dari peluang kuantil antara 0 dan 1 atau 'mean', bukan {self.of!r}.")
        if self.bandwidth not in BANDWIDTHS:
            raise ParameterError(f"Lebar kernel '{self.bandwidth}' tidak dikenal; pilih: {', '.join(BANDWIDTHS)}.")


@dataclass(frozen=True)
class _Line:
    """Garis taksiran tiap kelompok, dan fungsi pengaruhnya kali bobot."""

    groups: DomainRows
    rows: np.ndarray
    values: np.ndarray
    scores: np.ndarray


def poverty(
    design: Design,
    frame: pd.DataFrame,
    variable: str,
    line: float | str | RelativeLine,
    *,
    orders: Sequence[float] = (0, 1, 2),
    domain: str | Sequence[str] | None = None,
    subset: Mapping[str, object] | None = None,
    kind: str = "mean",
    allow_negative: bool = False,
) -> Estimates:
    """Indeks kemiskinan Foster, Greer, dan Thorbecke (1984) menurut domain.

    Parameters
    ----------
    design, frame
        Seperti `summarise`: seluruh baris, tidak disaring.
    variable : str
        Pengeluaran atau pendapatan, sesatuan dengan garis. Nilai kosong hanya mengeluarkan baris itu; nol ikut.
    line : float, str, atau RelativeLine
        Garis tetap; kolom berisi garis tiap baris (misalnya garis provinsi x daerah dari BPS); atau garis taksiran,
        yang galatnya ikut dalam galat baku.
    orders : 0 dan bilangan >= 1
        0 persentase penduduk miskin (P0), 1 kedalaman (P1), 2 keparahan (P2). Miskin berarti DI BAWAH garis.
    domain, subset
        Seperti `quantile`.
    kind : {"mean", "total"}
        "total": jumlah tertimbang, jadi P0 menjadi banyak penduduk miskin.
    allow_negative : bool
        Terima nilai negatif; P1 dan P2 lalu dapat melebihi 1.

    Returns
    -------
    Estimates
        Ukuran "P0", "P1", dan seterusnya; P0 berselang logit.

    Raises
    ------
    ParameterError
        Pilihan atau kolom tidak dikenal; derajat di antara 0 dan 1.
    EstimationError
        Garis kosong, nol, atau negatif; nilai negatif; baris tidak dapat dipadankan.

    Notes
    -----
    Garis taksiran menambahkan turunan indeks terhadap garis kali fungsi pengaruh garis (Deville, 1999; Osier, 2009).
    Turunan P0 dan kuantil adalah kepadatan di garis, ditaksir dengan kernel Gauss (`RelativeLine.bandwidth`).
    """
    orders = tuple(float(a) for a in np.atleast_1d(orders))
    if any(a != 0 and not a >= 1 for a in orders):
        raise ParameterError("Derajat kemiskinan harus 0 atau sedikitnya 1.")
    if kind not in KINDS:
        raise ParameterError(f"Jenis taksiran '{kind}' tidak dikenal; pilih: {', '.join(KINDS)}.")
    needed = [variable, *as_names(line if isinstance(line, str) else None)]
    sample = DomainRows.read(design, frame, domain, subset, needed=needed)
    rows, y = sample.measured(variable, allow_negative=allow_negative)
    estimated = None
    if isinstance(line, RelativeLine):
        estimated = _estimate_line(design, sample.frame, variable, line, allow_negative)
    z = _line_of_rows(sample, rows, line, estimated)
    gap = np.where(y < z, (z - y) / z, 0.0)
    codes, w, d = sample.codes[rows], design.weights[rows], len(sample.table)
    sum_w = np.bincount(codes, weights=w, minlength=d)
    scale = np.ones(d) if kind == "total" else sum_w
    values, scores = np.empty((d, len(orders))), np.empty((len(orders), len(rows)))
    for v, a in enumerate(orders):
        f = np.where(gap > 0, gap**a, 0.0)
        values[:, v] = divide(np.bincount(codes, weights=w * f, minlength=d), scale)
        scores[v] = w * (f if kind == "total" else f - values[codes, v]) / scale[codes]
    values[sum_w == 0] = np.nan
    shared = None
    if estimated is not None:
        g = estimated.groups.codes[rows]
        slopes = np.array(
            [_slope(a, y, z, gap, w, codes, g, (d, len(estimated.values)), line.bandwidth) for a in orders]
        )
        slopes = np.moveaxis(divide(slopes, scale[:, None]), 0, 1)
        group = estimated.groups.codes[estimated.rows]
        shared = Shared(estimated.rows, group, estimated.scores, np.nan_to_num(slopes))
    names = [f"P{a:g}" for a in orders]
    proportion = [a == 0 and kind == "mean" for a in orders]
    return scored_estimates(sample, names, values, rows, scores, proportion=proportion, shared=shared, kind=kind)


def poverty_line(
    design: Design, frame: pd.DataFrame, variable: str, line: RelativeLine, *, allow_negative: bool = False
) -> Estimates:
    """Garis kemiskinan taksiran dan galat bakunya, satu domain tiap nilai ``line.by``; ukurannya bernama "line".

    Raises
    ------
    ParameterError, EstimationError
        Seperti `poverty`.
    """
    x = _estimate_line(design, frame, variable, line, allow_negative)
    return scored_estimates(x.groups, ["line"], x.values[:, None], x.rows, x.scores[None])


def inequality(
    design: Design,
    frame: pd.DataFrame,
    variable: str,
    measures: str | Sequence[str] = INEQUALITY_MEASURES,
    *,
    domain: str | Sequence[str] | None = None,
    subset: Mapping[str, object] | None = None,
    allow_negative: bool = False,
) -> Estimates:
    """Ketimpangan menurut domain.

    Parameters
    ----------
    design, frame, variable, domain, subset
        Seperti `poverty`. Nilai nol ikut.
    measures : "gini", "qsr", atau keduanya
        "gini" antara 0 dan 1; "qsr" jumlah di atas kuantil 80% dibagi jumlah sampai dengan kuantil 20%. Nisbah lain,
        misalnya Palma, adalah fungsi `lorenz` (`Estimates.delta`).
    allow_negative : bool
        Terima nilai negatif; Gini lalu dapat melebihi 1.

    Returns
    -------
    Estimates
        NaN bila jumlahnya, atau jumlah milik lapisan terbawah, tidak positif.

    Raises
    ------
    ParameterError
        Ukuran atau kolom tidak dikenal.
    EstimationError
        Nilai negatif; baris tidak dapat dipadankan.

    Notes
    -----
    Fungsi pengaruh Gini menurut Langel dan Tillé (2013); jumlah sampai sebuah kuantil menurut Deville (1999), yang
    tidak memerlukan kepadatan: (x - q) 1(x <= q) + p q.
    """
    names = as_names(measures)
    unknown = [m for m in names if m not in INEQUALITY_MEASURES]
    if unknown:
        raise ParameterError(f"Ukuran '{unknown[0]}' tidak dikenal; pilih: {', '.join(INEQUALITY_MEASURES)}.")

    def compute(x: np.ndarray, w: np.ndarray) -> list[tuple[float, np.ndarray]]:
        return [{"gini": _gini, "qsr": _quintile_share_ratio}[m](x, w) for m in names]

    return _by_domain(design, frame, variable, names, compute, domain, subset, allow_negative)


def lorenz(
    design: Design,
    frame: pd.DataFrame,
    variable: str,
    probability: float | Sequence[float] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    *,
    domain: str | Sequence[str] | None = None,
    subset: Mapping[str, object] | None = None,
    allow_negative: bool = False,
) -> Estimates:
    """Ordinat kurva Lorenz: bagian milik p terbawah, misalnya L(0.4) bagi 40% terbawah menurut Bank Dunia.

    Orang di batas ikut sebagian, sehingga kurvanya bersambung (Kovačević dan Binder, 1997; Langel dan Tillé, 2011).

    Parameters
    ----------
    design, frame, variable, domain, subset, allow_negative
        Seperti `inequality`.
    probability : satu atau beberapa, di antara 0 dan 1

    Returns
    -------
    Estimates
        Ukuran "L(0.1)" dan seterusnya.

    Raises
    ------
    ParameterError, EstimationError
        Seperti `inequality`; peluang di luar 0-1.
    """
    p = np.atleast_1d(np.asarray(probability, dtype=float))
    if not ((p > 0) & (p < 1)).all():
        raise ParameterError("Peluang kurva Lorenz harus di antara 0 dan 1.")

    def compute(x: np.ndarray, w: np.ndarray) -> list[tuple[float, np.ndarray]]:
        return [_ordinate(x, w, one) for one in p]

    names = [f"L({one:g})" for one in p]
    return _by_domain(design, frame, variable, names, compute, domain, subset, allow_negative)


def _by_domain(
    design: Design,
    frame: pd.DataFrame,
    variable: str,
    names: Sequence[str],
    compute: Callable[[np.ndarray, np.ndarray], list[tuple[float, np.ndarray]]],
    domain: str | Sequence[str] | None,
    subset: Mapping[str, object] | None,
    allow_negative: bool,
) -> Estimates:
    """Terapkan `compute` (x terurut naik, w) -> [(nilai, fungsi pengaruh)] pada tiap domain."""
    sample = DomainRows.read(design, frame, domain, subset, needed=[variable])
    rows, y = sample.measured(variable, allow_negative=allow_negative)
    order = np.lexsort((y, sample.codes[rows]))
    rows, y = rows[order], y[order]
    w, d = design.weights[rows], len(sample.table)
    bounds = np.searchsorted(sample.codes[rows], np.arange(d + 1))
    values, scores = np.full((d, len(names)), np.nan), np.zeros((len(names), len(rows)))
    for i in np.flatnonzero(np.diff(bounds)):
        part = slice(bounds[i], bounds[i + 1])
        for v, (value, influence) in enumerate(compute(y[part], w[part])):
            values[i, v] = value
            if not np.isnan(value):
                scores[v, part] = w[part] * influence
    return scored_estimates(sample, names, values, rows, scores)


def _gini(x: np.ndarray, w: np.ndarray) -> tuple[float, np.ndarray]:
    weight, total = w.sum(), (w * x).sum()
    if total <= 0:
        return np.nan, x
    c, s = np.cumsum(w), np.cumsum(w * x)
    g = (2 * (w * x * c).sum() - (w * w * x).sum()) / (weight * total) - 1
    # Jumlah bobot kali jarak tiap orang ke semua orang lain; nilai kembar berjarak nol, jadi urutannya tidak penting.
    distance = 2 * (x * c - s) + total - x * weight
    return g, distance / (weight * total) - g * (1 / weight + x / total)


def _partial_sum(x: np.ndarray, w: np.ndarray, p: float) -> tuple[float, np.ndarray]:
    """Jumlah milik orang sampai dengan kuantil p, dan fungsi pengaruhnya."""
    q = invert_distribution(x, np.cumsum(w), np.array([p]), "math")[0]
    below = x <= q
    return (w * x)[below].sum(), (x - q) * below + p * q


def _quintile_share_ratio(x: np.ndarray, w: np.ndarray) -> tuple[float, np.ndarray]:
    low, low_influence = _partial_sum(x, w, 0.2)
    until, until_influence = _partial_sum(x, w, 0.8)
    if low <= 0:
        return np.nan, x
    ratio = ((w * x).sum() - until) / low
    return ratio, (x - until_influence - ratio * low_influence) / low


def _ordinate(x: np.ndarray, w: np.ndarray, p: float) -> tuple[float, np.ndarray]:
    total, c = (w * x).sum(), np.cumsum(w)
    if total <= 0:
        return np.nan, x
    inside = np.clip((p * c[-1] - (c - w)) / w, 0, 1)
    share = (w * x * inside).sum() / total
    return share, (_partial_sum(x, w, p)[1] - share * x) / total


def _line_of_rows(
    sample: DomainRows, rows: np.ndarray, line: float | str | RelativeLine, estimated: _Line | None
) -> np.ndarray:
    """Garis tiap baris yang dipakai, shape (m,)."""
    if estimated is not None:
        group = estimated.groups.codes[rows]
        if (group < 0).any():
            raise EstimationError(f"{int((group < 0).sum())} baris tidak punya garis: kolom pembagi garisnya kosong.")
        z, name = estimated.values[group], "taksiran"
    elif isinstance(line, str):
        z, name = numeric_column(sample.frame[line], line)[rows], f"di kolom '{line}'"
    else:
        z, name = np.full(len(rows), float(line)), f"{line}"
    wrong = ~(z > 0)
    if wrong.any():
        raise EstimationError(f"Garis kemiskinan {name} kosong, nol, atau negatif di {int(wrong.sum())} baris.")
    return z


def _estimate_line(
    design: Design, frame: pd.DataFrame, variable: str, line: RelativeLine, allow_negative: bool
) -> _Line:
    groups = DomainRows.read(design, frame, line.by, needed=[variable])
    rows, y = groups.measured(variable, allow_negative=allow_negative)
    g, w, count = groups.codes[rows], design.weights[rows], len(groups.table)
    sum_w = np.bincount(g, weights=w, minlength=count)
    if line.of == "mean":
        centre = divide(np.bincount(g, weights=w * y, minlength=count), sum_w)
        influence = (y - centre[g]) / sum_w[g]
    else:
        order = np.lexsort((y, g))
        bounds = np.searchsorted(g[order], np.arange(count + 1))
        centre = np.full(count, np.nan)
        for i in np.flatnonzero(np.diff(bounds)):
            part = order[bounds[i] : bounds[i + 1]]
            centre[i] = invert_distribution(y[part], np.cumsum(w[part]), np.array([line.of]), "math")[0]
        near = _kernel(y, centre[g], w, g, count, line.bandwidth)
        density = divide(np.bincount(g, weights=near, minlength=count), sum_w)
        influence = np.nan_to_num(divide(line.of - (y <= centre[g]), (sum_w * density)[g]))
    return _Line(groups, rows, line.fraction * centre, line.fraction * w * influence)


def _slope(
    order: float,
    y: np.ndarray,
    z: np.ndarray,
    gap: np.ndarray,
    w: np.ndarray,
    codes: np.ndarray,
    group: np.ndarray,
    shape: tuple[int, int],
    bandwidth: str,
) -> np.ndarray:
    """Turunan jumlah tertimbang FGT tiap domain terhadap garis tiap kelompok, shape (D, G)."""
    cell, count = codes * shape[1] + group, shape[0] * shape[1]
    if order == 0:
        each = _kernel(y, z, w, cell, count, bandwidth)
    else:
        each = np.where(gap > 0, w * order * gap ** (order - 1) * y / z**2, 0.0)
    return np.bincount(cell, weights=each, minlength=count).reshape(shape)


def _kernel(y: np.ndarray, at: np.ndarray, w: np.ndarray, cell: np.ndarray, count: int, bandwidth: str) -> np.ndarray:
    """Sumbangan tiap orang pada jumlah bobot kali kepadatan selnya di titik `at`; nol bila selnya tidak beragam."""
    sum_w = np.bincount(cell, weights=w, minlength=count)
    mean = divide(np.bincount(cell, weights=w * y, minlength=count), sum_w)
    variance = divide(np.bincount(cell, weights=w * (y - mean[cell]) ** 2, minlength=count), sum_w)
    size = sum_w if bandwidth == "population" else np.bincount(cell, minlength=count)
    width = (np.sqrt(variance) * np.maximum(size, 1e-300) ** -0.2)[cell]
    u = divide(at - y, width)
    return np.nan_to_num(w * np.exp(-u * u / 2) / np.sqrt(2 * np.pi) * divide(1.0, width))
