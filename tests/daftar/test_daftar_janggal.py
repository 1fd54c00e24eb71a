"""Daftar seperti yang benar-benar dikirim orang: ditolak dengan menyebut kolomnya, atau dibaca dengan benar."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import listcheck
from kinerja.cli import daftar as perintah_daftar
from kinerja.daftar import periksa
from kinerja.errors import GalatData

from .conftest import periksa_folder, tulis_daftar

A, B, C, D = "3171011708450001", "3273014101900002", "1101010101800003", "5171010101850004"
KOLOM = ["nik", "program", "bulan", "provinsi", "dibayar", "ditransaksikan", "dikembalikan"]


def bayaran(baris):
    return pd.DataFrame(baris, columns=KOLOM)


def dtks(*nik):
    return pd.DataFrame({"nik": list(nik), "provinsi": [31] * len(nik)})


BIASA = [(A, "pkh", 4, 31, 100, 100, 0), (B, "bst", 4, 32, 100, 100, 0)]


@pytest.mark.parametrize(
    ("nik", "pesan"),
    [
        (lambda x: x.astype("float64"), "NIK berjenis float64"),
        (lambda x: x.map(Decimal).astype(pd.ArrowDtype(pa.decimal128(18, 2))), "NIK berjenis decimal"),
        (lambda x: pd.to_datetime(x.astype("int64") // 10**6), "NIK berjenis timestamp"),
        (lambda x: x.astype("float64").map("{:.5E}".format), "berpangkat"),
        (lambda x: "'" + x, "tanda petik"),
        (lambda x: x + ".0", "berakhiran .0"),
    ],
)
@pytest.mark.parametrize("daftar", ["dtks", "pembayaran"])
def test_nik_yang_rusak_oleh_jenisnya_ditolak(tmp_path, acuan, nik, pesan, daftar):
    isi = {"dtks": dtks(A, B), "pembayaran": bayaran(BIASA)}
    isi[daftar]["nik"] = nik(isi[daftar]["nik"])
    with pytest.raises(GalatData, match=pesan) as galat:
        periksa_folder(tulis_daftar(tmp_path, *isi.values()), acuan)
    assert galat.value.berkas == daftar and galat.value.kolom == "nik"


def test_nik_desimal_tanpa_pecahan_dibaca(tmp_path, acuan):
    isi = bayaran(BIASA)
    isi["nik"] = isi["nik"].map(Decimal).astype(pd.ArrowDtype(pa.decimal128(16, 0)))
    hasil = periksa_folder(tulis_daftar(tmp_path, dtks(A), isi), acuan)
    assert hasil.loc[hasil["ukuran"] == "luar_dtks", ["program", "n"]].to_numpy().tolist() == [["bst", 1]]


def test_satu_nik_berpetik_di_antara_seratus_satu_adalah_temuan(tmp_path, acuan):
    nik = [f"317101170845{i:04d}" for i in range(1, 101)]
    isi = bayaran([(x, "pkh", 4, 31, 1, 1, 0) for x in [*nik, "'" + A]])
    hasil = periksa_folder(tulis_daftar(tmp_path, dtks(*nik), isi), acuan)
    assert hasil.set_index("ukuran")["n"].get("nik_bukan_16_angka") == 1


def test_nama_program_tanpa_memandang_huruf_besar_dan_spasi(tmp_path, acuan):
    isi = bayaran(
        [
            (A, " BST ", 4, 31, 1, 1, 0),
            (A, "PKH", 4, 31, 1, 1, 0),  # terlarang bersama BST
            (B, "Sembako Jabodetabek", 4, 31, 1, 1, 0),
            (B, "sembako-jabodetabek", 4, 31, 1, 1, 0),  # nama lain program yang sama: ganda
            (C, "Beras 2020", 4, 11, 1, 1, 0),
            (C, "beras2020 ", 5, 11, 1, 1, 0),
        ]
    )
    hasil = periksa_folder(tulis_daftar(tmp_path, dtks(A, B, C), isi), acuan)
    n = hasil[hasil["daftar"] == "pembayaran"].groupby(["program", "ukuran"])["n"].sum()
    assert n["bst", "rangkap"] == n["pkh", "rangkap"] == 1
    assert n["sembako_jabodetabek", "ganda"] == 2
    assert n["Beras 2020", "baris"] == 2
    satu, dua = perintah_daftar.kalimat_program(hasil, acuan)
    assert "Beras 2020 (2 baris)" in satu and "bst dengan sembako" in dua and "bst dengan pkh" not in dua


def test_tanpa_pasangan_terlarang_dikatakan(tmp_path, acuan):
    hasil = periksa_folder(tulis_daftar(tmp_path, dtks(A), bayaran(BIASA[:1])), acuan)
    assert any(x.startswith("Rangkap tidak tersedia") for x in perintah_daftar.kalimat_program(hasil, acuan))


def test_provinsi_dan_bulan_asing_temuan_tersendiri(tmp_path, acuan):
    isi = bayaran(
        [
            (A, "pkh", 4, 99, 10, 10, 0),
            (A, "pkh", 13, 31, 10, 10, 0),
            (B, "pkh", 4, 97, 10, 10, 0),  # Papua Pegunungan
            (C, "pkh", None, None, 10, 10, 0),  # tidak diisi: bukan asing
        ]
    )
    daftar = dtks(A, B, C)
    daftar["provinsi"] = [31, 99, 98]
    hasil = periksa_folder(tulis_daftar(tmp_path, daftar, isi), acuan)
    asing = hasil[hasil["ukuran"].str.endswith("_asing")][["daftar", "bulan", "provinsi", "ukuran", "n"]]
    assert sorted(asing.to_numpy().tolist()) == [
        ["dtks", 0, 98, "provinsi_asing", 1],
        ["dtks", 0, 99, "provinsi_asing", 1],
        ["pembayaran", 4, 99, "provinsi_asing", 1],
        ["pembayaran", 13, 31, "bulan_asing", 1],
    ]


@pytest.mark.parametrize("bulan", [[202004, 202004], ["202004", "202004"], [4, 202004], [4.0, 202004.0]])
def test_bulan_yyyymm_satu_tahun(tmp_path, acuan, bulan):
    isi = bayaran([(A, "pkh", 4, 31, 1, 1, 0)] * 2).assign(bulan=bulan)
    hasil = periksa_folder(tulis_daftar(tmp_path, dtks(A), isi), acuan)
    assert hasil.loc[hasil["ukuran"] == "ganda", ["bulan", "n"]].to_numpy().tolist() == [[4, 2]]
    assert "bulan_asing" not in set(hasil["ukuran"])


def test_bulan_yyyymm_dua_tahun_tidak_tercampur(tmp_path, acuan):
    isi = bayaran([(A, "pkh", b, 31, 1, 1, 0) for b in (202004, 202104, 202104)])
    hasil = periksa_folder(tulis_daftar(tmp_path, dtks(A), isi), acuan)
    assert hasil.loc[hasil["ukuran"] == "ganda", ["bulan", "n"]].to_numpy().tolist() == [[202104, 2]]
    isi.loc[0, "bulan"] = 4
    isi.loc[3] = (B, "pkh", 202204, 31, 1, 1, 0)
    with pytest.raises(GalatData, match="bercampur YYYYMM"):
        periksa_folder(tulis_daftar(tmp_path / "b", dtks(A), isi), acuan)


def test_bulan_jarang_tidak_memakan_kolom_bit(tmp_path, acuan):
    """Dari 1 sampai dua miliar: tetap satu kolom bit, dan ganda di setiap ujungnya ditemukan."""
    bulan = [1, 12, 20_200_412, 2_000_000_000]
    isi = bayaran([(A, p, b, 31, 1, 1, 0) for p in ("pkh", "sembako") for b in bulan for _ in range(2)])
    hasil = periksa_folder(tulis_daftar(tmp_path, dtks(A), isi), acuan)
    ganda = hasil[hasil["ukuran"] == "ganda"].set_index(["program", "bulan"])["n"].to_dict()
    assert ganda == {(p, b): 2 for p in ("pkh", "sembako") for b in bulan}


def test_bulan_yang_ternyata_bukan_bulan_ditolak(tmp_path, acuan):
    isi = bayaran([(A, "pkh", b, 31, 1, 1, 0) for b in range(1, 400)])
    with pytest.raises(GalatData, match="bulan berlainan"):
        periksa_folder(tulis_daftar(tmp_path, dtks(A), isi), acuan)


def test_sebanyak_banyaknya_program_dan_bulan(tmp_path, acuan):
    """Delapan program selama sepuluh tahun dihitung dengan 16 kolom bit; sembilan ditolak."""
    bulan = [t * 100 + b for t in range(2011, 2021) for b in range(1, 13)]

    def daftar(banyak):
        return bayaran(
            [(A, f"p{i}", b, 31, 1, 1, 0) for i in range(banyak) for b in bulan] + [(A, "p3", 201506, 31, 1, 1, 0)]
        )

    hasil = periksa_folder(tulis_daftar(tmp_path / "a", dtks(A), daftar(8)), acuan)
    ganda = hasil.loc[hasil["ukuran"] == "ganda", ["program", "bulan", "n"]]
    assert ganda.to_numpy().tolist() == [["p3", 201506, 2]]
    with pytest.raises(GalatData, match="9 program dan 120 bulan"):
        periksa_folder(tulis_daftar(tmp_path / "b", dtks(A), daftar(9)), acuan)


@pytest.mark.parametrize("nama", ["bulan=04", "bulan=4", "bulan=202004"])
def test_folder_hive(tmp_path, acuan, nama):
    dtks(A).to_parquet(tulis_daftar(tmp_path, dtks(A), bayaran(BIASA)) / "dtks" / "semua.parquet", index=False)
    (tmp_path / "pembayaran" / "semua.parquet").unlink()
    for program in ("PKH", "bst"):
        folder = tmp_path / "pembayaran" / f"program={program}" / nama
        folder.mkdir(parents=True)
        bayaran([(A, "", 0, 31, 1, 1, 0)]).drop(columns=["program", "bulan"]).to_parquet(folder / "a.parquet")
    hasil = periksa_folder(tmp_path, acuan)
    rangkap = hasil[hasil["ukuran"] == "rangkap"][["program", "bulan", "n"]]
    assert sorted(rangkap.to_numpy().tolist()) == [["bst", 4, 1], ["pkh", 4, 1]]


def test_bilangan_yang_ditulis_pandas_sebagai_pecahan(tmp_path, acuan):
    isi = bayaran(BIASA).astype({"provinsi": "float64", "dibayar": "float64"})
    isi.loc[1, ["provinsi", "dibayar"]] = np.nan
    hasil = periksa_folder(tulis_daftar(tmp_path, dtks(A, B), isi), acuan)
    baris = hasil[(hasil["daftar"] == "pembayaran") & (hasil["ukuran"] == "baris")]
    assert baris[["provinsi", "rupiah"]].to_numpy().tolist() == [[0, 0], [31, 100]]
    isi.loc[0, "dibayar"] = 100.5
    with pytest.raises(GalatData, match="isi '100.5'"):
        periksa_folder(tulis_daftar(tmp_path / "b", dtks(A, B), isi), acuan)


def test_aturan_yang_dilanggar_seluruh_daftar_adalah_tentang_berkasnya(tmp_path, acuan):
    isi = bayaran([(f"x{i}", "pkh", 4, 31, 1, 0, 0) for i in range(40)])
    hasil = periksa_folder(tulis_daftar(tmp_path, dtks(A, B), isi), acuan)
    temuan, berkas = periksa.pisahkan_kesalahan_berkas(hasil)
    assert berkas == [("pembayaran", "mengendap", 40), ("pembayaran", "nik_bukan_16_angka", 40)]
    assert not {"mengendap", "nik_bukan_16_angka"} & set(temuan.loc[temuan["daftar"] == "pembayaran", "ukuran"])
    kalimat = perintah_daftar.kalimat_berkas(berkas)
    assert kalimat[1].startswith('Tentang berkas pembayaran: semua 40 barisnya terkena "NIK bukan 16 angka"')


def test_semua_nik_cacat_dengan_cara_berbeda_tetap_tentang_berkas(tmp_path, acuan):
    isi = bayaran([("x", "pkh", 4, 31, 1, 1, 0), ("", "pkh", 5, 31, 1, 1, 0), (A, "pkh", 6, 31, 1, 1, 0)])
    folder = tulis_daftar(tmp_path, dtks(A), isi[:2])
    temuan, berkas = periksa.pisahkan_kesalahan_berkas(periksa_folder(folder, acuan))
    assert berkas == [("pembayaran", "nik", 2)] and set(temuan["ukuran"]) == {"baris", "ditransaksikan"}
    folder = tulis_daftar(tmp_path / "b", dtks(A), isi)
    temuan, berkas = periksa.pisahkan_kesalahan_berkas(periksa_folder(folder, acuan))
    assert berkas == [] and {"nik_kosong", "nik_bukan_16_angka"} <= set(temuan["ukuran"])


def test_program_acuan_saling_berbeda(acuan):
    assert len({listcheck.program_key(x) for x in acuan.program}) == len(acuan.program)
