"""Design-based estimates for stratified cluster samples.

`Design.from_frame` reads strata, PSUs and weights; `summarise` collapses microdata ONCE into PSU x domain cells;
`estimate` and `replicate_estimates` then work on the cells, many times and fast. `quantile` uses the microdata.

Variances: Taylor linearisation with the PSU as ultimate cluster (Wolter, *Introduction to Variance Estimation*, 2007);
results are compared with R survey 4.4.2 in ``tests/surveyest``.
"""

from surveyest.calibration import Calibration, CalibrationWarning, calibrate
from surveyest.cells import Cells, DomainSums, summarise
from surveyest.changes import Change, change, independent_change, pool
from surveyest.design import Design
from surveyest.distribution import RelativeLine, inequality, lorenz, poverty, poverty_line, quantile
from surveyest.estimates import (
    CAUTION,
    OK,
    SUPPRESSED,
    Estimates,
    confidence_interval,
    estimate,
    relative_se,
    reliability_flags,
    t_quantile,
)
from surveyest.inputs import EstimationError, ParameterError, SurveyError
from surveyest.regression import Regression, regress
from surveyest.replicates import (
    Replicates,
    estimate_by_replicates,
    jkn,
    rao_wu,
    replicate_covariance,
    replicate_estimates,
    replicate_statistic,
    replicate_variance,
)
from surveyest.testing import (
    IndependenceTest,
    TestResult,
    contrast,
    difference,
    independence_test,
    joint_test,
    t_test,
)

__all__ = [
    "CAUTION",
    "OK",
    "SUPPRESSED",
    "Calibration",
    "CalibrationWarning",
    "Cells",
    "Change",
    "Design",
    "DomainSums",
    "Estimates",
    "EstimationError",
    "IndependenceTest",
    "ParameterError",
    "Regression",
    "RelativeLine",
    "Replicates",
    "SurveyError",
    "TestResult",
    "calibrate",
    "change",
    "confidence_interval",
    "contrast",
    "difference",
    "estimate",
    "estimate_by_replicates",
    "independence_test",
    "independent_change",
    "inequality",
    "jkn",
    "joint_test",
    "lorenz",
    "pool",
    "poverty",
    "poverty_line",
    "quantile",
    "rao_wu",
    "regress",
    "relative_se",
    "reliability_flags",
    "replicate_covariance",
    "replicate_estimates",
    "replicate_statistic",
    "replicate_variance",
    "summarise",
    "t_test",
    "t_quantile",
]
