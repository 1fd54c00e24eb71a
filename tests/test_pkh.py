"""Bantuan PKH: nilai harapan dari cetakan laporan atau hitungan tangan."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinerja import pkh
from kinerja.errors import GalatParameter
from test_bansos import changed


def test_component_months_times_twelve(d2020):
    isi = pkh.components(d2020).set_index("komponen")["selisih"]
    assert isi[isi != 0].to_dict() == {"sma": 166_000 * 12 - 2_000_000}


@pytest.mark.parametrize(
    ("keluarga", "per_tahun", "per_bulan", "batas", "tidak_dihitung"),
    [
        ({"sd": 1}, 900_000, 75_000, "", 0),  # batas terendah yang tercetak
        ({"sma": 1}, 2_000_000, 166_000, "", 0),
        ({"ibu_hamil": 1, "sd": 1}, 3_900_000, 325_000, "", 0),
        ({"ibu_hamil": 1, "anak_usia_dini": 1, "disabilitas": 1, "lansia": 1}, 10_800_000, 900_000, "", 0),
        ({"ibu_hamil": 4}, 10_800_000, 900_000, "tertinggi", 0),  # 12 juta sebelum batas
        # lima orang: SD (terendah) tidak dihitung; 3 + 2,4 + 2 + 1,5 juta
        ({"sd": 1, "smp": 1, "sma": 1, "lansia": 1, "ibu_hamil": 1}, 8_900_000, 741_000, "", 1),
        ({"sd": 6}, 3_600_000, 300_000, "", 2),
    ],
)
def test_benefit_by_hand(d2020, keluarga, per_tahun, per_bulan, batas, tidak_dihitung):
    b = pkh.benefit(d2020, keluarga)
    assert (b.per_tahun, b.per_bulan, b.batas, b.tidak_dihitung) == (per_tahun, per_bulan, batas, tidak_dihitung)


@pytest.mark.parametrize(
    ("keluarga", "pesan"),
    [
        ({}, "tanpa komponen"),
        ({"sd": 0}, "tanpa komponen"),
        ({"sd": -1}, "negatif"),
        ({"sd": 1.5}, "bilangan bulat"),
        ({"sd": True}, "bilangan bulat"),
        ({"tk": 1}, "Komponen PKH 'tk' tidak ada"),
    ],
)
def test_bad_family(d2020, keluarga, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        pkh.benefit(d2020, keluarga)


KOMPONEN = ("ibu_hamil", "anak_usia_dini", "sd", "smp", "sma", "disabilitas", "lansia")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(KOMPONEN), min_size=1, max_size=9), st.sampled_from(KOMPONEN))
def test_benefit_properties(d2020, anggota, tambahan):
    """Di dalam rentang tercetak, paling banyak empat orang, dan tidak turun bila anggota bertambah."""

    def hitung(isi):
        return pkh.benefit(d2020, {k: isi.count(k) for k in KOMPONEN})

    b = hitung(anggota)
    assert 900_000 <= b.per_tahun <= 10_800_000 and 75_000 <= b.per_bulan <= 900_000
    assert b.rincian["dihitung"].sum() == min(4, len(anggota))
    assert hitung([*anggota, tambahan]).per_tahun >= b.per_tahun


def test_two_readings_of_the_rise(d2020):
    """Ibu hamil 3.000.000: +25% setahun = 750.000; +25% dari 3 x 250.000 = 187.500."""
    b = pkh.benefit(d2020, {"ibu_hamil": 1})
    isi = pkh.benefit_year(d2020, b).set_index("bacaan")
    assert isi["tambahan"].to_dict() == {"tanpa_kenaikan": 0, "dari_setahun": 750_000, "dari_sebulan": 187_500}
    assert isi.loc["dari_setahun", "setahun"] == 3_750_000


def test_disbursement_supports_the_yearly_reading(d2020):
    """April-Juni Rp7.500.759.975.000 / 30 juta = 250.025; Juli-September Rp7.563.839.081.000 / 30 juta = 252.128."""
    isi = pkh.rise(d2020).set_index("periode")
    assert isi.loc["kenaikan", "per_kpm_bulan"] == pytest.approx(250_025.3325)
    assert isi.loc["bulanan", "per_kpm_bulan"] == pytest.approx(252_127.9693667)
    assert isi.loc["kenaikan", "terhadap_bulanan"] == pytest.approx(99.166, abs=1e-3)
    assert isi.loc["setahun", "bulan_dicakup"] == isi.loc[~isi["jumlah"], "bulan_dicakup"].sum() == 15
    assert isi.loc["kenaikan", "bila_naik"] == pytest.approx(252_127.9693667 * 1.25)


def test_pkh_payments_lie_in_the_printed_band(d2020):
    isi = pkh.payments(d2020)
    assert isi["di_dalam"].all() and set(isi["terendah"]) == {75_000} and set(isi["tertinggi"]) == {900_000}
    assert isi.set_index("periode").loc["tahap_1", "per_kpm"] == pytest.approx(7_006_735_800_000 / 9_024_049)


def test_a_year_without_the_rise_has_one_reading(d2020):
    d = changed(d2020, "pen_aturan", "pen_aturan/pkh/kenaikan_bantuan/4/6", ukuran="kenaikan_lain")
    b = pkh.benefit(d, {"sd": 2})
    assert pkh.benefit_year(d, b)["bacaan"].tolist() == ["tanpa_kenaikan"]
    assert set(pkh.payments(d)["masa"]) == {"triwulanan", "bulanan"}
