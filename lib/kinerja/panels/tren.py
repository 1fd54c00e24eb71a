"""Bingkai tabel, gambar, dan bacaan notebook ``tren``; angkanya dari :mod:`kinerja.tren` dan :mod:`kinerja.capaian`."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from kinerja import capaian, data, figures, fmt, paths, tren
from kinerja.data import Data
from kinerja.istilah import term, translate


def other_years(d: Data) -> list[Data]:
    """Data tahun-tahun sebelum tahun laporan yang punya folder."""
    return [data.load(x) for x in paths.tahun_tersedia() if x < d.tahun]


def history(d: Data, paksa: bool = False) -> pd.DataFrame:
    """Realisasi menurut tahun dengan perubahannya; lihat :func:`kinerja.tren.changes`."""
    frame = tren.changes(tren.history(d, other_years(d)), paksa=paksa)
    frame["satuan_perubahan"] = [capaian.change_unit(x) for x in frame["satuan"]]
    return translate(frame, "nama_pendek", "uraian")


def pace(d: Data) -> pd.DataFrame:
    """Laju yang diperlukan di samping laju nyata; lihat :func:`kinerja.tren.pace`."""
    frame = tren.pace(d, tren.history(d, other_years(d)))
    frame["satuan_laju"] = [capaian.change_unit(x) for x in frame["satuan"]]
    # Sepertiga kejadian per tahun tidak boleh tampil sebagai 0.
    frame["desimal_laju"] = frame["desimal"].clip(lower=1)
    # Angka yang dicetak tetap kutipan; "keadaan" bingkai ini milik jaraknya.
    frame = frame.merge(capaian.iku(d)[["kode", "keadaan_realisasi"]], on="kode")
    return translate(frame, "nama_pendek")


def quarters(d: Data) -> pd.DataFrame:
    """Target dan realisasi per triwulan; tanpa baris bila tahun ini tidak mencatat triwulan."""
    frame = capaian.quarters(d)
    frame["periode"] = pd.Series([f"tw{int(x)}" for x in frame["triwulan"]], index=frame.index, dtype=object)
    romawi = ["I II III IV".split()[int(x) - 1] for x in frame["triwulan"]]
    frame["triwulan"] = pd.Series(romawi, index=frame.index, dtype=object)
    return translate(frame, "nama_pendek")


def reading(d: Data, paksa: bool = False) -> dict[str, str]:
    """Angka jadi untuk bacaan, judul, dan teks alternatif."""
    frame, laju = history(d, paksa), pace(d)
    hasil, banding = frame["hasil"].value_counts(), frame["banding"].value_counts()
    cukup = laju["cukup"].value_counts()
    beda = frame[frame["banding"] == tren.BEDA_DEFINISI]
    akhir = frame[frame["tahun"] == d.tahun].dropna(subset=["realisasi"])
    tidak_ada = fmt.pick({"id": "tidak ada", "en": "none"})
    return {
        **{k: fmt.angka(int(hasil.get(k, 0))) for k in ("membaik", "memburuk", "tetap")},
        "sebanding": fmt.angka(int(banding.get(tren.SEBANDING, 0))),
        "ditolak": fmt.angka(len(beda)),
        "daftar_ditolak": "; ".join(f"{x.nama_pendek} {x.dari}–{x.tahun}" for x in beda.itertuples()) or tidak_ada,
        **{k: fmt.angka(int(cukup.get(k, 0))) for k in ("sudah", "cukup", "kurang")},
        "daftar_kurang": "; ".join(laju.loc[laju["cukup"] == "kurang", "nama_pendek"]) or tidak_ada,
        "tahun_akhir": str(capaian.end_year(d)),
        "paksa": _forced(paksa),
        "definisi": _definitions(frame),
        "triwulan": _quarters_note(d),
        "uraian": "; ".join(
            f"{x.nama_pendek} {fmt.nilai(x.realisasi, x.satuan, x.desimal)}" for x in akhir.itertuples()
        ),
    }


def history_figure(d: Data, paksa: bool = False) -> Figure:
    """Panel kecil per IKU: realisasi menurut tahun; garis terputus di tempat definisinya berubah."""
    frame = history(d, paksa)
    banyak = frame["kode"].nunique()
    baris = -(-(banyak + 1) // 3)  # satu petak terakhir untuk legenda
    fig, axes = figures.canvas(baris, 3, size=(8.0, 0.5 + 2.05 * baris))
    judul = {k: f"{k}  {nama}" for k, nama in zip(frame["kode"], frame["nama_pendek"], strict=True)}
    figures.small_multiples(axes, frame, "kode", partial(draw_history, paksa=paksa), judul, 28)
    biru, jingga = figures.WARNA["realisasi"], figures.WARNA["sorot"]
    kata = {
        "realisasi": fmt.pick({"id": "realisasi (berongga: diturunkan)", "en": "realisation (hollow: derived)"}),
        "putus": fmt.pick({"id": "definisi berubah", "en": "definition changed"}),
    }
    unsur = [
        Line2D([], [], color=biru, marker="o", markersize=6, label=kata["realisasi"]),
        Line2D([], [], color=jingga, linestyle=(0, (3, 2)), label=kata["putus"]),
    ]
    petak = np.atleast_1d(axes).ravel()[banyak]
    petak.set_visible(True)
    petak.axis("off")
    # Di luar tata letak: lebar legenda tidak boleh menggeser kolom panel.
    petak.legend(handles=unsur, loc="upper left").set_in_layout(False)
    return fig


def draw_history(isi: pd.DataFrame, ax: Axes, paksa: bool = False) -> Axes:
    """Satu panel :func:`history_figure`; isi satu IKU dari :func:`history`."""
    isi = isi.sort_values("tahun", ignore_index=True)
    warna = figures.WARNA["realisasi"]
    putus = isi["banding"].isin([tren.BEDA_DEFINISI, tren.BEDA_SATUAN])
    ruas = putus.cumsum() if not paksa else isi["banding"].eq(tren.BEDA_SATUAN).cumsum()
    ada = isi.dropna(subset=["realisasi"])
    for _, bagian in ada.groupby(ruas.loc[ada.index]):
        ax.plot(bagian["tahun"], bagian["realisasi"], color=warna, linewidth=2, zorder=3)
    for x in ada.itertuples():
        isian = "white" if x.keadaan == "diturunkan" else warna
        ax.scatter(x.tahun, x.realisasi, s=42, facecolor=isian, edgecolor=warna, linewidth=1.6, zorder=5)
    for x in isi[putus].itertuples():
        ax.axvline((x.tahun + x.dari) / 2, color=figures.WARNA["sorot"], linewidth=1.2, linestyle=(0, (3, 2)), zorder=2)
    tahun = [int(x) for x in isi["tahun"]]
    ax.set_xticks(tahun, [str(x) for x in tahun])
    ax.set_xlim(tahun[0] - 0.6, tahun[-1] + 0.6)
    if ada.empty:
        figures.mark_missing(ax, (0.04, 0.06), transform=ax.transAxes)
        return ax
    bawah, atas = float(ada["realisasi"].min()), float(ada["realisasi"].max())
    rentang = atas - bawah or abs(atas) * 0.1 or 1.0
    ax.set_ylim(bawah - 0.25 * rentang, atas + 0.4 * rentang)
    akhir = ada.iloc[-1]
    ax.annotate(
        figures.value_text(akhir["realisasi"], akhir["satuan"], desimal=int(akhir["desimal"])),
        (akhir["tahun"], akhir["realisasi"]), xytext=(0, 8), textcoords="offset points", ha="center", va="bottom",
        fontsize=8, fontweight="bold", color=warna, zorder=7,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.8},
    )  # fmt: skip
    ax.yaxis.set_major_formatter(fmt.axis_formatter(akhir["satuan"]))
    ax.locator_params(axis="y", nbins=4)
    return ax


def pace_figure(d: Data) -> Figure:
    """Laju nyata di samping laju yang diperlukan, dalam persen dari laju yang diperlukan."""
    frame = pace(d)
    frame = frame[frame["cukup"].isin(["cukup", "kurang"])].reset_index(drop=True)
    fig, ax = figures.canvas(size=(8.0, 1.3 + 0.5 * max(len(frame), 2)))
    if frame.empty:
        figures.mark_missing(ax, (0.5, 0.5), ha="center", transform=ax.transAxes)
        ax.axis("off")
        return fig
    frame["nisbah"] = frame["laju_nyata"] / frame["laju_perlu"] * 100
    frame["label"] = frame["kode"] + "  " + frame["nama_pendek"]
    frame["golongan"] = np.where(frame["cukup"] == "cukup", "di_atas", "di_bawah")
    # Tanpa desimal: nisbah dua laju tidak seteliti itu, dan angkanya tidak mencapai garis.
    figures.bullet(frame, "label", "nisbah", ax=ax, golongan="golongan", desimal=0)
    # Garis 100 di sini bukan target IKU.
    if legenda := ax.get_legend():
        legenda.get_texts()[0].set_text(fmt.pick({"id": "laju yang diperlukan", "en": "required pace"}))
    ax.set_xlabel(
        fmt.pick(
            {"id": "laju nyata, persen dari laju yang diperlukan", "en": "observed pace, percent of the required pace"}
        )
    )
    return fig


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _forced(paksa: bool) -> str:
    kata: dict[bool, Any] = {
        True: {
            "id": "Atas permintaan, tahun yang definisinya berbeda ikut dibandingkan.",
            "en": "As requested, years with different definitions are compared too.",
        },
        False: {
            "id": "Tahun yang definisinya berbeda tidak dibandingkan.",
            "en": "Years with different definitions are not compared.",
        },
    }
    return fmt.pick(kata[paksa])


def _definitions(frame: pd.DataFrame) -> str:
    """Definisi yang tercatat, per IKU dan rentang tahun; sebagai kolom tabel ia mendorong angkanya ke luar layar."""
    berganti = frame.groupby("kode")["definisi"].transform("nunique") > 1
    per_iku: dict[str, list[str]] = {}
    for (nama, uraian), isi in frame[berganti & (frame["uraian"] != "")].groupby(["nama_pendek", "uraian"], sort=False):
        tahun = sorted(isi["tahun"])
        berurutan = 1 < len(tahun) == tahun[-1] - tahun[0] + 1
        rentang = f"{tahun[0]}–{tahun[-1]}" if berurutan else ", ".join(map(str, tahun))
        per_iku.setdefault(nama, []).append(f"{uraian} ({rentang})")
    if not per_iku:
        return ""
    kepala = fmt.pick({"id": "Definisi yang berganti", "en": "Definitions that changed"})
    return f"{kepala}: " + "; ".join(f"{nama}: {', '.join(x)}" for nama, x in per_iku.items()) + "."


def _quarters_note(d: Data) -> str:
    frame = capaian.quarters(d)
    if frame.empty:
        return fmt.pick({"id": "Tahun ini tidak mencatat triwulan.", "en": "No quarters are recorded for this year."})
    nama = "; ".join(dict.fromkeys(term(x) for x in frame["nama_pendek"]))
    return fmt.pick({"id": f"IKU bertriwulan: {nama}.", "en": f"Indicators with quarters: {nama}."})
