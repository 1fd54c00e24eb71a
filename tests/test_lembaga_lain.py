"""Lembaga rekaan dengan bentuk lain: tiga sasaran, sebelas indikator, tanpa PEN; angkanya dihitung tangan.

Datanya di ``tests/lembaga_lain/data`` dan seluruhnya rekaan untuk uji; tahunnya juga rekaan.
"""

import json
import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kinerja import anggaran, capaian, data, fmt, paths
from kinerja.audit import Audit
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatKinerja, GalatParameter
from kinerja.render.laporan import render

ASAL = Path(__file__).parent / "lembaga_lain" / "data"
PENUH, SEBAGIAN = 2031, 2032


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """Salinan folder data lembaga rekaan, dipakai lewat KINERJA_DATA."""
    tujuan = tmp_path / "lembaga"
    shutil.copytree(ASAL, tujuan, ignore=shutil.ignore_patterns("processed", "reports"))
    monkeypatch.setenv("KINERJA_DATA", str(tujuan))
    return tujuan


@pytest.fixture
def d(folder) -> Data:
    return data.load(PENUH)


# Hitungan tangan


@pytest.mark.parametrize(
    ("kode", "realisasi", "tanpa_batas", "dengan_batas", "golongan", "predikat"),
    [
        ("K01", 75.0, 7500 / 72, 7500 / 72, "di_atas", "Sangat baik"),  # 41.250 / 55.000; 75 / 72
        ("K02", 750.0, 93.75, 93.75, "di_bawah", "Baik"),  # 120 + 180 + 210 + 240 dari 800
        ("K03", 23.0, 108.0, 108.0, "di_atas", "Sangat baik"),  # turun: 1 + (1 - 23/25)
        ("K04", 0.0, 100.0, 100.0, "tepat", "Baik"),  # turun, target 0, realisasi 0; 100 bukan lebih dari 100
        ("K05", 7.2, 100.0, 100.0, "tepat", "Baik"),  # rentang 6,5 sampai 8,5
        ("K06", 85.5, 95.0, 95.0, "di_bawah", "Baik"),  # rata-rata 84, 85, 86, 87 terhadap 90
        ("K07", 96.0, 120.0, 110.0, "di_atas", "Sangat baik"),  # kumulatif: triwulan IV; 96 / 80; batas 110
        ("K08", 12.0, 120.0, 110.0, "di_atas", "Sangat baik"),
        ("K10", 78.35, 97.9375, 97.9375, "di_bawah", "Baik"),
    ],
)
def test_indicator_by_hand(d, kode, realisasi, tanpa_batas, dengan_batas, golongan, predikat):
    baris = capaian.iku(d).set_index("kode").loc[kode]
    assert baris["realisasi"] == pytest.approx(realisasi)
    assert baris["capaian_tanpa_batas"] == pytest.approx(tanpa_batas)
    assert baris["capaian"] == pytest.approx(dengan_batas)
    assert (baris["golongan"], baris["predikat"]) == (golongan, predikat)


def test_text_range_and_missing(d):
    frame = capaian.iku(d).set_index("kode")
    assert frame.loc["K09", ["target_teks", "realisasi_teks", "capaian"]].tolist() == ["WTP", "WTP", 100.0]
    assert frame.loc["K05", "target_teks"] == "6,5–8,5"
    assert math.isnan(frame.loc["K11", "capaian"])
    assert frame.loc["K11", ["golongan", "predikat", "keadaan_realisasi"]].tolist() == [
        "tidak_dinilai", "", "tidak_tersedia",
    ]  # fmt: skip


def test_weighted_means_by_hand(d):
    """Bobot sasaran 50, 30, 20; K11 yang tidak dinilai keluar dari pembilang dan penyebut ST3."""
    ss = capaian.sasaran(d).set_index("kode")["capaian"]
    st1 = (40 * 7500 / 72 + 20 * 93.75 + 20 * 108 + 20 * 100) / 100
    st2 = (100 + 95 + 110 + 110) / 4
    st3 = (50 * 100 + 30 * 97.9375) / 80
    assert ss.tolist() == pytest.approx([st1, st2, st3])
    assert capaian.mean_achievement(d) == pytest.approx(0.5 * st1 + 0.3 * st2 + 0.2 * st3)
    cara = capaian.institusi(d).set_index("cara")
    assert cara.loc["rata_rata_sasaran", "capaian"] == pytest.approx((st1 + st2 + st3) / 3)
    assert cara.index[cara["dipakai"]].tolist() == ["rata_rata_tertimbang_sasaran"]


def test_quarters_by_hand(d):
    frame = capaian.quarters(d).set_index(["kode", "triwulan"])
    assert frame.loc[("K02", 3), ["target_sampai", "realisasi_sampai"]].tolist() == [
        570,
        510,
    ]  # 150+200+220; 120+180+210
    assert frame.loc[("K02", 3), "capaian"] == pytest.approx(51000 / 570)
    assert frame.loc[("K06", 2), "realisasi_sampai"] == 84.5
    assert frame.loc[("K07", 2), ["target_sampai", "realisasi_sampai", "capaian"]].tolist() == [40, 45, 110.0]


def test_running_year_stops_at_the_last_filled_quarter(folder):
    d = data.load(SEBAGIAN)
    iku = capaian.iku(d).set_index("kode")["realisasi"]
    assert iku[["K02", "K06", "K07"]].tolist() == [360, 87, 51]  # 160 + 200; (86 + 88) / 2; triwulan II
    frame = capaian.quarters(d).set_index(["kode", "triwulan"])
    assert math.isnan(frame.loc[("K02", 3), "capaian"])
    assert frame.loc[("K02", 3), "keadaan"] == "tidak_tersedia"


def test_gap_between_quarters_is_not_summed(folder):
    edit(
        folder,
        "2031/iku_nilai.csv",
        "K02,realisasi,tw2,,180,sambungan,dikutip",
        "K02,realisasi,tw2,,,sambungan,tidak_tersedia",
    )
    assert math.isnan(capaian.iku(data.load(PENUH)).set_index("kode").loc["K02", "realisasi"])


def test_range_outside_and_zero_target_missed(folder):
    iku = capaian.iku(data.load(SEBAGIAN)).set_index("kode")["capaian"]
    assert iku["K05"] == pytest.approx(8.5 / 8.9 * 100)  # PermenPANRB: batas atas / realisasi
    assert iku["K04"] == 0  # target 0, realisasi 1, makin kecil makin baik
    assert iku["K09"] == 0  # WDP di bawah WTP dalam jenjang
    assert capaian.achievement_range(5.2, 6.5, 8.5) == pytest.approx(80)
    with pytest.raises(GalatParameter, match="terbalik"):
        capaian.achievement_range(5, 8, 6)


def test_number_of_target_rows_must_fit_the_direction(folder):
    edit(folder, "2031/iku.csv", "pH air,ph,rentang,", "pH air,ph,naik,")
    with pytest.raises(GalatHitung, match=r"K05.*'naik' memerlukan 1 baris target, bukan 2"):
        capaian.iku(data.load(PENUH))


def test_without_cap(folder):
    baris = "batas_capaian,,110,persen_capaian,dikutip,rekaan,Bab III,\n"
    edit(folder, "2031/aturan.csv", baris, "")
    d = data.load(PENUH)
    assert capaian.cap(d) is None
    assert capaian.iku(d).set_index("kode").loc["K07", "capaian"] == pytest.approx(120)


def test_finance_and_audit(d):
    uang = anggaran.absorption(d, "total").iloc[0]
    assert uang["penyerapan"] == pytest.approx(95)  # 45,6 / 48
    vonis = Audit(d).table().set_index("id_tercetak")["vonis"]
    assert vonis["iku_tercetak/K03/capaian/tabel_utama"] == "cocok"
    assert vonis["iku_tercetak/K10/capaian/tabel_utama"] == "beda"  # tercetak 98,94; 78,35 / 80 adalah 97,94
    assert vonis["iku_tercetak/DINAS/realisasi_keuangan/ringkasan"] == "cocok"


# Folder data


def test_data_root(folder):
    assert paths.raw() == folder / "raw"
    assert paths.reports(PENUH) == folder / "reports" / str(PENUH)
    assert paths.tahun_tersedia() == [PENUH, SEBAGIAN]


def test_folder_without_raw(tmp_path, monkeypatch):
    monkeypatch.setenv("KINERJA_DATA", str(tmp_path))
    with pytest.raises(GalatKinerja, match="tidak berisi folder raw"):
        paths.data()


@pytest.fixture(scope="module")
def laporan(tmp_path_factory) -> Path:
    """Laporan lembaga rekaan: tahun penuh lewat baris perintah, dan tahun sebagian dalam bahasa Inggris."""
    dasar = tmp_path_factory.mktemp("lembaga")
    shutil.copytree(ASAL, dasar / "data", ignore=shutil.ignore_patterns("processed", "reports"))
    perintah = ["render", "--tahun", str(PENUH), "--data", str(dasar / "data")]
    subprocess.run([sys.executable, "-m", "kinerja.cli", *perintah], check=True, env=os.environ, capture_output=True)
    with paths.using(dasar / "data"):
        assert render(SEBAGIAN, bahasa="en", notebook=["keuangan", "ss3_dtks"]).gagal == []
    return dasar / "data" / "reports"


def test_report_has_its_own_pages_only(laporan):
    manifes = json.loads((laporan / str(PENUH) / "manifest.json").read_text("utf-8"))
    assert manifes["institusi"] == "Dinas Air Bersih Kabupaten Rekaan"
    assert list(manifes["halaman"]) == ["ringkasan", "tren", "keuangan", "audit"]
    for halaman in manifes["halaman"]:
        isi = re.sub(r"<[^>]+>", " ", (laporan / str(PENUH) / f"{halaman}.html").read_text("utf-8"))
        assert not re.search(r"Kemensos|Kementerian Sosial|\bSS ?[1-4]\b|\bIKU[1-7]\b|tujuh IKU|120%", isi), halaman


def test_report_shows_the_invented_numbers(laporan):
    isi = (laporan / str(PENUH) / "tabel" / "ringkasan-utama.csv").read_text("utf-8")
    baris = next(x for x in isi.splitlines() if x.startswith("K05"))
    assert "6,5–8,5" in baris
    halaman = (laporan / str(PENUH) / "ringkasan.html").read_text("utf-8")
    for teks in ("Sangat baik", "101,98", "makin kecil makin baik", "di dalam rentang", "WTP"):
        assert teks in halaman, teks


def test_partial_year_says_what_is_missing(laporan):
    halaman = (laporan / f"{SEBAGIAN}-en" / "ss3_dtks.html").read_text("utf-8")
    assert "not filled in for 2032" in halaman
    assert "<code>dtks_pengguna</code>" in halaman
    uang = (laporan / f"{SEBAGIAN}-en" / "keuangan.html").read_text("utf-8")
    assert "98.00" in uang  # 50,96 / 52: hanya total yang diisi


def test_notebook_without_its_tables_stops_with_one_sentence(folder):
    from kinerja.buku import open_buku

    with pytest.raises(GalatParameter, match="ss3_dtks memerlukan tabel dtks, dtks_pengguna"):
        open_buku("ss3_dtks", tahun=SEBAGIAN)


def test_units_of_the_other_institution(folder):
    assert fmt.nilai(7.25, "ph") == "7,3"


def edit(folder: Path, berkas: str, lama: str, baru: str) -> None:
    letak = folder / "raw" / berkas
    isi = letak.read_text("utf-8")
    assert isi.count(lama) == 1, (lama, isi.count(lama))
    letak.write_text(isi.replace(lama, baru), "utf-8")
