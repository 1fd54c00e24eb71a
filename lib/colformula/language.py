"""Which functions and keywords a formula may use, and in which words. The parser is the same for all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

#: What a function takes or gives: "any" is a number or a condition, "column" a bare column name.
KINDS = ("number", "condition", "text", "any", "column")


@dataclass(frozen=True)
class Function:
    """Kinds of the arguments and of the result; ``least`` arguments are needed, ``more`` repeats the last."""

    args: tuple[str, ...]
    result: str = "number"
    least: int | None = None
    more: bool = False

    def kind(self, n: int) -> str | None:
        """Kind of the n-th argument (from 0), or None when there is no such argument."""
        if n < len(self.args):
            return self.args[n]
        return self.args[-1] if self.more else None

    @property
    def needed(self) -> int:
        return len(self.args) if self.least is None else self.least


@dataclass(frozen=True)
class Language:
    """Functions by name, and ``words``: as written -> function or keyword (and, or, not, in).

    ``rows`` allows other rows and raw ids (``x["key"]``, ``[table/id]``).
    """

    functions: Mapping[str, Function]
    words: Mapping[str, str] = field(default_factory=dict)
    rows: bool = True
    example: str = "a >= 15"

    def written(self, name: str) -> str:
        """How a function or keyword is written in this language."""
        return next((word for word, meaning in self.words.items() if meaning == name), name)

    def keyword(self, word: str) -> str | None:
        """The keyword that a word stands for."""
        meaning = self.words.get(word)
        return None if meaning in self.functions else meaning

    def extended(self, **functions: Function) -> Language:
        """The same language with functions of the host."""
        return replace(self, functions={**self.functions, **functions})

    def spoken(self, words: Mapping[str, str], example: str) -> Language:
        """The same language in other words."""
        return replace(self, words=words, example=example)


_SERIES = Function(("any",), more=True)

#: Arithmetic over the columns and rows of a table, and over raw numbers.
COLUMNS = Language(
    {
        "sum": _SERIES,
        "mean": _SERIES,
        "median": _SERIES,
        "min": _SERIES,
        "max": _SERIES,
        "count": Function(("any",)),
        "list": _SERIES,
        "largest": Function(("any", "number")),
        "round": Function(("any", "number"), least=1),
        "ceil": Function(("number",)),
        "floor": Function(("number",)),
        "at_most": Function(("number", "number")),
        "nearest_share": Function(("number", "number")),
        "previous": Function(("column",)),
        "first": Function(("column",)),
        "last": Function(("column",)),
    }
)
