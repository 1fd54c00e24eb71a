"""Halaman HTML laporan menjadi blok-blok polos (judul, alinea, tabel, gambar) yang dapat ditata untuk cetak.

Yang dibaca adalah isi halaman yang sama dengan yang dilihat di peramban, sehingga angka cetakan tidak mungkin berbeda.
Kendali dan tautan unduhan tidak ikut: di atas kertas keduanya tidak berguna.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_HAMPA = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_DILEWATI = {"script", "style", "nav", "button"}
_KELAS_DILEWATI = {"unduh", "panel-kinerja", "kicker", "tidak-dicetak", "kendali"}
_GAYA = {"b": "b", "strong": "b", "th": "", "i": "i", "em": "i", "code": "k", "sup": "s"}
_SEBARIS = {*_GAYA, "a", "span", "small", "sub", "abbr", "u", "br", "img"}

Teks = list[list[str]]
"""Potongan teks dan gayanya: ``[["tebal", "b"], [" biasa", ""]]``; gaya b, i, k (kode), s (naik), boleh bergabung."""


@dataclass
class Simpul:
    """Satu elemen HTML: nama, atribut, dan anak-anaknya (elemen atau teks)."""

    nama: str
    atribut: dict[str, str] = field(default_factory=dict)
    anak: list[Simpul | str] = field(default_factory=list)

    @property
    def kelas(self) -> set[str]:
        """Kelas-kelas CSS elemen ini."""
        return set(self.atribut.get("class", "").split())

    def walk(self) -> Iterator[Simpul]:
        """Elemen ini dan semua turunannya, dari atas ke bawah."""
        yield self
        for satu in self.anak:
            if isinstance(satu, Simpul):
                yield from satu.walk()

    def find(self, uji: Callable[[Simpul], bool]) -> Simpul | None:
        """Elemen pertama yang memenuhi ``uji``."""
        return next((x for x in self.walk() if uji(x)), None)

    def all(self, nama: str) -> list[Simpul]:
        """Semua turunan bernama ``nama``."""
        return [x for x in self.walk() if x.nama == nama]

    def children(self, nama: str) -> list[Simpul]:
        """Anak langsung bernama ``nama``."""
        return [x for x in self.anak if isinstance(x, Simpul) and x.nama == nama]


class _Pembaca(HTMLParser):
    """Pohon elemen dari HTML yang sudah rapi (keluaran nbconvert dan ``Tabel``)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.akar = Simpul("akar")
        self._tumpukan = [self.akar]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        simpul = Simpul(tag, {k: v or "" for k, v in attrs})
        self._tumpukan[-1].anak.append(simpul)
        if tag not in _HAMPA:
            self._tumpukan.append(simpul)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._tumpukan[-1].anak.append(Simpul(tag, {k: v or "" for k, v in attrs}))

    def handle_endtag(self, tag: str) -> None:
        letak = next((i for i in range(len(self._tumpukan) - 1, 0, -1) if self._tumpukan[i].nama == tag), None)
        if letak is not None:
            del self._tumpukan[letak:]

    def handle_data(self, data: str) -> None:
        self._tumpukan[-1].anak.append(data)


def parse(isi: str) -> Simpul:
    """Pohon elemen sebuah potongan HTML."""
    pembaca = _Pembaca()
    pembaca.feed(isi)
    pembaca.close()
    return pembaca.akar


def read_blocks(isi: str) -> list[dict[str, Any]]:
    """Blok-blok sebuah halaman menurut urutan tampilnya.

    Parameters
    ----------
    isi : str
        Isi halaman (``Halaman.isi``).

    Returns
    -------
    list of dict
        Tiap blok punya ``jenis``: ``judul`` (dengan ``tingkat``), ``alinea``, ``butir``, ``parameter``, ``kode``,
        ``gambar``, atau ``tabel``. Judul yang di bawahnya tidak ada apa-apa dibuang.
    """
    return _drop_empty_headings(list(_blocks(parse(isi))))


def plain(teks: Teks) -> str:
    """Teks tanpa gaya."""
    return "".join(potong for potong, _ in teks)


def _blocks(simpul: Simpul) -> Iterator[dict[str, Any]]:
    sebaris: list[Simpul | str] = []

    def habiskan() -> Iterator[dict[str, Any]]:
        teks = _text(sebaris)
        sebaris.clear()
        if teks:
            yield {"jenis": "alinea", "isi": teks}

    for satu in simpul.anak:
        if isinstance(satu, str) or satu.nama in _SEBARIS:
            sebaris.append(satu)
            continue
        yield from habiskan()
        yield from _block(satu)
    yield from habiskan()


def _block(x: Simpul) -> Iterator[dict[str, Any]]:
    if x.nama in _DILEWATI or x.kelas & _KELAS_DILEWATI:
        return
    if x.nama == "details" and "open" not in x.atribut:
        return  # yang terlipat di halaman tidak ikut dicetak
    if re.fullmatch("h[1-6]", x.nama):
        yield {"jenis": "judul", "tingkat": int(x.nama[1]), "isi": _text(x.anak)}
    elif x.nama == "p":
        teks = _text(x.anak)
        if teks:
            yield {"jenis": "alinea", "isi": teks}
    elif x.nama in ("ul", "ol"):
        yield {"jenis": "butir", "urut": x.nama == "ol", "isi": [_item(b) for b in x.children("li")]}
    elif x.nama == "dl":
        nama, isi = ([plain(_text(b.anak)) for b in x.all(jenis)] for jenis in ("dt", "dd"))
        yield {"jenis": "parameter", "isi": [list(pasangan) for pasangan in zip(nama, isi, strict=True)]}
    elif x.nama == "pre":
        yield {"jenis": "kode", "isi": "".join(_raw(x)).strip("\n")}
    elif x.nama == "figure":
        yield _figure(x)
    elif "tabel-kinerja" in x.kelas or x.nama == "table":
        yield _table(x)
    else:
        yield from _blocks(x)


def _item(butir: Simpul) -> Teks:
    """Satu butir daftar; alinea di dalamnya disambung."""
    return _text(butir.anak)


def _figure(x: Simpul) -> dict[str, Any]:
    gambar = x.find(lambda s: s.nama == "img")
    keterangan = x.find(lambda s: s.nama == "figcaption")
    sumber = x.find(lambda s: "sumber" in s.kelas)
    atribut = gambar.atribut if gambar else {}
    return {
        "jenis": "gambar",
        "nama": x.atribut.get("id", "").removeprefix("gambar-"),
        "berkas": atribut.get("src", ""),
        "alt": atribut.get("alt", ""),
        "isi": _text(keterangan.anak) if keterangan else [],
        "sumber": plain(_text(sumber.anak)) if sumber else "",
    }


def _table(x: Simpul) -> dict[str, Any]:
    """Tabel utuh: judul, baris kepala, baris isi, dan catatan kaki."""
    tabel = x if x.nama == "table" else x.all("table")[0]
    judul = tabel.children("caption")
    kepala = [b for bagian in tabel.children("thead") for b in bagian.children("tr")]
    isi = [b for bagian in (tabel.children("tbody") or [tabel]) for b in bagian.children("tr")]
    kaki = x.find(lambda s: "tk-kaki" in s.kelas)
    return {
        "jenis": "tabel",
        "judul": plain(_text(judul[0].anak)) if judul else "",
        "kepala": [[_cell(s) for s in _cells(b)] for b in kepala],
        "baris": [{"tebal": "tk-tebal" in b.kelas, "sel": [_cell(s) for s in _cells(b)]} for b in isi],
        "kaki": [_text(p.anak) for p in kaki.all("p")] if kaki else [],
    }


def _cells(baris: Simpul) -> list[Simpul]:
    return [x for x in baris.anak if isinstance(x, Simpul) and x.nama in ("th", "td")]


def _cell(x: Simpul) -> dict[str, Any]:
    return {
        "isi": _text(x.anak),
        "lebar": int(x.atribut.get("colspan", 1)),
        "angka": "tk-angka" in x.kelas,
        "kepala": x.nama == "th",
        "sintetis": "tk-sintetis" in x.kelas,
    }


def _text(anak: list[Simpul | str]) -> Teks:
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


def _runs(anak: list[Simpul | str], gaya: str) -> Iterator[tuple[str, str]]:
    for satu in anak:
        if isinstance(satu, str):
            yield satu, gaya
        elif satu.nama == "br":
            yield "\n", gaya
        elif satu.nama == "img":
            yield satu.atribut.get("alt", ""), gaya
        elif satu.nama in _DILEWATI or satu.kelas & _KELAS_DILEWATI:
            continue
        elif satu.nama == "details":
            # Asal-usul yang terlipat tetap di halaman; di cetakan hanya angkanya.
            ringkas = satu.children("summary")
            yield from _runs(ringkas[0].anak if ringkas else satu.anak, gaya)
        else:
            tambah = _GAYA.get(satu.nama, "")
            yield from _runs(satu.anak, gaya if tambah in gaya else gaya + tambah)
            if satu.nama not in _SEBARIS:
                yield " ", gaya


def _raw(x: Simpul) -> Iterator[str]:
    for satu in x.anak:
        if isinstance(satu, str):
            yield satu
        else:
            yield from _raw(satu)


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
