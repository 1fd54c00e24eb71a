"""Aliran: pita dari simpul kiri ke simpul kanan, setebal nilainya, dalam dua kolom atau lebih."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.figures.gaya import WARNA, WARNA_KATEGORI, lighten
from kinerja.figures.kanvas import HURUF_ANGKA, empty, panel_width, record
from kinerja.figures.kolom import exact, need, numbers, order_of, pick_scale, states
from kinerja.figures.teks import TINGGI_BARIS, axes_inches, chars_in, lines_in, spread, wrap

_ARSIR_PITA = {"diturunkan": "////", "sintetis": "||||"}


def flow(
    data: pd.DataFrame,
    *,
    dari: str,
    ke: str,
    nilai: str,
    satuan: str,
    skala: str | None = "auto",
    desimal: int | None = None,
    keadaan: str | None = None,
    kepala: Sequence[str] = (),
    ax: Axes,
) -> Axes:
    """Pita aliran (sankey) dari tabel panjang.

    Parameters
    ----------
    data : DataFrame
        Satu baris per pita.
    dari, ke : str
        Kolom simpul asal dan tujuan. Simpul yang menjadi tujuan sekaligus asal membentuk kolom tengah.
    nilai : str
        Kolom tebal pita (>= 0). Pita yang nilainya hilang tidak digambar; namanya ditulis di bawah.
    satuan, skala, desimal, keadaan, ax
        Lihat :func:`bullet`.
    kepala : sequence of str
        Judul tiap kolom simpul.

    Returns
    -------
    Axes

    Raises
    ------
    GalatParameter
        Nilai negatif atau aliran melingkar.
    """
    need(data, dari, ke, nilai)
    if data.empty:
        return empty(ax)
    tabel = data.reset_index(drop=True)
    angka, tulis = numbers(tabel[nilai]), exact(tabel[nilai])
    if (angka < 0).any():
        raise GalatParameter("Aliran tidak dapat memuat nilai negatif.")
    keadaan_baris = states(tabel, keadaan, angka)
    kolom = _columns(tabel, dari, ke)
    masuk, keluar = _sums(tabel[ke], tulis), _sums(tabel[dari], tulis)
    besar = {s: max(masuk.get(s, 0), keluar.get(s, 0)) for s in kolom}
    skala = pick_scale(skala, satuan, np.array([float(v) for v in besar.values()]))
    lapis = [[s for s in kolom if kolom[s] == c] for c in range(max(kolom.values()) + 1)]
    ax.set_axis_off()
    ax.set_ylim(1.0, 0.0)
    ax.set_xlim(0, 1)
    _grow(ax, max(map(len, lapis)))
    celah = 0.05 if max(map(len, lapis)) <= 6 else 0.3 / max(map(len, lapis))
    per_satuan = min((1 - celah * (len(s) - 1)) / float(sum(besar[k] for k in s) or 1) for s in lapis)
    tempat, warna = {}, {}
    for c, simpul in enumerate(lapis):
        tinggi = sum(float(besar[k]) for k in simpul) * per_satuan + celah * (len(simpul) - 1)
        atas = (1 - tinggi) / 2
        for k in simpul:
            tempat[k] = atas
            warna[k] = WARNA_KATEGORI[len(warna) % len(WARNA_KATEGORI)] if c == 0 else WARNA["jumlah"]
            atas += float(besar[k]) * per_satuan + celah
    lebar = 0.022
    xs = np.linspace(0, 1 - lebar, len(lapis)) if len(lapis) > 1 else [0.0]
    pakai_kiri, pakai_kanan = dict(tempat), dict(tempat)
    urut = sorted(range(len(tabel)), key=lambda i: (tempat[tabel[dari].iloc[i]], tempat[tabel[ke].iloc[i]]))
    for i in urut:
        if np.isnan(angka[i]) or angka[i] == 0:
            continue
        a, b, tebal = tabel[dari].iloc[i], tabel[ke].iloc[i], angka[i] * per_satuan
        pita = _ribbon(xs[kolom[a]] + lebar, pakai_kanan[a], xs[kolom[b]], pakai_kiri[b], tebal)
        w = warna[a]
        ax.add_patch(
            PathPatch(
                pita,
                facecolor=lighten(w, 0.55),
                edgecolor=lighten(w, 0.2),
                linewidth=0.5,
                zorder=1,
                hatch=_ARSIR_PITA.get(keadaan_baris[i], ""),
            )
        )
        pakai_kanan[a] += tebal
        pakai_kiri[b] += tebal
    for k, atas in tempat.items():
        ax.add_patch(Rectangle((xs[kolom[k]], atas), lebar, float(besar[k]) * per_satuan, facecolor=warna[k], zorder=3))
    for c, simpul in enumerate(lapis):
        teks = {k: f"{k}\n{fmt.nilai(besar[k], satuan, desimal, skala=skala)}" for k in simpul}
        _names(ax, c, len(lapis), xs[c], lebar, simpul, tempat, besar, per_satuan, teks)
        if c < len(kepala):
            ha = "left" if c == 0 else "right" if c == len(lapis) - 1 else "center"
            letak = xs[c] if c == 0 else xs[c] + lebar if c == len(lapis) - 1 else xs[c] + lebar / 2
            ax.text(letak, -0.03, kepala[c], ha=ha, va="bottom", fontsize=HURUF_ANGKA, fontweight="bold")
    hilang = [f"{tabel[dari].iloc[i]} → {tabel[ke].iloc[i]}" for i in np.flatnonzero(np.isnan(angka))]
    if hilang:
        isi = wrap(f"× {fmt.missing()}: {'; '.join(hilang)}", chars_in(panel_width(ax) * 0.9, HURUF_ANGKA))
        ax.text(0, 1.04, isi, va="top", fontsize=HURUF_ANGKA - 0.5, fontstyle="italic", color=WARNA["teks_lemah"])
    record(ax, keadaan_baris)
    return ax


def _columns(tabel: pd.DataFrame, dari: str, ke: str) -> dict[Any, int]:
    """Kolom tiap simpul: satu lebih kanan daripada asalnya yang paling kanan."""
    simpul = order_of(pd.concat([tabel[dari], tabel[ke]], ignore_index=True).astype(object))
    kolom = dict.fromkeys(simpul, 0)
    for _ in range(len(simpul)):
        berubah = False
        for a, b in zip(tabel[dari], tabel[ke], strict=True):
            if kolom[b] < kolom[a] + 1:
                kolom[b] = kolom[a] + 1
                berubah = True
        if not berubah:
            return kolom
    raise GalatParameter("Aliran melingkar: sebuah simpul akhirnya mengalir ke dirinya sendiri.")


def _sums(simpul: pd.Series, tulis: Sequence[Any]) -> dict[Any, Any]:
    hasil: dict[Any, Any] = {}
    for k, x in zip(simpul, tulis, strict=True):
        hasil[k] = hasil.get(k, 0) + (0 if x is None else x)
    return hasil


def _grow(ax: Axes, banyak: int) -> None:
    fig = ax.figure
    perlu = banyak * 0.5 + 0.5
    if fig.get_layout_engine() is not None and axes_inches(ax)[1] < perlu:
        lebar, tinggi = fig.get_size_inches()
        fig.set_size_inches(lebar, tinggi + perlu - axes_inches(ax)[1])


def _ribbon(x0: float, y0: float, x1: float, y1: float, tebal: float) -> Path:
    m = (x0 + x1) / 2
    titik = [
        (x0, y0),
        (m, y0),
        (m, y1),
        (x1, y1),
        (x1, y1 + tebal),
        (m, y1 + tebal),
        (m, y0 + tebal),
        (x0, y0 + tebal),
        (x0, y0),
    ]
    kode = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return Path(titik, kode)


def _names(
    ax: Axes,
    c: int,
    banyak: int,
    x: float,
    lebar: float,
    simpul: list[Any],
    tempat: dict[Any, float],
    besar: dict[Any, Any],
    per_satuan: float,
    teks: dict[Any, str],
) -> None:
    """Nama dan nilai simpul: kolom pertama di kiri, kolom terakhir dan tengah di kanan, dijauhkan bila berdekatan."""
    kiri = c == 0
    potong = {
        k: _wrap(teks[k], chars_in(panel_width(ax) * (0.25 if banyak > 2 else 0.28), HURUF_ANGKA)) for k in simpul
    }
    tinggi = axes_inches(ax)[1] * 72
    ingin = np.array([tempat[k] + float(besar[k]) * per_satuan / 2 for k in simpul]) * tinggi
    jarak = max(map(lines_in, potong.values())) * HURUF_ANGKA * TINGGI_BARIS + 3
    baru = spread(ingin, jarak, jarak / 2 if len(simpul) > 1 else 0, tinggi)
    tengah = 0 < c < banyak - 1
    for k, lama, kini in zip(simpul, ingin, baru, strict=True):
        ax.annotate(
            potong[k],
            (x if kiri else x + lebar, lama / tinggi),
            (-9 if kiri else 9, lama - kini),
            textcoords="offset points",
            ha="right" if kiri else "left",
            va="center",
            fontsize=HURUF_ANGKA,
            linespacing=1.12,
            zorder=6,
            annotation_clip=False,
            bbox={"boxstyle": "square,pad=0.15", "facecolor": "#FFFFFF", "edgecolor": "none", "alpha": 0.85}
            if tengah
            else None,
            arrowprops={
                "arrowstyle": "-",
                "color": WARNA["netral"],
                "linewidth": 0.6,
                "shrinkA": 0,
                "shrinkB": 0,
                "relpos": (1.0 if kiri else 0.0, 0.5),
            },
        )


def _wrap(teks: str, huruf: int) -> str:
    return "\n".join(wrap(b, huruf) for b in teks.split("\n"))
