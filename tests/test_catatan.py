"""Catatan berkas data mikro: satu kode, dua bahasa, dan yang tersimpan bukan kalimatnya."""

import csv
import pickle
import re
import string
from pathlib import Path

import pytest

import kinerja
from kinerja import fmt
from kinerja.berkas import packaged
from kinerja.ikesos.telaah import basis, parts
from kinerja.istilah import Catatan, kalimat
from kinerja.jelajah import open_survey
from kinerja.mikro.kodebuku import baca_kodebuku
from kinerja.mikro.tata_letak import folder_susenas, gelombang

_AKAR = Path(kinerja.__file__).parent


def test_dua_bahasa_berisian_sama_dan_semuanya_dipakai():
    for kode, dua in packaged("catatan.yml").items():
        isian = [{nama for _, nama, _, _ in string.Formatter().parse(dua[b]) if nama} for b in ("id", "en")]
        assert isian[0] == isian[1] or kode == "menurut_kodebuku", kode
    sumber = "\n".join(x.read_text("utf-8") for x in _AKAR.rglob("*.py"))
    dipanggil = set(re.findall(r'Catatan\(\s*"(\w+)"', sumber))
    assert dipanggil <= set(packaged("catatan.yml"))
    assert [k for k in packaged("catatan.yml") if f'"{k}"' not in sumber] == []


def test_kalimat_menurut_bahasa_angkanya_juga():
    satu = Catatan("wilayah_kosong", wilayah=Catatan("kabkota"), n=1234)
    assert satu == "kabkota tidak diketahui di 1.234 baris; baris itu hanya ikut tingkat lain."
    with fmt.using("en"):
        # yang dibuat di halaman Inggris tetap teks Indonesia, dan sebaliknya
        dua = Catatan("wilayah_kosong", wilayah=Catatan("kabkota"), n=1234)
        assert dua == satu
        assert kalimat(dua) == "district is unknown in 1,234 rows; those rows only take part at other levels."
        assert kalimat("teks biasa") == "teks biasa"
    contoh = [Catatan("kali", kode="6", n=2), Catatan("kali", kode="7", n=1)]
    banyak = Catatan("kode_asing", kolom="R1", contoh=contoh, harapan="1, 2")
    assert banyak == "R1 memuat kode yang tidak dikenal: 6 (2 kali), 7 (1 kali); yang diharapkan 1, 2"
    with fmt.using("en"):
        assert kalimat(pickle.loads(pickle.dumps(banyak))).startswith(
            "R1 holds unknown codes: 6 (2 times), 7 (1 times)"
        )
    assert Catatan("anggota_cocok", berkas="a", cocok=1, dari=8, bagian=12.5, dasar="b", sisa=0).startswith(
        "a: 1 dari 8 anggota (12,50%) cocok dengan b"
    )


@pytest.mark.parametrize("tahun", gelombang())
def test_setiap_sebab_kodebuku_berbahasa_inggris(tahun):
    for b in baca_kodebuku(tahun=tahun).butir.values():
        if b.pembilang is None and b.catatan:
            assert b.catatan_en and b.catatan_en != b.catatan, (tahun, b.butir)
            with fmt.using("en"):
                assert kalimat(b.alasan) == b.catatan_en


def test_halaman_inggris_menyebut_setiap_catatan_dan_sebab(d2020):
    survei = open_survey(d2020)
    siap = survei.siap
    with fmt.using("en"):
        catatan = survei.notes()
        assert catatan.startswith("About the file: ") and catatan.count("members (100.00%) match") >= 1
        assert catatan.count(".parquet: ") == len(siap.keterangan) and "dilewati" not in catatan
        sebab = [x for x in basis(siap)["sebab"] if x]
        assert sebab and not [x for x in sebab if "ditanyakan" in x or "belum" in x]
        tiada = parts(siap).query("tanda == 'tidak tersedia'")["keterangan"]
        assert len(tiada) and not [x for x in tiada if not x or "bobot" in x or "ditanyakan" in x]
    assert survei.notes().startswith("Tentang berkasnya: ")
    assert basis(siap)["sebab"].str.startswith("Tidak ditanyakan di Kor").any()


def test_kodebuku_sendiri_tanpa_padanan_inggris(tmp_path):
    asli = baca_kodebuku(tahun=2020)
    with (folder_susenas() / "kodebuku-2020.csv").open(encoding="utf-8", newline="") as buka:
        isi = list(csv.DictReader(buka))
    berkas = tmp_path / "sendiri.csv"
    kolom = [k for k in isi[0] if k != "catatan_en"]
    with berkas.open("w", encoding="utf-8", newline="") as tulis:
        penulis = csv.DictWriter(tulis, kolom, extrasaction="ignore")
        penulis.writeheader()
        penulis.writerows(isi)
    sendiri = baca_kodebuku(berkas, 2020)
    assert sendiri.butir["PS1"].catatan == asli.butir["PS1"].catatan
    with fmt.using("en"):
        assert kalimat(sendiri.butir["PS1"].alasan) == asli.butir["PS1"].catatan
