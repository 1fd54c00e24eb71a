"""Normalisasi: indikator berbeda satuan dan arah dibawa ke satu skala, di mana lebih besar selalu lebih baik.

Arah -1 dibalik lebih dulu (nilai, tonggak, dan target dikalikan -1), lalu metode diterapkan; karena itu 1 selalu
berarti yang terbaik. Satu-satunya kekecualian ``pecahan_terbaik`` memakai nilai asli: x / terbesar untuk arah 1 dan
terkecil / x untuk arah -1, sebab x / terbesar dari nilai yang dikalikan -1 memberi skor tertinggi kepada yang terburuk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.index.peringkat import rank_array
from kinerja.index.pohon import Pohon, name_list, unknown_name_error

METODE = (
    "apa_adanya",
    "minmax",
    "tonggak",
    "zskor",
    "peringkat",
    "persentil",
    "jarak_target",
    "jarak_terbaik",
    "pecahan_terbaik",
)
KONSTAN = ("gagal", "tengah", "hilang")


@dataclass(frozen=True)
class Normalisasi:
    """Satu cara normalisasi.

    Attributes
    ----------
    metode : str
        ``minmax`` (x-min)/(maks-min); ``tonggak`` terhadap tonggak_bawah dan tonggak_atas; ``zskor`` (pembagi n-1);
        ``peringkat`` (1 = terburuk, seri terkecil); ``persentil`` (peringkat-1)/(n-1); ``jarak_target``
        (x-terburuk)/(target-terburuk); ``jarak_terbaik`` 1-(terbaik-x)/(terbaik-terburuk); ``pecahan_terbaik``
        x/terbesar (arah 1) atau terkecil/x (arah -1); ``apa_adanya`` (hanya arahnya dibalik).
    bawah, atas : float
        Skala hasil: 0 dan 1 pada metode dipetakan ke sini (semua kecuali zskor, peringkat, apa_adanya).
    rata, simpangan : float
        Rata-rata dan simpangan baku hasil zskor.
    potong : bool or None
        Potong hasil ke [bawah, atas]. Baku: ya untuk tonggak, tidak untuk jarak_target.
    konstan : {"gagal", "tengah", "hilang"}
        Untuk indikator tanpa ragam: galat bernama (baku), titik tengah skala, atau NaN.
    """

    metode: str = "minmax"
    bawah: float = 0.0
    atas: float = 100.0
    rata: float = 0.0
    simpangan: float = 1.0
    potong: bool | None = None
    konstan: str = "gagal"

    def __post_init__(self) -> None:
        if self.metode not in METODE:
            raise unknown_name_error("Metode normalisasi", [self.metode], METODE)
        if not self.atas > self.bawah:
            raise GalatParameter("Skala normalisasi: atas harus lebih besar dari bawah.")
        if not self.simpangan > 0:
            raise GalatParameter("Simpangan baku zskor harus positif.")
        if self.konstan not in KONSTAN:
            raise GalatParameter(f"konstan harus salah satu dari {', '.join(KONSTAN)}.")

    @classmethod
    def dari_dict(cls, isi: Mapping[str, object] | str) -> Normalisasi:
        """Dari nama metode atau dari kamus (misalnya hasil YAML)."""
        if isinstance(isi, str):
            return cls(isi)
        asing = set(isi) - {f.name for f in fields(cls)}
        if asing:
            raise unknown_name_error("Isi normalisasi", asing, [f.name for f in fields(cls)])
        return cls(**isi)


@dataclass(frozen=True, eq=False)
class Acuan:
    """Keterangan tiap indikator yang diperlukan normalisasi, sejajar dengan sumbu terakhir larik."""

    kode: tuple[str, ...]
    arah: np.ndarray
    tonggak_bawah: np.ndarray
    tonggak_atas: np.ndarray
    target: np.ndarray

    @classmethod
    def dari_pohon(cls, pohon: Pohon) -> Acuan:
        t = pohon.tabel.loc[list(pohon.indikator)]
        return cls(
            pohon.indikator, *(t[k].to_numpy(dtype=float) for k in ("arah", "tonggak_bawah", "tonggak_atas", "target"))
        )

    def pilih(self, letak: np.ndarray) -> Acuan:
        """Acuan untuk sebagian indikator."""
        return Acuan(
            tuple(self.kode[i] for i in letak),
            *(np.take(x, letak, axis=-1) for x in (self.arah, self.tonggak_bawah, self.tonggak_atas, self.target)),
        )


@dataclass(frozen=True, eq=False)
class NormalisasiTerpasang:
    """Normalisasi yang parameternya (min, maks, rata-rata ...) sudah diambil dari data acuan.

    Dipakai bila dua tahun atau ulangan harus berada pada skala yang sama: pasang sekali, terapkan pada keduanya.
    """

    spek: Normalisasi
    acuan: Acuan
    parameter: Mapping[str, np.ndarray]

    def terapkan(self, x: np.ndarray) -> np.ndarray:
        """Normalkan larik (..., unit, indikator) dengan parameter yang tersimpan."""
        return _apply(np.asarray(x, dtype=float), self.spek, self.acuan, self.parameter)


def fit_array(x: np.ndarray, spek: Normalisasi, acuan: Acuan) -> NormalisasiTerpasang:
    """Ambil parameter normalisasi dari larik (..., unit, indikator), terpisah untuk tiap ulangan.

    Raises
    ------
    GalatHitung
        Indikator tanpa ragam (bila ``konstan="gagal"``), tanpa data, atau tanpa tonggak/target yang diperlukan.
    """
    x = np.asarray(x, dtype=float)
    searah = x * acuan.arah
    ada = ~np.isnan(searah)
    _require_data(ada, spek, acuan)
    p: dict[str, np.ndarray] = {}
    if spek.metode in ("minmax", "jarak_terbaik", "jarak_target", "pecahan_terbaik"):
        p["terburuk"] = np.where(ada, searah, np.inf).min(axis=-2, keepdims=True)
        p["terbaik"] = np.where(ada, searah, -np.inf).max(axis=-2, keepdims=True)
    if spek.metode == "zskor":
        n = ada.sum(axis=-2, keepdims=True)
        p["rata"] = np.where(ada, searah, 0).sum(axis=-2, keepdims=True) / np.maximum(n, 1)
        kuadrat = np.where(ada, (searah - p["rata"]) ** 2, 0).sum(axis=-2, keepdims=True)
        p["simpangan"] = np.sqrt(kuadrat / np.maximum(n - 1, 1))
        # galat pembulatan membuat kolom konstan (misalnya 0,1 semua) bersimpangan 1e-17, bukan nol
        datar = np.where(ada, searah, np.inf).min(axis=-2, keepdims=True) == np.where(ada, searah, -np.inf).max(
            axis=-2, keepdims=True
        )
        p["simpangan"] = np.where(datar, 0.0, p["simpangan"])
    if spek.metode in ("peringkat", "persentil"):
        p["terurut"] = np.sort(searah, axis=-2)
        p["banyak"] = ada.sum(axis=-2, keepdims=True)
    terpasang = NormalisasiTerpasang(spek, acuan, p)
    _check_fit(terpasang, x)
    return terpasang


def normalise_array(x: np.ndarray, spek: Normalisasi, acuan: Acuan) -> np.ndarray:
    """Normalkan larik (..., unit, indikator) dengan parameternya sendiri, per ulangan."""
    terpasang = fit_array(x, spek, acuan)
    if spek.metode in ("peringkat", "persentil"):
        return _rank_scale(np.asarray(x, dtype=float) * acuan.arah, terpasang)
    return terpasang.terapkan(x)


def normalise(
    data: pd.DataFrame,
    pohon: Pohon,
    metode: str | Normalisasi | Mapping[str, str | Normalisasi] = "minmax",
    *,
    acuan: pd.DataFrame | None = None,
    kolom_hilang: str = "gagal",
) -> pd.DataFrame:
    """Normalkan tabel unit x indikator.

    Parameters
    ----------
    data : DataFrame
        Indeks unit, kolom kode indikator (satuan asli); kolom lain diabaikan.
    metode : str, Normalisasi, or mapping
        Satu metode untuk semua, atau kode indikator -> metode (``"*"`` untuk sisanya).
    acuan : DataFrame, optional
        Data tempat min, maks, rata-rata dan seterusnya diambil, misalnya tahun dasar; baku ``data`` sendiri.
    kolom_hilang : {"gagal", "kosong"}
        Lihat :meth:`Pohon.values`.

    Returns
    -------
    DataFrame
        Kolom dalam urutan ``pohon.indikator``.

    Raises
    ------
    GalatHitung, GalatParameter
    """
    x = pohon.values(data, kolom_hilang)
    dasar = x if acuan is None else pohon.values(acuan, kolom_hilang)
    semua = Acuan.dari_pohon(pohon)
    hasil = np.full(x.shape, np.nan)
    # indikator yang tidak tersedia di mana pun tetap hilang; itu bukan kesalahan bila diminta "kosong"
    terisi = ~np.isnan(dasar).all(axis=0) if kolom_hilang == "kosong" else np.ones(x.shape[1], dtype=bool)
    for spek, letak in _groups(metode, pohon):
        letak = letak[terisi[letak]]
        if not len(letak):
            continue
        bagian = semua.pilih(letak)
        if acuan is None:
            hasil[:, letak] = normalise_array(x[:, letak], spek, bagian)
        else:
            hasil[:, letak] = fit_array(dasar[:, letak], spek, bagian).terapkan(x[:, letak])
    return pd.DataFrame(hasil, index=data.index, columns=list(pohon.indikator))


def _groups(metode: object, pohon: Pohon) -> list[tuple[Normalisasi, np.ndarray]]:
    if isinstance(metode, Normalisasi):
        return [(metode, np.arange(len(pohon.indikator)))]
    if isinstance(metode, str):
        return [(Normalisasi(metode), np.arange(len(pohon.indikator)))]
    asing = set(metode) - set(pohon.indikator) - {"*"}
    if asing:
        raise unknown_name_error("Indikator", asing, pohon.indikator)
    kurang = [k for k in pohon.indikator if k not in metode and "*" not in metode]
    if kurang:
        raise GalatParameter(f"Metode normalisasi belum diberikan untuk {name_list(kurang)} (pakai '*' untuk sisanya).")
    kelompok: dict[Normalisasi, list[int]] = {}
    for i, kode in enumerate(pohon.indikator):
        pilihan = metode.get(kode, metode.get("*"))
        kelompok.setdefault(Normalisasi(pilihan) if isinstance(pilihan, str) else pilihan, []).append(i)
    return [(spek, np.array(letak)) for spek, letak in kelompok.items()]


def _require_data(ada: np.ndarray, spek: Normalisasi, acuan: Acuan) -> None:
    kosong = ~ada.any(axis=-2)
    if spek.metode not in ("apa_adanya", "tonggak") and kosong.any():
        nama = [k for k, i in zip(acuan.kode, _any_replicate(kosong), strict=True) if i]
        raise GalatHitung(f"Normalisasi {spek.metode}: tidak ada data sama sekali pada indikator {name_list(nama)}.")


def _any_replicate(salah: np.ndarray) -> np.ndarray:
    return salah.reshape(-1, salah.shape[-1]).any(axis=0)


def _name_bad(salah: np.ndarray, acuan: Acuan) -> list[str]:
    return [kode for kode, buruk in zip(acuan.kode, _any_replicate(np.atleast_2d(salah)), strict=True) if buruk]


def _check_fit(t: NormalisasiTerpasang, x: np.ndarray) -> None:
    spek, acuan, p = t.spek, t.acuan, t.parameter
    if spek.metode == "tonggak":
        kurang = _name_bad(np.isnan(acuan.tonggak_bawah) | np.isnan(acuan.tonggak_atas), acuan)
        if kurang:
            raise GalatHitung(f"Normalisasi tonggak: tonggak bawah/atas belum diisi untuk {name_list(kurang)}.")
        salah = _name_bad(acuan.tonggak_atas <= acuan.tonggak_bawah, acuan)
        if salah:
            raise GalatHitung(
                f"Normalisasi tonggak: tonggak bawah tidak lebih kecil dari atas pada {name_list(salah)}."
            )
    if spek.metode == "jarak_target":
        kurang = _name_bad(np.isnan(acuan.target), acuan)
        if kurang:
            raise GalatHitung(f"Normalisasi jarak_target: target belum diisi untuk {name_list(kurang)}.")
        salah = _name_bad((acuan.target * acuan.arah - p["terburuk"])[..., 0, :] <= 0, acuan)
        if salah:
            raise GalatHitung(
                f"Normalisasi jarak_target: target tidak lebih baik dari nilai terburuk pada {name_list(salah)}."
            )
    if spek.metode == "pecahan_terbaik":
        negatif = _name_bad((x < 0).any(axis=-2), acuan)
        if negatif:
            raise GalatHitung(f"Normalisasi pecahan_terbaik menuntut nilai tak negatif; periksa {name_list(negatif)}.")
        salah = _name_bad((p["terbaik"] == 0)[..., 0, :], acuan)
        if salah:
            raise GalatHitung(
                f"Normalisasi pecahan_terbaik: nilai terbaik nol, pecahannya tidak ada, pada {name_list(salah)}."
            )
    datar = _flat(t)
    if datar is not None and spek.konstan == "gagal":
        nama = _name_bad(datar[..., 0, :], acuan)
        if nama:
            raise GalatHitung(
                f"Normalisasi {spek.metode}: indikator {name_list(nama)} bernilai sama pada semua unit, "
                f"sehingga tidak membedakan apa pun. Buang indikator itu atau pilih konstan='tengah' atau 'hilang'."
            )


def _flat(t: NormalisasiTerpasang) -> np.ndarray | None:
    p = t.parameter
    if t.spek.metode in ("minmax", "jarak_terbaik"):
        return p["terbaik"] == p["terburuk"]
    if t.spek.metode == "zskor":
        return p["simpangan"] == 0
    if t.spek.metode == "persentil":
        return p["banyak"] <= 1
    return None


def _apply(x: np.ndarray, spek: Normalisasi, acuan: Acuan, p: Mapping[str, np.ndarray]) -> np.ndarray:
    y = x * acuan.arah
    if spek.metode == "apa_adanya":
        return y
    if spek.metode in ("peringkat", "persentil"):
        return _rank_against(y, NormalisasiTerpasang(spek, acuan, p))
    if spek.metode == "zskor":
        datar = p["simpangan"] == 0
        baku = (y - p["rata"]) / np.where(datar, 1.0, p["simpangan"])
        return _fill_flat(baku * spek.simpangan + spek.rata, datar, y, spek, spek.rata)
    datar = None
    if spek.metode == "tonggak":
        positif = acuan.arah > 0
        bawah = np.where(positif, acuan.tonggak_bawah, -acuan.tonggak_atas)
        atas = np.where(positif, acuan.tonggak_atas, -acuan.tonggak_bawah)
        pecahan = (y - bawah) / (atas - bawah)
    elif spek.metode == "jarak_target":
        pecahan = (y - p["terburuk"]) / (acuan.target * acuan.arah - p["terburuk"])
    elif spek.metode == "pecahan_terbaik":
        negatif = acuan.arah < 0
        # arah -1: terbaik = -terkecil, jadi terkecil/x = terbaik/y; arah 1: x/terbesar = y/terbaik
        pembilang, penyebut = np.where(negatif, p["terbaik"], y), np.where(negatif, y, p["terbaik"])
        with np.errstate(divide="ignore", invalid="ignore"):
            pecahan = pembilang / penyebut
    else:
        datar = p["terbaik"] == p["terburuk"]
        pecahan = (y - p["terburuk"]) / np.where(datar, 1.0, p["terbaik"] - p["terburuk"])
    if spek.metode == "tonggak" if spek.potong is None else spek.potong:
        pecahan = np.clip(pecahan, 0.0, 1.0)
    hasil = spek.bawah + (spek.atas - spek.bawah) * pecahan
    return hasil if datar is None else _fill_flat(hasil, datar, y, spek, (spek.bawah + spek.atas) / 2)


def _fill_flat(hasil: np.ndarray, datar: np.ndarray, y: np.ndarray, spek: Normalisasi, tengah: float) -> np.ndarray:
    if not datar.any():
        return hasil
    isi = np.nan if spek.konstan == "hilang" else tengah
    return np.where(np.isnan(y), np.nan, np.where(datar, isi, hasil))


def _rank_scale(y: np.ndarray, t: NormalisasiTerpasang) -> np.ndarray:
    """Peringkat dalam larik itu sendiri (cepat untuk banyak ulangan)."""
    naik = rank_array(np.swapaxes(y, -1, -2), desimal=None, menurun=False)
    naik = np.swapaxes(naik, -1, -2).astype(float)
    naik[naik == 0] = np.nan
    return _rank_to_scale(naik, t)


def _rank_against(y: np.ndarray, t: NormalisasiTerpasang) -> np.ndarray:
    """Peringkat terhadap data acuan: 1 + banyaknya nilai acuan yang lebih kecil."""
    terurut, banyak = t.parameter["terurut"], t.parameter["banyak"]
    if terurut.ndim != 2:
        raise GalatParameter("Peringkat terhadap acuan hanya untuk acuan berbentuk (unit, indikator).")
    hasil = np.empty(y.shape)
    for k in range(y.shape[-1]):
        acuan = terurut[: int(banyak[0, k]), k]
        posisi = np.minimum(np.searchsorted(acuan, y[..., k], side="left") + 1, max(1, len(acuan)))
        hasil[..., k] = np.where(np.isnan(y[..., k]), np.nan, posisi)
    return _rank_to_scale(hasil, t)


def _rank_to_scale(naik: np.ndarray, t: NormalisasiTerpasang) -> np.ndarray:
    spek = t.spek
    if spek.metode == "peringkat":
        return naik
    banyak = t.parameter["banyak"]
    hasil = spek.bawah + (spek.atas - spek.bawah) * (naik - 1) / np.maximum(banyak - 1, 1)
    return _fill_flat(hasil, np.broadcast_to(banyak <= 1, hasil.shape), naik, spek, (spek.bawah + spek.atas) / 2)
