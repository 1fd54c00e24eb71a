"""Profil wilayah dari angka terbitan: 34 provinsi dan 514 kabupaten/kota sekaligus, dan satu per satu.

    python benchmarks/bench_profil.py [--mikro BERKAS] [--tahun 2020] [--satuan 11 32 94] [--tanpa-kabkota]

Cara satu per satu menyalakan `kinerja render --kernel dingin` untuk setiap wilayah, berselang-seling dengan kedua
kelompok. Dengan --mikro, survei diringkas sekali sebelum diukur; lamanya disebut tersendiri. Memori adalah puncak
seluruh pohon proses.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from ukur import Jalan, Nisbah, print_ratios, run

from kinerja import data
from kinerja.render.jalankan import cores
from kinerja.simpanan import buka_ikesos

KINERJA = str(Path(sys.executable).parent / "kinerja")
BATAS = {"semua": (34, 20.0), "kabkota": (514, 240.0)}
"""Kelompok -> banyaknya halaman dan detik terlama yang dijanjikan pada dua inti."""


def render(berkas: Path | None, tahun: int, wilayah: str, kerja: Path, *tambahan: str) -> Jalan:
    """Satu jalan ``kinerja render --wilayah``; laporannya ditulis ke ``kerja``."""
    perintah = [KINERJA, "render", "--tahun", str(tahun), "--notebook", "profil_wilayah", "--wilayah", wilayah]
    survei = ["--mikro", str(berkas)] if berkas else []
    hasil = run([[*perintah, *survei, "--out", str(kerja / wilayah), *tambahan]], kerja)
    print(f"{wilayah:<12}{hasil.detik:9.1f} detik{hasil.memori:8.2f} GB", flush=True)
    return hasil


def main() -> None:
    """Jalankan, lalu cetak waktu, memori, dan nisbah."""
    urai = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    urai.add_argument("--mikro", type=Path)
    urai.add_argument("--tahun", type=int, default=2020)
    urai.add_argument("--satuan", nargs="+", default=["11", "32", "94"])
    urai.add_argument("--tanpa-kabkota", action="store_true")
    pilihan = urai.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kerja = Path(folder)
        berkas = pilihan.mikro.resolve() if pilihan.mikro else None
        awal = time.perf_counter()
        if berkas:
            buka_ikesos(data.load(pilihan.tahun), str(berkas))
        print(f"survei: {time.perf_counter() - awal:.1f} detik; {cores()} inti", flush=True)
        kelompok = ["semua", *([] if pilihan.tanpa_kabkota else ["kabkota"])]
        giliran = iter(pilihan.satuan)
        dingin = [render(berkas, pilihan.tahun, next(giliran), kerja, "--kernel", "dingin")]
        hasil = {}
        for nama in kelompok:
            hasil[nama] = render(berkas, pilihan.tahun, nama, kerja)
            dingin += [render(berkas, pilihan.tahun, x, kerja, "--kernel", "dingin") for x in islice(giliran, 1)]
        dingin += [render(berkas, pilihan.tahun, x, kerja, "--kernel", "dingin") for x in giliran]
    satu = sum(x.detik for x in dingin) / len(dingin)
    baris = []
    for nama, jalan in hasil.items():
        banyak, batas = BATAS[nama]
        baris.append(Nisbah(f"{banyak} profil sekaligus", jalan.detik, "batas", batas, 1.0))
        baris.append(
            Nisbah(f"{banyak} profil, per halaman", jalan.detik / banyak, "satu per satu, kernel dingin", satu)
        )
    if len(hasil) == 2:
        pembanding = hasil["semua"].memori
        baris.append(Nisbah("514 profil, puncak memori", hasil["kabkota"].memori, "34 profil", pembanding, 1.25, "GB"))
    print_ratios(baris)


if __name__ == "__main__":
    main()
