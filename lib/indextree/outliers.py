"""Daftar aturan pencilan: satu kelas untuk satu cara menjinakkan ekor. Menambah satu cara = satu kelas di sini.

Setiap aturan mencoba satu indikator (nilai yang ada saja) dan memberi ubahan yang lulus pemeriksaan bentuk, atau None.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from indextree.errors import ParameterError

OUTLIER_RULES: dict[str, OutlierRule] = {}
"""Kode -> aturan, dalam urutan pencatatan."""

LOG_SHIFT = 0.01
"""Pergeseran log sebagai bagian rentang data (``log_CT`` di COINr), sehingga satuan ukur tidak berpengaruh."""


def register(cls: type[OutlierRule]) -> type[OutlierRule]:
    """Catat satu aturan pencilan; kodenya harus belum dipakai."""
    if cls.code in OUTLIER_RULES:
        raise ParameterError(f"Aturan pencilan '{cls.code}' sudah terdaftar.")
    OUTLIER_RULES[cls.code] = cls()
    return cls


# -------------------------------------------------------------------- bentuk sebaran


def skewness(x: np.ndarray) -> float:
    """Kemencengan tipe 2; NaN bila kurang dari 3 nilai atau tanpa ragam."""
    x = present(x)
    n = len(x)
    if n < 3 or _is_flat(x):
        return float("nan")
    d = x - x.mean()
    g1 = (d**3).mean() / (d**2).mean() ** 1.5
    return float(g1 * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(x: np.ndarray) -> float:
    """Keruncingan lebih (normal = 0) tipe 2; NaN bila kurang dari 4 nilai atau tanpa ragam."""
    x = present(x)
    n = len(x)
    if n < 4 or _is_flat(x):
        return float("nan")
    d = x - x.mean()
    g2 = (d**4).mean() / (d**2).mean() ** 2 - 3
    return float(((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3)))


def present(x: np.ndarray) -> np.ndarray:
    """Nilai yang tidak hilang."""
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
        """Tindakan tiap sel yang berubah."""
        return np.where(after < before, "winsorised high", "winsorised low")


@dataclass(frozen=True)
class ShiftedLog:
    """``log(x - min + a)`` bila menceng ke kanan, ``-log(maks + a - x)`` bila ke kiri; ``a`` = 0,01 rentang."""

    edge: float
    shift: float
    sign: float
    action: ClassVar[str] = "log"

    def __call__(self, x: np.ndarray) -> np.ndarray:
        # ulangan dapat jatuh di luar rentang data acuan: argumen log ditahan pada nilai acuan yang terluar
        return self.sign * np.log(np.maximum(self.sign * (x - self.edge), 0.0) + self.shift)

    def labels(self, before: np.ndarray, after: np.ndarray) -> np.ndarray:
        """Tindakan tiap sel yang berubah."""
        return np.full(before.shape, "log")


Transform = Clip | ShiftedLog
Passes = Callable[[np.ndarray], bool]


# -------------------------------------------------------------------- aturan


class OutlierRule:
    """Satu aturan.

    Attributes
    ----------
    code : str
    name : dict
        Nama untuk pembaca, ``id`` dan ``en``.
    """

    code: ClassVar[str]
    name: ClassVar[dict[str, str]]

    def fit(self, x: np.ndarray, passes: Passes, points: int) -> Transform | None:
        """Ubahan yang membuat ``x`` lulus, atau None.

        Parameters
        ----------
        x : ndarray (n,)
            Nilai yang ada, belum lulus.
        passes : callable
            Pemeriksaan bentuk.
        points : int
            Paling banyak sel yang boleh diwinsor.
        """
        raise NotImplementedError


class Chain(OutlierRule):
    """Beberapa aturan dicoba berurutan pada data asli; yang pertama lulus dipakai."""

    steps: ClassVar[tuple[str, ...]]

    def fit(self, x, passes, points):
        for code in self.steps:
            found = OUTLIER_RULES[code].fit(x, passes, points)
            if found is not None:
                return found
        return None


@register
class WinsoriseThenLog(Chain):
    """COIN Tool dan COINr: winsor dulu; bila belum lulus, log dari data asli."""

    code = "winsorise_then_log"
    name = {"id": "winsor, lalu log", "en": "winsorise, then log"}
    steps = ("winsorise", "log")


@register
class Winsorise(OutlierRule):
    """Tarik nilai terluar ke nilai terdekat di dalamnya, di sisi yang menceng, sampai lulus atau jatah titik habis."""

    code = "winsorise"
    name = {"id": "winsorise", "en": "winsorise"}

    def fit(self, x, passes, points):
        low, high, now = -np.inf, np.inf, x
        while not passes(now):
            values = np.unique(now)
            if len(values) <= 2:  # satu langkah lagi membuatnya konstan
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
