"""Gambar yang diperbarui di tempat: kanvas dan artisnya tetap, hanya angkanya yang berganti.

Menggambar ulang dari awal memakan beberapa ratus milidetik; memindahkan artis pada tata letak yang tetap memakan
puluhan. Setiap tampilan dibuat sekali, lalu ``update`` menerima bingkai data jadi. Di sini tidak ada hitungan
statistik.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

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
from kinerja.keluaran import DPI_LAYAR

BANYAK_BERNAMA = 40
"""Paling banyak wilayah yang semuanya diberi nama; selebihnya hanya yang teratas, terbawah, dan terpilih."""

_UJUNG = 8
_HURUF_PER_INCI = 13.5
_TULISAN_TERSIMPAN, _TEPI_TULISAN = 1500, 4
_PETA_WARNA = "viridis"
_DITAHAN = {"facecolor": "#EFEFEF", "edgecolor": WARNA["hilang"], "hatch": "////", "linewidth": 0.6}
_TERTUTUP = ("ditahan", "tidak tersedia")
_KATA = {
    "hati": {"id": "pakai dengan hati-hati (RSE 25-50%)", "en": "use with caution (RSE 25-50%)"},
    "layak": {"id": "taksiran dan selangnya", "en": "estimate and its interval"},
    "pilih": {"id": "wilayah yang dibandingkan", "en": "regions compared"},
    "tahan": {"id": "ditahan atau tidak tersedia", "en": "withheld or not available"},
    "lepas": {"id": "dasar data lain, tidak diperingkat", "en": "other data basis, not ranked"},
    "hilang": {"id": "{n} wilayah ditahan atau tidak tersedia", "en": "{n} regions withheld or not available"},
}


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


class Tampilan:
    """Kanvas dengan tata letak tetap dan keterangan pilihan di bawah judul.

    Parameters
    ----------
    keadaan : str
        Keadaan angka; ``sintetis`` menambah cap di dalam gambar.
    """

    ukuran = (8.0, 7.55)
    tepi = (2.3, 0.35, 1.1, 0.75)
    """Kiri, kanan, atas, bawah; inci."""

    def __init__(self, keadaan: str) -> None:
        self.fig, self.ax = figures.canvas(size=self.ukuran)
        self.fig.set_layout_engine("none")
        (lebar, tinggi), (kiri, kanan, atas, bawah) = self.ukuran, self.tepi
        self.ax.set_position(
            (kiri / lebar, bawah / tinggi, (lebar - kiri - kanan) / lebar, (tinggi - atas - bawah) / tinggi)
        )
        self.keterangan = self.fig.text(0.12 / lebar, 1 - 0.36 / tinggi, "", fontsize=8.5, va="top", color="#444444")
        if keadaan == "sintetis":
            figures.mark_synthetic(self.fig)

    def _explain(self, teks: str) -> None:
        """Keterangan pilihan; yang panjang dilipat, dan ruang baris keduanya selalu ada supaya tata letaknya tetap."""
        self.keterangan.set_text(figures.wrap(teks, int(_HURUF_PER_INCI * self.ukuran[0]), imbang=False))

    def _skala(self, isi: ScalarMappable, satuan: str, letak: tuple[float, float, float, float]) -> None:
        """Batang warna berangka Indonesia atau Inggris."""
        batang = self.fig.colorbar(isi, cax=self.fig.add_axes(letak))
        batang.formatter = fmt.axis_formatter("nilai")  # milik batangnya: yang milik sumbu hilang saat rentang berganti
        batang.ax.set_title(satuan, fontsize=7.5, fontweight="normal", loc="center")

    def png(self) -> bytes:
        """Gambar sekarang."""
        return fast_png(self.fig)


class TitikSelang(Tampilan):
    """Titik dengan selang, satu baris per wilayah dari yang teratas.

    Yang ditahan berupa kotak berongga; yang bernilai tetapi tidak diperingkat (dasarnya lain) segitiga berongga.

    Parameters
    ----------
    keadaan : str
    satuan : str
        Nama sumbu angka.

    Attributes
    ----------
    simbol : dict of str to Line2D
        Artis tiap jenis wilayah, urut seperti keterangannya.
    """

    def __init__(self, keadaan: str, satuan: str) -> None:
        super().__init__(keadaan)
        ax = self.ax
        self.selang = ax.add_collection(LineCollection([], linewidths=1.4, colors=WARNA["hilang"], zorder=2))
        (self.titik,) = ax.plot([], [], "o", ms=5, color=WARNA["realisasi"], zorder=3)
        (self.hati,) = ax.plot([], [], "o", ms=5, mfc="white", mec=WARNA["realisasi"], mew=1.3, zorder=3)
        (self.pilih,) = ax.plot([], [], "D", ms=6.5, color=WARNA["di_bawah"], zorder=4)
        (self.lepas,) = ax.plot([], [], "^", ms=5.5, mfc="white", mec=WARNA["netral"], mew=1.1, ls="", zorder=3)
        (self.tahan,) = ax.plot([], [], "s", ms=5, mfc="white", mec=WARNA["hilang"], mew=1, ls="", zorder=3)
        self.simbol = {
            "layak": self.titik, "hati": self.hati, "pilih": self.pilih, "tahan": self.tahan, "lepas": self.lepas,
        }  # fmt: skip
        self.nama = [
            ax.text(-0.02, 0, "", transform=ax.get_yaxis_transform(), ha="right", va="center", fontsize=8)
            for _ in range(BANYAK_BERNAMA)
        ]
        ax.set_yticks([])
        ax.set_xlabel(satuan)
        ax.xaxis.set_major_formatter(fmt.axis_formatter("nilai"))
        isi = [
            Line2D(
                [], [], marker=g.get_marker(), ls="", mfc=g.get_mfc(), mec=g.get_mec(), ms=5, label=fmt.pick(_KATA[k])
            )
            for k, g in self.simbol.items()
        ]
        ax.legend(
            handles=isi, ncols=3, columnspacing=1.2, loc="lower left", bbox_to_anchor=(-0.3, 1.0), borderaxespad=0.2,
            fontsize=7.5,
        )  # fmt: skip

    def update(self, frame: pd.DataFrame, *, terpilih: Sequence = (), keterangan: str = "") -> None:
        """Pindahkan artis ke angka baru.

        Parameters
        ----------
        frame : DataFrame
            ``wilayah``, ``label``, ``nilai``, ``bawah``, ``atas``, ``tanda``, ``peringkat`` (<NA>: tidak diperingkat),
            terurut dari yang digambar teratas.
        terpilih : sequence
            Kode wilayah yang ditandai.
        """
        x, b, a = (frame[k].to_numpy(dtype=float) for k in ("nilai", "bawah", "atas"))
        ada = ~np.isnan(x)
        kode, tanda = frame["wilayah"].to_numpy(), frame["tanda"].to_numpy()
        tutup = np.isin(tanda, _TERTUTUP)
        lepas = frame["peringkat"].isna().to_numpy() & ~tutup
        dipilih = ada & np.isin(kode, list(terpilih))
        pilih = dipilih & ~lepas
        # Yang ditahan hanya mendapat baris bila semuanya bernama; ratusan baris kosong tidak memberi tahu apa-apa.
        semua = len(frame) <= BANYAK_BERNAMA
        baris = np.arange(len(frame)) if semua else np.cumsum(ada) - 1
        banyak = len(frame) if semua else int(ada.sum())
        self.ax.set_ylim(max(banyak, 1) - 0.3, -0.7)
        for artis in (self.titik, self.hati):
            artis.set_markersize(5 if banyak <= BANYAK_BERNAMA else 3)
        self.selang.set_linewidth(1.4 if banyak <= BANYAK_BERNAMA else 0.6)
        self._range(b[ada], a[ada])
        self.selang.set_segments(np.stack([np.stack([b, baris], 1), np.stack([a, baris], 1)], 1)[ada])
        hati = ada & (tanda == "hati-hati") & ~pilih & ~lepas
        biasa = ada & ~hati & ~pilih & ~lepas
        for artis, mana in ((self.titik, biasa), (self.hati, hati), (self.pilih, pilih)):
            artis.set_data(x[mana], baris[mana])
        # Yang tidak bernilai di gambar ini (peringkat yang tidak ada, nilai yang ditahan) berdiri di tepi kiri.
        tepi = np.where(ada, x, self.ax.get_xlim()[0])
        for artis, mana in ((self.lepas, lepas & (ada | semua)), (self.tahan, ~ada & ~lepas & semua)):
            artis.set_data(tepi[mana], baris[mana])
            artis.set_clip_on(False)
        self._label(frame, baris, ada, dipilih, semua)
        tanpa = int((~ada & ~lepas).sum())
        hilang = fmt.pick(_KATA["hilang"]).format(n=fmt.angka(tanpa)) if tanpa else ""
        self._explain("; ".join(t for t in (keterangan, hilang) if t))

    def _range(self, bawah: np.ndarray, atas: np.ndarray) -> None:
        """Batas sumbu kelipatan lima; hanya diganti bila berubah, karena angka sumbu mahal digambar."""
        if not len(bawah):
            batas = (0.0, 1.0)
        else:
            kiri, kanan = np.floor(np.nanmin(bawah) / 5) * 5, np.ceil(np.nanmax(atas) / 5) * 5
            batas = (kiri, max(kanan, kiri + 5))
        if tuple(self.ax.get_xlim()) != batas:
            self.ax.set_xlim(*batas)

    def _label(self, frame: pd.DataFrame, baris: np.ndarray, ada: np.ndarray, pilih: np.ndarray, semua: bool) -> None:
        label = frame["label"].to_numpy()
        if semua:
            mana = np.arange(len(frame))
        else:
            urut = np.flatnonzero(ada)
            ujung = {*urut[:_UJUNG], *urut[-_UJUNG:]}
            jarak = max(len(urut) / 34, 1)
            mana = []
            for i in sorted(ujung | set(np.flatnonzero(pilih)), key=lambda i: (not pilih[i], baris[i])):
                if all(abs(baris[i] - baris[j]) >= jarak for j in mana):
                    mana.append(i)
        for teks, i in zip(self.nama, mana, strict=False):
            teks.set(
                text=label[i],
                y=baris[i],
                visible=True,
                color=WARNA["netral"] if not ada[i] else "#222222",
                fontweight="bold" if pilih[i] else "normal",
            )
        for teks in self.nama[len(mana) :]:
            teks.set_visible(False)


def _rentang(nilai: np.ndarray, langkah: int) -> tuple[float, float]:
    """Rentang skala warna pada kelipatan ``langkah``; tanpa satu nilai pun kembali ke 0-100, bukan sisa sebelumnya."""
    ada = nilai[~np.isnan(nilai)]
    if not len(ada):
        return 0.0, 100.0
    return np.floor(ada.min() / langkah) * langkah, np.ceil(ada.max() / langkah) * langkah + 1e-9


class Panas(Tampilan):
    """Peta panas wilayah x simpul; sel yang ditahan berarsir."""

    tepi = (2.3, 0.9, 1.5, 0.55)

    def __init__(self, keadaan: str, satuan: str) -> None:
        super().__init__(keadaan)
        self.ax.grid(visible=False)
        self.ax.add_patch(Rectangle((0, 0), 1, 1, transform=self.ax.transAxes, zorder=0, **_DITAHAN))
        self.norma = Normalize(0, 100)
        self.citra = self._jala(1, 1)
        kotak = self.ax.get_position()
        self._skala(self.citra, satuan, (kotak.x1 + 0.015, kotak.y0, 0.018, kotak.height))
        self.ax.legend(
            handles=[Patch(label=fmt.pick(_KATA["tahan"]), **_DITAHAN)],
            loc="upper left", bbox_to_anchor=(-0.02, -0.01), fontsize=7.5,
        )  # fmt: skip
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
            self.ax.set_yticks(range(0, n, langkah), [str(x) for x in nilai.index[::langkah]], fontsize=8)
            lipat, besar = (9, 5.8) if k > 6 else (22, 7)
            self.ax.set_xticks(range(k), [figures.wrap(str(x), lipat) for x in nilai.columns], fontsize=besar)
            self.ax.xaxis.tick_top()
            self.ax.tick_params(length=0)
        self._explain(keterangan)


class Peta(Tampilan):
    """Peta kotak provinsi: satu kotak per provinsi di letaknya; yang ditahan berarsir.

    Parameters
    ----------
    keadaan : str
    satuan : str
    letak : DataFrame
        ``wilayah``, ``label``, ``baris``, ``lajur``.
    """

    ukuran = (9.6, 5.5)
    tepi = (0.15, 0.85, 0.95, 0.4)

    def __init__(self, keadaan: str, satuan: str, letak: pd.DataFrame) -> None:
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
                ax.text(x + 0.47, y + 0.36, figures.wrap(nama, 10), ha="center", va="center", fontsize=6, zorder=4),
                ax.text(x + 0.47, y + 0.76, "", ha="center", va="center", fontsize=7.5, fontweight="bold", zorder=4),
            )
            for (x, y), nama in zip(sudut, self.letak["label"], strict=True)
        ]
        kotak = ax.get_position()
        self._skala(self.kotak, satuan, (kotak.x1 + 0.012, kotak.y0 + 0.05, 0.014, kotak.height - 0.12))
        ax.legend(
            handles=[Patch(label=fmt.pick(_KATA["tahan"]), **_DITAHAN)],
            loc="lower left", bbox_to_anchor=(0, 0), fontsize=7.5,
        )  # fmt: skip

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
            nama.set_color("white" if gelap else "#1a1a1a")
            angka.set(text="–" if np.isnan(x) else fmt.angka(x, 1), color="white" if gelap else "#1a1a1a")
        self._explain(keterangan)


class Urai(Tampilan):
    """Batang sumbangan tiap simpul: terhadap nilai kedua wilayah (kiri) dan terhadap bedanya (kanan)."""

    ukuran = (9.2, 4.75)
    tepi = (2.6, 3.4, 1.25, 0.8)

    def __init__(self, keadaan: str, satuan: str) -> None:
        super().__init__(keadaan)
        kotak = self.ax.get_position()
        self.beda = self.fig.add_axes((kotak.x1 + 0.04, kotak.y0, 0.30, kotak.height))
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
        for kotak, teks, x in zip(self.batang_beda, self.angka, beda, strict=True):
            kotak.set_facecolor(WARNA["naik"] if x >= 0 else WARNA["turun"])
            teks.set(text=fmt.selisih(x, 2), x=x + np.copysign(0.04 * besar, x), ha="left" if x >= 0 else "right")
        self._explain(keterangan)

    def _rebuild(self, label: tuple[str, ...], nama: tuple[str, str]) -> None:
        """Batang baru bila bagian atau wilayahnya berganti; bobot yang digeser hanya mengubah panjangnya."""
        y, nol = np.arange(len(label)), np.zeros(len(label))
        for ax in (self.ax, self.beda):
            ax.clear()
            ax.set_ylim(len(label) - 0.4, -0.6)
            ax.xaxis.set_major_formatter(fmt.axis_formatter("nilai"))
        self.batang = (
            self.ax.barh(y - 0.19, nol, 0.36, color=WARNA["realisasi"], label=nama[0]),
            self.ax.barh(y + 0.19, nol, 0.36, color=WARNA["sorot"], label=nama[1], hatch="///", edgecolor="white"),
        )
        self.ax.set_yticks(y, [figures.wrap(str(x), 26) for x in label], fontsize=8)
        self.ax.set_xlabel(
            fmt.pick({"id": "sumbangan terhadap nilai, poin", "en": "contribution to the value, points"})
        )
        self.ax.legend(ncols=2, loc="lower left", bbox_to_anchor=(0, 1.0), borderaxespad=0.2)
        self.beda.set_yticks([])
        self.beda.axvline(0, color="#444444", lw=0.8)
        self.batang_beda = self.beda.barh(y, nol, 0.5)
        self.angka = [self.beda.text(0, i, "", va="center", fontsize=8) for i in y]
        beda_teks = {"id": "sumbangan terhadap beda, poin", "en": "contribution to the difference, points"}
        self.beda.set_xlabel(fmt.pick(beda_teks))
