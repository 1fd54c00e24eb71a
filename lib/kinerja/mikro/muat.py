"""Dari berkas (satu atau beberapa) dan kodebuku ke satu tabel anggota rumah tangga yang siap dihitung."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from kinerja import paths, terbaca
from kinerja.errors import GalatData, GalatParameter
from kinerja.mikro import sintetis
from kinerja.mikro.berkas import baca_kolom, daftar_kolom, tulis_parquet
from kinerja.mikro.kodebuku import AWALAN_SINTETIS, Kodebuku, baca_kodebuku
from kinerja.mikro.sintetis import BENIH_BAKU, UKURAN, buat_sintetis

KOLOM_PROVINSI = ("kode_bps", "n_kab", "n_kota")


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
        Berkas memuat kolom berawalan ``SINTETIS``; semua hasilnya berkeadaan sintetis.
    """

    bingkai: pd.DataFrame
    kodebuku: Kodebuku
    nama: str
    sintetis: bool

    @property
    def keadaan(self) -> str:
        """Keadaan angka yang dihitung dari data ini: ``sintetis`` atau ``diturunkan``."""
        return "sintetis" if self.sintetis else "diturunkan"


def folder_mikro() -> Path:
    """``data/processed/mikro``: tempat survei sintetis; tidak dilacak git."""
    return paths.processed() / "mikro"


def berkas_sintetis(ukuran: str = "kecil", benih: int = BENIH_BAKU) -> Path:
    """Letak baku survei sintetis satu ukuran dan benih."""
    if ukuran not in UKURAN:
        raise GalatParameter(f"Ukuran '{ukuran}' tidak dikenal; pilih: {', '.join(UKURAN)}.")
    return folder_mikro() / f"susenas_sintetis_{ukuran}_{benih}.parquet"


def tulis_sintetis(
    ukuran: str = "kecil", *, benih: int = BENIH_BAKU, berkas: Path | None = None, provinsi: pd.DataFrame | None = None
) -> tuple[Path, pd.DataFrame]:
    """Buat survei sintetis dan tulis ke Parquet (atau CSV, menurut akhiran).

    Returns
    -------
    berkas : Path
    bingkai : DataFrame
        Lihat :func:`kinerja.mikro.sintetis.buat_sintetis`.
    """
    berkas = berkas_sintetis(ukuran, benih) if berkas is None else Path(berkas)
    if berkas.suffix.lower() not in (".parquet", ".csv"):
        raise GalatParameter(f"Survei sintetis ditulis sebagai .parquet atau .csv, bukan '{berkas.suffix}'.")
    bingkai = buat_sintetis(_provinsi() if provinsi is None else provinsi, ukuran, benih)
    if berkas.suffix.lower() == ".csv":
        berkas.parent.mkdir(parents=True, exist_ok=True)
        bingkai.to_csv(berkas, index=False, lineterminator="\n")
    else:
        tulis_parquet(bingkai, berkas)
    return berkas, bingkai


def berkas_mikro(mikro: str | Path | Sequence[str | Path] = "") -> list[Path]:
    """Berkas yang dimaksud sebuah pilihan ``mikro``; kosong berarti survei sintetis kecil, dibuat bila belum ada.

    Raises
    ------
    OSError
        Survei sintetis belum ada dan foldernya tidak dapat ditulis.
    """
    daftar = [mikro] if isinstance(mikro, str | Path) else list(mikro)
    berkas = [_sintetis_terbaru()] if daftar in ([], [""]) else [Path(x) for x in daftar]
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
        isi = buat_sintetis(_provinsi())
        return Mikro(isi[[k for k in kodebuku.variabel if k in isi]], kodebuku, berkas_sintetis().name, True)
    diminta = kodebuku.variabel
    bingkai = baca_kolom(daftar[0], diminta)
    bertanda = any(_bertanda(x) for x in daftar)
    for lain in daftar[1:]:
        bingkai = _gabung_ruta(bingkai, lain, kodebuku)
    _periksa_wajib(bingkai, kodebuku, daftar[0].name)
    return Mikro(bingkai, kodebuku, " + ".join(x.name for x in daftar), bertanda)


def _sintetis_terbaru() -> Path:
    """Survei sintetis kecil; dibuat bila belum ada, atau bila pembuatnya berubah.

    Yang dibandingkan sidik pembuatnya, bukan waktu berkas: jam komputer dapat mundur.
    """
    berkas = berkas_sintetis()
    catatan = berkas.with_suffix(".sidik")
    sidik = hashlib.sha256(Path(sintetis.__file__).read_bytes())
    sidik.update((paths.acuan() / "provinsi.csv").read_bytes())
    try:
        sama = berkas.is_file() and catatan.read_text("utf-8") == sidik.hexdigest()
    except (OSError, UnicodeDecodeError):
        sama = False
    if not sama:
        catatan.unlink(missing_ok=True)
        tulis_sintetis()
        sementara = catatan.with_name(f"{catatan.name}.{os.getpid()}.baru")
        sementara.write_text(sidik.hexdigest(), "utf-8")
        sementara.replace(catatan)
    return berkas


def _bertanda(berkas: Path) -> bool:
    return any(k.upper().startswith(AWALAN_SINTETIS) for k in daftar_kolom(berkas))


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


def _provinsi() -> pd.DataFrame:
    terbaca.note_file(paths.acuan() / "provinsi.csv")
    return pd.read_csv(paths.acuan() / "provinsi.csv", usecols=list(KOLOM_PROVINSI))
