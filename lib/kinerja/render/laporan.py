"""Satu perintah render: dari rencana sampai laporan terpasang."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
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
    cores,
    execute,
    executed_path,
    read_log_path,
    run_all,
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
        Folder laporan; bila kosong menurut :meth:`.ulang.Permintaan.target`.
    kode, paksa : bool
        Perlihatkan kode di halaman; render semua yang diminta, juga yang masih berlaku.
    kernel : str
        ``"hangat"`` (:mod:`.hangat`) atau ``"dingin"``: kernel biasa yang dimulai dari kosong.
    peragaan : bool
        Situs peragaan dengan data buatan, bukan laporan; lihat :func:`.rencana.pages`.
    format : str
        ``"docx"`` menulis juga laporan sebagai dokumen Word; laporan yang sudah memuatnya tetap memuatnya.

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
    jobs = cores(jobs)
    pelaksana = hangat.run if kernel == "hangat" and hangat.available() else None
    minta = Permintaan(tahun, tuple(notebook), tuple(parameter), bahasa, kode, peragaan, format)
    nama = pages(notebook, minta.parameter, peragaan=peragaan)
    layar = layar or Layar()
    with stop_on_signals(), Pengasuh((lambda: hangat.warm(select(nama).values())) if pelaksana else None) as pengasuh:
        hasil = _render(minta, nama, pengasuh, pelaksana, jobs=jobs, out=out, paksa=paksa, layar=layar)
    hasil.detik = time.perf_counter() - awal
    return hasil


def _render(
    minta: Permintaan,
    nama: Sequence[str],
    pengasuh: Pengasuh,
    pelaksana: Pelaksana | None,
    *,
    jobs: int,
    out: Path | None,
    paksa: bool,
    layar: Layar,
) -> HasilRender:
    sasaran, potret = minta.target(out), ulang.snapshot()
    tugas = plan(minta.tahun, notebook=nama, parameter=minta.parameter, bahasa=minta.bahasa)
    pasang.check_target(sasaran)
    if minta.notebook:
        _check_base(sasaran, minta)
    isi_data = data.load(minta.tahun).at(minta.periode)
    with fmt.using(minta.bahasa):
        tugas = check_tables(tugas, isi_data, diminta=bool(minta.notebook))
    hasil = HasilRender(sasaran)
    with pasang.Bangunan(sasaran) as bangunan:
        isi = _Isi(minta, sasaran, bangunan.folder)
        with pasang.lock(sasaran.parent):
            lama = pasang.read_manifest(sasaran)
            if not paksa and lama is not None:
                hasil.sebab = ulang.stale_pages(tugas, sasaran, lama, potret, isi_data, minta.kode)
                hasil.tetap = [x.halaman for x in tugas if x.halaman not in hasil.sebab]
                for x in hasil.tetap:
                    isi.keep(x, lama["halaman"][x], lama["halaman"][x]["hasil"])
        dijalankan = [x for x in tugas if x.halaman not in hasil.tetap]
        detik, gagal = isi.run(dijalankan, lama, pengasuh, pelaksana, jobs, layar)
        hasil.gagal = [(x.halaman, gagal[x.halaman]) for x in dijalankan if x.halaman in gagal]
        for x in (x for x in dijalankan if x.halaman in detik):
            dibaca = terbaca.read_notes(read_log_path(bangunan.folder, x.halaman))
            kunci = ulang.page_key(x, *dibaca, potret, isi_data, minta.kode)
            isi.catatan[x.halaman] = _record(x, detik[x.halaman]) | {"kunci": kunci}
            hasil.selesai.append(x.halaman)
        umum = {
            **minta.shape(),
            "periode": isi_data.periode,
            "institusi": rule(isi_data, "nama_institusi"),
            "penerbit": {k: rule(isi_data, k) for k in ("penerbit", "kontak")},
            "masukan": {k: v for k, v in potret.proyek.items() if _is_input(k, minta.tahun)},
            "ulang": ulang.note(potret, minta, None if hasil.selesai else lama),
        }
        docx = minta.format == "docx" or susun.DOCX in (lama or {}).get("berkas", ())
        clear_work(bangunan.folder, list(gagal))
        with pasang.lock(sasaran.parent):
            if not gagal and minta.notebook:
                isi.merge_base()
            elif not gagal:
                _write_explorer(bangunan.folder, tugas, isi_data, minta)
            susun.assemble(bangunan.folder, isi.jadi, isi.catatan, umum, hasil.gagal, docx=docx)
            if gagal:
                hasil.folder = failed_folder(sasaran)
                bangunan.install(hasil.folder)
            else:
                _install(bangunan, minta)
                _drop_failed(sasaran)
    return hasil


@dataclass
class _Isi:
    """Halaman laporan yang sedang dibangun di ``folder`` untuk ``sasaran``, dan uraiannya di manifes."""

    minta: Permintaan
    sasaran: Path
    folder: Path
    jadi: dict[str, Halaman] = field(default_factory=dict)
    catatan: dict[str, Any] = field(default_factory=dict)

    def keep(self, nama: str, uraian: Mapping[str, Any], berkas: Iterable[str]) -> None:
        """Salin satu halaman dari laporan yang ada."""
        self.jadi[nama] = halaman.read_back(self.sasaran, nama, uraian)
        self.catatan[nama] = uraian
        susun.copy_files(self.sasaran, self.folder, berkas)

    def run(
        self,
        tugas: Sequence[Tugas],
        manifes: Mapping[str, Any] | None,
        pengasuh: Pengasuh,
        pelaksana: Pelaksana | None,
        jobs: int,
        layar: Layar,
    ) -> tuple[dict[str, float], dict[str, str]]:
        """Halaman yang jadi dengan detiknya, dan yang gagal dengan sebabnya."""
        lama = (manifes or {}).get("halaman", {})
        # Yang lama didahulukan supaya tidak ada inti yang menunggu di akhir; tanpa catatan, berkas besar dianggap lama.
        urut = sorted(tugas, key=lambda x: (-lama.get(x.halaman, {}).get("detik", 0), -x.berkas.stat().st_size))
        menurut_nama = {x.halaman: x for x in tugas}

        def denyut() -> None:
            halaman.warm_up()  # mengimpor nbconvert selagi kernel pertama bekerja; sesudah itu tidak berbuat apa-apa
            layar.tick()

        return run_all(
            tugas,
            [(x.halaman, partial(execute, x, self.folder, pelaksana)) for x in urut],
            jobs,
            layar,
            jalan=pengasuh.run,
            denyut=denyut,
            periksa=lambda nama: self._convert(menurut_nama[nama]),
        )

    def _convert(self, x: Tugas) -> str | None:
        """Jadikan halaman, kecuali ia memuat angka buatan yang tidak boleh ada di laporan; sebabnya disebut."""
        tabel = [] if self.minta.peragaan else susun.synthetic_tables(self.folder, x.halaman)
        if tabel:
            return (
                f"tabel {', '.join(tabel)} memuat angka sintetis, yang tidak boleh ada di laporan; "
                "berkas yang diberikan bertanda SINTETIS, jadi lihat dengan kinerja peragaan"
            )
        salinan = executed_path(self.folder, x.halaman)
        self.jadi[x.halaman] = halaman.convert(salinan, x, bahasa=self.minta.bahasa, kode=self.minta.kode)
        pdf.read_chapter(self.folder, self.jadi[x.halaman])
        return None

    def merge_base(self) -> None:
        """Bawa halaman lain dari laporan yang ada, kecuali yang berangka sintetis dari versi yang lebih lama.

        Panggil di dalam kunci, supaya dua render sebagian tidak saling hapus.
        """
        milik = susun.files_by_page(self.sasaran)
        susun.copy_files(self.sasaran, self.folder, [x for x in (jelajah.NAMA,) if (self.sasaran / x).is_file()])
        for nama, uraian in (pasang.read_manifest(self.sasaran) or {"halaman": {}})["halaman"].items():
            if nama not in self.jadi and (self.minta.peragaan or not susun.synthetic_tables(self.sasaran, nama)):
                self.keep(nama, uraian, milik.get(nama, []))


def _record(x: Tugas, detik: float) -> dict[str, Any]:
    return {
        "notebook": x.notebook,
        "judul": x.judul,
        "parameter": {**x.baku, **x.parameter},
        "selesai": pasang.now(),
        "detik": round(detik, 2),
    }


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


def rule(isi: data.Data, kunci: str) -> str:
    """Isi sebuah aturan di data, misalnya nama institusinya; kosong bila tidak disebut."""
    return isi.teks(f"aturan/{kunci}") if isi.has("aturan") and kunci in set(isi["aturan"]["kunci"]) else ""


def _is_input(nama: str, tahun: int) -> bool:
    """Apakah berkas proyek itu masukan laporan tahun ini; hanya itu yang disebut manifes."""
    if nama.startswith("data/raw/"):
        return nama.startswith((f"data/raw/{tahun}/", "data/raw/acuan/")) or nama == "data/raw/sources.yml"
    return nama.startswith("notebooks/") or nama == "requirements.lock"


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
