"""Gambar, bingkai, bacaan, dan panel notebook PEN: artis ditanya angkanya."""

import pytest

from kinerja import bansos, data, figures, fmt
from kinerja.buku import Buku
from kinerja.errors import GalatParameter
from kinerja.panels import gambar_pen, pen_bansos

PROGRAM = ("semua", "pkh", "sembako_jabodetabek", "beras_pkh")


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


@pytest.fixture(scope="module")
def salur(d2020):
    return bansos.disbursements(d2020)


def panel_of(fig, judul):
    cocok = [ax for ax in fig.axes if ax.get_title(loc="left") == judul]
    assert len(cocok) == 1, [ax.get_title(loc="left") for ax in fig.axes]
    return cocok[0]


def texts(ax):
    return [t.get_text() for t in ax.texts]


# PEN


def test_recipients_bars_and_target(salur):
    ax = panel_of(gambar_pen.recipients(salur), "Sembako")
    assert [p.get_height() for p in ax.patches][:3] == [15_053_437, 14_658_417, 14_605_446]
    target = ax.lines[0].get_ydata()
    assert target[0] == 15_200_000 and target[-1] == 20_000_000
    assert [t.get_text() for t in ax.get_xticklabels()][:3] == ["Jan", "Feb", "Mar"]
    assert texts(ax) == ["19,04"] or texts(ax) == ["19,04 juta"]


def test_amounts_hatch_derived_and_mark_missing(salur):
    fig = gambar_pen.amounts(salur)
    turunan = panel_of(fig, "Sembako Jabodetabek").patches
    assert len(turunan) == 12 and all(p.get_hatch() for p in turunan)
    assert turunan[0].get_height() == 1_472_907 * 300_000
    assert not any(p.get_hatch() for p in panel_of(fig, "BST").patches)
    beras = panel_of(fig, "Beras KPM PKH")
    assert not beras.patches and "tidak ada" in texts(beras)[0]


def test_cumulative_lines_and_second_source(d2020, salur):
    ax = gambar_pen.cumulative(salur, bansos.second_source(d2020)).axes[0]
    akhir = {line.get_label(): line.get_ydata()[-1] for line in ax.lines if not line.get_label().startswith("_")}
    assert akhir["BST"] == 32_216_588_400_000 and akhir["PKH"] == 36_715_293_431_000
    titik = [k for k in ax.collections if len(k.get_offsets()) == 4]
    assert sorted(titik[0].get_offsets()[:, 1]) == [5.65e12, 25.86e12, 36.71e12, 37.31e12]


def test_cumulative_is_flat_in_a_month_without_payment(salur):
    pkh = bansos.cumulative(bansos.select(salur, "pkh")).set_index("bulan")
    assert pkh.loc[10, "rupiah"] == 0 and pkh.loc[10, "kumulatif"] == pkh.loc[9, "kumulatif"]


def test_coverage_labels_the_extremes(salur):
    ax = gambar_pen.coverage(salur).axes[0]
    assert {"76,72%", "103,63%"} <= set(texts(ax))
    bst = next(line for line in ax.lines if line.get_label() == "BST")
    assert bst.get_ydata()[-1] == pytest.approx(9_281_557 / 9_000_000 * 100)
    atas, bawah = ax.get_ylim()[1], ax.get_ylim()[0]
    assert bawah < 76.7 and atas > 103.6


def test_rate_points_lie_on_the_rule(salur):
    ax = panel_of(gambar_pen.rates(salur), "BST")
    titik = [float(k.get_offsets()[0, 1]) for k in ax.collections]
    assert titik == [600_000] * 3 + [300_000] * 6
    assert list(ax.lines[0].get_ydata()[::2]) == titik


def test_difference_figure_states_zero(salur):
    ax = panel_of(gambar_pen.differences(salur), "Sembako")
    assert len(ax.patches) == 12
    assert all(t.endswith("selisih Rp0") for t in texts(ax)), texts(ax)


def test_difference_figure_shows_one_rupiah(salur):
    bst = bansos.select(salur, "bst")
    bst.loc[bst["periode"] == "mei", "rupiah"] += 1
    assert "selisih +Rp1" in texts(panel_of(gambar_pen.differences(bst), "BST"))[1]


def test_reconciliation_waterfall_goes_below_zero(d2020):
    ax = gambar_pen.reconciliation(bansos.reconcile(d2020)).axes[0]
    tinggi = [p.get_height() for p in ax.patches]
    assert tinggi[0] == 124_399_000_609_552 and tinggi[-1] == -467_493_721_448
    assert ax.get_ylim()[0] < -467_493_721_448
    assert texts(ax)[-1] == "−0,47" or texts(ax)[-1].endswith("0,47 triliun")


def test_waterfall_without_negative_starts_at_zero():
    import pandas as pd

    _, ax = figures.canvas()
    isi = pd.DataFrame({"l": ["a", "b", "c"], "n": [3, -1, 2], "t": [True, False, True]})
    figures.waterfall(isi, "l", "n", ax=ax, total="t", satuan="orang", skala=None, desimal=0)
    assert ax.get_ylim()[0] == 0


def test_pkh_bars_against_the_expected_rise(d2020):
    ax = pen_bansos.rise_figure(d2020).axes[0]
    assert [t for t in texts(ax)][2:4] == ["249,7", "249,5"]
    garis = [k for k in ax.collections if k.get_segments()]
    assert garis[0].get_segments()[0][0, 1] == pytest.approx(252_127.9693667 * 1.25)


def test_year_figure(d2020):
    b = bansos.pkh_benefit(d2020, {"ibu_hamil": 1})
    ax = pen_bansos.year_figure(d2020, b).axes[0]
    assert [p.get_width() for p in ax.patches] == [3_000_000, 3_750_000, 3_187_500]


@pytest.mark.parametrize("program", PROGRAM)
def test_every_figure_and_table_stands_any_selection(d2020, program):
    pilih = pen_bansos.chosen(d2020, program)
    for gambar in (
        gambar_pen.recipients,
        gambar_pen.amounts,
        gambar_pen.coverage,
        gambar_pen.rates,
        gambar_pen.differences,
    ):
        gambar(pilih).draw_without_rendering()
    pen_bansos.cumulative_figure(d2020, pilih).draw_without_rendering()
    buku = Buku("pen_bansos", tahun=2020, bahasa="id", data=d2020)
    angka = pen_bansos.reading(d2020, program)
    for bingkai, nama in (
        (pen_bansos.total_table, "program"),
        (pen_bansos.disbursement_table, "penyaluran"),
        (pen_bansos.coverage_table, "cakupan"),
        (pen_bansos.cumulative_table, "kumulatif"),
        (pen_bansos.rate_table, "uji_nilai"),
        (pen_bansos.payment_table, "uji_rinci"),
    ):
        assert buku.build_table(bingkai(pilih), nama, **angka).to_text(), (program, nama)


@pytest.mark.parametrize(
    ("kode", "panjang", "pendek"),
    [("april", "April", "Apr"), ("tahap_4", "Tahap IV", "IV"), ("tiga_bulan", "Tiga bulan", "Tiga bulan")],
)
def test_period_names(kode, panjang, pendek):
    assert (gambar_pen.period_name(kode), gambar_pen.period_name(kode, pendek=True)) == (panjang, pendek)


def test_period_names_in_english():
    with fmt.using("en"):
        assert [gambar_pen.period_name(k) for k in ("mei", "tahap_2", "sekali")] == ["May", "Stage II", "Once"]


def test_family_table_ends_with_what_is_paid(d2020):
    isi = pen_bansos.family_table(bansos.pkh_benefit(d2020, {"ibu_hamil": 4}))
    assert isi["jumlah"].tolist()[-2:] == [12_000_000, 10_800_000]


def test_disbursement_panel_follows_its_controls(d2020):
    buku = Buku("pen_bansos", tahun=2020, bahasa="id", data=d2020)
    panel = pen_bansos.disbursement_panel(buku)
    assert panel.hasil.teks.startswith("Semua program, sepanjang tahun: 44 penyaluran, Rp115,09 triliun")
    panel.controls["program"].value = "bst"
    panel.controls["bulan"].value = (4, 6)
    # 5.347.248.000.000 + 5.357.799.000.000 + 5.595.976.800.000
    assert panel.hasil.teks == (
        "BST, April–Juni: 3 penyaluran, Rp16,30 triliun tercetak (Rp16,30 triliun dengan yang diturunkan)."
    )
    panel.controls["bulan"].value = (1, 2)
    assert panel.hasil is None and isinstance(panel.galat, GalatParameter)


@pytest.mark.parametrize("ukuran", ["kpm", "rupiah", "cakupan", "kumulatif"])
def test_disbursement_result_draws_every_measure(d2020, ukuran):
    buku = Buku("pen_bansos", tahun=2020, bahasa="id", data=d2020)
    hasil = pen_bansos.disbursement_result(buku, "sembako_jabodetabek", (4, 6), ukuran)
    assert hasil.png.startswith(b"\x89PNG") and len(hasil.tabel.frame) == 3


def test_family_panel_answers_like_the_function(d2020):
    buku = Buku("pen_bansos", tahun=2020, bahasa="id", data=d2020)
    panel = pen_bansos.family_panel(buku, {"sd": 1})
    assert "Rp900.000 setahun atau Rp75.000 sebulan" in panel.hasil.teks
    panel.controls["ibu_hamil"].value = 4
    assert "Rp10.800.000 setahun" in panel.hasil.teks and "1 di luar batas 4 orang" in panel.hasil.teks
    for kendali in panel.controls.values():
        kendali.value = 0
    assert panel.hasil is None and "sedikitnya satu orang" in str(panel.galat)


def test_reading_states_the_hand_worked_numbers(d2020):
    angka = pen_bansos.reading(d2020)
    assert angka["total_tercetak"] == "Rp115,09 triliun"
    assert (angka["diuji"], angka["sama"], angka["jumlah_selisih"]) == ("22", "22", "Rp0")
    assert (angka["sisa_tercetak"], angka["sisa_akhir"]) == ("Rp9,31 triliun", "−Rp0,47 triliun")
    assert angka["bacaan_cocok"] == "kenaikan dari bantuan setahun"


def test_a_year_without_the_second_source(d2020):
    tabel = {nama: d2020[nama] for nama in d2020.tables if nama != "pen_november"}
    d = data.Data(2020, tabel, d2020.satuan, d2020.sumber)
    assert bansos.second_source(d).empty and bansos.second_source_totals(d).empty
    asal = bansos.reconcile(d).set_index("langkah")["asal"]
    assert asal["beras_pkh"] == "tidak_tersedia"
    assert pen_bansos.reading(d)["pagu_kedua"] == fmt.missing()
    gambar_pen.second_source(bansos.second_source(d)).draw_without_rendering()
