"""Rancangan survei: strata, PSU, bobot, koreksi populasi terhingga, dan aturan strata ber-PSU tunggal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.survey.kode import daftar_kolom, gabung_kode, kode_kolom, periksa_kolom

ATURAN_PSU_TUNGGAL = ("fail", "adjust", "average", "certainty", "remove")
#: Di bawah nilai ini 1 - n/N dianggap nol: strata dicacah lengkap dan tidak menyumbang ragam (sama dengan R survey).
AMBANG_CACAH_LENGKAP = 1e-7


@dataclass(frozen=True)
class Desain:
    """Rancangan klaster berstrata satu tahap (*ultimate cluster*); dibuat dengan `Desain.dari_bingkai`.

    Rancangan selalu memuat seluruh sampel. Subpopulasi dinyatakan sebagai domain pada `ringkas`, tidak pernah dengan
    menyaring baris, sebab PSU tanpa anggota domain tetap ikut dalam ragam.

    Attributes
    ----------
    bobot : ndarray of float, shape (n,)
    psu : ndarray of int64, shape (n,)
        Nomor PSU 0..P-1 tiap baris; PSU satu strata bernomor berurutan.
    strata_psu : ndarray of int64, shape (P,)
        Nomor strata 0..H-1 tiap PSU.
    label_strata : DataFrame, H baris
    fpc : ndarray of float, shape (H,) atau None
        Banyak PSU di populasi tiap strata.
    psu_tunggal : {"fail", "adjust", "average", "certainty", "remove"}
    sesuaikan_domain_tunggal : bool
        Terapkan aturan "adjust"/"average" juga pada strata yang hanya menyisakan satu PSU di dalam domain
        (pilihan `survey.adjust.domain.lonely` di R).
    """

    bobot: np.ndarray
    psu: np.ndarray
    strata_psu: np.ndarray
    label_strata: pd.DataFrame
    fpc: np.ndarray | None = None
    psu_tunggal: str = "fail"
    sesuaikan_domain_tunggal: bool = False
    n_psu: np.ndarray = field(init=False)

    def __post_init__(self):
        if self.psu_tunggal not in ATURAN_PSU_TUNGGAL:
            raise GalatParameter(
                f"Aturan PSU tunggal '{self.psu_tunggal}' tidak dikenal; pilih salah satu: "
                f"{', '.join(ATURAN_PSU_TUNGGAL)}."
            )
        object.__setattr__(self, "n_psu", np.bincount(self.strata_psu, minlength=len(self.label_strata)))
        if self.psu_tunggal == "fail" and self.strata_tunggal.any():
            nama = [_sebut(baris) for baris in self.label_strata[self.strata_tunggal].to_dict("records")]
            daftar = ", ".join(nama[:10]) + (f", dan {len(nama) - 10} lainnya" if len(nama) > 10 else "")
            raise GalatHitung(
                f"Strata berikut hanya memiliki satu PSU sehingga ragamnya tidak dapat dihitung: {daftar}. "
                "Gabungkan strata, atau pilih psu_tunggal: adjust, average, certainty, atau remove."
            )

    @classmethod
    def dari_bingkai(
        cls,
        bingkai: pd.DataFrame,
        *,
        bobot: str,
        psu: str | Sequence[str] | None = None,
        strata: str | Sequence[str] | None = None,
        fpc: str | None = None,
        bersarang: bool = True,
        psu_tunggal: str = "fail",
        sesuaikan_domain_tunggal: bool = False,
    ) -> Desain:
        """Baca rancangan dari kolom data mikro.

        Parameters
        ----------
        bingkai : DataFrame, satu baris per responden, SELURUH sampel
        bobot : str
            Kolom bobot (tidak negatif, tidak kosong).
        psu, strata : str atau daftar str, optional
            Tanpa `psu` tiap baris adalah PSU; tanpa `strata` ada satu strata.
        fpc : str, optional
            Banyak PSU populasi tiap strata, atau (bila semua nilai <= 1) fraksi sampelnya. Harus tetap di dalam strata.
        bersarang : bool
            True: nomor PSU diulang di tiap strata. False: nomor PSU unik; PSU di dua strata lalu ditolak.
        psu_tunggal, sesuaikan_domain_tunggal
            Lihat `Desain`.

        Raises
        ------
        GalatParameter
            Kolom atau pilihan tidak dikenal.
        GalatHitung
            Bobot, strata, PSU, atau fpc kosong atau tidak sah; strata ber-PSU tunggal dengan aturan "fail".
        """
        kolom_strata, kolom_psu = daftar_kolom(strata), daftar_kolom(psu)
        periksa_kolom(bingkai, [bobot, *kolom_strata, *kolom_psu, *daftar_kolom(fpc)])
        if len(bingkai) == 0:
            raise GalatHitung("Data survei tidak berisi satu baris pun.")
        w = bingkai[bobot].to_numpy(dtype=float, na_value=np.nan)
        if not np.isfinite(w).all() or (w < 0).any():
            raise GalatHitung(f"Kolom bobot '{bobot}' memuat nilai kosong, tak hingga, atau negatif.")
        if not w.any():
            raise GalatHitung(f"Semua bobot di kolom '{bobot}' nol.")

        kode_strata, label_strata = _kode_lengkap(bingkai, kolom_strata)
        if not kolom_strata:
            label_strata = pd.DataFrame({"strata": ["semua"]})
        if kolom_psu:
            kode_klaster, label_klaster = _kode_lengkap(bingkai, kolom_psu)
        else:
            kode_klaster, label_klaster = np.arange(len(bingkai)), range(len(bingkai))
        kode_psu, pasangan = gabung_kode(
            [kode_strata, kode_klaster],
            [pd.RangeIndex(len(label_strata)), pd.RangeIndex(len(label_klaster))],
            ["strata", "klaster"],
            len(bingkai),
        )
        if not bersarang and pasangan["klaster"].duplicated().any():
            raise GalatHitung(
                f"{int(pasangan['klaster'].duplicated().sum())} PSU muncul di lebih dari satu strata; "
                "pakai bersarang=True bila nomor PSU diulang di tiap strata."
            )
        strata_psu = pasangan["strata"].to_numpy()
        populasi = None
        if fpc is not None:
            populasi = _baca_fpc(bingkai[fpc], fpc, kode_strata, np.bincount(strata_psu), label_strata)
        return cls(w, kode_psu, strata_psu, label_strata, populasi, psu_tunggal, sesuaikan_domain_tunggal)

    @property
    def banyak_psu(self) -> int:
        """P, banyak PSU."""
        return len(self.strata_psu)

    @property
    def banyak_strata(self) -> int:
        """H, banyak strata."""
        return len(self.n_psu)

    @property
    def df(self) -> int:
        """Derajat bebas rancangan penuh: banyak PSU dikurangi banyak strata."""
        return self.banyak_psu - self.banyak_strata

    @cached_property
    def faktor_fpc(self) -> np.ndarray:
        """1 - n/N tiap strata, shape (H,); nol bila strata dicacah lengkap."""
        if self.fpc is None:
            return np.ones(self.banyak_strata)
        f = np.where(np.isinf(self.fpc), 1.0, 1.0 - self.n_psu / self.fpc)
        return np.where(f < AMBANG_CACAH_LENGKAP, 0.0, f)

    @cached_property
    def strata_tunggal(self) -> np.ndarray:
        """Strata yang ragamnya tak terhitung: satu PSU dan tidak dicacah lengkap, shape (H,) bool."""
        return (self.n_psu == 1) & (self.faktor_fpc > 0)

    @cached_property
    def skala(self) -> np.ndarray:
        """Pengali jumlah kuadrat antar-PSU: (1 - n/N) n/(n - 1), atau 1 - n/N bila n = 1; shape (H,)."""
        n = self.n_psu
        return self.faktor_fpc * np.where(n > 1, n / np.maximum(n - 1, 1), 1.0)


def _kode_lengkap(bingkai: pd.DataFrame, kolom: tuple[str, ...]) -> tuple[np.ndarray, pd.DataFrame]:
    kode, label = [], []
    for nama in kolom:
        satu, indeks = kode_kolom(bingkai[nama])
        if (satu < 0).any():
            raise GalatHitung(f"Kolom rancangan '{nama}' kosong di {int((satu < 0).sum())} baris.")
        kode.append(satu)
        label.append(indeks)
    return gabung_kode(kode, label, kolom, len(bingkai))


def _baca_fpc(kolom: pd.Series, nama: str, strata: np.ndarray, n: np.ndarray, label: pd.DataFrame) -> np.ndarray:
    nilai = kolom.to_numpy(dtype=float, na_value=np.nan)
    if np.isnan(nilai).any() or (nilai <= 0).any():
        raise GalatHitung(f"Kolom fpc '{nama}' memuat nilai kosong, nol, atau negatif.")
    pertama = np.zeros(len(n))
    pertama[strata[::-1]] = nilai[::-1]
    if (pertama[strata] != nilai).any():
        salah = np.unique(strata[pertama[strata] != nilai])
        raise GalatHitung(
            f"Kolom fpc '{nama}' berubah di dalam strata {_sebut(label.iloc[salah[0]].to_dict())} "
            f"({len(salah)} strata seluruhnya); nilainya harus tetap di dalam strata."
        )
    if (pertama <= 1).all():
        return n / pertama
    if (pertama < n).any():
        h = int(np.flatnonzero(pertama < n)[0])
        raise GalatHitung(
            f"fpc strata {_sebut(label.iloc[h].to_dict())} adalah {pertama[h]:g} PSU, kurang dari {n[h]} PSU di sampel."
        )
    return pertama


def _sebut(baris: dict) -> str:
    return " / ".join(f"{k} {v}" for k, v in baris.items())
