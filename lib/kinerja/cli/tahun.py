"""Perintah ``tahun-baru`` dan ``periksa``: menyiapkan dan memeriksa data satu tahun."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kinerja import paths
from kinerja.errors import GalatParameter

if TYPE_CHECKING:
    from kinerja.data import Data

_BANYAK = 12
_TAHUN_WAJAR = range(1945, 2200)
_JENIS = {
    "besar": "Jauh lebih besar atau kecil dari tahun lalu",
    "satuan": "Satuan berubah",
    "target_tercapai": "Target sudah tercapai tahun lalu",
    "penyebut": "Penyebut bergeser",
    "nama": "Indikator berganti nama",
    "indikator": "Daftar indikator berubah",
}


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
    lalu = _model(tahun, dari)
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
    """Sebut yang lengkap, kurang, dan janggal, dan notebook yang sudah dapat dirender.

    Kode keluar: 0 lengkap dan tidak ada yang janggal; 1 sah, tetapi ada isian yang tertinggal atau janggal; 2 data
    tidak sah atau tahunnya tidak ada.
    """
    from kinerja import data

    d = data.load(tahun)
    lalu = _model(tahun, dengan)
    perlu_dilihat = [_print_completeness(d, lalu), _print_suspicions(d, lalu)]
    _print_notebooks(d)
    if any(perlu_dilihat):
        raise typer.Exit(1)


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _check_year(tahun: int) -> None:
    if tahun not in _TAHUN_WAJAR:
        raise GalatParameter(f"Tahun {tahun} di luar {_TAHUN_WAJAR[0]} sampai {_TAHUN_WAJAR[-1]}.")


def _model(tahun: int, dari: int | None) -> Data | None:
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


def _print_suspicions(d: Data, lalu: Data | None) -> bool:
    from kinerja import kewajaran

    if lalu is None:
        typer.echo("Tidak ada tahun pembanding; kejanggalan tidak diperiksa.")
        return False
    frame = kewajaran.suspicions(d, lalu)
    typer.echo(f"Janggal di samping {lalu.tahun}: {len(frame)}")
    for jenis, isi_jenis in frame.groupby("jenis", sort=False):
        typer.echo(f"  {_JENIS[jenis]} ({len(isi_jenis)})")
        for x in isi_jenis.head(_BANYAK).itertuples():
            typer.echo(f"    {x.id}: {x.uraian}")
        if len(isi_jenis) > _BANYAK:
            typer.echo(f"    dan {len(isi_jenis) - _BANYAK} lagi")
    return len(frame) > 0


def _print_notebooks(d: Data) -> None:
    from kinerja.buku import missing_tables
    from kinerja.render.rencana import available

    kurang = {nama: missing_tables(nama, d) for nama in available()}
    typer.echo(f"Dapat dirender: {', '.join(x for x, k in kurang.items() if not k) or 'belum ada'}")
    for nama, tabel in kurang.items():
        if tabel:
            typer.echo(f"  {nama} menunggu: {', '.join(tabel)}")
