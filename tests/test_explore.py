"""Panel: kendali mengubah hasil, kesalahan terlihat, satu perubahan satu hitungan."""

import ipywidgets as widgets
import pandas as pd
import pytest
from matplotlib.figure import Figure

from kinerja import fmt
from kinerja.errors import GalatHitung
from kinerja.explore import Hasil, Panel
from kinerja.keluaran import to_png
from kinerja.kolom import Kolom
from kinerja.tables import Tabel


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


def hitung(banyak: int, batas: bool) -> Hasil:
    if banyak == 0:
        raise GalatHitung("Banyaknya tidak boleh nol.")
    if banyak == 9:
        raise ZeroDivisionError("division by zero")
    kolom = Kolom("n", "Banyak", satuan="orang")
    frame = pd.DataFrame({"n": [min(banyak, 5) if batas else banyak]})
    return Hasil(tabel=Tabel("t", "Tabel <panel>", frame, [kolom]), teks=f"Hasil & {banyak}")


@pytest.fixture
def panel():
    return Panel(
        hitung,
        {
            "banyak": widgets.IntSlider(value=1, max=9, description="Banyaknya orang yang dihitung"),
            "batas": widgets.Checkbox(value=False, description="Dengan batas"),
        },
        judul="Hitung <orang>",
    )


def isi(panel):
    return " ".join(x.value for x in panel.children if isinstance(x, widgets.HTML))


def test_hasil_awal_dihitung_dari_nilai_kendali(panel):
    assert panel.hasil.tabel.frame["n"].tolist() == [1]
    assert (
        "Hasil &amp; 1" in isi(panel) and "Tabel &lt;panel&gt;" in isi(panel) and "Hitung &lt;orang&gt;" in isi(panel)
    )


def test_kendali_mengubah_hasil(panel):
    panel.controls["banyak"].value = 7
    assert panel.hasil.tabel.frame["n"].tolist() == [7]
    panel.controls["batas"].value = True
    assert panel.hasil.tabel.frame["n"].tolist() == [5]
    assert ">5</td>" in isi(panel) and ">7</td>" not in isi(panel)


def test_geser_tidak_menghitung_di_tengah_jalan(panel):
    assert panel.controls["banyak"].continuous_update is False


def test_kesalahan_diperlihatkan_dan_hasil_lama_hilang(panel):
    panel.controls["banyak"].value = 0
    assert panel.hasil is None
    assert '<p role="alert">Banyaknya tidak boleh nol.</p>' in isi(panel)
    assert "<td" not in isi(panel)
    panel.controls["banyak"].value = 9
    assert "Perhitungan gagal (ZeroDivisionError: division by zero)." in isi(panel)
    panel.controls["banyak"].value = 2
    assert panel.galat is None and ">2</td>" in isi(panel)


def test_tanda_sibuk_selama_hitungan_dan_hilang_sesudahnya(monkeypatch, panel):
    selama = []
    asli = panel.compute
    monkeypatch.setattr(panel, "compute", lambda **isi: selama.append(panel._kepala.value) or asli(**isi))
    for banyak in (4, 0, 9):
        panel.controls["banyak"].value = banyak
        assert 'role="status"' in selama[-1] and "menghitung" in selama[-1]
        assert "menghitung" not in isi(panel), "juga setelah hitungan yang gagal"
    assert len(selama) == 3


def test_label_utuh_dan_terbaca_pembaca_layar(panel):
    kendali = panel.controls["banyak"]
    assert kendali.tooltip == "Banyaknya orang yang dihitung"
    assert kendali.style.description_width == "initial"


def test_wujud_teks_panel_tetap(panel):
    assert repr(panel) == "Panel: Hitung <orang>"


def test_gambar_diganti_di_tempat():
    def gambar(n):
        return Hasil(png=to_png(Figure(figsize=(n, 1))) if n else None, alt="Uraian <gambar>")

    panel = Panel(gambar, {"n": widgets.IntText(value=2, description="Lebar")}, judul="G")
    semula = panel.children
    assert 'width="220" height="110"' in isi(panel) and 'alt="Uraian &lt;gambar&gt;"' in isi(panel)
    panel.controls["n"].value = 3
    assert panel.children == semula and isi(panel).count("<img") == 1
    assert 'width="330" height="110"' in isi(panel)
    panel.controls["n"].value = 0
    assert "<img" not in isi(panel)


def test_gambar_tanpa_uraian_memakai_kalimatnya():
    panel = Panel(lambda: Hasil(png=to_png(Figure(figsize=(1, 1))), teks="Satu kalimat."), {}, judul="G")
    assert 'alt="Satu kalimat."' in isi(panel)
