"""SS 1: jawaban notebook terhadap cetakan LKj 2020, rilis BPS, dan hitungan tangan."""

import math

import pytest

from kinerja import fmt, kendali, pendukung
from kinerja.buku import Buku
from notebook_di_proses import run
from tergambar import plotted


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


@pytest.fixture(scope="module")
def jawab():
    return run("ss1_ikesos").jawab


@pytest.fixture
def buku(d2020):
    return Buku("ss1_ikesos", tahun=2020, bahasa="id", data=d2020)


def test_kepala_dan_pokok():
    ringkas = run("ss1_ikesos").ringkas
    assert ringkas.kepala == "Ikesos 38,41 belum mencapai target 41, dan itu keadaan sebelum pandemi"
    isi = " ".join(ringkas.butir)
    # dicetak: 93,68%; BPS: naik 2,76 juta menjadi 27,55 juta (10,19 persen); (52 - 38,41) / 5 = 2,72; 2,718 / 0,66
    for kata in ("0,66 poin", "93,7 persen", "2,76 juta", "10,19 persen", "Maret 2017", "2,72 poin", "4,1 kali"):
        assert kata in isi
    assert run("ss1_ikesos", "en").ringkas.kepala.startswith(
        "The welfare index stood at 38.41, short of its target of 41"
    )


def test_jalur_berdiri_di_tahun_datanya(jawab):
    frame = jawab["jalur"].frame
    assert frame["nilai"].dropna().to_dict() == {2018: 37.75, 2019: 38.41}
    assert frame["target"].dropna().to_dict() == {2020: 41, 2021: 43, 2022: 46, 2023: 49, 2024: 52}
    assert frame.loc[2024, "laju_perlu"] == pytest.approx(13.59 / 5)
    (ax,) = jawab["jalur"].axes
    garis = {tuple(y for y in angka if math.isfinite(y)) for jenis, _, angka in plotted(ax) if jenis == "garis"}
    assert garis == {(37.75, 38.41), (41, 43, 46, 49, 52)}
    assert [angka for jenis, _, angka in plotted(ax) if jenis == "titik"] == [[2020, 38.41]]  # kosong: belum terbit
    assert {"Ikesos 38,41", "Target Renstra 52,00"} <= {t.get_text() for t in ax.texts} or {
        "Ikesos 38,41",
        "Target Renstra 52",
    } <= {t.get_text() for t in ax.texts}


def test_kemiskinan_menurut_bps(jawab, d2020):
    frame = jawab["kemiskinan"].frame.set_index(["tahun", "bulan"])
    assert len(frame) == 12
    assert frame.loc[(2020, 9), "setahun"] == 2_760_000 and frame.loc[(2020, 9), "persen"] == 10.19
    for tahun, bulan, ukuran in ((2019, 9, "jiwa"), (2020, 9, "jiwa"), (2020, 9, "persen")):
        assert d2020.nilai(f"kemiskinan/{tahun}/{bulan}/{ukuran}/lkj") == frame.loc[(tahun, bulan), ukuran]
    assert math.isnan(frame.loc[(2015, 9), "persen"])
    keadaan = dict(zip(frame.index, (x.keadaan for x in _cells(jawab["kemiskinan"], "jiwa")), strict=True))
    assert [k for k, x in keadaan.items() if x == "diturunkan"] == [(2015, 3), (2017, 9), (2018, 3)]


def test_yang_dijangkau_terhadap_targetnya(jawab):
    frame = jawab["jangkauan"].frame
    # dicetak: Sembako 95,19 (kotak) dan 95,18; KUBE 99,89; bencana alam 120; bencana sosial 110,48
    assert {k: round(x, 2) for k, x in frame["persen"].items()} == {
        "OUT13": 120.02, "OUT15": 110.48, "OUT17": 100, "OUT24": 100, "OUT18": 99.90, "OUT19": 95.19,
    }  # fmt: skip
    assert frame.loc["OUT19", ["realisasi", "target"]].tolist() == [19_037_175, 20_000_000]
    assert frame["golongan"].value_counts().to_dict() == {"di_atas": 4, "di_bawah": 2}
    assert jawab["jangkauan"].kalimat["jawab"].startswith("4 dari 6 program")


def test_graduasi(jawab):
    frame = jawab["graduasi"].frame
    assert frame["kpm"].to_dict() == {"sejahtera_mandiri": 352420, "alamiah": 838859, "jumlah": 1191279}
    assert [round(frame.loc[x, "persen"], 2) for x in ("alamiah", "sejahtera_mandiri")] == [70.42, 29.58]
    assert frame.loc["jumlah", "bagian"] == pytest.approx(11.91279)  # dari 10.000.000 keluarga
    assert "1,19 juta KPM" in jawab["graduasi"].kalimat["jawab"]


def test_rincian(jawab):
    p2k2 = jawab["p2k2"].frame
    assert p2k2["kpm"].tolist() == [3176299, 2669066, 1791095, 1319193, 725815]
    # 3.176.299 / 132.300 = 24,0083
    assert p2k2.loc["keuangan_keluarga", "kpm_per_kelompok"] == pytest.approx(24.0083, abs=5e-5)
    assert "Januari–Februari 2020" in jawab["p2k2"].tabel.judul
    assert jawab["sembako_pantau"].frame.loc["pemaketan", "nilai"] == 53.75
    assert "jumlah" not in jawab["ppks"].frame.index  # kelompoknya bertumpang tindih


def test_kendali_sama_dengan_parameternya(buku, d2020):
    panel = kendali.framework(buku, "semua")
    panel.controls["sasaran"].value = "ls"
    assert panel.galat is None
    # lampiran: sel berisi di kolom lansia 5, kosong di kanan sel berisi 24
    assert "5 dari 29 indikator pasti berlaku, 24 tidak pasti, 0 tidak berlaku" in panel.hasil.teks
    assert panel.hasil.tabel.frame["disorot"].sum() == 5
    assert list(panel.hasil.tabel.frame["disorot"]) == list(pendukung.framework(d2020, "ls")["disorot"])
    disorot = run("ss1_ikesos", sasaran="ls").jawab["kerangka"]
    assert disorot.frame["disorot"].sum() == 5 and "tebal" in disorot.tabel.judul


def test_kendali_menyebut_kelompok_yang_tidak_ada(buku):
    panel = kendali.framework(buku)
    panel.compute = lambda sasaran: kendali.framework_result(buku, "anak")
    panel.update()
    assert panel.hasil is None and "Sasaran 'anak' tidak dikenal" in str(panel.galat)


def _cells(jawaban, nama):
    return jawaban.tabel.cells(next(x for x in jawaban.tabel.kolom if x.nama == nama))
