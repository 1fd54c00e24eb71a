"""Rupa bersama: warna menurut peran, gaya menurut keadaan angka, kanvas, judul, dan baris sumber."""

from __future__ import annotations

import textwrap
from functools import cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from kinerja import fmt
from kinerja.errors import GalatParameter

WARNA = {
    "realisasi": "#0072B2",
    "target": "#222222",
    "di_atas": "#009E73",
    "tepat": "#0072B2",
    "di_bawah": "#D55E00",
    "naik": "#009E73",
    "turun": "#D55E00",
    "netral": "#6B6B6B",
    "sorot": "#E69F00",
    "pucat": "#C9D6E2",
    "hilang": "#9A9A9A",
    "garis": "#B5B5B5",
}
"""Warna menurut peran; dari palet Okabe-Ito, aman bagi pembaca buta warna."""

WARNA_KATEGORI = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#6B6B6B", "#B8A900")
"""Urutan warna kategori."""

ARSIR = {"dikutip": "", "diturunkan": "////", "sintetis": "xxxx", "tidak_tersedia": ""}
"""Arsir batang menurut keadaan angka: keadaan tidak pernah dibedakan dengan warna saja."""

UKURAN = {"lebar": (8.0, 4.2), "kotak": (6.2, 5.6), "tinggi": (8.0, 7.4), "sedang": (8.0, 5.4), "pendek": (8.0, 2.8)}
"""Ukuran kanvas dalam inci."""

_TEPI = 0.12
_PANGKAT = {"ribu": 1e3, "juta": 1e6, "miliar": 1e9, "triliun": 1e12}


@cache
def style() -> dict[str, Any]:
    """Pengaturan matplotlib dari ``kinerja.mplstyle``."""
    return dict(mpl.rc_params_from_file(Path(__file__).with_name("kinerja.mplstyle"), use_default_template=False))


def canvas(
    rows: int = 1, cols: int = 1, size: str | tuple[float, float] = "lebar", **kwargs: Any
) -> tuple[Figure, Any]:
    """Kanvas bergaya proyek.

    Parameters
    ----------
    rows, cols : int
        Banyaknya baris dan kolom sumbu.
    size : str or (float, float)
        Salah satu kunci `UKURAN`, atau lebar dan tinggi dalam inci.
    **kwargs
        Diteruskan ke ``Figure.subplots``, misalnya ``sharex=True`` atau ``width_ratios=[2, 1]``.

    Returns
    -------
    fig : matplotlib.figure.Figure
    ax : Axes, or ndarray of Axes
        Satu sumbu bila 1 x 1, larik bila lebih.

    Raises
    ------
    GalatParameter
        Nama ukuran tidak dikenal.
    """
    if isinstance(size, str):
        if size not in UKURAN:
            raise GalatParameter(f"Ukuran gambar '{size}' tidak dikenal; yang ada: {', '.join(UKURAN)}.")
        size = UKURAN[size]
    lebar_kisi = {k: kwargs.pop(k) for k in ("width_ratios", "height_ratios") if k in kwargs}
    mpl.rcParams.update(style())
    fig = Figure(figsize=size, layout="constrained")
    fig.get_layout_engine().set(w_pad=0.06, h_pad=0.06, wspace=0.05, hspace=0.06)
    ax = fig.subplots(rows, cols, gridspec_kw=lebar_kisi or None, **kwargs)
    return fig, ax


def wrap(teks: Any, lebar: int = 34) -> str:
    """Lipat teks panjang pada spasi; kata yang lebih panjang daripada lebarnya tidak dipenggal."""
    return "\n".join(textwrap.wrap(str(teks), lebar, break_long_words=False, break_on_hyphens=False)) or str(teks)


def sign(fig: Figure, *, judul: str = "", sumber: str = "", keadaan: str | None = None) -> Figure:
    """Beri judul di kiri atas dan baris sumber di kiri bawah, di dalam gambar.

    Ruangnya disisihkan dari tata letak, sehingga tidak menimpa sumbu.

    Parameters
    ----------
    fig : Figure
    judul, sumber : str
        Dilipat selebar gambar.
    keadaan : str, optional
        ``sintetis`` menambah tanda SINTETIS yang besar di dalam gambar.
    """
    lebar, tinggi = fig.get_size_inches()
    atas = bawah = 0.0
    if judul:
        isi = wrap(judul, int(lebar * 10.6))
        atas = 0.19 * (isi.count("\n") + 1) + 0.12
        fig.text(
            _TEPI / lebar,
            1 - 0.06 / tinggi,
            isi,
            ha="left",
            va="top",
            fontsize=11,
            fontweight="bold",
            color="#1a1a1a",
            linespacing=1.2,
        )
    if sumber:
        isi = wrap(sumber, int(lebar * 17))
        bawah = 0.125 * (isi.count("\n") + 1) + 0.09
        fig.text(
            _TEPI / lebar, 0.05 / tinggi, isi, ha="left", va="bottom", fontsize=7, color="#555555", linespacing=1.2
        )
    mesin = fig.get_layout_engine()
    if mesin is not None:
        mesin.set(rect=(0, bawah / tinggi, 1, 1 - (atas + bawah) / tinggi))
    if keadaan == "sintetis":
        mark_synthetic(fig)
    return fig


def mark_synthetic(fig: Figure) -> None:
    """Cap SINTETIS di dalam gambar, supaya ikut ke mana pun gambar itu disalin."""
    kata = fmt.pick({"id": "SINTETIS", "en": "SYNTHETIC"})
    fig.text(
        0.5,
        0.5,
        kata,
        ha="center",
        va="center",
        fontsize=44,
        rotation=24,
        color="#D55E00",
        alpha=0.16,
        fontweight="bold",
        zorder=20,
    )
    lebar, tinggi = fig.get_size_inches()
    fig.text(
        1 - _TEPI / lebar, 1 - 0.07 / tinggi, kata, ha="right", va="top", fontsize=8, fontweight="bold", color="white",
        bbox={"boxstyle": "round,pad=0.3", "facecolor": "#B34700", "edgecolor": "none"}, zorder=21,
    )  # fmt: skip


def mark_missing(
    ax: Axes,
    where: tuple[float, float],
    text: str | None = None,
    *,
    ha: str = "left",
    va: str = "center",
    **kwargs: Any,
):
    """Tanda kelabu "tidak ada di sumber" pada titik ``where`` (koordinat data)."""
    isi = text or fmt.pick({"id": "tidak ada di sumber", "en": "not in the source"})
    return ax.text(*where, isi, ha=ha, va=va, fontsize=8, style="italic", color=WARNA["netral"], **kwargs)


def state_handles(keadaan: Any, warna: str = WARNA["realisasi"]) -> list[Patch]:
    """Unsur legenda untuk keadaan selain dikutip yang benar-benar ada."""
    nama = {
        "diturunkan": fmt.pick({"id": "diturunkan", "en": "derived"}),
        "sintetis": fmt.pick({"id": "sintetis", "en": "synthetic"}),
    }
    ada = [k for k in nama if k in set(map(str, keadaan))]
    return [Patch(facecolor=_pale(warna), edgecolor=warna, hatch=ARSIR[k], label=nama[k]) for k in ada]


def legend_above(ax: Axes, handles: list | None = None, ncols: int = 4, **kwargs: Any):
    """Legenda mendatar di atas sumbu, rata kiri."""
    opsi = {
        "loc": "lower left",
        "bbox_to_anchor": (0, 1.0),
        "ncols": ncols,
        "borderaxespad": 0.3,
        "columnspacing": 1.2,
        **kwargs,
    }
    return ax.legend(handles=handles, **opsi) if handles is not None else ax.legend(**opsi)


def bar_style(keadaan: str | None, warna: str) -> dict[str, Any]:
    """Gaya satu batang menurut keadaan angkanya."""
    if keadaan in ("diturunkan", "sintetis"):
        return {"facecolor": _pale(warna), "edgecolor": warna, "hatch": ARSIR[keadaan]}
    return {"facecolor": warna, "edgecolor": warna}


def marker_style(keadaan: str | None, warna: str) -> dict[str, Any]:
    """Gaya satu penanda: berisi bila dikutip, berongga bila diturunkan, berpalang bila sintetis."""
    if keadaan == "diturunkan":
        return {"facecolor": "white", "edgecolor": warna, "linewidth": 1.6}
    if keadaan == "sintetis":
        return {"facecolor": "white", "edgecolor": warna, "linewidth": 1.6, "hatch": "xxxx"}
    return {"facecolor": warna, "edgecolor": "white", "linewidth": 0.8}


def value_text(x: Any, satuan: str | None, skala: str | None = None, desimal: int | None = None) -> str:
    """Label satu angka pada gambar: tanpa Rp dan tanpa nama skala, karena sumbunya sudah menyebut satuannya."""
    if fmt.is_missing(x):
        return fmt.HILANG
    if satuan in ("persen", "persen_capaian", "persen_perubahan"):
        return fmt.persen(x, fmt.decimals(satuan) if desimal is None else desimal)
    if skala:
        return fmt.angka(float(x) / _PANGKAT[skala], 2 if desimal is None else desimal)
    return fmt.angka(x, fmt.decimals(satuan) if desimal is None and satuan else desimal)


def name_unit(ax: Axes, satuan: str | None, skala: str | None = None, *, sumbu: str = "x") -> None:
    """Tulis satuan pada sumbu angka, kecuali persen yang sudah terlihat pada angkanya."""
    if satuan is None or satuan in ("persen", "persen_capaian", "persen_perubahan", "nilai"):
        return
    teks = fmt.satuan(satuan, skala)
    (ax.set_xlabel if sumbu == "x" else ax.set_ylabel)(teks)


def spread(letak: list[float], butuh: list[float], bawah: float, atas: float) -> list[float]:
    """Geser letak label yang terurut menaik agar tidak bertumpuk dan tetap di antara dua batas.

    Parameters
    ----------
    letak, butuh : list of float
        Letak yang diinginkan (menaik) dan tinggi setiap label.
    bawah, atas : float
        Batas ruang.
    """
    hasil: list[float] = []
    for y, tinggi in zip(letak, butuh, strict=True):
        paling_bawah = bawah + tinggi / 2 if not hasil else hasil[-1] + (butuh[len(hasil) - 1] + tinggi) / 2
        hasil.append(max(y, paling_bawah))
    batas = atas
    for n in range(len(hasil) - 1, -1, -1):
        hasil[n] = min(hasil[n], batas - butuh[n] / 2)
        batas = hasil[n] - butuh[n] / 2
    return hasil


def ink_on(warna: str) -> str:
    """Warna huruf yang terbaca di atas sebuah warna."""
    return "white" if _luminance(warna) < 0.18 else "#1a1a1a"


@cache
def ink(warna: str) -> str:
    """Warna yang sama, digelapkan sampai kontrasnya dengan putih sekurang-kurangnya 4,5 (WCAG AA), untuk huruf."""
    rgb = np.array(mpl.colors.to_rgb(warna))
    while 1.05 / (_luminance(mpl.colors.to_hex(rgb)) + 0.05) < 4.5:
        rgb = rgb * 0.94
    return mpl.colors.to_hex(rgb)


def _luminance(warna: str) -> float:
    rgb = np.array(mpl.colors.to_rgb(warna))
    lin = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(np.dot(lin, (0.2126, 0.7152, 0.0722)))


def _pale(warna: str, porsi: float = 0.65) -> str:
    rgb = np.array(mpl.colors.to_rgb(warna))
    return mpl.colors.to_hex(rgb + (1 - rgb) * porsi)
