"""Peramban tanpa layar dan peladen sementara, untuk uji yang meniru orang: membuka, menggerakkan, melihat.

Peramban dibuka per berkas uji: Playwright menahan satu putaran asyncio selama terbuka, dan uji berkas lain di proses yang
sama mungkin memerlukan putarannya sendiri.
"""

import os
import shutil
from pathlib import Path

import pytest

from .peladen import AKAR, PILIHAN_CHROMIUM, Peladen, jalankan_di_lab, letak_chromium

LEBAR_LAYAR, LEBAR_TELEPON = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SABAR = 90_000
"""Milidetik menunggu halaman: Voila menjalankan notebook selagi halamannya dimuat, di mesin yang mungkin sibuk."""


@pytest.fixture(scope="module")
def peramban():
    """Chromium milik sistem; tanpa itu uji peramban dilewati dengan satu kalimat."""
    letak = letak_chromium()
    if letak is None:
        # Di CI uji yang dilewati diam-diam sama dengan uji yang tidak ada.
        lewati = pytest.fail if os.environ.get("KINERJA_UJI_LENGKAP") else pytest.skip
        lewati("Chromium tidak ada di mesin ini, jadi uji peramban dilewati.")
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright tidak terpasang, uji peramban dilewati.")
    with sync_api.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=letak, args=PILIHAN_CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def halaman(peramban):
    """Satu halaman baru selebar layar meja, rapat dua kali."""
    konteks = peramban.new_context(viewport=LEBAR_LAYAR, device_scale_factor=2)
    konteks.set_default_navigation_timeout(SABAR)
    yield konteks.new_page()
    konteks.close()


@pytest.fixture
def telepon(peramban):
    """Satu halaman baru selebar telepon."""
    konteks = peramban.new_context(viewport=LEBAR_TELEPON, device_scale_factor=2, is_mobile=True, has_touch=True)
    konteks.set_default_navigation_timeout(SABAR)
    yield konteks.new_page()
    konteks.close()


@pytest.fixture(scope="session")
def peladen():
    """Penyala peladen; semuanya dimatikan di akhir proses uji."""
    with Peladen() as penyala:
        yield penyala


@pytest.fixture(scope="session")
def aplikasi(peladen, tmp_path_factory):
    """Alamat aplikasi Voila, satu bagi semua berkas uji di proses ini, berakhiran garis miring."""
    return peladen.aplikasi(tmp_path_factory.mktemp("aplikasi") / "catatan.txt")


@pytest.fixture(scope="module")
def lab(peladen, peramban, tmp_path_factory):
    """Alamat JupyterLab atas salinan notebook; salinan, karena JupyterLab menyimpan sendiri."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(AKAR / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return peladen.lab(folder)


@pytest.fixture
def buka_lab(lab, halaman):
    """``buka_lab("ringkasan")``: notebook itu di JupyterLab, semua selnya sudah dijalankan."""

    def buka(nama):
        jalankan_di_lab(halaman, lab, nama)
        return halaman

    return buka


def laporan_uji(tmp_path_factory, notebook):
    """Laporan utuh yang sudah dirender CI (KINERJA_UJI_LAPORAN), atau notebook ini saja di folder sementara."""
    from kinerja.render.laporan import render

    jadi = os.environ.get("KINERJA_UJI_LAPORAN")
    if jadi and (Path(jadi) / "index.html").is_file():
        return Path(jadi)
    folder = tmp_path_factory.mktemp("laporan") / "laporan"
    hasil = render(2020, notebook=notebook, out=folder)
    assert not hasil.gagal
    return folder
