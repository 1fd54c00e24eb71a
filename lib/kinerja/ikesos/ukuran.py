"""Dari data mikro dan kodebuku ke ukuran tiap orang: 1, 0, atau kosong, per sasaran x indikator."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kinerja.errors import GalatData, GalatHitung, GalatParameter
from kinerja.ikesos.kerangka import PEMISAH, Kerangka
from kinerja.mikro import Butir, Kodebuku, Penilai
from kinerja.mikro.kodebuku import PILIHAN

ANGGOTA = "anggota"
"""Nama ukuran keanggotaan sasaran: ``rt/anggota`` bernilai 1 bagi anggota, kosong bagi yang lain."""

SEMUA = "semua"
_KOSONG = np.int8(-1)


@dataclass
class Ukuran:
    """Ukuran yang dihitung saat diminta, supaya 1,2 juta orang x 76 ukuran tidak sekaligus menempati memori.

    Berlaku seperti DataFrame bagi :func:`kinerja.survey.ringkas`: punya ``columns``, panjang, dan ``[nama]``.

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

    @property
    def nama(self) -> list[str]:
        """Nama semua ukuran: indikator tiap sasaran, lalu keanggotaan."""
        return [*self.butir, *(f"{s}{PEMISAH}{ANGGOTA}" for s in (*self.sasaran, SEMUA))]

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
        kode = self.kode[self.butir[nama]]
        ikut = self.sasaran[sasaran] & (kode != _KOSONG)
        if nama in self.saring:
            ikut &= self.saring[nama]
        return pd.Series(np.where(ikut, kode, np.nan), copy=False)


@dataclass(frozen=True)
class Rancangan:
    """Bobot, strata, PSU, dan rumah tangga tiap baris.

    Attributes
    ----------
    bingkai : DataFrame
        ``bobot``, ``strata``, ``psu``.
    keterangan : tuple of str
        Yang tidak tersedia di berkas, dan penggantinya.
    """

    bingkai: pd.DataFrame
    keterangan: tuple[str, ...]


def nilai_kodebuku(
    bingkai: pd.DataFrame, kodebuku: Kodebuku, kerangka: Kerangka, definisi: dict[str, str] | None = None
) -> tuple[Ukuran, Rancangan]:
    """Nilai semua butir kodebuku atas data mikro.

    Parameters
    ----------
    bingkai : DataFrame
        Satu baris per anggota rumah tangga, kolom bernama seperti kodebuku.
    definisi : dict sasaran -> butir, optional
        Definisi sasaran selain yang pertama di kodebuku.

    Raises
    ------
    GalatData
        Kolom wajib tidak ada, kosong, atau sasaran tanpa anggota.
    """
    dasar = Penilai(bingkai, parameter=kodebuku.parameter)
    bobot = _wajib(dasar, kodebuku, "bobot", bingkai)
    ruta = pd.factorize(_wajib(dasar, kodebuku, "ruta", bingkai))[0].astype(np.int64)
    penilai = Penilai(bingkai, parameter=kodebuku.parameter, ruta=ruta, bobot=bobot)
    kepala = _nilai(penilai, kodebuku.rancangan("kepala_ruta"), kodebuku).pasti()
    wilayah = _wilayah(penilai, kodebuku, bingkai)
    rancangan = _rancangan(penilai, kodebuku, bingkai, wilayah, bobot, ruta)
    sasaran, unit_ruta = {}, {}
    pilihan = kodebuku.definisi_sasaran(definisi)
    for kode in kerangka.sasaran:
        butir = pilihan.get(kode)
        if butir is None:
            raise GalatParameter(f"{kodebuku.nama} tidak mendefinisikan sasaran '{kode}'.")
        kurang = kodebuku.kurang(butir, bingkai.columns)
        if kurang:
            raise GalatData(
                kodebuku.nama,
                baris=butir.baris,
                kolom="pembilang",
                ditemukan=f"variabel {', '.join(kurang)} yang tidak ada di data",
                diharapkan=f"variabel yang ada, atau definisi lain bagi sasaran '{kode}'",
            )
        anggota = _sebaris(_nilai(penilai, butir, kodebuku).pasti(), len(bingkai))
        if butir.penyebut is not None:
            anggota = anggota & _nilai(penilai, butir, kodebuku, "penyebut").pasti()
        if not (anggota & (bobot > 0)).any():
            raise GalatData(
                kodebuku.nama,
                baris=butir.baris,
                kolom="pembilang",
                ditemukan=f"sasaran '{kode}' tanpa satu anggota pun",
                diharapkan="definisi yang cocok dengan kode jawaban di data",
            )
        sasaran[kode], unit_ruta[kode] = anggota, butir.unit == "ruta"
    ukuran = Ukuran({}, sasaran, {}, {}, wilayah)
    for baris in kerangka.indikator[kerangka.indikator["dipakai"]].to_dict("records"):
        butir = kodebuku.butir.get(baris["butir"])
        sebab = _sebab_kurang(butir, kodebuku, bingkai)
        if sebab:
            ukuran.kurang[baris["simpul"]] = sebab
            continue
        if butir.butir not in ukuran.kode:
            ukuran.kode[butir.butir] = _kode(penilai, butir, kodebuku, len(bingkai))
        ukuran.butir[baris["simpul"]] = butir.butir
        if butir.unit == "ruta" and unit_ruta[baris["sasaran"]]:
            ukuran.saring[baris["simpul"]] = kepala
    if not ukuran.butir:
        raise GalatData(
            kodebuku.nama, ditemukan="tidak satu pun indikator dapat dihitung", diharapkan="variabel yang ada di data"
        )
    return ukuran, rancangan


def _sebab_kurang(butir: Butir | None, kodebuku: Kodebuku, bingkai: pd.DataFrame) -> str:
    if butir is None:
        return "kodebuku tidak punya definisinya"
    if butir.pembilang is None:
        return "kodebuku tidak menyebut variabelnya"
    kurang = kodebuku.kurang(butir, bingkai.columns)
    return f"variabel tidak ada di data: {', '.join(kurang)}" if kurang else ""


def _kode(penilai: Penilai, butir: Butir, kodebuku: Kodebuku, n: int) -> np.ndarray:
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
            isi = isi.astype(object).mask(nilai.kosong) if isi.dtype == object else isi.astype(float).mask(nilai.kosong)
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
            keterangan.append(f"Kolom strata tidak ada di data; strata = {' x '.join(kolom)}.")
        else:
            isi[nama] = ruta
            keterangan.append(
                "Kolom PSU tidak ada di data; rumah tangga dipakai sebagai klaster, sehingga galat baku terlalu kecil."
            )
    return Rancangan(pd.DataFrame(isi), tuple(keterangan))
