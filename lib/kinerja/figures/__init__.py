"""Gambar: fungsi yang menggambar bingkai data rapi pada sumbu yang diberikan, lalu mengembalikan sumbu itu."""

from kinerja.figures.batang import stacked, waterfall
from kinerja.figures.garis import small_multiples
from kinerja.figures.rupa import (
    ARSIR,
    PALET,
    UKURAN,
    WARNA,
    WARNA_KATEGORI,
    canvas,
    legend_above,
    mark_missing,
    sign,
    stamp,
    state_handles,
    style,
    target_line,
    value_text,
    wrap,
)
from kinerja.figures.susunan import heatmap
from kinerja.figures.target import estimates

__all__ = [
    "ARSIR",
    "PALET",
    "UKURAN",
    "WARNA",
    "WARNA_KATEGORI",
    "canvas",
    "estimates",
    "heatmap",
    "legend_above",
    "mark_missing",
    "stamp",
    "sign",
    "small_multiples",
    "stacked",
    "state_handles",
    "style",
    "target_line",
    "value_text",
    "waterfall",
    "wrap",
]
