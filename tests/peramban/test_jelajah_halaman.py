"""Penjelajah di halaman: dibuka dari berkas tanpa jaringan, angkanya sama dengan mesin Python dan COINr sampai 1e-9."""

import csv
import io
import re
import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from indextree import Tree, decompose_difference, expected_ranks, joint_rank_intervals, rank_array
from kinerja import daerah
from kinerja.kerahasiaan import tahan_tabel
from kinerja.render.jelajah import from_survey, from_tree, page, published
from kinerja.simpanan import buka_ikesos
from kinerja.wilayah import Regions

from .conftest import LEBAR_LAYAR, LEBAR_TELEPON, SABAR
from .peladen import PILIHAN_CHROMIUM, letak_chromium

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core tidak terpasang, ujinya dilewati.")

ACUAN = Path(__file__).resolve().parents[1] / "acuan" / "indeks"
AGREGASI = {"arithmetic": "aritmetik", "geometric": "geometrik", "harmonic": "harmonik"}
BOBOT = [{}, {"rt": 2.0, "KD": 0.5, "PS": 1.7}, {"rt/KD": 0.0, "ls": 3.0}, {"rt/KD1": 2.0, "pd/PANGAN": 0.3}]
KASUS = [
    (t, a, b) for t in ("provinsi", "kabkota") for a in AGREGASI for b in (BOBOT if t == "provinsi" else BOBOT[1:2])
]
SEMUA_SIMPUL = """
([set, tingkat, agr, w, loncat = 1]) => {
  const { h, t } = jelajah.himpunanDari({ set, tingkat });
  const pilih = h.simpul.filter((_, i) => i >= h.pohon.V || i % loncat === 0);
  const awal = jelajah.hitung({ set, tingkat, agr, w });
  const hasil = pilih.map((x) => jelajah.hitung({ set, tingkat, agr, w, simpul: x.id }, awal));
  const ambil = (nama) => hasil.map((b) => [...b[nama]]);
  return { simpul: pilih.map((x) => x.id), wilayah: t.wilayah, nilai: ambil("nilai"), se: ambil("se"),
           bawah: ambil("bawah"), atas: ambil("atas"), tanda: ambil("tanda"), peringkat: ambil("peringkat") };
}
"""


@pytest.fixture(scope="module")
def survei(d2020):
    return buka_ikesos(d2020).siap


@pytest.fixture(scope="module")
def coinr():
    """Pohon COINr (bobot timpang) dan datanya yang sudah dinormalkan 1-100."""
    s = pd.read_csv(ACUAN / "struktur.csv", dtype={"kode": str}).fillna({"induk": ""})
    tabel = {"code": s["kode"], "parent": s["induk"], "name": s["nama"], "weight": s["bobot_timpang"]}
    return Tree.from_table(pd.DataFrame(tabel)), pd.read_csv(ACUAN / "norm_minmax_1_100.csv", index_col="uCode")


@pytest.fixture(scope="module")
def berkas(d2020, survei, coinr, tmp_path_factory):
    dua = {"id": "x", "en": "x"}
    pohon, normal = coinr
    asing = from_tree(
        "coinr",
        pohon,
        {"provinsi": normal},
        {"provinsi": {}},
        judul=dua,
        sumber=dua,
        keadaan="sintetis",
        ternormal=True,
    )
    ikesos = from_survey(survei, d2020, judul={"id": "Ikesos", "en": "Ikesos"}, sumber=dua)
    letak = tmp_path_factory.mktemp("jelajah") / "jelajah.html"
    letak.write_text(page([*published(d2020), ikesos, asing], d2020, bahasa="id"), "utf-8")
    return letak


@pytest.fixture(scope="module")
def tanpa_jaringan():
    """Chromium yang tidak dapat menemukan alamat mana pun."""
    if letak_chromium() is None:
        pytest.skip("Chromium tidak ada di mesin ini, jadi uji peramban dilewati.")
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright tidak terpasang, uji peramban dilewati.")
    with sync_api.sync_playwright() as p:
        pilihan = [*PILIHAN_CHROMIUM, "--host-resolver-rules=MAP * ~NOTFOUND"]
        browser = p.chromium.launch(executable_path=letak_chromium(), args=pilihan)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def buka(tanpa_jaringan, berkas):
    """``buka("lihat=peta")``: halaman itu di satu tab; permintaan ke luar dan galat konsol dicatat."""
    konteks = tanpa_jaringan.new_context(viewport=LEBAR_LAYAR, accept_downloads=True, offline=True)
    konteks.set_default_timeout(SABAR)
    halaman = konteks.new_page()
    salah = []
    halaman.on("request", lambda x: salah.append(x.url) if not x.url.startswith(("file:", "data:", "blob:")) else None)
    halaman.on("pageerror", lambda galat: salah.append(str(galat)))
    halaman.on("console", lambda pesan: salah.append(pesan.text) if pesan.type == "error" else None)

    def ke(alamat="", sebagai=halaman):
        sebagai.goto("about:blank")
        sebagai.goto(f"{berkas.as_uri()}#{alamat}")
        sebagai.wait_for_function("() => document.documentElement.dataset.siap === 'ya'")
        return sebagai

    yield ke
    assert salah == []
    konteks.close()


def kotak(hasil, nama):
    return pd.DataFrame(np.array(hasil[nama], dtype=float).T, index=hasil["wilayah"], columns=hasil["simpul"])


@pytest.fixture(scope="module")
def lebar(d2020):
    """Kolom satu tingkat sebagai wilayah x simpul; wilayah survei sintetis bernama huruf."""
    kode = Regions.of(d2020, "sintetis").code

    def susun(frame, tingkat, kolom):
        return frame.assign(w=frame[tingkat].astype(str).map(kode)).pivot(index="w", columns="simpul", values=kolom)

    return susun


# Angka ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tingkat", "agr", "bobot"), KASUS)
def test_ikesos_sama_dengan_python(buka, survei, lebar, tingkat, agr, bobot):
    """Yang tampil sama sampai 1e-9: nilai, galat baku, selang, tanda, dan peringkat bila tidak ada yang tertutup."""
    python = survei.hitung(
        tingkat,
        bobot=bobot,
        agregasi=AGREGASI[agr],
        simpul="semua",
        dasar=survei.sandaran_bersama(tingkat),
        tahan=False,
    )
    hasil = buka().evaluate(SEMUA_SIMPUL, ["ikesos", tingkat, agr, survei.kerangka.perluas(bobot), 5])
    nilai, daun = kotak(hasil, "nilai"), set(survei.kerangka.pohon.indicators)
    nampak = nilai.notna()
    assert nampak.to_numpy().sum() > (400 if tingkat == "provinsi" else 40)
    for kolom, batas in (("nilai", 1e-9), ("se", 1e-9), ("bawah", 1e-9), ("atas", 1e-9)):
        isi, acuan = kotak(hasil, kolom), lebar(python, tingkat, kolom).loc[nilai.index, nilai.columns].astype(float)
        beda = (isi - acuan).abs().where(nampak)
        if kolom in ("bawah", "atas"):  # selang indikator dipaketkan sampai seperseribu
            assert beda[[k for k in beda if k in daun]].max().max() <= 5.0001e-4
            beda = beda[[k for k in beda if k not in daun]]
        assert beda.max().max() < batas, kolom
        assert not (acuan.isna() & nampak).to_numpy().any()
    ragu = lebar(python, tingkat, "tanda").loc[nilai.index, nilai.columns]
    assert ((kotak(hasil, "tanda") == 1) == (ragu == "hati-hati")).where(nampak, True).to_numpy().all()
    utuh = [k for k in nilai if (nampak[k] | (ragu[k] == "tidak tersedia")).all()]
    peringkat = lebar(python, tingkat, "peringkat").loc[nilai.index, utuh].astype(float).fillna(0)
    assert kotak(hasil, "peringkat")[utuh].equals(peringkat)


@pytest.mark.parametrize("tingkat", ["provinsi", "kabkota"])
def test_pada_bobot_baku_yang_tampil_tepat_yang_terbit(buka, survei, lebar, tingkat):
    terbit = tahan_tabel({k: survei.hitung(k, simpul="semua") for k in survei.tingkat})[tingkat]
    hasil = buka().evaluate(SEMUA_SIMPUL, ["ikesos", tingkat, "arithmetic", {}])
    nilai = kotak(hasil, "nilai")
    acuan = lebar(terbit, tingkat, "nilai").loc[nilai.index, nilai.columns].astype(float)
    pd.testing.assert_frame_equal(nilai.isna(), acuan.isna(), check_names=False)
    ditahan = lebar(terbit, tingkat, "tanda").loc[nilai.index, nilai.columns] == "ditahan"
    assert ditahan.to_numpy().sum() > 100
    pd.testing.assert_frame_equal(kotak(hasil, "tanda") == 2, ditahan, check_names=False)


@pytest.mark.parametrize("agr", AGREGASI)
@pytest.mark.parametrize("bobot", ["sama", "timpang"])
def test_sama_dengan_coinr(buka, coinr, agr, bobot):
    """Angka COINr 1.1.14, bukan hitungan kita: semua simpul, tiga agregasi, dua set bobot, dan peringkatnya."""
    w = {} if bobot == "timpang" else dict.fromkeys(coinr[0].codes, 1.0)
    hasil = buka().evaluate(SEMUA_SIMPUL, ["coinr", "provinsi", agr, w])
    for nama, kolom in (("agregat", "nilai"), ("peringkat", "peringkat")):
        acuan = pd.read_csv(ACUAN / f"{nama}_{AGREGASI[agr]}_{bobot}.csv", index_col="uCode").rename(index=str)
        isi = kotak(hasil, kolom).loc[acuan.index, acuan.columns]
        assert (isi - acuan).abs().max().max() < 1e-9


@pytest.mark.parametrize("tingkat", ["provinsi", "kabkota"])
@pytest.mark.parametrize("agr", AGREGASI)
def test_indeks_coba_dari_angka_terbitan_sama_dengan_python(buka, d2020, tingkat, agr):
    coba = daerah.trial_index(d2020, tingkat)
    dasar = 0 if agr == "arithmetic" else 1
    t = coba.tree.table.loc[list(coba.tree.indicators)]
    bagian = ((coba.frame - t["goalpost_lower"]) / (t["goalpost_upper"] - t["goalpost_lower"])).clip(0, 1)
    normal = dasar + (100 - dasar) * (bagian * t["direction"] + (t["direction"] < 0))
    w = {"PAPAN": 2.5, "air_minum_layak": 0.4}
    pohon = coba.tree.replace(aggregation=agr, weight=w)
    hasil = buka().evaluate(SEMUA_SIMPUL, ["coba", tingkat, agr, w])
    nilai = kotak(hasil, "nilai")
    acuan = pd.DataFrame(pohon.compile().compute(pohon.values(normal)).T, index=normal.index, columns=list(pohon.codes))
    cabang = list(pohon.branches)
    assert (nilai[cabang] - acuan.loc[nilai.index, cabang]).abs().max().max() < 1e-9
    assert (nilai[list(pohon.indicators)] - coba.frame.loc[nilai.index]).abs().max().max() == 0
    a, b = normal.dropna().index[[3, -2]]
    urai = decompose_difference(normal.loc[a], normal.loc[b], pohon)["contribution"]
    js = buka().evaluate(
        """([set, tingkat, agr, w, a, b]) => {
          const { h, t } = jelajah.himpunanDari({ set, tingkat });
          const baris = jelajah.hitung({ set, tingkat, agr, w, simpul: "COBA" });
          const hasil = jelajah.urai(h, t, jelajah.larikBobot(h, { w }), agr, baris, t.letak.get(a), t.letak.get(b));
          return hasil.bagian.map((x) => [h.simpul[x.j].id, x.sumbang]);
        }""",
        ["coba", tingkat, agr, w, a, b],
    )
    assert {k for k, _ in js} == set(pohon.children["COBA"])
    assert max(abs(x - urai[k]) for k, x in js) < 1e-9
    goyang = buka().evaluate(
        """([set, tingkat, agr, w]) => {
          const { h, t } = jelajah.himpunanDari({ set, tingkat });
          const { harapan, bawah, atas } = jelajah.peringkatBobot(h, t, jelajah.larikBobot(h, { w }), agr, h.pohon.puncak, t.wilayah.map(() => true));
          return [harapan, bawah, atas].map((x) => [...x]);
        }""",
        ["coba", tingkat, agr, w],
    )
    prima = [p for p in range(2, 200) if all(p % q for q in range(2, p))][: len(pohon.codes)]
    u = (np.arange(1, 101)[:, None] * np.sqrt(prima)) % 1
    s = pohon.compile()
    tarikan = rank_array(s.top(pohon.values(normal), s.weight * (1 + 0.25 * (2 * u - 1)))).astype(float)
    rujukan = [tarikan.mean(axis=0), *np.percentile(tarikan, [5, 95], axis=0)]
    assert np.abs(np.array(goyang) - rujukan).max() < 1e-9


def test_peringkat_harapan_dan_selangnya_sama_dengan_mesin(buka):
    rng = np.random.default_rng(3)
    nilai, se, df = rng.normal(50, 6, 514), rng.uniform(0.2, 5, 514), rng.integers(1, 60, 514)
    nilai[[5, 70]], se[9] = np.nan, np.nan
    nilai[20] = nilai[21]
    js = buka().evaluate(
        """([nilai, se, df]) => {
          const [x, y, z] = [nilai, se, df].map((a) => Float64Array.from(a));
          const s = jelajah.selang(x, y, z);
          return [[...jelajah.harapan(x, y)], [...s.bawah], [...s.atas]];
        }""",
        [nilai.tolist(), se.tolist(), df.tolist()],
    )
    assert np.nanmax(np.abs(np.array(js[0], dtype=float) - expected_ranks(nilai, se))) < 1e-9
    bawah, atas = joint_rank_intervals(nilai, se, 0.9, df=df)
    assert js[1] == bawah.tolist() and js[2] == atas.tolist()


# Halaman --------------------------------------------------------------------------------------------------------------


def test_ukuran_berkas(berkas):
    assert berkas.stat().st_size < 4_000_000


def test_geser_bobot_dengan_papan_ketik(buka):
    halaman = buka()
    sebelum = halaman.locator("#gambar").inner_html()
    geser = halaman.get_by_role("slider", name="Bobot Papan")
    geser.focus()
    for _ in range(13):
        halaman.keyboard.press("ArrowRight")
    halaman.wait_for_function("() => location.hash.includes('w=PAPAN:2.3')")
    assert halaman.locator("#gambar").inner_html() != sebelum
    assert "bobot Papan 2,3" in halaman.locator("#rincian").inner_text()
    assert geser.get_attribute("aria-valuetext") == "2,3"
    halaman.get_by_role("button", name="Kembalikan bobot").click()
    halaman.wait_for_function("() => !location.hash.includes('w=')")
    assert halaman.locator("#gambar").inner_html() == sebelum


def test_keadaan_di_alamat_kembali_seperti_semula(buka):
    alamat = (
        "tingkat=kabkota&simpul=PAPAN&agr=geometric&lihat=panas&prov=35&w=sanitasi_layak:0.5&dua=3578,3527&bahasa=en"
    )
    halaman = buka(alamat)
    assert halaman.locator("html").get_attribute("lang") == "en"
    assert halaman.get_by_label("Level").input_value() == "kabkota"
    assert halaman.get_by_label("Aggregation").input_value() == "geometric"
    assert halaman.get_by_label("Show province").input_value() == "35"
    assert "weights" in halaman.locator("#rincian").inner_text()
    bagian = lambda x: dict(y.split("=") for y in x.split("#")[1].split("&"))  # noqa: E731
    assert bagian(halaman.url) == bagian(f"#{alamat}")
    asing = buka("set=tidak&w=PAPAN:99,ADA:1&lihat=grafik")
    kabar = asing.locator("#kabar").inner_text()
    assert all(x in kabar for x in ("set=tidak", "PAPAN:99", "ADA:1", "lihat=grafik"))
    assert asing.locator("#temuan").inner_text()


@pytest.mark.parametrize("lihat", ["peringkat", "peta", "panas", "urai", "harapan"])
@pytest.mark.parametrize("set_", ["coba", "ikesos"])
def test_setiap_tampilan_terbaca_dan_terunduh(buka, set_, lihat):
    halaman = buka(f"set={set_}&lihat={lihat}")
    teks = halaman.locator("#gambar text")
    assert teks.count() > 10, "tulisan di gambar tetap tulisan"
    assert halaman.locator("#temuan").inner_text() in halaman.locator("#gambar").get_attribute("aria-label")
    pelanggaran = axe.Axe().run(halaman, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(x["id"], x["nodes"][0]["html"]) for x in pelanggaran] == []
    with halaman.expect_download() as unduh:
        halaman.get_by_role("button", name="Unduh tabel (CSV)").click()
    baris = list(csv.reader(io.StringIO(Path(unduh.value.path()).read_text("utf-8"))))
    assert len({len(x) for x in baris}) == 1 and len(baris) > 3
    halaman.locator("#tabel summary").click()
    halaman.locator("#tabel tbody tr").first.wait_for()
    assert halaman.locator("#tabel tbody tr").count() == len(baris) - 1
    for bentuk in ("PNG", "SVG"):
        with halaman.expect_download() as unduh:
            halaman.get_by_role("button", name=f"Unduh gambar ({bentuk})").click()
        isi = Path(unduh.value.path()).read_bytes()
        if bentuk == "PNG":
            lebar, tinggi = struct.unpack(">II", isi[16:24])
            assert isi[:4] == b"\x89PNG" and lebar > 1200 and tinggi > 400
        else:
            assert halaman.locator("#temuan").inner_text().split(" (")[0] in isi.decode()


def test_unduhan_memuat_angka_yang_tidak_dibulatkan_dan_seluruh_wilayah(buka, d2020):
    halaman = buka("tingkat=kabkota")
    with halaman.expect_download() as unduh:
        halaman.get_by_role("button", name="Unduh tabel (CSV)").click()
    isi = pd.read_csv(unduh.value.path(), dtype={"Kode": str}).set_index("Kode")
    coba = daerah.trial_index(d2020, "kabkota")
    assert set(isi.index) == set(coba.frame.index) and isi["Keadaan angka"].eq("dihitung").all()
    halaman.locator("#tabel summary").click()
    halaman.locator("#tabel tbody tr").first.wait_for()
    assert halaman.locator("#tabel tbody tr").count() == 514


def test_hanya_baris_di_sekitar_layar_digambar_dan_menyusul_saat_digulir(buka):
    halaman = buka("tingkat=kabkota")
    assert halaman.locator("#baris > g").count() < 80
    assert halaman.locator("#gambar svg").bounding_box()["height"] > 514 * 20
    halaman.evaluate("() => scrollTo(0, 9000)")
    halaman.wait_for_function("() => Number(document.querySelector('#baris text').textContent) > 300")


def test_panah_berpindah_wilayah_dan_enter_memilihnya(buka):
    halaman = buka()
    halaman.locator("#gambar").focus()
    for _ in range(2):
        halaman.keyboard.press("ArrowDown")
    assert "Bali" in halaman.locator("#kabar").inner_text()
    halaman.keyboard.press("Enter")
    halaman.wait_for_function("() => location.hash.includes('dua=51')")


def test_dua_bahasa_di_satu_halaman(buka):
    halaman = buka("lihat=panas")
    halaman.get_by_role("button", name="English").click()
    assert halaman.locator("h1").inner_text() == "Regional data explorer"
    isi = halaman.locator("body").inner_text()
    assert not re.search(r"\b(Pilihan|Bobot|Peringkat|wilayah|Sumber|Unduh)\b", isi)
    halaman.wait_for_function("() => location.hash.includes('bahasa=en')")


@pytest.mark.parametrize("lihat", ["peringkat", "peta", "panas", "urai", "harapan"])
@pytest.mark.parametrize("set_", ["coba", "ikesos", "deret"])
def test_telepon(tanpa_jaringan, buka, set_, lihat):
    konteks = tanpa_jaringan.new_context(viewport=LEBAR_TELEPON, is_mobile=True, has_touch=True, offline=True)
    halaman = buka(f"set={set_}&lihat={lihat}", konteks.new_page())
    lebar = halaman.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert lebar[0] <= lebar[1]
    assert halaman.locator("#temuan").bounding_box()["y"] < 600
    halaman.locator("#pilihan summary").first.click()
    for kendali in halaman.locator("#kendali select").all():
        tempat = kendali.bounding_box()
        assert tempat["x"] >= 0 and tempat["x"] + tempat["width"] <= lebar[1]
    konteks.close()


def test_bobot_bersama_dan_bobot_satu_kelompok_disebut_berbeda(buka):
    halaman = buka("set=ikesos&w=rt/KD:0.4")
    bersama = halaman.get_by_role("slider", name="Bobot Kebutuhan Dasar").first
    assert bersama.get_attribute("aria-valuetext") == "berbeda antarkelompok"
    assert "Kebutuhan Dasar (Rumah Tangga Miskin dan Rentan) 0,4" in halaman.locator("#rincian").inner_text()
    bersama.focus()
    halaman.keyboard.press("End")
    halaman.wait_for_function("() => ['rt/KD', 'pd/KD', 'ls/KD'].every((x) => location.hash.includes(x + ':3'))")
    assert halaman.locator("#rincian").inner_text().endswith("bobot Kebutuhan Dasar 3,0")
