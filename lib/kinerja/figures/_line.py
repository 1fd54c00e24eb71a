"""Garis: deret menurut waktu atau urutan, berlabel langsung di ujungnya."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from kinerja import fmt
from kinerja.figures.gaya import GARIS, PENANDA, WARNA, WARNA_KATEGORI, lighten, marker_of
from kinerja.figures.kanvas import HURUF_ANGKA, empty, mark_missing, panel_width, record, value_axis
from kinerja.figures.kolom import exact, labels, need, numbers, order_of, pick_scale, states
from kinerja.figures.teks import TINGGI_BARIS, axes_inches, chars_in, lines_in, spread, wrap

_PALING_BANYAK_ANGKA = 13
_PALING_BANYAK_PENANDA = 40


def line(
    data: pd.DataFrame,
    *,
    x: str,
    y: str,
    kelompok: str | None = None,
    selang: tuple[str, str] | None = None,
    satuan: str,
    skala: str | None = "auto",
    desimal: int | None = None,
    keadaan: str | None = None,
    warna: Mapping[Any, str] | None = None,
    acuan: float | None = None,
    nama_acuan: str = "",
    angka: bool | None = None,
    dari_nol: bool = False,
    nama_sumbu: str | None = None,
    nama_x: str = "",
    ax: Axes,
) -> Axes:
    """Satu garis per kelompok; putus di tempat angkanya hilang.

    Parameters
    ----------
    data : DataFrame
        Panjang.
    x : str
        Kolom mendatar: bilangan (tahun), tanggal, atau tulisan (bulan, tahap) menurut urutan muncul.
    y : str
        Kolom angka. NaN memutus garis dan diberi tanda × di dasar bidang gambar.
    kelompok : str, optional
        Kolom deret; namanya ditulis di ujung garis.
    selang : (str, str), optional
        Kolom batas bawah dan atas; digambar sebagai pita.
    satuan, skala, desimal, keadaan, nama_sumbu, ax
        Lihat :func:`bullet`.
    warna : mapping, optional
        Deret ke warna atau peran dari ``WARNA``; peran ``"target"`` bergaris putus-putus.
    acuan, nama_acuan
        Garis acuan mendatar.
    angka : bool, optional
        Tulis angka pada setiap titik; bawaan: ya untuk satu deret sampai 13 titik, selain itu angka ujung saja.
    dari_nol : bool
        Sumbu tegak mulai dari nol.
    nama_x : str
        Nama sumbu mendatar.

    Returns
    -------
    Axes
    """
    need(data, x, y, kelompok, *(selang or ()))
    if data.empty:
        return empty(ax)
    tabel = data.reset_index(drop=True)
    letak, urutan = _horizontal(tabel[x])
    nilai = numbers(tabel[y])
    skala = pick_scale(skala, satuan, nilai)
    keadaan_baris = states(tabel, keadaan, nilai)
    deret = order_of(tabel[kelompok]) if kelompok else [None]
    pita = [numbers(tabel[s]) for s in selang] if selang else []
    value_axis(ax.yaxis, satuan, skala, nama=nama_sumbu)
    _ticks(ax, tabel[x], letak, urutan, nama_x)
    _range(ax, letak, [nilai, *pita, *([[acuan]] if acuan is not None else [])], dari_nol)
    tulis = exact(tabel[y])
    satu = len(deret) == 1
    semua_angka = (satu and len(tabel) <= _PALING_BANYAK_ANGKA) if angka is None else angka
    ujung, hilang = [], []
    for i, nama in enumerate(deret):
        pilih = np.flatnonzero((tabel[kelompok] == nama).to_numpy()) if kelompok else np.arange(len(tabel))
        pilih = pilih[np.argsort(letak[pilih], kind="stable")]
        peran = (warna or {}).get(nama)
        w = (
            WARNA.get(peran, peran)
            if peran
            else WARNA["realisasi"]
            if satu
            else WARNA_KATEGORI[i % len(WARNA_KATEGORI)]
        )
        gaya = (0, (4, 2)) if peran == "target" else GARIS[i % len(GARIS)]
        px, py = _with_gaps(letak[pilih], nilai[pilih], letak if urutan is not None or _is_year(tabel[x]) else None)
        ax.plot(px, py, color=w, linestyle=gaya, zorder=3, label=str(nama) if nama is not None else "_")
        if pita:
            ax.fill_between(
                letak[pilih], pita[0][pilih], pita[1][pilih], color=lighten(w, 0.75), linewidth=0, zorder=1.5
            )
        if len(pilih) <= _PALING_BANYAK_PENANDA:
            for j in pilih[np.isfinite(nilai[pilih])]:
                bentuk = PENANDA[i % len(PENANDA)]
                ax.plot([letak[j]], [nilai[j]], bentuk, zorder=4, **marker_of(w, keadaan_baris[j]))
        ada = pilih[np.isfinite(nilai[pilih])]
        hilang += [letak[j] for j in pilih[np.isnan(nilai[pilih])]]
        if semua_angka:
            for n, j in enumerate(ada):
                _number(
                    ax,
                    letak[ada],
                    nilai[ada],
                    n,
                    fmt.nilai(tulis[j], satuan, desimal, skala=skala, lambang=skala is None),
                )
        if len(ada) and (nama is not None or not semua_angka):
            teks = fmt.nilai(tulis[ada[-1]], satuan, desimal, skala=skala)
            isi = [str(nama)] * (nama is not None) + [teks] * (not semua_angka)
            ujung.append((letak[ada[-1]], nilai[ada[-1]], isi, w))
        elif nama is not None:
            hilang_teks = f"{nama}: {fmt.missing()}"
            ujung.append((np.nan, np.nan, [hilang_teks], w))
    _mark_gaps(ax, hilang)
    if acuan is not None:
        ax.axhline(acuan, color=WARNA["target"], linewidth=1.1, linestyle=(0, (4, 2)), zorder=2)
        ax.annotate(
            nama_acuan,
            (0, acuan),
            (3, 3),
            xycoords=("axes fraction", "data"),
            textcoords="offset points",
            fontsize=HURUF_ANGKA,
            va="bottom",
            color=WARNA["target"],
        )
    _end_labels(ax, ujung, letak)
    record(ax, keadaan_baris)
    return ax


# Sumbu mendatar -------------------------------------------------------------------------------------------------------


def _is_year(isi: pd.Series) -> bool:
    return pd.api.types.is_integer_dtype(isi)


def _horizontal(isi: pd.Series) -> tuple[np.ndarray, list[Any] | None]:
    """Letak mendatar, dan urutan golongan bila kolomnya tulisan."""
    if pd.api.types.is_datetime64_any_dtype(isi):
        return (isi - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1), None
    if pd.api.types.is_numeric_dtype(isi):
        return numbers(isi), None
    urutan = order_of(isi)
    nomor = {nama: i for i, nama in enumerate(urutan)}
    return isi.map(nomor).to_numpy(dtype=float), urutan


def _ticks(ax: Axes, isi: pd.Series, letak: np.ndarray, urutan: list[Any] | None, nama: str) -> None:
    ax.set_xlabel(nama)
    unik = np.unique(letak[np.isfinite(letak)])
    if urutan is not None:
        tulisan = labels(urutan)
    elif pd.api.types.is_datetime64_any_dtype(isi):
        hari = pd.Timestamp("1970-01-01") + pd.to_timedelta(unik, unit="D")
        tulisan = [f"{fmt.bulan(h.month, pendek=True)}\n{h.year}" for h in hari]
    elif _is_year(isi):
        tulisan = [fmt.nilai(int(v), "tahun") for v in unik]
    else:
        return
    letak_tanda = np.arange(len(urutan)) if urutan is not None else unik
    per_tanda = panel_width(ax) * 0.78 / max(1, len(tulisan))
    terpanjang = max((len(b) for t in tulisan for b in t.split()), default=1)
    lewati = 1
    putar = False
    if chars_in(per_tanda, HURUF_ANGKA) < terpanjang:
        if urutan is not None and len(tulisan) <= 26:
            putar = True
        else:
            lewati = int(np.ceil((terpanjang + 2) / max(1, chars_in(per_tanda * 10, HURUF_ANGKA) / 10)))
    if putar:
        ax.set_xticks(letak_tanda, labels=[wrap(t, 22) for t in tulisan], rotation=90)
    else:
        lebar = chars_in(per_tanda * lewati, HURUF_ANGKA)
        potong = [wrap(t, lebar) if urutan is not None else t for t in tulisan]
        ax.set_xticks(letak_tanda[::lewati], labels=potong[::lewati])


def _range(ax: Axes, letak: np.ndarray, isi: list[Any], dari_nol: bool) -> None:
    hingga = np.concatenate([np.asarray(v, dtype=float) for v in isi])
    hingga = hingga[np.isfinite(hingga)]
    if len(hingga):
        bawah, atas = hingga.min(), hingga.max()
        if dari_nol:
            bawah, atas = min(0.0, bawah), max(0.0, atas)
        tinggi = (atas - bawah) or abs(atas) * 0.2 or 1.0
        ax.set_ylim(bawah if dari_nol and bawah == 0 else bawah - 0.1 * tinggi, atas + 0.12 * tinggi)
    lebar = (np.nanmax(letak) - np.nanmin(letak)) or 1.0
    ax.set_xlim(np.nanmin(letak) - 0.04 * lebar, np.nanmax(letak) + 0.04 * lebar)


def _with_gaps(letak: np.ndarray, nilai: np.ndarray, langkah: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Sisipkan NaN pada langkah (tahun, bulan) yang ada di deret lain tetapi tidak di deret ini."""
    if langkah is None or not len(letak):
        return letak, nilai
    antara = np.unique(langkah[(langkah > letak.min()) & (langkah < letak.max())])
    kosong = np.setdiff1d(antara, letak)
    semua_x = np.concatenate([letak, kosong])
    semua_y = np.concatenate([nilai, np.full(len(kosong), np.nan)])
    urut = np.argsort(semua_x, kind="stable")
    return semua_x[urut], semua_y[urut]


# Tulisan --------------------------------------------------------------------------------------------------------------


def _number(ax: Axes, px: np.ndarray, py: np.ndarray, n: int, teks: str) -> None:
    """Angka di atas puncak dan di bawah lembah, supaya garis tidak melewatinya."""
    tetangga = [py[m] for m in (n - 1, n + 1) if 0 <= m < len(py)]
    lembah = bool(tetangga) and all(t > py[n] for t in tetangga)
    ax.annotate(
        teks,
        (px[n], py[n]),
        (0, -6 if lembah else 6),
        textcoords="offset points",
        ha="center",
        va="top" if lembah else "bottom",
        fontsize=HURUF_ANGKA,
        zorder=6,
        annotation_clip=False,
    )


def _mark_gaps(ax: Axes, hilang: list[float]) -> None:
    unik = sorted(set(hilang))
    if not unik:
        return
    dasar = ax.get_ylim()[0]
    mark_missing(ax, [(v, dasar) for v in unik], "")
    tengah = ax.get_xlim()[0] + 0.66 * (ax.get_xlim()[1] - ax.get_xlim()[0])
    kanan = unik[-1] > tengah
    tulisan = fmt.missing()
    ax.annotate(
        tulisan,
        (unik[-1] if not kanan else unik[0], dasar),
        (-7 if kanan else 7, 4),
        textcoords="offset points",
        ha="right" if kanan else "left",
        va="bottom",
        fontsize=HURUF_ANGKA - 0.5,
        fontstyle="italic",
        color=WARNA["teks_lemah"],
        annotation_clip=False,
    )


def _end_labels(ax: Axes, ujung: list[tuple[float, float, list[str], str]], letak: np.ndarray) -> None:
    """Nama deret: di kanan untuk garis yang sampai ke tepi, di atas atau bawah titik untuk yang berhenti lebih dulu."""
    if not ujung:
        return
    tepi = np.nanmax(letak)
    lebar = chars_in(panel_width(ax) * 0.24, HURUF_ANGKA)
    di_tepi = [(v, [*isi[:-1], isi[-1]], w) for u, v, isi, w in ujung if u == tepi]
    teks = [wrap(" ".join(isi), lebar) for _, isi, _ in di_tepi]
    artis = []
    for (v, _, w), t in zip(di_tepi, teks, strict=True):
        artis.append(
            ax.annotate(
                t,
                (tepi, v),
                (9, 0),
                textcoords="offset points",
                va="center",
                ha="left",
                fontsize=HURUF_ANGKA,
                color=w,
                fontweight="bold",
                linespacing=1.1,
                annotation_clip=False,
                zorder=6,
            )
        )
    tinggi = axes_inches(ax)[1] * 72
    bawah, atas = ax.get_ylim()
    if len(artis) > 1:
        poin = np.array([(v - bawah) / (atas - bawah) * tinggi for v, _, _ in di_tepi])
        baris = max(map(lines_in, teks))
        baru = spread(poin, baris * HURUF_ANGKA * TINGGI_BARIS, 0, tinggi)
        for a, lama, kini, (_, _, w) in zip(artis, poin, baru, di_tepi, strict=True):
            if abs(kini - lama) > 2:
                a.set_position((14, kini - lama))
                a.arrowprops = None
                ax.annotate(
                    "",
                    (tepi, bawah + lama / tinggi * (atas - bawah)),
                    (13, kini - lama),
                    textcoords="offset points",
                    arrowprops={"arrowstyle": "-", "color": w, "linewidth": 0.7, "shrinkA": 0, "shrinkB": 3},
                    annotation_clip=False,
                )
    lain = [nilai for u, nilai, _, _ in ujung if u == tepi]
    rata = float(np.mean(lain)) if lain else np.inf
    for u, v, isi, w in ujung:
        if u == tepi:
            continue
        if np.isnan(u):
            ax.annotate(
                isi[0],
                (0, 0),
                (4, 14),
                xycoords="axes fraction",
                textcoords="offset points",
                fontsize=HURUF_ANGKA,
                color=WARNA["teks_lemah"],
                fontstyle="italic",
            )
            continue
        ke_atas = v >= rata
        ax.annotate(
            wrap(" ".join(isi), lebar),
            (u, v),
            (0, 7 if ke_atas else -7),
            textcoords="offset points",
            ha="center",
            va="bottom" if ke_atas else "top",
            fontsize=HURUF_ANGKA,
            color=w,
            fontweight="bold",
            linespacing=1.1,
            annotation_clip=False,
            zorder=6,
        )
