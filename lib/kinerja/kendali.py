"""Kendali tiap notebook: widget yang menjawab pertanyaannya lagi dengan pilihan pembaca.

Setiap kendali sepasang fungsi: hitungan biasa, yang mengembalikan :class:`kinerja.explore.Hasil`, dan yang
merangkainya menjadi :class:`kinerja.explore.Panel`. Keadaan awal panel adalah parameter notebooknya.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache, partial
from importlib import resources
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import seaborn as sns

from colformula import derive
from kinerja import anggaran, bansos, capaian, dtks, figures, fmt, layanan, pendukung, pkh, prioritas
from kinerja.berkas import parse_yaml
from kinerja.explore import Hasil, Panel
from kinerja.figures import PALET, WARNA, canvas, target_line
from kinerja.istilah import code_name, section, term
from kinerja.kalimat import unbold
from kinerja.keluaran import to_png

if TYPE_CHECKING:
    import pandas as pd

    from kinerja.buku import Buku

BARIS = 40
"""Baris register yang diperlihatkan sekaligus."""

ORANG_TERBANYAK = 10
"""Banyaknya orang per komponen yang dapat dipilih pada penghitung bantuan."""


def answered(buku: Buku, nama: str, frame: pd.DataFrame, ax: Any = None, **nilai: Any) -> Hasil:
    """Jawaban ``nama`` bagi bingkai lain; argumennya seperti :meth:`kinerja.buku.Buku.answer`."""
    jawaban, png = buku.build(nama, frame, ax, **nilai), None
    if jawaban.axes:
        fig = jawaban.axes[0].figure
        figures.sign(fig, judul=jawaban.kalimat["gambar"], sumber=jawaban.tabel.sumber)
        png = to_png(fig)
    teks = html.unescape(unbold(jawaban.kalimat["jawab"]))
    return Hasil(tabel=jawaban.tabel, png=png, teks=teks, alt=jawaban.kalimat.get("alt"))


@cache
def _texts() -> dict[str, dict[str, dict[str, str]]]:
    return parse_yaml(resources.files("kinerja").joinpath("kendali.yml").read_text("utf-8"))


def _words(kendali: str) -> dict[str, str]:
    """Kata-kata satu kendali (``kendali.yml``) dalam bahasa yang berlaku."""
    return {k: fmt.pick(x) for k, x in _texts()[kendali].items()}


def _width(piksel: int) -> widgets.Layout:
    return widgets.Layout(width=f"{piksel}px")


def _menu(nama: str, pilihan: Iterable[tuple[str, str]], nilai: str, **sifat: Any) -> widgets.Dropdown:
    return widgets.Dropdown(options=list(pilihan), value=nilai, description=nama, **sifat)


# Keuangan -------------------------------------------------------------------------------------------------------------


def agreement_result(buku: Buku, dari: str, ke: str) -> Hasil:
    """Perubahan anggaran tiap program dari satu versi Perjanjian Kinerja ke versi lain."""
    frame = anggaran.agreement_change(buku.data, dari, ke).set_index("program", drop=False)
    program = frame[~frame["jumlah"]]
    _, ax = canvas(size="pendek")
    sns.barplot(program, x="selisih", y="nama", color=WARNA["data"], ax=ax)
    naik, turun = (int((tanda * program["selisih"] > 0).sum()) for tanda in (1, -1))
    return answered(buku, "program", frame, ax, naik=naik, turun=turun)


def agreement(buku: Buku) -> Panel:
    """Panel dua versi Perjanjian Kinerja; tanpa anggaran Perjanjian Kinerja pilihannya kosong."""
    kata, versi = _words("agreement"), anggaran.versions(buku.data)
    awal = dict(zip(("dari", "ke"), (versi[0], versi[-1]) if versi else (None, None), strict=True))
    pilihan = [(code_name(x), x) for x in versi]
    kendali = {k: widgets.ToggleButtons(options=pilihan, value=x, description=kata[k]) for k, x in awal.items()}
    return Panel(partial(agreement_result, buku), kendali, kata["judul"])


# Register audit -------------------------------------------------------------------------------------------------------


def register_result(buku: Buku, tabel: pd.DataFrame, vonis: str, bab: str, cari: str = "") -> Hasil:
    """Baris register yang cocok; hanya :data:`BARIS` yang pertama diperlihatkan."""
    from kinerja import audit

    kata, isi = _words("register"), audit.select(tabel, vonis, bab, cari)
    hasil = answered(buku, "register", isi.head(BARIS), banyak=len(isi))
    sisa = kata["sisa"].format(tampil=fmt.angka(BARIS)) if len(isi) > BARIS else ""
    return Hasil(tabel=hasil.tabel, teks=kata["banyak"].format(banyak=fmt.angka(len(isi)), sisa=sisa))


def register(buku: Buku, tabel: pd.DataFrame, vonis: str = "semua", bab: str = "semua") -> Panel:
    """Register yang dapat disaring; ``tabel`` keluaran :func:`kinerja.audit.verdicts`."""
    from kinerja import audit  # hanya notebook audit yang memerlukannya

    kata = _words("register")
    hasil_uji = [(kata["semua_uji"], audit.SEMUA), *((code_name(x), x) for x in audit.VONIS)]
    semua_bab = [(kata["semua_bab"], audit.SEMUA), *((section(x), x) for x in dict.fromkeys(tabel["bab"]))]
    kendali = {
        "vonis": _menu(kata["vonis"], hasil_uji, vonis),
        "bab": _menu(kata["bab"], semua_bab, bab),
        "cari": widgets.Text(description=kata["cari"], placeholder="lks/2020"),
    }
    return Panel(partial(register_result, buku, tabel), kendali, kata["judul"])


# Bansos ---------------------------------------------------------------------------------------------------------------


def payments_result(buku: Buku, program: str, bulan: tuple[int, int]) -> Hasil:
    """Rupiah menurut program; bulan (1, 12) berarti semua penyaluran, juga yang tidak bertanggal."""
    rentang = bansos.PEMISAH_RENTANG.join(bansos.BULAN[b - 1] for b in bulan)
    pilih = bansos.select(
        bansos.disbursements(buku.data), program, bansos.SEMUA if tuple(bulan) == (1, 12) else rentang
    )
    frame = bansos.totals(pilih).set_index("program", drop=False)
    frame = frame.sort_values(["jumlah", "rupiah"], ascending=[True, False])
    frame = derive(frame, bagian='rupiah / rupiah["jumlah_dengan_turunan"] * 100')
    _, ax = canvas(size="pendek")
    ada = frame[~frame["jumlah"]].dropna(subset="rupiah")
    sns.barplot(ada, x="rupiah", y="nama_program", color=WARNA["data"], ax=ax)
    return answered(buku, "program", frame, ax)


def payments(buku: Buku, program: str = bansos.SEMUA) -> Panel:
    kata, semua = _words("payments"), bansos.disbursements(buku.data).drop_duplicates("program")
    nama = ((term(n), k) for k, n in zip(semua["program"], semua["nama_program"], strict=True))
    bulan = [(fmt.bulan(b, pendek=True), b) for b in range(1, 13)]
    kendali = {
        "program": _menu(kata["program"], [(kata["semua"], bansos.SEMUA), *nama], program),
        "bulan": widgets.SelectionRangeSlider(
            options=bulan, index=(0, 11), description=kata["bulan"], layout=_width(420)
        ),
    }
    return Panel(partial(payments_result, buku), kendali, kata["judul"])


def family_result(buku: Buku, **keluarga: int) -> Hasil:
    """Bantuan PKH satu keluarga; argumen bernama = kode komponen dan banyaknya orang."""
    bantuan = pkh.benefit(buku.data, keluarga)
    frame = pkh.family_lines(bantuan).set_index("komponen", drop=False)
    return answered(buku, "pkh_keluarga", frame, luar=bantuan.tidak_dihitung, batas=bantuan.batas)


def family(buku: Buku, keluarga: Mapping[str, int]) -> Panel:
    """Penghitung bantuan PKH dengan satu kotak bilangan per komponen."""
    kendali = {
        k.komponen: widgets.BoundedIntText(
            value=int(keluarga.get(k.komponen, 0)), max=ORANG_TERBANYAK, description=term(k.nama), layout=_width(230)
        )
        for k in pkh.components(buku.data).itertuples()
    }
    luring = "pkh", pkh.offline_family(buku.data, keluarga, ORANG_TERBANYAK)
    return Panel(partial(family_result, buku), kendali, _words("family")["judul"], luring)


# Batas capaian --------------------------------------------------------------------------------------------------------


def cap_result(buku: Buku, *, terbatas: bool, batas: float) -> Hasil:
    """Capaian institusi dan setiap IKU dengan batas itu (persen), atau tanpa batas bila tidak ``terbatas``."""
    kata, frame = _words("cap"), capaian.strip(buku.data, batas=batas).assign(kode=lambda x: x.index)
    if not terbatas:
        frame = frame.assign(capaian=frame["capaian_tanpa_batas"])
    frame = frame.sort_values("capaian", ascending=False, na_position="first")
    _, ax = canvas(size="lebar")
    sns.barplot(frame, x="capaian", y="nama", hue="golongan", palette=PALET, legend=False, ax=ax)
    target_line(ax, 100, "garis")
    hasil = answered(buku, "utama", frame, ax, **counted(frame))
    rata = fmt.persen(capaian.mean_achievement(buku.data, batas, terbatas=terbatas))
    angka = fmt.persen(batas, 0 if float(batas).is_integer() else 2)
    cara = kata["dengan"].format(angka=angka) if terbatas else kata["tanpa"]
    return replace(hasil, teks=kata["kepala"].format(cara=cara, rata=rata, jawab=hasil.teks))


def counted(frame: pd.DataFrame) -> dict[str, int]:
    """Banyaknya indikator menurut golongannya dan yang bertarget teks, untuk jawaban ``utama``."""
    banyak = frame["golongan"].value_counts()
    teks = int((frame["satuan"] == "teks").sum())
    return {x: int(banyak.get(x, 0)) for x in capaian.GOLONGAN} | {"banyak": len(frame), "teks": teks}


def cap(buku: Buku, batas: float | None = None) -> Panel:
    kata, ada = _words("cap"), capaian.cap(buku.data, batas)
    awal = round(ada or 100)
    kendali = {
        "terbatas": widgets.Checkbox(value=ada is not None, indent=False, description=kata["terbatas"]),
        "batas": widgets.IntSlider(value=awal, min=100, max=max(250, awal), step=5, description=kata["batas"]),
    }
    luring = "batas", capaian.offline_cap(buku.data, batas)
    return Panel(partial(cap_result, buku), kendali, kata["judul"], luring)


# Wilayah --------------------------------------------------------------------------------------------------------------


def regions_result(buku: Buku, wilayah: str) -> Hasil:
    """Kedudukan satu wilayah, dari kodenya (atau kode dan namanya)."""
    from kinerja import daerah

    tempat = daerah.place(buku.data, wilayah.split(" ")[0])
    angka = daerah.position(daerah.at_year(daerah.series(buku.data, tempat.tingkat), tempat.tahun))
    posisi = angka[(angka["kode"] == tempat.kode) & (angka["urutan"] > 0)].sort_values("urutan").set_index("deret")
    _, ax = canvas(size="sedang")
    ax.hlines(posisi["nama_deret"], 1, posisi["dari"], color=WARNA["konteks"], linewidth=1, zorder=0)
    sns.scatterplot(posisi, x="peringkat", y="nama_deret", color=WARNA["data"], s=70, ax=ax)
    ax.set(xlim=(0, posisi["dari"].max() + 1), ylim=(len(posisi) - 0.4, -0.6))
    hitung = {k: int((posisi["kuartil"] == n).sum()) for k, n in (("teratas", 1), ("terbawah", 4))}
    return answered(buku, "kedudukan", posisi, ax, banyak=len(posisi), **hitung, **tempat.words())


def regions(buku: Buku, wilayah: str) -> Panel:
    """Pilihan wilayah: 34 provinsi, lalu 514 kabupaten/kota menurut kodenya."""
    from kinerja import daerah  # memuat mesin indeks; hanya profil wilayah yang memerlukannya

    kata = _words("regions")
    semua = [daerah.series(buku.data, x).drop_duplicates("kode").sort_values("kode") for x in daerah.TINGKAT]
    menu = widgets.Combobox(
        options=[f"{x.kode} {x.nama}" for isi in semua for x in isi.itertuples()],
        value=f"{wilayah} {daerah.place(buku.data, wilayah).words()['daerah']}",
        description=kata["wilayah"],
        ensure_option=True,
        layout=_width(420),
    )
    return Panel(partial(regions_result, buku), {"wilayah": menu}, kata["judul"])


# Pemakai DTKS ---------------------------------------------------------------------------------------------------------


def counting_result(buku: Buku, kabkota: int) -> Hasil:
    """Skor setiap aturan hitung di samping pilihan pembaca: banyaknya kabupaten/kota yang dihitung."""
    skor = dtks.scores(buku.data, kabkota).set_index("aturan", drop=False)
    skor = derive(skor, realisasi="(kl + kabkota) / total * 100")
    _, ax = canvas(size="pendek")
    sns.barplot(skor, x="realisasi", y="aturan", hue="golongan", palette=PALET, legend=False, ax=ax)
    target_line(ax, skor["target"].iloc[0], "target")
    return answered(buku, "skor", skor, ax)


def counting(buku: Buku, kabkota_dihitung: int = dtks.SEMUA) -> Panel:
    """Penggeser banyaknya kabupaten/kota yang dihitung memakai DTKS."""
    kata = _words("counting")
    kabkota = widgets.IntSlider(
        value=dtks.resolve_districts(buku.data, kabkota_dihitung),
        max=dtks.resolve_districts(buku.data, dtks.SEMUA),
        description=kata["kabkota"],
        layout=_width(460),
    )
    luring = "dtks", dtks.offline(buku.data, kabkota_dihitung)
    return Panel(partial(counting_result, buku), {"kabkota": kabkota}, kata["judul"], luring)


# Sertifikasi dan akreditasi -------------------------------------------------------------------------------------------


def scenario_result(buku: Buku, indikator: str, peserta: int, kelulusan: float) -> Hasil:
    """Skenario peserta dan kelulusan sampai target akhir Renstra; 0 berarti seperti tahun laporan."""
    frame = layanan.what_if(buku.data, indikator, peserta=peserta, persen_lulus=kelulusan)
    _, ax = canvas(size="pendek")
    sns.lineplot(frame, x="tahun", y="persen", marker="o", color=WARNA["data"], label="persen", ax=ax)
    sns.lineplot(frame, x="tahun", y="target", color=WARNA["target"], linestyle="--", label="target", ax=ax)
    ax.set_ylabel("persen")
    return answered(buku, "andai", frame, ax)


def scenario(buku: Buku, indikator: str, peserta: int, kelulusan: float) -> Panel:
    kata, nama = _words("scenario"), buku.data["iku"].set_index("kode")["nama_pendek"]
    kendali = {
        "indikator": _menu(kata["indikator"], ((term(nama[k]), k) for k in layanan.CACAH), indikator),
        "peserta": widgets.IntSlider(value=peserta, max=30000, step=250, description=kata["peserta"]),
        "kelulusan": widgets.FloatSlider(value=kelulusan, max=100, step=0.5, description=kata["kelulusan"]),
    }
    return Panel(partial(scenario_result, buku), kendali, kata["judul"])


# Prioritas nasional ---------------------------------------------------------------------------------------------------


def priorities_result(buku: Buku, pn: str) -> Hasil:
    """Keluaran satu prioritas nasional, atau semuanya ("semua")."""
    keluaran = prioritas.outputs(buku.data, pn=pn).set_index("kode", drop=False).sort_values("capaian", kind="stable")
    keluaran = derive(keluaran, lebih="realisasi - target", capaian="realisasi / target * 100")
    meleset = keluaran[keluaran["golongan"] != "tepat"]
    ax = None
    if len(meleset):
        _, ax = canvas(size=(8.0, 1.2 + 0.36 * len(meleset)))
        sns.barplot(meleset, x="capaian", y="nama_pendek", hue="golongan", palette=PALET, legend=False, ax=ax)
        target_line(ax, 100, "target_100")
    bawah, ganda = int((keluaran["golongan"] == "di_bawah").sum()), int((keluaran["capaian"] > 200).sum())
    return answered(buku, "keluaran", keluaran, ax, bawah=bawah, ganda=ganda)


def priorities(buku: Buku, pn: str = prioritas.SEMUA) -> Panel:
    kata, daftar = _words("priorities"), buku.data["pn_output"].drop_duplicates("pn")
    pilihan = ((f"{x.pn}: {term(x.nama_pn)}", x.pn) for x in daftar.itertuples())
    menu = _menu(kata["pn"], [(kata["semua"], prioritas.SEMUA), *pilihan], pn, layout=_width(520))
    return Panel(partial(priorities_result, buku), {"pn": menu}, kata["judul"])


# Susunan Ikesos -------------------------------------------------------------------------------------------------------


def framework_result(buku: Buku, sasaran: str) -> Hasil:
    """Indikator yang berlaku bagi satu kelompok sasaran: kalimat dan tabel."""
    kata, frame = _words("framework"), pendukung.framework(buku.data, sasaran)
    banyak = frame["berlaku"].value_counts()
    ya, ragu, tidak = (int(banyak.get(x, 0)) for x in pendukung.BERLAKU)
    nama = kata["sedikit"] if sasaran == pendukung.SEMUA else _groups(buku)[sasaran].lower()
    teks = kata["jawab"].format(nama=nama, ya=ya, banyak=len(frame), ragu=ragu, tidak=tidak)
    return Hasil(tabel=buku.build("kerangka", frame, sasaran=sasaran).tabel, teks=teks)


def framework(buku: Buku, sasaran: str = pendukung.SEMUA) -> Panel:
    kata = _words("framework")
    menu = _menu(kata["sasaran"], ((nama, kode) for kode, nama in _groups(buku).items()), sasaran)
    return Panel(partial(framework_result, buku), {"sasaran": menu}, kata["judul"])


def _groups(buku: Buku) -> dict[str, str]:
    """Kode kelompok sasaran -> namanya dalam bahasa yang berlaku, mulai dari ``"semua"``."""
    nama = buku.data["ikesos_sasaran"].set_index("kode")["nama"]
    return {pendukung.SEMUA: _words("framework")["semua"], **{kode: term(x) for kode, x in nama.items()}}
