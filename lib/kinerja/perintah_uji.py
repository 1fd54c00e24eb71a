"""Perintah ``kinerja uji``: satu notebook terhadap keluaran yang tersimpan."""

from __future__ import annotations

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
    try:
        import nbval  # noqa: F401
        import pytest
    except ImportError as galat:
        raise GalatParameter(f"kinerja uji memerlukan paket '{galat.name}'; jalankan make siap.") from galat
    if pytest.main(["--nbval", "-q", "--no-header", "--rootdir", str(paths.root()), *map(str, berkas)]):
        raise typer.Exit(1)
