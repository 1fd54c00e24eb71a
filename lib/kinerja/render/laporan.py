"""Satu perintah render: dari rencana sampai laporan terpasang."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from kinerja import data, fmt, terbaca
from kinerja.errors import GalatParameter
from kinerja.periode import Waktu
from kinerja.pilihan_berkas import SURVEI
from kinerja.render import halaman, hangat, jalankan, jelajah, kelompok, kembaran, pasang, pdf, susun, ulang
from kinerja.render.halaman import Halaman
from kinerja.render.kelompok import Selesai
from kinerja.render.rencana import PERIODE, Tugas, available, check_tables, pages, plan, select

KERNEL = ("hangat", "dingin")
"""Cara kernel dimulai: dicabangkan dari proses ini, atau dari kosong."""


class Layar(Protocol):
    """Yang diberi tahu tentang kemajuan render."""

    def begin(self, tugas: Sequence[Tugas], jobs: int) -> None:
        """Render mulai."""

    def start(self, nama: str) -> None:
        """Satu notebook mulai."""

    def finish(self, nama: str, detik: float, galat: str | None) -> None:
        """Satu notebook selesai atau gagal."""

    def tick(self) -> None:
        """Waktu berjalan."""


@dataclass
class HasilRender:
    """Akhir sebuah render.

    ``folder`` tempat laporan; ``detik`` lama seluruhnya; ``selesai`` halaman yang dirender; ``gagal`` yang gagal dan
    sebabnya; ``tetap`` yang masih berlaku dan tidak dirender lagi; ``sebab`` mengapa selebihnya dirender.
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
    layar: Layar | None = None,
) -> HasilRender:
    """Render laporan satu tahun; halaman yang masih berlaku disalin dari laporan yang ada (:mod:`.ulang`).

    Tanpa ``notebook`` seluruh laporan diganti. Dengan ``notebook`` hanya halaman itu yang diganti, dan halaman lain
    dari laporan yang ada dipertahankan. Bila ada notebook yang gagal, laporan lama tidak disentuh: yang berhasil dan
    salinan yang gagal ditulis ke folder ``<nama>-gagal`` di sampingnya.

    Parameters
    ----------
    tahun : int
        Tahun laporan.
    notebook : sequence of str
        Nama notebook; kosong berarti semua.
    parameter : iterable of (str, object)
        Parameter selain tahun dan bahasa.
    bahasa : str
        ``"id"`` atau ``"en"``.
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
    layar : Layar, optional
        Penerima kabar kemajuan.

    Raises
    ------
    GalatParameter
        Permintaan tidak dapat dipenuhi; tidak ada yang dijalankan.
    GalatData
        Data tahun itu tidak sesuai skema; laporan lama tidak disentuh.
    kelompok.Dihentikan
        Dihentikan dengan sinyal; laporan lama utuh.
    """
    awal = time.perf_counter()
    if kernel not in KERNEL:
        raise GalatParameter(f"Kernel '{kernel}' tidak ada; yang ada: {', '.join(KERNEL)}.")
    if jobs is not None and jobs < 1:
        raise GalatParameter(f"Banyaknya proses sekaligus (--jobs) paling sedikit 1, bukan {jobs}.")
    pakai_hangat = kernel == "hangat" and hangat.available()
    parameter = list(parameter)
    nama = pages(notebook, parameter, peragaan=peragaan)
    siapkan = partial(_warm, nama) if pakai_hangat else None
    with kelompok.stop_on_signals(), kelompok.Pengasuh(siapkan) as pengasuh:
        hasil = _render(
            tahun,
            pengasuh,
            nama=nama,
            notebook=notebook,
            parameter=parameter,
            bahasa=bahasa,
            jobs=jobs,
            out=out,
            kode=kode,
            paksa=paksa,
            peragaan=peragaan,
            pelaksana=hangat.run if pakai_hangat else None,
            layar=layar,
        )
    hasil.detik = time.perf_counter() - awal
    return hasil


def _warm(notebook: Sequence[str]) -> None:
    hangat.warm(select(notebook).values())


def _render(
    tahun: int,
    pengasuh: kelompok.Pengasuh,
    *,
    nama: Sequence[str],
    notebook: Sequence[str],
    parameter: Sequence[tuple[str, Any]],
    bahasa: str,
    jobs: int | None,
    out: Path | None,
    kode: bool,
    paksa: bool,
    peragaan: bool,
    pelaksana: jalankan.Pelaksana | None,
    layar: Layar | None,
) -> HasilRender:
    periode = str(dict(parameter).get(PERIODE, ""))
    sasaran = ulang.target(tahun, out, bahasa, peragaan=peragaan, periode=periode)
    permintaan = ulang.request_key(
        tahun, notebook=notebook, parameter=parameter, bahasa=bahasa, kode=kode, peragaan=peragaan
    )
    potret = ulang.snapshot()
    tugas = plan(tahun, notebook=nama, parameter=parameter, bahasa=bahasa)
    pasang.check_target(sasaran)
    sebagian = bool(notebook)
    if sebagian:
        _check_base(sasaran, tahun=tahun, bahasa=bahasa, kode=kode, peragaan=peragaan)
    isi_data = data.load(tahun).at(periode)
    with fmt.using(bahasa):
        tugas = check_tables(tugas, isi_data, diminta=sebagian)
    hasil = HasilRender(sasaran)
    with pasang.Bangunan(sasaran) as bangunan:
        tetap, catatan = {}, {}
        with pasang.lock(sasaran.parent):
            lama = pasang.read_manifest(sasaran)
            if not paksa and lama is not None:
                hasil.sebab = ulang.stale_pages(tugas, sasaran, lama, potret, isi_data, kode)
                tetap, catatan = _keep(tugas, sasaran, bangunan.folder, lama, hasil.sebab)
        dijalankan = [x for x in tugas if x.halaman not in tetap]
        jobs = max(1, min(jobs or kelompok.cores(), len(dijalankan)))
        if layar and dijalankan:
            layar.begin(dijalankan, jobs)
        baru, hasil.gagal, waktu = _run_all(
            dijalankan, bangunan.folder, pengasuh, jobs, lama, bahasa, kode, layar, pelaksana, peragaan
        )
        hasil.selesai, hasil.tetap = list(baru), list(tetap)
        umum = {
            "tahun": tahun,
            "periode": isi_data.periode,
            "bahasa": bahasa,
            "kode": kode,
            "peragaan": peragaan,
            "institusi": _institution(isi_data),
            "masukan": {k: v for k, v in potret.proyek.items() if _is_input(k, tahun)},
            "ulang": ulang.note(potret, permintaan, None if baru else lama),
        }
        for x in dijalankan:
            if x.halaman in baru:
                dibaca = terbaca.read_notes(jalankan.read_log_path(bangunan.folder, x.halaman))
                catatan[x.halaman] = _record(x, waktu) | {"kunci": ulang.page_key(x, *dibaca, potret, isi_data, kode)}
        jadi = tetap | baru
        with pasang.lock(sasaran.parent):
            if hasil.gagal:
                _install_failed(bangunan, jadi, catatan, hasil.gagal, umum)
                hasil.folder = failed_folder(sasaran)
            else:
                if sebagian:
                    _merge_base(sasaran, bangunan.folder, jadi, catatan, peragaan)
                else:
                    pilihan = next((x.parameter for x in tugas if x.parameter.get("mikro")), {})
                    survei = {k: v for k, v in pilihan.items() if k in SURVEI}
                    jelajah.write(bangunan.folder, isi_data, bahasa=bahasa, survei=survei, peragaan=peragaan)
                _finish(bangunan.folder, jadi, catatan, umum)
                _install(bangunan, tahun, bahasa)
                _drop_failed(sasaran)
    return hasil


def _install(bangunan: pasang.Bangunan, tahun: int, bahasa: str) -> None:
    """Pasang laporan dan tautkan dengan laporan berbahasa lain di sampingnya."""
    lain = kembaran.find(bangunan.sasaran, tahun, bahasa)
    for folder in lain:
        kembaran.connect(bangunan.folder, folder)
    bangunan.install()
    for folder in lain:
        kembaran.connect(folder, bangunan.sasaran)


def failed_folder(sasaran: Path) -> Path:
    """Tempat laporan yang tidak utuh, di samping laporan utuhnya."""
    return sasaran.with_name(f"{sasaran.name}-gagal")


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


def _check_base(sasaran: Path, **bentuk: Any) -> None:
    """Halaman baru hanya boleh masuk ke laporan dengan tahun, bahasa, dan bentuk yang sama."""
    lama = pasang.read_manifest(sasaran)
    if lama is None:
        return
    for nama, nilai in bentuk.items():
        if lama.get(nama, False) != nilai:
            raise GalatParameter(
                f"Laporan di {sasaran} dibuat dengan {nama} = {lama.get(nama)}, yang diminta {nilai}; "
                "render semua notebook, atau pilih folder lain dengan --out."
            )


def _run_all(
    tugas: Sequence[Tugas],
    folder: Path,
    pengasuh: kelompok.Pengasuh,
    jobs: int,
    manifes: Mapping[str, Any] | None,
    bahasa: str,
    kode: bool,
    layar: Layar | None,
    pelaksana: jalankan.Pelaksana | None,
    peragaan: bool,
) -> tuple[dict[str, Halaman], list[tuple[str, str]], dict[str, Selesai]]:
    lama = (manifes or {}).get("halaman", {})
    # Yang lama didahulukan supaya tidak ada inti yang menunggu di akhir; tanpa catatan, berkas besar dianggap lama.
    urut = sorted(tugas, key=lambda x: (-lama.get(x.halaman, {}).get("detik", 0), -x.berkas.stat().st_size))
    menurut_nama = {x.halaman: x for x in tugas}
    jadi: dict[str, Halaman] = {}
    gagal: dict[str, str] = {}
    waktu: dict[str, Selesai] = {}
    hasil = pengasuh.run(
        [(x.halaman, partial(jalankan.execute, x, folder, pelaksana)) for x in urut],
        jobs,
        mulai=layar.start if layar else lambda nama: None,
        denyut=partial(_tick, layar),
    )
    with closing(hasil):
        for selesai in hasil:
            x = menurut_nama[selesai.nama]
            galat = selesai.galat or (str(selesai.isi) if selesai.isi else None)
            if galat is None and not peragaan:
                galat = _made_up(folder, selesai.nama)
            if galat is None:
                salinan = jalankan.executed_path(folder, x.halaman)
                jadi[x.halaman] = halaman.convert(
                    salinan, notebook=x.notebook, nama=x.halaman, judul=x.judul, bahasa=bahasa, kode=kode
                )
                pdf.read_chapter(folder, jadi[x.halaman])
                waktu[x.halaman] = selesai
            else:
                gagal[x.halaman] = galat
            if layar:
                layar.finish(x.halaman, selesai.detik, galat)
    return (
        {x.halaman: jadi[x.halaman] for x in tugas if x.halaman in jadi},
        [(x.halaman, gagal[x.halaman]) for x in tugas if x.halaman in gagal],
        waktu,
    )


def _made_up(folder: Path, nama: str) -> str | None:
    """Sebab sebuah halaman tidak boleh ada di laporan: ia memuat angka buatan."""
    tabel = susun.synthetic_tables(folder, nama)
    if not tabel:
        return None
    return (
        f"tabel {', '.join(tabel)} memuat angka sintetis, yang tidak boleh ada di laporan; "
        "berkas yang diberikan bertanda SINTETIS, jadi lihat dengan kinerja peragaan"
    )


def _tick(layar: Layar | None) -> None:
    halaman.warm_up()  # mengimpor nbconvert selagi kernel pertama bekerja; panggilan berikutnya tidak berbuat apa-apa
    if layar:
        layar.tick()


def _institution(isi: data.Data) -> str:
    return isi.teks("aturan/nama_institusi") if isi.has("aturan") else ""


def _record(x: Tugas, waktu: dict[str, Selesai]) -> dict[str, Any]:
    return {
        "notebook": x.notebook,
        "judul": x.judul,
        "parameter": {**x.baku, **x.parameter},
        "selesai": _now(),
        "detik": round(waktu[x.halaman].detik, 2),
    }


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _finish(
    folder: Path,
    jadi: dict[str, Halaman],
    catatan: dict[str, Any],
    umum: dict[str, Any],
    gagal: Sequence[tuple[str, str]] = (),
) -> None:
    shutil.rmtree(folder / jalankan.KERJA, ignore_errors=True)  # tidak ada bila tidak satu pun dijalankan
    milik = susun.files_by_page(folder)
    urutan = [*available(), *jadi]
    semua = sorted(jadi.values(), key=lambda x: urutan.index(x.nama))
    susun.assemble(
        folder,
        semua,
        tahun=Waktu(umum["tahun"], umum["periode"]),
        bahasa=umum["bahasa"],
        institusi=umum["institusi"],
        peragaan=umum["peragaan"],
        uraian={
            **umum,
            "dibuat": _now(),
            "halaman": {x.nama: catatan[x.nama] | {"hasil": milik.get(x.nama, [])} for x in semua},
        },
        gagal=gagal,
    )


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


def _install_failed(
    bangunan: pasang.Bangunan,
    jadi: dict[str, Halaman],
    catatan: dict[str, Any],
    gagal: Sequence[tuple[str, str]],
    umum: dict[str, Any],
) -> None:
    folder = bangunan.folder
    (folder / "gagal").mkdir()
    for nama, _ in gagal:
        salinan = jalankan.executed_path(folder, nama)
        for berkas in (salinan, salinan.with_suffix(".log")):
            if berkas.is_file() and berkas.stat().st_size:
                berkas.rename(folder / "gagal" / berkas.name)
    _finish(folder, jadi, catatan, umum, gagal)
    bangunan.install(failed_folder(bangunan.sasaran))


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
