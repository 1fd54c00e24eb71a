"""Capaian terhadap target: batang, tanda target, dan garis batas."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from kinerja import fmt
from kinerja.figures.gaya import WARNA, fill_of, lighten
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

_KATA = {
    "batas": {"id": "batas {}", "en": "cap {}"},
    "target": {"id": "target {}", "en": "target {}"},
    "tanda": {"id": "┃ target", "en": "┃ target"},
}


def bullet(
    data: pd.DataFrame,
    *,
    label: str,
    nilai: str,
    target: str | float | None = 100,
    batas: float | None = None,
    satuan: str = "persen_capaian",
    skala: str | None = None,
    desimal: int | None = None,
    keadaan: str | None = None,
    nama_sumbu: str | None = None,
    ax: Axes,
) -> Axes:
    """Batang realisasi atau capaian terhadap tanda target, satu baris per baris tabel.

    Nilai di bawah target berwarna lain dan diberi tanda ▼. Bagian batang di atas ``batas`` digambar kosong: yang pejal
    adalah yang dihitung, panjang seluruhnya adalah yang tercapai.

    Parameters
    ----------
    data : DataFrame
    label, nilai : str
        Kolom nama dan kolom angka (satuan ``satuan``, tanpa dibatasi).
    target : str, float, or None
        Kolom target, atau satu target untuk semua baris.
    batas : float, optional
        Batas capaian, misalnya 120.
    satuan, skala, desimal
        Lihat :func:`kinerja.fmt.nilai`; ``skala="auto"`` memilih sendiri.
    keadaan : str, optional
        Kolom keadaan atau satu keadaan untuk semua; bawaan kolom ``keadaan`` bila ada.
    nama_sumbu : str, optional
        Nama sumbu nilai.
    ax : Axes

    Returns
    -------
    Axes
    """
    need(data, label, nilai, target if isinstance(target, str) else None)
    if data.empty:
        return empty(ax)
    angka, tulis = numbers(data[nilai]), exact(data[nilai])
    sasaran = (
        numbers(data[target]) if isinstance(target, str) else np.full(len(data), np.nan if target is None else target)
    )
    keadaan_baris = states(data, keadaan, angka)
    skala = pick_scale(skala, satuan, angka, sasaran)
    nama = [wrap(n, chars_in(panel_width(ax) * 0.40, HURUF_NAMA)) for n in labels(data[label])]
    fit_rows(ax, len(nama), max(map(lines_in, nama)), tambahan=0.25)
    row_axis(ax, nama)
    for y, (x, t, k) in enumerate(zip(angka, sasaran, keadaan_baris, strict=True)):
        if np.isfinite(t):
            ax.plot([t, t], [y - 0.38, y + 0.38], color=WARNA["target"], linewidth=2.2, solid_capstyle="butt", zorder=5)
        if np.isnan(x):
            mark_missing(ax, (0.0, y))
            continue
        kurang = np.isfinite(t) and x < t
        warna = WARNA["di_bawah"] if kurang else WARNA["realisasi"]
        terhitung = x if batas is None else min(x, batas)
        ax.barh(y, terhitung, height=0.5, zorder=3, **fill_of(warna, k))
        if terhitung < x:
            ax.barh(
                y,
                x - terhitung,
                left=terhitung,
                height=0.5,
                facecolor=lighten(warna, 0.9),
                edgecolor=warna,
                linewidth=0.8,
                linestyle=(0, (2, 1.5)),
                zorder=3,
            )
        ujung = max(x, t) if kurang else x
        teks = fmt.nilai(tulis[y], satuan, desimal, skala=skala)
        ax.annotate(
            f"▼ {teks}" if kurang else teks,
            (ujung, y),
            (6, 0),
            textcoords="offset points",
            va="center",
            fontsize=HURUF_ANGKA,
            color=WARNA["teks"],
            annotation_clip=False,
            zorder=6,
        )
    hingga = np.concatenate([angka[np.isfinite(angka)], sasaran[np.isfinite(sasaran)], [batas or 0.0]])
    ax.set_xlim(min(0.0, hingga.min()), hingga.max() * 1.02 or 1.0)
    value_axis(ax.xaxis, satuan, skala, nama=nama_sumbu)
    _reference_names(ax, sasaran, batas, satuan, skala)
    record(ax, keadaan_baris)
    return ax


def _reference_names(ax: Axes, sasaran: np.ndarray, batas: float | None, satuan: str, skala: str | None) -> None:
    """Nama tanda target dan garis batas di atas bidang gambar, tanpa legenda."""
    ada = sasaran[np.isfinite(sasaran)]
    acuan = []
    if len(ada) and (ada == ada[0]).all():
        acuan.append((ada[0], fmt.pick(_KATA["target"]).format(_short(ada[0], satuan, skala)), WARNA["target"]))
    elif len(ada):
        ax.annotate(
            fmt.pick(_KATA["tanda"]),
            (0, 1),
            (0, 4),
            xycoords="axes fraction",
            textcoords="offset points",
            va="bottom",
            ha="left",
            fontsize=HURUF_ANGKA,
            color=WARNA["target"],
        )
    if batas is not None:
        ax.axvline(batas, color=WARNA["batas"], linewidth=1.2, linestyle=(0, (4, 2)), zorder=2)
        acuan.append((batas, fmt.pick(_KATA["batas"]).format(_short(batas, satuan, skala)), WARNA["batas"]))
    for i, (x, teks, warna) in enumerate(acuan):
        kanan = i == len(acuan) - 1 and len(acuan) > 1
        ax.annotate(
            teks,
            (x, 1),
            (2 if kanan else -2 if len(acuan) > 1 else 0, 4),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            va="bottom",
            ha="left" if kanan else "right" if len(acuan) > 1 else "center",
            fontsize=HURUF_ANGKA,
            color=warna,
            annotation_clip=False,
        )


def _short(x: float, satuan: str, skala: str | None) -> str:
    """Angka bulat tanpa desimal, yang lain dengan desimal satuannya."""
    return fmt.nilai(x, satuan, 0 if float(x).is_integer() and skala is None else None, skala=skala)
