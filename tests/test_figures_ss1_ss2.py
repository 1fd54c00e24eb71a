"""Gambar, kendali, dan sebutan SS 1 dan SS 2: artis ditanya angka yang dicetak laporan."""

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from kinerja import fmt, istilah, layanan, pendukung
from kinerja.buku import Buku
from kinerja.figures import canvas, line
from kinerja.panels import ss2_pemberi_layanan as ss2

GAMBAR_SS2 = [
    ss2.achievement_figure, ss2.gap_figure, ss2.class_figure, ss2.population_figure, ss2.exam_figure,
    ss2.certified_figure, ss2.result_figure, ss2.accredited_figure, ss2.slrt_figure,
]  # fmt: skip


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


def sumbu(fig: Figure):
    return fig.axes[0]


def panjang_batang(ax) -> list[float]:
    return [p.get_width() for p in ax.patches if isinstance(p, Rectangle)]


def titik(ax) -> set[tuple[float, float]]:
    """Titik-titik sebar, dibulatkan supaya dapat dibandingkan dengan yang dicetak."""
    return {(round(x, 2), round(y, 4)) for c in ax.collections for x, y in c.get_offsets().tolist()}


def tulisan(ax) -> str:
    return " | ".join(t.get_text() for t in ax.texts)


# SS 2


def test_achievement_bars(d2020):
    lebar = panjang_batang(sumbu(ss2.achievement_figure(d2020)))
    assert lebar == pytest.approx([100.2933, 84.6190, 78.8304, 100.0099], abs=1e-4)


def test_gap_panels_start_at_the_result(d2020):
    ada = ss2.gap_figure(d2020).axes
    awal = {ax.get_title(loc="left"): titik(ax) for ax in ada}
    assert (2020, 0.684) in awal["IPS"] and (2024, 0.7) in awal["IPS"]
    assert (2020, 22.0725) in awal["LKS terakreditasi"] and (2024, 40) in awal["LKS terakreditasi"]
    kalimat = {ax.get_title(loc="left"): tulisan(ax) for ax in ada}
    # (100 - 29,18) / 4 = 17,70
    assert "+17,70 poin persen per tahun" in kalimat["SLRT"]


def test_class_bands_and_enlarged_position(d2020):
    atas, bawah = ss2.class_figure(d2020).axes
    assert sorted(p.get_x() for p in atas.patches) == [0.2, 0.3601, 0.5201, 0.6801, 0.8401]
    assert "IPS 0,684" in tulisan(atas)
    letak = sorted(float(baris.get_xdata()[0]) for baris in bawah.lines if len(baris.get_xdata()) == 1)
    assert letak == [0.6801, 0.682, 0.684, 0.7]


def test_exam_bars_are_shares_of_participants(d2020):
    lebar = panjang_batang(sumbu(ss2.exam_figure(d2020)))
    lulus = lebar[:5]  # ruas pertama tiap jenis, kelulusan tertinggi di atas, semua jenis di bawah
    assert [round(x, 2) for x in lulus] == [98.0, 71.94, 68.5, 47.86, 66.1]
    assert [round(sum(lebar[n::5]), 6) for n in range(5)] == [100] * 5


def test_population_next_to_exams(d2020):
    lebar = panjang_batang(sumbu(ss2.population_figure(d2020)))
    assert {108341, 43785, 16944, 353, 11987, 8624, 2054} <= set(lebar)


def test_certified_share_and_its_gap(d2020):
    ax = sumbu(ss2.certified_figure(d2020))
    assert {(2019, 13.9485), (2020, 21.1547), (2024, 25)} <= titik(ax)
    assert "2017–2018: tidak ada di sumber" in tulisan(ax)


def test_lks_results_and_break(d2020):
    assert panjang_batang(sumbu(ss2.result_figure(d2020))) == [341, 1120, 945, 607]
    ax = sumbu(ss2.accredited_figure(d2020))
    assert {(2018, 58.7), (2019, 86.7), (2020, 79.85), (2020, 22.0725)} <= titik(ax)
    assert "34.587 → 40.000" in tulisan(ax)
    assert any(baris.get_xdata()[0] == 2018.5 for baris in ax.lines)


def test_slrt_bars_mark_the_derived_year(d2020):
    ax = sumbu(ss2.slrt_figure(d2020))
    assert [p.get_height() for p in ax.patches] == [50, 70, 130, 150, 150]
    assert [bool(p.get_hatch()) for p in ax.patches] == [True, False, False, False, False]


def test_what_if_line(d2020):
    ax = sumbu(ss2.what_if_figure(d2020, "IKU3", 0, 0, "rincian"))
    # 48.050 / 169.423 = 28,3610%
    assert {(2020, 21.1547), (2021, 28.361), (2021, 25)} <= titik(ax)


@pytest.mark.parametrize("gambar", GAMBAR_SS2, ids=lambda g: g.__name__)
def test_every_figure_also_draws_in_english(d2020, gambar):
    with fmt.using("en"):
        fig = gambar(d2020)
    isi = " ".join(t.get_text() for ax in fig.axes for t in [*ax.texts, *ax.get_xticklabels(), *ax.get_yticklabels()])
    for kata in ("tidak ada", "kalimat", "Kebutuhan", "Pekerja", "Membeli"):
        assert kata not in isi


# Kendali: jawaban sama dengan parameter


@pytest.fixture
def buku2(d2020):
    return Buku("ss2_pemberi_layanan", tahun=2020, bahasa="id", data=d2020)


def test_what_if_panel_answers_like_the_parameters(buku2, d2020):
    panel = ss2.what_if_panel(buku2, "IKU3", 0, 0.0, "rincian")
    panel.controls["indikator"].value = "IKU4"
    panel.controls["peserta"].value = 1500
    panel.controls["kelulusan"].value = 80.0
    assert panel.galat is None
    baca = ss2.what_if_words(d2020, "IKU4", 1500, 80.0, "rincian")
    assert panel.hasil.teks == baca["kalimat_andai"]
    # 8.829 + 4 x 1.200 = 13.629; target 16.000
    assert panel.hasil.tabel.frame["terpenuhi"].tolist() == [8829, 10029, 11229, 12429, 13629]
    assert "tidak tercapai" in panel.hasil.teks and "2.242 peserta" in panel.hasil.teks
    assert "tidak cukup walau semuanya lulus" in panel.hasil.teks


def test_what_if_words_when_reached(d2020):
    teks = ss2.what_if_words(d2020, "IKU3", 10000, 50, "rincian")["kalimat_andai"]
    assert "target 2024 (25%) tercapai pada 2022" in teks and "kelulusan 16,29%" in teks


# Bacaan


def test_reading_of_ss2(d2020):
    baca = ss2.reading(d2020)
    harap = {
        "capaian_ss": "90,94%", "kelas_ips": "B", "jumlah_tersirat": "1,368", "persen_sdm": "21,15%",
        "naik_sdm": "+7,21", "capaian_sdm_asing": "83,98%", "lks_kekurangan": "2.371", "slrt_laju": "91",
        "iku_tetap": "SDM tersertifikasi",
    }  # fmt: skip
    assert {k: baca[k] for k in harap} == harap
    assert baca["uji_beda"] == "Relawan Sosial, bagian peserta (dicetak 23,25%, hitungan 23,24%)"
    assert "SDM tersertifikasi: Tercetak sebagai target tahun 2025" in baca["catatan_akhir"]


def test_two_population_versions_are_in_the_table(d2020):
    assert ss2.version_table(d2020)["populasi"].tolist() == [169423, 169243]


# Sebutan


def test_every_name_of_the_year_has_an_english_term(d2020):
    kolom = [
        ("sdm", "nama"), ("ikesos_simpul", "nama"), ("ikesos_kerangka", "nama"), ("ikesos_sasaran", "nama"),
        ("ikesos_program", "program"), ("p2k2", "nama"), ("sembako_pantau", "nama"), ("program_ss1", "nama"),
        ("ppks", "nama"), ("ppks", "catatan"), ("pkh_graduasi", "nama"), ("ips_kelas", "nama"),
        ("ips_alat_ukur", "alat_ukur"), ("ips_alat_ukur", "komponen"), ("ikesos_kategori", "nama"),
        *[("ikesos_kerangka", f"tercetak_{x}") for x in pendukung.target_groups(d2020)],
    ]  # fmt: skip
    ada = {nama for tabel, k in kolom for nama in d2020[tabel][k] if nama}
    iku = d2020["iku"].query("sasaran in ['SS1', 'SS2']")
    ada |= {*iku["nama"], *iku["nama_pendek"]}
    for tabel in (*pendukung.TABEL, *ss2.TABEL):
        ada |= set(d2020[tabel].query("keadaan == 'tidak_tersedia'")["catatan"]) - {""}
    assert sorted(ada - set(istilah.terms()["nama"])) == []


def test_every_code_of_the_year_is_named(d2020):
    kode = {*d2020["program_ss1"]["ukuran"], *d2020["program_ss1"]["tempat"], *d2020["sembako_pantau"]["survei"]}
    kode |= {*layanan.slrt_facts(d2020)["ukuran"], *d2020["ips"]["ukuran"], *layanan.VERSI_POPULASI}
    kode |= set(d2020["iku_tercetak"].query("kode in ['IKU1', 'IKU2', 'IKU3', 'IKU4', 'IKU5']")["tempat"])
    assert sorted(kode - set(istilah.terms()["kode"])) == []


def test_an_unknown_name_stays_readable():
    with fmt.using("en"):
        assert istilah.term("Program Baru") == "Program Baru"
        assert istilah.code_name("ukuran_baru") == "ukuran baru"
        assert istilah.subject("lks/2017/persen_terakreditasi") == "LKS 2017: accreditation pass rate"


# Garis: label yang menghindari garisnya


def test_single_line_labels_avoid_their_line():
    data = pd.DataFrame({"x": [1, 2, 3, 4], "y": [3.0, 2.0, 1.0, 4.0]})
    _, ax = canvas()
    line(data, "x", "y", ax=ax, satuan="persen")
    label = {t.get_text(): (t.get_ha(), t.get_va()) for t in ax.texts}
    assert label["3,00%"] == ("center", "bottom")  # pangkal garis turun
    assert label["2,00%"] == ("left", "bottom")  # tengah garis turun
    assert label["1,00%"] == ("center", "top")  # lembah
    assert label["4,00%"] == ("center", "bottom")  # puncak
