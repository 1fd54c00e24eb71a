"""Pohon indeks: simpul, bobot, arah, tonggak, agregasi, dan ambang data, semuanya dikunci oleh kode simpul."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import prod

import numpy as np
import pandas as pd

from kinerja.errors import GalatParameter
from kinerja.index.agregasi import DASAR_AMBANG, Susunan

AMBANG_BAKU = 0.5
"""Bagian anak yang harus tersedia supaya simpul dihitung, bila tabel tidak menyebutnya."""

_KOLOM_ANGKA = ("bobot", "arah", "tonggak_bawah", "tonggak_atas", "target", "pangkat", "ambang")
_KOLOM_DAUN = {"arah", "tonggak_bawah", "tonggak_atas", "target"}
_KOLOM_CABANG = {"agregasi", "pangkat", "ambang", "dasar_ambang"}


def unknown_name_error(apa: str, asing: Iterable[str], dikenal: Iterable[str]) -> GalatParameter:
    """Galat untuk nama yang tidak dikenal, dengan nama terdekat sebagai saran."""
    asing, dikenal = sorted(map(str, asing)), [str(nama) for nama in dikenal]
    bagian = []
    for nama in asing[:5]:
        dekat = difflib.get_close_matches(nama, dikenal, n=1)
        bagian.append(f"'{nama}'" + (f" (mungkin '{dekat[0]}')" if dekat else ""))
    lebih = f" dan {len(asing) - 5} lainnya" if len(asing) > 5 else ""
    return GalatParameter(f"{apa} tidak dikenal: {', '.join(bagian)}{lebih}.")


def code_text(nilai: object) -> str:
    """Kode sebagai teks; bilangan bulat yang menjadi pecahan karena sel kosong di kolomnya (1.0) tetap ``"1"``."""
    if isinstance(nilai, float | np.floating) and float(nilai).is_integer():
        return str(int(nilai))
    return str(nilai).strip()


def code_columns(data: pd.DataFrame, kode: Iterable[str]) -> dict[str, int]:
    """Letak kolom tiap kode yang ada di data; kolom bernama bilangan dicocokkan sebagai teks.

    Raises
    ------
    GalatParameter
        Bukan DataFrame, atau satu kode punya dua kolom.
    """
    if not isinstance(data, pd.DataFrame):
        raise GalatParameter(
            f"Data harus DataFrame pandas berindeks unit; diberikan {type(data).__module__}.{type(data).__name__}. "
            f"Tabel Arrow atau polars: ubah dulu dengan to_pandas() lalu set_index(kolom unit)."
        )
    dicari = set(kode)
    letak: dict[str, int] = {}
    ganda = []
    for i, nama in enumerate(data.columns):
        teks = code_text(nama)
        if teks in letak:
            ganda.append(teks)
        elif teks in dicari:
            letak[teks] = i
    if ganda:
        raise GalatParameter(f"Kolom ganda: {name_list(dict.fromkeys(ganda))}.")
    return letak


def name_list(nama: Iterable[object], batas: int = 8) -> str:
    """Daftar nama untuk pesan galat, dipotong bila panjang."""
    nama = [f"'{satu}'" for satu in nama]
    return ", ".join(nama[:batas]) + (f" dan {len(nama) - batas} lainnya" if len(nama) > batas else "")


@dataclass(frozen=True, eq=False)
class Pohon:
    """Pohon indeks yang sudah diperiksa. Buat dengan :meth:`dari_tabel`; ubah dengan :meth:`ganti`.

    Attributes
    ----------
    indikator : tuple of str
        Kode daun, dalam urutan tabel.
    cabang : tuple of str
        Kode simpul bukan daun, dari bawah ke atas; yang terakhir adalah puncak.
    anak : dict of str to tuple of str
        Anak langsung tiap cabang.
    """

    _tabel: pd.DataFrame
    indikator: tuple[str, ...]
    cabang: tuple[str, ...]
    anak: dict[str, tuple[str, ...]]
    _letak: dict[str, int] = field(repr=False)

    # ---------------------------------------------------------------- pembuatan

    @classmethod
    def dari_tabel(
        cls,
        tabel: pd.DataFrame,
        *,
        agregasi: str = "aritmetik",
        ambang: float = AMBANG_BAKU,
        dasar_ambang: str = "jumlah",
    ) -> Pohon:
        """Bangun pohon dari tabel satu baris per simpul.

        Parameters
        ----------
        tabel : DataFrame
            Atau tabel Arrow/polars. Kode bilangan bulat dibaca sebagai teks (1 dan 1.0 = ``"1"``). Kolom wajib ``kode``
            dan ``induk`` (kosong untuk puncak). Kolom pilihan: ``nama``, ``bobot`` (baku 1), ``arah`` (1 atau -1,
            baku 1), ``tonggak_bawah``, ``tonggak_atas``, ``target`` (satuan indikator), dan untuk cabang ``agregasi``
            (kode di :data:`kinerja.index.means.MEANS`), ``pangkat``, ``ambang`` (0 sampai 1), ``dasar_ambang``
            (``jumlah`` atau ``bobot`` anak yang tersedia). Kolom lain disimpan apa adanya.
        agregasi, ambang, dasar_ambang
            Nilai untuk cabang yang selnya kosong atau kolomnya tidak ada.

        Raises
        ------
        GalatParameter
            Kode ganda, induk tidak dikenal, lingkaran, puncak tidak tunggal, bobot/arah/tonggak/ambang tidak sah.
        """
        if not isinstance(tabel, pd.DataFrame) and hasattr(tabel, "__arrow_c_stream__"):
            tabel = pd.DataFrame.from_arrow(tabel)
        if not isinstance(tabel, pd.DataFrame):
            raise GalatParameter(f"Tabel pohon harus DataFrame; diberikan {type(tabel).__name__}.")
        if tabel.columns.has_duplicates:
            raise GalatParameter(f"Kolom ganda: {name_list(tabel.columns[tabel.columns.duplicated()].unique())}.")
        kurang = {"kode", "induk"} - set(tabel.columns)
        if kurang:
            raise GalatParameter(f"Tabel pohon tidak memuat kolom {name_list(sorted(kurang))}.")
        if tabel.empty:
            raise GalatParameter("Tabel pohon kosong.")
        t = tabel.copy()
        if t["kode"].isna().any():
            raise GalatParameter("Tabel pohon memuat kode kosong.")
        t["kode"] = [code_text(nilai) for nilai in t["kode"]]
        ganda = t["kode"][t["kode"].duplicated()].unique()
        if len(ganda):
            raise GalatParameter(f"Kode simpul ganda: {name_list(ganda)}.")
        t["induk"] = ["" if pd.isna(nilai) else code_text(nilai) for nilai in t["induk"]]
        t = t.set_index("kode")
        asing = set(t["induk"]) - set(t.index) - {""}
        if asing:
            raise unknown_name_error("Induk", asing, t.index)
        puncak = t.index[t["induk"] == ""]
        if len(puncak) != 1:
            raise GalatParameter(
                f"Pohon harus punya tepat satu puncak (induk kosong); ditemukan {len(puncak)}"
                + (f": {name_list(puncak)}." if len(puncak) else " (setiap simpul menunjuk induk: ada lingkaran).")
            )
        anak: dict[str, list[str]] = {}
        for kode, induk in t["induk"].items():
            if induk:
                anak.setdefault(induk, []).append(kode)
        tingkat = _levels(puncak[0], anak, t.index)
        t["tingkat"] = pd.Series(tingkat)
        indikator = tuple(kode for kode in t.index if kode not in anak)
        if not anak:
            raise GalatParameter(f"Pohon hanya berisi puncak '{puncak[0]}' tanpa indikator.")
        cabang = tuple(sorted(anak, key=lambda kode: tingkat[kode]))
        t = _fill_columns(t, indikator, cabang, agregasi, ambang, dasar_ambang)
        letak = {kode: i for i, kode in enumerate(indikator + cabang)}
        pohon = cls(t.loc[list(letak)], indikator, cabang, {k: tuple(v) for k, v in anak.items()}, letak)
        pohon._check()
        return pohon

    def _check(self) -> None:
        t = self._tabel
        bobot = t["bobot"]
        buruk = t.index[~(np.isfinite(bobot) & (bobot >= 0))]
        if len(buruk):
            raise GalatParameter(f"Bobot harus angka tak negatif; periksa {name_list(buruk)}.")
        for kode, anak in self.anak.items():
            if not bobot[list(anak)].sum() > 0:
                raise GalatParameter(f"Simpul '{kode}': jumlah bobot anaknya nol.")
        buruk = t.index[~t["arah"].isin([1, -1])]
        if len(buruk):
            raise GalatParameter(f"Arah harus 1 atau -1; periksa {name_list(buruk)}.")
        berarah = [kode for kode in self.cabang if t.at[kode, "arah"] != 1]
        if berarah:
            raise GalatParameter(f"Arah -1 hanya untuk indikator, bukan simpul cabang {name_list(berarah)}.")
        buruk = t.index[(t["tonggak_bawah"] >= t["tonggak_atas"]).fillna(False)]
        if len(buruk):
            raise GalatParameter(f"Tonggak bawah harus lebih kecil dari tonggak atas; periksa {name_list(buruk)}.")
        for kode in self.cabang:
            if not 0 <= t.at[kode, "ambang"] <= 1:
                raise GalatParameter(f"Simpul '{kode}': ambang harus antara 0 dan 1.")
            if t.at[kode, "dasar_ambang"] not in DASAR_AMBANG:
                raise GalatParameter(f"Simpul '{kode}': dasar ambang harus salah satu dari {', '.join(DASAR_AMBANG)}.")
        _ = self.susun().means

    # ---------------------------------------------------------------- bacaan

    @property
    def kode(self) -> tuple[str, ...]:
        """Semua kode: indikator dulu, lalu cabang dari bawah ke puncak."""
        return self.indikator + self.cabang

    @property
    def puncak(self) -> str:
        """Kode puncak pohon."""
        return self.cabang[-1]

    @property
    def tabel(self) -> pd.DataFrame:
        """Salinan tabel simpul (indeks ``kode``), dengan ``tingkat``: 1 = indikator, puncak = tertinggi."""
        return self._tabel.copy()

    def kolom(self, nama: str) -> pd.Series:
        """Satu kolom tabel simpul, indeks kode."""
        if nama not in self._tabel.columns:
            raise unknown_name_error("Kolom pohon", [nama], self._tabel.columns)
        return self._tabel[nama].copy()

    def nama(self, kode: str) -> str:
        """Nama panjang satu simpul."""
        self.require([kode])
        return str(self._tabel.at[kode, "nama"])

    def induk(self, kode: str) -> str | None:
        """Induk satu simpul; None untuk puncak."""
        self.require([kode])
        return str(self._tabel.at[kode, "induk"]) or None

    def leluhur(self, kode: str) -> tuple[str, ...]:
        """Induk, kakek, dan seterusnya sampai puncak."""
        hasil, induk = [], self.induk(kode)
        while induk is not None:
            hasil.append(induk)
            induk = self.induk(induk)
        return tuple(hasil)

    def daun(self, kode: str) -> tuple[str, ...]:
        """Indikator di bawah satu simpul (simpul itu sendiri bila daun)."""
        self.require([kode])
        if kode not in self.anak:
            return (kode,)
        return tuple(daun for satu in self.anak[kode] for daun in self.daun(satu))

    def setingkat(self, tingkat: int) -> tuple[str, ...]:
        """Kode simpul pada satu tingkat (1 = indikator)."""
        kode = tuple(self._tabel.index[self._tabel["tingkat"] == tingkat])
        if not kode:
            raise GalatParameter(f"Tingkat {tingkat} tidak ada; pohon ini punya tingkat 1-{self.tinggi}.")
        return kode

    @property
    def tinggi(self) -> int:
        """Banyaknya tingkat, termasuk indikator dan puncak."""
        return int(self._tabel["tingkat"].max())

    def bobot_akhir(self) -> pd.Series:
        """Bobot tiap simpul terhadap puncak: hasil kali bobot setempat (berjumlah 1 di antara saudara) sepanjang jalur.

        Ini pengaruh nominal; pengaruh nyata ada di :func:`kinerja.index.analisis.effective_weights`.
        """
        return self._bobot_akhir.copy()

    @cached_property
    def _bobot_akhir(self) -> pd.Series:
        setempat = self.bobot_setempat().to_dict()
        isi = [prod(setempat[satu] for satu in (kode, *self.leluhur(kode))) for kode in self.kode]
        return pd.Series(isi, index=list(self.kode), name="bobot_akhir", dtype=float)

    def bobot_setempat(self) -> pd.Series:
        """Bobot yang dibagi jumlah bobot saudaranya (puncak = 1)."""
        bobot = self._tabel["bobot"].copy()
        bobot[self.puncak] = 1.0
        for anak in self.anak.values():
            bobot[list(anak)] /= bobot[list(anak)].sum()
        return bobot.rename("bobot_setempat")

    def require(self, kode: Iterable[str]) -> None:
        """Pastikan semua kode ada di pohon.

        Raises
        ------
        GalatParameter
            Menyebut kode yang tidak dikenal dan kode terdekat.
        """
        asing = set(kode) - set(self._letak)
        if asing:
            raise unknown_name_error("Simpul", asing, self._letak)

    # ---------------------------------------------------------------- perubahan (selalu pohon baru)

    def ganti(self, **kolom: object) -> Pohon:
        """Pohon baru dengan isi kolom yang diganti, menurut nama simpul.

        Parameters
        ----------
        **kolom
            ``bobot``, ``arah``, ``tonggak_bawah``, ``tonggak_atas``, ``target``, ``agregasi``, ``pangkat``, ``ambang``,
            ``dasar_ambang``: sebuah Mapping/Series kode -> nilai (simpul lain tetap), atau satu nilai untuk semua
            simpul yang sesuai (daun untuk arah, tonggak, target; cabang untuk agregasi, pangkat, ambang).

        Raises
        ------
        GalatParameter
            Kolom atau kode tidak dikenal, atau nilai tidak sah.
        """
        t = self._tabel.copy()
        boleh = set(_KOLOM_ANGKA) | {"agregasi", "dasar_ambang", "nama"}
        asing = set(kolom) - boleh
        if asing:
            raise unknown_name_error("Kolom pohon", asing, boleh)
        for nama, isi in kolom.items():
            if isinstance(isi, pd.Series):
                isi = isi.to_dict()
            if isinstance(isi, Mapping):
                self.require(isi)
            else:
                sasaran = self.indikator if nama in _KOLOM_DAUN else self.cabang if nama in _KOLOM_CABANG else self.kode
                isi = dict.fromkeys(sasaran, isi)
            for kode, nilai in isi.items():
                t.at[kode, nama] = float(nilai) if nama in _KOLOM_ANGKA else nilai
        pohon = Pohon(t, self.indikator, self.cabang, self.anak, self._letak)
        pohon._check()
        return pohon

    def tanpa(self, *buang: str) -> Pohon:
        """Pohon baru tanpa simpul tersebut (beserta turunannya); cabang yang menjadi kosong ikut hilang.

        Raises
        ------
        GalatParameter
            Kode tidak dikenal, puncak diminta dibuang, atau tidak ada indikator yang tersisa.
        """
        self.require(buang)
        if self.puncak in buang:
            raise GalatParameter(f"Puncak '{self.puncak}' tidak dapat dibuang.")
        sisa = [k for k in self.indikator if not ({k, *self.leluhur(k)} & set(buang))]
        if not sisa:
            raise GalatParameter("Membuang simpul itu tidak menyisakan indikator.")
        pakai = set(sisa).union(*(self.leluhur(k) for k in sisa))
        return self._subset([k for k in self._tabel.index if k in pakai])

    def cabang_pohon(self, kode: str) -> Pohon:
        """Pohon bagian yang berpuncak di satu cabang."""
        self.require([kode])
        if kode not in self.anak:
            raise GalatParameter(f"'{kode}' adalah indikator, bukan cabang.")
        t = self._subset([k for k in self._tabel.index if k == kode or kode in self.leluhur(k)], puncak=kode)
        return t

    def _subset(self, kode: list[str], puncak: str | None = None) -> Pohon:
        t = self._tabel.loc[kode].drop(columns="tingkat").reset_index(names="kode")
        if puncak is not None:
            t.loc[t["kode"] == puncak, "induk"] = ""
        return Pohon.dari_tabel(t)

    # ---------------------------------------------------------------- bentuk siap hitung

    def susun(self) -> Susunan:
        """Bentuk larik yang siap dihitung berulang-ulang (lihat :class:`kinerja.index.agregasi.Susunan`)."""
        t, letak = self._tabel, self._letak
        return Susunan(
            kode=self.kode,
            nama=tuple(t["nama"].astype(str)),
            banyak_indikator=len(self.indikator),
            anak=tuple(np.array([letak[a] for a in self.anak[kode]]) for kode in self.cabang),
            agregasi=tuple(t.loc[list(self.cabang), "agregasi"]),
            pangkat=t.loc[list(self.cabang), "pangkat"].to_numpy(dtype=float),
            ambang=t.loc[list(self.cabang), "ambang"].to_numpy(dtype=float),
            menurut_bobot=(t.loc[list(self.cabang), "dasar_ambang"] == "bobot").to_numpy(),
            bobot=t["bobot"].to_numpy(dtype=float),
        )

    def values(self, data: pd.DataFrame, kolom_hilang: str = "gagal") -> np.ndarray:
        """Larik unit x indikator dari tabel, dicocokkan menurut nama kolom.

        Parameters
        ----------
        data : DataFrame
            Indeks = unit (unik), kolom = kode indikator; kolom lain diabaikan.
        kolom_hilang : {"gagal", "kosong"}
            Bila sebuah indikator tidak punya kolom: galat, atau dianggap tidak tersedia (NaN) di semua unit.

        Raises
        ------
        GalatParameter
            Kolom tidak ada, unit ganda, nama kolom ganda, isi bukan angka, atau nilai tak hingga.
        """
        if kolom_hilang not in ("gagal", "kosong"):
            raise GalatParameter("kolom_hilang harus 'gagal' atau 'kosong'.")
        kolom = code_columns(data, self._letak)
        if data.index.has_duplicates:
            raise GalatParameter(f"Unit ganda: {name_list(data.index[data.index.duplicated()].unique())}.")
        kurang = [kode for kode in self.indikator if kode not in kolom]
        if kurang and kolom_hilang == "gagal":
            raise GalatParameter(f"Data tidak memuat indikator {name_list(kurang)}.")
        nilai = np.full((len(data), len(self.indikator)), np.nan)
        bukan = []
        for k, kode in enumerate(self.indikator):
            if kode not in kolom:
                continue
            isi = data.iloc[:, kolom[kode]]
            if pd.api.types.is_numeric_dtype(isi):
                nilai[:, k] = isi.to_numpy(dtype=float, na_value=np.nan)
            elif isi.notna().any():
                bukan.append(kode)
        if bukan:
            raise GalatParameter(f"Indikator harus berisi angka; periksa {name_list(bukan)}.")
        if np.isinf(nilai).any():
            buruk = [kode for kode, ada in zip(self.indikator, np.isinf(nilai).any(axis=0), strict=True) if ada]
            raise GalatParameter(f"Nilai tak hingga pada indikator {name_list(buruk)}.")
        return nilai


def _levels(puncak: str, anak: dict[str, list[str]], semua: pd.Index) -> dict[str, int]:
    urutan, tumpukan = [], [puncak]
    while tumpukan:
        kode = tumpukan.pop()
        urutan.append(kode)
        tumpukan.extend(anak.get(kode, ()))
    lepas = set(semua) - set(urutan)
    if lepas:
        raise GalatParameter(f"Simpul {name_list(sorted(lepas))} tidak tersambung ke puncak: ada lingkaran.")
    tingkat: dict[str, int] = {}
    for kode in reversed(urutan):
        tingkat[kode] = 1 + max((tingkat[a] for a in anak.get(kode, ())), default=0)
    return tingkat


def _fill_columns(
    t: pd.DataFrame, indikator: tuple, cabang: tuple, agregasi: str, ambang: float, dasar_ambang: str
) -> pd.DataFrame:
    """Isi kolom yang tidak ada dan sel cabang yang kosong; sel bobot kosong tidak ditebak."""
    if "nama" not in t:
        t["nama"] = t.index
    t["nama"] = t["nama"].where(t["nama"].notna(), t.index)
    for nama in _KOLOM_ANGKA:
        if nama not in t:
            t[nama] = 1.0 if nama in ("bobot", "arah") else np.nan
        angka = pd.to_numeric(t[nama], errors="coerce").astype(float)
        buruk = t.index[angka.isna() & t[nama].notna()]
        if len(buruk):
            raise GalatParameter(f"Kolom '{nama}' harus angka; periksa {name_list(buruk)}.")
        t[nama] = angka
    puncak = cabang[-1]
    kosong = t.index[t["bobot"].isna() & (t.index != puncak)]
    if len(kosong):
        raise GalatParameter(f"Bobot kosong pada {name_list(kosong)}.")
    t["bobot"] = t["bobot"].fillna(1.0)
    t["arah"] = t["arah"].fillna(1.0)
    for nama, baku in (("agregasi", agregasi), ("dasar_ambang", dasar_ambang)):
        isi = t[nama].astype(object) if nama in t else pd.Series(None, index=t.index, dtype=object)
        isi = isi.where(isi.notna() & (isi.astype(str).str.strip() != ""), baku)
        t[nama] = isi.where(t.index.isin(cabang), None)
    t["ambang"] = t["ambang"].fillna(ambang).where(t.index.isin(cabang))
    return t
