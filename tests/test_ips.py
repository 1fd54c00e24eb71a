"""IPS dan kelas: kasus hitungan tangan, celah kelas, dan sifat yang harus selalu berlaku."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja import kelas, layanan
from kinerja.data import Data
from kinerja.errors import GalatHitung

BATAS_IPS = pd.DataFrame(
    {
        "kode": ["A", "B", "C", "D", "E"],
        "bawah": [0.8401, 0.6801, 0.5201, 0.3601, 0.20],
        "atas": [1, 0.84, 0.68, 0.52, 0.36],
    }
)
BATAS_IKESOS = pd.DataFrame({"kode": ["rendah", "sedang", "tinggi"], "bawah": [0, 34, 66], "atas": [33, 65, 100]})
BAGIAN = st.floats(0, 1)


def test_score_by_hand():
    # rata-rata DoS (0,6 + 0,8) / 2 = 0,7; rata-rata EP (0,5 + 0,9 + 0,7) / 3 = 0,7; 0,7 x 0,5 + 0,7 x 0,5
    assert layanan.ips([0.6, 0.8], [0.5, 0.9, 0.7]) == pytest.approx(0.7, abs=1e-12)
    # 0,9 x 0,5 + 0,4 x 0,5 = 0,65
    assert layanan.ips([0.9], [0.4]) == pytest.approx(0.65, abs=1e-12)
    # bobot 0,25 dan 0,75: 0,9 x 0,25 + 0,4 x 0,75 = 0,525
    assert layanan.ips([0.9], [0.4], bobot_dos=0.25, bobot_ep=0.75) == pytest.approx(0.525, abs=1e-12)


def test_missing_answers_leave_only_their_own_dimension():
    # DoS tinggal 0,8; EP (0,4 + 0,6) / 2 = 0,5; jadi 0,65
    assert layanan.ips([math.nan, 0.8], [0.4, 0.6]) == pytest.approx(0.65, abs=1e-12)


@pytest.mark.parametrize(
    ("dos", "ep", "bobot", "kata"),
    [
        ([1.2], [0.5], {}, "0 sampai 1"),
        ([0.5], [-0.1], {}, "0 sampai 1"),
        ([], [0.5], {}, "Tidak ada jawaban DoS"),
        ([0.5], [math.nan], {}, "Tidak ada jawaban EP"),
        ([0.5], [0.5], {"bobot_dos": 0.6}, "berjumlah 1"),
        ([0.5], [0.5], {"bobot_dos": 1.5, "bobot_ep": -0.5}, "berjumlah 1"),
    ],
)
def test_score_refuses(dos, ep, bobot, kata):
    with pytest.raises(GalatHitung, match=kata):
        layanan.ips(dos, ep, **bobot)


@given(st.lists(BAGIAN, min_size=1, max_size=8), st.lists(BAGIAN, min_size=1, max_size=8))
def test_score_lies_between_the_smallest_and_largest_answer(dos, ep):
    nilai = layanan.ips(dos, ep)
    assert min(dos + ep) - 1e-9 <= nilai <= max(dos + ep) + 1e-9


@given(st.lists(BAGIAN, min_size=1, max_size=8), st.lists(BAGIAN, min_size=1, max_size=8))
def test_score_is_symmetric_at_equal_weights(dos, ep):
    assert layanan.ips(dos, ep) == pytest.approx(layanan.ips(ep, dos), abs=1e-12)


@pytest.mark.parametrize(
    ("nilai", "kode"),
    [
        (0.684, "B"),  # nilai yang dicetak laporan, dicetak berkategori Tinggi
        (1, "A"),
        (0.8401, "A"),
        (0.84, "B"),
        (0.84004, "B"),  # celah 0,84 - 0,8401: dibulatkan ke 0,8400
        (0.84005, "A"),  # dan setengahnya menjauhi nol ke 0,8401
        (0.68, "C"),
        (0.68005, "B"),
        (0.52, "D"),
        (0.36, "E"),
        (0.20, "E"),
        (0.19995, "E"),
    ],
)
def test_classes_and_their_gaps(nilai, kode):
    assert kelas.classify(nilai, BATAS_IPS) == kode


@pytest.mark.parametrize("nilai", [0.1, 0.19994, 1.2])
def test_outside_every_class(nilai):
    with pytest.raises(GalatHitung, match="di luar kelas"):
        kelas.classify(nilai, BATAS_IPS)


@pytest.mark.parametrize("nilai", [None, math.nan, pd.NA])
def test_missing_value_has_no_class(nilai):
    assert kelas.classify(nilai, BATAS_IPS) is None


@pytest.mark.parametrize(
    ("nilai", "kode"),
    [
        (38.41, "sedang"),
        (0, "rendah"),
        (33, "rendah"),
        (33.49, "rendah"),
        (33.5, "sedang"),
        (65.49, "sedang"),
        (65.5, "tinggi"),
        (100, "tinggi"),
    ],
)
def test_ikesos_gaps_33_34_and_65_66(nilai, kode):
    assert kelas.classify(nilai, BATAS_IKESOS) == kode


@given(st.floats(0, 100), st.floats(0, 100))
def test_class_never_falls_when_the_value_rises(a, b):
    urut = list(BATAS_IKESOS["kode"])
    rendah, tinggi = sorted((a, b))
    assert urut.index(kelas.classify(rendah, BATAS_IKESOS)) <= urut.index(kelas.classify(tinggi, BATAS_IKESOS))


def test_class_bounds_must_join():
    bercelah = BATAS_IKESOS.assign(bawah=[0, 36, 66])
    with pytest.raises(GalatHitung, match="sedang mulai dari 36"):
        kelas.classify(50, bercelah)
    tumpang = BATAS_IKESOS.assign(bawah=[0, 33, 66])
    with pytest.raises(GalatHitung, match="sedang mulai dari 33"):
        kelas.classify(50, tumpang)


def test_precision_of_bounds():
    assert kelas.precision([0, 33, 34]) == 0
    assert kelas.precision([0.84, 0.8401, 1]) == 4


def test_printed_index_and_class(d2020):
    pita = layanan.ips_classes(d2020).set_index("kode")
    assert list(pita.index) == ["A", "B", "C", "D", "E"]
    # batas dicetak: A 0,8401-1; B 0,6801-0,84; C 0,5201-0,68; D 0,3601-0,52; E 0,20-0,36
    assert pita["bawah"].tolist() == BATAS_IPS["bawah"].tolist()
    assert pita["atas"].tolist() == BATAS_IPS["atas"].tolist()


def test_position_between_target_and_class(d2020):
    letak = layanan.ips_position(d2020)
    assert letak["nilai"].to_dict() == {"batas_kelas": 0.6801, "target": 0.682, "realisasi": 0.684, "target_akhir": 0.7}
    assert letak.at["realisasi", "sebutan"] == d2020.teks("ips/kategori") == "Tinggi"
    assert letak.attrs["ids"]["nilai"]["realisasi"] == "ips/nilai"


def test_position_without_a_value_has_no_class(d2020):
    isi = {nama: d2020[nama] for nama in ("ips", "iku", "pk_target", "renstra", "ips_kelas")}
    isi["ips"].loc[isi["ips"]["ukuran"] == "nilai", "nilai"] = float("nan")
    letak = layanan.ips_position(Data(2020, isi, d2020.satuan, d2020.sumber))
    assert "batas_kelas" not in letak.index and letak.at["realisasi", "nilai"] != letak.at["realisasi", "nilai"]
