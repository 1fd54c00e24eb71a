"""Pembaca berkas: empat format memberi data yang sama; nama dicocokkan; berkas buruk menjadi satu pesan."""

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from kinerja.errors import GalatData
from kinerja.mikro import baca_kodebuku, baca_kolom, buat_sintetis, muat, tulis_parquet
from kinerja.mikro.berkas import cocokkan

ISI = pd.DataFrame(
    {
        "RENUM": [1, 1, 2],
        "R407": [40, 3, 70],
        "R606": [np.nan, 1, np.nan],
        "FWT": [10.25, 11.5, 3e9],
        "BESAR": [123456789, np.nan, 2],
    }
)


def tulis(folder, akhiran):
    berkas = folder / f"data{akhiran}"
    if akhiran == ".csv":
        ISI.to_csv(berkas, index=False)
    elif akhiran == ".parquet":
        tulis_parquet(ISI, berkas)
    elif akhiran == ".dta":
        pyreadstat.write_dta(ISI, str(berkas))
    else:
        pyreadstat.write_sav(ISI, str(berkas))
    return berkas


@pytest.mark.parametrize("akhiran", [".csv", ".parquet", ".dta", ".sav"])
def test_semua_format_memberi_nilai_yang_sama(tmp_path, akhiran):
    baca = baca_kolom(tulis(tmp_path, akhiran), ["R606", "RENUM", "BESAR", "FWT", "TIDAKADA"])
    assert list(baca.columns) == ["R606", "RENUM", "BESAR", "FWT"]
    pd.testing.assert_frame_equal(baca.astype(float), ISI[list(baca.columns)].astype(float))


def test_csv_titik_koma_dan_bom(tmp_path):
    berkas = tmp_path / "data.csv"
    berkas.write_bytes(b"\xef\xbb\xbfrenum;r407\n1;40\n2;5\n")
    baca = baca_kolom(berkas, ["RENUM", "R407"])
    assert baca.to_dict("list") == {"RENUM": [1, 2], "R407": [40, 5]}


def test_nama_tanpa_melihat_huruf_besar():
    assert cocokkan(["r1", "R1", "r2"], ["R1", "R2"], "x") == {"R1": "R1", "R2": "r2"}
    with pytest.raises(GalatData, match="r1, rX|R3"):
        cocokkan(["ab", "aB"], ["AB"], "R3")


@pytest.mark.parametrize(
    ("nama", "isi", "pesan"),
    [
        ("tiada.csv", None, "berkas tidak ada"),
        ("data.xlsx", b"PK", "akhiran '.xlsx'"),
        ("data.parquet", b"bukan parquet", "tidak terbaca"),
        ("data.dta", b"bukan stata", "tidak terbaca"),
        ("data.sav", b"bukan spss", "tidak terbaca"),
        ("kosong.csv", b"", "tidak terbaca"),
        ("kepala.csv", b"RENUM,R407\n", "nol baris"),
        ("asing.csv", b"a,b\n1,2\n", "tidak satu pun kolom"),
    ],
)
def test_berkas_buruk_menjadi_satu_pesan(tmp_path, nama, isi, pesan):
    berkas = tmp_path / nama
    if isi is not None:
        berkas.write_bytes(isi)
    with pytest.raises(GalatData, match=pesan) as galat:
        baca_kolom(berkas, ["RENUM", "R407"])
    assert str(galat.value).startswith(nama)


@pytest.fixture(scope="module")
def anggota():
    """Survei sintetis 2019, satu baris per anggota."""
    return buat_sintetis(2019).gabungan()


def test_berkas_orang_dan_rumah_tangga_digabung(anggota, tmp_path):
    bingkai = anggota
    ruta = ["R1804", "R1806", "EXP_CAP"]
    orang = bingkai.drop(columns=["SINTETIS", *ruta]).iloc[:500]
    rumah = bingkai[["RENUM", *ruta]].drop_duplicates("RENUM").sample(frac=1, random_state=1)
    orang.to_csv(tmp_path / "art.csv", index=False)
    rumah.to_csv(tmp_path / "rt.csv", index=False)
    m = muat([tmp_path / "art.csv", tmp_path / "rt.csv"])
    assert (m.sintetis, m.keadaan, m.nama) == (False, "diturunkan", "art.csv + rt.csv")
    for kolom in ruta:
        assert m.bingkai[kolom].tolist() == bingkai[kolom].iloc[:500].tolist(), kolom
    orang.drop(columns="R401").to_csv(tmp_path / "ganda.csv", index=False)
    with pytest.raises(GalatData, match="rumah tangga ganda"):
        muat([tmp_path / "art.csv", tmp_path / "ganda.csv"])
    rumah.assign(RENUM=rumah["RENUM"] + 10**7).to_csv(tmp_path / "lain.csv", index=False)
    with pytest.raises(GalatData, match="tidak satu pun rumah tangga cocok"):
        muat([tmp_path / "art.csv", tmp_path / "lain.csv"])


def test_kolom_wajib_disebut(anggota, tmp_path):
    anggota.drop(columns="FWT").head(50).to_csv(tmp_path / "tanpa.csv", index=False)
    with pytest.raises(GalatData, match="FWT tidak ada.*baris 'bobot' di kodebuku-2020.csv"):
        muat(tmp_path / "tanpa.csv", baca_kodebuku(tahun=2020))
