"""Halaman wilayah: nilai harapan dari siaran pers BPS, angka terbitan, dan hitungan tangan."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from kinerja.buku import Buku
from kinerja.errors import GalatParameter
from kinerja.kendali import regions, regions_result
from kinerja.mikro import tulis_sintetis
from notebook_di_proses import AKAR, run
from tergambar import plotted


@pytest.fixture(scope="module")
def jabar():
    return run("profil_wilayah", wilayah="32")


def titik(ax):
    """Letak (x, y) setiap titik pada sebuah sumbu."""
    return np.array([x for jenis, _, isi in plotted(ax) if jenis == "titik" for x in isi]).reshape(-1, 2)


def test_kepala_dan_pokok_jawa_barat(jabar):
    """IPM 2020 72,09 (2019: 72,03); miskin September 8,43 persen (6,82); TPT Agustus 10,46 persen, terburuk ketiga."""
    assert jabar.ringkas.kepala == "IPM Jawa Barat naik menjadi 72,1, peringkat 10 dari 34 provinsi"
    pokok = " ".join(jabar.ringkas.butir)
    for kata in (
        "**48,27 juta orang**", "berstatus tinggi", "**8,4 persen**", "naik 1,6 persen poin", "Indonesia 10,2 persen",
        "**10,5 persen**", "peringkat 32 dari 34", "(Ikesos) menurut wilayah belum terbit",
    ):  # fmt: skip
        assert kata in pokok, kata
    assert len(jabar.ringkas.kepala.split()) <= 14 and all(len(x.split()) <= 25 for x in jabar.ringkas.butir)
    strip = jabar.ringkas.strip.frame
    assert strip.loc["kemiskinan", ["nilai", "nasional", "lalu"]].tolist() == [8.43, 10.19, 6.82]


def test_kedudukan_digambar_seperti_tabelnya(jabar):
    j = jabar.jawab["kedudukan"]
    assert titik(j.axes[0])[:, 0].tolist() == j.frame["peringkat"].tolist()
    assert j.frame.loc["gini_september", "peringkat"] == 31 and j.frame.loc["umur_harapan_hidup", "peringkat"] == 4
    assert "seperempat terbaik provinsi pada **2** dan di seperempat terbawah pada **5**" in j.kalimat["jawab"]
    assert "arah" in j.frame and (j.frame["arah"] != "netral").all()


def test_komponen_ipm_dihitung_ulang(jabar):
    """UHH 73,04: (73,04 - 20) / 65; HLS 12,50/18 dan RLS 8,55/15; pengeluaran 10.845.000 dengan logaritma."""
    isi = jabar.jawab["komponen"].frame.set_index("bagian")
    assert isi.at["kesehatan", "nilai"] == pytest.approx((73.04 - 20) / 65 * 100)
    assert isi.at["pendidikan", "nilai"] == pytest.approx((12.5 / 18 + 8.55 / 15) / 2 * 100)
    uang = np.log(10_845_000 / 1_007_436) / np.log(26_572_352 / 1_007_436) * 100
    assert isi.at["pengeluaran", "nilai"] == pytest.approx(uang)
    assert isi.at["dihitung", "nilai"] == pytest.approx(72.09, abs=0.005) and isi.at["ipm", "nilai"] == 72.09
    assert "**pendidikan** (−1,1 poin)" in jabar.jawab["komponen"].kalimat["jawab"]


def test_riwayat_dan_perubahan(jabar):
    assert "**+0,06 poin**" in jabar.jawab["riwayat"].kalimat["jawab"]
    ubah = jabar.jawab["perubahan"].frame.set_index("deret")
    assert ubah.at["penduduk_miskin_persen_september", "perubahan"] == pytest.approx(1.61)
    assert ubah.at["tpt_agustus", "perubahan_nasional"] == pytest.approx(1.84)


def test_kaitan_menyorot_wilayahnya(jabar):
    j = jabar.jawab["kaitan"]
    assert len(j.frame) == 34
    assert j.frame.iloc[0][["kode", "kemiskinan", "pengangguran", "sekolah"]].tolist() == ["32", 8.43, 10.46, 8.55]
    for ax, x in zip(j.axes, ("pengangguran", "sekolah"), strict=True):
        letak = titik(ax)  # semua provinsi, lalu yang disorot sekali lagi
        np.testing.assert_array_equal(letak[:34], j.frame[[x, "kemiskinan"]])
        assert letak[34:].tolist() == [j.frame.iloc[0][[x, "kemiskinan"]].tolist()]
    assert "**rendah** penganggurannya" in j.kalimat["jawab"] and "**pendek** sekolahnya" in j.kalimat["jawab"]
    assert "BPS" in j.tabel.sumber and "UNICEF" not in j.tabel.sumber, "hanya sumber yang dipakai"


def test_kabupaten_kota_termiskin(jabar):
    isi = jabar.jawab["kabkota"].frame
    assert len(isi) == 27 and isi["sini"].all()
    assert isi["nama"].iloc[[0, -1]].tolist() == ["Kota Tasikmalaya", "Kota Depok"]


def test_halaman_kota():
    kota = run("profil_wilayah", wilayah="3273")
    assert kota.ringkas.kepala == "IPM Kota Bandung naik menjadi 82,0, peringkat 15 dari 514 kabupaten/kota"
    assert "tidak tersedia; yang tampak komponen provinsinya" in kota.jawab["komponen"].kalimat["jawab"]
    assert not kota.jawab["komponen"].axes
    assert kota.jawab["kabkota"].frame["sini"].sum() == 1
    assert len(kota.jawab["kaitan"].frame) == 512


def test_angka_yang_tidak_tersedia_disebut():
    """TPT Nduga kosong pada salinan: pokoknya mengatakan begitu, dan gambarnya tidak mengaku menyorotnya."""
    nduga = run("profil_wilayah", wilayah="9429")
    assert "Tingkat pengangguran terbuka tidak tersedia." in nduga.ringkas.butir
    assert "tidak tergambar" in nduga.jawab["kaitan"].kalimat["sub"]
    assert not nduga.jawab["kaitan"].frame["sini"].any()


@pytest.mark.parametrize("bahasa", ["id", "en"])
@pytest.mark.parametrize("wilayah", ["11", "31", "94", "1101", "3171", "7401"])
def test_setiap_halaman_utuh_dalam_kedua_bahasa(wilayah, bahasa):
    h = run("profil_wilayah", bahasa=bahasa, wilayah=wilayah)
    assert len(h.ringkas.kepala.split()) <= 14 and len(h.ringkas.butir) == 4
    assert set(h.jawab) == {
        "kedudukan",
        "riwayat",
        "komponen",
        "kaitan",
        "kabkota",
        "ikesos",
        "perubahan",
        "angka",
        "ikesos_rincian",
    }
    for j in h.jawab.values():
        assert j.kalimat["jawab"] and "{" not in "".join(j.kalimat.values())
        assert "sintetis" not in set(j.frame.get("keadaan", ()))


@pytest.mark.parametrize(
    ("wilayah", "pesan"), [("99", "bukan kode provinsi"), ("96", "wilayah = 94"), ("", "bukan kode")]
)
def test_wilayah_yang_tidak_ada(wilayah, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        run("profil_wilayah", wilayah=wilayah)


def test_ikesos_hanya_dari_survei_yang_diberikan(jabar, tmp_path_factory):
    assert "**belum terbit**" in jabar.jawab["ikesos"].kalimat["jawab"]
    assert jabar.jawab["ikesos"].frame["nilai"].isna().all()
    folder = tmp_path_factory.mktemp("survei")
    berkas = []
    for satu in tulis_sintetis(2020, format="parquet", folder=folder)[0]:
        if satu.suffix == ".parquet":
            isi = pd.read_parquet(satu)
            isi.drop(columns="SINTETIS", errors="ignore").to_parquet(satu)
            berkas.append(str(satu))
    h = run("profil_wilayah", wilayah="32", mikro=";".join(berkas))
    posisi = h.jawab["ikesos"].frame
    assert posisi["label"].tolist() == ["Jawa Barat", "Indonesia"] and posisi["nilai"].notna().all()
    rinci = h.jawab["ikesos_rincian"].frame
    assert rinci["jenis"].value_counts()[["bagian", "kabkota"]].tolist() == [12, 27]
    assert jabar.jawab["ikesos_rincian"].frame.empty
    assert h.ringkas.kepala == jabar.ringkas.kepala, "angka terbitan tidak berubah oleh survei"


def test_kendali_memilih_wilayah_lain(jabar, d2020):
    assert len(jabar.panel) == 1 and jabar.panel[0].galat is None
    buku = Buku("profil_wilayah", tahun=2020, bahasa="id", data=d2020)
    assert len(regions(buku, "32").controls["wilayah"].options) == 548
    hasil = regions_result(buku, "3273 Kota Bandung")
    assert "**" not in hasil.teks and "seperempat terbaik kabupaten/kota pada 8" in hasil.teks
    assert hasil.png and hasil.tabel.frame.at["ipm", "peringkat"] == 15
    with pytest.raises(GalatParameter, match="bukan kode provinsi"):
        regions_result(buku, "Atlantis")


def test_sel_pendek_tanpa_fungsi_dan_pengulangan():
    nb = json.loads((AKAR / "notebooks" / "profil_wilayah.ipynb").read_text("utf-8"))
    for sel in nb["cells"]:
        isi = "".join(sel["source"])
        if sel["cell_type"] == "code" and sel["id"] not in ("parameter", "data"):
            assert len(isi.splitlines()) <= 12, sel["id"]
            assert not re.search(r"^\s*(def|for|while)\b", isi, re.M), sel["id"]
