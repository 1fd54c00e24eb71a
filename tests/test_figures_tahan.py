"""Gambar menerima tabel apa pun: kosong, satu baris, banyak baris, nilai hilang, nama panjang, kedua bahasa."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from kinerja import figures, fmt
from kinerja.errors import GalatParameter
from kinerja.figures.rupa import text_width, wrap_to

PANJANG = "Persentase Kementerian/Lembaga/Daerah yang Memanfaatkan Data Terpadu dalam Program Penanggulangan Kemiskinan"
SUMBER = "Sumber: LKj (Capaian Kinerja: SS 2: SDM; SS 2: LKS; SS 2: SLRT); BPS, Profil Kemiskinan di Indonesia."
TIDAK_ADA = "tidak ada di sumber"


@pytest.fixture(autouse=True)
def _bahasa_kembali():
    with fmt.using("id"):
        yield


def _tabel(n, hilang=()):
    nilai = [10.0 + 3 * i for i in range(n)]
    return pd.DataFrame(
        {
            "nama": [f"{PANJANG} {i}" for i in range(n)],
            "nilai": [np.nan if i in hilang else v for i, v in enumerate(nilai)],
            "target": [v + 5 for v in nilai],
            "bawah": [v - 2 for v in nilai],
            "atas": [v + 2 for v in nilai],
            "tahun": [2000 + i for i in range(n)],
            "bagian": ["satu" if i % 2 else "dua" for i in range(n)],
        }
    )


GRAFIK = {
    "stacked": lambda t, ax: figures.stacked(t, "nama", "bagian", "nilai", ax=ax, satuan="orang"),
    "estimates": lambda t, ax: figures.estimates(t, "nama", "nilai", "bawah", "atas", ax=ax, satuan="indeks_100"),
    "heatmap": lambda t, ax: figures.heatmap(t.set_index("nama")[["nilai", "target"]], ax=ax, satuan="indeks_100"),
    "waterfall": lambda t, ax: figures.waterfall(t.assign(t=t.index == 0), "nama", "nilai", ax=ax, total="t"),
}


def _hidden_ticks(fig):
    for ax in fig.axes:
        for sumbu in (ax.xaxis, ax.yaxis):
            bawah, atas = sorted(sumbu.get_view_interval())
            for tik in (*sumbu.majorTicks, *sumbu.minorTicks):
                if not ax.axison or not bawah <= tik.get_loc() <= atas:
                    yield from (tik.label1, tik.label2)


def _texts_drawn(fig):
    FigureCanvasAgg(fig).draw()
    tersembunyi = set(_hidden_ticks(fig))
    return [
        t
        for t in fig.findobj(lambda a: hasattr(a, "get_text") and a.get_visible() and a.get_text())
        if t not in tersembunyi
    ]


def _outside(fig):
    teks = _texts_drawn(fig)
    lebar, tinggi = fig.bbox.width, fig.bbox.height
    kotak = [(t.get_text(), t.get_window_extent().extents.round(0).tolist()) for t in teks]
    return [(isi, k) for isi, k in kotak if k[0] < -1 or k[1] < -1 or k[2] > lebar + 1 or k[3] > tinggi + 1]


def _overlaps(artis):
    """Pasangan tulisan yang kotaknya beririsan lebih dari satu piksel di kedua arah."""
    kotak = [(t.get_text(), t.get_window_extent()) for t in artis if t.get_text()]
    return [
        (a, b)
        for i, (a, p) in enumerate(kotak)
        for b, q in kotak[i + 1 :]
        if min(p.x1, q.x1) - max(p.x0, q.x0) > 1 and min(p.y1, q.y1) - max(p.y0, q.y0) > 1
    ]


# Tabel apa pun --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("nama", GRAFIK)
@pytest.mark.parametrize(
    ("n", "hilang"), [(0, ()), (1, ()), (1, (0,)), (2, (1,)), (3, (0, 1, 2))], ids=["0", "1", "1nan", "2", "3nan"]
)
def test_setiap_grafik_menerima_tabel_apa_pun(nama, n, hilang):
    fig, ax = figures.canvas()
    assert GRAFIK[nama](_tabel(n, hilang), ax) is ax
    figures.sign(fig, judul=PANJANG, sumber=SUMBER)
    assert not _outside(fig)
    if n == 0 or len(hilang) == n:
        tulisan = [t.get_text() for t in ax.texts]
        assert any(TIDAK_ADA in " ".join(t.split()) for t in tulisan) or fmt.HILANG in tulisan


@pytest.mark.parametrize("nama", ["estimates", "heatmap", "stacked"])
def test_empat_puluh_baris_bernama_panjang_tidak_bertindihan(nama):
    fig, ax = figures.canvas()
    GRAFIK[nama](_tabel(40, (3,)), ax)
    figures.sign(fig, judul=PANJANG, sumber=SUMBER)
    assert not _outside(fig)
    assert not _overlaps(ax.get_yticklabels())


@pytest.mark.parametrize("nama", ["estimates", "stacked"])
def test_kolom_yang_tidak_ada_disebut(nama):
    fig, ax = figures.canvas()
    with pytest.raises(GalatParameter, match="'nilai'"):
        GRAFIK[nama](_tabel(2).drop(columns="nilai"), ax)


# Batang ---------------------------------------------------------------------------------------------------------------


def test_ruas_hilang_ditandai_dan_tidak_menjadi_persen():
    data = pd.DataFrame({"k": ["a", "a", "b", "b"], "b": ["x", "y"] * 2, "v": [3.0, np.nan, 3.0, 1.0]})
    fig, ax = figures.canvas()
    figures.stacked(data, "k", "b", "v", ax=ax, satuan="orang")
    assert [p.get_width() for p in ax.patches] == [3, 3, 1]
    assert TIDAK_ADA in [t.get_text() for t in ax.texts]
    fig, ax = figures.canvas()
    figures.stacked(data, "k", "b", "v", ax=ax, satuan="orang", persen=True)
    assert [(p.get_width(), p.get_y() + p.get_height() / 2) for p in ax.patches] == [(75, 1), (25, 1)]
    with pytest.raises(GalatParameter, match="negatif"):
        figures.stacked(data.assign(v=-1.0), "k", "b", "v", ax=ax, satuan="orang")


def test_pasangan_yang_tidak_ada_dianggap_nol():
    data = pd.DataFrame({"k": ["a", "b", "b"], "b": ["x", "x", "y"], "v": [2.0, 1.0, 3.0]})
    fig, ax = figures.canvas()
    figures.stacked(data, "k", "b", "v", ax=ax, satuan="orang", persen=True)
    assert [p.get_width() for p in ax.patches] == [100, 25, 75]
    assert TIDAK_ADA not in [t.get_text() for t in ax.texts]


def test_langkah_hilang_memutus_air_terjun():
    data = pd.DataFrame(
        {"l": list("abcde"), "n": [100.0, np.nan, -20.0, 90.0, 10.0], "t": [True, False, False, True, False]}
    )
    fig, ax = figures.canvas()
    figures.waterfall(data, "l", "n", ax=ax, total="t", satuan="orang", skala=None, desimal=0)
    assert [(p.get_x(), p.get_width()) for p in ax.patches] == [(0, 100), (0, 90), (90, 10)]
    assert [t.get_text() for t in ax.texts] == ["100", TIDAK_ADA, "−20", "90", "+10"]


def test_air_terjun_pagu_yang_sebenarnya():
    langkah = [62767643594000, 43754136500000, -2080876364000, 20325015376000, 9243000000000, 162920168000]
    data = pd.DataFrame({"l": list("abcdefg"), "n": [*langkah, sum(langkah)], "t": [True, *[False] * 5, True]})
    fig, ax = figures.canvas()
    figures.waterfall(data, "l", "n", ax=ax, total="t")
    ujung = [(p.get_x(), p.get_x() + p.get_width()) for p in ax.patches]
    assert ujung[1] == (62767643594000, 106521780094000)
    assert ujung[2] == (106521780094000, 104440903730000)
    assert ujung[6] == (0, 134171839274000)
    assert [t.get_text() for t in ax.texts] == ["62,77", "+43,75", "−2,08", "+20,33", "+9,24", "+0,16", "134,17"]


# Titik, garis, lereng -------------------------------------------------------------------------------------------------


def test_taksiran_dengan_selang():
    data = pd.DataFrame(
        {
            "n": ["a", "b", "c", "d"],
            "v": [40.0, 45.0, np.nan, 50.0],
            "b": [38.0, np.nan, np.nan, 47.0],
            "t": [42.0, np.nan, np.nan, 53.0],
        }
    )
    fig, ax = figures.canvas()
    figures.estimates(data, "n", "v", "b", "t", ax=ax, satuan="indeks_100")
    titik = [tuple(c.get_offsets()[0]) for c in ax.collections if len(c.get_offsets())]
    assert [x for x, _ in titik if x in (40, 45, 50)] == [40, 45, 50]
    selang = [tuple(p[:, 0]) for c in ax.collections if hasattr(c, "get_segments") for p in c.get_segments()]
    assert selang == [(38, 42), (47, 53)]
    assert [t.get_text() for t in ax.texts] == ["40,00", "45,00", TIDAK_ADA, "50,00"]


def test_panel_yang_kurang_ditolak():
    data = pd.DataFrame({"g": ["a", "b", "c"], "n": ["x"] * 3, "v": [1.0, 2.0, 3.0]})
    fig, axes = figures.canvas(1, 2)
    with pytest.raises(GalatParameter, match="berpanel 2 tidak cukup untuk 3"):
        figures.small_multiples(axes, data, "g", lambda isi, ax: ax.bar(isi["n"], isi["v"]))


# Susunan --------------------------------------------------------------------------------------------------------------


def test_peta_panas_petak_sempit_memakai_batang_warna():
    data = pd.DataFrame(np.arange(60.0).reshape(2, 30) * 1000, index=["a", "b"])
    fig, ax = figures.canvas()
    figures.heatmap(data, ax=ax, satuan="poin")
    assert len(fig.axes) == 2
    assert not ax.texts


# Keadaan dan tanda ----------------------------------------------------------------------------------------------------


def test_seluruh_bidang_tidak_ada_di_sumber():
    fig, ax = figures.canvas(size="pendek")
    figures.mark_missing(ax, None, f"Grafik {PANJANG} tidak sampai ke teks sumber")
    figures.sign(fig, judul="Judul", sumber=SUMBER)
    assert not _outside(fig)
    assert len(ax.get_xticks()) == 0


@pytest.mark.parametrize("tebal", [False, True])
def test_lebar_tulisan_tidak_pernah_diremehkan(tebal):
    fig, ax = figures.canvas()
    for teks in (PANJANG, "Rp134,17 triliun", "▲ 226,29%", "a\nbaris yang lebih panjang"):
        artis = fig.text(0, 0, teks, fontsize=8.5, fontweight="bold" if tebal else "normal")
        FigureCanvasAgg(fig).draw()
        assert artis.get_window_extent().width / fig.dpi <= text_width(teks, 8.5, tebal) + 0.02
    assert all(text_width(b, 8.5) <= 2.0 for b in wrap_to(PANJANG, 2.0, 8.5).split("\n"))


def test_lipatan_seimbang_dan_kata_utuh():
    assert figures.wrap("Penanganan korban bencana alam: korban yang ditangani", 46).split("\n") == [
        "Penanganan korban bencana",
        "alam: korban yang ditangani",
    ]
    assert figures.wrap("Kementerian/Lembaga/Daerah", 10) == "Kementerian/Lembaga/Daerah"
    assert figures.wrap("pendek") == "pendek"
    assert figures.wrap("") == ""


def test_tanda_tangan_dapat_diganti_dan_judul_panjang_menambah_tinggi():
    fig, ax = figures.canvas()
    GRAFIK["stacked"](_tabel(2), ax)
    semula = fig.get_figheight()
    figures.sign(fig, judul=PANJANG * 4, sumber=SUMBER * 4)
    assert fig.get_figheight() > semula
    figures.sign(fig, judul="Pendek", sumber="Sumber: x.")
    assert fig.get_figheight() == pytest.approx(semula)
    assert [t.get_text() for t in fig.texts] == ["Pendek", "Sumber: x."]


def test_angka_sintetis_menandai_gambar_tanpa_diminta():
    fig, ax = figures.canvas()
    GRAFIK["stacked"](_tabel(2).assign(keadaan="sintetis"), ax)
    assert sum(t.get_text() == "SINTETIS" for t in fig.texts) == 2


def test_gambar_yang_dibekukan_tidak_berubah_ukuran():
    fig, ax = figures.canvas()
    fig.draw_without_rendering()
    fig.set_layout_engine("none")
    ukuran = fig.get_size_inches().tolist()
    GRAFIK["stacked"](_tabel(30), ax)
    assert fig.get_size_inches().tolist() == ukuran
