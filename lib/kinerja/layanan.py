"""Pemberi layanan kesejahteraan sosial: SDM bersertifikat, LKS terakreditasi, dan Indeks Partisipasi Sosial (IPS).

Cacah orang dan lembaga; persennya dihitung di notebook. IPS = rata-rata DoS x 0,5 + rata-rata EP x 0,5, dengan kelas A
sampai E; DoS (*Duration of Services*) dan EP (*Engagement Performance*) berskala 0 sampai 1. Sumber: LKj, SS 2.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pandas as pd

from kinerja import fmt
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatParameter
from kinerja.kelas import classify

IKU_SDM, IKU_LKS = "IKU3", "IKU4"
CACAH = {IKU_SDM: "orang", IKU_LKS: "lembaga"}
"""Indikator yang dicapai lewat ujian, dan satuan cacahnya."""

SEMUA = "semua"
HASIL_UJI = ("lulus", "tidak_lulus", "tidak_hadir")
KELULUSAN = ["persen_lulus", "penurunan_kelulusan"]


# Ujian dan akreditasi tahun ini ---------------------------------------------------------------------------------------


def exams(data: Data) -> pd.DataFrame:
    """Populasi SDM dan hasil uji kompetensi menurut jenis: ``semua``, lalu yang lulus terbanyak lebih dulu.

    Berindeks ``jenis``: ``nama``, ``populasi``, ``lulus``, ``tidak_lulus``, ``tidak_hadir`` (orang, Int64),
    ``lulus_lalu`` (kelulusan tahun lalu, persen: yang tertulis ditambah penurunannya). ``attrs["totals"]``: baris
    ``semua``, yang dikutip dan bukan hasil penjumlahan di sini.
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

    Berindeks ``kode`` IKU (SDM, lalu LKS): ``nama``, ``target`` (persen populasi), ``populasi``, ``tahun_lalu``
    (kumulatif sampai tahun lalu), ``peserta``, ``lulus`` (tahun ini), ``satuan`` cacahnya; NaN bila tidak ada.
    """
    iku = data["iku"].set_index("kode")
    tempat = {kode: {"target": iku.at[kode, "target"], **_places(data, kode)} for kode in CACAH}
    kolom = ["populasi", "tahun_lalu", "peserta", "lulus"]
    isi = {kode: {k: _value(data, x) for k, x in id_.items()} for kode, id_ in tempat.items()}
    frame = pd.DataFrame.from_dict(isi, orient="index")[["target", *kolom]].astype(dict.fromkeys(kolom, "Int64"))
    frame.insert(0, "nama", iku.loc[list(CACAH), "nama_pendek"])
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
    """Titik awal skenario: keadaan tahun laporan indikator ``kode`` (:data:`CACAH`).

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
        peserta_perlu = _participants(perlu - awal["terpenuhi"], jeda, persen_lulus)
        persen, kurang = terpenuhi / awal["populasi"] * 100, max(perlu - terpenuhi, 0)
        andaian = (peserta, persen_lulus, peserta_perlu, CACAH[kode], "diturunkan")
        baris.append((nama, tahun, terpenuhi, persen, target, kurang, terpenuhi >= perlu, *andaian))
    kolom = "nama tahun terpenuhi persen target kurang tercapai peserta persen_lulus peserta_perlu satuan keadaan"
    return pd.DataFrame(baris, columns=kolom.split()).astype({"peserta_perlu": "Int64"})


# Indeks Partisipasi Sosial --------------------------------------------------------------------------------------------


def ips(dos: Sequence[float], ep: Sequence[float], *, bobot_dos: float = 0.5, bobot_ep: float = 0.5) -> float:
    """IPS dari nilai tiap responden.

    Parameters
    ----------
    dos, ep : sequence of float, shape (n_responden,)
        Nilai DoS dan EP, 0 sampai 1. Jawaban hilang (NaN) tidak ikut rata-rata dimensinya, tetapi responden itu tetap
        ikut rata-rata dimensi yang dijawabnya.
    bobot_dos, bobot_ep : float
        Bobot kedua rata-rata; jumlahnya 1.

    Returns
    -------
    float
        Indeks 0 sampai 1, tidak dibulatkan.

    Raises
    ------
    GalatHitung
        Bobot tidak berjumlah 1 atau negatif, nilai di luar 0 sampai 1, atau tidak ada jawaban.
    """
    if min(bobot_dos, bobot_ep) < 0 or abs(bobot_dos + bobot_ep - 1) > 1e-9:
        raise GalatHitung(f"Bobot DoS ({bobot_dos}) dan EP ({bobot_ep}) harus tidak negatif dan berjumlah 1.")
    return _mean(dos, "DoS") * bobot_dos + _mean(ep, "EP") * bobot_ep


def ips_classes(data: Data) -> pd.DataFrame:
    """Kelas IPS dari tertinggi: ``kode``, ``nama``, ``bawah``, ``atas`` (indeks 0 sampai 1), ``keadaan``."""
    isi = data["ips_kelas"]
    batas = isi.pivot(index="kelas", columns="ukuran", values="nilai")
    sifat = isi.drop_duplicates("kelas").set_index("kelas")[["nama", "keadaan", "sumber", "bagian"]]
    hasil = sifat.join(batas[["bawah", "atas"]]).sort_values("bawah", ascending=False)
    return hasil.rename_axis("kode").reset_index()


def ips_position(data: Data) -> pd.DataFrame:
    """Letak nilai tahun ini: targetnya, batas bawah kelasnya, dan target akhir Renstra, terendah lebih dulu.

    Berindeks ``titik`` (``batas_kelas``, ``target``, ``realisasi``, ``target_akhir``; yang tidak ada tidak ikut):
    ``titik``, ``nilai`` (indeks 0 sampai 1), ``kelas`` dan ``sebutan`` (kelas nilai itu).
    """
    iku = data["iku"].set_index("pembilang").loc["ips/nilai"]
    renstra, kelas = data["renstra"].query("kode == @iku.kode").sort_values("tahun"), ips_classes(data)
    milik = classify(data.nilai("ips/nilai"), kelas)
    ids = {"realisasi": "ips/nilai", "target": iku["target"]}
    if milik is not None:
        ids["batas_kelas"] = f"ips_kelas/{milik}/bawah"
    if len(renstra):
        ids["target_akhir"] = renstra["id"].iloc[-1]
    frame = pd.DataFrame({"titik": list(ids), "nilai": [data.nilai(x) for x in ids.values()]}, index=list(ids))
    frame["kelas"] = [classify(x, kelas) for x in frame["nilai"]]
    frame["sebutan"] = frame["kelas"].map(kelas.set_index("kode")["nama"])
    frame.attrs = {"satuan": {"nilai": "indeks"}, "ids": {"nilai": ids}}
    return frame.sort_values("nilai", kind="stable")


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
    id_ = {"populasi": iku["penyebut"], "terpenuhi": iku["pembilang"]}
    if kode == IKU_SDM:
        ukuran = {"tahun_lalu": "tersertifikasi_sampai_tahun_lalu", "peserta": "peserta", "lulus": "lulus"}
        return id_ | {k: f"sdm/{SEMUA}/{x}/prosa" for k, x in ukuran.items()}
    lalu = {"tahun_lalu": f"lks/{t - 1}/terakreditasi_kumulatif"}
    return id_ | lalu | {"peserta": f"lks/{t}/peserta", "lulus": f"lks/{t}/terakreditasi"}


def _value(data: Data, id_: str) -> float:
    """Angka sebuah id; NaN bila barisnya tidak ada atau kosong."""
    isi = data[id_.split("/")[0]].set_index("id")["nilai"]
    return float(isi.get(id_, math.nan))


def _int(data: Data, id_: str) -> int:
    nilai = data.nilai(id_)
    if nilai is None:
        raise GalatHitung(f"{id_} tidak tersedia untuk {data.tahun}, jadi ukuran ini tidak dapat dihitung.")
    return int(nilai)


def _mean(nilai: Sequence[float], nama: str) -> float:
    isi = np.asarray(nilai, dtype=float)
    isi = isi[~np.isnan(isi)]
    if not isi.size:
        raise GalatHitung(f"Tidak ada jawaban {nama} yang dapat dirata-ratakan.")
    if isi.min() < 0 or isi.max() > 1:
        raise GalatHitung(f"Nilai {nama} harus 0 sampai 1; ada {isi.min()} sampai {isi.max()}.")
    return float(isi.mean())
