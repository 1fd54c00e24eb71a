"""SDM, LKS, SLRT: setiap nilai harapan berasal dari cetakan laporan atau hitungan tangan."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja import fmt, layanan
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatParameter


def dua(x):
    return fmt.round_half_up(float(x), 2)


# SDM


def test_population_by_kind(d2020):
    isi = layanan.sdm_population(d2020).set_index("jenis")
    assert isi["populasi"].to_dict() == {"relawan": 108341, "tks": 43785, "peksos": 16944, "penyuluh": 353}
    assert isi["populasi"].sum() == 169423
    assert isi["pangsa"].sum() == pytest.approx(100)


def test_exam_rates_are_the_printed_ones(d2020):
    uji = layanan.sdm_exams(d2020).set_index("jenis")
    cetak = {
        "tks": (8624, 71.94, 2266, 18.90, 1097, 9.15),
        "peksos": (1433, 68.50, 108, 5.16, 551, 26.34),
        "penyuluh": (98, 98.00, 1, 1.00, 1, 1.00),
        "relawan": (2054, 47.86, 1397, 32.55, 841, 19.59),
    }
    for jenis, harap in cetak.items():
        baris = uji.loc[jenis]
        dapat = [(baris[h], dua(baris[f"persen_{h}"])) for h in layanan.HASIL_UJI]
        assert tuple(x for pasang in dapat for x in pasang) == harap, jenis
        for hasil in layanan.HASIL_UJI:
            assert dua(baris[f"persen_{hasil}"]) == baris[f"tercetak_{hasil}"], (jenis, hasil)


def test_exam_totals(d2020):
    semua = layanan.sdm_exams(d2020).set_index("jenis").loc["semua"]
    assert (semua["peserta"], semua["lulus"], semua["tidak_lulus"], semua["tidak_hadir"]) == (18471, 12209, 3772, 2490)
    assert dua(semua["persen_lulus"]) == 66.10
    # 12.209 / (18.471 - 2.490) = 12.209 / 15.981
    assert semua["persen_lulus_hadir"] == pytest.approx(12209 / 15981 * 100)


def test_share_of_volunteers_among_participants_is_misprinted(d2020):
    """4.292 / 18.471 = 23,2364: laporan mencetak 23,25. Tiga jenis lain cocok."""
    uji = layanan.sdm_exams(d2020).query("not jumlah").set_index("jenis")
    beda = {j: (dua(b["proporsi_peserta"]), b["tercetak_proporsi"]) for j, b in uji.iterrows()}
    assert beda["relawan"] == (23.24, 23.25)
    assert beda["peksos"] == (11.33, 11.33)
    assert beda["penyuluh"] == (0.54, 0.54)
    assert fmt.round_half_up(uji.at["tks", "proporsi_peserta"], 1) == 64.9


def test_outcomes_are_the_same_counts_in_long_form(d2020):
    panjang = layanan.sdm_outcomes(d2020)
    assert len(panjang) == 5 * 3
    assert panjang.groupby("jenis")["persen"].sum().round(9).eq(100).all()
    assert panjang.query("jenis == 'peksos' and hasil == 'tidak_hadir'")["orang"].item() == 551


def test_both_population_versions_are_kept(d2020):
    isi = layanan.sdm_versions(d2020).set_index("versi")
    assert isi["populasi"].to_dict() == {"rincian": 169423, "prosa": 169243}
    # 35.841 / 169.423 = 21,1547%; 35.841 / 169.243 = 21,1772%: hanya yang pertama menjadi 21,15 seperti dicetak
    assert dua(isi.at["rincian", "persen"]) == 21.15 and bool(isi.at["rincian", "cocok"])
    assert dua(isi.at["prosa", "persen"]) == 21.18 and not bool(isi.at["prosa", "cocok"])
    # 21,1547 / 25 = 84,62; versi lain 84,71; yang dicetak di prosa 83,98 tidak keluar dari keduanya
    assert [dua(x) for x in isi["capaian"]] == [84.62, 84.71]
    assert isi["selisih"].to_dict() == {"rincian": 0, "prosa": -180}
    assert isi["dipakai"].to_dict() == {"rincian": True, "prosa": False}


def test_certified_series_keeps_years_without_numbers(d2020):
    isi = layanan.sdm_series(d2020, tahun_awal=2017).set_index("tahun")
    assert isi.loc[[2017, 2018], "keadaan"].tolist() == ["tidak_tersedia"] * 2
    assert isi.loc[[2019, 2020], "tersertifikasi"].tolist() == [23632, 35841]
    assert [dua(x) for x in isi.loc[[2019, 2020], "persen"]] == [13.95, 21.15]
    # kenaikan yang dicetak: 7,21 poin persen
    assert dua(isi.at[2020, "persen"] - isi.at[2019, "persen"]) == 7.21


# LKS


def test_accreditation_results(d2020):
    isi = layanan.lks_results(d2020).set_index("hasil")
    assert isi["lembaga"].to_dict() == {
        "nilai_a": 341,
        "nilai_b": 1120,
        "nilai_c": 945,
        "tidak_terakreditasi": 607,
        "terakreditasi": 2406,
        "peserta": 3013,
    }
    assert [dua(isi.at[x, "persen_terakreditasi"]) for x in layanan.NILAI_AKREDITASI] == [14.17, 46.55, 39.28]
    assert [dua(isi.at[x, "persen_peserta"]) for x in ("terakreditasi", "tidak_terakreditasi")] == [79.85, 20.15]


def test_accreditation_series_and_population_break(d2020):
    isi = layanan.lks_series(d2020).set_index("tahun")
    assert isi["populasi"].to_dict() == {2017: 34587, 2018: 34587, 2019: 40000, 2020: 40000}
    assert isi.index[isi["populasi_berubah"]].tolist() == [2019]
    assert isi.loc[[2017, 2018], "keadaan"].tolist() == ["tidak_tersedia"] * 2
    assert isi.loc[[2019, 2020], "terakreditasi_kumulatif"].tolist() == [6423, 8829]
    assert [dua(x) for x in isi.loc[[2019, 2020], "persen"]] == [16.06, 22.07]
    assert isi.loc[[2018, 2019, 2020], "persen_a_b"].tolist() == [58.70, 51.88, 60.72]
    # 79,85 + 6,85 = 86,70
    assert isi.at[2019, "persen_terakreditasi"] == 86.70 and isi.at[2019, "keadaan_terakreditasi"] == "diturunkan"


def test_what_the_target_means_in_institutions(d2020):
    isi = layanan.lks_target(d2020).set_index("hal")
    assert isi.at["sasaran_kumulatif", "dihitung"] == 11200 == isi.at["sasaran_kumulatif", "tercetak"]
    # 11.200 - 6.423 = 4.777; dicetak 4.770
    assert (isi.at["sasaran_tahunan", "dihitung"], isi.at["sasaran_tahunan", "selisih"]) == (4777, -7)
    assert isi.at["kekurangan", "dihitung"] == 11200 - 8829


# SLRT


def test_slrt_series(d2020):
    isi = layanan.slrt_series(d2020).set_index("tahun")
    assert isi["kabkota"].to_dict() == {2016: 50, 2017: 70, 2018: 130, 2019: 150, 2020: 150}
    assert isi["keadaan"].to_dict()[2016] == "diturunkan" and (isi["keadaan"].drop(2016) == "dikutip").all()
    assert isi["tambahan"].dropna().tolist() == [20, 60, 20, 0]
    assert dua(isi.at[2020, "persen"]) == 29.18


def test_slrt_complaints_by_month_stay_missing(d2020):
    isi = layanan.slrt_facts(d2020).set_index("ukuran")
    assert isi.at["keluhan", "nilai"] == 18298
    assert isi.at["keluhan_per_bulan", "keadaan"] == "tidak_tersedia" and math.isnan(
        isi.at["keluhan_per_bulan", "nilai"]
    )
    assert (isi.at["target_semula", "nilai"], isi.at["target_revisi", "nilai"]) == (56, 29.18)


# Andaian


def test_count_for_is_exact():
    assert layanan.count_for(40000, 28) == 11200
    assert layanan.count_for(169423, 25) == 42356  # 42.355,75
    assert layanan.count_for(1000, 0.1) == 1  # 0,1 x 1000 / 100 dalam biner 1,0000000000000002


@given(st.integers(1, 500_000), st.integers(0, 10_000).map(lambda x: x / 100))
def test_count_for_is_the_smallest_that_reaches(populasi, target):
    perlu = layanan.count_for(populasi, target)
    ratusan = round(target * 100)  # target tepat dua desimal, jadi hitungan ini bilangan bulat
    assert perlu * 10_000 >= populasi * ratusan
    assert perlu == 0 or (perlu - 1) * 10_000 < populasi * ratusan


def test_sdm_at_this_years_pace_reaches_the_target_next_year(d2020):
    isi = layanan.what_if(d2020, "IKU3").set_index("tahun")
    # 35.841 + 12.209 = 48.050; 25% dari 169.423 adalah 42.356
    assert isi["terpenuhi"].to_dict() == {2020: 35841, 2021: 48050, 2022: 60259, 2023: 72468, 2024: 84677}
    assert isi.at[2020, "kurang"] == 42356 - 35841
    assert isi["tercapai"].to_dict() == {2020: False, 2021: True, 2022: True, 2023: True, 2024: True}


def test_required_for_sdm(d2020):
    isi = layanan.required(d2020, "IKU3", peserta=10000, persen_lulus=50).set_index("hal")["nilai"]
    # perlu 6.515 lagi dalam 4 tahun: 1.628,75 menjadi 1.629 lulus per tahun; pada 50% itu 3.258 peserta;
    # dengan 10.000 peserta cukup 16,29% yang lulus
    assert (isi["cacah_target"], isi["masih_perlu"], isi["lulus_per_tahun"]) == (42356, 6515, 1629)
    assert isi["peserta_perlu"] == 3258
    assert isi["kelulusan_perlu"] == pytest.approx(16.29)
    # 10.000 x 50% = 5.000 tahun pertama belum cukup (40.841), 10.000 tahun kedua cukup (45.841)
    assert isi["tahun_tercapai"] == 2022


def test_required_for_lks(d2020):
    isi = layanan.required(d2020, "IKU4", peserta=1500, persen_lulus=80).set_index("hal")["nilai"]
    # 40% dari 40.000 = 16.000; kurang 7.171; 1.792,75 -> 1.793 per tahun; / 80% = 2.241,25 -> 2.242 peserta
    assert (isi["cacah_target"], isi["masih_perlu"], isi["lulus_per_tahun"]) == (16000, 7171, 1793)
    assert isi["peserta_perlu"] == 2242
    # 1.793 / 1.500 = 119,53%: mustahil dengan peserta sebanyak itu, dan sampai 2024 tidak tercapai
    assert dua(isi["kelulusan_perlu"]) == 119.53
    assert math.isnan(isi["tahun_tercapai"])


def test_population_version_changes_the_answer(d2020):
    rinci, prosa = (layanan.required(d2020, "IKU3", versi=v).set_index("hal")["nilai"] for v in ("rincian", "prosa"))
    # 25% dari 169.243 = 42.310,75 -> 42.311: 45 orang lebih sedikit
    assert rinci["cacah_target"] - prosa["cacah_target"] == 45


@given(st.integers(1, 40_000), st.integers(1, 40_000), st.integers(1, 100))
def test_more_participants_never_hurt(d2020, a, b, lulus):
    sedikit, banyak = sorted((a, b))
    kurang = layanan.what_if(d2020, "IKU4", peserta=sedikit, persen_lulus=lulus)["terpenuhi"]
    lebih = layanan.what_if(d2020, "IKU4", peserta=banyak, persen_lulus=lulus)["terpenuhi"]
    assert (lebih >= kurang).all() and (lebih <= 40_000).all() and lebih.is_monotonic_increasing


@pytest.mark.parametrize(
    ("masukan", "kata"),
    [
        ({"kode": "IKU5"}, "tidak dapat diandaikan"),
        ({"kode": "IKU3", "versi": "lain"}, "Versi populasi 'lain'"),
        ({"kode": "IKU3", "peserta": -1}, "Peserta per tahun -1"),
        ({"kode": "IKU4", "peserta": 40001}, "Peserta per tahun 40001"),
        ({"kode": "IKU4", "peserta": 1.5}, "Peserta per tahun 1.5"),
        ({"kode": "IKU3", "persen_lulus": 101}, "Kelulusan 101"),
        ({"kode": "IKU3", "persen_lulus": -1.0}, "Kelulusan -1.0"),
    ],
)
def test_what_if_refuses(d2020, masukan, kata):
    for fungsi in (layanan.what_if, layanan.required):
        with pytest.raises(GalatParameter, match=kata):
            fungsi(d2020, **masukan)


def test_missing_count_stops_with_a_message(d2020):
    isi = {nama: d2020[nama] for nama in ("lks", "iku", "pk_target")}
    hilang = (isi["lks"]["tahun"] == 2020) & (isi["lks"]["ukuran"] == "populasi")
    isi["lks"].loc[hilang, "nilai"] = math.nan
    with pytest.raises(GalatHitung, match="lks/2020/populasi tidak tersedia"):
        layanan.lks_target(Data(2020, isi, d2020.satuan, d2020.sumber))
