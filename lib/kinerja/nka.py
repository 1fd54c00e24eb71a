"""Evaluasi Kinerja Anggaran (EKA) dan Nilai Kinerja Anggaran (NKA) menurut peraturan yang berlaku pada tahunnya.

Bobot dan batas predikat adalah data bertanggal (``data/raw/acuan/nka_bobot.csv`` dan ``nka_kategori.csv``); modul ini
hanya menghitung. Semua nilai dalam persen atau nilai 0 sampai 100, tanpa pembulatan.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from kinerja.errors import GalatHitung

KOMPONEN_EKA = ("penyerapan", "konsistensi", "keluaran", "efisiensi")
KOMPONEN_NKA = ("evaluasi", "ikpa")


def weights(tabel: pd.DataFrame, tahun: int) -> pd.DataFrame:
    """Bobot yang berlaku pada satu tahun, berindeks komponen.

    Parameters
    ----------
    tabel : pandas.DataFrame
        Tabel ``nka_bobot``: komponen, mulai (tahun pertama berlaku), peraturan, nilai (persen).
    tahun : int

    Returns
    -------
    pandas.DataFrame
        Satu baris per komponen: mulai yang terakhir dan tidak sesudah ``tahun``. Bobot EKA boleh kosong semuanya
        (susunannya tidak diketahui pada tahun itu).

    Raises
    ------
    GalatHitung
        Belum ada bobot untuk tahun itu, atau bobot EKA atau NKA tidak berjumlah 100%.
    """
    berlaku = tabel[tabel["mulai"] <= tahun].sort_values("mulai", kind="stable")
    berlaku = berlaku.drop_duplicates("komponen", keep="last").set_index("komponen")
    for nama, komponen in (("EKA", KOMPONEN_EKA), ("NKA", KOMPONEN_NKA)):
        ada = [k for k in komponen if k in berlaku.index and not pd.isna(berlaku.loc[k, "nilai"])]
        if not ada and nama == "EKA" and set(KOMPONEN_EKA) <= set(berlaku.index):
            continue
        jumlah = round(sum(berlaku.loc[k, "nilai"] for k in ada), 9)
        if jumlah != 100:
            raise GalatHitung(f"Bobot {nama} yang berlaku pada {tahun} harus berjumlah 100%, bukan {jumlah:g}%.")
    return berlaku


def weighted_score(nilai: Mapping[str, float], bobot: Mapping[str, float]) -> float:
    """Rata-rata tertimbang nilai komponen: EKA dari empat komponennya, NKA dari evaluasi dan IKPA.

    Parameters
    ----------
    nilai : mapping
        Komponen -> nilai 0 sampai 100.
    bobot : mapping
        Komponen -> bobot persen; berjumlah 100.

    Returns
    -------
    float
        0 sampai 100; NaN bila ada komponen berbobot yang tidak tersedia.

    Raises
    ------
    GalatHitung
        Nilai di luar 0 sampai 100, atau bobot tidak berjumlah 100%.
    """
    if round(sum(bobot.values()), 9) != 100:
        raise GalatHitung(f"Bobot harus berjumlah 100%, bukan {sum(bobot.values()):g}%.")
    hasil = 0.0
    for komponen, b in bobot.items():
        satu = nilai.get(komponen, float("nan"))
        if satu < 0 or satu > 100:
            raise GalatHitung(f"Nilai {komponen} harus 0 sampai 100, bukan {satu:g}.")
        hasil += b / 100 * satu
    return hasil


def predicate(nilai: float, kategori: pd.DataFrame) -> str | None:
    """Kode predikat: kategori dengan batas bawah terbesar yang dilampaui; None bila nilai tidak tersedia.

    Parameters
    ----------
    nilai : float
        0 sampai 100.
    kategori : pandas.DataFrame
        Tabel ``nka_kategori``: kode dan nilai (batas bawah; nilai harus lebih besar, kecuali batas 0).
    """
    if pd.isna(nilai):
        return None
    if nilai < 0 or nilai > 100:
        raise GalatHitung(f"Predikat memerlukan nilai 0 sampai 100, bukan {nilai:g}.")
    urut = kategori.sort_values("nilai", ascending=False)
    cocok = urut[(nilai > urut["nilai"]) | (urut["nilai"] == 0)]
    return str(cocok["kode"].iloc[0])


def composition(bobot: pd.DataFrame, nilai: Mapping[str, float]) -> pd.DataFrame:
    """Susunan NKA sampai komponen EKA, untuk diperlihatkan.

    Parameters
    ----------
    bobot : pandas.DataFrame
        Keluaran :func:`weights`.
    nilai : mapping
        Komponen -> nilai yang diketahui.

    Returns
    -------
    pandas.DataFrame
        komponen, nama, kelompok ("eka" atau "nka"), bobot (persen di dalam kelompoknya), bobot_nka (persen terhadap
        NKA), nilai (NaN bila tidak diketahui), peraturan, keadaan_nilai.
    """
    bagian_eka = bobot.loc["evaluasi", "nilai"] / 100
    baris = []
    diketahui = bobot.index[bobot["nilai"].notna()]
    for komponen in (k for k in (*KOMPONEN_EKA, *KOMPONEN_NKA) if k in diketahui):
        eka = komponen in KOMPONEN_EKA
        isi, satu = bobot.loc[komponen], nilai.get(komponen, float("nan"))
        baris.append(
            {
                "komponen": komponen,
                "nama": isi["nama"],
                "kelompok": "eka" if eka else "nka",
                "bobot": isi["nilai"],
                "bobot_nka": isi["nilai"] * bagian_eka if eka else isi["nilai"],
                "nilai": satu,
                "peraturan": isi["peraturan"],
                "keadaan_nilai": "tidak_tersedia" if pd.isna(satu) else "diturunkan",
            }
        )
    return pd.DataFrame(baris)
