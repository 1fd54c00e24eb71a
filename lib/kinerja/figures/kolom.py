"""Kolom tabel menjadi angka gambar, dengan pemeriksaan yang menyebut kolom yang tidak ada."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.figures.gaya import KEADAAN, check_state


def need(data: pd.DataFrame, *kolom: str | None) -> None:
    """Pastikan kolom-kolom ada; None dilewati.

    Raises
    ------
    GalatParameter
        Ada kolom yang tidak ada di tabel.
    """
    hilang = [k for k in kolom if k is not None and k not in data.columns]
    if hilang:
        ada = ", ".join(map(str, data.columns))
        raise GalatParameter(f"Gambar memerlukan kolom {', '.join(map(repr, hilang))}; yang ada: {ada}.")


def numbers(isi: Any) -> np.ndarray:
    """Angka sebagai float64, nilai hilang (None, NA, NaN) sebagai NaN."""
    return pd.to_numeric(pd.Series(isi), errors="raise").astype("Float64").to_numpy(dtype=float, na_value=np.nan)


def exact(isi: Any) -> list[Any]:
    """Angka apa adanya untuk ditulis: bilangan bulat besar tidak lewat pecahan biner."""
    return [None if fmt.is_missing(x) else x for x in isi]


def labels(isi: Any) -> list[str]:
    """Nama baris; nama yang hilang menjadi tanda hilang."""
    return [fmt.HILANG if fmt.is_missing(x) else str(x) for x in isi]


def states(data: pd.DataFrame, keadaan: str | None, nilai: np.ndarray) -> list[str]:
    """Keadaan tiap baris.

    Parameters
    ----------
    data : DataFrame
    keadaan : str or None
        Nama kolom, atau satu keadaan untuk semua baris; None memakai kolom ``keadaan`` bila ada, atau ``dikutip``.
    nilai : ndarray
        Angka tiap baris; NaN selalu ``tidak_tersedia``.
    """
    if keadaan in KEADAAN and keadaan not in data.columns:
        isi: Sequence[str] = [keadaan] * len(data)
    elif keadaan is not None:
        need(data, keadaan)
        isi = list(data[keadaan])
    elif "keadaan" in data.columns:
        isi = list(data["keadaan"])
    else:
        isi = ["dikutip"] * len(data)
    return [
        "tidak_tersedia" if np.isnan(x) else ("dikutip" if fmt.is_missing(k) else check_state(k))
        for k, x in zip(isi, nilai, strict=True)
    ]


def pick_scale(skala: str | None, satuan: str, *nilai: np.ndarray) -> str | None:
    """Skala gambar: yang diminta, atau untuk ``"auto"`` menurut angka terbesar (rupiah dan cacahan)."""
    if skala != "auto":
        return skala
    isi = np.concatenate([np.abs(np.asarray(n, dtype=float)).ravel() for n in nilai]) if nilai else np.array([])
    isi = isi[np.isfinite(isi)]
    return fmt.scale_of(float(isi.max())) if len(isi) else None


def order_of(isi: Any) -> list[Any]:
    """Nilai yang berbeda dalam urutan kemunculannya, atau urutan golongannya bila kolomnya kategori."""
    deret = pd.Series(isi)
    if isinstance(deret.dtype, pd.CategoricalDtype):
        return [k for k in deret.cat.categories if (deret == k).any()]
    return list(pd.unique(deret.dropna()))
