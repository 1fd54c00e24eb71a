"""nbval: bandingkan semua keluaran yang disimpan, kecuali stderr, dengan penyeragam di ``sanitasi.cfg``.

Perbedaan diperlihatkan dari keluaran ``text/plain``: tabel, baris, kolom, angka lama, dan angka baru. Data mentah yang
salah menghentikan seluruh uji dengan satu kalimat, bukan satu kegagalan bagi setiap sel sesudahnya.
"""

import os
import re
from itertools import zip_longest
from pathlib import Path

import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, NbCellError

SANITASI = Path(__file__).with_name("sanitasi.cfg")
PALING_BANYAK = 12
_PISAH = re.compile(r"\S+(?: \S+)*")
_GARIS = re.compile(r"-{8,}")
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
    sisa = [f"... dan {len(beda) - PALING_BANYAK} lagi"] if len(beda) > PALING_BANYAK else []
    isi = [f"{notebook}, {x}" for x in beda[:PALING_BANYAK]] + sisa
    return "\n".join(isi or [f"{nama}: yang terlihat sama, HTML atau banyaknya keluaran berbeda", str(galat)[:2000]])


def data_error(galat):
    """Apakah sel berhenti karena isi data mentah."""
    teks = _WARNA.sub("", getattr(galat, "inner_traceback", None) or "")
    return any(jenis == "GalatData" for jenis, _ in _GALAT.findall(teks))


def differences(lama, baru):
    """Setiap perbedaan dua daftar keluaran teks: ``tabel, baris, kolom: lama -> baru``.

    Parameters
    ----------
    lama, baru : list of str
        Keluaran ``text/plain`` yang tersimpan dan yang baru, berurutan.
    """
    hasil = []
    for satu, lain in zip_longest(lama, baru, fillvalue=""):
        if satu != lain:
            hasil += _table(satu, lain) if _GARIS.search(satu) else _text(satu, lain)
    return hasil


def _table(lama, baru):
    baris = lama.splitlines(), baru.splitlines()
    judul = baris[0][0].split(":")[0].strip()
    if len(baris[0]) != len(baris[1]):
        return [f"{judul}: {len(baris[0])} baris -> {len(baris[1])} baris", *_unpaired(judul, *baris)]
    garis = [i for i, x in enumerate(baris[0]) if _GARIS.fullmatch(x.strip())]
    kepala = baris[0][garis[0] + 1 : garis[1]] if len(garis) > 1 else []
    hasil = []
    for satu, lain in zip(*baris, strict=True):
        if _GARIS.fullmatch(satu.strip()):
            continue
        sel, sel_lain = list(_PISAH.finditer(satu)), list(_PISAH.finditer(lain))
        if [x.group() for x in sel] == [x.group() for x in sel_lain]:
            continue  # hanya lebar kolomnya
        if len(sel) != len(sel_lain) or not kepala:
            hasil.append(f"{judul}: {_short(satu)} -> {_short(lain)}")
            continue
        nama = _row_name(sel)
        for x, y in zip(sel, sel_lain, strict=True):
            if x.group() != y.group():
                hasil.append(f"{judul}, {nama}, {_column_name(kepala, x)}: {x.group()} -> {y.group()}")
    return hasil


def _text(lama, baru):
    """Kata yang berganti, dengan awal kalimatnya; seluruhnya bila susunannya lain."""
    kata = lama.split(), baru.split()
    if len(kata[0]) != len(kata[1]):
        return [f"{_short(lama)} -> {_short(baru)}"]
    return [f"'{_short(lama, 60)}': {x} -> {y}" for x, y in zip(*kata, strict=True) if x != y]


def _unpaired(judul, lama, baru):
    """Baris yang hanya ada di satu sisi, tanpa memandang lebar kolom."""
    rapi = [[" ".join(x.split()) for x in isi] for isi in (lama, baru)]
    hilang, tambah = ([x for x in a if x not in b] for a, b in (rapi, rapi[::-1]))
    return [f"{judul}: hilang '{_short(x)}'" for x in hilang] + [f"{judul}: tambah '{_short(x)}'" for x in tambah]


def _row_name(sel):
    """Sel-sel pertama yang bukan angka; bila angka semua, sel pertama."""
    kata = []
    for x in sel:
        if re.match(r"[-−(]?\d|…|–$", x.group()):
            break
        kata.append(x.group())
    return " ".join(kata[:3]) or sel[0].group()


def _column_name(kepala, sel):
    """Tulisan kepala tabel yang sekolom dengan satu sel."""
    atas = [x.group() for baris in kepala for x in _PISAH.finditer(baris) if _overlap(x, sel)]
    return " ".join(atas) or f"huruf ke-{sel.start() + 1}"


def _overlap(satu, lain):
    return satu.start() < lain.end() and lain.start() < satu.end()


def _plain(keluaran):
    return [str(x["data"].get("text/plain", "")) for x in keluaran if "data" in x]


def _short(teks, panjang=160):
    teks = " ".join(teks.split())
    return teks if len(teks) <= panjang else f"{teks[:panjang]}..."
