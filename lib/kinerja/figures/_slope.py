"""Lereng: perubahan banyak baris antara dua saat."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from kinerja import fmt
from kinerja.figures.gaya import WARNA, marker_of
from kinerja.figures.kanvas import HURUF_ANGKA, empty, panel_width, record
from kinerja.figures.kolom import exact, labels, need, numbers, pick_scale, states
from kinerja.figures.teks import TINGGI_BARIS, axes_inches, chars_in, lines_in, spread, wrap


def slope(
    data: pd.DataFrame,
    *,
    label: str,
    kiri: str,
    kanan: str,
    nama: tuple[str, str] | None = None,
    satuan: str,
    skala: str | None = "auto",
    desimal: int | None = None,
    keadaan: str | None = None,
    ax: Axes,
) -> Axes:
    """Garis dari nilai kiri ke nilai kanan; turun berwarna lain dan putus-putus.

    Parameters
    ----------
    data : DataFrame
        Satu baris per garis.
    label, kiri, kanan : str
        Kolom nama, nilai kiri, nilai kanan. Garis dengan salah satu nilai hilang menjadi titik saja dengan keterangan.
    nama : (str, str), optional
        Nama kedua sisi; bawaan nama kolomnya.
    satuan, skala, desimal, keadaan, ax
        Lihat :func:`bullet`.

    Returns
    -------
    Axes
    """
    need(data, label, kiri, kanan)
    if data.empty:
        return empty(ax)
    a, b = numbers(data[kiri]), numbers(data[kanan])
    tulis_a, tulis_b = exact(data[kiri]), exact(data[kanan])
    skala = pick_scale(skala, satuan, a, b)
    keadaan_baris = states(data, keadaan, np.where(np.isnan(a), b, a))
    hingga = np.concatenate([a, b])
    hingga = hingga[np.isfinite(hingga)]
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 1], labels=list(nama or (kiri, kanan)), fontweight="bold")
    ax.xaxis.tick_top()
    ax.tick_params(axis="both", length=0)
    ax.set_yticks([])
    for sisi in ("left", "bottom"):
        ax.spines[sisi].set_visible(False)
    for x in (0, 1):
        ax.axvline(x, color=WARNA["netral"], linewidth=0.8, zorder=1)
    bawah, atas = (hingga.min(), hingga.max()) if len(hingga) else (0.0, 1.0)
    tinggi = (atas - bawah) or abs(atas) * 0.2 or 1.0
    ax.set_ylim(bawah - 0.06 * tinggi, atas + 0.06 * tinggi)
    nama_baris = labels(data[label])
    lebar = chars_in(panel_width(ax) * 0.36, HURUF_ANGKA)
    teks_kiri, teks_kanan = {}, {}
    for i in range(len(data)):
        turun = np.isfinite(a[i]) and np.isfinite(b[i]) and b[i] < a[i]
        warna = WARNA["di_bawah"] if turun else WARNA["realisasi"]
        if np.isfinite(a[i]) and np.isfinite(b[i]):
            ax.plot([0, 1], [a[i], b[i]], color=warna, linestyle=(0, (4, 2)) if turun else "-", zorder=2)
        for x, v in ((0, a[i]), (1, b[i])):
            if np.isfinite(v):
                ax.plot([x], [v], "o", clip_on=False, zorder=3, **marker_of(warna, keadaan_baris[i]))
        if np.isfinite(a[i]):
            isi = f"{nama_baris[i]} {fmt.nilai(tulis_a[i], satuan, desimal, skala=skala)}"
            teks_kiri[i] = wrap(isi if np.isfinite(b[i]) else f"{isi} (→ {fmt.missing()})", lebar)
        if np.isfinite(b[i]):
            isi = fmt.nilai(tulis_b[i], satuan, desimal, skala=skala)
            teks_kanan[i] = wrap(isi if np.isfinite(a[i]) else f"{isi} {nama_baris[i]} ({fmt.missing()} →)", lebar)
        if np.isnan(a[i]) and np.isnan(b[i]):
            teks_kiri[i] = wrap(f"× {nama_baris[i]}: {fmt.missing()}", lebar)
    _grow(ax, [teks_kiri, teks_kanan])
    _side(ax, 0, a, teks_kiri)
    _side(ax, 1, b, teks_kanan)
    record(ax, keadaan_baris)
    return ax


def _line_height(teks: dict[int, str]) -> float:
    return max(map(lines_in, teks.values()), default=1) * HURUF_ANGKA * TINGGI_BARIS + 2


def _grow(ax: Axes, sisi: list[dict[int, str]]) -> None:
    """Tinggikan gambar supaya semua nama pada satu sisi muat tanpa bertindih."""
    perlu = max(len(t) * _line_height(t) for t in sisi) / 72 + 0.5
    fig = ax.figure
    if fig.get_layout_engine() is not None and axes_inches(ax)[1] < perlu:
        lebar, tinggi = fig.get_size_inches()
        fig.set_size_inches(lebar, tinggi + perlu - axes_inches(ax)[1])


def _side(ax: Axes, x: int, nilai: np.ndarray, teks: dict[int, str]) -> None:
    if not teks:
        return
    bawah, atas = ax.get_ylim()
    nomor = list(teks)
    ingin = np.array([nilai[i] if np.isfinite(nilai[i]) else bawah for i in nomor])
    poin = axes_inches(ax)[1] * 72
    letak = (ingin - bawah) / (atas - bawah) * poin
    baru = spread(letak, _line_height(teks), 0, poin)
    arah = 1 if x else -1
    for i, lama, kini in zip(nomor, letak, baru, strict=True):
        ax.annotate(
            teks[i],
            (x, bawah + lama / poin * (atas - bawah)),
            (arah * 16, kini - lama),
            textcoords="offset points",
            ha="left" if x else "right",
            va="center",
            fontsize=HURUF_ANGKA,
            linespacing=1.1,
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": WARNA["netral"],
                "linewidth": 0.6,
                "shrinkA": 1,
                "shrinkB": 4,
                "relpos": (0.0 if x else 1.0, 0.5),
            },
        )
