"""Survei sintetis berbentuk Susenas Kor 2019: berbenih, cepat, dan tidak berasal dari satu responden pun.

Bentuknya seperti aslinya: 34 provinsi, 514 kabupaten/kota, strata kabupaten/kota x perkotaan/perdesaan, PSU bersarang
di strata, rumah tangga, anggota rumah tangga, penimbang yang berjumlah sekitar penduduk Indonesia, dan nama variabel
kodebuku. Isinya karangan: peluang tiap jawaban dipilih supaya besarannya masuk akal, berkorelasi lewat kesejahteraan
rumah tangga, perkotaan, akses wilayah, dan PSU, serta melandai dari barat ke timur. Angka apa pun yang dihitung
darinya bukan taksiran tentang Indonesia.

Nama berawalan ``SINTETIS_`` adalah indikator yang sumbernya bukan Susenas Kor.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja.errors import GalatParameter

BENIH_BAKU = 2019
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
_DISABILITAS = ("R1002", "R1003", "R1004", "R1005", "R1006", "R1007", "R1008", "R1009")
_AMBANG_SULIT = np.array([2.0, 2.95, 3.6], dtype=np.float32)
_BERAT_FUNGSI = (0.15, -0.05, 0.25, -0.35, -0.05, -0.35, -0.30, -0.25)
_KREDIT = "ABCDEFGHIJ"


def buat_sintetis(provinsi: pd.DataFrame, ukuran: str = "kecil", benih: int = BENIH_BAKU) -> pd.DataFrame:
    """Buat survei sintetis; benih dan ukuran yang sama memberi data yang sama.

    Parameters
    ----------
    provinsi : DataFrame
        Tabel acuan provinsi: ``kode_bps``, ``n_kab``, ``n_kota``.
    ukuran : {"kecil", "penuh"}
        Sekitar 25 ribu atau 1,2 juta orang.
    benih : int

    Returns
    -------
    DataFrame
        Satu baris per anggota rumah tangga; kolom bernama seperti kodebuku, ditambah ``SINTETIS`` (selalu 1).

    Raises
    ------
    GalatParameter
        Ukuran tidak dikenal atau benih negatif.
    """
    if ukuran not in UKURAN:
        raise GalatParameter(f"Ukuran '{ukuran}' tidak dikenal; pilih: {', '.join(UKURAN)}.")
    if benih < 0:
        raise GalatParameter("Benih harus bilangan bulat tak negatif.")
    return _Pembuat(provinsi, UKURAN[ukuran], benih).buat()


class _Pembuat:
    """Menyusun sampel dari wilayah sampai orang; tiap kolom punya aliran acak sendiri menurut namanya."""

    def __init__(self, provinsi: pd.DataFrame, ukuran: Ukuran, benih: int):
        self.provinsi, self.ukuran, self.benih = provinsi, ukuran, benih
        self.kolom: dict[str, np.ndarray] = {}

    def acak(self, nama: str) -> np.random.Generator:
        return np.random.default_rng([self.benih, zlib.crc32(nama.encode())])

    def buat(self) -> pd.DataFrame:
        self._wilayah()
        self._ruta()
        self._orang()
        self._penimbang()
        self._disabilitas()
        self._rumah()
        self._kesehatan()
        self._pendidikan()
        self._sosial()
        self._ekonomi()
        self.kolom["SINTETIS"] = np.ones(self.n, dtype=np.int8)
        return pd.DataFrame(self.kolom, copy=False)

    # ------------------------------------------------------------------ kerangka sampel

    def _wilayah(self) -> None:
        a = self.acak("wilayah")
        p = self.provinsi
        banyak = (p["n_kab"] + p["n_kota"]).to_numpy()
        prov = np.repeat(p["kode_bps"].to_numpy(), banyak)
        nomor = np.concatenate(
            [np.r_[1 : kab + 1, 71 : 71 + kota] for kab, kota in zip(p["n_kab"], p["n_kota"], strict=True)]
        )
        kota = nomor >= 71
        relatif, urban, akses, sejahtera = np.array([PULAU[k // 10] for k in prov]).T
        k = len(prov)
        penduduk = relatif * np.exp(a.normal(0, 0.45, k)) * np.where(kota, 0.9, 1.0)
        penduduk *= PENDUDUK / penduduk.sum()
        bagian = np.where(kota, a.uniform(0.85, 1.0, k), np.clip(a.normal(urban, 0.15), 0.0, 0.95))
        bagian[prov == _JAKARTA] = 1.0
        # strata yang terlalu kecil tidak dibentuk
        bagian = np.where(bagian > 0.95, 1.0, np.where(bagian < 0.06, 0.0, bagian))
        efek_prov = dict(zip(p["kode_bps"], a.normal(0, 0.08, len(p)), strict=True))
        self.akses_kab = akses + np.array([efek_prov[x] for x in prov]) + a.normal(0, 0.12, k)
        self.sejahtera_kab = sejahtera + np.array([efek_prov[x] for x in prov]) + a.normal(0, 0.14, k) + 0.12 * kota
        kab, daerah = np.nonzero(np.stack([bagian > 0, bagian < 1], axis=1))
        self.strata_kab, self.strata_daerah = kab, daerah + 1
        self.strata_penduduk = penduduk[kab] * np.where(daerah == 0, bagian[kab], 1 - bagian[kab])
        self.prov_kab, self.nomor_kab = prov, nomor
        target = max(round(self.ukuran.ruta / self.ukuran.ruta_psu), 2 * len(kab))
        self.psu_strata = np.repeat(np.arange(len(kab)), _bagi_psu(self.strata_penduduk, target))

    def _ruta(self) -> None:
        a = self.acak("ruta")
        psu = len(self.psu_strata)
        dasar = self.ukuran.ruta / psu
        banyak = np.floor(dasar + a.random(psu)).astype(np.int64)
        self.efek_psu = a.normal(0, 1, psu).astype(np.float32)
        self.ruta_psu = np.repeat(np.arange(psu), banyak)
        strata = self.psu_strata[self.ruta_psu]
        kab, kota = self.strata_kab[strata], self.strata_daerah[strata] == 1
        r = len(self.ruta_psu)
        self.isi_ruta = a.choice(np.arange(1, 11), size=r, p=_UKURAN_RUTA / _UKURAN_RUTA.sum())
        u = self.sejahtera_kab[kab] + 0.32 * kota + 0.22 * self.efek_psu[self.ruta_psu] + a.normal(0, 0.42, r)
        u -= 0.06 * (self.isi_ruta - 4)
        self.pengeluaran = np.rint(np.exp(13.62 + u) / 100) * 100
        self.z_ruta = ((u - u.mean()) / u.std()).astype(np.float32)
        self.akses_ruta = self.akses_kab[kab].astype(np.float32)
        self.kota_ruta = kota.astype(np.float32) - np.float32(0.5)

    def _orang(self) -> None:
        a = self.acak("orang")
        isi = self.isi_ruta
        self.ruta = np.repeat(np.arange(len(isi)), isi)
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
        self.umur = np.clip(np.floor(umur), 0, 98).astype(np.int8)
        laki = a.random(n) < np.where(orang_tua, 0.28, 0.515)
        laki = np.where(kepala, kepala_laki[self.ruta], np.where(istri, ~kepala_laki[self.ruta], laki))
        dewasa = self.umur >= 18
        kawin = np.where(istri | (kepala & pasangan[self.ruta]), 2, 1)
        kawin = np.where(kepala & ~pasangan[self.ruta] & (self.umur >= 40), 4, kawin)
        kawin = np.where(orang_tua, np.where(laki, 2, 4), kawin)
        kawin = np.where((anak | famili) & dewasa & (a.random(n) < 0.35), 2, kawin)
        hubungan = np.select([kepala, istri, anak, orang_tua], [1, 2, 3, 6], default=9)
        psu = self.ruta_psu[self.ruta]
        strata = self.psu_strata[psu]
        kab = self.strata_kab[strata]
        self.psu, self.strata = psu, strata
        self.laki = laki
        self.z, self.kota, self.akses = self.z_ruta[self.ruta], self.kota_ruta[self.ruta], self.akses_ruta[self.ruta]
        self.e = self.efek_psu[psu]
        self.kolom |= {
            "R101": self.prov_kab[kab].astype(np.int8),
            "R102": self.nomor_kab[kab].astype(np.int8),
            "R105": self.strata_daerah[strata].astype(np.int8),
            "STRATA": (strata + 1).astype(np.int32),
            "PSU": (psu + 1).astype(np.int32),
            "RENUM": (self.ruta + 1).astype(np.int32),
            "R401": (urut + 1).astype(np.int8),
            "R403": hubungan.astype(np.int8),
            "R404": kawin.astype(np.int8),
            "R405": np.where(laki, 1, 2).astype(np.int8),
            "R407": self.umur,
            "EXP_CAP": self.pengeluaran[self.ruta].astype(np.int32),
        }

    def _penimbang(self) -> None:
        a = self.acak("penimbang")
        berat = np.exp(a.normal(0, 0.25, len(self.psu_strata)))[self.psu]
        jumlah = np.bincount(self.strata, weights=berat, minlength=len(self.strata_penduduk))
        berat *= (self.strata_penduduk / jumlah)[self.strata]
        self.kolom["FWT"] = np.maximum(np.round(berat, 2), 0.01)

    # ------------------------------------------------------------------ alat

    def derau(self, nama: str, banyak: int) -> np.ndarray:
        return self.acak(nama).standard_normal(banyak, dtype=np.float32)

    def orang(
        self, nama: str, peluang: float, z=0.0, kota=0.0, akses=0.0, psu=0.25, tambah: np.ndarray | float = 0.0
    ) -> np.ndarray:
        """Ya/tidak tiap orang, dengan bagian ya sekitar `peluang` bila tanpa `tambah`."""
        laten = z * self.z + kota * self.kota + akses * self.akses + psu * self.e + tambah
        laten += self.derau(nama, self.n)
        return laten > -_pusat(peluang, z, kota, akses, psu)

    def laten_ruta(self, nama: str, z=0.0, kota=0.0, akses=0.0, psu=0.25) -> np.ndarray:
        """Laten tiap rumah tangga, kira-kira normal baku."""
        e = self.efek_psu[self.ruta_psu]
        laten = z * self.z_ruta + kota * self.kota_ruta + akses * self.akses_ruta + psu * e
        laten += self.derau(nama, len(self.isi_ruta))
        return laten / np.float32(np.sqrt(1 + z * z + kota * kota / 4 + akses * akses / 6 + psu * psu))

    def ruta_ya(self, nama: str, peluang: float, **pengaruh: float) -> np.ndarray:
        return (self.laten_ruta(nama, **pengaruh) > -_normal_balik(peluang))[self.ruta]

    def ruta_kelas(self, nama: str, bagian: tuple[float, ...], kode: tuple[int, ...], **pengaruh: float) -> None:
        """Kolom rumah tangga berkode, dari yang terburuk ke yang terbaik menurut `bagian`."""
        batas = _normal_balik(np.cumsum(bagian)[:-1] / np.sum(bagian)).astype(np.float32)
        kelas = np.searchsorted(batas, self.laten_ruta(nama, **pengaruh))
        self.kolom[nama] = np.array(kode, dtype=np.int8)[kelas][self.ruta]

    def ya_tidak(self, nama: str, ya: np.ndarray, berlaku: np.ndarray | None = None, tidak: int = 5) -> None:
        """Kolom berkode 1 = ya, 5 = tidak; kosong di luar `berlaku`."""
        isi = np.where(ya, 1, tidak).astype(np.int8)
        self.kolom[nama] = isi if berlaku is None else kosongkan(isi, berlaku)

    # ------------------------------------------------------------------ isi

    def _disabilitas(self) -> None:
        umur = self.umur.astype(np.float32)
        dasar = np.float32(0.95) * self.derau("disabilitas", self.n)
        dasar += np.where(umur > 40, (umur - 40) * np.float32(0.036), 0) - np.float32(0.12) * self.z
        kecil = umur < 2
        self.sulit = np.zeros(self.n, dtype=bool)
        for nama, berat in zip(_DISABILITAS, _BERAT_FUNGSI, strict=True):
            laten = dasar + np.float32(0.75) * self.derau(nama, self.n) + np.float32(berat)
            kode = (4 - np.searchsorted(_AMBANG_SULIT, laten)).astype(np.int8)
            self.kolom[nama] = kosongkan(kode, ~kecil)
            self.sulit |= (kode <= 2) & ~kecil
        self.beban = np.where(self.sulit, np.float32(-0.55), np.float32(0))

    def _rumah(self) -> None:
        luas = np.exp(3.95 + 0.22 * self.laten_ruta("R1804", z=0.8, kota=-0.3) + 0.09 * np.log(self.isi_ruta))
        self.kolom["R1804"] = np.clip(np.rint(luas * 1.15), 8, 600).astype(np.int16)[self.ruta]
        self.ruta_kelas("R1806", (0.02, 0.01, 0.30, 0.12, 0.52, 0.03), (7, 8, 4, 3, 2, 1), z=0.5, akses=0.7)
        self.ruta_kelas("R1807", (0.02, 0.05, 0.14, 0.04, 0.75), (7, 4, 3, 2, 1), z=0.6, kota=0.5, akses=0.6)
        self.ruta_kelas("R1808", (0.07, 0.02, 0.28, 0.10, 0.05, 0.45, 0.03), (8, 7, 6, 5, 4, 2, 1), z=0.7, akses=0.5)
        self.ruta_kelas("R1809A", (0.07, 0.03, 0.02, 0.08, 0.80), (6, 4, 3, 2, 1), z=0.5, kota=0.4, akses=0.6)
        self.ruta_kelas("R1809B", (0.06, 0.03, 0.02, 0.89), (4, 3, 2, 1), z=0.5, kota=0.4, akses=0.7)
        self.ruta_kelas("R1809C", (0.10, 0.06, 0.02, 0.82), (4, 3, 2, 1), z=0.5, kota=0.6, akses=0.6)
        self.ruta_kelas(
            "R1810A",
            (0.03, 0.02, 0.06, 0.05, 0.20, 0.22, 0.10, 0.28, 0.04),
            (9, 8, 6, 7, 5, 4, 3, 2, 1),
            akses=0.8,
            z=0.4,
        )
        gizi = self.laten_ruta("gizi", z=0.9, kota=0.1, akses=0.2)
        protein = 62 * np.exp(0.26 * gizi)
        kalori = 2120 * np.exp(0.17 * gizi + 0.08 * self.derau("kalori", len(gizi)))
        self.kolom["SINTETIS_PROTEIN"] = np.rint(protein).astype(np.int16)[self.ruta]
        self.kolom["SINTETIS_KALORI"] = np.rint(kalori).astype(np.int16)[self.ruta]

    def _kesehatan(self) -> None:
        tua = np.maximum(self.umur.astype(np.float32) - 40, 0) * np.float32(0.015)
        jalan = self.orang("jalan", 0.14, z=0.05, akses=0.2, tambah=tua + np.where(self.sulit, 0.4, 0.0))
        inap = self.orang("inap", 0.035, z=0.08, akses=0.2, tambah=tua + np.where(self.sulit, 0.4, 0.0))
        pakai = self.orang("jaminan", 0.46, z=-0.05, kota=0.25, akses=0.3)
        pakai_inap = self.orang("jaminan_inap", 0.62, kota=0.2, akses=0.3)
        self.ya_tidak("R1109_A", pakai, jalan)
        self.ya_tidak("R1204_A", pakai_inap, inap)
        umur = self.umur
        ibu = ~self.laki & (umur >= 15) & (umur <= 49) & (self.kolom["R404"] != 1)
        lahir = ibu & self.orang("lahir", 0.20, psu=0.0, tambah=np.where(umur < 35, 0.4, -0.7))
        nakes = self.orang("R1504B", 0.90, z=0.4, kota=0.3, akses=0.7)
        jenis = self.acak("penolong").choice(np.array([1, 2, 3, 4], dtype=np.int8), self.n, p=[0.28, 0.02, 0.66, 0.04])
        self.kolom["R1504B"] = kosongkan(np.where(nakes, jenis, np.int8(7)), lahir)
        balita = umur <= 4
        dasar = 0.35 * self.z + 0.6 * self.akses + 0.2 * self.kota + self.derau("imunisasi", self.n)
        for nama, ambang in (("R1405", -1.35), ("R1411", -1.0)):
            self.ya_tidak(nama, dasar + 0.45 * self.derau(nama, self.n) > ambang, balita)
        for nama, geser in (("R1407", 0.0), ("R1409", 0.15), ("R1412", 0.05)):
            kali = np.searchsorted([-1.6, -1.1, -0.6], dasar + geser + 0.35 * self.derau(nama, self.n))
            self.kolom[nama] = kosongkan(kali.astype(np.int8), balita)

    def _pendidikan(self) -> None:
        umur = self.umur
        jenjang = np.select([umur <= 6, umur <= 12, umur <= 15, umur <= 18], [0, 1, 4, 7], default=11).astype(np.int8)
        terlambat = self.acak("terlambat").random(self.n) < 0.12
        jenjang = np.where(terlambat & np.isin(jenjang, (4, 7)), jenjang - 3, jenjang).astype(np.int8)
        usia = (umur >= 5) & (umur <= 24)
        turun = np.select([umur <= 6, umur <= 12, umur <= 15, umur <= 18], [-1.2, 0.9, 0.4, -0.5], default=-1.9)
        sekolah = usia & self.orang("sekolah", 0.86, z=0.35, akses=0.4, kota=0.1, tambah=turun + self.beban * 1.4)
        self.sekolah = sekolah
        status = np.where(sekolah, 2, np.where(umur < 7, 1, 3)).astype(np.int8)
        self.kolom["R612"] = kosongkan(status, umur >= 5)
        self.kolom["R613"] = kosongkan(np.where(jenjang == 0, np.int8(1), jenjang), sekolah)
        lambat = -np.maximum(umur.astype(np.float32) - 45, 0) * np.float32(0.045)
        self.baca = self.orang("R609", 0.985, z=0.4, akses=0.6, tambah=lambat + self.beban)
        self.ya_tidak("R609", self.baca, umur >= 5)
        akta = self.orang("R606", 0.86, z=0.4, kota=0.2, akses=0.7)
        ditunjukkan = self.acak("akta").random(self.n) < 0.8
        self.kolom["R606"] = kosongkan(np.where(akta, np.where(ditunjukkan, 1, 2), 3).astype(np.int8), umur <= 17)
        self.ya_tidak("R501", self.orang("R501", 0.965, z=0.2, akses=0.5, tambah=np.where(umur < 2, -0.7, 0.0)))

    def _sosial(self) -> None:
        umur = self.umur
        sepuluh, lima = umur >= 10, umur >= 5
        muda = np.where((umur < 18) | (umur >= 75), np.float32(-0.5), np.float32(0))
        laki = np.where(self.laki, np.float32(0.25), np.float32(-0.25))
        self.ya_tidak("SINTETIS_PS1", self.orang("PS1", 0.66, kota=-0.3, tambah=muda + self.beban, psu=0.4), sepuluh)
        self.ya_tidak(
            "SINTETIS_PS2", self.orang("PS2", 0.22, z=0.15, tambah=muda + self.beban + laki, psu=0.3), sepuluh
        )
        self.ya_tidak("SINTETIS_PS3", self.orang("PS3", 0.78, z=0.1, akses=-0.2, psu=0.4), sepuluh)
        self.ya_tidak("SINTETIS_PS4", self.orang("PS4", 0.84, z=0.1, akses=-0.1, psu=0.4), sepuluh)
        self.ya_tidak("SINTETIS_PS5", self.orang("PS5", 0.27, z=0.2, kota=0.2, tambah=-muda + self.beban), sepuluh)
        self.ya_tidak("SINTETIS_PS6", self.orang("PS6", 0.42, z=0.35, kota=0.3, tambah=muda + self.beban))
        siaga = (0.55 * self.efek_psu + self.acak("PS9").normal(0, 1, len(self.efek_psu)) > 0.55)[self.psu]
        self.ya_tidak("SINTETIS_PS9", siaga)
        umur_internet = -np.abs(umur.astype(np.float32) - 24) * np.float32(0.045) + np.float32(0.75)
        internet = self.orang("R804", 0.45, z=0.4, kota=0.4, akses=0.6, tambah=umur_internet + self.beban)
        self.internet = internet & lima
        self.ya_tidak("R804", internet, lima)
        self.ya_tidak("SINTETIS_PS11", self.orang("PS11", 0.87, z=0.2, akses=0.5, tambah=self.beban), lima)
        self.ya_tidak("SINTETIS_PS12", self.orang("PS12", 0.14, z=0.4, kota=0.3, tambah=muda + self.beban), lima)

    def _ekonomi(self) -> None:
        umur = self.umur.astype(np.float32)
        usia = self.umur >= 15
        puncak = -np.abs(umur - 42) * np.float32(0.045) + np.float32(0.75)
        laki = np.where(self.laki, np.float32(0.75), np.float32(-0.55))
        kerja = self.orang("kerja", 0.62, z=0.05, kota=-0.15, tambah=puncak + laki + self.beban)
        kerja &= usia & ~(self.sekolah & (self.acak("sambilan").random(self.n) < 0.9))
        jeda = usia & ~kerja & (self.acak("R703").random(self.n) < 0.012)
        kegiatan = np.where(kerja, 1, np.where(self.sekolah, 2, np.where(self.laki, 4, 3))).astype(np.int8)
        self.kolom["R702"] = kosongkan(kegiatan, self.umur >= 5)
        self.ya_tidak("R703", jeda, usia & ~kerja)
        jam = 40 - np.maximum(umur - 50, 0) * 0.55 + 13 * self.derau("R706", self.n) + np.where(self.laki, 3, -4)
        self.kolom["R706"] = kosongkan(np.clip(np.rint(jam), 1, 97).astype(np.int8), kerja | jeda)
        usaha = self.orang("R811_F", 0.11, z=0.35, kota=0.3)
        self.ya_tidak("R811_F", usaha, self.internet)
        rekening = self.orang("R808", 0.42, z=0.55, kota=0.3, akses=0.4, tambah=self.beban)
        self.ya_tidak("R808", rekening, self.umur >= 5)
        self.ya_tidak("R2201A2", self.ruta_ya("R2201A2", 0.09, z=0.6, kota=0.4))
        self.ya_tidak("R2201A3", self.ruta_ya("R2201A3", 0.07, z=0.6, kota=0.5))
        self.ya_tidak("R2001G", self.ruta_ya("R2001G", 0.15, z=0.6, akses=0.2))
        self.ya_tidak("SINTETIS_KE6", self.ruta_ya("KE6", 0.40, z=0.5, kota=0.2))
        for huruf, bagian in zip(_KREDIT, (0.08, 0.05, 0.02, 0.02, 0.015, 0.01, 0.01, 0.02, 0.005, 0.01), strict=True):
            self.ya_tidak(f"R1901{huruf}", self.ruta_ya(f"R1901{huruf}", bagian, z=0.1))
        self.ya_tidak("R2101", self.ruta_ya("R2101", 0.22, z=-0.7, kota=-0.3))
        self.ya_tidak("R2106", self.ruta_ya("R2106", 0.15, z=-0.7, kota=-0.3))
        self.ya_tidak("R2109", self.ruta_ya("R2109", 0.14, z=-0.7, kota=-0.2))


def kosongkan(isi: np.ndarray, berlaku: np.ndarray) -> np.ndarray:
    """float32 dengan NaN di luar `berlaku`."""
    return np.where(berlaku, isi, np.float32(np.nan)).astype(np.float32, copy=False)


def _bagi_psu(penduduk: np.ndarray, banyak: int) -> np.ndarray:
    """Banyak PSU tiap strata: sedikitnya dua, selebihnya sebanding akar penduduk (sisa terbesar)."""
    sisa = banyak - 2 * len(penduduk)
    bagian = np.sqrt(penduduk) / np.sqrt(penduduk).sum() * sisa
    hasil = np.floor(bagian).astype(np.int64)
    urutan = np.argsort(-(bagian - hasil), kind="stable")
    hasil[urutan[: sisa - hasil.sum()]] += 1
    return hasil + 2


def _pusat(peluang: float, z: float, kota: float, akses: float, psu: float) -> np.float32:
    return np.float32(_normal_balik(peluang) * np.sqrt(1 + z * z + kota * kota / 4 + akses * akses / 6 + psu * psu))


def _normal_balik(peluang):
    from scipy.special import ndtri

    return ndtri(peluang)
