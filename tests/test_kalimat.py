"""Kalimat yang membaca bingkai: isian, satuan, pilihan tampilan, syarat, dan galatnya."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.kalimat import Bingkai, Penulis, bold, number

ISI = pd.DataFrame(
    {"nama": ["Graduasi alamiah", "x"], "kpm": [838859, 27_550_000], "persen": [29.583, None], "bulan": [9, 3]},
    index=["alamiah", "semua"],
)
ISI.attrs["satuan"] = {"kpm": "kpm", "persen": "persen"}


def penulis(**nilai):
    return Penulis({"": Bingkai(ISI), "lain": Bingkai(ISI.iloc[:0])}, {"tahun": 2020, **nilai})


@pytest.mark.parametrize(
    ("pola", "id_", "en"),
    [
        ("{alamiah.kpm}", "838.859 KPM", "838,859 beneficiary families"),
        ("{semua.kpm}", "27,55 juta KPM", "27.55 million beneficiary families"),
        ("{akhir.kpm:penuh}", "27.550.000 KPM", "27,550,000 beneficiary families"),
        ("{alamiah.persen}", "29,6 persen", "29.6%"),
        ("{alamiah.persen:penuh}", "29,58 persen", "29.58%"),
        ("{alamiah.persen:+,2}", "+29,58 persen", "+29.58%"),
        ("{alamiah.persen:tanpa,1}", "29,6", "29.6"),
        ("{semua.persen}", "tidak tersedia", "not available"),
        ("{alamiah.nama}", "Graduasi alamiah", "Natural graduation"),
        ("{awal.bulan}", "September", "September"),
        ("{tahun}", "2020", "2020"),
    ],
)
def test_isian(pola, id_, en):
    for bahasa, harus in (("id", id_), ("en", en)):
        with fmt.using(bahasa):
            assert penulis().say(pola) == harus


@pytest.mark.parametrize(
    ("nilai", "satuan", "harus"),
    [
        (3_864_545_000_000, "rupiah", "Rp3,86 triliun"),
        (250_000, "rupiah", "Rp250.000"),
        (10_000_000, "kpm", "10 juta KPM"),
        (999_999, "orang", "999.999 orang"),
        (38.41, "indeks_100", "38,41"),
        (41.0, "indeks_100", "41"),
        (2.765, "poin_persen", "2,77 persen poin"),
        (15, "bulan", "15 bulan"),
        (93.6829, "persen_capaian", "93,7 persen"),
    ],
)
def test_bilangan_menurut_satuannya(nilai, satuan, harus):
    with fmt.using("id"):
        assert number(nilai, satuan) == harus


@given(st.integers(1_000_000, 10**15))
def test_bilangan_berskala_tidak_menyimpang_lebih_dari_setengah_desimalnya(n):
    with fmt.using("id"):
        angka, skala = number(n, "orang", {"tanpa"}), fmt.scale_of(n)
    besar = float(angka.split()[0].replace(".", "").replace(",", "."))
    assert abs(besar * {"juta": 1e6, "miliar": 1e9, "triliun": 1e12}[skala] - n) <= 0.0050001 * 10 ** {
        "juta": 6, "miliar": 9, "triliun": 12
    }[skala] + 1e-3  # fmt: skip


def test_pilihan_pertama_yang_syaratnya_terpenuhi():
    kalimat = [
        {"bila": "{alamiah.persen} > 50", "id": "lebih dari separuh", "en": "a"},
        {"bila": ["{alamiah.persen} < 50", "{tahun} = 2020"], "id": "kurang", "en": "b"},
        {"id": "lain", "en": "c"},
    ]
    with fmt.using("id"):
        assert penulis().say(kalimat) == "kurang"
        assert penulis(tahun=2021).say(kalimat) == "lain"
        assert penulis().say(kalimat[:1]) == ""


def test_syarat_atas_angka_kosong_atau_bingkai_kosong_tidak_terpenuhi():
    with fmt.using("id"):
        for syarat in ("{semua.persen} < 50", "{semua.persen} >= 50", "{lain:awal.kpm} > 0"):
            assert penulis().say([{"bila": syarat, "id": "ya", "en": "y"}, {"id": "tidak", "en": "n"}]) == "tidak"


@pytest.mark.parametrize(
    ("pola", "pesan"),
    [
        ("{alamiah.kpmm}", "kolom 'kpmm' tidak ada; yang ada: nama, kpm, persen, bulan"),
        ("{almiah.kpm}", "baris 'almiah' tidak ada; yang ada: alamiah, semua"),
        ("{x:alamiah.kpm}", "bingkai 'x' tidak diberikan; yang ada: lain"),
        ("{kpm}", "bukan {baris.kolom}"),
        ("{alamiah.kpm:besar}", "pilihan besar tidak ada"),
    ],
)
def test_isian_yang_salah_menyebut_yang_ada(pola, pesan):
    with fmt.using("id"), pytest.raises(GalatParameter) as galat:
        penulis().say(pola)
    assert pesan in str(galat.value)


def test_pecahan_tanpa_satuan_ditolak():
    with pytest.raises(GalatParameter, match="pecahan tetapi tidak punya satuan"):
        Penulis({"": Bingkai(pd.DataFrame({"x": [1.5]}))}, {}).say("{awal.x}")


def test_isian_diloloskan_sebelum_ditebalkan():
    isi = pd.DataFrame({"nama": ["<b>**x**"]})
    with fmt.using("id"):
        teks = Penulis({"": Bingkai(isi)}, {}).say("**{0.nama}**", lambda x: x.replace("<", "&lt;"))
    assert "<b>" not in bold(teks)
