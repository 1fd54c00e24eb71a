"""Reformasi birokrasi: angka harapan dari cetakan laporan dan hitungan tangan."""

import math

import pytest

from kinerja import birokrasi, capaian
from kinerja.data import Data
from kinerja.errors import GalatHitung


@pytest.fixture
def d(d2020):
    return d2020


def ganti(d, **tabel):
    return Data(d.tahun, {nama: d[nama] for nama in d.tables} | tabel, d.satuan, d.sumber)


def test_angka_terakhir_setiap_penilaian(d):
    frame = birokrasi.assessments(d)
    assert frame["nilai"].to_dict() == {"nilai_rb": 77.08, "pmprb": 81.17}
    assert frame["tahun"].to_dict() == {"nilai_rb": 2019, "pmprb": 2020}
    assert frame["target"].tolist() == [80, 80] and frame["akhir"].tolist() == [100, 100]
    assert frame.attrs["ids"]["nilai"] == {"nilai_rb": "rb/2019/nilai_rb", "pmprb": "rb/2020/pmprb"}


def test_kenaikan_hanya_milik_penilaian_luar(d):
    frame = birokrasi.assessments(d)
    assert (frame.at["nilai_rb", "awal"], frame.at["nilai_rb", "nilai_awal"]) == (2015, 68.05)
    assert frame.at["nilai_rb", "naik"] == 2.2575  # 9,03 / 4, dicetak 2,26
    assert math.isnan(frame.at["pmprb", "naik"])  # satu angka: kenaikan penilaian luar tidak dipinjam


def test_kenaikan_yang_diperlukan_menurut_aturan_bersama(d):
    frame = birokrasi.assessments(d)
    perlu = capaian.required_pace(frame["nilai"], frame["tahun"], frame["akhir"], frame["tahun_akhir"])
    assert perlu.tolist() == pytest.approx([22.92 / 5, 18.83 / 4])


def test_jalan_menurut_tahun(d):
    frame = birokrasi.path(d)
    assert list(frame.index) == list(range(2015, 2025))
    assert frame["nilai_rb"].dropna().to_dict() == {2015: 68.05, 2019: 77.08}
    assert frame["pmprb"].dropna().to_dict() == {2020: 81.17}
    assert frame["target"].dropna().to_dict() == {2020: 80, 2021: 85, 2022: 90, 2023: 95, 2024: 100}
    assert frame.attrs["keadaan"]["nilai_rb"][2015] == "diturunkan"  # 77,08 - 9,03


@pytest.mark.parametrize("ukuran", birokrasi.DERET)
def test_penilaian_tanpa_angka_ditolak(d, ukuran):
    rb = d["rb"]
    rb.loc[rb["ukuran"] == ukuran, "nilai"] = math.nan
    with pytest.raises(GalatHitung, match=f"Penilaian {ukuran} tidak punya angka"):
        birokrasi.assessments(ganti(d, rb=rb))


def test_tahun_tanpa_iku_dari_tabel_rb(d):
    iku = d["iku"]
    iku.loc[iku["kode"] == "IKU7", "pembilang"] = "ips/nilai"
    with pytest.raises(GalatHitung, match="Tidak ada IKU"):
        capaian.indicator_from(ganti(d, iku=iku), "rb")


def test_kearsipan(d):
    frame = birokrasi.archives(d)
    assert frame["nilai"].to_dict() == {16: 91.51, 17: 90.89, 18: 90.65, 19: 90.13, 20: 90.00, 21: 86.58}
    assert frame.index[frame["pelapor"]].tolist() == [19]
    assert frame["lalu"].dropna().to_dict() == {19: 89.22}


def test_tahun_tanpa_kearsipan_memberi_bingkai_kosong(d):
    tanpa = Data(d.tahun, {nama: d[nama] for nama in d.tables if nama != "kearsipan"}, d.satuan, d.sumber)
    kosong = birokrasi.archives(tanpa)
    assert kosong.empty and list(kosong) == list(birokrasi.archives(d))
