"""Lembar isian lembaga: yang diketik petugas, yang ditolak, dan folder data yang dihasilkan. Lembaganya rekaan."""

import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from kinerja import anggaran, capaian, cli, data, kewajaran
from kinerja.lembaga import read_form
from kinerja.lembaga.formulir import columns, guide, to_csv
from kinerja.lembaga.susun import Lama, compose
from kinerja.render import coba, rencana

AKAR = Path(__file__).resolve().parents[1]
CONTOH = AKAR / "docs" / "contoh" / "balai-rekaan.csv"


def run(*argv: str) -> int:
    """Kode keluar perintah."""
    with pytest.raises(SystemExit) as keluar:
        cli.main(list(argv))
    return keluar.value.code or 0


def sheet(folder: Path, indikator=(), anggaran=(), **identitas) -> Path:
    """CSV isian dengan baris-baris itu."""
    berkas = folder / "isian.csv"
    dasar = {"nama": "Kantor Rekaan", "tahun": "2026"} | identitas
    isi = {"Identitas": [dasar], "Indikator": list(indikator), "Anggaran": list(anggaran)}
    berkas.write_text(to_csv(isi), "utf-8-sig")
    return berkas


def composed(folder: Path, *args, **kwargs):
    return compose(read_form(sheet(folder, *args, **kwargs)), lambda nama: Lama())


def row(**isi) -> dict:
    return {"sasaran": "Sasaran", "indikator": "Indikator", "satuan": "%", "target": "70", "realisasi": "72"} | isi


@pytest.fixture(scope="module")
def petugas(tmp_path_factory) -> tuple[Path, int]:
    """Buku kerja yang diisi seperti diketik orang, dan banyaknya sel yang diketik."""
    folder = tmp_path_factory.mktemp("petugas")
    berkas = folder / "balai.xlsx"
    assert run("lembaga-baru", "Balai Latihan Kerja Rekaan", "--out", str(berkas)) == 0
    buku, diketik = openpyxl.load_workbook(berkas), 0
    kolom = {x.value: x.column for x in buku["Indikator"][1]}
    baris = [
        ("Meningkatnya mutu lulusan", "Persentase lulusan yang bekerja", "%", None, 70, "72,5%"),
        (None, "Jumlah peserta pelatihan", "orang", None, 1200, "1.180"),
        (None, "Lama tunggu kerja lulusan", "bulan", "turun", 4, 3),
        ("Meningkatnya tata kelola", "Nilai kepuasan peserta", "nilai", None, 85, 88.2),
        (None, "Predikat akuntabilitas kinerja", "predikat", None, "BB", "A"),
    ]
    for n, satu in enumerate(baris, 2):
        for judul, x in zip(("Sasaran", "Indikator", "Satuan", "Arah", "Target", "Realisasi"), satu, strict=True):
            if x is not None:
                buku["Indikator"].cell(n, kolom[judul], x)
                diketik += 1
    for lembar, sel, x in (
        ("Identitas", "B4", 2026), ("Anggaran", "A2", "total"), ("Anggaran", "C2", 4250000000),
        ("Anggaran", "D2", "Rp4.101.250.000,00"),
    ):  # fmt: skip
        buku[lembar][sel] = x
        diketik += 1
    buku.save(berkas)
    return berkas, diketik


def test_twelve_numbers_in_forty_cells_and_three_commands(petugas, monkeypatch, capsys):
    berkas, diketik = petugas
    assert diketik <= 40
    assert run("isi", str(berkas)) == 0
    assert "kinerja render --data" in capsys.readouterr().out
    folder = berkas.parent / "balai-latihan-kerja-rekaan"
    monkeypatch.setenv("KINERJA_DATA", str(folder))
    d = data.load(2026)
    iku = capaian.iku(d).set_index("kode")
    assert iku["capaian"].tolist() == pytest.approx([7250 / 70, 1180 / 12, 125, 8820 / 85, 100])
    assert iku.loc["IK2", "satuan"] == "orang" and iku.loc["IK5", "realisasi_teks"] == "A"
    assert anggaran.absorption(d, "total")["penyerapan"].iloc[0] == pytest.approx(96.5)
    tugas = rencana.plan(2026, notebook=["ringkasan", "keuangan"])
    assert coba.failures(rencana.check_tables(tugas, d, diminta=True)) == {}
    assert run("isi", str(berkas)) == 0 and "0 berkas ditulis" in capsys.readouterr().out
    assert run("data", "--tahun", "2026") == 0  # segelnya cocok


def test_the_example_in_the_docs(tmp_path, monkeypatch):
    berkas = tmp_path / "balai.csv"
    # Seperti disimpan Excel setelah diisi: tanpa sep=, baris berekor titik koma, baris kosong di akhir.
    isi = CONTOH.read_text("utf-8-sig").splitlines()[1:]
    berkas.write_bytes("\r\n".join([f"{x};;" for x in isi] + ["", ""]).encode("utf-8-sig"))
    assert run("isi", str(berkas)) == 0
    monkeypatch.setenv("KINERJA_DATA", str(tmp_path / "balai-latihan-kerja-rekaan"))
    d = data.load(2026)
    iku = capaian.iku(d).set_index("kode")
    # Batas 120: 1 + (1 - 3/4) adalah 125. Rentang 12 sampai 16 memuat 15.
    assert iku["capaian"].tolist() == pytest.approx([7250 / 70, 1180 / 12, 120, 100, 8820 / 85, 100])
    strip = capaian.strip(d)
    assert strip.loc[["IK1", "IK2"], "lalu"].tolist() == [68.1, 1104]
    assert strip.loc[["IK1", "IK5"], "akhir"].tolist() == [80, 90]
    belanja = anggaran.absorption(d, "jenis_belanja")
    assert belanja["kode"].tolist() == ["pegawai", "barang", "modal"]
    assert int(belanja["realisasi"].sum()) == 4101250000
    assert d["penjelasan"]["ringkas"].iloc[0].startswith("Kerja sama")
    assert d.baris("iku_nilai/IK1/realisasi/tahun")["bagian"] == "Lembar Indikator (baris 18)"


def test_next_year_keeps_codes_and_asks_before_replacing(tmp_path, capsys):
    satu = [row(indikator="A", akhir="90"), row(indikator="B", sasaran="Lain")]
    assert run("isi", str(sheet(tmp_path, satu, akhir="2029"))) == 0
    baru = [row(indikator="C"), row(indikator="B", sasaran="Lain", realisasi="80")]
    assert run("isi", str(sheet(tmp_path, baru, tahun="2027"))) == 0
    raw = tmp_path / "kantor-rekaan" / "raw"
    d = data.load(2027, raw)
    assert d["iku"][["kode", "nama", "sasaran"]].to_numpy().tolist() == [["IK3", "C", "SS1"], ["IK2", "B", "SS2"]]
    assert d["renstra"]["id"].tolist() == ["renstra/IK1/2029"]
    lagi = tmp_path / "lagi.xlsx"
    assert run("lembaga-baru", "Kantor Rekaan", "--tahun", "2028", "--out", str(lagi)) == 0
    isian = read_form(lagi)
    assert [x.sel["indikator"].teks for x in isian.indikator] == ["C", "B"]
    assert isian.identitas["tahun"].sel["tahun"].teks == "2028" and "realisasi" not in isian.indikator[0].sel
    capsys.readouterr()
    satu[0]["realisasi"] = "75"
    assert run("isi", str(sheet(tmp_path, satu, akhir="2029"))) == 2
    assert "2026/iku_nilai.csv. Ganti dengan --timpa" in capsys.readouterr().err
    assert run("isi", str(sheet(tmp_path, satu, akhir="2029")), "--timpa") == 0
    assert data.load(2026, raw).nilai("iku_nilai/IK1/realisasi/tahun") == 75


def test_a_copied_year_is_suspicious(tmp_path, monkeypatch):
    isi = [row(indikator=x, realisasi=y, lalu=y) for x, y in (("A", "71"), ("B", "72,5"), ("C", "68"))]
    assert run("isi", str(sheet(tmp_path, isi))) == 0
    monkeypatch.setenv("KINERJA_DATA", str(tmp_path / "kantor-rekaan"))
    assert kewajaran.suspicions(data.load(2026)).to_numpy().tolist() == [
        ["salinan", "iku", "semua 3 realisasi indikator sama dengan tahun lalu"]
    ]


def test_every_problem_at_once_with_its_sheet_and_row(tmp_path, capsys):
    salah = [row(satuan="persn"), row(indikator="B", realisasi="tujuh"), row(indikator="C", arah="nak")]
    uang = [{"rincian": "sasaran", "nama": "Sasarn", "pagu": "1.000.000"}, {"rincian": "total", "pagu": "1.000.000,50"}]
    assert run("isi", str(sheet(tmp_path, salah, uang, tahun="26"))) == 2
    pesan = capsys.readouterr().err
    assert "6 masalah" in pesan
    for bagian in (
        "isian.csv, baris 6, kolom 'Tahun': ditemukan '26'; diharapkan tahun antara",
        "baris 19, kolom 'Satuan': ditemukan 'persn'; diharapkan satuan persen",
        "baris 20, kolom 'Realisasi': ditemukan 'tujuh'; diharapkan angka dalam satuan persen",
        "baris 21, kolom 'Arah': ditemukan 'nak'; diharapkan salah satu dari naik, turun, rentang (mungkin naik)",
        "kolom 'Nama': ditemukan 'Sasarn'; diharapkan sasaran di lembar Indikator: salah satu dari Sasaran (mungkin",
        "kolom 'Pagu': ditemukan '1000000.50'; diharapkan rupiah utuh",
    ):
        assert bagian in pesan, (bagian, pesan)
    assert not (tmp_path / "kantor-rekaan").exists()


@pytest.mark.parametrize(
    ("isi", "pesan"),
    [
        ({"target": "≥ 3", "arah": "turun"}, "turun dengan target '≥ 3'"),
        ({"satuan": "orang", "target": "12,5"}, "bilangan bulat untuk satuan orang"),
        ({"satuan": "indeks", "target": "1.234"}, "1234 atau 1,234"),
        ({"target": "2026"}, None),
        ({"satuan": ""}, "kolom 'Satuan': ditemukan sel kosong"),
        (
            {"realisasi_tw1": "20", "realisasi": ""},
            "kolom 'Sifat triwulan': ditemukan sel kosong; diharapkan salah satu",
        ),
        ({"realisasi_tw1": "20", "cara": "kumulatif"}, "realisasi setahun di samping triwulan"),
        ({"akhir": "90"}, "Tahun akhir Renstra di lembar Identitas"),
        ({"batas": "90"}, "100 atau lebih"),
        ({"realisasi": "3 sampai 4"}, "satu angka"),
        ({"sasaran": ""}, "kolom 'Sasaran': ditemukan sel kosong"),
        ({"penjelasan": "=HYPERLINK(1)"}, "rumus =HYPERLINK(1)"),
    ],
)
def test_one_row_refused(tmp_path, isi, pesan):
    masalah = [str(x) for x in composed(tmp_path, [row(**isi)]).masalah]
    assert len(masalah) == (pesan is not None), masalah
    assert pesan is None or pesan in masalah[0]


@pytest.mark.parametrize(
    ("isi", "arah", "nilai"),
    [
        ({"target": "≥ 3"}, "naik", {"target": "3"}),
        ({"target": "≤ 3"}, "turun", {"target": "3"}),
        ({"target": "≥ 3", "arah": "rentang"}, "rentang", {"target_bawah": "3"}),
        ({"target": "3-4"}, "rentang", {"target_bawah": "3", "target_atas": "4"}),
        ({"target": "4", "arah": "negatif"}, "turun", {"target": "4"}),
        ({"target": "5", "semula": "6"}, "naik", {"target": "5", "target_semula": "6"}),
        ({"target": "5", "standar": "4,5"}, "naik", {"target": "5", "standar_nasional": "4.5"}),
        ({"target": "-"}, "naik", {}),
    ],
)
def test_targets_and_directions(tmp_path, isi, arah, nilai):
    s = composed(tmp_path, [row(**isi)])
    assert not s.masalah and s.tabel["iku"][0]["arah"] == arah
    assert {x["ukuran"]: x["nilai"] for x in s.tabel["iku_nilai"] if x["ukuran"] != "realisasi"} == nilai


def test_units_of_its_own(tmp_path):
    s = composed(
        tmp_path,
        [
            row(satuan="ekor", target="12", realisasi="10"),
            row(indikator="B", satuan="kWh per m2", target="1,25", realisasi="-"),
            row(indikator="C", satuan="Status", target="Kota Layak", realisasi="Kota Madya"),
            row(indikator="D", satuan="Ekor", target="5", realisasi=""),
        ],
    )
    assert not s.masalah and s.baru == ["ekor", "kWh per m2"]
    assert [x["satuan"] for x in s.tabel["iku"]] == ["ekor", "kwh_per_m2", "teks", "ekor"]
    assert (s.satuan["ekor"].jenis, s.satuan["kwh_per_m2"].jenis, s.satuan["kwh_per_m2"].desimal) == (
        "bulat",
        "pecahan",
        "2",
    )


def test_quarters_and_a_quarter_alone(tmp_path):
    tw = {"realisasi": "", "cara": "nonkumulatif", "target_tw1": "20", "realisasi_tw1": "18", "target_tw2": "25"}
    s = composed(tmp_path, [row(**tw)])
    assert not s.masalah and s.tabel["iku"][0]["cara"] == "jumlah"
    assert s.tabel["iku"][0]["pembilang"] == "iku_nilai/IK1/realisasi/tw1 iku_nilai/IK1/realisasi/tw2"
    s = composed(tmp_path, [row()], [{"rincian": "total", "pagu": "12,5"}], periode="TW II", pembulatan="juta rupiah")
    assert not s.masalah and s.tabel["iku"][0]["target"] == ""
    assert {(x["ukuran"], x["periode"]) for x in s.tabel["iku_nilai"]} == {("target", "tw2"), ("realisasi", "tw2")}
    assert [(x["nilai"], x["per"]) for x in s.tabel["anggaran"]] == [("12500000", "2026-06-30")]
    assert {x["kunci"]: x["nilai"] for x in s.tabel["aturan"]}["pembulatan_uang"] == "1000000"


def test_excel_cells(petugas, tmp_path):
    """Sel persen dibaca menurut formatnya; tanggal, rumus, dan sel persen bagi satuan lain ditolak."""
    buku = openpyxl.load_workbook(petugas[0])
    isi = buku["Indikator"]
    kolom = {x.value: x.column for x in isi[1]}
    for baris, judul, x, rupa in (
        (2, "Realisasi", 0.9712, "0.00%"),
        (3, "Target", dt.date(2026, 4, 3), "d-mmm"),
        (4, "Target", "=2+2", "General"),
        (5, "Realisasi", 0.88, "0%"),
    ):
        isi.cell(baris, kolom[judul], x).number_format = rupa
    buku.create_sheet("Catatan sendiri")["A1"] = "x"
    buku.create_sheet("Anggarn")["A1"] = "x"
    buku.save(tmp_path / "b.xlsx")
    isian = read_form(tmp_path / "b.xlsx")
    assert isian.indikator[0].sel["realisasi"].teks == "97.12" and isian.diabaikan == ["Catatan sendiri"]
    pesan = "\n".join(map(str, compose(isian, lambda nama: Lama()).masalah))
    assert "Indikator, baris 3, kolom 'Target': ditemukan tanggal 2026-04-03" in pesan and "'3 sampai 4'" in pesan
    assert "ditemukan rumus =2+2" in pesan and "diharapkan nama lembar Anggaran" in pesan
    assert "sel berformat persen (88%); diharapkan angka dalam satuan nilai" in pesan
    assert pesan.count("\n") == 3


def test_headers(tmp_path):
    berkas = sheet(tmp_path, [row()])
    isi = berkas.read_text("utf-8-sig").replace("Realisasi;", "Realisai;", 1).replace("Nama pendek", "Nama pendk")
    berkas.write_text(isi.replace(";Satuan;", ";;", 1), "utf-8")
    pesan = "\n".join(map(str, compose(read_form(berkas), lambda nama: Lama()).masalah))
    for bagian in (
        "kepala 'Realisai'",
        "(mungkin Realisasi)",
        "(mungkin Nama pendek)",
        "kolom Satuan tidak ada",
        "tanpa kepala",
    ):
        assert bagian in pesan, pesan


def test_all_that_may_be_written_is_in_the_docs_and_in_the_lists(petugas):
    dokumen = (AKAR / "docs" / "lembaga.md").read_text("utf-8")
    for kepala, keterangan in guide():
        if kepala and keterangan and kepala not in ("Cara mengisi", "Sesudahnya"):
            assert f"| {kepala} | {keterangan} |" in dokumen
    buku = openpyxl.load_workbook(petugas[0])
    for lembar in ("Identitas", "Indikator", "Anggaran"):
        daftar = {x.formula1.strip('"') for x in buku[lembar].data_validations.dataValidation}
        for x in columns(lembar).values():
            assert not x.pilihan or ",".join(x.daftar) in daftar
            assert not x.pilihan or x.keterangan.endswith(", ".join(x.daftar))
