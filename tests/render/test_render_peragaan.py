"""Peragaan terpisah dari laporan: yang memerlukan bahan hanya ikut laporan bila bahannya diberikan."""

import json
import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from typer.testing import CliRunner

from kinerja import cli, kolom, paths
from kinerja.errors import GalatParameter
from kinerja.render import ulang
from kinerja.render.laporan import render
from kinerja.render.pasang import read_manifest
from kinerja.render.rencana import complete, layout, pages

PERAGA = [
    new_markdown_cell("# Daftar mungil\n\n## Tabel", id="judul"),
    new_code_cell(
        'tahun: int = 2020  # tahun\nbahasa: str = "id"  # bahasa\ndaftar: str = ""  # folder daftar',
        id="parameter",
        metadata={"tags": ["parameters"]},
    ),
    new_code_cell("nilai = 1", id="isi"),
]


@pytest.fixture
def proyek_peraga(proyek, tulis_notebook):
    """Proyek kecil dengan satu notebook yang memerlukan bahan."""
    tulis_notebook(proyek / "notebooks" / "mutu_daftar.ipynb", PERAGA)
    return proyek


def test_setiap_halaman_berbahan_punya_parameter_bahannya():
    from kinerja.render.rencana import available, read_parameters

    for nama, bahan in layout()["bahan"].items():
        if nama in available():
            assert bahan in read_parameters(available()[nama]), nama


def test_laporan_tanpa_bahan_tidak_memuat_halamannya(proyek_peraga):
    assert pages() == ["angka", "gambar"]
    assert pages(parameter=[("daftar", "  ")]) == ["angka", "gambar"]
    assert pages(parameter=[("daftar", "/x")]) == ["mutu_daftar", "angka", "gambar"]
    assert pages(peragaan=True) == ["mutu_daftar"]
    assert complete(["angka", "gambar"]) and not complete(["angka"])
    assert complete(["mutu_daftar"], peragaan=True) and not complete(["angka"], peragaan=True)


@pytest.mark.parametrize(
    ("permintaan", "pesan"),
    [
        ({"notebook": ["mutu_daftar"]}, "mutu_daftar memerlukan daftar; beri --daftar.*kinerja peragaan --notebook"),
        ({"notebook": ["angka"], "peragaan": True}, "angka bukan peragaan; yang ada: mutu_daftar"),
        ({"parameter": [("daftar", "/x")], "peragaan": True}, "hanya memakai data buatan; untuk daftar sendiri"),
    ],
)
def test_permintaan_yang_salah_tempat(proyek_peraga, permintaan, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        pages(**permintaan)


@pytest.mark.parametrize("bahasa", ["id", "en"])
def test_situs_peragaan(proyek_peraga, bahasa):
    hasil = render(2020, bahasa=bahasa, peragaan=True)
    assert not hasil.gagal
    assert hasil.folder == paths.reports() / "peragaan" / paths.report_name("2020", bahasa)
    judul = {"id": "Peragaan metode", "en": "Demonstration of methods"}[bahasa]
    for nama in ("index", "mutu_daftar"):
        isi = (hasil.folder / f"{nama}.html").read_text("utf-8")
        assert f"{judul} <b>2020</b>" in isi and kolom.SUMBER_BUATAN[bahasa] in isi
        assert "Kementerian" not in re.sub(r"<[^>]+>", " ", isi)
    assert "--aksen: #7a2e8e" in (hasil.folder / "gaya.css").read_text("utf-8")
    assert not list(hasil.folder.rglob("*.xlsx")) and (hasil.folder / "laporan.pdf").is_file()
    assert read_manifest(hasil.folder)["peragaan"] is True


def test_halaman_laporan_tidak_masuk_situs_peragaan(proyek_peraga):
    sasaran = render(2020, peragaan=True).folder
    with pytest.raises(GalatParameter, match="peragaan = True, yang diminta False"):
        render(2020, notebook=["angka"], out=sasaran)
    lama = render(2020).folder / "manifest.json"
    assert "--aksen: #7a2e8e" not in (lama.parent / "gaya.css").read_text("utf-8")
    isi = json.loads(lama.read_text("utf-8"))
    del isi["peragaan"]  # laporan yang dirender sebelum ada peragaan
    lama.write_text(json.dumps(isi), "utf-8")
    assert not render(2020, notebook=["angka"], paksa=True).gagal


def test_perintah_peragaan_tidak_merender_lagi_yang_masih_berlaku(proyek_peraga):
    for kata in ("selesai dalam", "Tidak ada yang berubah"):
        hasil = CliRunner().invoke(cli.app, ["peragaan", "--tahun", "2020"])
        assert hasil.exit_code == 0 and kata in hasil.output, hasil.output
    assert (ulang.Permintaan(2020, peragaan=True).target(None) / "index.html").is_file()
