"""Dari data mikro dan kodebuku ke ukuran tiap orang: 1, 0, atau kosong, per sasaran x indikator."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kinerja.errors import GalatData, GalatHitung, GalatParameter
from kinerja.ikesos.kerangka import PEMISAH, Kerangka
from kinerja.istilah import Catatan
from kinerja.mikro import Butir, Kodebuku, Penilai, bersihkan, kuantil_di, nomor_ruta, periksa_variabel
from kinerja.mikro.ekspresi import Nilai
from kinerja.mikro.kodebuku import PILIHAN
from kinerja.mikro.pintu import BANYAK_BERARTI

ANGGOTA = "anggota"
"""Nama ukuran keanggotaan sasaran: ``rt/anggota`` bernilai 1 bagi anggota, kosong bagi yang lain."""

SEMUA = "semua"
GARIS = "@garis"
"""Akhiran ukuran bantu sasaran yang garisnya ditaksir dari survei: ``rt@garis/KD1`` adalah KD1 di antara mereka yang
berada di sekitar garis, ``rt@garis/pita`` semua orang di sekitar garis, ``rt@garis/skor`` simpangan kumulatifnya."""

PITA, SKOR = "pita", "skor"
LEBAR_PITA = 5.0
"""Setengah lebar pita di sekitar garis, persen penduduk: tempat kepadatan dan rerata di garis ditaksir."""

PERLU_ORANG = Catatan("perlu_orang")
_KOSONG = np.int8(-1)


@dataclass(frozen=True)
class Garis:
    """Sasaran yang keanggotaannya bergantung pada sebuah kuantil taksiran; tiap larik (n,)."""

    dekat: np.ndarray
    """Bool: yang keanggotaannya berubah bila garisnya digeser sejauh `LEBAR_PITA`."""
    pita: np.ndarray
    """Bool: yang nilainya di antara kedua garis geseran itu."""
    skor: np.ndarray
    """1(x <= garis) dikurangi bagian penduduk di bawah garis; bertanda terbalik bila garis yang naik mengurangi
    anggota; kosong bila x tidak diketahui."""


@dataclass
class Ukuran:
    """Ukuran yang dihitung saat diminta, supaya 1,2 juta orang x 76 ukuran tidak sekaligus menempati memori.

    Berlaku seperti DataFrame bagi :func:`surveyest.summarise`: punya ``columns``, panjang, dan ``[nama]``.
    """

    kode: dict[str, np.ndarray]
    """Tiap butir kodebuku, int8 (n,): 1, 0, atau -1 (di luar penyebut atau tidak diketahui)."""
    sasaran: dict[str, np.ndarray]
    saring: dict[str, np.ndarray]
    """Saringan tambahan sebuah ukuran (baris kepala rumah tangga)."""
    butir: dict[str, str]
    """Ukuran (``rt/KD1``) -> butir kodebuku."""
    wilayah: pd.DataFrame
    """Kolom domain."""
    kurang: dict[str, str] = field(default_factory=dict)
    """Ukuran yang tidak tersedia -> sebabnya."""
    garis: dict[str, Garis] = field(default_factory=dict)

    @property
    def nama(self) -> list[str]:
        """Nama semua ukuran: indikator tiap sasaran, keanggotaan, lalu ukuran bantu sasaran bergaris taksiran."""
        bantu = [
            f"{s}{GARIS}{PEMISAH}{satu}"
            for s in self.garis
            for satu in (*(b.split(PEMISAH)[1] for b in self.butir if b.split(PEMISAH)[0] == s), PITA, SKOR)
        ]
        return [*self.butir, *(f"{s}{PEMISAH}{ANGGOTA}" for s in (*self.sasaran, SEMUA)), *bantu]

    @property
    def columns(self) -> list[str]:
        return [*self.nama, *self.wilayah.columns]

    def __len__(self) -> int:
        return len(self.wilayah)

    def __getitem__(self, nama: str) -> pd.Series:
        if nama in self.wilayah:
            return self.wilayah[nama]
        sasaran = nama.split(PEMISAH)[0]
        if nama.endswith(f"{PEMISAH}{ANGGOTA}"):
            ikut = np.logical_or.reduce(list(self.sasaran.values())) if sasaran == SEMUA else self.sasaran[sasaran]
            return pd.Series(np.where(ikut, 1.0, np.nan), copy=False)
        ikut = self.sasaran.get(sasaran)
        if ikut is None:
            sasaran, akhir = sasaran.removesuffix(GARIS), nama.split(PEMISAH)[1]
            garis = self.garis[sasaran]
            if akhir == SKOR:
                return pd.Series(garis.skor, copy=False)
            if akhir == PITA:
                return pd.Series(np.where(garis.pita, 1.0, np.nan), copy=False)
            ikut, nama = garis.dekat, f"{sasaran}{PEMISAH}{akhir}"
        kode, ikut = self.jawaban(nama, ikut)
        return pd.Series(np.where(ikut, kode, np.nan), copy=False)

    def jawaban(self, nama: str, ikut: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Kode satu indikator (1, 0, -1), dan siapa di antara ``ikut`` yang masuk penyebutnya."""
        kode = self.kode[self.butir[nama]]
        ikut = ikut & (kode != _KOSONG)
        if nama in self.saring:
            ikut &= self.saring[nama]
        return kode, ikut


@dataclass(frozen=True)
class Rancangan:
    """``bobot``, ``strata``, dan ``psu`` tiap baris; keterangan: yang tidak tersedia di berkas, dan penggantinya."""

    bingkai: pd.DataFrame
    keterangan: list[str]


def nilai_kodebuku(
    bingkai: pd.DataFrame, kodebuku: Kodebuku, kerangka: Kerangka, definisi: dict[str, str] | None = None
) -> tuple[Ukuran, Rancangan]:
    """Nilai semua butir kodebuku atas data mikro.

    Parameters
    ----------
    bingkai : DataFrame
        Satu baris per anggota rumah tangga, kolom bernama seperti kodebuku.
    definisi : dict sasaran -> butir, optional
        Definisi sasaran selain yang pertama di kodebuku. Tanpa itu, dari berkas yang hanya memuat rumah tangga,
        sasaran yang definisi pertamanya tidak dapat dihitung memakai definisi lain yang dapat, dan itu disebut.

    Raises
    ------
    GalatData
        Kolom wajib tidak ada atau kosong, atau tidak satu pun sasaran dan indikator dapat dihitung. Satu sasaran yang
        variabelnya tidak ada atau tanpa anggota hanya membuat sasaran itu tidak tersedia, dengan sebabnya di
        ``Ukuran.kurang``.
    """
    mulai = Mulai(bingkai, kodebuku)
    wilayah = _wilayah(mulai)
    rancangan = _rancangan(mulai, wilayah)
    keterangan = rancangan.keterangan
    pilihan = kodebuku.definisi_sasaran(definisi)
    if not mulai.orang:
        pilihan |= _definisi_ruta(mulai, pilihan, definisi or {}, keterangan)
    sasaran, tiada, garis = {}, {}, {}
    for kode in kerangka.sasaran:
        sasaran[kode], sebab = _sasaran(mulai, pilihan.get(kode))
        tiada[kode] = sebab and Catatan("sasaran_tiada", sebab=sebab)
        if not sebab:
            garis |= _garis(mulai, pilihan[kode], kode, keterangan)
    if all(tiada.values()):
        temuan = "tidak satu pun kelompok sasaran; " + "; ".join(f"{k}: {v}" for k, v in tiada.items())
        harapan = "sedikitnya satu kelompok yang definisinya cocok dengan data" + _saran_definisi(mulai, pilihan)
        raise GalatData(kodebuku.nama, ditemukan=temuan, diharapkan=harapan)
    ukuran = Ukuran({}, sasaran, {}, {}, wilayah, garis=garis)
    for baris in kerangka.indikator[kerangka.indikator["dipakai"]].to_dict("records"):
        butir, simpul = kodebuku.butir.get(baris["butir"]), baris["simpul"]
        if sebab := tiada[baris["sasaran"]] or mulai.sebab_kurang(butir):
            ukuran.kurang[simpul] = sebab
            continue
        if butir.butir not in ukuran.kode:
            ukuran.kode[butir.butir] = mulai.kode(butir)
        ukuran.butir[simpul] = butir.butir
        if butir.unit == "ruta" and pilihan[baris["sasaran"]].unit == "ruta":
            ukuran.saring[simpul] = mulai.kepala
    kosong = wilayah.isna().sum().items()
    keterangan += [Catatan("wilayah_kosong", wilayah=Catatan(nama), n=int(n)) for nama, n in kosong if n]
    keterangan += [Catatan("kalimat", isi=p) for t in mulai.temuan.values() for p in t.peringatan]
    keterangan += _mencurigakan(ukuran)
    if not ukuran.butir:
        temuan = "tidak satu pun indikator dapat dihitung"
        raise GalatData(kodebuku.nama, ditemukan=temuan, diharapkan="variabel yang ada di data")
    return ukuran, rancangan


class Mulai:
    """Data yang sudah lewat pintu dan siap dinilai.

    Attributes
    ----------
    bingkai : DataFrame
        Kode "tidak tahu" dan kode yang tidak dikenal sudah kosong.
    temuan : dict of str to Temuan
    bobot, ruta, kepala : ndarray (n,)
        Penimbang (float), nomor rumah tangga 0..R-1 (int64), dan apakah ia kepala rumah tangga (bool).
    orang : bool
        Salah: berkasnya hanya memuat rumah tangga.

    Raises
    ------
    GalatData
        Penimbang, nomor rumah tangga, kepala rumah tangga, atau wilayah tidak ada, kosong, atau salah kolom.
    """

    def __init__(self, bingkai: pd.DataFrame, kodebuku: Kodebuku):
        self.kodebuku, self.temuan = kodebuku, periksa_variabel(bingkai, kodebuku)
        self._tolak_rancangan()
        self.bingkai = bersihkan(bingkai, kodebuku, self.temuan)
        self.penilai = Penilai(self.bingkai, parameter=kodebuku.parameter)
        self.bobot, self.ruta = self._bobot(), self._ruta()
        self.penilai = self.bergeser(0.0).penilai
        # berkas yang hanya memuat rumah tangga tidak punya kolom kepala: tiap barisnya satu rumah tangga
        kepala = kodebuku.rancangan("kepala_ruta")
        self.orang = not self.kurang(kepala)
        self.kepala = self.pasti(kepala) if self.orang else np.ones(len(bingkai), dtype=bool)
        if not self.orang and self.ruta.max(initial=-1) + 1 != len(bingkai):
            raise self._tiada(kepala)

    def bergeser(self, geser: float) -> Mulai:
        """Data yang sama, dengan setiap kuantil dinaikkan ``geser`` persen."""
        hasil, pilihan = copy(self), {"parameter": self.kodebuku.parameter, "ruta": self.ruta, "bobot": self.bobot}
        hasil.penilai = Penilai(self.bingkai, **pilihan, geser_kuantil=geser)
        return hasil

    def kurang(self, butir: Butir) -> tuple[str, ...]:
        """Variabel sebuah butir yang tidak ada di data."""
        return self.kodebuku.kurang(butir, self.bingkai.columns)

    def sebab_kurang(self, butir: Butir | None) -> str:
        """Mengapa satu butir tidak dapat dihitung dari data ini; kosong bila dapat."""
        if butir is None:
            return Catatan("tanpa_definisi")
        if butir.pembilang is None:
            return butir.alasan or Catatan("tanpa_variabel")
        if kurang := self.kurang(butir):
            return Catatan("variabel_tiada", kolom=kurang)
        gagal = (self.temuan[n].gagal for n in butir.nama_variabel if n in self.temuan)
        sebab = next(filter(None, gagal), "")
        perlu_orang = butir.unit == "art" and butir.jenis != "sasaran" and not self.orang
        return sebab or (PERLU_ORANG if perlu_orang else "")

    def nilai(self, butir: Butir, kolom: str = "pembilang") -> Nilai:
        """Ungkapan sebuah butir di tiap baris."""
        try:
            return self.penilai.nilai(getattr(butir, kolom))
        except (GalatParameter, GalatHitung) as galat:
            temuan = f"ungkapan yang tidak dapat dihitung ({str(galat).rstrip('.')})"
            raise self.kodebuku.galat(butir, temuan, "ungkapan yang cocok dengan isi kolom data", kolom) from galat

    def sebaris(self, isi: np.ndarray) -> np.ndarray:
        """Satu nilai tiap baris, juga bila ungkapannya hanya satu nilai."""
        return np.array(np.broadcast_to(isi, (len(self.bingkai),)))

    def pasti(self, butir: Butir, kolom: str = "pembilang") -> np.ndarray:
        """Syarat yang pasti benar di tiap baris."""
        return self.sebaris(self.nilai(butir, kolom).pasti())

    def anggota(self, butir: Butir) -> np.ndarray:
        """Anggota sebuah sasaran, bool (n,)."""
        ya = self.pasti(butir)
        return ya if butir.penyebut is None else ya & self.pasti(butir, "penyebut")

    def kode(self, butir: Butir) -> np.ndarray:
        """Satu butir di tiap baris, int8: 1, 0, atau -1 (di luar penyebut atau tidak diketahui)."""
        nilai = self.nilai(butir)
        kode = self.sebaris(nilai.isi).astype(np.int8)
        if nilai.kosong is not None:
            kode[self.sebaris(nilai.kosong)] = _KOSONG
        if butir.penyebut is not None:
            kode[~self.pasti(butir, "penyebut")] = _KOSONG
        return kode

    def terisi(self, butir: Butir, sebutan: str) -> np.ndarray:
        """Nilai butir rancangan di tiap baris; yang kosong menghentikan."""
        nilai = self.nilai(butir)
        if nilai.kosong is not None:
            temuan = f"{sebutan} kosong di {int(nilai.kosong.sum())} baris data"
            raise self.kodebuku.galat(butir, temuan, "nilai di setiap baris")
        return self.sebaris(nilai.isi)

    def _tiada(self, butir: Butir, syarat: str = "") -> GalatData:
        temuan = f"variabel {', '.join(self.kurang(butir))} yang tidak ada di data"
        return self.kodebuku.galat(butir, temuan, f"kolom untuk {butir.nama.lower()}{syarat}")

    def _tolak_rancangan(self) -> None:
        """Bobot, rumah tangga, strata, atau wilayah yang salah kolom membuat semua angka salah: berhenti."""
        for butir in (b for jenis in PILIHAN for b in self.kodebuku.sejenis(jenis)):
            gagal = [self.temuan[n].gagal for n in butir.nama_variabel if n in self.temuan and self.temuan[n].gagal]
            if gagal:
                raise self.kodebuku.galat(butir, gagal[0], f"kolom untuk {butir.nama.lower()}")

    def _bobot(self) -> np.ndarray:
        butir = self.kodebuku.rancangan("bobot")
        if self.kurang(butir):
            raise self._tiada(butir)
        isi, sebutan = self.terisi(butir, butir.nama.lower()), butir.nama.lower()
        if isi.dtype == object:
            temuan = f"{sebutan} berupa teks, misalnya '{isi[0]}'"
            raise self.kodebuku.galat(butir, temuan, "bilangan di setiap baris")
        return isi.astype(float)

    def _ruta(self) -> np.ndarray:
        """Nomor rumah tangga tiap baris; semua kolom di baris ``ruta`` bersama-sama menjadi kuncinya."""
        butir, syarat = self.kodebuku.rancangan("ruta"), ", terisi di setiap baris"
        if self.kurang(butir):
            raise self._tiada(butir, syarat)
        if kosong := int(self.bingkai[[*butir.nama_variabel]].isna().any(axis=1).sum()):
            sebutan = butir.nama.lower()
            raise self.kodebuku.galat(
                butir, f"{sebutan} kosong di {kosong} baris data", f"kolom untuk {sebutan}{syarat}"
            )
        return nomor_ruta(self.bingkai, self.kodebuku)


def _mencurigakan(ukuran: Ukuran) -> list[str]:
    """Indikator yang tepat 0 atau 100 persen pada banyak responden: lebih sering salah definisi daripada kenyataan."""
    hasil = []
    for nama in ukuran.butir:
        kode, ikut = ukuran.jawaban(nama, ukuran.sasaran[nama.split(PEMISAH)[0]])
        isi = kode[ikut]
        if len(isi) >= BANYAK_BERARTI and isi.min() == isi.max():
            hasil.append(Catatan("seragam", ukuran=nama, nilai=100 * int(isi[0]), n=len(isi)))
    return hasil


def _saran_definisi(mulai: Mulai, pilihan: Mapping[str, Butir]) -> str:
    """Definisi sasaran lain yang variabelnya ada di data, sebagai lanjutan kalimat."""
    lain = [
        f"{b.untuk}={b.butir} ({b.nama})"
        for b in mulai.kodebuku.sejenis("sasaran")
        if pilihan.get(b.untuk) is not b and b.pembilang is not None and not mulai.kurang(b)
    ]
    return f"; yang dapat dihitung dengan pilihan definisi: {', '.join(lain)}" if lain else ""


def _definisi_ruta(
    mulai: Mulai, pilihan: Mapping[str, Butir], diminta: Mapping[str, str], keterangan: list[str]
) -> dict[str, Butir]:
    """Definisi lain yang dapat dihitung dari berkas rumah tangga saja, bagi sasaran yang definisi bakunya tidak dapat.

    Berkas rumah tangga Kor tidak memuat pengeluaran, jadi tanpa berkas KP definisi baku ``rt`` tidak ada; penerima
    bantuan sosial ada. Yang dipakai disebut; definisi yang diminta tidak pernah diganti.
    """
    hasil: dict[str, Butir] = {}
    for kode, butir in pilihan.items():
        sebab = "" if kode in diminta else mulai.sebab_kurang(butir)
        lain = (b for b in mulai.kodebuku.sejenis("sasaran") if b.untuk == kode and b.unit == "ruta")
        ganti = next((b for b in lain if sebab and not mulai.sebab_kurang(b)), None)
        if ganti is not None:
            hasil[kode] = ganti
            isi = {"sasaran": kode, "sebab": sebab, "butir": ganti.butir, "nama": ganti.nama}
            keterangan.append(Catatan("definisi_lain", **isi))
    return hasil


def _sasaran(mulai: Mulai, butir: Butir | None) -> tuple[np.ndarray, str]:
    """Anggota satu sasaran, dan mengapa ia tidak tersedia (kosong bila tersedia)."""
    tiada = np.zeros(len(mulai.bingkai), dtype=bool)
    if sebab := mulai.sebab_kurang(butir):
        return tiada, sebab
    try:
        anggota = mulai.anggota(butir)
    except GalatData as galat:
        if not isinstance(galat.__cause__, GalatHitung):
            raise
        return tiada, Catatan("kuantil_kosong")
    return anggota, "" if (anggota & (mulai.bobot > 0)).any() else Catatan("tanpa_anggota")


def _garis(mulai: Mulai, butir: Butir, kode: str, keterangan: list[str]) -> dict[str, Garis]:
    """Garis taksiran satu sasaran; kosong bila keanggotaannya tidak memakai kuantil.

    Keanggotaan dinilai lagi dengan garis yang digeser naik dan turun, sehingga syarat lain di ungkapannya ikut berlaku.
    """
    daftar = kuantil_di(butir.pembilang)
    if not daftar:
        return {}
    if len(daftar) > 1:
        keterangan.append(Catatan("garis_dua_kuantil", sasaran=kode))
        return {}
    simpul, persen = (mulai.penilai.nilai(x) for x in daftar[0].args)
    geser = min(LEBAR_PITA, float(persen.isi) / 2, (100 - float(persen.isi)) / 2)
    if geser <= 0:
        return {}
    atas, bawah = mulai.bergeser(geser), mulai.bergeser(-geser)
    naik, turun = atas.anggota(butir), bawah.anggota(butir)
    if (naik & ~turun).any() and (turun & ~naik).any():
        keterangan.append(Catatan("garis_dua_arah", sasaran=kode))
        return {}
    x = mulai.sebaris(simpul.isi).astype(float)
    if simpul.kosong is not None:
        x[mulai.sebaris(simpul.kosong)] = np.nan
    tahu = ~np.isnan(x) & (mulai.bobot > 0)
    q, q_atas, q_bawah = (float(m.penilai.nilai(daftar[0]).isi) for m in (mulai, atas, bawah))
    di_bawah = x <= q
    skor = np.where(tahu, di_bawah - np.average(di_bawah[tahu], weights=mulai.bobot[tahu]), np.nan)
    if (turun & ~naik).any():
        skor = -skor
    return {kode: Garis(naik ^ turun, tahu & (x > q_bawah) & (x <= q_atas), skor)}


def _wilayah(mulai: Mulai) -> pd.DataFrame:
    hasil = {}
    for nama in PILIHAN["wilayah"]:
        butir = mulai.kodebuku.rancangan(nama)
        if butir is None or butir.pembilang is None or mulai.kurang(butir):
            continue
        nilai = mulai.nilai(butir)
        isi = pd.Series(mulai.sebaris(nilai.isi))
        if nilai.kosong is not None:
            isi = isi.mask(nilai.kosong) if isi.dtype == object else isi.astype(float).mask(nilai.kosong)
        if isi.dtype.kind == "f" and (isi.dropna() == np.rint(isi.dropna())).all():
            # kode yang sebagian kosong tetap bilangan bulat: 11, bukan 11.0
            isi = isi.astype("Int64" if isi.isna().any() else np.int64)
        hasil[nama] = isi
    return pd.DataFrame(hasil)


def _rancangan(mulai: Mulai, wilayah: pd.DataFrame) -> Rancangan:
    isi: dict[str, np.ndarray] = {"bobot": mulai.bobot}
    keterangan = []
    for nama in ("strata", "psu"):
        butir = mulai.kodebuku.rancangan(nama)
        if butir is not None and butir.pembilang is not None and not mulai.kurang(butir):
            isi[nama] = mulai.terisi(butir, nama)
        elif nama == "strata":
            kolom = [k for k in ("kabkota", "daerah") if k in wilayah] or ["provinsi"]
            isi[nama] = wilayah.groupby(kolom, dropna=False, sort=True).ngroup().to_numpy()
            nama_kolom = [Catatan(k) for k in kolom]
            silang = nama_kolom[0] if len(kolom) == 1 else Catatan("silang", a=nama_kolom[0], b=nama_kolom[1])
            keterangan.append(Catatan("tanpa_strata", kolom=silang))
        else:
            isi[nama] = mulai.ruta
            keterangan.append(Catatan("tanpa_psu"))
    return Rancangan(pd.DataFrame(isi), keterangan)
