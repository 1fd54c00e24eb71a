"""Proyek kecil untuk uji render: data mentah repositori dan dua notebook mungil, masing-masing satu detik."""

import shutil
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kinerja import data, paths
from kinerja.data import process
from kinerja.render import jelajah

PARAMETER = 'tahun: int = 2020  # tahun laporan\nbahasa: str = "id"  # bahasa: id atau en\n'
BUKA = "import pandas as pd\n\nfrom kinerja.buku import open_buku\n\nbuku = open_buku("

ANGKA = [
    new_markdown_cell("# Angka mungil\n\nAlinea pembuka <b>angka</b>.", id="judul"),
    new_code_cell(PARAMETER + "kali: int = 1  # pengali", id="parameter", metadata={"tags": ["parameters"]}),
    new_code_cell(
        BUKA + '"angka", tahun=tahun, bahasa=bahasa, kali=kali)\n'
        'frame = pd.DataFrame({"nama": ["=1+1", "b"], "n": [3 * kali, None], "p": [2 / 3, 97.125]})',
        id="data",
    ),
    new_markdown_cell("## Jawaban singkat", id="jawaban"),
    new_code_cell("buku.summary(utama=frame)", id="ringkas"),
    new_markdown_cell("## Berapa orang?\n\n### Sama", id="tanya"),
    new_code_cell('buku.answer("utama", frame, buka=True);', id="tabel-utama"),
    new_markdown_cell("## Rincian\n\n### Sama", id="rincian"),
    new_code_cell('buku.answer("rinci", frame[["nama", "n"]]);', id="rinci"),
    new_markdown_cell("## Cara menghitung dan sumber", id="cara"),
    new_code_cell("buku.method()", id="cara-isi"),
]
GAMBAR = [
    new_markdown_cell("# Gambar mungil", id="judul"),
    new_code_cell(
        PARAMETER + 'rusak: bool = False  # gagal dengan sengaja\njeda: float = 0.0  # detik\nnama: str = "x"  # teks',
        id="parameter",
        metadata={"tags": ["parameters"]},
    ),
    new_code_cell(
        "import os\nimport signal\nimport sys\nimport time\n\nimport ipywidgets as widgets\nimport pandas as pd\n"
        "from matplotlib.figure import Figure\n\nfrom kinerja.buku import open_buku\n\n"
        'buku = open_buku("gambar", tahun=tahun, bahasa=bahasa)\n'
        'frame = pd.DataFrame({"nama": ["a", "b"], "n": [3, 4]})',
        id="data",
    ),
    new_code_cell('print("peringatan", file=sys.stderr)\nwidgets.IntSlider(description="Geser")', id="widget"),
    new_code_cell(
        'if nama == "mati":\n    os.kill(os.getpid(), signal.SIGKILL)\ntime.sleep(jeda)\n'
        'if rusak:\n    raise ValueError("sengaja <rusak>")',
        id="mungkin-rusak",
    ),
    new_code_cell("buku.summary(batang=frame)", id="ringkas"),
    new_markdown_cell("## Berapa batang?", id="tanya"),
    new_code_cell(
        'fig = Figure(figsize=(3, 2))\nax = fig.subplots()\nax.bar(frame["nama"], frame["n"])\n'
        'ax.set(xlabel="nama", ylabel="n")\nbuku.answer("batang", frame, ax);',
        id="gambar-batang",
    ),
]
_KOLOM = {
    "nama": {"id": "Nama", "en": "Name"},
    "n": {"id": "Banyak", "en": "Count", "satuan": "orang"},
    "p": {"id": "Bagian", "en": "Share", "satuan": "persen", "keadaan": "diturunkan"},
}
TEKS_ANGKA = {
    "judul": {"id": "Angka <mungil> {tahun}", "en": "Tiny <numbers> {tahun}"},
    "ringkas": {
        "kepala": {"id": "Ada **{utama:0.n}**", "en": "There are **{utama:0.n}**"},
        "butir": [{"id": "Pokok pertama.", "en": "First point."}],
        "satuan": {"n": "orang"},
    },
    "jawab": {
        "utama": {
            "jawab": {"id": "Ada **{0.n}**.", "en": "There are **{0.n}**."},
            "tabel": {"id": "Tabel utama", "en": "Main table"},
            "dari": ["sdm"],
            "kolom": _KOLOM,
        },
        "rinci": {
            "tabel": {"id": "Tabel rinci", "en": "Detailed table"},
            "dari": ["sdm"],
            "kolom": {k: v for k, v in _KOLOM.items() if k != "p"},
        },
    },
    "sel": {
        "judul": {"en": "# Tiny numbers\n\nOpening paragraph."},
        "tanya": {"en": "## How many people?\n\n### Same"},
        "rincian": {"en": "## Details\n\n### Same"},
    },
}
TEKS_GAMBAR = {
    "judul": {"id": "Gambar mungil", "en": "Tiny figure"},
    "ringkas": {"kepala": {"id": "Dua batang", "en": "Two bars"}, "butir": []},
    "jawab": {
        "batang": {
            "jawab": {"id": "Ada dua.", "en": "There are two."},
            "gambar": {"id": "Batang b lebih tinggi", "en": "Bar b is taller"},
            "sub": {"id": "Dua batang.", "en": "Two bars."},
            "tabel": {"id": "Batang", "en": "Bars"},
            "dari": ["lks"],
            "kolom": {k: v for k, v in _KOLOM.items() if k != "p"},
        }
    },
    "sel": {"judul": {"en": "# Tiny figure"}, "tanya": {"en": "## How many bars?"}},
}


def write_notebook(berkas: Path, sel: list) -> None:
    """Tulis notebook dari sel-selnya."""
    nb = new_notebook(
        cells=sel, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    )
    nbformat.write(nb, berkas)


@pytest.fixture
def tulis_notebook():
    """Fungsi yang menulis notebook dari sel-selnya."""
    return write_notebook


@pytest.fixture(scope="session", autouse=True)
def jelajah_sekali_susun():
    """``jelajah.html`` dari data yang sama disusun sekali: puluhan uji merender proyek yang datanya sama."""
    asli, ingat = jelajah.write, {}

    def tulis(folder, isi, **minta):
        if isi._folder is None or minta["survei"].get("mikro"):
            return asli(folder, isi, **minta)
        kunci = (isi._folder / process.SEGEL).read_text("utf-8"), isi.tahun, repr(sorted(minta.items()))
        if kunci not in ingat:
            asli(folder, isi, **minta)
            ingat[kunci] = [(x.name, x.read_bytes()) for x in folder.glob("jelajah.html")]
        for nama, halaman in ingat[kunci]:
            (folder / nama).write_bytes(halaman)

    with pytest.MonkeyPatch.context() as tambal:
        tambal.setattr(jelajah, "write", tulis)
        yield


@pytest.fixture(scope="session")
def proyek_asal(tmp_path_factory) -> Path:
    """Proyek kecil yang disalin oleh tiap uji; data olahannya dibangun sekali."""
    akar = tmp_path_factory.mktemp("asal")
    shutil.copytree(paths.raw(), akar / "data" / "raw")
    (akar / "notebooks").mkdir()
    write_notebook(akar / "notebooks" / "angka.ipynb", ANGKA)
    write_notebook(akar / "notebooks" / "gambar.ipynb", GAMBAR)
    teks = akar / "lib" / "kinerja" / "teks"
    teks.mkdir(parents=True)
    for nama, isi in (("angka", TEKS_ANGKA), ("gambar", TEKS_GAMBAR)):
        (teks / f"{nama}.yml").write_text(yaml.safe_dump(isi, sort_keys=False), "utf-8")
    (akar / "reports").mkdir()
    with pytest.MonkeyPatch.context() as ganti:
        ganti.setenv("KINERJA_AKAR", str(akar))
        data.load(2020)
    return akar


@pytest.fixture
def proyek(proyek_asal, tmp_path, monkeypatch) -> Path:
    """Salinan proyek kecil sebagai akar proyek."""
    akar = tmp_path / "proyek"
    shutil.copytree(proyek_asal, akar)
    monkeypatch.setenv("KINERJA_AKAR", str(akar))
    return akar
