"""Bacaan, tabel siap saji, gambar, dan kendali notebook ``ss1_ikesos``: angka dari :mod:`kinerja.pendukung`."""

from __future__ import annotations

from functools import partial
from typing import Any

import ipywidgets as widgets
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from kinerja import capaian, figures, fmt, pendukung
from kinerja.buku import Buku
from kinerja.data import Data
from kinerja.explore import Hasil, Panel
from kinerja.figures import WARNA, WARNA_KATEGORI
from kinerja.istilah import code_name, name_codes, subject, term, translate
from kinerja.keluaran import to_png

_NAMA_SEMUA = {"id": "semua sasaran", "en": "all target groups"}
_PALING_SEDIKIT = {"id": "paling sedikit satu sasaran", "en": "at least one target group"}
_NAMA_PENDEK = {
    "rt": {"id": "Rumah tangga", "en": "Households"},
    "pd": {"id": "Disabilitas", "en": "Disability"},
    "ls": {"id": "Lansia", "en": "Elderly"},
}


# Tabel ----------------------------------------------------------------------------------------------------------------


def values_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.pendukung.ikesos_values`; ``keterangan`` hanya bagi tahun yang nilainya tidak tersedia."""
    frame = pendukung.ikesos_values(data)
    kosong = frame["nilai"].isna()
    frame["keterangan"] = frame["catatan"].where(kosong, "")
    return translate(frame, "keterangan")


def path_table(data: Data) -> pd.DataFrame:
    """Nilai terbitan dan target Renstra berdampingan: ``tahun``, ``terbitan``, ``renstra`` (indeks 0 sampai 100)."""
    lebar = pendukung.ikesos_path(data).pivot(index="tahun", columns="deret", values="nilai")
    return lebar.reindex(columns=["terbitan", "renstra"]).rename_axis(columns=None).reset_index()


def framework_table(data: Data, sasaran: str = pendukung.SEMUA) -> pd.DataFrame:
    """:func:`kinerja.pendukung.framework` dalam bahasa yang berlaku; ``disorot`` benar bila pasti berlaku bagi pilihan.

    Raises
    ------
    GalatParameter
        Sasaran tidak dikenal.
    """
    frame = pendukung.framework(data, sasaran)
    frame["disorot"] = (frame["berlaku"] == "ya") & (sasaran != pendukung.SEMUA)
    return translate(frame, "nama_dimensi", "nama_subdimensi", "nama", "nama_tercetak")


def counts_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.pendukung.framework_counts` dalam bahasa yang berlaku; baris jumlah bernama."""
    frame = pendukung.framework_counts(data)
    semua = fmt.pick({"id": "Semua dimensi", "en": "All dimensions"})
    frame["nama_dimensi"] = [
        semua if jumlah else term(x) for x, jumlah in zip(frame["nama_dimensi"], frame["jumlah"], strict=True)
    ]
    return translate(frame, "nama_sasaran")


def programme_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.pendukung.programmes` dalam bahasa yang berlaku."""
    return translate(pendukung.programmes(data), "program")


def graduation_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.pendukung.graduation` dalam bahasa yang berlaku."""
    return translate(pendukung.graduation(data), "nama")


def module_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.pendukung.p2k2` dalam bahasa yang berlaku."""
    return translate(pendukung.p2k2(data), "nama")


def module_monitoring_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.pendukung.p2k2_monitoring` dengan sebutan yang terbaca."""
    return translate(name_codes(pendukung.p2k2_monitoring(data), "ukuran"), "catatan")


def monitoring_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.pendukung.sembako_monitoring` dengan sebutan yang terbaca."""
    return translate(name_codes(pendukung.sembako_monitoring(data), "survei"), "nama")


def poverty_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.pendukung.poverty` dalam bahasa yang berlaku."""
    return translate(pendukung.poverty(data), "catatan")


def support_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.pendukung.support` dengan nama dan kode yang terbaca."""
    return translate(name_codes(pendukung.support(data), "ukuran", "tempat"), "nama")


def reach_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.pendukung.reach` dengan nama dan kode yang terbaca."""
    return translate(name_codes(pendukung.reach(data), "ukuran"), "nama")


def shares_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.pendukung.program_shares` dengan nama program."""
    nama = data["program_ss1"].drop_duplicates("program").set_index("program")["nama"]
    frame = pendukung.program_shares(data)
    return translate(frame.assign(program=frame["program"].map(nama)), "program")


def kube_table(data: Data) -> pd.DataFrame:
    """Angka KUBE menurut tempat mencetaknya, termasuk target sebelum realokasi: ``ukuran``, ``tempat``, ``nilai``."""
    ukuran = ["target_semula", "target", "realisasi", "kpm_meningkat"]
    frame = pendukung.versions(data, "kube", ukuran)
    frame["urutan"] = [ukuran.index(x) for x in frame["ukuran"]]
    kini = frame["ukuran"] != "target_semula"
    terbesar = frame.loc[kini, "nilai"].max()
    frame["selisih"] = (frame["nilai"] - terbesar).where(kini).astype("Int64")
    return name_codes(frame.sort_values("urutan", kind="stable", ignore_index=True), "ukuran", "tempat")


def cluster_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.pendukung.ppks` dengan ``keterangan`` data asalnya."""
    frame = pendukung.ppks(data)
    asal = data["ppks"].set_index("kluster")["catatan"]
    return translate(frame.assign(keterangan=frame["kluster"].map(asal)), "nama", "keterangan")


def missing_table(data: Data) -> pd.DataFrame:
    """:func:`kinerja.pendukung.missing_charts` dengan ``hal`` yang terbaca."""
    frame = pendukung.missing_charts(data)
    return translate(frame.assign(hal=[subject(x) for x in frame["id"]]), "catatan")


# Bacaan ---------------------------------------------------------------------------------------------------------------


def reading(data: Data, sasaran: str = pendukung.SEMUA) -> dict[str, Any]:
    """Angka jadi (teks berformat) untuk bacaan, catatan, judul, dan teks alternatif notebook ini.

    Parameters
    ----------
    data : Data
    sasaran : str
        Kode sasaran Ikesos yang disorot, atau ``"semua"``.

    Raises
    ------
    GalatParameter
        Sasaran tidak dikenal.
    """
    return {
        **_ikesos(data),
        **framework_words(data, sasaran),
        **_programmes(data),
        **_graduation(data),
        **_p2k2(data),
        **_sembako(data),
        **_poverty(data),
        **_ppks(data),
    }


def _ikesos(data: Data) -> dict[str, Any]:
    nilai = pendukung.ikesos_values(data).dropna(subset=["nilai"])
    kini = nilai.iloc[-1]
    laju, jarak = pendukung.ikesos_pace(data), capaian.distance(data, pendukung.IKU_IKESOS).iloc[0]
    tahun_ini = laju[laju["tahun"] == data.tahun].iloc[0]
    akhir = laju.iloc[-1]
    nama = pendukung.categories(data).set_index("kode")["nama"]
    jalur = pendukung.ikesos_path(data).query("deret == 'renstra'")
    return {
        "tahun_data": int(kini["tahun"]),
        "nilai": fmt.angka(kini["nilai"], 2),
        "kategori": term(nama[kini["kategori"]]).lower(),
        "target": fmt.angka(tahun_ini["target"], 0),
        "capaian": fmt.persen(tahun_ini["capaian"]),
        "tahun_akhir": int(akhir["tahun"]),
        "target_akhir": fmt.angka(akhir["target"], 0),
        "capaian_akhir": fmt.persen(akhir["capaian"]),
        "perubahan": fmt.selisih(kini["perubahan"], 2),
        "laju_lalu": fmt.angka(akhir["laju_lalu"], 2),
        "laju_perlu": fmt.angka(akhir["laju_perlu"], 2),
        "kali_lipat": fmt.angka(akhir["kali_lipat"], 1),
        "sisa_laporan": fmt.angka(int(jarak["sisa_tahun"])),
        "proyeksi_akhir": fmt.angka(akhir["proyeksi"], 2),
        "laju_laporan": fmt.angka(jarak["laju_perlu"], 2),
        "butir_nilai": _items((str(t), fmt.angka(x, 2)) for t, x in zip(nilai["tahun"], nilai["nilai"], strict=True)),
        "butir_target": _items((str(t), fmt.angka(x)) for t, x in zip(jalur["tahun"], jalur["nilai"], strict=True)),
    }


def framework_words(data: Data, sasaran: str) -> dict[str, str]:
    """Nama sasaran yang disorot dan banyaknya indikator yang pasti, tidak pasti, dan tidak berlaku baginya."""
    kerangka = pendukung.framework(data, sasaran)
    hitung = kerangka["berlaku"].value_counts()
    sel = kerangka[[f"berlaku_{x}" for x in pendukung.target_groups(data)]]
    nama = data["ikesos_sasaran"].set_index("kode")["nama"]
    return {
        "sasaran": fmt.pick(_PALING_SEDIKIT) if sasaran == pendukung.SEMUA else term(nama[sasaran]).lower(),
        "disorot": group_names(data)[sasaran],
        "pasti": fmt.angka(int(hitung.get("ya", 0))),
        "tidak_pasti": fmt.angka(int(hitung.get("tidak_pasti", 0))),
        "tidak": fmt.angka(int(hitung.get("tidak", 0))),
        "sel": fmt.angka(sel.size),
        "sel_tidak_pasti": fmt.angka(int((sel == "tidak_pasti").sum().sum())),
        "n_dimensi": fmt.angka(kerangka["dimensi"].nunique()),
        "n_subdimensi": fmt.angka(kerangka["subdimensi"].nunique()),
        "n_indikator": fmt.angka(len(kerangka)),
    }


def _programmes(data: Data) -> dict[str, Any]:
    program = pendukung.programmes(data)
    dimensi = data["ikesos_simpul"].query("jenis == 'dimensi'")
    semua = [term(x) for x in program.loc[program["dimensi_didukung"] == len(dimensi), "program"]]
    tidak_ada = fmt.pick({"id": "tidak ada program", "en": "no programme"})
    jangkauan = reach_table(data)
    sembako = pendukung.program_shares(data).query("program == 'sembako'").iloc[0]
    return {
        "program_semua": ", ".join(semua) or tidak_ada,
        "butir_dimensi": _items(
            (term(nama), ", ".join(term(x) for x in program.loc[program[kode], "program"]))
            for kode, nama in zip(dimensi["kode"], dimensi["nama"], strict=True)
        ),
        "butir_jangkauan": _items(
            (f"{x.nama} ({x.ukuran})", _count(x.nilai, x.satuan)) for x in jangkauan.itertuples()
        ),
        "butir_kube": _items(
            (f"{x.ukuran} ({x.tempat})", _count(x.nilai, x.satuan)) for x in kube_table(data).itertuples()
        ),
        "program_terbesar": jangkauan["nama"].iloc[0],
        "program_terkecil": jangkauan["nama"].iloc[-1],
        "kali_jangkauan": fmt.angka(jangkauan["nilai"].iloc[0] / jangkauan["nilai"].iloc[-1]),
        "n_kube": fmt.angka(kube_table(data).dropna(subset=["selisih"])["nilai"].nunique()),
        "sembako": _count(sembako["pembilang"], "kpm"),
        "sembako_persen": fmt.persen(sembako["persen"]),
        "prokus": _fact(data, "program_ss1/prokus/kpm_meningkat/kotak"),
        "kube_kotak": _fact(data, "program_ss1/kube/kpm_meningkat/kotak"),
        "kube_target": _fact(data, "program_ss1/kube/target/prosa"),
        "kube_semula": _fact(data, "program_ss1/kube/target_semula/prosa"),
        "kube_realisasi": _kube_result(data),
    }


def _kube_result(data: Data) -> str:
    isi = pendukung.support(data).query("program == 'kube' and ukuran == 'realisasi'")
    return _count(isi["nilai"].iloc[0], "kpm") if len(isi) else fmt.missing()


def _graduation(data: Data) -> dict[str, str]:
    frame = pendukung.graduation(data).set_index("jenis")
    return {
        "graduasi": _count(frame.at["jumlah", "kpm"], "kpm"),
        "graduasi_sejahtera": fmt.persen(frame.at["sejahtera_mandiri", "persen"]),
        "butir_graduasi": _items((term(x.nama), fmt.persen(x.persen)) for x in frame.drop(index="jumlah").itertuples()),
    }


def _p2k2(data: Data) -> dict[str, str]:
    frame = translate(pendukung.p2k2(data), "nama")
    banyak, sedikit = frame.iloc[0], frame.iloc[-1]
    return {
        "modul_terbanyak": banyak["nama"],
        "modul_tersedikit": sedikit["nama"],
        "kali_modul": fmt.angka(banyak["kpm"] / sedikit["kpm"], 1),
        "butir_p2k2": _items((x.nama, fmt.angka(x.kpm)) for x in frame.itertuples()),
    }


def _sembako(data: Data) -> dict[str, str]:
    frame = translate(pendukung.sembako_monitoring(data).query("satuan == 'persen'"), "nama")
    nilai = frame.set_index("butir")["nilai"]
    return {
        "sesuai_pedoman": fmt.persen(nilai.get("sesuai_pedoman"), 1),
        "pemaketan": fmt.persen(nilai.get("pemaketan")),
        "butir_sembako": _items((x.nama, fmt.persen(x.nilai)) for x in frame.itertuples()),
    }


def _poverty(data: Data) -> dict[str, str]:
    frame = pendukung.poverty(data)
    frame["saat"] = [f"{fmt.bulan(b)} {t}" for t, b in zip(frame["tahun"], frame["bulan"], strict=True)]
    kini, terendah = frame.iloc[-1], frame.loc[frame["jiwa"].idxmin()]
    hilang = frame.loc[frame["persen"].isna(), "saat"]
    return {
        "miskin_akhir": _people(kini["jiwa"]),
        "persen_akhir": fmt.persen(kini["persen"]),
        "waktu_akhir": kini["saat"],
        "miskin_terendah": _people(terendah["jiwa"]),
        "waktu_terendah": terendah["saat"],
        "waktu_hilang": ", ".join(hilang) or "–",
        "n_turunan": fmt.angka(int((frame["keadaan_jiwa"] == "diturunkan").sum())),
        "butir_kemiskinan": _items((x.saat, f"{_people(x.jiwa)} ({fmt.persen(x.persen)})") for x in frame.itertuples()),
    }


def _ppks(data: Data) -> dict[str, str]:
    frame = pendukung.ppks(data)
    kluster = frame[~frame["jumlah"]]
    return {
        "ppks_jumlah": _people(frame.loc[frame["jumlah"], "jiwa"].iloc[0]),
        "ppks_dua": _people(kluster["jiwa"].iloc[:2].sum()),
        "butir_ppks": _items((term(x.nama), _people(x.jiwa)) for x in kluster.itertuples()),
    }


def _fact(data: Data, id_: str) -> str:
    return fmt.nilai(data.nilai(id_), data.baris(id_)["satuan"], kata=True)


def _count(nilai: Any, satuan: str) -> str:
    return fmt.nilai(int(nilai), satuan, kata=True)


def _people(nilai: Any) -> str:
    return fmt.nilai(int(nilai), "jiwa", skala="juta", kata=True)


def _items(pasangan: Any) -> str:
    return "; ".join(f"{nama} {isi}" for nama, isi in pasangan)


# Gambar ---------------------------------------------------------------------------------------------------------------


def path_figure(data: Data) -> Figure:
    """Ikesos terbitan, jalur target Renstra, dan kelanjutan laju lalu menurut tahun."""
    laju = pendukung.ikesos_pace(data)
    terbitan = fmt.pick({"id": "Ikesos terbitan", "en": "Published Ikesos"})
    renstra = fmt.pick({"id": "Target Renstra", "en": "Strategic plan target"})
    lanjut = fmt.pick({"id": "Pada laju lalu", "en": "At the past pace"})
    lanjut = f"{lanjut}: {fmt.angka(laju['proyeksi'].iloc[-1], 2)}"
    frame = pendukung.ikesos_path(data)
    frame["deret"] = frame["deret"].map({"terbitan": terbitan, "renstra": renstra})
    kini = frame[(frame["deret"] == terbitan) & frame["nilai"].notna()].iloc[-1:]
    sambungan = laju.rename(columns={"proyeksi": "nilai"})[["tahun", "nilai", "keadaan"]]
    sambungan = pd.concat([kini[["tahun", "nilai", "keadaan"]], sambungan]).assign(deret=lanjut)
    warna = {terbitan: WARNA["realisasi"], renstra: WARNA["target"], lanjut: WARNA["realisasi"]}
    fig, ax = figures.canvas()
    figures.line(
        pd.concat([sambungan, frame]), "tahun", "nilai", ax=ax, grup="deret", satuan="indeks_100", keadaan="keadaan",
        warna=warna, putus=(renstra, lanjut), label_titik=(terbitan, renstra),
    )  # fmt: skip
    return fig


def framework_figure(data: Data, sasaran: str = pendukung.SEMUA) -> Figure:
    """Pohon kerangka Ikesos dengan tanda berlakunya bagi tiap sasaran; kolom sasaran pilihan diberi latar.

    Raises
    ------
    GalatParameter
        Sasaran tidak dikenal.
    """
    frame = framework_table(data, sasaran)
    pendek = fmt.pick(_NAMA_PENDEK[sasaran]) if sasaran != pendukung.SEMUA else ""
    frame["daun"] = [
        f"{x.nama} ({pendek}: {x.nama_tercetak})" if x.nama_tercetak else x.nama for x in frame.itertuples()
    ]
    fig, ax = figures.canvas(size=(9.0, 9.6))
    penanda = {f"berlaku_{kode}": fmt.pick(_NAMA_PENDEK[kode]) for kode in pendukung.target_groups(data)}
    figures.tree(frame, ["nama_dimensi", "nama_subdimensi", "daun"], ax=ax, penanda=penanda, lebar=(16, 20, 58))
    if sasaran != pendukung.SEMUA:
        judul = next(teks for teks in ax.texts if teks.get_text() == figures.wrap(penanda[f"berlaku_{sasaran}"], 11))
        x, _ = judul.get_position()
        ax.add_patch(
            Rectangle((x - 0.29, -0.2), 0.58, len(frame) + 0.2, facecolor=WARNA["sorot"], alpha=0.25, zorder=0)
        )
    return fig


def programme_figure(data: Data) -> Figure:
    """Aliran dari program ke dimensi Ikesos; warna menurut banyaknya dimensi yang didukung."""
    program = pendukung.programmes(data)
    dimensi = data["ikesos_simpul"].query("jenis == 'dimensi'")
    urut = program.sort_values("dimensi_didukung", ascending=False, kind="stable")
    sambungan = pd.DataFrame(
        [
            {"program": term(x["program"]), "dimensi": term(nama), "nilai": 1, "n": x["dimensi_didukung"]}
            for x in urut.to_dict("records")
            for kode, nama in zip(dimensi["kode"], dimensi["nama"], strict=True)
            if x[kode]
        ]
    )
    warna = {p: WARNA_KATEGORI[min(n, 3) - 1] for p, n in zip(sambungan["program"], sambungan["n"], strict=True)}
    fig, ax = figures.canvas(size="tinggi")
    figures.flow(sambungan, "program", "dimensi", "nilai", ax=ax, warna=warna, lebar_label=50, tulis=False)
    kata = fmt.pick({"id": "dimensi", "en": "dimensions"})
    banyak = sorted(set(sambungan["n"]), reverse=True)
    figures.legend_above(ax, [Patch(facecolor=WARNA_KATEGORI[min(n, 3) - 1], label=f"{n} {kata}") for n in banyak])
    return fig


def reach_figure(data: Data) -> Figure:
    """Penerima manfaat tiap program pada sumbu logaritmik."""
    frame = reach_table(data)
    frame["label"] = [f"{x.nama}: {x.ukuran}" for x in frame.itertuples()]
    frame["nilai"] = frame["nilai"].astype(float)
    fig, ax = figures.canvas(size="sedang")
    figures.dots(
        frame.assign(pembanding=float("nan")), "label", "pembanding", "nilai", ax=ax, nama_awal="", nama_akhir="",
        satuan="orang", log=True, lebar_label=44,
    )  # fmt: skip
    ax.get_legend().remove()
    ax.grid(axis="x", visible=True)
    ax.set_xlim(right=frame["nilai"].max() * 5)
    ax.set_xlabel(fmt.pick({"id": "KPM, orang, atau keluarga", "en": "families (KPM), persons, or households"}))
    return fig


def kube_figure(data: Data) -> Figure:
    """KPM KUBE menurut tempat mencetaknya."""
    frame = kube_table(data)
    frame["label"] = [f"{x.ukuran} ({x.tempat})" for x in frame.itertuples()]
    warna = {x.label: WARNA["netral"] if pd.isna(x.selisih) else WARNA["realisasi"] for x in frame.itertuples()}
    fig, ax = figures.canvas(size="pendek")
    figures.bars(frame, "label", "nilai", ax=ax, satuan="kpm", warna=warna, lebar_label=44)
    return fig


def graduation_figure(data: Data) -> Figure:
    """Bagian tiap jenis graduasi dalam satu batang 100 persen."""
    frame = translate(pendukung.graduation(data).query("not jumlah"), "nama")
    frame["semua"] = fmt.pick({"id": "KPM PKH graduasi", "en": "Graduated PKH families"})
    fig, ax = figures.canvas(size=(8.0, 1.9))
    figures.stacked(
        frame, "semua", "nama", "kpm", ax=ax, satuan="kpm", persen=True, warna=[WARNA["netral"], WARNA["realisasi"]],
        lebar_label=16,
    )  # fmt: skip
    return fig


def module_figure(data: Data) -> Figure:
    """KPM peserta P2K2 per modul, dan KPM per kelompok di sebelahnya."""
    frame = translate(pendukung.p2k2(data), "nama")
    fig, (kiri, kanan) = figures.canvas(1, 2, size="lebar", width_ratios=[1.7, 1], sharey=True)
    figures.bars(frame, "nama", "kpm", ax=kiri, satuan="kpm", skala="juta", desimal=2, warna=WARNA["realisasi"])
    figures.bars(
        frame.assign(keadaan="diturunkan"), "nama", "kpm_per_kelompok", ax=kanan, satuan="kpm", desimal=1,
        keadaan="keadaan", warna=WARNA["realisasi"],
    )  # fmt: skip
    kanan.tick_params(labelleft=False)
    kanan.set_xlabel(fmt.pick({"id": "KPM per kelompok", "en": "families a group"}))
    return fig


def monitoring_figure(data: Data) -> Figure:
    """Persen menurut butir pada dua pemantauan Kartu Sembako, terbesar lebih dulu di tiap survei."""
    frame = pendukung.sembako_monitoring(data).query("satuan == 'persen'")
    frame = translate(frame.sort_values("nilai", ascending=False, kind="stable"), "nama")
    banyak = frame["survei"].value_counts()
    survei = [x for x in dict.fromkeys(data["sembako_pantau"]["survei"]) if x in banyak]
    fig, sumbu = figures.canvas(
        len(survei), 1, size="sedang", height_ratios=[banyak[x] + 0.6 for x in survei], sharex=True, squeeze=False
    )
    for ax, kode in zip(sumbu[:, 0], survei, strict=True):
        isi = frame[frame["survei"] == kode]
        figures.bars(isi, "nama", "nilai", ax=ax, satuan="persen", warna=WARNA["realisasi"], lebar_label=48)
        ax.set_title(code_name(kode), loc="left")
        ax.set_xlim(0, 112)
        ax.set_xticks(range(0, 101, 20))
    return fig


def poverty_figure(data: Data) -> Figure:
    """Penduduk miskin: juta jiwa di atas, persen penduduk di bawah, pada sumbu waktu yang sama."""
    frame = pendukung.poverty(data)
    frame["jiwa"] = frame["jiwa"].astype(float)
    saat = dict(
        zip(frame["waktu"], (_moment(t, b) for t, b in zip(frame["tahun"], frame["bulan"], strict=True)), strict=True)
    )
    fig, (atas, bawah) = figures.canvas(2, 1, size="tinggi", sharex=True)
    umum = {"warna": WARNA["realisasi"], "label_x": saat}
    figures.line(
        frame, "waktu", "jiwa", ax=atas, satuan="jiwa", skala="juta", desimal=2, keadaan="keadaan_jiwa", **umum
    )
    figures.line(frame, "waktu", "persen", ax=bawah, satuan="persen", keadaan="keadaan_persen", **umum)
    return fig


def _moment(tahun: int, bulan: int) -> str:
    return f"{fmt.bulan(bulan, pendek=True)}\n{tahun}"


def cluster_figure(data: Data) -> Figure:
    """Populasi PPKS menurut kluster."""
    frame = translate(pendukung.ppks(data).query("not jumlah"), "nama")
    fig, ax = figures.canvas(size="pendek")
    figures.bars(frame, "nama", "jiwa", ax=ax, satuan="jiwa", skala="juta", warna=WARNA["realisasi"])
    return fig


def missing_figure(data: Data) -> Figure:
    """Satu bidang kosong bagi tiap grafik laporan yang tidak terbawa."""
    frame = missing_table(data)
    frame = frame[frame["id"].str.contains("nilai_sasaran_dimensi|/grafik")]
    fig, sumbu = figures.canvas(1, max(len(frame), 1), size="pendek", squeeze=False)
    for ax, hal in zip(sumbu[0], frame["hal"], strict=False):
        ax.set(xticks=[], yticks=[], facecolor="#F4F4F4")
        ax.set_title(figures.wrap(hal, 30))
        figures.mark_missing(ax, (0.5, 0.5), ha="center", transform=ax.transAxes)
    return fig


# Kendali --------------------------------------------------------------------------------------------------------------


def explore_framework(buku: Buku, sasaran: str) -> Hasil:
    """Kerangka bagi satu sasaran: kalimat, pohon, dan tabel; jawaban yang sama dengan parameter ``sasaran``.

    Raises
    ------
    GalatParameter
        Sasaran tidak dikenal.
    """
    kata = framework_words(buku.data, sasaran)
    fig = framework_figure(buku.data, sasaran)
    kalimat = {
        "id": f"Bagi {kata['sasaran']}: {kata['pasti']} dari {kata['n_indikator']} indikator pasti berlaku, "
        f"{kata['tidak_pasti']} tidak pasti, {kata['tidak']} tidak berlaku.",
        "en": f"For {kata['sasaran']}: {kata['pasti']} of {kata['n_indikator']} indicators certainly apply, "
        f"{kata['tidak_pasti']} are uncertain, {kata['tidak']} do not apply.",
    }
    teks = fmt.pick(kalimat)
    tabel = buku.build_table(framework_table(buku.data, sasaran), "kerangka", **kata)
    return Hasil(tabel=tabel, png=to_png(fig), teks=teks, alt=teks)


def framework_panel(buku: Buku, sasaran: str = pendukung.SEMUA) -> Panel:
    """Panel pilihan sasaran; keadaan awalnya parameter notebook."""
    nama = group_names(buku.data)
    pilihan = widgets.Dropdown(
        options=[(nama[kode], kode) for kode in nama],
        value=sasaran,
        description=fmt.pick({"id": "Sasaran", "en": "Target group"}),
    )
    judul = fmt.pick({"id": "Kerangka bagi satu sasaran", "en": "The framework for one target group"})
    return Panel(partial(explore_framework, buku), {"sasaran": pilihan}, judul)


def group_names(data: Data) -> dict[str, str]:
    """Kode sasaran -> namanya dalam bahasa yang berlaku, mulai dari ``"semua"``."""
    nama = data["ikesos_sasaran"].set_index("kode")["nama"]
    return {pendukung.SEMUA: fmt.pick(_NAMA_SEMUA), **{kode: term(x) for kode, x in nama.items()}}
