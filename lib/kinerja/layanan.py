"""Pemberi layanan kesejahteraan sosial: SDM bersertifikat, LKS terakreditasi, dan kabupaten/kota ber-SLRT.

Semua persen dihitung dari cacah orang, lembaga, atau kabupaten/kota dan tidak dibulatkan. Yang dicetak laporan ikut di
kolom ``tercetak...``. Sumber: LKj, SS 2.
"""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd

from kinerja import fmt
from kinerja.capaian import achievement
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatParameter

IKU_SDM, IKU_LKS = "IKU3", "IKU4"
SEMUA = "semua"
HASIL_UJI = ("lulus", "tidak_lulus", "tidak_hadir")
NILAI_AKREDITASI = ("nilai_a", "nilai_b", "nilai_c")
TIDAK_TERAKREDITASI = "tidak_terakreditasi"
VERSI_POPULASI = ("rincian", "prosa")
"""Tempat populasi SDM dicetak: total yang dirinci per jenis, atau yang disebut di kalimat hasil."""


# SDM ------------------------------------------------------------------------------------------------------------------


def sdm_population(data: Data) -> pd.DataFrame:
    """Populasi SDM menurut jenis, terbanyak lebih dulu.

    Returns
    -------
    pandas.DataFrame
        ``jenis``, ``nama``, ``populasi`` (orang, int), ``pangsa`` (persen dari jumlah rincian), ``keadaan``.
    """
    isi = _rows(data, "populasi", "rincian").query("jenis != @SEMUA")
    isi = isi.rename(columns={"nilai": "populasi"}).astype({"populasi": "Int64"})
    isi["pangsa"] = isi["populasi"].astype(float) / float(isi["populasi"].sum()) * 100
    kolom = ["jenis", "nama", "populasi", "pangsa", "keadaan"]
    return isi.sort_values("populasi", ascending=False, kind="stable", ignore_index=True)[kolom]


def sdm_exams(data: Data) -> pd.DataFrame:
    """Uji kompetensi menurut jenis SDM dan hasilnya; baris terakhir ``semua``.

    Returns
    -------
    pandas.DataFrame
        ``jenis``, ``nama``, ``populasi``, ``peserta`` (pendaftar: lulus + tidak lulus + tidak hadir), ``lulus``,
        ``tidak_lulus``, ``tidak_hadir`` (orang, int), ``persen_lulus``, ``persen_tidak_lulus``,
        ``persen_tidak_hadir`` (persen peserta), ``persen_lulus_hadir`` (persen yang hadir), ``proporsi_peserta``
        (persen seluruh peserta), ``diuji`` (persen populasi jenisnya), ``tercetak_lulus``, ``tercetak_tidak_lulus``,
        ``tercetak_tidak_hadir``, ``tercetak_proporsi`` (persen seperti dicetak; NaN bila tidak dicetak), ``jumlah``
        (bool: baris jumlah).
    """
    cacah = pd.DataFrame({x: _count(data, x) for x in ("populasi", *HASIL_UJI)})
    nama = _rows(data, "populasi", "rincian").set_index("jenis")["nama"]
    urut = cacah.drop(index=SEMUA).sort_values("lulus", ascending=False, kind="stable").index
    frame = cacah.loc[[*urut, SEMUA]]
    frame.insert(0, "nama", nama.reindex(frame.index))
    frame["peserta"] = frame[list(HASIL_UJI)].sum(axis=1, skipna=False)
    for hasil in HASIL_UJI:
        frame[f"persen_{hasil}"] = frame[hasil] / frame["peserta"] * 100
        frame[f"tercetak_{hasil}"] = _printed(data, f"persen_{hasil}")
    frame["persen_lulus_hadir"] = frame["lulus"] / (frame["peserta"] - frame["tidak_hadir"]) * 100
    frame["proporsi_peserta"] = frame["peserta"] / frame.at[SEMUA, "peserta"] * 100
    frame["tercetak_proporsi"] = _printed(data, "proporsi_peserta")
    frame["diuji"] = frame["peserta"] / frame["populasi"] * 100
    frame["jumlah"] = frame.index == SEMUA
    bulat = ["populasi", "peserta", *HASIL_UJI]
    frame[bulat] = frame[bulat].astype("Int64")
    return frame.rename_axis("jenis").reset_index()


def sdm_outcomes(data: Data) -> pd.DataFrame:
    """Hasil uji dalam bentuk panjang: ``jenis``, ``nama``, ``hasil``, ``orang`` (int), ``persen`` (persen peserta)."""
    uji = sdm_exams(data)
    bagian = [
        uji[["jenis", "nama"]].assign(hasil=hasil, orang=uji[hasil], persen=uji[f"persen_{hasil}"])
        for hasil in HASIL_UJI
    ]
    return pd.concat(bagian).sort_index(kind="stable").reset_index(drop=True)


def sdm_versions(data: Data) -> pd.DataFrame:
    """Persen dan capaian SDM bersertifikat menurut setiap versi populasi yang dicetak.

    Returns
    -------
    pandas.DataFrame
        Satu baris per versi (:data:`VERSI_POPULASI` yang ada): ``versi``, ``populasi``, ``jumlah_rincian``,
        ``selisih`` (orang, int), ``tersertifikasi`` (orang, int), ``persen``, ``capaian`` (persen, tanpa batas),
        ``tercetak_persen``, ``cocok`` (persen sama dengan yang dicetak pada desimalnya), ``dipakai`` (bool: versi yang
        menjadi penyebut IKU).
    """
    iku = data["iku"].set_index("kode").loc[IKU_SDM]
    tersertifikasi = _int(data, f"sdm/{SEMUA}/tersertifikasi_kumulatif/prosa")
    tercetak = data.baris(f"sdm/{SEMUA}/persen_tersertifikasi/prosa")
    target, rinci = data.nilai(iku["target"]), int(sdm_population(data)["populasi"].sum())
    baris = []
    for versi in _versions(data):
        populasi = _int(data, f"sdm/{SEMUA}/populasi/{versi}")
        persen = tersertifikasi / populasi * 100
        baris.append(
            {
                "versi": versi,
                "populasi": populasi,
                "jumlah_rincian": rinci,
                "selisih": populasi - rinci,
                "tersertifikasi": tersertifikasi,
                "persen": persen,
                "capaian": achievement(persen, target, iku["arah"]),
                "tercetak_persen": float(tercetak["nilai"]),
                "cocok": fmt.round_half_up(persen, int(tercetak["desimal"])) == tercetak["nilai"],
                "dipakai": iku["penyebut"] == f"sdm/{SEMUA}/populasi/{versi}",
            }
        )
    return pd.DataFrame(baris)


def sdm_series(data: Data, tahun_awal: int | None = None) -> pd.DataFrame:
    """Jumlah dan persen SDM bersertifikat menurut tahun.

    Populasi yang dicetak hanya satu, jadi ia menjadi penyebut semua tahun.

    Parameters
    ----------
    data : Data
    tahun_awal : int, optional
        Tahun pertama; tahun yang angkanya tidak ada tetap muncul sebagai tidak tersedia. Bawaan: tahun lalu.

    Returns
    -------
    pandas.DataFrame
        ``tahun``, ``tersertifikasi`` (orang, kumulatif, Int64), ``populasi`` (orang), ``persen``, ``tercetak``
        (persen), ``keadaan`` (cacah), ``keadaan_persen``.
    """
    cacah = {
        data.tahun - 1: (
            f"sdm/{SEMUA}/tersertifikasi_sampai_tahun_lalu/prosa",
            "persen_tersertifikasi_tahun_lalu/kotak",
        ),
        data.tahun: (f"sdm/{SEMUA}/tersertifikasi_kumulatif/prosa", "persen_tersertifikasi/prosa"),
    }
    populasi = _int(data, _denominator(data, IKU_SDM))
    baris = []
    for tahun in range(min(tahun_awal or data.tahun - 1, data.tahun - 1), data.tahun + 1):
        nilai, cetak = (np.nan, np.nan)
        if tahun in cacah:
            nilai, cetak = (_float(data, x) for x in (cacah[tahun][0], f"sdm/{SEMUA}/{cacah[tahun][1]}"))
        baris.append((tahun, nilai, populasi, nilai / populasi * 100, cetak))
    frame = pd.DataFrame(baris, columns=["tahun", "tersertifikasi", "populasi", "persen", "tercetak"])
    return _with_states(frame.astype({"tersertifikasi": "Int64"}), "tersertifikasi")


# LKS ------------------------------------------------------------------------------------------------------------------


def lks_results(data: Data) -> pd.DataFrame:
    """Hasil akreditasi tahun ini: A, B, C, tidak terakreditasi, lalu jumlah peserta.

    Returns
    -------
    pandas.DataFrame
        ``hasil`` (``nilai_a``, ``nilai_b``, ``nilai_c``, ``tidak_terakreditasi``, ``terakreditasi``, ``peserta``),
        ``lembaga`` (int), ``persen_peserta``, ``persen_terakreditasi`` (NaN di luar A, B, C, dan jumlahnya),
        ``tercetak`` (persen seperti dicetak), ``tercetak_dari`` (``peserta`` atau ``terakreditasi``: penyebut persen
        tercetak), ``jumlah`` (bool), ``keadaan``.
    """
    kode = [*NILAI_AKREDITASI, TIDAK_TERAKREDITASI, "terakreditasi", "peserta"]
    lembaga = {x: _int(data, f"lks/{data.tahun}/{x}") for x in kode}
    cetak = {x: f"persen_{x.removeprefix('nilai_')}" for x in kode if x != "peserta"}
    baris = [
        {
            "hasil": x,
            "lembaga": lembaga[x],
            "persen_peserta": lembaga[x] / lembaga["peserta"] * 100,
            "persen_terakreditasi": (
                lembaga[x] / lembaga["terakreditasi"] * 100 if x in (*NILAI_AKREDITASI, "terakreditasi") else np.nan
            ),
            "tercetak": _float(data, f"lks/{data.tahun}/{cetak[x]}") if x in cetak else np.nan,
            "tercetak_dari": "terakreditasi" if x in NILAI_AKREDITASI else "peserta",
            "jumlah": x in ("terakreditasi", "peserta"),
            "keadaan": data.baris(f"lks/{data.tahun}/{x}")["keadaan"],
        }
        for x in kode
    ]
    return pd.DataFrame(baris)


def lks_series(data: Data) -> pd.DataFrame:
    """LKS terakreditasi menurut tahun: semua tahun yang disebut laporan, termasuk yang angkanya hilang.

    Returns
    -------
    pandas.DataFrame
        ``tahun``, ``populasi``, ``terakreditasi_kumulatif`` (lembaga, Int64), ``persen`` (dihitung), ``tercetak``
        (persen), ``persen_terakreditasi`` (persen peserta tahun itu yang terakreditasi), ``persen_a_b`` (persen
        terakreditasi yang bernilai A atau B), ``populasi_berubah`` (bool: populasinya lain dari tahun sebelumnya),
        ``keadaan`` (cacah), ``keadaan_persen``, ``keadaan_terakreditasi``, ``keadaan_a_b``.
    """
    isi = data["lks"]
    nilai = isi.pivot(index="tahun", columns="ukuran", values="nilai")
    ada = isi.pivot(index="tahun", columns="ukuran", values="keadaan")
    kolom = ["populasi", "terakreditasi_kumulatif", "persen_kumulatif", "persen_terakreditasi", "persen_a_b"]
    frame = nilai.reindex(columns=kolom).rename(columns={"persen_kumulatif": "tercetak"})
    frame["persen"] = frame["terakreditasi_kumulatif"] / frame["populasi"] * 100
    frame["populasi_berubah"] = frame["populasi"].diff().fillna(0) != 0
    for kode, tujuan in (("persen_terakreditasi", "keadaan_terakreditasi"), ("persen_a_b", "keadaan_a_b")):
        frame[tujuan] = ada.reindex(columns=[kode])[kode].fillna("tidak_tersedia")
    bulat = ["populasi", "terakreditasi_kumulatif"]
    frame[bulat] = frame[bulat].astype("Int64")
    return _with_states(frame.reset_index(), "terakreditasi_kumulatif")


def lks_target(data: Data) -> pd.DataFrame:
    """Berapa lembaga arti target tahun ini: dihitung, dicetak, dan selisihnya.

    Returns
    -------
    pandas.DataFrame
        Baris ``sasaran_kumulatif`` (target x populasi), ``sasaran_tahunan`` (dikurangi kumulatif tahun lalu), dan
        ``kekurangan`` (sasaran kumulatif dikurangi realisasi): ``hal``, ``dihitung``, ``tercetak``, ``selisih``
        (tercetak dikurangi dihitung); semuanya lembaga (Int64).
    """
    t = data.tahun
    target = data.nilai(data["iku"].set_index("kode").at[IKU_LKS, "target"])
    sasaran = count_for(_int(data, f"lks/{t}/populasi"), target)
    hitung = {
        "sasaran_kumulatif": sasaran,
        "sasaran_tahunan": sasaran - _int(data, f"lks/{t - 1}/terakreditasi_kumulatif"),
        "kekurangan": sasaran - _int(data, f"lks/{t}/terakreditasi_kumulatif"),
    }
    cetak = {x: _float(data, f"lks/{t}/{x}") for x in ("sasaran_kumulatif", "sasaran_tahunan")}
    frame = pd.DataFrame({"dihitung": hitung, "tercetak": cetak}).reindex(list(hitung)).astype("Int64")
    frame["selisih"] = frame["tercetak"] - frame["dihitung"]
    return frame.rename_axis("hal").reset_index()


# SLRT -----------------------------------------------------------------------------------------------------------------


def slrt_series(data: Data) -> pd.DataFrame:
    """Kabupaten/kota ber-SLRT menurut tahun.

    Penyebutnya jumlah kabupaten/kota tahun laporan; untuk tahun lain itu anggapan kita, karena laporan hanya
    mencetaknya sekali.

    Returns
    -------
    pandas.DataFrame
        ``tahun``, ``kabkota`` (int), ``tambahan`` (Int64, terhadap tahun sebelumnya), ``total`` (int), ``persen``,
        ``keadaan`` (kabkota), ``sumber``, ``bagian``, ``id``.
    """
    total = _int(data, f"slrt/{data.tahun}/kabkota_total")
    isi = data["slrt"].query("ukuran == 'kabkota_slrt'").sort_values("tahun", ignore_index=True)
    frame = isi[["tahun", "nilai", "keadaan", "sumber", "bagian", "id"]].rename(columns={"nilai": "kabkota"})
    frame["kabkota"] = frame["kabkota"].astype("Int64")
    frame["tambahan"] = frame["kabkota"].diff()
    frame["total"] = total
    frame["persen"] = frame["kabkota"].astype(float) / total * 100
    return frame


def slrt_facts(data: Data) -> pd.DataFrame:
    """Angka SLRT tahun ini selain cakupannya: keluhan, pengembangan, dan kedua target; termasuk yang tidak tersedia.

    Returns
    -------
    pandas.DataFrame
        ``ukuran``, ``nilai``, ``satuan``, ``keadaan``, ``catatan``, ``bagian``, ``sumber``, ``id``.
    """
    isi = data["slrt"]
    isi = isi[(isi["tahun"] == data.tahun) & ~isi["ukuran"].isin(["kabkota_slrt", "kabkota_total", "persen"])]
    kolom = ["ukuran", "nilai", "satuan", "keadaan", "catatan", "bagian", "sumber", "id"]
    return isi[kolom].reset_index(drop=True)


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
    t = data.tahun
    if kode == IKU_SDM:
        if versi not in _versions(data):
            raise GalatParameter(
                f"Versi populasi {versi!r} tidak ada; pilih salah satu dari: {', '.join(_versions(data))}."
            )
        tempat = {
            "populasi": f"sdm/{SEMUA}/populasi/{versi}",
            "terpenuhi": f"sdm/{SEMUA}/tersertifikasi_kumulatif/prosa",
            "peserta": f"sdm/{SEMUA}/peserta/prosa",
            "lulus": f"sdm/{SEMUA}/lulus/prosa",
        }
    elif kode == IKU_LKS:
        tempat = {
            "populasi": f"lks/{t}/populasi",
            "terpenuhi": f"lks/{t}/terakreditasi_kumulatif",
            "peserta": f"lks/{t}/peserta",
            "lulus": f"lks/{t}/terakreditasi",
        }
    else:
        raise GalatParameter(f"Indikator {kode!r} tidak dapat diandaikan; pilih {IKU_SDM} atau {IKU_LKS}.")
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


def _rows(data: Data, ukuran: str, tempat: str) -> pd.DataFrame:
    return data["sdm"].query("ukuran == @ukuran and tempat == @tempat").reset_index(drop=True)


def _count(data: Data, ukuran: str) -> pd.Series:
    """Cacah per jenis: rinciannya, dan untuk ``semua`` angka totalnya."""
    isi = data["sdm"].query("ukuran == @ukuran")
    rinci = isi[isi["tempat"].isin(["rincian", "rekapitulasi"])].set_index("jenis")["nilai"]
    if SEMUA not in rinci:
        rinci.loc[SEMUA] = isi.query("jenis == @SEMUA and tempat == 'prosa'")["nilai"].iloc[0]
    return rinci


def _printed(data: Data, ukuran: str) -> pd.Series:
    """Persen seperti dicetak per jenis; rekapitulasi didahulukan dari prosa."""
    isi = data["sdm"].query("ukuran == @ukuran").sort_values("tempat", ascending=False, kind="stable")
    return isi.drop_duplicates("jenis").set_index("jenis")["nilai"]


def _versions(data: Data) -> list[str]:
    ada = set(data["sdm"].query("jenis == @SEMUA and ukuran == 'populasi'")["tempat"])
    return [versi for versi in VERSI_POPULASI if versi in ada]


def _denominator(data: Data, kode: str) -> str:
    return str(data["iku"].set_index("kode").at[kode, "penyebut"])


def _with_states(frame: pd.DataFrame, cacah: str) -> pd.DataFrame:
    ada = frame[cacah].notna()
    return frame.assign(
        keadaan=np.where(ada, "dikutip", "tidak_tersedia"), keadaan_persen=np.where(ada, "diturunkan", "tidak_tersedia")
    )


def _int(data: Data, id_: str) -> int:
    nilai = data.nilai(id_)
    if nilai is None:
        raise GalatHitung(f"{id_} tidak tersedia untuk {data.tahun}, jadi ukuran ini tidak dapat dihitung.")
    return int(nilai)


def _float(data: Data, id_: str) -> float:
    nilai = data.nilai(id_)
    return math.nan if nilai is None else float(nilai)
