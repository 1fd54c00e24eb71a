"""Perintah ``kinerja daftar buat`` (daftar sintetis) dan ``kinerja daftar periksa`` (mutu daftar penerima)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kinerja import fmt, paths
from kinerja.cli.mikro import pairs, tulis_tabel, writing
from kinerja.cli.render import stopping
from kinerja.daftar import MEMORI_GB
from kinerja.errors import GalatParameter

if TYPE_CHECKING:
    import pandas as pd

    from kinerja.daftar.mutu import Acuan

TANDA_SINTETIS = "SINTETIS: dihitung dari daftar karangan, bukan temuan tentang penerima bantuan."
NAMA = {
    "baris": "baris (rupiah: yang dibayar)",
    "ditransaksikan": "baris yang ditransaksikan",
    "dikembalikan": "baris yang dikembalikan",
    "mengendap": "dibayar, tidak ditransaksikan, tidak dikembalikan",
    "lebih": "transaksi dan pengembalian melebihi yang dibayar",
    "nik_kosong": "NIK kosong",
    "nik_bukan_16_angka": "NIK bukan 16 angka",
    "nik_wilayah": "kode wilayah NIK tidak ada di daftar kode yang pernah terbit",
    "nik_tanggal": "tanggal lahir dalam NIK tidak ada",
    "nik_urut": "nomor urut NIK 0000",
    "provinsi_asing": "kode provinsi tidak dikenal",
    "bulan_asing": "bulan bukan 1 sampai 12 dan bukan YYYYMM",
    "ganda": "NIK lebih dari sekali (pembayaran: dalam satu program dan bulan)",
    "rangkap": "program lain yang tidak boleh dirangkap pada bulan yang sama",
    "luar_dtks": "NIK tidak ada di DTKS",
}

kelompok = typer.Typer(
    help="Daftar penerima dan pembayaran: buat yang sintetis, periksa mutunya.", no_args_is_help=True
)


@kelompok.command()
def buat(
    out: Annotated[Path, typer.Option(help="Folder baru bagi dtks/ dan pembayaran/.")],
    baris: Annotated[int, typer.Option(help="Banyaknya baris, DTKS dan pembayaran bersama.")] = 100_000,
    benih: Annotated[int | None, typer.Option(help="Benih; benih yang sama memberi daftar yang sama.")] = None,
) -> None:
    """Tulis daftar sintetis sebesar apa pun dengan cacat yang diketahui, dan cacat itu ke ditanam.csv."""
    from kinerja.daftar import buatan

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise GalatParameter(f"Folder {out} sudah berisi; pilih folder baru supaya daftar lama tidak tercampur.")
    a = acuan()
    rencana = buatan.susun_rencana(baris, a.provinsi, a.kabkota, benih=buatan.BENIH_BAKU if benih is None else benih)
    mulai = time.monotonic()
    with _progress("Menulis", int(rencana.orang + rencana.slot["banyak"].sum())) as maju:
        ditanam = buatan.buat(out, rencana, inti=os.cpu_count() or 1, lapor=maju)
    ditanam.to_csv(out / "ditanam.csv", index=False, lineterminator="\n")
    jumlah = ditanam.loc[ditanam["ukuran"] == "baris", "n"].sum()
    typer.echo(f"{fmt.angka(int(jumlah))} baris sintetis dalam {_seconds(mulai)} detik: {paths.short(out)}")


@kelompok.command()
def periksa(
    folder: Annotated[Path, typer.Argument(help="Folder yang berisi dtks/ dan pembayaran/ (Parquet).")],
    out: Annotated[Path, typer.Option(help="Folder hasil.")] = Path("mutu"),
    kolom: Annotated[
        list[str] | None,
        typer.Option("-k", "--kolom", metavar="NAMA=KOLOM", help="Misalnya nik=NO_NIK; boleh diulang."),
    ] = None,
    mesin: Annotated[str, typer.Option(help="duckdb, atau spark bagi klaster.")] = "duckdb",
    memori: Annotated[float, typer.Option(help="Batas memori mesin, GB; sisanya tumpah ke disk.")] = MEMORI_GB,
    minimum: Annotated[
        int | None, typer.Option(help="Sel dengan baris lebih sedikit ditahan; bawaan: ambang suite ini.")
    ] = None,
) -> None:
    """Periksa NIK cacat, ganda, rangkap, luar DTKS, dan uang yang mengendap; keluarannya hitungan saja."""
    from kinerja import kerahasiaan  # memuat pandas; perintah lain tidak boleh menunggunya
    from kinerja.daftar.mutu import hitung, pisahkan_kesalahan_berkas, susun_tabel
    from kinerja.render.jalankan import stop_on_signals

    minimum = kerahasiaan.MINIMUM if minimum is None else minimum
    if not folder.is_dir():
        raise GalatParameter(f"Folder {folder} tidak ada.")
    mulai = time.monotonic()
    a = acuan()
    with stopping("Dihentikan; tumpahan yang memuat NIK sudah dihapus."), writing(out), stop_on_signals():
        out.mkdir(parents=True, exist_ok=True)
        hasil, sintetis = hitung(folder, out, a, kolom=pairs(kolom, "kolom"), nama_mesin=mesin, memori=memori)
        temuan, berkas = pisahkan_kesalahan_berkas(hasil)
        tabel = susun_tabel(temuan, minimum=minimum)
        kalimat = [*kalimat_berkas(berkas), *kalimat_program(hasil, a)]
        catatan = _notes(folder, a, kalimat, sintetis=sintetis, minimum=minimum)
        tulis_tabel(out, tabel, catatan, awalan="mutu", judul="Mutu daftar penerima", minimum=minimum)
    if sintetis:
        typer.echo(TANDA_SINTETIS)
    for baris in [*_national_lines(tabel), *kalimat]:
        typer.echo(baris)
    typer.echo(f"{len(tabel)} tabel CSV dan mutu.xlsx dalam {_seconds(mulai)} detik di {paths.short(out)}")


def acuan() -> Acuan:
    """Baca acuan pemeriksaan dari data tahun terakhir."""
    from kinerja import data
    from kinerja.daftar.mutu import Acuan

    return Acuan.of(data.load(paths.last_year()))


def kalimat_berkas(berkas: Iterable[tuple[str, str, int]]) -> list[str]:
    """Satu kalimat bagi setiap aturan yang dilanggar seluruh baris satu daftar."""
    return [
        f'Tentang berkas {daftar}: semua {fmt.angka(n)} barisnya terkena "{NAMA.get(ukuran, "NIK cacat")}"; '
        "itu keterangan tentang cara berkas ditulis atau dipilih, jadi tidak dihitung sebagai temuan."
        for daftar, ukuran, n in berkas
    ]


def kalimat_program(hasil: pd.DataFrame, a: Acuan) -> list[str]:
    """Program yang tidak dikenal, dan pasangan terlarang yang tidak dapat diperiksa; tidak pernah nol diam-diam."""
    baris = hasil[(hasil["daftar"] == "pembayaran") & (hasil["ukuran"] == "baris")]
    n = baris.groupby("program")["n"].sum()
    kalimat = []
    asing = [p for p in n.index if p not in a.program]
    if asing:
        isi = ", ".join(f"{p or '(kosong)'} ({fmt.angka(int(n[p]))} baris)" for p in asing)
        kalimat.append(f"Program tidak dikenal, jadi aturan rangkapnya tidak diperiksa: {isi}.")
    buta = [f"{p} dengan {q}" for p, q in a.larangan if p not in n.index or q not in n.index]
    if len(buta) == len(a.larangan):
        kalimat.append("Rangkap tidak tersedia: tidak satu pasangan program terlarang pun ada lengkap di daftar.")
    elif buta:
        kalimat.append(f"Rangkap tidak diperiksa karena programnya tidak ada di daftar: {', '.join(buta)}.")
    return kalimat


def _notes(folder: Path, a: Acuan, kalimat: Iterable[str], *, sintetis: bool, minimum: int) -> list[str]:
    """Keterangan yang ditulis bersama tabel; yang pertama menjadi kepala setiap lembar."""
    catatan = [TANDA_SINTETIS] if sintetis else [f"Mutu daftar penerima dan pembayaran: {folder.name}."]
    catatan += [*kalimat, *(f"{kode}: {nama}." for kode, nama in NAMA.items())]
    return [
        *catatan,
        f"Kode wilayah NIK dicocokkan dengan kode yang pernah terbit sampai {a.terbit}.",
        "NIK dengan beberapa cacat dihitung pada yang pertama; NIK cacat tidak diperiksa kegandaan dan DTKS-nya.",
        "Ganda dan rangkap menghitung semua baris yang terlibat. Provinsi 0 dan bulan 0: tidak diisi.",
        "Bulan YYYYMM dari satu tahun saja ditulis sebagai bulannya.",
        f"Sel dengan kurang dari {minimum} baris, dan sel yang membuatnya dapat dihitung balik, ditahan.",
    ]


def _national_lines(tabel: dict[str, pd.DataFrame]) -> Iterator[str]:
    """Baris nasional kedua daftar untuk layar."""
    for nama in ("dtks", "pembayaran"):
        yield f"{nama}:"
        for x in tabel[f"{nama}-nasional"].to_dict("records"):
            n = "ditahan" if x["tanda"] else f"{fmt.angka(int(x['n']))} ({fmt.persen(float(x['persen']))})"
            yield f"  {NAMA[x['ukuran']]}: {n}"


def _seconds(mulai: float) -> str:
    return fmt.angka(time.monotonic() - mulai, 1)


@contextmanager
def _progress(apa: str, jumlah: int) -> Iterator[Callable[[int], None]]:
    """Bilah kemajuan di terminal; diam bila keluarannya bukan terminal."""
    from rich.console import Console
    from rich.progress import Progress

    konsol = Console(stderr=True)
    with Progress(console=konsol, transient=True, disable=not konsol.is_terminal) as bilah:
        tugas = bilah.add_task(apa, total=jumlah)
        yield lambda n: bilah.advance(tugas, n)
