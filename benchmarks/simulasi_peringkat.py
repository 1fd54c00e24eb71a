"""Apakah peluang perubahan peringkat (`indextree.rank_change`) menepati sebutannya: tabel di docs/metode.md.

Jalankan: ``python benchmarks/simulasi_peringkat.py [--kali 100]``. Nilai sejati tersebar dengan simpangan baku 1.
"""

from __future__ import annotations

import argparse

import numpy as np

from indextree import rank_array, rank_change

KEADAAN = ((0.0, 0.2), (0.1, 0.2), (0.3, 0.2), (1.0, 0.2), (0.1, 0.05), (0.3, 0.05))
GOLONGAN = ((0.0, 0.5), (0.5, 0.8), (0.8, 1.01))


def satu_keadaan(unit: int, sebaran: float, galat: float, kali: int) -> tuple[list[str], float]:
    """Tiap golongan peluang: bagiannya, peluang yang disebut, dan bagian yang benar; lalu peluang "pasti" keliru."""
    acak, disebut, benar, keliru = np.random.default_rng(9), [], [], []
    se = np.full(unit, galat)
    for i in range(kali):
        dulu = acak.normal(size=unit)
        kini = dulu + acak.normal(0, sebaran, unit)
        hasil = rank_change(*(x + acak.normal(0, galat, unit) for x in (dulu, kini)), se, se, seed=i, draws=300)
        sejati = np.sign(rank_array(dulu) - rank_array(kini))
        arah = np.sign(hasil["change"].to_numpy(dtype=float))
        disebut.append(hasil["probability"][arah != 0])
        benar.append((sejati == arah)[arah != 0])
        keliru.append((hasil["certain"] & (sejati != arah)).any())
    p, q = np.concatenate(disebut), np.concatenate(benar)
    isi = []
    for bawah, atas in GOLONGAN:
        k = (p >= bawah) & (p < atas)
        isi.append(f"{k.mean():.2f}: {p[k].mean():.2f} / {q[k].mean():.2f}" if k.sum() > 30 else f"{k.mean():.2f}")
    return isi, float(np.mean(keliru))


def main() -> None:
    """Cetak tabel Markdown."""
    urai = argparse.ArgumentParser(description=__doc__)
    urai.add_argument("--kali", type=int, default=100)
    pilihan = urai.parse_args()
    print("| unit; sebaran; galat baku | < 0,5 | 0,5-0,8 | > 0,8 | pasti keliru |\n|---|---|---|---|---|")
    for unit in (34, 514):
        for sebaran, galat in KEADAAN:
            kali = max(pilihan.kali * 34 // unit, 10)
            isi, keliru = satu_keadaan(unit, sebaran, galat, kali)
            print(
                f"| {unit}, {sebaran:g}, {galat:g} | {' | '.join(isi)} | {keliru:.2f} |".replace(".", ","), flush=True
            )


if __name__ == "__main__":
    main()
