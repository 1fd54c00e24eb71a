"""Rancangan survei: strata, PSU, bobot, koreksi populasi terhingga, dan aturan strata ber-PSU tunggal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from surveyest.encoding import as_names, check_columns, combine_codes, encode_column, numeric_column, read_frame
from surveyest.errors import EstimationError, ParameterError

if TYPE_CHECKING:
    from surveyest.calibration import Calibration

LONELY_PSU_RULES = ("fail", "adjust", "average", "certainty", "remove")
#: Di bawah nilai ini 1 - n/N dianggap nol: strata dicacah lengkap dan tidak menyumbang ragam (sama dengan R survey).
CENSUS_THRESHOLD = 1e-7


@dataclass(frozen=True)
class Design:
    """Rancangan klaster berstrata; dibuat dengan `Design.from_frame`.

    PSU adalah klaster akhir (*ultimate cluster*). Hanya bila diberi dua fpc, ragam di dalam PSU dihitung tersendiri.

    Rancangan selalu memuat seluruh sampel. Subpopulasi dinyatakan sebagai domain pada `summarise`, tidak pernah dengan
    menyaring baris, sebab PSU tanpa anggota domain tetap ikut dalam ragam.

    Attributes
    ----------
    weights : ndarray of float, shape (n,)
    psu : ndarray of int64, shape (n,)
        Nomor PSU 0..P-1 tiap baris; PSU satu strata bernomor berurutan.
    psu_strata : ndarray of int64, shape (P,)
        Nomor strata 0..H-1 tiap PSU.
    strata_labels : DataFrame, H baris
    fpc : ndarray of float, shape (H,) atau None
        Banyak PSU di populasi tiap strata.
    lonely_psu : {"fail", "adjust", "average", "certainty", "remove"}
    adjust_lonely_domains : bool
        Terapkan aturan "adjust"/"average" juga pada strata yang hanya menyisakan satu PSU di dalam domain
        (pilihan `survey.adjust.domain.lonely` di R).
    weighted_psu : ndarray of bool, shape (P,), atau None
        PSU dengan sedikitnya satu bobot positif; None berarti semuanya.
    second_stage : Design atau None
        Tahap kedua: PSU sebagai strata, unit tahap kedua sebagai PSU.
    multiplier : ndarray, shape (H,), atau None
        Pengali ragam tiap strata; di tahap kedua fraksi sampel tahap pertama, n/N.
    psu_labels : DataFrame, P baris, atau None
        Nilai kolom PSU; None bila tiap baris adalah PSU.
    calibration : Calibration atau None
        Dari `calibrate`: bobotnya sudah dikalibrasi, dan ragam memakai residunya.
    stated_df : int atau None
        Derajat bebas bobot replikasi dari berkas, yang stratanya tidak diketahui; galat baku linearisasinya NaN.
    index : Index atau None
        Indeks baris bingkai yang membangun rancangan.
    fingerprints : dict kolom rancangan -> sidik isinya menurut urutan baris
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
        if self.lonely_psu not in LONELY_PSU_RULES:
            raise ParameterError(
                f"Aturan PSU tunggal '{self.lonely_psu}' tidak dikenal; pilih salah satu: "
                f"{', '.join(LONELY_PSU_RULES)}."
            )
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
        psu: str | Sequence[str] | None = None,
        strata: str | Sequence[str] | None = None,
        ssu: str | Sequence[str] | None = None,
        fpc: str | Sequence[str] | None = None,
        nested: bool = False,
        lonely_psu: str = "fail",
        adjust_lonely_domains: bool = False,
    ) -> Design:
        """Baca rancangan dari kolom data mikro.

        Parameters
        ----------
        frame : DataFrame, satu baris per responden, SELURUH sampel
        weights : str
            Kolom bobot (tidak negatif, tidak kosong).
        psu, strata : str atau daftar str, optional
            Tanpa `psu` tiap baris adalah PSU; tanpa `strata` ada satu strata.
        ssu : str atau daftar str, optional
            Unit tahap kedua di dalam PSU, hanya bersama dua `fpc`; tanpa `ssu` tiap baris satu unit.
        fpc : str atau dua str, optional
            Banyak PSU populasi tiap strata, atau (bila semua nilai <= 1) fraksi sampelnya; tetap di dalam strata. Satu
            kolom: PSU dianggap dicacah seluruhnya, jadi bila di dalamnya masih ada penarikan galat baku terlalu kecil
            (apiclus2 di R survey: 0,7 sampai 15%). Kolom kedua, banyak unit populasi tiap PSU, menambahkan ragam tahap
            kedua. Tanpa `fpc` (penarikan berpengembalian) semua tahap sudah tercakup dalam ragam antar-PSU.
        nested : bool
            False: nomor PSU unik, dan PSU di dua strata ditolak. True: nomor PSU diulang di tiap strata (``nest=TRUE``
            di R survey); hanya bila memang begitu penomorannya, sebab salah kode strata lalu menjadi PSU baru.
        lonely_psu, adjust_lonely_domains
            Lihat `Design`.

        Raises
        ------
        ParameterError
            Kolom atau pilihan tidak dikenal; kolom kembar; bobot atau fpc bukan bilangan.
        EstimationError
            Bobot, strata, PSU, atau fpc kosong atau tidak sah; PSU di dua strata; strata ber-PSU tunggal dengan aturan
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
        if psu_columns:
            cluster_codes, cluster_labels = _complete_codes(frame, psu_columns)
        else:
            cluster_codes, cluster_labels = np.arange(len(frame)), pd.DataFrame(index=pd.RangeIndex(len(frame)))
        psu_codes, psu_strata, psu_rows = number_psus(
            strata_codes, strata_labels, cluster_codes, cluster_labels, nested
        )
        population = None
        if fpc_columns:
            name = fpc_columns[0]
            population = _read_fpc(frame[name], name, strata_codes, np.bincount(psu_strata), strata_labels)
        weighted = np.bincount(psu_codes[w > 0], minlength=len(psu_strata)) > 0
        fingerprints = {k: _fingerprint(frame[k]) for k in dict.fromkeys(columns)}
        index = getattr(frame, "index", None)
        one = cls(
            w, psu_codes, psu_strata, strata_labels, population, lonely_psu, adjust_lonely_domains, weighted,
            psu_labels=cluster_labels.iloc[psu_rows].reset_index(drop=True) if psu_columns else None,
            index=index, fingerprints=fingerprints,
        )  # fmt: skip
        if len(fpc_columns) < 2:
            return one
        return replace(one, second_stage=_second_stage(one, frame, psu_columns, ssu_columns, fpc_columns[1]))

    def align(self, frame: object) -> pd.DataFrame:
        """Bingkai dengan baris seurut rancangan.

        Kolom-kolom rancangan di bingkai harus sama baris demi baris dengan yang membangun rancangan. Bila tidak, baris
        dipadankan lewat indeksnya; bila itu pun tidak mungkin, bingkai ditolak. Bingkai tanpa kolom rancangan hanya
        dapat dipadankan lewat indeks, yang harus unik dan bukan nomor urut bawaan. Kumpulan kolom yang bukan tabel
        (punya ``columns``, panjang, dan ``[nama]``) tidak diperiksa: pembuatnya yang menjamin urutannya.

        Raises
        ------
        EstimationError
            Banyak baris lain, atau barisnya bukan baris rancangan.
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
        """P, banyak PSU."""
        return len(self.psu_strata)

    @property
    def strata_count(self) -> int:
        """H, banyak strata."""
        return len(self.n_psu)

    @property
    def df(self) -> int:
        """Derajat bebas rancangan penuh: banyak PSU dikurangi banyak strata, tanpa yang seluruh bobotnya nol."""
        if self.stated_df is not None:
            return self.stated_df
        if self.weighted_psu is None:
            return self.psu_count - self.strata_count
        strata = self.psu_strata[self.weighted_psu]
        return len(strata) - len(np.unique(strata))

    @cached_property
    def fpc_factor(self) -> np.ndarray:
        """1 - n/N tiap strata, shape (H,); nol bila strata dicacah lengkap."""
        if self.fpc is None:
            return np.ones(self.strata_count)
        f = np.where(np.isinf(self.fpc), 1.0, 1.0 - self.n_psu / self.fpc)
        return np.where(f < CENSUS_THRESHOLD, 0.0, f)

    @cached_property
    def lonely_strata(self) -> np.ndarray:
        """Strata yang ragamnya tak terhitung: satu PSU dan tidak dicacah lengkap, shape (H,) bool."""
        return (self.n_psu == 1) & (self.fpc_factor > 0)

    @cached_property
    def scale(self) -> np.ndarray:
        """Pengali jumlah kuadrat antar-PSU: `multiplier` (1 - n/N) n/(n - 1), tanpa n/(n - 1) bila n = 1; (H,)."""
        n = self.n_psu
        scale = self.fpc_factor * np.where(n > 1, n / np.maximum(n - 1, 1), 1.0)
        return scale if self.multiplier is None else scale * self.multiplier


def number_psus(
    strata: np.ndarray, strata_labels: pd.DataFrame, cluster: np.ndarray, cluster_labels: pd.DataFrame, nested: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Nomor PSU tiap baris, berurutan menurut strata; strata tiap PSU; dan baris tiap PSU di `cluster_labels`.

    Raises
    ------
    EstimationError
        Nomor PSU muncul di dua strata, padahal tidak dinyatakan bersarang.
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
    """Sidik isi kolom menurut urutan barisnya."""
    return hashlib.blake2b(pd.util.hash_pandas_object(column, index=False).to_numpy(), digest_size=16).digest()


def _second_stage(one: Design, frame: pd.DataFrame, psu: tuple[str, ...], ssu: tuple[str, ...], fpc: str) -> Design:
    """Penarikan di dalam PSU; ragamnya dikalikan fraksi sampel tahap pertama (Särndal dkk., 1992, pasal 4.3)."""
    psu_labels = frame[list(psu)].iloc[np.unique(one.psu, return_index=True)[1]].reset_index(drop=True)
    if ssu:
        codes, labels = _complete_codes(frame, ssu)
    else:
        codes, labels = np.arange(len(frame)), pd.DataFrame(index=pd.RangeIndex(len(frame)))
    numbers, ssu_psu, _ = number_psus(one.psu, psu_labels, codes, labels, nested=True)
    population = _read_fpc(frame[fpc], fpc, one.psu, np.bincount(ssu_psu), psu_labels)
    multiplier = (one.n_psu / one.fpc)[one.psu_strata]
    rule = one.lonely_psu, one.adjust_lonely_domains
    return Design(one.weights, numbers, ssu_psu, psu_labels, population, *rule, multiplier=multiplier)


def _complete_codes(frame: pd.DataFrame, columns: tuple[str, ...]) -> tuple[np.ndarray, pd.DataFrame]:
    codes, labels = [], []
    for name in columns:
        one, index = encode_column(frame[name])
        if (one < 0).any():
            raise EstimationError(f"Kolom rancangan '{name}' kosong di {int((one < 0).sum())} baris.")
        codes.append(one)
        labels.append(index)
    return combine_codes(codes, labels, columns, len(frame))


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
