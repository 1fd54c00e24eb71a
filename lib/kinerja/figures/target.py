"""Realisasi terhadap target: peluru, pasangan titik, dan taksiran dengan selangnya."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kinerja import fmt
from kinerja.figures.batang import _category_axis, _color, _positions
from kinerja.figures.rupa import (
    PENANDA,
    WARNA,
    bar_style,
    floats,
    ink_on,
    legend_above,
    mark_missing,
    marker_style,
    name_unit,
    need,
    panel_inches,
    state_handles,
    states_of,
    text_width,
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
    keadaan : str, optional
        Kolom keadaan angka, atau satu keadaan untuk semua baris.

    Raises
    ------
    GalatParameter
        Kolom tidak ada.
    """
    need(data, kategori, capaian, golongan)
    if data.empty:
        mark_missing(ax)
        return ax
    tanda = {"di_atas": "▲", "tepat": "●", "di_bawah": "▼"}
    besar = floats(data[capaian])
    keadaan_baris = states_of(ax, data, keadaan)
    puncak = float(np.nanmax([*besar, target, batas or 0]))
    tampil = set()
    for n, x in enumerate(besar):
        if np.isnan(x):
            mark_missing(ax, (puncak * 0.01, n))
            continue
        banding = "di_atas" if x > target else "di_bawah" if x < target else "tepat"
        jenis = data[golongan].iloc[n] if golongan else banding
        tampil.add(jenis)
        warna = WARNA.get(jenis, WARNA["netral"])
        gaya = bar_style(keadaan_baris[n], warna)
        ax.barh(n, float(x), 0.56, **gaya)
        # Di dalam ujung batang bila muat: di luar, angka menutupi garis target dan batas.
        dalam = float(x) > puncak * 0.28
        ax.text(
            float(x) + puncak * (-0.012 if dalam else 0.012),
            n,
            f"{value_text(data[capaian].iloc[n], satuan, desimal=desimal)} {tanda.get(jenis, '')}",
            ha="right" if dalam else "left",
            va="center",
            fontsize=8.5,
            fontweight="bold" if dalam else "normal",
            color=ink_on(gaya["facecolor"]) if dalam else "#222222",
            bbox={"facecolor": gaya["facecolor"] if dalam else "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
            zorder=6,
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
    unsur += [Patch(facecolor=WARNA[k], label=f"{tanda[k]} {fmt.pick(v)}") for k, v in nama.items() if k in tampil]
    unsur += state_handles(keadaan_baris, WARNA["netral"])
    _category_axis(ax, [wrap(k, lebar_label) for k in data[kategori]], True)
    ada = besar[np.isfinite(besar)]
    ax.set_xlim(min(0.0, *ada, 0.0) * 1.05, puncak * (1.06 if len(ada) and ada.max() > puncak * 0.28 else 1.2))
    ax.xaxis.set_major_formatter(fmt.axis_formatter(satuan))
    legend_above(ax, unsur, ncols=6)
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
    tandai_hilang: bool = True,
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
    tandai_hilang : bool
        Sebut titik mana yang tidak ada di sumber bila hanya satu dari pasangannya yang ada.
    keadaan : str, optional
        Kolom keadaan titik utama, atau satu keadaan untuk semua baris.

    Raises
    ------
    GalatParameter
        Kolom tidak ada.
    """
    need(data, kategori, awal, akhir)
    pasangan = np.column_stack([floats(data[awal]), floats(data[akhir])])
    ada = pasangan[np.isfinite(pasangan)]
    if log:
        ada = ada[ada > 0]
    if not len(ada):
        mark_missing(ax)
        return ax
    keadaan_baris = states_of(ax, data, keadaan, penanda=True)
    rendah, atas = float(ada.min()), float(ada.max())
    ke_kiri = []
    for n, (a, b) in enumerate(pasangan):
        if log and not (np.nan_to_num([a, b], nan=1.0) > 0).all():
            mark_missing(ax, (rendah, n), fmt.pick({"id": "0 atau kurang", "en": "0 or less"}))
            continue
        if np.isnan(a) and np.isnan(b):
            mark_missing(ax, (rendah if log else atas * 0.01, n))
            continue
        if np.isfinite(a) and np.isfinite(b):
            ax.plot([a, b], [n, n], color=WARNA["garis"], linewidth=2, zorder=2)
        if np.isfinite(a):
            ax.scatter(a, n, marker="D", s=34, color=WARNA["target"], zorder=3)
        if np.isfinite(b):
            ax.scatter(b, n, s=58, zorder=4, **marker_style(keadaan_baris[n], WARNA["realisasi"]))
        sisi = 1 if np.isnan(a) or np.isnan(b) or b >= a else -1
        # Tanpa angka pembanding, angka titik utama tetap di sisi kanan supaya tidak menabrak nama kategori.
        tulis = (
            [(akhir, b, sisi), (awal, a, -sisi)] if label_awal else [(akhir, b, 1) if np.isfinite(b) else (awal, a, 1)]
        )
        for kolom, x, arah in tulis:
            if np.isnan(x):
                continue
            teks = value_text(data[kolom].iloc[n], satuan, skala, desimal)
            # Tanpa nama, kolom yang kosong memang tidak dipakai: grafik satu titik per baris.
            kurang = nama_awal if np.isnan(a) else nama_akhir if np.isnan(b) else ""
            if tandai_hilang and kurang:
                teks += f" ({kurang}: {fmt.missing()})"
            letak = x if label_awal else np.nanmax([a, b])
            if arah < 0:
                ke_kiri.append((letak, text_width(teks, 8.5) + 0.18))
            ax.annotate(
                teks,
                (letak, n),
                xytext=(8 * arah, 0),
                textcoords="offset points",
                ha="left" if arah > 0 else "right",
                va="center",
                fontsize=8.5,
                color="#222222",
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
            )
    nama = [wrap(k, lebar_label) for k in data[kategori]]
    if log:
        ax.set_xscale("log")
        ax.set_xlim(rendah * 0.7, atas * 4)
        _thin_decades(ax, rendah * 0.7, atas * 4, satuan or "nilai", skala)
    else:
        ujung = atas + 0.18 * abs(atas) or 1.0
        # Angka di kiri titik tidak boleh sampai ke nama kategori.
        lebar = max(1.5, panel_inches(ax)[0] - max(text_width(t, 8.5) for t in nama) - 0.3)
        porsi = [(x, min(inci / lebar, 0.5)) for x, inci in ke_kiri]
        dasar = min([0.0, rendah * 1.05, *[(x - ujung * q) / (1 - q) for x, q in porsi]])
        ax.set_xlim(dasar, ujung)
        if rendah >= 0 > dasar:
            ax.set_xticks([t for t in ax.get_xticks() if 0 <= t <= ujung])
            ax.set_xlim(dasar, ujung)
    if acuan is not None:
        ax.axvline(acuan, color=WARNA["netral"], linewidth=1.2, linestyle=(0, (4, 2)), zorder=1)
    ax.xaxis.set_major_formatter(fmt.axis_formatter(satuan or "nilai", skala))
    name_unit(ax, satuan, skala)
    _category_axis(ax, nama, True)
    ax.grid(axis="y", visible=True)
    legend_above(ax, [
        Line2D([], [], linestyle="", marker="D", color=WARNA["target"], markersize=6, label=nama_awal),
        Line2D([], [], linestyle="", marker="o", color=WARNA["realisasi"], markersize=8, label=nama_akhir),
    ])  # fmt: skip
    return ax


def _thin_decades(ax: Axes, bawah: float, atas: float, satuan: str, skala: str | None) -> None:
    """Tanda sumbu logaritma di pangkat sepuluh, dilewati secukupnya supaya angkanya tidak bertindihan."""
    pangkat = np.arange(np.ceil(np.log10(bawah)), np.floor(np.log10(atas)) + 1)
    if len(pangkat) < 2:
        return
    tulisan = fmt.axis_formatter(satuan, skala).format_ticks(10.0**pangkat)
    ruang = panel_inches(ax)[0] * 0.55
    langkah = 1
    while langkah < len(pangkat) and sum(text_width(t, 8.5) + 0.12 for t in tulisan[::langkah]) > ruang:
        langkah += 1
    ax.set_xticks(10.0 ** pangkat[::langkah])


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
