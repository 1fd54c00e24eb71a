"""Kunci lingkungan, pyproject, dan environment.yml menyebut hal yang sama."""

import re
import tomllib

import pytest
import yaml

from kinerja import paths

NAMA_CONDA = {"matplotlib-base": "matplotlib"}
AKAR = paths.root()


def _lock() -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", (AKAR / "requirements.lock").read_text(), re.M))


def _direct() -> set[str]:
    proyek = tomllib.loads((AKAR / "pyproject.toml").read_text())["project"]
    semua = [*proyek["dependencies"], *proyek["optional-dependencies"]["dev"]]
    return {re.match(r"[\w.-]+", x).group().lower() for x in semua}


def _conda() -> dict[str, str]:
    isi = yaml.safe_load((AKAR / "environment.yml").read_text())["dependencies"]
    pasangan = [x.split("=", 1) for x in isi if isinstance(x, str) and "=" in x and not x.startswith("python")]
    return {NAMA_CONDA.get(nama, nama): versi for nama, versi in pasangan}


def test_setiap_ketergantungan_langsung_terkunci_dan_ada_di_conda():
    assert _direct() <= set(_lock())
    assert set(_conda()) == _direct()


@pytest.mark.parametrize("nama", sorted(_direct()))
def test_versi_minor_conda_sama_dengan_kunci(nama):
    assert _conda()[nama] == ".".join(_lock()[nama].split(".")[:2])


def test_kunci_memuat_versi_persis_tanpa_alamat():
    isi = (AKAR / "requirements.lock").read_text()
    baris = [x for x in isi.splitlines() if x and not x.startswith("#")]
    assert all(re.match(r"^[\w.-]+==\S+", x) for x in baris)
    assert "://" not in isi
    assert "--" not in "".join(baris)


def test_batas_matplotlib():
    """seaborn memakai argumen yang dihapus matplotlib 3.13."""
    utama, minor = map(int, _lock()["matplotlib"].split(".")[:2])
    assert (utama, minor) < (3, 13)


def test_readme_menyebut_dua_perintah_dan_ci_memakainya():
    baca = (AKAR / "README.md").read_text(encoding="utf-8")
    assert "make report" in baca
    assert "make test" in baca
    assert "make test" in (AKAR / ".ci" / "run").read_text()
    assert "bash .ci/run" in (AKAR / ".github" / "workflows" / "ci.yml").read_text()
