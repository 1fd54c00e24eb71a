"""Perintah ``kinerja``: satu modul satu kelompok perintah; di sini pintunya.

Modul-modul ini tidak memuat pandas saat diimpor, supaya perintah menjawab seketika.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from kinerja import paths
from kinerja.cli import audit, daftar, data, mikro, render
from kinerja.errors import GalatKinerja

app = typer.Typer(
    help="Laporan Kinerja yang dihitung ulang dari berkas data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for perintah in (
    render.render,
    render.peragaan,
    render.refresh,
    data.data,
    audit.audit,
    audit.telusur,
    mikro.mikro,
    mikro.ikesos,
    data.lembaga_baru,
    data.isi,
    data.tahun_baru,
    data.periksa,
    render.app,
    render.notebook_baru,
    render.uji,
    render.sapu,
):
    app.command()(perintah)
app.add_typer(mikro.kodebuku, name="kodebuku")
app.add_typer(daftar.kelompok, name="daftar")


@app.callback()
def umum(
    data: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Folder data lain (berisi raw/), di mana pun ditulis. Bawaan: isi KINERJA_DATA, atau data.",
        ),
    ] = None,
) -> None:
    """Laporan Kinerja yang dihitung ulang dari berkas data."""
    if data is not None:
        # Lewat lingkungan, supaya kernel dan proses pekerja memakai folder yang sama.
        os.environ["KINERJA_DATA"] = str(data.expanduser().resolve())
        paths.data()


def main(argv: Sequence[str] | None = None) -> None:
    """Titik masuk perintah: kesalahan yang dikenal menjadi satu pesan di stderr tanpa jejak tumpukan, kode keluar 2."""
    try:
        app(args=spread_arguments(sys.argv[1:] if argv is None else argv))
    except GalatKinerja as galat:
        print(f"Kesalahan: {galat}", file=sys.stderr)
        sys.exit(2)
    except OSError as galat:
        # Disk penuh atau izin yang dicabut di tengah jalan juga bukan urusan jejak tumpukan.
        print(f"Kesalahan: {galat.strerror or galat}: {galat.filename or ''}", file=sys.stderr)
        sys.exit(2)


def spread_arguments(argv: Sequence[str]) -> list[str]:
    """Ubah ``--notebook a b`` menjadi ``--notebook a --notebook b`` dan ``-p NAMA NILAI`` menjadi ``-p NAMA=NILAI``.

    Pengurai perintah tidak mengenal pilihan dengan banyak nilai, sedangkan begitulah papermill ditulis orang. Pilihan
    ``--data`` milik semua perintah, sehingga dipindahkan ke depan.
    """
    hasil: list[str] = []
    depan: list[str] = []
    sisa = list(argv)
    while sisa:
        satu = sisa.pop(0)
        if satu == "--notebook" and sisa and not sisa[0].startswith("-"):
            while sisa and not sisa[0].startswith("-"):
                hasil += [satu, sisa.pop(0)]
        elif satu in ("-p", "--parameter") and sisa and "=" not in sisa[0]:
            nama = sisa.pop(0)
            hasil += [satu, f"{nama}={sisa.pop(0)}" if sisa else nama]
        elif satu == "--data" and sisa:
            depan += [satu, sisa.pop(0)]
        elif satu.startswith("--data="):
            depan.append(satu)
        else:
            hasil.append(satu)
    return [*depan, *hasil]
