"""Normalisasi, pencilan, dan imputasi: hitungan tangan dan kolom yang tidak sehat."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.index import (
    Acuan,
    Normalisasi,
    Olahan,
    Pohon,
    Resep,
    fit_array,
    impute_group,
    impute_siblings,
    inspect_indicators,
    normalise,
    treat_outliers,
)
from kinerja.index.normalisasi import normalise_array
from kinerja.index.outliers import OUTLIER_RULES
from kinerja.index.scalings import SCALINGS


@pytest.fixture
def dua():
    """x lebih besar lebih baik, y lebih kecil lebih baik."""
    return Pohon.dari_tabel(
        pd.DataFrame(
            {
                "kode": ["x", "y", "I"],
                "induk": ["I", "I", ""],
                "arah": [1, -1, 1],
                "tonggak_bawah": [0, 10, None],
                "tonggak_atas": [10, 30, None],
                "target": [20, 5, None],
            }
        )
    )


DATA = pd.DataFrame({"x": [2.0, 6.0, 10.0, 10.0], "y": [10.0, 20.0, 40.0, np.nan]}, index=list("abcd"))


@pytest.mark.parametrize(
    ("spek", "x", "y"),
    [
        (Normalisasi("minmax", 0, 1), [0, 0.5, 1, 1], [1, 2 / 3, 0, np.nan]),
        (Normalisasi("jarak_terbaik", 0, 1), [0, 0.5, 1, 1], [1, 2 / 3, 0, np.nan]),
        (Normalisasi("tonggak", 0, 1), [0.2, 0.6, 1, 1], [1, 0.5, 0, np.nan]),
        (Normalisasi("tonggak", 0, 1, potong=False), [0.2, 0.6, 1, 1], [1, 0.5, -0.5, np.nan]),
        (Normalisasi("jarak_target", 0, 1), [0, 4 / 18, 8 / 18, 8 / 18], [30 / 35, 20 / 35, 0, np.nan]),
        (Normalisasi("peringkat"), [1, 2, 3, 3], [3, 2, 1, np.nan]),
        (Normalisasi("persentil", 0, 1), [0, 1 / 3, 2 / 3, 2 / 3], [1, 0.5, 0, np.nan]),
        # pecahan terbaik: arah -1 memakai terkecil / x, bukan x / terbesar dari nilai yang dibalik tandanya
        (Normalisasi("pecahan_terbaik", 0, 1), [0.2, 0.6, 1, 1], [1, 0.5, 0.25, np.nan]),
        (Normalisasi("apa_adanya"), [2, 6, 10, 10], [-10, -20, -40, np.nan]),
    ],
)
def test_each_method_by_hand(dua, spek, x, y):
    hasil = normalise(DATA, dua, spek)
    np.testing.assert_allclose(hasil["x"], x, rtol=1e-12)
    np.testing.assert_allclose(hasil["y"], y, rtol=1e-12)


def test_capped_target_and_scale(dua):
    data = pd.DataFrame({"x": [0.0, 30.0], "y": [9.0, 1.0]}, index=["a", "b"])
    hasil = normalise(data, dua, Normalisasi("jarak_target", 1, 101, potong=True))
    assert hasil["x"].tolist() == [1, 101] and hasil["y"].tolist() == [1, 101]


@pytest.mark.parametrize("metode", [m for m in SCALINGS if m != "apa_adanya"])
def test_best_unit_scores_highest_whatever_the_direction(dua, metode):
    data = pd.DataFrame({"x": [1.0, 5.0, 9.0], "y": [30.0, 20.0, 12.0]}, index=list("abc"))
    hasil = normalise(data, dua, metode)
    for kode in ("x", "y"):
        assert hasil[kode].is_monotonic_increasing and hasil[kode].iloc[0] < hasil[kode].iloc[2], (metode, kode)


def test_scale_fixed_on_a_reference_year(dua):
    dasar = pd.DataFrame({"x": [0.0, 10.0], "y": [0.0, 10.0]}, index=["a", "b"])
    baru = pd.DataFrame({"x": [5.0, 12.0], "y": [5.0, -2.0]}, index=["a", "b"])
    hasil = normalise(baru, dua, "minmax", acuan=dasar)
    assert hasil["x"].tolist() == [50, 120] and hasil["y"].tolist() == [50, 120]
    peringkat = normalise(baru, dua, Normalisasi("persentil"), acuan=dasar)
    assert peringkat["x"].tolist() == [100, 100]


def test_method_per_indicator(dua):
    hasil = normalise(DATA, dua, {"y": Normalisasi("tonggak"), "*": Normalisasi("minmax", 1, 5)})
    assert hasil["x"].tolist() == [1, 3, 5, 5] and hasil["y"].tolist()[:3] == [100, 50, 0]
    with pytest.raises(GalatParameter, match="'x'"):
        normalise(DATA, dua, {"y": "minmax"})


@pytest.mark.parametrize("metode", ["minmax", "zskor", "jarak_terbaik"])
def test_constant_indicator_is_named_or_handled(dua, metode):
    data = DATA.assign(x=0.1)
    with pytest.raises(GalatHitung, match="'x' bernilai sama"):
        normalise(data, dua, metode)
    tengah = normalise(data, dua, Normalisasi(metode, rata=50, konstan="tengah"))["x"]
    assert tengah.tolist() == [50] * 4
    assert normalise(data, dua, Normalisasi(metode, konstan="hilang"))["x"].isna().all()


def test_refusals_name_the_indicator(dua):
    with pytest.raises(GalatHitung, match="target belum diisi untuk 'x'"):
        normalise(DATA, dua.ganti(target={"x": np.nan}), "jarak_target")
    with pytest.raises(GalatHitung, match="target tidak lebih baik.*'y'"):
        normalise(DATA, dua.ganti(target={"y": 50}), "jarak_target")
    with pytest.raises(GalatHitung, match="tonggak bawah/atas belum diisi untuk 'y'"):
        normalise(DATA, dua.ganti(tonggak_atas={"y": np.nan}), "tonggak")
    with pytest.raises(GalatHitung, match="nilai terbaik nol.*'y'"):
        normalise(DATA.assign(y=[0.0, 1, 2, 3]), dua, "pecahan_terbaik")
    with pytest.raises(GalatHitung, match="tidak ada data sama sekali pada indikator 'y'"):
        normalise(DATA.assign(y=np.nan), dua, "minmax")
    with pytest.raises(GalatParameter, match=r"'minmaks' \(mungkin 'minmax'\)"):
        normalise(DATA, dua, "minmaks")
    with pytest.raises(GalatParameter, match="harus berisi angka; periksa 'x'"):
        normalise(DATA.assign(x=list("pqrs")), dua)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**31), st.sampled_from([m for m in SCALINGS]))
def test_replicates_equal_one_by_one(benih, metode):
    acak = np.random.default_rng(benih)
    x = acak.uniform(1, 9, (3, 6, 2))
    x[acak.random(x.shape) < 0.1] = np.nan
    x[:, 0] = 5.0
    x[:, 1] = 7.0
    acuan = Acuan(
        ("x", "y"), np.array([1.0, -1.0]), np.array([0.0, 0.0]), np.array([10.0, 10.0]), np.array([20.0, 0.5])
    )
    bersama = normalise_array(x, Normalisasi(metode), acuan)
    for r in range(3):
        np.testing.assert_allclose(bersama[r], normalise_array(x[r], Normalisasi(metode), acuan), rtol=1e-12)
        np.testing.assert_allclose(bersama[r], fit_array(x[r], Normalisasi(metode), acuan).terapkan(x[r]), rtol=1e-12)


# -------------------------------------------------------------------- pencilan


@pytest.fixture
def lima():
    return Pohon.dari_tabel(
        pd.DataFrame({"kode": ["baik", "tetap", "biner", "nol", "ekor", "I"], "induk": ["I"] * 5 + [""]})
    )


@pytest.fixture
def kolom_sakit():
    n = 40
    nol = np.zeros(n)
    nol[:4] = [1, 2, 3, 500]
    return pd.DataFrame(
        {
            "baik": np.arange(n, dtype=float),
            "tetap": 7.0,
            "biner": [1.0] + [0.0] * (n - 1),
            "nol": nol,
            "ekor": [1000.0, *np.arange(1.0, n)],
        },
        index=[f"u{i}" for i in range(n)],
    )


def test_degenerate_columns_are_named_and_left_alone(lima, kolom_sakit):
    keadaan = inspect_indicators(kolom_sakit.drop(columns="baik"), lima)["keadaan"]
    assert keadaan.to_dict() == {
        "baik": "tidak tersedia",
        "tetap": "konstan",
        "biner": "biner",
        "nol": "sebagian besar nol",
        "ekor": "berpencilan",
    }
    hasil = treat_outliers(kolom_sakit, lima)
    tindakan = hasil.ringkasan["tindakan"]
    assert tindakan["tetap"] == "tidak diolah: konstan" and tindakan["biner"] == "tidak diolah: biner"
    assert tindakan["nol"] == "tidak diolah: sebagian besar nol" and tindakan["baik"] == "tidak perlu"
    assert tindakan["ekor"] == "winsor" and hasil.data.at["u0", "ekor"] == 39
    assert hasil.catatan[["unit", "indikator", "nilai_lama", "nilai_baru"]].to_numpy().tolist() == [
        ["u0", "ekor", 1000.0, 39.0]
    ]
    utuh = ["baik", "tetap", "biner", "nol"]
    pd.testing.assert_frame_equal(hasil.data[utuh], kolom_sakit[utuh])


def test_winsor_in_the_low_tail(lima, kolom_sakit):
    data = kolom_sakit.assign(ekor=-kolom_sakit["ekor"])
    hasil = treat_outliers(data, lima)
    assert hasil.catatan["tindakan"].tolist() == ["winsor bawah"] and hasil.data.at["u0", "ekor"] == -39


def test_log_when_too_many_points(lima, kolom_sakit):
    """log_CT dan log_CT_plus COINr 1.1.14: geseran 0,01 rentang, dicerminkan bila menceng ke kiri."""
    panjang = np.exp(np.linspace(0, 12, 40)) - 1
    geser = 0.01 * panjang[-1]
    hasil = treat_outliers(kolom_sakit.assign(ekor=panjang), lima, Olahan(maks_titik=1))
    assert hasil.ringkasan.at["ekor", "tindakan"] == "log"
    np.testing.assert_allclose(hasil.data["ekor"], np.log(panjang + geser), rtol=1e-12)
    assert (hasil.catatan["tindakan"] == "log").all() and len(hasil.catatan) == 40
    ke_bawah = treat_outliers(kolom_sakit.assign(ekor=-panjang), lima, Olahan("log"))
    np.testing.assert_allclose(ke_bawah.data["ekor"], -np.log(panjang + geser), rtol=1e-12)


PDRB = [21, 23, 24, 26, 28, 30, 33, 35, 38, 41, 44, 52, 60, 75, 98, 130, 160, 190, 540, 980.0]


@pytest.fixture
def pdrb():
    """Dua indikator, 20 unit; pdrb menceng sehingga sampai ke langkah log."""
    pohon = Pohon.dari_tabel(pd.DataFrame({"kode": ["I", "pdrb", "y"], "induk": ["", "I", "I"]}))
    unit = [f"k{i:02d}" for i in range(20)]
    return pohon, pd.DataFrame({"pdrb": PDRB, "y": np.linspace(40, 80, 20)}, index=unit)


@pytest.mark.parametrize("faktor", [1, 1e-3, 1e3, 1e6])
def test_log_step_does_not_depend_on_the_unit_of_measure(pdrb, faktor):
    """Nilai k10 dari COINr log_CT, sama dalam satuan apa pun."""
    pohon, data = pdrb
    hasil = Resep(olahan=Olahan(maks_titik=1)).jalankan(data.assign(pdrb=data["pdrb"] * faktor), pohon)
    assert set(hasil.catatan["tindakan"]) == {"log"}
    assert hasil.normal.at["k10", "pdrb"] == pytest.approx(26.51, abs=0.005)
    assert hasil.indeks["k10"] == pytest.approx(39.57, abs=0.005)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.floats(0.1, 1e4), min_size=8, max_size=25, unique=True),
    st.sampled_from([1e-6, 1e-3, 1000.0, 1e6]),
    st.sampled_from(sorted(OUTLIER_RULES)),
    st.sampled_from([1, -1]),
)
def test_another_unit_of_measure_changes_no_rank(isi, faktor, cara, tanda):
    pohon = Pohon.dari_tabel(pd.DataFrame({"kode": ["I", "p", "y"], "induk": ["", "I", "I"]}))
    data = pd.DataFrame({"p": tanda * np.array(isi) ** 3, "y": np.linspace(0, 1, len(isi))})
    resep = Resep(olahan=Olahan(cara, maks_titik=1))
    asli, lain = (resep.jalankan(data.assign(p=data["p"] * f), pohon) for f in (1.0, faktor))
    np.testing.assert_allclose(asli.nilai, lain.nilai, rtol=1e-8, atol=1e-8)
    assert asli.keadaan["keadaan"].equals(lain.keadaan["keadaan"])
    beda = asli.peringkat != lain.peringkat
    # peringkat hanya boleh bertukar di antara skor yang sama sampai galat pembulatan
    for unit in beda.index[beda["I"]]:
        assert (asli.indeks.drop(unit) - asli.indeks[unit]).abs().min() < 1e-8


def test_failure_is_stated_and_data_kept(lima, kolom_sakit):
    data = kolom_sakit.assign(ekor=[1e9, 1e9 + 1, 1e9 + 2, *np.linspace(0, 1e-3, 37)])
    hasil = treat_outliers(data, lima, Olahan("winsor", maks_titik=1))
    assert hasil.ringkasan.at["ekor", "tindakan"].startswith("gagal")
    pd.testing.assert_series_equal(hasil.data["ekor"], data["ekor"])
    assert hasil.catatan.empty


# -------------------------------------------------------------------- imputasi


def test_group_imputation_by_hand(dua):
    data = DATA.assign(pulau=["p", "p", "q", "q"], y=[1.0, np.nan, np.nan, np.nan])
    hasil = impute_group(data, dua, "pulau")
    assert hasil.data["y"].tolist()[:2] == [1, 1] and hasil.data["y"].isna().sum() == 2
    assert hasil.catatan["tindakan"].tolist() == ["imputasi", "tetap kosong", "tetap kosong"]
    assert hasil.catatan["alasan"].tolist()[0] == "rata-rata kelompok 'p'"
    assert hasil.ringkasan.loc["y"].tolist() == [3, 1, 2]
    median = impute_group(DATA, dua, statistik="median")
    assert median.data.at["d", "y"] == 20
    with pytest.raises(GalatParameter, match="Kelompok kosong untuk unit 'c'"):
        impute_group(data.assign(pulau=["p", "p", None, "q"]), dua, "pulau")


def test_sibling_imputation_respects_direction(dua):
    # d: x terbaik (1), jadi y diisi dengan yang terbaik, yaitu yang terkecil
    hasil = impute_siblings(DATA, dua)
    assert hasil.data.at["d", "y"] == pytest.approx(10)
    assert hasil.catatan["alasan"].tolist() == ["rata-rata saudara di bawah 'I'"]


def test_recipe_log_can_be_replayed(dua):
    resep = Resep.dari_dict({"normalisasi": {"metode": "minmax", "atas": 1}, "imputasi": "saudara", "olahan": "log"})
    satu, dua_kali = resep.jalankan(DATA, dua), resep.jalankan(DATA, dua)
    pd.testing.assert_frame_equal(satu.nilai, dua_kali.nilai)
    diputar = DATA.copy()
    for unit, kode, nilai in satu.catatan[["unit", "indikator", "nilai_baru"]].itertuples(index=False):
        diputar.at[unit, kode] = nilai
    pd.testing.assert_frame_equal(diputar, satu.siap)
    assert satu.indeks.name == "I" and satu.peringkat["I"].max() <= 4
    with pytest.raises(GalatParameter, match="'imputsi'"):
        Resep.dari_dict({"imputsi": "saudara"})
