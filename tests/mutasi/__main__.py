"""Semua baris, atau sebagian: ``python -m tests.mutasi [--banyak N] [--putaran TEKS] [--proses N] [--tabel NAMA]``."""

from __future__ import annotations

import argparse
import time
from collections import Counter

from tests.mutasi import jaring


def main() -> int:
    urai = argparse.ArgumentParser(prog="python -m tests.mutasi", description=__doc__)
    urai.add_argument("--banyak", type=int, help="contoh sebanyak ini; tanpa pilihan ini semua baris")
    urai.add_argument("--putaran", default="", help="contoh yang lain bagi teks yang lain")
    urai.add_argument("--proses", type=int, default=2)
    urai.add_argument("--tabel", help="hanya tabel ini")
    pilihan = urai.parse_args()
    semua = [x for x in jaring.rows(jaring.AKAR / "data" / "raw") if pilihan.tabel in (None, x.tabel)]
    if pilihan.banyak:
        semua = jaring.sample(semua, pilihan.banyak, pilihan.putaran)
    mulai = time.perf_counter()
    with jaring.Jaring() as satu:
        hasil = satu.noticed(semua, pilihan.proses)
    selamat = [x for x, siapa in hasil if not siapa]
    dijelaskan = jaring.explained()
    terbuka = [x for x in selamat if (x.berkas, x.kunci) not in dijelaskan]
    for x in sorted(selamat, key=str):
        print(f"selamat: {x}; {dijelaskan.get((x.berkas, x.kunci), 'BELUM DIJELASKAN')}")
    for siapa, banyak in Counter(siapa or "(tidak seorang pun)" for _, siapa in hasil).most_common():
        print(f"{banyak:6} {siapa}")
    print(
        f"{len(hasil) - len(selamat)} dari {len(hasil)} mutasi terlihat "
        f"({100 * (1 - len(selamat) / max(len(hasil), 1)):.2f}%), {len(terbuka)} belum dijelaskan; "
        f"{time.perf_counter() - mulai:.0f} s"
    )
    return bool(terbuka)


if __name__ == "__main__":
    raise SystemExit(main())
