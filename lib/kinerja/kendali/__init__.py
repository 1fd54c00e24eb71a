"""Kendali setiap pokok: widget yang menjawab pertanyaan notebook lagi dengan pilihan pembaca.

Setiap modul memuat fungsi hitung biasa yang mengembalikan :class:`kinerja.explore.Hasil`, dan satu fungsi yang
merangkainya menjadi :class:`kinerja.explore.Panel`.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from kinerja.explore import Hasil
from kinerja.kalimat import unbold
from kinerja.keluaran import to_png

if TYPE_CHECKING:
    import pandas as pd

    from kinerja.buku import Buku


def answered(buku: Buku, nama: str, frame: pd.DataFrame, ax: Any = None, **nilai: Any) -> Hasil:
    """Jawaban ``nama`` bagi bingkai lain: kalimat, gambar, dan tabelnya, dengan uraian yang sama seperti di notebook.

    Parameters
    ----------
    buku : Buku
    nama, frame, ax, **nilai
        Seperti :meth:`kinerja.buku.Buku.answer`.
    """
    jawaban, png = buku.build(nama, frame, ax, **nilai), None
    if jawaban.axes:
        from kinerja import figures

        fig = jawaban.axes[0].figure
        figures.sign(fig, judul=jawaban.kalimat["gambar"], sumber=jawaban.tabel.sumber)
        png = to_png(fig)
    teks = html.unescape(unbold(jawaban.kalimat["jawab"]))
    return Hasil(tabel=jawaban.tabel, png=png, teks=teks, alt=jawaban.kalimat.get("alt"))
