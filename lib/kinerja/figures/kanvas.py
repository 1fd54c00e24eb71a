"""Kanvas, judul dan sumber, tanda nilai hilang, tanda sintetis, dan sumbu."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.figures.gaya import WARNA, check_state, state_note, use_style
from kinerja.figures.kolom import need, order_of
from kinerja.figures.teks import TINGGI_BARIS, lines_in, wrap_to

UKURAN = {"lebar": (7.2, 4.2), "kotak": (5.2, 5.0), "tinggi": (7.2, 8.8), "layar": (10.0, 5.6)}
"""Ukuran bernama, dalam inci. Lebar 7,2 inci mengisi halaman A4; ``layar`` untuk tayangan."""

HURUF_ANGKA = 8.0
HURUF_NAMA = 8.5
_HURUF_JUDUL = 11.0
_HURUF_SUMBER = 7.5
_TEPI = 0.08
_SINTETIS = {"id": "SINTETIS", "en": "SYNTHETIC"}


# Kanvas ---------------------------------------------------------------------------------------------------------------


def canvas(
    rows: int = 1, cols: int = 1, size: str | tuple[float, float] = "lebar", **kwargs: Any
) -> tuple[Figure, Any]:
    """Kanvas bergaya kinerja dengan tata letak terkekang.

    Parameters
    ----------
    rows, cols : int
        Banyaknya panel.
    size : {"lebar", "kotak", "tinggi", "layar"} or (float, float)
        Ukuran bidang gambar dalam inci. Judul dan sumber (:func:`sign`) menambah tinggi, bukan mengambilnya dari panel.
        Dengan ukuran bernama, grafik berbaris (bullet, dots, bars mendatar, ...) menyesuaikan tinggi gambar dengan
        banyaknya baris; dengan (lebar, tinggi) gambar hanya boleh bertambah tinggi.
    **kwargs
        Diteruskan ke ``plt.subplots``, misalnya ``sharex=True`` atau ``width_ratios``.

    Returns
    -------
    fig : Figure
    ax : Axes, atau larik Axes bila panelnya lebih dari satu
    """
    if isinstance(size, str) and size not in UKURAN:
        raise GalatParameter(
            f"Ukuran gambar {size!r} tidak dikenal; yang ada: {', '.join(UKURAN)} atau (lebar, tinggi)."
        )
    use_style()
    bernama = isinstance(size, str)
    fig, ax = plt.subplots(rows, cols, figsize=UKURAN[size] if bernama else size, layout="constrained", **kwargs)
    fig.kinerja_lentur = bernama and rows * cols == 1
    return fig, ax


def fit_rows(ax: Axes, banyak: int, baris_teks: int = 1, *, tambahan: float = 0.0, huruf: float = HURUF_NAMA) -> None:
    """Sesuaikan tinggi gambar supaya ``banyak`` baris bernama ``baris_teks`` baris tulisan muat pada ``ax``.

    Parameters
    ----------
    tambahan : float
        Inci di luar baris-baris itu: sumbu, legenda.
    """
    fig = ax.figure
    if fig.get_layout_engine() is None:
        return
    per_baris = max(0.31, baris_teks * huruf * TINGGI_BARIS / 72 + 0.10)
    grid = ax.get_subplotspec().get_gridspec() if ax.get_subplotspec() else None
    perlu = (banyak * per_baris + 0.62 + tambahan) * (grid.nrows if grid else 1)
    lebar, tinggi = fig.get_size_inches()
    if getattr(fig, "kinerja_lentur", False):
        fig.set_size_inches(lebar, max(1.5, perlu))
    elif perlu > tinggi:
        fig.set_size_inches(lebar, perlu)


def panel_width(ax: Axes) -> float:
    """Perkiraan lebar satu panel (inci) sebelum tata letak dihitung."""
    fig = ax.figure
    spec = ax.get_subplotspec()
    if spec is None:
        return ax.get_position().width * fig.get_figwidth()
    grid = spec.get_gridspec()
    rasio = grid.get_width_ratios() or [1] * grid.ncols
    bagian = sum(rasio[spec.colspan.start : spec.colspan.stop]) / sum(rasio)
    return fig.get_figwidth() * bagian


def record(ax: Axes, keadaan: Iterable[str]) -> None:
    """Catat keadaan angka yang digambar: :func:`sign` menerangkannya, dan angka sintetis langsung ditandai."""
    fig = ax.figure
    catatan = getattr(fig, "kinerja_keadaan", set()) | {check_state(k) for k in keadaan}
    fig.kinerja_keadaan = catatan
    if "sintetis" in catatan:
        mark_synthetic(fig)


# Judul dan sumber -----------------------------------------------------------------------------------------------------


def sign(
    fig: Figure,
    judul: str,
    sumber: str = "",
    keadaan: str | Iterable[str] | None = None,
    *,
    keterangan: str = "",
) -> Figure:
    """Taruh judul di kiri atas dan sumber di bawah, di dalam gambar, tanpa menindih panel.

    Tinggi gambar bertambah sebanyak yang dipakai judul dan sumber. Boleh dipanggil ulang: tanda lama diganti.

    Parameters
    ----------
    fig : Figure
        Dari :func:`canvas`.
    judul : str
        Dipotong baris menurut lebar gambar.
    sumber : str
        Baris sumber, misalnya dari ``Data.source_line``.
    keadaan : str or iterable of str, optional
        Keadaan tambahan di luar yang dicatat grafik-grafiknya; ``"sintetis"`` memasang :func:`mark_synthetic`.
    keterangan : str
        Anak judul.

    Returns
    -------
    Figure
    """
    semula = getattr(fig, "kinerja_tanda", None)
    if semula is not None:
        for artis in semula["artis"]:
            artis.remove()
        fig.set_size_inches(fig.get_figwidth(), fig.get_figheight() - semula["tinggi"])
    tambahan = {keadaan} if isinstance(keadaan, str) else set(keadaan or ())
    catatan = getattr(fig, "kinerja_keadaan", set()) | {check_state(k) for k in tambahan}
    fig.kinerja_keadaan = catatan
    if "sintetis" in catatan:
        mark_synthetic(fig)
    lencana = getattr(fig, "kinerja_sintetis", None)
    lebar = fig.get_figwidth()
    ruang = lebar - 2 * _TEPI
    ruang_judul = ruang - (1.25 if lencana is not None else 0)
    atas = _lay_out(
        fig, [(judul, _HURUF_JUDUL, "bold", "teks"), (keterangan, 9.0, "normal", "teks_lemah")], ruang_judul
    )
    bawah = _lay_out(fig, [(state_note(catatan), _HURUF_SUMBER, "normal", "teks_lemah")], ruang) + _lay_out(
        fig, [(sumber, _HURUF_SUMBER, "normal", "teks_lemah")], ruang
    )
    tinggi_atas = sum(t for _, t in atas) + (_TEPI if atas else 0)
    tinggi_bawah = sum(t for _, t in bawah) + (_TEPI if bawah else 0)
    baru = fig.get_figheight() + tinggi_atas + tinggi_bawah
    fig.set_size_inches(lebar, baru)
    letak = baru - _TEPI
    for artis, tinggi in atas:
        artis.set_position((_TEPI / lebar, letak / baru))
        artis.set_verticalalignment("top")
        letak -= tinggi
    letak = tinggi_bawah - 0.02
    for artis, tinggi in bawah:
        artis.set_position((_TEPI / lebar, letak / baru))
        artis.set_verticalalignment("top")
        letak -= tinggi
    if lencana is not None:
        lencana.set_position((1 - _TEPI / lebar - 0.03 / lebar, 1 - (_TEPI + 0.06) / baru))
    mesin = fig.get_layout_engine()
    if mesin is not None:
        mesin.set(rect=(0, tinggi_bawah / baru, 1, 1 - (tinggi_atas + tinggi_bawah) / baru))
    fig.kinerja_tanda = {"artis": [a for a, _ in atas + bawah], "tinggi": tinggi_atas + tinggi_bawah}
    return fig


def _lay_out(fig: Figure, isi: Sequence[tuple[str, float, str, str]], ruang: float) -> list[tuple[Text, float]]:
    hasil = []
    for teks, ukuran, tebal, warna in isi:
        if not teks:
            continue
        potong = wrap_to(fig, teks, ruang, ukuran, tebal == "bold")
        artis = fig.text(0, 0, potong, fontsize=ukuran, fontweight=tebal, color=WARNA[warna], linespacing=TINGGI_BARIS)
        artis.set_in_layout(False)
        hasil.append((artis, lines_in(potong) * ukuran * TINGGI_BARIS * 1.06 / 72 + 0.03))
    return hasil


# Nilai hilang dan sintetis --------------------------------------------------------------------------------------------


def mark_missing(
    ax: Axes,
    where: tuple[float, float] | Sequence[tuple[float, float]] | None = None,
    text: str | None = None,
    *,
    ha: str = "left",
    rotation: float = 0,
) -> list[Text]:
    """Tanda × kelabu dan tulisan "tidak ada di sumber".

    Parameters
    ----------
    ax : Axes
    where : (x, y), daftar (x, y), or None
        Dalam koordinat data. None: seluruh bidang gambar, misalnya grafik laporan yang tidak sampai ke teks sumber.
    text : str, optional
        Bawaan "tidak ada di sumber" / "not in the source"; tulisan kosong hanya menaruh tanda ×.
    ha, rotation
        Letak tulisan terhadap tanda.

    Returns
    -------
    list of Text
    """
    isi = fmt.missing() if text is None else text
    record(ax, ["tidak_tersedia"])
    if where is None:
        ax.set_xticks([])
        ax.set_yticks([])
        ax.set_facecolor(WARNA["latar_hilang"])
        lebar = panel_width(ax) * 0.8
        tulisan = wrap_to(ax.figure, f"× {isi}", lebar, 9.0)
        gaya = {"ha": "center", "va": "center", "fontsize": 9.0, "color": WARNA["teks_lemah"]}
        return [ax.text(0.5, 0.5, tulisan, transform=ax.transAxes, **gaya)]
    titik = [where] if np.isscalar(where[0]) else list(where)
    hasil = []
    for x, y in titik:
        ax.plot([x], [y], "x", color=WARNA["hilang"], markersize=6, markeredgewidth=1.6, zorder=4, clip_on=False)
        if isi:
            geser = {"left": (7, 0), "right": (-7, 0), "center": (0, 7)}[ha]
            tegak = "bottom" if ha == "center" else "center"
            hasil.append(
                ax.annotate(
                    isi,
                    (x, y),
                    geser,
                    textcoords="offset points",
                    ha=ha,
                    va=tegak,
                    rotation=rotation,
                    fontsize=HURUF_ANGKA - 0.5,
                    color=WARNA["teks_lemah"],
                    fontstyle="italic",
                    annotation_clip=False,
                )
            )
    return hasil


def mark_synthetic(fig: Figure) -> Text:
    """Lencana SINTETIS di kanan atas dan tulisan samar di belakang data tiap panel; ulangan tak berakibat.

    Tanda ada di dalam tiap panel supaya tetap terbawa bila orang memotong satu panel saja.
    """
    for ax in fig.axes:
        if getattr(ax, "kinerja_samar", None) is None and ax.get_label() != "<colorbar>":
            ax.kinerja_samar = ax.text(
                0.5,
                0.5,
                fmt.pick(_SINTETIS),
                transform=ax.transAxes,
                ha="center",
                va="center",
                fontsize=max(12, min(34, panel_width(ax) * 5)),
                fontweight="bold",
                rotation=18,
                color=WARNA["sintetis"],
                alpha=0.10,
                zorder=0.4,
            )
            ax.kinerja_samar.set_in_layout(False)
    lencana = getattr(fig, "kinerja_sintetis", None)
    if lencana is None:
        lebar, tinggi = fig.get_size_inches()
        lencana = fig.text(
            1 - 0.11 / lebar,
            1 - 0.14 / tinggi,
            fmt.pick(_SINTETIS),
            ha="right",
            va="top",
            fontsize=9,
            fontweight="bold",
            color=WARNA["sintetis"],
            bbox={
                "boxstyle": "square,pad=0.3",
                "facecolor": "#FFFFFF",
                "edgecolor": WARNA["sintetis"],
                "hatch": "||||",
                "linewidth": 1.2,
            },
            zorder=20,
        )
        # Garis-garis di tepi lencana tidak boleh menutup tulisannya.
        lencana.get_bbox_patch().set_hatchcolor("#F3D3C2")
        lencana.set_in_layout(False)
        fig.kinerja_sintetis = lencana
    return lencana


# Sumbu ----------------------------------------------------------------------------------------------------------------


def value_axis(
    axis: Axis, satuan: str, skala: str | None = None, desimal: int | None = None, nama: str | None = None
) -> None:
    """Sumbu nilai: kisi tipis, angka Indonesia atau Inggris, dan nama satuan.

    Nama sumbu bawaan adalah satuannya berikut skalanya; persen tidak perlu karena % ada pada tiap angka.
    """
    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(fmt.axis_formatter(satuan, skala, desimal))
    axis.grid(True)
    if nama is None:
        nama = "" if satuan.startswith("persen") else fmt.satuan(satuan, skala)
    axis.set_label_text(nama)


def row_axis(ax: Axes, nama: Sequence[str]) -> None:
    """Sumbu baris: nama (sudah dipotong) di kiri, baris pertama di atas."""
    n = len(nama)
    ax.set_yticks(range(n), labels=list(nama))
    ax.set_ylim(n - 0.5, -0.5)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


def empty(ax: Axes) -> Axes:
    """Gambar untuk tabel tanpa baris."""
    mark_missing(ax)
    return ax


# Gambar berpanel ------------------------------------------------------------------------------------------------------


def small_multiples(
    data: pd.DataFrame,
    *,
    panel: str,
    draw: Callable[[pd.DataFrame, Axes], Any],
    cols: int = 3,
    size: tuple[float, float] | None = None,
    share_y: bool = False,
) -> tuple[Figure, list[Axes]]:
    """Satu panel kecil untuk tiap nilai kolom ``panel``.

    Parameters
    ----------
    data : DataFrame
        Panjang; panel menurut urutan kemunculan (atau urutan kategori).
    panel : str
        Kolom nama panel; menjadi judul panel.
    draw : callable
        ``draw(bagian, ax)`` menggambar satu panel, misalnya
        ``lambda f, ax: figures.line(f, x="periode", y="nilai", satuan="kpm", ax=ax)``.
    cols : int
        Panel per baris.
    size : (float, float), optional
        Ukuran seluruh gambar; bawaan lebar 7,2 dan 2,3 inci per baris panel.
    share_y : bool
        Skala tegak yang sama bagi semua panel.

    Returns
    -------
    fig : Figure
    axes : list of Axes
        Sebanyak panel yang digambar; panel sisa dihapus.
    """
    need(data, panel)
    golongan = order_of(data[panel])
    banyak = max(1, len(golongan))
    cols = max(1, min(cols, banyak))
    rows = -(-banyak // cols)
    fig, kisi = canvas(rows, cols, size=size or (UKURAN["lebar"][0], 2.3 * rows + 0.2), sharey=share_y, squeeze=False)
    axes = list(kisi.ravel())
    for sisa in axes[banyak:]:
        sisa.remove()
    axes = axes[:banyak]
    if not golongan:
        return fig, [empty(axes[0])]
    for nama, ax in zip(golongan, axes, strict=True):
        ax.set_title(wrap_to(fig, str(nama), panel_width(ax) - 0.35, 9.0, tebal=True))
        draw(data[data[panel] == nama].reset_index(drop=True), ax)
        if share_y and ax.get_subplotspec().colspan.start > 0:
            ax.set_ylabel("")
    return fig, axes
