"""Waktu dan memori kemiskinan, ketimpangan, uji, dan regresi pada 1,2 juta orang x 514 kabupaten/kota, di samping R.

Jalankan: ``python benchmarks/bench_statistik.py [--orang 1200000] [--orang-r 60000] [--tanpa-r]``. R diberi sampel
kecil, yang juga dihitung ulang di sini; sampel besar hanya dihitung di sini.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import textwrap
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from bench_survey import buat_data
from ukur import Nisbah, peak_memory, print_ratios

from surveyest import (
    Design,
    RelativeLine,
    difference,
    independence_test,
    inequality,
    lorenz,
    poverty,
    regress,
    t_test,
)

RUMUS = "i01 ~ log(belanja) + C(daerah) * C(kelamin) + C(provinsi)"
#: Pekerjaan yang juga dijalankan R: nama -> ungkapan R yang mencetak satu galat baku.
R = {
    "P0, P1, P2 garis tetap x 514": (
        "cat(svyby(~P0 + P1 + P2, ~kabupaten, d, svymean)$se.P1[1])",
        lambda d, x: poverty(d, x, "belanja", 1e6, domain="kabupaten").se[0, 1],
    ),
    "khi-kuadrat Rao-Scott, 2 x 34": (
        "cat(svychisq(~kelamin + provinsi, d)$statistic)",
        lambda d, x: independence_test(d, x, "kelamin", "provinsi").second_order.statistic,
    ),
    "uji t dua sampel": (
        "cat(svyttest(belanja ~ kelamin, d)$statistic)",
        lambda d, x: t_test(d, x, "belanja", "kelamin")["t"].item(),
    ),
    "regresi logistik, 38 koefisien": (
        "cat(SE(suppressWarnings(svyglm(i01 ~ log(belanja) + factor(daerah) * factor(kelamin) + factor(provinsi), d,"
        " family = quasibinomial())))[2])",
        lambda d, x: regress(d, x, RUMUS, family="binomial").to_frame().loc[1, "se"],
    ),
}
PERSIAPAN_R = """
x$P0 <- as.numeric(x$belanja < 1e6); x$P1 <- pmax(0, 1 - x$belanja / 1e6); x$P2 <- x$P1^2
d <- update(d, P0 = x$P0, P1 = x$P1, P2 = x$P2)"""


def data_belanja(orang: int) -> pd.DataFrame:
    """Sampel buatan bench_survey dengan belanja lognormal yang berklaster dan tanpa nilai kosong pada i01."""
    data = buat_data(orang)[["kabupaten", "provinsi", "daerah", "kelamin", "strata", "psu", "bobot", "i01"]]
    acak = np.random.default_rng(7)
    efek = acak.normal(0, 0.3, data["psu"].max() + 1)[data["psu"]]
    return data.fillna({"i01": 0.0}).assign(belanja=np.exp(14.2 + efek + acak.normal(0, 0.5, len(data))).round())


def rancangan(data: pd.DataFrame) -> Design:
    """Rancangan sampel buatan."""
    return Design.from_frame(data, weights="bobot", strata="strata", psu="psu")


def waktu(kerja: Callable[[], object]) -> tuple[float, object]:
    """Detik sekali jalan, dan hasilnya."""
    mulai = time.perf_counter()
    hasil = kerja()
    return time.perf_counter() - mulai, hasil


def di_sini(data: pd.DataFrame) -> None:
    """Setiap penaksir pada ukuran penuh."""
    detik, d = waktu(lambda: rancangan(data))
    kab = "kabupaten"
    pekerjaan = {
        "P0, P1, P2 garis tetap": lambda: poverty(d, data, "belanja", 1e6, domain=kab),
        "P0, P1, P2 garis 60% median nasional": lambda: poverty(d, data, "belanja", RelativeLine(), domain=kab),
        "P0, P1, P2 garis 60% median kabupaten": lambda: poverty(d, data, "belanja", RelativeLine(by=kab), domain=kab),
        "Gini dan S80/S20": lambda: inequality(d, data, "belanja", domain=kab),
        "Lorenz, 9 ordinat": lambda: lorenz(d, data, "belanja", domain=kab),
        "khi-kuadrat Rao-Scott, 2 x 514": lambda: independence_test(d, data, "kelamin", kab),
        "uji t dua sampel": lambda: t_test(d, data, "belanja", "kelamin"),
        "regresi linear, 38 koefisien": lambda: regress(d, data, RUMUS),
        "regresi logistik, 38 koefisien": lambda: regress(d, data, RUMUS, family="binomial"),
    }
    print(f"{len(data):,} orang, {d.psu_count:,} PSU, 514 kabupaten/kota; rancangan {detik:.2f} s")
    for nama, kerja in pekerjaan.items():
        detik, hasil = waktu(kerja)
        print(f"  {nama:<40}{detik:8.2f} s   puncak {peak_memory():5.2f} GB", flush=True)
        if "tetap" in nama:
            detik, _ = waktu(lambda h=hasil: difference(h, {kab: 0}, {kab: 1}))
            print(f"  {'beda dua kabupaten':<40}{detik:8.2f} s")


def di_r(
    data: pd.DataFrame, pekerjaan: Mapping[str, tuple[str, Callable]] = R, persiapan: str = PERSIAPAN_R
) -> list[Nisbah]:
    """Pekerjaan yang sama di R survey pada sampel kecil; hasilnya harus sama."""
    if shutil.which("Rscript") is None:
        print("R survey: dilewati, Rscript tidak terpasang di mesin ini.")
        return []
    baris = "\n".join(
        f't <- system.time({{ x <- capture.output({kode}) }})[["elapsed"]]; cat(t, x, "\\n")'
        for kode, _ in pekerjaan.values()
    )
    with tempfile.TemporaryDirectory() as folder:
        berkas = Path(folder) / "data.csv"
        data.to_csv(berkas, index=False)
        naskah = textwrap.dedent(f"""
            suppressMessages(library(survey)); options(digits = 15)
            x <- read.csv("{berkas.as_posix()}")
            d <- svydesign(ids=~psu, strata=~strata, weights=~bobot, data=x)
        """)
        naskah += f"{persiapan}\n{baris}"
        hasil = subprocess.run(["Rscript", "-e", naskah], capture_output=True, text=True, check=False)
    if hasil.returncode:
        print(f"R survey: gagal dijalankan: {hasil.stderr.strip()[-300:]}")
        return []
    d, nisbah = rancangan(data), []
    for (nama, (_, kerja)), satu in zip(pekerjaan.items(), hasil.stdout.split("\n"), strict=False):
        r_detik, r = map(float, satu.split())
        detik, nilai = waktu(lambda k=kerja: k(d, data))
        print(f"  {nama:<40}{detik:8.2f} s   R {r_detik:7.2f} s   beda relatif {abs(nilai / r - 1):.0e}")
        nisbah.append(Nisbah(f"{nama}; {len(data)} orang", detik, "R survey", r_detik))
    return nisbah


def main() -> None:
    """Cetak waktu, puncak memori, dan nisbah."""
    urai = argparse.ArgumentParser(description=__doc__)
    urai.add_argument("--orang", type=int, default=1_200_000)
    urai.add_argument("--orang-r", type=int, default=60_000)
    urai.add_argument("--tanpa-r", action="store_true")
    pilihan = urai.parse_args()
    di_sini(data_belanja(pilihan.orang))
    if not pilihan.tanpa_r:
        print_ratios(di_r(data_belanja(pilihan.orang_r)))


if __name__ == "__main__":
    main()
