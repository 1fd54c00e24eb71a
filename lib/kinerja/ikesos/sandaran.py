"""Atas indikator dan sasaran mana indeks dihitung, supaya domain dibandingkan atas dasar yang sama."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from indextree import CompiledTree
from kinerja.errors import GalatParameter
from kinerja.ikesos.dasar import Dasar
from kinerja.ikesos.kerangka import PEMISAH

DASAR_TERKECIL = 0.75
"""Dasar bersama satu sasaran sedikitnya sebesar ini dari domain yang paling lengkap; domain yang tidak memuatnya tidak
diperingkat. Tanpa batas ini satu domain yang datanya tipis memiskinkan indeks semua domain."""

SAMA, TERSEDIA = "sama", "tersedia"
DASAR = (SAMA, TERSEDIA)
PEMBULATAN = 1e-9


@dataclass(frozen=True, eq=False)
class Sandaran:
    """Indikator yang masuk hitungan satu tingkat.

    Attributes
    ----------
    daun : ndarray of bool (V,)
    lepas : tuple of str
        Sasaran yang dihitung, tetapi tidak masuk puncak.
    """

    daun: np.ndarray
    lepas: tuple[str, ...] = ()

    def bobot(self, susunan: CompiledTree, w: np.ndarray) -> np.ndarray:
        """Bobot simpul ``w`` dengan nol bagi sasaran yang tidak masuk puncak."""
        if self.lepas:
            w = w.copy()
            w[susunan.positions(list(self.lepas))] = 0.0
        return w


def tentukan_sandaran(
    d: Dasar, susunan: CompiledTree, w: np.ndarray, dasar: str | Sandaran, *, n_minimum: int, ambang_bobot: float
) -> Sandaran:
    """Indikator dan sasaran yang masuk hitungan.

    Dasar bersama ditentukan per sasaran, di antara domain yang anggotanya cukup; lalu puncak memakai sasaran yang
    dasarnya lengkap di semua domain yang diperingkat. Bila yang sama di semua domain terlalu sedikit, domain yang
    paling kurang lengkap dikeluarkan dari peringkat, satu demi satu.
    """
    if isinstance(dasar, Sandaran):
        return dasar
    daun = susunan.codes[: susunan.n_indicators]
    if dasar not in DASAR:
        raise GalatParameter(f"Dasar '{dasar}' tidak dikenal; pilih {' atau '.join(DASAR)}.")
    ada = ~np.isnan(d.persen)
    if dasar == TERSEDIA or len(ada) < 2:
        return Sandaran(np.ones(len(daun), dtype=bool))
    simpul = susunan.children[-1]
    sasaran = np.array([k.split(PEMISAH)[0] for k in daun])
    bobot_daun = _bobot_daun(susunan, w)
    pakai, lengkap = np.zeros(len(daun), dtype=bool), np.zeros((len(ada), len(simpul)), dtype=bool)
    for j, i in enumerate(simpul):
        milik = sasaran == susunan.codes[i]
        layak = (d.n[:, i] >= n_minimum) & (ada & milik).any(axis=1)
        isi = ada[layak] & milik if layak.any() else (ada & milik).any(axis=0)[None]
        penuh = bobot_daun * milik
        batas = DASAR_TERKECIL * (isi @ penuh).max()
        bersama = _bersama(isi, penuh, batas, lambda m, i=i: _terhitung(susunan, m, w, i))
        pakai |= bersama
        lengkap[:, j] = bersama.any() and ada[:, bersama].all(axis=1)
    layak = (d.n[:, -1] >= n_minimum) & lengkap.any(axis=1)
    lepas: list[str] = []
    if layak.any():
        isi = np.array([(bobot_daun * pakai)[sasaran == susunan.codes[i]].sum() for i in simpul])
        bersama = _bersama(lengkap[layak], isi, ambang_bobot, lambda m: m.any(axis=1))
        lepas = [susunan.codes[i] for i in simpul[~bersama]]
    return Sandaran(pakai, tuple(lepas))


def beda_dasar(susunan: CompiledTree, bagian: np.ndarray, dasar, sandaran: Sandaran, w: np.ndarray) -> np.ndarray:
    """Simpul yang dasarnya kurang dari dasar bersama (atau dari yang terlengkap), (simpul, D)."""
    if dasar == SAMA and bagian.shape[1] > 1:
        w_pakai = sandaran.bobot(susunan, w)
        utuh = susunan.compute(np.where(sandaran.daun, 50.0, np.nan)[None], w_pakai)
        acuan = bagian_bobot(susunan, utuh, w, w_pakai)[:, 0]
    else:
        acuan = bagian.max(axis=1, initial=0.0)
    hasil = bagian < acuan[:, None] - PEMBULATAN
    hasil[: susunan.n_indicators] = False
    return hasil


def bagian_bobot(susunan: CompiledTree, nilai: np.ndarray, w: np.ndarray, dipakai: np.ndarray) -> np.ndarray:
    """Bagian bobot ``w`` di bawah tiap simpul yang benar-benar masuk hitungan berbobot ``dipakai``, (simpul, unit)."""
    bagian = (~np.isnan(nilai)).astype(float)
    for c, anak in enumerate(susunan.children):
        i = susunan.n_indicators + c
        total = w[anak].sum()
        bagian[i] *= ((w * (dipakai > 0))[anak] @ bagian[anak]) / total if total > 0 else 0.0
    return bagian


def jumlah_di_bawah(susunan: CompiledTree, daun: np.ndarray, dipakai: np.ndarray) -> np.ndarray:
    """Banyaknya daun bertanda yang masuk hitungan tiap simpul, (simpul, unit)."""
    hasil = np.zeros(dipakai.shape, dtype=np.int64)
    hasil[: len(daun)] = daun
    for c, anak in enumerate(susunan.children):
        hasil[len(daun) + c] = (hasil[anak] * dipakai[anak]).sum(axis=0)
    return hasil


def _bobot_daun(susunan: CompiledTree, w: np.ndarray) -> np.ndarray:
    """Bobot tiap indikator terhadap puncak bila semuanya tersedia."""
    akhir = np.zeros(len(w))
    akhir[-1] = 1.0
    for c in reversed(range(len(susunan.children))):
        anak = susunan.children[c]
        total = w[anak].sum()
        if total > 0:
            akhir[anak] = akhir[susunan.n_indicators + c] * w[anak] / total
    return akhir[: susunan.n_indicators]


def _terhitung(susunan: CompiledTree, daun: np.ndarray, w: np.ndarray, simpul: int) -> np.ndarray:
    """Apakah sebuah simpul masih terhitung bila hanya ``daun`` (kasus, V) yang tersedia."""
    return ~np.isnan(susunan.compute(np.where(daun, 50.0, np.nan), w, nodes=[simpul])[0])


def _bersama(ada: np.ndarray, bobot: np.ndarray, batas: float, terhitung: Callable) -> np.ndarray:
    """Bagian yang tersedia di semua unit, setelah sesedikit mungkin unit yang kurang lengkap dikeluarkan.

    Parameters
    ----------
    ada : ndarray of bool (unit, bagian)
    bobot : ndarray (bagian,)
    batas : float
        Bobot dasar bersama yang terkecil.
    terhitung : fungsi (kasus, bagian) -> (kasus,)
        Apakah indeksnya masih terhitung atas dasar itu.
    """
    tutupan = ada @ bobot
    bersama = np.logical_and.accumulate(ada[np.argsort(-tutupan, kind="stable")], axis=0)
    unik = bersama[np.append(True, (bersama[1:] != bersama[:-1]).any(axis=1))]
    layak = (unik @ bobot >= batas - PEMBULATAN) & terhitung(unik)
    layak[0] = True
    return unik[np.flatnonzero(layak)[-1]]
