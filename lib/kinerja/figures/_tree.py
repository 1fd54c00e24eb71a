"""Pohon: kerangka bertingkat dari kiri ke kanan, dengan tanda di kanan tiap daun."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.figures.gaya import WARNA, WARNA_KATEGORI, ink_on, lighten
from kinerja.figures.kanvas import HURUF_ANGKA, empty
from kinerja.figures.kolom import labels, need
from kinerja.figures.teks import TINGGI_BARIS, chars_in, lines_in, wrap

PENANDA_DAUN = {
    "ya": {"id": "● berlaku", "en": "● applies"},
    "tidak": {"id": "– tidak berlaku", "en": "– does not apply"},
    "tidak_pasti": {"id": "? tidak pasti di sumber", "en": "? unclear in the source"},
}
"""Isi kolom penanda yang dikenal, dan keterangannya."""

_HURUF = HURUF_ANGKA


def tree(
    data: pd.DataFrame,
    *,
    kode: str,
    induk: str,
    nama: str,
    penanda: Mapping[str, str] | None = None,
    nilai: str | None = None,
    satuan: str = "indeks_100",
    desimal: int | None = None,
    lebar: tuple[float, ...] | None = None,
    ax: Axes,
) -> Axes:
    """Pohon simpul dari kiri (akar) ke kanan (daun).

    Parameters
    ----------
    data : DataFrame
        Satu baris per simpul, urutan saudara menurut baris.
    kode, induk, nama : str
        Kolom kode simpul, kode induknya (kosong untuk akar), dan nama.
    penanda : mapping, optional
        Kolom berisi ``ya``, ``tidak``, atau ``tidak_pasti`` untuk daun, dan kepala kolomnya, misalnya
        ``{"berlaku_rt": "Rumah tangga miskin"}``.
    nilai : str, optional
        Kolom angka yang ditulis di bawah nama simpul (satuan ``satuan``).
    lebar : tuple of float, optional
        Lebar kotak tiap tingkat (inci), dari akar; bawaan dibagi menurut panjang nama.
    ax : Axes
        Tingginya disesuaikan dengan banyaknya daun.

    Returns
    -------
    Axes

    Raises
    ------
    GalatParameter
        Induk tidak ada, kode berulang, simpul melingkar, atau isi penanda tidak dikenal.
    """
    penanda = dict(penanda or {})
    need(data, kode, induk, nama, nilai, *penanda)
    if data.empty:
        return empty(ax)
    tabel = data.set_index(data[kode].astype(str), drop=False)
    anak, tingkat = _structure(tabel, kode, induk)
    akar = [k for k in tabel.index if tingkat[k] == 0]
    daun = [k for a in akar for k in _leaves(a, anak)]
    isi = dict(zip(tabel.index, labels(tabel[nama]), strict=True))
    if nilai:
        isi = {k: f"{v}\n{fmt.nilai(tabel.at[k, nilai], satuan, desimal)}" for k, v in isi.items()}
    dalam = max(tingkat.values())
    ruang = ax.figure.get_figwidth() - 0.2
    lebar_tanda = 0.62 * len(penanda)
    lebar = lebar or _widths(isi, tingkat, dalam, ruang - lebar_tanda)
    potong = {k: _wrap_node(v, lebar[tingkat[k]]) for k, v in isi.items()}
    tinggi_daun = {k: lines_in(potong[k]) * _HURUF * TINGGI_BARIS / 72 + 0.12 for k in daun}
    letak, bawah, sebelum = {}, 0.0, None
    for k in daun:
        # Ruang kosong kecil antarkelompok saudara membuat subdimensi terbaca sebagai kelompok.
        kini = tabel.at[k, induk]
        jeda = 0.07 if sebelum is not None and kini != sebelum else 0.0
        letak[k] = bawah + jeda + tinggi_daun[k] / 2
        bawah, sebelum = letak[k] + tinggi_daun[k] / 2, kini
    for t in range(dalam - 1, -1, -1):
        for k in (k for k in tabel.index if tingkat[k] == t and anak[k]):
            letak[k] = (letak[anak[k][0]] + letak[anak[k][-1]]) / 2
    kepala = 0.62 if penanda else 0.05
    kaki = 0.28 if penanda else 0.05
    _frame(ax, ruang, bawah, kepala, kaki)
    celah = 0.17
    kiri = np.concatenate([[0], np.cumsum(np.array(lebar[:-1]) + celah)])
    cabang = _branch_colours(akar, anak, dalam)
    for k in tabel.index:
        t = tingkat[k]
        for a in anak[k]:
            tengah = kiri[t] + lebar[t] + celah / 2
            ax.plot(
                [kiri[t] + lebar[t], tengah, tengah, kiri[t + 1]],
                [letak[k], letak[k], letak[a], letak[a]],
                color=WARNA["netral"],
                linewidth=0.8,
                zorder=1,
                solid_joinstyle="miter",
            )
        _node(ax, kiri[t], letak[k], lebar[t], potong[k], cabang[k], bool(anak[k]), t)
    if penanda:
        _marks(ax, tabel, daun, letak, penanda, ruang - lebar_tanda, kepala, bawah)
    return ax


def _structure(tabel: pd.DataFrame, kode: str, induk: str) -> tuple[dict[str, list[str]], dict[str, int]]:
    if tabel.index.duplicated().any():
        raise GalatParameter(f"Kode simpul {tabel.index[tabel.index.duplicated()][0]!r} muncul lebih dari sekali.")
    atas = {k: None if fmt.is_missing(v) or v == "" else str(v) for k, v in zip(tabel.index, tabel[induk], strict=True)}
    asing = sorted({v for v in atas.values() if v is not None and v not in atas})
    if asing:
        raise GalatParameter(f"Induk {', '.join(asing)} tidak ada di antara simpul pohon.")
    anak: dict[str, list[str]] = {k: [] for k in atas}
    for k, v in atas.items():
        if v is not None:
            anak[v].append(k)
    tingkat: dict[str, int] = {}
    lapis = [k for k, v in atas.items() if v is None]
    kini = 0
    while lapis:
        tingkat |= dict.fromkeys(lapis, kini)
        lapis = [a for k in lapis for a in anak[k]]
        kini += 1
    if len(tingkat) < len(atas):
        raise GalatParameter(f"Simpul melingkar: {', '.join(sorted(set(atas) - set(tingkat)))} tidak sampai ke akar.")
    return anak, tingkat


def _leaves(k: str, anak: Mapping[str, list[str]]) -> list[str]:
    return [d for a in anak[k] for d in _leaves(a, anak)] if anak[k] else [k]


def _widths(isi: Mapping[str, str], tingkat: Mapping[str, int], dalam: int, ruang: float) -> tuple[float, ...]:
    """Bagi lebar menurut akar panjang nama terpanjang tiap tingkat; daun mendapat sisanya."""
    bobot = np.array([np.sqrt(max(len(v) for k, v in isi.items() if tingkat[k] == t)) for t in range(dalam + 1)])
    bobot[-1] *= 1.75
    return tuple((ruang - 0.17 * dalam) * bobot / bobot.sum())


def _wrap_node(teks: str, inci: float) -> str:
    return "\n".join(wrap(b, chars_in(inci - 0.12, _HURUF)) for b in teks.split("\n"))


def _frame(ax: Axes, lebar: float, tinggi: float, kepala: float, kaki: float) -> None:
    """Satuan data = inci, supaya kotak dan tulisan bersesuaian."""
    fig = ax.figure
    if fig.get_layout_engine() is not None and getattr(fig, "kinerja_lentur", False):
        fig.set_size_inches(fig.get_figwidth(), tinggi + kepala + kaki + 0.12)
    ax.set_xlim(0, lebar)
    ax.set_ylim(tinggi + kaki, -kepala)
    ax.set_axis_off()


def _branch_colours(akar: list[str], anak: Mapping[str, list[str]], dalam: int) -> dict[str, str]:
    """Setiap cabang utama satu warna; akar kelabu tua."""
    pangkal = anak[akar[0]] if len(akar) == 1 and dalam > 1 else akar
    hasil = dict.fromkeys(akar, WARNA["jumlah"])
    for i, k in enumerate(pangkal):
        antre = [k]
        while antre:
            hasil |= dict.fromkeys(antre, WARNA_KATEGORI[i % len(WARNA_KATEGORI)])
            antre = [a for x in antre for a in anak[x]]
    return {k: hasil.get(k, WARNA["jumlah"]) for k in anak}


def _node(ax: Axes, x: float, y: float, lebar: float, teks: str, warna: str, bercabang: bool, t: int) -> None:
    tinggi = lines_in(teks) * _HURUF * TINGGI_BARIS / 72 + 0.08
    isi = warna if bercabang and t <= 1 else lighten(warna, 0.80) if bercabang else "#FFFFFF"
    ax.add_patch(
        FancyBboxPatch(
            (x, y - tinggi / 2),
            lebar,
            tinggi,
            boxstyle="round,pad=0,rounding_size=0.04",
            facecolor=isi,
            edgecolor=warna,
            linewidth=0.8,
            zorder=2,
        )
    )
    pusat = bercabang
    ax.text(
        x + lebar / 2 if pusat else x + 0.06,
        y,
        teks,
        ha="center" if pusat else "left",
        va="center",
        fontsize=_HURUF,
        color=ink_on(isi),
        zorder=3,
        linespacing=1.12,
        fontweight="bold" if t <= 1 and bercabang else "normal",
    )


def _marks(
    ax: Axes,
    tabel: pd.DataFrame,
    daun: list[str],
    letak: Mapping[str, float],
    penanda: Mapping[str, str],
    kiri: float,
    kepala: float,
    bawah: float,
) -> None:
    dipakai: list[str] = []
    for c, (kolom, judul) in enumerate(penanda.items()):
        x = kiri + 0.62 * c + 0.34
        ax.text(
            x,
            -0.06,
            wrap(judul, chars_in(0.62, _HURUF - 1)),
            ha="center",
            va="bottom",
            fontsize=_HURUF - 1,
            fontweight="bold",
            linespacing=1.1,
        )
        for k in daun:
            isi = tabel.at[k, kolom]
            isi = "tidak_pasti" if fmt.is_missing(isi) or isi == "" else str(isi)
            if isi not in PENANDA_DAUN:
                raise GalatParameter(f"Penanda {isi!r} pada {k} tidak dikenal; yang ada: {', '.join(PENANDA_DAUN)}.")
            dipakai.append(isi)
            if isi == "ya":
                ax.plot([x], [letak[k]], "o", color=WARNA["teks"], markersize=6.5, zorder=3)
            elif isi == "tidak":
                ax.plot([x - 0.05, x + 0.05], [letak[k]] * 2, color=WARNA["hilang"], linewidth=1.4, zorder=3)
            else:
                ax.text(x, letak[k], "?", ha="center", va="center", fontsize=_HURUF, color=WARNA["teks_lemah"])
    for k in daun[:-1]:
        ax.plot(
            [kiri + 0.06, kiri + 0.62 * len(penanda)],
            [letak[k] + (letak[daun[daun.index(k) + 1]] - letak[k]) / 2] * 2,
            color=WARNA["kisi"],
            linewidth=0.5,
            zorder=0,
        )
    keterangan = "     ".join(fmt.pick(v) for k, v in PENANDA_DAUN.items() if k in dipakai)
    ax.text(
        kiri + 0.62 * len(penanda),
        bawah + 0.12,
        keterangan,
        ha="right",
        va="top",
        fontsize=_HURUF - 0.5,
        color=WARNA["teks_lemah"],
    )
