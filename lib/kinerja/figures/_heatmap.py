"""Peta panas: baris x kolom, angka di tiap sel, sel kosong kelabu berarsir."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize
from matplotlib.patches import Rectangle

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.figures.gaya import PETA_URUT, WARNA, ink_on
from kinerja.figures.kanvas import HURUF_ANGKA, HURUF_NAMA, empty, fit_rows, panel_width, record, row_axis
from kinerja.figures.kolom import exact, labels, need, numbers, order_of, pick_scale, states
from kinerja.figures.teks import chars_in, lines_in, wrap


def heatmap(
    data: pd.DataFrame,
    *,
    baris: str,
    kolom: str,
    nilai: str,
    satuan: str,
    skala: str | None = "auto",
    desimal: int | None = None,
    keadaan: str | None = None,
    batas: tuple[float, float] | None = None,
    peta: Colormap = PETA_URUT,
    angka: bool | None = None,
    batang: bool = True,
    ax: Axes,
) -> Axes:
    """Peta panas dari tabel panjang.

    Parameters
    ----------
    data : DataFrame
        Satu baris per sel; pasangan yang tidak ada dianggap tidak ada di sumber.
    baris, kolom, nilai : str
        Kolom nama baris, nama kolom, dan angka; urutan menurut kemunculan.
    satuan, skala, desimal, keadaan, ax
        Lihat :func:`bullet`. Sel ``diturunkan`` bergaris tepi putus-putus, ``sintetis`` bergaris tegak.
    batas : (float, float), optional
        Ujung skala warna; bawaan angka terkecil dan terbesar.
    peta : Colormap
    angka : bool, optional
        Tulis angka di tiap sel; bawaan ya bila muat.
    batang : bool
        Batang warna di kanan.

    Returns
    -------
    Axes

    Raises
    ------
    GalatParameter
        Pasangan baris x kolom berulang.
    """
    need(data, baris, kolom, nilai)
    if data.empty:
        return empty(ax)
    tabel = data.reset_index(drop=True)
    if tabel.duplicated([baris, kolom]).any():
        contoh = tabel.loc[tabel.duplicated([baris, kolom]), [baris, kolom]].iloc[0].tolist()
        raise GalatParameter(f"Sel {contoh} muncul lebih dari sekali; satu sel hanya satu angka.")
    nama_baris, nama_kolom = order_of(tabel[baris]), order_of(tabel[kolom])
    isi = numbers(tabel[nilai])
    tulis = exact(tabel[nilai])
    keadaan_sel = states(tabel, keadaan, isi)
    skala = pick_scale(skala, satuan, isi)
    m, n = len(nama_baris), len(nama_kolom)
    kisi = np.full((m, n), np.nan)
    i = tabel[baris].map({v: k for k, v in enumerate(nama_baris)}).to_numpy(dtype=int)
    j = tabel[kolom].map({v: k for k, v in enumerate(nama_kolom)}).to_numpy(dtype=int)
    kisi[i, j] = isi
    potong = [wrap(x, chars_in(panel_width(ax) * 0.3, HURUF_NAMA)) for x in labels(nama_baris)]
    lebar_sel = panel_width(ax) * (0.60 if batang else 0.68) / n
    kepala = _column_names(ax, labels(nama_kolom), lebar_sel)
    fit_rows(ax, m, max(map(lines_in, potong)), tambahan=kepala)
    row_axis(ax, potong)
    hingga = kisi[np.isfinite(kisi)]
    bawah, atas = batas or ((hingga.min(), hingga.max()) if len(hingga) else (0.0, 1.0))
    warna = Normalize(bawah, atas if atas > bawah else bawah + 1)
    tepi = {"edgecolors": "#FFFFFF", "linewidth": 1.0}
    petak = ax.pcolormesh(
        np.arange(n + 1) - 0.5,
        np.arange(m + 1) - 0.5,
        np.ma.masked_invalid(kisi),
        cmap=peta,
        norm=warna,
        rasterized=False,
        **tepi,
    )
    teks = [fmt.nilai(x, satuan, desimal, skala=skala, lambang=False) for x in tulis]
    muat = max(map(len, teks)) <= chars_in(lebar_sel, HURUF_ANGKA - 0.5)
    for r, c in zip(*np.nonzero(np.isnan(kisi)), strict=True):
        ax.add_patch(
            Rectangle((c - 0.5, r - 0.5), 1, 1, facecolor=WARNA["latar_hilang"], edgecolor="#FFFFFF", zorder=2)
        )
        ax.text(c, r, "×", ha="center", va="center", fontsize=HURUF_ANGKA, color=WARNA["hilang"], zorder=3)
    for k in range(len(tabel)):
        if np.isnan(isi[k]):
            continue
        latar = peta(warna(isi[k]))
        if keadaan_sel[k] == "sintetis":
            ax.add_patch(
                Rectangle(
                    (j[k] - 0.48, i[k] - 0.46),
                    0.96,
                    0.92,
                    fill=False,
                    hatch="|||",
                    linewidth=0,
                    hatchcolor=ink_on(latar),
                    alpha=0.18,
                    zorder=2,
                )
            )
        elif keadaan_sel[k] == "diturunkan":
            ax.add_patch(
                Rectangle(
                    (j[k] - 0.46, i[k] - 0.42),
                    0.92,
                    0.84,
                    fill=False,
                    edgecolor=ink_on(latar),
                    linewidth=0.6,
                    linestyle=(0, (2, 2)),
                    zorder=2,
                )
            )
        if muat if angka is None else angka:
            ax.text(
                j[k], i[k], teks[k], ha="center", va="center", fontsize=HURUF_ANGKA - 0.5, color=ink_on(latar), zorder=4
            )
    for sisi in ax.spines.values():
        sisi.set_visible(False)
    if batang and len(hingga):
        skala_warna = ax.figure.colorbar(petak, ax=ax, fraction=0.04, pad=0.02, aspect=28)
        skala_warna.ax.yaxis.set_major_formatter(fmt.axis_formatter(satuan, skala))
        skala_warna.outline.set_visible(False)
        if not satuan.startswith("persen"):
            skala_warna.set_label(fmt.satuan(satuan, skala), fontsize=HURUF_ANGKA)
    record(ax, [*keadaan_sel, *(["tidak_tersedia"] if np.isnan(kisi).any() else [])])
    return ax


def _column_names(ax: Axes, nama: list[str], lebar_sel: float) -> float:
    """Nama kolom di atas; tegak bila selnya sempit. Mengembalikan tinggi kepalanya (inci)."""
    huruf = chars_in(lebar_sel, HURUF_ANGKA)
    tegak = max(max(map(len, x.split())) if x.split() else 1 for x in nama) > huruf
    potong = [wrap(x, 20 if tegak else huruf) for x in nama]
    ax.set_xticks(range(len(nama)), labels=potong, rotation=90 if tegak else 0)
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0)
    if tegak:
        return max(len(b) for x in potong for b in x.split("\n")) * HURUF_ANGKA * 0.56 / 72
    return max(map(lines_in, potong)) * HURUF_ANGKA * 1.25 / 72
