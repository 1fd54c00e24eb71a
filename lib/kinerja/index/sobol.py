"""Indeks Sobol: bagian ragam keluaran yang berasal dari tiap kelompok masukan, dengan selang bootstrap.

Rancangan Saltelli: dua matriks A dan B, dan untuk tiap kelompok i matriks AB_i (A dengan kolom kelompok i dari B). Orde
satu ditaksir menurut Saltelli dkk. (2010), total menurut Jansen (1999); keluaran dipusatkan lebih dulu, sebab rata-rata
yang jauh dari nol memperbesar galat penaksir orde satu.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kinerja.errors import GalatHitung, GalatParameter


@dataclass(frozen=True, eq=False)
class TaksiranSobol:
    """Indeks Sobol tiap kelompok masukan dan tiap keluaran; larik (kelompok, keluaran), NaN bila keluaran tanpa ragam.

    Attributes
    ----------
    pertama, total : ndarray
    pertama_bawah, pertama_atas, total_bawah, total_atas : ndarray
        Batas selang bootstrap (persentil).
    ragam : ndarray (keluaran,)
    """

    pertama: np.ndarray
    pertama_bawah: np.ndarray
    pertama_atas: np.ndarray
    total: np.ndarray
    total_bawah: np.ndarray
    total_atas: np.ndarray
    ragam: np.ndarray


def saltelli_design(n: int, lebar: Sequence[int], benih: int, cara: str = "sobol") -> tuple[np.ndarray, np.ndarray]:
    """Rancangan (n * (2 + kelompok), kolom) pada [0, 1), urutan A, B, AB_1, AB_2, ...

    Parameters
    ----------
    n : int
        Banyak titik dasar; untuk deret Sobol harus pangkat dua.
    lebar : sequence of int
        Banyak kolom tiap kelompok masukan.
    benih : int
    cara : {"sobol", "acak"}
        Deret Sobol teracak (Owen), atau bilangan acak biasa.

    Returns
    -------
    rancangan : ndarray
    bagian : ndarray of int
        0 = A, 1 = B, 2 + i = AB_i untuk tiap baris.
    """
    if n < 2 or (cara == "sobol" and n & (n - 1)):
        raise GalatParameter(f"Banyak titik dasar Sobol harus pangkat dua (64, 128, 256, ...); diberikan {n}.")
    d = int(sum(lebar))
    if d == 0:
        raise GalatParameter("Tidak ada masukan yang berubah: indeks Sobol tidak dapat dihitung.")
    dasar = unit_design(n, 2 * d, benih, cara)
    a, b = dasar[:, :d], dasar[:, d:]
    potong = np.concatenate([[0], np.cumsum(lebar)])
    baris = [a, b]
    for i in range(len(lebar)):
        campur = a.copy()
        campur[:, potong[i] : potong[i + 1]] = b[:, potong[i] : potong[i + 1]]
        baris.append(campur)
    return np.concatenate(baris), np.repeat(np.arange(2 + len(lebar)), n)


def unit_design(n: int, d: int, benih: int, cara: str) -> np.ndarray:
    """Titik (n, d) pada [0, 1): "sobol" (teracak), "latin" (hiperkubus Latin), atau "acak"."""
    if cara == "acak":
        return np.random.default_rng(benih).random((n, d))
    from scipy.stats import qmc

    if cara == "latin":
        return qmc.LatinHypercube(d, rng=np.random.default_rng(benih)).random(n)
    if cara == "sobol":
        pangkat = int(np.ceil(np.log2(max(n, 2))))
        return qmc.Sobol(d, rng=np.random.default_rng(benih)).random_base2(pangkat)[:n]
    raise GalatParameter("rancangan harus 'sobol', 'latin', atau 'acak'.")


def estimate_sobol(
    keluaran: np.ndarray, kelompok: int, *, bootstrap: int = 200, tingkat: float = 0.95, benih: int = 1
) -> TaksiranSobol:
    """Indeks Sobol dari keluaran rancangan :func:`saltelli_design`.

    Parameters
    ----------
    keluaran : ndarray (n * (2 + kelompok), m) atau (n * (2 + kelompok),)
        Nilai fungsi di tiap baris rancangan; m keluaran dihitung bersama.
    kelompok : int
    bootstrap : int
        Banyak ulangan bootstrap atas titik dasar untuk selang.
    tingkat : float
        Tingkat kepercayaan selang.

    Raises
    ------
    GalatHitung
        Ada keluaran yang hilang.
    """
    y = np.asarray(keluaran, dtype=float)
    y = y[:, None] if y.ndim == 1 else y
    if y.shape[0] % (2 + kelompok):
        raise GalatParameter("Banyak baris keluaran tidak sesuai dengan rancangan Saltelli.")
    if np.isnan(y).any():
        raise GalatHitung("Ada keluaran yang hilang; indeks Sobol hanya untuk keluaran yang selalu tersedia.")
    if not 0 < tingkat < 1:
        raise GalatParameter("Tingkat kepercayaan harus antara 0 dan 1.")
    y = y.reshape(2 + kelompok, -1, y.shape[1])
    y = y - y[:2].mean(axis=(0, 1))
    n = y.shape[1]
    # semua taksiran adalah fungsi dari rata-rata kolom ini, jadi bootstrap cukup satu perkalian matriks
    cacah = np.random.default_rng(benih).multinomial(n, np.full(n, 1 / n), size=bootstrap).astype(float)
    bobot = np.vstack([np.ones(n), cacah]) / n
    a, b = y[0], y[1]
    tengah = 0.5 * (bobot @ a + bobot @ b)
    ragam = 0.5 * (bobot @ a**2 + bobot @ b**2) - tengah**2
    # di bawah ketelitian angka, ragam hanyalah pembulatan
    skala = np.abs(keluaran).reshape(-1, y.shape[2]).max(axis=0)
    datar = ragam[0] <= (1e-12 * np.maximum(skala, 1e-300)) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        pertama = np.stack(
            [(bobot @ (b * (ab - a)) - (0.5 * (bobot @ (a + b))) * (bobot @ (ab - a))) / ragam for ab in y[2:]]
        )
        total = np.stack([0.5 * (bobot @ (a - ab) ** 2) / ragam for ab in y[2:]])
    pertama[..., datar] = np.nan
    total[..., datar] = np.nan
    batas = [(1 - tingkat) / 2, 1 - (1 - tingkat) / 2]
    if bootstrap:
        with np.errstate(invalid="ignore"):
            s = np.quantile(pertama[:, 1:], batas, axis=1)
            t = np.quantile(total[:, 1:], batas, axis=1)
    else:
        s = t = np.full((2, kelompok, y.shape[2]), np.nan)
    return TaksiranSobol(pertama[:, 0], s[0], s[1], total[:, 0], t[0], t[1], np.where(datar, 0.0, ragam[0]))


def pooled_sobol(
    keluaran: np.ndarray, kelompok: int, *, bootstrap: int = 200, tingkat: float = 0.95, benih: int = 1
) -> TaksiranSobol:
    """Indeks Sobol gabungan banyak keluaran: jumlah ragam bagian dibagi jumlah ragam (Gamboa dkk. 2014).

    Unit yang ragamnya besar berbobot besar. Bentuk hasil (kelompok, 1).
    """
    y = np.asarray(keluaran, dtype=float)
    if np.isnan(y).any():
        raise GalatHitung("Ada keluaran yang hilang; indeks Sobol hanya untuk keluaran yang selalu tersedia.")
    y = y.reshape(2 + kelompok, -1, y.shape[1])
    y = y - y[:2].mean(axis=(0, 1))
    a, b = y[0], y[1]
    # rata-rata per keluaran ~ 0 sesudah dipusatkan; suku silangnya diabaikan di bootstrap (orde 1/n)
    ragam = 0.5 * (a**2 + b**2).sum(axis=1)
    n = len(ragam)
    cacah = np.random.default_rng(benih).multinomial(n, np.full(n, 1 / n), size=bootstrap).astype(float)
    bobot = np.vstack([np.ones(n), cacah]) / n
    penyebut = bobot @ ragam
    if not penyebut[0] > 0:
        kosong = np.full((kelompok, 1), np.nan)
        return TaksiranSobol(kosong, kosong, kosong, kosong, kosong, kosong, np.zeros(1))
    pertama = np.stack([bobot @ (b * (ab - a)).sum(axis=1) / penyebut for ab in y[2:]])
    total = np.stack([0.5 * (bobot @ ((a - ab) ** 2).sum(axis=1)) / penyebut for ab in y[2:]])
    batas = [(1 - tingkat) / 2, 1 - (1 - tingkat) / 2]
    sel = (lambda x: np.quantile(x[:, 1:], batas, axis=1)[..., None]) if bootstrap else None
    s, t = (sel(pertama), sel(total)) if sel else (np.full((2, kelompok, 1), np.nan),) * 2
    return TaksiranSobol(pertama[:, :1], s[0], s[1], total[:, :1], t[0], t[1], np.array([penyebut[0]]))
