"""Dari data mikro dan kodebuku ke ukuran tiap orang: 1, 0, atau kosong, per sasaran x indikator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kinerja.errors import GalatData, GalatHitung, GalatParameter
from kinerja.ikesos.kerangka import PEMISAH, Kerangka
from kinerja.istilah import Catatan
from kinerja.mikro import Butir, Kodebuku, Penilai, Temuan, bersihkan, kuantil_di, nomor_ruta, periksa_variabel
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
    """Sasaran yang keanggotaannya bergantung pada sebuah kuantil taksiran.

    Attributes
    ----------
    dekat : ndarray of bool (n,)
        Yang keanggotaannya berubah bila garisnya digeser sejauh `LEBAR_PITA`.
    pita : ndarray of bool (n,)
        Yang nilainya di antara kedua garis geseran itu.
    skor : ndarray (n,)
        1(x <= garis) dikurangi bagian penduduk di bawah garis; bertanda terbalik bila garis yang naik mengurangi
        anggota; kosong bila x tidak diketahui.
    """

    dekat: np.ndarray
    pita: np.ndarray
    skor: np.ndarray


@dataclass
class Ukuran:
    """Ukuran yang dihitung saat diminta, supaya 1,2 juta orang x 76 ukuran tidak sekaligus menempati memori.

    Berlaku seperti DataFrame bagi :func:`surveyest.summarise`: punya ``columns``, panjang, dan ``[nama]``.

    Attributes
    ----------
    kode : dict of str to ndarray of int8 (n,)
        Tiap butir kodebuku: 1, 0, atau -1 (di luar penyebut atau tidak diketahui).
    sasaran : dict of str to ndarray of bool (n,)
    saring : dict of str to ndarray of bool (n,)
        Saringan tambahan sebuah ukuran (baris kepala rumah tangga).
    butir : dict of str to str
        Ukuran (``rt/KD1``) -> butir kodebuku.
    wilayah : DataFrame
        Kolom domain.
    """

    kode: dict[str, np.ndarray]
    sasaran: dict[str, np.ndarray]
    saring: dict[str, np.ndarray]
    butir: dict[str, str]
    wilayah: pd.DataFrame
    kurang: dict[str, str] = field(default_factory=dict)
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
    """Bobot, strata, PSU, dan rumah tangga tiap baris.

    Attributes
    ----------
    bingkai : DataFrame
        ``bobot``, ``strata``, ``psu``.
    keterangan : list of str
        Yang tidak tersedia di berkas, dan penggantinya.
    """

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
    mulai = mulai_nilai(bingkai, kodebuku)
    bingkai, temuan, penilai = mulai.bingkai, mulai.temuan, mulai.penilai
    bobot, ruta, kepala = mulai.bobot, mulai.ruta, mulai.kepala
    wilayah = _wilayah(penilai, kodebuku, bingkai)
    rancangan = _rancangan(penilai, kodebuku, bingkai, wilayah, bobot, ruta)
    sasaran, unit_ruta, tiada, garis = {}, {}, {}, {}
    pilihan = kodebuku.definisi_sasaran(definisi)
    if not mulai.orang:
        pilihan |= _definisi_ruta(kodebuku, pilihan, definisi or {}, bingkai, temuan, rancangan.keterangan)
    for kode in kerangka.sasaran:
        butir = pilihan.get(kode)
        unit_ruta[kode] = butir is not None and butir.unit == "ruta"
        anggota = np.zeros(len(bingkai), dtype=bool)
        tiada[kode] = sebab_kurang(butir, kodebuku, bingkai, temuan)
        if not tiada[kode]:
            try:
                anggota = _anggota(penilai, butir, kodebuku, len(bingkai))
            except GalatData as galat:
                if not isinstance(galat.__cause__, GalatHitung):
                    raise
                tiada[kode] = Catatan("kuantil_kosong")
        if not tiada[kode] and not (anggota & (bobot > 0)).any():
            tiada[kode] = Catatan("tanpa_anggota")
        if tiada[kode]:
            tiada[kode] = Catatan("sasaran_tiada", sebab=tiada[kode])
        else:
            garis |= _garis(penilai, butir, kodebuku, bingkai, ruta, bobot, kode, rancangan)
        sasaran[kode] = anggota
    if all(tiada.values()):
        raise GalatData(
            kodebuku.nama,
            ditemukan="tidak satu pun kelompok sasaran; " + "; ".join(f"{k}: {v}" for k, v in tiada.items()),
            diharapkan="sedikitnya satu kelompok yang definisinya cocok dengan data"
            + _saran_definisi(kodebuku, pilihan, bingkai),
        )
    ukuran = Ukuran({}, sasaran, {}, {}, wilayah, garis=garis)
    for baris in kerangka.indikator[kerangka.indikator["dipakai"]].to_dict("records"):
        butir = kodebuku.butir.get(baris["butir"])
        sebab = tiada[baris["sasaran"]] or sebab_kurang(butir, kodebuku, bingkai, temuan)
        if not sebab and not mulai.orang and butir.unit == "art":
            sebab = PERLU_ORANG
        if sebab:
            ukuran.kurang[baris["simpul"]] = sebab
            continue
        if butir.butir not in ukuran.kode:
            ukuran.kode[butir.butir] = nilai_butir(penilai, butir, kodebuku, len(bingkai))
        ukuran.butir[baris["simpul"]] = butir.butir
        if butir.unit == "ruta" and unit_ruta[baris["sasaran"]]:
            ukuran.saring[baris["simpul"]] = kepala
    rancangan.keterangan.extend(
        Catatan("wilayah_kosong", wilayah=Catatan(nama), n=int(n)) for nama, n in wilayah.isna().sum().items() if n
    )
    rancangan.keterangan.extend(Catatan("kalimat", isi=p) for t in temuan.values() for p in t.peringatan)
    rancangan.keterangan.extend(_mencurigakan(ukuran))
    if not ukuran.butir:
        raise GalatData(
            kodebuku.nama, ditemukan="tidak satu pun indikator dapat dihitung", diharapkan="variabel yang ada di data"
        )
    return ukuran, rancangan


@dataclass(frozen=True)
class Mulai:
    """Data yang sudah lewat pintu dan siap dinilai.

    Attributes
    ----------
    bingkai : DataFrame
        Kode "tidak tahu" dan kode yang tidak dikenal sudah kosong.
    temuan : dict of str to Temuan
    penilai : Penilai
    bobot : ndarray of float (n,)
    ruta : ndarray of int64 (n,)
        Nomor rumah tangga, 0..R-1.
    kepala : ndarray of bool (n,)
    orang : bool
        Salah: berkasnya hanya memuat rumah tangga.
    """

    bingkai: pd.DataFrame
    temuan: dict[str, Temuan]
    penilai: Penilai
    bobot: np.ndarray
    ruta: np.ndarray
    kepala: np.ndarray
    orang: bool


def mulai_nilai(bingkai: pd.DataFrame, kodebuku: Kodebuku) -> Mulai:
    """Periksa variabel di pintu, bersihkan, dan siapkan penilainya.

    Raises
    ------
    GalatData
        Penimbang, nomor rumah tangga, kepala rumah tangga, atau wilayah tidak ada, kosong, atau salah kolom.
    """
    temuan = periksa_variabel(bingkai, kodebuku)
    _tolak_rancangan(kodebuku, temuan)
    bingkai = bersihkan(bingkai, kodebuku, temuan)
    dasar = Penilai(bingkai, parameter=kodebuku.parameter)
    bobot = _wajib(dasar, kodebuku, "bobot", bingkai)
    ruta = _ruta(kodebuku, bingkai)
    penilai = Penilai(bingkai, parameter=kodebuku.parameter, ruta=ruta, bobot=bobot)
    # berkas yang hanya memuat rumah tangga tidak punya kolom kepala: tiap barisnya satu rumah tangga
    orang = not kodebuku.kurang(kodebuku.rancangan("kepala_ruta"), bingkai.columns)
    kepala = np.ones(len(bingkai), dtype=bool)
    if orang:
        kepala = _sebaris(_nilai(penilai, kodebuku.rancangan("kepala_ruta"), kodebuku).pasti(), len(bingkai))
    elif ruta.max(initial=-1) + 1 != len(bingkai):
        _wajib(dasar, kodebuku, "kepala_ruta", bingkai)
    return Mulai(bingkai, temuan, penilai, bobot, ruta, kepala, orang)


def _mencurigakan(ukuran: Ukuran) -> list[str]:
    """Indikator yang tepat 0 atau 100 persen pada banyak responden: lebih sering salah definisi daripada kenyataan."""
    hasil = []
    for nama in ukuran.butir:
        kode, ikut = ukuran.jawaban(nama, ukuran.sasaran[nama.split(PEMISAH)[0]])
        isi = kode[ikut]
        if len(isi) >= BANYAK_BERARTI and isi.min() == isi.max():
            hasil.append(Catatan("seragam", ukuran=nama, nilai=100 * int(isi[0]), n=len(isi)))
    return hasil


def _saran_definisi(kodebuku: Kodebuku, pilihan: Mapping[str, Butir], bingkai: pd.DataFrame) -> str:
    """Definisi sasaran lain yang variabelnya ada di data, sebagai lanjutan kalimat."""
    lain = [
        f"{b.untuk}={b.butir} ({b.nama})"
        for b in kodebuku.sejenis("sasaran")
        if pilihan.get(b.untuk) is not b and b.pembilang is not None and not kodebuku.kurang(b, bingkai.columns)
    ]
    return f"; yang dapat dihitung dengan pilihan definisi: {', '.join(lain)}" if lain else ""


def _definisi_ruta(kodebuku, pilihan, diminta, bingkai, temuan, keterangan: list[str]) -> dict[str, Butir]:
    """Definisi lain yang dapat dihitung dari berkas rumah tangga saja, bagi sasaran yang definisi bakunya tidak dapat.

    Berkas rumah tangga Kor tidak memuat pengeluaran, jadi tanpa berkas KP definisi baku ``rt`` tidak ada; penerima
    bantuan sosial ada. Yang dipakai disebut; definisi yang diminta tidak pernah diganti.
    """
    hasil: dict[str, Butir] = {}
    for kode, butir in pilihan.items():
        sebab = "" if kode in diminta else sebab_kurang(butir, kodebuku, bingkai, temuan)
        lain = (b for b in kodebuku.sejenis("sasaran") if b.untuk == kode and b.unit == "ruta")
        ganti = next((b for b in lain if sebab and not sebab_kurang(b, kodebuku, bingkai, temuan)), None)
        if ganti is not None:
            hasil[kode] = ganti
            isi = {"sasaran": kode, "sebab": sebab, "butir": ganti.butir, "nama": ganti.nama}
            keterangan.append(Catatan("definisi_lain", **isi))
    return hasil


def _anggota(penilai: Penilai, butir: Butir, kodebuku: Kodebuku, n: int) -> np.ndarray:
    anggota = _sebaris(_nilai(penilai, butir, kodebuku).pasti(), n)
    if butir.penyebut is not None:
        anggota = anggota & _nilai(penilai, butir, kodebuku, "penyebut").pasti()
    return anggota


def _garis(penilai, butir, kodebuku, bingkai, ruta, bobot, kode, rancangan) -> dict[str, Garis]:
    """Garis taksiran satu sasaran; kosong bila keanggotaannya tidak memakai kuantil.

    Keanggotaan dinilai lagi dengan garis yang digeser naik dan turun, sehingga syarat lain di ungkapannya ikut berlaku.
    """
    daftar = kuantil_di(butir.pembilang)
    if not daftar:
        return {}
    if len(daftar) > 1:
        rancangan.keterangan.append(Catatan("garis_dua_kuantil", sasaran=kode))
        return {}
    simpul, persen = (penilai.nilai_simpul(x) for x in daftar[0].args)
    geser = min(LEBAR_PITA, float(persen.isi) / 2, (100 - float(persen.isi)) / 2)
    if geser <= 0:
        return {}
    n = len(bingkai)
    atas, bawah = (
        Penilai(bingkai, parameter=kodebuku.parameter, ruta=ruta, bobot=bobot, geser_kuantil=g) for g in (geser, -geser)
    )
    naik, turun = (_anggota(p, butir, kodebuku, n) for p in (atas, bawah))
    if (naik & ~turun).any() and (turun & ~naik).any():
        rancangan.keterangan.append(Catatan("garis_dua_arah", sasaran=kode))
        return {}
    x = _sebaris(simpul.isi, n).astype(float)
    if simpul.kosong is not None:
        x[_sebaris(simpul.kosong, n)] = np.nan
    tahu = ~np.isnan(x) & (bobot > 0)
    q, q_atas, q_bawah = (float(p.nilai_simpul(daftar[0]).isi) for p in (penilai, atas, bawah))
    di_bawah = x <= q
    skor = np.where(tahu, di_bawah - np.average(di_bawah[tahu], weights=bobot[tahu]), np.nan)
    if (turun & ~naik).any():
        skor = -skor
    return {kode: Garis(naik ^ turun, tahu & (x > q_bawah) & (x <= q_atas), skor)}


def _tolak_rancangan(kodebuku: Kodebuku, temuan: dict[str, Temuan]) -> None:
    """Bobot, rumah tangga, strata, atau wilayah yang salah kolom membuat semua angka salah: berhenti."""
    for jenis in PILIHAN:
        for butir in kodebuku.sejenis(jenis):
            gagal = [temuan[n].gagal for n in butir.nama_variabel if n in temuan and temuan[n].gagal]
            if gagal:
                raise GalatData(
                    kodebuku.nama,
                    baris=butir.baris,
                    kolom="pembilang",
                    ditemukan=gagal[0],
                    diharapkan=f"kolom untuk {butir.nama.lower()}",
                )


def sebab_kurang(butir: Butir | None, kodebuku: Kodebuku, bingkai: pd.DataFrame, temuan: dict[str, Temuan]) -> str:
    """Mengapa satu butir tidak dapat dihitung dari data ini; kosong bila dapat."""
    if butir is None:
        return Catatan("tanpa_definisi")
    if butir.pembilang is None:
        return butir.alasan or Catatan("tanpa_variabel")
    kurang = kodebuku.kurang(butir, bingkai.columns)
    if kurang:
        return Catatan("variabel_tiada", kolom=kurang)
    return next((temuan[n].gagal for n in butir.nama_variabel if n in temuan and temuan[n].gagal), "")


def nilai_butir(penilai: Penilai, butir: Butir, kodebuku: Kodebuku, n: int) -> np.ndarray:
    """Satu butir di tiap baris, int8: 1, 0, atau -1 (di luar penyebut atau tidak diketahui)."""
    nilai = _nilai(penilai, butir, kodebuku)
    kode = _sebaris(nilai.isi, n).astype(np.int8)
    if nilai.kosong is not None:
        kode[_sebaris(nilai.kosong, n)] = _KOSONG
    if butir.penyebut is not None:
        kode[~_sebaris(_nilai(penilai, butir, kodebuku, "penyebut").pasti(), n)] = _KOSONG
    return kode


def _nilai(penilai: Penilai, butir: Butir, kodebuku: Kodebuku, kolom: str = "pembilang"):
    try:
        return penilai.nilai(getattr(butir, kolom))
    except (GalatParameter, GalatHitung) as galat:
        raise GalatData(
            kodebuku.nama,
            baris=butir.baris,
            kolom=kolom,
            ditemukan=f"ungkapan yang tidak dapat dihitung ({str(galat).rstrip('.')})",
            diharapkan="ungkapan yang cocok dengan isi kolom data",
        ) from galat


def _sebaris(isi: np.ndarray, n: int) -> np.ndarray:
    return np.array(np.broadcast_to(isi, (n,)))


def _ruta(kodebuku: Kodebuku, bingkai: pd.DataFrame) -> np.ndarray:
    """Nomor rumah tangga tiap baris; semua kolom di baris ``ruta`` bersama-sama menjadi kuncinya."""
    butir = kodebuku.rancangan("ruta")
    kurang = kodebuku.kurang(butir, bingkai.columns)
    kosong = 0 if kurang else int(bingkai[[*butir.nama_variabel]].isna().any(axis=1).sum())
    if kurang or kosong:
        raise GalatData(
            kodebuku.nama,
            baris=butir.baris,
            kolom="pembilang",
            ditemukan=f"variabel {', '.join(kurang)} yang tidak ada di data"
            if kurang
            else f"{butir.nama.lower()} kosong di {kosong} baris data",
            diharapkan=f"kolom untuk {butir.nama.lower()}, terisi di setiap baris",
        )
    return nomor_ruta(bingkai, kodebuku)


def _wajib(penilai: Penilai, kodebuku: Kodebuku, nama: str, bingkai: pd.DataFrame) -> np.ndarray:
    butir = kodebuku.rancangan(nama)
    kurang = kodebuku.kurang(butir, bingkai.columns)
    if kurang:
        raise GalatData(
            kodebuku.nama,
            baris=butir.baris,
            kolom="pembilang",
            ditemukan=f"variabel {', '.join(kurang)} yang tidak ada di data",
            diharapkan=f"kolom untuk {butir.nama.lower()}",
        )
    nilai = _nilai(penilai, butir, kodebuku)
    if nilai.kosong is not None:
        raise GalatData(
            kodebuku.nama,
            baris=butir.baris,
            kolom="pembilang",
            ditemukan=f"{butir.nama.lower()} kosong di {int(nilai.kosong.sum())} baris data",
            diharapkan="nilai di setiap baris",
        )
    isi = _sebaris(nilai.isi, len(bingkai))
    if nama == "bobot" and isi.dtype == object:
        raise GalatData(
            kodebuku.nama,
            baris=butir.baris,
            kolom="pembilang",
            ditemukan=f"{butir.nama.lower()} berupa teks, misalnya '{isi[0]}'",
            diharapkan="bilangan di setiap baris",
        )
    return isi.astype(float) if nama == "bobot" else isi


def _wilayah(penilai: Penilai, kodebuku: Kodebuku, bingkai: pd.DataFrame) -> pd.DataFrame:
    hasil = {}
    for nama in PILIHAN["wilayah"]:
        butir = kodebuku.rancangan(nama)
        if butir is None or butir.pembilang is None or kodebuku.kurang(butir, bingkai.columns):
            continue
        nilai = _nilai(penilai, butir, kodebuku)
        isi = pd.Series(_sebaris(nilai.isi, len(bingkai)))
        if nilai.kosong is not None:
            isi = isi.mask(nilai.kosong) if isi.dtype == object else isi.astype(float).mask(nilai.kosong)
        if isi.dtype.kind == "f" and isi.isna().any() and (isi.dropna() == np.rint(isi.dropna())).all():
            isi = isi.astype("Int64")  # kode yang sebagian kosong tetap bilangan bulat: 11, bukan 11.0
        elif isi.dtype.kind == "f" and (isi == np.rint(isi)).all():
            isi = isi.astype(np.int64)
        hasil[nama] = isi
    return pd.DataFrame(hasil)


def _rancangan(penilai, kodebuku, bingkai, wilayah, bobot, ruta) -> Rancangan:
    isi: dict[str, np.ndarray] = {"bobot": bobot}
    keterangan = []
    for nama in ("strata", "psu"):
        butir = kodebuku.rancangan(nama)
        ada = butir is not None and butir.pembilang is not None and not kodebuku.kurang(butir, bingkai.columns)
        if ada:
            nilai = _nilai(penilai, butir, kodebuku)
            if nilai.kosong is not None:
                raise GalatData(
                    kodebuku.nama,
                    baris=butir.baris,
                    kolom="pembilang",
                    ditemukan=f"{nama} kosong di {int(nilai.kosong.sum())} baris data",
                    diharapkan="nilai di setiap baris",
                )
            isi[nama] = _sebaris(nilai.isi, len(bingkai))
        elif nama == "strata":
            kolom = [k for k in ("kabkota", "daerah") if k in wilayah] or ["provinsi"]
            isi[nama] = wilayah.groupby(kolom, dropna=False, sort=True).ngroup().to_numpy()
            nama_kolom = [Catatan(k) for k in kolom]
            silang = nama_kolom[0] if len(kolom) == 1 else Catatan("silang", a=nama_kolom[0], b=nama_kolom[1])
            keterangan.append(Catatan("tanpa_strata", kolom=silang))
        else:
            isi[nama] = ruta
            keterangan.append(Catatan("tanpa_psu"))
    return Rancangan(pd.DataFrame(isi), keterangan)
