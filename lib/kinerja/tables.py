"""Tabel dengan satuan, catatan, sumber, dan keadaan angka: satu uraian untuk layar, teks, CSV, dan buku kerja.

Bingkai data masuk apa adanya (tidak dibulatkan); pembulatan hanya terjadi saat angka diperlihatkan, lewat
:mod:`kinerja.fmt`. Keluaran HTML tidak memuat pengenal acak, sehingga dua kali menjalankan memberi byte yang sama.
"""

from __future__ import annotations

import csv
import html
import io
import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib import resources
from typing import Any

import pandas as pd

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.istilah import code_name, section, term
from kinerja.jabaran import JabaranTabel, footnote

KEADAAN = ("dikutip", "diturunkan", "diandaikan", "sintetis", "tidak_tersedia")
"""Keadaan angka, dalam urutan penyajian."""

NAMA_KEADAAN = {
    "dikutip": {"id": "dikutip", "en": "quoted"},
    "diturunkan": {"id": "dihitung", "en": "computed"},
    "diandaikan": {"id": "diandaikan", "en": "assumed"},
    "sintetis": {"id": "sintetis", "en": "synthetic"},
    "tidak_tersedia": {"id": "tidak tersedia", "en": "not available"},
}

SUMBER_BUATAN = {
    "id": "Data buatan untuk memperagakan metode; tidak menggambarkan daerah atau program mana pun.",
    "en": "Made-up data to demonstrate methods; it describes no region and no programme.",
}
"""Baris sumber setiap tabel dan gambar yang memuat angka sintetis; tidak pernah penerbit nyata."""

_ARTI_KEADAAN = {
    "diturunkan": {"id": "dari angka di sumber", "en": "from figures in the source"},
    "diandaikan": {
        "id": "diganti atau dihitung dari angka yang diganti",
        "en": "replaced, or computed from a replaced figure",
    },
    "sintetis": {"id": "data buatan, bukan hasil pengamatan", "en": "made-up data, not an observation"},
    "tidak_tersedia": {"id": "tidak ada di sumber", "en": "not in the source"},
}
_TANDA_HTML = {"diturunkan": "d", "diandaikan": "a", "sintetis": "s"}
TANDA_TEKS = {"diturunkan": "ᵈ", "diandaikan": "ᵃ", "sintetis": "ˢ"}
"""Tanda keadaan dalam teks polos dan buku kerja."""

_JENIS_LABEL = ("label", "kode", "tahun", "bulan", "satuan", "keadaan", "bagian")
_JENIS_PENDEK = ("tahun", "bulan", "satuan", "keadaan")
_KUNCI_KOLOM = {
    "id",
    "en",
    "satuan",
    "desimal",
    "skala",
    "keadaan",
    "rumus",
    "jenis",
    "label",
    "teks",
    "grup",
    "asal",
    "kutipan",
    "tampil",
    "bila_ada",
}
_KUNCI_TABEL = {"judul", "dari", "sumber", "kolom", "catatan", "tebal"}
_AWAL_RUMUS = ("=", "+", "-", "@", "\t", "\r")
_EKOR = 4
"""Satuan angka terakhir yang masih dianggap ekor biner sebuah hitungan."""

_POLA_ANGKA = re.compile(r"[+-]?[\d.,]+%?")


@dataclass(frozen=True)
class Kolom:
    """Satu kolom tabel.

    Parameters
    ----------
    nama : str
        Nama kolom di bingkai data.
    judul : str
        Kepala kolom untuk pembaca.
    satuan : str, optional
        Kode satuan, atau ``"=kolom"`` bila satuan dibaca per baris dari kolom lain. Tanpa satuan, kolom adalah label.
    desimal : int or str, optional
        Banyaknya desimal yang diperlihatkan, atau ``"=kolom"``. Bila kosong dipakai kebiasaan satuannya.
    skala : str, optional
        Untuk rupiah: ``juta``, ``miliar``, atau ``triliun``.
    keadaan : str, optional
        Keadaan semua angka kolom ini, atau ``"=kolom"``; bila kosong dipakai kolom ``keadaan`` bingkai data.
    rumus : str, optional
        Cara menghitung, ditulis di bawah tabel.
    jenis : str, optional
        Untuk label: ``label`` (nama, diterjemahkan bila ada padanannya), ``kode`` (diganti sebutannya), ``tahun``
        (tanpa pemisah ribuan), ``bulan`` (1..12), ``satuan``, ``keadaan``, ``bagian`` (bab dan bagian sumber).
    label : mapping, optional
        Kode -> sebutan bagi pembaca.
    teks : str, optional
        Kolom berisi nilai teks ("WTP") untuk baris yang tidak bernilai angka.
    grup : str, optional
        Kepala bersama bagi kolom yang berdampingan.
    asal : str, optional
        Kolom bingkai data berisi id angka; jejaknya ke data mentah dapat dibuka pada sel (lihat ``Tabel.jejak``).
    kutipan : bool
        Isinya berbahasa Indonesia sebagaimana tercetak, juga di halaman Inggris; di sana selnya diberi ``lang="id"``.
    tampil : bool
        ``False``: hanya masuk CSV.
    """

    nama: str
    judul: str
    satuan: str | None = None
    desimal: int | str | None = None
    skala: str | None = None
    keadaan: str | None = None
    rumus: str | None = None
    jenis: str = "label"
    label: Mapping[Any, str] | None = None
    teks: str | None = None
    grup: str | None = None
    asal: str | None = None
    kutipan: bool = False
    tampil: bool = True

    @property
    def bernilai(self) -> bool:
        """Apakah kolom ini memuat nilai bersatuan (bukan label)."""
        return self.satuan is not None


@dataclass(frozen=True)
class Sel:
    """Satu sel nilai: nilai asli beserta cara membacanya.

    ``nilai`` adalah int, float, str, atau None (tidak tersedia); ``satuan`` kode satuan; ``keadaan`` salah satu
    :data:`KEADAAN`; ``tampilan`` teks untuk pembaca tanpa tanda keadaan; ``desimal`` banyaknya desimal bila ditulis
    dalam satuannya tanpa skala.
    """

    nilai: int | float | str | None
    satuan: str
    keadaan: str
    tampilan: str
    desimal: int = 0


def fill(teks: str | Mapping[str, str], /, **nilai: Any) -> str:
    """Pilih bahasa yang sedang dipakai, lalu isi ``{tempat}`` di dalamnya.

    Parameters
    ----------
    teks : str or mapping
        ``{"id": ..., "en": ...}``, atau satu teks untuk kedua bahasa.

    Raises
    ------
    GalatParameter
        Ada ``{tempat}`` yang tidak diberi nilai, atau nilainya pecahan yang belum diformat dengan :mod:`kinerja.fmt`.
    """
    mentah = [nama for nama, x in nilai.items() if isinstance(x, float)]
    if mentah:
        raise GalatParameter(f"Nilai {', '.join(mentah)} masih bilangan; format dahulu dengan kinerja.fmt.")
    pola = teks if isinstance(teks, str) else fmt.pick(teks)
    try:
        return pola.format(**nilai)
    except (KeyError, IndexError) as galat:
        diberikan = ", ".join(sorted(nilai)) or "tidak ada"
        raise GalatParameter(
            f"Teks {pola!r} memerlukan nilai {{{galat.args[0]}}}; yang diberikan: {diberikan}."
        ) from galat
    except ValueError as galat:
        raise GalatParameter(f"Teks {pola!r} bukan pola yang sah: {galat}.") from galat


@dataclass(frozen=True)
class Tabel:
    """Bingkai data beserta uraian penyajiannya.

    Parameters
    ----------
    nama : str
        Nama tabel; dipakai sebagai nama berkas.
    judul : str
        Judul bagi pembaca.
    frame : pandas.DataFrame
        Satu baris per baris tabel, tidak dibulatkan.
    kolom : sequence of Kolom
        Kolom dalam urutan penyajian.
    catatan : sequence of str
        Catatan di bawah tabel.
    sumber : str
        Baris sumber yang sudah jadi, misalnya ``"Sumber: LKj Kemensos 2020"``.
    tebal : str, optional
        Kolom boolean: baris yang dicetak tebal (jumlah, rata-rata).
    jejak : callable, optional
        Id angka -> kalimat-kalimat asal-usulnya; dipakai oleh kolom yang punya ``asal``.
    jabaran : JabaranTabel, optional
        Rumus dengan angka-angkanya bagi sel yang diturunkan (:mod:`kinerja.jabaran`).

    Raises
    ------
    GalatParameter
        Kolom yang diuraikan tidak ada di bingkai data, atau kolom angka tanpa satuan.
    """

    nama: str
    judul: str
    frame: pd.DataFrame = field(repr=False)
    kolom: Sequence[Kolom] = field(repr=False)
    catatan: Sequence[str] = field(default=(), repr=False)
    sumber: str = field(default="", repr=False)
    tebal: str | None = field(default=None, repr=False)
    jejak: Callable[[str], Sequence[str]] | None = field(default=None, repr=False)
    jabaran: JabaranTabel | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        for kolom in self.kolom:
            rujukan = [
                kolom.nama,
                kolom.teks,
                kolom.asal,
                *(_rujukan(x) for x in (kolom.satuan, kolom.desimal, kolom.keadaan)),
            ]
            self._require([x for x in rujukan if x is not None])
            if not kolom.bernilai and kolom.jenis not in _JENIS_LABEL:
                raise GalatParameter(
                    f"Tabel '{self.nama}', kolom '{kolom.nama}': jenis '{kolom.jenis}' tidak dikenal; "
                    f"yang ada: {', '.join(_JENIS_LABEL)}."
                )
            if not kolom.bernilai and pd.api.types.is_float_dtype(self.frame[kolom.nama]) and kolom.label is None:
                raise GalatParameter(
                    f"Tabel '{self.nama}', kolom '{kolom.nama}': berisi angka pecahan tetapi tidak punya satuan."
                )
        self._require([self.tebal] if self.tebal else [])

    def _require(self, nama: Sequence[str]) -> None:
        hilang = [x for x in nama if x not in self.frame.columns]
        if hilang:
            raise GalatParameter(
                f"Tabel '{self.nama}': kolom {', '.join(map(repr, hilang))} tidak ada di bingkai data; "
                f"yang ada: {', '.join(map(str, self.frame.columns))}."
            )

    @classmethod
    def from_spec(
        cls,
        frame: pd.DataFrame,
        nama: str,
        spec: Mapping[str, Any],
        *,
        sumber: str = "",
        jejak: Callable[[str], Sequence[str]] | None = None,
        jabaran: JabaranTabel | None = None,
        **nilai: Any,
    ) -> Tabel:
        """Bangun tabel dari uraian YAML (lihat :mod:`kinerja.buku`) dalam bahasa yang sedang dipakai.

        ``nilai`` mengisi ``{tempat}`` pada judul, kepala kolom, dan catatan. Kolom ``bila_ada`` dilewati bila semua
        selnya kosong, misalnya predikat bagi institusi yang tidak memberi predikat.
        """
        _check_keys(spec, _KUNCI_TABEL, f"Tabel '{nama}'")
        kolom = [
            read_column(nama, kunci, isi, nilai)
            for kunci, isi in spec["kolom"].items()
            if isinstance(isi, str) or not isi.get("bila_ada") or not (frame[kunci].isna() | (frame[kunci] == "")).all()
        ]
        kolom = [_with_formula(satu, frame, kolom) for satu in kolom]
        return cls(
            nama=nama,
            judul=fill(spec["judul"], **nilai),
            frame=frame,
            kolom=kolom,
            catatan=tuple(fill(x, **nilai) for x in spec.get("catatan", ())),
            sumber=sumber,
            tebal=spec.get("tebal"),
            jejak=jejak,
            jabaran=jabaran,
        )

    @property
    def shown(self) -> list[Kolom]:
        """Kolom yang diperlihatkan, dalam urutannya."""
        return [kolom for kolom in self.kolom if kolom.tampil]

    def cells(self, kolom: Kolom) -> list[Sel]:
        """Sel-sel satu kolom bernilai, dari atas ke bawah."""
        # HTML, teks, CSV, hitungan keadaan, dan catatan semuanya memerlukan sel yang sama.
        kunci = (id(kolom), fmt.language())
        if kunci not in self._sel_jadi:
            self._sel_jadi[kunci] = self._build_cells(kolom)
        return self._sel_jadi[kunci]

    @cached_property
    def _sel_jadi(self) -> dict[tuple[int, str], list[Sel]]:
        return {}

    def _build_cells(self, kolom: Kolom) -> list[Sel]:
        baris = self.frame
        kata = not any(lain.jenis == "satuan" for lain in self.shown)
        return [
            _cell(*isi, kolom, kata)
            for isi in zip(
                baris[kolom.nama],
                _per_row(baris, kolom.satuan),
                _per_row(baris, kolom.desimal),
                _states(baris, kolom),
                _per_row(baris, f"={kolom.teks}" if kolom.teks else None, "teks" if kolom.nama == "nilai" else None),
                strict=True,
            )
        ]

    def labels(self, kolom: Kolom) -> list[str]:
        """Isi satu kolom label sebagaimana dibaca orang."""
        return [label_text(x, kolom) for x in self.frame[kolom.nama]]

    def counts(self) -> dict[str, int]:
        """Banyaknya angka menurut keadaan pada kolom yang diperlihatkan."""
        hitung = Counter(
            sel.keadaan
            for kolom in self.shown
            if kolom.bernilai
            for sel in self.cells(kolom)
            if sel.nilai != fmt.TIDAK_BERLAKU  # bukan angka
        )
        return {x: hitung[x] for x in KEADAAN if hitung[x] or x != "diandaikan"}

    @cached_property
    def synthetic(self) -> bool:
        """Apakah bingkainya memuat angka sintetis, termasuk yang seluruhnya ditahan."""
        return "sintetis" in set(self.frame.get("keadaan", ())) or self.counts()["sintetis"] > 0

    def notes(self) -> list[str]:
        """Catatan, rumus kolom, dan arti tanda keadaan, dalam urutan pencetakannya."""
        rumus = [f"{nomor}) {kolom.judul} = {kolom.rumus}" for kolom, nomor in self._formulas()]
        return [*self.catatan, *rumus, *self._state_notes()]

    def _formulas(self) -> list[tuple[Kolom, int]]:
        """Kolom yang punya rumus dan nomor catatan kakinya."""
        return [(kolom, nomor) for nomor, kolom in enumerate((k for k in self.shown if k.rumus), 1)]

    def _state_notes(self) -> list[str]:
        baris = []
        hitung = self.counts()
        for keadaan, arti in _ARTI_KEADAAN.items():
            if hitung.get(keadaan):
                tanda = TANDA_TEKS.get(keadaan, fmt.HILANG)
                baris.append(f"{tanda} {fmt.pick(NAMA_KEADAAN[keadaan])}: {fmt.pick(arti)}.")
        return baris

    def to_html(self, gaya: bool = True, mentah: bool = False) -> str:
        """Tabel HTML yang sudah diloloskan.

        Parameters
        ----------
        gaya : bool
            Sertakan lembar gaya terbatas pada kelas ``tabel-kinerja``.
        mentah : bool
            Beri sel angka nilainya yang tidak dibulatkan (``data-nilai``, dan ``data-satuan`` pada kolom bersatuan
            campuran), supaya skrip laporan dapat mengurutkannya.
        """
        e = html.escape
        seragam = {kolom.nama: self._uniform_mark(kolom) for kolom in self.shown}
        bagian = ['<div class="tabel-kinerja">']
        if gaya:
            bagian.append(f"<style>{stylesheet()}</style>")
        bagian.append(f'<div class="tk-gulir" tabindex="0" role="region" aria-label="{e(self.judul)}">')
        bagian.append(f'<table class="tk"><caption>{e(self.judul)}</caption><thead>')
        bagian += self._head_html(seragam)
        bagian.append("</thead><tbody>")
        bagian += self._body_html(seragam, mentah)
        bagian.append("</tbody></table></div>")
        kaki = [f"<p>{e(x)}</p>" for x in self.catatan if x]
        kaki += [self._formula_html(kolom, nomor) for kolom, nomor in self._formulas()]
        kaki += [f"<p>{e(x)}</p>" for x in [*self._state_notes(), self.sumber] if x]
        bagian += ['<div class="tk-kaki">', *kaki, "</div>"] if kaki else []
        bagian.append("</div>")
        return "\n".join(bagian)

    def _formula_html(self, kolom: Kolom, nomor: int) -> str:
        """Catatan kaki berisi rumus, dengan tautan kembali ke kepala kolomnya."""
        e, alamat = html.escape, self._formula_id(nomor)
        kembali = e(fmt.pick({"id": "kembali ke kolom", "en": "back to the column"}) + f" {kolom.judul}")
        tautan = f'<a href="#{alamat}-kolom" aria-label="{kembali}"><sup>{nomor}</sup></a>'
        return f'<p id="{alamat}">{tautan} {e(kolom.judul)} = {e(kolom.rumus)}</p>'

    def _formula_id(self, nomor: int) -> str:
        return html.escape(f"rumus-{self.nama}-{nomor}")

    def _formula_mark(self, kolom: Kolom) -> str:
        """Tanda catatan kaki di kepala kolom; rumusnya juga terbaca saat tanda itu ditunjuk."""
        for satu, nomor in self._formulas():
            if satu is kolom:
                alamat, isi = self._formula_id(nomor), html.escape(f"{kolom.judul} = {kolom.rumus}")
                return (
                    f'<sup><a id="{alamat}-kolom" href="#{alamat}" title="{isi}" aria-label="{isi}">{nomor}</a></sup>'
                )
        return ""

    def _uniform_mark(self, kolom: Kolom) -> str | None:
        """Keadaan bertanda yang berlaku bagi seluruh kolom: ditandai sekali di kepala, bukan di tiap sel."""
        if not kolom.bernilai:
            return None
        ada = {sel.keadaan for sel in self.cells(kolom)} - {"tidak_tersedia"}
        return ada.pop() if len(ada) == 1 and ada <= set(_TANDA_HTML) else None

    def _head_html(self, seragam: Mapping[str, str | None]) -> Iterator[str]:
        e = html.escape
        if any(kolom.grup for kolom in self.shown):
            yield "<tr>"
            for grup, lebar in _runs([kolom.grup for kolom in self.shown]):
                kelas, isi, cakupan = (' class="tk-grup"', e(grup), "colgroup") if grup else ("", "", "col")
                tanda = f' scope="{cakupan}"' if grup else ""
                elemen = "th" if grup else "td"
                yield f'<{elemen}{kelas}{tanda} colspan="{lebar}">{isi}</{elemen}>'
            yield "</tr>"
        yield "<tr>"
        for kolom in self.shown:
            kelas = ' class="tk-angka"' if self._numeric(kolom) else ""
            tanda = self._formula_mark(kolom) + _mark_html(seragam[kolom.nama])
            yield f'<th scope="col"{kelas}>{e(kolom.judul)}{tanda}</th>'
        yield "</tr>"
        satuan = [self.unit_name(kolom) for kolom in self.shown]
        if any(satuan):
            yield '<tr class="tk-satuan">'
            for kolom, isi in zip(self.shown, satuan, strict=True):
                kelas = ' class="tk-angka"' if self._numeric(kolom) else ""
                yield f"<th{kelas}>{e(isi)}</th>" if isi else "<td></td>"
            yield "</tr>"

    def _body_html(self, seragam: Mapping[str, str | None], mentah: bool) -> Iterator[str]:
        kolom_html = [
            self._column_html(kolom, seragam[kolom.nama], i == 0, mentah) for i, kolom in enumerate(self.shown)
        ]
        tebal = self.frame[self.tebal].astype(bool) if self.tebal else [False] * len(self.frame)
        for sel, menonjol in zip(zip(*kolom_html, strict=True), tebal, strict=True):
            yield ('<tr class="tk-tebal">' if menonjol else "<tr>") + "".join(sel) + "</tr>"
        if self.frame.empty:
            kosong = html.escape(fmt.pick({"id": "Tidak ada baris.", "en": "No rows."}))
            yield f'<tr><td colspan="{len(self.shown)}">{kosong}</td></tr>'

    def _column_html(self, kolom: Kolom, seragam: str | None, pertama: bool, mentah: bool) -> list[str]:
        if not kolom.bernilai:
            return self._label_html(kolom, pertama, mentah)
        hasil = []
        asal_usul = _per_row(self.frame, f"={kolom.asal}" if kolom.asal else None)
        for nomor, (sel, asal) in enumerate(zip(self.cells(kolom), asal_usul, strict=True)):
            kelas = ["tk-angka"] if self._numeric(kolom) else []
            if sel.keadaan in ("sintetis", "tidak_tersedia"):
                kelas.append(f"tk-{sel.keadaan.replace('_', '-')}")
            tanda = "" if sel.keadaan == seragam else _mark_html(sel.keadaan)
            judul = f' title="{html.escape(_state_name(sel.keadaan))}"' if sel.keadaan == "tidak_tersedia" else ""
            atribut = (f' class="{" ".join(kelas)}"' if kelas else "") + _language_attribute(kolom)
            if mentah:
                atribut += _raw_attributes(sel.nilai, sel.satuan if _rujukan(kolom.satuan) else "")
            isi = _openable(f"{html.escape(sel.tampilan)}{tanda}", self.origin(kolom, nomor, sel, _plain(asal)))
            hasil.append(f"<td{atribut}{judul}>{isi}</td>")
        return hasil

    def _label_html(self, kolom: Kolom, pertama: bool, mentah: bool) -> list[str]:
        kelas = (' class="tk-pendek"' if kolom.jenis in _JENIS_PENDEK else "") + _language_attribute(kolom)
        hasil = []
        for nilai, isi in zip(self.frame[kolom.nama], self.labels(kolom), strict=True):
            # Kepala baris yang kosong tidak menamai apa-apa; pembaca layar menyebutnya kesalahan.
            elemen, cakupan = ("th", ' scope="row"') if pertama and isi else ("td", "")
            atribut = _raw_attributes(_plain(nilai)) if mentah and kolom.label is None else ""
            hasil.append(f"<{elemen}{cakupan}{kelas}{atribut}>{html.escape(isi)}</{elemen}>")
        return hasil

    def origin(self, kolom: Kolom, nomor: int, sel: Sel, asal: Any = None) -> Sequence[str]:
        """Kalimat asal-usul sebuah sel: jejak id-nya, atau jabarannya bila diturunkan; kosong bila tidak ada."""
        if self.jejak and asal:
            return self.jejak(str(asal))
        if self.jabaran is None or sel.keadaan != "diturunkan" or sel.nilai == fmt.TIDAK_BERLAKU:
            return ()
        return self.jabaran.sentences(self, kolom.nama, nomor, _exact_text(sel))

    def _numeric(self, kolom: Kolom) -> bool:
        return kolom.bernilai and kolom.satuan != "teks"

    def unit_name(self, kolom: Kolom) -> str:
        """Nama satuan untuk baris satuan; kosong bagi label, teks, dan kolom bersatuan campuran."""
        if kolom.satuan is None or kolom.satuan == "teks" or _rujukan(kolom.satuan):
            return ""
        return fmt.satuan(kolom.satuan, kolom.skala) if kolom.skala else fmt.satuan(kolom.satuan)

    def to_text(self) -> str:
        """Tabel sebagai teks berjarak tetap, dengan isi yang sama seperti HTML."""
        lebar: list[int] = []
        susunan: list[list[str]] = []
        for kolom in self.shown:
            seragam = self._uniform_mark(kolom)
            nomor = next((f" {n})" for satu, n in self._formulas() if satu is kolom), "")
            isi = [kolom.judul + nomor + TANDA_TEKS.get(seragam or "", ""), self.unit_name(kolom)]
            if kolom.bernilai:
                for sel in self.cells(kolom):
                    isi.append(sel.tampilan + ("" if sel.keadaan == seragam else TANDA_TEKS.get(sel.keadaan, "")))
            else:
                isi += self.labels(kolom)
            susunan.append(isi)
            lebar.append(max(map(len, isi)))
        baris = []
        for i, sel in enumerate(zip(*susunan, strict=True)):
            if i == 1 and not any(sel):
                continue
            potong = [
                x.rjust(n) if self._numeric(kolom) else x.ljust(n)
                for x, n, kolom in zip(sel, lebar, self.shown, strict=True)
            ]
            baris.append("  ".join(potong).rstrip())
        garis = "-" * (sum(lebar) + 2 * (len(lebar) - 1))
        kepala = 2 if any(self.unit_name(kolom) for kolom in self.shown) else 1
        susun = [self.judul, garis, *baris[:kepala], garis, *baris[kepala:], garis, *self.notes()]
        return "\n".join([*susun, *([self.sumber] if self.sumber else [])])

    def to_frame(self, tampil: bool = False) -> pd.DataFrame:
        """Bingkai dengan kepala kolom pembaca dan satuannya; ``tampil``: angka sebagai teks seperti di halaman.

        Tanpa ``tampil`` angkanya tidak dibulatkan, dan teks mirip rumus dinetralkan.
        """
        isi = {}
        for kolom in self.shown:
            kepala = f"{kolom.judul} ({self.unit_name(kolom)})" if self.unit_name(kolom) else kolom.judul
            if not kolom.bernilai:
                isi[kepala] = self.labels(kolom) if tampil else [_raw_text(x) for x in self.labels(kolom)]
            elif tampil:
                isi[kepala] = [x.tampilan for x in self.cells(kolom)]
            else:
                isi[kepala] = [_raw_text(x.nilai) if isinstance(x.nilai, str) else x.nilai for x in self.cells(kolom)]
        return pd.DataFrame(isi)

    def to_csv(self) -> str:
        """CSV tanpa pembulatan: nama dan kode seperti dalam data, tiap nilai diikuti satuan dan keadaan, lalu sumber.

        Sebutan pembaca yang lain daripada isi datanya (kode, terjemahan, nama bulan) ada di kolom ``<nama>_label``.

        Rupiah tidak diskalakan. Kolom ``id``, ``bagian``, dan ``sumber`` bingkai data (bila ada) ikut sebagai ``id``,
        ``bagian``, dan ``sumber_id``. Teks yang dapat dibaca lembar sebar sebagai rumus diawali tanda petik tunggal.
        """
        kepala: list[str] = []
        isi: list[list[str]] = []
        for kolom in self.kolom:
            kepala.append(kolom.nama)
            if kolom.bernilai:
                sel = self.cells(kolom)
                kepala += [f"{kolom.nama}_satuan", f"{kolom.nama}_keadaan"]
                isi += [[_raw_text(x.nilai) for x in sel], [x.satuan for x in sel], [x.keadaan for x in sel]]
            else:
                isi.append([_raw_text(_plain(x)) for x in self.frame[kolom.nama]])
                sebutan = [_raw_text(x) for x in self.labels(kolom)]
                if kolom.label is not None or sebutan != isi[-1]:
                    kepala.append(f"{kolom.nama}_label")
                    isi.append(sebutan)
        for asal, tujuan in (("id", "id"), ("bagian", "bagian"), ("sumber", "sumber_id")):
            if asal in self.frame.columns and asal not in kepala:
                kepala.append(tujuan)
                isi.append([_raw_text(_plain(x)) for x in self.frame[asal]])
        kepala.append("sumber")
        isi.append([_raw_text(self.sumber)] * len(self.frame))
        penampung = io.StringIO()
        penulis = csv.writer(penampung, lineterminator="\n")
        penulis.writerow(kepala)
        penulis.writerows(zip(*isi, strict=True))
        return penampung.getvalue()

    def to_meta(self) -> dict[str, Any]:
        """Uraian tabel untuk buku kerja dan halaman: judul, kolom, satuan, catatan, sumber, hitungan keadaan.

        ``isi`` sebuah kolom adalah daftar teks bagi label, dan daftar ``[nilai, satuan, keadaan, desimal]`` bagi nilai.
        """
        return {
            "nama": self.nama,
            "judul": self.judul,
            "bahasa": fmt.language(),
            "baris": len(self.frame),
            "kolom": [
                {
                    "nama": kolom.nama,
                    "judul": kolom.judul,
                    "satuan": kolom.satuan if kolom.bernilai and not _rujukan(kolom.satuan) else None,
                    "satuan_nama": self.unit_name(kolom),
                    "satuan_lengkap": fmt.satuan(kolom.satuan) if self.unit_name(kolom) else "",
                    "bernilai": kolom.bernilai,
                    "grup": kolom.grup,
                    "isi": [[x.nilai, x.satuan, x.keadaan, x.desimal] for x in self.cells(kolom)]
                    if kolom.bernilai
                    else self.labels(kolom),
                }
                for kolom in self.shown
            ],
            "tebal": [bool(x) for x in self.frame[self.tebal]] if self.tebal else [],
            "catatan": self.notes(),
            "sumber": self.sumber,
            "keadaan": self.counts(),
        }

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.to_html(), "text/plain": self.to_text()}


def frame_to_csv(frame: pd.DataFrame) -> str:
    """Bingkai data sebagai CSV dengan kolom apa adanya: tanpa pembulatan, kosong bila tidak ada.

    Teks yang dapat dibaca lembar sebar sebagai rumus diawali tanda petik tunggal; bilangan bertanda dibiarkan.
    """
    penampung = io.StringIO()
    penulis = csv.writer(penampung, lineterminator="\n")
    penulis.writerow(frame.columns)
    penulis.writerows([_raw_text(_plain(x)) for x in baris] for baris in frame.itertuples(index=False))
    return penampung.getvalue()


@cache
def stylesheet() -> str:
    """Lembar gaya tabel, terbatas pada ``div.tabel-kinerja``."""
    return resources.files("kinerja").joinpath("tabel.css").read_text("utf-8").replace("\n", "")


def _rujukan(isi: Any) -> str | None:
    """Nama kolom pada ``"=kolom"``; None bagi nilai biasa."""
    return isi[1:] if isinstance(isi, str) and isi.startswith("=") else None


def _check_keys(spec: Mapping[str, Any], dikenal: set[str], tempat: str) -> None:
    asing = sorted(set(spec) - dikenal)
    if asing:
        raise GalatParameter(
            f"{tempat}: kunci {', '.join(map(repr, asing))} tidak dikenal; yang ada: {', '.join(sorted(dikenal))}."
        )


def read_column(tabel: str, nama: str, isi: str | Mapping[str, Any], nilai: Mapping[str, Any]) -> Kolom:
    """Satu kolom dari uraian YAML-nya, dalam bahasa yang berlaku."""
    if isinstance(isi, str):
        isi = {"id": isi, "en": isi}
    _check_keys(isi, _KUNCI_KOLOM, f"Tabel '{tabel}', kolom '{nama}'")
    label = isi.get("label")
    return Kolom(
        nama=nama,
        judul=fill({k: isi[k] for k in ("id", "en") if k in isi}, **nilai),
        satuan=fill(isi["satuan"], **nilai) if "satuan" in isi else None,
        desimal=isi.get("desimal"),
        skala=isi.get("skala"),
        keadaan=isi.get("keadaan"),
        rumus=fill(isi["rumus"], **nilai) if "rumus" in isi else None,
        jenis=isi.get("jenis", "label"),
        label={kode: fill(x, **nilai) for kode, x in label.items()} if label else None,
        teks=isi.get("teks"),
        grup=fill(isi["grup"], **nilai) if "grup" in isi else None,
        asal=isi.get("asal"),
        kutipan=isi.get("kutipan", False),
        tampil=isi.get("tampil", True),
    )


def _with_formula(satu: Kolom, frame: pd.DataFrame, semua: Sequence[Kolom]) -> Kolom:
    """Kolom yang dibuat ``derive``: angkanya diturunkan, dan rumusnya menjadi catatan kakinya."""
    rumus = frame.attrs.get("formulas", {}).get(satu.nama)
    if rumus is None:
        return satu
    return replace(
        satu,
        keadaan=satu.keadaan or "diturunkan",
        rumus=satu.rumus or footnote(rumus, {x.nama: x.judul for x in semua}, frame),
    )


def _per_row(frame: pd.DataFrame, isi: Any, kolom_baku: str | None = None, baku: Any = None) -> list[Any]:
    """Nilai per baris: dari ``"=kolom"``, tetapan, kolom baku bila ada di bingkai data, atau ``baku``."""
    if _rujukan(isi):
        return list(frame[_rujukan(isi)])
    if isi is not None:
        return [isi] * len(frame)
    if kolom_baku and kolom_baku in frame.columns:
        return list(frame[kolom_baku])
    return [baku] * len(frame)


def _states(frame: pd.DataFrame, kolom: Kolom) -> list[Any]:
    """Keadaan tiap sel: menurut kolomnya, kolom ``keadaan`` bingkai, atau yang dibawa ``data.wide``."""
    if kolom.keadaan is None and "keadaan" not in frame.columns:
        dibawa = frame.attrs.get("keadaan", {}).get(kolom.nama, {})
        return [dibawa.get(x, "dikutip") for x in frame.index]
    return _per_row(frame, kolom.keadaan, "keadaan", "dikutip")


def _plain(nilai: Any) -> int | float | str | bool | None:
    """Nilai Python biasa; NaN, NA, dan NaT menjadi None."""
    if nilai is None or nilai is pd.NA or (not isinstance(nilai, str) and pd.isna(nilai)):
        return None
    return nilai.item() if hasattr(nilai, "item") else nilai


def _cell(isi: Any, satuan: Any, desimal: Any, keadaan: Any, teks: Any, kolom: Kolom, kata: bool) -> Sel:
    nilai, kode = _plain(isi), str(_plain(satuan) or "teks")
    if nilai is None:
        nilai = _plain(teks)
    if nilai is None or nilai == "":
        return Sel(None, kode, "tidak_tersedia", fmt.HILANG)
    status = str(_plain(keadaan) or "dikutip")
    if status not in KEADAAN:
        raise GalatParameter(f"Keadaan angka '{status}' tidak dikenal; yang ada: {', '.join(KEADAAN)}.")
    if isinstance(nilai, str):
        return Sel(nilai, kode, status, nilai)
    tempat = None if _plain(desimal) is None else int(_plain(desimal))
    # Satuan yang seragam sudah tertulis di baris satuan; satuan campuran harus ikut pada tiap angka.
    campuran = _rujukan(kolom.satuan) is not None
    tampilan = fmt.nilai(nilai, kode, tempat, skala=kolom.skala, lambang=campuran, kata=campuran and kata)
    penuh = fmt.decimals(kode) if tempat is None or kolom.skala else tempat
    return Sel(nilai, kode, status, tampilan, penuh)


def label_text(isi: Any, kolom: Kolom) -> str:
    """Isi sebuah kolom label sebagaimana dibaca orang."""
    nilai = _plain(isi)
    if nilai is None:
        return ""
    if kolom.label is not None:
        if nilai not in kolom.label:
            raise GalatParameter(
                f"Kolom '{kolom.nama}': kode {nilai!r} tidak punya label; yang ada: {', '.join(map(str, kolom.label))}."
            )
        return kolom.label[nilai]
    if kolom.jenis == "bulan":
        return fmt.bulan(int(nilai))
    if kolom.jenis == "satuan":
        return fmt.satuan(nilai)
    if kolom.jenis == "keadaan":
        return _state_name(nilai)
    if kolom.jenis == "bagian":
        return section(str(nilai))
    if kolom.jenis == "kode":
        return code_name(str(nilai))
    return str(nilai) if kolom.kutipan else term(str(nilai))


def _state_name(keadaan: str) -> str:
    return fmt.pick(NAMA_KEADAAN[keadaan])


def _language_attribute(kolom: Kolom) -> str:
    """Tanda bahasa bagi sel yang dikutip apa adanya di halaman berbahasa lain."""
    return ' lang="id"' if kolom.kutipan and fmt.language() != "id" else ""


def _openable(isi: str, kalimat: Sequence[str]) -> str:
    """Isi sel yang dapat dibuka menjadi asal-usulnya: ``details``, jadi terjangkau papan ketik dan layar sentuh."""
    if not kalimat:
        return isi
    baris = "".join(f"<li>{html.escape(x)}</li>" for x in kalimat)
    return f'<details class="tk-asal"><summary>{isi}</summary><ul>{baris}</ul></details>'


def _exact_text(sel: Sel) -> str:
    """Isi sel dalam satuannya sendiri tanpa skala, dengan desimal yang diperlihatkan."""
    if isinstance(sel.nilai, str) or sel.nilai is None:
        return sel.tampilan
    return fmt.angka(sel.nilai, sel.desimal)


def _raw_attributes(nilai: Any, satuan: str = "") -> str:
    """Atribut ``data-nilai`` (dan ``data-satuan`` bila diberi) untuk sebuah bilangan; kosong bagi yang lain."""
    if isinstance(nilai, bool) or not isinstance(nilai, (int, float)):
        return ""
    return f' data-nilai="{_raw_text(nilai)}"' + (f' data-satuan="{html.escape(satuan)}"' if satuan else "")


def _mark_html(keadaan: str | None) -> str:
    if keadaan not in _TANDA_HTML:
        return ""
    return f'<sup title="{html.escape(_state_name(keadaan))}">{_TANDA_HTML[keadaan]}</sup>'


def _runs(isi: Sequence[str | None]) -> Iterator[tuple[str | None, int]]:
    """Deret nilai sama yang berdampingan dan panjangnya; yang kosong tidak digabung."""
    mulai = 0
    for i in range(1, len(isi) + 1):
        if i == len(isi) or isi[i] != isi[mulai] or isi[mulai] is None:
            yield isi[mulai], i - mulai
            mulai = i


def _raw_text(nilai: Any) -> str:
    """Nilai tanpa pembulatan untuk CSV; bilangan bulat tanpa ``.0``, teks mirip rumus diberi petik."""
    if nilai is None:
        return ""
    if isinstance(nilai, bool):
        return "true" if nilai else "false"
    if isinstance(nilai, float):
        return str(int(nilai)) if nilai.is_integer() and abs(nilai) < 2**53 else repr(_without_tail(nilai))
    return "'" + nilai if isinstance(nilai, str) and is_formula_like(nilai) else str(nilai)


def _without_tail(x: float) -> float:
    """Pecahan dua belas angka penting yang hanya terpaut ekor biner dari ``x``; kalau tidak ada, ``x`` sendiri.

    Selisih 13.590000000000003 menjadi 13.59, dan 2/3 tetap utuh.
    """
    pendek = float(f"{x:.12g}")
    return pendek if abs(pendek - x) <= _EKOR * math.ulp(x) else x


def is_formula_like(teks: str) -> bool:
    """Apakah lembar sebar dapat membaca teks ini sebagai rumus; tanda tunggal dan bilangan bertanda bukan rumus."""
    return len(teks) > 1 and teks.startswith(_AWAL_RUMUS) and not _POLA_ANGKA.fullmatch(teks)
