"""Susunan dan peta: pohon kerangka, aliran, dan peta panas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from matplotlib.patches import Rectangle

from kinerja import fmt
from kinerja.figures.rupa import (
    ARSIR,
    WARNA,
    floats,
    grow_rows,
    ink_on,
    mark_missing,
    panel_inches,
    states_of,
    text_width,
    value_text,
    wrap,
    wrap_to,
)

"""Jarak antarsimpul aliran, bagian dari tinggi bidang gambar."""


def _fold(teks: object, huruf: int, inci: float, ukuran: float) -> str:
    """Lipat menurut banyaknya huruf dan menurut lebar yang tersedia, mana yang lebih sempit."""
    lipat = wrap(teks, huruf)
    return lipat if text_width(lipat, ukuran) <= inci else wrap_to(str(teks), inci, ukuran)


def heatmap(
    data: pd.DataFrame,
    *,
    ax: Axes,
    satuan: str | None = None,
    desimal: int | None = None,
    bawah: float | None = None,
    atas: float | None = None,
    cmap: str | Colormap = "cividis",
    keadaan: str | pd.DataFrame | None = None,
    lebar_label: int = 26,
    tulis: bool = True,
) -> Axes:
    """Peta panas sebuah tabel lebar: baris dan kolom menurut urutannya, angka di dalam petak, petak hilang diarsir.

    Parameters
    ----------
    data : pandas.DataFrame
        Indeks = baris, kolom = kolom.
    bawah, atas : float, optional
        Batas skala warna.
    keadaan : str or DataFrame, optional
        Satu keadaan untuk semua petak, atau tabel keadaan yang sama bentuknya; diturunkan dan sintetis diarsir tipis.
    tulis : bool
        Tulis angka di dalam petak. Angka yang tidak muat diganti batang warna di kanan.
    """
    if data.empty:
        mark_missing(ax)
        return ax
    isi = pd.DataFrame({n: floats(data.iloc[:, n]) for n in range(data.shape[1])}).set_axis(data.index)
    isi.columns = data.columns
    larik = np.ma.masked_invalid(isi.to_numpy())
    nama_baris = [wrap(k, lebar_label) for k in isi.index]
    grow_rows(ax, nama_baris)
    keadaan_petak = keadaan if isinstance(keadaan, pd.DataFrame) else pd.DataFrame(keadaan, isi.index, isi.columns)
    rata = keadaan_petak.stack().rename("keadaan").reset_index(drop=True).to_frame()
    states_of(ax, rata, "keadaan" if len(rata) else None)
    lebar_petak = (panel_inches(ax)[0] - max(text_width(t, 8.5) for t in nama_baris) - 0.3) / isi.shape[1]
    angka = [value_text(x, satuan, desimal=desimal) for x in larik.compressed()]
    ukuran = next((u for u in (8, 7, 6.5) if max((text_width(t, u) for t in angka), default=0) <= lebar_petak), None)
    citra = ax.pcolormesh(larik, cmap=cmap, vmin=bawah, vmax=atas, edgecolors="white", linewidth=1)
    ax.patch.set(hatch="////", edgecolor="#C8C8C8", facecolor="#F4F4F4")
    _hatch_cells(ax, keadaan_petak.to_numpy(), isi.to_numpy(), citra)
    if tulis and ukuran is None:
        batang = ax.figure.colorbar(citra, ax=ax, fraction=0.04, pad=0.02)
        batang.ax.yaxis.set_major_formatter(fmt.axis_formatter(satuan or "nilai"))
        batang.outline.set_visible(False)
    if tulis and ukuran is not None:
        for (r, k), x in np.ndenumerate(isi.to_numpy()):
            if np.isnan(x):
                ax.text(k + 0.5, r + 0.5, fmt.HILANG, ha="center", va="center", fontsize=8, color=WARNA["netral"])
            else:
                dasar = citra.cmap(citra.norm(x))
                ax.text(
                    k + 0.5,
                    r + 0.5,
                    value_text(x, satuan, desimal=desimal),
                    ha="center",
                    va="center",
                    fontsize=ukuran,
                    color=ink_on(dasar),
                )
    # judul kolom yang panjang dimiringkan, bukan ditumpuk
    rapat = max(len(str(k)) for k in isi.columns) > 80 / isi.shape[1]
    judul = [wrap(k, 22 if rapat else max(8, int(80 / isi.shape[1]))) for k in isi.columns]
    ax.set_xticks(
        np.arange(isi.shape[1]) + 0.5,
        judul,
        rotation=40 if rapat else 0,
        ha="left" if rapat else "center",
        rotation_mode="anchor" if rapat else None,
    )
    ax.set_yticks(np.arange(isi.shape[0]) + 0.5, nama_baris)
    ax.set(xlabel=data.columns.name or "", ylabel=data.index.name or "")  # pendandan menamai baris dan kolomnya
    ax.invert_yaxis()
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(visible=False)
    for tepi in ax.spines.values():
        tepi.set_visible(False)
    return ax


def _hatch_cells(ax: Axes, keadaan: np.ndarray, isi: np.ndarray, citra: Any) -> None:
    for (r, k), satu in np.ndenumerate(keadaan):
        arsir = ARSIR.get(satu) if isinstance(satu, str) else None
        if arsir and not np.isnan(isi[r, k]):
            warna = ink_on(citra.cmap(citra.norm(isi[r, k])))
            ax.add_patch(
                Rectangle((k, r), 1, 1, fill=False, hatch=arsir[:2], linewidth=0, hatchcolor=warna, alpha=0.22)
            )
