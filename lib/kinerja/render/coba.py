"""Percobaan sebelum render: sel kode notebook dijalankan di proses ini, tanpa kernel dan tanpa menulis halaman."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kinerja import fmt
from kinerja.errors import GalatKinerja
from kinerja.render.rencana import Tugas


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
    import nbformat

    ruang: dict[str, Any] = {}
    nomor = 0
    with fmt.using(fmt.language()), contextlib.redirect_stdout(io.StringIO()):
        for sel in nbformat.read(berkas, as_version=4).cells:
            if sel.cell_type != "code":
                continue
            nomor += 1
            isi = re.sub(r"^%.*$", "", sel.source, flags=re.M)
            try:
                exec(compile(isi, f"{berkas.name}: {sel.id}", "exec"), ruang)
            except GalatKinerja as galat:
                return str(galat)
            except Exception as galat:  # kode notebook dapat gagal dengan cara apa pun; di sini ia disebut
                return f"sel kode {nomor} ({sel.id}): {type(galat).__name__}: {galat}"
            if "parameters" in sel.metadata.get("tags", []):
                ruang |= parameter
    return ""
