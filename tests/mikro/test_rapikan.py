"""Satu langkah perapian: isi yang sama menjadi kolom yang sama, apa pun tipe asalnya; yang tidak tunggal artinya ditolak."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja.errors import GalatData
from kinerja.mikro.rapikan import ANGKA, HURUF, NOMOR, rapikan

KOSONG = ["", " ", ".", ".a", ".z", "NA", "nan", "#NULL!", None, "\x00", "\u00a0"]


def rapi(isi, tipe=None, **pilihan):
    return rapikan(pa.array(isi, tipe), "R1", "kor.csv", **pilihan)


def isi(kolom):
    return [None if pd.isna(x) else x for x in kolom.tolist()]


def kamus(isi):
    return pa.array(isi).dictionary_encode()


SAMA = {
    "bulat": ([1, 11, 300], np.int16, [
        pa.array([1, 11, 300], pa.int64()), pa.array([1, 11, 300], pa.uint16()), pa.array([1.0, 11.0, 300.0]),
        pa.array([1, 11, 300], pa.float32()), pa.array(["1", " 11", "300 "]), kamus(["1", "11", "300"]),
        pa.array([b"1", b"11", b"300"]), pa.array([Decimal("1.00"), Decimal("11"), Decimal("300")]),
        pa.array(["1.0", "11.0", "3e+02"]), pa.DictionaryArray.from_arrays([0, 1, 2], pa.array([1, 11, 300])),
        pa.array(["1", "11", "300"], pa.large_string()), pa.array([b"1  ", b"11 ", b"300"], pa.binary(3)),
    ]),
    "bulat bersel kosong": ([1, None, 0], np.float32, [
        pa.array([1, None, 0], pa.int8()), pa.array([1.0, float("nan"), 0.0]), pa.array(["1", "", "0"]),
        pa.array(["1", ".", "0"]), kamus(["1", None, "0"]), pa.array(["1.0", ".a", "0.0"]), pa.array(["1", "NA", "-0"]),
    ]),
    "pecahan": ([10.25, 3.0], np.float64, [
        pa.array([10.25, 3.0]), pa.array(["10.25", "3"]), pa.array(["10,25", "3"]), pa.array([" 10.25 ", "3.0"]),
        pa.array([Decimal("10.25"), Decimal("3")]),
    ]),
    "nomor berawalan nol": (["00123", "7"], "str", [
        pa.array(["00123", "7"]), pa.array(["00123 ", " 7"]), kamus(["00123", "7"]), pa.array([b"00123", b"7"]),
    ]),
    "huruf": (["A", None, "X"], "str", [
        pa.array(["A", "", "X"]), pa.array(["A ", " ", "X"]), kamus(["A", None, "X"]), pa.array(["A", ".", "X"]),
    ]),
    "kosong": ([None, None], np.float32, [
        pa.array(["", " "]), pa.nulls(2), pa.array([float("nan")] * 2), pa.array([None, None], pa.int8()), kamus([".", ""]),
    ]),
    "benar salah": ([1, 0], np.int8, [pa.array([True, False]), pa.array([1, 0])]),
}  # fmt: skip


@pytest.mark.parametrize("nama", SAMA)
def test_tipe_asal_tidak_berarti(nama):
    harap, tipe, semua = SAMA[nama]
    pertama = rapikan(semua[0], "R1", "kor.csv")
    assert isi(pertama) == harap
    assert pertama.dtype == (
        pd.CategoricalDtype(pd.Index(sorted(filter(None, harap)), dtype="str")) if tipe == "str" else tipe
    )
    for lain in semua[1:]:
        pd.testing.assert_series_equal(rapikan(lain, "R1", "kor.csv"), pertama, check_exact=True)


@pytest.mark.parametrize("kosong", KOSONG)
def test_tanda_tidak_ada_nilai(kosong):
    assert isi(rapi(["5", kosong])) == [5, None]
    assert isi(rapi(["A", kosong], jenis=HURUF)) == ["A", None]


def test_yang_diminta_kodebuku_didahulukan():
    assert rapi(["01", "11"], jenis=ANGKA).tolist() == [1, 11]
    assert rapi(["01", "11"], jenis=NOMOR).tolist() == ["01", "11"]
    assert rapi([1, 2], jenis=HURUF).tolist() == ["1", "2"]
    assert rapi([1.0, None], jenis=HURUF).tolist()[:1] == ["1"]
    hampa = rapi(["", " "], jenis=HURUF)
    assert isinstance(hampa.dtype, pd.CategoricalDtype) and hampa.isna().all()
    assert rapi(["1", "tidak tahu"], jenis=ANGKA).tolist() == ["1", "tidak tahu"]


def test_bilangan_besar_tetap_tepat():
    besar = 2**53 + 1
    assert rapi([besar, 1]).tolist() == [besar, 1]
    assert rapi([str(besar), "1"]).tolist() == [besar, 1]
    # kolom bilangan bersel kosong tidak dapat menyimpannya dengan tepat: menjadi teks, sama dari kedua tipe
    assert isi(rapi([besar, None])) == isi(rapi([str(besar), ""])) == [str(besar), None]
    assert rapi(["9" * 25, "1"]).tolist() == ["9" * 25, "1"]


@pytest.mark.parametrize(
    ("teks", "desimal", "nilai"),
    [
        (["1,234", "2"], ",", [1.234, 2]),
        (["1.234", "2"], ".", [1.234, 2]),
        (["1.234", "2"], ",", None),
        (["1,234", "2"], ".", None),
        (["1.234,5", "2"], ",", None),
        (["1.234.567", "2"], ".", None),
        (["10%", "2"], ".", None),
        (["Rp10", "2"], ".", None),
        (["10.25", "2"], ",", [10.25, 2]),
        (["10,25", "1,234"], ".", [10.25, 1.234]),
        (["1,5", "1.5"], ".", None),
        ([".5", "2"], ".", [0.5, 2]),
        (["-1", "+2"], ".", [-1, 2]),
    ],
)
def test_angka_yang_tidak_tunggal_artinya_ditolak(teks, desimal, nilai):
    if nilai is None:
        with pytest.raises(GalatData, match="baris 2, kolom 'R1'.*tanpa pemisah ribuan"):
            rapi(teks, desimal=desimal)
    else:
        assert rapi(teks, desimal=desimal).tolist() == nilai


@pytest.mark.parametrize(
    ("larik", "pesan"),
    [
        (pa.array([1.5, 2.0]), "1 nomor berupa pecahan"),
        (pa.array([2.0**53 + 2, 1.0]), "melebihi 9007199254740992"),
        (pa.array([20_000_001.0, 1.0], pa.float32()), "melebihi 16777216"),
        (pa.array(["1.23457E+11", "1"]), "notasi ilmiah"),
    ],
)
def test_nomor_yang_sudah_rusak_ditolak(larik, pesan):
    with pytest.raises(GalatData, match=pesan):
        rapikan(larik, "RENUM", "kor.dta", jenis=NOMOR)


@pytest.mark.parametrize("jenis", ["", ANGKA, HURUF, NOMOR])
@pytest.mark.parametrize("larik", [pa.array([1.0, float("inf")]), pa.array(["1.5", "1e999"])])
def test_tak_hingga_ditolak(larik, jenis):
    if jenis == HURUF and pa.types.is_string(larik.type):
        assert rapikan(larik, "R1", "kor.csv", jenis=jenis).tolist() == ["1.5", "1e999"]
        return
    with pytest.raises(GalatData, match="1 nilai tak hingga"):
        rapikan(larik, "R1", "kor.csv", jenis=jenis)


def test_nomor_bulat_dalam_bentuk_lain_diterima():
    assert rapi(["1e+05", "100001"], jenis=NOMOR).tolist() == [100000, 100001]
    assert rapi([100000.0, 100001.0], jenis=NOMOR).tolist() == [100000, 100001]


def test_tipe_bersusun_ditolak_dan_tanggal_menjadi_teks():
    with pytest.raises(GalatData, match="kolom bertipe list"):
        rapi([[1], [2]])
    assert rapi([dt.date(2020, 3, 1)]).tolist() == ["2020-03-01"]


@given(st.lists(st.one_of(st.none(), st.integers(-(2**53), 2**53)), min_size=1, max_size=20))
def test_bilangan_bulat_sama_dari_bilangan_dan_teks(angka):
    teks = pa.array(["" if x is None else str(x) for x in angka])
    pd.testing.assert_series_equal(rapikan(pa.array(angka, pa.int64()), "a", "b"), rapikan(teks, "a", "b"))


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20))
def test_pecahan_sama_sampai_bit_terakhir(angka):
    teks = pa.array([repr(x) for x in angka])
    a, b = rapikan(pa.array(angka), "a", "b"), rapikan(teks, "a", "b")
    np.testing.assert_array_equal(a.to_numpy(float), b.to_numpy(float))
    assert a.dtype == b.dtype
