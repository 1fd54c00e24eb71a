"""Skenario ketidakpastian sebagai data: apa yang dapat berubah dalam membuat indeks, dan seberapa banyak."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import numpy as np
import pandas as pd

from kinerja.errors import GalatParameter
from kinerja.index.means import MEANS
from kinerja.index.normalisasi import Normalisasi
from kinerja.index.olah import Olahan
from kinerja.index.pohon import Pohon, unknown_name_error

RANCANGAN = ("sobol", "latin", "acak")
FAKTOR = ("normalisasi", "olahan", "agregasi", "himpunan_bobot", "bobot", "tonggak", "buang", "sampel")
LENGKAP = "(lengkap)"
"""Nama pilihan tanpa indikator yang dibuang."""


def _build(kelas, isi, sebutan):
    if isinstance(isi, kelas):
        return isi
    if not isinstance(isi, Mapping):
        raise GalatParameter(f"{sebutan} harus berupa kamus.")
    nama = [f.name for f in fields(kelas)]
    asing = set(isi) - set(nama)
    if asing:
        raise unknown_name_error(f"Isi {sebutan}", asing, nama)
    return kelas(**isi)


@dataclass(frozen=True)
class BobotAcak:
    """Bobot yang digoyang.

    Attributes
    ----------
    jenis : {"derau", "dirichlet"}
        ``derau``: bobot x (1 + besaran x U(-1, 1)). ``dirichlet``: bobot saudara dari Dirichlet(kepekatan x k x bobot
        setempat), k banyaknya saudara; kepekatan 1 pada bobot sama = merata di seluruh simpleks.
    besaran : float
        0 sampai kurang dari 1, untuk derau.
    kepekatan : float
        Positif, untuk dirichlet; makin besar makin dekat dengan bobot pohon.
    simpul : tuple of str or None
        Simpul yang bobotnya digoyang; None = semua yang punya saudara. Untuk dirichlet, saudaranya harus lengkap.
    """

    jenis: str = "derau"
    besaran: float = 0.25
    kepekatan: float = 10.0
    simpul: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.jenis not in ("derau", "dirichlet"):
            raise GalatParameter("Jenis bobot acak harus 'derau' atau 'dirichlet'.")
        if not 0 <= self.besaran < 1:
            raise GalatParameter("Besaran derau bobot harus dari 0 sampai kurang dari 1.")
        if not self.kepekatan > 0:
            raise GalatParameter("Kepekatan Dirichlet harus positif.")
        if self.simpul is not None:
            object.__setattr__(self, "simpul", tuple(self.simpul))


@dataclass(frozen=True)
class TonggakAcak:
    """Tonggak yang digoyang: tiap tonggak digeser U(-1, 1) x besaran x (atas - bawah).

    Attributes
    ----------
    besaran : float
        0 sampai kurang dari 0,5, supaya tonggak bawah dan atas tidak bertukar.
    indikator : tuple of str or None
        None = semua yang bertonggak.
    """

    besaran: float = 0.1
    indikator: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.besaran < 0.5:
            raise GalatParameter("Besaran geseran tonggak harus dari 0 sampai kurang dari 0,5.")
        if self.indikator is not None:
            object.__setattr__(self, "indikator", tuple(self.indikator))


@dataclass(frozen=True)
class Skenario:
    """Semua yang berubah antarulangan. Pilihan dalam satu daftar berpeluang sama; daftar kosong = tidak berubah.

    Attributes
    ----------
    ulangan, benih : int
    rancangan : {"sobol", "latin", "acak"}
        Cara titik dipilih; disimpan bersama hasil.
    normalisasi : tuple of Normalisasi
    olahan : tuple of (Olahan or None)
    agregasi : tuple of (str or dict)
        Nama untuk seluruh cabang, atau kamus cabang -> nama.
    himpunan_bobot : tuple of dict
        Beberapa set bobot (misalnya sama, AHP, pakar), kode -> bobot; simpul lain memakai bobot pohon.
    bobot : BobotAcak or None
        Digoyang di atas set yang terpilih.
    tonggak : TonggakAcak or None
    buang : tuple of str
        Simpul yang masing-masing dapat dibuang; pilihan lengkap selalu ikut.
    sampel : bool
        True: galat penarikan sampel ikut; ulangan atau kovariannya diberikan saat menjalankan.
    """

    ulangan: int = 1000
    benih: int = 1
    rancangan: str = "sobol"
    normalisasi: tuple[Normalisasi, ...] = ()
    olahan: tuple[Olahan | None, ...] = ()
    agregasi: tuple[str | Mapping[str, str], ...] = ()
    himpunan_bobot: tuple[Mapping[str, float], ...] = ()
    bobot: BobotAcak | None = None
    tonggak: TonggakAcak | None = None
    buang: tuple[str, ...] = ()
    sampel: bool = False

    def __post_init__(self) -> None:
        if self.ulangan < 1:
            raise GalatParameter("Banyak ulangan harus positif.")
        if self.benih < 0:
            raise GalatParameter("Benih harus bilangan bulat tak negatif.")
        if self.rancangan not in RANCANGAN:
            raise unknown_name_error("Rancangan", [self.rancangan], RANCANGAN)
        for pilihan in self.agregasi:
            salah = {pilihan} if isinstance(pilihan, str) else set(pilihan.values())
            if salah - set(MEANS):
                raise unknown_name_error("Agregasi", salah - set(MEANS), MEANS)
        if not self.faktor:
            raise GalatParameter(f"Skenario tidak mengubah apa pun; isi sedikitnya satu dari {', '.join(FAKTOR)}.")

    @classmethod
    def dari_dict(cls, isi: Mapping[str, object]) -> Skenario:
        """Dari kamus, misalnya hasil YAML.

        Raises
        ------
        GalatParameter
            Kunci tidak dikenal atau nilai di luar batas.
        """
        isi = dict(isi)
        nama = [f.name for f in fields(cls)]
        if set(isi) - set(nama):
            raise unknown_name_error("Isi skenario", set(isi) - set(nama), nama)
        for kunci in ("normalisasi", "olahan", "agregasi", "himpunan_bobot", "buang"):
            if isi.get(kunci) is None:
                isi.pop(kunci, None)
            elif isinstance(isi[kunci], str | Mapping):
                raise GalatParameter(f"'{kunci}' dalam skenario harus berupa daftar.")
            else:
                isi[kunci] = tuple(isi[kunci])
        if "normalisasi" in isi:
            isi["normalisasi"] = tuple(
                n if isinstance(n, Normalisasi) else Normalisasi.dari_dict(n) for n in isi["normalisasi"]
            )
        if "olahan" in isi:
            isi["olahan"] = tuple(
                o if o is None or isinstance(o, Olahan) else None if o == "tanpa" else Olahan.dari_dict(o)
                for o in isi["olahan"]
            )
        if isi.get("bobot") is not None:
            isi["bobot"] = _build(BobotAcak, isi["bobot"], "bobot acak")
        if isi.get("tonggak") is not None:
            isi["tonggak"] = _build(TonggakAcak, isi["tonggak"], "tonggak acak")
        return cls(**isi)

    def ke_dict(self) -> dict[str, object]:
        """Kamus sederhana (dapat ditulis ke YAML) yang dibaca kembali oleh :meth:`dari_dict`."""
        hasil = {
            "ulangan": self.ulangan,
            "benih": self.benih,
            "rancangan": self.rancangan,
            "normalisasi": [asdict(n) for n in self.normalisasi],
            "olahan": ["tanpa" if o is None else asdict(o) for o in self.olahan],
            "agregasi": [a if isinstance(a, str) else dict(a) for a in self.agregasi],
            "himpunan_bobot": [{k: float(v) for k, v in satu.items()} for satu in self.himpunan_bobot],
            "bobot": None if self.bobot is None else asdict(self.bobot),
            "tonggak": None if self.tonggak is None else asdict(self.tonggak),
            "buang": list(self.buang),
            "sampel": self.sampel,
        }
        for bagian in ("bobot", "tonggak"):
            if hasil[bagian] is not None:
                hasil[bagian] = {k: list(v) if isinstance(v, tuple) else v for k, v in hasil[bagian].items()}
        return hasil

    @property
    def faktor(self) -> tuple[str, ...]:
        """Nama faktor yang benar-benar berubah, dalam urutan rancangan."""
        aktif = {
            "normalisasi": len(self.normalisasi) > 1,
            "olahan": len(self.olahan) > 1,
            "agregasi": len(self.agregasi) > 1,
            "himpunan_bobot": len(self.himpunan_bobot) > 1,
            "bobot": self.bobot is not None,
            "tonggak": self.tonggak is not None,
            "buang": len(self.buang) > 0,
            "sampel": self.sampel,
        }
        return tuple(nama for nama in FAKTOR if aktif[nama])


@dataclass(frozen=True, eq=False)
class Terjemahan:
    """Arti tiap kolom rancangan satuan bagi satu pohon."""

    skenario: Skenario
    pohon: Pohon
    faktor: tuple[str, ...]
    lebar: tuple[int, ...]
    simpul_bobot: tuple[str, ...]
    indikator_tonggak: tuple[str, ...]

    @classmethod
    def susun(cls, skenario: Skenario, pohon: Pohon) -> Terjemahan:
        """Cocokkan skenario dengan pohon; semua nama diperiksa di sini.

        Raises
        ------
        GalatParameter
            Nama dalam skenario tidak ada di pohon, atau saudara tidak lengkap untuk Dirichlet.
        """
        simpul, indikator = (), ()
        if skenario.bobot is not None:
            simpul = _weighted_nodes(skenario.bobot, pohon)
        if skenario.tonggak is not None:
            t = pohon.tabel
            punya = t["tonggak_bawah"].notna() & t["tonggak_atas"].notna()
            pilih = skenario.tonggak.indikator
            asing = set(pilih or ()) - set(pohon.indikator)
            if asing:
                raise unknown_name_error("Indikator tonggak", asing, pohon.indikator)
            indikator = tuple(k for k in (pilih or pohon.indikator) if punya[k])
            if not indikator or (pilih and len(indikator) < len(pilih)):
                raise GalatParameter("Tonggak diminta berubah tetapi belum diisi untuk semua indikator yang disebut.")
        for satu in skenario.himpunan_bobot:
            pohon.ganti(bobot=dict(satu))
        for satu in skenario.agregasi:
            if not isinstance(satu, str) and set(satu) - set(pohon.cabang):
                raise unknown_name_error("Cabang", set(satu) - set(pohon.cabang), pohon.cabang)
        pohon.require(skenario.buang)
        lebar = {"bobot": len(simpul), "tonggak": 2 * len(indikator)}
        faktor = skenario.faktor
        return cls(skenario, pohon, faktor, tuple(lebar.get(f, 1) for f in faktor), simpul, indikator)

    def kolom(self, u: np.ndarray, faktor: str) -> np.ndarray | None:
        """Kolom-kolom rancangan milik satu faktor; None bila faktor itu tidak berubah."""
        if faktor not in self.faktor:
            return None
        i = self.faktor.index(faktor)
        awal = sum(self.lebar[:i])
        return u[:, awal : awal + self.lebar[i]]

    def pilihan(self, u: np.ndarray, faktor: str, banyak: int) -> np.ndarray:
        """Nomor pilihan 0..banyak-1 tiap baris; nol bila faktor itu tidak berubah."""
        kolom = self.kolom(u, faktor)
        if kolom is None:
            return np.zeros(len(u), dtype=int)
        return np.minimum((kolom[:, 0] * banyak).astype(int), banyak - 1)

    def bobot(self, u: np.ndarray) -> np.ndarray:
        """Larik bobot (baris, simpul) sesudah set bobot dipilih, digoyang, dan simpul dibuang."""
        from kinerja.index.analisis import drop_weights

        s, pohon = self.skenario, self.pohon
        susunan = pohon.susun()
        himpunan = np.stack([susunan.larik_bobot(dict(satu)) for satu in (s.himpunan_bobot or ({},))])
        w = himpunan[self.pilihan(u, "himpunan_bobot", len(himpunan))]
        kolom = self.kolom(u, "bobot")
        if kolom is not None and s.bobot.jenis == "derau":
            w[:, susunan.letak(self.simpul_bobot)] *= 1 + s.bobot.besaran * (2 * kolom - 1)
        elif kolom is not None:
            self._dirichlet(w, kolom, susunan)
        if s.buang:
            dibuang = drop_weights(pohon, [None, *s.buang]) > 0
            nol = drop_weights(pohon, [None])[0] <= 0
            w = np.where((dibuang | nol)[self.pilihan(u, "buang", len(s.buang) + 1)], w, 0.0)
        return w

    def _dirichlet(self, w: np.ndarray, kolom: np.ndarray, susunan) -> None:
        from scipy.special import gammaincinv

        for anak in self.pohon.anak.values():
            dalam = [i for i, k in enumerate(self.simpul_bobot) if k in anak]
            if not dalam:
                continue
            letak = susunan.letak([self.simpul_bobot[i] for i in dalam])
            setempat = w[:, letak] / w[:, letak].sum(axis=1, keepdims=True)
            bentuk = self.skenario.bobot.kepekatan * len(dalam) * setempat
            # pangkal ekor gamma dapat menjadi nol tepat bila bentuknya kecil; bobot nol berarti simpul hilang
            w[:, letak] = np.where(
                bentuk > 0, np.maximum(gammaincinv(np.maximum(bentuk, 1e-12), kolom[:, dalam]), 1e-300), 0
            )

    def tonggak(self, u: np.ndarray, bawah: np.ndarray, atas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Tonggak tiap baris, (baris, 1, indikator)."""
        kolom = self.kolom(u, "tonggak")
        letak = [self.pohon.indikator.index(k) for k in self.indikator_tonggak]
        geser = self.skenario.tonggak.besaran * (2 * kolom - 1) * np.tile((atas - bawah)[letak], 2)
        b, a = np.tile(bawah, (len(u), 1, 1)), np.tile(atas, (len(u), 1, 1))
        b[:, 0, letak] += geser[:, : len(letak)]
        a[:, 0, letak] += geser[:, len(letak) :]
        return b, a

    def tabel(self, u: np.ndarray, banyak_sampel: int) -> pd.DataFrame:
        """Rancangan yang terbaca: pilihan tiap ulangan menurut nama (bobot dan tonggak: lihat rancangan satuan)."""
        s = self.skenario
        isi: dict[str, object] = {}
        nama = {
            "normalisasi": [n.label for n in s.normalisasi],
            "olahan": ["tanpa" if o is None else o.cara for o in s.olahan],
            "agregasi": [a if isinstance(a, str) else ", ".join(f"{k}: {v}" for k, v in a.items()) for a in s.agregasi],
            "himpunan_bobot": [str(i + 1) for i in range(len(s.himpunan_bobot))],
            "buang": [LENGKAP, *s.buang],
        }
        for faktor in self.faktor:
            if faktor in nama:
                isi[faktor] = np.array(nama[faktor], dtype=object)[self.pilihan(u, faktor, len(nama[faktor]))]
            elif faktor == "sampel":
                isi[faktor] = self.pilihan(u, faktor, banyak_sampel)
        return pd.DataFrame(isi, index=pd.RangeIndex(1, len(u) + 1, name="ulangan"))


def _weighted_nodes(bobot: BobotAcak, pohon: Pohon) -> tuple[str, ...]:
    if bobot.simpul is None:
        simpul = tuple(k for anak in pohon.anak.values() if len(anak) > 1 for k in anak)
        if not simpul:
            raise GalatParameter("Tidak ada simpul yang punya saudara, sehingga bobot tidak dapat digoyang.")
        return simpul
    pohon.require(bobot.simpul)
    if bobot.jenis == "dirichlet":
        for anak in pohon.anak.values():
            if set(anak) & set(bobot.simpul) and set(anak) - set(bobot.simpul):
                kurang = ", ".join(sorted(set(anak) - set(bobot.simpul)))
                raise GalatParameter(f"Dirichlet menuntut semua saudara disebut; kurang {kurang}.")
    return bobot.simpul
