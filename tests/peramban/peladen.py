"""Letak peramban dan penyala peladen sementara; dipakai uji peramban dan tolok ukur penjelajah."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

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


def letak_chromium() -> str | None:
    """Chromium milik sistem; None bila tidak ada."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Peladen:
    """Peladen yang dinyalakan untuk sebentar; semuanya dimatikan di akhir blok ``with``."""

    def __init__(self) -> None:
        self._berjalan: list[subprocess.Popen] = []

    def __enter__(self) -> Peladen:
        return self

    def __exit__(self, *_: object) -> None:
        for proses in self._berjalan:
            proses.terminate()
        for proses in self._berjalan:
            proses.wait(timeout=20)

    def mulai(self, perintah: list[str], pola: str, catatan: Path, *, batas: float = 60.0, **lingkungan: str) -> str:
        """Nyalakan ``perintah`` dan tunggu keluaran yang cocok dengan ``pola``.

        Parameters
        ----------
        catatan : Path
            Berkas penampung keluaran.
        batas : float
            Detik menunggu.

        Raises
        ------
        RuntimeError
            Keluaran yang dicari tidak muncul; pesannya memuat akhir catatan.
        """
        with catatan.open("w") as tulis:
            proses = subprocess.Popen(
                perintah, stdout=tulis, stderr=subprocess.STDOUT, cwd=AKAR, env={**os.environ, **lingkungan}
            )
        self._berjalan.append(proses)
        akhir = time.monotonic() + batas
        while time.monotonic() < akhir:
            cocok = re.search(pola, catatan.read_text())
            if cocok:
                return cocok[0]
            if proses.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"Peladen tidak menyala: {catatan.read_text()[-800:]}")

    def aplikasi(self, catatan: Path) -> str:
        """Alamat aplikasi Voila, berakhiran garis miring."""
        perintah = [sys.executable, "-m", "kinerja.cli", "app", "--port", str(port_kosong())]
        return self.mulai(perintah, r"http://127\.0\.0\.1:\d+/", catatan)

    def lab(self, folder: Path) -> str:
        """Alamat JupyterLab tanpa sandi atas ``folder/notebooks``, dengan setelan sementara di ``folder``."""
        kabar = folder / "setelan" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
        kabar.parent.mkdir(parents=True)
        kabar.write_text(json.dumps({"fetchNews": "false", "checkForUpdates": False}))
        perintah = [
            sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--expose-app-in-browser",
            "--ip=127.0.0.1", f"--port={port_kosong()}", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
            f"--ServerApp.root_dir={folder / 'notebooks'}",
        ]  # fmt: skip
        return self.mulai(
            perintah,
            r"http://127\.0\.0\.1:\d+/lab",
            folder / "catatan.txt",
            JUPYTER_CONFIG_DIR=str(folder / "config"),
            JUPYTER_DATA_DIR=str(folder / "data"),
            JUPYTER_RUNTIME_DIR=str(folder / "runtime"),
            JUPYTERLAB_SETTINGS_DIR=str(folder / "setelan"),
            JUPYTERLAB_WORKSPACES_DIR=str(folder / "workspaces"),
        )


def jalankan_di_lab(halaman, lab: str, nama: str) -> None:
    """Buka notebook di JupyterLab dan jalankan semua selnya."""
    halaman.goto(f"{lab}/tree/{nama}.ipynb?reset")
    halaman.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
        timeout=60_000,
    )
    halaman.evaluate("async () => { await window.jupyterapp.commands.execute('notebook:run-all-cells') }")


def port_kosong() -> int:
    """Port yang belum dipakai di mesin ini."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]
