"""Perintah ``lembaga-baru`` dan ``isi``: dari lembar isian petugas ke folder data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from kinerja import paths


def daftar(app: typer.Typer) -> None:
    """Daftarkan kedua perintah pada aplikasi ``kinerja``."""
    app.command("lembaga-baru")(lembaga_baru)
    app.command("isi")(isi)


def lembaga_baru(
    nama: Annotated[str, typer.Argument(help="Nama resmi lembaga, dalam tanda kutip.")],
    tahun: Annotated[int | None, typer.Option(help="Tahun laporan; dapat juga ditulis di lembarnya.")] = None,
    out: Annotated[Path | None, typer.Option(help="Berkas .xlsx; bawaan: nama lembaga di folder ini.")] = None,
) -> None:
    """Tulis lembar isian: satu buku kerja .xlsx, dan CSV kembarannya; isi salah satunya.

    Bila folder data lembaga itu sudah ada, indikator dan identitas tahun terakhirnya sudah terisi.
    Kode keluar: 0 selesai, 2 berkasnya sudah ada.
    """
    from kinerja import lembaga

    kata = lembaga.slug(nama)
    berkas = out or Path(f"{kata}.xlsx")
    if out is None and tahun is not None and berkas.exists():
        berkas = Path(f"{kata}-{tahun}.xlsx")
    folder = paths.data() if os.environ.get("KINERJA_DATA") else berkas.resolve().parent / kata
    isi = lembaga.last_year(folder, tahun)
    identitas = {**isi.get("Identitas", [{}])[0], "nama": nama, "tahun": "" if tahun is None else str(tahun)}
    ditulis = lembaga.write_forms(berkas, {**isi, "Identitas": [identitas]})
    typer.echo(f"Lembar isian: {' atau '.join(x.name for x in ditulis)}. Isi, simpan, lalu: kinerja isi {berkas}")


def isi(
    berkas: Annotated[Path, typer.Argument(help="Lembar isian yang sudah diisi (.xlsx atau .csv).")],
    timpa: Annotated[bool, typer.Option("--timpa", help="Ganti tahun yang sudah terisi dengan isi lain.")] = False,
) -> None:
    """Jadikan lembar isian folder data yang siap dirender; bila ada yang tidak sah, tidak satu pun berkas ditulis.

    Folder datanya bernama lembaga itu, di samping lembarnya, kecuali --data diisi. Semua masalah disebut sekaligus.
    Kode keluar: 0 terpasang, 2 isinya tidak sah atau menimpa.
    """
    from kinerja import data, lembaga
    from kinerja.cli.tahun import model, print_suspicions

    folder = paths.data() if os.environ.get("KINERJA_DATA") else None
    akar, s, ditulis = lembaga.install(lembaga.read_form(berkas), folder, induk=berkas.resolve().parent, timpa=timpa)
    banyak = {k: len(s.tabel.get(k, ())) for k in ("sasaran", "iku", "anggaran")}
    typer.echo(
        f"{s.nama} {s.tahun}: {banyak['sasaran']} sasaran, {banyak['iku']} indikator, "
        f"{banyak['anggaran']} angka anggaran; {len(ditulis)} berkas ditulis ke {paths.short(akar)}."
    )
    if s.baru:
        typer.echo(f"Satuan baru: {', '.join(s.baru)}.")
    if s.diabaikan:
        typer.echo(f"Lembar lain tidak dibaca: {', '.join(s.diabaikan)}.")
    with paths.using(akar):
        print_suspicions(data.load(s.tahun), model(s.tahun, None))
    typer.echo(f"Berikutnya: kinerja render --data {paths.short(akar)} --tahun {s.tahun}")
