"""Kodebuku: cara menjadikan variabel survei satu gelombang indikator Ikesos.

Satu CSV per gelombang (``data/raw/acuan/susenas/kodebuku-<tahun>.csv``); kode yang sah, kode "tidak tahu", dan cara
menyimpan yang dilewati dibaca dari tata letak gelombang itu. Orang yang memegang survei lain menyunting salinannya dan
menambah baris ``variabel``. Bahasa ungkapannya: :mod:`kinerja.mikro.ekspresi`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from kinerja import terbaca
from kinerja.data import schema
from kinerja.data.reading import UKURAN_TERBESAR, read_cells
from kinerja.errors import GalatData, GalatParameter
from kinerja.istilah import Catatan
from kinerja.mikro.ekspresi import GalatUngkapan, Ungkapan, urai
from kinerja.mikro.tata_letak import Variabel, baca_kode, folder_susenas, gelombang, tata_letak

JENIS = ("parameter", "rancangan", "wilayah", "sasaran", "indikator", "pembanding", "variabel")
KOLOM_VARIABEL = ("kode", "hilang")
"""Kolom tambahan yang boleh ada, bagi baris ``variabel``."""

KOLOM_BOLEH_TIADA = ("catatan_en",)
"""Kolom kodebuku bawaan yang tidak dituntut dari kodebuku sendiri."""

WAJIB = {"rancangan": ("bobot", "ruta", "kepala_ruta"), "wilayah": ("provinsi",)}
PILIHAN = {
    "rancangan": ("bobot", "ruta", "anggota", "kepala_ruta", "strata", "psu"),
    "wilayah": ("provinsi", "kabkota", "daerah", "kelamin"),
}
UNIT = ("art", "ruta")
YAKIN = ("pasti", "mungkin", "tidak_tahu", "tidak_ada")
_BERUNIT = ("indikator", "sasaran", "pembanding")


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
    yakin : str
        Seyakin apa variabel dan kodenya; lihat ``YAKIN``.
    catatan_en : str
        Padanan Inggris ``catatan`` yang menjadi sebab; kosong: ditulis dalam bahasa Indonesia.
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
    yakin: str
    definisi: str
    catatan: str
    catatan_en: str
    sumber: str
    baris: int

    @property
    def alasan(self) -> str:
        """Catatan baris ini sebagai sebab ia tidak dapat dihitung; kosong bila tidak ada."""
        return self.catatan and Catatan("menurut_kodebuku", id=self.catatan, en=self.catatan_en or self.catatan)

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
    tahun : int or None
        Gelombang Susenas yang tata letaknya dipakai; None bila kodebuku ini bukan tentang satu gelombang yang dikenal.
    isian : dict of str to Variabel
        Kolom -> kode yang sah, kode hilang, dan cara menyimpan yang dilewati: dari tata letak, lalu baris ``variabel``.
    kata : dict of str to tuple of str
        Kolom -> kata yang mengenali labelnya.
    """

    nama: str
    butir: dict[str, Butir]
    parameter: dict[str, float]
    tahun: int | None = None
    isian: dict[str, Variabel] = field(default_factory=dict)
    kata: dict[str, tuple[str, ...]] = field(default_factory=dict)

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

    def kurang(self, butir: Butir, tersedia: Iterable[str]) -> tuple[str, ...]:
        """Variabel yang disebut satu butir tetapi tidak ada di berkas."""
        ada = {*tersedia, *self.parameter}
        return tuple(n for n in butir.nama_variabel if n not in ada)


def baca_kodebuku(berkas: Path | str | None = None, tahun: int | None = None) -> Kodebuku:
    """Baca dan periksa kodebuku.

    Parameters
    ----------
    berkas : Path, optional
        Kodebuku sendiri; boleh hasil simpan Excel (titik koma, BOM, latin-1, CRLF, koma desimal). Bawaan:
        ``data/raw/acuan/susenas/kodebuku-<tahun>.csv``.
    tahun : int, optional
        Gelombang Susenas. Wajib tanpa `berkas`; bersama `berkas` menentukan tata letak yang melengkapinya.

    Raises
    ------
    GalatParameter
        Tahun tidak disebut padahal perlu, atau gelombang itu tidak dikenal.
    GalatData
        Berkas tidak ada, kepala tabel salah, atau sebuah sel tidak sah (baris dan kolom disebut).
    """
    if tahun is not None:
        tata_letak(tahun)
    if berkas is None:
        if tahun is None:
            raise GalatParameter(f"Sebutkan tahun surveinya; yang dikenal: {', '.join(map(str, gelombang()))}.")
        berkas = folder_susenas() / f"kodebuku-{tahun}.csv"
    berkas = Path(berkas)
    terbaca.note_file(berkas)
    return periksa(_baca_sel(berkas), berkas.name, tahun)


def periksa(tabel: pd.DataFrame, nama: str, tahun: int | None = None) -> Kodebuku:
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
    isian = dict(tata_letak(tahun).variabel) if tahun is not None else {}
    menurut_konsep = kata_label()
    kata = {n: menurut_konsep[v.konsep] for n, v in isian.items() if v.konsep in menurut_konsep}
    for isi in tabel.to_dict("records"):
        satu = pembaca.baris(isi)
        if satu.butir in butir or satu.butir in parameter:
            raise pembaca.galat(isi, "butir", f"'{satu.butir}' dua kali", "kode butir yang unik")
        if satu.jenis == "parameter":
            parameter[satu.butir] = pembaca.angka(isi, "pembilang")
        elif satu.jenis == "variabel":
            isian[satu.butir] = pembaca.variabel(isi, isian.get(satu.butir))
            kata[satu.butir] = tuple(satu.nama.lower().split())
        else:
            butir[satu.butir] = satu
    kodebuku = Kodebuku(nama, butir, parameter, tahun, isian, kata)
    _periksa_kelengkapan(kodebuku)
    return kodebuku


def kata_label() -> dict[str, tuple[str, ...]]:
    """Konsep -> kata yang mengenali label variabelnya (``data/raw/acuan/susenas/kata_label.csv``)."""
    berkas = folder_susenas() / "kata_label.csv"
    terbaca.note_file(berkas)
    isi = read_cells(berkas, f"acuan/susenas/{berkas.name}", schema.tables()["kata_label"].kolom)
    return {k: tuple(x.split()) for k, x in zip(isi["konsep"], isi["kata"], strict=True)}


def _baca_sel(berkas: Path) -> pd.DataFrame:
    """Sel kodebuku sebagai teks, juga yang disimpan oleh Excel; kolom boleh berurutan lain."""
    nama = berkas.name
    wajib = schema.tables()[f"kodebuku-{gelombang()[0]}"].kolom
    if not berkas.is_file():
        raise GalatData(nama, ditemukan="berkas tidak ada", diharapkan=f"CSV dengan kolom {', '.join(wajib)}")
    if berkas.stat().st_size > UKURAN_TERBESAR:
        raise GalatData(nama, ditemukan="berkas yang terlalu besar", diharapkan="kodebuku CSV")
    bita = berkas.read_bytes()
    if b"\x00" in bita:
        raise GalatData(
            nama, ditemukan="bita nol", diharapkan="kodebuku CSV; simpan sebagai CSV, bukan xlsx atau UTF-16"
        )
    try:
        teks = bita.decode("utf-8-sig")
    except UnicodeDecodeError:
        teks = bita.decode("latin-1")
    kepala = teks.split("\n", 1)[0]
    pembaca = csv.reader(io.StringIO(teks, newline=""), delimiter=max(",;\t", key=kepala.count), strict=True)
    baris = []
    try:
        for sel in pembaca:
            if any(x.strip() for x in sel):
                baris.append((pembaca.line_num, sel))
    except csv.Error as galat:
        raise GalatData(
            nama, baris=pembaca.line_num, ditemukan=f"susunan CSV yang rusak ({galat})", diharapkan="CSV yang utuh"
        ) from galat
    kolom = [x.strip() for x in baris[0][1]] if baris else []
    while kolom and not kolom[-1]:
        kolom.pop()
    kurang = [k for k in wajib if k not in kolom and k not in KOLOM_BOLEH_TIADA]
    lebih = [k for k in kolom if k not in wajib and k not in KOLOM_VARIABEL]
    if kurang or lebih or len(set(kolom)) < len(kolom):
        temuan = (
            f"kolom {', '.join(kurang)} tidak ada"
            if kurang
            else f"kolom tak dikenal {', '.join(map(repr, lebih))}"
            if lebih
            else "kolom ganda"
        )
        raise GalatData(nama, baris=1, ditemukan=temuan, diharapkan=f"kolom {', '.join(wajib)}")
    isi = []
    for nomor, sel in baris[1:]:
        if len(sel) < len(kolom) or any(x.strip() for x in sel[len(kolom) :]):
            raise GalatData(nama, baris=nomor, ditemukan=f"{len(sel)} sel", diharapkan=f"{len(kolom)} sel")
        isi.append([*(x.strip() for x in sel[: len(kolom)]), nomor])
    return pd.DataFrame(isi, columns=[*kolom, "baris"])


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
            return float(teks.replace(",", ".") if teks.count(",") == 1 and "." not in teks else teks)
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
        hasil = "syarat" if jenis in _BERUNIT or isi["untuk"] == "kepala_ruta" else "bilangan"
        pembilang = None if jenis in ("parameter", "variabel") else self.ungkapan(isi, "pembilang", hasil)
        yakin = self.pilihan(isi, "yakin", YAKIN)
        if pembilang is None and jenis in ("sasaran", "pembanding") and yakin in ("pasti", "mungkin"):
            raise self.galat(isi, "pembilang", "sel kosong", "syarat, atau yakin = tidak_tahu atau tidak_ada")
        tonggak = self.angka(isi, "tonggak_bawah", 0.0), self.angka(isi, "tonggak_atas", 100.0)
        if not tonggak[0] < tonggak[1]:
            raise self.galat(isi, "tonggak_atas", f"{tonggak[1]:g}", f"lebih besar dari tonggak bawah {tonggak[0]:g}")
        return Butir(
            butir=isi["butir"].strip(),
            jenis=jenis,
            untuk=isi["untuk"].strip(),
            sasaran=tuple(isi["sasaran"].split()),
            nama=isi["nama"],
            unit=self.pilihan(isi, "unit", UNIT if jenis in _BERUNIT else ("",)),
            pembilang=pembilang,
            penyebut=self.ungkapan(isi, "penyebut", "syarat"),
            naik=self.pilihan(isi, "arah", ("naik", "turun") if jenis == "indikator" else ("",)) != "turun",
            tonggak=tonggak,
            yakin=yakin,
            definisi=isi["definisi"],
            catatan=isi["catatan"],
            catatan_en=isi.get("catatan_en", ""),
            sumber=isi["sumber"],
            baris=int(isi["baris"]),
        )

    def variabel(self, isi: Mapping, lama: Variabel | None) -> Variabel:
        """Isian satu kolom menurut baris ``variabel``; sel yang kosong mengikuti tata letak."""
        teks = isi.get("kode", "")
        huruf = bool(teks) and not teks[0].isdecimal()
        kode, rentang = baca_kode(isi, "kode", huruf, self.nama)
        hilang = baca_kode(isi, "hilang", False, self.nama)[0] if isi.get("hilang") else {}
        if lama is None:
            jenis = "huruf" if huruf else "kode" if kode else "angka"
            return Variabel(
                isi["butir"], isi["butir"], (), jenis, isi["definisi"], kode, rentang, "nol", hilang, "", isi["yakin"],
                isi["catatan"],
            )  # fmt: skip
        baru = {"kode": kode, "rentang": rentang} if teks else {}
        return replace(lama, **baru, hilang=hilang or lama.hilang)


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
