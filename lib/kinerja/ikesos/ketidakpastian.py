"""Ketidakpastian peringkat Ikesos: berapa dari penarikan sampel, berapa dari cara membuat indeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from indextree import (
    MEANS,
    Normalisation,
    Recipe,
    Scenario,
    UncertaintyResult,
    run_sensitivity,
    run_uncertainty,
)
from kinerja.errors import GalatParameter
from kinerja.ikesos.dasar import SKALA_ATAS
from kinerja.ikesos.kerangka import PEMISAH, mesin_pohon
from kinerja.ikesos.sandaran import SAMA
from kinerja.ikesos.siap import SiapIkesos
from kinerja.ikesos.ukuran import SEMUA

SKENARIO_METODE = {"aggregation": ["arithmetic", "geometric"], "weight": {"kind": "noise", "magnitude": 0.25}}
"""Cara membuat indeks yang diubah-ubah secara baku: agregasi, dan setiap bobot digoyang sampai 25 persen."""

SUMBER = ("sampel", "metode", "gabungan")
_FAKTOR_METODE = ("normalisation", "treatment", "aggregation", "weight_sets", "weight", "goalposts", "drop")


@dataclass(frozen=True, eq=False)
class KetidakpastianIkesos:
    """Hasil :func:`hitung_ketidakpastian`.

    Attributes
    ----------
    tabel : DataFrame
        Satu baris per unit: kolom domain, ``peringkat`` (bobot dan agregasi baku), ``bawah_*``, ``atas_*``, ``lebar_*``
        sebaran marginal peringkat antarulangan untuk ``sampel``, ``metode``, ``gabungan`` (bukan selang kepercayaan:
        terlalu sempit di ujung daftar dan untuk semua unit sekaligus), ``bawah_serentak`` dan ``atas_serentak`` (Int64;
        selang peringkat serentak Klein, Wright, dan Wieczorek 2020 dari galat sampel), dan ``bagian_sampel``,
        ``bagian_metode``, ``bagian_bersama``: bagian ragam peringkat (0 sampai 1; Sobol orde satu, dan yang bekerja
        bersama). NaN bila peringkatnya tidak pernah berubah, atau unit tidak selalu bernilai.
    hasil : dict of str to UncertaintyResult
        Semua ulangan, untuk peluang peringkat dan peluang satu unit di atas yang lain.
    keadaan : str
    """

    tabel: pd.DataFrame
    hasil: dict[str, UncertaintyResult]
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
    ulangan : int
        Ulangan tiap sumber.
    ulangan_sampel : int
        Ulangan bootstrap Rao-Wu yang ditarik dari survei.
    titik : int
        Titik dasar indeks Sobol, pangkat dua; 0 = jangan hitung bagian ragam.
    selang : float
        Tingkat sebaran dan selang serentak peringkat.
    benih : int

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
    resep = Recipe(Normalisation("goalposts", lower=_skala_bawah(isi), upper=SKALA_ATAS), missing_columns="missing")
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


def _skala_bawah(metode: Mapping[str, object]) -> float:
    agregasi = {
        a for satu in metode.get("aggregation", ()) for a in ([satu] if isinstance(satu, str) else satu.values())
    }
    return max((MEANS[a].base for a in agregasi if a in MEANS), default=0.0)


def _bagian_ragam(tabel, data, pohon, skenario: Scenario, resep, replikat, titik: int) -> pd.DataFrame:
    metode = [f for f in _FAKTOR_METODE if f in skenario.factors]
    kepekaan = run_sensitivity(
        data,
        pohon,
        skenario,
        recipe=resep,
        replicates=replikat,
        points=titik,
        groups={"sampel": ["sampling"], "metode": metode},
        bootstrap=2,
    ).per_unit
    kepekaan = kepekaan[kepekaan["output"] == "rank"]
    lebar = kepekaan.pivot(index="unit", columns="factor", values="first").reindex(tabel.index)
    # Taksiran Sobol berderau di sekitar 0 dan 1; bagian yang ditampilkan dipotong ke rentang yang mungkin.
    bagian = np.clip(lebar[["sampel", "metode"]].to_numpy(), 0, 1)
    jumlah = np.maximum(bagian.sum(axis=1, keepdims=True), 1.0)
    bagian = bagian / jumlah
    return tabel.assign(
        bagian_sampel=bagian[:, 0], bagian_metode=bagian[:, 1], bagian_bersama=np.maximum(1 - bagian.sum(axis=1), 0)
    )
