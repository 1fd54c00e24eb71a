"""Catatan asal sebuah laporan: parameter, sidik masukan dan hasil, versi, dan waktu. Waktu hanya ada di sini."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

from kinerja import __version__
from kinerja.render.pasang import MANIFES, PEMBUAT

_PAKET = (
    "ipykernel",
    "jinja2",
    "matplotlib",
    "nbclient",
    "nbconvert",
    "numpy",
    "pandas",
    "papermill",
    "scipy",
    "seaborn",
    "typst",
    "xlsxwriter",
)


def sha256(berkas: Path) -> str:
    """Sidik SHA-256 sebuah berkas."""
    with berkas.open("rb") as isi:
        return hashlib.file_digest(isi, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Versi Python, paket ini, dan pustaka yang membentuk hasil."""
    return {"python": platform.python_version(), "kinerja": __version__} | {x: metadata.version(x) for x in _PAKET}


def write(folder: Path, isi: dict[str, Any]) -> None:
    """Tulis manifes ke folder laporan; sidik semua berkas hasil ditambahkan di sini."""
    hasil = {
        x.relative_to(folder).as_posix(): sha256(x)
        for x in sorted(folder.rglob("*"))
        if x.is_file() and not x.name.startswith(".")
    }
    lengkap = {"pembuat": PEMBUAT, **isi, "versi": versions(), "berkas": hasil}
    (folder / MANIFES).write_text(json.dumps(lengkap, ensure_ascii=False, indent=1) + "\n", "utf-8")
