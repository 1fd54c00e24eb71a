"""Change between two surveys: independent samples, or the same PSUs visited again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from surveyest.calibration import Calibration
from surveyest.cells import Cells, Moments, check_domains
from surveyest.design import Design, Layout, number_psus
from surveyest.estimates import Estimates, long_table, t_table
from surveyest.inputs import EstimationError, ParameterError, combine_columns


def pool(surveys: Mapping[object, Cells], *, by: str = "period", shared_psu: bool = False) -> Cells:
    """Put the cells of several surveys together, with the survey as a domain; microdata are not merged.

    The same as ``svydesign`` in R on stacked files; replicate weights of its design work too.

    Parameters
    ----------
    surveys : dict name of a survey -> Cells
        With the same measures and domain columns.
    by : str
        Name of the domain that holds the survey.
    shared_psu : bool
        False: independent samples, each survey with its own strata and PSUs. True: strata and PSUs of one name are the
        same PSUs, so correlation between surveys is counted.

    Raises
    ------
    ParameterError
        Fewer than two surveys; different measures, domains or types of codes.
    EstimationError
        Different rules for lonely PSUs; only some calibrated; replicate weights from a file; shared PSUs without PSU
        numbers, in other strata, in two stages, or with another fpc.
    """
    cells = list(surveys.values())
    _check_surveys(cells, by)
    join = _shared_design if shared_psu else _independent_design
    design, positions = join([c.design for c in cells], [str(k) for k in surveys], by)
    labels: dict[str, pd.Index] = {by: pd.Index(list(surveys))}
    codes = {by: np.repeat(np.arange(len(cells)), [len(c.psu) for c in cells])}
    for name in cells[0].domain_codes:
        labels[name], codes[name] = _join_labels(name, cells)
    group = None
    if design.calibration is not None:
        start = np.cumsum([0] + [int(c.group.max()) + 1 for c in cells[:-1]])
        group = np.concatenate([c.group + s for c, s in zip(cells, start, strict=True)])
    psu = np.concatenate([p[c.psu] for p, c in zip(positions, cells, strict=True)])
    second = None
    if design.second_stage is not None:
        second = pool({k: c.second_stage for k, c in surveys.items()}, by=by)
        second.design = design.second_stage
    return Cells(design, _join_moments(cells), psu, codes, labels, second, group)


@dataclass(frozen=True)
class Change:
    """Change of G domains (those with values in both surveys) x V measures, from `change`.

    Arrays have shape (G, V): estimates of both surveys, their standard errors, `se` of `second - first`, and `df`,
    joint degrees of freedom: PSUs less strata with values, in both surveys together.
    """

    domain: pd.DataFrame
    names: tuple[str, ...]
    between: tuple[object, object]
    first: np.ndarray
    second: np.ndarray
    first_se: np.ndarray
    second_se: np.ndarray
    se: np.ndarray
    df: np.ndarray

    @property
    def values(self) -> np.ndarray:
        """Second survey less the first, shape (G, V)."""
        return self.second - self.first

    def covariance(self) -> np.ndarray:
        """Covariance of the first and second estimate of a domain, (G, V); zero for independent samples."""
        return (self.first_se**2 + self.second_se**2 - self.se**2) / 2

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """G x V rows: domain, measure, first, first_se, second, second_se, change, se, df, t, p, lower, upper."""
        figures = _change_table(self.first, self.second, self.first_se, self.second_se, self.se, self.df, level)
        return long_table(self.domain, self.names, figures)


def change(
    estimates: Estimates,
    between: Sequence[object],
    *,
    by: str = "period",
    function: Callable[[np.ndarray], np.ndarray] | None = None,
    gradient: Callable[[np.ndarray], np.ndarray] | None = None,
    name: str = "index",
) -> Change:
    """Change of all measures, or of one function of them (an index), in all domains at once.

    Parameters
    ----------
    estimates : Estimates
        From cells of `pool`, with `by` among its domains.
    between : (first survey, second survey)
    function : (D, V) -> (D,), optional
        Index of each domain from its measures; `name` is its name.
    gradient : (D, V) -> (D, V), optional
        Derivative of `function`; without it numerical, as in `Estimates.delta`.

    Raises
    ------
    ParameterError
        `by` is not a domain, or a survey is not there.
    """
    if by not in estimates.domain.columns:
        raise ParameterError(f"Taksiran tidak menurut '{by}'; ikutkan '{by}' di domain estimate.")
    if len(between) != 2:
        raise ParameterError("Perubahan diukur antara tepat dua survei.")
    group, sign, domain, rows = _match(estimates.domain, by, tuple(between))
    values, se, weights, names = estimates.values, estimates.se, None, estimates.names
    if function is not None:
        weights = estimates.derivative(function) if gradient is None else np.asarray(gradient(values), dtype=float)
        values, se = np.asarray(function(values), dtype=float)[:, None], estimates.gradient_se(weights)[:, None]
        names = (name,)
    variance, df = _variance(estimates, group, sign, len(domain), weights)
    first, second = rows
    error = np.sqrt(variance)
    error[np.isnan(values[first]) | np.isnan(values[second])] = np.nan
    return Change(domain, names, tuple(between), values[first], values[second], se[first], se[second], error, df)


def independent_change(
    first: np.ndarray,
    second: np.ndarray,
    first_se: np.ndarray,
    second_se: np.ndarray,
    *,
    first_df: np.ndarray | float = np.inf,
    second_df: np.ndarray | float = np.inf,
    level: float = 0.95,
) -> pd.DataFrame:
    """Change from published figures of two surveys with independent samples; parallel arrays, one row for each unit.

    Columns are as in `Change.to_frame`; df is the sum of both, as for stacked designs. NaN when either is absent.
    ParameterError for arrays of different lengths, or a negative standard error.
    """
    arrays = [np.asarray(x, dtype=float) for x in (first, second, first_se, second_se)]
    if len({x.shape for x in arrays}) > 1 or arrays[0].ndim != 1:
        raise ParameterError(f"Larik harus satu sumbu dan sama panjang, bukan {[x.shape for x in arrays]}.")
    if (arrays[2] < 0).any() or (arrays[3] < 0).any():
        raise ParameterError("Galat baku tidak boleh negatif.")
    df = np.broadcast_to(np.asarray(first_df, dtype=float) + np.asarray(second_df, dtype=float), arrays[0].shape)
    return pd.DataFrame(_change_table(*arrays, np.hypot(arrays[2], arrays[3]), df, level))


def _change_table(first, second, first_se, second_se, se, df, level: float) -> dict[str, np.ndarray]:
    content = {"first": first, "first_se": first_se, "second": second, "second_se": second_se}
    return content | {"change": second - first} | t_table(second - first, se, df, level)


def _match(
    table: pd.DataFrame, by: str, between: tuple[object, object]
) -> tuple[np.ndarray, np.ndarray, pd.DataFrame, tuple[np.ndarray, np.ndarray]]:
    """Shared domains: number of each row (-1 = not used), its sign, the table, and the rows of each survey."""
    missing = [k for k in between if not table[by].eq(k).any()]
    if missing or between[0] == between[1]:
        raise ParameterError(
            f"Survei {missing[0] if missing else between[0]!r} tidak dapat dibandingkan; isi '{by}': "
            f"{', '.join(map(repr, table[by].unique().tolist()))}."
        )
    columns = [k for k in table.columns if k != by]
    codes, _ = combine_columns(table, columns)
    sides = [pd.Series(np.flatnonzero(table[by].eq(k)), index=codes[table[by].eq(k)]) for k in between]
    both = pd.concat(sides, axis=1, join="inner").sort_index()
    first, second = both[0].to_numpy(), both[1].to_numpy()
    group, sign = np.full(len(table), -1), np.zeros(len(table))
    group[first] = group[second] = np.arange(len(first))
    sign[first], sign[second] = -1.0, 1.0
    return group, sign, table[columns].iloc[first].reset_index(drop=True), (first, second)


def _variance(
    e: Estimates, group: np.ndarray, sign: np.ndarray, count: int, weights: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Variance of the change (G, V or 1) and its degrees of freedom: signed scores of both surveys summed within each
    PSU."""
    k = e.sums.layout
    used = np.flatnonzero(group[k.domain] >= 0)
    domain = k.domain[used]
    scores = e.scores[:, used] * sign[domain]
    present = e.sums.present[e.sums.x_index][:, used]
    if weights is not None:
        coefficients = weights.T[:, domain]
        scores = np.where(coefficients == 0, 0.0, coefficients * scores).sum(axis=0, keepdims=True)
        present = (present & (coefficients != 0)).any(axis=0, keepdims=True)
    p = k.design.psu_count
    pairs, inverse = np.unique(group[domain] * p + k.psu[used], return_inverse=True)

    def gather(x: np.ndarray) -> np.ndarray:
        return np.array([np.bincount(inverse, weights=row, minlength=len(pairs)) for row in x])

    layout = Layout.from_pairs(k.design, pairs % p, pairs // p, count, residual=k.residual)
    filled = gather(present) > 0
    variance = layout.variance(gather(scores), filled).T
    if e.second_stage is not None:
        variance = variance + _variance(e.second_stage, group, sign, count, weights)[0]
    return variance, layout.df(filled).T.astype(np.int64)


def _check_surveys(cells: list[Cells], by: str) -> None:
    if len(cells) < 2:
        raise ParameterError("Perubahan memerlukan sedikitnya dua survei.")
    check_domains([by])
    first = cells[0]
    for other in cells[1:]:
        for what, a, b in (
            ("ukuran", first.moments, other.moments),
            ("kolom domain", first.domain_codes, other.domain_codes),
        ):
            if set(a) != set(b):
                raise ParameterError(f"Survei tidak beranggota {what} yang sama: {', '.join(sorted(set(a) ^ set(b)))}.")
        ratios = [u for u in first.moments if first.moments[u].ratio != other.moments[u].ratio]
        if ratios:
            raise ParameterError(f"Ukuran {ratios[0]} nisbah di satu survei dan rerata di survei lain.")
    if by in first.domain_codes:
        raise ParameterError(f"Domain '{by}' sudah ada di survei; beri nama lain (by).")
    designs = [c.design for c in cells]
    if any(d.stated_df is not None for d in designs):
        raise EstimationError("Survei berbobot replikasi dari berkas tidak dapat disatukan; pakai independent_change.")
    for what, kinds in (
        ("aturan PSU tunggal", {(d.lonely_psu, d.adjust_lonely_domains) for d in designs}),
        ("kalibrasi (semua, atau tidak satu pun)", {d.calibration is None for d in designs}),
        ("tahap kedua (semua, atau tidak satu pun)", {d.second_stage is None for d in designs}),
    ):
        if len(kinds) > 1:
            raise EstimationError(f"Survei-survei itu berbeda {what}.")


def _independent_design(designs: list[Design], names: list[str], by: str) -> tuple[Design, list[np.ndarray]]:
    """Strata and PSUs of each survey kept apart, with the new PSU numbers."""
    psu_start = np.cumsum([0] + [d.psu_count for d in designs])
    strata_start = np.cumsum([0] + [d.strata_count for d in designs])
    positions = [np.arange(d.psu_count) + s for d, s in zip(designs, psu_start, strict=False)]
    strata = [d.psu_strata + s for d, s in zip(designs, strata_start, strict=False)]
    labels = [d.strata_labels.assign(**{by: k}) for d, k in zip(designs, names, strict=True)]
    fpc = _own_fpc(designs)
    design = _join_design(
        designs,
        positions,
        np.concatenate(strata),
        pd.concat(labels, ignore_index=True),
        None if fpc is None else np.concatenate(fpc),
    )
    if designs[0].multiplier is not None:
        design = replace(design, multiplier=np.concatenate([d.multiplier for d in designs]))
    if designs[0].second_stage is None:
        return design, positions
    return replace(design, second_stage=_independent_design([d.second_stage for d in designs], names, by)[0]), positions


def _own_fpc(designs: list[Design]) -> list[np.ndarray] | None:
    """PSUs in the population of each stratum, infinite where a survey states none; None when no survey does."""
    if all(d.fpc is None for d in designs):
        return None
    return [np.full(d.strata_count, np.inf) if d.fpc is None else d.fpc for d in designs]


def _shared_design(designs: list[Design], names: list[str], by: str) -> tuple[Design, list[np.ndarray]]:
    """Strata and PSUs matched by name."""
    if any(d.psu_labels is None for d in designs):
        raise EstimationError("PSU bersama menuntut rancangan dengan kolom PSU di setiap survei.")
    if any(d.second_stage is not None for d in designs):
        raise EstimationError("PSU bersama belum mencakup rancangan bertahap dua; pakai satu fpc, atau tanpa fpc.")
    columns = [list(d.psu_labels.columns) + list(d.strata_labels.columns) for d in designs]
    if any(c != columns[0] for c in columns):
        raise EstimationError("Kolom strata dan PSU setiap survei harus bernama sama agar PSU-nya dapat dipadankan.")

    strata = pd.concat([d.strata_labels.iloc[d.psu_strata] for d in designs], ignore_index=True)
    psus = pd.concat([d.psu_labels for d in designs], ignore_index=True)
    strata_codes, strata_labels = combine_columns(strata, list(strata.columns))
    psu_codes, psu_labels = combine_columns(psus, list(psus.columns))
    # PSU numbers that start again in each stratum are read as nested; otherwise a PSU in two strata is refused.
    nested = any(d.psu_labels.duplicated().any() for d in designs)
    numbers, psu_strata, rows = number_psus(strata_codes, strata_labels, psu_codes, psu_labels, nested)
    positions = np.split(numbers, np.cumsum([d.psu_count for d in designs])[:-1])
    fpc, own = None, _own_fpc(designs)
    if own is not None:
        values = np.concatenate([f[d.psu_strata] for f, d in zip(own, designs, strict=True)])
        fpc = np.full(len(strata_labels), -np.inf)
        np.maximum.at(fpc, strata_codes, values)
        if (fpc[strata_codes] != values).any():
            raise EstimationError(
                "Banyak PSU populasi (fpc) sebuah strata berbeda antarsurvei, padahal PSU-nya bersama."
            )
    design = _join_design(designs, positions, psu_strata, strata_labels, fpc)
    return replace(design, psu_labels=psu_labels.iloc[rows].reset_index(drop=True)), positions


def _join_design(
    designs: list[Design],
    positions: list[np.ndarray],
    psu_strata: np.ndarray,
    strata_labels: pd.DataFrame,
    fpc: np.ndarray | None,
) -> Design:
    first, weighted = designs[0], np.zeros(len(psu_strata), dtype=bool)
    for d, p in zip(designs, positions, strict=True):
        weighted[p] |= np.ones(d.psu_count, dtype=bool) if d.weighted_psu is None else d.weighted_psu
    calibration = None
    if first.calibration is not None:
        calibration = Calibration.join([d.calibration for d in designs], positions, len(psu_strata))
    weights = np.concatenate([d.weights for d in designs])
    psu = np.concatenate([p[d.psu] for d, p in zip(designs, positions, strict=True)])
    rules = first.lonely_psu, first.adjust_lonely_domains
    return Design(weights, psu, psu_strata, strata_labels, fpc, *rules, weighted, calibration=calibration)


def _join_labels(name: str, cells: list[Cells]) -> tuple[pd.Index, np.ndarray]:
    """Values of the joint domain and the code of each cell."""
    labels = [c.domain_labels[name] for c in cells]
    kinds = {x.inferred_type for x in labels if len(x)}
    if len(kinds) > 1:
        raise ParameterError(
            f"Kode domain '{name}' berbeda jenis antarsurvei ({', '.join(sorted(kinds))}); samakan dahulu."
        )
    union = labels[0]
    for x in labels[1:]:
        union = union.union(x)
    codes = [np.append(union.get_indexer(x), -1)[c.domain_codes[name]] for x, c in zip(labels, cells, strict=True)]
    return union, np.concatenate(codes)


def _join_moments(cells: list[Cells]) -> dict[str, Moments]:
    joined: dict[tuple[int, ...], np.ndarray] = {}

    def join(parts: list[np.ndarray]) -> np.ndarray:
        # Arrays shared by several measures stay shared.
        key = tuple(map(id, parts))
        if key not in joined:
            joined[key] = np.concatenate(parts)
        return joined[key]

    def cross(parts: list[Moments]) -> tuple | None:
        from scipy import sparse

        if parts[0].cross is None:
            return None
        return tuple(sparse.csr_array(sparse.block_diag([m.cross[i] for m in parts])) for i in (0, 1))

    result = {}
    for u in cells[0].moments:
        parts = [c.moments[u] for c in cells]
        n, w, x, y = (join([getattr(m, k) for m in parts]) for k in ("n", "w", "x", "y"))
        proportion = all(m.proportion for m in parts)
        shift = 0.0
        if parts[0].ratio:
            squares: object = tuple(np.concatenate([m.squares[i] for m in parts]) for i in range(3))
        else:
            shift = 0.0 if proportion or not w.sum() else float(y.sum() / w.sum())
            moved = [(m, m.shift - shift) for m in parts]
            squares = np.concatenate([m.squares + 2 * d * (m.y - m.shift * m.w) + d**2 * m.w for m, d in moved])
        result[u] = Moments(n, w, x, y, squares, shift, proportion, parts[0].ratio, cross(parts))
    return result
