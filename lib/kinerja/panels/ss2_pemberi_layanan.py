"""Bacaan, tabel siap saji, gambar, dan kendali notebook ``ss2_pemberi_layanan``.

Angka dari :mod:`kinerja.ips`, :mod:`kinerja.layanan`, dan :mod:`kinerja.capaian`.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from kinerja import capaian, fmt, ips, layanan, pendukung
from kinerja.data import Data
from kinerja.panels.istilah import name_codes, subject, term, translate

SASARAN = "SS2"
TABEL = ("ips", "sdm", "lks", "slrt")


# Tabel ----------------------------------------------------------------------------------------------------------------


def achievement_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.capaian.iku` untuk keempat IKU sasaran ini, dalam bahasa yang berlaku."""
    frame = capaian.iku(data).query("sasaran == @SASARAN").reset_index(drop=True)
    return translate(frame, "nama", "nama_pendek")


def printed_table(data: Data) -> pd.DataFrame:
    """Setiap versi tercetak realisasi dan capaian keempat IKU; selisih 0 bila sama pada desimal tercetaknya."""
    nama = _names(data)
    frame = capaian.printed_versions(data)
    ukuran = ["realisasi", "capaian", "capaian_akhir"]
    frame = frame[frame["kode"].isin(nama.index) & frame["ukuran"].isin(ukuran)].reset_index(drop=True)
    frame["nama_pendek"] = frame["kode"].map(nama)
    return translate(name_codes(frame, "ukuran", "tempat"), "nama_pendek")


def distance_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.capaian.distance` keempat IKU; ``satuan_jarak`` poin persen bila indikatornya persen."""
    frame = capaian.distance(data)
    frame = frame[frame["kode"].isin(_names(data).index)].reset_index(drop=True)
    frame["satuan_jarak"] = ["poin_persen" if x == "persen" else "poin" for x in frame["satuan"]]
    frame["desimal_target"] = [_target_decimals(x) for x in frame["satuan"]]
    return translate(frame, "nama_pendek")


def path_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.capaian.trajectory` keempat IKU, satu baris per IKU dan tahun."""
    panjang = capaian.trajectory(data)
    panjang = panjang[panjang["kode"].isin(_names(data).index)]
    kunci = ["kode", "nama_pendek", "satuan", "tahun"]
    lebar = panjang.pivot(index=kunci, columns="ukuran", values="nilai").reset_index().rename_axis(columns=None)
    keadaan = panjang.query("ukuran == 'realisasi'").set_index("kode")["keadaan"]
    desimal = data["iku"].set_index("kode")["desimal"]
    lebar["keadaan_realisasi"] = lebar["kode"].map(keadaan)
    lebar["desimal"] = lebar["kode"].map(desimal)
    lebar["desimal_target"] = [_target_decimals(x) for x in lebar["satuan"]]
    return translate(lebar, "nama_pendek")


def _target_decimals(satuan: str) -> int:
    return 3 if satuan == "indeks" else 0


def _names(data: Data) -> pd.Series:
    return data["iku"].query("sasaran == @SASARAN").set_index("kode")["nama_pendek"]


def class_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.ips.bands`; ``di_sini`` menandai kelas nilai tahun ini."""
    frame = ips.bands(data)
    return translate(frame.assign(di_sini=frame["nilai"].notna()), "nama")


def component_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.ips.components` dengan sebutan dan nilai teks yang terbaca."""
    return translate(name_codes(ips.components(data), "ukuran"), "teks")


def instrument_table(data: Data) -> pd.DataFrame:
    """Alat ukur IPS menurut pemberi layanan, dalam bahasa yang berlaku."""
    return translate(data["ips_alat_ukur"], "psks", "komponen", "alat_ukur")


def version_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.layanan.sdm_versions` dengan tempat yang terbaca."""
    return name_codes(layanan.sdm_versions(data), "versi")


def certified_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.layanan.sdm_series` sejak tahun pertama grafik laporan yang hilang (tiga tahun sebelumnya)."""
    return layanan.sdm_series(data, data.tahun - 3)


def slrt_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.layanan.slrt_facts` dengan sebutan yang terbaca."""
    return translate(name_codes(layanan.slrt_facts(data), "ukuran"), "catatan")


def missing_table(data: Data) -> pd.DataFrame:
    """Angka dan grafik SS 2 yang tidak ada di sumber, dengan ``hal`` yang terbaca."""
    frame = pendukung.missing_charts(data, TABEL)
    return translate(frame.assign(hal=[subject(x) for x in frame["id"]]), "catatan")


def what_if_table(data: Data, kode: str, peserta: int, kelulusan: float, versi: str) -> pd.DataFrame:
    """:func:`kinerja.layanan.what_if` dengan ``satuan`` cacahnya."""
    frame = layanan.what_if(data, kode, peserta=peserta, persen_lulus=kelulusan, versi=versi)
    return frame.assign(satuan="orang" if kode == layanan.IKU_SDM else "lembaga")


# Bacaan ---------------------------------------------------------------------------------------------------------------


def reading(data: Data) -> dict[str, Any]:
    """Angka jadi (teks berformat) untuk bacaan, catatan, judul, dan teks alternatif notebook ini."""
    return {**_achievement(data), **_ips(data), **_sdm(data), **_lks(data), **_slrt(data), **_gaps(data)}


def _achievement(data: Data) -> dict[str, Any]:
    frame, cetak = achievement_table(data), printed_table(data)
    ss = capaian.sasaran(data).set_index("kode").at[SASARAN, "capaian"]
    terendah = frame.loc[frame["capaian"].idxmin()]
    return {
        "capaian_ss": fmt.persen(ss),
        "iku_terendah": f"{terendah['nama_pendek']}, {fmt.persen(terendah['capaian'])}",
        "butir_capaian": _items((x.nama_pendek, fmt.persen(x.capaian)) for x in frame.itertuples()),
        "n_versi": fmt.angka(int((cetak["verdik"] != "tidak_dihitung").sum())),
        "n_beda": fmt.angka(int((cetak["verdik"] == "beda").sum())),
        "capaian_slrt": fmt.persen(frame.set_index("kode").at["IKU5", "capaian"]),
    }


def _ips(data: Data) -> dict[str, Any]:
    kelas = class_table(data)
    kini = kelas[kelas["di_sini"]].iloc[0]
    nilai = data.nilai("ips/nilai")
    return {
        "nilai_ips": fmt.angka(nilai, 3),
        "kelas_ips": kini["kode"],
        "sebutan_ips": kini["nama"].lower(),
        "kategori_tercetak": term(data.teks("ips/kategori")),
        "jarak_bawah": fmt.angka(nilai - kini["bawah"], 4),
        "bobot": fmt.angka(data.nilai("ips/bobot_dos"), 1),
        "jumlah_tersirat": fmt.angka(ips.implied_sum(data), 3),
        "responden": fmt.angka(data.nilai("ips/responden")),
        "provinsi_ips": fmt.angka(data.nilai("ips/provinsi")),
        "butir_ips": _items((x.kode, f"{fmt.angka(x.bawah, 4)}–{fmt.angka(x.atas, 4)}") for x in kelas.itertuples()),
    }


def _sdm(data: Data) -> dict[str, Any]:
    uji, populasi = translate(layanan.sdm_exams(data), "nama"), translate(layanan.sdm_population(data), "nama")
    versi, tren = layanan.sdm_versions(data), layanan.sdm_series(data)
    jenis, semua = uji[~uji["jumlah"]], uji[uji["jumlah"]].iloc[0]
    banyak, dipakai = populasi.iloc[0], versi[versi["dipakai"]].iloc[0]
    terendah = jenis.loc[jenis["persen_lulus"].idxmin()]
    return {
        "jenis_terbanyak": banyak["nama"],
        "pangsa_terbanyak": fmt.persen(banyak["pangsa"]),
        "diuji_terbanyak": fmt.persen(uji.set_index("jenis").at[banyak["jenis"], "diuji"]),
        "butir_populasi": _items((x.nama, fmt.angka(x.populasi)) for x in populasi.itertuples()),
        "kelulusan_semua": fmt.persen(semua["persen_lulus"]),
        "kelulusan_hadir": fmt.persen(semua["persen_lulus_hadir"]),
        "peserta_uji": fmt.angka(semua["peserta"]),
        "jenis_lulus_terendah": terendah["nama"],
        "lulus_terendah": fmt.persen(terendah["persen_lulus"]),
        "butir_lulus": _items((x.nama, fmt.persen(x.persen_lulus)) for x in jenis.itertuples()),
        "butir_uji": _items((x.nama, _outcome(x)) for x in uji.itertuples()),
        "uji_beda": _misprints(jenis),
        "tersertifikasi": fmt.angka(int(dipakai["tersertifikasi"])),
        "populasi_sdm": fmt.angka(int(dipakai["populasi"])),
        "persen_sdm": fmt.persen(dipakai["persen"]),
        "naik_sdm": fmt.selisih(tren["persen"].iloc[-1] - tren["persen"].iloc[-2], 2),
        "tahun_lalu": data.tahun - 1,
        "butir_sdm_tren": _items((str(x.tahun), fmt.persen(x.persen)) for x in tren.itertuples()),
        **_printed_achievements(data, versi),
    }


def _outcome(x: Any) -> str:
    kata = {
        "id": f"lulus {fmt.persen(x.persen_lulus)}, tidak lulus {fmt.persen(x.persen_tidak_lulus)}, "
        f"tidak hadir {fmt.persen(x.persen_tidak_hadir)}",
        "en": f"passed {fmt.persen(x.persen_lulus)}, failed {fmt.persen(x.persen_tidak_lulus)}, "
        f"absent {fmt.persen(x.persen_tidak_hadir)}",
    }
    return fmt.pick(kata)


def _misprints(jenis: pd.DataFrame) -> str:
    """Persen uji tercetak yang tidak sama dengan hitungan pada desimal tercetaknya."""
    sebutan = {
        "lulus": {"id": "lulus", "en": "passed"},
        "tidak_lulus": {"id": "tidak lulus", "en": "failed"},
        "tidak_hadir": {"id": "tidak hadir", "en": "absent"},
        "proporsi": {"id": "bagian peserta", "en": "share of participants"},
    }
    beda = []
    for x in jenis.itertuples():
        for kunci, nama in sebutan.items():
            hitung = x.proporsi_peserta if kunci == "proporsi" else getattr(x, f"persen_{kunci}")
            cetak = getattr(x, f"tercetak_{kunci}")
            desimal = _printed_decimals(cetak)
            if not pd.isna(cetak) and fmt.round_half_up(float(hitung), desimal) != cetak:
                tulisan, ulang = fmt.persen(cetak, desimal), fmt.persen(hitung, desimal)
                arti = {"id": f"dicetak {tulisan}, hitungan {ulang}", "en": f"printed {tulisan}, recomputed {ulang}"}
                beda.append(f"{x.nama}, {fmt.pick(nama)} ({fmt.pick(arti)})")
    return "; ".join(beda) or fmt.pick({"id": "tidak ada", "en": "none"})


def _printed_decimals(nilai: float) -> int:
    return 0 if pd.isna(nilai) else len(repr(float(nilai)).rstrip("0").partition(".")[2])


def _printed_achievements(data: Data, versi: pd.DataFrame) -> dict[str, str]:
    """Capaian SDM yang dicetak, dan yang bukan hasil salah satu versi populasi pada desimal tercetaknya."""
    cetak = capaian.printed_versions(data).query("kode == @layanan.IKU_SDM and ukuran == 'capaian'")
    pasangan = list(dict.fromkeys(zip(cetak["tercetak"], cetak["desimal"], strict=True)))
    asing = [
        (nilai, n) for nilai, n in pasangan if nilai not in {fmt.round_half_up(float(x), n) for x in versi["capaian"]}
    ]
    tidak_ada = fmt.pick({"id": "tidak ada", "en": "none"})
    return {
        "capaian_sdm_tercetak": ", ".join(fmt.persen(x, n) for x, n in pasangan),
        "capaian_sdm_asing": ", ".join(fmt.persen(x, n) for x, n in asing) or tidak_ada,
    }


def _lks(data: Data) -> dict[str, Any]:
    hasil, tren = layanan.lks_results(data).set_index("hasil"), layanan.lks_series(data)
    sasaran, kini = layanan.lks_target(data).set_index("hal")["dihitung"], tren.iloc[-1]
    nilai = hasil.loc[list(layanan.NILAI_AKREDITASI), "lembaga"]
    sebutan = {x: x.removeprefix("nilai_").upper() for x in layanan.NILAI_AKREDITASI}
    tta = {"id": "TTA", "en": "not accredited"}
    butir = [(nama, fmt.angka(hasil.at[kode, "lembaga"])) for kode, nama in sebutan.items()]
    berubah = tren.loc[tren["populasi_berubah"], "tahun"]
    return {
        "lks_peserta": fmt.angka(hasil.at["peserta", "lembaga"]),
        "lks_lulus": fmt.angka(hasil.at["terakreditasi", "lembaga"]),
        "lks_terbanyak": sebutan[nilai.idxmax()],
        "butir_lks": _items([*butir, (fmt.pick(tta), fmt.angka(hasil.at["tidak_terakreditasi", "lembaga"]))]),
        "lks_kumulatif": fmt.angka(kini["terakreditasi_kumulatif"]),
        "lks_populasi": fmt.angka(kini["populasi"]),
        "persen_lks": fmt.persen(kini["persen"]),
        "persen_ab": fmt.persen(kini["persen_a_b"]),
        "lks_sasaran": fmt.angka(sasaran["sasaran_kumulatif"]),
        "lks_kekurangan": fmt.angka(sasaran["kekurangan"]),
        "tahun_populasi_berubah": ", ".join(str(x) for x in berubah) or "–",
        "butir_lks_tren": _items((str(x.tahun), _shares(x)) for x in tren.itertuples()),
    }


def _shares(x: Any) -> str:
    return f"{fmt.persen(x.persen)}, {fmt.persen(x.persen_terakreditasi)}, {fmt.persen(x.persen_a_b)}"


def _slrt(data: Data) -> dict[str, Any]:
    tren = layanan.slrt_series(data)
    kini, angka = tren.iloc[-1], layanan.slrt_facts(data).set_index("ukuran")["nilai"]
    jarak = capaian.distance(data, "IKU5").iloc[0]
    kabkota = layanan.count_for(int(kini["total"]), jarak["target_akhir"]) - int(kini["kabkota"])
    return {
        "slrt_kini": fmt.angka(kini["kabkota"]),
        "kabkota_total": fmt.angka(int(kini["total"])),
        "slrt_tambahan": fmt.angka(kini["tambahan"]),
        "persen_slrt": fmt.persen(kini["persen"]),
        "slrt_semula": fmt.persen(angka.get("target_semula")),
        "slrt_revisi": fmt.persen(angka.get("target_revisi")),
        "slrt_akhir": fmt.persen(jarak["target_akhir"], 0),
        "slrt_laju": fmt.angka(kabkota / jarak["sisa_tahun"]) if jarak["sisa_tahun"] else fmt.HILANG,
        "butir_slrt": _items((str(x.tahun), fmt.angka(x.kabkota)) for x in tren.itertuples()),
    }


def _gaps(data: Data) -> dict[str, Any]:
    jarak = distance_table(data)
    laju = [
        (x.nama_pendek, fmt.nilai(x.laju_perlu, x.satuan_jarak, 3 if x.satuan == "indeks" else 1))
        for x in jarak.itertuples()
    ]
    butir = [
        (x.nama_pendek, f"{fmt.nilai(x.realisasi, x.satuan, x.desimal)} → {fmt.nilai(x.target_akhir, x.satuan)}")
        for x in jarak.itertuples()
    ]
    return {
        "tahun_akhir": int(jarak["tahun_akhir"].max()),
        "butir_laju": _items(laju),
        "butir_jarak": _items(butir),
    }


def what_if_words(data: Data, kode: str, peserta: int, kelulusan: float, versi: str) -> dict[str, str]:
    """Nama, masukan, dan jawaban sebuah andaian sebagai kalimat.

    Raises
    ------
    GalatParameter
        Seperti :func:`kinerja.layanan.what_if`.
    """
    perlu = layanan.required(data, kode, peserta=peserta, persen_lulus=kelulusan, versi=versi).set_index("hal")["nilai"]
    awal = layanan.start(data, kode, versi)
    peserta, kelulusan = peserta or awal["peserta"], kelulusan or awal["persen_lulus"]
    isi = {
        "nama_andai": term(_names(data)[kode]),
        "peserta_andai": fmt.angka(peserta),
        "kelulusan_andai": fmt.persen(kelulusan),
    }
    return {**isi, "kalimat_andai": _answer(data, isi, perlu)}


def _answer(data: Data, isi: dict[str, str], perlu: pd.Series) -> str:
    akhir, tiba = data.tahun + int(perlu["sisa_tahun"]), perlu["tahun_tercapai"]
    target = fmt.persen(perlu["target_akhir"], 0)
    sampai = {
        "id": f"target {akhir} ({target}) " + (f"tercapai pada {int(tiba)}" if tiba == tiba else "tidak tercapai"),
        "en": f"the {akhir} target ({target}) is " + (f"reached in {int(tiba)}" if tiba == tiba else "not reached"),
    }
    lulus = fmt.persen(perlu["kelulusan_perlu"])
    mungkin = perlu["kelulusan_perlu"] <= 100
    syarat = {
        "id": f"atau kelulusan {lulus} dengan peserta sebanyak itu"
        if mungkin
        else "sedangkan peserta sebanyak itu tidak cukup walau semuanya lulus",
        "en": f"or a pass rate of {lulus} with that many participants"
        if mungkin
        else "while that many participants are too few even if all pass",
    }
    kalimat = {
        "id": f"Dengan {isi['peserta_andai']} peserta per tahun dan kelulusan {isi['kelulusan_andai']}, "
        f"{fmt.pick(sampai)}. Supaya tepat waktu perlu paling sedikit {fmt.angka(perlu['peserta_perlu'])} peserta per "
        f"tahun pada kelulusan itu, {fmt.pick(syarat)}.",
        "en": f"With {isi['peserta_andai']} participants a year and a pass rate of {isi['kelulusan_andai']}, "
        f"{fmt.pick(sampai)}. Being on time takes at least {fmt.angka(perlu['peserta_perlu'])} participants a year at "
        f"that pass rate, {fmt.pick(syarat)}.",
    }
    return fmt.pick(kalimat)


def _items(pasangan: Any) -> str:
    return "; ".join(f"{nama} {isi}" for nama, isi in pasangan)
