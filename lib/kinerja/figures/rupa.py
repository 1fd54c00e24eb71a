"""Rupa bersama: warna menurut peran, gaya menurut keadaan angka, kanvas, judul, dan baris sumber."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import LoadFlags
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.patches import Patch
from matplotlib.text import Text

from kinerja import fmt
from kinerja.errors import GalatParameter

WARNA = {
    "realisasi": "#0072B2",
    "data": "#0072B2",
    "naik_muda": "#8FC1DE",
    "kurang": "#D55E00",
    "konteks": "#B5B5B5",
    "garis": "#B5B5B5",
    "pucat": "#C9D6E2",
    "hilang": "#9A9A9A",
    "netral": "#6B6B6B",
    "target": "#222222",
}
"""Warna menurut peran; dari palet Okabe-Ito, aman bagi pembaca buta warna."""

PALET = {
    **dict.fromkeys(("di_atas", "tepat", "tercapai", "data"), WARNA["data"]),
    **dict.fromkeys(("di_bawah", "tidak_tercapai", "kurang"), WARNA["kurang"]),
    **dict.fromkeys(("tidak_dinilai", "konteks"), WARNA["konteks"]),
}
"""Kode -> warna: biru angka, jingga di bawah target, kelabu pembanding."""

GARIS_TARGET = "garis-target"
"""Tanda pengenal (gid) tulisan garis target."""

WARNA_KATEGORI = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#6B6B6B", "#B8A900")
"""Urutan warna kategori."""

_ARSIR = {"diturunkan": "////", "sintetis": "xxxx"}
"""Arsir batang menurut keadaan angka: keadaan tidak pernah dibedakan dengan warna saja."""

_CAP = {"sintetis": {"id": "SINTETIS", "en": "SYNTHETIC"}, "diandaikan": {"id": "ANDAIAN", "en": "ASSUMED"}}
"""Keadaan -> cap besar di dalam gambar."""

UKURAN = {"lebar": (8.0, 4.2), "kotak": (6.2, 5.6), "tinggi": (8.0, 7.4), "sedang": (8.0, 5.4), "pendek": (8.0, 2.8)}
"""Ukuran kanvas dalam inci."""

_TEPI = 0.12


class Kanvas(Figure):
    """Gambar yang memperlihatkan dirinya bila ditulis di akhir sel notebook, tanpa pyplot."""

    def _repr_png_(self) -> tuple[bytes, dict[str, str]]:
        berkas = io.BytesIO()
        self.savefig(berkas, format="png", dpi=100)
        sumbu = (f"{x.get_title()} {x.get_ylabel()} / {x.get_xlabel()}".strip(" /") for x in self.axes)
        return berkas.getvalue(), {"alt": "; ".join(filter(None, sumbu))}


@cache
def style() -> dict[str, Any]:
    """Pengaturan matplotlib dari ``kinerja.mplstyle``."""
    return dict(mpl.rc_params_from_file(Path(__file__).with_name("kinerja.mplstyle"), use_default_template=False))


def canvas(
    rows: int = 1, cols: int = 1, size: str | tuple[float, float] = "lebar", **kwargs: Any
) -> tuple[Figure, Any]:
    """Kanvas bergaya proyek dan sumbunya: satu sumbu bila 1 x 1, larik bila lebih.

    Parameters
    ----------
    size : str or (float, float)
        Salah satu kunci `UKURAN`, atau lebar dan tinggi dalam inci.
    **kwargs
        Diteruskan ke ``Figure.subplots``, misalnya ``sharex=True`` atau ``width_ratios=[2, 1]``.

    Raises
    ------
    GalatParameter
        Nama ukuran tidak dikenal.
    """
    if isinstance(size, str):
        if size not in UKURAN:
            raise GalatParameter(f"Ukuran gambar '{size}' tidak dikenal; yang ada: {', '.join(UKURAN)}.")
        size = UKURAN[size]
    mpl.rcParams.update(style())
    fig = Kanvas(figsize=size, layout="constrained")
    fig.get_layout_engine().set(w_pad=0.06, h_pad=0.06, wspace=0.05, hspace=0.06)
    return fig, fig.subplots(rows, cols, **kwargs)


def wrap(teks: Any, lebar: int = 34, *, imbang: bool = True) -> str:
    """Lipat teks panjang pada spasi; kata yang lebih panjang daripada lebarnya tidak dipenggal.

    Parameters
    ----------
    imbang : bool
        Samakan panjang baris-barisnya, supaya baris terakhir tidak tinggal satu kata.
    """
    baris = _fold(str(teks), lebar)
    while imbang and 1 < len(baris) and lebar > 1:
        lebar -= 1
        rapat = _fold(str(teks), lebar)
        if len(rapat) > len(baris) or max(map(len, rapat)) > lebar:
            break
        baris = rapat
    return "\n".join(baris) or str(teks)


def _fold(teks: str, lebar: int) -> list[str]:
    return textwrap.wrap(teks, lebar, break_long_words=False, break_on_hyphens=False)


def text_width(teks: str, ukuran: float, tebal: bool = False) -> float:
    """Lebar baris terpanjang sebuah tulisan dalam inci: jumlah lebar huruf-hurufnya dalam DejaVu Sans."""
    # Pada resolusi layar penggambar membulatkan lebar huruf ke piksel; tulisan menjadi sampai 4,5% lebih lebar.
    return 1.045 * max(sum(_advance(huruf, tebal) for huruf in b) for b in teks.split("\n")) * ukuran / 72


@cache
def _advance(huruf: str, tebal: bool) -> float:
    """Lebar satu huruf dibagi ukurannya. Mengukur seluruh baris lewat penggambar seratus kali lebih lama."""
    fon = get_font(findfont(FontProperties(family="DejaVu Sans", weight="bold" if tebal else "normal")))
    fon.set_size(100, 72)
    return fon.load_char(ord(huruf), flags=LoadFlags.NO_HINTING).linearHoriAdvance / 65536 / 100


def wrap_to(teks: str, inci: float, ukuran: float, tebal: bool = False) -> str:
    """Lipat teks supaya lebarnya yang terukur paling banyak ``inci``."""
    # Mulai dari lebar huruf rata-rata teks ini, sedikit dilebihkan, lalu turun sampai muat.
    huruf = int(inci / max(text_width(teks, ukuran, tebal) / max(len(teks), 1), 1e-6) * 1.12) + 1
    while huruf > 4 and text_width(wrap(teks, huruf, imbang=False), ukuran, tebal) > inci:
        huruf -= 1
    return wrap(teks, huruf, imbang=False)


def sign(fig: Figure, *, judul: str = "", sumber: str = "", keadaan: str | None = None) -> Figure:
    """Beri judul di kiri atas dan baris sumber di kiri bawah, di dalam gambar.

    Ruangnya disisihkan dari tata letak, sehingga tidak menimpa sumbu; judul atau sumber yang panjang menambah tinggi
    gambar. Boleh dipanggil ulang: tanda yang lama diganti.

    Parameters
    ----------
    keadaan : str, optional
        ``sintetis`` atau ``diandaikan`` menambah cap besar di dalam gambar; cap itu juga muncul sendiri bila salah satu
        grafik memuat angka sintetis.
    """
    for artis in getattr(fig, "kinerja_tanda", []):
        artis.remove()
    if keadaan in _CAP:
        stamp(fig, keadaan)
    lebar, tinggi = fig.get_size_inches()
    tinggi -= getattr(fig, "kinerja_tambahan", 0.0)
    lencana = getattr(fig, "kinerja_lencana", None)
    ruang = lebar - 2 * _TEPI
    judul = wrap_to(judul, ruang - (1.0 if lencana else 0.0), 11, tebal=True) if judul else ""
    sumber = wrap_to(sumber, ruang, 7) if sumber else ""
    atas = 0.19 * (judul.count("\n") + 1) + 0.12 if judul else 0.0
    bawah = 0.125 * (sumber.count("\n") + 1) + 0.09 if sumber else 0.0
    if lencana:
        atas = max(atas, 0.27)  # tempat lencana bila judulnya ditulis di luar gambar
    # Satu baris judul dan satu baris sumber sudah masuk hitungan ukuran kanvas; baris selebihnya menambah tinggi.
    fig.kinerja_tambahan = max(0.0, atas - 0.31) + max(0.0, bawah - 0.215)
    tinggi += fig.kinerja_tambahan
    fig.set_size_inches(lebar, tinggi)
    fig.kinerja_tanda = []
    if judul:
        gaya = {"va": "top", "fontsize": 11, "fontweight": "bold", "color": "#1a1a1a", "linespacing": 1.2}
        fig.kinerja_tanda.append(fig.text(_TEPI / lebar, 1 - 0.06 / tinggi, judul, **gaya))
    if sumber:
        gaya = {"va": "bottom", "fontsize": 7, "color": "#555555", "linespacing": 1.2}
        fig.kinerja_tanda.append(fig.text(_TEPI / lebar, 0.05 / tinggi, sumber, **gaya))
    if lencana:
        lencana.set_position((1 - _TEPI / lebar, 1 - 0.09 / tinggi))
    mesin = fig.get_layout_engine()
    if isinstance(mesin, ConstrainedLayoutEngine):
        mesin.set(rect=(0, bawah / tinggi, 1, 1 - (atas + bawah) / tinggi))
    return fig


def stamp(fig: Figure, keadaan: str = "sintetis") -> None:
    """Cap di dalam gambar, supaya ikut ke mana pun gambar itu disalin; panggilan ulang tidak menambahnya."""
    if getattr(fig, "kinerja_lencana", None) is not None:
        return
    kata = fmt.pick(_CAP[keadaan])
    fig.text(
        0.5, 0.5, kata, ha="center", va="center", fontsize=44, rotation=24, color="#D55E00", alpha=0.16,
        fontweight="bold", zorder=20,
    ).set_in_layout(False)  # fmt: skip
    lebar, tinggi = fig.get_size_inches()
    fig.kinerja_lencana = fig.text(
        1 - _TEPI / lebar, 1 - 0.09 / tinggi, kata, ha="right", va="top", fontsize=8, fontweight="bold", color="white",
        bbox={"boxstyle": "round,pad=0.3", "facecolor": "#B34700", "edgecolor": "none"}, zorder=21,
    )  # fmt: skip


def mark_missing(ax: Axes, where: tuple[float, float] | None = None, text: str | None = None, **kwargs: Any) -> Text:
    """Tanda kelabu "tidak ada di sumber", atau ``text``.

    Parameters
    ----------
    where : (float, float), optional
        Titik dalam koordinat data. Tanpa titik: seluruh bidang gambar, misalnya untuk grafik laporan yang tidak sampai
        ke teks sumber atau tabel tanpa baris.
    **kwargs
        Sifat tulisannya.
    """
    isi, gaya = text or fmt.missing(), {"va": "center", "style": "italic", "color": WARNA["netral"]}
    if where is None:
        ax.set(xticks=[], yticks=[], facecolor="#F4F4F4")
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
        isi = wrap_to(isi, panel_inches(ax)[0] * 0.8, 9)
        return ax.text(0.5, 0.5, isi, ha="center", fontsize=9, transform=ax.transAxes, **gaya, **kwargs)
    return ax.text(*where, isi, **{"ha": "left", "fontsize": 8, **gaya, **kwargs})


def need(data: pd.DataFrame, *kolom: str | None) -> None:
    """Pastikan kolom-kolom ada; None dilewati.

    Raises
    ------
    GalatParameter
        Ada kolom yang tidak ada di tabel.
    """
    hilang = [k for k in kolom if k is not None and k not in data.columns]
    if hilang:
        ada = ", ".join(map(str, data.columns))
        raise GalatParameter(f"Gambar memerlukan kolom {', '.join(map(repr, hilang))}; yang ada: {ada}.")


def floats(isi: Any) -> np.ndarray:
    """Angka sebagai float64; None, NA, dan NaN menjadi NaN."""
    return pd.Series(isi).astype("Float64").to_numpy(dtype=float, na_value=np.nan)


def states_of(ax: Axes, data: pd.DataFrame) -> list[str | None]:
    """Keadaan tiap baris bila kolom ``keadaan`` memuat angka sintetis, yang selalu tampak: gambarnya dicap."""
    if "keadaan" not in data.columns or not (data["keadaan"] == "sintetis").any():
        return [None] * len(data)
    stamp(ax.figure)
    return [None if fmt.is_missing(k) else str(k) for k in data["keadaan"]]


def panel_inches(ax: Axes) -> tuple[float, float]:
    """Perkiraan lebar dan tinggi (inci) bagian gambar milik satu panel, termasuk sumbunya."""
    lebar, tinggi = ax.figure.get_size_inches()
    tinggi -= getattr(ax.figure, "kinerja_tambahan", 0.0)
    spec = ax.get_subplotspec()
    if spec is None:
        kotak = ax.get_position()
        return kotak.width * lebar, kotak.height * tinggi
    kisi = spec.get_gridspec()
    kolom = kisi.get_width_ratios() or [1] * kisi.ncols
    baris = kisi.get_height_ratios() or [1] * kisi.nrows
    porsi_x = sum(kolom[spec.colspan.start : spec.colspan.stop]) / sum(kolom)
    porsi_y = sum(baris[spec.rowspan.start : spec.rowspan.stop]) / sum(baris)
    return lebar * porsi_x, tinggi * porsi_y


def grow_rows(ax: Axes, nama: Iterable[str]) -> None:
    """Tinggikan gambar supaya nama-nama baris yang sudah dilipat tidak bertindihan; tidak pernah direndahkan.

    Gambar yang tata letaknya sudah dibekukan (panel kendali) dibiarkan.
    """
    baris, fig = [n.count("\n") + 1 for n in nama], ax.figure
    if not baris or not isinstance(fig.get_layout_engine(), ConstrainedLayoutEngine):
        return
    tetangga = [(a + b) / 2 for a, b in pairwise(baris)] or baris
    # Sumbu, legenda dua baris, judul, dan sumber memakan kira-kira 1,45 inci.
    perlu = len(baris) * max(max(tetangga) * 8.5 * 1.22 / 72 + 0.03, 0.17) + 1.45
    kini = panel_inches(ax)[1]
    if kini < perlu:
        lebar, tinggi = fig.get_size_inches()
        fig.set_size_inches(lebar, tinggi * perlu / kini)


def state_handles(keadaan: Iterable[str | None]) -> list[Patch]:
    """Unsur legenda untuk keadaan selain dikutip yang benar-benar ada."""
    nama = {
        "diturunkan": fmt.pick({"id": "diturunkan", "en": "derived"}),
        "sintetis": fmt.pick({"id": "sintetis", "en": "synthetic"}),
    }
    return [Patch(**bar_style(k, WARNA["netral"]), label=x) for k, x in nama.items() if k in keadaan]


def legend_above(ax: Axes, handles: list, ncols: int = 4) -> Legend:
    """Legenda mendatar di atas sumbu, rata kiri, sebanyak-banyaknya ``ncols`` kolom selama muat di lebar panel."""
    lebar = [text_width(str(h.get_label()), 8.5) + 0.42 for h in handles if str(h.get_label())]
    nama_baris = max((text_width(t.get_text(), 8.5) for t in ax.get_yticklabels()), default=0.0)
    muat = panel_inches(ax)[0] - max(nama_baris, 0.4) - 0.3
    while ncols > 1 and sum(max(lebar[k::ncols], default=0.0) for k in range(ncols)) > muat:
        ncols -= 1
    letak = {"loc": "lower left", "bbox_to_anchor": (0, 1.0), "borderaxespad": 0.3, "columnspacing": 1.2}
    return ax.legend(handles=handles, ncols=ncols, **letak)


def bar_style(keadaan: str | None, warna: str) -> dict[str, Any]:
    """Gaya satu batang menurut keadaan angkanya."""
    if keadaan in _ARSIR:
        return {"facecolor": _pale(warna), "edgecolor": warna, "hatch": _ARSIR[keadaan]}
    return {"facecolor": warna, "edgecolor": warna}


def value_text(x: Any, satuan: str | None, skala: str | None = None, desimal: int | None = None) -> str:
    """Label satu angka pada gambar: tanpa Rp dan tanpa nama skala, karena sumbunya sudah menyebut satuannya."""
    if satuan in fmt.PERSEN:
        return fmt.nilai(x, satuan, desimal)
    if satuan is None:
        return fmt.angka(x, desimal or 0)
    return fmt.nilai(x, satuan, desimal, skala=skala, lambang=False)


def name_unit(ax: Axes, satuan: str | None, skala: str | None = None) -> None:
    """Tulis satuan pada sumbu mendatar, kecuali persen yang sudah terlihat pada angkanya."""
    if satuan is not None and satuan not in (*fmt.PERSEN, "nilai"):
        ax.set_xlabel(fmt.satuan(satuan, skala))


def ink_on(warna: str) -> str:
    """Warna huruf yang terbaca di atas sebuah warna."""
    return "white" if _luminance(warna) < 0.18 else "#1a1a1a"


def _luminance(warna: str) -> float:
    rgb = np.array(mpl.colors.to_rgb(warna))
    lin = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(np.dot(lin, (0.2126, 0.7152, 0.0722)))


def _pale(warna: str, porsi: float = 0.65) -> str:
    rgb = np.array(mpl.colors.to_rgb(warna))
    return mpl.colors.to_hex(rgb + (1 - rgb) * porsi)


def target_line(ax: Axes, nilai: Any, teks: str, sumbu: str = "x", *, kiri: bool = False) -> None:
    """Garis target putus-putus dengan tulisannya di ujung.

    Parameters
    ----------
    nilai : bilangan atau None
        Tanpa nilai tidak ada yang digambar.
    teks : str
        Tulisan garis; nama kolom menjadi kepala kolomnya dan nilainya bila gambarnya didandani.
    sumbu : {"x", "y"}
        Sumbu tempat nilainya.
    kiri : bool
        Tulisan garis mendatar di ujung kiri, bila ujung kanannya sudah berisi.
    """
    if fmt.is_missing(nilai):
        return
    gaya = {"color": WARNA["target"], "linewidth": 1.2, "linestyle": (0, (4, 3)), "zorder": 3}
    huruf = {"fontsize": 8.5, "color": WARNA["target"], "gid": GARIS_TARGET}
    if sumbu == "x":
        ax.axvline(float(nilai), **gaya)
        ax.annotate(
            teks, (float(nilai), 1), xycoords=("data", "axes fraction"), xytext=(0, 2), textcoords="offset points",
            ha="center", va="bottom", **huruf,
        )  # fmt: skip
    else:
        ax.axhline(float(nilai), **gaya)
        ax.annotate(
            teks, (0 if kiri else 1, float(nilai)), xycoords=("axes fraction", "data"), xytext=(3 if kiri else 0, 3),
            textcoords="offset points", ha="left" if kiri else "right", va="bottom", **huruf,
        )  # fmt: skip
