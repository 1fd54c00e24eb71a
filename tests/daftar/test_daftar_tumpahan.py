"""Tidak ada NIK yang tertinggal di disk: pemeriksaan yang dihentikan dengan sinyal apa pun, di tengah tumpahan."""

import signal
import subprocess
import sys
import time

import pytest

import listcheck

_KECIL = "0.06"
"""GB; jauh lebih kecil daripada yang diperlukan, jadi pasti tumpah."""


@pytest.fixture(scope="module")
def isi(tmp_path_factory):
    """Dua juta baris: cukup besar untuk tumpah dan dihentikan di tengah."""
    folder = tmp_path_factory.mktemp("besar") / "isi"
    subprocess.run(
        [sys.executable, "-m", "kinerja.cli", "daftar", "buat", "--baris", "2000000", "--out", folder], check=True
    )
    return folder


def mulai_sampai_tumpah(isi, out):
    perintah = [sys.executable, "-m", "kinerja.cli", "daftar", "periksa", isi, "--out", out, "--memori", _KECIL]
    proses = subprocess.Popen(perintah, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    batas = time.monotonic() + 60
    while not any(x.name.endswith(".tmp") for x in out.glob(".sementara-*/*")):
        assert proses.poll() is None, proses.communicate()
        assert time.monotonic() < batas, "tidak pernah tumpah"
        time.sleep(0.005)
    return proses


def test_sinyal_menghapus_tumpahan_dan_satu_kalimat(isi, tmp_path):
    """Ctrl-C; bahwa SIGTERM dan SIGHUP menjadi penghentian yang sama: ``render/test_render_jalankan.py``."""
    out = tmp_path / "m"
    proses = mulai_sampai_tumpah(isi, out)
    proses.send_signal(signal.SIGINT)
    _, galat = proses.communicate(timeout=60)
    assert proses.returncode == 128 + signal.SIGINT
    assert galat == "Dihentikan; tumpahan yang memuat NIK sudah dihapus.\n"
    assert list(out.iterdir()) == []


def test_sesudah_sigkill_tumpahan_disapu_jalan_berikutnya(isi, tmp_path):
    out = tmp_path / "m"
    proses = mulai_sampai_tumpah(isi, out)
    proses.kill()
    proses.communicate(timeout=60)
    assert any(x.stat().st_size for x in out.glob(".sementara-*/*"))
    with listcheck.connect(scratch=out, memory_gb=1) as con:
        assert len(list(out.glob(".sementara-*"))) == 1  # miliknya sendiri
        assert con.name == "duckdb"
    assert list(out.iterdir()) == []


def test_tumpahan_proses_yang_masih_berjalan_tidak_disapu(tmp_path):
    with listcheck.connect(scratch=tmp_path, memory_gb=1), listcheck.connect(scratch=tmp_path, memory_gb=1):
        assert listcheck.sweep(tmp_path) == 0
        assert len(list(tmp_path.glob(".sementara-*"))) == 2
    assert list(tmp_path.iterdir()) == []
