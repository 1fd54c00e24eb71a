"""Garis, lereng, dan kumpulan panel kecil."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import ConnectionPatch
from matplotlib.patheffects import withStroke
from matplotlib.transforms import offset_copy

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.figures.rupa import (
    PENANDA,
    WARNA,
    WARNA_KATEGORI,
    floats,
    grow,
    ink,
    mark_missing,
    marker_style,
    name_unit,
    need,
    panel_inches,
    spread,
    states_of,
    target_line,
    text_width,
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
    selang: tuple[str, str] | None = None,
    lebar_label: int = 18,
) -> Axes:
    """Garis menurut waktu, satu per grup, dengan nama di ujung kanan; titik yang hilang memutus garis dan ditandai.

    Parameters
    ----------
    x, y : str
        Kolom waktu (angka, tanggal, atau tulisan menurut urutan munculnya) dan kolom nilai.
    grup : str, optional
        Kolom seri; tiap seri berpenanda lain.
    keadaan : str, optional
        Kolom keadaan, atau satu keadaan untuk semua; titik turunan berongga.
    putus : tuple of str
        Seri yang digambar bergaris putus-putus (target, jalur).
    label_titik : bool or tuple of str
        Seri yang titik-titiknya diberi angka.
    label_x : mapping, optional
        Nilai x ke tulisan sumbu.
    nol : bool
        Sumbu tegak mulai dari nol.
    selang : (str, str), optional
        Kolom batas bawah dan atas selang kepercayaan, digambar sebagai pita.

    Raises
    ------
    GalatParameter
        Kolom tidak ada.
    """
    need(data, x, y, grup, *(selang or ()))
    if data.empty:
        mark_missing(ax)
        return ax
    letak_x, nama_x = _positions(data[x], label_x or {})
    semua = floats(data[y])
    keadaan_baris = states_of(ax, data, keadaan, penanda=True)
    batas = [floats(data[k]) for k in selang or ()]
    seri = [None] if grup is None else list(dict.fromkeys(data[grup]))
    _limits(ax, letak_x, semua, batas, nol)
    ujung = []
    # satu seri berlabel: angkanya menghindari garisnya sendiri; beberapa seri: berselang-seling atas dan bawah
    sendiri = len(seri if label_titik is True else label_titik or ()) == 1
    for n, satu in enumerate(seri):
        pilih = np.arange(len(data)) if grup is None else np.flatnonzero((data[grup] == satu).to_numpy())
        pilih = pilih[np.argsort(letak_x[pilih], kind="stable")]
        cat = warna if isinstance(warna, str) else (warna or {}).get(satu, WARNA_KATEGORI[n % len(WARNA_KATEGORI)])
        xs, ys = letak_x[pilih], semua[pilih]
        ax.plot(
            xs,
            ys,
            color=cat,
            linestyle=(0, (4, 2)) if satu in putus else "-",
            zorder=3,
            label=None if satu is None else str(satu),
        )
        if batas:
            ax.fill_between(xs, batas[0][pilih], batas[1][pilih], color=cat, alpha=0.16, linewidth=0, zorder=1.5)
        ada = ~np.isnan(ys)
        # di seberang celah garis tipis menunjukkan bahwa yang dihubungkan bukan data
        if ada.sum() >= 2 and not ada.all():
            ax.plot(xs[ada], ys[ada], color=cat, linewidth=0.9, linestyle=":", zorder=2)
        for k in np.flatnonzero(ada):
            gaya = marker_style(keadaan_baris[pilih[k]], cat)
            ax.scatter(xs[k], ys[k], s=34, marker=PENANDA[n % len(PENANDA)], zorder=4, **gaya)
            if label_titik is True or (label_titik and satu in label_titik):
                geser, ha, va = _label_side(ys, int(k)) if sendiri else _BAKU[n % 2]
                ax.annotate(
                    value_text(data[y].iloc[pilih[k]], satuan, skala, desimal),
                    (xs[k], ys[k]),
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
    _missing_marks(ax, data.assign(**{x: letak_x}), x, np.isnan(semua), grup, seri, nama_x)
    _ticks(ax, letak_x, nama_x)
    ax.yaxis.set_major_formatter(fmt.axis_formatter(satuan or "nilai", skala))
    name_unit(ax, satuan, skala, sumbu="y")
    _end_labels(ax, [u for u in ujung if not _label_inside(ax, u, letak_x, semua, data, grup)])
    return ax


def _label_inside(
    ax: Axes, ujung: list, letak_x: np.ndarray, semua: np.ndarray, data: pd.DataFrame, grup: str | None
) -> bool:
    """Tulis nama seri yang berhenti sebelum tepi kanan tepat di kanan titik akhirnya, bila tempat itu kosong.

    Di tepi kanan nama itu jauh dari garisnya dan mudah disangka milik seri lain.
    """
    x, y, teks, warna = ujung
    kiri, kanan = ax.get_xlim()
    bawah, atas = ax.get_ylim()
    lebar, tinggi = panel_inches(ax)
    per_x = (kanan - kiri) / (lebar * 0.8)
    per_y = (atas - bawah) / max(tinggi - 0.9, 0.6)
    tepi = x + (text_width(teks, 8.5, tebal=True) + 0.16) * per_x
    tebal = ((teks.count("\n") + 1) * 0.15 + 0.08) * per_y / 2
    if x >= np.nanmax(letak_x) or tepi > kanan:
        return False
    for satu in dict.fromkeys(data[grup]):
        pilih = np.flatnonzero((data[grup] == satu).to_numpy() & np.isfinite(semua))
        pilih = pilih[np.argsort(letak_x[pilih], kind="stable")]
        px, py = letak_x[pilih], semua[pilih]
        if not len(px) or px[-1] <= x:
            continue
        lintas = np.concatenate([np.linspace(max(x, px[0]), min(tepi, px[-1]), 12), px])
        lintas = lintas[(lintas >= x) & (lintas <= tepi)]
        # Angka titik ditulis sampai 0,2 inci di atas dan di bawah garisnya.
        if (np.abs(np.interp(lintas, px, py) - y) < tebal + 0.2 * per_y).any():
            return False
    ax.annotate(
        teks, (x, y), (7, 0), textcoords="offset points", ha="left", va="center", fontsize=8.5, fontweight="bold",
        color=ink(warna), path_effects=[withStroke(linewidth=2.5, foreground="white")], zorder=5,
    )  # fmt: skip
    return True


def _positions(isi: pd.Series, label_x: Mapping) -> tuple[np.ndarray, dict[float, str]]:
    """Letak mendatar tiap baris, dan tulisan tiap letak."""
    if pd.api.types.is_numeric_dtype(isi):
        letak = floats(isi)
        nama = {}
        for t in np.unique(letak[np.isfinite(letak)]):
            bulat = int(t) if t == int(t) else float(t)
            nama[float(t)] = str(label_x.get(bulat, fmt.nilai(bulat, "tahun", 0 if isinstance(bulat, int) else 1)))
        return letak, nama
    if pd.api.types.is_datetime64_any_dtype(isi):
        letak = ((isi - pd.Timestamp("2000-01-01")) / pd.Timedelta(days=1)).to_numpy(dtype=float)
        return letak, {
            float(t): str(label_x.get(h, f"{fmt.bulan(h.month, pendek=True)}\n{h.year}"))
            for t, h in sorted(zip(letak, isi, strict=True))
        }
    urutan = {k: float(n) for n, k in enumerate(dict.fromkeys(isi))}
    return np.array([urutan[k] for k in isi]), {n: str(label_x.get(k, k)) for k, n in urutan.items()}


def _limits(ax: Axes, letak: np.ndarray, semua: np.ndarray, batas: list[np.ndarray], nol: bool) -> None:
    ada = np.concatenate([semua, *batas])
    ada = ada[np.isfinite(ada)]
    bawah, atas = (float(ada.min()), float(ada.max())) if len(ada) else (0.0, 1.0)
    if nol:
        ax.set_ylim(min(0.0, bawah * 1.15), atas * 1.15 if atas > 0 else 1.0)
    else:
        rentang = (atas - bawah) or abs(atas) or 1.0
        ax.set_ylim(bawah - 0.18 * rentang, atas + 0.18 * rentang)
    awal, akhir = float(np.nanmin(letak)), float(np.nanmax(letak))
    lebar = (akhir - awal) or 1.0
    ax.set_xlim(awal - 0.06 * lebar, akhir + 0.06 * lebar)


def _ticks(ax: Axes, letak: np.ndarray, nama: dict[float, str]) -> None:
    """Tulisan tiap letak bila muat; yang panjang diputar, dan letak yang banyak ditulisi berselang."""
    ruang = panel_inches(ax)[0] * 0.78 / max(len(nama), 1)
    terlebar = max(text_width(t, 8.5) for t in nama.values()) + 0.06
    banyak_kata = any(not t.replace(",", "").isdigit() for t in nama.values())
    langkah = 1 if terlebar <= ruang or (banyak_kata and len(nama) <= 26) else int(np.ceil(terlebar / ruang))
    titik = list(nama)[::langkah]
    putar = 90 if langkah == 1 and terlebar > ruang else 0
    ax.set_xticks(titik, [wrap(nama[t], 22) if putar else nama[t] for t in titik], rotation=putar)


def _end_labels(ax: Axes, ujung: list[list], sisi: str = "kanan") -> None:
    """Nama seri di luar tepi sumbu, digeser agar tidak bertumpuk; yang tergeser dihubungkan garis tipis ke titiknya."""
    if not ujung:
        return
    butuh_pt = [10.5 * (u[2].count("\n") + 1) + 1.5 for u in ujung]
    grow(ax, sum(butuh_pt) / 72 + 1.0)
    bawah, atas = ax.get_ylim()
    per_poin = (atas - bawah) / (max(panel_inches(ax)[1] - 0.9, 0.6) * 72)
    urut = sorted(range(len(ujung)), key=lambda k: ujung[k][1])
    butuh = [butuh_pt[k] * per_poin for k in urut]
    letak = spread([ujung[k][1] for k in urut], butuh, bawah, max(atas, bawah + sum(butuh)))
    x, arah, ha = (1, 1, "left") if sisi == "kanan" else (0, -1, "right")
    tergeser = any(abs(t - ujung[k][1]) > 4 * per_poin for t, k in zip(letak, urut, strict=True))
    geser = 15 if tergeser else 6
    tepi = ax.get_yaxis_transform()
    luar = offset_copy(tepi, ax.figure, x=(geser - 2) * arah, units="points")
    for tempat, k in zip(letak, urut, strict=True):
        _, y, teks, warna = ujung[k]
        if tergeser:
            ax.add_artist(
                ConnectionPatch(
                    (x, y), (x, tempat), coordsA=tepi, coordsB=luar, color=warna, linewidth=0.7, clip_on=False, zorder=2
                )
            )
        ax.annotate(
            teks,
            (x, tempat),
            xycoords=("axes fraction", "data"),
            xytext=(geser * arah, 0),
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
    ax: Axes, data: pd.DataFrame, x: str, hilang: np.ndarray, grup: str | None, seri: list, nama_x: Mapping[float, str]
) -> None:
    """Satu keterangan per seri di dasar bidang gambar: letak mana yang tidak ada di sumber."""
    baris = 0
    urutan = list(nama_x)
    for satu in seri:
        waktu = sorted(set(data.loc[hilang if grup is None else hilang & (data[grup] == satu).to_numpy(), x]))
        if not waktu:
            continue
        nama = [" ".join(nama_x[t].split()) for t in waktu]
        berurut = len(waktu) > 1 and urutan.index(waktu[-1]) - urutan.index(waktu[0]) == len(waktu) - 1
        rentang = f"{nama[0]}–{nama[-1]}" if berurut else ", ".join(nama)
        isi = f"{'' if satu is None else f'{satu} '}{rentang}: {fmt.missing()}"
        isi = wrap(isi, max(16, int(panel_inches(ax)[0] * 0.82 * 72 / (7.5 * 0.55))))
        ax.annotate(
            isi,
            (0, 0),
            xycoords="axes fraction",
            xytext=(4, 4 + 11 * baris),
            textcoords="offset points",
            fontsize=7.5,
            style="italic",
            color=WARNA["netral"],
        )
        baris += isi.count("\n") + 1


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
    keadaan: str | None = None,
    warna: Mapping | None = None,
    lebar_label: int = 26,
) -> Axes:
    """Lereng antara dua keadaan, satu garis per kategori, dengan nama dan angka di kedua ujungnya.

    Parameters
    ----------
    kategori, awal, akhir : str
        Kolom nama, nilai kiri, dan nilai kanan. Kategori yang salah satu nilainya hilang menjadi satu titik dengan
        keterangan; yang keduanya hilang ditulis di bawah.
    keadaan : str, optional
        Kolom keadaan, atau satu keadaan untuk semua baris; titik turunan berongga.
    """
    need(data, kategori, awal, akhir)
    semua = np.column_stack([floats(data[awal]), floats(data[akhir])])
    ada = semua[np.isfinite(semua)]
    if not len(ada):
        mark_missing(ax)
        return ax
    keadaan_baris = states_of(ax, data, keadaan, penanda=True)
    rentang = float(ada.max() - ada.min()) or 1.0
    ax.set_ylim(float(ada.min()) - 0.1 * rentang, float(ada.max()) + 0.1 * rentang)
    sisi: tuple[list[list[Any]], list[list[Any]]] = ([], [])
    hilang = []
    for n, (a, b) in enumerate(semua):
        nama = str(data[kategori].iloc[n])
        cat = (warna or {}).get(data[kategori].iloc[n], WARNA_KATEGORI[n % len(WARNA_KATEGORI)])
        if np.isnan(a) and np.isnan(b):
            hilang.append(nama)
            continue
        if np.isfinite(a) and np.isfinite(b):
            ax.plot([0, 1], [a, b], color=cat, zorder=3)
        for k, (nilai, kolom) in enumerate(((a, awal), (b, akhir))):
            if np.isnan(nilai):
                continue
            gaya = marker_style(keadaan_baris[n], cat)
            ax.scatter(k, nilai, s=38, marker=PENANDA[n % len(PENANDA)], zorder=4, clip_on=False, **gaya)
            teks = value_text(data[kolom].iloc[n], satuan, skala, desimal)
            if k or np.isnan(b):
                teks += f" {nama}"
            if np.isnan(a) or np.isnan(b):
                teks += f" ({(nama_awal, nama_akhir)[1 - k]}: {fmt.missing()})"
            sisi[k].append([float(k), float(nilai), wrap(teks, lebar_label + 6) if k or np.isnan(b) else teks, cat])
    ax.set_xlim(-0.02, 1.02)
    ax.set_xticks([0, 1], [nama_awal, nama_akhir])
    ax.yaxis.set_visible(False)
    ax.spines["left"].set_visible(False)
    ax.grid(visible=False)
    _end_labels(ax, sisi[0], "kiri")
    _end_labels(ax, sisi[1])
    if hilang:
        teks = wrap(f"{'; '.join(hilang)}: {fmt.missing()}", int(panel_inches(ax)[0] * 15))
        ax.set_xlabel(teks, fontsize=7.5, style="italic", color=WARNA["netral"], loc="left")
    return ax


def small_multiples(
    axes: np.ndarray,
    data: pd.DataFrame,
    grup: str,
    gambar: Callable[[pd.DataFrame, Axes], object],
    judul: Mapping | None = None,
    lebar_judul: int = 34,
    target: float | None = None,
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
    target : float, optional
        Garis target mendatar di setiap panel.
    """
    need(data, grup)
    kelompok = list(dict.fromkeys(data[grup]))
    datar = np.atleast_1d(axes).ravel()
    if len(datar) < len(kelompok):
        raise GalatParameter(f"Kanvas berpanel {len(datar)} tidak cukup untuk {len(kelompok)} kelompok.")
    for ax in datar[len(kelompok) :]:
        ax.set_visible(False)
    if not kelompok:
        datar[0].set_visible(True)
        mark_missing(datar[0])
    for ax, satu in zip(datar, kelompok, strict=False):
        isi = data[data[grup] == satu]
        if isi.select_dtypes("number").isna().all(axis=None):
            mark_missing(ax, (0.5, 0.5), ha="center", transform=ax.transAxes)
        gambar(isi, ax)
        target_line(ax, target, "", "y")
        ax.set_title(wrap((judul or {}).get(satu, satu), lebar_judul))
    return axes
