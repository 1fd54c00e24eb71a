"""Sel-sel notebook dijalankan kernel hangat: proses pekerja, yang dicabangkan dari proses yang sudah hangat.

Memulai ``ipykernel`` dan mengimpor pandas, matplotlib, dan panel memakan lebih dari sedetik per notebook; cabang
mewarisinya. Kernelnya kernel dalam-proses milik ipykernel, jadi tidak ada soket, utas, dan proses ketiga di antara sel
dan salinannya, dan pesannya diolah nbclient seperti pesan kernel biasa. Bila ia tidak dapat dibuat, papermill yang
menjalankan notebooknya.

Yang didapat: render pertama 20,2 detik, bukan 30,7 dengan kernel biasa (nisbah 0,66, dua inti; ``bench_render.py``, 25
November 2026, ``docs/kinerja.md``), dengan puncak memori yang sama.

Hasilnya harus tidak dapat dibedakan dari kernel biasa; yang diwarisi tetapi bergantung pada "ini terminal atau kernel",
atau yang harus berbeda antarproses, dikembalikan di :func:`_forget`. Satu-satunya bedanya: yang ditulis proses anak
sebuah sel langsung ke stdout masuk ke catatan render, bukan ke keluaran sel.
"""

from __future__ import annotations

import ast
import gc
import importlib
import json
import os
import random
import sys
import traceback
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kinerja import fmt
from kinerja.render.jalankan import Sel, run_papermill
from kinerja.render.rencana import Tugas

_MODUL = (
    "IPython.core.completer IPython.core.pylabtools PIL.PngImagePlugin comm ipykernel.inprocess.blocking "
    "ipykernel.inprocess.ipkernel kinerja.audit kinerja.buku kinerja.figures matplotlib.backends.backend_agg "
    "matplotlib.backends.backend_svg nbclient papermill.iorw papermill.parameterize"
).split()
_SAMPAH = 100_000
"""Ambang pengumpul sampah pekerja: prosesnya pendek, dan bawaan Python menyapu ribuan objek gambar tanpa hasil."""

_TUNGGU = 60.0
"""Detik menunggu pesan terakhir sebuah sel yang sudah selesai; bila lewat, kernelnya rusak."""


def available() -> bool:
    """Apakah kernel hangat dapat dipakai di sini: hanya di Linux proses bercabang dengan aman."""
    return sys.platform == "linux"


def warm(notebook: Iterable[Path]) -> None:
    """Muat pustaka yang diperlukan kernel dan notebook-notebook ini ke dalam proses ini, sebelum ia bercabang."""
    for nama in [*_MODUL, *sorted({x for berkas in notebook for x in _imports(berkas)})]:
        try:
            importlib.import_module(nama)
        except Exception:
            # Panel yang rusak dilaporkan oleh sel notebook yang memuatnya, dengan jejak yang lengkap.
            continue
    _warm_drawing()


def _imports(berkas: Path) -> set[str]:
    hasil: set[str] = set()
    kode = (x for x in json.loads(berkas.read_text("utf-8")).get("cells", ()) if x.get("cell_type") == "code")
    for sel in kode:
        isi = "".join(x for x in "".join(sel["source"]).splitlines(keepends=True) if not x.startswith("%"))
        with suppress(SyntaxError):
            for simpul in ast.walk(ast.parse(isi)):
                if isinstance(simpul, ast.ImportFrom) and simpul.module:
                    hasil |= {simpul.module, *(f"{simpul.module}.{x.name}" for x in simpul.names)}
                elif isinstance(simpul, ast.Import):
                    hasil |= {x.name for x in simpul.names}
    return {x for x in hasil if x.split(".")[0] == "kinerja"}


def _warm_drawing() -> None:
    """Gambar sekali: huruf, gaya, dan kedua penggambar dimuat; tanpa pyplot, yang di luar shell memilih backend."""
    from kinerja.figures import rupa
    from kinerja.keluaran import to_png, to_svg

    fig, ax = rupa.canvas(size="pendek")
    ax.set_title("Aa1", weight="bold")
    to_png(fig)
    to_svg(fig)


def run(tugas: Tugas, salinan: Path) -> Sel | None:
    """Jalankan notebook di proses ini dengan kernel dalam-proses; hasilnya seperti :func:`.jalankan.execute`.

    Panggil hanya di proses pekerja: folder kerja dan ``__main__`` proses ini berubah. Satu pekerja boleh menjalankan
    beberapa notebook berurutan: setiap panggilan memakai kernel baru, dan yang disetel sel-sel sebelumnya pada
    lingkungan, peringatan, numpy, pandas, matplotlib, dan bahasa tidak sampai ke notebook berikutnya.
    """
    gc.set_threshold(_SAMPAH)
    os.chdir(tugas.berkas.parent)
    with _borrowed():
        _forget()
        return _run(tugas, salinan)


def _run(tugas: Tugas, salinan: Path) -> Sel | None:
    try:
        klien = _start_kernel()
    except Exception:
        # ipykernel dapat berubah; kernel biasa memberi hasil yang sama, hanya lebih lambat. Sebabnya masuk catatan.
        traceback.print_exc()
        return run_papermill(tugas, salinan)
    import nbformat
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    nb = load_notebook_node(str(tugas.berkas))
    nb = parameterize_notebook(nb, dict(tugas.parameter), kernel_name="python3", language="python")
    try:
        gagal = _run_cells(klien, nb)
    finally:
        _stop_kernel(klien)
    nbformat.write(nb, salinan)
    return gagal


def _start_kernel() -> Any:
    from ipykernel.inprocess.blocking import BlockingInProcessKernelClient
    from ipykernel.inprocess.ipkernel import InProcessKernel
    from traitlets.config import Config

    # Riwayat tidak dicatat: semua pekerja akan berebut satu berkas SQLite.
    pilihan = Config({"HistoryManager": {"enabled": False}})
    with _hidden("debugpy"):  # memuat pengawakutu memakan sepertiga detik, dan di sini tidak ada yang memakainya
        kernel = InProcessKernel.instance(config=pilihan)
    klien = BlockingInProcessKernelClient(kernel=kernel, session=kernel.session)
    klien.start_channels()
    return klien


def _stop_kernel(klien: Any) -> None:
    """Lepaskan kernel dan shell tunggalnya, supaya panggilan berikutnya mulai dari nama yang kosong."""
    kernel = klien.kernel
    plt = sys.modules.get("matplotlib.pyplot")
    if plt is not None:
        plt.close("all")
        plt.uninstall_repl_displayhook()
        # Backend yang diingatnya menampilkan gambar di shell ini; notebook berikutnya harus memuatnya lagi.
        plt._backend_mod = None
    kernel.iopub_thread.stop()
    kernel.shell.atexit_operations()
    type(kernel.shell).clear_instance()
    type(kernel).clear_instance()


@contextmanager
def _borrowed() -> Iterator[None]:
    """Di dalam: bahasa bawaan. Sesudahnya bahasa, lingkungan, ``sys.path``, peringatan, dan cetakan numpy semula."""
    import numpy as np

    lingkungan, jalur = dict(os.environ), list(sys.path)
    try:
        with warnings.catch_warnings(), np.printoptions(), fmt.using(fmt.BAHASA[0]):
            yield
    finally:
        os.environ.clear()
        os.environ.update(lingkungan)
        sys.path[:] = jalur


@contextmanager
def _hidden(modul: str) -> Iterator[None]:
    """Selama blok ini modul yang belum dimuat itu seakan tidak terpasang."""
    if modul in sys.modules:
        yield
        return
    sys.modules[modul] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[modul]


def _run_cells(klien: Any, nb: Any) -> Sel | None:
    """Jalankan sel-sel kode berurutan sampai ada yang gagal; keluarannya ditulis ke ``nb``."""
    from nbclient import NotebookClient

    pengolah = NotebookClient(nb, record_timing=False)
    pengolah.reset_execution_trackers()
    gagal, nomor = None, 0
    for letak, sel in enumerate(nb.cells):
        if sel.cell_type != "code":
            continue
        sel.outputs, sel.execution_count = [], None
        nomor += "injected-parameters" not in sel.metadata.get("tags", [])
        if gagal is None and sel.source.strip():
            _run_cell(klien, pengolah, sel, letak)
            galat = next((x for x in sel.outputs if x.output_type == "error"), None)
            gagal = Sel(nomor, sel.id, galat.ename, galat.evalue) if galat else None
    return gagal


def _run_cell(klien: Any, pengolah: Any, sel: Any, letak: int) -> None:
    from nbclient.exceptions import CellExecutionComplete

    pengolah.clear_before_next_output = False
    asal = klien.execute(sel.source, allow_stdin=False)
    while True:
        pesan = klien.get_iopub_msg(timeout=_TUNGGU)
        # Aliran keluaran di kernel dalam-proses tidak menyebut permintaan asalnya.
        if pesan["parent_header"].get("msg_id", asal) != asal:
            continue
        try:
            pengolah.process_message(pesan, sel, letak)
        except CellExecutionComplete:
            return


def _forget() -> None:
    """Kembalikan keadaan yang di kernel biasa lain: bilangan acak, setelan pandas, gaya dan backend gambar."""
    import matplotlib as mpl
    import numpy as np
    import pandas as pd

    random.seed()
    np.random.seed()  # noqa: NPY002 (keadaan acak bersama itulah yang diwarisi cabang)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # mengembalikan pilihan yang usang pun memperingatkan
        pd.reset_option("all")
    pd.set_option("display.max_columns", 20)  # pandas memilih 0 bila diimpor di terminal
    mpl.rc_file_defaults()  # induk mungkin sudah menggambar dengan gaya proyek
    backend = os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    mpl.rcParams["backend"] = backend
    # Backend inline memasang diri pada shell saat diimpor; yang terimpor sebelum ada shell membuang semua gambar.
    for nama in [x for x in sys.modules if x.split(".")[0] == "matplotlib_inline"]:
        del sys.modules[nama]
    mpl.interactive(False)
