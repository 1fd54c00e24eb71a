"""Peringkat: 1 = nilai tertinggi, seri mendapat peringkat terkecil, nilai hilang tanpa peringkat."""

from __future__ import annotations

import numpy as np
import pandas as pd

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
        besar = np.abs(terurut)
        terbesar = np.nanmax(np.where(np.isinf(besar), np.nan, besar), axis=-1, keepdims=True, initial=0.0)
        with np.errstate(invalid="ignore"):
            seri |= np.diff(terurut, axis=-1) <= np.maximum(toleransi * besar[..., 1:], _GALAT_NOL * terbesar)
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
