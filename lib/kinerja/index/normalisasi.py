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
from kinerja.index.pohon import Pohon, name_list, unknown_name_error
from kinerja.index.scalings import SCALINGS, Scaling, bad_names

KONSTAN = ("gagal", "tengah", "hilang")


@dataclass(frozen=True)
class Normalisasi:
    """Satu cara normalisasi.

    Attributes
    ----------
    metode : str
        Kode di :data:`kinerja.index.scalings.SCALINGS`, yang juga memuat rumusnya.
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
        if self.metode not in SCALINGS:
            raise unknown_name_error("Metode normalisasi", [self.metode], SCALINGS)
        if not self.atas > self.bawah:
            raise GalatParameter("Skala normalisasi: atas harus lebih besar dari bawah.")
        if not self.simpangan > 0:
            raise GalatParameter("Simpangan baku zskor harus positif.")
        if self.konstan not in KONSTAN:
            raise GalatParameter(f"konstan harus salah satu dari {', '.join(KONSTAN)}.")

    @property
    def cara(self) -> Scaling:
        """Cara normalisasinya."""
        return SCALINGS[self.metode]

    @property
    def skala(self) -> tuple[object, ...]:
        """Skala hasilnya; skor dua normalisasi hanya sebanding bila skalanya sama."""
        return self.cara.scale(self)

    @property
    def label(self) -> str:
        """Nama singkat untuk tabel rancangan, misalnya ``minmax 0-100``."""
        jenis, *angka = self.skala
        return f"{self.metode} {angka[0]:g}-{angka[1]:g}" if jenis == "rentang" else self.metode

    @classmethod
    def dari_dict(cls, isi: Mapping[str, object] | str) -> Normalisasi:
        """Dari nama metode atau dari kamus (misalnya hasil YAML)."""
        if isinstance(isi, str):
            return cls(isi)
        asing = set(isi) - {f.name for f in fields(cls)}
        if asing:
            raise unknown_name_error("Isi normalisasi", asing, [f.name for f in fields(cls)])
        return cls(**isi)


def scaling_spec(isi: object) -> Normalisasi | dict[str, Normalisasi]:
    """Satu normalisasi, atau kamus kode indikator -> normalisasi (``"*"`` untuk sisanya), dari nama atau kamus.

    Raises
    ------
    GalatParameter
        Isinya bukan nama, Normalisasi, atau kamus.
    """
    if isinstance(isi, Normalisasi):
        return isi
    if isinstance(isi, Mapping) and "metode" not in isi and set(isi) - {f.name for f in fields(Normalisasi)}:
        return {kode: n if isinstance(n, Normalisasi) else Normalisasi.dari_dict(n) for kode, n in isi.items()}
    if not isinstance(isi, str | Mapping):
        raise GalatParameter(f"Normalisasi harus nama, Normalisasi, atau kamus; diberikan {type(isi).__name__}.")
    return Normalisasi.dari_dict(isi)


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
        y = np.asarray(x, dtype=float) * self.acuan.arah
        return self.spek.cara.transform(y, self.spek, self.acuan, self.parameter)

    def balik(self, z: np.ndarray) -> np.ndarray:
        """Nilai asli dari nilai ternormalkan; hanya untuk normalisasi garis lurus (min-maks, tonggak, jarak)."""
        searah = self.spek.cara.inverse(np.asarray(z, dtype=float), self.spek, self.acuan, self.parameter)
        return self.acuan.arah * searah


def fit_array(x: np.ndarray, spek: Normalisasi, acuan: Acuan) -> NormalisasiTerpasang:
    """Ambil parameter normalisasi dari larik (..., unit, indikator), terpisah untuk tiap ulangan.

    Raises
    ------
    GalatHitung
        Indikator tanpa ragam (bila ``konstan="gagal"``), tanpa data, atau tanpa tonggak/target yang diperlukan.
    """
    y = np.asarray(x, dtype=float) * acuan.arah
    cara = spek.cara
    kosong = bad_names(np.isnan(y).all(axis=-2), acuan)
    if cara.needs_data and kosong:
        raise GalatHitung(f"Normalisasi {spek.metode}: tidak ada data sama sekali pada indikator {name_list(kosong)}.")
    parameter = cara.fit(y)
    cara.check(y, acuan, parameter)
    datar = cara.flat(parameter)
    if datar is not None and spek.konstan == "gagal":
        nama = bad_names(datar[..., 0, :], acuan)
        if nama:
            raise GalatHitung(
                f"Normalisasi {spek.metode}: indikator {name_list(nama)} bernilai sama pada semua unit, "
                f"sehingga tidak membedakan apa pun. Buang indikator itu atau pilih konstan='tengah' atau 'hilang'."
            )
    return NormalisasiTerpasang(spek, acuan, parameter)


def normalise_array(x: np.ndarray, spek: Normalisasi, acuan: Acuan) -> np.ndarray:
    """Normalkan larik (..., unit, indikator) dengan parameternya sendiri, per ulangan."""
    terpasang = fit_array(x, spek, acuan)
    return spek.cara.transform_own(np.asarray(x, dtype=float) * acuan.arah, spek, acuan, terpasang.parameter)


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
    for spek, letak in indicator_groups(metode, pohon):
        letak = letak[terisi[letak]]
        if not len(letak):
            continue
        bagian = semua.pilih(letak)
        if acuan is None:
            hasil[:, letak] = normalise_array(x[:, letak], spek, bagian)
        else:
            hasil[:, letak] = fit_array(dasar[:, letak], spek, bagian).terapkan(x[:, letak])
    return pd.DataFrame(hasil, index=data.index, columns=list(pohon.indikator))


def indicator_groups(metode: object, pohon: Pohon) -> list[tuple[Normalisasi, np.ndarray]]:
    """Normalisasi dan letak indikator yang memakainya, dari satu metode atau kamus kode -> metode."""
    metode = scaling_spec(metode)
    if isinstance(metode, Normalisasi):
        return [(metode, np.arange(len(pohon.indikator)))]
    asing = set(metode) - set(pohon.indikator) - {"*"}
    if asing:
        raise unknown_name_error("Indikator", asing, pohon.indikator)
    kurang = [k for k in pohon.indikator if k not in metode and "*" not in metode]
    if kurang:
        raise GalatParameter(f"Metode normalisasi belum diberikan untuk {name_list(kurang)} (pakai '*' untuk sisanya).")
    kelompok: dict[Normalisasi, list[int]] = {}
    for i, kode in enumerate(pohon.indikator):
        kelompok.setdefault(metode.get(kode, metode.get("*")), []).append(i)
    return [(spek, np.array(letak)) for spek, letak in kelompok.items()]
