"""Susunan dan peta: pohon kerangka, aliran, dan peta panas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.figures.rupa import (
    ARSIR,
    WARNA,
    WARNA_KATEGORI,
    _pale,
    floats,
    grow,
    grow_rows,
    ink_on,
    legend_above,
    mark_missing,
    need,
    panel_inches,
    states_of,
    text_width,
    value_text,
    wrap,
    wrap_to,
)

_SELA = 0.012
"""Jarak antarsimpul aliran, bagian dari tinggi bidang gambar."""

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
    lebar : sequence of int
        Panjang baris (huruf) tiap tingkat; kotak yang lebih sempit melipat lebih awal.

    Raises
    ------
    GalatParameter
        Kolom tidak ada, atau isi penanda tidak dikenal.
    """
    need(data, *tingkat, *(penanda or {}))
    if data.empty:
        mark_missing(ax)
        return ax
    asing = sorted({str(v) for k in penanda or {} for v in data[k]} - set(TANDA_KEBERLAKUAN))
    if asing:
        ada = ", ".join(TANDA_KEBERLAKUAN)
        raise GalatParameter(f"Penanda keberlakuan {', '.join(asing)} tidak dikenal; yang ada: {ada}.")
    n = len(data)
    porsi = np.array([1.0, 1.35, 3.1][: len(tingkat)] + [3.1] * max(0, len(tingkat) - 3))
    tepi = np.concatenate([[0], np.cumsum(porsi)])
    per_satuan = (panel_inches(ax)[0] - 0.15) / (tepi[-1] + 0.15 + 0.62 * len(penanda or {}))
    lebar = [*lebar, *[46] * max(0, len(tingkat) - len(lebar))]
    daun_lipat = [_fold(t, lebar[len(tingkat) - 1], (porsi[-1] - 0.2) * per_satuan, 8) for t in data[tingkat[-1]]]
    grow(ax, n * max(0.2, max(t.count("\n") + 1 for t in daun_lipat) * 0.135 + 0.05) + 1.45)
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
            ukuran = 9 if kolom == 0 else 8
            if tegak:
                teks = wrap(teks, lebar[kolom])
            ax.text(
                tepi[kolom] + (0.07 if daun else (porsi[kolom] - 0.05) / 2),
                mulai + (len(ruas) - 0.1) / 2,
                teks if tegak else _fold(teks, lebar[kolom], (porsi[kolom] - 0.15) * per_satuan, ukuran),
                ha="left" if daun else "center",
                va="center",
                fontsize=ukuran,
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


def _fold(teks: object, huruf: int, inci: float, ukuran: float) -> str:
    """Lipat menurut banyaknya huruf dan menurut lebar yang tersedia, mana yang lebih sempit."""
    lipat = wrap(teks, huruf)
    return lipat if text_width(lipat, ukuran) <= inci else wrap_to(str(teks), inci, ukuran)


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
    keadaan: str | None = None,
    warna: Mapping | None = None,
    kepala: Sequence[str] = (),
    lebar_label: int = 30,
    tulis: bool = True,
) -> Axes:
    """Aliran dari kiri ke kanan; tebal pita sebanding dengan nilainya, di semua kolom dengan skala yang sama.

    Parameters
    ----------
    data : pandas.DataFrame
        Satu baris per pita.
    asal, tujuan, nilai : str
        Kolom simpul asal, simpul tujuan, dan tebal pita. Simpul yang menjadi tujuan sekaligus asal membentuk kolom
        tengah. Pita yang nilainya hilang tidak digambar dan disebut di bawah.
    keadaan : str, optional
        Kolom keadaan angka, atau satu keadaan untuk semua pita.
    warna : mapping, optional
        Nama simpul ke warna.
    kepala : sequence of str
        Judul tiap kolom simpul.
    tulis : bool
        ``False`` hanya menulis nama, untuk pita yang semuanya bernilai sama.

    Raises
    ------
    GalatParameter
        Kolom tidak ada, nilai negatif, atau aliran melingkar.
    """
    need(data, asal, tujuan, nilai)
    tebal = floats(data[nilai])
    if (tebal < 0).any():
        raise GalatParameter("Aliran tidak dapat memuat nilai negatif.")
    keadaan_baris = states_of(ax, data, keadaan)
    pita = [
        (data[asal].iloc[i], data[tujuan].iloc[i], float(tebal[i]), keadaan_baris[i])
        for i in np.flatnonzero(np.nan_to_num(tebal) > 0)
    ]
    if not pita:
        mark_missing(ax)
        return ax
    kolom = _columns(pita)
    lapis = [[k for k in kolom if kolom[k] == c] for c in range(max(kolom.values()) + 1)]
    besar = {k: max(sum(p[2] for p in pita if p[0] == k), sum(p[2] for p in pita if p[1] == k)) for k in kolom}
    teks = {
        k: wrap(k, lebar_label)
        + (f"\n{value_text(_total(data, asal, tujuan, nilai, k), satuan, skala, desimal)}" if tulis else "")
        for k in kolom
    }
    tinggi = {k: (t.count("\n") + 1) * 0.137 + 0.05 for k, t in teks.items()}
    grow(ax, max(1.15 * sum(tinggi[k] for k in isi) / (1 - _SELA * (len(isi) - 1)) for isi in lapis) + 0.9)
    # Gambar yang tata letaknya beku tidak dapat bertambah tinggi: labelnya dirapatkan.
    ruang = max(
        panel_inches(ax)[1] - 0.9, *(1.02 * sum(tinggi[k] for k in isi) / (1 - _SELA * len(isi)) for isi in lapis)
    )
    per_satuan = min(_unit_height([besar[k] for k in isi], [tinggi[k] / ruang for k in isi]) for isi in lapis)
    atas = {}
    for isi in lapis:
        petak = [max(besar[k] * per_satuan, tinggi[k] / ruang) for k in isi]
        y = max(0.0, 1 - sum(petak) - _SELA * (len(isi) - 1)) / 2
        for k, milik in zip(isi, petak, strict=True):
            atas[k] = y + (milik - besar[k] * per_satuan) / 2
            y += milik + _SELA
    cat = _node_colours(lapis, warna or {})
    batang = 0.022
    xs = np.linspace(0, 1 - batang, len(lapis)) if len(lapis) > 1 else np.zeros(1)
    keluar, masuk = dict(atas), dict(atas)
    for a, b, isi, ket in sorted(pita, key=lambda p: (atas[p[0]], atas[p[1]])):
        t = isi * per_satuan
        jalur = _ribbon(xs[kolom[a]] + batang, keluar[a], xs[kolom[b]], masuk[b], t)
        dasar = cat.get(a, cat.get(b, WARNA["netral"]))
        ax.add_patch(
            PathPatch(jalur, facecolor=_pale(dasar, 0.55), edgecolor=_pale(dasar, 0.2), linewidth=0.4,
                      hatch=ARSIR.get(ket or "dikutip"))
        )  # fmt: skip
        keluar[a] += t
        masuk[b] += t
    for c, isi in enumerate(lapis):
        for k in isi:
            t = besar[k] * per_satuan
            ax.add_patch(Rectangle((xs[c], atas[k]), batang, t, facecolor=cat.get(k, WARNA["netral"]), zorder=3))
            tengah = 0 < c < len(lapis) - 1
            ax.annotate(
                teks[k], (xs[c] if c == 0 else xs[c] + batang, atas[k] + t / 2), (-5 if c == 0 else 5, 0),
                textcoords="offset points", ha="right" if c == 0 else "left", va="center", fontsize=8, linespacing=1.1,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.8} if tengah else None,
                zorder=5,
            )  # fmt: skip
        if c < len(kepala):
            ha = "left" if c == 0 else "right" if c == len(lapis) - 1 else "center"
            ax.text(
                xs[c] + batang * {"left": 0, "center": 0.5, "right": 1}[ha], -0.03, kepala[c], ha=ha, va="bottom",
                fontsize=8.5, fontweight="bold",
            )  # fmt: skip
    hilang = [f"{data[asal].iloc[i]} → {data[tujuan].iloc[i]}" for i in np.flatnonzero(np.isnan(tebal))]
    if hilang:
        isi = wrap_to(f"{'; '.join(hilang)}: {fmt.missing()}", panel_inches(ax)[0] * 0.5, 7.5)
        ax.text(0.5, 1.03, isi, ha="center", va="top", fontsize=7.5, style="italic", color=WARNA["netral"])
    if tulis and satuan and not satuan.startswith("persen"):
        # Aliran tidak bersumbu; satuannya ditulis di sudut.
        ax.annotate(
            fmt.satuan(satuan, skala), (1, 0), (0, -4), xycoords="axes fraction", textcoords="offset points",
            ha="right", va="top", fontsize=8, color="#444444",
        )  # fmt: skip
    ax.set_xlim(0, 1)
    ax.set_ylim(1, 0)
    ax.axis("off")
    return ax


def _columns(pita: list[tuple]) -> dict[Any, int]:
    """Kolom tiap simpul: satu lebih kanan daripada asalnya yang paling kanan."""
    kolom = dict.fromkeys([p[0] for p in pita] + [p[1] for p in pita], 0)
    for _ in kolom:
        lama = dict(kolom)
        for a, b, *_ in pita:
            kolom[b] = max(kolom[b], kolom[a] + 1)
        if kolom == lama:
            return kolom
    raise GalatParameter("Aliran melingkar: sebuah simpul akhirnya mengalir ke dirinya sendiri.")


def _total(data: pd.DataFrame, asal: str, tujuan: str, nilai: str, simpul: Any) -> Any:
    """Jumlah simpul yang ditulis, tanpa lewat pecahan biner bila kolomnya bilangan bulat."""
    return max(data.loc[data[asal] == simpul, nilai].sum(), data.loc[data[tujuan] == simpul, nilai].sum())


def _unit_height(besar: list[float], label: list[float]) -> float:
    """Tinggi satu satuan nilai, setinggi mungkin selama batang dan label satu kolom muat di tinggi 1."""
    sela = _SELA * (len(besar) - 1)
    bawah, atas = 0.0, 1.0 / sum(besar)
    for _ in range(60):
        tengah = (bawah + atas) / 2
        if sum(max(v * tengah, t) for v, t in zip(besar, label, strict=True)) + sela <= 1:
            bawah = tengah
        else:
            atas = tengah
    return bawah


def _node_colours(lapis: list[list], warna: Mapping) -> dict[Any, str]:
    """Warna simpul kolom pertama yang bercabang; kolom lain kelabu kecuali diberi warna."""
    acuan = next((isi for isi in lapis if len(isi) > 1), lapis[0])
    return {k: WARNA_KATEGORI[n % len(WARNA_KATEGORI)] for n, k in enumerate(acuan)} | dict(warna)


def _ribbon(x0: float, y0: float, x1: float, y1: float, tebal: float) -> Path:
    m = (x0 + x1) / 2
    tepi_atas = [(x0, y0), (m, y0), (m, y1), (x1, y1)]
    tepi_bawah = [(x1, y1 + tebal), (m, y1 + tebal), (m, y0 + tebal), (x0, y0 + tebal)]
    langkah = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return Path([*tepi_atas, *tepi_bawah, (x0, y0)], langkah)


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
