"""Kode wilayah dan nama: 38 provinsi, 514 kabupaten/kota, pelipatan ke 34 provinsi, kode tanpa nama."""

from types import SimpleNamespace

import pandas as pd
import pytest

from kinerja import fmt
from kinerja.cli.mikro import beri_nama
from kinerja.jelajah import Survei
from kinerja.profil_ikesos import SurveiWilayah
from kinerja.wilayah import Regions


@pytest.fixture(scope="module")
def wilayah(d2020):
    return Regions.of(d2020)


def test_banyaknya_sama_dengan_daftar_provinsi(wilayah, d2020):
    lama = {k for k in wilayah.names if k not in wilayah.old}
    per_provinsi = pd.Series([k[:2] for k in lama if len(k) == 4]).value_counts()
    p = d2020["provinsi"].set_index(d2020["provinsi"]["kode_bps"].astype(str))
    assert per_provinsi.to_dict() == p["n_kabkota"].to_dict()
    kota = pd.Series([k[:2] for k in lama if len(k) == 4 and wilayah.names[k].startswith("Kota ")]).value_counts()
    assert kota.to_dict() == p.loc[p["n_kota"] > 0, "n_kota"].to_dict()
    assert sum(len(k) == 2 for k in wilayah.names) == 38


def test_banyaknya_tiap_provinsi_baru_menurut_kepmendagri_2025(wilayah):
    """Kepmendagri 300.2.2-2138/2025: Papua 9, Papua Barat 7, Selatan 4, Tengah 8, Pegunungan 8, Barat Daya 6."""
    sekarang = [k for k in wilayah.names if len(k) == 4 and k not in wilayah.old.values()]
    banyak = pd.Series([k[:2] for k in sekarang if k[0] == "9"]).value_counts().to_dict()
    assert banyak == {"94": 9, "91": 7, "95": 4, "96": 8, "97": 8, "92": 6}


def test_nama_tetap_ketika_kode_berganti(wilayah):
    berganti = {k: v for k, v in wilayah.old.items() if len(k) == 4}
    assert len(berganti) == len(set(berganti.values())) == 26
    assert all(wilayah.names[k] == wilayah.names[v] for k, v in berganti.items())
    assert wilayah.name("9702", penuh=True) == "Kabupaten Jayawijaya, Papua Pegunungan"
    assert wilayah.name("9402", penuh=True) == "Kabupaten Jayawijaya, Papua"


@pytest.mark.parametrize("jenis", [int, str])
def test_lipat_ke_34_provinsi(wilayah, jenis):
    kode = pd.Series([11, 92, 95, 96, 97, 91, 94, 9271, 9603, 3171, 99]).astype(jenis)
    harap = pd.Series([11, 91, 94, 94, 94, 91, 94, 9171, 9436, 3171, 99]).astype(jenis)
    pd.testing.assert_series_equal(wilayah.fold(kode), harap)


def test_kode_tanpa_nama_disebut_sebagai_kode(wilayah):
    assert wilayah.name("99") == "99" and wilayah.name("9904", penuh=True) == "9904, 99"
    assert wilayah.note(["11", "97", "1101"]) == ""
    assert wilayah.note(["99", "11", "99", "1169"]).startswith("2 kode wilayah") and "1169, 99" in wilayah.note(
        ["99", "1169"]
    )
    with fmt.using("en"):
        assert wilayah.note(["99"]).startswith("1 region codes")


def test_petak_tidak_bertindihan_dan_yang_baru_hanya_bila_ada(wilayah):
    assert not wilayah.tiles.duplicated(["baris", "lajur"]).any() and len(wilayah.tiles) == 38
    assert len(wilayah.map_tiles(["11", "94"])) == 34
    assert set(wilayah.map_tiles(["97"])["wilayah"]) - set(wilayah.map_tiles([])["wilayah"]) == {"97"}


def test_nama_pada_penjelajah_profil_dan_csv(wilayah, d2020):
    kode = [1101, 9702, 9904]
    siap = SimpleNamespace(label=lambda tingkat: kode)
    nama = ["Kabupaten Simeulue, Aceh", "Kabupaten Jayawijaya, Papua Pegunungan", "9904, 99"]
    assert list(Survei(siap, wilayah).names("kabkota").values()) == nama
    assert [SurveiWilayah(None, wilayah, {}).name(str(k)) for k in kode] == nama
    assert SurveiWilayah(None, wilayah, {}).name("1101", penuh=False) == "Kabupaten Simeulue"
    tabel = {"nasional": pd.DataFrame({"nilai": [1.0]}), "kabkota": pd.DataFrame({"kabkota": kode, "nilai": 1.0})}
    hasil, kalimat = beri_nama(tabel, wilayah)
    assert hasil["kabkota"]["nama_wilayah"].tolist() == nama and list(hasil["nasional"]) == ["nilai"]
    assert kalimat == ["1 kode wilayah tidak ada di daftar nama dan ditulis sebagai kodenya: 9904."]


def test_wilayah_buatan_tidak_memakai_satu_nama_pun(d2020):
    nyata, buatan = Regions.of(d2020), Regions.of(d2020, "sintetis")
    assert [buatan.code(k) for k in ("11", "12", "94", "92", "97")] == ["A", "B", "AH", "AI", "AL"]
    assert buatan.name("11") == "Wilayah A" and buatan.name("1101", penuh=True) == "Wilayah A-01"
    provinsi = {v for k, v in buatan.codes.items() if len(k) == 2}
    assert len(provinsi) == 38 and len(set(buatan.codes.values())) == len(nyata.names)
    assert set(buatan.names) == set(nyata.names) and not set(buatan.names.values()) & set(nyata.names.values())
    # 23 kabupaten/kota di provinsi pertama, dinomori tanpa membedakan kabupaten dan kota
    assert [v for v in buatan.codes.values() if v.startswith("A-")] == [f"A-{i:02d}" for i in range(1, 24)]
    with fmt.using("en"):
        assert Regions.of(d2020, "sintetis").name("31") == "Region K"
    assert Regions.of(d2020, "diturunkan").names == nyata.names and nyata.code("11") == "11"


def test_petak_wilayah_buatan_berderet_menurut_abjad(d2020):
    petak = Regions.of(d2020, "sintetis").map_tiles(["11"])
    assert len(petak) == 34 and petak["label"].iloc[0] == "Wilayah A"
    assert petak.sort_values(["baris", "lajur"])["label"].tolist() == petak["label"].tolist()
    nyata = Regions.of(d2020).map_tiles(["11"])
    assert not (petak[["baris", "lajur"]].to_numpy() == nyata[["baris", "lajur"]].to_numpy()).all()
