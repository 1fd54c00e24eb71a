"""Perintah ``kinerja daftar buat`` (daftar sintetis) dan ``kinerja daftar periksa`` (mutu daftar penerima)."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kinerja import fmt
from kinerja.besar.mesin import MEMORI_GB
from kinerja.cli.mikro import _pendek, tulis_tabel
from kinerja.errors import GalatKinerja, GalatParameter

if TYPE_CHECKING:
    import pandas as pd

TANDA_SINTETIS = "SINTETIS: dihitung dari daftar karangan, bukan temuan tentang penerima bantuan."
NAMA = {
    "baris": "baris (rupiah: yang dibayar)",
    "ditransaksikan": "baris yang ditransaksikan",
    "dikembalikan": "baris yang dikembalikan",
    "mengendap": "dibayar, tidak ditransaksikan, tidak dikembalikan",
    "lebih": "transaksi dan pengembalian melebihi yang dibayar",
    "nik_kosong": "NIK kosong",
    "nik_bukan_16_angka": "NIK bukan 16 angka",
    "nik_wilayah": "kode wilayah NIK tidak pernah terbit",
    "nik_tanggal": "tanggal lahir dalam NIK tidak ada",
    "nik_urut": "nomor urut NIK 0000",
    "ganda": "NIK lebih dari sekali (pembayaran: dalam satu program dan bulan)",
    "rangkap": "program lain yang tidak boleh dirangkap pada bulan yang sama",
    "luar_dtks": "NIK tidak ada di DTKS",
}

kelompok = typer.Typer(
    help="Daftar penerima dan pembayaran: buat yang sintetis, periksa mutunya.", no_args_is_help=True
)


def daftar(app: typer.Typer) -> None:
    """Daftarkan kelompok perintah ini pada aplikasi ``kinerja``."""
    app.add_typer(kelompok, name="daftar")


@kelompok.command()
def buat(
    out: Annotated[Path, typer.Option(help="Folder baru bagi dtks/ dan pembayaran/.")],
    baris: Annotated[int, typer.Option(help="Banyaknya baris, DTKS dan pembayaran bersama.")] = 100_000,
    benih: Annotated[int | None, typer.Option(help="Benih; benih yang sama memberi daftar yang sama.")] = None,
) -> None:
    """Tulis daftar sintetis sebesar apa pun dengan cacat yang diketahui, dan cacat itu ke ditanam.csv."""
    from kinerja.besar import buat as modul

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise GalatParameter(f"Folder {out} sudah berisi; pilih folder baru supaya daftar lama tidak tercampur.")
    provinsi, kabkota, _ = acuan()
    rencana = modul.susun_rencana(baris, provinsi, kabkota, benih=modul.BENIH_BAKU if benih is None else benih)
    mulai = time.monotonic()
    with _kemajuan("Menulis", int(rencana.orang + rencana.slot["banyak"].sum())) as maju:
        ditanam = modul.buat(out, rencana, inti=os.cpu_count() or 1, lapor=maju)
    ditanam.to_csv(out / "ditanam.csv", index=False, lineterminator="\n")
    jumlah = ditanam.loc[ditanam["ukuran"] == "baris", "n"].sum()
    typer.echo(f"{fmt.angka(int(jumlah))} baris sintetis dalam {_detik(mulai)} detik: {_pendek(out)}")


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
    from kinerja.besar.tabel import susun_tabel
    from kinerja.cli.mikro import _pasangan

    minimum = kerahasiaan.MINIMUM if minimum is None else minimum
    if not folder.is_dir():
        raise GalatParameter(f"Folder {folder} tidak ada.")
    mulai = time.monotonic()
    try:
        out.mkdir(parents=True, exist_ok=True)
        hasil, sintetis = hitung(folder, out, kolom=_pasangan(kolom, "kolom"), mesin=mesin, memori=memori)
        tabel = susun_tabel(hasil, minimum=minimum)
        catatan = catatan_mutu(folder, sintetis=sintetis, minimum=minimum)
        tulis_tabel(out, tabel, catatan, awalan="mutu", judul="Mutu daftar penerima", minimum=minimum)
    except OSError as galat:
        raise GalatKinerja(f"Folder {out} tidak dapat ditulis: {galat.strerror or galat}.") from galat
    if sintetis:
        typer.echo(TANDA_SINTETIS)
    for baris in laporan_layar(tabel):
        typer.echo(baris)
    typer.echo(f"{len(tabel)} tabel CSV dan mutu.xlsx dalam {_detik(mulai)} detik di {_pendek(out)}")


def acuan() -> tuple[pd.DataFrame, list[str], list[tuple[str, str]]]:
    """Provinsi, kode kabupaten/kota NIK, dan pasangan program yang tidak boleh dirangkap, dari ``data/raw/acuan``."""
    from kinerja import data, paths
    from kinerja.besar.nik import kode_kabkota

    d = data.load(paths.tahun_tersedia()[-1])
    larangan = list(zip(d["bansos_rangkap"]["program"], d["bansos_rangkap"]["rangkap"], strict=True))
    return d["provinsi"], kode_kabkota(d["nik_wilayah"]), larangan


def hitung(
    folder: Path,
    sementara: Path,
    *,
    kolom: dict[str, str] | None = None,
    mesin: str = "duckdb",
    memori: float = MEMORI_GB,
) -> tuple[pd.DataFrame, bool]:
    """Periksa satu folder daftar; tumpahan ditulis di bawah ``sementara`` dan dihapus.

    Returns
    -------
    hasil : DataFrame
        Lihat :func:`kinerja.besar.periksa.hitung`.
    sintetis : bool
    """
    from kinerja.besar import mesin as modul_mesin
    from kinerja.besar import periksa as modul

    _, kabkota, larangan = acuan()
    with modul_mesin.buka(mesin, sementara=sementara, memori_gb=memori) as con:
        dtks, satu = modul.baca(con, folder, modul.DTKS, kolom)
        bayar, dua = modul.baca(con, folder, modul.PEMBAYARAN, kolom)
        return modul.hitung(con, dtks, bayar, kabkota=kabkota, larangan=larangan), satu or dua


def catatan_mutu(folder: Path, *, sintetis: bool, minimum: int) -> list[str]:
    """Keterangan yang ditulis bersama tabel; yang pertama menjadi kepala setiap lembar."""
    catatan = [TANDA_SINTETIS] if sintetis else [f"Mutu daftar penerima dan pembayaran: {folder.name}."]
    catatan += [f"{kode}: {nama}." for kode, nama in NAMA.items()]
    return [
        *catatan,
        "NIK dengan beberapa cacat dihitung pada yang pertama; NIK cacat tidak diperiksa kegandaan dan DTKS-nya.",
        "Ganda dan rangkap menghitung semua baris yang terlibat. Provinsi 0 dan bulan 0: tidak diisi.",
        f"Sel dengan kurang dari {minimum} baris, dan sel yang membuatnya dapat dihitung balik, ditahan.",
    ]


def laporan_layar(tabel: dict[str, pd.DataFrame]) -> Iterable[str]:
    """Baris nasional kedua daftar untuk layar."""
    for nama in ("dtks", "pembayaran"):
        yield f"{nama}:"
        for x in tabel[f"{nama}-nasional"].to_dict("records"):
            n = "ditahan" if x["tanda"] else f"{fmt.angka(int(x['n']))} ({fmt.persen(float(x['persen']))})"
            yield f"  {NAMA[x['ukuran']]}: {n}"


def _detik(mulai: float) -> str:
    return fmt.angka(time.monotonic() - mulai, 1)


class _kemajuan:
    """Bilah kemajuan di terminal; diam bila keluarannya bukan terminal."""

    def __init__(self, apa: str, jumlah: int):
        from rich.console import Console
        from rich.progress import Progress

        konsol = Console(stderr=True)
        self._bilah = Progress(console=konsol, transient=True, disable=not konsol.is_terminal)
        self._tugas = self._bilah.add_task(apa, total=jumlah)

    def __enter__(self):
        self._bilah.start()
        return lambda n: self._bilah.advance(self._tugas, n)

    def __exit__(self, *_):
        self._bilah.stop()
