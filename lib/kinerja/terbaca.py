"""Catatan apa yang dibaca satu notebook saat dirender, supaya render berikutnya tahu halaman mana yang masih berlaku.

Render menyetel ``KINERJA_TERBACA`` (berkas catatan) bagi kernel; tanpa itu tidak ada yang dicatat. Satu baris per hal
yang dibaca, ditulis saat pertama kali dibaca: kernel dimatikan begitu sel terakhirnya selesai.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LINGKUNGAN = "KINERJA_TERBACA"

SEMUA = "*"
"""Pengganti nama tabel: seluruh tabel tahun itu."""

DAFTAR_ID = "#id"
"""Pengganti nama tabel: id mana yang ada dan berisi, tanpa nilainya."""

DAFTAR_TAHUN = "#tahun"
"""Pengganti nama tabel: tahun mana saja yang punya folder data; tahunnya sendiri ditulis 0."""

_sudah: set[tuple[str, str]] = set()
_pengumpul: list[set[str]] = []


def note_table(tahun: int, nama: str) -> None:
    """Catat satu tabel data yang dibaca, atau yang diperiksa ada tidaknya."""
    _note(f"tabel {tahun}/{nama}")


def note_file(berkas: Path) -> None:
    """Catat satu berkas di luar tabel data yang dibaca, misalnya data mikro."""
    _note(f"berkas {berkas.absolute()}")


@contextmanager
def collect() -> Iterator[set[str]]:
    """Kumpulkan yang dicatat di dalam blok ini, bagi hasil yang disimpan dan dipakai lagi (:func:`repeat`)."""
    isi: set[str] = set()
    _pengumpul.append(isi)
    try:
        yield isi
    finally:
        _pengumpul.pop()  # bersarang, jadi yang terakhir selalu milik blok ini


def repeat(isi: Iterable[str]) -> None:
    """Catat lagi yang dikumpulkan :func:`collect`: notebook yang memakai hasil simpanan pun bergantung padanya."""
    for baris in sorted(isi):
        _note(baris)


class PerId(dict):
    """Isi menurut id angka; tabel asal angka yang diambil dicatat sebagai terbaca."""

    def __init__(self, tahun: int, isi: Mapping[str, Any]) -> None:
        super().__init__(isi)
        self._tahun = tahun

    def __getitem__(self, id_: str) -> Any:
        note_table(self._tahun, id_.split("/")[0])
        return super().__getitem__(id_)


def read_notes(catatan: Path) -> tuple[set[str], set[str]]:
    """Isi catatan: ``<tahun>/<tabel>`` dan letak berkas; kosong bila notebook tidak membaca apa pun."""
    tabel: set[str] = set()
    berkas: set[str] = set()
    for baris in catatan.read_text("utf-8").splitlines() if catatan.is_file() else ():
        jenis, _, nama = baris.partition(" ")
        (tabel if jenis == "tabel" else berkas).add(nama)
    return tabel, berkas


def _note(baris: str) -> None:
    for isi in _pengumpul:
        isi.add(baris)
    if LINGKUNGAN in os.environ:
        _write(baris)


def _write(baris: str) -> None:
    catatan = os.environ[LINGKUNGAN]
    if (catatan, baris) in _sudah:
        return
    with open(catatan, "a", encoding="utf-8") as tulis:
        tulis.write(baris + "\n")
    _sudah.add((catatan, baris))
