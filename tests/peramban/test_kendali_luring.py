"""Kendali kecil di halaman: angkanya sama dengan ukurannya di Python, terbaca, dan tanpa jaringan."""

import json

import pytest

from kinerja import capaian, dtks, fmt, pkh
from kinerja.errors import GalatParameter
from kinerja.jawaban import control_html
from kinerja.render import halaman as rangka
from kinerja.render.blok import read_blocks

from .conftest import LEBAR_LAYAR

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-core tidak terpasang, ujinya dilewati.")


@pytest.fixture(scope="module")
def isi(d2020):
    keluarga = {"ibu_hamil": 1, "sd": 2}
    return {
        "batas": capaian.offline_cap(d2020),
        "dtks": dtks.offline(d2020),
        "pkh": pkh.offline_family(d2020, {k: v for k, v in keluarga.items() if k in _komponen(d2020)}, 10),
    }


def _komponen(d):
    return list(pkh.components(d)["komponen"])


@pytest.fixture(scope="module")
def buka(peramban, isi, tmp_path_factory):
    """``buka("id")``: halaman dengan ketiga kendali, dari berkas, tanpa jaringan."""
    folder = tmp_path_factory.mktemp("kendali")
    rangka.write_assets(folder, kendali=True)
    konteks = peramban.new_context(viewport=LEBAR_LAYAR, offline=True)
    halaman, salah = konteks.new_page(), []
    halaman.on("pageerror", lambda galat: salah.append(str(galat)))

    def ke(bahasa="id"):
        badan = "".join(control_html(nama, satu, bahasa) for nama, satu in isi.items())
        (folder / "x.html").write_text(
            f'<!DOCTYPE html><html lang="{bahasa}"><head><meta charset="utf-8"><title>x</title>'
            f'<link rel="stylesheet" href="gaya.css"></head><body><main><h1>x</h1><h2>y</h2>{badan}</main>'
            '<script src="kendali.js"></script></body></html>',
            "utf-8",
        )
        halaman.goto((folder / "x.html").as_uri())
        return halaman

    yield ke
    assert salah == []
    konteks.close()


@pytest.mark.parametrize("batas", [None, 100.0, 105.0, 120.0, 250.0])
def test_batas_sama_dengan_python(buka, isi, d2020, batas):
    js = buka().evaluate("([isi, batas]) => kendali.batas(isi, batas)", [isi["batas"], batas])
    if batas is None:
        assert js["rata"] == pytest.approx(capaian.mean_achievement(d2020, terbatas=False), abs=1e-9)
        return
    assert js["rata"] == pytest.approx(capaian.mean_achievement(d2020, batas), abs=1e-9)
    acuan = capaian.iku(d2020, batas).set_index("kode")["capaian"]
    assert {x["kode"]: x["nilai"] for x in js["iku"]} == pytest.approx(acuan.to_dict(), abs=1e-9)
    acuan = capaian.sasaran(d2020, batas).set_index("kode")["capaian"]
    assert {x["kode"]: x["nilai"] for x in js["sasaran"]} == pytest.approx(acuan.to_dict(), abs=1e-9)


def test_angka_laporan(buka, isi):
    """LKj 2020: rata-rata 101,52 dengan batas 120 (dihitung ulang tanpa pembulatan antara)."""
    js = buka().evaluate("(isi) => kendali.batas(isi, 120).rata", isi["batas"])
    assert round(js, 2) == 101.52


def test_dtks_sama_dengan_python(buka, isi, d2020):
    banyak = [0, 1, 100, 173, 300, isi["dtks"]["kabkota"]]
    js = buka().evaluate("([isi, n]) => n.map((x) => kendali.dtks(isi, x))", [isi["dtks"], banyak])
    acuan = dtks.score(d2020, banyak)
    for kolom in ("realisasi", "capaian_tanpa_batas", "capaian"):
        assert [x[kolom] for x in js] == pytest.approx(acuan[kolom].tolist(), abs=1e-9)


def test_pkh_sama_dengan_python(buka, isi, d2020):
    komponen = _komponen(d2020)
    keluarga = [
        {komponen[0]: 1},
        {komponen[-1]: 1},
        dict.fromkeys(komponen, 1),
        {komponen[0]: 10},
        {komponen[1]: 2, komponen[2]: 3},
    ]
    keluarga += [{a: 2, b: 1} for a in komponen for b in komponen if a < b]
    js = buka().evaluate("([isi, semua]) => semua.map((x) => kendali.pkh(isi, x))", [isi["pkh"], keluarga])
    for satu, k in zip(js, keluarga, strict=True):
        acuan = pkh.benefit(d2020, k)
        assert (satu["per_tahun"], satu["sebelum"], satu["batas"], satu["luar"]) == (
            acuan.per_tahun, acuan.sebelum_batas, acuan.batas, acuan.tidak_dihitung,
        )  # fmt: skip
        assert satu["dihitung"] == acuan.rincian["dihitung"].tolist()
    assert buka().evaluate("(isi) => kendali.pkh(isi, {})", isi["pkh"]) is None


def test_bobot_arah_dan_target_nol(buka):
    """Contoh tangan: (90 x 3 + 120 x 1) / 4 = 97,5 dengan batas 120; IKU bertarget 0 yang terlampaui bernilai batas."""
    iku = [
        {
            "kode": "a",
            "sasaran": "s",
            "capaian": 90.0,
            "dibatasi": True,
            "nol": False,
            "bobot": 3.0,
            "bobot_sasaran": 1.0,
        },
        {
            "kode": "b",
            "sasaran": "s",
            "capaian": None,
            "dibatasi": True,
            "nol": True,
            "bobot": 1.0,
            "bobot_sasaran": 1.0,
        },
        {
            "kode": "c",
            "sasaran": "s",
            "capaian": None,
            "dibatasi": True,
            "nol": False,
            "bobot": 9.0,
            "bobot_sasaran": 1.0,
        },
    ]
    isi = {"dari": "iku", "iku": iku, "sasaran": [{"kode": "s", "bobot": 1.0}]}
    halaman = buka()
    assert halaman.evaluate("(isi) => kendali.batas(isi, 120).rata", isi) == 97.5
    assert halaman.evaluate("(isi) => kendali.batas(isi, null).rata", isi) == 90.0
    turun = {"kl": 1, "total": 10, "target": 20, "naik": False, "batas": None}
    # 1 + (1 - R/T) dengan R = 30: 1 + (1 - 1,5) = 50%
    assert halaman.evaluate("(isi) => kendali.dtks(isi, 2).capaian", turun) == pytest.approx(50)


def test_batas_digerakkan(buka):
    halaman = buka()
    kotak = halaman.locator("[data-kendali=batas]")
    assert "101,5 persen dengan batas 120 persen" in kotak.locator(".kendali-hasil").inner_text()
    kotak.get_by_label("Pakai batas capaian").uncheck()
    assert "tanpa batas" in kotak.locator(".kendali-hasil").inner_text()
    assert kotak.get_by_role("slider").is_disabled()
    kotak.get_by_label("Pakai batas capaian").check()
    kotak.get_by_role("slider").focus()
    halaman.keyboard.press("Home")
    assert "dengan batas 100 persen" in kotak.locator(".kendali-hasil").inner_text()


def test_dtks_dan_pkh_digerakkan(buka, d2020):
    halaman = buka()
    kotak = halaman.locator("[data-kendali=dtks]")
    assert "tercapai" in kotak.locator(".kendali-hasil").inner_text()
    kotak.get_by_role("slider").focus()
    halaman.keyboard.press("Home")
    teks = kotak.locator(".kendali-hasil").inner_text()
    assert "tidak tercapai" in teks and f"{fmt.angka(dtks.score(d2020, 0)['realisasi'].iloc[0], 1)} persen" in teks
    kotak = halaman.locator("[data-kendali=pkh]")
    for masukan in kotak.get_by_role("spinbutton").all():
        masukan.fill("0")
    assert "sedikitnya satu orang" in kotak.locator(".kendali-hasil").inner_text()
    kotak.get_by_role("spinbutton").first.fill("9")
    assert "Paling banyak 4 orang" in kotak.locator(".kendali-hasil").inner_text()


@pytest.mark.parametrize("bahasa", ["id", "en"])
def test_terbaca_semua_orang(buka, bahasa):
    halaman = buka(bahasa)
    pelanggaran = axe.Axe().run(halaman, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(x["id"], x["nodes"][0]["html"]) for x in pelanggaran] == []
    assert "{" not in halaman.locator("main").inner_text()


def test_isi_tidak_pernah_menjadi_html():
    jahat = {"nama": "</script><img src=x onerror=alert(1)>"}
    html = control_html("batas", jahat, "id")
    assert html.count("</script>") == 1 and "<img" not in html
    isi = json.loads(html.split('json">')[1].split("</script>")[0])
    assert isi["isi"] == jahat


def test_kendali_tidak_ikut_dicetak(isi):
    assert read_blocks(control_html("dtks", isi["dtks"], "id")) == []


def test_kendali_asing_dan_isi_bukan_json_ditolak():
    with pytest.raises(GalatParameter, match="batas, dtks, pkh"):
        control_html("bts", {}, "id")
    with pytest.raises(GalatParameter, match="bukan data JSON"):
        control_html("dtks", {"kl": float("nan")}, "id")
