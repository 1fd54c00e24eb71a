"""Pemeriksaan kodebuku terhadap berkas: putusan tiap butir, dan angka terbitan BPS sampai seperseratus poin."""

import numpy as np
import pandas as pd
import pytest

from kinerja import cli
from kinerja.ikesos.periksa import BAIK, TOLAK, angka_bps, periksa_berkas
from kinerja.mikro import baca_kodebuku, buat_sintetis
from kinerja.mikro.sintetis.jawaban import NAKES

# ---------------------------------------------------------------------- terhadap terbitan BPS

JAMBI = 15
TERBIT = {"KD4": 93.37, "KD6_SD": 99.11, "KD6_SMP": 79.93, "KD6_SM": 61.38, "KD7_15_44": 99.74}
"""Angka BPS Jambi Maret 2020: SDGs 3.1.2, angka partisipasi murni, 100 - buta huruf 15-44."""


def test_angka_terbitan_tersimpan():
    t = angka_bps(2020)
    jambi = t[t["kode_bps"] == JAMBI].set_index("butir")["angka"]
    assert {k: jambi[k] for k in TERBIT} == TERBIT
    indonesia = t[t["kode_bps"] == 0].set_index("butir")["angka"]
    # BPS: persalinan 95,16; akta 0-17 tahun 88,11; internet 53,73; buta huruf 15+ 4,00
    assert indonesia.loc[["KD4", "KD8", "PS10", "KD7"]].tolist() == [95.16, 88.11, 53.73, 96.00]


@pytest.fixture(scope="module")
def jambi(tmp_path_factory):
    """Berkas berbentuk Kor 2020 satu provinsi, penimbangnya disetel supaya pangsanya persis angka terbitan.

    Pangsanya dihitung dari jawaban responden, tanpa kodebuku dan tanpa kolom.
    """
    survei = buat_sintetis(2020)
    r = survei.responden
    p, umur, art = r.p, r.p.umur, r.art
    lahir = art["lahir_terakhir"].adalah("dua tahun terakhir")
    melek = np.logical_or.reduce([art[f"baca_{h}"].adalah("ya") for h in ("latin", "arab", "lain")])

    def sekolah(bawah, atas, tingkat):
        return (r.sekolah & (r.tingkat == tingkat)), (umur >= bawah) & (umur <= atas)

    ukuran = {
        "KD4": (art["penolong_lahir"].adalah(*NAKES), lahir),
        "KD6_SD": sekolah(7, 12, 1),
        "KD6_SMP": sekolah(13, 15, 2),
        "KD6_SM": sekolah(16, 18, 3),
        "KD7_15_44": (melek, (umur >= 15) & (umur <= 44)),
    }
    a = np.array(
        [np.bincount(p.ruta, weights=ikut * (ya - TERBIT[k] / 100), minlength=p.r) for k, (ya, ikut) in ukuran.items()]
    )
    tambah = np.zeros(len(a))
    for _ in range(60):  # penyetelan eksponensial: penimbang tetap positif
        w = np.exp(a.T @ tambah)
        tambah -= np.linalg.solve((a * w) @ a.T, a @ w)
    bobot = np.exp(a.T @ tambah) * 500
    folder = tmp_path_factory.mktemp("jambi")
    for bagian, isi in survei.berkas.items():
        if bagian != "kp43":
            ke = p.ruta if len(isi) == p.n else np.arange(p.r)
            isi = isi.drop(columns="SINTETIS").assign(FWT=bobot[ke], R101=JAMBI)
            isi.to_csv(folder / f"{bagian}.csv", index=False, sep=";", decimal=",", encoding="latin-1")
    return folder


@pytest.mark.parametrize("tanpa", ["", "rt"])
def test_angka_bps_ditemukan_sampai_seperseratus(jambi, capsys, tmp_path, tanpa):
    """Dua belahan anggota dan rumah tangga, tanpa berkas konsumsi; juga bila berkas rumah tangganya tidak ada."""
    berkas = [x for b in ("ind1", "ind2", "rt") if b != tanpa for x in ("--mikro", str(jambi / f"{b}.csv"))]
    with pytest.raises(SystemExit) as henti:
        cli.main(["kodebuku", "periksa", *berkas, "--tahun", "2020", "--out", str(tmp_path / "p")])
    assert not henti.value.code
    layar = capsys.readouterr().out
    bps = pd.read_csv(tmp_path / "p" / "periksa-bps.csv").set_index("butir")
    for butir, angka in TERBIT.items():
        assert bps.loc[butir, "bps"] == angka
        assert abs(bps.loc[butir, "nilai"] - angka) < 1e-6 and bps.loc[butir, "cocok"], butir
        assert f"[cocok] provinsi {JAMBI} {butir} " in layar
    # angka nasional tidak dibandingkan dengan satu provinsi
    assert set(bps["kode_bps"]) == {JAMBI}
    butir = pd.read_csv(tmp_path / "p" / "periksa-butir.csv").set_index("butir")
    assert butir.loc["KD4", "putusan"] == BAIK
    assert butir.loc["rt", "putusan"] == TOLAK and "KAPITA" in butir.loc["rt", "sebab"]
    with pytest.raises(SystemExit) as henti:
        cli.main(["ikesos", *berkas, "--tahun", "2020", "--psu-tunggal", "adjust", "--out", str(tmp_path / "i")])
    assert not henti.value.code
    capsys.readouterr()
    terbit = pd.read_csv(tmp_path / "i" / "ikesos-bps.csv").set_index("butir")
    assert terbit.loc[list(TERBIT), "cocok"].all()
    penduduk = pd.read_csv(tmp_path / "i" / "ikesos-penduduk.csv").set_index("butir")
    assert penduduk.loc["KD4", "nilai"] == pytest.approx(93.37, abs=1e-6)
    nasional = pd.read_csv(tmp_path / "i" / "ikesos-nasional.csv").set_index("simpul")
    assert nasional.loc[["rt", "rt/KD4"], "tanda"].eq("tidak tersedia").all() and nasional.loc["ls/KD7", "nilai"] > 50


def test_berkas_dengan_tahun_salah_berhenti(jambi, capsys, tmp_path):
    with pytest.raises(SystemExit) as henti:
        cli.main(["ikesos", "--mikro", str(jambi / "ind1.csv"), "--tahun", "2022", "--out", str(tmp_path / "x")])
    galat = capsys.readouterr().err
    assert henti.value.code == 2 and "diharapkan berkas Susenas 2022" in galat and "Traceback" not in galat


# ---------------------------------------------------------------------- laporan pemeriksaan


def test_laporan_pemeriksaan(survei_2021):
    hasil = periksa_berkas(*survei_2021)
    butir, variabel = hasil.butir.set_index("butir"), hasil.variabel.set_index("variabel")
    assert butir.loc["PS1", "putusan"] == TOLAK and butir.loc["PS1", "sebab"].startswith("Tidak ditanyakan")
    assert butir.loc["KE3", "yakin"] == "tidak_tahu"
    f, _ = survei_2021
    dewasa = f["R407"] >= 15
    benar = 100 * np.average(f.loc[dewasa, "R701"] == 1, weights=f.loc[dewasa, "FWT"])
    assert butir.loc["KE7", "nilai"] == pytest.approx(benar) and butir.loc["KE7", "n"] == dewasa.sum()
    assert variabel.loc["R808", "kode"].startswith("1: ")
    assert variabel.loc["R1504B", "nol"] == pytest.approx((f["R1504B"] == 0).mean())
    assert variabel.loc["R1804", "hilang"] == pytest.approx((f["R1804"] == 98).mean())


def test_laporan_menyebut_kode_tiada_dan_ujung(survei_2021):
    f, kodebuku = survei_2021
    hasil = periksa_berkas(f.assign(R502=1, R1504B=f["R1504B"].mask(f["R1504B"] == 5, 4)), kodebuku)
    butir = hasil.butir.set_index("butir")
    assert (
        "tepat 100 persen" in butir.loc["KD9", "sebab"] and "kode 5 pada R502 tidak pernah" in butir.loc["KD9", "sebab"]
    )
    assert "kode 5 pada R1504B tidak pernah muncul" in butir.loc["KD4", "sebab"]
    sedikit = periksa_berkas(f.assign(R1503=f["R1503"].where(f.index < 300, 0)), kodebuku).butir.set_index("butir")
    assert sedikit.loc["KD4", "sebab"] == "kurang dari 30 responden" and np.isnan(sedikit.loc["KD4", "nilai"])


@pytest.fixture(scope="module")
def survei_2021():
    kodebuku = baca_kodebuku(tahun=2021)
    return buat_sintetis(2021).gabungan(kodebuku.variabel), kodebuku
