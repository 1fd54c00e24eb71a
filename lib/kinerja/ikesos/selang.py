"""Galat baku metode delta dan selang kepercayaan tiap simpul."""

from __future__ import annotations

import numpy as np

from indextree import CompiledTree
from indextree.decomposition import node_gradients
from kinerja.ikesos.dasar import SKALA_ATAS, Dasar
from surveyest import confidence_interval


def galat_baku(dasar: Dasar, susunan: CompiledTree, semua, turunan, w, letak: np.ndarray) -> np.ndarray:
    """Galat baku metode delta tiap simpul terpilih, (D, simpul); turunannya di nilai simpul ``semua``."""
    cabang = letak >= susunan.n_indicators
    hasil = np.full((len(turunan), len(letak)), np.nan)
    if cabang.any():
        g = node_gradients(susunan, semua, w, letak[cabang]).transpose(1, 0, 2) * turunan[:, None, :]
        g = np.where(np.isnan(g), 0.0, g)
        hasil[:, cabang] = np.sqrt(np.maximum(((g @ dasar.kovarian) * g).sum(axis=2), 0.0))
    return hasil


def selang(
    dasar: Dasar, susunan: CompiledTree, nilai, pusat, se, n, df, letak: np.ndarray, kepercayaan: float, a: float
) -> tuple[np.ndarray, np.ndarray]:
    """Selang tiap simpul terpilih, (D, simpul): indikator dari proporsinya, indeks dari ``a`` sampai `SKALA_ATAS`."""
    bawah, atas = _selang_cabang(susunan, nilai, pusat, se, df, letak, kepercayaan, a)
    daun = letak < susunan.n_indicators
    ke = letak[daun]
    if kepercayaan == 0.95:
        bawah[:, daun], atas[:, daun] = dasar.bawah[:, ke], dasar.atas[:, ke]
    else:
        bawah[:, daun], atas[:, daun] = _selang_daun(dasar, ke, n[:, daun], df[:, daun], kepercayaan)
    return bawah, atas


def _selang_cabang(
    susunan: CompiledTree, nilai, pusat, se, df, letak: np.ndarray, kepercayaan: float, a: float
) -> tuple[np.ndarray, np.ndarray]:
    """Selang indeks lewat skala logit antara kedua ujung skalanya, (D, simpul).

    Rata-rata geometrik dan harmonik ditentukan oleh anak terkecilnya. Bila anak itu jarang, sebaran taksirannya
    menceng dan galat bakunya mengecil bersama nilainya: selang setangkup meleset di bawah nilai sejati. Pada skala
    logit ``z = ln((v - a)/(b - v))`` galatnya ``se (b - a)/((v - a)(b - v))`` jauh lebih tetap; selang t di sana
    lalu dikembalikan, seperti selang proporsi (Korn dan Graubard 1998; Brown, Cai, dan DasGupta 2001). Hasilnya
    tidak pernah keluar dari skala, selang indeks yang bersandar pada satu indikator tepat selang indikator itu, dan
    bedanya dari selang setangkup berorde kedua. Cakupannya: benchmarks/simulasi_cakupan.py.

    Parameters
    ----------
    nilai, pusat : ndarray (D, simpul)
        ``pusat`` adalah tempat turunan dihitung, berbeda dari ``nilai`` bila ada indikator tanpa kasus.

    Notes
    -----
    Agregasi yang hasilnya dapat keluar dari rentang anaknya tidak punya kedua ujung itu; juga nilai tepat di ujung
    (indikator tepat pada tonggaknya). Selangnya setangkup, dipotong pada skalanya.
    """
    b = SKALA_ATAS
    bawah, atas = (
        a + (b - a) * x
        for x in confidence_interval((pusat - a) / (b - a), se / (b - a), df, method="logit", level=kepercayaan)
    )
    bawah, atas = np.minimum(bawah, nilai), np.maximum(atas, nilai)
    rata = np.ones(len(susunan.codes), dtype=bool)
    for c, anak in enumerate(susunan.children):
        rata[susunan.n_indicators + c] = susunan.means[c].internal and rata[anak].all()
    tepi = ~rata[letak] | np.isnan(bawah)
    if tepi.any():
        bawah_t, atas_t = confidence_interval(nilai, se, df, level=kepercayaan)
        terbuka = (letak == len(susunan.codes) - 1) & (not susunan.means[-1].same_scale)
        bawah = np.where(tepi, np.maximum(bawah_t, 0), bawah)
        atas = np.where(tepi, np.minimum(atas_t, np.where(terbuka, np.inf, b)), atas)
    return bawah, atas


def _selang_daun(dasar: Dasar, ke: np.ndarray, n, df, kepercayaan: float) -> tuple[np.ndarray, np.ndarray]:
    p, se = dasar.persen[:, ke] / 100, dasar.se[:, ke] / 100
    bawah, atas = confidence_interval(p, se, df, method="logit", level=kepercayaan)
    ujung = (p == 0) | (p == 1)
    if ujung.any():
        bawah[ujung], atas[ujung] = confidence_interval(
            p[ujung], se[ujung], df[ujung], method="beta", level=kepercayaan, n=n[ujung]
        )
    return 100 * bawah, 100 * atas
