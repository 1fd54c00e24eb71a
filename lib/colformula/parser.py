"""Text -> tree, by recursive descent. Nothing is executed, and what is not in the grammar is refused with its place.

Grammar::

    condition  := both { "or" both }
    both       := negated { "and" negated }
    negated    := "not" negated | comparison
    comparison := sum [ ("=" | "!=" | "<" | "<=" | ">" | ">=") sum | "in" "[" choice { "," choice } "]" ]
    sum        := product { ("+" | "-") product }
    product    := atom { ("*" | "/") atom }
    atom       := ["-"] ( NUMBER | "text" | NAME [ "[" selector { "," selector } "]" ] | "[" id "]"
                        | FUNCTION "(" condition { "," condition } ")" | "(" condition ")" )
    selector   := "key" | COLUMN | COLUMN "=" ("text" | COLUMN) | "upto" | "all"
    choice     := NUMBER [ ".." NUMBER ] | "text"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache

from colformula.tree import (
    STRENGTH,
    Binary,
    Call,
    Compare,
    FormulaError,
    In,
    Logic,
    Name,
    Negative,
    Node,
    Not,
    Number,
    Pick,
    Ref,
    Selector,
    Text,
    strength,
)

LONGEST = 4000
DEEPEST = 40
#: A chain a + b + c ... is a tree as deep as it is long.
MOST_SIGNS = 300
_COMPARE = ("=", "!=", "<", "<=", ">", ">=")
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.(?!\.)\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<text>\"[^\"]*\")"
    r"|(?P<sign>\.\.|!=|<=|>=|[=<>+\-*/()\[\],]))"
)
_KIND_NAMES = {"condition": "syarat", "number": "bilangan", "text": "teks", "column": "nama kolom"}


@dataclass(frozen=True)
class Function:
    """Kinds of the arguments and of the result; ``least`` arguments are needed, ``more`` repeats the last.

    A kind is "number", "condition", "text", "any" (a number or a condition), or "column" (a bare column name).
    """

    args: tuple[str, ...]
    result: str = "number"
    least: int | None = None
    more: bool = False

    def kind(self, n: int) -> str | None:
        """Kind of the n-th argument (from 0), or None when there is no such argument."""
        if n < len(self.args):
            return self.args[n]
        return self.args[-1] if self.more else None


@dataclass(frozen=True)
class Language:
    """Functions by name, and ``keywords``: word -> "and", "or", "not" or "in".

    ``rows`` allows other rows and raw ids (``x["key"]``, ``[table/id]``); ``example`` is a condition for messages.
    """

    functions: Mapping[str, Function]
    keywords: Mapping[str, str] = field(default_factory=dict)
    rows: bool = True
    example: str = "a >= 15"

    def extended(self, **functions: Function) -> Language:
        """The same language with functions of the host."""
        return replace(self, functions={**self.functions, **functions})


_SERIES = Function(("any",), more=True)

#: Arithmetic over the columns and rows of a table, and over raw numbers.
COLUMNS = Language(
    dict.fromkeys(("sum", "mean", "median", "min", "max", "list"), _SERIES)
    | {
        "count": Function(("any",)),
        "largest": Function(("any", "number")),
        "round": Function(("any", "number"), least=1),
        "ceil": Function(("number",)),
        "floor": Function(("number",)),
        "at_most": Function(("number", "number")),
        "nearest_share": Function(("number", "number")),
    }
    | dict.fromkeys(("previous", "first", "last"), Function(("column",)))
)


@lru_cache(maxsize=4096)
def _parse_columns(text: str) -> Node:
    return _Parser(text, COLUMNS).whole()


def parse(text: str, language: Language = COLUMNS) -> Node:
    """Parse one formula.

    Raises
    ------
    FormulaError
        The text is not a formula of that language; the message says what was found, expected, and where.
    """
    return _parse_columns(text) if language is COLUMNS else _Parser(text, language).whole()


def kind(node: Node, language: Language) -> str:
    """``condition``, ``number`` or ``text``."""
    match node:
        case Compare() | In() | Logic() | Not():
            return "condition"
        case Call(name):
            return language.functions[name].result
        case Text():
            return "text"
    return "number"


class _Parser:
    def __init__(self, text: str, language: Language):
        self.text, self.language = text, language
        self.end, self.depth, self.signs = 0, 0, 0
        if len(text) > LONGEST:
            raise FormulaError(f"Ungkapan terlalu panjang (paling banyak {LONGEST} huruf)", LONGEST)
        self.advance()

    # ---- tokens

    def advance(self) -> None:
        begin = len(self.text) - len(self.text[self.end :].lstrip())
        self.start = begin + 1
        if begin == len(self.text):
            self.sort, self.token = "end", ""
            return
        found = _TOKEN.match(self.text, self.end)
        if found is None:
            raise FormulaError(f"Tanda {self.text[begin]!r} tidak dikenal", self.start)
        self.sort, self.token = found.lastgroup, found.group(found.lastgroup)
        self.end = found.end()

    def expected(self, what: str) -> FormulaError:
        found = "akhir tulisan" if self.sort == "end" else f"'{self.token}'"
        return FormulaError(f"Ditemukan {found}, diharapkan {what}", self.start)

    def at(self, *signs: str) -> bool:
        """Whether the token is one of these signs, or a word that stands for one of these keywords."""
        if self.sort == "name":
            return self.language.keywords.get(self.token) in signs
        return self.sort == "sign" and self.token in signs

    def take(self, sign: str) -> None:
        if not self.at(sign):
            raise self.expected(f"'{sign}'")
        self.advance()

    def taken(self) -> str:
        token = self.token
        self.advance()
        return token

    def operator(self) -> str:
        self.signs += 1
        if self.signs > MOST_SIGNS:
            raise FormulaError(f"Lebih dari {MOST_SIGNS} operator dalam satu ungkapan", self.start)
        sign = self.taken()
        return self.language.keywords.get(sign, sign)

    def must(self, node: Node, wanted: str, start: int) -> Node:
        if wanted == "column":
            if not isinstance(node, Name):
                raise FormulaError("Di sini diperlukan nama kolom", start)
            return node
        found = kind(node, self.language)
        if found == wanted or (wanted == "any" and found != "text"):
            return node
        hint = f"; tulis misalnya {self.language.example}" if wanted == "condition" else ""
        wanted_name = _KIND_NAMES.get(wanted, "bilangan atau syarat")
        raise FormulaError(f"Di sini diperlukan {wanted_name}, bukan {_KIND_NAMES[found]}{hint}", start)

    def part(self, read: Callable[[], Node], wanted: str) -> Node:
        start = self.start
        return self.must(read(), wanted, start)

    # ---- grammar

    def whole(self) -> Node:
        node = self.condition()
        if self.sort != "end":
            raise self.expected("akhir ungkapan atau operator")
        return node

    def condition(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(f"Kurung bersusun lebih dari {DEEPEST}", self.start)
        node = self._chain(self.both, Logic, "condition", "or")
        self.depth -= 1
        return node

    def both(self) -> Node:
        return self._chain(self.negated, Logic, "condition", "and")

    def sum(self) -> Node:
        return self._chain(self.product, Binary, "number", "+", "-")

    def product(self) -> Node:
        return self._chain(self.atom, Binary, "number", "*", "/")

    def _chain(self, read: Callable[[], Node], make: type[Logic | Binary], wanted: str, *signs: str) -> Node:
        start = self.start
        left = read()
        while self.at(*signs):
            self.must(left, wanted, start)
            left = make(self.operator(), left, self.part(read, wanted), position=start)
        return left

    def negated(self) -> Node:
        start, count = self.start, 0
        while self.at("not"):
            count += 1
            self.advance()
        if not count:
            return self.comparison()
        node = self.part(self.comparison, "condition")
        return Not(node, position=start) if count % 2 else node

    def comparison(self) -> Node:
        start = self.start
        left = self.sum()
        if self.at(*_COMPARE):
            sign = self.operator()
            right_start = self.start
            right = self.sum()
            kinds = kind(left, self.language), kind(right, self.language)
            if "condition" in kinds:
                place = start if kinds[0] == "condition" else right_start
                raise FormulaError("Syarat tidak dapat dibandingkan dengan bilangan", place)
            if "text" in kinds and sign not in ("=", "!="):
                raise FormulaError("Teks hanya dapat dibandingkan dengan = atau !=", right_start)
            return Compare(sign, left, right, position=start)
        if self.at("in"):
            self.must(left, "number", start)
            self.operator()
            return In(left, self._listed(self.choice), position=start)
        return left

    def _listed(self, read: Callable) -> tuple:
        self.take("[")
        items = [read()]
        while self.at(","):
            self.advance()
            items.append(read())
        self.take("]")
        return tuple(items)

    def choice(self) -> tuple[Fraction, Fraction] | str:
        if self.sort == "text":
            return self.taken()[1:-1]
        start = self.start
        low = self._signed()
        if not self.at(".."):
            return (low, low)
        self.advance()
        high = self._signed()
        if high < low:
            raise FormulaError(f"Rentang {float(low):g}..{float(high):g} terbalik", start)
        return (low, high)

    def _signed(self) -> Fraction:
        negative = self.at("-")
        if negative:
            self.advance()
        if self.sort != "number":
            raise self.expected("angka")
        value = Fraction(self.taken())
        return -value if negative else value

    def atom(self) -> Node:
        start = self.start
        if self.at("-"):
            self.advance()
            if self.at("-"):
                raise self.expected("angka atau nama")
            return Negative(self.part(self.atom, "number"), position=start)
        if self.at("("):
            self.advance()
            node = self.condition()
            self.take(")")
            return node
        if self.at("[") and self.language.rows:
            return self._ref(start)
        if self.sort == "number":
            return Number(self.taken(), position=start)
        if self.sort == "text":
            return Text(self.taken()[1:-1], position=start)
        if self.sort != "name" or self.token in self.language.keywords:
            raise self.expected("angka, nama variabel, atau kurung buka")
        name = self.taken()
        if self.at("("):
            return self._call(name, start)
        if self.at("[") and self.language.rows:
            return Pick(name, self._listed(self.selector), position=start)
        return Name(name, position=start)

    def _ref(self, start: int) -> Ref:
        # the inside of square brackets is no expression: it is read whole up to its closing bracket
        path, closed, _ = self.text[self.end :].partition("]")
        if not closed:
            raise FormulaError("Kurung siku tidak ditutup", start)
        if not path.strip() or re.search(r"[\s\[\"]", path.strip()):
            raise FormulaError("Id di antara kurung siku kosong atau memuat spasi, kutip, atau kurung", start)
        self.end += len(path) + 1
        self.advance()
        return Ref(path.strip(), position=start)

    def selector(self) -> Selector:
        start = self.start
        if self.sort == "text":
            return Selector("key", value=Text(self.taken()[1:-1]), position=start)
        if self.sort != "name":
            raise self.expected('"kunci", nama kolom, upto, atau all')
        column = self.taken()
        if not self.at("="):
            word = column in ("upto", "all")
            return Selector(column if word else "same", "" if word else column, position=start)
        self.advance()
        if self.sort not in ("text", "name"):
            raise self.expected('"teks" atau nama kolom')
        value = Text(self.token[1:-1]) if self.sort == "text" else Name(self.token)
        self.advance()
        return Selector("equals", column, value, position=start)

    def _call(self, name: str, start: int) -> Call:
        known = self.language.functions
        if name not in known:
            raise FormulaError(f"Fungsi '{name}' tidak dikenal; yang ada: {', '.join(known)}", start)
        function = known[name]
        needed = len(function.args) if function.least is None else function.least
        self.take("(")
        args: list[Node] = []
        while (wanted := function.kind(len(args))) is not None:
            if args:
                if len(args) >= needed and not self.at(","):
                    break
                self.take(",")
            args.append(self.part(self.condition, wanted))
        self.take(")")
        return Call(name, tuple(args), position=start)


def to_text(node: Node) -> str:
    """Write a tree over columns as a formula again; parsing it gives the same tree, so parentheses stand where they are
    needed."""

    def inside(child: Node, least: int) -> str:
        return f"({to_text(child)})" if strength(child) < least else to_text(child)

    match node:
        case Number(text) | Name(text):
            return text
        case Text(value):
            return f'"{value}"'
        case Ref(path):
            return f"[{path}]"
        case Pick(column, selectors):
            return f"{column}[{', '.join(map(_selector_text, selectors))}]"
        case Negative(operand):
            return f"-{inside(operand, STRENGTH['atom'])}"
        case Binary(sign, left, right):
            return f"{inside(left, STRENGTH[sign])} {sign} {inside(right, STRENGTH[sign] + 1)}"
        case Compare(sign, left, right):
            return f"{inside(left, STRENGTH['+'])} {sign} {inside(right, STRENGTH['+'])}"
        case Call(name, args):
            return f"{name}({', '.join(map(to_text, args))})"
    raise TypeError(type(node).__name__)


def _selector_text(selector: Selector) -> str:
    value = selector.value
    written = "" if value is None else f'"{value.value}"' if isinstance(value, Text) else value.name
    match selector.kind:
        case "key":
            return written
        case "same":
            return selector.column
        case "equals":
            return f"{selector.column}={written}"
    return selector.kind
