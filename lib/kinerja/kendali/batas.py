"""Kendali batas capaian: capaian setiap indikator dan rata-ratanya dengan atau tanpa batas."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import ipywidgets as widgets
import seaborn as sns

from kinerja import capaian, fmt
from kinerja.explore import Hasil, Panel
from kinerja.figures import PALET, canvas, target_line
from kinerja.kendali import answered

if TYPE_CHECKING:
    from kinerja.buku import Buku


def result(buku: Buku, *, terbatas: bool, batas: float) -> Hasil:
    """Capaian institusi dan setiap IKU dengan batas itu, atau tanpa batas.

    Parameters
    ----------
    buku : Buku
    terbatas : bool
        Pakai batas.
    batas : float
        Capaian tertinggi dalam persen; diabaikan bila ``terbatas`` salah.

    Raises
    ------
    GalatParameter
        Batas di bawah 100.
    """
    frame = capaian.strip(buku.data, batas=batas).assign(kode=lambda x: x.index)
    if not terbatas:
        frame = frame.assign(capaian=frame["capaian_tanpa_batas"])
    frame = frame.sort_values("capaian", ascending=False, na_position="first")
    fig, ax = canvas(size="lebar")
    sns.barplot(frame, x="capaian", y="nama", hue="golongan", palette=PALET, legend=False, ax=ax)
    target_line(ax, 100, "garis")
    hasil = answered(buku, "utama", frame, ax, **counted(frame))
    rata = fmt.persen(capaian.mean_achievement(buku.data, batas, terbatas=terbatas))
    angka = fmt.persen(batas, 0 if float(batas).is_integer() else 2)
    dengan = {"id": f"dengan batas {angka}", "en": f"capped at {angka}"}
    cara = fmt.pick(dengan if terbatas else {"id": "tanpa batas", "en": "uncapped"})
    kepala = fmt.pick({"id": f"Rata-rata capaian {cara}: {rata}.", "en": f"Mean score, {cara}: {rata}."})
    return Hasil(tabel=hasil.tabel, png=hasil.png, teks=f"{kepala} {hasil.teks}", alt=hasil.alt)


def counted(frame) -> dict[str, int]:
    """Banyaknya indikator menurut golongannya dan yang bertarget teks, untuk jawaban ``utama``."""
    banyak = frame["golongan"].value_counts()
    teks = int((frame["satuan"] == "teks").sum())
    return {x: int(banyak.get(x, 0)) for x in capaian.GOLONGAN} | {"banyak": len(frame), "teks": teks}


def cap(buku: Buku, batas: float | None = None) -> Panel:
    """Panel "dengan dan tanpa batas"."""
    ada = capaian.cap(buku.data, batas)
    awal = round(ada or 100)
    kendali = {
        "terbatas": widgets.Checkbox(
            value=ada is not None,
            indent=False,
            description=fmt.pick({"id": "Pakai batas capaian", "en": "Apply the cap"}),
        ),
        "batas": widgets.IntSlider(
            value=awal, min=100, max=max(250, awal), step=5, description=fmt.pick({"id": "Batas (%)", "en": "Cap (%)"})
        ),
    }
    judul = fmt.pick({"id": "Capaian dengan dan tanpa batas", "en": "Scores with and without the cap"})
    return Panel(partial(result, buku), kendali, judul, ("batas", capaian.offline_cap(buku.data, batas)))
