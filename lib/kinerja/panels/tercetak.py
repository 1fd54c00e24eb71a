"""Versi tercetak satu indikator, satu baris per angka yang berbeda."""

from __future__ import annotations

import pandas as pd

from kinerja import capaian
from kinerja.data import Data


def printed(data: Data, kode: list[str]) -> pd.DataFrame:
    """Versi tercetak beberapa kode di samping hitungan ulang; angka yang sama di beberapa tempat menjadi satu baris.

    Parameters
    ----------
    data : Data
    kode : list of str
        Kode IKU atau sasaran.

    Returns
    -------
    pandas.DataFrame
        Kolom :func:`kinerja.capaian.printed_versions`; ``bagian`` dan ``id`` memuat semua tempatnya.
    """
    cetak = capaian.printed_versions(data)
    cetak = cetak[cetak["kode"].isin(kode)]
    # urut menurut kode yang diminta, lalu menurut kemunculannya di laporan
    cetak = cetak.assign(urut=cetak["kode"].map({k: n for n, k in enumerate(kode)})).sort_values("urut", kind="stable")
    kunci = ["kode", "ukuran", "satuan", "desimal", "tercetak", "dihitung", "verdik"]
    ringkas = cetak.groupby(kunci, sort=False, dropna=False)[["bagian", "id"]].agg(_join).reset_index()
    return ringkas.assign(keadaan="dikutip")


def _join(isi: pd.Series) -> str:
    return "; ".join(dict.fromkeys(isi))
