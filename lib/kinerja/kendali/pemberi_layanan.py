"""Skenario sertifikasi dan akreditasi: peserta dan kelulusan sampai target akhir Renstra."""

from __future__ import annotations

from functools import partial

import ipywidgets as widgets
import seaborn as sns

from kinerja import fmt, layanan
from kinerja.buku import Buku
from kinerja.explore import Hasil, Panel
from kinerja.figures import WARNA, canvas
from kinerja.istilah import term
from kinerja.kendali import answered


def scenario(buku: Buku, indikator: str, peserta: int, kelulusan: float) -> Panel:
    """Kendali skenario; keadaan awalnya parameter notebook, dan 0 berarti seperti tahun laporan."""
    nama = buku.data["iku"].set_index("kode")["nama_pendek"]
    kata = {
        "indikator": {"id": "Indikator", "en": "Indicator"},
        "peserta": {"id": "Peserta setahun (0: seperti kini)", "en": "Candidates a year (0: as now)"},
        "kelulusan": {"id": "Kelulusan, persen (0: seperti kini)", "en": "Pass rate, per cent (0: as now)"},
    }
    sebutan = {kunci: fmt.pick(isi) for kunci, isi in kata.items()}
    kendali = {
        "indikator": widgets.Dropdown(
            options=[(term(nama[kode]), kode) for kode in layanan.CACAH],
            value=indikator,
            description=sebutan["indikator"],
        ),
        "peserta": widgets.IntSlider(value=peserta, max=30000, step=250, description=sebutan["peserta"]),
        "kelulusan": widgets.FloatSlider(value=kelulusan, max=100, step=0.5, description=sebutan["kelulusan"]),
    }
    judul = fmt.pick({"id": "Peserta dan kelulusan menuju target", "en": "Candidates and pass rate to the target"})
    return Panel(partial(answer, buku), kendali, judul)


def answer(buku: Buku, indikator: str, peserta: int, kelulusan: float) -> Hasil:
    """Jawaban sebuah skenario: kalimat, gambar, dan tabelnya.

    Raises
    ------
    GalatParameter
        Seperti :func:`kinerja.layanan.what_if`.
    """
    frame = layanan.what_if(buku.data, indikator, peserta=peserta, persen_lulus=kelulusan)
    fig, ax = canvas(size="pendek")
    sns.lineplot(frame, x="tahun", y="persen", marker="o", color=WARNA["data"], label="persen", ax=ax)
    sns.lineplot(frame, x="tahun", y="target", color=WARNA["target"], linestyle="--", label="target", ax=ax)
    ax.set_ylabel("persen")
    return answered(buku, "andai", frame, ax)
