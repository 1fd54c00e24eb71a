"""Dari berkas (satu atau beberapa) dan kodebuku ke satu tabel anggota rumah tangga yang siap dihitung."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kinerja import terbaca
from kinerja.errors import GalatData
from kinerja.mikro.bawaan import berkas_bawaan, folder_sintetis
from kinerja.mikro.berkas import baca_kolom, daftar_kolom
from kinerja.mikro.kodebuku import Kodebuku, baca_kodebuku
from kinerja.mikro.sintetis import TANDA, buat_sintetis


@dataclass(frozen=True)
class Mikro:
    """Data mikro yang sudah dibaca.

    Attributes
    ----------
    bingkai : DataFrame
        Satu baris per anggota rumah tangga, kolom bernama seperti kodebuku.
    kodebuku : Kodebuku
    nama : str
        Nama berkas, untuk keterangan.
    sintetis : bool
        Berkas memuat kolom ``SINTETIS``; semua hasilnya berkeadaan sintetis.
    """

    bingkai: pd.DataFrame
    kodebuku: Kodebuku
    nama: str
    sintetis: bool

    @property
    def keadaan(self) -> str:
        """Keadaan angka yang dihitung dari data ini: ``sintetis`` atau ``diturunkan``."""
        return "sintetis" if self.sintetis else "diturunkan"


def berkas_mikro(mikro: str | Path | Sequence[str | Path] = "") -> list[Path]:
    """Berkas yang dimaksud sebuah pilihan ``mikro``; kosong berarti survei sintetis kecil, dibuat bila belum ada.

    Raises
    ------
    OSError
        Survei bawaan belum ada dan foldernya tidak dapat ditulis.
    """
    daftar = [mikro] if isinstance(mikro, str | Path) else list(mikro)
    berkas = berkas_bawaan() if daftar in ([], [""]) else [Path(x) for x in daftar]
    for satu in berkas:
        terbaca.note_file(satu)
    return berkas


def muat(mikro: str | Path | Sequence[str | Path] = "", kodebuku: Kodebuku | str | Path | None = None) -> Mikro:
    """Baca data mikro.

    Parameters
    ----------
    mikro : path, daftar path, atau ""
        Kosong: survei sintetis kecil, dibuat bila belum ada. Beberapa berkas: yang pertama memuat anggota rumah tangga,
        yang berikutnya (misalnya Kor rumah tangga) digabung menurut nomor rumah tangga.
    kodebuku : Kodebuku atau path, optional
        Baku: kodebuku di ``data/raw/acuan``.

    Raises
    ------
    GalatData
        Berkas tidak terbaca, kolom wajib tidak ada, atau berkas rumah tangga memuat rumah tangga ganda.
    """
    if not isinstance(kodebuku, Kodebuku):
        kodebuku = baca_kodebuku(kodebuku or None)
    try:
        daftar = berkas_mikro(mikro)
    except OSError:
        # folder hanya-baca: survei sintetis tetap dapat dipakai, hanya tidak tersimpan
        return Mikro(buat_sintetis().gabungan(kodebuku.variabel), kodebuku, folder_sintetis().name, True)
    diminta = kodebuku.variabel
    bingkai = baca_kolom(daftar[0], diminta)
    bertanda = any(_bertanda(x) for x in daftar)
    for lain in daftar[1:]:
        bingkai = _gabung_ruta(bingkai, lain, kodebuku)
    _periksa_wajib(bingkai, kodebuku, daftar[0].name)
    return Mikro(bingkai, kodebuku, " + ".join(x.name for x in daftar), bertanda)


def _bertanda(berkas: Path) -> bool:
    return any(k.upper() == TANDA for k in daftar_kolom(berkas))


def _gabung_ruta(bingkai: pd.DataFrame, berkas: Path, kodebuku: Kodebuku) -> pd.DataFrame:
    kunci = list(kodebuku.rancangan("ruta").nama_variabel)
    kurang = [k for k in kunci if k not in bingkai]
    if kurang:
        raise GalatData(
            berkas.name,
            ditemukan=f"berkas pertama tanpa kolom {', '.join(kurang)}",
            diharapkan="nomor rumah tangga di kedua berkas",
        )
    tambahan = [k for k in kodebuku.variabel if k not in bingkai]
    isi = baca_kolom(berkas, [*kunci, *tambahan])
    kurang = [k for k in kunci if k not in isi]
    if kurang:
        raise GalatData(berkas.name, ditemukan=f"tanpa kolom {', '.join(kurang)}", diharapkan="nomor rumah tangga")
    ganda = isi.duplicated(kunci)
    if ganda.any():
        contoh = isi.loc[ganda, kunci].iloc[0].tolist()
        raise GalatData(
            berkas.name,
            kolom=", ".join(kunci),
            ditemukan=f"{int(ganda.sum())} rumah tangga ganda, misalnya {contoh}",
            diharapkan="satu baris per rumah tangga",
        )
    gabungan = bingkai[kunci].merge(isi, on=kunci, how="left", validate="many_to_one", indicator=True)
    if (gabungan["_merge"] == "left_only").all():
        raise GalatData(
            berkas.name,
            kolom=", ".join(kunci),
            ditemukan="tidak satu pun rumah tangga cocok dengan berkas pertama",
            diharapkan="nomor rumah tangga yang sama di kedua berkas",
        )
    return bingkai.assign(**{k: gabungan[k].to_numpy() for k in isi.columns if k not in kunci})


def _periksa_wajib(bingkai: pd.DataFrame, kodebuku: Kodebuku, nama: str) -> None:
    for wajib in ("bobot", "ruta", "kepala_ruta", "provinsi"):
        butir = kodebuku.rancangan(wajib)
        kurang = kodebuku.kurang(butir, bingkai.columns)
        if kurang:
            raise GalatData(
                nama,
                kolom=kurang[0],
                ditemukan=f"kolom {', '.join(kurang)} tidak ada",
                diharapkan=f"kolom untuk {butir.nama.lower()}; sesuaikan baris '{butir.butir}' di {kodebuku.nama}",
            )
