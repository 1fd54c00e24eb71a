"""Membaca berkas data mikro: CSV, Parquet, Stata, SPSS; hanya kolom yang diperlukan."""

from __future__ import annotations

import csv
import os
import re
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from kinerja.errors import GalatData, GalatKinerja, GalatParameter

FORMAT = {".csv": "csv", ".parquet": "parquet", ".pq": "parquet", ".dta": "stata", ".sav": "spss", ".zsav": "spss"}
_PISAH_CONTOH = 65_536
#: float32 menyimpan bilangan bulat dengan tepat sampai di sini.
_BULAT_FLOAT32 = 2**24


def daftar_kolom(berkas: Path | str) -> list[str]:
    """Nama semua kolom sebuah berkas data mikro, tanpa membaca isinya.

    Raises
    ------
    GalatData
        Berkas tidak ada, formatnya tidak dikenal, atau isinya rusak.
    """
    berkas = Path(berkas)
    jenis = _format(berkas)
    with _Rapi(berkas):
        if jenis == "csv":
            return _kepala_csv(berkas)
        if jenis == "parquet":
            import pyarrow.parquet as pq

            return list(pq.read_schema(berkas).names)
        import pyreadstat

        baca = pyreadstat.read_dta if jenis == "stata" else pyreadstat.read_sav
        return list(baca(str(berkas), metadataonly=True)[1].column_names)


def cocokkan(tersedia: Sequence[str], diminta: Iterable[str], berkas: str) -> dict[str, str]:
    """Padankan nama yang diminta dengan nama di berkas: persis dahulu, lalu tanpa membedakan huruf besar.

    Returns
    -------
    dict
        Nama diminta -> nama di berkas; yang tidak ada tidak dimuat.

    Raises
    ------
    GalatData
        Dua kolom berkas hanya berbeda huruf besar dan keduanya cocok.
    """
    ada = set(tersedia)
    kecil: dict[str, list[str]] = {}
    for nama in tersedia:
        kecil.setdefault(nama.lower(), []).append(nama)
    hasil = {}
    for nama in diminta:
        if nama in ada:
            hasil[nama] = nama
        elif len(calon := kecil.get(nama.lower(), [])) == 1:
            hasil[nama] = calon[0]
        elif calon:
            raise GalatData(
                berkas,
                kolom=nama,
                ditemukan=f"kolom {', '.join(calon)}",
                diharapkan="satu kolom saja tanpa melihat huruf besar",
            )
    return hasil


def baca_kolom(berkas: Path | str, kolom: Iterable[str]) -> pd.DataFrame:
    """Baca kolom-kolom yang diminta; yang tidak ada di berkas dilewati.

    Parameters
    ----------
    berkas : Path
        ``.csv`` (pemisah koma, titik koma, atau tab), ``.parquet``, ``.dta``, ``.sav``.
    kolom : iterable of str
        Nama menurut kodebuku; dicocokkan seperti :func:`cocokkan`.

    Returns
    -------
    DataFrame
        Kolom bernama seperti diminta. Bilangan bulat tanpa sel kosong tetap bilangan bulat; yang bersel kosong menjadi
        float32 bila tepat, selain itu float64.

    Raises
    ------
    GalatData
        Berkas tidak ada, tidak dikenal, rusak, atau tidak berisi baris.
    """
    berkas = Path(berkas)
    peta = cocokkan(daftar_kolom(berkas), kolom, berkas.name)
    if not peta:
        raise GalatData(
            berkas.name,
            ditemukan="tidak satu pun kolom yang disebut kodebuku",
            diharapkan="berkas survei yang nama kolomnya sama dengan kodebuku",
        )
    jenis, asal = _format(berkas), list(dict.fromkeys(peta.values()))
    with _Rapi(berkas):
        if jenis == "parquet":
            isi = _baca_parquet(berkas, asal)
        elif jenis == "csv":
            isi = _baca_csv(berkas, asal)
        else:
            import pyreadstat

            baca = pyreadstat.read_dta if jenis == "stata" else pyreadstat.read_sav
            isi = baca(str(berkas), usecols=asal)[0]
    if not len(isi):
        raise GalatData(berkas.name, ditemukan="nol baris", diharapkan="data responden")
    return pd.DataFrame({nama: _ringankan(isi[lama]) for nama, lama in peta.items()}, copy=False)


def _kepala_csv(berkas: Path) -> list[str]:
    """Nama kolom CSV apa adanya; pandas mengganti nama kolom ganda dan kosong diam-diam."""
    with berkas.open(encoding="utf-8-sig", newline="") as isi:
        kepala = next(csv.reader(isi, delimiter=_pemisah(berkas)), [])
    if not kepala:
        raise ValueError("berkas kosong")
    ganda = sorted({x for x in kepala if kepala.count(x) > 1})
    if ganda:
        raise GalatData(
            berkas.name,
            baris=1,
            kolom=ganda[0],
            ditemukan=f"{kepala.count(ganda[0])} kolom bernama '{ganda[0]}'",
            diharapkan="nama kolom yang unik",
        )
    return kepala


def _baca_csv(berkas: Path, kolom: list[str]) -> pd.DataFrame:
    """Isi CSV; angka bergaya Indonesia dibaca bila artinya tunggal, selain itu ditolak."""
    pemisah = _pemisah(berkas)
    _periksa_ujung(berkas, pemisah)
    with warnings.catch_warnings():
        # tanpa index_col=False baris yang selnya kelebihan satu menggeser semua kolom; peringatannya dijadikan galat
        warnings.simplefilter("error", pd.errors.ParserWarning)
        isi = pd.read_csv(
            berkas,
            usecols=kolom,
            index_col=False,
            sep=pemisah,
            decimal="," if pemisah == ";" else ".",
            encoding="utf-8-sig",
            low_memory=False,
        )
    for nama in isi.columns:
        if not pd.api.types.is_numeric_dtype(isi[nama].dtype):
            isi[nama] = _angka_dari_teks(isi[nama], nama, berkas.name)
    return isi


def _periksa_ujung(berkas: Path, pemisah: str) -> None:
    """Baris terakhir harus selengkap kepalanya: salinan yang terputus berakhir di tengah baris."""
    with berkas.open("rb") as isi:
        ukuran = isi.seek(0, os.SEEK_END)
        isi.seek(max(0, ukuran - _PISAH_CONTOH))
        ujung = isi.read().decode("utf-8", errors="replace").rstrip("\r\n")
    if '"' in ujung or "\n" not in ujung:
        return
    banyak = len(_kepala_csv(berkas))
    sel = ujung.rsplit("\n", 1)[1].rstrip("\r").count(pemisah) + 1
    if sel != banyak:
        raise GalatData(berkas.name, ditemukan=f"baris terakhir dengan {sel} sel", diharapkan=f"{banyak} sel")


def _angka_dari_teks(kolom: pd.Series, nama: str, berkas: str) -> pd.Series:
    """Kolom teks yang seluruhnya angka bergaya Indonesia menjadi angka; teks biasa dibiarkan.

    Koma adalah desimal bila sedikitnya satu nilai tidak dapat berarti ribuan (``10,25``). Titik ribuan, koma yang
    selalu diikuti tiga angka, dan campuran keduanya tidak tunggal artinya.
    """
    teks = kolom.dropna().astype(str).str.strip()
    teks = teks[teks != ""]
    if teks.empty or not teks.str.fullmatch(r"-?(?:Rp\.?\s?)?[0-9][0-9.,]*\s?%?").all():
        return kolom
    # pemisah yang dipakai menentukan; setiap cabang hanya menerima bentuk yang tidak dapat dibaca lain
    if teks.str.fullmatch(r"-?[0-9]+").all():
        rapi = teks
    elif teks.str.fullmatch(r"-?[0-9]+(?:,[0-9]+)?").all() and not _mungkin_ribuan(teks, ","):
        rapi = teks.str.replace(",", ".")
    elif teks.str.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?").all() and not _mungkin_ribuan(teks, "."):
        rapi = teks
    else:
        asing = teks[~teks.str.fullmatch(r"-?[0-9]+")]
        raise GalatData(
            berkas,
            baris=int(asing.index[0]) + 2,
            kolom=nama,
            ditemukan=f"'{asing.iloc[0]}'",
            diharapkan="angka tanpa pemisah ribuan, Rp, atau %",
        )
    return pd.to_numeric(rapi).reindex(kolom.index)


def _mungkin_ribuan(teks: pd.Series, pemisah: str) -> bool:
    """Apakah setiap nilai yang berpemisah juga sah sebagai bilangan berpemisah ribuan."""
    ada = teks[teks.str.contains(pemisah, regex=False)]
    return bool(ada.str.fullmatch(rf"-?[1-9][0-9]{{0,2}}(?:{re.escape(pemisah)}[0-9]{{3}})+").all()) and len(ada) > 0


def _baca_parquet(berkas: Path, kolom: list[str]) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    tabel = pq.read_table(berkas, columns=kolom)
    hasil = {}
    for nama in kolom:
        satu = tabel.column(nama)
        # bilangan bulat bersel kosong menjadi float64 di pandas; float32 sudah tepat bagi tipe sekecil ini
        if satu.null_count and satu.type in (pa.int8(), pa.int16(), pa.uint8(), pa.uint16()):
            satu = satu.cast(pa.float32())
        hasil[nama] = satu.to_pandas()
        tabel = tabel.drop_columns([nama])
    return pd.DataFrame(hasil, copy=False)


def _ringankan(kolom: pd.Series) -> pd.Series:
    """Bilangan ke tipe yang lebih kecil tanpa mengubah nilai."""
    if not pd.api.types.is_numeric_dtype(kolom.dtype):
        return kolom.reset_index(drop=True)
    nilai = kolom.to_numpy() if isinstance(kolom.dtype, np.dtype) else kolom.to_numpy(float, na_value=np.nan)
    if nilai.dtype == np.float64:
        with np.errstate(invalid="ignore"):
            bulat = np.abs(nilai) < _BULAT_FLOAT32
            bulat &= nilai == np.rint(nilai)
        if (bulat | np.isnan(nilai)).all():
            nilai = nilai.astype(np.float32)
    return pd.Series(nilai, copy=False)


def _format(berkas: Path) -> str:
    if not berkas.is_file():
        raise GalatData(berkas.name, ditemukan="berkas tidak ada", diharapkan="berkas data mikro")
    jenis = FORMAT.get(berkas.suffix.lower())
    if jenis is None:
        raise GalatData(
            berkas.name, ditemukan=f"akhiran '{berkas.suffix}'", diharapkan=f"salah satu dari {', '.join(FORMAT)}"
        )
    return jenis


def _pemisah(berkas: Path) -> str:
    with berkas.open(encoding="utf-8-sig", errors="replace") as isi:
        kepala = isi.readline(_PISAH_CONTOH)
    return max(",;\t", key=kepala.count)


class _Rapi:
    """Kesalahan pustaka pembaca menjadi satu pesan tentang berkasnya."""

    def __init__(self, berkas: Path):
        self.berkas = berkas

    def __enter__(self) -> None:
        return None

    def __exit__(self, jenis, galat, jejak) -> None:
        if galat is None or isinstance(galat, GalatKinerja):
            return
        if isinstance(galat, ImportError):
            raise GalatParameter(
                f"Membaca {self.berkas.suffix} memerlukan paket '{galat.name}'; pasang dengan pip install {galat.name}."
            ) from galat
        if isinstance(galat, ValueError | OSError | RuntimeError | pd.errors.ParserError | Warning | csv.Error) or (
            type(galat).__module__.split(".")[0] in ("pyreadstat", "pyarrow", "pandas")
        ):
            raise GalatData(
                self.berkas.name,
                ditemukan=f"isi yang tidak terbaca ({str(galat).splitlines()[0] if str(galat) else galat!r})",
                diharapkan=f"berkas {self.berkas.suffix} yang utuh",
            ) from galat
