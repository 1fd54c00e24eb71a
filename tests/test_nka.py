"""EKA dan NKA: contoh tercetak, hitungan tangan, batas-batas, dan bobot menurut tahun."""

import pandas as pd
import pytest

from kinerja import nka
from kinerja.errors import GalatHitung

CONTOH = {"penyerapan": 95.53, "konsistensi": 99.61, "keluaran": 99.72, "efisiensi": 59.98}


@pytest.fixture(scope="module")
def bobot(d2020):
    return d2020["nka_bobot"]


def persen(tabel, komponen):
    return {k: tabel.loc[k, "nilai"] for k in komponen}


def test_contoh_tercetak_lan(bobot):
    # LAKIP Puslatbang KMP LAN 2021, halaman 92: keempat nilai ini dan 87,93 tercetak
    for tahun in (2020, 2021):
        nilai = nka.weighted_score(CONTOH, persen(nka.weights(bobot, tahun), nka.KOMPONEN_EKA))
        assert round(nilai, 2) == 87.93


def test_bobot_menurut_tahun(bobot, d2020):
    lama, baru = nka.weights(bobot, 2020), nka.weights(bobot, 2024)
    assert persen(lama, nka.KOMPONEN_EKA) == {
        "penyerapan": 9.7, "konsistensi": 18.2, "keluaran": 43.5, "efisiensi": 28.6,
    }  # fmt: skip
    assert persen(lama, nka.KOMPONEN_NKA) == {"evaluasi": 60, "ikpa": 40}
    assert persen(baru, nka.KOMPONEN_NKA) == {"evaluasi": 50, "ikpa": 50}
    assert persen(nka.weights(bobot, 2022), nka.KOMPONEN_NKA) == {"evaluasi": 60, "ikpa": 40}
    assert lama.loc["penyerapan", "peraturan"] != nka.weights(bobot, 2021).loc["penyerapan", "peraturan"]
    # yang tercetak di laporan sama dengan acuan bertanggal
    assert d2020.nilai("aturan/bobot_evaluasi_nka") == lama.loc["evaluasi", "nilai"]
    # susunan EKA sejak 2023 tidak diketahui: bobot lama tidak diteruskan diam-diam
    assert baru.loc[list(nka.KOMPONEN_EKA), "nilai"].isna().all()
    assert nka.composition(baru, {})["komponen"].tolist() == ["evaluasi", "ikpa"]
    with pytest.raises(GalatHitung, match="2010"):
        nka.weights(bobot, 2010)
    with pytest.raises(GalatHitung, match="EKA"):
        nka.weights(bobot[bobot["komponen"] != "keluaran"], 2020)


def test_nka_hitung_tangan():
    # 0,6 x 90 + 0,4 x 95 = 54 + 38
    assert nka.weighted_score({"evaluasi": 90, "ikpa": 95}, {"evaluasi": 60, "ikpa": 40}) == pytest.approx(92)
    assert nka.weighted_score({"evaluasi": 90, "ikpa": 95}, {"evaluasi": 50, "ikpa": 50}) == pytest.approx(92.5)
    assert pd.isna(nka.weighted_score({"evaluasi": 90}, {"evaluasi": 60, "ikpa": 40}))
    with pytest.raises(GalatHitung, match="0 sampai 100"):
        nka.weighted_score({"evaluasi": 101, "ikpa": 95}, {"evaluasi": 60, "ikpa": 40})
    with pytest.raises(GalatHitung, match="100%"):
        nka.weighted_score({"evaluasi": 90, "ikpa": 95}, {"evaluasi": 60, "ikpa": 50})


@pytest.mark.parametrize(
    ("nilai", "predikat"),
    [
        (100, "sangat_baik"), (93.07, "sangat_baik"), (90.01, "sangat_baik"), (90, "baik"), (80, "cukup"),
        (60, "kurang"), (50, "sangat_kurang"), (0, "sangat_kurang"),
    ],
)  # fmt: skip
def test_predikat(nilai, predikat, d2020):
    assert nka.predicate(nilai, d2020["nka_kategori"]) == predikat


def test_predikat_di_luar_skala(d2020):
    assert nka.predicate(float("nan"), d2020["nka_kategori"]) is None
    with pytest.raises(GalatHitung):
        nka.predicate(100.5, d2020["nka_kategori"])


def test_susunan(bobot):
    hasil = nka.composition(nka.weights(bobot, 2020), {"penyerapan": 97.12}).set_index("komponen")
    assert hasil["bobot_nka"].iloc[:4].sum() == pytest.approx(60) and hasil["bobot_nka"].sum() == pytest.approx(160)
    assert hasil.loc["efisiensi", "bobot_nka"] == pytest.approx(17.16)
    assert hasil["keadaan_nilai"].tolist() == ["diturunkan"] + ["tidak_tersedia"] * 5
