"""Waktu dan memori indeks: 1.000 ulangan pada 514 unit x 29 indikator x 3 tingkat, dengan peringkat.

Jalankan: ``python benchmarks/bench_index.py [--ulangan 1000] [--unit 514]``. Pembanding adalah lingkaran biasa, satu
ulangan demi satu, di proses yang sama. Batas yang dijanjikan: 0,3 detik untuk bobot yang digoyang, dengan peringkat.
"""

from __future__ import annotations

import argparse
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
import pandas as pd
from ukur import Nisbah, print_ratios

from kinerja.index import (
    BobotAcak,
    Normalisasi,
    Pohon,
    Resep,
    Skenario,
    delta_standard_error,
    rank_array,
    run_sensitivity,
    run_uncertainty,
    simulate_replicates,
)

SUBDIMENSI = {"A": (1, 1, 3, 2, 2), "B": (2, 3, 4, 3), "C": (3, 5)}
"""Banyak indikator tiap subdimensi pada tiga dimensi: bentuk kerangka Ikesos (9 + 12 + 8)."""

BATAS_DETIK = 0.3


def build_tree() -> Pohon:
    """Pohon 29 indikator, 11 subdimensi, 3 dimensi, dengan tonggak 0-100."""
    baris = [("I", "", None, None)]
    for dimensi, isi in SUBDIMENSI.items():
        baris.append((dimensi, "I", None, None))
        for s, banyak in enumerate(isi, start=1):
            baris.append((f"{dimensi}{s}", dimensi, None, None))
            baris += [(f"{dimensi}{s}.{k}", f"{dimensi}{s}", 0, 100) for k in range(1, banyak + 1)]
    return Pohon.dari_tabel(pd.DataFrame(baris, columns=["kode", "induk", "tonggak_bawah", "tonggak_atas"]))


def measure(fungsi: Callable[[], object], ulang: int = 5) -> tuple[float, float]:
    """Waktu terkecil (detik) dan puncak memori tambahan (MB) dari beberapa kali jalan."""
    waktu = []
    for _ in range(ulang):
        mulai = time.perf_counter()
        fungsi()
        waktu.append(time.perf_counter() - mulai)
    tracemalloc.start()
    fungsi()
    puncak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return min(waktu), puncak


def loop(pohon: Pohon, x: np.ndarray, w: np.ndarray, geometrik: bool) -> np.ndarray:
    """Lingkaran biasa: satu ulangan, satu simpul demi simpul, lalu peringkat pandas."""
    letak = {kode: i for i, kode in enumerate(pohon.kode)}
    peringkat = np.empty((len(w), x.shape[-2]), dtype=int)
    for r, bobot in enumerate(w):
        nilai = {kode: (x[r] if x.ndim == 3 else x)[:, i] for i, kode in enumerate(pohon.indikator)}
        for cabang in pohon.cabang:
            anak = pohon.anak[cabang]
            b = np.array([bobot[letak[k]] for k in anak])
            v = np.column_stack([nilai[k] for k in anak])
            nilai[cabang] = np.exp(np.log(v) @ b / b.sum()) if geometrik else v @ b / b.sum()
        skor = pd.Series(np.round(nilai[pohon.puncak], 10))
        peringkat[r] = skor.rank(ascending=False, method="min").astype(int)
    return peringkat


def main() -> None:
    """Cetak tabel hasil."""
    urai = argparse.ArgumentParser(description=__doc__)
    urai.add_argument("--ulangan", type=int, default=1000)
    urai.add_argument("--unit", type=int, default=514)
    pilihan = urai.parse_args()
    acak = np.random.default_rng(1)
    pohon = build_tree()
    s = pohon.susun()
    x = acak.uniform(1, 100, (pilihan.unit, len(pohon.indikator)))
    w = s.bobot * acak.uniform(0.75, 1.25, (pilihan.ulangan, len(s.kode)))
    print(f"{pilihan.ulangan} ulangan x {pilihan.unit} unit x {len(pohon.indikator)} indikator, dengan peringkat")
    print(f"{'kasus':<44}{'waktu':>12}{'memori':>12}{'lingkaran':>12}{'nisbah':>9}")

    def report(nama: str, fungsi: Callable[[], object], banding: float | None = None, ulang: int = 5) -> float:
        detik, memori = measure(fungsi, ulang)
        lain = f"{banding:>10.2f} s{banding / detik:>8.0f}x" if banding else ""
        print(f"{nama:<44}{detik * 1000:>9.2f} ms{memori:>9.1f} MB{lain}")
        return detik

    utama, nisbah = 0.0, []
    for jenis in ("aritmetik", "geometrik"):
        mulai = time.perf_counter()
        harap = loop(pohon, x, w, jenis == "geometrik")
        banding = time.perf_counter() - mulai
        sj = s.dengan_agregasi(jenis)
        if not (rank_array(sj.puncak(x, w)) == harap).all():
            raise SystemExit(f"Peringkat {jenis} berbeda dari lingkaran biasa.")
        detik = report(f"bobot digoyang, {jenis}", lambda sj=sj: rank_array(sj.puncak(x, w)), banding)
        utama = max(utama, detik)
        nisbah.append(Nisbah(f"{pilihan.ulangan} ulangan indeks {jenis} dengan peringkat", detik, "lingkaran", banding))
    bolong = np.where(acak.random(x.shape) < 0.01, np.nan, x)
    report("bobot digoyang, 1% sel hilang", lambda: rank_array(s.puncak(bolong, w)))
    replikat = np.clip(x * acak.uniform(0.95, 1.05, (pilihan.ulangan, *x.shape)), 1, 100)
    mulai = time.perf_counter()
    loop(pohon, replikat, w, False)
    banding = time.perf_counter() - mulai
    report("galat sampel (larik ulangan) dan bobot", lambda: rank_array(s.puncak(replikat, w)), banding, 3)
    data = pd.DataFrame(x, columns=list(pohon.indikator))
    resep = Resep(Normalisasi("tonggak", 1, 100))
    metode = Skenario(
        ulangan=pilihan.ulangan,
        normalisasi=(resep.normalisasi, Normalisasi(bawah=1)),
        agregasi=("aritmetik", "geometrik"),
        bobot=BobotAcak(),
    )
    report("skenario penuh (run_uncertainty)", lambda: run_uncertainty(data, pohon, metode, resep=resep), ulang=3)
    kovarian = np.tile(np.eye(x.shape[1]), (len(x), 1, 1))
    tarikan = simulate_replicates(x, kovarian, 200, benih=1, batas=(0, 100))
    sampel = Skenario(ulangan=pilihan.ulangan, bobot=BobotAcak(), sampel=True)
    report(
        "skenario bobot dan sampel (run_uncertainty)",
        lambda: run_uncertainty(data, pohon, sampel, resep=resep, replikat=tarikan),
        ulang=2,
    )
    report(
        "Sobol 256 titik, per unit, bootstrap 200", lambda: run_sensitivity(data, pohon, metode, resep=resep), ulang=1
    )
    hasil = run_uncertainty(data, pohon, metode, resep=resep)
    report("peluang A di atas B, semua pasangan", hasil.peluang_di_atas, ulang=1)
    report("satu kali hitung, semua simpul", lambda: s.hitung(x, s.larik_bobot({"A": 0.4})), ulang=50)
    report("satu kali hitung, 34 unit", lambda: s.hitung(x[:34], s.larik_bobot({"A": 0.4})), ulang=50)
    report("galat baku delta semua simpul", lambda: delta_standard_error(s, x, kovarian), ulang=20)
    keadaan = "terpenuhi" if utama <= BATAS_DETIK else "TIDAK terpenuhi"
    print(f"Batas {BATAS_DETIK} s untuk bobot digoyang dengan peringkat: {keadaan} ({utama:.3f} s).")
    print_ratios(nisbah)
    if utama > BATAS_DETIK:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
