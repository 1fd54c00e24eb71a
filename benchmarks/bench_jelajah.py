"""Tolok ukur penjelajah: dari bobot yang digeser sampai gambar baru, di kernel dan di peramban.

Di kernel: mengubah nilai penggeser sampai HTML gambarnya siap dikirim, untuk 34 provinsi dan 514 kabupaten/kota;
pembandingnya gambar yang sama dibangun dari awal dan ditulis penulis PNG biasa, diukur berselang-seling.
Di peramban (JupyterLab dan Voila, Chromium tanpa layar): dari tombol panah ditekan di penggeser sampai gambar baru
terurai dan digambar layar; pembandingnya grafik batang polos (34 batang, ``savefig``) di JupyterLab, dengan kendali dan
cara ukur yang sama. Survei yang dipakai survei sintetis kecil bawaan.

Tujuannya: di kernel 100 ms (provinsi) dan 250 ms (kabupaten/kota), di peramban 150 ms; grafik batang polos memakan
120 sampai 140 ms di mesin yang menganggur.

    python benchmarks/bench_jelajah.py [--ulang 20] [--bagian kernel|peramban] [--tangkap BERKAS.png]
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from matplotlib.figure import Figure
from ukur import Nisbah, peak_memory, print_ratios

from kinerja import data, fmt, paths
from kinerja.buku import Buku
from kinerja.jelajah import Jelajah, PanelJelajah, Pilihan, open_survey
from kinerja.jelajah.pilihan import TAMPILAN, WILAYAH
from kinerja.keluaran import to_png

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.peramban.peladen import AKAR, PILIHAN_CHROMIUM, Peladen, jalankan_di_lab, letak_chromium

POLOS = "batang_polos"
TUJUAN = {"provinsi": 100, "kabkota": 250}
"""Milidetik di kernel."""
TUJUAN_PERAMBAN = 150
NISBAH_PERAMBAN = TUJUAN_PERAMBAN / 130
"""Tujuan di peramban terhadap grafik batang polos (120 sampai 140 ms di mesin yang menganggur)."""
SEL_POLOS = """
import base64, io
import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np

acak = np.random.default_rng(1)
geser, gambar = widgets.FloatSlider(value=1, max=3, step=0.1, continuous_update=False), widgets.HTML()

def hitung(_):
    fig, ax = plt.subplots(figsize=(8, 7.4))
    ax.barh(range(34), acak.random(34) * geser.value)
    isi = io.BytesIO()
    fig.savefig(isi, dpi=220)
    plt.close(fig)
    alamat = "data:image/png;base64," + base64.b64encode(isi.getvalue()).decode()
    gambar.value = f'<img src="{alamat}" width="880" height="814">'

geser.observe(hitung, names="value")
hitung(None)
widgets.VBox([geser, gambar])
"""

PENGUKUR = """
([panel]) => {
  window.waktu = []; window.mulai = null;
  let lama = panel.querySelector('img').src;
  document.addEventListener('keydown', () => { window.mulai = performance.now(); }, {capture: true});
  new MutationObserver(async () => {
    const img = panel.querySelector('img');
    if (!img || img.src === lama || window.mulai === null) return;
    lama = img.src;
    await img.decode();
    requestAnimationFrame(() => requestAnimationFrame(() => {
      window.waktu.push(performance.now() - window.mulai); window.mulai = null;
    }));
  }).observe(panel, {childList: true, subtree: true, attributes: true});
}
"""


def kernel(ulang: int) -> list[Nisbah]:
    """Median tiap tampilan dan tingkat wilayah, beserta pembandingnya."""
    hasil = []
    d = data.load(paths.tahun_tersedia()[-1])
    with fmt.using("id"):
        j = Jelajah(Buku("jelajah_ikesos", tahun=d.tahun, bahasa="id", data=d), open_survey(d))
        panel = PanelJelajah(j, Pilihan())
        for wilayah in WILAYAH:
            panel.controls["wilayah"].value = wilayah
            for tampilan in TAMPILAN:
                if tampilan in ("peta", "urai") and wilayah != "provinsi":
                    continue  # petanya peta provinsi; survei kecil menahan terlalu banyak kabupaten/kota untuk diurai
                panel.controls["tampilan"].value = tampilan
                cepat, lambat = [], []
                for i in range(ulang):
                    cepat.append(_detik(lambda i=i: setattr(panel.controls["bobot:KD"], "value", 1 + i % 20 / 10)))
                    p = panel.state()
                    lambat.append(_detik(lambda p=p: to_png(_from_scratch(j, p))))
                hal, banding = f"kernel, {wilayah}, {tampilan}", statistics.median(lambat[2:])
                hasil.append(Nisbah(hal, _baris(hal, cepat[2:], TUJUAN[wilayah]), "digambar dari awal", banding))
    return hasil


def _from_scratch(j: Jelajah, p: Pilihan) -> Figure:
    """Gambar yang sama pada kanvas baru; ulangannya tidak ditarik lagi."""
    bersih = Jelajah(j.buku, j.survei)
    bersih.ulangan = j.ulangan
    return bersih.draw(p, bersih.frame(p)).fig


def _detik(kerja: Callable[[], object]) -> float:
    mulai = time.perf_counter()
    kerja()
    return time.perf_counter() - mulai


def _baris(nama: str, detik: list[float], tujuan: int | None = None) -> float:
    """Cetak median, persentil ke-90, dan tujuannya; kembalikan mediannya."""
    tengah = statistics.median(detik)
    p90 = statistics.quantiles(detik, n=10)[-1]
    jawab = ""
    if tujuan is not None:
        jawab = f"{tujuan:8.0f} ms  " + ("terpenuhi" if 1000 * tengah <= tujuan else "TIDAK terpenuhi")
    print(f"{nama:<44}{1000 * tengah:8.0f} ms{1000 * p90:8.0f} ms{jawab}", flush=True)
    return tengah


def peramban(ulang: int, tangkap: Path | None) -> list[Nisbah]:
    """JupyterLab dan Voila; tanpa Chromium dilewati dengan satu kalimat."""
    letak = letak_chromium()
    if letak is None:
        print("Chromium tidak ada di mesin ini; bagian peramban dilewati.")
        return []
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as sementara, Peladen() as peladen, sync_playwright() as p:
        folder = Path(sementara)
        (folder / "notebooks").mkdir()
        shutil.copy(AKAR / "notebooks" / "jelajah_ikesos.ipynb", folder / "notebooks")
        buku = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(SEL_POLOS)])
        buku.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(buku, folder / "notebooks" / f"{POLOS}.ipynb")
        lab, voila = peladen.lab(folder), peladen.aplikasi(folder / "voila.txt")
        browser = p.chromium.launch(executable_path=letak, args=PILIHAN_CHROMIUM)
        halaman = browser.new_page(viewport={"width": 1280, "height": 1400}, device_scale_factor=2)
        jalankan_di_lab(halaman, lab, POLOS)
        polos = _baris("JupyterLab, batang polos (pembanding)", _ukur_geser(halaman, ulang))
        jalankan_di_lab(halaman, lab, "jelajah_ikesos")
        hasil = _ukur_penjelajah(halaman, "JupyterLab", ulang, polos)
        halaman.goto(f"{voila}voila/render/jelajah_ikesos.ipynb", wait_until="commit", timeout=90_000)
        halaman.wait_for_function("() => document.documentElement.dataset.siap === 'ya'", timeout=120_000)
        hasil += _ukur_penjelajah(halaman, "Voila", ulang, polos, tangkap)
        browser.close()
    return hasil


def _ukur_penjelajah(halaman, nama: str, ulang: int, polos: float, tangkap: Path | None = None) -> list[Nisbah]:
    hasil = []
    for wilayah in WILAYAH:
        if wilayah != "provinsi":
            halaman.evaluate("() => { window.mulai = null; }")
            menu = halaman.get_by_role("combobox", name="Wilayah")
            lama = halaman.locator(".widget-vbox img").first.get_attribute("src")
            menu.select_option(label=WILAYAH[wilayah]["id"])
            halaman.wait_for_function("x => document.querySelector('.widget-vbox img')?.src !== x", arg=lama)
        waktu = _ukur_geser(halaman, ulang, pasang=wilayah == "provinsi")
        hal = f"{nama}, {wilayah}, peringkat"
        hasil.append(Nisbah(hal, _baris(hal, waktu, TUJUAN_PERAMBAN), "batang polos", polos, tujuan=NISBAH_PERAMBAN))
        if tangkap and wilayah == "provinsi":
            halaman.locator(".widget-vbox:has(img)").first.screenshot(path=tangkap)
    return hasil


def _ukur_geser(halaman, ulang: int, pasang: bool = True) -> list[float]:
    """Detik tiap tekanan tombol panah sampai gambar barunya terlihat."""
    panel = halaman.locator(".widget-vbox:has(img)").first
    panel.wait_for(state="attached", timeout=90_000)
    panel.locator("img").first.wait_for(state="visible", timeout=30_000)
    pegangan = panel.get_by_role("slider").first
    pegangan.scroll_into_view_if_needed()
    halaman.wait_for_timeout(1500)
    if pasang:
        halaman.evaluate(PENGUKUR, [panel.element_handle()])
    halaman.evaluate("() => { window.waktu = []; window.mulai = null; }")
    pegangan.focus()
    for i in range(ulang):
        pegangan.press("ArrowLeft" if i // 5 % 2 else "ArrowRight")
        halaman.wait_for_function("n => window.waktu.length === n", arg=i + 1, timeout=20_000)
        halaman.wait_for_timeout(150)
    return [x / 1000 for x in halaman.evaluate("() => window.waktu")][2:]


def main() -> None:
    """Jalankan seluruh tolok ukur."""
    pilihan = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    pilihan.add_argument("--ulang", type=int, default=20)
    pilihan.add_argument("--bagian", choices=("kernel", "peramban"), help="Hanya bagian ini.")
    pilihan.add_argument("--tangkap", type=Path, help="Simpan tangkapan layar penjelajah di Voila.")
    isi = pilihan.parse_args()
    print(f"Python {platform.python_version()}, {os.cpu_count()} inti, beban {os.getloadavg()[0]:.1f}")
    print(f"{'langkah':<44}{'median':>11}{'p90':>11}{'tujuan':>11}")
    hasil = [] if isi.bagian == "peramban" else kernel(isi.ulang)
    if hasil:
        print(f"puncak memori kernel {1000 * peak_memory():.0f} MB")
    if isi.bagian != "kernel":
        hasil += peramban(isi.ulang, isi.tangkap)
    print(f"beban di akhir {os.getloadavg()[0]:.1f}")
    print_ratios(hasil)


if __name__ == "__main__":
    main()
