"""Ketidakpastian peringkat Ikesos: berapa dari penarikan sampel, berapa dari cara membuat indeks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja.errors import GalatParameter
from kinerja.ikesos.kerangka import PEMISAH
from kinerja.ikesos.siap import SAMA, SKALA_ATAS, SiapIkesos
from kinerja.ikesos.ukuran import SEMUA
from kinerja.index import (
    MEANS,
    HasilKetidakpastian,
    Normalisasi,
    Resep,
    Skenario,
    run_sensitivity,
    run_uncertainty,
)

SKENARIO_METODE = {"agregasi": ["aritmetik", "geometrik"], "bobot": {"jenis": "derau", "besaran": 0.25}}
"""Cara membuat indeks yang diubah-ubah secara baku: agregasi, dan setiap bobot digoyang sampai 25 persen."""

SUMBER = ("sampel", "metode", "gabungan")
_FAKTOR_METODE = ("normalisasi", "olahan", "agregasi", "himpunan_bobot", "bobot", "tonggak", "buang")


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
    hasil : dict of str to HasilKetidakpastian
        Semua ulangan, untuk peluang peringkat dan peluang satu unit di atas yang lain.
    keadaan : str
    """

    tabel: pd.DataFrame
    hasil: dict[str, HasilKetidakpastian]
    keadaan: str


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
        Isi :class:`kinerja.index.Skenario` tanpa ``sampel``, ``ulangan``, ``benih``; baku ``SKENARIO_METODE``. Kode
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
        Lihat :func:`kinerja.index.run_uncertainty` dan :meth:`SiapIkesos.ulangan`.
    """
    if sasaran != SEMUA and sasaran not in siap.kerangka.sasaran:
        raise GalatParameter(f"Sasaran '{sasaran}' tidak ada; pilihannya: semua, {', '.join(siap.kerangka.sasaran)}.")
    isi = dict(SKENARIO_METODE if metode is None else metode)
    terlarang = sorted({"sampel", "ulangan", "benih", "rancangan"} & set(isi))
    if terlarang:
        raise GalatParameter(f"Isi metode tidak boleh memuat {', '.join(terlarang)}; pakai parameter fungsinya.")
    pohon = siap.kerangka.pohon
    cabang = pohon if sasaran == SEMUA else pohon.cabang_pohon(sasaran)
    letak = [pohon.indikator.index(k) for k in cabang.indikator]
    taksiran = siap.dasar(tingkat, saring)
    unit = pd.RangeIndex(len(taksiran.domain))
    data = pd.DataFrame(taksiran.persen[:, letak], index=unit, columns=list(cabang.indikator))
    replikat = siap.ulangan(tingkat, ulangan_sampel, benih=benih, saring=saring)[:, :, letak]
    if dasar == SAMA:
        bersama = siap.sandaran_bersama(tingkat, saring=saring)
        lepas = ~bersama.daun[letak]
        if sasaran == SEMUA:
            lepas |= np.isin([k.split(PEMISAH)[0] for k in cabang.indikator], bersama.lepas)
        lengkap = siap.hitung(tingkat, sasaran, saring=saring, tahan=False)["peringkat"].notna().to_numpy()
        data.loc[:, lepas], replikat[:, :, lepas] = np.nan, np.nan
        data.loc[~lengkap], replikat[:, ~lengkap] = np.nan, np.nan
    resep = Resep(normalisasi=Normalisasi("tonggak", bawah=_skala_bawah(isi), atas=SKALA_ATAS), kolom_hilang="kosong")
    umum = {"ulangan": ulangan, "benih": benih}
    skenario = {
        "sampel": Skenario(sampel=True, **umum),
        "metode": Skenario.dari_dict({**isi, **umum}),
        "gabungan": Skenario.dari_dict({**isi, **umum, "sampel": True}),
    }
    hasil = {
        nama: run_uncertainty(data, cabang, s, resep=resep, replikat=replikat if s.sampel else None)
        for nama, s in skenario.items()
    }
    tabel = taksiran.domain.reset_index(drop=True).copy()
    tabel["peringkat"] = hasil["gabungan"].ringkasan(selang)["peringkat"]
    for nama in SUMBER:
        r = hasil[nama].ringkasan(selang)
        tabel[f"bawah_{nama}"], tabel[f"atas_{nama}"] = r["peringkat_bawah"], r["peringkat_atas"]
        tabel[f"lebar_{nama}"] = r["lebar_peringkat"]
    serentak = hasil["sampel"].selang_serentak(selang)
    tabel["bawah_serentak"], tabel["atas_serentak"] = serentak["peringkat_bawah"], serentak["peringkat_atas"]
    selalu = ~np.isnan(hasil["gabungan"].skor).any(axis=0) & hasil["gabungan"].ringkasan(selang)["peringkat"].notna()
    if titik and not selalu.any():
        tabel = tabel.assign(bagian_sampel=np.nan, bagian_metode=np.nan, bagian_bersama=np.nan)
    elif titik:
        tabel = _bagian_ragam(tabel, data, cabang, skenario["gabungan"], resep, replikat, titik)
    tabel["keadaan"] = siap.keadaan
    return KetidakpastianIkesos(tabel, hasil, siap.keadaan)


def _skala_bawah(metode: Mapping[str, object]) -> float:
    agregasi = {a for satu in metode.get("agregasi", ()) for a in ([satu] if isinstance(satu, str) else satu.values())}
    return max((MEANS[a].base for a in agregasi if a in MEANS), default=0.0)


def _bagian_ragam(tabel, data, pohon, skenario: Skenario, resep, replikat, titik: int) -> pd.DataFrame:
    metode = [f for f in _FAKTOR_METODE if f in skenario.faktor]
    kepekaan = run_sensitivity(
        data,
        pohon,
        skenario,
        resep=resep,
        replikat=replikat,
        titik=titik,
        kelompok={"sampel": ["sampel"], "metode": metode},
        bootstrap=2,
    ).per_unit
    kepekaan = kepekaan[kepekaan["keluaran"] == "peringkat"]
    lebar = kepekaan.pivot(index="unit", columns="faktor", values="pertama").reindex(tabel.index)
    # Taksiran Sobol berderau di sekitar 0 dan 1; bagian yang ditampilkan dipotong ke rentang yang mungkin.
    bagian = np.clip(lebar[["sampel", "metode"]].to_numpy(), 0, 1)
    jumlah = np.maximum(bagian.sum(axis=1, keepdims=True), 1.0)
    bagian = bagian / jumlah
    return tabel.assign(
        bagian_sampel=bagian[:, 0], bagian_metode=bagian[:, 1], bagian_bersama=np.maximum(1 - bagian.sum(axis=1), 0)
    )
