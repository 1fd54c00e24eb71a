"""Registries of methods: one class is one way, found by its code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from indextree.errors import ParameterError


class Registry(dict[str, Any]):
    """Code -> method, in the order recorded.

    Parameters
    ----------
    kind : str
        What the methods are, for messages.
    make : callable, optional
        What is kept for a class; default the class itself.
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
