"""Taksiran berbasis rancangan untuk sampel klaster berstrata.

Alur: `Desain.dari_bingkai` membaca strata, PSU, dan bobot; `ringkas` meringkas data mikro SEKALI menjadi sel
PSU x domain; `taksir` dan `estimasi_replikasi` lalu bekerja di atas sel, berkali-kali dan cepat. `kuantil` memakai data
perorangan.

Rumus ragam: linearisasi Taylor dengan PSU sebagai klaster akhir (Wolter, *Introduction to Variance Estimation*, 2007);
hasilnya dibandingkan dengan R survey 4.4.2 di ``tests/survey``.
"""

from kinerja.survey.desain import ATURAN_PSU_TUNGGAL, Desain
from kinerja.survey.replikasi import (
    Replikasi,
    estimasi_replikasi,
    jkn,
    kovarians_replikasi,
    ragam_replikasi,
    rao_wu,
)
from kinerja.survey.sel import Sel, Susunan, ringkas
from kinerja.survey.selang import DITAHAN, HATI_HATI, LAYAK, hitung_rse, kuantil_t, selang_kepercayaan, tandai
from kinerja.survey.taksiran import Taksiran, taksir
from kinerja.survey.woodruff import ATURAN_KUANTIL, kuantil

__all__ = [
    "ATURAN_KUANTIL",
    "ATURAN_PSU_TUNGGAL",
    "DITAHAN",
    "HATI_HATI",
    "LAYAK",
    "Desain",
    "Replikasi",
    "Sel",
    "Susunan",
    "Taksiran",
    "estimasi_replikasi",
    "hitung_rse",
    "jkn",
    "kovarians_replikasi",
    "kuantil",
    "kuantil_t",
    "ragam_replikasi",
    "rao_wu",
    "ringkas",
    "selang_kepercayaan",
    "taksir",
    "tandai",
]
