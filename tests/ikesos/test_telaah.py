"""Telaah Ikesos: urutan baca, induk sebagai rata-rata anaknya, indikator terendah, dasar data, dan terbitan."""

import numpy as np
import pandas as pd
import pytest

from kinerja import fmt, pendukung
from kinerja.errors import GalatParameter
from kinerja.ikesos import Kerangka, siapkan, telaah
from kinerja.mikro import muat
from kinerja.simpanan import buka_ikesos


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


@pytest.fixture(scope="module")
def siap(d2020):
    return buka_ikesos(d2020).siap


def test_bagian_dari_puncak_ke_bawah_dan_induk_rerata_anaknya(siap):
    isi = telaah.parts(siap)
    assert isi["jenis"].value_counts().to_dict() == {"subdimensi": 33, "dimensi": 9, "sasaran": 3, "indeks": 1}
    tingkat = isi["jenis"].map({"indeks": 0, "sasaran": 1, "dimensi": 2, "subdimensi": 3})
    assert (tingkat.diff().dropna() <= 1).all(), "anak langsung di bawah induknya"
    anak = siap.kerangka.pohon.children
    for induk in isi.index[tingkat < 3]:
        # bobot sama: induk adalah rata-rata anaknya yang tersedia, atau tidak tersedia bila terlalu sedikit
        nilai, rata = isi.loc[induk, "nilai"], isi.loc[list(anak[induk]), "nilai"].mean()
        assert np.isnan(nilai) or nilai == pytest.approx(rata, abs=1e-9), induk
    assert isi.loc["IKESOS", "sasaran"] == "semua" and isi.attrs["satuan"]["nilai"] == "indeks_100"


def test_hasil_kali_bukan_skala_indeks(siap):
    with pytest.raises(GalatParameter, match="'hasil_kali' bukan skala 0-100"):
        telaah.parts(siap, "hasil_kali")


def test_indikator_terlemah(siap):
    isi = telaah.weakest(siap)
    normal = siap.normal("nasional").iloc[0].dropna().sort_values(kind="stable")
    assert isi["indeks"].head(5).tolist() == normal.head(5).tolist() and isi["nilai"].notna().all()
    naik = isi["arah"] == "naik"
    np.testing.assert_allclose(isi.loc[naik, "indeks"], isi.loc[naik, "nilai"])
    with fmt.using("en"):
        assert telaah.weakest(siap)["sebutan"].str.contains("older people").any()


def test_dasar_menyebut_yang_tidak_tersedia(d2020):
    m = muat()
    kerangka = Kerangka.susun(d2020["ikesos_kerangka"], d2020["ikesos_simpul"], d2020["ikesos_sasaran"], m.kodebuku)
    dipakai = kerangka.indikator[kerangka.indikator["dipakai"]]
    butir = next(b for _, b in dipakai.iterrows() if m.kodebuku.butir[b["butir"]].pembilang is not None)
    (variabel, *_) = m.kodebuku.butir[butir["butir"]].pembilang.nama
    tanpa = siapkan(m.bingkai.drop(columns=[variabel]), m.kodebuku, kerangka, keadaan=m.keadaan)
    isi = telaah.basis(tanpa)
    assert isi["indikator"].tolist() == d2020["ikesos_kerangka"]["kode"].tolist()
    hilang = isi[isi["sebab"] != ""]
    assert butir["indikator"] in set(hilang["indikator"]) and hilang["sebab"].str.contains(variabel).any()
    bobot = isi[[f"bobot_{k}" for k in kerangka.sasaran]]
    assert (bobot.loc[hilang.index, f"bobot_{butir['sasaran']}"].fillna(0) == 0).all()
    jumlah = tanpa.ringkasan_sandaran().iloc[-1]
    assert 100 * jumlah["bagian_bobot"] == pytest.approx(bobot.sum(axis=None), abs=1e-9)
    assert jumlah["dipakai"] == bobot.notna().sum(axis=None) < 99
    assert jumlah["dipakai"] - jumlah["tersedia"] == (bobot == 0).sum(axis=None)


def test_terbitan_tidak_berdampingan_dengan_survei_buatan(d2020, siap):
    terbit, bagian = pendukung.ikesos_values(d2020), telaah.parts(siap)
    assert telaah.beside(terbit, bagian)["asal"].tolist() == ["survei"]
    nyata = telaah.beside(terbit, bagian.assign(keadaan="diturunkan"))
    # 37,75 dan 38,41 diterbitkan; nilai 2020 belum ada di sumber
    assert nyata["nilai"].tolist()[:2] == [37.75, 38.41] and pd.isna(nyata["nilai"][2])
    assert nyata["keadaan"].tolist() == ["dikutip", "dikutip", "tidak_tersedia", "diturunkan"]
    assert nyata.loc[:2, ["bawah", "atas", "n"]].isna().all(axis=None)
    assert nyata["nilai"][3] == siap.hitung()["nilai"].item()
