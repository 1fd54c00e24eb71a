"""Anggaran: angka tercetak di laporan 2020 dan hitungan tangan."""

import math

import numpy as np
import pandas as pd
import pytest

from kinerja import anggaran, nka
from kinerja.anggaran import _rounding_step
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatParameter


def with_rows(d: Data, nama: str, ubah) -> Data:
    tabel = {t: d[t] for t in d.tables}
    tabel[nama] = ubah(tabel[nama])
    return Data(d.tahun, tabel, d.satuan, d.sumber)


def set_value(d: Data, nama: str, id_: str, nilai: float) -> Data:
    def ubah(tabel):
        assert (tabel["id"] == id_).sum() == 1, id_
        tabel.loc[tabel["id"] == id_, "nilai"] = nilai
        return tabel

    return with_rows(d, nama, ubah)


def test_absorption_2020(d2020):
    tercetak = {
        "total": [97.12],
        "jenis_belanja": [88.55, 98.06, 99.51, 97.11],
        "sasaran": [97.11, 98.42, 98.89, 95.64],
    }
    for rincian, persen in tercetak.items():
        frame = anggaran.absorption(d2020, rincian)
        assert [round(x, 2) for x in frame["penyerapan"]] == persen, rincian
        assert (frame["selisih"] == 0).all(), rincian
        assert frame["bagian_pagu"].sum() == pytest.approx(100), rincian
        assert frame["pagu"].dtype == "Int64"
    total = anggaran.absorption(d2020, "total").iloc[0]
    assert total["sisa"] == 134_171_839_274_000 - 130_307_350_528_671


def test_absorption_rejects(d2020):
    with pytest.raises(GalatParameter, match="'provinsi' tidak ada; pilih: total, jenis_belanja, sasaran, uke1"):
        anggaran.absorption(d2020, "provinsi")
    with pytest.raises(GalatParameter, match="yang ada: 2021-01-13"):
        anggaran.absorption(d2020, "uke1", "2021-02-06")


def test_absorption_with_zero_and_missing_ceiling(d2020):
    d = set_value(d2020, "anggaran", "anggaran/sasaran/SS3/pagu/2021-02-06", 0.0)
    assert math.isnan(anggaran.absorption(d, "sasaran").set_index("kode").loc["SS3", "penyerapan"])
    frame = anggaran.absorption(d2020, "uke1", "2021-01-13")
    assert frame["pagu"].isna().all() and frame["penyerapan"].isna().all() and frame["bagian_pagu"].isna().all()


def test_reconcile_2020(d2020):
    frame = anggaran.reconcile(d2020)
    assert set(frame["rincian"]) == {"jenis_belanja", "sasaran", "renja"}
    assert frame["cocok"].all()
    assert set(frame["total"]) == {134_171_839_274_000, 130_307_350_528_671, 62_767_643_594_000}
    meleset = set_value(d2020, "anggaran", "anggaran/sasaran/SS3/realisasi/2021-02-06", 148_873_361_438.0)
    baris = anggaran.reconcile(meleset).set_index(["rincian", "ukuran"]).loc[("sasaran", "realisasi")]
    assert (baris["selisih"], baris["cocok"]) == (1, False)


def test_cutoffs_2020(d2020):
    frame = anggaran.cutoffs(d2020)
    assert list(frame["per"]) == ["2021-01-13", "2021-02-06"]
    assert [round(x, 2) for x in frame["penyerapan"]] == [97.11, 97.12]
    assert frame["selisih_realisasi"].iloc[0] == 130_300_865_759_231 - 130_307_350_528_671
    assert anggaran.report_date(d2020) == "2021-02-06"


def test_ceiling_2020(d2020):
    frame = anggaran.ceiling_steps(d2020)
    assert list(frame["jenis"]) == ["awal", "tambah", "kurang", "tambah", "tambah", "tambah", "akhir"]
    assert frame["nilai"][frame["jumlah"]].tolist() == [62_767_643_594_000, 134_171_839_274_000]
    assert frame["nilai"].iloc[:-1].sum() == 134_171_839_274_000, "langkah bersambung sampai pagu akhir"
    assert (frame["selisih"] == 0).all()
    assert frame["pagu"].iloc[0] + frame["perubahan"].sum() == 134_171_839_274_000
    ubah = anggaran.ceiling_change(d2020).loc["pagu"]
    assert ubah["tambahan"] == ubah["tambahan_tercetak"] == 71_404_195_680_000
    assert round(ubah["persen"], 2) == ubah["persen_tercetak"] == 113.76


def test_one_wrong_ceiling_does_not_spread(d2020):
    d = set_value(d2020, "pagu", "pagu/penghematan/pagu", 104_440_903_730_001.0)
    assert list(anggaran.ceiling_steps(d)["selisih"]) == [0, 0, 1, -1, 0, 0, 0]


def test_ceiling_needs_a_start(d2020):
    with pytest.raises(GalatHitung, match="dimulai dengan pagu awal"):
        anggaran.ceiling_steps(with_rows(d2020, "pagu", lambda t: t[t["langkah"] != "pagu_awal"]))


def test_ceiling_without_printed_total(d2020):
    d = with_rows(d2020, "pagu", lambda t: t[t["langkah"] != "jumlah_penambahan"])
    ubah = anggaran.ceiling_change(d)
    assert ubah[["tambahan_tercetak", "persen_tercetak"]].isna().all(axis=None)


def test_agreements_2020(d2020):
    assert anggaran.versions(d2020) == ["januari", "mei", "agustus"]
    total = anggaran.agreement_totals(d2020).set_index("versi")
    assert (total["selisih"] == 0).all()
    assert list(total["langkah"]) == ["pagu_awal", "penghematan", "ba_bun_3"]
    assert total.loc["agustus", "jarak_ke_akhir"] == 162_920_168_000  # tambahan PNBP & UKS tanpa perubahan PK
    bagian = anggaran.agreements(d2020).groupby("versi")["bagian"].sum()
    np.testing.assert_allclose(bagian, 100)


def test_agreement_2020(d2020):
    frame = anggaran.agreement(d2020, "agustus").set_index("program")
    assert frame.loc["pemberdayaan_sosial", "selisih"] == 4_893_053_799_000 - 261_757_849_000
    assert frame.loc["dukungan_manajemen", "selisih"] == 0
    assert frame["nilai"].is_monotonic_decreasing
    jauh = anggaran.agreement(d2020, "agustus", "januari").set_index("program")
    assert jauh.loc["rehabilitasi_sosial", "selisih"] == -80_000_000_000
    assert anggaran.agreement(d2020, "januari")["selisih"].isna().all()
    with pytest.raises(GalatParameter, match="'desember' tidak ada; pilih: januari, mei, agustus"):
        anggaran.agreement(d2020, "desember")
    with pytest.raises(GalatParameter, match="'maret'"):
        anggaran.agreement(d2020, "mei", "maret")


def test_agreement_change_2020(d2020):
    frame = anggaran.agreement_change(d2020).set_index("program")
    assert set(frame["dari"]) == {"januari"} and set(frame["ke"]) == {"agustus"}
    assert frame.loc["jumlah", "selisih"] == 134_008_919_106_000 - 62_767_643_594_000
    assert frame.loc["penanganan_fakir_miskin", "persen_perubahan"] == pytest.approx(181.2962)
    assert frame["selisih"].iloc[:-1].is_monotonic_decreasing
    satu = with_rows(d2020, "pk_anggaran", lambda t: t[t["versi"] == "mei"])
    assert anggaran.agreement_change(satu).empty
    awal = anggaran.agreement_change(d2020, "januari", "mei").set_index("program")
    assert awal.loc["jumlah", "selisih"] == 104_440_903_730_000 - 62_767_643_594_000


def test_lines_2020(d2020):
    """Rupiah tercetak; total institusi di baris terakhir, juga bila rinciannya belum diisi."""
    frame = anggaran.lines(d2020, "jenis_belanja")
    assert frame.index.tolist() == ["pegawai", "barang", "modal", "bansos", "total"]
    assert frame.loc["bansos", ["pagu", "realisasi"]].tolist() == [128_101_734_274_480, 124_399_000_609_552]
    assert frame.loc[~frame["jumlah"], "realisasi"].sum() == frame.loc["total", "realisasi"] == 130_307_350_528_671
    assert frame.attrs["ids"]["pagu"]["bansos"] == "anggaran/jenis_belanja/bansos/pagu/2021-02-06"
    assert anggaran.lines(d2020, "provinsi").index.tolist() == ["total"]


def test_units_2020(d2020):
    frame = anggaran.units(d2020).set_index("kode")
    # 31,82 miliar / 97,77%: dihitung tangan 32,5457...; tepi: 31,815/97,775% dan 31,825/97,765%.
    itjen = frame.loc["itjen"]
    assert itjen["pagu"] == pytest.approx(32_545_770_686, abs=1)
    assert itjen["pagu_bawah"] == pytest.approx(31.815e9 / 0.97775)
    assert itjen["pagu_atas"] == pytest.approx(31.825e9 / 0.97765)
    assert (frame["keadaan_pagu"] == "diturunkan").all()
    assert (frame["pagu_bawah"] < frame["pagu"]).all() and (frame["pagu"] < frame["pagu_atas"]).all()
    # Sisa terkecil: 31,815 miliar terserap 97,775%; terbesar: 31,825 miliar terserap 97,765%.
    assert itjen["sisa_bawah"] == pytest.approx(31.815e9 / 0.97775 - 31.815e9)
    assert itjen["sisa_atas"] == pytest.approx(31.825e9 / 0.97765 - 31.825e9)
    assert frame.index[0] == "pfm", "sisa terbesar di atas"
    assert frame.loc["bp3s", "langkah_bulat"] == 10_000_000, "354,80 miliar diucapkan dua desimal"
    jumlah = anggaran.unit_totals(d2020).set_index("ukuran")
    assert list(jumlah["total"]) == [130_300_865_759_231, 134_171_839_274_000]
    # 3 angka triliun dan 4 angka miliar: (3 x 10 + 4 x 0,01) / 2 miliar = 15,02 miliar di tiap sisi.
    assert jumlah.loc["realisasi", "atas"] - jumlah.loc["realisasi", "jumlah"] == 15_020_000_000
    assert jumlah["sesuai"].all()


def test_units_with_printed_or_without_ceiling(d2020):
    tercetak = set_value(d2020, "anggaran", "anggaran/uke1/itjen/pagu/2021-01-13", 32_550_770_000.0)
    itjen = anggaran.units(tercetak).set_index("kode").loc["itjen"]
    assert (itjen["pagu"], itjen["keadaan_pagu"]) == (32_550_770_000, "dikutip")
    kosong = set_value(d2020, "anggaran", "anggaran/uke1/itjen/penyerapan/2021-01-13", np.nan)
    itjen = anggaran.units(kosong).set_index("kode").loc["itjen"]
    assert math.isnan(itjen["pagu"]) and itjen["keadaan_pagu"] == "tidak_tersedia"
    tanpa = with_rows(d2020, "anggaran", lambda a: a[a["rincian"] != "uke1"])
    assert anggaran.units(tanpa).empty and anggaran.unit_totals(tanpa).empty


@pytest.mark.parametrize(
    ("rupiah", "langkah"),
    [
        (76_820_000_000_000, 10_000_000_000),
        (392_150_000_000, 10_000_000),
        (354_800_000_000, 10_000_000),
        (1_000_000_000_000, 10_000_000_000),
        (392_151_000_000, 1_000_000),
        (130_300_865_759_231, 1),
        (7_250_000, 10_000),
        (0, 1),
    ],
)
def test_rounding_step(rupiah, langkah):
    assert _rounding_step(rupiah) == langkah


def test_nka_2020(d2020):
    frame = nka.report_scores(d2020).set_index("komponen")
    assert frame.loc["nka", "nilai"] == 93.07
    # 0,6 E + 0,4 I = 93,065..93,075 dengan I = 100 memberi E terendah 88,4417; dengan E = 100, I terendah 82,6625.
    assert frame.loc["evaluasi", "terendah"] == pytest.approx((93.065 - 40) / 0.6)
    assert frame.loc["ikpa", "terendah"] == pytest.approx((93.065 - 60) / 0.4)
    assert (frame.loc[["evaluasi", "ikpa"], "tertinggi"] == 100).all()
    assert frame.loc["evaluasi", "keadaan"] == "tidak_tersedia"


def test_nka_composition_fills_what_is_known(d2020):
    frame = nka.report_composition(d2020).set_index("komponen")
    assert frame["nilai"].dropna().index.tolist() == ["penyerapan"]
    assert frame.loc["penyerapan", "keadaan_nilai"] == "diturunkan"
    d = set_value(d2020, "nka", "nka/ikpa", 96.0)
    assert nka.report_composition(d).set_index("komponen").loc["ikpa", ["nilai", "keadaan_nilai"]].tolist() == [
        96.0, "dikutip",
    ]  # fmt: skip
    assert nka.report_predicate(d2020) == "sangat_baik"  # lebih dari 90


def test_year_without_nka(d2020):
    d = Data(2020, {t: d2020[t] for t in d2020.tables if not t.startswith("nka")}, d2020.satuan, d2020.sumber)
    assert nka.report_scores(d).empty and nka.report_composition(d).empty and nka.report_predicate(d) is None


def test_nka_rejects(d2020):
    with pytest.raises(GalatHitung, match=r"berjumlah 100%, bukan 50\.0 dan 40\.0"):
        nka.report_weights(set_value(d2020, "aturan", "aturan/bobot_evaluasi_nka", 50.0))
    with pytest.raises(GalatHitung, match="tidak dapat dihasilkan"):
        nka.report_scores(set_value(d2020, "nka", "nka/nka", 101.0))


def test_missing_nka(d2020):
    d = set_value(d2020, "nka", "nka/nka", np.nan)
    assert nka.report_scores(d)[["nilai", "terendah", "tertinggi"]].isna().all(axis=None)


def test_year_without_ceiling_steps_and_agreements(d2020):
    d = Data(2020, {t: d2020[t] for t in d2020.tables if t not in ("pagu", "pk_anggaran")}, d2020.satuan, d2020.sumber)
    assert anggaran.ceiling_steps(d).empty and anggaran.versions(d) == []
    assert anggaran.ceiling_change(d).isna().all(axis=None)
    for frame in (anggaran.agreement(d, "agustus"), anggaran.agreement_change(d), anggaran.agreement_totals(d)):
        assert frame.empty and "keadaan" in frame
    assert "renja" not in set(anggaran.reconcile(d)["rincian"])


def test_amounts_stay_integers(d2020):
    for frame, kolom in (
        (anggaran.absorption(d2020, "jenis_belanja"), ["pagu", "realisasi", "sisa"]),
        (anggaran.ceiling_steps(d2020), ["perubahan", "pagu", "pagu_dihitung", "selisih"]),
        (anggaran.agreement(d2020, "mei"), ["nilai", "nilai_pembanding", "selisih"]),
        (anggaran.cutoffs(d2020), ["realisasi", "selisih_realisasi"]),
    ):
        assert all(pd.api.types.is_integer_dtype(frame[k]) for k in kolom), frame.dtypes


def test_lines_without_and_with_a_budget(d2020):
    frame = anggaran.lines(d2020, "sasaran")
    assert list(frame.index) == ["SS1", "SS2", "SS3", "SS4", "total"] and frame["jumlah"].sum() == 1
    assert frame.loc[["SS1", "SS2", "SS3", "SS4"], "sisa"].sum() == frame.loc["total", "sisa"]
    assert frame.attrs["sumber"] == ["lkj-2020"]
    kosong = anggaran.lines(Data(2020, {t: d2020[t] for t in ("iku", "aturan")}, d2020.satuan, d2020.sumber), "sasaran")
    assert kosong.empty and list(kosong) == list(frame)
