"""Batang: mendatar atau tegak, tunggal atau berkelompok; dan batang bertumpuk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.figures.gaya import WARNA, WARNA_KATEGORI, fill_of, ink_on
from kinerja.figures.kanvas import (
    HURUF_ANGKA,
    HURUF_NAMA,
    empty,
    fit_rows,
    mark_missing,
    panel_width,
    record,
    row_axis,
    value_axis,
)
from kinerja.figures.kolom import exact, labels, need, numbers, order_of, pick_scale, states
from kinerja.figures.teks import axes_inches, chars_in, lines_in, text_width, wrap

_ARAH = ("h", "v")


def bars(
    data: pd.DataFrame,
    *,
    label: str,
    nilai: str,
    kelompok: str | None = None,
    arah: str = "h",
    satuan: str,
    skala: str | None = "auto",
    desimal: int | None = None,
    keadaan: str | None = None,
    warna: str | Mapping[Any, str] | None = None,
    sorot: Sequence[Any] = (),
    acuan: float | None = None,
    nama_acuan: str = "",
    selang: tuple[str, str] | None = None,
    nama_sumbu: str | None = None,
    angka: bool = True,
    ax: Axes,
) -> Axes:
    """Batang dengan angka di ujungnya.

    Parameters
    ----------
    data : DataFrame
        Satu baris per batang; dengan ``kelompok`` panjang (label x kelompok).
    label, nilai : str
        Kolom nama dan angka.
    kelompok : str, optional
        Kolom golongan: beberapa batang per nama, berlegenda dalam urutan batangnya.
    arah : {"h", "v"}
        Mendatar (untuk nama panjang) atau tegak (untuk bulan dan tahun).
    satuan, skala, desimal, keadaan, nama_sumbu, ax
        Lihat :func:`bullet`. Batang mendatar menulis angka lengkap ("Rp7,01 triliun"); batang tegak hanya bilangannya,
        satuannya pada sumbu.
    warna : str or mapping, optional
        Satu warna atau peran dari ``WARNA``, atau golongan ke warna.
    sorot : sequence
        Nama baris yang ditonjolkan (tebal dan berwarna lain).
    acuan, nama_acuan
        Garis acuan dan namanya.
    selang : (str, str), optional
        Kolom batas bawah dan atas, digambar sebagai galat.
    angka : bool
        Tulis angka di ujung batang.

    Returns
    -------
    Axes

    Raises
    ------
    GalatParameter
        Kolom, keadaan, atau arah tidak dikenal; pasangan label x kelompok berulang.
    """
    need(data, label, nilai, kelompok, *(selang or ()))
    if arah not in _ARAH:
        raise GalatParameter(f"Arah batang {arah!r} tidak dikenal; pilih h (mendatar) atau v (tegak).")
    if data.empty:
        return empty(ax)
    tabel = data.reset_index(drop=True)
    mendatar = arah == "h"
    angka_semua = numbers(tabel[nilai])
    skala = pick_scale(skala, satuan, angka_semua)
    keadaan_baris = states(tabel, keadaan, angka_semua)
    golongan = order_of(tabel[kelompok]) if kelompok else [None]
    baris, letak = _positions(tabel, label, kelompok)
    nama = labels(baris)
    k = len(golongan)
    tebal = 0.66 if k == 1 else 0.82 / k
    _name_axis(ax, nama, mendatar, k)
    pilihan = _colours(golongan, warna)
    tulis = exact(tabel[nilai])
    for i in range(len(tabel)):
        g = golongan.index(tabel[kelompok].iloc[i]) if kelompok else 0
        p = letak[i] + (g - (k - 1) / 2) * tebal
        x = angka_semua[i]
        if np.isnan(x):
            _gap(ax, p, mendatar, k)
            continue
        w = WARNA["sorot"] if tabel[label].iloc[i] in sorot and k == 1 else pilihan[golongan[g]]
        gaya = fill_of(w, keadaan_baris[i]) | {"zorder": 3}
        if mendatar:
            ax.barh(p, x, height=tebal * 0.92, **gaya)
        else:
            ax.bar(p, x, width=tebal * 0.92, **gaya)
        ujung = x
        if selang:
            bawah, atas = (float(numbers([tabel[s].iloc[i]])[0]) for s in selang)
            _interval(ax, p, bawah, atas, mendatar)
            ujung = atas if np.isfinite(atas) and x >= 0 else x
        if angka:
            _number(ax, p, ujung, tulis[i], satuan, skala, desimal, mendatar)
    for j, n in enumerate(baris):
        if n in sorot:
            (ax.get_yticklabels() if mendatar else ax.get_xticklabels())[j].set_fontweight("bold")
    _limits(ax, angka_semua, acuan, mendatar, tabel, selang)
    value_axis(ax.xaxis if mendatar else ax.yaxis, satuan, skala, nama=nama_sumbu)
    _reference(ax, acuan, nama_acuan, mendatar)
    if k > 1:
        kunci = [Patch(**fill_of(pilihan[g]), label=str(g)) for g in golongan]
        _legend(ax, kunci)
    record(ax, keadaan_baris)
    return ax


def stacked(
    data: pd.DataFrame,
    *,
    label: str,
    bagian: str,
    nilai: str,
    proporsi: bool = False,
    arah: str = "h",
    satuan: str,
    skala: str | None = "auto",
    desimal: int | None = None,
    keadaan: str | None = None,
    warna: Mapping[Any, str] | None = None,
    nama_sumbu: str | None = None,
    ax: Axes,
) -> Axes:
    """Batang bertumpuk: bagian dari jumlah, mutlak atau 100%.

    Angka ditulis di dalam potongan yang cukup lebar; nama potongan di atas batang pertama bila muat, selain itu
    legenda dalam urutan potongan. Baris yang salah satu bagiannya hilang tidak dijadikan 100%: bagian yang ada tetap
    digambar mutlak terhadap jumlah bagian yang ada hanya bila ``proporsi`` salah; bila benar, baris itu ditandai.

    Parameters
    ----------
    data : DataFrame
        Panjang: satu baris per label x bagian.
    label, bagian, nilai : str
        Kolom.
    proporsi : bool
        Setiap batang 100%; angka yang ditulis adalah persen.
    arah, satuan, skala, desimal, keadaan, warna, nama_sumbu, ax
        Lihat :func:`bars`.

    Returns
    -------
    Axes

    Raises
    ------
    GalatParameter
        Ada bagian negatif: tumpukan tidak dapat menunjukkannya.
    """
    need(data, label, bagian, nilai)
    if arah not in _ARAH:
        raise GalatParameter(f"Arah batang {arah!r} tidak dikenal; pilih h (mendatar) atau v (tegak).")
    if data.empty:
        return empty(ax)
    tabel = data.reset_index(drop=True)
    mendatar = arah == "h"
    angka = numbers(tabel[nilai])
    if (angka < 0).any():
        raise GalatParameter("Batang bertumpuk tidak dapat memuat bagian yang negatif; pakai bars atau waterfall.")
    baris, letak = _positions(tabel, label, bagian)
    golongan = order_of(tabel[bagian])
    keadaan_baris = states(tabel, keadaan, angka)
    tulis = exact(tabel[nilai])
    if proporsi:
        jumlah = pd.Series(angka).groupby(letak).transform(lambda s: s.sum(skipna=False)).to_numpy()
        angka = np.divide(angka * 100, jumlah, out=np.full(len(angka), np.nan), where=jumlah > 0)
        tulis, satuan, skala = list(angka), "persen", None
        desimal = 1 if desimal is None else desimal
    total = pd.Series(np.nan_to_num(angka)).groupby(letak).sum()
    skala = pick_scale(skala, satuan, total.to_numpy())
    _name_axis(ax, labels(baris), mendatar, 1, tambahan=0.35)
    pilihan = _colours(golongan, warna)
    atas = 100.0 if proporsi else float(total.max()) or 1.0
    (ax.set_xlim if mendatar else ax.set_ylim)(0, atas * (1.0 if proporsi else 1.02))
    value_axis(ax.xaxis if mendatar else ax.yaxis, satuan, skala, 0 if proporsi else None, nama=nama_sumbu)
    _legend(ax, [Patch(**fill_of(pilihan[g]), label=str(g)) for g in golongan])
    panjang = axes_inches(ax)[0 if mendatar else 1]
    for j in range(len(baris)):
        mulai = 0.0
        hilang = False
        for g in golongan:
            for i in np.flatnonzero((letak == j) & (tabel[bagian] == g).to_numpy()):
                if np.isnan(angka[i]):
                    hilang = True
                    continue
                gaya = fill_of(pilihan[g], keadaan_baris[i]) | {"zorder": 3, "linewidth": 1.0}
                if keadaan_baris[i] == "dikutip":
                    gaya["edgecolor"] = "#FFFFFF"
                gambar = ax.barh if mendatar else ax.bar
                ukuran = {"height": 0.62, "left": mulai} if mendatar else {"width": 0.62, "bottom": mulai}
                gambar(j, angka[i], **ukuran, **gaya)
                _segment_number(
                    ax,
                    j,
                    mulai,
                    angka[i],
                    fmt.nilai(tulis[i], satuan, desimal, skala=skala, lambang=proporsi),
                    gaya["facecolor"],
                    angka[i] / atas * panjang,
                    mendatar,
                    keadaan_baris[i],
                )
                mulai += angka[i]
        if hilang:
            mark_missing(ax, (mulai, j) if mendatar else (j, mulai), ha="left" if mendatar else "center")
        elif not proporsi and mulai > 0:
            _number(
                ax,
                j,
                mulai,
                total[j] if satuan == "persen" else _exact_sum(tulis, letak, j),
                satuan,
                skala,
                desimal,
                mendatar,
            )
    record(ax, keadaan_baris)
    return ax


# Bersama --------------------------------------------------------------------------------------------------------------


def _positions(tabel: pd.DataFrame, label: str, kelompok: str | None) -> tuple[list[Any], np.ndarray]:
    """Nama baris menurut urutan muncul, dan nomor baris tiap batang."""
    if kelompok is None:
        return list(tabel[label]), np.arange(len(tabel))
    ulang = tabel.duplicated([label, kelompok])
    if ulang.any():
        contoh = tabel.loc[ulang, [label, kelompok]].iloc[0].tolist()
        raise GalatParameter(f"Pasangan {contoh} muncul lebih dari sekali; satu batang hanya satu angka.")
    baris = order_of(tabel[label])
    nomor = {n: j for j, n in enumerate(baris)}
    return baris, tabel[label].map(nomor).to_numpy(dtype=int)


def _name_axis(ax: Axes, nama: list[str], mendatar: bool, k: int, tambahan: float = 0.0) -> None:
    n = len(nama)
    if mendatar:
        potong = [wrap(x, chars_in(panel_width(ax) * 0.38, HURUF_NAMA)) for x in nama]
        baris = max(max(map(lines_in, potong)), k * 0.95)
        fit_rows(ax, n, baris, tambahan=tambahan + (0.25 if k > 1 else 0.0))
        row_axis(ax, potong)
        return
    lebar = panel_width(ax) * 0.86 / n
    huruf = chars_in(lebar, HURUF_ANGKA) if lebar > 0.28 else 0
    terpanjang = max((len(kata) for x in nama for kata in x.split()), default=0)
    if huruf >= terpanjang:
        ax.set_xticks(range(n), labels=[wrap(x, huruf) for x in nama])
    else:
        ax.set_xticks(range(n), labels=[wrap(x, 22) for x in nama], rotation=90)
    ax.set_xlim(-0.6, n - 0.4)
    ax.tick_params(axis="x", length=0)


def _colours(golongan: Sequence[Any], warna: str | Mapping[Any, str] | None) -> dict[Any, str]:
    if isinstance(warna, str):
        return dict.fromkeys(golongan, WARNA.get(warna, warna))
    peta = dict(warna or {})
    return {
        g: WARNA.get(peta[g], peta[g]) if g in peta else WARNA_KATEGORI[i % len(WARNA_KATEGORI)]
        for i, g in enumerate(golongan)
    }


def _gap(ax: Axes, p: float, mendatar: bool, k: int) -> None:
    if mendatar:
        mark_missing(ax, (0.0, p))
    else:
        mark_missing(ax, (p, 0.0), rotation=90, ha="center")


def _interval(ax: Axes, p: float, bawah: float, atas: float, mendatar: bool) -> None:
    gambar = ax.hlines if mendatar else ax.vlines
    gambar([p], [bawah], [atas], color=WARNA["teks"], linewidth=1.2, zorder=4)


def _number(
    ax: Axes, p: float, ujung: float, x: Any, satuan: str, skala: str | None, desimal: int | None, mendatar: bool
) -> None:
    teks = fmt.nilai(x, satuan, desimal, skala=skala, lambang=mendatar or skala is None)
    arah = -1 if ujung < 0 else 1
    if mendatar:
        letak, geser, ha, va = (ujung, p), (4 * arah, 0), "left" if arah > 0 else "right", "center"
    else:
        letak, geser, ha, va = (p, ujung), (0, 2.5 * arah), "center", "bottom" if arah > 0 else "top"
    ax.annotate(
        teks,
        letak,
        geser,
        textcoords="offset points",
        ha=ha,
        va=va,
        fontsize=HURUF_ANGKA,
        color=WARNA["teks"],
        annotation_clip=False,
        zorder=6,
    )


def _segment_number(
    ax: Axes, j: int, mulai: float, x: float, teks: str, latar: str, ruang: float, mendatar: bool, keadaan: str
) -> None:
    """Angka di dalam potongan, hanya bila potongannya cukup panjang untuknya."""
    perlu = text_width(ax.figure, teks, HURUF_ANGKA - 0.5) + 0.06 if mendatar else 0.16
    if x <= 0 or ruang < perlu:
        return
    letak = (mulai + x / 2, j) if mendatar else (j, mulai + x / 2)
    alas = {"boxstyle": "square,pad=0.12", "facecolor": latar, "edgecolor": "none"} if keadaan != "dikutip" else None
    ax.text(
        *letak, teks, ha="center", va="center", fontsize=HURUF_ANGKA - 0.5, color=ink_on(latar), zorder=6, bbox=alas
    )


def _exact_sum(tulis: Sequence[Any], letak: np.ndarray, j: int) -> Any:
    return sum(x for x, baris in zip(tulis, letak, strict=True) if baris == j and x is not None)


def _limits(
    ax: Axes,
    angka: np.ndarray,
    acuan: float | None,
    mendatar: bool,
    tabel: pd.DataFrame,
    selang: tuple[str, str] | None,
) -> None:
    isi = [
        angka,
        [0.0],
        *([[acuan]] if acuan is not None else []),
        *([numbers(tabel[s]) for s in selang] if selang else []),
    ]
    hingga = np.concatenate([np.asarray(x, dtype=float) for x in isi])
    hingga = hingga[np.isfinite(hingga)]
    bawah, atas = hingga.min(), hingga.max()
    lebar = (atas - bawah) or 1.0
    (ax.set_xlim if mendatar else ax.set_ylim)(
        bawah - (0.02 * lebar if bawah < 0 else 0), atas + 0.03 * lebar if atas > 0 else lebar * 0.02
    )
    if bawah < 0:
        (ax.axvline if mendatar else ax.axhline)(0, color=WARNA["teks"], linewidth=0.8, zorder=4)


def _reference(ax: Axes, acuan: float | None, nama: str, mendatar: bool) -> None:
    if acuan is None:
        return
    gaya = {"color": WARNA["target"], "linewidth": 1.2, "linestyle": (0, (4, 2)), "zorder": 5}
    tulisan = {
        "textcoords": "offset points",
        "fontsize": HURUF_ANGKA,
        "color": WARNA["target"],
        "annotation_clip": False,
    }
    if mendatar:
        ax.axvline(acuan, **gaya)
        ax.annotate(nama, (acuan, 1), (0, 4), xycoords=("data", "axes fraction"), ha="center", va="bottom", **tulisan)
    else:
        ax.axhline(acuan, **gaya)
        ax.annotate(nama, (1, acuan), (4, 0), xycoords=("axes fraction", "data"), ha="left", va="center", **tulisan)


def _legend(ax: Axes, kunci: Sequence[Any]) -> None:
    """Legenda di atas bidang gambar, sebanyak kolom yang muat."""
    lebar = panel_width(ax) * 0.62
    satu = max(text_width(ax.figure, str(h.get_label()), HURUF_ANGKA) for h in kunci) + 0.42
    ax.legend(
        handles=list(kunci),
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=max(1, min(len(kunci), int(lebar / satu))),
        fontsize=HURUF_ANGKA,
    )
