"""SS 3: angka harapan dari cetakan laporan (90,52; 226,29; 34,48; 84.117.470; 86,75) dan hitungan tangan."""

import pytest

from kinerja.buku import Buku
from kinerja.kendali import counting, counting_result
from notebook_di_proses import run
from tergambar import plotted


@pytest.fixture(scope="module")
def bab():
    return run("ss3_dtks")


def batang(jawaban):
    return [round(x, 4) for jenis, _, isi in plotted(jawaban.axes[0]) if jenis == "batang" for x in isi]


def test_kepala_dan_pokok(bab):
    assert bab.ringkas.kepala == "90,5 persen memakai DTKS hanya bila semua kabupaten/kota dianggap memakainya"
    pokok = " ".join(bab.ringkas.butir)
    # 544/601 = 90,52; 178/601 = 29,62; 30/87 = 34,48; 40% dari 601 = 240,4, jadi 241 - 30 = 211
    for angka in (
        "**544** dari 601",
        "226,3 persen",
        "**120 persen**",
        "**29,6 persen**",
        "**34,5 persen**",
        "**211 kabupaten/kota**",
        "148",
    ):
        assert angka in pokok, angka
    assert "**84,12 juta data**" in pokok and "**12,84 juta data**" in pokok


def test_skor_menurut_cara_menghitung(bab):
    isi = bab.jawab["skor"].frame
    assert isi["realisasi"].round(4).to_dict() == {"tercetak": 90.5158, "mutakhir": 29.6173, "kl_saja": 34.4828}
    assert isi["capaian"].round(2).to_dict() == {"tercetak": 120, "mutakhir": 74.04, "kl_saja": 86.21}
    assert sorted(batang(bab.jawab["skor"])) == [29.6173, 34.4828, 90.5158]
    assert bab.jawab["skor"].kalimat["gambar"] == "Target tercapai hanya bila semua kabupaten/kota dianggap memakai"
    assert "Target 40%" in [x.get_text() for x in bab.jawab["skor"].axes[0].texts]


def test_pilihan_pembaca_menambah_satu_cara():
    isi = run("ss3_dtks", kabkota_dihitung=211).jawab["skor"].frame
    assert round(isi.loc["pilihan", "realisasi"], 4) == 40.0998  # 241/601
    assert isi.loc["pilihan", "golongan"] == "di_atas"


def test_yang_diperlukan(bab):
    isi = bab.jawab["perlu"].frame
    assert isi["kabkota_perlu"].to_dict() == {2020: 211, 2021: 271, 2022: 331, 2023: 391, 2024: 451}
    assert set(isi["asal"]) == {"renstra"}
    assert batang(bab.jawab["perlu"]) == [211, 271, 331, 391, 451]
    assert "148" in bab.jawab["perlu"].kalimat["gambar"]


def test_nik(bab):
    isi = bab.jawab["nik"].frame["nilai"]
    assert (isi["padan"], isi["keluaran_pn"], isi["target_pn"]) == (84_117_470, 96_961_792, 107_200_000)
    assert (isi["tidak_padan"], isi["kurang_pn"]) == (12_844_322, 10_238_208)
    assert round(isi["persen_dihitung"], 2) == 86.75
    assert batang(bab.jawab["nik"]) == [84117470, 12844322]


def test_tujuan_dan_daftar(bab):
    isi = bab.jawab["tujuan"].frame
    assert isi["jumlah"].to_dict() == {"penyaluran": 20, "perencanaan": 11, "pengawasan": 5, "tidak_dicetak": 1}
    assert len(bab.jawab["pengguna"].frame) == 30
    assert bab.jawab["pemakai"].frame.set_index("kelompok")["tidak_memakai"].to_dict() == {
        "kl": 57, "kabkota": 0, "kabkota_mutakhir": 366, "kld": 57,
    }  # fmt: skip


def test_angka_yang_dihitung_dapat_dijabarkan(bab):
    tabel = bab.jawab["skor"].tabel
    assert "(30 + 148) / 601" in " ".join(tabel.jabaran.sentences(tabel, "realisasi", 1, "29,62"))
    tabel = bab.jawab["nik"].tabel
    assert "84.117.470 / 96.961.792" in " ".join(tabel.jabaran.sentences(tabel, "nilai", 9, "86,75"))


def test_kendali(d2020):
    buku = Buku("ss3_dtks", tahun=2020, bahasa="id", data=d2020)
    hasil = counting_result(buku, 211)
    assert hasil.png[:4] == b"\x89PNG" and "Pilihan pembaca" in hasil.alt
    assert hasil.tabel.frame.loc["pilihan", "memakai"] == 241
    panel = counting(buku, 148)
    assert panel.galat is None and panel.controls["kabkota"].value == 148


def test_inggris():
    bab = run("ss3_dtks", bahasa="en")
    assert bab.ringkas.kepala == "90.5% use the welfare register only if every district is deemed a user"
    assert "226.3% is capped at **120%**" in bab.ringkas.butir[0]
