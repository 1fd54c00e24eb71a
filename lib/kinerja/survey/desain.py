"""Rancangan survei: strata, PSU, bobot, koreksi populasi terhingga, dan aturan strata ber-PSU tunggal."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.survey.kode import baca_bingkai, daftar_kolom, gabung_kode, kode_kolom, kolom_bilangan, periksa_kolom

ATURAN_PSU_TUNGGAL = ("fail", "adjust", "average", "certainty", "remove")
#: Di bawah nilai ini 1 - n/N dianggap nol: strata dicacah lengkap dan tidak menyumbang ragam (sama dengan R survey).
AMBANG_CACAH_LENGKAP = 1e-7


@dataclass(frozen=True)
class Desain:
    """Rancangan klaster berstrata; dibuat dengan `Desain.dari_bingkai`.

    PSU adalah klaster akhir (*ultimate cluster*). Hanya bila diberi dua fpc, ragam di dalam PSU dihitung tersendiri.

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
    psu_berbobot : ndarray of bool, shape (P,), atau None
        PSU dengan sedikitnya satu bobot positif; None berarti semuanya.
    tahap_dua : Desain atau None
        Tahap kedua: PSU sebagai strata, unit tahap kedua sebagai PSU.
    pengali : ndarray, shape (H,), atau None
        Pengali ragam tiap strata; di tahap kedua fraksi sampel tahap pertama, n/N.
    indeks : Index atau None
        Indeks baris bingkai yang membangun rancangan.
    sidik : dict kolom rancangan -> sidik isinya menurut urutan baris
    """

    bobot: np.ndarray
    psu: np.ndarray
    strata_psu: np.ndarray
    label_strata: pd.DataFrame
    fpc: np.ndarray | None = None
    psu_tunggal: str = "fail"
    sesuaikan_domain_tunggal: bool = False
    psu_berbobot: np.ndarray | None = None
    tahap_dua: Desain | None = None
    pengali: np.ndarray | None = None
    indeks: pd.Index | None = field(default=None, repr=False)
    sidik: Mapping[str, bytes] = field(default_factory=dict, repr=False)
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
            tempat, unit = ("Strata", "PSU") if self.pengali is None else ("PSU", "unit tahap kedua")
            raise GalatHitung(
                f"{tempat} berikut hanya memiliki satu {unit} sehingga ragamnya tidak dapat dihitung: {daftar}. "
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
        ssu: str | Sequence[str] | None = None,
        fpc: str | Sequence[str] | None = None,
        bersarang: bool = False,
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
        ssu : str atau daftar str, optional
            Unit tahap kedua di dalam PSU, hanya bersama dua `fpc`; tanpa `ssu` tiap baris satu unit.
        fpc : str atau dua str, optional
            Banyak PSU populasi tiap strata, atau (bila semua nilai <= 1) fraksi sampelnya; tetap di dalam strata. Satu
            kolom: PSU dianggap dicacah seluruhnya, jadi bila di dalamnya masih ada penarikan galat baku terlalu kecil
            (apiclus2 di R survey: 0,7 sampai 15%). Kolom kedua, banyak unit populasi tiap PSU, menambahkan ragam tahap
            kedua. Tanpa `fpc` (penarikan berpengembalian) semua tahap sudah tercakup dalam ragam antar-PSU.
        bersarang : bool
            False: nomor PSU unik, dan PSU di dua strata ditolak. True: nomor PSU diulang di tiap strata (``nest=TRUE``
            di R survey); hanya bila memang begitu penomorannya, sebab salah kode strata lalu menjadi PSU baru.
        psu_tunggal, sesuaikan_domain_tunggal
            Lihat `Desain`.

        Raises
        ------
        GalatParameter
            Kolom atau pilihan tidak dikenal; kolom kembar; bobot atau fpc bukan bilangan.
        GalatHitung
            Bobot, strata, PSU, atau fpc kosong atau tidak sah; PSU di dua strata; strata ber-PSU tunggal dengan aturan
            "fail".
        """
        bingkai = baca_bingkai(bingkai)
        kolom_strata, kolom_psu, kolom_ssu, kolom_fpc = map(daftar_kolom, (strata, psu, ssu, fpc))
        if len(kolom_fpc) > 2 or (kolom_ssu and len(kolom_fpc) < 2) or (len(kolom_fpc) == 2 and not kolom_psu):
            raise GalatParameter("Tahap kedua memerlukan psu dan tepat dua kolom fpc; ssu tidak dipakai tanpa itu.")
        kolom = [*daftar_kolom(bobot), *kolom_strata, *kolom_psu, *kolom_ssu, *kolom_fpc]
        periksa_kolom(bingkai, kolom)
        if len(bingkai) == 0:
            raise GalatHitung("Data survei tidak berisi satu baris pun.")
        w = kolom_bilangan(bingkai[bobot], bobot)
        if np.isnan(w).any() or (w < 0).any():
            raise GalatHitung(f"Kolom bobot '{bobot}' memuat nilai kosong atau negatif.")
        if not w.any():
            raise GalatHitung(f"Semua bobot di kolom '{bobot}' nol.")

        kode_strata, label_strata = _kode_lengkap(bingkai, kolom_strata)
        if not kolom_strata:
            label_strata = pd.DataFrame({"strata": ["semua"]})
        if kolom_psu:
            kode_klaster, label_klaster = _kode_lengkap(bingkai, kolom_psu)
        else:
            kode_klaster, label_klaster = np.arange(len(bingkai)), pd.DataFrame(index=pd.RangeIndex(len(bingkai)))
        kode_psu, strata_psu = gabung_psu(kode_strata, label_strata, kode_klaster, label_klaster, bersarang)
        populasi = None
        if kolom_fpc:
            nama = kolom_fpc[0]
            populasi = _baca_fpc(bingkai[nama], nama, kode_strata, np.bincount(strata_psu), label_strata)
        berbobot = np.bincount(kode_psu[w > 0], minlength=len(strata_psu)) > 0
        sidik = {k: _sidik(bingkai[k]) for k in dict.fromkeys(kolom)}
        indeks = getattr(bingkai, "index", None)
        satu = cls(
            w, kode_psu, strata_psu, label_strata, populasi, psu_tunggal, sesuaikan_domain_tunggal, berbobot,
            indeks=indeks, sidik=sidik,
        )  # fmt: skip
        if len(kolom_fpc) < 2:
            return satu
        return replace(satu, tahap_dua=_tahap_dua(satu, bingkai, kolom_psu, kolom_ssu, kolom_fpc[1]))

    def sejajarkan(self, bingkai: object) -> pd.DataFrame:
        """Bingkai dengan baris seurut rancangan.

        Kolom-kolom rancangan di bingkai harus sama baris demi baris dengan yang membangun rancangan. Bila tidak, baris
        dipadankan lewat indeksnya; bila itu pun tidak mungkin, bingkai ditolak. Bingkai tanpa kolom rancangan hanya
        dapat dipadankan lewat indeks, yang harus unik dan bukan nomor urut bawaan. Kumpulan kolom yang bukan tabel
        (`kinerja.ikesos.ukuran.Ukuran`) tidak diperiksa: pembuatnya yang menjamin urutannya.

        Raises
        ------
        GalatHitung
            Banyak baris lain, atau barisnya bukan baris rancangan.
        """
        bingkai = baca_bingkai(bingkai)
        if len(bingkai) != len(self.psu):
            raise GalatHitung(
                f"Data berisi {len(bingkai)} baris, rancangan {len(self.psu)}. "
                "Jangan menyaring baris: nyatakan subpopulasi sebagai domain, atau kosongkan nilainya."
            )
        if not isinstance(bingkai, pd.DataFrame):
            return bingkai
        ada = [k for k in self.sidik if k in bingkai.columns]
        periksa_kolom(bingkai, ada)
        beda = [k for k in ada if _sidik(bingkai[k]) != self.sidik[k]]
        if not beda and len(ada) == len(self.sidik):
            return bingkai
        bernama = self.indeks is not None and self.indeks.is_unique and bingkai.index.is_unique
        urut = self.indeks.get_indexer(bingkai.index) if bernama else np.empty(0)
        if bernama and (urut >= 0).all():
            bawaan = isinstance(self.indeks, pd.RangeIndex) and self.indeks.equals(bingkai.index)
            seurut = bingkai if self.indeks.equals(bingkai.index) else bingkai.iloc[np.argsort(urut)]
            if not bawaan and all(_sidik(seurut[k]) == self.sidik[k] for k in ada):
                return seurut
        if beda:
            raise GalatHitung(
                f"Kolom rancangan {', '.join(beda)} tidak sama dengan saat rancangan dibangun, dan baris tidak dapat "
                "dipadankan lewat indeks; bangun rancangan dari bingkai ini, atau kembalikan urutan barisnya."
            )
        raise GalatHitung(
            f"Bingkai tidak memuat kolom rancangan {', '.join(k for k in self.sidik if k not in ada)}, sehingga urutan "
            "barisnya tidak dapat diperiksa; sertakan kolom itu."
        )

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
        """Derajat bebas rancangan penuh: banyak PSU dikurangi banyak strata, tanpa yang seluruh bobotnya nol."""
        if self.psu_berbobot is None:
            return self.banyak_psu - self.banyak_strata
        strata = self.strata_psu[self.psu_berbobot]
        return len(strata) - len(np.unique(strata))

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
        """Pengali jumlah kuadrat antar-PSU: `pengali` (1 - n/N) n/(n - 1); tanpa n/(n - 1) bila n = 1; shape (H,)."""
        n = self.n_psu
        skala = self.faktor_fpc * np.where(n > 1, n / np.maximum(n - 1, 1), 1.0)
        return skala if self.pengali is None else skala * self.pengali


def gabung_psu(
    strata: np.ndarray, label_strata: pd.DataFrame, klaster: np.ndarray, label_klaster: pd.DataFrame, bersarang: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Nomor PSU tiap baris, berurutan menurut strata, dan strata tiap PSU.

    Raises
    ------
    GalatHitung
        Nomor PSU muncul di dua strata, padahal tidak dinyatakan bersarang.
    """
    nomor, pasangan = gabung_kode(
        [strata, klaster],
        [pd.RangeIndex(len(label_strata)), pd.RangeIndex(len(label_klaster))],
        ["strata", "klaster"],
        len(strata),
    )
    kembar = pasangan["klaster"].duplicated()
    if not bersarang and kembar.any():
        k = pasangan["klaster"][kembar].iloc[0]
        di = [_sebut(label_strata.iloc[h].to_dict()) for h in pasangan["strata"][pasangan["klaster"] == k]]
        raise GalatHitung(
            f"{pasangan['klaster'][kembar].nunique()} dari {len(label_klaster)} PSU muncul di lebih dari satu strata, "
            f"misalnya {_sebut(label_klaster.iloc[k].to_dict())} di {' dan '.join(di[:3])}; perbaiki kodenya, atau "
            "nyatakan bersarang=True bila nomor PSU memang diulang di tiap strata."
        )
    return nomor, pasangan["strata"].to_numpy()


def _sidik(kolom: pd.Series) -> bytes:
    """Sidik isi kolom menurut urutan barisnya."""
    return hashlib.blake2b(pd.util.hash_pandas_object(kolom, index=False).to_numpy(), digest_size=16).digest()


def _tahap_dua(satu: Desain, bingkai: pd.DataFrame, psu: tuple[str, ...], ssu: tuple[str, ...], fpc: str) -> Desain:
    """Penarikan di dalam PSU; ragamnya dikalikan fraksi sampel tahap pertama (Särndal dkk., 1992, pasal 4.3)."""
    label_psu = bingkai[list(psu)].iloc[np.unique(satu.psu, return_index=True)[1]].reset_index(drop=True)
    if ssu:
        kode, label = _kode_lengkap(bingkai, ssu)
    else:
        kode, label = np.arange(len(bingkai)), pd.DataFrame(index=pd.RangeIndex(len(bingkai)))
    nomor, psu_ssu = gabung_psu(satu.psu, label_psu, kode, label, bersarang=True)
    populasi = _baca_fpc(bingkai[fpc], fpc, satu.psu, np.bincount(psu_ssu), label_psu)
    pengali = (satu.n_psu / satu.fpc)[satu.strata_psu]
    aturan = satu.psu_tunggal, satu.sesuaikan_domain_tunggal
    return Desain(satu.bobot, nomor, psu_ssu, label_psu, populasi, *aturan, pengali=pengali)


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
    nilai = kolom_bilangan(kolom, nama)
    if np.isnan(nilai).any() or (nilai <= 0).any():
        raise GalatHitung(f"Kolom fpc '{nama}' memuat nilai kosong, nol, atau negatif.")
    pertama = np.zeros(len(n))
    pertama[strata[::-1]] = nilai[::-1]
    if (pertama[strata] != nilai).any():
        salah = np.unique(strata[pertama[strata] != nilai])
        raise GalatHitung(
            f"Kolom fpc '{nama}' berubah di dalam {_sebut(label.iloc[salah[0]].to_dict())} "
            f"({len(salah)} tempat seluruhnya); nilainya harus tetap di dalam strata (tahap kedua: di dalam PSU)."
        )
    if (pertama <= 1).all():
        return n / pertama
    if (pertama < n).any():
        h = int(np.flatnonzero(pertama < n)[0])
        raise GalatHitung(
            f"Kolom fpc '{nama}' di {_sebut(label.iloc[h].to_dict())} adalah {pertama[h]:g}, kurang dari {n[h]} unit "
            "di sampel."
        )
    return pertama


def _sebut(baris: dict) -> str:
    return " / ".join(f"{k} {v}" for k, v in baris.items())
