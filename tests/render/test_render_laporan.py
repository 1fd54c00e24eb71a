"""Render utuh dengan kernel sungguhan: isi laporan, ulangan yang sama bytenya, kegagalan, penghentian, sebagian."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from kinerja.errors import GalatData, GalatParameter
from kinerja.render import jalankan, pasang
from kinerja.render.laporan import render
from kinerja.render.pasang import read_manifest

KINERJA = [sys.executable, "-m", "kinerja.cli"]


class Pencatat:
    """Layar yang mencatat kabar render."""

    def __init__(self):
        self.kabar = []

    def begin(self, tugas, jobs):
        self.kabar.append(("mulai", len(tugas), jobs))

    def start(self, nama):
        pass

    def finish(self, nama, detik, galat):
        self.kabar.append((nama, galat))

    def tick(self):
        pass


def isi_folder(folder):
    """Semua berkas laporan dan isinya, kecuali manifes (waktu hanya ada di sana)."""
    return {
        x.relative_to(folder).as_posix(): x.read_bytes()
        for x in sorted(folder.rglob("*"))
        if x.is_file() and x.name != "manifest.json"
    }


@pytest.fixture(scope="module")
def terender(proyek_asal, tmp_path_factory):
    """Proyek kecil dengan laporan yang sudah dirender sekali, dan kabar rendernya."""
    akar = tmp_path_factory.mktemp("terender") / "proyek"
    shutil.copytree(proyek_asal, akar)
    layar = Pencatat()
    with pytest.MonkeyPatch.context() as ganti:
        ganti.setenv("KINERJA_AKAR", str(akar))
        hasil = render(2020, layar=layar)
    assert hasil.gagal == []
    return akar, layar.kabar


@pytest.fixture
def salinan(terender, tmp_path, monkeypatch):
    """Salinan proyek yang sudah berlaporan, untuk dirender lagi."""
    akar = tmp_path / "proyek"
    shutil.copytree(terender[0], akar)
    monkeypatch.setenv("KINERJA_AKAR", str(akar))
    return akar


@pytest.fixture
def laporan(terender):
    return terender[0] / "reports" / "2020"


def test_kabar_per_notebook(terender):
    assert terender[1][0] == ("mulai", 2, min(2, len(os.sched_getaffinity(0))))
    assert sorted(terender[1][1:]) == [("angka", None), ("gambar", None)]


def test_isi_laporan(laporan):
    assert sorted(isi_folder(laporan)) == sorted(
        [
            "angka.html",
            "gambar.html",
            "gambar/gambar-batang.json",
            "gambar/gambar-batang.png",
            "gambar/gambar-batang-telepon.svg",
            "gambar/gambar-batang.svg",
            "gaya.css",
            "index.html",
            "jelajah.html",
            "laporan.js",
            "laporan.pdf",
            "ringkas/angka-ringkas.json",
            "ringkas/gambar-ringkas.json",
            "tabel/angka-rinci.csv",
            "tabel/angka-rinci.json",
            "tabel/angka-utama.csv",
            "tabel/angka-utama.json",
            "tabel/gambar-batang.csv",
            "tabel/gambar-batang.json",
            "tabel/tabel-2020.xlsx",
        ]
    )
    assert [x.name for x in laporan.parent.iterdir()] == ["2020"]


def test_halaman_tidak_meminta_apa_pun_dari_luar(laporan):
    for halaman in laporan.glob("*.html"):
        isi = halaman.read_text("utf-8")
        if halaman.name == "jelajah.html":
            assert "src=" not in isi.split('id="teks"')[0] and "default-src 'none'" in isi
            continue
        assert re.findall(r"<script[^>]*?src=\"([^\"]*)", isi) == ["laporan.js"] and isi.count("<script") == 1
        assert "widget" not in isi
        for alamat in re.findall(r'(?:href|src)="([^"]*)"', isi):
            berkas, _, bagian = alamat.partition("#")
            if alamat.startswith("data:,"):
                continue
            assert not re.match(r"[a-z]+:|//", alamat), alamat
            tujuan = laporan / (berkas or halaman.name)
            assert tujuan.is_file(), f"{halaman.name}: {alamat}"
            if bagian:
                assert f'id="{bagian}"' in tujuan.read_text("utf-8"), f"{halaman.name}: {alamat}"


def test_halaman_depan(laporan):
    isi = (laporan / "index.html").read_text("utf-8")
    assert "Kementerian Sosial" in isi and "Angka &lt;mungil&gt; 2020" in isi and "<p>Ada 3 orang</p>" in isi
    assert "Bukan terbitan Kementerian Sosial." in isi and "Kutip sebagai:" in isi
    # Tujuh angka: 3 dan kosong (utama, rinci), 3 dan 4 (batang), dua persen yang dihitung.
    assert "50,0%" in isi and "25,0%" in isi, "bagian angka menurut keadaan"
    assert 'href="tabel/tabel-2020.xlsx"' in isi and 'href="angka.html#tabel-utama"' in isi


def test_penjelajah_satu_halaman_laporan(laporan):
    """Ditautkan dari halaman depan dan menu, disebut manifes, dan dibuka dalam bahasa laporannya."""
    manifes = json.loads((laporan / "manifest.json").read_text("utf-8"))
    assert "jelajah.html" in manifes["berkas"] and "jelajah" not in manifes["halaman"]
    for nama in ("index.html", "angka.html"):
        assert '<a href="jelajah.html">Penjelajah angka wilayah</a>' in (laporan / nama).read_text("utf-8")
    isi = (laporan / "jelajah.html").read_text("utf-8")
    assert '<html lang="id">' in isi and 'href="index.html"' in isi


def test_halaman_tanpa_kode_dan_bergambar_dengan_alt(laporan):
    angka, gambar = ((laporan / f"{x}.html").read_text("utf-8") for x in ("angka", "gambar"))
    assert "open_buku" not in angka and "<h1>Ada <strong>3 orang</strong></h1>" in angka
    assert '<p class="kicker">Angka mungil</p>' in angka and "Jawaban singkat" not in angka
    alt = "Batang b lebih tinggi. a 3 orang; b 4 orang."
    assert re.search(rf'<img src="gambar/gambar-batang.svg" alt="{alt}" width="330" height="\d+"', gambar)
    assert 'srcset="gambar/gambar-batang-telepon.svg"' in gambar
    lebar, sempit = ((laporan / "gambar" / f"gambar-batang{x}.svg").read_text("utf-8") for x in ("", "-telepon"))
    assert ">b</text>" in lebar and 'width="216pt"' in lebar and 'width="295.2pt"' in sempit


def test_csv_tanpa_pembulatan(laporan):
    baris = (laporan / "tabel" / "angka-utama.csv").read_text("utf-8").splitlines()
    assert baris[1].startswith("'=1+1,3,orang,dikutip,0.6666666666666666,persen,diturunkan,Sumber: LKj Kemensos 2020")
    assert baris[2].startswith("b,,orang,tidak_tersedia,97.125,persen,diturunkan,")


def test_manifes(laporan):
    manifes = read_manifest(laporan)
    assert manifes["halaman"]["angka"]["parameter"] == {"tahun": 2020, "bahasa": "id", "kali": 1}
    assert manifes["halaman"]["angka"]["detik"] > 0
    assert set(manifes["berkas"]) == set(isi_folder(laporan))
    assert "data/raw/2020/sdm.csv" in manifes["masukan"] and "data/raw/sources.yml" in manifes["masukan"]
    assert all(re.fullmatch("[0-9a-f]{64}", x) for x in [*manifes["masukan"].values(), *manifes["berkas"].values()])
    assert {"python", "kinerja", "papermill", "matplotlib", "pandas"} <= set(manifes["versi"])


def test_render_ulang_sama_bytenya(salinan):
    folder = salinan / "reports" / "2020"
    sebelum = isi_folder(folder)
    render(2020, jobs=1, paksa=True)
    sesudah = isi_folder(folder)
    assert [nama for nama in sebelum if sebelum[nama] != sesudah.get(nama)] == []
    assert sebelum.keys() == sesudah.keys()


def test_dokumen_word_bila_diminta_dan_tetap_ada_sesudahnya(salinan):
    hasil = render(2020, format="docx")
    assert hasil.selesai == [] and 'href="laporan.docx"' in (hasil.folder / "index.html").read_text("utf-8")
    isi = (hasil.folder / "laporan.docx").read_bytes()
    render(2020)
    assert (hasil.folder / "laporan.docx").read_bytes() == isi
    with pytest.raises(GalatParameter, match="Format 'doc' tidak ada; yang ada: html, docx"):
        render(2020, format="doc")


def test_yang_gagal_tidak_menghentikan_yang_lain_dan_laporan_lama_utuh(salinan):
    folder = salinan / "reports" / "2020"
    sebelum = isi_folder(folder) | {"m": (folder / "manifest.json").read_bytes()}
    hasil = render(2020, parameter=[("rusak", "true")])
    assert hasil.selesai == [] and hasil.tetap == ["angka"]
    assert hasil.gagal == [("gambar", "sel kode 4 (mungkin-rusak): ValueError: sengaja <rusak>")]
    assert isi_folder(folder) | {"m": (folder / "manifest.json").read_bytes()} == sebelum
    sisa = salinan / "reports" / "2020-gagal"
    assert hasil.folder == sisa
    keluaran = [x.outputs for x in nbformat.read(sisa / "gagal" / "gambar.ipynb", 4).cells if x.id == "mungkin-rusak"]
    assert keluaran[0][-1].evalue == "sengaja <rusak>"
    depan = (sisa / "index.html").read_text("utf-8")
    assert "ValueError: sengaja &lt;rusak&gt;" in depan and 'href="gagal/gambar.ipynb"' in depan
    assert (sisa / "angka.html").is_file()
    assert "mati sebelum selesai" in render(2020, notebook=["gambar"], parameter=[("nama", "mati")]).gagal[0][1]
    assert not (sisa / "angka.html").exists(), "sisa kegagalan lama diganti"
    render(2020, notebook=["gambar"])
    assert not sisa.exists(), "sisa kegagalan dibersihkan oleh render yang utuh"


def test_sebagian_mengganti_halaman_itu_saja(salinan):
    folder = salinan / "reports" / "2020"
    sebelum = isi_folder(folder)
    render(2020, notebook=["angka"], parameter=[("kali", 5)])
    sesudah = isi_folder(folder)
    assert b"<strong>15 orang</strong>" in sesudah["angka.html"]
    assert b",15,orang" in sesudah["tabel/angka-utama.csv"]
    tetap = ["gambar.html", "jelajah.html", "gambar/gambar-batang.png", "gambar/gambar-batang.svg", "gaya.css"]
    assert [nama for nama in tetap if sebelum[nama] != sesudah[nama]] == []
    manifes = read_manifest(folder)
    assert manifes["halaman"]["angka"]["parameter"]["kali"] == 5
    assert list(manifes["halaman"]) == ["angka", "gambar"]


def test_sebagian_tidak_mencampur_bahasa(salinan):
    with pytest.raises(GalatParameter, match="dibuat dengan bahasa = id, yang diminta en"):
        render(2020, notebook=["angka"], bahasa="en", out=salinan / "reports" / "2020")


def test_bahasa_lain_punya_foldernya_sendiri(salinan):
    sebelum = isi_folder(salinan / "reports" / "2020")
    hasil = render(2020, notebook=["angka"], bahasa="en")
    assert hasil.folder == salinan / "reports" / "2020-en"
    assert '<html lang="en">' in (hasil.folder / "angka.html").read_text("utf-8")
    assert sebelum.keys() == isi_folder(salinan / "reports" / "2020").keys()


def test_bahasa_inggris_dan_sebagian_di_folder_baru(proyek):
    hasil = render(2020, notebook=["angka"], bahasa="en", out=proyek.parent / "luar" / "laporan", kode=True)
    isi = (hasil.folder / "angka.html").read_text("utf-8")
    assert '<html lang="en">' in isi and "There are <strong>3 people</strong>" in isi and "Download CSV" in isi
    assert "open_buku" in isi
    depan = (hasil.folder / "index.html").read_text("utf-8")
    assert "This report contains only some of the notebooks." in depan and "quoted" in depan
    assert [x.name for x in hasil.folder.parent.iterdir()] == ["laporan"]
    assert list((proyek / "reports").iterdir()) == []


def test_data_salah_menghentikan_sebelum_ada_yang_berjalan(salinan):
    berkas = salinan / "data" / "raw" / "2020" / "sdm.csv"
    berkas.write_text(berkas.read_text("utf-8").replace(",108341,", ",seratus,"), "utf-8")
    folder = salinan / "reports" / "2020"
    sebelum = isi_folder(folder)
    layar = Pencatat()
    with pytest.raises(GalatData, match="2020/sdm.csv"):
        render(2020, layar=layar)
    assert layar.kabar == []
    assert isi_folder(folder) == sebelum


@pytest.mark.parametrize("banyak", [1, 2], ids=["saat rencana disusun", "saat notebook berjalan"])
@pytest.mark.parametrize("sinyal", [signal.SIGINT, signal.SIGKILL])
def test_dihentikan_di_tengah_meninggalkan_yang_lama_dan_tanpa_sisa_proses(salinan, sinyal, banyak):
    folder = salinan / "reports" / "2020"
    sebelum = isi_folder(folder)
    perintah = subprocess.Popen(
        [*KINERJA, "render", "--tahun", "2020", "--notebook", "gambar", "-p", "jeda", "60"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    keturunan = []
    batas = time.monotonic() + 30
    while len(keturunan) < banyak and time.monotonic() < batas:
        time.sleep(0.02)
        keturunan = psutil.Process(perintah.pid).children(recursive=True)
    assert len(keturunan) >= banyak, "pengasuh, lalu pekerja yang menjalankan notebook"
    perintah.send_signal(sinyal)
    keluaran, _ = perintah.communicate(timeout=20)
    assert psutil.wait_procs(keturunan, timeout=10)[1] == []
    assert isi_folder(folder) == sebelum
    if sinyal == signal.SIGINT:
        assert perintah.returncode == 130
        assert "Dihentikan; laporan dan notebook yang lama utuh." in keluaran and "Traceback" not in keluaran
        assert [x.name for x in folder.parent.iterdir()] == ["2020"]


@pytest.mark.parametrize("di", ["finish", "tick"])
def test_pekerja_sudah_mati_ketika_bangunannya_dihapus(salinan, monkeypatch, di):
    """Pekerja yang masih menulis membuat penghapusan folder gagal, dan pengguna melihat galat berkas."""
    hidup, keturunan = [], []
    lain = psutil.Process().children(recursive=True)  # peladen uji lain dalam proses ini
    hapus = pasang.Bangunan.__exit__

    def periksa(bangunan, *galat):
        hidup.append([x for x in keturunan if jalankan._can_run(x)])
        hapus(bangunan, *galat)

    class Berhenti(Pencatat):
        """Berhenti setelah notebook pertama, selagi yang kedua tidur semenit."""

        def finish(self, nama, detik, galat):
            self.kabar.append(nama)
            keturunan.extend(x for x in psutil.Process().children(recursive=True) if x not in lain)
            if di == "finish":
                raise RuntimeError("berhenti")

        def tick(self):
            if keturunan:
                raise RuntimeError("berhenti")

    monkeypatch.setattr(pasang.Bangunan, "__exit__", periksa)
    with pytest.raises(RuntimeError, match="berhenti"):
        render(2020, parameter=[("jeda", 60.0)], jobs=2, layar=Berhenti(), paksa=True)
    assert keturunan and hidup == [[]]


def test_dua_render_bersamaan_sama_sama_utuh(salinan):
    perintah = [
        subprocess.Popen(
            [*KINERJA, "render", "--tahun", "2020", "--notebook", *isi],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        for isi in (["angka", "-p", "kali", "7"], ["gambar"])
    ]
    for satu in perintah:
        keluaran, _ = satu.communicate(timeout=60)
        assert satu.returncode == 0, keluaran.decode()
    folder = salinan / "reports" / "2020"
    assert b"<strong>21 orang</strong>" in (folder / "angka.html").read_bytes()
    assert (folder / "gambar" / "gambar-batang.svg").is_file()
    assert [x.name for x in folder.parent.iterdir()] == ["2020"]
    manifes = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert set(manifes["berkas"]) == set(isi_folder(folder))


def test_papermill_biasa_dari_folder_lain(proyek, tmp_path):
    tempat = tmp_path / "lain"
    tempat.mkdir()
    papermill = [str(Path(sys.executable).with_name("papermill"))]
    notebook = str(proyek / "notebooks" / "angka.ipynb")
    hasil = subprocess.run(
        [*papermill, notebook, "out.ipynb", "-p", "tahun", "2020", "-p", "kali", "4"],
        cwd=tempat, capture_output=True, text=True,
    )  # fmt: skip
    assert hasil.returncode == 0, hasil.stderr
    ringkas = [x for x in nbformat.read(tempat / "out.ipynb", 4).cells if x.id == "ringkas"]
    assert ringkas[0].outputs[0].data["text/plain"] == "Ada 12 orang\n- Pokok pertama."
    bantuan = subprocess.run([*papermill, "--help-notebook", notebook], capture_output=True, text=True)
    assert re.search(r"kali: int \(default 1\)\s+pengali", bantuan.stdout)
