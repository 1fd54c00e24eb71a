"""Kernel hangat tidak dapat dibedakan dari kernel biasa: sel demi sel, gambar demi gambar."""

import os
import signal
import sys
from functools import partial
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from kinerja.render import hangat, jalankan, kelompok
from kinerja.render.rencana import plan

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernel hangat hanya ada di Linux")

PARAMETER = 'tahun: int = 2020  # tahun laporan\nbahasa: str = "id"  # bahasa: id atau en\n'
JEBAKAN = [
    new_code_cell(PARAMETER, id="parameter", metadata={"tags": ["parameters"]}),
    new_code_cell("import numpy as np\nimport pandas as pd\nfrom matplotlib import pyplot as plt", id="impor"),
    new_code_cell("pd.DataFrame(np.zeros((2, 30)))", id="lebar"),
    new_code_cell("plt.plot([1, 2], [3, 4]);", id="gambar-tanpa-show"),
    new_code_cell("plt.get_backend(), pd.options.display.width, plt.rcParams['figure.dpi']", id="setelan"),
    new_code_cell("import warnings, locale, sys\nlocale.getlocale(), sys.flags.optimize, __name__", id="proses"),
    new_code_cell("get_ipython().run_line_magic('matplotlib', 'inline')\nplt.figure().text(0, 0, 'x')", id="sihir"),
]
ACAK = "import random\nimport numpy as np\nprint(random.random(), np.random.random())"


def jalan(folder: Path, tugas, persiapan) -> dict[str, list]:
    """Keluaran setiap sel menurut notebook, dijalankan berdampingan."""
    folder.mkdir()
    kerja = [(x.halaman, partial(jalankan.execute, x, folder)) for x in tugas]
    for selesai in kelompok.run_side_by_side(kerja, 2, persiapan=persiapan):
        assert selesai.galat is None and selesai.isi is None, selesai
    return {
        x.halaman: [
            [rapikan(y) for y in sel.outputs]
            for sel in nbformat.read(jalankan.executed_path(folder, x.halaman), 4).cells
            if sel.cell_type == "code"
        ]
        for x in tugas
    }


def rapikan(keluaran):
    """Keluaran tanpa pengenal model widget, yang acak, dan tanpa letak folder sementara."""
    if "data" in keluaran:
        keluaran.data.pop("application/vnd.jupyter.widget-view+json", None)
    return keluaran


def berkas(folder: Path) -> dict[str, bytes]:
    return {
        x.relative_to(folder).as_posix(): x.read_bytes()
        for x in folder.rglob("*")
        if x.is_file() and jalankan.KERJA not in x.parts
    }


def tanpa_persiapan() -> None:
    """Pekerja tanpa cabang: kernel biasa."""


def cabang_mati() -> None:
    """Cabang yang mati sebelum dipakai."""
    hangat.fork_kernel()
    os.kill(hangat._cabang.pid, signal.SIGKILL)
    hangat._cabang.wait()


def test_terdaftar():
    assert hangat.available()


def test_jebakan_kernel(proyek, tmp_path, tulis_notebook):
    tulis_notebook(proyek / "notebooks" / "gambar.ipynb", JEBAKAN)
    tugas = [x for x in plan(2020) if x.halaman == "gambar"]
    hangat.warm(x.berkas for x in tugas)
    dingin = jalan(tmp_path / "dingin", tugas, tanpa_persiapan)["gambar"]
    panas = jalan(tmp_path / "hangat", tugas, hangat.fork_kernel)["gambar"]
    for nomor, (satu, dua) in enumerate(zip(dingin, panas, strict=True)):
        assert satu == dua, f"sel {nomor}"
    assert "image/png" in panas[4][-1].data, "gambar tanpa show ditampilkan backend inline"
    assert "..." in panas[3][0].data["text/plain"], "tabel lebar dipotong seperti di kernel"


def test_bilangan_acak_tidak_diwarisi(proyek, tmp_path, tulis_notebook):
    sel = [new_code_cell(PARAMETER, id="parameter", metadata={"tags": ["parameters"]}), new_code_cell(ACAK, id="acak")]
    for nama in ("angka", "gambar"):
        tulis_notebook(proyek / "notebooks" / f"{nama}.ipynb", sel)
    hasil = jalan(tmp_path / "hangat", plan(2020), hangat.fork_kernel)
    angka = {x for isi in hasil.values() for x in isi[-1][0].text.split()}
    assert len(angka) == 4


def test_notebook_sungguhan_sama_sel_demi_sel_dan_gambar_demi_gambar(tmp_path):
    tugas = plan(2020, notebook=["ss3_dtks", "ss4_reformasi_birokrasi", "jelajah_ikesos"])
    hangat.warm(x.berkas for x in tugas)
    dingin = jalan(tmp_path / "dingin", tugas, tanpa_persiapan)
    panas = jalan(tmp_path / "hangat", tugas, hangat.fork_kernel)
    assert panas == dingin
    a, b = berkas(tmp_path / "dingin"), berkas(tmp_path / "hangat")
    assert a.keys() == b.keys() and any(x.endswith(".svg") for x in a)
    assert [x for x in a if a[x] != b[x]] == []


def test_cabang_mati_diganti_kernel_biasa(proyek, tmp_path):
    tugas = [x for x in plan(2020) if x.halaman == "angka"]
    biasa = jalan(tmp_path / "biasa", tugas, tanpa_persiapan)
    assert jalan(tmp_path / "mati", tugas, cabang_mati) == biasa


def test_panel_yang_rusak_tidak_menghentikan_pemanasan(tmp_path, tulis_notebook):
    satu = tmp_path / "x.ipynb"
    tulis_notebook(satu, [new_code_cell("from kinerja.tidak_ada import x\nimport kinerja.bansos", id="a"),
                          new_code_cell("%matplotlib inline\nx ==", id="b")])  # fmt: skip
    assert hangat._imports(satu) == {"kinerja.tidak_ada", "kinerja.tidak_ada.x", "kinerja.bansos"}
    hangat.warm([satu])
    assert "kinerja.bansos" in sys.modules


def test_setiap_notebook_benar_benar_memakai_cabang(proyek, tmp_path, tulis_notebook):
    """Kernel biasa yang diam-diam menggantikan hanya terlihat sebagai lambat; pid cabang harus pid kernel."""
    sel = [
        new_code_cell(PARAMETER, id="parameter", metadata={"tags": ["parameters"]}),
        new_code_cell("import os\nprint(os.getpid(), os.getppid(), os.getpgid(0))", id="pid"),
        new_code_cell(
            "print(sorted(x.split('=')[0] for x in open('/proc/self/cmdline').read().split(chr(0)) if 'ipykernel' in x))",
            id="perintah",
        ),
    ]
    for nama in ("angka", "gambar"):
        tulis_notebook(proyek / "notebooks" / f"{nama}.ipynb", sel)
    for putaran in range(3):
        for keluaran in jalan(tmp_path / f"hangat{putaran}", plan(2020), hangat.fork_kernel).values():
            pid, _, grup = keluaran[-2][0].text.split()
            assert pid == grup and keluaran[-1][0].text == "[]\n"
