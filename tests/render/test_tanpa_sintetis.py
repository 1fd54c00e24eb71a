"""Laporan tidak memuat satu angka buatan pun, dan peragaan tidak memuat satu nama nyata pun: dihitung di semua berkas."""

import base64
import csv
import gzip
import html
import json
import os
import re
from collections import Counter
from pathlib import Path

import openpyxl
import pytest

from kinerja import data, paths
from kinerja.kolom import SUMBER_BUATAN, TANDA_TEKS
from kinerja.render.laporan import render
from kinerja.render.rencana import layout


@pytest.fixture(scope="module")
def laporan(tmp_path_factory):
    """Laporan utuh CI (KINERJA_UJI_LAPORAN), atau yang dirender sekarang."""
    jadi = os.environ.get("KINERJA_UJI_LAPORAN")
    if jadi:
        return Path(jadi)
    hasil = render(2020, out=tmp_path_factory.mktemp("laporan") / "2020")
    assert hasil.gagal == []
    return hasil.folder


@pytest.fixture(scope="module")
def peragaan(tmp_path_factory):
    hasil = render(2020, peragaan=True, out=tmp_path_factory.mktemp("peragaan") / "2020")
    assert hasil.gagal == []
    return hasil.folder


def angka(folder) -> Counter:
    """Banyaknya angka menurut keadaan, dari uraian setiap tabel."""
    hitung = Counter()
    for berkas in (folder / "tabel").glob("*.json"):
        hitung.update(json.loads(berkas.read_text("utf-8")).get("keadaan", {}))
    return hitung


def sel_csv(folder) -> Counter:
    """Banyaknya sel CSV berkeadaan sintetis, menurut berkas."""
    hitung = Counter()
    for berkas in (folder / "tabel").glob("*.csv"):
        with berkas.open(encoding="utf-8", newline="") as isi:
            hitung[berkas.name] = sum(sel.lower() == "sintetis" for baris in csv.reader(isi) for sel in baris)
    return +hitung


def muatan(halaman: str) -> str:
    """Isi data yang dipaketkan di sebuah halaman luring."""
    semua = re.findall(r">\s*([A-Za-z0-9+/=\s]{2000,})<", halaman)
    return " ".join(gzip.decompress(base64.b64decode("".join(x.split()))).decode("latin-1") for x in semua)


def test_tidak_satu_angka_sintetis_di_laporan(laporan):
    hitung = angka(laporan)
    assert hitung["sintetis"] == 0 and hitung["dikutip"] > 1000
    assert sel_csv(laporan) == {}
    assert not {x.stem for x in laporan.glob("*.html")} & set(layout()["bahan"])


def test_tidak_satu_sel_buku_kerja_pun_bertanda_sintetis(laporan):
    banyak = 0
    for berkas in laporan.rglob("*.xlsx"):
        for lembar in openpyxl.load_workbook(berkas):
            for baris in lembar.iter_rows():
                for sel in baris:
                    banyak += sel.value is not None
                    assert "sintetis" != str(sel.value).strip().lower(), (lembar.title, sel.coordinate)
                    assert TANDA_TEKS["sintetis"] not in f"{sel.value}{sel.number_format}", (
                        lembar.title,
                        sel.coordinate,
                    )
    assert banyak > 5000


def test_halaman_laporan_tidak_menyebut_data_buatan(laporan):
    for halaman in laporan.glob("*.html"):
        isi = halaman.read_text("utf-8")
        badan = re.sub(r"(?s)<script.*?</script>|<style.*?</style>", "", isi)
        assert "tk-sintetis" not in badan and "SINTETIS" not in badan, halaman.name
        assert SUMBER_BUATAN["id"] not in html.unescape(badan), halaman.name
        assert '"keadaan":"sintetis"' not in muatan(isi).replace(" ", ""), halaman.name


def test_peragaan_hanya_angka_sintetis_tanpa_nama_nyata(peragaan):
    hitung = angka(peragaan)
    assert hitung["sintetis"] > 500 and not {k for k, n in hitung.items() if n} - {"sintetis", "tidak_tersedia"}
    d = data.load(2020)
    nama = [*d["provinsi"]["provinsi"], *d["kabkota"]["nama"], *d["pen_program"]["nama"]]
    for berkas in [*peragaan.glob("*.html"), *(peragaan / "tabel").glob("*"), *(peragaan / "gambar").glob("*.svg")]:
        isi = html.unescape(berkas.read_text("utf-8"))
        isi = f"{isi} {muatan(isi)}" if berkas.suffix == ".html" else isi
        temuan = [x for x in nama if x in isi and re.search(rf"\b{re.escape(x)}\b", isi)]
        assert temuan == [], berkas.name
        if berkas.suffix == ".html":
            assert SUMBER_BUATAN["id"] in isi, berkas.name
    for berkas in (peragaan / "tabel").glob("*.csv"):
        kode = {str(k) for k in d["provinsi"]["kode_bps"]}
        with berkas.open(encoding="utf-8", newline="") as isi:
            baris = list(csv.DictReader(isi))
        assert not {x.get("wilayah") for x in baris} & kode, f"{berkas.name} memuat kode BPS"
    assert not list(peragaan.rglob("*.xlsx"))


def test_survei_bertanda_sintetis_ditolak_laporan(tmp_path):
    from kinerja.mikro import berkas_bawaan

    mikro = ";".join(map(str, berkas_bawaan()))
    hasil = render(2020, notebook=["jelajah_ikesos"], parameter=[("mikro", mikro)], out=tmp_path / "l")
    ((nama, sebab),) = hasil.gagal
    assert nama == "jelajah_ikesos" and "angka sintetis, yang tidak boleh ada di laporan" in sebab
    assert not (tmp_path / "l").exists() and paths.reports().name == "reports"
