"""Berkas: YAML dibaca dengan pengurai C bila ada (sepuluh kali lebih cepat), CSV disusun, dan berkas ditulis sekaligus.

Pembaca melihat isi lama atau isi baru, dan tulisan yang terputus tidak mengubah apa-apa.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

_PENGURAI = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_yaml(teks: str) -> Any:
    """Isi sebuah dokumen YAML; hanya jenis dasar, seperti ``yaml.safe_load``.

    Raises
    ------
    yaml.YAMLError
        Bukan YAML yang sah.
    """
    return yaml.load(teks, Loader=_PENGURAI)


@cache
def packaged(nama: str) -> Any:
    """Isi sebuah berkas YAML di samping modul-modul ini; jangan diubah."""
    return parse_yaml(resources.files("kinerja").joinpath(nama).read_text("utf-8"))


@contextmanager
def replacing(berkas: Path) -> Iterator[Path]:
    """Berkas sementara untuk ditulisi, yang menggantikan ``berkas`` bila blok ini selesai tanpa galat.

    Namanya sama, di folder tersembunyi di sampingnya: ada pustaka yang membaca akhirannya, dan ``glob`` tidak
    menemukannya sebelum utuh.
    """
    folder = berkas.with_name(f".{berkas.name}.{os.getpid()}")
    folder.mkdir(exist_ok=True)
    try:
        yield folder / berkas.name
        (folder / berkas.name).replace(berkas)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_whole(berkas: Path, isi: str | bytes) -> None:
    """Ganti isi ``berkas``; teks ditulis UTF-8 dengan akhir baris apa adanya."""
    with replacing(berkas) as sementara:
        sementara.write_bytes(isi.encode("utf-8") if isinstance(isi, str) else isi)


def write_rows(kepala: Iterable[str], isi: Iterable[Sequence[Any]]) -> str:
    """Baris-baris CSV di bawah kepalanya."""
    penampung = io.StringIO()
    penulis = csv.writer(penampung, lineterminator="\n")
    penulis.writerow(kepala)
    penulis.writerows(isi)
    return penampung.getvalue()
