"""Menjalankan notebook berdampingan di proses-proses sendiri, dan membereskan semuanya bila dihentikan.

Proses, bukan utas: menjalankan notebook mengganti folder kerja dan lingkungan proses. Prosesnya dicabangkan dari proses
yang sudah memuat pustakanya, sehingga impor dibayar sekali.
"""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

import psutil

from kinerja import fmt, paths, terbaca
from kinerja.data import schema
from kinerja.errors import GalatParameter
from kinerja.render.rencana import Tugas

KERJA = ".kerja"
"""Folder di dalam bangunan untuk salinan notebook yang sudah dijalankan."""

KERNEL_ARGUMENTS = ["--HistoryManager.enabled=False", "--IPKernelApp.log_level=ERROR"]
"""Kernel batch tidak mencatat riwayat (berebut satu berkas SQLite) dan tidak memperingatkan soal jaringan lokal."""

_JEDA = 0.1
_JEDA_INDUK = 0.5
_BERAKHIR = 5.0
"""Detik menunggu proses yang sudah dibunuh; biasanya beberapa milidetik."""


class Layar:
    """Yang diberi tahu tentang kemajuan; yang ini tidak menampilkan apa-apa."""

    def begin(self, tugas: Sequence[Tugas], jobs: int) -> None:
        """Pekerjaan mulai."""

    def start(self, nama: str) -> None:
        """Satu notebook mulai."""

    def finish(self, nama: str, detik: float, galat: str | None) -> None:
        """Satu notebook selesai atau gagal."""

    def tick(self) -> None:
        """Waktu berjalan."""


@dataclass(frozen=True)
class Sel:
    """Sel yang gagal: nomor urut sel kode (dari 1), pengenalnya, dan kesalahannya."""

    nomor: int
    pengenal: str
    galat: str
    pesan: str

    def __str__(self) -> str:
        return f"sel kode {self.nomor} ({self.pengenal}): {self.galat}: {self.pesan}"


Kerja = Sequence[tuple[str, Callable[[], Any]]]
"""Nama dan fungsi tanpa argumen yang dapat dikirim ke proses lain."""

Pelaksana = Callable[[Tugas, Path], Sel | None]
"""Yang menjalankan sel-sel sebuah tugas dan menulis salinannya; mengembalikan sel yang gagal."""


def executed_path(folder: Path, halaman: str) -> Path:
    return folder / KERJA / f"{halaman}.ipynb"


def read_log_path(folder: Path, halaman: str) -> Path:
    """Tempat catatan apa yang dibaca notebook (:mod:`kinerja.terbaca`)."""
    return executed_path(folder, halaman).with_suffix(".terbaca")


def execute(tugas: Tugas, folder: Path, pelaksana: Pelaksana | None = None) -> Sel | None:
    """Jalankan notebook; tabel dan gambarnya ditulis kernel ke ``folder``, laporan yang sedang dibangun.

    Keluaran dan lingkungan proses ini berubah: panggil hanya di proses pekerja. Kembaliannya sel yang gagal, atau None
    bila semua selesai; salinan yang sudah dijalankan ditulis dalam kedua hal.
    """
    salinan = executed_path(folder, tugas.halaman)
    salinan.parent.mkdir(exist_ok=True)
    if tugas.kurang:
        return _write_absent(tugas, salinan, read_log_path(folder, tugas.halaman))
    redirect_output(salinan.with_suffix(".log"))
    os.environ.update(
        {
            "KINERJA_KELUARAN": str(folder),
            "KINERJA_HALAMAN": tugas.halaman,
            "KINERJA_AKAR": str(paths.root()),
            terbaca.LINGKUNGAN: str(read_log_path(folder, tugas.halaman)),
        }
    )
    # Peringatan debugpy tentang modul beku mengotori stderr setiap kernel.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    if not paths.is_own_data():
        # Kernel bekerja di folder notebook; letak relatif di lingkungan pemanggil tidak berlaku di sana.
        os.environ["KINERJA_DATA"] = str(paths.data())
    return (pelaksana or run_papermill)(tugas, salinan)


def run_papermill(tugas: Tugas, salinan: Path) -> Sel | None:
    """Jalankan sel-sel notebook di kernel biasa; lihat :func:`execute`."""
    import papermill
    from papermill.exceptions import PapermillExecutionError

    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        papermill.execute_notebook(
            str(tugas.berkas),
            str(salinan),
            parameters=dict(tugas.parameter),
            progress_bar=False,
            request_save_on_cell_execute=False,
            cwd=str(tugas.berkas.parent),
            kernel_name="python3",
            # Kernel tidak menyimpan apa pun yang perlu ditutup rapi; menunggunya memakan setengah detik per notebook.
            shutdown_kernel="immediate",
            extra_arguments=KERNEL_ARGUMENTS,
        )
    except PapermillExecutionError as galat:
        return _failed_cell(salinan, galat)
    return None


def _write_absent(tugas: Tugas, salinan: Path, catatan: Path) -> None:
    """Halaman yang menyebut tabel yang belum diisi, didahului pengantar notebooknya; tidak ada sel yang dijalankan."""
    import nbformat

    nb = nbformat.read(tugas.berkas, as_version=4)
    tahun = tugas.parameter["tahun"]
    with fmt.using(tugas.parameter["bahasa"]):
        kata = fmt.pick(
            {
                "id": f"## Belum ada\n\nTabel yang diperlukan halaman ini belum diisi untuk {tahun}:",
                "en": f"## Not there yet\n\nThe tables that this page needs are not filled in for {tahun}:",
            }
        )
        isi = [kata, "", *(f"- `{nama}`: {fmt.pick(schema.tables()[nama].uraian)}" for nama in tugas.kurang)]
    # Judul bagian terakhir pengantar ("Parameter dan data") tidak punya isi di sini.
    pengantar = takewhile(lambda sel: sel.cell_type == "markdown", nb.cells)
    nb.cells = [sel for sel in pengantar if sel.source.strip().count("\n")]
    nb.cells.append(nbformat.v4.new_markdown_cell("\n".join(isi), id="belum-ada"))
    nbformat.write(nb, salinan)
    catatan.write_text("".join(f"tabel {tahun}/{nama}\n" for nama in tugas.kurang), "utf-8")


def _failed_cell(salinan: Path, galat: Any) -> Sel:
    """Cari sel bergalat di salinan: papermill menomori menurut prompt, yang bergeser oleh sel sisipannya."""
    import nbformat

    nomor = 0
    for sel in nbformat.read(salinan, as_version=4).cells:
        if sel.cell_type == "code" and "injected-parameters" not in sel.metadata.get("tags", []):
            nomor += 1
            if any(keluaran.output_type == "error" for keluaran in sel.outputs):
                return Sel(nomor, sel.id, galat.ename, galat.evalue)
    return Sel(galat.exec_count or 0, "?", galat.ename, galat.evalue)


def redirect_output(berkas: Path) -> None:
    """Alihkan stdout dan stderr proses ini dan kernelnya ke catatan, supaya layar hanya berisi kemajuan."""
    catatan = os.open(berkas, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    os.dup2(catatan, 1)
    os.dup2(catatan, 2)
    os.close(catatan)


class Dihentikan(BaseException):
    """Pengguna atau sistem meminta berhenti; bukan kesalahan, jadi tidak tertangkap ``except Exception``."""

    def __init__(self, sinyal: int) -> None:
        self.sinyal = sinyal
        super().__init__(f"dihentikan oleh sinyal {sinyal}")


@dataclass(frozen=True)
class Selesai:
    """Hasil satu pekerjaan: nilai kembaliannya, atau satu kalimat bila prosesnya mati atau melempar pengecualian."""

    nama: str
    detik: float
    isi: Any = None
    galat: str | None = None


def cores(jobs: int | None = None) -> int:
    """Banyaknya proses sekaligus: yang diminta, atau sebanyak inti yang boleh dipakai proses ini."""
    if jobs is not None and jobs < 1:
        raise GalatParameter(f"Banyaknya proses sekaligus (--jobs) paling sedikit 1, bukan {jobs}.")
    return jobs or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


class Pengasuh:
    """Proses tempat para pekerja dicabangkan, yang disiapkan selagi proses ini menyusun rencana.

    Dipakai sebagai konteks: penyiapannya mulai saat masuk, dan semuanya berakhir saat keluar. Di sistem yang tidak
    bercabang dengan aman tidak ada yang dapat diwarisi; pekerja dimulai langsung dari sini. ``siapkan`` memuat
    modul-modul untuk diwarisi; galatnya tidak dilaporkan, sebab pekerja akan menemuinya lagi.
    """

    def __init__(self, siapkan: Callable[[], None] | None = None) -> None:
        self._siapkan = siapkan
        self._proses: Any = None

    def __enter__(self) -> Pengasuh:
        if sys.platform == "linux":
            konteks = multiprocessing.get_context("fork")
            self._saluran, ujung = konteks.Pipe()
            self._proses = konteks.Process(target=_care, args=(self._siapkan, ujung, self._saluran, os.getpid()))
            self._proses.start()
            ujung.close()
        return self

    def __exit__(self, *galat: object) -> None:
        if self._proses is not None:
            _kill([self._proses])
            self._saluran.close()

    def run(
        self, kerja: Kerja, jobs: int, *, mulai: Callable[[str], None], denyut: Callable[[], None]
    ) -> Iterator[Selesai]:
        """Jalankan pekerjaan seperti :func:`run_side_by_side`, sekali saja; pekerja dipakai terus sampai habis."""
        if self._proses is None:
            yield from run_side_by_side(kerja, jobs, seproses=len(kerja), mulai=mulai, denyut=denyut)
            return
        sisa = [nama for nama, _ in kerja]
        try:
            with suppress(OSError):
                self._saluran.send((kerja, jobs))
            while sisa:
                try:
                    kabar = self._saluran.recv() if self._saluran.poll(_JEDA) else None
                except (EOFError, OSError):
                    yield from (Selesai(nama, 0.0, galat="proses pengasuh para pekerja mati") for nama in sisa)
                    return
                if isinstance(kabar, str):
                    mulai(kabar)
                    continue
                denyut()
                if kabar is not None:
                    sisa.remove(kabar.nama)
                    yield kabar
        finally:
            _kill([self._proses])


def _care(siapkan: Callable[[], None] | None, saluran: Connection, milik_induk: Connection, induk: int) -> None:
    """Badan proses pengasuh; Ctrl-C diurus induk."""
    milik_induk.close()  # supaya kematian induk terlihat sebagai akhir saluran
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if siapkan is not None:
        with suppress(Exception):
            siapkan()
    with suppress(EOFError):
        kerja, jobs = saluran.recv()
        denyut = partial(_stop_without, induk)
        for selesai in run_side_by_side(kerja, jobs, seproses=len(kerja), mulai=saluran.send, denyut=denyut):
            saluran.send(selesai)


def _stop_without(induk: int) -> None:
    if os.getppid() != induk:
        raise SystemExit(1)


@dataclass
class _Pekerja:
    """Satu proses, pekerjaan yang sedang dijalankannya, sejak kapan, dan berapa lagi yang boleh diterimanya."""

    proses: Any
    sisa: int
    nomor: int = -1
    sejak: float = 0.0


@dataclass
class _Kolam:
    """Antrean pekerjaan dan proses-proses yang sedang mengerjakannya, menurut salurannya."""

    kerja: Kerja
    jobs: int
    seproses: int
    mulai: Callable[[str], None]

    def __post_init__(self) -> None:
        # Di Linux cabang langsung mewarisi modul yang sudah dimuat; di sistem lain bercabang tidak aman.
        self._konteks = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self._antrean = deque(range(len(self.kerja)))
        self.jalan: dict[Connection, _Pekerja] = {}

    def fill(self) -> None:
        while self._antrean and len(self.jalan) < self.jobs:
            saluran, ujung = self._konteks.Pipe()
            proses = self._konteks.Process(target=_work, args=([x for _, x in self.kerja], ujung, os.getpid()))
            proses.start()
            ujung.close()
            self.jalan[saluran] = _Pekerja(proses, self.seproses)
            self._give(saluran)

    def _give(self, saluran: Connection) -> None:
        pekerja = self.jalan[saluran]
        pekerja.nomor, pekerja.sejak = self._antrean.popleft(), time.perf_counter()
        pekerja.sisa -= 1
        with suppress(BrokenPipeError, ConnectionResetError):
            saluran.send(pekerja.nomor)  # pekerja yang baru saja mati terlihat saat hasilnya ditunggu
        self.mulai(self.kerja[pekerja.nomor][0])

    def take(self, saluran: Connection) -> Selesai:
        """Hasil yang siap di saluran itu; prosesnya lalu mendapat pekerjaan berikutnya atau diakhiri."""
        pekerja = self.jalan[saluran]
        nama, kini = self.kerja[pekerja.nomor][0], time.perf_counter()
        try:
            isi, galat = saluran.recv()
        except (EOFError, ConnectionResetError):
            isi, galat = None, "proses pelaksananya mati sebelum selesai"
            pekerja.sisa = 0
        hasil = Selesai(nama, kini - pekerja.sejak, isi, galat)
        if self._antrean and pekerja.sisa:
            self._give(saluran)
            return hasil
        del self.jalan[saluran]
        with suppress(BrokenPipeError, ConnectionResetError):
            saluran.send(None)  # menutup saluran tidak cukup: cabang yang lebih muda mewarisi salinannya
        saluran.close()
        pekerja.proses.join()
        return hasil


def run_side_by_side(
    kerja: Kerja,
    jobs: int,
    *,
    seproses: int = 1,
    mulai: Callable[[str], None] = lambda nama: None,
    denyut: Callable[[], None] = lambda: None,
) -> Iterator[Selesai]:
    """Jalankan pekerjaan menurut urutannya; hasilnya menurut urutan selesai.

    Paling banyak ``jobs`` proses sekaligus dan ``seproses`` pekerjaan berurutan di satu proses; bila proses mati, hanya
    yang sedang berjalan yang gagal. ``mulai`` dipanggil dengan nama pekerjaan yang baru dimulai, ``denyut`` beberapa
    kali per detik.
    """
    kolam = _Kolam(kerja, jobs, seproses, mulai)
    # Objek induk tidak disapu pengumpul sampah cabang: menyentuhnya akan menyalin semua halaman memori bersama.
    gc.collect()
    gc.freeze()
    try:
        kolam.fill()
        while kolam.jalan:
            selesai = [kolam.take(x) for x in wait(list(kolam.jalan), timeout=_JEDA)]
            kolam.fill()  # sebelum hasil diolah pemanggil, supaya inti tidak menganggur
            denyut()
            yield from selesai
    finally:
        gc.unfreeze()
        _kill([x.proses for x in kolam.jalan.values()])


def _work(kerja: Sequence[Callable[[], Any]], saluran: Connection, induk: int) -> None:
    """Badan proses pekerja: Ctrl-C diurus induk, dan pekerja mengakhiri diri bila induknya mati."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_watch_parent, args=(induk,), daemon=True).start()
    while (nomor := saluran.recv()) is not None:
        try:
            hasil = (kerja[nomor](), None)
        except Exception as galat:
            # Batas proses: pengecualian pekerja dilaporkan induk sebagai kalimat, bukan jejak tumpukan di layar.
            hasil = (None, f"{type(galat).__name__}: {galat}")
        saluran.send(hasil)


def _watch_parent(induk: int) -> None:
    while os.getppid() == induk:
        time.sleep(_JEDA_INDUK)
    _kill_descendants(psutil.Process())
    os._exit(1)


def _kill(proses: Sequence[Any]) -> None:
    """Matikan pekerja beserta kernelnya. Kernel ada di sesi sendiri, jadi dicari sebagai keturunan."""
    for satu in proses:
        if satu.is_alive():
            try:
                _kill_descendants(psutil.Process(satu.pid))
            except psutil.NoSuchProcess:
                continue  # berakhir di antara dua baris ini
            satu.kill()
    for satu in proses:
        satu.join()


def _kill_descendants(proses: psutil.Process) -> None:
    """Matikan semua keturunan, dan tunggu sampai tidak satu pun masih dapat menulis."""
    keturunan = proses.children(recursive=True)
    for anak in keturunan:
        with suppress(psutil.NoSuchProcess):  # sudah berakhir sendiri
            anak.kill()
    batas = time.monotonic() + _BERAKHIR
    while any(map(_can_run, keturunan)) and time.monotonic() < batas:
        time.sleep(0.005)


def _can_run(proses: psutil.Process) -> bool:
    # Bukan psutil.wait_procs: cucu yang mati tinggal sebagai zombi selama orang tuanya belum menjemputnya.
    try:
        return proses.is_running() and proses.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def run_all(
    tugas: Sequence[Tugas],
    kerja: Kerja,
    jobs: int,
    layar: Layar,
    *,
    jalan: Callable[..., Iterator[Selesai]] = run_side_by_side,
    denyut: Callable[[], None] | None = None,
    periksa: Callable[[str], str | None] = lambda nama: None,
) -> tuple[dict[str, float], dict[str, str]]:
    """Jalankan semua pekerjaan sambil mengabari ``layar``: detik yang jadi, dan yang gagal dengan sebabnya.

    ``periksa`` mengolah hasil yang jadi dan boleh menolaknya dengan sebuah sebab. Bila pemanggil berhenti di tengah,
    semua pekerja mati saat itu juga, sebelum folder yang mereka tulisi dihapus.
    """
    jadi, gagal = {}, {}
    jobs = min(jobs, len(kerja))
    if tugas:
        layar.begin(tugas, jobs)
    with closing(jalan(kerja, jobs, mulai=layar.start, denyut=denyut or layar.tick)) as hasil:
        for x in hasil:
            galat = x.galat or (str(x.isi) if x.isi else periksa(x.nama))
            if galat is None:
                jadi[x.nama] = x.detik
            else:
                gagal[x.nama] = galat
            layar.finish(x.nama, x.detik, galat)
    return jadi, gagal


@contextmanager
def stop_on_signals() -> Iterator[None]:
    """Selama blok ini, SIGINT, SIGTERM, dan SIGHUP menjadi :class:`Dihentikan`, supaya pembersihan sempat berjalan."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    diterima: list[int] = []

    def berhenti(sinyal: int, _: object) -> None:
        diterima.append(sinyal)
        raise Dihentikan(sinyal)

    semula = {sinyal: signal.signal(sinyal, berhenti) for sinyal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    except Exception as galat:
        # Mesin hitung menelan pengecualian dari penangan sinyal dan melempar galatnya sendiri.
        if diterima:
            raise Dihentikan(diterima[0]) from galat
        raise
    finally:
        for sinyal, penangan in semula.items():
            signal.signal(sinyal, penangan)
