"""Dandanan sumbu seaborn: kepala kolom, satuan, sebutan, angka batang, warna, dan uraian dari yang tergambar."""

import pandas as pd
import pytest
import seaborn as sns

from kinerja import fmt
from kinerja.dandan import describe, dress, narrow
from kinerja.figures import WARNA, canvas, target_line
from kinerja.kolom import Kolom
from tergambar import plotted

FRAME = pd.DataFrame(
    {"nama": ["Graduasi alamiah", "Graduasi sejahtera mandiri"], "kpm": [838859, 352420], "persen": [70.4, 29.6]}
)
KOLOM = {
    "nama": Kolom("nama", "Jenis"),
    "kpm": Kolom("kpm", "Keluarga", satuan="kpm"),
    "persen": Kolom("persen", "Bagian", satuan="persen"),
    "tahun": Kolom("tahun", "Tahun", jenis="tahun"),
}


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


def batang(frame=FRAME, x="kpm", **lain):
    fig, ax = canvas(size="pendek")
    sns.barplot(frame, x=x, y="nama", color=WARNA["data"], ax=ax)
    dress([ax], KOLOM, **lain)
    return fig, ax


def test_nama_kolom_menjadi_kepala_satuan_dan_sebutan():
    with fmt.using("en"):
        _, ax = batang()
        assert ax.get_xlabel() == "Keluarga (beneficiary families (KPM))" and ax.get_ylabel() == ""
        assert ax.get_yticklabels()[0].get_text() == "Natural graduation"
        assert [x.get_text() for x in ax.texts] == ["838,859", "352,420"]


def test_angka_batang_sama_dengan_bingkainya_dan_dapat_dimatikan():
    _, ax = batang(x="persen")
    assert [x.get_text() for x in ax.texts] == ["70,4%", "29,6%"]
    assert plotted(ax) == [("batang", "", [70.4, 29.6])]
    assert batang(label=False)[1].texts[:] == []


def test_angka_yang_hilang_ditandai():
    _, ax = batang(FRAME.assign(kpm=[838859, None]))
    assert any("tidak ada di sumber" in x.get_text() for x in ax.texts)


def test_warna_rumah_utuh_walau_seaborn_memucatkannya():
    _, ax = batang()
    from matplotlib.colors import to_hex

    assert {to_hex(x.get_facecolor()) for x in ax.patches} == {WARNA["data"].lower()}


def test_uraian_dari_yang_tergambar():
    fig, ax = batang()
    assert describe([ax], KOLOM) == "Graduasi alamiah 838.859 KPM; Graduasi sejahtera mandiri 352.420 KPM."
    fig, ax = canvas()
    sns.lineplot(pd.DataFrame({"tahun": [2019, 2020], "persen": [9.2, 10.2]}), x="tahun", y="persen", ax=ax)
    dress([ax], KOLOM)
    assert describe([ax], KOLOM) == "2019 9,20% sampai 2020 10,20%."


def test_di_telepon_sebutan_dilipat_lebih_sempit_lalu_kembali():
    _, ax = batang()
    lebar = [x.get_text() for x in ax.get_yticklabels()]
    narrow([ax], KOLOM, telepon=True)
    sempit = [x.get_text() for x in ax.get_yticklabels()]
    assert max(len(b) for x in sempit for b in x.split("\n")) <= 17 < max(map(len, lebar))
    narrow([ax], KOLOM, telepon=False)
    assert [x.get_text() for x in ax.get_yticklabels()] == lebar


def test_garis_target_tanpa_nilai_tidak_digambar():
    _, ax = batang()
    banyak = len(ax.lines)
    target_line(ax, None, "persen")
    assert len(ax.lines) == banyak
    target_line(ax, 100.0, "persen")
    assert len(ax.lines) == banyak + 1
