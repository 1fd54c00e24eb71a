"""Daftar normalisasi: satu kelas untuk satu cara membawa indikator ke satu skala. Menambah cara = satu kelas di sini.

Larik ``y`` selalu sudah searah (nilai x arah), berbentuk (..., unit, indikator): lebih besar lebih baik.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from indextree.errors import ComputationError, ParameterError
from indextree.ranking import rank_array
from indextree.tree import name_list

if TYPE_CHECKING:
    from indextree.normalisation import Normalisation, Reference

Params = Mapping[str, np.ndarray]
SCALINGS: dict[str, Scaling] = {}
"""Kode -> cara normalisasi, dalam urutan pencatatan."""


def register(cls: type[Scaling]) -> type[Scaling]:
    """Catat satu cara normalisasi; kodenya harus belum dipakai."""
    if cls.code in SCALINGS:
        raise ParameterError(f"Normalisasi '{cls.code}' sudah terdaftar.")
    SCALINGS[cls.code] = cls()
    return cls


class Scaling:
    """Satu cara normalisasi.

    Attributes
    ----------
    code : str
    name : dict
        Nama untuk pembaca, ``id`` dan ``en``.
    needs_data : bool
        Parameternya diambil dari data, jadi indikator tanpa data ditolak.
    uses_goalposts : bool
        Memakai tonggak indikator, yang dapat digoyang dalam skenario.
    clips : bool
        Dipotong ke [bawah, atas] bila tidak dinyatakan lain.
    """

    code: ClassVar[str]
    name: ClassVar[dict[str, str]]
    needs_data: ClassVar[bool] = True
    uses_goalposts: ClassVar[bool] = False
    clips: ClassVar[bool] = False

    def fit(self, y: np.ndarray) -> dict[str, np.ndarray]:
        """Parameter dari data acuan, terpisah untuk tiap ulangan."""
        return {}

    def check(self, y: np.ndarray, reference: Reference, p: Params) -> None:
        """Tolak acuan atau data yang tidak memenuhi syarat, dengan nama indikatornya."""

    def flat(self, p: Params) -> np.ndarray | None:
        """Indikator tanpa ragam; None bila ragam tidak diperlukan."""
        return None

    def fraction(self, y: np.ndarray, reference: Reference, p: Params) -> np.ndarray:
        """Nilai 0 sampai 1 sebelum dibawa ke [bawah, atas]."""
        raise NotImplementedError

    def middle(self, spec: Normalisation) -> float:
        """Isi indikator tanpa ragam bila ``constant="middle"``."""
        return (spec.lower + spec.upper) / 2

    def transform(self, y: np.ndarray, spec: Normalisation, reference: Reference, p: Params) -> np.ndarray:
        """Nilai ternormalkan dengan parameter tersimpan."""
        part = self.fraction(y, reference, p)
        if self.clips if spec.clip is None else spec.clip:
            part = np.clip(part, 0.0, 1.0)
        return self.fill_flat(spec.lower + (spec.upper - spec.lower) * part, y, spec, p)

    def transform_own(self, y: np.ndarray, spec: Normalisation, reference: Reference, p: Params) -> np.ndarray:
        """Seperti :meth:`transform`, tetapi data yang dinormalkan adalah data acuannya sendiri."""
        return self.transform(y, spec, reference, p)

    def fill_flat(self, result: np.ndarray, y: np.ndarray, spec: Normalisation, p: Params) -> np.ndarray:
        flat = self.flat(p)
        if flat is None or not flat.any():
            return result
        filled = np.nan if spec.constant == "missing" else self.middle(spec)
        return np.where(np.isnan(y), np.nan, np.where(flat, filled, result))

    def scale(self, spec: Normalisation) -> tuple[object, ...]:
        """Skala hasil; dua normalisasi yang skalanya sama boleh dibandingkan skornya."""
        return ("range", spec.lower, spec.upper)


class Affine(Scaling):
    """``(y - bad) / (baik - bad)`` dengan dua ujung dari :meth:`ends`."""

    def ends(self, reference: Reference, p: Params) -> tuple[np.ndarray, np.ndarray]:
        """Nilai searah yang menjadi 0 dan 1."""
        return p["worst"], p["best"]

    def fraction(self, y, reference, p):
        low, high = self.ends(reference, p)
        return (y - low) / np.where(high == low, 1.0, high - low)

    def inverse(self, z: np.ndarray, spec: Normalisation, reference: Reference, p: Params) -> np.ndarray:
        """Nilai searah dari nilai ternormalkan (sebelum dipotong)."""
        low, high = self.ends(reference, p)
        return low + (z - spec.lower) / (spec.upper - spec.lower) * (high - low)


@register
class Unscaled(Scaling):
    """Hanya arahnya dibalik."""

    code = "unscaled"
    name = {"id": "apa adanya", "en": "as is"}
    needs_data = False

    def transform(self, y, spec, reference, p):
        return y

    def scale(self, spec):
        return ("raw",)


@register
class MinMax(Affine):
    """``(y - min) / (maks - min)``."""

    code = "minmax"
    name = {"id": "min-maks", "en": "min-max"}

    def fit(self, y):
        return _extremes(y)

    def flat(self, p):
        return p["best"] == p["worst"]


@register
class Goalposts(Affine):
    """Terhadap tonggak bawah dan atas indikator."""

    code = "goalposts"
    name = {"id": "goalposts", "en": "goalposts"}
    needs_data = False
    uses_goalposts = True
    clips = True

    def ends(self, reference, p):
        positive = reference.direction > 0
        return (
            np.where(positive, reference.goalpost_lower, -reference.goalpost_upper),
            np.where(positive, reference.goalpost_upper, -reference.goalpost_lower),
        )

    def check(self, y, reference, p):
        _refuse(
            np.isnan(reference.goalpost_lower) | np.isnan(reference.goalpost_upper),
            reference,
            "Normalisasi tonggak: tonggak bawah/atas belum diisi untuk {}.",
        )
        _refuse(
            reference.goalpost_upper <= reference.goalpost_lower,
            reference,
            "Normalisasi tonggak: tonggak bawah tidak lebih kecil dari atas pada {}.",
        )


@register
class ZScore(Scaling):
    """``(y - mean-mean) / sd default`` (pembagi n-1), dibawa ke rata-rata dan simpangan yang diminta."""

    code = "zscore"
    name = {"id": "z-skor", "en": "z-score"}

    def fit(self, y):
        present = ~np.isnan(y)
        n = present.sum(axis=-2, keepdims=True)
        mean = np.where(present, y, 0).sum(axis=-2, keepdims=True) / np.maximum(n, 1)
        squares = np.where(present, (y - mean) ** 2, 0).sum(axis=-2, keepdims=True)
        ends = _extremes(y)
        # galat pembulatan membuat kolom konstan (misalnya 0,1 semua) bersimpangan 1e-17, bukan nol
        sd = np.where(ends["worst"] == ends["best"], 0.0, np.sqrt(squares / np.maximum(n - 1, 1)))
        return {"mean": mean, "sd": sd}

    def flat(self, p):
        return p["sd"] == 0

    def middle(self, spec):
        return spec.mean

    def transform(self, y, spec, reference, p):
        z = (y - p["mean"]) / np.where(p["sd"] == 0, 1.0, p["sd"])
        return self.fill_flat(z * spec.sd + spec.mean, y, spec, p)

    def scale(self, spec):
        return ("zscore", spec.mean, spec.sd)


@register
class Rank(Scaling):
    """Peringkat naik, 1 = terburuk, seri terkecil."""

    code = "rank"
    name = {"id": "rank", "en": "rank"}

    def fit(self, y):
        return {"ordered": np.sort(y, axis=-2), "count": (~np.isnan(y)).sum(axis=-2, keepdims=True)}

    def transform(self, y, spec, reference, p):
        """Peringkat terhadap data acuan: 1 + banyaknya nilai acuan yang lebih kecil."""
        ordered, count = p["ordered"], p["count"]
        if ordered.ndim != 2:
            raise ParameterError("Peringkat terhadap acuan hanya untuk acuan berbentuk (unit, indikator).")
        result = np.empty(y.shape)
        for k in range(y.shape[-1]):
            base = ordered[: int(count[0, k]), k]
            position = np.minimum(np.searchsorted(base, y[..., k], side="left") + 1, max(1, len(base)))
            result[..., k] = np.where(np.isnan(y[..., k]), np.nan, position)
        return self.from_rank(result, spec, p)

    def transform_own(self, y, spec, reference, p):
        rising = rank_array(np.swapaxes(y, -1, -2), tolerance=0.0, descending=False)
        rising = np.swapaxes(rising, -1, -2).astype(float)
        rising[rising == 0] = np.nan
        return self.from_rank(rising, spec, p)

    def from_rank(self, rank: np.ndarray, spec: Normalisation, p: Params) -> np.ndarray:
        return rank

    def scale(self, spec):
        return ("rank",)


@register
class PercentileRank(Rank):
    """``(ranks - 1) / (n - 1)``."""

    code = "percentile_rank"
    name = {"id": "percentile_rank", "en": "percentile rank"}

    def flat(self, p):
        return p["count"] <= 1

    def from_rank(self, rank, spec, p):
        part = (rank - 1) / np.maximum(p["count"] - 1, 1)
        return self.fill_flat(spec.lower + (spec.upper - spec.lower) * part, rank, spec, p)

    def scale(self, spec):
        return Scaling.scale(self, spec)


@register
class TargetDistance(Affine):
    """``(y - terburuk) / (target - terburuk)``."""

    code = "target_distance"
    name = {"id": "jarak ke target", "en": "distance to target"}

    def fit(self, y):
        return _extremes(y)

    def ends(self, reference, p):
        return p["worst"], reference.target * reference.direction

    def check(self, y, reference, p):
        _refuse(np.isnan(reference.target), reference, "Normalisasi target_distance: target belum diisi untuk {}.")
        _refuse(
            (reference.target * reference.direction - p["worst"])[..., 0, :] <= 0,
            reference,
            "Normalisasi target_distance: target tidak lebih baik dari nilai terburuk pada {}.",
        )


@register
class BestDistance(MinMax):
    """``1 - (best - y) / (best - terburuk)``; sama dengan min-maks, nama yang dipakai COINr."""

    code = "best_distance"
    name = {"id": "jarak ke yang terbaik", "en": "distance to the best"}


@register
class BestFraction(Scaling):
    """x / terbesar untuk arah 1, terkecil / x untuk arah -1."""

    code = "best_fraction"
    name = {"id": "bagian dari yang terbaik", "en": "fraction of the best"}

    def fit(self, y):
        return _extremes(y)

    def check(self, y, reference, p):
        _refuse(
            (y * reference.direction < 0).any(axis=-2),
            reference,
            "Normalisasi best_fraction menuntut nilai tak negatif; periksa {}.",
        )
        _refuse(
            (p["best"] == 0)[..., 0, :],
            reference,
            "Normalisasi best_fraction: nilai terbaik nol, pecahannya tidak ada, pada {}.",
        )

    def fraction(self, y, reference, p):
        negative = reference.direction < 0
        # arah -1: terbaik = -terkecil, jadi terkecil/x = terbaik/y; arah 1: x/terbesar = y/terbaik
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(negative, p["best"], y) / np.where(negative, y, p["best"])


def bad_names(mask: np.ndarray, reference: Reference) -> list[str]:
    """Kode indikator yang kena di salah satu ulangan."""
    hit = np.atleast_2d(mask).reshape(-1, np.shape(mask)[-1]).any(axis=0)
    return [code for code, bad in zip(reference.codes, hit, strict=True) if bad]


def _refuse(mask: np.ndarray, reference: Reference, sentence: str) -> None:
    name = bad_names(mask, reference)
    if name:
        raise ComputationError(sentence.format(name_list(name)))


def _extremes(y: np.ndarray) -> dict[str, np.ndarray]:
    present = ~np.isnan(y)
    return {
        "worst": np.where(present, y, np.inf).min(axis=-2, keepdims=True),
        "best": np.where(present, y, -np.inf).max(axis=-2, keepdims=True),
    }
