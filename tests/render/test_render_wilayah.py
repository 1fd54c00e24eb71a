"""Profil banyak wilayah: halaman daftarnya, kesamaan dengan render biasa, dan jaminan bila ada yang gagal."""

import csv
import json
import re

import pytest

from kinerja import cli, daerah, fmt
from kinerja.errors import GalatParameter
from kinerja.render import laporan, pasang, wilayah
from kinerja.render.rencana import plan

KODE = ["11", "32", "3201"]
TABEL = ("kedudukan", "riwayat", "komponen", "kaitan", "kabkota", "ikesos", "perubahan", "angka")
GAMBAR = ("kedudukan", "riwayat", "kaitan", "kabkota")


@pytest.fixture(scope="module")
def hasil(tmp_path_factory):
    """Dua provinsi dan satu kabupaten."""
    folder = tmp_path_factory.mktemp("wilayah") / "profil"
    wilayah.render(2020, ",".join(KODE), out=folder, jobs=2)
    return folder


@pytest.fixture(scope="module")
def biasa(tmp_path_factory):
    """Halaman yang sama lewat papermill dan kernelnya sendiri."""
    folder = tmp_path_factory.mktemp("biasa") / "laporan"
    laporan.render(2020, notebook=["profil_wilayah"], parameter=[("wilayah", "11")], out=folder, jobs=1)
    return folder


def artikel(berkas, nama):
    isi = re.search(r"<article>(.*?)</article>", berkas.read_text("utf-8"), re.S)[1]
    isi = re.sub(r'<p class="kicker">.*?</p>', "", isi, count=1).replace(nama, "HALAMAN")
    isi = re.sub(r'<a href="[^"]*\.png" download>PNG</a> | <a href="[^"]*\.xlsx" download>XLSX</a>', "", isi)
    return re.sub(r"<!-- isi:\w+ -->", "", isi).strip()


def test_setiap_wilayah_punya_halaman_tabel_dan_gambar(hasil):
    assert sorted(x.stem for x in hasil.glob("profil_wilayah-*.html")) == sorted(f"profil_wilayah-{x}" for x in KODE)
    for kode in KODE:
        for nama in TABEL:
            assert (hasil / "tabel" / f"profil_wilayah-{kode}-{nama}.csv").is_file(), (kode, nama)
        for nama in (*GAMBAR, *(f"{x}-telepon" for x in GAMBAR)):
            assert (hasil / "gambar" / f"profil_wilayah-{kode}-{nama}.svg").stat().st_size > 5_000
    assert not list(hasil.rglob("*.png")), "gambar setiap wilayah cukup SVG"
    assert [x.name for x in hasil.rglob("*.json")] == ["manifest.json"]
    assert not (hasil / ".kerja").exists() and not list(hasil.parent.glob(".profil-*"))


def test_sama_byte_demi_byte_dengan_kernel_biasa(hasil, biasa):
    for nama in TABEL:
        satu = (hasil / "tabel" / f"profil_wilayah-11-{nama}.csv").read_bytes()
        assert satu == (biasa / "tabel" / f"profil_wilayah-{nama}.csv").read_bytes(), nama
    for nama in GAMBAR:
        satu = (hasil / "gambar" / f"profil_wilayah-11-{nama}.svg").read_bytes()
        assert satu == (biasa / "gambar" / f"profil_wilayah-{nama}.svg").read_bytes(), nama
    ini = artikel(hasil / "profil_wilayah-11.html", "profil_wilayah-11")
    assert ini == artikel(biasa / "profil_wilayah.html", "profil_wilayah")


def test_daftar_berisi_angka_terbitan_dan_menautkan_halamannya(hasil):
    isi = (hasil / "index.html").read_text("utf-8")
    tautan = re.findall(r'<th scope="row"[^>]*><a href="(profil_wilayah-\d+)\.html">([^<]+)</a></th>', isi)
    assert tautan == [
        ("profil_wilayah-32", "Jawa Barat"),
        ("profil_wilayah-11", "Aceh"),
        ("profil_wilayah-3201", "Kabupaten Bogor, Jawa Barat"),
    ]
    with (hasil / "tabel" / "wilayah.csv").open(encoding="utf-8") as buka:
        daftar = {x["label"]: x for x in csv.DictReader(buka)}
    # BPS: IPM 2020 Jawa Barat 72,09 dan Aceh 71,99; penduduk miskin September 2020 8,43 persen
    assert (daftar["Jawa Barat"]["ipm"], daftar["Aceh"]["ipm"]) == ("72.09", "71.99")
    assert daftar["Jawa Barat"]["kemiskinan"] == "8.43" and daftar["Jawa Barat"]["peringkat"] == "10"
    assert daftar["Kabupaten Bogor, Jawa Barat"]["tahun"] == "2021"
    assert 'data-nilai="' in isi and "laporan.js" in isi, "dapat diurutkan"
    assert "sintetis" not in isi


def test_tidak_satu_pun_angka_buatan(hasil):
    for berkas in (*hasil.rglob("*.csv"), *hasil.glob("*.html")):
        assert "sintetis" not in berkas.read_text("utf-8").lower(), berkas.name


def test_halaman_berjudul_nama_wilayah_dan_bertetangga(hasil):
    isi = (hasil / "profil_wilayah-32.html").read_text("utf-8")
    assert '<p class="kicker">Profil Jawa Barat</p>' in isi and isi.count("<h1") == 1
    assert "IPM Jawa Barat naik menjadi 72,1, peringkat 10 dari 34 provinsi" in isi
    assert 'rel="prev" href="profil_wilayah-11.html"' in isi and 'rel="next" href="profil_wilayah-3201.html"' in isi
    assert "http://" not in isi.replace("http://www.w3.org", "") and "https://" not in isi


def test_manifes_menyebut_setiap_halaman(hasil):
    m = pasang.read_manifest(hasil)
    assert list(m["halaman"]) == [f"profil_wilayah-{x}" for x in KODE]
    assert m["mikro"] == [] and "notebooks/profil_wilayah.ipynb" in m["masukan"]
    assert set(m["berkas"]) == {
        x.relative_to(hasil).as_posix() for x in hasil.rglob("*") if x.is_file() and x.name != "manifest.json"
    }


def test_wilayah_yang_gagal_tidak_menyentuh_hasil_lama(hasil, monkeypatch):
    lama = {x: x.stat().st_mtime_ns for x in hasil.rglob("*")}
    asli = daerah.history

    def rusak(frame, kode, *peran):
        if kode == "12":
            raise ValueError("rusak dengan sengaja")
        return asli(frame, kode, *peran)

    monkeypatch.setattr(daerah, "history", rusak)  # terwaris oleh proses cabang
    akhir = wilayah.render(2020, "12,13", out=hasil, bahasa="en")
    assert {x: x.stat().st_mtime_ns for x in hasil.rglob("*")} == lama
    ((nama, sebab),) = akhir.gagal
    assert nama == "profil_wilayah-12" and "(riwayat): ValueError: rusak dengan sengaja" in sebab
    assert akhir.folder == hasil.with_name("profil-gagal")
    nb = json.loads((akhir.folder / "gagal" / "profil_wilayah-12.ipynb").read_text("utf-8"))
    galat = [x for sel in nb["cells"] for x in sel.get("outputs", []) if x["output_type"] == "error"]
    assert [x["ename"] for x in galat] == ["ValueError"] and galat[0]["traceback"]
    isi = (akhir.folder / "index.html").read_text("utf-8")
    assert "gagal/profil_wilayah-12.ipynb" in isi and "Sumatera Barat" in isi
    assert "Regional profiles 2020" in isi and fmt.language() == "id"


def test_laporan_tahunan_hanya_merender_satu_profil():
    tugas = [x for x in plan(2020) if x.notebook == "profil_wilayah"]
    assert [x.halaman for x in tugas] == ["profil_wilayah"] and "wilayah" not in tugas[0].parameter


@pytest.mark.parametrize(
    ("argumen", "pesan"),
    [
        (["--wilayah", "semua"], "--wilayah hanya berlaku bagi satu notebook"),
        (["--notebook", "ringkasan", "--wilayah", "semua"], "--wilayah hanya berlaku bagi satu notebook"),
        (["--notebook", "profil_wilayah", "--wilayah", "semua", "-p", "tolok", "1"], "hanya parameter mikro, kodebuku, tahun_survei, lipat_papua"),
        (["--notebook", "profil_wilayah", "--wilayah", "11,99"], "'99' bukan kode provinsi atau kabupaten/kota"),
        (["--notebook", "profil_wilayah", "--wilayah", "semua", "--mikro", "tidak-ada.csv"], "tidak-ada.csv"),
        (["--notebook", "profil_wilayah", "--wilayah", ","], "kosong"),
        (["--notebook", "profil_wilayah", "--wilayah", "semua", "--jobs", "0"], "paling sedikit 1, bukan 0"),
    ],
)  # fmt: skip
def test_permintaan_salah_satu_kalimat_tanpa_jejak(argumen, pesan, tmp_path, capsys):
    with pytest.raises(SystemExit) as henti:
        cli.main(["render", *argumen, "--out", str(tmp_path / "x")])
    galat = capsys.readouterr().err
    assert henti.value.code == 2 and pesan in galat and "Traceback" not in galat and galat.count("\n") == 1
    assert not (tmp_path / "x").exists()


def test_satu_kode_menjadi_parameter_notebook_biasa(monkeypatch, tmp_path):
    tercatat = {}

    def render(tahun, **isi):
        tercatat.update(isi, tahun=tahun)
        return laporan.HasilRender(tmp_path)

    monkeypatch.setattr(laporan, "render", render)
    argumen = ["--notebook", "profil_wilayah", "--wilayah", "33", "--mikro", "a.csv", "--out", str(tmp_path / "x")]
    with pytest.raises(SystemExit) as henti:
        cli.main(["render", *argumen])
    assert henti.value.code == 0
    assert tercatat["notebook"] == ("profil_wilayah",) and dict(tercatat["parameter"])["wilayah"] == "33"
    assert dict(tercatat["parameter"])["mikro"].endswith("/a.csv")


def test_folder_bawaan_di_samping_laporan_tahunan():
    assert wilayah.target(2020, "semua").name == "2020-provinsi"
    assert wilayah.target(2020, "kabkota").name == "2020-kabkota"
    assert wilayah.target(2020, "11,12").name == "2020-wilayah"
    assert wilayah.is_single("33") and not wilayah.is_single("semua") and not wilayah.is_single("33,34")
    with pytest.raises(GalatParameter, match="bukan wilayah"):
        wilayah.pick_survey([("wilayah", "33")])


def test_halaman_kedua_di_proses_yang_sama_sama_dengan_yang_pertama(hasil, tmp_path):
    """Kernel berikutnya di satu pekerja tidak mewarisi nama, gaya, atau keadaan halaman sebelumnya."""
    wilayah.render(2020, ",".join(["12", *KODE]), out=tmp_path / "banyak", jobs=1)  # keempatnya di satu proses
    for kode in KODE:
        for jenis, akhiran in (("gambar", "svg"), ("tabel", "csv")):
            for satu in (hasil / jenis).glob(f"profil_wilayah-{kode}-*.{akhiran}"):
                assert (tmp_path / "banyak" / jenis / satu.name).read_bytes() == satu.read_bytes(), satu.name
        ini, itu = (artikel(x / f"profil_wilayah-{kode}.html", "-") for x in (hasil, tmp_path / "banyak"))
        assert ini == itu
