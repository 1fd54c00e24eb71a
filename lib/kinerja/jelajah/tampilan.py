"""Gambar tiap tampilan penjelajah: dibuat sekali, lalu ``update`` menerima bingkai data jadi; tanpa hitungan statistik.

Kanvas dan artisnya tetap, hanya angkanya yang berganti, dan PNG-nya ditulis cepat: menggambar ulang dari awal memakan
beberapa ratus milidetik; memindahkan artis pada tata letak yang tetap memakan puluhan.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection, PatchCollection, PathCollection, QuadMesh
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from kinerja import figures, fmt
from kinerja.figures import WARNA
from kinerja.figures.rupa import text_width
from kinerja.ikesos.dasar import DITAHAN, TIDAK_TERSEDIA
from kinerja.jelajah.pilihan import KATA
from kinerja.keluaran import DPI_LAYAR

BANYAK_BERNAMA = 40
"""Paling banyak wilayah yang semuanya diberi nama; selebihnya hanya yang teratas, terbawah, dan terpilih."""

_UJUNG = 8
_PETA_WARNA = "viridis"
_DITAHAN = {"facecolor": "#EFEFEF", "edgecolor": WARNA["hilang"], "hatch": "////", "linewidth": 0.6}
_TANPA_NILAI = (DITAHAN, TIDAK_TERSEDIA)
_TINTA = "#1a1a1a"
_TANDA = {
    "layak": {"marker": "o", "ms": 4.5, "color": WARNA["data"], "zorder": 3},
    "hati": {"marker": "o", "ms": 5, "mfc": "white", "mec": WARNA["data"], "mew": 1.3, "zorder": 3},
    "lepas": {"marker": "^", "ms": 5.5, "mfc": "white", "mec": WARNA["netral"], "mew": 1.1, "zorder": 3},
    "pilih": {"marker": "D", "ms": 6.5, "color": _TINTA, "zorder": 4},
    "tahan": {"marker": "s", "ms": 5, "mfc": "white", "mec": WARNA["hilang"], "mew": 1, "zorder": 3},
}

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

    ``isi``: kunci -> artis yang ditiru rupanya, dan artinya.
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


class Tampilan:
    """Kanvas dengan tata letak tetap dan keterangan pilihan di bawah judul; angka sintetis bercap di dalam gambar."""

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
        figures.sign(self.fig, judul=judul, sumber=sumber)

    def explain(self, teks: str) -> None:
        """Keterangan pilihan; yang panjang dilipat, dan ruang baris keduanya selalu ada supaya tata letaknya tetap."""
        self.keterangan.set_text(figures.wrap(teks, int(_HURUF_PER_INCI * self.ukuran[0]), imbang=False))

    def colour_bar(self, isi: ScalarMappable, letak: tuple[float, float, float, float]) -> None:
        batang = self.fig.colorbar(isi, cax=self.fig.add_axes(letak))
        batang.formatter = fmt.axis_formatter("nilai")  # milik batangnya: yang milik sumbu hilang saat rentang berganti

    def withheld(self, **letak: Any) -> None:
        """Legenda arsiran yang ditahan."""
        self.ax.legend(handles=[Patch(label=fmt.pick(KATA["tanda"]["tahan"]), **_DITAHAN)], fontsize=7.5, **letak)

    def png(self) -> bytes:
        return fast_png(self.fig)


class TitikSelang(Tampilan):
    """Titik dengan selang, satu baris per wilayah dari yang teratas; bentuknya mengatakan apakah ia diperingkat.

    ``tanda`` berisi artis menurut jenisnya: ``pilih``, ``layak``, ``hati``, ``lepas`` (bernilai tanpa peringkat), dan
    ``tahan``; ``satuan`` nama sumbu angka.
    """

    def __init__(self, keadaan: str, satuan: str) -> None:
        super().__init__(keadaan)
        ax = self.ax
        self.selang = ax.add_collection(LineCollection([], linewidths=1.4, colors=WARNA["hilang"], zorder=2))
        self.tanda = {k: ax.plot([], [], ls="", **gaya)[0] for k, gaya in _TANDA.items()}
        for k in ("tahan", "lepas"):  # di tepi sumbu bila nilainya tidak digambar
            self.tanda[k].set_clip_on(False)
        self.nama = [
            ax.text(-0.02, 0, "", transform=ax.get_yaxis_transform(), ha="right", va="center", fontsize=7.2)
            for _ in range(BANYAK_BERNAMA)
        ]
        ax.set_yticks([])
        ax.set_xlabel(satuan)
        ax.xaxis.set_major_formatter(fmt.axis_formatter("nilai"))
        self.legenda = Legenda(self, {k: (g, fmt.pick(KATA["tanda"][k])) for k, g in self.tanda.items()})

    def update(self, frame: pd.DataFrame, *, terpilih: Sequence = (), keterangan: str = "") -> None:
        """Pindahkan artis ke ``frame``, yang terurut dari yang digambar teratas; ``terpilih``: kode yang ditandai.

        Kolomnya ``wilayah``, ``label``, ``nilai``, ``bawah``, ``atas``, ``tanda``, ``peringkat``.
        """
        x, b, a = (frame[k].to_numpy(dtype=float) for k in ("nilai", "bawah", "atas"))
        ada = ~np.isnan(x)
        # Yang ditahan hanya mendapat baris bila semuanya bernama; ratusan baris kosong tidak memberi tahu apa-apa.
        semua = len(frame) <= BANYAK_BERNAMA
        baris = np.arange(len(frame)) if semua else np.cumsum(ada) - 1
        self._resize(len(frame) if semua else int(ada.sum()))
        self._range(b[ada], a[ada])
        self.selang.set_segments(np.stack([np.stack([b, baris], 1), np.stack([a, baris], 1)], 1)[ada])
        jenis = np.where(ada | semua, self._kinds(frame, terpilih), "")
        letak = np.where(ada, x, self.ax.get_xlim()[0])
        for kunci, artis in self.tanda.items():
            artis.set_data(letak[jenis == kunci], baris[jenis == kunci])
        pilih = ada & frame["wilayah"].isin(list(terpilih)).to_numpy()
        self._label(frame["label"].to_numpy(), baris, ada, pilih, semua)
        self.legenda.show(k for k in self.tanda if (jenis == k).any())
        tahan = int(frame["tanda"].isin(_TANPA_NILAI).sum())
        hilang = fmt.pick(KATA["tanda"]["hilang"]).format(n=fmt.angka(tahan)) if tahan else ""
        self.explain("; ".join(t for t in (keterangan, hilang) if t))

    @staticmethod
    def _kinds(frame: pd.DataFrame, terpilih: Sequence) -> np.ndarray:
        """Bentuk tanda tiap wilayah: kunci :attr:`tanda`. Yang bernilai tanpa peringkat tidak ditahan."""
        syarat = {
            "tahan": frame["tanda"].isin(_TANPA_NILAI),
            "lepas": frame["peringkat"].isna(),
            "pilih": frame["wilayah"].isin(list(terpilih)),
            "hati": frame["tanda"] == "hati-hati",
        }
        return np.select([x.to_numpy() for x in syarat.values()], list(syarat), "layak")

    def _resize(self, banyak: int) -> None:
        rapat = banyak > BANYAK_BERNAMA
        self.ax.set_ylim(max(banyak, 1) - 0.3, -0.7)
        for k in ("layak", "hati", "lepas"):
            self.tanda[k].set_markersize(3 if rapat else 4.5)
        self.selang.set_linewidth(0.6 if rapat else 1.4)

    def _range(self, bawah: np.ndarray, atas: np.ndarray) -> None:
        """Batas sumbu kelipatan lima; hanya diganti bila berubah, karena angka sumbu mahal digambar."""
        batas = (0.0, 1.0)
        if len(bawah):
            kiri, kanan = np.floor(np.nanmin(bawah) / 5) * 5, np.ceil(np.nanmax(atas) / 5) * 5
            batas = (kiri, max(kanan, kiri + 5))
        if tuple(self.ax.get_xlim()) != batas:
            self.ax.set_xlim(*batas)

    def _label(self, label: np.ndarray, baris: np.ndarray, ada: np.ndarray, pilih: np.ndarray, semua: bool) -> None:
        mana = list(range(len(label))) if semua else _apart(baris, ada, pilih)
        for teks, i in zip(self.nama, mana, strict=False):
            warna, tebal = "#222222" if ada[i] else WARNA["netral"], "bold" if pilih[i] else "normal"
            teks.set(text=label[i], y=baris[i], visible=True, color=warna, fontweight=tebal)
        for teks in self.nama[len(mana) :]:
            teks.set_visible(False)


def _apart(baris: np.ndarray, ada: np.ndarray, pilih: np.ndarray) -> list[int]:
    """Yang dinamai bila tidak semuanya muat: terpilih, lalu teratas dan terbawah, selama namanya tidak bertindihan."""
    urut = np.flatnonzero(ada)
    ujung = {*urut[:_UJUNG], *urut[-_UJUNG:]}
    jarak = max(len(urut) / 34, 1)
    mana: list[int] = []
    for i in sorted(ujung | set(np.flatnonzero(pilih & ada)), key=lambda i: (not pilih[i], baris[i])):
        if all(abs(baris[i] - baris[j]) >= jarak for j in mana):
            mana.append(i)
    return mana


def _rentang(nilai: np.ndarray, langkah: int) -> tuple[float, float]:
    """Rentang skala warna pada kelipatan ``langkah``; tanpa satu nilai pun kembali ke 0-100, bukan sisa sebelumnya."""
    ada = nilai[~np.isnan(nilai)]
    if not len(ada):
        return 0.0, 100.0
    return np.floor(ada.min() / langkah) * langkah, np.ceil(ada.max() / langkah) * langkah + 1e-9


class Panas(Tampilan):
    """Peta panas wilayah x simpul; sel yang ditahan berarsir."""

    tepi = (1.9, 1.25, 1.75, 0.5)

    def __init__(self, keadaan: str) -> None:
        super().__init__(keadaan)
        self.ax.grid(visible=False)
        self.ax.add_patch(Rectangle((0, 0), 1, 1, transform=self.ax.transAxes, zorder=0, **_DITAHAN))
        self.norma = Normalize(0, 100)
        self.citra = self._jala(1, 1)
        kotak = self.ax.get_position()
        self.colour_bar(self.citra, (kotak.x1 + 0.03, kotak.y0, 0.018, 0.8 * kotak.height))
        self.withheld(loc="upper left", bbox_to_anchor=(-0.02, -0.01))
        self._nama: tuple | None = None

    def _jala(self, n: int, k: int) -> QuadMesh:
        """Jala n x k kotak; tiga kali lebih cepat digambar daripada citra yang diregangkan."""
        return self.ax.pcolormesh(
            np.arange(k + 1) - 0.5, np.arange(n + 1) - 0.5, np.full((n, k), np.nan), cmap=_PETA_WARNA, norm=self.norma
        )

    def update(self, nilai: pd.DataFrame, *, keterangan: str = "") -> None:
        """``nilai``: wilayah (indeks: label) x simpul (kolom: label); NaN bila ditahan."""
        n, k = nilai.shape
        isi = nilai.to_numpy(dtype=float)
        if self.citra.get_array().shape != (n, k):
            self.citra.remove()
            self.citra = self._jala(n, k)
            self.ax.set(xlim=(-0.5, k - 0.5), ylim=(n - 0.5, -0.5))
        self.citra.set_array(np.ma.masked_invalid(isi))
        self.norma.vmin, self.norma.vmax = _rentang(isi, 10)
        nama = tuple(nilai.index), tuple(nilai.columns)
        if nama != self._nama:
            self._nama = nama
            langkah = max(1, -(-n // 34))
            self.ax.set_yticks(range(0, n, langkah), [str(x) for x in nilai.index[::langkah]], fontsize=7.2)
            letak = (40, "left", "anchor") if k > 4 else (0, "center", "default")
            miring = dict(zip(("rotation", "ha", "rotation_mode"), letak, strict=True))
            judul = [figures.wrap(str(x), 20) for x in nilai.columns]
            self.ax.set_xticks(range(k), judul, fontsize=7.5, linespacing=0.95, **miring)
            self.ax.xaxis.tick_top()
            self.ax.tick_params(length=0)
        self.explain(keterangan)


class Peta(Tampilan):
    """Peta kotak provinsi: satu kotak per provinsi di letaknya; yang ditahan berarsir.

    ``letak``: bingkai ``wilayah``, ``label``, ``baris``, ``lajur``.
    """

    ukuran = (9.6, 5.5)
    tepi = (0.15, 0.85, 1.0, 0.4)

    def __init__(self, keadaan: str, letak: pd.DataFrame) -> None:
        super().__init__(keadaan)
        self.letak = letak.reset_index(drop=True)
        ax = self.ax
        ax.set(xticks=[], yticks=[], xlim=(letak["lajur"].min() - 0.1, letak["lajur"].max() + 1.1))
        ax.set_ylim(letak["baris"].max() + 1.1, letak["baris"].min() - 0.1)
        ax.grid(visible=False)
        for tepi in ax.spines.values():
            tepi.set_visible(False)
        sudut = list(zip(self.letak["lajur"] + 0.03, self.letak["baris"] + 0.03, strict=True))
        ubin = [Rectangle(p, 0.94, 0.94) for p in sudut]
        self._ubin = [r.get_transform().transform_path(r.get_path()) for r in ubin]
        self.tahan = ax.add_collection(PathCollection([], zorder=1, **_DITAHAN))
        self.kotak = ax.add_collection(PatchCollection(ubin, cmap=_PETA_WARNA, norm=Normalize(0, 100), zorder=2))
        self.teks = [
            (
                ax.text(x + 0.47, y + 0.36, figures.wrap(nama, 10), ha="center", va="center", fontsize=6.4, zorder=4),
                ax.text(x + 0.47, y + 0.76, "", ha="center", va="center", fontsize=7.5, fontweight="bold", zorder=4),
            )
            for (x, y), nama in zip(sudut, self.letak["label"], strict=True)
        ]
        kotak = ax.get_position()
        self.colour_bar(self.kotak, (kotak.x1 + 0.012, kotak.y0 + 0.05, 0.014, kotak.height - 0.12))
        self.withheld(loc="lower left", bbox_to_anchor=(0, 0.985), borderaxespad=0)

    def update(self, frame: pd.DataFrame, *, keterangan: str = "") -> None:
        """``frame``: ``wilayah``, ``nilai`` (NaN bila ditahan); dicocokkan menurut kode."""
        nilai = frame.set_index("wilayah")["nilai"].reindex(self.letak["wilayah"]).to_numpy(dtype=float)
        self.kotak.norm.vmin, self.kotak.norm.vmax = _rentang(nilai, 5)
        warna = self.kotak.cmap(self.kotak.norm(np.where(np.isnan(nilai), 0, nilai)))
        self.kotak.set_array(np.ma.masked_invalid(nilai))
        # Arsiran mahal digambar: hanya kotak yang ditahan yang mendapatnya.
        self.tahan.set_paths([ubin for ubin, x in zip(self._ubin, nilai, strict=True) if np.isnan(x)])
        for (nama, angka), x, w in zip(self.teks, nilai, warna, strict=True):
            gelap = not np.isnan(x) and w[:3] @ (0.299, 0.587, 0.114) < 0.52
            nama.set_color("white" if gelap else _TINTA)
            angka.set(text="–" if np.isnan(x) else fmt.angka(x, 1), color="white" if gelap else _TINTA)
        self.explain(keterangan)


class Urai(Tampilan):
    """Batang sumbangan tiap simpul: terhadap nilai kedua wilayah (kiri) dan terhadap bedanya (kanan)."""

    ukuran = (7.6, 4.6)
    tepi = (1.95, 2.65, 1.25, 0.8)

    def __init__(self, keadaan: str) -> None:
        super().__init__(keadaan)
        kotak = self.ax.get_position()
        self.beda = self.fig.add_axes((kotak.x1 + 0.03, kotak.y0, 0.29, kotak.height))
        self.beda.spines["left"].set_visible(False)
        self._susunan: tuple | None = None

    def update(self, frame: pd.DataFrame, *, nama: tuple[str, str], keterangan: str = "") -> None:
        """``frame``: ``label``, ``sumbangan_a``, ``sumbangan_b``, ``sumbangan_beda``; ``nama``: kedua wilayah."""
        susunan = (tuple(frame["label"]), nama)
        if susunan != self._susunan:
            self._susunan = susunan
            self._rebuild(*susunan)
        a, b, beda = (np.nan_to_num(frame[f"sumbangan_{k}"].to_numpy(dtype=float)) for k in ("a", "b", "beda"))
        for batang, nilai in zip((*self.batang, self.batang_beda), (a, b, beda), strict=True):
            for kotak, x in zip(batang, nilai, strict=True):
                kotak.set_width(x)
        kiri, kanan = min(0.0, a.min(), b.min()), max(a.max(), b.max(), 0.1)
        self.ax.set_xlim(np.floor(kiri / 5) * 5 if kiri < 0 else 0.0, np.ceil(kanan / 5) * 5)
        besar = max(np.abs(beda).max(), 0.1)
        self.beda.set_xlim(-1.6 * besar, 1.6 * besar)
        for teks, x in zip(self.angka, beda, strict=True):
            teks.set(text=fmt.selisih(x, 2), x=x + np.copysign(0.04 * besar, x), ha="left" if x >= 0 else "right")
        self.explain(keterangan)

    def _rebuild(self, label: tuple[str, ...], nama: tuple[str, str]) -> None:
        """Batang baru bila bagian atau wilayahnya berganti; bobot yang digeser hanya mengubah panjangnya."""
        y, nol = np.arange(len(label)), np.zeros(len(label))
        for ax in (self.ax, self.beda):
            ax.clear()
            ax.set_ylim(len(label) - 0.4, -0.6)
            ax.xaxis.set_major_formatter(fmt.axis_formatter("nilai"))
        self.batang = (
            self.ax.barh(y - 0.19, nol, 0.36, color=WARNA["data"], label=nama[0]),
            self.ax.barh(y + 0.19, nol, 0.36, color=WARNA["konteks"], label=nama[1], hatch="///", edgecolor="white"),
        )
        self.ax.set_yticks(y, [figures.wrap(str(x), 26) for x in label], fontsize=8)
        self.ax.set_xlabel(fmt.pick(KATA["panel"]["nilai"]))
        self.ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(0, 1.0), borderaxespad=0.2)
        self.beda.set_yticks([])
        self.beda.axvline(0, color="#444444", lw=0.8)
        self.batang_beda = self.beda.barh(y, nol, 0.5, color=WARNA["data"])
        self.angka = [self.beda.text(0, i, "", va="center", fontsize=8) for i in y]
        self.beda.set_xlabel(fmt.pick(KATA["panel"]["beda"]))
