"""Reformasi birokrasi: nilai dari penilai luar, penilaian mandiri (PMPRB), jarak ke target, dan delapan area perubahan.

Nilai RB diberikan evaluator luar; PMPRB dihitung sendiri oleh instansi. Keduanya tidak pernah dicampur dalam satu deret
di sini, karena laporan memakai yang kedua sebagai pengganti selama yang pertama belum keluar.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja import capaian, fmt
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatParameter

DERET = ("nilai_rb", "pmprb")
"""Penilaian luar dan penilaian mandiri, dalam urutan penyajian."""

TERTINGGI = 100.0
"""Nilai tertinggi skala reformasi birokrasi."""

KOMPONEN = ("pmprb_proses", "pmprb_hasil")


def indicator(data: Data) -> pd.Series:
    """Baris ``iku`` yang realisasinya diambil dari tabel ``rb``; kodenya boleh berganti antartahun.

    Raises
    ------
    GalatHitung
        Tidak ada IKU seperti itu untuk tahun ini.
    """
    iku = data["iku"]
    cocok = iku[iku["pembilang"].str.startswith("rb/")]
    if cocok.empty:
        raise GalatHitung(f"Tidak ada IKU tahun {data.tahun} yang realisasinya dari tabel rb.")
    return cocok.iloc[0]


def series(data: Data) -> pd.DataFrame:
    """Nilai RB dan PMPRB per tahun; tahun tanpa angka tetap menjadi baris kosong.

    Returns
    -------
    pandas.DataFrame
        Satu baris per (``ukuran``, ``tahun``) dari tahun pertama sampai tahun laporan: ``nilai`` (0-100, NaN bila tidak
        tersedia), ``satuan``, ``keadaan``, ``catatan``. Tahun yang tidak ada di tabel pun ditulis tidak tersedia.
    """
    rb = data["rb"].loc[lambda x: x["ukuran"].isin(DERET)]
    tahun = range(int(rb["tahun"].min()), data.tahun + 1)
    lengkap = pd.MultiIndex.from_product([DERET, tahun], names=["ukuran", "tahun"])
    frame = rb.set_index(["ukuran", "tahun"])[["nilai", "satuan", "keadaan", "catatan"]].reindex(lengkap).reset_index()
    return frame.fillna({"satuan": rb["satuan"].iloc[0], "keadaan": "tidak_tersedia", "catatan": ""})


def latest(data: Data, ukuran: str) -> pd.Series:
    """Angka terakhir yang tersedia dari satu deret: ``tahun``, ``nilai``, ``satuan``, ``keadaan``.

    Raises
    ------
    GalatParameter
        ``ukuran`` bukan salah satu :data:`DERET`.
    GalatHitung
        Deret itu tidak punya satu angka pun.
    """
    if ukuran not in DERET:
        raise GalatParameter(f"Penilaian {ukuran!r} tidak dikenal; pilih salah satu dari: {', '.join(DERET)}.")
    ada = series(data).loc[lambda x: (x["ukuran"] == ukuran) & x["nilai"].notna()]
    if ada.empty:
        raise GalatHitung(f"Deret {ukuran} tidak punya angka sampai {data.tahun}.")
    return ada.iloc[-1]


def components(data: Data) -> pd.DataFrame:
    """Komponen PMPRB tahun laporan dan jumlahnya.

    Returns
    -------
    pandas.DataFrame
        Baris ``pmprb_proses``, ``pmprb_hasil``, ``jumlah``, ``pmprb`` (tercetak): ``nilai``, ``bagian`` (persen dari
        jumlah), ``keadaan``. ``jumlah`` sama dengan ``pmprb`` bila rinciannya lengkap.
    """
    rb = data["rb"].loc[lambda x: x["tahun"] == data.tahun].set_index("ukuran")
    frame = rb.reindex([*KOMPONEN, "pmprb"])[["nilai", "keadaan"]].fillna({"keadaan": "tidak_tersedia"})
    jumlah = _points(frame.loc[list(KOMPONEN), "nilai"].sum(skipna=False))
    frame.loc["jumlah"] = [jumlah, "tidak_tersedia" if np.isnan(jumlah) else "diturunkan"]
    frame["bagian"] = frame["nilai"] / jumlah * 100
    return frame.loc[[*KOMPONEN, "jumlah", "pmprb"]].rename_axis("komponen").reset_index()


def achievements(data: Data) -> pd.DataFrame:
    """Capaian yang dapat dihitung dari tiap penilaian terhadap target tahun laporan dan target akhir Renstra.

    Returns
    -------
    pandas.DataFrame
        Satu baris per (penilaian, target): ``ukuran``, ``tahun`` (tahun angka), ``nilai``, ``tahun_target``,
        ``target``, ``capaian`` (persen, tanpa batas, tidak dibulatkan), ``tercetak`` (persen di laporan, NaN bila tidak
        dicetak), ``keadaan``.
    """
    iku = indicator(data)
    berlaku, akhir = data.nilai(iku["target"]), capaian.distance(data, iku["kode"]).iloc[0]
    cetak = {
        ("pmprb", data.tahun): "capaian",
        ("pmprb", int(akhir["tahun_akhir"])): "capaian_akhir",
        ("nilai_rb", data.tahun): "capaian_tahun_lalu",
    }
    baris = []
    for ukuran in reversed(DERET):
        titik = latest(data, ukuran)
        for tahun, target in ((data.tahun, berlaku), (int(akhir["tahun_akhir"]), akhir["target_akhir"])):
            baris.append(
                {
                    "ukuran": ukuran,
                    "tahun": int(titik["tahun"]),
                    "nilai": titik["nilai"],
                    "tahun_target": tahun,
                    "target": target,
                    "capaian": capaian.achievement(titik["nilai"], target, iku["arah"]),
                    "tercetak": _printed(data, iku["kode"], cetak.get((ukuran, tahun))),
                    "keadaan": "diturunkan",
                }
            )
    return pd.DataFrame(baris)


def mean_rise(data: Data) -> dict[str, float | int]:
    """Kenaikan rata-rata per tahun nilai RB antara angka pertama dan terakhir yang tersedia.

    Returns
    -------
    dict
        ``awal``, ``akhir`` (tahun), ``nilai_awal``, ``nilai_akhir``, ``kenaikan`` (poin), ``jarak_tahun`` (banyaknya
        selang, satu kurangnya dari banyaknya tahun), ``per_tahun`` (poin, tidak dibulatkan).

    Raises
    ------
    GalatHitung
        Kurang dari dua angka tersedia.
    """
    ada = series(data).loc[lambda x: (x["ukuran"] == DERET[0]) & x["nilai"].notna()]
    if len(ada) < 2:
        raise GalatHitung(f"Nilai RB sampai {data.tahun} hanya punya {len(ada)} angka; kenaikan memerlukan dua.")
    awal, akhir = ada.iloc[0], ada.iloc[-1]
    kenaikan = _points(akhir["nilai"] - awal["nilai"])
    selang = int(akhir["tahun"] - awal["tahun"])
    return {
        "awal": int(awal["tahun"]),
        "akhir": int(akhir["tahun"]),
        "nilai_awal": float(awal["nilai"]),
        "nilai_akhir": float(akhir["nilai"]),
        "kenaikan": kenaikan,
        "jarak_tahun": selang,
        "per_tahun": kenaikan / selang,
    }


def pace(data: Data, ukuran: str = "pmprb") -> pd.DataFrame:
    """Jarak ke target Renstra tiap tahun dan laju tahunan yang diperlukan, di samping laju yang pernah dicapai.

    Parameters
    ----------
    data : Data
    ukuran : {"pmprb", "nilai_rb"}
        Penilaian yang menjadi titik tolak; angka terakhirnya yang dipakai.

    Returns
    -------
    pandas.DataFrame
        Satu baris per tahun Renstra sesudah atau sama dengan tahun titik tolak: ``tahun``, ``target``, ``awal`` (tahun
        titik tolak), ``nilai``, ``jarak`` (target dikurangi nilai; negatif berarti sudah terlampaui), ``sisa_tahun``,
        ``laju_perlu`` (poin per tahun; 0 bila sudah tercapai, NaN bila tahunnya habis), ``laju_lalu`` (kenaikan
        rata-rata nilai RB), ``proyeksi`` (nilai bila laju lalu berlanjut, paling tinggi 100), ``selisih_proyeksi``
        (proyeksi dikurangi target), ``keadaan``.

    Raises
    ------
    GalatParameter
        ``ukuran`` tidak dikenal.
    """
    titik, lalu = latest(data, ukuran), mean_rise(data)["per_tahun"]
    iku = indicator(data)
    renstra = data["renstra"].loc[lambda x: (x["kode"] == iku["kode"]) & (x["tahun"] >= titik["tahun"])]
    frame = renstra.rename(columns={"nilai": "target"})[["tahun", "target"]].reset_index(drop=True)
    frame["awal"] = int(titik["tahun"])
    frame["nilai"] = float(titik["nilai"])
    frame["jarak"] = [_points(x) for x in frame["target"] - frame["nilai"]]
    frame["sisa_tahun"] = frame["tahun"] - frame["awal"]
    frame["laju_perlu"] = capaian.required_pace(frame["nilai"], frame["awal"], frame["target"], frame["tahun"])
    frame["laju_lalu"] = lalu
    frame["proyeksi"] = [_points(x) for x in (frame["nilai"] + lalu * frame["sisa_tahun"]).clip(upper=TERTINGGI)]
    frame["selisih_proyeksi"] = [_points(x) for x in frame["proyeksi"] - frame["target"]]
    return frame.assign(keadaan="diturunkan")


def pace_to(data: Data, tahun_sasaran: int, ukuran: str = "pmprb") -> pd.Series:
    """Satu baris :func:`pace` untuk satu tahun sasaran.

    Raises
    ------
    GalatParameter
        Tahun itu tidak punya target Renstra sesudah titik tolak.
    """
    frame = pace(data, ukuran)
    if tahun_sasaran not in set(frame["tahun"]):
        ada = ", ".join(map(str, frame["tahun"]))
        raise GalatParameter(f"Tahun sasaran {tahun_sasaran!r} tidak punya target Renstra; yang ada: {ada}.")
    return frame[frame["tahun"] == tahun_sasaran].iloc[0]


def evaluation_gap(data: Data) -> pd.DataFrame:
    """Selisih penilaian mandiri terhadap penilaian luar, per tahun dan antara angka terakhir masing-masing.

    Returns
    -------
    pandas.DataFrame
        Satu baris per tahun yang punya baris di tabel (``jenis`` = ``setahun``), lalu satu baris ``angka_terakhir``:
        ``tahun_rb``, ``nilai_rb``, ``tahun_pmprb``, ``pmprb``, ``selisih`` (poin; NaN bila salah satu tidak tersedia),
        ``tahun_sama``, ``keadaan``. Baris terakhir membandingkan dua tahun yang berbeda bila ``tahun_sama`` salah.
    """
    lebar = series(data).pivot(index="tahun", columns="ukuran", values="nilai")
    tercatat = data["rb"].loc[lambda x: x["ukuran"] == "pmprb", "tahun"]
    baris = [("setahun", t, lebar.loc[t, "nilai_rb"], t, lebar.loc[t, "pmprb"]) for t in sorted(tercatat)]
    rb, mandiri = latest(data, "nilai_rb"), latest(data, "pmprb")
    baris.append(("angka_terakhir", rb["tahun"], rb["nilai"], mandiri["tahun"], mandiri["nilai"]))
    frame = pd.DataFrame(baris, columns=["jenis", "tahun_rb", "nilai_rb", "tahun_pmprb", "pmprb"])
    frame["selisih"] = [_points(x) for x in frame["pmprb"] - frame["nilai_rb"]]
    frame["tahun_sama"] = frame["tahun_rb"] == frame["tahun_pmprb"]
    return frame.assign(keadaan=np.where(frame["selisih"].isna(), "tidak_tersedia", "diturunkan"))


def areas(data: Data) -> pd.DataFrame:
    """Banyaknya upaya dan rekomendasi yang dicetak laporan per area perubahan.

    Returns
    -------
    pandas.DataFrame
        Satu baris per area, urutan laporan: ``area``, ``nama``, ``upaya``, ``rekomendasi`` (bulat), ``selisih`` (upaya
        dikurangi rekomendasi), ``keadaan``.
    """
    lebar = data.wide("rb_area", index=["area", "nama"])
    lebar["selisih"] = lebar["upaya"] - lebar["rekomendasi"]
    return lebar.assign(keadaan="diturunkan")


def supporting_numbers(data: Data) -> pd.DataFrame:
    """Angka pendukung yang dicetak dalam upaya dan rekomendasi: ``hal``, ``area``, ``nama``, ``nilai``, ``satuan``."""
    return data["rb_angka"][["hal", "area", "nama", "nilai", "satuan", "desimal", "keadaan"]]


def archive_scores(data: Data) -> pd.DataFrame:
    """Peringkat pengawasan kearsipan yang dicetak, dengan selisih terhadap institusi pelapor.

    Returns
    -------
    pandas.DataFrame
        ``peringkat``, ``kementerian``, ``predikat``, ``nilai`` (0-100), ``selisih`` (poin terhadap institusi pelapor),
        ``pelapor`` (bool), ``terbalik`` (bool: predikatnya lebih rendah daripada baris lain yang nilainya lebih kecil),
        ``keadaan``, ``catatan``.
    """
    frame = data["kearsipan"][["peringkat", "kementerian", "predikat", "nilai", "keadaan", "catatan"]].copy()
    frame["pelapor"] = frame["kementerian"] == data.teks("aturan/nama_institusi")
    acuan = frame.loc[frame["pelapor"], "nilai"]
    frame["selisih"] = [_points(x) for x in frame["nilai"] - (acuan.iloc[0] if len(acuan) else np.nan)]
    frame["terbalik"] = _out_of_order(frame["nilai"], frame["predikat"])
    return frame


def archive_trend(data: Data) -> pd.DataFrame:
    """Nilai pengawasan kearsipan tahun lalu dan tahun laporan.

    Returns
    -------
    pandas.DataFrame
        Dua baris: ``tahun``, ``nilai``, ``kenaikan`` (poin; NaN di baris pertama), ``tercetak`` (kenaikan di laporan),
        ``keadaan`` (keadaan ``nilai``).
    """
    id_ = [f"penghargaan/nilai_kearsipan_{data.tahun - 1}", "penghargaan/nilai_kearsipan"]
    frame = pd.DataFrame({"tahun": [data.tahun - 1, data.tahun], "nilai": [float(data.nilai(x)) for x in id_]})
    frame["kenaikan"] = [_points(x) for x in frame["nilai"].diff()]
    frame["tercetak"] = [np.nan, float(data.nilai("penghargaan/kenaikan_kearsipan"))]
    return frame.assign(keadaan=[data.baris(x)["keadaan"] for x in id_])


def _out_of_order(nilai: pd.Series, predikat: pd.Series) -> pd.Series:
    """Predikat dipahami dari kata-katanya: "Sangat Memuaskan" di atas "Memuaskan"."""
    tinggi = predikat.str.casefold().str.contains("sangat")
    return ~tinggi & (nilai > nilai[tinggi].min())


def _points(x: float) -> float:
    """Buang ekor biner pengurangan dua nilai berdesimal dua, supaya 8,83 / 2 = 4,415 dibulatkan menjadi 4,42."""
    return fmt.round_half_up(float(x), 6)


def _printed(data: Data, kode: str, ukuran: str | None) -> float:
    if ukuran is None:
        return float("nan")
    cetak = data["iku_tercetak"]
    isi = cetak.loc[(cetak["kode"] == kode) & (cetak["ukuran"] == ukuran), "nilai"].dropna().unique()
    # versi yang berbeda tidak dipilih diam-diam: pembandingnya ada di notebook ringkasan dan audit
    return float(isi[0]) if len(isi) == 1 else float("nan")
