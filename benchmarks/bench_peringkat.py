"""Cakupan selang peringkat: sebaran marginal ulangan dan selang serentak (Klein, Wright, dan Wieczorek 2020).

Jalankan: ``python benchmarks/bench_peringkat.py [--sampling 500]``. Setiap sampel adalah taksiran normal di sekitar
nilai
sejati yang berjarak sama; ulangannya ditarik di sekitar taksiran itu, seperti bootstrap. Cakupan dihitung terhadap
peringkat sejati: rata-rata semua unit, unit yang sejatinya terbaik, dan semua unit sekaligus. Tingkat nominal 90%.
"""

from __future__ import annotations

import argparse

import numpy as np

from indextree import joint_rank_intervals, rank_array

LEVEL = 0.90
CASES = {
    "8 unit, galat 0,5 jarak": (8, 0.5),
    "34 unit, galat 1 jarak": (34, 1.0),
    "34 unit, galat 5 jarak": (34, 5.0),
}
"""Nama -> (banyak unit, galat baku dalam satuan jarak antarunit)."""


def simulate(unit: int, se: float, sampling: int, draws: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Batas peringkat tiap sampel: nama cara -> (2, sampel, unit)."""
    true = np.arange(unit, 0.0, -1.0)
    error = np.full(unit, se)
    result = {"marginal": [], "serentak": []}
    for _ in range(sampling):
        estimates = true + se * rng.standard_normal(unit)
        repeat = rank_array(estimates + se * rng.standard_normal((draws, unit)))
        result["marginal"].append(np.quantile(repeat, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0))
        result["serentak"].append(joint_rank_intervals(estimates, error, LEVEL))
    return {name: np.array(content).transpose(1, 0, 2) for name, content in result.items()}


def main() -> None:
    """Cetak cakupan dan lebar rata-rata."""
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--sampling", type=int, default=500)
    p.add_argument("--draws", type=int, default=400)
    p.add_argument("--seed", type=int, default=1)
    a = p.parse_args()
    rng = np.random.default_rng(a.seed)
    print(f"{'condition':<30}{'selang':<12}{'mean':>10}{'best':>9}{'serentak':>10}{'lebar':>8}")
    for name, (unit, se) in CASES.items():
        for method, (lower, upper) in simulate(unit, se, a.sampling, a.draws, rng).items():
            affected = (lower <= np.arange(1, unit + 1)) & (np.arange(1, unit + 1) <= upper)
            numbers = affected.mean(), affected[:, 0].mean(), affected.all(axis=1).mean()
            print(
                f"{name:<30}{method:<12}{numbers[0]:>10.3f}{numbers[1]:>9.3f}{numbers[2]:>10.3f}"
                f"{(upper - lower).mean():>8.1f}"
            )


if __name__ == "__main__":
    main()
