"""Laporan seperti dibuka orang: jaringan diputus, tabel diurutkan dan dicari, terbaca di telepon dan oleh pembaca layar.

CI memberi laporan utuh lewat KINERJA_UJI_LAPORAN; tanpa itu tiga halaman dirender ke folder sementara.
"""

import re
from pathlib import Path

import html5lib
import pypdf
import pytest

from .conftest import laporan_uji

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core tidak terpasang, ujinya dilewati.")


@pytest.fixture(scope="module")
def laporan(tmp_path_factory):
    return laporan_uji(tmp_path_factory, ["ringkasan", "ss3_dtks", "audit"])


@pytest.fixture(scope="module")
def alamat(laporan):
    return {berkas.stem: berkas.as_uri() for berkas in sorted(laporan.glob("*.html"))}


@pytest.fixture
def luring(laporan, halaman):
    """Halaman tanpa jaringan: permintaan selain berkas laporan ini dicatat dan diputus."""
    akar = laporan.as_uri()
    luar, kosong = [], []

    def saring(rute):
        if rute.request.url.startswith((akar, "data:")):
            rute.continue_()
        else:
            luar.append(rute.request.url)
            rute.abort()

    halaman.route("**/*", saring)
    halaman.on("requestfailed", lambda permintaan: kosong.append(permintaan.url))
    halaman.on("pageerror", lambda galat: kosong.append(str(galat)))
    halaman.on("console", lambda pesan: kosong.append(pesan.text) if pesan.type == "error" else None)
    yield halaman
    assert luar == []
    assert kosong == []


def test_tanpa_jaringan_semua_gambar_dan_tautan_ada(laporan, alamat, luring):
    for nama, satu in alamat.items():
        luring.goto(satu)
        gambar = luring.locator("img").evaluate_all("x => x.map(i => [i.src, i.naturalWidth, i.alt.length])")
        assert all(lebar > 0 and alt > 20 for _, lebar, alt in gambar), (nama, gambar)
        tautan = luring.locator("a[href]").evaluate_all("x => x.map(a => a.getAttribute('href'))")
        for satu_tautan in tautan:
            berkas, _, jangkar = satu_tautan.partition("#")
            assert not re.match(r"[a-z]+:", berkas), f"{nama}: tautan keluar {satu_tautan}"
            tujuan = laporan / (berkas or f"{nama}.html")
            assert tujuan.is_file(), f"{nama}: {satu_tautan} tidak ada"
            if jangkar and tujuan.suffix == ".html":
                assert f'id="{jangkar}"' in tujuan.read_text("utf-8"), f"{nama}: {satu_tautan} tidak ada"


def test_html_sah(laporan):
    for berkas in laporan.glob("*.html"):
        html5lib.HTMLParser(strict=True).parse(berkas.read_text("utf-8"))
        pengenal = re.findall(r'\sid="([^"]+)"', berkas.read_text("utf-8"))
        assert len(pengenal) == len(set(pengenal)), f"{berkas.name}: pengenal berulang"


@pytest.mark.parametrize("layar", ["halaman", "telepon"])
def test_terbaca_semua_orang(alamat, layar, request):
    satu_layar = request.getfixturevalue(layar)
    for nama, satu in alamat.items():
        satu_layar.goto(satu)
        lebar = satu_layar.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
        assert lebar[0] <= lebar[1], f"{nama} dapat digulung ke samping di {layar}"
        # Baris satu tabel berbentuk sama; memeriksa ratusan yang serupa hanya menambah menit.
        satu_layar.evaluate(
            "document.querySelectorAll('tbody tr:nth-child(n+13)').forEach(x => x.closest('.tk-gulir') && x.remove())"
        )
        pelanggaran = axe.Axe().run(satu_layar, options={"resultTypes": ["violations"]}).response["violations"]
        assert [(x["id"], x["nodes"][0]["html"]) for x in pelanggaran] == [], nama


def isi_kolom(tabel, kolom):
    return tabel.locator("tbody tr:not(.tk-tebal)").evaluate_all(
        "(baris, k) => baris.map(x => x.cells[k].dataset.nilai ?? x.cells[k].textContent)", kolom
    )


def test_urutkan_dengan_papan_ketik(alamat, luring):
    luring.goto(alamat["ringkasan"])
    tabel = buka_lipatan(luring, "utama").locator("table")
    semula = isi_kolom(tabel, 0)
    kepala = tabel.get_by_role("columnheader", name="Dengan batas")
    kolom = kepala.evaluate("x => x.cellIndex")
    kepala.locator("button").focus()
    luring.keyboard.press("Enter")
    assert kepala.get_attribute("aria-sort") == "ascending"
    naik = [float(x) for x in isi_kolom(tabel, kolom)]
    assert naik == sorted(naik)
    assert isi_kolom(tabel, 0)[0] == "LKS terakreditasi", "capaian terendah menurut laporan: 78,83%"
    luring.keyboard.press("Space")
    assert kepala.get_attribute("aria-sort") == "descending"
    assert isi_kolom(tabel, 0)[0] == "Pemanfaatan DTKS", "capaian tertinggi menurut laporan: 120%"
    assert "turun" in luring.locator("#tabel-utama output").inner_text()
    luring.keyboard.press("Enter")
    assert isi_kolom(tabel, 0) == semula
    assert kepala.get_attribute("aria-sort") == "none"


def test_satuan_campuran_tidak_dibandingkan(alamat, luring):
    luring.goto(alamat["ringkasan"])
    tabel = buka_lipatan(luring, "utama").locator("table")
    kepala = tabel.locator('th[scope="col"]', has_text="Target").first
    kolom = kepala.evaluate("x => x.cellIndex")
    kepala.locator("button").click()
    sel = tabel.locator(f"tbody tr > :nth-child({kolom + 1})")
    satuan = sel.evaluate_all("x => x.map(s => s.dataset.satuan)")
    kelompok = [x for i, x in enumerate(satuan) if not i or satuan[i - 1] != x]
    assert len(kelompok) == len(set(kelompok)), "tiap satuan berkumpul"
    persen = [float(x) for x, s in zip(isi_kolom(tabel, kolom), satuan, strict=True) if s == "persen"]
    assert persen == [25.0, 28.0, 29.18, 40.0], "target persen menurut laporan, dari yang terkecil"


def test_yang_tidak_ada_selalu_terakhir(alamat, luring):
    luring.goto(alamat["ringkasan"])
    luring.set_content(
        '<html lang="id"><body><div class="tk-gulir"><table class="tk"><caption>T</caption><thead><tr>'
        '<th scope="col">Nama</th><th scope="col">Nilai</th></tr></thead><tbody>'
        '<tr><th>a</th><td class="tk-tidak-tersedia">…</td></tr><tr><th>b</th><td data-nilai="-2">−2</td></tr>'
        '<tr><th>c</th><td data-nilai="10.5">10,5</td></tr><tr><th>d</th><td data-nilai="9">9</td></tr>'
        "</tbody></table></div></body></html>"
    )
    skrip = Path(alamat["index"].removeprefix("file://")).with_name("laporan.js").read_text("utf-8")
    kata = dict.fromkeys(("cari", "semua", "cocok", "urutkan", "naik", "turun", "semula"), "{kolom}")
    luring.evaluate(
        "([isi, kata]) => { const s = document.createElement('script'); Object.assign(s.dataset, kata);"
        " s.textContent = isi; document.body.append(s); }",
        [skrip, kata],
    )
    tombol = luring.locator("button").nth(1)
    urutan = []
    for _ in range(2):
        tombol.click()
        urutan.append("".join(luring.locator("tbody th").all_inner_texts()))
    assert urutan == ["bdca", "cdba"]


def test_cari_baris(alamat, luring):
    luring.goto(alamat["audit"])
    bingkai = buka_lipatan(luring, "pertentangan")
    kotak = bingkai.get_by_role("searchbox")
    assert "Angka yang bertentangan" in kotak.get_attribute("aria-label")
    hasil = bingkai.locator("output")
    assert hasil.get_attribute("aria-live") == "polite"
    assert hasil.inner_text() == "22 baris"
    kotak.fill("103,58")
    assert re.fullmatch(r"[1-9]\d* dari 22 baris cocok", hasil.inner_text())
    assert all("103,58" in x for x in bingkai.locator("tbody tr:visible").all_inner_texts())
    kotak.fill("tidakada")
    assert hasil.inner_text() == "0 dari 22 baris cocok"
    kotak.fill("")
    assert bingkai.locator("tbody tr:visible").count() == 22


def test_asal_usul_dibuka_sebagai_baris_penuh_di_bawahnya(alamat, luring):
    luring.goto(alamat["ringkasan"])
    tabel = buka_lipatan(luring, "utama").locator("table")
    lebar = tabel.evaluate("x => x.scrollWidth")
    tabel.locator("details.tk-asal summary").first.click()
    baris = tabel.locator("tr.tk-asal-baris")
    baris.wait_for(state="visible")
    assert "/" in baris.inner_text()
    assert tabel.evaluate("x => x.scrollWidth") == lebar, "tidak ada kolom yang terdorong"
    tabel.locator("details.tk-asal summary").first.click()
    baris.wait_for(state="detached")


def buka_lipatan(halaman, nama):
    """Tabel jawaban yang terlipat, sudah dibuka."""
    bingkai = halaman.locator(f"#tabel-{nama}")
    bingkai.evaluate("x => { for (let y = x; y; y = y.parentElement) if (y.tagName === 'DETAILS') y.open = true }")
    return bingkai


def test_cari_angka_dengan_atau_tanpa_titik_ribuan(alamat, luring):
    luring.goto(alamat["audit"])
    bingkai = buka_lipatan(luring, "pertentangan")
    kotak = bingkai.get_by_role("searchbox")
    cocok = []
    for ketikan in ("26.629", "26629"):
        kotak.fill(ketikan)
        cocok.append(bingkai.locator("tbody tr:visible").count())
    assert cocok[0] == cocok[1] >= 1


def test_angka_utama_di_depan(alamat, luring):
    luring.goto(alamat["index"])
    # Angka dari cetakan laporan: capaian kementerian, lalu capaian setiap indikator.
    assert "101,5 persen" in luring.locator(".ringkas h1").inner_text()
    capaian = luring.locator("table.strip td.s-capaian").all_inner_texts()
    for tercetak, isi in zip(("93,7%", "100,3%", "84,6%", "78,8%", "100,0%", "120,0%", "101,5%"), capaian, strict=True):
        assert isi.startswith(tercetak), isi


def test_tercetak_utuh(alamat, luring):
    luring.goto(alamat["audit"])
    buka_lipatan(luring, "pertentangan").get_by_role("searchbox").fill("103,58")
    luring.emulate_media(media="print")
    tabel = luring.locator("#tabel-pertentangan tbody tr:visible")
    assert tabel.count() == 22, "pencarian tidak menghilangkan baris cetakan"
    assert not luring.locator(".cari-tabel, nav, .unduh, .tidak-dicetak").locator("visible=true").count()


def test_kepala_tabel_diulang_di_setiap_halaman_cetak(alamat, luring, tmp_path):
    luring.goto(alamat["audit"])
    buka_lipatan(luring, "pertentangan")
    luring.pdf(path=tmp_path / "cetak.pdf", format="A4")
    halaman = [x.extract_text() for x in pypdf.PdfReader(tmp_path / "cetak.pdf").pages]
    # Tabel pertentangan memenuhi beberapa halaman; kepalanya ada di masing-masing.
    berkepala = [n for n, isi in enumerate(halaman) if "Hitungan dan sebab" in isi]
    assert len(berkepala) >= 2 and berkepala[1] == berkepala[0] + 1
