"""Aggregation: ways to combine children, and the tree as arrays, from indicators to every node.

``MEANS`` is the registry: one class is one way, and adding one is one class here. A node's value is computed from
weighted averages of features of its children, ``V = value(sum w f1(x), sum w f2(x), ...)``, with weights that sum to 1
among the available children. Quasi-arithmetic means have one feature ``phi``, and ``value = phi^-1``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np

from indextree.errors import ComputationError, ParameterError, Registry, refuse

THRESHOLD_BASES = ("count", "weight")

_ZERO_POWER = 1e-8  # a power mean with |p| this small is the geometric mean
_CELLS_PER_BLOCK = 32_768  # one block array = 256 kB: it fits the cache, faster than all at once
_THRESHOLD_SLACK = 1e-12  # 2/3 computed as 0.666... must not fall below a threshold of 2/3

MEANS = Registry("Agregasi")
"""Code -> class, in the order recorded."""

register = MEANS.register


def choices(parameter: bool = True) -> tuple[str, ...]:
    """Codes that can be chosen; ``parameter=False``: only those that need no power."""
    return tuple(code for code, cls in MEANS.items() if parameter or not cls.has_power)


def mean(code: str, power: float = np.nan) -> Mean:
    """The aggregation of a code; ParameterError for an unknown code, or when its power is not given."""
    if code not in MEANS:
        raise ParameterError(f"Agregasi '{code}' tidak dikenal; pilih {', '.join(MEANS)}.")
    return MEANS[code].build(power)


class Mean:
    """One way of aggregating.

    Attributes
    ----------
    code : str
        Name in the table of nodes and in parameters.
    name : dict
        Name for readers, ``id`` and ``en``.
    base : float
        Suggested lower end of the indicators' scale: 1 for those that cannot take zero.
    reference : float
        The lowest value at which contributions of children can be measured.
    requirement : str or None
        What children must be, for messages; None when all values will do.
    internal : bool
        The result always lies between the smallest and the largest child.
    same_scale : bool
        The result is on the scale of the children.
    has_power : bool
        Needs a power.
    keeps_transform : bool
        A parent with the same aggregation takes the feature of the result as it is, without inverting it first.
    """

    code: ClassVar[str]
    name: ClassVar[dict[str, str]]
    base: ClassVar[float] = 0.0
    reference: ClassVar[float] = 0.0
    requirement: ClassVar[str | None] = None
    internal: ClassVar[bool] = True
    same_scale: ClassVar[bool] = True
    has_power: ClassVar[bool] = False
    keeps_transform: ClassVar[bool] = False

    @classmethod
    def build(cls, power: float) -> Mean:
        """The aggregation, ready to use; ``power`` is ignored by those that need none."""
        return cls()

    def forbidden(self, x: np.ndarray) -> np.ndarray | None:
        """Cells that must not enter; None when there are none."""
        return None

    def features(self, x: np.ndarray) -> tuple[np.ndarray, ...]:
        """Features of each child, to be averaged."""
        raise NotImplementedError

    def value(self, *averages: np.ndarray) -> np.ndarray:
        """Value of the node from the weighted averages of the features."""
        raise NotImplementedError

    def combine(self, x: np.ndarray, w: np.ndarray, present: np.ndarray | None) -> np.ndarray | None:
        """Value (draw, unit) of a node that is no function of averaged features; None: use ``features`` and ``value``.

        ``x`` (child, draw or 1, unit) is the first feature, ``w`` (draw, child), ``present`` which cells are there.
        """
        return None

    def multipliers(self, x: np.ndarray, y: np.ndarray, vx: np.ndarray, vy: np.ndarray, w: np.ndarray) -> np.ndarray:
        """Exact multipliers (child, unit) between states x and y, ``sum(m * (y - x)) = vy - vx``; derivatives when both
        are the same.

        ``x``, ``y``: (child, unit); ``vx``, ``vy``: values of the node (unit,); ``w``: weights (child, unit) that sum
        to 1 among the children used, zero for the others.
        """
        raise NotImplementedError


class QuasiArithmetic(Mean):
    """``phi^-1(sum w phi(x))``; a subclass gives :meth:`phi`, :meth:`inverse` and the difference quotient
    :meth:`divided`."""

    def phi(self, x: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def inverse(self, s: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def divided(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """``(phi(b) - phi(a)) / (b - a)``, exact also when a is near b."""
        raise NotImplementedError

    def features(self, x):
        return (self.phi(x),)

    def value(self, s):
        return self.inverse(s)

    def multipliers(self, x, y, vx, vy, w):
        return w * self.divided(x, y) / self.divided(vx, vy)


class _Positive(Mean):
    base = reference = 1.0
    requirement = "di atas nol"

    def forbidden(self, x):
        return _any(x <= 0)


@register
class Arithmetic(QuasiArithmetic):
    """``sum w x``."""

    code = "arithmetic"
    name = {"id": "Rata-rata aritmetik", "en": "Arithmetic mean"}

    def phi(self, x):
        return x

    def inverse(self, s):
        return s

    def multipliers(self, x, y, vx, vy, w):
        return w


@register
class Geometric(_Positive, QuasiArithmetic):
    """``prod x^w``; the difference quotient of the log is the inverse logarithmic mean (LMDI, Ang 2004)."""

    code = "geometric"
    name = {"id": "Rata-rata geometrik", "en": "Geometric mean"}
    keeps_transform = True

    def phi(self, x):
        return np.log(x)

    def inverse(self, s):
        return np.exp(s)

    def divided(self, a, b):
        return _log_quotient(a, b)


@register
class Harmonic(_Positive, QuasiArithmetic):
    """``1 / sum(w / x)``."""

    code = "harmonic"
    name = {"id": "Rata-rata harmonik", "en": "Harmonic mean"}

    def phi(self, x):
        return 1.0 / x

    def inverse(self, s):
        return np.divide(1.0, s)

    def divided(self, a, b):
        return -1.0 / (a * b)


@register
class Power(QuasiArithmetic):
    """``(sum w x^p)^(1/p)``."""

    code = "power"
    name = {"id": "Rata-rata pangkat", "en": "Power mean"}
    base = reference = 1.0
    has_power = True

    def __init__(self, power: float) -> None:
        self.power = power
        self.requirement = "tak negatif" if power > 0 else "di atas nol"

    @classmethod
    def build(cls, power):
        if not np.isfinite(power):
            raise ParameterError("rata-rata pangkat menuntut kolom 'power' berisi angka.")
        if abs(power) < _ZERO_POWER:
            return Geometric()
        return {1.0: Arithmetic, -1.0: Harmonic}.get(power, lambda: cls(power))()

    def forbidden(self, x):
        return _any(x < 0 if self.power > 0 else x <= 0)

    def phi(self, x):
        return x**self.power

    def inverse(self, s):
        with np.errstate(over="ignore"):
            result = s ** (1.0 / self.power)
        if np.isinf(result).any():
            raise ComputationError(f"rata-rata pangkat {self.power:g} melampaui jangkauan angka.")
        return result

    def divided(self, a, b):
        d, p = b - a, self.power
        near, ratio = _log_ratio(a, d)
        change = np.where(near, a**p * np.expm1(p * ratio), b**p - a**p)
        return np.where(d == 0, p * a ** (p - 1), change / np.where(d == 0, 1.0, d))


@register
class MazziottaPareto(_Positive):
    """Arithmetic mean less a penalty for imbalance between children: ``M - S^2 / M`` (Mazziotta and Pareto 2016).

    ``S^2 = sum w (x - M)^2`` (divided by the number of children when weights are equal). With ``Q = sum w x^2`` the
    value is ``2 M - Q / M``. Meant for indicators around 100 (z-scores with mean 100 and deviation 10); on a scale of 0
    to 100 very uneven children can give a value below the smallest child.
    """

    code = "mazziotta_pareto"
    name = {"id": "Rata-rata dengan denda Mazziotta-Pareto", "en": "Mean with Mazziotta-Pareto penalty"}
    internal = False

    def features(self, x):
        return x, x * x

    def value(self, m, q):
        return 2 * m - q / m

    def multipliers(self, x, y, vx, vy, w):
        mx, my = ((w * np.where(w > 0, z, 0.0)).sum(axis=0) for z in (x, y))
        qx, qy = ((w * np.where(w > 0, z * z, 0.0)).sum(axis=0) for z in (x, y))
        # the difference of Q/M is split symmetrically: mean 1/M times that of Q, and mean Q times that of 1/M
        return w * (2 - (1 / mx + 1 / my) / 2 * (x + y) + (qx + qy) / 2 / (mx * my))


@register
class Product(Mean):
    """``prod(w x)`` as printed, weights summing to 1; one missing child makes the result missing."""

    code = "product"
    name = {"id": "Hasil kali seperti tercetak", "en": "Product as printed"}
    reference = 1.0
    internal = False
    same_scale = False

    def features(self, x):
        return (x,)

    def combine(self, x, w, present):
        total = w.sum(axis=1, keepdims=True)
        with np.errstate(invalid="ignore", divide="ignore"):
            share = (w / total).T[:, :, None]
        factor = share * x if present is None else np.where(present, share * x, np.nan)
        return np.where(total > 0, np.where(share > 0, factor, 1.0).prod(axis=0), np.nan)

    def multipliers(self, x, y, vx, vy, w):
        if (((x <= 0) | (y <= 0)) & (w > 0)).any():
            raise ComputationError("hasil kali dengan nilai nol atau negatif diurai dengan metode 'shapley' saja.")
        return _log_quotient(x, y) / _log_quotient(vx, vy)


def _any(mask: np.ndarray) -> np.ndarray | None:
    return mask if mask.any() else None


def _log_ratio(a: np.ndarray, d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where a + d is near a, and there ``log((a + d) / a)``.

    log1p is exact for small d, but loses digits when a + d is much smaller than a; there logs are taken directly.
    """
    near = np.abs(d) < 0.5 * np.abs(a)
    return near, np.log1p(np.where(near, d / np.where(a == 0, 1.0, a), 0.0))


def _log_quotient(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``(log b - log a) / (b - a)``."""
    d = b - a
    near, ratio = _log_ratio(a, d)
    return np.where(d == 0, 1.0 / a, np.where(near, ratio, np.log(b / a)) / np.where(d == 0, 1.0, d))


# -------------------------------------------------------------------- the tree as arrays


@dataclass(frozen=True, eq=False)
class CompiledTree:
    """The tree as arrays; nodes in the order of ``codes`` (indicators first, the top last).

    Names are used at the edges only (:meth:`positions`, :meth:`weight_array`), so computing again with other weights is
    one call of :meth:`compute` (microseconds to milliseconds). ``children`` are positions of each branch's children,
    parallel to ``aggregation``, ``power``, ``threshold`` and ``by_weight``; ``weight`` (node,) need not sum to 1.
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
        """Positions of one or more codes on the node axis; ParameterError for an unknown code."""
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
        chosen = dict.fromkeys(branches, aggregation) if isinstance(aggregation, str) else dict(aggregation)
        refuse([code for code in chosen if code not in branches], "Agregasi diberikan untuk yang bukan cabang: {}.")
        new = tuple(chosen.get(code, old) for code, old in zip(branches, self.aggregation, strict=True))
        p = self.power if power is None else np.full(len(branches), float(power))
        result = replace(self, aggregation=new, power=p)
        _ = result.means  # wrong names and powers come to light here
        return result

    @cached_property
    def means(self) -> tuple[Mean, ...]:
        """Aggregation of each branch, parallel to ``children``; ParameterError names the branch of an unknown name or a
        missing power."""
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
        """Values of the nodes, (node, unit) or (node, draw, unit).

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
        shared = values.ndim == 2
        draws, n_units = len(w) if shared else len(values), values.shape[-2]
        out = np.empty((len(chosen), draws, n_units))
        needed = set(chosen)
        for c in reversed(range(len(self.children))):
            if self.n_indicators + c in needed:
                needed.update(self.children[c].tolist())
        step = max(1, _CELLS_PER_BLOCK // max(1, n_units))
        cache: dict[int, tuple] = {}
        for start in range(0, draws, step):
            chunk = slice(start, start + step)
            leaves = np.ascontiguousarray((values[None] if shared else values[chunk]).transpose(2, 0, 1))
            part = w if len(w) == 1 else w[chunk]
            self._block(leaves, part, chosen, needed, out[:, chunk], cache if shared else None, unit)
        return out[:, 0] if single else out

    def top(self, values: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
        """Values of the top only: (unit,) or (draw, unit). Input as in :meth:`compute`."""
        return self.compute(values, weight, nodes=[len(self.codes) - 1])[0]

    def multiplier(self, c: int, *states: np.ndarray) -> np.ndarray:
        """:meth:`Mean.multipliers` of the c-th branch; errors name its node."""
        return self._named(c, self.means[c].multipliers, *states)

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

    @cached_property
    def _parent(self) -> dict[int, int]:
        return {j: c for c, children in enumerate(self.children) for j in children.tolist()}

    def _block(self, leaves, w, chosen, needed: set[int], out: np.ndarray, cache: dict | None, unit) -> None:
        """Fill ``out`` for one block of draws.

        ``transforms[i]`` are features of node i: a geometric node below a geometric node need not be exponentiated and
        logged again. ``cache`` keeps the content of branches that is the same in all blocks.
        """
        n = self.n_indicators
        base: list[np.ndarray | None] = [*leaves, *[None] * len(self.children)]
        transforms: dict[int, tuple[type[Mean], np.ndarray]] = {}
        for c, (children, agg) in enumerate(zip(self.children, self.means, strict=True)):
            i = n + c
            if i not in needed:
                continue
            content = None if cache is None else cache.get(c)
            if content is None:
                content = _features(agg, children, base, transforms)
                if cache is not None and (children < n).all():
                    cache[c] = content
            averages = self._averages(c, agg, content, w[:, children], unit)
            if isinstance(averages, np.ndarray):
                base[i] = averages
                continue
            if agg.keeps_transform:
                transforms[i] = type(agg), averages[0]
            above = self._parent.get(i)
            if not agg.keeps_transform or i in chosen or above is None or type(self.means[above]) is not type(agg):
                with np.errstate(invalid="ignore"):
                    base[i] = self._named(c, agg.value, *averages)
        for place, i in enumerate(chosen):
            out[place] = base[i]

    def _averages(self, c: int, agg: Mean, content: tuple, w: np.ndarray, unit) -> np.ndarray | list[np.ndarray]:
        """Weighted averages of the features of a branch, or its value when it is no function of them."""
        features, observed, forbidden = content
        if forbidden is not None:
            for order, child in enumerate(self.children[c]):
                wrong = forbidden[order] & (w[:, order, None] > 0)
                if wrong.any():
                    self._refuse(c, agg, child, wrong, unit)
        direct = agg.combine(features[0], w, observed)
        if direct is not None:
            return direct
        total = w.sum(axis=1, keepdims=True)
        flat = features[0].shape[1] == 1 and (self.children[c] < self.n_indicators).all()

        def weighted(w: np.ndarray, x: np.ndarray) -> np.ndarray:
            # leaves that all draws share: one matrix product
            return w @ x[:, 0] if flat else np.einsum("dk,kdu->du", w, x)

        if observed is None and (total > 0).all():
            return [weighted(w / total, f) for f in features]
        seen = np.ones(features[0].shape) if observed is None else observed.astype(float)
        available = weighted(w, seen)
        with np.errstate(invalid="ignore", divide="ignore"):
            if self.by_weight[c]:
                part = available / total
            else:
                positive = (w > 0).astype(float)
                part = weighted(positive, seen) / positive.sum(axis=1, keepdims=True)
            # units with fewer children than the threshold, or with no weight at all
            dropped = ~(part >= self.threshold[c] - _THRESHOLD_SLACK) | (available <= 0)
            return [np.where(dropped, np.nan, weighted(w, f) / available) for f in features]

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


def _features(agg: Mean, children: np.ndarray, base: list, transforms: dict) -> tuple:
    """Features of the children, (child, draw or 1, unit) and zero where missing; which cells are there (None: all); and
    which must not enter (None: none)."""
    parts, missing, forbidden = [], [], []
    for j in children:
        if j in transforms and transforms[j][0] is type(agg):
            x, wrong, features = transforms[j][1], None, lambda x: (x,)
        else:
            x, wrong, features = base[j], agg.forbidden(base[j]), agg.features
        absent = np.isnan(x) if wrong is None else np.isnan(x) | wrong
        if absent.any():
            parts.append(tuple(np.where(absent, 0.0, f) for f in features(np.where(absent, 1.0, x))))
        else:
            parts.append(features(x))
        missing.append(absent)
        forbidden.append(wrong)
    observed = wrong = None
    if any(absent.any() for absent in missing):
        observed = ~_stack(missing)
    if any(x is not None for x in forbidden):
        pairs = zip(forbidden, missing, strict=True)
        wrong = _stack([np.zeros(absent.shape, dtype=bool) if x is None else x for x, absent in pairs])
    return [_stack(f) for f in zip(*parts, strict=True)], observed, wrong


def _stack(arrays: Sequence[np.ndarray]) -> np.ndarray:
    return np.stack(arrays if len({x.shape for x in arrays}) == 1 else np.broadcast_arrays(*arrays))
