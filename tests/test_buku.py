"""Sesi notebook: tabel, gambar, bacaan, dan panel di layar maupun di folder laporan."""

import json
from types import SimpleNamespace

import ipywidgets as widgets
import pandas as pd
import pytest
import yaml
from matplotlib.figure import Figure

import kinerja
from kinerja import buku as modul
from kinerja import fmt, paths
from kinerja.buku import Buku, open_buku
from kinerja.errors import GalatKinerja, GalatParameter
from kinerja.explore import Hasil, Panel

TEKS = {
    "judul": {"id": "Contoh {tahun}", "en": "Example {tahun}"},
    "tabel": {
        "orang": {
            "judul": {"id": "Banyak orang {tahun}", "en": "Persons {tahun}"},
            "dari": ["sdm"],
            "kolom": {
                "nama": {"id": "Nama", "en": "Name"},
                "n": {"id": "Banyak", "en": "Count", "satuan": "orang"},
            },
        }
    },
    "gambar": {
        "orang": {
            "judul": {"id": "Gambar orang", "en": "Figure of persons"},
            "keterangan": {"id": "Keterangan <gambar>.", "en": "Caption <figure>."},
            "alt": {"id": "Alt {banyak}", "en": "Alt {banyak}"},
            "dari": ["sdm", "lks"],
        },
        "tanpa_alt": {"judul": {"id": "x", "en": "x"}},
    },
    "bacaan": {"utama": {"id": "Ada **{banyak}** orang.", "en": "There are **{banyak}** persons."}},
}


class DataTiruan:
    """Yang diminta Buku dari data satu tahun."""

    sumber = pd.DataFrame(
        {"id": ["lkj", "bps"], "judul": ["LKj", "Berita"], "penerbit": ["Kemensos", "BPS"], "tanggal": ["2021", "2020"]}
    )
    tabel = {
        "sdm": pd.DataFrame({"sumber": ["lkj", "lkj"], "bagian": ["SS 2", "SS 2"]}),
        "lks": pd.DataFrame({"sumber": ["lkj", "bps"], "bagian": ["SS 2: LKS", "Hal 1"]}),
    }

    def has(self, nama):
        return nama in self.tabel

    def __getitem__(self, nama):
        return self.tabel[nama]

    def source_line(self, tabel, awalan="Sumber"):
        return f"{awalan}: {' + '.join(tabel)}."


@pytest.fixture
def akar(tmp_path, monkeypatch):
    """Akar proyek kecil: acuan dari repositori, teks milik sendiri."""
    acuan = paths.acuan()
    (tmp_path / "data" / "raw" / "2020").mkdir(parents=True)
    (tmp_path / "data" / "raw" / "acuan").symlink_to(acuan)
    folder = tmp_path / "lib" / "kinerja" / "teks"
    folder.mkdir(parents=True)
    (folder / "contoh.yml").write_text(yaml.safe_dump(TEKS, sort_keys=False), "utf-8")
    monkeypatch.setenv("KINERJA_AKAR", str(tmp_path))
    monkeypatch.delenv("KINERJA_KELUARAN", raising=False)
    with fmt.using("id"):
        yield tmp_path


@pytest.fixture
def layar(monkeypatch):
    """Keluaran yang dikirim ke layar, berurutan."""
    terkirim = []

    def display(isi, metadata=None, raw=False):
        terkirim.append((isi, metadata) if raw else isi)

    monkeypatch.setattr(modul, "display", display)
    return terkirim


@pytest.fixture
def tanda(monkeypatch):
    """Panggilan figures.sign, tanpa menggambarnya."""
    dipanggil = []
    tiruan = SimpleNamespace(sign=lambda fig, **isi: dipanggil.append(isi))
    monkeypatch.setattr(kinerja, "figures", tiruan, raising=False)
    return dipanggil


def buat(bahasa="id", **parameter):
    return Buku("contoh", tahun=2020, bahasa=bahasa, data=DataTiruan(), parameter=parameter)


FRAME = pd.DataFrame({"nama": ["a<b"], "n": [35841]})


def test_tabel_di_layar(akar, layar):
    buat().table(FRAME, "orang")
    ((isi, _),) = layar
    assert "Banyak orang 2020" in isi["text/plain"] and "35.841" in isi["text/plain"]
    assert "Sumber: sdm." in isi["text/html"] and "a&lt;b" in isi["text/html"] and "<style>" in isi["text/html"]


def test_tabel_di_folder_laporan(akar, layar, tmp_path, monkeypatch):
    keluaran = tmp_path / "keluaran"
    monkeypatch.setenv("KINERJA_KELUARAN", str(keluaran))
    buat().table(FRAME, "orang")
    assert (keluaran / "tabel" / "contoh-orang.csv").read_text("utf-8").splitlines() == [
        "nama,n,n_satuan,n_keadaan,sumber",
        "a<b,35841,orang,dikutip,Sumber: sdm.",
    ]
    uraian = json.loads((keluaran / "tabel" / "contoh-orang.json").read_text("utf-8"))
    assert (uraian["halaman"], uraian["judul"], uraian["keadaan"]["dikutip"]) == ("contoh", "Banyak orang 2020", 1)
    ((isi, _),) = layar
    assert '<a href="tabel/contoh-orang.csv" download>Unduh CSV</a>' in isi["text/html"]
    assert "<style>" not in isi["text/html"], "halaman laporan membawa gayanya sendiri"


def test_nama_halaman_membedakan_berkas(akar, layar, tmp_path, monkeypatch):
    monkeypatch.setenv("KINERJA_KELUARAN", str(tmp_path / "k"))
    monkeypatch.setenv("KINERJA_HALAMAN", "contoh-11")
    buat().table(FRAME, "orang")
    assert (tmp_path / "k" / "tabel" / "contoh-11-orang.csv").is_file()


def test_gambar_di_layar(akar, layar, tanda):
    buat().figure(Figure(figsize=(4, 2)), "orang", banyak="3")
    (isi, metadata), (keterangan, _) = layar
    assert isi["text/plain"] == "Gambar orang"
    assert metadata == {"image/png": {"width": 440, "height": 220, "alt": "Alt 3"}}
    assert isi["image/png"][:4] == b"\x89PNG"
    assert int.from_bytes(isi["image/png"][16:20], "big") == 880, "dua kali ukuran tampil"
    assert "Keterangan &lt;gambar&gt;." in keterangan["text/html"]
    assert tanda == [{"judul": "Gambar orang", "sumber": "Sumber: sdm + lks.", "keadaan": None}]


def test_gambar_di_folder_laporan_sama_setiap_kali(akar, layar, tanda, tmp_path, monkeypatch):
    isi = []
    for nama in ("satu", "dua"):
        keluaran = tmp_path / nama
        monkeypatch.setenv("KINERJA_KELUARAN", str(keluaran))
        gambar = Figure(figsize=(4, 2), layout="constrained")
        gambar.subplots().plot([1, 2], [3, 4], clip_path=None)
        buat().figure(gambar, "orang", banyak="3")
        isi.append([(keluaran / "gambar" / f"contoh-orang.{x}").read_bytes() for x in ("png", "svg", "json")])
    assert isi[0] == isi[1]
    assert int.from_bytes(isi[0][0][16:20], "big") == 800, "200 titik per inci"
    assert b"<dc:date>" not in isi[0][1]
    halaman = layar[0][0]["text/html"]
    assert (
        '<a href="gambar/contoh-orang.svg"><img src="gambar/contoh-orang.svg" alt="Alt 3" width="440" height="220"></a>'
        in halaman
    )
    assert '<a href="gambar/contoh-orang.png" download>PNG</a>' in halaman
    assert "<figcaption>Keterangan &lt;gambar&gt;." in halaman


def test_gambar_tanpa_alt_dihentikan(akar, layar, tanda):
    with pytest.raises(GalatParameter, match="'tanpa_alt' belum punya judul atau teks alternatif"):
        buat().figure(Figure(), "tanpa_alt")


@pytest.mark.parametrize(("bahasa", "harus"), [("id", "Ada **&lt;3** orang."), ("en", "There are **&lt;3** persons.")])
def test_bacaan(akar, layar, bahasa, harus):
    fmt.use(bahasa)
    buat(bahasa).text("utama", banyak="<3")
    ((isi, _),) = layar
    assert isi == {"text/plain": harus.replace("**", ""), "text/markdown": harus}


def test_bacaan_menolak_bilangan_mentah(akar, layar):
    with pytest.raises(GalatParameter, match="banyak masih bilangan"):
        buat().text("utama", banyak=3.5)


def test_nama_yang_tidak_ada_menyebut_yang_ada(akar):
    with pytest.raises(GalatParameter, match="tidak punya tabel 'oran'; yang ada: orang"):
        buat().table(FRAME, "oran")


def test_panel_hidup_di_layar_dan_disebut_di_laporan(akar, layar, tmp_path, monkeypatch):
    panel = Panel(lambda n: Hasil(teks=str(n)), {"n": widgets.IntText(description="N")}, judul="Coba")
    buat().panel(panel)
    assert layar == [panel]
    monkeypatch.setenv("KINERJA_KELUARAN", str(tmp_path / "k"))
    buat().panel(panel)
    assert "Kendali “Coba” dapat digerakkan di notebook contoh" in layar[1][0]["text/html"]


def test_sumber_mengumpulkan_tabel_yang_dipakai(akar, layar, tanda):
    buku = buat()
    buku.table(FRAME, "orang")
    buku.figure(Figure(), "orang", banyak="3")
    frame = buku._source_table().frame
    assert frame[["judul", "bagian", "tabel"]].to_dict("records") == [
        {"judul": "LKj", "bagian": "SS 2; SS 2: LKS", "tabel": "sdm; lks"},
        {"judul": "Berita", "bagian": "Hal 1", "tabel": "lks"},
    ]


def test_parameter_diperlihatkan(akar, layar):
    buat(batas=120, kosong=None, daftar=["a", "b"]).show_parameters()
    assert layar[0][0]["text/plain"] == (
        "Pilihan yang dipakai: tahun = 2020; bahasa = id; batas = 120; kosong = –; daftar = a, b"
    )


def test_buka_memeriksa_bahasa_dan_tahun(akar):
    with pytest.raises(GalatParameter, match="'xx' tidak dikenal"):
        open_buku("contoh", tahun=2020, bahasa="xx")
    with pytest.raises(GalatParameter, match="1999"):
        open_buku("contoh", tahun=1999)


@pytest.mark.parametrize(("isi", "pesan"), [("a: [", "bukan YAML yang sah"), ("jdul: x", "kunci jdul tidak dikenal")])
def test_teks_yang_salah_menyebut_berkasnya(akar, isi, pesan):
    (akar / "lib" / "kinerja" / "teks" / "contoh.yml").write_text(isi, "utf-8")
    with pytest.raises(GalatParameter, match=f"contoh.yml.*{pesan}"):
        buat()


def test_teks_yang_tidak_ada(akar):
    with pytest.raises(GalatParameter, match="'lain' belum punya berkas teks"):
        Buku("lain", tahun=2020, bahasa="id", data=DataTiruan())


def test_akar_yang_salah_dihentikan(tmp_path, monkeypatch):
    monkeypatch.setenv("KINERJA_AKAR", str(tmp_path))
    with pytest.raises(GalatKinerja, match="tidak berisi folder data/raw"):
        paths.root()
