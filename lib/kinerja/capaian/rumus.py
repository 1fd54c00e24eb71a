"""Rumus capaian: persen dari realisasi dan target, untuk setiap bentuk target; tanpa data dan tanpa pembulatan.

Hasil untuk masukan yang tidak biasa tetap terdefinisi, dan tidak pernah di bawah 0:

- realisasi atau target tidak tersedia: capaian tidak tersedia;
- naik: R/T; turun: 1 + (1 - R/T), atau T/R bila rumusnya ``kebalikan``;
- target negatif: 1 + (R - T)/|T| bila naik, 1 - (R - T)/|T| bila turun. Bagi target positif itu sama dengan R/T dan
  1 + (1 - R/T), sehingga satu rumus berlaku bagi keduanya;
- target 0: realisasi 0 berarti 100; yang lebih baik daripada 0 sebesar batas (tanpa batas tidak terdefinisi, karena
  pembaginya 0), yang lebih buruk 0;
- rentang: di dalamnya 100; di bawah batas bawah R/batas bawah; di atas batas atas batas atas/R, atau
  1 + (1 - R/batas atas) bila rumusnya ``selisih``. Salah satu batas boleh tidak ada;
- teks ("WTP", "A"): terpenuhi 100, tidak terpenuhi 0; jenjang yang lebih tinggi dari target juga terpenuhi.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kinerja import fmt
from kinerja.errors import GalatParameter

NAIK, TURUN, RENTANG = "naik", "turun", "rentang"
SELISIH, KEBALIKAN = "selisih", "kebalikan"
RUMUS = {TURUN: SELISIH, RENTANG: KEBALIKAN}
"""Rumus bawaan bagi sisi yang makin kecil makin baik; rentang menurut PermenPANRB: batas atas / realisasi."""

GOLONGAN = ("di_atas", "tepat", "di_bawah")
TIDAK_DINILAI = "tidak_dinilai"
JENJANG_UMUM = (("d", "c", "cc", "b", "bb", "a", "aa"), ("tmp", "tw", "wdp", "wtp"))
"""Jenjang yang dikenal tanpa tabel ``jenjang``: predikat SAKIP dan RB (PermenPANRB 88/2021), opini BPK."""

_SATUAN_SELISIH = {"persen": "poin_persen", "persen_capaian": "poin_persen", "persen_perubahan": "poin_persen",
                   "indeks_100": "poin", "nilai": "poin"}  # fmt: skip


def achievement(realisasi: Any, target: Any, arah: Any = NAIK, batas: float | None = None, rumus: str = SELISIH) -> Any:
    """Persen capaian; lihat docstring modul untuk target 0, negatif, dan nilai hilang.

    Parameters
    ----------
    realisasi, target : float or array_like
        Dalam satuan yang sama; NaN atau None berarti tidak tersedia.
    arah : {"naik", "turun"} or array_like of str
        "naik": makin besar makin baik. "turun": makin kecil makin baik.
    batas : float, optional
        Capaian tertinggi dalam persen; None berarti tanpa batas.
    rumus : {"selisih", "kebalikan"}
        Bagi arah turun: 1 + (1 - R/T), atau T/R; T/R tidak terdefinisi bila salah satunya negatif.

    Returns
    -------
    float or numpy.ndarray
        Persen, tanpa pembulatan; skalar bila semua masukannya skalar.

    Raises
    ------
    GalatParameter
        Arah atau rumus tidak dikenal, atau batas di bawah 100.
    """
    batas = check_cap(batas)
    if rumus not in (SELISIH, KEBALIKAN):
        raise GalatParameter(f"Rumus {rumus!r} tidak dikenal; pilih {SELISIH} atau {KEBALIKAN}.")
    r, t = (np.asarray(x, dtype=object) for x in (realisasi, target))
    r, t = (np.where(pd.isna(x), np.nan, x).astype(float) for x in (r, t))
    arah_ = np.asarray(arah, dtype=object)
    asing = sorted({str(x) for x in arah_.ravel()} - {NAIK, TURUN})
    if asing:
        raise GalatParameter(f"Arah {asing[0]!r} tidak dikenal; pilih naik atau turun.")
    r, t, arah_ = np.broadcast_arrays(r, t, arah_)
    tanda = np.where(arah_ == TURUN, -1, 1)
    sah = np.isfinite(r) & np.isfinite(t)
    bagi = np.divide(r, t, out=np.full(r.shape, np.nan), where=sah & (t != 0))
    # R/T dan 2 - R/T bagi target positif; selebihnya bentuk umumnya.
    hasil = np.where(t > 0, np.where(tanda > 0, bagi, 2 - bagi), np.where(tanda > 0, 2 - bagi, bagi))
    if rumus == KEBALIKAN:
        balik = np.divide(t, r, out=np.full(r.shape, np.nan), where=sah & (r > 0) & (t >= 0))
        lebih = np.where(sah & (r == 0) & (t > 0), np.inf, balik)
        hasil = np.where(tanda > 0, hasil, lebih)
    hasil = np.maximum(hasil * 100, 0)
    baik = np.sign(r) * tanda
    nol = sah & (t == 0)
    hasil = np.where(nol, np.select([baik == 0, baik < 0], [100.0, 0.0], np.inf), hasil)
    hasil = np.where(np.isinf(hasil), np.nan if batas is None else batas, hasil)
    if batas is not None:
        hasil = np.minimum(hasil, batas)
    return float(hasil) if hasil.ndim == 0 else hasil


def achievement_text(realisasi: str | None, target: str | None, jenjang: Sequence[str] = ()) -> float:
    """Capaian target berupa teks: 100 bila terpenuhi, 0 bila tidak, NaN bila tidak dapat dinilai.

    Parameters
    ----------
    realisasi, target : str or None
        Teks kosong berarti tidak tersedia. Huruf besar-kecil dan spasi tepi diabaikan.
    jenjang : sequence of str, optional
        Predikat dari terendah ke tertinggi, misalnya ``("C", "CC", "B", "BB", "A", "AA")``. Tanpa jenjang dipakai
        :data:`JENJANG_UMUM` yang memuat keduanya; dua teks berbeda yang tidak ada di sana tidak dapat dinilai, karena
        tidak diketahui mana yang lebih tinggi.

    Raises
    ------
    GalatParameter
        Predikat tidak ada dalam ``jenjang``.
    """
    r, t = _tidy(realisasi), _tidy(target)
    if not r or not t:
        return float("nan")
    if not len(jenjang):
        if r == t:
            return 100.0
        jenjang = next((x for x in JENJANG_UMUM if r in x and t in x), ())
        if not jenjang:
            return float("nan")
    urutan = [_tidy(x) for x in jenjang]
    for teks in (realisasi, target):
        if _tidy(teks) not in urutan:
            raise GalatParameter(f"Predikat {teks!r} tidak ada dalam jenjang: {', '.join(jenjang)}.")
    return 100.0 if urutan.index(r) >= urutan.index(t) else 0.0


def achievement_range(
    realisasi: float, bawah: float | None, atas: float | None, batas: float | None = None, rumus: str = KEBALIKAN
) -> float:
    """Persen capaian target berupa rentang; lihat docstring modul.

    Parameters
    ----------
    realisasi, bawah, atas : float
        Dalam satuan yang sama. Salah satu tepi NaN atau None: rentang satu sisi ("paling sedikit 3").
    batas : float, optional
        Capaian tertinggi dalam persen; tidak berpengaruh, karena capaian rentang tidak pernah melewati 100.
    rumus : {"kebalikan", "selisih"}
        Di atas batas atas: batas atas / R, atau 1 + (1 - R/batas atas).

    Raises
    ------
    GalatParameter
        Batas bawah lebih besar daripada batas atas.
    """
    ada_bawah, ada_atas = (not fmt.is_missing(x) for x in (bawah, atas))
    if fmt.is_missing(realisasi) or not (ada_bawah or ada_atas):
        return float("nan")
    if ada_bawah and ada_atas and bawah > atas:
        raise GalatParameter(f"Rentang target terbalik: {bawah!r} lebih besar daripada {atas!r}.")
    if ada_bawah and realisasi < bawah:
        return achievement(realisasi, bawah, NAIK, batas)
    return achievement(realisasi, atas, TURUN, batas, rumus) if ada_atas and realisasi > atas else 100.0


def classify(capaian: float, realisasi: float | None = None, target: float | None = None, desimal: int = 2) -> str:
    """Golongan capaian terhadap 100: "di_atas", "tepat", "di_bawah", atau "tidak_dinilai".

    "tepat" berarti capaian tepat 100, atau realisasi yang dibulatkan pada ``desimal`` sama dengan target: target
    29,18 sendiri adalah 150/514 yang dibulatkan, sehingga hasil bagi tanpa pembulatan memberi 100,0099.

    Parameters
    ----------
    capaian : float
        Persen, tanpa batas atau dengan batas.
    realisasi, target : float, optional
        Dalam satuan indikator.
    desimal : int
        Banyaknya desimal indikator itu dicetak.
    """
    if fmt.is_missing(capaian):
        return TIDAK_DINILAI
    if capaian == 100 or equal_as_printed(realisasi, target, desimal):
        return "tepat"
    return "di_atas" if capaian > 100 else "di_bawah"


def required_pace(nilai: Any, tahun: Any, target: Any, tahun_target: Any, arah: Any = NAIK) -> Any:
    """Perubahan per tahun yang diperlukan dari sebuah nilai, dihitung dari tahun nilai itu.

    Satu aturan bagi semua halaman: (target - nilai) / (tahun target - tahun nilai).

    Parameters
    ----------
    nilai, target : float or array_like
        Dalam satuan yang sama; NaN berarti tidak tersedia.
    tahun, tahun_target : int or array_like
        Tahun data nilai itu, dan tahun targetnya.
    arah : {"naik", "turun"} or array_like of str

    Returns
    -------
    float or numpy.ndarray
        Satuan indikator per tahun, bertanda searah perubahan angkanya; 0 bila target sudah tercapai, NaN bila tahunnya
        habis atau salah satu masukannya tidak tersedia. Skalar bila semua masukannya skalar.
    """
    v, t = np.asarray(nilai, dtype=float), np.asarray(target, dtype=float)
    sisa = np.asarray(tahun_target, dtype=float) - np.asarray(tahun, dtype=float)
    jarak = np.round(t - v, 10)  # 90 - 81,17 adalah 8,83, bukan 8,8299999
    tercapai = np.where(np.asarray(arah, dtype=object) == TURUN, jarak >= 0, jarak <= 0)
    laju = np.divide(jarak, sisa, out=np.full(np.broadcast(jarak, sisa).shape, np.nan), where=sisa > 0)
    hasil = np.where(tercapai, 0.0, laju)
    return float(hasil) if hasil.ndim == 0 else hasil


def change_unit(satuan: str) -> str:
    """Satuan selisih dan laju dua angka bersatuan ``satuan``: poin persen bagi persen, poin bagi nilai dan indeks."""
    return _SATUAN_SELISIH.get(satuan, satuan)


def check_cap(batas: float | None) -> float | None:
    """Batas capaian (persen) sebagai pecahan; None tetap None.

    Raises
    ------
    GalatParameter
        Di bawah 100 atau bukan bilangan.
    """
    if batas is None:
        return None
    if isinstance(batas, bool) or not isinstance(batas, (int, float, np.number)) or not 100 <= batas < np.inf:
        raise GalatParameter(f"Batas capaian harus bilangan 100 atau lebih (persen), bukan {batas!r}.")
    return float(batas)


def _tidy(teks: str | None) -> str:
    return teks.strip().casefold() if isinstance(teks, str) else ""


def equal_as_printed(a: float | None, b: float | None, desimal: int) -> bool:
    """Apakah keduanya sama pada banyaknya desimal yang dicetak."""
    if fmt.is_missing(a) or fmt.is_missing(b):
        return False
    return fmt.round_half_up(float(a), desimal) == fmt.round_half_up(float(b), desimal)
