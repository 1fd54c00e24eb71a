"""Setiap kendali penjelajah, dan tampilan yang disimpan sebagai CSV, parameter, dan perintah."""

import base64
import io
import re
import shlex
from dataclasses import asdict, replace

import ipywidgets as widgets
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from kinerja import fmt
from kinerja.buku import Buku
from kinerja.errors import GalatParameter
from kinerja.jelajah import Jelajah, PanelJelajah, Pilihan, Survei, open_survey, subgroup
from kinerja.jelajah.pilihan import command, literals
from kinerja.simpanan import buka_ikesos
from kinerja.wilayah import Regions


def gambar(panel):
    return panel._gambar.value


def test_setiap_nilai_setiap_menu(panel):
    for nama in ("tampilan", "sasaran", "jenjang", "wilayah", "daerah", "kelamin", "agregasi", "simpul"):
        kendali = panel.controls[nama]
        awal = kendali.value
        for _, nilai in kendali.options:
            kendali.value = nilai
            assert getattr(panel.state(), nama, nilai) == nilai
            assert panel.galat is None and "<img" in gambar(panel), (nama, nilai, panel.galat)
        kendali.value = awal
    assert panel.state() == Pilihan()


def test_setiap_wilayah_pembanding(panel):
    panel.controls["tampilan"].value = "urai"
    for nama in ("wilayah_a", "wilayah_b"):
        kode = [k for _, k in panel.controls[nama].options]
        assert len(kode) == 35
        for k in kode[1::6]:
            panel.controls[nama].value = k
            assert panel.galat is None, panel.galat
            assert k in panel.state().dua
        panel.controls[nama].value = ""


def test_setiap_penggeser_mengubah_hasil(panel):
    for nama in [k for k in panel.controls if k.startswith("bobot:")]:
        lama = gambar(panel)
        panel.controls[nama].value = 2.3
        assert gambar(panel) != lama, nama
        assert panel.state().bobot == {nama.removeprefix("bobot:"): 2.3}
        panel.controls[nama].value = 1.0
        assert gambar(panel) == lama, "kembali ke bobot semula, kembali ke gambar semula"


def test_tidak_menghitung_selagi_digeser_dan_sekali_per_perubahan(panel, monkeypatch):
    kali = []
    asli = panel.jelajah.answer
    monkeypatch.setattr(panel.jelajah, "answer", lambda p: kali.append(p) or asli(p))
    assert all(not w.continuous_update for w in panel.controls.values() if isinstance(w, widgets.FloatSlider))
    panel.controls["sasaran"].value = "rt"
    panel.controls["jenjang"].value = "dimensi"
    panel.controls["wilayah"].value = "kabkota"
    assert len(kali) == 3, "kendali yang bergantung tidak menambah hitungan"
    assert kali[1].simpul.startswith("rt/")


def test_kesalahan_menyingkirkan_gambar_lama(panel):
    panel.controls["wilayah_a"].value = "L"
    panel.controls["wilayah_b"].value = "L"
    assert isinstance(panel.galat, GalatParameter)
    assert 'role="alert"' in panel._teks.value and "sama" in panel._teks.value
    assert gambar(panel) == "" and panel._bawah.value == ""
    panel.controls["wilayah_b"].value = "A"
    assert panel.galat is None and panel._teks.value == "" and "<img" in gambar(panel)


def test_semua_bobot_nol_menjadi_kalimat(panel):
    for nama in [k for k in panel.controls if k.startswith("bobot:")]:
        panel.controls[nama].value = 0.0
    assert "semuanya nol" in panel._teks.value and gambar(panel) == ""


def test_label_kendali_dua_bahasa(d2020):
    for bahasa, kata in (("id", "Tampilan"), ("en", "View")):
        with fmt.using(bahasa):
            buku = Buku("jelajah_ikesos", tahun=2020, bahasa=bahasa, data=d2020)
            p = PanelJelajah(Jelajah(buku, open_survey(d2020)), Pilihan())
            assert p.controls["tampilan"].description == kata
            assert all(w.description for w in p.controls.values())
            assert "alt=" in gambar(p)


# Tampilan yang disimpan -----------------------------------------------------------------------------------------------


def test_csv_memuat_bingkai(panel, j):
    panel.controls["tampilan"].value = "panas"
    isi = re.search(r'download="([^"]+)" href="data:text/csv;charset=utf-8;base64,([^"]+)"', panel._bawah.value)
    assert isi[1] == "jelajah_ikesos-panas.csv"
    terbaca = pd.read_csv(io.BytesIO(base64.b64decode(isi[2])))
    assert len(terbaca) == 34 * 9
    assert set(terbaca["wilayah"]) == set(j.survei.codes("provinsi")), "kodenya huruf, bukan kode BPS"
    np.testing.assert_allclose(terbaca["nilai"], j.frame(Pilihan(tampilan="panas"))["nilai"])


LENGKAP = Pilihan(
    "ls", "ls/KD", "kabkota", "2", "1", {"KD": 0.3, "ls": 2.0}, "harmonik", "tersedia", "A-01,AH-29", "panas"
)


def test_isi_sel_parameter_kembali_ke_pilihan_yang_sama():
    ruang = {}
    exec(literals(LENGKAP), {}, ruang)
    saring = ruang.pop("saring")
    assert Pilihan(**ruang, **subgroup(saring)) == LENGKAP
    assert asdict(Pilihan()).keys() == ruang.keys() | {"daerah", "kelamin"}


def test_perintah_survei_pengguna_merender_laporan(d2020, siap):
    nyata = Survei(replace(siap, keadaan="diturunkan"), Regions.of(d2020))
    perintah = command(nyata, Pilihan(pasangan="32,94"), 2020)
    assert perintah.startswith("kinerja render --tahun 2020") and "--mikro BERKAS" in perintah
    assert nyata.names("provinsi")["32"] == "Jawa Barat" and nyata.source() == "Sumber: berkas survei pengguna."


def test_peta_hanya_peta_provinsi(panel):
    """Menu wilayah mengatakan yang diperlihatkan, pada setiap tampilan."""
    panel.controls["wilayah"].value = "kabkota"
    panel.controls["tampilan"].value = "peta"
    assert panel.controls["wilayah"].value == "provinsi" and panel.galat is None
    panel.controls["wilayah"].value = "kabkota"
    assert panel.state().tampilan == "peringkat" and panel.state().wilayah == "kabkota"


def test_perintah_menghasilkan_tampilan_yang_sama(survei, tmp_path):
    from kinerja import cli

    p = Pilihan(sasaran="rt", bobot={"KD": 2.0}, agregasi="geometrik", pasangan="L,AH")
    argumen = shlex.split(command(survei, p, 2020))[1:]
    assert argumen[0] == "peragaan"
    hasil = CliRunner().invoke(cli.app, cli.spread_arguments([*argumen, "--out", str(tmp_path / "l")]))
    assert hasil.exit_code == 0, hasil.output
    tabel = pd.read_csv(tmp_path / "l" / "tabel" / "jelajah_ikesos-peringkat.csv")
    from kinerja import data

    langsung = buka_ikesos(data.load(2020)).siap.hitung("provinsi", "rt", {"KD": 2.0}, "geometrik")
    assert tabel["nilai"].max() == pytest.approx(langsung["nilai"].max(), abs=1e-9)
    isi = (tmp_path / "l" / "jelajah_ikesos.html").read_text("utf-8")
    assert "bobot KD 2,0" in isi and "Rata-rata geometrik" in isi
