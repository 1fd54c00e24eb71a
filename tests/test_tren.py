"""Tren antartahun: selisih yang dicetak laporan, pasangan tahun yang ditolak, dan laju yang dihitung tangan."""

import math
import shutil
from pathlib import Path

import pytest

from kinerja import buku, capaian, data, fmt, tren
from kinerja.panels import tren as panel

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


def test_figure_breaks_the_line_where_the_definition_changed(d2020):
    fig = panel.history_figure(d2020)
    ax = next(a for a in fig.axes if a.get_title(loc="left").startswith("IKU7") or a.get_title().startswith("IKU7"))
    garis = [list(x.get_xdata()) for x in ax.lines]
    assert [2015, 2019] in garis and [2019.5, 2019.5] in garis
    assert not any(2019 in x and 2020 in x for x in garis)


def test_running_year_is_flagged(folder):
    setahun = capaian.iku(data.load(KINI)).set_index("kode")["setahun"]
    assert not setahun["K02"] and not setahun["K07"] and setahun["K03"]


@pytest.mark.parametrize(("tahun", "bahasa"), [(LALU, "id"), (KINI, "en")])
def test_every_derived_cell_has_its_formula(folder, tahun, bahasa):
    """Jumlah, rata-rata, arah turun, batas, triwulan, dan tahun dari folder lain: bentuk yang tidak ada di 2020."""
    semula = fmt.language()
    try:
        buku_ = buku.open_buku("tren", tahun=tahun, bahasa=bahasa, paksa=False)
        d, kurang, rumus = buku_.data, [], {}
        bingkai = {"riwayat": panel.history(d), "laju": panel.pace(d), "triwulan": panel.quarters(d)}
        for nama, frame in bingkai.items():
            satu = buku_.build_table(frame, nama, **panel.reading(d))
            for kolom in (x for x in satu.shown if x.bernilai):
                for nomor, sel in enumerate(satu.cells(kolom)):
                    if sel.keadaan == "diturunkan":
                        isi = rumus[nama, kolom.nama, nomor] = satu.origin(kolom, nomor, sel)
                        kurang += [(nama, kolom.nama, nomor)] if len(isi) < 2 else []
    finally:
        fmt.use(semula)
    assert kurang == []
    if tahun == KINI:
        urut = list(bingkai["riwayat"][["kode", "tahun"]].itertuples(index=False, name=None)).index(("K02", KINI))
        assert rumus["riwayat", "realisasi", urut][0] == "160 + 200 = 360"  # dua triwulan pertama
        assert rumus["laju", "laju_perlu", 3][0] == "(0 − 1) / 3 = −0.3"  # arah turun, satuan tanpa desimal
