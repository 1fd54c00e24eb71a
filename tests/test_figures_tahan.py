"""Gambar menerima tabel apa pun: kosong, satu baris, banyak baris, nilai hilang, nama panjang, kedua bahasa."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import PathPatch, Rectangle

from kinerja import figures, fmt
from kinerja.errors import GalatParameter
from kinerja.figures.rupa import spread, text_width, wrap_to

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
    "bars": lambda t, ax: figures.bars(t, "nama", "nilai", ax=ax, satuan="rupiah", selang=("bawah", "atas")),
    "bars_tegak": lambda t, ax: figures.bars(t, "tahun", "nilai", ax=ax, orient="v", satuan="kpm"),
    "stacked": lambda t, ax: figures.stacked(t, "nama", "bagian", "nilai", ax=ax, satuan="orang"),
    "bullet": lambda t, ax: figures.bullet(t, "nama", "nilai", ax=ax, batas=120),
    "dots": lambda t, ax: figures.dots(
        t, "nama", "target", "nilai", ax=ax, nama_awal="Target", nama_akhir="Realisasi", satuan="orang", label_awal=True
    ),
    "estimates": lambda t, ax: figures.estimates(t, "nama", "nilai", "bawah", "atas", ax=ax, satuan="indeks_100"),
    "line": lambda t, ax: figures.line(t, "tahun", "nilai", ax=ax, satuan="persen", selang=("bawah", "atas")),
    "line_teks": lambda t, ax: figures.line(t, "nama", "nilai", ax=ax, satuan="persen"),
    "slope": lambda t, ax: figures.slope(
        t, "nama", "nilai", "target", ax=ax, nama_awal="Mei", nama_akhir="Agustus", satuan="persen"
    ),
    "flow": lambda t, ax: figures.flow(t, "bagian", "nama", "nilai", ax=ax, satuan="rupiah", skala="juta"),
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


@pytest.mark.parametrize("nama", ["bars", "bullet", "dots", "estimates", "heatmap", "stacked"])
def test_empat_puluh_baris_bernama_panjang_tidak_bertindihan(nama):
    fig, ax = figures.canvas()
    GRAFIK[nama](_tabel(40, (3,)), ax)
    figures.sign(fig, judul=PANJANG, sumber=SUMBER)
    assert not _outside(fig)
    assert not _overlaps(ax.get_yticklabels())


@pytest.mark.parametrize("nama", ["bars_tegak", "line", "slope", "flow"])
def test_banyak_baris_tetap_di_dalam_kanvas(nama):
    fig, ax = figures.canvas()
    GRAFIK[nama](_tabel(14, (3,)), ax)
    figures.sign(fig, judul=PANJANG, sumber=SUMBER)
    assert not _outside(fig)
    if nama != "line":
        assert not _overlaps(ax.texts)


def test_kolom_bilangan_bulat_dengan_na():
    data = pd.DataFrame({"n": ["a", "b"], "v": pd.array([134171839274000, pd.NA], dtype="Int64")})
    fig, ax = figures.canvas()
    figures.bars(data, "n", "v", ax=ax, satuan="rupiah")
    assert [t.get_text() for t in ax.texts] == ["134.171.839.274.000", TIDAK_ADA]
    assert [p.get_width() for p in ax.patches] == [134171839274000]


def test_bahasa_inggris_sampai_ke_semua_tulisan():
    with fmt.using("en"):
        fig, ax = figures.canvas()
        figures.bars(_tabel(2, (1,)).assign(nilai=[1234.5, np.nan]), "tahun", "nilai", ax=ax, satuan="poin")
        assert [t.get_text() for t in ax.texts] == ["1,234.50", "not in the source"]
        FigureCanvasAgg(fig).draw()
        assert "1,000" in [t.get_text() for t in ax.get_xticklabels()]
        assert ax.get_xlabel() == "points"


@pytest.mark.parametrize("nama", sorted(set(GRAFIK) - {"heatmap", "waterfall", "line_teks"}))
def test_kolom_yang_tidak_ada_disebut(nama):
    fig, ax = figures.canvas()
    with pytest.raises(GalatParameter, match="'nilai'"):
        GRAFIK[nama](_tabel(2).drop(columns="nilai"), ax)


# Batang ---------------------------------------------------------------------------------------------------------------


def test_nama_berulang_tidak_menumpuk_batang():
    fig, ax = figures.canvas()
    figures.bars(pd.DataFrame({"n": ["a", "a"], "v": [1.0, 2.0]}), "n", "v", ax=ax, satuan="orang")
    assert [p.get_y() + p.get_height() / 2 for p in ax.patches] == [0, 1]
    with pytest.raises(GalatParameter, match="a, x muncul lebih dari sekali"):
        figures.bars(
            pd.DataFrame({"n": ["a", "a"], "g": ["x", "x"], "v": [1, 2]}), "n", "v", ax=ax, grup="g", satuan="orang"
        )


def test_selang_batang_dan_acuan_masuk_rentang():
    fig, ax = figures.canvas()
    data = pd.DataFrame({"n": ["a"], "v": [40.0], "b": [35.0], "t": [47.0]})
    figures.bars(data, "n", "v", ax=ax, satuan="persen", selang=("b", "t"), acuan={"Target": 90.0})
    ((kiri, _), (kanan, _)) = ax.collections[0].get_segments()[0]
    assert (kiri, kanan) == (35.0, 47.0)
    assert ax.get_xlim()[1] > 90
    assert "Target 90,00%" in [t.get_text() for t in ax.texts]


def test_batang_negatif_dan_angka_di_ujungnya():
    fig, ax = figures.canvas()
    figures.bars(pd.DataFrame({"n": ["a", "b"], "v": [-5.0, 5.0]}), "n", "v", ax=ax, satuan="poin")
    assert [(t.get_text(), t.get_ha()) for t in ax.texts] == [("−5,00", "right"), ("5,00", "left")]
    assert ax.get_xlim()[0] < -5


def test_angka_batang_rapat_diputar():
    fig, axes = figures.canvas(1, 3)
    data = pd.DataFrame({"n": [fmt.bulan(k) for k in range(1, 13)], "v": np.arange(12) * 1e6 + 1e7})
    figures.bars(data, "n", "v", ax=axes[0], orient="v", satuan="kpm")
    assert {t.get_rotation() for t in axes[0].texts} == {90}
    assert not _overlaps(axes[0].texts)
    assert {t.get_rotation() for t in axes[0].get_xticklabels()} == {90}


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


def test_taksiran_dengan_selang_grup_dan_alasan():
    data = pd.DataFrame(
        {
            "n": ["a", "a", "b", "b"],
            "g": ["rt", "ls"] * 2,
            "v": [40.0, 45.0, np.nan, 50.0],
            "b": [38.0, np.nan, np.nan, 47.0],
            "t": [42.0, np.nan, np.nan, 53.0],
            "ket": ["", "", "contoh terlalu sedikit", ""],
        }
    )
    fig, ax = figures.canvas()
    figures.estimates(
        data, "n", "v", "b", "t", ax=ax, grup="g", satuan="indeks_100", keterangan="ket", acuan={"Semua": 44.0}
    )
    titik = [tuple(c.get_offsets()[0]) for c in ax.collections if len(c.get_offsets())]
    assert [x for x, _ in titik if x in (40, 45, 50)] == [40, 45, 50]
    selang = [tuple(p[:, 0]) for c in ax.collections if hasattr(c, "get_segments") for p in c.get_segments()]
    assert selang == [(38, 42), (47, 53)]
    tulisan = [t.get_text() for t in ax.texts]
    assert {"40,00", "45,00", "50,00", "contoh terlalu sedikit", "Semua 44,00"} == set(tulisan)
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["rt", "ls"]


def test_angka_di_kiri_titik_tidak_menabrak_nama():
    data = pd.DataFrame({"n": [PANJANG, "b"], "t": [25.0, 40.0], "r": [1.15, 90.52]})
    fig, ax = figures.canvas()
    figures.dots(
        data, "n", "t", "r", ax=ax, nama_awal="Target", nama_akhir="Realisasi", satuan="persen", label_awal=True
    )
    _texts_drawn(fig)
    assert not _overlaps([*ax.get_yticklabels(), *ax.texts])
    assert min(ax.get_xticks()) >= 0


def test_satu_titik_per_baris_dan_sumbu_logaritma():
    data = pd.DataFrame({"n": ["a", "b"], "t": [np.nan] * 2, "r": [341.0, 19_037_175.0]})
    fig, ax = figures.canvas()
    figures.dots(data, "n", "t", "r", ax=ax, nama_awal="", nama_akhir="Jangkauan", satuan="orang", log=True)
    assert [t.get_text() for t in ax.texts] == ["341", "19.037.175"]
    _texts_drawn(fig)
    assert not _overlaps(ax.get_xticklabels())
    fig, ax = figures.canvas()
    figures.dots(
        data.assign(t=[5.0, np.nan]), "n", "t", "r", ax=ax, nama_awal="Target", nama_akhir="Jangkauan", satuan="orang"
    )
    assert [t.get_text() for t in ax.texts] == ["341", "19.037.175 (Target: tidak ada di sumber)"]


def test_garis_menurut_tulisan_dan_tanggal():
    data = pd.DataFrame({"b": ["Jan", "Feb", "Mar"], "v": [1.0, 3.0, 2.0]})
    fig, ax = figures.canvas()
    figures.line(data, "b", "v", ax=ax, satuan="kpm")
    assert list(ax.lines[0].get_xdata()) == [0, 1, 2]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["Jan", "Feb", "Mar"]
    data["b"] = pd.to_datetime(["2019-03-01", "2019-09-01", "2020-03-01"])
    fig, ax = figures.canvas()
    figures.line(data, "b", "v", ax=ax, satuan="kpm")
    assert [t.get_text() for t in ax.get_xticklabels()] == ["Mar\n2019", "Sep\n2019", "Mar\n2020"]
    assert np.diff(ax.lines[0].get_xdata()).tolist() == [184, 182]


def test_pita_selang_dan_penanda_yang_berlainan():
    data = pd.DataFrame(
        {"t": [2018, 2019] * 2, "g": ["a", "a", "b", "b"], "v": [1.0, 2, 3, 4], "l": [0.5, 1, 2, 3], "u": [2, 3, 4, 5]}
    )
    fig, ax = figures.canvas()
    figures.line(data, "t", "v", ax=ax, grup="g", satuan="persen", selang=("l", "u"))
    pita = [c for c in ax.collections if not len(c.get_offsets()) or c.get_alpha() == 0.16]
    assert len(pita) == 2
    assert ax.get_ylim()[0] < 0.5
    assert ax.get_ylim()[1] > 5
    bentuk = {
        tuple(map(tuple, c.get_paths()[0].vertices.round(3)))
        for c in ax.collections
        if c.get_alpha() is None and len(c.get_offsets())
    }
    assert len(bentuk) == 2


def test_nama_deret_yang_berimpit_dijauhkan():
    nama = [f"Deret nomor {i}" for i in range(6)]
    data = pd.DataFrame([(t, n, 10 + 0.001 * i) for t in (2019, 2020) for i, n in enumerate(nama)], columns=list("tnv"))
    fig, ax = figures.canvas()
    figures.line(data, "t", "v", ax=ax, grup="n", satuan="persen", label_titik=False)
    figures.sign(fig, judul="Judul", sumber=SUMBER)
    _texts_drawn(fig)
    assert {t.get_text() for t in ax.texts} == set(nama)
    assert not _overlaps(ax.texts)
    assert not _outside(fig)


def test_lereng_menyebut_sisi_yang_hilang():
    data = pd.DataFrame({"n": ["a", "b", "c"], "x": [1.0, 2.0, np.nan], "y": [2.0, np.nan, np.nan]})
    fig, ax = figures.canvas()
    figures.slope(data, "n", "x", "y", ax=ax, nama_awal="Mei", nama_akhir="Agustus", satuan="poin")
    assert [list(g.get_ydata()) for g in ax.lines] == [[1, 2]]
    tulisan = [" ".join(t.get_text().split()) for t in ax.texts]
    assert "2,00 b (Agustus: tidak ada di sumber)" in tulisan
    assert ax.get_xlabel() == "c: tidak ada di sumber"


def test_panel_yang_kurang_ditolak():
    data = pd.DataFrame({"g": ["a", "b", "c"], "n": ["x"] * 3, "v": [1.0, 2.0, 3.0]})
    fig, axes = figures.canvas(1, 2)
    with pytest.raises(GalatParameter, match="berpanel 2 tidak cukup untuk 3"):
        figures.small_multiples(axes, data, "g", lambda isi, ax: figures.bars(isi, "n", "v", ax=ax, satuan="orang"))


# Susunan --------------------------------------------------------------------------------------------------------------


def test_aliran_tiga_kolom_menjaga_jumlah_dan_tebal():
    data = pd.DataFrame(
        {"a": ["P", "P", "s1", "s2", "s2"], "b": ["s1", "s2", "R", "R", "T"], "v": [60.0, 40.0, 60.0, 30.0, np.nan]}
    )
    fig, ax = figures.canvas()
    figures.flow(data, "a", "b", "v", ax=ax, satuan="rupiah", kepala=["Pagu", "Sasaran", "Akhir"])
    kotak = [p for p in ax.patches if isinstance(p, Rectangle)]
    tinggi = [p.get_height() for p in kotak]
    assert np.allclose(np.array(tinggi) / tinggi[0], [1, 0.6, 0.4, 0.9])
    assert np.allclose(sorted({p.get_x() for p in kotak}), [0, 0.489, 0.978])
    pita = [p.get_path().vertices for p in ax.patches if isinstance(p, PathPatch)]
    # Kedua ujung pita sama tebal dan sebanding dengan nilainya.
    tebal = sorted((v[7, 1] - v[0, 1], v[4, 1] - v[3, 1]) for v in pita)
    assert np.allclose([t for t, _ in tebal], [t for _, t in tebal])
    assert np.allclose(np.array([t for t, _ in tebal]) / tinggi[0], [0.3, 0.4, 0.6, 0.6])
    tulisan = [t.get_text() for t in ax.texts]
    assert "s2 → T: tidak ada di sumber" in tulisan
    assert {"Pagu", "Sasaran", "Akhir", "P\n100", "R\n90"} <= set(tulisan)


def test_aliran_melingkar_dan_negatif_ditolak():
    fig, ax = figures.canvas()
    lingkar = pd.DataFrame({"a": ["x", "y"], "b": ["y", "x"], "v": [1.0, 1.0]})
    with pytest.raises(GalatParameter, match="melingkar"):
        figures.flow(lingkar, "a", "b", "v", ax=ax)
    with pytest.raises(GalatParameter, match="negatif"):
        figures.flow(lingkar.assign(v=-1.0), "a", "b", "v", ax=ax)


def test_pohon_kerangka_dan_penanda_asing():
    daun = pd.DataFrame(
        {
            "d": ["Dimensi"] * 29,
            "s": [f"Subdimensi {i // 3}" for i in range(29)],
            "n": [f"{PANJANG} {i}" for i in range(29)],
            "b": ["ya", "tidak", "tidak_pasti", "ya"] * 7 + ["ya"],
        }
    )
    fig, ax = figures.canvas()
    figures.tree(daun, ["d", "s", "n"], ax=ax, penanda={"b": "Rumah tangga miskin"})
    figures.sign(fig, judul=PANJANG, sumber=SUMBER)
    assert len(ax.lines) == 29
    assert not _outside(fig)
    assert not _overlaps(ax.texts)
    with pytest.raises(GalatParameter, match="mungkin tidak dikenal"):
        figures.tree(daun.assign(b="mungkin"), ["d", "s", "n"], ax=ax, penanda={"b": "x"})


def test_peta_panas_petak_sempit_memakai_batang_warna():
    data = pd.DataFrame(np.arange(60.0).reshape(2, 30) * 1000, index=["a", "b"])
    fig, ax = figures.canvas()
    figures.heatmap(data, ax=ax, satuan="poin")
    assert len(fig.axes) == 2
    assert not ax.texts


# Keadaan dan tanda ----------------------------------------------------------------------------------------------------


def test_angka_sintetis_menandai_gambar_tanpa_diminta():
    fig, ax = figures.canvas()
    figures.bars(_tabel(2).assign(keadaan=["dikutip", "sintetis"]), "tahun", "nilai", ax=ax, satuan="orang")
    assert [p.get_hatch() or "" for p in ax.patches] == ["", "xxxx"]
    figures.sign(fig, judul="Judul", keadaan="sintetis")
    assert sum(t.get_text() == "SINTETIS" for t in fig.texts) == 2
    fig, ax = figures.canvas()
    figures.heatmap(pd.DataFrame([[1.0, 2.0]]), ax=ax, satuan="poin", keadaan="sintetis")
    assert sum(t.get_text() == "SINTETIS" for t in fig.texts) == 2


def test_titik_berongga_diterangkan():
    fig, ax = figures.canvas()
    figures.line(_tabel(3), "tahun", "nilai", ax=ax, satuan="persen", keadaan="diturunkan")
    figures.sign(fig, judul="Judul", sumber="Sumber: x.")
    assert fig.texts[-1].get_text() == "Titik berongga: dihitung dari angka sumber. Sumber: x."
    assert tuple(ax.collections[0].get_facecolor()[0][:3]) == (1, 1, 1)
    with pytest.raises(GalatParameter, match="Kolom keadaan 'status'"):
        figures.line(_tabel(3), "tahun", "nilai", ax=ax, satuan="persen", keadaan="status")


def test_tanda_tangan_dapat_diganti_dan_judul_panjang_menambah_tinggi():
    fig, ax = figures.canvas()
    figures.bars(_tabel(2), "tahun", "nilai", ax=ax, satuan="orang")
    semula = fig.get_figheight()
    figures.sign(fig, judul=PANJANG * 4, sumber=SUMBER * 4)
    assert fig.get_figheight() > semula
    figures.sign(fig, judul="Pendek", sumber="Sumber: x.")
    assert fig.get_figheight() == pytest.approx(semula)
    assert [t.get_text() for t in fig.texts] == ["Pendek", "Sumber: x."]


def test_seluruh_bidang_tidak_ada_di_sumber():
    fig, ax = figures.canvas(size="pendek")
    figures.mark_missing(ax, None, f"Grafik {PANJANG} tidak sampai ke teks sumber")
    figures.sign(fig, judul="Judul", sumber=SUMBER)
    assert not _outside(fig)
    assert len(ax.get_xticks()) == 0


def test_gambar_yang_dibekukan_tidak_berubah_ukuran():
    fig, ax = figures.canvas()
    fig.draw_without_rendering()
    fig.set_layout_engine("none")
    ukuran = fig.get_size_inches().tolist()
    figures.bars(_tabel(30), "nama", "nilai", ax=ax, satuan="orang")
    assert fig.get_size_inches().tolist() == ukuran


@pytest.mark.parametrize("tebal", [False, True])
def test_lebar_tulisan_tidak_pernah_diremehkan(tebal):
    fig, ax = figures.canvas()
    for teks in (PANJANG, "Rp134,17 triliun", "▲ 226,29%", "a\nbaris yang lebih panjang"):
        artis = fig.text(0, 0, teks, fontsize=8.5, fontweight="bold" if tebal else "normal")
        FigureCanvasAgg(fig).draw()
        assert artis.get_window_extent().width / fig.dpi <= text_width(teks, 8.5, tebal) + 0.02
    assert all(text_width(b, 8.5) <= 2.0 for b in wrap_to(PANJANG, 2.0, 8.5).split("\n"))


def test_geseran_label_sekecil_mungkin():
    # Dua label berimpit di 5 dengan tinggi 2: masing-masing bergeser satu, bukan satu bergeser dua.
    assert spread([5.0, 5.0], [2, 2], 0, 10) == pytest.approx([4, 6])
    assert spread([5.0, 5.0], [2, 4], 0, 10) == pytest.approx([3.5, 6.5])
    assert spread([0.0, 9.9], [2, 2], 0, 10) == pytest.approx([1, 9])
    assert spread([], [], 0, 1) == []


def test_lipatan_seimbang_dan_kata_utuh():
    assert figures.wrap("Penanganan korban bencana alam: korban yang ditangani", 46).split("\n") == [
        "Penanganan korban bencana",
        "alam: korban yang ditangani",
    ]
    assert figures.wrap("Kementerian/Lembaga/Daerah", 10) == "Kementerian/Lembaga/Daerah"
    assert figures.wrap("pendek") == "pendek"
    assert figures.wrap("") == ""
