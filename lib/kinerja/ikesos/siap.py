"""Ikesos yang sudah disiapkan: data mikro diringkas sekali, lalu dihitung ulang dalam beberapa milidetik."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from indextree import CompiledTree, rank_array
from kinerja import kerahasiaan
from kinerja.errors import GalatParameter, engine_errors
from kinerja.ikesos.dasar import (
    DITAHAN,
    NASIONAL,
    PEMBULATAN,
    SAMA,
    SKALA_ATAS,
    TERSEDIA,
    TIDAK_TERSEDIA,
    Dasar,
    Sandaran,
    bagian_bobot,
    beda_dasar,
    galat_baku,
    hitung_dasar,
    jumlah_di_bawah,
    kolom_tingkat,
    selang,
    skor_garis,
    tanda,
    tentukan_sandaran,
)
from kinerja.ikesos.kerangka import PEMISAH, Kerangka, cara_agregasi, mesin_pohon
from kinerja.ikesos.ukuran import SEMUA, nilai_kodebuku
from kinerja.istilah import Catatan, kalimat
from kinerja.mikro import Kodebuku
from surveyest import Cells, Design, ParameterError, SurveyError, rao_wu, relative_se, replicate_estimates, summarise

if TYPE_CHECKING:
    from kinerja.wilayah import Regions

N_MINIMUM, N_DAUN = 30, 10
AMBANG_BOBOT = 0.4
"""Ikesos yang bersandar pada bagian bobot lebih kecil dari ini tidak diterbitkan. Kor yang lengkap menanyakan 0,53
sampai 0,58 bobot; tanpa satu dari tiga sasarannya tinggal 0,39 ke bawah."""

_mesin = engine_errors(ParameterError, SurveyError)
_TERSIMPAN = 16


@dataclass
class SiapIkesos:
    """Sel survei dan pohon indeks yang siap dihitung. Buat dengan :func:`siapkan`."""

    sel: Cells
    kerangka: Kerangka
    kodebuku: Kodebuku
    keadaan: str
    """``sintetis`` atau ``diturunkan``; ikut di setiap baris hasil."""
    kurang: dict[str, str]
    """Simpul indikator yang tidak tersedia -> sebabnya."""
    keterangan: tuple[str, ...]
    """Catatan tentang rancangan survei; :func:`kinerja.istilah.kalimat` memberi bahasa yang berlaku."""
    n_minimum: int = N_MINIMUM
    """Hasil dengan responden lebih sedikit ditahan."""
    n_daun: int = N_DAUN
    """Indikator dengan responden lebih sedikit dianggap tidak tersedia di domain itu."""
    ambang_bobot: float = AMBANG_BOBOT
    """Ikesos yang bersandar pada bagian bobot lebih kecil tidak diterbitkan."""
    _dasar: OrderedDict = field(default_factory=OrderedDict, repr=False)
    _susunan: dict = field(default_factory=dict, repr=False)

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

        Kolom ``Kerangka.indikator``, lalu ``sebab`` (mengapa tidak, dalam bahasa yang berlaku), ``tersedia`` (bool),
        ``bobot`` (bobot baku terhadap Ikesos, 0 sampai 1; 0 bila tidak dipakai), ``status`` dan ``catatan`` kodebuku.
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

    @_mesin
    def dasar(self, tingkat: str | Sequence[str] = NASIONAL, saring: Mapping[str, object] | None = None) -> Dasar:
        """Taksiran indikator satu tingkat, disimpan untuk pemakaian berikut; parameternya seperti :meth:`hitung`."""
        kolom = kolom_tingkat(tingkat, self.sel)
        larik = (list, tuple, set, np.ndarray, pd.Index)
        isi = ((k, tuple(v) if isinstance(v, larik) else (v,)) for k, v in (saring or {}).items())
        kunci = kolom, tuple(sorted(isi))
        if kunci not in self._dasar:
            self._dasar[kunci] = hitung_dasar(self.sel, self.kerangka, kolom, saring, self.n_daun)
            if len(self._dasar) > _TERSIMPAN:
                self._dasar.popitem(last=False)
        self._dasar.move_to_end(kunci)
        return self._dasar[kunci]

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
        kolom, dasar = kolom_tingkat(tingkat, self.sel), self.dasar(tingkat, saring)
        daun = self.kerangka.pohon.indicators
        ke = [i for i, k in enumerate(daun) if k in self.sel.moments]
        replikasi = rao_wu(self.sel.design, banyak, seed=benih)
        nilai = replicate_estimates(self.sel, replikasi, kolom, measures=[daun[i] for i in ke], subset=saring)
        for sasaran, skor in skor_garis(self.sel).items():
            milik = [j for j, i in enumerate(ke) if daun[i].split(PEMISAH)[0] == sasaran]
            pengali = dasar.garis[:, [ke[j] for j in milik]]
            for irisan, faktor in replikasi.chunks():
                nilai[irisan][:, :, milik] -= (skor @ faktor)[:, None, None] * pengali
        hasil = np.full((banyak, *dasar.persen.shape), np.nan)
        hasil[:, :, ke] = 100 * np.clip(nilai, 0, 1)
        hasil[:, np.isnan(dasar.persen)] = np.nan
        return hasil

    @mesin_pohon
    def susunan(self, agregasi: str | Mapping[str, str] = "aritmetik") -> CompiledTree:
        """Pohon siap hitung dengan agregasi tertentu.

        Parameters
        ----------
        agregasi : str atau mapping
            Kode di :data:`CARA_AGREGASI` (baku ``aritmetik``) untuk semua cabang; yang hasilnya dapat keluar dari
            rentang anaknya (``hasil_kali``: rumus tercetak apa adanya, ``mazziotta_pareto``) hanya di puncak, cabang
            lain aritmetik; atau kamus kode cabang -> agregasi.
        """
        kunci = agregasi if isinstance(agregasi, str) else tuple(sorted(agregasi.items()))
        if kunci not in self._susunan:
            if isinstance(agregasi, str):
                cara = cara_agregasi(agregasi)
                baru = cara.code if cara.internal else {self.kerangka.pohon.top: cara.code}
            else:
                baru = {k: cara_agregasi(v).code for k, v in self.kerangka.perluas(agregasi).items()}
            self._susunan[kunci] = self.kerangka.pohon.compile().with_aggregation(baru)
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
        kolom = list(dasar.domain)
        indeks = dasar.domain.set_index(kolom).index if kolom else pd.Index([NASIONAL], name="tingkat")
        return pd.DataFrame(nilai, index=indeks, columns=list(self.kerangka.pohon.indicators))

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
        agregasi, simpul
            Lihat :meth:`susunan` dan :meth:`Kerangka.pilih`.
        saring : mapping, optional
            Batasi subpopulasi, misalnya ``{"daerah": 1}``; rancangan tetap utuh.
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
        bagian = bagian_bobot(susunan, semua, w, w_pakai)
        kurang_bobot = np.zeros(semua.shape, dtype=bool)
        kurang_bobot[-1] = ~np.isnan(semua[-1]) & (bagian[-1] < self.ambang_bobot - PEMBULATAN)
        semua[kurang_bobot] = np.nan
        dipakai = ~np.isnan(semua) & (w_pakai > 0)[:, None]
        nilai, n, df = semua[letak].T.copy(), d.n[:, letak], d.df[:, letak]
        # Turunan diambil di tempat yang dihaluskan: indikator tanpa kasus ada di ujung skalanya.
        semua_halus = semua
        if d.tanpa_kasus.any():
            halus, _ = self.normalkan(np.where(sandaran.daun, d.halus, np.nan), bawah_skala)
            semua_halus = susunan.compute(halus, w_pakai)
        se = galat_baku(d, susunan, semua_halus, turunan, w_pakai, letak)
        bawah, atas = selang(d, susunan, nilai, semua_halus[letak].T, se, n, df, letak, kepercayaan, bawah_skala)
        # Indikator ditampilkan sebagai persen apa adanya, dengan selang proporsinya; normalisasi hanya bagi indeks.
        daun = letak < susunan.n_indicators
        nilai[:, daun], se[:, daun] = d.persen[:, letak[daun]], d.se[:, letak[daun]]
        rse = relative_se(nilai, se)
        lebar = np.full(nilai.shape, np.nan)
        lebar[:, daun] = (d.atas - d.bawah)[:, letak[daun]] / SKALA_ATAS
        keandalan = tanda(rse, se, n, df=df, width=lebar, min_n=self.n_minimum)
        keandalan[np.isnan(nilai)] = TIDAK_TERSEDIA
        if tahan:
            keandalan = self._tahan(d, susunan, dipakai, letak, keandalan)
        sembunyi = keandalan == DITAHAN
        kosong = np.isnan(nilai) | (sembunyi if tahan else False)
        for larik in (nilai, se, bawah, atas, rse):
            larik[kosong] = np.nan
        beda = beda_dasar(susunan, bagian, dasar, sandaran, w)[letak].T & ~np.isnan(nilai)
        peringkat = rank_array(np.where(sembunyi | (beda & (dasar != TERSEDIA)), np.nan, nilai).T).T
        tanpa_kasus = jumlah_di_bawah(susunan, d.tanpa_kasus.T, dipakai)[letak].T
        tanpa_kasus[kosong] = 0
        keterangan = self._keterangan(kode, keandalan, beda, tanpa_kasus, kurang_bobot[letak].T, bagian[letak].T)
        return self._bingkai(
            d, kode, nilai=nilai, se=se, bawah=bawah, atas=atas, rse=rse, n=n, df=df, bagian_bobot=bagian[letak].T,
            tanda=keandalan, peringkat=peringkat, dipakai=dipakai[letak].T, tanpa_kasus=tanpa_kasus,
            keterangan=keterangan,
        )  # fmt: skip

    @mesin_pohon
    def sandaran_bersama(
        self,
        tingkat: str | Sequence[str],
        bobot: Mapping[str, float] | None = None,
        saring: Mapping[str, object] | None = None,
    ) -> Sandaran:
        """Dasar bersama satu tingkat, bagi ``hitung(..., dasar=...)`` tingkat lain, misalnya nasional."""
        susunan = self.susunan()
        return self._sandaran(self.dasar(tingkat, saring), susunan, self.larik_bobot(bobot, susunan), SAMA)

    def _sandaran(self, d: Dasar, susunan: CompiledTree, w: np.ndarray, dasar: str | Sandaran) -> Sandaran:
        return tentukan_sandaran(d, susunan, w, dasar, n_minimum=self.n_minimum, ambang_bobot=self.ambang_bobot)

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
        for j in np.flatnonzero(tiada.any(axis=0)):
            hasil[tiada[:, j], j] = self.sebab(kode[j])
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
        return (susunan or self.susunan()).weight_array(self.kerangka.perluas(bobot) if bobot else None)

    def _bingkai(self, dasar: Dasar, kode: list[str], **larik: np.ndarray) -> pd.DataFrame:
        d, k = larik["nilai"].shape
        s = self.kerangka.simpul.loc[kode]
        isi: dict[str, object] = {x: dasar.domain[x].to_numpy().repeat(k) for x in dasar.domain.columns}
        isi["simpul"] = np.tile(s.index.to_numpy(dtype=object), d)
        isi |= {x: np.tile(s[x].to_numpy(dtype=object), d) for x in ("jenis", "sasaran", "kode", "nama")}
        tambahan = {x: larik.pop(x).ravel() for x in ("dipakai", "tanpa_kasus", "keterangan")}
        peringkat = larik.pop("peringkat").ravel()
        isi |= {x: a.ravel() for x, a in larik.items()}
        isi["peringkat"] = pd.arrays.IntegerArray(peringkat.astype(np.int64), peringkat == 0)
        keadaan = np.where(isi["tanda"] == TIDAK_TERSEDIA, "tidak_tersedia", self.keadaan)
        induk = self.kerangka.pohon.column("parent").reindex(kode).fillna("").to_numpy(dtype=object)
        return pd.DataFrame(isi | {"keadaan": keadaan, "induk": np.tile(induk, d)} | tambahan, copy=False)


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
    kerangka : Kerangka
        Disusun dari kodebuku yang sama.
    catatan : sequence of str
        Yang perlu disebut tentang berkasnya (:attr:`kinerja.mikro.Mikro.catatan`); mendahului ``keterangan``.
    definisi : mapping sasaran -> butir, optional
        Misalnya ``{"rt": "rt_bansos"}``.
    psu_tunggal
        Lihat :class:`surveyest.Design`.
    n_minimum, n_daun, ambang_bobot
        Lihat :class:`SiapIkesos`.
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
    keterangan = (*catatan, *rancangan.keterangan)
    return SiapIkesos(sel, kerangka, kodebuku, keadaan, ukuran.kurang, keterangan, n_minimum, n_daun, ambang_bobot)
