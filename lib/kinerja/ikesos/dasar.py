"""Taksiran semua indikator di satu tingkat, dengan kovarian dan selangnya: bahan yang tidak bergantung pada bobot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from kinerja.errors import GalatParameter
from kinerja.ikesos.kerangka import PEMISAH, Kerangka
from kinerja.ikesos.ukuran import ANGGOTA, GARIS, PITA, SEMUA, SKOR
from surveyest import CAUTION, SUPPRESSED, Cells, Estimates, estimate, relative_se, reliability_flags

HATI_HATI, DITAHAN, TIDAK_TERSEDIA = "hati-hati", "ditahan", "tidak tersedia"
NASIONAL = "nasional"
SKALA_ATAS = 100.0


@dataclass(frozen=True, eq=False)
class Dasar:
    """Taksiran semua indikator di semua domain satu tingkat: tidak bergantung pada bobot dan agregasi.

    Attributes
    ----------
    domain : DataFrame, D baris
    persen : ndarray (D, V)
        Proporsi x 100; NaN bila tidak tersedia atau n kurang dari ambang daun.
    se, bawah, atas : ndarray (D, V)
        Galat baku dan selang proporsi, dalam poin persen.
    kovarian : ndarray (D, V, V)
        Kovarian dalam poin persen kuadrat, termasuk galat garis taksiran; nol bagi yang tidak tersedia. Indikator di 0
        atau 100 persen bergalat baku nol, tetapi di sini ragamnya dari selang Jeffreys (:func:`_ragam_tanpa_kasus`).
    halus : ndarray (D, V)
        Seperti ``persen``, dengan ``(x + 1/2)/(n + 1)`` bagi indikator di 0 atau 100 persen: tempat turunan dihitung.
    garis : ndarray (D, V)
        Pengali skor garis taksiran tiap indikator (proporsi); nol bagi sasaran yang garisnya tidak ditaksir.
    n, df : ndarray (D, S)
        Responden dan derajat bebas tiap simpul pohon (S simpul, urutan ``Tree.codes``).
    """

    domain: pd.DataFrame
    persen: np.ndarray
    se: np.ndarray
    bawah: np.ndarray
    atas: np.ndarray
    kovarian: np.ndarray
    halus: np.ndarray
    garis: np.ndarray
    n: np.ndarray
    df: np.ndarray
    _ditahan: dict[int, np.ndarray] = field(default_factory=dict, repr=False)

    @cached_property
    def tanpa_kasus(self) -> np.ndarray:
        """Indikator yang tepat 0 atau 100 persen, (D, V)."""
        return (self.persen == 0) | (self.persen == 100)

    def daun_ditahan(self, n_minimum: int) -> np.ndarray:
        """Indikator yang ditahan oleh n, galat, atau derajat bebasnya sendiri, (D, V); dihitung sekali."""
        if n_minimum not in self._ditahan:
            v = self.persen.shape[1]
            lebar = (self.atas - self.bawah) / SKALA_ATAS
            rse = relative_se(self.persen, self.se)
            hasil = tanda(rse, self.se, self.n[:, :v], df=self.df[:, :v], width=lebar, min_n=n_minimum)
            self._ditahan[n_minimum] = (hasil == DITAHAN) & ~np.isnan(self.persen)
        return self._ditahan[n_minimum]


def hitung_dasar(
    sel: Cells, kerangka: Kerangka, kolom: tuple[str, ...], saring: Mapping[str, object] | None, n_daun: int
) -> Dasar:
    """Taksiran semua indikator menurut ``kolom`` domain; indikator ber-n kurang dari ``n_daun`` tidak tersedia."""
    daun = kerangka.pohon.indicators
    t = estimate(sel, kolom, measures=[k for k in sel.moments if GARIS not in k], subset=saring)
    letak = {nama: i for i, nama in enumerate(t.names)}
    ada = np.array([k in letak for k in daun])
    ke = np.array([letak[k] for k in daun if k in letak], dtype=int)
    d, v = len(t.domain), len(daun)
    cukup = np.zeros((d, v), dtype=bool)
    cukup[:, ada] = t.n[:, ke] >= n_daun
    with np.errstate(invalid="ignore"):
        mentah = t.covariance()[:, ke[:, None], ke]
    garis = np.zeros((d, v))
    skor = skor_garis(sel)
    if skor:
        # Skor indikator i dikurangi b_i kali skor garis sasarannya, di seluruh sampel.
        b = np.array([_pengali_garis(sel, daun, sasaran, t, kolom, saring) for sasaran in skor])
        silang, antargaris = t.score_covariance(np.array(list(skor.values())))
        garis, b, c = b.sum(axis=0), b[:, :, ada], np.nan_to_num(silang[:, :, ke])
        bc = np.einsum("kdi,kdj->dij", b, c)
        mentah = mentah - bc - bc.transpose(0, 2, 1) + np.einsum("kdi,kl,ldj->dij", b, antargaris, b)
        se = t.se.copy()
        se[:, ke] = np.sqrt(np.maximum(np.einsum("dii->di", mentah), 0.0))
        t = replace(t, se=se)
    with np.errstate(invalid="ignore"):
        bawah, atas = t.interval()
    kovarian = np.zeros((d, v, v))
    kovarian[np.ix_(range(d), np.flatnonzero(ada), np.flatnonzero(ada))] = mentah * 1e4
    kovarian[~(cukup[:, :, None] & cukup[:, None, :])] = 0.0

    def isi(larik: np.ndarray, kali: float = 100.0) -> np.ndarray:
        hasil = np.full((d, v), np.nan)
        hasil[:, ada] = larik[:, ke] * kali
        hasil[~cukup] = np.nan
        return hasil

    persen, banyak = isi(t.values), isi(t.n, 1.0)
    ujung = (persen == 0) | (persen == 100)
    halus = np.where(ujung, 100 * (persen / 100 * banyak + 0.5) / (banyak + 1), persen)
    di, ke_daun = np.nonzero(ujung)
    kovarian[di, ke_daun, ke_daun] = 1e4 * _ragam_tanpa_kasus(banyak[di, ke_daun])
    simpul = kerangka.simpul
    sumber = [
        letak.get(kode if jenis == "indikator" else f"{sasaran or SEMUA}{PEMISAH}{ANGGOTA}", -1)
        for kode, jenis, sasaran in zip(simpul.index, simpul["jenis"], simpul["sasaran"], strict=True)
    ]
    n, df = (np.concatenate([x, np.zeros((d, 1), dtype=x.dtype)], axis=1)[:, sumber] for x in (t.n, t.df))
    return Dasar(t.domain, persen, isi(t.se), isi(bawah), isi(atas), kovarian, halus, garis, n, df)


def skor_garis(sel: Cells) -> dict[str, np.ndarray]:
    """Sasaran bergaris taksiran -> jumlah skor garisnya tiap PSU rancangan."""
    akhir = f"{GARIS}{PEMISAH}{SKOR}"
    return {
        k.removesuffix(akhir): np.bincount(sel.psu, m.y, sel.design.psu_count)
        for k, m in sel.moments.items()
        if k.endswith(akhir)
    }


def _pengali_garis(
    sel: Cells, daun: tuple[str, ...], sasaran: str, t: Estimates, kolom: tuple[str, ...], saring
) -> np.ndarray:
    """Perubahan tiap indikator bila bagian penduduk di bawah garis bertambah satu satuan bobot, (D, V).

    Suku kedua linearisasi rerata di bawah kuantil taksiran (Deville, 1999): ``(E[z | x = garis] - R) f / F``,
    dengan kepadatan dan rerata di garis ditaksir dari pita di sekitarnya.
    """
    hasil = np.zeros((len(t.domain), len(daun)))
    awalan = f"{sasaran}{GARIS}{PEMISAH}"
    lebar = sel.moments[awalan + PITA].w.sum()
    letak = {nama: i for i, nama in enumerate(t.names)}
    pasang = [
        (i, letak[k], awalan + k.split(PEMISAH)[1])
        for i, k in enumerate(daun)
        if k in letak and k.split(PEMISAH)[0] == sasaran
    ]
    if not pasang or not lebar:
        return hasil
    dekat = sel.collapse(kolom, measures=[u for _, _, u in pasang], subset=saring)
    # Domain tanpa seorang pun di pita tetap ada di susunan: domain mengikuti sel, bukan isinya.
    for j, (i, asal, _) in enumerate(pasang):
        r, x = t.values[:, asal], t.sums.sum_x[:, asal]
        with np.errstate(invalid="ignore", divide="ignore"):
            hasil[:, i] = (dekat.sum_y[:, j] - r * dekat.sum_x[:, j]) / (x * lebar)
    return np.nan_to_num(hasil, posinf=0.0, neginf=0.0)


def _ragam_tanpa_kasus(n: np.ndarray) -> np.ndarray:
    """Ragam proporsi yang tidak satu pun (atau semua) dari n respondennya berkasus.

    Jarak dari ujung ke batas selang Jeffreys 95 persen, Beta(1/2, n + 1/2), dibagi 1,96. Ragam taksirannya sendiri nol,
    dan ragam ``(x + 1/2)/(n + 1)`` masih terlalu kecil bagi rata-rata geometrik (benchmarks/simulasi_cakupan.py).
    """
    from scipy.special import betaincinv

    return (betaincinv(0.5, n + 0.5, 0.975) / 1.959964) ** 2


def kolom_tingkat(tingkat: str | Sequence[str], sel: Cells) -> tuple[str, ...]:
    daftar = (tingkat,) if isinstance(tingkat, str) else tuple(tingkat)
    kolom = tuple(k for k in daftar if k != NASIONAL)
    asing = [k for k in kolom if k not in sel.domain_codes]
    if asing or not daftar:
        raise GalatParameter(
            f"Tingkat '{', '.join(asing)}' tidak ada di data; pilihannya: {NASIONAL}, {', '.join(sel.domain_codes)}."
        )
    return kolom


def tanda(*larik: np.ndarray, **pilihan) -> np.ndarray:
    """:func:`surveyest.reliability_flags` dengan kata-kata laporan."""
    hasil = reliability_flags(*larik, **pilihan)
    hasil[hasil == CAUTION], hasil[hasil == SUPPRESSED] = HATI_HATI, DITAHAN
    return hasil
