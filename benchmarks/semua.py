"""Jalankan semua tolok ukur di folder ini dan tulis ``docs/kinerja.md``: nisbah, keluaran lengkap, mesin, dan versi.

    python benchmarks/semua.py [--hanya render index ...] [--pilihan "besar=--penuh" ...] [--batas 600]

Setiap ``bench_*.py`` dijalankan di proses sendiri dengan pilihan bawaannya, atau dengan yang disebut ``--pilihan``.
Yang gagal atau melewati batas waktu disebut di hasilnya dan tidak menghentikan yang lain; kode keluarnya 1 bila ada
yang demikian.
"""

from __future__ import annotations

import argparse
import ast
import datetime as dt
import os
import platform
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import psutil
from ukur import KEPALA

SINI = Path(__file__).resolve().parent
PAKET = ("kinerja", "numpy", "pandas", "pyarrow", "matplotlib", "papermill", "ipykernel", "duckdb")

PENGANTAR = """# Kecepatan

Hasil pengukuran terakhir, ditulis oleh `python benchmarks/semua.py`. Yang menjadi pegangan adalah **nisbah**: hasil
dibagi pembandingnya, yang dijalankan bergiliran dalam jalan yang sama, sehingga mesin dan bebannya mengenai keduanya.
Memori adalah puncak proses itu beserta semua keturunannya, halaman bersama dihitung sekali.
"""


@dataclass(frozen=True)
class Hasil:
    """Keluaran satu tolok ukur."""

    nama: str
    judul: str
    perintah: str
    keluaran: str
    detik: float
    masalah: str = ""


def run_one(berkas: Path, batas: float, pilihan: Sequence[str] = ()) -> Hasil:
    """Jalankan satu tolok ukur; kegagalannya menjadi keterangan."""
    judul = (ast.get_docstring(ast.parse(berkas.read_text("utf-8"))) or berkas.stem).splitlines()[0].rstrip(".")
    awal, masalah = time.perf_counter(), ""
    with subprocess.Popen(
        [sys.executable, str(berkas), *pilihan],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as jalan:
        try:
            keluaran, galat = jalan.communicate(timeout=batas)
        except subprocess.TimeoutExpired:
            os.killpg(jalan.pid, signal.SIGKILL)  # beserta semua yang dijalankannya
            keluaran, _ = jalan.communicate()
            masalah = f"dihentikan setelah {batas:.0f} detik"
        else:
            if jalan.returncode:
                masalah = f"kode keluar {jalan.returncode}: {(galat.strip().splitlines() or ['tanpa pesan'])[-1]}"
    perintah = " ".join(["python", f"benchmarks/{berkas.name}", *pilihan])
    return Hasil(berkas.stem, judul, perintah, keluaran, time.perf_counter() - awal, masalah)


def ratio_rows(keluaran: str) -> list[str]:
    """Baris tabel nisbah di keluaran sebuah tolok ukur."""
    baris, di_dalam = [], False
    for satu in keluaran.splitlines():
        if satu == KEPALA:
            di_dalam = True
        elif di_dalam and not satu.startswith("|"):
            di_dalam = False
        elif di_dalam and not satu.startswith("|---"):
            baris.append(satu)
    return baris


def without_ratios(keluaran: str) -> str:
    """Keluaran tanpa tabel nisbahnya, yang sudah ada di atas."""
    return "\n".join(x for x in keluaran.splitlines() if not x.startswith("|")).strip()


def machine(beban: float) -> list[str]:
    """Mesin, beban saat mulai, tanggal, dan versi."""
    versi = ", ".join(f"{x} {metadata.version(x)}" for x in PAKET)
    memori = psutil.virtual_memory().total / 1e9
    return [
        f"- Tanggal: {dt.datetime.now(dt.UTC).date().isoformat()}",
        f"- Mesin: {_processor()}, {len(os.sched_getaffinity(0))} inti, {memori:.0f} GB, {platform.system()}",
        f"- Beban rata-rata satu menit sebelum mulai: {beban:.2f}".replace(".", ","),
        f"- Versi: Python {platform.python_version()}, {versi}",
    ]


def _processor() -> str:
    try:
        isi = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.machine()
    nama = [x.split(":", 1)[1].strip() for x in isi.splitlines() if x.startswith("model name")]
    return nama[0] if nama and nama[0] != "unknown" else platform.machine()


def page(semua: list[Hasil], beban: float) -> str:
    """Isi ``docs/kinerja.md``."""
    bagian = [PENGANTAR, *machine(beban), "", "## Nisbah", "", KEPALA, "|---|---|---|---|---|---|"]
    bagian += [baris for x in semua for baris in ratio_rows(x.keluaran)]
    for x in semua:
        bagian += ["", f"## {x.judul}", "", f"`{x.perintah}`, {x.detik:.0f} detik."]
        if x.masalah:
            bagian += ["", f"**Tidak selesai**: {x.masalah}."]
        if isi := without_ratios(x.keluaran):
            bagian += ["", "```text", isi, "```"]
    return "\n".join(bagian) + "\n"


def main() -> None:
    """Jalankan dan tulis."""
    urai = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    urai.add_argument("--hanya", nargs="*", default=[], help="nama tanpa bench_")
    urai.add_argument("--pilihan", nargs="*", default=[], metavar="NAMA=PILIHAN", help="pilihan satu tolok ukur")
    urai.add_argument("--batas", type=float, default=600, help="detik terlama per tolok ukur")
    urai.add_argument("--keluar", type=Path, default=SINI.parent / "docs" / "kinerja.md")
    pilihan = urai.parse_args()
    beban = os.getloadavg()[0]
    berkas = sorted(SINI.glob("bench_*.py"))
    ada = {x.stem.removeprefix("bench_"): x for x in berkas}
    tambahan = {x.partition("=")[0]: shlex.split(x.partition("=")[2]) for x in pilihan.pilihan}
    asing = sorted({*pilihan.hanya, *tambahan} - set(ada))
    if asing:
        raise SystemExit(f"Tolok ukur {', '.join(asing)} tidak ada; yang ada: {', '.join(ada)}.")
    semua = []
    for nama, satu in ada.items():
        if pilihan.hanya and nama not in pilihan.hanya:
            continue
        hasil = run_one(satu, pilihan.batas, tambahan.get(nama, ()))
        semua.append(hasil)
        print(f"{hasil.nama:<18}{hasil.detik:7.1f} detik  {hasil.masalah or 'selesai'}", flush=True)
    pilihan.keluar.write_text(page(semua, beban), "utf-8")
    print(f"Ditulis: {pilihan.keluar}")
    sys.exit(any(x.masalah for x in semua))


if __name__ == "__main__":
    main()
