"""Kartu halaman depan: angka dari baris tebal tabel utama, letaknya terhadap target, dan keadaannya."""

import pytest

from kinerja import fmt
from kinerja.render.depan import cards


def kolom(nama, judul, isi, grup=None):
    return {"nama": nama, "judul": judul, "grup": grup, "isi": isi}


def persen(*nilai):
    return [[x, "persen_capaian", "diturunkan", 2] for x in nilai]


@pytest.fixture
def tabel():
    utama = {
        "nama": "utama",
        "tebal": [True, False, True, True],
        "kolom": [
            kolom("kode", "Kode", ["", "IKU1", "SS1", "SS2"]),
            kolom("nama", "Nama", ["Badan", "Indikator", "<Sasaran>", "Tanpa realisasi"]),
            kolom("capaian", "Dengan batas", persen(80.0, 60.0, 125.0, None), grup="Capaian"),
            kolom("golongan", "Terhadap target", ["di bawah", "di bawah", "di atas", "–"]),
        ],
    }
    keuangan = {
        "nama": "keuangan",
        "tebal": [True, False],
        "kolom": [
            kolom("pagu", "Pagu", [[2_000_000_000, "rupiah", "dikutip", 0]] * 2),
            kolom("realisasi", "Realisasi", [[1_500_000_000, "rupiah", "dikutip", 0]] * 2),
            kolom("penyerapan", "Realisasi keuangan", [[75.0, "persen", "diturunkan", 2]] * 2),
        ],
    }
    return {"ringkasan": [utama, keuangan]}


def test_kartu_dari_baris_tebal(tabel):
    hasil = cards(tabel, "id")
    assert [(x["kode"], x["nama"], x["nilai"]) for x in hasil] == [
        ("", "Badan", "80,00%"),
        ("SS1", "<Sasaran>", "125,00%"),
        ("", "Realisasi keuangan", "75,00%"),
    ]
    assert hasil[0]["golongan"] == "Terhadap target: di bawah"
    assert hasil[0]["ukuran"] == "Capaian, dengan batas"
    assert hasil[2]["ukuran"] == "Rp1,50 miliar dari Rp2,00 miliar"
    assert {x["keadaan"] for x in hasil} == {"diturunkan"}


def test_letak_pada_garis(tabel):
    # Garis sampai nilai terbesar, 125: target 100/125 = 80%, nilai 80/125 = 64%, 125/125 = 100%, 75/125 = 60%.
    assert [(x["lebar"], x["target"]) for x in cards(tabel, "id")] == [(64.0, 80.0), (100.0, 80.0), (60.0, 80.0)]


def test_bahasa_inggris(tabel):
    with fmt.using("en"):
        hasil = cards(tabel, "en")
    assert hasil[0]["nilai"] == "80.00%" and hasil[0]["keadaan"] == "derived"
    assert hasil[2]["ukuran"] == "Rp1.50 billion of Rp2.00 billion"


@pytest.mark.parametrize("isi", [{}, {"ringkasan": []}, {"keuangan": [{"nama": "utama", "tebal": [], "kolom": []}]}])
def test_laporan_sebagian_tanpa_kartu(isi):
    assert cards(isi, "id") == []
