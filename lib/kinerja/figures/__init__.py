"""Gambar: fungsi yang menggambar bingkai data rapi pada sumbu yang diberikan, lalu mengembalikan sumbu itu.

Yang dapat digambar seaborn digambar seaborn; di sini hanya yang tidak ada padanya.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.figures.rupa import (
    PALET,
    UKURAN,
    WARNA,
    WARNA_KATEGORI,
    bar_style,
    canvas,
    floats,
    grow_rows,
    ink_on,
    legend_above,
    mark_missing,
    name_unit,
    need,
    panel_inches,
    sign,
    stamp,
    state_handles,
    states_of,
    target_line,
    text_width,
    value_text,
    wrap,
)

__all__ = [
    "PALET",
    "UKURAN",
    "WARNA",
    "canvas",
    "estimates",
    "heatmap",
    "mark_missing",
    "sign",
    "small_multiples",
    "stacked",
    "stamp",
    "target_line",
    "waterfall",
    "wrap",
]

_ALAS = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
"""Alas putih di belakang angka yang dapat dilintasi garis."""

_CACAH_SEDIKIT = 5  # sumbunya bertanda bilangan bulat, bukan 0,2 butir
_AMBANG_LABEL = 0.06
"""Ruas yang lebih pendek daripada bagian ini dari sumbu tidak diberi angka."""


def stacked(
    data: pd.DataFrame,
    kategori: str,
    bagian: str,
    nilai: str,
    *,
    ax: Axes,
    satuan: str,
    skala: str | None = None,
    persen: bool = False,
    warna: Mapping | Sequence[str] = WARNA_KATEGORI,
) -> Axes:
    """Batang mendatar bertumpuk: satu batang per kategori, satu ruas per bagian.

    Parameters
    ----------
    data : pandas.DataFrame
        Bentuk panjang.
    persen : bool
        Setiap batang dijadikan 100 persen; label tetap angka aslinya dengan persen di belakangnya.
    warna : mapping or sequence
        Bagian -> warna, atau warna menurut urutan bagian.

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
    ulang = data.duplicated([kategori, bagian])
    if ulang.any():
        contoh = ", ".join(map(str, data.loc[ulang, [kategori, bagian]].iloc[0]))
        raise GalatParameter(f"Pasangan {contoh} muncul lebih dari sekali; satu batang hanya satu angka.")
    letak, nama = pd.factorize(data[kategori])
    ruas, isi = list(dict.fromkeys(data[bagian])), floats(data[nilai])
    if (isi < 0).any():
        raise GalatParameter("Batang bertumpuk tidak dapat memuat ruas negatif; pakai waterfall.")
    keadaan = states_of(ax, data)
    total = np.bincount(letak, np.nan_to_num(isi))
    kurang = np.bincount(letak, np.isnan(isi)) > 0
    panjang = isi / np.where(kurang | (total == 0), np.nan, total)[letak] * 100 if persen else isi
    batas = 100.0 if persen else float(total.max()) or 1.0
    peta = warna if isinstance(warna, Mapping) else dict(zip(ruas, [*warna] * 3, strict=False))
    label = [wrap(k, 30) for k in nama]
    ruang = max(1.0, panel_inches(ax)[0] - max(text_width(t, 8.5) for t in label) - 0.35) / batas
    kiri = np.zeros(len(nama))
    for satu in ruas:
        for i in np.flatnonzero((data[bagian] == satu).to_numpy() & np.isfinite(panjang)):
            n, lebar = letak[i], panjang[i]
            gaya = bar_style(keadaan[i], peta[satu]) | {"linewidth": 1}
            if not gaya.get("hatch"):
                gaya["edgecolor"] = "white"
            ax.barh(n, lebar, 0.68, left=kiri[n], **gaya)
            angka = value_text(data[nilai].iloc[i], satuan, skala)
            pilihan = [f"{angka} ({fmt.persen(lebar, 1)})"] * persen + [angka]
            muat = [t for t in pilihan if text_width(t, 8) + 0.06 <= lebar * ruang]
            if muat and lebar / batas >= _AMBANG_LABEL:
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
    _category_axis(ax, label, kategori)
    ax.set_xlim(0, batas * (1.0 if persen else 1.04))
    ax.xaxis.set_major_formatter(fmt.axis_formatter("persen") if persen else fmt.axis_formatter(satuan, skala))
    if not persen and batas <= _CACAH_SEDIKIT and fmt.decimals(satuan) == 0:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    name_unit(ax, None if persen else satuan, skala)
    unsur = [Patch(facecolor=peta[s], label=str(s)) for s in ruas] + state_handles(keadaan)
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
) -> Axes:
    """Air terjun mendatar dari nilai awal ke nilai akhir, dari atas ke bawah.

    Parameters
    ----------
    data : pandas.DataFrame
        Berurutan; baris dengan kolom ``total`` benar memuat kedudukan, yang lain perubahan.
    total : str
        Kolom boolean.
    skala : str, optional
        Skala angkanya; bawaan menurut yang terbesar.

    Notes
    -----
    Kedudukan biru penuh, tambahan biru muda, pengurangan berarsir. Langkah yang hilang ditandai; sesudahnya kedudukan
    tidak diketahui, sehingga langkah berikutnya hanya ditulis sampai ada kedudukan yang diketahui.
    """
    need(data, langkah, nilai, total)
    if data.empty:
        mark_missing(ax)
        return ax
    isi, kedudukan = floats(data[nilai]), data[total].to_numpy(dtype=bool)
    keadaan = states_of(ax, data)
    awal, akhir = _levels(isi, kedudukan)
    dikenal = np.concatenate([[0.0], awal[np.isfinite(akhir)], akhir[np.isfinite(akhir)]])
    puncak, dasar = float(dikenal.max()), float(dikenal.min())
    rentang = (puncak - dasar) or 1.0
    skala = fmt.scale_of(puncak) if skala == "auto" else skala
    for n, x in enumerate(isi):
        tanda = "+" if x >= 0 and not kedudukan[n] else ""
        teks = tanda + value_text(data[nilai].iloc[n], satuan, skala, desimal)
        if n and np.isfinite(akhir[n - 1]):
            ax.vlines(akhir[n - 1], n - 1 + 0.31, n - 0.31, color=WARNA["garis"], linewidth=1)
        if np.isnan(akhir[n]):
            # Langkah yang angkanya ada tetap ditulis, walau letaknya tidak diketahui.
            mark_missing(ax, (dasar, n), None if np.isnan(x) else teks)
            continue
        gaya = bar_style(keadaan[n], WARNA["data"])
        if not kedudukan[n] and not gaya.get("hatch"):
            turun = {"facecolor": "white", "edgecolor": WARNA["data"], "hatch": "////"}
            gaya = turun if x < 0 else {"facecolor": WARNA["naik_muda"], "edgecolor": WARNA["data"]}
        ax.barh(n, akhir[n] if kedudukan[n] else x, 0.62, left=awal[n], **gaya)
        ax.text(
            max(awal[n], akhir[n]) + rentang * 0.012, n, teks, ha="left", va="center", fontsize=8.5, color="#222222",
            bbox=_ALAS,
        )  # fmt: skip
    _category_axis(ax, [wrap(x, 34) for x in data[langkah]], langkah)
    ax.set_xlabel(nilai)
    # kedudukan boleh di bawah nol: bagian-bagiannya melebihi keseluruhannya
    ax.set_xlim(dasar - rentang * 0.03 if dasar < 0 else 0, puncak + rentang * 0.14)
    if dasar < 0:
        ax.axvline(0, color="#444444", linewidth=0.8)
    ax.xaxis.set_major_formatter(fmt.axis_formatter(satuan, skala))
    unsur = state_handles(keadaan)
    if unsur:
        legend_above(ax, unsur)
    return ax


def _levels(isi: np.ndarray, kedudukan: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pangkal dan ujung tiap batang; NaN bila kedudukannya tidak diketahui."""
    awal, akhir = np.zeros(len(isi)), np.full(len(isi), np.nan)
    kini = 0.0
    for n, x in enumerate(isi):
        awal[n] = 0.0 if kedudukan[n] else kini
        kini = akhir[n] = awal[n] + x
    return awal, akhir


def _category_axis(ax: Axes, tulisan: list[str], nama: str) -> None:
    """Nama kategori dari atas ke bawah; gambar ditinggikan bila barisnya terlalu rapat, pendandan menamai sumbunya."""
    grow_rows(ax, tulisan)
    ax.set_yticks(range(len(tulisan)), tulisan)
    ax.set_ylim(len(tulisan) - 0.4, -0.6)
    ax.set_ylabel(nama)
    ax.grid(axis="y", visible=False)


def small_multiples(
    axes: np.ndarray,
    data: pd.DataFrame,
    grup: str,
    gambar: Callable[[pd.DataFrame, Axes], object],
    target: float | None = None,
) -> np.ndarray:
    """Satu panel kecil per grup: ``gambar(isi, ax)`` dipanggil untuk masing-masing; panel sisa dimatikan.

    Parameters
    ----------
    axes : ndarray of Axes
        Dari ``canvas(rows, cols)``; sedikitnya sebanyak grup.
    grup : str
        Kolom panel, urut menurut kemunculannya.
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
    for ax, satu in zip(datar, kelompok, strict=False):
        isi = data[data[grup] == satu]
        if isi.select_dtypes("number").isna().all(axis=None):
            mark_missing(ax, (0.5, 0.5), ha="center", transform=ax.transAxes)
        gambar(isi, ax)
        target_line(ax, target, "", "y")
        ax.set_title(wrap(satu))
    return axes


def heatmap(data: pd.DataFrame, *, ax: Axes, satuan: str, desimal: int | None = None) -> Axes:
    """Peta panas sebuah tabel lebar: baris dan kolom menurut urutannya, angka di dalam petak, petak hilang diarsir.

    Angka yang tidak muat di petaknya diganti batang warna di kanan.
    """
    if data.empty:
        mark_missing(ax)
        return ax
    isi = np.column_stack([floats(data.iloc[:, n]) for n in range(data.shape[1])])
    banyak, nama_baris = isi.shape[1], [wrap(k, 26) for k in data.index]
    grow_rows(ax, nama_baris)
    lebar_petak = (panel_inches(ax)[0] - max(text_width(t, 8.5) for t in nama_baris) - 0.3) / banyak
    angka = {x: value_text(x, satuan, desimal=desimal) for x in isi[np.isfinite(isi)]}
    terlebar = max((text_width(t, 1) for t in angka.values()), default=0)
    ukuran = next((u for u in (8, 7, 6.5) if terlebar * u <= lebar_petak), None)
    citra = ax.pcolormesh(np.ma.masked_invalid(isi), cmap="cividis", edgecolors="white", linewidth=1)
    ax.patch.set(hatch="////", edgecolor="#C8C8C8", facecolor="#F4F4F4")
    if ukuran is None:
        batang = ax.figure.colorbar(citra, ax=ax, fraction=0.04, pad=0.02)
        batang.ax.yaxis.set_major_formatter(fmt.axis_formatter(satuan))
        batang.outline.set_visible(False)
    else:
        for (r, k), x in np.ndenumerate(isi):
            gaya = {"ha": "center", "va": "center", "fontsize": ukuran}
            if np.isnan(x):
                gaya |= {"fontsize": 8, "color": WARNA["netral"]}
            else:
                gaya["color"] = ink_on(citra.cmap(citra.norm(x)))
            ax.text(k + 0.5, r + 0.5, angka.get(x, fmt.HILANG), **gaya)
    # judul kolom yang panjang dimiringkan, bukan ditumpuk
    rapat = max(len(str(k)) for k in data.columns) > 80 / banyak
    judul = [wrap(k, 22 if rapat else max(8, int(80 / banyak))) for k in data.columns]
    miring = {"rotation": 40, "ha": "left", "rotation_mode": "anchor"} if rapat else {}
    ax.set_xticks(np.arange(banyak) + 0.5, judul, **miring)
    ax.set_yticks(np.arange(len(isi)) + 0.5, nama_baris)
    ax.set(xlabel=data.columns.name or "", ylabel=data.index.name or "")  # pendandan menamai baris dan kolomnya
    ax.invert_yaxis()
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(visible=False)
    ax.spines[:].set_visible(False)
    return ax


def estimates(
    data: pd.DataFrame,
    kategori: str,
    nilai: str,
    bawah: str,
    atas: str,
    *,
    ax: Axes,
    satuan: str | None = None,
    desimal: int | None = None,
) -> Axes:
    """Taksiran survei: satu titik dengan selang kepercayaannya per kategori, urut dari atas.

    Parameters
    ----------
    data : pandas.DataFrame
        Satu baris per taksiran. Selang yang hilang tidak digambar; taksiran yang hilang ditandai.

    Raises
    ------
    GalatParameter
        Kolom tidak ada.
    """
    need(data, kategori, nilai, bawah, atas)
    x, rendah, tinggi = (floats(data[k]) for k in (nilai, bawah, atas))
    isi = np.concatenate([x, rendah, tinggi])
    isi = isi[np.isfinite(isi)]
    if not len(isi):
        mark_missing(ax)
        return ax
    keadaan = states_of(ax, data)
    rentang = (isi.max() - isi.min()) or abs(isi.max()) or 1.0
    kiri, warna = isi.min() - 0.06 * rentang, WARNA["realisasi"]
    for y, titik in enumerate(x):
        if np.isnan(titik):
            mark_missing(ax, (kiri + 0.01 * rentang, y))
            continue
        if np.isfinite(rendah[y]) and np.isfinite(tinggi[y]):
            ax.hlines(y, rendah[y], tinggi[y], color=warna, linewidth=1.7, zorder=3)
        gaya = {"facecolor": warna, "edgecolor": "white", "linewidth": 0.8}
        if keadaan[y] == "sintetis":
            gaya = {"facecolor": "white", "edgecolor": warna, "linewidth": 1.6, "hatch": "xxxx"}
        ax.scatter(titik, y, s=42, zorder=4, **gaya)
        ax.annotate(
            value_text(data[nilai].iloc[y], satuan, desimal=desimal),
            (np.fmax(titik, tinggi[y]), y), (7, 0), textcoords="offset points",
            va="center", fontsize=8, color="#222222", zorder=5, bbox=_ALAS | {"alpha": 0.85},
        )  # fmt: skip
    _category_axis(ax, [wrap(k) for k in data[kategori]], kategori)
    ax.set_xlim(kiri, isi.max() + 0.12 * rentang)
    ax.xaxis.set_major_formatter(fmt.axis_formatter(satuan or "nilai"))
    name_unit(ax, satuan)
    ax.grid(axis="y", visible=True)
    return ax
