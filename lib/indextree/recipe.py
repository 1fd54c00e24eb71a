"""Dari tabel ke indeks: satu panggilan, resep yang dapat diulang, dan catatan tentang apa indeks itu bersandar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from indextree.errors import ParameterError
from indextree.normalisation import Normalisation, normalise, scaling_spec
from indextree.ranking import rank_frame
from indextree.treatment import (
    CHANGE_COLUMNS,
    Treatment,
    TreatmentResult,
    impute_group,
    impute_siblings,
    inspect_indicators,
    treat_outliers,
)
from indextree.tree import Tree, name_list

IMPUTATIONS = ("none", "group", "siblings")


def compute(data: pd.DataFrame, tree: Tree, missing_columns: str = "fail") -> pd.DataFrame:
    """Nilai setiap simpul dari indikator yang sudah dinormalkan.

    Parameters
    ----------
    data : DataFrame
        Unit x indikator, lebih besar lebih baik; NaN = tidak tersedia.
    missing_columns : {"fail", "missing"}
        Lihat :meth:`Tree.values`.

    Returns
    -------
    DataFrame
        Unit x semua simpul, puncak di kolom terakhir.

    Raises
    ------
    ComputationError
        Rata-rata geometrik, harmonik, atau pangkat bertemu nilai yang tidak boleh (simpul, anak, dan unit disebut).
    """
    values = tree.compile().compute(tree.values(data, missing_columns), unit=data.index)
    return pd.DataFrame(values.T, index=data.index, columns=list(tree.codes))


def availability(data: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """Pada berapa bagian indikatornya tiap simpul bersandar.

    Returns
    -------
    DataFrame
        Baris unit x cabang: ``indicator`` (banyaknya), ``available``, ``count_share``, ``weight_share`` (menurut bobot
        akhir indikator), dan ``unavailable`` (kode, dipisah koma).
    """
    observed = ~np.isnan(tree.values(data, "missing"))
    weight = tree.final_weights()
    positions = {code: i for i, code in enumerate(tree.indicators)}
    rows = []
    for branch in tree.branches:
        leaves = list(tree.leaves(branch))
        columns = observed[:, [positions[k] for k in leaves]]
        w = weight[leaves].to_numpy()
        total = w.sum()
        for i, unit in enumerate(data.index):
            rows.append(
                {
                    "unit": unit,
                    "code": branch,
                    "indicator": len(leaves),
                    "available": int(columns[i].sum()),
                    "count_share": columns[i].mean(),
                    "weight_share": (w * columns[i]).sum() / total if total > 0 else np.nan,
                    "unavailable": ", ".join(k for k, a in zip(leaves, columns[i], strict=True) if not a),
                }
            )
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Recipe:
    """Urutan tetap: imputasi, olah pencilan, normalisasi, agregasi. Resep adalah data; hasilnya dapat diulang darinya.

    Attributes
    ----------
    normalisation : Normalisation, or mapping of str to Normalisation
        Kamus kode indikator -> normalisasi, ``"*"`` untuk sisanya.
    treatment : Treatment or None
        None: pencilan dibiarkan.
    imputation : {"none", "group", "siblings"}
    groups : str or None
        Kolom kelompok untuk imputasi kelompok.
    sibling_level : int
        Tingkat leluhur untuk imputasi saudara.
    missing_columns : {"fail", "missing"}
    """

    normalisation: Normalisation | Mapping[str, Normalisation] = field(default_factory=Normalisation)
    treatment: Treatment | None = None
    imputation: str = "none"
    groups: str | None = None
    sibling_level: int = 2
    missing_columns: str = "fail"

    def __post_init__(self) -> None:
        object.__setattr__(self, "normalisation", scaling_spec(self.normalisation))
        if self.imputation not in IMPUTATIONS:
            raise ParameterError(f"imputation harus salah satu dari {', '.join(IMPUTATIONS)}.")

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> Recipe:
        """Dari kamus (misalnya hasil YAML); normalisasi (juga per indikator) dan olahan boleh nama atau kamus."""
        content = dict(content)
        unknown = set(content) - set(cls.__dataclass_fields__)
        if unknown:
            raise ParameterError(f"Isi resep tidak dikenal: {name_list(sorted(unknown))}.")
        if content.get("treatment") is not None:
            content["treatment"] = Treatment.from_dict(content["treatment"])
        return cls(**content)

    def prepare(self, data: pd.DataFrame, tree: Tree) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Data sesudah imputasi dan olahan (satuan asli), dan catatan sel yang berubah."""
        steps: list[TreatmentResult] = []
        if self.imputation == "group":
            steps.append(impute_group(data, tree, self.groups))
        elif self.imputation == "siblings":
            steps.append(impute_siblings(data, tree, self.sibling_level))
        if self.treatment is not None:
            steps.append(treat_outliers(steps[-1].data if steps else data, tree, self.treatment))
        if not steps:
            return data, pd.DataFrame(columns=CHANGE_COLUMNS)
        content = [h.changes for h in steps if len(h.changes)]
        return steps[-1].data, pd.concat(content, ignore_index=True) if content else steps[0].changes

    def run(self, data: pd.DataFrame, tree: Tree) -> IndexResult:
        """Jalankan resep pada data mentah."""
        prepared, changes = self.prepare(data, tree)
        normal = normalise(prepared, tree, self.normalisation, missing_columns=self.missing_columns)
        return IndexResult(
            tree=tree,
            recipe=self,
            prepared=prepared,
            normal=normal,
            values=compute(normal, tree),
            changes=changes,
            condition=inspect_indicators(data, tree, self.treatment),
        )


@dataclass(frozen=True, eq=False)
class IndexResult:
    """Indeks jadi beserta semua yang menghasilkannya.

    Attributes
    ----------
    prepared, normal, values : DataFrame
        Indikator siap pakai (satuan asli), indikator ternormalkan, dan semua simpul; unit di baris.
    changes : DataFrame
        Sel yang diubah atau diisi.
    condition : DataFrame
        Keadaan tiap indikator mentah (konstan, biner, sebagian besar nol, berpencilan, tidak tersedia).
    """

    tree: Tree
    recipe: Recipe
    prepared: pd.DataFrame
    normal: pd.DataFrame
    values: pd.DataFrame
    changes: pd.DataFrame
    condition: pd.DataFrame

    @property
    def index(self) -> pd.Series:
        """Nilai puncak."""
        return self.values[self.tree.top]

    @property
    def ranks(self) -> pd.DataFrame:
        """Peringkat setiap simpul, 1 = tertinggi."""
        return rank_frame(self.values)

    def availability(self) -> pd.DataFrame:
        """Lihat :func:`availability`; dihitung dari data sesudah imputasi."""
        return availability(self.normal, self.tree)
