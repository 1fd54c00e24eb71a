"""Pengumpul tolok ukur: tabel nisbah diambil, yang gagal dan yang macet disebut, yang lain tetap jalan."""

import importlib
import sys

import pytest

from kinerja import paths

FOLDER = paths.root() / "benchmarks"
BAIK = '''"""Uji baik: hitung.

Keterangan.
"""
from ukur import Nisbah, print_ratios
print("satu baris")
print_ratios([Nisbah("Cara A", 0.5, "cara B", 2.0, 0.3), Nisbah("Cara C", 3.0, "cara D", 2.0)])
print("akhir")
'''


@pytest.fixture
def semua(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    monkeypatch.setenv("PYTHONPATH", str(FOLDER))
    return importlib.import_module("semua")


def test_tabel_nisbah_terkumpul(semua, tmp_path):
    (tmp_path / "bench_baik.py").write_text(BAIK, "utf-8")
    hasil = semua.run_one(tmp_path / "bench_baik.py", 60, ["--cepat"])
    assert (hasil.judul, hasil.masalah) == ("Uji baik: hitung", "")
    assert semua.ratio_rows(hasil.keluaran) == [
        "| Cara A | 0,50 detik | cara B: 2,00 detik | 0,25 | ≤ 0,30 | ya |",
        "| Cara C | 3,00 detik | cara D: 2,00 detik | 1,50 | – | – |",
    ]
    halaman = semua.page([hasil], 0.5)
    assert "`python benchmarks/bench_baik.py --cepat`, " in halaman
    assert "## Uji baik: hitung\n" in halaman and "```text\nsatu baris" in halaman
    assert halaman.count("| Cara A |") == 1 and "Beban rata-rata satu menit sebelum mulai: 0,50" in halaman


@pytest.mark.parametrize(
    ("kode", "batas", "masalah"),
    [
        ("raise SystemExit('rusak')", 60, "kode keluar 1: rusak"),
        ("import time\nprint('mulai', flush=True)\ntime.sleep(60)", 2, "dihentikan setelah 2 detik"),
    ],
)
def test_yang_tidak_selesai_disebut(semua, tmp_path, kode, batas, masalah):
    (tmp_path / "bench_x.py").write_text(kode, "utf-8")
    hasil = semua.run_one(tmp_path / "bench_x.py", batas)
    assert hasil.masalah == masalah
    assert f"**Tidak selesai**: {masalah}." in semua.page([hasil], 0)


def test_puncak_memori_termasuk_anaknya(semua, tmp_path):
    from ukur import run

    isi = "x = bytearray(150_000_000)\nimport time\ntime.sleep(1.5)"
    anak = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {isi!r}])"
    assert run([[sys.executable, "-c", anak]], tmp_path).memori > 0.14


def test_nisbah_melewati_tujuan(semua):
    from ukur import Nisbah

    assert Nisbah("a", 2.0, "b", 2.0, 0.7).row().endswith("| 1,00 | ≤ 0,70 | **tidak** |")


@pytest.mark.parametrize(
    ("nama", "pilihan"),
    [
        ("index", "--draws 4 --unit 6"),
        ("ikesos", "--ukuran kecil"),
        ("daftar", "--baris 5000"),
        ("kalibrasi", "--orang 3000 --tanpa-r"),
        ("peringkat", "--sampling 2 --draws 20"),
        ("statistik", "--orang 3000 --tanpa-r"),
        ("survey", "--cepat --orang 3000 --tanpa-r"),
    ],
)
def test_tolok_ukur_masih_jalan(semua, nama, pilihan):
    """Pada ukuran mungil: yang tidak jalan tidak mengukur apa pun, dan baru ketahuan ketika angkanya diperlukan."""
    hasil = semua.run_one(FOLDER / f"bench_{nama}.py", 120, pilihan.split())
    assert not hasil.masalah and hasil.keluaran
