"""Penukaran laporan: yang lama utuh sampai yang baru utuh, sisa proses mati dibersihkan, milik orang tidak disentuh."""

import json
import os
import subprocess
import sys
import threading

import pytest

from kinerja.errors import GalatParameter
from kinerja.render import pasang
from kinerja.render.pasang import Bangunan, check_target, lock, recover


def tulis_laporan(folder, isi="baru", **berkas):
    """Laporan kecil buatan program ini di folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(isi)
    (folder / "manifest.json").write_text(json.dumps({"pembuat": "kinerja", "berkas": {"index.html": "x", **berkas}}))


@pytest.fixture
def sasaran(proyek):
    return proyek / "reports" / "2020"


def pasang_baru(sasaran, isi):
    with Bangunan(sasaran) as bangunan:
        tulis_laporan(bangunan.folder, isi)
        with lock(sasaran.parent):
            bangunan.install()


def isi_folder(folder):
    return sorted(x.name for x in folder.iterdir())


@pytest.mark.parametrize("serentak", [True, False])
def test_laporan_ditukar_tanpa_sisa(sasaran, monkeypatch, serentak):
    if not serentak:
        monkeypatch.setattr(pasang, "_exchange", lambda satu, dua: False)
    pasang_baru(sasaran, "satu")
    pasang_baru(sasaran, "dua")
    assert (sasaran / "index.html").read_text() == "dua"
    assert isi_folder(sasaran) == ["index.html", "manifest.json"]
    assert isi_folder(sasaran.parent) == ["2020"]


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="penukaran serentak hanya di Linux dan macOS")
def test_penukaran_serentak_tersedia(tmp_path):
    for nama in ("a", "b"):
        (tmp_path / nama).mkdir()
        (tmp_path / nama / nama).touch()
    assert pasang._exchange(tmp_path / "a", tmp_path / "b")
    assert isi_folder(tmp_path / "a") == ["b"]


def test_hak_baca_folder_laporan_biasa(sasaran):
    pasang_baru(sasaran, "satu")
    topeng = os.umask(0)
    os.umask(topeng)
    assert sasaran.stat().st_mode & 0o777 == 0o777 & ~topeng


def test_kegagalan_di_tengah_meninggalkan_yang_lama(sasaran):
    pasang_baru(sasaran, "lama")
    with pytest.raises(RuntimeError), Bangunan(sasaran) as bangunan:
        (bangunan.folder / "index.html").write_text("setengah")
        raise RuntimeError
    assert (sasaran / "index.html").read_text() == "lama"
    assert isi_folder(sasaran.parent) == ["2020"]


def test_sisa_proses_mati_dibersihkan_dan_yang_hidup_dibiarkan(sasaran):
    mati = sasaran.parent / ".2020-0123abcd"
    mati.mkdir()
    (mati / ".kinerja-bangun").touch()
    (mati / "gambar").mkdir()
    milik_orang = sasaran.parent / ".2020-catatan1"
    milik_orang.mkdir()
    bukan_kami = sasaran.parent / ".2020-89abcdef"
    bukan_kami.mkdir()
    (bukan_kami / "catatan.txt").touch()
    with Bangunan(sasaran) as hidup:
        (hidup.folder / "x").touch()
        with Bangunan(sasaran) as kedua:
            assert hidup.folder.is_dir() and kedua.folder != hidup.folder
            assert isi_folder(sasaran.parent) == sorted(
                [milik_orang.name, bukan_kami.name, hidup.folder.name, kedua.folder.name]
            )


def test_proses_yang_dibunuh_meninggalkan_sisa_yang_dibersihkan_proses_berikutnya(sasaran):
    kode = (
        "import os, signal, sys; from pathlib import Path; from kinerja.render.pasang import Bangunan\n"
        "b = Bangunan(Path(sys.argv[1])); print(b.folder.name, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    hasil = subprocess.run([sys.executable, "-c", kode, str(sasaran)], capture_output=True, text=True)
    assert isi_folder(sasaran.parent) == [hasil.stdout.strip()]
    pasang_baru(sasaran, "baru")
    assert isi_folder(sasaran.parent) == ["2020"]


def test_penukaran_dua_langkah_yang_terputus_dipulihkan(sasaran):
    tulis_laporan(sasaran.parent / ".2020-0123abcd.lama", "lama")
    with lock(sasaran.parent):
        recover(sasaran)
    assert (sasaran / "index.html").read_text() == "lama"


def test_sisa_lama_tidak_menimpa_laporan_yang_ada(sasaran):
    tulis_laporan(sasaran.parent / ".2020-0123abcd.lama", "lama")
    tulis_laporan(sasaran, "baru")
    with lock(sasaran.parent):
        recover(sasaran)
    assert (sasaran / "index.html").read_text() == "baru"
    assert isi_folder(sasaran.parent) == ["2020"]


def test_kunci_bergantian(tmp_path):
    urutan = []

    def kedua():
        with lock(tmp_path):
            urutan.append("kedua")

    with lock(tmp_path):
        utas = threading.Thread(target=kedua)
        utas.start()
        utas.join(0.2)
        urutan.append("pertama")
    utas.join()
    assert urutan == ["pertama", "kedua"]


def test_folder_orang_ditolak(tmp_path, proyek):
    asing = tmp_path / "asing"
    asing.mkdir()
    check_target(asing)
    (asing / "skripsi.docx").touch()
    with pytest.raises(GalatParameter, match="berisi skripsi.docx dan bukan laporan"):
        check_target(asing)
    (asing / "manifest.json").write_text('{"nama": "aplikasi lain"}')
    with pytest.raises(GalatParameter, match="bukan laporan buatan program ini"):
        check_target(asing)


def test_berkas_tambahan_di_laporan_ditolak(sasaran):
    tulis_laporan(sasaran)
    (sasaran / ".DS_Store").touch()
    check_target(sasaran)
    (sasaran / "catatan rapat.txt").touch()
    with pytest.raises(GalatParameter, match="bukan hasil render: catatan rapat.txt"):
        check_target(sasaran)


def test_berkas_bukan_folder_ditolak(tmp_path, proyek):
    (tmp_path / "x").touch()
    with pytest.raises(GalatParameter, match="itu sebuah berkas"):
        check_target(tmp_path / "x")
    with pytest.raises(GalatParameter, match="tidak dapat ditulisi"):
        check_target(tmp_path / "x" / "y")


@pytest.mark.parametrize("letak", ["data/raw/2021", "notebooks/hasil", "lib", ".", ".."])
def test_folder_proyek_ditolak(proyek, letak):
    with pytest.raises(GalatParameter, match="milik proyek"):
        check_target((proyek / letak).resolve())


@pytest.mark.skipif(os.geteuid() == 0, reason="root boleh menulis di mana saja")
def test_folder_yang_tidak_dapat_ditulisi_ditolak(tmp_path, proyek):
    terkunci = tmp_path / "terkunci"
    terkunci.mkdir(mode=0o500)
    with pytest.raises(GalatParameter, match="tidak dapat ditulisi"):
        check_target(terkunci / "laporan")
