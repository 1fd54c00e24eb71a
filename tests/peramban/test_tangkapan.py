"""Tangkapan layar empat halaman, selebar meja dan selebar telepon, seperti yang ditampilkan README.

``make gambar`` menjalankan uji ini dengan KINERJA_SIMPAN_GAMBAR=1, dan tangkapan selebar meja disimpan ke docs/gambar.
Penjelajah, yang kelima, ditangkap di halaman yang sudah terbuka bagi ``test_jelajah``.
"""

import os
import struct

import pytest

from .conftest import AKAR, LEBAR_LAYAR, LEBAR_TELEPON, SABAR, laporan_uji

HALAMAN = {
    "laporan": ("index", "main"),
    "pen": ("pen_bansos", "figure"),
    "audit": ("audit", "table"),
    "profil": ("profil_wilayah", "figure"),
}
"""Nama tangkapan -> halaman laporan, dan yang harus tampak di layar pertama."""


@pytest.fixture(scope="module")
def laporan(tmp_path_factory):
    return laporan_uji(tmp_path_factory, ["ringkasan", *(x for x, _ in HALAMAN.values() if x != "index")])


@pytest.fixture(params=[LEBAR_LAYAR, LEBAR_TELEPON], ids=["meja", "telepon"])
def layar(peramban, request):
    konteks = peramban.new_context(viewport=request.param, device_scale_factor=1)
    konteks.set_default_navigation_timeout(SABAR)
    yield konteks.new_page()
    konteks.close()


def tangkap(layar, nama, tmp_path):
    """Tangkap layar pertama, periksa isinya bukan halaman kosong, dan simpan bila diminta."""
    lebar = layar.viewport_size["width"]
    simpan = os.environ.get("KINERJA_SIMPAN_GAMBAR") and lebar == LEBAR_LAYAR["width"]
    berkas = (AKAR / "docs" / "gambar" if simpan else tmp_path) / f"{nama}.png"
    isi = layar.screenshot(path=berkas, scale="css")
    assert struct.unpack(">II", isi[16:24]) == (lebar, layar.viewport_size["height"])
    assert len(isi) > 15_000, "layar kosong jauh lebih kecil"
    assert layar.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), "tidak melebar ke samping"


@pytest.mark.parametrize("nama", HALAMAN)
def test_laporan(laporan, layar, tmp_path, nama):
    halaman, isi = HALAMAN[nama]
    layar.goto((laporan / f"{halaman}.html").as_uri())
    satu = layar.locator(isi).first
    satu.evaluate("x => x.scrollIntoView({block: 'start'})")
    layar.evaluate("() => window.scrollBy(0, -70)" if isi != "main" else "() => window.scrollTo(0, 0)")
    layar.wait_for_function("() => [...document.images].every(x => x.complete)")
    assert satu.is_visible()
    tangkap(layar, nama, tmp_path)
