"""Klaim: satu angka tercetak dan rumus yang menghitungnya ulang; dibaca dari tabel ``klaim`` dan ``jumlah``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from colformula import COLUMNS, FormulaError, Function, Node, parse, refs
from colformula.tree import Call, Ref, matching, pattern
from kinerja import fmt
from kinerja.audit.tulisan import word
from kinerja.data.load import Data
from kinerja.errors import GalatData

#: Rumus klaim: bahasa rumus ditambah dua fungsi yang membaca daftar: ``rows("tabel", kolom, kolom != "isi")`` banyaknya
#: baris (atau isi berbeda sebuah kolom), ``class_of(x, "tabel")`` nama kelas sebuah nilai.
BAHASA = COLUMNS.extended(
    rows=Function(("text", "any"), least=1, more=True), class_of=Function(("number", "text"), "text")
)


@dataclass(frozen=True)
class Klaim:
    """Satu angka tercetak dan rumus yang menghitungnya ulang.

    Attributes
    ----------
    kode, tercetak : str
        Nama klaim, dan id angkanya.
    rumus : Node or None
        None bagi angka tanpa rumus.
    masukan : tuple of str
        Id angka yang disebut rumusnya menurut urutan, berawalan ``=`` bila yang dipakai hasil hitung ulangnya.
    opsi : dict of str to str
        ``ketelitian`` dan ``pembulatan_masukan``.
    alternatif : dict of str to tuple of str
        Masukan -> angka tertulis lain yang mungkin dipakai sebagai gantinya; kunci kosong: angka yang mungkin disalin.
    besaran : str
        Versi-versi satu besaran bernama sama.
    bacaan : dict of str to Node
        Bacaan lain dari aturan yang sama (kunci ``bacaan_...`` di ``kata.yml``) -> rumusnya.
    """

    kode: str
    tercetak: str
    rumus: Node | None
    masukan: tuple[str, ...] = ()
    opsi: dict[str, str] = field(default_factory=dict)
    alternatif: dict[str, tuple[str, ...]] = field(default_factory=dict)
    besaran: str = ""
    uraian: str = ""
    bacaan: dict[str, Node] = field(default_factory=dict)

    @property
    def menyalin(self) -> bool:
        """Apakah klaim itu hanya menyatakan sama dengan angka lain."""
        return isinstance(self.rumus, Ref)

    @property
    def menjumlah(self) -> bool:
        return isinstance(self.rumus, Call) and self.rumus.name == "sum"

    @property
    def bertingkat(self) -> list[str]:
        """Masukan yang hasil hitung ulang."""
        return [x for x in self.masukan if x.startswith("=")]

    @property
    def lain(self) -> tuple[str, ...]:
        """Semua angka pengganti yang mungkin, sekali masing-masing."""
        return tuple(dict.fromkeys(x for isi in self.alternatif.values() for x in isi))


class Pola:
    """Id angka satu tahun, dan yang ditunjuk sebuah rujukan berpola."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.ids = list(ids)
        self._ada = set(self.ids)
        self._cocok: dict[str, list[str]] = {}

    def expand(self, token: str) -> list[str]:
        """Id yang ditunjuk sebuah rujukan, dengan awalan ``=`` bila yang diminta hasil hitung ulangnya."""
        awalan, id_ = ("=", token[1:]) if token.startswith("=") else ("", token)
        if id_ in self._ada:
            return [token]
        if token not in self._cocok:
            self._cocok[token] = [awalan + x for x in matching(id_, self.ids)] if re.search(r"[*|!]", id_) else []
        return self._cocok[token]


def written(d: Data, pola: Pola, berisi: Callable[[str], bool]) -> list[Klaim]:
    """Klaim tabel ``klaim`` dan ``jumlah``, dijabarkan atas setiap angka yang cocok dan berisi.

    Raises
    ------
    GalatData
        Klaim merujuk angka yang tidak ada, atau rumusnya tidak sah.
    """
    hasil = []
    for baris in d["klaim"].itertuples() if d.has("klaim") else ():
        tercetak = pattern(baris.tercetak)
        cocok = [m for m in map(tercetak.fullmatch, pola.ids) if m and berisi(m.string)]
        if not cocok:
            _fail(baris, "tercetak", f"'{baris.tercetak}' tanpa satu pun angka", "id atau pola id yang ada")
        hasil += [_claim(baris, m, pola) for m in cocok]
    for baris in d["jumlah"].itertuples() if d.has("jumlah") else ():
        hasil.append(total(f"jumlah_{baris.nomor}", baris.total, baris.bagian_id.split()))
    return hasil


def total(kode: str, tercetak: str, bagian: Iterable[str]) -> Klaim:
    """Klaim bahwa sebuah angka adalah jumlah bagian-bagiannya."""
    bagian = tuple(bagian)
    rumus = Call("sum", tuple(map(Ref, bagian)))
    return Klaim(kode, tercetak, rumus, bagian, besaran=tercetak, uraian=word("uraian_jumlah"))


def _claim(baris: Any, m: re.Match[str], pola: Pola) -> Klaim:
    uraian = fmt.pick({"id": baris.uraian, "en": baris.uraian_en})
    teks, opsi, alternatif, besaran, uraian = (
        _fill(x, m.groups()) for x in (baris.rumus, baris.opsi, baris.alternatif, baris.besaran, uraian)
    )
    try:
        rumus = parse(teks, BAHASA)
    except FormulaError as galat:
        _fail(baris, "rumus", f"'{teks}': {str(galat).rstrip('.')}", "rumus yang sah")

    def ada(kolom: str, token: Iterable[str]) -> list[str]:
        return [id_ for x in token for id_ in pola.expand(x) or _fail(baris, kolom, f"'{x}'", "id baris yang ada")]

    masukan = tuple(dict.fromkeys(ada("rumus", refs(rumus))))
    lain = [x for x in ada("alternatif", alternatif.split()) if x != m.string]
    serumpun = {
        token: tuple(x for x in lain if _stem(x) == _stem(token.removeprefix("=")) and x != token) for token in masukan
    }
    pilihan = dict(pasangan.split("=", 1) for pasangan in opsi.split())
    return Klaim(
        baris.kode, m.string, rumus, masukan, pilihan, {"": tuple(lain)} | serumpun, besaran or m.string, uraian
    )


def _stem(id_: str) -> list[str]:
    return id_.split("/")[:2]


def _fill(teks: str, isi: tuple[str, ...]) -> str:
    return re.sub(r"\{(\d+)\}", lambda m: isi[int(m.group(1))], teks)


def _fail(baris: Any, kolom: str, ditemukan: str, diharapkan: str) -> NoReturn:
    raise GalatData(baris.berkas, baris=int(baris.baris), kolom=kolom, ditemukan=ditemukan, diharapkan=diharapkan)
