"""Ikesos yang diterbitkan, kerangkanya, dan program yang mendukung sasaran strategis pertama.

Indeks dari data mikro tidak dihitung di sini. Yang disajikan adalah nilai terbitan terhadap jalur Renstra, kerangka 3
dimensi x 11 subdimensi x 29 indikator, dan program menurut dimensi yang didukungnya. Sumber: LKj, SS 1 dan lampiran
Daftar Indikator Terpilih Ikesos.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja import capaian
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatParameter
from kinerja.kelas import classify

IKU_IKESOS = "IKU1"
SEMUA = "semua"
BERLAKU = ("ya", "tidak_pasti", "tidak")
"""Apakah sebuah indikator dipakai untuk suatu sasaran: menurut sel tercetak, atau tidak dapat dipastikan dari teks."""


# Nilai terbitan -------------------------------------------------------------------------------------------------------


def ikesos_values(data: Data) -> pd.DataFrame:
    """Nilai Ikesos terbitan per tahun dengan kategorinya.

    Kategori menurut :func:`kinerja.kelas.classify`: nilai dibulatkan ke bilangan bulat dahulu, sehingga 33,49 rendah
    dan 33,5 sedang. Laporan tidak mengatur nilai di antara 33 dan 34 atau 65 dan 66.

    Kolom: ``tahun``, ``nilai`` (0 sampai 100; NaN bila tidak tersedia), ``perubahan`` (poin, terhadap tahun
    sebelumnya), ``kategori`` (kode; kosong bila tidak tersedia), ``keadaan``, ``catatan``, ``bagian``, ``sumber``,
    ``id``.
    """
    isi, kategori = data["ikesos"].query("ukuran == 'nilai'"), data["ikesos_kategori"]
    kolom = ["tahun", "nilai", "keadaan", "catatan", "bagian", "sumber", "id"]
    frame = isi.sort_values("tahun", ignore_index=True)[kolom]
    frame.insert(2, "perubahan", frame["nilai"].diff())
    frame.insert(3, "kategori", [classify(x, kategori) for x in frame["nilai"]])
    return frame


def ikesos_pace(data: Data) -> pd.DataFrame:
    """Jarak nilai terbitan terakhir ke setiap target Renstra, dan laju tahunan yang diperlukan.

    Lajunya dihitung dari tahun data itu (:func:`kinerja.capaian.required_pace`).

    Kolom: ``tahun``, ``target``, ``jarak`` (poin), ``sisa_tahun`` (dari tahun data), ``laju_perlu`` (poin per tahun),
    ``laju_lalu`` (poin per tahun antara dua nilai terbitan terakhir), ``kali_lipat`` (laju_perlu / laju_lalu; NaN bila
    laju lalu tidak positif), ``proyeksi`` (nilai pada laju lalu), ``capaian`` (persen), ``keadaan``; ``nilai_akhir``
    dan ``tahun_akhir`` nilai terbitan terakhir.

    Raises
    ------
    GalatHitung
        Tidak ada nilai terbitan.
    """
    ada = ikesos_values(data).dropna(subset=["nilai"])
    if ada.empty:
        raise GalatHitung(
            f"Tidak ada nilai Ikesos terbitan untuk laporan {data.tahun}, jadi laju tidak dapat dihitung."
        )
    awal = ada.iloc[-1]
    laju_lalu = float((ada["nilai"].diff() / ada["tahun"].diff()).iloc[-1])
    frame = data["renstra"].query("kode == @IKU_IKESOS and tahun > @awal.tahun").sort_values("tahun")
    frame = frame[["tahun", "nilai"]].rename(columns={"nilai": "target"})
    frame["jarak"] = frame["target"] - awal["nilai"]
    frame["sisa_tahun"] = frame["tahun"] - awal["tahun"]
    frame["laju_perlu"] = capaian.required_pace(awal["nilai"], awal["tahun"], frame["target"], frame["tahun"])
    frame["laju_lalu"] = laju_lalu
    frame["kali_lipat"] = frame["laju_perlu"] / laju_lalu if laju_lalu > 0 else np.nan
    frame["proyeksi"] = awal["nilai"] + laju_lalu * frame["sisa_tahun"]
    frame["capaian"] = awal["nilai"] / frame["target"] * 100
    frame = frame.assign(keadaan="diturunkan", nilai_akhir=awal["nilai"], tahun_akhir=awal["tahun"])
    frame = frame.reset_index(drop=True)
    frame.attrs["satuan"] = {
        **dict.fromkeys(("target", "proyeksi", "nilai_akhir"), "indeks_100"),
        **dict.fromkeys(("jarak", "laju_perlu", "laju_lalu"), "poin"),
        **{"tahun": "tahun", "sisa_tahun": "tahun", "tahun_akhir": "tahun", "kali_lipat": "kali"},
        "capaian": "persen_capaian",
    }
    return frame


# Kerangka -------------------------------------------------------------------------------------------------------------


def target_groups(data: Data) -> list[str]:
    """Kode sasaran Ikesos (rumah tangga miskin dan rentan, penyandang disabilitas, lansia) menurut urutan sumber."""
    return list(data["ikesos_sasaran"]["kode"])


def framework(data: Data, sasaran: str = SEMUA) -> pd.DataFrame:
    """Kerangka Ikesos: satu baris per indikator, dengan berlakunya bagi setiap sasaran dan bagi yang dipilih.

    Bagi ``"semua"`` sebuah indikator berlaku bila pasti dipakai untuk paling sedikit satu sasaran.

    Kolom: ``kode``, ``dimensi``, ``nama_dimensi``, ``subdimensi``, ``nama_subdimensi``, ``nomor``, ``nama``,
    ``berlaku_<sasaran>`` per sasaran, ``berlaku`` (bagi pilihan; :data:`BERLAKU`), ``disorot`` (bool: pasti berlaku
    bagi satu sasaran yang dipilih), ``nama_tercetak`` (tulisan di sel pilihan bila lain dari nama indikator; "" bila
    sama), ``keadaan``, ``catatan``.

    Raises
    ------
    GalatParameter
        Sasaran tidak dikenal.
    """
    kerangka = data["ikesos_kerangka"]
    nama = data["ikesos_simpul"].set_index("kode")["nama"]
    ada = target_groups(data)
    if sasaran not in (SEMUA, *ada):
        raise GalatParameter(f"Sasaran {sasaran!r} tidak dikenal; pilih salah satu dari: {', '.join([SEMUA, *ada])}.")
    berlaku = [f"berlaku_{x}" for x in ada]
    frame = kerangka[["kode", "dimensi", "subdimensi", "nomor", "nama", *berlaku, "keadaan", "catatan"]].copy()
    frame.insert(2, "nama_dimensi", frame["dimensi"].map(nama))
    frame.insert(4, "nama_subdimensi", frame["subdimensi"].map(nama))
    if sasaran == SEMUA:
        frame["berlaku"] = [next(y for y in BERLAKU if y in x) for x in kerangka[berlaku].itertuples(index=False)]
        frame["nama_tercetak"] = ""
    else:
        frame["berlaku"] = kerangka[f"berlaku_{sasaran}"]
        sel = kerangka[f"tercetak_{sasaran}"]
        frame["nama_tercetak"] = sel.where(sel != kerangka["nama"], "")
    return frame.assign(disorot=(frame["berlaku"] == "ya") & (sasaran != SEMUA))


def programmes(data: Data) -> pd.DataFrame:
    """Program menurut dimensi yang didukungnya, satu baris per program menurut urutan sebutan pertama.

    Kolom: ``program``, satu kolom bool per kode dimensi, ``dimensi_didukung`` (int), ``keadaan``.
    """
    isi = data["ikesos_program"]
    frame = pd.DataFrame({"program": isi["program"].unique()})
    dimensi = list(isi["dimensi"].unique())
    for kode in dimensi:
        frame[kode] = frame["program"].isin(isi.loc[isi["dimensi"] == kode, "program"])
    return frame.assign(dimensi_didukung=frame[dimensi].sum(axis=1).astype(int), keadaan="dikutip")
