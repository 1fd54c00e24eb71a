"""Tujuh orang, dihitung di kertas dari kodebuku sampai indeks dan galat bakunya.

Bobot seluruhnya 14; separuhnya (7) tercapai pada belanja 20, jadi rt = orang 1, 2, 4, 5, 6 dan ls = orang 2, 4, 7.
I1 (rumah, sekali per rumah tangga bagi rt): baris kepala orang 1 (bobot 2, ya) dan 4 (bobot 1, tidak) -> 2/3.
I1 bagi ls, per orang: (2 + 4)/7 = 6/7. I2 (kerja, 15 tahun ke atas) bagi rt: (2 + 1)/6 = 1/2; bagi ls 4/7.
I3 tidak punya variabel. KE bagi rt tinggal B (separuh bobotnya), jadi KE = 50.
rt = (200/3 + 50)/2 = 175/3; ls = (600/7 + 400/7)/2 = 500/7; Ikesos = (175/3 + 500/7)/2 = 2725/42.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from kinerja.errors import GalatData, GalatHitung, GalatParameter
from kinerja.ikesos import Kerangka, siapkan
from kinerja.mikro import periksa

from .conftest import BARIS, baris, kerangka_kecil

HARAPAN = {
    "rt/I1": 200 / 3, "rt/I2": 50.0, "rt/I3": np.nan, "ls/I1": 600 / 7, "ls/I2": 400 / 7,
    "rt/A": 200 / 3, "rt/B": 50.0, "rt/C": np.nan, "rt/KD": 200 / 3, "rt/KE": 50.0,
    "ls/KD": 600 / 7, "ls/KE": 400 / 7, "rt": 175 / 3, "ls": 500 / 7, "IKESOS": 2725 / 42,
}  # fmt: skip


def peta(siap, kolom, tingkat="nasional", **pilihan):
    isi = siap.hitung(tingkat, simpul="semua", tahan=False, **pilihan)
    return isi.set_index("simpul")[kolom]


def test_nilai_setiap_simpul(siap):
    nilai = peta(siap, "nilai")
    for simpul, harapan in HARAPAN.items():
        assert nilai[simpul] == pytest.approx(harapan, rel=1e-12, nan_ok=True), simpul


def test_galat_baku_dihitung_tangan(siap):
    # Skor per PSU dalam per 49 (ls) dan per 9 (rt); ragam = jumlah kuadrat simpangan x n/(n-1) tiap strata.
    # ls/I2: PSU (-8, 0 | -4, 12)/49 -> 64 + 256 = 320; ls/I1: (2, 0 | -6, 4)/49 -> 4 + 100 = 104
    # ls: rata-ratanya (-3, 0 | -5, 8)/49 -> 9 + 169 = 178
    # rt bergaris taksiran. Bagian di bawah garis 1/2, jadi skor garis t = (2, -1,5 | 1,5, -2). Pita antara persentil
    # 45 (belanja 20) dan 55 (belanja 30) hanya memuat orang 7 (bobot 4, rumah ya, kerja ya), sehingga
    # b(I1) = 4 (1 - 2/3)/(3 x 4) = 1/9 dan b(I2) = 4 (1 - 1/2)/(6 x 4) = 1/12; skor = skor biasa - b t.
    # I1: (2, 0 | -2, 0)/9 - t/9 = (0, 1,5 | -3,5, 2)/9; I2: 0 - t/12; rt: (-12, 21 | -37, 28)/144
    se = peta(siap, "se")
    harapan = {
        "ls/I2": np.sqrt(320) / 49, "ls/I1": np.sqrt(104) / 49, "ls": np.sqrt(178) / 49,
        "rt/I1": np.sqrt(1.5**2 + 5.5**2) / 9, "rt/I2": np.sqrt(2 * 3.5**2) / 12, "rt": np.sqrt(33**2 + 65**2) / 144,
        "IKESOS": np.hypot(33 / 144 + 3 / 49, 65 / 144 + 13 / 49) / 2,
    }  # fmt: skip
    for simpul, nilai in harapan.items():
        assert se[simpul] == pytest.approx(100 * nilai, rel=1e-10, abs=1e-10), simpul


def test_responden_derajat_bebas_dan_bagian_bobot(siap):
    # rt/I1: dua kepala; rt/I2: tanpa anak lima tahun; anggota rt 5, ls 3, gabungan 6 orang (tanpa orang 3)
    n = peta(siap, "n")
    assert n[["rt/I1", "rt/I2", "rt/I3", "ls/I1", "rt", "ls", "IKESOS"]].tolist() == [2, 4, 0, 3, 5, 3, 6]
    # anggota rt ada di PSU 1 dan 3 (dua strata): df 0; ls di PSU 1, 3, 4: df 1; gabungan PSU 1, 3, 4
    assert peta(siap, "df")[["rt", "ls", "IKESOS"]].tolist() == [0, 1, 1]
    # rt kehilangan C, setengah dari KE: 3/4; Ikesos rata-ratanya dengan ls
    bagian = peta(siap, "bagian_bobot")
    assert bagian[["rt/KE", "rt", "ls", "IKESOS"]].tolist() == pytest.approx([0.5, 0.75, 1, 0.875])


def test_domain_tidak_menyaring_rancangan(siap):
    # strata 2: rt hanya rumah tangga 13: I1 0/1, I2 1/2; ls: I1 4/5, I2 4/5
    hasil = siap.hitung("provinsi", simpul="semua", tahan=False).set_index(["provinsi", "simpul"])["nilai"]
    assert hasil[2, "rt/I1"] == 0
    assert hasil[2, "rt"] == pytest.approx(25)
    assert hasil[2, "ls"] == pytest.approx(80)
    assert hasil[1, "ls"] == pytest.approx(50)
    # saringan sama dengan domainnya
    for provinsi in (1, 2):
        saring = peta(siap, "nilai", saring={"provinsi": provinsi})
        pd.testing.assert_series_equal(saring, hasil[provinsi], check_index_type=False)


def test_bobot_per_kode_dan_per_simpul(siap):
    assert peta(siap, "nilai", bobot={"KD": 3})["rt"] == pytest.approx((3 * 200 / 3 + 50) / 4)
    campur = peta(siap, "nilai", bobot={"KD": 3, "ls/KD": 0, "rt": 2})
    assert campur["ls"] == pytest.approx(400 / 7)
    assert campur["rt"] == pytest.approx(62.5)
    assert campur["IKESOS"] == pytest.approx((2 * 62.5 + 400 / 7) / 3)
    # bobot yang digeser tidak mengubah apa yang tersedia: KE tepat setengahnya tersedia, berapa pun bobot B dan C
    assert peta(siap, "nilai", bobot={"rt/C": 1.5})["rt/KE"] == pytest.approx(50)
    with pytest.raises(GalatParameter, match="XX"):
        siap.hitung(bobot={"XX": 1})
    with pytest.raises(GalatParameter, match="tak negatif"):
        siap.hitung(bobot={"KD": -1})


def test_geometrik_memakai_skala_1_100(siap):
    # 2/3 -> 67 dan 1/2 -> 50,5; 6/7 -> 1 + 99 * 6/7, 4/7 -> 1 + 99 * 4/7
    rt, ls = np.sqrt(67 * 50.5), np.sqrt((1 + 594 / 7) * (1 + 396 / 7))
    nilai = peta(siap, "nilai", agregasi="geometrik")
    assert nilai["rt"] == pytest.approx(rt, rel=1e-12)
    assert nilai["IKESOS"] == pytest.approx(np.sqrt(rt * ls), rel=1e-12)
    # indikator tetap ditampilkan sebagai persen
    assert nilai["rt/I1"] == pytest.approx(200 / 3)


def test_hasil_kali_adalah_rumus_tercetak(siap):
    # produk bobot x indeks: (175/3)/2 x (500/7)/2
    assert peta(siap, "nilai", agregasi="hasil_kali")["IKESOS"] == pytest.approx(175 / 3 * 500 / 7 / 4, rel=1e-12)
    assert peta(siap, "nilai", agregasi="hasil_kali")["rt"] == pytest.approx(175 / 3)


def test_hasil_kali_galat_baku_menurut_turunan(siap):
    # d(ab/4) = (b da + a db)/4 dengan a = rt, b = ls; skor PSU: rt (-12, 21 | -37, 28)/144, ls (-3, 0 | -5, 8)/49
    a, b = 175 / 3, 500 / 7
    u = (b * np.array([-12, 21, -37, 28]) / 144 + a * np.array([-3, 0, -5, 8]) / 49) / 4 * 100
    ragam = (u[0] - u[1]) ** 2 + (u[2] - u[3]) ** 2
    assert peta(siap, "se", agregasi="hasil_kali")["IKESOS"] == pytest.approx(np.sqrt(ragam), rel=1e-10)


def test_tonggak_dan_arah(orang):
    # tonggak 20-60 bagi I1 yang turun: 6/7 di luar -> 0; 2/3 di luar -> 0; I2: 50 persen pada tonggak 25-75 -> 50
    ganti = [b for b in BARIS if b["butir"] not in ("I1", "I2")]
    ganti += [
        baris("I1", "indikator", "I1", "RUMAH = 1", sasaran="rt ls", unit="ruta", arah="turun", bawah="20", atas="60"),
        baris("I2", "indikator", "I2", "KERJA = 1", sasaran="rt ls", unit="art", penyebut="UMUR >= 15", arah="turun",
              bawah="25", atas="65"),
    ]  # fmt: skip
    kodebuku = periksa(pd.DataFrame(ganti), "uji.csv")
    siap = siapkan(orang, kodebuku, Kerangka.susun(*kerangka_kecil(), kodebuku), n_minimum=1, n_daun=1)
    nilai, se = peta(siap, "nilai"), peta(siap, "se")
    assert nilai["rt/KD"] == 0 and nilai["ls/KD"] == 0
    assert nilai["rt/KE"] == pytest.approx(100 * (65 - 50) / 40)
    assert nilai["ls/KE"] == pytest.approx(100 * (65 - 400 / 7) / 40)
    # terpotong di tonggak: tidak ada lagi yang bergerak; di dalamnya galat baku dibesarkan 100/40
    assert se["ls/KD"] == 0
    assert se["ls/KE"] == pytest.approx(100 * np.sqrt(320) / 49 * 2.5)
    assert nilai["ls/I1"] == pytest.approx(600 / 7)


def test_tidak_tersedia_bukan_nol(siap):
    hasil = siap.hitung(simpul="semua").set_index("simpul")
    assert hasil.loc["rt/I3", "tanda"] == "tidak tersedia"
    assert hasil.loc["rt/I3", "keadaan"] == "tidak_tersedia"
    assert hasil.loc["rt/I1", "keadaan"] == "diturunkan"
    sandaran = siap.sandaran().set_index("simpul")
    assert sandaran.loc["rt/I3", "sebab"] == "variabel tidak ada di data: EMAS"
    assert bool(sandaran.loc["rt/I3", "tersedia"]) is False
    # tanpa definisi bagi lansia dan tidak pasti di sumber: tidak dipakai sama sekali
    assert bool(sandaran.loc["ls/I3", "dipakai"]) is False
    assert "tidak punya definisinya" in sandaran.loc["ls/I3", "alasan"]
    ringkas = siap.ringkasan_sandaran().set_index("sasaran")
    assert ringkas.loc["rt", ["dipakai", "tersedia"]].tolist() == [3, 2]
    assert ringkas.loc["rt", "bagian_bobot"] == pytest.approx(0.75)
    assert ringkas.loc["semua", "bagian_bobot"] == pytest.approx(0.875)


def test_ambang_menggugurkan_simpul(orang, kodebuku):
    kerangka = Kerangka.susun(*kerangka_kecil(), kodebuku, ambang=0.6)
    siap = siapkan(orang, kodebuku, kerangka, n_minimum=1, n_daun=1)
    nilai = peta(siap, "nilai")
    # KE rt hanya setengah tersedia: gugur; rt lalu hanya KD, setengah: gugur pula; Ikesos ikut
    assert nilai[["rt/KE", "rt", "IKESOS"]].isna().all()
    assert nilai["ls"] == pytest.approx(500 / 7)


def test_sel_tidak_pasti_dapat_dikeluarkan(orang, kodebuku):
    kerangka = Kerangka.susun(*kerangka_kecil(), kodebuku, tidak_pasti="tidak")
    assert set(kerangka.pohon.indicators) == {"rt/I1", "rt/I2", "rt/I3", "ls/I1"}
    siap = siapkan(orang, kodebuku, kerangka, n_minimum=1, n_daun=1)
    assert peta(siap, "nilai")["ls"] == pytest.approx(600 / 7)
    with pytest.raises(GalatParameter, match="berlaku, tidak"):
        Kerangka.susun(*kerangka_kecil(), kodebuku, tidak_pasti="mungkin")


def test_daun_beresponden_sedikit_dan_yang_ditahan(orang, kodebuku):
    siap = siapkan(orang, kodebuku, Kerangka.susun(*kerangka_kecil(), kodebuku), n_minimum=4, n_daun=3)
    hasil = siap.hitung(simpul="semua").set_index("simpul")
    # rt/I1 dua responden (< 3): dianggap tidak tersedia; ls tiga anggota (< 4): ditahan
    assert hasil.loc["rt/I1", "tanda"] == "tidak tersedia"
    assert hasil.loc["ls", "tanda"] == "ditahan"
    assert hasil.loc["ls", ["nilai", "se", "bawah", "atas", "rse"]].isna().all()
    assert pd.isna(hasil.loc["ls", "peringkat"])
    # rt/I2 cukup respondennya, tetapi tiap stratanya hanya berisi satu PSU: df 0, jadi ditahan juga
    assert hasil.loc["rt/I2", ["df", "tanda"]].tolist() == [0, "ditahan"]
    assert siap.hitung(simpul="rt/I2", tahan=False)["nilai"].item() == 50


def test_bobot_nol_dan_parameter_lain(orang, kodebuku):
    # 80 persen: kumulatif 10 -> 4, 20 -> 7, 30 -> 11 (>= 11,2? tidak), 50 -> 14: semua orang
    siap = siapkan(
        orang,
        replace(kodebuku, parameter={"persen": 80.0}),
        Kerangka.susun(*kerangka_kecil(), kodebuku),
        n_minimum=1,
        n_daun=1,
    )
    assert peta(siap, "n")["rt"] == 7
    assert peta(siap, "nilai")["rt/I1"] == pytest.approx(100 * (2 + 3 + 4) / 10)


def test_tanpa_strata_dan_psu_memakai_pengganti(orang, kodebuku):
    siap = siapkan(
        orang.drop(columns="PSU"), kodebuku, Kerangka.susun(*kerangka_kecil(), kodebuku), n_minimum=1, n_daun=1
    )
    assert len(siap.keterangan) == 1 and "galat baku terlalu kecil" in siap.keterangan[0]
    assert peta(siap, "nilai")["IKESOS"] == pytest.approx(2725 / 42)


@pytest.mark.parametrize(
    ("ubah", "pesan"),
    [
        (lambda d: d.drop(columns="W"), "baris 3.*variabel W"),
        (
            lambda d: d.drop(columns="BELANJA").assign(UMUR=20),
            "tidak satu pun kelompok sasaran.*BELANJA.*tidak seorang",
        ),
        (lambda d: d.assign(W=[1, 1, 1, np.nan, 1, 1, 1]), "penimbang|bobot kosong di 1 baris"),
        (lambda d: d.assign(PSU=[1, 1, np.nan, 3, 3, 3, 4]), "psu kosong di 1 baris"),
        (lambda d: d.assign(KERJA="ya"), "baris 12, kolom 'pembilang'.*Teks dibandingkan"),
        (lambda d: d.drop(columns=["RUMAH", "KERJA"]), "tidak satu pun indikator"),
    ],
)
def test_data_tidak_cocok_dengan_kodebuku(orang, kodebuku, ubah, pesan):
    with pytest.raises(GalatData, match=pesan):
        siapkan(ubah(orang), kodebuku, Kerangka.susun(*kerangka_kecil(), kodebuku))


def test_psu_tunggal_ditolak_lalu_dapat_dipilih(orang, kodebuku):
    orang["PSU"] = [1, 1, 1, 3, 3, 3, 4]
    kerangka = Kerangka.susun(*kerangka_kecil(), kodebuku)
    with pytest.raises(GalatHitung, match="hanya memiliki satu PSU"):
        siapkan(orang, kodebuku, kerangka)
    siap = siapkan(orang, kodebuku, kerangka, psu_tunggal="certainty", n_minimum=1, n_daun=1)
    assert peta(siap, "nilai")["IKESOS"] == pytest.approx(2725 / 42)


def test_kodebuku_di_luar_kerangka():
    kodebuku = periksa(
        pd.DataFrame([*BARIS, baris("I9", "indikator", "I9", "X = 1", sasaran="rt", unit="art", arah="naik")]),
        "uji.csv",
    )
    with pytest.raises(GalatParameter, match="I9"):
        Kerangka.susun(*kerangka_kecil(), kodebuku)


@pytest.mark.parametrize(
    ("pilihan", "pesan"),
    [
        ({"tingkat": "desa"}, "nasional, provinsi"),
        ({"sasaran": "xx"}, "semua, rt, ls"),
        ({"simpul": "KX"}, "Simpul 'KX'"),
        ({"simpul": "indikator", "sasaran": "pd"}, "Sasaran 'pd'"),
        ({"agregasi": "median"}, "median"),
        ({"saring": {"provinsi": 9}}, "9"),
    ],
)
def test_pilihan_salah(siap, pilihan, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        siap.hitung(**pilihan)
