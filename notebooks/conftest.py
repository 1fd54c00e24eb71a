"""nbval: bandingkan semua keluaran yang disimpan, kecuali stderr, dengan penyeragam di ``sanitasi.cfg``.

Perbedaan diperlihatkan dari keluaran ``text/plain``: tabel, baris, kolom, angka lama, dan angka baru. Data mentah yang
salah menghentikan seluruh uji dengan satu kalimat, bukan satu kegagalan bagi setiap sel sesudahnya.
"""

import os
import re
from pathlib import Path

import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, NbCellError

from kinerja.render.notebook import differences, shorten_list

SANITASI = Path(__file__).with_name("sanitasi.cfg")
_GALAT = re.compile(r"^(?:\w+\.)*(Galat\w+): (.+)", re.M)
_WARNA = re.compile(r"\x1b\[[0-9;]*m")


def pytest_configure(config):
    # Supaya `pytest --nbval notebooks` saja sudah memakai penyeragam yang sama dengan CI.
    if config.getoption("nbval", default=False) and not config.option.nbval_sanitize_with:
        config.option.nbval_sanitize_with = str(SANITASI)
    RunningKernel.execute_cell_input = execute_with_history
    # Render menulis ke folder laporan; notebook yang diuji tidak boleh ikut menulis ke sana.
    for nama in ("KINERJA_KELUARAN", "KINERJA_HALAMAN"):
        os.environ.pop(nama, None)


def execute_with_history(kernel, cell_input, allow_stdin=None):
    """Jalankan sel dengan riwayat: tanpa riwayat IPython tidak melihat titik koma penutup yang menahan keluarannya."""
    return kernel.kc.execute(cell_input, store_history=True, allow_stdin=allow_stdin, stop_on_error=False)


def pytest_collectstart(collector):
    if getattr(collector, "skip_compare", None) is not None:
        collector.skip_compare += ("stderr",)


def pytest_collection_modifyitems(items):
    # Batas nbval menunggu keluaran tetap 5 detik, terlalu pendek bagi mesin yang sibuk.
    for sel in items:
        if isinstance(sel, IPyNbCell):
            sel.output_timeout = 60


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    laporan = yield
    if isinstance(item, IPyNbCell) and call.when == "call" and laporan.failed:
        laporan.longrepr = explain(item, call.excinfo.value)
        if data_error(call.excinfo.value):
            item.session.shouldstop = "data mentah salah; notebook lain tidak dijalankan"
    return laporan


def explain(sel, galat):
    """Kegagalan satu sel dalam beberapa baris."""
    notebook = Path(sel.fspath).stem
    nama = f"{notebook}, sel {sel.cell.get('id', sel.cell_num)}"
    if not isinstance(galat, NbCellError):
        return f"{nama}: {galat}"
    sendiri = _GALAT.findall(_WARNA.sub("", galat.inner_traceback or ""))
    if sendiri:
        return f"{nama}: {sendiri[-1][1]}"
    if not getattr(sel, "comparison_traceback", None):
        return f"{nama}: sel berhenti\n{_WARNA.sub('', galat.inner_traceback or str(galat))}"
    beda = differences(_plain(sel.cell.outputs), _plain(sel.test_outputs))
    isi = shorten_list([f"{notebook}, {x}" for x in beda])
    return "\n".join(isi or [f"{nama}: yang terlihat sama, HTML atau banyaknya keluaran berbeda", str(galat)[:2000]])


def data_error(galat):
    """Apakah sel berhenti karena isi data mentah."""
    teks = _WARNA.sub("", getattr(galat, "inner_traceback", None) or "")
    return any(jenis == "GalatData" for jenis, _ in _GALAT.findall(teks))


def _plain(keluaran):
    return [str(x["data"].get("text/plain", "")) for x in keluaran if "data" in x]
