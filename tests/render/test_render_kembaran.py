"""Laporan dalam dua bahasa saling menautkan, halaman demi halaman, dan manifes keduanya tetap benar."""

import json

import pytest

from kinerja import paths
from kinerja.render import pasang, ulang

KERANGKA = "<header>Judul\n<!-- bahasa:awal --><!-- bahasa:akhir -->\n</header>"


@pytest.fixture
def tulis(tmp_path):
    def laporan(nama, bahasa, *halaman, tahun=2020):
        folder = tmp_path / nama
        folder.mkdir()
        for satu in ("index", *halaman):
            (folder / f"{satu}.html").write_text(KERANGKA, "utf-8")
        berkas = {x.name: pasang.sha256(x) for x in folder.glob("*.html")}
        isi = {"pembuat": pasang.PEMBUAT, "tahun": tahun, "bahasa": bahasa}
        isi |= {"halaman": {x: {"judul": x} for x in halaman}, "berkas": berkas}
        (folder / pasang.MANIFES).write_text(json.dumps(isi))
        return folder

    return laporan


def test_nama_folder(tmp_path):
    assert paths.reports(2021) == paths.root() / "reports" / "2021"
    assert ulang.Permintaan(2021, bahasa="en").target(None) == (paths.root() / "reports" / "2021-en").resolve()
    assert ulang.Permintaan(2021, bahasa="en").target(tmp_path / "x") == tmp_path / "x"


def test_saling_menautkan(tulis):
    indonesia, inggris = tulis("2020", "id", "satu", "dua"), tulis("2020-en", "en", "satu")
    assert pasang.find_twins(inggris, 2020, "en") == [indonesia]
    assert pasang.find_twins(indonesia, 2020, "id") == [inggris]
    for _ in range(2):
        pasang.connect_twin(inggris, indonesia)
        pasang.connect_twin(indonesia, inggris)
    isi = {x: (indonesia / f"{x}.html").read_text("utf-8") for x in ("index", "satu", "dua")}
    assert 'href="../2020-en/satu.html" lang="en" hreflang="en">English</a>' in isi["satu"]
    assert 'href="../2020-en/index.html"' in isi["dua"], "halaman yang tidak ada di sana menuju halaman depannya"
    assert all(x.count("<a ") == 1 for x in isi.values()), "menautkan lagi tidak menambah"
    assert 'href="../2020/satu.html" lang="id"' in (inggris / "satu.html").read_text("utf-8")
    for folder in (indonesia, inggris):
        assert ulang.damaged(folder, pasang.read_manifest(folder)) == set(), "sidik di manifes ikut diperbarui"
        assert not list(folder.glob(".*"))


def test_bukan_kembaran(tulis, tmp_path):
    indonesia = tulis("2020", "id", "satu")
    assert pasang.find_twins(indonesia, 2020, "id") == []
    tulis("2020-en", "en", "satu", tahun=2019)
    assert pasang.find_twins(indonesia, 2020, "id") == [], "tahun lain"
    assert pasang.find_twins(tmp_path / "lain", 2020, "en") == [], "folder pilihan sendiri tanpa akhiran bahasa"
