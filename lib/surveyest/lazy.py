"""Microdata larger than memory, collapsed by an engine into PSU x domain cells.

The result is the same `Cells` as :func:`surveyest.summarise` gives, so all estimates (standard errors, domains,
indices) work on it unchanged. Only cells enter memory: at most the PSU x domain combinations that occur.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyest.cells import Cells, Moments
from surveyest.design import Design, number_psus
from surveyest.inputs import EstimationError, Names, ParameterError, as_names, combine_columns, encode_column

if TYPE_CHECKING:
    import ibis

_MAX_CATEGORIES = 1000


def summarise_table(
    table: ibis.Table,
    variables: Sequence[str] = (),
    *,
    weights: str,
    psu: Names,
    strata: Names = None,
    domain: Names = (),
    categories: Sequence[str] = (),
    ratios: Mapping[str, tuple[str, str]] | None = None,
    nested: bool = False,
    lonely_psu: str = "fail",
) -> Cells:
    """Collapse an Ibis table into PSU x domain cells, reading it twice.

    The design has no arrays as long as the sample: linearised estimates work, replicate weights of persons do not.

    Parameters
    ----------
    table : ibis.Table
        One row for each respondent, the WHOLE sample; Parquet through DuckDB or Spark. Columns may be expressions.
    variables, domain, categories, ratios
        As in :func:`surveyest.summarise`.
    weights : str
        Column of weights: not negative, not empty.
    psu, strata, nested, lonely_psu
        See :meth:`surveyest.Design.from_frame`.

    Raises
    ------
    ParameterError
        A column is absent or not numeric, duplicate names of measures, or no measure.
    EstimationError
        Empty table, invalid weights, empty strata or PSUs, a PSU in two strata, infinite values, a stratum with one
        PSU.
    """
    ratios = dict(ratios or {})
    psu_columns, strata_columns, domain_columns = as_names(psu), as_names(strata), as_names(domain)
    variables, categories = as_names(variables), as_names(categories)
    required = [*variables, *domain_columns, *categories, weights, *psu_columns, *strata_columns]
    required += [k for pair in ratios.values() for k in pair]
    missing = [k for k in required if k not in table.columns]
    if missing:
        raise ParameterError(f"Kolom tidak ada di data: {', '.join(dict.fromkeys(missing))}.")
    measures = _measures(table, variables, categories, ratios)
    if not measures:
        raise ParameterError("Tidak ada ukuran yang diringkas: isi variables, categories, atau ratios.")
    w = _numeric(table, weights)
    expressions = {f"y{i}": y for i, (y, _) in enumerate(measures.values())}
    expressions |= {f"x{i}": x for i, (_, x) in enumerate(measures.values()) if x is not None}
    key = {f"s{i}": table[k] for i, k in enumerate(strata_columns)}
    key |= {f"p{i}": table[k] for i, k in enumerate(psu_columns)}
    key |= {f"d{i}": _nan_to_null(table[k]) for i, k in enumerate(domain_columns)}
    t = table.select(w=w, **key, **expressions)
    centre = _centre(t, list(measures), weights)
    content = t.group_by(*key).agg(**_sums(t, measures, centre)).to_pandas()
    design, psu_numbers = _design(content, strata_columns, psu_columns, nested, lonely_psu)
    codes, labels = {}, {}
    for i, name in enumerate(domain_columns):
        codes[name], labels[name] = encode_column(content[f"d{i}"])
    # Same order as `summarise`: PSU, then domains in the order of their columns, empty first.
    order = np.lexsort([*(codes[k] for k in reversed(domain_columns)), psu_numbers])
    moments = {
        name: _moments(content, i, x is not None, centre, order) for i, (name, (_, x)) in enumerate(measures.items())
    }
    return Cells(design, moments, psu_numbers[order], {k: v[order] for k, v in codes.items()}, labels)


def _nan_to_null(column: ibis.Column) -> ibis.Column:
    return column.isnan().ifelse(None, column) if column.type().is_floating() else column


def _numeric(table: ibis.Table, name: str) -> ibis.Column:
    """A column as float64; NaN becomes empty, because engines tell them apart and pandas does not."""
    column = table[name]
    if not (column.type().is_numeric() or column.type().is_boolean()):
        raise ParameterError(f"Kolom '{name}' bukan bilangan; berikan sebagai kategori.")
    column = _nan_to_null(column)
    return (column.cast("int64") if column.type().is_boolean() else column).cast("float64")


def _measures(table, variables, categories, ratios) -> dict[str, tuple]:
    """Name of a measure -> (numerator, denominator or None)."""
    result: dict[str, tuple] = {}

    def add(name: str, y, x=None) -> None:
        if name in result:
            raise ParameterError(f"Nama ukuran '{name}' dipakai dua kali.")
        result[name] = y, x

    for name in variables:
        add(name, _numeric(table, name))
    for name in categories:
        column = table[name].strip().nullif("") if table[name].type().is_string() else table[name]
        distinct = table.select(k=column).distinct().filter(lambda t: t.k.notnull())
        present = distinct.limit(_MAX_CATEGORIES + 1).to_pandas()["k"]
        if len(present) > _MAX_CATEGORIES:
            raise ParameterError(f"Kolom '{name}' memuat lebih dari {_MAX_CATEGORIES} kategori.")
        for k in sorted(present):
            add(f"{name}={k}", (column == k).cast("int64").cast("float64"))
    for name, (numerator, denominator) in ratios.items():
        y, x = _numeric(table, numerator), _numeric(table, denominator)
        add(name, x.isnull().ifelse(None, y), y.isnull().ifelse(None, x))
    return result


def _centre(t: ibis.Table, names: list[str], weights: str) -> dict[str, np.ndarray]:
    """First reading: weights and values are checked; the weighted mean of each measure becomes the centre of its
    squares."""
    w = t["w"]
    count = range(len(names))
    result = t.agg(
        rows=t.count(),
        bad=t.count(where=w.isnull() | w.isinf() | (w < 0)),
        total=w.sum(),
        **{f"inf{i}": reduce(or_, [t[k].isinf() for k in (f"y{i}", f"x{i}") if k in t.columns]).sum() for i in count},
        **{f"n{i}": t.count(where=t[f"y{i}"].notnull() & (w > 0)) for i in count},
        **{f"other{i}": t.count(where=(t[f"y{i}"] != 0) & (t[f"y{i}"] != 1)) for i in count},
        **{f"wy{i}": (w * t[f"y{i}"]).sum() for i in count},
        **{f"w{i}": w.sum(where=t[f"y{i}"].notnull()) for i in count},
    ).to_pandas()
    x = result.iloc[0].astype(float).fillna(0.0)
    if x["rows"] == 0:
        raise EstimationError("Data survei tidak berisi satu baris pun.")
    if x["bad"]:
        raise EstimationError(f"Kolom bobot '{weights}' memuat nilai kosong, tak hingga, atau negatif.")
    if not x["total"]:
        raise EstimationError(f"Semua bobot di kolom '{weights}' nol.")
    for i, one in enumerate(names):
        if x[f"inf{i}"]:
            raise EstimationError(f"Kolom '{one}' memuat nilai tak hingga.")
    proportion = np.array([x[f"other{i}"] == 0 and x[f"n{i}"] > 0 for i in count])
    shift = np.array([x[f"wy{i}"] / x[f"w{i}"] if x[f"w{i}"] > 0 and not proportion[i] else 0.0 for i in count])
    return {"proportion": proportion, "shift": shift}


def _sums(t: ibis.Table, measures: Mapping[str, tuple], centre: dict[str, np.ndarray]) -> dict:
    """Second reading: weighted sums of each cell."""
    w = t["w"]
    result = {"weighted": t.count(where=w > 0)}
    for i, (_, x) in enumerate(measures.values()):
        y = t[f"y{i}"]
        result[f"n_{i}"] = t.count(where=y.notnull() & (w > 0))
        result[f"w_{i}"] = w.sum(where=y.notnull())
        result[f"y_{i}"] = (w * y).sum()
        if x is not None:
            wx = w * t[f"x{i}"]
            result |= {f"x_{i}": wx.sum(), f"yy_{i}": (w * y * y).sum(), f"xy_{i}": (wx * y).sum()}
            result[f"xx_{i}"] = (wx * t[f"x{i}"]).sum()
        elif not centre["proportion"][i]:
            differing = y - float(centre["shift"][i])
            result[f"yy_{i}"] = (w * differing * differing).sum()
    return result


def _moments(content: pd.DataFrame, i: int, ratio: bool, centre: dict[str, np.ndarray], order: np.ndarray) -> Moments:
    def array(what: str) -> np.ndarray:
        # A cell with missing values only sums to NULL in the engine, to zero here.
        return np.nan_to_num(content[f"{what}_{i}"].to_numpy(dtype=float, na_value=np.nan), nan=0.0)[order]

    n, w, y = array("n").astype(np.int64), array("w"), array("y")
    if ratio:
        return Moments(n, w, array("x"), y, (array("yy"), array("xy"), array("xx")), 0.0, False, True)
    if centre["proportion"][i]:
        return Moments(n, w, w, y, y, 0.0, True, False)
    return Moments(n, w, w, y, array("yy"), float(centre["shift"][i]), False, False)


def _design(
    content: pd.DataFrame, strata: tuple[str, ...], psu: tuple[str, ...], nested: bool, lonely_psu: str
) -> tuple[Design, np.ndarray]:
    """The design from the cells, and the PSU number of each cell; numbered as `Design.from_frame` does."""
    strata_codes, strata_labels = _complete_codes(content, "s", strata)
    if not strata:
        strata_labels = pd.DataFrame({"strata": ["semua"]})
    cluster_codes, cluster_labels = _complete_codes(content, "p", psu)
    numbers, psu_strata, psu_rows = number_psus(strata_codes, strata_labels, cluster_codes, cluster_labels, nested)
    weighted = np.bincount(numbers, weights=content["weighted"], minlength=len(psu_strata)) > 0
    design = Design(
        np.empty(0), np.empty(0, dtype=np.int64), psu_strata, strata_labels,
        lonely_psu=lonely_psu, weighted_psu=weighted,
        psu_labels=cluster_labels.iloc[psu_rows].reset_index(drop=True),
    )  # fmt: skip
    return design, numbers


def _complete_codes(content: pd.DataFrame, prefix: str, names: tuple[str, ...]) -> tuple[np.ndarray, pd.DataFrame]:
    columns = [f"{prefix}{i}" for i in range(len(names))]
    for name, column in zip(names, columns, strict=True):
        if (encode_column(content[column])[0] < 0).any():
            raise EstimationError(f"Kolom '{name}' memuat nilai kosong, padahal bagian dari rancangan survei.")
    codes, table = combine_columns(content, columns)
    return codes, table.set_axis(list(names), axis=1)
