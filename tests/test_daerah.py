"""Angka terbitan menurut wilayah. Nilai harapan dari cetakan BPS, siaran pers, dan hitungan tangan."""

import shutil

import numpy as np
import pandas as pd
import pytest

import kinerja as kj
from indextree import Normalisation, Recipe
from kinerja import daerah, data, fmt, paths
from kinerja.errors import GalatData, GalatHitung, GalatParameter


@pytest.fixture(scope="module")
def provinsi(d2020):
    return daerah.series(d2020, "provinsi")


@pytest.fixture(scope="module")
def kabkota(d2020):
    return daerah.series(d2020, "kabkota")


def bingkai(nilai, arah="naik", nasional=np.nan, deret="x"):
    """Deret buatan satu tahun bagi wilayah A, B, C, ..."""
    return pd.DataFrame(
        {
            "deret": deret, "nama_deret": deret, "kode": list("ABCDEFGH"[: len(nilai)]),
            "nama": list("ABCDEFGH"[: len(nilai)]), "tahun": 2020, "nilai": nilai, "nasional": nasional,
            "satuan": "persen", "satuan_beda": "poin_persen", "arah": arah, "peran": "", "urutan": 1,
        }
    )  # fmt: skip


# Data -----------------------------------------------------------------------------------------------------------------


def test_banyaknya_deret_wilayah_dan_yang_tidak_tersedia(provinsi, kabkota):
    assert provinsi["deret"].nunique() == 35
    assert provinsi.groupby(["deret", "tahun"]).size().eq(34).all()
    assert kabkota.groupby(["deret", "tahun"]).size().eq(514).all()
    kosong = pd.concat([provinsi, kabkota]).query("keadaan == 'tidak_tersedia'")
    assert set(zip(kosong["deret"], kosong["kode"], strict=True)) == {
        ("keterampilan_tik", "94"), ("melek_huruf_15plus", "94"), ("air_minum_layak", "9431"),
        ("sanitasi_layak", "9436"), ("tpt", "9429"), ("tpt", "9430"),
    }  # fmt: skip
    assert (kosong["catatan"] != "").all()


@pytest.mark.parametrize(
    ("deret", "kode", "tahun", "nilai"),
    [
        # Rilis BPS 5 November 2020 (money.kompas.com): TPT tertinggi DKI Jakarta, terendah Sulawesi Barat
        ("tpt_agustus", "31", 2020, 10.95),
        ("tpt_agustus", "36", 2020, 10.64),
        ("tpt_agustus", "76", 2020, 3.32),
        # Rilis BPS 15 Februari 2021 (jpnn.com): rasio Gini
        ("gini_september", "34", 2020, 0.437),
        ("gini_september", "75", 2020, 0.406),
        ("gini_september", "19", 2020, 0.257),
        # BPS Papua 25 Februari 2021 (pasificpos.com): tiga termiskin dan dua terendah
        ("penduduk_miskin_persen_september", "94", 2020, 26.80),
        ("penduduk_miskin_persen_september", "91", 2020, 21.70),
        ("penduduk_miskin_persen_september", "53", 2020, 21.21),
        ("penduduk_miskin_persen_september", "51", 2020, 4.45),
        ("penduduk_miskin_persen_maret", "53", 2020, 20.90),
        # Rilis IPM 2019 (peluangnews.id)
        ("ipm", "31", 2019, 80.76),
        ("ipm", "94", 2019, 60.84),
    ],
)
def test_angka_provinsi_sama_dengan_siaran_pers(provinsi, deret, kode, tahun, nilai):
    kena = provinsi[(provinsi["deret"] == deret) & (provinsi["kode"] == kode) & (provinsi["tahun"] == tahun)]
    assert kena["nilai"].item() == nilai


def test_penduduk_miskin_provinsi_berjumlah_angka_nasional(provinsi):
    """Siaran BPS: 24.785,9 ribu (September 2019) dan 27.549,7 ribu (September 2020)."""
    jumlah = provinsi.query("deret == 'penduduk_miskin_jumlah_september'").groupby("tahun")["nilai"].sum()
    # 34 angka dibulatkan ke puluhan orang
    assert jumlah[2020] == pytest.approx(27_549_700, abs=34 * 5 + 50)
    assert jumlah[2019] == pytest.approx(24_785_900, abs=34 * 5 + 50)
    assert provinsi.query("deret == 'penduduk_sp2020'")["nilai"].sum() == 270_203_917


def test_angka_nasional_sama_dengan_tabel_kemiskinan(d2020):
    """Dua salinan persentase kemiskinan nasional tidak boleh berbeda."""
    lain = d2020["kemiskinan"].query("ukuran == 'persen' and asal == 'bps'").set_index(["tahun", "bulan"])["nilai"]
    for bulan, kata in ((3, "maret"), (9, "september")):
        isi = d2020["deret_nasional"].query(f"deret == 'penduduk_miskin_persen_{kata}'").set_index("tahun")["nilai"]
        assert len(isi) == 3
        assert {t: lain[t, bulan] for t in isi.index} == isi.to_dict()


def test_tkk_dan_tpt_saling_melengkapi(provinsi):
    lebar = provinsi.pivot(index=["kode", "tahun"], columns="deret", values="nilai")
    jumlah = (lebar["tkk"] + lebar["tpt_agustus"]).dropna()
    assert len(jumlah) == 102
    assert np.allclose(jumlah, 100)


def test_deret_wilayah_bukan_angka_laporan(d2020):
    """Audit hanya menguji angka laporan; angka wilayah tetap dapat dicari menurut idnya."""
    assert not d2020.facts.index.str.startswith("deret_").any()
    assert d2020.nilai("deret_provinsi/ipm/94/2020") == 60.44
    assert d2020.nilai("deret_kabkota/garis_kemiskinan/1101/2020") == 444_754
    assert d2020.baris("deret_nasional/ipm/2020")["sumber"] == "angka-nasional-bps"
    with pytest.raises(GalatParameter, match="deret_provinsi/ipm/99/2020"):
        d2020.baris("deret_provinsi/ipm/99/2020")


@pytest.mark.parametrize(
    ("berkas", "lama", "baru", "pesan"),
    [
        ("deret_provinsi", "ipm,31,2020,80.77", 'ipm,31,2020,"8,0,77"', "baris 930.*nilai.*8,0,77.*angka"),
        ("deret_provinsi", "ipm,31,2020,80.77", "ipm,31,2020,180.77", "baris 930.*nilai.*180.77.*paling besar 100"),
        ("deret_provinsi", "ipm,31,2020,80.77", "ipm,31,2020,", "baris 930.*nilai.*kosong"),
        ("deret_provinsi", "ipm,31,2020", "ipm,30,2020", "baris 930.*kode.*'30'.*provinsi.csv"),
        ("deret_provinsi", "ipm,31,2020", "ipm,32,2020", "baris 931.*kunci ganda"),
        ("deret_provinsi", "ipm,31,2020", "ipn,31,2020", "baris 930.*deret.*'ipn'.*deret.csv"),
        ("deret_kabkota", "\nipm,1101,2018", "\ntkk,1101,2018", "deret.*'tkk'.*bertingkat kabkota"),
        ("deret_provinsi", "ipm,31,2020,80.77,indeks_100", "ipm,31,2020,80.77,persen", "baris 930.*satuan.*'persen'.*'indeks_100'"),
        ("indeks_coba", "SEHAT,persalinan_nakes,2020", "SEHAT,persalinan_nakes,2010", "persalinan_nakes' 2010"),
    ],
)  # fmt: skip
def test_data_salah_berhenti_dengan_tempatnya(tmp_path, berkas, lama, baru, pesan):
    raw = tmp_path / "raw"
    shutil.copytree(paths.raw(), raw, ignore=shutil.ignore_patterns("susenas"))
    if berkas != "deret_kabkota":
        (raw / "acuan" / "wilayah" / "deret_kabkota.csv").unlink()
    csv = raw / "acuan" / "wilayah" / f"{berkas}.csv"
    isi = csv.read_text("utf-8")
    assert lama in isi
    csv.write_text(isi.replace(lama, baru, 1), "utf-8")
    with pytest.raises(GalatData, match=pesan):
        d = data.load(2020, raw)
        daerah.series(d, "kabkota" if berkas == "deret_kabkota" else "provinsi")
        daerah.trial_index(d, "provinsi")


def test_tingkat_lain_ditolak(d2020):
    with pytest.raises(GalatParameter, match="'desa'.*provinsi atau kabkota"):
        daerah.series(d2020, "desa")


# Kedudukan ------------------------------------------------------------------------------------------------------------


def test_kedudukan_dihitung_tangan():
    h = daerah.position(bingkai([50.0, 70, 60, np.nan, 70], nasional=60.0))
    assert h["peringkat"].tolist() == [4, 1, 3, pd.NA, 1]
    assert h["dari"].tolist() == [4] * 5
    assert h["kuartil"].tolist() == [4, 1, 3, pd.NA, 1]
    assert h["median"].tolist() == [65.0] * 5
    assert h["banding"].tolist() == ["lebih buruk", "lebih baik", "sama", "", "lebih baik"]


def test_arah_turun_dan_netral():
    turun = daerah.position(bingkai([5.0, 7, 6], "turun", 6.0))
    assert turun["peringkat"].tolist() == [1, 3, 2]
    assert turun["banding"].tolist() == ["lebih baik", "lebih buruk", "sama"]
    netral = daerah.position(bingkai([5.0, 7, 6], "netral", 6.0))
    assert netral["peringkat"].tolist() == [3, 1, 2]
    assert netral["banding"].tolist() == ["", "", ""]


def test_kedudukan_sama_dengan_rilis(provinsi):
    """Kompas 5 November 2020: enam provinsi ber-TPT di atas nasional; alinea 15 Februari 2021: tujuh provinsi Gini."""
    h = daerah.position(provinsi.query("tahun == 2020"))
    tpt = h.query("deret == 'tpt_agustus'")
    assert (tpt["banding"] == "lebih buruk").sum() == 6
    assert tpt.set_index("nama")["peringkat"]["DKI Jakarta"] == 34
    gini = h.query("deret == 'gini_september' and banding == 'lebih buruk'")
    assert set(gini["kode"]) == {"34", "75", "31", "32", "94", "74", "52"}


def test_tahun_terakhir_sampai_tahun_laporan(provinsi, kabkota):
    t = daerah.at_year(provinsi, 2020).groupby("deret")["tahun"].agg(["min", "max"])
    assert (t["min"] == t["max"]).all()
    assert t.loc[["ipm", "keterampilan_tik", "rt_miskin_penerima_bpnt"], "max"].tolist() == [2020, 2018, 2021]
    assert daerah.at_year(kabkota, 2021).query("deret == 'ipm'")["tahun"].unique().tolist() == [2021]


# Perubahan ------------------------------------------------------------------------------------------------------------


def test_perubahan_dihitung_tangan():
    dua = pd.concat([bingkai([10.0, 20, 30], "turun"), bingkai([8.0, 20, 33], "turun").assign(tahun=2021)])
    h = daerah.change(dua, 2020, 2021)
    assert h["perubahan"].tolist() == [-2.0, 0.0, 3.0]
    assert h["persen_perubahan"].tolist() == pytest.approx([-20.0, 0.0, 10.0])
    assert h["membaik"].tolist() == [True, pd.NA, False]
    with pytest.raises(GalatParameter, match="lebih dulu"):
        daerah.change(dua, 2021, 2020)


def test_semua_provinsi_naik_pengangguran(provinsi):
    """Kompas 5 November 2020: seluruh provinsi mengalami kenaikan TPT; DKI Jakarta 4,41 persen poin."""
    h = daerah.change(provinsi, 2019, 2020).query("deret == 'tpt_agustus'").set_index("nama")
    assert (h["perubahan"] > 0).all()
    assert h.at["DKI Jakarta", "perubahan"] == pytest.approx(4.41)
    assert h["perubahan"].idxmax() == "DKI Jakarta"
    assert h["perubahan_nasional"].iloc[0] == pytest.approx(1.84)


# IPM ------------------------------------------------------------------------------------------------------------------


def test_ipm_dihitung_ulang_sama_dengan_bps(d2020, provinsi):
    """34 provinsi, tiga tahun; BPS mencetak dua desimal."""
    h = daerah.hdi(provinsi, d2020["ipm_tonggak"])
    assert len(h) == 102
    assert h["selisih"].abs().max() < 0.005
    pusat = daerah.hdi(daerah.national(d2020), d2020["ipm_tonggak"]).set_index("tahun")
    # pengeluaran nasional 2019 tercetak 11,30 juta, jadi hanya tepat sampai sepersepuluh ribu rupiah
    assert pusat["selisih"].abs().to_dict() == pytest.approx({2018: 0, 2019: 0, 2020: 0}, abs=0.006)


def test_ipm_dihitung_tangan(d2020):
    """UHH 52,5 -> 0,5; HLS 9 dan RLS 7,5 -> 0,5; pengeluaran akar(min x maks) -> 0,5: IPM 50."""
    nilai = {"umur_harapan_hidup": 52.5, "harapan_lama_sekolah": 9, "rata_lama_sekolah": 7.5,
             "pengeluaran_disesuaikan": (1_007_436 * 26_572_352) ** 0.5}  # fmt: skip
    isi = pd.concat([bingkai([x], deret=k) for k, x in nilai.items()])
    h = daerah.hdi(isi, d2020["ipm_tonggak"])
    assert h.loc[0, ["kesehatan", "pendidikan", "pengeluaran", "dihitung"]].tolist() == pytest.approx([50] * 4)
    assert np.isnan(h.loc[0, "ipm"])
    atas = isi.assign(nilai=isi["nilai"].where(isi["deret"] != "harapan_lama_sekolah", 20))
    assert daerah.hdi(atas, d2020["ipm_tonggak"]).at[0, "pendidikan"] == pytest.approx((1 + 0.5) / 2 * 100)
    assert daerah.hdi(isi.iloc[:3], d2020["ipm_tonggak"]).empty


def test_tonggak_ipm_terbalik_atau_kurang_berhenti(d2020, provinsi):
    t = d2020["ipm_tonggak"]
    with pytest.raises(GalatHitung, match="rata_lama_sekolah"):
        daerah.hdi(provinsi, t[t["deret"] != "rata_lama_sekolah"])
    with pytest.raises(GalatHitung, match="pengeluaran_disesuaikan"):
        daerah.hdi(provinsi, t.assign(nilai=t["nilai"].where(t["nilai"] < 1e7, 1)))


@pytest.mark.parametrize(
    ("nilai", "status"), [(59.99, "rendah"), (60, "sedang"), (69.999, "sedang"), (70, "tinggi"), (80, "sangat tinggi")]
)
def test_status_ipm(d2020, nilai, status):
    assert daerah.hdi_status(d2020, nilai) == status


# Pasangan, tabel lebar, indeks coba -----------------------------------------------------------------------------------


def test_pasangan_memakai_tahun_bersama(provinsi, kabkota):
    h = daerah.together(kabkota, "pengangguran", "kemiskinan", tahun=2020)
    assert h.attrs["tahun"] == 2021 and len(h) == 512
    assert daerah.together(provinsi, "sekolah", "kemiskinan", tahun=2019).attrs["tahun"] == 2019
    with pytest.raises(GalatParameter, match="ipm, bukan"):
        daerah.together(provinsi, "ipm", "bukan", tahun=2020)


def test_tabel_lebar_dari_pintu_depan():
    d = kj.open(2020, bahasa="en")
    t = d.wilayah("kabkota")
    assert len(t) == 514 and t.set_index("kode").at["3273", "ipm"] == 81.51
    assert t.attrs["tahun"]["ipm"] == 2020 and t.attrs["tahun"]["tpt"] == 2021
    assert t.attrs["nama"]["tpt"] == "Unemployment rate"
    assert t.attrs["satuan"]["pengeluaran_disesuaikan"] == "rupiah_orang_tahun"
    assert d.nilai(t.attrs["ids"]["ipm"]["3273"]) == 81.51
    assert t["garis_kemiskinan"].dtype == "Int64"
    assert "tpt_agustus" in d.wilayah(tahun=2018) and "indeks_kerukunan_beragama" not in d.wilayah(tahun=2018)
    with pytest.raises(GalatParameter, match="2018, 2019"):
        d.wilayah(tahun=1999)


def test_indeks_coba_dihitung_tangan(d2020):
    """DKI Jakarta: papan (93,04 + 99,84) / 2; kesehatan 100; pendidikan (APM + melek) / 2."""
    pohon, isi = daerah.trial_index(d2020, "provinsi")
    x = isi.loc["31"]
    apm = (x["apm_sd"] + x["apm_smp"] + x["apm_sma"]) / 3
    tangan = (
        (x["sanitasi_layak"] + x["air_minum_layak"]) / 2 + x["persalinan_nakes"] + (apm + x["melek_huruf_15_44"]) / 2
    ) / 3
    hasil = Recipe(Normalisation("goalposts")).run(isi, pohon).index
    assert hasil["31"] == pytest.approx(tangan)
    assert isi.shape == (34, 7) and not isi.isna().any().any()
    assert "Ikesos" not in pohon.name("COBA")


def test_indeks_coba_kabkota_arah_turun_dibalik(d2020):
    pohon, isi = daerah.trial_index(d2020, "kabkota")
    x = isi.loc["3273"]
    papan = (x["sanitasi_layak"] + x["air_minum_layak"] + 100 - x["fsva_rt_tanpa_listrik"]) / 3
    sehat, didik = (x["fsva_angka_harapan_hidup"] - 20) / 65 * 100, x["fsva_lama_sekolah_perempuan"] / 15 * 100
    tangan = (papan + 100 - x["fsva_rt_pangan_lebih_65"] + sehat + didik) / 4
    assert Recipe(Normalisation("goalposts")).run(isi, pohon).index["3273"] == pytest.approx(tangan)
    assert isi.shape == (514, 6)
    assert isi.isna().sum().sum() == 2


def test_sebutan_menurut_bahasa(d2020):
    with fmt.using("en"):
        assert daerah.about(d2020, "provinsi").at["ipm", "nama"] == "Human Development Index"
        assert daerah.trial_index(d2020).tree.name("COBA") == "Trial index of basic needs"
    assert daerah.about(d2020, "provinsi").at["ipm", "nama"] == "Indeks Pembangunan Manusia"
