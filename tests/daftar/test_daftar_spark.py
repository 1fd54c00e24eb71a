"""Ekspresi yang sama di Spark lokal memberi hasil yang sama dengan DuckDB."""

import shutil

import numpy as np
import pandas as pd
import pytest

import listcheck
from kinerja import errors
from kinerja.daftar import DTKS, PEMBAYARAN, buatan
from surveyest.lazy import summarise_table

from .conftest import periksa_folder

if shutil.which("java") is None:
    pytest.skip("Spark tidak diuji: Java tidak ada di PATH.", allow_module_level=True)
pytest.importorskip("pyspark", reason="Spark tidak diuji: PySpark tidak terpasang (pip install 'kinerja[spark]').")


def test_daftar_sama_dengan_duckdb(tmp_path, acuan):
    folder = tmp_path / "isi"
    buatan.buat(folder, buatan.susun_rencana(8_000, acuan[0], acuan[1]))
    # Satu berkas: yang diuji ekspresinya, bukan pembacaan puluhan folder kecil.
    bayar = pd.read_parquet(folder / PEMBAYARAN).astype({"program": str, "bulan": "int64"})
    shutil.rmtree(folder / PEMBAYARAN)
    (folder / PEMBAYARAN).mkdir()
    bayar.to_parquet(folder / PEMBAYARAN / "semua.parquet", index=False)
    spark = periksa_folder(folder, acuan, sementara=tmp_path, nama_mesin="spark")
    pd.testing.assert_frame_equal(spark, periksa_folder(folder, acuan), check_dtype=False)
    assert list(tmp_path.iterdir()) == [folder]


def test_sel_sama_dengan_duckdb(tmp_path):
    a = np.random.default_rng(1)
    n = 3_000
    frame = pd.DataFrame({"s": a.integers(0, 4, n), "p": a.integers(0, 6, n), "w": a.uniform(1, 9, n)})
    frame["y"] = np.where(a.random(n) < 0.1, np.nan, a.normal(50, 9, n))
    frame["z"], frame["kab"] = a.integers(0, 2, n), a.integers(1, 5, n)
    frame.to_parquet(tmp_path / "survei.parquet", index=False)
    hasil = []
    for nama in ("spark", "duckdb"):
        with listcheck.connect(nama, scratch=tmp_path, memory_gb=1, threads=2) as con:
            tabel = con.read_parquet(str(tmp_path / "survei.parquet"))
            hasil.append(
                summarise_table(tabel, ["y", "z"], weights="w", strata="s", psu="p", domain="kab", nested=True)
            )
    spark, duckdb = hasil
    np.testing.assert_array_equal(spark.psu, duckdb.psu)
    for x in ("y", "z"):
        np.testing.assert_array_equal(spark.moments[x].n, duckdb.moments[x].n)
        for k in ("w", "y", "squares"):
            np.testing.assert_allclose(getattr(spark.moments[x], k), getattr(duckdb.moments[x], k), rtol=1e-9)


def test_berkas_rusak_satu_kalimat(tmp_path, acuan):
    for nama in (DTKS, PEMBAYARAN):
        (tmp_path / nama).mkdir()
        (tmp_path / nama / "x.parquet").write_bytes(b"bukan parquet")
    with pytest.raises(errors.GalatKinerja, match="^Mesin spark berhenti: [^\n]+$"):
        periksa_folder(tmp_path, acuan, nama_mesin="spark")
