"""Berkas survei sintetis: tiap format dibaca kembali oleh pustaka luar dan isinya sama; kebenaran menyertainya."""

import shutil

import dbf
import numpy as np
import pandas as pd
import pyreadstat
import pytest

from kinerja.errors import GalatParameter
from kinerja.mikro import FORMAT, Sintetis, folder_sintetis, muat, tulis_sintetis, tulis_survei
from kinerja.mikro.sintetis import Ukuran


def baca_luar(berkas):
    """Dengan pembaca yang bukan milik proyek."""
    akhiran = berkas.suffix
    if akhiran == ".csv":
        return pd.read_csv(berkas, sep=";", decimal=",", encoding="latin-1", dtype={"PSU": str}, keep_default_na=False)
    if akhiran == ".parquet":
        return pd.read_parquet(berkas)
    if akhiran == ".dbf":
        with dbf.Table(str(berkas)).open(dbf.READ_ONLY) as tabel:
            isi = [tuple(x.rstrip() if isinstance(x, str) else x for x in baris) for baris in tabel]
            return pd.DataFrame(isi, columns=[k.upper() for k in tabel.field_names])
    return (pyreadstat.read_dta if akhiran == ".dta" else pyreadstat.read_sav)(str(berkas))[0]


@pytest.fixture(scope="module")
def mungil():
    """Sekitar seribu orang di satu provinsi."""
    return Sintetis(2020, Ukuran(300, 2.0), 1, [15])


@pytest.fixture(scope="module", params=list(FORMAT))
def terbit(request, tmp_path_factory, mungil):
    folder = tmp_path_factory.mktemp(request.param)
    return request.param, folder, tulis_survei(mungil, folder, request.param)


def test_isi_sama_di_tiap_format(terbit, mungil):
    format, folder, berkas = terbit
    assert [x.name for x in berkas] == [
        f"sintetis_{nama}.{format}"
        for nama in ("kor20ind_1_diseminasi", "kor20ind_2_diseminasi", "kor20rt_diseminasi", "blok43_20")
    ]
    assert {x.name for x in folder.iterdir()} == {*(x.name for x in berkas), "kebenaran.csv"}
    for satu, isi in zip(berkas, mungil.berkas.values(), strict=True):
        luar = baca_luar(satu)
        assert list(luar.columns) == list(isi.columns)
        for nama in isi:
            if isinstance(isi[nama].dtype, pd.CategoricalDtype):
                assert luar[nama].fillna("").tolist() == isi[nama].astype(object).fillna("").tolist(), nama
            else:
                np.testing.assert_array_equal(luar[nama].to_numpy(float), isi[nama].to_numpy(float), err_msg=nama)


def test_kebenaran_menyertai(terbit, mungil):
    _, folder, _ = terbit
    k = pd.read_csv(folder / "kebenaran.csv")
    assert list(k.columns)[:2] == ["simpul", "nilai"]
    pd.testing.assert_frame_equal(k, mungil.kebenaran)


def test_csv_seperti_kiriman_bps(tmp_path, mungil):
    berkas = tulis_survei(mungil, tmp_path, "csv")[2]
    isi = berkas.read_bytes()
    kepala, baris = isi.split(b"\r\n")[:2]
    assert kepala.startswith(b"RENUM;FWT;PSU;SSU;STRATA;") and isi.count(b"\n") == isi.count(b"\r\n")
    assert b"," in baris and b"." not in baris
    isi.decode("latin-1")


def test_label_stata_dan_spss(tmp_path, mungil):
    for format, baca in (("dta", pyreadstat.read_dta), ("sav", pyreadstat.read_sav)):
        berkas = tulis_survei(mungil, tmp_path, format)[0]
        meta = baca(str(berkas), metadataonly=True)[1]
        label = dict(zip(meta.column_names, meta.column_labels, strict=True))
        assert label["R808"] == "Memakai internet dalam tiga bulan terakhir"
        assert label["R701"] == "Punya rekening tabungan di lembaga keuangan"
        assert "karangan" in label["SINTETIS"]
        assert meta.variable_value_labels["R1009"] == {
            5: "tidak bisa sama sekali", 6: "banyak kesulitan", 7: "sedikit kesulitan", 8: "tidak kesulitan",
        }  # fmt: skip
    assert meta.variable_value_labels["R702_A"] == {"A": "bekerja"}


def test_dbf_2024_semua_teks(tmp_path):
    survei = Sintetis(2024, Ukuran(300, 2.0), 1, [92])
    berkas = tulis_survei(survei, tmp_path, "dbf")[0]
    luar = baca_luar(berkas)
    assert all(not pd.api.types.is_numeric_dtype(t) for t in luar.dtypes)
    np.testing.assert_array_equal(luar["FWT"].astype(float), survei.berkas["ind1"]["FWT"])


def test_sintetis_dikenali_di_tiap_format(terbit):
    m = muat(terbit[2], tahun=2020)
    assert (m.sintetis, m.keadaan) == (True, "sintetis")


def test_format_salah(tmp_path):
    with pytest.raises(GalatParameter, match="csv, parquet, dta, sav, dbf"):
        tulis_sintetis(format="xls", folder=tmp_path)


def test_gagal_di_tengah_tidak_meninggalkan_sisa(tmp_path, mungil, monkeypatch):
    def putus(isi, berkas, _):
        berkas.write_bytes(b"setengah")
        raise OSError("penuh")

    lama = tulis_survei(mungil, tmp_path, "parquet")[0].read_bytes()
    monkeypatch.setitem(FORMAT, "parquet", putus)
    with pytest.raises(OSError):
        tulis_survei(mungil, tmp_path, "parquet")
    assert (tmp_path / "sintetis_kor20ind_1_diseminasi.parquet").read_bytes() == lama
    assert not [x for x in tmp_path.iterdir() if x.name.startswith(".")]


def test_bawaan_dibuat_sekali_dan_tetap_jalan_tanpa_izin_tulis(raw, monkeypatch):
    monkeypatch.setenv("KINERJA_AKAR", str(raw.parents[1]))
    pertama = muat("")
    folder = folder_sintetis()
    assert folder.parent == raw.parent / "processed" / "mikro"
    berkas = folder / "sintetis_kor20rt_diseminasi.parquet"
    waktu = berkas.stat().st_mtime_ns
    assert muat("").sintetis and berkas.stat().st_mtime_ns == waktu
    (folder / "sidik").write_text("pembuat lain")
    muat("")
    assert berkas.stat().st_mtime_ns != waktu, "pembuat yang berubah membuat ulang"
    waktu = berkas.stat().st_mtime_ns
    letak = raw / "acuan" / "susenas" / "tata_letak.csv"
    letak.write_text(letak.read_text("utf-8").replace("2020,luas_lantai,R1804", "2020,luas_lantai,R1805"), "utf-8")
    muat("")
    assert berkas.stat().st_mtime_ns != waktu and "R1805" in pd.read_parquet(berkas)
    berkas.unlink()
    muat("")
    assert berkas.is_file(), "berkas yang hilang dibuat lagi"
    shutil.rmtree(raw.parent / "processed")
    (raw.parent / "processed").write_text("bukan folder")
    assert muat("").keadaan == "sintetis" and len(muat("").bingkai) == len(pertama.bingkai)
