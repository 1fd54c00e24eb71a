"""Sobol, skenario, dan galat penarikan sampel."""

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.index import (
    BobotAcak,
    MixedScaleWarning,
    Normalisasi,
    Pohon,
    Resep,
    Skenario,
    TonggakAcak,
    compute,
    covariance_from_replicates,
    delta_standard_error,
    drop_each,
    estimate_sobol,
    normalise,
    rank_array,
    replicate_standard_error,
    run_sensitivity,
    run_uncertainty,
    saltelli_design,
    simulate_replicates,
)
from kinerja.index.skenario import Terjemahan

PENUH = Skenario(
    ulangan=400,
    benih=11,
    normalisasi=(Normalisasi(bawah=1), Normalisasi("zskor", rata=50, simpangan=8)),
    agregasi=("aritmetik", "geometrik"),
    bobot=BobotAcak(besaran=0.25),
    buang=("KD1", "PARTI"),
    olahan=(None, Resep.dari_dict({"olahan": "winsor_lalu_log"}).olahan),
)


# -------------------------------------------------------------------- Sobol pada fungsi yang diketahui


def test_ishigami_analytic_indices():
    a, b = 7.0, 0.1
    u, _ = saltelli_design(4096, [1, 1, 1], benih=3)
    x = np.pi * (2 * u - 1)
    y = np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])
    v1, v2, v13 = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8, b**2 * np.pi**8 * 8 / 225
    ragam = v1 + v2 + v13
    # geseran besar: tanpa pemusatan penaksir orde satu rusak
    t = estimate_sobol(y + 1000, 3)
    assert t.ragam[0] == pytest.approx(ragam, rel=0.02)
    assert t.pertama[:, 0] == pytest.approx([v1 / ragam, v2 / ragam, 0], abs=0.01)
    assert t.total[:, 0] == pytest.approx([(v1 + v13) / ragam, v2 / ragam, v13 / ragam], abs=0.01)
    harap = np.array([v1 / ragam, v2 / ragam, 0])
    assert (t.pertama_bawah[:, 0] <= harap).all() and (harap <= t.pertama_atas[:, 0]).all()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(0.1, 5), min_size=2, max_size=5))
def test_additive_function_first_equals_total(koefisien):
    c = np.array(koefisien)
    u, _ = saltelli_design(512, [1] * len(c), benih=1)
    t = estimate_sobol(u @ c, len(c), bootstrap=0)
    harap = c**2 / (c**2).sum()
    assert t.pertama[:, 0] == pytest.approx(harap, abs=0.02)
    assert t.total[:, 0] == pytest.approx(harap, abs=0.02)


def test_grouped_inputs_and_flat_output():
    u, bagian = saltelli_design(1024, [2, 1], benih=1)
    assert len(u) == 4096 and bagian[-1] == 3
    y = np.stack([u[:, 0] + u[:, 1] + u[:, 2], np.full(len(u), 0.1)], axis=1)
    t = estimate_sobol(y, 2)
    assert t.total[:, 0] == pytest.approx([2 / 3, 1 / 3], abs=0.02)
    assert np.isnan(t.total[:, 1]).all() and t.ragam[1] == 0
    with pytest.raises(GalatParameter, match="pangkat dua"):
        saltelli_design(100, [1], benih=1)


def test_agrees_with_scipy():
    from scipy.stats import sobol_indices

    u, _ = saltelli_design(256, [1, 1], benih=9, cara="acak")
    y = np.exp(u[:, 0]) * (1 + u[:, 1])
    t = estimate_sobol(y, 2, bootstrap=0)
    a, b, *ab = y.reshape(4, 256)
    resmi = sobol_indices(func={"f_A": a[None], "f_B": b[None], "f_AB": np.stack(ab)[:, None]}, n=256)
    assert t.pertama[:, 0] == pytest.approx(np.ravel(resmi.first_order), abs=0.02)
    assert t.total[:, 0] == pytest.approx(np.ravel(resmi.total_order), abs=0.02)


# -------------------------------------------------------------------- skenario sebagai data


def test_scenario_survives_yaml():
    lengkap = Skenario(
        normalisasi=(Normalisasi("tonggak"), Normalisasi(bawah=1)),
        bobot=BobotAcak("dirichlet", simpul=("DKD", "DPS", "DKE")),
        tonggak=TonggakAcak(0.1, ("KD1",)),
        olahan=(None, PENUH.olahan[1]),
        himpunan_bobot=({"DKD": 1.0}, {"DKD": 2.0}),
        agregasi=("aritmetik", {"IKESOS": "geometrik"}),
        buang=("KD1",),
        sampel=True,
    )
    assert Skenario.dari_dict(yaml.safe_load(yaml.safe_dump(lengkap.ke_dict()))) == lengkap


@pytest.mark.parametrize(
    ("isi", "pesan"),
    [
        ({"ulangn": 5}, r"'ulangn' \(mungkin 'ulangan'\)"),
        ({}, "tidak mengubah apa pun"),
        ({"agregasi": ["aritmatik", "geometrik"]}, r"'aritmatik' \(mungkin 'aritmetik'\)"),
        ({"agregasi": "geometrik"}, "harus berupa daftar"),
        ({"bobot": {"jenis": "normal"}}, "derau"),
        ({"bobot": {"besaran": 1.5}}, "kurang dari 1"),
        ({"bobot": {"kuat": 1}}, "'kuat'"),
        ({"bobot": {}, "ulangan": 0}, "positif"),
        ({"bobot": {}, "rancangan": "halton"}, "'halton'"),
        ({"tonggak": {"besaran": 0.6}}, "0,5"),
        ({"normalisasi": [{"metode": "minmaks"}]}, "'minmaks'"),
    ],
)
def test_bad_scenarios_are_refused(isi, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        Skenario.dari_dict(isi)


@pytest.mark.parametrize(
    ("isi", "pesan"),
    [
        ({"buang": ["KD99"]}, "'KD99'"),
        ({"bobot": {"simpul": ["XX"]}}, "'XX'"),
        ({"bobot": {"jenis": "dirichlet", "simpul": ["DKD"]}}, "kurang DKE, DPS"),
        ({"agregasi": ["aritmetik", {"KD1": "geometrik"}]}, "'KD1'"),
        ({"tonggak": {}}, "normalisasi 'tonggak'"),
        ({"sampel": True}, "tepat satu"),
        ({"buang": ["IKESOS"]}, "Puncak"),
    ],
)
def test_scenario_must_fit_the_tree(isi, pesan, data, sama):
    with pytest.raises(GalatParameter, match=pesan):
        run_uncertainty(data, sama, isi | {"ulangan": 4})


def test_refused_aggregation_names_node(data, sama):
    with pytest.raises(GalatHitung, match="Simpul 'PAPAN'"):
        run_uncertainty(data, sama, {"ulangan": 8, "agregasi": ["aritmetik", "geometrik"]})


# -------------------------------------------------------------------- ulangan


@pytest.fixture(scope="module")
def hasil(data, sama):
    return run_uncertainty(data, sama, PENUH, resep=Resep(Normalisasi(bawah=1)))


def test_every_replicate_can_be_rebuilt_by_hand(hasil, data, sama):
    """Ulangan disusun lagi langkah demi langkah dari rancangan yang disimpan, tanpa mesin ketidakpastian."""
    bobot = Terjemahan.susun(PENUH, sama).bobot(hasil.seragam)
    kode = sama.susun().kode
    spek = {"minmax 1-100": PENUH.normalisasi[0], "zskor": PENUH.normalisasi[1]}
    for r in range(0, 400, 37):
        pilihan = hasil.rancangan.iloc[r]
        olahan = None if pilihan["olahan"] == "tanpa" else PENUH.olahan[1]
        pohon = sama.ganti(bobot={k: max(w, 1e-300) for k, w in zip(kode, bobot[r], strict=True)})
        pohon = pohon.ganti(agregasi=pilihan["agregasi"])
        if pilihan["buang"] != "(lengkap)":
            pohon = pohon.tanpa(pilihan["buang"])
        ulang = Resep(spek[pilihan["normalisasi"]], olahan).jalankan(data, pohon).indeks
        np.testing.assert_allclose(hasil.skor[r], ulang, rtol=1e-10, err_msg=f"ulangan {r + 1}")


def test_seed_and_design_are_kept(hasil, data, sama):
    lagi = run_uncertainty(data, sama, hasil.asal()["skenario"], resep=Resep(Normalisasi(bawah=1)))
    np.testing.assert_array_equal(lagi.skor, hasil.skor)
    assert set(hasil.rancangan.columns) == {"normalisasi", "olahan", "agregasi", "buang"}
    lain = run_uncertainty(data, sama, hasil.asal()["skenario"] | {"benih": 12}, resep=Resep(Normalisasi(bawah=1)))
    assert (lain.skor != hasil.skor).any()


def test_noise_stays_in_its_range_and_dirichlet_on_simplex(sama):
    acak = np.random.default_rng(1)
    derau = Terjemahan.susun(Skenario(bobot=BobotAcak(besaran=0.25)), sama)
    w = derau.bobot(acak.random((500, sum(derau.lebar))))
    assert w.min() >= 0.75 and w.max() <= 1.25 and (w[:, -1] == 1).all()
    kepekatan = 4.0
    dirichlet = Terjemahan.susun(
        Skenario(bobot=BobotAcak("dirichlet", kepekatan=kepekatan, simpul=("DKD", "DPS", "DKE"))),
        sama.ganti(bobot={"DKD": 2}),
    )
    w = dirichlet.bobot(acak.random((20000, 3)))
    letak = sama.susun().letak(["DKD", "DPS", "DKE"])
    bagian = w[:, letak] / w[:, letak].sum(axis=1, keepdims=True)
    m = np.array([0.5, 0.25, 0.25])
    assert bagian.mean(axis=0) == pytest.approx(m, abs=0.005)
    assert bagian.var(axis=0) == pytest.approx(m * (1 - m) / (3 * kepekatan + 1), rel=0.05)


def test_dropping_matches_drop_each(data, sama, normal):
    skenario = Skenario(ulangan=64, buang=("KD1", "PARTI", "DKE"))
    hasil = run_uncertainty(data, sama, skenario, resep=Resep(Normalisasi(bawah=1)))
    skor, _, _ = drop_each(normal, sama, ["KD1", "PARTI", "DKE"])
    skor = skor.rename(columns={"lengkap": "(lengkap)"})
    for r, nama in enumerate(hasil.rancangan["buang"]):
        np.testing.assert_allclose(hasil.skor[r], skor[nama], rtol=1e-12)
    assert hasil.rancangan["buang"].value_counts().tolist() == [16] * 4


def test_probabilities_agree_with_counts(hasil):
    peluang = hasil.peluang_peringkat()
    np.testing.assert_allclose(peluang.sum(axis=1), 1)
    atas = hasil.peluang_di_atas()
    a, b = hasil.unit[3], hasil.unit[20]
    s = np.round(hasil.skor, 10)
    assert atas.at[a, b] == pytest.approx((s[:, 3] > s[:, 20]).mean() + 0.5 * (s[:, 3] == s[:, 20]).mean())
    jumlah = atas.to_numpy() + atas.to_numpy().T
    np.testing.assert_allclose(jumlah[~np.eye(34, dtype=bool)], 1)
    np.testing.assert_allclose(hasil.peluang_terbaik(5), peluang[[1, 2, 3, 4, 5]].sum(axis=1))
    assert list(hasil.peluang_di_atas([b, a]).index) == [b, a]
    ringkas = hasil.ringkasan()
    assert (ringkas["peringkat_bawah"] <= ringkas["peringkat_atas"]).all()


def test_goalposts_move(data, sama):
    skenario = Skenario(ulangan=32, tonggak=TonggakAcak(0.1))
    resep = Resep(Normalisasi("tonggak"))
    hasil = run_uncertainty(data, sama, skenario, resep=resep)
    t = Terjemahan.susun(skenario, sama)
    kerangka = sama.tabel.loc[list(sama.indikator)]
    bawah, atas = kerangka["tonggak_bawah"].to_numpy(), kerangka["tonggak_atas"].to_numpy()
    b, a = t.tonggak(hasil.seragam, bawah, atas)
    assert np.abs(b[:, 0] - bawah).max() <= 0.1 * (atas - bawah).max()
    kode = list(sama.indikator)
    for r in (0, 17):
        pohon = sama.ganti(
            tonggak_bawah=dict(zip(kode, b[r, 0], strict=True)), tonggak_atas=dict(zip(kode, a[r, 0], strict=True))
        )
        np.testing.assert_allclose(hasil.skor[r], resep.jalankan(data, pohon).indeks, rtol=1e-10)


def test_units_without_a_score_stay_without_rank(data_hilang, sama):
    pohon = sama.ganti(ambang=1.0)
    hasil = run_uncertainty(data_hilang, pohon, {"ulangan": 16, "bobot": {}})
    ringkas = hasil.ringkasan()
    assert ringkas["peringkat"].isna().sum() == 9 and (ringkas["ulangan"] == 0).sum() == 9
    assert hasil.peluang_peringkat().loc["91"].sum() == 0 and hasil.peluang_di_atas().loc["91"].isna().all()
    kepekaan = run_sensitivity(data_hilang, pohon, {"bobot": {}, "buang": ["KD2"]}, titik=16, bootstrap=20)
    ket = kepekaan.per_unit.query("unit == '91'")["keterangan"]
    assert (ket == "tidak selalu tersedia").all()


# -------------------------------------------------------------------- kepekaan


def test_first_order_never_above_total_beyond_noise(data, sama):
    hasil = run_sensitivity(data, sama, PENUH, resep=Resep(Normalisasi(bawah=1)), titik=256)
    semua = pd.concat([hasil.per_unit, hasil.keseluruhan])
    semua = semua[semua["keterangan"] == ""]
    lebih = semua[semua["pertama_bawah"] > semua["total_atas"]]
    assert lebih.empty, lebih.head().to_string()
    inti = hasil.keseluruhan.query("keluaran == 'skor'")
    assert (inti["pertama"] <= inti["total"] + 0.02).all() and 0.9 < inti["total"].sum() < 1.5
    assert set(hasil.keseluruhan["keluaran"]) == {"skor", "peringkat", "pergeseran"}
    assert len(hasil.per_unit) == 2 * 34 * 5


def test_known_shares_of_method_and_sampling():
    """Indeks = rata-rata x dan y; dua sumber ragam yang besarnya diketahui, bebas satu sama lain."""
    pohon = Pohon.dari_tabel(
        pd.DataFrame(
            {
                "kode": ["x", "y", "I"],
                "induk": ["I", "I", ""],
                "tonggak_bawah": [0, 0, None],
                "tonggak_atas": [100, 100, None],
            }
        )
    )
    data = pd.DataFrame({"x": [30.0, 60.0], "y": [60.0, 30.0]}, index=["a", "b"])
    kovarian = np.tile(np.diag([4.0, 4.0]), (2, 1, 1))  # ragam indeks karena sampel: 2
    skenario = Skenario(bobot=BobotAcak("dirichlet", kepekatan=30), sampel=True)
    hasil = run_sensitivity(
        data,
        pohon,
        skenario,
        resep=Resep(Normalisasi("tonggak")),
        kovarian=kovarian,
        ulangan_sampel=2000,
        titik=1024,
        kelompok={"metode": ["bobot"], "sampel": ["sampel"]},
    )
    # bobot w ~ Beta(30, 30): ragam 1/4/61; ragam indeks karena bobot 30^2/244
    bobot, sampel = 900 / 244, 2.0 * (1 + 1 / 61)
    a = hasil.per_unit.query("unit == 'a' and keluaran == 'skor'").set_index("faktor")
    assert a.at["metode", "total"] == pytest.approx(bobot / (bobot + sampel), abs=0.05)
    assert a.at["sampel", "total"] == pytest.approx(sampel / (bobot + sampel), abs=0.05)


def test_groups_must_cover_every_factor(data, sama):
    with pytest.raises(GalatParameter, match="tepat satu kelompok"):
        run_sensitivity(data, sama, PENUH, kelompok={"metode": ["bobot"]})
    with pytest.raises(GalatParameter, match="'sampel'"):
        run_sensitivity(data, sama, PENUH, kelompok={"metode": ["sampel"]})


def test_rank_that_never_moves_is_said(sama, data):
    jauh = data.copy()
    jauh.loc["31"] = [
        *data.loc["31", ["provinsi", "pulau"]],
        *np.where(sama.kolom("arah")[data.columns[2:]] > 0, 100, 0),
    ]
    jauh[list(sama.indikator)] = jauh[list(sama.indikator)].astype(float)
    hasil = run_sensitivity(jauh, sama, {"bobot": {}, "buang": ["KD2"]}, resep=Resep(), titik=32, bootstrap=20)
    baris = hasil.per_unit.query("unit == '31' and keluaran == 'peringkat'")
    assert (baris["keterangan"] == "tidak beragam").all() and baris["total"].isna().all()


# -------------------------------------------------------------------- galat penarikan sampel


@pytest.fixture(scope="module")
def survei(data, sama):
    """Kovarian buatan dan 3.000 tarikan darinya, dengan normalisasi tonggak (linier selama tidak terpotong)."""
    pohon = sama.ganti(tonggak_bawah=-100.0).ganti(tonggak_atas=200.0)
    x = data[list(sama.indikator)].to_numpy()
    acak = np.random.default_rng(4)
    akar = acak.normal(size=(34, 29, 29)) * 0.2
    return pohon, x, np.einsum("uij,ukj->uik", akar, akar)


def test_simulated_replicates_return_their_covariance(survei):
    _, x, kovarian = survei
    r = simulate_replicates(x, kovarian, 4000, benih=2)
    taksir = covariance_from_replicates(r, x)
    skala = np.sqrt(np.einsum("uii,ujj->uij", kovarian, kovarian))
    assert (np.abs(taksir - kovarian) / skala).max() < 0.12
    assert simulate_replicates(x, kovarian, 50, benih=2, batas=(0, 100)).min() >= 0
    with pytest.raises(GalatHitung, match="urutan ke-1 bukan semidefinit"):
        simulate_replicates(x, -kovarian, 5, benih=2)


def test_replicate_delta_and_uncertainty_errors_agree(survei, data):
    pohon, x, kovarian = survei
    resep = Resep(Normalisasi("tonggak"))
    r = simulate_replicates(x, kovarian, 1500, benih=2)
    from kinerja.index import Acuan, fit_array

    terpasang = fit_array(x, resep.normalisasi, Acuan.dari_pohon(pohon))
    ulangan = replicate_standard_error(pohon, data, r, terpasang)["IKESOS"].to_numpy()
    # kovarian di skala 0-100: dibagi (rentang/100)^2 = 9
    arah = pohon.kolom("arah")[list(pohon.indikator)].to_numpy()
    k = kovarian * arah[:, None] * arah / 9
    delta = delta_standard_error(pohon.susun(), terpasang.terapkan(x), k)[-1]
    np.testing.assert_allclose(ulangan, delta, rtol=0.08)
    hasil = run_uncertainty(data, pohon, Skenario(ulangan=1500, sampel=True), resep=resep, replikat=r)
    np.testing.assert_allclose(hasil.ringkasan()["skor_galat"], delta, rtol=0.08)


def test_jackknife_factor_by_hand():
    pohon = Pohon.dari_tabel(pd.DataFrame({"kode": ["x", "I"], "induk": ["I", ""]}))
    # JK1 atas rata-rata 1, 2, 6: taksiran tanpa satu = 4, 3,5, 1,5; galat baku = sqrt(s^2 / n)
    r = np.array([4.0, 3.5, 1.5])[:, None, None]
    galat = replicate_standard_error(pohon, pd.DataFrame({"x": [3.0]}, index=["u"]), r, faktor=2 / 3)
    assert galat.at["u", "I"] == pytest.approx(np.sqrt(np.var([1, 2, 6], ddof=1) / 3))


def test_replicate_shape_is_checked(data, sama):
    with pytest.raises(GalatParameter, match=r"diharapkan \(ulangan, 34, 29\)"):
        run_uncertainty(data, sama, {"sampel": True}, replikat=np.zeros((5, 3, 29)))
    with pytest.raises(GalatParameter, match="sampel=False"):
        run_uncertainty(data, sama, {"bobot": {}}, replikat=np.zeros((5, 34, 29)))


def test_replicates_are_normalised_by_their_own_range(data, sama):
    x = data[list(sama.indikator)].to_numpy()
    r = x * np.random.default_rng(6).uniform(0.9, 1.1, (4, 34, 29))
    hasil = run_uncertainty(data, sama, Skenario(ulangan=64, sampel=True), resep=Resep(), replikat=r)
    for baris in (0, 9, 40):
        satu = pd.DataFrame(r[hasil.rancangan["sampel"].iloc[baris]], index=data.index, columns=list(sama.indikator))
        harap = compute(normalise(satu, sama), sama)["IKESOS"]
        np.testing.assert_allclose(hasil.skor[baris], harap, rtol=1e-12)
    assert (rank_array(hasil.skor) == hasil.peringkat).all()


# -------------------------------------------------------------------- normalisasi per indikator, skala bercampur

PER_INDIKATOR = {"*": Normalisasi("tonggak"), "KD1": Normalisasi("minmax"), "KE1": Normalisasi("zskor", rata=50)}


def test_normalisation_per_indicator_in_uncertainty(data, sama):
    """Tiap ulangan sama dengan resep yang dijalankan sendiri tanpa indikator itu."""
    resep = Resep(normalisasi=PER_INDIKATOR)
    hasil = run_uncertainty(data, sama, Skenario(ulangan=16, buang=("KD8",)), resep=resep)
    np.testing.assert_allclose(hasil.skor_nominal, resep.jalankan(data, sama).indeks, rtol=1e-12)
    tanpa = resep.jalankan(data, sama.ganti(bobot={"KD8": 0})).indeks
    assert set(hasil.rancangan["buang"]) == {"KD8", "(lengkap)"}
    for skor, buang in zip(hasil.skor, hasil.rancangan["buang"], strict=True):
        np.testing.assert_allclose(skor, tanpa if buang == "KD8" else hasil.skor_nominal, rtol=1e-10)


def test_goalposts_move_only_where_they_are_used(data, sama):
    resep = Resep(normalisasi=PER_INDIKATOR)
    skenario = Skenario(ulangan=8, tonggak=TonggakAcak(0.1, ("KD2", "KE2")))
    hasil = run_uncertainty(data, sama, skenario, resep=resep)
    mesin = Terjemahan.susun(skenario, sama)
    t = sama.tabel.loc[list(sama.indikator)]
    bawah, atas = mesin.tonggak(hasil.seragam, t["tonggak_bawah"].to_numpy(float), t["tonggak_atas"].to_numpy(float))
    for r in range(8):
        pohon = sama.ganti(
            tonggak_bawah=dict(zip(sama.indikator, bawah[r, 0], strict=True)),
            tonggak_atas=dict(zip(sama.indikator, atas[r, 0], strict=True)),
        )
        np.testing.assert_allclose(hasil.skor[r], resep.jalankan(data, pohon).indeks, rtol=1e-10)
    with pytest.raises(GalatParameter, match="tidak ada normalisasi 'tonggak'"):
        run_uncertainty(data, sama, skenario, resep=Resep(normalisasi={"*": Normalisasi("minmax")}))


def test_recipe_per_indicator_from_a_dict(data, sama):
    isi = {"normalisasi": {"*": "tonggak", "KD1": "minmax", "KE1": {"metode": "zskor", "rata": 50}}}
    pd.testing.assert_frame_equal(
        Resep.dari_dict(isi).jalankan(data, sama).nilai, Resep(normalisasi=PER_INDIKATOR).jalankan(data, sama).nilai
    )
    with pytest.raises(GalatParameter, match="'KD99'"):
        run_uncertainty(data, sama, {"buang": ["KD1"]}, resep=Resep(normalisasi={"*": "minmax", "KD99": "minmax"}))


@pytest.mark.parametrize(
    ("pilihan", "bercampur"),
    [
        ({"normalisasi": ["minmax", "zskor"]}, True),
        ({"normalisasi": ["minmax", "tonggak"]}, False),
        ({"normalisasi": ["minmax", {"metode": "minmax", "bawah": 1}]}, True),
        ({"agregasi": ["aritmetik", "hasil_kali"]}, True),
        ({"agregasi": ["aritmetik", "geometrik"]}, False),
    ],
)
def test_mixed_scales_are_said(data, sama, pilihan, bercampur, recwarn):
    skenario = {"bobot": {"jenis": "derau", "besaran": 0.1}, **pilihan}
    resep = Resep(Normalisasi("minmax", bawah=1))
    hasil = run_sensitivity(data, sama, skenario, resep=resep, titik=16, bootstrap=2)
    assert any(w.category is MixedScaleWarning for w in recwarn) == bercampur
    for tabel in (hasil.per_unit, hasil.keseluruhan):
        kata = tabel.groupby("keluaran")["keterangan"].agg(lambda s: set(s))
        assert ("skala bercampur" in kata["skor"]) == bercampur and "skala bercampur" not in kata["peringkat"]
