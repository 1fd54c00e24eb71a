"""Realisasi terhadap target: peluru, pasangan titik, dan taksiran dengan selangnya."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from kinerja import fmt
from kinerja.figures.batang import _category_axis, _color, _positions
from kinerja.figures.rupa import (
    PENANDA,
    WARNA,
    floats,
    legend_above,
    mark_missing,
    marker_style,
    name_unit,
    need,
    states_of,
    value_text,
    wrap,
)


def estimates(
    data: pd.DataFrame,
    kategori: str,
    nilai: str,
    bawah: str,
    atas: str,
    *,
    ax: Axes,
    grup: str | None = None,
    satuan: str | None = None,
    skala: str | None = None,
    desimal: int | None = None,
    keadaan: str | None = None,
    label: str | None = None,
    keterangan: str | None = None,
    acuan: Mapping[str, float] | None = None,
    warna: Mapping | None = None,
    lebar_label: int = 34,
) -> Axes:
    """Taksiran survei: satu titik dengan selang kepercayaannya per kategori (dan per grup).

    Parameters
    ----------
    data : pandas.DataFrame
        Satu baris per taksiran, urutan dari atas.
    kategori, nilai, bawah, atas : str
        Kolom nama, taksiran, dan batas selang. Selang yang hilang tidak digambar.
    grup : str, optional
        Kolom kelompok: beberapa titik per kategori, berlainan bentuk.
    keadaan : str, optional
        Kolom keadaan, atau satu keadaan untuk semua baris.
    label : str, optional
        Kolom teks pengganti angka di kanan selang, misalnya dengan tanda "gunakan dengan hati-hati".
    keterangan : str, optional
        Kolom teks untuk baris tanpa taksiran, misalnya "tidak ditampilkan: contoh terlalu sedikit".
    acuan : mapping, optional
        Nama ke nilai garis acuan, misalnya ``{"Indonesia": 48.2}``.

    Raises
    ------
    GalatParameter
        Kolom tidak ada, atau pasangan kategori dan grup berulang.
    """
    need(data, kategori, nilai, bawah, atas, grup, label, keterangan)
    x, rendah, tinggi = (floats(data[k]) for k in (nilai, bawah, atas))
    isi = np.concatenate([x, rendah, tinggi, list((acuan or {}).values())])
    isi = isi[np.isfinite(isi)]
    if not len(isi):
        mark_missing(ax)
        return ax
    keadaan_baris = states_of(ax, data, keadaan, penanda=True)
    kelompok = [None] if grup is None else list(dict.fromkeys(data[grup]))
    nama, letak = _positions(data, kategori, grup)
    rentang = (isi.max() - isi.min()) or abs(isi.max()) or 1.0
    kiri = isi.min() - 0.06 * rentang
    jarak = 0.72 / len(kelompok)
    for i, nilai_ in enumerate(x):
        n = kelompok.index(data[grup].iloc[i]) if grup else 0
        y = letak[i] + (n - (len(kelompok) - 1) / 2) * jarak
        if np.isnan(nilai_):
            alasan = None if keterangan is None else data[keterangan].iloc[i]
            mark_missing(ax, (kiri + 0.01 * rentang, y), None if fmt.is_missing(alasan) else str(alasan) or None)
            continue
        cat = _color(warna, data[kategori].iloc[i], kelompok[n], n) if grup else WARNA["realisasi"]
        if np.isfinite(rendah[i]) and np.isfinite(tinggi[i]):
            ax.hlines(y, rendah[i], tinggi[i], color=cat, linewidth=1.7, zorder=3)
        ax.scatter(nilai_, y, s=42, marker=PENANDA[n % len(PENANDA)], zorder=4, **marker_style(keadaan_baris[i], cat))
        ax.annotate(
            str(data[label].iloc[i]) if label else value_text(data[nilai].iloc[i], satuan, skala, desimal),
            (max(nilai_, tinggi[i]) if np.isfinite(tinggi[i]) else nilai_, y), (7, 0), textcoords="offset points",
            va="center", fontsize=8, color="#222222", zorder=5,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
        )  # fmt: skip
    _category_axis(ax, [wrap(k, lebar_label) for k in nama], True, len(kelompok))
    ax.set_xlim(kiri, isi.max() + 0.12 * rentang)
    for judul, garis in (acuan or {}).items():
        ax.axvline(garis, color=WARNA["target"], linewidth=1.2, linestyle=(0, (4, 2)), zorder=1.5)
        ax.annotate(
            f"{judul} {value_text(garis, satuan, skala, desimal)}", (garis, 0), (0, 3),
            xycoords=("data", "axes fraction"), textcoords="offset points", ha="center", va="bottom", fontsize=8,
            color=WARNA["target"], bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8}, zorder=5,
        )  # fmt: skip
        ax.set_ylim(len(nama) + 0.15, -0.6)
    ax.xaxis.set_major_formatter(fmt.axis_formatter(satuan or "nilai", skala))
    name_unit(ax, satuan, skala)
    ax.set_ylabel(kategori)  # pendandan menamai kategorinya
    ax.grid(axis="y", visible=True)
    if grup:
        legend_above(ax, [
            Line2D([], [], linestyle="", marker=PENANDA[n % len(PENANDA)], color=_color(warna, None, k, n),
                   markersize=6.5, label=str(k))
            for n, k in enumerate(kelompok)
        ])  # fmt: skip
    return ax
