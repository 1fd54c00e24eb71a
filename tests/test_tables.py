"""Tabel: tampilan, tanda keadaan, CSV tanpa pembulatan, dan pelolosan isi."""

import csv
import io
import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja import fmt
from kinerja.errors import GalatParameter
from kinerja.fmt import fill
from kinerja.kolom import Kolom
from kinerja.tables import Tabel


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


def tabel(frame, *kolom, **lain):
    return Tabel(nama="uji", judul="Judul uji", frame=pd.DataFrame(frame), kolom=kolom, **lain)


def baris_csv(t):
    return list(csv.DictReader(io.StringIO(t.to_csv())))


def test_angka_diformat_menurut_satuan_kolom_dan_satuan_ditulis_sekali():
    t = tabel(
        {"nama": ["SS1", "SS2"], "capaian": [93.68292683, 100.005], "pagu": [134171839274000, 62767643594000]},
        Kolom("nama", "Sasaran"),
        Kolom("capaian", "Capaian", satuan="persen_capaian", desimal=2),
        Kolom("pagu", "Pagu", satuan="rupiah", skala="triliun"),
    )
    isi = t.to_html(gaya=False)
    assert '<td class="tk-angka">93,68</td>' in isi
    assert '<td class="tk-angka">100,01</td>' in isi, "setengah dibulatkan menjauhi nol"
    assert '<td class="tk-angka">134,17</td>' in isi
    assert isi.count("triliun rupiah") == 1
    assert '<th scope="row">SS1</th>' in isi


def test_satuan_per_baris_ikut_pada_tiap_angka_kecuali_ada_kolom_satuan():
    isi = {"iku": ["a", "b"], "nilai": [21.1546, 35841.0], "u": ["persen", "orang"]}
    campuran = Kolom("nilai", "Realisasi", satuan="=u")
    assert [x.tampilan for x in tabel(isi, Kolom("iku", "IKU"), campuran).cells(campuran)] == ["21,15%", "35.841 orang"]
    berkolom = tabel(isi, Kolom("iku", "IKU"), campuran, Kolom("u", "Satuan", jenis="satuan"))
    assert [x.tampilan for x in berkolom.cells(campuran)] == ["21,15%", "35.841"]


def test_desimal_per_baris():
    kolom = Kolom("nilai", "Nilai", satuan="indeks", desimal="=d")
    t = tabel({"nilai": [0.684, 0.7], "d": [3, 1]}, kolom)
    assert [x.tampilan for x in t.cells(kolom)] == ["0,684", "0,7"]


def test_keadaan_dari_kolom_tabel_lalu_dari_baris_dan_kosong_selalu_tidak_tersedia():
    isi = {"a": [1.0, np.nan, 3.0], "b": [1, 2, 3], "keadaan": ["dikutip", "dikutip", "sintetis"]}
    a, b = Kolom("a", "A", satuan="orang"), Kolom("b", "B", satuan="orang", keadaan="diturunkan")
    t = tabel(isi, a, b)
    assert [x.keadaan for x in t.cells(a)] == ["dikutip", "tidak_tersedia", "sintetis"]
    assert {x.keadaan for x in t.cells(b)} == {"diturunkan"}
    assert t.counts() == {"dikutip": 1, "diturunkan": 3, "sintetis": 1, "tidak_tersedia": 1}


def test_tanda_seragam_ada_di_kepala_saja_dan_tanda_berbeda_di_sel():
    isi = {"a": [1, 2], "b": [1, 2], "k": ["dikutip", "diturunkan"]}
    t = tabel(
        isi,
        Kolom("a", "A", satuan="orang", keadaan="diturunkan"),
        Kolom("b", "B", satuan="orang", keadaan="=k"),
    )
    isi = t.to_html(gaya=False)
    tanda = '<sup title="dihitung">d</sup>'
    assert f">A{tanda}</th>" in isi and f">B{tanda}" not in isi
    assert isi.count(tanda) == 2, "satu di kepala A, satu di sel B"
    assert "ᵈ dihitung: dari angka di sumber." in t.notes()


def test_nilai_kosong_memakai_tanda_dan_dijelaskan():
    t = tabel({"a": [None]}, Kolom("a", "A", satuan="orang"))
    assert f'<td class="tk-angka tk-tidak-tersedia" title="tidak tersedia">{fmt.HILANG}</td>' in t.to_html()
    assert t.notes() == [f"{fmt.HILANG} tidak tersedia: tidak ada di sumber."]


def test_nilai_teks_menggantikan_angka_yang_kosong():
    kolom = Kolom("target", "Target", satuan="=u", teks="huruf")
    t = tabel({"target": [np.nan, 90.0], "u": ["teks", "persen"], "huruf": ["WTP", ""]}, kolom)
    assert [x.tampilan for x in t.cells(kolom)] == ["WTP", "90,00%"]


def test_isi_diloloskan():
    jahat = '<img src=x onerror="1">&'
    t = tabel({"n": [jahat]}, Kolom("n", jahat), catatan=[jahat], sumber=jahat)
    assert "<img" not in t.to_html()
    assert t.to_html(gaya=False).count("&lt;img src=x onerror=&#34;1&#34;&gt;&amp;") == 4


def test_html_dan_teks_tetap_pada_pemanggilan_kedua():
    t = tabel({"n": ["x"], "a": [1.5]}, Kolom("n", "N"), Kolom("a", "A", satuan="persen"))
    assert t.to_html() == t.to_html() and t.to_text() == t.to_text()
    assert t.to_text().splitlines() == [
        "Judul uji",
        "---------",
        "N       A",
        "   persen",
        "---------",
        "x    1,50",
        "---------",
    ]


def test_csv_tidak_dibulatkan_dan_membawa_satuan_keadaan_sumber():
    t = tabel(
        {"kode": ["IKU4"], "r": [35841 / 169423 * 100], "pagu": [134171839274000.0], "id": ["sdm/x"]},
        Kolom("kode", "IKU", label={"IKU4": "SDM bersertifikat"}),
        Kolom("r", "Realisasi", satuan="persen", keadaan="diturunkan"),
        Kolom("pagu", "Pagu", satuan="rupiah", skala="triliun"),
        sumber="Sumber: LKj",
    )
    assert baris_csv(t) == [
        {
            "kode": "IKU4",
            "kode_label": "SDM bersertifikat",
            "r": repr(35841 / 169423 * 100),
            "r_satuan": "persen",
            "r_keadaan": "diturunkan",
            "pagu": "134171839274000",
            "pagu_satuan": "rupiah",
            "pagu_keadaan": "dikutip",
            "id": "sdm/x",
            "sumber": "Sumber: LKj",
        }
    ]


@pytest.mark.parametrize("teks", ["=1+1", "+kata", "@SUM(A1)", "-cmd|x", "\tx"])
def test_csv_menetralkan_teks_mirip_rumus(teks):
    assert baris_csv(tabel({"n": [teks]}, Kolom("n", "N")))[0]["n"] == "'" + teks


@pytest.mark.parametrize("teks", ["-", "-0,10", "+1,46%", "biasa"])
def test_csv_membiarkan_tanda_dan_bilangan(teks):
    assert baris_csv(tabel({"n": [teks]}, Kolom("n", "N")))[0]["n"] == teks


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=5))
def test_csv_pulang_pergi_tanpa_kehilangan(nilai):
    t = tabel({"a": nilai}, Kolom("a", "A", satuan="poin"))
    for baris, harus in zip(baris_csv(t), nilai, strict=True):
        assert abs(float(baris["a"]) - harus) <= 4 * math.ulp(harus)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=20))
def test_html_hanya_memuat_unsur_milik_tabel(teks):
    isi = tabel({"n": [teks]}, Kolom("n", "N")).to_html(gaya=False)
    acuan = tabel({"n": ["x"]}, Kolom("n", "N")).to_html(gaya=False)
    assert isi.count("<") == acuan.count("<")


def test_kolom_tersembunyi_hanya_di_csv():
    t = tabel({"n": ["x"], "kode": ["k"]}, Kolom("n", "N"), Kolom("kode", "Kode", tampil=False))
    assert "kode" in baris_csv(t)[0] and "Kode" not in t.to_html() and "Kode" not in t.to_text()


def test_kepala_bersama():
    t = tabel(
        {"n": ["x"], "a": [1], "b": [2]},
        Kolom("n", "N"),
        Kolom("a", "A", satuan="orang", grup="Januari"),
        Kolom("b", "B", satuan="orang", grup="Januari"),
    )
    assert '<th class="tk-grup" scope="colgroup" colspan="2">Januari</th>' in t.to_html()


def test_label_tahun_bulan_satuan_dan_keadaan():
    t = tabel(
        {"t": [2020], "b": [5], "s": ["kpm"], "k": ["sintetis"]},
        Kolom("t", "T", jenis="tahun"),
        Kolom("b", "B", jenis="bulan"),
        Kolom("s", "S", jenis="satuan"),
        Kolom("k", "K", jenis="keadaan"),
    )
    assert [t.texts(k)[0] for k in t.kolom] == ["2020", "Mei", "KPM", "sintetis"]


def test_tabel_tanpa_baris_mengatakannya():
    t = Tabel("uji", "J", pd.DataFrame({"n": []}, dtype=str), [Kolom("n", "N")])
    assert "Tidak ada baris." in t.to_html()
    assert baris_csv(t) == []


def test_baris_tebal():
    t = tabel({"n": ["a", "jumlah"], "j": [False, True]}, Kolom("n", "N"), tebal="j")
    assert t.to_html().count('<tr class="tk-tebal">') == 1
    assert t.to_meta()["tebal"] == [False, True]


@pytest.mark.parametrize(
    ("kolom", "pesan"),
    [
        (Kolom("tidakada", "X"), "'tidakada'"),
        (Kolom("a", "X", satuan="=u"), "'u'"),
        (Kolom("a", "X"), "tidak punya satuan"),
        (Kolom("n", "X", jenis="angka"), "jenis 'angka' tidak dikenal"),
    ],
)
def test_uraian_yang_salah_dihentikan(kolom, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        tabel({"a": [1.5], "n": ["x"]}, kolom)


def test_keadaan_asing_dihentikan():
    kolom = Kolom("a", "A", satuan="orang", keadaan="dikira")
    with pytest.raises(GalatParameter, match="'dikira' tidak dikenal"):
        tabel({"a": [1]}, kolom).to_html()


def test_label_yang_kurang_dihentikan():
    with pytest.raises(GalatParameter, match="kode 'b' tidak punya label"):
        tabel({"n": ["b"]}, Kolom("n", "N", label={"a": "A"})).to_html()


SPEC = {
    "judul": {"id": "Capaian {tahun}", "en": "Achievement {tahun}"},
    "kolom": {
        "nama": {"id": "Sasaran", "en": "Objective"},
        "c": {
            "id": "Capaian",
            "en": "Achievement",
            "satuan": "persen_capaian",
            "keadaan": "diturunkan",
            "rumus": {"id": "realisasi / target", "en": "realisation / target"},
        },
    },
    "catatan": [{"id": "Batas {batas}.", "en": "Cap {batas}."}],
}


@pytest.mark.parametrize(
    ("bahasa", "harus"),
    [
        ("id", ["Capaian 2020", "Batas 120.", "1.093,68", "Capaian = realisasi / target"]),
        ("en", ["Achievement 2020", "Cap 120.", "1,093.68", "computed: from figures in the source."]),
    ],
)
def test_uraian_yaml_dua_bahasa(bahasa, harus):
    fmt.use(bahasa)
    t = Tabel.from_spec(pd.DataFrame({"nama": ["SS1"], "c": [1093.68]}), "capaian", SPEC, tahun=2020, batas="120")
    for teks in harus:
        assert teks in t.to_text()
        assert teks in t.to_html()


@pytest.mark.parametrize(
    ("terbesar", "kepala", "isi"),
    [
        (134_171_839_274_000, "Pagu (Rp miliar)", "134.171,84"),
        (48_000_000_000, "Pagu (Rp miliar)", "48,00"),
        (4_250_000_000, "Pagu (Rp juta)", "4.250,00"),
        (398_379_650, "Pagu (Rp juta)", "398,38"),
        (9_500_000, "Pagu (Rp)", "9.500.000"),
    ],
)
def test_uang_berskala_menurut_yang_terbesar(terbesar, kepala, isi):
    uang = {"satuan": "rupiah", "skala": "paling miliar", "desimal": 2}
    spec = {"judul": "Uang", "kolom": {"p": {"id": "Pagu (¤)", "en": "Budget (¤)", **uang}}}
    t = Tabel.from_spec(pd.DataFrame({"p": [terbesar, terbesar // 50]}), "uang", spec)
    assert t.kolom[0].judul == kepala and t.cells(t.kolom[0])[0].tampilan == isi


def test_uraian_yaml_dengan_kunci_asing_dihentikan():
    with pytest.raises(GalatParameter, match="kunci 'jdul' tidak dikenal"):
        Tabel.from_spec(pd.DataFrame({"nama": []}), "capaian", {"jdul": "x", "kolom": {}})


def test_isian_teks_yang_kurang_dan_bilangan_mentah_dihentikan():
    with pytest.raises(GalatParameter, match=r"memerlukan nilai \{rata\}; yang diberikan: tahun"):
        fill("Rata-rata {rata}", tahun=2020)
    with pytest.raises(GalatParameter, match="rata masih bilangan"):
        fill("Rata-rata {rata}", rata=101.52)


def test_uraian_untuk_buku_kerja():
    t = tabel(
        {"n": ["x"], "a": [1.5], "b": [2.0], "u": ["orang"]},
        Kolom("n", "N"),
        Kolom("a", "A", satuan="rupiah", skala="miliar", desimal=2),
        Kolom("b", "B", satuan="=u"),
    )
    n, a, b = t.to_meta()["kolom"]
    assert (n["bernilai"], n["isi"]) == (False, ["x"])
    assert (a["satuan"], a["satuan_nama"], a["satuan_lengkap"]) == ("rupiah", "miliar rupiah", "rupiah")
    assert a["isi"] == [[1.5, "rupiah", "dikutip", 0]], "rupiah di buku kerja tidak diskalakan"
    assert (b["satuan"], b["bernilai"], b["isi"]) == (None, True, [[2.0, "orang", "dikutip", 0]])


def test_nilai_mentah_untuk_pengurutan():
    frame = pd.DataFrame(
        {"kode": ["", "B"], "bulan": [4, 12], "nilai": [2 / 3, None], "u": ["persen", "rupiah"], "rp": [10**14, -5]}
    )
    kolom = [
        Kolom("kode", "Kode"),
        Kolom("bulan", "Bulan", jenis="bulan"),
        Kolom("nilai", "Nilai", satuan="=u"),
        Kolom("rp", "Rupiah", satuan="rupiah", skala="miliar"),
    ]
    tabel = Tabel("t", "T", frame, kolom)
    isi = tabel.to_html(gaya=False, mentah=True)
    assert re.findall(r'data-nilai="([^"]*)"', isi) == ["4", "0.6666666666666666", "100000000000000", "12", "-5"]
    assert re.findall(r'data-satuan="([^"]*)"', isi) == ["persen"], "satuan hanya pada kolom campuran"
    assert "data-" not in tabel.to_html(gaya=False), "tabel di notebook tetap ringkas"


def test_kepala_baris_kosong_bukan_kepala():
    tabel = Tabel("t", "T", pd.DataFrame({"a": ["", "x"]}), [Kolom("a", "A")])
    assert "<td></td>" in tabel.to_html() and '<th scope="row">x</th>' in tabel.to_html()


def test_csv_tanpa_ekor_biner():
    frame = pd.DataFrame({"n": [13.590000000000003, 0.1 + 0.2, 1 / 3, 134171839274000.0]})
    isi = Tabel("t", "T", frame, [Kolom("n", "N", satuan="persen")]).to_csv().splitlines()[1:]
    assert [x.split(",")[0] for x in isi] == ["13.59", "0.3", "0.3333333333333333", "134171839274000"]
