"""Ikesos dari data mikro survei: kerangka per sasaran, taksiran indikator, indeks, galat baku, dan peringkat.

Alur::

    kerangka = Kerangka.susun(d["ikesos_kerangka"], d["ikesos_simpul"], d["ikesos_sasaran"], m.kodebuku)
    siap = siapkan(m.bingkai, m.kodebuku, kerangka, keadaan=m.keadaan)
    siap.hitung("provinsi", bobot={"KD": 0.5}, agregasi="geometrik")

Nilai terbitan laporan (37,75 dan 38,41) tidak pernah dicampur dengan hasil di sini; lihat :mod:`kinerja.pendukung`.
"""

from kinerja.ikesos.banding import hitung_ketidakpastian, perubahan
from kinerja.ikesos.dasar import DASAR, NASIONAL, SAMA, TERSEDIA, TIDAK_TERSEDIA, Dasar, Sandaran
from kinerja.ikesos.kerangka import CARA_AGREGASI, PUNCAK, Kerangka
from kinerja.ikesos.siap import SiapIkesos, siapkan
from kinerja.ikesos.ukuran import SEMUA, Rancangan, Ukuran, nilai_kodebuku

__all__ = [
    "CARA_AGREGASI",
    "DASAR",
    "NASIONAL",
    "PUNCAK",
    "SAMA",
    "SEMUA",
    "TERSEDIA",
    "TIDAK_TERSEDIA",
    "Dasar",
    "Kerangka",
    "Rancangan",
    "Sandaran",
    "SiapIkesos",
    "Ukuran",
    "hitung_ketidakpastian",
    "nilai_kodebuku",
    "perubahan",
    "siapkan",
]
