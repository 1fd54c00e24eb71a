"""Dari berkas (satu atau beberapa) dan kodebuku ke satu tabel anggota rumah tangga yang siap dihitung."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from kinerja import terbaca
from kinerja.errors import GalatData, GalatParameter
from kinerja.fmt import angka
from kinerja.istilah import Catatan
from kinerja.mikro.bawaan import berkas_bawaan, folder_sintetis
from kinerja.mikro.berkas import baca_kolom, daftar_kolom, daftar_label
from kinerja.mikro.ekspresi import Penilai
from kinerja.mikro.gabung import Bagian, gabung, nomor, periksa_kepala, periksa_ruta
from kinerja.mikro.jenis import jenis_variabel
from kinerja.mikro.kodebuku import Kodebuku, baca_kodebuku
from kinerja.mikro.pintu import LABEL, kenali_gelombang, periksa_gelombang
from kinerja.mikro.rapikan import rapikan
from kinerja.mikro.sintetis import TAHUN_BAKU, TANDA, buat_sintetis
from kinerja.pilihan_berkas import pisah_berkas

ANGGOTA = "R401"
"""Nomor anggota pada semua gelombang Kor; kodebuku dapat menyebut yang lain pada baris ``anggota``."""

_WAJIB = ("bobot", "ruta", "kepala_ruta", "provinsi")


@dataclass(frozen=True)
class Mikro:
    """Data mikro yang sudah dibaca.

    Attributes
    ----------
    bingkai : DataFrame
        Satu baris per anggota rumah tangga (atau per rumah tangga, lihat ``orang``), kolom bernama seperti kodebuku.
    kodebuku : Kodebuku
    nama : str
        Nama berkas, untuk keterangan.
    sintetis : bool
        Berkas memuat kolom ``SINTETIS``; semua hasilnya berkeadaan sintetis.
    catatan : tuple of str
        Kecocokan penggabungan dan kejanggalan yang tidak menghentikan pembacaan.
    orang : bool
        Salah: berkasnya hanya memuat rumah tangga.
    """

    bingkai: pd.DataFrame
    kodebuku: Kodebuku
    nama: str
    sintetis: bool
    catatan: tuple[str, ...] = ()
    orang: bool = True

    @property
    def keadaan(self) -> str:
        """Keadaan angka yang dihitung dari data ini: ``sintetis`` atau ``diturunkan``."""
        return "sintetis" if self.sintetis else "diturunkan"


def berkas_mikro(mikro: str | Path | Sequence[str | Path] = "", tahun: int | None = None) -> list[Path]:
    """Berkas yang dimaksud sebuah pilihan ``mikro``; kosong berarti survei sintetis kecil gelombang ``tahun``.

    Raises
    ------
    OSError
        Survei bawaan belum ada dan foldernya tidak dapat ditulis.
    """
    berkas = [Path(x) for x in pisah_berkas(mikro)] or berkas_bawaan(TAHUN_BAKU if tahun is None else tahun)
    for satu in berkas:
        terbaca.note_file(satu)
    return berkas


def kodebuku_bagi(
    mikro: str | Path | Sequence[str | Path] = "",
    kodebuku: Kodebuku | str | Path | None = None,
    tahun: int | None = None,
) -> Kodebuku:
    """Kodebuku bagi berkas-berkas ini: yang disebut, atau milik gelombangnya.

    Parameters
    ----------
    mikro, kodebuku
        Lihat :func:`muat`.
    tahun : int, optional
        Gelombang Susenas; tanpa itu dikenali dari nama kolomnya.

    Raises
    ------
    GalatData
        Berkas tampak dari gelombang lain.
    GalatParameter
        Gelombangnya tidak dikenali atau lebih dari satu yang cocok.
    """
    if isinstance(kodebuku, Kodebuku):
        tahun = kodebuku.tahun if tahun is None else tahun
    if not pisah_berkas(mikro):
        tahun = TAHUN_BAKU if tahun is None else tahun
    else:
        daftar = berkas_mikro(mikro)
        kolom = [k for x in daftar for k in daftar_kolom(x)]
        nama = " + ".join(x.name for x in daftar)
        if tahun is not None:
            periksa_gelombang(kolom, tahun, nama)
        elif not kodebuku:
            cocok = kenali_gelombang(kolom)
            if len(cocok) != 1:
                temuan = f"cocok dengan {' atau '.join(map(str, cocok))}" if cocok else "tidak dikenali dari kolomnya"
                raise GalatParameter(f"Gelombang Susenas {nama} {temuan}; sebutkan tahunnya (--tahun).")
            tahun = cocok[0]
    return kodebuku if isinstance(kodebuku, Kodebuku) else baca_kodebuku(kodebuku or None, tahun)


def muat(
    mikro: str | Path | Sequence[str | Path] = "",
    kodebuku: Kodebuku | str | Path | None = None,
    tahun: int | None = None,
) -> Mikro:
    """Baca data mikro.

    Parameters
    ----------
    mikro : path, daftar path, teks berpemisah titik koma, atau ""
        Kosong: survei sintetis kecil, dibuat bila belum ada. Berkas apa pun dari satu survei, urutan bebas: belahan
        anggota digabung menurut rumah tangga dan nomor anggota, berkas rumah tangga dan KP blok 43 menurut rumah
        tangga. Berkas rumah tangga saja juga dapat dibaca.
    kodebuku : Kodebuku atau path, optional
        Baku: kodebuku gelombang itu.
    tahun : int, optional
        Gelombang Susenas; lihat :func:`kodebuku_bagi`.

    Raises
    ------
    GalatData
        Berkas tidak terbaca, kolom wajib tidak ada, kunci tidak ada, berulang, atau tidak cocok, atau penimbang tidak
        sah.
    """
    kodebuku = kodebuku_bagi(mikro, kodebuku, tahun)
    jenis = jenis_variabel(kodebuku)
    try:
        daftar = berkas_mikro(mikro, kodebuku.tahun)
    except OSError:
        # folder hanya-baca: survei sintetis tetap dapat dipakai, hanya tidak tersimpan
        isi = buat_sintetis(kodebuku.tahun or TAHUN_BAKU).gabungan(kodebuku.variabel)
        rapi = {k: rapikan(pa.array(isi[k]), k, TANDA, jenis=jenis.get(k, "")) for k in isi if k != TANDA}
        return Mikro(pd.DataFrame(rapi, copy=False), kodebuku, folder_sintetis(kodebuku.tahun or TAHUN_BAKU).name, True)
    ruta, anggota = _kunci(kodebuku, "ruta"), (_kunci(kodebuku, "anggota") or [ANGGOTA])[0]
    kepala, bobot = _kunci(kodebuku, "kepala_ruta"), _kunci(kodebuku, "bobot")
    bagian, bertanda = [], False
    for berkas in daftar:
        isi = baca_kolom(berkas, [*dict.fromkeys([*kodebuku.variabel, anggota, TANDA])], {anggota: "nomor", **jenis})
        bertanda |= TANDA in isi
        orang = anggota in isi or all(k in isi for k in kepala)
        bagian.append(Bagian(berkas.name, isi.drop(columns=TANDA, errors="ignore"), orang))
    _periksa_kolom(bagian, kodebuku)
    hasil, catatan = gabung(bagian, ruta, anggota, bobot)
    if not hasil.orang:
        catatan.append(Catatan("hanya_ruta", berkas=hasil.nama))
    catatan += _periksa(hasil, ruta, kodebuku)
    bingkai = hasil.isi if anggota in kodebuku.variabel else hasil.isi.drop(columns=anggota, errors="ignore")
    bingkai.attrs[LABEL] = {
        "".join(k.split()).upper(): x for berkas in reversed(daftar) for k, x in daftar_label(berkas).items()
    }
    return Mikro(bingkai, kodebuku, " + ".join(x.name for x in daftar), bertanda, tuple(catatan), hasil.orang)


def nomor_ruta(bingkai: pd.DataFrame, kodebuku: Kodebuku) -> np.ndarray:
    """Nomor rumah tangga tiap baris, 0, 1, ...; semua kolom yang disebut baris ``ruta`` bersama-sama kuncinya."""
    return nomor(bingkai, _kunci(kodebuku, "ruta"))


def _kunci(kodebuku: Kodebuku, nama: str) -> list[str]:
    butir = kodebuku.rancangan(nama)
    return [x for x in butir.nama_variabel if x not in kodebuku.parameter] if butir else []


def _periksa_kolom(bagian: Sequence[Bagian], kodebuku: Kodebuku) -> None:
    """Kolom wajib ada di salah satu berkas; kepala rumah tangga hanya wajib bila ada berkas anggota."""
    ada = {k for x in bagian for k in x.isi}
    for wajib in _WAJIB:
        butir = kodebuku.rancangan(wajib)
        kurang = kodebuku.kurang(butir, ada)
        if kurang and not (wajib == "kepala_ruta" and not any(x.orang for x in bagian)):
            raise GalatData(
                " + ".join(x.nama for x in bagian),
                kolom=kurang[0],
                ditemukan=f"kolom {', '.join(kurang)} tidak ada",
                diharapkan=f"kolom untuk {butir.nama.lower()}; sesuaikan baris '{butir.butir}' di {kodebuku.nama}",
            )


def _periksa(hasil: Bagian, ruta: Sequence[str], kodebuku: Kodebuku) -> list[str]:
    """Penimbang, tempat, dan kepala tiap rumah tangga; yang sekadar perlu disebut dikembalikan."""
    isi, catatan = hasil.isi, _periksa_bobot(hasil, kodebuku)
    tetap = {}
    for nama, sebutan in (
        ("psu", "PSU"),
        ("strata", "strata"),
        ("provinsi", "provinsi"),
        ("kabkota", "kabupaten/kota"),
    ):
        kolom = _kunci(kodebuku, nama)
        if kolom and all(k in isi for k in kolom):
            tetap[sebutan] = kolom
    periksa_ruta(isi, ruta, tetap, hasil.nama)
    if hasil.orang:
        kolom = ", ".join(_kunci(kodebuku, "kepala_ruta"))
        try:
            kepala = Penilai(isi, parameter=kodebuku.parameter).nilai(kodebuku.rancangan("kepala_ruta").pembilang)
        except GalatParameter as galat:
            raise GalatData(
                hasil.nama, kolom=kolom, ditemukan="isi yang bukan kode", diharapkan="kode kepala rumah tangga"
            ) from galat
        catatan += periksa_kepala(kepala.pasti(), nomor(isi, ruta), hasil.nama, kolom)
    return catatan


def _periksa_bobot(hasil: Bagian, kodebuku: Kodebuku) -> list[str]:
    butir = kodebuku.rancangan("bobot")
    kolom = ", ".join(butir.nama_variabel)
    try:
        nilai = Penilai(hasil.isi, parameter=kodebuku.parameter).nilai(butir.pembilang)
        bobot = np.broadcast_to(np.asarray(nilai.isi, float), len(hasil.isi))
    except (GalatParameter, ValueError) as galat:
        raise GalatData(
            hasil.nama, kolom=kolom, ditemukan="penimbang yang bukan angka", diharapkan="penimbang berupa bilangan"
        ) from galat
    kosong = np.zeros(len(bobot), bool) if nilai.kosong is None else np.broadcast_to(nilai.kosong, len(bobot))
    for salah, sebutan in (
        (kosong, "kosong"),
        (~kosong & (bobot < 0), "negatif"),
        (~kosong & ~np.isfinite(bobot), "tak hingga"),
    ):
        if salah.any():
            raise GalatData(
                hasil.nama,
                kolom=kolom,
                ditemukan=f"penimbang {sebutan} di {angka(int(salah.sum()))} dari {angka(len(bobot))} baris",
                diharapkan="penimbang positif di tiap baris",
            )
    nol = int((bobot == 0).sum())
    if nol == len(bobot):
        raise GalatData(
            hasil.nama, kolom=kolom, ditemukan="penimbang nol di semua baris", diharapkan="penimbang positif"
        )
    return [Catatan("bobot_nol", berkas=hasil.nama, n=nol)] if nol else []
