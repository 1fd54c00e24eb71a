"""Reformasi birokrasi: angka harapan dari cetakan laporan dan hitungan tangan."""

import math

import pandas as pd
import pytest

from kinerja import birokrasi, fmt
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatParameter


@pytest.fixture
def d(d2020):
    return d2020


def ganti(d, **tabel):
    return Data(d.tahun, {nama: d[nama] for nama in d.tables} | tabel, d.satuan, d.sumber)


def test_deret_lengkap_dengan_tahun_kosong(d):
    deret = birokrasi.series(d).set_index(["ukuran", "tahun"])
    assert list(deret.loc["nilai_rb"].index) == list(deret.loc["pmprb"].index) == [2015, 2016, 2017, 2018, 2019, 2020]
    ada = deret["nilai"].dropna()
    assert ada.to_dict() == {("nilai_rb", 2015): 68.05, ("nilai_rb", 2019): 77.08, ("pmprb", 2020): 81.17}
    assert (deret.loc[deret["nilai"].isna(), "keadaan"] == "tidak_tersedia").all()
    assert deret.loc[("nilai_rb", 2015), "keadaan"] == "diturunkan"  # 77,08 - 9,03


def test_komponen_berjumlah_81_17(d):
    frame = birokrasi.components(d).set_index("komponen")
    assert frame["nilai"].to_dict() == {"pmprb_proses": 45.86, "pmprb_hasil": 35.31, "jumlah": 81.17, "pmprb": 81.17}
    assert frame.loc["pmprb_proses", "bagian"] == pytest.approx(56.4987, abs=5e-5)  # 45,86 / 81,17


def test_komponen_yang_hilang_tidak_dijumlahkan(d):
    rb = d["rb"]
    rb.loc[rb["ukuran"] == "pmprb_hasil", ["nilai", "keadaan"]] = [math.nan, "tidak_tersedia"]
    frame = birokrasi.components(ganti(d, rb=rb)).set_index("komponen")
    assert math.isnan(frame.loc["jumlah", "nilai"]) and frame.loc["jumlah", "keadaan"] == "tidak_tersedia"


def test_capaian_sama_dengan_cetakan(d):
    frame = birokrasi.achievements(d).set_index(["ukuran", "tahun_target"])
    assert fmt.persen(frame.loc[("pmprb", 2020), "capaian"]) == "101,46%"
    assert fmt.persen(frame.loc[("nilai_rb", 2020), "capaian"]) == "96,35%"
    assert fmt.persen(frame.loc[("pmprb", 2024), "capaian"]) == "81,17%"
    assert frame["tercetak"].dropna().to_dict() == {
        ("pmprb", 2020): 101.46,
        ("pmprb", 2024): 81.17,
        ("nilai_rb", 2020): 96.35,
    }


def test_kenaikan_rata_rata(d):
    naik = birokrasi.mean_rise(d)
    assert (naik["awal"], naik["akhir"], naik["jarak_tahun"]) == (2015, 2019, 4)
    assert naik["kenaikan"] == 9.03
    assert naik["per_tahun"] == 2.2575  # 9,03 / 4
    assert fmt.angka(naik["per_tahun"], 2) == "2,26"  # tercetak


def test_laju_dari_penilaian_mandiri(d):
    laju = birokrasi.pace(d).set_index("tahun")
    assert laju["target"].to_dict() == {2020: 80, 2021: 85, 2022: 90, 2023: 95, 2024: 100}
    assert laju["jarak"].to_dict() == {2020: -1.17, 2021: 3.83, 2022: 8.83, 2023: 13.83, 2024: 18.83}
    # 3,83/1; 8,83/2; 13,83/3; 18,83/4; target 2020 sudah terlampaui
    assert laju["laju_perlu"].tolist() == pytest.approx([0, 3.83, 4.415, 4.61, 4.7075])
    assert fmt.angka(laju.loc[2022, "laju_perlu"], 2) == "4,42"
    assert laju.loc[2024, "proyeksi"] == 90.2  # 81,17 + 4 x 2,2575
    assert laju.loc[2024, "selisih_proyeksi"] == -9.8


def test_laju_dari_penilaian_luar(d):
    baris = birokrasi.pace_to(d, 2024, "nilai_rb")
    assert (baris["awal"], baris["sisa_tahun"], baris["jarak"]) == (2019, 5, 22.92)
    assert baris["laju_perlu"] == pytest.approx(4.584)  # 22,92 / 5
    assert baris["proyeksi"] == pytest.approx(88.3675)  # 77,08 + 5 x 2,2575


def test_tahun_habis_dan_target_belum_tercapai_tanpa_laju(d):
    renstra = d["renstra"]
    renstra.loc[(renstra["kode"] == "IKU7") & (renstra["tahun"] == 2020), "nilai"] = 82.0
    baris = birokrasi.pace_to(ganti(d, renstra=renstra), 2020)
    assert baris["jarak"] == 0.83 and math.isnan(baris["laju_perlu"])


def test_proyeksi_tidak_melewati_skala(d):
    rb = d["rb"]
    rb.loc[(rb["ukuran"] == "nilai_rb") & (rb["tahun"] == 2015), "nilai"] = 40.0  # laju lalu 9,27 per tahun
    assert birokrasi.pace(ganti(d, rb=rb))["proyeksi"].max() == 100


@pytest.mark.parametrize(
    ("tahun", "ukuran", "pesan"),
    [(2019, "pmprb", "2020, 2021"), (2024, "rb", "dari: nilai_rb, pmprb")],
)
def test_pilihan_yang_tidak_ada_ditolak(d, tahun, ukuran, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        birokrasi.pace_to(d, tahun, ukuran)


def test_selisih_penilaian_menyebut_tahun_yang_berbeda(d):
    frame = birokrasi.evaluation_gap(d)
    setahun = frame[frame["jenis"] == "setahun"]
    assert list(setahun["tahun_rb"]) == [2018, 2019, 2020] and setahun["selisih"].isna().all()
    akhir = frame.iloc[-1]
    assert (akhir["tahun_rb"], akhir["tahun_pmprb"], akhir["tahun_sama"]) == (2019, 2020, False)
    assert akhir["selisih"] == 4.09  # 81,17 - 77,08


def test_delapan_area_dihitung_dari_daftar_tercetak(d):
    frame = birokrasi.areas(d)
    assert len(frame) == 8
    assert frame["upaya"].tolist() == [6, 6, 2, 4, 11, 7, 6, 7]
    assert frame["rekomendasi"].tolist() == [3, 4, 1, 3, 5, 4, 4, 2]
    assert (frame["upaya"].sum(), frame["rekomendasi"].sum()) == (49, 26)


def test_angka_pendukung(d):
    angka = birokrasi.supporting_numbers(d).set_index("hal")["nilai"]
    assert angka["agen_perubahan"] == 311
    assert angka["pejabat_disetarakan"] + angka["pejabat_inpassing"] == 418
    assert angka[["peraturan_presiden", "peraturan_pemerintah", "peraturan_menteri"]].tolist() == [1, 4, 17]
    assert angka["indeks_pelayanan"] == 3.56


def test_kearsipan(d):
    frame = birokrasi.archive_scores(d).set_index("peringkat")
    assert list(frame.index) == [16, 17, 18, 19, 20, 21]
    assert frame.index[frame["pelapor"]].tolist() == [19]
    assert frame["selisih"].tolist() == [1.38, 0.76, 0.52, 0, -0.13, -3.55]
    # peringkat 16 bernilai 91,51 tetapi tercetak "Memuaskan", di bawah 90,89 yang "Sangat Memuaskan"
    assert frame.index[frame["terbalik"]].tolist() == [16]
    jalur = birokrasi.archive_trend(d)
    assert jalur["nilai"].tolist() == [89.22, 90.13]
    assert jalur["kenaikan"].iloc[1] == jalur["tercetak"].iloc[1] == 0.91


def test_deret_kosong_ditolak(d):
    rb = d["rb"]
    kosong = rb.assign(nilai=float("nan"), keadaan="tidak_tersedia")
    with pytest.raises(GalatHitung, match="tidak punya angka"):
        birokrasi.latest(ganti(d, rb=kosong), "pmprb")
    satu = pd.concat([kosong[kosong["tahun"] < 2019], rb[rb["tahun"] == 2019]])
    with pytest.raises(GalatHitung, match="kenaikan memerlukan dua"):
        birokrasi.mean_rise(ganti(d, rb=satu))
