"""Banyak berkas menjadi satu tabel; jati diri rumah tangga diperiksa: satu kalimat dengan banyaknya, atau berhenti."""

import numpy as np
import pandas as pd
import pytest

from kinerja.errors import GalatData, GalatParameter
from kinerja.mikro import muat, nomor_ruta, tulis_sintetis
from kinerja.mikro.kodebuku import periksa
from kinerja.mikro.tata_letak import folder_susenas
from kinerja.pilihan_berkas import nama_berkas, pisah_berkas, satukan

N_RUTA, N_ART = 200, 3


def orang(**ganti):
    """Dua ratus rumah tangga beranggota tiga, dua rumah tangga tiap PSU."""
    ruta = np.repeat(np.arange(1, N_RUTA + 1), N_ART)
    art = np.tile(np.arange(1, N_ART + 1), N_RUTA)
    isi = {
        "RENUM": ruta, "R401": art, "R403": art, "FWT": 100.0, "PSU": (ruta + 1) // 2, "STRATA": 1 + (ruta > 100),
        "R101": 11 + (ruta > 100), "R102": 1, "R105": 1, "R405": 1 + art % 2, "R407": 20 + 10 * art,
    }  # fmt: skip
    return pd.DataFrame(isi | ganti)


def belahan(isi, *kolom):
    return isi[["RENUM", "R401", *kolom]]


def rumah(**ganti):
    ruta = np.arange(1, N_RUTA + 1)
    isi = {"RENUM": ruta, "FWT": 100.0, "R101": 11 + (ruta > 100), "R102": 1, "R301": N_ART, "R1804": 20 + ruta % 80}
    return pd.DataFrame(isi | {"R2202": 1 + ruta % 5} | ganti)


@pytest.fixture
def baca(tmp_path):
    """Tulis tabel-tabel itu sebagai CSV (nama=tabel), lalu muat."""

    def _baca(kodebuku=None, **tabel):
        berkas = []
        for nama, isi in tabel.items():
            berkas.append(tmp_path / f"{nama}.csv")
            isi.to_csv(berkas[-1], index=False)
        return muat(berkas, kodebuku, None if kodebuku else 2020)

    return _baca


def test_belahan_anggota_rumah_tangga_dan_kp(baca):
    o = orang()
    dua = belahan(o.assign(R1009=5 + o["RENUM"] % 4, R405=o["R405"]), "R405", "R1009").sample(frac=1, random_state=1)
    rt = rumah().sample(frac=1, random_state=2)
    kp = pd.DataFrame({"RENUM": rt["RENUM"], "KAPITA": 1e6 + rt["RENUM"]})
    m = baca(rt=rt, ind1=o, ind2=dua, kp43=kp)
    assert len(m.bingkai) == N_RUTA * N_ART and m.orang and m.nama == "rt.csv + ind1.csv + ind2.csv + kp43.csv"
    assert m.bingkai["R1009"].tolist() == (5 + o["RENUM"] % 4).tolist()
    assert m.bingkai["KAPITA"].tolist() == (1e6 + o["RENUM"]).tolist()
    assert m.bingkai["R2202"].tolist() == (1 + o["RENUM"] % 5).tolist()
    assert m.catatan == (
        "ind2.csv: 600 dari 600 anggota (100,00%) cocok dengan ind1.csv; 0 anggota tanpa pasangan dilewati.",
        "rt.csv: 200 dari 200 rumah tangga (100,00%) cocok dengan ind1.csv; 0 rumah tangga tanpa pasangan dilewati.",
        "kp43.csv: 200 dari 200 rumah tangga (100,00%) cocok dengan ind1.csv; 0 rumah tangga tanpa pasangan dilewati.",
    )


def test_berkas_gabungan_dan_berkas_terpisah_sama(baca):
    o, rt = orang(), rumah()
    terpisah = baca(ind=o, rt=rt).bingkai
    satu = baca(gab=o.merge(rt.drop(columns=["FWT", "R101", "R102"]), on="RENUM")).bingkai
    pd.testing.assert_frame_equal(satu[sorted(satu)], terpisah[sorted(terpisah)], check_exact=True)


def test_yang_tidak_berpasangan_disebut_dan_kosong(baca):
    rt = rumah().iloc[:190]
    lebih = pd.concat([rt, rt.iloc[:3].assign(RENUM=[901, 902, 903])])
    m = baca(ind=orang(), rt=lebih)
    assert m.catatan == (
        "rt.csv: 190 dari 200 rumah tangga (95,00%) cocok dengan ind.csv; 3 rumah tangga tanpa pasangan dilewati.",
    )
    assert m.bingkai["R2202"].isna().sum() == 10 * N_ART and m.bingkai["R2202"].notna().iloc[0]


def test_potongan_menurut_provinsi_ditumpuk(baca):
    o = orang()
    m = baca(jawa=o[o["R101"] == 11], luar=o[o["R101"] == 12])
    pd.testing.assert_frame_equal(m.bingkai, baca(semua=o).bingkai, check_exact=True)
    assert m.catatan == ("luar.csv: 300 baris ditambahkan di bawah jawa.csv.",)


@pytest.mark.parametrize(
    ("tabel", "pesan"),
    [
        ({"ind": orang(), "rt": pd.concat([rumah(), rumah().iloc[:7]])}, "rt.csv.*7 rumah tangga ganda, sampai 2 kali"),
        ({"ind": orang(), "b41": rumah().loc[np.repeat(range(N_RUTA), 4)]}, "200 rumah tangga ganda.*blok 41 dan 42"),
        ({"ind": pd.concat([orang(), orang().iloc[:5]])}, "5 pasangan rumah tangga dan anggota berulang"),
        ({"ind": orang(), "dua": pd.concat([orang()[["RENUM", "R401", "R407"]]] * 2)}, "600 pasangan .* berulang"),
        ({"ind": orang(), "rt": rumah(RENUM=rumah()["RENUM"] + 5000)}, "tidak satu pun rumah tangga cocok"),
        ({"ind": orang(), "rt": rumah().iloc[:60]}, "60 dari 200 rumah tangga .30,00%. cocok"),
        ({"ind": orang(), "rt": rumah().drop(columns="RENUM")}, "rt.csv: ditemukan tanpa kolom RENUM"),
        ({"ind": orang(RENUM=[None, *orang()["RENUM"][1:]])}, "1 baris tanpa nomor rumah tangga"),
        ({"ind": orang(R401=[None, *orang()["R401"][1:]])}, "1 baris tanpa nomor anggota"),
        ({"ind": orang(RENUM=orang()["RENUM"] + 0.5)}, "600 nomor berupa pecahan"),
        ({"ind": orang(PSU=orang()["R401"])}, "200 dari 200 rumah tangga berada di lebih dari satu PSU"),
        ({"ind": orang(STRATA=orang()["R401"])}, "lebih dari satu strata"),
        ({"ind": orang(R102=orang()["R401"])}, "lebih dari satu kabupaten/kota"),
        ({"ind": orang(R403=2)}, "200 tanpa kepala dan 0 berkepala dua atau lebih, dari 200 rumah tangga"),
        ({"ind": orang(R403=1)}, "0 tanpa kepala dan 200 berkepala dua atau lebih"),
        ({"ind": orang(R403="kepala")}, "kolom 'R403'.*bukan kode"),
        (
            {"ind": orang(), "dua": orang(R405=orang()["R405"] % 2 + 1)},
            "R405 berbeda antara ind.csv dan dua.csv di 600",
        ),
        ({"ind": orang(), "rt": rumah(R101=99)}, "R101 berbeda antara ind.csv dan rt.csv di 600"),
        ({"ind": orang(FWT=[None, *[1.0] * 599])}, "penimbang kosong di 1 dari 600 baris"),
        ({"ind": orang(FWT=[-1.0, *[1.0] * 599])}, "penimbang negatif di 1 dari 600 baris"),
        ({"ind": orang(FWT=0)}, "penimbang nol di semua baris"),
        ({"ind": orang(FWT="berat")}, "penimbang yang bukan angka"),
        ({"ind": orang().drop(columns="FWT")}, "kolom FWT tidak ada.*baris 'bobot'"),
        ({"ind": orang().drop(columns="R403")}, "kolom R403 tidak ada.*baris 'kepala_ruta'"),
    ],
)
def test_yang_salah_berhenti_dengan_banyaknya(baca, tabel, pesan):
    with pytest.raises(GalatData, match=pesan) as galat:
        baca(**tabel)
    assert "\n" not in str(galat.value)


@pytest.mark.parametrize(
    ("tabel", "catatan"),
    [
        ({"ind": orang(R403=[9, *orang()["R403"][1:]])}, "1 tanpa kepala dan 0 berkepala dua atau lebih, dari 200"),
        ({"ind": orang(FWT=[0.0, *[1.0] * 599])}, "1 baris berpenimbang nol tidak ikut dihitung"),
        ({"ind": orang(), "rt": rumah(FWT=7)}, "FWT berbeda antara ind.csv dan rt.csv di 600.*yang dipakai ind.csv"),
        ({"ind": orang(), "dua": orang(R407=[99, *orang()["R407"][1:]])}, "R407 berbeda antara ind.csv dan dua.csv di 1 dari"),
        ({"ind": pd.concat([orang(), pd.DataFrame({"RENUM": [None] * 4})])}, "4 baris kosong dilewati"),
        ({"ind": orang(), "rt": rumah(RENUM=rumah()["RENUM"].map("{:05d}".format))}, "RENUM berupa teks di rt.csv dan bilangan di ind.csv; 200 nomor"),
    ],
)  # fmt: skip
def test_yang_masih_dapat_dipakai_disebut(baca, tabel, catatan):
    m = baca(**tabel)
    assert len(m.bingkai) == 600 and m.bingkai["FWT"].notna().all()
    assert pd.Series(m.catatan).str.contains(catatan).any(), m.catatan


@pytest.mark.parametrize("cara", ["{:05d}", "{}.0", " {} ", "{:.2e}"])
def test_nomor_teks_bilangan_dan_pecahan_satu_nomor(baca, cara):
    """``00123`` di satu berkas, 123 di berkas lain, 123.0 atau 1.23e+02 di berkas ketiga."""
    harap = baca(ind=orang(), rt=rumah()).bingkai["R2202"].tolist()
    if "e" in cara:
        with pytest.raises(GalatData, match="notasi ilmiah"):
            baca(ind=orang(), rt=rumah(RENUM=rumah()["RENUM"].map(cara.format)))
    else:
        assert baca(ind=orang(), rt=rumah(RENUM=rumah()["RENUM"].map(cara.format))).bingkai["R2202"].tolist() == harap


def test_nomor_teks_yang_bertabrakan_sebagai_bilangan_ditolak(baca):
    teks = [f"0{x}" if x == 1 else f"{x}" if x != 2 else "1" for x in rumah()["RENUM"]]
    with pytest.raises(GalatData, match="nomor berupa teks .misalnya '01'., sedangkan di ind.csv berupa bilangan"):
        baca(ind=orang(), rt=rumah(RENUM=teks))


def kodebuku_kunci(ruta):
    """Kodebuku 2020 dengan baris ``ruta`` yang lain."""
    isi = pd.read_csv(folder_susenas() / "kodebuku-2020.csv", dtype=str, keep_default_na=False)
    isi.loc[isi["butir"] == "ruta", "pembilang"] = ruta
    return periksa(isi, "kodebuku-2020.csv", 2020)


@pytest.mark.parametrize(("ruta", "psu"), [("PSU + SSU", "{}"), ("PSU + SSU", "P{:04d}"), ("WI1 + WI2", "{}")])
def test_kunci_majemuk(baca, ruta, psu):
    """Nomor yang hanya unik di dalam PSU; jumlah kedua kolomnya sama bagi rumah tangga yang berlainan."""
    a, b = ruta.split(" + ")
    o, rt = orang(), rumah()
    for isi in (o, rt):
        isi[a] = ((isi["RENUM"] + 1) // 2).map(psu.format)
        isi[b] = (isi["RENUM"] + 1) % 2 + 1
    harap = baca(ind=o, rt=rt).bingkai["R2202"].tolist()
    o, rt = (x.drop(columns="RENUM") for x in (o, rt))
    k = kodebuku_kunci(ruta)
    m = baca(k, ind=o, rt=rt)
    assert m.bingkai["R2202"].tolist() == harap
    np.testing.assert_array_equal(nomor_ruta(m.bingkai, k), np.repeat(np.arange(N_RUTA), N_ART))
    with pytest.raises(GalatData, match="6 pasangan rumah tangga dan anggota berulang, sampai 100 kali"):
        baca(kodebuku_kunci(b), ind=o)


def test_berkas_rumah_tangga_saja(baca):
    m = baca(rt=rumah())
    assert not m.orang and len(m.bingkai) == N_RUTA
    assert "rt.csv hanya memuat rumah tangga" in m.catatan[0]


def test_survei_sintetis_tiap_gelombang_tergabung_utuh(tmp_path):
    for tahun in (2018, 2019, 2022):
        berkas, survei = tulis_sintetis(tahun, folder=tmp_path / str(tahun), provinsi=[15])
        m = muat(berkas, tahun=tahun)
        assert len(m.bingkai) == survei.n
        assert all("(100,00%) cocok" in x for x in m.catatan) and len(m.catatan) == len(berkas) - 1


def test_pilihan_berkas(tmp_path):
    assert pisah_berkas("") == pisah_berkas([]) == pisah_berkas(" ; ") == []
    assert pisah_berkas("a.dta; b.dta ;") == pisah_berkas(["a.dta", "b.dta"]) == ["a.dta", "b.dta"]
    aneh = tmp_path / "a;b.csv"
    aneh.write_text("x\n1\n")
    assert pisah_berkas(str(aneh)) == pisah_berkas(aneh) == [str(aneh)]
    assert nama_berkas(f"{tmp_path}/a.dta;b.dta") == "a.dta + b.dta" and nama_berkas("") == ""
    with pytest.raises(GalatParameter, match="a.dta disebut dua kali"):
        pisah_berkas("x/a.dta;x/a.dta")
    with pytest.raises(GalatParameter, match="harus berkas, daftar berkas"):
        pisah_berkas({"a": 1})


def test_mikro_berulang_di_baris_perintah_digabung(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    isi = satukan([("mikro", "a.dta"), ("agregasi", "geometrik"), ("mikro", "b.dta;c.dta")])
    assert isi == [
        ("mikro", ";".join(str(tmp_path / x) for x in ("a.dta", "b.dta", "c.dta"))),
        ("agregasi", "geometrik"),
    ]
    with pytest.raises(GalatParameter, match="'agregasi' diberikan dua kali"):
        satukan([("agregasi", "a"), ("agregasi", "b")])
