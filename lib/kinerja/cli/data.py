"""Perintah ``kinerja data``."""

from __future__ import annotations

from typing import Annotated

import typer

from kinerja import paths


def daftar(app: typer.Typer) -> None:
    """Tambahkan perintah di modul ini ke ``app``."""
    app.command()(data)


def data(
    tahun: Annotated[int | None, typer.Option(help="Hanya tahun ini; bawaan: semua tahun.")] = None,
    segel: Annotated[
        bool, typer.Option("--segel", help="Perbarui sha256 setiap berkas di data/raw/sources.yml.")
    ] = False,
    kamus: Annotated[bool, typer.Option("--kamus", help="Tulis ulang docs/kamus_data.md.")] = False,
) -> None:
    """Periksa data mentah dan bangun ulang data/processed; sebut berkas yang berubah sejak disegel."""
    from kinerja.data import load, process, templat

    for satu in [tahun] if tahun is not None else paths.tahun_tersedia():
        tabel = process.build(paths.raw(), paths.processed(satu), satu)
        baris = sum(len(frame) for frame in tabel.values())
        typer.echo(f"{satu}: {len(tabel)} tabel, {baris} baris, sah; ditulis ke {paths.short(paths.processed(satu))}")
        if segel:
            process.seal(paths.raw(), process.files_by_source(tabel))
        berubah = process.unsealed(paths.raw(), process.load_sources(paths.raw()), process.files_by_source(tabel))
        if berubah:
            typer.echo(f"{satu}: berubah sejak disegel (kinerja data --segel): {', '.join(berubah)}", err=True)
        if kamus:
            templat.write_dictionary(load(satu), paths.root() / "docs" / "kamus_data.md")
