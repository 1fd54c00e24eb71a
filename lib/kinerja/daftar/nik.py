"""Susunan NIK: enam angka wilayah, enam angka tanggal lahir (hari + 40 bagi perempuan), empat angka nomor urut.

NIK tidak berubah ketika wilayah dimekarkan, jadi kode kabupaten/kota yang sudah tidak dipakai tetap sah; karena itu
yang diperiksa adalah nomor terakhir yang pernah terbit tiap provinsi (``data/raw/acuan/nik_wilayah.csv``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from listcheck import Digits

if TYPE_CHECKING:
    import ibis

AWAL_KOTA = 71
"""Nomor kota dimulai di sini; kabupaten dimulai dari 1."""

PEREMPUAN = 40
"""Ditambahkan pada hari lahir perempuan."""

SAH, KOSONG, BUKAN_ANGKA, WILAYAH, TANGGAL, URUT = range(6)
"""`SAH`, atau nomor cacat menurut urutan `CACAT`."""

CACAT = ("nik_kosong", "nik_bukan_16_angka", "nik_wilayah", "nik_tanggal", "nik_urut")
"""NIK dengan beberapa cacat dihitung pada yang pertama saja."""

_TANGGAL_AWAL, _HARI = dt.date(1940, 1, 1), 25_000
_LANGKAH = 7_919
"""Prima terhadap `_HARI`: orang yang bernomor berurutan tidak lahir pada hari yang berurutan."""


def kode_kabkota(nik_wilayah: pd.DataFrame) -> tuple[str, ...]:
    """Empat angka pertama NIK yang sah, urut.

    Kolom ``nik_wilayah``: ``kode_kemendagri``, ``kab_terakhir``, ``kota_terakhir`` (0 bila provinsi itu tanpa kota).
    """
    hasil = []
    for baris in nik_wilayah.itertuples():
        nomor = [*range(1, baris.kab_terakhir + 1), *range(AWAL_KOTA, baris.kota_terakhir + 1)]
        hasil += [f"{baris.kode_kemendagri:02d}{n:02d}" for n in nomor]
    return tuple(sorted(hasil))


@dataclass(frozen=True)
class Nik(Digits):
    """Skema NIK bagi mesin daftar; ``kabkota`` dari :func:`kode_kabkota`."""

    length: int = 16
    name: str = "NIK"
    faults: tuple[str, ...] = CACAT
    kabkota: tuple[str, ...] = ()

    def mark(self, table: ibis.Table) -> ibis.Table:
        """Lihat :meth:`listcheck.IdScheme.mark`."""
        import ibis

        # Hanya sepuluh angka belakang yang dibagi: tepat walaupun mesin membagi dengan bilangan pecahan. Wilayah
        # dicocokkan dengan join, sebab daftar ratusan kode di dalam satu syarat diperiksa satu per satu.
        wilayah = ibis.memtable(pd.DataFrame({"_wilayah": [int(k) * 10**12 for k in self.kabkota]}))
        angka = table["id"].try_cast("int64")
        t = table.mutate(_lengkap=self.complete(table["id"]), _depan=angka - angka % 10**12, _angka=angka)
        t = t.left_join(wilayah, t["_depan"] == wilayah["_wilayah"])
        belakang = t["_angka"] % 10**10
        kecamatan = t["_angka"] % 10**12 - belakang
        cacat = ibis.cases(
            (~t["_lengkap"], self.incomplete(t["id"])),
            (t["_wilayah"].isnull() | (kecamatan == 0), WILAYAH),
            (~_tanggal_sah(belakang), TANGGAL),
            (belakang % 10**4 == 0, URUT),
            else_=SAH,
        )
        return t.select(*table.columns, fault=cacat.cast("int8"))


def _tanggal_sah(belakang: ibis.Column) -> ibis.Column:
    """Apakah HHBBTT di depan sepuluh angka belakang NIK ada di penanggalan."""
    import ibis

    hari, bulan = belakang // 10**8, belakang % 10**8 // 10**6
    tahun = belakang % 10**6 // 10**4
    hari = ibis.ifelse(hari > PEREMPUAN, hari - PEREMPUAN, hari)
    # Tahun dua angka: 00 dapat berarti 2000, yang kabisat.
    terakhir = ibis.cases((bulan == 2, ibis.ifelse(tahun % 4 == 0, 29, 28)), (bulan.isin([4, 6, 9, 11]), 30), else_=31)
    return (bulan >= 1) & (bulan <= 12) & (hari >= 1) & (hari <= terakhir)


def buat_nik(nomor: np.ndarray, kabkota: np.ndarray, perempuan: np.ndarray) -> np.ndarray:
    """NIK sintetis (int64) bagi orang bernomor 0, 1, ...; nomor berbeda selalu mendapat NIK berbeda.

    ``kabkota`` (int64) memuat kode empat angka yang boleh dipakai.
    """
    putaran, wilayah = np.divmod(nomor, len(kabkota))
    urut, hari_ke = np.divmod(putaran, _HARI)
    kalender = _kalender()[(hari_ke * _LANGKAH + wilayah * 31) % _HARI]
    depan = kabkota[wilayah] * 100 + 1 + putaran % 9
    # Kecamatan bergantung pada putaran; ketunggalannya sudah dijamin wilayah, tanggal, dan nomor urut.
    return (depan * 1_000_000 + kalender + PEREMPUAN * 10_000 * perempuan) * 10_000 + urut + 1


def _kalender() -> np.ndarray:
    """HHBBTT setiap hari mulai `_TANGGAL_AWAL`; kurang dari seratus tahun, jadi tidak ada yang kembar."""
    hari = np.arange(_HARI) + np.datetime64(_TANGGAL_AWAL)
    tahun, bulan = hari.astype("M8[Y]").astype(np.int64) + 1970, hari.astype("M8[M]").astype(np.int64) % 12 + 1
    tanggal = (hari - hari.astype("M8[M]")).astype(np.int64) + 1
    return tanggal * 10_000 + bulan * 100 + tahun % 100
