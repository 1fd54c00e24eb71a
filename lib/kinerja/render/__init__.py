"""Render: menjalankan notebook berkelompok dengan papermill dan menyusun laporan satu tahun.

Susunannya, menurut urutan kerja: ``rencana`` memeriksa permintaan sebelum apa pun berjalan; ``kelompok`` dan
``jalankan`` menjalankan notebook berdampingan; ``halaman`` menjadikannya halaman; ``susun``, ``buku_kerja``, dan
``manifes`` melengkapi laporan; ``pasang`` menukar laporan lama dengan yang baru sekaligus; ``laporan`` merangkainya.
"""

from __future__ import annotations

import sys

# jsonschema memuat rfc3987_syntax untuk memeriksa format "iri", yang tidak dipakai skema notebook; memuatnya
# menyusun tata bahasa selama 0,9 detik, separuh waktu impor papermill. Tanpa modul itu jsonschema melewatinya.
sys.modules.setdefault("rfc3987_syntax", None)
