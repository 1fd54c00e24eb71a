"""Dari alamat yang diminta ke notebook yang siap dijalankan: parameter diperiksa, judul dan teks menurut bahasa."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode

from kinerja import fmt
from kinerja.errors import GalatKinerja
from kinerja.pilihan_berkas import BERKAS, SURVEI
from kinerja.render import halaman
from kinerja.render.rencana import Tugas, available, plan, read_parameters

DILARANG = BERKAS
"""Parameter berupa letak berkas: hanya penyala aplikasi yang boleh menyetelnya, bukan pengunjung lewat alamat."""

_MILIK_VOILA = {"theme", "template"}


class GalatPermintaan(GalatKinerja):
    """Alamat meminta sesuatu yang tidak ada; pesannya satu kalimat untuk pengunjung."""


@dataclass(frozen=True)
class Permintaan:
    """Tahun, bahasa, dan parameter lain dari satu alamat; semuanya masih teks kecuali ``tahun``."""

    tahun: int
    bahasa: str
    parameter: tuple[tuple[str, Any], ...]


def read_query(argumen: Mapping[str, Sequence[str]], baku: Permintaan) -> Permintaan:
    """Permintaan dari argumen alamat; yang tidak disebut memakai ``baku``.

    Parameters
    ----------
    argumen : mapping of str to sequence of str
        Nama -> semua nilainya, seperti diurai peladen web.
    baku : Permintaan
        Tahun, bahasa, dan parameter yang disetel saat aplikasi dinyalakan.

    Raises
    ------
    GalatPermintaan
        Nama diulang, tahun bukan bilangan, bahasa tidak dikenal, atau parameter berupa letak berkas.
    """
    isi = {k: v for k, v in argumen.items() if k not in _MILIK_VOILA}
    ganda = sorted(k for k, v in isi.items() if len(v) > 1)
    if ganda:
        raise GalatPermintaan(f"Parameter '{ganda[0]}' diberikan dua kali.")
    nilai = {k: v[0] for k, v in isi.items()}
    terlarang = sorted(set(nilai) & set(DILARANG))
    if terlarang:
        raise GalatPermintaan(f"Parameter '{terlarang[0]}' hanya dapat disetel saat aplikasi dinyalakan (-p).")
    tahun, bahasa = nilai.pop("tahun", str(baku.tahun)), nilai.pop("bahasa", baku.bahasa)
    if not tahun.isascii() or not tahun.isdigit():
        raise GalatPermintaan(f"Tahun '{tahun}' bukan bilangan.")
    if bahasa not in fmt.BAHASA:
        raise GalatPermintaan(f"Bahasa '{bahasa}' tidak ada; pilih {' atau '.join(fmt.BAHASA)}.")
    return Permintaan(int(tahun), bahasa, tuple({**dict(baku.parameter), **nilai}.items()))


def tasks(permintaan: Permintaan) -> list[Tugas]:
    """Semua notebook dengan judulnya, dalam urutan daftar isi, untuk menu dan halaman depan."""
    return plan(permintaan.tahun, bahasa=permintaan.bahasa)


def headline(tahun: int, bahasa: str) -> str:
    """Angka utama tahun itu sebagai tabel HTML; kosong bila institusinya tidak punya indikator utama."""
    from kinerja import capaian, pintu  # memuat pandas; alamat lain tidak memerlukannya
    from kinerja.jawaban import strip_html, strip_table

    data = pintu.open(tahun, bahasa=bahasa)
    if not data.has("iku"):
        return ""
    with fmt.using(bahasa):
        return strip_html(strip_table(capaian.strip(data)))


def introduction(nama: str, bahasa: str) -> str:
    """Alinea pertama notebook sesudah judulnya, sebagai teks polos."""
    nb = nbformat.read(available()[nama], as_version=4)
    halaman.translate_cells(nb.cells[:1], nama, bahasa)
    return " ".join(re.sub(r"^#.*$|[*`_]", "", nb.cells[0].source, flags=re.M).split())


def prepare(nb: NotebookNode, nama: str, permintaan: Permintaan) -> NotebookNode:
    """Notebook dengan parameter yang diminta, sel Markdown menurut bahasa, dan bahan menu di metadatanya.

    Parameters
    ----------
    nb : NotebookNode
        Notebook seperti tersimpan; diubah di tempat, kecuali sel parameternya yang disisipkan di salinan.
    nama : str
        Nama notebook tanpa akhiran.
    permintaan : Permintaan

    Raises
    ------
    GalatPermintaan
        Notebook atau parameternya tidak ada, atau nilainya tidak sesuai jenisnya.
    """
    from papermill.parameterize import parameterize_notebook

    if nama not in available():
        raise GalatPermintaan(f"Notebook '{nama}' tidak ada; yang ada: {', '.join(available())}.")
    try:
        tugas = _task(nama, permintaan)
        semua = tasks(permintaan)
    except GalatKinerja as galat:
        raise GalatPermintaan(str(galat)) from galat
    halaman.translate_cells(nb.cells, nama, permintaan.bahasa)
    logging.getLogger("papermill").setLevel(logging.ERROR)
    # Pembaca papermill sendiri yang biasanya mengisi keduanya.
    nb.metadata.setdefault("papermill", {})
    for sel in nb.cells:
        sel.metadata.setdefault("tags", [])
    nb = parameterize_notebook(nb, dict(tugas.parameter))
    letak = [x.notebook for x in semua].index(nama)
    nb.metadata["kinerja"] = {
        "judul": tugas.judul,
        "nama": nama,
        "tahun": permintaan.tahun,
        "bahasa": permintaan.bahasa,
        "menu": [{"nama": x.notebook, "judul": x.judul} for x in semua],
        "letak": letak,
        "kata": halaman.words()[permintaan.bahasa],
    }
    return nb


def _task(nama: str, permintaan: Permintaan) -> Tugas:
    """Parameter bawaan aplikasi berlaku bagi notebook yang memilikinya; yang diminta alamat harus dikenal."""
    dikenal = read_parameters(available()[nama])
    bawaan = {k for k, _ in permintaan.parameter if k in SURVEI and k not in dikenal}
    parameter = [(k, v) for k, v in permintaan.parameter if k not in bawaan]
    (tugas,) = plan(permintaan.tahun, notebook=[nama], parameter=parameter, bahasa=permintaan.bahasa)
    return tugas
