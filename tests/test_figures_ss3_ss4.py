"""Gambar dan kendali SS 3 dan SS 4: artis ditanya angkanya; angka harapan dari cetakan atau hitungan tangan."""

import pytest
from matplotlib.patches import Rectangle

from kinerja import birokrasi, fmt
from kinerja.buku import Buku
from kinerja.errors import GalatParameter
from kinerja.panels import ss4_reformasi_birokrasi as ss4


@pytest.fixture(autouse=True)
def bahasa_indonesia():
    with fmt.using("id"):
        yield


def sumbu(fig):
    return fig.axes[0]


def panjang_batang(ax):
    return [round(x.get_width(), 4) for x in ax.patches if isinstance(x, Rectangle)]


def tulisan(ax):
    return [x.get_text() for x in ax.texts]


def test_deret_hanya_menggambar_angka_yang_ada(d2020):
    ax = sumbu(ss4.plot_series(d2020))
    titik = {(float(x), round(float(y), 4)) for kumpulan in ax.collections for x, y in kumpulan.get_offsets()}
    assert {(2015, 68.05), (2019, 77.08), (2020, 81.17), (2024, 100.0), (2024, 90.2)} <= titik
    assert not {x for x, _ in titik} & {2016, 2017, 2018}
    assert any("tidak ada di sumber" in x for x in tulisan(ax))


def test_perpanjangan_mulai_dari_titik_tolak(d2020):
    for penilaian, awal in (("pmprb", (2020, 81.17)), ("nilai_rb", (2019, 77.08))):
        garis = sumbu(ss4.plot_series(d2020, penilaian)).lines[-1]
        assert (garis.get_xdata()[0], garis.get_ydata()[0]) == awal


def test_komponen(d2020):
    assert panjang_batang(sumbu(ss4.plot_components(d2020))) == [45.86, 35.31]


def test_laju(d2020):
    ax = sumbu(ss4.plot_pace(d2020, 2024))
    assert panjang_batang(ax) == [0, 3.83, 4.415, 4.61, 4.7075]
    assert [x.get_text() for x in ax.get_yticklabels()] == ["2020", "2021", "2022", "2023", "2024 ◀"]
    assert 2.2575 in [round(x.get_xdata()[0], 4) for x in ax.lines]
    with pytest.raises(GalatParameter, match="2020, 2021, 2022, 2023, 2024"):
        ss4.plot_pace(d2020, 2030)


def test_area_berlawanan_arah(d2020):
    lebar = panjang_batang(sumbu(ss4.plot_areas(d2020)))
    assert lebar == [-3, -4, -1, -3, -5, -4, -4, -2, 6, 6, 2, 4, 11, 7, 6, 7]


def test_kearsipan(d2020):
    ax = sumbu(ss4.plot_archives(d2020))
    assert [float(x.get_offsets()[0][0]) for x in ax.collections] == [91.51, 90.89, 90.65, 90.13, 90.0, 86.58]


@pytest.fixture
def buku4(d2020):
    return Buku("ss4_reformasi_birokrasi", tahun=2020, bahasa="id", data=d2020)


def test_kendali_laju(buku4):
    panel = ss4.panel(buku4, 2024)
    assert "4,71 poin per tahun; laju lalu 2,26, yang membawanya ke 90,20" in panel.hasil.teks
    panel.controls["penilaian"].value = "nilai_rb"
    panel.controls["tahun_sasaran"].value = 2022
    assert "nilai RB (penilaian luar) 2019 (77,08) ke target 90 pada 2022: 4,31 poin" in panel.hasil.teks
    assert panel.galat is None and len(panel.hasil.tabel.frame) == 1


@pytest.mark.parametrize("bahasa", ["id", "en"])
def test_bacaan_terisi_dalam_kedua_bahasa(bahasa, buku4, d2020):
    """Setiap tempat di teks, tabel, dan gambar mendapat nilai dari bacaan notebooknya."""
    with fmt.using(bahasa):
        for buku, isi in ((buku4, ss4.reading(d2020, 2024)),):
            for jenis in ("gambar", "bacaan"):
                for uraian in buku.teks[jenis].values():
                    teks = [x for x in (uraian.values() if jenis == "gambar" else [uraian]) if isinstance(x, dict)]
                    for x in teks:
                        assert "{" not in x[bahasa].format(tahun=2020, **isi)


def test_tahun_tanpa_kearsipan_tetap_terbaca(d2020):
    isi = {nama: d2020[nama] for nama in d2020.tables if nama not in ("kearsipan", "penghargaan")}
    data = type(d2020)(d2020.tahun, isi, d2020.satuan, d2020.sumber)
    assert "terbalik" not in ss4.reading(data, 2024)
    assert birokrasi.areas(data)["upaya"].sum() == 49


def test_versi_tercetak_yang_sama_menjadi_satu_baris(d2020):
    rb = ss4.printed_table(d2020)
    lalu = rb[rb["ukuran"] == "capaian_tahun_lalu"].iloc[0]
    assert (lalu["tercetak"], lalu["verdik"]) == (96.35, "sama")
