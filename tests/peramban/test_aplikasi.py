"""Aplikasi Voila seperti dipakai orang: halaman depan, notebook tanpa kode, kendali, notebook berikutnya, dua bahasa."""

import pytest

from kinerja import paths

from .test_lab import gambar_berganti


@pytest.fixture
def lokal(aplikasi, request):
    """Halaman (``halaman``, atau ``telepon``) yang hanya boleh meminta ke mesin ini; yang lain dicatat dan diputus."""
    halaman = request.getfixturevalue(getattr(request, "param", "halaman"))
    halaman.permintaan_luar = []

    def saring(rute):
        if rute.request.url.startswith((aplikasi, "data:", "blob:")):
            rute.continue_()
        else:
            halaman.permintaan_luar.append(rute.request.url)
            rute.abort()

    halaman.route("**/*", saring)
    yield halaman
    assert halaman.permintaan_luar == []


def siap(halaman):
    """Tunggu sampai semua sel dijalankan dan panel tergambar."""
    halaman.wait_for_function("() => document.documentElement.dataset.siap === 'ya'", timeout=90_000)


def tidak_melebar(halaman):
    lebar = halaman.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
    assert lebar[0] <= lebar[1], "halaman tidak dapat digulung ke samping"


def test_dari_depan_ke_notebook_dan_kendalinya(aplikasi, lokal):
    lokal.goto(aplikasi)
    assert lokal.locator("html").get_attribute("lang") == "id"
    tautan = lokal.locator("main a[href*='/render/']")
    tersaji = {a.split("/render/")[1].split(".ipynb")[0] for a in tautan.evaluate_all("x => x.map(a => a.href)")}
    assert tersaji == {p.stem for p in paths.notebooks().glob("*.ipynb")}
    tautan.and_(lokal.locator("[href*='ss3_dtks']")).first.click()
    lokal.wait_for_url("**/ss3_dtks.ipynb*")
    siap(lokal)
    assert lokal.locator(".jp-InputArea-editor, .highlight, .CodeMirror, .cm-editor").count() == 0, "tidak ada kode"
    assert "open_buku" not in lokal.locator("body").inner_text()

    panel = lokal.locator(".widget-vbox:has(img)").first
    panel.scroll_into_view_if_needed()
    gambar = panel.locator("img").first
    gambar.wait_for(state="visible")
    lama, kotak = gambar.get_attribute("src"), panel.bounding_box()
    pegangan = panel.get_by_role("slider").first
    pegangan.focus()
    pegangan.press("ArrowLeft")
    gambar_berganti(panel, lama)
    sesudah = panel.bounding_box()
    assert (sesudah["x"], sesudah["width"]) == (kotak["x"], kotak["width"])
    assert panel.locator("img").count() == 1


@pytest.mark.parametrize("lokal", ["telepon"], indirect=True)
def test_di_telepon_dari_satu_notebook_ke_berikutnya_dalam_bahasa_inggris(aplikasi, lokal):
    lokal.goto(aplikasi)
    tidak_melebar(lokal)
    lokal.goto(f"{aplikasi}voila/render/ringkasan.ipynb?bahasa=en")
    siap(lokal)
    tidak_melebar(lokal)
    assert lokal.locator("html").get_attribute("lang") == "en"
    lokal.locator("a[rel='next']").first.click()
    lokal.wait_for_load_state("domcontentloaded")
    siap(lokal)
    assert "ringkasan" not in lokal.url
    assert lokal.locator("html").get_attribute("lang") == "en", "bahasa terbawa ke notebook berikutnya"


def test_parameter_salah_menjadi_satu_kalimat(aplikasi, halaman):
    jawab = halaman.goto(f"{aplikasi}voila/render/ss3_dtks.ipynb?kabkota_dihitung=seribu")
    assert jawab.status == 400
    isi = halaman.locator("body").inner_text()
    assert "kabkota_dihitung" in isi
    assert "Traceback" not in isi
