"""Evaluasi Kinerja Anggaran (EKA) dan Nilai Kinerja Anggaran (NKA) menurut peraturan yang berlaku pada tahunnya.

Bobot dan batas predikat adalah data bertanggal (``data/raw/acuan/nka_bobot.csv`` dan ``nka_kategori.csv``); modul ini
hanya menghitung. Semua nilai dalam persen atau nilai 0 sampai 100, tanpa pembulatan.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from kinerja import anggaran, fmt
from kinerja.data import Data
from kinerja.errors import GalatHitung

KOMPONEN_EKA = ("penyerapan", "konsistensi", "keluaran", "efisiensi")
KOMPONEN_NKA = ("evaluasi", "ikpa")

_DESIMAL_NKA = 2
_DESIMAL_BINER = 10  # membuang ekor biner: 33,07 / 0,4 adalah 82,675, bukan 82,67499999999998


# Rumus ----------------------------------------------------------------------------------------------------------------


def weights(tabel: pd.DataFrame, tahun: int) -> pd.DataFrame:
    """Bobot yang berlaku pada satu tahun, berindeks komponen: mulai yang terakhir dan tidak sesudah ``tahun``.

    ``tabel`` adalah ``nka_bobot``: komponen, mulai (tahun pertama berlaku), peraturan, nilai (persen). Bobot EKA boleh
    kosong semuanya (susunannya tidak diketahui pada tahun itu).

    Raises
    ------
    GalatHitung
        Belum ada bobot untuk tahun itu, atau bobot EKA atau NKA tidak berjumlah 100%.
    """
    berlaku = tabel[tabel["mulai"] <= tahun].sort_values("mulai", kind="stable")
    berlaku = berlaku.drop_duplicates("komponen", keep="last").set_index("komponen")
    for nama, komponen in (("EKA", KOMPONEN_EKA), ("NKA", KOMPONEN_NKA)):
        ada = berlaku["nilai"].reindex(komponen).dropna()
        if ada.empty and nama == "EKA" and set(KOMPONEN_EKA) <= set(berlaku.index):
            continue
        jumlah = round(sum(ada), 9)
        if jumlah != 100:
            raise GalatHitung(f"Bobot {nama} yang berlaku pada {tahun} harus berjumlah 100%, bukan {jumlah:g}%.")
    return berlaku


def weighted_score(nilai: Mapping[str, float], bobot: Mapping[str, float]) -> float:
    """Rata-rata tertimbang nilai komponen (0 sampai 100) menurut bobotnya (persen, berjumlah 100).

    EKA dari empat komponennya, NKA dari evaluasi dan IKPA; NaN bila ada komponen berbobot yang tidak tersedia.

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

    ``kategori`` adalah tabel ``nka_kategori``: kode dan nilai (batas bawah; nilai harus lebih besar, kecuali batas 0).

    Raises
    ------
    GalatHitung
        Nilai di luar 0 sampai 100.
    """
    if pd.isna(nilai):
        return None
    if nilai < 0 or nilai > 100:
        raise GalatHitung(f"Predikat memerlukan nilai 0 sampai 100, bukan {nilai:g}.")
    urut = kategori.sort_values("nilai", ascending=False)
    cocok = urut[(nilai > urut["nilai"]) | (urut["nilai"] == 0)]
    return str(cocok["kode"].iloc[0])


def composition(bobot: pd.DataFrame, nilai: Mapping[str, float]) -> pd.DataFrame:
    """Susunan NKA sampai komponen EKA, dari keluaran :func:`weights` dan nilai komponen yang diketahui.

    Kolom: komponen, nama, kelompok ("eka" atau "nka"), bobot (persen di dalam kelompoknya), bobot_nka (persen terhadap
    NKA), nilai (NaN bila tidak diketahui), peraturan, keadaan_nilai.
    """
    frame = bobot.dropna(subset="nilai")
    frame = frame.loc[[k for k in (*KOMPONEN_EKA, *KOMPONEN_NKA) if k in frame.index]].rename_axis("komponen")
    frame = frame[["nama", "nilai", "peraturan"]].rename(columns={"nilai": "bobot"}).reset_index()
    eka = frame["komponen"].isin(KOMPONEN_EKA)
    frame.insert(2, "kelompok", np.where(eka, "eka", "nka"))
    bagian_eka = bobot.loc["evaluasi", "nilai"] / 100
    frame.insert(4, "bobot_nka", frame["bobot"].where(~eka, frame["bobot"] * bagian_eka))
    frame.insert(5, "nilai", [nilai.get(k, np.nan) for k in frame["komponen"]])
    return frame.assign(keadaan_nilai=np.where(frame["nilai"].isna(), "tidak_tersedia", "diturunkan"))


# NKA sebuah laporan ---------------------------------------------------------------------------------------------------


def report_weights(d: Data) -> tuple[float, float] | None:
    """Bobot evaluasi kinerja anggaran dan IKPA sebagai pecahan yang berjumlah 1; None bila tidak diketahui.

    Bobot yang tertulis di ``aturan`` didahulukan; selebihnya menurut peraturan tahun itu (``nka_bobot``).

    Raises
    ------
    GalatHitung
        Kedua bobot tidak berjumlah 100%.
    """
    evaluasi, ikpa = d.rule("bobot_evaluasi_nka"), d.rule("bobot_ikpa_nka")
    if evaluasi is None and ikpa is None:
        if not d.has("nka_bobot"):
            return None
        evaluasi, ikpa = weights(d["nka_bobot"], d.tahun).loc[list(KOMPONEN_NKA), "nilai"]
    if evaluasi is None or ikpa is None or evaluasi <= 0 or ikpa <= 0 or evaluasi + ikpa != 100:
        raise GalatHitung(f"Bobot NKA harus positif dan berjumlah 100%, bukan {evaluasi!r} dan {ikpa!r}.")
    return evaluasi / 100, ikpa / 100


def report_scores(d: Data) -> pd.DataFrame:
    """NKA, bobot, nilai komponen yang tercetak, hitungan ulangnya, dan kisaran yang mungkin.

    Komponen bernilai 0 sampai 100 dan komponen lainnya juga, sehingga NKA yang tercetak membatasi keduanya. Kisaran
    memperhitungkan pembulatan NKA pada desimal tercetak. Tanpa NKA atau bobotnya, kisarannya tidak tersedia; tanpa
    tabel ``nka``, tidak ada baris.

    Baris nka, evaluasi, ikpa: komponen, nama, bobot (persen; NaN untuk nka), nilai (NaN bila tidak dicetak), dihitung
    (dari komponennya; NaN bila ada yang tidak tercetak), selisih (tercetak dikurangi hitungan pada desimal tercetak),
    terendah, tertinggi (nilai yang mungkin), keadaan, keadaan_kisaran, predikat (kode; baris nka), tanda ("–", bagi
    bobot nka).

    Raises
    ------
    GalatHitung
        Tidak ada pasangan komponen 0 sampai 100 yang menghasilkan NKA itu.
    """
    angka = ["bobot", "nilai", "dihitung", "selisih", "terendah", "tertinggi"]
    if not d.has("nka"):
        kolom = ["komponen", "nama", *angka, "keadaan", "keadaan_kisaran", "predikat", "tanda"]
        return pd.DataFrame(columns=kolom).astype(dict.fromkeys(angka, float))
    tabel = d["nka"].set_index("komponen")
    bobot = dict(zip(KOMPONEN_NKA, report_weights(d) or (np.nan, np.nan), strict=True))
    nilai = tabel["nilai"].reindex(["nka", *bobot])
    if nilai["nka"] < 0 or nilai["nka"] > 100:
        raise GalatHitung(f"NKA {nilai['nka']!r} tidak dapat dihasilkan oleh dua komponen bernilai 0 sampai 100.")
    desimal = tabel["desimal"].reindex(nilai.index).fillna(_DESIMAL_NKA)
    setengah = 0.5 * 10.0 ** -int(desimal["nka"])
    dihitung = _recomputed(d, tabel["nilai"], bobot)
    frame = pd.DataFrame({"komponen": nilai.index, "nama": [tabel["nama"].get(k, k) for k in nilai.index]})
    bagian = frame["komponen"].map({"nka": 1.0} | bobot)
    frame["bobot"] = frame["komponen"].map(bobot) * 100
    frame["nilai"] = nilai.to_list()
    frame["dihitung"] = frame["komponen"].map(dihitung).astype(float)
    frame["selisih"] = list(map(anggaran.difference, frame["nilai"], frame["dihitung"], desimal))
    kisaran = (nilai["nka"] - setengah - (1 - bagian) * 100) / bagian, (nilai["nka"] + setengah) / bagian
    frame["terendah"], frame["tertinggi"] = (x.clip(0, 100).round(_DESIMAL_BINER) for x in kisaran)
    frame["keadaan"] = [tabel["keadaan"].get(k, "tidak_tersedia") for k in nilai.index]
    frame["keadaan_kisaran"] = np.where(frame["terendah"].isna(), "tidak_tersedia", "diturunkan")
    frame["predikat"] = [report_predicate(d), *[None] * len(bobot)]
    frame["tanda"] = fmt.TIDAK_BERLAKU
    frame.attrs["satuan"] = dict.fromkeys(angka[1:], "nilai") | {"bobot": "persen", "selisih": "poin"}
    return frame


def _recomputed(d: Data, nilai: pd.Series, bobot: dict[str, float]) -> dict[str, float]:
    """EKA dari keempat komponennya dan NKA dari EKA dan IKPA, sejauh komponennya tercetak."""
    isi, hasil = nilai.dropna().to_dict(), {}
    eka = weights(d["nka_bobot"], d.tahun)["nilai"].reindex(KOMPONEN_EKA) if d.has("nka_bobot") else None
    if eka is not None and eka.notna().all() and set(KOMPONEN_EKA) <= set(isi):
        hasil["evaluasi"] = weighted_score(isi, eka.to_dict())
    isi = hasil | isi
    if set(KOMPONEN_NKA) <= set(isi) and not any(map(np.isnan, bobot.values())):
        hasil["nka"] = weighted_score(isi, {k: b * 100 for k, b in bobot.items()})
    return hasil


def report_composition(d: Data) -> pd.DataFrame:
    """Susunan NKA menurut peraturan tahun itu; hanya penyerapan dan nilai yang tertulis di laporan terisi.

    Kolom :func:`composition`, ditambah per (tanggal penyerapan). Tanpa baris bila bobotnya tidak diisi.
    """
    if not d.has("nka_bobot"):
        kolom = ["komponen", "nama", "kelompok", "bobot", "bobot_nka", "nilai", "peraturan", "keadaan_nilai", "per"]
        return pd.DataFrame(columns=kolom)
    tertulis = d["nka"].set_index("komponen")["nilai"].dropna() if d.has("nka") else pd.Series(dtype=float)
    diketahui = {"penyerapan": float(anggaran.total(d)["penyerapan"])} | tertulis.to_dict()
    frame = composition(weights(d["nka_bobot"], d.tahun), diketahui)
    keadaan = frame["keadaan_nilai"].mask(frame["komponen"].isin(tertulis.index), "dikutip")
    frame = frame.assign(per=anggaran.report_date(d) if anggaran.has_money(d) else "", keadaan_nilai=keadaan)
    frame.attrs["sumber"] = sorted({*d["nka_bobot"]["sumber"], *anggaran.lines(d).attrs.get("sumber", ())})
    return frame


def report_predicate(d: Data) -> str | None:
    """Kode predikat NKA tertulis; None bila NKA atau kategorinya tidak tersedia."""
    if not (d.has("nka") and d.has("nka_kategori")):
        return None
    return predicate(d["nka"].set_index("komponen")["nilai"].get("nka", np.nan), d["nka_kategori"])
