"""Menjalankan notebook di dalam proses uji: tabel dan teks yang dilihat pembaca, tanpa kernel dan tanpa PNG."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from kinerja import buku, fmt
from kinerja.render.coba import run_cells

AKAR = Path(__file__).resolve().parents[1]
NAMA = sorted(berkas.stem for berkas in (AKAR / "notebooks").glob("*.ipynb"))


@dataclass
class Terlihat:
    """Yang diperlihatkan satu notebook dalam satu bahasa."""

    nama: str
    tabel: list = field(default_factory=list)
    html: list = field(default_factory=list)
    gambar: list = field(default_factory=list)
    panel: list = field(default_factory=list)
    jawab: dict = field(default_factory=dict)
    ringkas: object = None


@cache
def run(nama, bahasa="id", **parameter):
    """Jalankan semua sel kode notebook; hasilnya disimpan selama proses uji.

    Gambar tidak dijadikan PNG (itu separuh waktunya); teks di dalamnya tetap terkumpul. ``parameter``: nilai parameter
    notebook selain bawaannya, yang dapat menjadi kunci (beberapa berkas mikro: teks berpemisah titik koma).
    """
    hasil = Terlihat(nama)
    asli = {x: getattr(buku.Buku, x) for x in ("panel", "_show_figure")}
    tampil, semula = buku._show, fmt.language()

    def show_figure(self, fig, uraian):
        hasil.gambar.append((uraian, [x.get_text() for x in fig.findobj(lambda x: hasattr(x, "get_text"))]))

    def panel(self, satu):
        hasil.panel.append(satu)

    def show(polos, *, html_=None, **_):
        hasil.html.append(html_ or polos)

    buku.Buku.panel, buku.Buku._show_figure, buku._show = panel, show_figure, show
    ruang = {"display": hasil.html.append}
    try:
        run_cells(AKAR / "notebooks" / f"{nama}.ipynb", {"bahasa": bahasa, **parameter}, ruang)
        if "buku" in ruang:
            hasil.jawab, hasil.ringkas = ruang["buku"].jawab, ruang["buku"].ringkas
            hasil.tabel += [x.tabel for x in hasil.jawab.values()]
    finally:
        for x, fungsi in asli.items():
            setattr(buku.Buku, x, fungsi)
        buku._show = tampil
        fmt.use(semula)
    return hasil
