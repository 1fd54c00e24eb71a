"""Batang: tunggal, berkelompok, bertumpuk, dan air terjun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from kinerja import fmt
from kinerja.figures.rupa import (
    WARNA,
    WARNA_KATEGORI,
    bar_style,
    ink_on,
    legend_above,
    mark_missing,
    name_unit,
    state_handles,
    value_text,
    wrap,
)

_ALAS = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
"""Alas putih di belakang angka yang dapat dilintasi garis acuan."""


def bars(
    data: pd.DataFrame,
    kategori: str,
    nilai: str,
    *,
    ax: Axes,
    satuan: str | None = None,
    skala: str | None = None,
    desimal: int | None = None,
    orient: str = "h",
    grup: str | None = None,
    keadaan: str | None = None,
    warna: str | Mapping | None = None,
    label: str | None = None,
    acuan: Mapping[str, float] | None = None,
    lebar_label: int = 34,
    legenda: bool = True,
) -> Axes:
    """Batang mendatar (``orient="h"``, urutan baris dari atas) atau tegak (``"v"``) dengan label angka.

    Parameters
    ----------
    data : pandas.DataFrame
        Satu baris per batang.
    kategori, nilai : str
        Kolom label dan kolom angka; angka hilang menjadi tanda "tidak ada di sumber".
    ax : Axes
    satuan, skala, desimal
        Format angka, lihat :mod:`kinerja.fmt`.
    grup : str, optional
        Kolom kelompok: batang berdampingan dengan legenda.
    keadaan : str, optional
        Kolom keadaan angka; diturunkan diarsir.
    warna : str or mapping, optional
        Satu warna, atau kode kategori (atau grup) ke warna.
    label : str, optional
        Kolom teks pengganti label angka.
    acuan : mapping, optional
        Nama ke nilai garis acuan, misalnya ``{"Target": 100}``.

    Returns
    -------
    Axes
    """
    datar = orient == "h"
    nama = list(dict.fromkeys(data[kategori]))
    kelompok = [None] if grup is None else list(dict.fromkeys(data[grup]))
    tebal = 0.72 / len(kelompok)
    letak = {k: n for n, k in enumerate(nama)}
    besar = data[nilai].astype(float)
    kosong = 0.0 if besar.notna().sum() == 0 else 0.012 * float(np.nanmax(np.abs(besar)) or 1)
    for n, satu in enumerate(kelompok):
        isi = data if grup is None else data[data[grup] == satu]
        geser = (n - (len(kelompok) - 1) / 2) * tebal
        for baris in isi.to_dict("records"):
            titik, x = letak[baris[kategori]] + geser, baris[nilai]
            pilih = _color(warna, baris[kategori], satu, n if grup else 0)
            if fmt.is_missing(x):
                mark_missing(
                    ax,
                    (0, titik) if datar else (titik, 0),
                    ha="left" if datar else "center",
                    va="center" if datar else "bottom",
                    rotation=0 if datar else 90,
                )
                continue
            gaya = bar_style(baris.get(keadaan) if keadaan else None, pilih)
            x = float(x)
            (ax.barh if datar else ax.bar)(titik, x, tebal * 0.92, **gaya)
            teks = baris[label] if label else value_text(baris[nilai], satuan, skala, desimal)
            ujung = x + kosong * (1 if x >= 0 else -1)
            if datar:
                ax.text(
                    ujung, titik, teks, ha="left" if x >= 0 else "right", va="center", fontsize=8.5, color="#222222",
                    bbox=_ALAS if acuan else None, zorder=4,
                )  # fmt: skip
            else:
                ax.text(
                    titik,
                    ujung,
                    teks,
                    ha="center",
                    va="bottom" if x >= 0 else "top",
                    fontsize=8.5 if len(data) < 14 else 7.5,
                    color="#222222",
                )
    _category_axis(ax, [wrap(k, lebar_label if datar else max(8, int(90 / max(len(nama), 1)))) for k in nama], datar)
    _value_axis(ax, datar, satuan, skala, desimal, besar)
    for judul, batas in (acuan or {}).items():
        (ax.axvline if datar else ax.axhline)(
            batas, color=WARNA["target"], linewidth=1.2, linestyle=(0, (4, 2)), zorder=3
        )
        teks = f"{judul} {value_text(batas, satuan, skala, desimal)}"
        if datar:
            ax.text(
                batas, len(nama) - 0.42, teks, ha="center", va="top", fontsize=8, color=WARNA["target"], bbox=_ALAS,
                zorder=4,
            )  # fmt: skip
            ax.set_ylim(len(nama) + 0.05, -0.6)
        else:
            ax.text(len(nama) - 0.45, batas, teks, ha="left", va="center", fontsize=8, color=WARNA["target"])
    if legenda:
        _legend(ax, data, kelompok if grup else [], keadaan, warna)
    return ax


def stacked(
    data: pd.DataFrame,
    kategori: str,
    bagian: str,
    nilai: str,
    *,
    ax: Axes,
    satuan: str | None = None,
    skala: str | None = None,
    desimal: int | None = None,
    persen: bool = False,
    warna: Mapping | Sequence[str] | None = None,
    lebar_label: int = 30,
    ambang_label: float = 0.06,
) -> Axes:
    """Batang mendatar bertumpuk: satu batang per kategori, satu ruas per bagian.

    Parameters
    ----------
    data : pandas.DataFrame
        Bentuk panjang.
    kategori, bagian, nilai : str
        Kolom batang, kolom ruas, dan kolom angka.
    persen : bool
        Setiap batang dijadikan 100 persen; label tetap angka aslinya dengan persen di belakangnya.
    ambang_label : float
        Ruas yang lebih pendek daripada bagian ini dari sumbu tidak diberi label di dalam.
    """
    nama, ruas = list(dict.fromkeys(data[kategori])), list(dict.fromkeys(data[bagian]))
    tabel = data.pivot(index=kategori, columns=bagian, values=nilai).reindex(index=nama, columns=ruas).astype(float)
    total = tabel.sum(axis=1)
    panjang = tabel.div(total, axis=0) * 100 if persen else tabel
    batas = 100.0 if persen else float(total.max() or 1)
    peta = dict(warna) if isinstance(warna, Mapping) else dict(zip(ruas, warna or WARNA_KATEGORI * 3, strict=False))
    kiri = np.zeros(len(nama))
    for satu in ruas:
        lebar = panjang[satu].fillna(0).to_numpy()
        ax.barh(range(len(nama)), lebar, 0.68, left=kiri, facecolor=peta[satu], edgecolor="white", linewidth=1)
        for n, (awal, isi) in enumerate(zip(kiri, lebar, strict=True)):
            if isi / batas >= ambang_label:
                teks = value_text(tabel[satu].iloc[n], satuan, skala, desimal)
                if persen and isi / batas >= 2 * ambang_label:
                    teks += f" ({fmt.persen(isi, 1)})"
                ax.text(awal + isi / 2, n, teks, ha="center", va="center", fontsize=8, color=ink_on(peta[satu]))
        kiri = kiri + lebar
    _category_axis(ax, [wrap(k, lebar_label) for k in nama], True)
    ax.set_xlim(0, batas * (1.0 if persen else 1.04))
    ax.xaxis.set_major_formatter(
        fmt.axis_formatter("persen" if persen else satuan or "orang", None if persen else skala)
    )
    name_unit(ax, None if persen else satuan, skala)
    legend_above(ax, [Patch(facecolor=peta[s], label=str(s)) for s in ruas], ncols=min(len(ruas), 5))
    return ax


def waterfall(
    data: pd.DataFrame,
    langkah: str,
    nilai: str,
    *,
    ax: Axes,
    total: str,
    satuan: str = "rupiah",
    skala: str | None = "triliun",
    desimal: int = 2,
    lebar_label: int = 15,
) -> Axes:
    """Air terjun dari nilai awal ke nilai akhir.

    Parameters
    ----------
    data : pandas.DataFrame
        Berurutan; baris dengan kolom ``total`` benar memuat kedudukan, yang lain perubahan.
    langkah, nilai : str
        Kolom nama langkah dan kolom angka (kedudukan atau perubahan).
    total : str
        Kolom boolean.
    """
    kini, puncak, dasar = 0.0, 0.0, 0.0
    letak = []
    for baris in data.to_dict("records"):
        x = float(baris[nilai])
        if baris[total]:
            letak.append((0.0, x, WARNA["realisasi"], value_text(baris[nilai], satuan, skala, desimal)))
            kini = x
        else:
            warna = WARNA["naik"] if x >= 0 else WARNA["turun"]
            tanda = "+" if x >= 0 else fmt.MINUS
            letak.append(
                (min(kini, kini + x), abs(x), warna, tanda + value_text(abs(baris[nilai]), satuan, skala, desimal))
            )
            kini += x
        puncak, dasar = max(puncak, kini, letak[-1][0] + letak[-1][1]), min(dasar, kini)
    dasar_lalu = None
    for n, ((bawah, tinggi, warna, teks), baris) in enumerate(zip(letak, data.to_dict("records"), strict=True)):
        arsir = "" if baris[total] or float(baris[nilai]) >= 0 else "\\\\\\\\"
        ax.bar(n, tinggi, 0.62, bottom=bawah, facecolor=warna, edgecolor="white" if arsir else warna, hatch=arsir)
        atas = max(bawah, bawah + tinggi)
        ax.text(n, atas + puncak * 0.012, teks, ha="center", va="bottom", fontsize=8.5, color="#222222")
        akhir = bawah + tinggi if baris[total] or float(baris[nilai]) >= 0 else bawah
        if dasar_lalu is not None:
            ax.plot([n - 1 + 0.31, n - 0.31], [dasar_lalu] * 2, color=WARNA["garis"], linewidth=1)
        dasar_lalu = akhir
    ax.set_xticks(range(len(data)), [wrap(x, lebar_label) for x in data[langkah]])
    # kedudukan boleh di bawah nol: bagian-bagiannya melebihi keseluruhannya
    ax.set_ylim(dasar - puncak * 0.03 if dasar < 0 else 0, puncak * 1.1)
    if dasar < 0:
        ax.axhline(0, color="#444444", linewidth=0.8)
    ax.grid(axis="x", visible=False)
    ax.yaxis.set_major_formatter(fmt.axis_formatter(satuan, skala))
    name_unit(ax, satuan, skala, sumbu="y")
    return ax


def _color(warna, kategori, grup, n: int) -> str:
    if isinstance(warna, str):
        return warna
    if isinstance(warna, Mapping):
        return (
            warna.get(grup, warna.get(kategori, WARNA["netral"]))
            if grup is not None
            else warna.get(kategori, WARNA["netral"])
        )
    return WARNA_KATEGORI[n % len(WARNA_KATEGORI)]


def _category_axis(ax: Axes, nama: list[str], datar: bool) -> None:
    if datar:
        ax.set_yticks(range(len(nama)), nama)
        ax.set_ylim(len(nama) - 0.4, -0.6)
        ax.grid(axis="y", visible=False)
    else:
        ax.set_xticks(range(len(nama)), nama)
        # satu atau dua batang tidak dilebarkan memenuhi sumbu
        luang = max(0.0, (4 - len(nama)) / 2)
        ax.set_xlim(-0.6 - luang, len(nama) - 0.4 + luang)
        ax.grid(axis="x", visible=False)


def _value_axis(ax: Axes, datar: bool, satuan, skala, desimal, besar: pd.Series) -> None:
    bawah, atas = float(min(besar.min(skipna=True), 0)), float(max(besar.max(skipna=True), 0))
    if besar.notna().sum() == 0:
        bawah, atas = 0.0, 1.0
    rentang = (atas - bawah) or 1.0
    # label angka berada di luar ujung batang: sisakan ruang menurut panjangnya
    panjang = max((len(value_text(x, satuan, skala, desimal)) for x in besar.dropna()), default=4)
    luang = rentang * (min(0.02 + 0.013 * panjang, 0.42) if datar else 0.1)
    (ax.set_xlim if datar else ax.set_ylim)(
        bawah - (luang if bawah < 0 else 0), atas + (luang if atas > 0 else rentang * 0.02)
    )
    sumbu = ax.xaxis if datar else ax.yaxis
    sumbu.set_major_formatter(fmt.axis_formatter(satuan or "nilai", skala))
    name_unit(ax, satuan, skala, sumbu="x" if datar else "y")
    if bawah < 0:
        (ax.axvline if datar else ax.axhline)(0, color="#444444", linewidth=0.8)


def _legend(ax: Axes, data: pd.DataFrame, kelompok: list, keadaan: str | None, warna) -> None:
    unsur = [Patch(facecolor=_color(warna, None, k, n), label=str(k)) for n, k in enumerate(kelompok)]
    if keadaan:
        dasar = warna if isinstance(warna, str) else WARNA["realisasi"]
        unsur += state_handles(data[keadaan], WARNA["netral"] if kelompok else dasar)
    if unsur:
        legend_above(ax, unsur, ncols=min(len(unsur), 5))
