"""Bingkai tabel, bacaan, gambar, dan kendali notebook ``ringkasan``.

Angka datang dari :mod:`kinerja.capaian` dan :mod:`kinerja.anggaran`; di sini hanya disusun untuk dibaca.
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
from kinerja.buku import Buku
from kinerja.data import Data
from kinerja.explore import Hasil, Panel
from kinerja.istilah import code_name, term, translate
from kinerja.keluaran import to_png

TIDAK_BERLAKU = fmt.TIDAK_BERLAKU
"""Tanda BPS untuk sel yang memang tidak berisi, misalnya target sebuah rata-rata."""

BANYAK_TAHUN_RENSTRA = 5


def sasaran_label(kode: str) -> str:
    """Sebutan pendek sasaran untuk sumbu: "SS1" menjadi "SS 1"; kode lain apa adanya."""
    return f"{kode[:2]} {kode[2:]}" if kode[:2] == "SS" and kode[2:].isdigit() else kode


# Bingkai tabel --------------------------------------------------------------------------------------------------------


def headline(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Tabel utama: :func:`kinerja.capaian.summary` dengan tanda "–" di target dan realisasi baris rata-rata."""
    frame = translate(capaian.summary(d, batas), "nama", "predikat")
    rata = frame["menonjol"]
    frame.loc[rata, ["target_teks", "realisasi_teks"]] = TIDAK_BERLAKU
    frame["satuan"] = frame["satuan"].where(frame["satuan"] != "", None)
    sasaran = dict(zip(d["iku"]["kode"], d["iku"]["sasaran"], strict=True))
    return frame.assign(sasaran=[sasaran.get(kode, kode) for kode in frame["kode"]])


def finance(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Capaian kinerja dan realisasi keuangan per sasaran, institusi di baris pertama.

    Returns
    -------
    pandas.DataFrame
        kode, nama, pagu, realisasi (rupiah, Int64), penyerapan, capaian (persen), selisih (poin persen), golongan,
        menonjol. Tanpa baris bila tabel ``anggaran`` tidak diisi; tanpa baris sasaran bila rincian itu tidak ada.
    """
    kolom = ["kode", "nama", "pagu", "realisasi", "penyerapan", "capaian", "selisih", "golongan", "menonjol"]
    if not d.has("anggaran"):
        bulat = {"pagu": "Int64", "realisasi": "Int64", "menonjol": bool}
        return pd.DataFrame(columns=kolom).astype(bulat | dict.fromkeys(("penyerapan", "capaian", "selisih"), float))
    total = anggaran.absorption(d, "total")
    institusi = capaian.institusi(d, batas).query("dipakai").assign(kode=total["kode"].iloc[0])
    institusi["nama"] = d.teks("aturan/nama_institusi")
    pasangan = [(total, institusi)]
    if "sasaran" in anggaran.details(d):
        pasangan.append((anggaran.absorption(d, "sasaran"), capaian.sasaran(d, batas)))
    bagian = []
    for uang, kinerja in pasangan:
        hasil = anggaran.efficiency(uang, kinerja).merge(uang[["kode", "pagu", "realisasi"]], on="kode")
        bagian.append(hasil.assign(menonjol=uang is total))
    frame = pd.concat(bagian, ignore_index=True)
    frame.loc[frame["menonjol"], "kode"] = ""
    return translate(frame, "nama")[kolom]


def finance_source(d: Data, *rincian: str, awalan: str | None = None, semua_tanggal: bool = False) -> str:
    """Baris sumber untuk rincian anggaran yang dipakai saja.

    Parameters
    ----------
    d : Data
    *rincian : str
        Rincian yang dipakai, misalnya "total" dan "sasaran".
    awalan : str, optional
        Bawaan "Sumber" atau "Source".
    semua_tanggal : bool
        Ikutkan tanggal selain tanggal laporan, yaitu sumber kedua.
    """
    if not d.has("anggaran"):
        return ""
    a = d["anggaran"]
    pilih = a[a["rincian"].isin(rincian) & (semua_tanggal | (a["per"] == anggaran.report_date(d)))]
    awalan = fmt.pick({"id": "Sumber", "en": "Source"}) if awalan is None else awalan
    return Data(d.tahun, {"anggaran": pilih}, d.satuan, d.sumber).source_line(["anggaran"], awalan)


def renstra_path(d: Data) -> pd.DataFrame:
    """Satu baris per IKU: realisasi, target berlaku, target Renstra (renstra_1 sampai renstra_5), jarak, dan laju."""
    panjang = capaian.trajectory(d)
    frame = capaian.distance(d).merge(capaian.iku(d)[["kode", "keadaan_realisasi"]], on="kode")
    berlaku = panjang[panjang["ukuran"] == "target_berlaku"].set_index("kode")["nilai"]
    frame["target_berlaku"] = frame["kode"].map(berlaku)
    renstra = panjang[panjang["ukuran"] == "target_renstra"].set_index(["kode", "tahun"])["nilai"]
    for i, tahun in enumerate(renstra_years(d), start=1):
        frame[f"renstra_{i}"] = [renstra.get((kode, tahun), np.nan) for kode in frame["kode"]]
    frame["satuan_jarak"] = [capaian.change_unit(x) for x in frame["satuan"]]
    return translate(frame, "nama_pendek")


def renstra_years(d: Data) -> list[int]:
    """Lima tahun Renstra yang berakhir pada :func:`kinerja.capaian.end_year`."""
    akhir = capaian.end_year(d)
    return list(range(akhir - BANYAK_TAHUN_RENSTRA + 1, akhir + 1))


def printed_table(d: Data) -> pd.DataFrame:
    """Angka tercetak yang berselisih, dengan sebutan ukurannya dan satuan selisihnya."""
    frame = capaian.printed_conflicts(d)
    frame["satuan_selisih"] = [capaian.change_unit(x) for x in frame["satuan"]]
    frame["ukuran"] = pd.Series([code_name(x) for x in frame["ukuran"]], index=frame.index, dtype=object)
    return frame


# Bacaan ---------------------------------------------------------------------------------------------------------------


def reading(d: Data, batas: float | None = None) -> dict[str, str]:
    """Angka jadi (teks berformat) untuk bacaan, judul, catatan, dan teks alternatif notebook ini."""
    batas = capaian.cap(d, batas)
    per_iku, ss = capaian.iku(d, batas), capaian.sasaran(d, batas)
    cara = capaian.institusi(d, batas).set_index("cara")
    kelas, kelas_ss = per_iku["golongan"].value_counts(), ss["golongan"].value_counts()
    terbatas = per_iku[per_iku["capaian_tanpa_batas"] > (np.inf if batas is None else batas)]
    terendah = per_iku.dropna(subset=["capaian"]).nsmallest(1, "capaian")
    isi = {
        "batas": _percent(batas),
        "jumlah_sasaran": fmt.angka(len(ss)),
        "jumlah_iku": fmt.angka(len(per_iku)),
        "rata": fmt.persen(capaian.mean_achievement(d, batas)),
        "rata_tanpa": fmt.persen(capaian.mean_achievement(d, batas, terbatas=False)),
        "rata_iku": fmt.persen(cara.loc["rata_rata_iku", "capaian"]),
        "rata_aturan": fmt.persen(capaian.mean_achievement(d)),
        "iku_terbatas": _listed(
            f"{term(x.nama_pendek)} ({fmt.persen(x.capaian_tanpa_batas)})" for x in terbatas.itertuples()
        ),
        "terendah": _listed(term(x) for x in terendah["nama_pendek"]),
        "capaian_terendah": _listed(fmt.persen(x) for x in terendah["capaian"]),
        "catatan_iku": _notes(per_iku),
        "arah_iku": _directions(per_iku),
        "alasan": _why_mean(cara.index[cara["dipakai"]][0]),
        "uraian": _listed(f"{term(x.nama_pendek)} {fmt.persen(x.capaian_tanpa_batas)}" for x in per_iku.itertuples()),
    }
    isi |= {golongan: fmt.angka(int(kelas.get(golongan, 0))) for golongan in capaian.GOLONGAN}
    isi |= {f"ss_{golongan}": fmt.angka(int(kelas_ss.get(golongan, 0))) for golongan in capaian.GOLONGAN}
    return isi


def reading_finance(d: Data, batas: float | None = None) -> dict[str, str]:
    """Angka jadi untuk bacaan dan gambar keuangan."""
    frame = finance(d, batas)
    total, ss = frame[frame["menonjol"].astype(bool)], frame[~frame["menonjol"].astype(bool)]
    golongan = ss["golongan"].value_counts()
    satu = total.iloc[0] if len(total) else pd.Series(dtype=object)
    return {
        "batas": _percent(capaian.cap(d, batas)),
        "keuangan": fmt.persen(satu.get("penyerapan")),
        "realisasi": fmt.rupiah(satu.get("realisasi"), "triliun"),
        "pagu": fmt.rupiah(satu.get("pagu"), "triliun"),
        "selisih": fmt.selisih(satu.get("selisih")),
        "lebih": fmt.angka(int(golongan.get("kinerja_melebihi", 0))),
        "kurang": fmt.angka(int(golongan.get("kinerja_kurang", 0))),
        "asal": finance_source(d, "total", "sasaran", awalan=fmt.pick({"id": "Keuangan", "en": "Finance"})),
        "uraian": _listed(
            f"{sasaran_label(x.kode)} {fmt.persen(x.capaian)} : {fmt.persen(x.penyerapan)}" for x in ss.itertuples()
        ),
    }


def reading_path(d: Data) -> dict[str, str]:
    """Angka jadi untuk jalur Renstra: kepala kolom tahun dan banyaknya IKU yang sudah mencapai target akhir."""
    frame = capaian.distance(d)
    return (
        {"catatan_iku": _notes(capaian.iku(d))}
        | {f"tahun_{i}": str(tahun) for i, tahun in enumerate(renstra_years(d), start=1)}
        | {
            "tahun_akhir": str(frame["tahun_akhir"].iloc[0]),
            "sudah": fmt.angka(int(frame["tercapai"].sum())),
            "jumlah": fmt.angka(int(frame["target_akhir"].notna().sum())),
            "uraian": _listed(
                f"{term(x.nama_pendek)} {fmt.nilai(x.realisasi, x.satuan, x.desimal)} / "
                f"{fmt.nilai(x.target_akhir, x.satuan, x.desimal)}"
                for x in frame[frame["satuan"] != "teks"].itertuples()
            ),
        }
    )


def reading_printed(d: Data) -> dict[str, str]:
    """Angka jadi untuk versi tercetak."""
    semua = capaian.printed_versions(d)
    diperiksa = semua[semua["verdik"] != "tidak_dihitung"]
    # Kode selain IKU dan sasaran adalah kode institusi, apa pun namanya.
    institusi = set(semua["kode"]) - set(d["iku"]["kode"]) - set(d["sasaran"]["kode"])
    rata = semua[semua["kode"].isin(institusi) & (semua["ukuran"] == "capaian")]
    versi = rata["tercetak"].value_counts()
    titik = printed_points(d)
    return {
        "rata_aturan": fmt.persen(capaian.mean_achievement(d)),
        "versi_rata": _listed(f"{fmt.persen(x)} ({n}×)" for x, n in versi.items()),
        "jumlah_beda": fmt.angka(int((diperiksa["verdik"] == "beda").sum())),
        "jumlah_diperiksa": fmt.angka(len(diperiksa)),
        "jumlah": fmt.angka(int((titik["verdik"] == "beda").sum())),
        "semua": fmt.angka(len(titik)),
        "uraian": _listed(f"{x.kode} {fmt.persen(x.tercetak)} ({fmt.selisih(x.selisih)})" for x in titik.itertuples()),
    }


def printed_reading(d: Data) -> str:
    """Nama bacaan versi tercetak: "versi", atau "tanpa_versi" bila tidak ada yang tercetak."""
    return "versi" if d.has("iku_tercetak") else "tanpa_versi"


def finance_reading(d: Data) -> str:
    """Nama bacaan keuangan: "keuangan", atau "tanpa_keuangan" bila tabel ``anggaran`` tidak diisi."""
    return "keuangan" if d.has("anggaran") else "tanpa_keuangan"


def printed_points(d: Data) -> pd.DataFrame:
    """Versi capaian tahun berjalan yang berselisih, yaitu titik pada gambar ``versi_tercetak``."""
    frame = capaian.printed_conflicts(d)
    return frame[frame["ukuran"] == "capaian"].reset_index(drop=True)


# Gambar ---------------------------------------------------------------------------------------------------------------


def achievement_figure(d: Data, batas: float | None = None, *, terbatas: bool = False) -> Figure:
    """Batang capaian setiap IKU terhadap target dan batas.

    Parameters
    ----------
    d : Data
    batas : float, optional
        Letak garis batas; bawaan dari aturan.
    terbatas : bool
        Potong batang di batas; bawaan memperlihatkan capaian penuh.
    """
    frame = translate(capaian.iku(d, batas), "nama_pendek")
    frame["label"] = frame["kode"] + "  " + frame["nama_pendek"]
    fig, ax = figures.canvas(size=(8.0, 1.1 + 0.42 * len(frame)))
    figures.bullet(
        frame,
        "label",
        "capaian" if terbatas else "capaian_tanpa_batas",
        ax=ax,
        batas=capaian.cap(d, batas),
        golongan="golongan",
    )
    return fig


def performance_figure(frame: pd.DataFrame) -> Figure:
    """Pasangan titik capaian kinerja dan penyerapan, satu baris per sasaran.

    Parameters
    ----------
    frame : pandas.DataFrame
        Kolom kode (kosong pada baris institusi), nama, capaian, penyerapan (persen).
    """
    isi = frame.assign(label=[_row_label(kode, nama) for kode, nama in zip(frame["kode"], frame["nama"], strict=True)])
    fig, ax = figures.canvas(size=(8.0, 1.2 + 0.55 * len(isi)))
    if isi.empty:
        figures.mark_missing(ax, (0.5, 0.5), ha="center", transform=ax.transAxes)
        return fig
    figures.dots(
        isi,
        "label",
        "penyerapan",
        "capaian",
        ax=ax,
        nama_awal=fmt.pick({"id": "realisasi keuangan", "en": "financial realisation"}),
        nama_akhir=fmt.pick({"id": "capaian kinerja", "en": "performance"}),
        satuan="persen_capaian",
        acuan=100,
        label_awal=True,
    )
    semua = isi[["capaian", "penyerapan"]].to_numpy(dtype=float)
    rentang = max(float(np.nanmax(semua) - np.nanmin(semua)), 10.0)
    ax.set_xlim(np.nanmin(semua) - 0.16 * rentang, np.nanmax(semua) + 0.16 * rentang)
    return fig


def path_figure(d: Data) -> Figure:
    """Panel kecil per IKU: jalur target Renstra, target yang berlaku, dan realisasi."""
    frame = translate(capaian.trajectory(d), "nama_pendek")
    banyak = frame["kode"].nunique()
    baris = max(-(-banyak // 3), 1)
    fig, axes = figures.canvas(baris, 3, size=(8.0, 0.5 + 2.05 * baris))
    judul = {k: f"{k}  {nama}" for k, nama in zip(frame["kode"], frame["nama_pendek"], strict=True)}
    desimal = capaian.iku(d).set_index("kode")["desimal"]
    figures.small_multiples(axes, frame, "kode", partial(draw_path, desimal=desimal.to_dict()), judul, 28)
    axes_ = np.atleast_1d(axes).ravel()
    unsur = [
        Line2D([], [], color=figures.WARNA["target"], marker="o", markersize=4, label=_word("renstra")),
        Line2D([], [], color=figures.WARNA["realisasi"], marker="o", linestyle="", markersize=8, label=_word("ada")),
        Line2D([], [], color=figures.WARNA["sorot"], marker="X", linestyle="", markersize=8, label=_word("berlaku")),
    ]
    kosong = axes_[banyak:]
    if len(kosong):
        kosong[0].set_visible(True)
        kosong[0].axis("off")
        # Di luar tata letak: lebar legenda tidak boleh menggeser kolom panel.
        kosong[0].legend(handles=unsur, loc="upper left").set_in_layout(False)
    else:
        fig.legend(handles=unsur, loc="outside lower left", ncols=3)
    return fig


def draw_path(isi: pd.DataFrame, ax: Axes, desimal: dict[str, int]) -> Axes:
    """Satu panel :func:`path_figure`; ``desimal`` adalah banyaknya desimal menurut kode IKU."""
    satuan, banyak = isi["satuan"].iloc[0], desimal[isi["kode"].iloc[0]]
    per = {ukuran: bagian.sort_values("tahun") for ukuran, bagian in isi.groupby("ukuran")}
    renstra, kini = per.get("target_renstra"), per["realisasi"].iloc[0]
    berlaku = per["target_berlaku"].iloc[0]
    if renstra is not None:
        ax.plot(renstra["tahun"], renstra["nilai"], color=figures.WARNA["target"], marker="o", markersize=4, zorder=3)
        akhir = renstra.iloc[-1]
        _annotate(ax, akhir, satuan, banyak, figures.WARNA["target"], (0, 6), "right")
    semula = renstra.loc[renstra["tahun"] == kini["tahun"], "nilai"] if renstra is not None else pd.Series(dtype=float)
    if not fmt.is_missing(berlaku["nilai"]) and (semula.empty or semula.iloc[0] != berlaku["nilai"]):
        ax.scatter(berlaku["tahun"], berlaku["nilai"], marker="X", s=30, color=figures.WARNA["sorot"], zorder=6)
    if fmt.is_missing(kini["nilai"]):
        figures.mark_missing(ax, (0.04, 0.06), transform=ax.transAxes)
    else:
        warna = figures.WARNA["realisasi"]
        berongga = kini["keadaan"] == "diturunkan"
        gaya = {"facecolor": "white" if berongga else warna, "edgecolor": warna, "linewidth": 1.8}
        ax.scatter(kini["tahun"], kini["nilai"], s=70, zorder=5, **gaya)
        # Jalur Renstra naik ke kanan: di atas jalur, angka ditaruh di atas titiknya.
        atas = len(semula) > 0 and kini["nilai"] >= semula.iloc[0]
        _annotate(ax, kini, satuan, banyak, warna, (-4, 7) if atas else (9, 0), "left", "bottom" if atas else "center")
    tepi = [per[k]["nilai"].iloc[0] for k in ("target_bawah", "target_atas") if k in per]
    if tepi and not any(fmt.is_missing(x) for x in tepi):
        ax.axhspan(*tepi, color=figures.WARNA["target"], alpha=0.18, linewidth=0, zorder=1)
    nilai = isi["nilai"].dropna()
    if nilai.empty:
        return ax
    rentang = float(nilai.max() - nilai.min()) or 1.0
    ax.set_ylim(nilai.min() - 0.16 * rentang, nilai.max() + 0.24 * rentang)
    tahun = sorted(set(isi["tahun"]))
    ax.set_xticks(tahun, [str(t) for t in tahun])
    ax.set_xlim(tahun[0] - 0.4, tahun[-1] + 0.5)
    ax.yaxis.set_major_formatter(fmt.axis_formatter(satuan))
    ax.locator_params(axis="y", nbins=4)
    return ax


def printed_figure(d: Data) -> Figure:
    """Batang selisih antara capaian tercetak dan hitungan ulang, satu baris per tempat cetak."""
    frame = printed_points(d)
    dikenal = {*d["iku"]["kode"], *d["sasaran"]["kode"]}
    nama = [sasaran_label(k) if k in dikenal else d.teks("aturan/nama_pendek") for k in frame["kode"]]
    frame["label"] = [f"{n}: {code_name(tempat)}" for n, tempat in zip(nama, frame["tempat"], strict=True)]
    frame["isi"] = [f"{fmt.selisih(x.selisih)}  ({fmt.persen(x.tercetak)})" for x in frame.itertuples()]
    fig, ax = figures.canvas(size=(8.0, 0.9 + 0.29 * max(len(frame), 2)))
    if frame.empty:
        figures.mark_missing(
            ax,
            (0.5, 0.5),
            fmt.pick({"id": "tidak ada capaian yang berselisih", "en": "no achievement is in conflict"}),
            ha="center",
            transform=ax.transAxes,
        )
        return fig
    figures.bars(
        frame, "label", "selisih", ax=ax, satuan="poin_persen", label="isi", warna=figures.WARNA["di_bawah"],
        lebar_label=48,
    )  # fmt: skip
    bawah, atas = ax.get_xlim()
    rentang = atas - bawah
    ax.set_xlim(bawah - 0.28 * rentang, atas + 0.12 * rentang)
    ax.set_xlabel(fmt.satuan("poin_persen"))
    return fig


# Kendali --------------------------------------------------------------------------------------------------------------


def cap_answer(buku: Buku, *, terbatas: bool, batas: float) -> Hasil:
    """Jawaban panel: rata-rata capaian dengan atau tanpa batas, gambar, dan tabelnya.

    Parameters
    ----------
    buku : Buku
        Sesi notebook ``ringkasan``.
    terbatas : bool
        Pakai batas.
    batas : float
        Capaian tertinggi dalam persen; diabaikan bila ``terbatas`` salah, kecuali sebagai garis di gambar.

    Raises
    ------
    GalatParameter
        Batas di bawah 100.
    """
    d = buku.data
    pilih = "capaian" if terbatas else "capaian_tanpa_batas"
    tulisan_batas = _percent(batas)
    keterangan = fmt.pick(
        {"id": f"dengan batas {tulisan_batas}", "en": f"capped at {tulisan_batas}"}
        if terbatas
        else {"id": "tanpa batas", "en": "uncapped"}
    )
    frame = translate(capaian.summary(d, batas).query("menonjol"), "nama")
    frame = frame.assign(capaian=frame[pilih], menonjol=frame["jenis"] == "institusi")
    rata = fmt.persen(capaian.mean_achievement(d, batas, terbatas=terbatas))
    teks = fmt.pick(
        {"id": f"Rata-rata capaian {keterangan}: {rata}.", "en": f"Mean achievement, {keterangan}: {rata}."}
    )
    fig = achievement_figure(d, batas, terbatas=terbatas)
    return Hasil(
        tabel=buku.build_table(frame, "panel_batas", keterangan=keterangan), png=to_png(fig), teks=teks, alt=teks
    )


def cap_panel(buku: Buku, batas: float | None = None) -> Panel:
    """Panel "dengan dan tanpa batas" untuk notebook ``ringkasan``."""
    awal = round(capaian.cap(buku.data, batas) or 100)
    kendali = {
        "terbatas": widgets.Checkbox(
            value=True, indent=False, description=fmt.pick({"id": "Pakai batas capaian", "en": "Apply the cap"})
        ),
        "batas": widgets.IntSlider(
            value=awal,
            min=100,
            max=max(250, awal),
            step=5,
            description=fmt.pick({"id": "Batas (%)", "en": "Cap (%)"}),
        ),
    }
    judul = fmt.pick({"id": "Capaian dengan dan tanpa batas", "en": "Achievement with and without the cap"})
    return Panel(partial(cap_answer, buku), kendali, judul)


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _row_label(kode: str, nama: str) -> str:
    return f"{sasaran_label(kode)}  {nama}" if kode else nama


def _word(kunci: str) -> str:
    kata = {
        "renstra": {"id": "target Renstra", "en": "strategic-plan target"},
        "ada": {"id": "realisasi (berongga: diturunkan)", "en": "realisation (hollow: derived)"},
        "berlaku": {"id": "target yang berlaku", "en": "target in force"},
    }
    return fmt.pick(kata[kunci])


def _annotate(
    ax: Axes,
    titik: pd.Series,
    satuan: str,
    desimal: int,
    warna: str,
    geser: tuple[int, int],
    ha: str,
    va: str = "bottom",
) -> None:
    ax.annotate(
        figures.value_text(titik["nilai"], satuan, desimal=desimal), (titik["tahun"], titik["nilai"]), xytext=geser,
        textcoords="offset points", ha=ha, va=va, fontsize=8, fontweight="bold", color=warna, zorder=7,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.8},
    )  # fmt: skip


def _notes(per_iku: pd.DataFrame) -> str:
    catatan = [f"{kode}: {term(isi)}" for kode, isi in zip(per_iku["kode"], per_iku["catatan"], strict=True) if isi]
    return "; ".join(catatan) or TIDAK_BERLAKU


def _directions(per_iku: pd.DataFrame) -> str:
    """Kalimat tentang IKU yang tidak "makin besar makin baik"."""
    kata = {
        capaian.TURUN: {"id": "Makin kecil makin baik", "en": "Lower is better"},
        capaian.RENTANG: {"id": "Target berupa rentang", "en": "The target is a range"},
    }
    kode = {arah: ", ".join(per_iku.loc[per_iku["arah"] == arah, "kode"]) for arah in kata}
    isi = [f"{fmt.pick(kata[arah])}: {daftar}" for arah, daftar in kode.items() if daftar]
    semua = fmt.pick({"id": "Semua IKU: makin besar makin baik", "en": "Higher is better for every indicator"})
    return f"{'; '.join(isi) or semua}."


def _why_mean(cara: str) -> str:
    """Mengapa rata-rata semua IKU berbeda dari rata-rata yang dipakai."""
    sasaran_sama = {
        "id": "cara laporan memberi setiap sasaran bobot yang sama, berapa pun IKU di dalamnya",
        "en": "the report's method weighs every objective the same, however many indicators it holds",
    }
    berbobot = {
        "id": "cara laporan memakai bobot yang ditetapkan institusinya",
        "en": "the report's method uses the weights that the institution has set",
    }
    sama = {"id": "itulah cara yang dipakai laporan", "en": "that is the report's method"}
    return fmt.pick({"rata_rata_sasaran": sasaran_sama, "rata_rata_iku": sama}.get(cara, berbobot))


def _percent(x: float | None) -> str:
    if x is None:
        return fmt.pick({"id": "(tidak ada)", "en": "(none)"})
    return fmt.persen(x, 0 if float(x).is_integer() else 2)


def _listed(isi: Any) -> str:
    # Titik koma, karena koma sudah dipakai sebagai tanda desimal.
    return "; ".join(isi) or fmt.pick({"id": "tidak ada", "en": "none"})
