"""Sel: data mikro yang diringkas SEKALI menjadi jumlah per PSU x domain; semua taksiran bekerja di atasnya."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kinerja.errors import GalatParameter
from kinerja.survey.desain import Desain
from kinerja.survey.kerangka import Kerangka
from kinerja.survey.kode import (
    daftar_kolom,
    daftar_nilai,
    gabung_kode,
    kode_kolom,
    kolom_bilangan,
    letak_nilai,
    padatkan,
    periksa_kolom,
)

#: Susunan domain yang disimpan per Sel: cukup bagi penjelajah yang berpindah-pindah antara beberapa tingkat wilayah.
BANYAK_SUSUNAN_TERSIMPAN = 12
#: Nama kolom tabel hasil; domain bernama sama akan tertimpa.
KOLOM_HASIL = ("ukuran", "peluang", "taksiran", "se", "bawah", "atas", "rse", "deff", "n", "df", "tanda")


@dataclass(frozen=True)
class Momen:
    """Jumlah tertimbang satu ukuran di tiap sel. Larik dipakai bersama bila isinya sama (misalnya tanpa data kosong).

    Ukuran adalah nisbah y/x; bagi rerata x = 1. Semua larik berbentuk (C,).

    Attributes
    ----------
    n : baris berbobot positif yang tidak kosong
    w, x, y : jumlah bobot, bobot * x, bobot * y
    kuadrat : rerata: jumlah bobot * (y - geser)**2; nisbah: tuple (w y y, w x y, w x x)
    geser : titik pusat `kuadrat`, dekat rerata umum supaya selisih kuadrat tidak kehilangan angka penting
    """

    n: np.ndarray
    w: np.ndarray
    x: np.ndarray
    y: np.ndarray
    kuadrat: np.ndarray | tuple[np.ndarray, np.ndarray, np.ndarray]
    geser: float
    proporsi: bool
    rasio: bool


@dataclass
class Sel:
    """Sel PSU x domain dari `ringkas`.

    Attributes
    ----------
    desain : Desain
    momen : dict nama ukuran -> Momen
    psu : ndarray of int64, shape (C,)
    kode_domain : dict kolom -> ndarray of int64, shape (C,); -1 = kosong
    label_domain : dict kolom -> Index
    tahap_dua : Sel atau None
        Sel yang sama menurut unit tahap kedua, bila rancangannya bertahap dua.
    """

    desain: Desain
    momen: dict[str, Momen]
    psu: np.ndarray
    kode_domain: dict[str, np.ndarray]
    label_domain: dict[str, pd.Index]
    tahap_dua: Sel | None = None
    _tersimpan: OrderedDict = field(default_factory=OrderedDict, repr=False, compare=False)

    def __post_init__(self):
        periksa_domain(self.label_domain)

    @property
    def ukuran(self) -> list[str]:
        """Nama semua ukuran, menurut urutan peringkasan."""
        return list(self.momen)

    def susun(
        self,
        domain: str | Sequence[str] | None = None,
        *,
        ukuran: Sequence[str] | None = None,
        pilih: Mapping[str, object] | None = None,
    ) -> Susunan:
        """Jumlahkan sel menjadi pasangan PSU x domain yang diminta; hasilnya disimpan untuk pemakaian berikut.

        Parameters
        ----------
        domain : str atau daftar str, optional
            Kolom domain (satu atau lebih) dari yang diberikan kepada `ringkas`; kosong = seluruh sampel.
        ukuran : daftar str, optional
            Bagian dari `Sel.ukuran`; kosong = semuanya.
        pilih : dict kolom -> nilai atau daftar nilai, optional
            Batasi pada subpopulasi. PSU di luarnya tetap dihitung dalam rancangan.

        Raises
        ------
        GalatParameter
            Kolom, nilai, atau ukuran tidak ada.
        """
        kolom = daftar_kolom(domain)
        nama = tuple(self.momen if ukuran is None else daftar_kolom(ukuran))
        batas = tuple(sorted((k, daftar_nilai(v)) for k, v in (pilih or {}).items()))
        for k in (*kolom, *(b[0] for b in batas)):
            if k not in self.kode_domain:
                ada = ", ".join(self.kode_domain) or "tidak ada"
                raise GalatParameter(f"Domain '{k}' tidak disiapkan saat meringkas; yang ada: {ada}.")
        asing = [u for u in nama if u not in self.momen]
        if asing:
            raise GalatParameter(f"Ukuran tidak ada di sel: {', '.join(asing)}.")
        kunci = (kolom, nama, batas)
        if kunci in self._tersimpan:
            self._tersimpan.move_to_end(kunci)
            return self._tersimpan[kunci]
        hasil = _susun(self, kolom, nama, batas)
        self._tersimpan[kunci] = hasil
        if len(self._tersimpan) > BANYAK_SUSUNAN_TERSIMPAN:
            self._tersimpan.popitem(last=False)
        return hasil


@dataclass(frozen=True)
class Susunan:
    """Jumlah per pasangan PSU x domain, terurut (domain, strata, PSU).

    Attributes
    ----------
    kerangka : Kerangka
        Letak J pasangan di strata dan D domain.
    tabel : DataFrame, D baris
        Nilai kolom-kolom domain.
    nama : tuple of str, panjang V
    y : ndarray, shape (V, J)
    x : ndarray, shape (U, J)
        Penyebut yang berbeda-beda saja; ukuran v memakai baris `x_ke[v]`.
    ada : ndarray of bool, shape (U, J)
        Pasangan dengan sedikitnya satu nilai berbobot positif.
    n, jumlah_w, jumlah_x, jumlah_y, jumlah_kuadrat : ndarray, shape (D, V)
        `jumlah_kuadrat`: jumlah bobot * (y - R x)**2 dengan R taksiran domain.
    proporsi, rasio : ndarray of bool, shape (V,)
    """

    kerangka: Kerangka
    tabel: pd.DataFrame
    nama: tuple[str, ...]
    y: np.ndarray
    x: np.ndarray
    x_ke: np.ndarray
    ada: np.ndarray
    n: np.ndarray
    jumlah_w: np.ndarray
    jumlah_x: np.ndarray
    jumlah_y: np.ndarray
    jumlah_kuadrat: np.ndarray
    proporsi: np.ndarray
    rasio: np.ndarray

    @property
    def rerata(self) -> np.ndarray:
        """Y/X tiap domain dan ukuran, shape (D, V); NaN bila penyebut nol."""
        return bagi(self.jumlah_y, self.jumlah_x)


def ringkas(
    desain: Desain,
    bingkai: pd.DataFrame,
    variabel: Sequence[str] = (),
    *,
    domain: str | Sequence[str] = (),
    kategori: Sequence[str] = (),
    rasio: Mapping[str, tuple[str, str]] | None = None,
) -> Sel:
    """Ringkas data mikro menjadi sel PSU x domain.

    Parameters
    ----------
    desain : Desain
    bingkai : DataFrame
        Baris yang membangun `desain`; jangan disaring. Urutan yang lain dikembalikan menurut indeks, atau ditolak
        (`Desain.sejajarkan`). Tabel Arrow dan polars juga diterima.
    variabel : daftar str
        Kolom bilangan atau bool. Nilai kosong hanya mengeluarkan baris itu dari ukuran yang bersangkutan.
        Kolom yang hanya berisi 0 dan 1 dikenali sebagai proporsi.
    domain : str atau daftar str
        Semua kolom yang kelak dipakai sebagai domain, satu per satu atau bersilangan.
    kategori : daftar str
        Kolom kategori: tiap nilainya menjadi satu proporsi bernama ``kolom=nilai``.
    rasio : dict nama -> (pembilang, penyebut), optional
        Nisbah dua kolom; baris ikut bila keduanya terisi.

    Returns
    -------
    Sel

    Raises
    ------
    GalatHitung
        Banyak baris tidak sama dengan rancangan, urutannya tidak dapat dipadankan, atau nilai tak hingga.
    GalatParameter
        Kolom tidak ada, kembar, atau bukan bilangan; domain bernama seperti kolom hasil; nama ukuran kembar.
    """
    rasio = dict(rasio or {})
    kolom_domain = daftar_kolom(domain)
    variabel, kategori = daftar_kolom(variabel), daftar_kolom(kategori)
    bingkai = desain.sejajarkan(bingkai)
    periksa_domain(kolom_domain)
    periksa_kolom(bingkai, [*variabel, *kolom_domain, *kategori, *(k for p in rasio.values() for k in p)])
    minta = variabel, kolom_domain, kategori, rasio
    sel = _ringkas(desain, bingkai, *minta)
    if desain.tahap_dua is not None:
        sel.tahap_dua = _ringkas(desain.tahap_dua, bingkai, *minta)
    return sel


def _ringkas(
    desain: Desain,
    bingkai: pd.DataFrame,
    variabel: tuple[str, ...],
    kolom_domain: tuple[str, ...],
    kategori: tuple[str, ...],
    rasio: Mapping[str, tuple[str, str]],
) -> Sel:
    kode, label = {}, {}
    kunci, banyak = desain.psu, desain.banyak_psu
    lebar_semua = []
    for nama in kolom_domain:
        kode[nama], label[nama] = kode_kolom(bingkai[nama])
        lebar = len(label[nama]) + 1
        kunci, banyak = kunci * lebar + (kode[nama] + 1), banyak * lebar
        lebar_semua.append(lebar)
        if banyak > 2**53:
            kunci, nilai = padatkan(kunci, banyak)
            raise GalatParameter(f"Silang domain terlalu besar ({len(nilai)} sel); kurangi kolom domain.")
    sel, nilai = padatkan(kunci, banyak)
    kode_sel = {}
    sisa = nilai
    for nama, lebar in zip(reversed(kolom_domain), reversed(lebar_semua), strict=True):
        kode_sel[nama] = sisa % lebar - 1
        sisa = sisa // lebar
    peringkas = _Peringkas(desain.bobot, sel, len(nilai))
    momen: dict[str, Momen] = {}

    def tambah(nama: str, isi: Momen) -> None:
        if nama in momen:
            raise GalatParameter(f"Nama ukuran '{nama}' dipakai dua kali.")
        momen[nama] = isi

    for nama in variabel:
        tambah(nama, peringkas.rerata(kolom_bilangan(bingkai[nama], nama)))
    for nama in kategori:
        kode_kategori, label_kategori = kode_kolom(bingkai[nama])
        kosong = kode_kategori < 0
        for k, nilai_kategori in enumerate(label_kategori):
            y = (kode_kategori == k).astype(float)
            y[kosong] = np.nan
            tambah(f"{nama}={nilai_kategori}", peringkas.rerata(y))
    for nama, (atas, bawah) in rasio.items():
        tambah(nama, peringkas.rasio(kolom_bilangan(bingkai[atas], atas), kolom_bilangan(bingkai[bawah], bawah)))
    if not momen:
        raise GalatParameter("Tidak ada ukuran yang diringkas: isi variabel, kategori, atau rasio.")
    return Sel(desain, momen, sisa, {k: kode_sel[k] for k in kolom_domain}, label)


def periksa_domain(kolom: Iterable[str]) -> None:
    """Tolak domain yang bernama seperti kolom tabel hasil."""
    bentrok = [k for k in kolom if k in KOLOM_HASIL]
    if bentrok:
        raise GalatParameter(f"Domain '{bentrok[0]}' bernama seperti kolom tabel hasil; beri nama lain.")


class _Peringkas:
    """Penjumlahan berbobot per sel; jumlah bobot tanpa data kosong dihitung sekali dan dipakai bersama."""

    def __init__(self, bobot: np.ndarray, sel: np.ndarray, banyak: int):
        self.bobot, self.sel, self.banyak = bobot, sel, banyak
        self.positif = bobot > 0
        self._lengkap: tuple[np.ndarray, np.ndarray] | None = None
        self._pola_terakhir: tuple[np.ndarray, tuple[np.ndarray, np.ndarray]] | None = None

    def jumlah(self, nilai: np.ndarray) -> np.ndarray:
        return np.bincount(self.sel, weights=nilai, minlength=self.banyak)

    def penyebut(self, kosong: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """(n, jumlah bobot) per sel; pola kosong yang sama dengan ukuran sebelumnya memakai larik yang sama."""
        if kosong is None:
            if self._lengkap is None:
                hitung = np.bincount(self.sel[self.positif], minlength=self.banyak)
                self._lengkap = hitung, self.jumlah(self.bobot)
            return self._lengkap
        if self._pola_terakhir is not None and np.array_equal(self._pola_terakhir[0], kosong):
            return self._pola_terakhir[1]
        ada = ~kosong
        hitung = np.bincount(self.sel[ada & self.positif], minlength=self.banyak)
        hasil = hitung, self.jumlah(np.where(ada, self.bobot, 0.0))
        self._pola_terakhir = kosong, hasil
        return hasil

    def rerata(self, y: np.ndarray) -> Momen:
        kosong = np.isnan(y)
        if kosong.any():
            y = np.where(kosong, 0.0, y)
        else:
            kosong = None
        n, w = self.penyebut(kosong)
        jumlah_y = self.jumlah(self.bobot * y)
        proporsi = bool(((y == 0) | (y == 1)).all()) and bool(n.any())
        total_w = w.sum()
        geser = 0.0
        if proporsi:
            kuadrat = jumlah_y
        else:
            geser = float(jumlah_y.sum() / total_w) if total_w > 0 else 0.0
            simpangan = y - geser
            simpangan *= simpangan
            simpangan *= self.bobot
            if kosong is not None:
                simpangan[kosong] = 0.0
            kuadrat = self.jumlah(simpangan)
        return Momen(n, w, w, jumlah_y, kuadrat, geser, proporsi, False)

    def rasio(self, y: np.ndarray, x: np.ndarray) -> Momen:
        kosong = np.isnan(y) | np.isnan(x)
        if kosong.any():
            y, x = np.where(kosong, 0.0, y), np.where(kosong, 0.0, x)
        else:
            kosong = None
        n, w = self.penyebut(kosong)
        wy, wx = self.bobot * y, self.bobot * x
        kuadrat = self.jumlah(wy * y), self.jumlah(wx * y), self.jumlah(wx * x)
        return Momen(n, w, self.jumlah(wx), self.jumlah(wy), kuadrat, 0.0, False, True)


def _susun(sel: Sel, kolom: tuple[str, ...], nama: tuple[str, ...], batas: tuple) -> Susunan:
    kode_domain, tabel = gabung_kode(
        [sel.kode_domain[k] for k in kolom], [sel.label_domain[k] for k in kolom], kolom, len(sel.psu)
    )
    for k, nilai in batas:
        letak = letak_nilai(sel.label_domain[k], nilai, k)
        kode_domain = np.where(np.isin(sel.kode_domain[k], letak), kode_domain, -1)
    kode_domain, muncul = padatkan(kode_domain, len(tabel))
    tabel = tabel.iloc[muncul].reset_index(drop=True)
    ikut = np.flatnonzero(kode_domain >= 0)
    kunci = kode_domain[ikut] * sel.desain.banyak_psu + sel.psu[ikut]
    pasangan, ke = np.unique(kunci, return_inverse=True)
    kerangka = Kerangka.dari_pasangan(
        sel.desain, pasangan % sel.desain.banyak_psu, pasangan // sel.desain.banyak_psu, len(tabel)
    )
    satu_satu = len(pasangan) == len(ikut)
    urutan = np.argsort(ke, kind="stable") if satu_satu else None

    def ke_pasangan(isi: np.ndarray) -> np.ndarray:
        if satu_satu:
            return isi[ikut][urutan]
        return np.bincount(ke, weights=isi[ikut], minlength=len(pasangan))

    def ke_domain(isi: np.ndarray) -> np.ndarray:
        return np.bincount(kode_domain[ikut], weights=isi[ikut], minlength=len(tabel))

    dom: dict[int, np.ndarray] = {}

    def domain_sekali(isi: np.ndarray) -> np.ndarray:
        # Larik yang dipakai bersama beberapa ukuran cukup dijumlahkan sekali.
        if id(isi) not in dom:
            dom[id(isi)] = ke_domain(isi)
        return dom[id(isi)]

    bentuk = (len(tabel), len(nama))
    y = np.empty((len(nama), len(pasangan)))
    n, w, jx, jy, kuadrat = (np.empty(bentuk) for _ in range(5))
    x_unik: list[np.ndarray] = []
    ada_unik: list[np.ndarray] = []
    nomor: dict[tuple[int, int], int] = {}
    x_ke = np.empty(len(nama), dtype=np.int64)
    for v, u in enumerate(nama):
        m = sel.momen[u]
        y[v] = ke_pasangan(m.y)
        if (id(m.x), id(m.n)) not in nomor:
            nomor[id(m.x), id(m.n)] = len(x_unik)
            x_unik.append(ke_pasangan(m.x))
            ada_unik.append(ke_pasangan(m.n) > 0)
        x_ke[v] = nomor[id(m.x), id(m.n)]
        n[:, v], w[:, v], jx[:, v] = domain_sekali(m.n), domain_sekali(m.w), domain_sekali(m.x)
        # Pembilang dijumlahkan dalam urutan yang sama dengan penyebut: proporsi penuh lalu tepat 1, ragamnya tepat 0.
        jy[:, v] = domain_sekali(m.y)
        r = bagi(jy[:, v], jx[:, v])
        if m.rasio:
            yy, xy, xx = (domain_sekali(k) for k in m.kuadrat)
            kuadrat[:, v] = yy - 2 * r * xy + r * r * xx
        elif m.proporsi:
            kuadrat[:, v] = jy[:, v] * (1 - r)
        else:
            kuadrat[:, v] = domain_sekali(m.kuadrat) - w[:, v] * (r - m.geser) ** 2
    np.maximum(kuadrat, 0, out=kuadrat)
    return Susunan(
        kerangka,
        tabel,
        nama,
        y,
        np.array(x_unik).reshape(len(x_unik), len(pasangan)),
        x_ke,
        np.array(ada_unik, dtype=bool).reshape(len(ada_unik), len(pasangan)),
        n.astype(np.int64),
        w,
        jx,
        jy,
        kuadrat,
        np.array([sel.momen[u].proporsi for u in nama], dtype=bool),
        np.array([sel.momen[u].rasio for u in nama], dtype=bool),
    )


def bagi(atas: np.ndarray, bawah: np.ndarray) -> np.ndarray:
    """atas/bawah, NaN bila penyebut nol atau NaN, tanpa peringatan."""
    atas, bawah = np.broadcast_arrays(np.asarray(atas, dtype=float), np.asarray(bawah, dtype=float))
    hasil = np.full(atas.shape, np.nan)
    np.divide(atas, bawah, out=hasil, where=(bawah != 0) & ~np.isnan(bawah))
    return hasil
