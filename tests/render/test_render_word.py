"""Dokumen Word: gaya, tabel sungguhan, gambar berteks pengganti, keterangan bernomor, byte tetap; terbuka di LibreOffice."""

import re
import shutil
import subprocess
from pathlib import Path

import docx
import pandas as pd
import pypdf
import pytest
from docx.oxml.ns import qn

from kinerja import fmt
from kinerja.kolom import Kolom
from kinerja.render.blok import Cetakan
from kinerja.render.halaman import Halaman
from kinerja.render.word import GAYA_TABEL, write
from kinerja.tables import Tabel

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="300pt" height="200pt" viewBox="0 0 300 200"><path d="M0 0L9 9"/></svg>'
TERBITAN = {"pernyataan": "Bukan terbitan <B> & U.", "penerbit": "P", "kontak": "K", "lisensi": "L", "kutipan": "C"}
NAMA = {
    "id": {
        "judul": "Tabel & <isi>",
        "n": "Realisasi",
        "alt": "Garis naik dari nol",
        "h2": "Berapa orang?",
        "sub": "2020",
    },
    "en": {
        "judul": "Table & <body>",
        "n": "Actual",
        "alt": "A line rising from nought",
        "h2": "How many?",
        "sub": "2020",
    },
}


def buat_halaman(bahasa, kolom=1):
    kata = NAMA[bahasa]
    frame = pd.DataFrame({"a": [f"Unit {i}" for i in range(30)]} | {f"n{k}": range(30) for k in range(kolom)})
    sintetis = {"keadaan": "sintetis", "rumus": "a / b"}
    isi = [Kolom(f"n{k}", f"{kata['n']} {k}", "orang", grup=kata["n"], **(sintetis if k else {})) for k in range(kolom)]
    tabel = Tabel("t", kata["judul"], frame, [Kolom("a", "Unit", kutipan=True), *isi], sumber="LKj 2020.")
    nomor = {"id": ("Gambar", "Tabel"), "en": ("Figure", "Table")}[bahasa]
    gambar = (
        f'<figure id="gambar-g"><figcaption><span class="nomor">{nomor[0]} 1.</span> <b>{kata["h2"]}</b></figcaption>'
        f'<picture><img alt="{kata["alt"]}" src="gambar/g.svg"></picture><p class="sumber">LKj 2020.</p></figure>'
    )
    lipat = f'<details class="lipat-tabel"><summary>{nomor[1]} 1. x</summary>{tabel.to_html(gaya=False)}</details>'
    badan = f"<p>12 <b>{kata['n']}</b></p><ul><li>Unit 1</li></ul>{gambar}{lipat}"
    return Halaman("a", kata["h2"], f"<h1>{kata['h2']} 1</h1><h2>{kata['h2']}</h2>{badan}<details>tidak</details>")


def tulis(folder, bahasa="id", **isi):
    (folder / "gambar").mkdir(parents=True, exist_ok=True)
    (folder / "gambar" / "g.svg").write_text(SVG)
    with fmt.using(bahasa):
        semua = [buat_halaman(bahasa, **isi), buat_halaman(bahasa)]
        write(folder / "laporan.docx", semua, Cetakan(2020, bahasa, "B & U", ["Unit 1"], TERBITAN))
    return folder / "laporan.docx"


def teks(dokumen):
    sel = [s.text for t in dokumen.tables for b in t.rows for s in b.cells]
    return " ".join([*(p.text for p in dokumen.paragraphs), *sel])


@pytest.fixture(scope="module")
def berkas(tmp_path_factory):
    return tulis(tmp_path_factory.mktemp("word"))


def test_bergaya_bernomor_dan_bertabel(berkas):
    dokumen = docx.Document(berkas)
    menurut_gaya = {}
    for p in dokumen.paragraphs:
        menurut_gaya.setdefault(p.style.name, []).append(p.text)
    assert menurut_gaya["Title"] == ["Analisis Kinerja 2020"] and menurut_gaya["Subtitle"][0] == "B & U"
    assert menurut_gaya["Heading 1"] == ["Berapa orang? 1"] * 2 and menurut_gaya["Heading 2"] == ["Berapa orang?"] * 2
    assert menurut_gaya["toc 1"] == menurut_gaya["Heading 1"] and menurut_gaya["toc 2"] == menurut_gaya["Heading 2"]
    assert menurut_gaya["Caption"] == [
        "Gambar 1. Berapa orang?", "Tabel 1. Tabel & <isi>", "Gambar 2. Berapa orang?", "Tabel 2. Tabel & <isi>",
    ]  # fmt: skip
    assert menurut_gaya["List Bullet"] == ["Unit 1"] * 3 and "tidak" not in teks(dokumen)
    perintah = [x.text.split()[0] for x in dokumen.element.iter(qn("w:instrText"))]
    assert perintah == ["TOC", "SEQ", "SEQ", "SEQ", "SEQ"]
    tautan = {x.get(qn("w:anchor")) for x in dokumen.element.iter(qn("w:hyperlink"))}
    assert tautan == {x.get(qn("w:name")) for x in dokumen.element.iter(qn("w:bookmarkStart"))} and len(tautan) == 4
    assert dokumen.settings.element.find(qn("w:updateFields")).get(qn("w:val")) == "true"
    kaki = dokumen.sections[0].footer.paragraphs[0]
    assert (
        kaki.text.startswith("Analisis Kinerja 2020") and kaki._p.find(".//" + qn("w:instrText")).text.strip() == "PAGE"
    )
    sifat = dokumen.core_properties
    assert (sifat.title, sifat.author, sifat.language) == ("Analisis Kinerja 2020", "P", "id-ID")
    assert (
        sifat.comments == TERBITAN["pernyataan"]
        and dokumen.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "id-ID"
    )


def test_tabel_berkepala_ulang_angka_rata_kanan_dan_bercatatan(tmp_path):
    dokumen = docx.Document(tulis(tmp_path, kolom=2))
    tabel = dokumen.tables[0]
    assert tabel.style.name == GAYA_TABEL and len(tabel.rows) == 33
    ulang = [b._tr.trPr.find(qn("w:tblHeader")) is not None for b in tabel.rows]
    assert ulang == [True] * 3 + [False] * 30, "kelompok, kepala, dan satuan"
    assert [s.text for s in tabel.rows[3].cells] == ["Unit 0", "0", "0"]
    rata = [s.paragraphs[0]._p.pPr.find(qn("w:jc")).get(qn("w:val")) for s in tabel.rows[3].cells]
    assert rata == ["left", "right", "right"]
    latar = [s._tc.tcPr.find(qn("w:shd")) is not None for s in tabel.rows[3].cells]
    assert latar == [False, False, True], "angka sintetis berlatar"
    assert tabel.rows[0].cells[1]._tc.tcPr.find(qn("w:gridSpan")).get(qn("w:val")) == "2"
    assert tabel._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Tabel & <isi>"
    catatan = [p.text for p in dokumen.paragraphs if p.style.name == "Catatan"]
    assert "1 Realisasi 1 = a / b" in catatan and "LKj 2020." in catatan


def test_gambar_berteks_pengganti(berkas):
    dokumen = docx.Document(berkas)
    sifat = [x._inline.docPr for x in dokumen.inline_shapes]
    assert [(x.get("name"), x.get("descr")) for x in sifat] == [("g", NAMA["id"]["alt"])] * 2
    assert all(x.width <= dokumen.sections[0].page_width for x in dokumen.inline_shapes)


def test_tabel_lebar_di_halaman_mendatar(tmp_path):
    bagian = docx.Document(tulis(tmp_path, kolom=14)).sections
    assert [x.page_width > x.page_height for x in bagian] == [False, True, False]


def test_tabel_tanpa_baris_dan_tanpa_kepala(tmp_path):
    kosong = Tabel("k", "K", pd.DataFrame({"n": []}), [Kolom("n", "N", "orang")]).to_html(gaya=False)
    polos = "<table><tr><td>a</td><td>b</td></tr></table>"
    with fmt.using("id"):
        write(
            tmp_path / "x.docx",
            [Halaman("a", "A", f"<h1>A</h1>{kosong}{polos}")],
            Cetakan(2020, "id", "", [], TERBITAN),
        )
    assert [[s.text for b in t.rows for s in b.cells] for t in docx.Document(tmp_path / "x.docx").tables] == [
        ["N", "orang", "Tidak ada baris."], ["a", "b"],
    ]  # fmt: skip


def test_byte_sama_dan_bahasa_inggris_tanpa_kata_indonesia(berkas, tmp_path):
    assert tulis(tmp_path / "lagi").read_bytes() == berkas.read_bytes()
    dokumen = docx.Document(tulis(tmp_path / "en", "en"))
    assert dokumen.core_properties.language == "en-GB"
    dikutip = dokumen.tables[0].rows[3].cells[0].paragraphs[0].runs[0]._r.rPr.find(qn("w:lang"))
    assert dikutip.get(qn("w:val")) == "id-ID", "sel yang dikutip apa adanya menyebut bahasanya"
    assert not re.findall(r"\b(Gambar|Tabel|Daftar|isi|Pokok|orang|Halaman|Analisis|Sumber|dari|yang)\b", teks(dokumen))
    keterangan = [p.text for p in dokumen.paragraphs if p.style.name == "Caption"]
    assert keterangan[:2] == ["Figure 1. How many?", "Table 1. Table & <body>"]


@pytest.mark.skipif(
    not (soffice := shutil.which("soffice")) or not list(Path(soffice).resolve().parent.glob("libswlo.*")),
    reason="LibreOffice Writer tidak ada, dokumennya tidak dibuka di sana.",
)
def test_terbuka_di_libreoffice(berkas, tmp_path):
    perintah = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'profil').as_uri()}",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    hasil = subprocess.run([*perintah, "--outdir", tmp_path, berkas], capture_output=True, text=True, timeout=180)
    assert hasil.returncode == 0, hasil.stderr
    halaman = [x.extract_text() for x in pypdf.PdfReader(tmp_path / "laporan.pdf").pages]
    assert "Analisis Kinerja 2020" in halaman[0] and "Berapa orang? 1" in halaman[1], "daftar isi terbaca tanpa Word"
    isi = " ".join(halaman)
    assert isi.count("Tabel & <isi>") == 2 and isi.count("Unit 29") == 2 and "Gambar 2." in isi
