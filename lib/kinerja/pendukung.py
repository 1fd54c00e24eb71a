"""Ikesos yang diterbitkan, kerangkanya, dan program yang mendukung sasaran strategis pertama.

Indeks dari data mikro tidak dihitung di sini. Yang disajikan adalah nilai terbitan terhadap jalur Renstra, kerangka 3
dimensi x 11 subdimensi x 29 indikator, serta angka program yang dicetak laporan. Sumber: LKj, SS 1 dan lampiran
Daftar Indikator Terpilih Ikesos; kemiskinan dari BPS.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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

    Returns
    -------
    pandas.DataFrame
        ``tahun``, ``nilai`` (0 sampai 100; NaN bila tidak tersedia), ``perubahan`` (poin, terhadap tahun sebelumnya),
        ``kategori`` (kode; kosong bila tidak tersedia), ``keadaan``, ``catatan``, ``bagian``, ``sumber``, ``id``.
    """
    isi = data["ikesos"].query("ukuran == 'nilai'").sort_values("tahun", ignore_index=True)
    frame = isi[["tahun", "nilai", "keadaan", "catatan", "bagian", "sumber", "id"]].copy()
    frame.insert(2, "perubahan", frame["nilai"].diff())
    frame.insert(3, "kategori", [category(data, x) for x in frame["nilai"]])
    return frame


def category(data: Data, nilai: float | None) -> str | None:
    """Kode kategori Ikesos: ``rendah``, ``sedang``, ``tinggi``; None bila nilainya hilang.

    Raises
    ------
    GalatHitung
        Nilai di luar 0 sampai 100.
    """
    return classify(nilai, data["ikesos_kategori"])


def categories(data: Data) -> pd.DataFrame:
    """Kategori Ikesos dari terendah: ``kode``, ``nama``, ``bawah``, ``atas``, ``keadaan``."""
    return data["ikesos_kategori"].sort_values("bawah", ignore_index=True)


def ikesos_path(data: Data) -> pd.DataFrame:
    """Nilai terbitan dan jalur target Renstra dalam satu tabel panjang, untuk digambar.

    Returns
    -------
    pandas.DataFrame
        ``tahun``, ``deret`` (``terbitan`` atau ``renstra``), ``nilai``, ``keadaan``.
    """
    kolom = ["tahun", "deret", "nilai", "keadaan"]
    terbitan = ikesos_values(data).assign(deret="terbitan")[kolom]
    renstra = _renstra(data).assign(deret="renstra")[kolom]
    return pd.concat([terbitan, renstra], ignore_index=True)


def ikesos_pace(data: Data) -> pd.DataFrame:
    """Jarak nilai terbitan terakhir ke setiap target Renstra, dan laju tahunan yang diperlukan.

    Lajunya dihitung dari tahun data itu (:func:`kinerja.capaian.required_pace`).

    Returns
    -------
    pandas.DataFrame
        ``tahun``, ``target``, ``jarak`` (poin), ``sisa_tahun`` (dari tahun data), ``laju_perlu`` (poin per tahun),
        ``laju_lalu`` (poin per tahun antara dua nilai terbitan terakhir), ``kali_lipat`` (laju_perlu / laju_lalu; NaN
        bila laju lalu tidak positif), ``proyeksi`` (nilai pada laju lalu), ``capaian`` (persen), ``keadaan``;
        ``nilai_akhir`` dan ``tahun_akhir`` nilai terbitan terakhir.

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
    laju_lalu = _past_pace(ada)
    frame = _renstra(data).query("tahun > @awal.tahun")[["tahun", "nilai"]].rename(columns={"nilai": "target"})
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


def _past_pace(ada: pd.DataFrame) -> float:
    if len(ada) < 2:
        return np.nan
    kini, lalu = ada.iloc[-1], ada.iloc[-2]
    return float((kini["nilai"] - lalu["nilai"]) / (kini["tahun"] - lalu["tahun"]))


def _renstra(data: Data) -> pd.DataFrame:
    return data["renstra"].query("kode == @IKU_IKESOS").sort_values("tahun")


# Kerangka -------------------------------------------------------------------------------------------------------------


def target_groups(data: Data) -> list[str]:
    """Kode sasaran Ikesos (rumah tangga miskin dan rentan, penyandang disabilitas, lansia) menurut urutan sumber."""
    return list(data["ikesos_sasaran"]["kode"])


def framework(data: Data, sasaran: str = SEMUA) -> pd.DataFrame:
    """Kerangka Ikesos: satu baris per indikator, dengan berlakunya bagi setiap sasaran dan bagi yang dipilih.

    Parameters
    ----------
    data : Data
    sasaran : str
        Kode sasaran (:func:`target_groups`), atau ``"semua"``: berlaku bila pasti dipakai untuk paling sedikit satu.

    Returns
    -------
    pandas.DataFrame
        ``kode``, ``dimensi``, ``nama_dimensi``, ``subdimensi``, ``nama_subdimensi``, ``nomor``, ``nama``,
        ``berlaku_<sasaran>`` per sasaran, ``berlaku`` (bagi pilihan; :data:`BERLAKU`), ``nama_tercetak`` (tulisan di
        sel pilihan bila lain dari nama indikator; "" bila sama), ``keadaan``, ``catatan``.

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
        frame["berlaku"] = [_strongest(x) for x in kerangka[berlaku].itertuples(index=False)]
        frame["nama_tercetak"] = ""
    else:
        frame["berlaku"] = kerangka[f"berlaku_{sasaran}"]
        sel = kerangka[f"tercetak_{sasaran}"]
        frame["nama_tercetak"] = sel.where(sel != kerangka["nama"], "")
    return frame


def _strongest(isi: Any) -> str:
    return next(x for x in BERLAKU if x in isi)


def framework_counts(data: Data) -> pd.DataFrame:
    """Banyaknya indikator menurut sasaran, dimensi, dan berlakunya.

    Returns
    -------
    pandas.DataFrame
        ``sasaran``, ``nama_sasaran``, ``dimensi``, ``nama_dimensi``, ``ya``, ``tidak_pasti``, ``tidak``, ``indikator``
        (semua int), ``keadaan``, ``jumlah`` (bool: baris jumlah per sasaran).
    """
    kerangka = framework(data)
    nama = data["ikesos_sasaran"].set_index("kode")["nama"]
    dimensi = kerangka.drop_duplicates("dimensi").set_index("dimensi")["nama_dimensi"]
    baris = []
    for sasaran in target_groups(data):
        for kode in [*dimensi.index, SEMUA]:
            milik = kerangka if kode == SEMUA else kerangka[kerangka["dimensi"] == kode]
            hitung = milik[f"berlaku_{sasaran}"].value_counts()
            baris.append(
                {
                    "sasaran": sasaran,
                    "nama_sasaran": nama[sasaran],
                    "dimensi": kode,
                    "nama_dimensi": "" if kode == SEMUA else dimensi[kode],
                    **{x: int(hitung.get(x, 0)) for x in BERLAKU},
                    "indikator": len(milik),
                    "keadaan": "diturunkan",
                    "jumlah": kode == SEMUA,
                }
            )
    return pd.DataFrame(baris)


def programmes(data: Data) -> pd.DataFrame:
    """Program menurut dimensi yang didukungnya.

    Returns
    -------
    pandas.DataFrame
        Satu baris per program, menurut urutan sebutan pertama: ``program``, satu kolom bool per kode dimensi,
        ``dimensi_didukung`` (int), ``keadaan``.
    """
    isi = data["ikesos_program"]
    dimensi = list(dict.fromkeys(isi["dimensi"]))
    frame = pd.DataFrame({"program": list(dict.fromkeys(isi["program"]))})
    for kode in dimensi:
        frame[kode] = frame["program"].isin(isi.loc[isi["dimensi"] == kode, "program"])
    frame["dimensi_didukung"] = frame[dimensi].sum(axis=1).astype(int)
    return frame.assign(keadaan="dikutip")


# Program --------------------------------------------------------------------------------------------------------------


def graduation(data: Data) -> pd.DataFrame:
    """Graduasi KPM PKH menurut jenisnya; baris terakhir jumlahnya.

    Returns
    -------
    pandas.DataFrame
        ``jenis``, ``nama``, ``kpm`` (int), ``persen`` (dihitung terhadap jumlah tercetak), ``tercetak`` (persen),
        ``keadaan``, ``jumlah`` (bool).
    """
    isi = data["pkh_graduasi"]
    kpm = isi.query("ukuran == 'kpm'").set_index("jenis")
    frame = kpm[["nama", "nilai", "keadaan"]].rename(columns={"nilai": "kpm"})
    frame["persen"] = frame["kpm"] / frame.at["jumlah", "kpm"] * 100
    frame["tercetak"] = isi.query("ukuran == 'persen'").set_index("jenis")["nilai"]
    frame["kpm"] = frame["kpm"].astype("Int64")
    frame["jumlah"] = frame.index == "jumlah"
    return frame.sort_values(["jumlah", "kpm"], ascending=[True, False], kind="stable").reset_index()


def p2k2(data: Data) -> pd.DataFrame:
    """Modul P2K2, terbanyak KPM-nya lebih dulu.

    Returns
    -------
    pandas.DataFrame
        ``modul``, ``nama``, ``kelompok`` (int), ``kpm`` (int), ``kpm_per_kelompok`` (tidak dibulatkan), ``keadaan``.
    """
    isi = data["p2k2"].query("ukuran in ['kelompok', 'kpm']")
    frame = isi.pivot(index=["modul", "nama", "keadaan"], columns="ukuran", values="nilai").reset_index()
    frame["kpm_per_kelompok"] = frame["kpm"] / frame["kelompok"]
    frame = frame.astype({"kelompok": "Int64", "kpm": "Int64"}).rename_axis(columns=None)
    return frame.sort_values("kpm", ascending=False, ignore_index=True)


def p2k2_monitoring(data: Data) -> pd.DataFrame:
    """Hasil pemantauan P2K2: ``ukuran``, ``nama``, ``nilai``, ``satuan``, ``keadaan``, ``catatan``, ``id``."""
    isi = data["p2k2"].query("ukuran not in ['kelompok', 'kpm']")
    return isi[["ukuran", "nama", "nilai", "satuan", "keadaan", "catatan", "bagian", "sumber", "id"]].reset_index(
        drop=True
    )


def sembako_monitoring(data: Data) -> pd.DataFrame:
    """Pemantauan Kartu Sembako menurut survei: ``survei``, ``butir``, ``nama``, ``nilai``, ``satuan``, ``keadaan``.

    Pembeli boleh masuk beberapa butir belanja, sehingga butir belanja tidak berjumlah 100.
    """
    isi = data["sembako_pantau"]
    return isi[["survei", "butir", "nama", "nilai", "satuan", "keadaan", "catatan", "bagian", "sumber", "id"]].copy()


def support(data: Data) -> pd.DataFrame:
    """Angka program pendukung SS 1 seperti dicetak, setiap versi dan setiap tempat.

    Realisasi dan target dari tabel prioritas nasional ikut untuk program yang satuannya KPM dan targetnya sama dengan
    yang dicetak di SS 1, supaya versi angka yang berbeda terlihat berdampingan (KUBE dicetak tiga macam).

    Returns
    -------
    pandas.DataFrame
        ``program``, ``ukuran``, ``tempat``, ``nama``, ``nilai``, ``satuan``, ``keadaan``, ``catatan``, ``bagian``,
        ``sumber``, ``id``.
    """
    kolom = ["program", "ukuran", "tempat", "nama", "nilai", "satuan", "keadaan", "catatan", "bagian", "sumber", "id"]
    isi = data["program_ss1"]
    return pd.concat([isi[kolom], _from_priorities(data, isi)[kolom]], ignore_index=True)


def _from_priorities(data: Data, isi: pd.DataFrame) -> pd.DataFrame:
    kosong = isi.iloc[:0]
    if not data.has("pn_nilai"):
        return kosong
    pn = data["pn_nilai"].query("ukuran in ['target', 'realisasi']")
    cocok = []
    for target in isi.query("ukuran == 'target'").itertuples():
        kode = pn.query("ukuran == 'target' and nilai == @target.nilai and satuan == @target.satuan")["kode"]
        if len(kode) == 1:
            milik = pn[pn["kode"] == kode.iloc[0]]
            cocok.append(milik.assign(program=target.program, nama=target.nama, tempat="prioritas_nasional"))
    return pd.concat(cocok) if cocok else kosong


def versions(data: Data, program: str, ukuran: list[str]) -> pd.DataFrame:
    """Angka sebuah program menurut setiap tempat mencetaknya, misalnya ``versions(d, "kube", [...])``.

    Returns
    -------
    pandas.DataFrame
        Baris :func:`support` untuk ``ukuran`` itu, ditambah ``selisih`` terhadap nilai terbesar (int).

    Raises
    ------
    GalatParameter
        Program itu tidak punya angka demikian.
    """
    isi = support(data)
    frame = isi[(isi["program"] == program) & isi["ukuran"].isin(ukuran)].reset_index(drop=True)
    if frame.empty:
        raise GalatParameter(f"Program {program!r} tidak punya angka {', '.join(ukuran)} untuk {data.tahun}.")
    return frame.assign(selisih=(frame["nilai"] - frame["nilai"].max()).astype("Int64"))


def reach(data: Data) -> pd.DataFrame:
    """Penerima manfaat program SS 1: cacah keluarga atau orang yang dicetak di kotak, terbanyak lebih dulu.

    Returns
    -------
    pandas.DataFrame
        ``program``, ``ukuran``, ``nama``, ``nilai`` (int), ``satuan`` (``kpm``, ``orang``, atau ``keluarga``),
        ``keadaan``, ``bagian``, ``sumber``, ``id``.
    """
    isi = data["program_ss1"]
    frame = isi[(isi["tempat"] == "kotak") & isi["satuan"].isin(["kpm", "orang", "keluarga"])].copy()
    frame["nilai"] = frame["nilai"].astype("Int64")
    kolom = ["program", "ukuran", "nama", "nilai", "satuan", "keadaan", "bagian", "sumber", "id"]
    return frame[kolom].sort_values("nilai", ascending=False, kind="stable", ignore_index=True)


def program_shares(data: Data) -> pd.DataFrame:
    """Persen program yang dapat dihitung ulang dari cacahnya: Kartu Sembako dan NIB Prokus.

    Returns
    -------
    pandas.DataFrame
        ``program``, ``pembilang``, ``penyebut`` (int), ``persen`` (dihitung), ``tercetak`` (persen), ``keadaan``.
    """
    nilai = data["program_ss1"].drop_duplicates(["program", "ukuran"]).set_index(["program", "ukuran"])["nilai"]
    isi = [
        ("sembako", "kpm_terpenuhi", "target_kpm", "persen_terpenuhi"),
        ("prokus", "kpm_nib", "kpm_meningkat", "persen_nib"),
    ]
    baris = [
        (program, nilai[program, atas], nilai[program, bawah], nilai[program, cetak])
        for program, atas, bawah, cetak in isi
        if {(program, atas), (program, bawah), (program, cetak)} <= set(nilai.index)
    ]
    frame = pd.DataFrame(baris, columns=["program", "pembilang", "penyebut", "tercetak"])
    frame["persen"] = frame["pembilang"] / frame["penyebut"] * 100
    return frame.astype({"pembilang": "Int64", "penyebut": "Int64"}).assign(keadaan="diturunkan")


# Penduduk -------------------------------------------------------------------------------------------------------------


def poverty(data: Data) -> pd.DataFrame:
    """Penduduk miskin setengah tahunan menurut BPS.

    Returns
    -------
    pandas.DataFrame
        ``tahun``, ``bulan``, ``waktu`` (tahun pecahan untuk sumbu: Maret .25, September .75), ``jiwa`` (Int64),
        ``persen``, ``perubahan`` (jiwa terhadap setengah tahun sebelumnya, Int64), ``keadaan_jiwa``,
        ``keadaan_persen``, ``catatan`` (cara menurunkan, bila diturunkan).
    """
    isi = data["kemiskinan"].query("asal == 'bps'")
    kunci = ["tahun", "bulan"]
    nilai = isi.pivot(index=kunci, columns="ukuran", values="nilai")
    ada = isi.pivot(index=kunci, columns="ukuran", values="keadaan").add_prefix("keadaan_")
    catatan = isi.query("ukuran == 'jiwa'").set_index(kunci)["catatan"]
    frame = nilai.join(ada).join(catatan).sort_index().rename_axis(columns=None).reset_index()
    frame["jiwa"] = frame["jiwa"].astype("Int64")
    frame.insert(2, "waktu", frame["tahun"] + frame["bulan"] / 12)
    frame["perubahan"] = frame["jiwa"].diff()
    return frame


def ppks(data: Data) -> pd.DataFrame:
    """Populasi PPKS menurut kluster, terbanyak lebih dulu; baris terakhir jumlah yang dicetak.

    Returns
    -------
    pandas.DataFrame
        ``kluster``, ``nama``, ``jiwa`` (Int64), ``persen`` (terhadap jumlah tercetak), ``asal_data`` (sumber asal dalam
        laporan), ``keadaan``, ``jumlah`` (bool).
    """
    isi = data["ppks"][["kluster", "nama", "nilai", "keadaan", "catatan"]]
    frame = isi.rename(columns={"nilai": "jiwa"}).set_index("kluster")
    frame["persen"] = frame["jiwa"] / frame.at["jumlah", "jiwa"] * 100
    frame["asal_data"] = [x.split(";")[0] if ";" in x else "" for x in frame.pop("catatan")]
    frame["jiwa"] = frame["jiwa"].astype("Int64")
    frame["jumlah"] = frame.index == "jumlah"
    return frame.sort_values(["jumlah", "jiwa"], ascending=[True, False], kind="stable").reset_index()


TABEL = ("ikesos", "program_ss1", "kemiskinan")


def missing_charts(data: Data, tabel: Sequence[str] = TABEL) -> pd.DataFrame:
    """Angka dan grafik yang tidak ada di sumber, menurut tabel.

    Returns
    -------
    pandas.DataFrame
        ``id``, ``nama_tabel``, ``catatan``, ``bagian``, ``sumber``, ``satuan``, ``nilai`` (selalu NaN), ``keadaan``.
    """
    baris = [
        data[nama].query("keadaan == 'tidak_tersedia'").assign(nama_tabel=nama) for nama in tabel if data.has(nama)
    ]
    kolom = ["id", "nama_tabel", "catatan", "bagian", "sumber", "satuan", "nilai", "keadaan"]
    return pd.concat(baris, ignore_index=True)[kolom]
