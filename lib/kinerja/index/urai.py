"""Penguraian: sumbangan tiap simpul terhadap beda dua keadaan, dan galat baku lewat turunan.

Divisia berantai (baku). Di setiap cabang beda dua keadaan ditulis tepat sebagai ``dV = sum_j m_j dx_j``; pengali
``m_j`` tiap agregasi ada di :mod:`kinerja.index.means`. Untuk rata-rata kuasi-aritmetik ``m_j = w_j D(x_j)/D(V)``
dengan ``D(a) = (phi(a2) - phi(a1))/(a2 - a1)``: penguraian LMDI (Ang 2004) bagi geometrik, ``w_j`` bagi aritmetik.
Pengali dikalikan sepanjang jalur, jadi jumlah sumbangan indikator tepat sama dengan beda puncak, tanpa sisa. Bila kedua
keadaan sama, ``m_j`` adalah turunan, yang dipakai untuk galat baku metode delta.

Shapley tersedia untuk potongan pohon (paling banyak 16 simpul), bagi agregasi apa pun, termasuk hasil kali dengan nol.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import factorial

import numpy as np
import pandas as pd

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.index.agregasi import Susunan
from kinerja.index.pohon import Pohon, name_list

CAKUPAN = "(beda ketersediaan data)"
"""Nama baris untuk bagian beda yang berasal dari indikator yang hanya tersedia di salah satu keadaan."""

BATAS_SHAPLEY = 16


def multipliers(
    susunan: Susunan, a: np.ndarray, b: np.ndarray, bobot: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pengali tiap simpul terhadap puncak antara keadaan ``a`` dan ``b``.

    Parameters
    ----------
    a, b : ndarray (unit, indikator)
        Indikator ternormalkan; indikator yang hilang di salah satu dianggap hilang di keduanya.
    bobot : ndarray (simpul,), optional

    Returns
    -------
    pengali, nilai_a, nilai_b : ndarray (simpul, unit)
        ``pengali[daun] * (b - a)`` berjumlah ``nilai_b[puncak] - nilai_a[puncak]``.
    """
    w = susunan.bobot if bobot is None else np.asarray(bobot, dtype=float)
    hilang = np.isnan(a) | np.isnan(b)
    a, b = np.where(hilang, np.nan, a), np.where(hilang, np.nan, b)
    longgar = replace(susunan, ambang=np.zeros_like(susunan.ambang))
    va, vb = longgar.hitung(a, w), longgar.hitung(b, w)
    n = susunan.banyak_indikator
    pengali = np.zeros(va.shape)
    pengali[-1] = 1.0
    for c in range(len(susunan.anak) - 1, -1, -1):
        anak, i = susunan.anak[c], n + c
        x, y = va[anak], vb[anak]
        dipakai = ~(np.isnan(x) | np.isnan(y)) & (w[anak, None] > 0)
        setempat = np.where(dipakai, w[anak, None], 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            m = susunan.pengali(c, x, y, va[i], vb[i], setempat / setempat.sum(axis=0))
        pengali[anak] = np.where(dipakai, m * pengali[i], 0.0)
    return pengali, va, vb


def contributions(
    a: pd.DataFrame,
    b: pd.DataFrame,
    pohon: Pohon,
) -> pd.DataFrame:
    """Sumbangan tiap simpul terhadap beda indeks ``b - a`` untuk banyak unit sekaligus (Divisia berantai, tepat).

    Parameters
    ----------
    a, b : DataFrame
        Indikator ternormalkan dua keadaan (dua tahun) dengan unit yang sama; dicocokkan menurut nama unit dan kode.

    Returns
    -------
    DataFrame
        Unit x (semua simpul dan ``CAKUPAN``). Kolom puncak = beda indeks; jumlah kolom indikator dan ``CAKUPAN`` sama
        dengannya. Baris NaN bila indeks salah satu keadaan tidak tersedia.

    Raises
    ------
    GalatParameter
        Unit kedua tabel berbeda.
    """
    xa = pohon.values(a)
    pohon.values(b)
    if set(a.index) != set(b.index):
        beda = set(a.index) ^ set(b.index)
        raise GalatParameter(f"Unit kedua keadaan tidak sama: {name_list(sorted(map(str, beda)))}.")
    xb = pohon.values(b.loc[a.index])
    jumlah, _, _ = _decompose(pohon, xa, xb)
    return pd.DataFrame(jumlah.T, index=a.index, columns=[*pohon.kode, CAKUPAN])


def _decompose(pohon: Pohon, xa: np.ndarray, xb: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    susunan = pohon.susun()
    penuh_a, penuh_b = susunan.hitung(xa), susunan.hitung(xb)
    # simpul yang gugur karena ambang di salah satu keadaan tidak punya beda; daunnya masuk baris cakupan
    gugur = np.isnan(penuh_a) | np.isnan(penuh_b)
    ca, cb = xa.copy(), xb.copy()
    for k, kode in enumerate(pohon.indikator):
        for satu in (kode, *pohon.leluhur(kode)):
            if satu != pohon.puncak:
                hilang = gugur[susunan.letak(satu)]
                ca[hilang, k] = np.nan
                cb[hilang, k] = np.nan
    pengali, va, vb = multipliers(susunan, ca, cb)
    selisih = vb - va
    # pengali rata-rata pangkat dapat tak hingga di nol; simpul yang tidak berubah tetap tidak menyumbang
    with np.errstate(invalid="ignore"):
        sumbangan = np.where((pengali == 0) | (selisih == 0), 0.0, pengali * selisih)
    beda = penuh_b[-1] - penuh_a[-1]
    tepat = vb[-1] - va[-1]
    # bila tidak ada indikator bersama sama sekali, seluruh beda adalah beda ketersediaan
    sumbangan[-1] = beda
    cakupan = beda - np.where(np.isnan(tepat), 0.0, tepat)
    hasil = np.vstack([sumbangan, cakupan[None]])
    hasil[:, np.isnan(beda)] = np.nan
    return hasil, penuh_a, penuh_b


def decompose_difference(
    a: pd.Series, b: pd.Series, pohon: Pohon, *, metode: str = "divisia", simpul: Sequence[str] | None = None
) -> pd.DataFrame:
    """Dari mana beda indeks antara dua unit, atau satu unit di dua tahun.

    Parameters
    ----------
    a, b : Series
        Indikator ternormalkan, indeks kode indikator.
    metode : {"divisia", "shapley"}
    simpul : sequence of str, optional
        Hanya untuk shapley: potongan pohon yang menutup setiap indikator tepat sekali; baku anak-anak puncak.

    Returns
    -------
    DataFrame
        Indeks kode: nama, tingkat, nilai_a, nilai_b, selisih, sumbangan (satuan indeks, tepat berjumlah beda indeks),
        bagian (sumbangan / beda indeks; NaN bila beda nol). Divisia memuat semua simpul dan baris ``CAKUPAN``.

    Raises
    ------
    GalatHitung
        Indeks salah satu keadaan tidak tersedia, atau hasil kali dengan nol diurai dengan divisia.
    """
    xa = pohon.values(pd.DataFrame([a.to_numpy()], columns=a.index).astype(float))
    xb = pohon.values(pd.DataFrame([b.to_numpy()], columns=b.index).astype(float))
    if metode == "divisia":
        if simpul is not None:
            raise GalatParameter("Pilihan simpul hanya untuk metode 'shapley'.")
        jumlah, va, vb = _decompose(pohon, xa, xb)
        kode = [*pohon.kode, CAKUPAN]
        sumbangan = jumlah[:, 0]
    elif metode == "shapley":
        kode, sumbangan, va, vb = _shapley(pohon, xa, xb, list(pohon.anak[pohon.puncak] if simpul is None else simpul))
    else:
        raise GalatParameter("metode penguraian harus 'divisia' atau 'shapley'.")
    if np.isnan(va[-1, 0]) or np.isnan(vb[-1, 0]):
        raise GalatHitung(
            f"Indeks '{pohon.puncak}' tidak tersedia pada salah satu keadaan, bedanya tidak dapat diurai."
        )
    nilai_a, nilai_b = pd.Series(va[:, 0], index=list(pohon.kode)), pd.Series(vb[:, 0], index=list(pohon.kode))
    t = pohon.tabel
    hasil = pd.DataFrame({"nama": t["nama"], "tingkat": t["tingkat"]}).reindex(kode)
    hasil["tingkat"] = hasil["tingkat"].astype("Int64")
    hasil.loc[hasil["nama"].isna(), "nama"] = "Beda ketersediaan data"
    hasil["nilai_a"], hasil["nilai_b"] = nilai_a.reindex(kode), nilai_b.reindex(kode)
    hasil["selisih"] = hasil["nilai_b"] - hasil["nilai_a"]
    hasil["sumbangan"] = sumbangan
    beda = vb[-1, 0] - va[-1, 0]
    hasil["bagian"] = hasil["sumbangan"] / beda if beda != 0 else np.nan
    return hasil.rename_axis("kode")


def _shapley(pohon: Pohon, xa: np.ndarray, xb: np.ndarray, potongan: list[str]):
    pohon.require(potongan)
    daun = [d for k in potongan for d in pohon.daun(k)]
    if sorted(daun) != sorted(pohon.indikator):
        raise GalatParameter("Potongan pohon untuk Shapley harus menutup setiap indikator tepat sekali.")
    m = len(potongan)
    if m > BATAS_SHAPLEY:
        raise GalatParameter(f"Shapley dibatasi {BATAS_SHAPLEY} simpul (2^n perhitungan); diberikan {m}.")
    letak = {kode: i for i, kode in enumerate(pohon.indikator)}
    pindah = (np.arange(2**m)[:, None] >> np.arange(m)) & 1
    x = np.repeat(xa, 2**m, axis=0)
    for j, kode in enumerate(potongan):
        kolom = [letak[d] for d in pohon.daun(kode)]
        x[np.ix_(pindah[:, j] == 1, kolom)] = xb[0, kolom]
    susunan = pohon.susun()
    nilai = susunan.puncak(x)
    if np.isnan(nilai).any():
        raise GalatHitung(
            "Shapley: sebuah gabungan kedua keadaan membuat indeks tidak tersedia; isi dulu data yang hilang."
        )
    banyak = pindah.sum(axis=1)
    bobot = np.array([factorial(s) * factorial(m - s - 1) / factorial(m) for s in range(m)])
    sumbangan = []
    for j in range(m):
        tanpa = np.flatnonzero(pindah[:, j] == 0)
        sumbangan.append(float((bobot[banyak[tanpa]] * (nilai[tanpa + (1 << j)] - nilai[tanpa])).sum()))
    return potongan, np.array(sumbangan), susunan.hitung(xa), susunan.hitung(xb)


def gradient(susunan: Susunan, nilai: np.ndarray, bobot: np.ndarray | None = None) -> np.ndarray:
    """Turunan puncak terhadap setiap simpul, (simpul, unit); anak yang hilang bernilai nol."""
    return multipliers(susunan, nilai, nilai, bobot)[0]


def delta_standard_error(
    susunan: Susunan, nilai: np.ndarray, kovarian: np.ndarray, bobot: np.ndarray | None = None
) -> np.ndarray:
    """Galat baku setiap simpul dari kovarian penarikan sampel indikator (metode delta, orde satu).

    Cukup cepat untuk dihitung ulang setiap kali bobot digeser; tepat untuk pohon aritmetik dengan normalisasi tonggak.

    Parameters
    ----------
    nilai : ndarray (unit, indikator)
        Indikator ternormalkan.
    kovarian : ndarray (unit, indikator, indikator)
        Kovarian taksiran indikator pada skala ternormalkan; baris dan kolom indikator yang hilang diabaikan.

    Returns
    -------
    ndarray (simpul, unit)
        NaN di tempat nilai simpulnya NaN.
    """
    kovarian = np.asarray(kovarian, dtype=float)
    n = susunan.banyak_indikator
    if kovarian.shape != (nilai.shape[0], n, n):
        raise GalatParameter(f"Kovarian berbentuk {kovarian.shape}; diharapkan {(nilai.shape[0], n, n)}.")
    turunan = node_gradients(susunan, nilai, bobot)
    ada = ~np.isnan(nilai)
    k = np.where(ada[:, :, None] & ada[:, None, :], kovarian, 0.0)
    ragam = np.einsum("sui,sui->su", turunan, np.einsum("sui,uij->suj", turunan, k, optimize=True))
    if (ragam < -1e-9 * max(1.0, float(np.nanmax(np.abs(k), initial=0.0)))).any():
        raise GalatHitung("Kovarian indikator tidak semidefinit positif: ragam indeks menjadi negatif.")
    hasil = np.sqrt(np.maximum(ragam, 0.0))
    hasil[np.isnan(susunan.hitung(nilai, bobot))] = np.nan
    return hasil


def node_gradients(susunan: Susunan, nilai: np.ndarray, bobot: np.ndarray | None = None) -> np.ndarray:
    """Turunan setiap simpul terhadap setiap indikator, (simpul, unit, indikator)."""
    w = susunan.bobot if bobot is None else np.asarray(bobot, dtype=float)
    n, unit = susunan.banyak_indikator, nilai.shape[0]
    longgar = replace(susunan, ambang=np.zeros_like(susunan.ambang))
    # simpul yang gugur oleh ambang tidak ikut dalam nilai induknya, jadi juga tidak dalam turunannya
    v, ada = longgar.hitung(nilai, w), susunan.hitung(nilai, w)
    gugur = np.isnan(ada)
    v = np.where(gugur, v, ada)
    hasil = np.zeros((len(susunan.kode), unit, n))
    hasil[np.arange(n), :, np.arange(n)] = 1.0
    for c, anak in enumerate(susunan.anak):
        x, i = v[anak], n + c
        dipakai = ~np.isnan(x) & (w[anak, None] > 0) & ~gugur[anak]
        setempat = np.where(dipakai, w[anak, None], 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            m = susunan.pengali(c, x, x, v[i], v[i], setempat / setempat.sum(axis=0))
        m = np.where(dipakai, m, 0.0)
        hasil[i] = np.einsum("ju,juk->uk", m, hasil[anak])
    return hasil
