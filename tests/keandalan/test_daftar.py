"""``docs/keandalan.md`` dan uji-ujinya saling menyebut: setiap baris punya uji, setiap uji keandalan punya baris."""

import ast
import re

from kinerja import paths

AKAR = paths.root()


def uji(berkas):
    return {x.name for x in ast.walk(ast.parse(berkas.read_text("utf-8"))) if isinstance(x, ast.FunctionDef)}


def baris():
    isi = (AKAR / "docs" / "keandalan.md").read_text("utf-8").splitlines()
    return [x for x in isi if x.startswith("| ") and not x.startswith("| yang dicoba")]


def test_setiap_baris_punya_uji_yang_ada():
    for satu in baris():
        tempat = re.search(r"`(tests/[\w/]+\.py)::(test_\w+)` \|$", satu)
        assert tempat, satu
        assert tempat[2] in uji(AKAR / tempat[1]), satu


def test_setiap_uji_keandalan_punya_baris():
    disebut = set(re.findall(r"tests/keandalan/(\w+\.py)::(test_\w+)", "\n".join(baris())))
    ada = {
        (berkas.name, nama)
        for berkas in (AKAR / "tests" / "keandalan").glob("test_*.py")
        if berkas.name != "test_daftar.py"
        for nama in uji(berkas)
        if nama.startswith("test_")
    }
    assert ada == disebut
