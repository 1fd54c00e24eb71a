"""Yang diperiksa di pintu: gelombang, label, dan kode; yang gagal tidak pernah menjadi angka."""

import numpy as np
import pandas as pd
import pytest

from kinerja.errors import GalatData, GalatParameter
from kinerja.ikesos import Kerangka, siapkan
from kinerja.mikro import baca_kodebuku, bersihkan, kenali_gelombang, muat, periksa_variabel, tata_letak
from kinerja.mikro.kodebuku import kata_label
from kinerja.mikro.pintu import LABEL, label_lain, periksa_gelombang


@pytest.fixture(scope="module")
def k2020():
    return baca_kodebuku(tahun=2020)


@pytest.fixture
def berkas(survei, k2020):
    return survei(2020).gabungan(k2020.variabel)


def sandaran(bingkai, kodebuku, d):
    kerangka = Kerangka.susun(d["ikesos_kerangka"], d["ikesos_simpul"], d["ikesos_sasaran"], kodebuku)
    siap = siapkan(bingkai, kodebuku, kerangka, psu_tunggal="adjust")
    return siap, siap.sandaran().query("dipakai").set_index("simpul")


# ---------------------------------------------------------------------- gelombang


@pytest.mark.parametrize(
    ("kolom", "tahun"),
    [
        # README acuan, "Mengenali gelombang dari kolomnya"
        (["URUT", "R1510A", "R801_A"], (2018,)),
        (["RENUM", "R701_A"], (2019,)),
        (["RENUM", "EXP_CAP"], (2019,)),
        (["RENUM", "R702_A", "PSU", "WI3"], (2020,)),
        (["RENUM", "R702_A", "PSU"], (2020, 2021)),
        (["URUT", "R702_A", "R1806", "PSU"], (2022,)),
        (["URUT", "R703_A", "R1806", "PSU"], (2023,)),
        (["URUT", "R1901J", "R703_A", "R1806", "PSU"], (2023,)),
        (["urut", "r1806a", "r1901k", "r811_l"], (2024,)),
        (["a", "b"], ()),
    ],
)
def test_gelombang_dikenali(kolom, tahun):
    assert kenali_gelombang(kolom) == tahun


@pytest.mark.parametrize("tahun", range(2018, 2025))
def test_gelombang_dari_tata_letak(tahun):
    assert tahun in kenali_gelombang(tata_letak(tahun).variabel)
    lain = 2022 if tahun < 2022 else 2019
    with pytest.raises(GalatData, match=f"tanda Susenas .*{tahun}.*; diharapkan berkas Susenas {lain}"):
        periksa_gelombang(tata_letak(tahun).variabel, lain, "kor.dta")


def test_muat_menolak_tahun_yang_salah_dan_meminta_yang_tidak_tentu(survei, tmp_path):
    ind = survei(2020).berkas["ind1"].drop(columns="SINTETIS")
    ind.to_csv(tmp_path / "ind.csv", index=False)
    with pytest.raises(GalatData, match="ind.csv.*tanda Susenas 2020 atau 2021; diharapkan berkas Susenas 2019"):
        muat(tmp_path / "ind.csv", tahun=2019)
    with pytest.raises(GalatParameter, match="cocok dengan 2020 atau 2021; sebutkan tahunnya"):
        muat(tmp_path / "ind.csv")
    assert muat(tmp_path / "ind.csv", tahun=2020).kodebuku.nama == "kodebuku-2020.csv"
    ind.assign(WI3=1).to_csv(tmp_path / "utuh.csv", index=False)
    assert muat(tmp_path / "utuh.csv").kodebuku.tahun == 2020


# ---------------------------------------------------------------------- label


@pytest.mark.parametrize(
    ("konsep", "label", "lain"),
    [
        ("rekening", "R701. Apakah memiliki rekening tabungan", ""),
        ("rekening", "Menggunakan internet 3 bulan terakhir", "internet"),
        ("internet", "Apakah mengakses internet", ""),
        ("internet", "Memiliki rekening tabungan", "rekening"),
        ("internet", "R808", ""),
        ("ponsel", "Memiliki HP", ""),
        ("kelamin", "Sex", ""),
        ("umur", "Age in years", ""),
        ("umur", "Jenis kelamin", "kelamin"),
        ("akta", "Memiliki NIK", "nik"),
        ("penolong_lahir", "Siapa yang menolong persalinan", ""),
    ],
)
def test_label_yang_menyebut_hal_lain(konsep, label, lain):
    assert label_lain(label, kata_label()[konsep], kata_label()) == lain


def test_label_lain_membuat_indikator_tidak_tersedia(berkas, k2020, d2020):
    berkas.attrs[LABEL] = {"R701": "Menggunakan internet", "R808": "Mengakses internet"}
    _, s = sandaran(berkas, k2020, d2020)
    assert "label kolom R701 di berkas ('Menggunakan internet') menyebut internet" in s.loc["ls/KE7", "sebab"]
    assert s.loc["ls/PS10", "sebab"] == ""


def test_label_penimbang_yang_salah_berhenti(berkas, k2020, d2020):
    berkas.attrs[LABEL] = {"FWT": "Umur kepala rumah tangga"}
    with pytest.raises(GalatData, match="kolom FWT.*diharapkan kolom untuk penimbang"):
        sandaran(berkas, k2020, d2020)


def test_label_dibaca_dari_stata_dan_spss(survei, tmp_path):
    import pyreadstat

    ind = survei(2020).berkas["ind1"].head(300)
    isi = ind.astype({k: str for k in ind.select_dtypes("category")}).replace("nan", "")
    label = ["Pakai internet" if k == "R701" else "" for k in isi]
    for akhiran, tulis in ((".sav", pyreadstat.write_sav), (".dta", pyreadstat.write_dta)):
        tulis(isi, str(tmp_path / f"ind{akhiran}"), column_labels=label)
        m = muat(tmp_path / f"ind{akhiran}", tahun=2020)
        temuan = periksa_variabel(m.bingkai, m.kodebuku)
        assert "menyebut internet" in temuan["R701"].gagal and not temuan["R808"].gagal


# ---------------------------------------------------------------------- kode


def test_skema_penolong_lahir_yang_lain_tidak_menjadi_angka(berkas, k2020, d2020):
    # Jebakan 8: skema panjang (6 = dukun) dibaca dengan kodebuku skema pendek memberi angka yang salah diam-diam
    r = berkas["R1504B"]
    berkas["R1504B"] = r.mask(r == 5, 6)
    siap, s = sandaran(berkas, k2020, d2020)
    assert "R1504B memuat kode yang tidak dikenal: 6 (" in s.loc["rt/KD4", "sebab"]
    hasil = siap.hitung(simpul="semua").set_index("simpul")
    assert np.isnan(hasil.loc["rt/KD4", "nilai"]) and hasil.loc["rt/KD4", "tanda"] == "tidak tersedia"


def test_huruf_yang_disimpan_sebagai_angka_satu(berkas, k2020, d2020):
    # Jebakan 3: kolom huruf yang berisi 1 bukan "A"
    berkas["R702_A"] = berkas["R702_A"].notna().astype(int)
    _, s = sandaran(berkas, k2020, d2020)
    assert "R702_A memuat kode yang tidak dikenal: 1 (" in s.loc["rt/KE1", "sebab"]
    assert s.loc[["rt/KE4", "ls/KE2"], "sebab"].str.contains("R702_A").all()


def test_kolom_kosong_bukan_nol(berkas, k2020, d2020):
    berkas["R811_F"] = np.nan  # huruf hilang saat disimpan ulang: terbaca bilangan
    berkas["R606"] = 0
    siap, s = sandaran(berkas, k2020, d2020)
    assert s.loc["ls/KE2", "sebab"].startswith("R811_F kosong seluruhnya")
    assert s.loc["rt/KD8", "sebab"].startswith("R606 kosong seluruhnya")
    assert siap.hitung(simpul="semua").set_index("simpul").loc[["ls/KE2", "rt/KD8"], "nilai"].isna().all()


def test_skala_kesulitan_yang_tertukar(berkas, k2020, d2020):
    berkas["R1009"] = berkas["R1009"].where(berkas["R1009"] == 0, berkas["R1009"] - 4)
    _, s = sandaran(berkas, k2020, d2020)
    assert "R1009 memuat kode yang tidak dikenal" in s.loc["ls/PS7", "sebab"]
    assert s.loc["pd/KD3", "sebab"].startswith("kelompok sasaran tidak tersedia (R1009")


def test_luas_98_bukan_rumah_luas(survei, d2020):
    kodebuku = baca_kodebuku(tahun=2021)
    bingkai = survei(2021).gabungan(kodebuku.variabel)
    temuan = periksa_variabel(bingkai, kodebuku)
    assert temuan["R1804"].hilang == (bingkai["R1804"] == 98).sum() > 0
    bersih = bersihkan(bingkai, kodebuku, temuan)
    assert bersih["R1804"].isna().sum() == temuan["R1804"].hilang
    assert (bingkai["R1804"] == 98).any()  # data pemanggil tidak berubah


def test_sedikit_kode_asing_menjadi_tidak_diketahui_dan_disebut(berkas, k2020, d2020):
    letak = berkas.index[berkas["R407"] <= 17][:20]
    asal = sandaran(berkas, k2020, d2020)[0].hitung(simpul="indikator", tahan=False).set_index("simpul")
    berkas.loc[letak, "R606"] = 9
    siap, s = sandaran(berkas, k2020, d2020)
    assert s.loc["rt/KD8", "sebab"] == ""
    assert any(
        "R606 memuat kode yang tidak dikenal dan dianggap tidak diketahui: 9 (20 kali)" in x for x in siap.keterangan
    )
    baru = siap.hitung(simpul="indikator", tahan=False).set_index("simpul")
    rt = berkas["KAPITA"] <= berkas["KAPITA"].max()
    assert asal.loc["pd/KD8", "n"] + asal.loc["rt/KD8", "n"] > baru.loc["pd/KD8", "n"] + baru.loc["rt/KD8", "n"]
    assert rt.all()


def test_tepat_seratus_persen_disebut(berkas, k2020, d2020):
    berkas["R502"] = 1
    siap, _ = sandaran(berkas, k2020, d2020)
    assert any(x.startswith("ls/KD9 tepat 100 persen pada") for x in siap.keterangan)


def test_teks_berisi_bilangan_dibaca_bilangan(berkas, k2020, d2020):
    teks = berkas.assign(R808=berkas["R808"].map(lambda x: f" {x} "), R606=berkas["R606"].map(lambda x: f"{x}.0"))
    satu, dua = (sandaran(x, k2020, d2020)[0].hitung(simpul="indikator", tahan=False) for x in (berkas, teks))
    pd.testing.assert_frame_equal(satu, dua)
