"""Perintah atas folder data: ``data``, ``lembaga-baru``, ``isi``, ``tahun-baru``, dan ``periksa``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kinerja import paths
from kinerja.berkas import write_whole
from kinerja.errors import GalatHitung, GalatParameter

if TYPE_CHECKING:
    from kinerja.data import Data

_BANYAK = 12


def data(
    tahun: Annotated[int | None, typer.Option(help="Hanya tahun ini; bawaan: semua tahun.")] = None,
    segel: Annotated[
        bool, typer.Option("--segel", help="Perbarui sha256 setiap berkas di data/raw/sources.yml.")
    ] = False,
    kamus: Annotated[bool, typer.Option("--kamus", help="Tulis ulang docs/kamus_data.md.")] = False,
) -> None:
    """Periksa data mentah dan bangun ulang data/processed; sebut berkas yang berubah sejak disegel."""
    from kinerja.data import load, process, templat

    for satu in [tahun] if tahun is not None else paths.tahun_tersedia():
        tabel = process.build(paths.raw(), paths.processed(satu), satu)
        berkas = process.files_by_source(tabel)
        baris = sum(map(len, tabel.values()))
        typer.echo(f"{satu}: {len(tabel)} tabel, {baris} baris, sah; ditulis ke {paths.short(paths.processed(satu))}")
        if segel:
            process.seal(paths.raw(), berkas)
        if berubah := process.unsealed(paths.raw(), process.load_sources(paths.raw()), berkas):
            typer.echo(f"{satu}: berubah sejak disegel (kinerja data --segel): {', '.join(berubah)}", err=True)
        if kamus:
            write_whole(paths.root() / "docs" / "kamus_data.md", templat.dictionary(load(satu)))


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

    folder = paths.data() if os.environ.get("KINERJA_DATA") else None
    akar, s, ditulis = lembaga.install(lembaga.read_form(berkas), folder, induk=berkas.resolve().parent, timpa=timpa)
    sasaran, iku, anggaran = (len(s.tabel.get(k, ())) for k in ("sasaran", "iku", "anggaran"))
    typer.echo(
        f"{s.nama} {s.tahun}: {sasaran} sasaran, {iku} indikator, {anggaran} angka anggaran; "
        f"{len(ditulis)} berkas ditulis ke {paths.short(akar)}."
    )
    if s.baru:
        typer.echo(f"Satuan baru: {', '.join(s.baru)}.")
    if s.diabaikan:
        typer.echo(f"Lembar lain tidak dibaca: {', '.join(s.diabaikan)}.")
    with paths.using(akar):
        _print_suspicions(data.load(s.tahun), _model(s.tahun, None))
    typer.echo(f"Berikutnya: kinerja render --data {paths.short(akar)} --tahun {s.tahun}")


def tahun_baru(
    tahun: Annotated[int, typer.Argument(help="Tahun laporan yang baru.")],
    dari: Annotated[int | None, typer.Option(help="Tahun yang ditiru; bawaan: tahun terakhir sebelum itu.")] = None,
) -> None:
    """Buat data/raw/<tahun>: templat setiap tabel, target dari Renstra, catatan sumber, dan daftar periksa.

    Berkas yang sudah ada tidak pernah ditimpa. Kode keluar: 0 selesai; 2 berkasnya sudah ada, atau permintaan salah.
    """
    from kinerja.data import templat as t
    from kinerja.lembaga import TAHUN_WAJAR

    if tahun not in TAHUN_WAJAR:
        raise GalatParameter(f"Tahun {tahun} di luar {TAHUN_WAJAR[0]} sampai {TAHUN_WAJAR[-1]}.")
    lalu = _model(tahun, dari)
    if lalu is None:
        raise GalatParameter(f"Belum ada tahun sebelum {tahun} untuk ditiru; lembaga baru: kinerja lembaga-baru NAMA.")
    berkas = t.new_year(paths.raw(), tahun, lalu)
    typer.echo(
        f"{len(berkas)} berkas ditulis (meniru {lalu.tahun}). Mulailah dari: {paths.raw(tahun) / t.DAFTAR_PERIKSA}"
    )


def periksa(
    tahun: Annotated[int | None, typer.Option(help="Tahun laporan; bawaan: tahun terakhir di data/raw.")] = None,
    dengan: Annotated[int | None, typer.Option(help="Tahun pembanding; bawaan: tahun terakhir sebelum itu.")] = None,
) -> None:
    """Sebut yang lengkap, kurang, dan janggal, lalu jalankan hitungan setiap notebook yang akan dirender.

    Kode keluar: 0 lengkap, tidak ada yang janggal, semuanya terhitung; 1 sah, tetapi kosong, ada isian yang tertinggal
    atau janggal, atau ada notebook yang gagal; 2 data tidak sah atau tahunnya tidak ada.
    """
    from kinerja import data
    from kinerja.data.templat import year_tables

    tahun = paths.last_year() if tahun is None else tahun
    kosong = tahun in paths.tahun_tersedia() and not any(paths.raw(tahun).glob("*.csv"))
    d = None if kosong else data.load(tahun)
    if d is None or not {x.nama for x in year_tables() if x.nama != "aturan" and d.has(x.nama)}:
        typer.echo(f"{tahun}: belum berisi satu angka pun.")
        raise typer.Exit(1)
    lalu = _model(tahun, dengan)
    perlu_dilihat = [_print_completeness(d, lalu), _print_suspicions(d, lalu), _print_notebooks(d)]
    if any(perlu_dilihat):
        raise typer.Exit(1)


# Bagian dalam ---------------------------------------------------------------------------------------------------------


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
