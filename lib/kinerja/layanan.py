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
CACAH = {IKU_SDM: "orang", IKU_LKS: "lembaga"}
"""Indikator yang dicapai lewat ujian, dan satuan cacahnya."""

SEMUA = "semua"
HASIL_UJI = ("lulus", "tidak_lulus", "tidak_hadir")
KELULUSAN = ["persen_lulus", "penurunan_kelulusan"]


# Ujian dan akreditasi tahun ini ---------------------------------------------------------------------------------------


def exams(data: Data) -> pd.DataFrame:
    """Populasi SDM dan hasil uji kompetensi menurut jenis: ``semua``, lalu yang lulus terbanyak lebih dulu.

    Returns
    -------
    pandas.DataFrame
        Berindeks ``jenis``: ``nama``, ``populasi``, ``lulus``, ``tidak_lulus``, ``tidak_hadir`` (orang, Int64),
        ``lulus_lalu`` (kelulusan tahun lalu, persen: yang tertulis ditambah penurunannya).
        ``attrs["totals"]``: baris ``semua``, yang
        dikutip dan bukan hasil penjumlahan di sini.
    """
    ukuran = ["populasi", *HASIL_UJI, *KELULUSAN]
    isi = data["sdm"].query("ukuran in @ukuran")
    # menurut jenis dari rincian dan rekapitulasi; totalnya dari kalimat bila tidak dirinci
    isi = isi.sort_values("tempat", key=lambda x: x == "prosa", kind="stable").drop_duplicates(["jenis", "ukuran"])
    frame = isi.pivot(index="jenis", columns="ukuran", values="nilai").reindex(columns=ukuran)
    frame["lulus_lalu"] = frame[KELULUSAN].sum(axis=1, skipna=False).round(2)
    frame = frame.drop(columns=KELULUSAN)
    urut = frame.drop(index=SEMUA).sort_values("lulus", ascending=False, kind="stable").index
    frame = frame.loc[[SEMUA, *urut]].rename_axis(index=None, columns=None)
    frame = frame.astype(dict.fromkeys(("populasi", *HASIL_UJI), "Int64"))
    frame.insert(0, "nama", isi.drop_duplicates("jenis").set_index("jenis")["nama"])
    satuan = {**dict.fromkeys(("populasi", *HASIL_UJI), "orang"), "lulus_lalu": "persen"}
    ids = {kolom: dict(zip(x["jenis"], x["id"], strict=True)) for kolom, x in isi.groupby("ukuran")}
    frame.attrs = {"satuan": satuan, "ids": ids, "totals": [SEMUA]}
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
    tempat = {kode: {"target": iku.at[kode, "target"], **_places(data, kode)} for kode in CACAH}
    kolom = ["populasi", "tahun_lalu", "peserta", "lulus"]
    frame = pd.DataFrame.from_dict(
        {
            kode: {"nama": iku.at[kode, "nama_pendek"], **{k: _value(data, v) for k, v in isi.items()}}
            for kode, isi in tempat.items()
        },
        orient="index",
    )
    frame = frame[["nama", "target", *kolom]].astype(dict.fromkeys(kolom, "Int64"))
    frame["satuan"] = frame.index.map(CACAH)
    frame.attrs = {
        "satuan": {"target": "persen", **dict.fromkeys(kolom, "=satuan")},
        "ids": {k: {kode: isi[k] for kode, isi in tempat.items()} for k in ("target", *kolom)},
    }
    return frame


# Skenario: peserta dan tingkat kelulusan menuju target ----------------------------------------------------------------


def count_for(populasi: int, target: float) -> int:
    """Cacah terkecil yang mencapai ``target`` persen dari ``populasi``: 28% dari 40.000 adalah 11.200."""
    # lewat Decimal: 29,18 x 514 / 100 dalam biner dapat melewati bilangan bulat dan menambah satu
    return math.ceil(Decimal(populasi) * Decimal(repr(float(target))) / 100)


def start(data: Data, kode: str) -> dict[str, float | int]:
    """Titik awal skenario: keadaan tahun laporan.

    Parameters
    ----------
    data : Data
    kode : {"IKU3", "IKU4"}
        SDM bersertifikat atau LKS terakreditasi.

    Returns
    -------
    dict
        ``populasi``, ``terpenuhi`` (kumulatif), ``peserta``, ``lulus`` (int), ``persen_lulus`` (persen peserta).

    Raises
    ------
    GalatParameter
        Indikator tidak dapat diandaikan.
    GalatHitung
        Salah satu angkanya tidak tersedia.
    """
    tempat = _places(data, kode)
    awal = {nama: _int(data, tempat[nama]) for nama in ("populasi", "terpenuhi", "peserta", "lulus")}
    return {**awal, "persen_lulus": awal["lulus"] / awal["peserta"] * 100}


def what_if(data: Data, kode: str, *, peserta: int = 0, persen_lulus: float = 0) -> pd.DataFrame:
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

    Returns
    -------
    pandas.DataFrame
        Mulai tahun laporan: ``nama`` (IKU), ``tahun``, ``terpenuhi`` (int), ``persen``, ``target`` (persen, Renstra),
        ``kurang`` (int: cacah yang masih perlu; 0 bila tercapai), ``tercapai`` (bool), ``peserta``, ``persen_lulus``
        (yang diandaikan), ``peserta_perlu`` (Int64: peserta per tahun pada kelulusan itu supaya target tahun itu
        tercapai; kosong di tahun laporan), ``satuan`` cacahnya, ``keadaan``.

    Raises
    ------
    GalatParameter
        Masukan di luar batas, atau indikator tidak dikenal.
    """
    awal = start(data, kode)
    peserta, persen_lulus = _assumed(awal, peserta, persen_lulus)
    lulus = Decimal(peserta) * Decimal(repr(persen_lulus)) / 100
    jalur, nama = _targets(data, kode), data["iku"].set_index("kode").at[kode, "nama_pendek"]
    baris = []
    for tahun in range(data.tahun, max(jalur) + 1):
        jeda = tahun - data.tahun
        terpenuhi = min(awal["terpenuhi"] + int(fmt.round_half_up(lulus * jeda)), awal["populasi"])
        target = jalur.get(tahun, np.nan)
        perlu = terpenuhi if np.isnan(target) else count_for(awal["populasi"], target)
        baris.append(
            {
                "nama": nama,
                "tahun": tahun,
                "terpenuhi": terpenuhi,
                "persen": terpenuhi / awal["populasi"] * 100,
                "target": target,
                "kurang": max(perlu - terpenuhi, 0),
                "tercapai": terpenuhi >= perlu,
                "peserta": peserta,
                "persen_lulus": persen_lulus,
                "peserta_perlu": _participants(perlu - awal["terpenuhi"], jeda, persen_lulus),
                "satuan": CACAH[kode],
                "keadaan": "diturunkan",
            }
        )
    return pd.DataFrame(baris).astype({"peserta_perlu": "Int64"})


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _participants(kurang: int, jeda: int, persen_lulus: float) -> int | None:
    """Peserta per tahun yang menutup ``kurang`` dalam ``jeda`` tahun pada kelulusan itu; None bila tidak mungkin."""
    if kurang <= 0:
        return 0
    if not jeda or not persen_lulus:
        return None
    return math.ceil(Decimal(math.ceil(kurang / jeda)) * 100 / Decimal(repr(persen_lulus)))


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


def _places(data: Data, kode: str) -> dict[str, str]:
    """Id angka sebuah indikator: populasi, kumulatif sampai tahun ini dan tahun lalu, peserta, dan yang lulus."""
    if kode not in CACAH:
        raise GalatParameter(f"Indikator {kode!r} tidak dapat diandaikan; pilih {IKU_SDM} atau {IKU_LKS}.")
    iku, t = data["iku"].set_index("kode").loc[kode], data.tahun
    milik = {
        IKU_SDM: {
            "tahun_lalu": f"sdm/{SEMUA}/tersertifikasi_sampai_tahun_lalu/prosa",
            "peserta": f"sdm/{SEMUA}/peserta/prosa",
            "lulus": f"sdm/{SEMUA}/lulus/prosa",
        },
        IKU_LKS: {
            "tahun_lalu": f"lks/{t - 1}/terakreditasi_kumulatif",
            "peserta": f"lks/{t}/peserta",
            "lulus": f"lks/{t}/terakreditasi",
        },
    }
    return {"populasi": iku["penyebut"], "terpenuhi": iku["pembilang"], **milik[kode]}


def _value(data: Data, id_: str) -> float:
    """Angka sebuah id; NaN bila barisnya tidak ada atau kosong."""
    isi = data[id_.split("/")[0]].set_index("id")["nilai"]
    return float(isi.get(id_, math.nan))


def _int(data: Data, id_: str) -> int:
    nilai = data.nilai(id_)
    if nilai is None:
        raise GalatHitung(f"{id_} tidak tersedia untuk {data.tahun}, jadi ukuran ini tidak dapat dihitung.")
    return int(nilai)
