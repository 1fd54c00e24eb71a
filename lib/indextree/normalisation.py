"""Normalisation: indicators of different units and directions on one scale, where more is always better.

Direction -1 is turned first (values, goalposts and targets times -1), then the method is applied; so 1 always means the
best. The one exception, ``best_fraction``, takes values as they are: x / largest for direction 1 and smallest / x for
direction -1, since x / largest of values times -1 would give the worst the highest score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from indextree.errors import ComputationError, ParameterError
from indextree.scalings import SCALINGS, Scaling, bad_names
from indextree.tree import Tree, name_list, unknown_name_error

CONSTANT_RULES = ("fail", "middle", "missing")


@dataclass(frozen=True)
class Normalisation:
    """One way of normalising.

    Attributes
    ----------
    method : str
        Code in :data:`indextree.scalings.SCALINGS`, which holds the formulas too.
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
        if self.method not in SCALINGS:
            raise unknown_name_error("Metode normalisasi", [self.method], SCALINGS)
        if not self.upper > self.lower:
            raise ParameterError("Skala normalisasi: atas harus lebih besar dari bawah.")
        if not self.sd > 0:
            raise ParameterError("Simpangan baku zskor harus positif.")
        if self.constant not in CONSTANT_RULES:
            raise ParameterError(f"constant harus salah satu dari {', '.join(CONSTANT_RULES)}.")

    @property
    def scaling(self) -> Scaling:
        """Cara normalisasinya."""
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
        if isinstance(content, str):
            return cls(content)
        unknown = set(content) - {f.name for f in fields(cls)}
        if unknown:
            raise unknown_name_error("Isi normalisasi", unknown, [f.name for f in fields(cls)])
        return cls(**content)


def scaling_spec(content: object) -> Normalisation | dict[str, Normalisation]:
    """One normalisation, or a dict indicator code -> normalisation (``"*"`` for the rest), from names or dicts.

    Raises
    ------
    ParameterError
        Neither a name, a Normalisation, nor a dict.
    """
    if isinstance(content, Normalisation):
        return content
    if (
        isinstance(content, Mapping)
        and "method" not in content
        and set(content) - {f.name for f in fields(Normalisation)}
    ):
        return {code: n if isinstance(n, Normalisation) else Normalisation.from_dict(n) for code, n in content.items()}
    if not isinstance(content, str | Mapping):
        raise ParameterError(f"Normalisasi harus nama, Normalisasi, atau kamus; diberikan {type(content).__name__}.")
    return Normalisation.from_dict(content)


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
        return cls(
            tree.indicators,
            *(t[k].to_numpy(dtype=float) for k in ("direction", "goalpost_lower", "goalpost_upper", "target")),
        )

    def select(self, positions: np.ndarray) -> Reference:
        """The reference of some indicators."""
        return Reference(
            tuple(self.codes[i] for i in positions),
            *(
                np.take(x, positions, axis=-1)
                for x in (self.direction, self.goalpost_lower, self.goalpost_upper, self.target)
            ),
        )


@dataclass(frozen=True, eq=False)
class FittedNormalisation:
    """A normalisation whose parameters (min, max, mean ...) are taken from reference data.

    For two years, or draws, that must be on one scale: fit once, apply to both.
    """

    spec: Normalisation
    reference: Reference
    parameter: Mapping[str, np.ndarray]

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

    Raises
    ------
    ComputationError
        An indicator without variance (if ``constant="fail"``), without data, or without the goalposts or target it
        needs.
    """
    y = np.asarray(x, dtype=float) * reference.direction
    scaling = spec.scaling
    empty = bad_names(np.isnan(y).all(axis=-2), reference)
    if scaling.needs_data and empty:
        raise ComputationError(
            f"Normalisasi {spec.method}: tidak ada data sama sekali pada indikator {name_list(empty)}."
        )
    parameter = scaling.fit(y)
    scaling.check(y, reference, parameter)
    flat = scaling.flat(parameter)
    if flat is not None and spec.constant == "fail":
        name = bad_names(flat[..., 0, :], reference)
        if name:
            raise ComputationError(
                f"Normalisasi {spec.method}: indikator {name_list(name)} bernilai sama pada semua unit, "
                f"sehingga tidak membedakan apa pun. Buang indikator itu atau pilih constant='middle' atau 'missing'."
            )
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
    """Normalise a table unit x indicator.

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

    Returns
    -------
    DataFrame
        Columns in the order of ``tree.indicators``.

    Raises
    ------
    ComputationError, ParameterError
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
    unknown = set(method) - set(tree.indicators) - {"*"}
    if unknown:
        raise unknown_name_error("Indikator", unknown, tree.indicators)
    lacking = [k for k in tree.indicators if k not in method and "*" not in method]
    if lacking:
        raise ParameterError(
            f"Metode normalisasi belum diberikan untuk {name_list(lacking)} (pakai '*' untuk sisanya)."
        )
    groups: dict[Normalisation, list[int]] = {}
    for i, code in enumerate(tree.indicators):
        groups.setdefault(method.get(code, method.get("*")), []).append(i)
    return [(spec, np.array(positions)) for spec, positions in groups.items()]
