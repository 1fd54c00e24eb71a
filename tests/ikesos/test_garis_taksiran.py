"""Galat baku di bawah garis 40 persen yang ditaksir: terhadap R survey, dan terhadap ulangan."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from kinerja.ikesos import Kerangka, siapkan
from kinerja.ikesos.dasar import skor_garis
from kinerja.mikro import Penilai, kuantil_di, periksa, urai
from surveyest import rao_wu, replicate_variance

from .conftest import BARIS, baris, kerangka_kecil

ACUAN = Path(__file__).parents[1] / "acuan" / "garis"
UMUM = {"sasaran": "rt ls", "unit": "art", "arah": "naik"}
KODEBUKU = [
    *(b for b in BARIS if b["jenis"] not in ("indikator", "sasaran", "parameter")),
    baris("persen", "parameter", "rt", "40"),
    baris("rt", "sasaran", "rt", "BELANJA <= kuantil(BELANJA, persen)", unit="art"),
    baris("ls", "sasaran", "ls", "BELANJA > 0", unit="art"),
    baris("I1", "indikator", "I1", "Z1 = 1", **UMUM),
    baris("I2", "indikator", "I2", "Z2 = 1", **UMUM),
]


def siap_dengan(definisi: str = "BELANJA <= kuantil(BELANJA, persen)"):
    d = pd.read_csv(ACUAN / "sampel.csv").rename(columns=str.upper)
    d = d.rename(columns={"X": "BELANJA"}).assign(NO=1, RUTA=np.arange(len(d)), UMUR=30)
    isi = [b | {"pembilang": definisi} if b["butir"] == "rt" else b for b in KODEBUKU]
    isi = [b | {"pembilang": "PROV"} if b["jenis"] == "wilayah" else b for b in isi]
    kodebuku = periksa(pd.DataFrame(isi), "uji.csv")
    return siapkan(d, kodebuku, Kerangka.susun(*kerangka_kecil(), kodebuku), n_minimum=1, n_daun=1)


@pytest.fixture(scope="module")
def acuan():
    h = pd.read_csv(ACUAN / "hasil.csv")
    return h.assign(ukuran=h["ukuran"].map({"z1": "rt/I1", "z2": "rt/I2"})).set_index(["ukuran", "prov"])


def test_galat_baku_sama_dengan_r(acuan):
    siap = siap_dengan()
    nasional = siap.hitung(simpul=["rt/I1", "rt/I2"], tahan=False).assign(provinsi=0)
    h = pd.concat([nasional, siap.hitung("provinsi", simpul=["rt/I1", "rt/I2"], tahan=False)])
    h = h.set_index(["simpul", "provinsi"])
    assert len(h) == len(acuan)
    for kunci, harap in acuan.iterrows():
        assert h.loc[kunci, "nilai"] == pytest.approx(100 * harap["nilai"], rel=1e-12), kunci
        assert h.loc[kunci, "se"] == pytest.approx(100 * harap["se"], rel=1e-10), kunci
    # suku garis memang berarti di sini
    assert (acuan["se"] / acuan["se_tetap"] - 1).abs().max() > 0.1


def test_sasaran_tanpa_garis_tidak_berubah():
    siap = siap_dengan()
    assert not siap.dasar("provinsi").garis[:, [k.startswith("ls") for k in siap.kerangka.pohon.indicators]].any()


def test_garis_terbalik_dan_syarat_lain(acuan):
    # 60 persen teratas: perubahan garis berlawanan arah; 'dan' dengan syarat yang selalu benar tidak mengubah apa pun
    biasa = siap_dengan().hitung("provinsi", simpul=["rt/I1"], tahan=False)
    sama = siap_dengan("BELANJA <= kuantil(BELANJA, persen) dan UMUR > 0").hitung(
        "provinsi", simpul=["rt/I1"], tahan=False
    )
    pd.testing.assert_frame_equal(biasa, sama)
    # Pita yang sama, dari sisi lain garis: yang masuk ke bawah keluar dari atas, jadi skornya bertanda terbalik.
    atas = siap_dengan("BELANJA > kuantil(BELANJA, persen)")
    d = pd.read_csv(ACUAN / "sampel.csv").sort_values("x", kind="stable")
    bagian = (d["w"].cumsum() / d["w"].sum()).to_numpy()
    q0, q, q1 = (d["x"].to_numpy()[np.flatnonzero(bagian >= p)[0]] for p in (0.35, 0.40, 0.45))
    pita, anggota = d[d["x"].gt(q0) & d["x"].le(q1)], d[d["x"] > q]
    rerata = np.average(anggota["z1"], weights=anggota["w"])
    harap = (pita["w"] * (pita["z1"] - rerata)).sum() / (anggota["w"].sum() * pita["w"].sum())
    i = atas.kerangka.pohon.indicators.index("rt/I1")
    assert atas.dasar().garis[0, i] == pytest.approx(harap, rel=1e-10)
    psu = d.assign(t=d["w"] * (d["w"][d["x"] <= q].sum() / d["w"].sum() - (d["x"] <= q))).groupby("psu")["t"].sum()
    np.testing.assert_allclose(skor_garis(atas.sel)["rt"], psu, atol=1e-9)
    dua = siap_dengan("BELANJA <= kuantil(BELANJA, 40) dan BELANJA > kuantil(BELANJA, 5)")
    assert any("lebih dari satu kuantil" in k for k in dua.keterangan)


def test_ulangan_membawa_suku_yang_sama():
    """Simpangan ulangan Rao-Wu harus sama dengan galat baku linearisasi, dalam galat Monte Carlo-nya."""
    siap = siap_dengan()
    for tingkat in ("nasional", "provinsi"):
        ulangan = siap.ulangan(tingkat, 2000, benih=3)
        ragam = replicate_variance(ulangan, rao_wu(siap.sel.design, 2000, seed=3))
        dasar = siap.dasar(tingkat)
        nisbah = np.sqrt(ragam) / np.sqrt(np.einsum("dii->di", dasar.kovarian))
        rt = [i for i, k in enumerate(siap.kerangka.pohon.indicators) if k in ("rt/I1", "rt/I2")]
        np.testing.assert_allclose(nisbah[:, rt], 1, atol=0.08)


def test_kuantil_di_dan_geser():
    u = urai("ada_ruta(X <= kuantil(X, 40)) dan Y di [1, 2] atau X > kuantil(X, 40)")
    assert len(kuantil_di(u)) == 1 and kuantil_di(urai("X di [1..3]")) == []
    isi = {"X": np.arange(1, 11)}
    for geser, anggota in ((0, 4), (10, 5), (-20, 2)):
        p = Penilai(isi, bobot=np.ones(10), geser_kuantil=geser)
        assert p.nilai(urai("X <= kuantil(X, 40)")).pasti().sum() == anggota
