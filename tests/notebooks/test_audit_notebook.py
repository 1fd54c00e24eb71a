"""Audit: angka harapan dari cetakan laporan dan hitungan tangan."""

import pytest

from kinerja import audit, fmt
from kinerja.buku import Buku
from kinerja.kendali import register, register_result
from notebook_di_proses import run
from tergambar import plotted


@pytest.fixture(scope="module")
def bab():
    return run("audit")


@pytest.fixture(scope="module")
def semua(d2020):
    return audit.verdicts(d2020)


@pytest.fixture(scope="module")
def buku(d2020):
    return Buku("audit", tahun=2020, bahasa="id", data=d2020)


def test_kepala(bab):
    assert bab.ringkas.kepala == (
        "420 dari 454 angka cocok; 16 bertentangan, termasuk angka utama (101,52 atau 103,58)"
    )
    assert "**92,5 persen**" in bab.ringkas.butir[0]  # 420/454
    assert "Capaian Kinerja: SS 2" in bab.ringkas.butir[2] and "**12** dari 124" in bab.ringkas.butir[2]


def test_enam_pertentangan_yang_penting(bab):
    """101,52/103,58; SS 2 90,80; DTKS 226,29 terhadap target yang lain; SDM 83,98; LKS 22,09; populasi tertukar digit."""
    isi = bab.ringkas.strip.frame
    assert isi["tercetak_angka"].tolist() == [103.58, 90.80, 226.29, 83.98, 22.09, 169_243]
    assert [round(x, 2) for x in isi["dihitung_angka"]] == [101.52, 90.94, 90.52, 84.62, 22.07, 169_423]


def test_pertentangan_dengan_hitungannya(bab):
    tabel = bab.jawab["pertentangan"].tabel
    assert list(tabel.frame["vonis"]) == ["bertentangan"] * 16 + ["beda"] * 6
    assert "11.200 − 6.423 = 4.777" in tabel.to_text()


def test_menurut_bab(bab):
    jawaban = bab.jawab["bab"]
    assert jawaban.frame.loc["Jumlah", ["diuji", "cocok", "beda_pembulatan", "salah"]].tolist() == [454, 420, 12, 22]
    batang = [x for jenis, _, isi in plotted(jawaban.axes[0]) if jenis == "batang" for x in isi]
    assert sum(batang) == 34 and max(batang) == 9
    assert jawaban.kalimat["gambar"] == "22 angka bertentangan atau beda, di 11 dari 18 bab"


def test_versi(bab):
    isi = bab.jawab["versi"].frame
    assert set(isi.loc[isi["kode"] == "SS2", "tercetak"]) == {90.93, 90.80, 90.94}
    assert len(bab.jawab["semua_versi"].frame) > len(isi)


def test_salah_tulis_dan_anggaran(bab):
    assert "**6** salah tulis dibetulkan" in bab.jawab["salah_tulis"].kalimat["jawab"]
    assert bab.jawab["anggaran"].kalimat["jawab"].startswith("Ya: **8** penjumlahan sama sampai rupiah terakhir")
    assert len(bab.jawab["pembulatan"].frame) == 12


def test_register_menurut_parameter(bab):
    assert len(bab.jawab["register"].frame) == 454
    isi = run("audit", vonis="beda", bab="Penghargaan").jawab["register"].frame
    assert list(isi["id"]) == ["penghargaan/lama_latsar"]


def test_kendali_menyaring(buku, semua):
    panel = register(buku, semua)
    assert panel.galat is None
    assert panel.hasil.teks.startswith("454 angka; 40 yang pertama")
    panel.controls["vonis"].value = "bertentangan"
    assert len(panel.hasil.tabel.frame) == 16
    panel.controls["bab"].value = "Capaian Kinerja: SS 3"
    assert list(panel.hasil.tabel.frame["id"]) == ["iku_tercetak/IKU6/target_akhir/prosa_iku6"]
    panel.controls["cari"].value = "tidak ada kata ini"
    assert panel.hasil.teks == "0 angka." and panel.galat is None
    assert all(k.description for k in panel.controls.values())
    assert register(buku, semua, "beda", "Penghargaan").values() == {"vonis": "beda", "bab": "Penghargaan", "cari": ""}
    assert len(register_result(buku, semua, "beda", "semua").tabel.frame) == 6


def test_inggris():
    bab = run("audit", bahasa="en")
    assert bab.ringkas.kepala.startswith("420 of 454 figures agree; 16 contradict others")
    with fmt.using("en"):
        teks = bab.jawab["pertentangan"].tabel.to_text()
    assert "11,200 − 6,423 = 4,777; printed 4,770. Only one digit differs: 0 should be 7." in teks
    assert "Performance results: SS 2: Accredited institutions (LKS) (text)" in teks
    assert "Capaian Kinerja" not in teks and "Ringkasan Eksekutif" not in teks
