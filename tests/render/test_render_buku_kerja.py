"""Buku kerja: sampul, satu lembar per tabel terbuka, semua angka, format, satuan, tautan, teks mirip rumus."""

import csv
import shutil
import subprocess

import openpyxl
import pandas as pd
import pytest

from kinerja import fmt
from kinerja.kolom import Kolom
from kinerja.render.blok import Cetakan
from kinerja.render.buku_kerja import long_rows, number_format, write
from kinerja.tables import Tabel

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


CETAKAN = Cetakan(2020, "id", "Badan Uji", (), {"pernyataan": "Bukan terbitan Badan Uji."})


def terbuka(tabel):
    return {**tabel.to_meta(), "buka": True}


@pytest.fixture
def buku(tmp_path):
    FRAME.loc[1, "target"] = None
    kolom = [*KOLOM[:-1], Kolom("target", "Target", satuan="=u", teks="huruf")]
    with fmt.using("id"):
        tabel = Tabel("serapan", "=Judul", FRAME, kolom, ["Catatan."], "Sumber: LKj.", tebal="tebal")
        panjang = Tabel("n" * 40, "Panjang", FRAME[["nama"]], [Kolom("nama", "Nama")])
        lembar = [("Keuangan", terbuka(tabel)), ("Lain", terbuka(panjang))]
        lembar.append(("Lain", {**panjang.to_meta(), "judul": "Rincian"}))
        for nama in ("a", "b"):
            write(tmp_path / f"{nama}.xlsx", lembar, CETAKAN)
    return tmp_path


def test_byte_sama_setiap_kali(buku):
    assert (buku / "a.xlsx").read_bytes() == (buku / "b.xlsx").read_bytes()


def test_sampul_bertaut_ke_lembar_dan_rincian_tanpa_lembar(buku):
    isi = openpyxl.load_workbook(buku / "a.xlsx")
    assert isi.sheetnames == ["Sampul", "01 =Judul", "02 Panjang", "Semua angka"]
    daftar = isi["Sampul"]
    assert daftar["A2"].value == "Bukan terbitan Badan Uji."
    baris = next(n for n in range(1, 12) if daftar.cell(n, 1).value == "01 =Judul")
    assert [x.value for x in daftar[baris]] == [
        "01 =Judul",
        "=Judul",
        "Keuangan",
        2,
        "dikutip, dihitung, tidak tersedia",
    ]
    assert daftar.cell(baris, 1).hyperlink.location == "'01 =Judul'!A1"
    assert isi["01 =Judul"]["A2"].hyperlink.location == "'Sampul'!A1"


def test_semua_angka_satu_per_baris_tanpa_pembulatan(buku):
    lembar = openpyxl.load_workbook(buku / "a.xlsx")["Semua angka"]
    baris = [[x.value for x in baris] for baris in lembar.iter_rows()]
    assert baris[0] == ["Indikator", "Tahun", "Wilayah", "Nilai", "Satuan", "Keadaan", "Sumber", "Tabel"]
    assert baris[1] == ["=SUM(A1): Pagu", 2020, "Indonesia", PAGU, "rupiah", "dikutip", "Sumber: LKj.", "=Judul"]
    assert [x[3] for x in baris[1:]] == [PAGU, 97.119734, 29.18, 100, "@WTP"], "sel kosong tidak ikut"
    assert [x[1] for x in baris[1:]] == [2020, 2020, 2020, 2021, 2021]
    assert lembar["A2"].quotePrefix and lembar["D6"].quotePrefix


def test_semua_angka_menyebut_wilayahnya():
    frame = pd.DataFrame({"nama_provinsi": ["Bali"], "n": [3]})
    tabel = Tabel("t", "T", frame, [Kolom("nama_provinsi", "Provinsi"), Kolom("n", "N", satuan="orang")])
    with fmt.using("id"):
        assert list(long_rows(tabel.to_meta(), 2020)) == [["N", 2020, "Bali", 3, "orang", "dikutip", "", "T"]]


def test_lembar_tabel(buku):
    lembar = openpyxl.load_workbook(buku / "a.xlsx")["01 =Judul"]
    baris = [[x.value for x in baris] for baris in lembar.iter_rows(min_row=4, max_col=5)]
    assert baris[:5] == [
        [None, None, "Anggaran", None, None],
        ["Nama", "Tahun", "Pagu", "Penyerapan ᵈ", "Target"],
        [None, "tahun", "rupiah", "persen", None],
        ["=SUM(A1)", 2020, PAGU, 97.119734, 29.18],
        ["jumlah", 2021, fmt.HILANG, 100, "@WTP"],
    ]
    assert [x[0] for x in baris[6:]] == [
        "Catatan.",
        "ᵈ dihitung: dari angka di sumber.",
        "… tidak tersedia: tidak ada di sumber.",
        "Sumber: LKj.",
    ]
    assert lembar.freeze_panes == "B7"
    assert [lembar.cell(7, i).number_format for i in (2, 3, 4, 5)] == ["0", '"Rp"#,##0', '#,##0.00"%"', '#,##0.00"%"']
    # Judul dan catatan selebar tabel, atau lebih bila tabelnya sempit; kepala kelompok tepat di atas kolomnya.
    gabungan = {x.min_row: (x.min_col, x.max_col) for x in lembar.merged_cells.ranges}
    assert gabungan.pop(4) == (3, 4)
    assert set(gabungan) == {1, 10, 11, 12, 13} and len(set(gabungan.values())) == 1 and gabungan[1][1] >= 5
    assert lembar["D8"].font.b and not lembar["D7"].font.b
    assert lembar.column_dimensions["C"].width > len(f"{PAGU:,}")


def test_teks_mirip_rumus_tetap_teks(buku):
    lembar = openpyxl.load_workbook(buku / "a.xlsx")["01 =Judul"]
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


def test_tanda_keadaan_dan_satuan_campuran_menempel_pada_angka(tmp_path):
    frame = pd.DataFrame(
        {
            "nama": ["a", "b", "c"],
            "n": [12.0, 7.5, 3.0],
            "u": ["orang", "persen", "orang"],
            "keadaan": ["dikutip", "diturunkan", "sintetis"],
        }
    )
    with fmt.using("id"):
        tabel = Tabel("t", "T", frame, [Kolom("nama", "Nama"), Kolom("n", "Nilai", satuan="=u")])
        write(tmp_path / "t.xlsx", [("H", terbuka(tabel))], CETAKAN)
    buku = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sel = [buku["01 T"].cell(i, 2) for i in (6, 7, 8)]
    assert [x.number_format for x in sel] == ['#,##0" orang"', '#,##0.00"%""ᵈ"', '#,##0" orangˢ"']
    assert [x.value for x in sel] == [12, 7.5, 3] and sel[1].font.i and sel[2].fill.fill_type != "none"
    kunci = {x.value for baris in buku["Sampul"].iter_rows() for x in baris}
    assert {"dikutip", "dihitung", "sintetis"} <= kunci and "tidak tersedia" not in kunci, "hanya yang ada di dalamnya"


def test_baris_panjang_tidak_bertumpuk(tmp_path):
    frame = pd.DataFrame({"nama": ["pendek", "kata yang berulang " * 12], "n": [1, 2]})
    with fmt.using("id"):
        tabel = Tabel("t", "T", frame, [Kolom("nama", "Nama"), Kolom("n", "N", satuan="orang")], ["catatan " * 60])
        write(tmp_path / "t.xlsx", [("H", terbuka(tabel))], CETAKAN)
    lembar = openpyxl.load_workbook(tmp_path / "t.xlsx")["01 T"]
    # Isi 228 huruf pada kolom 44 huruf: enam baris. Catatan 480 huruf pada lebar paling besar 120 huruf: empat baris.
    assert lembar.row_dimensions[6].height in (None, 15)
    assert lembar.row_dimensions[7].height >= 6 * 15
    assert lembar.row_dimensions[9].height >= 4 * 15


def nilai_di_libreoffice(berkas, folder):
    """Setiap lembar sebagai CSV dari LibreOffice: nilai mentah, bukan tampilannya."""
    perintah = ["soffice", f"-env:UserInstallation={(folder / 'profil').as_uri()}", "--headless", "--convert-to"]
    # 44 koma, 34 petik, 76 UTF-8; simpan sebagaimana isi sel (bukan tampilan), semua lembar (-1).
    perintah += ["csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1", "--outdir"]
    hasil = subprocess.run([*perintah, str(folder), str(berkas)], capture_output=True, text=True, timeout=180)
    assert hasil.returncode == 0, hasil.stderr
    return {x.stem.split("-", 1)[1]: list(csv.reader(x.open(encoding="utf-8"))) for x in folder.glob("*-*.csv")}


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice tidak ada, buku kerja tidak dibuka di sana.")
def test_terbuka_di_libreoffice_dengan_angka_yang_sama(buku, tmp_path):
    isi = nilai_di_libreoffice(buku / "a.xlsx", tmp_path)
    assert set(isi) == {"Sampul", "01 =Judul", "02 Panjang", "Semua angka"}
    baris = isi["01 =Judul"]
    assert baris[6][0] == "=SUM(A1)", "teks mirip rumus tidak dihitung"
    assert [float(x) for x in baris[6][1:]] == [2020, PAGU, 97.119734, 29.18]
    assert baris[7][2:] == [fmt.HILANG, "100", "@WTP"]
    assert not any(x.startswith("#") or "Err:" in x for semua in isi.values() for satu in semua for x in satu)
