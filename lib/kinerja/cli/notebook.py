"""Perintah bagi penulis notebook: ``notebook-baru``, ``uji``, dan ``sapu``."""

from __future__ import annotations

import os
import time
from math import prod
from pathlib import Path
from typing import Annotated, Any

import typer

from kinerja import paths
from kinerja.cli.render import Jobs, split_value
from kinerja.errors import GalatParameter


def daftar(app: typer.Typer) -> None:
    """Tambahkan perintah di modul ini ke ``app``."""
    app.command()(notebook_baru)
    app.command()(uji)
    app.command()(sapu)


def notebook_baru(
    nama: Annotated[str, typer.Argument(metavar="NAMA", help="Huruf kecil, angka, garis bawah.")],
    resmi: Annotated[
        bool, typer.Option("--resmi", help="Halaman laporan: di notebooks/, dengan berkas teks dua bahasanya.")
    ] = False,
) -> None:
    """Tulis notebook yang langsung dapat dijalankan, di kerja/."""
    from kinerja.render import notebook as mesin

    for berkas in mesin.create(nama, resmi=resmi):
        typer.echo(f"Ditulis: {paths.short(berkas)}")
    if resmi:
        typer.echo(f"Lalu: kinerja refresh {nama}, kinerja uji {nama}, dan docs/notebook.md.")
    else:
        typer.echo(f"Buka dengan make lab; periksa dengan kinerja uji {nama}.")


def uji(
    notebook: Annotated[list[str], typer.Argument(metavar="NAMA ...", help="Notebook yang diuji.")], jobs: Jobs = None
) -> None:
    """Jalankan notebook dan bandingkan setiap keluarannya dengan yang tersimpan; kode keluar 1 bila berbeda.

    Notebook tanpa keluaran tersimpan hanya dijalankan: yang diuji selesainya semua sel.
    """
    berkas = [paths.notebook(nama) for nama in notebook]
    from kinerja.render.notebook import verify

    awal = time.perf_counter()
    gagal = verify(berkas, jobs=jobs)
    for nama, beda in gagal:
        typer.echo(f"{nama}:\n    {beda}", err=True)
    typer.echo(f"{len(berkas) - len(gagal)} dari {len(berkas)} notebook sama, {time.perf_counter() - awal:.0f} detik.")
    if gagal:
        raise typer.Exit(1)


def sapu(
    notebook: Annotated[str, typer.Argument(metavar="NOTEBOOK", help="Nama atau letak notebook.")],
    out: Annotated[Path, typer.Option(help="Berkas tabel panjang: .parquet atau .csv.")],
    parameter: Annotated[
        list[str] | None,
        typer.Option("-p", "--parameter", metavar="NAMA A,B", help="Nilai-nilai yang disapu; boleh diulang."),
    ] = None,
    jawaban: Annotated[list[str] | None, typer.Option(metavar="NAMA", help="Hanya jawaban ini; boleh diulang.")] = None,
    andai: Annotated[
        list[str] | None,
        typer.Option(metavar="ID=A,B", help="Ganti satu angka data dengan tiap nilai ini; boleh diulang."),
    ] = None,
) -> None:
    """Jalankan notebook bagi setiap gabungan nilai parameter; semua jawabannya menjadi satu tabel panjang.

    Nilai yang memuat koma diapit kutip ganda; kamus dan daftar ditulis berurutan: "{'KD': 2}, {}".
    """
    os.environ.setdefault("MPLBACKEND", "agg")  # notebook sendiri boleh memakai pyplot
    from kinerja.render import coba as mesin

    berkas = paths.notebook(notebook)
    kisi = mesin.read_grid(berkas, [split_value(x) for x in parameter or ()])
    andaian = {id_: [_number(x) for x in isi.split(",")] for id_, isi in map(split_value, andai or ())}
    if not kisi and not andaian:
        raise GalatParameter("Tidak ada yang disapu; beri -p NAMA A,B atau --andai ID=A,B.")
    if out.suffix not in mesin.AKHIRAN:
        raise GalatParameter(f"Berkas {out}: diharapkan akhiran {' atau '.join(mesin.AKHIRAN)}.")
    tabel = mesin.sweep(berkas, kisi, jawaban=jawaban or (), andaian=andaian)
    mesin.write(tabel, out)
    banyak = prod(map(len, (*kisi.values(), *andaian.values())))
    typer.echo(f"{banyak} gabungan, {tabel['jawaban'].nunique()} jawaban, {len(tabel)} baris: {paths.short(out)}")


def _number(teks: str) -> Any:
    if teks.strip() in ("", "None"):
        return None
    try:
        return float(teks)
    except ValueError:
        raise GalatParameter(f"Andaian '{teks}' bukan bilangan; tulis ID=A,B dengan titik desimal.") from None
