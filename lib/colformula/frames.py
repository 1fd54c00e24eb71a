"""Formulas over data frames: one row at a time, or a new column at once with its formula kept in ``attrs``."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from colformula.evaluate import Scope, evaluate
from colformula.parser import parse
from colformula.sentence import Words, write
from colformula.tree import Call, FormulaError, Missing, Name, Node, Pick, Ref, Text, walk

FORMULAS, TOTALS, IDS = "formulas", "totals", "ids"


class RowScope(Scope):
    """One row (number from 0) of a frame; sum, mean, ... leave out rows that are ``totals`` unless the formula says
    ``all``."""

    def __init__(self, frame: pd.DataFrame, row: int, totals: Sequence[bool] | None = None):
        self.frame, self.row = frame, row
        self.totals = [False] * len(frame) if totals is None else list(totals)

    def column(self, leaf: Node) -> str:
        """Column that a leaf (not a raw id) reads."""
        name = leaf.args[0].name if isinstance(leaf, Call) else leaf.column if isinstance(leaf, Pick) else leaf.name
        if name not in self.frame.columns:
            raise Missing(name)
        return name

    def cell(self, column: str, row: int | None = None) -> Any:
        """Plain Python value of a cell; None when missing."""
        if column not in self.frame.columns:
            raise Missing(column)
        # iat, not self.frame[column]: a column on its own carries a deep copy of the attributes of its frame
        return plain(self.frame.iat[self.row if row is None else row, self.frame.columns.get_loc(column)])

    def rows(self, leaf: Node, many: bool) -> list[int]:
        """Numbers of the rows that a leaf reads."""
        name, every = self.column(leaf), range(len(self.frame))
        if isinstance(leaf, Call):
            found = [x for x in every if x < self.row][-1:] if leaf.name == "previous" else list(every)
            found = found[:1] if leaf.name == "first" else found[-1:]
        elif isinstance(leaf, Name) and not many:
            found = [self.row]
        else:
            selectors = leaf.selectors if isinstance(leaf, Pick) else ()
            kinds = {x.kind for x in selectors}
            found = [x for x in every if "all" in kinds or not (many and self.totals[x])]
            for selector in selectors:
                found = self._selected(selector, found)
        if not found:
            raise Missing(name)
        return found

    def _selected(self, selector: Any, found: list[int]) -> list[int]:
        match selector.kind:
            case "all":
                return found
            case "upto":
                return [x for x in found if x <= self.row]
            case "key":
                return [x for x in found if str(self.frame.index[x]) == selector.value.value]
            case "same":
                wanted = self.cell(selector.column)
            case _:
                value = selector.value
                wanted = value.value if isinstance(value, Text) else self.cell(value.name)
        column = self.frame[selector.column] if selector.column in self.frame.columns else ()
        fitting = {n for n, x in enumerate(column) if str(plain(x)) == str(wanted)}
        return [x for x in found if x in fitting]

    def one(self, leaf: Node) -> Any:
        values = self.values(leaf, False)
        if values[0] is None or any(x != values[0] for x in values):
            raise Missing(self.label(leaf))
        return values[0]

    def many(self, leaf: Node) -> list[Any]:
        values = [x for x in self.values(leaf, True) if x is not None]
        if not values:
            raise Missing(self.label(leaf))
        return values

    def values(self, leaf: Node, many: bool) -> list[Any]:
        """Values of a leaf, missing ones as None. Hosts that know raw ids extend this."""
        if isinstance(leaf, Ref):
            raise FormulaError(f"Id [{leaf.path}] tidak dapat dicari di sini", leaf.position)
        column = self.column(leaf)
        return [self.cell(column, x) for x in self.rows(leaf, many)]

    def label(self, leaf: Node) -> str:
        return leaf.path if isinstance(leaf, Ref) else self.column(leaf)


class _FrameScope(Scope):
    """Whole columns. What depends on the row (``x[group]``) is looked up row by row."""

    def __init__(self, frame: pd.DataFrame):
        self.frame, self.totals = frame, _totals(frame)

    def _known(self, leaf: Node) -> str:
        if isinstance(leaf, Ref):
            raise FormulaError(f"Id [{leaf.path}] tidak dapat dicari di sini", leaf.position)
        name = leaf.args[0].name if isinstance(leaf, Call) else leaf.column if isinstance(leaf, Pick) else leaf.name
        if name not in self.frame.columns:
            close = difflib.get_close_matches(name, map(str, self.frame.columns), 3)
            hint = f"; yang mirip: {', '.join(close)}" if close else ""
            there = ", ".join(map(str, self.frame.columns))
            raise FormulaError(f"Kolom '{name}' tidak ada{hint}; kolom yang ada: {there}", leaf.position)
        return name

    def one(self, leaf: Node) -> Any:
        name = self._known(leaf)
        if isinstance(leaf, Name):
            column = self.frame[name]
            arrow = isinstance(column.dtype, pd.ArrowDtype) and column.dtype.kind in "iu"
            return column.astype("int64") if arrow else column
        if isinstance(leaf, Pick) and all(x.kind == "key" for x in leaf.selectors):
            return self._by_key(leaf)
        return self._row_by_row(lambda scope: scope.one(leaf))

    def _by_key(self, leaf: Pick) -> Any:
        try:
            return RowScope(self.frame, 0).one(leaf)
        except Missing:
            key = leaf.selectors[0].value.value
            keys = ", ".join(map(str, self.frame.index[:12]))
            if key in map(str, self.frame.index):
                return math.nan
            raise FormulaError(f'Baris "{key}" tidak ada; kunci yang ada: {keys}', leaf.position) from None

    def many(self, leaf: Node) -> list[Any]:
        self._known(leaf)
        if isinstance(leaf, Pick) and any(x.kind in ("same", "upto", "equals") for x in leaf.selectors):
            raise _ByRow
        try:
            return RowScope(self.frame, 0, self.totals).many(leaf)
        except Missing:
            return [math.nan]

    def _row_by_row(self, value: Any) -> pd.Series:
        found = []
        for row in range(len(self.frame)):
            try:
                found.append(value(RowScope(self.frame, row, self.totals)))
            except (Missing, ZeroDivisionError):
                found.append(math.nan)
        return pd.Series(found, index=self.frame.index)


class _ByRow(Exception):
    """The summary differs by row."""


def derive(frame: pd.DataFrame, **formulas: str | Mapping[str, str]) -> pd.DataFrame:
    """A copy of the frame with new columns by formula; the formulas stay in ``attrs["formulas"]``.

    Parameters
    ----------
    frame : pandas.DataFrame
        ``attrs["totals"]`` may name the rows (by index label) that are totals, or a boolean column that says so; sum,
        mean, ... leave them out.
    **formulas : str or mapping of str to str
        Column -> formula, or one formula per index label (``"*"`` for the rest) where the rule differs by row. A later
        formula may use an earlier column.

    Raises
    ------
    FormulaError
        A formula is not valid, or names a column or row that is not there.
    """
    result = frame.copy()
    result.attrs = {**frame.attrs, FORMULAS: {**frame.attrs.get(FORMULAS, {}), **formulas}}
    for name, formula in formulas.items():
        result[name] = _column(parse(formula), result) if isinstance(formula, str) else _by_label(formula, result)
    return result


def _column(tree: Node, frame: pd.DataFrame) -> Any:
    scope = _FrameScope(frame)
    try:
        return evaluate(tree, scope)
    except _ByRow:
        for leaf in walk(tree):
            if isinstance(leaf, Name | Pick):
                scope._known(leaf)
        return scope._row_by_row(lambda row: evaluate(tree, row))


def _by_label(rules: Mapping[str, str], frame: pd.DataFrame) -> pd.Series:
    unknown = [x for x in rules if x != "*" and x not in map(str, frame.index)]
    if unknown:
        raise FormulaError(f'Baris "{unknown[0]}" tidak ada; kunci yang ada: {", ".join(map(str, frame.index[:12]))}')
    columns = {label: _column(parse(rule), frame) for label, rule in rules.items()}
    chosen = [columns.get(str(x), columns.get("*", math.nan)) for x in frame.index]
    values = [x.iloc[row] if isinstance(x, pd.Series) else x for row, x in enumerate(chosen)]
    return pd.Series(values, index=frame.index)


def explain(
    frame: pd.DataFrame, column: str, label: Any, words: Words | None = None, number: Any = str
) -> list[str] | None:
    """How a derived cell comes about: the formula with its numbers and result, then each input with its id.

    None when the column has no formula, or when the formula no longer gives the cell (rows were dropped, say).

    Parameters
    ----------
    frame : pandas.DataFrame
        Made by :func:`derive`; ``attrs["ids"]`` may hold column -> {index label: id}.
    label : object
        Index label of the row.
    number : callable, optional
        Number -> text.
    """
    rule = frame.attrs.get(FORMULAS, {}).get(column)
    if isinstance(rule, Mapping):
        rule = rule.get(str(label), rule.get("*"))
    if rule is None:
        return None
    row = list(frame.index).index(label)
    scope, tree = _Told(frame, row, number), parse(rule)
    try:
        value, cell = evaluate(tree, scope), plain(frame[column].iloc[row])
        if cell is None or not math.isclose(value, cell, rel_tol=1e-9, abs_tol=1e-9):
            return None
        return [f"{write(tree, scope, words or Words())} = {number(cell)}", *scope.inputs]
    except (Missing, ZeroDivisionError, FormulaError):
        return None


class _Told(RowScope):
    """A row that says its values and remembers where each came from."""

    def __init__(self, frame: pd.DataFrame, row: int, number: Any):
        super().__init__(frame, row, _totals(frame))
        self._number, self.inputs = number, {}

    def say(self, leaf: Node, many: bool) -> list[str]:
        said, column = [], self.column(leaf)
        ids = self.frame.attrs.get(IDS, {}).get(column, {})
        for row, value in zip(self.rows(leaf, many), self.values(leaf, many), strict=True):
            if value is None:
                continue
            said.append(self._number(value))
            source = ids.get(self.frame.index[row])
            if source is not None:
                self.inputs[f"{source}: {self._number(value)}"] = None
        return said


def _totals(frame: pd.DataFrame) -> list[bool]:
    totals = frame.attrs.get(TOTALS, ())
    if isinstance(totals, str):
        return list(frame[totals].astype(bool))
    return [x in totals for x in frame.index]


def plain(value: Any) -> Any:
    """Python value of a cell; None when it is missing."""
    if value is None or value is pd.NA or (not isinstance(value, str) and pd.isna(value)):
        return None
    return value.item() if hasattr(value, "item") else value
