"""Penduduk karangan: wilayah, strata, PSU, rumah tangga, anggota, dan penimbang; berbenih dan cepat.

Bentuknya seperti sampel Susenas: 514 kabupaten/kota, strata kabupaten/kota x perkotaan/perdesaan, PSU bersarang di
strata, penimbang yang berjumlah sekitar penduduk Indonesia. Isinya berkorelasi lewat kesejahteraan rumah tangga,
perkotaan, akses wilayah, dan PSU, serta melandai dari barat ke timur. Tidak ada satu pun yang berasal dari responden.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from kinerja import paths, terbaca
from kinerja.data import schema
from kinerja.data.reading import read_numbers
from kinerja.errors import GalatParameter

PEMEKARAN_DI_SUSENAS = 2024
"""Gelombang pertama yang memakai kode provinsi hasil pemekaran Papua 2022."""

_KOLOM_WILAYAH = (["kode"], ["kode", "kode_lama"])
PENDUDUK = 267_000_000


@dataclass(frozen=True)
class Ukuran:
    """Besar sampel: banyak rumah tangga, dan rumah tangga tiap PSU."""

    ruta: int
    ruta_psu: float


UKURAN = {"kecil": Ukuran(6_600, 2.6), "penuh": Ukuran(315_000, 10.0)}

#: Angka pertama kode provinsi -> (penduduk relatif per kabupaten/kota, bagian perkotaan kabupaten, akses, sejahtera)
PULAU = {
    1: (380, 0.33, 0.05, 0.00),
    2: (380, 0.45, 0.15, 0.15),
    3: (1270, 0.52, 0.35, 0.05),
    5: (365, 0.30, -0.10, -0.20),
    6: (290, 0.35, 0.05, 0.15),
    7: (240, 0.28, -0.10, -0.10),
    8: (145, 0.28, -0.45, -0.25),
    9: (100, 0.20, -0.95, -0.55),
}
_JAKARTA = 31
_UKURAN_RUTA = np.array([0.08, 0.15, 0.22, 0.25, 0.15, 0.08, 0.04, 0.02, 0.006, 0.004])
UMUR_TERTINGGI = 97

HUBUNGAN = ("kepala", "istri/suami", "anak kandung/tiri", "cucu", "orang tua/mertua", "lainnya")
KAWIN = ("belum kawin", "kawin", "cerai hidup", "cerai mati")


def kabkota(tahun: int, provinsi: Collection[int] = ()) -> pd.DataFrame:
    """Kode kabupaten/kota satu gelombang, menurut urutan kode sebelum pemekaran; ``provinsi`` kosong: semua.

    Kolom: ``provinsi``, ``kabkota`` (dua angka; 71 ke atas kota), ``asal`` (kode provinsi sebelum pemekaran).
    """
    daftar, baru = (
        read_numbers(berkas, f"acuan/{berkas.name}", schema.tables()[berkas.stem].kolom, kolom)
        for berkas, kolom in zip(berkas_wilayah(), _KOLOM_WILAYAH, strict=True)
    )
    lama = daftar["kode"]
    kode = lama
    if tahun >= PEMEKARAN_DI_SUSENAS:
        kode = lama.map(dict(zip(baru["kode_lama"], baru["kode"], strict=True))).fillna(lama).astype(int)
    hasil = pd.DataFrame({"provinsi": kode // 100, "kabkota": kode % 100, "asal": lama // 100})
    asing = sorted(set(provinsi) - set(hasil["provinsi"]))
    if asing:
        raise GalatParameter(f"Provinsi {', '.join(map(str, asing))} tidak ada di Susenas {tahun}.")
    return hasil[hasil["provinsi"].isin(provinsi)].reset_index(drop=True) if provinsi else hasil


def berkas_wilayah() -> tuple[Path, Path]:
    """Daftar kabupaten/kota, dan kode hasil pemekaran."""
    berkas = paths.acuan() / "kabkota.csv", paths.acuan() / "wilayah_baru.csv"
    for satu in berkas:
        terbaca.note_file(satu)
    return berkas


class Populasi:
    """Sampel karangan satu ukuran dan benih, sebelum satu pun pertanyaan dijawab: n orang di r rumah tangga.

    Attributes
    ----------
    ruta, urut, umur, laki, hubungan, kawin : ndarray (n,)
        Nomor rumah tangga tiap orang (dari 0), nomor anggota (dari 1), ..., indeks ke ``HUBUNGAN`` dan ``KAWIN``.
    provinsi, kabkota, daerah, psu, strata, bobot, pengeluaran : ndarray (r,)
        Milik rumah tangga; ``kabkota`` dua angka, ``strata`` kode kabupaten/kota x 10 + daerah, ``pengeluaran`` rupiah
        per kapita sebulan.
    z_ruta, akses_ruta, kota_ruta, e_ruta : ndarray of float32 (r,)
        Kesejahteraan, akses wilayah, perkotaan, dan efek PSU.
    """

    def __init__(self, kabkota: pd.DataFrame, ukuran: Ukuran, benih: int):
        self.benih, self.ukuran = benih, ukuran
        self._wilayah(kabkota)
        self._rumah_tangga()
        self._orang()
        self._penimbang()

    def acak(self, nama: str) -> np.random.Generator:
        """Sumber acak: tiap nama punya alirannya sendiri, sehingga kolom baru tidak menggeser kolom lama."""
        return np.random.default_rng([self.benih, zlib.crc32(nama.encode())])

    def _wilayah(self, kabkota: pd.DataFrame) -> None:
        a = self.acak("wilayah")
        prov, nomor = kabkota["provinsi"].to_numpy(), kabkota["kabkota"].to_numpy()
        kota = nomor >= 71
        relatif, urban, akses, sejahtera = np.array([PULAU[k // 10] for k in prov]).T
        k = len(prov)
        penduduk = relatif * np.exp(a.normal(0, 0.45, k)) * np.where(kota, 0.9, 1.0)
        penduduk *= PENDUDUK / penduduk.sum()
        bagian = np.where(kota, a.uniform(0.85, 1.0, k), np.clip(a.normal(urban, 0.15), 0.0, 0.95))
        bagian[prov == _JAKARTA] = 1.0
        # strata yang terlalu kecil tidak dibentuk
        bagian = np.where(bagian > 0.95, 1.0, np.where(bagian < 0.06, 0.0, bagian))
        kode_prov, nomor_prov = np.unique(kabkota["asal"], return_inverse=True)
        efek_prov = a.normal(0, 0.08, len(kode_prov))[nomor_prov]
        self._akses = akses + efek_prov + a.normal(0, 0.12, k)
        self._sejahtera = sejahtera + efek_prov + a.normal(0, 0.14, k) + 0.12 * kota
        kab, daerah = np.nonzero(np.stack([bagian > 0, bagian < 1], axis=1))
        self._strata_kab, self._strata_daerah = kab, daerah + 1
        self._strata_penduduk = penduduk[kab] * np.where(daerah == 0, bagian[kab], 1 - bagian[kab])
        self._prov, self._nomor = prov, nomor
        target = max(round(self.ukuran.ruta / self.ukuran.ruta_psu), 2 * len(kab))
        self._psu_strata = np.repeat(np.arange(len(kab)), _bagi_psu(self._strata_penduduk, target))

    def _rumah_tangga(self) -> None:
        a = self.acak("ruta")
        psu = len(self._psu_strata)
        banyak = np.floor(self.ukuran.ruta / psu + a.random(psu)).astype(np.int64)
        efek = a.normal(0, 1, psu).astype(np.float32)
        self.psu = np.repeat(np.arange(psu), banyak)
        self.ssu = np.arange(len(self.psu)) - np.repeat(np.cumsum(banyak) - banyak, banyak) + 1
        self._strata = self._psu_strata[self.psu]
        kab, kota = self._strata_kab[self._strata], self._strata_daerah[self._strata] == 1
        self.r = r = len(self.psu)
        self.isi = a.choice(np.arange(1, 11), size=r, p=_UKURAN_RUTA / _UKURAN_RUTA.sum())
        u = self._sejahtera[kab] + 0.32 * kota + 0.22 * efek[self.psu] + a.normal(0, 0.42, r)
        u -= 0.06 * (self.isi - 4)
        self.pengeluaran = np.rint(np.exp(13.62 + u) / 100) * 100
        self.z_ruta = ((u - u.mean()) / u.std()).astype(np.float32)
        self.akses_ruta = self._akses[kab].astype(np.float32)
        self.kota_ruta = kota.astype(np.float32) - np.float32(0.5)
        self.e_ruta = efek[self.psu]
        self.provinsi, self.kabkota = self._prov[kab], self._nomor[kab]
        self.daerah = self._strata_daerah[self._strata]
        self.strata = (self.provinsi * 100 + self.kabkota) * 10 + self.daerah

    def _orang(self) -> None:
        a = self.acak("orang")
        isi = self.isi
        self.ruta = np.repeat(np.arange(self.r), isi)
        self.n = n = len(self.ruta)
        urut = np.arange(n) - np.repeat(np.cumsum(isi) - isi, isi)
        kepala_laki = a.random(len(isi)) < np.where(isi == 1, 0.42, 0.88)
        umur_kepala = np.where(
            (isi == 1) & (a.random(len(isi)) < 0.6), a.normal(66, 9, len(isi)), a.normal(46, 12.5, len(isi))
        )
        umur_kepala = np.clip(umur_kepala, 19, 96)
        pasangan = (isi >= 2) & (a.random(len(isi)) < np.where(kepala_laki, 0.93, 0.12))
        kepala = urut == 0
        istri = (urut == 1) & pasangan[self.ruta]
        lain = ~kepala & ~istri
        peran = a.random(n)
        tua = umur_kepala[self.ruta]
        orang_tua = lain & (peran < 0.06) & (tua < 62)
        cucu = lain & ~orang_tua & (peran < 0.06 + np.where(tua > 52, 0.35, 0.02))
        famili = lain & ~orang_tua & ~cucu & (peran > 0.94)
        anak = lain & ~orang_tua & ~cucu & ~famili
        umur = np.where(kepala, tua, 0.0)
        umur = np.where(istri, tua - a.normal(3.5, 4, n), umur)
        umur = np.where(anak, tua - 21 - a.gamma(2.2, 4.2, n), umur)
        umur = np.where(orang_tua, tua + a.normal(24, 5, n), umur)
        umur = np.where(cucu, a.uniform(0, 16, n), umur)
        umur = np.where(famili, a.uniform(10, 45, n), umur)
        umur = np.where(anak & (umur < 0), a.uniform(0, 6, n), umur)
        umur = np.where(istri, np.maximum(umur, 17), umur)
        self.umur = np.clip(np.floor(umur), 0, UMUR_TERTINGGI).astype(np.int8)
        laki = a.random(n) < np.where(orang_tua, 0.28, 0.515)
        self.laki = np.where(kepala, kepala_laki[self.ruta], np.where(istri, ~kepala_laki[self.ruta], laki))
        dewasa = self.umur >= 18
        kawin = np.where(istri | (kepala & pasangan[self.ruta]), 1, 0)
        kawin = np.where(kepala & ~pasangan[self.ruta] & (self.umur >= 40), 3, kawin)
        kawin = np.where(orang_tua, np.where(self.laki, 1, 3), kawin)
        kawin = np.where((anak | famili) & dewasa & (a.random(n) < 0.35), 1, kawin)
        self.kawin = np.where((kawin == 3) & (a.random(n) < 0.25), 2, kawin)
        self.hubungan = np.select([kepala, istri, anak, cucu, orang_tua], [0, 1, 2, 3, 4], default=5)
        self.kepala, self.urut = kepala, urut + 1
        self.z, self.kota = self.z_ruta[self.ruta], self.kota_ruta[self.ruta]
        self.akses, self.e = self.akses_ruta[self.ruta], self.e_ruta[self.ruta]

    def _penimbang(self) -> None:
        """Satu penimbang tiap rumah tangga; jumlahnya atas orang sama dengan penduduk strata."""
        berat = np.exp(self.acak("penimbang").normal(0, 0.25, len(self._psu_strata)))[self.psu]
        jumlah = np.bincount(self._strata, weights=berat * self.isi, minlength=len(self._strata_penduduk))
        berat *= (self._strata_penduduk / jumlah)[self._strata]
        self.bobot = np.maximum(np.round(berat, 2), 0.01)

    def derau(self, nama: str, banyak: int) -> np.ndarray:
        """Normal baku float32."""
        return self.acak(nama).standard_normal(banyak, dtype=np.float32)

    def orang(
        self, nama: str, peluang: float, z=0.0, kota=0.0, akses=0.0, psu=0.25, tambah: np.ndarray | float = 0.0
    ) -> np.ndarray:
        """Ya/tidak tiap orang, dengan bagian ya sekitar `peluang` bila tanpa `tambah`."""
        laten = z * self.z + kota * self.kota + akses * self.akses + psu * self.e + tambah
        laten += self.derau(nama, self.n)
        return laten > -np.float32(_normal_balik(peluang) * _simpangan(z, kota, akses, psu))

    def laten_ruta(self, nama: str, z=0.0, kota=0.0, akses=0.0, psu=0.25) -> np.ndarray:
        """Laten tiap rumah tangga, kira-kira normal baku."""
        laten = z * self.z_ruta + kota * self.kota_ruta + akses * self.akses_ruta + psu * self.e_ruta
        laten += self.derau(nama, self.r)
        return laten / np.float32(_simpangan(z, kota, akses, psu))

    def ruta_ya(self, nama: str, peluang: float, **pengaruh: float) -> np.ndarray:
        """Ya/tidak tiap rumah tangga."""
        return self.laten_ruta(nama, **pengaruh) > -_normal_balik(peluang)

    def ruta_kelas(self, nama: str, bagian: tuple[float, ...], **pengaruh: float) -> np.ndarray:
        """Kelas tiap rumah tangga, dari yang terburuk ke yang terbaik menurut `bagian`."""
        batas = _normal_balik(np.cumsum(bagian)[:-1] / np.sum(bagian)).astype(np.float32)
        return np.searchsorted(batas, self.laten_ruta(nama, **pengaruh))


def _bagi_psu(penduduk: np.ndarray, banyak: int) -> np.ndarray:
    """Banyak PSU tiap strata: sedikitnya dua, selebihnya sebanding akar penduduk (sisa terbesar)."""
    sisa = banyak - 2 * len(penduduk)
    bagian = np.sqrt(penduduk) / np.sqrt(penduduk).sum() * sisa
    hasil = np.floor(bagian).astype(np.int64)
    urutan = np.argsort(-(bagian - hasil), kind="stable")
    hasil[urutan[: sisa - hasil.sum()]] += 1
    return hasil + 2


def _simpangan(z: float, kota: float, akses: float, psu: float) -> float:
    """Simpangan baku laten dengan pengaruh-pengaruh itu dan derau normal baku."""
    return np.sqrt(1 + z * z + kota * kota / 4 + akses * akses / 6 + psu * psu)


def _normal_balik(peluang):
    from scipy.special import ndtri

    return ndtri(peluang)
