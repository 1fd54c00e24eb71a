"""Enam tugas pendatang: masing-masing dua berkas, dan yang lupa ditulis disebut dalam satu kalimat.

| tugas | berkas |
|---|---|
| kepala kolom | ``teks/<notebook>.yml`` (atau ``teks/kolom.yml``), notebook (``make refresh``) |
| tabel, gambar | sel notebook, ``teks/<notebook>.yml`` |
| notebook | ``notebooks/<nama>.ipynb``, ``teks/<nama>.yml`` |
| indikator | ``ikesos_kerangka.csv``, kodebuku |
| agregasi | ``indextree/aggregation.py``, ``tests/indextree/test_tree_aggregation.py`` |
"""

import copy
import runpy

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from indextree import MEANS, Tree, compute, contributions
from indextree.aggregation import QuasiArithmetic, register
from indextree.errors import ParameterError
from kinerja import paths
from kinerja.buku import Buku
from kinerja.errors import GalatParameter
from kinerja.ikesos import Kerangka
from kinerja.mikro import kodebuku_bagi
from test_isi_notebook import satu_bahasa

FRAME = pd.DataFrame({"nama": ["a", "b"], "n": [3, 4]})
ENTRI = {
    "tabel": {"id": "Banyak orang", "en": "People"},
    "jawab": {"id": "Ada {0.n}.", "en": "There are {0.n}."},
    "dari": ["dtks"],
    "kolom": {"nama": {"id": "Nama", "en": "Name"}, "n": {"id": "Banyak", "en": "Count", "satuan": "orang"}},
}


@pytest.fixture
def buku(d2020):
    """Buku sebuah notebook laporan; teksnya boleh diubah."""
    buku = Buku("ss3_dtks", tahun=2020, bahasa="id", data=d2020)
    buku.teks = copy.deepcopy(buku.teks)
    return buku


def test_kepala_kolom(buku):
    """Lupa menyegarkan: nbval menyebut tabel, kepala lama, dan kepala baru."""
    buku.teks["jawab"]["baru"] = entri = copy.deepcopy(ENTRI)
    lama = buku.build("baru", FRAME).tabel.to_text()
    entri["kolom"]["n"]["id"] = "Jumlah"
    baru = buku.build("baru", FRAME).tabel.to_text()
    differences = runpy.run_path(str(paths.notebooks() / "conftest.py"))["differences"]
    (kalimat,) = differences([lama], [baru])
    assert "Banyak orang" in kalimat and "Banyak -> Jumlah" in kalimat


def test_kolom_dari_kamus(buku):
    """Yang ada di kamus cukup disebut; kunci sendiri didahulukan, kepala sendiri berdiri sendiri, yang asing disebut."""
    frame = FRAME.rename(columns={"nama": "nama_program"})
    buku.teks["jawab"]["baru"] = entri = ENTRI | {"kolom": ["nama_program", "n"]}
    assert "Responden" in buku.build("baru", frame).tabel.to_text()
    entri["kolom"] = {"nama_program": None, "n": {"keadaan": "diturunkan"}}
    assert "Responden" in buku.build("baru", frame).tabel.to_text()
    assert [x.keadaan for x in buku.build("baru", frame).tabel.kolom] == [None, "diturunkan"]
    entri["kolom"] = {"nama_program": {"id": "Siapa", "en": "Who"}, "n": {"id": "Banyak", "en": "Count"}}
    assert [x.satuan for x in buku.build("baru", frame).tabel.kolom] == [None, None]
    entri["kolom"] = {"nama_program": None, "kucing": {"satuan": "orang"}}
    kalimat = r"ss3_dtks\.yml, jawab 'baru': kolom 'kucing' belum punya kepala; tulis 'kucing: \{id: .*teks/kolom\.yml"
    with pytest.raises(GalatParameter, match=kalimat):
        buku.build("baru", frame.assign(kucing=1))
    entri |= {"kolom": ["nama_program", "n"], "jabaran": {"realisasi": None, "n": None}}
    with pytest.raises(GalatParameter, match=r"jabaran n kosong dan tidak ada di teks/kolom\.yml"):
        buku.build("baru", frame)


def test_tabel(buku):
    with pytest.raises(
        GalatParameter, match=r"tidak punya jawab 'baru'.*Tulis di bawah jawab: pada teks/ss3_dtks\.yml"
    ):
        buku.build("baru", FRAME)
    buku.teks["jawab"]["baru"] = ENTRI
    assert "Banyak" in buku.build("baru", FRAME).tabel.to_text()


def test_gambar(buku):
    """Sel dan entrinya cukup; judul yang hanya ditulis dalam satu bahasa disebut letaknya."""
    ax = Figure(layout="constrained").subplots()
    ax.bar(FRAME["nama"], FRAME["n"])
    buku.teks["jawab"]["baru"] = ENTRI | {"gambar": {"id": "b terbanyak"}}
    assert buku.build("baru", FRAME, ax).kalimat["alt"].startswith("b terbanyak. ")
    assert list(satu_bahasa(buku.teks["jawab"]["baru"])) == ["/gambar"]


def test_notebook(d2020, monkeypatch, tmp_path):
    (tmp_path / "baru.ipynb").touch()
    monkeypatch.setattr(paths, "notebooks", lambda: tmp_path)
    with pytest.raises(GalatParameter, match=r"'baru' belum punya berkas teks; tulis lib/kinerja/teks/baru\.yml"):
        Buku("baru", tahun=2020, bahasa="id", data=d2020)


def test_indikator(d2020):
    kodebuku = kodebuku_bagi(tahun=2020)
    kerangka, simpul, sasaran = (d2020[x] for x in ("ikesos_kerangka", "ikesos_simpul", "ikesos_sasaran"))
    baru = kerangka.iloc[-1:].assign(kode="XX9", nama="Indikator baru")
    hasil = Kerangka.susun(pd.concat([kerangka, baru], ignore_index=True), simpul, sasaran, kodebuku).indikator
    assert (hasil.query("indikator == 'XX9'")["butir"] == "").all()  # tidak tersedia: kodebuku tidak punya definisinya
    with pytest.raises(
        GalatParameter, match=r"di luar kerangka: .*tulis barisnya di data/raw/acuan/ikesos_kerangka\.csv"
    ):
        Kerangka.susun(kerangka.iloc[:-1], simpul, sasaran, kodebuku)


def test_agregasi():
    """Satu kelas memberi nilai, sumbangan tepat, dan pilihan; tanpa nama ditolak dengan kalimat."""

    class Quadratic(QuasiArithmetic):
        code = "quadratic"

        def phi(self, x):
            return x * x

        def inverse(self, s):
            return np.sqrt(s)

        def divided(self, a, b):
            return a + b

    with pytest.raises(ParameterError, match=r"'quadratic' belum bernama: tulis name = .* di kelas Quadratic"):
        register(Quadratic)
    Quadratic.name = {"id": "Rata-rata kuadrat", "en": "Quadratic mean"}
    register(Quadratic)
    try:
        nodes = pd.DataFrame({"code": ["x", "y", "I"], "parent": ["I", "I", None], "weight": [1, 3, None]})
        tree = Tree.from_table(nodes, aggregation="quadratic")
        a, b = (pd.DataFrame([v], index=["u"], columns=["x", "y"], dtype=float) for v in ([1, 7], [7, 1]))
        assert compute(a, tree).at["u", "I"] == pytest.approx(37**0.5)  # (1 + 3 x 49)/4
        parts = contributions(a, b, tree).loc["u"]
        assert parts["x"] + parts["y"] == pytest.approx(13**0.5 - 37**0.5)  # (49 + 3)/4 = 13
    finally:
        del MEANS["quadratic"]
