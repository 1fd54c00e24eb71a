"""Survei sangat kecil yang dapat dihitung di kertas, dan survei sintetis kecil."""

import numpy as np
import pandas as pd
import pytest

from kinerja.ikesos import Kerangka, siapkan
from kinerja.mikro import buat_sintetis, periksa
from kinerja.mikro.kodebuku import baca_kodebuku

KOLOM = [
    "butir", "jenis", "untuk", "sasaran", "nama", "unit", "pembilang", "penyebut", "arah", "tonggak_bawah",
    "tonggak_atas", "yakin", "definisi", "keadaan", "sumber", "bagian", "catatan",
]  # fmt: skip


def baris(butir, jenis, untuk, pembilang, *, sasaran="", unit="", penyebut="", arah="", bawah="", atas=""):
    return dict.fromkeys(KOLOM, "") | {
        "butir": butir, "jenis": jenis, "untuk": untuk, "sasaran": sasaran, "nama": butir, "unit": unit,
        "pembilang": pembilang, "penyebut": penyebut, "arah": arah, "yakin": "pasti", "tonggak_bawah": bawah,
        "tonggak_atas": atas,
    }  # fmt: skip


BARIS = [
    baris("persen", "parameter", "rt", "50"),
    baris("bobot", "rancangan", "bobot", "W"),
    baris("ruta", "rancangan", "ruta", "RUTA"),
    baris("kepala_ruta", "rancangan", "kepala_ruta", "NO = 1"),
    baris("strata", "rancangan", "strata", "STRATA"),
    baris("psu", "rancangan", "psu", "PSU"),
    baris("provinsi", "wilayah", "provinsi", "STRATA"),
    baris("rt", "sasaran", "rt", "BELANJA <= kuantil(BELANJA, persen)", unit="ruta"),
    baris("ls", "sasaran", "ls", "UMUR >= 60", unit="art"),
    baris("I1", "indikator", "I1", "RUMAH = 1", sasaran="rt ls", unit="ruta", arah="naik"),
    baris("I2", "indikator", "I2", "KERJA = 1", sasaran="rt ls", unit="art", penyebut="UMUR >= 15", arah="naik"),
    baris("I3", "indikator", "I3", "EMAS = 1", sasaran="rt", unit="ruta", arah="naik"),
]


def kerangka_kecil():
    """Dua dimensi, tiga subdimensi; I2 tidak pasti bagi lansia, I3 tidak pasti dan tanpa definisi bagi lansia."""
    indikator = pd.DataFrame(
        {
            "kode": ["I1", "I2", "I3"],
            "dimensi": ["KD", "KE", "KE"],
            "subdimensi": ["A", "B", "C"],
            "nama": ["Rumah", "Kerja", "Emas"],
            "berlaku_rt": ["ya", "ya", "ya"],
            "berlaku_ls": ["ya", "tidak_pasti", "tidak_pasti"],
        }
    )
    simpul = pd.DataFrame(
        {"kode": ["IKESOS", "KD", "KE", "A", "B", "C"], "nama": ["Indeks", "D1", "D2", "A", "B", "C"]}
    )
    return indikator, simpul, pd.DataFrame({"kode": ["rt", "ls"], "nama": ["Rumah tangga", "Lansia"]})


@pytest.fixture
def orang():
    """Tujuh orang, empat rumah tangga, empat PSU, dua strata."""
    return pd.DataFrame(
        {
            "STRATA": [1, 1, 1, 2, 2, 2, 2],
            "PSU": [1, 1, 2, 3, 3, 3, 4],
            "RUTA": [11, 11, 12, 13, 13, 13, 14],
            "NO": [1, 2, 1, 1, 2, 3, 1],
            "W": [2.0, 2.0, 3.0, 1.0, 1.0, 1.0, 4.0],
            "UMUR": [40, 65, 30, 70, 20, 5, 62],
            "BELANJA": [10, 10, 50, 20, 20, 20, 30],
            "RUMAH": [1, 1, 1, 5, 5, 5, 1],
            "KERJA": [1, 5, 1, 5, 1, np.nan, 1],
        }
    )


@pytest.fixture
def kodebuku():
    return periksa(pd.DataFrame(BARIS), "uji.csv")


@pytest.fixture
def siap(orang, kodebuku):
    return siapkan(orang, kodebuku, Kerangka.susun(*kerangka_kecil(), kodebuku), n_minimum=1, n_daun=1)


@pytest.fixture(scope="session")
def susenas(d2020):
    """Survei sintetis kecil, kodebuku baku, kerangka baku."""
    kodebuku = baca_kodebuku(tahun=2020)
    kerangka = Kerangka.susun(d2020["ikesos_kerangka"], d2020["ikesos_simpul"], d2020["ikesos_sasaran"], kodebuku)
    return buat_sintetis(2020).gabungan(kodebuku.variabel), kodebuku, kerangka


@pytest.fixture(scope="session")
def siap_susenas(susenas):
    """Tanpa ambang bobot: yang diuji mesinnya, sedangkan Kor hanya menanyakan sekitar separuh bobot Ikesos."""
    return siapkan(*susenas, keadaan="sintetis", ambang_bobot=0.0)
