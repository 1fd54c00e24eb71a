"""Ringkasan: capaian, aturan, jalur, dan anggaran terhadap cetakan LKj 2020 dan hitungan tangan."""

import math
import shutil
from pathlib import Path

import pytest

from kinerja import fmt, kendali
from kinerja.buku import Buku
from notebook_di_proses import run
from tergambar import plotted

LAIN = Path(__file__).parents[1] / "lembaga_lain" / "data"


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


@pytest.fixture(scope="module")
def jawab():
    return run("ringkasan").jawab


def test_kepala_dan_pokok():
    ringkas = run("ringkasan").ringkas
    assert ringkas.kepala == ("Capaian 101,5 persen bertumpu pada satu sasaran; 3 dari 7 indikator di bawah target")
    isi = " ".join(ringkas.butir)
    # dicetak: 97,12 persen; pagu 134,17 dikurangi realisasi 130,31 triliun
    for kata in ("78,8 persen", "95,4 persen", "97,0 persen", "93,1 persen", "97,1 persen", "Rp3,86 triliun"):
        assert kata in isi
    assert "2 indikator membaik</strong>, 1 tetap, tidak ada yang memburuk; 4 tidak" in isi.replace(
        "**", "</strong>", 2
    ) or ("2 indikator membaik" in isi and "tidak ada yang memburuk; 4 tidak" in isi)


def test_strip_menyebut_tahun_datanya():
    ringkas = run("ringkasan").ringkas
    assert list(ringkas.strip.frame["tahun_data"])[0] == 2019 and "<small>(2019)</small> 38,41" in ringkas.to_html()
    assert "Target 2024" in ringkas.to_html()


def test_capaian_setiap_indikator(jawab):
    frame = jawab["utama"].frame
    # dicetak: 93,68; 100,29; 84,62; 78,83; 100; 120; 101,46
    assert {k: round(x, 2) for k, x in frame["capaian"].items()} == {
        "IKU6": 120, "IKU7": 101.46, "IKU2": 100.29, "IKU5": 100.01, "IKU1": 93.68, "IKU3": 84.62, "IKU4": 78.83,
    }  # fmt: skip
    (ax,) = jawab["utama"].axes
    batang = sorted(round(x, 2) for jenis, _, angka in plotted(ax) if jenis == "batang" for x in angka)
    assert batang == [78.83, 84.62, 93.68, 100.01, 100.29, 101.46, 120]
    assert any("Perjanjian Kinerja Agustus 2020" in str(x) for x in run("ringkasan").html)


def test_pada_apa_angkanya_bertumpu(jawab):
    frame = jawab["aturan"].frame
    assert {k: round(x, 2) for k, x in frame["capaian"].items()} == {
        "tanpa_batas": 128.09, "dipakai": 101.52, "rata_rata_iku": 96.99, "tanpa_tertinggi": 95.36, "kl_saja": 93.07,
    }  # fmt: skip
    assert frame.index[frame["dipakai"]].tolist() == ["dipakai"]


def test_jalur_ke_target_akhir(jawab):
    frame = jawab["jalur"].frame
    assert frame.index[0] == "IKU5" and frame.loc["IKU5", "laju_perlu"] == pytest.approx((100 - 15000 / 514) / 4)
    assert frame.loc["IKU1", "laju_perlu"] == pytest.approx(2.718)  # dari 2019
    panel = {ax.get_title(loc="left"): ax for ax in jawab["jalur"].axes}
    garis = [(list(g.get_xdata()), list(g.get_ydata())) for g in panel["Ikesos"].lines]
    assert ([2019], [38.41]) in garis and ([2020, 2021, 2022, 2023, 2024], [41, 43, 46, 49, 52]) in garis
    assert {"0,684", "0,700"} <= {t.get_text() for t in panel["IPS"].texts}


def test_anggaran_tanpa_sumber_kedua(jawab):
    frame = jawab["keuangan"].frame
    tercetak = {"SS1": 97.11, "SS2": 98.42, "SS3": 98.89, "SS4": 95.64, "total": 97.12}
    assert {k: round(x, 2) for k, x in frame["penyerapan"].items()} == tercetak
    assert frame.loc["total", "sisa"] == 134_171_839_274_000 - 130_307_350_528_671
    assert "13 Januari 2021" not in jawab["keuangan"].tabel.sumber


def test_golongan_sama_dengan_yang_tertulis(jawab):
    frame = jawab["golongan"].frame.dropna(subset=["tercetak"])
    assert (frame["jumlah"] == frame["tercetak"]).all() and len(frame) == 5


def test_kendali_batas(d2020):
    panel = kendali.cap(Buku("ringkasan", tahun=2020, bahasa="id", data=d2020))
    assert "dengan batas 120%: 101,52%" in panel.hasil.teks
    panel.controls["terbatas"].value = False
    assert "tanpa batas: 128,09%" in panel.hasil.teks
    assert panel.hasil.tabel.frame["capaian"].iloc[0] == pytest.approx(226.2895, abs=1e-4)
    panel.controls["terbatas"].value = True
    panel.controls["batas"].value = 150  # (93,683 + 90,938 + 150 + 101,4625) / 4 = 109,02
    assert "109,02%" in panel.hasil.teks and panel.galat is None


def test_batas_sebagai_parameter():
    frame = run("ringkasan", batas_capaian=100).jawab["utama"].frame
    assert frame["capaian"].max() == 100


@pytest.mark.parametrize("tahun", [2031, 2032])
def test_lembaga_lain(tmp_path, monkeypatch, tahun):
    """Tanpa DTKS, bertarget teks dan rentang, dan tahun berjalan: tidak ada yang berhenti atau salah sebut."""
    shutil.copytree(LAIN, tmp_path / "lembaga", ignore=shutil.ignore_patterns("processed", "reports"))
    monkeypatch.setenv("KINERJA_DATA", str(tmp_path / "lembaga"))
    terlihat = run("ringkasan", tahun=tahun)
    assert "DTKS" not in str(terlihat.ringkas.butir) and "kl_saja" not in terlihat.jawab["aturan"].frame.index
    utama = terlihat.jawab["utama"].frame
    assert utama.loc["K09", "target_teks"] == "WTP"
    assert math.isnan(utama.loc["K11", "capaian"]) is (tahun == 2031)
    teks = " ".join([terlihat.ringkas.kepala, *terlihat.ringkas.butir])
    assert "tidak tersedia" not in teks and "2020" not in teks
