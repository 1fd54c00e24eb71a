"""Survei sintetis: berbentuk gelombangnya, berbenih, dan kebenarannya tidak bergantung pada sandinya."""

import numpy as np
import pandas as pd
import pytest

from kinerja.errors import GalatData, GalatParameter
from kinerja.mikro import buat_sintetis
from kinerja.mikro.sintetis import PENDUDUK, PENGGANTI, sandikan
from kinerja.mikro.sintetis.jawaban import Jawaban
from kinerja.mikro.tata_letak import Variabel, tata_letak

GELOMBANG = (2018, 2019, 2020, 2021, 2022, 2023, 2024)


def rata(syarat, bobot):
    return np.average(syarat, weights=bobot)


@pytest.fixture(scope="module")
def kecil(survei):
    return survei(2020).gabungan()


# ---------------------------------------------------------------------- bentuk


@pytest.mark.parametrize("tahun", GELOMBANG)
def test_berkas_menurut_tata_letak(survei, tahun):
    s = survei(tahun)
    letak = tata_letak(tahun)
    assert list(s.berkas) == list(letak.berkas)
    for bagian, isi in s.berkas.items():
        assert list(isi.columns) == [*(v.nama for v in letak.kolom(bagian) if v.berkode), "SINTETIS"]
        assert (isi["SINTETIS"] == 1).all()
        berkas = letak.berkas[bagian]
        kunci = [k for k in (berkas.kunci_ruta, berkas.kunci_anggota) if k]
        assert not isi.duplicated(kunci).any()
    orang = [isi for bagian, isi in s.berkas.items() if letak.berkas[bagian].kunci_anggota]
    rumah = [isi for bagian, isi in s.berkas.items() if not letak.berkas[bagian].kunci_anggota]
    assert {len(x) for x in orang} == {s.n} and {len(x) for x in rumah} == {s.responden.p.r}
    # kolom demografi diulang di kedua belahan, sama isinya
    if len(orang) == 2:
        kembar = [k for k in orang[0] if k in orang[1]]
        assert {"R101", "R102", "R105", "R401", "R403", "R405", "R407", "FWT"} <= set(kembar)
        assert "R404" not in kembar
        pd.testing.assert_frame_equal(orang[0][kembar], orang[1][kembar])


def test_tanda_gelombang_dari_kolomnya(survei):
    """Tabel "mengenali gelombang dari kolomnya" pada catatan tata letak."""
    kolom = {t: set(survei(t).gabungan().columns) for t in GELOMBANG}
    for tahun, ada, tidak in [
        (2018, {"R1510A", "R801_A", "URUT"}, {"PSU"}),
        (2019, {"RENUM", "R701_A", "EXP_CAP"}, {"PSU", "STRATA"}),
        (2020, {"RENUM", "R702_A", "PSU"}, {"EXP_CAP"}),
        (2021, {"RENUM", "R702_A", "PSU"}, {"URUT"}),
        (2022, {"URUT", "R702_A", "R1806"}, {"RENUM"}),
        (2023, {"URUT", "R703_A", "R1806", "R1901J"}, {"R1901K"}),
        (2024, {"URUT", "R1806A", "R1901K", "R811_L"}, {"R1806"}),
    ]:
        assert ada <= kolom[tahun] and not tidak & kolom[tahun], tahun


@pytest.mark.parametrize("tahun", GELOMBANG)
def test_setiap_sel_sah_menurut_tata_letak(survei, tahun):
    for isi, bagian in [(isi, b) for b, isi in survei(tahun).berkas.items()]:
        for v in survei(tahun).letak.kolom(bagian):
            if not v.berkode:
                continue
            kolom = isi[v.nama]
            if v.jenis == "huruf":
                assert set(kolom.dropna().unique()) == set(v.kode), (v.nama, "huruf dipakai, yang lain kosong")
                assert kolom.isna().any(), v.nama
                continue
            if v.jenis not in ("kode", "angka"):
                assert kolom.notna().all(), v.nama
                continue
            sah = set(v.kode) | set(v.hilang) | ({0} if v.lewat == "nol" else set())
            bawah, atas = v.rentang or (1, 0)
            unik = pd.unique(kolom)
            atas = np.inf if atas is None else atas
            asing = [x for x in unik if x not in sah and not bawah <= x <= atas]
            assert not asing or (v.konsep.startswith("jam") and asing == [0]), (v.nama, asing)


def test_setiap_kode_muncul_kecuali_yang_langka(survei):
    """Survei yang tidak pernah memakai sebuah kode tidak dapat menguji siapa pun yang salah membacanya."""
    for tahun in GELOMBANG:
        s = survei(tahun)
        f = s.gabungan()
        kurang = {
            (v.nama, k)
            for v in s.letak.konsep.values()
            if v.nama in f and v.jenis == "kode"
            for k in v.kode
            if not (f[v.nama] == k).any()
        }
        langka = {"hubungan", "tempat_lahir", "kelamin_nik", "ijazah", "jenjang"}
        assert {n for n, _ in kurang} <= {s.letak.konsep[k].nama for k in langka if k in s.letak.konsep}, tahun


def test_wilayah_lengkap(kecil, d2020):
    prov = d2020["provinsi"]
    assert sorted(kecil["R101"].unique()) == sorted(prov["kode_bps"])
    kab = kecil[["R101", "R102"]].drop_duplicates()
    assert len(kab) == 514
    assert (kab["R102"] >= 71).sum() == 98
    banyak = kab.groupby("R101").size()
    assert banyak.to_dict() == dict(zip(prov["kode_bps"], prov["n_kabkota"], strict=True))
    assert set(kecil.loc[kecil["R101"] == 31, "R105"]) == {1}


def test_pemekaran_papua_sejak_2024(survei, d2020):
    """38 provinsi, 514 kabupaten/kota yang sama; kodenya dapat dilipat kembali ke 34 provinsi."""
    f, lama = survei(2024).gabungan(["R101", "R102"]), survei(2023).gabungan(["R101", "R102"])
    assert f["R101"].nunique() == 38 and lama["R101"].nunique() == 34
    assert {92, 95, 96, 97} <= set(f["R101"])
    kode, kode_lama = (x["R101"].astype(int) * 100 + x["R102"] for x in (f, lama))
    assert kode.nunique() == kode_lama.nunique() == 514
    balik = d2020["wilayah_baru"].set_index("kode")["kode_lama"]
    assert kode.map(balik).fillna(kode).astype(int).equals(kode_lama)


def test_satu_provinsi():
    s = buat_sintetis(2020, provinsi=[15])
    f = s.gabungan(["R101", "R102", "STRATA"])
    assert set(f["R101"]) == {15} and f["R102"].nunique() == 11
    assert 23_000 < s.n < 27_000, "sebanyak sampel satu provinsi yang sebenarnya"
    assert (s.kebenaran["n"] >= 30).all()


def test_rancangan_bersarang(kecil):
    assert (kecil.groupby("PSU")["STRATA"].nunique() == 1).all()
    assert (kecil.groupby("RENUM")["PSU"].nunique() == 1).all()
    strata = kecil.groupby("STRATA").agg(psu=("PSU", "nunique"), kab=("R102", "nunique"), daerah=("R105", "nunique"))
    assert strata["psu"].min() >= 2
    assert (strata[["kab", "daerah"]] == 1).all(axis=None)
    assert (kecil["STRATA"] == (kecil["R101"].astype(int) * 100 + kecil["R102"]) * 10 + kecil["R105"]).all()


def test_ukuran_dan_penimbang(kecil, survei):
    assert 23_000 < len(kecil) < 27_000
    # penimbang dibulatkan ke sen orang: selisihnya paling banyak setengah sen per orang
    assert abs(kecil["FWT"].sum() - PENDUDUK) <= 0.005 * len(kecil)
    assert (kecil.groupby("RENUM")["FWT"].nunique() == 1).all()
    kp, rt = survei(2020).berkas["kp43"], survei(2020).berkas["rt"]
    np.testing.assert_array_equal(kp["WERT"], rt["FWT"])
    np.testing.assert_allclose(kp["WEIND"], kp["WERT"] * kp["R301"], atol=0.005)
    np.testing.assert_allclose(kp["KAPITA"] * kp["R301"], kp["EXPEND"])
    np.testing.assert_allclose(kp["FOOD"] + kp["NONFOOD"], kp["EXPEND"])


def test_rumah_tangga_masuk_akal(kecil):
    kepala = kecil[kecil["R403"] == 1]
    assert len(kepala) == kecil["RENUM"].nunique()
    assert (kepala["R407"] >= 19).all()
    assert (kecil["R301"] == kecil.groupby("RENUM")["R401"].transform("max")).all()
    assert 3.4 < len(kecil) / len(kepala) < 4.3


# ---------------------------------------------------------------------- isi


def test_kelompok_sasaran_masuk_akal(survei):
    p, sulit = survei(2020).responden.p, survei(2020).responden.sulit
    w = p.bobot[p.ruta]
    assert 0.07 < rata(p.umur >= 60, w) < 0.13
    assert 0.28 < rata(p.umur < 18, w) < 0.38
    assert 0.02 < rata(sulit, w) < 0.09
    assert sulit[p.umur >= 75].mean() > 3 * sulit[(p.umur >= 15) & (p.umur < 45)].mean()


def test_korelasi_dan_landaian(kecil):
    kaya = kecil["KAPITA"] > kecil["KAPITA"].median()
    for kolom in ("R808", "R701", "R2001G"):
        isi = kecil[kolom] == 1
        assert isi[kaya].mean() > isi[~kaya].mean(), kolom
    assert (kecil["R2203"] == 1)[kaya].mean() < (kecil["R2203"] == 1)[~kaya].mean()
    dewasa = kecil["R407"] >= 15
    papua, jawa = kecil["R101"] >= 91, kecil["R101"].between(31, 36)
    assert (kecil["R808"] == 1)[dewasa & papua].mean() < (kecil["R808"] == 1)[dewasa & jawa].mean()


def test_jebakan_yang_ditanam(survei, kecil):
    """Yang membuat kodebuku lama diam-diam salah, satu per satu."""
    f = kecil
    assert (f["R1504B"] == 0).mean() > 0.9, "yang dilewati 0, bukan kosong"
    assert set(f["R811_F"].dropna()) == {"F"} and f["R811_F"].isna().mean() > 0.8, "huruf, bukan 1"
    assert set(f["R1009"]) == {0, 5, 6, 7, 8} and set(f["R1008"]) == {0, 1, 2, 3, 4}
    assert (f["R1009"] == 0).equals(f["R407"] < 2)
    assert not f["R808"].equals(f["R701"]), "R808 internet, R701 rekening"
    assert (f.loc[f["R407"] < 5, "R808"] > 0).all(), "2020: internet terisi juga bagi balita"
    g = survei(2021).gabungan()
    assert (g.loc[g["R407"] < 5, "R808"] == 0).all()
    luas = survei(2020).berkas["rt"]["R1804"]
    assert 0.001 < (luas == 98).mean() < 0.01, "98 = tidak tahu"
    assert (f["R606"] == 8).any()
    jeda = f["R704"] == 1
    assert jeda.any() and (f.loc[jeda, "R708"] == 0).all(), "0 jam pada yang sementara tidak bekerja"
    luar = f[(f["R403"] == 1) & ~f["R101"].between(31, 36)]
    assert (luar["R1806"] == 3).sum() > 3 * (luar["R1806"] == 4).sum(), "di luar Jawa seng jauh lebih sering"


def test_jawaban_sama_sandinya_lain(survei):
    """Orang yang sama menjawab sama di setiap gelombang; yang berganti nomor dan kodenya."""
    arti = {}
    for tahun in (2019, 2021, 2024):
        s, f = survei(tahun), survei(tahun).gabungan()
        for konsep in ("atap", "kawin", "akta", "partisipasi_sekolah", "internet", "emas"):
            v = s.letak.konsep[konsep]
            arti.setdefault(konsep, []).append(f[v.nama].map(v.kode).fillna("").tolist())
    for konsep, isi in arti.items():
        assert isi[0] == isi[1] == isi[2], konsep
    assert not survei(2019).gabungan()["R1806"].equals(survei(2021).gabungan()["R1806"])
    nilai = [survei(t).kebenaran.set_index("simpul")["nilai"] for t in (2019, 2022, 2024)]
    for simpul in ("rt/KE5", "ls/PS8", "rt/KD6", "pd/KD7", "ls/KE1", "rt/KD8"):
        assert nilai[0][simpul] == nilai[1][simpul] == nilai[2][simpul], simpul


def test_benih_sama_data_sama(survei):
    sama, lain = buat_sintetis(2020), buat_sintetis(2020, benih=1)
    for bagian, isi in survei(2020).berkas.items():
        pd.testing.assert_frame_equal(isi, sama.berkas[bagian])
    pd.testing.assert_frame_equal(sama.kebenaran, survei(2020).kebenaran)
    assert not np.array_equal(lain.responden.p.pengeluaran[:1000], sama.responden.p.pengeluaran[:1000])


# ---------------------------------------------------------------------- kebenaran


def test_kebenaran_terhadap_hitungan_lugas(survei, kecil):
    """Enam nilai dihitung ulang dari kolom tersandi 2020 dengan pandas biasa, tanpa kodebuku."""
    f, w = kecil, kecil["FWT"]
    nilai = survei(2020).kebenaran.set_index("simpul")["nilai"]
    tua = f["R407"] >= 60
    urut = f[["KAPITA", "FWT"]].sort_values("KAPITA")
    batas = urut.loc[(urut["FWT"].cumsum() >= 0.4 * w.sum()).idxmax(), "KAPITA"]
    miskin = f["KAPITA"] <= batas
    anak, kepala, ibu = miskin & (f["R407"] <= 17), miskin & (f["R403"] == 1), miskin & (f["R1503"] == 1)
    serumah = f["RENUM"].isin(f.loc[f["R407"].between(15, 59), "RENUM"])
    kerja = (f["R702_A"] == "A") | (f["R704"] == 1)
    for simpul, ikut, ya in [
        ("ls/PS10", tua, f["R808"] == 1),
        ("rt/KD8", anak, f["R606"].isin([1, 2])),
        ("rt/KE5", kepala, f["R2001G"] == 1),
        ("ls/PS8", tua, serumah),
        ("rt/KD4", ibu, f["R1504B"].isin([1, 2, 3, 4])),
        ("ls/KE1", tua & kerja, f["R708"].between(1, 34)),
    ]:
        assert nilai[simpul] == pytest.approx(100 * rata(ya[ikut], w[ikut]), rel=1e-12), simpul


def test_kebenaran_hanya_yang_ditanya(survei):
    simpul = {t: set(survei(t).kebenaran["simpul"]) for t in GELOMBANG}
    assert not any(s.startswith("pd/") for s in simpul[2018]), "kesulitan fungsional 2018 tidak ditemukan nomornya"
    assert not any("KD1" in s for s in simpul[2018] | simpul[2020]), "luas lantai 2018, kode seng 2020"
    assert {"rt/KD4", "rt/KD5"} <= simpul[2022] and not {"rt/KD4", "rt/KD5"} & simpul[2023]
    assert "ls/KE2" in simpul[2021] and "ls/KE2" not in simpul[2019]
    assert "ls/KE3" in simpul[2023] and "ls/KE3" not in simpul[2020]
    # yang tidak ada di Kor tidak pernah ada
    for semua in simpul.values():
        assert not {s.split("/")[1] for s in semua} & {"PS1", "PS2", "PS3", "PS4", "PS5", "PS6", "PS9", "PS11", "KE6"}
    assert {len(x) for x in simpul.values()} == {18, 42, 41, 44, 43, 46}


@pytest.mark.parametrize("tahun", GELOMBANG)
def test_kebenaran_tidak_di_ujung_dan_cukup_banyak(survei, tahun):
    """Nilai 0 atau 100 tidak menguji apa-apa; di bawah 30 responden hasilnya ditahan."""
    k = survei(tahun).kebenaran
    assert k["nilai"].between(1, 99.5).all()
    assert (k["n"] >= 30).all()


# ---------------------------------------------------------------------- sandi


def _variabel(**isi):
    baku = dict(
        konsep="x", nama="R1", berkas=("rt",), jenis="kode", arti="", kode={1: "ya", 5: "tidak"}, rentang=None,
        lewat="nol", hilang={}, ditanya="", yakin="pasti", catatan="",
    )  # fmt: skip
    return Variabel(**(baku | isi))


def test_sandi_satu_sel():
    tanya = np.array([True, True, False])
    jawab = Jawaban(np.array([0, 1, 1]), ("tidak", "ya"), tanya)
    assert sandikan(_variabel(), jawab, 2020).tolist() == [5, 1, 0]
    huruf = sandikan(_variabel(jenis="huruf", nama="R1_F", kode={"F": "menjual"}, lewat="kosong"), jawab, 2020)
    assert huruf.astype(object).tolist() == [np.nan, "F", np.nan]
    luas = Jawaban(np.array([40, 97, 60]), hilang=np.array([False, False, True]))
    assert sandikan(_variabel(jenis="angka", kode={}, hilang={98: "tidak tahu"}, lewat="tidak"), luas, 2020).tolist() == [
        40, 97, 98,
    ]  # fmt: skip


def test_kategori_yang_belum_dibedakan():
    perawat = Jawaban(np.array([0, 1]), ("perawat", "dukun"))
    pendek = _variabel(kode={4: "perawat/nakes lain", 5: "dukun"})
    panjang = _variabel(kode={4: "perawat", 6: "dukun"})
    assert sandikan(pendek, perawat, 2020).tolist() == [4, 5]
    assert sandikan(panjang, perawat, 2024).tolist() == [4, 6]
    assert set(PENGGANTI) & set(PENGGANTI.values()) == {"lainnya"}


def test_arti_tanpa_kode_disebut():
    with pytest.raises(GalatData, match=r"R1 \(2020\) tanpa kode bagi 'ragu'"):
        sandikan(_variabel(), Jawaban(np.array([0]), ("ragu",)), 2020)


def test_pilihan_salah():
    with pytest.raises(GalatParameter, match="kecil, penuh"):
        buat_sintetis(ukuran="besar")
    with pytest.raises(GalatParameter, match="Benih"):
        buat_sintetis(benih=-1)
    with pytest.raises(GalatParameter, match="2017 tidak ada"):
        buat_sintetis(2017)
    with pytest.raises(GalatParameter, match="Provinsi 92, 99 tidak ada di Susenas 2020"):
        buat_sintetis(2020, provinsi=[15, 92, 99])
