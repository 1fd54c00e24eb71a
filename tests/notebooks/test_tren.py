"""Tren: perubahan yang dicetak LKj 2020, nilai di tahun datanya, dan bentuk lembaga lain."""

import math
import shutil
from pathlib import Path

import pytest

from kinerja import fmt
from notebook_di_proses import run
from tergambar import plotted

LAIN = Path(__file__).parents[1] / "lembaga_lain" / "data"
LALU, KINI = 2031, 2032


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


@pytest.fixture
def lembaga(tmp_path, monkeypatch):
    shutil.copytree(LAIN, tmp_path / "lembaga", ignore=shutil.ignore_patterns("processed", "reports"))
    monkeypatch.setenv("KINERJA_DATA", str(tmp_path / "lembaga"))


def test_kepala_dan_pokok():
    ringkas = run("tren").ringkas
    assert ringkas.kepala == "2 dari 7 indikator membaik pada 2020; 2 terlalu lambat untuk target akhirnya"
    isi = " ".join(ringkas.butir)
    # dicetak: SDM 13,95 menjadi 21,15; SLRT tetap 29,18; Ikesos 0,66 setahun, perlu (52 - 38,41) / 5
    for kata in ("13,9 persen", "21,2 persen", "29,2 persen", "0,66 poin", "2,72 poin", "tidak ada yang memburuk"):
        assert kata in isi


def test_perubahan_yang_dicetak(d2020):
    frame = run("tren").jawab["riwayat"].frame.set_index(["kode", "tahun"])
    cetak = d2020["iku_tercetak"].query("ukuran == 'kenaikan_tahunan'").set_index("kode")["nilai"]
    assert round(frame.loc[("IKU3", 2020), "perubahan"], 2) == cetak["IKU3"] == 7.21
    assert fmt.round_half_up(frame.loc[("IKU4", 2020), "perubahan"], 2) == cetak["IKU4"] == 6.02
    # 38,41 berdiri di 2019; 2020 kosong, dan penilaian mandiri tidak disambung dengan evaluasi luar.
    assert math.isnan(frame.loc[("IKU1", 2020), "realisasi"]) and frame.loc[("IKU1", 2019), "realisasi"] == 38.41
    assert math.isnan(frame.loc[("IKU7", 2020), "perubahan"])


def test_garis_putus_tempat_definisinya_berganti():
    panel = {ax.get_title(loc="left"): ax for ax in run("tren").jawab["riwayat"].axes}
    assert set(panel) == {"Ikesos", "SDM tersertifikasi", "LKS terakreditasi", "SLRT", "Nilai RB"}
    assert [list(x.get_xdata()) for x in panel["Nilai RB"].lines] == [[2015, 2019], [2020]]
    assert len({x.get_color() for x in panel["Nilai RB"].lines}) == 2
    angka = [y for jenis, _, isi in plotted(panel["Ikesos"]) if jenis == "garis" for y in isi]
    assert angka == [37.75, 38.41]


def test_laju_dari_tahun_datanya():
    frame = run("tren").jawab["laju"].frame
    assert frame["cukup"].to_dict() == {
        "IKU1": "kurang", "IKU2": "", "IKU3": "cukup", "IKU4": "cukup", "IKU5": "kurang", "IKU6": "sudah", "IKU7": "",
    }  # fmt: skip
    assert frame.loc["IKU1", "laju_perlu"] == pytest.approx(2.718)
    assert math.isnan(frame.loc["IKU7", "laju_nyata"])  # laju penilaian luar bukan laju penilaian mandiri
    assert frame.index[0] == "IKU1"


def test_dipaksa_tetap_disebut():
    jawaban = run("tren", paksa=True).jawab["riwayat"]
    frame = jawaban.frame.set_index(["kode", "tahun"])
    assert frame.loc[("IKU7", 2020), "perubahan"] == pytest.approx(81.17 - 77.08)
    assert "Atas permintaan" in " ".join(jawaban.tabel.catatan)


def test_tanpa_triwulan_satu_kalimat():
    jawaban = run("tren").jawab["triwulan"]
    assert jawaban.frame.empty and jawaban.table_html("") == ""
    assert "tidak tersedia" in jawaban.kalimat["jawab"] and "triwulan" in jawaban.kalimat["jawab"]


@pytest.mark.parametrize(("tahun", "bahasa"), [(LALU, "id"), (KINI, "en")])
def test_setiap_sel_turunan_berumus(lembaga, tahun, bahasa):
    """Jumlah, rata-rata, arah turun, batas, triwulan, dan tahun dari folder lain: bentuk yang tidak ada di 2020."""
    jawab, kurang, rumus = run("tren", bahasa, tahun=tahun).jawab, [], {}
    with fmt.using(bahasa):
        for nama, jawaban in jawab.items():
            satu = jawaban.tabel
            for kolom in (x for x in satu.shown if x.bernilai):
                for nomor, sel in enumerate(satu.cells(kolom)):
                    if sel.keadaan == "diturunkan" and sel.nilai is not None:
                        isi = rumus[nama, kolom.nama, nomor] = satu.origin(kolom, nomor, sel)
                        kurang += [(nama, kolom.nama, nomor)] if len(isi) < 2 else []
    assert kurang == []
    if tahun == KINI:
        riwayat = jawab["riwayat"].frame
        urut = list(riwayat[["kode", "tahun"]].itertuples(index=False, name=None)).index(("K02", KINI))
        assert rumus["riwayat", "realisasi", urut][0] == "160 + 200 = 360"  # dua triwulan pertama
        baris = list(jawab["laju"].frame.index).index("K04")
        assert rumus["laju", "laju_perlu", baris][0] == "(0 − 1) / 3 = −0.3"  # arah turun, satuan tanpa desimal
