"""Lembar isian: bentuknya (``bentuk.yml``), menulisnya kosong, dan membacanya setelah diisi; buku kerja atau CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from kinerja.berkas import parse_yaml
from kinerja.data import tulisan
from kinerja.data.reading import KOMENTAR, UKURAN_TERBESAR, check_workbook, decode, delimiter
from kinerja.errors import GalatData, GalatParameter

IDENTITAS, INDIKATOR, ANGGARAN, PETUNJUK = "Identitas", "Indikator", "Anggaran", "Petunjuk"
LEMBAR = (IDENTITAS, INDIKATOR, ANGGARAN)
BARIS_TERBANYAK = 5_000

_CARI_KEPALA = 10
_BARIS_DAFTAR = 500
_DAFTAR_TERPANJANG = 255
Isi = Mapping[str, Sequence[Mapping[str, str]]]
"""Lembar -> baris -> kunci kolom -> isi; bagi lembar identitas satu baris."""


# Bentuk ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kolom:
    """Satu kolom lembar (atau satu baris lembar identitas).

    ``judul`` seperti terbaca di lembar; ``jenis`` teks, angka, sasaran, tahun, tanggal, atau pilihan; ``pilihan`` yang
    ditulis (huruf kecil) -> yang disimpan; ``aturan`` kuncinya di tabel ``aturan``.
    """

    kunci: str
    judul: str
    jenis: str = "teks"
    wajib: bool = False
    uraian: str = ""
    aturan: str = ""
    lebar: int = 14
    pilihan: dict[str, str] = field(default_factory=dict)

    @property
    def daftar(self) -> list[str]:
        """Tulisan pertama bagi setiap pilihan: isi daftar di lembar dan di pesan."""
        pertama: dict[str, str] = {}
        for tulisan_, simpanan in self.pilihan.items():
            pertama.setdefault(simpanan, tulisan_)
        return list(pertama.values())

    @property
    def keterangan(self) -> str:
        """Wajib atau tidak, artinya, dan pilihannya."""
        pilihan = f"pilihan: {', '.join(self.daftar)}" if self.pilihan else ""
        return "; ".join(x for x in ("wajib" if self.wajib else "", self.uraian, pilihan) if x)


@dataclass(frozen=True)
class Satuan:
    """Satuan: kolom ``acuan/satuan.csv``, dan tulisan lain yang dikenal (huruf kecil)."""

    kode: str
    nama: str
    nama_en: str
    jenis: str
    desimal: str
    terkecil: str = ""
    terbesar: str = ""
    lain: tuple[str, ...] = ()


@cache
def _bentuk() -> dict[str, Any]:
    return parse_yaml(resources.files("kinerja.lembaga").joinpath("bentuk.yml").read_text("utf-8"))


@cache
def columns(lembar: str) -> dict[str, Kolom]:
    """Kolom sebuah lembar menurut kuncinya, dalam urutan lembar."""
    return {k: Kolom(k, **isi) for k, isi in _bentuk()[lembar.casefold()].items()}


@cache
def titles(lembar: str) -> dict[str, str]:
    """Kepala kolom (huruf kecil) -> kuncinya."""
    return {x.judul.casefold(): k for k, x in columns(lembar).items()}


@cache
def units() -> dict[str, Satuan]:
    """Satuan yang dikenal menurut kodenya."""
    return {
        k: Satuan(k, nama, en, jenis, str(desimal), lain=tuple(lain))
        for k, (nama, en, jenis, desimal, *lain) in _bentuk()["satuan"].items()
    }


def basic_units() -> dict[str, Satuan]:
    """Satuan yang diperlukan halaman mana pun."""
    return {k: units()[k] for k in _bentuk()["selalu"]}


def unit_list() -> list[str]:
    """Nama satuan untuk daftar di lembar."""
    return list(dict.fromkeys(x.nama for x in units().values()))


# Menulis --------------------------------------------------------------------------------------------------------------


def write_forms(berkas: Path, isi: Isi) -> list[Path]:
    """Tulis ``berkas`` (.xlsx) dan CSV kembarannya di sampingnya.

    Raises
    ------
    GalatParameter
        Salah satunya sudah ada; tidak satu pun ditulis.
    """
    kembar = berkas.with_suffix(".csv")
    for x in (berkas, kembar):
        if x.exists():
            raise GalatParameter(
                f"{x.name} sudah ada; tidak ada yang ditulis. Pakai yang itu, atau hapus lebih dahulu."
            )
    berkas.parent.mkdir(parents=True, exist_ok=True)
    _write_workbook(berkas, isi)
    kembar.write_text(to_csv(isi), encoding="utf-8-sig", newline="")
    return [berkas, kembar]


def to_csv(isi: Isi) -> str:
    """Ketiga lembar dalam satu CSV bertitik koma; setiap lembar diawali namanya dalam kurung siku."""
    tulis = io.StringIO()
    penulis = csv.writer(tulis, delimiter=";", lineterminator="\r\n")
    tulis.write("sep=;\r\n")  # Excel dengan tanda desimal apa pun membuka kolomnya terpisah
    penulis.writerow([f"[{IDENTITAS}]"])
    penulis.writerows([x.judul, isi[IDENTITAS][0].get(k, "")] for k, x in columns(IDENTITAS).items())
    for lembar in (INDIKATOR, ANGGARAN):
        kolom = columns(lembar)
        penulis.writerows([[], [f"[{lembar}]"], [x.judul for x in kolom.values()]])
        penulis.writerows([x.get(k, "") for k in kolom] for x in isi.get(lembar, ()))
    return tulis.getvalue()


def guide() -> list[tuple[str, str]]:
    """Petunjuk: pasangan kepala dan keterangan, semua yang boleh ditulis di setiap lembar."""
    baris = [tuple(x) for x in _bentuk()["petunjuk"]]
    for lembar in LEMBAR:
        baris.append((f"Lembar {lembar}", ""))
        baris += [(x.judul, x.keterangan) for x in columns(lembar).values() if x.keterangan]
    satuan = f"{', '.join(unit_list())}. Satuan lain boleh: ia didaftarkan dengan nama yang ditulis."
    return [*baris, ("Satuan", satuan)]


def _write_workbook(berkas: Path, isi: Isi) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(berkas), {"strings_to_formulas": False, "strings_to_urls": False}) as buku:
        kepala = {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        rupa = {
            "kepala": buku.add_format({**kepala, "bg_color": "#EDF2F7"}),
            "wajib": buku.add_format({**kepala, "bg_color": "#FFE9B8"}),
            "teks": buku.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
            "lain": buku.add_format({"valign": "top"}),
            "tebal": buku.add_format({"bold": True, "valign": "top"}),
            "abu": buku.add_format({"font_color": "#5A5A5A", "text_wrap": True, "valign": "top"}),
        }  # fmt: skip
        _identity_sheet(buku.add_worksheet(IDENTITAS), rupa, isi[IDENTITAS][0])
        for nama in (INDIKATOR, ANGGARAN):
            _table_sheet(buku.add_worksheet(nama), rupa, columns(nama), isi.get(nama, ()))
        lembar = buku.add_worksheet(PETUNJUK)
        lembar.set_column(0, 0, 30, rupa["teks"])
        lembar.set_column(1, 1, 100, rupa["abu"])
        for n, (kepala, keterangan) in enumerate(guide()):
            lembar.write_string(n, 0, kepala, rupa["tebal"])
            lembar.write_string(n, 1, keterangan, rupa["abu"])
        for lembar in buku.worksheets():
            lembar.set_landscape()
            lembar.fit_to_pages(1, 0)


def _identity_sheet(lembar, rupa, isi: Mapping[str, str]) -> None:
    lembar.set_column(0, 0, 34)
    lembar.set_column(1, 1, 48, rupa["teks"])
    lembar.set_column(2, 2, 80)
    for n, (k, x) in enumerate(columns(IDENTITAS).items()):
        lembar.write_string(n, 0, x.judul, rupa["wajib" if x.wajib else "kepala"])
        lembar.write_string(n, 2, x.keterangan, rupa["abu"])
        if isi.get(k):
            lembar.write_string(n, 1, isi[k], rupa["teks"])
        if x.pilihan:
            lembar.data_validation(n, 1, n, 1, {"validate": "list", "source": x.daftar})


def _table_sheet(lembar, rupa, kolom: Mapping[str, Kolom], isi: Sequence[Mapping[str, str]]) -> None:
    lembar.freeze_panes(1, 2)
    lembar.set_row(0, 32)
    for k, x in enumerate(kolom.values()):
        lembar.set_column(k, k, x.lebar, rupa["teks" if x.jenis == "teks" else "lain"])
        lembar.write_string(0, k, x.judul, rupa["wajib" if x.wajib else "kepala"])
        if x.uraian or x.pilihan:
            lembar.write_comment(0, k, x.keterangan, {"x_scale": 2, "y_scale": 1.4})
        if daftar := unit_list() if x.kunci == "satuan" else x.daftar:
            # Excel hanya memuat 255 huruf bagi daftar yang ditulis di dalam sel.
            muat = [y for n, y in enumerate(daftar) if len(",".join(daftar[: n + 1])) <= _DAFTAR_TERPANJANG]
            pilihan = {"validate": "list", "source": muat, "ignore_blank": True}
            # Satuan sendiri boleh; pilihan lain ditolak sejak diketik.
            lembar.data_validation(1, k, _BARIS_DAFTAR, k, pilihan | {"show_error": x.kunci != "satuan"})
    for n, baris in enumerate(isi, 1):
        for k, kunci in enumerate(kolom):
            if baris.get(kunci):
                lembar.write_string(n, k, baris[kunci], rupa["teks"])


# Membaca --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sel:
    """Isi satu sel: teksnya, apakah ia sudah angka (bukan tulisan), berformat persen, atau tanggal."""

    teks: str
    angka: bool = False
    persen: bool = False
    tanggal: bool = False


@dataclass(frozen=True)
class Baris:
    """Satu baris: lembarnya, tempatnya bagi pesan (lembar itu atau berkas CSV), nomornya, dan kolom -> sel berisi."""

    lembar: str
    tempat: str
    nomor: int
    sel: dict[str, Sel]


@dataclass
class Isian:
    """Isi lembar isian dan semua masalah yang ditemukan saat membacanya.

    ``identitas`` memuat satu baris per isian, karena setiap isian punya nomor barisnya sendiri.
    """

    nama: str
    identitas: dict[str, Baris] = field(default_factory=dict)
    indikator: list[Baris] = field(default_factory=list)
    anggaran: list[Baris] = field(default_factory=list)
    masalah: list[GalatData] = field(default_factory=list)
    diabaikan: list[str] = field(default_factory=list)

    def wrong(self, tempat: str, nomor: int | None, ditemukan: str, diharapkan: str, kolom: str | None = None) -> None:
        """Catat satu masalah."""
        self.masalah.append(GalatData(tempat, baris=nomor, kolom=kolom, ditemukan=ditemukan, diharapkan=diharapkan))


def read_form(berkas: Path) -> Isian:
    """Baca lembar isian, .xlsx atau .csv; masalah isi dikumpulkan, bukan dilemparkan satu per satu.

    Raises
    ------
    GalatData
        Bukan berkas yang wajar, atau tidak satu pun lembar isian ada di dalamnya.
    """
    isian = Isian(berkas.name)
    lembar = _read_csv(berkas, isian) if berkas.suffix.lower() in (".csv", ".txt") else _read_workbook(berkas, isian)
    ada = {}
    for nama, tempat, baris in lembar:
        kenal = next((x for x in LEMBAR if x.casefold() == nama.strip().casefold()), None)
        if kenal:
            ada[kenal] = (tempat, baris)
        elif dekat := tulisan.near(nama, LEMBAR):
            isian.wrong(nama, None, f"lembar '{nama}'", f"nama lembar {dekat}")
        elif nama != PETUNJUK:
            isian.diabaikan.append(nama)
    if not ada and not isian.masalah:
        raise GalatData(berkas.name, ditemukan="tanpa lembar isian", diharapkan=f"lembar {', '.join(LEMBAR)}")
    if IDENTITAS in ada:
        _identity(isian, *ada[IDENTITAS])
    for nama, tujuan in ((INDIKATOR, isian.indikator), (ANGGARAN, isian.anggaran)):
        if nama in ada:
            tujuan += _rows(isian, nama, *ada[nama])
    return isian


_IsiLembar = list[tuple[int, list[Sel]]]
"""Nomor baris dan sel-selnya; baris kosong tidak ikut."""


def _read_workbook(berkas: Path, isian: Isian) -> Iterator[tuple[str, str, _IsiLembar]]:
    import openpyxl

    check_workbook(berkas)
    try:
        buku = openpyxl.load_workbook(berkas, read_only=True, data_only=False)
    except Exception as galat:  # openpyxl memunculkan bermacam galat untuk isi yang rusak
        raise GalatData(berkas.name, ditemukan="buku kerja yang rusak", diharapkan="buku kerja .xlsx") from galat
    with closing(buku):
        for lembar in buku.worksheets:
            isi = []
            for nomor, baris in enumerate(lembar.iter_rows(max_row=BARIS_TERBANYAK + 1), 1):
                sel = [_cell(x, lembar.title, nomor, isian) for x in baris]
                if any(x.teks for x in sel):
                    isi.append((nomor, sel))
            if isi and isi[-1][0] > BARIS_TERBANYAK:
                banyak = {"ditemukan": "baris yang terlalu banyak", "diharapkan": f"paling banyak {BARIS_TERBANYAK}"}
                raise GalatData(lembar.title, baris=isi[-1][0], **banyak)
            yield lembar.title, lembar.title, isi


def _cell(sel: Any, lembar: str, nomor: int, isian: Isian) -> Sel:
    nilai = sel.value
    if sel.data_type == "f" or (isinstance(nilai, str) and nilai.startswith("=")):
        salah = f"rumus {nilai}", "nilai yang ditulis (salin, lalu tempel sebagai nilai)"
    elif sel.data_type == "e" or isinstance(nilai, bool):
        salah = f"{nilai}", "teks atau angka"
    elif isinstance(nilai, dt.date):
        return Sel(nilai.strftime("%Y-%m-%d"), tanggal=True)
    elif isinstance(nilai, int | float):
        persen = "%" in str(sel.number_format)
        try:
            return Sel(tulisan.cell_number(nilai, persen=persen), angka=True, persen=persen)
        except ValueError as galat:
            salah = f"{nilai:.0f}", str(galat)
    else:
        return Sel("" if nilai is None else " ".join(str(nilai).split()))
    isian.wrong(lembar, nomor, *salah, kolom=sel.column_letter)
    return Sel("")


def _read_csv(berkas: Path, isian: Isian) -> Iterator[tuple[str, str, _IsiLembar]]:
    if not berkas.is_file():
        raise GalatData(berkas.name, ditemukan="berkas tidak ada", diharapkan="lembar isian .xlsx atau .csv")
    if berkas.stat().st_size > UKURAN_TERBESAR:
        raise GalatData(berkas.name, ditemukan="berkas yang terlalu besar", diharapkan="lembar isian")
    teks = decode(berkas.read_bytes(), berkas.name)
    nama, isi = "", []
    for nomor, baris in enumerate(csv.reader(io.StringIO(teks), delimiter=delimiter(teks)), 1):
        sel = [Sel(" ".join(x.split())) for x in baris]
        if rumus := next((x.teks for x in sel if x.teks.startswith("=")), ""):
            isian.wrong(berkas.name, nomor, f"rumus {rumus}", "nilai yang ditulis")
        pertama = sel[0].teks if sel else ""
        if pertama.startswith("[") and pertama.endswith("]"):
            if nama:
                yield nama, berkas.name, isi
            nama, isi = pertama[1:-1], []
        elif any(x.teks for x in sel) and not pertama.startswith("sep="):
            isi.append((nomor, sel))
    if nama:
        yield nama, berkas.name, isi


def _identity(isian: Isian, tempat: str, isi: _IsiLembar) -> None:
    for nomor, sel in isi:
        kepala = sel[0].teks
        if kepala.startswith(KOMENTAR):
            continue
        kunci = titles(IDENTITAS).get(kepala.casefold())
        if kunci is None:
            harap = tulisan.one_of(kepala, (x.judul for x in columns(IDENTITAS).values()))
            isian.wrong(tempat, nomor, f"isian '{kepala}'", harap)
        elif len(sel) > 1 and sel[1].teks:
            isian.identitas[kunci] = Baris(IDENTITAS, tempat, nomor, {kunci: sel[1]})


def _rows(isian: Isian, lembar: str, tempat: str, isi: _IsiLembar) -> Iterator[Baris]:
    judul = titles(lembar).keys()
    kepala = [n for n, (_, sel) in enumerate(isi[:_CARI_KEPALA]) if len({x.teks.casefold() for x in sel} & judul) > 1]
    if not kepala:
        if isi:
            harap = f"kepala {', '.join(x.judul for x in columns(lembar).values())}"
            isian.wrong(tempat, isi[0][0], "tanpa baris kepala", harap)
        return
    letak = _header(isian, lembar, tempat, *isi[kepala[0]])
    for nomor, sel in isi[kepala[0] + 1 :]:
        if sel[0].teks.startswith(KOMENTAR):
            continue
        if lebih := [x.teks for n, x in enumerate(sel) if n not in letak and x.teks]:
            isian.wrong(tempat, nomor, f"'{lebih[0]}' di kolom tanpa kepala", "sel kosong")
        if berisi := {letak[n]: x for n, x in enumerate(sel) if n in letak and x.teks}:
            yield Baris(lembar, tempat, nomor, berisi)


def _header(isian: Isian, lembar: str, tempat: str, nomor: int, sel: Sequence[Sel]) -> dict[int, str]:
    """Letak kolom -> kuncinya; kepala yang tidak dikenal, ganda, atau kurang menjadi masalah."""
    kolom = columns(lembar)
    letak: dict[int, str] = {}
    for n, x in enumerate(sel):
        kunci = titles(lembar).get(x.teks.casefold())
        if not x.teks:
            continue
        if kunci is None:
            harap = tulisan.one_of(x.teks, (y.judul for y in kolom.values()))
            isian.wrong(tempat, nomor, f"kepala '{x.teks}'", harap)
            letak[n] = f"#{n}"  # isinya tidak perlu disalahkan sekali lagi
        elif kunci in letak.values():
            isian.wrong(tempat, nomor, f"kepala ganda '{x.teks}'", "satu kolom saja")
        else:
            letak[n] = kunci
    if kurang := [x.judul for k, x in kolom.items() if x.wajib and k not in letak.values()]:
        isian.wrong(tempat, nomor, f"kolom {', '.join(kurang)} tidak ada", "semua kolom wajib")
    return letak
