"""Patterns of ids such as ``budget/*/total|sub/!draft``: one grammar for every place that names raw numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache


@lru_cache(maxsize=4096)
def pattern(text: str) -> re.Pattern[str]:
    """Regular expression of an id pattern.

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
