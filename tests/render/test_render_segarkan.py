"""Menyegarkan notebook: dua kali sama bytenya, lulus nbval ketat, dan yang gagal tidak diubah."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from kinerja import paths
from kinerja.errors import GalatParameter
from kinerja.render.notebook import refresh


@pytest.fixture
def notebook_folder(proyek, monkeypatch):
    """Folder notebook proyek kecil beserta perangkat nbval repositori."""
    monkeypatch.delenv("KINERJA_AKAR")
    asal = paths.notebooks()
    monkeypatch.setenv("KINERJA_AKAR", str(proyek))
    for nama in ("conftest.py", "sanitasi.cfg"):
        shutil.copy(asal / nama, proyek / "notebooks" / nama)
    return proyek / "notebooks"


def nbval(folder):
    lingkungan = {nama: isi for nama, isi in os.environ.items() if not nama.startswith("PYTEST")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "notebooks", "-q", "-p", "no:cacheprovider"],
        cwd=folder.parent, env=lingkungan, capture_output=True, text=True,
    )  # fmt: skip


def test_segar_dua_kali_sama_bytenya_lulus_nbval_dan_menangkap_angka_yang_berubah(notebook_folder):
    assert refresh(["gambar", "angka"]) == []
    pertama = {x.name: x.read_bytes() for x in notebook_folder.glob("*.ipynb")}
    assert refresh() == []
    assert {x.name: x.read_bytes() for x in notebook_folder.glob("*.ipynb")} == pertama
    gambar = nbformat.read(notebook_folder / "gambar.ipynb", as_version=4)
    nbformat.validate(gambar)
    isi = pertama["gambar.ipynb"].decode()
    for rahasia in ("widget-view", '"widgets"', 'peringatan\\n"', "iopub", '"name": "stderr"', 'execution":'):
        assert rahasia not in isi
    assert set(gambar.metadata) == {"kernelspec", "language_info"}
    (keluaran,) = [x.outputs for x in gambar.cells if x.id == "gambar-batang"]
    (gambar_png,) = [x for x in keluaran if "image/png" in x.data]
    assert gambar_png.metadata["image/png"]["alt"] == "Batang b lebih tinggi. a 3 orang; b 4 orang."

    berkas = notebook_folder / "angka.ipynb"
    berkas.write_text(berkas.read_text("utf-8").replace("97,13", "97,12"), "utf-8")
    hasil = nbval(notebook_folder)
    assert hasil.returncode == 1
    assert re.search(r"^1 failed, 11 passed", hasil.stdout, re.M), hasil.stdout
    assert "97,12" in hasil.stdout and "97,13" in hasil.stdout, "angka yang berubah disebut"


def test_yang_gagal_tidak_diubah(notebook_folder):
    berkas = notebook_folder / "gambar.ipynb"
    berkas.write_text(berkas.read_text("utf-8").replace("rusak: bool = False", "rusak: bool = True"), "utf-8")
    sebelum = berkas.read_bytes()
    gagal = refresh(["gambar"])
    assert [x[0] for x in gagal] == ["gambar"] and "ValueError: sengaja <rusak>" in gagal[0][1]
    assert berkas.read_bytes() == sebelum
    assert {x.name for x in notebook_folder.iterdir() if x.is_file()} == {
        "angka.ipynb", "gambar.ipynb", "conftest.py", "sanitasi.cfg",
    }  # fmt: skip


def test_notebook_yang_tidak_ada(proyek):
    with pytest.raises(GalatParameter, match="Notebook x tidak ada"):
        refresh(["x"])
