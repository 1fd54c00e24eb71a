"""Kendali keuangan: anggaran program dalam dua versi Perjanjian Kinerja yang dipilih."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import ipywidgets as widgets
import seaborn as sns

from kinerja import anggaran, fmt
from kinerja.explore import Hasil, Panel
from kinerja.figures import WARNA, canvas
from kinerja.istilah import code_name
from kinerja.kendali import answered

if TYPE_CHECKING:
    from kinerja.buku import Buku


def agreement_result(buku: Buku, dari: str, ke: str) -> Hasil:
    """Perubahan anggaran tiap program dari satu versi ke versi lain.

    Raises
    ------
    GalatParameter
        Versi tidak ada.
    """
    frame = anggaran.agreement_change(buku.data, dari, ke).set_index("program", drop=False)
    program = frame[~frame["jumlah"]]
    fig, ax = canvas(size="pendek")
    sns.barplot(program, x="selisih", y="nama", color=WARNA["data"], ax=ax)
    naik, turun = (int((tanda * program["selisih"] > 0).sum()) for tanda in (1, -1))
    return answered(buku, "program", frame, ax, naik=naik, turun=turun)


def agreement(buku: Buku) -> Panel:
    """Panel dua versi Perjanjian Kinerja; tanpa anggaran Perjanjian Kinerja pilihannya kosong."""
    versi = anggaran.versions(buku.data)
    pilihan = [(code_name(x), x) for x in versi]

    def tombol(nilai: str | None, nama: str) -> widgets.ToggleButtons:
        return widgets.ToggleButtons(options=pilihan, value=nilai, description=nama)

    kendali = {
        "dari": tombol(versi[0] if versi else None, fmt.pick({"id": "Dari versi", "en": "From version"})),
        "ke": tombol(versi[-1] if versi else None, fmt.pick({"id": "ke versi", "en": "to version"})),
    }
    judul = fmt.pick(
        {"id": "Bandingkan versi Perjanjian Kinerja", "en": "Compare versions of the performance agreement"}
    )
    return Panel(partial(agreement_result, buku), kendali, judul)
