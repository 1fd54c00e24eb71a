"""Kernel hangat tidak dapat dibedakan dari kernel biasa: sel demi sel, gambar demi gambar."""

import os
import sys
from functools import partial
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from kinerja import terbaca
from kinerja.render import hangat, jalankan
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
    new_code_cell(
        "import sys\nprint('satu')\nprint('dua', file=sys.stderr)\ndisplay(3)\nprint('empat')\n5", id="urutan"
    ),
    new_code_cell("from IPython.display import clear_output\nprint(1)\nclear_output()\nprint(2)", id="bersih"),
    new_code_cell("h = display(1, display_id='a')\nh.update(2)", id="ganti"),
    new_code_cell("get_ipython().run_line_magic('matplotlib', 'inline')\nplt.figure().text(0, 0, 'x')", id="sihir"),
]
ACAK = "import random\nimport numpy as np\nprint(random.random(), np.random.random())"


def jalan(folder: Path, tugas, pelaksana, jobs=2, seproses=1) -> dict[str, list]:
    """Keluaran setiap sel menurut notebook, dijalankan berdampingan."""
    folder.mkdir()
    kerja = [(x.halaman, partial(jalankan.execute, x, folder, pelaksana)) for x in tugas]
    for selesai in jalankan.run_side_by_side(kerja, jobs, seproses=seproses):
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


def test_jebakan_kernel(proyek, tmp_path, tulis_notebook):
    # Proses render tidak pernah memuat pyplot; tests/conftest.py mendahulukan berkas ini supaya di sini pun belum.
    if "matplotlib.pyplot" in sys.modules:
        pytest.skip("pyplot sudah dimuat uji lain dalam proses ini; jalankan berkas ini sendiri")
    tulis_notebook(proyek / "notebooks" / "gambar.ipynb", JEBAKAN)
    tugas = [x for x in plan(2020) if x.halaman == "gambar"]
    hangat.warm(x.berkas for x in tugas)
    dingin = jalan(tmp_path / "dingin", tugas, jalankan.run_papermill)["gambar"]
    panas = jalan(tmp_path / "hangat", tugas, hangat.run)["gambar"]
    for nomor, (satu, dua) in enumerate(zip(dingin, panas, strict=True)):
        assert satu == dua, f"sel {nomor}"
    assert "image/png" in panas[4][-1].data, "gambar tanpa show ditampilkan backend inline"
    assert "..." in panas[3][0].data["text/plain"], "tabel lebar dipotong seperti di kernel"


KOTOR = """
import os, sys, warnings
import numpy as np, pandas as pd, matplotlib as mpl
import matplotlib.pyplot as plt
from kinerja import fmt
os.environ["KOTOR"] = "ya"; os.chdir("/"); sys.path.insert(0, "/kotor")
warnings.simplefilter("ignore"); np.set_printoptions(precision=1)
pd.options.display.precision = 1; pd.options.display.max_columns = 3; pd.options.styler.render.max_rows = 1
mpl.rcParams["font.size"] = 30; plt.figure(); plt.ioff(); fmt.use("en")
rahasia = 1; print = None
"""
SISA = [
    "import os, sys, warnings\nimport numpy as np, pandas as pd, matplotlib as mpl\nfrom kinerja import fmt",
    "'KOTOR' in os.environ, os.path.basename(os.getcwd()), '/kotor' in sys.path, fmt.language()",
    "import builtins\n'rahasia' in globals(), print is builtins.print, get_ipython().execution_count",
    # Peringatannya sendiri tidak dapat dilihat di sini: pytest menangkapnya di induk, dan cabang mewarisi tangkapan itu.
    "print('galat', file=sys.stderr)\n('ignore', None, Warning, None, 0) in warnings.filters",
    "np.array([1 / 3]), mpl.rcParams['font.size'], mpl.is_interactive()",
    "pd.DataFrame(np.full((1, 8), 1 / 3)), pd.options.styler.render.max_rows",
    "import matplotlib.pyplot as plt\nplt.get_fignums()",
    "plt.plot([1, 2], [3, 4]);",
    "pd.Series([1, 2]).plot();",
]


def test_notebook_kedua_di_satu_pekerja_tidak_tahu_apa_pun_tentang_yang_pertama(proyek, tmp_path, tulis_notebook):
    parameter = new_code_cell(PARAMETER, id="parameter", metadata={"tags": ["parameters"]})
    tulis_notebook(proyek / "notebooks" / "angka.ipynb", [parameter, new_code_cell(KOTOR, id="kotor")])
    sel = [new_code_cell(x, id=f"sisa-{i}") for i, x in enumerate(SISA)]
    tulis_notebook(proyek / "notebooks" / "gambar.ipynb", [parameter, *sel])
    tugas = sorted((x for x in plan(2020) if x.halaman in ("angka", "gambar")), key=lambda x: x.halaman)
    hangat.warm(x.berkas for x in tugas)
    dingin = jalan(tmp_path / "dingin", tugas[1:], jalankan.run_papermill)["gambar"]
    panas = jalan(tmp_path / "hangat", tugas, hangat.run, jobs=1, seproses=2)["gambar"]
    for nomor, (satu, dua) in enumerate(zip(dingin, panas, strict=True)):
        assert satu == dua, f"sel {nomor}"
    assert all("image/png" in isi[-1].data for isi in panas[-2:])


def test_bilangan_acak_tidak_diwarisi(proyek, tmp_path, tulis_notebook):
    sel = [new_code_cell(PARAMETER, id="parameter", metadata={"tags": ["parameters"]}), new_code_cell(ACAK, id="acak")]
    for nama in ("angka", "gambar"):
        tulis_notebook(proyek / "notebooks" / f"{nama}.ipynb", sel)
    hasil = jalan(tmp_path / "hangat", plan(2020), hangat.run)
    angka = {x for isi in hasil.values() for x in isi[-1][0].text.split()}
    assert len(angka) == 4


def test_notebook_sungguhan_sama_sel_demi_sel_dan_gambar_demi_gambar(tmp_path):
    tugas = plan(2020, notebook=["ss3_dtks", "jelajah_ikesos"])
    hangat.warm(x.berkas for x in tugas)
    dingin = jalan(tmp_path / "dingin", tugas, jalankan.run_papermill)
    panas = jalan(tmp_path / "hangat", tugas, hangat.run, jobs=1, seproses=len(tugas))
    assert panas == dingin
    for x in tugas:
        satu, dua = (terbaca.read_notes(jalankan.read_log_path(tmp_path / y, x.halaman)) for y in ("dingin", "hangat"))
        assert satu == dua and satu[0], f"{x.halaman}: yang terbaca"
    a, b = berkas(tmp_path / "dingin"), berkas(tmp_path / "hangat")
    assert a.keys() == b.keys() and any(x.endswith(".svg") for x in a)
    assert [x for x in a if a[x] != b[x]] == []


def test_kernel_yang_tidak_dapat_dibuat_diganti_kernel_biasa(proyek, tmp_path, monkeypatch):
    def gagal():
        raise RuntimeError("ipykernel berubah")

    tugas = [x for x in plan(2020) if x.halaman == "angka"]
    biasa = jalan(tmp_path / "biasa", tugas, jalankan.run_papermill)
    monkeypatch.setattr(hangat, "_start_kernel", gagal)
    assert jalan(tmp_path / "ganti", tugas, hangat.run) == biasa


def test_sel_yang_gagal_sama_dengan_di_kernel_biasa(proyek, tmp_path, tulis_notebook):
    sel = [
        new_code_cell(PARAMETER, id="parameter", metadata={"tags": ["parameters"]}),
        new_code_cell("print('sebelum')\n1 / 0", id="salah"),
        new_code_cell("print('tidak pernah')", id="sesudah"),
    ]
    tulis_notebook(proyek / "notebooks" / "angka.ipynb", sel)
    (tugas,) = (x for x in plan(2020) if x.halaman == "angka")
    hasil = {}
    for nama, pelaksana in (("dingin", jalankan.run_papermill), ("hangat", hangat.run)):
        (tmp_path / nama).mkdir()
        kerja = [("angka", partial(jalankan.execute, tugas, tmp_path / nama, pelaksana))]
        (selesai,) = jalankan.run_side_by_side(kerja, 1)
        salinan = nbformat.read(jalankan.executed_path(tmp_path / nama, "angka"), 4)
        # Papermill menyisipkan satu sel peringatan dan menandai sel yang gagal; selnya sendiri dicari menurut pengenal.
        menurut_id = {x.id: x for x in salinan.cells if x.cell_type == "code"}
        hasil[nama] = (selesai.isi, [x.output_type for x in menurut_id["salah"].outputs], menurut_id["sesudah"].outputs)
    assert hasil["hangat"] == hasil["dingin"]
    assert str(hasil["hangat"][0]) == "sel kode 2 (salah): ZeroDivisionError: division by zero"


def test_panel_yang_rusak_tidak_menghentikan_pemanasan(tmp_path, tulis_notebook):
    satu = tmp_path / "x.ipynb"
    tulis_notebook(satu, [new_code_cell("from kinerja.tidak_ada import x\nimport kinerja.bansos", id="a"),
                          new_code_cell("%matplotlib inline\nx ==", id="b")])  # fmt: skip
    assert hangat._imports(satu) == {"kinerja.tidak_ada", "kinerja.tidak_ada.x", "kinerja.bansos"}
    hangat.warm([satu])
    assert "kinerja.bansos" in sys.modules


def test_sel_dijalankan_proses_pekerja_sendiri(proyek, tmp_path, tulis_notebook):
    """Kernel biasa yang diam-diam menggantikan hanya terlihat sebagai lambat; induk sel harus proses ini."""
    sel = [
        new_code_cell(PARAMETER, id="parameter", metadata={"tags": ["parameters"]}),
        new_code_cell("import os\nprint(os.getppid())", id="pid"),
    ]
    for nama in ("angka", "gambar"):
        tulis_notebook(proyek / "notebooks" / f"{nama}.ipynb", sel)
    for keluaran in jalan(tmp_path / "hangat", plan(2020), hangat.run).values():
        assert keluaran[-1][0].text == f"{os.getpid()}\n"
