"""Survei sintetis berbentuk Susenas satu gelombang: jawaban yang diketahui, disandikan menurut tata letaknya.

``survei = buat_sintetis(2020)`` memberi berkas-berkas gelombang itu (``survei.berkas``) dan kebenaran yang ditanam
(``survei.kebenaran``). Isinya karangan: angka apa pun yang dihitung darinya bukan taksiran tentang Indonesia.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

import pandas as pd

from kinerja.errors import GalatParameter
from kinerja.mikro.sintetis import kebenaran as _kebenaran
from kinerja.mikro.sintetis import sandi
from kinerja.mikro.sintetis.jawaban import Responden
from kinerja.mikro.sintetis.populasi import PENDUDUK, UKURAN, Acak, Populasi, Ukuran
from kinerja.mikro.sintetis.sandi import TANDA
from kinerja.mikro.sintetis.wilayah import kabkota
from kinerja.mikro.tata_letak import tata_letak

BENIH_BAKU = 2019
TAHUN_BAKU = 2020

__all__ = ["BENIH_BAKU", "PENDUDUK", "TAHUN_BAKU", "TANDA", "UKURAN", "Sintetis", "Ukuran", "buat_sintetis"]


class Sintetis:
    """Survei sintetis satu gelombang.

    Attributes
    ----------
    tahun : int
    responden : Responden
        Jawaban yang belum disandikan.
    """

    def __init__(self, tahun: int, ukuran: Ukuran, benih: int, provinsi: Collection[int] = ()):
        letak = tata_letak(tahun)
        self.tahun = tahun
        self.responden = Responden(Populasi(kabkota(tahun, provinsi), ukuran, Acak(benih)), letak)

    @property
    def letak(self):
        """Tata letak gelombang ini."""
        return self.responden.letak

    @property
    def n(self) -> int:
        """Banyak orang."""
        return self.responden.p.n

    @cached_property
    def berkas(self) -> dict[str, pd.DataFrame]:
        """Bagian -> isi berkasnya; lihat :func:`kinerja.mikro.sintetis.sandi.susun_berkas`."""
        return sandi.susun_berkas(self.responden)

    def gabungan(self, kolom: Iterable[str] | None = None) -> pd.DataFrame:
        """Satu baris per anggota dengan kolom semua berkas."""
        return sandi.gabungan(self.responden, kolom)

    @cached_property
    def kebenaran(self) -> pd.DataFrame:
        """Nilai yang ditanam; lihat :func:`kinerja.mikro.sintetis.kebenaran.kebenaran`."""
        return _kebenaran.kebenaran(self.responden)


def buat_sintetis(
    tahun: int = TAHUN_BAKU, ukuran: str = "kecil", benih: int = BENIH_BAKU, provinsi: Collection[int] = ()
) -> Sintetis:
    """Buat survei sintetis; tahun, ukuran, dan benih yang sama memberi data yang sama.

    Parameters
    ----------
    tahun : int
        Gelombang Susenas yang tata letaknya diketahui.
    ukuran : {"kecil", "penuh"}
        Sekitar 25 ribu atau 1,2 juta orang.
    benih : int
    provinsi : collection of int
        Hanya provinsi-provinsi ini, dengan banyak rumah tangga yang sama; kosong = semua.

    Raises
    ------
    GalatParameter
        Tahun, provinsi, atau ukuran tidak dikenal, atau benih negatif.
    """
    if ukuran not in UKURAN:
        raise GalatParameter(f"Ukuran '{ukuran}' tidak dikenal; pilih: {', '.join(UKURAN)}.")
    if benih < 0:
        raise GalatParameter("Benih harus bilangan bulat tak negatif.")
    return Sintetis(tahun, UKURAN[ukuran], benih, provinsi)
