"""Kegagalan nbval yang terbaca orang: tabel, baris, kolom, angka lama, angka baru."""

import os
import shutil
import subprocess
import sys

import pytest

from kinerja import paths
from kinerja.render.banding import differences

PENYALURAN = """Penyaluran per bulan: Semua program
----------------------------------------------------
Program  Periode      Menerima      Target  Cakupan
                           KPM         KPM   persen
----------------------------------------------------
Sembako  Mei        18.397.676  20.000.000    91,99
Sembako  Juni                …  20.000.000        –
----------------------------------------------------"""


def test_angka_yang_bergerak_disebut_dengan_tabel_baris_dan_kolomnya():
    baru = PENYALURAN.replace("18.397.676", "18.397.677")
    assert differences([PENYALURAN], [baru]) == [
        "Penyaluran per bulan, Sembako Mei, Menerima KPM: 18.397.676 -> 18.397.677"
    ]


def test_kolom_yang_melebar_bukan_perbedaan():
    baru = PENYALURAN.replace("18.397.676", "118.397.676").replace("Menerima  ", "Menerima  ")
    (satu,) = differences([PENYALURAN], [baru])
    assert satu.endswith("18.397.676 -> 118.397.676")


def test_sel_kosong_yang_terisi():
    baru = PENYALURAN.replace("         …", "17.000.000")
    assert differences([PENYALURAN], [baru]) == ["Penyaluran per bulan, Sembako Juni, Menerima KPM: … -> 17.000.000"]


def test_baris_yang_hilang():
    baris = PENYALURAN.splitlines()
    hasil = differences([PENYALURAN], ["\n".join(baris[:6] + baris[7:])])
    assert hasil == [
        "Penyaluran per bulan: 8 baris -> 7 baris",
        "Penyaluran per bulan: hilang 'Sembako Juni … 20.000.000 –'",
    ]


def test_kata_yang_berganti_di_kalimat():
    assert differences(["Tersalur Rp121,58 triliun."], ["Tersalur Rp121,59 triliun."]) == [
        "'Tersalur Rp121,58 triliun.': Rp121,58 -> Rp121,59"
    ]


def test_yang_sama_tidak_disebut():
    assert differences([PENYALURAN, "x"], [PENYALURAN, "x"]) == []


@pytest.mark.parametrize(
    ("lama", "baru", "kalimat"),
    [
        (
            "18397676,kpm",
            "1839767x,kpm",
            "2020/pen_penyaluran.csv, baris 28, kolom 'nilai': ditemukan '1839767x'",
        ),
        ("18397676,kpm", "18397677,kpm", "Sembako Mei Mei, Keluarga menerima KPM: 18.397.676 -> 18.397.677"),
    ],
    ids=["data-salah", "angka-bergerak"],
)
def test_nbval_yang_merah_menyebut_sebabnya(tmp_path, lama, baru, kalimat):
    shutil.copytree(paths.raw(), tmp_path / "data" / "raw")
    berkas = tmp_path / "data" / "raw" / "2020" / "pen_penyaluran.csv"
    berkas.write_text(berkas.read_text("utf-8").replace(lama, baru), "utf-8")
    hasil = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "notebooks/pen_bansos.ipynb"],
        cwd=paths.root(),
        env={**os.environ, "KINERJA_DATA": str(tmp_path / "data")},
        capture_output=True,
        text=True,
    )
    assert hasil.returncode != 0
    assert kalimat in hasil.stdout
    assert "<div" not in hasil.stdout, "tanpa perbedaan HTML mentah"
    assert len(hasil.stdout.splitlines()) < 60
