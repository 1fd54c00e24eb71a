"""Replicate weights: Rao-Wu bootstrap and stratified jackknife (JKn) from the design, or replicate weights from a
file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from surveyest.cells import Cells, divide
from surveyest.design import Design, Layout
from surveyest.estimates import DEFF_WITHOUT_REPLACEMENT, Estimates, from_scores
from surveyest.inputs import (
    EstimationError,
    Names,
    ParameterError,
    Subset,
    as_names,
    check_choice,
    check_columns,
    numeric_column,
    read_frame,
)

#: How replicate weights of a file were made; decides the scale of the variance.
IMPORTED_KINDS = ("brr", "fay", "jk1", "jk2", "jkn", "bootstrap", "sdr", "other")
#: Relative singular value that counts as zero in degrees of freedom of replicate weights (``degf`` in R survey).
RANK_TOLERANCE = 1e-5

#: PSU x replicate factors are made in chunks of at most this many bytes.
CHUNK_BYTES = 64_000_000
#: Arrays of replicate results larger than this are refused.
MAX_RESULT_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Replicates:
    """Multipliers of PSU weights in each replicate, with the formula of the variance.

    variance = sum of scale_r (t_r - centre)**2, the centre being the mean of the replicates, or the full-sample
    estimate with `mse`.

    Attributes
    ----------
    kind : {"rao_wu", "jkn"}, or one of `IMPORTED_KINDS`
    scale : ndarray, shape (R,)
    deleted_psu : ndarray, shape (R,), only for jackknife from the design
    table : ndarray, shape (P, R), only for weights from a file
        Replicate factors of each row (each row is a PSU).
    """

    kind: str
    design: Design
    scale: np.ndarray
    mse: bool
    seed: int | None = None
    deleted_psu: np.ndarray | None = None
    table: np.ndarray | None = None

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        weights: str,
        replicates: Sequence[str],
        kind: str,
        fay: float | None = None,
        scale: float | None = None,
        rscales: Sequence[float] | None = None,
        mse: bool = False,
        combined: bool = True,
        df: int | None = None,
    ) -> Replicates:
        """Replicate weights that are in the microdata.

        `Replicates.design` is for `summarise`; standard errors come from the replicates only (`estimate_by_replicates`,
        `replicate_statistic`), because strata and PSUs are unknown: linearised standard errors on it are NaN.

        Parameters
        ----------
        frame : DataFrame, one row for each respondent, the WHOLE sample
        weights : str
            Column of full-sample weights.
        replicates : R names of columns
        kind : {"brr", "fay", "jk1", "jk2", "jkn", "bootstrap", "sdr", "other"}
            Variance = scale * sum of rscales_r (t_r - centre)**2. Default scales: brr 1/R; fay 1/(R (1 - fay)**2); jk1
            (R - 1)/R; jk2 1; bootstrap 1/(R - 1); sdr 4/R (*successive difference*, ACS). jkn needs `rscales`
            ((n_h - 1)/n_h for each replicate), "other" needs `scale`.
        fay : float, only for "fay"
            Fay's coefficient, 0 <= fay < 1.
        scale, rscales : optional
            Instead of the defaults; a finite population correction goes into `rscales`.
        mse : bool
            True: deviations from the full-sample estimate (custom of ACS and DHS); False: from the mean of the
            replicates.
        combined : bool
            True: replicate columns are weights already; False: factors to multiply the full-sample weight by.
        df : int, optional
            Degrees of freedom; default the rank of the matrix of replicate weights less one.

        Raises
        ------
        ParameterError
            Invalid kind, coefficient, scale or column.
        EstimationError
            Empty replicate weights; rows with a full-sample weight of zero and a replicate weight.
        """
        frame, names = read_frame(frame), as_names(replicates)
        if len(names) < 2:
            raise ParameterError("Berikan sedikitnya dua kolom bobot replikasi.")
        multiplier = _imported_scale(kind, len(names), fay, scale, rscales)
        design = Design.from_frame(frame, weights=weights)
        check_columns(frame, names)
        table = np.column_stack([numeric_column(frame[k], k) for k in names])
        empty = np.isnan(table).any(axis=0)
        if empty.any():
            raise EstimationError(f"Bobot replikasi '{names[int(empty.argmax())]}' memuat nilai kosong.")
        w = design.weights[:, None]
        _check_combined(table, w, combined)
        if combined:
            lost = (table != 0).any(axis=1) & (w[:, 0] == 0)
            if lost.any():
                raise EstimationError(
                    f"{int(lost.sum())} baris berbobot penuh nol tetapi berbobot replikasi; nyatakan faktornya dengan "
                    "combined=False, atau buang baris itu."
                )
            table = divide(table, np.broadcast_to(w, table.shape))
            table[w[:, 0] == 0] = 0.0
        if df is None:
            df = _rank(table * w) - 1
        if not 1 <= df <= len(names):
            raise ParameterError(f"Derajat bebas {df} harus antara 1 dan banyaknya replikasi, {len(names)}.")
        return cls(kind, replace(design, stated_df=int(df)), multiplier, mse, table=table)

    @property
    def df(self) -> int:
        """Degrees of freedom: those of the design, or those stated (computed) with the replicate weights."""
        return self.design.df

    @property
    def count(self) -> int:
        """R, number of replicates."""
        return len(self.scale)

    def chunks(self) -> Iterator[tuple[slice, np.ndarray]]:
        """Factors by chunks of replicates: (slice of replicates, ndarray (P, r)).

        The result does not depend on the size of the chunks; running through all of them always gives the same factors.
        """
        width = max(1, min(self.count, CHUNK_BYTES // (8 * self.design.psu_count)))
        rng = None if self.seed is None else np.random.default_rng(self.seed)
        for start in range(0, self.count, width):
            part = slice(start, min(start + width, self.count))
            if self.table is not None:
                yield part, self.table[:, part]
            elif rng is None:
                yield part, _jkn_factors(self.design, self.deleted_psu[part])
            else:
                yield part, _rao_wu_factors(self.design, rng, part.stop - part.start)

    def factors(self) -> np.ndarray:
        """All factors, shape (P, R); EstimationError when larger than `MAX_RESULT_BYTES` (then use `chunks`)."""
        _check_size((self.design.psu_count, self.count), "Faktor replikasi")
        return np.concatenate([f for _, f in self.chunks()], axis=1)

    def weights(self) -> np.ndarray:
        """Replicate weights of each row of the microdata, shape (n, R); to export to other software."""
        _check_size((len(self.design.weights), self.count), "Bobot replikasi")
        return self.design.weights[:, None] * self.factors()[self.design.psu]


def rao_wu(design: Design, count: int = 500, *, seed: int) -> Replicates:
    """Rao-Wu bootstrap (Rao, Wu and Yue 1992): `count` times, n - 1 PSUs drawn with replacement in each stratum.

    Factors are 1 - s + s n/(n - 1) t with t the times a PSU is drawn and s = sqrt(1 - n/N). Strata with one PSU (only
    under the rules "certainty" or "remove") add no variance. `seed` is required: results must be repeatable.

    Raises
    ------
    EstimationError
        A stratum with one PSU under the rule "adjust" or "average"; a calibrated or two-stage design.
    ParameterError
        `count` is less than 2.
    """
    if count < 2:
        raise ParameterError("Bootstrap memerlukan sedikitnya 2 replikasi.")
    _check_design(design)
    # Around the mean of the replicates with divisor R - 1, variances are unbiased with respect to their number.
    return Replicates("rao_wu", design, np.full(count, 1 / (count - 1)), False, seed)


def jkn(design: Design, *, mse: bool = False) -> Replicates:
    """Stratified jackknife: one replicate for each PSU; it is deleted, others in its stratum multiplied by n/(n - 1).

    The scale is (1 - n/N)(n - 1)/n. Strata with one PSU, or enumerated in full, get no replicate. With `mse`,
    deviations are from the full-sample estimate, otherwise from the mean of the replicates.

    Raises
    ------
    EstimationError
        A stratum with one PSU under the rule "adjust" or "average"; a calibrated or two-stage design.
    """
    _check_design(design)
    n = design.n_psu[design.psu_strata]
    deleted = np.flatnonzero((n > 1) & (design.fpc_factor[design.psu_strata] > 0))
    if not len(deleted):
        raise EstimationError("Tidak ada strata dengan dua PSU atau lebih; jackknife tidak dapat dibentuk.")
    h = design.psu_strata[deleted]
    scale = design.fpc_factor[h] * (design.n_psu[h] - 1) / design.n_psu[h]
    return Replicates("jkn", design, scale, mse, deleted_psu=deleted)


def replicate_estimates(
    cells: Cells,
    replicates: Replicates,
    domain: Names = None,
    *,
    kind: str = "mean",
    measures: Sequence[str] | None = None,
    subset: Subset = None,
) -> np.ndarray:
    """Estimates of each replicate, shape (R, D, V); NaN where a replicate's denominator is zero.

    Other parameters are as in `estimate`; domains and measures come in the same order. EstimationError when the result
    is larger than `MAX_RESULT_BYTES`, or cells and replicates have different designs.
    """
    if replicates.design is not cells.design:
        raise EstimationError("Replikasi dan sel dibuat dari rancangan yang berbeda.")
    s = cells.collapse(domain, measures=measures, subset=subset, kind=kind)
    k = s.layout
    v = len(s.names)
    _check_size((replicates.count, k.domain_count, v), "Hasil replikasi")
    content = s.y if kind == "total" else np.concatenate([s.y, s.x])
    content = np.ascontiguousarray(content.T)
    result = np.empty((replicates.count, k.domain_count, v))
    bounds = k.domain_bounds()
    for part, factors in replicates.chunks():
        for d in range(k.domain_count):
            b = slice(bounds[d], bounds[d + 1])
            totals = factors[k.psu[b]].T @ content[b]
            result[part, d] = totals if kind == "total" else divide(totals[:, :v], totals[:, v:][:, s.x_index])
    return result


def replicate_statistic(replicates: Replicates, statistic: Callable[[Design], np.ndarray]) -> np.ndarray:
    """Any statistic of each replicate, (R, ...): `statistic` runs R times on the design with replicate weights.

    For example ``lambda d: poverty(d, frame, "spending", RelativeLine()).values``; with `calibrate` inside it, the
    weights are calibrated again in each replicate. Variances come from `replicate_variance`.
    """
    design = replicates.design
    result = []
    for _, factors in replicates.chunks():
        for column in factors.T:
            one = design.reweighted(design.weights * column[design.psu])
            result.append(np.asarray(statistic(one), dtype=float))
    return np.array(result)


def estimate_by_replicates(
    cells: Cells,
    replicates: Replicates,
    domain: Names = None,
    *,
    kind: str = "mean",
    measures: Sequence[str] | None = None,
    subset: Subset = None,
    deff: str = DEFF_WITHOUT_REPLACEMENT,
) -> Estimates:
    """As `estimate`, with standard errors, covariances and contrasts from replicates of the cells' design.

    Degrees of freedom are `Replicates.df` in all domains. Standard errors are NaN when a replicate is undefined. Errors
    are those of `replicate_estimates`.
    """
    draws = replicate_estimates(cells, replicates, domain, kind=kind, measures=measures, subset=subset)
    s = cells.collapse(domain, measures=measures, subset=subset, kind=kind)
    values = s.estimates(kind)
    scores = _deviations(draws, replicates, values) * np.sqrt(replicates.scale)[:, None, None]
    layout = _squares_layout(replicates, len(values))
    y = np.zeros((len(s.names), len(layout.psu)))
    y[:, layout.psu % 2 == 0] = scores.transpose(2, 1, 0).reshape(len(s.names), -1)
    everywhere, x_index = np.ones((1, y.shape[1]), dtype=bool), np.zeros(len(y), dtype=np.int64)
    sums = replace(s, layout=layout, y=y, x=0.0 * everywhere, x_index=x_index, present=everywhere, cross=None)
    df = np.full(values.shape, replicates.df, dtype=np.int64)
    return replace(from_scores(kind, sums, values, y, None, deff), df=df)


def _squares_layout(replicates: Replicates, domain_count: int) -> Layout:
    """Each replicate a stratum with PSU 2r, its scaled deviation, and PSU 2r + 1, zero.

    Its variance is exactly the sum of squared deviations, so covariances, contrasts and the delta method work as under
    linearisation; the odd PSUs present make its degrees of freedom `Replicates.df`.
    """
    r = np.arange(replicates.count)
    used = np.ones(2 * len(r), dtype=bool)
    used[1::2] = r < replicates.df
    rows = np.empty(0), np.empty(0, dtype=np.int64)
    design = Design(*rows, np.repeat(r, 2), pd.DataFrame({"replicate": r}), weighted_psu=used)
    psu = np.flatnonzero(used)
    domain = np.repeat(np.arange(domain_count), len(psu))
    return Layout.from_pairs(design, np.tile(psu, domain_count), domain, domain_count)


def replicate_variance(values: np.ndarray, replicates: Replicates, point: np.ndarray | None = None) -> np.ndarray:
    """Variance (...) from estimates of the replicates.

    Parameters
    ----------
    values : ndarray, shape (R, ...)
        From `replicate_estimates`, or any function of them (a composite index of each replicate, for example).
    point : ndarray, shape (...), optional
        Full-sample estimate; required when ``replicates.mse``.
    """
    deviations = _deviations(values, replicates, point)
    return np.einsum("r,r...->...", replicates.scale, deviations * deviations)


def replicate_covariance(values: np.ndarray, replicates: Replicates, point: np.ndarray | None = None) -> np.ndarray:
    """Covariance of all K elements of replicate estimates, (R, K) -> (K, K); see `replicate_variance`."""
    values = np.asarray(values, dtype=float)
    if values.ndim != 2:
        raise ParameterError("Kovarians replikasi memerlukan larik (R, K).")
    deviations = _deviations(values, replicates, point)
    return (deviations * replicates.scale[:, None]).T @ deviations


def _deviations(values: np.ndarray, replicates: Replicates, point: np.ndarray | None) -> np.ndarray:
    values = np.asarray(values, dtype=float)
    if len(values) != replicates.count:
        raise ParameterError(f"Ada {len(values)} taksiran replikasi, seharusnya {replicates.count}.")
    if not replicates.mse:
        return values - values[replicates.scale > 0].mean(axis=0)
    if point is None:
        raise ParameterError("Replikasi dengan mse=True memerlukan taksiran penuh (point).")
    return values - np.asarray(point, dtype=float)


def _imported_scale(
    kind: str, count: int, fay: float | None, scale: float | None, rscales: Sequence[float] | None
) -> np.ndarray:
    check_choice("Jenis bobot replikasi", kind, IMPORTED_KINDS)
    if (kind == "fay") != (fay is not None) or not 0 <= (fay or 0) < 1:
        raise ParameterError("Koefisien fay (0 <= fay < 1) diberikan bagi kind='fay', dan hanya itu.")
    if kind == "jkn" and rscales is None:
        raise ParameterError("Bobot jkn memerlukan rscales: (n_h - 1)/n_h strata tiap replikasi.")
    if kind == "other" and scale is None:
        raise ParameterError("Bobot replikasi 'other' memerlukan scale.")
    default = {"brr": 1 / count, "jk1": (count - 1) / count, "bootstrap": 1 / (count - 1), "sdr": 4 / count}
    default["fay"] = 1 / (count * (1 - (fay or 0)) ** 2)
    scales = np.ones(count) if rscales is None else np.asarray(rscales, dtype=float)
    if scales.shape != (count,):
        raise ParameterError(f"rscales berisi {scales.size} bilangan, seharusnya {count}, satu tiap replikasi.")
    result = scales * (default.get(kind, 1.0) if scale is None else scale)
    if not (np.isfinite(result).all() and (result >= 0).all() and result.any()):
        raise ParameterError("Skala replikasi harus bilangan tidak negatif, sedikitnya satu positif.")
    return result


def _check_combined(table: np.ndarray, w: np.ndarray, combined: bool) -> None:
    """Weights taken for factors, or the reverse, change variances without a sign; the size usually tells which they
    are."""
    average, mean = table.mean(), w.mean()
    if combined and average < 5 < mean / max(average, 1e-300) or not combined and average > 5 > mean / average:
        found, other = ("faktor", False) if combined else ("bobot", True)
        raise EstimationError(
            f"Kolom replikasi rata-ratanya {average:.4g}, bobot penuh {mean:.4g}: tampaknya {found}; nyatakan "
            f"combined={other}."
        )


def _rank(weights: np.ndarray) -> int:
    gram = weights.T @ weights
    size = np.sqrt(np.diag(gram))
    size[size == 0] = 1.0
    eigenvalues = np.linalg.eigvalsh(gram / np.outer(size, size))
    return int((eigenvalues > RANK_TOLERANCE**2 * eigenvalues.max()).sum())


def _jkn_factors(design: Design, deleted: np.ndarray) -> np.ndarray:
    factors = np.ones((design.psu_count, len(deleted)))
    start = np.searchsorted(design.psu_strata, np.arange(design.strata_count + 1))
    for r, p in enumerate(deleted):
        h = design.psu_strata[p]
        factors[start[h] : start[h + 1], r] = design.n_psu[h] / (design.n_psu[h] - 1)
        factors[p, r] = 0.0
    return factors


def _rao_wu_factors(design: Design, rng: np.random.Generator, count: int) -> np.ndarray:
    p = design.psu_count
    start = np.searchsorted(design.psu_strata, np.arange(design.strata_count))
    draws = design.n_psu - 1
    h = np.repeat(np.arange(design.strata_count), draws)
    # Row by row from one stream: the order of random numbers does not depend on the size of the chunks.
    drawn = start[h] + (rng.random((count, len(h))) * design.n_psu[h]).astype(np.int64)
    drawn += np.arange(count)[:, None] * p
    times = np.bincount(drawn.ravel(), minlength=count * p).reshape(count, p)
    n = design.n_psu[design.psu_strata]
    s = np.where(n > 1, np.sqrt(design.fpc_factor[design.psu_strata]), 0.0)
    multiplier = s * n / np.maximum(n - 1, 1)
    return (1 - s)[:, None] + multiplier[:, None] * times.T


def _check_design(design: Design) -> None:
    if design.stated_df is not None:
        raise EstimationError("Rancangan ini sudah berbobot replikasi dari berkas; pakai Replicates itu.")
    if design.calibration is not None:
        raise EstimationError(
            "Bobot terkalibrasi harus dikalibrasi ulang di tiap replikasi: pakai estimate, yang memakai residu, atau "
            "replicate_statistic atas rancangan sebelum kalibrasi dengan calibrate di dalamnya."
        )
    if design.second_stage is not None:
        raise EstimationError("Replikasi hanya mengulang penarikan PSU; ragam tahap kedua tidak ikut. Pakai estimate.")
    if design.lonely_psu in ("adjust", "average") and design.lonely_strata.any():
        raise EstimationError(
            f"Replikasi tidak mengenal aturan PSU tunggal '{design.lonely_psu}'; pakai certainty atau remove, atau "
            "gabungkan strata."
        )


def _check_size(shape: tuple[int, ...], what: str) -> None:
    size = 8 * int(np.prod([float(b) for b in shape]))
    if size > MAX_RESULT_BYTES:
        raise EstimationError(
            f"{what} {' x '.join(map(str, shape))} memerlukan {size / 1e9:.1f} GB; kurangi replikasi, domain, atau "
            "ukuran, atau pakai bootstrap Rao-Wu dengan lebih sedikit replikasi."
        )
