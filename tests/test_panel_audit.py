"""Notebook audit: bingkai tabel, gambar, kendali, berkas CSV, perintah, dan asal-usul angka pada sel tabel."""

import csv
import io
import re

import pandas as pd
import pytest
from typer.testing import CliRunner

from kinerja import cli, fmt, tables
from kinerja.audit import KOLOM, VONIS, Audit
from kinerja.buku import Buku
from kinerja.cli import audit as perintah_audit
from kinerja.data.load import Data
from kinerja.errors import GalatParameter
from kinerja.panels import audit
from kinerja.tables import Kolom, Tabel


@pytest.fixture(scope="module")
def semua(d2020):
    return audit.verdicts(d2020)


@pytest.fixture(scope="module")
def buku(d2020):
    return Buku("audit", tahun=2020, bahasa="id", data=d2020)


# Bingkai --------------------------------------------------------------------------------------------------------------


def test_bab_besar_diperinci_dan_jumlahnya_utuh(semua):
    hitung = audit.section_counts(semua)
    assert {"Capaian Kinerja: SS 1", "Capaian Kinerja: SS 2", "Perencanaan Kinerja"} <= set(hitung["bab"])
    assert "Capaian Kinerja" not in set(hitung["bab"])
    jumlah, rinci = hitung[hitung["menonjol"]].iloc[0], hitung[~hitung["menonjol"]]
    for kolom in (*VONIS, "diuji", "jumlah"):
        assert jumlah[kolom] == rinci[kolom].sum(), kolom
    assert jumlah["jumlah"] == len(semua)
    # sumber kedua menyusul laporan
    assert list(hitung["bab"]).index("Perluasan SLRT") > list(hitung["bab"]).index("Penghargaan")


def test_bab_dari_bagian():
    bagian = ["A: x (prosa)", "A: x (tabel)", "A: y", "B (prosa)", "C: z"]
    tabel = pd.DataFrame({"bagian": bagian, "vonis": ["cocok"] * 4 + ["tak_dapat_dihitung"]})
    # A memuat 3 dari 4 angka yang diuji, B 1 dari 4
    assert list(audit.sections(tabel)) == ["A: x", "A: x", "A: y", "B", "C"]


def test_saringan(semua):
    assert len(audit.select(semua)) == (semua["vonis"] != "tak_dapat_dihitung").sum()
    salah = audit.select(semua, "bertentangan", "Capaian Kinerja: SS 2")
    assert set(salah["vonis"]) == {"bertentangan"}
    assert "sdm/semua/populasi/prosa" in set(salah["id"])
    assert list(audit.select(semua, cari="  DUA DIGIT tertukar ")["id"]) == ["sdm/semua/populasi/prosa"]
    assert audit.select(semua, cari="a.b*c").empty
    with pytest.raises(GalatParameter, match="Vonis 'salah' tidak dikenal"):
        audit.select(semua, "salah")
    with pytest.raises(GalatParameter, match="Bagian 'Bab 9' tidak ada"):
        audit.select(semua, bab="Bab 9")


@pytest.mark.parametrize("toleransi", [-1, 1.5, True])
def test_toleransi_salah(d2020, toleransi):
    with pytest.raises(GalatParameter, match="Toleransi"):
        audit.verdicts(d2020, toleransi)


def test_urutan_pertentangan(semua):
    isi = audit.with_verdict(semua, "bertentangan", "beda")
    assert list(isi["vonis"]) == ["bertentangan"] * 16 + ["beda"] * 6


def test_berkas_audit_memuat_setiap_angka_dengan_kolom_yang_dijanjikan(semua):
    isi = list(csv.DictReader(io.StringIO(tables.frame_to_csv(audit.file(semua)))))
    assert tuple(isi[0]) == KOLOM == tuple("id bagian uraian tercetak dihitung selisih vonis penjelasan sumber".split())
    assert len(isi) == len(semua)
    satu = next(x for x in isi if x["id"] == "lks/2020/sasaran_tahunan")
    assert (satu["tercetak"], satu["dihitung"], satu["selisih"], satu["vonis"]) == ("4770", "4777", "-7", "beda")
    minus = next(x for x in isi if x["id"] == "konteks/konsumsi_rumah_tangga_triwulan_4")
    assert minus["tercetak"] == "-3.61"


def test_csv_bingkai_menetralkan_rumus_dan_membiarkan_angka():
    teks = tables.frame_to_csv(pd.DataFrame({"a": ["=1+1", "-3.61", None], "b": [1.0, float("nan"), 0.1]}))
    assert teks == "a,b\n'=1+1,1\n-3.61,\n,0.1\n"


# Rekonsiliasi ---------------------------------------------------------------------------------------------------------


def test_anggaran_sama_sampai_rupiah_terakhir(d2020):
    isi = audit.budget(d2020)
    assert list(isi["hasil"]).count("sama") == 8
    assert (isi.loc[isi["hasil"] == "sama", "selisih"] == 0).all()
    unit = isi[(isi["rincian"] == "unit kerja eselon I") & (isi["ukuran"] == "realisasi")].iloc[0]
    # 392,15 + 31,82 + 5.680 + 868,85 + 46.160 + 76.820 + 354,80 miliar
    assert unit["jumlah"] == 130_307_620_000_000
    assert unit["hasil"] == "dalam_kisaran"
    assert unit["bawah"] <= unit["total"] <= unit["atas"]


def test_keluaran_pn_di_samping_bab_lain(d2020, semua):
    isi = audit.outputs(d2020, semua).set_index(["id_pn", "id_lain"])
    kube = isi.loc[("pn_nilai/OUT18/realisasi", "program_ss1/kube/kpm_meningkat/kotak")]
    assert (kube["nilai_pn"], kube["nilai_lain"], kube["selisih"]) == (29_599, 26_629, 2_970)
    assert kube["vonis"] == "bertentangan"
    lks = isi.loc[("pn_nilai/OUT22/realisasi", "lks/2020/terakreditasi")]
    assert (lks["selisih"], lks["vonis"]) == (607, "bertentangan")
    assert len(isi) >= 14


def test_bacaan_bansos_mengikuti_tanda_sisa(d2020, monkeypatch):
    sisa = audit.social_assistance(d2020)["sisa"].iloc[-1]
    assert audit.social_assistance_reading(d2020) == ("bansos_melebihi" if sisa < 0 else "bansos_bersisa")
    monkeypatch.setattr(audit, "social_assistance", lambda d: pd.DataFrame({"sisa": [5]}))
    assert audit.social_assistance_reading(d2020) == "bansos_bersisa"


def test_tahun_tanpa_tabel_pilihan(d2020):
    """Institusi tanpa PEN, PN, dan rincian anggaran tetap mendapat notebook audit: bingkainya kosong, tidak gagal."""
    ada = {n: d2020[n] for n in ("aturan", "sasaran", "iku", "iku_tercetak", "lks")}
    d = Data(2031, ada, d2020.satuan, d2020.sumber)
    semua = audit.verdicts(d)
    assert set(semua["vonis"]) == {"tak_dapat_dihitung"}
    for frame in (
        audit.budget(d),
        audit.cutoffs(d),
        audit.social_assistance(d),
        audit.november(d),
        audit.outputs(d, semua),
    ):
        assert frame.empty
    assert audit.reading_reconciliation(d)["sisa"] == fmt.missing()
    assert audit.reading(semua)["bagian_cocok"] == fmt.missing()
    buku = Buku("audit", tahun=2031, bahasa="id", data=d)
    for nama, frame in (("anggaran", audit.budget(d)), ("tanggal", audit.cutoffs(d)), ("november", audit.november(d)),
                        ("bansos", audit.social_assistance(d)), ("keluaran", audit.outputs(d, semua))):  # fmt: skip
        assert "Tidak ada baris." in buku.build_table(frame, nama).to_html()
    assert len(audit.mismatch_figure(audit.section_counts(semua)).axes) == 1


# Gambar dan kendali ---------------------------------------------------------------------------------------------------


def test_gambar_memuat_angka_tabel(semua):
    hitung = audit.section_counts(semua)
    fig = audit.mismatch_figure(hitung)
    ax = fig.axes[0]
    diuji = hitung[~hitung["menonjol"] & (hitung["diuji"] > 0)]
    lebar = sorted(p.get_width() for p in ax.patches)
    ada = sorted(float(n) for v in audit.BERBEDA for n in diuji[v])
    assert lebar == ada
    nama = [x.get_text().replace("\n", " ") for x in ax.get_yticklabels()]
    assert nama[0] == "Capaian Kinerja: SS 2 (124 diuji)"
    assert len(nama) == len(diuji)
    assert [x.get_text() for x in ax.get_legend().get_texts()] == ["beda pembulatan", "beda", "bertentangan"]


def test_kendali_menyaring(buku, semua):
    panel = audit.register_panel(buku, semua)
    assert panel.galat is None
    assert panel.hasil.teks.startswith("454 angka; 40 yang pertama")
    panel.controls["vonis"].value = "bertentangan"
    assert len(panel.hasil.tabel.frame) == 16
    panel.controls["bab"].value = "Capaian Kinerja: SS 3"
    assert list(panel.hasil.tabel.frame["id"]) == ["iku_tercetak/IKU6/target_akhir/prosa_iku6"]
    panel.controls["cari"].value = "tidak ada kata ini"
    assert panel.hasil.teks == "0 angka."
    assert "Tidak ada baris." in panel.hasil.tabel.to_html()
    assert panel.galat is None
    assert all(k.description for k in panel.controls.values())


def test_parameter_menjadi_nilai_awal_kendali(buku, semua):
    panel = audit.register_panel(buku, semua, "beda", "Penghargaan")
    assert panel.values() == {"vonis": "beda", "bab": "Penghargaan", "cari": ""}


def test_bahasa_inggris(d2020):
    with fmt.using("en"):
        semua = audit.verdicts(d2020)
        buku = Buku("audit", tahun=2020, bahasa="en", data=d2020)
        teks = buku.build_table(audit.with_verdict(semua, "beda"), "pertentangan").to_text()
        panel = audit.register_panel(buku, semua)
        assert panel.hasil.teks.startswith("454 numbers; the first 40")
    assert "tercetak 4.770" not in teks
    assert "11,200 − 6,423 = 4,777; printed 4,770. Only one digit differs: 0 should be 7." in teks


# Asal-usul pada tabel -------------------------------------------------------------------------------------------------


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
    assert '<a href="tabel/audit.csv" download>audit.csv</a>: 1 baris; kolom id, selisih.' in terlihat[0]["text/html"]
    monkeypatch.delenv("KINERJA_KELUARAN")
    Buku("audit", tahun=2020, bahasa="id", data=d2020).file("audit", pd.DataFrame({"id": ["a"]}))
    assert terlihat[1]["text/plain"] == "audit.csv: 1 baris; kolom id."


# Perintah -------------------------------------------------------------------------------------------------------------


def _jalankan(*argumen):
    return CliRunner().invoke(cli.app, argumen)


def test_perintah_audit(semua, tmp_path):
    hasil = _jalankan("audit", "--tahun", "2020", "--out", str(tmp_path / "sub" / "a.csv"))
    assert hasil.exit_code == 0, hasil.output
    assert "Jumlah" in hasil.output
    assert "bertentangan: 16" in hasil.output
    assert "11.200 − 6.423 = 4.777; tercetak 4.770." in hasil.output
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
    bersih = {n: d2020[n] for n in d2020.tables if n not in ("klaim", "jumlah")}
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
    assert baris[0] == "tabel audit/anggaran: Rincian anggaran di samping totalnya, 2020"
    assert "  rumus Selisih (selisih) = jumlah bagian − total tercetak" in baris
    banyak = len(d2020["renja_anggaran"])
    assert f"  renja_anggaran: data/raw/2020/renja_anggaran.csv, {banyak} baris ({banyak} dikutip)" in baris
    assert "    baris 2 sampai 6: lkj-2020, Perencanaan Kinerja: Rencana Kerja Tahun 2020 (tabel)" in baris


def test_telusur_menyebut_jabaran_dan_pola_masukannya(d2020):
    baris = perintah_audit.trace_lines(d2020, "keuangan/pagu")
    assert "  jabaran pagu_dihitung: pagu (bila jenis = awal)" in baris
    assert "  jabaran pagu_dihitung: previous(pagu) + perubahan" in baris
    assert "  masukan perubahan: pagu/<langkah>/perubahan" in baris
    baris = perintah_audit.trace_lines(d2020, "ss4_reformasi_birokrasi/deret")
    assert any(x.startswith("  jabaran proyeksi: ") and x.endswith("(dari rb/*/nilai_rb, rb/*/pmprb)") for x in baris)


def test_telusur_gambar_dan_yang_tidak_ada(d2020):
    baris = perintah_audit.trace_lines(d2020, "audit/tidak_cocok")
    assert baris[0] == "gambar audit/tidak_cocok"
    with pytest.raises(GalatParameter, match="tidak punya tabel atau gambar 'xyz'; yang ada: ringkas,"):
        perintah_audit.trace_lines(d2020, "audit/xyz")
    with pytest.raises(GalatParameter, match="Id yang mirip: iku_tercetak/IKU3/capaian/tabel_utama"):
        perintah_audit.trace_lines(d2020, "IKU3/capaian")


def test_perintah_telusur_lewat_shell():
    hasil = _jalankan("telusur", "nka/nka")
    assert hasil.exit_code == 0
    assert "nka/nka = 93.07 (dikutip)" in hasil.output
    assert "nka/evaluasi = …" in hasil.output
