"""Resep: setiap sel dijalankan lagi, keluarannya masih yang tersimpan, dan halamannya memuatnya."""

import importlib.util
import json
import multiprocessing
import re
import sys
from pathlib import Path

import pytest

from kinerja import paths
from kinerja.render import hangat
from kinerja.render.notebook import compare
from kinerja.render.rencana import Tugas

BERKAS = sorted((paths.root() / "docs" / "resep").glob("*.ipynb"))
setiap_resep = pytest.mark.parametrize("berkas", BERKAS, ids=lambda x: x.stem)


def sel(berkas):
    return [x for x in json.loads(berkas.read_text("utf-8"))["cells"] if "injected-parameters" not in _tag(x)]


def _tag(x):
    return set(x["metadata"].get("tags", ()))


@pytest.fixture(scope="module")
def jadi(tmp_path_factory):
    """Salinan yang dijalankan, semuanya di satu proses bercabang: kernel dalam-proses mengubah prosesnya."""
    folder = tmp_path_factory.mktemp("resep")
    hangat.warm(BERKAS)
    anak = multiprocessing.get_context("fork").Process(target=_run_all, args=(folder,))
    anak.start()
    anak.join(300)
    assert anak.exitcode == 0, (folder / "catatan").read_text("utf-8")
    return folder


def _run_all(folder):
    sys.stdout = sys.stderr = (folder / "catatan").open("w", encoding="utf-8")
    for berkas in BERKAS:
        hangat.run(Tugas(berkas.stem, berkas.stem, berkas, berkas.stem), folder / berkas.name)


@setiap_resep
def test_keluaran_masih_yang_tersimpan(berkas, jadi):
    assert compare(*([x for x in sel(y) if x["cell_type"] == "code"] for y in (berkas, jadi / berkas.name))) == []


@setiap_resep
def test_susunan(berkas):
    isi = sel(berkas)
    assert re.match(r"# .+\n\n[^\n]+\?", "".join(isi[0]["source"])), "judul dan pertanyaannya"
    assert [x["metadata"]["jupyter"] for x in isi if "jawaban" in _tag(x)] == [
        {"outputs_hidden": True, "source_hidden": True}
    ]
    assert "jawaban" in _tag(isi[-1]) and "".join(isi[-2]["source"]).startswith("## Latihan")
    kode = [x for x in isi if x["cell_type"] == "code"]
    assert all(x["execution_count"] for x in kode) and not re.search(
        r"/(?:home|root|work|tmp)/\w", berkas.read_text("utf-8")
    )
    for x in kode:
        assert [k for k in x["outputs"] if k["output_type"] == "error"] == []
        assert all(k["metadata"]["image/png"]["alt"] for k in x["outputs"] if "image/png" in k.get("data", {}))


def test_halaman_memuat_sel_keluaran_dan_jawaban_terlipat():
    spec = importlib.util.spec_from_file_location("kait_resep", paths.root() / "docs" / "kait" / "resep.py")
    kait = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(kait)
    halaman = kait.to_markdown(paths.notebook("09_perubahan_dua_tahun"))
    assert halaman.startswith("# Perubahan antara dua tahun") and '<img class="resep" alt="' in halaman
    assert '??? success "Jawaban"\n\n    ```python\n    nasional' in halaman
    assert halaman.count("<table") == 3 and "\n\n<div" in halaman


def test_dua_belas_resep_ada_di_daftar_isi():
    assert len(BERKAS) == 12
    indeks, mkdocs = (Path(paths.root() / x).read_text("utf-8") for x in ("docs/resep/index.md", "mkdocs.yml"))
    for berkas in BERKAS:
        assert f"({berkas.stem}.md)" in indeks and f"resep/{berkas.stem}.md" in mkdocs
