"""Perintah ``kinerja app``: notebook sebagai aplikasi tanpa kode, di peramban."""

from __future__ import annotations

from typing import Annotated

import typer

from kinerja import fmt
from kinerja.errors import GalatParameter


def daftar(app: typer.Typer) -> None:
    """Daftarkan perintah pada aplikasi ``kinerja``."""
    app.command("app")(aplikasi)


def aplikasi(
    tahun: Annotated[int | None, typer.Option(help="Tahun yang dibuka pertama; bawaan: tahun terakhir.")] = None,
    bahasa: Annotated[str, typer.Option(help="Bahasa yang dibuka pertama: id atau en.")] = "id",
    port: Annotated[int, typer.Option(help="Port; bila terpakai, yang berikutnya dicoba.")] = 8866,
    ip: Annotated[str, typer.Option(help="Alamat yang didengarkan; bawaan: hanya mesin ini.")] = "127.0.0.1",
    buka: Annotated[bool, typer.Option("--buka", help="Buka peramban.")] = False,
    parameter: Annotated[
        list[str] | None,
        typer.Option(
            "-p",
            "--parameter",
            metavar="NAMA NILAI",
            help="Parameter notebook, misalnya -p mikro BERKAS; mikro boleh diulang.",
        ),
    ] = None,
) -> None:
    """Sajikan semua notebook sebagai aplikasi tanpa kode; berhenti dengan Ctrl-C."""
    from kinerja import paths
    from kinerja.aplikasi import make_app
    from kinerja.pilihan_berkas import satukan

    if bahasa not in fmt.BAHASA:
        raise GalatParameter(f"Bahasa '{bahasa}' tidak ada; pilih {' atau '.join(fmt.BAHASA)}.")
    server = make_app(
        tahun=paths.tahun_tersedia()[-1] if tahun is None else tahun,
        bahasa=bahasa,
        port=port,
        ip=ip,
        buka=buka,
        parameter=satukan(_pisah(x) for x in parameter or ()),
        kabar=lambda alamat: typer.echo(f"Aplikasi: {alamat} (Ctrl-C untuk berhenti)"),
    )
    server.start()


def _pisah(isi: str) -> tuple[str, str]:
    nama, pemisah, nilai = isi.partition("=")
    if not pemisah or not nama:
        raise GalatParameter(f"Parameter '{isi}' tidak punya nilai; tulis -p NAMA NILAI.")
    return nama, nilai
