"""Survei sintetis: bentuk seperti Susenas, berbenih, dan masuk akal."""

import numpy as np
import pandas as pd
import pytest

from kinerja.errors import GalatParameter
from kinerja.mikro import baca_kodebuku, buat_sintetis
from kinerja.mikro.sintetis import PENDUDUK


def rata(data, syarat):
    return np.average(syarat, weights=data["FWT"])


def test_benih_sama_data_sama(kecil, d2020):
    pd.testing.assert_frame_equal(kecil, buat_sintetis(d2020["provinsi"], "kecil"))
    lain = buat_sintetis(d2020["provinsi"], "kecil", benih=1)
    assert not np.array_equal(lain["EXP_CAP"].to_numpy()[:1000], kecil["EXP_CAP"].to_numpy()[:1000])


def test_wilayah_lengkap(kecil, d2020):
    prov = d2020["provinsi"]
    assert sorted(kecil["R101"].unique()) == sorted(prov["kode_bps"])
    kab = kecil[["R101", "R102"]].drop_duplicates()
    assert len(kab) == 514
    assert (kab["R102"] >= 71).sum() == 98
    banyak = kab.groupby("R101").size()
    assert banyak.to_dict() == dict(zip(prov["kode_bps"], prov["n_kabkota"], strict=True))
    assert set(kecil.loc[kecil["R101"] == 31, "R105"]) == {1}


def test_rancangan_bersarang(kecil):
    psu = kecil.groupby("PSU").agg(strata=("STRATA", "nunique"))
    assert (psu["strata"] == 1).all()
    assert (kecil.groupby("RENUM")["PSU"].nunique() == 1).all()
    strata = kecil.groupby("STRATA").agg(psu=("PSU", "nunique"), kab=("R102", "nunique"), daerah=("R105", "nunique"))
    assert strata["psu"].min() >= 2
    assert (strata[["kab", "daerah"]] == 1).all(axis=None)
    assert kecil["RENUM"].is_monotonic_increasing


def test_ukuran_dan_penimbang(kecil):
    assert 23_000 < len(kecil) < 27_000
    # penimbang dibulatkan ke sen orang: selisihnya paling banyak setengah sen per orang
    assert abs(kecil["FWT"].sum() - PENDUDUK) <= 0.005 * len(kecil)
    assert (kecil["FWT"] > 0).all()


def test_rumah_tangga_masuk_akal(kecil):
    kepala = kecil[kecil["R403"] == 1]
    assert len(kepala) == kecil["RENUM"].nunique()
    assert (kepala["R407"] >= 19).all()
    assert (kecil.groupby("RENUM")["R403"].apply(lambda x: (x == 2).sum()) <= 1).all()
    rumah = kecil.groupby("RENUM")[["EXP_CAP", "R1804", "R1806", "R2106", "SINTETIS_PROTEIN"]].nunique()
    assert (rumah == 1).all(axis=None)
    assert 3.4 < len(kecil) / len(kepala) < 4.3


def test_kelompok_sasaran_masuk_akal(kecil):
    assert 0.07 < rata(kecil, kecil["R407"] >= 60) < 0.13
    assert 0.28 < rata(kecil, kecil["R407"] < 18) < 0.38
    sulit = np.logical_or.reduce([kecil[f"R100{i}"] <= 2 for i in range(2, 10)])
    assert 0.02 < rata(kecil, sulit) < 0.09
    tua = kecil["R407"] >= 75
    assert sulit[tua].mean() > 3 * sulit[(kecil["R407"] >= 15) & (kecil["R407"] < 45)].mean()


def test_korelasi_dan_landaian(kecil):
    kaya = kecil["EXP_CAP"] > kecil["EXP_CAP"].median()
    for kolom in ("R804", "R808", "R606", "R2001G"):
        isi = kecil[kolom] == 1
        assert isi[kaya].mean() > isi[~kaya].mean(), kolom
    assert (kecil["R2106"] == 1)[kaya].mean() < (kecil["R2106"] == 1)[~kaya].mean()
    dewasa = kecil["R407"] >= 15
    papua, jawa = kecil["R101"] >= 91, kecil["R101"].between(31, 36)
    assert (kecil["R804"] == 1)[dewasa & papua].mean() < (kecil["R804"] == 1)[dewasa & jawa].mean()
    # satu PSU mirip: ragam antar-PSU lebih besar daripada bila orang ditarik acak
    psu = kecil.assign(y=kecil["SINTETIS_PS9"] == 1).groupby("PSU")["y"].mean()
    assert set(psu) <= {0.0, 1.0}


def test_pertanyaan_dilewati_menurut_alur(kecil):
    assert kecil.loc[kecil["R407"] < 5, "R804"].isna().all()
    assert kecil.loc[kecil["R407"] > 17, "R606"].isna().all()
    assert kecil.loc[kecil["R405"] == 1, "R1504B"].isna().all()
    assert kecil.loc[kecil["R407"] < 2, "R1009"].isna().all()
    bersekolah = kecil["R612"] == 2
    assert (kecil["R613"].notna() == bersekolah).all()
    assert (kecil["R706"].notna() == ((kecil["R702"] == 1) | (kecil["R703"] == 1))).all()


def test_semua_variabel_kodebuku_ada_dan_bertanda(kecil):
    assert set(baca_kodebuku().variabel) <= set(kecil.columns)
    assert (kecil["SINTETIS"] == 1).all()


def test_pilihan_salah(d2020):
    with pytest.raises(GalatParameter, match="kecil, penuh"):
        buat_sintetis(d2020["provinsi"], "besar")
    with pytest.raises(GalatParameter, match="Benih"):
        buat_sintetis(d2020["provinsi"], "kecil", benih=-1)
