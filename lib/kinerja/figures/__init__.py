"""Gambar laporan: fungsi yang menggambar tabel rapi ke ``ax`` yang diberikan, lalu mengembalikannya.

Urutan pemakaian: ``fig, ax = canvas()``, satu grafik per ``ax``, lalu ``sign(fig, judul=, sumber=)``. Setiap grafik
menerima tabel dengan sebarang banyak baris, juga nol, dan nilai yang hilang. Keadaan angka (kolom ``keadaan``) tampak
pada rupa tandanya, dan dicatat pada gambar supaya :func:`sign` menerangkannya.
"""

from kinerja.figures._bars import bars, stacked
from kinerja.figures._bullet import bullet
from kinerja.figures._dots import dots
from kinerja.figures._flow import flow
from kinerja.figures._heatmap import heatmap
from kinerja.figures._line import line
from kinerja.figures._slope import slope
from kinerja.figures._tree import tree
from kinerja.figures._waterfall import waterfall
from kinerja.figures.gaya import PETA_URUT, WARNA, WARNA_KATEGORI, lighten, use_style
from kinerja.figures.kanvas import UKURAN, canvas, mark_missing, mark_synthetic, sign, small_multiples
from kinerja.figures.teks import wrap

__all__ = [
    "PETA_URUT",
    "UKURAN",
    "WARNA",
    "WARNA_KATEGORI",
    "bars",
    "bullet",
    "canvas",
    "dots",
    "flow",
    "heatmap",
    "lighten",
    "line",
    "mark_missing",
    "mark_synthetic",
    "sign",
    "slope",
    "small_multiples",
    "stacked",
    "tree",
    "use_style",
    "waterfall",
    "wrap",
]
