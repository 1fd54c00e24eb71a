"""Batas halaman terbitan (jawaban lebih dahulu, pendek, bernomor bersama), diukur di peramban sungguhan."""

import re

import pytest

from kinerja.render.rencana import available, layout

from .conftest import laporan_uji

LAYAR = 900
KATA_TERLARANG = re.compile(r"\b(notebook|dan lain-lain|vonis|simpul|sandaran|nan|None|NaN)\b")
SANDI = re.compile(r"\b[a-z]+_[a-z_]+\b")
"""Nama parameter dan kode data: huruf kecil bergaris bawah."""

UKUR = """() => {
  const atas = (x) => x.getBoundingClientRect().top + scrollY;
  const bawah = (x) => x.getBoundingClientRect().bottom + scrollY;
  const utama = document.querySelector("main");
  const terbaca = utama.cloneNode(true);
  terbaca.querySelectorAll("details, script, .unduh").forEach((x) => x.remove());
  return {
    tinggi: document.documentElement.scrollHeight,
    lebar: document.documentElement.scrollWidth,
    kepala: bawah(utama.querySelector(".ringkas h1")),
    butir: [...utama.querySelectorAll(".ringkas li")].map(bawah),
    gambar: [...utama.querySelectorAll("figure")].map((x) => {
      const tabel = x.parentElement.querySelector("details.lipat-tabel > summary");
      const nomor = /\\d+/.exec(x.querySelector(".nomor").textContent)[0];
      return {nomor, judul: x.querySelector("figcaption b").textContent, tabel: tabel.textContent,
              jarak: atas(tabel) - bawah(x), lebar: x.getBoundingClientRect().right};
    }),
    terbuka: utama.querySelectorAll("details.lipat-tabel[open]").length,
    teks: terbaca.innerText || terbaca.textContent,
    strip: [...utama.querySelectorAll("table.strip td")].map((x) => {
      const k = x.getBoundingClientRect();
      return {nama: x.dataset.judul, terlihat: k.width > 0 && k.right <= innerWidth};
    }),
  };
}"""


def bab():
    return [x for x in available() if x not in layout()["bahan"]]


@pytest.fixture(scope="module")
def laporan(tmp_path_factory):
    return laporan_uji(tmp_path_factory, bab())


@pytest.fixture(scope="module", params=bab())
def nama(request):
    return request.param


def ukur(halaman, laporan, nama):
    halaman.goto((laporan / f"{nama}.html").as_uri())
    return halaman.evaluate(UKUR)


def test_jawaban_di_layar_pertama_dan_halaman_pendek(halaman, laporan, nama):
    isi = ukur(halaman, laporan, nama)
    assert isi["kepala"] <= 600 and max(isi["butir"][:3]) <= 600, "jawabannya di bawah 600 piksel"
    assert isi["tinggi"] <= 6 * LAYAR, f"{isi['tinggi'] / LAYAR:.1f} layar"
    assert 1 <= len(isi["gambar"]) <= 5 and isi["terbuka"] <= 1
    assert isi["lebar"] <= 1280


def test_gambar_dan_tabelnya_bernomor_sama_dan_berdekatan(halaman, laporan, nama):
    for satu in ukur(halaman, laporan, nama)["gambar"]:
        assert re.search(rf"\b{satu['nomor']}\.", satu["tabel"]), satu
        assert satu["jarak"] < LAYAR, satu


def test_tanpa_kata_sandi_di_luar_lipatan(halaman, laporan, nama):
    teks = ukur(halaman, laporan, nama)["teks"]
    assert KATA_TERLARANG.findall(teks) == [] and SANDI.findall(teks) == []


def test_di_telepon_tidak_ada_yang_lebih_lebar_dan_angka_utama_terlihat(telepon, laporan, nama):
    isi = ukur(telepon, laporan, nama)
    assert isi["lebar"] <= 390 and all(x["lebar"] <= 390 for x in isi["gambar"]), isi
    assert all(x["terlihat"] for x in isi["strip"])


def test_gambar_berhuruf_sungguhan(laporan, nama):
    for berkas in (laporan / "gambar").glob(f"{nama}-*.svg"):
        isi = berkas.read_text("utf-8")
        assert "<text" in isi, berkas.name
        assert float(re.search(r"font(?:-size)?: [^\"]*?([\d.]+)px", isi)[1]) >= 7, berkas.name


def test_halaman_depan_menjawab_lebih_dahulu(halaman, laporan):
    halaman.goto((laporan / "index.html").as_uri())
    kepala = halaman.evaluate("() => document.querySelector('.ringkas h1').getBoundingClientRect().bottom")
    assert kepala <= 600
    assert "Bukan terbitan" in halaman.inner_text("main")
