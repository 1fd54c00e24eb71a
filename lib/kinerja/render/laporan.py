"""Satu perintah render: dari rencana sampai laporan terpasang."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from kinerja import data, fmt, terbaca
from kinerja.errors import GalatParameter
from kinerja.pilihan_berkas import SURVEI
from kinerja.render import halaman, hangat, jelajah, pasang, pdf, susun, ulang
from kinerja.render.halaman import Halaman
from kinerja.render.jalankan import (
    KERJA,
    Layar,
    Pelaksana,
    Pengasuh,
    Selesai,
    cores,
    execute,
    executed_path,
    outcomes,
    read_log_path,
    stop_on_signals,
)
from kinerja.render.rencana import Tugas, check_tables, pages, plan, select
from kinerja.render.ulang import Permintaan

KERNEL = ("hangat", "dingin")
"""Cara kernel dimulai: dicabangkan dari proses ini, atau dari kosong."""

FORMAT = ("html", "docx")
"""Bentuk laporan: situs dengan PDF-nya, atau itu dan dokumen Word."""


@dataclass
class HasilRender:
    """Akhir sebuah render: tempat laporan, lamanya, dan halamannya.

    ``tetap`` masih berlaku dan tidak dirender lagi; ``sebab`` mengapa selebihnya dirender.
    """

    folder: Path
    detik: float = 0.0
    selesai: list[str] = field(default_factory=list)
    gagal: list[tuple[str, str]] = field(default_factory=list)
    tetap: list[str] = field(default_factory=list)
    sebab: dict[str, str] = field(default_factory=dict)


def render(
    tahun: int,
    *,
    notebook: Sequence[str] = (),
    parameter: Iterable[tuple[str, Any]] = (),
    bahasa: str = "id",
    jobs: int | None = None,
    out: Path | None = None,
    kode: bool = False,
    paksa: bool = False,
    kernel: str = "hangat",
    peragaan: bool = False,
    format: str = "html",
    layar: Layar | None = None,
) -> HasilRender:
    """Render laporan satu tahun; halaman yang masih berlaku disalin dari laporan yang ada (:mod:`.ulang`).

    Tanpa ``notebook`` seluruh laporan diganti. Dengan ``notebook`` hanya halaman itu yang diganti, dan halaman lain
    dari laporan yang ada dipertahankan. Bila ada notebook yang gagal, laporan lama tidak disentuh: yang berhasil dan
    salinan yang gagal ditulis ke folder ``<nama>-gagal`` di sampingnya.

    Parameters
    ----------
    tahun, notebook, parameter, bahasa
        Lihat :func:`.rencana.plan`.
    jobs : int, optional
        Banyaknya notebook sekaligus; bila kosong sebanyak inti.
    out : Path, optional
        Folder laporan; bila kosong ``reports/<tahun>``, atau ``reports/<tahun>-en`` untuk bahasa Inggris.
    kode : bool
        Perlihatkan kode di halaman.
    paksa : bool
        Render semua yang diminta, juga yang masih berlaku.
    kernel : str
        ``"hangat"`` (:mod:`.hangat`) atau ``"dingin"``: kernel biasa yang dimulai dari kosong.
    peragaan : bool
        Situs peragaan dengan data buatan, bukan laporan; lihat :func:`.rencana.pages`.
    format : str
        ``"docx"`` menulis juga laporan sebagai dokumen Word; laporan yang sudah memuatnya tetap memuatnya.
    layar : Layar, optional
        Penerima kabar kemajuan.

    Raises
    ------
    GalatParameter
        Permintaan tidak dapat dipenuhi; tidak ada yang dijalankan.
    GalatData
        Data tahun itu tidak sesuai skema; laporan lama tidak disentuh.
    jalankan.Dihentikan
        Dihentikan dengan sinyal; laporan lama utuh.
    """
    awal = time.perf_counter()
    if kernel not in KERNEL:
        raise GalatParameter(f"Kernel '{kernel}' tidak ada; yang ada: {', '.join(KERNEL)}.")
    if format not in FORMAT:
        raise GalatParameter(f"Format '{format}' tidak ada; yang ada: {', '.join(FORMAT)}.")
    check_jobs(jobs)
    pelaksana = hangat.run if kernel == "hangat" and hangat.available() else None
    minta = Permintaan(tahun, tuple(notebook), tuple(parameter), bahasa, kode, peragaan, format)
    nama = pages(notebook, minta.parameter, peragaan=peragaan)
    with stop_on_signals(), Pengasuh(partial(_warm, nama) if pelaksana else None) as pengasuh:
        jalan = partial(pengasuh.run, jobs=jobs or cores())
        hasil = _render(minta, nama, jalan, pelaksana, out=out, paksa=paksa, layar=layar or Layar())
    hasil.detik = time.perf_counter() - awal
    return hasil


def check_jobs(jobs: int | None) -> None:
    """Hentikan bila banyaknya proses sekaligus bukan bilangan positif."""
    if jobs is not None and jobs < 1:
        raise GalatParameter(f"Banyaknya proses sekaligus (--jobs) paling sedikit 1, bukan {jobs}.")


def _warm(notebook: Sequence[str]) -> None:
    hangat.warm(select(notebook).values())


def _render(
    minta: Permintaan,
    nama: Sequence[str],
    jalan: Callable[..., Iterator[Selesai]],
    pelaksana: Pelaksana | None,
    *,
    out: Path | None,
    paksa: bool,
    layar: Layar,
) -> HasilRender:
    sasaran = minta.target(out)
    potret = ulang.snapshot()
    tugas = plan(minta.tahun, notebook=nama, parameter=minta.parameter, bahasa=minta.bahasa)
    pasang.check_target(sasaran)
    if minta.notebook:
        _check_base(sasaran, minta)
    isi_data = data.load(minta.tahun).at(minta.periode)
    with fmt.using(minta.bahasa):
        tugas = check_tables(tugas, isi_data, diminta=bool(minta.notebook))
    hasil = HasilRender(sasaran)
    with pasang.Bangunan(sasaran) as bangunan:
        tetap, catatan = {}, {}
        with pasang.lock(sasaran.parent):
            lama = pasang.read_manifest(sasaran)
            if not paksa and lama is not None:
                hasil.sebab = ulang.stale_pages(tugas, sasaran, lama, potret, isi_data, minta.kode)
                tetap, catatan = _keep(tugas, sasaran, bangunan.folder, lama, hasil.sebab)
        dijalankan = [x for x in tugas if x.halaman not in tetap]
        waktu, gagal = _run_all(dijalankan, bangunan.folder, minta, jalan, pelaksana, lama, layar)
        hasil.gagal = [(x.halaman, gagal[x.halaman]) for x in dijalankan if x.halaman in gagal]
        baru = {x.halaman: waktu[x.halaman] for x in dijalankan if x.halaman in waktu}
        hasil.selesai, hasil.tetap = list(baru), list(tetap)
        for x in dijalankan:
            if x.halaman in baru:
                dibaca = terbaca.read_notes(read_log_path(bangunan.folder, x.halaman))
                kunci = ulang.page_key(x, *dibaca, potret, isi_data, minta.kode)
                catatan[x.halaman] = _record(x, baru[x.halaman][1]) | {"kunci": kunci}
        umum = {
            **minta.shape(),
            "periode": isi_data.periode,
            "institusi": institution(isi_data),
            "penerbit": {k: _rule(isi_data, k) for k in ("penerbit", "kontak")},
            "masukan": {k: v for k, v in potret.proyek.items() if _is_input(k, minta.tahun)},
            "ulang": ulang.note(potret, minta, None if baru else lama),
        }
        docx = minta.format == "docx" or susun.DOCX in (lama or {}).get("berkas", ())
        jadi = tetap | {nama: isi for nama, (isi, _) in baru.items()}
        clear_work(bangunan.folder, [x for x, _ in hasil.gagal])
        with pasang.lock(sasaran.parent):
            if hasil.gagal:
                susun.assemble(bangunan.folder, jadi, catatan, umum, hasil.gagal, docx=docx)
                hasil.folder = failed_folder(sasaran)
                bangunan.install(hasil.folder)
            else:
                if minta.notebook:
                    _merge_base(sasaran, bangunan.folder, jadi, catatan, minta.peragaan)
                else:
                    _write_explorer(bangunan.folder, tugas, isi_data, minta)
                susun.assemble(bangunan.folder, jadi, catatan, umum, docx=docx)
                _install(bangunan, minta)
                _drop_failed(sasaran)
    return hasil


def _write_explorer(folder: Path, tugas: Sequence[Tugas], isi_data: data.Data, minta: Permintaan) -> None:
    pilihan = next((x.parameter for x in tugas if x.parameter.get("mikro")), {})
    survei = {k: v for k, v in pilihan.items() if k in SURVEI}
    jelajah.write(folder, isi_data, bahasa=minta.bahasa, survei=survei, peragaan=minta.peragaan)


def _install(bangunan: pasang.Bangunan, minta: Permintaan) -> None:
    """Pasang laporan dan tautkan dengan laporan berbahasa lain di sampingnya."""
    lain = pasang.find_twins(bangunan.sasaran, minta.tahun, minta.bahasa)
    for folder in lain:
        pasang.connect_twin(bangunan.folder, folder)
    bangunan.install()
    for folder in lain:
        pasang.connect_twin(folder, bangunan.sasaran)


def failed_folder(sasaran: Path) -> Path:
    """Tempat laporan yang tidak utuh, di samping laporan utuhnya."""
    return sasaran.with_name(f"{sasaran.name}-gagal")


def clear_work(folder: Path, gagal: Sequence[str]) -> None:
    """Hapus folder kerja laporan yang sedang dibangun; salinan dan catatan notebook yang gagal pindah ke ``gagal``."""
    if gagal:
        (folder / "gagal").mkdir()
    for nama in gagal:
        salinan = executed_path(folder, nama)
        for berkas in (salinan, salinan.with_suffix(".log")):
            if berkas.is_file() and berkas.stat().st_size:
                berkas.rename(folder / "gagal" / berkas.name)
    shutil.rmtree(folder / KERJA, ignore_errors=True)  # tidak ada bila tidak satu pun dijalankan


def institution(isi: data.Data) -> str:
    """Nama institusi di data; kosong bila tidak disebut."""
    return _rule(isi, "nama_institusi")


def _rule(isi: data.Data, kunci: str) -> str:
    return isi.teks(f"aturan/{kunci}") if isi.has("aturan") and kunci in set(isi["aturan"]["kunci"]) else ""


def _is_input(nama: str, tahun: int) -> bool:
    """Apakah berkas proyek itu masukan laporan tahun ini; hanya itu yang disebut manifes."""
    if nama.startswith("data/raw/"):
        return nama.startswith((f"data/raw/{tahun}/", "data/raw/acuan/")) or nama == "data/raw/sources.yml"
    return nama.startswith("notebooks/") or nama == "requirements.lock"


def _keep(
    tugas: Sequence[Tugas], sasaran: Path, folder: Path, lama: Mapping[str, Any], sebab: Mapping[str, str]
) -> tuple[dict[str, Halaman], dict[str, Any]]:
    """Salin halaman yang masih berlaku ke laporan yang sedang dibangun."""
    tetap = {}
    for x in tugas:
        if x.halaman in sebab:
            continue
        uraian = lama["halaman"][x.halaman]
        tetap[x.halaman] = halaman.read_back(sasaran, x.halaman, uraian)
        susun.copy_files(sasaran, folder, uraian["hasil"])
    return tetap, {nama: lama["halaman"][nama] for nama in tetap}


def _check_base(sasaran: Path, minta: Permintaan) -> None:
    """Halaman baru hanya boleh masuk ke laporan dengan tahun, bahasa, dan bentuk yang sama."""
    lama = pasang.read_manifest(sasaran)
    if lama is None:
        return
    for nama, nilai in minta.shape().items():
        if lama.get(nama, False) != nilai:
            raise GalatParameter(
                f"Laporan di {sasaran} dibuat dengan {nama} = {lama.get(nama)}, yang diminta {nilai}; "
                "render semua notebook, atau pilih folder lain dengan --out."
            )


def _run_all(
    tugas: Sequence[Tugas],
    folder: Path,
    minta: Permintaan,
    jalan: Callable[..., Iterator[Selesai]],
    pelaksana: Pelaksana | None,
    manifes: Mapping[str, Any] | None,
    layar: Layar,
) -> tuple[dict[str, tuple[Halaman, float]], dict[str, str]]:
    """Halaman yang jadi dengan detiknya, dan yang gagal dengan sebabnya."""
    lama = (manifes or {}).get("halaman", {})
    # Yang lama didahulukan supaya tidak ada inti yang menunggu di akhir; tanpa catatan, berkas besar dianggap lama.
    urut = sorted(tugas, key=lambda x: (-lama.get(x.halaman, {}).get("detik", 0), -x.berkas.stat().st_size))
    menurut_nama = {x.halaman: x for x in tugas}
    jadi, gagal = {}, {}
    if tugas:
        layar.begin(tugas, min(jalan.keywords["jobs"], len(tugas)))
    kerja = [(x.halaman, partial(execute, x, folder, pelaksana)) for x in urut]
    for selesai, galat in outcomes(jalan(kerja, mulai=layar.start, denyut=partial(_tick, layar))):
        x = menurut_nama[selesai.nama]
        if galat is None and not minta.peragaan:
            galat = _made_up(folder, x.halaman)
        if galat is None:
            isi = halaman.convert(executed_path(folder, x.halaman), x, bahasa=minta.bahasa, kode=minta.kode)
            pdf.read_chapter(folder, isi)
            jadi[x.halaman] = isi, selesai.detik
        else:
            gagal[x.halaman] = galat
        layar.finish(x.halaman, selesai.detik, galat)
    return jadi, gagal


def _made_up(folder: Path, nama: str) -> str | None:
    """Sebab sebuah halaman tidak boleh ada di laporan: ia memuat angka buatan."""
    tabel = susun.synthetic_tables(folder, nama)
    if not tabel:
        return None
    return (
        f"tabel {', '.join(tabel)} memuat angka sintetis, yang tidak boleh ada di laporan; "
        "berkas yang diberikan bertanda SINTETIS, jadi lihat dengan kinerja peragaan"
    )


def _tick(layar: Layar) -> None:
    halaman.warm_up()  # mengimpor nbconvert selagi kernel pertama bekerja; panggilan berikutnya tidak berbuat apa-apa
    layar.tick()


def _record(x: Tugas, detik: float) -> dict[str, Any]:
    return {
        "notebook": x.notebook,
        "judul": x.judul,
        "parameter": {**x.baku, **x.parameter},
        "selesai": pasang.now(),
        "detik": round(detik, 2),
    }


def _merge_base(sasaran: Path, folder: Path, jadi: dict[str, Halaman], catatan: dict[str, Any], peragaan: bool) -> None:
    """Bawa halaman lain dari laporan yang ada; dibaca di dalam kunci, supaya dua render sebagian tidak saling hapus.

    Halaman berangka sintetis dari versi yang lebih lama tidak ikut ke laporan.
    """
    lama = pasang.read_manifest(sasaran)
    if lama is None:
        return
    milik = susun.files_by_page(sasaran)
    susun.copy_files(sasaran, folder, [x for x in (jelajah.NAMA,) if (sasaran / x).is_file()])
    for nama, uraian in lama["halaman"].items():
        if nama not in jadi and (peragaan or not susun.synthetic_tables(sasaran, nama)):
            jadi[nama] = halaman.read_back(sasaran, nama, uraian)
            catatan[nama] = uraian
            susun.copy_files(sasaran, folder, milik.get(nama, []))


def _drop_failed(sasaran: Path) -> None:
    """Hapus sisa render gagal sebelumnya; folder yang sudah ditambahi berkas lain dibiarkan."""
    folder = failed_folder(sasaran)
    if pasang.read_manifest(folder) is None:
        return
    try:
        pasang.check_target(folder)
    except GalatParameter:
        return
    shutil.rmtree(folder)
