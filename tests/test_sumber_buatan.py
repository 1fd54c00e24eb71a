"""Angka sintetis tidak pernah menyebut penerbit nyata sebagai sumbernya, dan selalu bercap."""

import pandas as pd
import pytest

from kinerja import fmt
from kinerja.buku import Buku
from kinerja.figures import canvas
from kinerja.kolom import SUMBER_BUATAN


@pytest.fixture
def buku(d2020, monkeypatch):
    buku = Buku("jelajah_ikesos", tahun=2020, bahasa="id", data=d2020)
    spec = {"tabel": {"id": "Coba", "en": "Try"}, "dari": ["provinsi"], "kolom": {"nama": {"id": "Nama", "en": "Name"}}}
    spec["kolom"]["n"] = {"id": "Banyak", "en": "Count", "satuan": "orang"}
    monkeypatch.setitem(buku.teks, "jawab", {"coba": spec})
    return buku


@pytest.mark.parametrize("bahasa", ["id", "en"])
@pytest.mark.parametrize("n", [[1, 2], [None, None]])
def test_baris_sumber_dan_cap(buku, bahasa, n):
    frame = pd.DataFrame({"nama": ["a", "b"], "n": pd.array(n, "Int64"), "keadaan": "sintetis"})
    with fmt.using(bahasa):
        fig, ax = canvas()
        ax.plot([1, 2])
        buku.answer("coba", frame, ax)
        cap = fmt.pick({"id": "SINTETIS", "en": "SYNTHETIC"})
    assert buku.jawab["coba"].tabel.sumber == SUMBER_BUATAN[bahasa]
    assert cap in [x.get_text() for x in fig.findobj(lambda a: hasattr(a, "get_text"))]


def test_angka_lain_tetap_menyebut_sumbernya(buku):
    with fmt.using("id"):
        buku.answer("coba", pd.DataFrame({"nama": ["a"], "n": [1]}))
    assert buku.jawab["coba"].tabel.sumber.startswith("Sumber: ")
    assert SUMBER_BUATAN["id"] not in buku.jawab["coba"].tabel.sumber
