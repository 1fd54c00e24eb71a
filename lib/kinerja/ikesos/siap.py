"""Ikesos yang sudah disiapkan: data mikro diringkas sekali, lalu dihitung ulang dalam beberapa milidetik."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from indextree import CompiledTree, rank_array
from indextree.decomposition import node_gradients
from kinerja import kerahasiaan
from kinerja.catatan import Catatan, kalimat
from kinerja.errors import GalatParameter, engine_errors
from kinerja.ikesos.agregasi import cara_agregasi
from kinerja.ikesos.kerangka import PEMISAH, Kerangka, mesin_pohon
from kinerja.ikesos.ukuran import ANGGOTA, GARIS, PITA, SEMUA, SKOR, nilai_kodebuku
from kinerja.mikro import Kodebuku
from surveyest import (
    CAUTION,
    SUPPRESSED,
    Cells,
    Design,
    Estimates,
    ParameterError,
    SurveyError,
    confidence_interval,
    estimate,
    rao_wu,
    relative_se,
    reliability_flags,
    replicate_estimates,
    summarise,
)

if TYPE_CHECKING:
    from kinerja.wilayah import Regions

HATI_HATI, DITAHAN, TIDAK_TERSEDIA = "hati-hati", "ditahan", "tidak tersedia"
NASIONAL = "nasional"
SKALA_ATAS = 100.0
N_MINIMUM, N_DAUN = 30, 10
AMBANG_BOBOT = 0.4
"""Ikesos yang bersandar pada bagian bobot lebih kecil dari ini tidak diterbitkan. Kor yang lengkap menanyakan 0,53
sampai 0,58 bobot; tanpa satu dari tiga sasarannya tinggal 0,39 ke bawah."""

DASAR_TERKECIL = 0.75
"""Dasar bersama satu sasaran sedikitnya sebesar ini dari domain yang paling lengkap; domain yang tidak memuatnya tidak
diperingkat. Tanpa batas ini satu domain yang datanya tipis memiskinkan indeks semua domain."""

SAMA, TERSEDIA = "sama", "tersedia"
DASAR = (SAMA, TERSEDIA)
_PEMBULATAN = 1e-9
_mesin = engine_errors(ParameterError, SurveyError)
_TERSIMPAN = 16


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
            tanda = _tanda(rse, self.se, self.n[:, :v], df=self.df[:, :v], width=lebar, min_n=n_minimum)
            self._ditahan[n_minimum] = (tanda == DITAHAN) & ~np.isnan(self.persen)
        return self._ditahan[n_minimum]


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


@dataclass
class SiapIkesos:
    """Sel survei dan pohon indeks yang siap dihitung. Buat dengan :func:`siapkan`.

    Attributes
    ----------
    sel : Sel
    kerangka : Kerangka
    kodebuku : Kodebuku
    keadaan : str
        ``sintetis`` atau ``diturunkan``; ikut di setiap baris hasil.
    kurang : dict of str to Catatan
        Simpul indikator yang tidak tersedia -> sebabnya.
    keterangan : tuple of Catatan
        Catatan tentang rancangan survei; :func:`kinerja.catatan.kalimat` memberi bahasa yang berlaku.
    n_minimum : int
        Hasil dengan responden lebih sedikit ditahan.
    n_daun : int
        Indikator dengan responden lebih sedikit dianggap tidak tersedia di domain itu.
    ambang_bobot : float
        Ikesos yang bersandar pada bagian bobot lebih kecil tidak diterbitkan.
    """

    sel: Cells
    kerangka: Kerangka
    kodebuku: Kodebuku
    keadaan: str
    kurang: dict[str, str]
    keterangan: tuple[str, ...]
    n_minimum: int = N_MINIMUM
    n_daun: int = N_DAUN
    ambang_bobot: float = AMBANG_BOBOT
    _dasar: OrderedDict = field(default_factory=OrderedDict, repr=False)
    _susunan: dict = field(default_factory=dict, repr=False)

    # ------------------------------------------------------------------ bacaan

    @property
    def tingkat(self) -> list[str]:
        """Tingkat yang tersedia: ``nasional`` dan kolom wilayah yang ada di data."""
        return [NASIONAL, *self.sel.domain_codes]

    def label(self, wilayah: str) -> list:
        """Nilai yang muncul di satu kolom wilayah, misalnya kode provinsi."""
        if wilayah not in self.sel.domain_labels:
            raise GalatParameter(f"Wilayah '{wilayah}' tidak ada; pilihannya: {', '.join(self.sel.domain_labels)}.")
        return self.sel.domain_labels[wilayah].tolist()

    def sandaran(self) -> pd.DataFrame:
        """Pada apa indeks bersandar: satu baris per sasaran x indikator kerangka.

        Returns
        -------
        DataFrame
            Kolom ``Kerangka.indikator``, lalu ``sebab`` (mengapa tidak, dalam bahasa yang berlaku), ``tersedia``
            (bool), ``bobot`` (bobot baku terhadap Ikesos, 0 sampai 1; 0 bila tidak dipakai), ``status`` dan ``catatan``
            kodebuku.
        """
        hasil = self.kerangka.indikator.copy()
        hasil["sebab"] = [kalimat(self.kurang.get(s, "")) for s in hasil["simpul"]]
        hasil["tersedia"] = hasil["dipakai"] & (hasil["sebab"] == "")
        hasil["bobot"] = hasil["simpul"].map(self.kerangka.pohon.final_weights()).fillna(0.0)
        butir = [self.kodebuku.butir.get(b) for b in hasil["butir"]]
        hasil["status"] = ["" if b is None else b.yakin for b in butir]
        hasil["catatan"] = ["" if b is None else b.catatan for b in butir]
        return hasil

    def ringkasan_sandaran(self) -> pd.DataFrame:
        """Per sasaran (dan seluruhnya): indikator dipakai, tersedia, dan bagian bobot yang tersedia."""
        s = self.sandaran()
        s = s[s["dipakai"]]
        kelompok = [(k, s[s["sasaran"] == k]) for k in self.kerangka.sasaran] + [(SEMUA, s)]
        return pd.DataFrame(
            {
                "sasaran": kode,
                "dipakai": len(isi),
                "tersedia": int(isi["tersedia"].sum()),
                "bagian_bobot": float((isi["bobot"] * isi["tersedia"]).sum() / isi["bobot"].sum()),
                "tidak_tersedia": ", ".join(isi.loc[~isi["tersedia"], "indikator"].unique()),
                "sebab": isi["sebab"].iloc[0] if kode != SEMUA and isi["sebab"].nunique() == 1 else "",
            }
            for kode, isi in kelompok
            if len(isi)
        )

    # ------------------------------------------------------------------ taksiran

    @_mesin
    def dasar(self, tingkat: str | Sequence[str] = NASIONAL, saring: Mapping[str, object] | None = None) -> Dasar:
        """Taksiran indikator satu tingkat; disimpan untuk pemakaian berikut.

        Raises
        ------
        GalatParameter
            Tingkat, kolom, atau nilai saringan tidak ada.
        """
        kolom = _kolom_tingkat(tingkat, self.sel)
        kunci = kolom, tuple(sorted((k, _tuple(v)) for k, v in (saring or {}).items()))
        if kunci not in self._dasar:
            self._dasar[kunci] = self._hitung_dasar(kolom, saring)
            if len(self._dasar) > _TERSIMPAN:
                self._dasar.popitem(last=False)
        self._dasar.move_to_end(kunci)
        return self._dasar[kunci]

    def _hitung_dasar(self, kolom: tuple[str, ...], saring: Mapping[str, object] | None) -> Dasar:
        daun = self.kerangka.pohon.indicators
        t = estimate(self.sel, kolom, measures=[k for k in self.sel.moments if GARIS not in k], subset=saring)
        letak = {nama: i for i, nama in enumerate(t.names)}
        ada = np.array([k in letak for k in daun])
        ke = np.array([letak[k] for k in daun if k in letak], dtype=int)
        d, v = len(t.domain), len(daun)
        cukup = np.zeros((d, v), dtype=bool)
        cukup[:, ada] = t.n[:, ke] >= self.n_daun
        with np.errstate(invalid="ignore"):
            mentah = t.covariance()[:, ke[:, None], ke]
        garis = np.zeros((d, v))
        skor_garis = self._skor_garis()
        if skor_garis:
            # Skor indikator i dikurangi b_i kali skor garis sasarannya, di seluruh sampel.
            b = np.array([self._pengali_garis(sasaran, t, kolom, saring) for sasaran in skor_garis])
            silang, antargaris = t.score_covariance(np.array(list(skor_garis.values())))
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

        persen, n_daun = isi(t.values), isi(t.n, 1.0)
        ujung = (persen == 0) | (persen == 100)
        halus = np.where(ujung, 100 * (persen / 100 * n_daun + 0.5) / (n_daun + 1), persen)
        di, ke_daun = np.nonzero(ujung)
        kovarian[di, ke_daun, ke_daun] = 1e4 * _ragam_tanpa_kasus(n_daun[di, ke_daun])
        simpul = self.kerangka.simpul
        sumber = [
            letak.get(kode if jenis == "indikator" else f"{sasaran or SEMUA}{PEMISAH}{ANGGOTA}", -1)
            for kode, jenis, sasaran in zip(simpul.index, simpul["jenis"], simpul["sasaran"], strict=True)
        ]
        n, df = (np.concatenate([x, np.zeros((d, 1), dtype=x.dtype)], axis=1)[:, sumber] for x in (t.n, t.df))
        return Dasar(t.domain, persen, isi(t.se), isi(bawah), isi(atas), kovarian, halus, garis, n, df)

    def _skor_garis(self) -> dict[str, np.ndarray]:
        """Sasaran bergaris taksiran -> jumlah skor garisnya tiap PSU rancangan."""
        akhir = f"{GARIS}{PEMISAH}{SKOR}"
        return {
            k.removesuffix(akhir): np.bincount(self.sel.psu, m.y, self.sel.design.psu_count)
            for k, m in self.sel.moments.items()
            if k.endswith(akhir)
        }

    def _pengali_garis(self, sasaran: str, t: Estimates, kolom: tuple[str, ...], saring) -> np.ndarray:
        """Perubahan tiap indikator bila bagian penduduk di bawah garis bertambah satu satuan bobot, (D, V).

        Suku kedua linearisasi rerata di bawah kuantil taksiran (Deville, 1999): ``(E[z | x = garis] - R) f / F``,
        dengan kepadatan dan rerata di garis ditaksir dari pita di sekitarnya.
        """
        hasil = np.zeros((len(t.domain), len(self.kerangka.pohon.indicators)))
        awalan = f"{sasaran}{GARIS}{PEMISAH}"
        lebar = self.sel.moments[awalan + PITA].w.sum()
        letak = {nama: i for i, nama in enumerate(t.names)}
        pasang = [
            (i, letak[k], awalan + k.split(PEMISAH)[1])
            for i, k in enumerate(self.kerangka.pohon.indicators)
            if k in letak and k.split(PEMISAH)[0] == sasaran
        ]
        if not pasang or not lebar:
            return hasil
        dekat = self.sel.collapse(kolom, measures=[u for _, _, u in pasang], subset=saring)
        # Domain tanpa seorang pun di pita tetap ada di susunan: domain mengikuti sel, bukan isinya.
        for j, (i, asal, _) in enumerate(pasang):
            r, x = t.values[:, asal], t.sums.sum_x[:, asal]
            with np.errstate(invalid="ignore", divide="ignore"):
                hasil[:, i] = (dekat.sum_y[:, j] - r * dekat.sum_x[:, j]) / (x * lebar)
        return np.nan_to_num(hasil, posinf=0.0, neginf=0.0)

    @_mesin
    def ulangan(
        self,
        tingkat: str | Sequence[str],
        banyak: int = 200,
        *,
        benih: int = 1,
        saring: Mapping[str, object] | None = None,
    ) -> np.ndarray:
        """Ulangan bootstrap Rao-Wu semua indikator, (ulangan, D, V), dalam persen; urutan seperti :meth:`dasar`.

        Keanggotaan sasaran bergaris taksiran ikut bergerak tiap ulangan, sampai orde pertama.

        Raises
        ------
        GalatHitung
            Ada strata ber-PSU tunggal dengan aturan selain certainty atau remove.
        """
        kolom = _kolom_tingkat(tingkat, self.sel)
        dasar = self.dasar(tingkat, saring)
        daun = self.kerangka.pohon.indicators
        ke = [i for i, k in enumerate(daun) if k in self.sel.moments]
        replikasi = rao_wu(self.sel.design, banyak, seed=benih)
        nilai = replicate_estimates(self.sel, replikasi, kolom, measures=[daun[i] for i in ke], subset=saring)
        for sasaran, skor in self._skor_garis().items():
            milik = [j for j, i in enumerate(ke) if daun[i].split(PEMISAH)[0] == sasaran]
            pengali = dasar.garis[:, [ke[j] for j in milik]]
            for irisan, faktor in replikasi.chunks():
                nilai[irisan][:, :, milik] -= (skor @ faktor)[:, None, None] * pengali
        hasil = np.full((banyak, *dasar.persen.shape), np.nan)
        hasil[:, :, ke] = 100 * np.clip(nilai, 0, 1)
        hasil[:, np.isnan(dasar.persen)] = np.nan
        return hasil

    # ------------------------------------------------------------------ indeks

    @mesin_pohon
    def susunan(self, agregasi: str | Mapping[str, str] = "aritmetik") -> CompiledTree:
        """Pohon siap hitung dengan agregasi tertentu.

        Parameters
        ----------
        agregasi : str atau mapping
            Kode di :data:`kinerja.ikesos.agregasi.CARA_AGREGASI` (baku ``aritmetik``) untuk semua cabang; yang
            hasilnya dapat
            keluar dari rentang anaknya (``hasil_kali``: rumus tercetak apa adanya, ``mazziotta_pareto``) hanya di
            puncak, cabang lain aritmetik; atau kamus kode cabang -> agregasi.
        """
        kunci = agregasi if isinstance(agregasi, str) else tuple(sorted(agregasi.items()))
        if kunci not in self._susunan:
            dasar = self.kerangka.pohon.compile()
            if isinstance(agregasi, str):
                cara = cara_agregasi(agregasi)
                baru = dasar.with_aggregation(cara.code if cara.internal else {self.kerangka.pohon.top: cara.code})
            else:
                cabang = self.kerangka.perluas(agregasi)
                baru = dasar.with_aggregation({k: cara_agregasi(v).code for k, v in cabang.items()})
            self._susunan[kunci] = baru
        return self._susunan[kunci]

    def normal(
        self,
        tingkat: str | Sequence[str] = NASIONAL,
        saring: Mapping[str, object] | None = None,
        *,
        skala_bawah: float = 0.0,
    ) -> pd.DataFrame:
        """Indikator ternormalkan menurut tonggak, unit x indikator: masukan bagi analisis :mod:`indextree`."""
        dasar = self.dasar(tingkat, saring)
        nilai, _ = self.normalkan(dasar.persen, skala_bawah)
        return pd.DataFrame(nilai, index=_indeks(dasar.domain), columns=list(self.kerangka.pohon.indicators))

    def normalkan(self, persen: np.ndarray, skala_bawah: float) -> tuple[np.ndarray, np.ndarray]:
        """Nilai pada skala indeks, dan turunannya terhadap persen (nol di luar tonggak)."""
        bawah, atas, arah = self._tonggak
        bagian = (persen - bawah) / (atas - bawah)
        turunan = np.where((bagian >= 0) & (bagian <= 1), arah / (atas - bawah), 0.0) * (SKALA_ATAS - skala_bawah)
        bagian = np.clip(bagian, 0, 1)
        return skala_bawah + (SKALA_ATAS - skala_bawah) * np.where(arah > 0, bagian, 1 - bagian), turunan

    @cached_property
    def _tonggak(self) -> tuple[np.ndarray, ...]:
        """Tonggak bawah, tonggak atas, dan arah tiap indikator."""
        t = self.kerangka.pohon.table.loc[list(self.kerangka.pohon.indicators)]
        return tuple(t[k].to_numpy(dtype=float) for k in ("goalpost_lower", "goalpost_upper", "direction"))

    def skala_bawah(self, susunan: CompiledTree) -> float:
        """Nilai indeks bagi indikator terburuk: 0, atau 1 bila ada agregasi yang tidak mengenal nol."""
        return max(cara.base for cara in susunan.means)

    @_mesin
    @mesin_pohon
    def hitung(
        self,
        tingkat: str | Sequence[str] = NASIONAL,
        sasaran: str = SEMUA,
        bobot: Mapping[str, float] | None = None,
        agregasi: str | Mapping[str, str] = "aritmetik",
        saring: Mapping[str, object] | None = None,
        *,
        simpul: str | Sequence[str] = "puncak",
        dasar: str | Sandaran = SAMA,
        kepercayaan: float = 0.95,
        tahan: bool = True,
    ) -> pd.DataFrame:
        """Indeks dan bagian-bagiannya di satu tingkat.

        Parameters
        ----------
        tingkat : str atau daftar str
            ``nasional``, ``provinsi``, ``kabkota``, ``daerah``, ``kelamin``, atau silangnya.
        sasaran : str
            ``semua`` atau satu kode sasaran.
        bobot : mapping, optional
            Kode -> bobot tak negatif; ``KD`` mengubah dimensi itu di semua sasaran, ``rt/KD`` di satu sasaran, ``rt``
            bobot sasaran. Yang tidak disebut berbobot 1.
        agregasi
            Lihat :meth:`susunan`.
        saring : mapping, optional
            Batasi subpopulasi, misalnya ``{"daerah": 1}``; rancangan tetap utuh.
        simpul
            Lihat :meth:`Kerangka.pilih`.
        dasar : {"sama", "tersedia"} atau Sandaran
            ``sama``: setiap domain dihitung atas indikator yang tersedia di semua domain yang diperingkat (lihat
            :meth:`sandaran_bersama`); domain yang tetap kekurangan tidak diperingkat. ``tersedia``: setiap domain atas
            apa yang ada padanya, dan yang berbeda disebut di ``keterangan``. Sandaran: dasar tingkat lain.
        kepercayaan : float
            Tingkat selang.
        tahan : bool
            Kosongkan nilai yang n-nya kurang dari ``n_minimum`` atau RSE-nya di atas 50 persen, dan pelengkapnya
            (:func:`kinerja.kerahasiaan.tahan_pohon`).

        Returns
        -------
        DataFrame
            Kolom domain, lalu ``simpul``, ``jenis``, ``sasaran``, ``kode``, ``nama``, ``nilai`` (0 sampai 100;
            indikator dalam persen mentah), ``se``, ``bawah``, ``atas``, ``rse`` (persen), ``n``, ``df``,
            ``bagian_bobot`` (0 sampai 1: bagian bobot yang datanya tersedia), ``tanda`` ("", hati-hati, ditahan,
            tidak tersedia), ``peringkat`` (Int64, antarbaris satu simpul; yang ditahan tidak diperingkat),
            ``keadaan``, ``induk`` (kode simpul di atasnya), ``dipakai`` (bool: masuk hitungan induknya),
            ``tanpa_kasus`` (banyaknya indikator di bawahnya yang tepat 0 atau 100 persen), ``keterangan`` (sebab tidak
            tersedia, dasar yang berbeda, indikator tanpa kasus). Galat dan selang kosong bila nilainya kosong.

        Raises
        ------
        GalatParameter
            Pilihan tidak dikenal, atau bobot negatif.
        """
        kode = self.kerangka.pilih(simpul, sasaran)
        d = self.dasar(tingkat, saring)
        susunan = self.susunan(agregasi)
        w = self.larik_bobot(bobot, susunan)
        sandaran = self._sandaran(d, susunan, w, dasar)
        w_pakai = sandaran.bobot(susunan, w)
        bawah_skala = self.skala_bawah(susunan)
        normal, turunan = self.normalkan(np.where(sandaran.daun, d.persen, np.nan), bawah_skala)
        letak = susunan.positions(kode)
        semua = susunan.compute(normal, w_pakai)
        bagian = _bagian_bobot(susunan, semua, w, w_pakai)
        kurang_bobot = np.zeros(semua.shape, dtype=bool)
        kurang_bobot[-1] = ~np.isnan(semua[-1]) & (bagian[-1] < self.ambang_bobot - _PEMBULATAN)
        semua[kurang_bobot] = np.nan
        dipakai = ~np.isnan(semua) & (w_pakai > 0)[:, None]
        nilai, n, df = semua[letak].T.copy(), d.n[:, letak], d.df[:, letak]
        # Turunan diambil di tempat yang dihaluskan: indikator tanpa kasus ada di ujung skalanya.
        semua_halus = semua
        if d.tanpa_kasus.any():
            halus, _ = self.normalkan(np.where(sandaran.daun, d.halus, np.nan), bawah_skala)
            semua_halus = susunan.compute(halus, w_pakai)
        se = self._galat_baku(d, susunan, semua_halus, turunan, w_pakai, letak)
        pusat = semua_halus[letak].T
        bawah, atas = self._selang_cabang(susunan, nilai, pusat, se, df, letak, kepercayaan)
        daun = letak < susunan.n_indicators
        if daun.any():
            # Indikator ditampilkan sebagai persen apa adanya, dengan selang proporsinya; normalisasi hanya bagi indeks.
            ke = letak[daun]
            nilai[:, daun], se[:, daun] = d.persen[:, ke], d.se[:, ke]
            if kepercayaan == 0.95:
                bawah[:, daun], atas[:, daun] = d.bawah[:, ke], d.atas[:, ke]
            else:
                bawah[:, daun], atas[:, daun] = self._selang_daun(d, ke, n[:, daun], df[:, daun], kepercayaan)
        rse = relative_se(nilai, se)
        lebar = np.full(nilai.shape, np.nan)
        lebar[:, daun] = (d.atas - d.bawah)[:, letak[daun]] / SKALA_ATAS
        tanda = _tanda(rse, se, n, df=df, width=lebar, min_n=self.n_minimum)
        tanda[np.isnan(nilai)] = TIDAK_TERSEDIA
        if tahan:
            tanda = self._tahan(d, susunan, dipakai, letak, tanda)
        sembunyi = tanda == DITAHAN
        kosong = np.isnan(nilai) | (sembunyi if tahan else False)
        for larik in (nilai, se, bawah, atas, rse):
            larik[kosong] = np.nan
        beda = self._beda_dasar(susunan, bagian, dasar, sandaran, w)[letak].T & ~np.isnan(nilai)
        peringkat = rank_array(np.where(sembunyi | (beda & (dasar != TERSEDIA)), np.nan, nilai).T).T
        tanpa_kasus = _jumlah_di_bawah(susunan, d.tanpa_kasus.T, dipakai)[letak].T
        tanpa_kasus[kosong] = 0
        keterangan = self._keterangan(kode, tanda, beda, tanpa_kasus, kurang_bobot[letak].T, bagian[letak].T)
        return self._bingkai(
            d, kode, nilai=nilai, se=se, bawah=bawah, atas=atas, rse=rse, n=n, df=df, bagian_bobot=bagian[letak].T,
            tanda=tanda, peringkat=peringkat, dipakai=dipakai[letak].T, tanpa_kasus=tanpa_kasus, keterangan=keterangan,
        )  # fmt: skip

    @mesin_pohon
    def sandaran_bersama(
        self,
        tingkat: str | Sequence[str],
        bobot: Mapping[str, float] | None = None,
        saring: Mapping[str, object] | None = None,
    ) -> Sandaran:
        """Dasar bersama satu tingkat.

        Berikan kepada ``hitung(..., dasar=...)`` untuk menghitung tingkat lain, misalnya nasional, atas dasar itu.
        """
        susunan = self.susunan()
        return self._sandaran(self.dasar(tingkat, saring), susunan, self.larik_bobot(bobot, susunan), SAMA)

    def _sandaran(self, d: Dasar, susunan: CompiledTree, w: np.ndarray, dasar: str | Sandaran) -> Sandaran:
        """Indikator dan sasaran yang masuk hitungan.

        Dasar bersama ditentukan per sasaran, di antara domain yang anggotanya cukup; lalu puncak memakai sasaran yang
        dasarnya lengkap di semua domain yang diperingkat. Bila yang sama di semua domain terlalu sedikit, domain yang
        paling kurang lengkap dikeluarkan dari peringkat, satu demi satu.
        """
        if isinstance(dasar, Sandaran):
            return dasar
        daun = self.kerangka.pohon.indicators
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
            layak = (d.n[:, i] >= self.n_minimum) & (ada & milik).any(axis=1)
            isi = ada[layak] & milik if layak.any() else (ada & milik).any(axis=0)[None]
            penuh = bobot_daun * milik
            batas = DASAR_TERKECIL * (isi @ penuh).max()
            bersama = _bersama(isi, penuh, batas, lambda m, i=i: _terhitung(susunan, m, w, i))
            pakai |= bersama
            lengkap[:, j] = bersama.any() and ada[:, bersama].all(axis=1)
        layak = (d.n[:, -1] >= self.n_minimum) & lengkap.any(axis=1)
        lepas: list[str] = []
        if layak.any():
            isi = np.array(
                [(bobot_daun * pakai)[[k.split(PEMISAH)[0] == susunan.codes[i] for k in daun]].sum() for i in simpul]
            )
            bersama = _bersama(lengkap[layak], isi, self.ambang_bobot, lambda m: m.any(axis=1))
            lepas = [susunan.codes[i] for i in simpul[~bersama]]
        return Sandaran(pakai, tuple(lepas))

    def _beda_dasar(
        self, susunan: CompiledTree, bagian: np.ndarray, dasar, sandaran: Sandaran, w: np.ndarray
    ) -> np.ndarray:
        """Simpul yang dasarnya kurang dari dasar bersama (atau dari yang terlengkap), (simpul, D)."""
        if dasar == SAMA and bagian.shape[1] > 1:
            w_pakai = sandaran.bobot(susunan, w)
            utuh = susunan.compute(np.where(sandaran.daun, 50.0, np.nan)[None], w_pakai)
            acuan = _bagian_bobot(susunan, utuh, w, w_pakai)[:, 0]
        else:
            acuan = bagian.max(axis=1, initial=0.0)
        hasil = bagian < acuan[:, None] - _PEMBULATAN
        hasil[: susunan.n_indicators] = False
        return hasil

    def _tahan(
        self, d: Dasar, susunan: CompiledTree, dipakai: np.ndarray, letak: np.ndarray, tanda: np.ndarray
    ) -> np.ndarray:
        """Tanda dengan pelengkap, diputuskan atas seluruh pohon: sama bagi simpul mana pun yang diminta."""
        n = d.n.T
        sembunyi = dipakai & (n < self.n_minimum)
        v = susunan.n_indicators
        sembunyi[:v] |= d.daun_ditahan(self.n_minimum).T
        sembunyi[letak] |= (tanda == DITAHAN).T
        lengkap = kerahasiaan.tahan_pohon(sembunyi, dipakai, susunan.children, n)
        return np.where(lengkap[letak].T & (tanda != TIDAK_TERSEDIA), DITAHAN, tanda)

    def _keterangan(self, kode: list[str], tanda, beda, tanpa_kasus, kurang_bobot, bagian) -> np.ndarray:
        hasil = np.full(tanda.shape, "", dtype=object)
        tiada = tanda == TIDAK_TERSEDIA
        for j, satu in enumerate(kode):
            if tiada[:, j].any():
                hasil[tiada[:, j], j] = self.sebab(satu)
        for i, j in zip(*np.nonzero(kurang_bobot), strict=True):
            hasil[i, j] = self.sebab(kode[j], bagian[i, j])
        for i, j in zip(*np.nonzero(beda & ~tiada), strict=True):
            hasil[i, j] = f"dasar berbeda ({100 * bagian[i, j]:.0f}% bobot)"
        for i, j in zip(*np.nonzero((tanpa_kasus > 0) & ~tiada), strict=True):
            catatan = f"{tanpa_kasus[i, j]} indikator tanpa kasus"
            hasil[i, j] = f"{hasil[i, j]}; {catatan}" if hasil[i, j] else catatan
        return hasil

    def sebab(self, kode: str, bagian: float = 0.0) -> str:
        """Mengapa sebuah simpul tidak tersedia; ``bagian``: bagian bobot yang ada (Ikesos), 0 sampai 1."""
        if bagian > 0:
            return Catatan("bobot_kurang", bagian=100 * bagian, ambang=100 * self.ambang_bobot)
        if kode in self.kurang:
            return self.kurang[kode]
        if kode in self.kerangka.pohon.indicators:
            return Catatan("responden_sedikit", n=self.n_daun)
        sebab = {self.kurang.get(k, "") for k in self.kerangka.pohon.leaves(kode)}
        return sebab.pop() if len(sebab) == 1 and "" not in sebab else Catatan("indikator_sedikit")

    @mesin_pohon
    def larik_bobot(self, bobot: Mapping[str, float] | None, susunan: CompiledTree | None = None) -> np.ndarray:
        """Larik bobot simpul dari kode kerangka atau kode simpul; lihat :meth:`hitung`."""
        susunan = self.susunan() if susunan is None else susunan
        return susunan.weight_array(self.kerangka.perluas(bobot) if bobot else None)

    def _galat_baku(self, dasar: Dasar, susunan: CompiledTree, semua, turunan, w, letak: np.ndarray) -> np.ndarray:
        """Galat baku metode delta tiap simpul terpilih, (D, simpul); turunannya di nilai simpul ``semua``."""
        cabang = letak >= susunan.n_indicators
        hasil = np.full((len(turunan), len(letak)), np.nan)
        if cabang.any():
            g = node_gradients(susunan, semua, w, letak[cabang]).transpose(1, 0, 2) * turunan[:, None, :]
            g = np.where(np.isnan(g), 0.0, g)
            hasil[:, cabang] = np.sqrt(np.maximum(((g @ dasar.kovarian) * g).sum(axis=2), 0.0))
        return hasil

    def _selang_cabang(
        self, susunan: CompiledTree, nilai, pusat, se, df, letak: np.ndarray, kepercayaan: float
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
        a, b = self.skala_bawah(susunan), SKALA_ATAS
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

    def _selang_daun(self, dasar: Dasar, ke: np.ndarray, n, df, kepercayaan: float) -> tuple[np.ndarray, np.ndarray]:
        p, se = dasar.persen[:, ke] / 100, dasar.se[:, ke] / 100
        bawah, atas = confidence_interval(p, se, df, method="logit", level=kepercayaan)
        ujung = (p == 0) | (p == 1)
        if ujung.any():
            bawah[ujung], atas[ujung] = confidence_interval(
                p[ujung], se[ujung], df[ujung], method="beta", level=kepercayaan, n=n[ujung]
            )
        return 100 * bawah, 100 * atas

    def _bingkai(self, dasar: Dasar, kode: list[str], **larik: np.ndarray) -> pd.DataFrame:
        d, k = larik["nilai"].shape
        s = self.kerangka.simpul.loc[kode]
        isi: dict[str, object] = {x: dasar.domain[x].to_numpy().repeat(k) for x in dasar.domain.columns}
        isi["simpul"] = np.tile(s.index.to_numpy(dtype=object), d)
        isi |= {x: np.tile(s[x].to_numpy(dtype=object), d) for x in ("jenis", "sasaran", "kode", "nama")}
        tambahan = ("dipakai", "tanpa_kasus", "keterangan")
        isi |= {x: a.ravel() for x, a in larik.items() if x not in ("peringkat", *tambahan)}
        peringkat = larik["peringkat"].ravel()
        isi["peringkat"] = pd.arrays.IntegerArray(peringkat.astype(np.int64), peringkat == 0)
        keadaan = np.where(isi["tanda"] == TIDAK_TERSEDIA, "tidak_tersedia", self.keadaan)
        induk = self.kerangka.pohon.column("parent").reindex(kode).fillna("").to_numpy(dtype=object)
        isi |= {"keadaan": keadaan, "induk": np.tile(induk, d)}
        return pd.DataFrame({**isi, **{x: larik[x].ravel() for x in tambahan}}, copy=False)


@_mesin
def siapkan(
    bingkai: pd.DataFrame,
    kodebuku: Kodebuku,
    kerangka: Kerangka,
    *,
    keadaan: str = "diturunkan",
    catatan: Sequence[str] = (),
    definisi: Mapping[str, str] | None = None,
    psu_tunggal: str = "fail",
    n_minimum: int = N_MINIMUM,
    n_daun: int = N_DAUN,
    ambang_bobot: float = AMBANG_BOBOT,
    lipat: Regions | None = None,
) -> SiapIkesos:
    """Ringkas data mikro menjadi sel PSU x wilayah, sekali untuk semua perhitungan.

    Parameters
    ----------
    bingkai : DataFrame
        Satu baris per anggota rumah tangga, kolom bernama seperti kodebuku.
    kodebuku : Kodebuku
    kerangka : Kerangka
        Disusun dari kodebuku yang sama.
    keadaan : {"diturunkan", "sintetis"}
    catatan : sequence of str
        Yang perlu disebut tentang berkasnya (:attr:`kinerja.mikro.Mikro.catatan`); mendahului ``keterangan``.
    definisi : mapping sasaran -> butir, optional
        Misalnya ``{"rt": "rt_bansos"}``.
    psu_tunggal
        Lihat :class:`surveyest.Design`.
    n_minimum, n_daun : int
        Lihat :class:`SiapIkesos`.
    ambang_bobot : float
        Lihat :class:`SiapIkesos`; 0 sampai 1.
    lipat : Regions, optional
        Kode provinsi dan kabupaten/kota hasil pemekaran dilipat ke kode lama; strata dan PSU tetap menurut berkasnya.

    Raises
    ------
    GalatData
        Kodebuku tidak cocok dengan data (kolom wajib, semua sasaran kosong, jenis isi).
    GalatHitung
        Strata ber-PSU tunggal.
    """
    if n_daun < 1 or n_minimum < 1:
        raise GalatParameter("n_daun dan n_minimum harus sedikitnya 1.")
    if not 0 <= ambang_bobot <= 1:
        raise GalatParameter(f"ambang_bobot harus dari 0 sampai 1, bukan {ambang_bobot:g}.")
    ukuran, rancangan = nilai_kodebuku(bingkai, kodebuku, kerangka, dict(definisi or {}))
    # Nomor PSU Susenas unik di seluruh berkas dan tidak melintasi strata; bila melintasi, berkasnya salah gabung.
    desain = Design.from_frame(rancangan.bingkai, weights="bobot", strata="strata", psu="psu", lonely_psu=psu_tunggal)
    if lipat is not None:
        rancangan.keterangan.append(lipat.fold_note(ukuran.wilayah["provinsi"].dropna().unique()))
        kolom = [k for k in ("provinsi", "kabkota") if k in ukuran.wilayah]
        ukuran.wilayah = ukuran.wilayah.assign(**{k: lipat.fold(ukuran.wilayah[k]) for k in kolom})
    sel = summarise(desain, ukuran, ukuran.nama, domain=list(ukuran.wilayah.columns))
    return SiapIkesos(
        sel,
        kerangka,
        kodebuku,
        keadaan,
        ukuran.kurang,
        (*catatan, *rancangan.keterangan),
        n_minimum=n_minimum,
        n_daun=n_daun,
        ambang_bobot=ambang_bobot,
    )


def _ragam_tanpa_kasus(n: np.ndarray) -> np.ndarray:
    """Ragam proporsi yang tidak satu pun (atau semua) dari n respondennya berkasus.

    Jarak dari ujung ke batas selang Jeffreys 95 persen, Beta(1/2, n + 1/2), dibagi 1,96. Ragam taksirannya sendiri nol,
    dan ragam ``(x + 1/2)/(n + 1)`` masih terlalu kecil bagi rata-rata geometrik (benchmarks/simulasi_cakupan.py).
    """
    from scipy.special import betaincinv

    return (betaincinv(0.5, n + 0.5, 0.975) / 1.959964) ** 2


def _kolom_tingkat(tingkat: str | Sequence[str], sel: Cells) -> tuple[str, ...]:
    daftar = (tingkat,) if isinstance(tingkat, str) else tuple(tingkat)
    kolom = tuple(k for k in daftar if k != NASIONAL)
    asing = [k for k in kolom if k not in sel.domain_codes]
    if asing or not daftar:
        raise GalatParameter(
            f"Tingkat '{', '.join(asing)}' tidak ada di data; pilihannya: {NASIONAL}, {', '.join(sel.domain_codes)}."
        )
    return kolom


def _tanda(*larik: np.ndarray, **pilihan) -> np.ndarray:
    """:func:`surveyest.reliability_flags` dengan kata-kata laporan."""
    tanda = reliability_flags(*larik, **pilihan)
    tanda[tanda == CAUTION], tanda[tanda == SUPPRESSED] = HATI_HATI, DITAHAN
    return tanda


def _tuple(nilai: object) -> tuple:
    return tuple(nilai) if isinstance(nilai, list | tuple | set | np.ndarray | pd.Index) else (nilai,)


def _indeks(domain: pd.DataFrame) -> pd.Index:
    if not len(domain.columns):
        return pd.Index([NASIONAL], name="tingkat")
    if len(domain.columns) == 1:
        return pd.Index(domain.iloc[:, 0])
    return pd.MultiIndex.from_frame(domain)


def _bagian_bobot(susunan: CompiledTree, nilai: np.ndarray, w: np.ndarray, dipakai: np.ndarray) -> np.ndarray:
    """Bagian bobot ``w`` di bawah tiap simpul yang benar-benar masuk hitungan berbobot ``dipakai``, (simpul, unit)."""
    bagian = (~np.isnan(nilai)).astype(float)
    for c, anak in enumerate(susunan.children):
        i = susunan.n_indicators + c
        total = w[anak].sum()
        bagian[i] *= ((w * (dipakai > 0))[anak] @ bagian[anak]) / total if total > 0 else 0.0
    return bagian


def _jumlah_di_bawah(susunan: CompiledTree, daun: np.ndarray, dipakai: np.ndarray) -> np.ndarray:
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
    layak = (unik @ bobot >= batas - _PEMBULATAN) & terhitung(unik)
    layak[0] = True
    return unik[np.flatnonzero(layak)[-1]]
