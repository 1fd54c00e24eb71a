"""Tolok ukur render: `kinerja render`, papermill biasa satu per satu, dan sel yang sama dalam satu proses Python.

Ketiganya dijalankan berselang-seling supaya beban mesin mengenai semuanya, lalu yang dibandingkan mediannya.

    python benchmarks/bench_render.py [--ulang 3] [--tahun 2020] [--notebook NAMA ...]
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat

from kinerja.render.kelompok import cores
from kinerja.render.rencana import select

BIN = Path(sys.executable).parent
PAPERMILL = "papermill satu per satu"
RENDER = "kinerja render"
POLOS = "satu proses Python"


def measure(perintah: list[list[str]], folder: Path, **lingkungan: str) -> float:
    """Detik dinding untuk menjalankan perintah berurutan; kegagalan menghentikan tolok ukur dengan keluarannya."""
    awal = time.perf_counter()
    for satu in perintah:
        hasil = subprocess.run(satu, cwd=folder, env=os.environ | lingkungan, capture_output=True, text=True)
        if hasil.returncode:
            akhir = "\n".join(hasil.stderr.splitlines()[-15:])
            raise SystemExit(f"Gagal: {' '.join(satu)}\n{akhir}")
    return time.perf_counter() - awal


def plain_script(berkas: list[Path], tahun: int) -> str:
    """Semua sel kode semua notebook sebagai satu program; tiap notebook di ruang nama sendiri."""
    bagian = ["import os"]
    for satu in berkas:
        sel = [x.source for x in nbformat.read(satu, as_version=4).cells if x.cell_type == "code"]
        isi = "\n".join(baris for x in sel for baris in x.splitlines() if not baris.startswith("%"))
        bagian.append(f"os.environ['KINERJA_HALAMAN'] = {satu.stem!r}")
        bagian.append(f"exec(compile({isi!r}, {satu.stem!r}, 'exec'), {{'tahun': {tahun}}})")
    return "\n".join(bagian)


def ways(tahun: int, notebook: list[str], kerja: Path) -> dict[str, Callable[[], float]]:
    """Tiga cara mengerjakan notebook yang sama; masing-masing mengembalikan detiknya."""
    berkas = list(select(notebook).values())
    program = kerja / "polos.py"
    program.write_text(plain_script(berkas, tahun), "utf-8")
    laporan = kerja / "laporan"
    pilihan = [x for nama in notebook for x in ("--notebook", nama)]
    papermill = [
        [str(BIN / "papermill"), str(x), str(kerja / f"{x.stem}.out.ipynb"), "-p", "tahun", str(tahun)] for x in berkas
    ]

    def render() -> float:
        shutil.rmtree(laporan, ignore_errors=True)
        return measure(
            [[str(BIN / "kinerja"), "render", "--tahun", str(tahun), "--out", str(laporan), *pilihan]], kerja
        )

    def polos() -> float:
        return measure([[sys.executable, str(program)]], kerja, MPLBACKEND="agg", KINERJA_KELUARAN=str(kerja / "polos"))

    return {PAPERMILL: lambda: measure(papermill, kerja), RENDER: render, POLOS: polos}


def main() -> None:
    """Jalankan, lalu cetak median, sebaran, dan perbandingan."""
    urai = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    urai.add_argument("--ulang", type=int, default=3)
    urai.add_argument("--tahun", type=int, default=2020)
    urai.add_argument("--notebook", nargs="*", default=[])
    pilihan = urai.parse_args()
    with tempfile.TemporaryDirectory() as kerja:
        cara = ways(pilihan.tahun, pilihan.notebook, Path(kerja))
        waktu: dict[str, list[float]] = {nama: [] for nama in cara}
        for putaran in range(pilihan.ulang):
            for nama, jalankan in cara.items():
                waktu[nama].append(jalankan())
                print(f"putaran {putaran + 1}  {nama:<24} {waktu[nama][-1]:7.2f} detik", flush=True)
    median = {nama: statistics.median(isi) for nama, isi in waktu.items()}
    print(f"\nPython {platform.python_version()}, {cores()} inti, {len(select(pilihan.notebook))} notebook")
    for nama, isi in waktu.items():
        print(f"{nama:<24} median {median[nama]:7.2f}  ({min(isi):.2f} sampai {max(isi):.2f}) detik")
    print(f"papermill / render = {median[PAPERMILL] / median[RENDER]:.2f} (tujuan paling sedikit 2)")
    print(f"render / satu proses = {median[RENDER] / median[POLOS]:.2f}")


if __name__ == "__main__":
    main()
