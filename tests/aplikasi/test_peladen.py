"""Aplikasi yang benar-benar berjalan, ditanya lewat HTTP tanpa peramban."""

import re
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from kinerja.aplikasi import is_loopback
from kinerja.render.rencana import available


@pytest.fixture(scope="module")
def alamat():
    perintah = [sys.executable, "-m", "kinerja.cli", "app", "--port", "8950"]
    proses = subprocess.Popen(perintah, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield re.search(r"http://127\.0\.0\.1:\d+/", proses.stdout.readline())[0]
    finally:
        proses.terminate()
        proses.wait(timeout=20)


def minta(alamat, **kepala):
    try:
        with urllib.request.urlopen(urllib.request.Request(alamat, headers=kepala)) as jawaban:
            return jawaban.status, jawaban.read().decode()
    except urllib.error.HTTPError as galat:
        return galat.code, galat.read().decode()


def test_halaman_depan_menautkan_setiap_notebook(alamat):
    kode, isi = minta(alamat)
    assert kode == 200
    assert re.findall(r'href="/voila/render/(\w+)\.ipynb\?tahun=\d+&amp;bahasa=id"', isi) == list(available())


def test_halaman_depan_berbahasa_inggris(alamat):
    _, isi = minta(f"{alamat}?bahasa=en")
    assert '<html lang="en">' in isi and "Performance summary" in isi and "Ringkasan" not in isi


@pytest.mark.parametrize(
    ("ekor", "kode", "pesan"),
    [
        ("?bahasa=jv", 400, "Bahasa"),
        ("?zzz=1", 400, "zzz"),
        ("voila/render/ringkasan.ipynb?batas_capaian=banyak", 400, "batas_capaian"),
        ("voila/render/ringkasan.ipynb?mikro=/etc/passwd", 400, "saat aplikasi dinyalakan"),
        ("voila/render/tidak_ada.ipynb", 404, ""),
        ("voila/render/../../README.md", 404, ""),
        ("voila/files/ringkasan.ipynb", 404, ""),
        ("voila/tree", 404, ""),
        ("voila/api/contents", 404, ""),
    ],
)
def test_yang_tidak_disajikan(alamat, ekor, kode, pesan):
    jawab, isi = minta(alamat + ekor)
    assert jawab == kode and pesan in isi and "Traceback" not in isi


def test_nama_lain_untuk_alamat_lokal_ditolak(alamat):
    assert minta(alamat, Host="jahat.example")[0] == 403


def test_nilai_dari_alamat_diloloskan_di_halaman_galat(alamat):
    _, isi = minta(f"{alamat}?bahasa=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>" not in isi and "&lt;script&gt;" in isi


@pytest.mark.parametrize(
    ("ip", "ya"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("10.1.1.1", False), ("", False)]
)  # fmt: skip
def test_alamat_lokal(ip, ya):
    assert is_loopback(ip) is ya
