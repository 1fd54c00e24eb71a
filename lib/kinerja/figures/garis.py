"""Garis, lereng, dan kumpulan panel kecil."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.figures.rupa import (
    floats,
    mark_missing,
    need,
    target_line,
    wrap,
)


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
    for ax, satu in zip(datar, kelompok, strict=False):
        isi = data[data[grup] == satu]
        if isi.select_dtypes("number").isna().all(axis=None):
            mark_missing(ax, (0.5, 0.5), ha="center", transform=ax.transAxes)
        gambar(isi, ax)
        target_line(ax, target, "", "y")
        ax.set_title(wrap((judul or {}).get(satu, satu), lebar_judul))
    return axes
