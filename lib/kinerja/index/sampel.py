"""Galat penarikan sampel sebagai masukan indeks: larik ulangan (ulangan x unit x indikator) atau kovarian per unit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.index.normalisasi import NormalisasiTerpasang
from kinerja.index.pohon import Pohon

_NEGATIF_WAJAR = 1e-8  # bagian nilai eigen terbesar: di bawahnya nilai eigen negatif hanyalah pembulatan


def covariance_from_replicates(
    replikat: np.ndarray, pusat: np.ndarray | None = None, faktor: float | np.ndarray | None = None
) -> np.ndarray:
    """Kovarian taksiran indikator per unit dari ulangan.

    Parameters
    ----------
    replikat : ndarray (ulangan, unit, indikator)
    pusat : ndarray (unit, indikator), optional
        Taksiran penuh; baku rata-rata ulangan.
    faktor : float or ndarray (ulangan,), optional
        Pengali kuadrat simpangan tiap ulangan: 1/R untuk bootstrap (baku), (n_h - 1)/n_h untuk JKn.

    Returns
    -------
    ndarray (unit, indikator, indikator)
        NaN untuk indikator yang hilang di salah satu ulangan.
    """
    r = _check_replicates(replikat)
    c = np.full(len(r), 1 / len(r)) if faktor is None else np.broadcast_to(np.asarray(faktor, float), (len(r),))
    d = r - (r.mean(axis=0) if pusat is None else np.asarray(pusat, dtype=float))
    return np.einsum("r,rui,ruj->uij", c, d, d, optimize=True)


def simulate_replicates(
    pusat: np.ndarray,
    kovarian: np.ndarray,
    ulangan: int,
    benih: int,
    *,
    batas: tuple[float, float] | None = None,
) -> np.ndarray:
    """Ulangan normal dari taksiran dan kovariannya, bebas antarunit.

    Parameters
    ----------
    pusat : ndarray (unit, indikator)
    kovarian : ndarray (unit, indikator, indikator)
        Semidefinit positif. Baris dan kolom indikator yang hilang (pusat NaN) diabaikan.
    batas : (float, float), optional
        Potong hasil ke rentang ini, misalnya (0, 100) untuk persentase.

    Returns
    -------
    ndarray (ulangan, unit, indikator)

    Raises
    ------
    GalatHitung
        Kovarian suatu unit bukan semidefinit positif, atau hilang untuk indikator yang ada.
    """
    pusat, kovarian = np.asarray(pusat, dtype=float), np.asarray(kovarian, dtype=float)
    u, k = pusat.shape
    if kovarian.shape != (u, k, k):
        raise GalatParameter(f"Kovarian berbentuk {kovarian.shape}; diharapkan {(u, k, k)}.")
    if ulangan < 1:
        raise GalatParameter("Banyak ulangan harus positif.")
    ada = ~np.isnan(pusat)
    c = np.where(ada[:, :, None] & ada[:, None, :], kovarian, 0.0)
    if np.isnan(c).any():
        raise GalatHitung("Kovarian hilang untuk indikator yang nilainya ada.")
    if not np.allclose(c, np.swapaxes(c, 1, 2), rtol=1e-8, atol=1e-12):
        raise GalatHitung("Kovarian indikator tidak simetris.")
    nilai, vektor = np.linalg.eigh(c)
    buruk = np.flatnonzero(nilai[:, 0] < -_NEGATIF_WAJAR * np.maximum(nilai[:, -1], 1e-300))
    if len(buruk):
        raise GalatHitung(f"Kovarian unit urutan ke-{buruk[0] + 1} bukan semidefinit positif.")
    akar = vektor * np.sqrt(np.maximum(nilai, 0.0))[:, None, :]
    z = np.random.default_rng(benih).standard_normal((ulangan, u, k))
    hasil = pusat + np.matmul(akar[None], z[..., None])[..., 0]
    return hasil if batas is None else np.clip(hasil, *batas)


def replicate_standard_error(
    pohon: Pohon,
    data: pd.DataFrame,
    replikat: np.ndarray,
    normalisasi: NormalisasiTerpasang | None = None,
    faktor: float | np.ndarray | None = None,
) -> pd.DataFrame:
    """Galat baku setiap simpul dari ulangan survei: akar jumlah faktor x (simpul ulangan - simpul penuh)^2.

    Parameters
    ----------
    data : DataFrame
        Taksiran penuh, unit x indikator.
    replikat : ndarray (ulangan, unit, indikator)
        Sejajar dengan ``data.index`` dan ``pohon.indikator``.
    normalisasi : NormalisasiTerpasang, optional
        Diterapkan pada keduanya; None bila sudah ternormalkan.
    faktor : float or ndarray (ulangan,), optional
        1/R untuk bootstrap (baku), (n_h - 1)/n_h untuk JKn.

    Returns
    -------
    DataFrame
        Unit x simpul.
    """
    r = _check_replicates(replikat)
    x = pohon.values(data)
    if r.shape[1:] != x.shape:
        raise GalatParameter(f"Larik ulangan berbentuk {r.shape}; diharapkan (ulangan, {x.shape[0]}, {x.shape[1]}).")
    if normalisasi is not None:
        x, r = normalisasi.terapkan(x), normalisasi.terapkan(r)
    susunan = pohon.susun()
    c = np.full(len(r), 1 / len(r)) if faktor is None else np.broadcast_to(np.asarray(faktor, float), (len(r),))
    simpangan = susunan.hitung(r) - susunan.hitung(x)[:, None]
    ragam = np.einsum("r,sru->su", c, simpangan**2)
    return pd.DataFrame(np.sqrt(ragam).T, index=data.index, columns=list(pohon.kode))


def _check_replicates(replikat: np.ndarray) -> np.ndarray:
    r = np.asarray(replikat, dtype=float)
    if r.ndim != 3 or len(r) < 2:
        raise GalatParameter(f"Larik ulangan berbentuk {r.shape}; diharapkan (ulangan, unit, indikator), >= 2 ulangan.")
    return r
