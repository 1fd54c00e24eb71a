"""Susunan NIK: kasus yang disusun tangan, dan ketunggalan NIK buatan."""

import ibis
import numpy as np
import pandas as pd
import pytest

from kinerja.daftar import BUKAN_ANGKA, KOSONG, SAH, TANGGAL, URUT, WILAYAH, buatan, mutu

KASUS = [
    ("3171011708450001", SAH),  # Jakarta Pusat, 17 Agustus 1945
    ("3171015708450001", SAH),  # hari + 40: perempuan
    ("3171012902000001", SAH),  # 29 Februari 2000
    ("3171012902040001", SAH),  # 1904 atau 2004, keduanya kabisat
    ("9128017112999999", SAH),  # Papua, kode Kemendagri; perempuan lahir 31 Desember
    ("6404010101800001", SAH),  # kabupaten yang kini di provinsi lain: NIK lama tetap sah
    ("7319010101800001", SAH),  # kode lama sebelum pemekaran
    ("", KOSONG),
    ("   ", KOSONG),
    ("317101170845001", BUKAN_ANGKA),
    ("31710117084500011", BUKAN_ANGKA),
    (" 317101170845001", BUKAN_ANGKA),
    ("31710117O8450001", BUKAN_ANGKA),
    ("+317101170845001", BUKAN_ANGKA),
    ("3171011708450e01", BUKAN_ANGKA),  # dibaca mesin sebagai bilangan berpangkat
    ("12345678901234e2", BUKAN_ANGKA),
    ("12345678901234E2", BUKAN_ANGKA),
    ("123456789012345.", BUKAN_ANGKA),
    ("3171-11708450001", BUKAN_ANGKA),
    ("0000000000000000", WILAYAH),
    ("0171011708450001", WILAYAH),
    ("9999011708450001", WILAYAH),
    ("9304011708450001", SAH),  # Papua Selatan, Kepmendagri 300.2.2-2138/2025
    ("9401011708450001", SAH),  # Papua Tengah
    ("9508011708450001", SAH),  # Papua Pegunungan
    ("9671011708450001", SAH),  # Kota Sorong, Papua Barat Daya
    ("9271011708450001", SAH),  # Kota Sorong ketika masih Papua Barat
    ("9305011708450001", WILAYAH),  # Papua Selatan hanya empat kabupaten
    ("9701011708450001", WILAYAH),  # 97 Papua Pegunungan menurut BPS, bukan Kemendagri
    ("3171001708450001", WILAYAH),  # kecamatan 00
    ("3102011708450001", WILAYAH),  # Jakarta hanya satu kabupaten
    ("3176011708450001", WILAYAH),  # dan lima kota
    ("7671011708450001", WILAYAH),  # Sulawesi Barat tanpa kota
    ("3171013102900001", TANGGAL),
    ("3171012902010001", TANGGAL),  # 1901 dan 2001 bukan kabisat
    ("3171013104900001", TANGGAL),
    ("3171010013900001", TANGGAL),
    ("3171010113900001", TANGGAL),
    ("3171010100900001", TANGGAL),
    ("3171014001900001", TANGGAL),  # hari 40: bukan 0 + 40
    ("3171017201900001", TANGGAL),  # perempuan, hari 32
    ("3171011708450000", URUT),
]


@pytest.mark.parametrize(("tulisan", "cacat"), KASUS)
def test_cacat_pertama(tulisan, cacat, nilai_cacat):
    assert nilai_cacat[tulisan] == cacat


@pytest.fixture(scope="module")
def nilai_cacat(acuan):
    tabel = ibis.memtable(pd.DataFrame({"id": [x for x, _ in KASUS]}))
    hasil = mutu.Nik(kabkota=acuan.kabkota).mark(tabel).to_pandas()
    assert len(hasil) == len(KASUS)
    return dict(zip(hasil["id"], hasil["fault"], strict=True))


def test_kode_kabkota_memuat_semua_kabupaten_dan_kota(d2020):
    kode = pd.Series(mutu.kode_kabkota(d2020["nik_wilayah"])).astype(int)
    assert kode.is_unique
    banyak = kode.groupby(kode // 100).size()
    sekarang = d2020["provinsi"].set_index("kode_kemendagri")["n_kabkota"]
    # Sedikitnya sebanyak yang ada sekarang; kelebihannya kode lama di Kalimantan Timur dan Sulawesi Selatan.
    assert (banyak[sekarang.index] - sekarang).loc[lambda x: x != 0].to_dict() == {64: 5, 73: 5}
    # Provinsi yang dibentuk 2022 menurut Kepmendagri 300.2.2-2138/2025; kode lama Papua dan Papua Barat tetap sah.
    assert banyak[banyak.index.difference(sekarang.index)].to_dict() == {93: 4, 94: 8, 95: 8, 96: 6}


def test_nik_buatan_tunggal_dan_sah(acuan):
    nomor = np.concatenate([np.arange(300_000), 524 * 25_000 + np.arange(1000), 97_000_000 + np.arange(1000)])
    kode = np.array([int(k) for k in acuan[1]])
    angka = buatan.buat_nik(nomor, kode, nomor % 2 == 0)
    assert len(np.unique(angka)) == len(nomor)
    tabel = ibis.memtable(pd.DataFrame({"id": angka.astype(str)}))
    assert set(mutu.Nik(kabkota=acuan.kabkota).mark(tabel).to_pandas()["fault"]) == {SAH}
