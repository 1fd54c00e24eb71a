"""Uji penerimaan: berkas setiap gelombang, dalam setiap format, mengembalikan setiap nilai yang ditanam.

Dua saksi yang tidak saling membaca: survei sintetis dan kebenarannya ditulis dari tata letak, kodebuku dari kuesioner.
"""

import numpy as np
import pandas as pd
import pytest

from kinerja import cli
from kinerja.errors import GalatData
from kinerja.ikesos import Kerangka
from kinerja.ikesos.ukuran import nilai_kodebuku
from kinerja.mikro import FORMAT, Sintetis, buat_sintetis, muat, tulis_survei
from kinerja.mikro.sintetis import Ukuran
from kinerja.simpanan import buka_ikesos

GELOMBANG = (2018, 2019, 2020, 2021, 2022, 2023, 2024)


@pytest.fixture(scope="module")
def mungil():
    """Sekitar empat ribu orang di tiga provinsi; satu di antaranya baru pada 2024."""
    simpanan = {}

    def ambil(tahun):
        if tahun not in simpanan:
            simpanan[tahun] = Sintetis(tahun, Ukuran(1_000, 2.0), 4, [15, 63, 94 if tahun < 2024 else 97])
        return simpanan[tahun]

    return ambil


def nilai_nasional(m, d):
    """Persen tertimbang tiap simpul yang dapat dihitung kodebuku atas satu data mikro."""
    kerangka = Kerangka.susun(d["ikesos_kerangka"], d["ikesos_simpul"], d["ikesos_sasaran"], m.kodebuku)
    ukuran, rancangan = nilai_kodebuku(m.bingkai, m.kodebuku, kerangka)
    bobot = rancangan.bingkai["bobot"].to_numpy()
    hasil = {}
    for nama in ukuran.butir:
        isi = ukuran[nama].to_numpy()
        ada = ~np.isnan(isi)
        if ada.any():
            hasil[nama] = 100 * np.average(isi[ada], weights=bobot[ada])
    return pd.Series(hasil)


def periksa_sama(hasil, kebenaran):
    benar = kebenaran.set_index("simpul")["nilai"]
    assert set(hasil.index) == set(benar.index), "yang ditanyakan gelombang itu, tidak lebih dan tidak kurang"
    np.testing.assert_allclose(hasil[benar.index], benar, atol=1e-6, rtol=0, err_msg=str(list(benar.index)))


@pytest.mark.parametrize("format", FORMAT)
@pytest.mark.parametrize("tahun", GELOMBANG)
def test_setiap_gelombang_setiap_format(mungil, d2020, tmp_path, tahun, format):
    berkas = tulis_survei(mungil(tahun), tmp_path, format)
    m = muat(berkas, tahun=tahun)
    assert m.keadaan == "sintetis"
    assert m.kodebuku.tahun == tahun
    periksa_sama(nilai_nasional(m, d2020), mungil(tahun).kebenaran)


@pytest.mark.parametrize("tahun", GELOMBANG)
def test_yang_dilewati_kosong_sama_dengan_nol(mungil, d2020, tmp_path, tahun):
    """Salinan berkas yang menyimpan isian dilewati sebagai kosong memberi angka yang sama."""
    s = mungil(tahun)
    berkas = []
    for bagian, isi in s.berkas.items():
        lewat = {v.nama for v in s.letak.kolom(bagian) if v.lewat == "nol" and 0 not in v.kode and v.nama in isi}
        # 0 bulan dan 0 jam juga jawaban
        lewat -= {s.letak.konsep[k].nama for k in ("umur_bulan", "jam_seluruh", "jam_utama") if k in s.letak.konsep}
        isi = isi.astype({k: float for k in lewat})
        isi[[*lewat]] = isi[[*lewat]].where(isi[[*lewat]] != 0)
        berkas.append(tmp_path / f"{bagian}.parquet")
        isi.to_parquet(berkas[-1])
    periksa_sama(nilai_nasional(muat(berkas, tahun=tahun), d2020), s.kebenaran)


@pytest.mark.parametrize(("tahun", "format"), [(2018, "csv"), (2023, "parquet")])
def test_lewat_baris_perintah(mungil, tmp_path, tahun, format):
    """Berkas disebut menurut abjad, bukan anggota dahulu; setiap format dan gelombang: uji di atas."""
    berkas = sorted(tulis_survei(mungil(tahun), tmp_path / "mikro", format))
    argumen = [x for satu in berkas for x in ("--mikro", str(satu))]
    try:
        cli.main(["ikesos", *argumen, "--tahun", str(tahun), "--out", str(tmp_path / "hasil")])
    except SystemExit as henti:
        assert not henti.code
    hasil = pd.read_csv(tmp_path / "hasil" / "ikesos-nasional.csv").set_index("simpul")
    benar = pd.read_csv(tmp_path / "mikro" / "kebenaran.csv").set_index("simpul")
    hasil = hasil.loc[benar.index]
    terbit = hasil["nilai"].notna()
    assert terbit.mean() > 0.7
    # yang tidak terbit ditahan karena respondennya sedikit, galatnya besar, atau yang kecil dapat dihitung darinya
    assert (benar.loc[hasil["tanda"] == "tidak tersedia", "n"] < 30).all()
    assert set(hasil.loc[~terbit, "tanda"]) <= {"ditahan", "tidak tersedia"}
    np.testing.assert_allclose(hasil.loc[terbit, "nilai"], benar.loc[terbit, "nilai"], atol=1e-6, rtol=0)
    sandaran = pd.read_csv(tmp_path / "hasil" / "ikesos-sandaran.csv")
    tiada = sandaran[sandaran["dipakai"] & ~sandaran["tersedia"]]
    assert tiada["sebab"].str.len().gt(10).all() and not set(tiada["simpul"]) & set(benar.index)


def test_lewat_notebook(d2020):
    """Notebook dan penjelajah membuka survei lewat ``buka_ikesos``; tanpa berkas, survei bawaan 2020."""
    hasil = buka_ikesos(d2020, "").siap.hitung(simpul="indikator").set_index("simpul")["nilai"].dropna()
    periksa_sama(hasil, buat_sintetis(2020).kebenaran)


def nilai_ruta(m, d, definisi=None):
    """Ukuran dan keterangan dari berkas rumah tangga saja."""
    kerangka = Kerangka.susun(d["ikesos_kerangka"], d["ikesos_simpul"], d["ikesos_sasaran"], m.kodebuku)
    return nilai_kodebuku(m.bingkai, m.kodebuku, kerangka, definisi)


@pytest.mark.parametrize("tahun", GELOMBANG[2:])
def test_berkas_rumah_tangga_saja_memakai_definisi_yang_dapat_dihitung(mungil, d2020, tmp_path, tahun):
    semua = tulis_survei(mungil(tahun), tmp_path, "parquet")
    (ruta,) = (x for x in semua if "rt" in x.name and "ind" not in x.name)
    (kp,) = (x for x in semua if "blok43" in x.name)
    m = muat(ruta, tahun=tahun)
    assert not m.orang
    ukuran, rancangan = nilai_ruta(m, d2020)
    diminta, diam = nilai_ruta(m, d2020, {"rt": "rt_bansos"})
    np.testing.assert_array_equal(ukuran.sasaran["rt"], diminta.sasaran["rt"])
    assert ukuran.butir and set(ukuran.butir) == set(diminta.butir)
    (kalimat,) = (x for x in rancangan.keterangan if "definisi lain" in x)
    assert "variabel tidak ada di data: KAPITA" in kalimat and "rt_bansos (Rumah tangga penerima" in kalimat
    assert not [x for x in diam.keterangan if "definisi lain" in x]
    # definisi yang diminta tidak diganti, dan dengan berkas KP definisi bakunya yang dipakai
    with pytest.raises(GalatData, match="tidak satu pun kelompok sasaran"):
        nilai_ruta(m, d2020, {"rt": "rt"})
    _, rancangan = nilai_ruta(muat([ruta, kp], tahun=tahun), d2020)
    assert not [x for x in rancangan.keterangan if "definisi lain" in x]
