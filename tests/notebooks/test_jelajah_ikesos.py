"""Penjelajah: panelnya lebih dulu, jawabannya dari bingkai yang sama dengan panelnya."""

from pathlib import Path

import nbformat
import pytest

from kinerja import fmt
from kinerja.jelajah import Jelajah, PanelJelajah, Pilihan, open_survey
from kinerja.kolom import SUMBER_BUATAN
from notebook_di_proses import AKAR, run


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


def test_panel_berdiri_di_layar_pertama():
    sel = nbformat.read(Path(AKAR) / "notebooks" / "jelajah_ikesos.ipynb", as_version=4).cells
    panel = next(i for i, x in enumerate(sel) if x.id == "panel")
    assert [x.id for x in sel[:panel]] == ["pengantar", "parameter", "data"]
    (satu,) = run("jelajah_ikesos").panel
    assert isinstance(satu, PanelJelajah) and satu.galat is None and satu._gambar.value


def test_jawaban_sama_dengan_bingkai_panel(d2020):
    terlihat = run("jelajah_ikesos", agregasi="geometrik")
    j = Jelajah(terlihat.panel[0].jelajah.buku, open_survey(d2020))
    p = Pilihan(agregasi="geometrik")
    for nama in ("peringkat", "panas"):
        asli, tampil = j.frame(p.view(nama)), terlihat.jawab[nama].frame
        assert asli["nilai"].fillna(-1).tolist() == tampil["nilai"].fillna(-1).tolist()
    urai = terlihat.jawab["urai"].frame
    nilai = terlihat.jawab["peringkat"].frame.set_index("wilayah")["nilai"]
    a, b = urai["wilayah_a"].iloc[0], urai["wilayah_b"].iloc[0]
    assert urai["sumbangan_beda"].sum() == pytest.approx(nilai[b] - nilai[a], abs=1e-9)


def test_satu_indikator_tidak_diurai_dan_sebabnya_disebut():
    terlihat = run("jelajah_ikesos", simpul="rt/KD2", sasaran="rt")
    urai = terlihat.jawab["urai"]
    assert urai.frame.empty and "tidak punya bagian untuk diurai" in urai.kalimat["jawab"]
    assert terlihat.jawab["peringkat"].frame["satuan"].unique().tolist() == ["persen"]


@pytest.mark.parametrize("bahasa_halaman", ["id", "en"])
def test_sumbernya_data_buatan(bahasa_halaman):
    jawab = run("jelajah_ikesos", bahasa_halaman).jawab
    assert {x.tabel.sumber for x in jawab.values()} == {SUMBER_BUATAN[bahasa_halaman]}
