"""Lingkungan: kunci, conda, dan pyproject saling cocok; penyiapan menolak Python yang tidak memadai dengan satu kalimat."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kinerja import paths

AKAR = Path(__file__).resolve().parents[1]
NAMA_CONDA = {
    "matplotlib-base": "matplotlib", "python-duckdb": "duckdb", "ibis-duckdb": "ibis-framework",
    "jupyter_client": "jupyter-client",
}  # fmt: skip
SISTEM = {"python_version": "3.11", "python_full_version": "3.11.9", "sys_platform": "linux"}


def pyproject():
    return tomllib.loads((AKAR / "pyproject.toml").read_text("utf-8"))["project"]


def diminta():
    """Paket yang diminta pyproject, nama baku -> syaratnya."""
    isi = pyproject()
    semua = [Requirement(x) for x in [*isi["dependencies"], *isi["optional-dependencies"]["dev"]]]
    return {canonicalize_name(x.name): x for x in semua}


def terkunci(lingkungan=None):
    """Versi di requirements.lock untuk satu lingkungan; tanpa lingkungan, yang sedang berjalan."""
    versi = {}
    for baris in (AKAR / "requirements.lock").read_text("utf-8").splitlines():
        if baris and not baris.startswith("#"):
            syarat = Requirement(baris)
            if syarat.marker is None or syarat.marker.evaluate(lingkungan):
                versi[canonicalize_name(syarat.name)] = next(iter(syarat.specifier)).version
    return versi


def test_kunci_memenuhi_pyproject():
    for lingkungan in (SISTEM, SISTEM | {"python_version": "3.13", "python_full_version": "3.13.1"}):
        versi = terkunci(lingkungan)
        for nama, syarat in diminta().items():
            assert nama in versi, f"{nama} tidak ada di requirements.lock"
            assert syarat.specifier.contains(versi[nama]), f"{nama} {versi[nama]} tidak memenuhi {syarat}"


def test_kunci_tanpa_alamat_dan_dengan_versi_tepat():
    for baris in (AKAR / "requirements.lock").read_text("utf-8").splitlines():
        if not baris.startswith("#"):
            assert re.match(r"[a-z0-9-]+==[\w.]+( ;|$)", baris), baris
            assert "://" not in baris and " @ " not in baris, baris


def test_conda_versi_minor_yang_sama_dengan_kunci():
    isi = yaml.safe_load((AKAR / "environment.yml").read_text("utf-8"))
    assert isi["channels"] == ["conda-forge", "nodefaults"]
    # Paket yang tidak ada di conda dipasang pip, dengan versi minor yang sama.
    (pip,) = [x["pip"] for x in isi["dependencies"] if isinstance(x, dict)]
    conda = dict(x.split("=", 1) if "=" in x else (x, "") for x in isi["dependencies"] if isinstance(x, str))
    conda |= dict(x.removesuffix(".*").split("==") for x in pip)
    python = conda.pop("python")
    conda.pop("pip")
    versi = terkunci(SISTEM | {"python_version": python, "python_full_version": f"{python}.0"})
    seharusnya = {nama: ".".join(versi[nama].split(".")[:2]) for nama in diminta()}
    assert {NAMA_CONDA.get(nama, nama): nomor for nama, nomor in conda.items()} == seharusnya


def test_lingkungan_yang_berjalan_sama_dengan_kunci():
    # uv boleh milik sistem; yang lain harus terpasang di lingkungan ini.
    dipakai = set(diminta()) - {"uv"}
    beda = {nama: (metadata.version(nama), versi) for nama, versi in terkunci().items() if nama in dipakai}
    assert {nama: isi for nama, isi in beda.items() if isi[0] != isi[1]} == {}


def test_yang_diimpor_pustaka_dinyatakan_di_pyproject():
    pemilik = metadata.packages_distributions()
    isi = pyproject()
    pilihan = [x for nama, kelompok in isi["optional-dependencies"].items() if nama != "dev" for x in kelompok]
    wajib = {canonicalize_name(Requirement(x).name) for x in [*isi["dependencies"], *pilihan]}
    # markupsafe adalah tipe balikan jinja2 dan selalu datang bersamanya.
    wajib.add("markupsafe")
    milik_sendiri = {x.name for x in (AKAR / "lib").iterdir()}
    asing = {}
    for berkas in (AKAR / "lib").rglob("*.py"):
        for simpul in ast.walk(ast.parse(berkas.read_text("utf-8"))):
            nama = [x.name for x in simpul.names] if isinstance(simpul, ast.Import) else []
            if isinstance(simpul, ast.ImportFrom) and simpul.level == 0:
                nama.append(simpul.module)
            for modul in {x.split(".")[0] for x in nama} - sys.stdlib_module_names - milik_sendiri:
                if not {canonicalize_name(x) for x in pemilik.get(modul, [modul])} & wajib:
                    asing[modul] = str(berkas.relative_to(AKAR))
    assert asing == {}


def test_berkas_data_paket_ikut_terpasang():
    pola = tomllib.loads((AKAR / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]["kinerja"]
    akhiran = {x.rsplit(".", 1)[1] for x in pola} | {"py", "pyc"}
    paket = AKAR / "lib" / "kinerja"
    assert [x for x in paket.rglob("*") if x.is_file() and x.suffix.lstrip(".") not in akhiran] == []


@pytest.fixture
def klon(tmp_path):
    """Klon kosong dengan perangkat seperlunya di PATH dan tanpa Python."""
    perangkat = tmp_path / "bin"
    perangkat.mkdir()
    for nama in ("sh", "dirname", "grep", "rm", "cat"):
        (perangkat / nama).symlink_to(shutil.which(nama))
    folder = tmp_path / "klon"
    (folder / "alat").mkdir(parents=True)
    shutil.copy(AKAR / "alat" / "siapkan.sh", folder / "alat")
    return folder, perangkat


def siapkan(klon, isi_python):
    folder, perangkat = klon
    if isi_python is not None:
        (perangkat / "python3").write_text(f"#!{shutil.which('sh')}\n{isi_python}\n")
        (perangkat / "python3").chmod(0o755)
    return subprocess.run(
        ["sh", str(folder / "alat" / "siapkan.sh")], env={"PATH": str(perangkat)}, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("python", "pesan"),
    [
        (None, "Kesalahan: perlu Python 3.11 atau lebih baru"),
        ("exit 1", "Kesalahan: perlu Python 3.11 atau lebih baru"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "Kesalahan: Python ini tidak punya modul venv"),
    ],
    ids=["tanpa-python", "python-lama", "tanpa-venv"],
)
def test_python_yang_tidak_memadai_satu_kalimat(klon, python, pesan):
    hasil = siapkan(klon, python)
    assert hasil.returncode == 1
    assert hasil.stdout == "" and hasil.stderr.startswith(pesan) and hasil.stderr.count("\n") == 1
    assert not (klon[0] / ".venv").exists()


@pytest.mark.skipif(shutil.which("make") is None, reason="make tidak ada")
def test_make_tanpa_perintah_menyebut_semua_perintah():
    hasil = subprocess.run(["make", "-C", str(AKAR), "--no-print-directory"], capture_output=True, text=True)
    for perintah in ("report", "test", "lab", "refresh", "lock", "help"):
        assert re.search(rf"^  make {perintah} +\S", hasil.stdout, re.M), hasil.stdout


@pytest.mark.skipif(shutil.which("make") is None, reason="make tidak ada")
def test_lingkungan_tidak_dibangun_ulang_bila_masih_segar(tmp_path):
    shutil.copy(AKAR / "Makefile", tmp_path)
    for nama in ("requirements.lock", "pyproject.toml"):
        (tmp_path / nama).touch()
    (tmp_path / ".venv").mkdir()
    segel = tmp_path / ".venv" / ".siap"

    def perlu_dibangun():
        hasil = subprocess.run(["make", "-n", "siap"], cwd=tmp_path, capture_output=True, text=True, check=True)
        return "siapkan.sh" in hasil.stdout

    assert perlu_dibangun(), "belum pernah"
    segel.write_text(f"{tmp_path.resolve()}\n")
    assert not perlu_dibangun()
    os.utime(tmp_path / "requirements.lock", (segel.stat().st_mtime + 5,) * 2)
    assert perlu_dibangun(), "kunci berubah"
    os.utime(tmp_path / "requirements.lock", (1, 1))
    segel.write_text("/letak/lama\n")
    assert perlu_dibangun(), "klon dipindahkan"


@pytest.mark.parametrize("berkas", ["Makefile", ".ci/run", "alat/siapkan.sh", "environment.yml", "requirements.lock"])
def test_tidak_ada_letak_mesin(berkas):
    isi = (AKAR / berkas).read_text("utf-8")
    assert not re.search(r"/(home|root|work|Users|tmp)/", isi)


def test_akar_proyek_ditemukan_dari_letak_paket(monkeypatch, tmp_path):
    monkeypatch.delenv("KINERJA_AKAR", raising=False)
    monkeypatch.chdir(tmp_path)
    assert paths.root() == AKAR
