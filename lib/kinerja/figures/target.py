"""Realisasi terhadap target: peluru, dan pasangan titik."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kinerja import fmt
from kinerja.figures.batang import _category_axis
from kinerja.figures.rupa import (
    WARNA,
    bar_style,
    ink_on,
    legend_above,
    mark_missing,
    marker_style,
    name_unit,
    value_text,
    wrap,
)


def bullet(
    data: pd.DataFrame,
    kategori: str,
    capaian: str,
    *,
    ax: Axes,
    target: float = 100.0,
    batas: float | None = None,
    satuan: str = "persen_capaian",
    desimal: int = 2,
    golongan: str | None = None,
    keadaan: str | None = None,
    lebar_label: int = 40,
) -> Axes:
    """Batang capaian dengan garis target dan, bila ada, garis batas; warna dan tanda menurut golongan.

    Parameters
    ----------
    data : pandas.DataFrame
        Satu baris per indikator, urutan dari atas.
    kategori, capaian : str
        Kolom label dan kolom capaian.
    target, batas : float
        Letak garis target dan batas pada skala capaian.
    golongan : str, optional
        Kolom ``di_atas``, ``tepat``, ``di_bawah``; bila tidak ada, dibandingkan dengan target.
    """
    tanda = {"di_atas": "▲", "tepat": "●", "di_bawah": "▼"}
    besar = data[capaian].astype(float)
    puncak = float(np.nanmax([*besar, target, batas or 0]))
    for n, baris in enumerate(data.to_dict("records")):
        x = baris[capaian]
        if fmt.is_missing(x):
            mark_missing(ax, (puncak * 0.01, n))
            continue
        jenis = baris[golongan] if golongan else "di_atas" if x > target else "di_bawah" if x < target else "tepat"
        warna = WARNA.get(jenis, WARNA["netral"])
        gaya = bar_style(baris.get(keadaan) if keadaan else None, warna)
        ax.barh(n, float(x), 0.56, **gaya)
        # Di dalam ujung batang bila muat: di luar, angka menutupi garis target dan batas.
        dalam = float(x) > puncak * 0.28
        ax.text(
            float(x) + puncak * (-0.012 if dalam else 0.012),
            n,
            f"{value_text(x, satuan, desimal=desimal)} {tanda.get(jenis, '')}",
            ha="right" if dalam else "left",
            va="center",
            fontsize=8.5,
            fontweight="bold" if dalam else "normal",
            color=ink_on(gaya["facecolor"]) if dalam else "#222222",
            bbox={"facecolor": gaya["facecolor"] if dalam else "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
            zorder=4 if dalam else 6,
        )
    ax.vlines(target, -0.5, len(data) - 0.5, color=WARNA["target"], linewidth=1.6, zorder=5)
    unsur = [Line2D([], [], color=WARNA["target"], linewidth=1.6, label=fmt.pick({"id": "target", "en": "target"}))]
    if batas is not None:
        ax.vlines(batas, -0.5, len(data) - 0.5, color=WARNA["netral"], linewidth=1.2, linestyle=(0, (4, 2)), zorder=5)
        kata = fmt.pick({"id": "batas", "en": "cap"})
        unsur.append(
            Line2D(
                [], [], color=WARNA["netral"], linewidth=1.2, linestyle=(0, (4, 2)), label=f"{kata} {fmt.angka(batas)}"
            )
        )
    nama = {
        "di_atas": {"id": "di atas", "en": "above"},
        "tepat": {"id": "tepat", "en": "at target"},
        "di_bawah": {"id": "di bawah", "en": "below"},
    }
    unsur += [Patch(facecolor=WARNA[k], label=f"{tanda[k]} {fmt.pick(v)}") for k, v in nama.items()]
    _category_axis(ax, [wrap(k, lebar_label) for k in data[kategori]], True)
    ax.set_xlim(0, puncak * (1.06 if float(besar.max(skipna=True) or 0) > puncak * 0.28 else 1.2))
    ax.xaxis.set_major_formatter(fmt.axis_formatter(satuan))
    legend_above(ax, unsur, ncols=5)
    return ax


def dots(
    data: pd.DataFrame,
    kategori: str,
    awal: str,
    akhir: str,
    *,
    ax: Axes,
    nama_awal: str,
    nama_akhir: str,
    satuan: str | None = None,
    skala: str | None = None,
    desimal: int | None = None,
    keadaan: str | None = None,
    acuan: float | None = None,
    log: bool = False,
    label_awal: bool = False,
    lebar_label: int = 40,
) -> Axes:
    """Pasangan titik (misalnya target dan realisasi) yang dihubungkan garis, satu baris per kategori.

    Parameters
    ----------
    awal, akhir : str
        Kolom titik pembanding (belah ketupat hitam) dan titik utama (lingkaran biru).
    nama_awal, nama_akhir : str
        Nama keduanya dalam legenda.
    log : bool
        Sumbu logaritma untuk rentang yang sangat lebar.
    label_awal : bool
        Tulis juga angka titik pembanding; tiap angka berada di sisi luar titiknya sendiri.
    """
    semua = data[[awal, akhir]].astype(float)
    atas = float(np.nanmax(semua.to_numpy())) if semua.notna().any(axis=None) else 1.0
    for n, baris in enumerate(data.to_dict("records")):
        a, b = baris[awal], baris[akhir]
        if fmt.is_missing(a) and fmt.is_missing(b):
            mark_missing(ax, (atas * 0.01 if not log else float(np.nanmin(semua.to_numpy())), n))
            continue
        if not fmt.is_missing(a) and not fmt.is_missing(b):
            ax.plot([float(a), float(b)], [n, n], color=WARNA["garis"], linewidth=2, zorder=2)
        if not fmt.is_missing(a):
            ax.scatter(float(a), n, marker="D", s=34, color=WARNA["target"], zorder=3)
        if not fmt.is_missing(b):
            ax.scatter(
                float(b), n, s=58, zorder=4, **marker_style(baris.get(keadaan) if keadaan else None, WARNA["realisasi"])
            )
        sisi = 1 if fmt.is_missing(a) or fmt.is_missing(b) or float(b) >= float(a) else -1
        # Tanpa angka pembanding, angka titik utama tetap di sisi kanan supaya tidak menabrak nama kategori.
        tulis = [(b, sisi), (a, -sisi)] if label_awal else [(b if not fmt.is_missing(b) else a, 1)]
        for x, arah in tulis:
            if fmt.is_missing(x):
                continue
            letak = float(x) if label_awal else max(float(y) for y in (a, b) if not fmt.is_missing(y))
            ax.annotate(
                value_text(x, satuan, skala, desimal),
                (letak, n),
                xytext=(8 * arah, 0),
                textcoords="offset points",
                ha="left" if arah > 0 else "right",
                va="center",
                fontsize=8.5,
                color="#222222",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
            )
    if log:
        ax.set_xscale("log")
        ax.set_xlim(float(np.nanmin(semua.to_numpy())) * 0.7, atas * 4)
    else:
        bawah = min(0.0, float(np.nanmin(semua.to_numpy())))
        ax.set_xlim(bawah - (0.05 * abs(bawah)), atas * 1.18)
    if acuan is not None:
        ax.axvline(acuan, color=WARNA["netral"], linewidth=1.2, linestyle=(0, (4, 2)), zorder=1)
    ax.xaxis.set_major_formatter(fmt.axis_formatter(satuan or "nilai", skala))
    name_unit(ax, satuan, skala)
    _category_axis(ax, [wrap(k, lebar_label) for k in data[kategori]], True)
    ax.grid(axis="y", visible=True)
    legend_above(ax, [
        Line2D([], [], linestyle="", marker="D", color=WARNA["target"], markersize=6, label=nama_awal),
        Line2D([], [], linestyle="", marker="o", color=WARNA["realisasi"], markersize=8, label=nama_akhir),
    ])  # fmt: skip
    return ax
