"""Menyegarkan notebook yang disimpan: dijalankan di tempat, lalu dinormalkan sehingga dua kali segar sama bytenya."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from kinerja import paths, terbaca
from kinerja.errors import GalatKinerja
from kinerja.render import kelompok
from kinerja.render.jalankan import KERNEL_ARGUMENTS
from kinerja.render.laporan import Layar
from kinerja.render.rencana import Tugas, select

_MIME_WIDGET = "application/vnd.jupyter.widget-view+json"
_JAWABAN = "jawaban"
"""Tag sel jawaban latihan di resep, yang terlipat di JupyterLab."""

_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}


def refresh(
    notebook: Sequence[str] = (), *, jobs: int | None = None, layar: Layar | None = None
) -> list[tuple[str, str]]:
    """Jalankan ulang notebook di tempat dengan parameter bawaannya; tanpa nama: semua halaman laporan.

    Notebook yang gagal tidak diubah.

    Returns
    -------
    list of (str, str)
        Notebook yang gagal dan sebabnya.
    """
    dipilih = {x.stem: x for x in map(paths.notebook, notebook)} or select(())
    jobs = min(jobs or kelompok.cores(), len(dipilih))
    if layar:
        layar.begin([Tugas(nama, nama, berkas, nama) for nama, berkas in dipilih.items()], jobs)
    gagal = []
    with kelompok.stop_on_signals():
        hasil = kelompok.run_side_by_side(
            [(nama, partial(refresh_one, berkas)) for nama, berkas in dipilih.items()],
            jobs,
            mulai=layar.start if layar else lambda nama: None,
            denyut=layar.tick if layar else lambda: None,
        )
        for selesai in hasil:
            if layar:
                layar.finish(selesai.nama, selesai.detik, selesai.galat)
            if selesai.galat:
                gagal.append((selesai.nama, selesai.galat))
    return sorted(gagal)


def refresh_one(berkas: Path) -> None:
    """Jalankan satu notebook dan tulis ulang bila isinya berubah.

    Raises
    ------
    GalatKinerja
        Sebuah sel gagal; berkas tidak diubah.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    for nama in ("KINERJA_KELUARAN", "KINERJA_HALAMAN", terbaca.LINGKUNGAN):
        os.environ.pop(nama, None)
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    nb = nbformat.read(berkas, as_version=4)
    klien = NotebookClient(
        nb,
        timeout=None,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        shutdown_kernel="immediate",
        extra_arguments=KERNEL_ARGUMENTS,
        resources={"metadata": {"path": str(berkas.parent)}},
    )
    try:
        klien.execute()
    except CellExecutionError as galat:
        raise GalatKinerja(f"{berkas.name}: {galat.ename}: {galat.evalue}") from galat
    isi = nbformat.writes(normalize(nb), version=4).rstrip("\n") + "\n"
    if isi != berkas.read_text("utf-8"):
        sementara = berkas.with_name(f".{berkas.name}.{os.getpid()}")
        sementara.write_text(isi, "utf-8")
        sementara.replace(berkas)


def normalize(nb: Any) -> Any:
    """Buang semua yang berubah tanpa arti: waktu, keadaan widget, stderr, versi kernel, pengenal model widget."""
    nb.metadata.clear()
    nb.metadata.update({"kernelspec": _KERNEL, "language_info": {"name": "python"}})
    nb.nbformat_minor = 5
    for sel in nb.cells:
        sel.metadata = type(sel.metadata)({k: v for k, v in sel.metadata.items() if k == "tags" and v})
        if _JAWABAN in sel.metadata.get("tags", ()):
            sel.metadata["jupyter"] = {"outputs_hidden": True, "source_hidden": True}
        sel.source = sel.source.rstrip()
        if sel.cell_type == "code":
            sel.outputs = [x for x in map(_normalize_output, sel.outputs) if x is not None]
    return nb


def _normalize_output(keluaran: Any) -> Any | None:
    if keluaran.output_type == "stream" and keluaran.name == "stderr":
        return None
    if "data" in keluaran:
        # Pengenal model widget acak; nbval tidak membandingkannya, dan tanpa status widget ia tidak berguna.
        keluaran.data.pop(_MIME_WIDGET, None)
        if not keluaran.data:
            return None
    return keluaran
