"""Contoh bagi notebook: dihitung sekali, namanya berubah bila penentunya berubah, tabelnya menahan sel kecil."""

import pandas as pd
import pytest

from kinerja.besar import contoh
from kinerja.panels import mutu


@pytest.fixture
def d(d2020, monkeypatch, tmp_path):
    monkeypatch.setattr(contoh, "folder", lambda: tmp_path / "daftar")
    monkeypatch.setattr(contoh, "BARIS", 20_000)
    return d2020


def test_dihitung_sekali_lalu_dibaca(d, monkeypatch):
    satu = contoh.hasil_contoh(d)
    (berkas,) = contoh.folder().iterdir()
    monkeypatch.setattr(contoh, "_hitung", lambda *_: pytest.fail("dihitung dua kali"))
    pd.testing.assert_frame_equal(contoh.hasil_contoh(d), satu)
    monkeypatch.undo()
    assert berkas.name.startswith("mutu-") and (satu["n"] > 0).all()


def test_penentu_yang_berubah_menghitung_lagi_dan_membuang_yang_lama(d, monkeypatch):
    contoh.hasil_contoh(d)
    lama = list(contoh.folder().iterdir())
    monkeypatch.setattr(contoh, "BARIS", 21_000)
    contoh.hasil_contoh(d)
    baru = list(contoh.folder().iterdir())
    assert len(baru) == 1 and baru != lama


def test_tabel_menahan_sel_kecil(d):
    terdaftar = mutu.register_table(d)
    # 20 ribu baris: tiap cacat NIK belasan baris saja, jadi ditahan; banyaknya baris terbit.
    assert terdaftar.loc[terdaftar["ukuran"] == "nik_urut", "tanda"].item() == "ditahan"
    assert terdaftar.loc[terdaftar["ukuran"] == "nik_urut", ["n", "persen"]].isna().all(axis=None)
    assert terdaftar.loc[terdaftar["ukuran"] == "baris", "n"].item() > 3_000
    program = mutu.programme_table(d).set_index("program")
    mentah = contoh.hasil_contoh(d).query("daftar == 'pembayaran'").groupby(["program", "ukuran"])["n"].sum()
    assert program["baris"].to_dict() == mentah.xs("baris", level="ukuran").to_dict()
    assert program.loc["beras_pkh", "rangkap"] == 0  # tidak ada pasangan terlarang baginya
    kecil = [(p, u) for (p, u), n in mentah.items() if u in mutu.DI_PROGRAM and n < 30]
    assert len(kecil) >= 3 and all(pd.isna(program.loc[p, u]) for p, u in kecil)
    assert program.loc["sembako", "luar_dtks"] == pytest.approx(
        100 * mentah["sembako", "luar_dtks"] / mentah["sembako", "baris"]
    )
