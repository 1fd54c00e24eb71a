"""Berkas apa pun yang dipegang orang: tiap format memberi tabel yang sama sampai bit terakhir, atau satu kalimat."""

import struct
from decimal import Decimal

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest

from kinerja.errors import GalatData
from kinerja.mikro import baca_kolom, daftar_kolom
from kinerja.mikro.berkas import cocokkan, daftar_label

ISI = pd.DataFrame(
    {
        "RENUM": [1, 1, 2],
        "R407": [40, 3, 70],
        "R606": [np.nan, 1, np.nan],
        "FWT": [10.25, 11.5, 3e9],
        "BESAR": [123456789, np.nan, 2],
        "PSU": ["00123", "00123", "10007"],
        "R702_A": ["A", "", "A"],
    }
)
TEKS = ["PSU", "R702_A"]


def sel(x):
    return "" if x != x else str(int(x)) if isinstance(x, float) and x == int(x) else str(x)


def csv(berkas, pisah=",", desimal=".", sandi="utf-8", akhir="\n", kosong="", kutip=False):
    baris = [
        list(ISI.columns),
        *([sel(x).replace(".", desimal) or kosong for x in b] for b in ISI.itertuples(index=False)),
    ]
    q = '"' if kutip else ""
    isi = "".join(pisah.join(f"{q}{x}{q}" for x in b) + akhir for b in baris)
    berkas.write_bytes(isi.encode(sandi))


def parquet(berkas, kosong="", kategori=False, desimal128=False):
    kolom = {}
    for k in ISI:
        if k in TEKS:
            kolom[k] = pa.array([x or kosong for x in ISI[k]])
            kolom[k] = kolom[k].dictionary_encode() if kategori else kolom[k]
        elif desimal128 and k == "FWT":
            kolom[k] = pa.array([Decimal(str(x)) for x in ISI[k]], pa.decimal128(20, 4))
        else:
            kolom[k] = pa.array(ISI[k], from_pandas=True)
    pq.write_table(pa.table(kolom), berkas)


def dbf(berkas, teks=False, kosong=""):
    """dBase III yang ditulis di sini, bukan oleh proyek; ``teks``: semua kolom berjenis teks."""
    kolom = [(k, [sel(x) or kosong for x in ISI[k]]) for k in ISI]
    lebar = [max(map(len, v)) for _, v in kolom]
    jenis = [b"C" if teks or k in TEKS else b"N" for k, _ in kolom]
    rekaman = b"".join(
        b" " + b"".join((v[i].ljust(w) if j == b"C" else v[i].rjust(w)).encode("cp1252") for (_, v), w, j in zip(kolom, lebar, jenis, strict=True))
        for i in range(len(ISI))
    )  # fmt: skip
    tulis_dbf(berkas, [(k, j, w) for (k, _), j, w in zip(kolom, jenis, lebar, strict=True)], rekaman, len(ISI))


def tulis_dbf(berkas, kolom, rekaman, n):
    ruas = b"".join(struct.pack("<11sc4xBB14x", k.encode(), j, w, 0) for k, j, w in kolom)
    kepala = struct.pack("<BBBBIHH17xB2x", 3, 120, 1, 1, n, 32 + len(ruas) + 1, 1 + sum(w for *_, w in kolom), 0x57)
    berkas.write_bytes(kepala + ruas + b"\r" + rekaman + b"\x1a")


def excel(berkas):
    buku = openpyxl.Workbook()
    buku.active.append(list(ISI.columns))
    for b in ISI.itertuples(index=False):
        buku.active.append([None if x != x or x == "" else x for x in b])
    buku.active.append([None] * len(ISI.columns))
    buku.save(berkas)


CARA = {
    "csv": (".csv", csv),
    "csv berspasi": (".csv", lambda b: csv(b, kosong=" ")),
    "csv titik": (".csv", lambda b: csv(b, kosong=".")),
    "csv R": (".csv", lambda b: csv(b, kosong="NA", kutip=True)),
    "csv BPS": (".csv", lambda b: csv(b, ";", ",", "latin-1", "\r\n")),
    "csv BOM": (".csv", lambda b: csv(b, sandi="utf-8-sig")),
    "csv tab utf-16": (".txt", lambda b: csv(b, "\t", sandi="utf-16")),
    "parquet": (".parquet", parquet),
    "parquet berspasi": (".parquet", lambda b: parquet(b, " ")),
    "parquet kategori": (".parquet", lambda b: parquet(b, kategori=True)),
    "parquet desimal": (".pq", lambda b: parquet(b, desimal128=True)),
    "parquet pandas": (".parquet", lambda b: ISI.astype({"PSU": "category", "R702_A": "category"}).to_parquet(b)),
    "dta": (".dta", lambda b: pyreadstat.write_dta(ISI, str(b))),
    "dta pandas": (".dta", lambda b: ISI.to_stata(b, write_index=False, version=114)),
    "sav": (".sav", lambda b: pyreadstat.write_sav(ISI, str(b))),
    "zsav": (".zsav", lambda b: pyreadstat.write_sav(ISI, str(b), compress=True)),
    "dbf": (".dbf", dbf),
    "dbf teks": (".dbf", lambda b: dbf(b, teks=True)),
    "dbf titik": (".dbf", lambda b: dbf(b, teks=True, kosong=".")),
    "dbf bilangan titik": (".dbf", lambda b: dbf(b, kosong=".")),
    "xlsx": (".xlsx", excel),
}


def tulis(folder, nama):
    akhiran, cara = CARA[nama]
    berkas = folder / f"data{akhiran}"
    cara(berkas)
    return berkas


@pytest.mark.parametrize("nama", CARA)
def test_survei_yang_sama_sama_sampai_bit_terakhir(tmp_path, nama):
    baca = baca_kolom(tulis(tmp_path, nama), [*ISI, "TIDAKADA"])
    pd.testing.assert_frame_equal(baca, baca_kolom(tulis(tmp_path, "csv"), list(ISI)), check_exact=True)
    assert list(baca) == list(ISI)
    assert baca["PSU"].tolist() == ["00123", "00123", "10007"]
    assert baca["R702_A"].isna().tolist() == [False, True, False]
    for k in ISI.columns.difference(TEKS):
        np.testing.assert_array_equal(baca[k].to_numpy(float), ISI[k].to_numpy(float), err_msg=k)
    assert baca.dtypes.astype(str).to_dict() | dict.fromkeys(TEKS) == {
        "RENUM": "int8", "R407": "int8", "R606": "float32", "FWT": "float64", "BESAR": "float64", "PSU": None, "R702_A": None,
    }  # fmt: skip


def test_kategori_stata_dan_spss_memberi_kode(tmp_path):
    label = {"R405": {1: "Laki-laki", 2: "Perempuan"}}
    isi = pd.DataFrame({"R405": [1, 2, 2]})
    for akhiran, cara in ((".dta", pyreadstat.write_dta), (".sav", pyreadstat.write_sav)):
        berkas = tmp_path / f"kor{akhiran}"
        cara(isi, str(berkas), variable_value_labels=label, column_labels=["Jenis kelamin"])
        assert baca_kolom(berkas, ["R405"])["R405"].tolist() == [1, 2, 2]
        assert daftar_label(berkas) == {"R405": "Jenis kelamin"}
    pd.DataFrame({"R405": pd.Categorical(["Laki-laki", "Perempuan", "Perempuan"])}).to_stata(
        tmp_path / "kat.dta", write_index=False
    )
    assert baca_kolom(tmp_path / "kat.dta", ["R405"])["R405"].tolist() == [0, 1, 1]


def test_missing_yang_dinyatakan(tmp_path):
    isi = pd.DataFrame({"A": [1.0, 98.0, 99.0, 5.0], "B": [1.0, 7.0, 8.0, 9.0], "C": ["x", "t", "", "y"]})
    pyreadstat.write_sav(
        isi,
        str(tmp_path / "kor.sav"),
        missing_ranges={"A": [98, 99], "B": [{"lo": 7, "hi": 9}], "C": ["t"]},
    )
    baca = baca_kolom(tmp_path / "kor.sav", ["A", "B", "C"])
    assert baca["A"].isna().tolist() == [False, True, True, False]
    assert baca["B"].isna().tolist() == [False, True, True, True]
    assert baca["C"].isna().tolist() == [False, True, True, False]
    pyreadstat.write_dta(
        pd.DataFrame({"A": [1, "a", "z", 5]}), str(tmp_path / "kor.dta"), missing_user_values={"A": ["a", "z"]}
    )
    assert baca_kolom(tmp_path / "kor.dta", ["A"])["A"].isna().tolist() == [False, True, True, False]


def test_dbf_sel_yang_bukan_bilangan(tmp_path):
    """Titik, kosong, dan bintang (bilangan yang tidak muat) kosong; baris terhapus dilewati; huruf cp1252."""
    rekaman = b" " + b" 12A1" + b" " + b"  .. " + b" " + b"     " + b"*" + b"  9zz" + b" " + b"***\xe9x"
    tulis_dbf(tmp_path / "k.dbf", [("N", b"N", 3), ("C", b"C", 2)], rekaman, 5)
    baca = baca_kolom(tmp_path / "k.dbf", ["N", "C"])
    assert [None if pd.isna(x) else x for x in baca["N"]] == [12, None, None, None]
    assert [None if pd.isna(x) else x for x in baca["C"]] == ["A1", None, None, "éx"]


def test_stata_lama_bersandi_latin(tmp_path):
    pd.DataFrame({"NAMA": ["Soëharto"], "R101": [11]}).to_stata(tmp_path / "a.dta", write_index=False, version=114)
    assert baca_kolom(tmp_path / "a.dta", ["NAMA", "R101"])["NAMA"].tolist() == ["Soëharto"]


def test_latin1_jauh_di_belakang_baris_pertama(tmp_path):
    isi = "R101,NAMA\n" + "11,abcdefgh\n" * 200_000 + "12,café\n"
    (tmp_path / "a.csv").write_bytes(isi.encode("latin-1"))
    baca = baca_kolom(tmp_path / "a.csv", ["R101", "NAMA"])
    assert (len(baca), baca["NAMA"].iloc[-1], baca["R101"].iloc[-1]) == (200_001, "café", 12)


def test_nama_kolom_berspasi_dan_berhuruf_lain(tmp_path):
    (tmp_path / "a.csv").write_text(' renum ,"R 407",,\n1,40,,\n2,5,,\n')
    assert baca_kolom(tmp_path / "a.csv", ["RENUM", "R407"]).to_dict("list") == {"RENUM": [1, 2], "R407": [40, 5]}
    assert cocokkan(["r1", "R1", "r2"], ["R1", "R2"], "x") == {"R1": "R1", "R2": "r2"}
    with pytest.raises(GalatData, match="2 kolom yang cocok.*ab, aB"):
        cocokkan(["ab", "aB"], ["AB"], "R3")


def test_kolom_ganda_hanya_mengganggu_bila_diminta(tmp_path):
    (tmp_path / "a.csv").write_text("R101,X,X\n11,1,2\n")
    assert baca_kolom(tmp_path / "a.csv", ["R101"])["R101"].tolist() == [11]
    with pytest.raises(GalatData, match="2 kolom yang cocok"):
        baca_kolom(tmp_path / "a.csv", ["X"])


@pytest.mark.parametrize(
    ("nama", "isi", "pesan"),
    [
        ("tiada.csv", None, "berkas tidak ada"),
        ("data.rds", b"RDX3", "akhiran '.rds'"),
        ("data.xlsx", b"PK", "bukan arsip ZIP utuh"),
        ("data.parquet", b"bukan parquet", "tidak terbaca"),
        ("data.dta", b"bukan stata", "tidak terbaca"),
        ("data.sav", b"bukan spss", "tidak terbaca"),
        ("data.dbf", b"bukan dbf", "kepala DBF terputus"),
        ("data2.dbf", b"\x03" * 400, "tidak terbaca"),
        ("kosong.csv", b"", "tidak terbaca"),
        ("biner.csv", "RENUM,R407\n1,2\n".encode("utf-16-le"), "isi biner"),
        ("kepala.csv", b"RENUM,R407\n", "nol baris"),
        ("asing.csv", b"a,b\n1,2\n", "tidak satu pun kolom"),
        ("lebih.csv", b"RENUM,R407\n1,2\n1,2,3\n", "baris 3: ditemukan 3 sel"),
        ("terputus.csv", b"RENUM,R407\n1,2\n1", "baris 3: ditemukan 1 sel"),
        ("ribuan.csv", b"RENUM;R407\n1;1.234\n", "baris 2, kolom 'R407'.*tanpa pemisah ribuan"),
    ],
)
def test_berkas_buruk_menjadi_satu_pesan(tmp_path, nama, isi, pesan):
    berkas = tmp_path / nama
    if isi is not None:
        berkas.write_bytes(isi)
    with pytest.raises(GalatData, match=pesan) as galat:
        baca_kolom(berkas, ["RENUM", "R407"])
    assert str(galat.value).startswith(nama)


def test_dbf_terputus(tmp_path):
    tulis(tmp_path, "dbf")
    utuh = (tmp_path / "data.dbf").read_bytes()
    (tmp_path / "data.dbf").write_bytes(utuh[:-20])
    with pytest.raises(GalatData, match="kurang dari 3 baris"):
        baca_kolom(tmp_path / "data.dbf", ["R407"])


def test_parquet_berkolom_ganda_dan_bersusun(tmp_path):
    pq.write_table(
        pa.table([pa.array([1]), pa.array([2]), pa.array([[1]])], names=["X", "X", "L"]), tmp_path / "a.parquet"
    )
    for kolom, pesan in (("X", "2 kolom yang cocok"), ("L", "kolom bertipe list")):
        with pytest.raises(GalatData, match=pesan):
            baca_kolom(tmp_path / "a.parquet", [kolom])


def test_lembar_excel_yang_lebih_dari_satu_ditolak(tmp_path):
    buku = openpyxl.Workbook()
    for lembar in (buku.active, buku.create_sheet("dua")):
        lembar.append(["R101"])
        lembar.append([11])
    buku.save(tmp_path / "a.xlsx")
    with pytest.raises(GalatData, match="2 lembar berisi"):
        baca_kolom(tmp_path / "a.xlsx", ["R101"])


def test_daftar_kolom_tiap_format(tmp_path):
    for nama in ("csv BPS", "parquet", "dta", "sav", "dbf", "xlsx"):
        assert daftar_kolom(tulis(tmp_path, nama)) == list(ISI), nama
