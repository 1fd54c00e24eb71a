"""Selang peringkat serentak (Klein, Wright, dan Wieczorek 2020) dan seri menurut beda relatif."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, t

from kinerja.errors import GalatParameter
from kinerja.index import Pohon, Skenario, joint_rank_intervals, rank_array, run_uncertainty


def test_joint_intervals_by_hand():
    """Empat unit, galat baku 1, tingkat 90%: kuantil Bonferroni 1 - 0,1/8 = 2,2414.

    Selangnya 10 +- 2,24 = (7,76; 12,24), 7 = (4,76; 9,24), 5 = (2,76; 7,24), 1 = (-1,24; 3,24). Yang pertama pasti di atas
    5 dan 1; 7 pasti di atas 1; 5 tumpang tindih dengan 7 dan 1.
    """
    assert norm.isf(0.1 / 8) == pytest.approx(2.2414, abs=1e-4)
    bawah, atas = joint_rank_intervals([10.0, 7.0, 5.0, 1.0], np.ones(4))
    assert bawah.tolist() == [1, 1, 2, 3] and atas.tolist() == [2, 3, 4, 4]


def test_missing_units_and_small_degrees_of_freedom():
    nilai, se = np.array([10.0, np.nan, 5.0, 1.0]), np.array([1.0, 1.0, 1.0, np.nan])
    bawah, atas = joint_rank_intervals(nilai, se)
    assert bawah.tolist() == [1, 0, 2, 0] and atas.tolist() == [1, 0, 2, 0]
    # t(2) untuk dua unit pada 90%: 4,303; 10 - 4,303 < 5 + 4,303
    assert t.isf(0.025, 2) == pytest.approx(4.303, abs=1e-3)
    bawah, atas = joint_rank_intervals(nilai, se, df=2)
    assert bawah.tolist() == [1, 0, 1, 0] and atas.tolist() == [2, 0, 2, 0]
    assert [x.tolist() for x in joint_rank_intervals([np.nan], [1.0])] == [[0], [0]]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(0, 20)), min_size=1, max_size=15),
    st.sampled_from(["bonferroni", "sidak"]),
    st.floats(0.5, 0.99),
)
def test_joint_intervals_equal_the_definition(isi, metode, tingkat):
    nilai, se = np.array(isi, dtype=float).T
    bawah, atas = joint_rank_intervals(nilai, se, tingkat, metode=metode)
    n = len(nilai)
    alfa = (1 - tingkat) / n if metode == "bonferroni" else 1 - tingkat ** (1 / n)
    rendah, tinggi = nilai - norm.isf(alfa / 2) * se, nilai + norm.isf(alfa / 2) * se
    for k in range(n):
        assert bawah[k] == 1 + sum(rendah[j] > tinggi[k] for j in range(n))
        assert atas[k] == n - sum(tinggi[j] < rendah[k] for j in range(n))
    titik = rank_array(nilai)
    assert (bawah <= titik).all() and (titik <= atas).all()


@pytest.mark.parametrize(
    ("pilihan", "pesan"),
    [
        ({"tingkat": 1.0}, "antara 0 dan 1"),
        ({"metode": "scheffe"}, "'scheffe' tidak dikenal"),
        ({"se": [1.0, -1.0]}, "negatif"),
        ({"se": [1.0]}, "sama panjang"),
        ({"df": 0}, "Derajat bebas"),
    ],
)
def test_bad_input_is_refused(pilihan, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        joint_rank_intervals(**{"nilai": [1.0, 2.0], "se": [1.0, 1.0], **pilihan})


def test_joint_intervals_from_replicates():
    pohon = Pohon.dari_tabel(pd.DataFrame({"kode": ["I", "x", "y"], "induk": ["", "I", "I"]}))
    data = pd.DataFrame({"x": [90.0, 50.0, 48.0], "y": [90.0, 50.0, 48.0]}, index=list("abc"))
    ragam = np.tile(np.eye(2) * 4.0, (3, 1, 1))
    resep = {"normalisasi": "apa_adanya"}
    from kinerja.index import Resep

    hasil = run_uncertainty(
        data, pohon, Skenario(sampel=True, ulangan=500), resep=Resep.dari_dict(resep), kovarian=ragam
    )
    selang = hasil.selang_serentak()
    assert selang.to_numpy().tolist() == [[1, 1], [2, 3], [2, 3]]
    lebar = hasil.ringkasan()
    assert (selang["peringkat_bawah"] <= lebar["peringkat_bawah"]).all()
    lain = run_uncertainty(data, pohon, {"agregasi": ["aritmetik", "geometrik"]}, resep=Resep.dari_dict(resep))
    with pytest.raises(GalatParameter, match="hanya memuat galat sampel"):
        lain.selang_serentak()


# -------------------------------------------------------------------- seri


def test_tiny_scores_keep_different_ranks():
    """Hasil kali dua belas anak pada skala 0-1: enam skor 1e-18 sampai 6e-17, enam peringkat."""
    skor = np.array([1e-18, 3e-18, 8e-18, 2e-17, 4e-17, 6e-17])
    assert rank_array(skor).tolist() == [6, 5, 4, 3, 2, 1]


def test_large_scores_do_not_keep_rounding_noise():
    skor = np.array([3e8, 3e8 + 1e-7, 2e8, 1e12, 1e12 + 10])
    assert rank_array(skor).tolist() == [3, 3, 5, 2, 1]


@pytest.mark.parametrize("skala", [1e-20, 1e-6, 1.0, 1e15])
def test_ties_do_not_depend_on_the_scale(skala):
    skor = np.array([0.1 + 0.2, 0.3, 0.1 + 0.2 - 0.3, 0.0, -1.0, np.nan, 0.3 + 1e-9]) * skala
    assert rank_array(skor).tolist() == [2, 2, 4, 4, 6, 0, 1]


def test_infinite_scores_are_ranked():
    assert rank_array(np.array([np.inf, np.inf, 1.0, -np.inf])).tolist() == [1, 1, 3, 4]
