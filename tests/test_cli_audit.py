"""Perintah audit dan telusur, berkas CSV, dan asal-usul angka pada sel tabel."""

import csv
import io
import re

import pandas as pd
import pytest
from typer.testing import CliRunner

from kinerja import audit, cli, tables
from kinerja.audit import KOLOM, Audit
from kinerja.buku import Buku
from kinerja.cli import audit as perintah_audit
from kinerja.data.load import Data
from kinerja.errors import GalatParameter
from kinerja.kolom import Kolom
from kinerja.tables import Tabel


@pytest.fixture(scope="module")
def semua(d2020):
    return audit.verdicts(d2020)


def test_berkas_audit_memuat_setiap_angka_dengan_kolom_yang_dijanjikan(semua):
    isi = list(csv.DictReader(io.StringIO(tables.frame_to_csv(semua[list(KOLOM)]))))
    assert tuple(isi[0]) == KOLOM == tuple("id bagian uraian tercetak dihitung selisih vonis penjelasan sumber".split())
    assert len(isi) == len(semua)
    satu = next(x for x in isi if x["id"] == "lks/2020/sasaran_tahunan")
    assert (satu["tercetak"], satu["dihitung"], satu["selisih"], satu["vonis"]) == ("4770", "4777", "-7", "beda")
    minus = next(x for x in isi if x["id"] == "konteks/konsumsi_rumah_tangga_triwulan_4")
    assert minus["tercetak"] == "-3.61"


def test_csv_bingkai_menetralkan_rumus_dan_membiarkan_angka():
    teks = tables.frame_to_csv(pd.DataFrame({"a": ["=1+1", "-3.61", None], "b": [1.0, float("nan"), 0.1]}))
    assert teks == "a,b\n'=1+1,1\n-3.61,\n,0.1\n"


def test_sel_membuka_rumus_masukan_dan_baris_mentah(d2020):
    kalimat = Audit(d2020).sentences("sdm/semua/populasi/rincian")
    assert kalimat[0] == "108.341 + 43.785 + 16.944 + 353 = 169.423"
    baris = int(d2020["sdm"].set_index("id").at["sdm/tks/populasi/rincian", "baris"])
    assert (
        f"sdm/tks/populasi/rincian: 43.785 (2020/sdm.csv, baris {baris}; Capaian Kinerja: SS 2: SDM Tersertifikasi (prosa))"
        in kalimat
    )
    assert Audit(d2020).sentences("tidak/ada") == []


def _tabel(jejak=None, **kolom) -> Tabel:
    frame = pd.DataFrame({"nama": ["a", "b"], "n": [1, 2], "id": ["x/<1>", None]})
    isi = Kolom("n", "Banyak", satuan="orang", **kolom)
    return Tabel("uji", "Judul", frame, [Kolom("nama", "Nama"), isi], jejak=jejak)


def test_asal_usul_dapat_dibuka_tanpa_tetikus_dan_diloloskan():
    badan = _tabel(lambda id_: [f"{id_} & baris 2"], asal="id").to_html(gaya=False)
    assert '<details class="tk-asal"><summary>1</summary><ul><li>x/&lt;1&gt; &amp; baris 2</li></ul></details>' in badan
    assert '<td class="tk-angka">2</td>' in badan  # tanpa id: sel biasa
    assert "details" not in _tabel(asal="id").to_html(gaya=False)  # tanpa penelusur
    with pytest.raises(GalatParameter, match="'lain'"):
        _tabel(asal="lain")


def test_rumus_menjadi_catatan_kaki_bertautan():
    badan = _tabel(rumus="a < b").to_html(gaya=False)
    tanda = (
        '<a id="rumus-uji-1-kolom" href="#rumus-uji-1" title="Banyak = a &lt; b" aria-label="Banyak = a &lt; b">1</a>'
    )
    assert tanda in badan
    assert '<p id="rumus-uji-1"><a href="#rumus-uji-1-kolom" aria-label="kembali ke kolom Banyak">' in badan
    assert len(re.findall(r'id="rumus-uji-1"', badan)) == 1
    teks = _tabel(rumus="a < b").to_text()
    assert "Banyak 1)" in teks and "1) Banyak = a < b" in teks
    assert badan == _tabel(rumus="a < b").to_html(gaya=False)


def test_berkas_ditulis_ke_laporan_dan_ditautkan(tmp_path, monkeypatch, d2020, capsys):
    monkeypatch.setenv("KINERJA_KELUARAN", str(tmp_path))
    terlihat = []
    monkeypatch.setattr("kinerja.buku.display", lambda isi, **_: terlihat.append(isi))
    Buku("audit", tahun=2020, bahasa="id", data=d2020).file("audit", pd.DataFrame({"id": ["a"], "selisih": [-7.0]}))
    assert (tmp_path / "tabel" / "audit.csv").read_text(encoding="utf-8") == "id,selisih\na,-7\n"
    assert '"halaman": "audit"' in (tmp_path / "tabel" / "audit.json").read_text(encoding="utf-8")
    assert '<a href="tabel/audit.csv" download>audit.csv</a>: 1 baris.' in terlihat[0]["text/html"]
    monkeypatch.delenv("KINERJA_KELUARAN")
    Buku("audit", tahun=2020, bahasa="id", data=d2020).file("audit", pd.DataFrame({"id": ["a"]}))
    assert terlihat[1]["text/plain"] == "audit.csv: 1 baris."


def _jalankan(*argumen):
    return CliRunner().invoke(cli.app, argumen)


def test_perintah_audit(semua, tmp_path):
    hasil = _jalankan("audit", "--tahun", "2020", "--out", str(tmp_path / "sub" / "a.csv"))
    assert hasil.exit_code == 0, hasil.output
    assert "Jumlah" in hasil.output
    assert "bertentangan: 16" in hasil.output
    assert "11.200 − 6.423 = 4.777; tertulis 4.770." in hasil.output
    isi = pd.read_csv(tmp_path / "sub" / "a.csv")
    assert tuple(isi.columns) == KOLOM
    assert list(isi["id"]) == list(semua["id"])


@pytest.mark.parametrize(
    ("pilihan", "kode"),
    [
        (["beda"], 1),
        (["cocok"], 1),
        (["bertentangan", "beda"], 1),
        ([], 0),
    ],
)
def test_kode_keluar_audit(pilihan, kode):
    hasil = _jalankan("audit", "--tahun", "2020", *[x for v in pilihan for x in ("--gagal-jika", v)])
    assert hasil.exit_code == kode
    if kode:
        assert all(v in hasil.stderr for v in pilihan)


def test_vonis_yang_tidak_ada_tidak_menggagalkan(d2020, monkeypatch):
    bersih = {n: d2020[n] for n in ("aturan", "sasaran", "iku", "lks")}  # tanpa angka tercetak yang dapat diuji
    monkeypatch.setattr("kinerja.data.load", lambda tahun: Data(tahun, bersih, d2020.satuan, d2020.sumber))
    assert _jalankan("audit", "--tahun", "2020", "--gagal-jika", "beda").exit_code == 0


def test_vonis_salah_ketik_berhenti(capsys):
    with pytest.raises(SystemExit) as henti:
        cli.main(["audit", "--tahun", "2020", "--gagal-jika", "bedaa"])
    assert henti.value.code == 2
    assert "Vonis 'bedaa' tidak dikenal" in capsys.readouterr().err


def test_telusur_angka(d2020):
    baris = perintah_audit.trace_lines(d2020, "iku_tercetak/IKU3/capaian/tabel_ss2")
    assert baris[0] == "iku_tercetak/IKU3/capaian/tabel_ss2 = 84.62 (dikutip)"
    assert baris[1] == "    rumus: 21,154743 / 25 × 100, paling tinggi 120"
    nomor = int(d2020["sdm"].set_index("id").at["sdm/peksos/lulus/rekapitulasi", "baris"])
    letak = f"data/raw/2020/sdm.csv, baris {nomor}; lkj-2020, Capaian Kinerja: SS 2: SDM Tersertifikasi (rekapitulasi)"
    assert letak in [x.strip() for x in baris]


@pytest.mark.parametrize("nama", ["audit/anggaran", "audit-anggaran", "tabel/audit-anggaran.csv"])
def test_telusur_tabel(d2020, nama):
    baris = perintah_audit.trace_lines(d2020, nama)
    assert baris[0] == "jawaban audit/anggaran: Rincian anggaran di samping totalnya, 2020"
    banyak = len(d2020["renja_anggaran"])
    assert f"  renja_anggaran: data/raw/2020/renja_anggaran.csv, {banyak} baris ({banyak} dikutip)" in baris
    assert "    baris 2 sampai 6: lkj-2020, Perencanaan Kinerja: Rencana Kerja Tahun 2020 (tabel)" in baris


def test_telusur_menyebut_rumus_jabaran_dan_pola_masukannya(d2020):
    baris = perintah_audit.trace_lines(d2020, "audit/anggaran")
    assert "  jabaran jumlah: sum([renja_anggaran/*]) (bila ukuran = pagu_awal)" in baris
    assert any(x.startswith("  jabaran jumlah: Jumlah pagu") and x.endswith("/penyerapan/*)") for x in baris)
    baris = perintah_audit.trace_lines(d2020, "ss3_dtks/perlu")
    assert "  rumus K/L/D (kld_perlu) = bilangan bulat terkecil yang mencapai target" in baris
    assert "  masukan target: renstra/*/<tahun>" in baris


def test_telusur_yang_tidak_ada(d2020):
    with pytest.raises(GalatParameter, match="tidak punya jawaban 'xyz'; yang ada: pertentangan,"):
        perintah_audit.trace_lines(d2020, "audit/xyz")
    with pytest.raises(GalatParameter, match="Id yang mirip: iku_tercetak/IKU3/capaian/tabel_utama"):
        perintah_audit.trace_lines(d2020, "IKU3/capaian")


def test_perintah_telusur_lewat_shell():
    hasil = _jalankan("telusur", "nka/nka")
    assert hasil.exit_code == 0
    assert "nka/nka = 93.07 (dikutip)" in hasil.output
    assert "nka/evaluasi = …" in hasil.output


@pytest.mark.parametrize("perintah", ["render", "audit", "periksa", "telusur x", "app"])
def test_folder_data_tanpa_tahun_satu_kalimat(tmp_path, capsys, monkeypatch, perintah):
    monkeypatch.setenv("KINERJA_DATA", str(tmp_path))
    (tmp_path / "raw").mkdir()
    with pytest.raises(SystemExit) as keluar:
        cli.main(["--data", str(tmp_path), *perintah.split()])
    assert keluar.value.code == 2
    assert "raw belum memuat folder tahun; diharapkan misalnya" in capsys.readouterr().err
