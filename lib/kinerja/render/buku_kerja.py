"""Buku kerja XLSX: lembar daftar isi dengan tautan, lalu satu lembar per tabel dengan angka tanpa pembulatan."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from kinerja import fmt
from kinerja.render.halaman import words
from kinerja.tables import NAMA_KEADAAN, TANDA_TEKS, is_formula_like

_DIBUAT = dt.datetime(2000, 1, 1)
"""Tanggal tetap: dua kali render dengan masukan sama memberi byte yang sama."""

_TANPA_RIBUAN = ("tahun", "tanggal")
_LEBAR = (8, 44)
_LEBAR_CATATAN, _LEBAR_BAKU = 90, 8.43
"""Lebar terkecil judul dan catatan, dan lebar bawaan kolom kosong, dalam huruf."""

_HURUF, _TINGGI_BARIS = 11, 15
"""Ukuran huruf bawaan dan tinggi satu barisnya, dalam poin."""


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
    tautan = penulis.format(font_color="#0B5D7A", underline=1)
    lebar = (32, 70, 44, 8)
    for i, (satu, nama_lembar) in enumerate(zip(lembar, nama, strict=True), 3):
        isi.write_url(i, 0, f"internal:'{nama_lembar}'!A1", tautan, nama_lembar)
        penulis.text(isi, i, 1, satu.uraian["judul"], text_wrap=True)
        penulis.text(isi, i, 2, satu.halaman, text_wrap=True)
        isi.write_number(i, 3, satu.uraian["baris"], penulis.format(num_format="#,##0"))
        _set_height(isi, i, [nama_lembar, satu.uraian["judul"], satu.halaman], lebar[:3])
    for kolom, selebar in enumerate(lebar):
        isi.set_column(kolom, kolom, selebar)
    _write_legend(penulis, isi, len(lembar) + 4)
    isi.freeze_panes(3, 0)
    isi.repeat_rows(2)
    _print_setup(isi)


def _write_legend(penulis: _Penulis, isi: Any, baris: int) -> None:
    """Kunci tanda keadaan: contoh rupanya dan namanya."""
    penulis.text(isi, baris, 0, penulis.kata["keadaan_angka"], bold=True, bottom=1)
    rupa = {
        "dikutip": ("123", {}),
        "diturunkan": (f"123{TANDA_TEKS['diturunkan']}", {"italic": True}),
        "sintetis": (f"123{TANDA_TEKS['sintetis']}", {"pattern": 14, "fg_color": "#F3C48B", "bg_color": "#FFFFFF"}),
        "tidak_tersedia": (fmt.HILANG, {"font_color": "#4C5A69"}),
    }
    for i, (kode, (contoh, sifat)) in enumerate(rupa.items(), 1):
        penulis.text(isi, baris + i, 0, contoh, align="right", **sifat)
        penulis.text(isi, baris + i, 1, fmt.pick(NAMA_KEADAAN[kode]), indent=1)


def _write_sheet(penulis: _Penulis, uraian: Mapping[str, Any], nama: str) -> None:
    lembar = penulis.buku.add_worksheet(nama)
    lembar.hide_gridlines(2)
    kolom = uraian["kolom"]
    label = [satu for satu in kolom if not satu["bernilai"]]
    lebar = [_width(satu, label) for satu in kolom]
    for i, satu in enumerate(lebar):
        lembar.set_column(i, i, satu)
    _write_wide(penulis, lembar, 0, lebar, uraian["judul"], bold=True, font_size=13, valign="vcenter")
    tautan = penulis.format(font_color="#0B5D7A", underline=1)
    lembar.write_url(1, 0, f"internal:'{penulis.kata['daftar_isi']}'!A1", tautan, penulis.kata["kembali"])
    kepala = _write_groups(penulis, lembar, 3, kolom)
    seragam = [_uniform_state(satu) for satu in kolom]
    for i, satu in enumerate(kolom):
        sifat = _alignment(satu, i)
        judul = satu["judul"] + (f" {TANDA_TEKS[seragam[i]]}" if seragam[i] else "")
        penulis.text(lembar, kepala, i, judul, **sifat, bold=True, text_wrap=True, top=2, valign="bottom")
        penulis.text(lembar, kepala + 1, i, satu["satuan_lengkap"], **sifat, italic=True, text_wrap=True, bottom=1)
        _write_column(penulis, lembar, kepala + 2, i, satu, uraian["tebal"], seragam[i], label)
    baris_teks = [[satu["judul"] + " ᵈ" for satu in kolom], [satu["satuan_lengkap"] for satu in kolom]]
    baris_teks += [[_shown_text(satu, i) for satu in kolom] for i in range(uraian["baris"])]
    for i, teks in enumerate(baris_teks):
        _set_height(lembar, kepala + i, teks, lebar)
    lembar.freeze_panes(kepala + 2, 1)
    lembar.repeat_rows(kepala, kepala + 1)
    kaki = kepala + 3 + uraian["baris"]
    for i, catatan in enumerate(x for x in [*uraian["catatan"], uraian["sumber"]] if x):
        _write_wide(penulis, lembar, kaki + i, lebar, catatan, font_color="#4C5A69")
    _print_setup(lembar)


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
    return {"align": "left", "indent": 1} if letak else {"align": "left"}


def _uniform_state(kolom: Mapping[str, Any]) -> str | None:
    """Keadaan bertanda yang berlaku bagi seluruh kolom: ditandai sekali di kepalanya, seperti di halaman."""
    if not kolom["bernilai"]:
        return None
    ada = {x[2] for x in kolom["isi"]} - {"tidak_tersedia"}
    return ada.pop() if len(ada) == 1 and ada <= set(TANDA_TEKS) else None


def _write_column(
    penulis: _Penulis,
    lembar: Any,
    baris: int,
    letak: int,
    kolom: Mapping[str, Any],
    tebal: Sequence[bool],
    seragam: str | None,
    label: Sequence[Mapping[str, Any]],
) -> None:
    rata = _alignment(kolom, letak)
    for i, isi in enumerate(kolom["isi"]):
        sifat = {"bold": True} if tebal and tebal[i] else {}
        if not kolom["bernilai"]:
            penulis.text(lembar, baris + i, letak, isi, text_wrap=True, **rata, **sifat)
            continue
        nilai, satuan, keadaan, desimal = isi
        if keadaan == "sintetis":
            sifat |= {"pattern": 14, "fg_color": "#F3C48B", "bg_color": "#FFFFFF"}
        if keadaan == "diturunkan":
            sifat["italic"] = True
        tanda = "" if keadaan == seragam else TANDA_TEKS.get(keadaan, "")
        if nilai is None:
            penulis.text(lembar, baris + i, letak, fmt.HILANG, align="right", font_color="#4C5A69", **sifat)
        elif isinstance(nilai, str):
            penulis.text(lembar, baris + i, letak, nilai + tanda, text_wrap=True, **rata, **sifat)
        else:
            sebutan = _unit_suffix(kolom, satuan, [x["isi"][i] for x in label])
            pola = number_format(satuan, desimal, sebutan, tanda)
            lembar.write_number(baris + i, letak, nilai, penulis.format(num_format=pola, **sifat))


def _unit_suffix(kolom: Mapping[str, Any], satuan: str, label: Sequence[str]) -> str:
    """Sebutan satuan pada angka di kolom bersatuan campuran, kecuali barisnya sudah menyebutnya di kolom lain."""
    if kolom["satuan"] is not None or satuan == "rupiah" or satuan.startswith("persen"):
        return ""
    sebutan = fmt.satuan(satuan)
    return "" if sebutan in label else sebutan


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


def _width(kolom: Mapping[str, Any], label: Sequence[Mapping[str, Any]]) -> float:
    """Lebar kolom dalam huruf: cukup untuk angka terpanjang, kepala boleh dua baris."""
    isi = [0]
    for i, x in enumerate(kolom["isi"]):
        nilai = x[0] if kolom["bernilai"] else x
        if isinstance(nilai, str):
            isi.append(len(nilai))
        elif nilai is not None:
            sebutan = _unit_suffix(kolom, x[1], [satu["isi"][i] for satu in label])
            isi.append(len(f"{nilai:,.{x[3]}f} {sebutan}") + 3)
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


def _print_setup(lembar: Any) -> None:
    lembar.set_landscape()
    lembar.set_paper(9)
    lembar.fit_to_pages(1, 0)
    lembar.set_footer("&C&P / &N")
