"""Isi data 2020 dan pemuatnya. Nilai harapan dari cetakan laporan atau hitungan tangan."""

import json
import shutil

import pandas as pd
import pytest

from kinerja import cli, data, paths
from kinerja.data import process, schema, templat
from kinerja.errors import GalatKinerja, GalatParameter

BARIS = {
    "iku": 7, "sasaran": 4, "pn_output": 26, "pn_nilai": 78, "dtks_pengguna": 30, "ikesos_kerangka": 29, "renstra": 35,
    "provinsi": 34, "pk_anggaran": 24, "rkp_output": 23, "pkh_komponen": 16, "renja": 12, "renja_sandingan": 12,
    "penjelasan": 96, "salah_tulis": 11,
}  # fmt: skip


@pytest.mark.parametrize(("tabel", "banyak"), BARIS.items())
def test_tabel_utuh(d2020, tabel, banyak):
    assert len(d2020[tabel]) == banyak


@pytest.mark.parametrize(
    ("program", "periode"),
    [("pkh", 9), ("sembako", 12), ("sembako_jabodetabek", 12), ("bst", 9), ("beras_pkh", 1), ("tunai_non_pkh", 1)],
)
def test_penyaluran_setiap_periode(d2020, program, periode):
    tabel = d2020["pen_penyaluran"]
    assert len(tabel[(tabel["program"] == program) & (tabel["ukuran"] == "kpm")]) == periode


@pytest.mark.parametrize(
    ("id_", "nilai"),
    [
        ("pagu/pagu_awal/pagu", 62_767_643_594_000),
        ("pagu/pnbp/pagu", 134_171_839_274_000),
        ("anggaran/total/kemensos/realisasi/2021-02-06", 130_307_350_528_671),
        ("pk_anggaran/agustus/penanganan_fakir_miskin", 81_506_288_294_000),
        ("pen_penyaluran/bst/desember/rupiah", 2_784_467_100_000),
        ("sdm/penyuluh/populasi/rincian", 353),
        ("dtks/nik_padan", 84_117_470),
        ("ikesos/2019/nilai", 38.41),
        ("nka/nka", 93.07),
        ("rb/2020/pmprb_hasil", 35.31),
        ("rb/2016/nilai_rb", None),
    ],
)
def test_satu_angka(d2020, id_, nilai):
    hasil = d2020.nilai(id_)
    assert hasil == nilai
    assert type(hasil) is type(nilai)


def test_indikator_per_dimensi(d2020):
    assert d2020["ikesos_kerangka"]["dimensi"].value_counts().to_dict() == {"PS": 12, "KD": 9, "KE": 8}
    simpul = d2020["ikesos_simpul"]
    assert simpul["jenis"].value_counts().to_dict() == {"subdimensi": 11, "dimensi": 3, "indeks": 1}


def test_kabupaten_kota_514(d2020):
    provinsi = d2020["provinsi"]
    assert (provinsi["n_kab"].sum(), provinsi["n_kota"].sum(), provinsi["n_kabkota"].sum()) == (416, 98, 514)
    assert not provinsi.duplicated(["grid_row", "grid_col"]).any()


def test_setiap_angka_berasal_usul(d2020):
    fakta = d2020.facts
    assert fakta.index.is_unique
    assert set(fakta["keadaan"]) <= set(schema.KEADAAN)
    assert (fakta["bagian"] != "").all()
    assert set(fakta["sumber"]) <= set(d2020.sumber["id"])
    kosong = fakta["nilai"].isna() & (fakta["teks"] == "")
    assert (fakta.loc[kosong, "keadaan"] == "tidak_tersedia").all()
    turunan = fakta[fakta["keadaan"] == "diturunkan"]
    assert (turunan["catatan"] != "").all(), turunan.index[turunan["catatan"] == ""]


def test_penjelasan_ringkas_bersumber_dan_dua_bahasa(d2020):
    tabel = d2020["penjelasan"]
    panjang = tabel[["ringkas", "ringkas_en"]].map(lambda teks: len(teks.split()))
    assert panjang["ringkas"].max() <= 30 and (panjang["ringkas_en"].max() <= 36)
    assert set(tabel["indikator"]) == {"", *d2020["iku"]["kode"]}
    # laporan tidak memberi tindak lanjut SLRT; indikator lain punya alasan dan tindak lanjut
    jenis = tabel[tabel["indikator"] != ""].groupby("indikator")["jenis"].agg(set)
    assert {k for k, isi in jenis.items() if not {"alasan", "tindak_lanjut"} <= isi} == {"IKU5"}
    assert tabel["ringkas"].str.endswith(".").all() and tabel["ringkas_en"].str.endswith(".").all()


def test_penjelasan_menunjuk_indikator_yang_ada(raw, edit):
    edit(
        raw / "2020/penjelasan.csv", "iku5_alasan_1,ss2_pemberi_layanan,IKU5", "iku5_alasan_1,ss2_pemberi_layanan,IKU9"
    )
    with pytest.raises(GalatKinerja, match=r"2020/penjelasan\.csv.*IKU9.*iku\.csv"):
        data.load(2020, raw=raw)


def test_lebar_menjaga_bilangan_bulat(d2020):
    lebar = d2020.wide("p2k2", "modul")
    assert lebar["kpm"].dtype == "Int64"
    assert lebar.loc[lebar["modul"] == "keuangan_keluarga", "kpm"].item() == 3_176_299
    with pytest.raises(GalatParameter, match="tidak tunggal"):
        d2020.wide("sdm", "jenis")


def test_nama_salah_menyebut_yang_ada(d2020):
    with pytest.raises(GalatParameter, match="Tabel 'sdmm' tidak dikenal"):
        d2020["sdmm"]
    with pytest.raises(GalatParameter, match="sdm/tks/lulus/rekapitulasi"):
        d2020.nilai("sdm/tks/lulus/salah")
    with pytest.raises(GalatParameter, match="Tahun yang ada: 2020"):
        data.load(1999)
    with pytest.raises(GalatParameter, match="bilangan bulat"):
        data.load("2020")


def test_baris_sumber(d2020):
    garis = d2020.source_line(["kemiskinan"])
    assert garis.startswith("Sumber: ")
    assert "BPS, profil kemiskinan" in garis
    assert "LKj Kemensos 2020" in garis


def test_olahan_sama_dengan_pembacaan_langsung(d2020, raw):
    langsung = data.load(2020, raw=raw)
    assert langsung.tables == d2020.tables
    for nama in d2020.tables:
        pd.testing.assert_frame_equal(d2020[nama], langsung[nama][d2020[nama].columns], check_dtype=False, obj=nama)
    pd.testing.assert_series_equal(langsung.facts["nilai"].sort_index(), d2020.facts["nilai"].sort_index())


def test_olahan_dibangun_ulang_hanya_bila_berubah(raw, edit, monkeypatch):
    monkeypatch.setenv("KINERJA_AKAR", str(raw.parents[1]))
    data.load(2020)
    tujuan = paths.processed(2020)
    pertama = (tujuan / "sdm.csv").stat().st_mtime_ns
    data.load(2020)
    assert (tujuan / "sdm.csv").stat().st_mtime_ns == pertama
    edit("2020/dtks.csv", "persen_kl,34.48", "persen_kl,34.49")
    assert data.load(2020).nilai("dtks/persen_kl") == 34.49
    assert json.loads((tujuan / process.SEGEL).read_text()) == process.fingerprint(raw, 2020)


def test_folder_olahan_tidak_dapat_ditulis(raw, monkeypatch):
    monkeypatch.setenv("KINERJA_AKAR", str(raw.parents[1]))
    (raw.parent / "processed").write_text("bukan folder")
    assert data.load(2020).nilai("nka/nka") == 93.07


def test_kesalahan_meninggalkan_olahan_lama(raw, edit, monkeypatch):
    monkeypatch.setenv("KINERJA_AKAR", str(raw.parents[1]))
    data.load(2020)
    lama = {b.name: b.read_bytes() for b in paths.processed(2020).iterdir()}
    edit("2020/dtks.csv", "persen_kl,34.48", "persen_kl,tiga")
    with pytest.raises(GalatKinerja):
        data.load(2020)
    assert {b.name: b.read_bytes() for b in paths.processed(2020).iterdir()} == lama


def test_berkas_tersegel():
    tabel, _, sumber = process.read_year(paths.raw(), 2020)
    assert process.unsealed(paths.raw(), sumber, process.files_by_source(tabel)) == []


def test_segel_menemukan_perubahan(raw, edit):
    edit("2020/dtks.csv", "persen_kl,34.48", "persen_kl,34.49")
    tabel, _, sumber = process.read_year(raw, 2020)
    assert process.unsealed(raw, sumber, process.files_by_source(tabel)) == ["2020/dtks.csv"]
    process.seal(raw, process.files_by_source(tabel))
    assert process.unsealed(raw, process.load_sources(raw), process.files_by_source(tabel)) == []


def test_kamus_data_terbaru(d2020):
    berkas = paths.root() / "docs" / "kamus_data.md"
    assert berkas.read_text(encoding="utf-8") == templat.dictionary(d2020)


def test_perintah_data_menyegel_dan_menyebut_yang_berubah(raw, edit, monkeypatch, capsys):
    monkeypatch.setenv("KINERJA_AKAR", str(raw.parents[1]))
    (raw.parents[1] / "docs").mkdir()
    edit("2020/dtks.csv", "persen_kl,34.48", "persen_kl,34.49")
    for argumen, berubah in ((["data"], True), (["data", "--segel", "--kamus"], False), (["data"], False)):
        with pytest.raises(SystemExit) as selesai:
            cli.main(argumen)
        assert selesai.value.code == 0
        assert ("2020/dtks.csv" in capsys.readouterr().err) is berubah, argumen
    assert (raw.parents[1] / "docs" / "kamus_data.md").read_text(encoding="utf-8").startswith("# Kamus data")


@pytest.mark.parametrize(
    "argumen", [["data", "--tahun", "2020"], ["render", "--tahun", "2020"], ["audit", "--tahun", "2020"]]
)
def test_data_salah_di_baris_perintah(raw, edit, monkeypatch, capsys, argumen):
    """Satu pesan, kode keluar 2, tanpa jejak tumpukan, dan laporan lama tidak tersentuh."""
    akar = raw.parents[1]
    (akar / "notebooks").mkdir()
    shutil.copy(paths.notebooks() / "ringkasan.ipynb", akar / "notebooks")
    monkeypatch.setenv("KINERJA_AKAR", str(akar))
    lama = akar / "reports" / "2020" / "manifest.json"
    lama.parent.mkdir(parents=True)
    lama.write_text('{"pembuat": "kinerja"}')
    edit("2020/dtks.csv", "persen_kl,34.48,", 'persen_kl,"34;48",')
    with pytest.raises(SystemExit) as selesai:
        cli.main(argumen)
    galat = capsys.readouterr().err
    assert selesai.value.code == 2
    assert galat.count("\n") == 1
    assert "2020/dtks.csv, baris 4, kolom 'nilai': ditemukan '34;48'" in galat
    assert "Traceback" not in galat
    assert lama.read_text() == '{"pembuat": "kinerja"}'
