"""Daftar agregasi: satu kelas untuk satu cara menggabungkan anak simpul. Menambah satu cara = satu kelas di sini.

Nilai simpul dihitung dari rata-rata tertimbang beberapa ciri anaknya, ``V = value(sum w f1(x), sum w f2(x), ...)``,
bobot berjumlah 1 di antara anak yang tersedia. Rata-rata kuasi-aritmetik: satu ciri ``phi``, ``value = phi^-1``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np

from indextree.errors import ComputationError, ParameterError

_ZERO_POWER = 1e-8  # rata-rata pangkat dengan |p| sekecil ini adalah rata-rata geometrik

MEANS: dict[str, type[Mean]] = {}
"""Kode -> kelas, dalam urutan pencatatan."""


def register(cls: type[Mean]) -> type[Mean]:
    """Catat satu kelas agregasi; kodenya harus belum dipakai."""
    if cls.code in MEANS:
        raise ParameterError(f"Agregasi '{cls.code}' sudah terdaftar.")
    MEANS[cls.code] = cls
    return cls


def choices(parameter: bool = True) -> tuple[str, ...]:
    """Kode yang dapat dipilih; ``parameter=False``: hanya yang tidak menuntut angka pangkat."""
    return tuple(code for code, cls in MEANS.items() if parameter or not cls.has_power)


def mean(code: str, power: float = np.nan) -> Mean:
    """Agregasi menurut kodenya.

    Raises
    ------
    ParameterError
        Kode tidak dikenal, atau pangkatnya tidak diberikan.
    """
    if code not in MEANS:
        raise ParameterError(f"Agregasi '{code}' tidak dikenal; pilih {', '.join(MEANS)}.")
    return MEANS[code].build(power)


class Mean:
    """Satu cara agregasi.

    Attributes
    ----------
    code : str
        Nama di tabel pohon dan parameter.
    name : dict
        Nama untuk pembaca, ``id`` dan ``en``.
    base : float
        Ujung bawah skala indikator yang disarankan: 1 bagi yang tidak mengenal nol.
    reference : float
        Nilai terendah tempat sumbangan tiap anak dapat diukur.
    requirement : str or None
        Syarat nilai anak untuk pesan galat; None bila semua nilai boleh.
    internal : bool
        Hasilnya selalu di antara anak terkecil dan terbesar.
    same_scale : bool
        Hasilnya berada pada skala anaknya.
    has_power : bool
        Menuntut angka pangkat.
    keeps_transform : bool
        Ciri hasil dipakai langsung oleh induk yang beragregasi sama, tanpa dibalik lalu diubah lagi.
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
        """Agregasi siap pakai; ``power`` diabaikan oleh yang tidak memerlukannya."""
        return cls()

    def forbidden(self, x: np.ndarray) -> np.ndarray | None:
        """Sel yang tidak boleh masuk; None bila tidak ada."""
        return None

    def features(self, x: np.ndarray) -> tuple[np.ndarray, ...]:
        """Ciri tiap anak yang dirata-ratakan."""
        raise NotImplementedError

    def value(self, *averages: np.ndarray) -> np.ndarray:
        """Nilai simpul dari rata-rata tertimbang cirinya."""
        raise NotImplementedError

    def combine(
        self, x: Sequence[np.ndarray], w: np.ndarray, present: Sequence[np.ndarray | None]
    ) -> np.ndarray | None:
        """Nilai simpul bagi agregasi yang bukan fungsi rata-rata ciri; None: pakai ``features`` dan ``value``."""
        return None

    def multipliers(self, x: np.ndarray, y: np.ndarray, vx: np.ndarray, vy: np.ndarray, w: np.ndarray) -> np.ndarray:
        """Pengali tepat tiap anak antara keadaan x dan y; turunan bila keduanya sama.

        Parameters
        ----------
        x, y : ndarray (child, unit)
        vx, vy : ndarray (unit,)
            Nilai simpul pada kedua keadaan.
        w : ndarray (child, unit)
            Bobot berjumlah 1 di antara anak yang dipakai; nol bagi yang lain.

        Returns
        -------
        ndarray (child, unit)
            ``sum(m * (y - x)) = vy - vx``.
        """
        raise NotImplementedError


class QuasiArithmetic(Mean):
    """``phi^-1(sum w phi(x))``; turunannya cukup :meth:`phi`, :meth:`inverse`, dan beda terbagi :meth:`divided`."""

    def phi(self, x: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def inverse(self, s: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def divided(self, a: np.ndarray, b: np.ndarray) -> np.ndarray:
        """``(phi(b) - phi(a)) / (b - a)``, tepat juga bila a mendekati b."""
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
    """``prod x^w``; beda terbagi log adalah kebalikan rata-rata logaritmik (LMDI, Ang 2004)."""

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
    """Rata-rata aritmetik dikurangi denda ketimpangan antaranak: ``M - S^2 / M`` (Mazziotta dan Pareto 2016).

    ``S^2 = sum w (x - M)^2`` (pembagi banyaknya anak bila bobot sama). Ditulis dengan ``Q = sum w x^2``, nilainya
    ``2 M - Q / M``. Dirancang bagi indikator berskala sekitar 100 (zskor 100 dan 10); pada skala 0-100 dengan anak yang
    sangat timpang nilainya dapat di bawah anak terkecil.
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
        # beda Q/M dipecah setangkup: rata-rata 1/M kali beda Q, dan rata-rata Q kali beda 1/M
        return w * (2 - (1 / mx + 1 / my) / 2 * (x + y) + (qx + qy) / 2 / (mx * my))


@register
class Product(Mean):
    """``prod(w x)`` apa adanya, bobot berjumlah 1; satu anak hilang membuat hasilnya hilang."""

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
    # log1p tepat untuk b dekat a, tetapi kehilangan angka bila b jauh lebih kecil dari a; di sana dihitung langsung
    near = np.abs(d) < 0.5 * np.abs(a)
    ratio = np.log1p(np.where(near, d / np.where(a == 0, 1.0, a), 0.0))
    return np.where(d == 0, 1.0 / a, np.where(near, ratio, np.log(b / a)) / np.where(d == 0, 1.0, d))
