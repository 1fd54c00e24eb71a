"""Ikesos satu wilayah: angkanya terhadap hitungan langsung, dan penahanan yang seragam."""

import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from kinerja import data, fmt, terbaca
from kinerja.errors import GalatParameter
from kinerja.mikro import berkas_mikro
from kinerja.profil_ikesos import Profil, SurveiWilayah, open_profile, open_regions, whole_ranks


@pytest.fixture(scope="module")
def survei(d2020) -> SurveiWilayah:
    with fmt.using("id"):
        return open_regions(d2020)


@pytest.fixture(scope="module")
def jabar(survei) -> Profil:
    with fmt.using("id"):
        p = survei.profile("32")
        p.parts, p.strengths, p.districts  # noqa: B018 dihitung sekali, dalam bahasa Indonesia
        return p


def test_kedudukan_sama_dengan_hitungan_langsung(survei, jabar):
    langsung = survei.siap.hitung("provinsi").set_index("provinsi").loc[32]
    r = jabar.position.iloc[0]
    for nama in ("nilai", "bawah", "atas", "n", "peringkat"):
        assert r[nama] == langsung[nama], nama
    pusat = jabar.position.iloc[-1]
    dasar = survei.siap.sandaran_bersama("provinsi")
    assert pusat["nilai"] == survei.siap.hitung(dasar=dasar)["nilai"].iloc[0] and pusat["label"] == "Indonesia"
    assert jabar.position["bagian_bobot"].nunique() == 1, "Indonesia dihitung atas dasar provinsi-provinsinya"
    assert jabar.position["sendiri"].tolist() == [True, False]


def test_peringkat_ada_di_dalam_selangnya_dan_selang_bilangan_bulat(survei):
    rank = survei.ranking("provinsi")
    assert len(rank) == 34
    rank = rank[rank["peringkat"].notna()]
    assert rank["nilai"].is_monotonic_decreasing and len(rank) > 20
    dalam = rank["peringkat"].between(rank["peringkat_bawah"], rank["peringkat_atas"])
    assert dalam.mean() > 0.9  # taksiran boleh jatuh di luar 90 persen ulangannya sendiri, tetapi jarang
    assert rank["peringkat_bawah"].min() >= 1 and rank["peringkat_atas"].max() <= 34
    assert whole_ranks(np.array([1.0, 2.5, 3.4, np.nan])).tolist()[:3] == [1, 3, 3]


def test_bagian_terhadap_indonesia(survei, jabar):
    simpul = ["rt", "rt/KD", "rt/PS", "rt/KE", "pd", "pd/KD", "pd/PS", "pd/KE", "ls", "ls/KD", "ls/PS", "ls/KE"]
    assert jabar.parts["simpul"].tolist() == simpul
    dasar = survei.siap.sandaran_bersama("provinsi")
    pusat = survei.siap.hitung("nasional", simpul=simpul, dasar=dasar).set_index("simpul")["nilai"]
    np.testing.assert_array_equal(jabar.parts["nasional"], pusat[simpul])
    np.testing.assert_allclose(jabar.parts["beda"], jabar.parts["nilai"] - jabar.parts["nasional"], atol=1e-12)
    for r in jabar.parts.to_dict("records"):
        if np.isnan(r["nilai"]):
            assert r["nyata"] == "" and r["tanda"] in ("ditahan", "tidak tersedia")
            continue
        diharap = "lebih" if r["bawah"] > r["nasional"] else "kurang" if r["atas"] < r["nasional"] else "serupa"
        assert r["nyata"] == diharap, r["label"]


def test_kekuatan_dari_indikator_yang_terbit(survei, jabar):
    kuat = jabar.strengths
    assert set(kuat["tanda"]) <= {"", "hati-hati"}
    assert (kuat.loc[kuat["sisi"] == "kekuatan", "beda"] > 0).all()
    assert (kuat.loc[kuat["sisi"] == "kelemahan", "beda"] < 0).all()
    # Median dihitung tangan dari tabel yang terbit: persen x arah, wilayah lain saja.
    h = survei.tabel["provinsi"]
    for r in kuat[kuat["sasaran"] == "Rumah tangga"].to_dict("records"):
        satu = h[(h["sasaran"] == "rt") & (h["jenis"] == "indikator") & (h["nama"] == r["label"])]
        lain = satu.loc[satu["provinsi"] != 32, "nilai"]
        assert r["median"] == pytest.approx(np.nanmedian(lain), abs=1e-9), r["label"]
        assert r["nilai"] == pytest.approx(satu.loc[satu["provinsi"] == 32, "nilai"].iloc[0], abs=1e-9)
        assert r["dari"] == satu["nilai"].notna().sum()
        assert r["bawah"] <= r["nilai"] <= r["atas"]


def test_sel_kecil_tidak_terbit_di_tingkat_mana_pun(survei):
    for tingkat, h in survei.tabel.items():
        n = h["n"].astype("Float64").fillna(0).to_numpy(dtype=float)
        assert not ((n > 0) & (n < 30)).any(), tingkat
        assert h.loc[h["tanda"].isin(["ditahan", "tidak tersedia"]), "nilai"].isna().all(), tingkat


def test_kabupaten_kota_provinsi_itu_saja_dengan_sebutan_menurut_kodenya(jabar):
    d = jabar.districts
    assert len(d) == 27 and d["wilayah"].str.startswith("32").all()
    assert d.loc[d["wilayah"] == "3201", "label"].item() == "Kabupaten Bogor"
    assert d.loc[d["wilayah"] == "3273", "label"].item() == "Kota Bandung"
    assert set(d["keadaan_survei"]) == {"sintetis"}


def test_wilayah_yang_ditahan_tetap_punya_profil(survei):
    p = survei.profile("3201")
    assert np.isnan(p.row["nilai"]) and p.row["tanda"] in ("ditahan", "tidak tersedia")
    assert p.position["label"].tolist() == ["Kabupaten Bogor, Jawa Barat", "Jawa Barat", "Indonesia"]
    assert p.strengths.empty


@pytest.mark.parametrize("kode", ["99", "3", "3299", "Jawa Barat", ""])
def test_kode_tidak_dikenal_menyebut_yang_ada(d2020, kode):
    with pytest.raises(GalatParameter, match=r"bukan kode provinsi atau kabupaten/kota di survei.*11, 12"):
        open_regions(d2020).profile(kode)


def test_tanpa_survei_satu_baris_kosong(d2020):
    p = open_profile(d2020, "3273")
    assert p.position["label"].tolist() == ["Kota Bandung, Jawa Barat"]
    assert p.position["nilai"].isna().all() and p.position["keadaan"].tolist() == ["tidak_tersedia"]


def test_survei_buatan_ditolak_di_halaman_wilayah_nyata(d2020):
    with pytest.raises(GalatParameter, match="SINTETIS.*kinerja peragaan"):
        open_profile(d2020, "32", str(berkas_mikro()[0]))


def test_survei_dibuka_sekali_dan_dibuka_lagi_bila_berkasnya_berubah(d2020, tmp_path):
    salinan = tmp_path / "survei.parquet"
    shutil.copyfile(berkas_mikro()[0], salinan)
    satu = open_regions(d2020, str(salinan))
    assert open_regions(d2020, str(salinan)) is satu
    s = salinan.stat()
    os.utime(salinan, ns=(s.st_atime_ns, s.st_mtime_ns + 1))
    assert open_regions(d2020, str(salinan)) is not satu


def test_survei_yang_sudah_terbuka_tetap_tercatat_terbaca(tmp_path, monkeypatch):
    """Halaman kedua di satu pekerja bergantung pada survei dan tabel yang sama dengan halaman pertama."""
    isi = []
    for nama in ("satu", "dua"):
        monkeypatch.setenv(terbaca.LINGKUNGAN, str(tmp_path / nama))
        open_regions(data.load(2020))
        isi.append(terbaca.read_notes(tmp_path / nama))
    assert isi[0] == isi[1]
    tabel, berkas = isi[0]
    assert "2020/provinsi" in tabel
    assert {"kodebuku-2020.csv", berkas_mikro()[0].name} <= {Path(x).name for x in berkas}


def test_dua_bahasa(survei):
    with fmt.using("en"):
        p = survei.profile("3273")
        assert p.nama == "Kota Bandung, Jawa Barat"
        assert p.parts["label"].tolist()[:2] == ["Households", "Basic needs"]
