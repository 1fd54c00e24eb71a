"""Pemeriksaan daftar penerima pada 1, 10, dan (dengan ``--penuh``) 100 juta baris: waktu, puncak memori, nisbah.

Dasarnya adalah DuckDB yang hanya membaca kolom-kolom yang sama, dalam proses yang sama tepat sebelum dan sesudah
pemeriksaan; yang dicetak nisbah terhadap rerata keduanya. Pembanding kedua adalah ``GROUP BY nik`` saja: tanpa itu NIK
ganda tidak dapat ditemukan dengan tepat, jadi tidak ada pemeriksaan yang lebih cepat daripadanya. Tiap ukuran
dikerjakan satu proses anak, supaya puncak memorinya milik ukuran itu saja. Daftarnya dibuat di folder sementara dan
dihapus.

    python benchmarks/bench_daftar.py [--penuh] [--baris N ...] [--memori GB] [--folder DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
import ibis
from ukur import Nisbah, print_ratios

import listcheck
from kinerja.cli import daftar as perintah_daftar
from kinerja.daftar import DTKS, MEMORI_GB, PEMBAYARAN, buatan, mutu

JUTA = 1_000_000
PERLU_GB = 1.5
"""Ruang disk tiap 100 juta baris yang diminta ada sebelum mulai, kali sepuluh bagi tumpahan."""


def lantai(con, folder: Path) -> float:
    """Detik untuk membaca semua kolom yang dipakai, tanpa menghitung apa pun selain jumlah dan nilai terbesar."""
    mulai = time.perf_counter()
    for nama, kolom in ((DTKS, ("nik", "provinsi")), (PEMBAYARAN, mutu.KOLOM.values())):
        isi = ", ".join(f"max({k})" for k in kolom)
        pola = folder / nama / "**" / "*.parquet"
        con.raw_sql(f"SELECT count(*), {isi} FROM read_parquet('{pola}', hive_partitioning=true)").fetchall()
    return time.perf_counter() - mulai


def kelompok(con, folder: Path) -> float:
    """Detik untuk membuat satu baris tiap NIK dari kedua daftar dan menghitung barisnya, tanpa ukuran lain."""
    mulai = time.perf_counter()
    nama = (f"read_parquet('{folder / x}/**/*.parquet', hive_partitioning=true)" for x in (DTKS, PEMBAYARAN))
    semua = " UNION ALL ".join(f"SELECT nik FROM {x}" for x in nama)
    con.raw_sql(f"SELECT max(n) FROM (SELECT nik, count(*) AS n FROM ({semua}) GROUP BY nik)").fetchall()
    return time.perf_counter() - mulai


def satu(folder: Path, baris: int, memori: float) -> dict:
    """Buat, baca, dan periksa satu ukuran."""
    acuan = perintah_daftar.acuan()
    inti = os.cpu_count() or 1
    mulai = time.perf_counter()
    ditanam = buatan.buat(folder / "isi", buatan.susun_rencana(baris, acuan.provinsi, acuan.kabkota), inti=inti)
    hasil = {"baris": int(ditanam.loc[ditanam["ukuran"] == "baris", "n"].sum()), "buat": time.perf_counter() - mulai}
    hasil["memori_buat"] = puncak()
    hasil["parquet"] = sum(x.stat().st_size for x in (folder / "isi").rglob("*.parquet")) / 1e9
    ditanam.to_parquet(folder / "ditanam.parquet")
    return hasil


def ukur(folder: Path, memori: float) -> dict:
    """Lantai, pemeriksaan, lantai; dan apakah yang ditemukan tepat yang ditanam."""
    import pandas as pd

    a = perintah_daftar.acuan()
    with listcheck.connect(scratch=folder, memory_gb=memori) as con:
        lantai(con, folder / "isi")
        dasar = [lantai(con, folder / "isi")]
        mulai, cpu = time.perf_counter(), time.process_time()
        temuan, _ = mutu.hitung(folder / "isi", folder, a, memori=memori)
        lama, lama_cpu = time.perf_counter() - mulai, time.process_time() - cpu
        cpu = time.process_time()
        dasar.append(lantai(con, folder / "isi"))
        dasar_cpu = time.process_time() - cpu
        per_nik = kelompok(con, folder / "isi")
    ditanam = pd.read_parquet(folder / "ditanam.parquet")
    kunci = [*mutu.KUNCI, "ukuran"]
    tepat = _rapi(temuan, kunci).equals(_rapi(ditanam, kunci))
    return {
        "lantai": sum(dasar) / 2, "kelompok": per_nik, "periksa": lama,
        "lantai_cpu": dasar_cpu, "periksa_cpu": lama_cpu,
        "memori": puncak(), "tepat": tepat,
    }  # fmt: skip


def _rapi(frame, kunci):
    frame = frame[frame["n"] > 0].set_index(kunci)[["n", "rupiah"]].sort_index()
    return frame.astype({"n": "int64", "rupiah": "Int64"}).reset_index().astype({"bulan": int, "provinsi": int})


def puncak() -> float:
    """Puncak memori proses sejauh ini, GB (Linux: ru_maxrss dalam KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def main() -> None:
    """Cetak satu baris tiap ukuran."""
    urai = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    urai.add_argument("--penuh", action="store_true", help="juga 100 juta baris (beberapa menit)")
    urai.add_argument("--baris", type=int, nargs="*")
    urai.add_argument("--memori", type=float, default=MEMORI_GB, help="batas memori DuckDB, GB")
    urai.add_argument("--folder", type=Path, help="tempat folder sementara; bawaan: folder sementara sistem")
    urai.add_argument("--anak", nargs=2, help=argparse.SUPPRESS)
    pilihan = urai.parse_args()
    if pilihan.anak:
        apa, folder = pilihan.anak[0], Path(pilihan.anak[1])
        isi = satu(folder, int(apa), pilihan.memori) if apa.isdigit() else ukur(folder, pilihan.memori)
        print(json.dumps(isi))
        return
    ukuran = pilihan.baris or [JUTA, 10 * JUTA] + [100 * JUTA] * pilihan.penuh
    beban = os.getloadavg()[0]
    print(
        f"Python {platform.python_version()}, DuckDB {duckdb.__version__}, Ibis {ibis.__version__}, "
        f"{os.cpu_count()} inti, batas memori DuckDB {pilihan.memori:g} GB, beban mesin {beban:.1f}"
    )
    nisbah = []
    print("  baris (juta)  parquet GB  buat s  lantai s  periksa s  x lantai  x CPU lantai  s/juta  puncak GB  tepat")
    for baris in ukuran:
        folder = Path(tempfile.mkdtemp(prefix="bench-daftar-", dir=pilihan.folder))
        try:
            if shutil.disk_usage(folder).free < 10 * PERLU_GB * 1e9 * baris / (100 * JUTA):
                print(f"  {baris / JUTA:12.1f}  dilewati: ruang disk di {folder} kurang")
                continue
            isi: dict = {}
            for apa in (str(baris), "ukur"):
                perintah = [sys.executable, __file__, "--memori", str(pilihan.memori), "--anak", apa, str(folder)]
                isi |= json.loads(subprocess.run(perintah, check=True, capture_output=True, text=True).stdout)
            print(
                f"  {isi['baris'] / JUTA:12.2f}{isi['parquet']:12.2f}{isi['buat']:8.1f}{isi['lantai']:10.2f}"
                f"{isi['periksa']:11.2f}{isi['periksa'] / isi['lantai']:13.1f}"
                f"{isi['periksa_cpu'] / isi['lantai_cpu']:17.1f}{isi['periksa'] / isi['baris'] * JUTA:8.2f}"
                f"{isi['memori']:11.2f}  {'ya' if isi['tepat'] else 'TIDAK'}",
                flush=True,
            )
            hal = f"Periksa daftar, {isi['baris'] / JUTA:.0f} juta baris"
            nisbah.append(Nisbah(hal, isi["periksa"], "DuckDB membaca kolom itu", isi["lantai"], 3.0))
            nisbah.append(Nisbah(hal, isi["periksa"], "GROUP BY nik saja", isi["kelompok"]))
            nisbah.append(Nisbah("GROUP BY nik saja", isi["kelompok"], "DuckDB membaca kolom itu", isi["lantai"]))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print_ratios(nisbah)


if __name__ == "__main__":
    main()
