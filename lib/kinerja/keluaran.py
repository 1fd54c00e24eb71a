"""Ke mana hasil satu notebook pergi: ke layar, atau (saat dirender berkelompok) juga ke berkas laporan.

Render menyetel ``KINERJA_KELUARAN`` (folder laporan yang sedang dibangun) dan ``KINERJA_HALAMAN`` (nama halaman,
biasanya nama notebook) bagi kernel. Tanpa keduanya notebook hanya menampilkan hasil.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kinerja.data.reading import inside

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_PIKSEL_PER_INCI = 110
"""Ukuran tampil gambar: huruf 8,5 poin menjadi 13 piksel CSS, terbaca tanpa memperbesar."""

DPI_LAYAR = 2 * _PIKSEL_PER_INCI
"""Titik per inci gambar di notebook: dua kali ukuran tampilnya, supaya tajam di layar rapat."""

DPI_BERKAS = 200
"""Titik per inci gambar PNG di laporan."""

_MAMPAT = 2
"""Tingkat mampat PNG: waktu dua pertiga dari bawaan (6), berkas sepersembilan lebih besar."""

TELEPON = "-telepon"
"""Akhiran nama gambar yang digambar selebar telepon."""

LEBAR_TELEPON = 4.1
"""Lebar gambar bagi layar telepon, dalam inci: hurufnya tetap 8,5 poin pada layar 390 piksel."""

_RC_SVG = {"svg.hashsalt": "kinerja", "svg.fonttype": "none"}


@dataclass(frozen=True)
class Keluaran:
    """Folder laporan yang sedang dibangun dan nama halaman yang sedang dikerjakan."""

    folder: Path
    halaman: str
    png: bool = True
    """Tulis juga PNG tiap gambar, untuk diunduh; satu halaman tiap wilayah tidak memerlukannya."""

    @classmethod
    def from_env(cls, notebook: str) -> Keluaran | None:
        """Keluaran yang diminta lewat lingkungan; None bila notebook dijalankan sendiri."""
        folder = os.environ.get("KINERJA_KELUARAN")
        if not folder:
            return None
        return cls(Path(folder), os.environ.get("KINERJA_HALAMAN", notebook), "KINERJA_TANPA_PNG" not in os.environ)

    def write(self, jenis: str, nama: str, akhiran: str, isi: str | bytes) -> str:
        """Tulis ``<jenis>/<halaman>-<nama>.<akhiran>``; kembalikan alamatnya relatif terhadap halaman."""
        alamat = f"{jenis}/{self.halaman}-{nama}.{akhiran}"
        berkas = inside(self.folder, alamat, "Berkas laporan")
        berkas.parent.mkdir(parents=True, exist_ok=True)
        berkas.write_bytes(isi.encode("utf-8") if isinstance(isi, str) else isi)
        return alamat

    def write_file(self, jenis: str, nama: str, isi: str) -> str:
        """Tulis ``<jenis>/<nama>.csv`` tanpa nama halaman, dengan catatan halaman pemiliknya; kembalikan alamatnya."""
        berkas = inside(self.folder, f"{jenis}/{nama}.csv", "Berkas laporan")
        berkas.parent.mkdir(parents=True, exist_ok=True)
        berkas.write_bytes(isi.encode("utf-8"))
        berkas.with_suffix(".json").write_bytes(_json({"halaman": self.halaman, "nama": nama}))
        return f"{jenis}/{nama}.csv"

    def write_meta(self, jenis: str, nama: str, uraian: Mapping[str, Any]) -> str:
        """Tulis uraian (JSON, urutan kunci tetap) di samping berkasnya."""
        return self.write(jenis, nama, "json", _json({"halaman": self.halaman, **uraian}))


def _json(isi: Mapping[str, Any]) -> bytes:
    return (json.dumps(isi, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def to_png(fig: Figure, dpi: int = DPI_LAYAR) -> bytes:
    """Gambar sebagai byte PNG seukuran kanvasnya; masukan sama memberi byte sama.

    Digambar langsung oleh kanvas, bukan lewat ``savefig``: dengan tata letak terkekang ``savefig`` menggambar dua kali.
    Tata letak dihitung di sini lalu dibekukan, sehingga :func:`to_svg` sesudahnya tidak menghitungnya lagi.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # mahal dimuat; tabel tidak memerlukannya
    from PIL import Image

    penampung, semula = io.BytesIO(), fig.dpi
    fig.dpi = dpi
    try:
        kanvas = FigureCanvasAgg(fig)
        _freeze_layout(fig)
        kanvas.draw()
        # Langsung ke Pillow dan tanpa saluran alfa: print_png menyalin gambarnya dua kali, dan kanvasnya tidak tembus.
        gambar = Image.frombuffer("RGBA", kanvas.get_width_height(), kanvas.buffer_rgba(), "raw", "RGBA", 0, 1)
        gambar.convert("RGB").save(penampung, "PNG", compress_level=_MAMPAT, dpi=(dpi, dpi))
    finally:
        fig.dpi = semula
    return penampung.getvalue()


def _freeze_layout(fig: Figure) -> None:
    """Hitung tata letak sekali dan bekukan, dengan letak sumbu dibulatkan.

    Penyelesai kendala mengurut variabelnya menurut alamat memori, sehingga letak dari dua proses berbeda di angka
    kelima belas; dibulatkan, gambar yang sama memberi byte yang sama.
    """
    mesin = fig.get_layout_engine()
    if mesin is None:
        return
    mesin.execute(fig)
    fig.set_layout_engine("none")
    for sumbu in fig.axes:
        letak = sumbu.get_position(original=True)
        sumbu.set_position([round(x, 9) for x in letak.bounds], which="original")
        sumbu.set_in_layout(True)  # set_position mengeluarkannya dari tata letak berikutnya, yaitu gambar sempit


def slim_png(png: bytes) -> bytes:
    """PNG yang sama dengan palet 128 warna, sepertiga ukurannya; untuk gambar yang disimpan di dalam notebook.

    Notebook dengan keluarannya ikut dilacak git; beda warnanya paling banyak 15 dari 255 pada tepi huruf.
    """
    from PIL import Image  # ikut matplotlib, dan hanya dipakai saat gambar disimpan di notebook

    gambar = Image.open(io.BytesIO(png)).convert("RGB")
    penampung = io.BytesIO()
    gambar.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(penampung, "PNG")
    return penampung.getvalue()


def to_svg(fig: Figure) -> bytes:
    """Gambar sebagai SVG tanpa tanggal dan tanpa pengenal acak; huruf tetap huruf, dapat dicari dan dibacakan."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    penampung, mesin = io.BytesIO(), fig.get_layout_engine()
    _freeze_layout(fig)
    with rc_context(_RC_SVG):
        FigureCanvasSVG(fig).print_svg(penampung, metadata={"Date": None, "Creator": None})
    fig.set_layout_engine(mesin)
    return penampung.getvalue()


@contextmanager
def phone_size(fig: Figure) -> Iterator[None]:
    """Selama blok ini gambarnya selebar telepon, lebih tinggi supaya isinya tetap muat."""
    lebar, tinggi = fig.get_size_inches()
    fig.set_size_inches(LEBAR_TELEPON, tinggi * (1.1 if lebar > LEBAR_TELEPON else 1))
    try:
        yield
    finally:
        fig.set_size_inches(lebar, tinggi)


def display_size(fig: Figure) -> tuple[int, int]:
    """Lebar dan tinggi tampil dalam piksel CSS."""
    lebar, tinggi = fig.get_size_inches()
    return round(lebar * _PIKSEL_PER_INCI), round(tinggi * _PIKSEL_PER_INCI)


def in_batch() -> bool:
    """Apakah notebook ini sedang dirender ke laporan."""
    return "KINERJA_KELUARAN" in os.environ


def in_app() -> bool:
    """Apakah notebook ini sedang disajikan Voila."""
    return os.environ.get("SERVER_SOFTWARE", "").startswith("voila/")


def png_display_size(png: bytes) -> tuple[int, int]:
    """Lebar dan tinggi tampil (piksel CSS) gambar yang dibuat :func:`to_png` dengan ``DPI_LAYAR``."""
    return int.from_bytes(png[16:20], "big") // 2, int.from_bytes(png[20:24], "big") // 2
