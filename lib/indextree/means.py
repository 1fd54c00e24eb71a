"""Registry of aggregations: one class for one way of combining children. Adding one is one class here.

A node's value is computed from weighted averages of features of its children,
``V = value(sum w f1(x), sum w f2(x), ...)``, with weights that sum to 1 among the available children. Quasi-arithmetic
means have one feature ``phi``, and ``value = phi^-1``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from indextree.errors import ComputationError, ParameterError
from indextree.registry import Registry

_ZERO_POWER = 1e-8  # a power mean with |p| this small is the geometric mean

MEANS = Registry("Agregasi")
"""Code -> class, in the order recorded."""

register = MEANS.register


def choices(parameter: bool = True) -> tuple[str, ...]:
    """Codes that can be chosen; ``parameter=False``: only those that need no power."""
    return tuple(code for code, cls in MEANS.items() if parameter or not cls.has_power)


def mean(code: str, power: float = np.nan) -> Mean:
    """The aggregation of a code.

    Raises
    ------
    ParameterError
        Unknown code, or its power is not given.
    """
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

    def combine(
        self, x: Sequence[np.ndarray], w: np.ndarray, present: Sequence[np.ndarray | None]
    ) -> np.ndarray | None:
        """Value of a node when it is no function of averaged features; None: use ``features`` and ``value``."""
        return None

    def multipliers(self, x: np.ndarray, y: np.ndarray, vx: np.ndarray, vy: np.ndarray, w: np.ndarray) -> np.ndarray:
        """Exact multipliers of each child between states x and y; derivatives when both are the same.

        Parameters
        ----------
        x, y : ndarray (child, unit)
        vx, vy : ndarray (unit,)
            Values of the node in both states.
        w : ndarray (child, unit)
            Weights that sum to 1 among the children used; zero for the others.

        Returns
        -------
        ndarray (child, unit)
            ``sum(m * (y - x)) = vy - vx``.
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


class _Positive(QuasiArithmetic):
    base = reference = 1.0
    requirement = "di atas nol"

    def forbidden(self, x):
        return _any(x <= 0)


@register
class Geometric(_Positive):
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
class Harmonic(_Positive):
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
        near = np.abs(d) < 0.5 * np.abs(a)
        ratio = np.log1p(np.where(near, d / np.where(a == 0, 1.0, a), 0.0))
        change = np.where(near, a**p * np.expm1(p * ratio), b**p - a**p)
        return np.where(d == 0, p * a ** (p - 1), change / np.where(d == 0, 1.0, d))


@register
class MazziottaPareto(Mean):
    """Arithmetic mean less a penalty for imbalance between children: ``M - S^2 / M`` (Mazziotta and Pareto 2016).

    ``S^2 = sum w (x - M)^2`` (divided by the number of children when weights are equal). With ``Q = sum w x^2`` the
    value is ``2 M - Q / M``. Meant for indicators around 100 (z-scores with mean 100 and deviation 10); on a scale of 0
    to 100 very uneven children can give a value below the smallest child.
    """

    code = "mazziotta_pareto"
    name = {"id": "Rata-rata dengan denda Mazziotta-Pareto", "en": "Mean with Mazziotta-Pareto penalty"}
    base = reference = 1.0
    requirement = "di atas nol"
    internal = False

    def forbidden(self, x):
        return _any(x <= 0)

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
            share = w / total
        shape = np.broadcast_shapes(w[:, :1].shape, *(v.shape for v in x))
        result = np.ones(shape)
        for j, (v, a) in enumerate(zip(x, present, strict=True)):
            s = share[:, j, None]
            factor = s * v if a is None else np.where(a, s * v, np.nan)
            result *= np.where(s > 0, factor, 1.0)
        result[np.broadcast_to(~(total > 0), shape)] = np.nan
        return result

    def multipliers(self, x, y, vx, vy, w):
        if (((x <= 0) | (y <= 0)) & (w > 0)).any():
            raise ComputationError("hasil kali dengan nilai nol atau negatif diurai dengan metode 'shapley' saja.")
        return _log_quotient(x, y) / _log_quotient(vx, vy)


def _any(mask: np.ndarray) -> np.ndarray | None:
    return mask if mask.any() else None


def _log_quotient(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """``(log b - log a) / (b - a)``."""
    d = b - a
    # log1p is exact for b near a, but loses digits when b is much smaller than a; there it is computed directly
    near = np.abs(d) < 0.5 * np.abs(a)
    ratio = np.log1p(np.where(near, d / np.where(a == 0, 1.0, a), 0.0))
    return np.where(d == 0, 1.0 / a, np.where(near, ratio, np.log(b / a)) / np.where(d == 0, 1.0, d))
