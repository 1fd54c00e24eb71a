"""Taksiran semua indikator di satu tingkat, atas dasar mana domainnya dibandingkan, dan galat tiap simpulnya."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from indextree import CompiledTree
from indextree.decomposition import node_gradients
from kinerja.errors import GalatParameter
from kinerja.ikesos.kerangka import PEMISAH, Kerangka
from kinerja.ikesos.ukuran import ANGGOTA, GARIS, PITA, SEMUA, SKOR
from surveyest import (
    CAUTION,
    SUPPRESSED,
    Cells,
    Estimates,
    confidence_interval,
    estimate,
    relative_se,
    reliability_flags,
)

HATI_HATI, DITAHAN, TIDAK_TERSEDIA = "hati-hati", "ditahan", "tidak tersedia"
NASIONAL = "nasional"
SKALA_ATAS = 100.0

DASAR_TERKECIL = 0.75
"""Dasar bersama satu sasaran sedikitnya sebesar ini dari domain yang paling lengkap; domain yang tidak memuatnya tidak
diperingkat. Tanpa batas ini satu domain yang datanya tipis memiskinkan indeks semua domain."""

SAMA, TERSEDIA = "sama", "tersedia"
DASAR = (SAMA, TERSEDIA)
PEMBULATAN = 1e-9


@dataclass(frozen=True, eq=False)
class Dasar:
    """Taksiran semua indikator (V) di semua domain (D) satu tingkat: tidak bergantung pada bobot dan agregasi."""

    domain: pd.DataFrame
    persen: np.ndarray
    """Proporsi x 100, (D, V); NaN bila tidak tersedia atau n kurang dari ambang daun."""
    se: np.ndarray
    bawah: np.ndarray
    atas: np.ndarray
    """Galat baku dan selang proporsi, dalam poin persen, (D, V)."""
    kovarian: np.ndarray
    """Dalam poin persen kuadrat, (D, V, V), termasuk galat garis taksiran; nol bagi yang tidak tersedia. Indikator di 0
    atau 100 persen bergalat baku nol, tetapi di sini ragamnya dari selang Jeffreys (:func:`_ragam_tanpa_kasus`)."""
    halus: np.ndarray
    """Seperti ``persen``, dengan ``(x + 1/2)/(n + 1)`` bagi indikator di 0 atau 100 persen: tempat turunan dihitung."""
    garis: np.ndarray
    """Pengali skor garis taksiran tiap indikator (proporsi), (D, V); nol bagi sasaran yang garisnya tidak ditaksir."""
    n: np.ndarray
    df: np.ndarray
    """Responden dan derajat bebas tiap simpul pohon, (D, S), urutan ``Tree.codes``."""
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
    ke = [i for i, k in enumerate(daun) if k in letak and k.split(PEMISAH)[0] == sasaran]
    if not ke or not lebar:
        return hasil
    dekat = sel.collapse(kolom, measures=[awalan + daun[i].split(PEMISAH)[1] for i in ke], subset=saring)
    # Domain tanpa seorang pun di pita tetap ada di susunan: domain mengikuti sel, bukan isinya.
    asal = [letak[daun[i]] for i in ke]
    with np.errstate(invalid="ignore", divide="ignore"):
        hasil[:, ke] = (dekat.sum_y - t.values[:, asal] * dekat.sum_x) / (t.sums.sum_x[:, asal] * lebar)
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


# Dasar perbandingan ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Sandaran:
    """Indikator yang masuk hitungan satu tingkat, bool (V,)."""

    daun: np.ndarray
    lepas: tuple[str, ...] = ()
    """Sasaran yang dihitung, tetapi tidak masuk puncak."""

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

        def terhitung(daun: np.ndarray, i: int = i) -> np.ndarray:
            return ~np.isnan(susunan.compute(np.where(daun, 50.0, np.nan), w, nodes=[i])[0])

        layak = (d.n[:, i] >= n_minimum) & (ada & milik).any(axis=1)
        isi = ada[layak] & milik if layak.any() else (ada & milik).any(axis=0)[None]
        penuh = bobot_daun * milik
        batas = DASAR_TERKECIL * (isi @ penuh).max()
        bersama = _bersama(isi, penuh, batas, terhitung)
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


def _bersama(ada: np.ndarray, bobot: np.ndarray, batas: float, terhitung: Callable) -> np.ndarray:
    """Bagian yang tersedia di semua unit, setelah sesedikit mungkin unit yang kurang lengkap dikeluarkan.

    ``ada`` bool (unit, bagian); ``batas``: bobot dasar bersama yang terkecil; ``terhitung``: apakah indeksnya masih
    terhitung atas dasar itu, (kasus, bagian) -> (kasus,).
    """
    tutupan = ada @ bobot
    bersama = np.logical_and.accumulate(ada[np.argsort(-tutupan, kind="stable")], axis=0)
    unik = bersama[np.append(True, (bersama[1:] != bersama[:-1]).any(axis=1))]
    layak = (unik @ bobot >= batas - PEMBULATAN) & terhitung(unik)
    layak[0] = True
    return unik[np.flatnonzero(layak)[-1]]


# Galat dan selang -----------------------------------------------------------------------------------------------------


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
    bawah[:, daun], atas[:, daun] = _selang_daun(dasar, letak[daun], n[:, daun], df[:, daun], kepercayaan)
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

    ``pusat`` adalah tempat turunan dihitung, berbeda dari ``nilai`` bila ada indikator tanpa kasus. Agregasi yang
    hasilnya dapat keluar dari rentang anaknya tidak punya kedua ujung itu; juga nilai tepat di ujung (indikator tepat
    pada tonggaknya). Selangnya setangkup, dipotong pada skalanya.
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
    if kepercayaan == 0.95:
        return dasar.bawah[:, ke], dasar.atas[:, ke]
    p, se = dasar.persen[:, ke] / 100, dasar.se[:, ke] / 100
    bawah, atas = confidence_interval(p, se, df, method="logit", level=kepercayaan)
    ujung = (p == 0) | (p == 1)
    if ujung.any():
        isi = p[ujung], se[ujung], df[ujung]
        bawah[ujung], atas[ujung] = confidence_interval(*isi, method="beta", level=kepercayaan, n=n[ujung])
    return 100 * bawah, 100 * atas
