"""Susunan dan peta: pohon kerangka, aliran, dan peta panas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from kinerja import fmt
from kinerja.figures.rupa import WARNA, WARNA_KATEGORI, _pale, ink_on, legend_above, spread, value_text, wrap

TANDA_KEBERLAKUAN = {"ya": ("o", "full"), "tidak_pasti": ("o", "none"), "tidak": ("x", "full")}


def tree(
    data: pd.DataFrame,
    tingkat: Sequence[str],
    *,
    ax: Axes,
    penanda: Mapping[str, str] | None = None,
    warna: Mapping | None = None,
    lebar: Sequence[int] = (14, 20, 46),
) -> Axes:
    """Pohon mendatar: satu kolom per tingkat, satu baris per daun, kotak induk setinggi anak-anaknya.

    Parameters
    ----------
    data : pandas.DataFrame
        Satu baris per daun, terurut menurut induknya.
    tingkat : sequence of str
        Kolom dari pangkal ke daun.
    penanda : mapping, optional
        Kolom keberlakuan (``ya``, ``tidak_pasti``, ``tidak``) ke judul pendeknya; digambar di kanan daun.
    warna : mapping, optional
        Isi tingkat pertama ke warna.
    """
    n = len(data)
    porsi = np.array([1.0, 1.35, 3.1][: len(tingkat)] + [3.1] * max(0, len(tingkat) - 3))
    tepi = np.concatenate([[0], np.cumsum(porsi)])
    pangkal = list(dict.fromkeys(data[tingkat[0]]))
    cat = {k: (warna or {}).get(k, WARNA_KATEGORI[i % len(WARNA_KATEGORI)]) for i, k in enumerate(pangkal)}
    for kolom, nama in enumerate(tingkat):
        kunci = data[list(tingkat[: kolom + 1])].astype(str).agg("\x1f".join, axis=1)
        mulai = 0
        for _, ruas in data.groupby((kunci != kunci.shift()).cumsum(), sort=False):
            dasar = cat[ruas[tingkat[0]].iloc[0]]
            isi = dasar if kolom == 0 else _pale(dasar, 0.6 if kolom == 1 else 0.88)
            ax.add_patch(
                Rectangle((tepi[kolom], mulai), porsi[kolom] - 0.05, len(ruas) - 0.1, facecolor=isi, edgecolor="white")
            )
            teks = str(ruas[nama].iloc[0])
            tegak = kolom == 0 and len(ruas) > 5
            daun = kolom == len(tingkat) - 1
            ax.text(
                tepi[kolom] + (0.07 if daun else (porsi[kolom] - 0.05) / 2),
                mulai + (len(ruas) - 0.1) / 2,
                wrap(teks, lebar[kolom]),
                ha="left" if daun else "center",
                va="center",
                fontsize=9 if kolom == 0 else 8,
                fontweight="bold" if kolom == 0 else "normal",
                rotation=90 if tegak else 0,
                color=ink_on(isi),
            )
            mulai += len(ruas)
    akhir = tepi[-1]
    for k, (kolom, judul) in enumerate((penanda or {}).items()):
        x = akhir + 0.32 + 0.62 * k
        ax.text(x, -0.35, wrap(judul, 11), ha="center", va="bottom", fontsize=8, fontweight="bold", color="#333333")
        for baris, isi in enumerate(data[kolom]):
            bentuk, penuh = TANDA_KEBERLAKUAN[isi]
            cat_ = WARNA["netral"] if isi == "tidak" else WARNA["realisasi"]
            ax.plot(
                x,
                baris + 0.45,
                marker=bentuk,
                fillstyle=penuh,
                markersize=5 if isi == "tidak" else 7,
                color=cat_,
                linestyle="",
            )
    ax.set_xlim(-0.05, akhir + (0.1 + 0.62 * len(penanda) if penanda else 0.1))
    ax.set_ylim(n + 0.1, -1.1 if penanda else -0.2)
    ax.axis("off")
    if penanda:
        nama = {
            "ya": {"id": "berlaku", "en": "applies"},
            "tidak_pasti": {"id": "tidak pasti (sel gabungan)", "en": "uncertain (merged cell)"},
            "tidak": {"id": "tidak berlaku", "en": "does not apply"},
        }
        unsur = [
            Line2D(
                [],
                [],
                linestyle="",
                marker=TANDA_KEBERLAKUAN[k][0],
                fillstyle=TANDA_KEBERLAKUAN[k][1],
                color=WARNA["netral"] if k == "tidak" else WARNA["realisasi"],
                label=fmt.pick(v),
            )
            for k, v in nama.items()
        ]
        legend_above(ax, unsur, ncols=3)
    return ax


def flow(
    data: pd.DataFrame,
    asal: str,
    tujuan: str,
    nilai: str,
    *,
    ax: Axes,
    satuan: str | None = None,
    skala: str | None = None,
    desimal: int | None = None,
    warna: Mapping | None = None,
    lebar_label: int = 30,
    tulis: bool = True,
) -> Axes:
    """Aliran dari kolom kiri ke kolom kanan; tebal pita sebanding dengan nilainya.

    ``tulis=False`` hanya menulis nama, untuk pita yang semuanya bernilai sama.
    """
    isi = data[data[nilai].notna() & (data[nilai] > 0)]
    kiri, kanan = list(dict.fromkeys(isi[asal])), list(dict.fromkeys(isi[tujuan]))
    total = float(isi[nilai].sum()) or 1.0
    sela = 0.16 / max(len(kiri), len(kanan), 1)

    def place(nama: list, kolom: str) -> dict:
        besar = isi.groupby(kolom)[nilai].sum()
        penuh = 1 - sela * (len(nama) - 1)
        y, hasil = 0.0, {}
        for satu in nama:
            hasil[satu] = [y, penuh * float(besar[satu]) / total, y]
            y += hasil[satu][1] + sela
        return hasil

    kiri_, kanan_ = place(kiri, asal), place(kanan, tujuan)
    cat = {k: (warna or {}).get(k, WARNA_KATEGORI[n % len(WARNA_KATEGORI)]) for n, k in enumerate(kiri)}
    for baris in isi.to_dict("records"):
        a, b = kiri_[baris[asal]], kanan_[baris[tujuan]]
        ta = (1 - sela * (len(kiri) - 1)) * float(baris[nilai]) / total
        tb = (1 - sela * (len(kanan) - 1)) * float(baris[nilai]) / total
        ya, yb = a[2], b[2]
        jalur = Path(
            [
                (0.03, ya),
                (0.5, ya),
                (0.5, yb),
                (0.97, yb),
                (0.97, yb + tb),
                (0.5, yb + tb),
                (0.5, ya + ta),
                (0.03, ya + ta),
                (0.03, ya),
            ],
            [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY],
        )
        ax.add_patch(PathPatch(jalur, facecolor=cat[baris[asal]], alpha=0.42, edgecolor="none"))
        a[2] += ta
        b[2] += tb
    for nama, letak, x, ha in ((kiri, kiri_, 0.0, "right"), (kanan, kanan_, 0.97, "left")):
        jumlah = isi.groupby(asal if ha == "right" else tujuan)[nilai].sum()
        angka = [f"\n{value_text(jumlah[k], satuan, skala, desimal)}" if tulis else "" for k in nama]
        teks = [wrap(k, lebar_label) + isi_angka for k, isi_angka in zip(nama, angka, strict=True)]
        tengah = [letak[k][0] + letak[k][1] / 2 for k in nama]
        baris_ = 1 / (ax.figure.get_size_inches()[1] * 0.75 * 72 / 10)
        tempat = spread(tengah, [baris_ * (t.count("\n") + 1.3) for t in teks], -0.02, 1.1)
        for satu, isi_teks, y_teks in zip(nama, teks, tempat, strict=True):
            y, tinggi, _ = letak[satu]
            ax.add_patch(
                Rectangle(
                    (x, y), 0.03, tinggi, facecolor=cat.get(satu, WARNA["netral"]) if ha == "right" else WARNA["netral"]
                )
            )
            ax.text(
                x - 0.015 if ha == "right" else x + 0.045,
                y_teks,
                isi_teks,
                ha=ha,
                va="center",
                fontsize=8,
                linespacing=1.1,
            )
    ax.set_xlim(-0.55, 1.55)
    ax.set_ylim(1.02, -0.02)
    ax.axis("off")
    return ax


def heatmap(
    data: pd.DataFrame,
    *,
    ax: Axes,
    satuan: str | None = None,
    desimal: int | None = None,
    bawah: float | None = None,
    atas: float | None = None,
    cmap: str = "cividis",
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
    tulis : bool
        Tulis angka di dalam petak.
    """
    isi = data.astype(float)
    larik = np.ma.masked_invalid(isi.to_numpy())
    citra = ax.pcolormesh(larik, cmap=cmap, vmin=bawah, vmax=atas, edgecolors="white", linewidth=1)
    ax.patch.set(hatch="////", edgecolor="#C8C8C8", facecolor="#F4F4F4")
    if tulis:
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
                    fontsize=8,
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
    ax.set_yticks(np.arange(isi.shape[0]) + 0.5, [wrap(k, lebar_label) for k in isi.index])
    ax.invert_yaxis()
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(visible=False)
    for tepi in ax.spines.values():
        tepi.set_visible(False)
    return ax
