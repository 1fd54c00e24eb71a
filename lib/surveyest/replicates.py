"""Bobot replikasi: bootstrap Rao-Wu dan jackknife berstrata (JKn), dihitung dari sel, bukan dari perorangan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from surveyest.cells import Cells, divide
from surveyest.design import Design
from surveyest.errors import EstimationError, ParameterError
from surveyest.estimates import KINDS

#: Faktor PSU x replikasi dibuat per potongan paling besar sekian bita.
CHUNK_BYTES = 64_000_000
#: Larik hasil replikasi yang lebih besar dari ini ditolak.
MAX_RESULT_BYTES = 2_000_000_000


@dataclass(frozen=True)
class Replicates:
    """Pengali bobot tiap PSU di tiap replikasi, beserta rumus ragamnya.

    ragam = jumlah skala_r (t_r - pusat)**2, dengan pusat rata-rata replikasi, atau taksiran penuh bila `mse`.

    Attributes
    ----------
    kind : {"rao_wu", "jkn"}
    design : Design
    scale : ndarray, shape (R,)
    mse : bool
    seed : int atau None
    deleted_psu : ndarray, shape (R,), hanya "jkn"
    """

    kind: str
    design: Design
    scale: np.ndarray
    mse: bool
    seed: int | None = None
    deleted_psu: np.ndarray | None = None

    @property
    def count(self) -> int:
        """R, banyak replikasi."""
        return len(self.scale)

    def chunks(self) -> Iterator[tuple[slice, np.ndarray]]:
        """Faktor per potongan replikasi: (irisan replikasi, ndarray (P, r)).

        Hasilnya tidak bergantung pada besar potongan; menghabiskan seluruh pengulangan selalu memberi faktor yang sama.
        """
        width = max(1, min(self.count, CHUNK_BYTES // (8 * self.design.psu_count)))
        rng = None if self.kind == "jkn" else np.random.default_rng(self.seed)
        for start in range(0, self.count, width):
            part = slice(start, min(start + width, self.count))
            if rng is None:
                yield part, _jkn_factors(self.design, self.deleted_psu[part])
            else:
                yield part, _rao_wu_factors(self.design, rng, part.stop - part.start)

    def factors(self) -> np.ndarray:
        """Seluruh faktor, shape (P, R).

        Raises
        ------
        EstimationError
            Larik melebihi `MAX_RESULT_BYTES`; pakai `chunks`.
        """
        _check_size((self.design.psu_count, self.count), "Faktor replikasi")
        return np.concatenate([f for _, f in self.chunks()], axis=1)

    def weights(self) -> np.ndarray:
        """Bobot replikasi tiap baris data mikro, shape (n, R); untuk diekspor ke perangkat lain."""
        _check_size((len(self.design.weights), self.count), "Bobot replikasi")
        return self.design.weights[:, None] * self.factors()[self.design.psu]


def rao_wu(design: Design, count: int = 500, *, seed: int) -> Replicates:
    """Bootstrap Rao-Wu (Rao, Wu, dan Yue, 1992) dengan n - 1 PSU ditarik berpengembalian di tiap strata.

    Parameters
    ----------
    design : Design
    count : int
        Banyak replikasi.
    seed : int
        Wajib: hasil harus dapat diulang.

    Returns
    -------
    Replicates
        Faktor 1 - s + s n/(n - 1) t dengan t banyak kali PSU terpilih dan s = akar(1 - n/N). Strata ber-PSU tunggal
        (hanya dengan aturan "certainty" atau "remove") tidak menyumbang ragam.

    Raises
    ------
    EstimationError
        Strata ber-PSU tunggal dengan aturan "adjust" atau "average".
    ParameterError
        `count` kurang dari 2.
    """
    if count < 2:
        raise ParameterError("Bootstrap memerlukan sedikitnya 2 replikasi.")
    _check_design(design)
    # Ragam ke pusat rata-rata replikasi dengan pembagi R - 1 tidak bias terhadap banyaknya replikasi.
    return Replicates("rao_wu", design, np.full(count, 1 / (count - 1)), False, seed)


def jkn(design: Design, *, mse: bool = False) -> Replicates:
    """Jackknife berstrata: satu replikasi tiap PSU; PSU itu dihapus, yang lain di stratanya dikalikan n/(n - 1).

    Parameters
    ----------
    design : Design
    mse : bool
        True: simpangan diukur dari taksiran penuh; False: dari rata-rata replikasi.

    Returns
    -------
    Replicates
        Skala (1 - n/N)(n - 1)/n. Strata ber-PSU tunggal atau dicacah lengkap tidak mendapat replikasi.

    Raises
    ------
    EstimationError
        Strata ber-PSU tunggal dengan aturan "adjust" atau "average".
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
    domain: str | Sequence[str] | None = None,
    *,
    kind: str = "mean",
    measures: Sequence[str] | None = None,
    subset: Mapping[str, object] | None = None,
) -> np.ndarray:
    """Taksiran tiap replikasi.

    Parameters
    ----------
    cells, domain, kind, measures, subset
        Seperti `estimate`; urutan domain dan ukuran hasilnya sama.
    replicates : Replicates

    Returns
    -------
    ndarray, shape (R, D, V)
        NaN bila penyebut replikasi nol.

    Raises
    ------
    EstimationError
        Hasil melebihi `MAX_RESULT_BYTES`, atau rancangan sel dan replikasi berbeda.
    ParameterError
        Pilihan tidak dikenal.
    """
    if kind not in KINDS:
        raise ParameterError(f"Jenis taksiran '{kind}' tidak dikenal; pilih: {', '.join(KINDS)}.")
    if replicates.design is not cells.design:
        raise EstimationError("Replikasi dan sel dibuat dari rancangan yang berbeda.")
    if kind == "total" and measures is None:
        measures = [u for u, m in cells.moments.items() if not m.ratio]
    s = cells.collapse(domain, measures=measures, subset=subset)
    if kind == "total" and s.ratio.any():
        raise ParameterError("Total tidak bermakna bagi nisbah.")
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


def replicate_variance(values: np.ndarray, replicates: Replicates, point: np.ndarray | None = None) -> np.ndarray:
    """Ragam dari taksiran replikasi.

    Parameters
    ----------
    values : ndarray, shape (R, ...)
        Dari `replicate_estimates`, atau fungsi apa pun atasnya (misalnya indeks komposit tiap replikasi).
    replicates : Replicates
    point : ndarray, shape (...), optional
        Taksiran penuh; wajib bila ``replicates.mse``.

    Returns
    -------
    ndarray, shape (...)
    """
    deviations = _deviations(values, replicates, point)
    return np.einsum("r,r...->...", replicates.scale, deviations * deviations)


def replicate_covariance(values: np.ndarray, replicates: Replicates, point: np.ndarray | None = None) -> np.ndarray:
    """Kovarians antarsemua unsur taksiran replikasi, (R, K) -> (K, K); lihat `replicate_variance`."""
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
        return values - values.mean(axis=0)
    if point is None:
        raise ParameterError("Replikasi dengan mse=True memerlukan taksiran penuh (point).")
    return values - np.asarray(point, dtype=float)


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
    # Baris demi baris dari satu aliran: urutan bilangan acak tidak bergantung pada besar potongan.
    drawn = start[h] + (rng.random((count, len(h))) * design.n_psu[h]).astype(np.int64)
    drawn += np.arange(count)[:, None] * p
    times = np.bincount(drawn.ravel(), minlength=count * p).reshape(count, p)
    n = design.n_psu[design.psu_strata]
    s = np.where(n > 1, np.sqrt(design.fpc_factor[design.psu_strata]), 0.0)
    multiplier = s * n / np.maximum(n - 1, 1)
    return (1 - s)[:, None] + multiplier[:, None] * times.T


def _check_design(design: Design) -> None:
    if design.calibration is not None:
        raise EstimationError(
            "Bobot terkalibrasi harus dikalibrasi ulang di tiap replikasi; pakai estimate, yang memakai residunya."
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
