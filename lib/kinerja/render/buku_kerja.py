"""Buku kerja XLSX: lembar daftar isi dengan tautan, lalu satu lembar per tabel dengan angka tanpa pembulatan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from kinerja import fmt
from kinerja.render.halaman import words
from kinerja.tables import is_formula_like

_DIBUAT = dt.datetime(2000, 1, 1)
"""Tanggal tetap: dua kali render dengan masukan sama memberi byte yang sama."""

_TANPA_RIBUAN = ("tahun", "tanggal")
_LEBAR = (8, 44)


@dataclass(frozen=True)
class Lembar:
    """Satu tabel di buku kerja: uraian dari ``Tabel.to_meta`` dan judul halaman asalnya."""

    halaman: str
    uraian: Mapping[str, Any]


class _Penulis:
    """Buku kerja yang sedang ditulis, dengan format yang dibuat sekali."""

    def __init__(self, berkas: Path, bahasa: str, judul: str) -> None:
        self.kata = words()[bahasa]
        self.buku = xlsxwriter.Workbook(str(berkas), {"strings_to_formulas": False, "strings_to_urls": False})
        self.buku.set_properties({"title": judul, "created": _DIBUAT})
        self._format: dict[tuple[tuple[str, Any], ...], Any] = {}

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


def write(berkas: Path, lembar: Sequence[Lembar], *, bahasa: str, judul: str) -> None:
    """Tulis buku kerja.

    Parameters
    ----------
    berkas : Path
        Tujuan.
    lembar : sequence of Lembar
        Tabel menurut urutan halaman.
    bahasa : str
        Bahasa kepala dan daftar isi.
    judul : str
        Judul buku kerja.
    """
    berkas.parent.mkdir(parents=True, exist_ok=True)
    penulis = _Penulis(berkas, bahasa, judul)
    nama = [f"{i:02d} {satu.uraian['nama']}"[:31] for i, satu in enumerate(lembar, 1)]
    _write_contents(penulis, lembar, nama, judul)
    for satu, nama_lembar in zip(lembar, nama, strict=True):
        _write_sheet(penulis, satu.uraian, nama_lembar)
    penulis.buku.close()


def _write_contents(penulis: _Penulis, lembar: Sequence[Lembar], nama: Sequence[str], judul: str) -> None:
    kata = penulis.kata
    isi = penulis.buku.add_worksheet(kata["daftar_isi"])
    isi.hide_gridlines(2)
    penulis.text(isi, 0, 0, judul, bold=True, font_size=14)
    for kolom, kepala in enumerate((kata["lembar"], kata["judul"], kata["halaman"], kata["baris"])):
        penulis.text(isi, 2, kolom, kepala, bold=True, bottom=1)
    for i, (satu, nama_lembar) in enumerate(zip(lembar, nama, strict=True), 3):
        isi.write_url(
            i, 0, f"internal:'{nama_lembar}'!A1", penulis.format(font_color="#0B5D7A", underline=1), nama_lembar
        )
        penulis.text(isi, i, 1, satu.uraian["judul"], text_wrap=True)
        penulis.text(isi, i, 2, satu.halaman, text_wrap=True)
        isi.write_number(i, 3, satu.uraian["baris"], penulis.format(num_format="#,##0"))
    for kolom, lebar in enumerate((32, 70, 44, 8)):
        isi.set_column(kolom, kolom, lebar)
    isi.freeze_panes(3, 0)
    _print_setup(isi)


def _write_sheet(penulis: _Penulis, uraian: Mapping[str, Any], nama: str) -> None:
    lembar = penulis.buku.add_worksheet(nama)
    lembar.hide_gridlines(2)
    daftar_isi = penulis.kata["daftar_isi"]
    penulis.text(lembar, 0, 0, uraian["judul"], bold=True, font_size=13, valign="vcenter")
    lembar.write_url(
        1, 0, f"internal:'{daftar_isi}'!A1", penulis.format(font_color="#0B5D7A", underline=1), penulis.kata["kembali"]
    )
    baris = 3
    if any(kolom["grup"] for kolom in uraian["kolom"]):
        for i, kolom in enumerate(uraian["kolom"]):
            penulis.text(lembar, baris, i, kolom["grup"] or "", bold=True)
        baris += 1
    kepala = baris
    for i, kolom in enumerate(uraian["kolom"]):
        rata = "right" if kolom["bernilai"] and kolom["satuan"] != "teks" else "left"
        penulis.text(lembar, kepala, i, kolom["judul"], bold=True, text_wrap=True, align=rata, top=2, valign="bottom")
        penulis.text(lembar, kepala + 1, i, kolom["satuan_lengkap"], italic=True, align=rata, bottom=1)
        _write_column(penulis, lembar, kepala + 2, i, kolom, uraian["tebal"])
        lembar.set_column(i, i, _width(kolom))
    lembar.freeze_panes(kepala + 2, 1)
    lembar.repeat_rows(kepala, kepala + 1)
    kaki = kepala + 3 + uraian["baris"]
    for i, catatan in enumerate([*uraian["catatan"], uraian["sumber"]]):
        penulis.text(lembar, kaki + i, 0, catatan, font_color="#4C5A69")
    _print_setup(lembar)


def _write_column(
    penulis: _Penulis, lembar: Any, baris: int, letak: int, kolom: Mapping[str, Any], tebal: Sequence[bool]
) -> None:
    for i, isi in enumerate(kolom["isi"]):
        sifat = {"bold": True} if tebal and tebal[i] else {}
        if not kolom["bernilai"]:
            penulis.text(lembar, baris + i, letak, isi, text_wrap=True, **sifat)
            continue
        nilai, satuan, keadaan, desimal = isi
        if nilai is None:
            penulis.text(lembar, baris + i, letak, fmt.HILANG, align="right", font_color="#4C5A69", **sifat)
        elif isinstance(nilai, str):
            penulis.text(lembar, baris + i, letak, nilai, text_wrap=True, **sifat)
        else:
            if keadaan == "sintetis":
                sifat["pattern"], sifat["fg_color"], sifat["bg_color"] = 14, "#F3C48B", "#FFFFFF"
            if keadaan == "diturunkan":
                sifat["italic"] = True
            format_sel = penulis.format(num_format=number_format(satuan, desimal), **sifat)
            lembar.write_number(baris + i, letak, nilai, format_sel)


def number_format(satuan: str, desimal: int) -> str:
    """Format angka Excel untuk sebuah satuan; Excel sendiri memilih koma atau titik menurut bahasanya."""
    if satuan in _TANPA_RIBUAN:
        return "0"
    pola = "#,##0" + ("." + "0" * desimal if desimal else "")
    if satuan.startswith("persen"):
        return pola + '"%"'
    return '"Rp"' + pola if satuan == "rupiah" else pola


def _width(kolom: Mapping[str, Any]) -> float:
    """Lebar kolom dalam huruf: cukup untuk angka terpanjang, kepala boleh dua baris."""
    isi = [0]
    for x in kolom["isi"]:
        nilai = x[0] if kolom["bernilai"] else x
        isi.append(len(nilai) if isinstance(nilai, str) else len(f"{nilai or 0:,.{x[3]}f}") + 3)
    terpanjang = max(*isi, -(-len(kolom["judul"]) // 2) + 2, len(kolom["satuan_lengkap"]) + 1)
    return min(max(terpanjang + 1, _LEBAR[0]), _LEBAR[1])


def _print_setup(lembar: Any) -> None:
    lembar.set_landscape()
    lembar.set_paper(9)
    lembar.fit_to_pages(1, 0)
    lembar.set_footer("&C&P / &N")
