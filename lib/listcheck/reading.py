"""Lists as people send them, read as expressions: sound ids, renamed columns, whole numbers, programmes spelt one way.

A column that has already lost digits is refused: that fault belongs to the file, not to the people in it.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from listcheck.engine import ListError

if TYPE_CHECKING:
    import ibis

REGISTER, PAYMENTS = "register", "payments"
REGISTER_COLUMNS = ("id", "region")
PAYMENT_COLUMNS = ("id", "program", "period", "region", "paid", "used", "returned")

VALID = 0
"""Code of an id without a fault."""

_MOST = 240
"""Distinct programmes, and distinct periods, accepted; a column with more is another column."""

_REFUSED = 0.01
"""From this share of spoilt ids on the whole list is refused; below it the rows count as faulty ids."""

_SPOILT = {
    "berpangkat (3,17E+15)": lambda x: x.contains("E+") | x.contains("e+"),
    "dengan tanda petik": lambda x: x.startswith("'") | x.startswith("’") | x.startswith("`") | x.startswith('"'),
    "berakhiran .0": lambda x: x.endswith(".0") | x.endswith(",0"),
}
"""What spreadsheets and floating point leave behind in a text column."""


class DataError(ListError):
    """A list (``source``: "register" or "payments") cannot be read as a list; ``column`` is the name in its file."""

    def __init__(self, source: str, *, found: str, expected: str, column: str | None = None):
        self.source, self.column, self.found, self.expected = source, column, found, expected
        place = source if column is None else f"{source}, kolom '{column}'"
        super().__init__(f"{place}: ditemukan {found}; diharapkan {expected}.")


class IdScheme(ABC):
    """How one kind of id is built: what makes one faulty."""

    name: str
    written: str
    """How a sound id is written, for messages; for example "16 angka"."""
    faults: tuple[str, ...]
    """Names of the faults; code 1 is the first. An id with several faults counts under the first only."""

    @abstractmethod
    def mark(self, table: ibis.Table) -> ibis.Table:
        """Add the column ``fault`` (int8): `VALID`, or the code of the first fault.

        The column ``id`` (string, never null) is as written in the list; a space at its edge is a fault, because ids
        are matched letter by letter.
        """


@dataclass(frozen=True)
class Digits(IdScheme):
    """Ids of a fixed number of digits, at most 18 so that they fit 64 bits, kept as text."""

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


def scan(con, folder: Path, source: str) -> ibis.Table:
    """All Parquet files below a folder as one table; ``name=value`` folders become columns.

    Raises
    ------
    DataError
        No Parquet file; the message names ``source`` ("register" or "payments").
    """
    if next(Path(folder).rglob("*.parquet"), None) is None:
        raise DataError(source, found="folder tanpa berkas .parquet", expected="sedikitnya satu berkas .parquet")
    if con.name == "duckdb":
        return con.read_parquet(str(Path(folder) / "**" / "*.parquet"), hive_partitioning=True, union_by_name=True)
    return con.read_parquet(str(folder))


def register(table: ibis.Table, *, ids: IdScheme, columns: Mapping[str, str] | None = None) -> ibis.Table:
    """The register of eligible people, not yet computed: ``id`` (string), ``region`` (int64; 0 where empty).

    Parameters
    ----------
    columns : mapping, optional
        Name here -> name in the table, for example ``{"id": "person_no"}``. Other columns are never read.

    Raises
    ------
    DataError
        A column is missing or not whole numbers, or its type has lost digits of the ids.
    """
    read = _Reader(table, REGISTER, REGISTER_COLUMNS, columns)
    return table.select(id=read.ids(ids), region=read.number("region"))


def payments(
    table: ibis.Table, *, ids: IdScheme, columns: Mapping[str, str] | None = None, programs: Sequence[str] = ()
) -> ibis.Table:
    """Payments to people, not yet computed.

    Parameters
    ----------
    columns
        See :func:`register`.
    programs : sequence of str
        Known programmes; spellings are matched by :func:`program_key`. An unknown one keeps its first spelling.

    Returns
    -------
    ibis.Table
        ``id``, ``program`` (string), ``period`` (month 1 to 12, or YYYYMM; 0 where empty), ``region``, and the amounts
        ``paid``, ``used``, ``returned`` (int64; 0 where empty).

    Raises
    ------
    DataError
        As :func:`register`; more than 240 programmes or periods; months mixed with YYYYMM of several years.
    """
    read = _Reader(table, PAYMENTS, PAYMENT_COLUMNS, columns)
    return table.select(
        id=read.ids(ids), program=read.program(programs), period=read.period(),
        **{k: read.number(k) for k in ("region", "paid", "used", "returned")},
    )  # fmt: skip


def program_key(name: str) -> str:
    """A programme's name without case, spaces, underscores and hyphens."""
    return re.sub(r"[\s_-]+", "", name).casefold()


def is_month(period: int) -> bool:
    """Whether the number is a month, 1 to 12 or YYYYMM."""
    return 1 <= period <= 12 or (1900 < period // 100 < 2100 and 1 <= period % 100 <= 12)


@dataclass
class _Reader:
    table: ibis.Table
    source: str
    needed: Sequence[str]
    columns: Mapping[str, str] | None

    def __post_init__(self):
        self.columns = {k: (self.columns or {}).get(k, k) for k in self.needed}
        for name in self.columns.values():
            if name not in self.table.columns:
                self._refuse(name, f"kolom {', '.join(self.table.columns)}", f"kolom '{name}'")

    def _refuse(self, column: str, found: str, expected: str):
        raise DataError(self.source, column=column, found=found, expected=expected)

    def _distinct(self, column: ibis.Column) -> list:
        return self.table.select(x=column).distinct().limit(_MOST + 1).to_pandas()["x"].tolist()

    def ids(self, scheme: IdScheme) -> ibis.Column:
        """Ids as text."""
        name = self.columns["id"]
        column = self.table[name]
        kind = column.type()
        if kind.is_integer() or (kind.is_decimal() and kind.scale == 0):
            return column.cast("int64").cast("string").fill_null("")
        if not kind.is_string():
            found = f"{scheme.name} berjenis {kind}, yang tidak menyimpan semua angkanya"
            self._refuse(name, found, "teks atau bilangan bulat 64 bit")
        # One cheap filter over the whole list; the three ways of spoiling are looked for among what it catches.
        marked = (column < "0") | (column >= ":") | column.contains("+") | column.contains(".") | column.contains(",")
        caught = self.table.filter(marked)
        n = caught.agg(**{k: f(column).sum() for k, f in _SPOILT.items()}).to_pandas().iloc[0].dropna()
        if n.any():
            rows = int(self.table.count().execute())
            for way, count in n.items():
                if count >= max(1, _REFUSED * rows):
                    found = f"{scheme.name} bertulisan {way} di {int(count)} dari {rows} baris"
                    self._refuse(name, found, f"{scheme.written} tanpa tanda lain")
        return column.fill_null("")

    def number(self, role: str) -> ibis.Column:
        """Whole numbers, empty as zero; whole floats and text of digits are accepted."""
        name = self.columns[role]
        column = self.table[name]
        kind = column.type()
        if kind.is_integer():
            return column.cast("int64").fill_null(0)
        if kind.is_string():
            column = column.strip()
            digits = column.re_search("^[0-9]{1,15}$")
            bad = column.notnull() & (column != "") & ~digits
            number = column.nullif("").try_cast("int64")
        elif kind.is_floating() or kind.is_decimal():
            column = column.cast("float64")
            column = column.isnan().ifelse(None, column)
            number = column.cast("int64") if kind.is_decimal() else column.try_cast("int64")
            bad = column.notnull() & (number.isnull() | (number.cast("float64") != column))
        else:
            self._refuse(name, f"isi {kind}", "bilangan bulat")
        example = self.table.filter(bad).select(x=column).limit(1).to_pandas()
        if len(example):
            self._refuse(name, f"isi '{example['x'].iloc[0]}'", "bilangan bulat")
        return number.fill_null(0)

    def program(self, known: Sequence[str]) -> ibis.Column:
        """One spelling of each programme."""
        column = self.table[self.columns["program"]].cast("string").fill_null("")
        present = self._distinct(column)
        if len(present) > _MOST:
            self._refuse(self.columns["program"], f"lebih dari {_MOST} nama program", "satu nama tiap program")
        names = {program_key(k): k for k in known}
        spelling = {x: names.setdefault(program_key(x), x.strip()) for x in sorted(present)}
        changed = {x: name for x, name in spelling.items() if x != name}
        return column.substitute(changed) if changed else column

    def period(self) -> ibis.Column:
        """YYYYMM of a single year becomes its month."""
        name, period = self.columns["period"], self.number("period")
        present = self._distinct(period)
        if len(present) > _MOST:
            self._refuse(name, f"lebih dari {_MOST} bulan berlainan", "1 sampai 12 atau YYYYMM")
        years = {x // 100 for x in present if x > 12 and is_month(x)}
        if len(years) == 1:
            (year,) = years
            return ((period >= year * 100 + 1) & (period <= year * 100 + 12)).ifelse(period % 100, period)
        if years and any(1 <= x <= 12 for x in present):
            found = f"bulan 1 sampai 12 bercampur YYYYMM tahun {min(years)} sampai {max(years)}"
            self._refuse(name, found, "satu cara menulis bulan")
        return period
