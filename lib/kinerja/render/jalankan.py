"""Menjalankan satu notebook dengan papermill, di dalam proses pekerja."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from kinerja import fmt, paths, terbaca
from kinerja.data import schema
from kinerja.render.rencana import Tugas

KERJA = ".kerja"
"""Folder di dalam bangunan untuk salinan notebook yang sudah dijalankan."""

KERNEL_ARGUMENTS = ["--HistoryManager.enabled=False", "--IPKernelApp.log_level=ERROR"]
"""Kernel batch tidak mencatat riwayat (berebut satu berkas SQLite) dan tidak memperingatkan soal jaringan lokal."""


@dataclass(frozen=True)
class Sel:
    """Sel yang gagal: nomor urut sel kode (dari 1), pengenalnya, dan kesalahannya."""

    nomor: int
    pengenal: str
    galat: str
    pesan: str

    def __str__(self) -> str:
        return f"sel kode {self.nomor} ({self.pengenal}): {self.galat}: {self.pesan}"


Pelaksana = Callable[[Tugas, Path], Sel | None]
"""Yang menjalankan sel-sel sebuah tugas dan menulis salinannya; mengembalikan sel yang gagal."""


def executed_path(folder: Path, halaman: str) -> Path:
    """Tempat salinan notebook yang sudah dijalankan."""
    return folder / KERJA / f"{halaman}.ipynb"


def read_log_path(folder: Path, halaman: str) -> Path:
    """Tempat catatan apa yang dibaca notebook (:mod:`kinerja.terbaca`)."""
    return executed_path(folder, halaman).with_suffix(".terbaca")


def execute(tugas: Tugas, folder: Path, pelaksana: Pelaksana | None = None) -> Sel | None:
    """Jalankan notebook; tabel dan gambarnya ditulis kernel ke ``folder``.

    Keluaran dan lingkungan proses ini berubah: panggil hanya di proses pekerja.

    Parameters
    ----------
    tugas : Tugas
        Notebook dan parameternya.
    folder : Path
        Folder laporan yang sedang dibangun.
    pelaksana : callable, optional
        Yang menjalankan sel-selnya; bila kosong :func:`run_papermill`.

    Returns
    -------
    Sel or None
        Sel yang gagal, atau None bila semua sel selesai. Salinan yang sudah dijalankan ditulis dalam kedua hal.
    """
    salinan = executed_path(folder, tugas.halaman)
    salinan.parent.mkdir(exist_ok=True)
    if tugas.kurang:
        return _write_absent(tugas, salinan, read_log_path(folder, tugas.halaman))
    redirect_output(salinan.with_suffix(".log"))
    os.environ.update(
        {
            "KINERJA_KELUARAN": str(folder),
            "KINERJA_HALAMAN": tugas.halaman,
            "KINERJA_AKAR": str(paths.root()),
            terbaca.LINGKUNGAN: str(read_log_path(folder, tugas.halaman)),
        }
    )
    # Peringatan debugpy tentang modul beku mengotori stderr setiap kernel.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    if not paths.is_own_data():
        # Kernel bekerja di folder notebook; letak relatif di lingkungan pemanggil tidak berlaku di sana.
        os.environ["KINERJA_DATA"] = str(paths.data())
    return (pelaksana or run_papermill)(tugas, salinan)


def run_papermill(tugas: Tugas, salinan: Path) -> Sel | None:
    """Jalankan sel-sel notebook di kernel biasa; lihat :func:`execute`."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        papermill.execute_notebook(
            str(tugas.berkas),
            str(salinan),
            parameters=dict(tugas.parameter),
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=str(tugas.berkas.parent),
            kernel_name="python3",
            # Kernel tidak menyimpan apa pun yang perlu ditutup rapi; menunggunya memakan setengah detik per notebook.
            shutdown_kernel="immediate",
            extra_arguments=KERNEL_ARGUMENTS,
        )
    except PapermillExecutionError as galat:
        return _failed_cell(salinan, galat)
    return None


def _write_absent(tugas: Tugas, salinan: Path, catatan: Path) -> None:
    """Halaman yang menyebut tabel yang belum diisi, didahului pengantar notebooknya; tidak ada sel yang dijalankan."""
    import nbformat

    nb = nbformat.read(tugas.berkas, as_version=4)
    pengantar = list(takewhile(lambda sel: sel.cell_type == "markdown", nb.cells))
    tahun = tugas.parameter["tahun"]
    with fmt.using(tugas.parameter["bahasa"]):
        isi = [f"- `{nama}`: {fmt.pick(schema.tables()[nama].uraian)}" for nama in tugas.kurang]
        kata = fmt.pick(
            {
                "id": f"## Belum ada\n\nTabel yang diperlukan halaman ini belum diisi untuk {tahun}:",
                "en": f"## Not there yet\n\nThe tables that this page needs are not filled in for {tahun}:",
            }
        )
    # Judul bagian terakhir pengantar ("Parameter dan data") tidak punya isi di sini.
    nb.cells = [sel for sel in pengantar if sel.source.strip().count("\n")]
    nb.cells.append(nbformat.v4.new_markdown_cell("\n".join([kata, "", *isi]), id="belum-ada"))
    nbformat.write(nb, salinan)
    catatan.write_text("".join(f"tabel {tahun}/{nama}\n" for nama in tugas.kurang), "utf-8")


def _failed_cell(salinan: Path, galat: Any) -> Sel:
    """Cari sel bergalat di salinan: papermill menomori menurut prompt, yang bergeser oleh sel sisipannya."""
    import nbformat

    nomor = 0
    for sel in nbformat.read(salinan, as_version=4).cells:
        if sel.cell_type != "code" or "injected-parameters" in sel.metadata.get("tags", []):
            continue
        nomor += 1
        if any(keluaran.output_type == "error" for keluaran in sel.outputs):
            return Sel(nomor, sel.id, galat.ename, galat.evalue)
    return Sel(galat.exec_count or 0, "?", galat.ename, galat.evalue)


def redirect_output(berkas: Path) -> None:
    """Alihkan stdout dan stderr proses ini dan kernelnya ke catatan, supaya layar hanya berisi kemajuan."""
    catatan = os.open(berkas, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(catatan, 1)
    os.dup2(catatan, 2)
    os.close(catatan)
