"""Laporan triwulan dan semester: target dan realisasi sampai periode itu, dihitung tangan."""

import math

import pandas as pd
import pytest

from buat_lembaga import write
from kinerja import anggaran, capaian, data, fmt, kewajaran, periode, tren
from kinerja.data import templat
from kinerja.errors import GalatParameter
from kinerja.render import rencana, ulang
from notebook_di_proses import run
from test_bentuk_tabel import no_origin

TW = "tw1 tw2 tw3 tw4".split()
IKU = [
    # nonkumulatif: 90 + 120 + 80 dari 100 + 100 + 100; kumulatif dan nilai akhir: angka terakhir; rata-rata: dibagi
    {"kode": "JUMLAH", "satuan": "orang", "desimal": 0, "cara": "jumlah", "target": 400,
     "tw": {"target": [100, 100, 100, 100], "realisasi": [90, 120, 80]}},
    {"kode": "KUMUL", "cara": "kumulatif", "target": 90, "tw": {"target": [20, 45, 70, 90], "realisasi": [25, 36, 77]}},
    {"kode": "AKHIR", "satuan": "hari", "desimal": 0, "arah": "turun", "target": 5,
     "tw": {"target": [8, 8, 6, 5], "realisasi": [8, 6, 6]}},
    {"kode": "RATA", "satuan": "nilai", "cara": "rata_rata", "target": 80, "tw": {"realisasi": [78, 86, 88]}},
    {"kode": "RENTANG", "arah": "rentang", "target_bawah": 3, "target_atas": 4, "tw": {"realisasi": [5, 3.5, 3.5]}},
    {"kode": "TEKS", "satuan": "teks", "target": "A", "tw": {"target": ["B", "BB"], "realisasi": ["BB", "B"]}},
    {"kode": "TAHUNAN", "target": 75},
    {"kode": "SEMESTER", "cara": "jumlah", "satuan": "desa", "desimal": 0, "target": 10,
     "lain": {("target", "smt1"): 4, ("realisasi", "smt1"): 3, ("target", "smt2"): 6, ("realisasi", "smt2"): None}},
]  # fmt: skip
UANG = [
    ("total", "k", 1_000, 200, None, "2031-04-05"),
    ("total", "k", 1_200, 600, None, "2031-06-30"),
    ("total", "k", 1_200, 1_140, None, "2032-01-10"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    asal = tmp_path_factory.mktemp("periode")
    lalu = [
        dict(x, tw={u: [y if isinstance(y, str) else y - 6 for y in z] for u, z in x["tw"].items()}) for x in IKU[:2]
    ]
    write(asal, 2030, iku=lalu, anggaran=[("total", "k", 900, 90, None, "2030-03-31")])
    return write(asal, 2031, iku=IKU, anggaran=UANG, aturan={"periode": "tw2"})


@pytest.fixture
def d(folder, monkeypatch):
    monkeypatch.setenv("KINERJA_DATA", str(folder))
    return data.load(2031)


@pytest.mark.parametrize(
    ("kapan", "kode", "target", "realisasi", "harapan"),
    [
        ("tw1", "JUMLAH", 100, 90, 90), ("tw2", "JUMLAH", 200, 210, 105), ("tw3", "JUMLAH", 300, 290, 2900 / 30),
        ("tw1", "KUMUL", 20, 25, 125), ("tw2", "KUMUL", 45, 36, 80), ("tw3", "KUMUL", 70, 77, 110),
        ("smt1", "KUMUL", 45, 36, 80),
        ("tw1", "AKHIR", 8, 8, 100), ("tw2", "AKHIR", 8, 6, 125),  # 1 + (1 - 6/8)
        ("tw2", "RATA", 80, 82, 102.5),  # (78 + 86) / 2; tanpa target periode: tingkat setahun
        ("tw1", "RENTANG", math.nan, 5, 80), ("tw2", "RENTANG", math.nan, 3.5, 100),
        ("tw1", "TEKS", math.nan, math.nan, 100), ("tw2", "TEKS", math.nan, math.nan, 0),  # BB dari B; B dari BB
        ("tw2", "TAHUNAN", math.nan, math.nan, math.nan),
        ("smt1", "SEMESTER", 4, 3, 75), ("tw2", "SEMESTER", 4, 3, 75), ("tw1", "SEMESTER", math.nan, math.nan, math.nan),
        ("tw4", "JUMLAH", 400, math.nan, math.nan),  # triwulan IV belum ada: bukan angka triwulan III
    ],
)  # fmt: skip
def test_to_the_end_of_the_period_by_hand(d, kapan, kode, target, realisasi, harapan):
    baris = capaian.iku(d.at(kapan)).set_index("kode").loc[kode]
    for kolom, nilai in (("target", target), ("realisasi", realisasi), ("capaian", harapan)):
        assert baris[kolom] == pytest.approx(nilai, nan_ok=True), kolom


def test_annual_target_stands_beside(d):
    assert d.periode == "tw2", "menurut aturan.csv"
    frame = capaian.strip(d)
    assert frame.loc["JUMLAH", ["target", "target_tahun", "capaian_tahun"]].tolist() == [200, 400, 52.5]  # 210/400
    assert frame.loc["TEKS", ["target_teks", "target_tahun_teks"]].tolist() == ["BB", "A"]
    assert frame.loc[["TAHUNAN", "SEMESTER"], "sebab"].tolist() == ["belum_periode", ""]
    assert capaian.iku(d.at("tw1")).set_index("kode").loc["SEMESTER", "sebab"] == "belum_periode"
    setahun = capaian.iku(d.at("tahun")).set_index("kode")
    assert setahun.loc["JUMLAH", ["target", "realisasi"]].tolist() == [400, 290], "sampai triwulan yang terisi"
    assert setahun["target_tahun"].isna().all()


def test_one_quarter_alone(tmp_path):
    """Hanya triwulan III yang tercatat: angka triwulan itu sendiri, juga bagi yang dijumlahkan."""
    sendiri = [{"kode": k, "cara": k, "lain": {("target", "tw3"): 50, ("realisasi", "tw3"): 40}, "realisasi": None}
               for k in ("jumlah", "kumulatif", "rata_rata", "nilai")]  # fmt: skip
    write(tmp_path, 2031, iku=sendiri, aturan={"periode": "tw3"})
    frame = capaian.iku(data.load(2031, tmp_path / "raw"))
    assert frame["capaian"].tolist() == [80] * 4 and frame["target_tahun"].isna().all()


def test_same_quarter_of_the_year_before(d):
    """2030: 84 + 114 = 198; 210 - 198 = 12. Kumulatif 36 - 30."""
    frame = capaian.strip(d)
    assert frame.loc[["JUMLAH", "KUMUL"], "perubahan"].tolist() == [12, 6] and frame["lalu"].count() == 2
    riwayat = tren.changes(tren.history(d, tren.other_years(d))).query("tahun == 2031").set_index("kode")
    assert riwayat.loc["JUMLAH", ["lalu", "hasil"]].tolist() == [198, "membaik"]
    janggal = kewajaran.suspicions(d, data.load(2030)).query("jenis == 'target_tercapai'")["id"]
    assert "iku/JUMLAH" not in set(janggal), "198 belum mencapai 200; setahun penuhnya 272"


def test_trend_over_quarters_and_years(d):
    frame = tren.quarters(d, tren.other_years(d)).query("kode == 'KUMUL'")
    with fmt.using("id"):
        assert frame["waktu"].tolist() == ["I 2030", "II 2030", "III 2030", "IV 2030", "I 2031", "II 2031"]
    assert frame["realisasi_sampai"].tolist()[-2:] == [25, 36] and math.isnan(frame["realisasi_sampai"].iloc[3])
    rata = capaian.quarters(d).query("kode == 'RATA'")
    assert rata["target_sampai"].tolist() == [80] * 3 and rata["capaian"].iloc[1] == pytest.approx(102.5), (
        "sama dengan capaian.iku"
    )
    uang = tren.spending(d, tren.other_years(d))
    assert uang["per"].tolist() == ["2031-04-05", "2031-06-30"], "2030 tidak punya angka di dekat akhir triwulan II"
    assert uang["penyerapan"].tolist() == [20, 50]
    assert tren.spending(d.at("tahun"), [data.load(2030)])["penyerapan"].tolist() == pytest.approx([10, 20, 50, 95])


def test_money_of_the_period(d):
    assert [anggaran.total(d.at(x))["realisasi"] for x in ("tw1", "tw2", "smt2", "tahun")] == [200, 600, 1140, 1140]
    assert not anggaran.has_money(d.at("tw3")) and anggaran.lines(d.at("tw3"), "sasaran").empty
    with pytest.raises(GalatParameter, match="triwulan III 2031 .*tanggal yang ada: 2031-04-05"):
        anggaran.report_date(d.at("tw3"))
    with pytest.raises(GalatParameter, match="'tw5' tidak dikenal; pilih tahun, tw1"):
        d.at("tw5")


def test_new_year_keeps_quarters(d):
    """Indikator triwulanan tetap triwulanan, dengan cara menjumlahkannya."""
    isi = {x.tabel.nama: x for x in templat.templates(2032, d)}
    iku = pd.DataFrame(isi["iku"].isi, columns=isi["iku"].kolom).set_index("kode")
    assert (
        iku.loc["JUMLAH", "cara"] == "jumlah" and iku.loc["TAHUNAN", "pembilang"] == "iku_nilai/TAHUNAN/realisasi/tahun"
    )
    assert iku.loc["KUMUL", "pembilang"].split() == [f"iku_nilai/KUMUL/realisasi/{x}" for x in TW]
    nilai = pd.DataFrame(isi["iku_nilai"].isi, columns=isi["iku_nilai"].kolom)
    ada = set(zip(nilai["kode"], nilai["ukuran"], nilai["periode"], strict=True))
    assert {("JUMLAH", u, p) for u in ("target", "realisasi") for p in TW} <= ada
    assert ("SEMESTER", "realisasi", "smt2") in ada and ("TAHUNAN", "target", "tw1") not in ada


@pytest.mark.parametrize(
    ("kapan", "tanggal"),
    [("tw1", "2031-03-31"), ("smt1", "2031-06-30"), ("tw3", "2031-09-30"), ("tahun", "2031-12-31")],
)
def test_end_of_the_period(kapan, tanggal):
    assert periode.end_date(2031, kapan).isoformat() == tanggal


def test_pages_name_the_period(d):
    """Ketiga halaman menyebut periodenya, dan target setahun berdiri di samping target periode."""
    for nama in ("ringkasan", "keuangan", "tren"):
        halaman = run(nama, tahun=2031, periode="tw1")
        assert "triwulan I 2031" in " ".join(halaman.html), nama
        assert no_origin(halaman) == [], nama
    tabel = run("ringkasan", "en", tahun=2031, periode="tw1").jawab["utama"].tabel
    assert "Q1 2031" in tabel.judul and "Annual target" in tabel.to_text()


def test_render_takes_the_period(d, folder, tmp_path):
    """Bab yang angkanya hanya setahun tidak ikut; folder dan judulnya menyebut periode."""
    tugas = rencana.plan(2031, parameter=[("periode", "tw1")])
    assert [x.notebook for x in tugas] == ["ringkasan", "tren", "keuangan"]
    assert {x.parameter["periode"] for x in tugas} == {"tw1"}
    with fmt.using("id"):
        judul = rencana.check_tables(tugas, d.at("tw1"), diminta=True)[0].judul
    assert judul == "Ringkasan kinerja triwulan I 2031"
    assert (
        ulang.Permintaan(2031, parameter=(("periode", "tw1"),), bahasa="en").target(None)
        == folder / "reports" / "2031-tw1-en"
    )
    with pytest.raises(GalatParameter, match="'triwulan1' tidak dikenal"):
        rencana.plan(2031, parameter=[("periode", "triwulan1")])
