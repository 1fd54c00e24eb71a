"""Halaman HTML laporan menjadi blok-blok polos (judul, alinea, tabel, gambar) yang dapat ditata untuk cetak.

Yang dibaca adalah isi halaman yang sama dengan yang dilihat di peramban, sehingga angka cetakan tidak mungkin berbeda.
Kendali dan tautan unduhan tidak ikut: di atas kertas keduanya tidak berguna.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from lxml.html import HtmlElement, fragment_fromstring

from kinerja.render.halaman import words

_DILEWATI = {"script", "style", "nav", "button"}
_KELAS_DILEWATI = {"unduh", "panel-kinerja", "kicker", "tidak-dicetak", "kendali"}
_GAYA = {"b": "b", "strong": "b", "th": "", "i": "i", "em": "i", "code": "k", "sup": "s"}
_SEBARIS = {*_GAYA, "a", "span", "small", "sub", "abbr", "u", "br", "img"}

Teks = list[list[str]]
"""Potongan teks dan gayanya: ``[["tebal", "b"], [" biasa", ""]]``; gaya b, i, k (kode), s (naik), boleh bergabung."""


@dataclass(frozen=True)
class Cetakan:
    """Sampul laporan cetak, PDF dan Word.

    ``pokok``: pokok-pokok seluruh laporan; ``terbitan``: dari :func:`kinerja.render.susun.imprint`; ``peringatan``:
    kalimat bila laporannya tidak utuh; ``peragaan``: situs peragaan, dengan judul dan kalimatnya sendiri.
    """

    tahun: Any
    bahasa: str
    institusi: str
    pokok: Sequence[str]
    terbitan: Mapping[str, str]
    peringatan: str = ""
    peragaan: bool = False

    @property
    def kata(self) -> Mapping[str, str]:
        """Kata-kata kerangka dalam bahasanya."""
        return words(self.peragaan)[self.bahasa]

    @property
    def judul(self) -> str:
        """Judul laporan."""
        return f"{self.kata['laporan']} {self.tahun}"

    @property
    def uraian(self) -> str:
        """Uraian laporan bagi metadata."""
        return self.kata["uraian_pdf"].format(tahun=self.tahun)


def read_blocks(isi: str, *, tabel: bool = False) -> list[dict[str, Any]]:
    """Blok-blok sebuah halaman (``Halaman.isi``) menurut urutan tampilnya.

    ``tabel`` menyertakan tabel jawaban yang di halaman terlipat di bawah gambarnya. Tiap blok punya ``jenis``:
    ``judul`` (dengan ``tingkat``), ``alinea``, ``butir``, ``parameter``, ``kode``, ``gambar``, atau ``tabel``. Judul
    yang di bawahnya tidak ada apa-apa dibuang.
    """
    return _drop_empty_headings(list(_blocks(fragment_fromstring(isi, create_parent=True), tabel)))


def plain(teks: Teks) -> str:
    """Teks tanpa gaya."""
    return "".join(potong for potong, _ in teks)


def _children(x: HtmlElement) -> Iterator[HtmlElement | str]:
    if x.text:
        yield x.text
    for satu in x:
        if isinstance(satu.tag, str):  # bukan komentar
            yield satu
        if satu.tail:
            yield satu.tail


def _skipped(x: HtmlElement) -> bool:
    return x.tag in _DILEWATI or not x.classes.isdisjoint(_KELAS_DILEWATI)


def _blocks(simpul: HtmlElement, tabel: bool) -> Iterator[dict[str, Any]]:
    for sebaris, anak in groupby(_children(simpul), lambda x: isinstance(x, str) or x.tag in _SEBARIS):
        if not sebaris:
            for satu in anak:
                yield from _block(satu, tabel)
        elif teks := _text(anak):
            yield {"jenis": "alinea", "isi": teks}


def _block(x: HtmlElement, tabel: bool) -> Iterator[dict[str, Any]]:
    if _skipped(x):
        return
    if x.tag == "details" and "open" not in x.attrib and not (tabel and "lipat-tabel" in x.classes):
        return  # yang terlipat di halaman tidak ikut dicetak
    if x.tag == "summary" and "lipat-tabel" in x.getparent().classes and tabel:
        return  # nomor dan judul yang sama dengan judul tabelnya
    if re.fullmatch("h[1-6]", x.tag):
        yield {"jenis": "judul", "tingkat": int(x.tag[1]), "isi": _text(_children(x))}
    elif x.tag == "p":
        teks = _text(_children(x))
        if teks:
            yield {"jenis": "alinea", "isi": teks}
    elif x.tag in ("ul", "ol"):
        yield {"jenis": "butir", "urut": x.tag == "ol", "isi": [_text(_children(b)) for b in x.findall("li")]}
    elif x.tag == "dl":
        nama, isi = ([plain(_text(_children(b))) for b in x.iter(jenis)] for jenis in ("dt", "dd"))
        yield {"jenis": "parameter", "isi": [list(pasangan) for pasangan in zip(nama, isi, strict=True)]}
    elif x.tag == "pre":
        yield {"jenis": "kode", "isi": x.text_content().strip("\n")}
    elif x.tag == "figure":
        yield _figure(x)
    elif "tabel-kinerja" in x.classes or x.tag == "table":
        yield _table(x)
    else:
        yield from _blocks(x, tabel)


def _inner(x: HtmlElement | None) -> str:
    return "" if x is None else plain(_text(_children(x)))


def _figure(x: HtmlElement) -> dict[str, Any]:
    gambar, keterangan = x.find(".//img"), x.find(".//figcaption")
    atribut = {} if gambar is None else gambar.attrib
    return {
        "jenis": "gambar",
        "nama": x.get("id", "").removeprefix("gambar-"),
        "berkas": atribut.get("src", ""),
        "alt": atribut.get("alt", ""),
        "nomor": _inner(next(iter(x.find_class("nomor")), None)),
        "isi": [] if keterangan is None else _text(_children(keterangan)),
        "sumber": _inner(next(iter(x.find_class("sumber")), None)),
    }


def _table(x: HtmlElement) -> dict[str, Any]:
    """Tabel utuh: judul, baris kepala (yang terakhir mungkin satuan), baris isi, dan catatan kaki."""
    tabel = next(x.iter("table"))
    kepala = [[_cell(s) for s in b.iterchildren("th", "td")] for b in tabel.findall("thead/tr")]
    isi = tabel.findall("tbody/tr") or tabel.findall("tr")
    return {
        "jenis": "tabel",
        "judul": _inner(tabel.find("caption")),
        "kepala": kepala,
        "satuan": tabel.find("thead/tr[@class='tk-satuan']") is not None,
        "baris": [
            {"tebal": "tk-tebal" in b.classes, "sel": [_cell(s) for s in b.iterchildren("th", "td")]} for b in isi
        ],
        "kaki": [_text(_children(p)) for kaki in x.find_class("tk-kaki")[:1] for p in kaki.iter("p")],
    }


def _cell(x: HtmlElement) -> dict[str, Any]:
    return {
        "isi": _text(_children(x)),
        "lebar": int(x.get("colspan", 1)),
        "angka": "tk-angka" in x.classes,
        "kepala": x.tag == "th",
        "sintetis": "tk-sintetis" in x.classes,
        "bahasa": x.get("lang", ""),
    }


def _text(anak: Iterable[HtmlElement | str]) -> Teks:
    """Teks bergaya dengan spasi yang dirapikan seperti di peramban."""
    hasil: Teks = []
    for potong, gaya in _runs(anak, ""):
        rata = potong if potong == "\n" else re.sub(r"[ \t\r\n]+", " ", potong)
        if hasil and hasil[-1][0][-1:] in (" ", "\n") and rata[:1] == " ":
            rata = rata[1:]
        if not rata:
            continue
        if hasil and hasil[-1][1] == gaya:
            # Dua tanda yang bersebelahan, "1" dan "d", bukan satu tanda "1d".
            hasil[-1][0] += ("\u202f" if "s" in gaya else "") + rata
        else:
            hasil.append([rata, gaya])
    if hasil:
        hasil[0][0] = hasil[0][0].lstrip(" \n")
        hasil[-1][0] = hasil[-1][0].rstrip(" \n")
    return [x for x in hasil if x[0]]


def _runs(anak: Iterable[HtmlElement | str], gaya: str) -> Iterator[tuple[str, str]]:
    for satu in anak:
        if isinstance(satu, str):
            yield satu, gaya
        elif satu.tag == "br":
            yield "\n", gaya
        elif satu.tag == "img":
            yield satu.get("alt", ""), gaya
        elif satu.tag == "details":
            # Asal-usul yang terlipat tetap di halaman; di cetakan hanya angkanya.
            ringkas = satu.find("summary")
            yield from _runs(_children(satu if ringkas is None else ringkas), gaya)
        elif not _skipped(satu):
            tambah = _GAYA.get(satu.tag, "")
            yield from _runs(_children(satu), gaya if tambah in gaya else gaya + tambah)
            if satu.tag not in _SEBARIS:
                yield " ", gaya


def _drop_empty_headings(blok: list[dict[str, Any]]) -> list[dict[str, Any]]:
    hasil: list[dict[str, Any]] = []
    for satu in blok:
        if satu["jenis"] == "judul":
            while hasil and hasil[-1]["jenis"] == "judul" and hasil[-1]["tingkat"] >= satu["tingkat"]:
                hasil.pop()
        hasil.append(satu)
    while hasil and hasil[-1]["jenis"] == "judul" and hasil[-1]["tingkat"] > 1:
        hasil.pop()
    return hasil
