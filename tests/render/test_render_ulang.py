"""Yang tidak berubah tidak dirender lagi, dan tidak satu pun masukan dapat berubah tanpa dirender lagi."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from test_render_laporan import isi_folder

import kinerja
from kinerja import data, terbaca
from kinerja.render import ulang
from kinerja.render.laporan import render
from kinerja.render.pasang import read_manifest
from kinerja.render.rencana import plan

KINERJA = [sys.executable, "-m", "kinerja.cli", "render", "--tahun", "2020"]


@pytest.fixture(scope="module")
def terender(proyek_asal, tmp_path_factory):
    """Proyek kecil dengan laporan yang dirender lewat perintah."""
    akar = tmp_path_factory.mktemp("ulang") / "proyek"
    shutil.copytree(proyek_asal, akar)
    (akar / "requirements.lock").write_text("pandas==3.1\n", "utf-8")
    with pytest.MonkeyPatch.context() as ganti:
        ganti.setenv("KINERJA_AKAR", str(akar))
        subprocess.run(KINERJA, check=True, capture_output=True)
    return akar


@pytest.fixture
def salinan(terender, tmp_path, monkeypatch):
    akar = tmp_path / "proyek"
    shutil.copytree(terender, akar)
    monkeypatch.setenv("KINERJA_AKAR", str(akar))
    return akar


def ganti(berkas: Path, lama: str, baru: str) -> None:
    isi = berkas.read_text("utf-8")
    assert lama in isi
    berkas.write_text(isi.replace(lama, baru, 1), "utf-8")


def basi(akar: Path, *, kode: bool = False, **permintaan) -> dict[str, str]:
    """Halaman yang akan dirender lagi dan sebabnya."""
    laporan = akar / "reports" / "2020"
    lama = read_manifest(laporan)
    return ulang.stale_pages(plan(2020, **permintaan), laporan, lama, ulang.snapshot(), data.load(2020), kode)


def test_perintah_kedua_tidak_merender_apa_pun(salinan):
    manifes = salinan / "reports" / "2020" / "manifest.json"
    sebelum = manifes.read_bytes()
    hasil = subprocess.run(KINERJA, capture_output=True, text=True, check=True)
    assert "Tidak ada yang berubah" in hasil.stdout and "Merender" not in hasil.stdout
    assert manifes.read_bytes() == sebelum, "laporan tidak disentuh"


def test_pemeriksaan_ulang_tidak_memuat_yang_mahal(salinan):
    kode = (
        "import sys; from kinerja import cli\n"
        "try: cli.main(['render', '--tahun', '2020'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'pandas', 'numpy', 'papermill', 'matplotlib', 'yaml'} & set(sys.modules)), file=sys.stderr)"
    )
    hasil = subprocess.run([sys.executable, "-c", kode], capture_output=True, text=True, check=True)
    assert "Tidak ada yang berubah" in hasil.stdout
    assert not {"pandas", "numpy", "papermill", "matplotlib"} & set(hasil.stderr.split("'")), hasil.stderr


@pytest.mark.parametrize(("tabel", "halaman"), [("sdm", "angka"), ("lks", "gambar")])
def test_satu_baris_merender_tepat_notebook_yang_membacanya(salinan, tabel, halaman):
    berkas = salinan / "data" / "raw" / "2020" / f"{tabel}.csv"
    isi = berkas.read_text("utf-8").splitlines(keepends=True)
    # Kolom catatan baris terakhir: mengubahnya selalu sah menurut skema.
    berkas.write_text("".join([*isi[:-1], isi[-1].rstrip("\n") + " (diperiksa)\n"]), "utf-8")
    hasil = render(2020)
    assert hasil.selesai == [halaman] and hasil.sebab == {halaman: f"tabel 2020/{tabel} berubah"}
    sebagian = isi_folder(hasil.folder)
    penuh = render(2020, paksa=True)
    assert penuh.selesai == ["angka", "gambar"] and penuh.tetap == []
    assert isi_folder(hasil.folder) == sebagian, "sama bytenya dengan render penuh"


def test_tabel_yang_tidak_dibaca_tidak_merender_apa_pun(salinan):
    berkas = salinan / "data" / "raw" / "2020" / "slrt.csv"
    berkas.write_text(berkas.read_text("utf-8").rstrip("\n") + " (diperiksa)\n", "utf-8")
    sebelum = read_manifest(salinan / "reports" / "2020")
    hasil = render(2020)
    assert hasil.selesai == [] and hasil.tetap == ["angka", "gambar"]
    sesudah = read_manifest(hasil.folder)
    assert sesudah["masukan"] != sebelum["masukan"], "manifes menyebut masukan yang sekarang"
    assert sesudah["berkas"] == sebelum["berkas"]


@pytest.mark.parametrize(
    ("permintaan", "sebab"),
    [
        ({}, {}),
        ({"parameter": [("kali", "2")]}, {"angka": "parameter berubah"}),
        ({"bahasa": "en"}, {"angka": "parameter berubah", "gambar": "parameter berubah"}),
        ({"kode": True}, {"angka": "kode berubah", "gambar": "kode berubah"}),
        ({"notebook": ["gambar"], "kode": True}, {"gambar": "kode berubah"}),
    ],
)
def test_permintaan_lain(salinan, permintaan, sebab):
    assert basi(salinan, **permintaan) == sebab


def test_notebook_teks_dan_kunci_lingkungan(salinan):
    ganti(salinan / "notebooks" / "angka.ipynb", "3 * kali", "4 * kali")
    assert basi(salinan) == {"angka": "notebook berubah"}
    ganti(salinan / "lib" / "kinerja" / "teks" / "gambar.yml", "Dua batang.", "Dua batang saja.")
    assert basi(salinan) == {"angka": "notebook berubah", "gambar": "teks berubah"}
    ganti(salinan / "requirements.lock", "3.1", "3.2")
    assert basi(salinan) == {"angka": "notebook berubah", "gambar": "teks berubah"}
    ganti(salinan / "notebooks" / "angka.ipynb", "4 * kali", "3 * kali")
    assert basi(salinan)["angka"] == "lingkungan berubah"


def test_pustaka(salinan, tmp_path, monkeypatch):
    paket = tmp_path / "paket"
    shutil.copytree(Path(kinerja.__file__).parent, paket, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(ulang, "_PAKET", paket)
    assert basi(salinan) == {}
    for nama in ("fmt.py", "figures/kinerja.mplstyle", "render/templat/gaya.css", "teks/kolom.yml"):
        semula = (paket / nama).read_bytes()
        (paket / nama).write_bytes(semula + b"\n")
        assert basi(salinan) == {"angka": "pustaka berubah", "gambar": "pustaka berubah"}, nama
        (paket / nama).write_bytes(semula)
    ganti(paket / "teks" / "keuangan.yml", "judul", "judul ")
    assert basi(salinan) == {}, "teks notebook lain"
    mesin = tmp_path / "colformula"
    shutil.copytree(ulang._MESIN[0], mesin, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(ulang, "_MESIN", (mesin, *ulang._MESIN[1:]))
    assert basi(salinan) == {}
    (mesin / "evaluate.py").write_bytes(b"")
    assert basi(salinan) == {"angka": "pustaka berubah", "gambar": "pustaka berubah"}, "mesin di samping kinerja"


@pytest.mark.parametrize("nama", ["angka.html", "tabel/angka-utama.csv", "tabel/angka-utama.json"])
@pytest.mark.parametrize("cara", ["hapus", "ubah"])
def test_hasil_yang_rusak(salinan, nama, cara):
    berkas = salinan / "reports" / "2020" / nama
    if cara == "hapus":
        berkas.unlink()
    else:
        berkas.write_text(berkas.read_text("utf-8").replace("3", "4"), "utf-8")
    assert basi(salinan) == {"angka": f"{nama} hilang atau diubah"}


@pytest.mark.parametrize("nama", ["index.html", "gaya.css", "tabel/tabel-2020.xlsx"])
def test_berkas_bersama_yang_rusak_disusun_ulang_tanpa_kernel(salinan, nama):
    folder = salinan / "reports" / "2020"
    sebelum = isi_folder(folder)
    (folder / nama).unlink()
    hasil = subprocess.run(KINERJA, capture_output=True, text=True, check=True)
    assert "Merender" not in hasil.stdout and "2 halaman tidak berubah" in hasil.stdout
    assert isi_folder(folder) == sebelum


def test_berkas_di_luar_tabel(salinan, tmp_path):
    """Data mikro dikenali dari jati diri berkasnya, berkas proyek dari isinya."""
    mikro = tmp_path / "mikro.csv"
    mikro.write_text("a\n1\n", "utf-8")
    tugas, isi = plan(2020)[0], data.load(2020)
    kodebuku = "data/raw/acuan/susenas/kodebuku-2020.csv"

    def kunci():
        return ulang.page_key(tugas, (), [str(mikro), str(salinan / kodebuku)], ulang.snapshot(), isi, False)["berkas"]

    awal = kunci()
    assert set(awal) == {str(mikro), kodebuku} and all(awal.values())
    assert kunci() == awal
    mikro.write_text("a\n2\n", "utf-8")
    (salinan / kodebuku).touch()
    assert kunci()[str(mikro)] != awal[str(mikro)] and kunci()[kodebuku] == awal[kodebuku]
    mikro.unlink()
    assert kunci()[str(mikro)] == ""


def test_catatan_bacaan(tmp_path, monkeypatch, d2020):
    """Yang dibaca lewat tabel, id, ada tidaknya tabel, dan audit semuanya tercatat."""
    catatan = tmp_path / "catatan"
    monkeypatch.setenv(terbaca.LINGKUNGAN, str(catatan))

    def dibaca(kerja) -> set[str]:
        catatan.unlink(missing_ok=True)
        terbaca._sudah.clear()
        kerja()
        return terbaca.read_notes(catatan)[0]

    assert dibaca(lambda: d2020["sdm"]) == {"2020/sdm"}
    assert dibaca(lambda: d2020.has("pagu")) == {"2020/pagu"}
    assert dibaca(lambda: d2020.teks("aturan/nama_institusi")) == {"2020/aturan"}
    assert dibaca(lambda: d2020.facts) == {"2020/*"}
    assert dibaca(lambda: d2020.source_line(["lks"])) == {"2020/lks"}
    from kinerja.audit import Audit

    audit = Audit(d2020)
    klaim = next(x for x in audit.klaim if x.masukan and not any(m[0] == "=" for m in x.masukan))
    asal = {f"2020/{m.split('/')[0]}" for m in (klaim.tercetak, *klaim.masukan)}
    assert dibaca(lambda: audit.sentences(klaim.tercetak)) == asal
    assert dibaca(lambda: Audit(d2020)) >= {"2020/#id", "2020/klaim", "2020/jumlah"}
    assert "2020/*" in dibaca(audit.table)


def test_tabel_semua_dan_daftar_id(salinan):
    isi = data.load(2020)
    awal = ulang.snapshot()
    berkas = salinan / "data" / "raw" / "2020" / "sdm.csv"
    ganti(berkas, ",108341,", ",108342,")
    lain = ulang.snapshot()
    assert awal.table("2020/*", isi) != lain.table("2020/*", isi)
    assert awal.table("2020/lks", isi) == lain.table("2020/lks", isi) != ""
    assert awal.table("2020/provinsi", isi) == lain.table("2020/provinsi", isi) != ""
    assert awal.table("2020/tidak_ada_di_skema", isi) != lain.table("2020/tidak_ada_di_skema", isi)


def test_jabaran_sel_mencatat_tabel_masukannya_saja(tmp_path, monkeypatch, d2020):
    """Sel yang membuka rumus dan masukannya tidak boleh membuat notebook bergantung pada semua tabel."""
    from kinerja.jabaran import Penjabar

    catatan = tmp_path / "catatan"
    monkeypatch.setenv(terbaca.LINGKUNGAN, str(catatan))
    terbaca._sudah.clear()
    penjabar = Penjabar(d2020, lambda *_: [])
    penjabar._ids("sdm/*/*/rekapitulasi")
    assert terbaca.read_notes(catatan)[0] == {"2020/sdm"}


def test_daftar_tahun_yang_bertambah(salinan):
    isi, awal = data.load(2020), ulang.snapshot()
    semula = awal.table("0/#tahun", isi)
    (salinan / "data" / "raw" / "2999").mkdir()
    assert ulang.snapshot().table("0/#tahun", isi) != semula
