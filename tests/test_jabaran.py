"""Jabaran: rumus sebuah sel dengan angka-angkanya; hitungan yang tidak menghasilkan isi selnya tidak diperlihatkan."""

import pandas as pd
import pytest

from colformula import Missing
from kinerja import data, fmt
from kinerja.jabaran import JabaranTabel, Penjabar
from kinerja.tables import Tabel


@pytest.fixture(scope="module")
def penjabar():
    return Penjabar(data.load(2020), lambda id_, kode=None: [f"{id_}|{kode}", "masukan"])


def tabel(frame, jabaran, penjabar, **kolom):
    kolom = {"nama": {"id": "Nama", "en": "Name"}, **kolom}
    spec = {"judul": {"id": "Uji", "en": "Test"}, "kolom": kolom}
    return Tabel.from_spec(frame, "uji", spec, jabaran=JabaranTabel(penjabar, jabaran))


def dua_baris(penjabar, jabaran, hasil=(50.0, 25.0)):
    frame = pd.DataFrame({"nama": ["a", "b"], "atas": [1, 2], "bawah": [2, 8], "hasil": hasil, "keadaan": "diturunkan"})
    angka = {"satuan": "orang", "keadaan": "dikutip"}
    return tabel(
        frame,
        jabaran,
        penjabar,
        atas={"id": "Atas", "en": "Top", **angka},
        bawah={"id": "Bawah", "en": "Bottom", **angka},
        hasil={"id": "Hasil", "en": "Result", "satuan": "persen", "keadaan": "diturunkan"},
    )


def kalimat(t, nomor=0):
    (kolom,) = [x for x in t.kolom if x.nama == "hasil"]
    return list(t.origin(kolom, nomor, t.cells(kolom)[nomor]))


def test_sel_dapat_dibuka_dengan_papan_ketik_dan_sentuh(penjabar):
    html = dua_baris(penjabar, {"hasil": "atas / bawah * 100"}).to_html()
    assert html.count('<details class="tk-asal"><summary>') == 2
    assert "<li>1 / 2 × 100 = 50,00</li>" in html and "<li>2 / 8 × 100 = 25,00</li>" in html


def test_hitungan_yang_tidak_menghasilkan_isi_sel_tidak_diperlihatkan(penjabar):
    benar = {"hasil": "atas / bawah * 100"}
    assert kalimat(dua_baris(penjabar, benar))[0] == "1 / 2 × 100 = 50,00"
    assert kalimat(dua_baris(penjabar, benar, hasil=(50.1, 25.0))) == []
    with pytest.raises(Missing, match="bukan 50.1"):
        t = dua_baris(penjabar, benar, hasil=(50.1, 25.0))
        t.jabaran.fill(t, "hasil", 0)


@pytest.mark.parametrize(
    "pola, hasil, teks",
    [
        ("sum(atas)", (3, 3), "1 + 2 = 3,00"),
        ("atas / sum(atas) * 300", (100, 200), "1 / (1 + 2) × 300 = 100,00"),
        ("mean(bawah)", (5, 5), "(2 + 8) / 2 = 5,00"),
        ("min(bawah) + max(bawah)", (10, 10), "terendah dari (2; 8) + tertinggi dari (2; 8) = 10,00"),
        ("min(bawah, 5) * 1", (2, 5), "terkecil dari (2; 5) × 1 = 2,00"),
        ("ceil(bawah * 0.3) + 0", (1, 3), "dibulatkan ke atas (2 × 0,3) + 0 = 1,00"),
        ("last(bawah) - atas", (7, 6), "8 − 1 = 7,00"),
        ('bawah[nama="b"] - atas', (7, 6), "8 − 1 = 7,00"),
        ("sum(bawah[upto]) + 0", (2, 10), "2 + 0 = 2,00"),
    ],
)
def test_rujukan_dan_fungsi(penjabar, pola, hasil, teks):
    t = dua_baris(penjabar, {"hasil": pola}, hasil=tuple(map(float, hasil)))
    assert kalimat(t)[0] == teks
    assert kalimat(t, 1) != []


def test_baris_sebelumnya_tidak_ada_di_baris_pertama(penjabar):
    t = dua_baris(penjabar, {"hasil": "bawah - previous(bawah)"}, hasil=(9.0, 6.0))
    assert kalimat(t) == [] and kalimat(t, 1)[0] == "8 − 2 = 6,00"


def test_pilihan_menurut_baris_dan_bahasa(penjabar):
    jabaran = {
        "hasil": [
            {"bila": {"nama": "a"}, "isi": {"id": "Setengah dari {bawah}", "en": "Half of {bawah}"}},
            "atas / bawah * 100",
        ]
    }
    assert kalimat(dua_baris(penjabar, jabaran)) == ["Setengah dari 2", "Bawah 2"]
    assert kalimat(dua_baris(penjabar, jabaran), 1)[0] == "2 / 8 × 100 = 25,00"
    with fmt.using("en"):
        assert kalimat(dua_baris(penjabar, jabaran)) == ["Half of 2", "Bottom 2"]


def test_id_masukan_hanya_bila_nilainya_sama(penjabar):
    jabaran = {"masukan": {"atas": "sdm/semua/populasi/rincian"}, "hasil": "atas / bawah * 100"}
    t = dua_baris(penjabar, jabaran)
    assert kalimat(t)[1] == "Atas 1", "id yang nilainya lain tidak boleh disebut"
    t.frame["atas"] = [169423, 2]
    t.frame["hasil"] = [169423 / 2 * 100, 25.0]
    assert "sdm/semua/populasi/rincian" in kalimat(dua_baris_dari(t.frame, jabaran, penjabar))[1]


def dua_baris_dari(frame, jabaran, penjabar):
    t = dua_baris(penjabar, jabaran)
    return Tabel(nama="uji", judul="Uji", frame=frame, kolom=t.kolom, jabaran=t.jabaran)


def test_sel_yang_bukan_turunan_tidak_dijabarkan(penjabar):
    frame = pd.DataFrame({"nama": ["a", "b"], "nilai": [1.0, None], "keadaan": ["dikutip", "tidak_tersedia"]})
    nilai = {"id": "Nilai", "en": "Value", "satuan": "persen"}
    assert "<details" not in tabel(frame, {"nilai": "1"}, penjabar, nilai=nilai).to_html()


def test_masukan_yang_ditahan_tidak_terbuka_lewat_jabaran(penjabar):
    t = dua_baris(penjabar, {"hasil": "atas / bawah * 100"})
    t.frame["atas"] = pd.array([None, 2], dtype="Int64")
    assert kalimat(dua_baris_dari(t.frame, {"hasil": "atas / bawah * 100"}, penjabar)) == []


def test_telusur_dan_catatan_data_mentah(penjabar):
    t = dua_baris(penjabar, {"hasil": {"telusur": "nama"}})
    assert kalimat(t) == ["a|None", "masukan"]
    t = dua_baris(penjabar, {"hasil": {"catatan": "slrt/2016/kabkota_slrt"}})
    assert kalimat(t)[0] == "70 - 20" and kalimat(t)[1].startswith("slrt/2016/kabkota_slrt (")
