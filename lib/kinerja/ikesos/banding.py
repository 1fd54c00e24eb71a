"""Membandingkan: ketidakpastian peringkat antardomain, dan perubahan Ikesos antara dua survei."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from indextree import (
    MEANS,
    Normalisation,
    Recipe,
    Scenario,
    UncertaintyResult,
    rank_change,
    run_sensitivity,
    run_uncertainty,
)
from kinerja.errors import GalatParameter
from kinerja.ikesos.dasar import NASIONAL, SAMA, SKALA_ATAS, Sandaran, tentukan_sandaran
from kinerja.ikesos.kerangka import PEMISAH, mesin_pohon
from kinerja.ikesos.siap import SiapIkesos
from kinerja.ikesos.ukuran import SEMUA
from surveyest import independent_change

SKENARIO_METODE = {"aggregation": ["arithmetic", "geometric"], "weight": {"kind": "noise", "magnitude": 0.25}}
"""Cara membuat indeks yang diubah-ubah secara baku: agregasi, dan setiap bobot digoyang sampai 25 persen."""

SUMBER = ("sampel", "metode", "gabungan")
_FAKTOR_METODE = ("normalisation", "treatment", "aggregation", "weight_sets", "weight", "goalposts", "drop")

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


@dataclass(frozen=True, eq=False)
class KetidakpastianIkesos:
    """Hasil :func:`hitung_ketidakpastian`."""

    tabel: pd.DataFrame
    """Satu baris per unit: kolom domain, ``peringkat`` (bobot dan agregasi baku), ``bawah_*``, ``atas_*``, ``lebar_*``
    sebaran marginal peringkat antarulangan untuk ``sampel``, ``metode``, ``gabungan`` (bukan selang kepercayaan:
    terlalu sempit di ujung daftar dan untuk semua unit sekaligus), ``bawah_serentak`` dan ``atas_serentak`` (Int64;
    selang peringkat serentak Klein, Wright, dan Wieczorek 2020 dari galat sampel), dan ``bagian_sampel``,
    ``bagian_metode``, ``bagian_bersama``: bagian ragam peringkat (0 sampai 1; Sobol orde satu, dan yang bekerja
    bersama). NaN bila peringkatnya tidak pernah berubah, atau unit tidak selalu bernilai."""
    hasil: dict[str, UncertaintyResult]
    """Semua ulangan, untuk peluang peringkat dan peluang satu unit di atas yang lain."""
    keadaan: str


@mesin_pohon
def hitung_ketidakpastian(
    siap: SiapIkesos,
    tingkat: str | Sequence[str] = "provinsi",
    sasaran: str = SEMUA,
    *,
    metode: Mapping[str, object] | None = None,
    saring: Mapping[str, object] | None = None,
    dasar: str = SAMA,
    ulangan: int = 1000,
    ulangan_sampel: int = 200,
    titik: int = 256,
    selang: float = 0.90,
    benih: int = 1,
) -> KetidakpastianIkesos:
    """Sebaran peringkat tiap unit menurut galat sampel saja, metode saja, dan keduanya.

    Parameters
    ----------
    tingkat, sasaran, saring, dasar
        Seperti :meth:`SiapIkesos.hitung`. Dengan dasar ``sama``, domain yang dasarnya kurang tidak diperingkat.
    metode : mapping, optional
        Isi :class:`indextree.Scenario` tanpa ``sampling``, ``draws``, ``seed``; baku ``SKENARIO_METODE``. Kode
        bobot dan agregasi adalah kode simpul lengkap (``rt/KD``).
    ulangan, ulangan_sampel : int
        Ulangan tiap sumber, dan ulangan bootstrap Rao-Wu yang ditarik dari survei.
    titik : int
        Titik dasar indeks Sobol, pangkat dua; 0 = jangan hitung bagian ragam.
    selang : float
        Tingkat sebaran dan selang serentak peringkat.

    Notes
    -----
    Bila rata-rata geometrik termasuk pilihan, semua pilihan memakai skala 1-100 supaya proporsi nol tidak menyingkirkan
    unit; peringkat aritmetik tidak berubah olehnya.

    Raises
    ------
    GalatParameter, GalatHitung
        Lihat :func:`indextree.run_uncertainty` dan :meth:`SiapIkesos.ulangan`.
    """
    if sasaran != SEMUA and sasaran not in siap.kerangka.sasaran:
        raise GalatParameter(f"Sasaran '{sasaran}' tidak ada; pilihannya: semua, {', '.join(siap.kerangka.sasaran)}.")
    isi = dict(SKENARIO_METODE if metode is None else metode)
    terlarang = sorted({"sampling", "draws", "seed", "design"} & set(isi))
    if terlarang:
        raise GalatParameter(f"Isi metode tidak boleh memuat {', '.join(terlarang)}; pakai parameter fungsinya.")
    pohon = siap.kerangka.pohon
    cabang = pohon if sasaran == SEMUA else pohon.subtree(sasaran)
    letak = [pohon.indicators.index(k) for k in cabang.indicators]
    taksiran = siap.dasar(tingkat, saring)
    unit = pd.RangeIndex(len(taksiran.domain))
    data = pd.DataFrame(taksiran.persen[:, letak], index=unit, columns=list(cabang.indicators))
    replikat = siap.ulangan(tingkat, ulangan_sampel, benih=benih, saring=saring)[:, :, letak]
    if dasar == SAMA:
        bersama = siap.sandaran_bersama(tingkat, saring=saring)
        lepas = ~bersama.daun[letak]
        if sasaran == SEMUA:
            lepas |= np.isin([k.split(PEMISAH)[0] for k in cabang.indicators], bersama.lepas)
        lengkap = siap.hitung(tingkat, sasaran, saring=saring, tahan=False)["peringkat"].notna().to_numpy()
        data.loc[:, lepas], replikat[:, :, lepas] = np.nan, np.nan
        data.loc[~lengkap], replikat[:, ~lengkap] = np.nan, np.nan
    agregasi = ([x] if isinstance(x, str) else x.values() for x in isi.get("aggregation", ()))
    bawah = max((MEANS[a].base for x in agregasi for a in x if a in MEANS), default=0.0)
    resep = Recipe(Normalisation("goalposts", lower=bawah, upper=SKALA_ATAS), missing_columns="missing")
    umum = {"draws": ulangan, "seed": benih}
    skenario = {
        "sampel": Scenario(sampling=True, **umum),
        "metode": Scenario.from_dict({**isi, **umum}),
        "gabungan": Scenario.from_dict({**isi, **umum, "sampling": True}),
    }
    hasil = {
        nama: run_uncertainty(data, cabang, s, recipe=resep, replicates=replikat if s.sampling else None)
        for nama, s in skenario.items()
    }
    tabel = taksiran.domain.reset_index(drop=True).copy()
    tabel["peringkat"] = hasil["gabungan"].summary(selang)["rank"]
    for nama in SUMBER:
        r = hasil[nama].summary(selang)
        tabel[f"bawah_{nama}"], tabel[f"atas_{nama}"] = r["rank_lower"], r["rank_upper"]
        tabel[f"lebar_{nama}"] = r["rank_width"]
    serentak = hasil["sampel"].joint_intervals(selang)
    tabel["bawah_serentak"], tabel["atas_serentak"] = serentak["rank_lower"], serentak["rank_upper"]
    gabungan = hasil["gabungan"]
    selalu = ~np.isnan(gabungan.scores).any(axis=0) & gabungan.summary(selang)["rank"].notna()
    if titik and not selalu.any():
        tabel = tabel.assign(bagian_sampel=np.nan, bagian_metode=np.nan, bagian_bersama=np.nan)
    elif titik:
        tabel = _bagian_ragam(tabel, data, cabang, skenario["gabungan"], resep, replikat, titik)
    tabel["keadaan"] = siap.keadaan
    return KetidakpastianIkesos(tabel, hasil, siap.keadaan)


def _bagian_ragam(tabel, data, pohon, skenario: Scenario, resep, replikat, titik: int) -> pd.DataFrame:
    metode = [f for f in _FAKTOR_METODE if f in skenario.factors]
    pilihan = {"recipe": resep, "replicates": replikat, "points": titik, "bootstrap": 2}
    kelompok = {"sampel": ["sampling"], "metode": metode}
    kepekaan = run_sensitivity(data, pohon, skenario, groups=kelompok, **pilihan).per_unit
    kepekaan = kepekaan[kepekaan["output"] == "rank"]
    lebar = kepekaan.pivot(index="unit", columns="factor", values="first").reindex(tabel.index)
    # Taksiran Sobol berderau di sekitar 0 dan 1; bagian yang ditampilkan dipotong ke rentang yang mungkin.
    bagian = np.clip(lebar[["sampel", "metode"]].to_numpy(), 0, 1)
    bagian = bagian / np.maximum(bagian.sum(axis=1, keepdims=True), 1.0)
    bersama = np.maximum(1 - bagian.sum(axis=1), 0)
    return tabel.assign(bagian_sampel=bagian[:, 0], bagian_metode=bagian[:, 1], bagian_bersama=bersama)


# Perubahan ------------------------------------------------------------------------------------------------------------


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
    tingkat, bobot, saring, **pilihan
        Juga ``sasaran``, ``agregasi``, ``simpul``: lihat :meth:`SiapIkesos.hitung`.

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
