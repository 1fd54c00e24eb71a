"""Ikesos yang sudah disiapkan: data mikro diringkas sekali, lalu dihitung ulang dalam beberapa milidetik."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kinerja.errors import GalatParameter
from kinerja.ikesos.kerangka import PEMISAH, Kerangka
from kinerja.ikesos.ukuran import ANGGOTA, SEMUA, nilai_kodebuku
from kinerja.index import Susunan, rank_array
from kinerja.index.means import MEANS, choices
from kinerja.index.urai import node_gradients
from kinerja.mikro import Kodebuku
from kinerja.survey import (
    DITAHAN,
    Desain,
    Sel,
    estimasi_replikasi,
    hitung_rse,
    rao_wu,
    ringkas,
    selang_kepercayaan,
    taksir,
    tandai,
)

TIDAK_TERSEDIA = "tidak tersedia"
NASIONAL = "nasional"
SKALA_ATAS = 100.0
N_MINIMUM, N_DAUN = 30, 10
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
        Kovarian dalam poin persen kuadrat; nol bagi yang tidak tersedia.
    n, df : ndarray (D, S)
        Responden dan derajat bebas tiap simpul pohon (S simpul, urutan ``Pohon.kode``).
    """

    domain: pd.DataFrame
    persen: np.ndarray
    se: np.ndarray
    bawah: np.ndarray
    atas: np.ndarray
    kovarian: np.ndarray
    n: np.ndarray
    df: np.ndarray


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
    kurang : dict of str to str
        Simpul indikator yang tidak tersedia -> sebabnya.
    keterangan : tuple of str
        Catatan tentang rancangan survei.
    n_minimum : int
        Hasil dengan responden lebih sedikit ditahan.
    n_daun : int
        Indikator dengan responden lebih sedikit dianggap tidak tersedia di domain itu.
    """

    sel: Sel
    kerangka: Kerangka
    kodebuku: Kodebuku
    keadaan: str
    kurang: dict[str, str]
    keterangan: tuple[str, ...]
    n_minimum: int = N_MINIMUM
    n_daun: int = N_DAUN
    _dasar: OrderedDict = field(default_factory=OrderedDict, repr=False)
    _susunan: dict = field(default_factory=dict, repr=False)

    # ------------------------------------------------------------------ bacaan

    @property
    def tingkat(self) -> list[str]:
        """Tingkat yang tersedia: ``nasional`` dan kolom wilayah yang ada di data."""
        return [NASIONAL, *self.sel.kode_domain]

    def label(self, wilayah: str) -> list:
        """Nilai yang muncul di satu kolom wilayah, misalnya kode provinsi."""
        if wilayah not in self.sel.label_domain:
            raise GalatParameter(f"Wilayah '{wilayah}' tidak ada; pilihannya: {', '.join(self.sel.label_domain)}.")
        return self.sel.label_domain[wilayah].tolist()

    def sandaran(self) -> pd.DataFrame:
        """Pada apa indeks bersandar: satu baris per sasaran x indikator kerangka.

        Returns
        -------
        DataFrame
            Kolom ``Kerangka.indikator``, lalu ``tersedia`` (bool), ``sebab`` (mengapa tidak), ``bobot`` (bobot baku
            terhadap Ikesos, 0 sampai 1; 0 bila tidak dipakai), ``status`` dan ``catatan`` kodebuku.
        """
        hasil = self.kerangka.indikator.copy()
        hasil["sebab"] = [self.kurang.get(s, "") for s in hasil["simpul"]]
        hasil["tersedia"] = hasil["dipakai"] & (hasil["sebab"] == "")
        hasil["bobot"] = hasil["simpul"].map(self.kerangka.pohon.bobot_akhir()).fillna(0.0)
        butir = [self.kodebuku.butir.get(b) for b in hasil["butir"]]
        hasil["status"] = ["" if b is None else b.status for b in butir]
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
            }
            for kode, isi in kelompok
            if len(isi)
        )

    # ------------------------------------------------------------------ taksiran

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
        t = taksir(self.sel, kolom, pilih=saring)
        letak = {nama: i for i, nama in enumerate(t.nama)}
        daun = self.kerangka.pohon.indikator
        ada = np.array([k in letak for k in daun])
        ke = np.array([letak[k] for k in daun if k in letak], dtype=int)
        d, v = len(t.domain), len(daun)
        cukup = np.zeros((d, v), dtype=bool)
        cukup[:, ada] = t.n[:, ke] >= self.n_daun
        with np.errstate(invalid="ignore"):
            bawah, atas = t.selang()
            mentah = t.kovarians()[:, ke[:, None], ke]
        kovarian = np.zeros((d, v, v))
        kovarian[np.ix_(range(d), np.flatnonzero(ada), np.flatnonzero(ada))] = mentah * 1e4
        kovarian[~(cukup[:, :, None] & cukup[:, None, :])] = 0.0

        def isi(larik: np.ndarray, kali: float = 100.0) -> np.ndarray:
            hasil = np.full((d, v), np.nan)
            hasil[:, ada] = larik[:, ke] * kali
            hasil[~cukup] = np.nan
            return hasil

        simpul = self.kerangka.simpul
        sumber = [
            letak.get(kode if jenis == "indikator" else f"{sasaran or SEMUA}{PEMISAH}{ANGGOTA}", -1)
            for kode, jenis, sasaran in zip(simpul.index, simpul["jenis"], simpul["sasaran"], strict=True)
        ]
        n, df = (np.concatenate([x, np.zeros((d, 1), dtype=x.dtype)], axis=1)[:, sumber] for x in (t.n, t.df))
        return Dasar(t.domain, isi(t.nilai), isi(t.se), isi(bawah), isi(atas), kovarian, n, df)

    def ulangan(
        self,
        tingkat: str | Sequence[str],
        banyak: int = 200,
        *,
        benih: int = 1,
        saring: Mapping[str, object] | None = None,
    ) -> np.ndarray:
        """Ulangan bootstrap Rao-Wu semua indikator, (ulangan, D, V), dalam persen; urutan seperti :meth:`dasar`.

        Raises
        ------
        GalatHitung
            Ada strata ber-PSU tunggal dengan aturan selain certainty atau remove.
        """
        kolom = _kolom_tingkat(tingkat, self.sel)
        dasar = self.dasar(tingkat, saring)
        daun = self.kerangka.pohon.indikator
        ke = [i for i, k in enumerate(daun) if k in self.sel.momen]
        nilai = estimasi_replikasi(
            self.sel, rao_wu(self.sel.desain, banyak, benih=benih), kolom, ukuran=[daun[i] for i in ke], pilih=saring
        )
        hasil = np.full((banyak, *dasar.persen.shape), np.nan)
        hasil[:, :, ke] = 100 * nilai
        hasil[:, np.isnan(dasar.persen)] = np.nan
        return hasil

    # ------------------------------------------------------------------ indeks

    def susunan(self, agregasi: str | Mapping[str, str] = "aritmetik") -> Susunan:
        """Pohon siap hitung dengan agregasi tertentu.

        Parameters
        ----------
        agregasi : str atau mapping
            Kode di :data:`kinerja.index.means.MEANS` (baku ``aritmetik``) untuk semua cabang; yang hasilnya dapat
            keluar dari rentang anaknya (``hasil_kali``: rumus tercetak apa adanya, ``mazziotta_pareto``) hanya di
            puncak, cabang lain aritmetik; atau kamus kode cabang -> agregasi.
        """
        kunci = agregasi if isinstance(agregasi, str) else tuple(sorted(agregasi.items()))
        if kunci not in self._susunan:
            dasar = self.kerangka.pohon.susun()
            if isinstance(agregasi, str):
                pilihan = choices(parameter=False)
                if agregasi not in pilihan:
                    raise GalatParameter(f"Agregasi '{agregasi}' tidak dikenal; pilih {', '.join(pilihan)}.")
                semua = MEANS[agregasi].internal
                baru = dasar.dengan_agregasi(agregasi if semua else {self.kerangka.pohon.puncak: agregasi})
            else:
                baru = dasar.dengan_agregasi(self.kerangka.perluas(agregasi))
            self._susunan[kunci] = baru
        return self._susunan[kunci]

    def normal(
        self,
        tingkat: str | Sequence[str] = NASIONAL,
        saring: Mapping[str, object] | None = None,
        *,
        skala_bawah: float = 0.0,
    ) -> pd.DataFrame:
        """Indikator ternormalkan menurut tonggak, unit x indikator: masukan bagi analisis :mod:`kinerja.index`."""
        dasar = self.dasar(tingkat, saring)
        nilai, _ = self.normalkan(dasar.persen, skala_bawah)
        return pd.DataFrame(nilai, index=_indeks(dasar.domain), columns=list(self.kerangka.pohon.indikator))

    def normalkan(self, persen: np.ndarray, skala_bawah: float) -> tuple[np.ndarray, np.ndarray]:
        """Nilai pada skala indeks, dan turunannya terhadap persen (nol di luar tonggak)."""
        t = self.kerangka.pohon.tabel.loc[list(self.kerangka.pohon.indikator)]
        bawah, atas, arah = (t[k].to_numpy(dtype=float) for k in ("tonggak_bawah", "tonggak_atas", "arah"))
        bagian = (persen - bawah) / (atas - bawah)
        turunan = np.where((bagian >= 0) & (bagian <= 1), arah / (atas - bawah), 0.0) * (SKALA_ATAS - skala_bawah)
        bagian = np.clip(bagian, 0, 1)
        return skala_bawah + (SKALA_ATAS - skala_bawah) * np.where(arah > 0, bagian, 1 - bagian), turunan

    def skala_bawah(self, susunan: Susunan) -> float:
        """Nilai indeks bagi indikator terburuk: 0, atau 1 bila ada agregasi yang tidak mengenal nol."""
        return max(cara.base for cara in susunan.means)

    def hitung(
        self,
        tingkat: str | Sequence[str] = NASIONAL,
        sasaran: str = SEMUA,
        bobot: Mapping[str, float] | None = None,
        agregasi: str | Mapping[str, str] = "aritmetik",
        saring: Mapping[str, object] | None = None,
        *,
        simpul: str | Sequence[str] = "puncak",
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
        kepercayaan : float
            Tingkat selang.
        tahan : bool
            Kosongkan nilai yang n-nya kurang dari ``n_minimum`` atau RSE-nya di atas 50 persen.

        Returns
        -------
        DataFrame
            Kolom domain, lalu ``simpul``, ``jenis``, ``sasaran``, ``kode``, ``nama``, ``nilai`` (0 sampai 100;
            indikator dalam persen mentah), ``se``, ``bawah``, ``atas``, ``rse`` (persen), ``n``, ``df``,
            ``bagian_bobot`` (0 sampai 1: bagian bobot yang datanya tersedia), ``tanda`` ("", hati-hati, ditahan,
            tidak tersedia), ``peringkat`` (Int64, antarbaris satu simpul; yang ditahan tidak diperingkat),
            ``keadaan``.

        Raises
        ------
        GalatParameter
            Pilihan tidak dikenal, atau bobot negatif.
        """
        kode = self.kerangka.pilih(simpul, sasaran)
        dasar = self.dasar(tingkat, saring)
        susunan = self.susunan(agregasi)
        w = self.larik_bobot(bobot, susunan)
        normal, turunan = self.normalkan(dasar.persen, self.skala_bawah(susunan))
        letak = susunan.letak(kode)
        semua = susunan.hitung(normal, w)
        nilai = semua[letak].T
        se = self._galat_baku(dasar, susunan, normal, turunan, w, letak)
        n, df = dasar.n[:, letak], dasar.df[:, letak]
        bawah, atas = selang_kepercayaan(nilai, se, df, tingkat=kepercayaan)
        terbatas = ~((letak == len(susunan.kode) - 1) & (not susunan.means[-1].same_scale))
        batas = np.where(terbatas, SKALA_ATAS, np.inf)
        bawah, atas = np.maximum(bawah, 0), np.minimum(atas, batas)
        daun = letak < susunan.banyak_indikator
        if daun.any():
            # Indikator ditampilkan sebagai persen apa adanya, dengan selang proporsinya; normalisasi hanya bagi indeks.
            ke = letak[daun]
            nilai[:, daun], se[:, daun] = dasar.persen[:, ke], dasar.se[:, ke]
            if kepercayaan == 0.95:
                bawah[:, daun], atas[:, daun] = dasar.bawah[:, ke], dasar.atas[:, ke]
            else:
                bawah[:, daun], atas[:, daun] = self._selang_daun(dasar, ke, n[:, daun], df[:, daun], kepercayaan)
        rse = hitung_rse(nilai, se)
        lebar = np.full(nilai.shape, np.nan)
        lebar[:, daun] = (dasar.atas - dasar.bawah)[:, letak[daun]] / SKALA_ATAS
        tanda = tandai(rse, se, n, df=df, lebar=lebar, n_minimum=self.n_minimum)
        tanda[np.isnan(nilai)] = TIDAK_TERSEDIA
        sembunyi = tanda == DITAHAN
        if tahan:
            for larik in (nilai, se, bawah, atas, rse):
                larik[sembunyi] = np.nan
        peringkat = rank_array(np.where(sembunyi, np.nan, nilai).T).T
        bagian = _bagian_bobot(susunan, semua, w)[letak].T
        return self._bingkai(
            dasar, kode, nilai=nilai, se=se, bawah=bawah, atas=atas, rse=rse, n=n, df=df, bagian_bobot=bagian,
            tanda=tanda, peringkat=peringkat,
        )  # fmt: skip

    def larik_bobot(self, bobot: Mapping[str, float] | None, susunan: Susunan | None = None) -> np.ndarray:
        """Larik bobot simpul dari kode kerangka atau kode simpul; lihat :meth:`hitung`."""
        susunan = self.susunan() if susunan is None else susunan
        return susunan.larik_bobot(self.kerangka.perluas(bobot) if bobot else None)

    def _galat_baku(self, dasar: Dasar, susunan: Susunan, normal, turunan, w, letak: np.ndarray) -> np.ndarray:
        """Galat baku metode delta tiap simpul terpilih, (D, simpul)."""
        cabang = letak >= susunan.banyak_indikator
        hasil = np.full((len(normal), len(letak)), np.nan)
        if cabang.any():
            g = node_gradients(susunan, normal, w)[letak[cabang]].transpose(1, 0, 2) * turunan[:, None, :]
            g = np.where(np.isnan(g), 0.0, g)
            hasil[:, cabang] = np.sqrt(np.maximum(((g @ dasar.kovarian) * g).sum(axis=2), 0.0))
        return hasil

    def _selang_daun(self, dasar: Dasar, ke: np.ndarray, n, df, kepercayaan: float) -> tuple[np.ndarray, np.ndarray]:
        p, se = dasar.persen[:, ke] / 100, dasar.se[:, ke] / 100
        bawah, atas = selang_kepercayaan(p, se, df, metode="logit", tingkat=kepercayaan)
        ujung = (p == 0) | (p == 1)
        if ujung.any():
            bawah[ujung], atas[ujung] = selang_kepercayaan(
                p[ujung], se[ujung], df[ujung], metode="beta", tingkat=kepercayaan, n=n[ujung]
            )
        return 100 * bawah, 100 * atas

    def _bingkai(self, dasar: Dasar, kode: list[str], **larik: np.ndarray) -> pd.DataFrame:
        d, k = larik["nilai"].shape
        s = self.kerangka.simpul.loc[kode]
        isi: dict[str, object] = {x: dasar.domain[x].to_numpy().repeat(k) for x in dasar.domain.columns}
        isi["simpul"] = np.tile(s.index.to_numpy(dtype=object), d)
        isi |= {x: np.tile(s[x].to_numpy(dtype=object), d) for x in ("jenis", "sasaran", "kode", "nama")}
        isi |= {x: a.ravel() for x, a in larik.items() if x != "peringkat"}
        peringkat = larik["peringkat"].ravel()
        isi["peringkat"] = pd.arrays.IntegerArray(peringkat.astype(np.int64), peringkat == 0)
        keadaan = np.where(isi["tanda"] == TIDAK_TERSEDIA, "tidak_tersedia", self.keadaan)
        return pd.DataFrame({**isi, "keadaan": keadaan}, copy=False)


def siapkan(
    bingkai: pd.DataFrame,
    kodebuku: Kodebuku,
    kerangka: Kerangka,
    *,
    keadaan: str = "diturunkan",
    definisi: Mapping[str, str] | None = None,
    psu_tunggal: str = "fail",
    n_minimum: int = N_MINIMUM,
    n_daun: int = N_DAUN,
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
    definisi : mapping sasaran -> butir, optional
        Misalnya ``{"rt": "rt_bansos"}``.
    psu_tunggal
        Lihat :class:`kinerja.survey.Desain`.
    n_minimum, n_daun : int
        Lihat :class:`SiapIkesos`.

    Raises
    ------
    GalatData
        Kodebuku tidak cocok dengan data (kolom wajib, sasaran kosong, jenis isi).
    GalatHitung
        Strata ber-PSU tunggal.
    """
    if n_daun < 1 or n_minimum < 1:
        raise GalatParameter("n_daun dan n_minimum harus sedikitnya 1.")
    ukuran, rancangan = nilai_kodebuku(bingkai, kodebuku, kerangka, dict(definisi or {}))
    # Nomor PSU Susenas unik di seluruh berkas dan tidak melintasi strata; bila melintasi, berkasnya salah gabung.
    desain = Desain.dari_bingkai(rancangan.bingkai, bobot="bobot", strata="strata", psu="psu", psu_tunggal=psu_tunggal)
    sel = ringkas(desain, ukuran, ukuran.nama, domain=list(ukuran.wilayah.columns))
    return SiapIkesos(
        sel, kerangka, kodebuku, keadaan, ukuran.kurang, rancangan.keterangan, n_minimum=n_minimum, n_daun=n_daun
    )


def _kolom_tingkat(tingkat: str | Sequence[str], sel: Sel) -> tuple[str, ...]:
    daftar = (tingkat,) if isinstance(tingkat, str) else tuple(tingkat)
    kolom = tuple(k for k in daftar if k != NASIONAL)
    asing = [k for k in kolom if k not in sel.kode_domain]
    if asing or not daftar:
        raise GalatParameter(
            f"Tingkat '{', '.join(asing)}' tidak ada di data; pilihannya: {NASIONAL}, {', '.join(sel.kode_domain)}."
        )
    return kolom


def _tuple(nilai: object) -> tuple:
    return tuple(nilai) if isinstance(nilai, list | tuple | set | np.ndarray | pd.Index) else (nilai,)


def _indeks(domain: pd.DataFrame) -> pd.Index:
    if not len(domain.columns):
        return pd.Index([NASIONAL], name="tingkat")
    if len(domain.columns) == 1:
        return pd.Index(domain.iloc[:, 0])
    return pd.MultiIndex.from_frame(domain)


def _bagian_bobot(susunan: Susunan, nilai: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Bagian bobot di bawah tiap simpul yang benar-benar masuk hitungan, (simpul, unit)."""
    bagian = (~np.isnan(nilai)).astype(float)
    for c, anak in enumerate(susunan.anak):
        i = susunan.banyak_indikator + c
        total = w[anak].sum()
        bagian[i] *= (w[anak] @ bagian[anak]) / total if total > 0 else 0.0
    return bagian
