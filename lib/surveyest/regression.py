"""Design-based linear and logistic regression, with model matrices from formulas (package formulaic)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pandas as pd

from surveyest.cells import divide
from surveyest.design import Design
from surveyest.estimates import Estimates, t_table
from surveyest.inputs import (
    EstimationError,
    ParameterError,
    Subset,
    check_choice,
    check_columns,
    encode_column,
    numeric_column,
)
from surveyest.scored import DomainRows, scored_estimates
from surveyest.testing import TestResult, wald

#: Names in a formula that are no function and no keyword argument.
_VARIABLE = re.compile(r"[^\W\d]\w*(?![\w.])(?!\s*(?:\(|=(?!=)))")
FAMILIES = ("gaussian", "binomial")
#: Remainder of a column beside earlier ones that counts as zero, as ``lm`` in R.
COLLINEAR_TOLERANCE = 1e-7
_STEPS, _CONVERGED, _UNBOUNDED = 40, 1e-11, 1e6
#: Rows of a chunk: intermediate arrays stay in the processor's cache.
_BLOCK_ROWS = 1 << 15


@dataclass(frozen=True)
class Regression:
    """Result of `regress`.

    Attributes
    ----------
    formula : str
    family : {"gaussian", "binomial"}
    estimates : Estimates
        One domain, each coefficient a measure; for `contrast` give ``df=regression.df``.
    terms : dict term -> tuple of names of coefficients
    df : int
        Degrees of freedom of the domain + 1 less the number of coefficients, as ``svyglm``.
    n : int
        Rows used.
    """

    formula: str
    family: str
    estimates: Estimates
    terms: Mapping[str, tuple[str, ...]]
    df: int
    n: int

    @property
    def coefficients(self) -> pd.Series:
        """Coefficients by name; "binomial" on the logit scale."""
        return pd.Series(self.estimates.values[0], index=self.estimates.names)

    @property
    def covariance(self) -> pd.DataFrame:
        """Covariance of the coefficients."""
        names = self.estimates.names
        return pd.DataFrame(self.estimates.covariance()[0], index=names, columns=names)

    def to_frame(self, *, level: float = 0.95, exponentiate: bool = False) -> pd.DataFrame:
        """Table of coefficients: coefficient, estimate, se, df, t, p, lower, upper.

        With `exponentiate`, estimate, lower and upper are exponentiated (odds ratios); se, t and p remain those of the
        coefficients.
        """
        b, se = self.estimates.values[0], self.estimates.se[0]
        content = {"estimate": b} | t_table(b, se, self.df, level)
        if exponentiate:
            content |= {k: np.exp(content[k]) for k in ("estimate", "lower", "upper")}
        return pd.DataFrame({"coefficient": self.estimates.names} | content)

    def test(self, *terms: str) -> TestResult:
        """Wald test that all coefficients of these terms are zero (``regTermTest`` in R)."""
        unknown = [t for t in terms if t not in self.terms]
        if unknown or not terms:
            raise ParameterError(f"Suku '{', '.join(unknown)}' tidak ada di rumus; pilih: {', '.join(self.terms)}.")
        names = [c for t in terms for c in self.terms[t]]
        return wald(self.coefficients[names].to_numpy(), self.covariance.loc[names, names].to_numpy(), self.df)


def regress(
    design: Design, frame: pd.DataFrame, formula: str, *, family: str = "gaussian", subset: Subset = None
) -> Regression:
    """Regression with design-based standard errors.

    Coefficients maximise the weighted pseudo-log-likelihood; their variance linearises the estimating equations (Binder
    1983): A⁻¹ V(sum w x (y - mu)) A⁻¹ with A = sum w v x x'. Rows empty in any column of the formula are left out.

    Parameters
    ----------
    design, frame
        As in `summarise`: all rows, not filtered.
    formula : str
        Wilkinson formula: "i1 ~ age + C(province) + age:C(sex)". Text columns are categories; numeric columns become
        categories with C(). The first value in order is the reference. Formulas can call functions (log, I, np): do not
        run formulas of people you do not trust.
    family : {"gaussian", "binomial"}
        Linear, or logistic (``quasibinomial`` in R) with an outcome from 0 to 1.
    subset : dict column -> value or list of values, optional
        Subpopulation: rows outside have weight zero, but their PSUs still count in the variance.

    Raises
    ------
    ParameterError
        The package formulaic is not installed; a wrong formula or column; an outcome that is not one numeric column.
    EstimationError
        Model columns depend on each other (R drops one; here it is named); perfectly separated outcomes; too few rows.
    """
    check_choice("Keluarga", family, FAMILIES)
    formulaic = _import_formulaic()
    parsed, needed = _parse(formulaic, formula)
    sample = DomainRows.read(design, frame, None, subset, needed=needed)
    # formulaic does not list columns inside poly(), bs() and scale() as required.
    words = set(_VARIABLE.findall(formula))
    data = _prepare(sample, sorted({*needed, *(k for k in sample.frame.columns if k in words)}))
    if data.empty:
        raise EstimationError("Tidak ada baris yang terisi di semua kolom rumus.")
    y, x, terms = _matrices(formulaic, parsed, formula, data)
    if family == "binomial" and not ((y >= 0) & (y <= 1)).all():
        raise ParameterError("Keluaran regresi logistik harus 0 sampai 1.")
    rows, names = data.index.to_numpy(), tuple(c for t in terms.values() for c in t)
    w = design.weights[rows]
    if np.ptp(y) == 0 and family == "binomial":
        raise EstimationError("Keluaran regresi logistik sama di semua baris.")
    basis = _basis(x, w, names)
    b, residual, inverse = _fit(y, x, w, family, basis, names)
    scores = _Scores(x, w * residual)
    estimates = scored_estimates(sample, names, (basis @ b)[None], rows, scores, combine=basis @ inverse @ basis.T)
    return Regression(formula, family, estimates, terms, int(estimates.df[0, 0]) + 1 - len(names), len(rows))


@dataclass(frozen=True)
class _Scores:
    """Scores of the estimating equation of each coefficient, computed column by column."""

    x: np.ndarray
    residual: np.ndarray

    def __iter__(self) -> Iterator[np.ndarray]:
        return (self.x[:, j] * self.residual for j in range(self.x.shape[1]))


def _import_formulaic() -> ModuleType:
    try:
        import formulaic
        import formulaic.errors
    except ImportError as e:
        raise ParameterError("Regresi memerlukan paket formulaic; pasang dengan: pip install formulaic.") from e
    return formulaic


def _parse(formulaic: ModuleType, formula: str) -> tuple[object, list[str]]:
    """Parsed formula, and the columns it certainly needs."""
    try:
        parsed = formulaic.Formula(formula)
        needed = sorted(str(v) for v in parsed.required_variables)
    except formulaic.errors.FormulaicError as e:
        raise ParameterError(f"Rumus '{formula}' tidak dapat dibaca: {_first_sentence(e)}") from e
    if not hasattr(parsed, "lhs") or isinstance(parsed.rhs, tuple):
        raise ParameterError(f"Rumus '{formula}' harus berbentuk 'keluaran ~ suku + suku'.")
    return parsed, needed


def _prepare(sample: DomainRows, needed: Sequence[str]) -> pd.DataFrame:
    """Columns of the formula for the rows that take part and have values; the index numbers the rows of the sample."""
    check_columns(sample.frame, needed)
    rows = np.flatnonzero((sample.codes >= 0) & (sample.design.weights > 0))
    content = {}
    for k in needed:
        column = sample.frame[k]
        if pd.api.types.is_numeric_dtype(column.dtype) or pd.api.types.is_bool_dtype(column.dtype):
            values = numeric_column(column, k)[rows]
            whole = isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu"
            content[k] = values.astype(np.int64) if whole else values
        else:
            codes, labels = encode_column(column)
            content[k] = pd.Categorical.from_codes(codes[rows], labels)
    data = pd.DataFrame(content, index=rows).dropna()
    for k in data.columns:
        if isinstance(data[k].dtype, pd.CategoricalDtype):
            data[k] = data[k].cat.remove_unused_categories()
    return data


def _matrices(
    formulaic: ModuleType, parsed: object, formula: str, data: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray, dict[str, tuple[str, ...]]]:
    """Outcome (m,), model matrix (m, k), and names of the columns of each term."""
    try:
        with np.errstate(all="ignore"):
            matrices = parsed.get_model_matrix(data, context={}, na_action="ignore", output="numpy")
    except (formulaic.errors.FormulaicError, ValueError, TypeError) as e:
        raise ParameterError(f"Rumus '{formula}' tidak dapat dihitung: {_first_sentence(e)}") from e
    if matrices.lhs.shape[1] != 1:
        raise ParameterError(f"Keluaran rumus '{formula}' harus satu kolom bilangan.")
    spec = matrices.rhs.model_spec
    empty = [str(t) for t, j in spec.term_slices.items() if j.start == j.stop]
    if empty or not spec.column_names:
        raise EstimationError(f"Suku {', '.join(empty) or formula} tidak memberi kolom: nilainya hanya satu macam.")
    y, x = np.asarray(matrices.lhs, dtype=float)[:, 0], np.asarray(matrices.rhs, dtype=float)
    wrong = [n for n, j in zip(spec.column_names, range(x.shape[1]), strict=True) if not np.isfinite(x[:, j]).all()]
    if wrong or not np.isfinite(y).all():
        raise EstimationError(
            f"Rumus menghasilkan nilai tak hingga atau tak terdefinisi di '{(wrong or ['keluaran'])[0]}'."
        )
    return y, x, {str(t): tuple(spec.column_names[s]) for t, s in spec.term_slices.items()}


def _basis(x: np.ndarray, w: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Matrix (k, k) that makes the columns of x orthonormal under w, so that no digits are lost.

    Raises
    ------
    EstimationError
        A column is zero, or a linear combination of earlier ones.
    """
    length = np.sqrt(np.einsum("i,ij,ij->j", w, x, x))
    inverse_length = np.nan_to_num(divide(1.0, length))
    parts = [np.linalg.qr(x[i] * inverse_length * np.sqrt(w[i])[:, None], mode="r") for i in _blocks(len(x))]
    r = np.linalg.qr(np.concatenate(parts), mode="r")
    rest = np.zeros(len(names))
    rest[: len(r)] = np.abs(np.diag(r))
    dependent = [n for n, d, a in zip(names, rest, length, strict=True) if a == 0 or d <= COLLINEAR_TOLERANCE]
    if dependent:
        raise EstimationError(
            f"Kolom model {', '.join(dependent[:5])}{', ...' * (len(dependent) > 5)} nol atau kombinasi linear kolom "
            "sebelumnya; keluarkan dari rumus atau gabungkan kategorinya."
        )
    return np.linalg.inv(r) * inverse_length[:, None]


def _fit(
    y: np.ndarray, x: np.ndarray, w: np.ndarray, family: str, basis: np.ndarray, names: Sequence[str]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Coefficients, residuals y - mu, and A⁻¹ on the orthonormal basis, by Newton steps."""
    from scipy.special import expit

    k = x.shape[1]
    b, residual, start, inverse, converged = np.zeros(k), np.empty(len(y)), None, None, False
    for _ in range(_STEPS):
        information, gradient = np.zeros((k, k)), np.zeros(k)
        for i in _blocks(len(y)):
            z = x[i] @ basis
            mu = z @ b if family == "gaussian" else expit(z @ b)
            slope = w[i] if family == "gaussian" else w[i] * mu * (1 - mu)
            residual[i] = y[i] - mu
            information += (z * slope[:, None]).T @ z
            gradient += z.T @ (w[i] * residual[i])
        try:
            inverse = np.linalg.inv(information)
        except np.linalg.LinAlgError:
            break
        start = inverse if start is None else start
        step = inverse @ gradient
        b = b + step
        if np.abs(step).max() <= _CONVERGED * np.abs(b).max():
            converged = True
            break
    # Information that has vanished compared with the starting point: coefficients run to infinity.
    growth = np.diag(basis @ inverse @ basis.T) / np.diag(basis @ start @ basis.T)
    unbounded = [n for n, g in zip(names, growth, strict=True) if not 0 < g < _UNBOUNDED]
    if family == "binomial" and (unbounded or not converged):
        listing = ", ".join((unbounded or names)[:5])
        raise EstimationError(
            f"Keluaran terpisah sempurna: koefisien {listing} membesar tanpa batas, misalnya karena satu kelompok "
            "seluruhnya 0 atau seluruhnya 1; gabungkan kategorinya atau keluarkan sukunya."
        )
    return b, residual, inverse


def _first_sentence(error: Exception) -> str:
    return str(error).splitlines()[0].split(". ")[0]


def _blocks(count: int) -> Iterator[slice]:
    return (slice(i, i + _BLOCK_ROWS) for i in range(0, count, _BLOCK_ROWS))
