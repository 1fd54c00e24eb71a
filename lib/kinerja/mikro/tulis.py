"""Menulis survei sintetis dalam bentuk yang diterima orang (CSV, DBF, Stata, SPSS, Parquet), dan survei bawaannya.

CSV seperti kiriman BPS: titik koma, latin-1, koma desimal, CRLF. Stata dan SPSS membawa label variabel dan label nilai.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from kinerja import paths
from kinerja.berkas import replacing, write_whole
from kinerja.errors import GalatParameter
from kinerja.mikro.sintetis import BENIH_BAKU, TAHUN_BAKU, Sintetis, buat_sintetis
from kinerja.mikro.sintetis.populasi import berkas_wilayah
from kinerja.mikro.tata_letak import Variabel, berkas_tata_letak

KEBENARAN = "kebenaran.csv"
_CATATAN = "sidik"
AWALAN = "sintetis_"
_LABEL_TANDA = "Data karangan; bukan hasil pengamatan"
_LABEL_STATA = 80
"""Label variabel Stata paling panjang sekian huruf."""
#: Gelombang yang DBF-nya dikirim dengan semua kolom berupa teks pada sebagian salinan.
_DBF_TEKS = (2024,)
_TANGGAL_DBF = (100, 1, 1)
_ANSI = 0x57
_DESIMAL_DBF = 10


def folder_mikro() -> Path:
    """``data/processed/mikro``: tempat survei sintetis; tidak dilacak git."""
    return paths.processed() / "mikro"


def folder_sintetis(
    tahun: int = TAHUN_BAKU, ukuran: str = "kecil", benih: int = BENIH_BAKU, provinsi: Collection[int] = ()
) -> Path:
    """Folder baku survei sintetis satu gelombang, ukuran, benih, dan pilihan provinsi."""
    return folder_mikro() / "-".join(["sintetis", *map(str, (tahun, ukuran, benih, *sorted(provinsi)))])


def tulis_sintetis(
    tahun: int = TAHUN_BAKU,
    ukuran: str = "kecil",
    *,
    benih: int = BENIH_BAKU,
    provinsi: Collection[int] = (),
    format: str = "parquet",
    folder: Path | None = None,
) -> tuple[list[Path], Sintetis]:
    """:func:`buat_sintetis`, lalu :func:`tulis_survei`; berkas-berkasnya, dan surveinya."""
    survei = buat_sintetis(tahun, ukuran, benih, provinsi)
    return tulis_survei(survei, folder or folder_sintetis(tahun, ukuran, benih, provinsi), format), survei


def berkas_bawaan(tahun: int = TAHUN_BAKU, *, benih: int = BENIH_BAKU, provinsi: Collection[int] = ()) -> list[Path]:
    """Berkas survei sintetis kecil; dibuat bila belum ada, atau pembuat atau tata letaknya berubah.

    Yang dibandingkan sidik pembuatnya, bukan waktu berkas: jam komputer dapat mundur.

    Raises
    ------
    OSError
        Survei belum ada dan foldernya tidak dapat ditulis.
    """
    folder = folder_sintetis(tahun, benih=benih, provinsi=provinsi)
    catatan, sidik = folder / _CATATAN, _sidik()
    try:
        tercatat, *nama = catatan.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError):
        tercatat, nama = "", []
    berkas = [folder / x for x in nama]
    if tercatat == sidik and berkas and all(x.is_file() for x in berkas):
        return berkas
    catatan.unlink(missing_ok=True)
    berkas, _ = tulis_sintetis(tahun, benih=benih, provinsi=provinsi, folder=folder)
    for sisa in set(folder.glob(f"{AWALAN}*.parquet")) - set(berkas):
        sisa.unlink()
    write_whole(catatan, "\n".join([sidik, *(x.name for x in berkas)]))
    return berkas


def _sidik() -> str:
    """Sidik semua yang menentukan isi survei sintetis: pembuat dan penulisnya, tata letak, dan daftar wilayah."""
    akar = Path(__file__).parent
    kode = *sorted((akar / "sintetis").glob("*.py")), akar / "tata_letak.py", akar / "tulis.py"
    return hashlib.sha256(
        b"".join(x.read_bytes() for x in (*kode, *berkas_tata_letak(), *berkas_wilayah()))
    ).hexdigest()


# Berkas -------------------------------------------------------------------------------------------------------------


def tulis_survei(survei: Sintetis, folder: Path, format: str = "parquet") -> list[Path]:
    """Tulis semua berkas satu survei sintetis, dan kebenarannya ke ``kebenaran.csv``.

    Yang dikembalikan tanpa ``kebenaran.csv``: berkas anggota dahulu, lalu rumah tangga dan KP blok 43.

    Raises
    ------
    GalatParameter
        Format tidak dikenal.
    OSError
        Folder tidak dapat ditulis.
    """
    if format not in FORMAT:
        raise GalatParameter(f"Format '{format}' tidak dikenal; pilih: {', '.join(FORMAT)}.")
    folder.mkdir(parents=True, exist_ok=True)
    variabel = survei.letak.variabel
    hasil = []
    for bagian, isi in survei.berkas.items():
        berkas = folder / f"{AWALAN}{survei.letak.berkas[bagian].nama}.{format}"
        if format == "dbf" and survei.tahun in _DBF_TEKS:
            isi = pd.DataFrame({k: _ke_teks(isi[k]) for k in isi}, copy=False)
        with replacing(berkas) as sementara:
            FORMAT[format](isi, sementara, variabel)
        hasil.append(berkas)
    with replacing(folder / KEBENARAN) as sementara:
        survei.kebenaran.to_csv(sementara, index=False, lineterminator="\n")
    return hasil


def _parquet(isi: pd.DataFrame, berkas: Path, _: Mapping[str, Variabel]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    larik = {nama: pa.array(_bulat(isi[nama])) for nama in isi.columns}
    # tanpa skema Arrow, kategori dibaca kembali sebagai teks biasa
    pq.write_table(pa.table(larik), berkas, compression="zstd", compression_level=1, store_schema=False)


def _bulat(kolom: pd.Series) -> pd.Series | np.ndarray:
    """Pecahan yang semuanya bulat sebagai bilangan bulat."""
    if not isinstance(kolom.dtype, np.dtype) or kolom.dtype.kind != "f":
        return kolom
    nilai = kolom.to_numpy()
    terbesar = np.abs(nilai).max(initial=0)
    if terbesar < 2**31 and (nilai == np.rint(nilai)).all():
        return nilai.astype(np.int8 if terbesar < 128 else np.int32)
    return nilai


def _csv(isi: pd.DataFrame, berkas: Path, _: Mapping[str, Variabel]) -> None:
    isi.to_csv(berkas, sep=";", decimal=",", encoding="latin-1", lineterminator="\r\n", index=False)


def _statistik(isi: pd.DataFrame, berkas: Path, variabel: Mapping[str, Variabel]) -> None:
    """Stata dan SPSS, dengan label variabel dan nilai; Stata hanya mengenal label bagi bilangan."""
    import pyreadstat

    stata = berkas.suffix == ".dta"
    arti = [variabel[k].arti[:_LABEL_STATA] if k in variabel else _LABEL_TANDA for k in isi.columns]
    dikenal = {k: variabel[k] for k in isi.columns if k in variabel and variabel[k].kode}
    nilai = {k: v.kode | v.hilang for k, v in dikenal.items() if not stata or v.jenis != "huruf"}
    # huruf sebagai teks biasa, kosong sebagai teks kosong; bilangan bulat kecil tetap
    isi = pd.DataFrame({k: x if isinstance(x.dtype, np.dtype) else _ke_teks(x) for k, x in isi.items()}, copy=False)
    tulis = pyreadstat.write_dta if stata else partial(pyreadstat.write_sav, compress=False)
    tulis(isi, str(berkas), column_labels=arti, variable_value_labels=nilai)


def _dbf(isi: pd.DataFrame, berkas: Path, _: Mapping[str, Variabel]) -> None:
    """dBase III, ditulis per kolom: pustaka DBF yang ada 30 kali lebih lambat, atau memberi 80 huruf tiap teks."""
    kolom = {nama: _kolom_dbf(isi[nama]) for nama in isi.columns}
    rekaman = np.empty(len(isi), [("hapus", "S1"), *((nama, f"S{lebar}") for nama, (_, _, lebar, _) in kolom.items())])
    rekaman["hapus"] = b" "
    kepala = b""
    for nama, (sel, jenis, lebar, desimal) in kolom.items():
        rekaman[nama] = sel
        kepala += struct.pack("<11sc4xBB14x", nama.encode("ascii"), jenis, lebar, desimal)
    panjang = 32 + len(kepala) + 1
    with berkas.open("wb") as keluar:
        keluar.write(struct.pack("<BBBBIHH17xB2x", 3, *_TANGGAL_DBF, len(isi), panjang, rekaman.itemsize, _ANSI))
        keluar.write(kepala + b"\r")
        keluar.write(rekaman.tobytes())
        keluar.write(b"\x1a")


def _kolom_dbf(kolom: pd.Series) -> tuple[np.ndarray, bytes, int, int]:
    """Sel selebar kolomnya (bilangan rata kanan, teks rata kiri), jenis, lebar, dan desimal."""
    if not isinstance(kolom.dtype, np.dtype) or kolom.dtype.kind == "O":
        letak, unik = pd.factorize(_ke_teks(kolom))
        teks = [str(x) for x in unik]
        jenis, desimal, rata = b"C", 0, str.ljust
    else:
        letak, unik = pd.factorize(kolom.to_numpy())
        pecahan = unik.dtype.kind == "f"
        desimal = next((d for d in range(_DESIMAL_DBF) if (np.round(unik, d) == unik).all()), _DESIMAL_DBF)
        teks = [f"{x:.{desimal}f}" for x in unik.tolist()] if pecahan else [str(x) for x in unik.tolist()]
        jenis, rata = b"N", str.rjust
    lebar = max(map(len, teks), default=1) or 1
    sel = np.array([rata(x, lebar).encode("latin-1") for x in teks], dtype=f"S{lebar}")
    return sel[letak], jenis, lebar, desimal


def _ke_teks(kolom: pd.Series) -> pd.Series:
    """Tiap sel sebagai teks, yang kosong teks kosong."""
    letak, unik = pd.factorize(kolom.to_numpy() if isinstance(kolom.dtype, np.dtype) else kolom)
    return pd.Series(np.array([*map(str, unik), ""], dtype=object)[letak], copy=False)


FORMAT: dict[str, Callable[[pd.DataFrame, Path, Mapping[str, Variabel]], None]] = {
    "csv": _csv,
    "parquet": _parquet,
    "dta": _statistik,
    "sav": _statistik,
    "dbf": _dbf,
}
