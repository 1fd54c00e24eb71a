"""Gambar ditanya angkanya: tinggi batang, titik garis, tulisan, keadaan, dan apakah ada tulisan yang keluar kanvas."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle

from kinerja import figures, fmt
from kinerja.errors import GalatParameter

PANJANG = "Persentase Kementerian/Lembaga/Daerah yang Memanfaatkan Data Terpadu dalam Program Penanggulangan Kemiskinan"


def _tabel(n=3):
    return pd.DataFrame(
        {
            "nama": [f"{PANJANG} {i}" for i in range(n)],
            "nilai": [10.0 * (i + 1) for i in range(n)],
            "target": [12.0 * (i + 1) for i in range(n)],
            "keadaan": ["dikutip", "diturunkan", "sintetis", "dikutip"][:n] + ["dikutip"] * max(0, n - 4),
        }
    )


def _texts(ax):
    return [t.get_text() for t in ax.texts]


def _widths(ax):
    return [p.get_width() for p in ax.patches if isinstance(p, Rectangle)]


def _hidden_ticks(fig):
    """Tulisan sumbu di luar rentang tampil; matplotlib tidak menggambarnya."""
    for ax in fig.axes:
        for sumbu in (ax.xaxis, ax.yaxis):
            bawah, atas = sorted(sumbu.get_view_interval())
            for tik in (*sumbu.majorTicks, *sumbu.minorTicks):
                if not ax.axison or not bawah <= tik.get_loc() <= atas:
                    yield from (tik.label1, tik.label2)


def _inside(fig):
    """Tulisan yang keluar dari kanvas lebih dari satu piksel."""
    kanvas = FigureCanvasAgg(fig)
    kanvas.draw()
    lebar, tinggi = fig.bbox.width, fig.bbox.height
    keluar, tersembunyi = [], set(_hidden_ticks(fig))
    for teks in fig.findobj(lambda a: hasattr(a, "get_text") and a.get_visible() and a.get_text()):
        if teks in tersembunyi:
            continue
        kotak = teks.get_window_extent()
        if kotak.x0 < -1 or kotak.y0 < -1 or kotak.x1 > lebar + 1 or kotak.y1 > tinggi + 1:
            keluar.append((teks.get_text(), kotak.bounds))
    return keluar


def test_bertumpuk_persen():
    data = pd.DataFrame({"k": ["a", "a"], "b": ["lulus", "gagal"], "v": [3, 1]})
    fig, ax = figures.canvas()
    figures.stacked(data, "k", "b", "v", ax=ax, satuan="orang", persen=True)
    assert _widths(ax) == [75, 25]
    assert _texts(ax)[0] == "3 (75,0%)"


def test_air_terjun_bermuara_di_pagu_akhir():
    data = pd.DataFrame(
        {"l": ["awal", "naik", "hemat", "akhir"], "n": [100, 50, -20, 130], "t": [True, False, False, True]}
    )
    fig, ax = figures.canvas()
    figures.waterfall(data, "l", "n", ax=ax, total="t", satuan="orang", skala=None, desimal=0)
    batang = [(p.get_x(), p.get_width()) for p in ax.patches]
    assert batang == [(0, 100), (100, 50), (150, -20), (0, 130)]
    assert _texts(ax) == ["100", "+50", f"{fmt.MINUS}20", "130"]
    assert ax.get_xlim()[0] == 0
    assert [t.get_text() for t in ax.get_yticklabels()] == ["awal", "naik", "hemat", "akhir"]
    data.loc[2, "n"], data.loc[3, "n"] = -200, -50
    fig, ax = figures.canvas()
    figures.waterfall(data, "l", "n", ax=ax, total="t", satuan="orang", skala=None, desimal=0)
    assert ax.get_xlim()[0] < -50, "kedudukan di bawah nol tetap terlihat"


def test_peta_panas():
    fig, ax = figures.canvas()
    figures.heatmap(
        pd.DataFrame([[1.0, np.nan]], index=["a"], columns=["b", "c"]), ax=ax, satuan="indeks_100", desimal=1
    )
    assert _texts(ax) == ["1,0", fmt.HILANG]


def test_panel_kecil_mematikan_sisa():
    data = pd.DataFrame({"g": ["a", "b", "c"], "n": ["x"] * 3, "v": [1.0, 2.0, 3.0]})
    fig, axes = figures.canvas(2, 2)
    figures.small_multiples(axes, data, "g", lambda isi, ax: ax.bar(isi["n"], isi["v"]))
    assert [a.get_visible() for a in axes.ravel()] == [True, True, True, False]
    assert axes[0, 0].get_title(loc="left") == "a"


def test_cap_sintetis_ada_di_dalam_gambar():
    fig, ax = figures.canvas()
    figures.sign(fig, judul="Judul", sumber="Sumber: x.", keadaan="sintetis")
    assert sum(t.get_text() == "SINTETIS" for t in fig.texts) == 2
    with fmt.using("en"):
        fig, ax = figures.canvas()
        figures.sign(fig, judul="Title", keadaan="sintetis")
        assert sum(t.get_text() == "SYNTHETIC" for t in fig.texts) == 2


def test_judul_dan_sumber_tidak_menimpa_sumbu():
    fig, ax = figures.canvas()
    figures.stacked(_tabel(), "nama", "keadaan", "nilai", ax=ax, satuan="orang")
    figures.sign(fig, judul=PANJANG * 2, sumber="Sumber: " + PANJANG * 3)
    FigureCanvasAgg(fig).draw()
    sumbu = ax.get_tightbbox()
    judul, sumber = (t.get_window_extent() for t in fig.kinerja_tanda)
    assert judul.y0 >= sumbu.y1 - 1
    assert sumber.y1 <= sumbu.y0 + 1


def test_ukuran_tak_dikenal():
    with pytest.raises(GalatParameter, match="lebar, kotak"):
        figures.canvas(size="raksasa")
