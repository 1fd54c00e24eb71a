"""Kegagalan nbval yang terbaca orang: tabel, baris, kolom, angka lama, angka baru."""

import importlib.util
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from kinerja import paths
from kinerja.render.notebook import differences, verify

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


@pytest.fixture
def rusak(tmp_path):
    """Folder data dengan satu angka PEN yang diganti."""

    def ganti(baru):
        shutil.copytree(paths.raw(), tmp_path / "data" / "raw")
        berkas = tmp_path / "data" / "raw" / "2020" / "pen_penyaluran.csv"
        berkas.write_text(berkas.read_text("utf-8").replace("18397676,kpm", f"{baru},kpm"), "utf-8")
        return str(tmp_path / "data")

    return ganti


def test_nbval_atas_data_salah_menyebut_berkas_dan_barisnya(rusak):
    hasil = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "notebooks/pen_bansos.ipynb"],
        cwd=paths.root(),
        env={**os.environ, "KINERJA_DATA": rusak("1839767x")},
        capture_output=True,
        text=True,
    )
    assert hasil.returncode != 0
    assert "2020/pen_penyaluran.csv, baris 28, kolom 'nilai': ditemukan '1839767x'" in hasil.stdout
    assert "<div" not in hasil.stdout, "tanpa perbedaan HTML mentah"
    assert len(hasil.stdout.splitlines()) < 60


def test_uji_atas_angka_yang_bergerak_menyebut_selnya(rusak, monkeypatch):
    monkeypatch.setenv("KINERJA_DATA", rusak("18397677"))
    ((nama, beda),) = verify([paths.notebook("pen_bansos")])
    assert nama == "pen_bansos" and "Sembako Mei Mei, Keluarga menerima KPM: 18.397.676 -> 18.397.677" in beda
    assert "<div" not in beda and len(beda.splitlines()) < 20


def test_penjelasan_nbval_memakai_perbedaan_yang_sama():
    spec = importlib.util.spec_from_file_location("conftest_notebook", paths.notebooks() / "conftest.py")
    modul = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(modul)
    lama, baru = ([{"data": {"text/plain": x}}] for x in (PENYALURAN, PENYALURAN.replace("…", "9")))
    sel = SimpleNamespace(
        fspath="x/pen.ipynb", cell=SimpleNamespace(outputs=lama, get=lambda *_: "a"), test_outputs=baru,
        comparison_traceback="beda", cell_num=1,
    )  # fmt: skip
    galat = modul.NbCellError(1, "kode", "", "kode", "")
    assert modul.explain(sel, galat) == "pen, Penyaluran per bulan, Sembako Juni, Menerima KPM: … -> 9"
