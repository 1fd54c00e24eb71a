"""Ikesos dari survei: jawaban notebook terhadap mesin indeks, dan bahwa survei buatan tidak menyebut nama daerah."""

import numpy as np
import pandas as pd
import pytest

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.ikesos import hitung_ketidakpastian
from kinerja.jelajah import PEMBANDING, TITIK_SOBOL, open_survey, rank_by_aggregation, rank_sources
from kinerja.kolom import SUMBER_BUATAN
from notebook_di_proses import run
from tergambar import plotted


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


@pytest.fixture(scope="module")
def jawab():
    return run("ikesos_mikro").jawab


@pytest.fixture(scope="module")
def survei(d2020):
    with fmt.using("id"):
        return open_survey(d2020)


def test_kepala_dan_pokok_dari_mesin(survei):
    ringkas = run("ikesos_mikro").ringkas
    nasional = survei.siap.hitung().iloc[0]
    angka = [fmt.angka(nasional[k], 1) for k in ("nilai", "bawah", "atas")]
    assert ringkas.kepala == "Menurut survei, Ikesos mencapai {}, dengan selang {} sampai {}".format(*angka)
    isi = " ".join(ringkas.butir)
    rank = survei.siap.hitung("provinsi")
    assert f"{rank['peringkat'].notna().sum()} dari 34 wilayah" in isi and "Wilayah " in isi
    assert run("ikesos_mikro", "en").ringkas.kepala.startswith("In the survey the welfare index is 53.0")


@pytest.mark.parametrize("bahasa_halaman", ["id", "en"])
def test_semua_bersumber_data_buatan_tanpa_nama_daerah(d2020, bahasa_halaman):
    terlihat = run("ikesos_mikro", bahasa_halaman)
    assert {x.tabel.sumber for x in terlihat.jawab.values()} == {SUMBER_BUATAN[bahasa_halaman]}
    nama = {*d2020["provinsi"]["provinsi"]}
    teks = " ".join([*map(str, terlihat.html), *(t.to_text() for t in terlihat.tabel)])
    assert [x for x in sorted(nama) if x in teks] == []
    assert "38,41" not in teks and "38.41" not in teks, "nilai terbitan tidak berdiri di samping yang buatan"


def test_gambar_wilayah_hanya_yang_diperingkat(jawab, survei):
    (ax,) = jawab["wilayah"].axes
    ((_, _, letak),) = [(a, b, x) for a, b, x in plotted(ax) if a == "titik"][:1]
    frame = jawab["wilayah"].frame
    titik = {x for jenis, _, isi in plotted(ax) if jenis == "titik" for x in isi[::2]}
    assert titik == set(frame.loc[frame["peringkat"].notna(), "nilai"]) and letak
    langsung = survei.siap.hitung("provinsi")
    assert sorted(frame["nilai"].dropna()) == sorted(langsung["nilai"].dropna())
    assert not frame["n"].between(1, 29).any(), "sel kecil tidak terbuka"


def test_agregasi_diganti(jawab, survei):
    isi = jawab["agregasi"].frame.set_index("label")
    nama = survei.names("provinsi")
    for agregasi in PEMBANDING:
        langsung = survei.siap.hitung("provinsi", agregasi=agregasi)
        kode = [nama[survei.wilayah.code(str(k))] for k in langsung["provinsi"]]
        harap = langsung.set_index(pd.Index(kode))["peringkat"].dropna()
        assert isi[agregasi].dropna().to_dict() == harap.to_dict()
    assert isi["geser"].is_monotonic_decreasing and isi["geser"].iloc[0] > 0
    # rata-rata harmonik tidak pernah di atas geometrik: skala keduanya sama, 1 sampai 100
    dua = {a: survei.siap.hitung("provinsi", agregasi=a)["nilai"] for a in ("harmonik", "geometrik")}
    ada = dua["harmonik"].notna() & dua["geometrik"].notna()
    assert ada.sum() > 10 and (dua["harmonik"] <= dua["geometrik"] + 1e-9)[ada].all()


def test_sebaran_peringkat_dan_bagian_ragamnya(jawab, survei):
    tabel = jawab["peringkat"].frame
    langsung = hitung_ketidakpastian(survei.siap, "provinsi", titik=TITIK_SOBOL).tabel
    langsung = langsung.set_index(langsung["provinsi"].astype(str).map(survei.wilayah.code)).loc[tabel["wilayah"]]
    assert tabel["lebar_gabungan"].tolist() == langsung["lebar_gabungan"].tolist()
    assert tabel["bagian_sampel"].tolist() == (100 * langsung["bagian_sampel"]).tolist()
    bagian = tabel[["bagian_sampel", "bagian_metode", "bagian_bersama"]].dropna()
    np.testing.assert_allclose(bagian.sum(axis=1), 100, atol=1e-6)
    assert len(tabel) == survei.siap.hitung("provinsi")["peringkat"].notna().sum()


def test_kabupaten_kota_dari_survei_kecil(survei):
    terlihat = run("ikesos_mikro", wilayah="kabkota")
    frame = terlihat.jawab["wilayah"].frame
    assert len(frame) == 514 and frame["nilai"].isna().sum() > 300 and not frame["n"].between(1, 29).any()
    assert frame["label"].str.match(r"Wilayah [A-Z]{1,2}-\d\d$").all()
    assert len(rank_sources(survei, "kabkota", titik=16)) == frame["peringkat"].notna().sum()
    assert len(rank_by_aggregation(survei, "kabkota")) >= frame["peringkat"].notna().sum()


@pytest.mark.parametrize(
    ("pilihan", "pesan"),
    [
        ({"wilayah": "desa"}, "wilayah = 'desa'.*provinsi, kabkota"),
        ({"agregasi": "median"}, "agregasi = 'median'.*hasil_kali"),
        ({"agregasi": "hasil_kali"}, "bukan skala 0-100"),
    ],
)
def test_pilihan_salah(pilihan, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        run("ikesos_mikro", **pilihan)
