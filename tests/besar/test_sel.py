"""Peringkasan di mesin hitung sama dengan `ringkas` di memori: sel demi sel, lalu taksiran, lalu Ikesos."""

import numpy as np
import pandas as pd
import pytest

from kinerja import data, ikesos, mikro, paths
from kinerja.besar import mesin
from kinerja.besar.sel import ringkas_besar
from kinerja.errors import GalatHitung, GalatParameter
from kinerja.ikesos.ukuran import nilai_kodebuku
from kinerja.survey import Desain, ringkas, taksir

RANCANGAN = {"bobot": "bobot", "strata": ["prov", "daerah"], "psu": "psu", "bersarang": True}
UKURAN = {
    "variabel": ["miskin", "umur", "tahu", "bulat"],
    "domain": ["kab", "kelamin", "pecahan"],
    "kategori": ["jenis"],
    "rasio": {"per_kapita": ("belanja", "isi")},
}


@pytest.fixture(scope="module")
def survei():
    """Dua belas strata, data kosong di mana-mana, bobot nol, domain kosong, satu PSU tanpa satu jawaban pun."""
    a = np.random.default_rng(3)
    n = 4_000
    prov, daerah = a.integers(11, 17, n), a.integers(1, 3, n)
    frame = pd.DataFrame({"prov": prov, "daerah": daerah, "psu": a.integers(1, 9, n)})
    frame["bobot"] = np.where(a.random(n) < 0.03, 0.0, a.uniform(1, 90, n))
    frame["kab"] = prov * 100 + a.integers(1, 4, n)
    frame["kelamin"] = pd.array(np.where(a.random(n) < 0.02, None, a.choice(["L", "P"], n)), dtype="str")
    frame["pecahan"] = np.where(a.random(n) < 0.1, np.nan, a.integers(0, 2, n) / 2)
    frame["miskin"] = np.where(a.random(n) < 0.1, np.nan, a.integers(0, 2, n))
    frame["umur"] = np.where(a.random(n) < 0.05, np.nan, 1e6 + a.normal(0, 3, n))
    frame["tahu"] = a.random(n) < 0.4
    frame["bulat"] = a.integers(0, 5, n)
    frame["jenis"] = pd.array(np.where(a.random(n) < 0.05, None, a.choice(["a", "b", "b ", "", "c"], n)), dtype="str")
    frame["belanja"], frame["isi"] = a.uniform(1e5, 1e6, n), np.where(a.random(n) < 0.1, np.nan, a.integers(1, 8, n))
    frame.loc[(frame["prov"] == 11) & (frame["psu"] == 1), ["miskin", "umur"]] = np.nan
    return frame


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    with mesin.buka(sementara=tmp_path_factory.mktemp("mesin"), memori_gb=1, inti=2) as sambungan:
        yield sambungan


def baca(con, frame, tmp_path):
    frame.to_parquet(tmp_path / "survei.parquet", index=False)
    return con.read_parquet(str(tmp_path / "survei.parquet"))


def bandingkan(satu, dua):
    """Dua Sel sama: bilangan bulat tepat, jumlah sampai 1e-9."""
    assert satu.ukuran == dua.ukuran and list(satu.kode_domain) == list(dua.kode_domain)
    np.testing.assert_array_equal(satu.psu, dua.psu)
    np.testing.assert_array_equal(satu.desain.strata_psu, dua.desain.strata_psu)
    assert satu.desain.df == dua.desain.df
    for k in satu.kode_domain:
        np.testing.assert_array_equal(satu.kode_domain[k], dua.kode_domain[k])
        assert list(satu.label_domain[k]) == list(dua.label_domain[k])
    for nama, a in satu.momen.items():
        b = dua.momen[nama]
        assert (a.proporsi, a.rasio) == (b.proporsi, b.rasio), nama
        np.testing.assert_array_equal(a.n, b.n, err_msg=nama)
        for x, y in zip(
            [a.w, a.x, a.y, *np.atleast_2d(a.kuadrat)], [b.w, b.x, b.y, *np.atleast_2d(b.kuadrat)], strict=True
        ):
            np.testing.assert_allclose(x, y, rtol=1e-9, atol=1e-9 * max(np.abs(y).max(), 1e-30), err_msg=nama)
        assert a.geser == pytest.approx(b.geser, rel=1e-12)


def test_sel_dan_taksiran_sama(survei, con, tmp_path):
    acuan = ringkas(Desain.dari_bingkai(survei, **RANCANGAN), survei, **UKURAN)
    besar = ringkas_besar(baca(con, survei, tmp_path), **RANCANGAN, **UKURAN)
    bandingkan(besar, acuan)
    for domain in (None, "kab", ["kelamin", "pecahan"]):
        a, b = taksir(besar, domain), taksir(acuan, domain)
        for apa in ("nilai", "se", "deff"):
            np.testing.assert_allclose(getattr(a, apa), getattr(b, apa), rtol=1e-9, err_msg=f"{apa} {domain}")


def test_urutan_baris_tidak_berpengaruh_dan_berkas_boleh_banyak(survei, con, tmp_path):
    acak = survei.sample(frac=1, random_state=5)
    for i in range(3):
        acak.iloc[i::3].to_parquet(tmp_path / f"bagian-{i}.parquet", index=False)
    besar = ringkas_besar(con.read_parquet(str(tmp_path / "*.parquet")), **RANCANGAN, **UKURAN)
    bandingkan(besar, ringkas(Desain.dari_bingkai(survei, **RANCANGAN), survei, **UKURAN))


def test_tanpa_strata(survei, con, tmp_path):
    survei = survei.assign(psu=survei["prov"] * 1000 + survei["daerah"] * 100 + survei["psu"])
    acuan = ringkas(Desain.dari_bingkai(survei, bobot="bobot", psu="psu"), survei, ["miskin"])
    bandingkan(ringkas_besar(baca(con, survei, tmp_path), ["miskin"], bobot="bobot", psu="psu"), acuan)


@pytest.mark.parametrize(
    ("ubah", "permintaan", "galat", "pesan"),
    [
        (lambda x: x, {"variabel": ["gaib"]}, GalatParameter, "Kolom tidak ada di data: gaib"),
        (lambda x: x, {"variabel": ["jenis"]}, GalatParameter, "bukan bilangan"),
        (lambda x: x, {"variabel": ["miskin", "miskin"]}, GalatParameter, "dipakai dua kali"),
        (lambda x: x, {}, GalatParameter, "Tidak ada ukuran"),
        (lambda x: x.assign(bobot=-1.0), {"variabel": ["miskin"]}, GalatHitung, "bobot 'bobot'"),
        (lambda x: x.assign(bobot=np.nan), {"variabel": ["miskin"]}, GalatHitung, "bobot 'bobot'"),
        (lambda x: x.assign(bobot=0.0), {"variabel": ["miskin"]}, GalatHitung, "nol"),
        (lambda x: x.assign(umur=np.inf), {"variabel": ["umur"]}, GalatHitung, "'umur' memuat nilai tak hingga"),
        (lambda x: x.assign(psu=np.nan), {"variabel": ["miskin"]}, GalatHitung, "'psu' memuat nilai kosong"),
        (lambda x: x.assign(psu=1), {"variabel": ["miskin"]}, GalatHitung, "satu PSU"),
        (
            lambda x: x,
            {"variabel": ["miskin"], "bersarang": False},
            GalatHitung,
            "8 dari 8 PSU muncul di lebih dari satu",
        ),
        (lambda x: x.iloc[:0], {"variabel": ["miskin"]}, GalatHitung, "tidak berisi"),
    ],
)
def test_masukan_salah(survei, con, tmp_path, ubah, permintaan, galat, pesan):
    with pytest.raises(galat, match=pesan):
        ringkas_besar(baca(con, ubah(survei), tmp_path), **RANCANGAN | permintaan)


def test_ikesos_dari_sel_mesin(con, tmp_path):
    """Semua ukuran Ikesos survei sintetis, diringkas di mesin: nilai dan galat bakunya sama."""
    m = mikro.muat([], None)
    d = data.load(paths.tahun_tersedia()[-1])
    kerangka = ikesos.Kerangka.susun(
        d["ikesos_kerangka"], d["ikesos_simpul"], d["ikesos_sasaran"], m.kodebuku, tidak_pasti="berlaku"
    )
    acuan = ikesos.siapkan(m.bingkai, m.kodebuku, kerangka, keadaan=m.keadaan)
    ukuran, rancangan = nilai_kodebuku(m.bingkai, m.kodebuku, kerangka, {})
    isi = pd.DataFrame({nama: ukuran[nama] for nama in ukuran.columns}, copy=False)
    isi[["_w", "_s", "_p"]] = rancangan.bingkai[["bobot", "strata", "psu"]].to_numpy()
    sel = ringkas_besar(
        baca(con, isi, tmp_path), ukuran.nama, bobot="_w", strata="_s", psu="_p", domain=list(ukuran.wilayah.columns)
    )
    besar = ikesos.SiapIkesos(sel, kerangka, m.kodebuku, m.keadaan, ukuran.kurang, rancangan.keterangan)
    for tingkat in ("nasional", "provinsi"):
        a, b = besar.hitung(tingkat, simpul="semua"), acuan.hitung(tingkat, simpul="semua")
        pd.testing.assert_frame_equal(a, b, rtol=1e-9)
