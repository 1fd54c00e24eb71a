"""Menjalankan notebook di dalam proses pekerja sendiri, tanpa kernel terpisah.

Untuk ratusan halaman dari satu notebook, menyalakan kernel dan mengimpor pustaka lebih mahal daripada isinya. Di sini
setiap halaman mendapat proses yang dicabangkan dari induk yang sudah memuat pustaka dan datanya; sel-selnya dijalankan
IPython, dan keluarannya dikumpulkan ke salinan notebook yang sama bentuknya dengan buatan papermill.
"""

from __future__ import annotations

import os
from typing import Any

from kinerja import paths
from kinerja.render.jalankan import Sel, executed_path
from kinerja.render.rencana import Tugas


def warm_up() -> None:
    """Impor yang diperlukan pekerja, supaya dibayar sekali oleh induknya."""
    import IPython.core.interactiveshell
    import IPython.utils.capture  # noqa: F401
    import matplotlib.pyplot  # noqa: F401
    import papermill.parameterize  # noqa: F401


def execute(tugas: Tugas, folder: Any) -> Sel | None:
    """Jalankan notebook di proses ini; panggil hanya di proses yang berakhir sesudahnya.

    Folder kerja, lingkungan, dan ``__main__`` proses ini berubah.

    Parameters
    ----------
    tugas : Tugas
        Notebook dan parameternya.
    folder : Path
        Folder laporan yang sedang dibangun.

    Returns
    -------
    Sel or None
        Sel yang gagal, atau None bila semua sel selesai. Salinan yang sudah dijalankan ditulis dalam kedua hal.
    """
    import nbformat
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    os.environ.update(KINERJA_KELUARAN=str(folder), KINERJA_HALAMAN=tugas.halaman, KINERJA_AKAR=str(paths.root()))
    os.environ.setdefault("MPLBACKEND", "agg")
    nb = load_notebook_node(str(tugas.berkas))
    nb = parameterize_notebook(nb, dict(tugas.parameter), kernel_name="python3", language="python")
    os.chdir(tugas.berkas.parent)
    gagal = _run_cells(nb)
    salinan = executed_path(folder, tugas.halaman)
    salinan.parent.mkdir(exist_ok=True)
    nbformat.write(nb, salinan)
    return gagal


def _run_cells(nb: Any) -> Sel | None:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    gagal, nomor = None, 0
    for sel in nb.cells:
        if sel.cell_type != "code":
            continue
        sel.outputs, sel.execution_count = [], None
        nomor += "injected-parameters" not in sel.metadata.get("tags", [])
        if gagal is None:
            gagal = _run_cell(shell, sel, nomor)
    return gagal


def _run_cell(shell: Any, sel: Any, nomor: int) -> Sel | None:
    from IPython.utils.capture import capture_output
    from nbformat.v4 import new_output

    with capture_output() as tertangkap:
        hasil = shell.run_cell(sel.source, store_history=True)
    sel.execution_count = hasil.execution_count
    for nama in ("stdout", "stderr"):
        if getattr(tertangkap, nama) and hasil.success:
            sel.outputs.append(new_output("stream", name=nama, text=getattr(tertangkap, nama)))
    sel.outputs += [new_output("display_data", data=x.data, metadata=x.metadata) for x in tertangkap.outputs]
    if hasil.success:
        return None
    galat = hasil.error_before_exec or hasil.error_in_exec
    isi = {"ename": type(galat).__name__, "evalue": str(galat)}
    # IPython mencetak jejaknya ke stdout; di salinan ia menjadi keluaran galat, seperti dari sebuah kernel.
    sel.outputs.append(new_output("error", traceback=tertangkap.stdout.splitlines(), **isi))
    return Sel(nomor, sel.id, isi["ename"], isi["evalue"])
