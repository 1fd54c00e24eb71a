"""Render: menjalankan notebook berkelompok dengan papermill dan menyusun laporan satu tahun.

Susunannya, menurut urutan kerja: ``ulang`` menjawab apakah ada yang berubah; ``rencana`` memeriksa permintaan sebelum
apa pun berjalan; ``jalankan`` menjalankan notebook berdampingan, ``hangat`` tanpa menunggu kernelnya; ``halaman``
menjadikannya halaman; ``susun`` melengkapi laporan dengan halaman depan, ``pdf``, ``buku_kerja``, dan ``jelajah``;
``pasang`` menukar laporan lama dengan yang baru sekaligus; ``laporan`` merangkainya, ``wilayah`` untuk banyak wilayah.
"""

from __future__ import annotations

import sys

# jsonschema memuat rfc3987_syntax untuk memeriksa format "iri", yang tidak dipakai skema notebook; memuatnya
# menyusun tata bahasa selama 0,9 detik, separuh waktu impor papermill. Tanpa modul itu jsonschema melewatinya.
sys.modules.setdefault("rfc3987_syntax", None)
