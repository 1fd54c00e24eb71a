"""Perubahan Ikesos antara dua survei yang sampelnya bebas, atas indikator yang sama di keduanya."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from indextree import rank_change
from kinerja.errors import GalatParameter
from kinerja.ikesos.dasar import NASIONAL
from kinerja.ikesos.sandaran import SAMA, Sandaran, tentukan_sandaran
from kinerja.ikesos.siap import SiapIkesos
from surveyest import independent_change

BENIH = 1
"""Benih tarikan peluang perubahan peringkat: hasil yang sama setiap kali."""

_SAMA_BOBOT = 1e-9
_UBAH = {
    "first": "awal", "first_se": "se_awal", "second": "akhir", "second_se": "se_akhir", "change": "perubahan",
    "se": "se", "df": "df", "t": "t", "p": "p", "lower": "bawah", "upper": "atas",
}  # fmt: skip
_GESER = {
    "rank_first": "peringkat_awal", "rank_second": "peringkat_akhir", "change": "geser", "lower": "bawah_geser",
    "upper": "atas_geser", "probability": "peluang_geser", "certain": "geser_pasti",
}  # fmt: skip


def perubahan(
    awal: SiapIkesos,
    akhir: SiapIkesos,
    tingkat: str | Sequence[str] = NASIONAL,
    *,
    bobot: Mapping[str, float] | None = None,
    saring: Mapping[str, object] | None = None,
    kepercayaan: float = 0.95,
    **pilihan: Any,
) -> pd.DataFrame:
    """Perubahan setiap domain dari survei ``awal`` ke ``akhir``.

    Kedua survei dihitung atas indikator yang tersedia di keduanya (dan, per tingkat, di semua domain yang diperingkat);
    domain yang di salah satu survei bersandar pada bobot lain tidak dibandingkan.

    Parameters
    ----------
    awal, akhir : SiapIkesos
        Kerangka yang sama; sampelnya bebas (PSU lain).
    tingkat, bobot, saring
        Lihat :meth:`SiapIkesos.hitung`.
    kepercayaan : float
        Tingkat selang perubahan.
    **pilihan
        ``sasaran``, ``agregasi``, ``simpul``: lihat :meth:`SiapIkesos.hitung`.

    Returns
    -------
    DataFrame
        Kolom domain, ``simpul``, ``kode``, ``nama``, lalu ``awal``, ``se_awal``, ``akhir``, ``se_akhir``, ``perubahan``
        (poin), ``se``, ``df``, ``t``, ``p``, ``bawah``, ``atas``; ``peringkat_awal``, ``peringkat_akhir``, ``geser``
        (positif: naik), ``bawah_geser``, ``atas_geser``, ``peluang_geser`` (peluang arah geser itu nyata) dan
        ``geser_pasti`` (selang peringkat serentaknya terpisah), antardomain satu simpul; ``keadaan`` dan
        ``keterangan`` (mengapa tidak dibandingkan).

    Raises
    ------
    GalatParameter
        Kerangkanya berlainan, atau pilihan tidak dikenal.
    """
    if awal.kerangka.pohon.indicators != akhir.kerangka.pohon.indicators:
        raise GalatParameter("Kedua survei memakai kerangka indikator yang berlainan.")
    dasar = _common(awal, akhir, tingkat, bobot, saring)
    pilihan |= {"bobot": bobot, "saring": saring, "dasar": dasar}
    satu, lain = (x.hitung(tingkat, **pilihan) for x in (awal, akhir))
    kolom = list(satu.columns[: satu.columns.get_loc("simpul")])
    kunci = [*kolom, "simpul"]
    pasang = satu.merge(lain, on=kunci, how="outer", suffixes=("", "_akhir"), sort=False)
    ada = pasang["nilai"].notna() & pasang["nilai_akhir"].notna()
    beda = ada & ((pasang["bagian_bobot"] - pasang["bagian_bobot_akhir"]).abs() > _SAMA_BOBOT)
    nilai = [pasang[k].mask(beda).to_numpy(dtype=float) for k in ("nilai", "nilai_akhir", "se", "se_akhir")]
    df = {"first_df": pasang["df"].to_numpy(float), "second_df": pasang["df_akhir"].to_numpy(float)}
    ubah = independent_change(*nilai, **df, level=kepercayaan)[list(_UBAH)].rename(columns=_UBAH)
    geser = _ranks(pasang["simpul"], nilai, df)
    hasil = pd.concat([pasang[[*kunci, "kode", "nama"]], ubah, geser], axis=1)
    keadaan = "sintetis" if "sintetis" in (awal.keadaan, akhir.keadaan) else awal.keadaan
    hasil["keadaan"] = np.where(ubah["perubahan"].isna(), "tidak_tersedia", keadaan)
    sebab = [
        "; ".join(dict.fromkeys(filter(None, x)))
        for x in zip(*(pasang[k].fillna("") for k in ("keterangan", "keterangan_akhir")), strict=True)
    ]
    return hasil.assign(keterangan=pd.Series(sebab, hasil.index).mask(beda, "bersandar pada bobot yang berlainan"))


def _common(awal: SiapIkesos, akhir: SiapIkesos, tingkat: Any, bobot: Any, saring: Any) -> Sandaran:
    """Sandaran bersama semua domain kedua survei, seakan-akan satu daftar domain."""
    satu, lain = (x.dasar(tingkat, saring) for x in (awal, akhir))
    semua = replace(satu, **{k: np.concatenate([getattr(x, k) for x in (satu, lain)]) for k in ("persen", "n")})
    susunan = awal.susunan()
    batas = {"n_minimum": awal.n_minimum, "ambang_bobot": awal.ambang_bobot}
    return tentukan_sandaran(semua, susunan, awal.larik_bobot(bobot, susunan), SAMA, **batas)


def _ranks(simpul: pd.Series, nilai: Sequence[np.ndarray], df: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Perubahan peringkat antardomain, simpul demi simpul, pada urutan baris semula."""
    bagian = []
    for baris in simpul.groupby(simpul, sort=False).indices.values():
        isi = rank_change(*(x[baris] for x in nilai), seed=BENIH, **{k: x[baris] for k, x in df.items()})
        bagian.append(isi[list(_GESER)].rename(columns=_GESER).set_axis(simpul.index[baris]))
    return pd.concat(bagian).reindex(simpul.index)
