"""Alat bersama: salinan data mentah yang boleh dirusak, satu kerusakan per uji."""

import hashlib
import os
import shutil
from pathlib import Path

import pytest

import kinerja.render  # noqa: F401  nbformat sesudahnya dimuat tanpa tata bahasa IRI
from kinerja import data, fmt, paths
from kinerja.data import reading

_LAMBAT = (
    *(
        "mutasi/",
        "render/test_render_hangat",  # berkas pertama sebuah proses: pyplot belum dimuat
        "test_lembaga_lain",
        "peramban/",
        "test_wilayah_survei",
        "daftar/test_daftar_tumpahan",
        "test_tahun_baru",
    ),
    *("render/", "test_isi_notebook", "ikesos/test_gelombang", "test_notebooks"),
)
"""Berkas uji yang lama didahulukan: dibagi per berkas, yang lama di akhir membuat satu proses menunggu yang lain."""


def pytest_collection_modifyitems(items):
    items.sort(key=lambda x: next((n for n, nama in enumerate(_LAMBAT) if nama in x.nodeid), len(_LAMBAT)))


@pytest.fixture(scope="session", autouse=True)
def tabel_sekali_baca():
    """Berkas mentah yang isinya sama dibaca sekali: salinan data yang dirusak berbeda satu tabel dari yang utuh."""
    asli, ingat = reading.read_table, {}

    def baca(raw, tabel, tahun, satuan, sumber):
        berkas = raw / tabel.berkas(tahun)
        if berkas.is_symlink() or not berkas.is_file():
            return asli(raw, tabel, tahun, satuan, sumber)
        sidik = hashlib.sha256(berkas.read_bytes()).digest()
        kunci = sidik, berkas.name, repr(tabel), tahun, satuan.to_csv(), sumber
        if kunci not in ingat:
            ingat[kunci] = asli(raw, tabel, tahun, satuan, sumber)
        return ingat[kunci].copy()

    with pytest.MonkeyPatch.context() as tambal:
        tambal.setattr(reading, "read_table", baca)
        yield


@pytest.fixture(autouse=True)
def bahasa_kembali():
    """Bahasa dan backend gambar adalah keadaan bersama; uji yang menggantinya tidak boleh menular ke uji berikutnya."""
    semula = os.environ.get("MPLBACKEND")
    yield
    fmt.use("id")
    if semula is None:
        os.environ.pop("MPLBACKEND", None)  # perintah sapu dan uji memasangnya bagi prosesnya sendiri


@pytest.fixture(scope="session")
def d2020():
    """Data 2020 seperti dalam repositori."""
    return data.load(2020)


@pytest.fixture
def raw(tmp_path) -> Path:
    """Salinan folder data/raw."""
    tujuan = tmp_path / "data" / "raw"
    shutil.copytree(paths.raw(), tujuan)
    return tujuan


@pytest.fixture
def edit(raw):
    """Ganti satu potongan teks dalam satu berkas salinan data mentah; potongan itu harus ada tepat sekali."""

    def ganti(berkas: str, lama: str, baru: str) -> Path:
        isi = (raw / berkas).read_bytes().decode("utf-8")
        assert isi.count(lama) == 1, f"{lama!r} ada {isi.count(lama)} kali di {berkas}"
        (raw / berkas).write_bytes(isi.replace(lama, baru).encode("utf-8"))
        return raw

    return ganti
