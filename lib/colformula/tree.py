"""The tree of a formula, the patterns of the ids it names, and what can go wrong with it.

Nodes are equal when they say the same; their place in the text does not count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import lru_cache

#: Binding strength, weakest first; a function call, a name and a number bind strongest.
STRENGTH = {"compare": 1, "+": 2, "-": 2, "*": 3, "/": 3, "negative": 4, "atom": 5}


class FormulaError(ValueError):
    """The text is not a formula, or names what is not there: ``message``, one sentence without its full stop, and
    ``position``, the character of the formula counted from 1 (or None)."""

    def __init__(self, message: str, position: int | None = None):
        self.message, self.position = message, position
        super().__init__(f"{message} (huruf ke-{position})." if position else f"{message}.")


class Missing(LookupError):
    """A value that the formula needs is not there; the result is not available."""


@dataclass(frozen=True)
class Node:
    """Base of all nodes; ``position`` is the character (from 1) where the node starts."""

    position: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True)
class Number(Node):
    text: str

    @property
    def exact(self) -> Fraction:
        return Fraction(self.text)


@dataclass(frozen=True)
class Text(Node):
    value: str


@dataclass(frozen=True)
class Name(Node):
    """A column, or a parameter."""

    name: str


@dataclass(frozen=True)
class Ref(Node):
    """Raw numbers by id: ``[table/key/...]``; what an id looks like is the host's business (:func:`pattern`)."""

    path: str


@dataclass(frozen=True)
class Selector(Node):
    """Which rows of a column: ``kind`` is ``key``, ``same`` (as this row), ``equals``, ``upto`` or ``all``."""

    kind: str
    column: str = ""
    value: Text | Name | None = None


@dataclass(frozen=True)
class Pick(Node):
    """A column at other rows: ``kpm["total"]``, ``kpm[kind="total"]``, ``kpm[group, upto]``."""

    column: str
    selectors: tuple[Selector, ...]


@dataclass(frozen=True)
class Negative(Node):
    operand: Node


@dataclass(frozen=True)
class Binary(Node):
    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Compare(Node):
    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Logic(Node):
    """``and`` or ``or``."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Not(Node):
    operand: Node


@dataclass(frozen=True)
class In(Node):
    """``item in [1, 3..5]``; each choice is a range (low, high) of numbers, or a text."""

    item: Node
    choices: tuple[tuple[Fraction, Fraction] | str, ...]


@dataclass(frozen=True)
class Call(Node):
    name: str
    args: tuple[Node, ...]


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, from left to right."""
    yield node
    for part in fields(node):
        value = getattr(node, part.name)
        for child in value if isinstance(value, tuple) else (value,):
            if isinstance(child, Node):
                yield from walk(child)


def names(node: Node) -> tuple[str, ...]:
    """Columns and parameters that the formula names, in order of appearance."""
    found: dict[str, None] = {}
    for x in walk(node):
        if isinstance(x, Name):
            found[x.name] = None
        elif isinstance(x, Pick):
            found[x.column] = None
        elif isinstance(x, Selector) and x.column:
            found[x.column] = None
    return tuple(found)


def refs(node: Node) -> tuple[str, ...]:
    """Raw ids (or id patterns) that the formula names, in order of appearance."""
    return tuple(dict.fromkeys(x.path for x in walk(node) if isinstance(x, Ref)))


def strength(node: Node) -> int:
    """How strongly the node binds; see :data:`STRENGTH`."""
    match node:
        case Binary(sign):
            return STRENGTH[sign]
        case Negative():
            return STRENGTH["negative"]
        case Compare():
            return STRENGTH["compare"]
    return STRENGTH["atom"]


@lru_cache(maxsize=4096)
def pattern(text: str) -> re.Pattern[str]:
    """Regular expression of an id pattern such as ``budget/*/total|sub/!draft``.

    ``*`` stands for any part of a segment, ``a|b`` for one of several, ``!a`` for any segment but that one. Each
    segment with ``*`` or ``|`` is a group, in order.
    """
    return re.compile("/".join(map(_segment, text.split("/"))))


def matching(text: str, ids: Iterable[str]) -> list[str]:
    """The ids that fit the pattern, in their order."""
    found = pattern(text)
    return [x for x in ids if found.fullmatch(x)]


def substitute(text: str, value: Callable[[str], str]) -> str:
    """Fill each ``<column>`` of an id pattern."""
    return re.sub(r"<(\w+)>", lambda x: value(x[1]), text)


def _segment(text: str) -> str:
    if text.startswith("!"):
        return f"(?!{re.escape(text[1:])}(?:/|$))[^/]*"
    if text == "*":
        return "([^/]+)"
    written = re.escape(text).replace(r"\*", "[^/]*").replace(r"\|", "|")
    return f"({written})" if written != re.escape(text) else written
