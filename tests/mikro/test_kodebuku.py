"""Kodebuku: yang tersimpan sah dan lengkap; kesalahan menyebut baris dan kolom."""

import pandas as pd
import pytest

from kinerja import paths
from kinerja.errors import GalatData, GalatParameter
from kinerja.mikro import baca_kodebuku, periksa


@pytest.fixture(scope="module")
def baku():
    return baca_kodebuku()


@pytest.fixture
def tabel():
    return pd.read_csv(paths.acuan() / "kodebuku_susenas.csv", dtype=str, keep_default_na=False)


def test_semua_indikator_kerangka_ada(baku, d2020):
    kerangka = set(d2020["ikesos_kerangka"]["kode"])
    assert {b.untuk for b in baku.sejenis("indikator")} == kerangka


def test_yang_pasti_berlaku_di_sumber_punya_definisi(baku, d2020):
    for baris in d2020["ikesos_kerangka"].to_dict("records"):
        for sasaran in ("rt", "pd", "ls"):
            if baris[f"berlaku_{sasaran}"] == "ya":
                assert baku.indikator(baris["kode"], sasaran) is not None, (baris["kode"], sasaran)


def test_variabel_di_luar_kor_berawalan_sintetis(baku):
    # Menurut penelusuran variabel: modul MSBP, Podes, konsumsi, dan tabungan uang tidak ada di Kor.
    luar = {"KD2", "PS1", "PS2", "PS3", "PS4", "PS5", "PS6", "PS9", "PS11", "PS12", "KE6"}
    for b in baku.sejenis("indikator"):
        bertanda = [n for n in b.nama_variabel if n.startswith("SINTETIS")]
        assert bool(bertanda) == (b.untuk in luar), b.butir


def test_bekerja_tidak_penuh_hanya_bagi_lansia(baku):
    assert baku.indikator("KE1", "ls").butir == "KE1_ls"
    assert baku.indikator("KE1", "rt").butir == "KE1"
    assert baku.indikator("KD5", "ls") is None


def test_parameter_dapat_diganti(baku):
    assert baku.parameter["persen_terbawah"] == 40
    assert baku.dengan_parameter(persen_terbawah=20).parameter["persen_terbawah"] == 20
    with pytest.raises(GalatParameter, match="persen_atas"):
        baku.dengan_parameter(persen_atas=1)


def test_definisi_sasaran_lain(baku):
    assert baku.definisi_sasaran()["rt"].butir == "rt"
    assert baku.definisi_sasaran({"rt": "rt_bansos"})["rt"].butir == "rt_bansos"
    with pytest.raises(GalatParameter, match="rt, rt_bansos"):
        baku.definisi_sasaran({"rt": "ls"})


@pytest.mark.parametrize(
    ("butir", "kolom", "isi", "pesan"),
    [
        (
            "KD8",
            "pembilang",
            "R606 di [1, 2",
            r"kolom 'pembilang': ditemukan 'R606 di \[1, 2' \(ditemukan akhir tulisan.*huruf ke-14",
        ),
        ("KD8", "pembilang", "R606", "ditemukan bilangan 'R606'; diharapkan syarat"),
        ("kabkota", "pembilang", "R101 = 1", "diharapkan bilangan"),
        ("KD8", "jenis", "indikatr", "salah satu dari parameter, rancangan"),
        ("KD8", "unit", "orang", "salah satu dari art, ruta"),
        ("KD8", "arah", "", "salah satu dari naik, turun"),
        ("KD8", "status", "yakin", "salah satu dari terlihat"),
        ("KD8", "sasaran", "rt xx", "ditemukan 'xx'"),
        ("KD8", "tonggak_atas", "0", "lebih besar dari tonggak bawah"),
        ("KD8", "tonggak_atas", "seratus", "angka dengan titik desimal"),
        ("KD8", "butir", "KD9", "'KD9' dua kali"),
        ("KD2_ls", "sasaran", "rt ls", "juga di baris"),
        ("persen_terbawah", "pembilang", "empat puluh", "angka"),
        ("bobot", "pembilang", "", "tidak ada baris rancangan bobot"),
        ("provinsi", "untuk", "propinsi", "salah satu dari provinsi"),
        ("ls", "pembilang", "", "syarat keanggotaan"),
    ],
)
def test_kesalahan_menyebut_baris_dan_kolom(tabel, butir, kolom, isi, pesan):
    tabel.loc[tabel["butir"] == butir, kolom] = isi
    with pytest.raises(GalatData, match=pesan) as galat:
        periksa(tabel, "punya_saya.csv")
    assert str(galat.value).startswith("punya_saya.csv")


def test_berkas_dengan_kepala_salah(tmp_path):
    berkas = tmp_path / "kodebuku.csv"
    berkas.write_text("butir,jenis\nKD1,indikator\n", encoding="utf-8")
    with pytest.raises(GalatData, match="kolom untuk"):
        baca_kodebuku(berkas)
    with pytest.raises(GalatData, match="berkas tidak ada"):
        baca_kodebuku(tmp_path / "tiada.csv")
