"""Survei sintetis berbentuk Susenas satu gelombang: jawaban yang diketahui, disandikan menurut tata letaknya.

``survei = buat_sintetis(2020)`` memberi berkas-berkas gelombang itu (``survei.berkas``) dan kebenaran yang ditanam
(``survei.kebenaran``). Isinya karangan: angka apa pun yang dihitung darinya bukan taksiran tentang Indonesia.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

import numpy as np
import pandas as pd

from kinerja.errors import GalatData, GalatParameter
from kinerja.mikro.sintetis.jawaban import Jawaban, Responden
from kinerja.mikro.sintetis.kebenaran import kebenaran
from kinerja.mikro.sintetis.populasi import PENDUDUK, UKURAN, Acak, Populasi, Ukuran, kabkota
from kinerja.mikro.tata_letak import Variabel, tata_letak

BENIH_BAKU = 2019
TAHUN_BAKU = 2020

TANDA = "SINTETIS"
"""Kolom bernilai 1 di setiap berkas karangan; bertahan di semua format."""

#: Kategori yang belum dibedakan sebuah gelombang -> kategori tempat jawaban itu tercatat.
PENGGANTI = {
    "MCK komunal": "MCK umum",
    "SPM/PDF ula": "MI",
    "SPM/PDF wustha": "MTs",
    "SPM/PDF ulya": "MA",
    "profesi": "S1",
    "perawat": "perawat/nakes lain",
    "nakes lain": "perawat/nakes lain",
    "tidak ada": "lainnya",
    "lainnya": "dukun",
    "seng": "seng atau asbes",
    "asbes": "asbes atau seng",
}
_LEBAR_PSU = 7
_TATA_LETAK = "acuan/susenas/tata_letak.csv"

__all__ = ["BENIH_BAKU", "PENDUDUK", "TAHUN_BAKU", "TANDA", "UKURAN", "Sintetis", "Ukuran", "buat_sintetis"]


class Sintetis:
    """Survei sintetis satu gelombang; ``responden`` memuat jawaban yang belum disandikan."""

    def __init__(self, tahun: int, ukuran: Ukuran, benih: int, provinsi: Collection[int] = ()):
        self.tahun, self.letak = tahun, tata_letak(tahun)
        self.responden = Responden(Populasi(kabkota(tahun, provinsi), ukuran, Acak(benih)), self.letak)

    @property
    def n(self) -> int:
        """Banyak orang."""
        return self.responden.p.n

    @cached_property
    def berkas(self) -> dict[str, pd.DataFrame]:
        """Bagian (``ind1``, ``ind2``, ``rt``, ``kp43``) -> isi berkasnya.

        Kolomnya menurut tata letak (yang kodenya tidak diketahui tidak ditulis), lalu ``SINTETIS``. Huruf jawaban ganda
        berupa kategori pandas; yang kosong adalah missing.
        """
        sandi: dict[tuple[str, bool], np.ndarray | pd.Categorical] = {}
        hasil = {}
        for bagian, berkas in self.letak.berkas.items():
            orang, kolom = bool(berkas.kunci_anggota), {}
            for v in (v for v in self.letak.kolom(bagian) if v.berkode):
                if (v.konsep, orang) not in sandi:
                    sandi[v.konsep, orang] = self._sandi(v, orang)
                kolom[v.nama] = sandi[v.konsep, orang]
            n = len(next(iter(kolom.values())))
            hasil[bagian] = pd.DataFrame({**kolom, TANDA: np.ones(n, np.int8)}, copy=False)
        return hasil

    def gabungan(self, kolom: Iterable[str] | None = None) -> pd.DataFrame:
        """Satu baris per anggota dengan kolom semua berkas (atau yang disebut), seperti bila sudah digabung."""
        pilihan = None if kolom is None else set(kolom)
        hasil = {}
        for v in self.letak.konsep.values():
            if v.nama and v.berkode and (pilihan is None or v.nama in pilihan):
                isi = self._sandi(v, True)
                hasil[v.nama] = pd.array(isi.astype(object), dtype="str") if isinstance(isi, pd.Categorical) else isi
        return pd.DataFrame({**hasil, TANDA: np.ones(self.n, np.int8)}, copy=False)

    @cached_property
    def kebenaran(self) -> pd.DataFrame:
        """Nilai yang ditanam; lihat :func:`kinerja.mikro.sintetis.kebenaran.kebenaran`."""
        return kebenaran(self.responden)

    def _sandi(self, v: Variabel, orang: bool) -> np.ndarray | pd.Categorical:
        """Satu kolom, tiap anggota (``orang``) atau tiap rumah tangga."""
        rumah = v.konsep in self.responden.rumah
        wadah = self.responden.rumah if rumah else self.responden.art
        if v.konsep not in wadah:
            temuan = f"'{v.konsep}' ({self.tahun})"
            harapan = "konsep yang dijawab survei sintetis; tambahkan di kinerja/mikro/sintetis/jawaban.py"
            raise GalatData(_TATA_LETAK, kolom="konsep", ditemukan=temuan, diharapkan=harapan)
        isi = sandikan(v, wadah[v.konsep], self.tahun)
        return isi[self.responden.p.ruta] if orang and rumah else isi


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


def sandikan(v: Variabel, jawaban: Jawaban, tahun: int) -> np.ndarray | pd.Categorical:
    """Satu jawaban menjadi kolom menurut variabelnya.

    Returns
    -------
    ndarray atau Categorical
        Bilangan (bertipe sekecil mungkin; 0 bagi yang dilewati), atau huruf (kosong bagi yang dilewati dan yang tidak
        memilih).

    Raises
    ------
    GalatData
        Tata letak tidak punya kode bagi salah satu arti jawaban.
    """
    if v.jenis == "huruf":
        return pd.Categorical.from_codes(np.where(jawaban.adalah("ya"), 0, -1), categories=[*v.kode])
    if v.jenis == "teks":
        return pd.Categorical(np.char.zfill(jawaban.nilai.astype(str), _LEBAR_PSU))
    isi = _kode(v, jawaban.label, tahun)[jawaban.nilai] if jawaban.label else jawaban.nilai
    if jawaban.hilang is not None and v.hilang:
        isi = np.where(jawaban.hilang, next(iter(v.hilang)), isi)
    if jawaban.berlaku is not None and v.lewat != "tidak":
        isi = np.where(jawaban.berlaku, isi, 0)
    if v.jenis == "nomor":
        return isi.astype(np.int32)
    if isi.dtype.kind == "f":
        return isi
    batas = max(abs(int(isi.min(initial=0))), abs(int(isi.max(initial=0))))
    return isi.astype(next(t for t in (np.int8, np.int16, np.int32, np.int64) if batas <= np.iinfo(t).max))


def _kode(v: Variabel, label: tuple[str, ...], tahun: int) -> np.ndarray:
    menurut_arti = {arti: kode for kode, arti in v.kode.items()}
    hasil = []
    for arti in label:
        while arti not in menurut_arti and arti in PENGGANTI:
            arti = PENGGANTI[arti]
        if arti not in menurut_arti:
            temuan = f"{v.nama} ({tahun}) tanpa kode bagi '{arti}'"
            raise GalatData(_TATA_LETAK, kolom="kode", ditemukan=temuan, diharapkan="satu kode bagi setiap jawaban")
        hasil.append(menurut_arti[arti])
    return np.array(hasil, dtype=np.int16)
