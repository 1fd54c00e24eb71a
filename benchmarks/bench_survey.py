"""Waktu dan memori taksiran survei pada ukuran penuh: 30 indikator x 514 kabupaten/kota, 1,2 juta orang.

Jalankan: ``python benchmarks/bench_survey.py [--orang 1200000] [--cepat] [--tanpa-r]``. Datanya acak berbenih, bukan
survei sungguhan.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import tempfile
import textwrap
from pathlib import Path

import numpy as np
import pandas as pd
from ukur import Nisbah, peak_memory, print_ratios
from ukur import median as ukur

from surveyest import Design, estimate, jkn, quantile, rao_wu, replicate_estimates, replicate_variance, summarise

BANYAK_KABUPATEN, BANYAK_INDIKATOR = 514, 30
DOMAIN_PEMBANDING, DOMAIN_R = 6, 3


def buat_data(orang: int, benih: int = 1) -> pd.DataFrame:
    """Sampel buatan bentuk Susenas: tiap kabupaten dua strata (kota, desa), PSU sekitar 37 orang, indikator 0/1."""
    acak = np.random.default_rng(benih)
    banyak_psu = max(orang // 37, BANYAK_KABUPATEN * 4)
    strata_psu = np.sort(
        np.append(
            np.repeat(np.arange(BANYAK_KABUPATEN * 2), 2),
            acak.integers(0, BANYAK_KABUPATEN * 2, banyak_psu - BANYAK_KABUPATEN * 4),
        )
    )
    psu = np.sort(np.append(np.arange(banyak_psu), acak.integers(0, banyak_psu, orang - banyak_psu)))
    strata = strata_psu[psu]
    efek = acak.normal(0, 0.4, banyak_psu)[psu]
    data = {
        "kabupaten": strata // 2,
        "daerah": strata % 2 + 1,
        "provinsi": strata // 2 * 34 // BANYAK_KABUPATEN,
        "kelamin": acak.integers(1, 3, orang),
        "strata": strata,
        "psu": psu,
        "bobot": acak.gamma(4, 55, orang),
    }
    for i in range(BANYAK_INDIKATOR):
        ambang = acak.normal(0, 0.8)
        data[f"i{i + 1:02d}"] = (acak.normal(size=orang) + efek < ambang).astype(float)
    # Sepertiga indikator punya nilai kosong, dengan pola masing-masing.
    for i in range(0, BANYAK_INDIKATOR, 3):
        data[f"i{i + 1:02d}"][acak.random(orang) < 0.05] = np.nan
    return pd.DataFrame(data)


def pembanding_sederhana(data: pd.DataFrame, kabupaten: list[int]) -> np.ndarray:
    """Cara lazim: per domain dan per indikator, skor seluruh baris, groupby PSU, lalu ragam per strata."""
    nilai = []
    n_psu = data.groupby("strata")["psu"].nunique()
    for k in kabupaten:
        anggota = (data["kabupaten"] == k).to_numpy()
        for i in range(BANYAK_INDIKATOR):
            y = data[f"i{i + 1:02d}"].to_numpy()
            w = np.where(anggota & ~np.isnan(y), data["bobot"].to_numpy(), 0.0)
            y = np.nan_to_num(y)
            p = (w * y).sum() / w.sum()
            skor = pd.Series(w * (y - p) / w.sum())
            per_psu = skor.groupby([data["strata"], data["psu"]]).sum()
            strata = per_psu.groupby(level=0)
            ragam = (strata.var(ddof=1) * n_psu).sum()
            n = (w > 0).sum()
            acak = p * (1 - p) / (n - 1) * (1 - n / w.sum())
            nilai.append((p, np.sqrt(ragam), ragam / acak))
    return np.array(nilai).reshape(len(kabupaten), BANYAK_INDIKATOR, 3)


def bandingkan_r(data: pd.DataFrame) -> float | None:
    """Detik per domain x indikator di R survey, dari beberapa domain saja; None bila R tidak ada."""
    if shutil.which("Rscript") is None:
        print("R survey: dilewati, Rscript tidak terpasang di mesin ini.")
        return None
    ada = subprocess.run(
        ["Rscript", "-e", "quit(status = !requireNamespace('survey', quietly = TRUE))"],
        capture_output=True,
        check=False,
    )
    if ada.returncode:
        print("R survey: dilewati, Rscript ada tetapi paket survey tidak terpasang (Debian: r-cran-survey).")
        return None
    with tempfile.TemporaryDirectory() as folder:
        berkas = Path(folder) / "data.csv"
        data[["strata", "psu", "bobot", "kabupaten", "i01"]].to_csv(berkas, index=False)
        naskah = textwrap.dedent(f"""
            suppressMessages(library(survey))
            x <- read.csv("{berkas.as_posix()}")
            d <- svydesign(ids=~psu, strata=~strata, weights=~bobot, data=x)
            s <- subset(d, kabupaten < {DOMAIN_R})
            cat(system.time(svyby(~i01, ~kabupaten, s, svymean, na.rm=TRUE, deff=TRUE))[["elapsed"]])
        """)
        hasil = subprocess.run(["Rscript", "-e", naskah], capture_output=True, text=True, check=False)
    if hasil.returncode:
        print(f"R survey: gagal dijalankan: {hasil.stderr.strip()[-300:]}")
        return None
    return float(hasil.stdout) / DOMAIN_R


def main() -> None:
    """Cetak waktu, puncak memori, dan nisbah."""
    urai = argparse.ArgumentParser(description=__doc__)
    urai.add_argument("--orang", type=int, default=1_200_000)
    urai.add_argument("--cepat", action="store_true", help="satu ulangan, tanpa pembanding")
    urai.add_argument("--tanpa-r", action="store_true")
    pilihan = urai.parse_args()
    ulang = 1 if pilihan.cepat else 5

    data = buat_data(pilihan.orang)
    indikator = [f"i{i + 1:02d}" for i in range(BANYAK_INDIKATOR)]
    dasar = peak_memory()
    print(f"Data buatan: {len(data):,} orang, {data['psu'].nunique():,} PSU; memori proses {dasar:.2f} GB")

    t_desain, desain = ukur(lambda: Design.from_frame(data, weights="bobot", strata="strata", psu="psu"), ulang)
    t_sel, sel = ukur(lambda: summarise(desain, data, indikator, domain="kabupaten"), ulang)

    def taksir_baru():
        sel._cache.clear()
        return estimate(sel, "kabupaten")

    t_taksir, hasil = ukur(taksir_baru, ulang)
    t_tabel, _ = ukur(hasil.to_frame, ulang)
    pokok = t_desain + t_sel + t_taksir
    print(f"  rancangan                         {t_desain:8.3f} s")
    print(f"  ringkas menjadi sel               {t_sel:8.3f} s")
    print(f"  taksir 30 x 514 (se, deff, df)    {t_taksir:8.3f} s")
    print(f"  JUMLAH                            {pokok:8.3f} s; puncak memori {peak_memory():.2f} GB")
    print(f"  tabel dengan selang dan tanda     {t_tabel:8.3f} s")

    t_ulang, _ = ukur(lambda: estimate(sel, "kabupaten"), ulang)
    print(f"  taksir lagi, susunan tersimpan    {t_ulang:8.3f} s")
    t_halus, sel_halus = ukur(
        lambda: summarise(desain, data, indikator, domain=["provinsi", "kabupaten", "daerah", "kelamin"]), 1
    )
    print(f"  ringkas 4 kolom domain            {t_halus:8.3f} s ({len(sel_halus.psu):,} sel)")
    for domain in (["provinsi"], ["kabupaten", "kelamin"], None):
        sel_halus._cache.clear()
        t, _ = ukur(lambda d=domain: estimate(sel_halus, d), 1)
        print(f"  taksir {'+'.join(domain or ['nasional']):<27}{t:8.3f} s")
    replikasi = rao_wu(desain, 200 if pilihan.cepat else 1000, seed=1)
    t_rep, nilai = ukur(lambda: replicate_estimates(sel, replikasi, "kabupaten"), 1)
    se_rep = np.sqrt(replicate_variance(nilai, replikasi))
    nisbah = np.nanmedian(se_rep / hasil.se)
    print(f"  Rao-Wu {replikasi.count} replikasi x 514 x 30   {t_rep:8.3f} s; median se/se linearisasi {nisbah:.3f}")
    t_kuantil, _ = ukur(
        lambda: quantile(
            desain, data.assign(y=data["bobot"] + data["i02"]), "y", [0.25, 0.5, 0.75], domain="kabupaten"
        ),
        1,
    )
    print(f"  3 kuantil x 514                   {t_kuantil:8.3f} s")
    print(f"  puncak memori seluruhnya          {peak_memory():8.2f} GB")
    print(f"  (jackknife JKn pada {jkn(desain).count:,} PSU tidak dijalankan; pakai linearisasi atau Rao-Wu)")
    if pilihan.cepat:
        return

    contoh = list(range(0, BANYAK_KABUPATEN, BANYAK_KABUPATEN // DOMAIN_PEMBANDING))[:DOMAIN_PEMBANDING]
    t_sederhana, banding = ukur(lambda: pembanding_sederhana(data, contoh), 1)
    perkiraan = t_sederhana / len(contoh) * BANYAK_KABUPATEN
    beda = np.nanmax(np.abs(banding / np.stack([hasil.values, hasil.se, hasil.deff], axis=-1)[contoh] - 1))
    print(
        f"Pembanding pandas per domain: {t_sederhana:.1f} s untuk {len(contoh)} kabupaten; DIPERKIRAKAN (dikalikan, "
        f"tidak dijalankan penuh) {perkiraan:,.0f} s untuk 514: sekitar {perkiraan / pokok:,.0f} kali lebih lama."
    )
    print(f"  beda relatif terbesar taksiran, se, deff pada kabupaten itu: {beda:.1e}")
    nisbah = [
        Nisbah("30 indikator x 514 domain dengan galat baku", pokok, "pandas per domain (diperkirakan)", perkiraan)
    ]
    if not pilihan.tanpa_r:
        per_domain = bandingkan_r(data)
        if per_domain is not None:
            perkiraan = per_domain * BANYAK_KABUPATEN * BANYAK_INDIKATOR
            print(
                f"R survey: {per_domain:.3f} s per domain dan indikator; DIPERKIRAKAN {perkiraan:,.0f} s untuk "
                f"30 x 514: sekitar {perkiraan / pokok:,.0f} kali lebih lama."
            )
            nisbah.append(
                Nisbah("30 indikator x 514 domain dengan galat baku", pokok, "R survey (diperkirakan)", perkiraan)
            )
    print_ratios(nisbah)


if __name__ == "__main__":
    main()
