"""Kendali bansos: penyaluran menurut program dan bulan, dan penghitung bantuan PKH satu keluarga."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

import ipywidgets as widgets
import seaborn as sns

from colformula import derive
from kinerja import bansos, fmt, pkh
from kinerja.explore import Hasil, Panel
from kinerja.figures import WARNA, canvas
from kinerja.istilah import term
from kinerja.kendali import answered

if TYPE_CHECKING:
    from kinerja.buku import Buku

ORANG_TERBANYAK = 10
"""Banyaknya orang per komponen yang dapat dipilih pada penghitung."""


def payments_result(buku: Buku, program: str, bulan: tuple[int, int]) -> Hasil:
    """Rupiah menurut program bagi satu program dan rentang bulan.

    Parameters
    ----------
    buku : Buku
    program : str
        Kode program atau "semua".
    bulan : (int, int)
        Bulan pertama dan terakhir; (1, 12) berarti semua penyaluran, juga yang tidak bertanggal.
    """
    awal, akhir = bulan
    semua = (awal, akhir) == (1, 12)
    periode = bansos.SEMUA if semua else bansos.PEMISAH_RENTANG.join(bansos.BULAN[b - 1] for b in bulan)
    pilih = bansos.select(bansos.disbursements(buku.data), program, periode)
    frame = bansos.totals(pilih).set_index("program", drop=False)
    frame = frame.sort_values(["jumlah", "rupiah"], ascending=[True, False])
    frame = derive(frame, bagian='rupiah / rupiah["jumlah_dengan_turunan"] * 100')
    ada = frame[~frame["jumlah"]].dropna(subset="rupiah")
    fig, ax = canvas(size="pendek")
    sns.barplot(ada, x="rupiah", y="nama_program", color=WARNA["data"], ax=ax)
    return answered(buku, "program", frame, ax)


def payments(buku: Buku, program: str = bansos.SEMUA) -> Panel:
    """Panel program dan bulan."""
    semua = bansos.disbursements(buku.data).drop_duplicates("program")
    nama = [(term(n), k) for k, n in zip(semua["program"], semua["nama_program"], strict=True)]
    kendali = {
        "program": widgets.Dropdown(
            options=[(fmt.pick({"id": "Semua program", "en": "All programmes"}), bansos.SEMUA), *nama],
            value=program,
            description=fmt.pick({"id": "Program", "en": "Programme"}),
        ),
        "bulan": widgets.SelectionRangeSlider(
            options=[(fmt.bulan(b, pendek=True), b) for b in range(1, 13)],
            index=(0, 11),
            description=fmt.pick({"id": "Bulan", "en": "Months"}),
            layout=widgets.Layout(width="420px"),
        ),
    }
    judul = fmt.pick({"id": "Penyaluran menurut program dan bulan", "en": "Payments by programme and month"})
    return Panel(partial(payments_result, buku), kendali, judul)


def family_result(buku: Buku, **keluarga: int) -> Hasil:
    """Bantuan PKH satu keluarga; argumen bernama = kode komponen dan banyaknya orang."""
    bantuan = pkh.benefit(buku.data, keluarga)
    frame = pkh.family_lines(bantuan).set_index("komponen", drop=False)
    return answered(buku, "pkh_keluarga", frame, luar=bantuan.tidak_dihitung, batas=bantuan.batas)


def family(buku: Buku, keluarga: Mapping[str, int]) -> Panel:
    """Penghitung bantuan PKH dengan satu kotak bilangan per komponen."""
    kendali = {
        k.komponen: widgets.BoundedIntText(
            value=int(keluarga.get(k.komponen, 0)),
            min=0,
            max=ORANG_TERBANYAK,
            description=term(k.nama),
            layout=widgets.Layout(width="230px"),
        )
        for k in pkh.components(buku.data).itertuples()
    }
    judul = fmt.pick({"id": "Hitung bantuan PKH satu keluarga", "en": "Compute the PKH benefit of one family"})
    luring = "pkh", pkh.offline_family(buku.data, keluarga, ORANG_TERBANYAK)
    return Panel(partial(family_result, buku), kendali, judul, luring)
