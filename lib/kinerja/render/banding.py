"""Membandingkan keluaran notebook dengan yang tersimpan, dan menyebut bedanya: tabel, baris, kolom, angka."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from functools import cache, partial
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kinerja import paths
from kinerja.render import hangat
from kinerja.render.jalankan import clear_environment, cores, outcomes, run_side_by_side, stop_on_signals
from kinerja.render.rencana import Tugas

PALING_BANYAK = 12
"""Beda yang disebut satu per satu."""

DIABAIKAN = "nbval-ignore-output"
_PISAH = re.compile(r"\S+(?: \S+)*")
_GARIS = re.compile(r"-{8,}")
_SISIPAN = "injected-parameters"


def verify(notebook: Sequence[Path], *, jobs: int | None = None) -> list[tuple[str, str]]:
    """Jalankan setiap notebook dan bandingkan keluarannya dengan yang tersimpan; yang tanpa keluaran hanya dijalankan.

    Yang dibandingkan sama dengan nbval: semua keluaran selain gambar, stderr, dan keadaan widget.

    Returns
    -------
    list of (str, str)
        Notebook yang berbeda atau gagal, dan bedanya.
    """
    kerja = [(x.stem, partial(verify_one, x)) for x in notebook]
    gagal = {}
    with stop_on_signals():
        for selesai, galat in outcomes(run_side_by_side(kerja, min(jobs or cores(), len(kerja)))):
            if galat:
                gagal[selesai.nama] = galat
    return sorted(gagal.items())


def verify_one(berkas: Path) -> str:
    """Beda satu notebook yang dijalankan di proses pekerja ini, atau sel yang gagal; kosong bila sama."""
    clear_environment()
    logging.getLogger("papermill").setLevel(logging.ERROR)
    with TemporaryDirectory() as folder:
        salinan = Path(folder) / berkas.name
        gagal = hangat.run(Tugas(berkas.stem, berkas.stem, berkas, berkas.stem), salinan)
        beda = [str(gagal)] if gagal else compare(_cells(berkas), _cells(salinan))
    return "\n    ".join(shorten_list(beda))


def compare(lama: Sequence[dict[str, Any]], baru: Sequence[dict[str, Any]]) -> list[str]:
    """Beda keluaran sel-sel kode yang tersimpan dan yang baru; kosong bila sama atau tidak ada yang tersimpan."""
    hasil = []
    if any(x["outputs"] for x in lama):
        for satu, lain in zip(lama, baru, strict=True):
            isi = _outputs(satu), _outputs(lain)
            if isi[0] != isi[1] and DIABAIKAN not in satu["metadata"].get("tags", ()):
                polos = ([x.get("text/plain", x.get("stdout", "")) for x in y] for y in isi)
                hasil += differences(*polos) or [f"sel {satu.get('id', '?')}: HTML atau banyaknya keluaran berbeda"]
    return hasil


def _cells(berkas: Path) -> list[dict[str, Any]]:
    sel = json.loads(berkas.read_text("utf-8"))["cells"]
    return [x for x in sel if x["cell_type"] == "code" and _SISIPAN not in x["metadata"].get("tags", ())]


def _outputs(sel: dict[str, Any]) -> list[dict[str, str]]:
    """Jenis -> isi setiap keluaran yang dibandingkan, sudah diseragamkan."""
    hasil: list[dict[str, str]] = []
    for x in sel["outputs"]:
        if "text" in x:
            if x["name"] == "stdout":
                teks = "".join(x["text"])
                if hasil and "stdout" in hasil[-1]:
                    hasil[-1]["stdout"] += teks
                else:
                    hasil.append({"stdout": teks})
            continue
        data = {k: "".join(y) for k, y in x.get("data", {}).items() if not k.startswith(("image/", "application/"))}
        hasil.append(data)
    return [{k: _uniform(x) for k, x in y.items()} for y in hasil]


def _uniform(teks: str) -> str:
    for pola, ganti in _patterns():
        teks = re.sub(pola, ganti, teks)
    return teks


@cache
def _patterns() -> list[tuple[str, str]]:
    isi = (paths.root() / "notebooks" / "sanitasi.cfg").read_text("utf-8")
    return re.findall(r"^regex: (.+)\nreplace: (.+)$", isi, re.M)


def shorten_list(beda: Sequence[str]) -> list[str]:
    """Paling banyak :data:`PALING_BANYAK` beda, dan banyaknya sisanya."""
    sisa = [f"... dan {len(beda) - PALING_BANYAK} lagi"] if len(beda) > PALING_BANYAK else []
    return [*beda[:PALING_BANYAK], *sisa]


def differences(lama: Sequence[str], baru: Sequence[str]) -> list[str]:
    """Setiap perbedaan dua daftar keluaran teks: ``tabel, baris, kolom: lama -> baru``.

    Parameters
    ----------
    lama, baru : list of str
        Keluaran ``text/plain`` yang tersimpan dan yang baru, berurutan.
    """
    hasil = []
    for satu, lain in zip_longest(lama, baru, fillvalue=""):
        if satu != lain:
            hasil += _table(satu, lain) if _GARIS.search(satu) else _text(satu, lain)
    return hasil


def _table(lama: str, baru: str) -> list[str]:
    baris = lama.splitlines(), baru.splitlines()
    judul = baris[0][0].split(":")[0].strip()
    if len(baris[0]) != len(baris[1]):
        return [f"{judul}: {len(baris[0])} baris -> {len(baris[1])} baris", *_unpaired(judul, *baris)]
    garis = [i for i, x in enumerate(baris[0]) if _GARIS.fullmatch(x.strip())]
    kepala = baris[0][garis[0] + 1 : garis[1]] if len(garis) > 1 else []
    hasil = []
    for satu, lain in zip(*baris, strict=True):
        if _GARIS.fullmatch(satu.strip()):
            continue
        sel, sel_lain = list(_PISAH.finditer(satu)), list(_PISAH.finditer(lain))
        if [x.group() for x in sel] == [x.group() for x in sel_lain]:
            continue  # hanya lebar kolomnya
        if len(sel) != len(sel_lain) or not kepala:
            hasil.append(f"{judul}: {_short(satu)} -> {_short(lain)}")
            continue
        nama = _row_name(sel)
        for x, y in zip(sel, sel_lain, strict=True):
            if x.group() != y.group():
                hasil.append(f"{judul}, {nama}, {_column_name(kepala, x)}: {x.group()} -> {y.group()}")
    return hasil


def _text(lama: str, baru: str) -> list[str]:
    """Kata yang berganti, dengan awal kalimatnya; seluruhnya bila susunannya lain."""
    kata = lama.split(), baru.split()
    if len(kata[0]) != len(kata[1]):
        return [f"{_short(lama)} -> {_short(baru)}"]
    return [f"'{_short(lama, 60)}': {x} -> {y}" for x, y in zip(*kata, strict=True) if x != y]


def _unpaired(judul: str, lama: Sequence[str], baru: Sequence[str]) -> list[str]:
    """Baris yang hanya ada di satu sisi, tanpa memandang lebar kolom."""
    rapi = [[" ".join(x.split()) for x in isi] for isi in (lama, baru)]
    hilang, tambah = ([x for x in a if x not in b] for a, b in (rapi, rapi[::-1]))
    return [f"{judul}: hilang '{_short(x)}'" for x in hilang] + [f"{judul}: tambah '{_short(x)}'" for x in tambah]


def _row_name(sel: Sequence[re.Match]) -> str:
    """Sel-sel pertama yang bukan angka; bila angka semua, sel pertama."""
    kata = []
    for x in sel:
        if re.match(r"[-−(]?\d|…|–$", x.group()):
            break
        kata.append(x.group())
    return " ".join(kata[:3]) or sel[0].group()


def _column_name(kepala: Sequence[str], sel: re.Match) -> str:
    """Tulisan kepala tabel yang sekolom dengan satu sel."""
    atas = [x.group() for baris in kepala for x in _PISAH.finditer(baris) if _overlap(x, sel)]
    return " ".join(atas) or f"huruf ke-{sel.start() + 1}"


def _overlap(satu: re.Match, lain: re.Match) -> bool:
    return satu.start() < lain.end() and lain.start() < satu.end()


def _short(teks: str, panjang: int = 160) -> str:
    teks = " ".join(teks.split())
    return teks if len(teks) <= panjang else f"{teks[:panjang]}..."
