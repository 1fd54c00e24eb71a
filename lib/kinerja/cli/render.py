"""Perintah ``kinerja render`` dan ``kinerja refresh``."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kinerja import fmt, paths
from kinerja.errors import GalatParameter
from kinerja.pilihan_berkas import satukan

if TYPE_CHECKING:
    from kinerja.render.jalankan import Layar
    from kinerja.render.laporan import HasilRender
    from kinerja.render.ulang import Permintaan


def daftar(app: typer.Typer) -> None:
    """Tambahkan perintah di modul ini ke ``app``."""
    app.command()(render)
    app.command()(peragaan)
    app.command()(refresh)


Notebook = Annotated[
    list[str] | None, typer.Option(metavar="NAMA ...", help="Hanya notebook ini; boleh lebih dari satu.")
]
Jobs = Annotated[int | None, typer.Option(help="Banyaknya notebook sekaligus; bawaan: banyaknya inti.")]
Tahun = Annotated[int | None, typer.Option(help="Tahun laporan; bawaan: tahun terakhir di data/raw.")]
Parameter = Annotated[
    list[str] | None,
    typer.Option("-p", "--parameter", metavar="NAMA NILAI", help="Parameter notebook; boleh diulang."),
]
Bahasa = Annotated[str, typer.Option(help="Bahasa laporan: id atau en.")]
Paksa = Annotated[bool, typer.Option("--paksa", help="Render juga halaman yang tidak berubah.")]


def render(
    tahun: Tahun = None,
    notebook: Notebook = None,
    parameter: Parameter = None,
    bahasa: Bahasa = "id",
    jobs: Jobs = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder laporan; bawaan: reports/<tahun>, atau reports/<tahun>-en.")
    ] = None,
    periode: Annotated[
        str, typer.Option(help="tw1 sampai tw4, smt1, smt2, atau tahun; bawaan: menurut aturan.csv, atau setahun.")
    ] = "",
    kode: Annotated[bool, typer.Option("--kode", help="Perlihatkan kode di halaman.")] = False,
    paksa: Paksa = False,
    format: Annotated[str, typer.Option(help="html: situs dan PDF; docx: juga dokumen Word.")] = "html",
    kernel: Annotated[
        str,
        typer.Option(help="hangat: kernel dicabangkan dari proses yang sudah memuat pustaka; dingin: biasa."),
    ] = "hangat",
    wilayah: Annotated[
        str,
        typer.Option(
            metavar="PILIHAN",
            help="Untuk --notebook profil_wilayah: semua (provinsi), kabkota, atau kode BPS dipisah koma.",
        ),
    ] = "",
    mikro: Annotated[
        list[str] | None,
        typer.Option(metavar="BERKAS", help="Berkas data mikro survei; boleh diulang. Menambah halaman survei."),
    ] = None,
    tahun_survei: Annotated[int | None, typer.Option(help="Gelombang Susenas berkas itu; bawaan 2020.")] = None,
    daftar_penerima: Annotated[
        Path | None,
        typer.Option(
            "--daftar", metavar="FOLDER", help="Folder berisi dtks/ dan pembayaran/. Menambah halaman mutu daftar."
        ),
    ] = None,
) -> None:
    """Render laporan satu tahun dengan papermill; halaman yang tidak berubah tidak dirender lagi.

    Laporan dibangun di samping yang lama dan ditukar setelah utuh. Kode keluar: 0 utuh, 1 ada notebook yang gagal
    (laporan lama tidak disentuh, hasil sebagian di <folder>-gagal), 2 permintaan atau data tidak sah.
    """
    tahun = tahun or paths.tahun_tersedia()[-1]
    isi = [*(split_value(x) for x in parameter or ()), *(("mikro", x) for x in mikro or ())]
    if tahun_survei is not None:
        isi.append(("tahun_survei", tahun_survei))
    if daftar_penerima is not None:
        isi.append(("daftar", str(daftar_penerima)))
    if periode:
        isi.append(("periode", periode))
    isi = satukan(isi)
    if wilayah:
        _check_regions(notebook or [])
        from kinerja.render import wilayah as banyak

        if not banyak.is_single(wilayah):
            if format != "html":
                raise GalatParameter("Profil banyak wilayah hanya berupa situs; --format docx untuk laporan.")
            with _screen() as layar:
                _report(
                    banyak.render(
                        tahun,
                        wilayah,
                        **banyak.pick_survey(isi),
                        bahasa=bahasa,
                        jobs=jobs,
                        out=out,
                        kode=kode,
                        layar=layar,
                    ),
                    tahun,
                )
            return
        isi.append(("wilayah", wilayah))
    from kinerja.render.ulang import Permintaan

    minta = Permintaan(tahun, tuple(notebook or ()), tuple(isi), bahasa, kode, format=format)
    _render(minta, jobs=jobs, out=out, paksa=paksa, kernel=kernel)


def peragaan(
    tahun: Tahun = None,
    notebook: Notebook = None,
    parameter: Parameter = None,
    bahasa: Bahasa = "id",
    jobs: Jobs = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder situs; bawaan: reports/peragaan/<tahun>, atau <tahun>-en.")
    ] = None,
    paksa: Paksa = False,
) -> None:
    """Render peragaan metode dengan data buatan: situs sendiri, wilayah dan program tanpa nama nyata.

    Memuat halaman yang di laporan memerlukan survei atau daftar penerima. Kode keluarnya seperti render.
    """
    tahun = tahun or paths.tahun_tersedia()[-1]
    isi = satukan(split_value(x) for x in parameter or ())
    from kinerja.render.ulang import Permintaan

    minta = Permintaan(tahun, tuple(notebook or ()), tuple(isi), bahasa, peragaan=True)
    _render(minta, jobs=jobs, out=out, paksa=paksa, kernel="hangat")


def _render(minta: Permintaan, *, jobs: int | None, out: Path | None, paksa: bool, kernel: str) -> None:
    """Render satu situs, atau kabarkan bahwa yang ada masih berlaku."""
    from kinerja.render import ulang

    awal = time.perf_counter()
    sasaran = minta.target(out)
    if not paksa and ulang.still_valid(sasaran, minta):
        detik = fmt.angka(time.perf_counter() - awal, 2)
        typer.echo(
            f"Tidak ada yang berubah; laporan {minta.tahun} masih berlaku: {paths.short(sasaran / 'index.html')}"
        )
        typer.echo(f"Diperiksa dalam {detik} detik; --paksa merender semuanya lagi.")
        return
    from kinerja.render import laporan  # memuat pandas; yang tidak berubah tidak memerlukannya

    with _screen() as layar:
        hasil = laporan.render(**asdict(minta), jobs=jobs, out=out, paksa=paksa, kernel=kernel, layar=layar)
    _report(hasil, minta.tahun)


def _report(hasil: HasilRender, tahun: int) -> None:
    """Kabarkan akhir render; yang gagal berakhir dengan kode keluar 1."""
    detik = fmt.angka(hasil.detik, 1)
    if hasil.tetap:
        _report_kept(hasil)
    if hasil.gagal:
        _report_failures(hasil.gagal)
        typer.echo(
            f"Laporan lama tidak disentuh. Hasil sebagian dan salinan yang gagal: {paths.short(hasil.folder)}", err=True
        )
        raise typer.Exit(1)
    typer.echo(f"Laporan {tahun} selesai dalam {detik} detik: {paths.short(hasil.folder / 'index.html')}")


def _check_regions(notebook: Sequence[str]) -> None:
    from kinerja.render.wilayah import NOTEBOOK

    if list(notebook) != [NOTEBOOK]:
        raise GalatParameter(f"--wilayah hanya berlaku bagi satu notebook; tulis --notebook {NOTEBOOK} --wilayah ...")


def refresh(
    notebook: Annotated[list[str] | None, typer.Argument(metavar="[NAMA ...]")] = None, jobs: Jobs = None
) -> None:
    """Jalankan ulang notebook yang disimpan di folder notebooks, di tempat.

    Keluarannya dinormalkan: tanpa waktu, tanpa keadaan widget. Dua kali menyegarkan memberi byte yang sama.
    """
    from kinerja.render.notebook import refresh as segarkan

    with _screen() as layar:
        gagal = segarkan(notebook or (), jobs=jobs, layar=layar)
    if gagal:
        _report_failures(gagal)
        raise typer.Exit(1)


def split_value(isi: str) -> tuple[str, str]:
    """``NAMA=NILAI`` menjadi pasangannya."""
    nama, pemisah, nilai = isi.partition("=")
    if not pemisah or not nama:
        raise GalatParameter(f"Parameter '{isi}' tidak punya nilai; tulis -p NAMA NILAI.")
    return nama, nilai


@contextmanager
def _screen() -> Iterator[Layar]:
    """Layar kemajuan; penghentian dengan sinyal menjadi satu kalimat dan kode keluar menurut kebiasaan shell."""
    from rich.console import Console

    from kinerja.cli.layar import LayarTerminal
    from kinerja.render.jalankan import Dihentikan

    try:
        with LayarTerminal(Console()) as layar:
            yield layar
    except Dihentikan as henti:
        typer.echo("Dihentikan; laporan dan notebook yang lama utuh.", err=True)
        raise typer.Exit(128 + henti.sinyal) from henti


def _report_kept(hasil: HasilRender) -> None:
    for nama, sebab in hasil.sebab.items():
        typer.echo(f"  {nama} dirender karena {sebab}.")
    typer.echo(f"{len(hasil.tetap)} halaman tidak berubah dan tidak dirender lagi.")


def _report_failures(gagal: Sequence[tuple[str, str]]) -> None:
    typer.echo(f"{len(gagal)} notebook gagal:", err=True)
    for nama, sebab in gagal:
        typer.echo(f"  {nama}: {sebab}", err=True)
