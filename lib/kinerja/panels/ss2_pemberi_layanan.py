"""Bacaan, tabel siap saji, gambar, dan kendali notebook ``ss2_pemberi_layanan``.

Angka dari :mod:`kinerja.ips`, :mod:`kinerja.layanan`, dan :mod:`kinerja.capaian`.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import ipywidgets as widgets
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from kinerja import capaian, figures, fmt, ips, layanan, pendukung
from kinerja.buku import Buku
from kinerja.data import Data
from kinerja.explore import Hasil, Panel
from kinerja.figures import WARNA
from kinerja.figures.rupa import ink, marker_style
from kinerja.istilah import code_name, name_codes, subject, term, translate
from kinerja.keluaran import to_png

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
    frame["keadaan_realisasi"] = frame["kode"].map(capaian.iku(data).set_index("kode")["keadaan_realisasi"])
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
    """:func:`kinerja.ips.bands`; ``di_sini`` menandai kelas nilai tahun ini, ``letak`` menuliskan nilainya di sana."""
    frame = ips.bands(data)
    letak = [f"IPS {fmt.angka(x, 3)}" if x == x else "" for x in frame["nilai"]]
    return translate(frame.assign(di_sini=frame["nilai"].notna(), letak=letak), "nama")


def component_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.ips.components` dengan sebutan dan nilai teks yang terbaca."""
    return translate(name_codes(ips.components(data), "ukuran"), "teks")


def instrument_table(data: Data) -> pd.DataFrame:
    """Alat ukur IPS menurut pemberi layanan, dalam bahasa yang berlaku."""
    return translate(data["ips_alat_ukur"], "psks", "komponen", "alat_ukur")


def population_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.layanan.sdm_population` dalam bahasa yang berlaku."""
    return translate(layanan.sdm_population(data), "nama")


def exam_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.layanan.sdm_exams` dalam bahasa yang berlaku."""
    return translate(layanan.sdm_exams(data), "nama")


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


def required_table(data: Data, kode: str, peserta: int, kelulusan: float, versi: str) -> pd.DataFrame:
    """:func:`kinerja.layanan.required` dengan urutan masukan yang sama seperti :func:`what_if_table`."""
    frame = layanan.required(data, kode, peserta=peserta, persen_lulus=kelulusan, versi=versi)
    # sebuah tahun bukan "2021 tahun": ditulis sebagai teks
    frame["teks"] = [
        f"{x:.0f}" if hal == "tahun_tercapai" and x == x else ""
        for hal, x in zip(frame["hal"], frame["nilai"], strict=True)
    ]
    tahun = frame["hal"] == "tahun_tercapai"
    return frame.assign(nilai=frame["nilai"].mask(tahun), satuan=frame["satuan"].mask(tahun, "teks"))


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
        (x.nama_pendek, fmt.nilai(x.laju_perlu, x.satuan_jarak, 3 if x.satuan == "indeks" else 1, kata=True))
        for x in jarak.itertuples()
    ]
    butir = [
        (x.nama_pendek, f"{fmt.nilai(x.realisasi, x.satuan, x.desimal)} → {fmt.nilai(x.target_akhir, x.satuan)}")
        for x in jarak.itertuples()
    ]
    jalur = path_table(data).groupby("nama_pendek", sort=False)["target_renstra"]
    tetap = [nama for nama, isi in jalur if isi.nunique() == 1 and len(isi) > 1]
    cetak = data["iku_tercetak"].query("ukuran == 'target_akhir' and catatan != ''")
    nama = _names(data)
    asing = [(f"{term(nama[x.kode])}:", term(x.catatan)) for x in cetak.itertuples() if x.kode in nama]
    tidak_ada = fmt.pick({"id": "tidak ada", "en": "none"})
    return {
        "iku_tetap": ", ".join(tetap) or tidak_ada,
        "catatan_akhir": _items(asing) or tidak_ada,
        "tahun_akhir": int(jarak["tahun_akhir"].max()),
        "n_iku": fmt.angka(len(jarak)),
        "n_kurang": fmt.angka(int((jarak["jarak"] > 0).sum())),
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


# Gambar ---------------------------------------------------------------------------------------------------------------


def achievement_figure(data: Data) -> Figure:
    """Capaian keempat IKU terhadap 100 persen."""
    frame = achievement_table(data)
    fig, ax = figures.canvas(size="pendek")
    figures.bullet(
        frame, "nama_pendek", "capaian", ax=ax, batas=capaian.cap(data), golongan="golongan", keadaan="keadaan"
    )
    return fig


def gap_figure(data: Data) -> Figure:
    """Satu panel per IKU: target Renstra, realisasi tahun ini, dan laju yang diperlukan ke target akhir."""
    frame = path_table(data)
    laju = distance_table(data).set_index("kode")
    fig, sumbu = figures.canvas(2, 2, size="tinggi", sharex=True)
    figures.small_multiples(sumbu, frame, "nama_pendek", partial(_gap_panel, laju=laju))
    renstra = {"id": "Target Renstra", "en": "Strategic plan target"}
    perlu = {"id": "Realisasi dan laju yang diperlukan", "en": "Result and the pace it takes"}
    unsur = [
        Line2D([], [], color=WARNA["target"], linestyle=(0, (4, 2)), marker="o", label=fmt.pick(renstra)),
        Line2D([], [], color=WARNA["realisasi"], linestyle=":", marker="o", label=fmt.pick(perlu)),
    ]
    sumbu[0, 0].legend(handles=unsur, loc="upper left", fontsize=8)
    return fig


def _gap_panel(isi: pd.DataFrame, ax: Axes, *, laju: pd.DataFrame) -> None:
    satuan, kode = isi["satuan"].iloc[0], isi["kode"].iloc[0]
    target = isi[["tahun", "target_renstra"]].assign(deret="renstra")
    desimal = int(isi["desimal_target"].iloc[0])
    figures.line(
        target, "tahun", "target_renstra", ax=ax, grup="deret", satuan=satuan, desimal=desimal,
        warna=WARNA["target"], putus=("renstra",),
    )  # fmt: skip
    label_pertama = ax.texts[0]
    ax.texts[-1].remove()  # nama deret sudah ada di legenda bersama
    kini = isi.dropna(subset=["realisasi"])
    baris = laju.loc[kode]
    if kini.empty or fmt.is_missing(baris["realisasi"]):
        return
    tahun = int(kini["tahun"].iloc[0])
    gaya = {"color": WARNA["realisasi"], "zorder": 4}
    huruf = {"color": ink(WARNA["realisasi"]), "fontweight": "bold"}
    ax.plot([tahun, baris["tahun_akhir"]], [baris["realisasi"], baris["target_akhir"]], linestyle=":", **gaya)
    ax.scatter(
        [tahun], [baris["realisasi"]], s=40, **marker_style(kini["keadaan_realisasi"].iloc[0], gaya["color"]), zorder=5
    )
    if baris["realisasi"] > isi.set_index("tahun")["target_renstra"].get(tahun, np.inf):
        label_pertama.xyann = (0, -7)  # memberi tempat bagi realisasi yang sudah di atas target
        label_pertama.set(va="top", ha="center")
    ax.text(0.98, 0.03, _gap_words(baris), transform=ax.transAxes, ha="right", va="bottom", fontsize=8, **huruf)
    semua = [*isi["target_renstra"].dropna(), baris["realisasi"]]
    rentang = (max(semua) - min(semua)) or 1.0
    ax.set_ylim(min(semua) - 0.32 * rentang, max(semua) + 0.2 * rentang)


def _gap_words(baris: pd.Series) -> str:
    """Realisasi dan laju yang diperlukan, dua baris."""
    angka = fmt.nilai(baris["realisasi"], baris["satuan"], int(baris["desimal"]))
    laju = fmt.nilai(baris["laju_perlu"], baris["satuan_jarak"], int(baris["desimal"]), kata=True, plus=True)
    kata = {"id": f"realisasi {angka}\nperlu {laju} per tahun", "en": f"result {angka}\nneeds {laju} a year"}
    return fmt.pick(kata)


def class_figure(data: Data) -> Figure:
    """Nilai IPS pada pita kelas A sampai E, dan di bawahnya letaknya terhadap batas kelas dan target."""
    kelas = class_table(data).sort_values("bawah", ignore_index=True)
    fig, (atas, bawah) = figures.canvas(2, 1, size=(8.0, 4.0), height_ratios=[1.3, 1])
    _class_bands(atas, kelas, data.nilai("ips/nilai"))
    _class_zoom(bawah, _class_marks(data, kelas))
    return fig


def _class_bands(ax: Axes, kelas: pd.DataFrame, nilai: float | None) -> None:
    batas = [*kelas["bawah"], kelas["atas"].iloc[-1]]
    for n, x in enumerate(kelas.itertuples()):
        pita = WARNA["sorot"] if x.di_sini else WARNA["pucat"]
        ax.add_patch(
            Rectangle((batas[n], 0), batas[n + 1] - batas[n], 1, facecolor=pita, edgecolor="white", linewidth=2)
        )
        ax.text((batas[n] + batas[n + 1]) / 2, 0.22, f"{x.kode}\n{x.nama}", ha="center", va="center", fontsize=9)
    if nilai is not None:
        ax.plot([nilai], [0.56], marker="v", markersize=10, color=WARNA["realisasi"], zorder=5)
        ax.annotate(
            f"IPS {fmt.angka(nilai, 3)}", (nilai, 0.56), xytext=(0, 9), textcoords="offset points", ha="center",
            va="bottom", fontsize=9.5, fontweight="bold", color=ink(WARNA["realisasi"]),
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )  # fmt: skip
    ax.set(xlim=(batas[0], batas[-1]), ylim=(0, 1.02), yticks=[])
    ax.set_xticks(batas, [fmt.angka(x, 4) for x in batas], fontsize=8)
    ax.grid(visible=False)
    ax.spines["left"].set_visible(False)


def _class_marks(data: Data, kelas: pd.DataFrame) -> pd.DataFrame:
    """Nilai, batas bawah kelasnya, dan kedua target, terurut menaik: ``nama``, ``nilai``, ``desimal``, ``jenis``."""
    jalur = path_table(data).query("kode == 'IKU2'").dropna(subset=["target_renstra"])
    kini, akhir = jalur[jalur["tahun"] == data.tahun], jalur.iloc[-1]
    kata = {
        "batas": {"id": "Batas bawah kelas", "en": "Lower bound of class"},
        "target": {"id": "Target", "en": "Target"},
    }
    isi = [(f"{fmt.pick(kata['target'])} {akhir['tahun']}", akhir["target_renstra"], 3, "target")]
    isi += [(f"{fmt.pick(kata['target'])} {x.tahun}", x.target_renstra, 3, "target") for x in kini.itertuples()]
    isi += [(f"{fmt.pick(kata['batas'])} {x.kode}", x.bawah, 4, "batas") for x in kelas.itertuples() if x.di_sini]
    isi += [("IPS", x, 3, "realisasi") for x in [data.nilai("ips/nilai")] if x is not None]
    frame = pd.DataFrame(isi, columns=["nama", "nilai", "desimal", "jenis"])
    return frame.drop_duplicates("nama").sort_values("nilai", ignore_index=True)


def _class_zoom(ax: Axes, titik: pd.DataFrame) -> None:
    """Garis bilangan di sekitar nilai; label berselang-seling atas dan bawah supaya tidak bertumpuk."""
    gaya = {
        "target": {"marker": "D", "color": WARNA["target"], "markersize": 7},
        "batas": {"marker": "|", "color": WARNA["netral"], "markersize": 18, "markeredgewidth": 2},
        "realisasi": {"marker": "o", "color": WARNA["realisasi"], "markersize": 10},
    }
    ax.axhline(0, color=WARNA["garis"], linewidth=1.5, zorder=1)
    for n, x in enumerate(titik.itertuples()):
        ax.plot([x.nilai], [0], linestyle="", zorder=3, **gaya[x.jenis])
        naik = n % 2 == 0
        ax.annotate(
            f"{x.nama}\n{fmt.angka(x.nilai, x.desimal)}", (x.nilai, 0), xytext=(0, 13 if naik else -13),
            textcoords="offset points", ha="center", va="bottom" if naik else "top", fontsize=8.5,
            color=ink(gaya[x.jenis]["color"]), fontweight="bold" if x.jenis == "realisasi" else "normal",
        )  # fmt: skip
    tepi = 0.14 * ((titik["nilai"].max() - titik["nilai"].min()) or 0.01)
    ax.set(xlim=(titik["nilai"].min() - tepi, titik["nilai"].max() + tepi), ylim=(-1, 1), yticks=[])
    ax.xaxis.set_major_formatter(fmt.axis_formatter("indeks"))
    ax.grid(visible=False)
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(fmt.satuan("indeks"))


def population_figure(data: Data) -> Figure:
    """Populasi, peserta uji, dan yang lulus menurut jenis SDM."""
    uji = translate(layanan.sdm_exams(data).query("not jumlah"), "nama").sort_values("populasi", ascending=False)
    nama = {
        "populasi": fmt.pick({"id": "Populasi", "en": "Population"}),
        "peserta": fmt.pick({"id": "Peserta uji", "en": "Exam participants"}),
        "lulus": fmt.pick({"id": "Lulus", "en": "Passed"}),
    }
    panjang = uji.melt("nama", list(nama), var_name="ukuran", value_name="orang")
    panjang["ukuran"] = panjang["ukuran"].map(nama)
    warna = dict(zip(nama.values(), (WARNA["pucat"], WARNA["netral"], WARNA["realisasi"]), strict=True))
    fig, ax = figures.canvas()
    figures.bars(panjang, "nama", "orang", ax=ax, grup="ukuran", satuan="orang", warna=warna)
    return fig


def exam_figure(data: Data) -> Figure:
    """Hasil uji menurut jenis SDM dalam persen peserta; jenis dengan kelulusan tertinggi di atas, semua di bawah."""
    nama = {
        "lulus": fmt.pick({"id": "Lulus", "en": "Passed"}),
        "tidak_lulus": fmt.pick({"id": "Tidak lulus", "en": "Failed"}),
        "tidak_hadir": fmt.pick({"id": "Tidak hadir", "en": "Absent"}),
    }
    uji = layanan.sdm_exams(data)
    urut = {x.jenis: (x.jumlah, -x.persen_lulus) for x in uji.itertuples()}
    frame = translate(layanan.sdm_outcomes(data), "nama")
    frame["urut"] = frame["jenis"].map(urut)
    frame = frame.sort_values("urut", kind="stable").assign(hasil=lambda x: x["hasil"].map(nama))
    warna = dict(zip(nama.values(), (WARNA["realisasi"], WARNA["di_bawah"], WARNA["pucat"]), strict=True))
    fig, ax = figures.canvas()
    figures.stacked(frame, "nama", "hasil", "orang", ax=ax, satuan="orang", persen=True, warna=warna)
    return fig


def certified_figure(data: Data) -> Figure:
    """Bagian SDM bersertifikat menurut tahun dan target Renstra."""
    bagian = fmt.pick({"id": "SDM bersertifikat", "en": "Certified staff"})
    renstra = fmt.pick({"id": "Target Renstra", "en": "Strategic plan target"})
    tren = certified_table(data)[["tahun", "persen", "keadaan_persen"]].rename(columns={"keadaan_persen": "keadaan"})
    target = path_table(data).query("kode == @layanan.IKU_SDM")[["tahun", "target_renstra"]]
    target = target.rename(columns={"target_renstra": "persen"}).assign(keadaan="dikutip", deret=renstra)
    fig, ax = figures.canvas()
    figures.line(
        pd.concat([tren.assign(deret=bagian), target]), "tahun", "persen", ax=ax, grup="deret", satuan="persen",
        keadaan="keadaan", putus=(renstra,), warna={bagian: WARNA["realisasi"], renstra: WARNA["target"]}, nol=True,
        label_titik=(bagian,),
    )  # fmt: skip
    return fig


def result_figure(data: Data) -> Figure:
    """Hasil akreditasi LKS: lembaga, dengan bagiannya dari peserta."""
    frame = layanan.lks_results(data).query("not jumlah").reset_index(drop=True)
    tta = fmt.pick({"id": "Tidak terakreditasi (TTA)", "en": "Not accredited (TTA)"})
    nilai = fmt.pick({"id": "Nilai", "en": "Grade"})
    frame["nama"] = [
        f"{nilai} {x.removeprefix('nilai_').upper()}" if x in layanan.NILAI_AKREDITASI else tta for x in frame["hasil"]
    ]
    frame["label"] = [f"{fmt.angka(x.lembaga)} ({fmt.persen(x.persen_peserta)})" for x in frame.itertuples()]
    warna = {x: WARNA["netral"] if x == tta else WARNA["realisasi"] for x in frame["nama"]}
    fig, ax = figures.canvas(size="pendek")
    figures.bars(frame, "nama", "lembaga", ax=ax, satuan="lembaga", warna=warna, label="label")
    ax.set_xlim(right=float(frame["lembaga"].max()) * 1.22)
    return fig


def accredited_figure(data: Data) -> Figure:
    """Tiga ukuran LKS menurut tahun; garis tegak di antara dua populasi yang berbeda."""
    frame = layanan.lks_series(data)
    deret = {
        ("persen_terakreditasi", "keadaan_terakreditasi"): {"id": "Kelulusan tahun itu", "en": "Pass rate that year"},
        ("persen_a_b", "keadaan_a_b"): {"id": "Bernilai A atau B", "en": "Graded A or B"},
        ("persen", "keadaan_persen"): {"id": "Bagian populasi terakreditasi", "en": "Share of population accredited"},
    }
    bagian = [
        frame[["tahun", nilai, keadaan]].set_axis(["tahun", "nilai", "keadaan"], axis=1).assign(deret=fmt.pick(nama))
        for (nilai, keadaan), nama in deret.items()
    ]
    fig, ax = figures.canvas(size="sedang")
    figures.line(
        pd.concat(bagian), "tahun", "nilai", ax=ax, grup="deret", satuan="persen", keadaan="keadaan", nol=True
    )  # fmt: skip
    ax.set_ylim(0, 100)
    for n in frame.index[frame["populasi_berubah"]]:
        tahun, lalu, kini = frame.at[n, "tahun"] - 0.5, frame.at[n - 1, "populasi"], frame.at[n, "populasi"]
        ax.axvline(tahun, ymin=0.14, color=WARNA["netral"], linewidth=1.2, linestyle=(0, (4, 2)))
        kata = fmt.pick({"id": "populasi", "en": "population"})
        ax.text(
            tahun - 0.04, 97, f"{kata}\n{fmt.angka(lalu)} → {fmt.angka(kini)}", ha="right", va="top", fontsize=8,
            color=WARNA["netral"],
        )  # fmt: skip
    return fig


def slrt_figure(data: Data) -> Figure:
    """Kabupaten/kota ber-SLRT menurut tahun, dengan bagiannya dari seluruh kabupaten/kota."""
    frame = layanan.slrt_series(data)
    frame["label"] = [f"{fmt.angka(x.kabkota)}\n{fmt.persen(x.persen, 1)}" for x in frame.itertuples()]
    frame["kabkota"] = frame["kabkota"].astype(float)
    fig, ax = figures.canvas()
    figures.bars(
        frame.assign(tahun=frame["tahun"].astype(str)), "tahun", "kabkota", ax=ax, satuan="kabkota", orient="v",
        keadaan="keadaan", warna=WARNA["realisasi"], label="label",
    )  # fmt: skip
    ax.set_ylim(top=float(frame["kabkota"].max()) * 1.22)
    return fig


def what_if_figure(data: Data, kode: str, peserta: int, kelulusan: float, versi: str) -> Figure:
    """Jalan andaian terhadap target Renstra."""
    frame = layanan.what_if(data, kode, peserta=peserta, persen_lulus=kelulusan, versi=versi)
    andaian = fmt.pick({"id": "Andaian", "en": "What if"})
    renstra = fmt.pick({"id": "Target Renstra", "en": "Strategic plan target"})
    panjang = pd.concat(
        [
            frame[["tahun", "persen"]].assign(deret=andaian, keadaan="diturunkan"),
            frame[["tahun", "target"]].set_axis(["tahun", "persen"], axis=1).assign(deret=renstra, keadaan="dikutip"),
        ]
    )
    fig, ax = figures.canvas()
    figures.line(
        panjang, "tahun", "persen", ax=ax, grup="deret", satuan="persen", keadaan="keadaan", putus=(renstra,), nol=True,
        warna={andaian: WARNA["realisasi"], renstra: WARNA["target"]}, label_titik=(andaian,),
    )  # fmt: skip
    return fig


# Kendali --------------------------------------------------------------------------------------------------------------


def explore_what_if(buku: Buku, indikator: str, peserta: int, kelulusan: float, versi: str) -> Hasil:
    """Jawaban sebuah andaian: kalimat, gambar, dan tabel; sama dengan parameter bernama serupa di notebook.

    Raises
    ------
    GalatParameter
        Seperti :func:`kinerja.layanan.what_if`.
    """
    kata = what_if_words(buku.data, indikator, peserta, kelulusan, versi)
    fig = what_if_figure(buku.data, indikator, peserta, kelulusan, versi)
    tabel = buku.build_table(what_if_table(buku.data, indikator, peserta, kelulusan, versi), "andai", **kata)
    return Hasil(tabel=tabel, png=to_png(fig), teks=kata["kalimat_andai"], alt=kata["kalimat_andai"])


def what_if_panel(buku: Buku, indikator: str, peserta: int, kelulusan: float, versi: str) -> Panel:
    """Panel andaian; keadaan awalnya parameter notebook, dan 0 berarti seperti tahun laporan."""
    nama = _names(buku.data)
    kendali = {
        "indikator": widgets.Dropdown(
            options=[(term(nama[kode]), kode) for kode in (layanan.IKU_SDM, layanan.IKU_LKS)],
            value=indikator,
            description=fmt.pick({"id": "Indikator", "en": "Indicator"}),
        ),
        "peserta": widgets.IntSlider(
            value=peserta,
            min=0,
            max=30000,
            step=250,
            description=fmt.pick(
                {"id": "Peserta per tahun (0: seperti kini)", "en": "Participants a year (0: as now)"}
            ),
        ),
        "kelulusan": widgets.FloatSlider(
            value=kelulusan,
            min=0,
            max=100,
            step=0.5,
            description=fmt.pick({"id": "Kelulusan, persen (0: seperti kini)", "en": "Pass rate, percent (0: as now)"}),
        ),
        "versi": widgets.Dropdown(
            options=[(code_name(x), x) for x in layanan.VERSI_POPULASI],
            value=versi,
            description=fmt.pick({"id": "Populasi SDM dicetak di", "en": "Staff population printed in"}),
        ),
    }
    judul = fmt.pick({"id": "Peserta dan kelulusan menuju target", "en": "Participants and pass rate to the target"})
    return Panel(partial(explore_what_if, buku), kendali, judul)
