"""Cakupan selang 95% kemiskinan relatif, Gini, S80/S20, dan Lorenz dalam penarikan berulang dari satu populasi buatan.

Populasi lognormal berklaster: 2 strata x 300 PSU x 60 orang, ICC log pendapatan 0,25. Setiap sampel menarik PSU dan
orang secara acak sederhana. Jalankan: ``python benchmarks/simulasi_kemiskinan.py [--ulangan 300]``.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from surveyest import Design, Estimates, RelativeLine, inequality, lorenz, poverty, poverty_line
from surveyest.distribution import BANDWIDTHS

STRATA, PSU, ORANG = 2, 300, 60


def populasi(acak: np.random.Generator) -> np.ndarray:
    """Pendapatan (strata x PSU, orang)."""
    klaster = acak.normal(0, 0.35, (STRATA * PSU, 1)) + 0.3 * (np.arange(STRATA * PSU)[:, None] >= PSU)
    return np.exp(klaster + acak.normal(0, 0.6, (STRATA * PSU, ORANG)))


def nilai_sejati(y: np.ndarray) -> dict[str, float]:
    """Parameter populasi."""
    y = np.sort(y.ravel())
    z, n = 0.6 * np.quantile(y, 0.5), len(y)
    return {
        "P0": (y < z).mean(),
        "P1": np.maximum(0, 1 - y / z).mean(),
        "line": z,
        "gini": (2 * (np.arange(1, n + 1) * y).sum() / y.sum() - (n + 1)) / n,
        "qsr": y[int(0.8 * n) :].sum() / y[: int(0.2 * n)].sum(),
        "L(0.4)": y[: int(0.4 * n)].sum() / y.sum(),
    }


def taksiran(y: np.ndarray, psu: int, orang: int, acak: np.random.Generator) -> list[tuple[str, Estimates]]:
    """Satu sampel: (lebar kernel, taksirannya)."""
    terpilih = np.concatenate([acak.choice(PSU, psu, replace=False) + h * PSU for h in range(STRATA)])
    p = np.repeat(terpilih, orang)
    k = np.concatenate([acak.choice(ORANG, orang, replace=False) for _ in terpilih])
    data = pd.DataFrame({"s": p // PSU, "p": p, "w": y.size / len(p), "y": y[p, k]})
    d = Design.from_frame(data, weights="w", strata="s", psu="p")
    hasil = [("", inequality(d, data, "y")), ("", lorenz(d, data, "y", 0.4))]
    for lebar in BANDWIDTHS:
        garis = RelativeLine(bandwidth=lebar)
        hasil += [(lebar, poverty(d, data, "y", garis, orders=(0, 1))), (lebar, poverty_line(d, data, "y", garis))]
    return hasil


def main() -> None:
    """Cetak cakupan dan nisbah simpangan baku taksiran terhadap galat bakunya."""
    urai = argparse.ArgumentParser(description=__doc__)
    urai.add_argument("--ulangan", type=int, default=300)
    ulangan = urai.parse_args().ulangan
    acak = np.random.default_rng(11)
    y = populasi(acak)
    sejati = nilai_sejati(y)
    for psu, orang in ((6, 10), (15, 20), (40, 20)):
        baris = []
        for _ in range(ulangan):
            for sebutan, t in taksiran(y, psu, orang, acak):
                bawah, atas = t.interval()
                for j, n in enumerate(t.names):
                    kena = bawah[0, j] <= sejati[n] <= atas[0, j]
                    baris.append((f"{n} {sebutan}", kena, t.values[0, j], t.se[0, j] ** 2))
        kelompok = pd.DataFrame(baris, columns=["ukuran", "cakupan", "nilai", "ragam"]).groupby("ukuran")
        hasil = kelompok["cakupan"].mean().to_frame()
        hasil["sd/se"] = kelompok["nilai"].std() / np.sqrt(kelompok["ragam"].mean())
        print(f"{STRATA * psu} PSU x {orang} orang\n{hasil.round(3).to_string()}", flush=True)


if __name__ == "__main__":
    main()
