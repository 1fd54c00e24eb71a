"""Sel kode notebook dijalankan di proses ini, tanpa kernel dan tanpa menulis halaman."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from kinerja import fmt
from kinerja.buku import collecting
from kinerja.errors import GalatKinerja
from kinerja.render.rencana import Tugas


def run_cells(berkas: Path, parameter: Mapping[str, Any], ruang: dict[str, Any] | None = None) -> dict[str, Any]:
    """Jalankan sel-sel kode sebuah notebook; ``parameter`` menggantikan isi sel parameternya.

    Parameters
    ----------
    berkas : Path
    parameter : mapping
    ruang : dict, optional
        Nama-nama yang sudah ada bagi sel-selnya.

    Returns
    -------
    dict
        Nama-nama yang ditinggalkan sel-selnya.

    Raises
    ------
    GalatKinerja
        Sebuah sel gagal; kesalahan lain daripada milik proyek menyebut nomor dan pengenal selnya.
    """
    ruang = {"__name__": "__main__", "display": lambda *_, **__: None} if ruang is None else ruang
    kode = [x for x in json.loads(berkas.read_text("utf-8"))["cells"] if x["cell_type"] == "code"]
    for nomor, sel in enumerate(kode, 1):
        pengenal = sel.get("id", "?")
        isi = re.sub(r"^\s*[%!].*$", "", "".join(sel["source"]), flags=re.M)
        try:
            exec(compile(isi, f"{berkas.name}: {pengenal}", "exec"), ruang)
        except GalatKinerja:
            raise
        except Exception as galat:  # kode notebook dapat gagal dengan cara apa pun; di sini ia disebut
            raise GalatKinerja(f"sel kode {nomor} ({pengenal}): {type(galat).__name__}: {galat}") from galat
        if "parameters" in sel["metadata"].get("tags", ()):
            ruang |= parameter
    return ruang


def failures(tugas: Sequence[Tugas]) -> dict[str, str]:
    """Notebook yang gagal dihitung -> kalimat kesalahannya; yang ``kurang`` tabelnya tidak dijalankan."""
    import matplotlib

    matplotlib.use("Agg")
    hasil = {}
    for x in tugas:
        if not x.kurang:
            try:
                with collecting(), fmt.using(fmt.language()), redirect_stdout(io.StringIO()):
                    run_cells(x.berkas, {**x.baku, **x.parameter})
            except GalatKinerja as galat:
                hasil[x.notebook] = str(galat)
    return hasil
