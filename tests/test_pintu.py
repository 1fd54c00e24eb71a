"""Pintu depan: yang ditemukan peneliti dengan menekan Tab, dan bingkai yang tidak dapat terhitung dua kali."""

import doctest
import subprocess
import sys

import pandas as pd
import pytest

import kinerja as kj
from kinerja import bansos, pintu
from kinerja.errors import GalatParameter


@pytest.fixture(scope="module")
def d():
    return kj.open(2020)


def test_contoh_di_docstring_berjalan():
    hasil = doctest.testmod(pintu)
    assert hasil.failed == 0
    metode = {x for x in pintu.NAMA if callable(vars(pintu.Laporan).get(x))}
    tanpa = {x for x in metode if "Examples" not in (getattr(pintu.Laporan, x).__doc__ or "")}
    assert tanpa == set()


def test_tab_memperlihatkan_sekitar_dua_puluh_nama(d):
    assert dir(d) == sorted(pintu.NAMA)
    assert 18 <= len(pintu.NAMA) <= 26
    assert all(hasattr(d, x) for x in pintu.NAMA)
    assert "open" in dir(kj)


def test_mengimpor_tidak_memuat_pandas():
    kode = "import sys, kinerja; print(sorted({'pandas', 'numpy', 'matplotlib', 'typer'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", kode], capture_output=True, text=True).stdout.strip() == "[]"


def test_tampilan_sesingkat_satu_baris(d):
    assert "\n" not in repr(d) and len(repr(d)) < 120


def test_bahasa_lain_tidak_menular(d):
    inggris = kj.open(2020, bahasa="en")
    nama, nama_id = (x.pen().set_index("program")["nama_program"]["beras_pkh"] for x in (inggris, d))
    assert nama_id == "Beras KPM PKH" and "rice" in nama.lower()
    assert d.capaian()["nama"].iloc[0] == "Kementerian Sosial"
    with pytest.raises(GalatParameter, match="Bahasa 'fr' tidak ada"):
        kj.open(2020, bahasa="fr")


def test_groupby_bulan_tidak_menghitung_tahap_dua_kali(d):
    # April: dua tahap Sembako Jabodetabek, 1.472.907 dan 1.457.612 keluarga dari 1.900.000 yang dituju
    april = d.pen().query("program == 'sembako_jabodetabek' and bulan == 4").iloc[0]
    assert (april["penyaluran"], april["kpm"], april["target_kpm"]) == (2, 1_472_907, 1_900_000)
    assert april["rupiah"] == (1_472_907 + 1_457_612) * 300_000
    assert april["keadaan_rupiah"] == "diturunkan" and april["keadaan_bulan"] == "diturunkan"
    assert not d.pen().duplicated(["program", "bulan"]).any()
    per_bulan = d.pen().groupby("bulan")["target_kpm"].sum()
    rincian = d.pen("penyaluran")
    assert "bulan" not in rincian and set(rincian["waktu"]) == {"bulan", "tahap"}
    assert per_bulan[4] < bansos.disbursements(d).groupby("bulan_acuan")["target_kpm"].sum()[4]


def test_rupiah_tidak_ada_yang_hilang_antara_bulan_dan_penyaluran(d):
    satu, lain = (d.pen(per).groupby("program")["rupiah"].sum(min_count=1) for per in ("bulan", "penyaluran"))
    pd.testing.assert_series_equal(satu, lain)
    assert d.pen().query("program == 'beras_pkh'")["rupiah"].isna().all(), "beras tidak punya rupiah"


def test_satuan_ada_di_attrs(d):
    assert d.pen().attrs["satuan"]["kpm"] == "kpm"
    assert d.anggaran().attrs["satuan"]["pagu"] == "rupiah"
    assert set(d.capaian().attrs["satuan"]) == {"capaian", "capaian_tanpa_batas"}


def test_lebar_mengganti_nama_dan_tetap_tahu_sumber_tiap_sel(d):
    lebar = d.wide("pkh_graduasi", "jenis", nama={"persen": "tercetak"})
    assert {"jenis", "nama", "kpm", "tercetak"} == set(lebar)
    for kolom, satuan in (("kpm", "kpm"), ("tercetak", "persen")):
        assert lebar.attrs["satuan"][kolom] == satuan
        for jenis, nilai in lebar.dropna(subset=[kolom]).set_index("jenis")[kolom].items():
            assert d.nilai(lebar.attrs["ids"][kolom][jenis]) == nilai
    with pytest.raises(GalatParameter, match="tanpa ukuran prosen"):
        d.wide("pkh_graduasi", "jenis", nama={"prosen": "x"})


@pytest.mark.parametrize(
    "ubah",
    [
        lambda x: x.assign(y=1),
        lambda x: x.query("kpm > 0"),
        lambda x: x.sort_values("kpm"),
        lambda x: x.set_index("jenis"),
        lambda x: x.merge(x[["jenis"]], on="jenis"),
        lambda x: x.iloc[:2],
        lambda x: x.astype({"kpm": "float64"}),
        lambda x: x.copy(),
    ],
    ids=["assign", "query", "sort_values", "set_index", "merge", "iloc", "astype", "copy"],
)
def test_satuan_bertahan_di_pandas(d, ubah):
    lebar = d.wide("pkh_graduasi", "jenis")
    assert ubah(lebar).attrs["satuan"] == lebar.attrs["satuan"]


def test_sebab_angka_kosong(d):
    kosong = d.facts[(d.facts["keadaan"] == "tidak_tersedia")].index[0]
    assert d.sebab(kosong).startswith("Tidak tersedia: ")


@pytest.mark.parametrize(
    ("panggil", "kalimat"),
    [
        (lambda d: d.pen("minggu"), "pilih bulan atau penyaluran"),
        (lambda d: d.anggaran("desa"), "Rincian anggaran 'desa' tidak ada"),
        (lambda d: d["tabel_x"], "Tabel 'tabel_x' tidak dikenal"),
        (lambda d: d.nilai("dtks/nik_padam"), "Tidak ada angka 'dtks/nik_padam'"),
    ],
)
def test_permintaan_yang_salah_menyebut_yang_ada(d, panggil, kalimat):
    with pytest.raises(GalatParameter, match=kalimat):
        panggil(d)


def test_ikesos_memuat_kode_dan_sebutannya(d):
    hasil = d.ikesos(by=["provinsi", "daerah"])
    assert list(hasil)[:4] == ["provinsi", "nama_provinsi", "daerah", "nama_daerah"]
    jabar = hasil[hasil["provinsi"].astype(str) == "32"]
    assert set(jabar["nama_provinsi"]) == {"Wilayah L"}, "survei sintetis tidak memakai nama daerah"
    assert set(jabar["nama_daerah"]) == {"Perkotaan", "Perdesaan"}
    assert (hasil.loc[hasil["nilai"].isna() & (hasil["tanda"] == "tidak tersedia"), "keterangan"] != "").all()


def test_sapuan_sama_dengan_panggilan_satu_per_satu(d):
    pilihan = {"agregasi": ["aritmetik", "geometrik"], "bobot": [{}, {"KD": 2.0}]}
    sapu = d.sweep("ikesos", by=["provinsi", "daerah"], **pilihan)
    assert {"agregasi", "bobot", "provinsi", "nama_provinsi", "se", "keadaan"} <= set(sapu)
    assert len(sapu) == 4 * len(d.ikesos(by=["provinsi", "daerah"]))
    satu = d.ikesos(by=["provinsi", "daerah"], agregasi="geometrik", bobot={"KD": 2.0})
    bagian = sapu.query("agregasi == 'geometrik' and bobot == 'KD=2.0'").reset_index(drop=True)
    pd.testing.assert_frame_equal(bagian[list(satu)], satu, check_dtype=False)


def test_sapuan_tingkat_dan_ukuran_lain(d):
    silang = d.sweep("ikesos", by=[["daerah"], ["kelamin"]])
    assert silang["by"].tolist() == ["daerah", "daerah", "kelamin", "kelamin"]
    assert silang["daerah"].dtype == "Int64" and silang["daerah"].isna().tolist() == [False, False, True, True]
    anggaran = d.sweep("anggaran", rincian=["total", "sasaran"])
    assert anggaran["rincian"].value_counts()["total"] == 1 and anggaran.attrs["satuan"]["pagu"] == "rupiah"
    for salah, kalimat in ({"ukuran": "laba"}, "Ukuran 'laba' tidak ada"), ({"ukuran": "pen", "per": []}, "disapu"):
        with pytest.raises(GalatParameter, match=kalimat):
            d.sweep(**salah)
