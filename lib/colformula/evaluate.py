"""Tree -> value. One walk serves Python numbers, exact fractions and whole columns: the scope brings the values."""

from __future__ import annotations

import math
import operator
import statistics
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from colformula.tree import Binary, Call, Compare, FormulaError, Missing, Name, Negative, Node, Number, Pick, Ref, Text

#: Functions that point at another row; for the scope they are leaves like a name.
ROW_FUNCTIONS = ("previous", "first", "last")
_COMPARE = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
#: Decimals that a binary fraction keeps before it is rounded up or down: 0.29 * 100 stays 29.
_STEADY = 9


def is_leaf(node: Node) -> bool:
    """Whether the scope, not the evaluator, knows the value."""
    return isinstance(node, Name | Pick | Ref) or (isinstance(node, Call) and node.name in ROW_FUNCTIONS)


class Scope:
    """Where a formula finds its values.

    ``exact``: numbers are fractions, otherwise int and float. ``forms``: functions of the host, name -> ``f(args,
    scope)`` over the argument nodes.
    """

    exact = False
    forms: dict[str, Callable[[tuple[Node, ...], Scope], Any]] = {}

    def one(self, leaf: Node) -> Any:
        """Value of a leaf; :class:`Missing` when there is none."""
        raise FormulaError(f"{type(leaf).__name__} tidak dikenal di sini", leaf.position)

    def many(self, leaf: Node) -> list[Any]:
        """All values of a leaf inside sum, mean, ...; never empty."""
        return [self.one(leaf)]


def evaluate(node: Node, scope: Scope) -> Any:
    """Value of a formula: what the scope's values give; a Series divided by zero is missing there.

    Raises
    ------
    Missing
        A value is not there.
    ZeroDivisionError
        A single number is divided by zero.
    FormulaError
        The scope does not know a name.
    """
    if is_leaf(node):
        return scope.one(node)
    match node:
        case Number():
            return node.exact if scope.exact else _plain(node.exact)
        case Text(value):
            return value
        case Negative(operand):
            return 0 - evaluate(operand, scope)
        case Binary(sign, left, right):
            return _arithmetic(sign, evaluate(left, scope), evaluate(right, scope))
        case Compare(sign, left, right):
            return _COMPARE[sign](evaluate(left, scope), evaluate(right, scope))
        case Call(name, args) if name in scope.forms:
            return scope.forms[name](args, scope)
        case Call(name, args) if name in _ELEMENTWISE:
            return _exactly(_each(_ELEMENTWISE[name], *(evaluate(x, scope) for x in args)), scope)
        case Call(name, args) if name in _SUMMARY:
            return _exactly(_summary(name, args, scope), scope)
    raise FormulaError("Bagian ini tidak dapat dihitung di sini", node.position)


def series(node: Node, scope: Scope) -> list[Any]:
    """Values of an argument of sum, mean, count, ..., one by one.

    Arithmetic, comparison and rounding go value by value; a single number stands beside each.
    """
    if is_leaf(node):
        return scope.many(node)
    match node:
        case Call("list", args):
            return [value for x in args for value in series(x, scope)]
        case Call("largest", (values, number)):
            return sorted(series(values, scope), reverse=True)[: int(evaluate(number, scope))]
        case Call(name, args) if name in _ELEMENTWISE:
            parts = [series(x, scope) for x in args]
            return [_ELEMENTWISE[name](*row) for row in _aligned(parts, node)]
        case Compare(sign, left, right):
            return [_COMPARE[sign](*row) for row in _aligned([series(x, scope) for x in (left, right)], node)]
        case Binary(sign, left, right):
            return [_arithmetic(sign, *row) for row in _aligned([series(x, scope) for x in (left, right)], node)]
    return [evaluate(node, scope)]


def _aligned(parts: list[list[Any]], node: Node) -> list[tuple[Any, ...]]:
    length = max(map(len, parts))
    if any(len(x) not in (1, length) for x in parts):
        raise FormulaError("Deret yang dipasangkan tidak sama banyaknya", node.position)
    return list(zip(*(x * length if len(x) == 1 else x for x in parts), strict=True))


def _summary(name: str, args: tuple[Node, ...], scope: Scope) -> Any:
    values = series(args[0], scope) if len(args) == 1 else [evaluate(x, scope) for x in args]
    columns = [x for x in values if isinstance(x, pd.Series)]
    if columns and name in ("min", "max"):
        index = columns[0].index
        wide = [x if isinstance(x, pd.Series) else pd.Series(x, index=index) for x in values]
        return pd.concat(wide, axis=1).agg(name, axis=1, skipna=False)
    if columns and name not in ("sum", "mean"):
        raise FormulaError(f"{name} atas beberapa kolom sekaligus tidak dikenal", args[0].position)
    return _SUMMARY[name](values)


def _exactly(value: Any, scope: Scope) -> Any:
    return Fraction(value) if scope.exact and isinstance(value, int) else value


def _arithmetic(sign: str, a: Any, b: Any) -> Any:
    if not (isinstance(a, pd.Series) or isinstance(b, pd.Series)):
        if isinstance(a, str) or isinstance(b, str):
            raise Missing(f"teks '{a if isinstance(a, str) else b}' dipakai dalam hitungan")
        return _PLAIN[sign](a, b)
    if sign == "/":
        divisor = b.mask(b == 0) if isinstance(b, pd.Series) else (b if b else math.nan)
        return a / divisor
    if sign == "*" and _overflows(a, b):
        return a * 1.0 * b
    return _PLAIN[sign](a, b)


_PLAIN = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def _overflows(a: Any, b: Any) -> bool:
    """Whether whole numbers multiply to more than 64 bits, where numpy wraps around without a word."""
    largest = [pd.Series(x, dtype=float).abs().fillna(0).max() for x in (a, b)]
    return float(largest[0]) * float(largest[1]) >= float(2**63)


def _plain(x: Fraction) -> int | float:
    return x.numerator if x.denominator == 1 else float(x)


def _each(function: Callable[..., Any], *values: Any) -> Any:
    if isinstance(values[0], pd.Series):
        return values[0].map(lambda x: math.nan if pd.isna(x) else function(x, *values[1:]))
    return function(*values)


def round_half_away(x: Any, places: Any = 0) -> Any:
    """Round half away from zero: exactly for a fraction, by its shortest decimal writing for a float."""
    if isinstance(x, float):
        # binary tails such as 2.675 = 2.67499999... are written 2.675, and people round what is written
        return float(round_half_away(Fraction(repr(float(x))), places)) if math.isfinite(x) else x
    scale = Fraction(10) ** int(places)
    size = (abs(Fraction(x)) * scale * 2 + 1) // 2
    result = (size if x >= 0 else -size) / scale
    return result if isinstance(x, Fraction) else _plain(result)


def _steady(x: Any) -> Any:
    return x if isinstance(x, Fraction) else round(x, _STEADY)


def _nearest_share(percent: Any, number: Any) -> Any:
    return 100 * round_half_away(percent * number / 100) / number


_ELEMENTWISE: dict[str, Callable[..., Any]] = {
    "round": round_half_away,
    "ceil": lambda x: math.ceil(_steady(x)),
    "floor": lambda x: math.floor(_steady(x)),
    "at_most": lambda x, limit: min(x, limit),
    "nearest_share": _nearest_share,
}
_SUMMARY: dict[str, Callable[[list[Any]], Any]] = {
    "sum": sum,
    "mean": lambda x: sum(x) / len(x),
    "median": statistics.median,
    "min": min,
    "max": max,
    "count": lambda x: sum(bool(y) for y in x) if all(isinstance(y, bool | np.bool_) for y in x) else len(x),
}
