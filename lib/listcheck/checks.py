"""Quality of a register and a list of payments: faulty ids, duplicates, forbidden pairs, outsiders, idle money.

Counts are exact, not estimates, and only counts leave the engine: never an id. The lists are read three times, each
time only the columns needed:

1. rows and amounts by programme, period and region (without the ids);
2. one row for each id: in the register or not, and one bit for each programme-period paid. More rows than bits means a
   duplicate; two bits of programmes that exclude each other may be a forbidden pair; an id is judged once, here;
3. only the rows of ids that step 2 marked, for their programme, period and region.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from listcheck.engine import persist
from listcheck.reading import PAYMENTS, REGISTER, VALID, DataError, IdScheme, is_month

if TYPE_CHECKING:
    import ibis

KEYS = ["source", "program", "period", "region"]
NO_REGION = 0
BITS = 61
"""Slots in one column; the sign bit is left alone."""

REGISTERED = 1 << BITS
"""The bit "is in the register", in the first column."""

_MOST_COLUMNS = 16
"""Nearly a thousand programme-periods."""


def measures(ids: IdScheme) -> tuple[str, ...]:
    """Names of everything counted, in the order to show them; the amount beside "rows" is what was paid."""
    money = ("rows", "used", "returned", "undisbursed", "overdrawn")
    return (*money, *ids.faults, "unknown_region", "invalid_period", "duplicate", "forbidden_pair", "unregistered")


def check(
    con,
    register: ibis.Table,
    payments: ibis.Table,
    *,
    ids: IdScheme,
    forbidden: Sequence[tuple[str, str]] = (),
    regions: Iterable[int],
) -> pd.DataFrame:
    """Count every measure by list, programme, period and region.

    Parameters
    ----------
    con, register, payments
        From :func:`listcheck.connect`; :func:`listcheck.register` and :func:`listcheck.payments` on that connection.
    forbidden : sequence of (str, str)
        Programmes that one person must not receive in the same period.
    regions : iterable of int
        Known codes; another one, unless empty (0), counts as ``unknown_region``.

    Returns
    -------
    DataFrame
        `KEYS`, ``measure`` (one of :func:`measures`), ``n`` (rows, int64), ``amount`` (Int64, in the list's own unit;
        <NA> for the register). Only n above zero. Duplicates and forbidden pairs are all rows involved, so the result
        does not depend on which row is held to be the right one; faulty ids are not checked for duplicates.

    Raises
    ------
    DataError
        More than 976 programme-periods.
    """
    totals = _totals(payments).to_pandas()
    slots = Slots(totals)
    flagged = persist(con, _flagged(_people(register, payments, slots), slots, ids, forbidden), "flagged")
    involved = persist(con, _involved(payments, flagged, slots, forbidden), "involved")
    wide = [totals, _by_rule(involved, ids).to_pandas(), _duplicates(involved).to_pandas()]
    long = [*(_long(x, PAYMENTS) for x in wide), _long(_in_register(register, flagged, ids).to_pandas(), REGISTER)]
    result = pd.concat([x.astype({"n": "Int64", "amount": "Int64"}) for x in long], ignore_index=True)
    rows = result[result["measure"] == "rows"]
    result = pd.concat([result, *_strangers(rows, set(regions))], ignore_index=True)
    result = result[result["n"] > 0].astype({"period": "int64", "region": "int64", "n": "int64"})
    return result[[*KEYS, "measure", "n", "amount"]].sort_values([*KEYS, "measure"], ignore_index=True)


def split_file_faults(findings: pd.DataFrame, ids: IdScheme) -> tuple[pd.DataFrame, list[tuple[str, str, int]]]:
    """A rule broken by every row of a list says something about the file, not about people.

    Returns
    -------
    findings : DataFrame
        What :func:`check` found, without those.
    faults : list of (source, measure, rows)
        ``measure`` is "id" when all ids are faulty in various ways.
    """
    candidates = [x for x in measures(ids) if x not in ("rows", "used", "returned", "forbidden_pair")]
    totals = findings.groupby(["source", "measure"])["n"].sum()
    faults, drop = [], pd.Series(False, index=findings.index)
    for source, n in totals.xs("rows", level="measure").items():
        own = totals[source]
        broken = [x for x in candidates if own.get(x, 0) == n]
        mixed = not set(broken) & set(ids.faults) and own.reindex(list(ids.faults)).sum() == n
        faults += [(source, x, int(n)) for x in (["id", *broken] if mixed else broken)]
        gone = [*broken, *(ids.faults if mixed else ())]
        drop |= (findings["source"] == source) & findings["measure"].isin(gone)
    return findings[~drop].reset_index(drop=True), faults


def _totals(payments: ibis.Table) -> ibis.Table:
    rest = payments["paid"] - payments["used"] - payments["returned"]
    t = payments.select("program", "period", "region", "paid", "used", "returned", rest=rest)
    return t.group_by("program", "period", "region").agg(
        n_rows=t.count(),
        amount_rows=t["paid"].sum(),
        n_used=t.count(where=t["used"] > 0),
        amount_used=t["used"].sum(),
        n_returned=t.count(where=t["returned"] > 0),
        amount_returned=t["returned"].sum(),
        n_undisbursed=t.count(where=t["rest"] > 0),
        amount_undisbursed=t["rest"].sum(where=t["rest"] > 0),
        n_overdrawn=t.count(where=t["rest"] < 0),
        amount_overdrawn=-t["rest"].sum(where=t["rest"] < 0),
    )


def _people(register: ibis.Table, payments: ibis.Table, slots: Slots) -> ibis.Table:
    """One row for each id: ``n`` (rows in both lists) and the bits.

    No more than that, since nearly all time and memory go here: membership of the register rides along as one bit.
    """
    import ibis

    @ibis.udf.agg.builtin  # named alike in DuckDB and Spark; Ibis does not know it for Spark
    def bit_or(x: int) -> int: ...

    here = {k: ibis.literal(REGISTERED if k == slots.columns[0] else 0, "int64") for k in slots.columns}
    paid = payments.select("id", **slots.of_payment(payments["program"], payments["period"]))
    t = register.select("id", **here).union(paid)
    return t.group_by("id").agg(n=t.count(), **{k: bit_or(t[k]) for k in slots.columns})


def _flagged(people: ibis.Table, slots: Slots, ids: IdScheme, forbidden: Sequence[tuple[str, str]]) -> ibis.Table:
    """Ids with something to report; forbidden pairs in different periods are sorted out later."""
    import ibis

    # DuckDB answers one byte; said so, that the sum is really widened to 64 bits first.
    @ibis.udf.scalar.builtin(signature=((ibis.dtype("int64"),), ibis.dtype("int8")))
    def bit_count(x): ...

    t = ids.mark(people)
    distinct = sum((bit_count(t[k]).cast("int64") for k in slots.columns), ibis.literal(0, "int64"))
    # More rows than bits: a duplicate in either list. An id without the register's bit comes from the payments.
    registered = (t[slots.columns[0]] & REGISTERED) != 0
    t = t.mutate(duplicate=t["n"] > distinct, registered=registered)
    wanted = [t["fault"] != VALID, t["duplicate"], ~t["registered"]]
    wanted += [slots.receives(t, a) & slots.receives(t, b) for a, b in slots.present(forbidden) if a < b]
    return t.filter(ibis.or_(*wanted)).select("id", "fault", "registered", "duplicate", *slots.columns)


def _involved(
    payments: ibis.Table, flagged: ibis.Table, slots: Slots, forbidden: Sequence[tuple[str, str]]
) -> ibis.Table:
    """Payments to flagged ids, with what is wrong."""
    import ibis

    t = payments.select("id", "program", "period", "region", "paid").join(flagged, "id")
    rivals = ibis.memtable(slots.rivals(forbidden))
    t = t.left_join(rivals, (t["program"] == rivals["_program"]) & (t["period"] == rivals["_period"]))
    valid = t["fault"] == VALID
    pair = ibis.or_(*((t[k] & t[f"rival_{k}"].fill_null(0)) != 0 for k in slots.columns))
    return t.select(
        "id", "program", "period", "region", "paid", "fault",
        duplicate=valid & t["duplicate"],
        unregistered=valid & ~t["registered"],
        forbidden_pair=valid & pair,
    )  # fmt: skip


def _faults(t: ibis.Table, ids: IdScheme) -> dict[str, ibis.Column]:
    return {name: t["fault"] == code for code, name in enumerate(ids.faults, start=1)}


def _by_rule(t: ibis.Table, ids: IdScheme) -> ibis.Table:
    rules = _faults(t, ids) | {x: t[x] for x in ("unregistered", "forbidden_pair")}
    return t.group_by("program", "period", "region").agg(
        **{f"n_{name}": t.count(where=broken) for name, broken in rules.items()},
        **{f"amount_{name}": t["paid"].sum(where=broken) for name, broken in rules.items()},
    )


def _duplicates(t: ibis.Table) -> ibis.Table:
    """All rows whose id, programme and period equal another row's, in whatever region."""
    t = t.filter(t["duplicate"])
    t = t.group_by("id", "program", "period", "region").agg(n=t.count(), amount=t["paid"].sum())
    t = t.mutate(together=t["n"].sum().over(group_by=["id", "program", "period"]))
    t = t.filter(t["together"] > 1)
    return t.group_by("program", "period", "region").agg(n_duplicate=t["n"].sum(), amount_duplicate=t["amount"].sum())


def _in_register(register: ibis.Table, flagged: ibis.Table, ids: IdScheme) -> ibis.Table:
    """Rows, faulty ids and repeated ids by region."""
    wanted = flagged.filter((flagged["fault"] != VALID) | (flagged["duplicate"] & flagged["registered"]))
    # An id repeated among the payments only is here once, so its rows are counted again.
    t = register.join(wanted.select("id", "fault"), "id").group_by("id", "region", "fault")
    t = t.agg(n=lambda x: x.count())
    t = t.mutate(together=t["n"].sum().over(group_by="id"))
    rules = _faults(t, ids) | {"duplicate": (t["fault"] == VALID) & (t["together"] > 1)}
    broken = t.group_by("region").agg(**{f"n_{name}": t["n"].sum(where=x) for name, x in rules.items()})
    rows = register.group_by("region").agg(n_rows=register.count())
    return rows.left_join(broken, "region").drop("region_right")


def _long(wide: pd.DataFrame, source: str) -> pd.DataFrame:
    """Columns ``n_<measure>`` and ``amount_<measure>`` become one row for each measure."""
    keys = [k for k in ("program", "period", "region") if k in wide]
    each = [
        wide[keys].assign(measure=x, n=wide[f"n_{x}"], amount=wide[f"amount_{x}"] if f"amount_{x}" in wide else pd.NA)
        for x in (k.removeprefix("n_") for k in wide if k.startswith("n_"))
    ]
    absent = {k: v for k, v in {"program": "", "period": 0}.items() if k not in keys}
    return pd.concat(each, ignore_index=True).assign(source=source, **absent)


def _strangers(rows: pd.DataFrame, regions: set[int]) -> list[pd.DataFrame]:
    """Rows of an unknown region or an impossible period, as measures of their own; empty is neither."""
    outside = ~rows["region"].isin(regions | {NO_REGION})
    impossible = ~rows["period"].map(lambda x: x == 0 or is_month(x)).astype(bool)
    return [rows[outside].assign(measure="unknown_region"), rows[impossible].assign(measure="invalid_period")]


class Slots:
    """One bit for each programme and period, so that a person is one row of a few integers.

    The periods of one programme follow each other. The i-th of the sorted ``periods`` that are in the list has number
    i, so rare or odd periods take no room, and is at ``start[program] + i``; ``columns`` hold `BITS` positions each.
    """

    def __init__(self, totals: pd.DataFrame):
        self.periods = sorted({int(x) for x in totals["period"]})
        self._number = {b: i for i, b in enumerate(self.periods)}
        self.start, self.ranges, position = {}, {}, 0
        for program, each in totals.groupby("program")["period"]:
            first, last = self._number[int(each.min())], self._number[int(each.max())]
            self.start[program], self.ranges[program] = position - first, (first, last)
            position += last - first + 1
        self.columns = [f"bits_{i}" for i in range(max(-(-position // BITS), 1))]
        if len(self.columns) > _MOST_COLUMNS:
            found = f"{len(self.start)} program dan {len(self.periods)} bulan berlainan"
            expected = f"paling banyak {BITS * _MOST_COLUMNS} pasangan program dan bulan"
            raise DataError(PAYMENTS, found=found, expected=expected)

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
