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
from fractions import Fraction
from functools import lru_cache

from colformula.errors import FormulaError
from colformula.language import COLUMNS, Language
from colformula.tree import (
    STRENGTH,
    Binary,
    Call,
    Compare,
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


@lru_cache(maxsize=4096)
def _parse_columns(text: str) -> Node:
    return _Parser(text, COLUMNS).whole()


def parse(text: str, language: Language = COLUMNS) -> Node:
    """Parse one formula.

    Parameters
    ----------
    text : str
    language : Language, optional
        Functions and keywords that may be used.

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
        rest = self.text[self.end :]
        self.start = self.end + len(rest) - len(rest.lstrip()) + 1
        if not rest.strip():
            self.sort, self.token = "end", ""
            return
        found = _TOKEN.match(self.text, self.end)
        if found is None:
            raise FormulaError(f"Tanda {self.text[self.start - 1]!r} tidak dikenal", self.start)
        self.sort, self.token = found.lastgroup, found.group(found.lastgroup)
        self.end = found.end()

    def expected(self, what: str) -> FormulaError:
        found = "akhir tulisan" if self.sort == "end" else f"'{self.token}'"
        return FormulaError(f"Ditemukan {found}, diharapkan {what}", self.start)

    def at(self, *signs: str) -> bool:
        return self.sort == "sign" and self.token in signs

    def at_keyword(self, meaning: str) -> bool:
        return self.sort == "name" and self.language.keyword(self.token) == meaning

    def take(self, sign: str) -> None:
        if not self.at(sign):
            raise self.expected(f"'{sign}'")
        self.advance()

    def operator(self) -> str:
        self.signs += 1
        if self.signs > MOST_SIGNS:
            raise FormulaError(f"Lebih dari {MOST_SIGNS} operator dalam satu ungkapan", self.start)
        sign = self.token
        self.advance()
        return sign

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
        node = self._logic(self.both, "or")
        self.depth -= 1
        return node

    def both(self) -> Node:
        return self._logic(self.negated, "and")

    def _logic(self, part, meaning: str) -> Node:
        start = self.start
        left = part()
        while self.at_keyword(meaning):
            self.must(left, "condition", start)
            self.operator()
            right_start = self.start
            left = Logic(meaning, left, self.must(part(), "condition", right_start), position=start)
        return left

    def negated(self) -> Node:
        start, turned = self.start, False
        while self.at_keyword("not"):
            turned = not turned
            self.advance()
            if not self.at_keyword("not"):
                inner = self.start
                node = self.must(self.comparison(), "condition", inner)
                return Not(node, position=start) if turned else node
        return self.comparison()

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
        if self.at_keyword("in"):
            self.must(left, "number", start)
            self.operator()
            return In(left, self._listed("[", self.choice), position=start)
        return left

    def _listed(self, opening: str, part) -> tuple:
        self.take(opening)
        items = [part()]
        while self.at(","):
            self.advance()
            items.append(part())
        self.take("]" if opening == "[" else ")")
        return tuple(items)

    def choice(self) -> tuple[Fraction, Fraction] | str:
        if self.sort == "text":
            return self._text()
        start = self.start
        low = self._signed()
        if not self.at(".."):
            return (low, low)
        self.advance()
        high = self._signed()
        if high < low:
            raise FormulaError(f"Rentang {float(low):g}..{float(high):g} terbalik", start)
        return (low, high)

    def _text(self) -> str:
        value = self.token[1:-1]
        self.advance()
        return value

    def _signed(self) -> Fraction:
        negative = self.at("-")
        if negative:
            self.advance()
        if self.sort != "number":
            raise self.expected("angka")
        value = Fraction(self.token)
        self.advance()
        return -value if negative else value

    def sum(self) -> Node:
        return self._binary(self.product, "+", "-")

    def product(self) -> Node:
        return self._binary(self.atom, "*", "/")

    def _binary(self, part, *signs: str) -> Node:
        start = self.start
        left = part()
        while self.at(*signs):
            self.must(left, "number", start)
            sign = self.operator()
            right_start = self.start
            left = Binary(sign, left, self.must(part(), "number", right_start), position=start)
        return left

    def atom(self) -> Node:
        start = self.start
        if self.at("-"):
            self.advance()
            inner = self.start
            if self.at("-"):
                raise self.expected("angka atau nama")
            return Negative(self.must(self.atom(), "number", inner), position=start)
        if self.at("("):
            self.advance()
            node = self.condition()
            self.take(")")
            return node
        if self.at("[") and self.language.rows:
            return self._ref(start)
        sort, token = self.sort, self.token
        if sort == "number":
            self.advance()
            return Number(token, position=start)
        if sort == "text":
            return Text(self._text(), position=start)
        if sort != "name" or self.language.keyword(token):
            raise self.expected("angka, nama variabel, atau kurung buka")
        self.advance()
        if self.at("("):
            return self._call(token, start)
        if self.at("[") and self.language.rows:
            return Pick(token, self._listed("[", self.selector), position=start)
        return Name(token, position=start)

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
            return Selector("key", value=Text(self._text()), position=start)
        if self.sort != "name":
            raise self.expected('"kunci", nama kolom, upto, atau all')
        column = self.token
        self.advance()
        if not self.at("="):
            word = column in ("upto", "all")
            return Selector(column if word else "same", "" if word else column, position=start)
        self.advance()
        if self.sort == "text":
            return Selector("equals", column, Text(self._text()), position=start)
        if self.sort != "name":
            raise self.expected('"teks" atau nama kolom')
        value = Name(self.token)
        self.advance()
        return Selector("equals", column, value, position=start)

    def _call(self, name: str, start: int) -> Call:
        known = {self.language.written(x): x for x in self.language.functions}
        if name not in known:
            raise FormulaError(f"Fungsi '{name}' tidak dikenal; yang ada: {', '.join(known)}", start)
        function = self.language.functions[known[name]]
        self.take("(")
        args: list[Node] = []
        while (wanted := function.kind(len(args))) is not None:
            if args:
                if len(args) >= function.needed and not self.at(","):
                    break
                self.take(",")
            inner = self.start
            args.append(self.must(self.condition(), wanted, inner))
        self.take(")")
        return Call(known[name], tuple(args), position=start)


def to_text(node: Node, language: Language = COLUMNS) -> str:
    """Write a tree as a formula again; parsing it gives the same tree, so parentheses stand where they are needed."""

    def inside(child: Node, least: int) -> str:
        written = to_text(child, language)
        return f"({written})" if strength(child) < least else written

    match node:
        case Number(text):
            return text
        case Text(value):
            return f'"{value}"'
        case Name(name):
            return name
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
        case Logic(sign, left, right):
            return f"{inside(left, STRENGTH[sign])} {language.written(sign)} {inside(right, STRENGTH[sign] + 1)}"
        case Not(operand):
            return f"{language.written('not')} {inside(operand, STRENGTH['compare'])}"
        case In(item, choices):
            return f"{inside(item, STRENGTH['+'])} {language.written('in')} [{', '.join(map(_choice_text, choices))}]"
        case Call(name, args):
            return f"{language.written(name)}({', '.join(to_text(x, language) for x in args)})"
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


def _choice_text(choice: tuple[Fraction, Fraction] | str) -> str:
    if isinstance(choice, str):
        return f'"{choice}"'
    low, high = (_decimal(x) for x in choice)
    return low if low == high else f"{low}..{high}"


def _decimal(x: Fraction) -> str:
    if x.denominator == 1:
        return str(x.numerator)
    places = 1
    while (x * 10**places).denominator != 1:
        places += 1
    whole, part = divmod(abs(x.numerator) * 10**places // x.denominator, 10**places)
    return f"{'-' if x < 0 else ''}{whole}.{part:0{places}d}"
