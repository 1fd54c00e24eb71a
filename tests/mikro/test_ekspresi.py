"""Bahasa ungkapan: nilai dihitung tangan, logika tiga nilai, dan pesan untuk tulisan yang salah."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinerja.errors import GalatKinerja, GalatParameter
from kinerja.mikro import GalatUngkapan, Penilai, urai

# Lima orang di dua rumah tangga; R606 kosong pada orang kedua dan kelima.
DATA = pd.DataFrame(
    {
        "R407": np.array([40, 8, 65, 30, 2], dtype=np.int8),
        "R606": [1.0, np.nan, 3.0, 2.0, np.nan],
        "JAM": [10.0, 0.0, 20.0, np.nan, 5.0],
        "HURUF": ["A", "B", None, "A", "C"],
        "KEL": [100, 100, 7, 7, 7],
    }
)
RUTA = np.array([0, 0, 1, 1, 1])
BOBOT = np.array([1.0, 1.0, 2.0, 3.0, 3.0])


def nilai(teks, **parameter):
    hasil = Penilai(DATA, parameter=parameter, ruta=RUTA, bobot=BOBOT).nilai(urai(teks))
    isi = np.broadcast_to(np.asarray(hasil.isi, dtype=float), (5,)).copy()
    if hasil.kosong is not None:
        isi[np.broadcast_to(hasil.kosong, (5,))] = np.nan
    return ["?" if np.isnan(x) else x for x in isi]


@pytest.mark.parametrize(
    ("teks", "harapan"),
    [
        ("R407 >= 15", [1, 0, 1, 1, 0]),
        ("R606 di [1, 2]", [1, "?", 0, 1, "?"]),
        ("R407 di [0..10, 60..98]", [0, 1, 1, 0, 1]),
        ("bukan R606 = 1", [0, "?", 1, 1, "?"]),
        ("bukan bukan R407 = 40", [1, 0, 0, 0, 0]),
        ("bukan bukan bukan R407 = 40", [0, 1, 1, 1, 1]),
        # Kleene: salah dan ? = salah; benar atau ? = benar.
        ("R407 > 30 dan R606 = 1", [1, 0, 0, 0, 0]),
        ("R407 < 10 dan R606 = 1", [0, "?", 0, 0, "?"]),
        ("R407 < 10 atau R606 = 1", [1, 1, 0, 0, 1]),
        ("R407 > 10 atau R606 = 1", [1, "?", 1, 1, "?"]),
        # dan lebih erat daripada atau; bukan lebih erat daripada dan.
        ("R407 = 40 atau R407 = 8 dan R407 = 65", [1, 0, 0, 0, 0]),
        ("(R407 = 40 atau R407 = 8) dan bukan R407 = 40", [0, 1, 0, 0, 0]),
        ("terisi(R606)", [1, 0, 1, 1, 0]),
        ("pasti(R606 = 1) atau R407 = 2", [1, 0, 0, 0, 1]),
        ('HURUF = "A"', [1, 0, "?", 1, 0]),
        ('HURUF di ["A", "C"]', [1, 0, "?", 1, 1]),
        # bilangan bulat kecil tidak meluap: 65 * 100 melebihi int8
        ("R407 * 100 + 1", [4001, 801, 6501, 3001, 201]),
        ("10 - 2 * 3 - 1", [3, 3, 3, 3, 3]),
        ("-JAM / 2", [-5, 0, -10, "?", -2.5]),
        ("100 / JAM", [10, "?", 5, "?", 20]),
        ("ada_ruta(R407 >= 60)", [0, 0, 1, 1, 1]),
        ("banyak_ruta(R407 >= 15)", [1, 1, 2, 2, 2]),
        ("jumlah_ruta(JAM)", [10, 10, 25, 25, 25]),
        # rumah tangga tanpa satu pun anggota yang diketahui tetap tidak diketahui
        ("ada_ruta(R606 = 3)", [0, 0, 1, 1, 1]),
        # bobot kumulatif menurut KEL: 7 -> 8, 100 -> 10; 80 persen tepat 8
        ("kuantil(KEL, 80)", [7] * 5),
        ("kuantil(KEL, 81)", [100] * 5),
        ("kuantil(KEL, batas)", [100] * 5),
        ("R407 > ambang", [1, 0, 1, 1, 0]),
    ],
)
def test_nilai_dihitung_tangan(teks, harapan):
    assert nilai(teks, batas=90, ambang=20) == harapan


def test_rumah_tangga_yang_seluruhnya_kosong_tidak_diketahui():
    data = pd.DataFrame({"X": [np.nan, np.nan, 1.0]})
    hasil = Penilai(data, ruta=np.array([0, 0, 1])).nilai(urai("ada_ruta(X = 1)"))
    assert hasil.kosong.tolist() == [True, True, False]
    assert hasil.isi[2]


def test_nama_yang_disebut_menurut_kemunculan():
    assert urai("R2 = 1 dan (R1 > R2 atau terisi(R3))").nama == ("R2", "R1", "R3")
    assert urai("R1 = 1").jenis == "syarat"
    assert urai("R1 + 1").jenis == "bilangan"


@pytest.mark.parametrize(
    ("teks", "pesan", "posisi"),
    [
        ("", "akhir tulisan", 1),
        ("R407 >=", "akhir tulisan", 8),
        ("R407 15", "'15'", 6),
        ("(R407 = 1", r"akhir tulisan, diharapkan '\)'", 10),
        ("R407 dan R606 = 1", "diperlukan syarat", 1),
        ("R606 = 1 atau R407", "diperlukan syarat", 15),
        ("(R407 = 1) + 2", "diperlukan bilangan", 1),
        ("R606 di []", "diharapkan angka", 10),
        ("R606 di [2..1]", "terbalik", 10),
        ("rata(R407)", "Fungsi 'rata' tidak dikenal", 1),
        ("terisi(R407, R606)", r"diharapkan '\)'", 12),
        ("R407 = 1; import os", "Tanda ';' tidak dikenal", 9),
        ("__import__('os')", "tidak dikenal", 1),
        ("R407 == 1", "Ditemukan '='", 7),
        ('HURUF < "A"', "Teks hanya dapat", 9),
        ("(" * 60 + "1" + ")" * 60, "bersusun", 41),
    ],
)
def test_tulisan_salah_menyebut_letak(teks, pesan, posisi):
    with pytest.raises(GalatUngkapan, match=pesan) as galat:
        urai(teks)
    assert galat.value.posisi == posisi


@pytest.mark.parametrize(
    ("teks", "pesan"),
    [
        ("R999 = 1", "'R999' tidak ada"),
        ("HURUF = 1", "Teks dibandingkan dengan bilangan"),
        ("HURUF + 1", "berisi teks"),
        ("kuantil(KEL, 101)", "0 sampai 100"),
    ],
)
def test_data_tidak_cocok(teks, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        nilai(teks)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet='R4 07()[],.=<>!+-*/"adntubkiesr', max_size=40))
def test_tulisan_apa_pun_hanya_berakhir_dengan_pesan(teks):
    try:
        hasil = urai(teks)
    except GalatUngkapan as galat:
        assert 1 <= galat.posisi <= len(teks) + 1
        return
    try:
        Penilai(DATA, parameter={}, ruta=RUTA, bobot=BOBOT).nilai(hasil)
    except GalatKinerja:
        return


_BATAS = st.integers(0, 70)


@settings(max_examples=60, deadline=None)
@given(_BATAS, _BATAS, st.booleans())
def test_de_morgan_berlaku_juga_bagi_yang_kosong(a, b, dan):
    kata, lawan = ("dan", "atau") if dan else ("atau", "dan")
    kiri = nilai(f"bukan (R407 > {a} {kata} R606 * 20 > {b})")
    assert kiri == nilai(f"bukan R407 > {a} {lawan} bukan R606 * 20 > {b}")
