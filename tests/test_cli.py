"""Baris perintah: penguraian, satu pesan untuk kesalahan yang dikenal, kode keluar."""

from pathlib import Path

import pytest

from kinerja import cli
from kinerja.errors import GalatData
from kinerja.render import laporan, ulang
from kinerja.render import notebook as pelari
from kinerja.render.jalankan import Dihentikan
from kinerja.render.laporan import HasilRender


@pytest.fixture
def diminta(monkeypatch):
    """Permintaan yang sampai ke render, tanpa menjalankannya."""
    tercatat = {}

    def render(tahun, **isi):
        isi.pop("layar")
        tercatat.update(isi, tahun=tahun)
        return HasilRender(Path("reports/2020"), detik=8.25, selesai=["a"])

    monkeypatch.setattr(laporan, "render", render)
    return tercatat


@pytest.fixture(autouse=True)
def laporan_selalu_basi(monkeypatch):
    """Laporan yang kebetulan ada di folder reports tidak boleh memotong jalan perintah yang diuji."""
    monkeypatch.setattr(ulang, "still_valid", lambda *_: False)


def jalankan(*argumen):
    """Kode keluar perintah."""
    with pytest.raises(SystemExit) as keluar:
        cli.main(argumen)
    return keluar.value.code or 0


@pytest.mark.parametrize(
    ("masuk", "keluar"),
    [
        ("render --notebook a b --jobs 2", "render --notebook a --notebook b --jobs 2"),
        ("render --notebook a --notebook b", "render --notebook a --notebook b"),
        ("render --notebook", "render --notebook"),
        ("render -p batas 100 -p nama -1", "render -p batas=100 -p nama=-1"),
        ("render -p batas=100", "render -p batas=100"),
        ("render --parameter a 1", "render --parameter a=1"),
        ("render -p batas", "render -p batas"),
        ("data --tahun 2020", "data --tahun 2020"),
    ],
)
def test_penguraian_banyak_nilai(masuk, keluar):
    assert cli.spread_arguments(masuk.split()) == keluar.split()


def test_permintaan_lengkap_sampai_ke_render(diminta, capsys):
    kode = jalankan(
        "render", "--tahun", "2020", "--notebook", "a", "b", "-p", "batas", "100", "-p", "nama", "x=y",
        "--jobs", "3", "--out", "hasil", "--bahasa", "en", "--kode",
    )  # fmt: skip
    assert kode == 0
    assert diminta == {
        "tahun": 2020,
        "notebook": ("a", "b"),
        "parameter": (("batas", "100"), ("nama", "x=y")),
        "jobs": 3,
        "out": Path("hasil"),
        "bahasa": "en",
        "kode": True,
        "paksa": False,
        "kernel": "hangat",
        "peragaan": False,
        "format": "html",
    }
    assert capsys.readouterr().out == f"Laporan 2020 selesai dalam 8,3 detik: {Path('reports/2020/index.html')}\n"


def test_permintaan_terpendek(diminta):
    assert jalankan("render", "--tahun", "2020") == 0
    assert diminta == {
        "tahun": 2020, "notebook": (), "parameter": (), "jobs": None, "out": None, "bahasa": "id", "kode": False,
        "paksa": False, "kernel": "hangat", "peragaan": False, "format": "html",
    }  # fmt: skip


def test_kesalahan_data_satu_pesan_kode_dua(monkeypatch, capsys):
    def render(tahun, **_):
        raise GalatData("2020/sdm.csv", baris=3, kolom="nilai", ditemukan="'seratus'", diharapkan="angka")

    monkeypatch.setattr(laporan, "render", render)
    assert jalankan("render", "--tahun", "2020") == 2
    keluaran = capsys.readouterr()
    assert keluaran.err == ("Kesalahan: 2020/sdm.csv, baris 3, kolom 'nilai': ditemukan 'seratus'; diharapkan angka.\n")
    assert "Traceback" not in keluaran.out


def test_disk_penuh_satu_pesan(monkeypatch, capsys):
    def render(tahun, **_):
        raise OSError(28, "No space left on device", "reports/.2020-x/tabel")

    monkeypatch.setattr(laporan, "render", render)
    assert jalankan("render", "--tahun", "2020") == 2
    assert capsys.readouterr().err == "Kesalahan: No space left on device: reports/.2020-x/tabel\n"


def test_notebook_gagal_kode_satu_dan_sebabnya(monkeypatch, capsys):
    hasil = HasilRender(Path("reports/2020-gagal"), gagal=[("keuangan", "sel kode 3 (tabel): KeyError: 'x'")])
    monkeypatch.setattr(laporan, "render", lambda tahun, **_: hasil)
    assert jalankan("render", "--tahun", "2020") == 1
    galat = capsys.readouterr().err
    assert "1 notebook gagal:\n  keuangan: sel kode 3 (tabel): KeyError: 'x'\n" in galat
    assert "Laporan lama tidak disentuh" in galat and str(Path("reports/2020-gagal")) in galat


def test_dihentikan_kode_menurut_sinyal(monkeypatch, capsys):
    def render(tahun, **_):
        raise Dihentikan(15)

    monkeypatch.setattr(laporan, "render", render)
    assert jalankan("render", "--tahun", "2020") == 143
    assert capsys.readouterr().err == "Dihentikan; laporan dan notebook yang lama utuh.\n"


@pytest.mark.parametrize(
    ("argumen", "pesan"),
    [
        (["render", "--tahun", "1999"], "Tahun 1999 tidak ada; yang ada: "),
        (["render", "--tahun", "2020", "-p", "batas"], "Parameter 'batas' tidak punya nilai"),
        (["render", "--tahun", "2020", "--jobs", "0"], "paling sedikit 1, bukan 0"),
        (["data", "--tahun", "1999"], "Tahun 1999 tidak ada"),
    ],
)
def test_permintaan_yang_salah(argumen, pesan, capsys):
    assert jalankan(*argumen) == 2
    galat = capsys.readouterr().err
    assert galat.startswith("Kesalahan: ") and pesan in galat and galat.count("\n") == 1


def test_segarkan_melaporkan_yang_gagal(monkeypatch, capsys):
    monkeypatch.setattr(pelari, "refresh", lambda nama, **_: [("dtks", "GalatKinerja: x")] if nama else [])
    assert jalankan("refresh") == 0
    assert jalankan("refresh", "dtks") == 1
    assert "1 notebook gagal:\n  dtks: GalatKinerja: x\n" in capsys.readouterr().err


def test_data_membangun_semua_tahun(proyek_data, capsys):
    assert jalankan("data") == 0
    assert "2020: " in capsys.readouterr().out
    assert (proyek_data / "data" / "processed" / "2020" / "sdm.csv").is_file()


@pytest.fixture
def proyek_data(raw, monkeypatch):
    akar = raw.parents[1]
    monkeypatch.setenv("KINERJA_AKAR", str(akar))
    return akar


def test_uji_notebook_yang_tidak_ada_menyebut_yang_ada(capsys):
    with pytest.raises(SystemExit) as henti:
        cli.main(["uji", "ss9"])
    assert henti.value.code == 2
    assert "Notebook ss9 tidak ada. Yang ada: audit, " in capsys.readouterr().err
