"""Sasaran yang tiada, bagian bobot, dasar bersama, dan indikator tanpa kasus."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta

from kinerja.errors import GalatParameter
from kinerja.ikesos import Kerangka, siapkan
from kinerja.mikro import periksa

from .conftest import BARIS, kerangka_kecil


@pytest.fixture
def tanpa(orang, kodebuku):
    def buat(data, **pilihan):
        kerangka = Kerangka.susun(*kerangka_kecil(), kodebuku)
        return siapkan(data, kodebuku, kerangka, **{"n_minimum": 1, "n_daun": 1, **pilihan})

    return buat


@pytest.mark.parametrize(
    ("ubah", "sebab"),
    [
        (lambda d: d.drop(columns="BELANJA"), "kelompok sasaran tidak tersedia (variabel tidak ada di data: BELANJA)"),
        (lambda d: d.assign(BELANJA=np.nan), "kelompok sasaran tidak tersedia (kuantil: tidak ada nilai yang terisi)"),
    ],
)
def test_sasaran_yang_tiada_hanya_menghilangkan_dirinya(orang, tanpa, ubah, sebab):
    utuh, kurang = tanpa(orang), tanpa(ubah(orang))
    for tingkat in ("nasional", "provinsi"):
        satu, dua = (s.hitung(tingkat, "ls", simpul="semua", tahan=False) for s in (utuh, kurang))
        pd.testing.assert_frame_equal(satu, dua)
    h = kurang.hitung(simpul="semua", tahan=False).set_index("simpul")
    assert h.loc[["rt", "rt/KD", "rt/I1"], "tanda"].eq("tidak tersedia").all()
    assert h.loc[["rt", "rt/I1"], "keterangan"].tolist() == [sebab, sebab]
    # Ikesos = ls saja: 500/7, tepat setengah bobot; n-nya anggota ls saja
    assert h.loc["IKESOS", "nilai"] == pytest.approx(500 / 7)
    assert h.loc["IKESOS", ["bagian_bobot", "n"]].tolist() == [0.5, 3]
    ringkas = kurang.ringkasan_sandaran().set_index("sasaran")
    assert ringkas.loc["rt", ["tersedia", "bagian_bobot", "sebab"]].tolist() == [0, 0.0, sebab]
    assert ringkas.loc["ls", "sebab"] == ""


def test_sasaran_tanpa_anggota(orang, tanpa):
    h = tanpa(orang.assign(UMUR=20)).hitung(simpul="semua", tahan=False).set_index("simpul")
    assert "tidak seorang pun" in h.loc["ls", "keterangan"]
    # rt tidak bergeser: 2/3 dan, tanpa saringan umur, semua orang rt yang KERJA-nya diketahui: (2 + 1)/6
    assert h.loc["rt", "nilai"] == pytest.approx(175 / 3)


def test_ikesos_di_bawah_ambang_bobot_tidak_terbit(orang, tanpa):
    data = orang.drop(columns="BELANJA")
    h = tanpa(data, ambang_bobot=0.51).hitung(simpul=["IKESOS", "ls"], tahan=False).set_index("simpul")
    assert h.loc["IKESOS", ["nilai", "se", "bawah", "atas", "rse"]].isna().all()
    assert h.loc["IKESOS", "keterangan"] == "bersandar pada 50% bobot, di bawah ambang 51%"
    assert pd.isna(h.loc["IKESOS", "peringkat"])
    assert h.loc["ls", "nilai"] == pytest.approx(500 / 7)
    with pytest.raises(GalatParameter, match="0 sampai 1"):
        tanpa(data, ambang_bobot=1.5)


def test_galat_kosong_di_mana_nilai_kosong(siap_susenas):
    for tingkat in ("nasional", "provinsi", "kabkota"):
        for tahan in (True, False):
            h = siap_susenas.hitung(tingkat, simpul="semua", tahan=tahan)
            assert h.loc[h["nilai"].isna(), ["se", "bawah", "atas", "rse", "peringkat"]].isna().all(axis=None)
            assert not h.loc[h["tanda"].isin(["tidak tersedia"]), "nilai"].notna().any()
            assert (h.loc[h["tanda"] == "tidak tersedia", "keterangan"] != "").all()


def empat_provinsi():
    """Empat provinsi berisi 40 lansia; di provinsi 4 pekerjaan tidak ditanyakan."""
    n = 160
    d = pd.DataFrame({"STRATA": np.repeat([1, 2, 3, 4], 40), "PSU": np.repeat(np.arange(16), 10), "RUTA": np.arange(n)})
    d = d.assign(NO=1, W=1.0, UMUR=70, BELANJA=np.arange(n) % 40, RUMAH=1, KERJA=5.0)
    d.loc[np.arange(n) % 4 == 0, "RUMAH"] = 5
    d.loc[np.arange(n) % 40 < np.repeat([10, 20, 30, 0], 40), "KERJA"] = 1
    d.loc[d["STRATA"] == 4, "KERJA"] = np.nan
    return d


def test_dasar_bersama_dan_tersedia(kodebuku):
    kerangka = Kerangka.susun(*kerangka_kecil(), kodebuku)
    siap = siapkan(empat_provinsi(), kodebuku, kerangka)
    # I1 = 75 di mana pun; I2 = 25, 50, 75, tidak ada. ls = (75 + I2)/2; provinsi 4 hanya I1, setengah bobot: 75
    # Yang paling lengkap bersandar pada seluruh bobot, jadi dasar bersama (sedikitnya tiga perempat) tetap memuat I2,
    # dan provinsi 4 keluar dari peringkat.
    sama = siap.hitung("provinsi", "ls", tahan=False).set_index("provinsi")
    assert sama["nilai"].tolist() == pytest.approx([50, 62.5, 75, 75])
    assert sama["peringkat"].tolist()[:3] == [3, 2, 1] and pd.isna(sama["peringkat"][4])
    assert sama["keterangan"].tolist() == ["", "", "", "dasar berbeda (50% bobot)"]
    # menurut yang tersedia provinsi 4 ikut diperingkat, seri pertama, dan bedanya tetap disebut
    ada = siap.hitung("provinsi", "ls", dasar="tersedia", tahan=False).set_index("provinsi")
    assert ada["peringkat"].tolist() == [4, 3, 1, 1]
    assert ada["keterangan"][4] == "dasar berbeda (50% bobot)"
    assert ada["bagian_bobot"].tolist() == [1, 1, 1, 0.5]
    # nasional atas dasar provinsinya
    assert siap.hitung(sasaran="ls", dasar=siap.sandaran_bersama("provinsi"))["bagian_bobot"].item() == 1
    with pytest.raises(GalatParameter, match="sama atau tersedia"):
        siap.hitung(dasar="semua")


def test_semua_yang_diperingkat_memakai_indikator_yang_sama(siap_susenas):
    siap = siap_susenas
    h = siap.hitung("provinsi", simpul=["IKESOS", "rt", "pd", "ls"])
    ada = h[h["peringkat"].notna()]
    assert (ada.groupby("simpul")["bagian_bobot"].agg(lambda x: x.max() - x.min()) < 1e-9).all()
    s, dasar = siap.sandaran_bersama("provinsi"), siap.dasar("provinsi")
    daun = np.array([k.split("/")[0] for k in siap.kerangka.pohon.indicators])
    for simpul in ("rt", "pd", "ls", "IKESOS"):
        milik = s.daun & (daun == simpul if simpul != "IKESOS" else ~np.isin(daun, s.lepas))
        unit = h.loc[h["simpul"] == simpul, "peringkat"].notna().to_numpy()
        assert unit.any() and not np.isnan(dasar.persen[np.ix_(unit, milik)]).any(), simpul


def test_indikator_tanpa_kasus_menyumbang_ragam(kodebuku):
    # ls provinsi 1: I1 75 persen, I2 nol kasus dari 40 orang.
    d = empat_provinsi().assign(KERJA=5.0)
    siap = siapkan(d, kodebuku, Kerangka.susun(*kerangka_kecil(), kodebuku))
    for agregasi in ("aritmetik", "geometrik"):
        h = siap.hitung("provinsi", "ls", agregasi=agregasi, simpul=["ls", "ls/I1", "ls/I2"], tahan=False)
        h = h[h["provinsi"] == 1].set_index("simpul")
        assert h.loc["ls/I2", ["nilai", "se"]].tolist() == [0, 0]
        assert h.loc["ls", "tanpa_kasus"] == 1 and "1 indikator tanpa kasus" in h.loc["ls", "keterangan"]
        # batas atas Jeffreys, dari scipy.stats; turunan di (x + 1/2)/(n + 1)
        se2 = 100 * beta.ppf(0.975, 0.5, 40.5) / 1.959964
        se1 = h.loc["ls/I1", "se"]
        if agregasi == "aritmetik":
            harap = np.hypot(se1, se2) / 2
        else:
            x1, x2 = 1 + 99 * 0.75, 1 + 99 * 0.5 / 41
            harap = np.sqrt(x1 * x2) / 2 * np.hypot(0.99 * se1 / x1, 0.99 * se2 / x2)
        assert h.loc["ls", "se"] == pytest.approx(harap, rel=1e-6)


def test_satu_provinsi_dan_kode_tanpa_nama(kodebuku):
    d = empat_provinsi()
    siap = siapkan(d[d["STRATA"] == 2], kodebuku, Kerangka.susun(*kerangka_kecil(), kodebuku))
    h = siap.hitung("provinsi", "ls", tahan=False)
    assert h[["provinsi", "nilai", "peringkat"]].iloc[0].tolist() == [2, 62.5, 1]
    teks = periksa(pd.DataFrame(BARIS), "uji.csv")
    lain = siapkan(d.assign(STRATA=d["STRATA"].map({1: "XA", 2: "XB", 3: "XC", 4: "XD"})), teks, siap.kerangka)
    assert lain.hitung("provinsi", "ls", tahan=False)["nilai"].tolist() == pytest.approx([50, 62.5, 75, 75])
