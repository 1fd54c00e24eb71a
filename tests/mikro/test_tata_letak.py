"""Tata letak Susenas: sel terurai, tiap gelombang utuh, dan fakta yang dikenal dari luar."""

import pytest

from kinerja import paths
from kinerja.errors import GalatData, GalatParameter
from kinerja.mikro.tata_letak import BERKAS, _semua, berkas_tata_letak, gelombang, tata_letak


def test_gelombang_yang_dikenal():
    assert gelombang() == (2018, 2019, 2020, 2021, 2022, 2023, 2024)


@pytest.mark.parametrize("tahun", [2018, 2019, 2020, 2021, 2022, 2023, 2024])
def test_tiap_gelombang_utuh(tahun):
    t = tata_letak(tahun)
    assert list(t.berkas) == [b for b in BERKAS if b in t.berkas]
    nama = [v.nama for v in t.konsep.values() if v.nama]
    assert len(nama) == len(set(nama)), "satu kolom satu arti"
    for v in t.konsep.values():
        assert bool(v.nama) == bool(v.berkas), v.konsep
        assert set(v.berkas) <= set(t.berkas), v.konsep
        if v.jenis == "huruf" and v.nama:
            assert list(v.kode) == [v.nama.rpartition("_")[2]], "nama kolom jawaban ganda berakhiran hurufnya"
            assert v.lewat == "kosong"
        if v.diketahui and v.jenis == "kode":
            assert v.kode or v.rentang, v.konsep
        assert not set(v.kode) & set(v.hilang), v.konsep
    for bagian, berkas in t.berkas.items():
        ada = {v.nama for v in t.kolom(bagian)}
        assert {berkas.kunci_ruta, *berkas.bobot, *berkas.rancangan} <= ada
        assert not berkas.kunci_anggota or berkas.kunci_anggota in ada


def test_nomor_yang_sama_berarti_lain():
    """Jebakan pertama catatan tata letak: R808 rekening pada 2019, internet sejak 2020."""
    arti = {tahun: tata_letak(tahun).variabel["R808"].konsep for tahun in (2019, 2020, 2024)}
    assert arti == {2019: "rekening", 2020: "internet", 2024: "internet"}
    assert tata_letak(2018).konsep["internet"].nama == "R716"
    assert tata_letak(2024).variabel["R606"].konsep == "jenis_prasekolah"


def test_kode_yang_berganti():
    def kode(tahun, konsep, arti):
        return next(k for k, a in tata_letak(tahun).konsep[konsep].kode.items() if a == arti)

    assert [kode(t, "atap", "seng") for t in (2019, 2021, 2024)] == [4, 3, 3]
    assert [kode(t, "penolong_lahir", "dukun") for t in (2020, 2022, 2024)] == [5, 5, 6]
    assert [kode(t, "jenjang", "SMA") for t in (2018, 2020, 2022)] == [11, 11, 13]
    assert [kode(t, "ijazah", "tidak punya") for t in (2019, 2020, 2022)] == [1, 22, 25]
    assert kode(2020, "sulit_mengurus_diri", "tidak kesulitan") == 8
    assert kode(2020, "sulit_berjalan", "tidak kesulitan") == 4


def test_yang_tidak_diketahui_mengaku():
    t = tata_letak(2018)
    assert not t.konsep["nik"].nama and not t.diketahui("nik")
    assert not tata_letak(2020).diketahui("atap"), "kode seng 2020 belum pasti"
    assert tata_letak(2021).diketahui("atap", "dinding")
    assert not t.diketahui("konsep_yang_tidak_ada")


def test_tahun_dan_bagian_asing_ditolak():
    with pytest.raises(GalatParameter, match="2017 tidak ada; yang ada: 2018"):
        tata_letak(2017)
    with pytest.raises(GalatParameter, match="tidak punya bagian 'ind2'"):
        tata_letak(2018).kolom("ind2")


@pytest.mark.parametrize("isi", ["1ya", "a=ya", "1..2;3..4", "=ya", "1="])
def test_kode_rusak_disebut_barisnya(tmp_path, isi):
    letak, struktur = berkas_tata_letak()
    teks = letak.read_text("utf-8").replace("1=laki-laki;2=perempuan,tidak,", f"{isi},tidak,", 1)
    (tmp_path / "tata_letak.csv").write_text(teks, "utf-8")
    with pytest.raises(GalatData, match=r"tata_letak.csv.*kode"):
        _semua(tmp_path / "tata_letak.csv", 0, struktur, 0)


def test_tabel_mentahnya_ikut_skema(d2020):
    assert len(d2020["struktur"]) == sum(len(tata_letak(t).berkas) for t in gelombang())
    assert set(d2020["tata_letak"]["keadaan"]) == {"dikutip", "tidak_tersedia"}
    assert paths.acuan().joinpath("susenas", "tata_letak.csv").is_file()
