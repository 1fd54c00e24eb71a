"""Nilai apa adanya untuk CSV dan lembar sebar: tidak dibulatkan, tanpa ekor biner, dan tidak pernah terbaca rumus."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

_AWAL_RUMUS = ("=", "+", "-", "@", "\t", "\r")
_EKOR = 4
"""Satuan angka terakhir yang masih dianggap ekor biner sebuah hitungan."""

_POLA_ANGKA = re.compile(r"[+-]?[\d.,]+%?")


def write_rows(kepala: Sequence[str], isi: Iterable[Sequence[Any]]) -> str:
    """Baris-baris CSV di bawah kepalanya."""
    penampung = io.StringIO()
    penulis = csv.writer(penampung, lineterminator="\n")
    penulis.writerow(kepala)
    penulis.writerows(isi)
    return penampung.getvalue()


def frame_to_csv(frame: pd.DataFrame) -> str:
    """Bingkai data sebagai CSV dengan kolom apa adanya: tanpa pembulatan, kosong bila tidak ada.

    Teks yang dapat dibaca lembar sebar sebagai rumus diawali tanda petik tunggal; bilangan bertanda dibiarkan.
    """
    isi = ([raw_text(plain(x)) for x in baris] for baris in frame.itertuples(index=False))
    return write_rows(list(frame.columns), isi)


def plain(nilai: Any) -> int | float | str | bool | None:
    """Nilai Python biasa; NaN, NA, dan NaT menjadi None."""
    if nilai is None or nilai is pd.NA or (not isinstance(nilai, str) and pd.isna(nilai)):
        return None
    return nilai.item() if hasattr(nilai, "item") else nilai


def raw_text(nilai: Any) -> str:
    """Nilai tanpa pembulatan untuk CSV; bilangan bulat tanpa ``.0``, teks mirip rumus diberi petik."""
    if nilai is None:
        return ""
    if isinstance(nilai, bool):
        return "true" if nilai else "false"
    if isinstance(nilai, float):
        return str(int(nilai)) if nilai.is_integer() and abs(nilai) < 2**53 else repr(_without_tail(nilai))
    return "'" + nilai if isinstance(nilai, str) and is_formula_like(nilai) else str(nilai)


def _without_tail(x: float) -> float:
    """Pecahan dua belas angka penting yang hanya terpaut ekor biner dari ``x``; kalau tidak ada, ``x`` sendiri.

    Selisih 13.590000000000003 menjadi 13.59, dan 2/3 tetap utuh.
    """
    pendek = float(f"{x:.12g}")
    return pendek if abs(pendek - x) <= _EKOR * math.ulp(x) else x


def is_formula_like(teks: str) -> bool:
    """Apakah lembar sebar dapat membaca teks ini sebagai rumus; tanda tunggal dan bilangan bertanda bukan rumus."""
    return len(teks) > 1 and teks.startswith(_AWAL_RUMUS) and not _POLA_ANGKA.fullmatch(teks)
