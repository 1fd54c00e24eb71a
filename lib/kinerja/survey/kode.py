"""Pengodean kolom menjadi bilangan bulat padat: dasar dari PSU, strata, dan domain."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kinerja.errors import GalatParameter


def daftar_kolom(kolom: str | Sequence[str] | None) -> tuple[str, ...]:
    """Satu nama, beberapa nama, atau tidak ada, sebagai tuple."""
    if kolom is None:
        return ()
    return (kolom,) if isinstance(kolom, str) else tuple(kolom)


def periksa_kolom(bingkai: pd.DataFrame, kolom: Sequence[str]) -> None:
    """Tolak nama kolom yang tidak ada.

    Raises
    ------
    GalatParameter
        Menyebut semua nama yang tidak ditemukan.
    """
    hilang = [nama for nama in kolom if nama not in bingkai.columns]
    if hilang:
        raise GalatParameter(f"Kolom tidak ada di data: {', '.join(map(str, hilang))}.")


def kode_kolom(kolom: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Kode padat 0..K-1 menurut urutan nilai; kosong menjadi -1.

    Returns
    -------
    kode : ndarray of int64, shape (n,)
    label : pandas.Index, shape (K,)
        Hanya nilai yang benar-benar muncul.
    """
    if isinstance(kolom.dtype, pd.CategoricalDtype):
        kode = kolom.cat.codes.to_numpy().astype(np.int64)
        kode, muncul = padatkan(kode, len(kolom.cat.categories))
        return kode, pd.Index(kolom.cat.categories.to_numpy()[muncul])
    kode, label = pd.factorize(kolom, sort=True)
    return kode.astype(np.int64), pd.Index(label)


def padatkan(kunci: np.ndarray, banyak: int) -> tuple[np.ndarray, np.ndarray]:
    """Ganti kunci yang jarang (-1 = kosong, selain itu 0..banyak-1) dengan nomor padat menurut urutan kunci.

    Returns
    -------
    kode : ndarray of int64
        Sebentuk dengan `kunci`; -1 tetap -1.
    nilai : ndarray of int64
        Kunci yang muncul, terurut naik.
    """
    if banyak <= 4 * len(kunci) + 1024:
        # Tabel pencarian langsung lebih cepat daripada mengurutkan, selama ruang kunci tidak jauh melebihi data.
        muncul = np.zeros(banyak, dtype=bool)
        muncul[kunci[kunci >= 0]] = True
        nilai = np.flatnonzero(muncul)
        peta = np.full(banyak + 1, -1, dtype=np.int64)
        peta[nilai] = np.arange(len(nilai))
        return peta[kunci], nilai
    nilai, kode = np.unique(kunci, return_inverse=True)
    if len(nilai) and nilai[0] < 0:
        return kode.astype(np.int64) - 1, nilai[1:]
    return kode.astype(np.int64), nilai


def gabung_kode(
    kode: Sequence[np.ndarray], label: Sequence[pd.Index], nama: Sequence[str], panjang: int
) -> tuple[np.ndarray, pd.DataFrame]:
    """Satukan beberapa kolom berkode menjadi satu kode padat; baris yang kosong di salah satu kolom menjadi -1.

    Parameters
    ----------
    kode, label, nama : sejajar, satu per kolom
    panjang : int
        Banyak baris; dipakai bila tidak ada kolom (semua baris lalu berkode 0).

    Returns
    -------
    gabungan : ndarray of int64, shape (panjang,)
    tabel : DataFrame, satu baris per kode gabungan, kolom `nama`
    """
    if not nama:
        return np.zeros(panjang, dtype=np.int64), pd.DataFrame(index=pd.RangeIndex(1))
    gabungan, nilai = kode[0], None
    banyak = len(label[0])
    jejak = [np.arange(banyak)]
    for berikut, indeks in zip(kode[1:], label[1:], strict=True):
        lebar = max(len(indeks), 1)
        kunci = np.where((gabungan >= 0) & (berikut >= 0), gabungan * lebar + berikut, -1)
        gabungan, nilai = padatkan(kunci, banyak * lebar)
        jejak = [j[nilai // lebar] for j in jejak] + [nilai % lebar]
        banyak = len(nilai)
    if nilai is None:
        gabungan, nilai = padatkan(gabungan, banyak)
        jejak = [nilai]
    tabel = pd.DataFrame({n: pd.Index(lab).take(j) for n, lab, j in zip(nama, label, jejak, strict=True)})
    return gabungan, tabel
