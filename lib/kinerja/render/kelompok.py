"""Menjalankan pekerjaan berdampingan di proses-proses sendiri, dan membereskan semuanya bila dihentikan.

Proses, bukan utas: menjalankan notebook mengganti folder kerja dan lingkungan proses. Prosesnya dicabangkan dari proses
yang sudah memuat pustakanya, sehingga impor dibayar sekali.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import Any

import psutil

_JEDA = 0.1
_JEDA_INDUK = 0.5
_BERAKHIR = 5.0
"""Detik menunggu proses yang sudah dibunuh; biasanya beberapa milidetik."""


class Dihentikan(BaseException):
    """Pengguna atau sistem meminta berhenti; bukan kesalahan, jadi tidak tertangkap ``except Exception``."""

    def __init__(self, sinyal: int) -> None:
        self.sinyal = sinyal
        super().__init__(f"dihentikan oleh sinyal {sinyal}")


@dataclass(frozen=True)
class Selesai:
    """Hasil satu pekerjaan.

    ``isi`` adalah nilai kembaliannya; ``galat`` satu kalimat bila prosesnya mati atau melempar pengecualian.
    """

    nama: str
    detik: float
    isi: Any = None
    galat: str | None = None


def cores() -> int:
    """Banyaknya inti yang boleh dipakai proses ini."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Pengasuh:
    """Proses tempat para pekerja dicabangkan, yang disiapkan selagi proses ini menyusun rencana.

    Dipakai sebagai konteks: penyiapannya mulai saat masuk, dan semuanya berakhir saat keluar. Di sistem yang tidak
    bercabang dengan aman tidak ada yang dapat diwarisi; pekerja dimulai langsung dari sini.

    Parameters
    ----------
    siapkan : callable, optional
        Yang memuat modul-modul untuk diwarisi pekerja; galatnya tidak dilaporkan, sebab pekerja akan menemuinya lagi.
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
        self,
        kerja: Sequence[tuple[str, Callable[[], Any]]],
        jobs: int,
        *,
        mulai: Callable[[str], None],
        denyut: Callable[[], None],
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
    nomor: int
    sejak: float
    sisa: int


def run_side_by_side(
    kerja: Sequence[tuple[str, Callable[[], Any]]],
    jobs: int,
    *,
    seproses: int = 1,
    mulai: Callable[[str], None] = lambda nama: None,
    denyut: Callable[[], None] = lambda: None,
) -> Iterator[Selesai]:
    """Jalankan pekerjaan menurut urutannya, paling banyak ``jobs`` sekaligus; hasilnya menurut urutan selesai.

    Pakai di dalam ``contextlib.closing``: pemanggil yang berhenti di tengah lalu mematikan semua pekerja saat itu juga,
    sebelum folder yang mereka tulisi dihapus.

    Parameters
    ----------
    kerja : sequence of (str, callable)
        Nama dan fungsi tanpa argumen yang dapat dikirim ke proses lain.
    jobs : int
        Banyaknya proses sekaligus.
    seproses : int
        Paling banyak sekian pekerjaan berurutan di satu proses. Bila proses mati, hanya yang sedang berjalan yang
        gagal; yang berikutnya mendapat proses baru.
    mulai : callable
        Dipanggil dengan nama pekerjaan yang baru dimulai.
    denyut : callable
        Dipanggil beberapa kali per detik, untuk menggambar ulang kemajuan.
    """
    # Di Linux cabang langsung mewarisi modul yang sudah dimuat; di sistem lain bercabang tidak aman.
    konteks = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
    antrean = deque(range(len(kerja)))
    jalan: dict[Connection, _Pekerja] = {}

    def beri(saluran: Connection, pekerja: _Pekerja) -> None:
        pekerja.nomor, pekerja.sejak = antrean.popleft(), time.perf_counter()
        pekerja.sisa -= 1
        with suppress(BrokenPipeError, ConnectionResetError):
            saluran.send(pekerja.nomor)  # pekerja yang baru saja mati terlihat saat hasilnya ditunggu
        mulai(kerja[pekerja.nomor][0])

    def isi_slot() -> None:
        while antrean and len(jalan) < jobs:
            saluran, ujung = konteks.Pipe()
            proses = konteks.Process(target=_work, args=([x for _, x in kerja], ujung, os.getpid()))
            proses.start()
            ujung.close()
            jalan[saluran] = _Pekerja(proses, -1, 0.0, seproses)
            beri(saluran, jalan[saluran])

    def terima_hasil(saluran: Connection) -> Selesai:
        pekerja = jalan[saluran]
        nama, kini = kerja[pekerja.nomor][0], time.perf_counter()
        try:
            isi, galat = saluran.recv()
        except (EOFError, ConnectionResetError):
            isi, galat = None, "proses pelaksananya mati sebelum selesai"
            pekerja.sisa = 0
        hasil = Selesai(nama, kini - pekerja.sejak, isi, galat)
        if antrean and pekerja.sisa:
            beri(saluran, pekerja)
        else:
            del jalan[saluran]
            akhiri(saluran, pekerja.proses)
        return hasil

    def akhiri(saluran: Connection, proses: Any) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):
            saluran.send(None)  # menutup saluran tidak cukup: cabang yang lebih muda mewarisi salinannya
        saluran.close()
        proses.join()

    # Objek induk tidak disapu pengumpul sampah cabang: menyentuhnya akan menyalin semua halaman memori bersama.
    gc.collect()
    gc.freeze()
    try:
        isi_slot()
        while jalan:
            selesai = [terima_hasil(x) for x in wait(list(jalan), timeout=_JEDA)]
            isi_slot()  # sebelum hasil diolah pemanggil, supaya inti tidak menganggur
            denyut()
            yield from selesai
    finally:
        gc.unfreeze()
        _kill([x.proses for x in jalan.values()])


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
