"""Pemberi layanan kesejahteraan sosial: SDM bersertifikat dan LKS terakreditasi, dari ujian sampai target.

Cacah orang dan lembaga; persennya dihitung di notebook. Sumber: LKj, SS 2.
"""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd

from kinerja import fmt
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatParameter

IKU_SDM, IKU_LKS = "IKU3", "IKU4"
SEMUA = "semua"
HASIL_UJI = ("lulus", "tidak_lulus", "tidak_hadir")
VERSI_POPULASI = ("rincian", "prosa")
"""Tempat populasi SDM dicetak: total yang dirinci per jenis, atau yang disebut di kalimat hasil."""


# Ujian dan akreditasi tahun ini ---------------------------------------------------------------------------------------


def exams(data: Data) -> pd.DataFrame:
    """Populasi SDM dan hasil uji kompetensi menurut jenis: ``semua``, lalu yang lulus terbanyak lebih dulu.

    Returns
    -------
    pandas.DataFrame
        Berindeks ``jenis``: ``nama``, ``populasi``, ``lulus``, ``tidak_lulus``, ``tidak_hadir`` (orang, Int64).
        ``attrs["totals"]``: baris ``semua``, yang dikutip dan bukan hasil penjumlahan di sini.
    """
    isi = data["sdm"].query("ukuran in @HASIL_UJI or ukuran == 'populasi'")
    # menurut jenis dari rincian dan rekapitulasi; totalnya dari kalimat bila tidak dirinci
    isi = isi.sort_values("tempat", key=lambda x: x == "prosa", kind="stable").drop_duplicates(["jenis", "ukuran"])
    frame = isi.pivot(index="jenis", columns="ukuran", values="nilai")[["populasi", *HASIL_UJI]].astype("Int64")
    urut = frame.drop(index=SEMUA).sort_values("lulus", ascending=False, kind="stable").index
    frame = frame.loc[[SEMUA, *urut]].rename_axis(index=None, columns=None)
    frame.insert(0, "nama", isi.drop_duplicates("jenis").set_index("jenis")["nama"])
    ids = {ukuran: dict(zip(x["jenis"], x["id"], strict=True)) for ukuran, x in isi.groupby("ukuran")}
    frame.attrs = {"satuan": dict.fromkeys(ids, "orang"), "ids": ids, "totals": [SEMUA]}
    return frame


def intake(data: Data) -> pd.DataFrame:
    """Dari mana target sertifikasi dan akreditasi dapat dicapai: populasi, yang sudah, peserta, dan yang lulus.

    Returns
    -------
    pandas.DataFrame
        Berindeks ``kode`` IKU (SDM, lalu LKS): ``nama``, ``target`` (persen populasi), ``populasi``, ``tahun_lalu``
        (kumulatif sampai tahun lalu), ``peserta``, ``lulus`` (tahun ini), ``satuan`` cacahnya; NaN bila tidak ada.
    """
    iku = data["iku"].set_index("kode")
    ids, baris = {}, {}
    for kode, satuan in ((IKU_SDM, "orang"), (IKU_LKS, "lembaga")):
        tempat = {"target": iku.at[kode, "target"], **_places(data, kode, "rincian")}
        tempat["populasi"] = iku.at[kode, "penyebut"]
        tempat.pop("terpenuhi")
        baris[kode] = {"nama": iku.at[kode, "nama_pendek"], **{k: _value(data, v) for k, v in tempat.items()}}
        baris[kode]["satuan"] = satuan
        for kolom, id_ in tempat.items():
            ids.setdefault(kolom, {})[kode] = id_
    frame = pd.DataFrame.from_dict(baris, orient="index")
    cacah = ["populasi", "tahun_lalu", "peserta", "lulus"]
    frame = frame[["nama", "target", *cacah, "satuan"]].astype(dict.fromkeys(cacah, "Int64"))
    frame.attrs = {"satuan": {"target": "persen", **dict.fromkeys(cacah, "=satuan")}, "ids": ids}
    return frame


# Andaian: peserta dan tingkat kelulusan menuju target -----------------------------------------------------------------


def count_for(populasi: int, target: float) -> int:
    """Cacah terkecil yang mencapai ``target`` persen dari ``populasi``: 28% dari 40.000 adalah 11.200."""
    # lewat Decimal: 29,18 x 514 / 100 dalam biner dapat melewati bilangan bulat dan menambah satu
    return math.ceil(Decimal(populasi) * Decimal(repr(float(target))) / 100)


def start(data: Data, kode: str, versi: str = VERSI_POPULASI[0]) -> dict[str, float | int]:
    """Titik awal andaian: keadaan tahun laporan.

    Parameters
    ----------
    data : Data
    kode : {"IKU3", "IKU4"}
        SDM bersertifikat atau LKS terakreditasi.
    versi : str
        Versi populasi SDM (:data:`VERSI_POPULASI`); tidak berpengaruh pada LKS.

    Returns
    -------
    dict
        ``populasi``, ``terpenuhi`` (kumulatif), ``peserta``, ``lulus`` (int), ``persen_lulus`` (persen peserta).

    Raises
    ------
    GalatParameter
        Indikator tidak dapat diandaikan atau versinya tidak ada.
    """
    tempat = {k: v for k, v in _places(data, kode, versi).items() if k != "tahun_lalu"}
    awal = {nama: _int(data, id_) for nama, id_ in tempat.items()}
    return {**awal, "persen_lulus": awal["lulus"] / awal["peserta"] * 100}


def what_if(
    data: Data, kode: str, *, peserta: int = 0, persen_lulus: float = 0, versi: str = VERSI_POPULASI[0]
) -> pd.DataFrame:
    """Persen kumulatif sampai akhir Renstra bila tiap tahun ada sekian peserta dengan kelulusan sekian.

    Yang lulus dianggap orang atau lembaga baru, sertifikat tidak kedaluwarsa, dan populasi tetap; laporan tidak
    menyebut ketiganya. Hasil berhenti di seluruh populasi.

    Parameters
    ----------
    data : Data
    kode : {"IKU3", "IKU4"}
    peserta : int
        Peserta per tahun; 0 berarti sebanyak tahun laporan.
    persen_lulus : float
        Kelulusan dalam persen peserta; 0 berarti seperti tahun laporan.
    versi : str
        Versi populasi SDM.

    Returns
    -------
    pandas.DataFrame
        Mulai tahun laporan: ``tahun``, ``terpenuhi`` (int), ``persen``, ``target`` (persen, Renstra), ``selisih``
        (poin persen terhadap target), ``kurang`` (int: cacah yang masih perlu; 0 bila tercapai), ``tercapai`` (bool),
        ``keadaan``.

    Raises
    ------
    GalatParameter
        Masukan di luar batas, atau indikator dan versi tidak dikenal.
    """
    awal = start(data, kode, versi)
    peserta, persen_lulus = _assumed(awal, peserta, persen_lulus)
    lulus = Decimal(peserta) * Decimal(repr(persen_lulus)) / 100
    jalur = _targets(data, kode)
    baris = []
    for tahun in range(data.tahun, max(jalur) + 1):
        tambah = int(fmt.round_half_up(lulus * (tahun - data.tahun)))
        terpenuhi = min(awal["terpenuhi"] + tambah, awal["populasi"])
        target = jalur.get(tahun, np.nan)
        perlu = terpenuhi if np.isnan(target) else count_for(awal["populasi"], target)
        baris.append(
            {
                "tahun": tahun,
                "terpenuhi": terpenuhi,
                "persen": terpenuhi / awal["populasi"] * 100,
                "target": target,
                "selisih": terpenuhi / awal["populasi"] * 100 - target,
                "kurang": max(perlu - terpenuhi, 0),
                "tercapai": terpenuhi >= perlu,
                "keadaan": "diturunkan",
            }
        )
    return pd.DataFrame(baris)


def required(
    data: Data, kode: str, *, peserta: int = 0, persen_lulus: float = 0, versi: str = VERSI_POPULASI[0]
) -> pd.DataFrame:
    """Peserta dan kelulusan yang diperlukan supaya target akhir Renstra tercapai.

    Parameters
    ----------
    data, kode, peserta, persen_lulus, versi
        Seperti :func:`what_if`.

    Returns
    -------
    pandas.DataFrame
        ``hal``, ``nilai``, ``satuan``, ``keadaan``. Hal: ``populasi``, ``terpenuhi``, ``target_akhir`` (persen),
        ``cacah_target``, ``masih_perlu``, ``sisa_tahun``, ``lulus_per_tahun`` (yang perlu tiap tahun),
        ``peserta_perlu`` (per tahun pada kelulusan itu), ``kelulusan_perlu`` (persen, pada peserta itu; di atas 100
        berarti tidak mungkin dengan peserta sebanyak itu), ``tahun_tercapai`` (NaN bila sampai akhir tidak tercapai).

    Raises
    ------
    GalatParameter
        Seperti :func:`what_if`.
    """
    awal = start(data, kode, versi)
    jalur = _targets(data, kode)
    akhir = max(jalur)
    andai, kelulusan = _assumed(awal, peserta, persen_lulus)
    sasaran = count_for(awal["populasi"], jalur[akhir])
    kurang, sisa = max(sasaran - awal["terpenuhi"], 0), akhir - data.tahun
    per_tahun = math.ceil(kurang / sisa) if sisa else (np.nan if kurang else 0)
    bisa = kelulusan > 0 and not np.isnan(per_tahun)
    perlu = math.ceil(Decimal(per_tahun) * 100 / Decimal(repr(kelulusan))) if bisa else np.nan
    jalan = what_if(data, kode, peserta=peserta, persen_lulus=persen_lulus, versi=versi)
    tiba = jalan.loc[jalan["terpenuhi"] >= sasaran, "tahun"]
    satuan = "orang" if kode == IKU_SDM else "lembaga"
    isi = [
        ("populasi", awal["populasi"], satuan),
        ("terpenuhi", awal["terpenuhi"], satuan),
        ("target_akhir", jalur[akhir], "persen"),
        ("cacah_target", sasaran, satuan),
        ("masih_perlu", kurang, satuan),
        ("sisa_tahun", sisa, "tahun"),
        ("lulus_per_tahun", per_tahun, satuan),
        ("peserta_perlu", perlu, satuan),
        ("kelulusan_perlu", per_tahun / andai * 100, "persen_capaian"),
        ("tahun_tercapai", tiba.iloc[0] if len(tiba) else np.nan, "tahun"),
    ]
    frame = pd.DataFrame(isi, columns=["hal", "nilai", "satuan"]).astype({"nilai": float})
    dikutip = frame["hal"].isin(["populasi", "terpenuhi", "target_akhir"])
    frame["keadaan"] = np.where(dikutip, "dikutip", "diturunkan")
    return frame


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _assumed(awal: dict[str, float | int], peserta: int, persen_lulus: float) -> tuple[int, float]:
    if isinstance(peserta, bool) or not isinstance(peserta, int) or not 0 <= peserta <= awal["populasi"]:
        raise GalatParameter(
            f"Peserta per tahun {peserta!r} di luar batas; isi 1 sampai {awal['populasi']}, atau 0 untuk sebanyak "
            "tahun laporan."
        )
    if isinstance(persen_lulus, bool) or not isinstance(persen_lulus, int | float) or not 0 <= persen_lulus <= 100:
        raise GalatParameter(
            f"Kelulusan {persen_lulus!r} di luar batas; isi persen di atas 0 sampai 100, atau 0 untuk seperti tahun "
            "laporan."
        )
    return int(peserta or awal["peserta"]), float(persen_lulus or awal["persen_lulus"])


def _targets(data: Data, kode: str) -> dict[int, float]:
    isi = data["renstra"].query("kode == @kode").dropna(subset=["nilai"])
    jalur = {int(tahun): float(nilai) for tahun, nilai in zip(isi["tahun"], isi["nilai"], strict=True)}
    if not jalur or max(jalur) < data.tahun:
        raise GalatHitung(f"Renstra tidak memuat target {kode} untuk {data.tahun} atau sesudahnya.")
    return jalur


def _places(data: Data, kode: str, versi: str) -> dict[str, str]:
    """Id angka awal sebuah indikator: populasi, kumulatif sampai tahun ini dan tahun lalu, peserta, dan yang lulus."""
    t = data.tahun
    if kode == IKU_SDM:
        if versi not in _versions(data):
            raise GalatParameter(
                f"Versi populasi {versi!r} tidak ada; pilih salah satu dari: {', '.join(_versions(data))}."
            )
        return {
            "populasi": f"sdm/{SEMUA}/populasi/{versi}",
            "terpenuhi": f"sdm/{SEMUA}/tersertifikasi_kumulatif/prosa",
            "tahun_lalu": f"sdm/{SEMUA}/tersertifikasi_sampai_tahun_lalu/prosa",
            "peserta": f"sdm/{SEMUA}/peserta/prosa",
            "lulus": f"sdm/{SEMUA}/lulus/prosa",
        }
    if kode == IKU_LKS:
        return {
            "populasi": f"lks/{t}/populasi",
            "terpenuhi": f"lks/{t}/terakreditasi_kumulatif",
            "tahun_lalu": f"lks/{t - 1}/terakreditasi_kumulatif",
            "peserta": f"lks/{t}/peserta",
            "lulus": f"lks/{t}/terakreditasi",
        }
    raise GalatParameter(f"Indikator {kode!r} tidak dapat diandaikan; pilih {IKU_SDM} atau {IKU_LKS}.")


def _value(data: Data, id_: str) -> float:
    """Angka sebuah id; NaN bila barisnya tidak ada atau kosong."""
    isi = data[id_.split("/")[0]].set_index("id")["nilai"]
    return float(isi.get(id_, math.nan))


def _versions(data: Data) -> list[str]:
    ada = set(data["sdm"].query("jenis == @SEMUA and ukuran == 'populasi'")["tempat"])
    return [versi for versi in VERSI_POPULASI if versi in ada]


def _int(data: Data, id_: str) -> int:
    nilai = data.nilai(id_)
    if nilai is None:
        raise GalatHitung(f"{id_} tidak tersedia untuk {data.tahun}, jadi ukuran ini tidak dapat dihitung.")
    return int(nilai)
