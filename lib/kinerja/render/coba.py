"""Percobaan sebelum render: sel kode notebook dijalankan di proses ini, tanpa kernel dan tanpa menulis halaman."""

from __future__ import annotations

import contextlib
import io
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kinerja import fmt
from kinerja.errors import GalatKinerja
from kinerja.render.rencana import Tugas
from kinerja.render.sapu import run_cells


def failures(tugas: Sequence[Tugas]) -> dict[str, str]:
    """Notebook yang gagal dihitung -> kalimat kesalahannya; yang ``kurang`` tabelnya tidak dijalankan."""
    import matplotlib

    matplotlib.use("Agg")
    hasil = {}
    for x in tugas:
        if not x.kurang and (galat := _run(x.berkas, {**x.baku, **x.parameter})):
            hasil[x.notebook] = galat
    return hasil


def _run(berkas: Path, parameter: dict[str, Any]) -> str:
    """Kesalahan sel pertama yang gagal, atau teks kosong."""
    try:
        with fmt.using(fmt.language()), contextlib.redirect_stdout(io.StringIO()):
            run_cells(berkas, parameter)
    except GalatKinerja as galat:
        return str(galat)
    except Exception as galat:  # kode notebook dapat gagal dengan cara apa pun; di sini ia disebut
        sel = [
            x.filename for x in traceback.extract_tb(galat.__traceback__) if x.filename.startswith(f"{berkas.stem}: ")
        ]
        return f"{sel[-1] if sel else berkas.stem}: {type(galat).__name__}: {galat}"
    return ""
