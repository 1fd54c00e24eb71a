"""Tolok ukur penjelajah di halaman: 514 kabupaten/kota x 73 indikator, prosesor diperlambat empat kali.

Datanya acak, penuh, dan berkovarian: tidak ada yang ditahan atau hilang, jadi lebih berat daripada survei mana pun.
Yang diukur persentil ke-90 dari (1) nilai, galat baku, selang, peringkat, dan peringkat harapan semua wilayah, dan (2)
semuanya berikut gambar sampai bingkai layar berikutnya. Pembandingnya sejuta ``Math.exp`` di peramban yang sama, diukur
berselang-seling.

    python benchmarks/bench_jelajah_halaman.py [--ulang 40] [--lambat 4]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
from ukur import Nisbah, print_ratios

from kinerja import data
from kinerja.render.jelajah import page
from kinerja.simpanan import buka_ikesos
from kinerja.wilayah import Regions

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.peramban.peladen import PILIHAN_CHROMIUM, letak_chromium
from tests.render.jelajah_padat import dense

TUJUAN_HITUNG, TUJUAN_GAMBAR = 0.050, 0.120
"""Detik, persentil ke-90."""

UKUR = """
async ([ulang, lihat]) => {
  const patokan = [], hitung = [], gambar = [];
  const bingkai = () => new Promise((x) => requestAnimationFrame(() => setTimeout(x, 0)));
  jelajah.atur({ lihat });
  const isi = { set: "acak", tingkat: "kabkota" };
  const { h, t } = jelajah.himpunanDari(isi), S = h.pohon.S;
  const df = Float64Array.from(t.wilayah, (_, d) => t.galat.df[d * S + S - 1]);
  let jumlah = 0;
  for (let i = 0; i < ulang; i++) {
    const w = { rt: 1 + (i % 7) / 10, "pd/KD": 0.5 + (i % 5) / 5, "ls/KE1": (i % 3) / 2 };
    let awal = performance.now();
    for (let j = 0; j < 1e6; j++) jumlah += Math.exp(-j / 1e6);
    patokan.push(performance.now() - awal);
    awal = performance.now();
    const b = jelajah.hitung({ ...isi, w });
    jelajah.harapan(b.nilai, b.se);
    jelajah.selang(b.nilai, b.se, df);
    hitung.push(performance.now() - awal);
    await bingkai();
    awal = performance.now();
    jelajah.atur({ w });
    document.body.getBoundingClientRect();
    await bingkai();
    gambar.push(performance.now() - awal);
  }
  return { patokan, hitung, gambar, jumlah };
}
"""


def main() -> None:
    """Ukur dan cetak tabel nisbah."""
    pilihan = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    pilihan.add_argument("--ulang", type=int, default=40)
    pilihan.add_argument("--lambat", type=float, default=4)
    isi = pilihan.parse_args()
    letak = letak_chromium()
    if letak is None:
        print("Chromium tidak ada di mesin ini; tolok ukur ini dilewati.")
        return
    from playwright.sync_api import sync_playwright

    d = data.load(2020)
    daftar = Regions.of(d)
    teks = page([dense(buka_ikesos(d).siap, daftar)], d, bahasa="id")
    print(f"halaman {len(teks.encode()) / 1e6:.2f} MB (batas 4 MB), beban {os.getloadavg()[0]:.1f}")
    hasil = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as p:
        berkas = Path(folder) / "jelajah.html"
        berkas.write_text(teks, "utf-8")
        browser = p.chromium.launch(executable_path=letak, args=PILIHAN_CHROMIUM)
        halaman = browser.new_page(viewport={"width": 1280, "height": 900})
        halaman.goto(berkas.as_uri())
        halaman.wait_for_function("() => document.documentElement.dataset.siap === 'ya'", timeout=120_000)
        halaman.evaluate(UKUR, [20, "peringkat"])
        cdp = halaman.context.new_cdp_session(halaman)
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": isi.lambat})
        for lihat in ("peringkat", "harapan", "panas", "peta"):
            waktu = halaman.evaluate(UKUR, [isi.ulang, lihat])
            p90 = {k: float(np.percentile(waktu[k], 90)) / 1000 for k in ("patokan", "hitung", "gambar")}
            if lihat == "peringkat":
                hasil.append(_row("nilai, galat, peringkat harapan", p90["hitung"], p90["patokan"], TUJUAN_HITUNG))
            hasil.append(_row(f"{lihat}, dengan gambar", p90["gambar"], p90["patokan"], TUJUAN_GAMBAR))
        browser.close()
    print(f"beban di akhir {os.getloadavg()[0]:.1f}")
    print_ratios(hasil)


def _row(hal: str, nilai: float, patokan: float, tujuan: float) -> Nisbah:
    jawab = "terpenuhi" if nilai <= tujuan else "TIDAK terpenuhi"
    print(f"{hal:<36}{1000 * nilai:8.1f} ms  tujuan {1000 * tujuan:4.0f} ms  {jawab}", flush=True)
    return Nisbah(f"halaman 514 x 73, {hal}", nilai, "sejuta Math.exp", patokan)


if __name__ == "__main__":
    main()
