"""Sesi notebook: jawaban, ringkasan, dan panel di layar maupun di folder laporan."""

import json

import ipywidgets as widgets
import pandas as pd
import pytest
import yaml
from matplotlib.figure import Figure

from kinerja import buku as modul
from kinerja import fmt, paths
from kinerja.buku import Buku, open_buku
from kinerja.errors import GalatKinerja, GalatParameter
from kinerja.explore import Hasil, Panel

TEKS = {
    "judul": {"id": "Contoh {tahun}", "en": "Example {tahun}"},
    "ringkas": {
        "kepala": [
            {"bila": "{orang:a.n} < 10", "id": "Hanya {orang:a.n}", "en": "Only {orang:a.n}"},
            {"id": "Ada **{orang:a.n}**", "en": "There are **{orang:a.n}**"},
        ],
        "butir": [{"bila": "{orang:a.n} < 10", "id": "Sedikit.", "en": "Few."}, {"id": "Pokok.", "en": "Point."}],
        "satuan": {"n": "orang"},
    },
    "jawab": {
        "orang": {
            "jawab": {"id": "Ada **{a.n}** bernama {a.nama}.", "en": "There are **{a.n}** named {a.nama}."},
            "gambar": {"id": "{a.nama} terbanyak", "en": "{a.nama} has most"},
            "sub": {"id": "Keterangan <gambar>.", "en": "Caption <figure>."},
            "tabel": {"id": "Banyak orang {tahun}", "en": "People {tahun}"},
            "dari": ["sdm", "lks"],
            "kolom": {
                "nama": {"id": "Nama", "en": "Name"},
                "n": {"id": "Banyak", "en": "Count", "satuan": "orang"},
            },
            "catatan": [{"bila": "{a.n} < 10", "id": "Sedikit.", "en": "Few."}, {"id": "Banyak.", "en": "Many."}],
        },
        "asing": {"tabel": {"id": "x", "en": "x"}, "kolom": {}, "jwab": {}},
    },
    "tak_terjawab": [{"id": "Belum **terbit** {tahun}.", "en": "Not **published** {tahun}."}],
    "cara": [{"id": "Dihitung.", "en": "Computed."}],
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

    def source_line(self, tabel, awalan="Sumber", hanya=None):
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


def buat(bahasa="id", **parameter):
    return Buku("contoh", tahun=2020, bahasa=bahasa, data=DataTiruan(), parameter=parameter)


FRAME = pd.DataFrame({"nama": ["a<b", "c"], "n": [35841, 4]}, index=["a", "c"])


def batang(frame=FRAME):
    gambar = Figure(figsize=(4, 2), layout="constrained")
    ax = gambar.subplots()
    ax.bar(frame["nama"], frame["n"])
    ax.set(xlabel="nama", ylabel="n")
    return ax


def test_jawaban_di_layar_tiga_keluaran_dan_bingkainya_kembali(akar, layar):
    buku = buat()
    assert buku.answer("orang", FRAME, batang()) is FRAME
    (kalimat, _), (gambar, ukuran), (sub, _), (tabel, _) = layar
    assert kalimat["text/plain"] == "Ada 35.841 orang bernama a<b."
    assert kalimat["text/html"] == '<p class="kalimat">Ada <strong>35.841 orang</strong> bernama a&lt;b.</p>'
    assert gambar["text/plain"] == "Gambar 1. a<b terbanyak" and gambar["image/png"][:4] == b"\x89PNG"
    assert ukuran["image/png"]["alt"] == "a<b terbanyak. a<b 35.841 orang; c 4 orang."
    assert "Keterangan &lt;gambar&gt;." in sub["text/html"]
    assert "Banyak orang 2020" in tabel["text/plain"] and "35.841" in tabel["text/plain"]
    assert "Sumber: sdm + lks." in tabel["text/html"] and "a&lt;b" in tabel["text/html"]
    assert "Sedikit." not in tabel["text/plain"] and "Banyak." in tabel["text/plain"]


def test_jawaban_di_folder_laporan_sama_setiap_kali(akar, layar, tmp_path, monkeypatch):
    isi = []
    for nama in ("satu", "dua"):
        keluaran = tmp_path / nama
        monkeypatch.setenv("KINERJA_KELUARAN", str(keluaran))
        buat().answer("orang", FRAME, batang())
        berkas = sorted(x for x in keluaran.rglob("*") if x.is_file())
        isi.append({x.relative_to(keluaran).as_posix(): x.read_bytes() for x in berkas})
    assert isi[0] == isi[1]
    assert sorted(isi[0]) == [
        *(f"gambar/contoh-orang{x}" for x in ("-telepon.svg", ".json", ".png", ".svg")),
        "tabel/contoh-orang.csv",
        "tabel/contoh-orang.json",
    ]
    assert isi[0]["tabel/contoh-orang.csv"].decode().splitlines()[:2] == [
        "nama,n,n_satuan,n_keadaan,sumber",
        "a<b,35841,orang,dikutip,Sumber: sdm + lks.",
    ]
    assert b"<dc:date>" not in isi[0]["gambar/contoh-orang.svg"] and b"<text" in isi[0]["gambar/contoh-orang.svg"]
    halaman = layar[0][0]["text/html"]
    assert halaman.startswith('<section class="jawaban" id="jawaban-orang">')
    assert 'srcset="gambar/contoh-orang-telepon.svg"' in halaman and 'src="gambar/contoh-orang.svg"' in halaman
    assert '<span class="sub">Keterangan &lt;gambar&gt;.</span>' in halaman
    assert '<a href="tabel/contoh-orang.csv" download>Unduh CSV</a>' in halaman
    assert "<style>" not in halaman, "halaman laporan membawa gayanya sendiri"


def test_nama_halaman_membedakan_berkas(akar, layar, tmp_path, monkeypatch):
    monkeypatch.setenv("KINERJA_KELUARAN", str(tmp_path / "k"))
    monkeypatch.setenv("KINERJA_HALAMAN", "contoh-11")
    buat().answer("orang", FRAME)
    assert (tmp_path / "k" / "tabel" / "contoh-11-orang.csv").is_file()


def test_jawaban_tanpa_entri_teks_bagi_pekerjaan_sendiri(akar, layar):
    frame = pd.DataFrame({"tahun": [2020], "bagian": [12.5]})
    buku = buat()
    with pytest.raises(GalatParameter, match="tidak punya jawab 'coba'; yang ada: orang, asing.*beri judul="):
        buku.answer("coba", frame)
    with pytest.raises(GalatParameter, match="Kolom 'bagian' berisi pecahan; beri satuannya"):
        buku.answer("coba", frame, judul="Coba")
    buku.answer("coba", frame, judul="Coba", satuan={"bagian": "persen"})
    assert "12,50" in layar[0][0]["text/plain"] and "2020" in layar[0][0]["text/plain"]


def test_latex_dan_excel_dengan_kepala_dan_satuan(akar, layar, tmp_path):
    buku = buat()
    buku.answer("orang", pd.DataFrame({"nama": ["=1+1"], "n": [35841]}, index=["a"]))
    assert "Nama & Banyak (orang)" in buku.to_latex("orang") and "35.841" in buku.to_latex("orang")
    buku.to_excel("orang", tmp_path / "o.xlsx")
    isi = pd.read_excel(tmp_path / "o.xlsx")
    assert isi.to_dict("list") == {"Nama": ["'=1+1"], "Banyak (orang)": [35841]}
    with pytest.raises(GalatParameter, match="Belum ada jawaban 'lain'; yang ada: orang"):
        buku.to_latex("lain")


def test_ringkasan_memilih_kalimat_menurut_angkanya(akar, layar, tmp_path, monkeypatch):
    buku = buat()
    buku.summary(orang=FRAME)
    assert layar[0][0]["text/plain"] == "Ada 35.841 orang\n- Pokok."
    assert "<h1>Ada <strong>35.841 orang</strong></h1>" in layar[0][0]["text/html"]
    buku.summary(orang=FRAME.assign(n=3))
    assert layar[1][0]["text/plain"] == "Hanya 3 orang\n- Sedikit.\n- Pokok."
    monkeypatch.setenv("KINERJA_KELUARAN", str(tmp_path / "k"))
    buat().summary(orang=FRAME)
    meta = json.loads((tmp_path / "k" / "ringkas" / "contoh-ringkas.json").read_text("utf-8"))
    assert meta["kepala"] == "Ada 35.841 orang" and meta["butir"] == ["Pokok."]


def test_bingkai_kosong_dikatakan_bukan_galat(akar, layar):
    buat().answer("orang", FRAME.iloc[:0], batang())
    assert layar[0][0]["text/plain"] == "Banyak orang 2020. Angkanya tidak tersedia di sumber untuk tahun ini."


def test_di_laporan_jawaban_kosong_tidak_dicetak_dan_tidak_bernomor(akar, layar, tmp_path, monkeypatch):
    monkeypatch.setenv("KINERJA_KELUARAN", str(tmp_path / "k"))
    buku = buat()
    buku.answer("orang", FRAME.iloc[:0], batang())
    buku.reasons()
    assert layar == [] and not list((tmp_path / "k").rglob("*orang*"))
    buku.answer("sendiri", FRAME, judul="Orang", satuan={"banyak": "orang"})
    assert buku.jawab["sendiri"].nomor == 1


def test_kunci_jawaban_yang_salah_eja(akar, layar):
    with pytest.raises(GalatParameter, match="Jawaban 'asing': kunci jwab tidak dikenal"):
        buat().answer("asing", FRAME)


def test_yang_tidak_dapat_dikatakan_dan_alasan(akar, layar):
    buat().unknowns()
    buat().reasons()
    assert [x[0]["text/plain"] for x in layar] == ["- Belum terbit 2020.", "Sumber tidak memberi penjelasan."]
    assert "<strong>terbit</strong>" in layar[0][0]["text/html"]


def test_panel_hidup_di_layar_dan_tidak_ada_di_laporan(akar, layar, tmp_path, monkeypatch):
    panel = Panel(lambda n: Hasil(teks=str(n)), {"n": widgets.IntText(description="N")}, judul="Coba")
    buat().panel(panel)
    assert layar == [panel]
    monkeypatch.setenv("KINERJA_KELUARAN", str(tmp_path / "k"))
    buat().panel(panel)
    assert layar == [panel]


def test_panel_berkembaran_menulis_kendali_luring_hanya_di_laporan(akar, layar, tmp_path, monkeypatch):
    isi = {"kl": 1, "total": 10}
    angka = {"n": widgets.IntText(description="N")}
    panel = Panel(lambda n: Hasil(teks=str(n)), angka, judul="Coba", luring=("dtks", isi))
    buat().panel(panel)
    buat().control("dtks", isi)
    assert layar == [panel]
    monkeypatch.setenv("KINERJA_KELUARAN", str(tmp_path / "k"))
    buat("en").panel(panel)
    ((keluaran, _),) = layar[1:]
    assert keluaran["text/plain"] == "" and 'data-kendali="dtks"' in keluaran["text/html"]
    assert "Try another counting rule" in keluaran["text/html"] and '"isi":{"kl":1,"total":10}' in keluaran["text/html"]


def test_sumber_mengumpulkan_tabel_yang_dipakai(akar, layar):
    buku = buat()
    buku.answer("orang", FRAME)
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


def test_teks_yang_tidak_ada_menghentikan_notebook_laporan_saja(akar):
    sendiri = Buku("lain", tahun=2020, bahasa="id", data=DataTiruan())
    assert sendiri.teks == {}, "notebook sendiri tidak memerlukan berkas teks"
    (akar / "notebooks").mkdir()
    (akar / "notebooks" / "lain.ipynb").touch()
    with pytest.raises(GalatParameter, match="'lain' belum punya berkas teks"):
        Buku("lain", tahun=2020, bahasa="id", data=DataTiruan())


def test_akar_yang_salah_dihentikan(tmp_path, monkeypatch):
    monkeypatch.setenv("KINERJA_AKAR", str(tmp_path))
    with pytest.raises(GalatKinerja, match="tidak berisi folder data/raw"):
        paths.root()
