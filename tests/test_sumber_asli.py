"""Kelengkapan salinan: setiap angka di teks laporan asli ada di data/raw (hanya bila teksnya ada di mesin ini)."""

import re

import pytest

from kinerja import data, paths

TEKS = paths.root().parent / "shared" / "sumber" / "lkj-kemensos-2020.txt"
ANGKA = re.compile(r"(?<![\d.,/-])(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+|\d+(?:\.\d+)?)")
# bukan ukuran: nomor peraturan dan surat, nomor telepon, halaman, tahun
BUKAN_UKURAN = re.compile(
    r"(?:[Nn]omor:?|No[.:]?|halaman|s\.d|Vol|Lampiran|Penutup|Pengantar|Isi|Eksekutif|Direviu|Pendahuluan|Kinerja)\s*[\w./-]*$"
    r"|\+62[ \d]*$|Pasal $|tanggal $"
)

pytestmark = pytest.mark.skipif(not TEKS.is_file(), reason="teks laporan asli tidak ada di mesin ini")


def _known_values() -> set[float]:
    d = data.load(2020)
    nilai = {round(abs(x), 6) for x in d.facts["nilai"].dropna()}
    for nama in d.tables:
        tabel = d[nama]
        for kolom in tabel.columns.difference(["nilai", "baris", "desimal", "berkas", "id"]):
            for isi in map(str, tabel[kolom]):
                nilai |= {round(_parse(x), 6) for x in ANGKA.findall(isi)}
    return nilai


def _parse(token: str) -> float:
    if "," in token or re.fullmatch(r"\d{1,3}(\.\d{3})+", token):
        token = token.replace(".", "").replace(",", ".")
    return float(token)


def test_setiap_angka_tercetak_ada_di_data():
    ada = _known_values()
    hilang = []
    for nomor, baris in enumerate(TEKS.read_text(encoding="utf-8").splitlines(), 1):
        for cocok in ANGKA.finditer(baris):
            nilai = _parse(cocok.group())
            if 1900 <= nilai <= 2100 and "," not in cocok.group():
                continue
            if BUKAN_UKURAN.search(baris[: cocok.start()]):
                continue
            if not ada & {round(nilai * kali, 6) for kali in (1, 1e3, 1e6)}:
                hilang.append((nomor, cocok.group(), baris[max(0, cocok.start() - 40) : cocok.end() + 20]))
    assert not hilang


def test_angka_kunci_persis_seperti_tercetak():
    d = data.load(2020)
    teks = TEKS.read_text(encoding="utf-8")
    rupiah = d.facts[(d.facts["satuan"] == "rupiah") & (d.facts["sumber"] == "lkj-2020") & d.facts["nilai"].notna()]
    for id_, nilai in rupiah["nilai"].items():
        tercetak = f"{abs(int(nilai)):,}".replace(",", ".")
        ribuan = f"{abs(int(nilai)) // 1000:,}".replace(",", ".")
        assert tercetak in teks or (id_.startswith("renja_anggaran") and ribuan in teks) or "jamban" in id_, id_
