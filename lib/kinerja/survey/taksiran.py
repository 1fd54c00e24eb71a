"""Rerata, proporsi, total, dan nisbah menurut domain, dengan galat baku linearisasi dan kovarians."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.survey.kerangka import Kerangka
from kinerja.survey.sel import Sel, Susunan, bagi
from kinerja.survey.selang import DITAHAN, METODE_SELANG, hitung_rse, selang_kepercayaan, tandai

JENIS_TAKSIRAN = ("rerata", "total")
DEFF_TANPA_PENGEMBALIAN, DEFF_DENGAN_PENGEMBALIAN = "tanpa_pengembalian", "dengan_pengembalian"
#: Matriks kovarians antardomain yang lebih besar dari ini ditolak.
BATAS_BITA_KOVARIANS = 1_000_000_000
#: Langkah relatif turunan numerik; dengan rumus orde empat galat pemotongan dan pembulatan sama-sama sekitar 1e-12.
LANGKAH_TURUNAN = 1e-4


@dataclass(frozen=True)
class Taksiran:
    """Taksiran D domain x V ukuran. Dibuat oleh `taksir`.

    Attributes
    ----------
    jenis : {"rerata", "total"}
    susunan : Susunan
    nilai, se, deff : ndarray of float, shape (D, V)
        deff NaN bila ragam sampel acak sederhana nol.
    n : ndarray of int, shape (D, V)
        Responden berbobot positif yang nilainya terisi.
    df : ndarray of int, shape (D, V)
        Derajat bebas domain: PSU berisi dikurangi strata berisi.
    skor : ndarray of float, shape (V, J)
        Jumlah skor linearisasi tiap pasangan PSU x domain; dasar kovarians dan metode delta.
    tahap_dua : Taksiran atau None
        Taksiran yang sama menurut unit tahap kedua; ragamnya bagian ragam di dalam PSU, sudah termasuk dalam `se`.
    """

    jenis: str
    susunan: Susunan
    nilai: np.ndarray
    se: np.ndarray
    deff: np.ndarray
    n: np.ndarray
    df: np.ndarray
    skor: np.ndarray
    tahap_dua: Taksiran | None = None

    @property
    def nama(self) -> tuple[str, ...]:
        """Nama ukuran, sejajar dengan sumbu V."""
        return self.susunan.nama

    @property
    def domain(self) -> pd.DataFrame:
        """Tabel domain, D baris sejajar dengan sumbu D; tanpa kolom bila seluruh sampel."""
        return self.susunan.tabel

    @property
    def proporsi(self) -> np.ndarray:
        """Ukuran yang berupa proporsi, shape (V,)."""
        return self.susunan.proporsi & (self.jenis == "rerata")

    @cached_property
    def rse(self) -> np.ndarray:
        """Galat baku relatif terhadap nilai dalam persen, shape (D, V)."""
        return hitung_rse(self.nilai, self.se)

    def tanda(self, *, df: str | float = "domain", **batas: float) -> np.ndarray:
        """Tanda kelayakan terbit, shape (D, V); `batas` seperti `tandai`. Proporsi juga dinilai dari selang 95%-nya."""
        bawah, atas = self.selang(df=df)
        lebar = np.where(self.proporsi, atas - bawah, np.nan)
        return tandai(self.rse, self.se, self.n, df=self.df, lebar=lebar, **batas)

    def derajat_bebas(self, df: str | float = "domain") -> np.ndarray:
        """Derajat bebas untuk selang: "domain", "rancangan", atau sebuah bilangan (``np.inf`` = normal)."""
        if isinstance(df, str):
            if df == "domain":
                return self.df
            if df == "rancangan":
                return np.full(self.nilai.shape, self.susunan.kerangka.desain.df)
            raise GalatParameter(f"df '{df}' tidak dikenal; pilih 'domain', 'rancangan', atau bilangan.")
        return np.full(self.nilai.shape, float(df))

    def selang(
        self, metode: str = "otomatis", *, tingkat: float = 0.95, df: str | float = "domain"
    ) -> tuple[np.ndarray, np.ndarray]:
        """Batas selang kepercayaan, dua larik (D, V).

        Parameters
        ----------
        metode : {"otomatis", "t", "logit", "beta", "asin"}
            "otomatis": logit bagi proporsi (beta bila nol atau penuh, sebab logit tak terdefinisi), t bagi yang lain.
        tingkat : float
        df : "domain", "rancangan", atau bilangan
        """
        if metode not in METODE_SELANG:
            raise GalatParameter(f"Metode selang '{metode}' tidak dikenal; pilih: {', '.join(METODE_SELANG)}.")
        bebas = self.derajat_bebas(df)
        if metode in ("otomatis", "t"):
            bawah, atas = selang_kepercayaan(self.nilai, self.se, bebas, tingkat=tingkat)
            kolom = np.flatnonzero(self.proporsi)
            if metode == "t" or not len(kolom):
                return bawah, atas
            p, se, n = self.nilai[:, kolom], self.se[:, kolom], self.n[:, kolom]
            bw, at = selang_kepercayaan(p, se, bebas[:, kolom], metode="logit", tingkat=tingkat)
            ujung = ((p == 0) | (p == 1)) & (n > 0)
            if ujung.any():
                bw[ujung], at[ujung] = selang_kepercayaan(
                    p[ujung], se[ujung], bebas[:, kolom][ujung], metode="beta", tingkat=tingkat, n=n[ujung]
                )
            bawah[:, kolom], atas[:, kolom] = bw, at
            return bawah, atas
        if not self.proporsi.all():
            bukan = [u for u, p in zip(self.nama, self.proporsi, strict=True) if not p]
            raise GalatParameter(f"Selang {metode} hanya untuk proporsi, bukan: {', '.join(bukan)}.")
        return selang_kepercayaan(self.nilai, self.se, bebas, metode=metode, tingkat=tingkat, n=self.n)

    def bingkai(
        self,
        *,
        metode: str = "otomatis",
        tingkat: float = 0.95,
        df: str | float = "domain",
        batas_hati_hati: float = 25.0,
        batas_ditahan: float = 50.0,
        n_minimum: int = 30,
        tahan: bool = True,
    ) -> pd.DataFrame:
        """Tabel rapi D x V baris.

        Returns
        -------
        DataFrame
            Kolom domain, lalu ukuran, taksiran, se, bawah, atas, rse (persen), deff, n, df, tanda. Dengan `tahan`,
            taksiran, se, bawah, atas, rse, dan deff pada baris "ditahan" dikosongkan.
        """
        bawah, atas = self.selang(metode, tingkat=tingkat, df=df)
        tanda = self.tanda(df=df, batas_hati_hati=batas_hati_hati, batas_ditahan=batas_ditahan, n_minimum=n_minimum)
        d, v = self.nilai.shape
        isi = {k: self.domain[k].repeat(v).reset_index(drop=True) for k in self.domain.columns}
        isi["ukuran"] = np.tile(np.array(self.nama, dtype=object), d)
        angka = {
            "taksiran": self.nilai,
            "se": self.se,
            "bawah": bawah,
            "atas": atas,
            "rse": self.rse,
            "deff": self.deff,
        }
        sembunyi = (tanda == DITAHAN) if tahan else np.zeros(tanda.shape, dtype=bool)
        isi |= {k: np.where(sembunyi, np.nan, a).ravel() for k, a in angka.items()}
        isi |= {"n": self.n.ravel(), "df": self.df.ravel(), "tanda": tanda.ravel()}
        return pd.DataFrame(isi)

    def kovarians(self) -> np.ndarray:
        """Kovarians antar-ukuran di dalam tiap domain, shape (D, V, V)."""
        k = self.susunan.kerangka
        pasangan, kosong = self._urai
        kosong = kosong * np.sqrt(k.psu_kosong)
        batas = k.batas_domain()
        batas_ruas = np.append(k.awal_domain, len(k.awal_ruas))
        hasil = np.empty((k.banyak_domain, len(self.nama), len(self.nama)))
        for d in range(k.banyak_domain):
            p = pasangan[:, batas[d] : batas[d + 1]]
            q = kosong[:, batas_ruas[d] : batas_ruas[d + 1]]
            hasil[d] = p @ p.T + q @ q.T
        return hasil if self.tahap_dua is None else hasil + self.tahap_dua.kovarians()

    def kovarians_penuh(self) -> np.ndarray:
        """Kovarians antar-ukuran dan antardomain, shape (D, V, D, V).

        Domain yang berbagi strata (misalnya laki-laki dan perempuan, atau kabupaten satu strata) berkorelasi walau
        anggotanya terpisah.

        Raises
        ------
        GalatHitung
            Matriks melebihi `BATAS_BITA_KOVARIANS`; pakai `kombinasi` untuk kombinasi linear yang diperlukan.
        """
        k, v = self.susunan.kerangka, len(self.nama)
        banyak = k.banyak_domain * v
        if banyak * banyak * 8 > BATAS_BITA_KOVARIANS:
            raise GalatHitung(
                f"Kovarians {banyak} x {banyak} terlalu besar untuk memori; pakai kombinasi(), atau kurangi domain "
                "atau ukuran."
            )
        pasangan, kosong = self._urai
        desain = k.desain
        psu_awal = np.searchsorted(desain.strata_psu, np.arange(desain.banyak_strata))
        batas_ruas = np.append(k.awal_ruas, len(k.psu))
        hasil = np.zeros((k.banyak_domain, v, k.banyak_domain, v))
        urutan = np.argsort(k.strata_ruas, kind="stable")
        for ruas in np.split(urutan, np.flatnonzero(np.diff(k.strata_ruas[urutan])) + 1):
            strata = k.strata_ruas[ruas[0]]
            rapat = np.repeat(kosong[:, ruas].T[:, :, None], desain.n_psu[strata], axis=2)
            for i, r in enumerate(ruas):
                isi = slice(batas_ruas[r], batas_ruas[r + 1])
                rapat[i][:, k.psu[isi] - psu_awal[strata]] = pasangan[:, isi]
            rapat = rapat.reshape(len(ruas) * v, -1)
            d = k.domain_ruas[ruas]
            gram = (rapat @ rapat.T).reshape(len(ruas), v, len(ruas), v)
            hasil[d[:, None], :, d[None, :], :] += gram.transpose(0, 2, 1, 3)
        return hasil if self.tahap_dua is None else hasil + self.tahap_dua.kovarians_penuh()

    def kombinasi(self, koefisien: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Kombinasi linear taksiran, lintas domain dan ukuran, beserta kovariansnya.

        Parameters
        ----------
        koefisien : ndarray, shape (K, D, V) atau (D, V)
            Misalnya +1 dan -1 untuk selisih dua domain. Koefisien nol boleh bertemu taksiran NaN.

        Returns
        -------
        nilai : ndarray, shape (K,)
        kovarians : ndarray, shape (K, K)
        """
        c = np.asarray(koefisien, dtype=float)
        c = c[None] if c.ndim == 2 else c
        if c.shape[1:] != self.nilai.shape:
            raise GalatParameter(f"Koefisien berbentuk {c.shape[1:]}, seharusnya {self.nilai.shape}.")
        k = self.susunan.kerangka
        nilai = _kali(c, self.nilai).sum(axis=(1, 2))
        pasangan, kosong = self._urai
        hadir, dasar = np.zeros((len(c), len(k.psu))), np.zeros((len(c), len(k.awal_ruas)))
        for v in range(len(self.nama)):
            hadir += _kali(c[:, :, v][:, k.domain], pasangan[v] - kosong[v, k.ruas])
            dasar += _kali(c[:, :, v][:, k.domain_ruas], kosong[v])
        # Simpangan PSU = yang berlaku bagi PSU tanpa anggota domain, ditambah bedanya bila PSU itu beranggota.
        d = k.desain
        simpangan = np.array(
            [
                np.bincount(k.psu, weights=h, minlength=d.banyak_psu)
                + np.bincount(k.strata_ruas, weights=s, minlength=d.banyak_strata)[d.strata_psu]
                for h, s in zip(hadir, dasar, strict=True)
            ]
        )
        kovarians = simpangan @ simpangan.T
        return nilai, kovarians if self.tahap_dua is None else kovarians + self.tahap_dua.kombinasi(c)[1]

    def se_gradien(self, gradien: np.ndarray) -> np.ndarray:
        """Galat baku fungsi taksiran sedomain, dari gradiennya (metode delta).

        Parameters
        ----------
        gradien : ndarray, shape (D, V) atau (K, D, V), atau (V,) bagi semua domain
            Turunan fungsi ke-k di domain d terhadap ukuran v.

        Returns
        -------
        ndarray, shape (D,) atau (K, D)
        """
        g = np.asarray(gradien, dtype=float)
        tunggal = g.ndim <= 2
        g = np.broadcast_to(g, self.nilai.shape)[None] if tunggal else g
        if g.shape[1:] != self.nilai.shape:
            raise GalatParameter(f"Gradien berbentuk {g.shape[1:]}, seharusnya {self.nilai.shape}.")
        k = self.susunan.kerangka
        skor = np.zeros((len(g), len(k.psu)))
        for v in range(len(self.nama)):
            skor += _kali(g[:, :, v][:, k.domain], self.skor[v])
        se = np.sqrt(k.ragam(skor))
        if self.tahap_dua is not None:
            se = np.hypot(se, self.tahap_dua.se_gradien(g))
        return se[0] if tunggal else se

    def kovarians_skor(self, skor_psu: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Kovarians tiap taksiran dengan jumlah skor lain di SELURUH sampel, dan kovarians jumlah-jumlah itu.

        Parameters
        ----------
        skor_psu : ndarray, shape (K, P)
            Jumlah skor tertimbang tiap PSU rancangan, misalnya fungsi pengaruh sebuah kuantil.

        Returns
        -------
        silang : ndarray, shape (K, D, V)
        kovarians : ndarray, shape (K, K)
        """
        k = self.susunan.kerangka
        d = k.desain
        utuh = Kerangka.dari_pasangan(d, np.arange(d.banyak_psu), np.zeros(d.banyak_psu, dtype=np.int64), 1)
        t = utuh.urai(np.asarray(skor_psu, dtype=float))[0]
        pasangan, kosong = self._urai
        silang = np.empty((len(t), k.banyak_domain, len(self.nama)))
        for i, satu in enumerate(t):
            isi = satu[k.psu]
            strata = np.bincount(d.strata_psu, weights=satu, minlength=d.banyak_strata)
            sisa = strata[k.strata_ruas] - k.per_ruas(isi)
            silang[i] = k.per_domain(k.per_ruas(pasangan * isi) + kosong * sisa).T
        return silang, t @ t.T

    def delta(
        self,
        fungsi: Callable[[np.ndarray], np.ndarray],
        gradien: Callable[[np.ndarray], np.ndarray] | None = None,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Fungsi halus taksiran sedomain dan galat bakunya.

        Parameters
        ----------
        fungsi : (D, V) -> (D,)
        gradien : (D, V) -> (D, V), optional
            Tanpa ini turunan dihitung numerik (selisih pusat orde empat).

        Returns
        -------
        nilai, se : ndarray, shape (D,)
        """
        nilai = np.asarray(fungsi(self.nilai), dtype=float)
        g = gradien(self.nilai) if gradien is not None else _turunan(fungsi, self.nilai, self.se)
        return nilai, self.se_gradien(g)

    @cached_property
    def _urai(self) -> tuple[np.ndarray, np.ndarray]:
        return self.susunan.kerangka.urai(self.skor, self.susunan.ada[self.susunan.x_ke])


def taksir(
    sel: Sel,
    domain: str | Sequence[str] | None = None,
    *,
    jenis: str = "rerata",
    ukuran: Sequence[str] | None = None,
    pilih: Mapping[str, object] | None = None,
    deff: str = DEFF_TANPA_PENGEMBALIAN,
) -> Taksiran:
    """Taksir semua ukuran di semua domain sekaligus.

    Parameters
    ----------
    sel : Sel
        Dari `ringkas`.
    domain : str atau daftar str, optional
        Kosong = seluruh sampel.
    jenis : {"rerata", "total"}
        "rerata" mencakup proporsi dan nisbah; "total" hanya bagi variabel.
    ukuran, pilih
        Lihat `Sel.susun`.
    deff : {"tanpa_pengembalian", "dengan_pengembalian"}
        Pembanding sampel acak sederhana: dengan faktor 1 - n/N (``deff=TRUE`` di R survey) atau tanpa
        (``deff="replace"``). Yang pertama NaN bila jumlah bobot tidak melebihi n.

    Returns
    -------
    Taksiran

    Raises
    ------
    GalatParameter
        Pilihan, domain, atau ukuran tidak dikenal; total sebuah nisbah.
    """
    if jenis not in JENIS_TAKSIRAN:
        raise GalatParameter(f"Jenis taksiran '{jenis}' tidak dikenal; pilih: {', '.join(JENIS_TAKSIRAN)}.")
    if deff not in (DEFF_TANPA_PENGEMBALIAN, DEFF_DENGAN_PENGEMBALIAN):
        raise GalatParameter(f"deff '{deff}' tidak dikenal.")
    if jenis == "total" and ukuran is None:
        ukuran = [u for u, m in sel.momen.items() if not m.rasio]
    s = sel.susun(domain, ukuran=ukuran, pilih=pilih)
    if jenis == "total" and s.rasio.any():
        nisbah = [u for u, r in zip(s.nama, s.rasio, strict=True) if r]
        raise GalatParameter(f"Total tidak bermakna bagi nisbah: {', '.join(nisbah)}.")
    nilai = s.rerata if jenis == "rerata" else np.where(s.n > 0, s.jumlah_y, np.nan)
    skor = hitung_skor(s, jenis)
    ada = s.ada[s.x_ke]
    ragam = s.kerangka.ragam(skor, ada).T
    ragam[s.n == 0] = np.nan
    dua = None
    if sel.tahap_dua is not None:
        dua = taksir(sel.tahap_dua, domain, jenis=jenis, ukuran=ukuran, pilih=pilih, deff=deff)
        ragam += dua.se**2
    return Taksiran(jenis, s, nilai, np.sqrt(ragam), _efek_rancangan(s, jenis, ragam, deff), s.n, _df(s), skor, dua)


def hitung_skor(s: Susunan, jenis: str) -> np.ndarray:
    """Skor linearisasi tiap pasangan, shape (V, J): (y - R x)/X bagi rerata dan nisbah, y bagi total."""
    if jenis == "total":
        return s.y
    r, d = s.rerata.T, s.kerangka.domain
    skor = r[:, d]
    skor *= s.x[s.x_ke]
    np.subtract(s.y, skor, out=skor)
    skor *= bagi(1.0, s.jumlah_x.T)[:, d]
    return skor


def _df(s: Susunan) -> np.ndarray:
    return s.kerangka.df(s.ada)[s.x_ke].T.astype(np.int64)


def _efek_rancangan(s: Susunan, jenis: str, ragam: np.ndarray, deff: str) -> np.ndarray:
    n, w = s.n.astype(float), s.jumlah_w
    s2 = bagi(s.jumlah_kuadrat, w) * bagi(n, n - 1)
    acak = bagi(s2, n) * (bagi(w, s.jumlah_x) ** 2 if jenis == "rerata" else w**2)
    if deff == DEFF_TANPA_PENGEMBALIAN:
        acak = acak * np.where(w > n, 1 - bagi(n, w), np.nan)
    return bagi(ragam, acak)


def _turunan(fungsi: Callable[[np.ndarray], np.ndarray], titik: np.ndarray, se: np.ndarray) -> np.ndarray:
    """Gradien (D, V) fungsi per domain dengan selisih pusat orde empat."""
    hasil = np.empty(titik.shape)
    for v in range(titik.shape[1]):
        # Taksiran nol: langkah mengikuti galat bakunya.
        skala = np.where(titik[:, v] != 0, np.abs(titik[:, v]), np.where(se[:, v] > 0, se[:, v], 1.0))
        h = LANGKAH_TURUNAN * skala
        f = []
        for kali in (-2, -1, 1, 2):
            geser = titik.copy()
            geser[:, v] += kali * h
            f.append(np.asarray(fungsi(geser), dtype=float))
        hasil[:, v] = (f[0] - 8 * f[1] + 8 * f[2] - f[3]) / (12 * h)
    return hasil


def _kali(koefisien: np.ndarray, skor: np.ndarray) -> np.ndarray:
    """Koefisien kali skor; koefisien nol meniadakan skor yang tak terdefinisi."""
    return np.where(koefisien == 0, 0.0, koefisien * skor)
