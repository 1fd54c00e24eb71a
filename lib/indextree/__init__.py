"""Hierarchical composite indices: from a table of nodes and a table of indicators to scores, ranks and their
uncertainty.

In short::

    tree = Tree.from_table(nodes)
    result = Recipe(Normalisation("goalposts")).run(data, tree)
    result.values, result.ranks, result.availability()
    draws = run_uncertainty(data, tree, Scenario(weight=RandomWeights()), recipe=result.recipe)

To compute again and again (a weight slider): ``s = tree.compile()``, then
``s.compute(values, s.weight_array({...}))``.
"""

from indextree.aggregation import MEANS, CompiledTree, Mean
from indextree.analysis import (
    correlations,
    cronbach_alpha,
    drop_each,
    effective_weights,
    reliability,
    strengths_weaknesses,
)
from indextree.decomposition import (
    COVERAGE,
    contributions,
    decompose_difference,
    delta_standard_error,
    gradient,
    node_gradients,
)
from indextree.normalisation import (
    SCALINGS,
    FittedNormalisation,
    Normalisation,
    Reference,
    fit_array,
    normalise,
)
from indextree.ranking import expected_ranks, joint_rank_intervals, rank_array, rank_change, rank_frame
from indextree.recipe import IndexResult, Recipe, availability, compute
from indextree.scenario import (
    RandomGoalposts,
    RandomWeights,
    Scenario,
    covariance_from_replicates,
    replicate_standard_error,
    simulate_replicates,
)
from indextree.treatment import (
    OUTLIER_RULES,
    Treatment,
    TreatmentResult,
    impute_group,
    impute_siblings,
    inspect_indicators,
    kurtosis,
    skewness,
    treat_outliers,
)
from indextree.tree import Tree
from indextree.uncertainty import (
    MixedScaleWarning,
    SensitivityResult,
    UncertaintyResult,
    estimate_sobol,
    pooled_sobol,
    run_sensitivity,
    run_uncertainty,
    saltelli_design,
)
from indextree.weights import (
    AHPResult,
    BalanceResult,
    PCAResult,
    ahp,
    ahp_matrix,
    balanced_weights,
    combine_ahp,
    equal_weights,
    pca_weights,
)

__all__ = [
    "COVERAGE",
    "MEANS",
    "OUTLIER_RULES",
    "SCALINGS",
    "Reference",
    "RandomWeights",
    "AHPResult",
    "BalanceResult",
    "IndexResult",
    "SensitivityResult",
    "UncertaintyResult",
    "PCAResult",
    "TreatmentResult",
    "Mean",
    "MixedScaleWarning",
    "Normalisation",
    "FittedNormalisation",
    "Treatment",
    "Tree",
    "Recipe",
    "Scenario",
    "CompiledTree",
    "RandomGoalposts",
    "ahp",
    "ahp_matrix",
    "availability",
    "balanced_weights",
    "combine_ahp",
    "compute",
    "contributions",
    "correlations",
    "covariance_from_replicates",
    "cronbach_alpha",
    "decompose_difference",
    "delta_standard_error",
    "drop_each",
    "effective_weights",
    "equal_weights",
    "estimate_sobol",
    "expected_ranks",
    "fit_array",
    "gradient",
    "impute_group",
    "impute_siblings",
    "inspect_indicators",
    "joint_rank_intervals",
    "kurtosis",
    "node_gradients",
    "normalise",
    "pca_weights",
    "pooled_sobol",
    "rank_array",
    "rank_change",
    "rank_frame",
    "reliability",
    "replicate_standard_error",
    "run_sensitivity",
    "run_uncertainty",
    "saltelli_design",
    "simulate_replicates",
    "skewness",
    "strengths_weaknesses",
    "treat_outliers",
]
