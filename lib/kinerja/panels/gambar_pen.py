"""Gambar notebook ``pen_bansos``: bingkai dari :mod:`kinerja.bansos` menjadi satu gambar tiap fungsi."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import ceil

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kinerja import bansos, figures, fmt
from kinerja.figures import WARNA, WARNA_KATEGORI
from kinerja.figures.rupa import bar_style, marker_style, value_text
from kinerja.istilah import code_name, term

_ROMAWI = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_TINGGI_PANEL = 2.3
_PUTUS = (0, (4, 2))


# Sebutan --------------------------------------------------------------------------------------------------------------


def period_name(kode: str, *, pendek: bool = False) -> str:
    """Sebutan periode: "april" menjadi "April" (pendek "Apr"), "tahap_4" menjadi "Tahap IV" (pendek "IV")."""
    if kode in bansos.BULAN:
        return fmt.bulan(bansos.BULAN.index(kode) + 1, pendek=pendek)
    awal, _, nomor = kode.rpartition("_")
    if awal == "tahap" and nomor.isdigit() and 1 <= int(nomor) <= len(_ROMAWI):
        romawi = _ROMAWI[int(nomor) - 1]
        return romawi if pendek else fmt.pick({"id": f"Tahap {romawi}", "en": f"Stage {romawi}"})
    sebutan = code_name(kode)
    return sebutan[:1].upper() + sebutan[1:]


def programme_colours(data: pd.DataFrame) -> dict[str, str]:
    """Nama program (dalam bahasa yang berlaku) ke warna, menurut urutan kemunculannya."""
    return {term(n): WARNA_KATEGORI[i % len(WARNA_KATEGORI)] for i, n in enumerate(dict.fromkeys(data["nama_program"]))}


# Penyaluran -----------------------------------------------------------------------------------------------------------


def recipients(frame: pd.DataFrame) -> Figure:
    """KPM per penyaluran, satu panel per program, dengan target yang berlaku."""
    unsur = [
        Patch(facecolor=WARNA["realisasi"], label=fmt.pick({"id": "KPM menerima", "en": "families paid"})),
        Line2D([], [], color=WARNA["target"], linewidth=1.8, label=fmt.pick({"id": "target", "en": "target"})),
    ]
    return _multiples(frame, partial(_bars_with_target, nilai="kpm", satuan="kpm", target="target_kpm"), unsur)


def amounts(frame: pd.DataFrame) -> Figure:
    """Rupiah per penyaluran, satu panel per program; yang diturunkan diarsir, yang tidak ada ditandai."""
    gambar = partial(_bars_with_target, nilai="rupiah", satuan="rupiah", keadaan="keadaan_rupiah")
    tercetak = Patch(facecolor=WARNA["realisasi"], label=_printed())
    return _multiples(frame, gambar, [tercetak, *figures.state_handles(frame["keadaan_rupiah"])])


def cumulative(frame: pd.DataFrame, kedua: pd.DataFrame | None = None) -> Figure:
    """Rupiah kumulatif menurut bulan; belah ketupat = realisasi sumber kedua.

    Parameters
    ----------
    frame : pandas.DataFrame
        Dari :func:`kinerja.bansos.disbursements`, boleh disaring.
    kedua : pandas.DataFrame, optional
        Dari :func:`kinerja.bansos.second_source`; jangan diberikan bila ``frame`` disaring menurut periode, karena
        jalurnya tidak lagi dimulai dari awal tahun.
    """
    isi = bansos.cumulative(frame)
    fig, ax = figures.canvas(size="sedang")
    if isi.empty:
        return _empty(fig, ax)
    isi["nama_program"] = [term(x) for x in isi["nama_program"]]
    warna = programme_colours(isi)
    figures.line(
        isi, "bulan", "kumulatif", ax=ax, grup="nama_program", satuan="rupiah", skala="triliun", keadaan="keadaan",
        warna=warna, label_titik=False, nol=True,
    )  # fmt: skip
    _month_axis(ax, isi["bulan"])
    ax.set_xlabel(fmt.pick({"id": "akhir bulan", "en": "end of month"}))
    ax.set_ylabel(fmt.satuan("rupiah", "triliun"))
    unsur = _state_lines(fmt.pick({"id": "bulan atau rupiah diturunkan", "en": "month or rupiah derived"}))
    titik = pd.DataFrame() if kedua is None else kedua[kedua["sebelum"].notna()]
    titik = titik[[term(n) in warna for n in titik["nama_program"]]] if len(titik) else titik
    if len(titik):
        # sumber kedua bertanggal awal bulan; titik bulan berarti akhir bulan itu
        geser = np.linspace(-0.95, -0.85 + 0.05 * len(titik), len(titik))
        ax.scatter(
            titik["bulan"] + geser, titik["realisasi"].astype(float), marker="D", s=52, zorder=6, linewidth=1.4,
            facecolor=[warna[term(n)] for n in titik["nama_program"]], edgecolor=WARNA["target"],
        )  # fmt: skip
        kata = fmt.pick({"id": "sumber kedua", "en": "second source"})
        unsur.append(
            Line2D([], [], marker="D", linestyle="", color=WARNA["netral"], markeredgecolor=WARNA["target"], label=kata)
        )
    figures.legend_above(ax, unsur, ncols=3)
    return fig


def coverage(frame: pd.DataFrame) -> Figure:
    """Cakupan target menurut bulan acuan; tahap yang berbagi satu bulan diletakkan berurutan di dalamnya."""
    isi = frame[frame["cakupan"].notna() & frame["bulan_acuan"].notna()].reset_index(drop=True)
    fig, ax = figures.canvas(size="sedang")
    if isi.empty:
        return _empty(fig, ax)
    sebulan = isi.groupby(["program", "bulan_acuan"])["urutan"]
    isi["letak"] = isi["bulan_acuan"].astype(float) + sebulan.cumcount() / sebulan.transform("size")
    isi["nama_program"] = [term(x) for x in isi["nama_program"]]
    warna = programme_colours(isi)
    figures.line(
        isi, "letak", "cakupan", ax=ax, grup="nama_program", satuan="persen", keadaan="keadaan_bulan", warna=warna,
        label_titik=False,
    )  # fmt: skip
    ax.axhline(100, color=WARNA["target"], linewidth=1.2, linestyle=_PUTUS, zorder=1)
    _month_axis(ax, isi["letak"])
    ax.set_ylabel(fmt.pick({"id": "KPM menerima / target", "en": "families paid / target"}))
    for n, arah in ((isi["cakupan"].idxmin(), -1), (isi["cakupan"].idxmax(), 1)):
        baris = isi.loc[n]
        ax.annotate(
            fmt.persen(baris["cakupan"]), (baris["letak"], baris["cakupan"]), xytext=(0, 8 * arah),
            textcoords="offset points", ha="center", va="bottom" if arah > 0 else "top", fontsize=8,
            fontweight="bold", color=warna[baris["nama_program"]],
        )  # fmt: skip
    bawah, atas = ax.get_ylim()
    ax.set_ylim(min(bawah, 99), max(atas, 101))
    unsur = _state_lines(fmt.pick({"id": "bulan diturunkan", "en": "month derived"}))
    kata = fmt.pick({"id": "target", "en": "target"})
    unsur.append(Line2D([], [], color=WARNA["target"], linewidth=1.2, linestyle=_PUTUS, label=kata))
    figures.legend_above(ax, unsur, ncols=3)
    return fig


# Nilai per KPM --------------------------------------------------------------------------------------------------------


def rates(frame: pd.DataFrame) -> Figure:
    """Rupiah / KPM (titik) terhadap nilai bantuan yang berlaku (garis), satu panel per program yang punya nilai."""
    uji = frame[frame["nilai_per_kpm"].notna() & frame["nilai_aturan"].notna()]
    if uji.empty:
        return _empty(*figures.canvas(size="pendek"))
    kata = fmt.pick({"id": "nilai bantuan menurut aturan", "en": "benefit by rule"})
    unsur = [
        Line2D([], [], color=WARNA["target"], linewidth=1.8, label=kata),
        Line2D([], [], marker="o", linestyle="", color=WARNA["realisasi"], markerfacecolor="white",
               label=fmt.pick({"id": "rupiah / KPM (diturunkan)", "en": "rupiah / families (derived)"})),
    ]  # fmt: skip
    return _multiples(uji, _rate_panel, unsur)


def differences(frame: pd.DataFrame) -> Figure:
    """Rupiah tersalur (batang), KPM x nilai (garis hitam), target x nilai (belah ketupat), dan selisihnya (angka)."""
    uji = bansos.rate_check(frame)
    uji = uji[uji["satuan"] == "rupiah"]
    if uji.empty:
        return _empty(*figures.canvas(size="pendek"))
    kelompok = list(dict.fromkeys(uji["nama_program"]))
    banyak = [max(int((uji["nama_program"] == k).sum()), 2) for k in kelompok]
    fig, axes = _grid(len(kelompok), 1, 0.27 * sum(banyak) + 0.5 * len(kelompok), banyak)
    figures.small_multiples(axes[1:], uji, "nama_program", _difference_panel, judul={k: term(k) for k in kelompok})
    _legend(
        axes,
        [
            Patch(facecolor=WARNA["realisasi"], label=fmt.pick({"id": "tersalur", "en": "paid"})),
            Line2D([], [], marker="|", markersize=11, markeredgewidth=2.4, linestyle="", color=WARNA["target"],
                   label=fmt.pick({"id": "KPM × nilai bantuan", "en": "families × benefit"})),
            Line2D([], [], marker="D", markersize=6, linestyle="", color=WARNA["sorot"], markeredgecolor="#8A5F00",
                   label=fmt.pick({"id": "target × nilai bantuan", "en": "target × benefit"})),
        ],
    )  # fmt: skip
    return fig


# Belanja bansos dan sumber kedua --------------------------------------------------------------------------------------


def reconciliation(frame: pd.DataFrame) -> Figure:
    """Air terjun belanja bansos dikurangi keenam program; ``frame`` dari :func:`kinerja.bansos.reconcile`."""
    isi = frame[frame["rupiah"].notna()].copy()
    ujung = {
        "belanja_bansos": fmt.pick({"id": "Belanja bansos", "en": "Social assistance spending"}),
        "sisa": fmt.pick({"id": "Sisa", "en": "Remainder"}),
    }
    isi["nama"] = [ujung.get(k) or term(n) for k, n in zip(isi["langkah"], isi["nama_program"], strict=True)]
    isi["total"] = isi["langkah"].isin(ujung)
    catatan = {
        "sumber_kedua": fmt.pick({"id": "sumber kedua", "en": "second source"}),
        "diturunkan": fmt.pick({"id": "diturunkan", "en": "derived"}),
    }
    isi["nama"] = [
        n if tepi or a not in catatan else f"{n} ({catatan[a]})"
        for n, a, tepi in zip(isi["nama"], isi["asal"], isi["total"], strict=True)
    ]
    fig, ax = figures.canvas(size="sedang")
    figures.waterfall(isi, "nama", "rupiah", ax=ax, total="total", lebar_label=12)
    for batang, (asal, tepi) in zip(ax.patches, zip(isi["asal"], isi["total"], strict=True), strict=False):
        if asal == "diturunkan" and not tepi:
            batang.set(**bar_style("diturunkan", WARNA["turun"]))
    ax.set_ylabel(fmt.satuan("rupiah", "triliun"))
    return fig


def second_source(kedua: pd.DataFrame) -> Figure:
    """Sumber kedua terhadap laporan akhir tahun, dengan pagu sumber kedua."""
    fig, ax = figures.canvas(size="lebar")
    if kedua.empty:
        return _empty(fig, ax)
    isi = kedua.assign(nama_program=[term(x) for x in kedua["nama_program"]])
    puncak = float(isi["pagu"].max())
    for n, baris in enumerate(isi.itertuples()):
        ax.barh(n, float(baris.pagu), 0.62, facecolor=WARNA["pucat"], edgecolor="none", zorder=1)
        if pd.isna(baris.akhir_tahun):
            figures.mark_missing(ax, (float(baris.pagu) + 0.06 * puncak, n), _not_printed())
    figures.dots(
        isi, "nama_program", "realisasi", "akhir_tahun", ax=ax, satuan="rupiah", skala="triliun", desimal=2,
        keadaan="keadaan_laporan", nama_awal=fmt.pick({"id": "realisasi sumber kedua", "en": "second source, paid"}),
        nama_akhir=fmt.pick({"id": "laporan, akhir tahun", "en": "report, year end"}), lebar_label=22,
        tandai_hilang=False,
    )  # fmt: skip
    unsur = ax.get_legend().legend_handles
    kata = fmt.pick({"id": "pagu sumber kedua", "en": "second source, ceiling"})
    figures.legend_above(ax, [Patch(facecolor=WARNA["pucat"], label=kata), *unsur], ncols=3)
    ax.set_xlabel(fmt.satuan("rupiah", "triliun"))
    return fig


# PKH ------------------------------------------------------------------------------------------------------------------


def pkh_rise(bayar: pd.DataFrame, masa: pd.DataFrame, kenaikan: float | None) -> Figure:
    """Rupiah per KPM dan bulan tiap penyaluran PKH, dengan harapan bila bantuan sebulan yang naik.

    Parameters
    ----------
    bayar, masa : pandas.DataFrame
        Dari :func:`kinerja.bansos.pkh_payments` dan :func:`kinerja.bansos.pkh_rise`.
    kenaikan : float or None
        Persen kenaikan; None bila tahun itu tidak ada.
    """
    fig, ax = figures.canvas(size="lebar")
    cat = {"triwulanan": WARNA["netral"], "kenaikan": WARNA["sorot"], "bulanan": WARNA["realisasi"]}
    for n, baris in enumerate(bayar.itertuples()):
        ax.bar(n, baris.per_kpm_bulan, 0.7, **bar_style(baris.keadaan, cat[baris.masa]))
        ax.text(n, baris.per_kpm_bulan, fmt.angka(baris.per_kpm_bulan / 1000, 1), ha="center", va="bottom", fontsize=8)
    dasar = masa.loc[masa["masa"] == "bulanan", "per_kpm_bulan"]
    naik = [n for n, m in enumerate(bayar["masa"]) if m == "kenaikan"]
    unsur = [Patch(facecolor=cat[m], label=period_kind(m)) for m in masa["masa"]]
    if len(dasar) and naik and kenaikan is not None:
        harap = dasar.iloc[0] * (1 + kenaikan / 100)
        ax.hlines(harap, naik[0] - 0.45, naik[-1] + 0.45, color=WARNA["target"], linewidth=1.8, zorder=5)
        kata = fmt.pick({"id": "bila bantuan sebulan naik {}", "en": "if the monthly benefit had risen by {}"}).format(
            fmt.persen(kenaikan, 0)
        )
        unsur.append(Line2D([], [], color=WARNA["target"], linewidth=1.8, label=kata))
    ax.set_xticks(range(len(bayar)), [figures.wrap(period_name(k), 9) for k in bayar["periode"]])
    ax.grid(axis="x", visible=False)
    ax.yaxis.set_major_formatter(fmt.axis_formatter("rupiah", "ribu"))
    ax.set_ylabel(fmt.pick({"id": "ribu rupiah per KPM dan bulan", "en": "thousand rupiah per family and month"}))
    ax.margins(y=0.14)
    figures.legend_above(ax, unsur, ncols=2)
    return fig


def pkh_year(setahun: pd.DataFrame, tertinggi: int) -> Figure:
    """Bantuan satu keluarga setahun menurut bacaan kenaikan; ``setahun`` dari :func:`bansos.pkh_benefit_year`."""
    fig, ax = figures.canvas(size="pendek")
    isi = setahun.assign(bacaan=[rise_name(x) for x in setahun["bacaan"]])
    kata = fmt.pick({"id": "Batas tertinggi", "en": "Upper limit"})
    figures.bars(
        isi, "bacaan", "setahun", ax=ax, satuan="rupiah", keadaan="keadaan", warna=WARNA["realisasi"],
        acuan={kata: tertinggi},
    )  # fmt: skip
    ax.set_xlim(0, max(float(isi["setahun"].max()), tertinggi) * 1.22)
    ax.xaxis.set_major_formatter(fmt.axis_formatter("rupiah", "juta"))
    ax.set_xlabel(fmt.satuan("rupiah", "juta"))
    return fig


def period_kind(kode: str) -> str:
    """Sebutan masa penyaluran PKH."""
    return fmt.pick(
        {
            "triwulanan": {"id": "tahap (triwulan)", "en": "stage (quarter)"},
            "kenaikan": {"id": "bulan kenaikan", "en": "months of the rise"},
            "bulanan": {"id": "bulan lain", "en": "other months"},
        }[kode]
    )


def rise_name(kode: str) -> str:
    """Sebutan bacaan atas kenaikan bantuan PKH."""
    return fmt.pick(
        {
            "tanpa_kenaikan": {"id": "Tanpa kenaikan", "en": "Without the rise"},
            "dari_setahun": {"id": "Kenaikan dari bantuan setahun", "en": "Rise on the yearly benefit"},
            "dari_sebulan": {"id": "Kenaikan dari bantuan sebulan", "en": "Rise on the monthly benefit"},
        }[kode]
    )


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _multiples(
    frame: pd.DataFrame,
    gambar: Callable[[pd.DataFrame, Axes], object],
    unsur: list,
    kolom: int = 2,
    tinggi: float = _TINGGI_PANEL,
) -> Figure:
    kelompok = list(dict.fromkeys(frame["nama_program"]))
    kolom = min(kolom, len(kelompok))
    baris = ceil(len(kelompok) / kolom)
    fig, axes = _grid(baris, kolom, tinggi * baris)
    figures.small_multiples(axes[1:], frame, "nama_program", gambar, judul={k: term(k) for k in kelompok})
    _legend(axes, unsur)
    return fig


def _bars_with_target(
    isi: pd.DataFrame, ax: Axes, *, nilai: str, satuan: str, keadaan: str | None = None, target: str | None = None
) -> None:
    """Batang tegak per periode dengan target bertangga; angka hanya pada penyaluran terakhir."""
    angka = isi[nilai].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    puncak = float(np.nanmax(angka)) if np.isfinite(angka).any() else 1.0
    if target:
        batas = isi[target].astype("Float64").to_numpy(dtype=float, na_value=np.nan)
        puncak = float(np.nanmax([puncak, *batas[np.isfinite(batas)]]))
    skala = fmt.scale_of(puncak)
    _period_axis(ax, isi)
    ax.set_ylim(0, puncak * 1.2)
    if not np.isfinite(angka).any():
        ax.set_yticks([])
        figures.mark_missing(ax, ((len(isi) - 1) / 2, puncak * 0.55), _not_printed(), ha="center")
        return
    for n, (x, baris) in enumerate(zip(angka, isi.to_dict("records"), strict=True)):
        if np.isfinite(x):
            ax.bar(n, x, 0.76, **bar_style(baris[keadaan] if keadaan else None, WARNA["realisasi"]))
    if target:
        _steps(ax, batas)
    akhir = int(np.flatnonzero(np.isfinite(angka))[-1])
    atas = angka[akhir] if not target or not np.isfinite(batas[akhir]) else max(angka[akhir], batas[akhir])
    ax.text(
        akhir + (0.38 if len(isi) > 1 else 0), atas + puncak * 0.03,
        value_text(angka[akhir], satuan, skala, 2), ha="right" if len(isi) > 1 else "center", va="bottom", fontsize=8,
    )  # fmt: skip
    ax.yaxis.set_major_formatter(fmt.axis_formatter(satuan, skala))
    ax.set_ylabel(fmt.satuan(satuan, skala) if satuan == "rupiah" or skala else fmt.satuan(satuan), fontsize=8)


def _rate_panel(isi: pd.DataFrame, ax: Axes) -> None:
    aturan, dapat = isi["nilai_aturan"].astype(float).to_numpy(), isi["nilai_per_kpm"].to_numpy()
    _steps(ax, aturan)
    for n, x in enumerate(dapat):
        ax.scatter(n, x, s=30, zorder=3, **marker_style("diturunkan", WARNA["realisasi"]))
    berubah = [n for n in range(len(isi)) if n == 0 or aturan[n] != aturan[n - 1]]
    for n in berubah:
        ax.text(
            n - 0.45, aturan[n] + aturan.max() * 0.035, fmt.rupiah(int(aturan[n])), fontsize=8, va="bottom", zorder=6,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
        )  # fmt: skip
    _period_axis(ax, isi)
    ax.set_ylim(0, aturan.max() * 1.25)
    ax.yaxis.set_major_formatter(fmt.axis_formatter("rupiah", "ribu"))
    ax.set_ylabel(fmt.satuan("rupiah", "ribu"), fontsize=8)


def _steps(ax: Axes, tinggi: np.ndarray) -> None:
    """Garis bertangga setinggi aturan yang berlaku; terputus pada periode tanpa aturan."""
    n = np.arange(len(tinggi))
    letak = np.column_stack([n - 0.5, n + 0.5]).ravel()
    ax.plot(letak, np.repeat(tinggi, 2), color=WARNA["target"], linewidth=1.8, zorder=4, solid_capstyle="butt")


def _difference_panel(isi: pd.DataFrame, ax: Axes) -> None:
    isi = isi.reset_index(drop=True)
    puncak = float(isi[["tersalur", "dihitung", "menurut_target"]].astype("Float64").max(axis=None))
    skala = fmt.scale_of(puncak)
    for n, baris in enumerate(isi.itertuples()):
        ax.barh(n, float(baris.tersalur), 0.62, facecolor=WARNA["realisasi"], edgecolor="none", alpha=0.75)
        ax.plot([float(baris.dihitung)] * 2, [n - 0.38, n + 0.38], color=WARNA["target"], linewidth=2.4, zorder=4)
        kanan = float(baris.dihitung)
        if pd.notna(baris.menurut_target):
            ax.scatter(float(baris.menurut_target), n, marker="D", s=32, zorder=5, facecolor=WARNA["sorot"],
                       edgecolor="#8A5F00", linewidth=0.8)  # fmt: skip
            kanan = max(kanan, float(baris.menurut_target))
        teks = f"{value_text(baris.tersalur, 'rupiah', skala, 2)}; {_difference()} {_signed(baris.selisih)}"
        ax.text(kanan + puncak * 0.018, n, teks, va="center", fontsize=8)
    ax.set_yticks(range(len(isi)), [period_name(k) for k in isi["periode"]])
    ax.set_ylim(max(len(isi), 2) - 0.4, -0.6)
    ax.set_xlim(0, puncak * 1.42)
    ax.grid(axis="y", visible=False)
    ax.xaxis.set_major_formatter(fmt.axis_formatter("rupiah", skala))
    ax.set_xlabel(fmt.satuan("rupiah", skala), fontsize=8)


def _period_axis(ax: Axes, isi: pd.DataFrame) -> None:
    nama = [figures.wrap(period_name(k, pendek=True), 14) for k in isi["periode"]]
    ax.set_xticks(range(len(isi)), nama, fontsize=7.5)
    luang = 0.7 if len(isi) > 2 else 2.2
    ax.set_xlim(-luang, len(isi) - 1 + luang)
    ax.grid(axis="x", visible=False)


def _month_axis(ax: Axes, letak: pd.Series) -> None:
    """Sumbu bulan selebar data; ``letak`` boleh pecahan bila beberapa tahap berbagi satu bulan."""
    awal, akhir = int(letak.min()), int(np.ceil(letak.max()))
    akhir = min(max(akhir, awal + 1), 12)
    ax.set_xticks(range(awal, akhir + 1), [fmt.bulan(b, pendek=True) for b in range(awal, akhir + 1)])
    luang = 0.04 * max(akhir - awal, 5)
    ax.set_xlim(awal - luang, max(akhir, float(letak.max())) + 1.5 * luang)


def _grid(rows: int, cols: int, tinggi: float, height_ratios: list[int] | None = None) -> tuple[Figure, np.ndarray]:
    """Kanvas berpanel banyak dengan satu baris tipis di atasnya sebagai tempat legenda bersama."""
    banding = height_ratios or [1] * rows
    per_inci = sum(banding) / tinggi
    fig, axes = figures.canvas(
        rows + 1, cols, size=(8.0, tinggi + 1.15), height_ratios=[0.2 * per_inci, *banding], squeeze=False
    )
    for ax in axes[0]:
        ax.axis("off")
    return fig, axes


def _legend(axes: np.ndarray, unsur: list) -> None:
    """Legenda bersama di baris teratas; lebarnya tidak ikut tata letak supaya kolom panel tetap sama lebar."""
    legenda = axes[0, 0].legend(
        handles=unsur, loc="upper left", bbox_to_anchor=(0, 1), borderaxespad=0, ncols=len(unsur), columnspacing=1.4
    )
    legenda.set_in_layout(False)


def _state_lines(turunan: str) -> list[Line2D]:
    gaya = {"marker": "o", "linestyle": "-", "color": WARNA["netral"]}
    return [Line2D([], [], label=_printed(), **gaya), Line2D([], [], label=turunan, markerfacecolor="white", **gaya)]


def _empty(fig: Figure, ax: Axes) -> Figure:
    ax.axis("off")
    kata = fmt.pick({"id": "Tidak ada angka untuk pilihan ini", "en": "No figures for this selection"})
    figures.mark_missing(ax, (0.5, 0.5), kata, ha="center", transform=ax.transAxes)
    return fig


def _printed() -> str:
    return fmt.pick({"id": "tercetak", "en": "printed"})


def _not_printed() -> str:
    return fmt.pick({"id": "rupiah tidak ada di laporan", "en": "rupiah not in the report"})


def _difference() -> str:
    return fmt.pick({"id": "selisih", "en": "difference"})


def _signed(x: int) -> str:
    return fmt.selisih(int(x), 0, satuan="rupiah")
