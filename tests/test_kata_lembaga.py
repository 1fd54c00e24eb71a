"""Kata mereka, bukan kata kita: halaman lima lembaga rekaan tidak memuat nama, istilah, atau angka kementerian ini.

Yang dicari tidak diketik: singkatan, nama, dan kode dari data kementerian sendiri, dikurangi yang ada di data lembaga itu.
"""

import csv
import html
import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

from kinerja.lembaga import install, read_form
from kinerja.lembaga.formulir import to_csv
from kinerja.render import rencana
from notebook_di_proses import AKAR, run

KEMENTERIAN = AKAR / "data" / "raw" / "2020"
UMUM = {"IKU", "NKA", "EKA", "IKPA", "WTP", "BPK", "AA", "II", "III", "IV"}
"""Istilah pelaporan kinerja pemerintah dan angka Romawi, yang bukan milik kementerian mana pun."""

_TANPA = {"nilai", "satuan", "keadaan", "rumus", "opsi", "alternatif", "tercetak", "total", "bagian_id"}


def _tulisan(folder: Path) -> list[str]:
    """Semua sel teks folder data."""
    sel = []
    for berkas in sorted(folder.rglob("*.csv")):
        for baris in csv.DictReader(berkas.open(encoding="utf-8")):
            sel += [x for k, x in baris.items() if k not in _TANPA and x]
    return sel


@cache
def _asing() -> frozenset[str]:
    """Singkatan, kode, nama indikator, program, unit, dan institusi kementerian, dan tahun laporannya."""
    kata = {x for sel in _tulisan(KEMENTERIAN) for x in re.findall(r"\b[A-Z][A-Z0-9]{1,}\b", sel)}
    for tabel, kolom in (("iku", "nama_pendek"), ("anggaran", "nama"), ("pk_anggaran", "nama"), ("aturan", "teks")):
        for baris in csv.DictReader((KEMENTERIAN / f"{tabel}.csv").open(encoding="utf-8")):
            kata |= {baris[kolom]} if re.search(r"[A-Z]", baris[kolom]) and baris[kolom] != "Jumlah" else set()
    return frozenset(kata - UMUM | {KEMENTERIAN.name})


def _baris(sasaran, indikator, satuan, target, realisasi, **lain) -> dict:
    return dict(sasaran=sasaran, indikator=indikator, satuan=satuan, target=target, realisasi=realisasi) | lain


def _uang(rincian, nama, pagu, realisasi="", penyerapan="") -> dict:
    return dict(rincian=rincian, nama=nama, pagu=pagu, realisasi=realisasi, penyerapan=penyerapan)


LEMBAGA = {
    # bentuk kementerian: triliun, program, sasaran dan indikator dengan sebutan sendiri, batas capaian
    "kementerian": (
        dict(nama="Kementerian Kelautan Rekaan", tahun="2031", sebutan_sasaran="Sasaran Strategis Laut", batas="120", akhir="2035"),
        [
            _baris("Lautnya lestari", "Luas kawasan lestari", "%", "60", "66", akhir="80", capaian="110"),
            _baris("", "Indeks kesehatan laut", "nilai", "80", "78", lalu="77", capaian="97,5"),
            _baris("Tata kelolanya baik", "Opini atas laporan", "opini", "WTP", "WTP"),
        ],
        [_uang("total", "", "12500000000000", "12000000000000", "96"),
         _uang("program", "Program Pesisir", "12000000000000", "11600000000000"),
         _uang("program", "Program Tata Kelola", "500000000000", "400000000000")],
    ),
    "dinas": (
        dict(nama="Dinas Kebun Raya Rekaan", tahun="2031", sebutan_indikator="IKK", akhir="2035"),
        [
            _baris("Kebunnya terawat", "Koleksi terawat", "%", "90", "88", lalu="85", akhir="95",
                   penjelasan="Musim kering panjang"),
            _baris("", "Waktu tunggu pengunjung", "menit", "10", "8", arah="turun", lalu="12"),
        ],
        [_uang("total", "", "48000000000", "45600000000"), _uang("sasaran", "Kebunnya terawat", "48000000000", "45600000000")],
    ),
    "balai": (
        dict(nama="Balai Benih Rekaan", tahun="2031", periode="TW II"),
        [_baris("Benihnya cukup", "Benih tersalur", "ton", "", "", cara="nonkumulatif", target_tw1="10", target_tw2="20",
                realisasi_tw1="9", realisasi_tw2="18")],
        [_uang("total", "", "4250000000", "1900000000")],
    ),
    "biro": (
        dict(nama="Biro Umum Rekaan", tahun="2031"),
        [],
        [_uang("total", "", "9000000000"), _uang("jenis belanja", "Belanja Barang", "9000000000")],
    ),
    "desa": (
        dict(nama="Kantor Desa Rekaan", tahun="2031", jenis="desa", sebutan_sasaran="Tujuan desa"),
        [_baris("Jalannya mulus", "Jalan desa beraspal", "%", "80", "84", capaian="105")],
        [_uang("total", "", "398379650", "307055630", "80,5")],
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Folder data setiap lembaga, dari lembar isian seperti diketik petugasnya."""
    induk = tmp_path_factory.mktemp("lembaga")
    for nama, (identitas, indikator, uang) in LEMBAGA.items():
        lembar = induk / f"{nama}.csv"
        lembar.write_text(to_csv({"Identitas": [identitas], "Indikator": indikator, "Anggaran": uang}), "utf-8-sig")
        install(read_form(lembar), induk / nama, induk=induk)
    # tahun sebelumnya hanya dengan tabel keuangan
    lalu = {
        "Identitas": [LEMBAGA["biro"][0] | {"tahun": "2030"}],
        "Anggaran": [_uang("total", "", "8000000000", "7600000000")],
    }
    lembar.write_text(to_csv({**lalu, "Indikator": []}), "utf-8-sig")
    install(read_form(lembar), induk / "biro", induk=induk)
    return induk


def _halaman(notebook: str, bahasa: str = "id") -> str:
    """Yang terbaca di halaman laporan notebook itu, tanpa bagian yang kosong."""
    hasil = run.__wrapped__(notebook, bahasa, tahun=2031)
    tersisa = [x for x in hasil.html if "Angkanya tidak tersedia di sumber" not in str(x)]
    gambar = [str(x) for uraian, isi in hasil.gambar for x in (*uraian.values(), *isi)]
    catatan = [x for t in hasil.tabel if len(t.frame) for x in (*t.catatan, t.sumber)]
    polos = re.sub(r"<style.*?</style>|<[^>]+>", " ", " ".join([*map(str, tersisa), *gambar, *catatan]), flags=re.S)
    return html.unescape(polos)


@pytest.mark.parametrize(
    ("lembaga", "notebook"),
    [
        *((x, "keuangan") for x in LEMBAGA),
        *((x, "ringkasan") for x in LEMBAGA if LEMBAGA[x][1]),
        ("biro", "tren"), ("balai", "tren"), ("kementerian", "audit"), ("desa", "audit"),
    ],
)  # fmt: skip
def test_tidak_ada_kata_kementerian_di_halaman_lembaga_lain(folder, monkeypatch, lembaga, notebook):
    monkeypatch.setenv("KINERJA_DATA", str(folder / lembaga))
    isi = _halaman(notebook)
    sendiri = " ".join(_tulisan(folder / lembaga / "raw"))
    bocor = {
        x for x in _asing() if re.search(rf"\b{re.escape(x)}\b", isi) and not re.search(rf"\b{re.escape(x)}\b", sendiri)
    }
    assert not bocor, {x: isi[max(0, isi.find(x) - 80) : isi.find(x) + 40] for x in bocor}


def test_daftar_kata_asing_berisi():
    """Yang dicari memang kata kementerian; daftar kosong meluluskan apa saja."""
    assert {"DTKS", "PKH", "Kemensos", "Kementerian Sosial", "SLRT", "2020", "Belanja Bansos"} <= _asing()
    assert len(_asing()) > 120


def test_judul_notebook_umum_tanpa_kata_kementerian():
    for nama in ("ringkasan", "tren", "keuangan", "audit"):
        isi = " ".join(
            x.source for x in nbformat.read(AKAR / "notebooks" / f"{nama}.ipynb", 4).cells if x.cell_type == "markdown"
        )
        assert not [x for x in _asing() if re.search(rf"\b{re.escape(x)}\b", isi)], nama


def test_laporan_lembaga_lain_utuh_dengan_halamannya_sendiri(folder, monkeypatch):
    semua = ["ringkasan", "tren", "keuangan", "audit"]
    assert not rencana.complete(semua)
    monkeypatch.setenv("KINERJA_DATA", str(folder / "desa"))
    assert rencana.complete(semua) and not rencana.complete(semua[1:])


def test_sebutan_dan_uang_menurut_lembaganya(folder, monkeypatch):
    """Desa: kata sendiri, uang dalam juta, dan penyerapan 80,5 yang dicetak dinyatakan beda dari 77,1."""
    monkeypatch.setenv("KINERJA_DATA", str(folder / "desa"))
    ringkasan, keuangan, audit = map(_halaman, ("ringkasan", "keuangan", "audit"))
    assert "Tujuan desa" in ringkasan and "Sasaran strategis" not in ringkasan
    assert "398,38" in keuangan and "juta rupiah" in keuangan and "miliar" not in keuangan
    assert "307.055.630 / 398.379.650 × 100 = 77,076133; tertulis 80,5" in audit
    assert "105,00" in audit or "105%" in audit
