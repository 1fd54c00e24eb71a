"""Dari tabel ke indeks: satu panggilan, resep yang dapat diulang, dan catatan tentang apa indeks itu bersandar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from kinerja.errors import GalatParameter
from kinerja.index.normalisasi import Normalisasi, normalise, scaling_spec
from kinerja.index.olah import (
    KOLOM_CATATAN,
    HasilOlah,
    Olahan,
    impute_group,
    impute_siblings,
    inspect_indicators,
    treat_outliers,
)
from kinerja.index.peringkat import rank_frame
from kinerja.index.pohon import Pohon, name_list

IMPUTASI = ("tanpa", "kelompok", "saudara")


def compute(data: pd.DataFrame, pohon: Pohon, kolom_hilang: str = "gagal") -> pd.DataFrame:
    """Nilai setiap simpul dari indikator yang sudah dinormalkan.

    Parameters
    ----------
    data : DataFrame
        Unit x indikator, lebih besar lebih baik; NaN = tidak tersedia.
    kolom_hilang : {"gagal", "kosong"}
        Lihat :meth:`Pohon.values`.

    Returns
    -------
    DataFrame
        Unit x semua simpul, puncak di kolom terakhir.

    Raises
    ------
    GalatHitung
        Rata-rata geometrik, harmonik, atau pangkat bertemu nilai yang tidak boleh (simpul, anak, dan unit disebut).
    """
    nilai = pohon.susun().hitung(pohon.values(data, kolom_hilang), unit=data.index)
    return pd.DataFrame(nilai.T, index=data.index, columns=list(pohon.kode))


def availability(data: pd.DataFrame, pohon: Pohon) -> pd.DataFrame:
    """Pada berapa bagian indikatornya tiap simpul bersandar.

    Returns
    -------
    DataFrame
        Baris unit x cabang: ``indikator`` (banyaknya), ``tersedia``, ``bagian_jumlah``, ``bagian_bobot`` (menurut bobot
        akhir indikator), dan ``tidak_tersedia`` (kode, dipisah koma).
    """
    ada = ~np.isnan(pohon.values(data, "kosong"))
    bobot = pohon.bobot_akhir()
    letak = {kode: i for i, kode in enumerate(pohon.indikator)}
    baris = []
    for cabang in pohon.cabang:
        daun = list(pohon.daun(cabang))
        kolom = ada[:, [letak[k] for k in daun]]
        w = bobot[daun].to_numpy()
        total = w.sum()
        for i, unit in enumerate(data.index):
            baris.append(
                {
                    "unit": unit,
                    "kode": cabang,
                    "indikator": len(daun),
                    "tersedia": int(kolom[i].sum()),
                    "bagian_jumlah": kolom[i].mean(),
                    "bagian_bobot": (w * kolom[i]).sum() / total if total > 0 else np.nan,
                    "tidak_tersedia": ", ".join(k for k, a in zip(daun, kolom[i], strict=True) if not a),
                }
            )
    return pd.DataFrame(baris)


@dataclass(frozen=True)
class Resep:
    """Urutan tetap: imputasi, olah pencilan, normalisasi, agregasi. Resep adalah data; hasilnya dapat diulang darinya.

    Attributes
    ----------
    normalisasi : Normalisasi, or mapping of str to Normalisasi
        Kamus kode indikator -> normalisasi, ``"*"`` untuk sisanya.
    olahan : Olahan or None
        None: pencilan dibiarkan.
    imputasi : {"tanpa", "kelompok", "saudara"}
    kelompok : str or None
        Kolom kelompok untuk imputasi kelompok.
    tingkat_saudara : int
        Tingkat leluhur untuk imputasi saudara.
    kolom_hilang : {"gagal", "kosong"}
    """

    normalisasi: Normalisasi | Mapping[str, Normalisasi] = field(default_factory=Normalisasi)
    olahan: Olahan | None = None
    imputasi: str = "tanpa"
    kelompok: str | None = None
    tingkat_saudara: int = 2
    kolom_hilang: str = "gagal"

    def __post_init__(self) -> None:
        object.__setattr__(self, "normalisasi", scaling_spec(self.normalisasi))
        if self.imputasi not in IMPUTASI:
            raise GalatParameter(f"imputasi harus salah satu dari {', '.join(IMPUTASI)}.")

    @classmethod
    def dari_dict(cls, isi: Mapping[str, object]) -> Resep:
        """Dari kamus (misalnya hasil YAML); normalisasi (juga per indikator) dan olahan boleh nama atau kamus."""
        isi = dict(isi)
        asing = set(isi) - set(cls.__dataclass_fields__)
        if asing:
            raise GalatParameter(f"Isi resep tidak dikenal: {name_list(sorted(asing))}.")
        if isi.get("olahan") is not None:
            isi["olahan"] = Olahan.dari_dict(isi["olahan"])
        return cls(**isi)

    def siapkan(self, data: pd.DataFrame, pohon: Pohon) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Data sesudah imputasi dan olahan (satuan asli), dan catatan sel yang berubah."""
        langkah: list[HasilOlah] = []
        if self.imputasi == "kelompok":
            langkah.append(impute_group(data, pohon, self.kelompok))
        elif self.imputasi == "saudara":
            langkah.append(impute_siblings(data, pohon, self.tingkat_saudara))
        if self.olahan is not None:
            langkah.append(treat_outliers(langkah[-1].data if langkah else data, pohon, self.olahan))
        if not langkah:
            return data, pd.DataFrame(columns=KOLOM_CATATAN)
        isi = [h.catatan for h in langkah if len(h.catatan)]
        return langkah[-1].data, pd.concat(isi, ignore_index=True) if isi else langkah[0].catatan

    def jalankan(self, data: pd.DataFrame, pohon: Pohon) -> HasilIndeks:
        """Jalankan resep pada data mentah."""
        siap, catatan = self.siapkan(data, pohon)
        normal = normalise(siap, pohon, self.normalisasi, kolom_hilang=self.kolom_hilang)
        return HasilIndeks(
            pohon=pohon,
            resep=self,
            siap=siap,
            normal=normal,
            nilai=compute(normal, pohon),
            catatan=catatan,
            keadaan=inspect_indicators(data, pohon, self.olahan),
        )


@dataclass(frozen=True, eq=False)
class HasilIndeks:
    """Indeks jadi beserta semua yang menghasilkannya.

    Attributes
    ----------
    siap, normal, nilai : DataFrame
        Indikator siap pakai (satuan asli), indikator ternormalkan, dan semua simpul; unit di baris.
    catatan : DataFrame
        Sel yang diubah atau diisi.
    keadaan : DataFrame
        Keadaan tiap indikator mentah (konstan, biner, sebagian besar nol, berpencilan, tidak tersedia).
    """

    pohon: Pohon
    resep: Resep
    siap: pd.DataFrame
    normal: pd.DataFrame
    nilai: pd.DataFrame
    catatan: pd.DataFrame
    keadaan: pd.DataFrame

    @property
    def indeks(self) -> pd.Series:
        """Nilai puncak."""
        return self.nilai[self.pohon.puncak]

    @property
    def peringkat(self) -> pd.DataFrame:
        """Peringkat setiap simpul, 1 = tertinggi."""
        return rank_frame(self.nilai)

    def ketersediaan(self) -> pd.DataFrame:
        """Lihat :func:`availability`; dihitung dari data sesudah imputasi."""
        return availability(self.normal, self.pohon)
