"""Prioritas nasional: angka harapan dari cetakan laporan (4, 11, 11 keluaran) dan hitungan tangan."""

import pytest

from kinerja.buku import Buku
from kinerja.kendali import priorities, priorities_result
from notebook_di_proses import run
from tergambar import plotted


@pytest.fixture(scope="module")
def bab():
    return run("prioritas_nasional")


def test_kepala_dan_pokok(bab):
    # 107.200.000 - 96.961.792 = 10.238.208
    assert bab.ringkas.kepala == (
        "4 dari 26 keluaran di bawah target, terjauh “Pemutakhiran data kesejahteraan sosial”: kurang 10,2 juta data"
    )
    pokok = bab.ringkas.butir
    assert pokok[0].startswith("**11** keluaran tepat pada targetnya, **11** melampauinya, dan **4**")
    assert "**268,0 persen**" in pokok[2]  # 3.498 / 1.305
    assert "3.013 lembaga" in pokok[4] and "**2.406**" in pokok[4]


def test_strip_memuat_yang_di_bawah_target(bab):
    isi = bab.ringkas.strip.frame
    assert isi["lebih"].tolist() == [-10_238_208, -962_825, -140, -30]


def test_keluaran(bab):
    jawaban = bab.jawab["keluaran"]
    assert len(jawaban.frame) == 26
    assert jawaban.kalimat["gambar"] == "4 keluaran di bawah target, 2 lebih dari dua kali target"
    semua = sorted(round(x, 2) for jenis, _, isi in plotted(jawaban.axes[0]) if jenis == "batang" for x in isi)
    # dicetak: 90,45 95,18 98,49 99,89 ... 268,05; yang tepat 100% tidak digambar
    assert (semua[0], semua[-1], len(semua)) == (90.45, 268.05, 15)
    assert 100 not in semua


def test_kegiatan(bab):
    isi = bab.jawab["kegiatan"].frame
    assert isi.loc["Jumlah", ["di_bawah", "tepat", "di_atas", "keluaran"]].tolist() == [4, 11, 11, 26]
    assert isi.loc["Bantuan Sosial dan Subsidi Tepat Sasaran", "di_bawah"] == 3
    assert len(isi) == 8  # tujuh kegiatan prioritas dan jumlahnya


def test_rencana_dan_laporan(bab):
    jawaban = bab.jawab["sandingan"]
    assert "**23** butir, laporan **26** keluaran. **2** keluaran" in jawaban.kalimat["jawab"]
    lepas = jawaban.frame[jawaban.frame["hubungan"] == "tidak_terdaftar"]
    assert sorted(lepas["kode"]) == ["OUT14", "OUT15"]


def test_satu_prioritas():
    bab = run("prioritas_nasional", pn="PN5")
    assert bab.ringkas.kepala == "Semua 2 keluaran mencapai atau melampaui targetnya"
    assert len(bab.jawab["keluaran"].frame) == 2


@pytest.mark.parametrize("pn, banyak", [("semua", 26), ("PN1", 23), ("PN3", 1), ("PN5", 2)])
def test_kendali(d2020, pn, banyak):
    buku = Buku("prioritas_nasional", tahun=2020, bahasa="id", data=d2020, parameter={"pn": pn})
    hasil = priorities_result(buku, pn)
    assert len(hasil.tabel.frame) == banyak
    assert (hasil.png is None) == (pn == "PN3")  # keluaran tunggalnya tepat 100%
    assert priorities(buku, pn).galat is None


def test_inggris():
    bab = run("prioritas_nasional", bahasa="en")
    assert bab.ringkas.kepala == (
        "4 of 26 outputs missed their targets; “Updating of the welfare register” fell 10.2 million records short"
    )
