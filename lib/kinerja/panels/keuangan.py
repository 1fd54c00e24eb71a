"""Bingkai tabel, bacaan, gambar, dan kendali notebook ``keuangan``.

Angka datang dari :mod:`kinerja.anggaran` dan :mod:`kinerja.capaian`; di sini hanya disusun untuk dibaca.
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

from kinerja import anggaran, capaian, figures, fmt
from kinerja import nka as rumus_nka
from kinerja.buku import Buku
from kinerja.data import Data
from kinerja.explore import Hasil, Panel
from kinerja.istilah import code_name, name_codes, term, translate
from kinerja.keluaran import to_png
from kinerja.panels.ringkasan import TIDAK_BERLAKU, finance_source, sasaran_label

_AWALAN_PROGRAM = "Program "


def version_name(versi: str) -> str:
    """Sebutan versi Perjanjian Kinerja: nama bulan dalam bahasa yang berlaku, atau kodenya dengan spasi."""
    with fmt.using("id"):
        bulan = {fmt.bulan(i).lower(): i for i in range(1, 13)}
    return fmt.bulan(bulan[versi]) if versi in bulan else versi.replace("_", " ").capitalize()


def program_name(nama: str) -> str:
    """Nama program untuk sumbu gambar, tanpa kata "Program" yang berulang."""
    return term(nama).removeprefix(_AWALAN_PROGRAM)


# Bingkai tabel --------------------------------------------------------------------------------------------------------


def ceiling(d: Data) -> pd.DataFrame:
    """Langkah pagu untuk dibaca: langkah awal bertanda "–" di kolom perubahan."""
    frame = translate(anggaran.ceiling_steps(d), "nama")
    frame["perubahan_teks"] = TIDAK_BERLAKU
    return frame


def breakdown(d: Data, rincian: str) -> pd.DataFrame:
    """Penyerapan satu rincian dengan baris jumlah di bawahnya (kolom boolean ``jumlah``).

    Hanya baris jumlah bila tabel ``anggaran`` belum memuat rincian itu.
    """
    total = anggaran.absorption(d, "total").assign(jumlah=True, kode="")
    frame = pd.concat([part(d, rincian).assign(jumlah=False), total], ignore_index=True)
    return translate(frame, "nama")


def part(d: Data, rincian: str) -> pd.DataFrame:
    """:func:`kinerja.anggaran.absorption` satu rincian; tanpa baris bila rincian itu belum diisi."""
    ada = rincian in anggaran.details(d)
    return anggaran.absorption(d, rincian) if ada else anggaran.absorption(d, "total").iloc[:0]


def all_versions(d: Data) -> pd.DataFrame:
    """Semua versi Perjanjian Kinerja per program, dengan perubahan dari versi sebelumnya.

    Returns
    -------
    pandas.DataFrame
        Program menurut nilai versi terakhir, terbesar di atas: program, nama, versi (sebutan), nilai, bagian, selisih,
        persen_perubahan, selisih_teks dan persen_teks ("–" pada versi pertama), keadaan.
    """
    urutan = anggaran.versions(d)
    bagian = [anggaran.agreement(d, versi).assign(versi=versi) for versi in urutan]
    if not bagian:
        return anggaran.agreement(d, "").assign(versi="", selisih_teks="", persen_teks="")
    frame = pd.concat(bagian, ignore_index=True)
    letak = {program: i for i, program in enumerate(bagian[-1]["program"])}
    frame["letak"] = frame["program"].map(letak)
    frame["giliran"] = frame["versi"].map({versi: i for i, versi in enumerate(urutan)})
    frame = frame.sort_values(["letak", "giliran"], ignore_index=True)
    pertama = frame["giliran"] == 0
    for kolom in ("selisih_teks", "persen_teks"):
        frame[kolom] = pertama.map({True: TIDAK_BERLAKU, False: ""})
    frame["kode_versi"] = frame["versi"]
    frame["versi"] = frame["versi"].map(version_name)
    return translate(frame, "nama").drop(columns=["letak", "giliran"])


def one_version(d: Data, versi: str) -> pd.DataFrame:
    """Satu versi Perjanjian Kinerja per program, dengan baris jumlah (kolom boolean ``jumlah``)."""
    frame = anggaran.agreement(d, versi).assign(jumlah=False)
    if frame.empty:
        return frame.assign(pembanding_teks="")
    total = frame[["nilai", "nilai_pembanding", "selisih"]].sum(skipna=False)
    baris: dict[str, Any] = {"program": anggaran.JUMLAH, "nama": _total_name(), **total, "keadaan": "dikutip"}
    ada = not fmt.is_missing(total["nilai_pembanding"])
    baris |= {
        "bagian": 100.0,
        "bagian_pembanding": 100.0 if ada else float("nan"),
        "persen_perubahan": total["selisih"] / total["nilai_pembanding"] * 100 if ada else float("nan"),
        "jumlah": True,
    }
    hasil = pd.concat([frame, pd.DataFrame([baris])], ignore_index=True).astype(frame.dtypes.to_dict())
    return translate(hasil, "nama").assign(pembanding_teks="" if ada else TIDAK_BERLAKU, kode_versi=versi)


def version_totals(d: Data) -> pd.DataFrame:
    """Jumlah tiap versi Perjanjian Kinerja dan langkah pagu yang sama nilainya."""
    frame = translate(anggaran.agreement_totals(d), "nama_langkah")
    return frame.assign(kode_versi=frame["versi"], versi=frame["versi"].map(version_name))


def reconciliation(d: Data) -> pd.DataFrame:
    """Penjumlahan yang harus sama, dengan sebutan rincian dan ukurannya."""
    frame = anggaran.reconcile(d)
    return name_codes(frame.assign(kode_rincian=frame["rincian"], kode_ukuran=frame["ukuran"]), "rincian", "ukuran")


def dates(d: Data) -> pd.DataFrame:
    """Realisasi menurut tanggal, dengan tanggal dan sumber yang dapat dibaca."""
    frame = anggaran.cutoffs(d)
    frame["tanggal"] = [fmt.tanggal(x) for x in frame["per"]]
    frame["asal"] = frame["sumber"].map(d.sumber.set_index("id")["judul_pendek"])
    return frame.drop(columns="sumber")


def efficiency(d: Data) -> pd.DataFrame:
    """Capaian per sasaran di samping penyerapannya, institusi di baris terakhir (kolom boolean ``jumlah``)."""
    ss = objective_efficiency(d).assign(jumlah=False)
    total = anggaran.absorption(d, "total")
    institusi = capaian.institusi(d).query("dipakai").assign(kode=total["kode"].iloc[0], nama=total["nama"].iloc[0])
    bersama = anggaran.efficiency(total, institusi).assign(jumlah=True, kode="")
    return translate(pd.concat([ss, bersama], ignore_index=True), "nama").assign(per=anggaran.report_date(d))


def objective_efficiency(d: Data) -> pd.DataFrame:
    """:func:`kinerja.anggaran.efficiency` per sasaran; tanpa baris bila rincian sasaran belum diisi."""
    uang, kinerja = part(d, "sasaran"), capaian.sasaran(d)
    return anggaran.efficiency(uang, kinerja if len(uang) else kinerja.iloc[:0])


def units(d: Data) -> pd.DataFrame:
    """UKE 1 dengan namanya dalam bahasa yang berlaku, realisasi terbesar di atas."""
    frame = translate(anggaran.units(d), "nama")
    return frame.sort_values("realisasi", ascending=False, kind="stable", ignore_index=True)


def unit_sums(d: Data) -> pd.DataFrame:
    """Jumlah UKE 1 di samping total, dengan sebutan ukurannya."""
    return name_codes(anggaran.unit_totals(d), "ukuran")


def nka(d: Data) -> pd.DataFrame:
    """NKA dan komponennya; bobot baris NKA bertanda "–"."""
    frame = translate(anggaran.nka(d), "nama") if d.has("nka") else _without_nka()
    return frame.assign(bobot_teks=TIDAK_BERLAKU)


def nka_points(d: Data) -> pd.DataFrame:
    """Titik pada garis kemungkinan NKA; tanpa baris bila NKA tidak tersedia."""
    return anggaran.nka_line(d) if d.has("nka") else pd.DataFrame(columns=["evaluasi", "ikpa", "nka", "keadaan"])


def nka_composition(d: Data) -> pd.DataFrame:
    """Susunan NKA menurut peraturan tahun itu; hanya penyerapan dan nilai yang tercetak di laporan terisi."""
    if not d.has("nka_bobot"):
        return pd.DataFrame(columns=["nama", "kelompok", "bobot", "bobot_nka", "nilai", "peraturan", "keadaan_nilai"])
    nilai = {"penyerapan": float(anggaran.absorption(d, "total")["penyerapan"].iloc[0])}
    if d.has("nka"):
        nilai |= d["nka"].set_index("komponen")["nilai"].reindex(rumus_nka.KOMPONEN_NKA).dropna().to_dict()
    frame = translate(rumus_nka.composition(rumus_nka.weights(d["nka_bobot"], d.tahun), nilai), "nama")
    # Hanya penyerapan yang dihitung; nilai evaluasi dan IKPA, bila ada, tercetak di laporan.
    return frame.assign(
        per=anggaran.report_date(d),
        kelompok=frame["kelompok"].str.upper(),
        keadaan_nilai=frame["keadaan_nilai"].mask(
            (frame["keadaan_nilai"] == "diturunkan") & (frame["komponen"] != "penyerapan"), "dikutip"
        ),
    )


def nka_predicate(d: Data) -> str:
    """Predikat NKA tercetak, atau tanda hilang."""
    if not (d.has("nka") and d.has("nka_kategori")):
        return fmt.missing()
    nilai = d["nka"].set_index("komponen")["nilai"].get("nka", float("nan"))
    kode = rumus_nka.predicate(nilai, d["nka_kategori"])
    return fmt.missing() if kode is None else code_name(kode)


# Bacaan ---------------------------------------------------------------------------------------------------------------


def reading_ceiling(d: Data) -> dict[str, str]:
    """Angka jadi untuk perubahan pagu."""
    langkah = anggaran.ceiling_steps(d)
    if langkah.empty:
        return dict.fromkeys(("awal", "akhir", "tambahan", "persen", "tercetak", "uraian"), fmt.HILANG)
    ubah = anggaran.ceiling_change(d)
    sama = ubah["tambahan"] == ubah["tambahan_tercetak"] and ubah["persen_tercetak"] == fmt.round_half_up(
        ubah["persen"], 2
    )
    return {
        "awal": fmt.rupiah(ubah["awal"], "triliun"),
        "akhir": fmt.rupiah(ubah["akhir"], "triliun"),
        "tambahan": fmt.rupiah(ubah["tambahan"], "triliun"),
        "persen": fmt.persen(ubah["persen"]),
        "tercetak": fmt.pick(
            {"id": "sama dengan yang tercetak", "en": "as printed"}
            if sama
            else {"id": "berbeda dari yang tercetak", "en": "unlike the printed figure"}
        ),
        "uraian": _listed(f"{term(x.nama)} {fmt.rupiah(x.pagu, 'triliun')}" for x in langkah.itertuples()),
    }


def reading(d: Data) -> dict[str, str]:
    """Angka jadi untuk penyerapan, rekonsiliasi, tanggal, efisiensi, dan sumbernya."""
    total = anggaran.absorption(d, "total").iloc[0]
    jenis, ss = (part(d, rincian) for rincian in ("jenis_belanja", "sasaran"))
    cocok, tanggal = anggaran.reconcile(d), anggaran.cutoffs(d)
    efisien = objective_efficiency(d)
    golongan = efisien["golongan"].value_counts()
    semua = pd.concat([jenis, ss])
    batas = capaian.cap(d)
    return {
        "penyerapan": fmt.persen(total["penyerapan"]),
        "pagu": fmt.rupiah(total["pagu"], "triliun"),
        "realisasi": fmt.rupiah(total["realisasi"], "triliun"),
        "sisa": fmt.rupiah(total["sisa"], "triliun"),
        "tanggal": fmt.tanggal(total["per"]),
        "terbesar": _extreme(jenis, "pagu", terbesar=True),
        "bagian_terbesar": fmt.persen(jenis["bagian_pagu"].max()),
        "terendah": _extreme(jenis, "penyerapan", terbesar=False),
        "penyerapan_terendah": fmt.persen(jenis["penyerapan"].min()),
        "cocok": fmt.angka(int(cocok["cocok"].sum())),
        "jumlah_cocok": fmt.angka(len(cocok)),
        "tanggal_awal": fmt.tanggal(tanggal["per"].iloc[0]),
        "beda_tanggal": fmt.rupiah(abs(int(tanggal["selisih_realisasi"].iloc[0])), "auto"),
        "lebih": fmt.angka(int(golongan.get("kinerja_melebihi", 0))),
        "kurang": fmt.angka(int(golongan.get("kinerja_kurang", 0))),
        "capaian": fmt.persen(capaian.mean_achievement(d)),
        "batas": fmt.pick({"id": "(tidak ada)", "en": "(none)"}) if batas is None else fmt.persen(batas, 0),
        "asal_jenis": finance_source(d, "total", "jenis_belanja"),
        "asal_sasaran": finance_source(d, "total", "sasaran"),
        "asal": finance_source(d, "total", "jenis_belanja", "sasaran"),
        "asal_rinci": finance_source(
            d, "total", "jenis_belanja", "sasaran", awalan=fmt.pick({"id": "Keuangan", "en": "Finance"})
        ),
        "asal_efisiensi": finance_source(d, "total", "sasaran", awalan=fmt.pick({"id": "Keuangan", "en": "Finance"})),
        "cocok_hitungan": _same_as_printed(d, golongan),
        "uraian": _listed(f"{term(x.nama)} {fmt.persen(x.penyerapan)}" for x in semua.itertuples()),
        "uraian_efisiensi": _listed(
            f"{sasaran_label(x.kode)} {fmt.persen(x.capaian)} : {fmt.persen(x.penyerapan)}"
            for x in efisien.itertuples()
        ),
    }


def reading_versions(d: Data, versi: str) -> dict[str, str]:
    """Angka jadi untuk versi Perjanjian Kinerja yang dipilih.

    Raises
    ------
    GalatParameter
        Versi tidak ada.
    """
    frame = anggaran.agreement(d, versi)
    urutan = anggaran.versions(d)
    if frame.empty:
        kunci = (
            "naik_banyak turun_banyak pertama terakhir versi sebelum jumlah pagu banyak terbesar bagian naik selisih "
            "selisih_akhir langkah uraian"
        )
        return dict.fromkeys(kunci.split(), fmt.HILANG)
    total = anggaran.agreement_totals(d).set_index("versi").loc[versi]
    sebelum = anggaran.previous_version(d, versi)
    naik = frame.dropna(subset=["selisih"]).sort_values("selisih", ascending=False).head(1)
    atas = frame.iloc[0]
    ubah = anggaran.agreement(d, urutan[-1], urutan[0])["selisih"]
    return {
        "versi": version_name(versi),
        "sebelum": version_name(sebelum) if sebelum else fmt.pick({"id": "tidak ada", "en": "none"}),
        "jumlah": fmt.rupiah(total["jumlah_dihitung"], "triliun"),
        "pagu": fmt.rupiah(anggaran.absorption(d, "total")["pagu"].iloc[0], "triliun"),
        "banyak": fmt.angka(len(urutan)),
        "terbesar": program_name(atas["nama"]),
        "bagian": fmt.persen(atas["bagian"]),
        "naik": _listed(program_name(x) for x in naik["nama"]),
        "selisih": _listed(fmt.selisih(x, satuan="rupiah", skala="triliun") for x in naik["selisih"]),
        "selisih_akhir": fmt.rupiah(total["jarak_ke_akhir"], "auto"),
        "naik_banyak": fmt.angka(int((ubah > 0).sum())),
        "turun_banyak": fmt.angka(int((ubah < 0).sum())),
        "pertama": version_name(urutan[0]),
        "terakhir": version_name(urutan[-1]),
        "langkah": term(total["nama_langkah"]) or fmt.pick({"id": "tidak ada yang sama", "en": "none equals it"}),
        "uraian": _listed(f"{program_name(x.nama)} {fmt.rupiah(x.nilai, 'auto')}" for x in frame.itertuples()),
    }


def reading_units(d: Data) -> dict[str, str]:
    """Angka jadi untuk UKE 1 menurut sumber kedua."""
    frame, jumlah = units(d), anggaran.unit_totals(d)
    if frame.empty:
        return dict.fromkeys(
            ("asal", "keadaan_uke", "tanggal_uke", "terendah_uke", "persen_uke", "sesuai", "uraian"), fmt.HILANG
        )
    bawah = frame.loc[frame["penyerapan"].idxmin()]
    putusan = {
        True: {"id": "berada di dalam kisaran itu", "en": "lie within that range"},
        False: {"id": "tidak semuanya berada di dalam kisaran itu", "en": "do not all lie within that range"},
    }
    return {
        "asal": finance_source(d, "uke1", semua_tanggal=True),
        "keadaan_uke": fmt.missing() if (frame["keadaan_pagu"] == "diturunkan").any() else _printed(True),
        "tanggal_uke": fmt.tanggal(frame["per"].iloc[0]),
        "terendah_uke": bawah["nama"],
        "persen_uke": fmt.persen(bawah["penyerapan"]),
        "sesuai": fmt.pick(putusan[bool(jumlah["sesuai"].all())]),
        "uraian": _listed(f"{x.nama} {fmt.persen(x.penyerapan)}" for x in frame.itertuples()),
    }


def reading_nka(d: Data) -> dict[str, str]:
    """Angka jadi untuk NKA: nilai, bobot, dan nilai komponen terendah yang mungkin."""
    frame = nka(d).set_index("komponen")
    satu = {"nka": frame.loc["nka", "nilai"]} | {k: frame.loc[k, "terendah"] for k in ("evaluasi", "ikpa")}
    garis = nka_points(d)
    ujung = {f"{k}_garis": garis[k].min() if len(garis) else None for k in ("evaluasi", "ikpa")}
    dicetak = bool(frame.loc[["evaluasi", "ikpa"], "nilai"].notna().all())
    return {k: fmt.angka(x, 2) for k, x in (satu | ujung).items()} | {
        "dicetak": _printed(dicetak),
        "predikat": nka_predicate(d),
        "asal_penyerapan": finance_source(d, "total", awalan=fmt.pick({"id": "Penyerapan", "en": "Absorption"})),
        **{f"bobot_{k}": fmt.persen(frame.loc[k, "bobot"], 0) for k in ("evaluasi", "ikpa")},
    }


# Gambar ---------------------------------------------------------------------------------------------------------------


def ceiling_figure(d: Data) -> Figure:
    """Air terjun dari pagu awal ke pagu akhir, dalam triliun rupiah."""
    fig, ax = figures.canvas(size=(8.0, 4.4))
    langkah = anggaran.ceiling_steps(d)
    if langkah.empty:
        return _nothing(fig, ax)
    akhir = {"nama": fmt.pick({"id": "Pagu akhir", "en": "Final ceiling"}), "nilai": langkah["pagu"].iloc[-1]}
    frame = translate(langkah, "nama").assign(nilai=langkah["perubahan"].fillna(langkah["pagu"]), total=False)
    frame.loc[0, "total"] = True
    frame = pd.concat([frame[["nama", "nilai", "total"]], pd.DataFrame([akhir | {"total": True}])], ignore_index=True)
    # Satuan ada di nama sumbu, sehingga tiap batang cukup berlabel angka.
    figures.waterfall(frame, "nama", "nilai", ax=ax, total="total", lebar_label=13)
    ax.set_ylabel(fmt.satuan("rupiah", "triliun"))
    return fig


def absorption_figure(d: Data) -> Figure:
    """Titik penyerapan menurut jenis belanja dan sasaran, dengan garis penyerapan seluruh institusi."""
    seluruh = float(anggaran.absorption(d, "total")["penyerapan"].iloc[0])
    rincian = {k: translate(part(d, k), "nama") for k in ("jenis_belanja", "sasaran") if k in anggaran.details(d)}
    if not rincian:
        fig, ax = figures.canvas()
        return _nothing(fig, ax)
    # Nama sasaran dilipat dua baris, ditambah satu baris pagu.
    tinggi = [(0.68 if k == "sasaran" else 0.5) * len(frame) + 0.4 for k, frame in rincian.items()]
    ukuran = (8.0, 0.9 + sum(tinggi))
    fig, axes = figures.canvas(len(rincian), 1, size=ukuran, sharex=True, height_ratios=tinggi)
    axes = np.atleast_1d(axes)
    for ax, (kode, frame) in zip(axes, rincian.items(), strict=True):
        nama = frame["nama"] if kode == "jenis_belanja" else frame["kode"].map(sasaran_label) + "  " + frame["nama"]
        label = [f"{figures.wrap(n, 54)}\n{fmt.rupiah(p, 'auto')}" for n, p in zip(nama, frame["pagu"], strict=True)]
        draw_absorption(frame.assign(label=label), ax, acuan=seluruh)
        ax.set_title(code_name(kode)[:1].upper() + code_name(kode)[1:])
    semua = pd.concat(rincian.values())["penyerapan"]
    _absorption_axis(axes[0], semua)
    return fig


def draw_absorption(frame: pd.DataFrame, ax: Axes, *, acuan: float | None = None, warna: str | None = None) -> Axes:
    """Satu titik penyerapan per baris; tebal garis tidak bermakna, letaklah yang dibaca.

    Parameters
    ----------
    frame : pandas.DataFrame
        Kolom label dan penyerapan (persen).
    ax : Axes
    acuan : float, optional
        Garis tegak penyerapan seluruh institusi.
    warna : str, optional
        Warna titik; bawaan warna realisasi.
    """
    warna = warna or figures.WARNA["realisasi"]
    if acuan is not None:
        ax.axvline(acuan, color=figures.WARNA["netral"], linewidth=1.2, linestyle=(0, (4, 2)), zorder=1)
    for n, x in enumerate(frame["penyerapan"]):
        if fmt.is_missing(x):
            figures.mark_missing(ax, (0.01, n), transform=ax.get_yaxis_transform())
            continue
        ax.scatter(x, n, s=64, color=warna, zorder=4)
        kiri = acuan is not None and x < acuan
        ax.annotate(
            fmt.persen(x), (x, n), xytext=(-8 if kiri else 8, 0), textcoords="offset points", va="center",
            ha="right" if kiri else "left", fontsize=8.5, fontweight="bold", color="#222222",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}, zorder=5,
        )  # fmt: skip
    ax.set_yticks(range(len(frame)), list(frame["label"]))
    ax.set_ylim(len(frame) - 0.4, -0.6)
    ax.grid(axis="y", visible=True)
    return ax


def versions_figure(d: Data, versi: str | None = None) -> Figure:
    """Anggaran tiap program dalam semua versi Perjanjian Kinerja, pada sumbu logaritmik; ``versi`` ditonjolkan."""
    urutan = anggaran.versions(d)
    if not urutan:
        fig, ax = figures.canvas()
        return _nothing(fig, ax)
    versi = urutan[-1] if versi is None else versi
    semua = anggaran.agreements(d).assign(besar=lambda f: f["nilai"].astype(float))
    lebar = semua.pivot(index="program", columns="versi", values="besar")
    atas = anggaran.agreement(d, urutan[-1])
    fig, ax = figures.canvas(size=(8.0, 1.3 + 0.55 * len(atas)))
    tanda = dict(zip(urutan, ["o", "s", "D", "^", "v", "P"], strict=False))
    for n, program in enumerate(atas["program"]):
        nilai = lebar.loc[program, urutan]
        ax.plot([nilai.min(), nilai.max()], [n, n], color=figures.WARNA["garis"], linewidth=2, zorder=2)
        for satu in urutan:
            ax.scatter(nilai[satu], n, **_version_marker(tanda.get(satu, "o"), satu == versi))
        kanan = f"{fmt.rupiah(nilai[versi], 'auto')}"
        ax.annotate(kanan, (nilai.max(), n), xytext=(10, 0), textcoords="offset points", va="center", fontsize=8.5,
                    fontweight="bold", color=figures.WARNA["realisasi"])  # fmt: skip
    ax.set_xscale("log")
    ax.set_xlim(lebar.min().min() * 0.7, lebar.max().max() * 9)
    ax.xaxis.set_major_formatter(fmt.axis_formatter("rupiah", "miliar"))
    ax.xaxis.set_minor_formatter("")
    ax.set_xlabel(fmt.satuan("rupiah", "miliar"))
    ax.set_yticks(range(len(atas)), [figures.wrap(program_name(x), 36) for x in atas["nama"]])
    ax.set_ylim(len(atas) - 0.4, -0.6)
    ax.grid(axis="y", visible=True)
    unsur = [
        Line2D([], [], linestyle="", label=_legend_name(x, x == versi), **_legend_marker(tanda.get(x, "o"), x == versi))
        for x in urutan
    ]
    figures.legend_above(ax, unsur)
    return fig


def version_figure(d: Data, versi: str) -> Figure:
    """Batang anggaran program pada satu versi Perjanjian Kinerja."""
    frame = anggaran.agreement(d, versi)
    fig, ax = figures.canvas(size=(8.0, 0.8 + 0.45 * max(len(frame), 3)))
    if frame.empty:
        return _nothing(fig, ax)
    frame["label"] = [program_name(x) for x in frame["nama"]]
    frame["isi"] = [f"{fmt.rupiah(x.nilai, 'auto')} ({fmt.persen(x.bagian)})" for x in frame.itertuples()]
    figures.bars(
        frame, "label", "nilai", ax=ax, satuan="rupiah", skala="triliun", label="isi",
        warna=figures.WARNA["realisasi"], lebar_label=36,
    )  # fmt: skip
    ax.set_xlim(0, float(frame["nilai"].max()) * 1.42)
    ax.set_xlabel(fmt.satuan("rupiah", "triliun"))
    return fig


def units_figure(d: Data) -> Figure:
    """Titik penyerapan per UKE 1 dengan tanda "sumber kedua" di dalam gambar."""
    frame = units(d)
    fig, ax = figures.canvas(size=(8.0, 1.0 + 0.5 * max(len(frame), 3)))
    if frame.empty:
        return _nothing(fig, ax)
    label = [
        f"{figures.wrap(n, 54)}\n{fmt.rupiah(r, 'auto')}"
        for n, r in zip(frame["nama"], frame["realisasi"], strict=True)
    ]
    draw_absorption(frame.assign(label=label), ax, warna=figures.WARNA["sorot"])
    _absorption_axis(ax, frame["penyerapan"])
    ax.text(
        1, 1.01, fmt.pick({"id": "SUMBER KEDUA", "en": "SECOND SOURCE"}), transform=ax.transAxes, ha="right",
        va="bottom", fontsize=8, fontweight="bold", color="#222222",
        bbox={"boxstyle": "round,pad=0.3", "facecolor": figures.WARNA["sorot"], "edgecolor": "none"},
    )  # fmt: skip
    return fig


def nka_figure(d: Data) -> Figure:
    """Garis semua pasangan nilai evaluasi dan IKPA yang menghasilkan NKA tercetak."""
    fig, ax = figures.canvas(size=(6.4, 4.6))
    garis = nka_points(d)
    if garis.empty:
        return _nothing(fig, ax)
    ax.plot(garis["evaluasi"], garis["ikpa"], color=figures.WARNA["realisasi"], linewidth=2.6, zorder=3)
    for baris, geser, ha in ((garis.iloc[0], (10, 6), "left"), (garis.iloc[-1], (-10, -12), "right")):
        ax.scatter(baris["evaluasi"], baris["ikpa"], s=52, facecolor="white", edgecolor=figures.WARNA["realisasi"],
                   linewidth=1.8, zorder=4)  # fmt: skip
        ax.annotate(
            f"{fmt.angka(baris['evaluasi'], 2)} ; {fmt.angka(baris['ikpa'], 2)}", (baris["evaluasi"], baris["ikpa"]),
            xytext=geser, textcoords="offset points", ha=ha, va="center", fontsize=9, color="#222222",
        )  # fmt: skip
    bawah = min(garis[["evaluasi", "ikpa"]].min())
    luang = max((100 - bawah) * 0.12, 1.0)
    ax.set_xlim(bawah - luang, 100 + luang)
    ax.set_ylim(bawah - luang, 100 + luang)
    for tepi in (ax.axvline, ax.axhline):
        tepi(100, color=figures.WARNA["netral"], linewidth=1, linestyle=(0, (4, 2)), zorder=1)
    ax.xaxis.set_major_formatter(fmt.axis_formatter("nilai"))
    ax.yaxis.set_major_formatter(fmt.axis_formatter("nilai"))
    ax.set_xlabel(code_name("evaluasi"))
    ax.set_ylabel(figures.wrap(code_name("ikpa"), 40))
    tengah = garis.iloc[len(garis) // 2]
    ax.annotate(
        f"NKA {fmt.angka(tengah['nka'], 2)}", (tengah["evaluasi"], tengah["ikpa"]), xytext=(10, 8),
        textcoords="offset points", fontweight="bold", color=figures.WARNA["realisasi"],
    )  # fmt: skip
    return fig


# Kendali --------------------------------------------------------------------------------------------------------------


def version_answer(buku: Buku, *, versi: str) -> Hasil:
    """Jawaban panel: satu versi Perjanjian Kinerja menurut program, gambar dan tabelnya.

    Raises
    ------
    GalatParameter
        Versi tidak ada.
    """
    d, isi = buku.data, reading_versions(buku.data, versi)
    teks = fmt.pick(
        {
            "id": f"Versi {isi['versi']}: {isi['jumlah']}, {isi['selisih_akhir']} di bawah pagu akhir.",
            "en": f"{isi['versi']} version: {isi['jumlah']}, {isi['selisih_akhir']} below the final ceiling.",
        }
    )
    fig = version_figure(d, versi)
    return Hasil(
        tabel=buku.build_table(one_version(d, versi), "pk_panel", **isi), png=to_png(fig), teks=teks, alt=isi["uraian"]
    )


def version_panel(buku: Buku, versi: str) -> Panel:
    """Panel pilihan versi Perjanjian Kinerja untuk notebook ``keuangan``.

    Raises
    ------
    GalatParameter
        Versi awal tidak ada.
    """
    pilihan = {version_name(x): x for x in anggaran.versions(buku.data)}
    reading_versions(buku.data, versi)
    kendali = {
        "versi": widgets.ToggleButtons(
            options=list(pilihan.items()),
            value=versi if pilihan else None,
            description=fmt.pick({"id": "Versi", "en": "Version"}),
        )
    }
    judul = fmt.pick({"id": "Versi Perjanjian Kinerja", "en": "Version of the performance agreement"})
    return Panel(partial(version_answer, buku), kendali, judul)


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _nothing(fig: Figure, ax: Axes) -> Figure:
    figures.mark_missing(ax, (0.5, 0.5), ha="center", transform=ax.transAxes)
    ax.axis("off")
    return fig


def _absorption_axis(ax: Axes, penyerapan: pd.Series) -> None:
    bawah, atas = float(penyerapan.min()), float(penyerapan.max())
    luang = max((atas - bawah) * 0.22, 0.6)
    ax.set_xlim(bawah - luang, atas + luang)
    ax.xaxis.set_major_formatter(fmt.axis_formatter("persen"))


def _version_marker(bentuk: str, dipilih: bool) -> dict[str, Any]:
    if dipilih:
        return {"marker": bentuk, "s": 78, "facecolor": figures.WARNA["realisasi"], "edgecolor": "white", "zorder": 5}
    return {"marker": bentuk, "s": 46, "facecolor": "white", "edgecolor": figures.WARNA["target"], "zorder": 4}


def _legend_name(versi: str, dipilih: bool) -> str:
    catatan = fmt.pick({"id": "angka di kanan", "en": "value at right"})
    return f"{version_name(versi)} ({catatan})" if dipilih else version_name(versi)


def _legend_marker(bentuk: str, dipilih: bool) -> dict[str, Any]:
    warna = figures.WARNA["realisasi"] if dipilih else figures.WARNA["target"]
    return {
        "marker": bentuk,
        "markersize": 8 if dipilih else 6.5,
        "markerfacecolor": warna if dipilih else "white",
        "markeredgecolor": warna,
    }


def _printed(ada: bool) -> str:
    kata = {True: {"id": "dicetak", "en": "printed"}, False: {"id": "tidak dicetak", "en": "not printed"}}
    return fmt.pick(kata[ada])


def _same_as_printed(d: Data, golongan: pd.Series) -> str:
    """Apakah banyaknya sasaran per golongan sama dengan hitungan yang dicetak laporan."""
    hal = {"kinerja_melebihi": "melebihi_keuangan", "kinerja_kurang": "kurang_dari_keuangan"}
    cetak = d["hitungan"].set_index("hal")["nilai"] if d.has("hitungan") else pd.Series(dtype=float)
    nilai = {k: cetak.get(f"sasaran_kinerja_{v}") for k, v in hal.items()}
    if any(fmt.is_missing(x) for x in nilai.values()):
        return fmt.pick(
            {"id": "hitungan laporan tidak ada di sumber", "en": "the report's counts are not in the source"}
        )
    if all(golongan.get(k, 0) == x for k, x in nilai.items()):
        return fmt.pick({"id": "sama dengan hitungan laporan", "en": "as the report counts"})
    return fmt.pick({"id": "berbeda dari hitungan laporan", "en": "unlike the report's counts"})


def _extreme(frame: pd.DataFrame, kolom: str, *, terbesar: bool) -> str:
    """Nama baris dengan nilai terbesar atau terkecil; tanda hilang bila tidak ada baris bernilai."""
    isi = frame.dropna(subset=[kolom])
    if isi.empty:
        return fmt.missing()
    return term(isi.loc[isi[kolom].idxmax() if terbesar else isi[kolom].idxmin(), "nama"])


def _total_name() -> str:
    return fmt.pick({"id": "Jumlah", "en": "Total"})


def _without_nka() -> pd.DataFrame:
    kosong = float("nan")
    return pd.DataFrame(
        [
            {
                "komponen": k,
                "nama": code_name(k),
                **dict.fromkeys(("bobot", "nilai", "terendah", "tertinggi"), kosong),
                "keadaan": "tidak_tersedia",
                "keadaan_kisaran": "tidak_tersedia",
            }
            for k in ("nka", "evaluasi", "ikpa")
        ]
    )


def _listed(isi: Any) -> str:
    return "; ".join(isi) or fmt.pick({"id": "tidak ada", "en": "none"})
