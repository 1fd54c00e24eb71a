"""Data mikro survei: kodebuku, pembaca berkas, dan survei sintetis.

Alur: ``m = muat("berkas.dta", "kodebuku.csv")`` (kosong = survei sintetis kecil), lalu
``kinerja.ikesos.siapkan(m.bingkai, m.kodebuku, kerangka, keadaan=m.keadaan)``.
"""

from kinerja.mikro.berkas import baca_kolom, daftar_kolom, tulis_parquet
from kinerja.mikro.ekspresi import GalatUngkapan, Nilai, Penilai, Ungkapan, kuantil_di, urai
from kinerja.mikro.kodebuku import AWALAN_SINTETIS, Butir, Kodebuku, baca_kodebuku, periksa
from kinerja.mikro.muat import Mikro, berkas_mikro, berkas_sintetis, folder_mikro, muat, tulis_sintetis
from kinerja.mikro.sintetis import BENIH_BAKU, UKURAN, buat_sintetis

__all__ = [
    "AWALAN_SINTETIS",
    "BENIH_BAKU",
    "UKURAN",
    "Butir",
    "GalatUngkapan",
    "Kodebuku",
    "Mikro",
    "Nilai",
    "Penilai",
    "Ungkapan",
    "baca_kodebuku",
    "baca_kolom",
    "berkas_mikro",
    "berkas_sintetis",
    "buat_sintetis",
    "daftar_kolom",
    "folder_mikro",
    "kuantil_di",
    "muat",
    "periksa",
    "tulis_parquet",
    "tulis_sintetis",
    "urai",
]
