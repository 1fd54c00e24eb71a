"""Tren antartahun: selisih yang dicetak laporan, pasangan tahun yang ditolak, dan laju yang dihitung tangan."""

import math
import shutil
from pathlib import Path

import pytest

from kinerja import capaian, data, tren

ASAL = Path(__file__).parent / "lembaga_lain" / "data"
LALU, KINI = 2031, 2032


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    shutil.copytree(ASAL, tmp_path / "lembaga", ignore=shutil.ignore_patterns("processed", "reports"))
    monkeypatch.setenv("KINERJA_DATA", str(tmp_path / "lembaga"))
    return tmp_path / "lembaga" / "raw"


def rows(d, lain=(), **pilihan):
    return tren.changes(tren.history(d, lain), **pilihan).set_index(["kode", "tahun"])


def test_changes_that_the_report_prints(d2020):
    """LKj 2020: kenaikan SDM 7,21 dan LKS 6,02 poin persen; nilai RB 2015-2019 naik 9,03."""
    frame = rows(d2020)["perubahan"]
    cetak = d2020["iku_tercetak"].query("ukuran == 'kenaikan_tahunan'").set_index("kode")["nilai"]
    assert round(frame["IKU3", 2020], 2) == cetak["IKU3"] == 7.21
    assert math.floor(frame["IKU4", 2020] * 1000 + 0.5) / 1000 == 6.015 and cetak["IKU4"] == 6.02
    assert frame["IKU7", 2019] == pytest.approx(d2020.nilai("rb/2019/kenaikan_2015_2019"))
    assert frame["IKU1", 2019] == pytest.approx(38.41 - 37.75)


@pytest.mark.parametrize(("kode", "tahun"), [("IKU3", 2019), ("IKU4", 2019), ("IKU7", 2020)])
def test_changed_definition_is_refused(d2020, kode, tahun):
    baris = rows(d2020).loc[(kode, tahun)]
    assert baris["banding"] == tren.BEDA_DEFINISI
    assert math.isnan(baris["perubahan"]) and baris["hasil"] == ""


def test_a_value_stands_at_its_data_year(d2020):
    """38,41 adalah nilai 2019; tempat 2020 kosong, dan definisinya tidak berubah."""
    frame = rows(d2020).loc["IKU1"]
    assert frame["realisasi"].dropna().to_dict() == {2018: 37.75, 2019: 38.41}
    assert frame.loc[2020, "keadaan"] == "tidak_tersedia" and frame.loc[2020, "banding"] == tren.TANPA_NILAI
    assert frame.loc[2020, "uraian"] == "Belum terbit; laporan memakai nilai 2019"
    assert frame["definisi"].nunique() == 1


def test_unless_told_to(d2020):
    frame = rows(d2020, paksa=True)
    assert frame.loc[("IKU7", 2020), "perubahan"] == pytest.approx(81.17 - 77.08)
    assert frame.loc[("IKU7", 2020), "banding"] == tren.BEDA_DEFINISI  # tetap disebut
    assert math.isnan(frame.loc[("IKU4", 2019), "perubahan"])  # nilai 2018 tidak ada di sumber


def test_pace_by_hand(d2020):
    frame = tren.pace(d2020, tren.history(d2020)).set_index("kode")
    assert frame.loc["IKU5", "laju_perlu"] == pytest.approx((100 - 15000 / 514) / 4)
    assert frame.loc["IKU5", "laju_nyata"] == pytest.approx((150 - 50) / 514 * 100 / 4)  # 2016 sampai 2020
    assert frame.loc["IKU4", "laju_nyata"] == pytest.approx((8829 - 6423) / 40000 * 100)
    assert frame["cukup"].to_dict() == {
        "IKU1": "kurang", "IKU2": "", "IKU3": "cukup", "IKU4": "cukup", "IKU5": "kurang", "IKU6": "sudah", "IKU7": "",
    }  # fmt: skip


def test_two_folders(folder):
    kini, lalu = data.load(KINI), data.load(LALU)
    frame = rows(kini, [lalu])
    # Makin kecil makin baik: 26,1 lalu 23 membaik, 24,6 memburuk; 2030 dari iku_riwayat, 2031 dari foldernya.
    assert frame.loc["K03", "realisasi"].tolist() == [26.1, 23.0, 24.6]
    assert frame.loc["K03", "hasil"].tolist() == ["", "membaik", "memburuk"]
    assert frame.loc[("K01", KINI), "banding"] == tren.BEDA_DEFINISI
    assert frame.loc[("K02", KINI), "banding"] == tren.BELUM_SETAHUN  # baru dua triwulan
    assert math.isnan(frame.loc[("K02", KINI), "perubahan"])
    assert frame.loc[("K05", KINI), "hasil"] == ""  # rentang tidak punya arah
    assert "K09" not in frame.index.get_level_values("kode")  # teks
    laju = tren.pace(kini, tren.history(kini, [lalu])).set_index("kode")
    assert laju.loc["K03", "laju_nyata"] == pytest.approx((24.6 - 26.1) / 2)
    assert laju.loc["K03", "cukup"] == "kurang"  # perlu (20 - 24,6) / 3 = -1,53 per tahun
    assert laju.loc["K10", "cukup"] == "cukup"  # 1,75 per tahun; perlu 1,30


def test_strip_takes_last_year_from_its_folder(folder):
    frame = capaian.strip(data.load(KINI))
    assert frame.loc["K03", "lalu"] == 23.0
    assert math.isnan(frame.loc["K01", "lalu"])  # definisinya berganti
    assert math.isnan(frame.loc["K02", "lalu"])  # baru dua triwulan


def test_changed_unit_is_never_compared(folder):
    iku, nilai = folder / f"{KINI}/iku.csv", folder / f"{KINI}/iku_nilai.csv"
    iku.write_text(iku.read_text("utf-8").replace("Desa baru,desa,", "Desa baru,persen,"), "utf-8")
    nilai.write_text(nilai.read_text("utf-8").replace("12,desa", "12,persen").replace("9,desa", "9,persen"), "utf-8")
    baris = rows(data.load(KINI), [data.load(LALU)], paksa=True).loc[("K08", KINI)]
    assert baris["banding"] == tren.BEDA_SATUAN and math.isnan(baris["perubahan"])


def test_later_years_do_not_leak_back(folder):
    assert rows(data.load(LALU), [data.load(KINI)]).index.get_level_values("tahun").max() == LALU


def test_running_year_is_flagged(folder):
    setahun = capaian.iku(data.load(KINI)).set_index("kode")["setahun"]
    assert not setahun["K02"] and not setahun["K07"] and setahun["K03"]
