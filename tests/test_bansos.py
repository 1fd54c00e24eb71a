"""Penyaluran bansos PEN: nilai harapan dari cetakan laporan, sumber kedua, atau hitungan tangan."""

import pandas as pd
import pytest

from kinerja import bansos, data
from kinerja.errors import GalatHitung, GalatParameter

MILIAR = 10**9


def changed(d, tabel, id_, **isi):
    """Salinan data dengan satu baris yang diubah."""
    frame = d[tabel]
    for kolom, nilai in isi.items():
        frame.loc[frame["id"] == id_, kolom] = nilai
    return data.Data(d.tahun, {nama: frame if nama == tabel else d[nama] for nama in d.tables}, d.satuan, d.sumber)


@pytest.fixture(scope="module")
def salur(d2020):
    return bansos.disbursements(d2020)


def satu(frame, program, periode):
    isi = frame[(frame["program"] == program) & (frame["periode"] == periode)]
    assert len(isi) == 1, f"{program}/{periode}: {len(isi)} baris"
    return isi.iloc[0]


# Penyaluran dan aturan


def test_rows_per_programme(salur):
    banyak = salur.groupby("program", sort=False).size().to_dict()
    assert banyak == {
        "pkh": 9,
        "sembako": 12,
        "sembako_jabodetabek": 12,
        "bst": 9,
        "beras_pkh": 1,
        "tunai_non_pkh": 1,
    }


@pytest.mark.parametrize(
    ("program", "periode", "kpm", "rupiah"),
    [
        ("pkh", "tahap_1", 9_024_049, 7_006_735_800_000),
        ("pkh", "tahap_4", 10_000_000, 7_575_357_175_000),
        ("sembako", "maret", 14_605_446, 2_921_089_200_000),
        ("sembako", "desember", 19_037_175, 3_807_435_000_000),
        ("bst", "juni", 9_326_628, 5_595_976_800_000),
        ("tunai_non_pkh", "sekali", 9_000_000, 4_500_000_000_000),
    ],
)
def test_printed_counts_and_rupiah(salur, program, periode, kpm, rupiah):
    baris = satu(salur, program, periode)
    assert (baris["kpm"], baris["rupiah"], baris["keadaan_rupiah"]) == (kpm, rupiah, "dikutip")


@pytest.mark.parametrize(
    ("program", "periode", "nilai", "target"),
    [
        ("sembako", "februari", 150_000, 15_200_000),  # sebelum kenaikan Maret
        ("sembako", "maret", 200_000, 15_200_000),  # kenaikan nilai, target belum diperluas
        ("sembako", "april", 200_000, 20_000_000),  # perluasan target April
        ("bst", "juni", 600_000, 9_000_000),
        ("bst", "juli", 300_000, 9_000_000),
        ("tunai_non_pkh", "sekali", 500_000, 9_000_000),
    ],
)
def test_rule_in_force_that_month(salur, program, periode, nilai, target):
    baris = satu(salur, program, periode)
    assert (baris["nilai_aturan"], baris["target_kpm"]) == (nilai, target)


def test_pkh_has_no_target_before_april_and_no_single_rate(salur):
    pkh = salur[salur["program"] == "pkh"].set_index("periode")
    assert pkh["nilai_aturan"].isna().all()
    assert pkh.loc[["tahap_1", "tahap_2"], "target_kpm"].isna().all()
    assert pkh.loc["tahap_1", ["bulan_acuan", "keadaan_bulan"]].tolist() == [3, "diturunkan"]
    assert pkh.loc["tahap_4", ["bulan_acuan", "keadaan_bulan"]].tolist() == [11, "dikutip"]
    assert (pkh.loc["april":"september", "cakupan"] == 100).all()


@pytest.mark.parametrize(
    ("program", "periode", "persen"),
    [
        ("sembako", "mei", 91.98838),  # 18.397.676 / 20.000.000
        ("bst", "desember", 103.1284111),  # 9.281.557 / 9.000.000
        ("sembako_jabodetabek", "tahap_2", 76.7164211),  # 1.457.612 / 1.900.000
        ("beras_pkh", "tiga_bulan", 100),
    ],
)
def test_coverage_by_hand(salur, program, periode, persen):
    assert satu(salur, program, periode)["cakupan"] == pytest.approx(persen, abs=1e-6)


# Rupiah yang diturunkan


def test_jabodetabek_is_derived_from_the_stated_assumption(salur):
    """Enam tahap tiap masa: 600.000 x 3 bulan / 6 tahap = 300.000 x 6 bulan / 6 tahap = 300.000 per KPM."""
    isi = salur[salur["program"] == "sembako_jabodetabek"]
    assert set(isi["nilai_aturan"]) == {300_000}
    assert set(isi["keadaan_rupiah"]) == set(isi["keadaan_bulan"]) == set(isi["keadaan_aturan"]) == {"diturunkan"}
    assert isi["bulan_acuan"].tolist() == [4, 4, 5, 5, 6, 6, 7, 8, 9, 10, 11, 12]
    assert isi["rupiah"].iloc[0] == 1_472_907 * 300_000
    assert isi["rupiah"].sum() == 21_617_162 * 300_000
    assert isi["nilai_per_kpm"].isna().all(), "nilai per KPM hanya dari rupiah tercetak"


def test_full_target_under_the_rules_is_the_second_source_ceiling(d2020, salur):
    """Pagu sumber kedua sama dengan target x nilai bantuan: anggapan tahap Jabodetabek cocok dengannya."""
    for program in ("sembako_jabodetabek", "bst", "tunai_non_pkh"):
        isi = salur[salur["program"] == program]
        penuh = int((isi["target_kpm"] * isi["nilai_aturan"]).sum())
        assert penuh == d2020.nilai(f"pen_november/{program}/pagu"), program


def test_rupiah_that_is_not_printed_is_marked(salur):
    isi = salur[salur["keadaan_rupiah"] != "dikutip"]
    assert isi["program"].value_counts().to_dict() == {"sembako_jabodetabek": 12, "beras_pkh": 1}
    assert isi.groupby("program")["keadaan_rupiah"].unique().map(list).to_dict() == {
        "sembako_jabodetabek": ["diturunkan"], "beras_pkh": ["tidak_tersedia"],
    }  # fmt: skip


def test_rice_is_never_turned_into_rupiah(salur):
    beras = satu(salur, "beras_pkh", "tiga_bulan")
    assert pd.isna(beras["rupiah"]) and beras["kg"] == 450_000_000 and beras["kg_aturan"] == 45


def test_dtypes_are_whole_numbers(salur):
    for kolom in ("kpm", "rupiah", "kg", "target_kpm", "nilai_aturan"):
        assert str(salur[kolom].dtype) == "Int64", kolom


# KPM x nilai


def test_every_printed_payment_is_recipients_times_rate(salur):
    uji = bansos.rate_check(salur)
    assert uji.groupby("program", sort=False).size().to_dict() == {
        "sembako": 12,
        "bst": 9,
        "tunai_non_pkh": 1,
        "beras_pkh": 1,
    }
    beda = uji[uji["selisih"] != 0]
    assert beda.empty, beda.to_string()


def test_one_rupiah_off_is_seen(d2020):
    d = changed(d2020, "pen_penyaluran", "pen_penyaluran/sembako/mei/rupiah", nilai=3_679_535_200_001)
    uji = bansos.rate_check(bansos.disbursements(d))
    beda = uji[uji["selisih"] != 0]
    assert beda[["program", "periode", "selisih"]].values.tolist() == [["sembako", "mei", 1]]


def test_shortfall_against_target_by_hand(salur):
    isi = bansos.rate_check(salur).set_index(["program", "periode"])
    assert isi.loc[("bst", "juni"), "belum_tersalur"] == (9_000_000 - 9_326_628) * 600_000
    assert isi.loc[("sembako", "januari"), "belum_tersalur"] == (15_200_000 - 15_053_437) * 150_000


# Jumlah dan jalur kumulatif


def test_totals_by_hand(salur):
    """Jumlah dari lembar hitung terpisah atas angka tercetak."""
    isi = bansos.totals(salur).set_index("program")
    assert isi["rupiah"].dropna().to_dict() == {
        "pkh": 36_715_293_431_000,
        "sembako": 41_659_463_900_000,
        "sembako_jabodetabek": 6_485_148_600_000,
        "bst": 32_216_588_400_000,
        "tunai_non_pkh": 4_500_000_000_000,
        "jumlah_tercetak": 115_091_345_731_000,
        "jumlah_dengan_turunan": 121_576_494_331_000,
    }
    assert isi.loc["sembako", "kpm_terbanyak"] == 19_413_909
    # 2 x 150.000 + 10 x 200.000; 3 x 600.000 + 6 x 300.000; PKH: jumlah sembilan hasil bagi, lembar hitung terpisah
    assert isi["per_keluarga"].dropna().to_dict() == {
        "pkh": 3_802_359,
        "sembako": 2_300_000,
        "sembako_jabodetabek": 3_600_000,
        "bst": 3_600_000,
        "tunai_non_pkh": 500_000,
    }
    assert isi.loc["pkh", "keadaan_rupiah"] == "diturunkan" and isi.loc["tunai_non_pkh", "keadaan_rupiah"] == "dikutip"


def test_cumulative_ends_at_the_programme_total(salur):
    jalur, jumlah = bansos.cumulative(salur), bansos.totals(salur).set_index("program")["rupiah"]
    for program, isi in jalur.groupby("program"):
        assert isi["kumulatif"].is_monotonic_increasing, program
        assert isi["kumulatif"].iloc[-1] == jumlah[program], program
        assert isi["persen"].iloc[-1] == pytest.approx(100)
    maret = jalur[(jalur["program"] == "pkh") & (jalur["bulan"] == 3)].iloc[0]
    assert (maret["kumulatif"], maret["keadaan"]) == (7_006_735_800_000 + 7_068_601_400_000, "diturunkan")


def test_cumulative_is_flat_in_a_month_without_payment(salur):
    pkh = bansos.cumulative(bansos.select(salur, "pkh")).set_index("bulan")
    assert pkh.loc[10, "rupiah"] == 0 and pkh.loc[10, "kumulatif"] == pkh.loc[9, "kumulatif"]


# Pilihan


@pytest.mark.parametrize(
    ("program", "periode", "harap"),
    [
        ("bst", "semua", 9),
        ("bst", "april:juni", 3),
        ("pkh", "tahap_1:april", 3),
        ("sembako_jabodetabek", "tahap_3", 1),
        ("sembako_jabodetabek", "april:juni", 6),  # lewat bulan acuan
        ("semua", "april", 5),  # PKH, Sembako, dua tahap Jabodetabek, BST
        ("semua", "semua", 44),
    ],
)
def test_select(salur, program, periode, harap):
    assert len(bansos.select(salur, program, periode)) == harap


@pytest.mark.parametrize(
    ("program", "periode", "pesan"),
    [
        ("bpnt", "semua", "Program 'bpnt' tidak ada"),
        ("bst", "agustuss", "Periode 'agustuss' tidak ada"),
        ("bst", "januari", "Tidak ada penyaluran"),
        ("sembako", "juni:april", "terbalik"),
        ("pkh", "tahap_1:tahap_9", "tahap_9"),
    ],
)
def test_wrong_choice_is_one_message(salur, program, periode, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        bansos.select(salur, program, periode)


# Sumber kedua dan belanja bansos


def test_second_source_lies_on_the_path_except_bst(d2020):
    """3 November: BST 25,86 triliun di bawah jumlah laporan April-Oktober (26,686 triliun)."""
    isi = bansos.second_source(d2020).set_index("program")
    assert isi["letak"].to_dict() == {
        "pkh": "di_antara",
        "sembako": "di_antara",
        "sembako_jabodetabek": "di_antara",
        "bst": "di_bawah",
        "beras_pkh": "tidak_dinilai",
        "tunai_non_pkh": "tidak_dinilai",
    }
    assert isi.loc["bst", "sebelum"] == 26_686_092_900_000
    assert isi.loc["bst", "setelah_tanggal"] == 32_216_588_400_000 - 25_860_000_000_000
    assert set(isi["bulan"]) == {11}


def test_reconciliation_by_hand(d2020):
    isi = bansos.reconcile(d2020).set_index("langkah")
    assert isi.loc["belanja_bansos", "rupiah"] == 124_399_000_609_552
    assert isi.loc["tunai_non_pkh", "sisa"] == 124_399_000_609_552 - 115_091_345_731_000
    assert isi.loc["sembako_jabodetabek", ["asal", "rupiah"]].tolist() == ["diturunkan", -6_485_148_600_000]
    assert isi.loc["beras_pkh", ["asal", "rupiah"]].tolist() == ["sumber_kedua", -3_290 * MILIAR]
    assert isi.loc["sisa", "sisa"] == 124_399_000_609_552 - 121_576_494_331_000 - 3_290 * MILIAR == -467_493_721_448


def test_ceilings_of_the_six_exceed_the_bansos_ceiling(d2020):
    isi = bansos.reconcile(d2020, "pagu").set_index("langkah")
    assert isi.loc["sisa", "sisa"] == 128_101_734_274_480 - 128_830 * MILIAR
    with pytest.raises(GalatParameter):
        bansos.reconcile(d2020, "tunggakan")


def test_overlapping_rules_stop(d2020):
    d = changed(d2020, "pen_aturan", "pen_aturan/bst/nilai_per_kpm/7/12", bulan_awal=6)
    with pytest.raises(GalatHitung, match="tumpang tindih"):
        bansos.disbursements(d)
