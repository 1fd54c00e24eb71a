"""Perintah atas notebook: ``render``, ``peragaan``, ``refresh``, ``uji``, ``notebook-baru``, ``sapu``, dan ``app``."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kinerja import fmt, paths
from kinerja.errors import GalatParameter
from kinerja.pilihan_berkas import satukan

if TYPE_CHECKING:
    from rich.text import Text

    from kinerja.render.laporan import HasilRender
    from kinerja.render.rencana import Tugas
    from kinerja.render.ulang import Permintaan

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
    tahun = tahun or paths.last_year()
    isi: list[tuple[str, Any]] = [*map(split_value, parameter or ()), *(("mikro", x) for x in mikro or ())]
    if tahun_survei is not None:
        isi.append(("tahun_survei", tahun_survei))
    if daftar_penerima is not None:
        isi.append(("daftar", str(daftar_penerima)))
    if periode:
        isi.append(("periode", periode))
    isi = satukan(isi)
    if wilayah:
        from kinerja.render import wilayah as banyak

        if notebook != [banyak.NOTEBOOK]:
            nama = f"--notebook {banyak.NOTEBOOK}"
            raise GalatParameter(f"--wilayah hanya berlaku bagi satu notebook; tulis {nama} --wilayah ...")
        if not banyak.is_single(wilayah):
            if format != "html":
                raise GalatParameter("Profil banyak wilayah hanya berupa situs; --format docx untuk laporan.")
            survei = banyak.pick_survey(isi)
            with _screen() as layar:
                hasil = banyak.render(
                    tahun, wilayah, **survei, bahasa=bahasa, jobs=jobs, out=out, kode=kode, layar=layar
                )
            _report(hasil, tahun)
            return
        isi.append(("wilayah", wilayah))
    from kinerja.render.ulang import Permintaan

    minta = Permintaan(tahun, tuple(notebook or ()), tuple(isi), bahasa, kode, format=format)
    _render(minta, jobs, out, paksa, kernel)


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
    from kinerja.render.ulang import Permintaan

    tahun = tahun or paths.last_year()
    isi = tuple(satukan(map(split_value, parameter or ())))
    _render(Permintaan(tahun, tuple(notebook or ()), isi, bahasa, peragaan=True), jobs, out, paksa)


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


def app(
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
    from kinerja.aplikasi import make_app

    if bahasa not in fmt.BAHASA:
        raise GalatParameter(f"Bahasa '{bahasa}' tidak ada; pilih {' atau '.join(fmt.BAHASA)}.")
    make_app(
        tahun=paths.last_year() if tahun is None else tahun,
        bahasa=bahasa,
        port=port,
        ip=ip,
        buka=buka,
        parameter=satukan(map(split_value, parameter or ())),
        kabar=lambda alamat: typer.echo(f"Aplikasi: {alamat} (Ctrl-C untuk berhenti)"),
    ).start()


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def split_value(isi: str) -> tuple[str, str]:
    """``NAMA=NILAI`` menjadi pasangannya."""
    nama, pemisah, nilai = isi.partition("=")
    if not pemisah or not nama:
        raise GalatParameter(f"Parameter '{isi}' tidak punya nilai; tulis -p NAMA NILAI.")
    return nama, nilai


def _number(teks: str) -> float | None:
    if teks.strip() in ("", "None"):
        return None
    try:
        return float(teks)
    except ValueError:
        raise GalatParameter(f"Andaian '{teks}' bukan bilangan; tulis ID=A,B dengan titik desimal.") from None


def _render(minta: Permintaan, jobs: int | None, out: Path | None, paksa: bool, kernel: str = "hangat") -> None:
    """Render satu situs, atau kabarkan bahwa yang ada masih berlaku."""
    from kinerja.render import ulang

    awal = time.perf_counter()
    sasaran = minta.target(out)
    if not paksa and ulang.still_valid(sasaran, minta):
        detik = fmt.angka(time.perf_counter() - awal, 2)
        halaman = paths.short(sasaran / "index.html")
        typer.echo(f"Tidak ada yang berubah; laporan {minta.tahun} masih berlaku: {halaman}")
        typer.echo(f"Diperiksa dalam {detik} detik; --paksa merender semuanya lagi.")
        return
    from kinerja.render import laporan  # memuat pandas; yang tidak berubah tidak memerlukannya

    with _screen() as layar:
        hasil = laporan.render(**asdict(minta), jobs=jobs, out=out, paksa=paksa, kernel=kernel, layar=layar)
    _report(hasil, minta.tahun)


def _report(hasil: HasilRender, tahun: int) -> None:
    """Kabarkan akhir render; yang gagal berakhir dengan kode keluar 1."""
    if hasil.tetap:
        for nama, sebab in hasil.sebab.items():
            typer.echo(f"  {nama} dirender karena {sebab}.")
        typer.echo(f"{len(hasil.tetap)} halaman tidak berubah dan tidak dirender lagi.")
    if hasil.gagal:
        _report_failures(hasil.gagal)
        typer.echo(
            f"Laporan lama tidak disentuh. Hasil sebagian dan salinan yang gagal: {paths.short(hasil.folder)}", err=True
        )
        raise typer.Exit(1)
    detik = fmt.angka(hasil.detik, 1)
    typer.echo(f"Laporan {tahun} selesai dalam {detik} detik: {paths.short(hasil.folder / 'index.html')}")


def _report_failures(gagal: Sequence[tuple[str, str]]) -> None:
    typer.echo(f"{len(gagal)} notebook gagal:", err=True)
    for nama, sebab in gagal:
        typer.echo(f"  {nama}: {sebab}", err=True)


@contextmanager
def _screen() -> Iterator[LayarTerminal]:
    """Kemajuan di terminal selama blok ini."""
    layar = LayarTerminal()
    try:
        with stopping("Dihentikan; laporan dan notebook yang lama utuh."):
            yield layar
    finally:
        layar.kemajuan.stop()


@contextmanager
def stopping(kalimat: str) -> Iterator[None]:
    """Penghentian dengan sinyal menjadi satu kalimat dan kode keluar menurut kebiasaan shell."""
    from kinerja.render.jalankan import Dihentikan

    try:
        yield
    except Dihentikan as henti:
        typer.echo(kalimat, err=True)
        raise typer.Exit(128 + henti.sinyal) from henti


class LayarTerminal:
    """Satu batang, dan satu baris per notebook yang selesai; di luar terminal hanya barisnya yang ditulis.

    Berbentuk :class:`kinerja.render.jalankan.Layar`, yang tidak diimpor supaya perintah lain mulai seketika.
    """

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        konsol = Console()
        # Tanpa utas penyegar: proses pekerja dicabangkan dari proses ini, dan bercabang di tengah utas tidak aman.
        self.kemajuan = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=konsol,
            auto_refresh=False,
            transient=True,
            disable=not konsol.is_terminal,
        )
        self._batang = self.kemajuan.add_task("", total=None)
        self._jalan: list[str] = []

    def begin(self, tugas: Sequence[Tugas], jobs: int) -> None:
        self._print(f"Merender {len(tugas)} notebook, {jobs} sekaligus.")
        self.kemajuan.update(self._batang, total=len(tugas))
        self.kemajuan.start()

    def start(self, nama: str) -> None:
        self._jalan.append(nama)
        self._describe()

    def finish(self, nama: str, detik: float, galat: str | None) -> None:
        from rich.text import Text

        self._jalan.remove(nama)
        tanda = ("selesai", "green") if galat is None else ("GAGAL  ", "red")
        akhir = "" if galat is None else f"  {galat.splitlines()[0]}"
        self._print(Text.assemble("  ", tanda, f"  {nama:<24} {fmt.angka(detik, 1):>6} detik{akhir}"))
        self._describe(advance=1)

    def tick(self) -> None:
        self.kemajuan.refresh()

    def _print(self, baris: str | Text) -> None:
        # Lewat konsol batang, supaya baris tercetak di atas batang dan tidak menimpanya.
        self.kemajuan.console.print(baris, highlight=False, soft_wrap=True)

    def _describe(self, **ubahan: int) -> None:
        self.kemajuan.update(self._batang, description=", ".join(self._jalan) or "menyusun laporan", **ubahan)
