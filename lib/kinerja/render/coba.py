"""Percobaan sebelum render: sel notebook dijalankan di proses ini, tanpa kernel dan tanpa menulis halaman."""

from __future__ import annotations

import traceback
from collections.abc import Sequence

from kinerja import fmt
from kinerja.buku import collecting
from kinerja.errors import GalatKinerja
from kinerja.render.rencana import Tugas
from kinerja.render.sapu import run_cells


def failures(tugas: Sequence[Tugas]) -> dict[str, str]:
    """Notebook yang gagal dihitung -> kalimat kesalahannya; yang ``kurang`` tabelnya tidak dijalankan."""
    hasil = {}
    for x in tugas:
        if x.kurang:
            continue
        with collecting(), fmt.using(fmt.language()):
            try:
                run_cells(x.berkas, {**x.baku, **x.parameter})
            except GalatKinerja as galat:
                hasil[x.notebook] = str(galat)
            except Exception as galat:  # kode notebook dapat gagal dengan cara apa pun; di sini ia disebut
                sel = [
                    y.filename
                    for y in traceback.extract_tb(galat.__traceback__)
                    if y.filename.startswith(x.berkas.stem)
                ]
                hasil[x.notebook] = f"{''.join(sel[-1:])}: {type(galat).__name__}: {galat}"
    return hasil
