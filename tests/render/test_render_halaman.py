"""Halaman: widget, skrip, dan stderr tidak sampai ke pembaca; judul bertaut; terjemahan; tanpa alamat luar."""

import re
from html.parser import HTMLParser

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.render import halaman
from kinerja.render.halaman import Halaman, convert
from kinerja.render.rencana import Tugas

WIDGET = "application/vnd.jupyter.widget-view+json"
HAMPA = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}


class Pemeriksa(HTMLParser):
    """Pasangan tag dan pengenal ganda."""

    def __init__(self):
        super().__init__()
        self.tumpukan, self.pengenal, self.salah = [], [], []

    def handle_starttag(self, tag, attrs):
        self.pengenal += [nilai for nama, nilai in attrs if nama == "id"]
        if tag not in HAMPA:
            self.tumpukan.append(tag)

    def handle_endtag(self, tag):
        if tag in HAMPA or not self.tumpukan or self.tumpukan.pop() != tag:
            self.salah.append(tag)


def periksa_html(isi):
    """Pastikan tag berpasangan dan pengenal unik."""
    pemeriksa = Pemeriksa()
    pemeriksa.feed(isi)
    assert pemeriksa.salah == [] and pemeriksa.tumpukan == []
    assert len(pemeriksa.pengenal) == len(set(pemeriksa.pengenal))


@pytest.fixture
def ubah(proyek, tmp_path):
    """Ubah sel-sel menjadi isi halaman."""

    def jalankan(*sel, bahasa="id", kode=False):
        nb = new_notebook(cells=list(sel), metadata={"widgets": {WIDGET: {"state": {"rahasia": {}}}}})
        nbformat.write(nb, tmp_path / "n.ipynb")
        return convert(tmp_path / "n.ipynb", Tugas("angka", "n", tmp_path, "N"), bahasa=bahasa, kode=kode)

    return jalankan


def sel_berkeluaran(*keluaran, sumber="x = 1"):
    return new_code_cell(sumber, outputs=list(keluaran), execution_count=1)


def data(**isi):
    return new_output("display_data", {kunci.replace("__", "/"): nilai for kunci, nilai in isi.items()})


def test_yang_tidak_boleh_sampai_ke_pembaca_dibuang(ubah):
    isi = ubah(
        sel_berkeluaran(
            new_output("display_data", {WIDGET: {"model_id": "abc"}, "text/plain": "IntSlider()"}),
            new_output("display_data", {"application/javascript": "alert(1)"}),
            new_output("stream", name="stderr", text="peringatan rahasia"),
            data(text__plain="polos", text__html="<p>tampil</p>"),
        )
    ).isi
    assert "<p>tampil</p>" in isi
    for rahasia in ("IntSlider", "abc", "alert", "rahasia", "polos", "<script"):
        assert rahasia not in isi


def test_kode_hanya_bila_diminta(ubah):
    sel = sel_berkeluaran(data(text__plain="a"), sumber="angka_rahasia = 1")
    assert "angka_rahasia" not in ubah(sel).isi
    assert "angka_rahasia" in re.sub(r"<[^>]+>", "", ubah(sel, kode=True).isi)


def test_judul_bertaut_dan_unik(ubah):
    hasil = ubah(
        new_markdown_cell("# N\n\n## Tabel\n\n### Sama & <b>lain</b>"),
        new_markdown_cell("## Gambar\n\n### Sama & lain"),
    )
    assert hasil.bagian == [("tabel", "Tabel"), ("gambar", "Gambar")]
    assert re.findall(r'<h3 id="([^"]+)"', hasil.isi) == ["sama-lain", "sama-lain-2"]
    periksa_html(hasil.isi)


def test_bagian_tanpa_data_tidak_ada_di_halaman(ubah):
    """Jawaban kosong tidak menulis apa-apa di laporan; pertanyaannya lalu ikut hilang, yang berisi tetap."""
    ringkas = data(text__plain="r", text__html='<div class="ringkas"><h1>Kepala</h1></div>')
    isi = ubah(
        new_markdown_cell("# Angka"),
        new_markdown_cell("## Jawaban singkat"), sel_berkeluaran(ringkas),
        new_markdown_cell("## Unit mana yang menyisakan?"), sel_berkeluaran(),
        new_markdown_cell("## Berapa yang terserap?"), sel_berkeluaran(data(text__plain="a", text__html="<p>97</p>")),
        new_markdown_cell("## Mengapa dan tindak lanjut"), sel_berkeluaran(),
    )  # fmt: skip
    assert [x for _, x in isi.bagian] == ["Berapa yang terserap?"]


def test_terjemahan_sel_dan_judul_baku(ubah):
    sel = [
        new_markdown_cell("# Angka", id="judul"),
        new_markdown_cell("## Mengapa dan tindak lanjut", id="lain"),
        new_markdown_cell("## Bukan baku", id="lain2"),
    ]
    isi = ubah(*sel, bahasa="en").isi
    assert "Tiny numbers" in isi and "Why, and what follows" in isi and "Bukan baku" in isi
    assert "Mengapa dan tindak lanjut" in ubah(*sel).isi


def test_isi_sama_setiap_kali_meskipun_pengenal_sel_acak(ubah):
    isi = [ubah(new_code_cell("x"), sel_berkeluaran(data(text__plain="a")), kode=True).isi for _ in range(2)]
    assert isi[0] == isi[1]


def test_kerangka_halaman(tmp_path, proyek):
    semua = [Halaman(n, f"Judul <{n}>", f'<h2 id="b">Bagian {n}</h2>') for n in "abc"]
    with fmt.using("en"):
        for satu in semua:
            halaman.write(tmp_path, satu, semua, "en", tahun=2020, penjelajah="")
    isi = (tmp_path / "b.html").read_text("utf-8")
    periksa_html(isi)
    assert '<html lang="en">' in isi and "<title>Judul &lt;b&gt; · Performance Analysis 2020</title>" in isi
    assert '<a rel="prev" href="a.html">' in isi and '<a rel="next" href="c.html">' in isi
    assert isi.count('aria-current="page"') == 2, "di menu lebar dan di menu lipat"
    assert halaman.read_back(tmp_path, "b", {"judul": "Judul <b>"}) == semua[1]


def test_halaman_versi_lain_tidak_dipakai_ulang(tmp_path):
    (tmp_path / "a.html").write_text("<html></html>")
    for nama in ("a", "tidak-ada"):
        with pytest.raises(GalatParameter, match="tidak dapat dipakai lagi"):
            halaman.read_back(tmp_path, nama, {"judul": "x"})


def test_kata_kerangka_lengkap_dua_bahasa():
    kata = halaman.words()
    assert kata["id"].keys() == kata["en"].keys()
    kosong = {k for bahasa in kata for k, isi in kata[bahasa].items() if not isi}
    assert kosong <= {"catatan_situs"}, "hanya situs peragaan yang bercatatan"


def test_gaya_tanpa_alamat_luar_dan_kontras_cukup():
    gaya = halaman.stylesheet()
    assert "http" not in gaya and "@import" not in gaya and "url(" not in gaya
    warna = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", gaya))
    for depan, belakang in (
        ("tinta", "latar"), ("tinta", "bidang"), ("redup", "latar"), ("redup", "bidang"), ("aksen", "latar"),
        ("aksen", "bidang"), ("aksen-gelap", "latar"), ("latar", "aksen-gelap"), ("peringatan", "peringatan-bidang"),
    ):  # fmt: skip
        assert kontras(warna[depan], warna[belakang]) >= 4.5, (depan, belakang)


def kontras(satu, dua):
    """Rasio kontras WCAG 2.1 dua warna #rrggbb."""

    def terang(warna):
        saluran = [int(warna[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        lurus = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in saluran]
        return 0.2126 * lurus[0] + 0.7152 * lurus[1] + 0.0722 * lurus[2]

    a, b = sorted((terang(satu), terang(dua)))
    return (b + 0.05) / (a + 0.05)
