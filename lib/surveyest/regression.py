"""Regresi linear dan logistik berbasis rancangan, dengan matriks model dari rumus (paket formulaic)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType

import numpy as np
import pandas as pd

from surveyest.cells import divide
from surveyest.design import Design
from surveyest.encoding import check_columns, encode_column, numeric_column
from surveyest.errors import EstimationError, ParameterError
from surveyest.estimates import Estimates
from surveyest.intervals import t_quantile
from surveyest.scored import DomainRows, scored_estimates
from surveyest.testing import TestResult, t_p_value, wald

#: Nama di rumus yang bukan fungsi dan bukan nama argumennya.
_VARIABLE = re.compile(r"[^\W\d]\w*(?![\w.])(?!\s*(?:\(|=(?!=)))")
FAMILIES = ("gaussian", "binomial")
#: Sisa kolom terhadap kolom sebelumnya yang dianggap nol, seperti ``lm`` di R.
COLLINEAR_TOLERANCE = 1e-7
_STEPS, _CONVERGED, _UNBOUNDED = 40, 1e-11, 1e6
#: Baris per potongan: larik antaranya tinggal di singgahan prosesor.
_BLOCK_ROWS = 1 << 15


@dataclass(frozen=True)
class Regression:
    """Hasil `regress`.

    Attributes
    ----------
    formula : str
    family : {"gaussian", "binomial"}
    estimates : Estimates
        Satu domain, tiap koefisien satu ukuran; untuk `contrast` beri ``df=regression.df``.
    terms : dict suku -> tuple nama koefisien
    df : int
        Derajat bebas domain + 1 dikurangi banyak koefisien, seperti ``svyglm``.
    n : int
        Baris yang dipakai.
    """

    formula: str
    family: str
    estimates: Estimates
    terms: Mapping[str, tuple[str, ...]]
    df: int
    n: int

    @property
    def coefficients(self) -> pd.Series:
        """Koefisien menurut namanya; "binomial" pada skala logit."""
        return pd.Series(self.estimates.values[0], index=self.estimates.names)

    @property
    def covariance(self) -> pd.DataFrame:
        """Kovarians koefisien."""
        names = self.estimates.names
        return pd.DataFrame(self.estimates.covariance()[0], index=names, columns=names)

    def to_frame(self, *, level: float = 0.95, exponentiate: bool = False) -> pd.DataFrame:
        """Tabel koefisien: coefficient, estimate, se, df, t, p, lower, upper.

        Dengan `exponentiate`, estimate, lower, dan upper menjadi eksponennya (rasio odds); se, t, dan p tetap milik
        koefisiennya.
        """
        b, se = self.estimates.values[0], self.estimates.se[0]
        t = divide(b, se)
        width = t_quantile(level, self.df) * se
        content = {"estimate": b, "se": se, "df": self.df, "t": t, "p": t_p_value(t, self.df)}
        result = pd.DataFrame(
            {"coefficient": self.estimates.names} | content | {"lower": b - width, "upper": b + width}
        )
        if exponentiate:
            columns = ["estimate", "lower", "upper"]
            result[columns] = np.exp(result[columns])
        return result

    def test(self, *terms: str) -> TestResult:
        """Uji Wald bahwa semua koefisien suku-suku itu nol (``regTermTest`` di R).

        Raises
        ------
        ParameterError
            Suku tidak ada di rumus.
        """
        unknown = [t for t in terms if t not in self.terms]
        if unknown or not terms:
            raise ParameterError(f"Suku '{', '.join(unknown)}' tidak ada di rumus; pilih: {', '.join(self.terms)}.")
        names = [c for t in terms for c in self.terms[t]]
        return wald(self.coefficients[names].to_numpy(), self.covariance.loc[names, names].to_numpy(), self.df)


def regress(
    design: Design,
    frame: pd.DataFrame,
    formula: str,
    *,
    family: str = "gaussian",
    subset: Mapping[str, object] | None = None,
) -> Regression:
    """Regresi dengan galat baku rancangan.

    Parameters
    ----------
    design, frame
        Seperti `summarise`: seluruh baris, tidak disaring.
    formula : str
        Rumus Wilkinson: "i1 ~ umur + C(provinsi) + umur:C(kelamin)". Kolom teks adalah kategori; kolom bilangan
        menjadi kategori dengan C(). Nilai pertama menurut urutan menjadi pembanding. Rumus dapat memanggil fungsi
        (log, I, np): jangan jalankan rumus dari orang yang tidak dipercaya.
    family : {"gaussian", "binomial"}
        Linear, atau logistik (``quasibinomial`` di R) dengan keluaran 0 sampai 1.
    subset : dict kolom -> nilai atau daftar nilai, optional
        Subpopulasi: yang di luarnya berbobot nol, tetapi PSU-nya tetap dihitung dalam ragam.

    Returns
    -------
    Regression

    Raises
    ------
    ParameterError
        Paket formulaic tidak terpasang; rumus atau kolomnya salah; keluaran bukan satu kolom bilangan.
    EstimationError
        Kolom model saling bergantung (R membuang salah satunya; di sini disebut namanya); keluaran terpisah
        sempurna; baris terlalu sedikit.

    Notes
    -----
    Koefisien memaksimumkan log-kebolehjadian semu berbobot; ragamnya linearisasi persamaan taksirannya (Binder, 1983):
    A⁻¹ V(jumlah w x (y - mu)) A⁻¹ dengan A = jumlah w v x x'. Baris yang kosong di salah satu kolom rumus tidak ikut.
    """
    if family not in FAMILIES:
        raise ParameterError(f"Keluarga '{family}' tidak dikenal; pilih: {', '.join(FAMILIES)}.")
    formulaic = _import_formulaic()
    parsed, needed = _parse(formulaic, formula)
    sample = DomainRows.read(design, frame, None, subset, needed=needed)
    # formulaic tidak menyebut kolom di dalam poly(), bs(), dan scale() sebagai keperluan.
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
    """Skor persamaan taksiran tiap koefisien, dihitung sekolom demi sekolom."""

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
    """Rumus yang sudah diurai, dan kolom yang pasti diperlukannya."""
    try:
        parsed = formulaic.Formula(formula)
        needed = sorted(str(v) for v in parsed.required_variables)
    except formulaic.errors.FormulaicError as e:
        raise ParameterError(f"Rumus '{formula}' tidak dapat dibaca: {_first_sentence(e)}") from e
    if not hasattr(parsed, "lhs") or isinstance(parsed.rhs, tuple):
        raise ParameterError(f"Rumus '{formula}' harus berbentuk 'keluaran ~ suku + suku'.")
    return parsed, needed


def _prepare(sample: DomainRows, needed: Sequence[str]) -> pd.DataFrame:
    """Kolom rumus pada baris yang ikut dan terisi; indeksnya nomor baris sampel."""
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
    """Keluaran (m,), matriks model (m, k), dan nama kolom tiap suku."""
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
    """Matriks (k, k) yang membuat kolom x ortonormal menurut w, supaya angka penting tidak hilang.

    Raises
    ------
    EstimationError
        Ada kolom yang nol atau kombinasi linear kolom sebelumnya.
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
    """Koefisien, sisa y - mu, dan A⁻¹ pada basis ortonormal, dengan langkah Newton."""
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
    # Informasi yang lenyap dibandingkan dengan titik awal: koefisiennya lari ke tak hingga.
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
