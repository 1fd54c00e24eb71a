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


def bands(data: Data) -> pd.DataFrame:
    """Kelas-kelas IPS beserta nilai tahun ini di kelasnya.

    Returns
    -------
    pandas.DataFrame
        :func:`classes` ditambah ``nilai`` (indeks; hanya terisi pada kelas tempat nilai tahun ini berada).
    """
    kelas = classes(data)
    nilai = data.nilai("ips/nilai")
    milik = class_of(nilai, kelas)
    return kelas.assign(nilai=[nilai if kode == milik else np.nan for kode in kelas["kode"]])


def components(data: Data) -> pd.DataFrame:
    """Komponen IPS dan cakupannya seperti dicetak: satu baris per ukuran, yang tidak dicetak tetap ada.

    Returns
    -------
    pandas.DataFrame
        Kolom ``ukuran``, ``nilai``, ``teks``, ``satuan``, ``keadaan``, ``bagian``, ``sumber``, ``id``, ``catatan``.
    """
    kolom = ["ukuran", "nilai", "teks", "satuan", "keadaan", "bagian", "sumber", "id", "catatan"]
    return data["ips"][kolom].reset_index(drop=True)


def implied_sum(data: Data) -> float | None:
    """Jumlah rata-rata DoS dan EP yang tersirat dari nilai IPS bila kedua bobotnya sama; None bila nilainya hilang.

    Rata-rata DoS dan EP sendiri tidak dicetak; hanya jumlah ini yang pasti (2 x IPS pada bobot 0,5).

    Raises
    ------
    GalatHitung
        Bobotnya tidak sama, sehingga tidak ada jumlah yang tersirat.
    """
    nilai, dos, ep = (data.nilai(f"ips/{x}") for x in ("nilai", "bobot_dos", "bobot_ep"))
    if nilai is None:
        return None
    if dos != ep:
        raise GalatHitung(f"Bobot DoS ({dos}) dan EP ({ep}) tidak sama, jadi jumlahnya tidak tersirat.")
    return nilai / dos
