"""Gambar: fungsi yang menggambar bingkai data rapi pada sumbu yang diberikan, lalu mengembalikan sumbu itu."""

from kinerja.figures.batang import bars, stacked, waterfall
from kinerja.figures.garis import line, slope, small_multiples
from kinerja.figures.rupa import (
    ARSIR,
    PALET,
    UKURAN,
    WARNA,
    WARNA_KATEGORI,
    canvas,
    legend_above,
    mark_missing,
    mark_synthetic,
    sign,
    state_handles,
    style,
    target_line,
    value_text,
    wrap,
)
from kinerja.figures.susunan import flow, heatmap, tree
from kinerja.figures.target import bullet, dots, estimates

__all__ = [
    "ARSIR",
    "PALET",
    "UKURAN",
    "WARNA",
    "WARNA_KATEGORI",
    "bars",
    "bullet",
    "canvas",
    "dots",
    "estimates",
    "flow",
    "heatmap",
    "legend_above",
    "line",
    "mark_missing",
    "mark_synthetic",
    "sign",
    "slope",
    "small_multiples",
    "stacked",
    "state_handles",
    "style",
    "target_line",
    "tree",
    "value_text",
    "waterfall",
    "wrap",
]
