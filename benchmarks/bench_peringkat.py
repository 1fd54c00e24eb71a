"""Cakupan selang peringkat: sebaran marginal ulangan dan selang serentak (Klein, Wright, dan Wieczorek 2020).

Jalankan: ``python benchmarks/bench_peringkat.py [--sampel 500]``. Setiap sampel adalah taksiran normal di sekitar nilai
sejati yang berjarak sama; ulangannya ditarik di sekitar taksiran itu, seperti bootstrap. Cakupan dihitung terhadap
peringkat sejati: rata-rata semua unit, unit yang sejatinya terbaik, dan semua unit sekaligus. Tingkat nominal 90%.
"""

from __future__ import annotations

import argparse

import numpy as np

from kinerja.index import joint_rank_intervals, rank_array

TINGKAT = 0.90
KEADAAN = {
    "8 unit, galat 0,5 jarak": (8, 0.5),
    "34 unit, galat 1 jarak": (34, 1.0),
    "34 unit, galat 5 jarak": (34, 5.0),
}
"""Nama -> (banyak unit, galat baku dalam satuan jarak antarunit)."""


def simulate(unit: int, se: float, sampel: int, ulangan: int, acak: np.random.Generator) -> dict[str, np.ndarray]:
    """Batas peringkat tiap sampel: nama cara -> (2, sampel, unit)."""
    sejati = np.arange(unit, 0.0, -1.0)
    galat = np.full(unit, se)
    hasil = {"marginal": [], "serentak": []}
    for _ in range(sampel):
        taksiran = sejati + se * acak.standard_normal(unit)
        ulang = rank_array(taksiran + se * acak.standard_normal((ulangan, unit)))
        hasil["marginal"].append(np.quantile(ulang, [(1 - TINGKAT) / 2, (1 + TINGKAT) / 2], axis=0))
        hasil["serentak"].append(joint_rank_intervals(taksiran, galat, TINGKAT))
    return {nama: np.array(isi).transpose(1, 0, 2) for nama, isi in hasil.items()}


def main() -> None:
    """Cetak cakupan dan lebar rata-rata."""
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--sampel", type=int, default=500)
    p.add_argument("--ulangan", type=int, default=400)
    p.add_argument("--benih", type=int, default=1)
    a = p.parse_args()
    acak = np.random.default_rng(a.benih)
    print(f"{'keadaan':<30}{'selang':<12}{'rata-rata':>10}{'terbaik':>9}{'serentak':>10}{'lebar':>8}")
    for nama, (unit, se) in KEADAAN.items():
        for cara, (bawah, atas) in simulate(unit, se, a.sampel, a.ulangan, acak).items():
            kena = (bawah <= np.arange(1, unit + 1)) & (np.arange(1, unit + 1) <= atas)
            angka = kena.mean(), kena[:, 0].mean(), kena.all(axis=1).mean()
            print(
                f"{nama:<30}{cara:<12}{angka[0]:>10.3f}{angka[1]:>9.3f}{angka[2]:>10.3f}{(atas - bawah).mean():>8.1f}"
            )


if __name__ == "__main__":
    main()
