"""Arsip, alamat, tautan, disk, jam, dan isi sel yang bermusuhan."""

import json
import os
import resource
import struct
import subprocess
import sys
import zipfile

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from kinerja import cli, data
from kinerja.cli.mikro import tulis_tabel
from kinerja.data import process
from kinerja.data.reading import check_workbook, inside
from kinerja.errors import GalatData, GalatParameter
from kinerja.keluaran import Keluaran
from kinerja.render import pasang, rencana

JAHAT = [
    '=HYPERLINK("http://x")',
    "+cmd|'/c calc'!A0",
    "-1+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    "\t=1+1",
    "</td><img src=x>",
]


def buku(berkas, **anggota):
    with zipfile.ZipFile(berkas, "w", zipfile.ZIP_DEFLATED) as arsip:
        arsip.writestr("[Content_Types].xml", "<Types/>")
        for nama, isi in anggota.items():
            arsip.writestr(nama, isi)
    return berkas


def test_buku_kerja_biasa_diterima(tmp_path):
    berkas = tmp_path / "isian.xlsx"
    with xlsxwriter.Workbook(str(berkas)) as kerja:
        lembar = kerja.add_worksheet()
        for i in range(2000):
            lembar.write_row(i, 0, ["kode", i, "keterangan"])
    check_workbook(berkas)
    assert openpyxl.load_workbook(berkas, read_only=True).sheetnames == ["Sheet1"]


def test_bom_zip_ditolak_tanpa_dibuka(tmp_path):
    bom = buku(tmp_path / "bom.xlsx", **{"xl/sheet1.xml": b"0" * (100 * 2**20)})
    assert bom.stat().st_size < 200_000
    with pytest.raises(GalatData, match="100 MB setelah dibuka"):
        check_workbook(bom)
    sedang = buku(tmp_path / "sedang.xlsx", **{"xl/sheet1.xml": b"0" * (8 * 2**20)})
    with pytest.raises(GalatData, match="pemampatan yang wajar"):
        check_workbook(sedang)


def test_arsip_rusak_atau_bukan_buku_kerja(tmp_path):
    for nama, isi in (("kosong.xlsx", b""), ("teks.xlsx", b"a,b\n1,2\n"), ("putus.xlsx", b"PK\x03\x04" + b"\0" * 50)):
        (tmp_path / nama).write_bytes(isi)
        with pytest.raises(GalatData, match="bukan arsip ZIP utuh"):
            check_workbook(tmp_path / nama)
    with zipfile.ZipFile(tmp_path / "lain.xlsx", "w") as arsip:
        arsip.writestr("a.txt", "x")
    with pytest.raises(GalatData, match="tanpa daftar isi Office"):
        check_workbook(tmp_path / "lain.xlsx")
    with pytest.raises(GalatData, match="berkas tidak ada"):
        check_workbook(tmp_path / "tiada.xlsx")
    with pytest.raises(GalatData, match="alamat"):
        check_workbook(buku(tmp_path / "naik.xlsx", **{"../../luar.xml": "x"}))


def test_ukuran_yang_berbohong_tidak_dibuka_lebih_dari_sebutannya(tmp_path):
    berkas = buku(tmp_path / "bohong.xlsx", **{"xl/sheet1.xml": b"0" * (3 * 2**20)})
    isi = bytearray(berkas.read_bytes())
    besar = struct.pack("<I", 3 * 2**20)
    while (letak := isi.find(besar)) >= 0:
        isi[letak : letak + 4] = struct.pack("<I", 1000)
    berkas.write_bytes(bytes(isi))
    check_workbook(berkas)
    with zipfile.ZipFile(berkas) as arsip, pytest.raises(zipfile.BadZipFile):
        assert len(arsip.read("xl/sheet1.xml")) <= 1000


@pytest.mark.parametrize("nama", ["../luar", "/etc/passwd", "a/../../luar", "", ".", "x\x00y"])
def test_alamat_yang_keluar_ditolak(tmp_path, nama):
    folder = tmp_path / "laporan"
    folder.mkdir()
    with pytest.raises(GalatParameter, match="di dalam folder laporan"):
        inside(folder, nama)
    assert inside(folder, "tabel/a.csv") == folder / "tabel/a.csv"


def test_keluaran_notebook_tidak_keluar_dari_laporan(tmp_path):
    keluaran = Keluaran(tmp_path / "laporan", "../../luar")
    with pytest.raises(GalatParameter):
        keluaran.write("tabel", "a", "csv", "x")
    with pytest.raises(GalatParameter):
        Keluaran(tmp_path / "laporan", "a").write_file("tabel", "../../luar", "x")
    assert list(tmp_path.rglob("*.csv")) == []


def test_tautan_di_dalam_laporan_tidak_diikuti_keluar(tmp_path):
    (tmp_path / "luar").mkdir()
    (tmp_path / "laporan").mkdir()
    (tmp_path / "laporan" / "tabel").symlink_to(tmp_path / "luar")
    with pytest.raises(GalatParameter):
        Keluaran(tmp_path / "laporan", "a").write("tabel", "b", "csv", "x")
    assert list((tmp_path / "luar").iterdir()) == []


@pytest.mark.parametrize("nama", ["../../etc/passwd", "/etc/hosts", "..", "ringkasan\x00"])
def test_nama_notebook_yang_memanjat_ditolak(nama):
    with pytest.raises(GalatParameter, match="tidak ada"):
        rencana.select([nama])


@pytest.mark.parametrize("tahun", ["../2020", "2020/..", "20 20"])
def test_tahun_yang_memanjat_ditolak(tahun, capsys):
    with pytest.raises(GalatParameter):
        data.load(tahun)
    with pytest.raises(SystemExit) as henti:
        cli.main(["data", "--tahun", tahun])
    assert henti.value.code == 2 and "Traceback" not in capsys.readouterr().err


def test_tautan_data_ke_luar_ditolak(raw, tmp_path):
    rahasia = tmp_path / "rahasia.csv"
    rahasia.write_text("nama,nik\nAni,123\n")
    (raw / "2020" / "dtks.csv").unlink()
    (raw / "2020" / "dtks.csv").symlink_to(rahasia)
    with pytest.raises(GalatData, match="tautan ke luar") as galat:
        data.load(2020, raw=raw)
    assert "Ani" not in str(galat.value) and "nik" not in str(galat.value)


def test_tautan_putar_ditolak(raw):
    (raw / "2020" / "dtks.csv").unlink()
    (raw / "2020" / "dtks.csv").symlink_to(raw / "2020" / "dtks.csv")
    with pytest.raises(GalatData, match="berkas tidak ada"):
        data.load(2020, raw=raw)


def test_laporan_lewat_tautan_ke_folder_proyek_ditolak(raw, tmp_path, monkeypatch):
    monkeypatch.setenv("KINERJA_AKAR", str(raw.parents[1]))
    (tmp_path / "tautan").symlink_to(raw)
    with pytest.raises(GalatParameter, match="milik proyek"):
        pasang.check_target((tmp_path / "tautan").resolve())


def test_isi_sel_bermusuhan_tetap_teks(tmp_path):
    tabel = pd.DataFrame({"nama": JAHAT, "nilai": 1.0})
    tulis_tabel(tmp_path, {"uji": tabel}, JAHAT)
    lembar = openpyxl.load_workbook(tmp_path / "ikesos.xlsx")["uji"]
    assert [lembar.cell(i + 3, 1).value for i in range(len(JAHAT))] == JAHAT
    assert {lembar.cell(i + 3, 1).data_type for i in range(len(JAHAT))} == {"s"}
    # CSV dibuka Excel: sel yang mirip rumus diawali kutip tunggal
    kolom = pd.read_csv(tmp_path / "ikesos-uji.csv")["nama"]
    assert not kolom.str.match(r"[=+\-@\t]").any()


def test_kepala_saja_berarti_belum_diisi(raw):
    berkas = raw / "2020" / "penghargaan.csv"
    berkas.write_text(berkas.read_text("utf-8").split("\n", 1)[0] + "\n", "utf-8")
    assert not data.load(2020, raw=raw).has("penghargaan")


def _batasi():
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def test_disk_penuh_menulis_olahan(raw):
    """Berkas dibatasi 20 kB: menulis yang lebih besar gagal seperti pada disk penuh; data tetap terbaca."""
    akar = raw.parents[1]
    kode = "from kinerja import data; d = data.load(2020); print(len(d.tables))"
    jalan = subprocess.run(
        [sys.executable, "-c", kode], env={**os.environ, "KINERJA_AKAR": str(akar), "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=_batasi, capture_output=True, text=True,
    )  # fmt: skip
    assert jalan.returncode == 0, jalan.stderr
    assert int(jalan.stdout) > 40
    assert not (akar / "data" / "processed" / "2020" / process.SEGEL).exists()


def test_disk_penuh_menulis_hasil_ikesos(tmp_path):
    """Perintah berhenti dengan satu kalimat, bukan jejak tumpukan."""
    jalan = subprocess.run(
        [sys.executable, "-m", "kinerja.cli", "ikesos", "--out", str(tmp_path / "hasil")],
        preexec_fn=_batasi, capture_output=True, text=True,
    )  # fmt: skip
    assert jalan.returncode == 2
    assert "Traceback" not in jalan.stderr and jalan.stderr.count("\n") == 1


def test_jam_mundur_tidak_menyesatkan_olahan(raw, monkeypatch):
    monkeypatch.setenv("KINERJA_AKAR", str(raw.parents[1]))
    data.load(2020)
    segel = raw.parent / "processed" / "2020" / process.SEGEL
    berkas, awal = raw / "2020" / "dtks.csv", json.loads(segel.read_text())
    # isi berubah tetapi waktunya lebih tua daripada hasil olahan: tetap dibangun ulang
    berkas.write_text(berkas.read_text("utf-8").replace("Tercetak", "Dicetak"), "utf-8")
    os.utime(berkas, (0, 0))
    assert data.load(2020)["dtks"]["catatan"].str.contains("Dicetak").any()
    assert json.loads(segel.read_text()) != awal
    # waktu jauh di depan tanpa perubahan isi: tidak dibangun ulang
    sidik = segel.stat().st_mtime_ns
    os.utime(berkas, (2**32, 2**32))
    data.load(2020)
    assert segel.stat().st_mtime_ns == sidik
