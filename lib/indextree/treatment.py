"""Inspection of indicators, treatment of outliers, and imputation; each changed cell is recorded.

Skewness and kurtosis use the type 2 formulas (Joanes and Gill 1998; the SKEW and KURT of spreadsheets). The rule for
outliers follows the COIN Tool: an indicator is treated when |skewness| > 2 and kurtosis > 3.5. ``OUTLIER_RULES`` is the
registry of ways to tame a tail: one class is one way, and adding one is one class here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

import numpy as np
import pandas as pd

from indextree.errors import ParameterError, Registry, from_plain, refuse, require_known
from indextree.normalisation import Normalisation, Reference, fit_array
from indextree.tree import Tree, code_columns

CHANGE_COLUMNS = ["unit", "indicator", "action", "old_value", "new_value", "reason"]
OUTLIER_RULES = Registry("Aturan pencilan", make=lambda cls: cls())
"""Code -> outlier rule, in the order recorded."""

register = OUTLIER_RULES.register

LOG_SHIFT = 0.01
"""Shift of the log as a share of the range (``log_CT`` in COINr), so the unit of measurement has no influence."""


def skewness(x: np.ndarray) -> float:
    """Skewness, type 2; NaN with fewer than 3 values or without variance."""
    n, g1, _ = _shape(x)
    return float(g1 * np.sqrt(n * (n - 1)) / (n - 2)) if n >= 3 else float("nan")


def kurtosis(x: np.ndarray) -> float:
    """Excess kurtosis (normal = 0), type 2; NaN with fewer than 4 values or without variance."""
    n, _, g2 = _shape(x)
    return float(((n + 1) * g2 + 6) * (n - 1) / ((n - 2) * (n - 3))) if n >= 4 else float("nan")


def _shape(x: np.ndarray) -> tuple[int, float, float]:
    """Number of present values, their third standardised moment, and their excess fourth; NaN without variance."""
    x = present(x)
    if len(x) == 0 or x.min() == x.max():
        return len(x), np.nan, np.nan
    d = x - x.mean()
    return len(x), (d**3).mean() / (d**2).mean() ** 1.5, (d**4).mean() / (d**2).mean() ** 2 - 3


def present(x: np.ndarray) -> np.ndarray:
    """Values that are not missing."""
    x = np.asarray(x, dtype=float)
    return x[~np.isnan(x)]


# -------------------------------------------------------------------- ways to tame a tail


@dataclass(frozen=True)
class Clip:
    """Values outside the limits are pulled to them."""

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


class OutlierRule:
    """One rule: ``code`` and ``name`` (for readers, ``id`` and ``en``). It tries one indicator, its present values
    only."""

    code: ClassVar[str]
    name: ClassVar[dict[str, str]]

    def fit(self, x: np.ndarray, passes: Passes, points: int) -> Transform | None:
        """The change that makes ``x`` (present values, not passing) pass the check of shape, or None.

        At most ``points`` cells may be winsorised.
        """
        raise NotImplementedError


@register
class WinsoriseThenLog(OutlierRule):
    """COIN Tool and COINr: winsorise first; if that does not pass, the log of the original data."""

    code = "winsorise_then_log"
    name = {"id": "winsor, lalu log", "en": "winsorise, then log"}

    def fit(self, x, passes, points):
        clip = OUTLIER_RULES["winsorise"].fit(x, passes, points)
        return clip or OUTLIER_RULES["log"].fit(x, passes, points)


@register
class Winsorise(OutlierRule):
    """Pull the outermost values to the nearest value inside, on the skewed side, until it passes or the points run
    out."""

    code = "winsorise"
    name = {"id": "winsor", "en": "winsorise"}

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
    """``log_CT_plus`` in COINr."""

    code = "log"
    name = {"id": "log", "en": "log"}

    def fit(self, x, passes, points):
        shift = LOG_SHIFT * float(x.max() - x.min())
        right = skewness(x) > 0
        found = ShiftedLog(float(x.min() if right else x.max()), shift, 1.0 if right else -1.0)
        return found if passes(found(x)) else None


@dataclass(frozen=True)
class Treatment:
    """How outliers are treated.

    Attributes
    ----------
    rule : str
        Code in :data:`OUTLIER_RULES`. When its result does not pass, the original data are kept and
        the indicator is reported as failed.
    max_points : int
        At most this many cells of an indicator are winsorised.
    skewness_limit, kurtosis_limit : float
        Passes when |skewness| or kurtosis is below its limit.
    zero_share_limit : float
        An indicator with a larger share of zeros is not treated: its outliers are its content.
    """

    rule: str = "winsorise_then_log"
    max_points: int = 5
    skewness_limit: float = 2.0
    kurtosis_limit: float = 3.5
    zero_share_limit: float = 0.5

    def __post_init__(self) -> None:
        require_known("Cara olah", [self.rule], OUTLIER_RULES)
        if self.max_points < 0:
            raise ParameterError("max_points tidak boleh negatif.")
        if not 0 <= self.zero_share_limit <= 1:
            raise ParameterError("zero_share_limit harus antara 0 dan 1.")

    @classmethod
    def from_dict(cls, content: Mapping[str, object] | str) -> Treatment:
        """From the name of a rule or a dict (for example read from YAML)."""
        return cls(content) if isinstance(content, str) else from_plain(cls, content, "olahan")


@dataclass(frozen=True, eq=False)
class TreatmentResult:
    """Data after treatment or imputation: as the input, with the changed cells replaced.

    ``changes`` has one row for each cell, columns ``CHANGE_COLUMNS``; ``summary`` one for each indicator.
    """

    data: pd.DataFrame
    changes: pd.DataFrame
    summary: pd.DataFrame


def inspect_indicators(data: pd.DataFrame, tree: Tree, treatment: Treatment | None = None) -> pd.DataFrame:
    """State of each indicator before anything is computed; indicators without a column are reported as unavailable.

    ``treatment`` gives the limits for outliers and for the share of zeros.

    Returns
    -------
    DataFrame
        Index ``code``: ``name``, ``n``, ``missing``, ``unique``, ``zero_share``, ``minimum``, ``maximum``,
        ``skewness``, ``kurtosis``, and ``condition``: "unavailable", "constant", "binary", "mostly zero", "outliers",
        or "good".
    """
    treatment = treatment or Treatment()
    x = tree.values(data, "missing")
    rows = []
    for k, code in enumerate(tree.indicators):
        content = present(x[:, k])
        some = len(content) > 0
        rows.append(
            {
                "code": code,
                "name": tree.name(code),
                "n": len(content),
                "missing": len(x) - len(content),
                "unique": len(np.unique(content)),
                "zero_share": float((content == 0).mean()) if some else np.nan,
                "minimum": content.min() if some else np.nan,
                "maximum": content.max() if some else np.nan,
                "skewness": skewness(content),
                "kurtosis": kurtosis(content),
                "condition": _condition(content, treatment),
            }
        )
    return pd.DataFrame(rows).set_index("code")


def _condition(content: np.ndarray, treatment: Treatment) -> str:
    if len(content) == 0:
        return "unavailable"
    count = len(np.unique(content))
    if count <= 2:
        return "constant" if count == 1 else "binary"
    if (content == 0).mean() > treatment.zero_share_limit:
        return "mostly zero"
    return "good" if _passes(content, treatment) else "outliers"


def _passes(content: np.ndarray, treatment: Treatment) -> bool:
    return not (abs(skewness(content)) > treatment.skewness_limit and kurtosis(content) > treatment.kurtosis_limit)


@dataclass(frozen=True, eq=False)
class FittedTreatment:
    """Decisions of a treatment that can be applied again to draws: position of an indicator -> its change."""

    transforms: Mapping[int, Transform]
    summary: pd.DataFrame

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Apply to an array (..., unit, indicator)."""
        result = np.array(x, dtype=float)
        for k, one in self.transforms.items():
            result[..., k] = one(result[..., k])
        return result


def fit_treatment(x: np.ndarray, code: tuple[str, ...], treatment: Treatment) -> FittedTreatment:
    """Decide the treatment of each indicator from an array (unit, indicator)."""
    transforms: dict[int, Transform] = {}
    rows = []
    for k, name in enumerate(code):
        content = present(x[:, k])
        condition = _condition(content, treatment)
        action, last, count = "not needed" if condition == "good" else f"not treated: {condition}", content, 0
        if condition == "outliers":
            action = "failed, original data kept"
            one = OUTLIER_RULES[treatment.rule].fit(
                content, partial(_passes, treatment=treatment), treatment.max_points
            )
            if one is not None:
                transforms[k], last, action = one, one(content), one.action
                count = int((last != content).sum()) if action == "winsorise" else 0
        rows.append(
            {
                "code": name,
                "condition": condition,
                "skewness": skewness(content),
                "kurtosis": kurtosis(content),
                "action": action,
                "winsorised_points": count,
                "skewness_after": skewness(last),
                "kurtosis_after": kurtosis(last),
            }
        )
    return FittedTreatment(transforms, pd.DataFrame(rows).set_index("code"))


def treat_outliers(data: pd.DataFrame, tree: Tree, treatment: Treatment | None = None) -> TreatmentResult:
    """Treat outliers of the indicators (original units), with a record cell by cell; other columns are left alone.

    Constant, binary and mostly zero indicators are not treated. ``summary`` has the condition, action ("not needed",
    "winsorise", "log", "failed ...", "not treated: binary" ...), and skewness and kurtosis before and after.
    """
    treatment = treatment or Treatment()
    x = tree.values(data, "missing")
    fitted = fit_treatment(x, tree.indicators, treatment)
    new = fitted.apply(x)
    action = np.full(x.shape, "", dtype=object)
    for k, one in fitted.transforms.items():
        action[:, k] = one.labels(x[:, k], new[:, k])
    shapes = fitted.summary[["skewness", "kurtosis"]].itertuples(index=False)
    reason = np.array([f"skewness {m:.3f}, kurtosis {r:.3f}" for m, r in shapes], dtype=object)
    changed = (new != x) & ~np.isnan(x)
    return _result(data, tree, changed, x, new, action, np.broadcast_to(reason, x.shape), fitted.summary)


def _result(data: pd.DataFrame, tree: Tree, changed, old, new, action, reason, summary) -> TreatmentResult:
    """The new data, with a record of the changed cells; arrays (unit, indicator)."""
    rows, columns = np.nonzero(changed)
    record = [x[rows, columns] for x in (action, old, new, reason)]
    names = np.array(tree.indicators, dtype=object)[columns]
    changes = pd.DataFrame(dict(zip(CHANGE_COLUMNS, [data.index[rows], names, *record], strict=True)))
    return TreatmentResult(_with_values(data, tree, new), changes, summary)


def _with_values(data: pd.DataFrame, tree: Tree, new: np.ndarray) -> pd.DataFrame:
    result = data.copy()
    columns = code_columns(data, tree.indicators)
    for k, code in enumerate(tree.indicators):
        if code in columns:
            result.isetitem(columns[code], new[:, k])
    return result


# -------------------------------------------------------------------- imputation


def impute_group(
    data: pd.DataFrame, tree: Tree, groups: pd.Series | str | None = None, statistic: str = "mean"
) -> TreatmentResult:
    """Fill empty cells with the mean (or median) of the indicator in the unit's group.

    Cells whose group is empty throughout stay empty, with the action "still missing".

    Parameters
    ----------
    groups : Series or str, optional
        Group of each unit: the name of a column of ``data``, or a Series by unit. None: all units.
    statistic : {"mean", "median"}

    Raises
    ------
    ParameterError
        Unknown or incomplete groups, or an unknown statistic.
    """
    if statistic not in ("mean", "median"):
        raise ParameterError("statistik imputasi harus 'mean' atau 'median'.")
    x = tree.values(data, "missing")
    label = _group_labels(data, groups)
    compute = np.mean if statistic == "mean" else np.median
    new = x.copy()
    for name in pd.unique(label):
        members = np.flatnonzero((label == name).to_numpy())
        for k in np.flatnonzero(np.isnan(x[members]).any(axis=0)):
            content = x[members, k]
            if not np.isnan(content).all():
                new[members, k] = np.where(np.isnan(content), compute(present(content)), content)
    reason = np.array([f"{statistic} of group '{name}'" for name in label], dtype=object)[:, None]
    return _imputation_result(data, tree, x, new, np.broadcast_to(reason, x.shape))


def _group_labels(data: pd.DataFrame, groups: pd.Series | str | None) -> pd.Series:
    if groups is None:
        return pd.Series("all units", index=data.index)
    if isinstance(groups, str):
        require_known("Kolom kelompok", [groups], data.columns)
        if list(data.columns).count(groups) > 1:
            raise ParameterError(f"Kolom kelompok ganda: '{groups}'.")
        label = data[groups]
    else:
        if groups.index.has_duplicates:
            raise ParameterError("Series kelompok memuat unit ganda.")
        label = groups.reindex(data.index)
    refuse(label.index[label.isna()], "Kelompok kosong untuk unit {}.")
    return label


def impute_siblings(data: pd.DataFrame, tree: Tree, level: int = 2) -> TreatmentResult:
    """Fill empty cells with the mean of the available siblings in the same unit, on a 0-1 scale (min-max, directed).

    Siblings are the indicators below the same ancestor at ``level`` (2 = the parent, when all leaves are on one level).
    Cells without an available sibling stay empty and are recorded so.
    """
    x = tree.values(data, "missing")
    tree.at_level(level)
    reference = Reference.from_tree(tree)
    filled = np.flatnonzero(~np.isnan(x).all(axis=0))
    u = np.full(x.shape, np.nan)
    t = fit_array(x[:, filled], Normalisation("minmax", 0, 1, constant="middle"), reference.select(filled))
    u[:, filled] = t.apply(x[:, filled])
    new, reason = x.copy(), np.full(x.shape, "no sibling available", dtype=object)
    levels = tree.column("level")
    for place, k in enumerate(filled):
        empty, code = np.isnan(x[:, k]), tree.indicators[k]
        if not empty.any():
            continue
        parent = next((a for a in tree.ancestors(code) if levels[a] >= level), tree.top)
        siblings = sorted(tree.indicators.index(name) for name in tree.leaves(parent) if name != code)
        observed = ~np.isnan(u[:, siblings])
        content = empty & observed.any(axis=1)
        mean = np.where(observed, u[:, siblings], 0.0).sum(axis=1)[content] / observed.sum(axis=1)[content]
        new[content, k] = t.invert(np.broadcast_to(mean[:, None], (len(mean), len(filled))))[:, place]
        reason[content, k] = f"mean of siblings under '{parent}'"
    return _imputation_result(data, tree, x, new, reason)


def _imputation_result(data, tree: Tree, x: np.ndarray, new: np.ndarray, reason: np.ndarray) -> TreatmentResult:
    empty = np.isnan(x)
    action = np.where(np.isnan(new), "still missing", "imputation")
    summary = pd.DataFrame(
        {
            "missing": empty.sum(axis=0),
            "imputed": (empty & ~np.isnan(new)).sum(axis=0),
            "still_missing": np.isnan(new).sum(axis=0),
        },
        index=pd.Index(tree.indicators, name="code"),
    )
    return _result(data, tree, empty, x, new, action, reason, summary)
