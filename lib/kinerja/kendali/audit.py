"""Kendali register audit: saring menurut hasil uji, bab, dan kata."""

from __future__ import annotations

from functools import partial

import ipywidgets as widgets
import pandas as pd

from kinerja import audit, fmt
from kinerja.buku import Buku
from kinerja.explore import Hasil, Panel
from kinerja.istilah import code_name, section
from kinerja.kendali import answered

BARIS = 40
"""Baris register yang diperlihatkan sekaligus."""


def register(buku: Buku, tabel: pd.DataFrame, vonis: str = audit.SEMUA, bab: str = audit.SEMUA) -> Panel:
    """Register yang dapat disaring; ``tabel`` keluaran :func:`kinerja.audit.verdicts`."""
    semua = fmt.pick({"id": "semua yang diuji", "en": "all tested"})
    kendali = {
        "vonis": widgets.Dropdown(
            options=[(semua, audit.SEMUA), *((code_name(x), x) for x in audit.VONIS)],
            value=vonis,
            description=fmt.pick({"id": "Hasil uji", "en": "Result"}),
        ),
        "bab": widgets.Dropdown(
            options=[
                (fmt.pick({"id": "semua", "en": "all"}), audit.SEMUA),
                *((section(x), x) for x in dict.fromkeys(tabel["bab"])),
            ],
            value=bab,
            description=fmt.pick({"id": "Bab", "en": "Chapter"}),
        ),
        "cari": widgets.Text(
            value="",
            description=fmt.pick({"id": "Cari kata", "en": "Search"}),
            placeholder="lks/2020",
            continuous_update=False,
        ),
    }
    return Panel(
        partial(filtered, buku, tabel), kendali, fmt.pick({"id": "Saring register", "en": "Filter the register"})
    )


def filtered(buku: Buku, tabel: pd.DataFrame, vonis: str, bab: str, cari: str = "") -> Hasil:
    """Baris register yang cocok; hanya :data:`BARIS` yang pertama diperlihatkan."""
    isi = audit.select(tabel, vonis, bab, cari)
    banyak, tampil = fmt.angka(len(isi)), fmt.angka(min(len(isi), BARIS))
    hasil = answered(buku, "register", isi.head(BARIS), banyak=len(isi))
    sisa = {"id": f"; {tampil} yang pertama diperlihatkan", "en": f"; the first {tampil} are shown"}
    kata = {"id": "angka", "en": "numbers"}
    teks = f"{banyak} {fmt.pick(kata)}{fmt.pick(sisa) if len(isi) > BARIS else ''}."
    return Hasil(tabel=hasil.tabel, teks=teks)
