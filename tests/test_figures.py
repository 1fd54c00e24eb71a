"""Gambar ditanya angkanya: tinggi batang, titik garis, tulisan, keadaan, dan apakah ada tulisan yang keluar kanvas."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle

from kinerja import figures, fmt
from kinerja.errors import GalatParameter
from kinerja.figures.rupa import ink, spread

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


def test_batang_datar_memuat_angkanya():
    fig, ax = figures.canvas()
    figures.bars(_tabel(), "nama", "nilai", ax=ax, satuan="persen", desimal=1, keadaan="keadaan")
    assert _widths(ax) == [10, 20, 30]
    assert _texts(ax) == ["10,0%", "20,0%", "30,0%"]
    assert [p.get_hatch() or "" for p in ax.patches] == ["", "////", "xxxx"]
    # urutan baris dibaca dari atas
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


def test_batang_tegak_berkelompok():
    data = pd.DataFrame({"n": ["a", "a", "b", "b"], "g": ["x", "y", "x", "y"], "v": [1.5e12, 2e12, np.nan, 4e12]})
    fig, ax = figures.canvas()
    figures.bars(data, "n", "v", ax=ax, orient="v", grup="g", satuan="rupiah", skala="triliun", desimal=2)
    assert sorted(p.get_height() for p in ax.patches) == [1.5e12, 2e12, 4e12]
    assert sorted(_texts(ax)) == ["1,50", "2,00", "4,00", "tidak ada di sumber"]
    assert ax.get_ylabel() == fmt.satuan("rupiah", "triliun")
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["x", "y"]


def test_batang_semua_hilang_dan_satu_baris():
    fig, ax = figures.canvas(size="pendek")
    figures.bars(pd.DataFrame({"n": ["a"], "v": [np.nan]}), "n", "v", ax=ax, satuan="orang")
    assert _texts(ax) == ["tidak ada di sumber"]
    assert not ax.patches


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


def test_peluru_membedakan_golongan_tanpa_warna_saja():
    data = pd.DataFrame({"n": ["a", "b", "c", "d"], "c": [93.68, 100.0, 226.29, np.nan]})
    fig, ax = figures.canvas()
    figures.bullet(data, "n", "c", ax=ax, batas=120)
    assert _widths(ax) == [93.68, 100.0, 226.29]
    assert _texts(ax) == ["93,68% ▼", "100,00% ●", "226,29% ▲", "tidak ada di sumber"]


def test_pasangan_titik():
    fig, ax = figures.canvas()
    figures.dots(
        _tabel(),
        "nama",
        "target",
        "nilai",
        ax=ax,
        nama_awal="Target",
        nama_akhir="Realisasi",
        satuan="orang",
        keadaan="keadaan",
    )
    titik = [tuple(c.get_offsets()[0]) for c in ax.collections]
    assert titik == [(12, 0), (10, 0), (24, 1), (20, 1), (36, 2), (30, 2)]


def test_garis_memutus_celah_dan_menandainya():
    data = pd.DataFrame(
        {"t": [2015, 2016, 2017, 2018], "v": [68.05, np.nan, np.nan, 77.08], "k": ["diturunkan", "x", "x", "dikutip"]}
    )
    fig, ax = figures.canvas()
    figures.line(data, "t", "v", ax=ax, satuan="nilai", keadaan="k")
    y = ax.lines[0].get_ydata()
    assert np.array_equal(y, [68.05, np.nan, np.nan, 77.08], equal_nan=True)
    assert "2016–2017: tidak ada di sumber" in _texts(ax)
    assert {"68,05", "77,08"} <= set(_texts(ax))
    berongga = ax.collections[0].get_facecolor()[0]
    assert tuple(berongga[:3]) == (1, 1, 1)


def test_lereng_dan_pohon_dan_peta_panas():
    fig, ax = figures.canvas()
    figures.slope(_tabel(), "nama", "target", "nilai", ax=ax, nama_awal="A", nama_akhir="B", satuan="orang")
    assert [list(g.get_ydata()) for g in ax.lines] == [[12, 10], [24, 20], [36, 30]]
    daun = pd.DataFrame(
        {"d": ["x", "x", "y"], "s": ["p", "q", "r"], "n": ["satu", "dua", "tiga"], "b": ["ya", "tidak", "tidak_pasti"]}
    )
    fig, ax = figures.canvas()
    figures.tree(daun, ["d", "s", "n"], ax=ax, penanda={"b": "Kelompok"})
    assert [g.get_marker() for g in ax.lines] == ["o", "x", "o"]
    assert {"x", "y", "p", "q", "r", "satu", "dua", "tiga", "Kelompok"} <= set(_texts(ax))
    fig, ax = figures.canvas()
    figures.heatmap(
        pd.DataFrame([[1.0, np.nan]], index=["a"], columns=["b", "c"]), ax=ax, satuan="indeks_100", desimal=1
    )
    assert _texts(ax) == ["1,0", fmt.HILANG]


def test_aliran_menjaga_jumlah():
    data = pd.DataFrame({"a": ["x", "x", "y"], "b": ["p", "q", "q"], "v": [1, 2, 3]})
    fig, ax = figures.canvas()
    figures.flow(data, "a", "b", "v", ax=ax, satuan="orang", desimal=0)
    assert _texts(ax) == ["x\n3", "y\n3", "p\n1", "q\n5", "orang"]


def test_panel_kecil_mematikan_sisa():
    data = pd.DataFrame({"g": ["a", "b", "c"], "n": ["x"] * 3, "v": [1.0, 2.0, 3.0]})
    fig, axes = figures.canvas(2, 2)
    figures.small_multiples(
        axes, data, "g", lambda isi, ax: figures.bars(isi, "n", "v", ax=ax, satuan="orang"), judul={"a": "Satu"}
    )
    assert [a.get_visible() for a in axes.ravel()] == [True, True, True, False]
    assert axes[0, 0].get_title(loc="left") == "Satu"


def test_cap_sintetis_ada_di_dalam_gambar():
    fig, ax = figures.canvas()
    figures.sign(fig, judul="Judul", sumber="Sumber: x.", keadaan="sintetis")
    assert sum(t.get_text() == "SINTETIS" for t in fig.texts) == 2
    with fmt.using("en"):
        fig, ax = figures.canvas()
        figures.sign(fig, judul="Title", keadaan="sintetis")
        assert sum(t.get_text() == "SYNTHETIC" for t in fig.texts) == 2


@pytest.mark.parametrize("n", [1, 3, 12, 26])
@pytest.mark.parametrize("jenis", ["batang", "peluru", "titik", "lereng"])
def test_tulisan_panjang_tetap_di_dalam_kanvas(n, jenis):
    data = _tabel(n)
    fig, ax = figures.canvas(size=(8, max(4.2, 0.62 * n)))
    if jenis == "batang":
        figures.bars(data, "nama", "nilai", ax=ax, satuan="rupiah")
    elif jenis == "peluru":
        figures.bullet(data, "nama", "nilai", ax=ax, batas=120)
    elif jenis == "titik":
        figures.dots(data, "nama", "target", "nilai", ax=ax, nama_awal="Target", nama_akhir="Realisasi", satuan="orang")
    elif n <= 3:
        figures.slope(data, "nama", "target", "nilai", ax=ax, nama_awal="A", nama_akhir="B", satuan="orang")
    figures.sign(fig, judul=PANJANG * 2, sumber="Sumber: " + PANJANG * 3)
    assert not _inside(fig)


def test_judul_dan_sumber_tidak_menimpa_sumbu():
    fig, ax = figures.canvas()
    figures.bars(_tabel(), "nama", "nilai", ax=ax, satuan="orang")
    figures.sign(fig, judul=PANJANG * 2, sumber="Sumber: " + PANJANG * 3)
    FigureCanvasAgg(fig).draw()
    sumbu = ax.get_tightbbox()
    judul, sumber = (t.get_window_extent() for t in fig.kinerja_tanda)
    assert judul.y0 >= sumbu.y1 - 1
    assert sumber.y1 <= sumbu.y0 + 1


def test_ukuran_tak_dikenal():
    with pytest.raises(GalatParameter, match="lebar, kotak"):
        figures.canvas(size="raksasa")


@pytest.mark.parametrize("warna", figures.WARNA_KATEGORI)
def test_huruf_berwarna_terbaca(warna):
    from kinerja.figures.rupa import _luminance

    assert 1.05 / (_luminance(ink(warna)) + 0.05) >= 4.5


def test_label_tidak_bertumpuk():
    hasil = spread([1.0, 1.0, 1.1, 9.9], [1, 1, 1, 1], 0, 10)
    assert all(b - a >= 1 - 1e-9 for a, b in zip(hasil, hasil[1:], strict=False))
    assert hasil[0] >= 0.5
    assert hasil[-1] <= 9.5
