"""Where PSU x domain pairs lie in strata and domains, and variances of scores over them (Taylor linearisation)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from surveyest.design import Design
from surveyest.errors import EstimationError


@dataclass(frozen=True)
class Layout:
    """J pairs (PSU, domain), sorted by (domain, PSU), so that each stratum x domain (S of them) and each domain (D of
    them) takes one contiguous segment.

    Attributes
    ----------
    psu, domain : ndarray of int64, shape (J,)
    segment : ndarray, shape (J,)
        Stratum x domain number of each pair.
    segment_start, segment_size, segment_strata, segment_domain : ndarray, shape (S,)
    domain_start : ndarray, shape (D,)
        First segment of each domain.
    residual : bool
        Scores are calibration residuals already; otherwise variances of a calibrated design are refused.
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
        """Jumlah per strata x domain, (K, J) -> (K, S)."""
        if not len(self.segment_start):
            return np.zeros((*values.shape[:-1], 0))
        return np.add.reduceat(values, self.segment_start, axis=-1)

    def per_domain(self, values: np.ndarray) -> np.ndarray:
        """Jumlah per domain, (K, S) -> (K, D)."""
        if not self.domain_count:
            return np.zeros((*values.shape[:-1], 0))
        return np.add.reduceat(values, self.domain_start, axis=-1)

    def domain_bounds(self) -> np.ndarray:
        """Bounds of the pairs of each domain, shape (D + 1,)."""
        return np.searchsorted(self.domain, np.arange(self.domain_count + 1))

    def df(self, present: np.ndarray) -> np.ndarray:
        """Derajat bebas domain: PSU berisi dikurangi strata berisi, (K, J) bool -> (K, D)."""
        segment_psu = self.per_segment(present.astype(np.int64))
        return self.per_domain(segment_psu) - self.per_domain((segment_psu > 0).astype(np.int64))

    @property
    def empty_psu(self) -> np.ndarray:
        """PSUs of the stratum without members of the domain, for each segment, shape (S,)."""
        return self.design.n_psu[self.segment_strata] - self.segment_size

    def decompose(self, scores: np.ndarray, present: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Scaled deviations of PSUs from the centre of their stratum; inner products within a domain are (co)variances.

        Parameters
        ----------
        scores : ndarray, shape (K, J)
            Sums of linearised scores of each pair. Not changed.
        present : ndarray of bool, shape (K, J), optional
            Pairs with values; matters only for rules on lonely PSUs. Empty = all.

        Returns
        -------
        pairs : ndarray, shape (K, J)
        empty : ndarray, shape (K, S)
            Scaled deviation of EACH PSU without members of the domain in that segment (scores are zero, so all are the
            same).

        Notes
        ----- Variance of a domain = sum of pairs**2 + sum of empty_psu * empty**2. Centring before squaring keeps
        digits, and makes the variance exactly zero when all scores are zero.
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
