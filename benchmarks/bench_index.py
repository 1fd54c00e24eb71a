"""Waktu dan memori indeks: 1.000 ulangan pada 514 unit x 29 indikator x 3 tingkat, dengan peringkat.

Jalankan: ``python benchmarks/bench_index.py [--draws 1000] [--unit 514]``. Pembanding adalah lingkaran biasa, satu
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

from indextree import (
    Normalisation,
    RandomWeights,
    Recipe,
    Scenario,
    Tree,
    delta_standard_error,
    rank_array,
    run_sensitivity,
    run_uncertainty,
    simulate_replicates,
)

SUBDIMENSIONS = {"A": (1, 1, 3, 2, 2), "B": (2, 3, 4, 3), "C": (3, 5)}
"""Banyak indikator tiap subdimensi pada tiga dimensi: bentuk kerangka Ikesos (9 + 12 + 8)."""

LIMIT_SECONDS = 0.3


def build_tree() -> Tree:
    """Pohon 29 indikator, 11 subdimensi, 3 dimensi, dengan tonggak 0-100."""
    rows = [("I", "", None, None)]
    for dimension, content in SUBDIMENSIONS.items():
        rows.append((dimension, "I", None, None))
        for s, count in enumerate(content, start=1):
            rows.append((f"{dimension}{s}", dimension, None, None))
            rows += [(f"{dimension}{s}.{k}", f"{dimension}{s}", 0, 100) for k in range(1, count + 1)]
    return Tree.from_table(pd.DataFrame(rows, columns=["code", "parent", "goalpost_lower", "goalpost_upper"]))


def measure(func: Callable[[], object], repeat: int = 5) -> tuple[float, float]:
    """Waktu terkecil (detik) dan puncak memori tambahan (MB) dari beberapa kali jalan."""
    times = []
    for _ in range(repeat):
        started = time.perf_counter()
        func()
        times.append(time.perf_counter() - started)
    tracemalloc.start()
    func()
    top = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return min(times), top


def loop(tree: Tree, x: np.ndarray, w: np.ndarray, geometric: bool) -> np.ndarray:
    """Lingkaran biasa: satu ulangan, satu simpul demi simpul, lalu peringkat pandas."""
    positions = {code: i for i, code in enumerate(tree.codes)}
    ranks = np.empty((len(w), x.shape[-2]), dtype=int)
    for r, weight in enumerate(w):
        values = {code: (x[r] if x.ndim == 3 else x)[:, i] for i, code in enumerate(tree.indicators)}
        for branches in tree.branches:
            children = tree.children[branches]
            b = np.array([weight[positions[k]] for k in children])
            v = np.column_stack([values[k] for k in children])
            values[branches] = np.exp(np.log(v) @ b / b.sum()) if geometric else v @ b / b.sum()
        scores = pd.Series(np.round(values[tree.top], 10))
        ranks[r] = scores.rank(ascending=False, method="min").astype(int)
    return ranks


def main() -> None:
    """Cetak tabel hasil."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--unit", type=int, default=514)
    choices = parser.parse_args()
    rng = np.random.default_rng(1)
    tree = build_tree()
    s = tree.compile()
    x = rng.uniform(1, 100, (choices.unit, len(tree.indicators)))
    w = s.weight * rng.uniform(0.75, 1.25, (choices.draws, len(s.codes)))
    print(f"{choices.draws} ulangan x {choices.unit} unit x {len(tree.indicators)} indikator, dengan peringkat")
    print(f"{'kasus':<44}{'waktu':>12}{'memori':>12}{'lingkaran':>12}{'ratio':>9}")

    def report(name: str, func: Callable[[], object], baseline: float | None = None, repeat: int = 5) -> float:
        seconds, memory = measure(func, repeat)
        other = f"{baseline:>10.2f} s{baseline / seconds:>8.0f}x" if baseline else ""
        print(f"{name:<44}{seconds * 1000:>9.2f} ms{memory:>9.1f} MB{other}")
        return seconds

    principal, ratios = 0.0, []
    for kind in ("arithmetic", "geometric"):
        started = time.perf_counter()
        expected = loop(tree, x, w, kind == "geometric")
        baseline = time.perf_counter() - started
        sj = s.with_aggregation(kind)
        if not (rank_array(sj.top(x, w)) == expected).all():
            raise SystemExit(f"Peringkat {kind} berbeda dari lingkaran biasa.")
        seconds = report(f"bobot digoyang, {kind}", lambda sj=sj: rank_array(sj.top(x, w)), baseline)
        principal = max(principal, seconds)
        ratios.append(Nisbah(f"{choices.draws} ulangan indeks {kind} dengan peringkat", seconds, "lingkaran", baseline))
    with_gaps = np.where(rng.random(x.shape) < 0.01, np.nan, x)
    report("bobot digoyang, 1% sel hilang", lambda: rank_array(s.top(with_gaps, w)))
    replicates = np.clip(x * rng.uniform(0.95, 1.05, (choices.draws, *x.shape)), 1, 100)
    started = time.perf_counter()
    loop(tree, replicates, w, False)
    baseline = time.perf_counter() - started
    report("galat sampel (larik ulangan) dan bobot", lambda: rank_array(s.top(replicates, w)), baseline, 3)
    data = pd.DataFrame(x, columns=list(tree.indicators))
    recipe = Recipe(Normalisation("goalposts", 1, 100))
    method = Scenario(
        draws=choices.draws,
        normalisation=(recipe.normalisation, Normalisation(lower=1)),
        aggregation=("arithmetic", "geometric"),
        weight=RandomWeights(),
    )
    report("skenario penuh (run_uncertainty)", lambda: run_uncertainty(data, tree, method, recipe=recipe), repeat=3)
    covariance = np.tile(np.eye(x.shape[1]), (len(x), 1, 1))
    samples = simulate_replicates(x, covariance, 200, seed=1, bounds=(0, 100))
    sampling = Scenario(draws=choices.draws, weight=RandomWeights(), sampling=True)
    report(
        "skenario bobot dan sampel (run_uncertainty)",
        lambda: run_uncertainty(data, tree, sampling, recipe=recipe, replicates=samples),
        repeat=2,
    )
    report(
        "Sobol 256 titik, per unit, bootstrap 200", lambda: run_sensitivity(data, tree, method, recipe=recipe), repeat=1
    )
    report("satu kali hitung, semua simpul", lambda: s.compute(x, s.weight_array({"A": 0.4})), repeat=50)
    report("satu kali hitung, 34 unit", lambda: s.compute(x[:34], s.weight_array({"A": 0.4})), repeat=50)
    report("galat baku delta semua simpul", lambda: delta_standard_error(s, x, covariance), repeat=20)
    condition = "terpenuhi" if principal <= LIMIT_SECONDS else "TIDAK terpenuhi"
    print(f"Batas {LIMIT_SECONDS} s untuk bobot digoyang dengan peringkat: {condition} ({principal:.3f} s).")
    print_ratios(ratios)
    if principal > LIMIT_SECONDS:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
