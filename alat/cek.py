"""Pemeriksaan cepat sebelum menyimpan perubahan: gaya, lapis, lalu hanya uji dan notebook yang tersentuh.

Yang dibandingkan: pekerjaan yang belum disimpan, dan komit cabang ini sejak berpisah dari ``main``. ``make test`` tetap
yang menentukan.
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

AKAR = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def changed() -> list[str]:
    """Berkas yang berubah, relatif terhadap akar."""
    dasar = _git("merge-base", "HEAD", "main")[:1] or ["HEAD"]
    return sorted({*_git("diff", "--name-only", dasar[0]), *_git("ls-files", "--others", "--exclude-standard")})


def tests_of(berkas: list[str], ada: list[str]) -> list[str]:
    """Berkas uji yang berubah; yang bernama seperti modul yang berubah atau kamarnya; dan isi folder kamarnya."""
    hasil = {x for x in berkas if x in ada}
    for satu in map(Path, berkas):
        if satu.suffix == ".py" and satu.parts[0] == "lib":
            kamar = satu.parts[1:-1]
            folder, nama = tuple(f"tests/{x}/" for x in kamar), (satu.stem, *(f"test_{x}" for x in kamar[1:]))
            hasil |= {x for x in ada if Path(x).stem.endswith(nama) or x.startswith(folder)}
    return sorted(x for x in hasil if not x.startswith(("tests/peramban/", "tests/mutasi/")))


def notebooks_of(berkas: list[str]) -> list[str]:
    """Notebook yang berubah, sendiri atau lewat berkas teksnya."""
    nama = {Path(x).stem for x in berkas if x.endswith(".ipynb") or x.startswith("lib/kinerja/teks/")}
    return sorted(f"notebooks/{x}.ipynb" for x in nama if (AKAR / "notebooks" / f"{x}.ipynb").is_file())


def main() -> int:
    berkas = changed()
    ada = [x for x in _git("ls-files", "--cached", "--others", "--exclude-standard", "tests") if "/test_" in x]
    uji, notebook = tests_of(berkas, ada), notebooks_of(berkas)
    langkah = [[BIN / "ruff", "check", "--quiet", "."], [BIN / "ruff", "format", "--check", "--quiet", "."]]
    if (BIN / "lint-imports").is_file():
        langkah.append([BIN / "lint-imports"])
    pytest = [sys.executable, "-m", "pytest", "-q", "--no-header", "-x"]
    if uji:
        langkah.append([*pytest, "-p", "no:nbval", "-n", "2", "--dist", "loadfile", *uji])
    if notebook:
        langkah.append([*pytest, "--nbval", *notebook])
    mulai = time.monotonic()
    gagal = [_run(x) for x in langkah]
    print(
        f"{len(berkas)} berkas berubah: {len(uji)} berkas uji, {len(notebook)} notebook; "
        f"{time.monotonic() - mulai:.0f} s. " + ("GAGAL" if any(gagal) else "Baik; make test memeriksa semuanya.")
    )
    return int(any(gagal))


def _run(perintah: list) -> int:
    return subprocess.run([str(x) for x in perintah], cwd=AKAR).returncode


def _git(*isi: str) -> list[str]:
    hasil = subprocess.run(["git", *isi], cwd=AKAR, capture_output=True, text=True)
    return hasil.stdout.split("\n")[:-1] if hasil.returncode == 0 else []


if __name__ == "__main__":
    raise SystemExit(main())
