"""Analysis of an index: correlations, reliability, real influence, dropping nodes, strengths and weaknesses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from indextree.decomposition import _decompose
from indextree.errors import ComputationError, ParameterError, name_list, refuse, require_one_of
from indextree.ranking import rank_array, rank_frame
from indextree.recipe import compute
from indextree.tree import Tree

CORRELATION_METHODS = ("pearson", "spearman", "kendall")
COLLINEAR_LIMIT = 0.92
"""Siblings correlated above this are commonly read as two indicators of one thing (JRC)."""


def correlations(
    values: pd.DataFrame,
    tree: Tree,
    level_1: int = 1,
    level_2: int | None = None,
    *,
    method: str = "pearson",
    related_only: bool = False,
) -> pd.DataFrame:
    """Correlations between nodes of one level, or of two levels.

    Parameters
    ----------
    values : DataFrame
        Unit x node (output of ``compute``).
    level_1, level_2 : int
        Levels of the nodes (1 = indicators); ``level_2=None`` means the same level, each pair once.
    method : {"pearson", "spearman", "kendall"}
    related_only : bool
        True: only pairs of siblings (one level), or a node and its own ancestor (two levels).

    Returns
    -------
    DataFrame
        ``code_1``, ``code_2``, ``correlation``, ``n`` (complete units), ``relation`` ("siblings", "ancestor", "other"),
        and ``note`` ("collinear", "negative", "no variance", or empty).
    """
    require_one_of("cara korelasi", method, CORRELATION_METHODS)
    one = tree.at_level(level_1)
    same = level_2 is None or level_2 == level_1
    two = one if same else tree.at_level(level_2)
    refuse(sorted({*one, *two} - set(values.columns)), "Tabel nilai tidak memuat simpul {}.")
    every = list(dict.fromkeys([*one, *two]))
    matrix = values[every].astype(float).corr(method=method, min_periods=3)
    observed = values[every].notna().astype(int)
    count = observed.T @ observed
    rows = []
    for i, a in enumerate(one):
        for b in one[i + 1 :] if same else two:
            relation = _relation(tree, a, b)
            if related_only and relation == "other":
                continue
            r = matrix.at[a, b]
            remark = "no variance" if np.isnan(r) else "negative" if r < 0 else ""
            if relation == "siblings" and r > COLLINEAR_LIMIT:
                remark = "collinear"
            rows.append((a, b, r, int(count.at[a, b]), relation, remark))
    return pd.DataFrame(rows, columns=["code_1", "code_2", "correlation", "n", "relation", "note"])


def _relation(tree: Tree, a: str, b: str) -> str:
    if tree.parent(a) == tree.parent(b):
        return "siblings"
    return "ancestor" if b in tree.ancestors(a) or a in tree.ancestors(b) else "other"


def cronbach_alpha(x: pd.DataFrame) -> float:
    """Cronbach's alpha of the columns of ``x`` (complete units only).

    ComputationError with fewer than two columns or two complete units, or a sum without variance.
    """
    complete = x.astype(float).dropna()
    k = complete.shape[1]
    if k < 2 or len(complete) < 2:
        raise ComputationError("Alfa Cronbach menuntut paling sedikit dua kolom dan dua unit lengkap.")
    total = complete.sum(axis=1).var()
    if not total > 0:
        raise ComputationError(f"Alfa Cronbach: jumlah {name_list(x.columns)} tanpa ragam.")
    return float(k / (k - 1) * (1 - complete.var().sum() / total))


def reliability(values: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """Cronbach's alpha of each branch: of its children, and of all indicators below it; ``n`` complete units. NaN with
    a single child or without variance."""
    rows = []
    for code in tree.branches:
        children, leaves = list(tree.children[code]), list(tree.leaves(code))
        rows.append(
            {
                "code": code,
                "name": tree.name(code),
                "children": len(children),
                "alpha_children": _alpha_or_nan(values[children]),
                "indicators": len(leaves),
                "alpha_indicators": _alpha_or_nan(values[leaves]),
                "n": len(values[leaves].dropna()),
            }
        )
    return pd.DataFrame(rows).set_index("code")


def _alpha_or_nan(x: pd.DataFrame) -> float:
    try:
        return cronbach_alpha(x)
    except ComputationError:
        return float("nan")


def effective_weights(data: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """Nominal and real influence of each node on the top; ``data`` is unit x normalised indicator.

    Returns
    -------
    DataFrame
        Index: code. ``local_weight``, ``final_weight`` (product along the path), ``correlation`` with the top,
        ``squared_correlation``, and ``variance_share``: cov(c_i, I)/var(I), where c_i is the node's contribution to the
        unit's difference from the average unit (see :mod:`indextree.decomposition`). Variance shares of the indicators
        sum to 1 when data are complete; on an arithmetic tree they equal cov(w x, I)/var(I).

    Raises
    ------
    ComputationError
        The index has no variance.
    """
    values = compute(data, tree)
    top = values[tree.top]
    if not top.var() > 0:
        raise ComputationError(f"Indeks '{tree.top}' sama di semua unit: pengaruh nyata tidak ada.")
    x = tree.values(data)
    average = np.array([_mean(x[:, k]) for k in range(x.shape[1])])
    contribution, _, _ = _decompose(tree, np.where(np.isnan(x), np.nan, average), x)
    kept = ~np.isnan(contribution).any(axis=0)
    centred = top.to_numpy()[kept] - top.to_numpy()[kept].mean()
    variance = centred @ centred
    t = tree.table
    result = t[["name", "level"]].assign(local_weight=tree.local_weights(), final_weight=tree.final_weights())
    result["correlation"] = [_correlation(values[k], top) for k in tree.codes]
    result["squared_correlation"] = result["correlation"] ** 2
    result["variance_share"] = contribution[: len(tree.codes), kept] @ centred / variance
    return result.rename_axis("code")


def _mean(x: np.ndarray) -> float:
    observed = x[~np.isnan(x)]
    return float(observed.mean()) if len(observed) else float("nan")


def _correlation(a: pd.Series, b: pd.Series) -> float:
    observed = a.notna() & b.notna()
    x, y = a[observed].to_numpy(dtype=float), b[observed].to_numpy(dtype=float)
    if len(x) < 3 or x.min() == x.max() or y.min() == y.max():
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])


def drop_each(
    data: pd.DataFrame, tree: Tree, nodes: Sequence[str] | None = None, level: int | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The index with one node dropped, for each node in turn.

    Parameters
    ----------
    data : DataFrame
        Unit x normalised indicator.
    nodes : sequence of str, optional
        Nodes dropped in turn; or use ``level``. Default all nodes but the top.

    Returns
    -------
    scores, ranks : DataFrame
        Unit x (``full`` and each node).
    summary : DataFrame
        Index ``code``: mean and largest absolute change of rank, mean change of score, Spearman correlation with the
        full index; largest change of rank first.
    """
    if nodes is None:
        nodes = [k for k in tree.codes if k != tree.top] if level is None else list(tree.at_level(level))
    elif level is not None:
        raise ParameterError("Pilih simpul atau tingkat, bukan keduanya.")
    values = tree.compile().top(tree.values(data), drop_weights(tree, [None, *nodes]))
    scores = pd.DataFrame(values.T, index=data.index, columns=["full", *nodes])
    ranks = rank_frame(scores)
    numbers = rank_array(values).astype(float)
    numbers[numbers == 0] = np.nan
    rows = []
    for j, code in enumerate(nodes, start=1):
        gap = np.abs(numbers[j] - numbers[0])
        observed = ~np.isnan(gap)
        some = observed.any()
        rows.append(
            {
                "code": code,
                "name": tree.name(code),
                "mean_rank_shift": gap[observed].mean() if some else np.nan,
                "max_rank_shift": gap[observed].max() if some else np.nan,
                "mean_score_shift": (values[j] - values[0])[observed].mean() if some else np.nan,
                "spearman": _correlation(pd.Series(numbers[j]), pd.Series(numbers[0])),
            }
        )
    summary = pd.DataFrame(rows).set_index("code")
    return scores, ranks, summary.sort_values("mean_rank_shift", ascending=False, kind="stable")


def drop_weights(tree: Tree, drop: Sequence[str | None]) -> np.ndarray:
    """Weights (choices, node) with one node dropped in each row; None = nothing dropped.

    A branch that loses all its children gets weight zero too, so it does not count as missing data.
    """
    compiled = tree.compile()
    tree.require([k for k in drop if k is not None])
    result = np.tile(compiled.weight, (len(drop), 1))
    for row, code in enumerate(drop):
        if code is None:
            continue
        if code == tree.top:
            raise ParameterError(f"Puncak '{code}' tidak dapat dibuang.")
        for one in (code, *tree.ancestors(code)):
            if one == tree.top:
                raise ParameterError(f"Membuang '{code}' tidak menyisakan indikator berbobot.")
            result[row, compiled.positions(one)] = 0.0
            if result[row, compiled.positions(list(tree.children[tree.parent(one)]))].sum() > 0:
                break
    return result


def strengths_weaknesses(
    data: pd.DataFrame,
    tree: Tree,
    unit: object,
    *,
    count: int = 5,
    level: int = 1,
    peers: Sequence[object] | None = None,
) -> pd.DataFrame:
    """Strengths and weaknesses of one unit beside other units.

    Parameters
    ----------
    data : DataFrame
        Unit x normalised indicator.
    count : int
        At most this many rows on each side.
    level : int
        Level of the nodes compared.
    peers : sequence, optional
        Units to compare with; default all others.

    Returns
    -------
    DataFrame
        ``side`` ("strength" above the median of the peers, "weakness" below), ``code``, ``name``, ``value``, ``rank``,
        ``of`` (units with a value), ``peer_median``, ``difference``, ``final_weight``, and ``contribution``
        (final_weight x difference), the largest first.
    """
    other = [u for u in (data.index if peers is None else peers) if u != unit]
    refuse([u for u in [unit, *other] if u not in data.index], "Unit tidak ada di data: {}.")
    if not other:
        raise ParameterError("Tidak ada unit pembanding.")
    values = compute(data, tree)[list(tree.at_level(level))]
    own, median = values.loc[unit], values.loc[other].median()
    every = pd.DataFrame(
        {
            "side": np.where(own > median, "strength", "weakness"),
            "code": values.columns,
            "name": [tree.name(code) for code in values.columns],
            "value": own,
            "rank": rank_array(values.to_numpy(dtype=float).T)[:, values.index.get_loc(unit)].astype(np.int64),
            "of": values.notna().sum(),
            "peer_median": median,
            "difference": own - median,
            "final_weight": tree.final_weights()[values.columns],
        }
    )
    every["contribution"] = every["final_weight"] * every["difference"]
    every = every[every["difference"].notna() & (every["difference"] != 0)]
    sides = [
        every[every["side"] == side]
        .sort_values("contribution", ascending=side == "weakness", kind="stable")
        .head(count)
        for side in ("strength", "weakness")
    ]
    return pd.concat(sides, ignore_index=True)
