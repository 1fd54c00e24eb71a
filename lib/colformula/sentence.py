"""Tree -> sentence: the formula with its numbers written in, in the words of the host's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from colformula.evaluate import is_leaf
from colformula.tree import STRENGTH, Binary, Call, Compare, FormulaError, Name, Negative, Node, Number, Text, strength

_SIGN = {"+": "+", "-": "−", "*": "×", "/": "/"}
_PHRASES = {
    "min": "min({all})",
    "max": "max({all})",
    "median": "median({all})",
    "least": "min({all})",
    "greatest": "max({all})",
    "count": "count({all})",
    "list": "{all}",
    "round": "round({all})",
    "ceil": "ceil({all})",
    "floor": "floor({all})",
    "at_most": "{0}, at most {1}",
    "nearest_share": "share of {1} nearest to {0}%",
    "sum largest": "sum of the {1} largest of {0}",
    "against": "{0} against {1}",
    "count <": "count below {1} among {0}",
    "count =": "count equal to {1} among {0}",
    "count >": "count above {1} among {0}",
    "pairs <": "pairs below: {0}",
    "pairs >": "pairs above: {0}",
}


class Teller(Protocol):
    """Says the values of a formula: each leaf as text, one by one."""

    def say(self, leaf: Node, many: bool) -> Sequence[str]: ...


@dataclass(frozen=True)
class Words:
    """Phrases and number format of one language.

    Attributes
    ----------
    phrases : mapping of str to str
        Function (``least`` and ``greatest`` are min and max of one series) -> phrase with ``{0}``, ``{1}``, or
        ``{all}``; what is not given stays English.
    point : str
        Decimal point of numbers that stand in the formula.
    longest : int or None
        Longer series keep their first three values and the last.
    """

    phrases: Mapping[str, str] = field(default_factory=dict)
    point: str = "."
    longest: int | None = 8

    def phrase(self, name: str, *args: str) -> str:
        pattern = self.phrases.get(name) or _PHRASES[name]
        return pattern.format(*args, all="; ".join(args))


def write(node: Node, teller: Teller, words: Words) -> str:
    """The formula with its numbers; FormulaError for a part that cannot be said."""
    return _Writer(teller, words).write(node, top=True)


class _Writer:
    def __init__(self, teller: Teller, words: Words):
        self.teller, self.words = teller, words

    def write(self, node: Node, top: bool = False) -> str:
        if is_leaf(node):
            return self.teller.say(node, False)[0]
        match node:
            case Number(text):
                return text.replace(".", self.words.point)
            case Text(value):
                return value
            case Negative(operand):
                return f"−{self.inside(operand, STRENGTH['atom'])}"
            case Binary(sign, left, right):
                first = self.inside(left, STRENGTH[sign])
                return f"{first} {_SIGN[sign]} {self.inside(right, STRENGTH[sign] + 1, True)}"
            case Call("sum", (Call("largest", (series, number)),)):
                return self.words.phrase("sum largest", "; ".join(self.items(series)), self.write(number))
            case Call("sum", args):
                items = self.shortened(args)
                written = " + ".join(map(_signed, items))
                return written if top or len(items) == 1 else f"({written})"
            case Call("mean", args):
                number = len(self.all_items(args))
                return f"({' + '.join(map(_signed, self.shortened(args)))}) / {number}"
            case Call("count", (Compare(sign, left, right),)):
                return self.counted(sign, left, right)
            case Call("min" | "max" | "median" as name, (series,)):
                shown = {"min": "least", "max": "greatest"}.get(name, name)
                return self.words.phrase(shown, *self.short(self.items(series)))
            case Call("count", (series,)):
                return self.words.phrase("count", *self.short(self.items(series)))
            case Call(name, args):
                return self.words.phrase(name, *(self.write(x) for x in args))
        raise FormulaError("Bagian ini tidak dapat ditulis dengan kata", node.position)

    def inside(self, node: Node, least: int, right: bool = False) -> str:
        written = self.write(node)
        if is_leaf(node):
            return _signed(written) if right else written
        return f"({written})" if strength(node) < least else written

    def items(self, node: Node) -> list[str]:
        """Texts of a series, value by value."""
        if is_leaf(node):
            return list(self.teller.say(node, True))
        match node:
            case Call("list", args):
                return [item for x in args for item in self.items(x)]
            case Call("round", (values, *_)):
                return self.items(values)
        return [self.write(node)]

    def all_items(self, args: Sequence[Node]) -> list[str]:
        return self.items(args[0]) if len(args) == 1 else [self.inside(x, STRENGTH["+"] + 1) for x in args]

    def shortened(self, args: Sequence[Node]) -> list[str]:
        return self.short(self.all_items(args))

    def short(self, items: list[str]) -> list[str]:
        longest = self.words.longest
        return items if longest is None or len(items) <= longest else [*items[:3], "…", items[-1]]

    def counted(self, sign: str, left: Node, right: Node) -> str:
        items = self.items(left)
        if isinstance(right, Number | Name):
            return self.words.phrase(f"count {sign}", "; ".join(items), self.write(right))
        pairs = [self.words.phrase("against", *x) for x in zip(items, self.items(right), strict=True)]
        return self.words.phrase(f"pairs {sign}", "; ".join(pairs))


def _signed(written: str) -> str:
    return f"({written})" if written[:1] in "-−" else written
