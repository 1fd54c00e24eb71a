"""Notebook sebagai aplikasi: Voila tanpa kode, dengan halaman depan, menu, dan parameter di alamatnya.

``/voila/render/ringkasan.ipynb?tahun=2020&bahasa=en&batas_capaian=110`` menjalankan notebook itu dengan parameter
tersebut; nama dan nilainya diperiksa seperti pada ``kinerja render``.
"""

from kinerja.aplikasi.permintaan import DILARANG, GalatPermintaan, prepare, read_query
from kinerja.aplikasi.server import Aplikasi, make_app

__all__ = ["DILARANG", "Aplikasi", "GalatPermintaan", "make_app", "prepare", "read_query"]
