"""Selang kepercayaan, RSE, dan tanda kelayakan terbit."""

from __future__ import annotations

import numpy as np

from kinerja.errors import GalatParameter

METODE_SELANG = ("otomatis", "t", "logit", "beta", "asin")
#: Lebar selang 95% proporsi yang selalu cukup untuk terbit, dan yang selalu meragukan (NCHS, 2017).
SELANG_SEMPIT, SELANG_LEBAR = 0.05, 0.30
LAYAK, HATI_HATI, DITAHAN = "", "hati-hati", "ditahan"


def kuantil_t(tingkat: float, df: np.ndarray | float) -> np.ndarray:
    """Nilai t dua sisi untuk tingkat kepercayaan `tingkat`; df tak hingga memberi nilai normal, df <= 0 memberi NaN."""
    from scipy.special import ndtri, stdtrit

    if not 0 < tingkat < 1:
        raise GalatParameter(f"Tingkat kepercayaan {tingkat} harus di antara 0 dan 1.")
    df = np.asarray(df, dtype=float)
    peluang = 0.5 + tingkat / 2
    # Domain-domain biasanya berbagi sedikit nilai df saja.
    unik, ke = np.unique(df, return_inverse=True)
    hasil = np.full(unik.shape, np.nan)
    sah = unik > 0
    hasil[sah] = np.where(np.isinf(unik[sah]), ndtri(peluang), stdtrit(np.minimum(unik[sah], 1e15), peluang))
    return hasil[ke].reshape(df.shape)


def selang_kepercayaan(
    nilai: np.ndarray,
    se: np.ndarray,
    df: np.ndarray | float,
    *,
    metode: str = "t",
    tingkat: float = 0.95,
    n: np.ndarray | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Batas bawah dan atas.

    Parameters
    ----------
    nilai, se : ndarray sebentuk
    df : derajat bebas; ``np.inf`` untuk selang normal
    metode : {"t", "logit", "asin", "beta"}
        "t": nilai +- t se. "logit" dan "asin": selang t pada skala itu, dikembalikan. "beta": Clopper-Pearson dengan
        ukuran sampel efektif (Korn dan Graubard, 1998).
    tingkat : float
    n : ndarray, hanya untuk "beta"

    Returns
    -------
    bawah, atas : ndarray
        NaN bila tidak terdefinisi: df <= 0, dan logit/asin pada proporsi 0 atau 1. "beta" pada 0 atau 1 memakai
        ukuran sampel nominal (NCHS, *Data Presentation Standards for Proportions*, 2017), disesuaikan derajat bebas.
    """
    nilai, se = np.asarray(nilai, dtype=float), np.asarray(se, dtype=float)
    t = kuantil_t(tingkat, np.broadcast_to(df, nilai.shape))
    if metode == "t":
        return nilai - t * se, nilai + t * se
    dalam = (nilai > 0) & (nilai < 1)
    aman = np.where(dalam, nilai, np.nan)
    if metode == "logit":
        pusat = np.log(aman) - np.log1p(-aman)
        lebar = t * se / (aman * (1 - aman))
        return _sigmoid(pusat - lebar), _sigmoid(pusat + lebar)
    if metode == "asin":
        # d asin(sqrt p)/dp = 1 / (2 sqrt(p (1 - p))).
        pusat = np.arcsin(np.sqrt(aman))
        lebar = t * se / (2 * np.sqrt(aman * (1 - aman)))
        return np.sin(pusat - lebar) ** 2, np.sin(pusat + lebar) ** 2
    if metode == "beta":
        if n is None:
            raise GalatParameter("Selang beta memerlukan n.")
        return _selang_beta(nilai, se, t, tingkat, np.asarray(n, dtype=float))
    raise GalatParameter(f"Metode selang '{metode}' tidak dikenal; pilih: {', '.join(METODE_SELANG)}.")


def _sigmoid(x: np.ndarray) -> np.ndarray:
    from scipy.special import expit

    return expit(x)


def _selang_beta(
    p: np.ndarray, se: np.ndarray, t: np.ndarray, tingkat: float, n: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    from scipy.special import betaincinv

    ujung = (p == 0) | (p == 1)
    n_efektif = np.where(ujung, n, np.nan)
    biasa = ~ujung & (se > 0)
    n_efektif[biasa] = p[biasa] * (1 - p[biasa]) / se[biasa] ** 2
    n_efektif = n_efektif * (kuantil_t(tingkat, np.maximum(n - 1, 0)) / t) ** 2
    ekor = (1 - tingkat) / 2
    bawah, atas = np.full(p.shape, np.nan), np.full(p.shape, np.nan)
    ada = n_efektif > 0
    a, b = n_efektif * p, n_efektif * (1 - p)
    kiri, kanan = ada & (p > 0), ada & (p < 1)
    bawah[kiri] = betaincinv(a[kiri], b[kiri] + 1, ekor)
    atas[kanan] = betaincinv(a[kanan] + 1, b[kanan], 1 - ekor)
    bawah[ada & (p == 0)] = 0.0
    atas[ada & (p == 1)] = 1.0
    return bawah, atas


def hitung_rse(nilai: np.ndarray, se: np.ndarray) -> np.ndarray:
    """Galat baku relatif terhadap nilainya, persen, seperti yang dicetak BPS; NaN bila nilainya nol."""
    nilai, se = np.abs(np.asarray(nilai, dtype=float)), np.asarray(se, dtype=float)
    hasil = np.full(np.broadcast_shapes(nilai.shape, se.shape), np.nan)
    np.divide(100 * se, nilai, out=hasil, where=nilai > 0)
    return hasil


def tandai(
    rse: np.ndarray,
    se: np.ndarray,
    n: np.ndarray,
    *,
    df: np.ndarray,
    lebar: np.ndarray | float = np.nan,
    batas_hati_hati: float = 25.0,
    batas_ditahan: float = 50.0,
    n_minimum: int = 30,
) -> np.ndarray:
    """Tanda tiap taksiran: "" (layak), "hati-hati", atau "ditahan".

    Parameters
    ----------
    rse : ndarray, persen
    se, n : ndarray sebentuk
    df : ndarray
        Derajat bebas domain; nol (satu PSU) berarti galat bakunya tidak diketahui, dan taksirannya ditahan.
    lebar : ndarray, optional
        Lebar selang 95% proporsi (0-1); NaN bagi yang bukan proporsi.
    batas_hati_hati, batas_ditahan : float
        RSE di atasnya ditandai; 25 dan 50 persen adalah batas yang dipakai statistikawan BPS dan ABS.
    n_minimum : int
        Sel dengan responden lebih sedikit ditahan. Angka ini aturan suite, bukan aturan BPS.

    Notes
    -----
    Bagi proporsi dekat 0 atau 1 selanglah yang menentukan, bukan RSE: selang 95% selebar paling banyak 0,05 cukup
    untuk terbit berapa pun RSE-nya (Parker dkk., *National Center for Health Statistics Data Presentation Standards for
    Proportions*, Vital and Health Statistics 2(175), 2017); RSE yang besar tetap ditandai "hati-hati". Selang selebar
    0,30 atau lebih ditandai "hati-hati"; NCHS menahannya, BPS menerbitkannya selama RSE-nya kecil.

    Galat baku nol tanpa selang yang juga nol (tidak satu pun kasus, atau semua kasus) ditandai "hati-hati": sampel
    tidak menunjukkan keragaman, bukan berarti populasi tidak beragam. Galat baku yang tak terhitung ditahan.
    """
    if batas_ditahan < batas_hati_hati:
        raise GalatParameter("Batas RSE ditahan tidak boleh di bawah batas hati-hati.")
    rse, se, n, df, lebar = np.broadcast_arrays(rse, se, n, df, lebar)
    sempit = lebar <= SELANG_SEMPIT
    tanpa_ragam = (se == 0) & (np.isnan(rse) | (lebar > 0))
    hasil = np.full(rse.shape, LAYAK, dtype=object)
    hasil[(rse > batas_hati_hati) | (lebar >= SELANG_LEBAR) | tanpa_ragam] = HATI_HATI
    hasil[((rse > batas_ditahan) & ~sempit) | np.isnan(se) | (df <= 0) | (n < n_minimum)] = DITAHAN
    return hasil
