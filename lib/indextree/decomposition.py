"""Decomposition: contribution of each node to the difference of two states, and standard errors through derivatives.

Chained Divisia (default). In each branch the difference of two states is written exactly as ``dV = sum_j m_j dx_j``;
the multipliers ``m_j`` of each aggregation are in :mod:`indextree.aggregation`. For quasi-arithmetic means ``m_j = w_j
D(x_j)/D(V)`` with ``D(a) = (phi(a2) - phi(a1))/(a2 - a1)``: LMDI (Ang 2004) for the geometric mean, ``w_j`` for the
arithmetic. Multipliers are multiplied along the path, so contributions of the indicators sum exactly to the difference
of the top. When both states are the same, ``m_j`` is the derivative, used for delta-method standard errors.

Shapley is available for a cut of the tree (at most 16 nodes), for any aggregation, products with zero included.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import factorial

import numpy as np
import pandas as pd

from indextree.aggregation import CompiledTree
from indextree.errors import ComputationError, ParameterError, refuse
from indextree.tree import Tree

COVERAGE = "(data availability)"
"""Name of the row for the part of a difference that comes from indicators available in one state only."""

SHAPLEY_LIMIT = 16


def multipliers(
    compiled: CompiledTree, a: np.ndarray, b: np.ndarray, weight: np.ndarray | None = None, node: int | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Multipliers of each node towards a node above it (``node``, default the top), between states ``a`` and ``b``.

    Parameters
    ----------
    a, b : ndarray (unit, indicator)
        Normalised indicators. One that is missing, or below a node dropped by its threshold, in either state counts as
        missing in both: the value of ``node`` does not hold it either.

    Returns
    -------
    multiplier, values_a, values_b : ndarray (node, unit)
        ``multiplier[leaves] * (values_b - values_a)[leaves]`` sums to ``values_b[node] - values_a[node]``. Outside
        ``node`` and below dropped nodes the multiplier is zero and the value NaN.
    """
    w = compiled.weight if weight is None else np.asarray(weight, dtype=float)
    n, target = compiled.n_indicators, len(compiled.codes) - 1 if node is None else node
    present = ~(np.isnan(compiled.compute(a, w)) | np.isnan(compiled.compute(b, w)))
    counted = np.zeros(present.shape, dtype=bool)
    counted[target] = True
    for c in reversed(range(len(compiled.children))):
        children = compiled.children[c]
        counted[children] |= counted[n + c] & present[children]
    a, b = (np.where(counted[:n].T, x, np.nan) for x in (a, b))
    # what both states share can be below the threshold although neither state is
    loose = replace(compiled, threshold=np.zeros_like(compiled.threshold))
    va, vb = loose.compute(a, w), loose.compute(b, w)
    multiplier = np.zeros(va.shape)
    multiplier[target] = 1.0
    for c in reversed(range(target - n + 1)):
        children, i = compiled.children[c], n + c
        x, y = va[children], vb[children]
        used = ~(np.isnan(x) | np.isnan(y)) & (w[children, None] > 0)
        local = np.where(used, w[children, None], 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            m = compiled.multiplier(c, x, y, va[i], vb[i], local / local.sum(axis=0))
        multiplier[children] += np.where(used, m * multiplier[i], 0.0)
    return multiplier, va, vb


def contributions(a: pd.DataFrame, b: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """Contribution of each node to the difference of the index ``b - a``, many units at once (chained Divisia, exact).

    Parameters
    ----------
    a, b : DataFrame
        Normalised indicators of two states (two years) of the same units, matched by names of units and codes.

    Returns
    -------
    DataFrame
        Unit x (all nodes and ``COVERAGE``). The column of the top is the difference of the index; columns of the
        indicators and ``COVERAGE`` sum to it. Rows are NaN when the index of a state is not available.
    """
    xa = tree.values(a)
    tree.values(b)
    refuse(sorted(map(str, set(a.index) ^ set(b.index))), "Unit kedua keadaan tidak sama: {}.")
    summed, _, _ = _decompose(tree, xa, tree.values(b.loc[a.index]))
    return pd.DataFrame(summed.T, index=a.index, columns=[*tree.codes, COVERAGE])


def _decompose(tree: Tree, xa: np.ndarray, xb: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    compiled = tree.compile()
    full_a, full_b = compiled.compute(xa), compiled.compute(xb)
    multiplier, va, vb = multipliers(compiled, xa, xb)
    # leaves below a node dropped in one state have no difference; their part goes to the coverage row
    difference = vb - va
    # multipliers of a power mean can be infinite at zero; a node that does not change still contributes nothing
    with np.errstate(invalid="ignore"):
        contribution = np.where((multiplier == 0) | (difference == 0), 0.0, multiplier * difference)
    gap = full_b[-1] - full_a[-1]
    contribution[-1] = gap
    # without a single shared indicator the whole difference is one of availability
    coverage = gap - np.where(np.isnan(difference[-1]), 0.0, difference[-1])
    result = np.vstack([contribution, coverage[None]])
    result[:, np.isnan(gap)] = np.nan
    return result, full_a, full_b


def decompose_difference(
    a: pd.Series, b: pd.Series, tree: Tree, *, method: str = "divisia", nodes: Sequence[str] | None = None
) -> pd.DataFrame:
    """Where the difference of the index between two units, or one unit in two years, comes from.

    Parameters
    ----------
    a, b : Series
        Normalised indicators by code.
    method : {"divisia", "shapley"}
    nodes : sequence of str, optional
        For shapley only: a cut of the tree that covers each indicator once; default the children of the top.

    Returns
    -------
    DataFrame
        Index ``code``: ``name``, ``level``, ``value_a``, ``value_b``, ``difference``, ``contribution`` (in units of the
        index, summing exactly to its difference), ``share`` (contribution / difference; NaN when that is zero). Divisia
        holds all nodes and the row ``COVERAGE``.

    Raises
    ------
    ComputationError
        The index of a state is not available, or a product with zero is decomposed with divisia.
    """
    xa, xb = (tree.values(pd.DataFrame([x.to_numpy()], columns=x.index).astype(float)) for x in (a, b))
    if method == "divisia":
        if nodes is not None:
            raise ParameterError("Pilihan simpul hanya untuk metode 'shapley'.")
        summed, va, vb = _decompose(tree, xa, xb)
        code = [*tree.codes, COVERAGE]
        contribution = summed[:, 0]
    elif method == "shapley":
        code, contribution, va, vb = _shapley(tree, xa, xb, list(tree.children[tree.top] if nodes is None else nodes))
    else:
        raise ParameterError("metode penguraian harus 'divisia' atau 'shapley'.")
    if np.isnan(va[-1, 0]) or np.isnan(vb[-1, 0]):
        raise ComputationError(
            f"Indeks '{tree.top}' tidak tersedia pada salah satu keadaan, bedanya tidak dapat diurai."
        )
    result = tree.table[["name", "level"]].assign(value_a=va[:, 0], value_b=vb[:, 0]).reindex(code)
    result["level"] = result["level"].astype("Int64")
    result.loc[result["name"].isna(), "name"] = "Difference in data availability"
    result["difference"] = result["value_b"] - result["value_a"]
    result["contribution"] = contribution
    gap = vb[-1, 0] - va[-1, 0]
    result["share"] = result["contribution"] / gap if gap != 0 else np.nan
    return result.rename_axis("code")


def _shapley(tree: Tree, xa: np.ndarray, xb: np.ndarray, cut: list[str]):
    tree.require(cut)
    leaves = [d for k in cut for d in tree.leaves(k)]
    if sorted(leaves) != sorted(tree.indicators):
        raise ParameterError("Potongan pohon untuk Shapley harus menutup setiap indikator tepat sekali.")
    m = len(cut)
    if m > SHAPLEY_LIMIT:
        raise ParameterError(f"Shapley dibatasi {SHAPLEY_LIMIT} simpul (2^n perhitungan); diberikan {m}.")
    positions = {code: i for i, code in enumerate(tree.indicators)}
    moved = (np.arange(2**m)[:, None] >> np.arange(m)) & 1
    x = np.repeat(xa, 2**m, axis=0)
    for j, code in enumerate(cut):
        columns = [positions[d] for d in tree.leaves(code)]
        x[np.ix_(moved[:, j] == 1, columns)] = xb[0, columns]
    compiled = tree.compile()
    values = compiled.top(x)
    if np.isnan(values).any():
        raise ComputationError(
            "Shapley: sebuah gabungan kedua keadaan membuat indeks tidak tersedia; isi dulu data yang hilang."
        )
    count = moved.sum(axis=1)
    weight = np.array([factorial(s) * factorial(m - s - 1) / factorial(m) for s in range(m)])
    contribution = []
    for j in range(m):
        without = np.flatnonzero(moved[:, j] == 0)
        contribution.append(float((weight[count[without]] * (values[without + (1 << j)] - values[without])).sum()))
    return cut, np.array(contribution), compiled.compute(xa), compiled.compute(xb)


def gradient(compiled: CompiledTree, values: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    """Derivative of the top with respect to each node, (node, unit); zero for missing children."""
    return multipliers(compiled, values, values, weight)[0]


def delta_standard_error(
    compiled: CompiledTree, values: np.ndarray, covariance: np.ndarray, weight: np.ndarray | None = None
) -> np.ndarray:
    """Standard error (node, unit) of each node from the sampling covariance of the indicators (delta method, first
    order).

    Fast enough to be computed again at each move of a weight; exact for arithmetic trees normalised by goalposts. NaN
    where the node has no value.

    Parameters
    ----------
    values : ndarray (unit, indicator)
        Normalised indicators.
    covariance : ndarray (unit, indicator, indicator)
        Covariance of the estimated indicators on the normalised scale; rows and columns of missing ones are ignored.
    """
    covariance = np.asarray(covariance, dtype=float)
    n = compiled.n_indicators
    if covariance.shape != (values.shape[0], n, n):
        raise ParameterError(f"Kovarian berbentuk {covariance.shape}; diharapkan {(values.shape[0], n, n)}.")
    computed = compiled.compute(values, weight)
    derivative = node_gradients(compiled, computed, weight)
    observed = ~np.isnan(values)
    k = np.where(observed[:, :, None] & observed[:, None, :], covariance, 0.0)
    variance = np.einsum("sui,sui->su", derivative, np.einsum("sui,uij->suj", derivative, k, optimize=True))
    if (variance < -1e-9 * max(1.0, float(np.nanmax(np.abs(k), initial=0.0)))).any():
        raise ComputationError("Kovarian indikator tidak semidefinit positif: ragam indeks menjadi negatif.")
    result = np.sqrt(np.maximum(variance, 0.0))
    result[np.isnan(computed)] = np.nan
    return result


def node_gradients(
    compiled: CompiledTree, computed: np.ndarray, weight: np.ndarray | None = None, nodes: Sequence[int] | None = None
) -> np.ndarray:
    """Derivatives of nodes with respect to each indicator, (len(nodes), unit, indicator).

    Zero for indicators that do not enter the node: outside it, missing, or below a dropped node.

    Parameters
    ----------
    computed : ndarray (node, unit)
        ``compiled.compute(values, weight)``: where the derivatives are taken.
    nodes : sequence of int, optional
        Positions of the nodes; default all.
    """
    w = compiled.weight if weight is None else np.asarray(weight, dtype=float)
    n, unit = compiled.n_indicators, computed.shape[1]
    wanted = {i: k for k, i in enumerate(range(len(compiled.codes)) if nodes is None else nodes)}
    result = np.zeros((len(wanted), unit, n))
    # an indicator has one path to the top, so one running derivative for each is enough
    running = np.ones((n, unit))
    leaves: list[np.ndarray] = [np.array([i]) for i in range(n)]
    for c, children in enumerate(compiled.children):
        x, i = computed[children], n + c
        used = ~np.isnan(x) & (w[children, None] > 0) & ~np.isnan(computed[i])
        local = np.where(used, w[children, None], 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            m = compiled.multiplier(c, x, x, computed[i], computed[i], local / local.sum(axis=0))
        m = np.where(used, m, 0.0)
        leaves.append(np.concatenate([leaves[j] for j in children]))
        running[leaves[i]] *= np.repeat(m, [len(leaves[j]) for j in children], axis=0)
        if i in wanted:
            result[wanted[i]][:, leaves[i]] = running[leaves[i]].T
    for i in range(n):
        if i in wanted:
            result[wanted[i], :, i] = 1.0
    return result
