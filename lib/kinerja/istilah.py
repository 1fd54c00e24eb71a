"""Sebutan bagi nama dan kode dalam data, dalam kedua bahasa.

Data mentah berbahasa Indonesia seperti sumbernya. Padanan Inggris nama dan sebutan kode ada di ``istilah.yml``. Yang
belum ada di sana tampil seperti dalam data, supaya tahun baru dengan program baru tetap dapat dirender.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from kinerja import fmt
from kinerja.berkas_yaml import parse_yaml

_POTONGAN = re.compile(r"(\s*[;:]\s*|\s*\(|\))")
_BERTAHUN = re.compile(r"(.+?) (?:[Tt]ahun )?(\d{4}(?:-\d{4})?)")


@cache
def terms() -> dict[str, dict[str, Any]]:
    """``nama``: nama Indonesia -> padanan Inggris; ``kode``: kode -> ``{"id": ..., "en": ...}``."""
    return parse_yaml(resources.files("kinerja").joinpath("istilah.yml").read_text("utf-8"))


def term(nama: str) -> str:
    """Nama dalam bahasa yang berlaku; nama tanpa padanan dan nilai hilang dikembalikan apa adanya."""
    return nama if fmt.language() == "id" or fmt.is_missing(nama) else terms()["nama"].get(nama, nama)


def code_name(kode: str) -> str:
    """Sebutan sebuah kode; kode tanpa sebutan ditulis dengan spasi."""
    sebutan = terms()["kode"].get(kode)
    return fmt.pick(sebutan) if sebutan else kode.replace("_", " ")


def spaced(kode: str) -> str:
    """Kode berhuruf dan bernomor sebagaimana dibaca: "SS2" menjadi "SS 2"."""
    return re.sub(r"(?<=[A-Za-z])(?=[0-9])", " ", kode)


def section(bagian: str) -> str:
    """Bab dan bagian sumber dalam bahasa yang berlaku, potongan demi potongan; potongan tanpa padanan tetap.

    Examples
    --------
    >>> with fmt.using("en"):
    ...     section("Capaian Kinerja: SS 2 (prosa)")
    'Performance results: SS 2 (text)'
    """
    if fmt.language() == "id" or fmt.is_missing(bagian):
        return bagian
    return "".join(_section_part(x) for x in _POTONGAN.split(bagian))


def _section_part(potong: str) -> str:
    padanan, tahun = terms()["bagian"], _BERTAHUN.fullmatch(potong)
    if potong in padanan or tahun is None or tahun[1] not in padanan:
        return padanan.get(potong, potong)
    return f"{padanan[tahun[1]]} {tahun[2]}"


def translate(frame: pd.DataFrame, *kolom: str) -> pd.DataFrame:
    """Salinan bingkai data dengan nama di kolom-kolom itu dalam bahasa yang berlaku."""
    return frame.assign(**{nama: frame[nama].map(term) for nama in kolom})
