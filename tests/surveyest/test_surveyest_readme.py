"""Paket survei dapat berdiri sendiri, dan contoh di README-nya berjalan."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import surveyest

FOLDER = Path(surveyest.__file__).parent
BOLEH = {"surveyest", "numpy", "pandas", "scipy"}
#: Hanya diimpor bila pemakainya memberi tabel seperti itu, atau meminta regresi.
TAMU = {"pyarrow", "ibis", "formulaic"}


def test_contoh_readme(capsys):
    """Rerata 0,5 dengan ragam 0,125 dan df 2 menurut hitungan tangan di test_estimates; JKn sama, sebab linear."""
    (contoh,) = re.findall(r"```python\n(.*?)```", (FOLDER / "README.md").read_text(encoding="utf-8"), re.S)
    ruang: dict = {}
    exec(contoh, ruang)
    cetak = capsys.readouterr().out
    assert cetak.startswith("0.5 0.353553 2\n")
    assert ruang["variance"].item() == pytest.approx(0.125, rel=1e-12)


def _imports(berkas: Path) -> set[str]:
    hasil = set()
    for satu in ast.walk(ast.parse(berkas.read_text(encoding="utf-8"))):
        if isinstance(satu, ast.Import):
            hasil |= {x.name.partition(".")[0] for x in satu.names}
        elif isinstance(satu, ast.ImportFrom):
            assert satu.level == 0
            hasil.add(satu.module.partition(".")[0])
    return hasil


@pytest.mark.parametrize("berkas", sorted(FOLDER.glob("*.py")), ids=lambda x: x.stem)
def test_hanya_numpy_pandas_scipy(berkas):
    luar = _imports(berkas) - set(sys.stdlib_module_names) - BOLEH
    assert luar <= TAMU, f"{berkas.name} mengimpor {luar - TAMU}"


def test_terimpor_tanpa_paket_lain():
    kode = f"import sys, surveyest, surveyest.lazy; print(sorted({TAMU | {'kinerja', 'scipy'}!r} & set(sys.modules)))"
    # pandas sendiri memuat pyarrow bila terpasang.
    keluar = subprocess.run([sys.executable, "-c", kode], capture_output=True, text=True, check=True).stdout
    assert set(ast.literal_eval(keluar)) <= {"pyarrow"}
