"""Pemeriksaan daftar menemukan tepat cacat yang ditanam, sama dengan hitungan pandas, dan tidak membocorkan NIK."""

import datetime as dt
import json
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import listcheck
from kinerja import cli, data, paths
from kinerja.cli import daftar as perintah_daftar
from kinerja.daftar import buatan, mutu
from kinerja.errors import GalatData, GalatParameter

from .conftest import BARIS, periksa_folder, tulis_daftar

KUNCI = [*mutu.KUNCI, "ukuran"]


def rapi(frame):
    frame = frame[frame["n"] > 0].astype({"n": "int64", "rupiah": "Int64", "bulan": "int64", "provinsi": "int64"})
    return frame[[*KUNCI, "n", "rupiah"]].sort_values(KUNCI, ignore_index=True)


def test_tepat_yang_ditanam(daftar, hasil):
    ditanam = rapi(daftar[1])
    pd.testing.assert_frame_equal(rapi(hasil), ditanam, check_dtype=False)
    # Setiap jenis cacat benar-benar ada, di kedua daftar.
    assert set(ditanam["ukuran"]) == set(mutu.UKURAN) - {"provinsi_asing", "bulan_asing"}
    assert (ditanam.groupby("ukuran")["n"].sum() >= 20).all()


def test_sama_dengan_hitungan_pandas(daftar, hasil, acuan):
    """Hitung ulang dengan cara lain: pandas atas seluruh daftar, tanpa bit dan tanpa penyaringan NIK."""
    dtks = pd.read_parquet(daftar[0] / "dtks")
    bayar = pd.read_parquet(daftar[0] / "pembayaran").astype({"program": str, "bulan": int})
    sah = bayar["nik"].map(_sah, na_action="ignore").fillna(False).astype(bool)
    b = bayar[sah]
    n_sama = b.groupby(["nik", "program", "bulan"])["nik"].transform("size")
    terima = set(zip(b["nik"], b["program"], b["bulan"], strict=True))
    lawan = {(x, y) for p in acuan[2] for x, y in (p, p[::-1])}
    rangkap = [
        any((n, y, m) in terima for x, y in lawan if x == p)
        for n, p, m in zip(b["nik"], b["program"], b["bulan"], strict=True)
    ]
    kunci = ["program", "bulan", "provinsi"]
    for ukuran, isi in {
        "ganda": b[n_sama > 1],
        "rangkap": b[rangkap],
        "luar_dtks": b[~b["nik"].isin(dtks["nik"])],
        "baris": bayar,
        "mengendap": bayar[bayar["dibayar"] > bayar["ditransaksikan"] + bayar["dikembalikan"]],
    }.items():
        ini = hasil[(hasil["daftar"] == "pembayaran") & (hasil["ukuran"] == ukuran)].set_index(kunci)["n"]
        assert ini.to_dict() == isi.groupby(kunci).size().to_dict(), ukuran
    kembar = dtks[
        dtks["nik"].map(_sah, na_action="ignore").fillna(False).astype(bool) & dtks["nik"].duplicated(keep=False)
    ]
    ini = hasil[(hasil["daftar"] == "dtks") & (hasil["ukuran"] == "ganda")].set_index("provinsi")["n"]
    assert ini.to_dict() == kembar.groupby("provinsi").size().to_dict()


def _sah(tulisan: str) -> bool:
    """NIK buatan yang tidak dirusak, menurut pola teks dan kalender, bukan menurut ekspresi yang diuji."""
    if not re.fullmatch(r"\d{16}", tulisan) or tulisan.startswith("99") or tulisan.endswith("0000"):
        return False
    hari, bulan, tahun = int(tulisan[6:8]) % 40, int(tulisan[8:10]), int(tulisan[10:12])
    try:
        return bool(dt.date(1900 + tahun, bulan, hari))
    except ValueError:
        return False


A, B, C, D = "3171011708450001", "3273014101900002", "1101010101800003", "5171010101850004"


def bayaran(baris):
    kolom = ["nik", "program", "bulan", "provinsi", "dibayar", "ditransaksikan", "dikembalikan"]
    return pd.DataFrame(baris, columns=kolom)


def test_kasus_yang_disusun_tangan(tmp_path, acuan):
    dtks = pd.DataFrame({"nik": [A, A, B, None, C], "provinsi": [31, 32, 32, 11, 11]})
    bayar = bayaran(
        [
            (A, "pkh", 4, 31, 100, 100, 0),
            (A, "pkh", 4, 32, 100, 60, 0),  # ganda di provinsi lain; 40 mengendap
            (A, "pkh", 5, 31, 100, 0, 100),  # bulan lain: bukan ganda
            (B, "bst", 4, 32, 300, 300, 0),
            (B, "sembako", 4, 32, 200, 200, 50),  # terlarang bersama BST; lebih 50
            (B, "sembako", 5, 32, 200, 200, 0),  # bulan lain: boleh
            (C, "pkh", 6, 11, 100, 100, 0),
            (C, "sembako", 6, 11, 200, 200, 0),  # PKH dan Sembako boleh dirangkap
            (D, "bst", 4, 51, 300, 300, 0),  # tidak di DTKS
            ("abc", "bst", 4, None, 300, None, None),  # NIK cacat, provinsi dan uang kosong
            ("abc", "bst", 4, None, 300, 300, 0),  # NIK cacat yang sama: bukan ganda
        ]
    )
    hasil = periksa_folder(tulis_daftar(tmp_path, dtks, bayar.convert_dtypes()), acuan)
    isi = {
        tuple(x[:-2]): tuple(x[-2:])
        for x in hasil[hasil["daftar"] == "pembayaran"][[*KUNCI[1:], "n", "rupiah"]].to_numpy()
    }
    temuan = {k: v for k, v in isi.items() if k[-1] not in ("baris", "ditransaksikan", "dikembalikan")}
    assert temuan == {
        ("pkh", 4, 31, "ganda"): (1, 100),
        ("pkh", 4, 32, "ganda"): (1, 100),
        ("pkh", 4, 32, "mengendap"): (1, 40),
        ("bst", 4, 32, "rangkap"): (1, 300),
        ("sembako", 4, 32, "rangkap"): (1, 200),
        ("sembako", 4, 32, "lebih"): (1, 50),
        ("bst", 4, 51, "luar_dtks"): (1, 300),
        ("bst", 4, 0, "nik_bukan_16_angka"): (2, 600),
        ("bst", 4, 0, "mengendap"): (1, 300),
    }
    assert isi["pkh", 5, 31, "dikembalikan"] == (1, 100)
    dua = hasil[hasil["daftar"] == "dtks"].set_index(["provinsi", "ukuran"])["n"].to_dict()
    assert dua == {
        (31, "baris"): 1,
        (31, "ganda"): 1,
        (32, "baris"): 2,
        (32, "ganda"): 1,
        (11, "baris"): 2,
        (11, "nik_kosong"): 1,
    }


def test_lebih_dari_satu_kolom_bit(tmp_path, acuan):
    """Tujuh program selama dua belas bulan: 84 bit, dua kolom; ganda dan rangkap di ujung-ujungnya tetap ditemukan."""
    program = ["bst", "pkh", "sembako", "sembako_jabodetabek", "tunai_non_pkh", "x1", "x2"]
    baris = [(A, p, b, 31, 1, 1, 0) for p in program for b in range(1, 13) if p != "bst" or b == 1]
    baris += (
        [(B, "x2", 12, 32, 1, 1, 0)] * 2 + [(B, "bst", 1, 32, 1, 1, 0)] * 3 + [(C, "tunai_non_pkh", 12, 11, 1, 1, 0)]
    )
    dtks = pd.DataFrame({"nik": [A, B, C], "provinsi": [31, 32, 11]})
    hasil = periksa_folder(tulis_daftar(tmp_path, dtks, bayaran(baris)), acuan)
    ganda = hasil[hasil["ukuran"] == "ganda"].set_index(["program", "bulan", "provinsi"])["n"].to_dict()
    assert ganda == {("x2", 12, 32): 2, ("bst", 1, 32): 3}
    rangkap = hasil[hasil["ukuran"] == "rangkap"].groupby("program")["n"].sum().to_dict()
    assert rangkap == {"bst": 1, "pkh": 12, "sembako": 1, "sembako_jabodetabek": 1, "tunai_non_pkh": 12}


def test_kalimat_tentang_program_dan_berkas(tmp_path, acuan):
    isi = bayaran([(A, " BST ", 4, 31, 1, 0, 0), (A, "PKH", 4, 31, 1, 0, 0), (C, "Beras 2020", 4, 11, 1, 0, 0)])
    hasil = periksa_folder(tulis_daftar(tmp_path / "a", pd.DataFrame({"nik": [B], "provinsi": [32]}), isi), acuan)
    satu, dua = perintah_daftar.kalimat_program(hasil, acuan)
    assert "Beras 2020 (1 baris)" in satu and "bst dengan sembako" in dua and "bst dengan pkh" not in dua
    temuan, berkas = mutu.pisahkan_kesalahan_berkas(hasil)
    assert berkas == [("pembayaran", "mengendap", 3), ("pembayaran", "luar_dtks", 3)]
    assert temuan.columns.tolist() == hasil.columns.tolist() and "rangkap" in set(temuan["ukuran"])
    assert perintah_daftar.kalimat_berkas(berkas)[1].startswith(
        'Tentang berkas pembayaran: semua 3 barisnya terkena "NIK tidak ada di DTKS"'
    )
    hasil = periksa_folder(tulis_daftar(tmp_path / "b", isi[["nik", "provinsi"]], isi[:1]), acuan)
    assert any(x.startswith("Rangkap tidak tersedia") for x in perintah_daftar.kalimat_program(hasil, acuan))


def test_kolom_bernama_lain_dan_nik_bilangan(tmp_path, acuan):
    dtks = pd.DataFrame({"NO_NIK": [int(A)], "provinsi": [31]})
    bayar = bayaran([(int(A), "pkh", 4, 31, 1, 1, 0), (int(B), "pkh", 4, 32, 1, 1, 0)]).rename(
        columns={"nik": "NO_NIK"}
    )
    hasil = periksa_folder(tulis_daftar(tmp_path, dtks, bayar), acuan, kolom={"nik": "NO_NIK"})
    assert hasil.set_index("ukuran").loc["luar_dtks", "n"] == 1


def test_benih_dan_potong_tidak_mengubah_isi(tmp_path, daftar, acuan, monkeypatch):
    monkeypatch.setattr(buatan, "POTONG", 1_999)
    rencana = buatan.susun_rencana(BARIS, acuan[0], acuan[1])
    lagi = buatan.buat(tmp_path / "a", rencana, inti=2)
    pd.testing.assert_frame_equal(rapi(lagi), rapi(daftar[1]))
    kolom = ["nik", "provinsi", "dibayar"]
    satu, dua = (
        pd.read_parquet(f / "pembayaran")[kolom].sort_values(kolom, ignore_index=True)
        for f in (tmp_path / "a", daftar[0])
    )
    pd.testing.assert_frame_equal(satu, dua)
    lain = buatan.susun_rencana(BARIS, acuan[0], acuan[1], benih=8)
    assert not rapi(buatan.buat(tmp_path / "b", lain)).equals(rapi(lagi))


def test_sel_kecil_ditahan_dan_persen(hasil):
    tabel = mutu.susun_tabel(hasil, minimum=30)
    for nama, isi in tabel.items():
        terbit = isi[isi["tanda"] == ""]
        assert (terbit["n"] >= 30).all() or (terbit["n"] == 0).all(), nama
        assert isi.loc[isi["tanda"] != "", ["n", "persen", "rupiah"]].isna().all(axis=None), nama
    nasional = tabel["pembayaran-nasional"].set_index("ukuran")
    mentah = hasil[hasil["daftar"] == "pembayaran"].groupby("ukuran")["n"].sum()
    assert nasional["n"].to_dict() == mentah.reindex(nasional.index).to_dict()
    assert nasional.loc["luar_dtks", "persen"] == pytest.approx(100 * mentah["luar_dtks"] / mentah["baris"])
    assert (tabel["pembayaran-provinsi-bulan"]["tanda"] == "ditahan").any()


# Baris perintah -------------------------------------------------------------------------------------------------------


def jalankan(*argumen):
    with pytest.raises(SystemExit) as henti:
        cli.main([str(x) for x in argumen])
    return henti.value.code


def test_perintah_dari_buat_sampai_tabel(tmp_path, capsys):
    isi, mutu = tmp_path / "isi", tmp_path / "mutu"
    assert jalankan("daftar", "buat", "--baris", 20_000, "--out", isi) == 0
    assert jalankan("daftar", "periksa", isi, "--out", mutu) == 0
    keluaran = capsys.readouterr().out
    assert perintah_daftar.TANDA_SINTETIS in keluaran
    # Tumpahan memuat NIK: tidak ada sisanya, dan tidak satu NIK pun di hasil mana pun.
    assert sorted(x.suffix for x in mutu.iterdir()) == [".csv"] * 9 + [".txt", ".xlsx"]
    buku = openpyxl.load_workbook(mutu / "mutu.xlsx")
    lembar = json.dumps([[str(s.value) for s in baris] for x in buku for baris in x.iter_rows()])
    semua = keluaran + lembar + "".join(x.read_text("utf-8") for x in mutu.iterdir() if x.suffix != ".xlsx")
    assert not re.search(r"(?<![\d.])\d{16}(?!\d)", semua)
    assert all(x.cell(1, 1).value == perintah_daftar.TANDA_SINTETIS for x in buku)
    ditanam = pd.read_csv(isi / "ditanam.csv")
    bayar = pd.read_csv(mutu / "mutu-pembayaran-nasional.csv").set_index("ukuran")["n"]
    ini = ditanam[ditanam["daftar"] == "pembayaran"].groupby("ukuran")["n"].sum()
    assert bayar.loc["baris"] == ini["baris"] and bayar.loc["luar_dtks"] == ini["luar_dtks"]


@pytest.mark.parametrize(
    ("argumen", "pesan"),
    [
        (["buat", "--baris", "10", "--out", "{}/baru"], "sedikitnya 2000 baris"),
        (["buat", "--benih", "-1", "--out", "{}/baru"], "Benih"),
        (["buat", "--out", "{}"], "sudah berisi"),
        (["periksa", "{}/tidak-ada"], "tidak ada"),
        (["periksa", "{}", "--out", "{}/m"], "folder tanpa berkas .parquet"),
        (["periksa", "{}", "--out", "{}/m", "--mesin", "oracle"], "Mesin 'oracle' tidak dikenal"),
        (["periksa", "{}", "--out", "{}/m", "--memori", "0"], "lebih dari 0 GB"),
        (["periksa", "{}", "--out", "{}/m", "-k", "nik"], "NAMA=NILAI"),
    ],
)
def test_kesalahan_satu_kalimat(argumen, pesan, tmp_path, capsys):
    (tmp_path / "isi.txt").touch()
    assert jalankan("daftar", *(x.format(tmp_path) for x in argumen)) == 2
    keluaran = capsys.readouterr().err
    assert pesan in keluaran and keluaran.count("\n") == 1


@pytest.mark.parametrize(
    ("ubah", "pesan"),
    [
        (lambda x: x.drop(columns="program"), "kolom 'program'"),
        (lambda x: x.assign(bulan="April"), "bilangan bulat"),
    ],
)
def test_daftar_yang_salah_bentuk(tmp_path, acuan, ubah, pesan):
    dtks = pd.DataFrame({"nik": [A], "provinsi": [31]})
    folder = tulis_daftar(tmp_path, dtks, ubah(bayaran([(A, "pkh", 4, 31, 1, 1, 0)])))
    with pytest.raises(GalatData, match=re.escape(pesan)):
        periksa_folder(folder, acuan)


def test_berkas_rusak_satu_kalimat(tmp_path, capsys):
    for nama in ("dtks", "pembayaran"):
        (tmp_path / nama).mkdir()
        (tmp_path / nama / "x.parquet").write_bytes(b"bukan parquet")
    assert jalankan("daftar", "periksa", tmp_path, "--out", tmp_path / "m") == 2
    keluaran = capsys.readouterr().err
    assert "dtks" in keluaran and keluaran.count("\n") == 1
    assert list((tmp_path / "m").iterdir()) == []


def test_tumpahan_dihapus_walaupun_gagal(tmp_path):
    with pytest.raises(GalatParameter), listcheck.connect(scratch=tmp_path, memory_gb=1) as con:
        con.raw_sql("create table x as select range a from range(10)")
        raise GalatParameter("gagal di tengah")
    assert list(tmp_path.iterdir()) == []


def test_program_larangan_ada_di_data(acuan):
    assert len({listcheck.program_key(x) for x in acuan.program}) == len(acuan.program)
    d = data.load(paths.tahun_tersedia()[-1])
    program = set(d["pen_program"]["kode"])
    assert set(d["bansos_rangkap"]["program"]) | set(d["bansos_rangkap"]["rangkap"]) <= program
    assert set(buatan.bentuk()["program"]) == program
    assert Path(buatan.__file__).with_name("sintetis.yml").is_file()
