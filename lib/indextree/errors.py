"""Errors meant for people, the checks of names that raise them, and the registries whose codes they name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

T = TypeVar("T")


class IndexTreeError(ValueError):
    """Base of every error this package raises on purpose."""


class ParameterError(IndexTreeError):
    """A parameter, name, or table does not fit."""


class ComputationError(IndexTreeError):
    """The computation cannot be done with the values given."""


def name_list(names: Iterable[object], limit: int = 8) -> str:
    """Names for a message, cut short when there are many."""
    names = [f"'{name}'" for name in names]
    return ", ".join(names[:limit]) + (f" dan {len(names) - limit} lainnya" if len(names) > limit else "")


def refuse(names: Iterable[object], sentence: str, error: type[IndexTreeError] = ParameterError) -> None:
    """Raise an error when there are names; ``{}`` in the sentence becomes their list."""
    names = list(names)
    if names:
        raise error(sentence.format(name_list(names)))


def require_known(what: str, given: Iterable[object], known: Iterable[object]) -> None:
    """Raise an error for unknown names, suggesting the nearest."""
    known = [str(name) for name in known]
    unknown = sorted({str(name) for name in given} - set(known))
    if unknown:
        part = []
        for name in unknown[:5]:
            close = difflib.get_close_matches(name, known, n=1)
            part.append(f"'{name}'" + (f" (mungkin '{close[0]}')" if close else ""))
        more = f" dan {len(unknown) - 5} lainnya" if len(unknown) > 5 else ""
        raise ParameterError(f"{what} tidak dikenal: {', '.join(part)}{more}.")


def require_one_of(what: str, value: object, choices: Iterable[str]) -> None:
    """Raise an error for a value that is not one of the choices."""
    choices = tuple(choices)
    if value not in choices:
        raise ParameterError(f"{what} harus salah satu dari {', '.join(choices)}.")


def from_plain(cls: type[T], content: object, what: str) -> T:
    """A dataclass from itself or from a dict (read from YAML, for example)."""
    if isinstance(content, cls):
        return content
    if not isinstance(content, Mapping):
        raise ParameterError(f"{what} harus berupa kamus.")
    require_known(f"Isi {what}", content, [f.name for f in fields(cls)])
    return cls(**content)


class Registry(dict[str, Any]):
    """Code -> method, in the order recorded: one class is one way.

    ``kind`` says what the methods are, for messages; ``make`` what is kept for a class, by default the class itself.
    """

    def __init__(self, kind: str, make: Callable[[type], Any] = lambda cls: cls):
        super().__init__()
        self.kind, self.make = kind, make

    def register(self, cls: type) -> type:
        """Record a class with ``code`` and ``name``; use it as a decorator.

        Raises
        ------
        ParameterError
            The code is taken, or the name is not in both languages.
        """
        if cls.code in self:
            raise ParameterError(f"{self.kind} '{cls.code}' sudah terdaftar.")
        if set(getattr(cls, "name", ())) != {"id", "en"}:
            write = f"tulis name = {{'id': ..., 'en': ...}} di kelas {cls.__name__}"
            raise ParameterError(f"{self.kind} '{cls.code}' belum bernama: {write}.")
        self[cls.code] = self.make(cls)
        return cls
