"""The tree of an index: nodes, weights, directions, goalposts, aggregations and thresholds, all keyed by node codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

import numpy as np
import pandas as pd

from indextree.aggregation import THRESHOLD_BASES, CompiledTree
from indextree.errors import ParameterError, name_list, refuse, require_known, require_one_of

DEFAULT_THRESHOLD = 0.5
"""Share of the children that must be available for a node to be computed, unless the table says otherwise."""

_NUMERIC_COLUMNS = ("weight", "direction", "goalpost_lower", "goalpost_upper", "target", "power", "threshold")
_LEAF_COLUMNS = {"direction", "goalpost_lower", "goalpost_upper", "target"}
_BRANCH_COLUMNS = {"aggregation", "power", "threshold", "threshold_basis"}


def code_text(value: object) -> str:
    """A code as text; an integer that an empty cell in its column turned into a float (1.0) stays ``"1"``."""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value).strip()


def code_columns(data: pd.DataFrame, code: Iterable[str]) -> dict[str, int]:
    """Column position of each code in the data; columns named by numbers are matched as text.

    ParameterError when it is no DataFrame, or has two columns for one code.
    """
    if not isinstance(data, pd.DataFrame):
        raise ParameterError(
            f"Data harus DataFrame pandas berindeks unit; diberikan {type(data).__module__}.{type(data).__name__}. "
            f"Tabel Arrow atau polars: ubah dulu dengan to_pandas() lalu set_index(kolom unit)."
        )
    names = pd.Index([code_text(name) for name in data.columns], dtype=object)
    place = pd.Series(range(len(names)), index=names)[names.isin(list(code))]
    refuse(place.index[place.index.duplicated()].unique(), "Kolom ganda: {}.")
    return place.to_dict()


@dataclass(frozen=True, eq=False)
class Tree:
    """A checked tree. Make it with :meth:`from_table`; change it with :meth:`replace`.

    Attributes
    ----------
    indicators : tuple of str
        Codes of the leaves, in the order of the table.
    branches : tuple of str
        Codes of the other nodes, bottom up; the last is the top.
    children : dict of str to tuple of str
        Children of each branch.
    """

    _table: pd.DataFrame
    indicators: tuple[str, ...]
    branches: tuple[str, ...]
    children: dict[str, tuple[str, ...]]
    _positions: dict[str, int] = field(repr=False)

    @classmethod
    def from_table(
        cls,
        table: pd.DataFrame,
        *,
        aggregation: str = "arithmetic",
        threshold: float = DEFAULT_THRESHOLD,
        threshold_basis: str = "count",
    ) -> Tree:
        """Build the tree from a table with one row for each node.

        Parameters
        ----------
        table : DataFrame
            Or an Arrow or polars table. Integer codes are read as text (1 and 1.0 = ``"1"``). Columns ``code`` and
            ``parent`` (empty for the top) are required. Optional: ``name``, ``weight`` (default 1), ``direction`` (1 or
            -1, default 1), ``goalpost_lower``, ``goalpost_upper``, ``target`` (in units of the indicator), and for
            branches ``aggregation`` (code in :data:`indextree.MEANS`), ``power``, ``threshold`` (0 to 1),
            ``threshold_basis`` (``count`` or ``weight`` of the available children). Other columns are kept as they are.
        aggregation, threshold, threshold_basis
            For branches whose cell is empty or whose column is absent.

        Raises
        ------
        ParameterError
            Duplicate codes, an unknown parent, a cycle, more than one top, or an invalid weight, direction, goalpost or
            threshold.
        """
        if not isinstance(table, pd.DataFrame) and hasattr(table, "__arrow_c_stream__"):
            table = pd.DataFrame.from_arrow(table)
        if not isinstance(table, pd.DataFrame):
            raise ParameterError(f"Tabel pohon harus DataFrame; diberikan {type(table).__name__}.")
        refuse(table.columns[table.columns.duplicated()].unique(), "Kolom ganda: {}.")
        refuse(sorted({"code", "parent"} - set(table.columns)), "Tabel pohon tidak memuat kolom {}.")
        if table.empty:
            raise ParameterError("Tabel pohon kosong.")
        t = table.copy()
        if t["code"].isna().any():
            raise ParameterError("Tabel pohon memuat kode kosong.")
        t["code"] = [code_text(value) for value in t["code"]]
        refuse(t["code"][t["code"].duplicated()].unique(), "Kode simpul ganda: {}.")
        t["parent"] = ["" if pd.isna(value) else code_text(value) for value in t["parent"]]
        t = t.set_index("code")
        require_known("Induk", set(t["parent"]) - {""}, t.index)
        top = t.index[t["parent"] == ""]
        if len(top) != 1:
            raise ParameterError(
                f"Pohon harus punya tepat satu puncak (induk kosong); ditemukan {len(top)}"
                + (f": {name_list(top)}." if len(top) else " (setiap simpul menunjuk induk: ada lingkaran).")
            )
        children: dict[str, tuple[str, ...]] = {}
        for code, parent in t["parent"].items():
            if parent:
                children[parent] = (*children.get(parent, ()), code)
        level = _levels(top[0], children, t.index)
        t["level"] = pd.Series(level)
        indicators = tuple(code for code in t.index if code not in children)
        if not children:
            raise ParameterError(f"Pohon hanya berisi puncak '{top[0]}' tanpa indikator.")
        branches = tuple(sorted(children, key=lambda code: level[code]))
        t = _fill_columns(t, indicators, branches, aggregation, threshold, threshold_basis)
        positions = {code: i for i, code in enumerate(indicators + branches)}
        tree = cls(t.loc[list(positions)], indicators, branches, children, positions)
        tree._check()
        return tree

    def _check(self) -> None:
        t, branches = self._table, self._table.loc[list(self.branches)]
        refuse(
            t.index[~(np.isfinite(t["weight"]) & (t["weight"] >= 0))],
            "Bobot harus angka tak negatif; periksa {}.",
        )
        for code, children in self.children.items():
            if not t["weight"][list(children)].sum() > 0:
                raise ParameterError(f"Simpul '{code}': jumlah bobot anaknya nol.")
        refuse(t.index[~t["direction"].isin([1, -1])], "Arah harus 1 atau -1; periksa {}.")
        refuse(branches.index[branches["direction"] != 1], "Arah -1 hanya untuk indikator, bukan simpul cabang {}.")
        refuse(
            t.index[(t["goalpost_lower"] >= t["goalpost_upper"]).fillna(False)],
            "Tonggak bawah harus lebih kecil dari tonggak atas; periksa {}.",
        )
        for code, threshold, basis in branches[["threshold", "threshold_basis"]].itertuples():
            if not 0 <= threshold <= 1:
                raise ParameterError(f"Simpul '{code}': ambang harus antara 0 dan 1.")
            require_one_of(f"Simpul '{code}': dasar ambang", basis, THRESHOLD_BASES)
        _ = self.compile().means

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes: indicators first, then branches up to the top."""
        return self.indicators + self.branches

    @property
    def top(self) -> str:
        """Kode puncak pohon."""
        return self.branches[-1]

    @property
    def table(self) -> pd.DataFrame:
        """A copy of the table of nodes (index ``code``), with ``level``: 1 = indicator, the top = highest."""
        return self._table.copy()

    def column(self, name: str) -> pd.Series:
        """One column of the table of nodes, by code."""
        require_known("Kolom pohon", [name], self._table.columns)
        return self._table[name].copy()

    def name(self, code: str) -> str:
        """Long name of a node."""
        self.require([code])
        return str(self._table.at[code, "name"])

    def parent(self, code: str) -> str | None:
        """Parent of a node; None for the top."""
        self.require([code])
        return str(self._table.at[code, "parent"]) or None

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Parent, grandparent and so on up to the top."""
        result, parent = [], self.parent(code)
        while parent is not None:
            result.append(parent)
            parent = self.parent(parent)
        return tuple(result)

    def leaves(self, code: str) -> tuple[str, ...]:
        """Indicators below a node (the node itself when it is a leaf)."""
        self.require([code])
        if code not in self.children:
            return (code,)
        return tuple(leaf for child in self.children[code] for leaf in self.leaves(child))

    def at_level(self, level: int) -> tuple[str, ...]:
        """Codes of the nodes on one level (1 = indicators)."""
        code = tuple(self._table.index[self._table["level"] == level])
        if not code:
            raise ParameterError(f"Tingkat {level} tidak ada; pohon ini punya tingkat 1-{self.height}.")
        return code

    @property
    def height(self) -> int:
        """Number of levels, indicators and top included."""
        return int(self._table["level"].max())

    def final_weights(self) -> pd.Series:
        """Weight of each node towards the top: product of local weights (summing to 1 among siblings) along the path.

        This is nominal influence; for the real one see :func:`indextree.analysis.effective_weights`.
        """
        return self._final_weights.copy()

    @cached_property
    def _final_weights(self) -> pd.Series:
        local = self.local_weights().to_dict()
        content = [prod(local[one] for one in (code, *self.ancestors(code))) for code in self.codes]
        return pd.Series(content, index=list(self.codes), name="final_weight", dtype=float)

    def local_weights(self) -> pd.Series:
        """Weights divided by the sum over siblings (the top = 1)."""
        weight = self._table["weight"].copy()
        weight[self.top] = 1.0
        for children in self.children.values():
            weight[list(children)] /= weight[list(children)].sum()
        return weight.rename("local_weight")

    def require(self, code: Iterable[str]) -> None:
        """Make sure all codes are in the tree; ParameterError names the unknown code and the nearest one."""
        require_known("Simpul", code, self._positions)

    # ---------------------------------------------------------------- changes (always a new tree)

    def replace(self, **columns: object) -> Tree:
        """A new tree with columns replaced, by names of nodes.

        Parameters
        ----------
        **columns
            ``weight``, ``direction``, ``goalpost_lower``, ``goalpost_upper``, ``target``, ``aggregation``, ``power``,
            ``threshold``, ``threshold_basis``: a Mapping or Series code -> value (other nodes stay), or one value for
            all nodes it applies to (leaves for direction, goalposts, target; branches for aggregation, power,
            threshold).
        """
        t = self._table.copy()
        require_known("Kolom pohon", columns, {*_NUMERIC_COLUMNS, "aggregation", "threshold_basis", "name"})
        for name, content in columns.items():
            if isinstance(content, pd.Series):
                content = content.to_dict()
            if isinstance(content, Mapping):
                self.require(content)
            else:
                content = dict.fromkeys(self._scope(name), content)
            for code, value in content.items():
                t.at[code, name] = float(value) if name in _NUMERIC_COLUMNS else value
        tree = Tree(t, self.indicators, self.branches, self.children, self._positions)
        tree._check()
        return tree

    def _scope(self, column: str) -> tuple[str, ...]:
        if column in _LEAF_COLUMNS:
            return self.indicators
        return self.branches if column in _BRANCH_COLUMNS else self.codes

    def without(self, *drop: str) -> Tree:
        """A new tree without these nodes and what is below them; branches that become empty go too.

        ParameterError for an unknown code, the top itself, or when no indicator is left.
        """
        self.require(drop)
        if self.top in drop:
            raise ParameterError(f"Puncak '{self.top}' tidak dapat dibuang.")
        rest = [k for k in self.indicators if not ({k, *self.ancestors(k)} & set(drop))]
        if not rest:
            raise ParameterError("Membuang simpul itu tidak menyisakan indikator.")
        kept = set(rest).union(*(self.ancestors(k) for k in rest))
        return self._subset([k for k in self._table.index if k in kept])

    def subtree(self, code: str) -> Tree:
        """The part of the tree below one branch, with that branch as its top."""
        self.require([code])
        if code not in self.children:
            raise ParameterError(f"'{code}' adalah indikator, bukan cabang.")
        return self._subset([k for k in self._table.index if k == code or code in self.ancestors(k)], top=code)

    def _subset(self, code: list[str], top: str | None = None) -> Tree:
        t = self._table.loc[code].drop(columns="level").reset_index(names="code")
        if top is not None:
            t.loc[t["code"] == top, "parent"] = ""
        return Tree.from_table(t)

    def compile(self) -> CompiledTree:
        """The tree as arrays, ready to be computed again and again (see
        :class:`indextree.aggregation.CompiledTree`)."""
        t, b = self._table, self._table.loc[list(self.branches)]
        return CompiledTree(
            codes=self.codes,
            names=tuple(t["name"].astype(str)),
            n_indicators=len(self.indicators),
            children=tuple(np.array([self._positions[a] for a in self.children[k]]) for k in self.branches),
            aggregation=tuple(b["aggregation"]),
            power=b["power"].to_numpy(dtype=float),
            threshold=b["threshold"].to_numpy(dtype=float),
            by_weight=(b["threshold_basis"] == "weight").to_numpy(),
            weight=t["weight"].to_numpy(dtype=float),
        )

    def values(self, data: pd.DataFrame, missing_columns: str = "fail") -> np.ndarray:
        """Array unit x indicator from a table, matched by names of columns.

        Parameters
        ----------
        data : DataFrame
            Index = units (unique), columns = indicator codes; other columns are ignored.
        missing_columns : {"fail", "missing"}
            When an indicator has no column: an error, or taken as not available (NaN) in all units.

        Raises
        ------
        ParameterError
            A column is missing, duplicate units or columns, cells that are not numbers, or infinite values.
        """
        if missing_columns not in ("fail", "missing"):
            raise ParameterError("missing_columns harus 'fail' atau 'missing'.")
        columns = code_columns(data, self._positions)
        refuse(data.index[data.index.duplicated()].unique(), "Unit ganda: {}.")
        if missing_columns == "fail":
            refuse([k for k in self.indicators if k not in columns], "Data tidak memuat indikator {}.")
        values = np.full((len(data), len(self.indicators)), np.nan)
        mismatched = []
        for k, code in enumerate(self.indicators):
            if code not in columns:
                continue
            content = data.iloc[:, columns[code]]
            if pd.api.types.is_numeric_dtype(content):
                values[:, k] = content.to_numpy(dtype=float, na_value=np.nan)
            elif content.notna().any():
                mismatched.append(code)
        refuse(mismatched, "Indikator harus berisi angka; periksa {}.")
        infinite = np.isinf(values).any(axis=0)
        refuse(
            [k for k, bad in zip(self.indicators, infinite, strict=True) if bad], "Nilai tak hingga pada indikator {}."
        )
        return values


def _levels(top: str, children: dict[str, tuple[str, ...]], every: pd.Index) -> dict[str, int]:
    order, stack = [], [top]
    while stack:
        code = stack.pop()
        order.append(code)
        stack.extend(children.get(code, ()))
    refuse(sorted(set(every) - set(order)), "Simpul {} tidak tersambung ke puncak: ada lingkaran.")
    level: dict[str, int] = {}
    for code in reversed(order):
        level[code] = 1 + max((level[a] for a in children.get(code, ())), default=0)
    return level


def _fill_columns(
    t: pd.DataFrame, indicators: tuple, branches: tuple, aggregation: str, threshold: float, threshold_basis: str
) -> pd.DataFrame:
    """Fill absent columns and empty cells of branches; empty weights are not guessed."""
    if "name" not in t:
        t["name"] = t.index
    t["name"] = t["name"].where(t["name"].notna(), t.index)
    for name in _NUMERIC_COLUMNS:
        if name not in t:
            t[name] = 1.0 if name in ("weight", "direction") else np.nan
        numbers = pd.to_numeric(t[name], errors="coerce").astype(float)
        refuse(t.index[numbers.isna() & t[name].notna()], f"Kolom '{name}' harus angka; periksa {{}}.")
        t[name] = numbers
    refuse(t.index[t["weight"].isna() & (t.index != branches[-1])], "Bobot kosong pada {}.")
    t["weight"] = t["weight"].fillna(1.0)
    t["direction"] = t["direction"].fillna(1.0)
    for name, default in (("aggregation", aggregation), ("threshold_basis", threshold_basis)):
        content = t[name].astype(object) if name in t else pd.Series(None, index=t.index, dtype=object)
        content = content.where(content.notna() & (content.astype(str).str.strip() != ""), default)
        t[name] = content.where(t.index.isin(branches), None)
    t["threshold"] = t["threshold"].fillna(threshold).where(t.index.isin(branches))
    return t
