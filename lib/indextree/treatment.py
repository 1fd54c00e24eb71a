"""Inspection of indicators, treatment of outliers, and imputation; each changed cell is recorded.

Skewness and kurtosis use the type 2 formulas (Joanes and Gill 1998; the SKEW and KURT of spreadsheets). The rule for
outliers follows the COIN Tool: an indicator is treated when |skewness| > 2 and kurtosis > 3.5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
import pandas as pd

from indextree.errors import ParameterError
from indextree.normalisation import Normalisation, Reference, fit_array
from indextree.outliers import OUTLIER_RULES, Transform, kurtosis, present, skewness
from indextree.tree import Tree, code_columns, name_list, unknown_name_error

CHANGE_COLUMNS = ["unit", "indicator", "action", "old_value", "new_value", "reason"]


@dataclass(frozen=True)
class Treatment:
    """How outliers are treated.

    Attributes
    ----------
    rule : str
        Code in :data:`indextree.outliers.OUTLIER_RULES`. When its result does not pass, the original data are kept and
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
        if self.rule not in OUTLIER_RULES:
            raise unknown_name_error("Cara olah", [self.rule], OUTLIER_RULES)
        if self.max_points < 0:
            raise ParameterError("max_points tidak boleh negatif.")
        if not 0 <= self.zero_share_limit <= 1:
            raise ParameterError("zero_share_limit harus antara 0 dan 1.")

    @classmethod
    def from_dict(cls, content: Mapping[str, object] | str) -> Treatment:
        """From the name of a rule or a dict (for example read from YAML)."""
        if isinstance(content, str):
            return cls(content)
        unknown = set(content) - {f.name for f in fields(cls)}
        if unknown:
            raise unknown_name_error("Isi olahan", unknown, [f.name for f in fields(cls)])
        return cls(**content)


@dataclass(frozen=True, eq=False)
class TreatmentResult:
    """Data after treatment or imputation.

    Attributes
    ----------
    data : DataFrame
        As the input, with the changed cells replaced.
    changes : DataFrame
        One row for each cell, columns ``CHANGE_COLUMNS``.
    summary : DataFrame
        One row for each indicator.
    """

    data: pd.DataFrame
    changes: pd.DataFrame
    summary: pd.DataFrame


def inspect_indicators(data: pd.DataFrame, tree: Tree, treatment: Treatment | None = None) -> pd.DataFrame:
    """State of each indicator before anything is computed.

    Parameters
    ----------
    data : DataFrame
        Unit x indicator; indicators without a column are reported as unavailable.
    treatment : Treatment, optional
        Limits for outliers and for the share of zeros.

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
        skew, kurt = skewness(content), kurtosis(content)
        rows.append(
            {
                "code": code,
                "name": tree.name(code),
                "n": len(content),
                "missing": int(np.isnan(x[:, k]).sum()),
                "unique": len(np.unique(content)),
                "zero_share": float((content == 0).mean()) if len(content) else np.nan,
                "minimum": content.min() if len(content) else np.nan,
                "maximum": content.max() if len(content) else np.nan,
                "skewness": skew,
                "kurtosis": kurt,
                "condition": _condition(content, treatment),
            }
        )
    return pd.DataFrame(rows).set_index("code")


def _condition(content: np.ndarray, treatment: Treatment) -> str:
    if len(content) == 0:
        return "unavailable"
    count = len(np.unique(content))
    if count == 1:
        return "constant"
    if count == 2:
        return "binary"
    if (content == 0).mean() > treatment.zero_share_limit:
        return "mostly zero"
    return "good" if _passes(content, treatment) else "outliers"


def _passes(content: np.ndarray, treatment: Treatment) -> bool:
    return not (abs(skewness(content)) > treatment.skewness_limit and kurtosis(content) > treatment.kurtosis_limit)


# -------------------------------------------------------------------- outliers


@dataclass(frozen=True, eq=False)
class FittedTreatment:
    """Decisions of a treatment that can be applied again to draws.

    Attributes
    ----------
    transforms : dict of int to Transform
        Position of an indicator -> its change; untreated ones are absent.
    summary : DataFrame
    """

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
    """Treat outliers of the indicators (original units), with a record cell by cell.

    Parameters
    ----------
    data : DataFrame
        Unit x indicator; other columns are left alone.
    treatment : Treatment, optional

    Returns
    -------
    TreatmentResult
        ``summary``: condition, action ("not needed", "winsorise", "log", "failed ...", "not treated: binary" ...), and
        skewness and kurtosis before and after. Constant, binary and mostly zero indicators are not treated.
    """
    treatment = treatment or Treatment()
    x = tree.values(data, "missing")
    fitted = fit_treatment(x, tree.indicators, treatment)
    new = fitted.apply(x)
    action = np.full(x.shape, "", dtype=object)
    for k, one in fitted.transforms.items():
        action[:, k] = one.labels(x[:, k], new[:, k])
    reason = [
        f"skewness {m:.3f}, kurtosis {r:.3f}"
        for m, r in zip(fitted.summary["skewness"], fitted.summary["kurtosis"], strict=True)
    ]
    changed = (new != x) & ~np.isnan(x)
    changes = _cell_log(data.index, tree.indicators, changed, x, new, action, reason)
    return TreatmentResult(_with_values(data, tree, new), changes, fitted.summary)


def _cell_log(unit, code, changed, old, new, action, reason) -> pd.DataFrame:
    rows, columns = np.nonzero(changed)
    return pd.DataFrame(
        {
            "unit": unit[rows],
            "indicator": np.array(code, dtype=object)[columns],
            "action": action[rows, columns],
            "old_value": old[rows, columns],
            "new_value": new[rows, columns],
            "reason": [reason[k] for k in columns] if isinstance(reason, list) else reason[rows, columns],
        },
        columns=CHANGE_COLUMNS,
    )


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

    Parameters
    ----------
    groups : Series or str, optional
        Group of each unit: the name of a column of ``data``, or a Series by unit. None: all units.
    statistic : {"mean", "median"}

    Returns
    -------
    TreatmentResult
        Cells whose group is empty throughout stay empty, with the action "still missing".

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
    phrase = f"{statistic} of group"
    reason = np.array([f"{phrase} '{name}'" for name in label], dtype=object)[:, None]
    return _imputation_result(data, tree, x, new, np.broadcast_to(reason, x.shape))


def _group_labels(data: pd.DataFrame, groups: pd.Series | str | None) -> pd.Series:
    if groups is None:
        return pd.Series("all units", index=data.index)
    if isinstance(groups, str):
        if groups not in data.columns:
            raise unknown_name_error("Kolom kelompok", [groups], data.columns)
        if list(data.columns).count(groups) > 1:
            raise ParameterError(f"Kolom kelompok ganda: '{groups}'.")
        label = data[groups]
    else:
        if groups.index.has_duplicates:
            raise ParameterError("Series kelompok memuat unit ganda.")
        label = groups.reindex(data.index)
    if label.isna().any():
        raise ParameterError(f"Kelompok kosong untuk unit {name_list(label.index[label.isna()])}.")
    return label


def impute_siblings(data: pd.DataFrame, tree: Tree, level: int = 2) -> TreatmentResult:
    """Fill empty cells with the mean of the siblings in the same unit.

    Indicators are brought to 0-1 (min-max, directed), averaged over the available siblings, and brought back to
    original units.

    Parameters
    ----------
    level : int
        Siblings = indicators below the same ancestor at this level (2 = the parent, when all leaves are on one level).

    Returns
    -------
    TreatmentResult
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
    for k, code in enumerate(tree.indicators):
        empty = np.isnan(x[:, k])
        if not empty.any():
            continue
        parent = next((a for a in tree.ancestors(code) if levels[a] >= level), tree.top)
        siblings = [i for i, name in enumerate(tree.indicators) if name in tree.leaves(parent) and i != k]
        observed = ~np.isnan(u[:, siblings])
        if empty.all():
            continue
        content = empty & observed.any(axis=1)
        mean = np.where(observed, u[:, siblings], 0.0).sum(axis=1)[content] / observed.sum(axis=1)[content]
        positions = int(np.searchsorted(filled, k))
        new[content, k] = t.invert(np.broadcast_to(mean[:, None], (len(mean), len(filled))))[:, positions]
        reason[content, k] = f"mean of siblings under '{parent}'"
    return _imputation_result(data, tree, x, new, reason)


def _imputation_result(data, tree: Tree, x: np.ndarray, new: np.ndarray, reason: np.ndarray) -> TreatmentResult:
    empty = np.isnan(x)
    action = np.where(np.isnan(new), "still missing", "imputation")
    changes = _cell_log(data.index, tree.indicators, empty, x, new, action, reason)
    summary = pd.DataFrame(
        {
            "missing": empty.sum(axis=0),
            "imputed": (empty & ~np.isnan(new)).sum(axis=0),
            "still_missing": np.isnan(new).sum(axis=0),
        },
        index=pd.Index(tree.indicators, name="code"),
    )
    return TreatmentResult(_with_values(data, tree, new), changes, summary)
