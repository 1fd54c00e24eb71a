"""Laporan sebagai satu dokumen Word: sampul, daftar isi, lalu bab-babnya dengan gaya Word yang dapat diubah orang.

Isinya blok yang sama dengan cetakan PDF (:mod:`kinerja.render.blok`), ditambah tabel jawaban yang di halaman terlipat:
dokumen ini disunting dan dikirim, jadi angkanya harus ada. Masukan yang sama memberi byte yang sama.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Emu, Mm, Pt, RGBColor

from kinerja.berkas import write_whole
from kinerja.istilah import word
from kinerja.render.blok import Cetakan, Teks, plain, read_blocks
from kinerja.render.halaman import Halaman
from kinerja.render.pdf import rasterize

_BAHASA = {"id": "id-ID", "en": "en-GB"}
_DIBUAT = dt.datetime(2000, 1, 1)
"""Tanggal tetap dokumen dan arsipnya: dua kali render dengan masukan sama memberi byte yang sama."""

_GELAP, _REDUP, _GARIS, _SINTETIS = "083F54", "4C5A69", "D5DCE3", "FDEED8"
_TEPI, _TINGGI = Mm(22), Mm(297)
_TEGAK, _MENDATAR = Mm(210) - 2 * _TEPI, _TINGGI - 2 * _TEPI
"""Lebar isi halaman A4 tegak dan mendatar."""

_PILIHAN = {
    False: ((9, 34), (8, 28), (8, 20), (7.5, 14), (7, 10)),
    True: ((8.5, 34), (7.5, 22), (6.5, 12)),
}
"""Mendatar -> ukuran huruf tabel dan huruf sebaris kolom teks sebelum dipatahkan, dari yang paling nyaman."""

_LEBAR_HURUF = 0.56
"""Lebar rata-rata satu huruf terhadap ukurannya."""

_BARIS_SEL = 4
"""Sel setinggi ini atau lebih pada halaman tegak: tabelnya lebih terbaca mendatar."""

_UTUH = 14
"""Tabel sampai sekian baris tidak dipatahkan halaman."""

GAYA_TABEL = "Tabel Laporan"
_CATATAN, _SEL = "Catatan", "Isi Tabel"
_TERBITAN = ("penerbit", "kontak", "lisensi", "kutipan")


def write(berkas: Path, semua: Sequence[Halaman], cetakan: Cetakan) -> None:
    """Tulis dokumen Word ke laporan yang sedang dibangun."""
    kata, terbitan = cetakan.kata, cetakan.terbitan
    bab = [read_blocks(x.isi, tabel=True) for x in semua]
    gambar = [x["berkas"] for isi in bab for x in isi if x["jenis"] == "gambar"]
    penulis = _Penulis(cetakan.bahasa, dict(zip(gambar, rasterize(berkas.parent, gambar), strict=True)))
    sifat = penulis.dokumen.core_properties
    sifat.title, sifat.author, sifat.language = cetakan.judul, terbitan["penerbit"], _BAHASA[cetakan.bahasa]
    sifat.subject, sifat.comments = cetakan.uraian, terbitan["pernyataan"]
    sifat.keywords = "; ".join(x for x in (kata["laporan"], cetakan.institusi, str(cetakan.tahun)) if x)
    sifat.created = sifat.modified = _DIBUAT
    sifat.last_modified_by, sifat.revision = terbitan["penerbit"], 1
    penulis.paragraph("Title", cetakan.judul)
    penulis.paragraph("Subtitle", cetakan.institusi)
    sampul = (terbitan["pernyataan"], cetakan.uraian, *(terbitan[x] for x in _TERBITAN), cetakan.peringatan)
    for satu in filter(None, sampul):
        penulis.paragraph("Normal", satu)
    penulis.contents(kata["daftar_isi"], bab)
    if cetakan.pokok:
        penulis.paragraph("Subtitle", kata["pokok"])
        for satu in cetakan.pokok:
            penulis.paragraph("List Bullet", satu)
    for isi in bab:
        penulis.chapter(isi)
    penulis.footer(cetakan.judul)
    write_whole(berkas, _fixed(penulis.dokumen))


class _Penulis:
    """Dokumen yang sedang ditulis, dan nomor judul berikutnya bagi tautan daftar isi."""

    def __init__(self, bahasa: str, gambar: Mapping[str, bytes]) -> None:
        self.gambar = gambar
        self.dokumen = Document()
        self._judul = 0
        self._nomor: Counter[str] = Counter()
        _set_page(self.dokumen.sections[0], mendatar=False)
        _set_styles(self.dokumen, bahasa)

    def paragraph(self, gaya: str, isi: str | Teks = "") -> Any:
        alinea = self.dokumen.add_paragraph()
        # Bukan alinea.style: python-docx mencari gaya bawaan di seluruh daftar gaya, sembilan milidetik sekali.
        alinea._p.style = _style_id(gaya)
        _append(alinea, _runs([[isi, ""]] if isinstance(isi, str) else isi))
        return alinea

    def contents(self, judul: str, bab: Sequence[Sequence[Mapping[str, Any]]]) -> None:
        """Daftar isi: bidang yang diisi nomor halaman oleh Word saat dibuka, dan tautan bagi pembaca lain."""
        self.paragraph("TOC Heading", judul).paragraph_format.page_break_before = True
        semua = [x for satu in bab for x in satu if x["jenis"] == "judul"]
        isi = [(nomor, x) for nomor, x in enumerate(semua, 1) if x["tingkat"] <= 2]
        for nomor, x in isi:
            alinea = self.paragraph(f"toc {x['tingkat']}")
            if (nomor, x) == isi[0]:
                _append(alinea, _opened(r'TOC \o "1-2" \h \z \u'))
            _append(alinea, f'<w:hyperlink w:anchor="_Toc{nomor}">{_runs([[plain(x["isi"]), ""]])}</w:hyperlink>')
        if isi:
            _append(alinea, _field_char("end"))

    def chapter(self, blok: Sequence[Mapping[str, Any]]) -> None:
        awal = True
        for x in blok:
            jenis = x["jenis"]
            if jenis == "judul":
                alinea = self.paragraph(f"Heading {min(x['tingkat'], 4)}")
                alinea.paragraph_format.page_break_before = awal or None
                self._bookmark(alinea, x["isi"])
            elif jenis == "gambar":
                self._figure(x)
            elif jenis == "tabel":
                self._table(x)
            elif jenis == "butir":
                for butir in x["isi"]:
                    self.paragraph("List Number" if x["urut"] else "List Bullet", butir)
            elif jenis == "parameter":
                self.paragraph("Normal", [[f"{k}: {v}. ", ""] for k, v in x["isi"]])
            else:
                self.paragraph("Normal", [[x["isi"], "k"]] if jenis == "kode" else x["isi"])
            awal = False

    def _bookmark(self, alinea: Any, isi: Teks) -> None:
        self._judul += 1
        mulai = f'<w:bookmarkStart w:id="{self._judul}" w:name="_Toc{self._judul}"/>'
        _append(alinea, f'{mulai}{_runs(isi)}<w:bookmarkEnd w:id="{self._judul}"/>')

    def _caption(self, kunci: str, isi: Teks) -> None:
        """Keterangan bernomor di seluruh dokumen, dengan bidang SEQ supaya daftar gambar dan tabel dapat dibuat."""
        alinea = self.paragraph("Caption", f"{word(kunci)} ")
        self._nomor[kunci] += 1
        nomor = _field(f"SEQ {word(kunci)} \\* ARABIC", str(self._nomor[kunci]))
        _append(alinea, nomor + _runs([[". ", ""], *isi]))

    def _figure(self, x: Mapping[str, Any]) -> None:
        self._caption("gambar", _without_number(x["isi"], x["nomor"]))
        alinea = self.paragraph("Normal")
        alinea.paragraph_format.keep_with_next = bool(x["sumber"])
        gambar = alinea.add_run().add_picture(io.BytesIO(self.gambar[x["berkas"]]), width=_TEGAK)
        if gambar.height > Mm(150):
            gambar.width, gambar.height = Emu(gambar.width * Mm(150) // gambar.height), Mm(150)
        sifat = gambar._inline.docPr
        sifat.set("descr", x["alt"])
        sifat.set("name", x["nama"])
        if x["sumber"]:
            self.paragraph(_CATATAN, x["sumber"])

    def _table(self, x: Mapping[str, Any]) -> None:
        banyak = sum(sel["lebar"] for sel in (x["kepala"] or [x["baris"][0]["sel"]])[0])
        lebar, huruf, mendatar = _column_widths(x, banyak)
        if mendatar:
            _set_page(self.dokumen.add_section(WD_SECTION.NEW_PAGE), mendatar=True)
        if x["judul"]:
            self._caption("tabel", [[x["judul"], ""]])
        self.dokumen._body._element._insert_tbl(parse_xml(_table_xml(x, lebar, huruf)))
        for satu in x["kaki"]:
            self.paragraph(_CATATAN, satu)
        if mendatar:
            _set_page(self.dokumen.add_section(WD_SECTION.NEW_PAGE), mendatar=False)
        elif not x["kaki"]:
            self.paragraph(_CATATAN)

    def footer(self, judul: str) -> None:
        """Judul dan nomor halaman di kaki setiap halaman."""
        alinea = self.dokumen.sections[0].footer.paragraphs[0]
        alinea.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _append(alinea, _runs([[f"{judul}  ·  ", ""]]) + _field("PAGE", "1"))


# Gaya dan halaman -----------------------------------------------------------------------------------------------------


def _set_page(bagian: Any, *, mendatar: bool) -> None:
    bagian.orientation = WD_ORIENT.LANDSCAPE if mendatar else WD_ORIENT.PORTRAIT
    bagian.page_width, bagian.page_height = (_TINGGI, Mm(210)) if mendatar else (Mm(210), _TINGGI)
    bagian.left_margin = bagian.right_margin = bagian.top_margin = bagian.bottom_margin = _TEPI


def _set_styles(dokumen: Any, bahasa: str) -> None:
    gaya = dokumen.styles
    lang = gaya.element.find(".//" + qn("w:lang"))
    lang.set(qn("w:val"), _BAHASA[bahasa])
    _style(gaya["Normal"], 10.5, sesudah=6)
    _style(gaya["Title"], 30, _GELAP, tebal=True, sebelum=160, sesudah=6)
    _style(gaya["Subtitle"], 15, _GELAP, sesudah=18)
    gaya["Subtitle"].paragraph_format.keep_with_next = True
    for tingkat, (besar, sebelum) in enumerate(((18, 0), (13.5, 18), (11.5, 12), (10.5, 10)), 1):
        _style(gaya[f"Heading {tingkat}"], besar, _GELAP, tebal=True, sebelum=sebelum, sesudah=6)
    _style(gaya["Caption"], 9.5, _GELAP, tebal=False, sebelum=12, sesudah=4)
    gaya["Caption"].paragraph_format.keep_with_next = True
    for nama, besar in ((_CATATAN, 8), (_SEL, _PILIHAN[False][0][0])):
        catatan = nama == _CATATAN
        gaya_baru = gaya.add_style(nama, WD_STYLE_TYPE.PARAGRAPH)
        _style(gaya_baru, besar, _REDUP if catatan else None, sebelum=2 if catatan else 0, sesudah=1 if catatan else 2)
    _style(gaya["TOC Heading"], 18, _GELAP, tebal=True, sesudah=10)
    for tingkat in (1, 2):
        satu = gaya.add_style(f"toc {tingkat}", WD_STYLE_TYPE.PARAGRAPH, builtin=True)
        _style(satu, 10.5, tebal=tingkat == 1, sebelum=6 if tingkat == 1 else 0, sesudah=2)
        satu.paragraph_format.left_indent = Mm(6 * (tingkat - 1))
        satu.paragraph_format.tab_stops.add_tab_stop(_TEGAK, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    tabel = gaya.add_style(GAYA_TABEL, WD_STYLE_TYPE.TABLE)
    tabel.element.append(
        parse_xml(
            f"<w:tblPr {nsdecls('w')}><w:tblBorders>"
            f'<w:top w:val="single" w:sz="8" w:color="{_GELAP}"/><w:bottom w:val="single" w:sz="8" w:color="{_GELAP}"/>'
            f'<w:insideH w:val="single" w:sz="4" w:color="{_GARIS}"/></w:tblBorders>'
            '<w:tblCellMar><w:top w:w="30" w:type="dxa"/><w:left w:w="100" w:type="dxa"/>'
            '<w:bottom w:w="30" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        )
    )
    perbarui = OxmlElement("w:updateFields")
    perbarui.set(qn("w:val"), "true")
    dokumen.settings.element.append(perbarui)


def _style(
    gaya: Any, besar: float, warna: str | None = None, *, tebal: bool = False, sebelum: float = 0, sesudah: float = 0
) -> None:
    huruf = gaya.font
    huruf.name, huruf.size, huruf.bold, huruf.italic = "Arial", Pt(besar), tebal, False
    jenis = gaya.element.get_or_add_rPr().get_or_add_rFonts()
    for sifat in [x for x in jenis.attrib if x.endswith("Theme")]:
        del jenis.attrib[sifat]
    if warna:
        huruf.color.rgb = RGBColor.from_string(warna)
    gaya.paragraph_format.space_before, gaya.paragraph_format.space_after = Pt(sebelum), Pt(sesudah)


# Isi ------------------------------------------------------------------------------------------------------------------


def _style_id(nama: str) -> str:
    return nama.replace(" ", "")


def _append(alinea: Any, isi: str) -> None:
    alinea._p.extend(parse_xml(f"<w:p {nsdecls('w')}>{isi}</w:p>"))


def _runs(isi: Teks, sifat: str = "", bahasa: str = "") -> str:
    return "".join(_run(teks, gaya, sifat, bahasa) for teks, gaya in isi)


def _run(teks: str, gaya: str, sifat: str, bahasa: str) -> str:
    sifat = "".join(
        (
            '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas"/>' if "k" in gaya else "",
            "<w:b/>" if "b" in gaya else "",
            "<w:i/>" if "i" in gaya else "",
            sifat,
            '<w:vertAlign w:val="superscript"/>' if "s" in gaya else "",
            f'<w:lang w:val="{_BAHASA[bahasa]}"/>' if bahasa else "",
        )
    )
    isi = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(x)}</w:t>' for x in teks.split("\n"))
    return f"<w:r><w:rPr>{sifat}</w:rPr>{isi}</w:r>"


def _table_xml(x: Mapping[str, Any], lebar: Sequence[int], huruf: float) -> str:
    """Tabel utuh. Ditulis langsung: python-docx menghitung ulang kisi tabelnya setiap kali satu sel diminta."""
    sebut = x["judul"] or ", ".join(plain(s["isi"]) for baris in x["kepala"][-1:] for s in baris)
    sifat = (
        f'<w:tblStyle w:val="{_style_id(GAYA_TABEL)}"/><w:tblW w:w="{_dxa(sum(lebar))}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/><w:tblCaption w:val={quoteattr(sebut)}/>'
    )
    kisi = "".join(f'<w:gridCol w:w="{_dxa(n)}"/>' for n in lebar)
    angka = [any(sel["angka"] for sel in kolom) for kolom in _columns(x, len(lebar))]
    baris = []
    for nomor, isi in enumerate(x["kepala"], 1):
        if len(isi) == len(lebar):  # kepala kolom angka rata kanan seperti angkanya
            isi = [sel | {"angka": y} for sel, y in zip(isi, angka, strict=True)]
        satuan = x["satuan"] and nomor == len(x["kepala"])
        baris.append(_row_xml(isi, lebar, huruf, gaya="i" if satuan else "b", kepala=True, tahan=True))
    pendek = len(x["baris"]) <= _UTUH
    for nomor, isi in enumerate(x["baris"], 1):
        tahan = pendek and nomor < len(x["baris"])
        baris.append(_row_xml(isi["sel"], lebar, huruf, gaya="b" if isi["tebal"] else "", kepala=False, tahan=tahan))
    return f"<w:tbl {nsdecls('w')}><w:tblPr>{sifat}</w:tblPr><w:tblGrid>{kisi}</w:tblGrid>{''.join(baris)}</w:tbl>"


def _row_xml(
    isi: Sequence[Mapping[str, Any]], lebar: Sequence[int], huruf: float, *, gaya: str, kepala: bool, tahan: bool
) -> str:
    """Satu baris; ``kepala`` berulang di tiap halaman, ``tahan`` tetap sehalaman dengan baris berikutnya."""
    letak, sel = 0, []
    besar = f'<w:sz w:val="{round(2 * huruf)}"/>'
    ikat = "<w:keepNext/>" if kepala or tahan else ""
    tegak = '<w:vAlign w:val="bottom"/>' if kepala else ""
    for satu in isi:
        selebar = _dxa(sum(lebar[letak : letak + satu["lebar"]]))
        letak += satu["lebar"]
        rata = "right" if satu["angka"] else "center" if satu["lebar"] > 1 else "left"
        gabung = f'<w:gridSpan w:val="{satu["lebar"]}"/>' if satu["lebar"] > 1 else ""
        warna = f'<w:shd w:val="clear" w:color="auto" w:fill="{_SINTETIS}"/>' if satu["sintetis"] else ""
        potong = [[teks, "".join(dict.fromkeys(asal + gaya))] for teks, asal in satu["isi"]]
        sel.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{selebar}" w:type="dxa"/>{gabung}{warna}{tegak}</w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="{_style_id(_SEL)}"/>{ikat}<w:jc w:val="{rata}"/></w:pPr>'
            f"{_runs(potong, besar, satu['bahasa'])}</w:p></w:tc>"
        )
    ulang = "<w:tblHeader/>" if kepala else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{ulang}</w:trPr>{''.join(sel)}</w:tr>"


def _dxa(emu: int) -> int:
    return round(emu / Pt(1) * 20)


def _column_widths(x: Mapping[str, Any], banyak: int) -> tuple[list[Emu], float, bool]:
    """Lebar kolom, ukuran huruf, dan apakah halamannya mendatar: pilihan paling nyaman yang memuat semua kolom."""
    semua = list(_columns(x, banyak))
    utuh = [
        max((len(plain(s["isi"])) for s in kolom if not (s["kepala"] and s["angka"])), default=0) for kolom in semua
    ]
    for mendatar, huruf, patah in ((m, *x) for m, isi in _PILIHAN.items() for x in isi):
        perlu = [max(_letters(sel, patah) for sel in kolom) for kolom in semua]
        butuh = [Pt(n * huruf * _LEBAR_HURUF + 8) for n in perlu]
        sisa = (_MENDATAR if mendatar else _TEGAK) - sum(butuh)
        if sisa >= 0 and (mendatar or max(utuh) <= _BARIS_SEL * patah):
            break
    # Sisanya lebih dahulu bagi teks yang dipatahkan, lalu rata menurut lebar kolom.
    kurang = [Pt(max(n - m, 0) * huruf * _LEBAR_HURUF) for n, m in zip(utuh, perlu, strict=True)]
    bagi = min(1, max(sisa, 0) / max(sum(kurang), 1))
    lebar = [x + y * bagi for x, y in zip(butuh, kurang, strict=True)]
    skala = (_MENDATAR if mendatar else _TEGAK) / sum(lebar)
    return [Emu(int(x * skala)) for x in lebar], huruf, mendatar


def _columns(x: Mapping[str, Any], banyak: int) -> Iterable[Sequence[Mapping[str, Any]]]:
    baris = [b for b in (*x["kepala"], *(b["sel"] for b in x["baris"])) if len(b) == banyak]
    return zip(*baris, strict=True)


def _letters(sel: Mapping[str, Any], patah: int) -> int:
    """Huruf yang harus muat sebaris: angka utuh, kata terpanjang, dan sebanyak ``patah`` bila teksnya panjang."""
    teks = plain(sel["isi"])
    if sel["angka"] and not sel["kepala"]:
        return len(teks)
    kata = max(len(x) for x in re.split(r"\s+|(?<=[-/])", teks))
    return max(kata + sel["kepala"], min(len(teks), 0 if sel["angka"] else patah), 3)


def _without_number(isi: Teks, nomor: str) -> Teks:
    """Keterangan gambar tanpa "Gambar 1." di depannya: dokumen menomori sendiri."""
    if not nomor or not isi or not isi[0][0].startswith(nomor):
        return isi
    return [[isi[0][0].removeprefix(nomor).lstrip(), isi[0][1]], *isi[1:]]


# Bidang dan arsip -----------------------------------------------------------------------------------------------------


def _field_char(jenis: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{jenis}"/></w:r>'


def _opened(perintah: str) -> str:
    isi = f'<w:r><w:instrText xml:space="preserve"> {escape(perintah)} </w:instrText></w:r>'
    return _field_char("begin") + isi + _field_char("separate")


def _field(perintah: str, isi: str) -> str:
    return _opened(perintah) + _runs([[isi, ""]]) + _field_char("end")


def _fixed(dokumen: Any) -> bytes:
    """Arsip dokumen dengan tanggal dan urutan tetap."""
    mentah, tetap = io.BytesIO(), io.BytesIO()
    dokumen.save(mentah)
    with zipfile.ZipFile(mentah) as lama, zipfile.ZipFile(tetap, "w", zipfile.ZIP_DEFLATED) as baru:
        for nama in lama.namelist():
            keterangan = zipfile.ZipInfo(nama, _DIBUAT.timetuple()[:6])
            keterangan.compress_type = zipfile.ZIP_DEFLATED
            baru.writestr(keterangan, lama.read(nama))
    return tetap.getvalue()
