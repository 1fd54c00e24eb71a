"""Indeks Partisipasi Sosial: rata-rata DoS x 0,5 + rata-rata EP x 0,5, dengan kelas A sampai E.

DoS (*Duration of Services*) dan EP (*Engagement Performance*) berskala 0 sampai 1. Sumber: LKj, SS 2, Indeks
Partisipasi Sosial. Celah di antara kelas ditutup menurut aturan :mod:`kinerja.kelas`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from kinerja.data import Data
from kinerja.errors import GalatHitung
from kinerja.kelas import classify


def score(dos: Sequence[float], ep: Sequence[float], *, bobot_dos: float = 0.5, bobot_ep: float = 0.5) -> float:
    """IPS dari nilai tiap responden.

    Parameters
    ----------
    dos, ep : sequence of float, shape (n_responden,)
        Nilai DoS dan EP, 0 sampai 1. Jawaban hilang (NaN) tidak ikut rata-rata dimensinya, tetapi responden itu tetap
        ikut rata-rata dimensi yang dijawabnya.
    bobot_dos, bobot_ep : float
        Bobot kedua rata-rata; jumlahnya 1.

    Returns
    -------
    float
        Indeks 0 sampai 1, tidak dibulatkan.

    Raises
    ------
    GalatHitung
        Bobot tidak berjumlah 1 atau negatif, nilai di luar 0 sampai 1, atau tidak ada jawaban.
    """
    if min(bobot_dos, bobot_ep) < 0 or abs(bobot_dos + bobot_ep - 1) > 1e-9:
        raise GalatHitung(f"Bobot DoS ({bobot_dos}) dan EP ({bobot_ep}) harus tidak negatif dan berjumlah 1.")
    return _mean(dos, "DoS") * bobot_dos + _mean(ep, "EP") * bobot_ep


def _mean(nilai: Sequence[float], nama: str) -> float:
    isi = np.asarray(nilai, dtype=float)
    isi = isi[~np.isnan(isi)]
    if not isi.size:
        raise GalatHitung(f"Tidak ada jawaban {nama} yang dapat dirata-ratakan.")
    if isi.min() < 0 or isi.max() > 1:
        raise GalatHitung(f"Nilai {nama} harus 0 sampai 1; ada {isi.min()} sampai {isi.max()}.")
    return float(isi.mean())


def classes(data: Data) -> pd.DataFrame:
    """Kelas IPS dari tertinggi: ``kode``, ``nama``, ``bawah``, ``atas`` (indeks 0 sampai 1), ``keadaan``."""
    isi = data["ips_kelas"]
    batas = isi.pivot(index="kelas", columns="ukuran", values="nilai")
    sifat = isi.drop_duplicates("kelas").set_index("kelas")[["nama", "keadaan", "sumber", "bagian"]]
    hasil = sifat.join(batas[["bawah", "atas"]]).sort_values("bawah", ascending=False)
    return hasil.rename_axis("kode").reset_index()


def class_of(nilai: float | None, kelas: pd.DataFrame) -> str | None:
    """Kode kelas IPS, misalnya ``"B"`` untuk 0,684; lihat :func:`kinerja.kelas.classify`."""
    return classify(nilai, kelas)


def position(data: Data) -> pd.DataFrame:
    """Letak nilai tahun ini: targetnya, batas bawah kelasnya, dan target akhir Renstra, terendah lebih dulu.

    Returns
    -------
    pandas.DataFrame
        Berindeks ``titik`` (``batas_kelas``, ``target``, ``realisasi``, ``target_akhir``; yang tidak ada tidak ikut):
        ``titik``, ``nilai`` (indeks 0 sampai 1), ``kelas`` dan ``sebutan`` (kelas nilai itu).
    """
    iku = data["iku"].set_index("pembilang").loc["ips/nilai"]
    renstra, kelas = data["renstra"].query("kode == @iku.kode").sort_values("tahun"), classes(data)
    milik = class_of(data.nilai("ips/nilai"), kelas)
    ids = {"realisasi": "ips/nilai", "target": iku["target"]}
    if milik is not None:
        ids["batas_kelas"] = f"ips_kelas/{milik}/bawah"
    if len(renstra):
        ids["target_akhir"] = renstra["id"].iloc[-1]
    frame = pd.DataFrame({"titik": list(ids), "nilai": [data.nilai(x) for x in ids.values()]}, index=list(ids))
    frame["kelas"] = [class_of(x, kelas) for x in frame["nilai"]]
    frame["sebutan"] = frame["kelas"].map(kelas.set_index("kode")["nama"])
    frame.attrs = {"satuan": {"nilai": "indeks"}, "ids": {"nilai": ids}}
    return frame.sort_values("nilai", kind="stable")
