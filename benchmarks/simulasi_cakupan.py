"""Cakupan selang 95 persen Ikesos: indikator tanpa kasus, dan garis 40 persen yang ditaksir dari sampel.

Jalankan: ``python benchmarks/simulasi_cakupan.py [--sampel 500]``. Kodebuku, kerangka, dan populasinya kecil dan dibuat
di sini; hitungannya :func:`kinerja.ikesos.siapkan` dan :meth:`SiapIkesos.hitung` yang sama dengan yang dipakai laporan.

Populasi: 6 provinsi x 2 strata x 100 PSU x 60 orang, belanja lognormal dengan korelasi antaranggota PSU (ICC) yang
ditentukan. Sampel: acak sederhana PSU di tiap strata, lalu orang di tiap PSU. Keluaran: bagian sampel yang selangnya
memuat nilai populasi, dan simpangan baku taksiran dibagi rata-rata galat bakunya.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja.ikesos import Kerangka, siapkan
from kinerja.mikro import Kodebuku, periksa

PROVINSI, STRATA, PSU, ORANG = 6, 2, 100, 60
SIMPUL = ("rt/A1", "rt", "IKESOS")


def butir(kode: str, jenis: str, untuk: str, pembilang: str, **lain: str) -> dict[str, str]:
    """Satu baris kodebuku."""
    isi = {"butir": kode, "jenis": jenis, "untuk": untuk, "pembilang": pembilang, "nama": kode, "sasaran": "",
           "unit": "", "penyebut": "", "arah": "", "tonggak_bawah": "", "tonggak_atas": "",
           "yakin": "pasti", "definisi": "", "keadaan": "", "sumber": "", "bagian": "", "catatan": ""}  # fmt: skip
    return isi | lain


def kodebuku() -> Kodebuku:
    """Dua sasaran: 40 persen terbawah menurut belanja, dan setiap orang; tiga indikator."""
    umum = {"sasaran": "rt ls", "unit": "art", "arah": "naik"}
    return periksa(
        pd.DataFrame(
            [
                butir("persen", "parameter", "rt", "40"),
                butir("bobot", "rancangan", "bobot", "W"),
                butir("ruta", "rancangan", "ruta", "NOMOR"),
                butir("kepala_ruta", "rancangan", "kepala_ruta", "NOMOR >= 0"),
                butir("strata", "rancangan", "strata", "STRATA"),
                butir("psu", "rancangan", "psu", "PSU"),
                butir("provinsi", "wilayah", "provinsi", "PROV"),
                butir("rt", "sasaran", "rt", "BELANJA <= kuantil(BELANJA, persen)", unit="art"),
                butir("ls", "sasaran", "ls", "BELANJA > 0", unit="art"),
                butir("A1", "indikator", "A1", "A1 = 1", **umum),
                butir("B1", "indikator", "B1", "B1 = 1", **umum),
                butir("C1", "indikator", "C1", "C1 = 1", **umum),
            ]
        ),
        "simulasi",
    )


def kerangka(k: Kodebuku) -> Kerangka:
    """Satu dimensi, tiga subdimensi, tiga indikator."""
    indikator = pd.DataFrame(
        {
            "kode": ["A1", "B1", "C1"],
            "dimensi": "D",
            "subdimensi": ["SA", "SB", "SC"],
            "nama": ["A", "B", "C"],
            "berlaku_rt": "ya",
            "berlaku_ls": "ya",
        }
    )
    simpul = pd.DataFrame({"kode": ["IKESOS", "D", "SA", "SB", "SC"]}).assign(nama=lambda d: d["kode"])
    return Kerangka.susun(indikator, simpul, pd.DataFrame({"kode": ["rt", "ls"], "nama": ["rt", "ls"]}), k)


@dataclass(frozen=True)
class Kasus:
    """Satu populasi dan satu rancangan.

    Parameters
    ----------
    icc : float
        Korelasi belanja (log) antaranggota PSU.
    lereng : float
        Ketergantungan A1 dan B1 pada belanja (logit per simpangan baku).
    jarang : float
        Proporsi C1.
    psu, orang : int
        Terpilih tiap strata, dan tiap PSU.
    """

    nama: str
    icc: float = 0.33
    lereng: float = 1.8
    jarang: float = 0.5
    psu: int = 10
    orang: int = 12
    agregasi: str = "aritmetik"
    simpul: tuple[str, ...] = SIMPUL


KASUS = (
    Kasus("garis 40%, ICC 0,33"),
    Kasus("garis 40%, ICC 0,33, lereng 0,8", lereng=0.8),
    Kasus("garis 40%, ICC 0,66", icc=0.66),
    *(
        Kasus(f"{a}, indikator {100 * p:g}%, n {n}", 0.05, 0.3, p, n // 2 // 10, 10, a, ("ls",))
        for a in ("geometrik", "harmonik", "aritmetik")
        for p in (0.02, 0.2)
        for n in (40, 80, 120)
    ),
)


def populasi(kasus: Kasus, benih: int = 7) -> pd.DataFrame:
    """Seluruh penduduk."""
    acak = np.random.default_rng(benih)
    bentuk = (PROVINSI, STRATA, PSU, ORANG)
    wilayah = np.linspace(-0.25, 0.25, PROVINSI)[:, None, None, None]
    efek = acak.normal(0, np.sqrt(kasus.icc), bentuk[:3])[..., None]
    z = wilayah + efek + acak.normal(0, np.sqrt(1 - kasus.icc), bentuk)
    psu = acak.normal(0, 0.5, bentuk[:3])[..., None]

    def biner(logit: np.ndarray) -> np.ndarray:
        return (acak.random(bentuk) < 1 / (1 + np.exp(-logit))).ravel().astype(int)

    def logit(p: float) -> float:
        return float(np.log(p / (1 - p)))

    p, s, u, _ = (x.ravel() for x in np.indices(bentuk))
    return pd.DataFrame(
        {
            "PROV": p + 11, "STRATA": p * STRATA + s, "PSU": (p * STRATA + s) * PSU + u, "NOMOR": np.arange(len(p)),
            "BELANJA": np.exp(13 + 0.6 * z).ravel(), "A1": biner(0.2 + kasus.lereng * z),
            "B1": biner(-0.2 + 0.5 * kasus.lereng * z + psu), "C1": biner(logit(kasus.jarang) + psu + 0 * z),
        }
    )  # fmt: skip


def sampel(data: pd.DataFrame, kasus: Kasus, acak: np.random.Generator) -> pd.DataFrame:
    """Acak sederhana PSU tiap strata, lalu orang tiap PSU."""
    psu = acak.random((PROVINSI * STRATA, PSU)).argsort(axis=1)[:, : kasus.psu]
    psu = (psu + np.arange(PROVINSI * STRATA)[:, None] * PSU).ravel()
    orang = acak.random((len(psu), ORANG)).argsort(axis=1)[:, : kasus.orang]
    baris = (psu[:, None] * ORANG + orang).ravel()
    return data.iloc[baris].assign(W=PSU / kasus.psu * ORANG / kasus.orang).reset_index(drop=True)


def jalankan(kasus: Kasus, banyak: int) -> pd.DataFrame:
    """Cakupan tiap simpul, provinsi (rata-rata dan terburuk) dan nasional."""
    k = kodebuku()
    pohon = kerangka(k)
    data = populasi(kasus)
    pilihan = {"n_minimum": 1, "n_daun": 1}
    argumen = {"simpul": list(kasus.simpul), "agregasi": kasus.agregasi, "tahan": False}
    utuh = siapkan(data.assign(W=1.0), k, pohon, **pilihan)
    acak = np.random.default_rng(11)
    benar, kumpul = {t: utuh.hitung(t, **argumen)["nilai"].to_numpy() for t in ("nasional", "provinsi")}, []
    for _ in range(banyak):
        siap = siapkan(sampel(data, kasus, acak), k, pohon, **pilihan)
        for tingkat, nilai in benar.items():
            h = siap.hitung(tingkat, **argumen)
            kumpul.append(
                pd.DataFrame(
                    {"tingkat": tingkat, "sel": np.arange(len(h)), "simpul": h["simpul"], "nilai": h["nilai"],
                     "se": h["se"], "kena": (h["bawah"] <= nilai) & (nilai <= h["atas"])}
                )
            )  # fmt: skip
    isi = pd.concat(kumpul).groupby(["tingkat", "simpul", "sel"], sort=False)
    sel = pd.DataFrame({"cakupan": isi["kena"].mean(), "nisbah": isi["nilai"].std() / isi["se"].mean()})
    hasil = sel.groupby(["tingkat", "simpul"], sort=False).agg(
        cakupan=("cakupan", "mean"), terendah=("cakupan", "min"), nisbah=("nisbah", "mean")
    )
    return hasil.reset_index().assign(kasus=kasus.nama)[["kasus", "simpul", "tingkat", "cakupan", "terendah", "nisbah"]]


def main() -> None:
    """Jalankan semua kasus dan cetak tabelnya."""
    pilihan = argparse.ArgumentParser(description=__doc__)
    pilihan.add_argument("--sampel", type=int, default=500)
    pilihan.add_argument("--hanya", default="", help="potongan nama kasus")
    isi = pilihan.parse_args()
    for kasus in KASUS:
        if isi.hanya in kasus.nama:
            print(jalankan(kasus, isi.sampel).round(3).to_string(index=False, header=kasus is KASUS[0]), flush=True)


if __name__ == "__main__":
    main()
