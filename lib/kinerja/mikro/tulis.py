"""Menulis berkas data mikro karangan dalam bentuk yang diterima orang: CSV, DBF, Stata, SPSS, Parquet.

CSV seperti kiriman BPS: titik koma, latin-1, koma desimal, CRLF. Stata dan SPSS membawa label variabel dan label nilai.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from kinerja.berkas import replacing
from kinerja.errors import GalatParameter
from kinerja.mikro.sintetis import Sintetis
from kinerja.mikro.tata_letak import Variabel

KEBENARAN = "kebenaran.csv"
AWALAN = "sintetis_"
_LABEL_TANDA = "Data karangan; bukan hasil pengamatan"
_LABEL_STATA = 80
"""Label variabel Stata paling panjang sekian huruf."""
#: Gelombang yang DBF-nya dikirim dengan semua kolom berupa teks pada sebagian salinan.
_DBF_TEKS = (2024,)
_TANGGAL_DBF = (100, 1, 1)
_ANSI = 0x57
_DESIMAL_DBF = 10


def tulis_survei(survei: Sintetis, folder: Path, format: str = "parquet") -> list[Path]:
    """Tulis semua berkas satu survei sintetis, dan kebenarannya ke ``kebenaran.csv``.

    Returns
    -------
    list of Path
        Berkas survei (tanpa ``kebenaran.csv``), anggota dahulu, lalu rumah tangga dan KP.

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


def tulis_parquet(bingkai: pd.DataFrame, berkas: Path) -> None:
    """Tulis Parquet: bilangan bulat bertipe kecil, sel kosong null; berkas lama diganti setelah yang baru utuh."""
    berkas.parent.mkdir(parents=True, exist_ok=True)
    with replacing(berkas) as sementara:
        _parquet(bingkai, sementara, {})


def _parquet(isi: pd.DataFrame, berkas: Path, _: Mapping[str, Variabel]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    larik = {nama: _ke_arrow(pa, isi[nama]) for nama in isi.columns}
    # tanpa skema Arrow, kategori dibaca kembali sebagai teks biasa
    pq.write_table(pa.table(larik), berkas, compression="zstd", compression_level=1, store_schema=False)


def _ke_arrow(pa, kolom: pd.Series):
    if not isinstance(kolom.dtype, np.dtype) or kolom.dtype.kind == "O":
        return pa.array(kolom)
    nilai = kolom.to_numpy()
    if nilai.dtype.kind != "f":
        return pa.array(nilai)
    kosong = np.isnan(nilai)
    isi = np.where(kosong, 0, nilai)
    terbesar = np.abs(isi).max(initial=0)
    if terbesar < 2**31 and (isi == np.rint(isi)).all():
        nilai = isi.astype(np.int8 if terbesar < 128 else np.int32)
    return pa.array(nilai, mask=kosong) if kosong.any() else pa.array(nilai)


def _csv(isi: pd.DataFrame, berkas: Path, _: Mapping[str, Variabel]) -> None:
    isi.to_csv(berkas, sep=";", decimal=",", encoding="latin-1", lineterminator="\r\n", index=False)


def _dta(isi: pd.DataFrame, berkas: Path, variabel: Mapping[str, Variabel]) -> None:
    import pyreadstat

    pyreadstat.write_dta(_tanpa_kategori(isi), str(berkas), **_label(isi, variabel, huruf=False))


def _sav(isi: pd.DataFrame, berkas: Path, variabel: Mapping[str, Variabel]) -> None:
    import pyreadstat

    pyreadstat.write_sav(_tanpa_kategori(isi), str(berkas), compress=False, **_label(isi, variabel, huruf=True))


def _label(isi: pd.DataFrame, variabel: Mapping[str, Variabel], *, huruf: bool) -> dict:
    """Label variabel dan nilai; Stata hanya mengenal label bagi bilangan."""
    arti = [variabel[k].arti[:_LABEL_STATA] if k in variabel else _LABEL_TANDA for k in isi.columns]
    nilai = {
        k: {**variabel[k].kode, **variabel[k].hilang}
        for k in isi.columns
        if k in variabel and variabel[k].kode and (huruf or variabel[k].jenis != "huruf")
    }
    return {"column_labels": arti, "variable_value_labels": nilai}


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


def _tanpa_kategori(isi: pd.DataFrame) -> pd.DataFrame:
    """Huruf sebagai teks biasa, kosong sebagai teks kosong; bilangan bulat kecil tetap."""
    return pd.DataFrame(
        {k: isi[k] if isinstance(isi[k].dtype, np.dtype) else _ke_teks(isi[k]) for k in isi}, copy=False
    )


def _ke_teks(kolom: pd.Series) -> pd.Series:
    """Tiap sel sebagai teks, yang kosong teks kosong."""
    letak, unik = pd.factorize(kolom.to_numpy() if isinstance(kolom.dtype, np.dtype) else kolom)
    return pd.Series(np.array([*map(str, unik), ""], dtype=object)[letak], copy=False)


FORMAT: dict[str, Callable[[pd.DataFrame, Path, Mapping[str, Variabel]], None]] = {
    "csv": _csv,
    "parquet": _parquet,
    "dta": _dta,
    "sav": _sav,
    "dbf": _dbf,
}
