"""Buku kerja XLSX: sampul dengan daftar isi, satu lembar per jawaban terbuka, dan satu lembar panjang semua angka.

Tabel rincian tidak mendapat lembar sendiri; angkanya ada di lembar semua angka, dan CSV-nya di halamannya.
"""

from __future__ import annotations

import datetime as dt
import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from kinerja import fmt
from kinerja.kolom import NAMA_KEADAAN, TANDA_TEKS
from kinerja.render.blok import Cetakan
from kinerja.tables import is_formula_like

_DIBUAT = dt.datetime(2000, 1, 1)
"""Tanggal tetap: dua kali render dengan masukan sama memberi byte yang sama."""

_REDUP = "#4C5A69"
_SINTETIS = {"pattern": 14, "fg_color": "#F3C48B", "bg_color": "#FFFFFF"}
_TANPA_RIBUAN = ("tahun", "tanggal")
_LEBAR = (8, 44)
_LEBAR_CATATAN, _LEBAR_BAKU = 90, 8.43
"""Lebar terkecil judul dan catatan, dan lebar bawaan kolom kosong, dalam huruf."""

_HURUF, _TINGGI_BARIS = 11, 15
"""Ukuran huruf bawaan dan tinggi satu barisnya, dalam poin."""


class _Penulis:
    """Buku kerja yang sedang ditulis, dengan format yang dibuat sekali."""

    def __init__(self, berkas: Path, cetakan: Cetakan) -> None:
        self.cetakan, self.kata = cetakan, cetakan.kata
        self.buku = xlsxwriter.Workbook(str(berkas), {"strings_to_formulas": False, "strings_to_urls": False})
        self.buku.set_properties({"title": cetakan.judul, "created": _DIBUAT})
        self._format: dict[tuple[tuple[str, Any], ...], Any] = {}

    def sheet(self, nama: str) -> Any:
        """Lembar baru yang tercetak mendatar di A4."""
        lembar = self.buku.add_worksheet(nama)
        lembar.set_landscape()
        lembar.set_paper(9)
        lembar.fit_to_pages(1, 0)
        lembar.set_footer("&C&P / &N")
        return lembar

    def format(self, **sifat: Any) -> Any:
        kunci = tuple(sorted(sifat.items()))
        if kunci not in self._format:
            self._format[kunci] = self.buku.add_format({"valign": "top", **sifat})
        return self._format[kunci]

    def text(self, lembar: Any, baris: int, kolom: int, isi: str, **sifat: Any) -> None:
        """Tulis teks sebagai teks; yang mirip rumus diberi awalan petik supaya tidak pernah dihitung."""
        if not isi:
            lembar.write_blank(baris, kolom, None, self.format(**sifat))
            return
        awalan = {"quote_prefix": True} if is_formula_like(isi) else {}
        lembar.write_string(baris, kolom, isi, self.format(**sifat, **awalan))

    def link(self, lembar: Any, baris: int, nama: str, tulisan: str) -> None:
        gaya = self.format(font_color="#0B5D7A", underline=1)
        lembar.write_url(baris, 0, f"internal:'{nama}'!A1", gaya, tulisan)


def write(berkas: Path, semua: Sequence[tuple[str, Mapping[str, Any]]], cetakan: Cetakan) -> None:
    """Tulis buku kerja dari judul halaman dan uraian (``Tabel.to_meta``) tiap tabel, menurut urutan halaman.

    Yang bergambar atau terbuka mendapat lembar sendiri; ``terbitan`` cetakannya menjadi kalimat sampul.
    """
    berkas.parent.mkdir(parents=True, exist_ok=True)
    penulis = _Penulis(berkas, cetakan)
    utama = [x for x in semua if x[1].get("gambar") or x[1].get("buka")]
    lembar = [(_sheet_name(i, uraian["judul"]), asal, uraian) for i, (asal, uraian) in enumerate(utama, 1)]
    _write_cover(penulis, lembar)
    for nama, _, uraian in lembar:
        _write_sheet(penulis, uraian, nama)
    _write_all(penulis, [uraian for _, uraian in semua])
    penulis.buku.close()


def _sheet_name(nomor: int, judul: str) -> str:
    """Nama lembar yang dapat dibaca: nomor dan awal judulnya, dipotong di batas kata; Excel menerima 31 huruf."""
    bersih = re.sub(r"[\[\]:*?/\\']", " ", judul)
    return textwrap.shorten(f"{nomor:02d} {' '.join(bersih.split())}", 31, placeholder="")


def _write_cover(penulis: _Penulis, lembar: Sequence[tuple[str, str, Mapping[str, Any]]]) -> None:
    """Sampul: kalimat penerbit dan daftar lembar (namanya, judul halaman asalnya, uraian tabelnya)."""
    kata = penulis.kata
    isi = penulis.sheet(kata["sampul"])
    isi.hide_gridlines(2)
    penulis.text(isi, 0, 0, penulis.cetakan.judul, bold=True, font_size=16)
    kalimat = (*penulis.cetakan.terbitan.values(), kata["catatan_semua_angka"])
    for baris, satu in enumerate(kalimat, 1):
        penulis.text(isi, baris, 0, satu)
    baris = len(kalimat) + 2
    lebar = (32, 70, 36, 8, 24)
    for kolom, kepala in enumerate(("lembar", "judul", "halaman", "baris", "keadaan")):
        penulis.text(isi, baris, kolom, kata[kepala], bold=True, bottom=1)
        isi.set_column(kolom, kolom, lebar[kolom])
    ada = []
    for nama, asal, uraian in lembar:
        baris += 1
        keadaan = [k for k, n in uraian["keadaan"].items() if n]
        ada += keadaan
        teks = [nama, uraian["judul"], asal, "", ", ".join(fmt.pick(NAMA_KEADAAN[k]) for k in keadaan)]
        penulis.link(isi, baris, nama, nama)
        for kolom in (1, 2, 4):
            penulis.text(isi, baris, kolom, teks[kolom], text_wrap=True)
        isi.write_number(baris, 3, uraian["baris"], penulis.format(num_format="#,##0"))
        _set_height(isi, baris, teks, lebar)
    penulis.link(isi, baris + 1, kata["semua_angka"], kata["semua_angka"])
    _write_legend(penulis, isi, baris + 3, ada)


def _write_all(penulis: _Penulis, semua: Sequence[Mapping[str, Any]]) -> None:
    """Satu lembar panjang: indikator, tahun, wilayah, nilai, satuan, keadaan, sumber, bagian, dan tabel asalnya."""
    isi = penulis.sheet(penulis.kata["semua_angka"])
    kolom = {
        "indikator": 60, "tahun": 8, "wilayah": 24, "nilai": 20, "satuan": 18, "keadaan": 14, "sumber": 60,
        "tabel_asal": 44,
    }  # fmt: skip
    for letak, (satu, lebar) in enumerate(kolom.items()):
        penulis.text(isi, 0, letak, penulis.kata[satu], bold=True, bottom=1)
        isi.set_column(letak, letak, lebar)
    angka = [x for uraian in semua for x in long_rows(uraian, penulis.cetakan.tahun)]
    for baris, satu in enumerate(angka, 1):
        for letak, x in enumerate(satu):
            if isinstance(x, str):
                penulis.text(isi, baris, letak, x)
            elif x is not None:
                isi.write_number(baris, letak, x)
    isi.autofilter(0, 0, max(len(angka), 1), len(kolom) - 1)
    isi.freeze_panes(1, 1)


def long_rows(uraian: Mapping[str, Any], tahun: int) -> Iterator[list[Any]]:
    """Angka-angka satu tabel, satu per baris: indikator, tahun, wilayah, nilai, satuan, keadaan, sumber, tabel.

    ``wilayah`` dari kolom ``provinsi`` atau ``kabkota`` tabel itu, kalau tidak ada "Indonesia"; ``tahun`` dari kolom
    ``tahun``, kalau tidak ada tahun laporan. Sel yang tidak tersedia tidak ikut.
    """
    label = [x for x in uraian["kolom"] if not x["bernilai"]]
    tempat = next((x for x in label if x["nama"] in ("nama_provinsi", "nama_kabkota", "provinsi", "kabkota")), None)
    waktu = next((x for x in uraian["kolom"] if x["nama"] == "tahun"), None)
    for i in range(uraian["baris"]):
        sebutan = [x["isi"][i] for x in label if x not in (tempat, waktu) and x["isi"][i]]
        kapan = tahun if waktu is None else waktu["isi"][i]
        kapan = kapan[0] if isinstance(kapan, list) else kapan
        for kolom in uraian["kolom"]:
            if not kolom["bernilai"] or kolom is waktu:
                continue
            nilai, satuan, keadaan, _ = kolom["isi"][i]
            if nilai is None:
                continue
            yield [
                ": ".join(["; ".join(sebutan), kolom["judul"]]) if sebutan else kolom["judul"],
                int(kapan) if str(kapan).isdigit() else str(kapan),
                tempat["isi"][i] if tempat else "Indonesia",
                nilai,
                "" if satuan == "teks" else fmt.satuan(satuan),
                fmt.pick(NAMA_KEADAAN[keadaan]),
                uraian["sumber"],
                uraian["judul"],
            ]


def _write_legend(penulis: _Penulis, isi: Any, baris: int, ada: Sequence[str]) -> None:
    penulis.text(isi, baris, 0, penulis.kata["keadaan_angka"], bold=True, bottom=1)
    rupa = {
        "dikutip": ("123", {}),
        "diturunkan": (f"123{TANDA_TEKS['diturunkan']}", {"italic": True}),
        "sintetis": (f"123{TANDA_TEKS['sintetis']}", _SINTETIS),
        "tidak_tersedia": (fmt.HILANG, {"font_color": _REDUP}),
    }
    for i, kode in enumerate((k for k in rupa if k in ada), 1):
        contoh, sifat = rupa[kode]
        penulis.text(isi, baris + i, 0, contoh, align="right", **sifat)
        penulis.text(isi, baris + i, 1, fmt.pick(NAMA_KEADAAN[kode]), indent=1)


def _write_sheet(penulis: _Penulis, uraian: Mapping[str, Any], nama: str) -> None:
    lembar = penulis.sheet(nama)
    lembar.hide_gridlines(2)
    kolom = uraian["kolom"]
    lebar = [_width(satu, kolom) for satu in kolom]
    for i, satu in enumerate(lebar):
        lembar.set_column(i, i, satu)
    _write_wide(penulis, lembar, 0, lebar, uraian["judul"], bold=True, font_size=13, valign="vcenter")
    penulis.link(lembar, 1, penulis.kata["sampul"], penulis.kata["kembali"])
    kepala = _write_groups(penulis, lembar, 3, kolom)
    seragam = [_uniform_state(satu) for satu in kolom]
    for i, satu in enumerate(kolom):
        sifat = _alignment(satu, i)
        judul = satu["judul"] + (f" {TANDA_TEKS[seragam[i]]}" if seragam[i] else "")
        penulis.text(lembar, kepala, i, judul, **sifat, bold=True, text_wrap=True, top=2, valign="bottom")
        penulis.text(lembar, kepala + 1, i, satu["satuan_lengkap"], **sifat, italic=True, text_wrap=True, bottom=1)
        _write_column(penulis, lembar, kepala + 2, i, uraian, seragam[i])
    baris_teks = [[satu["judul"] + " ᵈ" for satu in kolom], [satu["satuan_lengkap"] for satu in kolom]]
    baris_teks += [[_shown_text(satu, i) for satu in kolom] for i in range(uraian["baris"])]
    for i, teks in enumerate(baris_teks):
        _set_height(lembar, kepala + i, teks, lebar)
    lembar.freeze_panes(kepala + 2, 1)
    lembar.repeat_rows(kepala, kepala + 1)
    kaki = kepala + 3 + uraian["baris"]
    for i, catatan in enumerate(x for x in [*uraian["catatan"], uraian["sumber"]] if x):
        _write_wide(penulis, lembar, kaki + i, lebar, catatan, font_color=_REDUP)


def _write_groups(penulis: _Penulis, lembar: Any, baris: int, kolom: Sequence[Mapping[str, Any]]) -> int:
    """Tulis kepala kelompok di atas kolom-kolomnya bila ada; kembalikan baris kepala kolom."""
    if not any(satu["grup"] for satu in kolom):
        return baris
    mulai = 0
    sifat = {"bold": True, "align": "center", "text_wrap": True, "bottom": 1}
    for grup, anggota in groupby(kolom, key=lambda x: x["grup"]):
        akhir = mulai + len(list(anggota)) - 1
        if grup and akhir > mulai:
            lembar.merge_range(baris, mulai, baris, akhir, "", penulis.format(**sifat))
        if grup:
            penulis.text(lembar, baris, mulai, grup, **sifat)
        mulai = akhir + 1
    return baris + 1


def _write_wide(penulis: _Penulis, lembar: Any, baris: int, lebar: Sequence[float], isi: str, **sifat: Any) -> None:
    """Tulis teks panjang melintasi kolom-kolom tabel, dipatahkan di dalamnya: tabel tidak mengecil saat dicetak."""
    sampai, jumlah = len(lebar) - 1, sum(lebar)
    while jumlah < _LEBAR_CATATAN:
        sampai += 1
        jumlah += _LEBAR_BAKU
    sifat = {**sifat, "text_wrap": True}
    if sampai:
        lembar.merge_range(baris, 0, baris, sampai, "", penulis.format(**sifat))
    penulis.text(lembar, baris, 0, isi, **sifat)
    besar = sifat.get("font_size", _HURUF) / _HURUF
    lembar.set_row(baris, _TINGGI_BARIS * besar * _line_count(isi, jumlah / besar))


def _alignment(kolom: Mapping[str, Any], letak: int) -> dict[str, Any]:
    """Angka rata kanan; teks rata kiri, menjorok bila di sebelah kirinya mungkin ada angka."""
    if kolom["bernilai"] and kolom["satuan"] != "teks":
        return {"align": "right"}
    return {"align": "left"} | ({"indent": 1} if letak else {})


def _uniform_state(kolom: Mapping[str, Any]) -> str | None:
    """Keadaan bertanda yang berlaku bagi seluruh kolom: ditandai sekali di kepalanya, seperti di halaman."""
    ada = {x[2] for x in kolom["isi"]} - {"tidak_tersedia"} if kolom["bernilai"] else set()
    return ada.pop() if len(ada) == 1 and ada <= set(TANDA_TEKS) else None


def _write_column(
    penulis: _Penulis, lembar: Any, baris: int, letak: int, uraian: Mapping[str, Any], seragam: str | None
) -> None:
    kolom = uraian["kolom"][letak]
    rata = _alignment(kolom, letak)
    for i, isi in enumerate(kolom["isi"]):
        sifat = {"bold": True} if uraian["tebal"] and uraian["tebal"][i] else {}
        if not kolom["bernilai"]:
            penulis.text(lembar, baris + i, letak, isi, text_wrap=True, **rata, **sifat)
            continue
        nilai, satuan, keadaan, desimal = isi
        sifat |= _SINTETIS if keadaan == "sintetis" else {"italic": True} if keadaan == "diturunkan" else {}
        tanda = "" if keadaan == seragam else TANDA_TEKS.get(keadaan, "")
        if nilai is None:
            penulis.text(lembar, baris + i, letak, fmt.HILANG, align="right", font_color=_REDUP, **sifat)
        elif isinstance(nilai, str):
            penulis.text(lembar, baris + i, letak, nilai + tanda, text_wrap=True, **rata, **sifat)
        else:
            pola = number_format(satuan, desimal, _unit_suffix(uraian["kolom"], kolom, i), tanda)
            lembar.write_number(baris + i, letak, nilai, penulis.format(num_format=pola, **sifat))


def _unit_suffix(semua: Sequence[Mapping[str, Any]], kolom: Mapping[str, Any], baris: int) -> str:
    """Sebutan satuan pada angka di kolom bersatuan campuran, kecuali barisnya sudah menyebutnya di kolom lain."""
    satuan = kolom["isi"][baris][1]
    if kolom["satuan"] is not None or satuan == "rupiah" or satuan.startswith("persen"):
        return ""
    sebutan = fmt.satuan(satuan)
    return "" if any(x["isi"][baris] == sebutan for x in semua if not x["bernilai"]) else sebutan


def number_format(satuan: str, desimal: int, sebutan: str = "", tanda: str = "") -> str:
    """Format angka Excel untuk sebuah satuan; Excel sendiri memilih koma atau titik menurut bahasanya.

    ``sebutan`` (nama satuan) dan ``tanda`` (keadaan) menempel pada tampilan; selnya tetap bilangan.
    """
    pola = "0" if satuan in _TANPA_RIBUAN else "#,##0" + ("." + "0" * desimal if desimal else "")
    if satuan.startswith("persen"):
        pola += '"%"'
    elif satuan == "rupiah":
        pola = '"Rp"' + pola
    akhir = (f" {sebutan}" if sebutan else "") + tanda
    return pola + (f'"{akhir}"' if akhir else "")


def _shown_text(kolom: Mapping[str, Any], baris: int) -> str:
    """Teks yang mungkin patah di sel; angka tidak pernah patah."""
    isi = kolom["isi"][baris]
    nilai = isi[0] if kolom["bernilai"] else isi
    return nilai if isinstance(nilai, str) else ""


def _width(kolom: Mapping[str, Any], semua: Sequence[Mapping[str, Any]]) -> float:
    """Lebar kolom dalam huruf: cukup untuk angka terpanjang, kepala boleh dua baris."""
    isi = [0]
    for i, x in enumerate(kolom["isi"]):
        nilai = x[0] if kolom["bernilai"] else x
        if isinstance(nilai, str):
            isi.append(len(nilai))
        elif nilai is not None:
            isi.append(len(f"{nilai:,.{x[3]}f} {_unit_suffix(semua, kolom, i)}") + 3)
    kata = max(map(len, f"{kolom['judul']} {kolom['satuan_lengkap']}".split()), default=0)
    terpanjang = max(*isi, -(-len(kolom["judul"]) // 2) + 3, kata + 1)
    return min(max(terpanjang + 3, _LEBAR[0]), _LEBAR[1])


def _line_count(teks: str, lebar: float) -> int:
    """Banyaknya baris bila teks dipatahkan per kata pada lebar sekian huruf."""
    return max(1, len(textwrap.wrap(teks, max(int(lebar), 1))))


def _set_height(lembar: Any, baris: int, teks: Sequence[str], lebar: Sequence[float]) -> None:
    """Tinggi baris ditulis, tidak diserahkan kepada program: LibreOffice tidak menghitungnya saat membuka."""
    banyak = max(_line_count(x, selebar) for x, selebar in zip(teks, lebar, strict=True))
    lembar.set_row(baris, _TINGGI_BARIS * banyak)
