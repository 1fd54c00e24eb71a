"""Hasil pemeriksaan daftar menjadi tabel yang boleh terbit: hitungan saja, sel kecil dan pelengkapnya ditahan."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kinerja import kerahasiaan
from kinerja.besar.buat import DTKS, PEMBAYARAN
from kinerja.besar.periksa import UKURAN

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
        Dari :func:`kinerja.besar.periksa.hitung`.
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
