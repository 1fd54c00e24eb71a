"""Waktu dan memori kalibrasi, bobot replikasi, dan perubahan dua survei pada 1,2 juta orang x 514, di samping R.

Jalankan: ``python benchmarks/bench_kalibrasi.py [--orang 1200000] [--orang-r 60000] [--tanpa-r]``. R diberi sampel
kecil, yang juga dihitung ulang di sini; sampel besar hanya dihitung di sini.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from bench_statistik import data_belanja, di_r, rancangan, waktu
from ukur import peak_memory, print_ratios

from indextree import rank_change
from surveyest import Design, Replicates, calibrate, change, estimate, estimate_by_replicates, pool, quantile, summarise

REPLIKASI = 40
UKURAN = ["i01", "belanja"]
SEL = ("provinsi", "kelamin")
#: Sasaran karangan: jumlah sampel digeser menurut kode kategorinya.
PERSIAPAN_R = """
s <- xtabs(bobot ~ provinsi + kelamin, x); s[] <- s * (1 + 0.05 * sin(as.vector(row(s)) - 1))
p <- postStratify(d, ~provinsi + kelamin, as.data.frame(s))
rw <- as.matrix(x[, grep("^r[0-9]", names(x))])
r <- svrepdesign(data = x, repweights = rw, weights = ~bobot, type = "bootstrap", combined.weights = TRUE)"""


def sasaran(data: pd.DataFrame, kolom: str | tuple[str, ...]) -> pd.Series:
    """Jumlah bobot tiap kategori, digeser sampai lima persen menurut kode kolom pertamanya."""
    jumlah = data.groupby(list(kolom) if isinstance(kolom, tuple) else kolom)["bobot"].sum()
    kode = jumlah.index.get_level_values(0).to_numpy(dtype=float)
    geser = jumlah * (1 + 0.05 * np.sin(kode))
    return geser if isinstance(kolom, tuple) else geser * jumlah.sum() / geser.sum()


def berulang(data: pd.DataFrame, banyak: int = REPLIKASI) -> pd.DataFrame:
    """Data dengan kolom bobot bootstrap PSU (faktor Poisson: cukup untuk mengukur waktu, sama di R dan di sini)."""
    acak = np.random.default_rng(5)
    faktor = acak.poisson(1, (data["psu"].max() + 1, banyak)).astype(float)
    bobot = faktor[data["psu"]] * data["bobot"].to_numpy()[:, None]
    return pd.concat([data, pd.DataFrame(bobot, columns=[f"r{i}" for i in range(banyak)])], axis=1)


def replikasi(data: pd.DataFrame) -> Replicates:
    """Bobot replikasi dari kolom-kolom `berulang`."""
    kolom = list(data.filter(regex=r"^r\d+$").columns)
    return Replicates.from_frame(data, weights="bobot", replicates=kolom, kind="bootstrap", df=len(kolom) - 1)


def _pascastrata(d, x) -> float:
    c = calibrate(d, x, {SEL: sasaran(x, SEL)})
    return estimate(summarise(c, x, ["i01"], domain="provinsi"), "provinsi", kind="total").se[0, 0]


def _bereplikasi(_, x) -> float:
    r = replikasi(x)
    return estimate_by_replicates(summarise(r.design, x, ["i01"], domain="provinsi"), r, "provinsi").se[0, 0]


def _perubahan(_, x) -> float:
    """Dua survei berbagi PSU: laki-laki sebagai survei pertama, perempuan kedua."""
    tahun = {k: x[x["kelamin"] == k] for k in (1, 2)}
    # PSU yang hanya berisi satu jenis kelamin membuat strata tunggal di satu survei; sesudah disatukan tidak lagi.
    pilihan = {"weights": "bobot", "strata": "strata", "psu": "psu", "lonely_psu": "remove"}
    d = {k: Design.from_frame(t, **pilihan) for k, t in tahun.items()}
    cells = {k: summarise(d[k], t, ["belanja"], domain="provinsi") for k, t in tahun.items()}
    return change(estimate(pool(cells, shared_psu=True), ["period", "provinsi"]), (1, 2)).se[0, 0]


R = {
    "pasca-stratifikasi 68 sel, total x 34": ("cat(SE(svyby(~i01, ~provinsi, p, svytotal))[1])", _pascastrata),
    f"{REPLIKASI} bobot replikasi, rerata x 34": (
        "cat(SE(svyby(~i01, ~provinsi, r, svymean))[1])",
        _bereplikasi,
    ),
    "perubahan PSU bersama x 34": (
        "{b <- svyby(~belanja, ~kelamin + provinsi, d, svymean, covmat = TRUE); "
        "cat(sapply(0:33, function(k) SE(svycontrast(b, setNames(c(-1, 1), paste(1:2, k, sep = '.')))))[1])}",
        _perubahan,
    ),
}


def di_sini(data: pd.DataFrame) -> None:
    """Setiap pekerjaan pada ukuran penuh."""
    d = rancangan(data)
    kab = "kabupaten"

    def catat(nama, kerja):
        detik, hasil = waktu(kerja)
        print(f"  {nama:<48}{detik:8.2f} s   puncak {peak_memory():5.2f} GB", flush=True)
        return hasil

    print(f"{len(data):,} orang, {d.psu_count:,} PSU, 514 kabupaten/kota")
    margin = {"provinsi": sasaran(data, "provinsi"), "kelamin": sasaran(data, "kelamin")}
    banyak = {(kab, "kelamin"): sasaran(data, (kab, "kelamin"))}
    c = catat("pasca-stratifikasi provinsi x kelamin (68)", lambda: calibrate(d, data, {SEL: sasaran(data, SEL)}))
    catat(
        "pasca-stratifikasi kabupaten x kelamin (1.028)",
        lambda: calibrate(d, data, banyak),
    )
    catat("raking provinsi + kelamin", lambda: calibrate(d, data, margin, method="raking"))
    catat("logit provinsi + kelamin", lambda: calibrate(d, data, margin, method="logit", bounds=(0.5, 2)))
    s = catat("sel terkalibrasi, 2 ukuran x 514", lambda: summarise(c, data, UKURAN, domain=kab))
    catat("total terkalibrasi 2 x 514", lambda: estimate(s, kab, kind="total"))
    catat("median terkalibrasi x 514", lambda: quantile(c, data, "belanja", domain=kab))
    biasa = summarise(d, data, UKURAN, domain=kab)
    for bersama in (False, True):
        sebutan = "PSU bersama" if bersama else "sampel bebas"
        dua = catat(f"dua survei disatukan, {sebutan}", lambda b=bersama: pool({1: biasa, 2: biasa}, shared_psu=b))
        t = estimate(dua, ["period", kab])
        hasil = catat(f"perubahan 2 x 514, {sebutan}", lambda t=t: change(t, (1, 2)))
    catat(
        "perubahan peringkat 514, 4.000 tarikan",
        lambda: rank_change(*(x[:, 0] for x in (hasil.first, hasil.second, hasil.first_se, hasil.second_se)), seed=1),
    )
    besar = berulang(data)
    r = catat(f"{REPLIKASI} bobot replikasi dibaca", lambda: replikasi(besar))
    s = summarise(r.design, besar, UKURAN, domain=kab)
    catat("rerata dari replikasi 2 x 514", lambda: estimate_by_replicates(s, r, kab))


def main() -> None:
    """Cetak waktu, puncak memori, dan nisbah."""
    urai = argparse.ArgumentParser(description=__doc__)
    urai.add_argument("--orang", type=int, default=1_200_000)
    urai.add_argument("--orang-r", type=int, default=60_000)
    urai.add_argument("--tanpa-r", action="store_true")
    pilihan = urai.parse_args()
    di_sini(data_belanja(pilihan.orang))
    if not pilihan.tanpa_r:
        print_ratios(di_r(berulang(data_belanja(pilihan.orang_r)), R, PERSIAPAN_R))


if __name__ == "__main__":
    main()
