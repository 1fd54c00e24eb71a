"""How an id is built: what makes one faulty."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis

VALID = 0
"""Code of an id without a fault."""


class IdScheme(ABC):
    """One kind of id.

    Attributes
    ----------
    name : str
        For messages.
    written : str
        How a sound id is written, for messages; for example "16 angka".
    faults : tuple of str
        Names of the faults; code 1 is the first. An id with several faults counts under the first only.
    """

    name: str
    written: str
    faults: tuple[str, ...]

    @abstractmethod
    def mark(self, table: ibis.Table) -> ibis.Table:
        """Add the column ``fault`` (int8): `VALID`, or the code of the first fault.

        Parameters
        ----------
        table : ibis.Table
            With ``id`` (string, never null) as written in the list; a space at the edge is a fault, because ids are
            matched letter by letter.
        """


@dataclass(frozen=True)
class Digits(IdScheme):
    """Ids of a fixed number of digits, kept as text.

    Attributes
    ----------
    length : int
        At most 18, so that an id fits 64 bits.
    """

    length: int
    name: str = "id"
    faults: tuple[str, ...] = ("id_empty", "id_not_digits")

    @property
    def written(self) -> str:
        return f"{self.length} angka"

    def mark(self, table: ibis.Table) -> ibis.Table:
        """See :meth:`IdScheme.mark`."""
        import ibis

        fault = ibis.ifelse(self.complete(table["id"]), VALID, self.incomplete(table["id"]))
        return table.mutate(fault=fault.cast("int8"))

    def complete(self, column: ibis.Column) -> ibis.Column:
        """Whether each text is exactly `length` digits."""
        import ibis

        # Text of the right length whose value has that many digits consists of digits, unless written with an exponent;
        # the costly pattern is tried on the rest only (leading zeros).
        return ibis.cases(
            (column.length() != self.length, False),
            ((column.try_cast("int64") >= 10 ** (self.length - 1)) & ~column.lower().contains("e"), True),
            else_=column.re_search(f"^[0-9]{{{self.length}}}$"),
        )

    def incomplete(self, column: ibis.Column) -> ibis.Column:
        """Code of the fault of a text that is not complete: 1 when empty, otherwise 2."""
        import ibis

        return ibis.ifelse(column.strip() == "", 1, 2)
