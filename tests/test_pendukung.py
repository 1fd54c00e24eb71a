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


def test_unknown_target_group(d2020):
    with pytest.raises(GalatParameter, match="semua, rt, pd, ls"):
        pendukung.framework(d2020, "anak")


def test_programmes_by_dimension(d2020):
    isi = pendukung.programmes(d2020).set_index("program")
    # dicetak: 9 program kebutuhan dasar, 8 peranan sosial, 5 kemandirian ekonomi; PKH di ketiganya
    assert isi[["KD", "PS", "KE"]].sum().to_dict() == {"KD": 9, "PS": 8, "KE": 5}
    assert isi.index[isi["dimensi_didukung"] == 3].tolist() == ["PKH"]
