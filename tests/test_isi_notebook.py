"""Isi semua notebook: setiap angka turunan punya jabaran, dan halamannya satu bahasa dengan katalog yang lengkap."""

import html
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from colformula import Missing
from kinerja import data, fmt, istilah
from kinerja.render import halaman
from notebook_di_proses import NAMA, run

AKAR = Path(__file__).resolve().parents[1]
# Kata yang tidak mungkin milik bahasa lainnya: kata tugas, dan kata yang paling sering di katalog sendiri.
KATA = {
    "id": """
        adalah agar akan antara atau bagian baris bahwa banyaknya beda belum bila bukan cocok dalam dan dapat dari data
        dengan dihitung di dibulatkan dicetak dikutip diturunkan hanya hasil itu ini jarak juga jumlah kalimat karena
        ke kecuali kolom kotak kurang lain lebih lihat maka masih menurut naik oleh pada paling pilih sama sampai satuan
        sebagai sebelum sejak seluruh semua sesudah setiap sisa sudah sumber tabel tahun terhadap terbesar terendah
        tercetak terkecil tersedia tertinggi tetapi tiap tidak triliun turun untuk yang
    """,
    "en": """
        above according against also and are at because been below between both but by ceiling computed derived each
        every for from had has have in is it its less mean more most not of on only or over printed quoted row rows
        share since source table than that the their these this those to under unit was were when which with within
        without year years
    """,
}
# Sama ejaannya di kedua bahasa, atau nama diri.
SAMA = {"data", "di", "at", "on", "or", "unit", "is", "its"}
NAMA_DIRI = re.compile(
    r"DI Yogyakarta|Dan Perlindungan|Baznas dan Rumah Zakat|kinerja (?:telusur|render|peragaan)[^.<\n]*|[\w.-]+\.csv[^\n]*"
)
# Baris, tabel, dan kunci data mentah disebut dengan kodenya, juga dalam bahasa Inggris.
KODE = re.compile(r"(?:[\w*|!]+/)+[\w*|!.@-]+|\b\w+_\w+\b|Number of rows of [^\n]*|\w+ [=≠] [^\n]*")


@pytest.mark.parametrize("nama", NAMA)
def test_setiap_angka_turunan_punya_rumus_dan_masukan(nama):
    kurang = []
    for satu in run(nama).tabel:
        for kolom in satu.shown:
            for nomor, sel in enumerate(satu.cells(kolom) if kolom.bernilai and not kolom.asal else []):
                if sel.keadaan != "diturunkan" or sel.nilai == fmt.TIDAK_BERLAKU:
                    continue
                try:
                    isian = satu.jabaran.fill(satu, kolom.nama, nomor) if satu.jabaran else None
                except Missing as kosong:
                    kurang.append(f"{satu.nama}, kolom {kolom.nama}, baris {nomor + 1}: {kosong}")
                    continue
                if isian is None or not isian.teks or not isian.masukan:
                    kurang.append(f"{satu.nama}, kolom {kolom.nama}, baris {nomor + 1}: tanpa rumus atau masukan")
    pesan = f"tulis jabarannya di bawah jabaran: pada lib/kinerja/teks/{nama}.yml\n" + "\n".join(kurang)
    assert kurang == [], pesan


@pytest.mark.parametrize("nama", NAMA)
def test_setiap_tabel_menyebut_sumber_dan_bagiannya(nama):
    buatan = "Data buatan untuk memperagakan metode"
    tanpa = [
        satu.nama
        for satu in run(nama).tabel
        if not re.search(r"\w.*\(.+\)", satu.sumber) and not satu.sumber.startswith(buatan)
    ]
    assert tanpa == []


def test_jabaran_tidak_menyebut_kolom_yang_tidak_ada():
    for nama in NAMA:
        for satu in run(nama).tabel:
            asing = set(satu.jabaran._spec) - set(satu.frame.columns) if satu.jabaran else set()
            assert asing == set(), f"{nama}/{satu.nama}"


def polos(isi):
    """Teks yang terlihat pada HTML atau Markdown, satu potong per baris; kutipan berbahasa lain tidak ikut."""
    isi = re.sub(r"(?s)<style>.*?</style>|<dl class=\"parameter-kinerja\">.*?</dl>", "", isi)
    isi = re.sub(r"(?s)<(td|th|i|span)\b[^>]*\blang=\"id\"[^>]*>.*?</\1>", "\n", isi)
    return html.unescape(re.sub(r"<[^>]+>", "\n", isi))


@cache
def tempat():
    """Judul sumber dan bagian laporan: nama, jadi tidak diterjemahkan."""
    d = data.load(2020)
    nama = {x for kolom in ("judul", "judul_pendek", "penerbit") for x in d.sumber[kolom]}
    for tabel in d.tables:
        for kolom in ("bagian", "pengguna"):
            nama |= set(d[tabel][kolom]) if kolom in d[tabel] else set()
    nama |= {potong for x in nama for potong in (x.split(" (")[0], x.split(": ")[0])}
    nama |= {f"{x.kode} {x.nama}" for x in d["kabkota"].itertuples()} | set(d["kabkota"]["nama"])
    return re.compile("|".join(map(re.escape, sorted(filter(None, nama), key=len, reverse=True))))


def asing(potongan, bahasa):
    """Potongan teks yang memuat kata bahasa lain."""
    lain = set(KATA["en" if bahasa == "id" else "id"].split()) - SAMA
    temuan = {}
    for isi in potongan:
        # Gambar melipat baris sumbernya; disatukan dahulu supaya nama bagian dikenali.
        isi = tempat().sub("", re.sub(r"[ \n]+", " ", isi)) if "\n" in isi.strip() else tempat().sub("", isi)
        for baris in KODE.sub("", NAMA_DIRI.sub("", isi)).split("\n"):
            kata = {x.lower() for x in re.findall(r"\b[A-Za-z][a-z]*\b", baris)} & lain  # KE1 dan DI: singkatan
            if kata:
                temuan[baris.strip()[:160]] = sorted(kata)
    return temuan


def teks_panel(panel):
    """Teks semua kendali sebuah panel: judul, label, pilihan, petunjuk, dan isi HTML-nya."""
    yield panel.judul

    def jalan(kendali):
        for atribut in ("description", "value", "placeholder", "tooltip"):
            isi = getattr(kendali, atribut, None)
            if isinstance(isi, str) and not hasattr(kendali, "options"):
                yield from polos(isi).split("\n")
        for pilihan in getattr(kendali, "options", None) or ():
            yield str(pilihan[0] if isinstance(pilihan, tuple) else pilihan)
        for anak in getattr(kendali, "children", None) or ():
            yield from jalan(anak)

    yield from jalan(panel)


def potongan(nama, bahasa):
    terlihat = run(nama, bahasa)
    for isi in terlihat.html:
        yield from polos(isi).split("\n")
    for uraian, teks in terlihat.gambar:
        yield from [*uraian.values(), *teks]
    for panel in terlihat.panel:
        yield from teks_panel(panel)


@pytest.mark.parametrize("bahasa", ["en", "id"])
@pytest.mark.parametrize("nama", NAMA)
def test_halaman_satu_bahasa(nama, bahasa):
    semua = list(potongan(nama, bahasa))
    assert len(semua) > 30, "tidak ada teks yang diperiksa"
    assert all(len(list(teks_panel(panel))) > 5 for panel in run(nama, bahasa).panel), "kendali tidak terbaca"
    assert asing(semua, bahasa) == {}


def test_penjaga_bahasa_menemukan_yang_tertinggal():
    assert asing(["Pagu menurut program"], "en") and asing(["The ceiling by programme"], "id")
    assert not asing(["Ceiling by programme (Akuntabilitas Keuangan: jenis belanja)"], "en")
    assert not asing(polos('<td lang="id">Program untuk warga dan desa</td>').split("\n"), "en")


@pytest.mark.parametrize("nama", NAMA)
def test_angka_inggris_berkoma_ribuan(nama):
    angka = re.compile(r"\b\d{1,3}(?:\.\d{3}){2,}\b")
    temuan = [x.strip() for x in potongan(nama, "en") if angka.search(x)]
    assert temuan == [], "angka berformat Indonesia"


def _rujukan(teks):
    """Isian sebuah teks tanpa pilihan tampilannya, yang boleh berbeda antarbahasa."""
    return {re.sub(r"(\.\w+):[\w+,]+", r"\1", x) for x in re.findall(r"\{[^{}]*\}", teks)}


def satu_bahasa(isi, jalur=""):
    """Letak teks yang hanya ada dalam satu bahasa."""
    if isinstance(isi, dict):
        if set(isi) & {"id", "en"} and all(isinstance(isi.get(x), str) for x in ("id", "en") if x in isi):
            if not {"id", "en"} <= set(isi) or not all(str(isi[x]).strip() for x in ("id", "en")):
                yield jalur
            elif _rujukan(isi["id"]) != _rujukan(isi["en"]):
                yield f"{jalur}: isi {{...}} kedua bahasa berbeda"
        for kunci, anak in isi.items():
            yield from satu_bahasa(anak, f"{jalur}/{kunci}")
    elif isinstance(isi, list):
        for n, anak in enumerate(isi):
            yield from satu_bahasa(anak, f"{jalur}/{n}")


@pytest.mark.parametrize("berkas", sorted((AKAR / "lib" / "kinerja" / "teks").glob("*.yml")), ids=lambda x: x.stem)
def test_katalog_notebook_lengkap(berkas):
    isi = yaml.safe_load(berkas.read_text("utf-8"))
    isi.pop("sel", None)  # teks Indonesianya ada di notebook; test_notebooks menjaganya
    kurang = list(satu_bahasa(isi))
    assert kurang == [], f"tulis id dan en, dengan isian yang sama, di teks/{berkas.name}: {', '.join(kurang)}"


def test_kamus_kolom_hanya_yang_dipakai_beberapa_jawaban():
    berkas = {x.stem: yaml.safe_load(x.read_text("utf-8")) for x in (AKAR / "lib" / "kinerja" / "teks").glob("*.yml")}
    kamus, kolom, jabaran = berkas.pop("kolom"), Counter(), Counter()
    for teks in berkas.values():
        for spec in [*teks["jawab"].values(), teks["ringkas"].get("strip", {})]:
            for isi in (spec.get("kolom", {}), spec.get("sumbu", {})):
                kolom.update(k for k in isi if isinstance(isi, list) or "id" not in (isi[k] or {}))
            jabaran.update(k for k, isi in spec.get("jabaran", {}).items() if isi is None)
    assert [k for k in kamus["kolom"] if kolom[k] < 2] == []
    assert [k for k in kamus["jabaran"] if jabaran[k] < 2] == []


def test_katalog_kode_dan_kerangka_lengkap():
    assert list(satu_bahasa(istilah.terms()["kode"])) == []
    kata = halaman.words()
    assert set(kata["id"]) == set(kata["en"])
    isian = {bahasa: {k: set(re.findall(r"\{\w*\}", str(x))) for k, x in kata[bahasa].items()} for bahasa in kata}
    assert isian["id"] == isian["en"]
