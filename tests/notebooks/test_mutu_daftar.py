"""Mutu daftar: jawaban notebook terhadap cacat yang ditanam pembuat daftar, dan daftar milik pemakai."""

import pandas as pd
import pytest

from kinerja import fmt
from kinerja.daftar import buatan, mutu
from kinerja.daftar.mutu import Acuan
from kinerja.kolom import SUMBER_BUATAN
from notebook_di_proses import run


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


@pytest.fixture(scope="module")
def a(d2020):
    return Acuan.of(d2020)


@pytest.fixture(scope="module")
def ditanam(a, tmp_path_factory):
    """Cacat menurut pembuatnya, tidak dibaca kembali dari berkas."""
    folder = tmp_path_factory.mktemp("tanam") / "isi"
    isi = buatan.buat(folder, buatan.susun_rencana(mutu.BARIS, a.provinsi, a.kabkota))
    return isi.groupby(["daftar", "ukuran"])[["n", "rupiah"]].sum(min_count=1)


def test_temuan_sama_dengan_yang_ditanam(ditanam):
    jawab = run("mutu_daftar").jawab
    bayar, induk = (jawab[k].frame for k in ("bayar", "induk"))
    for ukuran in ("ganda", "rangkap", "mengendap", "lebih"):
        assert bayar.loc[ukuran, "n"] == ditanam.loc[("pembayaran", ukuran), "n"], ukuran
    assert bayar.loc["mengendap", "rupiah"] == ditanam.loc[("pembayaran", "mengendap"), "rupiah"]
    for ukuran in ("nik_kosong", "nik_tanggal", "ganda"):
        assert induk.loc[ukuran, "n"] == ditanam.loc[("dtks", ukuran), "n"], ukuran
    baris = ditanam.loc[("pembayaran", "baris"), "n"]
    assert bayar.loc["ganda", "persen"] == pytest.approx(100 * bayar.loc["ganda", "n"] / baris)


@pytest.mark.parametrize("bahasa_halaman", ["id", "en"])
def test_tanpa_nama_program(d2020, bahasa_halaman):
    terlihat = run("mutu_daftar", bahasa_halaman)
    assert {x.tabel.sumber for x in terlihat.jawab.values()} == {SUMBER_BUATAN[bahasa_halaman]}
    label = {x for t in terlihat.jawab.values() if "nama_program" in t.frame for x in t.frame["nama_program"]}
    kata = {"id": "Program", "en": "Programme"}[bahasa_halaman]
    assert label == {f"{kata} {x}" for x in "ABCDEF"}
    teks = " ".join(map(str, terlihat.html))
    assert [x for x in d2020["pen_program"]["nama"] if x in teks] == []


def test_daftar_milik_pemakai(a, tmp_path):
    asal, milik = tmp_path / "asal", tmp_path / "milik"
    buatan.buat(asal, buatan.susun_rencana(30_000, a.provinsi, a.kabkota))
    for berkas in asal.rglob("*.parquet"):
        tujuan = milik / berkas.relative_to(asal)
        tujuan.parent.mkdir(parents=True, exist_ok=True)
        isi = pd.read_parquet(berkas)
        isi.drop(columns=[k for k in isi if k.upper().startswith("SINTETIS")]).to_parquet(tujuan)
    terlihat = run("mutu_daftar", daftar=str(milik))
    assert "PKH" in set(terlihat.jawab["program"].frame["nama_program"])
    assert SUMBER_BUATAN["id"] not in {x.tabel.sumber for x in terlihat.jawab.values()}
    assert "buatan" not in " ".join(terlihat.ringkas.butir)
    assert not terlihat.jawab["program_rinci"].frame["n"].between(1, 29).any()
