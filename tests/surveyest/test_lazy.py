"""Peringkasan di mesin hitung sama dengan `summarise` di memori: sel demi sel, lalu taksiran, lalu Ikesos."""

import numpy as np
import pandas as pd
import pytest

import listcheck
from kinerja import data, ikesos, mikro, paths
from kinerja.ikesos.ukuran import nilai_kodebuku
from surveyest import Design, EstimationError, ParameterError, estimate, summarise
from surveyest.lazy import summarise_table

RANCANGAN = {"weights": "bobot", "strata": ["prov", "daerah"], "psu": "psu", "nested": True}
UKURAN = {
    "variables": ["miskin", "umur", "tahu", "bulat"],
    "domain": ["kab", "kelamin", "pecahan"],
    "categories": ["jenis"],
    "ratios": {"per_kapita": ("belanja", "isi")},
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
    with listcheck.connect(scratch=tmp_path_factory.mktemp("mesin"), memory_gb=1, threads=2) as sambungan:
        yield sambungan


def baca(con, frame, tmp_path):
    frame.to_parquet(tmp_path / "survei.parquet", index=False)
    return con.read_parquet(str(tmp_path / "survei.parquet"))


def bandingkan(satu, dua):
    """Dua Cells sama: bilangan bulat tepat, jumlah sampai 1e-9."""
    assert satu.measures == dua.measures and list(satu.domain_codes) == list(dua.domain_codes)
    np.testing.assert_array_equal(satu.psu, dua.psu)
    np.testing.assert_array_equal(satu.design.psu_strata, dua.design.psu_strata)
    assert satu.design.df == dua.design.df
    for k in satu.domain_codes:
        np.testing.assert_array_equal(satu.domain_codes[k], dua.domain_codes[k])
        assert list(satu.domain_labels[k]) == list(dua.domain_labels[k])
    for nama, a in satu.moments.items():
        b = dua.moments[nama]
        assert (a.proportion, a.ratio) == (b.proportion, b.ratio), nama
        np.testing.assert_array_equal(a.n, b.n, err_msg=nama)
        for x, y in zip(
            [a.w, a.x, a.y, *np.atleast_2d(a.squares)], [b.w, b.x, b.y, *np.atleast_2d(b.squares)], strict=True
        ):
            np.testing.assert_allclose(x, y, rtol=1e-9, atol=1e-9 * max(np.abs(y).max(), 1e-30), err_msg=nama)
        assert a.shift == pytest.approx(b.shift, rel=1e-12)


def test_sel_dan_taksiran_sama(survei, con, tmp_path):
    acuan = summarise(Design.from_frame(survei, **RANCANGAN), survei, **UKURAN)
    besar = summarise_table(baca(con, survei, tmp_path), **RANCANGAN, **UKURAN)
    bandingkan(besar, acuan)
    for domain in (None, "kab", ["kelamin", "pecahan"]):
        a, b = estimate(besar, domain), estimate(acuan, domain)
        for apa in ("values", "se", "deff"):
            np.testing.assert_allclose(getattr(a, apa), getattr(b, apa), rtol=1e-9, err_msg=f"{apa} {domain}")


def test_urutan_baris_tidak_berpengaruh_dan_berkas_boleh_banyak(survei, con, tmp_path):
    acak = survei.sample(frac=1, random_state=5)
    for i in range(3):
        acak.iloc[i::3].to_parquet(tmp_path / f"bagian-{i}.parquet", index=False)
    besar = summarise_table(con.read_parquet(str(tmp_path / "*.parquet")), **RANCANGAN, **UKURAN)
    bandingkan(besar, summarise(Design.from_frame(survei, **RANCANGAN), survei, **UKURAN))


def test_tanpa_strata(survei, con, tmp_path):
    survei = survei.assign(psu=survei["prov"] * 1000 + survei["daerah"] * 100 + survei["psu"])
    acuan = summarise(Design.from_frame(survei, weights="bobot", psu="psu"), survei, ["miskin"])
    bandingkan(summarise_table(baca(con, survei, tmp_path), ["miskin"], weights="bobot", psu="psu"), acuan)


@pytest.mark.parametrize(
    ("ubah", "permintaan", "galat", "pesan"),
    [
        (lambda x: x, {"variables": ["gaib"]}, ParameterError, "Kolom tidak ada di data: gaib"),
        (lambda x: x, {"variables": ["jenis"]}, ParameterError, "bukan bilangan"),
        (lambda x: x, {"variables": ["miskin", "miskin"]}, ParameterError, "dipakai dua kali"),
        (lambda x: x, {}, ParameterError, "Tidak ada ukuran"),
        (lambda x: x.assign(bobot=-1.0), {"variables": ["miskin"]}, EstimationError, "bobot 'bobot'"),
        (lambda x: x.assign(bobot=np.nan), {"variables": ["miskin"]}, EstimationError, "bobot 'bobot'"),
        (lambda x: x.assign(bobot=0.0), {"variables": ["miskin"]}, EstimationError, "nol"),
        (lambda x: x.assign(umur=np.inf), {"variables": ["umur"]}, EstimationError, "'umur' memuat nilai tak hingga"),
        (lambda x: x.assign(psu=np.nan), {"variables": ["miskin"]}, EstimationError, "'psu' memuat nilai kosong"),
        (lambda x: x.assign(psu=1), {"variables": ["miskin"]}, EstimationError, "satu PSU"),
        (
            lambda x: x,
            {"variables": ["miskin"], "nested": False},
            EstimationError,
            "8 dari 8 PSU muncul di lebih dari satu",
        ),
        (lambda x: x.iloc[:0], {"variables": ["miskin"]}, EstimationError, "tidak berisi"),
    ],
)
def test_masukan_salah(survei, con, tmp_path, ubah, permintaan, galat, pesan):
    with pytest.raises(galat, match=pesan):
        summarise_table(baca(con, ubah(survei), tmp_path), **RANCANGAN | permintaan)


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
    sel = summarise_table(
        baca(con, isi, tmp_path), ukuran.nama, weights="_w", strata="_s", psu="_p", domain=list(ukuran.wilayah.columns)
    )
    besar = ikesos.SiapIkesos(sel, kerangka, m.kodebuku, m.keadaan, ukuran.kurang, rancangan.keterangan)
    for tingkat in ("nasional", "provinsi"):
        a, b = besar.hitung(tingkat, simpul="semua"), acuan.hitung(tingkat, simpul="semua")
        pd.testing.assert_frame_equal(a, b, rtol=1e-9)
