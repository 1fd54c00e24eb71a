"""Kolom apa pun yang rusak isinya: satu kalimat atau indikator tidak tersedia, tidak pernah jejak tumpukan."""

import numpy as np
import pandas as pd
import pytest

from kinerja.errors import GalatKinerja
from kinerja.ikesos import Kerangka, siapkan
from kinerja.mikro import baca_kodebuku, muat
from kinerja.mikro.sintetis import Sintetis, Ukuran

RUSAK = {
    "teks": lambda x: ["abc"] * len(x),
    "campur": lambda x: [str(v) if i % 2 else "zz" for i, v in enumerate(x)],
    "kosong": lambda x: [None] * len(x),
    "tak hingga": lambda x: [float("inf")] + [1.0] * (len(x) - 1),
    "tanggal": lambda x: [pd.Timestamp("2020-01-01")] * len(x),
    "benar": lambda x: [True] * len(x),
    "negatif": lambda x: [-1] * len(x),
    "besar": lambda x: [10**18] * len(x),
    "separuh": lambda x: [v if i % 2 else None for i, v in enumerate(x)],
    "pecahan": lambda x: [0.5] * len(x),
    "daftar": lambda x: [[1]] * len(x),
}
KOLOM = ("FWT", "RENUM", "R101", "R808", "R702_A", "KAPITA")


@pytest.fixture(scope="module")
def dasar(d2020):
    kodebuku = baca_kodebuku(tahun=2020)
    tabel = (d2020[x] for x in ("ikesos_kerangka", "ikesos_simpul", "ikesos_sasaran"))
    return Sintetis(2020, Ukuran(40, 2.0), 1, [15]).gabungan(), kodebuku, Kerangka.susun(*tabel, kodebuku)


@pytest.mark.parametrize("kolom", KOLOM)
def test_satu_kolom_rusak(tmp_path, dasar, kolom):
    bingkai, kodebuku, kerangka = dasar
    berkas = tmp_path / "kor.parquet"
    for nama, ubah in RUSAK.items():
        isi = pd.Series(ubah(bingkai[kolom].tolist()), dtype=object)
        bingkai.assign(**{kolom: isi}).to_parquet(berkas)
        try:
            m = muat(berkas, kodebuku)
            nilai = siapkan(m.bingkai, kodebuku, kerangka, catatan=m.catatan, psu_tunggal="adjust").hitung(
                simpul="semua"
            )
        except GalatKinerja as galat:
            pesan = str(galat)
            assert "\n" not in pesan and "Error" not in pesan, (nama, pesan)
        else:
            assert not np.isinf(nilai["nilai"]).any(), nama
