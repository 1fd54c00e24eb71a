"""Registry of outlier rules: one class for one way of taming a tail. Adding one is one class here.

A rule tries one indicator (its present values only) and gives a change that passes the check of shape, or None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from indextree.registry import Registry

OUTLIER_RULES = Registry("Aturan pencilan", make=lambda cls: cls())
"""Code -> outlier rule, in the order recorded."""

register = OUTLIER_RULES.register

LOG_SHIFT = 0.01
"""Shift of the log as a share of the range (``log_CT`` in COINr), so the unit of measurement has no influence."""


# -------------------------------------------------------------------- bentuk sebaran


def skewness(x: np.ndarray) -> float:
    """Skewness, type 2; NaN with fewer than 3 values or without variance."""
    x = present(x)
    n = len(x)
    if n < 3 or _is_flat(x):
        return float("nan")
    d = x - x.mean()
    g1 = (d**3).mean() / (d**2).mean() ** 1.5
    return float(g1 * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(x: np.ndarray) -> float:
    """Excess kurtosis (normal = 0), type 2; NaN with fewer than 4 values or without variance."""
    x = present(x)
    n = len(x)
    if n < 4 or _is_flat(x):
        return float("nan")
    d = x - x.mean()
    g2 = (d**4).mean() / (d**2).mean() ** 2 - 3
    return float(((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)))


def present(x: np.ndarray) -> np.ndarray:
    """Values that are not missing."""
    x = np.asarray(x, dtype=float)
    return x[~np.isnan(x)]


def _is_flat(x: np.ndarray) -> bool:
    return len(x) == 0 or x.min() == x.max()


# -------------------------------------------------------------------- ubahan


@dataclass(frozen=True)
class Clip:
    """Nilai di luar batas ditarik ke batasnya."""

    low: float
    high: float
    action: ClassVar[str] = "winsorise"

    def __call__(self, x: np.ndarray) -> np.ndarray:
        return np.clip(x, self.low, self.high)

    def labels(self, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        """What was done to each changed cell."""
        return np.where(after < before, "winsorised high", "winsorised low")


@dataclass(frozen=True)
class ShiftedLog:
    """``log(x - min + a)`` when skewed right, ``-log(max + a - x)`` when left; ``a`` = 0.01 of the range."""

    edge: float
    shift: float
    sign: float
    action: ClassVar[str] = "log"

    def __call__(self, x: np.ndarray) -> np.ndarray:
        # draws can fall outside the range of the reference data: the argument of the log stops at its outermost value
        return self.sign * np.log(np.maximum(self.sign * (x - self.edge), 0.0) + self.shift)

    def labels(self, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        """What was done to each changed cell."""
        return np.full(before.shape, "log")


Transform = Clip | ShiftedLog
Passes = Callable[[np.ndarray], bool]


# -------------------------------------------------------------------- aturan


class OutlierRule:
    """One rule.

    Attributes
    ----------
    code : str
    name : dict
        Name for readers, ``id`` and ``en``.
    """

    code: ClassVar[str]
    name: ClassVar[dict[str, str]]

    def fit(self, x: np.ndarray, passes: Passes, points: int) -> Transform | None:
        """The change that makes ``x`` pass, or None.

        Parameters
        ----------
        x : ndarray (n,)
            Present values, not passing.
        passes : callable
            Check of shape.
        points : int
            At most this many cells may be winsorised.
        """
        raise NotImplementedError


class Chain(OutlierRule):
    """Several rules tried in order on the original data; the first that passes is used."""

    steps: ClassVar[tuple[str, ...]]

    def fit(self, x, passes, points):
        for code in self.steps:
            found = OUTLIER_RULES[code].fit(x, passes, points)
            if found is not None:
                return found
        return None


@register
class WinsoriseThenLog(Chain):
    """COIN Tool and COINr: winsorise first; if that does not pass, the log of the original data."""

    code = "winsorise_then_log"
    name = {"id": "winsor, lalu log", "en": "winsorise, then log"}
    steps = ("winsorise", "log")


@register
class Winsorise(OutlierRule):
    """Pull the outermost values to the nearest value inside, on the skewed side, until it passes or the points run
    out."""

    code = "winsorise"
    name = {"id": "winsorise", "en": "winsorise"}

    def fit(self, x, passes, points):
        low, high, now = -np.inf, np.inf, x
        while not passes(now):
            values = np.unique(now)
            if len(values) <= 2:  # one more step makes it constant
                return None
            limits = (low, values[-2]) if skewness(now) > 0 else (values[1], high)
            trial = np.clip(x, *limits)
            if int((trial != x).sum()) > points:
                return None
            (low, high), now = limits, trial
        return Clip(float(low), float(high))


@register
class Log(OutlierRule):
    """``log_CT_plus`` di COINr."""

    code = "log"
    name = {"id": "log", "en": "log"}

    def fit(self, x, passes, points):
        shift = LOG_SHIFT * float(x.max() - x.min())
        right = skewness(x) > 0
        found = ShiftedLog(float(x.min() if right else x.max()), shift, 1.0 if right else -1.0)
        return found if passes(found(x)) else None
