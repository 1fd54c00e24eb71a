"""Kodebuku: satu-satunya tempat yang menyebut nama variabel survei dan cara menjadikannya indikator Ikesos.

Kodebuku adalah CSV (``data/raw/acuan/kodebuku_susenas.csv``); orang yang memegang berkas Susenas asli, atau survei
tahun lain, cukup menyunting salinannya. Bahasa ungkapannya: :mod:`kinerja.mikro.ekspresi`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from kinerja import paths, terbaca
from kinerja.data import schema
from kinerja.data.reading import read_cells
from kinerja.errors import GalatData, GalatParameter
from kinerja.mikro.ekspresi import GalatUngkapan, Ungkapan, urai

NAMA_BAKU = "kodebuku_susenas"

JENIS = ("parameter", "rancangan", "wilayah", "sasaran", "indikator")
WAJIB = {"rancangan": ("bobot", "ruta", "kepala_ruta"), "wilayah": ("provinsi",)}
PILIHAN = {
    "rancangan": ("bobot", "ruta", "kepala_ruta", "strata", "psu"),
    "wilayah": ("provinsi", "kabkota", "daerah", "kelamin"),
}
UNIT = ("art", "ruta")
STATUS = ("terlihat", "terlihat_tahun_lain", "turunan", "sebagian", "tidak_ditemukan")
_JENIS_HASIL = {"rancangan": "bilangan", "wilayah": "bilangan", "sasaran": "syarat", "indikator": "syarat"}


@dataclass(frozen=True)
class Butir:
    """Satu baris kodebuku.

    Attributes
    ----------
    butir : str
        Kode unik baris ini, misalnya ``KE1_ls``.
    jenis : str
        Lihat ``JENIS``.
    untuk : str
        Apa yang dihitung: kode kerangka (``KE1``), sasaran (``rt``), atau nama rancangan/wilayah (``bobot``).
    sasaran : tuple of str
        Kelompok sasaran yang memakai definisi ini (hanya indikator).
    unit : {"art", "ruta", ""}
        Indikator ``ruta`` pada sasaran ``ruta`` dihitung sekali per rumah tangga (baris kepala rumah tangga); pada
        sasaran perorangan keadaan rumah tangga dikenakan pada tiap orang.
    pembilang, penyebut : Ungkapan or None
        Pembilang None: tidak ada variabelnya. Penyebut None: semua anggota sasaran.
    naik : bool
        Nilai besar berarti lebih sejahtera.
    tonggak : (float, float)
        Nilai persen yang menjadi 0 dan 100 pada indeks.
    status : str
        Seyakin apa nama variabelnya; lihat ``STATUS``.
    """

    butir: str
    jenis: str
    untuk: str
    sasaran: tuple[str, ...]
    nama: str
    unit: str
    pembilang: Ungkapan | None
    penyebut: Ungkapan | None
    naik: bool
    tonggak: tuple[float, float]
    status: str
    definisi: str
    catatan: str
    sumber: str
    baris: int

    @property
    def nama_variabel(self) -> tuple[str, ...]:
        """Nama yang disebut pembilang dan penyebut (termasuk parameter)."""
        ungkapan = [u for u in (self.pembilang, self.penyebut) if u is not None]
        return tuple(dict.fromkeys(n for u in ungkapan for n in u.nama))


@dataclass(frozen=True)
class Kodebuku:
    """Kodebuku yang sudah diperiksa.

    Attributes
    ----------
    nama : str
        Nama berkas, untuk pesan.
    butir : dict of str to Butir
    parameter : dict of str to float
    """

    nama: str
    butir: dict[str, Butir]
    parameter: dict[str, float]

    @property
    def variabel(self) -> tuple[str, ...]:
        """Semua nama variabel survei yang disebut, tanpa parameter."""
        semua = (n for b in self.butir.values() for n in b.nama_variabel)
        return tuple(n for n in dict.fromkeys(semua) if n not in self.parameter)

    def sejenis(self, jenis: str) -> list[Butir]:
        """Butir satu jenis, menurut urutan berkas."""
        return [b for b in self.butir.values() if b.jenis == jenis]

    def rancangan(self, nama: str) -> Butir | None:
        """Butir rancangan atau wilayah menurut namanya (``bobot``, ``psu``, ``provinsi``, ...)."""
        return next((b for b in self.butir.values() if b.jenis in PILIHAN and b.untuk == nama), None)

    def definisi_sasaran(self, pilihan: Mapping[str, str] | None = None) -> dict[str, Butir]:
        """Definisi tiap kelompok sasaran: butir pertama di berkas, atau yang disebut ``pilihan`` (sasaran -> butir).

        Raises
        ------
        GalatParameter
            Sasaran atau butir tidak ada, atau butir itu milik sasaran lain.
        """
        hasil: dict[str, Butir] = {}
        for b in self.sejenis("sasaran"):
            hasil.setdefault(b.untuk, b)
        for sasaran, butir in (pilihan or {}).items():
            b = self.butir.get(butir)
            if b is None or b.jenis != "sasaran" or b.untuk != sasaran:
                ada = ", ".join(x.butir for x in self.sejenis("sasaran") if x.untuk == sasaran) or "tidak ada"
                raise GalatParameter(f"Definisi '{butir}' bagi sasaran '{sasaran}' tidak ada; pilihannya: {ada}.")
            hasil[sasaran] = b
        return hasil

    def indikator(self, kode: str, sasaran: str) -> Butir | None:
        """Definisi satu indikator bagi satu sasaran; None bila kodebuku tidak memuatnya."""
        return next((b for b in self.sejenis("indikator") if b.untuk == kode and sasaran in b.sasaran), None)

    def dengan_parameter(self, **nilai: float) -> Kodebuku:
        """Kodebuku dengan parameter lain, misalnya ``persen_terbawah=20``.

        Raises
        ------
        GalatParameter
            Nama parameter tidak ada.
        """
        asing = sorted(set(nilai) - set(self.parameter))
        if asing:
            raise GalatParameter(
                f"Parameter kodebuku tidak dikenal: {', '.join(asing)}; yang ada: {', '.join(self.parameter)}."
            )
        return replace(self, parameter={**self.parameter, **{k: float(v) for k, v in nilai.items()}})

    def kurang(self, butir: Butir, tersedia: Iterable[str]) -> tuple[str, ...]:
        """Variabel yang disebut satu butir tetapi tidak ada di berkas."""
        ada = {*tersedia, *self.parameter}
        return tuple(n for n in butir.nama_variabel if n not in ada)


def baca_kodebuku(berkas: Path | str | None = None) -> Kodebuku:
    """Baca dan periksa kodebuku.

    Parameters
    ----------
    berkas : Path, optional
        Baku: ``data/raw/acuan/kodebuku_susenas.csv``.

    Raises
    ------
    GalatData
        Berkas tidak ada, kepala tabel salah, atau sebuah sel tidak sah (baris dan kolom disebut).
    """
    berkas = paths.acuan() / f"{NAMA_BAKU}.csv" if berkas is None else Path(berkas)
    terbaca.note_file(berkas)
    return periksa(read_cells(berkas, berkas.name, schema.tables()[NAMA_BAKU].kolom), berkas.name)


def periksa(tabel: pd.DataFrame, nama: str) -> Kodebuku:
    """Kodebuku dari tabel yang semua selnya teks (kolom ``baris`` boleh tidak ada).

    Raises
    ------
    GalatData
        Lihat :func:`baca_kodebuku`.
    """
    if "baris" not in tabel:
        tabel = tabel.assign(baris=range(2, len(tabel) + 2))
    pembaca = _Pembaca(nama)
    butir: dict[str, Butir] = {}
    parameter: dict[str, float] = {}
    for isi in tabel.to_dict("records"):
        satu = pembaca.baris(isi)
        if satu.butir in butir or satu.butir in parameter:
            raise pembaca.galat(isi, "butir", f"'{satu.butir}' dua kali", "kode butir yang unik")
        if satu.jenis == "parameter":
            parameter[satu.butir] = pembaca.angka(isi, "pembilang")
        else:
            butir[satu.butir] = satu
    kodebuku = Kodebuku(nama, butir, parameter)
    _periksa_kelengkapan(kodebuku)
    return kodebuku


class _Pembaca:
    def __init__(self, nama: str):
        self.nama = nama

    def galat(self, isi: Mapping, kolom: str, ditemukan: str, diharapkan: str) -> GalatData:
        return GalatData(self.nama, baris=int(isi["baris"]), kolom=kolom, ditemukan=ditemukan, diharapkan=diharapkan)

    def pilihan(self, isi: Mapping, kolom: str, boleh: Iterable[str]) -> str:
        boleh = tuple(boleh)
        if isi[kolom] not in boleh:
            raise self.galat(
                isi, kolom, f"'{isi[kolom]}'", f"salah satu dari {', '.join(x or '(kosong)' for x in boleh)}"
            )
        return isi[kolom]

    def angka(self, isi: Mapping, kolom: str, baku: float | None = None) -> float:
        teks = isi[kolom].strip()
        if not teks and baku is not None:
            return baku
        try:
            return float(teks)
        except ValueError:
            raise self.galat(isi, kolom, f"'{teks}'", "angka dengan titik desimal") from None

    def ungkapan(self, isi: Mapping, kolom: str, jenis: str) -> Ungkapan | None:
        teks = isi[kolom].strip()
        if not teks:
            return None
        try:
            hasil = urai(teks)
        except GalatUngkapan as galat:
            letak = f"{galat.pesan[0].lower()}{galat.pesan[1:]}, huruf ke-{galat.posisi}"
            raise self.galat(isi, kolom, f"'{teks}' ({letak})", "ungkapan yang sah") from None
        if hasil.jenis != jenis:
            contoh = "syarat, misalnya R606 di [1, 2]" if jenis == "syarat" else "bilangan, misalnya R101 * 100 + R102"
            raise self.galat(isi, kolom, f"{hasil.jenis} '{teks}'", contoh)
        return hasil

    def baris(self, isi: Mapping) -> Butir:
        jenis = self.pilihan(isi, "jenis", JENIS)
        if not isi["butir"].strip():
            raise self.galat(isi, "butir", "sel kosong", "kode butir")
        if jenis in PILIHAN:
            self.pilihan(isi, "untuk", PILIHAN[jenis])
        hasil = _JENIS_HASIL.get(jenis, "bilangan")
        if isi["untuk"] == "kepala_ruta":
            hasil = "syarat"
        pembilang = None if jenis == "parameter" else self.ungkapan(isi, "pembilang", hasil)
        if pembilang is None and jenis == "sasaran":
            raise self.galat(isi, "pembilang", "sel kosong", "syarat keanggotaan sasaran")
        tonggak = self.angka(isi, "tonggak_bawah", 0.0), self.angka(isi, "tonggak_atas", 100.0)
        if not tonggak[0] < tonggak[1]:
            raise self.galat(isi, "tonggak_atas", f"{tonggak[1]:g}", f"lebih besar dari tonggak bawah {tonggak[0]:g}")
        return Butir(
            butir=isi["butir"].strip(),
            jenis=jenis,
            untuk=isi["untuk"].strip(),
            sasaran=tuple(isi["sasaran"].split()),
            nama=isi["nama"],
            unit=self.pilihan(isi, "unit", UNIT if jenis in ("indikator", "sasaran") else ("",)),
            pembilang=pembilang,
            penyebut=self.ungkapan(isi, "penyebut", "syarat"),
            naik=self.pilihan(isi, "arah", ("naik", "turun") if jenis == "indikator" else ("",)) != "turun",
            tonggak=tonggak,
            status=self.pilihan(isi, "status", STATUS),
            definisi=isi["definisi"],
            catatan=isi["catatan"],
            sumber=isi["sumber"],
            baris=int(isi["baris"]),
        )


def _periksa_kelengkapan(k: Kodebuku) -> None:
    for jenis, wajib in WAJIB.items():
        ada = {b.untuk for b in k.sejenis(jenis) if b.pembilang is not None}
        kurang = [w for w in wajib if w not in ada]
        if kurang:
            raise GalatData(
                k.nama,
                kolom="untuk",
                ditemukan=f"tidak ada baris {jenis} {', '.join(kurang)}",
                diharapkan=f"baris {jenis} dengan pembilang terisi",
            )
    sasaran = {b.untuk for b in k.sejenis("sasaran")}
    terpakai: dict[tuple[str, str], Butir] = {}
    for jenis in PILIHAN:
        for b in k.sejenis(jenis):
            if (jenis, b.untuk) in terpakai:
                raise GalatData(
                    k.nama,
                    baris=b.baris,
                    kolom="untuk",
                    ditemukan=f"{jenis} '{b.untuk}' dua kali",
                    diharapkan="satu baris",
                )
            terpakai[jenis, b.untuk] = b
    for b in k.sejenis("indikator"):
        asing = [s for s in b.sasaran if s not in sasaran]
        if asing or not b.sasaran:
            raise GalatData(
                k.nama,
                baris=b.baris,
                kolom="sasaran",
                ditemukan=f"'{' '.join(asing)}'",
                diharapkan=f"kode sasaran yang punya baris sendiri: {', '.join(sorted(sasaran))}",
            )
        for s in b.sasaran:
            lama = terpakai.setdefault((b.untuk, s), b)
            if lama is not b:
                raise GalatData(
                    k.nama,
                    baris=b.baris,
                    kolom="sasaran",
                    ditemukan=f"{b.untuk} bagi '{s}' juga di baris {lama.baris}",
                    diharapkan="satu definisi untuk tiap indikator dan sasaran",
                )
