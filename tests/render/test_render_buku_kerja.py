"""Buku kerja: satu lembar per tabel, format angka, satuan, catatan, tautan, dan teks mirip rumus."""

import openpyxl
import pandas as pd
import pytest

from kinerja import fmt
from kinerja.render.buku_kerja import Lembar, number_format, write
from kinerja.tables import Kolom, Tabel

PAGU = 134171839274000
FRAME = pd.DataFrame(
    {
        "nama": ["=SUM(A1)", "jumlah"],
        "pagu": [PAGU, None],
        "serap": [97.119734, 100.0],
        "target": [29.18, 5.0],
        "u": ["persen", "teks"],
        "huruf": ["", "@WTP"],
        "tebal": [False, True],
        "tahun": [2020, 2021],
    }
).astype({"pagu": "Int64"})
KOLOM = [
    Kolom("nama", "Nama"),
    Kolom("tahun", "Tahun", satuan="tahun"),
    Kolom("pagu", "Pagu", satuan="rupiah", skala="triliun", grup="Anggaran"),
    Kolom("serap", "Penyerapan", satuan="persen", keadaan="diturunkan", grup="Anggaran"),
    Kolom("target", "Target", satuan="=u"),
]


@pytest.fixture
def buku(tmp_path):
    FRAME.loc[1, "target"] = None
    kolom = [*KOLOM[:-1], Kolom("target", "Target", satuan="=u", teks="huruf")]
    with fmt.using("id"):
        tabel = Tabel("serapan", "=Judul", FRAME, kolom, ["Catatan."], "Sumber: LKj.", tebal="tebal")
        panjang = Tabel("n" * 40, "Panjang", FRAME[["nama"]], [Kolom("nama", "Nama")])
        lembar = [Lembar("Keuangan", tabel.to_meta()), Lembar("Lain", panjang.to_meta())]
        for nama in ("a", "b"):
            write(tmp_path / f"{nama}.xlsx", lembar, bahasa="id", judul="Analisis 2020")
    return tmp_path


def test_byte_sama_setiap_kali(buku):
    assert (buku / "a.xlsx").read_bytes() == (buku / "b.xlsx").read_bytes()


def test_daftar_isi_bertaut_ke_lembar(buku):
    isi = openpyxl.load_workbook(buku / "a.xlsx")
    assert isi.sheetnames == ["Daftar isi", "01 serapan", ("02 " + "n" * 40)[:31]]
    daftar = isi["Daftar isi"]
    assert [x.value for x in daftar[4]] == ["01 serapan", "=Judul", "Keuangan", 2]
    assert daftar["A4"].hyperlink.location == "'01 serapan'!A1"
    assert isi["01 serapan"]["A2"].hyperlink.location == "'Daftar isi'!A1"


def test_lembar_tabel(buku):
    lembar = openpyxl.load_workbook(buku / "a.xlsx")["01 serapan"]
    baris = [[x.value for x in baris] for baris in lembar.iter_rows(min_row=4)]
    assert baris[:5] == [
        [None, None, "Anggaran", "Anggaran", None],
        ["Nama", "Tahun", "Pagu", "Penyerapan", "Target"],
        [None, "tahun", "rupiah", "persen", None],
        ["=SUM(A1)", 2020, PAGU, 97.119734, 29.18],
        ["jumlah", 2021, fmt.HILANG, 100, "@WTP"],
    ]
    assert [x[0] for x in baris[6:]] == [
        "Catatan.",
        "ᵈ diturunkan: dihitung dari angka sumber.",
        "… tidak tersedia: tidak ada di sumber.",
        "Sumber: LKj.",
    ]
    assert lembar.freeze_panes == "B7"
    assert [lembar.cell(7, i).number_format for i in (2, 3, 4, 5)] == ["0", '"Rp"#,##0', '#,##0.00"%"', '#,##0.00"%"']
    assert lembar["D8"].font.b and not lembar["D7"].font.b
    assert lembar.column_dimensions["C"].width > len(f"{PAGU:,}")


def test_teks_mirip_rumus_tetap_teks(buku):
    lembar = openpyxl.load_workbook(buku / "a.xlsx")["01 serapan"]
    for alamat in ("A1", "A7", "E8"):
        assert lembar[alamat].data_type == "s" and lembar[alamat].quotePrefix, alamat


@pytest.mark.parametrize(
    ("satuan", "desimal", "pola"),
    [
        ("rupiah", 0, '"Rp"#,##0'),
        ("persen_capaian", 2, '#,##0.00"%"'),
        ("poin_persen", 1, "#,##0.0"),
        ("orang", 0, "#,##0"),
        ("indeks", 3, "#,##0.000"),
        ("tahun", 0, "0"),
    ],
)
def test_format_angka_menurut_satuan(satuan, desimal, pola):
    assert number_format(satuan, desimal) == pola
