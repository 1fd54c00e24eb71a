"""One bit for each programme and period, so that a person is one row of a few integers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from listcheck.errors import DataError
from listcheck.reading import PAYMENTS

BITS = 61
"""Slots in one column; the sign bit is left alone."""

REGISTERED = 1 << BITS
"""The bit "is in the register", in the first column."""

_MOST_COLUMNS = 16
"""Nearly a thousand programme-periods."""


class Slots:
    """Position of each programme-period: the periods of one programme follow each other in the order of the list.

    Attributes
    ----------
    periods : list of int
        Present in the list, sorted; the i-th has number i, so rare or odd periods take no room.
    start : dict of str to int
        Programme -> position of the period numbered 0; the period numbered i is at ``start[program] + i``.
    columns : list of str
        Names of the columns, `BITS` positions each.

    Raises
    ------
    DataError
        More programme-periods than 16 columns hold.
    """

    def __init__(self, periods: Iterable[int], ranges: Mapping[str, tuple[int, int]]):
        self.periods = sorted(set(periods))
        self._number = {b: i for i, b in enumerate(self.periods)}
        self.start, self.ranges, position = {}, {}, 0
        for program, (first, last) in ranges.items():
            first, last = self._number[first], self._number[last]
            self.start[program], self.ranges[program] = position - first, (first, last)
            position += last - first + 1
        self.columns = [f"bits_{i}" for i in range(max(-(-position // BITS), 1))]
        if len(self.columns) > _MOST_COLUMNS:
            found = f"{len(self.start)} program dan {len(self.periods)} bulan berlainan"
            expected = f"paling banyak {BITS * _MOST_COLUMNS} pasangan program dan bulan"
            raise DataError(PAYMENTS, found=found, expected=expected)

    @classmethod
    def of(cls, totals: pd.DataFrame) -> Slots:
        """From the ``program`` and ``period`` that are in the list."""
        ranges = totals.groupby("program")["period"].agg(["min", "max"])
        return cls(
            (int(x) for x in totals["period"]),
            {name: (int(x["min"]), int(x["max"])) for name, x in ranges.iterrows()},
        )

    def of_payment(self, program, period) -> dict:
        """Expression of each column for a payment."""
        import ibis

        if not self.start:
            return {name: ibis.literal(0, "int64") for name in self.columns}
        if self.periods[-1] - self.periods[0] + 1 == len(self.periods):
            number = period - self.periods[0]
        else:
            number = ibis.cases(*((period == b, i) for b, i in self._number.items()), else_=0).cast("int64")
        start = ibis.cases(*((program == p, start) for p, start in self.start.items()), else_=0)
        position = start.cast("int64") + number
        if len(self.columns) == 1:
            return {self.columns[0]: _power(position)}
        return {
            name: ibis.ifelse((position >= i * BITS) & (position < (i + 1) * BITS), _power(position - i * BITS), 0)
            for i, name in enumerate(self.columns)
        }

    def mask(self, program: str, period: int | None = None) -> list[int]:
        """Value of each column for one programme: one period, or all of them."""
        first, last = self.ranges[program]
        result = [0] * len(self.columns)
        numbers = range(first, last + 1) if period is None else [self._number[period]]
        for number in (x for x in numbers if first <= x <= last):
            i, rest = divmod(self.start[program] + number, BITS)
            result[i] |= 1 << rest
        return result

    def receives(self, table, program: str):
        """Expression: this person receives ``program`` in any period."""
        import ibis

        return ibis.or_(*((table[k] & m) != 0 for k, m in zip(self.columns, self.mask(program), strict=True) if m))

    def present(self, forbidden: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Forbidden pairs, both ways round, of which both programmes are in the list."""
        both = [x for a, b in forbidden for x in ((a, b), (b, a))]
        return [(a, b) for a, b in dict.fromkeys(both) if a in self.start and b in self.start]

    def rivals(self, forbidden: Sequence[tuple[str, str]]) -> pd.DataFrame:
        """Bits forbidden beside each programme-period: ``_program``, ``_period``, ``rival_<column>``."""
        content: dict[tuple[str, int], list[int]] = {}
        for a, b in self.present(forbidden):
            first, last = self.ranges[a]
            for period in self.periods[first : last + 1]:
                old = content.get((a, period), [0] * len(self.columns))
                content[a, period] = [x | y for x, y in zip(old, self.mask(b, period), strict=True)]
        rows = [(*key, *values) for key, values in content.items()]
        table = pd.DataFrame(rows, columns=["_program", "_period", *(f"rival_{k}" for k in self.columns)])
        return table.astype({k: "int64" for k in table if k != "_program"} | {"_program": "str"})


def _power(position):
    import ibis

    return (ibis.literal(2.0) ** position).cast("int64")
