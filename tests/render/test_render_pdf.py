"""Laporan PDF: isi setiap sel tabel ada dan di dalam kertas, gambar vektor, penanda, metadata, dan byte yang tetap."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import html5lib
import pandas as pd
import pypdf
import pytest

from kinerja import fmt
from kinerja.kolom import Kolom
from kinerja.render import pdf
from kinerja.render.blok import Cetakan, plain, read_blocks
from kinerja.render.halaman import Halaman
from kinerja.tables import Tabel

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300pt" height="200pt" viewBox="0 0 300 200">'
    '<path d="M10 10L290 190" stroke="#0b5d7a" stroke-width="3"/></svg>'
)
PARAGRAF = "Kalimat yang cukup panjang untuk dipatahkan beberapa kali di dalam sel yang sempit. " * 3


def buat_tabel(nama, banyak_kolom, banyak_baris, teks="Panti"):
    frame = pd.DataFrame({"nama": [f"{teks} {i}" for i in range(banyak_baris)]})
    for k in range(banyak_kolom):
        frame[f"n{k}"] = [123_456_789_012_345 + 1000 * i + k for i in range(banyak_baris)]
    frame.loc[0, "n0"] = None
    frame["n0"] = frame["n0"].astype("Int64")
    kolom = [Kolom("nama", "Nama lembaga")]
    kolom += [
        Kolom(
            f"n{k}", f"Realisasi triwulan ke-{k}", satuan="rupiah", keadaan="sintetis" if k else None,
            grup="Realisasi" if k < 2 else None, rumus="a / b" if k == 1 else None,
        )
        for k in range(banyak_kolom)
    ]  # fmt: skip
    return Tabel(nama, f"Tabel <{nama}> & tanda #*_$", frame, kolom, ["Catatan [kaki]."], "Sumber: LKj.")


@pytest.fixture(scope="module")
def halaman():
    with fmt.using("id"):
        tabel = {
            "sempit": buat_tabel("sempit", 2, 3),
            "lebar": buat_tabel("lebar", 11, 5),
            "panjang": buat_tabel("panjang", 2, 120),
            "berparagraf": buat_tabel("berparagraf", 3, 3, PARAGRAF),
        }
        isi = "".join(
            f'<h3 id="{n}">Bagian {n}</h3><div class="bingkai-tabel" id="tabel-{n}">{t.to_html(gaya=False)}'
            '<p class="unduh"><a href="x.csv">Unduh CSV</a></p></div>'
            for n, t in tabel.items()
        )
    gambar = (
        '<h2 id="gambar">Gambar</h2><figure class="gambar-kinerja" id="gambar-garis"><figcaption>Garis contoh.'
        '</figcaption><picture><img alt="Garis naik" src="gambar/a-garis.svg"></picture>'
        '<p class="sumber">Sumber: garis. <span class="unduh"><a href="x.png">PNG</a></span></p></figure>'
        '<details class="lipat-tabel"><summary>Terlipat</summary><p>tidak dicetak</p></details>'
        '<div class="tidak-dicetak"><h2 id="rincian">Rincian</h2><p>tidak dicetak</p></div>'
    )
    awal = (
        '<h1>Bab satu</h1><p>Alinea <b>tebal</b> dengan #set dan $x$ dan "petik" \\ garis.</p><ul><li>butir</li></ul>'
    )
    kosong = (
        '<h2 id="kosong">Bagian kosong</h2><p class="panel-kinerja">Kendali</p><h2 id="akhir">Akhir</h2><p>Tamat.</p>'
    )
    satu = Halaman("a", "Bab satu", awal + '<h2 id="tabel">Tabel</h2>' + isi + gambar + kosong)
    return [satu, Halaman("b", "Bab dua", "<h1>Bab dua</h1><p>Isi bab dua.</p>")]


TERBITAN = {"pernyataan": "Bukan terbitan Badan Uji.", "penerbit": "P", "kontak": "K", "lisensi": "L", "kutipan": "C"}
POKOK = ["Pokok pertama laporan."]


def tulis(folder, halaman, bahasa="id", **lain):
    (folder / "gambar").mkdir(parents=True)
    (folder / "gambar" / "a-garis.svg").write_text(SVG)
    pdf.write(folder, halaman, Cetakan(2020, bahasa, "Badan Uji", POKOK, TERBITAN, **lain))
    return folder / "laporan.pdf"


@pytest.fixture(scope="module")
def berkas(halaman, tmp_path_factory):
    return tulis(tmp_path_factory.mktemp("pdf"), halaman)


@pytest.fixture(scope="module")
def dokumen(berkas):
    return pypdf.PdfReader(berkas)


def rapat(teks):
    return re.sub(r"\s+", "", teks)


def periksa_tabel(html, teks):
    """Setiap baris setiap tabel ada di PDF, sel demi sel menurut urutannya; kembalikan banyaknya tabel."""
    pohon = html5lib.parse(html, namespaceHTMLElements=False)
    semua = pohon.findall(".//table")
    for tabel in semua:
        for baris in tabel.iter("tr"):
            sel = [isi_sel(x) for x in baris if x.tag in ("th", "td")]
            if max(map(len, sel)) > 600:  # baris setinggi ini boleh bersambung ke halaman berikutnya
                hilang = [x for isi in sel for x in isi.split() if x not in teks]
                assert not hilang, f"kata tidak ada di PDF: {hilang}"
            else:
                assert rapat("".join(sel)) in teks, f"baris tidak utuh di PDF: {sel}"
    return len(semua)


def isi_sel(sel):
    """Teks sel tanpa asal-usul yang terlipat."""
    for rincian in sel.iter("details"):
        for daftar in rincian.findall("ul"):
            rincian.remove(daftar)
    return "".join(sel.itertext())


def test_tidak_ada_kolom_dan_baris_yang_hilang(halaman, dokumen):
    teks = rapat("".join(x.extract_text() for x in dokumen.pages))
    assert periksa_tabel(halaman[0].isi, teks) == 4
    for wajib in (
        "Catatan [kaki].",
        "Sumber: LKj.",
        "Tabel <lebar> & tanda #*_$",
        'dengan #set dan $x$ dan "petik" \\',
        "Garis contoh.",
        "Sumber: garis.",
        "Bukan terbitan Badan Uji.",
    ):
        assert rapat(wajib) in teks, wajib
    for lain in ("Unduh CSV", "Kendali", "Bagian kosong", "PNG", "tidak dicetak", "Rincian"):
        assert rapat(lain) not in teks, lain


def kata_di_luar_kertas(berkas):
    hasil = subprocess.run(["pdftotext", "-bbox", str(berkas), "-"], capture_output=True, text=True, check=True).stdout
    luar = []
    for isi in hasil.split("<page ")[1:]:
        lebar, tinggi = (float(x) for x in re.search(r'width="([\d.]+)" height="([\d.]+)"', isi).groups())
        for x0, y0, x1, y1, kata in re.findall(r'xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*?)<', isi):
            if float(x0) < 20 or float(y0) < 10 or float(x1) > lebar - 20 or float(y1) > tinggi - 10:
                luar.append(kata)
    return luar


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext tidak ada, letak kata di kertas tidak diuji.")
def test_semua_kata_di_dalam_kertas(berkas):
    assert kata_di_luar_kertas(berkas) == []


def test_tabel_lebar_di_halaman_mendatar_bersama_judulnya(dokumen):
    mendatar = [x for x in dokumen.pages if x.mediabox.width > x.mediabox.height]
    assert len(mendatar) == 1
    teks = mendatar[0].extract_text()
    assert "Bagian lebar" in teks and "Realisasi" in teks


def test_kepala_tabel_diulang_di_tiap_halaman(dokumen):
    halaman = [x.extract_text() for x in dokumen.pages]
    bersambung = [x for x in halaman if re.search(r"Panti (60|119)\b", x)]
    assert len(bersambung) == 2 and all("Namalembaga" in rapat(x) for x in bersambung)


def test_penanda_metadata_dan_struktur(dokumen):
    def ratakan(isi):
        return [y for x in isi for y in (ratakan(x) if isinstance(x, list) else [x.title])]

    penanda = ratakan(dokumen.outline)
    bab = ["Tabel", "Bagian sempit", "Bagian lebar", "Bagian panjang", "Bagian berparagraf", "Gambar", "Akhir"]
    assert penanda == ["Bab satu", *bab, "Bab dua"]
    akar = dokumen.trailer["/Root"]
    assert akar["/Lang"] == "id" and akar["/MarkInfo"]["/Marked"]
    assert dokumen.metadata.title == "Analisis Kinerja 2020" and dokumen.metadata.author == "Badan Uji"


def test_gambar_vektor_beralt_dan_tanpa_huruf_dari_mesin(berkas, dokumen):
    assert all(not x.images for x in dokumen.pages), "gambar tetap vektor"
    isi = berkas.read_bytes()
    alt = [x for x in range(1, len(dokumen.xref[0]) + 1) if "Garis naik" in str(objek(dokumen, x))]
    assert alt, "teks alternatif ada di struktur"
    huruf = {x.split("+")[1] for halaman in dokumen.pages for x in nama_huruf(halaman)}
    assert all(x.startswith(("Libertinus", "DejaVu")) for x in huruf), huruf
    assert isi.startswith(b"%PDF-")


def objek(dokumen, nomor):
    try:
        return dokumen.get_object(nomor)
    except pypdf.errors.PyPdfError:
        return None


def nama_huruf(halaman):
    huruf = halaman["/Resources"].get("/Font", {})
    return [str(x.get_object()["/BaseFont"]).removeprefix("/") for x in huruf.values()]


def test_daftar_isi_bernomor_halaman(dokumen):
    daftar = dokumen.pages[1].extract_text()
    assert "Daftar isi" in daftar and "Pokok pertama laporan." in daftar
    awal = daftar.split("Pokok-pokok")[0]
    nomor = dict(re.findall(r"(Bab \w+)[ .]*?(\d+)", awal))
    for judul, ke in nomor.items():
        # Sampul tidak bernomor: halaman 1 ada di lembar kedua.
        assert judul in dokumen.pages[int(ke)].extract_text()
    assert set(nomor) == {"Bab satu", "Bab dua"}


def test_byte_sama_setiap_kali_dan_bahasa_inggris(halaman, berkas, tmp_path):
    assert tulis(tmp_path / "lagi", halaman).read_bytes() == berkas.read_bytes()
    inggris = pypdf.PdfReader(tulis(tmp_path / "en", halaman, "en", peringatan="Only some pages."))
    assert inggris.trailer["/Root"]["/Lang"] == "en"
    assert "Contents" in inggris.pages[1].extract_text()
    assert "Only some pages." in inggris.pages[0].extract_text()


def test_tanpa_tabel_dan_pokok(tmp_path):
    satu = Halaman("b", "B", "<h1>B</h1><p>Isi.</p>")
    pdf.write(tmp_path, [satu], Cetakan(2020, "id", "", [], TERBITAN))
    assert "Isi." in pypdf.PdfReader(tmp_path / "laporan.pdf").pages[2].extract_text()


def test_laporan_utuh():
    """Di CI: semua tabel laporan sebenarnya utuh di PDF-nya dan tidak ada kata di luar kertas."""
    folder = Path(os.environ.get("KINERJA_UJI_LAPORAN", ""))
    if not (folder / "laporan.pdf").is_file() or not shutil.which("pdftotext"):
        pytest.skip("Laporan utuh (KINERJA_UJI_LAPORAN) atau pdftotext tidak ada.")
    berkas = folder / "laporan.pdf"
    mentah = subprocess.run(["pdftotext", "-raw", str(berkas), "-"], capture_output=True, text=True, check=True).stdout
    teks, banyak = rapat(mentah), 0
    for satu in json.loads((folder / "manifest.json").read_text("utf-8"))["halaman"]:
        for blok in read_blocks((folder / f"{satu}.html").read_text("utf-8")):
            if blok["jenis"] == "gambar":
                assert rapat(plain(blok["isi"])) in teks
                banyak += 1
            for baris in blok.get("baris", ()):
                sel = [plain(x["isi"]) for x in baris["sel"]]
                assert rapat("".join(sel)) in teks, f"baris tidak utuh di PDF: {sel}"
    assert banyak > 20
    assert kata_di_luar_kertas(berkas) == []
    assert len(pypdf.PdfReader(berkas).pages) <= 40
