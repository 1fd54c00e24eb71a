"""Ikesos atas survei sintetis: galat baku terhadap ulangan, sifat-sifat, dan ketidakpastian peringkat."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indextree import Normalisation, Recipe, rank_array
from kinerja.errors import GalatParameter
from kinerja.ikesos import Kerangka, hitung_ketidakpastian, siapkan
from surveyest import estimate, rao_wu, replicate_variance


def test_kerangka_menurut_sumber(susenas):
    _, _, kerangka = susenas
    i = kerangka.indikator
    # 29 indikator x 3 sasaran; yang "tidak" menurut sumber: rt 7, pd 2
    assert len(i) == 87
    assert i[i["tercetak"] == "tidak"].groupby("sasaran").size().to_dict() == {"rt": 7, "pd": 2}
    assert i[i["dipakai"]].groupby("sasaran").size().to_dict() == {"rt": 22, "pd": 26, "ls": 25}
    tak_dipakai = i[~i["dipakai"] & (i["tercetak"] == "tidak_pasti")]
    assert set(zip(tak_dipakai["sasaran"], tak_dipakai["indikator"], strict=True)) == {
        ("pd", "KD5"), ("ls", "KD4"), ("ls", "KD5"), ("ls", "KD6"), ("ls", "KD8"),
    }  # fmt: skip
    jenis = kerangka.simpul["jenis"].value_counts()
    assert (jenis["indeks"], jenis["sasaran"], jenis["dimensi"], jenis["subdimensi"]) == (1, 3, 9, 33)


def test_hanya_sel_pasti(susenas, d2020):
    _, kodebuku, _ = susenas
    kerangka = Kerangka.susun(
        d2020["ikesos_kerangka"], d2020["ikesos_simpul"], d2020["ikesos_sasaran"], kodebuku, tidak_pasti="tidak"
    )
    dipakai = kerangka.indikator[kerangka.indikator["dipakai"]]
    pd_pasti = set(dipakai.loc[dipakai["sasaran"] == "pd", "indikator"])
    assert pd_pasti == {"KD7", "PS5", "PS7", "KE2", "KE3"}
    assert set(dipakai.loc[dipakai["sasaran"] == "ls", "indikator"]) == {"KD2", "PS6", "PS8", "PS11", "KE1"}


def test_proporsi_terhadap_hitungan_lugas(susenas, siap_susenas):
    # Tiga indikator dihitung ulang dengan pandas biasa, tanpa kodebuku, sel, atau pohon.
    f, _, _ = susenas
    w = f["FWT"]
    nilai = siap_susenas.hitung(simpul="indikator").set_index("simpul")["nilai"]
    tua = f["R407"] >= 60
    assert nilai["ls/PS10"] == pytest.approx(100 * np.average(f.loc[tua, "R808"] == 1, weights=w[tua]), rel=1e-12)
    urut = f[["KAPITA", "FWT"]].sort_values("KAPITA")
    batas = urut.loc[(urut["FWT"].cumsum() >= 0.4 * w.sum()).idxmax(), "KAPITA"]
    rt = f["KAPITA"] <= batas
    anak = rt & (f["R407"] <= 17)
    assert nilai["rt/KD8"] == pytest.approx(100 * np.average(f.loc[anak, "R606"] <= 2, weights=w[anak]), rel=1e-12)
    kepala = rt & (f["R403"] == 1)
    assert nilai["rt/KE5"] == pytest.approx(
        100 * np.average(f.loc[kepala, "R2001G"] == 1, weights=w[kepala]), rel=1e-12
    )
    serumah = f["RENUM"].isin(f.loc[f["R407"].between(15, 59), "RENUM"])
    assert nilai["ls/PS8"] == pytest.approx(100 * np.average(serumah[tua], weights=w[tua]), rel=1e-12)


def test_galat_baku_daun_sama_dengan_survey(siap_susenas):
    # Metode delta atas kovarian harus mengembalikan galat baku taksiran bila pohonnya satu daun (bobot lain nol).
    # ls tidak bergaris taksiran; daun di 0 atau 100 persen sengaja dilewati, sebab ragamnya bukan nol di indeks.
    daun = siap_susenas.kerangka.pohon.indicators
    bobot = dict.fromkeys(daun, 0.0) | {"ls/KD7": 1.0}
    induk = siap_susenas.kerangka.pohon.table["parent"]["ls/KD7"]
    hasil = siap_susenas.hitung("provinsi", bobot=bobot, simpul=[induk], tahan=False)
    t = estimate(siap_susenas.sel, "provinsi", measures=["ls/KD7"])
    dalam = (t.values[:, 0] > 0) & (t.values[:, 0] < 1)
    assert dalam.sum() > 20
    np.testing.assert_allclose(hasil["nilai"], 100 * t.values[:, 0], rtol=1e-12)
    np.testing.assert_allclose(hasil["se"][dalam], 100 * t.se[dalam, 0], rtol=1e-9)


@pytest.mark.parametrize("agregasi", ["aritmetik", "geometrik"])
def test_galat_baku_indeks_terhadap_ulangan_rao_wu(siap_susenas, agregasi):
    """Linearisasi dan bootstrap adalah dua jalan bebas; di daerah dan kelamin (n besar) keduanya harus berimpit.

    Galat Monte Carlo simpangan baku dengan 400 ulangan sekitar 1/akar(800) = 3,5 persen.
    """
    # PS gugur oleh ambang, jadi turunan ls tidak boleh melewatinya; pd memuat daun berresponden belasan
    simpul = ["IKESOS", "rt", "ls", "rt/KD", "rt/KE", "ls/KD", "ls/KE"]
    susunan = siap_susenas.susunan(agregasi)
    letak = susunan.positions(simpul)
    pohon = siap_susenas.kerangka.pohon
    bawah = siap_susenas.skala_bawah(susunan)
    for tingkat in ("nasional", "daerah", "kelamin"):
        hasil = siap_susenas.hitung(tingkat, simpul=simpul, agregasi=agregasi, tahan=False)
        se = hasil["se"].to_numpy().reshape(-1, len(simpul))
        ulangan = siap_susenas.ulangan(tingkat, 400, benih=7)
        skor = susunan.compute(bawah + (100 - bawah) * ulangan / 100, np.tile(susunan.weight, (400, 1)))[letak]
        ragam = replicate_variance(skor.transpose(1, 2, 0), rao_wu(siap_susenas.sel.design, 400, seed=7))
        nisbah = se / np.sqrt(ragam)
        assert np.abs(nisbah - 1).max() < 0.15, (tingkat, dict(zip(simpul, nisbah[0], strict=True)))
        assert abs(np.median(nisbah) - 1) < 0.06, tingkat
    assert pohon.top == "IKESOS"


def test_simpul_antara_batas_anaknya(siap_susenas):
    hasil = siap_susenas.hitung("provinsi", simpul="semua", tahan=False)
    lebar = hasil.pivot(index="provinsi", columns="simpul", values="nilai")
    for induk, anak in siap_susenas.kerangka.pohon.children.items():
        isi = lebar[list(anak)]
        ada = lebar[induk].notna()
        assert (lebar[induk] >= isi.min(axis=1) - 1e-9)[ada].all(), induk
        assert (lebar[induk] <= isi.max(axis=1) + 1e-9)[ada].all(), induk
    assert (hasil["bawah"].dropna() >= 0).all() and (hasil["atas"].dropna() <= 100).all()
    ada = hasil.dropna(subset=["nilai", "bawah"])
    assert ((ada["bawah"] <= ada["nilai"] + 1e-9) & (ada["nilai"] <= ada["atas"] + 1e-9)).all()


def test_bobot_survei_dikali_tetapan_tidak_mengubah_apa_pun(susenas, siap_susenas):
    f, kodebuku, kerangka = susenas
    lain = siapkan(f.assign(FWT=f["FWT"] * 0.25), kodebuku, kerangka, keadaan="sintetis", ambang_bobot=0.0)
    kolom = ["nilai", "se", "n", "df"]
    satu, dua = (s.hitung("provinsi", simpul="dimensi", tahan=False)[kolom] for s in (siap_susenas, lain))
    pd.testing.assert_frame_equal(satu, dua, rtol=1e-9)


def test_urutan_baris_tidak_berpengaruh(susenas, siap_susenas):
    f, kodebuku, kerangka = susenas
    lain = siapkan(
        f.sample(frac=1, random_state=3).reset_index(drop=True),
        kodebuku,
        kerangka,
        keadaan="sintetis",
        ambang_bobot=0.0,
    )
    satu, dua = (s.hitung("provinsi", simpul="sasaran", tahan=False) for s in (siap_susenas, lain))
    pd.testing.assert_frame_equal(satu, dua, rtol=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.05, 20), min_size=3, max_size=3), st.floats(0.1, 10))
def test_bobot_hanya_berarti_nisbahnya(siap_susenas, bobot, kali):
    isi = dict(zip(("KD", "PS", "KE"), bobot, strict=True))
    satu = siap_susenas.hitung("daerah", bobot=isi)
    dua = siap_susenas.hitung("daerah", bobot={k: v * kali for k, v in isi.items()})
    np.testing.assert_allclose(satu["nilai"], dua["nilai"], rtol=1e-10)
    np.testing.assert_allclose(satu["se"], dua["se"], rtol=1e-9)


def test_peringkat_tanpa_yang_ditahan(siap_susenas):
    hasil = siap_susenas.hitung("provinsi", "pd", simpul=["pd/KE1", "pd"], dasar="tersedia")
    for _, isi in hasil.groupby("simpul"):
        ada = isi["nilai"].notna()
        assert (isi["peringkat"].notna() == ada).all()
        assert isi.loc[ada, "peringkat"].min() == 1
        np.testing.assert_array_equal(
            isi.loc[ada, "peringkat"].to_numpy(int), rank_array(isi.loc[ada, "nilai"].to_numpy())
        )
    kecil = hasil[(hasil["n"] < 30) & (hasil["tanda"] != "tidak tersedia")]
    assert len(kecil) and (kecil["tanda"] == "ditahan").all() and kecil["nilai"].isna().all()


def test_keadaan_sintetis_ikut_di_setiap_baris(siap_susenas):
    hasil = siap_susenas.hitung("kabkota", simpul="semua")
    assert set(hasil["keadaan"]) == {"sintetis", "tidak_tersedia"}
    assert len(hasil["kabkota"].unique()) == 514


def test_silang_tingkat_dan_saringan_sama(siap_susenas):
    silang = siap_susenas.hitung(["provinsi", "daerah"], tahan=False)
    kota = silang[silang["daerah"] == 1].set_index("provinsi")["nilai"]
    saring = siap_susenas.hitung("provinsi", saring={"daerah": 1}, tahan=False).set_index("provinsi")["nilai"]
    pd.testing.assert_series_equal(kota, saring)


def test_yang_tidak_ditanya_kor_dan_kolom_yang_hilang(susenas, siap_susenas):
    f, kodebuku, kerangka = susenas
    luar = {"PS1", "PS2", "PS3", "PS4", "PS5", "PS6", "PS9", "PS11", "PS12", "KE6"}
    belum_pasti = {"KD1", "KE3"}
    s = siap_susenas.sandaran()
    assert set(s.loc[s["dipakai"] & ~s["tersedia"], "indikator"]) == luar | belum_pasti
    assert (s.loc[s["dipakai"] & s["indikator"].isin(luar), "sebab"].str.startswith("Tidak ditanyakan di Kor")).all()
    tanpa = siapkan(f.drop(columns="R808"), kodebuku, kerangka, ambang_bobot=0.0)
    s = tanpa.sandaran()
    assert set(s.loc[s["dipakai"] & ~s["tersedia"], "indikator"]) == luar | belum_pasti | {"PS10"}
    assert set(s.loc[s["dipakai"] & (s["indikator"] == "PS10"), "sebab"]) == {"variabel tidak ada di data: R808"}
    hasil = tanpa.hitung(simpul="semua").set_index("simpul")
    assert hasil.loc[["rt/PARTISIPASI", "rt/PS1", "ls/PS10"], "tanda"].eq("tidak tersedia").all()
    assert 0 < hasil.loc["IKESOS", "bagian_bobot"] < 0.7
    # indikator yang tersedia tidak berubah karena yang lain hilang
    lengkap = siap_susenas.hitung(simpul="semua").set_index("simpul")
    pd.testing.assert_frame_equal(
        hasil.loc[["rt/KD8", "ls/KE"], ["nilai", "se", "n"]], lengkap.loc[["rt/KD8", "ls/KE"], ["nilai", "se", "n"]]
    )


def test_normal_menjadi_masukan_index(siap_susenas):
    normal = siap_susenas.normal("provinsi")
    hasil = Recipe(Normalisation("unscaled"), missing_columns="missing").run(normal, siap_susenas.kerangka.pohon)
    langsung = siap_susenas.hitung("provinsi", tahan=False, dasar="tersedia").set_index("provinsi")["nilai"]
    pd.testing.assert_series_equal(hasil.index, langsung, check_names=False)


# ------------------------------------------------------------------ ketidakpastian


@pytest.fixture(scope="module")
def tak_pasti(siap_susenas):
    return hitung_ketidakpastian(siap_susenas, "provinsi", "ls", ulangan=300, ulangan_sampel=100, titik=64)


def test_selang_peringkat_memuat_yang_masuk_akal(tak_pasti, siap_susenas):
    t = tak_pasti.tabel
    assert len(t) == 34
    # yang dasarnya kurang dari dasar bersama tidak diperingkat, di sini maupun di tabel indeks
    peringkat = siap_susenas.hitung("provinsi", "ls", tahan=False).set_index("provinsi")["peringkat"]
    assert t.set_index("provinsi")["peringkat"].astype("Int64").equals(peringkat)
    assert peringkat.notna().sum() > 20
    t = t[t["peringkat"].notna()]
    for sumber in ("sampel", "metode", "gabungan"):
        assert (t[f"bawah_{sumber}"] >= 1).all() and (t[f"atas_{sumber}"] <= 34).all()
        np.testing.assert_allclose(t[f"lebar_{sumber}"], t[f"atas_{sumber}"] - t[f"bawah_{sumber}"])
    # dua sumber bersama melebarkan selang secara umum
    assert t["lebar_gabungan"].mean() > t["lebar_metode"].mean()
    assert t["lebar_gabungan"].mean() >= t["lebar_sampel"].mean() - 0.5
    bagian = t[["bagian_sampel", "bagian_metode", "bagian_bersama"]]
    # tanpa bagian hanya yang peringkatnya (hampir) tidak pernah berubah
    assert (t.loc[bagian.isna().any(axis=1), "lebar_gabungan"] <= 1).all()
    bagian = bagian.dropna()
    assert len(bagian) > 15
    np.testing.assert_allclose(bagian.sum(axis=1), 1, atol=1e-9)
    assert (bagian >= 0).all(axis=None)
    assert set(t["keadaan"]) == {"sintetis"}


def test_metode_yang_hampir_tetap_menyerahkan_semuanya_pada_sampel(siap_susenas):
    t = hitung_ketidakpastian(
        siap_susenas,
        "provinsi",
        "ls",
        metode={"weight": {"kind": "noise", "magnitude": 1e-9}},
        ulangan=50,
        ulangan_sampel=50,
        titik=64,
    ).tabel
    assert (t["lebar_metode"].dropna() == 0).all() and t["lebar_metode"].notna().sum() == 28
    assert t["bagian_sampel"].median() > 0.9
    assert t["bagian_metode"].max() < 0.05


def test_benih_sama_hasil_sama(siap_susenas):
    satu, dua = (
        hitung_ketidakpastian(siap_susenas, "daerah", ulangan=20, ulangan_sampel=10, titik=0, benih=5).tabel
        for _ in range(2)
    )
    pd.testing.assert_frame_equal(satu, dua)


def test_isi_metode_diperiksa(siap_susenas):
    with pytest.raises(GalatParameter, match="sampling"):
        hitung_ketidakpastian(siap_susenas, metode={"sampling": True})
    with pytest.raises(GalatParameter, match="Sasaran"):
        hitung_ketidakpastian(siap_susenas, sasaran="xx")
