"""Aggregation: from indicators to every node of the tree, for one table or thousands of draws at once.

How children are combined is in :mod:`indextree.means`, one class for one way; here are the tree, weights that sum to 1
among the available children, and the availability thresholds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from indextree.errors import ComputationError, ParameterError
from indextree.means import Mean, mean

THRESHOLD_BASES = ("count", "weight")

_CELLS_PER_BLOCK = 32_768  # one block array = 256 kB: it fits the cache, faster than all at once
_THRESHOLD_SLACK = 1e-12  # 2/3 computed as 0.666... must not fall below a threshold of 2/3


@dataclass(frozen=True, eq=False)
class CompiledTree:
    """The tree as arrays; nodes in the order of ``codes`` (indicators first, the top last).

    Names are used at the edges only (:meth:`positions`, :meth:`weight_array`), so computing again with other weights is
    one call of :meth:`compute` (microseconds to milliseconds).

    Attributes
    ----------
    weight : ndarray (node,)
        Weights of the nodes; they need not sum to 1.
    children : tuple of int ndarray
        Positions of each branch's children, parallel to ``aggregation``, ``power``, ``threshold``, ``by_weight``.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    n_indicators: int
    children: tuple[np.ndarray, ...]
    aggregation: tuple[str, ...]
    power: np.ndarray
    threshold: np.ndarray
    by_weight: np.ndarray
    weight: np.ndarray

    def positions(self, code: Sequence[str] | str) -> np.ndarray | int:
        """Positions of one or more codes on the node axis.

        Raises
        ------
        ParameterError
            Unknown code.
        """
        lookup = {one: i for i, one in enumerate(self.codes)}
        listed = [code] if isinstance(code, str) else list(code)
        unknown = [one for one in listed if one not in lookup]
        if unknown:
            raise ParameterError(f"Simpul tidak dikenal: {', '.join(map(repr, unknown))}.")
        return lookup[code] if isinstance(code, str) else np.array([lookup[one] for one in listed], dtype=int)

    def weight_array(self, updates: dict[str, float] | None = None) -> np.ndarray:
        """A copy of the weights with some replaced by name."""
        weight = self.weight.copy()
        if updates:
            weight[self.positions(list(updates))] = list(updates.values())
        return weight

    def with_aggregation(self, aggregation: str | dict[str, str], power: float | None = None) -> CompiledTree:
        """The same tree with the aggregation of all branches, or of those named, replaced."""
        branches = self.codes[self.n_indicators :]
        choices = dict.fromkeys(branches, aggregation) if isinstance(aggregation, str) else dict(aggregation)
        unknown = [f"'{code}'" for code in choices if code not in branches]
        if unknown:
            raise ParameterError(f"Agregasi diberikan untuk yang bukan cabang: {', '.join(unknown)}.")
        new = tuple(choices.get(code, old) for code, old in zip(branches, self.aggregation, strict=True))
        p = self.power if power is None else np.full(len(branches), float(power))
        result = replace(self, aggregation=new, power=p)
        _ = result.means  # wrong names and powers come to light here
        return result

    @cached_property
    def means(self) -> tuple[Mean, ...]:
        """Aggregation of each branch, parallel to ``children``.

        Raises
        ------
        ParameterError
            Unknown name or missing power, with the code of the branch.
        """
        result = []
        for code, kind, p in zip(self.codes[self.n_indicators :], self.aggregation, self.power, strict=True):
            try:
                result.append(mean(kind, p))
            except ParameterError as error:
                raise ParameterError(f"Simpul '{code}': {error}") from error
        return tuple(result)

    def compute(
        self,
        values: np.ndarray,
        weight: np.ndarray | None = None,
        nodes: Sequence[int] | None = None,
        unit: Sequence[object] | None = None,
    ) -> np.ndarray:
        """Values of the nodes.

        Parameters
        ----------
        values : ndarray (unit, indicator) or (draw, unit, indicator)
            Normalised indicators; NaN = missing.
        weight : ndarray (node,) or (draw, node), optional
            Instead of ``self.weight``; not negative.
        nodes : sequence of int, optional
            Positions of the nodes to return; default all.
        unit : sequence, optional
            Names of the units, for messages.

        Returns
        -------
        ndarray (node, unit) or (node, draw, unit)

        Raises
        ------
        ComputationError
            A geometric, harmonic or power mean meets a value it cannot take; the message names the node.
        """
        values = np.asarray(values, dtype=float)
        w = self.weight if weight is None else np.asarray(weight, dtype=float)
        self._check_shapes(values, w)
        chosen = range(len(self.codes)) if nodes is None else list(nodes)
        single = values.ndim == 2 and w.ndim == 1
        w = np.atleast_2d(w)
        draws = values.shape[0] if values.ndim == 3 else w.shape[0]
        n_units = values.shape[-2]
        out = np.empty((len(chosen), draws, n_units))
        shared = [values[None, :, k] for k in range(values.shape[1])] if values.ndim == 2 else None
        step = max(1, _CELLS_PER_BLOCK // max(1, n_units))
        cache: dict[int, tuple] = {}
        needed = set(chosen)
        for c in reversed(range(len(self.children))):
            if self.n_indicators + c in needed:
                needed.update(self.children[c].tolist())
        for start in range(0, draws, step):
            chunk = slice(start, min(start + step, draws))
            if shared is not None:
                leaves = shared
            else:
                block = np.ascontiguousarray(values[chunk].transpose(2, 0, 1))
                leaves = list(block)
            self._block(leaves, w if w.shape[0] == 1 else w[chunk], chosen, needed, out[:, chunk], cache, unit)
        return out[:, 0] if single else out

    def top(self, values: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
        """Values of the top only: (unit,) or (draw, unit). Input as in :meth:`compute`."""
        return self.compute(values, weight, nodes=[len(self.codes) - 1])[0]

    def multiplier(self, c: int, *states: np.ndarray) -> np.ndarray:
        """:meth:`Mean.multipliers` cabang urutan ``c``; galatnya menyebut simpulnya."""
        return self._named(c, self.means[c].multipliers, *states)

    # ---------------------------------------------------------------- content

    def _check_shapes(self, values: np.ndarray, w: np.ndarray) -> None:
        if values.ndim not in (2, 3) or values.shape[-1] != self.n_indicators:
            raise ParameterError(
                f"Larik nilai berbentuk {values.shape}; diharapkan (unit, {self.n_indicators}) atau "
                f"(ulangan, unit, {self.n_indicators})."
            )
        if w.ndim not in (1, 2) or w.shape[-1] != len(self.codes):
            raise ParameterError(
                f"Larik bobot berbentuk {w.shape}; diharapkan ({len(self.codes)},) atau (ulangan, {len(self.codes)})."
            )
        if values.ndim == 3 and w.ndim == 2 and values.shape[0] != w.shape[0]:
            raise ParameterError(f"Ulangan nilai ({values.shape[0]}) dan bobot ({w.shape[0]}) tidak sama banyak.")
        if not (w >= 0).all():
            raise ParameterError("Bobot harus angka tak negatif.")

    def _block(
        self,
        leaves: list,
        w: np.ndarray,
        chosen: Sequence[int],
        needed: set[int],
        out: np.ndarray,
        cache: dict,
        unit,
    ) -> None:
        """Fill ``out`` for one block of draws.

        ``base[i]`` are values, ``transforms[i]`` their features: a geometric node below a geometric node need not be
        exponentiated and logged again. ``cache`` keeps features of children that are the same in all blocks.
        """
        n = self.n_indicators
        requested = set(chosen)
        base: list[np.ndarray | None] = list(leaves) + [None] * (len(self.codes) - n)
        transforms: list[tuple[type[Mean], np.ndarray] | None] = [None] * len(self.codes)
        for c, (children, agg) in enumerate(zip(self.children, self.means, strict=True)):
            wa, i = w[:, children], n + c
            if i not in needed:
                continue
            if all(j < n for j in children) and leaves[0].shape[0] == 1:
                if c not in cache:
                    cache[c] = self._transform_shared(agg, children, base)
                averages = self._combine_shared(c, agg, cache[c], wa, unit)
            else:
                averages = self._combine(c, agg, children, wa, base, transforms, unit)
            if isinstance(averages, np.ndarray):
                base[i] = averages
                continue
            if agg.keeps_transform:
                transforms[i] = type(agg), averages[0]
            if not agg.keeps_transform or i in requested or i == len(self.codes) - 1 or self._needs_value(i, type(agg)):
                with np.errstate(invalid="ignore"):
                    base[i] = self._named(c, agg.value, *averages)
        for positions, i in enumerate(chosen):
            out[positions] = base[i]

    def _needs_value(self, i: int, kind: type[Mean]) -> bool:
        return next(
            (type(self.means[c]) is not kind for c, children in enumerate(self.children) if i in children), True
        )

    def _named(self, c: int, func, *content):
        """Run the computation of one branch; its error names the node."""
        try:
            return func(*content)
        except ComputationError as error:
            raise ComputationError(f"{self._label(c)}: {error}") from error

    def _label(self, c: int) -> str:
        i = self.n_indicators + c
        return f"Simpul '{self.codes[i]}'" + (f" ({self.names[i]})" if self.names[i] != self.codes[i] else "")

    def _refuse(self, c: int, agg: Mean, child: int, wrong: np.ndarray, unit) -> None:
        affected = np.flatnonzero(wrong.any(axis=0))
        example = f"'{unit[affected[0]]}'" if unit is not None else f"urutan ke-{affected[0] + 1}"
        raise ComputationError(
            f"{self._label(c)}: agregasi {agg.code} menuntut nilai {agg.requirement}, tetapi '{self.codes[child]}' "
            f"tidak memenuhi syarat itu pada {len(affected)} unit (misalnya {example}). Naikkan batas bawah skala "
            f"(misalnya 1-100), tangani nilai itu, atau pilih rata-rata aritmetik."
        )

    def _transform_shared(self, agg: Mean, children: np.ndarray, base: list) -> tuple:
        x = np.concatenate([base[j] for j in children])
        forbidden = agg.forbidden(x)
        observed = ~np.isnan(x)
        if forbidden is not None:
            observed &= ~forbidden
        complete = bool(observed.all())
        features = agg.features(np.where(observed, x, 1.0))
        if not complete:
            for f in features:
                f[~observed] = 0.0
        return children, features, observed.astype(float), complete, forbidden

    def _combine_shared(self, c: int, agg: Mean, cache: tuple, wa: np.ndarray, unit) -> np.ndarray | list[np.ndarray]:
        children, features, observed, complete, forbidden = cache
        if forbidden is not None:
            for j in np.flatnonzero(forbidden.any(axis=1)):
                if (wa[:, j] > 0).any():
                    self._refuse(c, agg, children[j], forbidden[j : j + 1], unit)
        direct = agg.combine(
            [features[0][j : j + 1] for j in range(len(children))],
            wa,
            [None if complete else observed[j : j + 1] > 0 for j in range(len(children))],
        )
        if direct is not None:
            return direct
        total = wa.sum(axis=1, keepdims=True)
        if complete and (total > 0).all():
            return [(wa / total) @ f for f in features]
        available = wa @ observed
        with np.errstate(invalid="ignore", divide="ignore"):
            positive = (wa > 0).astype(float)
            count = (positive @ observed) / positive.sum(axis=1, keepdims=True)
            dropped = self._dropped(c, available, total, count)
            return [np.where(dropped, np.nan, (wa @ f) / available) for f in features]

    def _dropped(self, c: int, available: np.ndarray, total: np.ndarray, count: np.ndarray) -> np.ndarray:
        """Units with fewer children than the threshold, or with no weight at all."""
        part = available / total if self.by_weight[c] else count
        return ~(part >= self.threshold[c] - _THRESHOLD_SLACK) | (available <= 0)

    def _combine(
        self, c: int, agg: Mean, children: np.ndarray, wa: np.ndarray, base: list, transforms: list, unit
    ) -> np.ndarray | list[np.ndarray]:
        features, observed, complete = [], [], True
        for order, j in enumerate(children):
            if transforms[j] is not None and transforms[j][0] is type(agg):
                f = (transforms[j][1],)
                missing = np.isnan(f[0])
                partial = bool(missing.any())
            else:
                v = base[j]
                missing = np.isnan(v)
                forbidden = agg.forbidden(v)
                if forbidden is not None:
                    wrong = forbidden & (wa[:, order, None] > 0)
                    if wrong.any():
                        self._refuse(c, agg, j, wrong, unit)
                    missing |= forbidden
                partial = bool(missing.any())
                f = agg.features(np.where(missing, 1.0, v) if partial else v)
            features.append(f)
            observed.append(~missing if partial else None)
            complete &= not partial
        direct = agg.combine([f[0] for f in features], wa, observed)
        if direct is not None:
            return direct
        total = wa.sum(axis=1, keepdims=True)
        by_feature = [list(f) for f in zip(*features, strict=True)]
        if complete and (total > 0).all():
            return [_weighted_sum(wa / total, f) for f in by_feature]
        form = np.broadcast_shapes(wa[:, :1].shape, *(f[0].shape for f in features))
        available, count, weighted = np.zeros(form), np.zeros(form), []
        for order, a in enumerate(observed):
            weight = np.broadcast_to(wa[:, order, None], form)
            weighted.append(weight if a is None else np.where(a, weight, 0.0))
            available += weighted[-1]
            count += weighted[-1] > 0
        with np.errstate(invalid="ignore", divide="ignore"):
            dropped = self._dropped(c, available, total, count / (wa > 0).sum(axis=1, keepdims=True))
            result = []
            for f in by_feature:
                summed = np.zeros(form)
                for weight, v, a in zip(weighted, f, observed, strict=True):
                    summed += weight * (v if a is None else np.where(a, v, 0.0))
                result.append(np.where(dropped, np.nan, summed / available))
        return result


def _weighted_sum(share: np.ndarray, x: list[np.ndarray]) -> np.ndarray:
    summed = share[:, 0, None] * x[0]
    for order in range(1, len(x)):
        summed += share[:, order, None] * x[order]
    return summed
