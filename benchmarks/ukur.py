"""Alat bersama tolok ukur: waktu, puncak memori, putaran berselang-seling, dan tabel nisbah.

Nisbah, bukan detik, yang dibandingkan antarmesin: setiap cara diukur berselang-seling dengan pembandingnya dalam satu
jalan, sehingga beban mesin mengenai keduanya. ``semua.py`` mengumpulkan tabel nisbah ke ``docs/kinerja.md``.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

KEPALA = "| yang diukur | hasil | pembanding | nisbah | tujuan | terpenuhi |"
_GARIS = "|---|---|---|---|---|---|"
_JEDA = 0.2


def median(kerja: Callable[[], object], ulang: int = 1) -> tuple[float, object]:
    """Median waktu (detik) dari ``ulang`` kali jalan, dan hasil yang terakhir."""
    waktu, hasil = [], None
    for _ in range(ulang):
        mulai = time.perf_counter()
        hasil = kerja()
        waktu.append(time.perf_counter() - mulai)
    return statistics.median(waktu), hasil


def peak_memory() -> float:
    """Puncak memori proses ini sejauh ini, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


@dataclass(frozen=True)
class Jalan:
    """Satu jalan program: detik dinding, dan puncak memori (GB) proses itu beserta semua keturunannya."""

    detik: float
    memori: float


def run(perintah: Sequence[Sequence[str]], folder: Path, **lingkungan: str) -> Jalan:
    """Jalankan perintah berurutan, seperti pemakai biasa: bytecode modul boleh disimpan Python untuk jalan berikutnya.

    Raises
    ------
    SystemExit
        Ada yang gagal; akhir keluarannya disebut.
    """
    biasa = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    awal, puncak = time.perf_counter(), 0.0
    for satu in perintah:
        with subprocess.Popen(
            satu, cwd=folder, env=biasa | lingkungan, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as proses:
            pengamat = _Pengamat(proses.pid)
            pengamat.start()
            galat = proses.stderr.read()
        pengamat.berhenti.set()
        pengamat.join()
        puncak = max(puncak, pengamat.puncak)
        if proses.returncode:
            raise SystemExit(f"Gagal: {' '.join(satu)}\n" + "\n".join(galat.splitlines()[-15:]))
    return Jalan(time.perf_counter() - awal, puncak / 1e9)


class _Pengamat(threading.Thread):
    """Jumlah memori sebuah proses dan keturunannya, diambil berkala; halaman bersama dihitung sekali (PSS)."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.puncak, self.berhenti = pid, 0.0, threading.Event()

    def run(self) -> None:
        jeda = _JEDA
        while not self.berhenti.wait(jeda):
            mulai = time.perf_counter()
            try:
                induk = psutil.Process(self.pid)
                pohon = [induk, *induk.children(recursive=True)]
            except psutil.Error:
                continue
            self.puncak = max(self.puncak, sum(map(_memory, pohon)))
            # Menjumlahkan halaman menahan proses yang diukur, dan makin banyak prosesnya makin lama: 2% waktu saja.
            jeda = max(_JEDA, 50 * (time.perf_counter() - mulai))


def _memory(proses: psutil.Process) -> float:
    try:
        for baris in Path(f"/proc/{proses.pid}/smaps_rollup").read_text().splitlines():
            if baris.startswith("Pss:"):
                return float(baris.split()[1]) * 1024
        return float(proses.memory_info().rss)
    except (OSError, psutil.Error):
        return 0.0


def interleave(cara: Mapping[str, Callable[[], Jalan]], ulang: int) -> dict[str, Jalan]:
    """Jalankan semua cara bergiliran sebanyak ``ulang`` putaran; median detik dan puncak memori setiap cara."""
    hasil: dict[str, list[Jalan]] = {nama: [] for nama in cara}
    for putaran in range(ulang):
        for nama, jalankan in cara.items():
            hasil[nama].append(jalankan())
            akhir = hasil[nama][-1]
            print(f"putaran {putaran + 1}  {nama:<34}{akhir.detik:8.2f} detik{akhir.memori:8.2f} GB", flush=True)
    return {
        nama: Jalan(statistics.median(x.detik for x in isi), max(x.memori for x in isi)) for nama, isi in hasil.items()
    }


@dataclass(frozen=True)
class Nisbah:
    """Satu baris tabel nisbah.

    ``nilai`` dan ``dasar`` dalam satuan yang sama (biasanya detik); ``tujuan`` nisbah terbesar yang dijanjikan, atau
    None bila tidak ada janji.
    """

    hal: str
    nilai: float
    pembanding: str
    dasar: float
    tujuan: float | None = None
    satuan: str = "detik"

    @property
    def nisbah(self) -> float:
        """Hasil dibagi pembandingnya."""
        return self.nilai / self.dasar

    def row(self) -> str:
        """Baris Markdown."""
        janji = "–" if self.tujuan is None else f"≤ {_number(self.tujuan)}"
        jawab = "–" if self.tujuan is None else ("ya" if self.nisbah <= self.tujuan else "**tidak**")
        return (
            f"| {self.hal} | {_number(self.nilai)} {self.satuan} | {self.pembanding}: {_number(self.dasar)} "
            f"{self.satuan} | {_number(self.nisbah)} | {janji} | {jawab} |"
        )


def _number(x: float) -> str:
    angka = f"{x:.0f}" if x >= 100 else f"{x:.3g}" if x < 0.1 else f"{x:.2f}"
    return angka.replace(".", ",")


def print_ratios(baris: Sequence[Nisbah]) -> None:
    """Cetak tabel nisbah sebagai Markdown."""
    print("\n".join(["", KEPALA, _GARIS, *(x.row() for x in baris), ""]))
