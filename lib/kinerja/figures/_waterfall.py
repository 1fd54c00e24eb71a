"""Air terjun: dari angka awal, langkah demi langkah, ke angka akhir."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from kinerja import fmt
from kinerja.figures.gaya import WARNA, fill_of
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
from kinerja.figures.kolom import exact, labels, need, numbers, pick_scale, states
from kinerja.figures.teks import chars_in, lines_in, wrap


def waterfall(
    data: pd.DataFrame,
    *,
    label: str,
    langkah: str,
    jumlah: str | None = None,
    akhir: str | None = None,
    satuan: str = "rupiah",
    skala: str | None = "auto",
    desimal: int | None = None,
    keadaan: str | None = None,
    nama_sumbu: str | None = None,
    ax: Axes,
) -> Axes:
    """Langkah mendatar dari atas ke bawah; batang abu-abu dari nol adalah jumlah.

    Parameters
    ----------
    data : DataFrame
    label : str
        Kolom nama langkah.
    langkah : str
        Kolom perubahan (boleh negatif). Kosong berarti baris itu sebuah jumlah, misalnya pagu awal.
    jumlah : str, optional
        Kolom jumlah sesudah langkah itu. Dipakai sebagai tinggi baris jumlah, dan ditulis tipis sesudah setiap langkah.
        Tanpa kolom ini baris pertama adalah jumlah awal.
    akhir : str, optional
        Nama baris jumlah yang ditambahkan di bawah, misalnya "Pagu akhir".
    satuan, skala, desimal, keadaan, nama_sumbu, ax
        Lihat :func:`bullet`.

    Returns
    -------
    Axes

    Notes
    -----
    Langkah yang hilang tanpa jumlah ditandai; sesudahnya tinggi tidak diketahui, sehingga langkah berikutnya digambar
    dari jumlah berikut yang diketahui dan baris ``akhir`` hanya berangka bila jumlahnya diketahui.
    """
    need(data, label, langkah, jumlah)
    if data.empty:
        return empty(ax)
    perubahan, tulis = numbers(data[langkah]), exact(data[langkah])
    tingkat = numbers(data[jumlah]) if jumlah else np.full(len(data), np.nan)
    tulis_tingkat = exact(data[jumlah]) if jumlah else [None] * len(data)
    if not jumlah:
        perubahan[0], tingkat[0], tulis_tingkat[0], tulis[0] = np.nan, perubahan[0], tulis[0], None
    keadaan_baris = states(data, keadaan, np.where(np.isnan(perubahan), tingkat, perubahan))
    skala = pick_scale(skala, satuan, perubahan, tingkat)
    nama_baris = labels(data[label]) + ([akhir] if akhir else [])
    nama = [wrap(n, chars_in(panel_width(ax) * 0.34, HURUF_NAMA)) for n in nama_baris]
    fit_rows(ax, len(nama), max(map(lines_in, nama)))
    row_axis(ax, nama)
    kini, tulis_kini, ujung = np.nan, None, [0.0]
    for y in range(len(data)):
        sebelum = kini
        if np.isnan(perubahan[y]):
            kini, tulis_kini = tingkat[y], tulis_tingkat[y]
            if np.isnan(kini):
                mark_missing(ax, (0.0, y))
            else:
                _total(ax, y, kini, fmt.nilai(tulis_kini, satuan, desimal, skala=skala), keadaan_baris[y])
        else:
            kini = tingkat[y] if np.isfinite(tingkat[y]) else kini + perubahan[y]
            if np.isnan(kini):
                mark_missing(ax, (0.0, y))
            else:
                tulis_kini = tulis_tingkat[y] if tulis_tingkat[y] is not None else tulis_kini + tulis[y]
                teks = fmt.nilai(tulis[y], satuan, desimal, skala=skala, plus=True)
                _step(ax, y, kini - perubahan[y], kini, teks, keadaan_baris[y])
        if np.isfinite(sebelum):
            ax.plot([sebelum, sebelum], [y - 1 + 0.31, y - 0.31], color=WARNA["netral"], linewidth=0.8, zorder=2)
            ujung.append(sebelum)
    if np.isfinite(kini):
        ujung.append(kini)
    if akhir:
        y = len(data)
        if np.isfinite(kini):
            ax.plot([kini, kini], [y - 1 + 0.31, y - 0.31], color=WARNA["netral"], linewidth=0.8, zorder=2)
            _total(ax, y, kini, fmt.nilai(tulis_kini, satuan, desimal, skala=skala), keadaan_baris[-1])
        else:
            mark_missing(ax, (0.0, y))
    ax.set_xlim(min(0.0, min(ujung)), max(ujung) * 1.03 or 1.0)
    value_axis(ax.xaxis, satuan, skala, nama=nama_sumbu)
    record(ax, keadaan_baris)
    return ax


def _total(ax: Axes, y: int, x: float, teks: str, keadaan: str) -> None:
    ax.barh(y, x, height=0.62, zorder=3, **fill_of(WARNA["jumlah"], keadaan))
    _write(ax, y, max(x, 0.0), teks, tebal=True)
    ax.get_yticklabels()[y].set_fontweight("bold")


def _step(ax: Axes, y: int, awal: float, akhir: float, teks: str, keadaan: str) -> None:
    warna = WARNA["tambah"] if akhir >= awal else WARNA["kurang"]
    ax.barh(y, akhir - awal, left=awal, height=0.62, zorder=3, **fill_of(warna, keadaan))
    _write(ax, y, max(awal, akhir), teks)


def _write(ax: Axes, y: int, x: float, teks: str, tebal: bool = False) -> None:
    ax.annotate(
        teks,
        (x, y),
        (5, 0),
        textcoords="offset points",
        va="center",
        fontsize=HURUF_ANGKA,
        zorder=6,
        fontweight="bold" if tebal else "normal",
        color=WARNA["teks"],
        annotation_clip=False,
    )
