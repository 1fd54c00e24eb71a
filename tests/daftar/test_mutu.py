"""Daftar buatan dihitung sekali dan namanya berubah bila penentunya berubah; temuannya ditabelkan dan ditahan."""

import pandas as pd
import pytest

from kinerja import fmt
from kinerja.daftar import buatan, mutu
from kinerja.daftar.mutu import Acuan
from kinerja.errors import GalatData, GalatParameter


@pytest.fixture(scope="module")
def a(d2020):
    return Acuan.of(d2020)


@pytest.fixture
def kecil(monkeypatch, tmp_path):
    """Daftar buatan yang lebih kecil, dengan simpanan sendiri."""
    monkeypatch.setattr(mutu, "folder", lambda: tmp_path / "daftar")
    monkeypatch.setattr(mutu, "BARIS", 20_000)


def test_dihitung_sekali_lalu_dibaca(kecil, a, monkeypatch):
    satu = mutu.hasil_contoh(a)
    (berkas,) = mutu.folder().iterdir()
    monkeypatch.setattr(mutu, "_hitung", lambda *_: pytest.fail("dihitung dua kali"))
    pd.testing.assert_frame_equal(mutu.hasil_contoh(a), satu)
    assert berkas.name.startswith("mutu-") and (satu["n"] > 0).all()


def test_penentu_yang_berubah_menghitung_lagi_dan_membuang_yang_lama(kecil, a, monkeypatch):
    mutu.hasil_contoh(a)
    lama = list(mutu.folder().iterdir())
    monkeypatch.setattr(mutu, "BARIS", 21_000)
    mutu.hasil_contoh(a)
    baru = list(mutu.folder().iterdir())
    assert len(baru) == 1 and baru != lama


def test_temuan_menahan_sel_kecil_dan_memperlihatkan_nol(kecil, a, d2020):
    m = mutu.open_lists(d2020)
    induk = m.find("dtks-nasional", mutu.NIK).set_index("ukuran")
    # 20 ribu baris: tiap cacat NIK belasan baris saja, jadi ditahan; banyaknya yang ganda terbit.
    assert induk.loc["nik_urut", "tanda"] == "ditahan" and induk.loc["nik_urut", ["n", "persen"]].isna().all()
    assert list(induk.index) == list(mutu.NIK) and (induk["keadaan"] == "sintetis").all()
    program = m.find("pembayaran-program", mutu.TEMUAN).set_index(["program", "ukuran"])
    mentah = mutu.hasil_contoh(a).query("daftar == 'pembayaran'").groupby(["program", "ukuran"])["n"].sum()
    assert program.loc[("beras_pkh", "rangkap"), ["n", "persen"]].tolist() == [0, 0]  # tanpa pasangan terlarang
    rahasia = [(p, u) for (p, u), n in mentah.items() if u in mutu.TEMUAN and n < 30]
    assert len(rahasia) >= 3 and all(pd.isna(program.loc[x, "n"]) for x in rahasia)
    assert program.loc[("sembako", "luar_dtks"), "persen"] == pytest.approx(
        100 * mentah["sembako", "luar_dtks"] / mentah["sembako", "baris"]
    )


@pytest.mark.parametrize(("bahasa", "kata"), [("id", "Program"), ("en", "Programme")])
def test_program_buatan_tanpa_nama_nyata(kecil, d2020, bahasa, kata):
    with fmt.using(bahasa):
        isi = mutu.open_lists(d2020).find("pembayaran-program", ("baris",))
    assert isi["nama_program"].tolist() == [f"{kata} {x}" for x in "ABCDEF"]


def test_daftar_pemakai_memakai_nama_program_dan_tidak_disimpan(kecil, a, d2020, tmp_path):
    asal = tmp_path / "asal"
    buatan.buat(asal, buatan.susun_rencana(20_000, a.provinsi, a.kabkota))
    milik = tmp_path / "milik"
    for berkas in asal.rglob("*.parquet"):
        tujuan = milik / berkas.relative_to(asal)
        tujuan.parent.mkdir(parents=True, exist_ok=True)
        isi = pd.read_parquet(berkas)
        isi.drop(columns=[k for k in isi if k.upper().startswith("SINTETIS")]).to_parquet(tujuan)
    m = mutu.open_lists(d2020, milik)
    assert m.keadaan == "diturunkan" and "PKH" in set(m.find("pembayaran-program", ("baris",))["nama_program"])
    n = mutu.hasil_contoh(a).query("daftar == 'pembayaran' and ukuran == 'mengendap'")["n"].sum()
    assert m.find("pembayaran-nasional", ("mengendap",))["n"].item() == n
    assert len(list(mutu.folder().iterdir())) == 1


def test_folder_daftar_yang_salah(d2020, tmp_path):
    with pytest.raises(GalatParameter, match="Folder daftar .*tiada tidak ada"):
        mutu.open_lists(d2020, tmp_path / "tiada")
    with pytest.raises(GalatData, match="dtks: ditemukan folder tanpa berkas .parquet"):
        mutu.open_lists(d2020, tmp_path)
