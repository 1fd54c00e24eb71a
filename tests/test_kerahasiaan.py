"""Kerahasiaan: sel kecil ditahan, tidak dapat dihitung balik, dan data mikro tidak pernah ikut terbit."""

import shutil
import subprocess
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinerja import cli, paths
from kinerja.buku import Buku
from kinerja.errors import GalatHitung, GalatKinerja, GalatParameter
from kinerja.ikesos.siap import N_MINIMUM
from kinerja.kerahasiaan import amankan, periksa_kolom, tahan_sel, tahan_tabel, terbuka

MINIMUM = 3

# Tabel 2 x 3 bertepi: sel 0-5 isi, 6-7 jumlah baris, 8-10 jumlah lajur, 11 jumlah seluruhnya.
TABEL = [(6, (0, 1, 2)), (7, (3, 4, 5)), (8, (0, 3)), (9, (1, 4)), (10, (2, 5)), (11, (6, 7)), (11, (8, 9, 10))]


def bertepi(isi):
    isi = np.asarray(isi).reshape(-1, 2, 3)
    tepi = [isi.reshape(-1, 6), isi.sum(2), isi.sum(1), isi.sum((1, 2))[:, None]]
    return np.concatenate(tepi, axis=1)


@pytest.fixture(scope="module")
def semua_tabel():
    """Setiap tabel 2 x 3 dengan isi 0 sampai 6: ruang yang ditelusuri penyerang."""
    return bertepi(np.array(list(product(range(7), repeat=6)), dtype=np.int16))


@settings(max_examples=60, deadline=None)
@given(isi=st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_penelusuran_habis_tidak_menemukan_nilai_sel_tertahan(semua_tabel, isi):
    n = bertepi(isi)[0]
    ditahan = tahan_sel(n, TABEL, MINIMUM)
    assert ditahan[(n > 0) & (n < MINIMUM)].all()
    cocok = semua_tabel[(semua_tabel[:, ~ditahan] == n[~ditahan]).all(axis=1)]
    for sel in np.flatnonzero(ditahan):
        assert len(np.unique(cocok[:, sel])) > 1, (n, ditahan, sel)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_pohon_wilayah_tidak_terbuka_lewat_jumlah(data):
    banyak = data.draw(st.lists(st.integers(1, 4), min_size=1, max_size=4))
    daun = data.draw(st.lists(st.integers(0, 90), min_size=sum(banyak), max_size=sum(banyak)))
    n, persamaan, letak = [0], [], 1
    for k in banyak:
        n.append(sum(daun[:k]))
        persamaan.append((letak, tuple(range(letak + 1, letak + 1 + k))))
        n += daun[:k]
        daun, letak = daun[k:], letak + 1 + k
    persamaan.append((0, tuple(j for j, _ in persamaan)))
    n[0] = sum(n[j] for j in persamaan[-1][1])
    ditahan = tahan_sel(n, persamaan, 30)
    assert not terbuka(ditahan, persamaan).any()
    for jumlah, bagian in persamaan:
        rahasia = [b for b in bagian if ditahan[b]]
        if rahasia and not ditahan[jumlah]:
            assert len(rahasia) >= 2 and sum(n[b] for b in rahasia) >= 30


def test_hitung_tangan_pelengkap():
    # 100 = 5 + 40 + 55: tanpa pelengkap, 5 = 100 - 40 - 55
    assert terbuka([False, True, False, False], [(0, (1, 2, 3))]).tolist() == [False, True, False, False]
    assert tahan_sel([100, 5, 40, 55], [(0, (1, 2, 3))], 30).tolist() == [False, True, True, False]
    # dua sel kecil berjumlah 9: sisanya sendiri kecil, maka 40 ikut
    assert tahan_sel([104, 4, 5, 40, 55], [(0, (1, 2, 3, 4))], 30).tolist() == [False, True, True, True, False]
    # satu-satunya isi sebuah jumlah: jumlahnya ikut ditahan
    assert tahan_sel([5, 5, 0], [(0, (1, 2))], 30).tolist() == [True, True, False]
    assert not tahan_sel([100, 0, 45, 55], [(0, (1, 2, 3))], 30).any()


def test_gabungan_dua_persamaan_ditemukan():
    # sel 2 tertahan bersama 1, dan 2 juga bersama 3; tetapi 1 + 3 terbit sebagai jumlah lain dari keduanya dan 2
    persamaan = [(0, (1, 2)), (4, (2, 3)), (5, (1, 2, 3))]
    assert terbuka([False, True, True, True, False, False], persamaan).tolist() == [
        False,
        True,
        True,
        True,
        False,
        False,
    ]


def test_masukan_salah():
    with pytest.raises(GalatParameter):
        tahan_sel([1], [], 0)
    with pytest.raises(GalatParameter):
        tahan_sel([-1], [], 30)


def bingkai(**isi):
    tabel = pd.DataFrame(isi)
    return tabel.assign(simpul=tabel.get("simpul", "IKESOS"), nilai=50.0, se=1.0, tanda="", keadaan="sintetis")


def test_tabel_bertingkat_ditahan_bersama():
    tabel = {
        "nasional": bingkai(n=[300]),
        "provinsi": bingkai(provinsi=[11, 12], n=[140, 160]),
        "kabkota": bingkai(kabkota=[1101, 1102, 1103, 1201, 1202], n=[10, 60, 70, 80, 80]),
        "kelamin": bingkai(kelamin=[1, 2], n=[120, 180]),
        "sandaran": pd.DataFrame({"kode": ["A"]}),
    }
    hasil = tahan_tabel(tabel)
    kab = hasil["kabkota"]
    assert kab["tanda"].tolist() == ["ditahan", "ditahan", "", "", ""]
    assert kab["n"].isna().tolist() == [True, True, False, False, False]
    assert kab.loc[[0, 1], ["nilai", "se"]].isna().all(axis=None) and kab.loc[2:, "nilai"].notna().all()
    for nama in ("nasional", "provinsi", "kelamin", "sandaran"):
        assert hasil[nama].notna().all(axis=None)
    assert tabel["kabkota"]["n"].tolist() == [10, 60, 70, 80, 80]


def test_silang_dua_wilayah():
    silang = bingkai(provinsi=[11, 11, 12, 12], kelamin=[1, 2, 1, 2], n=[5, 95, 100, 100])
    tepi = {"provinsi": bingkai(provinsi=[11, 12], n=[100, 200]), "kelamin": bingkai(kelamin=[1, 2], n=[105, 195])}
    # satu sel kecil di tabel 2 x 2 bertepi menahan keempat isinya
    assert tahan_tabel({"silang": silang, **tepi})["silang"]["tanda"].tolist() == ["ditahan"] * 4


def test_sel_ganda_ditolak():
    with pytest.raises(GalatHitung, match="lebih dari sekali"):
        tahan_tabel({"provinsi": bingkai(provinsi=[11, 11], n=[40, 50])})


@pytest.mark.parametrize("kolom", ["NIK", "RENUM", "PSU", "nama_krt", "No KK"])
def test_kolom_pengenal_ditolak(kolom):
    with pytest.raises(GalatKinerja, match="menunjuk orang"):
        periksa_kolom(["provinsi", kolom])
    with pytest.raises(GalatKinerja, match="menunjuk orang"):
        amankan(pd.DataFrame({kolom: [1]}))


def test_pengenal_tambahan_dari_kodebuku():
    periksa_kolom(["KLASTER"])
    with pytest.raises(GalatKinerja, match="'KLASTER'"):
        periksa_kolom(["KLASTER"], ["klaster"])


def test_amankan_menahan_sel_kecil_dan_membiarkan_yang_lain():
    hasil = amankan(bingkai(provinsi=[11, 12], n=[29, 30]))
    assert hasil["n"].isna().tolist() == [True, False] and hasil["nilai"].isna().tolist() == [True, False]
    biasa = pd.DataFrame({"n": [3], "nama": ["bukan hasil survei"]})
    assert amankan(biasa) is biasa


def test_berkas_laporan_melewati_kerahasiaan(d2020, tmp_path, monkeypatch):
    monkeypatch.setenv("KINERJA_KELUARAN", str(tmp_path))
    buku = Buku("ringkasan", tahun=2020, bahasa="id", data=d2020)
    buku.file("ikesos", bingkai(provinsi=[11, 12], n=[7, 60]))
    tulisan = pd.read_csv(tmp_path / "tabel" / "ikesos.csv")
    assert tulisan["n"].isna().tolist() == [True, False] and pd.isna(tulisan["nilai"][0])
    with pytest.raises(GalatKinerja, match="NIK"):
        buku.file("orang", pd.DataFrame({"NIK": ["1"]}))
    assert not (tmp_path / "tabel" / "orang.csv").exists()


def test_kinerja_ikesos_menulis_tanpa_sel_kecil(tmp_path, capsys):
    with pytest.raises(SystemExit) as henti:
        cli.main(["ikesos", "--out", str(tmp_path / "hasil")])
    assert henti.value.code == 0, capsys.readouterr().err
    tabel = {k: pd.read_csv(tmp_path / "hasil" / f"ikesos-{k}.csv") for k in ("nasional", "provinsi", "kabkota")}
    for nama, isi in tabel.items():
        assert not ((isi["n"] > 0) & (isi["n"] < N_MINIMUM)).any(), nama
        assert isi.loc[isi["n"].isna(), ["nilai", "se", "bawah", "atas", "df"]].isna().all(axis=None)
    # setiap provinsi: sisa sesudah mengurangkan kabupaten terbit bukan satu sel dan bukan kelompok kecil
    kab = tabel["kabkota"].assign(provinsi=lambda f: f["kabkota"] // 100)
    terbit = kab.groupby(["provinsi", "simpul"])["n"].agg(["sum", lambda s: s.isna().sum()])
    terbit.columns = ["terbit", "tertahan"]
    prov = tabel["provinsi"].set_index(["provinsi", "simpul"])["n"].dropna()
    sisa = terbit.loc[prov.index].assign(sisa=lambda f: prov - f["terbit"])
    assert len(sisa[sisa["tertahan"] > 0]) > 1000
    assert (sisa.loc[sisa["tertahan"] > 0, "sisa"] >= N_MINIMUM).all() and not (sisa["tertahan"] == 1).any()
    assert not any(b.suffix in (".parquet", ".dta", ".sav") for b in (tmp_path / "hasil").iterdir())


@pytest.mark.skipif(shutil.which("git") is None, reason="git tidak ada di komputer ini")
def test_data_mikro_diabaikan_git():
    akar = paths.root()
    if not (akar / ".git").exists():
        pytest.skip("bukan klon git")
    nama = [
        "a.dta",
        "b.sav",
        "data/raw/2020/susenas.parquet",
        "kor.zsav",
        "mikro/kor19ind.csv",
        "reports/x.dta",
        "c.sas7bdat",
    ]
    abai = subprocess.run(["git", "check-ignore", *nama], cwd=akar, capture_output=True, text=True)
    assert abai.stdout.split() == nama
    terlacak = subprocess.run(["git", "ls-files"], cwd=akar, capture_output=True, text=True, check=True).stdout.split()
    assert not [b for b in terlacak if b.lower().endswith((".dta", ".sav", ".zsav", ".parquet", ".pq", ".sas7bdat"))]
