"""Kendali kecil di halaman laporan: datanya di halaman, hitungannya di ``kendali.js``, tanpa jaringan.

Setiap kendali punya kembaran di Python, dan isinya seluruhnya dari data: skripnya tidak memuat satu nama atau aturan
berangka pun.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from kinerja.berkas_yaml import parse_yaml
from kinerja.errors import GalatParameter

KELAS = 'class="kendali"'
"""Tanda halaman yang memuat kendali, jadi memerlukan skripnya."""


@cache
def _words() -> dict[str, dict[str, dict[str, str]]]:
    """Kendali -> kata -> bahasa -> teks."""
    return parse_yaml(resources.files("kinerja").joinpath("luring.yml").read_text("utf-8"))


def to_html(nama: str, isi: Mapping[str, Any], bahasa: str) -> str:
    """HTML satu kendali; tanpa JavaScript tidak ada yang terlihat.

    Parameters
    ----------
    nama : str
        ``batas`` (batas capaian), ``dtks`` (kabupaten/kota yang dihitung), atau ``pkh`` (bantuan satu keluarga).
    isi : mapping
        Angka dan nama yang diperlukan hitungannya; lihat fungsi ``offline_...`` di modul ukurannya.
    bahasa : str

    Raises
    ------
    GalatParameter
        Kendali tidak dikenal, atau isinya bukan data JSON (misalnya NaN).
    """
    kata = _words()
    if nama not in kata:
        raise GalatParameter(f"Kendali '{nama}' tidak dikenal; yang ada: {', '.join(kata)}.")
    muatan = {"bahasa": bahasa, "kata": {k: teks[bahasa] for k, teks in kata[nama].items()}, "isi": dict(isi)}
    try:
        teks = json.dumps(muatan, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except (TypeError, ValueError) as galat:
        raise GalatParameter(f"Isi kendali '{nama}' bukan data JSON: {galat}.") from galat
    aman = teks.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    judul = html.escape(muatan["kata"]["judul"])
    return (
        f'<section {KELAS} data-kendali="{nama}" aria-label="{judul}" hidden>'
        f'<script type="application/json">{aman}</script></section>'
    )
