"""Kodebuku tiap gelombang: sah, lengkap, dan saling cocok dengan tata letak; kesalahan menyebut baris dan kolom."""

import csv
import io

import pandas as pd
import pytest

from colformula import walk
from colformula.tree import Compare, In, Name, Number, Text
from kinerja.errors import GalatData, GalatParameter
from kinerja.ikesos import Kerangka, siapkan
from kinerja.mikro import baca_kodebuku, gelombang, periksa, tata_letak
from kinerja.mikro.tata_letak import folder_susenas

TAHUN = range(2018, 2025)
# Menurut penelusuran: modul MSBP, Podes, dan tabungan uang tidak ditanyakan di Kor pada tahun mana pun.
LUAR_KOR = {"PS1", "PS2", "PS3", "PS4", "PS5", "PS6", "PS9", "PS11", "PS12", "KE6"}


@pytest.fixture(scope="module")
def baku():
    return baca_kodebuku(tahun=2020)


@pytest.fixture
def tabel():
    return pd.read_csv(folder_susenas() / "kodebuku-2020.csv", dtype=str, keep_default_na=False)


def test_satu_kodebuku_tiap_gelombang():
    assert gelombang() == tuple(TAHUN)
    assert {x.name for x in folder_susenas().glob("kodebuku-*.csv")} == {f"kodebuku-{t}.csv" for t in TAHUN}


@pytest.mark.parametrize("tahun", TAHUN)
def test_semua_indikator_kerangka_ada(tahun, d2020):
    kodebuku = baca_kodebuku(tahun=tahun)
    assert {b.untuk for b in kodebuku.sejenis("indikator")} == set(d2020["ikesos_kerangka"]["kode"])
    for baris in d2020["ikesos_kerangka"].to_dict("records"):
        for sasaran in ("rt", "pd", "ls"):
            if baris[f"berlaku_{sasaran}"] == "ya":
                assert kodebuku.indikator(baris["kode"], sasaran) is not None, (baris["kode"], sasaran)


@pytest.mark.parametrize("tahun", TAHUN)
def test_yang_tanpa_ungkapan_berkata_mengapa(tahun):
    kodebuku = baca_kodebuku(tahun=tahun)
    assert {b.untuk for b in kodebuku.sejenis("indikator") if b.yakin == "tidak_ada"} == LUAR_KOR
    for b in (*kodebuku.sejenis("indikator"), *kodebuku.sejenis("sasaran")):
        assert (b.pembilang is None) == (b.yakin in ("tidak_tahu", "tidak_ada")), b.butir
        assert b.pembilang is not None or b.catatan, b.butir


# ---------------------------------------------------------------------- dua saksi


def _sebutan(simpul):
    """(variabel, kode) yang dibandingkan di sebuah pohon ungkapan."""
    for x in walk(simpul):
        match x:
            case In(Name(nama), pilihan):
                for satu in pilihan:
                    rentang = [satu] if isinstance(satu, str) else range(int(satu[0]), int(satu[1]) + 1)
                    yield from ((nama, k) for k in rentang)
            case Compare("=" | "!=", Name(nama), Number(angka)):
                yield nama, float(angka)
            case Compare("=" | "!=", Name(nama), Text(teks)):
                yield nama, teks


@pytest.mark.parametrize("tahun", TAHUN)
def test_kodebuku_dan_tata_letak_saling_mengenal(tahun):
    kodebuku, letak = baca_kodebuku(tahun=tahun), tata_letak(tahun)
    periksa_kode = 0
    for b in kodebuku.butir.values():
        for nama in b.nama_variabel:
            if nama in kodebuku.parameter:
                continue
            assert nama in letak.variabel, f"{b.butir} {tahun}: {nama} tidak ada di tata letak"
            assert letak.variabel[nama].diketahui or b.jenis in ("rancangan", "wilayah"), (b.butir, nama)
        for ungkapan in (b.pembilang, b.penyebut):
            for nama, kode in _sebutan(ungkapan.akar) if ungkapan else ():
                v = letak.variabel[nama]
                if v.jenis in ("kode", "huruf") and v.kode and not {3, 4, 7, 8, 1, 2, 5, 6} >= set(v.kode):
                    assert kode in v.kode, f"{b.butir} {tahun}: kode {kode} pada {nama} tidak ada di tata letak"
                    periksa_kode += 1
    assert periksa_kode > 20


@pytest.mark.parametrize("tahun", range(2020, 2025))
def test_kode_kesulitan_berselang(tahun):
    # Jebakan 4: R1002/4/6/8 berkode 1-4, R1003/5/7/9 berkode 5-8; keduanya harus terhitung
    isi, letak = baca_kodebuku(tahun=tahun), tata_letak(tahun)
    for nomor in range(1002, 1010):
        v = letak.variabel[f"R{nomor}"]
        assert set(v.kode) == ({1, 2, 3, 4} if nomor % 2 == 0 else {5, 6, 7, 8})
        berat = {k for k, arti in v.kode.items() if arti in ("tidak bisa sama sekali", "banyak kesulitan")}
        sebut = {k for n, k in _sebutan(isi.butir["pd"].pembilang.akar) if n == v.nama}
        assert berat == sebut & set(v.kode)


@pytest.mark.parametrize(
    ("butir", "tahun", "variabel"),
    [
        # README acuan, "Yang salah pada kodebuku bawaan" dan "Sepuluh jebakan"
        ("KE7", 2018, "R717"), ("KE7", 2019, "R808"), ("KE7", 2020, "R701"), ("KE7", 2024, "R701"),
        ("PS10", 2018, "R716"), ("PS10", 2019, "R804"), ("PS10", 2020, "R808"), ("PS10", 2024, "R808"),
        ("KD8", 2019, "R606"), ("KD8", 2021, "R606"), ("KD8", 2022, "R508"), ("KD8", 2024, "R508"),
        ("KD9", 2019, "R501"), ("KD9", 2020, "R502"), ("KD9", 2022, "R504"), ("KD9", 2024, "R504"),
        ("KD7", 2021, "R609"), ("KD7", 2022, "R607"), ("KD6", 2021, "R613"), ("KD6", 2022, "R612"),
        ("KE1_ls", 2019, "R706"), ("KE1_ls", 2020, "R708"), ("KE1_ls", 2023, "R709"),
        ("KE5", 2018, "R1801G"), ("KE5", 2019, "R2001G"), ("KE8", 2024, "R1901K"),
        ("rt", 2019, "EXP_CAP"), ("rt", 2020, "KAPITA"), ("KD1", 2024, "R1806A"), ("KD2", 2020, "PROTE_KAP"),
        ("ruta", 2018, "URUT"), ("ruta", 2019, "RENUM"), ("ruta", 2021, "RENUM"), ("ruta", 2022, "URUT"),
        ("rt_bansos", 2019, "R2109"), ("rt_bansos", 2022, "R2207"),
    ],
)  # fmt: skip
def test_nomor_yang_bergeser(butir, tahun, variabel):
    assert variabel in baca_kodebuku(tahun=tahun).butir[butir].nama_variabel


@pytest.mark.parametrize(
    ("tahun", "variabel", "layak", "tidak"),
    [
        (2019, "R1806", {1, 2, 4, 6}, {3, 5}),  # 2019: 3 asbes, 4 seng
        (2021, "R1806", {1, 2, 3, 6}, {4, 5}),  # 2021+: 3 seng, 4 asbes
        (2024, "R1806A", {1, 2, 3, 6}, {4, 5}),
        (2023, "R1807", {1, 2, 3, 5}, {4, 6, 7}),  # batang kayu layak menurut BPS
    ],
)
def test_bahan_rumah_layak(tahun, variabel, layak, tidak):
    sebut = {k for n, k in _sebutan(baca_kodebuku(tahun=tahun).butir["KD1"].pembilang.akar) if n == variabel}
    assert sebut == layak and not sebut & tidak


def test_bekerja_tidak_penuh_hanya_bagi_lansia(baku):
    assert baku.indikator("KE1", "ls").butir == "KE1_ls"
    assert baku.indikator("KE1", "rt").butir == "KE1"
    assert baku.indikator("KD5", "ls") is None


def test_definisi_sasaran_lain(baku):
    assert baku.definisi_sasaran()["rt"].butir == "rt"
    assert baku.definisi_sasaran({"rt": "rt_bansos"})["rt"].butir == "rt_bansos"
    with pytest.raises(GalatParameter, match="rt, rt_bansos"):
        baku.definisi_sasaran({"rt": "ls"})


def test_dilewati_sebagai_nol_atau_kosong_sama(survei, d2020):
    """Jebakan 2: berkas yang menyimpan pertanyaan terlewati sebagai 0 dan yang mengosongkannya memberi angka sama."""
    for tahun in (2019, 2020, 2024):
        kodebuku, letak = baca_kodebuku(tahun=tahun), tata_letak(tahun)
        kerangka = Kerangka.susun(d2020["ikesos_kerangka"], d2020["ikesos_simpul"], d2020["ikesos_sasaran"], kodebuku)
        nol = survei(tahun).gabungan(kodebuku.variabel)
        dilewati = [v.nama for v in letak.variabel.values() if v.lewat == "nol" and v.nama in nol]
        kosong = nol.assign(**{k: nol[k].astype(float).mask(nol[k] == 0) for k in dilewati if k != "R1401"})
        assert len(dilewati) > 10 and kosong[dilewati].isna().any().sum() > 10
        satu, dua = (
            siapkan(x, kodebuku, kerangka, psu_tunggal="adjust").hitung(simpul="indikator", tahan=False)
            for x in (nol, kosong)
        )
        pd.testing.assert_frame_equal(satu, dua)


# ---------------------------------------------------------------------- bacaan


@pytest.mark.parametrize(
    ("butir", "kolom", "isi", "pesan"),
    [
        (
            "KD8",
            "pembilang",
            "R606 di [1, 2",
            r"kolom 'pembilang': ditemukan 'R606 di \[1, 2' \(ditemukan akhir tulisan.*huruf ke-14",
        ),
        ("KD8", "pembilang", "R606", "ditemukan bilangan 'R606'; diharapkan syarat"),
        ("kabkota", "pembilang", "R101 = 1", "diharapkan bilangan"),
        ("KD8", "jenis", "indikatr", "salah satu dari parameter, rancangan"),
        ("KD8", "unit", "orang", "salah satu dari art, ruta"),
        ("KD8", "arah", "", "salah satu dari naik, turun"),
        ("KD8", "yakin", "terlihat", "salah satu dari pasti, mungkin"),
        ("KD8", "sasaran", "rt xx", "ditemukan 'xx'"),
        ("KD8", "tonggak_atas", "0", "lebih besar dari tonggak bawah"),
        ("KD8", "tonggak_atas", "seratus", "angka dengan titik desimal"),
        ("KD8", "butir", "KD9", "'KD9' dua kali"),
        ("KD2_ls", "sasaran", "rt ls", "juga di baris"),
        ("persen_terbawah", "pembilang", "empat puluh", "angka"),
        ("bobot", "pembilang", "", "tidak ada baris rancangan bobot"),
        ("provinsi", "untuk", "propinsi", "salah satu dari provinsi"),
        ("ls", "pembilang", "", "syarat, atau yakin"),
    ],
)
def test_kesalahan_menyebut_baris_dan_kolom(tabel, butir, kolom, isi, pesan):
    tabel.loc[tabel["butir"] == butir, kolom] = isi
    with pytest.raises(GalatData, match=pesan) as galat:
        periksa(tabel, "punya_saya.csv")
    assert str(galat.value).startswith("punya_saya.csv")


def test_berkas_dengan_kepala_salah(tmp_path):
    berkas = tmp_path / "kodebuku.csv"
    berkas.write_text("butir,jenis\nKD1,indikator\n", encoding="utf-8")
    with pytest.raises(GalatData, match="kolom untuk"):
        baca_kodebuku(berkas)
    berkas.write_text("", encoding="utf-8")
    with pytest.raises(GalatData, match="kolom butir"):
        baca_kodebuku(berkas)
    with pytest.raises(GalatData, match="berkas tidak ada"):
        baca_kodebuku(tmp_path / "tiada.csv")
    with pytest.raises(GalatParameter, match="2018, 2019"):
        baca_kodebuku()
    with pytest.raises(GalatParameter, match="2017 tidak ada"):
        baca_kodebuku(tahun=2017)


@pytest.mark.parametrize(
    ("sandi", "pemisah", "akhir"), [("utf-8-sig", ";", "\r\n"), ("latin-1", ";", "\r\n"), ("utf-8", "\t", "\n")]
)
def test_disimpan_excel(tabel, baku, tmp_path, sandi, pemisah, akhir):
    """Titik koma, BOM, latin-1, CRLF, koma desimal, dan ekor kolom kosong: isinya tetap sama."""
    tabel.loc[tabel["butir"] == "persen_terbawah", ["pembilang", "nama"]] = ["37,5", "Batas \u00e9konomi"]
    isi = io.StringIO(newline="")
    tulis = csv.writer(isi, delimiter=pemisah, lineterminator=akhir)
    tulis.writerow([*tabel.columns, "", ""])
    tulis.writerows([*baris, "", ""] for baris in tabel.to_numpy().tolist())
    tulis.writerow([""] * (len(tabel.columns) + 2))
    (tmp_path / "k.csv").write_bytes(isi.getvalue().encode(sandi))
    hasil = baca_kodebuku(tmp_path / "k.csv", 2020)
    assert hasil.parameter["persen_terbawah"] == 37.5
    assert {b: (x.pembilang, x.penyebut) for b, x in hasil.butir.items()} == {
        b: (x.pembilang, x.penyebut) for b, x in baku.butir.items()
    }


def test_baris_variabel_menambah_dan_mengganti_isian(tabel, tmp_path):
    baris = dict.fromkeys(tabel.columns, "") | {"jenis": "variabel", "yakin": "pasti", "definisi": "Punya KTP"}
    baru = [
        baris | {"butir": "KTP", "untuk": "KTP", "nama": "ktp kartu", "kode": "1=ya;5=tidak", "hilang": "8=tidak tahu"},
        baris | {"butir": "R1804", "untuk": "R1804", "nama": "luas", "hilang": "998=tidak tahu"},
    ]
    pd.concat([tabel, pd.DataFrame(baru)]).fillna("").to_csv(tmp_path / "k.csv", index=False)
    k = baca_kodebuku(tmp_path / "k.csv", 2020)
    assert (k.isian["KTP"].kode, k.isian["KTP"].hilang) == ({1: "ya", 5: "tidak"}, {8: "tidak tahu"})
    assert k.kata["KTP"] == ("ktp", "kartu")
    assert k.isian["R1804"].hilang == {998: "tidak tahu"} and k.isian["R1804"].rentang == (1, 999)
    baru[0]["kode"] = "satu"
    pd.concat([tabel, pd.DataFrame(baru)]).fillna("").to_csv(tmp_path / "k.csv", index=False)
    with pytest.raises(GalatData, match="k.csv, baris .*kolom 'kode'"):
        baca_kodebuku(tmp_path / "k.csv", 2020)
