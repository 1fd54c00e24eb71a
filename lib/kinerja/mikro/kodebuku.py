"""Kodebuku: cara menjadikan variabel survei satu gelombang indikator Ikesos.

Satu CSV per gelombang (``data/raw/acuan/susenas/kodebuku-<tahun>.csv``); kode yang sah, kode "tidak tahu", dan cara
menyimpan yang dilewati dibaca dari tata letak gelombang itu. Orang yang memegang survei lain menyunting salinannya dan
menambah baris ``variabel``. Bahasa ungkapannya: :mod:`kinerja.mikro.ekspresi`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from colformula import Node
from colformula.tree import Binary, Call, Compare, In, Logic, Name, Negative, Not, Text
from kinerja import terbaca
from kinerja.data import schema
from kinerja.data.reading import UKURAN_TERBESAR
from kinerja.errors import GalatData, GalatParameter
from kinerja.istilah import Catatan
from kinerja.mikro.ekspresi import GalatUngkapan, Ungkapan, urai
from kinerja.mikro.rapikan import ANGKA, HURUF, NOMOR
from kinerja.mikro.tata_letak import Variabel, baca_acuan, baca_kode, folder_susenas, gelombang, tata_letak

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
_PENGENAL = ("ruta", "anggota", "strata", "psu")


@dataclass(frozen=True)
class Butir:
    """Satu baris kodebuku."""

    butir: str
    """Kode unik baris ini, misalnya ``KE1_ls``."""
    jenis: str
    """Salah satu ``JENIS``."""
    untuk: str
    """Apa yang dihitung: kode kerangka (``KE1``), sasaran (``rt``), atau nama rancangan/wilayah (``bobot``)."""
    sasaran: tuple[str, ...]
    """Kelompok sasaran yang memakai definisi ini (hanya indikator)."""
    nama: str
    unit: str
    """Indikator ``ruta`` pada sasaran ``ruta`` dihitung sekali per rumah tangga (baris kepala rumah tangga); pada
    sasaran perorangan (``art``) keadaan rumah tangga dikenakan pada tiap orang."""
    pembilang: Ungkapan | None
    """None: tidak ada variabelnya."""
    penyebut: Ungkapan | None
    """None: semua anggota sasaran."""
    naik: bool
    """Nilai besar berarti lebih sejahtera."""
    tonggak: tuple[float, float]
    """Nilai persen yang menjadi 0 dan 100 pada indeks."""
    yakin: str
    """Seyakin apa variabel dan kodenya; salah satu ``YAKIN``."""
    catatan: str
    catatan_en: str
    """Padanan Inggris ``catatan`` yang menjadi sebab; kosong: ditulis dalam bahasa Indonesia."""
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
    """Kodebuku yang sudah diperiksa."""

    nama: str
    butir: dict[str, Butir]
    parameter: dict[str, float]
    tahun: int | None = None
    """Gelombang Susenas yang tata letaknya dipakai; None bila bukan satu gelombang yang dikenal."""
    isian: dict[str, Variabel] = field(default_factory=dict)
    """Kolom -> kode yang sah, kode hilang, cara menyimpan yang dilewati: dari tata letak, lalu baris ``variabel``."""
    kata: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Kolom -> kata yang mengenali labelnya."""

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

    def galat(self, butir: Butir, ditemukan: str, diharapkan: str, kolom: str = "pembilang") -> GalatData:
        """Kesalahan di satu baris kodebuku."""
        return GalatData(self.nama, baris=butir.baris, kolom=kolom, ditemukan=ditemukan, diharapkan=diharapkan)

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
    """Kodebuku dari tabel yang semua selnya teks (kolom ``baris`` boleh tidak ada); lihat :func:`baca_kodebuku`."""
    if "baris" not in tabel:
        tabel = tabel.assign(baris=range(2, len(tabel) + 2))
    butir: dict[str, Butir] = {}
    parameter: dict[str, float] = {}
    isian = dict(tata_letak(tahun).variabel) if tahun is not None else {}
    menurut_konsep = kata_label()
    kata = {n: menurut_konsep[v.konsep] for n, v in isian.items() if v.konsep in menurut_konsep}
    for isi in tabel.to_dict("records"):
        baris = _Baris(nama, isi)
        satu = baris.butir()
        if satu.butir in butir or satu.butir in parameter:
            raise baris.galat("butir", f"'{satu.butir}' dua kali", "kode butir yang unik")
        if satu.jenis == "parameter":
            parameter[satu.butir] = baris.angka("pembilang")
        elif satu.jenis == "variabel":
            isian[satu.butir] = baris.variabel(isian.get(satu.butir))
            kata[satu.butir] = tuple(satu.nama.lower().split())
        else:
            butir[satu.butir] = satu
    kodebuku = Kodebuku(nama, butir, parameter, tahun, isian, kata)
    _periksa_kelengkapan(kodebuku)
    return kodebuku


def kata_label() -> dict[str, tuple[str, ...]]:
    """Konsep -> kata yang mengenali label variabelnya (``data/raw/acuan/susenas/kata_label.csv``)."""
    isi = baca_acuan("kata_label.csv")
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
        harapan = "kodebuku CSV; simpan sebagai CSV, bukan xlsx atau UTF-16"
        raise GalatData(nama, ditemukan="bita nol", diharapkan=harapan)
    try:
        teks = bita.decode("utf-8-sig")
    except UnicodeDecodeError:
        teks = bita.decode("latin-1")
    kepala = teks.split("\n", 1)[0]
    pembaca = csv.reader(io.StringIO(teks, newline=""), delimiter=max(",;\t", key=kepala.count), strict=True)
    try:
        baris = [(pembaca.line_num, sel) for sel in pembaca if any(x.strip() for x in sel)]
    except csv.Error as galat:
        temuan = f"susunan CSV yang rusak ({galat})"
        raise GalatData(nama, baris=pembaca.line_num, ditemukan=temuan, diharapkan="CSV yang utuh") from galat
    kolom = [x.strip() for x in baris[0][1]] if baris else []
    while kolom and not kolom[-1]:
        kolom.pop()
    kurang = [k for k in wajib if k not in kolom and k not in KOLOM_BOLEH_TIADA]
    lebih = [k for k in kolom if k not in wajib and k not in KOLOM_VARIABEL]
    if kurang or lebih or len(set(kolom)) < len(kolom):
        temuan = f"kolom tak dikenal {', '.join(map(repr, lebih))}" if lebih else "kolom ganda"
        temuan = f"kolom {', '.join(kurang)} tidak ada" if kurang else temuan
        raise GalatData(nama, baris=1, ditemukan=temuan, diharapkan=f"kolom {', '.join(wajib)}")
    isi = []
    for nomor, sel in baris[1:]:
        if len(sel) < len(kolom) or any(x.strip() for x in sel[len(kolom) :]):
            raise GalatData(nama, baris=nomor, ditemukan=f"{len(sel)} sel", diharapkan=f"{len(kolom)} sel")
        isi.append([*(x.strip() for x in sel[: len(kolom)]), nomor])
    return pd.DataFrame(isi, columns=[*kolom, "baris"])


class _Baris:
    """Satu baris kodebuku yang sedang dibaca."""

    def __init__(self, nama: str, isi: Mapping):
        self.nama, self.isi = nama, isi

    def galat(self, kolom: str, ditemukan: str, diharapkan: str) -> GalatData:
        baris = int(self.isi["baris"])
        return GalatData(self.nama, baris=baris, kolom=kolom, ditemukan=ditemukan, diharapkan=diharapkan)

    def pilihan(self, kolom: str, boleh: Iterable[str]) -> str:
        boleh, isi = tuple(boleh), self.isi[kolom]
        if isi not in boleh:
            raise self.galat(kolom, f"'{isi}'", f"salah satu dari {', '.join(x or '(kosong)' for x in boleh)}")
        return isi

    def angka(self, kolom: str, baku: float | None = None) -> float:
        teks = self.isi[kolom].strip()
        if not teks and baku is not None:
            return baku
        try:
            return float(teks.replace(",", ".") if teks.count(",") == 1 and "." not in teks else teks)
        except ValueError:
            raise self.galat(kolom, f"'{teks}'", "angka dengan titik desimal") from None

    def ungkapan(self, kolom: str, jenis: str) -> Ungkapan | None:
        teks = self.isi[kolom].strip()
        if not teks:
            return None
        try:
            hasil = urai(teks)
        except GalatUngkapan as galat:
            letak = f"{galat.pesan[0].lower()}{galat.pesan[1:]}, huruf ke-{galat.posisi}"
            raise self.galat(kolom, f"'{teks}' ({letak})", "ungkapan yang sah") from None
        if hasil.jenis != jenis:
            contoh = "syarat, misalnya R606 di [1, 2]" if jenis == "syarat" else "bilangan, misalnya R101 * 100 + R102"
            raise self.galat(kolom, f"{hasil.jenis} '{teks}'", contoh)
        return hasil

    def butir(self) -> Butir:
        isi, jenis = self.isi, self.pilihan("jenis", JENIS)
        if not isi["butir"].strip():
            raise self.galat("butir", "sel kosong", "kode butir")
        if jenis in PILIHAN:
            self.pilihan("untuk", PILIHAN[jenis])
        hasil = "syarat" if jenis in _BERUNIT or isi["untuk"] == "kepala_ruta" else "bilangan"
        pembilang = None if jenis in ("parameter", "variabel") else self.ungkapan("pembilang", hasil)
        yakin = self.pilihan("yakin", YAKIN)
        if pembilang is None and jenis in ("sasaran", "pembanding") and yakin in ("pasti", "mungkin"):
            raise self.galat("pembilang", "sel kosong", "syarat, atau yakin = tidak_tahu atau tidak_ada")
        tonggak = self.angka("tonggak_bawah", 0.0), self.angka("tonggak_atas", 100.0)
        if not tonggak[0] < tonggak[1]:
            raise self.galat("tonggak_atas", f"{tonggak[1]:g}", f"lebih besar dari tonggak bawah {tonggak[0]:g}")
        return Butir(
            butir=isi["butir"].strip(),
            jenis=jenis,
            untuk=isi["untuk"].strip(),
            sasaran=tuple(isi["sasaran"].split()),
            nama=isi["nama"],
            unit=self.pilihan("unit", UNIT if jenis in _BERUNIT else ("",)),
            pembilang=pembilang,
            penyebut=self.ungkapan("penyebut", "syarat"),
            naik=self.pilihan("arah", ("naik", "turun") if jenis == "indikator" else ("",)) != "turun",
            tonggak=tonggak,
            yakin=yakin,
            catatan=isi["catatan"],
            catatan_en=isi.get("catatan_en", ""),
            baris=int(isi["baris"]),
        )

    def variabel(self, lama: Variabel | None) -> Variabel:
        """Isian satu kolom menurut baris ``variabel``; sel yang kosong mengikuti tata letak."""
        isi = self.isi
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
        if kurang := [w for w in wajib if w not in ada]:
            temuan = f"tidak ada baris {jenis} {', '.join(kurang)}"
            harapan = f"baris {jenis} dengan pembilang terisi"
            raise GalatData(k.nama, kolom="untuk", ditemukan=temuan, diharapkan=harapan)
    sasaran = {b.untuk for b in k.sejenis("sasaran")}
    terpakai: dict[tuple[str, str], Butir] = {}
    for jenis in PILIHAN:
        for b in k.sejenis(jenis):
            if terpakai.setdefault((jenis, b.untuk), b) is not b:
                raise k.galat(b, f"{jenis} '{b.untuk}' dua kali", "satu baris", "untuk")
    for b in k.sejenis("indikator"):
        asing = [s for s in b.sasaran if s not in sasaran]
        if asing or not b.sasaran:
            harapan = f"kode sasaran yang punya baris sendiri: {', '.join(sorted(sasaran))}"
            raise k.galat(b, f"'{' '.join(asing)}'", harapan, "sasaran")
        for s in b.sasaran:
            lama = terpakai.setdefault((b.untuk, s), b)
            if lama is not b:
                temuan = f"{b.untuk} bagi '{s}' juga di baris {lama.baris}"
                raise k.galat(b, temuan, "satu definisi untuk tiap indikator dan sasaran", "sasaran")


# Yang diminta dari tiap variabel --------------------------------------------------------------------------------------


def jenis_variabel(kodebuku: Kodebuku) -> dict[str, str]:
    """Nama variabel -> ``angka``, ``huruf``, atau ``nomor``; yang hanya ditanya terisi atau tidak, tidak disebut.

    Variabel yang dihitung di satu ungkapan dan dibandingkan dengan teks di ungkapan lain dibaca menurut isinya.
    """
    pakai: dict[str, set[str]] = {}
    for butir in kodebuku.butir.values():
        pengenal = butir.jenis == "rancangan" and butir.untuk in _PENGENAL
        for ungkapan in filter(None, (butir.pembilang, butir.penyebut)):
            semua = ((nama, NOMOR) for nama in ungkapan.nama) if pengenal else _pakai(ungkapan.akar)
            for nama, jenis in semua:
                pakai.setdefault(nama, set()).add(jenis)
    tentu = {nama: jenis - {NOMOR} or jenis for nama, jenis in pakai.items()}
    return {nama: next(iter(jenis)) for nama, jenis in tentu.items() if len(jenis) == 1}


def _pakai(simpul: Node, jenis: str = "") -> Iterator[tuple[str, str]]:
    """Tiap variabel di bawah simpul, dan cara ia dipakai."""
    match simpul:
        case Name(nama):
            if jenis:
                yield nama, jenis
            return
        case In(isi, pilihan):
            anak, jenis = (isi,), HURUF if isinstance(pilihan[0], str) else ANGKA
        case Compare(_, kiri, kanan):
            anak, jenis = (kiri, kanan), HURUF if isinstance(kiri, Text) or isinstance(kanan, Text) else ANGKA
        case Call(fungsi, anak):
            jenis = ANGKA if fungsi in ("jumlah_ruta", "kuantil") else ""
        case Binary(_, kiri, kanan):
            anak, jenis = (kiri, kanan), ANGKA
        case Logic(_, kiri, kanan):
            anak, jenis = (kiri, kanan), ""
        case Not(isi):
            anak, jenis = (isi,), ""
        case Negative(isi):
            anak, jenis = (isi,), ANGKA
        case _:
            return
    for satu in anak:
        yield from _pakai(satu, jenis)
