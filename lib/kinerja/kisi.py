"""Kisi pilihan: setiap gabungan nilai, dan hasil-hasilnya sebagai satu tabel panjang."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import pandas as pd

from kinerja.errors import GalatParameter


def combinations(pilihan: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Setiap gabungan satu nilai dari tiap pilihan, yang pertama paling lambat berganti.

    Raises
    ------
    GalatParameter
        Sebuah pilihan tidak punya nilai.
    """
    kosong = [k for k, isi in pilihan.items() if not isi]
    if kosong:
        raise GalatParameter(f"Pilihan {', '.join(kosong)} tidak punya nilai untuk disapu.")
    for isi in product(*pilihan.values()):
        yield dict(zip(pilihan, isi, strict=True))


def stack(hasil: Iterable[tuple[Mapping[str, Any], pd.DataFrame]]) -> pd.DataFrame:
    """Bingkai-bingkai dari banyak gabungan pilihan sebagai satu tabel panjang.

    Parameters
    ----------
    hasil : iterable of (mapping, DataFrame)
        Pilihan dan hasilnya. Pilihan berupa kamus atau daftar ditulis ``KD=2; KE=0.5`` atau ``provinsi+daerah``.

    Returns
    -------
    DataFrame
        Kolom pilihan (yang senama dengan kolom hasil diawali ``p_``), lalu gabungan kolom hasil menurut urutan
        kemunculannya; kolom yang tidak ada pada sebuah hasil kosong di barisnya. Bilangan bulat Int64.
    """
    hasil = list(hasil)
    dipakai = {k for _, frame in hasil for k in frame}
    bagian, satuan = [], {}
    for pilihan, frame in hasil:
        isi = frame.reset_index(drop=True)
        satuan |= frame.attrs.get("satuan", {})
        isi = isi.astype({k: "Int64" for k in isi if pd.api.types.is_integer_dtype(isi[k])})
        for letak, (nama, nilai) in enumerate(pilihan.items()):
            isi.insert(letak, f"p_{nama}" if nama in dipakai else nama, as_text(nilai))
        isi.attrs = {}
        bagian.append(isi)
    tabel = pd.concat(bagian, ignore_index=True) if bagian else pd.DataFrame()
    for kolom in tabel:
        if tabel[kolom].dtype == object and tabel[kolom].dropna().map(type).nunique() > 1:
            tabel[kolom] = tabel[kolom].map(str, na_action="ignore")
    tabel.attrs = {"satuan": satuan}
    return tabel


def as_text(nilai: Any) -> Any:
    """Nilai pilihan sebagai isi kolom: skalar apa adanya, kamus dan daftar sebagai teks."""
    if isinstance(nilai, Mapping):
        return "; ".join(f"{k}={v}" for k, v in nilai.items())
    if isinstance(nilai, list | tuple):
        return "+".join(map(str, nilai))
    return nilai
