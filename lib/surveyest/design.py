"""Survey design: strata, PSUs, weights, finite population correction, and rules for strata with one PSU; and variances
of scores over PSU x domain pairs of the design (Taylor linearisation)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyest.inputs import (
    EstimationError,
    Names,
    ParameterError,
    as_names,
    check_choice,
    check_columns,
    combine_codes,
    combine_columns,
    encode_column,
    numeric_column,
    read_frame,
)

if TYPE_CHECKING:
    from surveyest.calibration import Calibration

LONELY_PSU_RULES = ("fail", "adjust", "average", "certainty", "remove")
#: Below this 1 - n/N counts as zero: the stratum is enumerated in full and adds no variance (as in R survey).
CENSUS_THRESHOLD = 1e-7


@dataclass(frozen=True)
class Design:
    """A stratified cluster design; made by `Design.from_frame`.

    The PSU is the *ultimate cluster*. Only with two fpc is variance within PSUs computed separately. A design always
    holds the whole sample. Subpopulations are domains of `summarise`, never filtered rows, because PSUs without members
    of a domain still count in its variance.

    Attributes
    ----------
    weights : ndarray of float, shape (n,)
    psu : ndarray of int64, shape (n,)
        PSU number 0..P-1 of each row; PSUs of a stratum are numbered in sequence.
    psu_strata : ndarray of int64, shape (P,)
        Stratum number 0..H-1 of each PSU.
    strata_labels : DataFrame, H rows
    fpc : ndarray of float, shape (H,), or None
        PSUs in the population of each stratum.
    lonely_psu : {"fail", "adjust", "average", "certainty", "remove"}
    adjust_lonely_domains : bool
        Apply "adjust" or "average" also to strata with a single PSU left in a domain (the option
        `survey.adjust.domain.lonely` of R).
    weighted_psu : ndarray of bool, shape (P,), or None
        PSUs with at least one positive weight; None means all.
    second_stage : Design or None
        PSUs as strata, second-stage units as PSUs.
    multiplier : ndarray, shape (H,), or None
        Multiplier of each stratum's variance; in the second stage the first-stage sampling fraction n/N.
    psu_labels : DataFrame, P rows, or None
        Values of the PSU columns; None when each row is a PSU.
    calibration : Calibration or None
        From `calibrate`: weights are calibrated already, and variances use residuals.
    stated_df : int or None
        Degrees of freedom of replicate weights from a file whose strata are unknown; linearised standard errors are
        NaN.
    index : Index or None
        Row index of the frame the design was made from.
    fingerprints : dict of a design column -> fingerprint of its content in row order
    """

    weights: np.ndarray
    psu: np.ndarray
    psu_strata: np.ndarray
    strata_labels: pd.DataFrame
    fpc: np.ndarray | None = None
    lonely_psu: str = "fail"
    adjust_lonely_domains: bool = False
    weighted_psu: np.ndarray | None = None
    second_stage: Design | None = None
    multiplier: np.ndarray | None = None
    psu_labels: pd.DataFrame | None = field(default=None, repr=False)
    calibration: Calibration | None = field(default=None, repr=False)
    stated_df: int | None = None
    index: pd.Index | None = field(default=None, repr=False)
    fingerprints: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    n_psu: np.ndarray = field(init=False)

    def __post_init__(self):
        check_choice("Aturan PSU tunggal", self.lonely_psu, LONELY_PSU_RULES)
        object.__setattr__(self, "n_psu", np.bincount(self.psu_strata, minlength=len(self.strata_labels)))
        if self.lonely_psu == "fail" and self.lonely_strata.any():
            names = [_describe(row) for row in self.strata_labels[self.lonely_strata].to_dict("records")]
            listing = ", ".join(names[:10]) + (f", dan {len(names) - 10} lainnya" if len(names) > 10 else "")
            place, unit = ("Strata", "PSU") if self.multiplier is None else ("PSU", "unit tahap kedua")
            raise EstimationError(
                f"{place} berikut hanya memiliki satu {unit} sehingga ragamnya tidak dapat dihitung: {listing}. "
                "Gabungkan strata, atau pilih aturan PSU tunggal adjust, average, certainty, atau remove."
            )

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        weights: str,
        psu: Names = None,
        strata: Names = None,
        ssu: Names = None,
        fpc: Names = None,
        nested: bool = False,
        lonely_psu: str = "fail",
        adjust_lonely_domains: bool = False,
    ) -> Design:
        """Read a design from columns of microdata.

        Parameters
        ----------
        frame : DataFrame, one row for each respondent, the WHOLE sample
        weights : str
            Column of weights (not negative, not empty).
        psu, strata : str or list of str, optional
            Without `psu` each row is a PSU; without `strata` there is one stratum.
        ssu : str or list of str, optional
            Second-stage units within PSUs, only with two `fpc`; without `ssu` each row is a unit.
        fpc : str or two str, optional
            PSUs in the population of each stratum, or (when all values are <= 1) the sampling fraction; constant within
            strata. One column: PSUs are taken to be enumerated in full, so if there is sampling within them standard
            errors are too small (apiclus2 in R survey: 0.7 to 15%). A second column, units in the population of each
            PSU, adds second-stage variance. Without `fpc` (sampling with replacement) all stages are in the variance
            between PSUs.
        nested : bool
            False: PSU numbers are unique, and a PSU in two strata is refused. True: PSU numbers start again in each
            stratum (``nest=TRUE`` in R survey); only when they really do, since a wrong stratum code then becomes a new
            PSU.
        lonely_psu, adjust_lonely_domains
            See `Design`.

        Raises
        ------
        ParameterError
            Unknown column or choice; duplicate columns; weights or fpc that are not numbers.
        EstimationError
            Empty or invalid weights, strata, PSUs or fpc; a PSU in two strata; a stratum with one PSU under the rule
            "fail".
        """
        frame = read_frame(frame)
        strata_columns, psu_columns, ssu_columns, fpc_columns = map(as_names, (strata, psu, ssu, fpc))
        if (
            len(fpc_columns) > 2
            or (ssu_columns and len(fpc_columns) < 2)
            or (len(fpc_columns) == 2 and not psu_columns)
        ):
            raise ParameterError("Tahap kedua memerlukan psu dan tepat dua kolom fpc; ssu tidak dipakai tanpa itu.")
        columns = [*as_names(weights), *strata_columns, *psu_columns, *ssu_columns, *fpc_columns]
        check_columns(frame, columns)
        if len(frame) == 0:
            raise EstimationError("Data survei tidak berisi satu baris pun.")
        w = numeric_column(frame[weights], weights)
        if np.isnan(w).any() or (w < 0).any():
            raise EstimationError(f"Kolom bobot '{weights}' memuat nilai kosong atau negatif.")
        if not w.any():
            raise EstimationError(f"Semua bobot di kolom '{weights}' nol.")

        strata_codes, strata_labels = _complete_codes(frame, strata_columns)
        if not strata_columns:
            strata_labels = pd.DataFrame({"strata": ["semua"]})
        cluster = _units(frame, psu_columns)
        psu_codes, psu_strata, psu_rows = number_psus(strata_codes, strata_labels, *cluster, nested)
        population = None
        if fpc_columns:
            name = fpc_columns[0]
            population = _read_fpc(frame[name], name, strata_codes, np.bincount(psu_strata), strata_labels)
        weighted = np.bincount(psu_codes[w > 0], minlength=len(psu_strata)) > 0
        one = cls(
            w, psu_codes, psu_strata, strata_labels, population, lonely_psu, adjust_lonely_domains, weighted,
            psu_labels=cluster[1].iloc[psu_rows].reset_index(drop=True) if psu_columns else None,
            index=getattr(frame, "index", None),
            fingerprints={k: _fingerprint(frame[k]) for k in dict.fromkeys(columns)},
        )  # fmt: skip
        if len(fpc_columns) < 2:
            return one
        return replace(one, second_stage=_second_stage(one, frame, psu_columns, ssu_columns, fpc_columns[1]))

    def reweighted(self, weights: np.ndarray) -> Design:
        """The same design with other weights."""
        weighted = np.bincount(self.psu[weights > 0], minlength=self.psu_count) > 0
        return replace(self, weights=weights, weighted_psu=weighted)

    def align(self, frame: object) -> pd.DataFrame:
        """The frame with its rows in the order of the design; EstimationError when that is impossible.

        Design columns in the frame must equal, row by row, those the design was made from. Otherwise rows are matched
        by index; if that is impossible too, the frame is refused. A frame without design columns can only be matched by
        index, which must be unique and not the default numbering. Collections of columns that are no table (with
        ``columns``, a length and ``[name]``) are not checked: their maker answers for the order.
        """
        frame = read_frame(frame)
        if len(frame) != len(self.psu):
            raise EstimationError(
                f"Data berisi {len(frame)} baris, rancangan {len(self.psu)}. "
                "Jangan menyaring baris: nyatakan subpopulasi sebagai domain, atau kosongkan nilainya."
            )
        if not isinstance(frame, pd.DataFrame):
            return frame
        present = [k for k in self.fingerprints if k in frame.columns]
        check_columns(frame, present)
        differing = [k for k in present if _fingerprint(frame[k]) != self.fingerprints[k]]
        if not differing and len(present) == len(self.fingerprints):
            return frame
        named = self.index is not None and self.index.is_unique and frame.index.is_unique
        positions = self.index.get_indexer(frame.index) if named else np.empty(0)
        if named and (positions >= 0).all():
            is_default = isinstance(self.index, pd.RangeIndex) and self.index.equals(frame.index)
            ordered = frame if self.index.equals(frame.index) else frame.iloc[np.argsort(positions)]
            if not is_default and all(_fingerprint(ordered[k]) == self.fingerprints[k] for k in present):
                return ordered
        if differing:
            raise EstimationError(
                f"Kolom rancangan {', '.join(differing)} tidak sama dengan saat rancangan dibangun, dan baris tidak "
                "dapat dipadankan lewat indeks; bangun rancangan dari bingkai ini, atau kembalikan urutan barisnya."
            )
        raise EstimationError(
            f"Bingkai tidak memuat kolom rancangan {', '.join(k for k in self.fingerprints if k not in present)}, "
            "sehingga urutan barisnya tidak dapat diperiksa; sertakan kolom itu."
        )

    @property
    def psu_count(self) -> int:
        """P, number of PSUs."""
        return len(self.psu_strata)

    @property
    def strata_count(self) -> int:
        """H, number of strata."""
        return len(self.n_psu)

    @property
    def df(self) -> int:
        """Degrees of freedom of the full design: PSUs less strata, without those whose weights are all zero."""
        if self.stated_df is not None:
            return self.stated_df
        if self.weighted_psu is None:
            return self.psu_count - self.strata_count
        strata = self.psu_strata[self.weighted_psu]
        return len(strata) - len(np.unique(strata))

    @cached_property
    def fpc_factor(self) -> np.ndarray:
        """1 - n/N of each stratum, shape (H,); zero when a stratum is enumerated in full."""
        if self.fpc is None:
            return np.ones(self.strata_count)
        f = np.where(np.isinf(self.fpc), 1.0, 1.0 - self.n_psu / self.fpc)
        return np.where(f < CENSUS_THRESHOLD, 0.0, f)

    @cached_property
    def lonely_strata(self) -> np.ndarray:
        """Strata whose variance cannot be computed: one PSU and not enumerated in full, shape (H,) bool."""
        return (self.n_psu == 1) & (self.fpc_factor > 0)

    @cached_property
    def scale(self) -> np.ndarray:
        """Multiplier of sums of squares between PSUs: `multiplier` (1 - n/N) n/(n - 1), without n/(n - 1) for n = 1;
        (H,)."""
        n = self.n_psu
        scale = self.fpc_factor * np.where(n > 1, n / np.maximum(n - 1, 1), 1.0)
        return scale if self.multiplier is None else scale * self.multiplier


def number_psus(
    strata: np.ndarray, strata_labels: pd.DataFrame, cluster: np.ndarray, cluster_labels: pd.DataFrame, nested: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """PSU number of each row, in sequence by stratum; stratum of each PSU; and row of each PSU in `cluster_labels`.

    A PSU number that occurs in two strata and is not declared nested is refused.
    """
    numbers, pairs = combine_codes(
        [strata, cluster],
        [pd.RangeIndex(len(strata_labels)), pd.RangeIndex(len(cluster_labels))],
        ["strata", "cluster"],
        len(strata),
    )
    duplicated = pairs["cluster"].duplicated()
    if not nested and duplicated.any():
        k = pairs["cluster"][duplicated].iloc[0]
        places = [_describe(strata_labels.iloc[h].to_dict()) for h in pairs["strata"][pairs["cluster"] == k]]
        raise EstimationError(
            f"{pairs['cluster'][duplicated].nunique()} dari {len(cluster_labels)} PSU muncul di lebih dari satu "
            f"strata, misalnya {_describe(cluster_labels.iloc[k].to_dict())} di {' dan '.join(places[:3])}; perbaiki "
            "kodenya, atau nyatakan nested=True bila nomor PSU memang diulang di tiap strata."
        )
    return numbers, pairs["strata"].to_numpy(), pairs["cluster"].to_numpy()


def _fingerprint(column: pd.Series) -> bytes:
    """Fingerprint of a column's content in row order."""
    return hashlib.blake2b(pd.util.hash_pandas_object(column, index=False).to_numpy(), digest_size=16).digest()


def _second_stage(one: Design, frame: pd.DataFrame, psu: tuple[str, ...], ssu: tuple[str, ...], fpc: str) -> Design:
    """Sampling within PSUs; its variance times the first-stage sampling fraction (Särndal et al. 1992, section 4.3)."""
    psu_labels = frame[list(psu)].iloc[np.unique(one.psu, return_index=True)[1]].reset_index(drop=True)
    numbers, ssu_psu, _ = number_psus(one.psu, psu_labels, *_units(frame, ssu), nested=True)
    population = _read_fpc(frame[fpc], fpc, one.psu, np.bincount(ssu_psu), psu_labels)
    multiplier = (one.n_psu / one.fpc)[one.psu_strata]
    rule = one.lonely_psu, one.adjust_lonely_domains
    return Design(one.weights, numbers, ssu_psu, psu_labels, population, *rule, multiplier=multiplier)


def _complete_codes(frame: pd.DataFrame, columns: tuple[str, ...]) -> tuple[np.ndarray, pd.DataFrame]:
    codes, labels = combine_columns(frame, columns)
    if (codes < 0).any():
        empty = next(k for k in columns if (encode_column(frame[k])[0] < 0).any())
        count = int((encode_column(frame[empty])[0] < 0).sum())
        raise EstimationError(f"Kolom rancangan '{empty}' kosong di {count} baris.")
    return codes, labels


def _units(frame: pd.DataFrame, columns: tuple[str, ...]) -> tuple[np.ndarray, pd.DataFrame]:
    """Codes and labels of sampling units; without columns each row is one."""
    if columns:
        return _complete_codes(frame, columns)
    return np.arange(len(frame)), pd.DataFrame(index=pd.RangeIndex(len(frame)))


def _read_fpc(column: pd.Series, name: str, strata: np.ndarray, n: np.ndarray, labels: pd.DataFrame) -> np.ndarray:
    values = numeric_column(column, name)
    if np.isnan(values).any() or (values <= 0).any():
        raise EstimationError(f"Kolom fpc '{name}' memuat nilai kosong, nol, atau negatif.")
    first = np.zeros(len(n))
    first[strata[::-1]] = values[::-1]
    if (first[strata] != values).any():
        wrong = np.unique(strata[first[strata] != values])
        raise EstimationError(
            f"Kolom fpc '{name}' berubah di dalam {_describe(labels.iloc[wrong[0]].to_dict())} "
            f"({len(wrong)} tempat seluruhnya); nilainya harus tetap di dalam strata (tahap kedua: di dalam PSU)."
        )
    if (first <= 1).all():
        return n / first
    if (first < n).any():
        h = int(np.flatnonzero(first < n)[0])
        raise EstimationError(
            f"Kolom fpc '{name}' di {_describe(labels.iloc[h].to_dict())} adalah {first[h]:g}, kurang dari {n[h]} unit "
            "di sampel."
        )
    return first


def _describe(row: dict) -> str:
    return " / ".join(f"{k} {v}" for k, v in row.items())


# ---- where cells lie in the design


@dataclass(frozen=True)
class Layout:
    """J pairs (PSU, domain), sorted by (domain, PSU), so that each stratum x domain (S of them) and each domain (D of
    them) takes one contiguous segment.

    `psu`, `domain` and `segment` (stratum x domain number) have shape (J,); `segment_*` shape (S,); `domain_start` (D,)
    is the first segment of each domain. `residual`: scores are calibration residuals already; otherwise variances of a
    calibrated design are refused.
    """

    design: Design
    psu: np.ndarray
    domain: np.ndarray
    segment: np.ndarray
    segment_start: np.ndarray
    segment_size: np.ndarray
    segment_strata: np.ndarray
    segment_domain: np.ndarray
    domain_start: np.ndarray
    domain_count: int
    residual: bool = False

    @classmethod
    def from_pairs(
        cls, design: Design, psu: np.ndarray, domain: np.ndarray, domain_count: int, *, residual: bool = False
    ) -> Layout:
        """From pairs already sorted by (domain, PSU); each domain has at least one pair."""
        strata = design.psu_strata[psu]
        new = np.ones(len(psu), dtype=bool)
        new[1:] = (strata[1:] != strata[:-1]) | (domain[1:] != domain[:-1])
        start = np.flatnonzero(new)
        segment_domain = domain[start]
        return cls(
            design,
            psu,
            domain,
            np.cumsum(new) - 1,
            start,
            np.diff(np.append(start, len(psu))),
            strata[start],
            segment_domain,
            np.searchsorted(segment_domain, np.arange(domain_count)),
            domain_count,
            residual,
        )

    def per_segment(self, values: np.ndarray) -> np.ndarray:
        """Sums by stratum x domain, (K, J) -> (K, S)."""
        if not len(self.segment_start):
            return np.zeros((*values.shape[:-1], 0))
        return np.add.reduceat(values, self.segment_start, axis=-1)

    def per_domain(self, values: np.ndarray) -> np.ndarray:
        """Sums by domain, (K, S) -> (K, D)."""
        if not self.domain_count:
            return np.zeros((*values.shape[:-1], 0))
        return np.add.reduceat(values, self.domain_start, axis=-1)

    def domain_bounds(self) -> np.ndarray:
        """Bounds of the pairs of each domain, shape (D + 1,)."""
        return np.searchsorted(self.domain, np.arange(self.domain_count + 1))

    def df(self, present: np.ndarray) -> np.ndarray:
        """Degrees of freedom of domains: PSUs less strata with values, (K, J) bool -> (K, D)."""
        segment_psu = self.per_segment(present.astype(np.int64))
        return self.per_domain(segment_psu) - self.per_domain((segment_psu > 0).astype(np.int64))

    @property
    def empty_psu(self) -> np.ndarray:
        """PSUs of the stratum without members of the domain, for each segment, shape (S,)."""
        return self.design.n_psu[self.segment_strata] - self.segment_size

    def decompose(self, scores: np.ndarray, present: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Scaled deviations of PSUs from the centre of their stratum; inner products within a domain are (co)variances.

        `scores` (K, J) are sums of linearised scores of each pair; `present` (K, J), pairs with values (default all),
        matters only for rules on lonely PSUs. Gives the deviations of the pairs (K, J), and (K, S) that of EACH PSU
        without members of the domain in a segment (scores are zero, so all are the same).

        Variance of a domain = sum of pairs**2 + sum of empty_psu * empty**2. Centring before squaring keeps digits, and
        makes the variance exactly zero when all scores are zero.
        """
        d = self.design
        if d.calibration is not None and not self.residual:
            raise EstimationError(
                "Taksiran ini belum mengenal bobot terkalibrasi: galat bakunya akan keliru. Pakai rancangan sebelum "
                "kalibrasi."
            )
        if d.stated_df is not None:
            empty = np.full((*scores.shape[:-1], len(self.segment_start)), np.nan)
            return np.full(scores.shape, np.nan), empty
        n_h = d.n_psu[self.segment_strata]
        root = np.sqrt(d.scale)[self.segment_strata]
        centre = self.per_segment(scores) / n_h
        multiplier = root
        lonely = d.lonely_strata[self.segment_strata]
        if d.lonely_psu in ("adjust", "average") and (lonely.any() or d.adjust_lonely_domains):
            filled = self.segment_size if present is None else self.per_segment(present.astype(np.int64))
            filled = np.broadcast_to(filled, centre.shape)
            alone = lonely & (filled > 0)
            if d.adjust_lonely_domains:
                alone = alone | ((filled == 1) & (n_h > 1) & (root > 0))
            if d.lonely_psu == "adjust":
                # Centre = mean of PSU sums over the whole domain, as R survey 4.4.2 does (version 4.1 uses zero).
                count = self.per_domain(np.where(filled > 0, n_h, 0))
                domain_centre = self.per_domain(centre * n_h) / np.maximum(count, 1)
                centre = np.where(alone, domain_centre[..., self.segment_domain], centre)
            else:
                multiplier = root * self._average_multiplier(filled, alone)
        pairs = scores - centre[..., self.segment]
        pairs *= multiplier[..., self.segment]
        return pairs, -centre * multiplier

    def _average_multiplier(self, filled: np.ndarray, alone: np.ndarray) -> np.ndarray:
        """Rule "average": lonely strata are left out, the rest scaled up; (K, S). NaN when none is left."""
        strata = self.per_domain((filled > 0).astype(float))
        valid = self.per_domain(((filled > 0) & ~alone).astype(float))
        factors = np.full(strata.shape, np.nan)
        np.divide(strata, valid, out=factors, where=valid > 0)
        factors = np.sqrt(factors)[..., self.segment_domain]
        return np.where(alone & ~np.isnan(factors), 0.0, factors)

    def variance(self, scores: np.ndarray, present: np.ndarray | None = None) -> np.ndarray:
        """Variance of each score in each domain, (K, J) -> (K, D)."""
        pairs, empty = self.decompose(scores, present)
        pairs *= pairs
        return self.per_domain(self.per_segment(pairs) + self.empty_psu * empty * empty)
