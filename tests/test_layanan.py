"""SDM dan LKS: setiap nilai harapan berasal dari cetakan laporan atau hitungan tangan."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinerja import layanan
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatParameter


def test_exam_counts_are_the_printed_ones(d2020):
    uji = layanan.exams(d2020)
    cetak = {
        "tks": (43785, 8624, 2266, 1097), "peksos": (16944, 1433, 108, 551), "penyuluh": (353, 98, 1, 1),
        "relawan": (108341, 2054, 1397, 841),
    }  # fmt: skip
    kolom = ["populasi", *layanan.HASIL_UJI]
    assert {k: tuple(uji.loc[k, kolom]) for k in cetak} == cetak
    assert tuple(uji.loc["semua", kolom]) == (169423, 12209, 3772, 2490)
    assert uji.loc[list(cetak), kolom].sum().tolist() == uji.loc["semua", kolom].tolist()
    assert list(uji.index) == ["semua", "tks", "relawan", "peksos", "penyuluh"]
    assert uji.attrs["ids"]["lulus"]["relawan"] == "sdm/relawan/lulus/rekapitulasi"


def test_intake_and_its_missing_numbers(d2020):
    masuk = layanan.intake(d2020)
    assert masuk.loc["IKU3", ["target", "populasi", "tahun_lalu", "peserta", "lulus"]].tolist() == [
        25, 169423, 23632, 18471, 12209,
    ]  # fmt: skip
    assert masuk.loc["IKU4", ["target", "populasi", "tahun_lalu", "peserta", "lulus"]].tolist() == [
        28, 40000, 6423, 3013, 2406,
    ]  # fmt: skip
    isi = {nama: d2020[nama] for nama in ("lks", "sdm", "iku", "pk_target")}
    isi["lks"] = isi["lks"].query("ukuran != 'peserta'")
    kurang = layanan.intake(Data(2020, isi, d2020.satuan, d2020.sumber))
    assert kurang["peserta"].isna().tolist() == [False, True]


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


def test_participants_needed_for_sdm(d2020):
    isi = layanan.what_if(d2020, "IKU3", peserta=10000, persen_lulus=50).set_index("tahun")
    # perlu 6.515 lagi; dalam 4 tahun 1.628,75 menjadi 1.629 lulus per tahun; pada 50% itu 3.258 peserta
    assert isi.at[2024, "peserta_perlu"] == 3258 and math.isnan(isi["peserta_perlu"].astype(float)[2020])
    # 10.000 x 50% = 5.000 tahun pertama belum cukup (40.841), 10.000 tahun kedua cukup (45.841)
    assert isi["tercapai"].to_dict() == {2020: False, 2021: False, 2022: True, 2023: True, 2024: True}


def test_participants_needed_for_lks(d2020):
    isi = layanan.what_if(d2020, "IKU4", peserta=1500, persen_lulus=80).set_index("tahun")
    # 40% dari 40.000 = 16.000; kurang 7.171; 1.792,75 -> 1.793 per tahun; / 80% = 2.241,25 -> 2.242 peserta
    assert isi.at[2024, "peserta_perlu"] == 2242
    assert not isi["tercapai"].any() and isi.at[2024, "kurang"] == 16000 - 13629


def test_nothing_more_is_needed_once_reached(d2020):
    renstra = d2020["renstra"]
    renstra.loc[renstra["kode"] == "IKU3", "nilai"] = 20.0
    isi = {nama: d2020[nama] for nama in ("sdm", "iku", "pk_target")} | {"renstra": renstra}
    hasil = layanan.what_if(Data(2020, isi, d2020.satuan, d2020.sumber), "IKU3")
    assert hasil["tercapai"].all() and (hasil["peserta_perlu"] == 0).all()


@settings(deadline=None)
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
        ({"kode": "IKU3", "peserta": -1}, "Peserta per tahun -1"),
        ({"kode": "IKU4", "peserta": 40001}, "Peserta per tahun 40001"),
        ({"kode": "IKU4", "peserta": 1.5}, "Peserta per tahun 1.5"),
        ({"kode": "IKU3", "persen_lulus": 101}, "Kelulusan 101"),
        ({"kode": "IKU3", "persen_lulus": -1.0}, "Kelulusan -1.0"),
    ],
)
def test_what_if_refuses(d2020, masukan, kata):
    with pytest.raises(GalatParameter, match=kata):
        layanan.what_if(d2020, **masukan)


def test_missing_count_stops_with_a_message(d2020):
    isi = {nama: d2020[nama] for nama in ("lks", "iku", "pk_target")}
    hilang = (isi["lks"]["tahun"] == 2020) & (isi["lks"]["ukuran"] == "populasi")
    isi["lks"].loc[hilang, "nilai"] = math.nan
    with pytest.raises(GalatHitung, match="lks/2020/populasi tidak tersedia"):
        layanan.start(Data(2020, isi, d2020.satuan, d2020.sumber), "IKU4")
