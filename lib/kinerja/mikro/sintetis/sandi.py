"""Menyandikan jawaban menurut tata letak satu gelombang: nomor kolom, kode, huruf, dan cara menyimpan yang dilewati."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from kinerja.errors import GalatData
from kinerja.mikro.sintetis.jawaban import Jawaban, Responden
from kinerja.mikro.tata_letak import Variabel

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


def susun_berkas(responden: Responden) -> dict[str, pd.DataFrame]:
    """Semua berkas satu gelombang, menurut bagian (``ind1``, ``ind2``, ``rt``, ``kp43``).

    Kolomnya menurut tata letak (yang kodenya tidak diketahui tidak ditulis), lalu ``SINTETIS``. Huruf jawaban ganda
    berupa kategori pandas; yang kosong adalah missing.
    """
    letak = responden.letak
    sandi: dict[tuple[str, bool], np.ndarray | pd.Categorical] = {}
    hasil = {}
    for bagian in letak.berkas:
        orang = bool(letak.berkas[bagian].kunci_anggota)
        kolom = {}
        for v in (v for v in letak.kolom(bagian) if v.berkode):
            if (v.konsep, orang) not in sandi:
                isi = sandikan(v, _jawaban(responden, v), letak.tahun)
                sandi[v.konsep, orang] = isi[responden.p.ruta] if orang and v.konsep in responden.rumah else isi
            kolom[v.nama] = sandi[v.konsep, orang]
        hasil[bagian] = pd.DataFrame({**kolom, TANDA: np.ones(len(next(iter(kolom.values()))), np.int8)}, copy=False)
    return hasil


def gabungan(responden: Responden, kolom: Iterable[str] | None = None) -> pd.DataFrame:
    """Satu baris per anggota dengan kolom semua berkas, seperti bila berkas-berkasnya sudah digabung.

    Parameters
    ----------
    kolom : iterable of str, optional
        Hanya kolom-kolom ini (dan ``SINTETIS``).
    """
    pilihan = None if kolom is None else set(kolom)
    hasil = {}
    for v in responden.letak.konsep.values():
        if v.nama and v.berkode and (pilihan is None or v.nama in pilihan):
            isi = sandikan(v, _jawaban(responden, v), responden.letak.tahun)
            isi = isi[responden.p.ruta] if v.konsep in responden.rumah else isi
            hasil[v.nama] = pd.array(isi.astype(object), dtype="str") if isinstance(isi, pd.Categorical) else isi
    return pd.DataFrame({**hasil, TANDA: np.ones(responden.p.n, np.int8)}, copy=False)


def sandikan(v: Variabel, jawaban: Jawaban, tahun: int) -> np.ndarray | pd.Categorical:
    """Satu jawaban menjadi kolom menurut variabelnya.

    Returns
    -------
    ndarray atau Categorical
        Bilangan (0 bagi yang dilewati), atau huruf (kosong bagi yang dilewati dan yang tidak memilih).

    Raises
    ------
    GalatData
        Tata letak tidak punya kode bagi salah satu arti jawaban.
    """
    if v.jenis == "huruf":
        return pd.Categorical.from_codes(np.where(jawaban.adalah("ya"), 0, -1), categories=[*v.kode])
    if v.jenis == "teks":
        lain = jawaban.nilai.astype(str)
        return pd.Categorical(np.char.zfill(lain, _LEBAR_PSU))
    isi = _kode(v, jawaban.label, tahun)[jawaban.nilai] if jawaban.label else jawaban.nilai
    if jawaban.hilang is not None and v.hilang:
        isi = np.where(jawaban.hilang, next(iter(v.hilang)), isi)
    if jawaban.berlaku is not None and v.lewat != "tidak":
        isi = np.where(jawaban.berlaku, isi, 0)
    if v.jenis == "nomor":
        return isi.astype(np.int32)
    return isi if isi.dtype.kind == "f" else _ringkas(isi)


def _jawaban(responden: Responden, v: Variabel) -> Jawaban:
    wadah = responden.rumah if v.konsep in responden.rumah else responden.art
    if v.konsep not in wadah:
        raise GalatData(
            "acuan/susenas/tata_letak.csv",
            kolom="konsep",
            ditemukan=f"'{v.konsep}' ({responden.letak.tahun})",
            diharapkan="konsep yang dijawab survei sintetis; tambahkan di kinerja/mikro/sintetis/jawaban.py",
        )
    return wadah[v.konsep]


def _kode(v: Variabel, label: tuple[str, ...], tahun: int) -> np.ndarray:
    menurut_arti = {arti: kode for kode, arti in v.kode.items()}
    hasil = []
    for arti in label:
        while arti not in menurut_arti and arti in PENGGANTI:
            arti = PENGGANTI[arti]
        if arti not in menurut_arti:
            raise GalatData(
                "acuan/susenas/tata_letak.csv",
                kolom="kode",
                ditemukan=f"{v.nama} ({tahun}) tanpa kode bagi '{arti}'",
                diharapkan="satu kode bagi setiap jawaban",
            )
        hasil.append(menurut_arti[arti])
    return np.array(hasil, dtype=np.int16)


def _ringkas(isi: np.ndarray) -> np.ndarray:
    """Bilangan bulat bertipe sekecil mungkin."""
    batas = max(abs(int(isi.min(initial=0))), abs(int(isi.max(initial=0))))
    return isi.astype(next(t for t in (np.int8, np.int16, np.int32, np.int64) if batas <= np.iinfo(t).max))
