"""Kendali wilayah: kedudukan provinsi atau kabupaten/kota yang dipilih."""

from __future__ import annotations

from functools import partial

import ipywidgets as widgets
import seaborn as sns

from kinerja import daerah, fmt
from kinerja.buku import Buku
from kinerja.explore import Hasil, Panel
from kinerja.figures import WARNA, canvas
from kinerja.kendali import answered


def regions(buku: Buku, wilayah: str) -> Panel:
    """Pilihan wilayah: 34 provinsi, lalu 514 kabupaten/kota menurut kodenya."""
    semua = [daerah.series(buku.data, x).drop_duplicates("kode").sort_values("kode") for x in daerah.TINGKAT]
    menu = widgets.Combobox(
        options=[f"{x.kode} {x.nama}" for isi in semua for x in isi.itertuples()],
        value=f"{wilayah} {daerah.place(buku.data, wilayah).words()['daerah']}",
        description=fmt.pick({"id": "Wilayah", "en": "Region"}),
        ensure_option=True,
        layout=widgets.Layout(width="420px"),
    )
    judul = {"id": "Kedudukan wilayah lain", "en": "Position of another region"}
    return Panel(partial(chosen, buku), {"wilayah": menu}, judul=fmt.pick(judul))


def chosen(buku: Buku, wilayah: str) -> Hasil:
    """Kedudukan satu wilayah, dari kodenya (atau kode dan namanya).

    Raises
    ------
    GalatParameter
        Seperti :func:`kinerja.daerah.place`.
    """
    tempat = daerah.place(buku.data, wilayah.split(" ")[0])
    angka = daerah.position(daerah.at_year(daerah.series(buku.data, tempat.tingkat), tempat.tahun))
    posisi = angka[(angka["kode"] == tempat.kode) & (angka["urutan"] > 0)].sort_values("urutan").set_index("deret")
    _, ax = canvas(size="sedang")
    ax.hlines(posisi["nama_deret"], 1, posisi["dari"], color=WARNA["konteks"], linewidth=1, zorder=0)
    sns.scatterplot(posisi, x="peringkat", y="nama_deret", color=WARNA["data"], s=70, ax=ax)
    ax.set(xlim=(0, posisi["dari"].max() + 1), ylim=(len(posisi) - 0.4, -0.6))
    hitung = {k: int((posisi["kuartil"] == n).sum()) for k, n in (("teratas", 1), ("terbawah", 4))}
    return answered(buku, "kedudukan", posisi, ax, banyak=len(posisi), **hitung, **tempat.words())
