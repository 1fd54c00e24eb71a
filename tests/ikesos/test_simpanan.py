"""Simpanan survei yang diringkas: sama sampai bit terakhir, dan hanya dipakai bila semuanya masih sama."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kinerja import simpanan
from kinerja.ikesos import Kerangka, siapkan
from kinerja.mikro import berkas_mikro, muat
from kinerja.simpanan import buka_ikesos


@pytest.fixture
def gudang(tmp_path, monkeypatch):
    """Folder simpanan sementara."""
    folder = tmp_path / "gudang"
    monkeypatch.setattr(simpanan, "folder_mikro", lambda: folder)
    return folder


@pytest.fixture
def berkas(tmp_path):
    """Salinan berkas-berkas survei sintetis kecil yang boleh diubah."""
    return [Path(shutil.copy(x, tmp_path)) for x in berkas_mikro("")]


@pytest.fixture
def hitungan(monkeypatch):
    """Berapa kali data mikro benar-benar dibaca."""
    kali = []
    asli = simpanan.muat
    monkeypatch.setattr(simpanan, "muat", lambda *a: kali.append(a) or asli(*a))
    return kali


def hasil(survei):
    s = survei.siap
    return s.hitung("provinsi", simpul="semua"), s.ulangan("provinsi", 5, benih=3)


def test_sama_sampai_bit_terakhir(d2020, gudang, hitungan):
    m = muat()
    kerangka = Kerangka.susun(d2020["ikesos_kerangka"], d2020["ikesos_simpul"], d2020["ikesos_sasaran"], m.kodebuku)
    tanpa = siapkan(m.bingkai, m.kodebuku, kerangka, keadaan=m.keadaan, catatan=m.catatan)
    pertama, kedua = buka_ikesos(d2020), buka_ikesos(d2020)
    assert len(hitungan) == 1, "bukaan kedua tidak membaca data mikro"
    for satu in (pertama, kedua):
        tabel, ulangan = hasil(satu)
        pd.testing.assert_frame_equal(tabel, tanpa.hitung("provinsi", simpul="semua"), check_exact=True)
        np.testing.assert_array_equal(ulangan, tanpa.ulangan("provinsi", 5, benih=3))
        assert (satu.siap.keadaan, satu.siap.kurang, satu.siap.keterangan) == (
            tanpa.keadaan, tanpa.kurang, tanpa.keterangan,
        )  # fmt: skip
        assert satu.nama == m.nama


def test_larik_bersama_dan_tanpa_responden(d2020, gudang):
    buka_ikesos(d2020)
    sel = buka_ikesos(d2020).siap.sel
    momen = next(iter(sel.moments.values()))
    assert not momen.y.flags.owndata and not momen.y.flags.writeable
    assert len(sel.design.weights) == len(sel.design.psu) == 0
    (isi,) = gudang.glob("*.sel")
    assert isi.stat().st_size < 60 * len(muat().bingkai) * 8


def test_berkas_berubah_dihitung_ulang(d2020, gudang, hitungan, berkas):
    lama = buka_ikesos(d2020, berkas, tahun=2020).siap.hitung()["nilai"].item()
    for satu in berkas[:2]:
        bingkai = pd.read_parquet(satu)
        bingkai["FWT"] *= np.where(bingkai["R101"] == bingkai["R101"].min(), 9, 1)
        waktu = os.stat(satu).st_mtime_ns
        bingkai.to_parquet(satu)
        os.utime(satu, ns=(waktu, waktu))
    baru = buka_ikesos(d2020, berkas, tahun=2020).siap.hitung()["nilai"].item()
    assert len(hitungan) == 2, "waktu ubah yang dipalsukan tidak menipu"
    assert abs(baru - lama) > 0.01


def test_daftar_dan_teks_berpemisah_satu_pilihan(d2020, gudang, hitungan, berkas):
    daftar = buka_ikesos(d2020, berkas, tahun=2020)
    teks = buka_ikesos(d2020, "; ".join(map(str, berkas)), tahun=2020)
    assert len(hitungan) == 1 and teks.nama == daftar.nama == " + ".join(x.name for x in berkas)
    assert teks.siap.keterangan == daftar.siap.keterangan and len(teks.siap.keterangan) >= len(berkas) - 1
    # satu berkas dari empat survei yang sama adalah survei lain, bukan yang terakhir yang menang
    assert buka_ikesos(d2020, berkas[:3], tahun=2020).nama != daftar.nama and len(hitungan) == 2


def test_kodebuku_dan_pilihan_ikut_kunci(d2020, gudang, hitungan):
    kodebuku = muat().kodebuku
    buka_ikesos(d2020)
    nama, nilai = next(iter(kodebuku.parameter.items()))
    buka_ikesos(d2020, kodebuku=replace(kodebuku, parameter={**kodebuku.parameter, nama: nilai + 1}))
    buka_ikesos(d2020, tidak_pasti="tidak")
    buka_ikesos(d2020, psu_tunggal="certainty")
    assert len(hitungan) == 4
    assert buka_ikesos(d2020, n_minimum=50).siap.n_minimum == 50
    assert len(hitungan) == 4, "ambang terbit tidak mengubah sel"


@pytest.mark.parametrize("rusak", ["kosong", "terpotong", "tanda", "inti"])
def test_simpanan_rusak_dihitung_ulang(d2020, gudang, hitungan, rusak):
    benar, _ = hasil(buka_ikesos(d2020))
    (berkas,) = gudang.glob("*.sel")
    isi = bytearray(berkas.read_bytes())
    if rusak == "kosong":
        isi = b""
    elif rusak == "terpotong":
        isi = isi[:-1]
    else:
        isi[0 if rusak == "tanda" else simpanan._KEPALA.size + 4000] ^= 0xFF
    berkas.write_bytes(isi)
    lagi, _ = hasil(buka_ikesos(d2020))
    assert len(hitungan) == 2
    pd.testing.assert_frame_equal(lagi, benar, check_exact=True)


def test_folder_tak_dapat_ditulis(d2020, tmp_path, monkeypatch):
    halangan = tmp_path / "bukan-folder"
    halangan.write_text("")
    monkeypatch.setattr(simpanan, "folder_mikro", lambda: halangan)
    assert len(buka_ikesos(d2020).siap.hitung("provinsi")) == 34
    assert halangan.read_text() == ""


def test_simpanan_lama_dihapus(d2020, gudang):
    gudang.mkdir()
    for i in range(simpanan.BANYAK_DISIMPAN + 2):
        (gudang / f"ikesos-{i}.sel").write_bytes(b"")
        os.utime(gudang / f"ikesos-{i}.sel", (i, i))
    (gudang / "milik-orang.parquet").write_bytes(b"")
    buka_ikesos(d2020)
    sisa = {x.name for x in gudang.glob("*.sel")}
    assert len(sisa) == simpanan.BANYAK_DISIMPAN and "ikesos-0.sel" not in sisa
    assert (gudang / "milik-orang.parquet").exists()
