"""Perintah ``tahun-baru`` dan ``periksa``: menyiapkan dan memeriksa data satu tahun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kinerja import paths
from kinerja.errors import GalatHitung, GalatParameter

if TYPE_CHECKING:
    from kinerja.data import Data

_BANYAK = 12
_TAHUN_WAJAR = range(1945, 2200)


def daftar(app: typer.Typer) -> None:
    """Daftarkan kedua perintah pada aplikasi ``kinerja``."""
    app.command("tahun-baru")(tahun_baru)
    app.command("periksa")(periksa)


def tahun_baru(
    tahun: Annotated[int, typer.Argument(help="Tahun laporan yang baru.")],
    dari: Annotated[int | None, typer.Option(help="Tahun yang ditiru; bawaan: tahun terakhir sebelum itu.")] = None,
) -> None:
    """Buat data/raw/<tahun>: templat setiap tabel, target dari Renstra, catatan sumber, dan daftar periksa.

    Berkas yang sudah ada tidak pernah ditimpa. Kode keluar: 0 selesai; 2 berkasnya sudah ada, atau permintaan salah.
    """
    from kinerja.data import templat as t

    _check_year(tahun)
    lalu = model(tahun, dari)
    if lalu is None:
        raise GalatParameter(f"Belum ada tahun sebelum {tahun} untuk ditiru; lembaga baru: kinerja lembaga-baru NAMA.")
    berkas = t.new_year(paths.raw(), tahun, lalu)
    typer.echo(
        f"{len(berkas)} berkas ditulis (meniru {lalu.tahun}). Mulailah dari: {paths.raw(tahun) / t.DAFTAR_PERIKSA}"
    )


def periksa(
    tahun: Annotated[int, typer.Option(help="Tahun laporan.")],
    dengan: Annotated[int | None, typer.Option(help="Tahun pembanding; bawaan: tahun terakhir sebelum itu.")] = None,
) -> None:
    """Sebut yang lengkap, kurang, dan janggal, lalu jalankan hitungan setiap notebook yang akan dirender.

    Kode keluar: 0 lengkap, tidak ada yang janggal, semuanya terhitung; 1 sah, tetapi kosong, ada isian yang tertinggal
    atau janggal, atau ada notebook yang gagal; 2 data tidak sah atau tahunnya tidak ada.
    """
    from kinerja import data
    from kinerja.data.templat import year_tables

    kosong = tahun in paths.tahun_tersedia() and not any(paths.raw(tahun).glob("*.csv"))
    d = None if kosong else data.load(tahun)
    if d is None or not {x.nama for x in year_tables() if x.nama != "aturan" and d.has(x.nama)}:
        typer.echo(f"{tahun}: belum berisi satu angka pun.")
        raise typer.Exit(1)
    lalu = model(tahun, dengan)
    perlu_dilihat = [_print_completeness(d, lalu), print_suspicions(d, lalu), _print_notebooks(d)]
    if any(perlu_dilihat):
        raise typer.Exit(1)


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _check_year(tahun: int) -> None:
    if tahun not in _TAHUN_WAJAR:
        raise GalatParameter(f"Tahun {tahun} di luar {_TAHUN_WAJAR[0]} sampai {_TAHUN_WAJAR[-1]}.")


def model(tahun: int, dari: int | None) -> Data | None:
    """Data tahun pembanding: ``dari``, atau tahun terakhir sebelum ``tahun``; None bila tidak ada."""
    from kinerja import data

    ada = [x for x in paths.tahun_tersedia() if x < tahun]
    if dari is None:
        return data.load(ada[-1]) if ada else None
    if dari not in ada:
        raise GalatParameter(
            f"Tahun {dari} tidak ada sebelum {tahun}; yang ada: {', '.join(map(str, ada)) or 'tidak ada'}."
        )
    return data.load(dari)


def _print_completeness(d: Data, lalu: Data | None) -> bool:
    from kinerja import kewajaran

    frame = kewajaran.completeness(d, lalu)
    hitung = frame["status"].value_counts()
    angka = "; ".join(f"{hitung.get(x, 0)} {x}" for x in ("lengkap", "sebagian", "belum"))
    typer.echo(f"{d.tahun}: {len(frame)} tabel ({angka})")
    sebagian = frame[frame["status"] == "sebagian"]
    for x in sebagian.itertuples():
        typer.echo(
            f"  sebagian: {x.tabel}, {x.tidak_tersedia} dari {x.baris} baris tidak tersedia, {x.isian} masih ISI"
        )
    typer.echo(f"  belum: {', '.join(frame.loc[frame['status'] == 'belum', 'tabel']) or 'tidak ada'}")
    sumber = kewajaran.unfinished_sources(d)
    if sumber:
        typer.echo(f"  sumber yang catatannya masih ISI: {', '.join(sumber)}")
    return bool(len(sebagian) or sumber)


def print_suspicions(d: Data, lalu: Data | None) -> bool:
    """Sebut yang janggal menurut jenisnya; benar bila ada."""
    from kinerja import kewajaran

    try:
        frame = kewajaran.suspicions(d, lalu)
    except GalatHitung as galat:
        typer.echo(f"Kejanggalan tidak dapat diperiksa: {galat}")
        return True
    samping = "tanpa tahun pembanding" if lalu is None else f"pembanding {lalu.tahun}"
    typer.echo(f"Janggal ({samping}): {len(frame) or 'tidak ada'}")
    for jenis, isi_jenis in frame.groupby("jenis", sort=False):
        typer.echo(f"  {kewajaran.JENIS[jenis]} ({len(isi_jenis)})")
        for x in isi_jenis.head(_BANYAK).itertuples():
            typer.echo(f"    {x.id}: {x.uraian}")
        if len(isi_jenis) > _BANYAK:
            typer.echo(f"    dan {len(isi_jenis) - _BANYAK} lagi")
    return len(frame) > 0


def _print_notebooks(d: Data) -> bool:
    """Yang dirender, yang menunggu tabel, dan yang gagal dihitung; benar bila ada yang gagal atau tidak ada isinya."""
    from kinerja.render import coba, rencana

    tugas = rencana.plan(d.tahun, notebook=rencana.pages())
    tugas = rencana.check_tables(tugas, d, diminta=False)
    gagal = coba.failures(tugas)
    siap = [x.notebook for x in tugas if not x.kurang and x.notebook not in gagal]
    typer.echo(f"Dapat dirender: {', '.join(siap) or 'belum ada'}")
    for x in tugas:
        if x.kurang:
            typer.echo(f"  {x.notebook} menunggu: {', '.join(x.kurang)}")
        elif x.notebook in gagal:
            typer.echo(f"  {x.notebook} gagal: {gagal[x.notebook]}")
    return bool(gagal) or not siap
