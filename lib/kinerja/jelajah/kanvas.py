"""Kanvas penjelajah: artisnya tetap, hanya angkanya yang berganti, dan PNG-nya ditulis cepat.

Menggambar ulang dari awal memakan beberapa ratus milidetik; memindahkan artis pada tata letak yang tetap memakan
puluhan.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox

from kinerja import figures, fmt
from kinerja.figures.rupa import text_width
from kinerja.keluaran import DPI_LAYAR

_HURUF_PER_INCI = 14.3
_TULISAN_TERSIMPAN, _TEPI_TULISAN = 1500, 4


class _Penggambar(RendererAgg):
    """Penggambar yang menyimpan tulisan jadi: hurufnya bagian termahal, dan jarang berubah."""

    def __init__(self, *ukuran: float) -> None:
        super().__init__(*ukuran)
        self._tulisan: dict = {}

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None) -> None:
        if angle or ismath:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        kunci = s, prop, gc.get_rgb(), gc.get_alpha()
        if kunci not in self._tulisan:
            self._tulisan[(s, prop.copy(), *kunci[2:])] = self._render(gc, s, prop, mtext)
            while len(self._tulisan) > _TULISAN_TERSIMPAN:
                self._tulisan.pop(next(iter(self._tulisan)))
        citra = self._tulisan[kunci]
        # Titik (x, y) adalah ujung kiri garis dasar, dihitung dari atas; draw_image menghitung dari bawah.
        bawah = self.height - round(y) - citra.shape[0] // 2
        self.draw_image(gc, round(x) - _TEPI_TULISAN, bawah, citra)

    def _render(self, gc, s, prop, mtext) -> np.ndarray:
        """Tulisan di kotaknya sendiri; garis dasarnya tepat di tengah tinggi kotak."""
        lebar, tinggi, _ = self.get_text_width_height_descent(s, prop, False)
        separuh = int(np.ceil(tinggi)) + _TEPI_TULISAN
        kotak = RendererAgg(int(np.ceil(lebar)) + 2 * _TEPI_TULISAN, 2 * separuh, self.dpi)
        pena = kotak.new_gc()
        pena.set_foreground(gc.get_rgb(), isRGBA=True)
        pena.set_alpha(gc.get_alpha())
        kotak.draw_text(pena, _TEPI_TULISAN, separuh, s, prop, 0, False, mtext)
        return np.asarray(kotak.buffer_rgba())[::-1].copy()


class _Kanvas(FigureCanvasAgg):
    def get_renderer(self) -> _Penggambar:
        lebar, tinggi = self.figure.bbox.size
        kunci = lebar, tinggi, self.figure.dpi
        if self._lastKey != kunci:
            self.renderer, self._lastKey = _Penggambar(*kunci), kunci
        return self.renderer


def fast_png(fig: Figure, dpi: int = DPI_LAYAR) -> bytes:
    """Gambar sebagai PNG tanpa saringan baris dan bermampatan ringan: sepertiga waktu penulis PNG biasa.

    Hanya untuk panel, yang gambarnya dilihat sekali lalu diganti; laporan memakai :func:`kinerja.keluaran.to_png`.
    """
    fig.set_dpi(dpi)
    kanvas = fig.canvas if isinstance(fig.canvas, _Kanvas) else _Kanvas(fig)
    kanvas.draw()
    # Latarnya selalu pejal: tanpa saluran alfa yang dimampatkan berkurang seperempat.
    rgb = np.asarray(kanvas.buffer_rgba())[:, :, :3]
    tinggi, lebar = rgb.shape[:2]
    baris = np.zeros((tinggi, 1 + 3 * lebar), dtype=np.uint8)
    # Per saluran: lima kali lebih cepat daripada menyalin ketiganya sekaligus.
    for saluran in range(3):
        baris[:, 1 + saluran :: 3] = rgb[:, :, saluran]
    kepala = struct.pack(">IIBBBBB", lebar, tinggi, 8, 2, 0, 0, 0)
    bagian = ((b"IHDR", kepala), (b"IDAT", zlib.compress(baris, 1)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(isi)) + jenis + isi + struct.pack(">I", zlib.crc32(jenis + isi)) for jenis, isi in bagian
    )


class Legenda:
    """Arti tanda di atas sumbu, hanya tanda yang sedang tergambar; berderet dari kiri dan melipat ke bawah.

    Parameters
    ----------
    tampilan : Tampilan
    isi : mapping of str to (Line2D, str)
        Kunci -> artis yang ditiru rupanya, dan artinya.
    """

    def __init__(self, tampilan: Tampilan, isi: Mapping[str, tuple[Line2D, str]]) -> None:
        self._tampilan = tampilan
        self.butir = {
            k: (self._mark(g), tampilan.fig.text(0, 0, t, fontsize=8, va="center")) for k, (g, t) in isi.items()
        }

    def _mark(self, contoh: Line2D) -> Line2D:
        rupa = {f"marker{x}": getattr(contoh, f"get_marker{x}")() for x in ("facecolor", "edgecolor", "edgewidth")}
        fig = self._tampilan.fig
        tanda = Line2D([0], [0], marker=contoh.get_marker(), ls="", markersize=5, transform=fig.transFigure, **rupa)
        fig.add_artist(tanda)
        return tanda

    def show(self, kunci: Iterable[str]) -> None:
        """Perlihatkan butir-butir ini saja."""
        (lebar, tinggi), (kiri, kanan, atas, _) = self._tampilan.ukuran, self._tampilan.tepi
        x, y, tampak = kiri, tinggi - atas + 0.29, set(kunci)
        for k, (tanda, teks) in self.butir.items():
            tanda.set_visible(k in tampak)
            teks.set_visible(k in tampak)
            if k not in tampak:
                continue
            panjang = 0.36 + text_width(teks.get_text(), 8)
            if x > kiri and x + panjang > lebar - kanan + 0.15:
                x, y = kiri, y - 0.18
            tanda.set_data([(x + 0.06) / lebar], [y / tinggi])
            teks.set_position(((x + 0.17) / lebar, y / tinggi))
            x += panjang

    def get_window_extent(self) -> Bbox:
        """Kotak butir yang tampak, dalam piksel."""
        return Bbox.union([teks.get_window_extent() for _, teks in self.butir.values() if teks.get_visible()])


class Tampilan:
    """Kanvas dengan tata letak tetap dan keterangan pilihan di bawah judul.

    Parameters
    ----------
    keadaan : str
        Keadaan angka; ``sintetis`` menambah cap di dalam gambar.
    """

    ukuran = (7.6, 5.6)
    tepi = (2.1, 0.35, 1.12, 0.6)
    """Kiri, kanan, atas, bawah; inci."""

    def __init__(self, keadaan: str) -> None:
        self.fig, self.ax = figures.canvas(size=self.ukuran)
        self.fig.set_layout_engine("none")
        (lebar, tinggi), (kiri, kanan, atas, bawah) = self.ukuran, self.tepi
        self.ax.set_position(
            (kiri / lebar, bawah / tinggi, (lebar - kiri - kanan) / lebar, (tinggi - atas - bawah) / tinggi)
        )
        self.keterangan = self.fig.text(0.12 / lebar, 1 - 0.36 / tinggi, "", fontsize=8, va="top", color="#444444")
        if keadaan == "sintetis":
            figures.stamp(self.fig)

    def sign(self, judul: str, sumber: str) -> None:
        """Beri judul dan baris sumber."""
        figures.sign(self.fig, judul=judul, sumber=sumber)

    def explain(self, teks: str) -> None:
        """Keterangan pilihan; yang panjang dilipat, dan ruang baris keduanya selalu ada supaya tata letaknya tetap."""
        self.keterangan.set_text(figures.wrap(teks, int(_HURUF_PER_INCI * self.ukuran[0]), imbang=False))

    def colour_bar(self, isi: ScalarMappable, satuan: str, letak: tuple[float, float, float, float]) -> None:
        """Batang warna berangka Indonesia atau Inggris."""
        batang = self.fig.colorbar(isi, cax=self.fig.add_axes(letak))
        batang.formatter = fmt.axis_formatter("nilai")  # milik batangnya: yang milik sumbu hilang saat rentang berganti
        batang.ax.set_title(satuan, fontsize=7.5, fontweight="normal", loc="center")

    def png(self) -> bytes:
        """Gambar sekarang."""
        return fast_png(self.fig)
