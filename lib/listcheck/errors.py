"""What can go wrong with a list: one sentence each, for a person."""

from __future__ import annotations


class ListError(ValueError):
    """Base of every error this package raises on purpose."""


class ParameterError(ListError):
    """A choice is unknown or out of range."""


class EngineError(ListError):
    """The engine is not installed, or stopped: a broken file, a full disk, not enough memory."""


class DataError(ListError):
    """A list cannot be read as a list.

    Attributes
    ----------
    source : {"register", "payments"}
    column : str or None
        Name in the file.
    found, expected : str
        Without a full stop.
    """

    def __init__(self, source: str, *, found: str, expected: str, column: str | None = None):
        self.source, self.column, self.found, self.expected = source, column, found, expected
        place = source if column is None else f"{source}, kolom '{column}'"
        super().__init__(f"{place}: ditemukan {found}; diharapkan {expected}.")
