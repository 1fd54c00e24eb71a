"""Kendali aturan hitung pemakai DTKS: berapa kabupaten/kota yang dihitung."""

from __future__ import annotations

from functools import partial

import ipywidgets as widgets
import seaborn as sns

from colformula import derive
from kinerja import dtks, fmt
from kinerja.buku import Buku
from kinerja.explore import Hasil, Panel
from kinerja.figures import PALET, canvas, target_line
from kinerja.kendali import answered


def counting(buku: Buku, kabkota_dihitung: int = dtks.SEMUA) -> Panel:
    """Penggeser banyaknya kabupaten/kota yang dihitung memakai DTKS."""
    total = dtks.resolve_districts(buku.data, dtks.SEMUA)
    kabkota = widgets.IntSlider(
        value=dtks.resolve_districts(buku.data, kabkota_dihitung),
        min=0,
        max=total,
        description=fmt.pick({"id": "Kabupaten/kota yang dihitung", "en": "Districts counted"}),
        layout=widgets.Layout(width="460px"),
    )
    judul = {"id": "Berapa skornya bila kabupaten/kota dihitung lain?", "en": "What if districts count otherwise?"}
    luring = "dtks", dtks.offline(buku.data, kabkota_dihitung)
    return Panel(partial(counted, buku), {"kabkota": kabkota}, fmt.pick(judul), luring)


def counted(buku: Buku, kabkota: int) -> Hasil:
    """Skor setiap aturan hitung di samping pilihan pembaca.

    Parameters
    ----------
    buku : Buku
    kabkota : int
        Banyaknya kabupaten/kota yang dihitung.
    """
    skor = dtks.scores(buku.data, kabkota).set_index("aturan", drop=False)
    skor = derive(skor, realisasi="(kl + kabkota) / total * 100")
    fig, ax = canvas(size="pendek")
    sns.barplot(skor, x="realisasi", y="aturan", hue="golongan", palette=PALET, legend=False, ax=ax)
    target_line(ax, skor["target"].iloc[0], "target")
    return answered(buku, "skor", skor, ax)
