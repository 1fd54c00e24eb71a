"""Dokumentasi dibangun tanpa peringatan, terbaca tanpa jaringan, dan tidak menyebut yang tidak ada."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from kinerja.cli import app
from kinerja.render.rencana import available

AKAR = Path(__file__).resolve().parents[1]
DOKUMEN = sorted((AKAR / "docs").glob("*.md"))
MUATAN = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "object": "data"}


@pytest.fixture(scope="module")
def situs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("situs")
    hasil = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=AKAR, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "NO_MKDOCS_2_WARNING": "1"},
    )  # fmt: skip
    assert hasil.returncode == 0, hasil.stderr
    return folder


class Muatan(HTMLParser):
    def __init__(self):
        super().__init__()
        self.alamat = []

    def handle_starttag(self, tag, attrs):
        isi = dict(attrs)
        if tag == "link" and isi.get("rel") in ("canonical", "next", "prev"):
            return
        if tag in MUATAN and isi.get(MUATAN[tag]):
            self.alamat.append(isi[MUATAN[tag]])


def test_tidak_ada_yang_dimuat_dari_luar(situs):
    halaman = list(situs.rglob("*.html"))
    assert len(halaman) > len(DOKUMEN) / 2
    for satu in halaman:
        urai = Muatan()
        urai.feed(satu.read_text("utf-8"))
        assert [x for x in urai.alamat if re.match(r"(?:https?:)?//", x)] == [], satu.name
    assert [x.name for x in situs.rglob("*.css") if re.search(r"url\(['\"]?(?:https?:)?//", x.read_text("utf-8"))] == []


def test_rumus_menjadi_mathml(situs):
    sumber = (AKAR / "docs" / "metode.md").read_text("utf-8")
    isi = (situs / "metode.html").read_text("utf-8")
    # Rumus tersendiri dibuka dan ditutup satu baris berisi $$; yang sebaris diapit satu $.
    tersendiri = len(re.findall(r"^\$\$$", sumber, re.M)) // 2
    sebaris = sum(len(re.findall(r"\$", x)) for x in sumber.splitlines() if x != "$$") // 2
    assert isi.count('display="block"') == tersendiri > 0 and isi.count('display="inline"') == sebaris > 0
    assert "$" not in re.sub(r"<script.*?</script>|<code.*?</code>", "", isi, flags=re.S)


def test_setiap_halaman_ada_di_menu():
    isi = (AKAR / "mkdocs.yml").read_text("utf-8")
    assert {x.name for x in DOKUMEN} == set(re.findall(r"[ :]([\w-]+\.md)\b", isi))


def test_api_menyebut_modul_yang_ada_dan_terisi(situs):
    isi = (situs / "api.html").read_text("utf-8")
    for modul in re.findall(r"^::: (\S+)", (AKAR / "docs" / "api.md").read_text("utf-8"), re.M):
        assert len(re.findall(rf'id="{re.escape(modul)}\.\w+', isi)) > 0, f"{modul} tanpa satu pun fungsi"


@pytest.mark.parametrize("berkas", [*DOKUMEN, AKAR / "README.md"], ids=lambda x: x.stem)
def test_perintah_notebook_dan_berkas_yang_disebut_memang_ada(berkas):
    isi = berkas.read_text("utf-8")
    perintah = set(get_command(app).commands)
    assert set(re.findall(r"bin/kinerja ([a-z][a-z-]*)", isi)) - perintah == set()
    sasaran = set(re.findall(r"^([a-z]+):", (AKAR / "Makefile").read_text("utf-8"), re.M))
    assert set(re.findall(r"^(?:\$ )?make ([a-z]+)", isi, re.M)) - sasaran == set()
    for nama in re.findall(
        r"\b((?:lib|data/raw|tests|docs|benchmarks|notebooks)/[\w./-]*\w\.(?:py|csv|yml|md|ipynb|png))\b", isi
    ):
        contoh = "<" in nama or "2021" in nama
        assert contoh or (AKAR / nama).exists(), nama
    for nama in re.findall(r"notebooks/(\w+)\.ipynb", isi):
        assert nama in available(), nama


def test_tidak_ada_letak_mesin():
    for berkas in [*DOKUMEN, AKAR / "README.md", AKAR / "mkdocs.yml"]:
        assert re.findall(r"/(?:home|root|work|tmp|Users)/\w+", berkas.read_text("utf-8")) == [], berkas.name


def test_menu_dokumentasi_terbaca():
    isi = yaml.safe_load((AKAR / "mkdocs.yml").read_text("utf-8"))
    assert isi["theme"]["font"] is False and isi["use_directory_urls"] is False
