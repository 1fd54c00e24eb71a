"""Gambar dan kendali notebook ringkasan dan keuangan: artis diuji dengan angka laporan, bukan dengan gambar acuan."""

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Rectangle

from kinerja import fmt
from kinerja.buku import Buku, read_teks
from kinerja.data import Data
from kinerja.panels import keuangan, ringkasan


@pytest.fixture(autouse=True)
def indonesian():
    with fmt.using("id"):
        yield


def open_quietly(nama: str, data: Data, **parameter) -> Buku:
    return Buku(nama, tahun=data.tahun, bahasa="id", data=data, parameter=parameter)


def without(data: Data, *nama: str) -> Data:
    return Data(data.tahun, {t: data[t] for t in data.tables if t not in nama}, data.satuan, data.sumber)


def texts(fig) -> list[str]:
    return [t.get_text() for ax in fig.axes for t in ax.texts]


def tick_labels(ax) -> list[str]:
    return [t.get_text().replace("\n", " ") for t in ax.get_yticklabels()]


def widths(ax) -> list[float]:
    return [p.get_width() for p in ax.patches if isinstance(p, Rectangle)]


def points(ax) -> list[tuple[float, float]]:
    return [tuple(xy) for kumpulan in ax.collections for xy in kumpulan.get_offsets()]


def draws(fig) -> None:
    """Gambar dapat digambar sampai selesai, termasuk tata letaknya."""
    FigureCanvasAgg(fig).draw()


# Ringkasan


def test_finance_source_leaves_the_second_source_out(d2020):
    assert "13 Januari 2021" not in ringkasan.finance_source(d2020, "total", "sasaran")
    assert "13 Januari 2021" in ringkasan.finance_source(d2020, "uke1", semua_tanggal=True)


# Keuangan


def test_ceiling_waterfall(d2020):
    fig = keuangan.ceiling_figure(d2020)
    draws(fig)
    batang = [(p.get_y(), p.get_height()) for p in fig.axes[0].patches if isinstance(p, Rectangle)]
    dasar, tinggi = np.array(batang).T
    assert list(tinggi[[0, -1]]) == [62_767_643_594_000, 134_171_839_274_000]
    assert tinggi[2] == 2_080_876_364_000 and dasar[2] == 104_440_903_730_000
    # Puncak langkah terakhir adalah pagu akhir.
    assert dasar[-2] + tinggi[-2] == 134_171_839_274_000
    assert any("43,75" in t for t in texts(fig))


def test_absorption_dots(d2020):
    fig = keuangan.absorption_figure(d2020)
    draws(fig)
    jenis, ss = fig.axes
    assert [round(x, 2) for x, _ in points(jenis)] == [88.55, 98.06, 99.51, 97.11]
    assert [round(x, 2) for x, _ in points(ss)] == [97.11, 98.42, 98.89, 95.64]
    assert "Rp128,10 triliun" in tick_labels(jenis)[3]
    assert jenis.lines[0].get_xdata()[0] == pytest.approx(97.119747, abs=1e-6)


def test_versions_dots(d2020):
    fig = keuangan.versions_figure(d2020, "agustus")
    draws(fig)
    ax = fig.axes[0]
    assert ax.get_xscale() == "log"
    fakir_miskin = [x for x, y in points(ax) if y == 0]
    assert fakir_miskin == [28_975_250_028_000, 59_993_150_028_000, 81_506_288_294_000]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == [
        "Januari",
        "Mei",
        "Agustus (angka di kanan)",
    ]
    assert "Rp4,89 triliun" in texts(fig)
    assert "Rp261,76 miliar" in texts(keuangan.versions_figure(d2020, "mei"))


def test_version_bars(d2020):
    fig = keuangan.version_figure(d2020, "agustus")
    draws(fig)
    assert widths(fig.axes[0])[:3] == [81_506_288_294_000, 45_965_654_775_000, 4_893_053_799_000]
    assert sum(widths(fig.axes[0])) == 134_008_919_106_000
    assert "Rp81,51 triliun (60,82%)" in texts(fig)


def test_units_figure_says_second_source(d2020):
    fig = keuangan.units_figure(d2020)
    draws(fig)
    assert [x for x, _ in points(fig.axes[0])] == [95.38, 99.88, 99.79, 94.76, 96.68, 95.17, 97.77]
    assert "SUMBER KEDUA" in texts(fig)


def test_nka_segment(d2020):
    fig = keuangan.nka_figure(d2020)
    draws(fig)
    x, y = fig.axes[0].lines[0].get_data()
    np.testing.assert_allclose(0.6 * np.asarray(x, float) + 0.4 * np.asarray(y, float), 93.07)
    assert "100,00 ; 82,68" in texts(fig)


def test_version_panel(d2020):
    panel = keuangan.version_panel(open_quietly("keuangan", d2020), "agustus")
    assert panel.controls["versi"].value == "agustus"
    assert "Rp134,01 triliun" in panel.hasil.teks and "Rp162,92 miliar" in panel.hasil.teks
    panel.controls["versi"].value = "januari"
    assert panel.galat is None and "Rp62,77 triliun" in panel.hasil.teks
    assert "31.380,07" in panel.hasil.tabel.to_text()


@pytest.mark.parametrize(("kode", "id_", "en"), [("mei", "Mei", "May"), ("revisi_2", "Revisi 2", "Revisi 2")])
def test_version_name(kode, id_, en):
    assert keuangan.version_name(kode) == id_
    with fmt.using("en"):
        assert keuangan.version_name(kode) == en
    assert fmt.language() == "id"


# Tahun yang datanya kurang


def test_year_without_optional_tables(d2020):
    d = without(d2020, "pagu", "pk_anggaran", "nka", "hitungan", "renja_anggaran")
    for fig in (
        keuangan.ceiling_figure(d),
        keuangan.versions_figure(d, "agustus"),
        keuangan.version_figure(d, "agustus"),
        keuangan.nka_figure(d),
    ):
        assert "tidak ada di sumber" in texts(fig)
    assert keuangan.nka(d)["nilai"].isna().all()
    assert keuangan.reading_ceiling(d)["awal"] == fmt.HILANG
    assert keuangan.reading(d)["cocok_hitungan"] == "hitungan laporan tidak ada di sumber"
    buku = open_quietly("keuangan", d)
    for frame, nama in (
        (keuangan.ceiling(d), "pagu"),
        (keuangan.one_version(d, "agustus"), "pk_versi"),
        (keuangan.all_versions(d), "pk_semua"),
        (keuangan.version_totals(d), "pk_jumlah"),
    ):
        nilai = keuangan.reading_ceiling(d) | keuangan.reading_versions(d, "agustus")
        assert "Tidak ada baris" in buku.build_table(frame, nama, **nilai).to_html(), nama


# Kedua bahasa


@pytest.mark.parametrize("nama", ["keuangan"])
def test_every_text_is_bilingual(nama):
    def walk(isi, tempat):
        if isinstance(isi, dict):
            if set(isi) & {"id", "en"}:
                assert {"id", "en"} <= set(isi), tempat
            for kunci, anak in isi.items():
                walk(anak, f"{tempat}/{kunci}")
        elif isinstance(isi, list):
            for i, anak in enumerate(isi):
                walk(anak, f"{tempat}/{i}")

    teks = read_teks(nama)
    teks.pop("sel")  # sel hanya memuat padanan Inggris; aslinya ada di notebook
    walk(teks, nama)


def test_english_figures(d2020):
    with fmt.using("en"):
        assert "SECOND SOURCE" in texts(keuangan.units_figure(d2020))
