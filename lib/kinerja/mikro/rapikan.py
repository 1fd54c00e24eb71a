"""Satu langkah perapian sesudah pembaca apa pun: survei yang sama memberi tabel yang sama, apa pun format berkasnya.

Sel dipangkas; teks kosong dan tanda tidak ada nilai (``.``, ``.a`` sampai ``.z``, ``NA``, ``#NULL!``) menjadi sel
kosong; kolom yang semua isinya angka menjadi bilangan bertipe sekecil mungkin, kecuali nomor berawalan nol, yang tetap
teks. Yang diminta kodebuku (``jenis``) mendahului: bilangan walau tertulis sebagai teks, huruf walau kolomnya kosong.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from kinerja.errors import GalatData

ANGKA, HURUF, NOMOR = "angka", "huruf", "nomor"
"""Yang diminta kodebuku: dihitung, dibandingkan dengan teks, atau hanya pengenal."""

_T = pa.types
_BERHURUF = (
    *(_T.is_string, _T.is_large_string, _T.is_string_view),
    *(_T.is_binary, _T.is_large_binary, _T.is_fixed_size_binary),
)
_KOSONG = frozenset({"", ".", "NA", "N/A", "#N/A", "#NULL!", "NULL", "NaN", "nan", "<NA>", "None"})
_KOSONG_STATA = re.compile(r"\.[A-Za-z]\Z")
_ANGKA = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_BULAT = re.compile(r"[+-]?[0-9]+\Z")
_BERNOL = re.compile(r"[+-]?0[0-9]")
_BERHIAS = re.compile(r"[+-]?(?:Rp\.?\s?)?[0-9][0-9.,]*\s?%?\Z")
_ILMIAH = re.compile(r"[0-9]+[.,][0-9]*[1-9][0-9]*[eE]")
#: Bilangan bulat disimpan tepat sampai di sini.
_TEPAT_FLOAT32, _TEPAT_FLOAT64 = 2**24, 2**53
_BULAT_KECIL = (np.int8, np.int16, np.int32, np.int64)


def rapikan(kolom: pa.Array, nama: str, berkas: str, *, jenis: str = "", desimal: str = ".") -> pd.Series:
    """Satu kolom mentah menjadi kolom yang rapi.

    Parameters
    ----------
    kolom : pyarrow.Array
        Teks boleh berupa kamus.
    jenis : {"", "angka", "huruf", "nomor"}
        Yang diminta kodebuku; kosong: menurut isinya.
    desimal : {".", ","}
        Tanda desimal kebiasaan berkas ini; yang lain diterima hanya bila artinya tunggal.

    Returns
    -------
    Series
        Bilangan bulat (int8 sampai int64), bilangan bersel kosong (float32 bila tepat, selain itu float64), atau
        kategori teks. Sama untuk isi yang sama.

    Raises
    ------
    GalatData
        Tipe yang bukan sel tunggal, angka yang tidak tunggal artinya (``1.234``), atau nomor yang tidak lagi tepat.
    """
    tempat = _Tempat(nama, berkas, jenis)
    berkamus = pa.types.is_dictionary(kolom.type)
    tipe = kolom.type.value_type if berkamus else kolom.type
    if any(apakah(tipe) for apakah in _BERHURUF):
        return _rapikan_teks(kolom if berkamus else kolom.dictionary_encode(), tempat, desimal)
    return _rapikan_bilangan(kolom.dictionary_decode() if berkamus else kolom, tempat)


class _Tempat(NamedTuple):
    """Kolom yang sedang dirapikan, untuk pesan."""

    nama: str
    berkas: str
    jenis: str

    def galat(self, ditemukan: str, diharapkan: str, letak: int | None = None) -> GalatData:
        baris = None if letak is None else letak + 2
        return GalatData(self.berkas, baris=baris, kolom=self.nama, ditemukan=ditemukan, diharapkan=diharapkan)


def _rapikan_teks(kolom: pa.DictionaryArray, tempat: _Tempat, desimal: str) -> pd.Series:
    letak = kolom.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    bersih = [_bersih(x) for x in kolom.dictionary.to_pylist()]
    # hanya isi yang benar-benar dipakai; kamus Parquet boleh memuat kategori tanpa baris
    terpakai = np.zeros(len(bersih) + 1, bool)
    terpakai[letak] = True
    isi = sorted({x for x, ada in zip(bersih, terpakai, strict=False) if ada and x is not None})
    if isi and tempat.jenis != HURUF:
        angka = _urai(isi, bersih, letak, tempat, desimal)
        if angka is not None:
            menurut_isi = dict(zip(isi, angka, strict=True))
            return _sebar([menurut_isi.get(x) for x in bersih], letak)
    if not isi and tempat.jenis != HURUF:
        return pd.Series(np.full(len(letak), np.nan, np.float32))
    return _kategori(isi, bersih, letak)


def _letak_isi(isi: list[str], kamus: list, letak: np.ndarray) -> np.ndarray:
    """Letak isi tiap baris di daftar ``isi``; -1 bila kosong."""
    nomor = {x: i for i, x in enumerate(isi)}
    return np.array([*(nomor.get(x, -1) for x in kamus), -1], np.int64)[letak]


def _kategori(isi: list[str], kamus: list, letak: np.ndarray) -> pd.Series:
    kode = _letak_isi(isi, kamus, letak)
    return pd.Series(pd.Categorical.from_codes(kode, categories=pd.Index(isi, dtype="str")))


def _bersih(isi: str | bytes | None) -> str | None:
    if isi is None:
        return None
    if isinstance(isi, bytes):
        isi = isi.decode("cp1252", errors="replace")
    isi = isi.strip()
    if "\x00" in isi:
        isi = isi.strip("\x00").strip()
    return None if isi in _KOSONG or (isi[0] == "." and _KOSONG_STATA.match(isi)) else isi


def _urai(isi: list[str], bersih: list, letak: np.ndarray, tempat: _Tempat, desimal: str) -> list | None:
    """Bilangan tiap isi, atau None bila kolom ini teks."""
    if not all(_ANGKA.match(x) for x in isi):
        if tempat.jenis != NOMOR and all(_BERHIAS.match(x) for x in isi):
            raise _berhias(next(x for x in isi if not _BULAT.match(x)), bersih, letak, tempat)
        return None
    if tempat.jenis != ANGKA and any(_BERNOL.match(x) for x in isi):
        return None
    if tempat.jenis == NOMOR and (ilmiah := next((x for x in isi if _ILMIAH.match(x)), None)):
        temuan = f"nomor '{ilmiah}' dalam notasi ilmiah, yang angka belakangnya sudah hilang"
        raise tempat.galat(temuan, "nomor yang ditulis lengkap; simpan kolom ini sebagai teks")
    if all(_BULAT.match(x) for x in isi):
        return [int(x) for x in isi]
    lain = "," if desimal == "." else "."
    berlain, berdesimal = [x for x in isi if lain in x], [x for x in isi if desimal in x]
    # yang juga sah sebagai bilangan berpemisah ribuan tidak tunggal artinya
    ribuan = re.compile(rf"[+-]?[1-9][0-9]{{0,2}}{re.escape(lain)}[0-9]{{3}}")
    if berlain and (berdesimal or all(map(ribuan.fullmatch, berlain))):
        raise _berhias(berlain[0], bersih, letak, tempat)
    nilai = [float(x.replace(",", ".")) for x in isi]
    _periksa_hingga(np.array(nilai), tempat)
    if tempat.jenis == NOMOR:
        baris = _letak_isi(isi, bersih, letak)
        _periksa_nomor(np.array(nilai)[baris[baris >= 0]], tempat, _TEPAT_FLOAT64)
    return nilai


def _berhias(isi: str, bersih: list, letak: np.ndarray, tempat: _Tempat) -> GalatData:
    pertama = int(np.flatnonzero(_letak_isi([isi], bersih, letak) == 0)[0])
    return tempat.galat(f"'{isi}'", "angka tanpa pemisah ribuan, Rp, atau %", pertama)


def _sebar(menurut_kamus: list, letak: np.ndarray) -> pd.Series:
    """Bilangan tiap baris dari bilangan tiap isi kamus (None = kosong)."""
    ada = [x for x in menurut_kamus if x is not None]
    kosong = np.array([*(x is None for x in menurut_kamus), True])[letak]
    bulat = all(isinstance(x, int) for x in ada)
    if bulat and not _tepat(max(abs(x) for x in ada), bool(kosong.any())):
        kamus = [None if x is None else str(x) for x in menurut_kamus]
        return _kategori(sorted({str(x) for x in ada}), kamus, letak)
    nilai = np.array([*(0 if x is None else x for x in menurut_kamus), 0], np.int64 if bulat else np.float64)
    return _ringankan(nilai[letak], kosong if kosong.any() else None)


def _tepat(terbesar: int, berkosong: bool) -> bool:
    """Apakah bilangan bulat sebesar ini tersimpan tepat di kolom bilangan."""
    return terbesar <= (_TEPAT_FLOAT64 if berkosong else np.iinfo(np.int64).max)


def _rapikan_bilangan(kolom: pa.Array, tempat: _Tempat) -> pd.Series:
    tipe = kolom.type
    if pa.types.is_null(tipe):
        kolom = pa.array([None] * len(kolom), pa.float32())
    elif pa.types.is_boolean(tipe):
        kolom = kolom.cast(pa.int8())
    elif pa.types.is_decimal(tipe):
        kolom = kolom.cast(pa.float64())
    elif not (pa.types.is_integer(tipe) or pa.types.is_floating(tipe)):
        if pa.types.is_nested(tipe):
            raise tempat.galat(f"kolom bertipe {tipe}", "satu bilangan atau teks di tiap sel")
        return _rapikan_teks(kolom.cast(pa.string()).dictionary_encode(), tempat, ".")
    if pa.types.is_integer(kolom.type):
        return _bilangan_bulat(kolom, tempat)
    pendek = kolom.type != pa.float64()
    nilai = kolom.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
    kosong = np.isnan(nilai)
    _periksa_hingga(nilai[~kosong], tempat)
    if tempat.jenis == NOMOR:
        _periksa_nomor(nilai[~kosong], tempat, _TEPAT_FLOAT32 if pendek else _TEPAT_FLOAT64)
    hasil = _ringankan(np.where(kosong, 0, nilai), kosong if kosong.any() else None)
    return _sebagai_huruf(hasil) if tempat.jenis == HURUF else hasil


def _bilangan_bulat(kolom: pa.Array, tempat: _Tempat) -> pd.Series:
    kosong = kolom.is_null().to_numpy(zero_copy_only=False) if kolom.null_count else None
    nilai = kolom.fill_null(0).to_numpy(zero_copy_only=False)
    terbesar = max(abs(int(nilai.max(initial=0))), abs(int(nilai.min(initial=0))))
    hasil = _ringankan(nilai, kosong) if _tepat(terbesar, kosong is not None) else None
    if hasil is None or tempat.jenis == HURUF:
        teks = pd.Series(nilai).astype("str")
        return (teks if kosong is None else teks.mask(kosong)).astype("category")
    return hasil


def _periksa_hingga(nilai: np.ndarray, tempat: _Tempat) -> None:
    if banyak := int(np.isinf(nilai).sum()):
        harapan = "bilangan; hasil bagi dengan nol disimpan sebagai sel kosong"
        raise tempat.galat(f"{banyak} nilai tak hingga", harapan)


def _periksa_nomor(nilai: np.ndarray, tempat: _Tempat, tepat: int) -> None:
    if banyak := int((nilai != np.rint(nilai)).sum()):
        raise tempat.galat(f"{banyak} nomor berupa pecahan", "nomor rumah tangga yang bulat atau teks")
    if banyak := int((np.abs(nilai) > tepat).sum()):
        temuan = f"{banyak} nomor yang disimpan sebagai pecahan dan melebihi {tepat}, sehingga tidak lagi tepat"
        raise tempat.galat(temuan, "nomor yang disimpan sebagai bilangan bulat atau teks")


def _sebagai_huruf(kolom: pd.Series) -> pd.Series:
    letak, unik = pd.factorize(kolom, sort=True)
    isi = [f"{x:g}" if x != int(x) else str(int(x)) for x in unik.tolist()]
    return pd.Series(pd.Categorical([isi[i] if i >= 0 else None for i in letak], categories=sorted(isi)))


def _ringankan(nilai: np.ndarray, kosong: np.ndarray | None) -> pd.Series:
    """Tipe terkecil yang menyimpan nilai-nilai ini dengan tepat; ditentukan nilainya saja, bukan tipe asalnya."""
    if nilai.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            bulat = bool((np.rint(nilai) == nilai).all()) and np.abs(nilai).max(initial=0) < _TEPAT_FLOAT64
        if not bulat:
            return pd.Series(nilai if kosong is None else np.where(kosong, np.nan, nilai), copy=False)
    bawah, atas = int(nilai.min(initial=0)), int(nilai.max(initial=0))
    if kosong is not None:
        tipe = np.float32 if max(-bawah, atas) < _TEPAT_FLOAT32 else np.float64
        return pd.Series(np.where(kosong, tipe(np.nan), nilai.astype(tipe)), copy=False)
    tipe = next(t for t in _BULAT_KECIL if np.iinfo(t).min <= bawah and atas <= np.iinfo(t).max)
    return pd.Series(nilai.astype(tipe), copy=False)
