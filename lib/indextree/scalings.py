"""Registry of scalings: one class for one way of bringing indicators to one scale. Adding one is one class here.

Arrays ``y`` are always directed already (value x direction), shape (..., unit, indicator): more is better.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from indextree.errors import ComputationError, ParameterError
from indextree.ranking import rank_array
from indextree.registry import Registry
from indextree.tree import name_list

if TYPE_CHECKING:
    from indextree.normalisation import Normalisation, Reference

Params = Mapping[str, np.ndarray]
SCALINGS = Registry("Normalisasi", make=lambda cls: cls())
"""Code -> scaling, in the order recorded."""

register = SCALINGS.register


class Scaling:
    """One scaling.

    Attributes
    ----------
    code : str
    name : dict
        Name for readers, ``id`` and ``en``.
    needs_data : bool
        Parameters are taken from data, so indicators without data are refused.
    uses_goalposts : bool
        Uses the indicators' goalposts, which scenarios can move.
    clips : bool
        Cut to [lower, upper] unless said otherwise.
    """

    code: ClassVar[str]
    name: ClassVar[dict[str, str]]
    needs_data: ClassVar[bool] = True
    uses_goalposts: ClassVar[bool] = False
    clips: ClassVar[bool] = False

    def fit(self, y: np.ndarray) -> dict[str, np.ndarray]:
        """Parameters from reference data, separately for each draw."""
        return {}

    def check(self, y: np.ndarray, reference: Reference, p: Params) -> None:
        """Refuse a reference or data that do not qualify, naming the indicator."""

    def flat(self, p: Params) -> np.ndarray | None:
        """Indicators without variance; None when variance is not needed."""
        return None

    def fraction(self, y: np.ndarray, reference: Reference, p: Params) -> np.ndarray:
        """Values 0 to 1, before they are brought to [lower, upper]."""
        raise NotImplementedError

    def middle(self, spec: Normalisation) -> float:
        """What fills an indicator without variance when ``constant="middle"``."""
        return (spec.lower + spec.upper) / 2

    def transform(self, y: np.ndarray, spec: Normalisation, reference: Reference, p: Params) -> np.ndarray:
        """Normalised values with the stored parameters."""
        part = self.fraction(y, reference, p)
        if self.clips if spec.clip is None else spec.clip:
            part = np.clip(part, 0.0, 1.0)
        return self.fill_flat(spec.lower + (spec.upper - spec.lower) * part, y, spec, p)

    def transform_own(self, y: np.ndarray, spec: Normalisation, reference: Reference, p: Params) -> np.ndarray:
        """As :meth:`transform`, when the data normalised are the reference data themselves."""
        return self.transform(y, spec, reference, p)

    def fill_flat(self, result: np.ndarray, y: np.ndarray, spec: Normalisation, p: Params) -> np.ndarray:
        flat = self.flat(p)
        if flat is None or not flat.any():
            return result
        filled = np.nan if spec.constant == "missing" else self.middle(spec)
        return np.where(np.isnan(y), np.nan, np.where(flat, filled, result))

    def scale(self, spec: Normalisation) -> tuple[object, ...]:
        """Scale of the result; scores of two normalisations compare when their scales are the same."""
        return ("range", spec.lower, spec.upper)


class Affine(Scaling):
    """``(y - bad) / (good - bad)`` with both ends from :meth:`ends`."""

    def ends(self, reference: Reference, p: Params) -> tuple[np.ndarray, np.ndarray]:
        """Directed values that become 0 and 1."""
        return p["worst"], p["best"]

    def fraction(self, y, reference, p):
        low, high = self.ends(reference, p)
        return (y - low) / np.where(high == low, 1.0, high - low)

    def inverse(self, z: np.ndarray, spec: Normalisation, reference: Reference, p: Params) -> np.ndarray:
        """Directed values from normalised ones (before clipping)."""
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
    """Between the lower and upper goalpost of the indicator."""

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
    """``(y - mean) / sd`` (divisor n-1), brought to the mean and deviation asked for."""

    code = "zscore"
    name = {"id": "z-skor", "en": "z-score"}

    def fit(self, y):
        present = ~np.isnan(y)
        n = present.sum(axis=-2, keepdims=True)
        mean = np.where(present, y, 0).sum(axis=-2, keepdims=True) / np.maximum(n, 1)
        squares = np.where(present, (y - mean) ** 2, 0).sum(axis=-2, keepdims=True)
        ends = _extremes(y)
        # rounding gives a constant column (all 0.1, for example) a deviation of 1e-17, not zero
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
        """Rank within the reference data: 1 + the number of smaller reference values."""
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
    """``1 - (best - y) / (best - worst)``; the same as min-max, under the name COINr uses."""

    code = "best_distance"
    name = {"id": "jarak ke yang terbaik", "en": "distance to the best"}


@register
class BestFraction(Scaling):
    """x / largest for direction 1, smallest / x for direction -1."""

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
        # direction -1: best = -smallest, so smallest/x = best/y; direction 1: x/largest = y/best
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(negative, p["best"], y) / np.where(negative, y, p["best"])


def bad_names(mask: np.ndarray, reference: Reference) -> list[str]:
    """Codes of the indicators concerned in any draw."""
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
