"""Setiap keluaran COINr 1.1.14 di tests/acuan/indeks, sampai 1e-9."""

import numpy as np
import pandas as pd
import pytest

from kinerja.index import (
    Normalisasi,
    Olahan,
    Resep,
    Skenario,
    availability,
    compute,
    correlations,
    cronbach_alpha,
    drop_each,
    impute_group,
    impute_siblings,
    inspect_indicators,
    normalise,
    pca_weights,
    rank_array,
    rank_frame,
    treat_outliers,
)
from kinerja.index.ketidakpastian import HasilKetidakpastian

TOLERANSI = 1e-9
RATA = ("aritmetik", "geometrik", "harmonik")


def match(hasil, acuan):
    """Sel demi sel menurut nama baris dan kolom; galat menyebut sel yang bergeser."""
    h = hasil.loc[acuan.index, acuan.columns].astype(float)
    a = acuan.astype(float)
    beda = (h - a).abs()
    salah = (beda > TOLERANSI) | (h.isna() != a.isna())
    sel = [f"[{u}, {k}] hitung {h.at[u, k]!r} acuan {a.at[u, k]!r}" for u, k in salah.stack()[lambda s: s].index[:5]]
    assert not sel, f"{int(salah.to_numpy().sum())} sel bergeser: " + "; ".join(sel)


@pytest.mark.parametrize(
    ("berkas", "spek"),
    [
        ("norm_minmax_0_100", Normalisasi()),
        ("norm_minmax_1_100", Normalisasi(bawah=1)),
        ("norm_zscore_0_1", Normalisasi("zskor")),
        ("norm_zscore_50_8", Normalisasi("zskor", rata=50, simpangan=8)),
        ("norm_prank", Normalisasi("persentil", 0, 1)),
        ("norm_goalposts_0_100", Normalisasi("tonggak")),
        ("norm_dist2targ", Normalisasi("jarak_target", 0, 1)),
    ],
)
def test_normalisation(berkas, spek, data, sama, acuan):
    match(normalise(data, sama, spek), acuan(berkas))


@pytest.mark.parametrize("rata", RATA)
@pytest.mark.parametrize("bobot", ["sama", "timpang"])
def test_aggregates_and_ranks(rata, bobot, normal, acuan, request):
    nilai = compute(normal, request.getfixturevalue(bobot).ganti(agregasi=rata))
    match(nilai, acuan(f"agregat_{rata}_{bobot}"))
    match(rank_frame(nilai), acuan(f"peringkat_{rata}_{bobot}"))


def test_mixed_aggregation_per_node(normal, sama, acuan):
    campuran = {"DKD": "geometrik", "DPS": "geometrik", "DKE": "geometrik", "IKESOS": "harmonik"}
    match(compute(normal, sama.ganti(agregasi=campuran)), acuan("agregat_campuran_sama"))


def test_goalpost_index(data, sama, acuan):
    hasil = Resep(normalisasi=Normalisasi("tonggak")).jalankan(data, sama)
    match(hasil.nilai, acuan("agregat_goalposts_aritmetik_sama"))


def test_outlier_treatment(data, sama, acuan):
    hasil = Resep(olahan=Olahan()).jalankan(data, sama)
    match(hasil.siap, acuan("winsor_data"))
    match(hasil.nilai, acuan("winsor_agregat_aritmetik_sama"))
    assert list(zip(hasil.catatan["unit"], hasil.catatan["indikator"], strict=True)) == [("31", "KE2"), ("65", "KE5")]
    assert set(hasil.catatan["tindakan"]) == {"winsor atas"}


def test_treatment_details(data, sama, acuan):
    rinci = acuan("winsor_rincian")
    ringkas = treat_outliers(data, sama).ringkasan
    keadaan = inspect_indicators(data, sama)
    awal = pd.DataFrame(
        {"check_SkewKurt0.Skew": keadaan["kemencengan"], "check_SkewKurt0.Kurt": keadaan["keruncingan"]}
    )
    match(awal, rinci[list(awal)])
    diolah = rinci.index[rinci["winsorise.nwin"].notna()]
    assert list(ringkas.index[ringkas["tindakan"] == "winsor"]) == list(diolah)
    akhir = ringkas.rename(
        columns={
            "titik_winsor": "winsorise.nwin",
            "kemencengan_akhir": "check_SkewKurt1.Skew",
            "keruncingan_akhir": "check_SkewKurt1.Kurt",
        }
    )
    match(akhir, rinci.loc[diolah, ["winsorise.nwin", "check_SkewKurt1.Skew", "check_SkewKurt1.Kurt"]])


def test_sibling_imputation(data_hilang, sama, acuan):
    hasil = impute_siblings(data_hilang, sama)
    match(hasil.data, acuan("hilang_imputasi_subdimensi"))
    tetap = hasil.catatan[hasil.catatan["tindakan"] == "tetap kosong"]
    assert set(zip(tetap["unit"], tetap["indikator"], strict=True)) == {("91", "KD1"), ("14", "KD8"), ("14", "KD9")}
    assert len(hasil.catatan) == 11


def test_group_imputation(data_hilang, sama, acuan):
    match(impute_group(data_hilang, sama, "pulau").data, acuan("hilang_imputasi_pulau"))
    hasil = Resep(imputasi="kelompok", kelompok="pulau").jalankan(data_hilang, sama)
    match(hasil.nilai, acuan("hilang_agregat_imputasi_pulau"))


def test_missing_data_thresholds(data_hilang, sama, timpang, acuan):
    normal = normalise(data_hilang, sama, Normalisasi(bawah=1))
    match(normal, acuan("hilang_norm_minmax_1_100"))
    for ambang in ("0", "0.5", "0.75", "1"):
        match(compute(normal, sama.ganti(ambang=float(ambang))), acuan(f"hilang_agregat_ambang_{ambang}"))
    pohon = timpang.ganti(ambang=0.5, agregasi="geometrik")
    match(compute(normal, pohon), acuan("hilang_agregat_geometrik_timpang_ambang_0.5"))


def test_availability(data_hilang, sama, acuan):
    puncak = availability(data_hilang, sama).query("kode == 'IKESOS'").set_index("unit")
    hasil = pd.DataFrame({"N_missing": puncak["indikator"] - puncak["tersedia"], "Dat_Avail": puncak["bagian_jumlah"]})
    match(hasil, acuan("hilang_ketersediaan")[["N_missing", "Dat_Avail"]])


def test_cronbach(normal, sama, acuan):
    harap = acuan("cronbach")["alpha"]
    for kode, alfa in harap.items():
        daun = list(sama.daun("IKESOS" if kode == "SEMUA" else kode))
        assert cronbach_alpha(normal[daun]) == pytest.approx(alfa, abs=TOLERANSI), kode


@pytest.mark.parametrize("tingkat", [2, 3])
def test_principal_components(tingkat, normal, sama, acuan):
    harap = acuan(f"pca_level{tingkat}").reset_index()
    hasil = pca_weights(compute(normal, sama), sama, list(harap["induk"].unique()), negatif="tandai")
    for induk, baris in harap.groupby("induk"):
        muatan = hasil.tabel.set_index("kode").loc[baris["kode"], "muatan"].to_numpy()
        acu = baris["muatan_pc1"].to_numpy()
        tanda = np.sign(muatan @ acu)
        assert muatan * tanda == pytest.approx(acu, abs=TOLERANSI), induk
        assert hasil.nilai_eigen[induk] == pytest.approx(baris["nilai_eigen"].to_numpy(), abs=TOLERANSI), induk
        bagian = hasil.nilai_eigen[induk] / hasil.nilai_eigen[induk].sum()
        assert bagian == pytest.approx(baris["bagian_ragam"].to_numpy(), abs=TOLERANSI), induk


@pytest.mark.parametrize(
    ("berkas", "satu", "dua"),
    [("korelasi_subdimensi", 2, None), ("korelasi_dimensi", 3, None), ("korelasi_dimensi_indeks", 3, 4)],
)
def test_correlations(berkas, satu, dua, normal, sama, acuan):
    hasil = correlations(compute(normal, sama), sama, satu, dua)
    peta = {frozenset(p): r for *p, r in hasil[["kode_1", "kode_2", "korelasi"]].itertuples(index=False)}
    dibandingkan = 0
    for a, b, r in acuan(berkas).reset_index().itertuples(index=False):
        if a != b and not np.isnan(r):
            assert peta[frozenset((a, b))] == pytest.approx(r, abs=TOLERANSI), (a, b)
            dibandingkan += 1
    assert dibandingkan >= len(hasil)


@pytest.mark.parametrize(("berkas", "tingkat"), [("indikator", 1), ("subdimensi", 2), ("dimensi", 3)])
def test_dropping_each_node(berkas, tingkat, normal, sama, acuan):
    skor, peringkat, ringkasan = drop_each(normal, sama, tingkat=tingkat)
    match(skor, acuan(f"buang_{berkas}_skor").rename(columns={"Nominal": "lengkap"}))
    match(peringkat, acuan(f"buang_{berkas}_peringkat").rename(columns={"Nominal": "lengkap"}))
    selisih = acuan(f"buang_{berkas}_selisih").drop(index="Nominal")
    match(ringkasan.rename(columns={"rata_selisih_peringkat": "rata_selisih_mutlak"}), selisih)


@pytest.fixture(scope="module")
def ulangan(data, sama, acuan):
    """200 ulangan COINr: set bobot, normalisasi, dan agregasi menurut ua_rancangan."""
    susunan = sama.susun()
    rancangan = acuan("ua_rancangan").reset_index(drop=True)
    bobot = acuan("ua_bobot").drop(columns="level").loc[list(susunan.kode)].to_numpy().T
    normal = {
        "minmax_1_100": Normalisasi(bawah=1),
        "zscore_50_8": Normalisasi("zskor", rata=50, simpangan=8),
    }
    agregasi = dict(zip(("a_amean", "a_gmean", "a_hmean"), RATA, strict=True))
    skor = np.full((200, 34), np.nan)
    for (norm, agg), baris in rancangan.groupby(["normalisasi", "agregasi"]):
        x = normalise(data, sama, normal[norm]).to_numpy()
        w = bobot[baris["set_bobot"].to_numpy() - 1]
        skor[baris.index] = susunan.dengan_agregasi(agregasi[agg]).puncak(x, w)
    return skor


def test_uncertainty_scores_and_ranks(ulangan, data, acuan):
    kolom = [f"r_{i}" for i in range(1, 201)]
    match(pd.DataFrame(ulangan.T, index=data.index, columns=kolom), acuan("ua_skor")[kolom])
    beda = (rank_array(ulangan).T != acuan("ua_peringkat")[kolom].to_numpy()).sum()
    assert beda == 0, f"{beda} peringkat dari 6800 berbeda"


def test_uncertainty_summary(ulangan, data, normal, sama, acuan):
    nominal = compute(normal, sama)["IKESOS"].to_numpy()
    hasil = HasilKetidakpastian(
        unit=data.index,
        skor=ulangan,
        peringkat=rank_array(ulangan),
        skor_nominal=nominal,
        peringkat_nominal=rank_array(nominal),
        rancangan=pd.DataFrame(index=range(200)),
        seragam=np.empty((200, 0)),
        skenario=Skenario(agregasi=RATA),
    ).ringkasan(0.90)
    nama = {
        "peringkat": "Nominal",
        "peringkat_rata": "Mean",
        "peringkat_median": "Median",
        "peringkat_bawah": "Q5",
        "peringkat_atas": "Q95",
    }
    match(hasil.rename(columns=nama), acuan("ua_ringkasan"))
