"""Pemeriksaan indikator, penanganan pencilan, dan imputasi; setiap sel yang berubah tercatat.

Kemencengan dan keruncingan memakai rumus tipe 2 (Joanes dan Gill 1998; sama dengan SKEW dan KURT di lembar kerja).
Aturan pencilan mengikuti COIN Tool: indikator diolah bila |kemencengan| > 2 dan keruncingan > 3,5.
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
    """Aturan penanganan pencilan.

    Attributes
    ----------
    rule : str
        Kode di :data:`indextree.outliers.OUTLIER_RULES`. Bila hasilnya belum lulus, data asli dipertahankan dan
        indikatornya dinyatakan gagal.
    max_points : int
        Paling banyak sel yang diwinsor per indikator.
    skewness_limit, kurtosis_limit : float
        Lulus bila |kemencengan| atau keruncingan di bawah batasnya.
    zero_share_limit : float
        Indikator dengan bagian nol lebih dari ini tidak diolah: pencilannya adalah isinya.
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
        """Dari nama cara atau dari kamus (misalnya hasil YAML)."""
        if isinstance(content, str):
            return cls(content)
        unknown = set(content) - {f.name for f in fields(cls)}
        if unknown:
            raise unknown_name_error("Isi olahan", unknown, [f.name for f in fields(cls)])
        return cls(**content)


@dataclass(frozen=True, eq=False)
class TreatmentResult:
    """Data sesudah diolah atau diimputasi.

    Attributes
    ----------
    data : DataFrame
        Seperti masukan, dengan sel yang berubah sudah diganti.
    changes : DataFrame
        Satu baris per sel, kolom ``CHANGE_COLUMNS``.
    summary : DataFrame
        Satu baris per indikator.
    """

    data: pd.DataFrame
    changes: pd.DataFrame
    summary: pd.DataFrame


def inspect_indicators(data: pd.DataFrame, tree: Tree, treatment: Treatment | None = None) -> pd.DataFrame:
    """Keadaan tiap indikator sebelum apa pun dihitung.

    Parameters
    ----------
    data : DataFrame
        Unit x indikator; indikator tanpa kolom dilaporkan sebagai tidak tersedia.
    treatment : Treatment, optional
        Batas pencilan dan batas bagian nol.

    Returns
    -------
    DataFrame
        Indeks ``code``: ``name``, ``n``, ``missing``, ``unique``, ``zero_share``, ``minimum``, ``maximum``,
        ``skewness``, ``kurtosis``, dan ``condition``: "unavailable", "constant", "binary", "mostly zero", "outliers",
        atau "good".
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


# -------------------------------------------------------------------- pencilan


@dataclass(frozen=True, eq=False)
class FittedTreatment:
    """Keputusan olahan yang dapat diterapkan lagi pada ulangan.

    Attributes
    ----------
    transforms : dict of int to Transform
        Letak indikator -> ubahannya; yang tidak diolah tidak ada.
    summary : DataFrame
    """

    transforms: Mapping[int, Transform]
    summary: pd.DataFrame

    def apply(self, x: np.ndarray) -> np.ndarray:
        """Terapkan pada larik (..., unit, indikator)."""
        result = np.array(x, dtype=float)
        for k, one in self.transforms.items():
            result[..., k] = one(result[..., k])
        return result


def fit_treatment(x: np.ndarray, code: tuple[str, ...], treatment: Treatment) -> FittedTreatment:
    """Putuskan olahan tiap indikator dari larik (unit, indikator)."""
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
    """Tangani pencilan indikator (satuan asli), dengan catatan sel demi sel.

    Parameters
    ----------
    data : DataFrame
        Unit x indikator; kolom lain dibiarkan.
    treatment : Treatment, optional

    Returns
    -------
    TreatmentResult
        ``summary``: keadaan, tindakan ("not needed", "winsorise", "log", "failed ...", "not treated: binary" ...), dan
        kemencengan serta keruncingan sebelum dan sesudah. Indikator konstan, biner, atau sebagian besar nol
        tidak diolah.
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


# -------------------------------------------------------------------- imputasi


def impute_group(
    data: pd.DataFrame, tree: Tree, groups: pd.Series | str | None = None, statistic: str = "mean"
) -> TreatmentResult:
    """Isi sel kosong dengan rata-rata (atau median) indikator itu di kelompok unitnya.

    Parameters
    ----------
    groups : Series or str, optional
        Kelompok tiap unit (misalnya pulau): nama kolom ``data`` atau Series berindeks unit. None: seluruh unit.
    statistic : {"mean", "median"}

    Returns
    -------
    TreatmentResult
        Sel yang kelompoknya kosong sama sekali tetap kosong, dengan tindakan "still missing".

    Raises
    ------
    ParameterError
        Kelompok tidak dikenal, tidak lengkap, atau statistik tidak dikenal.
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
    """Isi sel kosong dengan rata-rata saudaranya pada unit yang sama.

    Indikator dibawa dulu ke 0-1 (min-maks, searah), dirata-ratakan dengan saudara yang tersedia, lalu dikembalikan ke
    satuan asli.

    Parameters
    ----------
    level : int
        Saudara = indikator di bawah leluhur yang sama pada tingkat ini (2 = induk langsung, bila semua daun setingkat).

    Returns
    -------
    TreatmentResult
        Sel tanpa saudara yang tersedia tetap kosong dan dicatat begitu.
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
