"""Notebook baru yang langsung dapat dijalankan, menurut ``baru.yml``."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from kinerja import paths
from kinerja.berkas import parse_yaml, write_whole
from kinerja.errors import GalatParameter


def create(nama: str, *, resmi: bool = False) -> list[Path]:
    """Tulis notebook baru.

    Parameters
    ----------
    nama : str
        Huruf kecil, angka, dan garis bawah; diawali huruf.
    resmi : bool
        Di ``notebooks/`` dengan berkas teks dua bahasanya; selebihnya di ``kerja/``, tanpa berkas teks.

    Returns
    -------
    list of Path
        Berkas yang ditulis.

    Raises
    ------
    GalatParameter
        Nama tidak sah atau sudah dipakai.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", nama):
        raise GalatParameter(f"Nama '{nama}': diharapkan huruf kecil, angka, dan garis bawah, diawali huruf.")
    teks = paths.root() / "lib" / "kinerja" / "teks" / f"{nama}.yml"
    berkas = (paths.notebooks() if resmi else paths.kerja()) / f"{nama}.ipynb"
    ada = [x for x in (paths.notebooks() / berkas.name, paths.kerja() / berkas.name, teks) if x.exists()]
    if ada:
        raise GalatParameter(f"Nama '{nama}' sudah dipakai: {paths.short(ada[0])}.")
    isi = resources.files("kinerja.render").joinpath("baru.yml").read_text("utf-8")
    susunan = parse_yaml(isi.replace("<nama>", nama).replace("<judul>", nama.replace("_", " ").capitalize()))
    tulisan = {berkas: _notebook(susunan["resmi" if resmi else "sendiri"])}
    if resmi:
        tulisan[teks] = susunan["teks"]
    for tujuan, baru in tulisan.items():
        tujuan.parent.mkdir(parents=True, exist_ok=True)
        write_whole(tujuan, baru)
    return list(tulisan)


def _notebook(sel: dict[str, str]) -> str:
    """Isi berkas notebook dari pengenal sel -> isinya; yang diawali ``#`` markdown, ``parameter`` sel parameter."""
    import nbformat

    from kinerja.render.jalankan import normalize

    jadi = []
    for pengenal, isi in sel.items():
        if isi.startswith("#"):
            jadi.append(nbformat.v4.new_markdown_cell(isi, id=pengenal))
        else:
            tag = {"tags": ["parameters"]} if pengenal == "parameter" else {}
            jadi.append(nbformat.v4.new_code_cell(isi, id=pengenal, metadata=tag))
    return nbformat.writes(normalize(nbformat.v4.new_notebook(cells=jadi)), version=4).rstrip("\n") + "\n"
