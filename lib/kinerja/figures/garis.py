"""Garis, lereng, dan kumpulan panel kecil."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

from kinerja import fmt
from kinerja.figures.rupa import (
    WARNA,
    WARNA_KATEGORI,
    ink,
    mark_missing,
    marker_style,
    name_unit,
    spread,
    value_text,
    wrap,
)


def line(
    data: pd.DataFrame,
    x: str,
    y: str,
    *,
    ax: Axes,
    grup: str | None = None,
    satuan: str | None = None,
    skala: str | None = None,
    desimal: int | None = None,
    keadaan: str | None = None,
    warna: Mapping | str | None = None,
    putus: tuple[str, ...] = (),
    label_titik: bool | tuple[str, ...] = True,
    label_x: Mapping | None = None,
    nol: bool = False,
    lebar_label: int = 18,
) -> Axes:
    """Garis menurut waktu, satu per grup, dengan nama di ujung kanan; titik yang hilang memutus garis dan ditandai.

    Parameters
    ----------
    x, y : str
        Kolom waktu (angka) dan kolom nilai.
    grup : str, optional
        Kolom seri.
    keadaan : str, optional
        Kolom keadaan; titik turunan berongga.
    putus : tuple of str
        Seri yang digambar bergaris putus-putus (target, jalur).
    label_titik : bool or tuple of str
        Seri yang titik-titiknya diberi angka.
    label_x : mapping, optional
        Nilai x ke tulisan sumbu.
    nol : bool
        Sumbu tegak mulai dari nol.
    """
    seri = [None] if grup is None else list(dict.fromkeys(data[grup]))
    ujung = []
    semua = data[y].astype(float)
    # satu seri berlabel: angkanya menghindari garisnya sendiri; beberapa seri: berselang-seling atas dan bawah
    sendiri = len(seri if label_titik is True else label_titik or ()) == 1
    for n, satu in enumerate(seri):
        isi = (data if grup is None else data[data[grup] == satu]).sort_values(x)
        cat = warna if isinstance(warna, str) else (warna or {}).get(satu, WARNA_KATEGORI[n % len(WARNA_KATEGORI)])
        xs, ys = isi[x].astype(float).to_numpy(), isi[y].astype(float).to_numpy()
        ax.plot(
            xs,
            ys,
            color=cat,
            linestyle=(0, (4, 2)) if satu in putus else "-",
            zorder=3,
            label=None if satu is None else str(satu),
        )
        ada = ~np.isnan(ys)
        # di seberang celah garis tipis menunjukkan bahwa yang dihubungkan bukan data
        if ada.sum() >= 2 and not ada.all():
            ax.plot(xs[ada], ys[ada], color=cat, linewidth=0.9, linestyle=":", zorder=2)
        for baris, px, py in zip(isi.to_dict("records"), xs, ys, strict=True):
            if np.isnan(py):
                continue
            ax.scatter(px, py, s=34, zorder=4, **marker_style(baris.get(keadaan) if keadaan else None, cat))
            if label_titik is True or (label_titik and satu in label_titik):
                geser, ha, va = _label_side(ys, int(np.flatnonzero(xs == px)[0])) if sendiri else _BAKU[n % 2]
                ax.annotate(
                    value_text(baris[y], satuan, skala, desimal),
                    (px, py),
                    xytext=geser,
                    textcoords="offset points",
                    ha=ha,
                    va=va,
                    fontsize=8,
                    color=ink(cat),
                    fontweight="bold",
                    zorder=5,
                    path_effects=[withStroke(linewidth=2.5, foreground="white")],
                )
        if ada.any() and satu is not None:
            ujung.append([float(xs[ada][-1]), float(ys[ada][-1]), wrap(satu, lebar_label), cat])
    _missing_marks(ax, data, x, y, grup, seri, label_x or {})
    if nol:
        ax.set_ylim(0, float(np.nanmax(semua)) * 1.15)
    else:
        rentang = float(np.nanmax(semua) - np.nanmin(semua)) if semua.notna().any() else 1.0
        rentang = rentang or abs(float(np.nanmax(semua))) or 1.0
        ax.set_ylim(float(np.nanmin(semua)) - 0.18 * rentang, float(np.nanmax(semua)) + 0.18 * rentang)
    titik = sorted(set(data[x].astype(float)))
    if len(titik) <= 16:
        ax.set_xticks(
            titik, [str((label_x or {}).get(int(t) if t == int(t) else t, int(t) if t == int(t) else t)) for t in titik]
        )
    lebar = (titik[-1] - titik[0]) or 1.0
    ax.set_xlim(titik[0] - 0.06 * lebar, titik[-1] + 0.06 * lebar)
    ax.yaxis.set_major_formatter(fmt.axis_formatter(satuan or "nilai", skala))
    name_unit(ax, satuan, skala, sumbu="y")
    _end_labels(ax, ujung)
    return ax


def _end_labels(ax: Axes, ujung: list[list], sisi: str = "kanan") -> None:
    """Nama seri di luar tepi sumbu, digeser agar tidak bertumpuk."""
    if not ujung:
        return
    bawah, atas = ax.get_ylim()
    tinggi = ax.figure.get_size_inches()[1] * 0.62 * 72
    jarak = (atas - bawah) * 12 / tinggi
    urut = sorted(ujung, key=lambda u: u[1])
    butuh = [jarak * (u[2].count("\n") + 1) for u in urut]
    letak = spread([u[1] for u in urut], butuh, bawah, max(atas, bawah + sum(butuh)))
    x, geser, ha = (1, 6, "left") if sisi == "kanan" else (0, -6, "right")
    for tempat, (_, _, teks, warna) in zip(letak, urut, strict=True):
        ax.annotate(
            teks,
            (x, tempat),
            xycoords=("axes fraction", "data"),
            xytext=(geser, 0),
            textcoords="offset points",
            ha=ha,
            va="center",
            fontsize=8.5,
            color=ink(warna),
            fontweight="bold",
            annotation_clip=False,
        )


_BAKU = (((0, 7), "center", "bottom"), ((0, -7), "center", "top"))


def _label_side(ys: np.ndarray, n: int) -> tuple[tuple[int, int], str, str]:
    """Tempat label sebuah titik pada garis tunggal supaya garisnya tidak menembus angka.

    Lembah (juga pangkal garis naik dan ujung garis turun) ditulisi di bawah, tengah garis turun di kanan atas, tengah
    garis naik di kiri atas, dan yang lain di atas.
    """
    kiri, kanan = (ys[n - 1] if n else np.nan), (ys[n + 1] if n + 1 < len(ys) else np.nan)
    sendirian = np.isnan(kiri) and np.isnan(kanan)
    if not sendirian and not kiri <= ys[n] and not kanan <= ys[n]:
        return _BAKU[1]
    if kiri > ys[n] > kanan:
        return (2, 5), "left", "bottom"
    if kiri < ys[n] < kanan:
        return (-2, 5), "right", "bottom"
    return _BAKU[0]


def _missing_marks(
    ax: Axes, data: pd.DataFrame, x: str, y: str, grup: str | None, seri: list, label_x: Mapping
) -> None:
    hilang = data[data[y].isna()]
    if hilang.empty:
        return
    for n, satu in enumerate(seri):
        waktu = sorted((hilang if grup is None else hilang[hilang[grup] == satu])[x])
        if not waktu:
            continue
        nama = [" ".join(str(label_x.get(t, int(t))).split()) for t in waktu]
        berurut = len(waktu) > 1 and waktu[-1] - waktu[0] == len(waktu) - 1
        rentang = f"{nama[0]}–{nama[-1]}" if berurut else ", ".join(nama)
        kata = fmt.pick({"id": "tidak ada di sumber", "en": "not in the source"})
        isi = f"{'' if satu is None else f'{satu} '}{rentang}: {kata}"
        ax.annotate(
            isi,
            (0, 0),
            xycoords="axes fraction",
            xytext=(4, 4 + 11 * n),
            textcoords="offset points",
            fontsize=7.5,
            style="italic",
            color=WARNA["netral"],
        )


def slope(
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
    warna: Mapping | None = None,
    lebar_label: int = 26,
) -> Axes:
    """Lereng antara dua keadaan, satu garis per kategori, dengan nama dan angka di kedua ujungnya."""
    semua = data[[awal, akhir]].astype(float)
    bawah, atas = float(np.nanmin(semua.to_numpy())), float(np.nanmax(semua.to_numpy()))
    rentang = (atas - bawah) or 1.0
    ax.set_ylim(bawah - 0.1 * rentang, atas + 0.1 * rentang)
    mula, ujung = [], []
    for n, baris in enumerate(data.to_dict("records")):
        cat = (warna or {}).get(baris[kategori], WARNA_KATEGORI[n % len(WARNA_KATEGORI)])
        a, b = baris[awal], baris[akhir]
        if fmt.is_missing(a) or fmt.is_missing(b):
            continue
        ax.plot([0, 1], [float(a), float(b)], color=cat, marker="o", zorder=3)
        mula.append([0.0, float(a), value_text(a, satuan, skala, desimal), cat])
        ujung.append(
            [1.0, float(b), f"{value_text(b, satuan, skala, desimal)} {wrap(baris[kategori], lebar_label)}", cat]
        )
    ax.set_xlim(-0.02, 1.02)
    ax.set_xticks([0, 1], [nama_awal, nama_akhir])
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    ax.grid(visible=False)
    _end_labels(ax, mula, "kiri")
    _end_labels(ax, ujung)
    return ax


def small_multiples(
    axes: np.ndarray,
    data: pd.DataFrame,
    grup: str,
    gambar: Callable[[pd.DataFrame, Axes], object],
    judul: Mapping | None = None,
    lebar_judul: int = 34,
) -> np.ndarray:
    """Satu panel kecil per grup: ``gambar(isi, ax)`` dipanggil untuk masing-masing; panel sisa dimatikan.

    Parameters
    ----------
    axes : ndarray of Axes
        Dari ``canvas(rows, cols)``; sedikitnya sebanyak grup.
    data : pandas.DataFrame
    grup : str
        Kolom panel, urut menurut kemunculannya.
    gambar : callable
        Menggambar satu bingkai data pada satu sumbu.
    judul : mapping, optional
        Kode grup ke judul panel.
    """
    kelompok = list(dict.fromkeys(data[grup]))
    datar = np.atleast_1d(axes).ravel()
    for ax, satu in zip(datar, kelompok, strict=False):
        isi = data[data[grup] == satu]
        if isi.select_dtypes("number").isna().all(axis=None):
            mark_missing(ax, (0.5, 0.5), ha="center", transform=ax.transAxes)
        gambar(isi, ax)
        ax.set_title(wrap((judul or {}).get(satu, satu), lebar_judul))
    for ax in datar[len(kelompok) :]:
        ax.set_visible(False)
    return axes
