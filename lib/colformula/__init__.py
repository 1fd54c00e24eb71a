"""One formula language over columns, rows and raw numbers: parsed to a tree, computed exactly, and told in words."""

from colformula.evaluate import Scope, evaluate, round_half_away
from colformula.frames import RowScope, derive, explain, plain
from colformula.parser import COLUMNS, Function, Language, kind, parse, to_text
from colformula.sentence import Words, write
from colformula.tree import FormulaError, Missing, Node, names, refs, walk

__all__ = [
    "COLUMNS",
    "FormulaError",
    "Function",
    "Language",
    "Missing",
    "Node",
    "RowScope",
    "Scope",
    "Words",
    "derive",
    "evaluate",
    "explain",
    "kind",
    "names",
    "parse",
    "plain",
    "refs",
    "round_half_away",
    "to_text",
    "walk",
    "write",
]
