"""Indeks Partisipasi Sosial: rata-rata DoS x 0,5 + rata-rata EP x 0,5, dengan kelas A sampai E.

DoS (*Duration of Services*) dan EP (*Engagement Performance*) berskala 0 sampai 1. Sumber: LKj, SS 2, Indeks
Partisipasi Sosial. Celah di antara kelas ditutup menurut aturan :func:`classify`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import numpy as np
import pandas as pd

from kinerja import fmt
from kinerja.data import Data
from kinerja.errors import GalatHitung


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


def precision(batas: Iterable[float]) -> int:
    """Banyaknya desimal terbanyak pada batas-batas kelas: 0 untuk 33 dan 34, 4 untuk 0,84 dan 0,8401."""
    return max(max(0, -Decimal(repr(float(x))).normalize().as_tuple().exponent) for x in batas)


def classify(nilai: float | None, kelas: pd.DataFrame) -> str | None:
    """Kode kelas sebuah nilai menurut batas yang tercetak, misalnya "B" untuk IPS 0,684.

    Laporan mencetak kelas dengan celah: "0 - 33" lalu "34 - 65", atau "0,5201-0,68" lalu "0,6801-0,84". Nilai seperti
    33,5 atau 0,68005 tidak diatur. Aturan kita: nilai dibulatkan setengah menjauhi nol ke ketelitian batas kelas (0
    desimal untuk Ikesos, 4 desimal untuk IPS), lalu dicari kelas yang memuatnya: 33,49 masih rendah, 33,5 sudah sedang.

    Parameters
    ----------
    nilai : float or None
        Dalam satuan batasnya; nilai hilang tidak berkelas (None).
    kelas : pandas.DataFrame
        Satu baris per kelas: ``kode``, ``bawah``, ``atas`` (keduanya termasuk), urutan bebas.

    Raises
    ------
    GalatHitung
        Nilai di luar kelas terendah dan tertinggi, atau kelasnya tumpang tindih atau bercelah lebih dari satu langkah
        ketelitiannya.
    """
    urut = kelas.sort_values("bawah")
    desimal = precision([*urut["bawah"], *urut["atas"]])
    langkah = Decimal(1).scaleb(-desimal)
    for atas, bawah, kode in zip(urut["atas"][:-1], urut["bawah"][1:], urut["kode"][1:], strict=True):
        if Decimal(repr(float(bawah))) - Decimal(repr(float(atas))) != langkah:
            raise GalatHitung(
                f"Kelas {kode} mulai dari {bawah}, padahal kelas di bawahnya berakhir pada {atas}: "
                f"jaraknya harus {langkah}."
            )
    if fmt.is_missing(nilai):
        return None
    bulat = fmt.round_half_up(float(nilai), desimal)
    cocok = urut[(urut["bawah"] <= bulat) & (bulat <= urut["atas"])]
    if cocok.empty:
        raise GalatHitung(
            f"Nilai {nilai} di luar kelas yang ada ({urut['bawah'].iloc[0]} sampai {urut['atas'].iloc[-1]})."
        )
    return str(cocok["kode"].iloc[0])


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
    milik = classify(data.nilai("ips/nilai"), kelas)
    ids = {"realisasi": "ips/nilai", "target": iku["target"]}
    if milik is not None:
        ids["batas_kelas"] = f"ips_kelas/{milik}/bawah"
    if len(renstra):
        ids["target_akhir"] = renstra["id"].iloc[-1]
    frame = pd.DataFrame({"titik": list(ids), "nilai": [data.nilai(x) for x in ids.values()]}, index=list(ids))
    frame["kelas"] = [classify(x, kelas) for x in frame["nilai"]]
    frame["sebutan"] = frame["kelas"].map(kelas.set_index("kode")["nama"])
    frame.attrs = {"satuan": {"nilai": "indeks"}, "ids": {"nilai": ids}}
    return frame.sort_values("nilai", kind="stable")
