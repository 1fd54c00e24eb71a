"""Pohon, agregasi, ambang, dan peringkat: hitungan tangan dan sifat umum."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.index import (
    MEANS,
    Olahan,
    Pohon,
    Resep,
    availability,
    compute,
    contributions,
    rank_array,
    rank_frame,
    run_uncertainty,
)
from kinerja.index.means import mean, register

nilai_positif = st.lists(st.floats(0.5, 100), min_size=4, max_size=4)


def one(pohon, **isi):
    return compute(pd.DataFrame([isi], index=["u"]), pohon).loc["u"]


@pytest.mark.parametrize(
    ("agregasi", "pangkat", "p", "q", "puncak"),
    [
        # P = (1*8 + 3*2)/4 dst., Q = (4, 16) berbobot sama
        ("aritmetik", None, 3.5, 10.0, 6.75),
        ("geometrik", None, (8 * 2**3) ** 0.25, 8.0, ((8 * 2**3) ** 0.25 * 8) ** 0.5),
        ("harmonik", None, 4 / (1 / 8 + 3 / 2), 6.4, 2 / ((1 / 8 + 3 / 2) / 4 + 1 / 6.4)),
        ("pangkat", 2.0, 19**0.5, 136**0.5, 77.5**0.5),
        # hasil kali apa adanya: (1/4 * 8) * (3/4 * 2) = 3; (1/2 * 4)(1/2 * 16) = 16; (3/2)(16/2) = 12
        ("hasil_kali", None, 3.0, 16.0, 12.0),
        # M - S^2/M: P: M = 3,5, S^2 = (4,5^2 + 3 * 1,5^2)/4 = 6,75; Q: 10 - 36/10; I: M = 279/70, S = (6,4 - 11/7)/2
        ("mazziotta_pareto", None, 3.5 - 6.75 / 3.5, 6.4, 279 / 70 - (169 / 70) ** 2 / (279 / 70)),
    ],
)
def test_means_by_hand(kecil, agregasi, pangkat, p, q, puncak):
    pohon = kecil.ganti(pangkat=pangkat) if pangkat else kecil
    hasil = one(pohon.ganti(agregasi=agregasi), a=8.0, b=2.0, c=4.0, d=16.0)
    assert hasil[["P", "Q", "I"]].to_numpy() == pytest.approx([p, q, puncak], rel=1e-12)


@pytest.mark.parametrize(("pangkat", "sama_dengan"), [(1.0, "aritmetik"), (0.0, "geometrik"), (-1.0, "harmonik")])
def test_power_mean_special_cases(kecil, pangkat, sama_dengan):
    isi = {"a": 8.0, "b": 2.0, "c": 4.0, "d": 16.0}
    kiri = one(kecil.ganti(pangkat=pangkat).ganti(agregasi="pangkat"), **isi)
    pd.testing.assert_series_equal(kiri, one(kecil.ganti(agregasi=sama_dengan), **isi))


def test_penalty_of_equal_children_is_nil_and_grows_with_imbalance(kecil):
    """Mazziotta dan Pareto: unit seimbang tidak didenda; yang timpang turun walau rata-ratanya sama."""
    pohon = kecil.ganti(agregasi="mazziotta_pareto", bobot={"a": 1, "b": 1})
    seimbang = one(pohon, a=100.0, b=100.0, c=100.0, d=100.0)
    timpang = one(pohon, a=110.0, b=90.0, c=100.0, d=100.0)
    assert seimbang["I"] == 100 and timpang["P"] == 100 - 10**2 / 100
    hilang = one(pohon, a=110.0, b=np.nan, c=100.0, d=100.0)
    assert hilang["P"] == 110
    with pytest.raises(GalatHitung, match="mazziotta_pareto menuntut nilai di atas nol, tetapi 'a'"):
        one(pohon, a=0.0, b=90.0, c=100.0, d=100.0)


@pytest.mark.parametrize("kode", MEANS)
def test_every_mean_is_described(kode):
    cara = mean(kode, 2.0)
    assert type(cara) is MEANS[kode] and set(cara.name) == {"id", "en"} and all(cara.name.values())
    assert (cara.requirement is None) == (cara.forbidden(np.array([-1.0])) is None)
    assert cara.base <= cara.reference


@pytest.mark.parametrize("kode", [k for k in MEANS if MEANS[k].internal])
@given(st.lists(st.floats(1, 100), min_size=2, max_size=6))
@settings(max_examples=30, deadline=None)
def test_internal_means_lie_between_their_children(kode, isi):
    anak = [f"x{i}" for i in range(len(isi))]
    pohon = Pohon.dari_tabel(pd.DataFrame({"kode": [*anak, "I"], "induk": ["I"] * len(isi) + [None]}))
    nilai = one(pohon.ganti(pangkat=2.5).ganti(agregasi=kode), **dict(zip(anak, isi, strict=True)))["I"]
    assert min(isi) * (1 - 1e-9) <= nilai <= max(isi) * (1 + 1e-9)


def test_a_name_can_be_registered_once():
    with pytest.raises(GalatParameter, match="'geometrik' sudah terdaftar"):
        register(MEANS["geometrik"])


def test_power_mean_with_missing_values(kecil):
    # b hilang: P = a; c hilang: Q = d, tanpa sisa bobot yang hilang
    pohon = kecil.ganti(pangkat=2.0).ganti(agregasi="pangkat")
    hasil = one(pohon, a=8.0, b=np.nan, c=np.nan, d=16.0)
    assert hasil[["P", "Q", "I"]].to_numpy() == pytest.approx([8, 16, 160**0.5])


def test_literal_product_is_missing_when_a_child_is(kecil):
    hasil = one(kecil.ganti(agregasi="hasil_kali"), a=8.0, b=np.nan, c=4.0, d=16.0)
    assert np.isnan(hasil["P"]) and np.isnan(hasil["I"]) and hasil["Q"] == 16


def test_threshold_by_count_and_by_weight_differ(kecil):
    # hanya b tersedia: 1 dari 2 anak, tetapi 3/4 bobotnya
    isi = {"a": np.nan, "b": 2.0, "c": 4.0, "d": 16.0}
    jumlah = kecil.ganti(ambang={"P": 0.6})
    assert np.isnan(one(jumlah, **isi)["P"])
    assert one(jumlah.ganti(dasar_ambang={"P": "bobot"}), **isi)["P"] == 2
    # hanya a tersedia: setengah anak lulus 0,5 menurut jumlah, seperempat bobot tidak
    isi = {"a": 8.0, "b": np.nan, "c": 4.0, "d": 16.0}
    setengah = kecil.ganti(ambang=0.5)
    assert one(setengah, **isi)["P"] == 8
    assert np.isnan(one(setengah.ganti(dasar_ambang="bobot"), **isi)["P"])


@pytest.mark.parametrize("berulang", [False, True])
def test_threshold_applies_to_every_level(kecil, berulang):
    pohon = kecil.ganti(ambang={"P": 1.0, "I": 1.0})
    x = np.array([[np.nan, 2.0, 4.0, 16.0], [8.0, 2.0, np.nan, 16.0]])
    s = pohon.susun()
    if berulang:
        puncak = s.puncak(np.stack([x, x]))[1]
    else:
        puncak = s.puncak(x)
    assert np.isnan(puncak[0]) and puncak[1] == pytest.approx((3.5 + 16) / 2)


def test_two_thirds_threshold_is_not_lost_to_rounding():
    pohon = Pohon.dari_tabel(
        pd.DataFrame({"kode": ["a", "b", "c", "I"], "induk": ["I", "I", "I", ""], "bobot": [0.1, 0.2, 0.3, 1]}),
        ambang=0.5,
        dasar_ambang="bobot",
    )
    # 0.1 + 0.2 = 0.30000000000000004 dari 0.6; 0.3 / 0.6 harus lulus 0,5
    assert one(pohon, a=np.nan, b=np.nan, c=5.0)["I"] == 5
    assert one(pohon, a=5.0, b=5.0, c=np.nan)["I"] == pytest.approx(5)


@pytest.mark.parametrize("agregasi", ["geometrik", "harmonik"])
@pytest.mark.parametrize("nilai", [0.0, -1.0])
def test_zero_or_negative_refused_with_node_name(kecil, agregasi, nilai):
    with pytest.raises(GalatHitung, match=r"Simpul 'Q'.*'d'.*'u'"):
        one(kecil.ganti(agregasi={"Q": agregasi}), a=8.0, b=2.0, c=4.0, d=nilai)


def test_zero_at_upper_level_refused_with_node_name(kecil):
    with pytest.raises(GalatHitung, match="Simpul 'I'.*'P'"):
        one(kecil.ganti(agregasi={"I": "geometrik"}), a=0.0, b=0.0, c=4.0, d=1.0)


def test_power_of_negative_refused(kecil):
    pohon = kecil.ganti(pangkat=2.0).ganti(agregasi="pangkat")
    assert one(pohon, a=0.0, b=2.0, c=4.0, d=1.0)["P"] == pytest.approx(3**0.5)
    with pytest.raises(GalatHitung, match="Simpul 'P'.*tak negatif"):
        one(pohon, a=-1.0, b=2.0, c=4.0, d=1.0)


def test_zero_weight_child_neither_counts_nor_blocks(kecil):
    # a berbobot nol dan bernilai nol: geometrik tetap dapat dihitung dan ambang 1 tetap terpenuhi
    pohon = kecil.ganti(bobot={"a": 0}, agregasi="geometrik", ambang=1.0)
    assert one(pohon, a=0.0, b=2.0, c=4.0, d=16.0)["P"] == pytest.approx(2)
    assert one(pohon, a=np.nan, b=2.0, c=4.0, d=16.0)["P"] == pytest.approx(2)


def test_uneven_depth():
    tabel = pd.DataFrame({"kode": ["x", "y", "z", "P", "I"], "induk": ["P", "P", "I", "I", ""]})
    pohon = Pohon.dari_tabel(tabel)
    assert one(pohon, x=2.0, y=4.0, z=9.0)["I"] == 6
    s = pohon.susun()
    w = np.stack([s.larik_bobot(), s.larik_bobot({"z": 3})])
    assert s.puncak(np.array([[2.0, 4.0, 9.0]]), w)[:, 0] == pytest.approx([6, 7.5])


@pytest.mark.parametrize(
    ("isi", "pesan"),
    [
        ({"kode": ["a", "a", "I"], "induk": ["I", "I", ""]}, "ganda"),
        ({"kode": ["a", "I"], "induk": ["X", ""]}, "'X'"),
        ({"kode": ["a", "b", "I"], "induk": ["b", "a", ""]}, "lingkaran"),
        ({"kode": ["a", "I", "J"], "induk": ["I", "", ""]}, "tepat satu puncak"),
        ({"kode": ["a", "b"], "induk": ["b", "a"]}, "lingkaran"),
        ({"kode": ["I"], "induk": [""]}, "tanpa indikator"),
        ({"kode": ["a", "I"], "induk": ["I", ""], "bobot": [-1, 1]}, "tak negatif"),
        ({"kode": ["a", "I"], "induk": ["I", ""], "bobot": [0, 1]}, "jumlah bobot anaknya nol"),
        ({"kode": ["a", "b", "I"], "induk": ["I", "I", ""], "bobot": [1, None, 1]}, "Bobot kosong pada 'b'"),
        ({"kode": ["a", "I"], "induk": ["I", ""], "arah": [2, 1]}, "Arah"),
        ({"kode": ["a", "I"], "induk": ["I", ""], "arah": [1, -1]}, "hanya untuk indikator"),
        ({"kode": ["a", "I"], "induk": ["I", ""], "tonggak_bawah": [5, None], "tonggak_atas": [5, None]}, "'a'"),
        ({"kode": ["a", "I"], "induk": ["I", ""], "agregasi": [None, "tengah"]}, "'tengah' tidak dikenal"),
        ({"kode": ["a", "I"], "induk": ["I", ""], "agregasi": [None, "pangkat"]}, "menuntut"),
        ({"kode": ["a", "I"], "induk": ["I", ""], "ambang": [None, 1.5]}, "ambang"),
    ],
)
def test_bad_trees_are_refused(isi, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        Pohon.dari_tabel(pd.DataFrame(isi))


def test_unknown_names_get_a_suggestion(sama, normal):
    with pytest.raises(GalatParameter, match=r"'KD01' \(mungkin 'KD1'\)"):
        sama.ganti(bobot={"KD01": 2})
    with pytest.raises(GalatParameter, match="tidak memuat indikator 'KD1'"):
        compute(normal.drop(columns="KD1"), sama)
    with pytest.raises(GalatParameter, match="Unit ganda"):
        compute(pd.concat([normal, normal]), sama)


def test_missing_column_is_not_available_never_zero(sama, normal):
    hasil = compute(normal.drop(columns="KD1"), sama, kolom_hilang="kosong")
    assert hasil["KD1"].isna().all() and hasil["PAPAN"].isna().all() and hasil["IKESOS"].notna().all()
    sandar = availability(normal.drop(columns="KD1"), sama).query("kode == 'DKD'")
    assert (sandar["tersedia"] == 8).all() and (sandar["tidak_tersedia"] == "KD1").all()
    assert sandar["bagian_bobot"].to_numpy() == pytest.approx(0.8)


def test_removing_nodes_prunes_empty_parents(sama):
    pohon = sama.tanpa("KD1", "KD8", "KD9")
    assert "PAPAN" not in pohon.kode and "ADMIN" not in pohon.kode and "SEHAT" in pohon.kode
    assert sama.cabang_pohon("DKE").puncak == "DKE"
    assert sama.bobot_akhir()[list(sama.indikator)].sum() == pytest.approx(1)
    with pytest.raises(GalatParameter, match="Puncak"):
        sama.tanpa("IKESOS")


def test_ranks_by_hand():
    skor = pd.Series([3.0, 1.0, np.nan, 3.0 + 1e-12, 2.0])
    assert rank_frame(skor).tolist()[:2] == [1, 4]
    assert rank_array(skor.to_numpy()).tolist() == [1, 4, 0, 1, 3]


@given(st.lists(st.one_of(st.none(), st.integers(0, 6)), min_size=1, max_size=20))
def test_ranks_agree_with_pandas(isi):
    skor = pd.Series([np.nan if x is None else float(x) for x in isi])
    harap = skor.rank(ascending=False, method="min").fillna(0).astype(int)
    assert rank_array(skor.to_numpy()).tolist() == harap.tolist()


@settings(max_examples=60, deadline=None)
@given(nilai_positif, st.lists(st.floats(0.01, 10), min_size=6, max_size=6), st.floats(0.01, 100))
def test_mean_inequalities_scaling_and_bounds(kecil_tetap, nilai, bobot, skala):
    pohon = kecil_tetap.ganti(bobot=dict(zip("abcdPQ", bobot, strict=True)))
    x = np.array([nilai])
    a, g, h = (pohon.ganti(agregasi=j).susun().hitung(x)[4:, 0] for j in ("aritmetik", "geometrik", "harmonik"))
    sisa = 1e-9 * max(nilai)
    assert (a >= g - sisa).all() and (g >= h - sisa).all()
    assert (a <= max(nilai) + sisa).all() and (h >= min(nilai) - sisa).all()
    # bobot dikalikan tetapan tidak mengubah apa pun; nilai dikalikan tetapan mengalikan rata-ratanya
    s = pohon.susun()
    assert s.hitung(x, s.bobot * skala) == pytest.approx(s.hitung(x), rel=1e-12)
    assert s.hitung(x * skala) == pytest.approx(s.hitung(x) * skala, rel=1e-12)


@pytest.fixture(scope="module")
def kecil_tetap():
    return Pohon.dari_tabel(
        pd.DataFrame({"kode": ["a", "b", "c", "d", "P", "Q", "I"], "induk": ["P", "P", "Q", "Q", "I", "I", None]})
    )


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(["aritmetik", "geometrik", "harmonik"]))
def test_order_of_rows_and_columns_changes_nothing(simpul, normal, acak, agregasi):
    tabel = simpul.rename(columns={"bobot_timpang": "bobot"})
    urutan = list(range(len(tabel)))
    acak.shuffle(urutan)
    kolom, baris = list(normal.columns), list(normal.index)
    acak.shuffle(kolom)
    acak.shuffle(baris)
    lurus = compute(normal, Pohon.dari_tabel(tabel, agregasi=agregasi))
    kacau = compute(normal.loc[baris, kolom], Pohon.dari_tabel(tabel.iloc[urutan], agregasi=agregasi))
    pd.testing.assert_frame_equal(kacau.loc[lurus.index, lurus.columns], lurus, rtol=1e-12)


@pytest.mark.parametrize("agregasi", MEANS)
@pytest.mark.parametrize("hilang", [0.0, 0.1])
def test_batch_equals_one_by_one(timpang, normal, agregasi, hilang, use_mean):
    """Jalur cepat (bersama, per ulangan, per blok) sama dengan satu ulangan demi satu."""
    acak = np.random.default_rng(3)
    pohon = use_mean(timpang, agregasi, 3.0).ganti(ambang=0.4).ganti(dasar_ambang={"DPS": "bobot"})
    s = pohon.susun()
    x = normal[list(pohon.indikator)].to_numpy()
    x3 = np.clip(x * acak.uniform(0.9, 1.1, (7, *x.shape)), 1, 100)
    x, x3 = (np.where(acak.random(y.shape) < hilang, np.nan, y) for y in (x, x3))
    w = s.bobot * acak.uniform(0.5, 1.5, (7, len(s.kode)))
    w[3, s.letak("KD3")] = 0
    berbobot, berulang, keduanya = s.hitung(x, w), s.hitung(x3), s.hitung(x3, w)
    for r in range(7):
        np.testing.assert_allclose(berbobot[:, r], s.hitung(x, w[r]), rtol=1e-12)
        np.testing.assert_allclose(berulang[:, r], s.hitung(x3[r]), rtol=1e-12)
        np.testing.assert_allclose(keduanya[:, r], s.hitung(x3[r], w[r]), rtol=1e-12)


def test_many_replicates_cross_block_borders(sama, normal):
    s = sama.susun()
    x = np.tile(normal.to_numpy(), (20, 1))
    w = s.bobot * np.random.default_rng(5).uniform(0.5, 1.5, (150, len(s.kode)))
    puncak = s.puncak(x, w)
    np.testing.assert_allclose(puncak[[0, 48, 149]], [s.puncak(x, w[r]) for r in (0, 48, 149)], rtol=1e-12)


# -------------------------------------------------------------------- tabel dari tempat lain


def test_integer_codes_with_a_blank_root():
    """Kolom induk menjadi pecahan karena sel kosong puncak; kode 1 tetap 1."""
    tabel = pd.DataFrame({"kode": [1, 11, 12], "induk": [None, 1, 1]})
    assert tabel["induk"].dtype == float
    pohon = Pohon.dari_tabel(tabel)
    assert pohon.puncak == "1" and pohon.indikator == ("11", "12")
    data = pd.DataFrame({11: [2.0, 4.0], 12: [4.0, 8.0], 99: ["a", "b"]}, index=["u", "v"])
    assert compute(data, pohon)["1"].tolist() == [3, 6]
    hasil = Resep(olahan=Olahan("log"), imputasi="saudara").jalankan(data, pohon)
    assert list(hasil.siap.columns) == [11, 12, 99] and hasil.indeks.tolist() == [0, 100]


def test_arrow_tree_is_read_and_arrow_data_refused_by_name(kecil):
    pa = pytest.importorskip("pyarrow")
    pohon = Pohon.dari_tabel(pa.table({"kode": ["a", "b", "I"], "induk": ["I", "I", None]}))
    assert pohon.indikator == ("a", "b")
    data = pa.table({"a": [1.0], "b": [2.0]})
    for jalan in (
        lambda: compute(data, pohon),
        lambda: Resep().jalankan(data, pohon),
        lambda: availability(data, pohon),
        lambda: run_uncertainty(data, pohon, {"agregasi": ["aritmetik", "geometrik"]}),
        lambda: contributions(data, data, pohon),
        lambda: compute({"a": [1.0], "b": [2.0]}, pohon),
    ):
        with pytest.raises(
            GalatParameter, match=r"harus DataFrame pandas berindeks unit; diberikan (pyarrow|builtins)"
        ):
            jalan()
    with pytest.raises(GalatParameter, match="Tabel pohon harus DataFrame; diberikan dict"):
        Pohon.dari_tabel({"kode": ["a"]})


def test_duplicate_columns_are_named(kecil):
    data = pd.DataFrame([[1.0, 2, 3, 4, 5]], columns=["a", "b", "c", "d", "a"])
    with pytest.raises(GalatParameter, match="Kolom ganda: 'a'"):
        compute(data, kecil)
    with pytest.raises(GalatParameter, match="Kolom ganda: '11'"):
        compute(
            pd.DataFrame([[1.0, 2.0]], columns=[11, "11"]),
            Pohon.dari_tabel(pd.DataFrame({"kode": [1, 11], "induk": [None, 1]})),
        )
    with pytest.raises(GalatParameter, match="Kolom ganda: 'bobot'"):
        Pohon.dari_tabel(pd.DataFrame([["a", "I", 1, 2]], columns=["kode", "induk", "bobot", "bobot"]))


def test_column_of_nothing_is_missing(kecil):
    data = pd.DataFrame({"a": [None], "b": [2.0], "c": [4.0], "d": [16.0]}, index=["u"], dtype=object)
    data = data.astype({k: float for k in "bcd"})
    assert compute(data, kecil)["P"].tolist() == [2]
