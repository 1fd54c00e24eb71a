"""Formulas over survey microdata: three-valued logic, and functions over the members of a household.

A missing cell follows Kleene: a comparison with it is unknown, ``false and ?`` is false, ``true or ?`` is true, all
else is unknown; division by zero is unknown. Household functions skip members that are unknown; where all are, so is
the household.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from colformula.errors import FormulaError, Missing
from colformula.language import Function, Language
from colformula.tree import Binary, Call, Compare, In, Logic, Name, Negative, Node, Not, Number, Text

#: English words; ``CODEBOOK.spoken(...)`` gives the same language in other words.
CODEBOOK = Language(
    {
        "filled": Function(("any",), "condition"),
        "certain": Function(("condition",), "condition"),
        "any_member": Function(("condition",), "condition"),
        "count_members": Function(("condition",)),
        "sum_members": Function(("number",)),
        "quantile": Function(("number", "number")),
    },
    {"and": "and", "or": "or", "not": "not", "in": "in"},
    rows=False,
)
_COMPARE = {
    "=": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
#: Quantiles come from sorted data; a share this close counts as reached.
_TINY = 1e-12


@dataclass(frozen=True)
class Values:
    """Value of each row (or one for all), and where it is unknown.

    Attributes
    ----------
    values : ndarray
        bool for a condition; meaningless where unknown.
    missing : ndarray of bool or None
        None = all known.
    """

    values: np.ndarray
    missing: np.ndarray | None = None

    def certain(self) -> np.ndarray:
        """The condition, unknown counted as false."""
        values = np.asarray(self.values, dtype=bool)
        return values if self.missing is None else values & ~self.missing


class Microdata:
    """Evaluates formulas over one file.

    Parameters
    ----------
    columns : mapping of str to array-like (n,)
        Numbers or text; missing NaN or None.
    parameters : mapping of str to float, optional
        Names that are not columns.
    household : ndarray of int64 (n,), optional
        Household of each row, 0..H-1; needed for household functions.
    weights : ndarray (n,), optional
        Needed for ``quantile``.
    quantile_shift : float
        Added to the percent of every ``quantile``: membership if the line were a little higher or lower.
    language : Language, optional
        Its words are used in messages.
    """

    def __init__(
        self,
        columns: Mapping[str, object],
        *,
        parameters: Mapping[str, float] | None = None,
        household: np.ndarray | None = None,
        weights: np.ndarray | None = None,
        quantile_shift: float = 0.0,
        language: Language = CODEBOOK,
    ):
        self._columns, self._parameters = columns, dict(parameters or {})
        self._household, self._weights, self._shift = household, weights, quantile_shift
        self._households = 0 if household is None else int(household.max(initial=-1)) + 1
        self._language = language
        self._known: dict[Node, Values] = {}

    def value(self, node: Node) -> Values:
        """Value of a formula in each row.

        Raises
        ------
        FormulaError
            A name is not there, or a text column is used as a number.
        Missing
            A quantile of nothing.
        """
        match node:
            case Number(text):
                return Values(np.float64(text))
            case Text(value):
                return Values(np.array(value, dtype=object))
            case Name() | Call():
                if node not in self._known:
                    self._known[node] = self._call(node) if isinstance(node, Call) else self._column(node)
                return self._known[node]
            case Not(operand):
                a = self.value(operand)
                return Values(~a.values, a.missing)
            case In(item, choices):
                return self._in(self.value(item), choices, node)
            case Logic(sign, left, right):
                return _kleene(self.value(left), self.value(right), sign == "and")
            case Compare(sign, left, right):
                return self._compare(sign, self.value(left), self.value(right), node)
            case Negative(operand):
                return self._arithmetic("-", Values(np.float64(0)), self.value(operand), node)
            case Binary(sign, left, right):
                return self._arithmetic(sign, self.value(left), self.value(right), node)
        raise FormulaError("Bagian ini tidak dapat dihitung atas data mikro", node.position)

    def _column(self, node: Name) -> Values:
        if node.name in self._parameters:
            return Values(np.float64(self._parameters[node.name]))
        if node.name not in self._columns:
            raise FormulaError(f"Variabel '{node.name}' tidak ada di data")
        column = self._columns[node.name]
        column = column if isinstance(column, pd.Series) else pd.Series(column)
        if pd.api.types.is_numeric_dtype(column.dtype) and not isinstance(column.dtype, pd.CategoricalDtype):
            values = (
                column.to_numpy() if isinstance(column.dtype, np.dtype) else column.to_numpy(float, na_value=np.nan)
            )
            missing = np.isnan(values) if values.dtype.kind == "f" else None
        else:
            values = column.astype(object).to_numpy()
            missing = pd.isna(values)
        return Values(values, missing if missing is not None and missing.any() else None)

    def _compare(self, sign: str, a: Values, b: Values, node: Node) -> Values:
        missing = _either(a.missing, b.missing)
        text = a.values.dtype == object, b.values.dtype == object
        if any(text):
            # a text column without a single value reads as numbers: unknown, not of the wrong kind
            if not all(text) and any(x.missing is not None and np.all(x.missing) for x in (a, b)):
                return Values(np.zeros(np.broadcast_shapes(a.values.shape, b.values.shape), dtype=bool), missing)
            if not all(text):
                raise FormulaError("Teks dibandingkan dengan bilangan; tulis teks di antara tanda kutip ganda")
            if sign not in ("=", "!="):
                raise FormulaError("Teks hanya dapat dibandingkan dengan = atau !=")
        with np.errstate(invalid="ignore"):
            return Values(np.asarray(_COMPARE[sign](a.values, b.values), dtype=bool), missing)

    def _in(self, a: Values, choices: tuple, node: Node) -> Values:
        text = a.values.dtype == object
        if any(isinstance(x, str) != text for x in choices):
            word = self._language.written("in")
            raise FormulaError(f"Isi daftar '{word}' harus sejenis dengan variabelnya: semua teks, atau semua bilangan")
        found = np.zeros(np.shape(a.values), dtype=bool)
        with np.errstate(invalid="ignore"):
            for choice in choices:
                if text:
                    found |= a.values == choice
                else:
                    low, high = map(float, choice)
                    found |= (a.values == high) if low == high else (a.values >= low) & (a.values <= high)
        return Values(found, a.missing)

    def _arithmetic(self, sign: str, a: Values, b: Values, node: Node) -> Values:
        x, y = _number(a), _number(b)
        missing = _either(a.missing, b.missing)
        if sign == "/":
            missing = _either(missing, np.asarray(y == 0) if np.any(y == 0) else None)
            result = np.zeros(np.broadcast_shapes(np.shape(x), np.shape(y)))
            np.divide(x, y, out=result, where=np.broadcast_to(y != 0, result.shape))
            return Values(result, missing)
        return Values(x + y if sign == "+" else x - y if sign == "-" else x * y, missing)

    def _call(self, node: Call) -> Values:
        a = self.value(node.args[0])
        if node.name == "filled":
            return Values(np.ones(np.shape(a.values), dtype=bool) if a.missing is None else ~a.missing)
        if node.name == "certain":
            return Values(a.certain())
        if node.name == "quantile":
            percent = float(_number(self.value(node.args[1])))
            return Values(np.float64(self._quantile(a, percent + self._shift)))
        if self._household is None:
            raise FormulaError(f"Fungsi {self._language.written(node.name)} memerlukan nomor rumah tangga")
        values = np.broadcast_to(_number(a) if node.name == "sum_members" else a.values, self._household.shape)
        counted = values if a.missing is None else np.where(a.missing, 0, values)
        total = np.bincount(self._household, weights=counted.astype(float), minlength=self._households)
        missing = None
        if a.missing is not None:
            known = ~np.broadcast_to(a.missing, self._household.shape)
            missing = (np.bincount(self._household[known], minlength=self._households) == 0)[self._household]
        result = total[self._household]
        return Values(result > 0 if node.name == "any_member" else result, missing)

    def _quantile(self, a: Values, percent: float) -> float:
        word = self._language.written("quantile")
        if not 0 <= percent <= 100:
            raise FormulaError(f"{word}: persen {percent:g} harus dari 0 sampai 100")
        if self._weights is None:
            raise FormulaError(f"Fungsi {word} memerlukan bobot")
        x = np.broadcast_to(_number(a), self._weights.shape)
        used = self._weights > 0 if a.missing is None else (self._weights > 0) & ~a.missing
        if not used.any():
            raise Missing(f"{word}: tidak ada nilai yang terisi")
        x, w = x[used], self._weights[used]
        order = np.argsort(x, kind="stable")
        running = np.cumsum(w[order])
        place = np.searchsorted(running, percent / 100 * running[-1] * (1 - _TINY))
        return x[order][min(place, len(x) - 1)]


def _number(a: Values) -> np.ndarray:
    if a.values.dtype == object:
        raise FormulaError("Kolom berisi teks dipakai dalam hitungan")
    return a.values.astype(float)


def _either(a: np.ndarray | None, b: np.ndarray | None) -> np.ndarray | None:
    if a is None or b is None:
        return b if a is None else a
    return a | b


def _kleene(a: Values, b: Values, conjunction: bool) -> Values:
    values = a.values & b.values if conjunction else a.values | b.values
    if a.missing is None and b.missing is None:
        return Values(values)
    missing_a = np.zeros((), dtype=bool) if a.missing is None else a.missing
    missing_b = np.zeros((), dtype=bool) if b.missing is None else b.missing
    # one side that is surely false (and) or surely true (or) decides, whatever the other is
    decided_a = ~missing_a & (~a.values if conjunction else a.values)
    decided_b = ~missing_b & (~b.values if conjunction else b.values)
    missing = (missing_a | missing_b) & ~decided_a & ~decided_b
    values = np.where(decided_a | decided_b, not conjunction, values)
    return Values(values, missing if missing.any() else None)
