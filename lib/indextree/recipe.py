"""From a table to an index: one call, a recipe that can be repeated, and a record of what the index rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from indextree.errors import require_known, require_one_of
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
from indextree.tree import Tree

IMPUTATIONS = ("none", "group", "siblings")


def compute(data: pd.DataFrame, tree: Tree, missing_columns: str = "fail") -> pd.DataFrame:
    """Values of each node, unit x node with the top in the last column, from normalised indicators.

    Parameters
    ----------
    data : DataFrame
        Unit x indicator, more is better; NaN = not available.
    missing_columns : {"fail", "missing"}
        See :meth:`Tree.values`.

    Raises
    ------
    ComputationError
        A geometric, harmonic or power mean meets a value it cannot take (node, child and unit are named).
    """
    values = tree.compile().compute(tree.values(data, missing_columns), unit=data.index)
    return pd.DataFrame(values.T, index=data.index, columns=list(tree.codes))


def availability(data: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """On what share of its indicators each node rests; rows unit x branch.

    ``indicator`` (how many), ``available``, ``count_share``, ``weight_share`` (by final weights of the indicators), and
    ``unavailable`` (codes, separated by commas).
    """
    observed = ~np.isnan(tree.values(data, "missing"))
    weight = tree.final_weights()
    rows = []
    for branch in tree.branches:
        leaves = list(tree.leaves(branch))
        w = weight[leaves].to_numpy()
        for unit, present in zip(data.index, observed[:, [tree.indicators.index(k) for k in leaves]], strict=True):
            rows.append(
                {
                    "unit": unit,
                    "code": branch,
                    "indicator": len(leaves),
                    "available": int(present.sum()),
                    "count_share": present.mean(),
                    "weight_share": (w * present).sum() / w.sum() if w.sum() > 0 else np.nan,
                    "unavailable": ", ".join(k for k, a in zip(leaves, present, strict=True) if not a),
                }
            )
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Recipe:
    """Fixed order: impute, treat outliers, normalise, aggregate. A recipe is data; the result can be repeated from it.

    Attributes
    ----------
    normalisation : Normalisation, or mapping of str to Normalisation
        Indicator code -> normalisation, ``"*"`` for the rest.
    treatment : Treatment or None
        None: outliers are left alone.
    imputation : {"none", "group", "siblings"}
    groups : str or None
        Column of groups, for group imputation.
    sibling_level : int
        Level of the ancestor, for sibling imputation.
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
        require_one_of("imputation", self.imputation, IMPUTATIONS)

    @classmethod
    def from_dict(cls, content: Mapping[str, object]) -> Recipe:
        """From a dict (for example read from YAML); normalisations (also by indicator) and treatment may be names or
        dicts."""
        require_known("Isi resep", content, cls.__dataclass_fields__)
        treatment = content.get("treatment")
        return cls(**{**content, "treatment": None if treatment is None else Treatment.from_dict(treatment)})

    def prepare(self, data: pd.DataFrame, tree: Tree) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Data after imputation and treatment (original units), and a record of the cells changed."""
        steps: list[TreatmentResult] = []
        if self.imputation == "group":
            steps.append(impute_group(data, tree, self.groups))
        elif self.imputation == "siblings":
            steps.append(impute_siblings(data, tree, self.sibling_level))
        if self.treatment is not None:
            steps.append(treat_outliers(steps[-1].data if steps else data, tree, self.treatment))
        if not steps:
            return data, pd.DataFrame(columns=CHANGE_COLUMNS)
        changes = [step.changes for step in steps if len(step.changes)]
        return steps[-1].data, pd.concat(changes, ignore_index=True) if changes else steps[0].changes

    def run(self, data: pd.DataFrame, tree: Tree) -> IndexResult:
        """Run the recipe on raw data."""
        prepared, changes = self.prepare(data, tree)
        normal = normalise(prepared, tree, self.normalisation, missing_columns=self.missing_columns)
        condition = inspect_indicators(data, tree, self.treatment)
        return IndexResult(tree, self, prepared, normal, compute(normal, tree), changes, condition)


@dataclass(frozen=True, eq=False)
class IndexResult:
    """An index with all that led to it; units in rows.

    Attributes
    ----------
    prepared, normal, values : DataFrame
        Indicators ready for use (original units), normalised indicators, and all nodes.
    changes : DataFrame
        Cells changed or filled.
    condition : DataFrame
        State of each raw indicator (constant, binary, mostly zero, with outliers, not available).
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
        """Values of the top."""
        return self.values[self.tree.top]

    @property
    def ranks(self) -> pd.DataFrame:
        """Ranks of each node, 1 = highest."""
        return rank_frame(self.values)

    def availability(self) -> pd.DataFrame:
        """See :func:`availability`; from the data after imputation."""
        return availability(self.normal, self.tree)
