"""Perintah ``tahun-baru``, ``periksa``, ``templat``, dan ``isi``: menyiapkan dan memeriksa data satu tahun."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kinerja import paths
from kinerja.errors import GalatData, GalatParameter
from kinerja.utuh import write_whole

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


class Format(StrEnum):
    """Bentuk templat."""

    csv = "csv"
    xlsx = "xlsx"


def daftar(app: typer.Typer) -> None:
    """Daftarkan keempat perintah pada aplikasi ``kinerja``."""
    app.command("tahun-baru")(tahun_baru)
    app.command("periksa")(periksa)
    app.command("templat")(templat)
    app.command("isi")(isi)


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
    berkas = t.new_year(paths.raw(), tahun, lalu)
    asal = "tanpa contoh tahun lain" if lalu is None else f"meniru {lalu.tahun}"
    typer.echo(f"{len(berkas)} berkas ditulis ({asal}). Mulailah dari: {paths.raw(tahun) / t.DAFTAR_PERIKSA}")


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
    perlu_dilihat = [_print_completeness(d), _print_suspicions(d, lalu)]
    _print_notebooks(d)
    if any(perlu_dilihat):
        raise typer.Exit(1)


def templat(
    tahun: Annotated[int, typer.Option(help="Tahun laporan.")],
    format: Annotated[Format, typer.Option(help="csv (satu berkas per tabel) atau xlsx (satu lembar per tabel).")] = (
        Format.xlsx
    ),
    out: Annotated[Path | None, typer.Option(help="Berkas .xlsx, atau folder CSV; bawaan: templat-<tahun>.")] = None,
) -> None:
    """Templat satu tahun di luar data/raw, untuk diisi orang lain; yang sudah terisi ikut di buku kerja.

    Kode keluar: 0 selesai, 2 berkasnya sudah ada.
    """
    from kinerja.data import lembar
    from kinerja.data import templat as t

    _check_year(tahun)
    semua = t.templates(tahun, _model(tahun, None))
    if format is Format.xlsx:
        tujuan = out or Path(f"templat-{tahun}.xlsx")
        lembar.write_workbook(tujuan, semua, paths.raw(), tahun)
    else:
        tujuan = out or Path(f"templat-{tahun}")
        if tujuan.exists():
            raise GalatParameter(f"{tujuan.name} sudah ada; pilih folder lain dengan --out.")
        tujuan.mkdir(parents=True)
        for x in semua:
            write_whole(tujuan / f"{x.tabel.nama}.csv", x.to_csv())
    typer.echo(f"Templat {tahun}: {tujuan}")


def isi(
    berkas: Annotated[Path, typer.Argument(help="Buku kerja dari kinerja templat, yang sudah diisi.")],
    tahun: Annotated[int, typer.Option(help="Tahun laporan.")],
    timpa: Annotated[bool, typer.Option("--timpa", help="Ganti juga tabel yang sudah terisi dengan isi lain.")] = False,
) -> None:
    """Pasang isi buku kerja ke data/raw/<tahun> setelah seluruhnya sah; bila tidak, tidak satu pun berkas ditulis.

    Kode keluar: 0 terpasang, 2 isinya tidak sah atau menimpa tabel yang sudah terisi.
    """
    from kinerja.data import lembar

    _check_year(tahun)
    isi_lembar = lembar.read_workbook(berkas)
    if not isi_lembar:
        raise GalatData(berkas.name, ditemukan="tidak ada baris yang terisi", diharapkan="paling sedikit satu tabel")
    ditulis = lembar.fill_year(paths.raw(), tahun, isi_lembar, timpa=timpa)
    typer.echo(f"{len(isi_lembar)} tabel sah; ditulis: {', '.join(ditulis) or 'tidak ada yang berubah'}")


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


def _print_completeness(d: Data) -> bool:
    from kinerja import kewajaran

    frame = kewajaran.completeness(d)
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
