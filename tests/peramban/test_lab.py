"""Notebook di JupyterLab yang sebenarnya: jalankan semua, gerakkan kendali, lihat gambarnya berganti di tempat."""

import pytest


def panel_pertama(halaman):
    """Wadah panel pertama di notebook, digulung ke layar."""
    panel = halaman.locator(".jp-OutputArea-output .widget-vbox:has(img)").first
    panel.wait_for(state="attached", timeout=60_000)
    panel.scroll_into_view_if_needed()
    panel.locator("img").first.wait_for(state="visible", timeout=30_000)
    return panel


def gambar_berganti(panel, lama):
    panel.page.wait_for_function(
        "([panel, lama]) => { const img = panel.querySelector('img'); "
        "return img && img.src !== lama && img.complete && img.naturalWidth > 0 }",
        arg=[panel.element_handle(), lama],
        timeout=20_000,
    )


@pytest.fixture
def panel(buka_lab):
    return panel_pertama(buka_lab("ss3_dtks"))


def test_panel_berganti_di_tempat_dengan_papan_ketik(panel):
    assert panel.page.locator(".jupyter-widgets-error-widget").count() == 0
    gambar, pegangan = panel.locator("img").first, panel.get_by_role("slider").first
    lama, kotak = gambar.get_attribute("src"), panel.bounding_box()
    pegangan.focus()
    pegangan.press("ArrowLeft")
    gambar_berganti(panel, lama)
    sesudah = panel.bounding_box()
    assert (sesudah["x"], sesudah["width"]) == (kotak["x"], kotak["width"])
    assert panel.locator("img").count() == 1, "hasil tidak bertumpuk"
    tampil, asli = gambar.evaluate("x => [x.clientWidth, x.naturalWidth]")
    assert asli >= 1.9 * tampil, "gambar setajam layar rapat dua kali"


def test_penjelajah(buka_lab):
    panel = panel_pertama(buka_lab("jelajah_ikesos"))
    assert panel.page.locator(".jupyter-widgets-error-widget").count() == 0
    tempat = (
        "panel => { const g = panel.querySelector('img').getBoundingClientRect(), p = panel.getBoundingClientRect();"
    )
    tempat += " return [g.x - p.x, g.y - p.y, g.width, g.height] }"
    letak = panel.evaluate(tempat)
    pegangan, gambar = panel.get_by_role("slider").first, panel.locator("img")
    lama = gambar.get_attribute("src")
    pegangan.focus()
    pegangan.press("ArrowLeft")
    gambar_berganti(panel, lama)
    assert "bobot KD 0,9" in gambar.get_attribute("alt")
    lama = gambar.get_attribute("src")
    panel.get_by_role("combobox", name="Agregasi").select_option(label="Rata-rata geometrik")
    gambar_berganti(panel, lama)
    assert panel.evaluate(tempat) == letak and gambar.count() == 1
