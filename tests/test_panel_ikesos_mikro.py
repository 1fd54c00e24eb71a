"""Bagian data mikro notebook SS 1: tabel, kalimat, dan angka pada gambar."""

import numpy as np
import pandas as pd
import pytest

from kinerja import fmt, pendukung
from kinerja.errors import GalatParameter
from kinerja.ikesos import hitung_ketidakpastian
from kinerja.panels import ikesos_mikro
from kinerja.panels.ikesos_mikro import PEMBANDING


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


@pytest.fixture(scope="module")
def siap(d2020):
    return ikesos_mikro.open_survey(d2020)


@pytest.fixture(scope="module")
def tak_pasti(d2020, siap):
    with fmt.using("id"):
        return ikesos_mikro.uncertainty_table(d2020, siap, "provinsi")


def test_terbitan_di_samping_tidak_dicampur(d2020, siap):
    isi = ikesos_mikro.beside_table(d2020, siap)
    # 37,75 dan 38,41 tercetak; nilai 2020 belum ada di sumber.
    assert isi["nilai"].tolist()[:2] == [37.75, 38.41] and pd.isna(isi["nilai"][2])
    assert isi["keadaan"].tolist() == ["dikutip", "dikutip", "tidak_tersedia", "sintetis"]
    assert isi.loc[:2, ["bawah", "atas", "n"]].isna().all(axis=None)
    assert "SINTETIS" in isi["asal"][3]
    assert isi["nilai"][3] == siap.hitung()["nilai"].item()
    assert len(pendukung.ikesos_values(d2020)) == 3


def test_bagian_dari_puncak_ke_bawah_dan_induk_rerata_anaknya(siap):
    isi = ikesos_mikro.parts_table(siap)
    assert isi["jenjang"].value_counts().to_dict() == {"subdimensi": 33, "dimensi": 9, "sasaran": 3, "indeks": 1}
    dalam = {"indeks": 0, "sasaran": 1, "dimensi": 2, "subdimensi": 3}
    tingkat = isi["jenjang"].map(dalam)
    assert (tingkat.diff().dropna() <= 1).all(), "anak langsung di bawah induknya"
    for i in np.flatnonzero(tingkat < 3):
        sesudah = tingkat[i + 1 :]
        habis = sesudah.index[sesudah <= tingkat[i]]
        blok = isi.loc[i + 1 : (habis[0] - 1 if len(habis) else len(isi))]
        anak = blok.loc[blok["jenjang"].map(dalam) == tingkat[i] + 1, "nilai"]
        # bobot sama: induk adalah rata-rata anaknya yang tersedia, atau tidak tersedia bila terlalu sedikit
        assert np.isnan(isi["nilai"][i]) or isi["nilai"][i] == pytest.approx(anak.mean(), abs=1e-9, nan_ok=True), isi[
            "nama"
        ][i]


def test_indikator_terlemah(siap):
    isi = ikesos_mikro.weakest_table(siap, 5)
    normal = siap.normal("nasional").iloc[0].sort_values()
    assert isi["indeks"].tolist() == normal.head(5).tolist()
    naik = isi["arah"] == "naik"
    assert isi.loc[naik, "bawah"].lt(isi.loc[naik, "nilai"]).all() and isi["nilai"].lt(isi["atas"]).all()


def test_agregasi_diganti(d2020, siap):
    isi = ikesos_mikro.aggregation_table(d2020, siap, "provinsi").set_index("wilayah")
    for agregasi in PEMBANDING:
        langsung = siap.hitung("provinsi", agregasi=agregasi).set_index("provinsi")
        langsung.index = langsung.index.astype(str)
        pd.testing.assert_series_equal(
            isi[f"peringkat_{agregasi}"], langsung["peringkat"].reindex(isi.index), check_names=False
        )
    # yang bersandar pada terlalu sedikit bobot tidak terbit pada agregasi mana pun
    assert len(isi) == siap.hitung("provinsi")["nilai"].notna().sum()
    assert isi.loc[isi["peringkat_aritmetik"].notna(), "bagian_bobot"].nunique() == 1
    # rata-rata harmonik tidak pernah di atas geometrik (skala keduanya sama, 1 sampai 100)
    keduanya = isi.dropna(subset=["nilai_harmonik", "nilai_geometrik"])
    assert len(keduanya) > 10 and (keduanya["nilai_harmonik"] <= keduanya["nilai_geometrik"] + 1e-9).all()
    assert isi["peringkat_aritmetik"].dropna().is_monotonic_increasing
    baca = ikesos_mikro.aggregation_reading(isi.reset_index())
    assert baca["geser_besar"] == str(isi["geser"].max())


def test_selang_peringkat_dan_bagiannya(siap, tak_pasti):
    langsung = hitung_ketidakpastian(siap, "provinsi", titik=ikesos_mikro.TITIK_SOBOL).tabel
    langsung["provinsi"] = langsung["provinsi"].astype(str)
    langsung = langsung.set_index("provinsi").loc[tak_pasti["wilayah"]]
    assert tak_pasti["lebar_gabungan"].tolist() == langsung["lebar_gabungan"].tolist()
    assert tak_pasti["bagian_sampel"].tolist() == (100 * langsung["bagian_sampel"]).tolist()
    bagian = tak_pasti[["bagian_sampel", "bagian_metode", "bagian_bersama"]].dropna()
    np.testing.assert_allclose(bagian.sum(axis=1), 100, atol=1e-6)
    assert len(tak_pasti) == siap.hitung("provinsi")["peringkat"].notna().sum()


def test_sandaran_menyebut_yang_tidak_tersedia(d2020):
    from kinerja.ikesos import Kerangka, siapkan
    from kinerja.mikro import muat

    m = muat()
    kerangka = Kerangka.susun(d2020["ikesos_kerangka"], d2020["ikesos_simpul"], d2020["ikesos_sasaran"], m.kodebuku)
    dipakai = kerangka.indikator[kerangka.indikator["dipakai"]]
    butir = next(b for _, b in dipakai.iterrows() if m.kodebuku.butir[b["butir"]].pembilang is not None)
    (variabel, *_) = m.kodebuku.butir[butir["butir"]].pembilang.nama
    tanpa = siapkan(m.bingkai.drop(columns=[variabel]), m.kodebuku, kerangka, keadaan=m.keadaan)
    isi = ikesos_mikro.basis_table(tanpa)
    assert isi["indikator"].tolist() == d2020["ikesos_kerangka"]["kode"].tolist()
    hilang = isi[isi["sebab"] != ""]
    assert butir["indikator"] in set(hilang["indikator"]) and hilang["sebab"].str.contains(variabel).any()
    bobot = isi[[f"bobot_{k}" for k in kerangka.sasaran]]
    assert (bobot.loc[hilang.index, f"bobot_{butir['sasaran']}"].fillna(0) == 0).all()
    jumlah = ikesos_mikro.basis_counts(tanpa)
    assert (
        jumlah["bagian_bobot"].iloc[-1] == pytest.approx(bobot.sum(axis=None), abs=1e-9) and bobot.sum(axis=None) < 99
    )
    assert jumlah["dipakai"].iloc[-1] == bobot.notna().sum(axis=None)
    assert jumlah["dipakai"].iloc[-1] - jumlah["tersedia"].iloc[-1] == (bobot == 0).sum(axis=None)


def test_pilihan_salah(d2020, siap):
    with pytest.raises(GalatParameter, match="wilayah = 'desa'.*provinsi, kabkota"):
        ikesos_mikro.reading(d2020, siap, "desa", "aritmetik")
    with pytest.raises(GalatParameter, match="agregasi = 'median'.*hasil_kali"):
        ikesos_mikro.reading(d2020, siap, "provinsi", "median")


def test_kabupaten_kota_dari_survei_kecil(d2020, siap):
    baca = ikesos_mikro.reading(d2020, siap, "kabkota", "aritmetik")
    assert int(baca["mikro_ditahan"]) > 300 and baca["mikro_banyak"] == "514"
    isi = ikesos_mikro.regions_table(d2020, siap, "kabkota")
    assert not isi["n"].between(1, 29).any(), "sel kecil tidak terbuka"


def test_angka_pada_gambar(d2020, siap, tak_pasti):
    fig = ikesos_mikro.uncertainty_figure(tak_pasti)
    kiri, kanan = fig.axes[:2]
    ruas = {tuple(s[:, 0]) for g in kiri.collections for s in g.get_segments()}
    for sumber in ikesos_mikro.SUMBER_SELANG:
        batas = tak_pasti[[f"bawah_{sumber}", f"atas_{sumber}"]].itertuples(index=False, name=None)
        assert set(batas) <= ruas, sumber
    panjang = [b.get_width() for b in kanan.containers[0]]
    assert panjang == tak_pasti["bagian_sampel"].fillna(0).tolist()
    agregasi = ikesos_mikro.aggregation_table(d2020, siap, "provinsi")
    (ax, *_) = ikesos_mikro.aggregation_figure(agregasi).axes
    agregasi = agregasi.dropna(subset=[f"peringkat_{nama}" for nama in PEMBANDING], how="all")
    for garis, nama in zip(ax.lines, PEMBANDING, strict=False):
        np.testing.assert_array_equal(garis.get_xdata(), agregasi[f"peringkat_{nama}"].astype("Float64").fillna(np.nan))
    (ax, *_) = ikesos_mikro.parts_figure(siap).axes
    nilai = {round(float(x), 9) for x in ax.collections[0].get_array().compressed()}
    isi = ikesos_mikro.parts_table(siap)
    harap = isi.loc[isi["jenjang"] != "indeks", "nilai"].dropna()
    assert nilai == {round(x, 9) for x in harap}


def test_gambar_wilayah_menyebut_hanya_yang_ada(d2020, siap):
    isi = ikesos_mikro.regions_table(d2020, siap, "provinsi")
    # garis nasional atas dasar yang sama dengan provinsinya, bukan atas semua indikator
    pusat = siap.hitung(dasar=siap.sandaran_bersama("provinsi"))["nilai"].item()
    assert pusat != siap.hitung()["nilai"].item()
    (ax, *_) = ikesos_mikro.regions_figure(isi, siap).axes
    tulisan = [x.get_text() for x in ax.get_legend().get_texts()]
    assert tulisan == [
        "taksiran dan selangnya", "ditahan atau tidak tersedia", "dasar data lain, tidak diperingkat",
        f"Indonesia {fmt.angka(pusat, 2)}",
    ]  # fmt: skip
    (nasional,) = [g for g in ax.lines if g.get_label().startswith("Indonesia")]
    assert set(nasional.get_xdata()) == {pusat}
    assert max(ax.lines[0].get_xdata()) == isi["nilai"].max()
    (ax, *_) = ikesos_mikro.regions_figure(isi[isi["nilai"].notna()].reset_index(drop=True), siap).axes
    assert "ditahan atau tidak tersedia" not in [x.get_text() for x in ax.get_legend().get_texts()]


@pytest.mark.parametrize("bahasa", ["id", "en"])
def test_cap_sintetis_di_setiap_gambar(d2020, siap, tak_pasti, bahasa):
    with fmt.using(bahasa):
        gambar = [
            ikesos_mikro.parts_figure(siap),
            ikesos_mikro.regions_figure(ikesos_mikro.regions_table(d2020, siap, "provinsi"), siap),
            ikesos_mikro.weakest_figure(ikesos_mikro.weakest_table(siap)),
            ikesos_mikro.aggregation_figure(ikesos_mikro.aggregation_table(d2020, siap, "provinsi")),
            ikesos_mikro.uncertainty_figure(tak_pasti),
        ]
        cap = fmt.pick({"id": "SINTETIS", "en": "SYNTHETIC"})
    for fig in gambar:
        assert cap in [x.get_text() for x in fig.findobj(lambda a: hasattr(a, "get_text"))]
