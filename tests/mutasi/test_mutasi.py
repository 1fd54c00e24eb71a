"""Apakah angka mentah yang salah disadari: contoh 60 baris; semua baris dengan ``make mutasi``."""

import os

import pytest
from tests.mutasi import jaring

BANYAK = 60


@pytest.mark.parametrize(
    ("lama", "baru"),
    [("18397676", "18397677"), ("9", "8"), ("97.12", "97.13"), ("-0.39", "-0.38"), ("100.0", "100.1")],
)
def test_angka_terakhir_berganti_tanpa_mengubah_besarnya(lama, baru):
    assert jaring.change_last_digit(lama) == baru


def test_setiap_mutasi_terlihat_atau_dijelaskan():
    semua = jaring.rows(jaring.AKAR / "data" / "raw")
    putaran = os.environ.get("KINERJA_MUTASI_PUTARAN", "")
    dijelaskan = jaring.explained()
    with jaring.Jaring() as j:
        hasil = j.noticed(jaring.sample(semua, BANYAK, putaran))
    selamat = [str(x) for x, siapa in hasil if not siapa and (x.berkas, x.kunci) not in dijelaskan]
    assert not selamat, "angka mentah yang salah tidak terlihat di notebook mana pun: " + "; ".join(selamat)


def test_yang_dijelaskan_masih_ada():
    ada = {(x.berkas, x.kunci) for x in jaring.rows(jaring.AKAR / "data" / "raw")}
    assert set(jaring.explained()) <= ada
    assert all(jaring.explained().values()), "setiap baris memuat sebabnya"
