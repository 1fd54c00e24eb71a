"""Render seluruh laporan: kinerja render, papermill biasa satu per satu, dan sel yang sama dalam satu proses Python.

    python benchmarks/bench_render.py [--ulang 2] [--tahun 2020] [--notebook NAMA ...]

Semua cara dijalankan berselang-seling supaya beban mesin mengenai semuanya, lalu yang dibandingkan mediannya. Laporan
dari kernel hangat juga dibandingkan byte demi byte dengan laporan dari kernel dingin.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import nbformat
from ukur import Jalan, Nisbah, interleave, print_ratios, run

from kinerja import paths
from kinerja.render.rencana import select

BIN = Path(sys.executable).parent
PAPERMILL = "papermill satu per satu"
RENDER = "kinerja render"
DINGIN = "kinerja render --kernel dingin"
LAGI = "kinerja render lagi"
POLOS = "satu proses Python"


def plain_script(berkas: list[Path], tahun: int) -> str:
    """Semua sel kode semua notebook sebagai satu program; tiap notebook di ruang nama sendiri."""
    bagian = ["import os"]
    for satu in berkas:
        sel = [x.source for x in nbformat.read(satu, as_version=4).cells if x.cell_type == "code"]
        isi = "\n".join(baris for x in sel for baris in x.splitlines() if not baris.startswith("%"))
        bagian.append(f"os.environ['KINERJA_HALAMAN'] = {satu.stem!r}")
        bagian.append(f"exec(compile({isi!r}, {satu.stem!r}, 'exec'), {{'tahun': {tahun}}})")
    return "\n".join(bagian)


def ways(tahun: int, notebook: list[str], kerja: Path) -> dict[str, Callable[[], Jalan]]:
    """Cara-cara mengerjakan notebook yang sama."""
    berkas = list(select(notebook).values())
    program = kerja / "polos.py"
    program.write_text(plain_script(berkas, tahun), "utf-8")
    pilihan = [x for nama in notebook for x in ("--notebook", nama)]
    papermill = [
        [str(BIN / "papermill"), str(x), str(kerja / f"{x.stem}.out.ipynb"), "-p", "tahun", str(tahun)] for x in berkas
    ]

    def render(nama: str, *tambahan: str, kosongkan: bool = True) -> Callable[[], Jalan]:
        def jalankan() -> Jalan:
            if kosongkan:
                shutil.rmtree(kerja / nama, ignore_errors=True)
            perintah = [str(BIN / "kinerja"), "render", "--tahun", str(tahun), "--out", str(kerja / nama)]
            return run([[*perintah, *pilihan, *tambahan]], kerja)

        return jalankan

    return {
        PAPERMILL: lambda: run(papermill, kerja),
        RENDER: render("hangat"),
        LAGI: render("hangat", kosongkan=False),
        DINGIN: render("dingin", "--kernel", "dingin"),
        POLOS: lambda: run(
            [[sys.executable, str(program)]], kerja, MPLBACKEND="agg", KINERJA_KELUARAN=str(kerja / "polos")
        ),
    }


def differing(satu: Path, dua: Path) -> list[str]:
    """Berkas laporan yang tidak sama bytenya; manifes, yang mencatat waktu, tidak dibandingkan."""
    a, b = ({x.relative_to(folder): x for x in folder.rglob("*") if x.is_file()} for folder in (satu, dua))
    return sorted(
        str(x) for x in {*a, *b} if x.name != "manifest.json" and not (x in a and x in b and _same(a[x], b[x]))
    )


def _same(satu: Path, dua: Path) -> bool:
    return satu.read_bytes() == dua.read_bytes()


def main() -> None:
    """Jalankan, lalu cetak median dan nisbah."""
    urai = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    urai.add_argument("--ulang", type=int, default=2)
    urai.add_argument("--tahun", type=int, default=max(paths.tahun_tersedia()))
    urai.add_argument("--notebook", nargs="*", default=[])
    pilihan = urai.parse_args()
    with tempfile.TemporaryDirectory() as kerja:
        hasil = interleave(ways(pilihan.tahun, pilihan.notebook, Path(kerja)), pilihan.ulang)
        beda = differing(Path(kerja) / "hangat", Path(kerja) / "dingin")
    print(f"\n{len(select(pilihan.notebook))} notebook, median dari {pilihan.ulang} putaran:")
    for nama, x in hasil.items():
        print(f"{nama:<34}{x.detik:8.2f} detik, puncak {x.memori:.2f} GB")
    print(f"Kernel hangat dan dingin: {'sama byte demi byte' if not beda else 'BERBEDA: ' + ', '.join(beda)}.")
    detik = {nama: x.detik for nama, x in hasil.items()}
    print_ratios(
        [
            Nisbah("Render pertama", detik[RENDER], POLOS, detik[POLOS], 0.7),
            Nisbah("Render pertama", detik[RENDER], PAPERMILL, detik[PAPERMILL], 1 / 3),
            Nisbah("Render pertama", detik[RENDER], "kernel dingin", detik[DINGIN]),
            Nisbah("Render lagi, tidak ada yang berubah", detik[LAGI], "batas", 1.0, 1.0),
            Nisbah("Render lagi, tidak ada yang berubah", detik[LAGI], "render pertama", detik[RENDER]),
        ]
    )
    sys.exit(bool(beda))


if __name__ == "__main__":
    main()
