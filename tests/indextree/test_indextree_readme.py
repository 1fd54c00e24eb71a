"""Paket indeks dapat berdiri sendiri, dan contoh di README-nya berjalan."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import indextree

FOLDER = Path(indextree.__file__).parent


def test_readme_example(capsys):
    """Min-maks 0-100 lalu (1 x kesehatan + 3 x pendapatan) / 4: a (50, 0), b (0, 100), c (100, 50)."""
    (example,) = re.findall(r"```python\n(.*?)```", (FOLDER / "README.md").read_text(encoding="utf-8"), re.S)
    space: dict = {}
    exec(example, space)
    assert capsys.readouterr().out.startswith("[12.5, 75.0, 62.5] [3, 1, 2]\n")
    assert space["draws"].scores.shape == (256, 3)
    # berapa pun bobotnya, a di bawah c: a = 50 w dan c = 100 w + 50 (1 - w)
    assert (space["draws"].ranks[:, 0] > space["draws"].ranks[:, 2]).all()


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.py")), ids=lambda x: x.stem)
def test_only_numpy_pandas_scipy(file):
    for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [x.name for x in one.names] if isinstance(one, ast.Import) else []
        if isinstance(one, ast.ImportFrom):
            assert one.level == 0
            names = [one.module]
        for name in names:
            root = name.partition(".")[0]
            assert root in {"indextree", "numpy", "pandas", "scipy"} | set(sys.stdlib_module_names), name


def test_imported_without_kinerja_or_scipy():
    code = "import sys, indextree; print(sorted({'kinerja', 'surveyest', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
