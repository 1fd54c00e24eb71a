"""Weights: equal, AHP from pairwise comparisons, first principal component, and balanced influence.

All give a Series by node code, ready for ``tree.replace(weight=...)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from indextree.aggregation import CompiledTree
from indextree.errors import ComputationError, ParameterError, name_list, refuse, require_known, require_one_of
from indextree.tree import Tree

RANDOM_INDEX = (0.0, 0.0, 0.0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59)
"""Random consistency index of Saaty (1980) for matrices of size 0 to 15."""

ACCEPTABLE_RATIO = 0.10
"""Largest acceptable consistency ratio (Saaty)."""

NEGATIVE_RULES = ("reject", "flag", "zero")


def equal_weights(tree: Tree) -> pd.Series:
    """Weight 1 for each node: equal among siblings."""
    return pd.Series(1.0, index=list(tree.codes), name="weight")


@dataclass(frozen=True, eq=False)
class AHPResult:
    """AHP weights and how far they can be trusted.

    Attributes
    ----------
    weight : Series
        Sums to 1.
    lambda_max, consistency_index, consistency_ratio : float
        The ratio is NaN for matrices beyond Saaty's table (over 15); 0 for two elements.
    acceptable : bool
        The consistency ratio is at most 0.10.
    inconsistencies : DataFrame
        Each pair: value given, value by the weights, and their ratio; the most contradictory first.
    """

    weight: pd.Series
    lambda_max: float
    consistency_index: float
    consistency_ratio: float
    acceptable: bool
    inconsistencies: pd.DataFrame


def ahp(comparisons: pd.DataFrame, *, method: str = "eigenvector") -> AHPResult:
    """Weights from a matrix of pairwise comparisons (Saaty 1980, *The Analytic Hierarchy Process*, McGraw-Hill).

    Parameters
    ----------
    comparisons : DataFrame
        Square, rows and columns with the same codes (in any order); cell (a, b) = how many times a matters more than b,
        positive; cell (b, a) is its inverse.
    method : {"eigenvector", "geometric_mean"}

    Raises
    ------
    ParameterError
        Names differ, values are not positive, the diagonal is not 1, or cells are not inverses.
    """
    require_one_of("cara AHP", method, ("eigenvector", "geometric_mean"))
    code = _check_pairwise(comparisons)
    a = comparisons.loc[code, code].to_numpy(dtype=float)
    n = len(code)
    if method == "eigenvector":
        values, vectors = np.linalg.eig(a)
        w = np.abs(vectors[:, int(np.argmax(values.real))].real)
    else:
        w = np.exp(np.log(a).mean(axis=1))
    w = w / w.sum()
    lambda_max = float(((a @ w) / w).mean())
    ci = (lambda_max - n) / (n - 1) if n > 1 else 0.0
    cr = 0.0 if n <= 2 else ci / RANDOM_INDEX[n] if n < len(RANDOM_INDEX) else float("nan")
    rows = [
        (code[i], code[j], a[i, j], w[i] / w[j], max(a[i, j] * w[j] / w[i], w[i] / (w[j] * a[i, j])))
        for i, j in combinations(range(n), 2)
    ]
    inconsistencies = pd.DataFrame(rows, columns=["a", "b", "given", "implied", "ratio"])
    inconsistencies = inconsistencies.sort_values("ratio", ascending=False, kind="stable", ignore_index=True)
    return AHPResult(
        pd.Series(w, index=code, name="weight"), lambda_max, ci, cr, bool(cr <= ACCEPTABLE_RATIO), inconsistencies
    )


def ahp_matrix(pairs: pd.DataFrame) -> pd.DataFrame:
    """AHP matrix from a list of pairs (columns ``a``, ``b``, ``value``), one row for each pair.

    ParameterError for pairs that are duplicate, repeated the other way round, with itself, or incomplete.
    """
    refuse(sorted({"a", "b", "value"} - set(pairs.columns)), "Daftar pasangan AHP tidak memuat kolom {}.")
    code = list(dict.fromkeys([*pairs["a"], *pairs["b"]]))
    result = pd.DataFrame(np.nan, index=code, columns=code)
    for one, two, value in pairs[["a", "b", "value"]].itertuples(index=False):
        if one == two:
            raise ParameterError(f"AHP: '{one}' dibandingkan dengan dirinya sendiri.")
        if not np.isnan(result.at[one, two]):
            raise ParameterError(f"AHP: pasangan '{one}' dan '{two}' diberikan lebih dari sekali.")
        if not value > 0:
            raise ParameterError(f"AHP: nilai perbandingan '{one}' dan '{two}' harus positif.")
        result.at[one, two], result.at[two, one] = float(value), 1.0 / float(value)
    for one in code:
        result.at[one, one] = 1.0
    empty = [f"{a}-{b}" for a, b in combinations(code, 2) if np.isnan(result.at[a, b])]
    refuse(empty, "AHP: pasangan belum dibandingkan: {}.")
    return result


def combine_ahp(experts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Matrices of several experts combined: geometric mean cell by cell, matched by name.

    The geometric mean keeps cells reciprocal (Aczel and Saaty 1983); the arithmetic mean does not.
    """
    if not experts:
        raise ParameterError("AHP: tidak ada matriks pakar.")
    code = _check_pairwise(experts[0])
    for one in experts[1:]:
        if set(_check_pairwise(one)) != set(code):
            raise ParameterError("AHP: matriks para pakar tidak memuat unsur yang sama.")
    log = np.mean([np.log(one.loc[code, code].to_numpy(dtype=float)) for one in experts], axis=0)
    return pd.DataFrame(np.exp(log), index=code, columns=code)


def _check_pairwise(p: pd.DataFrame) -> list[str]:
    code = [str(k) for k in p.index]
    if p.index.has_duplicates or p.columns.has_duplicates or set(p.index) != set(p.columns) or not code:
        raise ParameterError("AHP: baris dan kolom matriks harus memuat kode yang sama, masing-masing sekali.")
    a = p.loc[code, code].to_numpy(dtype=float)
    if not (np.isfinite(a).all() and (a > 0).all()):
        raise ParameterError("AHP: setiap perbandingan harus angka positif.")
    if not np.allclose(np.diag(a), 1.0, rtol=0, atol=1e-9):
        raise ParameterError("AHP: diagonal matriks harus 1.")
    # experts often write 0.33 for 1/3: up to 2 percent off still counts as the inverse
    wrong = [(i, j) for i, j in combinations(range(len(code)), 2) if abs(a[i, j] * a[j, i] - 1) > 0.02]
    refuse([f"{code[i]}-{code[j]}" for i, j in wrong], "AHP: perbandingan tidak saling berbalikan pada {}.")
    return code


@dataclass(frozen=True, eq=False)
class PCAResult:
    """First principal component of each branch.

    Attributes
    ----------
    table : DataFrame
        For each child: ``parent``, ``code``, ``loading`` (signed so that they sum to a positive number), ``eigenvalue``
        and ``variance_share`` of the first component, and ``negative``.
    eigenvalues : dict of str to ndarray
        All eigenvalues of each parent, descending.
    weight : Series
        Not negative, summing to 1 among siblings.
    note : tuple of str
        What readers should know: negative loadings, columns without variance.
    """

    table: pd.DataFrame
    eigenvalues: dict[str, np.ndarray]
    weight: pd.Series
    note: tuple[str, ...]


def pca_weights(
    values: pd.DataFrame,
    tree: Tree,
    parent: Sequence[str] | str | None = None,
    *,
    form: str = "loading",
    negative: str = "reject",
) -> PCAResult:
    """Weights from the first principal component (correlation matrix) of each parent's children.

    Parameters
    ----------
    values : DataFrame
        Unit x node, for example the output of :func:`indextree.compute`; rows with empty cells are skipped for each
        parent.
    parent : str or sequence, optional
        Branches to weight; default all with more than one child.
    form : {"loading", "squared"}
        Weights proportional to the loadings, or to their squares (OECD/JRC 2008).
    negative : {"reject", "flag", "zero"}
        Negative loadings: an error that names them; their absolute value, flagged; or weight zero, flagged.

    Raises
    ------
    ComputationError
        A negative loading (if rejected), fewer than 3 complete units, or no child with variance.
    """
    require_one_of("bentuk bobot komponen utama", form, ("loading", "squared"))
    require_one_of("negative", negative, NEGATIVE_RULES)
    if parent is None:
        listed = [k for k in tree.branches if len(tree.children[k]) > 1]
    else:
        listed = [parent] if isinstance(parent, str) else list(parent)
        require_known("Cabang", listed, tree.branches)
    rows, eigen, weight, notes = [], {}, {}, []
    for code in listed:
        refuse([k for k in tree.children[code] if k not in values.columns], "Tabel nilai tidak memuat simpul {}.")
        x = values.loc[:, list(tree.children[code])].dropna()
        flat = [k for k in x.columns if x[k].min() == x[k].max()]
        if flat:
            notes.append(f"Simpul '{code}': {name_list(flat)} tanpa ragam, diberi bobot nol.")
        kept = [k for k in x.columns if k not in flat]
        if len(x) < 3 or not kept:
            raise ComputationError(
                f"Simpul '{code}': komponen utama menuntut paling sedikit 3 unit lengkap yang beragam."
            )
        eigenvalues, vectors = np.linalg.eigh(np.atleast_2d(np.corrcoef(x[kept].to_numpy(dtype=float), rowvar=False)))
        loadings = vectors[:, -1] * (1.0 if vectors[:, -1].sum() >= 0 else -1.0)
        bad = [k for k, m in zip(kept, loadings, strict=True) if m < 0]
        if bad and negative == "reject":
            raise ComputationError(
                f"Simpul '{code}': muatan komponen utama pertama negatif pada {name_list(bad)}; anak-anak itu "
                f"bergerak berlawanan dengan saudaranya. Periksa arahnya, atau pilih negative='flag' atau 'zero'."
            )
        if bad:
            phrase = "dipakai nilai mutlaknya" if negative == "flag" else "diberi bobot nol"
            notes.append(f"Simpul '{code}': muatan negatif pada {name_list(bad)}, {phrase}.")
        used = np.abs(loadings) if negative != "zero" else np.maximum(loadings, 0.0)
        w = used if form == "loading" else used**2
        eigen[code] = eigenvalues[::-1]
        for k, m, one in zip(kept, loadings, w / w.sum(), strict=True):
            weight[k] = one
            rows.append((code, k, m, eigenvalues[-1], eigenvalues[-1] / eigenvalues.sum(), m < 0))
        weight.update(dict.fromkeys(flat, 0.0))
    table = pd.DataFrame(rows, columns=["parent", "code", "loading", "eigenvalue", "variance_share", "negative"])
    return PCAResult(table, eigen, pd.Series(weight, name="weight", dtype=float), tuple(notes))


@dataclass(frozen=True, eq=False)
class BalanceResult:
    """Weights sought so that real influence meets a target.

    Attributes
    ----------
    weight : Series
        Not negative, summing to 1 among siblings.
    table : DataFrame
        For each node: ``target``, ``original_influence``, ``influence``, ``share`` (summing to 1), ``difference``.
    note : str
        A sentence that states the result, also when the target cannot be met.
    """

    weight: pd.Series
    table: pd.DataFrame
    achieved: bool
    note: str


INFLUENCE_MEASURES = ("correlation", "variance")
_ACHIEVED_WITHIN = 1e-6


def balanced_weights(
    data: pd.DataFrame,
    tree: Tree,
    nodes: Sequence[str],
    *,
    target: Mapping[str, float] | pd.Series | None = None,
    ancestor: str | None = None,
    measure: str = "correlation",
) -> BalanceResult:
    """Weights, not negative, that make the influence of some nodes on one ancestor proportional to a target.

    Sources: Paruolo, Saisana, Saltelli (2013), JRSS A 176; Becker et al. (2017), Ecological Indicators 80; Maillard,
    Roncalli, Teiletche (2010) for the variance measure.

    Parameters
    ----------
    data : DataFrame
        Unit x normalised indicator; only units with all values are used.
    nodes : sequence of str
        Nodes whose weights are sought; all their siblings must be named too.
    target : mapping, optional
        Code -> influence wanted (positive; only ratios matter), matched by name; default equal.
    ancestor : str, optional
        The ancestor influenced; default the top.
    measure : {"correlation", "variance"}
        ``correlation``: of the node with the ancestor. ``variance``: share of the ancestor's variance, cov(w x,
        I)/var(I), only when all nodes are children of an arithmetic ancestor; with variance a solution always exists.

    Returns
    -------
    BalanceResult
        ``achieved=False`` when no such weights meet the target; the weights are then the nearest.
    """
    ancestor = tree.top if ancestor is None else ancestor
    nodes = list(dict.fromkeys(nodes))
    t = _balance_target(tree, nodes, target, ancestor, measure)
    compiled = tree.compile()
    x = tree.values(data)
    x = x[~np.isnan(compiled.compute(x, unit=data.index)).any(axis=0)]
    if len(x) < 3:
        raise ComputationError("Pengaruh berimbang menuntut paling sedikit 3 unit lengkap.")
    positions, top = compiled.positions(nodes), compiled.positions(ancestor)
    values = compiled.compute(x)
    refuse(
        [k for k, i in zip(nodes, positions, strict=True) if np.ptp(values[i]) == 0],
        "Pengaruh berimbang: {} bernilai sama pada semua unit, tanpa pengaruh.",
        ComputationError,
    )
    siblings = [
        [i for i, k in enumerate(nodes) if k in children]
        for children in tree.children.values()
        if set(children) & set(nodes)
    ]

    def influence(w: np.ndarray) -> np.ndarray:
        return _influence(compiled, x, positions, top, w, measure)

    linear = all(tree.parent(k) == ancestor for k in nodes) and tree.column("aggregation")[ancestor] == "arithmetic"
    if measure == "variance" and not linear:
        raise ParameterError("Ukuran 'variance' hanya untuk anak langsung dari simpul aritmetik; pakai 'correlation'.")
    solve = _risk_parity if measure == "variance" else _equal_correlation
    w = solve(np.atleast_2d(np.cov(values[positions])), t) if linear else None
    if w is None:
        w = _search(influence, t, siblings, compiled.weight[positions])
    for group in siblings:
        share = w[group] / w[group].sum()
        w[group] = np.where(share < 1e-9, 0.0, share)  # zero up to the precision of the search
    return _balance_result(nodes, ancestor, t, w, influence(compiled.weight[positions]), influence(w))


def _influence(compiled: CompiledTree, x: np.ndarray, positions, top: int, w: np.ndarray, measure: str) -> np.ndarray:
    """Influence on the top of each node at ``positions``, with weights ``w`` there."""
    weight = compiled.weight.copy()
    weight[positions] = w
    every = compiled.compute(x, weight, nodes=[*positions, top])
    centred = every - every.mean(axis=1, keepdims=True)
    covariance = centred[:-1] @ centred[-1]
    if measure == "variance":
        return covariance * w / w.sum() / (centred[-1] @ centred[-1])
    return covariance / np.sqrt((centred[:-1] ** 2).sum(axis=1) * (centred[-1] @ centred[-1]))


def _balance_result(nodes: list[str], ancestor: str, target, w: np.ndarray, original, reached) -> BalanceResult:
    table = pd.DataFrame({"target": target, "original_influence": original, "influence": reached}, index=nodes)
    table["share"] = reached / reached.sum()
    table["difference"] = table["share"] - table["target"]
    largest = table["difference"].abs().idxmax()
    achieved = bool(abs(table.at[largest, "difference"]) < _ACHIEVED_WITHIN)
    note = f"Pengaruh terhadap '{ancestor}' sesuai sasaran."
    if not achieved:
        zero = [k for k, one in zip(nodes, w, strict=True) if one == 0]
        note = (
            f"Pengaruh berimbang terhadap '{ancestor}' tidak dapat dicapai dengan bobot tak negatif; selisih terbesar "
            f"pada '{largest}' ({table.at[largest, 'difference']:+.4f})."
            + (f" Bobot {name_list(zero)} menjadi nol." if zero else "")
        )
    return BalanceResult(pd.Series(w, index=nodes, name="weight"), table, achieved, note)


def _balance_target(tree: Tree, nodes: list[str], target, ancestor: str, measure: str) -> np.ndarray:
    require_one_of("ukuran pengaruh", measure, INFLUENCE_MEASURES)
    tree.require([*nodes, ancestor])
    refuse([k for k in nodes if ancestor not in tree.ancestors(k)], f"'{ancestor}' bukan leluhur {{}}.")
    for children in map(set, tree.children.values()):
        if children & set(nodes):
            refuse(sorted(children - set(nodes)), "Saudara {} harus ikut disebut.")
    if len(nodes) < 2:
        raise ParameterError("Pengaruh berimbang menuntut paling sedikit dua simpul.")
    if target is None:
        return np.full(len(nodes), 1.0 / len(nodes))
    content = dict(target)
    if set(content) != set(nodes):
        raise ParameterError("Sasaran pengaruh harus menyebut tepat simpul yang bobotnya dicari, menurut nama.")
    t = np.array([float(content[k]) for k in nodes])
    if not (np.isfinite(t).all() and (t > 0).all()):
        raise ParameterError("Sasaran pengaruh harus positif.")
    return t / t.sum()


def _equal_correlation(covariance: np.ndarray, t: np.ndarray) -> np.ndarray | None:
    """corr(x_i, I) is proportional to (Sigma w)_i / sigma_i, so Sigma w = sigma t; None when any is negative."""
    sigma = np.sqrt(np.diag(covariance))
    try:
        w = np.linalg.solve(covariance, sigma * t)
    except np.linalg.LinAlgError:
        return None
    return w if np.isfinite(w).all() and (w >= 0).all() else None


def _risk_parity(covariance: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Minimum of w'Sigma w/2 - sum t log w (convex, single): there w_i (Sigma w)_i = t_i."""
    from scipy.optimize import minimize

    scale = np.sqrt(np.diag(covariance))
    c = covariance / np.outer(scale, scale)
    result = minimize(
        lambda y: 0.5 * np.exp(y) @ c @ np.exp(y) - t @ y,
        np.zeros(len(t)),
        jac=lambda y: np.exp(y) * (c @ np.exp(y)) - t,
        hess=lambda y: np.outer(np.exp(y), np.exp(y)) * c + np.diag(np.exp(y) * (c @ np.exp(y))),
        method="trust-exact",
        options={"gtol": 1e-12, "maxiter": 500},
    )
    return np.exp(result.x) / scale


def _search(influence, t: np.ndarray, siblings: list[list[int]], start: np.ndarray) -> np.ndarray:
    """Least squares bounded by [0, 1] on differences of shares of influence, from a few fixed starting points."""
    from scipy.optimize import least_squares

    def spread(w: np.ndarray) -> np.ndarray:
        result = w + 1e-12
        for group in siblings:
            result[group] = result[group] / result[group].sum()
        return result

    def residual(w: np.ndarray) -> np.ndarray:
        r = influence(spread(w))
        return (r / r.sum() if r.sum() > 1e-6 else r) - t

    rng = np.random.default_rng(7)
    points = [np.full(len(t), 0.5), np.clip(spread(np.asarray(start, dtype=float)), 0, 1)]
    points += [rng.uniform(0.05, 0.95, len(t)) for _ in range(6)]
    options = {"bounds": (0, 1), "xtol": 1e-14, "ftol": 1e-14, "gtol": 1e-14}
    found = [least_squares(residual, np.clip(p, 1e-6, 1 - 1e-6), **options) for p in points]
    return spread(min(found, key=lambda h: h.cost).x)
