"""Lantai rumah: mesin tidak mengenal kementerian, dan tidak ada impor yang naik."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from kinerja.render import ulang

AKAR = Path(__file__).resolve().parents[1]


def lint(akar):
    perintah = [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"]
    return subprocess.run(perintah, cwd=akar, capture_output=True, text=True, timeout=120)


def test_impor_menurut_kontrak():
    hasil = lint(AKAR)
    assert hasil.returncode == 0, hasil.stdout + hasil.stderr


def test_setiap_mesin_dijaga_dan_ikut_sidik():
    """Paket baru di lib/ harus masuk kontrak, dan perubahannya harus membasikan halaman yang tersimpan."""
    mesin = {x.parent.name for x in (AKAR / "lib").glob("*/__init__.py")} - {"kinerja"}
    kontrak = tomllib.loads((AKAR / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    assert set(kontrak["root_packages"]) == mesin | {"kinerja"}
    assert set(kontrak["contracts"][0]["source_modules"]) == set(kontrak["contracts"][1]["modules"]) == mesin
    assert {x.name for x in ulang._MESIN} == mesin


@pytest.mark.parametrize(
    "modul, isi", [("kinerja/fmt.py", "import kinerja.tren"), ("colformula/tree.py", "import kinerja.fmt")]
)
def test_impor_yang_naik_ditemukan(tmp_path, modul, isi):
    """Kontraknya benar-benar melihat: satu impor ke atas di salinan pustaka membuatnya gagal dan menyebut modulnya."""
    (tmp_path / "pyproject.toml").write_bytes((AKAR / "pyproject.toml").read_bytes())
    for berkas in (AKAR / "lib").rglob("*.py"):
        tujuan = tmp_path / berkas.relative_to(AKAR / "lib")
        tujuan.parent.mkdir(parents=True, exist_ok=True)
        tujuan.write_bytes(berkas.read_bytes())
    with (tmp_path / modul).open("a") as berkas:
        berkas.write(f"\n{isi}\n")
    hasil = lint(tmp_path)
    assert hasil.returncode == 1 and isi.split()[-1] in hasil.stdout, hasil.stdout + hasil.stderr


def test_berkas_dan_fungsi_pendek():
    """Berkas paling banyak 800 baris, isi fungsi (tanpa uraiannya) 60 baris, dan hanya sel notebook yang dijalankan."""
    panjang, dijalankan = set(), set()
    for berkas in (AKAR / "lib").rglob("*.py"):
        nama, teks = berkas.relative_to(AKAR / "lib").as_posix(), berkas.read_text("utf-8")
        if teks.count("\n") > 800:
            panjang.add(nama)
        for x in ast.walk(ast.parse(teks)):
            if isinstance(x, ast.FunctionDef | ast.AsyncFunctionDef):
                isi = x.body[1:] if ast.get_docstring(x, clean=False) is not None else x.body
                if isi and x.end_lineno - isi[0].lineno >= 60:
                    panjang.add(f"{nama}: {x.name}")
            elif isinstance(x, ast.Call) and getattr(x.func, "id", "") in ("eval", "exec"):
                dijalankan.add(nama)
    assert dijalankan == {"kinerja/render/coba.py"}  # sel notebook; tidak ada teks lain yang dijalankan
    assert not panjang, "bagi menurut sebabnya: " + ", ".join(sorted(panjang))


PAGU = {
    "colformula": (1_300, 6),
    "indextree": (4_500, 13),
    "kinerja": (30_500, 115),
    "listcheck": (800, 4),
    "surveyest": (4_500, 13),
}
"""Ruang -> baris Python dan berkas terbanyak, menurut keadaannya pada 27 November 2026."""

PAGU_TEKS = 300_000


@pytest.mark.parametrize("ruang", PAGU)
def test_ruang_tidak_membesar(ruang):
    """Yang baru menggantikan yang lama. Menaikkan pagu adalah keputusan: sebabnya ditulis di komitnya."""
    berkas = list((AKAR / "lib" / ruang).rglob("*.py"))
    baris = sum(x.read_text("utf-8").count("\n") for x in berkas)
    pagu, banyak = PAGU[ruang]
    assert baris <= pagu, f"lib/{ruang}: {baris} baris, pagunya {pagu}; hapus yang digantikan"
    assert len(berkas) <= banyak, f"lib/{ruang}: {len(berkas)} berkas, pagunya {banyak}; gabungkan yang sesebab"


def test_teks_tidak_membesar():
    teks = [*(AKAR / "lib" / "kinerja" / "teks").glob("*.yml"), AKAR / "lib/kinerja/render/jelajah/teks.yml"]
    bita = sum(x.stat().st_size for x in teks)
    assert bita <= PAGU_TEKS, f"teks dua bahasa: {bita} bita, pagunya {PAGU_TEKS}; satukan kalimat yang berulang"


@pytest.mark.parametrize("mesin", ["colformula", "indextree", "listcheck", "surveyest"])
def test_uraian_mesin_berbahasa_inggris(mesin):
    """Mesin boleh dipakai siapa pun; pesan galatnya tetap bagi orang proyek ini."""
    kata = re.compile(r"\b(yang|dan|dari|dengan|untuk|bagi|tidak|atau|seperti|bila|setiap)\b")
    for berkas in (AKAR / "lib" / mesin).glob("*.py"):
        for x in ast.walk(ast.parse(berkas.read_text("utf-8"))):
            if isinstance(x, ast.Module | ast.ClassDef | ast.FunctionDef) and not getattr(x, "name", "").startswith(
                "_"
            ):
                asing = kata.search(ast.get_docstring(x) or "")
                assert asing is None, f"{berkas.name}, {getattr(x, 'name', 'modul')}: '{asing[0]}' pada uraiannya"


def test_colformula_cukup_numpy_dan_pandas():
    """Impornya berhasil tanpa kinerja dan tanpa paket lain dari proyek ini."""
    kode = (
        "import sys; sys.modules.update(dict.fromkeys(['kinerja', 'scipy', 'matplotlib', 'yaml', 'ibis', 'pyarrow.flight']));"
        "import colformula; print(colformula.parse('a + 1'))"
    )
    hasil = subprocess.run([sys.executable, "-c", kode], capture_output=True, text=True, timeout=60)
    assert hasil.returncode == 0, hasil.stderr
