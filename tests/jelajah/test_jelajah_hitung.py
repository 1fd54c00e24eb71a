"""Hitungan di balik tiap tampilan penjelajah, dan pilihan yang salah."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from indextree import rank_array
from kinerja.errors import GalatHitung, GalatParameter
from kinerja.jelajah import Pilihan, check, subgroup
from kinerja.jelajah.hitung import ULANGAN, _pool
from kinerja.jelajah.pilihan import AGREGASI, node_options

BERAT = Pilihan(bobot={"KD": 2.5, "ls": 0.4}, agregasi="geometrik", pasangan="L,AH")


def test_peringkat_adalah_hasil_hitung(j, survei):
    rank = j.frame(BERAT)
    langsung = survei.siap.hitung("provinsi", bobot=BERAT.bobot, agregasi="geometrik").set_index("provinsi")
    kode = {survei.wilayah.code(str(k)): k for k in langsung.index}
    ambil = langsung.loc[rank["wilayah"].map(kode)]
    np.testing.assert_array_equal(rank["nilai"], ambil["nilai"])
    np.testing.assert_array_equal(rank["bawah"], ambil["bawah"])
    diperingkat = rank["peringkat"].notna()
    assert rank.loc[diperingkat, "nilai"].is_monotonic_decreasing
    # yang dasarnya berbeda disebut, tidak diperingkat, dan ada di bawah; bagian bobot yang diperingkat satu
    lepas = rank[~diperingkat & rank["nilai"].notna()]
    assert lepas.index.min() > diperingkat.sum() - 1 and lepas["keterangan"].str.contains("dasar berbeda").all()
    assert rank.loc[diperingkat, "bagian_bobot"].nunique() == 1
    assert rank["label"].is_unique and "Wilayah L" in set(rank["label"])


def test_saringan_memakai_subpopulasi(j, survei):
    kota = j.frame(replace(BERAT, daerah="1"))
    langsung = survei.siap.hitung("provinsi", bobot=BERAT.bobot, agregasi="geometrik", saring={"daerah": 1})
    assert np.nansum(kota["nilai"]) == pytest.approx(langsung["nilai"].sum(), abs=1e-9)
    assert not np.allclose(np.nansum(kota["nilai"]), np.nansum(j.frame(BERAT)["nilai"]))


@pytest.mark.parametrize("agregasi", AGREGASI)
@pytest.mark.parametrize("simpul", ["puncak", "rt/KD"])
def test_urai_berjumlah_tepat(j, agregasi, simpul):
    p = replace(BERAT, agregasi=agregasi, simpul=simpul, tampilan="urai", bobot={"KD": 1.7})
    u = j.frame(p)
    nilai = j.frame(p.view("peringkat")).set_index("wilayah")["nilai"]
    assert u["sumbangan_beda"].sum() == pytest.approx(nilai["AH"] - nilai["L"], abs=1e-9)
    assert set(u["wilayah_a"]) == {"L"} and set(u["wilayah_b"]) == {"AH"}
    if simpul == "rt/KD":
        bawah = 0.0 if agregasi == "aritmetik" else 1.0
        assert u["sumbangan_a"].sum() == pytest.approx(nilai["L"] - bawah, abs=1e-9)


def test_urai_aritmetik_dihitung_tangan(j, survei):
    # Rata-rata berbobot: sumbangan = bobot anak / jumlah bobot x nilai anak.
    u = j.frame(Pilihan(simpul="rt/KD", pasangan="L,O", tampilan="urai")).set_index("simpul")
    anak = survei.siap.hitung("provinsi", simpul=list(u.index)).pivot(
        index="simpul", columns="provinsi", values="nilai"
    )
    for kode in u.index:
        assert u.loc[kode, "sumbangan_a"] == pytest.approx(anak.loc[kode, 32] / len(u), abs=1e-9)
        assert u.loc[kode, "sumbangan_beda"] == pytest.approx((anak.loc[kode, 35] - anak.loc[kode, 32]) / len(u))


def test_satu_bagian_tertahan_digabung_dengan_satu_lagi():
    frame = pd.DataFrame(
        {
            "simpul": ["a", "b", "c"], "label": ["A", "B", "C"], "sumbangan_a": [5.0, 1.0, 9.0],
            "sumbangan_b": [4.0, 2.0, 7.0], "sumbangan_beda": [-1.0, 1.0, -2.0],
        }
    )  # fmt: skip
    hasil = _pool(frame, np.array([True, False, False]))
    assert hasil["simpul"].tolist() == ["c", ""]
    assert hasil.iloc[1][["sumbangan_a", "sumbangan_b", "sumbangan_beda"]].tolist() == [6.0, 6.0, 0.0]


def test_selang_peringkat_dari_ulangan(j, survei):
    p = replace(BERAT, tampilan="ketidakpastian", dasar="tersedia")
    hasil = j.frame(p).set_index("wilayah")
    susunan = survei.siap.susunan("geometrik")
    w = survei.siap.larik_bobot(p.bobot, susunan)
    letak = susunan.positions(survei.siap.kerangka.pilih("puncak"))[0]
    kode = survei.codes("provinsi")
    lepas = hasil.loc[kode, "peringkat"].isna().to_numpy()
    semua = []
    for satu in survei.siap.ulangan("provinsi", ULANGAN["provinsi"]):
        normal, _ = survei.siap.normalkan(satu, 1.0)
        semua.append(rank_array(np.where(lepas, np.nan, susunan.compute(normal, w)[letak])[None])[0])
    bawah, atas = np.percentile(np.array(semua, dtype=float), (5, 95), axis=0)
    bawah[lepas], atas[lepas] = np.nan, np.nan
    np.testing.assert_allclose(hasil.loc[kode, "bawah"], bawah)
    np.testing.assert_allclose(hasil.loc[kode, "atas"], atas)
    assert sorted(hasil["nilai"].dropna()) == list(range(1, 35 - lepas.sum()))


def test_kabupaten_yang_ditahan_tidak_diperingkat_dan_n_kecil_kosong(j):
    p = Pilihan(wilayah="kabkota")
    rank = j.frame(p)
    tahan = rank["nilai"].isna()
    assert tahan.sum() > 300, "survei kecil menahan sebagian besar kabupaten/kota"
    assert rank.loc[tahan, "peringkat"].isna().all()
    assert not rank["n"].between(1, 29).any()
    tak_pasti = j.frame(p.view("ketidakpastian"))
    assert (
        tak_pasti.loc[tak_pasti["wilayah"].isin(rank.loc[tahan, "wilayah"]), ["nilai", "bawah"]].isna().all(axis=None)
    )


@pytest.mark.parametrize(
    ("ubah", "pesan"),
    [
        ({"sasaran": "anak"}, "sasaran = 'anak'.*semua, rt, pd, ls"),
        ({"wilayah": "desa"}, "wilayah = 'desa'.*provinsi, kabkota"),
        ({"daerah": "3"}, "daerah = '3'"),
        ({"kelamin": "x"}, "kelamin = 'x'"),
        ({"agregasi": "pangkat"}, "agregasi = 'pangkat'"),
        ({"tampilan": "pai"}, "tampilan = 'pai'"),
        ({"simpul": "rt/ZZ"}, "Simpul 'rt/ZZ'"),
        ({"simpul": "ls/KD", "sasaran": "rt"}, "Simpul 'ls/KD' tidak ada bagi sasaran 'rt'"),
        ({"bobot": {"ZZ": 1}}, "Bobot 'ZZ'"),
        ({"bobot": {"KD": 4}}, "Bobot KD = 4"),
        ({"bobot": {"KD": True}}, "Bobot KD = True"),
        ({"bobot": {"KD": float("nan")}}, "Bobot KD = nan"),
        ({"pasangan": "L,99"}, "'99'"),
        ({"pasangan": "L,L"}, "sama"),
        ({"pasangan": "1,2,3"}, "paling banyak dua"),
    ],
)
def test_parameter_salah_satu_kalimat(survei, ubah, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        check(survei, replace(Pilihan(), **ubah))


def test_saringan_asing_satu_kalimat():
    with pytest.raises(GalatParameter, match="saring memuat 'umur'; pilih: daerah, kelamin"):
        subgroup({"umur": 1})


def test_satu_indikator_tidak_diurai(j, survei):
    simpul = "rt/KD8"
    assert node_options(survei.siap)[simpul][0] == "indikator"
    with pytest.raises(GalatHitung, match="tidak punya bagian"):
        j.frame(Pilihan(simpul=simpul, tampilan="urai"))
