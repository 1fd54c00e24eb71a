"""Peramban tanpa layar dan peladen sementara, untuk uji yang meniru orang: membuka, menggerakkan, melihat.

Peramban dibuka per berkas uji: Playwright menahan satu putaran asyncio selama terbuka, dan uji berkas lain di proses yang
sama mungkin memerlukan putarannya sendiri.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

AKAR = Path(__file__).resolve().parents[2]
PILIHAN_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LEBAR_LAYAR, LEBAR_TELEPON = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def peramban():
    """Chromium milik sistem; tanpa itu uji peramban dilewati dengan satu kalimat."""
    letak = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
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
    yield konteks.new_page()
    konteks.close()


@pytest.fixture
def telepon(peramban):
    """Satu halaman baru selebar telepon."""
    konteks = peramban.new_context(viewport=LEBAR_TELEPON, device_scale_factor=2, is_mobile=True, has_touch=True)
    yield konteks.new_page()
    konteks.close()


@pytest.fixture(scope="module")
def nyalakan(tmp_path_factory):
    """Penyala peladen: ``nyalakan(perintah, pola)`` menunggu keluaran yang cocok dan mengembalikan kecocokannya."""
    berjalan = []

    def mulai(perintah, pola, *, batas=60.0, **lingkungan):
        catatan = tmp_path_factory.mktemp("peladen") / "catatan.txt"
        with catatan.open("w") as tulis:
            proses = subprocess.Popen(
                perintah, stdout=tulis, stderr=subprocess.STDOUT, cwd=AKAR, env={**os.environ, **lingkungan}
            )
        berjalan.append(proses)
        akhir = time.monotonic() + batas
        while time.monotonic() < akhir:
            cocok = re.search(pola, catatan.read_text())
            if cocok:
                return cocok[0]
            if proses.poll() is not None:
                break
            time.sleep(0.1)
        pytest.fail(f"Peladen tidak menyala: {catatan.read_text()[-800:]}")

    yield mulai
    for proses in berjalan:
        proses.terminate()
    for proses in berjalan:
        proses.wait(timeout=20)


@pytest.fixture(scope="module")
def aplikasi(nyalakan, peramban):
    """Alamat aplikasi Voila yang baru dinyalakan, berakhiran garis miring."""
    perintah = [sys.executable, "-m", "kinerja.cli", "app", "--port", str(_port())]
    return nyalakan(perintah, r"http://127\.0\.0\.1:\d+/")


@pytest.fixture(scope="module")
def lab(nyalakan, peramban, tmp_path_factory):
    """Alamat JupyterLab atas salinan notebook, tanpa sandi, dengan setelan sementara.

    Salinan, karena JupyterLab menyimpan sendiri.
    """
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(AKAR / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    kabar = folder / "setelan" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    kabar.parent.mkdir(parents=True)
    kabar.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
    perintah = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--expose-app-in-browser",
        "--ip=127.0.0.1", f"--port={_port()}", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
        f"--ServerApp.root_dir={folder / 'notebooks'}",
    ]  # fmt: skip
    return nyalakan(
        perintah,
        r"http://127\.0\.0\.1:\d+/lab",
        JUPYTER_CONFIG_DIR=str(folder / "config"),
        JUPYTER_DATA_DIR=str(folder / "data"),
        JUPYTER_RUNTIME_DIR=str(folder / "runtime"),
        JUPYTERLAB_SETTINGS_DIR=str(folder / "setelan"),
        JUPYTERLAB_WORKSPACES_DIR=str(folder / "workspaces"),
    )


@pytest.fixture
def buka_lab(lab, halaman):
    """``buka_lab("ringkasan")``: notebook itu di JupyterLab, semua selnya sudah dijalankan."""

    def buka(nama):
        halaman.goto(f"{lab}/tree/{nama}.ipynb?reset")
        halaman.wait_for_function(
            "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
            timeout=60_000,
        )
        selesai = "await window.jupyterapp.commands.execute('notebook:run-all-cells')"
        halaman.evaluate(f"async () => {{ {selesai} }}")
        return halaman

    return buka


def _port():
    """Port kosong."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]
