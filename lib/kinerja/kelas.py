"""Kelas menurut batas yang tercetak, misalnya IPS A sampai E atau Ikesos rendah, sedang, tinggi.

Laporan mencetak kelas dengan celah: "0 - 33" lalu "34 - 65", atau "0,5201-0,68" lalu "0,6801-0,84". Nilai seperti 33,5
atau 0,68005 tidak diatur. Aturan kita: nilai dibulatkan setengah menjauhi nol ke ketelitian batas kelas (0 desimal
untuk Ikesos, 4 desimal untuk IPS), lalu dicari kelas yang memuatnya. Dengan begitu 33,49 masih rendah dan 33,5 sudah
sedang, dan tidak ada nilai di antara kelas terendah dan tertinggi yang tanpa kelas.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pandas as pd

from kinerja import fmt
from kinerja.errors import GalatHitung


def precision(batas: Iterable[float]) -> int:
    """Banyaknya desimal terbanyak pada batas-batas kelas: 0 untuk 33 dan 34, 4 untuk 0,84 dan 0,8401."""
    return max(max(0, -Decimal(repr(float(x))).normalize().as_tuple().exponent) for x in batas)


def classify(nilai: float | None, kelas: pd.DataFrame) -> str | None:
    """Kode kelas sebuah nilai.

    Parameters
    ----------
    nilai : float or None
        Dalam satuan yang sama dengan batasnya; nilai hilang tidak berkelas.
    kelas : pandas.DataFrame
        Satu baris per kelas: ``kode``, ``bawah``, ``atas`` (keduanya termasuk), urutan bebas.

    Returns
    -------
    str or None
        ``kode``, atau None bila nilainya hilang.

    Raises
    ------
    GalatHitung
        Nilai di luar kelas terendah dan tertinggi, atau kelasnya tumpang tindih atau bercelah lebih dari satu langkah
        ketelitiannya.
    """
    urut = kelas.sort_values("bawah")
    desimal = precision([*urut["bawah"], *urut["atas"]])
    _check_steps(urut, desimal)
    if fmt.is_missing(nilai):
        return None
    bulat = fmt.round_half_up(float(nilai), desimal)
    cocok = urut[(urut["bawah"] <= bulat) & (bulat <= urut["atas"])]
    if cocok.empty:
        raise GalatHitung(
            f"Nilai {nilai} di luar kelas yang ada ({urut['bawah'].iloc[0]} sampai {urut['atas'].iloc[-1]})."
        )
    return str(cocok["kode"].iloc[0])


def _check_steps(urut: pd.DataFrame, desimal: int) -> None:
    langkah = Decimal(1).scaleb(-desimal)
    for atas, bawah, kode in zip(urut["atas"][:-1], urut["bawah"][1:], urut["kode"][1:], strict=True):
        if Decimal(repr(float(bawah))) - Decimal(repr(float(atas))) != langkah:
            raise GalatHitung(
                f"Kelas {kode} mulai dari {bawah}, padahal kelas di bawahnya berakhir pada {atas}: "
                f"jaraknya harus {langkah}."
            )
