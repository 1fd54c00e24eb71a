"""Daftar normalisasi: satu kelas untuk satu cara membawa indikator ke satu skala. Menambah cara = satu kelas di sini.

Larik ``y`` selalu sudah searah (nilai x arah), berbentuk (..., unit, indikator): lebih besar lebih baik.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.index.peringkat import rank_array
from kinerja.index.pohon import name_list

if TYPE_CHECKING:
    from kinerja.index.normalisasi import Acuan, Normalisasi

Params = Mapping[str, np.ndarray]
SCALINGS: dict[str, Scaling] = {}
"""Kode -> cara normalisasi, dalam urutan pencatatan."""


def register(cls: type[Scaling]) -> type[Scaling]:
    """Catat satu cara normalisasi; kodenya harus belum dipakai."""
    if cls.code in SCALINGS:
        raise GalatParameter(f"Normalisasi '{cls.code}' sudah terdaftar.")
    SCALINGS[cls.code] = cls()
    return cls


class Scaling:
    """Satu cara normalisasi.

    Attributes
    ----------
    code : str
    name : dict
        Nama untuk pembaca, ``id`` dan ``en``.
    needs_data : bool
        Parameternya diambil dari data, jadi indikator tanpa data ditolak.
    uses_goalposts : bool
        Memakai tonggak indikator, yang dapat digoyang dalam skenario.
    clips : bool
        Dipotong ke [bawah, atas] bila tidak dinyatakan lain.
    """

    code: ClassVar[str]
    name: ClassVar[dict[str, str]]
    needs_data: ClassVar[bool] = True
    uses_goalposts: ClassVar[bool] = False
    clips: ClassVar[bool] = False

    def fit(self, y: np.ndarray) -> dict[str, np.ndarray]:
        """Parameter dari data acuan, terpisah untuk tiap ulangan."""
        return {}

    def check(self, y: np.ndarray, acuan: Acuan, p: Params) -> None:
        """Tolak acuan atau data yang tidak memenuhi syarat, dengan nama indikatornya."""

    def flat(self, p: Params) -> np.ndarray | None:
        """Indikator tanpa ragam; None bila ragam tidak diperlukan."""
        return None

    def fraction(self, y: np.ndarray, acuan: Acuan, p: Params) -> np.ndarray:
        """Nilai 0 sampai 1 sebelum dibawa ke [bawah, atas]."""
        raise NotImplementedError

    def middle(self, spek: Normalisasi) -> float:
        """Isi indikator tanpa ragam bila ``konstan="tengah"``."""
        return (spek.bawah + spek.atas) / 2

    def transform(self, y: np.ndarray, spek: Normalisasi, acuan: Acuan, p: Params) -> np.ndarray:
        """Nilai ternormalkan dengan parameter tersimpan."""
        part = self.fraction(y, acuan, p)
        if self.clips if spek.potong is None else spek.potong:
            part = np.clip(part, 0.0, 1.0)
        return self.fill_flat(spek.bawah + (spek.atas - spek.bawah) * part, y, spek, p)

    def transform_own(self, y: np.ndarray, spek: Normalisasi, acuan: Acuan, p: Params) -> np.ndarray:
        """Seperti :meth:`transform`, tetapi data yang dinormalkan adalah data acuannya sendiri."""
        return self.transform(y, spek, acuan, p)

    def fill_flat(self, result: np.ndarray, y: np.ndarray, spek: Normalisasi, p: Params) -> np.ndarray:
        flat = self.flat(p)
        if flat is None or not flat.any():
            return result
        filled = np.nan if spek.konstan == "hilang" else self.middle(spek)
        return np.where(np.isnan(y), np.nan, np.where(flat, filled, result))

    def scale(self, spek: Normalisasi) -> tuple[object, ...]:
        """Skala hasil; dua normalisasi yang skalanya sama boleh dibandingkan skornya."""
        return ("rentang", spek.bawah, spek.atas)


class Affine(Scaling):
    """``(y - buruk) / (baik - buruk)`` dengan dua ujung dari :meth:`ends`."""

    def ends(self, acuan: Acuan, p: Params) -> tuple[np.ndarray, np.ndarray]:
        """Nilai searah yang menjadi 0 dan 1."""
        return p["terburuk"], p["terbaik"]

    def fraction(self, y, acuan, p):
        low, high = self.ends(acuan, p)
        return (y - low) / np.where(high == low, 1.0, high - low)

    def inverse(self, z: np.ndarray, spek: Normalisasi, acuan: Acuan, p: Params) -> np.ndarray:
        """Nilai searah dari nilai ternormalkan (sebelum dipotong)."""
        low, high = self.ends(acuan, p)
        return low + (z - spek.bawah) / (spek.atas - spek.bawah) * (high - low)


@register
class Unscaled(Scaling):
    """Hanya arahnya dibalik."""

    code = "apa_adanya"
    name = {"id": "apa adanya", "en": "as is"}
    needs_data = False

    def transform(self, y, spek, acuan, p):
        return y

    def scale(self, spek):
        return ("asli",)


@register
class MinMax(Affine):
    """``(y - min) / (maks - min)``."""

    code = "minmax"
    name = {"id": "min-maks", "en": "min-max"}

    def fit(self, y):
        return _extremes(y)

    def flat(self, p):
        return p["terbaik"] == p["terburuk"]


@register
class Goalposts(Affine):
    """Terhadap tonggak bawah dan atas indikator."""

    code = "tonggak"
    name = {"id": "tonggak", "en": "goalposts"}
    needs_data = False
    uses_goalposts = True
    clips = True

    def ends(self, acuan, p):
        positive = acuan.arah > 0
        return (
            np.where(positive, acuan.tonggak_bawah, -acuan.tonggak_atas),
            np.where(positive, acuan.tonggak_atas, -acuan.tonggak_bawah),
        )

    def check(self, y, acuan, p):
        _refuse(
            np.isnan(acuan.tonggak_bawah) | np.isnan(acuan.tonggak_atas),
            acuan,
            "Normalisasi tonggak: tonggak bawah/atas belum diisi untuk {}.",
        )
        _refuse(
            acuan.tonggak_atas <= acuan.tonggak_bawah,
            acuan,
            "Normalisasi tonggak: tonggak bawah tidak lebih kecil dari atas pada {}.",
        )


@register
class ZScore(Scaling):
    """``(y - rata-rata) / simpangan baku`` (pembagi n-1), dibawa ke rata-rata dan simpangan yang diminta."""

    code = "zskor"
    name = {"id": "z-skor", "en": "z-score"}

    def fit(self, y):
        present = ~np.isnan(y)
        n = present.sum(axis=-2, keepdims=True)
        mean = np.where(present, y, 0).sum(axis=-2, keepdims=True) / np.maximum(n, 1)
        squares = np.where(present, (y - mean) ** 2, 0).sum(axis=-2, keepdims=True)
        ends = _extremes(y)
        # galat pembulatan membuat kolom konstan (misalnya 0,1 semua) bersimpangan 1e-17, bukan nol
        sd = np.where(ends["terburuk"] == ends["terbaik"], 0.0, np.sqrt(squares / np.maximum(n - 1, 1)))
        return {"rata": mean, "simpangan": sd}

    def flat(self, p):
        return p["simpangan"] == 0

    def middle(self, spek):
        return spek.rata

    def transform(self, y, spek, acuan, p):
        z = (y - p["rata"]) / np.where(p["simpangan"] == 0, 1.0, p["simpangan"])
        return self.fill_flat(z * spek.simpangan + spek.rata, y, spek, p)

    def scale(self, spek):
        return ("zskor", spek.rata, spek.simpangan)


@register
class Rank(Scaling):
    """Peringkat naik, 1 = terburuk, seri terkecil."""

    code = "peringkat"
    name = {"id": "peringkat", "en": "rank"}

    def fit(self, y):
        return {"terurut": np.sort(y, axis=-2), "banyak": (~np.isnan(y)).sum(axis=-2, keepdims=True)}

    def transform(self, y, spek, acuan, p):
        """Peringkat terhadap data acuan: 1 + banyaknya nilai acuan yang lebih kecil."""
        ordered, count = p["terurut"], p["banyak"]
        if ordered.ndim != 2:
            raise GalatParameter("Peringkat terhadap acuan hanya untuk acuan berbentuk (unit, indikator).")
        result = np.empty(y.shape)
        for k in range(y.shape[-1]):
            base = ordered[: int(count[0, k]), k]
            position = np.minimum(np.searchsorted(base, y[..., k], side="left") + 1, max(1, len(base)))
            result[..., k] = np.where(np.isnan(y[..., k]), np.nan, position)
        return self.from_rank(result, spek, p)

    def transform_own(self, y, spek, acuan, p):
        rising = rank_array(np.swapaxes(y, -1, -2), toleransi=0.0, menurun=False)
        rising = np.swapaxes(rising, -1, -2).astype(float)
        rising[rising == 0] = np.nan
        return self.from_rank(rising, spek, p)

    def from_rank(self, rank: np.ndarray, spek: Normalisasi, p: Params) -> np.ndarray:
        return rank

    def scale(self, spek):
        return ("peringkat",)


@register
class PercentileRank(Rank):
    """``(peringkat - 1) / (n - 1)``."""

    code = "persentil"
    name = {"id": "persentil", "en": "percentile rank"}

    def flat(self, p):
        return p["banyak"] <= 1

    def from_rank(self, rank, spek, p):
        part = (rank - 1) / np.maximum(p["banyak"] - 1, 1)
        return self.fill_flat(spek.bawah + (spek.atas - spek.bawah) * part, rank, spek, p)

    def scale(self, spek):
        return Scaling.scale(self, spek)


@register
class TargetDistance(Affine):
    """``(y - terburuk) / (target - terburuk)``."""

    code = "jarak_target"
    name = {"id": "jarak ke target", "en": "distance to target"}

    def fit(self, y):
        return _extremes(y)

    def ends(self, acuan, p):
        return p["terburuk"], acuan.target * acuan.arah

    def check(self, y, acuan, p):
        _refuse(np.isnan(acuan.target), acuan, "Normalisasi jarak_target: target belum diisi untuk {}.")
        _refuse(
            (acuan.target * acuan.arah - p["terburuk"])[..., 0, :] <= 0,
            acuan,
            "Normalisasi jarak_target: target tidak lebih baik dari nilai terburuk pada {}.",
        )


@register
class BestDistance(MinMax):
    """``1 - (terbaik - y) / (terbaik - terburuk)``; sama dengan min-maks, nama yang dipakai COINr."""

    code = "jarak_terbaik"
    name = {"id": "jarak ke yang terbaik", "en": "distance to the best"}


@register
class BestFraction(Scaling):
    """x / terbesar untuk arah 1, terkecil / x untuk arah -1."""

    code = "pecahan_terbaik"
    name = {"id": "bagian dari yang terbaik", "en": "fraction of the best"}

    def fit(self, y):
        return _extremes(y)

    def check(self, y, acuan, p):
        _refuse(
            (y * acuan.arah < 0).any(axis=-2),
            acuan,
            "Normalisasi pecahan_terbaik menuntut nilai tak negatif; periksa {}.",
        )
        _refuse(
            (p["terbaik"] == 0)[..., 0, :],
            acuan,
            "Normalisasi pecahan_terbaik: nilai terbaik nol, pecahannya tidak ada, pada {}.",
        )

    def fraction(self, y, acuan, p):
        negative = acuan.arah < 0
        # arah -1: terbaik = -terkecil, jadi terkecil/x = terbaik/y; arah 1: x/terbesar = y/terbaik
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(negative, p["terbaik"], y) / np.where(negative, y, p["terbaik"])


def bad_names(mask: np.ndarray, acuan: Acuan) -> list[str]:
    """Kode indikator yang kena di salah satu ulangan."""
    hit = np.atleast_2d(mask).reshape(-1, np.shape(mask)[-1]).any(axis=0)
    return [kode for kode, buruk in zip(acuan.kode, hit, strict=True) if buruk]


def _refuse(mask: np.ndarray, acuan: Acuan, kalimat: str) -> None:
    nama = bad_names(mask, acuan)
    if nama:
        raise GalatHitung(kalimat.format(name_list(nama)))


def _extremes(y: np.ndarray) -> dict[str, np.ndarray]:
    present = ~np.isnan(y)
    return {
        "terburuk": np.where(present, y, np.inf).min(axis=-2, keepdims=True),
        "terbaik": np.where(present, y, -np.inf).max(axis=-2, keepdims=True),
    }
