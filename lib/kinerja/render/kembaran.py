"""Laporan yang sama dalam bahasa lain: dua folder bersebelahan yang saling menautkan, halaman demi halaman.

Yang berbahasa Indonesia di ``<nama>``, yang lain di ``<nama>-<bahasa>``. Tautannya dipasang saat laporan jadi, karena
baru saat itu diketahui apakah kembarannya ada; kembaran yang lebih dulu dirender ikut diperbarui.
"""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

from kinerja import paths
from kinerja.render import manifes, pasang
from kinerja.render.halaman import words

BAHASA = ("id", "en")
_AWAL, _AKHIR = "<!-- bahasa:awal -->", "<!-- bahasa:akhir -->"


def find(sasaran: Path, tahun: int, bahasa: str) -> list[Path]:
    """Laporan tahun yang sama dalam bahasa lain di samping ``sasaran``."""
    nama = sasaran.name.removesuffix(f"-{bahasa}")
    if paths.report_name(nama, bahasa) != sasaran.name:
        return []
    calon = {lain: sasaran.with_name(paths.report_name(nama, lain)) for lain in BAHASA if lain != bahasa}
    return [folder for lain, folder in calon.items() if _is_report(folder, tahun, lain)]


def connect(folder: Path, lain: Path) -> None:
    """Tautkan setiap halaman ``folder`` ke halaman yang sama di ``lain``; manifesnya ikut diperbarui.

    Parameters
    ----------
    folder : Path
        Laporan yang halamannya diubah; boleh yang sedang dibangun.
    lain : Path
        Tempat kembarannya setelah terpasang, di induk yang sama.
    """
    isi = pasang.read_manifest(folder)
    kembaran = pasang.read_manifest(lain)
    if isi is None or kembaran is None:
        return
    ada = {f"{nama}.html" for nama in kembaran["halaman"]}
    berubah = False
    for halaman in _pages(folder, isi):
        tujuan = halaman.name if halaman.name in ada else "index.html"
        baru = _with_link(halaman.read_text("utf-8"), f"../{lain.name}/{tujuan}", kembaran["bahasa"])
        if baru != halaman.read_text("utf-8"):
            _replace(halaman, baru)
            isi["berkas"][halaman.name] = manifes.sha256(halaman)
            berubah = True
    if berubah:
        _replace(folder / pasang.MANIFES, json.dumps(isi, ensure_ascii=False, indent=1) + "\n")


def _is_report(folder: Path, tahun: int, bahasa: str) -> bool:
    isi = pasang.read_manifest(folder)
    return isi is not None and (isi.get("tahun"), isi.get("bahasa")) == (tahun, bahasa)


def _pages(folder: Path, isi: dict) -> Iterator[Path]:
    for nama in ("index", *isi["halaman"]):
        if (folder / f"{nama}.html").is_file():
            yield folder / f"{nama}.html"


def _with_link(isi: str, alamat: str, bahasa: str) -> str:
    tautan = (
        f'<p class="bahasa"><a href="{html.escape(alamat)}" lang="{bahasa}" hreflang="{bahasa}">'
        f"{words()[bahasa]['nama_bahasa']}</a></p>"
    )
    return re.sub(f"{_AWAL}.*?{_AKHIR}", lambda _: f"{_AWAL}{tautan}{_AKHIR}", isi, count=1, flags=re.S)


def _replace(berkas: Path, isi: str) -> None:
    """Ganti isi sekaligus: pembaca melihat yang lama atau yang baru."""
    sementara = berkas.with_name(f".{berkas.name}")
    sementara.write_text(isi, "utf-8")
    os.replace(sementara, berkas)
