"""Penjelajah Ikesos seperti dipakai orang, di JupyterLab dan di aplikasi: geser, pilih, simpan, dan lihat hasilnya."""

import csv
import io

import pytest

from .conftest import LEBAR_LAYAR, SABAR
from .test_lab import gambar_berganti
from .test_tangkapan import tangkap

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core tidak terpasang, ujinya dilewati.")

PENGAMAT = """
panel => {
  window.teramati = {gambar: 0, sibuk: 0, lompat: 0};
  const tempat = () => {
    const g = panel.querySelector('img')?.getBoundingClientRect(), p = panel.getBoundingClientRect();
    return g ? JSON.stringify([g.x - p.x, g.y - p.y, g.width, g.height]) : '';
  };
  let lama = panel.querySelector('img').src, letak = tempat();
  new MutationObserver(() => {
    if (panel.querySelector('.kinerja-sibuk')) window.teramati.sibuk += 1;
    const kini = panel.querySelector('img');
    if (!kini || kini.src === lama) return;
    lama = kini.src; window.teramati.gambar += 1;
    if (tempat() !== letak) window.teramati.lompat += 1;
  }).observe(panel, {childList: true, subtree: true});
}
"""


def penjelajah(halaman):
    """Wadah penjelajah, digulung ke layar, gambarnya sudah tampak."""
    panel = halaman.locator(".jp-OutputArea-output .widget-vbox:has([role=slider])").first
    panel.wait_for(state="attached", timeout=60_000)
    panel.scroll_into_view_if_needed()
    panel.locator("img").wait_for(state="visible", timeout=30_000)
    return panel


def tenang(halaman):
    """Tunggu sampai tanda sibuk hilang dan gambarnya tidak berganti lagi."""
    halaman.wait_for_function(
        "() => { const kini = JSON.stringify(window.teramati) + !!document.querySelector('.kinerja-sibuk');"
        " const sama = kini === window.tadi && kini.endsWith('false'); window.tadi = kini; return sama }",
        polling=400,
        timeout=30_000,
    )
    return halaman.evaluate("() => window.teramati")


@pytest.fixture(scope="module")
def panel(aplikasi, peramban):
    """Penjelajah di aplikasi, keadaannya dibawa dari uji ke uji."""
    konteks = peramban.new_context(viewport=LEBAR_LAYAR, device_scale_factor=2, accept_downloads=True)
    konteks.set_default_navigation_timeout(SABAR)
    halaman = konteks.new_page()
    halaman.goto(f"{aplikasi}voila/render/jelajah_ikesos.ipynb")
    halaman.wait_for_function("() => document.documentElement.dataset.siap === 'ya'", timeout=90_000)
    panel = penjelajah(halaman)
    halaman.evaluate(PENGAMAT, panel.element_handle())
    yield panel
    konteks.close()


def nol(panel):
    panel.page.evaluate("() => Object.assign(window.teramati, {gambar: 0, sibuk: 0, lompat: 0})")


def test_tangkapan_penjelajah(panel, tmp_path):
    panel.evaluate("x => x.scrollIntoView({block: 'start'})")
    tangkap(panel.page, "jelajah", tmp_path)


def test_sekali_seret_sekali_hitung(panel):
    nol(panel)
    pegangan = panel.get_by_role("slider").nth(1)
    pegangan.scroll_into_view_if_needed()
    kotak = pegangan.bounding_box()
    x, y = kotak["x"] + kotak["width"] / 2, kotak["y"] + kotak["height"] / 2
    tetikus = panel.page.mouse
    tetikus.move(x, y)
    tetikus.down()
    for langkah in range(1, 11):
        tetikus.move(x + 2 * langkah, y)
        panel.page.wait_for_timeout(30)
    assert panel.page.evaluate("() => window.teramati.gambar") == 0, "tidak menghitung selagi diseret"
    tetikus.up()
    hasil = tenang(panel.page)
    assert hasil["gambar"] == 1
    assert hasil["sibuk"] >= 1, "tanda sibuk dipasang selama hitungan"
    assert hasil["lompat"] == 0, "gambar baru di tempat gambar lama"


def test_tombol_panah_ditahan_tidak_menumpuk_dan_berakhir_di_nilai_terakhir(panel):
    nol(panel)
    pegangan = panel.get_by_role("slider").first
    awal = float(pegangan.get_attribute("aria-valuenow"))
    pegangan.focus()
    for _ in range(12):
        panel.page.keyboard.down("ArrowRight")
    panel.page.keyboard.up("ArrowRight")
    hasil = tenang(panel.page)
    assert 1 <= hasil["gambar"] < 12, "yang lama dilewati, bukan diantrekan"
    assert hasil["lompat"] == 0
    akhir = f"{awal + 1.2:.1f}".replace(".", ",")
    assert f"bobot KD {akhir}" in panel.locator("img").get_attribute("alt")


def test_terbaca_semua_orang(panel):
    pegangan = panel.get_by_role("slider")
    assert pegangan.evaluate_all("x => x.map(p => p.getAttribute('aria-label'))") == [
        "Bobot Kebutuhan Dasar", "Bobot Peranan Sosial", "Bobot Kemandirian Ekonomi",
        "Bobot Rumah tangga", "Bobot Disabilitas", "Bobot Lansia",
    ]  # fmt: skip
    pegangan.first.focus()
    panel.page.keyboard.press("ArrowRight")
    tenang(panel.page)
    garis, dasar = pegangan.first.evaluate(
        "x => [getComputedStyle(x).outlineStyle, getComputedStyle(x).backgroundColor]"
    )
    assert garis == "solid" and dasar != "rgba(0, 0, 0, 0)", "pegangan yang difokus terlihat"
    pelanggaran = axe.Axe().run(panel.page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(x["id"], x["nodes"][0]["html"]) for x in pelanggaran if x["impact"] in ("serious", "critical")] == []
    menu = panel.get_by_role("combobox")
    nama = menu.evaluate_all("x => x.map(m => m.labels[0]?.textContent ?? '')")
    assert nama == [
        "Tampilan", "Sasaran", "Jenjang", "Bagian", "Wilayah", "Daerah", "Kelamin", "Agregasi", "Dasar", "Bandingkan", "dengan",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "tampilan",
    [
        "Peta panas",
        "Peta kotak provinsi",
        "Penguraian dua wilayah",
        "Ketidakpastian peringkat",
        "Peringkat dengan selang",
    ],
)
def test_tampilan_dan_unduhannya(panel, tampilan):
    gambar = panel.locator("img")
    lama = gambar.get_attribute("src")
    panel.get_by_role("combobox", name="Tampilan").select_option(label=tampilan)
    gambar_berganti(panel, lama)
    assert gambar.count() == 1
    assert gambar.get_attribute("alt").startswith(tampilan)
    tampil, asli = gambar.evaluate("x => [x.clientWidth, x.naturalWidth]")
    assert asli >= 1.9 * tampil, "setajam layar rapat dua kali"
    tenang(panel.page)
    with panel.page.expect_download() as unduh:
        panel.get_by_role("link", name="Unduh tabel (CSV)").click()
    isi = list(csv.DictReader(io.StringIO(open(unduh.value.path(), encoding="utf-8").read())))
    assert unduh.value.suggested_filename.endswith(".csv")
    assert "sintetis" in {x["keadaan"] for x in isi} <= {"sintetis", "tidak_tersedia"}


def test_kesalahan_menjadi_kalimat_lalu_pulih(panel):
    panel.get_by_role("combobox", name="Bandingkan").select_option(label="Wilayah L")
    panel.get_by_role("combobox", name="dengan").select_option(label="Wilayah L")
    sabda = panel.get_by_role("alert")
    sabda.wait_for(timeout=20_000)
    assert "pilih dua yang berbeda" in sabda.inner_text()
    assert panel.locator("img").count() == 0, "gambar lama tidak tertinggal"
    panel.get_by_role("combobox", name="dengan").select_option(label="Wilayah A")
    panel.locator("img").wait_for(timeout=20_000)
    assert panel.get_by_role("alert").count() == 0


def test_tampilan_tersimpan_dibuka_lagi_lewat_alamat(aplikasi, panel):
    panel.get_by_text("Simpan tampilan ini sebagai parameter").click()
    perintah = panel.locator("pre").inner_text()
    assert "kinerja peragaan --tahun" in perintah and "-p pasangan L,A" in perintah
    gambar = panel.locator("img").get_attribute("alt")
    assert "bobot KD" in gambar


def test_kendali_dan_semua_provinsi_dalam_satu_layar(panel):
    """Pada 1440 x 900 gambar, semua menu, dan semua penggeser terlihat bersama tanpa digulung."""
    halaman = panel.page
    lama = halaman.viewport_size
    halaman.set_viewport_size({"width": 1440, "height": 900})
    halaman.evaluate("() => window.scrollTo(0, 0)")
    halaman.wait_for_timeout(300)
    kotak = panel.locator("img").bounding_box()
    kendali = [x.bounding_box() for x in panel.locator("select, [role=slider]").all()]
    halaman.set_viewport_size(lama)
    assert kotak["y"] + kotak["height"] <= 900 and max(x["y"] + x["height"] for x in kendali) <= 900
    assert max(x["x"] + x["width"] for x in kendali) <= kotak["x"], "kendali di samping gambar"


def test_di_telepon_kendali_di_dalam_layar(aplikasi, telepon):
    telepon.goto(
        f"{aplikasi}voila/render/jelajah_ikesos.ipynb?tampilan=peta&agregasi=geometrik",
        wait_until="commit",
        timeout=60_000,
    )
    telepon.wait_for_function("() => document.documentElement.dataset.siap === 'ya'", timeout=90_000)
    panel = penjelajah(telepon)
    assert "geometrik" in panel.locator("img").get_attribute("alt"), "parameter di alamat menjadi keadaan panel"
    menu = panel.get_by_role("combobox").first.bounding_box()
    assert panel.locator("img").bounding_box()["y"] < menu["y"], "gambarnya di layar pertama"
    lebar = telepon.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
    assert lebar[0] <= lebar[1]
    for kendali in panel.locator(".widget-dropdown, .widget-slider").all():
        kotak = kendali.bounding_box()
        assert kotak["x"] >= 0 and kotak["x"] + kotak["width"] <= lebar[1]
