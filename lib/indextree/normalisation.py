"""Normalisation: indicators of different units and directions on one scale, where more is always better.

Direction -1 is turned first (values, goalposts and targets times -1), then the method is applied; so 1 always means the
best. The one exception, ``best_fraction``, takes values as they are: x / largest for direction 1 and smallest / x for
direction -1, since x / largest of values times -1 would give the worst the highest score.

``SCALINGS`` is the registry of methods: one class is one way, and adding one is one class here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import ClassVar

import numpy as np
import pandas as pd

from indextree.errors import (
    ComputationError,
    ParameterError,
    Registry,
    from_plain,
    refuse,
    require_known,
    require_one_of,
)
from indextree.ranking import rank_array
from indextree.tree import Tree

CONSTANT_RULES = ("fail", "middle", "missing")
Params = Mapping[str, np.ndarray]
SCALINGS = Registry("Normalisasi", make=lambda cls: cls())
"""Code -> scaling, in the order recorded."""

register = SCALINGS.register


@dataclass(frozen=True)
class Normalisation:
    """One way of normalising.

    Attributes
    ----------
    method : str
        Code in :data:`SCALINGS`, which holds the formulas too.
    lower, upper : float
        Scale of the result: the method's 0 and 1 are mapped here (all but zscore, rank, unscaled).
    mean, sd : float
        Mean and standard deviation of a zscore result.
    clip : bool or None
        Cut the result to [lower, upper]. Default: yes for goalposts, no for target_distance.
    constant : {"fail", "middle", "missing"}
        For an indicator without variance: an error that names it (default), the middle of the scale, or NaN.
    """

    method: str = "minmax"
    lower: float = 0.0
    upper: float = 100.0
    mean: float = 0.0
    sd: float = 1.0
    clip: bool | None = None
    constant: str = "fail"

    def __post_init__(self) -> None:
        require_known("Metode normalisasi", [self.method], SCALINGS)
        if not self.upper > self.lower:
            raise ParameterError("Skala normalisasi: atas harus lebih besar dari bawah.")
        if not self.sd > 0:
            raise ParameterError("Simpangan baku zskor harus positif.")
        require_one_of("constant", self.constant, CONSTANT_RULES)

    @property
    def scaling(self) -> Scaling:
        """The scaling of the method."""
        return SCALINGS[self.method]

    @property
    def scale(self) -> tuple[object, ...]:
        """Scale of the result; scores of two normalisations compare only on the same scale."""
        return self.scaling.scale(self)

    @property
    def label(self) -> str:
        """Short name for tables, for example ``minmax 0-100``."""
        kind, *numbers = self.scale
        return f"{self.method} {numbers[0]:g}-{numbers[1]:g}" if kind == "range" else self.method

    @classmethod
    def from_dict(cls, content: Mapping[str, object] | str) -> Normalisation:
        """From the name of a method or a dict (for example read from YAML)."""
        return cls(content) if isinstance(content, str) else from_plain(cls, content, "normalisasi")


@dataclass(frozen=True, eq=False)
class Reference:
    """What normalisation needs to know of each indicator, parallel to the last axis of the array."""

    codes: tuple[str, ...]
    direction: np.ndarray
    goalpost_lower: np.ndarray
    goalpost_upper: np.ndarray
    target: np.ndarray

    @classmethod
    def from_tree(cls, tree: Tree) -> Reference:
        t = tree.table.loc[list(tree.indicators)]
        return cls(tree.indicators, *(t[f.name].to_numpy(dtype=float) for f in fields(cls)[1:]))

    def select(self, positions: np.ndarray) -> Reference:
        """The reference of some indicators."""
        arrays = {f.name: np.take(getattr(self, f.name), positions, axis=-1) for f in fields(self)[1:]}
        return replace(self, codes=tuple(self.codes[i] for i in positions), **arrays)


class Scaling:
    """One scaling: ``code`` and ``name`` (for readers, ``id`` and ``en``), as a class.

    Attributes
    ----------
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

    def refuse(self, mask: np.ndarray, reference: Reference, sentence: str) -> None:
        """Refuse indicators that are wrong in any draw."""
        hit = np.atleast_2d(mask).reshape(-1, np.shape(mask)[-1]).any(axis=0)
        wrong = [code for code, bad in zip(reference.codes, hit, strict=True) if bad]
        refuse(wrong, f"Normalisasi {self.code}: {sentence}", ComputationError)

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

    def fit(self, y):
        return _extremes(y)

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
    """Only the direction is turned."""

    code = "unscaled"
    name = {"id": "apa adanya", "en": "as is"}
    needs_data = False

    def transform(self, y, spec, reference, p):
        return y

    def scale(self, spec):
        return ("raw",)


@register
class MinMax(Affine):
    """``(y - min) / (max - min)``."""

    code = "minmax"
    name = {"id": "min-maks", "en": "min-max"}

    def flat(self, p):
        return p["best"] == p["worst"]


@register
class Goalposts(Affine):
    """Between the lower and upper goalpost of the indicator."""

    code = "goalposts"
    name = {"id": "tonggak", "en": "goalposts"}
    needs_data = False
    uses_goalposts = True
    clips = True

    def fit(self, y):
        return {}

    def ends(self, reference, p):
        positive = reference.direction > 0
        return (
            np.where(positive, reference.goalpost_lower, -reference.goalpost_upper),
            np.where(positive, reference.goalpost_upper, -reference.goalpost_lower),
        )

    def check(self, y, reference, p):
        low, high = reference.goalpost_lower, reference.goalpost_upper
        self.refuse(np.isnan(low) | np.isnan(high), reference, "tonggak bawah/atas belum diisi untuk {}.")
        self.refuse(high <= low, reference, "tonggak bawah tidak lebih kecil dari atas pada {}.")


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
    """Rising ranks, 1 = worst, ties share the smallest."""

    code = "rank"
    name = {"id": "peringkat", "en": "rank"}

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
    name = {"id": "peringkat persentil", "en": "percentile rank"}

    def flat(self, p):
        return p["count"] <= 1

    def from_rank(self, rank, spec, p):
        part = (rank - 1) / np.maximum(p["count"] - 1, 1)
        return self.fill_flat(spec.lower + (spec.upper - spec.lower) * part, rank, spec, p)

    def scale(self, spec):
        return Scaling.scale(self, spec)


@register
class TargetDistance(Affine):
    """``(y - worst) / (target - worst)``."""

    code = "target_distance"
    name = {"id": "jarak ke target", "en": "distance to target"}

    def ends(self, reference, p):
        return p["worst"], reference.target * reference.direction

    def check(self, y, reference, p):
        self.refuse(np.isnan(reference.target), reference, "target belum diisi untuk {}.")
        worse = (reference.target * reference.direction - p["worst"])[..., 0, :] <= 0
        self.refuse(worse, reference, "target tidak lebih baik dari nilai terburuk pada {}.")


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
        self.refuse((y * reference.direction < 0).any(axis=-2), reference, "nilai harus tak negatif; periksa {}.")
        self.refuse((p["best"] == 0)[..., 0, :], reference, "nilai terbaik nol, pecahannya tidak ada, pada {}.")

    def fraction(self, y, reference, p):
        negative = reference.direction < 0
        # direction -1: best = -smallest, so smallest/x = best/y; direction 1: x/largest = y/best
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(negative, p["best"], y) / np.where(negative, y, p["best"])


def _extremes(y: np.ndarray) -> dict[str, np.ndarray]:
    present = ~np.isnan(y)
    return {
        "worst": np.where(present, y, np.inf).min(axis=-2, keepdims=True),
        "best": np.where(present, y, -np.inf).max(axis=-2, keepdims=True),
    }


def scaling_spec(content: object) -> Normalisation | dict[str, Normalisation]:
    """One normalisation, or a dict indicator code -> normalisation (``"*"`` for the rest), from names or dicts."""
    if not isinstance(content, Normalisation | str | Mapping):
        raise ParameterError(f"Normalisasi harus nama, Normalisasi, atau kamus; diberikan {type(content).__name__}.")
    by_code = isinstance(content, Mapping) and "method" not in content
    if by_code and set(content) - {f.name for f in fields(Normalisation)}:
        return {code: Normalisation.from_dict(n) for code, n in content.items()}
    return Normalisation.from_dict(content)


@dataclass(frozen=True, eq=False)
class FittedNormalisation:
    """A normalisation whose parameters (min, max, mean ...) are taken from reference data.

    For two years, or draws, that must be on one scale: fit once, apply to both.
    """

    spec: Normalisation
    reference: Reference
    parameter: Params

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Normalise an array (..., unit, indicator) with the stored parameters."""
        y = np.asarray(x, dtype=float) * self.reference.direction
        return self.spec.scaling.transform(y, self.spec, self.reference, self.parameter)

    def invert(self, z: np.ndarray) -> np.ndarray:
        """Original values from normalised ones; straight-line normalisations only (min-max, goalposts, distances)."""
        aligned = self.spec.scaling.inverse(np.asarray(z, dtype=float), self.spec, self.reference, self.parameter)
        return self.reference.direction * aligned


def fit_array(x: np.ndarray, spec: Normalisation, reference: Reference) -> FittedNormalisation:
    """Take the parameters from an array (..., unit, indicator), separately for each draw.

    ComputationError for an indicator without variance (if ``constant="fail"``), without data, or without the goalposts
    or target it needs.
    """
    y = np.asarray(x, dtype=float) * reference.direction
    scaling, parameter = spec.scaling, spec.scaling.fit(y)
    if scaling.needs_data:
        scaling.refuse(np.isnan(y).all(axis=-2), reference, "tidak ada data sama sekali pada indikator {}.")
    scaling.check(y, reference, parameter)
    flat = scaling.flat(parameter)
    if flat is not None and spec.constant == "fail":
        advice = "Buang indikator itu atau pilih constant='middle' atau 'missing'."
        sentence = f"indikator {{}} bernilai sama pada semua unit, sehingga tidak membedakan apa pun. {advice}"
        scaling.refuse(flat[..., 0, :], reference, sentence)
    return FittedNormalisation(spec, reference, parameter)


def normalise_array(x: np.ndarray, spec: Normalisation, reference: Reference) -> np.ndarray:
    """Normalise an array (..., unit, indicator) with its own parameters, draw by draw."""
    fitted = fit_array(x, spec, reference)
    return spec.scaling.transform_own(
        np.asarray(x, dtype=float) * reference.direction, spec, reference, fitted.parameter
    )


def normalise(
    data: pd.DataFrame,
    tree: Tree,
    method: str | Normalisation | Mapping[str, str | Normalisation] = "minmax",
    *,
    reference: pd.DataFrame | None = None,
    missing_columns: str = "fail",
) -> pd.DataFrame:
    """Normalise a table unit x indicator; columns come in the order of ``tree.indicators``.

    Parameters
    ----------
    data : DataFrame
        Index: units; columns: indicator codes (original units); other columns are ignored.
    method : str, Normalisation, or mapping
        One method for all, or indicator code -> method (``"*"`` for the rest).
    reference : DataFrame, optional
        Data from which min, max, mean and so on are taken, for example a base year; default ``data`` itself.
    missing_columns : {"fail", "missing"}
        See :meth:`Tree.values`.

    Raises
    ------
    ComputationError
        See :func:`fit_array`.
    """
    x = tree.values(data, missing_columns)
    base = x if reference is None else tree.values(reference, missing_columns)
    every = Reference.from_tree(tree)
    result = np.full(x.shape, np.nan)
    # an indicator that is available nowhere stays missing; no error when "missing" is asked for
    filled = ~np.isnan(base).all(axis=0) if missing_columns == "missing" else np.ones(x.shape[1], dtype=bool)
    for spec, positions in indicator_groups(method, tree):
        positions = positions[filled[positions]]
        if not len(positions):
            continue
        part = every.select(positions)
        if reference is None:
            result[:, positions] = normalise_array(x[:, positions], spec, part)
        else:
            result[:, positions] = fit_array(base[:, positions], spec, part).apply(x[:, positions])
    return pd.DataFrame(result, index=data.index, columns=list(tree.indicators))


def indicator_groups(method: object, tree: Tree) -> list[tuple[Normalisation, np.ndarray]]:
    """Normalisations and the positions of the indicators that use them, from one method or a dict code -> method."""
    method = scaling_spec(method)
    if isinstance(method, Normalisation):
        return [(method, np.arange(len(tree.indicators)))]
    require_known("Indikator", set(method) - {"*"}, tree.indicators)
    if "*" not in method:
        lacking = [k for k in tree.indicators if k not in method]
        refuse(lacking, "Metode normalisasi belum diberikan untuk {} (pakai '*' untuk sisanya).")
    groups: dict[Normalisation, list[int]] = {}
    for i, code in enumerate(tree.indicators):
        groups.setdefault(method.get(code, method.get("*")), []).append(i)
    return [(spec, np.array(positions)) for spec, positions in groups.items()]
