"""Ikesos terbitan, kerangka, dan program pendukung: nilai harapan dari cetakan atau hitungan tangan."""

import math

import pandas as pd
import pytest

from kinerja import fmt, pendukung
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatParameter


def dua(x):
    return fmt.round_half_up(float(x), 2)


def test_published_values_and_categories(d2020):
    isi = pendukung.ikesos_values(d2020).set_index("tahun")
    assert isi["nilai"].dropna().to_dict() == {2018: 37.75, 2019: 38.41}
    assert isi.at[2019, "kategori"] == "sedang" == d2020.teks("ikesos/2019/kategori")
    assert isi.at[2020, "keadaan"] == "tidak_tersedia" and pd.isna(isi.at[2020, "kategori"])
    assert isi.at[2019, "perubahan"] == pytest.approx(0.66)


def test_path_to_the_end_of_renstra(d2020):
    isi = pendukung.ikesos_path(d2020).query("deret == 'renstra'").set_index("tahun")["nilai"]
    assert isi.to_dict() == {2020: 41, 2021: 43, 2022: 46, 2023: 49, 2024: 52}


def test_pace_is_counted_from_the_year_of_the_data(d2020):
    isi = pendukung.ikesos_pace(d2020).set_index("tahun")
    # 52 - 38,41 = 13,59 poin dalam lima tahun (2019 -> 2024) = 2,718 per tahun; lajunya dulu 0,66: 4,118 kali
    assert isi.at[2024, "jarak"] == pytest.approx(13.59)
    assert isi.at[2024, "sisa_tahun"] == 5
    assert isi.at[2024, "laju_perlu"] == pytest.approx(2.718)
    assert isi.at[2024, "kali_lipat"] == pytest.approx(2.718 / 0.66)
    # 38,41 + 5 x 0,66 = 41,71
    assert isi.at[2024, "proyeksi"] == pytest.approx(41.71)
    # capaian yang dicetak: 93,68 terhadap 41 dan 73,87 terhadap 52
    assert (dua(isi.at[2020, "capaian"]), dua(isi.at[2024, "capaian"])) == (93.68, 73.87)


def test_pace_without_any_value(d2020):
    isi = {nama: d2020[nama] for nama in ("ikesos", "ikesos_kategori", "renstra")}
    isi["ikesos"] = isi["ikesos"].assign(nilai=math.nan)
    with pytest.raises(GalatHitung, match="Tidak ada nilai Ikesos"):
        pendukung.ikesos_pace(Data(2020, isi, d2020.satuan, d2020.sumber))


def test_framework_has_three_by_eleven_by_twenty_nine(d2020):
    isi = pendukung.framework(d2020)
    assert (isi["dimensi"].nunique(), isi["subdimensi"].nunique(), len(isi)) == (3, 11, 29)
    assert isi.groupby("dimensi", sort=False).size().to_dict() == {"KD": 9, "PS": 12, "KE": 8}
    assert isi["nama_dimensi"].unique().tolist() == ["Kebutuhan Dasar", "Peranan Sosial", "Kemandirian Ekonomi"]


def test_framework_for_one_target_group(d2020):
    isi = pendukung.framework(d2020, "ls").set_index("kode")
    assert isi.at["PS6", "berlaku"] == "ya"  # rekreasi/olahraga hanya tercetak di kolom lansia
    assert isi.at["KD1", "berlaku"] == "tidak_pasti"  # sel kosong di kanan sel berisi: bisa jadi sel gabungan
    assert isi.at["KD2", "nama_tercetak"] == "Angka Kecukupan Gizi Kalori"
    assert isi.at["KE1", "nama_tercetak"] == "Bekerja tidak penuh"
    assert isi.at["PS11", "nama_tercetak"] == ""
    rt = pendukung.framework(d2020, "rt").set_index("kode")
    assert rt.at["PS6", "berlaku"] == "tidak" and (rt["berlaku"] != "tidak_pasti").all()


def test_framework_for_all_groups_takes_the_surest_answer(d2020):
    assert (pendukung.framework(d2020)["berlaku"] == "ya").all()


def test_framework_counts(d2020):
    isi = pendukung.framework_counts(d2020)
    assert (isi[["ya", "tidak_pasti", "tidak"]].sum(axis=1) == isi["indikator"]).all()
    semua = isi.query("jumlah").set_index("sasaran")
    # dihitung dari lampiran: sel berisi di kolom pertama 22, kedua 5, ketiga 5
    assert semua["ya"].to_dict() == {"rt": 22, "pd": 5, "ls": 5}
    assert semua["indikator"].unique().tolist() == [29]


def test_unknown_target_group(d2020):
    with pytest.raises(GalatParameter, match="semua, rt, pd, ls"):
        pendukung.framework(d2020, "anak")


def test_programmes_by_dimension(d2020):
    isi = pendukung.programmes(d2020).set_index("program")
    # dicetak: 9 program kebutuhan dasar, 8 peranan sosial, 5 kemandirian ekonomi; PKH di ketiganya
    assert isi[["KD", "PS", "KE"]].sum().to_dict() == {"KD": 9, "PS": 8, "KE": 5}
    assert isi.index[isi["dimensi_didukung"] == 3].tolist() == ["PKH"]


def test_graduation(d2020):
    isi = pendukung.graduation(d2020).set_index("jenis")
    assert isi["kpm"].to_dict() == {"alamiah": 838859, "sejahtera_mandiri": 352420, "jumlah": 1191279}
    assert [dua(isi.at[x, "persen"]) for x in ("alamiah", "sejahtera_mandiri")] == [70.42, 29.58]
    assert isi.drop("jumlah")["kpm"].sum() == isi.at["jumlah", "kpm"]


def test_p2k2_modules(d2020):
    isi = pendukung.p2k2(d2020).set_index("modul")
    assert isi["kpm"].to_dict() == {
        "keuangan_keluarga": 3176299,
        "pendidikan_pengasuhan": 2669066,
        "kesehatan_gizi": 1791095,
        "perlindungan_anak": 1319193,
        "kesejahteraan_keluarga": 725815,
    }
    # 3.176.299 / 132.300 = 24,0083; 2.669.066 / 113.714 = 23,4717
    assert isi.at["keuangan_keluarga", "kpm_per_kelompok"] == pytest.approx(24.0083, abs=5e-5)
    assert isi.at["pendidikan_pengasuhan", "kpm_per_kelompok"] == pytest.approx(23.4717, abs=5e-5)


def test_three_printed_kube_numbers_stay(d2020):
    isi = pendukung.versions(d2020, "kube", ["kpm_meningkat", "target", "realisasi"])
    cetak = {(u, t): int(n) for u, t, n in zip(isi["ukuran"], isi["tempat"], isi["nilai"], strict=True)}
    assert cetak == {
        ("kpm_meningkat", "kotak"): 26629,
        ("target", "prosa"): 29629,
        ("target", "prioritas_nasional"): 29629,
        ("realisasi", "prioritas_nasional"): 29599,
    }
    assert sorted(set(isi["selisih"])) == [-3000, -30, 0]
    with pytest.raises(GalatParameter, match="tidak punya angka"):
        pendukung.versions(d2020, "kube", ["kpm_nib"])


def test_kube_versions_without_priority_table(d2020):
    class TanpaPrioritas:
        tahun = d2020.tahun

        def has(self, nama):
            return nama != "pn_nilai" and d2020.has(nama)

        def __getitem__(self, nama):
            return d2020[nama]

    isi = pendukung.versions(TanpaPrioritas(), "kube", ["kpm_meningkat", "target"])
    assert isi["nilai"].tolist() == [26629, 29629]


def test_shares_that_can_be_recomputed(d2020):
    isi = pendukung.program_shares(d2020).set_index("program")
    # 19.037.175 / 20.000.000 = 95,19%; 784 / 1.000 = 78,4%
    assert [dua(isi.at[x, "persen"]) for x in ("sembako", "prokus")] == [95.19, 78.40]
    assert [dua(x) for x in isi["persen"]] == [dua(x) for x in isi["tercetak"]]


def test_reach_holds_every_boxed_count(d2020):
    isi = pendukung.reach(d2020)
    cetak = {19037175, 1000, 26629, 341, 735518, 185390, 184834, 272954, 75493, 10187}
    assert set(isi["nilai"]) == cetak
    assert isi["nilai"].is_monotonic_decreasing


def test_poverty_marks_derived_points_and_gap(d2020):
    isi = pendukung.poverty(d2020).set_index(["tahun", "bulan"])
    assert len(isi) == 12
    turunan = isi.index[isi["keadaan_jiwa"] == "diturunkan"].tolist()
    assert turunan == [(2015, 3), (2017, 9), (2018, 3)]
    assert math.isnan(isi.loc[(2015, 9), "persen"]) and isi.loc[(2015, 9), "keadaan_persen"] == "tidak_tersedia"
    # 27,55 - 26,42 juta = 1,13 juta
    assert isi.loc[(2020, 9), "perubahan"] == 1_130_000
    for tahun, bulan, ukuran in ((2019, 9, "jiwa"), (2020, 9, "jiwa"), (2020, 9, "persen")):
        assert d2020.nilai(f"kemiskinan/{tahun}/{bulan}/{ukuran}/lkj") == isi.loc[(tahun, bulan), ukuran]


def test_ppks_clusters_add_up_to_the_printed_total(d2020):
    isi = pendukung.ppks(d2020).set_index("kluster")
    assert isi.drop("jumlah")["jiwa"].sum() == 75_040_000 == isi.at["jumlah", "jiwa"]
    assert isi.at["disabilitas", "asal_data"] == "Susenas, 2018"


def test_missing_charts_are_listed(d2020):
    isi = set(pendukung.missing_charts(d2020)["id"])
    assert {"ikesos/2019/nilai_sasaran_dimensi", "program_ss1/atensi/ppks_per_sasaran/grafik"} <= isi
