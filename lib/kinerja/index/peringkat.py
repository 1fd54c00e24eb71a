"""Peringkat: 1 = nilai tertinggi, seri mendapat peringkat terkecil, nilai hilang tanpa peringkat."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja.errors import GalatParameter

TOLERANSI_SERI = 1e-12
"""Dua skor yang berbeda kurang dari bagian ini dari besarnya adalah seri: galat titik mengambang tidak memutus seri."""

_GALAT_NOL = 1e-15  # bagian skor terbesar: selisih sekecil ini di sekitar nol hanyalah pembulatan penjumlahan


def rank_array(nilai: np.ndarray, toleransi: float = TOLERANSI_SERI, menurun: bool = True) -> np.ndarray:
    """Peringkat sepanjang sumbu terakhir.

    Parameters
    ----------
    nilai : ndarray (..., n)
        Skor; NaN tidak diperingkat.
    toleransi : float
        Beda relatif yang dianggap seri; 0 berarti hanya nilai yang tepat sama.
    menurun : bool
        True: nilai terbesar mendapat peringkat 1.

    Returns
    -------
    ndarray int32 (..., n)
        Peringkat 1..n; 0 menandai nilai yang hilang.
    """
    nilai = np.asarray(nilai, dtype=float)
    kunci = -nilai if menurun else nilai
    urutan = np.argsort(kunci, axis=-1)
    terurut = np.take_along_axis(kunci, urutan, axis=-1)
    posisi = np.broadcast_to(np.arange(1, nilai.shape[-1] + 1, dtype=np.int32), nilai.shape)
    awal_seri = posisi.copy()
    seri = terurut[..., 1:] == terurut[..., :-1]
    if toleransi and nilai.shape[-1] > 1:
        besar = np.where(np.isfinite(terurut), np.abs(terurut), 0.0)
        batas = np.maximum(toleransi * besar[..., 1:], _GALAT_NOL * besar.max(axis=-1, keepdims=True))
        with np.errstate(invalid="ignore"):
            seri |= np.diff(terurut, axis=-1) <= batas
    if seri.any():
        awal_seri[..., 1:][seri] = 0
        awal_seri = np.maximum.accumulate(awal_seri, axis=-1)
    hasil = np.empty(nilai.shape, dtype=np.int32)
    np.put_along_axis(hasil, urutan, awal_seri, axis=-1)
    hilang = np.isnan(nilai)
    if hilang.any():
        hasil[hilang] = 0
    return hasil


def rank_frame(skor: pd.DataFrame | pd.Series, toleransi: float = TOLERANSI_SERI) -> pd.DataFrame | pd.Series:
    """Peringkat tiap kolom (1 = tertinggi) sebagai ``Int64``; ``<NA>`` untuk nilai yang hilang."""
    tabel = skor.to_frame() if isinstance(skor, pd.Series) else skor
    angka = rank_array(tabel.to_numpy(dtype=float).T, toleransi).T
    hasil = pd.DataFrame(angka, index=tabel.index, columns=tabel.columns).astype("Int64")
    hasil = hasil.mask(hasil == 0)
    return hasil.iloc[:, 0].rename(skor.name) if isinstance(skor, pd.Series) else hasil


METODE_SERENTAK = ("bonferroni", "sidak")


def joint_rank_intervals(
    nilai: np.ndarray,
    se: np.ndarray,
    tingkat: float = 0.90,
    *,
    df: np.ndarray | float | None = None,
    metode: str = "bonferroni",
) -> tuple[np.ndarray, np.ndarray]:
    """Selang peringkat serentak: seluruh peringkat sejati ada di dalam selangnya masing-masing sekaligus.

    Setiap nilai diberi selang serentak; sebuah unit pasti di bawah unit yang seluruh selangnya di atas selangnya, dan
    pasti di atas unit yang seluruh selangnya di bawah (Klein, Wright, dan Wieczorek 2020, JRSS-A 183, 589-606).

    Parameters
    ----------
    nilai, se : ndarray (n,)
        Taksiran dan galat baku penarikan sampelnya. NaN pada salah satunya: unit tidak diperingkat.
    tingkat : float
        Peluang serentak.
    df : ndarray (n,) or float, optional
        Derajat bebas galat baku (kuantil t); baku normal.
    metode : {"bonferroni", "sidak"}
        Bonferroni berlaku apa pun kaitan antartaksiran; Sidak, sedikit lebih sempit, untuk taksiran yang saling bebas.

    Returns
    -------
    bawah, atas : ndarray int (n,)
        Peringkat terbaik dan terburuk, 1 = nilai tertinggi; 0 bagi unit yang tidak diperingkat.

    Raises
    ------
    GalatParameter
        Tingkat, metode, bentuk, galat baku, atau derajat bebas tidak sah.
    """
    from scipy.stats import t as sebaran_t

    nilai, se = np.asarray(nilai, dtype=float), np.asarray(se, dtype=float)
    if nilai.ndim != 1 or nilai.shape != se.shape:
        raise GalatParameter(f"Nilai {nilai.shape} dan galat baku {se.shape} harus larik satu sumbu yang sama panjang.")
    if not 0 < tingkat < 1:
        raise GalatParameter("Tingkat selang harus antara 0 dan 1.")
    if metode not in METODE_SERENTAK:
        raise GalatParameter(f"Metode selang serentak '{metode}' tidak dikenal; pilih {', '.join(METODE_SERENTAK)}.")
    if (se < 0).any():
        raise GalatParameter("Galat baku tidak boleh negatif.")
    derajat = np.full(nilai.shape, np.inf) if df is None else np.broadcast_to(np.asarray(df, float), nilai.shape)
    ada = ~(np.isnan(nilai) | np.isnan(se))
    if not (derajat[ada] > 0).all():
        raise GalatParameter("Derajat bebas harus positif bagi setiap unit yang bernilai.")
    bawah, atas = np.zeros(len(nilai), dtype=np.int32), np.zeros(len(nilai), dtype=np.int32)
    n = int(ada.sum())
    if n:
        ekor = (1 - tingkat) / n if metode == "bonferroni" else 1 - tingkat ** (1 / n)
        jarak = sebaran_t.isf(ekor / 2, derajat[ada]) * se[ada]
        rendah, tinggi = nilai[ada] - jarak, nilai[ada] + jarak
        bawah[ada] = 1 + (n - np.searchsorted(np.sort(rendah), tinggi, side="right"))
        atas[ada] = n - np.searchsorted(np.sort(tinggi), rendah, side="left")
    return bawah, atas
