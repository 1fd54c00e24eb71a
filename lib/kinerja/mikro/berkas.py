"""Berkas data mikro apa pun yang dipegang orang: hanya kolom yang diperlukan, dirapikan dengan satu cara."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from kinerja.errors import GalatData, GalatKinerja, GalatParameter
from kinerja.mikro.pembaca import FORMAT, Pembaca
from kinerja.mikro.rapikan import rapikan


def daftar_kolom(berkas: Path | str) -> list[str]:
    """Nama semua kolom sebuah berkas data mikro, tanpa membaca isinya.

    Raises
    ------
    GalatData
        Berkas tidak ada, formatnya tidak dikenal, atau isinya rusak.
    """
    berkas = Path(berkas)
    with _Rapi(berkas):
        return _pembaca(berkas).nama()


def daftar_label(berkas: Path | str) -> dict[str, str]:
    """Nama kolom -> label variabel sebuah berkas Stata atau SPSS; format lain tidak berlabel.

    Raises
    ------
    GalatData
        Seperti :func:`daftar_kolom`.
    """
    berkas = Path(berkas)
    with _Rapi(berkas):
        return _pembaca(berkas).label()


def cocokkan(tersedia: Sequence[str], diminta: Iterable[str], berkas: str) -> dict[str, str]:
    """Padankan nama yang diminta dengan nama di berkas: persis dahulu, lalu tanpa melihat huruf besar dan spasi.

    Returns
    -------
    dict
        Nama diminta -> nama di berkas; yang tidak ada tidak dimuat.

    Raises
    ------
    GalatData
        Lebih dari satu kolom berkas cocok dengan satu nama.
    """
    longgar: dict[str, list[str]] = {}
    for nama in tersedia:
        longgar.setdefault(_longgar(nama), []).append(nama)
    hasil = {}
    for nama in diminta:
        semua = longgar.get(_longgar(nama), [])
        calon = [x for x in semua if x == nama] or semua
        if len(calon) == 1:
            hasil[nama] = calon[0]
        elif calon:
            raise GalatData(
                berkas,
                kolom=nama,
                ditemukan=f"{len(calon)} kolom yang cocok ({', '.join(calon)})",
                diharapkan="satu kolom saja tanpa melihat huruf besar dan spasi",
            )
    return hasil


def baca_kolom(berkas: Path | str, kolom: Iterable[str], jenis: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Baca kolom-kolom yang diminta; yang tidak ada di berkas dilewati.

    Parameters
    ----------
    berkas : Path
        ``.csv`` (pemisah koma, titik koma, atau tab), ``.parquet``, ``.dta``, ``.sav``, ``.dbf``, ``.xlsx``.
    kolom : iterable of str
        Nama menurut kodebuku; dicocokkan seperti :func:`cocokkan`.
    jenis : mapping of str to str, optional
        Yang diminta kodebuku dari tiap kolom; lihat :func:`kinerja.mikro.rapikan.rapikan`.

    Returns
    -------
    DataFrame
        Kolom bernama seperti diminta, dirapikan: sama sampai bit terakhir untuk isi yang sama, apa pun formatnya.

    Raises
    ------
    GalatData
        Berkas tidak ada, tidak dikenal, rusak, atau tidak berisi baris; atau isi sebuah kolom tidak tunggal artinya.
    """
    berkas = Path(berkas)
    with _Rapi(berkas):
        baca = _pembaca(berkas)
        tersedia = baca.nama()
        peta = cocokkan(tersedia, kolom, berkas.name)
        if not peta:
            raise GalatData(
                berkas.name,
                ditemukan="tidak satu pun kolom yang disebut kodebuku",
                diharapkan="berkas survei yang nama kolomnya sama dengan kodebuku",
            )
        isi = baca.isi([tersedia.index(lama) for lama in peta.values()])
        if not len(isi[0]):
            raise GalatData(berkas.name, ditemukan="nol baris", diharapkan="data responden")
        hasil = {}
        for nama in peta:
            # yang sudah dirapikan dilepas: puncak memori tidak dua kali lipat
            hasil[nama] = rapikan(
                isi.pop(0), nama, berkas.name, jenis=(jenis or {}).get(nama, ""), desimal=baca.desimal
            )
        return pd.DataFrame(hasil, copy=False)


def _longgar(nama: str) -> str:
    return "".join(nama.split()).casefold()


def _pembaca(berkas: Path) -> Pembaca:
    if not berkas.is_file():
        raise GalatData(berkas.name, ditemukan="berkas tidak ada", diharapkan="berkas data mikro")
    akhiran = berkas.suffix.lower()
    if akhiran not in FORMAT:
        raise GalatData(
            berkas.name, ditemukan=f"akhiran '{berkas.suffix}'", diharapkan=f"salah satu dari {', '.join(FORMAT)}"
        )
    return FORMAT[akhiran](berkas)


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
        if isinstance(galat, PermissionError):
            raise GalatData(
                self.berkas.name, ditemukan="berkas yang tidak boleh dibaca", diharapkan="berkas dengan izin baca"
            ) from galat
        pustaka = type(galat).__module__.split(".")[0]
        if isinstance(galat, ValueError | OSError | RuntimeError | MemoryError | csv.Error) or pustaka in (
            "pyreadstat", "pyarrow", "pandas", "openpyxl", "zipfile",
        ):  # fmt: skip
            raise GalatData(
                self.berkas.name,
                ditemukan=f"isi yang tidak terbaca ({str(galat).splitlines()[0] if str(galat) else galat!r})",
                diharapkan=f"berkas {self.berkas.suffix} yang utuh",
            ) from galat
