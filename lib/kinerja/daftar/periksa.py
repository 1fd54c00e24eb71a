"""Acuan pemeriksaan daftar, pemeriksaan satu folder dengan acuan itu, dan tabel hasilnya yang boleh terbit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pandas as pd

import listcheck
from kinerja import fmt, kerahasiaan
from kinerja.daftar import DTKS, MEMORI_GB, PEMBAYARAN
from kinerja.daftar.nik import Nik, kode_kabkota
from kinerja.data import Data
from kinerja.errors import GalatData, engine_errors
from kinerja.wilayah import Regions

DAFTAR = {listcheck.REGISTER: DTKS, listcheck.PAYMENTS: PEMBAYARAN}
KOLOM = {
    "id": "nik",
    "program": "program",
    "period": "bulan",
    "region": "provinsi",
    "paid": "dibayar",
    "used": "ditransaksikan",
    "returned": "dikembalikan",
}
"""Kolom mesin -> kolom di berkas."""

KUNCI = ["daftar", "program", "bulan", "provinsi"]
_UKURAN = {
    "rows": "baris",
    "used": "ditransaksikan",
    "returned": "dikembalikan",
    "undisbursed": "mengendap",
    "overdrawn": "lebih",
    "unknown_region": "provinsi_asing",
    "invalid_period": "bulan_asing",
    "duplicate": "ganda",
    "forbidden_pair": "rangkap",
    "unregistered": "luar_dtks",
    "id": "nik",
}
_KEPALA = KOLOM | {"source": "daftar", "measure": "ukuran", "amount": "rupiah"}
UKURAN = tuple(_UKURAN.get(x, x) for x in listcheck.measures(Nik()))
"""Ukuran menurut urutan tampil; "baris" berpasangan dengan rupiah yang dibayar."""

TINGKAT = {
    PEMBAYARAN: {
        "nasional": (),
        "program": ("program",),
        "bulan": ("bulan",),
        "provinsi": ("provinsi",),
        "program-bulan": ("program", "bulan"),
        "program-provinsi": ("program", "provinsi"),
        "provinsi-bulan": ("provinsi", "bulan"),
    },
    DTKS: {"nasional": (), "provinsi": ("provinsi",)},
}
"""Tabel yang terbit bersama tiap daftar dan kolomnya; yang lebih rinci hampir seluruhnya akan ditahan."""


class Acuan(NamedTuple):
    """Yang dipakai memeriksa daftar, dari ``data/raw/acuan``.

    Attributes
    ----------
    provinsi : DataFrame
        Tabel ``provinsi``.
    kabkota : tuple of str
        Empat angka pertama NIK yang pernah terbit.
    larangan : list of (str, str)
        Pasangan program yang tidak boleh dirangkap.
    program : list of str
        Kode program yang dikenal.
    kode_provinsi : list of int
        Kode BPS 38 provinsi.
    terbit : str
        Tanggal daftar kode NIK yang paling baru: yang terbit sesudahnya tidak dikenal.
    """

    provinsi: pd.DataFrame
    kabkota: tuple[str, ...]
    larangan: list[tuple[str, str]]
    program: list[str]
    kode_provinsi: list[int]
    terbit: str

    @classmethod
    def of(cls, d: Data) -> Acuan:
        """Susun dari tabel ``provinsi``, ``nik_wilayah``, ``bansos_rangkap``, ``pen_program``, dan nama wilayah."""
        rangkap = d["bansos_rangkap"]
        tanggal = d.sumber.loc[d.sumber["id"].isin(d["nik_wilayah"]["sumber"]), "tanggal"].max()
        return cls(
            d["provinsi"],
            kode_kabkota(d["nik_wilayah"]),
            list(zip(rangkap["program"], rangkap["rangkap"], strict=True)),
            d["pen_program"].sort_values("urutan")["kode"].tolist(),
            [int(k) for k in Regions.of(d).tiles["wilayah"]],
            fmt.tanggal(tanggal) if len(tanggal) == len("2025-04-25") else tanggal,
        )


def hitung(
    folder: Path,
    sementara: Path,
    a: Acuan,
    *,
    kolom: Mapping[str, str] | None = None,
    nama_mesin: str = "duckdb",
    memori: float = MEMORI_GB,
) -> tuple[pd.DataFrame, bool]:
    """Periksa satu folder daftar; tumpahan ditulis di bawah ``sementara`` dan dihapus.

    Parameters
    ----------
    folder : Path
        Berisi folder `DTKS` dan `PEMBAYARAN` dengan berkas Parquet, boleh bertingkat ``program=.../bulan=...``.
    sementara : Path
    a : Acuan
    kolom : mapping, optional
        Nama di sini -> nama di berkas, misalnya ``{"nik": "NO_NIK"}``.
    nama_mesin : {"duckdb", "spark"}
    memori : float
        GB.

    Returns
    -------
    hasil : DataFrame
        `KUNCI`, ``ukuran`` (salah satu `UKURAN`), ``n`` (baris), ``rupiah`` (Int64; <NA> bagi DTKS); lihat
        :func:`listcheck.check`.
    sintetis : bool

    Raises
    ------
    GalatData
        Daftar tidak dapat dibaca; lihat :func:`listcheck.register`.
    GalatKinerja
        Mesin tidak dikenal, tidak terpasang, atau berhenti.
    """
    nik = Nik(kabkota=a.kabkota)
    nama = {mesin: (kolom or {}).get(berkas, berkas) for mesin, berkas in KOLOM.items()}
    with _galat(), listcheck.connect(nama_mesin, scratch=sementara, memory_gb=memori) as con:
        asal = {x: listcheck.scan(con, Path(folder) / DAFTAR[x], x) for x in DAFTAR}
        dtks = listcheck.register(asal[listcheck.REGISTER], ids=nik, columns=nama)
        bayar = listcheck.payments(asal[listcheck.PAYMENTS], ids=nik, columns=nama, programs=a.program)
        hasil = listcheck.check(con, dtks, bayar, ids=nik, forbidden=a.larangan, regions=a.kode_provinsi)
    sintetis = any(k.upper().startswith("SINTETIS") for tabel in asal.values() for k in tabel.columns)
    return _sebutan(hasil), sintetis


def _sebutan(temuan: pd.DataFrame) -> pd.DataFrame:
    """Temuan mesin dengan nama kolom, daftar, dan ukuran kementerian."""
    hasil = temuan.replace({"source": DAFTAR, "measure": _UKURAN}).rename(columns=_KEPALA)
    return hasil.sort_values([*KUNCI, "ukuran"], ignore_index=True)


@contextmanager
def _galat() -> Iterator[None]:
    """Kesalahan mesin dalam nama-nama kementerian."""
    try:
        with engine_errors(listcheck.ParameterError, listcheck.EngineError):
            yield
    except listcheck.DataError as galat:
        letak = DAFTAR[galat.source]
        raise GalatData(letak, kolom=galat.column, ditemukan=galat.found, diharapkan=galat.expected) from galat


def pisahkan_kesalahan_berkas(hasil: pd.DataFrame) -> tuple[pd.DataFrame, list[tuple[str, str, int]]]:
    """Aturan yang dilanggar setiap baris satu daftar bukan temuan tentang orang, melainkan tentang berkasnya.

    Parameters
    ----------
    hasil : DataFrame
        Dari :func:`hitung`.

    Returns
    -------
    hasil : DataFrame
        Tanpa temuan itu.
    berkas : list of (daftar, ukuran, banyaknya baris)
        ``ukuran`` "nik" bila semua NIK cacat, dengan cacat yang bermacam-macam.
    """
    balik = {"daftar": {v: k for k, v in DAFTAR.items()}, "ukuran": {v: k for k, v in _UKURAN.items()}}
    kepala = {v: k for k, v in _KEPALA.items()}
    temuan, berkas = listcheck.split_file_faults(hasil.replace(balik).rename(columns=kepala), Nik())
    return _sebutan(temuan), [(DAFTAR[x], _UKURAN.get(ukuran, ukuran), n) for x, ukuran, n in berkas]


def susun_tabel(
    hasil: pd.DataFrame,
    *,
    minimum: int = kerahasiaan.MINIMUM,
    tingkat: Mapping[str, Mapping[str, tuple[str, ...]]] = TINGKAT,
) -> dict[str, pd.DataFrame]:
    """Tabel tiap daftar dan tingkat.

    Parameters
    ----------
    hasil : DataFrame
        Dari :func:`hitung`.
    minimum : int
        Baris paling sedikit yang boleh terbit; nol bukan rahasia.
    tingkat : mapping
        Semua tabel yang akan terbit bersama; yang ditahan diputuskan atas semuanya sekaligus.

    Returns
    -------
    dict of str to DataFrame
        ``<daftar>-<tingkat>``: kolom tingkatnya, ``ukuran``, ``n`` (Int64), ``persen`` (n terhadap baris sel itu),
        ``rupiah`` (Int64), ``tanda`` ("" atau "ditahan").
    """
    return {
        f"{daftar}-{nama}": isi
        for daftar, isi_tingkat in tingkat.items()
        for nama, isi in _satu_daftar(hasil[hasil["daftar"] == daftar], isi_tingkat, minimum).items()
    }


def _satu_daftar(hasil: pd.DataFrame, tingkat: Mapping, minimum: int) -> dict[str, pd.DataFrame]:
    urutan = pd.CategoricalDtype(UKURAN, ordered=True)
    mentah = {}
    for nama, kolom in tingkat.items():
        isi = hasil.groupby([*kolom, "ukuran"], as_index=False)[["n", "rupiah"]].sum(min_count=1)
        isi = isi.assign(ukuran=isi["ukuran"].astype(urutan)).sort_values([*kolom, "ukuran"], ignore_index=True)
        mentah[nama] = isi.assign(ukuran=isi["ukuran"].astype(str), tanda="").rename(columns={"rupiah": "nilai"})
    aman = kerahasiaan.tahan_tabel(
        mentah, minimum=minimum, wilayah=("program", "bulan", "provinsi"), ukuran="ukuran", induk={}
    )
    return {nama: _persen(isi, list(tingkat[nama])) for nama, isi in aman.items()}


def _persen(isi: pd.DataFrame, kolom: list[str]) -> pd.DataFrame:
    """n terhadap banyaknya baris sel itu; kosong bila salah satunya ditahan."""
    if kolom:
        baris = isi[isi["ukuran"] == "baris"].set_index(kolom)["n"]
        dasar = baris.reindex(pd.MultiIndex.from_frame(isi[kolom]) if len(kolom) > 1 else isi[kolom[0]]).to_numpy()
    else:
        dasar = isi.loc[isi["ukuran"] == "baris", "n"].iloc[0] if len(isi) else pd.NA
    persen = (100 * isi["n"] / dasar).astype("Float64")
    return isi.assign(persen=persen, rupiah=isi["nilai"].astype("Int64"))[
        [*kolom, "ukuran", "n", "persen", "rupiah", "tanda"]
    ]
