"""Named contrasts, joint Wald tests, t tests, and Rao-Scott tests of independence, all design-based."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from surveyest.cells import divide, summarise
from surveyest.design import Design
from surveyest.estimates import Estimates, estimate, t_table
from surveyest.inputs import EstimationError, Names, ParameterError, Subset, as_names, check_columns, encode_column

#: (coefficient, measure) or (coefficient, measure, {domain column: value}).
Term = tuple[float, str] | tuple[float, str, Mapping[str, object]]
_CELL, _COUNT = "(sel silang)", "(banyaknya)"


@dataclass(frozen=True)
class TestResult:
    """Result of one test; `df` are degrees of freedom of the reference: (k,) chi-square, (k, m) F."""

    __test__ = False

    statistic: float
    df: tuple[float, ...]
    p: float


@dataclass(frozen=True)
class IndependenceTest:
    """Test of independence of two columns.

    Attributes
    ----------
    table : DataFrame
        Weighted proportion of each cell, row x column; they sum to 1.
    pearson : float
        Pearson's chi-square of the weighted table scaled to n; not corrected, not to be read by itself.
    first_order : TestResult
        Divided by the mean design effect, against chi-square (Rao and Scott 1984; ``statistic="Chisq"`` in R).
    second_order : TestResult
        Satterthwaite correction, against F (Thomas and Rao 1987; ``statistic="F"`` in R). The recommended one.
    """

    table: pd.DataFrame
    n: int
    pearson: float
    first_order: TestResult
    second_order: TestResult


def contrast(
    estimates: Estimates,
    contrasts: Mapping[str, Sequence[Term]],
    *,
    null: float = 0.0,
    df: float | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Named linear combinations with standard errors, t tests and intervals.

    Parameters
    ----------
    estimates : Estimates
        From `estimate`, `poverty`, `inequality`, or `regress`.
    contrasts : dict name -> terms
        A term (1, "P0", {"sex": 1}): coefficient, measure, and its domain; without a domain when there is only one.
    null : float
        Value under the null hypothesis.
    df : float, optional
        Empty = joint degrees of freedom of the domains involved: PSUs less strata with values.

    Returns
    -------
    DataFrame
        contrast, estimate, se, df, t, p (two-sided), lower, upper. t and p are NaN when the standard error is zero.

    Raises
    ------
    ParameterError
        A measure is not there; a domain does not point to one row.
    """
    coefficients = _coefficients(estimates, contrasts)
    values, covariance = estimates.linear_combination(coefficients)
    se = np.sqrt(np.diag(covariance))
    dof = np.array([_df(estimates, c) if df is None else df for c in coefficients], dtype=float)
    content = {"contrast": list(contrasts), "estimate": values}
    return pd.DataFrame(content | t_table(values, se, dof, level, null))


def difference(
    estimates: Estimates,
    first: Mapping[str, object],
    second: Mapping[str, object],
    *,
    measures: Names = None,
    **options: float,
) -> pd.DataFrame:
    """Domain `first` less `second`, one contrast for each measure; `options` and result as in `contrast`."""
    names = estimates.names if measures is None else as_names(measures)
    return contrast(estimates, {m: [(1, m, first), (-1, m, second)] for m in names}, **options)


def joint_test(estimates: Estimates, contrasts: Mapping[str, Sequence[Term]], *, df: float | None = None) -> TestResult:
    """Wald test that all contrasts are zero at once; F = W/k against F(k, df), as ``regTermTest`` in R.

    EstimationError when the contrasts depend on each other.
    """
    coefficients = _coefficients(estimates, contrasts)
    dof = _df(estimates, np.abs(coefficients).sum(axis=0)) if df is None else df
    return wald(*estimates.linear_combination(coefficients), dof)


def t_test(
    design: Design,
    frame: pd.DataFrame,
    variable: str,
    group: str | None = None,
    *,
    subset: Subset = None,
    df: float | None = None,
    **options: float,
) -> pd.DataFrame:
    """Design-based t test: the mean of one sample, or the difference of means of two groups.

    One row, and `options` (null, level), as in `contrast`.

    Parameters
    ----------
    design, frame, subset
        As in `quantile`.
    group : str, optional
        A column with two values (ParameterError otherwise); the difference is the second less the first, in order.
    df : float, optional
        Empty = degrees of freedom of the domain less 1, as ``svyttest`` in R.
    """
    subset = dict(subset or {})
    domain = list(dict.fromkeys([*subset, *as_names(group)]))
    cells = summarise(design, frame, [variable], domain=domain)
    t = estimate(cells, group, subset=subset)
    name, terms = variable, [(1, variable)]
    if group is not None:
        filled = t.domain.loc[t.n[:, 0] > 0, group].tolist()
        if len(filled) != 2:
            raise ParameterError(f"Kolom kelompok '{group}' berisi {len(filled)} nilai, seharusnya dua.")
        terms = [(-1, variable, {group: filled[0]}), (1, variable, {group: filled[1]})]
        name = f"{variable}: {filled[1]} - {filled[0]}"
    return contrast(t, {name: terms}, df=_df(t) - 1 if df is None else df, **options)


def independence_test(
    design: Design, frame: pd.DataFrame, row: str, column: str, *, subset: Subset = None
) -> IndependenceTest:
    """Test of independence of two categorical columns with the Rao-Scott correction (``svychisq`` in R).

    Rows empty in either column are left out; `design`, `frame` and `subset` are as in `quantile`.

    Raises
    ------
    EstimationError
        A column has fewer than two values; too many empty cells.
    """
    frame, subset = design.align(frame), dict(subset or {})
    check_columns(frame, [row, column, *subset])
    (r, r_labels), (c, c_labels) = encode_column(frame[row]), encode_column(frame[column])
    shape = len(r_labels), len(c_labels)
    cell = np.where((r >= 0) & (c >= 0), r * shape[1] + c, np.nan)
    if not np.isfinite(cell).any():
        raise EstimationError(f"Tidak ada baris yang terisi di kolom '{row}' dan '{column}'.")
    data = pd.DataFrame({k: frame[k] for k in [*design.fingerprints, *subset]} | {_CELL: cell, _COUNT: 1.0})
    t = estimate(summarise(design, data, [_COUNT], domain=[_CELL, *subset]), _CELL, kind="total", subset=subset)
    occurring, total = t.domain[_CELL].to_numpy().astype(int), t.values[:, 0]
    p, v = np.zeros(shape[0] * shape[1]), np.zeros((shape[0] * shape[1],) * 2)
    p[occurring] = total / total.sum()
    to_share = (np.eye(len(total)) - p[occurring][:, None]) / total.sum()
    v[np.ix_(occurring, occurring)] = to_share @ t.full_covariance()[:, 0, :, 0] @ to_share.T
    table = pd.DataFrame(p.reshape(shape), index=pd.Index(r_labels, name=row), columns=pd.Index(c_labels, name=column))
    keep_r, keep_c = (table.sum(axis=1) > 0).to_numpy(), (table.sum(axis=0) > 0).to_numpy()
    table = table.loc[keep_r, keep_c]
    if min(table.shape) < 2:
        raise EstimationError(f"Kolom '{row}' atau '{column}' bernilai kurang dari dua, jadi tidak ada yang diuji.")
    kept = np.flatnonzero(np.outer(keep_r, keep_c).ravel())
    n = int(t.n.sum())
    pearson, delta = _design_effects(table.to_numpy(), v[np.ix_(kept, kept)], n)
    return IndependenceTest(table, n, pearson, *_rao_scott(pearson, delta, float(_df(t))))


def wald(values: np.ndarray, covariance: np.ndarray, df: float) -> TestResult:
    """Wald test that all `values` (k,) are zero; F = W/k against F(k, df). A singular covariance is refused."""
    from scipy.special import fdtrc

    k, scale = len(values), np.sqrt(np.diag(covariance))
    correlation = divide(covariance, np.outer(scale, scale))
    if np.isnan(correlation).any() or np.linalg.matrix_rank(correlation) < k:
        raise EstimationError("Uji bersama tidak dapat dihitung: kontrasnya saling bergantung atau galat bakunya nol.")
    f = float(values / scale @ np.linalg.solve(correlation, values / scale)) / k
    return TestResult(f, (k, float(df)), float(fdtrc(k, df, f)) if df > 0 else np.nan)


def _coefficients(estimates: Estimates, contrasts: Mapping[str, Sequence[Term]]) -> np.ndarray:
    """Coefficients (K, D, V)."""
    result = np.zeros((len(contrasts), *estimates.values.shape))
    for k, (name, terms) in enumerate(contrasts.items()):
        for coefficient, measure, *place in terms:
            if measure not in estimates.names:
                raise ParameterError(
                    f"Kontras '{name}': ukuran '{measure}' tidak ada; pilih: {', '.join(estimates.names)}."
                )
            d = _locate(estimates.domain, name, place[0] if place else {})
            result[k, d, estimates.names.index(measure)] += coefficient
    return result


def _locate(table: pd.DataFrame, name: str, place: Mapping[str, object]) -> int:
    check_columns(table, list(place))
    fits = np.ones(len(table), dtype=bool)
    for k, value in place.items():
        fits &= (table[k] == value).to_numpy(dtype=bool)
    if fits.sum() != 1:
        raise ParameterError(
            f"Kontras '{name}': {dict(place)} menunjuk {int(fits.sum())} domain, seharusnya tepat satu; "
            f"kolom domainnya {', '.join(table.columns) or 'tidak ada'}."
        )
    return int(np.flatnonzero(fits)[0])


def _df(estimates: Estimates, coefficients: np.ndarray | None = None) -> int:
    """Joint degrees of freedom of the domains with nonzero coefficients (D, V); empty = all."""
    s, layout = estimates.sums, estimates.sums.layout
    used = np.ones(estimates.values.shape, dtype=bool) if coefficients is None else coefficients != 0
    inside = (s.present[s.x_index] & used.T[:, layout.domain]).any(axis=0)
    psu = np.unique(layout.psu[inside])
    return len(psu) - len(np.unique(layout.design.psu_strata[psu]))


def _design_effects(table: np.ndarray, covariance: np.ndarray, n: int) -> tuple[float, np.ndarray]:
    """Pearson's chi-square and the matrix of design effects of its interactions (Rao and Scott 1984)."""
    expected = np.outer(table.sum(axis=1), table.sum(axis=0))
    pearson = n * float(((table - expected) ** 2 / expected).sum())
    # Basis of the space of interactions: orthogonal to row and column effects.
    bases = [np.linalg.svd(np.ones((1, k)))[2][1:].T for k in table.shape]
    scaled = np.kron(*bases) * divide(1.0, table.ravel())[:, None]
    scaled = np.nan_to_num(scaled)
    simple = scaled.T @ (table.ravel()[:, None] * scaled) / n
    if np.linalg.matrix_rank(simple) < len(simple):
        raise EstimationError("Terlalu banyak sel silang yang kosong; gabungkan kategori lebih dahulu.")
    return pearson, np.linalg.solve(simple, scaled.T @ covariance @ scaled)


def _rao_scott(pearson: float, delta: np.ndarray, df: float) -> tuple[TestResult, TestResult]:
    from scipy.special import chdtrc, fdtrc

    k, trace = len(delta), float(np.trace(delta))
    if trace <= 1e-10 or df <= 0:
        raise EstimationError("Ragam tabel silang nol atau derajat bebasnya nol; uji tidak dapat dihitung.")
    first = pearson * k / trace
    d0 = trace**2 / float(np.trace(delta @ delta))
    f = pearson / trace
    return TestResult(first, (k,), float(chdtrc(k, first))), TestResult(f, (d0, d0 * df), float(fdtrc(d0, d0 * df, f)))
