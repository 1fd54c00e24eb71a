"""Penjelajah di dalam halaman laporan: satu berkas HTML yang menghitung sendiri, dibuka tanpa jaringan.

Himpunan datanya dibuat dengan :func:`from_tree`, :func:`from_survey`, atau :func:`published`; :func:`page` menyusun
halamannya dan :func:`write` menaruhnya di laporan. Skripnya satu berkas satu alasan: ``data`` (muatan), ``sebaran`` dan
``hitung`` (angka), ``keadaan`` (alamat), ``gambar`` (SVG), ``kalimat``, ``tampil`` (layar), ``unduh``, ``kendali``.
"""

from kinerja.render.jelajah.halaman import NAMA, page, write
from kinerja.render.jelajah.himpunan import Himpunan, Tingkat, from_survey, from_tree, published

__all__ = ["NAMA", "Himpunan", "Tingkat", "from_survey", "from_tree", "page", "published", "write"]
