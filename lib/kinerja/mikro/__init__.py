"""Data mikro survei: kodebuku, pembaca berkas, dan survei sintetis.

Alur: ``m = muat("berkas.dta", "kodebuku.csv")`` (kosong = survei sintetis kecil), lalu
``kinerja.ikesos.siapkan(m.bingkai, m.kodebuku, kerangka, keadaan=m.keadaan)``.
"""

from kinerja.mikro.berkas import baca_kolom, daftar_kolom
from kinerja.mikro.ekspresi import GalatUngkapan, Penilai, kuantil_di, urai
from kinerja.mikro.kodebuku import Butir, Kodebuku, baca_kodebuku, periksa
from kinerja.mikro.muat import Mikro, berkas_mikro, kodebuku_bagi, muat, nomor_ruta
from kinerja.mikro.pintu import Temuan, bersihkan, kenali_gelombang, periksa_variabel
from kinerja.mikro.sintetis import BENIH_BAKU, TAHUN_BAKU, UKURAN, Sintetis, buat_sintetis
from kinerja.mikro.tata_letak import TataLetak, Variabel, gelombang, tata_letak
from kinerja.mikro.tulis import (
    FORMAT,
    berkas_bawaan,
    folder_mikro,
    folder_sintetis,
    tulis_sintetis,
    tulis_survei,
)

__all__ = [
    "BENIH_BAKU",
    "FORMAT",
    "TAHUN_BAKU",
    "UKURAN",
    "Butir",
    "GalatUngkapan",
    "Kodebuku",
    "Mikro",
    "Penilai",
    "Sintetis",
    "TataLetak",
    "Temuan",
    "Variabel",
    "baca_kodebuku",
    "baca_kolom",
    "berkas_bawaan",
    "berkas_mikro",
    "bersihkan",
    "buat_sintetis",
    "daftar_kolom",
    "folder_mikro",
    "folder_sintetis",
    "gelombang",
    "kenali_gelombang",
    "kodebuku_bagi",
    "kuantil_di",
    "muat",
    "nomor_ruta",
    "periksa",
    "periksa_variabel",
    "tata_letak",
    "tulis_sintetis",
    "tulis_survei",
    "urai",
]
