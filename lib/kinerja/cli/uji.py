"""Perintah ``kinerja uji``: satu notebook terhadap keluaran yang tersimpan."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from typing import Annotated

import typer

from kinerja import paths
from kinerja.errors import GalatParameter


def daftar(app: typer.Typer) -> None:
    """Tambahkan perintah di modul ini ke ``app``."""
    app.command()(uji)


def uji(notebook: Annotated[list[str], typer.Argument(metavar="NAMA ...", help="Notebook yang diuji.")]) -> None:
    """Jalankan notebook dan bandingkan setiap keluarannya dengan yang tersimpan (nbval); kode keluar 1 bila berbeda."""
    berkas = [paths.notebooks() / f"{nama.removesuffix('.ipynb')}.ipynb" for nama in notebook]
    tiada = [x.stem for x in berkas if not x.is_file()]
    if tiada:
        ada = ", ".join(sorted(x.stem for x in paths.notebooks().glob("*.ipynb")))
        raise GalatParameter(f"Notebook {', '.join(tiada)} tidak ada. Yang ada: {ada}.")
    if find_spec("nbval") is None:
        raise GalatParameter("kinerja uji memerlukan paket nbval; jalankan make siap.")
    perintah = [sys.executable, "-m", "pytest", "--nbval", "-q", "--no-header", *map(str, berkas)]
    if subprocess.run(perintah, cwd=paths.root()).returncode:
        raise typer.Exit(1)
