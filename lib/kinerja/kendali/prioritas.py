"""Kendali keluaran prioritas nasional: satu prioritas, atau semuanya."""

from __future__ import annotations

from functools import partial

import ipywidgets as widgets
import seaborn as sns

from colformula import derive
from kinerja import fmt, prioritas
from kinerja.buku import Buku
from kinerja.explore import Hasil, Panel
from kinerja.figures import PALET, canvas, target_line
from kinerja.istilah import term
from kinerja.kendali import answered


def priorities(buku: Buku, pn: str = prioritas.SEMUA) -> Panel:
    """Pilihan prioritas nasional."""
    daftar = buku.data["pn_output"].drop_duplicates("pn")
    pilihan = [(f"{x.pn}: {term(x.nama_pn)}", x.pn) for x in daftar.itertuples()]
    menu = widgets.Dropdown(
        options=[(fmt.pick({"id": "Semua", "en": "All"}), prioritas.SEMUA), *pilihan],
        value=pn,
        description=fmt.pick({"id": "Prioritas nasional", "en": "National priority"}),
        layout=widgets.Layout(width="520px"),
    )
    judul = {"id": "Keluaran satu prioritas nasional", "en": "Outputs of one national priority"}
    return Panel(partial(chosen, buku), {"pn": menu}, judul=fmt.pick(judul))


def chosen(buku: Buku, pn: str) -> Hasil:
    """Keluaran satu prioritas nasional, atau semuanya ("semua")."""
    keluaran = prioritas.outputs(buku.data, pn=pn).set_index("kode", drop=False).sort_values("capaian", kind="stable")
    keluaran = derive(keluaran, lebih="realisasi - target", capaian="realisasi / target * 100")
    meleset = keluaran[keluaran["golongan"] != "tepat"]
    ax = None
    if len(meleset):
        _, ax = canvas(size=(8.0, 1.2 + 0.36 * len(meleset)))
        sns.barplot(meleset, x="capaian", y="nama_pendek", hue="golongan", palette=PALET, legend=False, ax=ax)
        target_line(ax, 100, "target_100")
    bawah, ganda = int((keluaran["golongan"] == "di_bawah").sum()), int((keluaran["capaian"] > 200).sum())
    return answered(buku, "keluaran", keluaran, ax, bawah=bawah, ganda=ganda)
