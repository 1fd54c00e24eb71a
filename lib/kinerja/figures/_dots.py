"""Titik: satu angka dengan selangnya, atau dua angka atau lebih per baris yang dihubungkan garis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from kinerja import fmt
from kinerja.figures.gaya import PENANDA, WARNA, WARNA_KATEGORI, marker_of
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


def dots(
    data: pd.DataFrame,
    *,
    label: str,
    nilai: str | Sequence[str] | Mapping[str, str],
    selang: tuple[str, str] | None = None,
    acuan: float | None = None,
    nama_acuan: str = "",
    satuan: str,
    skala: str | None = "auto",
    desimal: int | None = None,
    keadaan: str | None = None,
    nama_sumbu: str | None = None,
    angka: bool = True,
    ax: Axes,
) -> Axes:
    """Titik per baris: dumbel target dan realisasi, beberapa versi satu angka, atau taksiran dengan selangnya.

    Parameters
    ----------
    data : DataFrame
    label : str
        Kolom nama baris.
    nilai : str, sequence of str, or mapping of str to str
        Satu kolom, beberapa kolom, atau ``{"target": "Target", "realisasi": "Realisasi"}`` (kolom: nama pembaca).
        Kolom ``target`` dan ``realisasi`` mendapat warna perannya.
    selang : (str, str), optional
        Kolom batas bawah dan atas selang; hanya untuk satu kolom nilai.
    acuan, nama_acuan
        Garis acuan tegak dan namanya.
    satuan, skala, desimal, keadaan, nama_sumbu, ax
        Lihat :func:`bullet`. Keadaan ``diturunkan`` menjadi penanda berlubang.
    angka : bool
        Tulis angkanya di samping titik.

    Returns
    -------
    Axes
    """
    kolom = {nilai: ""} if isinstance(nilai, str) else nilai
    nama_deret = dict(kolom) if isinstance(kolom, Mapping) else {k: k for k in kolom}
    need(data, label, *nama_deret, *(selang or ()))
    if data.empty:
        return empty(ax)
    isi = {k: numbers(data[k]) for k in nama_deret}
    batas = [numbers(data[k]) for k in selang] if selang else []
    skala = pick_scale(skala, satuan, *isi.values())
    nama = [wrap(n, chars_in(panel_width(ax) * 0.38, HURUF_NAMA)) for n in labels(data[label])]
    fit_rows(ax, len(nama), max(map(lines_in, nama)), tambahan=0.25)
    row_axis(ax, nama)
    semua = np.column_stack(list(isi.values()))
    for y, baris in enumerate(semua):
        ada = baris[np.isfinite(baris)]
        if len(ada) > 1:
            ax.plot([ada.min(), ada.max()], [y, y], color=WARNA["netral"], linewidth=1.6, zorder=2)
    if selang:
        ax.hlines(range(len(data)), *batas, color=WARNA["realisasi"], linewidth=1.6, zorder=2)
    if acuan is not None:
        ax.axvline(acuan, color=WARNA["target"], linewidth=1.1, linestyle=(0, (4, 2)), zorder=1.5)
        ax.annotate(
            nama_acuan,
            (acuan, 1),
            (0, 4),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            va="bottom",
            ha="center",
            fontsize=HURUF_ANGKA,
            color=WARNA["target"],
        )
    for i, (k, nama_pembaca) in enumerate(nama_deret.items()):
        warna = WARNA[k] if k in ("target", "realisasi") else WARNA_KATEGORI[i % len(WARNA_KATEGORI)]
        keadaan_baris = states(data, keadaan, isi[k])
        tulis = exact(data[k])
        for y, (x, ket) in enumerate(zip(isi[k], keadaan_baris, strict=True)):
            if np.isnan(x):
                continue
            ax.plot([x], [y], PENANDA[i % len(PENANDA)], zorder=4 + i, markersize=6.5, **marker_of(warna, ket))
            if angka:
                _write(ax, semua[y], i, y, fmt.nilai(tulis[y], satuan, desimal, skala=skala), batas)
        ax.plot([], [], PENANDA[i % len(PENANDA)], color=warna, label=nama_pembaca or "_")
        record(ax, keadaan_baris)
    _mark_gaps(ax, semua)
    hingga = np.concatenate(
        [semua[np.isfinite(semua)], *[b[np.isfinite(b)] for b in batas], *([[acuan]] if acuan is not None else [])]
    )
    if len(hingga):
        tengah = (hingga.max() - hingga.min()) * 0.06 or abs(hingga.max()) * 0.06 or 1.0
        ax.set_xlim(hingga.min() - tengah, hingga.max() + tengah)
    value_axis(ax.xaxis, satuan, skala, nama=nama_sumbu)
    ax.grid(True, axis="y", color=WARNA["kisi"], linewidth=0.7)
    if any(nama_deret.values()):
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=min(4, len(nama_deret)), fontsize=HURUF_ANGKA)
    return ax


def _write(ax: Axes, baris: np.ndarray, i: int, y: int, teks: str, batas: list[np.ndarray]) -> None:
    """Angka di luar pasangan titiknya: yang terkecil di kiri, yang terbesar di kanan, yang di tengah di atas."""
    x = baris[i]
    ada = np.flatnonzero(np.isfinite(baris))
    # Nilai yang sama dipisah menurut urutan kolom, supaya kedua angkanya tidak bertindihan.
    urut = sorted(ada, key=lambda j: (baris[j], j))
    if len(ada) == 1:
        ujung = max(x, batas[1][y]) if batas and np.isfinite(batas[1][y]) else x
        letak, geser, ha, va = ujung, (7, 0), "left", "center"
    elif i == urut[0]:
        letak, geser, ha, va = x, (-7, 0), "right", "center"
    elif i == urut[-1]:
        letak, geser, ha, va = x, (7, 0), "left", "center"
    else:
        letak, geser, ha, va = x, (0, 5), "center", "bottom"
    ax.annotate(
        teks,
        (letak, y),
        geser,
        textcoords="offset points",
        ha=ha,
        va=va,
        fontsize=HURUF_ANGKA,
        annotation_clip=False,
        zorder=8,
    )


def _mark_gaps(ax: Axes, semua: np.ndarray) -> None:
    hingga = semua[np.isfinite(semua)]
    kiri = hingga.min() if len(hingga) else 0.0
    for y, baris in enumerate(semua):
        ada = baris[np.isfinite(baris)]
        if not len(ada):
            mark_missing(ax, (kiri, y))
        elif len(ada) < len(baris):
            # Sebagian kolom hilang: tanda di ujung kanan sumbu, supaya tidak tampak sebagai nilai.
            mark_missing(ax, (hingga.max(), y), ha="right")
