"""Batang: tunggal, berkelompok, bertumpuk, dan air terjun."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.figures.rupa import (
    WARNA,
    WARNA_KATEGORI,
    bar_style,
    floats,
    grow_rows,
    ink_on,
    legend_above,
    mark_missing,
    name_unit,
    need,
    panel_inches,
    state_handles,
    states_of,
    text_width,
    value_text,
    wrap,
)

_ALAS = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
"""Alas putih di belakang angka yang dapat dilintasi garis acuan."""
_CACAH_SEDIKIT = 5  # sumbunya bertanda bilangan bulat, bukan 0,2 butir


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
    keadaan: str | None = None,
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
    keadaan : str, optional
        Kolom keadaan angka, atau satu keadaan untuk semua baris.
    ambang_label : float
        Ruas yang lebih pendek daripada bagian ini dari sumbu tidak diberi label; ruas yang tidak memuat labelnya juga
        tidak.

    Raises
    ------
    GalatParameter
        Kolom tidak ada, pasangan kategori dan bagian berulang, atau ada ruas negatif.

    Notes
    -----
    Pasangan yang tidak ada di tabel dianggap nol. Baris yang angkanya hilang ditandai: tumpukannya tidak lengkap, dan
    dengan ``persen`` tidak digambar sama sekali karena bagian dari jumlah yang tidak diketahui tidak ada artinya.
    """
    need(data, kategori, bagian, nilai)
    if data.empty:
        mark_missing(ax)
        return ax
    nama, letak = _positions(data, kategori, bagian)
    ruas = list(dict.fromkeys(data[bagian]))
    isi = floats(data[nilai])
    if (isi < 0).any():
        raise GalatParameter("Batang bertumpuk tidak dapat memuat ruas negatif; pakai bars atau waterfall.")
    keadaan_baris = states_of(ax, data, keadaan)
    total = np.bincount(letak, np.nan_to_num(isi), minlength=len(nama))
    kurang = np.bincount(letak, np.isnan(isi), minlength=len(nama)) > 0
    panjang = isi
    if persen:
        pembagi = np.where(kurang | (total == 0), np.nan, total)[letak]
        panjang = isi / pembagi * 100
    batas = 100.0 if persen else float(total.max()) or 1.0
    peta = dict(warna) if isinstance(warna, Mapping) else dict(zip(ruas, warna or WARNA_KATEGORI * 3, strict=False))
    label = [wrap(k, lebar_label) for k in nama]
    ruang = max(1.0, panel_inches(ax)[0] - max(text_width(t, 8.5) for t in label) - 0.35) / batas
    kiri = np.zeros(len(nama))
    for satu in ruas:
        for i in np.flatnonzero((data[bagian] == satu).to_numpy() & np.isfinite(panjang)):
            n, lebar = letak[i], panjang[i]
            gaya = bar_style(keadaan_baris[i], peta[satu]) | {"linewidth": 1}
            if not gaya.get("hatch"):
                gaya["edgecolor"] = "white"
            ax.barh(n, lebar, 0.68, left=kiri[n], **gaya)
            angka = value_text(data[nilai].iloc[i], satuan, skala, desimal)
            pilihan = [f"{angka} ({fmt.persen(lebar, 1)})"] * persen + [angka]
            muat = [t for t in pilihan if text_width(t, 8) + 0.06 <= lebar * ruang]
            if muat and lebar / batas >= ambang_label:
                tulisan = ax.text(
                    kiri[n] + lebar / 2, n, muat[0], ha="center", va="center", fontsize=8,
                    color=ink_on(gaya["facecolor"]),
                    bbox=_ALAS | {"facecolor": gaya["facecolor"]} if gaya.get("hatch") else None,
                )  # fmt: skip
                # di telepon dipilih lagi yang muat
                tulisan.kinerja_ruas = (lebar / batas, [muat[0], *pilihan, *[fmt.persen(lebar, 0)] * persen])
            kiri[n] += lebar
    for n in np.flatnonzero(kurang):
        mark_missing(ax, (kiri[n] + batas * 0.01, n))
    _category_axis(ax, label, True)
    ax.set_ylabel(kategori)  # pendandan menamai kategorinya
    ax.set_xlim(0, batas * (1.0 if persen else 1.04))
    ax.xaxis.set_major_formatter(
        fmt.axis_formatter("persen" if persen else satuan or "orang", None if persen else skala)
    )
    if not persen and batas <= _CACAH_SEDIKIT and fmt.decimals(satuan or "orang") == 0:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    name_unit(ax, None if persen else satuan, skala)
    unsur = [Patch(facecolor=peta[s], label=str(s)) for s in ruas] + state_handles(keadaan_baris, WARNA["netral"])
    legend_above(ax, unsur, ncols=min(len(unsur), 5))
    return ax


def waterfall(
    data: pd.DataFrame,
    langkah: str,
    nilai: str,
    *,
    ax: Axes,
    total: str,
    satuan: str = "rupiah",
    skala: str | None = "auto",
    desimal: int = 2,
    keadaan: str | None = None,
) -> Axes:
    """Air terjun mendatar dari nilai awal ke nilai akhir, dari atas ke bawah.

    Parameters
    ----------
    data : pandas.DataFrame
        Berurutan; baris dengan kolom ``total`` benar memuat kedudukan, yang lain perubahan.
    langkah, nilai : str
        Kolom nama langkah dan kolom angka (kedudukan atau perubahan).
    total : str
        Kolom boolean.
    skala : str, optional
        Skala angkanya; bawaan menurut yang terbesar.
    keadaan : str, optional
        Kolom keadaan angka, atau satu keadaan untuk semua baris.

    Notes
    -----
    Kedudukan biru penuh, tambahan biru muda, pengurangan berarsir. Langkah yang hilang ditandai; sesudahnya kedudukan
    tidak diketahui, sehingga langkah berikutnya hanya ditulis sampai ada kedudukan yang diketahui.
    """
    need(data, langkah, nilai, total)
    if data.empty:
        mark_missing(ax)
        return ax
    isi = floats(data[nilai])
    kedudukan = data[total].to_numpy(dtype=bool)
    keadaan_baris = states_of(ax, data, keadaan)
    awal, akhir = _levels(isi, kedudukan)
    dikenal = np.concatenate([[0.0], awal[np.isfinite(akhir)], akhir[np.isfinite(akhir)]])
    puncak, dasar = float(dikenal.max()), float(dikenal.min())
    rentang = (puncak - dasar) or 1.0
    skala = fmt.scale_of(puncak) if skala == "auto" else skala
    for n, x in enumerate(isi):
        if n and np.isfinite(akhir[n - 1]):
            ax.vlines(akhir[n - 1], n - 1 + 0.31, n - 0.31, color=WARNA["garis"], linewidth=1)
        if np.isnan(akhir[n]):
            # Langkah yang angkanya ada tetap ditulis, walau letaknya tidak diketahui.
            teks = None if np.isnan(x) else _change_text(data[nilai].iloc[n], satuan, skala, desimal)
            mark_missing(ax, (dasar, n), teks)
            continue
        gaya = bar_style(keadaan_baris[n], WARNA["data"])
        if not kedudukan[n] and not gaya.get("hatch"):
            turun = {"facecolor": "white", "edgecolor": WARNA["data"], "hatch": "////"}
            gaya = turun if x < 0 else {"facecolor": WARNA["naik_muda"], "edgecolor": WARNA["data"]}
        ax.barh(n, akhir[n] if kedudukan[n] else x, 0.62, left=0.0 if kedudukan[n] else awal[n], **gaya)
        tulis = value_text if kedudukan[n] else _change_text
        ax.text(
            max(awal[n], akhir[n]) + rentang * 0.012, n, tulis(data[nilai].iloc[n], satuan, skala, desimal),
            ha="left", va="center", fontsize=8.5, color="#222222", bbox=_ALAS,
        )  # fmt: skip
    _category_axis(ax, [wrap(x, 34) for x in data[langkah]], True)
    ax.set_ylabel(langkah)  # pendandan menamai kategorinya dan angkanya
    ax.set_xlabel(nilai)
    # kedudukan boleh di bawah nol: bagian-bagiannya melebihi keseluruhannya
    ax.set_xlim(dasar - rentang * 0.03 if dasar < 0 else 0, puncak + rentang * 0.14)
    if dasar < 0:
        ax.axvline(0, color="#444444", linewidth=0.8)
    ax.xaxis.set_major_formatter(fmt.axis_formatter(satuan, skala))
    unsur = state_handles(keadaan_baris, WARNA["netral"])
    if unsur:
        legend_above(ax, unsur)
    return ax


def _levels(isi: np.ndarray, kedudukan: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pangkal dan ujung tiap batang; NaN bila kedudukannya tidak diketahui."""
    awal, akhir = np.zeros(len(isi)), np.full(len(isi), np.nan)
    kini = 0.0
    for n, x in enumerate(isi):
        awal[n] = 0.0 if kedudukan[n] else kini
        kini = x if kedudukan[n] else kini + x
        akhir[n] = kini
    return awal, akhir


def _change_text(x: object, satuan: str, skala: str | None, desimal: int) -> str:
    return ("+" if x >= 0 else fmt.MINUS) + value_text(abs(x), satuan, skala, desimal)


def _positions(data: pd.DataFrame, kategori: str, grup: str | None) -> tuple[list, np.ndarray]:
    """Nama kategori dan nomor kategori tiap baris. Tanpa grup setiap baris satu batang, walau namanya sama."""
    if grup is None:
        return list(data[kategori]), np.arange(len(data))
    ulang = data.duplicated([kategori, grup])
    if ulang.any():
        contoh = ", ".join(map(str, data.loc[ulang, [kategori, grup]].iloc[0]))
        raise GalatParameter(f"Pasangan {contoh} muncul lebih dari sekali; satu batang hanya satu angka.")
    nama = list(dict.fromkeys(data[kategori]))
    nomor = {k: n for n, k in enumerate(nama)}
    return nama, np.array([nomor[k] for k in data[kategori]])


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


def _category_axis(ax: Axes, nama: list, datar: bool, grup: int = 1, luang: bool = True) -> None:
    """Nama kategori. Mendatar: gambar ditinggikan bila barisnya terlalu rapat; tegak: dilipat atau diputar."""
    nama = [str(k) for k in nama]
    if datar:
        grow_rows(ax, nama, terendah=0.17 if grup == 1 else 0.125 * grup / 0.72)
        ax.set_yticks(range(len(nama)), nama)
        ax.set_ylim(len(nama) - 0.4, -0.6)
        ax.grid(axis="y", visible=False)
        return
    ruang = panel_inches(ax)[0] * 0.86 / max(len(nama), 4 if luang else 1)
    muat = max((text_width(kata, 8.5) for k in nama for kata in k.split()), default=0.0) + 0.04 <= ruang
    if muat:
        nama = [k if text_width(k, 8.5) <= ruang else wrap(k, max(8, int(ruang / 0.075))) for k in nama]
    ax.set_xticks(range(len(nama)), nama if muat else [wrap(k, 24) for k in nama], rotation=0 if muat else 90)
    # satu atau dua batang tidak dilebarkan memenuhi sumbu
    tepi = max(0.0, (4 - len(nama)) / 2) if luang else 0.0
    ax.set_xlim(-0.6 - tepi, len(nama) - 0.4 + tepi)
    ax.grid(axis="x", visible=False)
