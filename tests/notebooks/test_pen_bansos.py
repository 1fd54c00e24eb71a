"""PEN: jawaban notebook terhadap cetakan LKj 2020, rilis BPS, dan hitungan tangan."""

import pytest

from kinerja import bansos, data, fmt, kendali, pkh
from kinerja.buku import Buku
from kinerja.errors import GalatParameter
from notebook_di_proses import run
from tergambar import plotted


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


@pytest.fixture(scope="module")
def jawab():
    return run("pen_bansos").jawab


@pytest.fixture
def buku(d2020):
    return Buku("pen_bansos", tahun=2020, bahasa="id", data=d2020)


def bars(jawaban):
    (ax,) = jawaban.axes
    return [angka for jenis, _, angka in plotted(ax) if jenis == "batang"]


def test_headline_and_points():
    ringkas = run("pen_bansos").ringkas
    assert ringkas.kepala == (
        "Sekitar Rp122 triliun tersalur; sejak Juni setiap penyaluran menjangkau sedikitnya 94 persen target"
    )
    isi = " ".join(ringkas.butir)
    # 36,715 + 41,659 + 32,217 + 4,5; ditambah 21.617.162 x 300.000; 1.457.612 / 1,9 juta; 9.326.628 / 9 juta
    for kata in ("Rp115,09 triliun", "Rp121,58 triliun", "76,7 persen", "103,6 persen", "15 bulan", "22 dari 22"):
        assert kata in isi, kata
    assert "Rp124,87 triliun" in isi and "Rp0,47 triliun lebih besar" in isi
    assert run("pen_bansos", "en").ringkas.kepala == (
        "About Rp122 trillion was paid out; from June every payment round reached at least 94% of its target"
    )


def test_since_june_the_lowest_is_the_food_card_of_june(d2020):
    """Sembako Juni 18.855.243 / 20.000.000 = 94,28; Mei 91,99 masih di bawahnya."""
    isi = bansos.disbursements(d2020).dropna(subset="cakupan")
    sejak = isi[isi["bulan_acuan"] >= 6].sort_values("cakupan").iloc[0]
    assert (sejak["program"], sejak["periode"]) == ("sembako", "juni")
    assert sejak["cakupan"] == pytest.approx(94.276215)
    assert isi.loc[isi["bulan_acuan"] == 5, "cakupan"].min() == pytest.approx(91.98838)


def test_rupiah_by_programme(jawab):
    assert bars(jawab["program"]) == [
        [41_659_463_900_000, 36_715_293_431_000, 32_216_588_400_000, 6_485_148_600_000, 4_500_000_000_000]
    ]
    frame = jawab["program"].frame
    assert frame.loc["sembako", "bagian"] == pytest.approx(41_659_463_900_000 / 121_576_494_331_000 * 100)
    keadaan = {k: x.keadaan for k, x in zip(frame.index, _cells(jawab["program"], "rupiah"), strict=True)}
    assert keadaan["tunai_non_pkh"] == "dikutip" and keadaan["sembako_jabodetabek"] == "diturunkan"
    assert keadaan["beras_pkh"] == "tidak_tersedia"
    assert frame.loc["beras_pkh", "kg"] == 450_000_000


def test_coverage_panels(jawab):
    panel = {ax.get_title(loc="left"): ax for ax in jawab["cakupan"].axes}
    assert list(panel) == ["PKH", "Sembako", "Sembako Jabodetabek", "BST"]
    (titik,) = [angka for jenis, _, angka in plotted(panel["BST"]) if jenis == "titik"]
    bst = dict(zip(titik[::2], titik[1::2], strict=True))
    assert bst[12] == pytest.approx(9_281_557 / 9_000_000 * 100) and bst[6] == pytest.approx(103.6292)
    assert panel["PKH"].get_ylim()[0] < 76.7 and panel["PKH"].get_ylim()[1] > 103.6, "sumbu bersama"
    assert jawab["cakupan"].kalimat["gambar"] == "Cakupan terendah 76,7 persen, pada Sembako Jabodetabek Tahap II"
    assert len(jawab["cakupan"].frame) == 42, "PKH tahap I dan II tanpa target tidak dinilai"


def test_pkh_paid_more_often_not_more(jawab):
    """April-Juni 7.500.759.975.000 / 30 juta; Juli-September 7.563.839.081.000 / 30 juta; 3 x 3 + 6 bulan."""
    frame, kalimat = jawab["pkh"].frame, jawab["pkh"].kalimat
    assert frame.loc["kenaikan", "per_kpm_bulan"] == pytest.approx(250_025.3325)
    assert frame.loc["kenaikan", "bila_naik"] == pytest.approx(252_127.9693667 * 1.25)
    assert frame.loc["setahun", ["bulan_dicakup", "penyaluran"]].tolist() == [15, 9]
    assert kalimat["jawab"].startswith("Tidak per pembayaran: pada bulan “kenaikan” keluarga menerima **Rp250.025**")
    assert kalimat["gambar"] == "PKH membayar sama besar sepanjang tahun, 15 bulan dalam setahun"
    (batang,) = bars(jawab["pkh"])
    assert len(batang) == 9 and max(batang) < 260_000
    assert "Bila naik 25 persen Rp315.160" in {t.get_text() for t in jawab["pkh"].axes[0].texts}


def test_one_family_beside_the_poverty_line(jawab, d2020):
    """BPS: Rp458.947 x 4,83 anggota; Sembako 2 x 150.000 + 10 x 200.000 = 2,3 juta setahun."""
    assert d2020.nilai("konteks/garis_kemiskinan_rumah_tangga") == 2_216_714 == round(458_947 * 4.83)
    frame = jawab["keluarga"].frame
    assert frame.index[0] == "pkh" and frame.loc["pkh", "setahun"] == 3_802_359
    assert frame.loc["pkh", "persen"] == pytest.approx(3_802_359 / 12 / 2_216_714 * 100)
    assert frame.loc["sembako", "setahun"] == 2_300_000
    assert "14,3 persen" in jawab["keluarga"].kalimat["gambar"]


def test_families_and_rupiah_are_one_observation(jawab):
    assert jawab["uji"].kalimat["jawab"].startswith("Tidak. Pada **22 dari 22** pembayaran")
    assert (jawab["uji"].frame["selisih"] == 0).all() and len(jawab["uji"].frame) == 22
    assert jawab["uji"].frame.groupby("program").size().to_dict() == {"bst": 9, "sembako": 12, "tunai_non_pkh": 1}


def test_six_programmes_exceed_spending(jawab):
    frame = jawab["belanja"].frame
    assert frame.loc["belanja_bansos", "rupiah"] == 124_399_000_609_552
    assert frame.loc["sisa", "program"] == 121_576_494_331_000 + 3_290_000_000_000
    assert frame.loc["sisa", "sisa"] == -467_493_721_448
    assert (
        "Rp0,47 triliun lebih besar** daripada realisasi belanja bansos, Rp124,40" in jawab["belanja"].kalimat["jawab"]
    )


def test_sentences_follow_the_data(buku, d2020):
    """Angka lain, kalimat lain: kenaikan yang nyata, satu rupiah beda, sisa positif."""
    kenaikan = pkh.rise(d2020).set_index("periode", drop=False)
    kenaikan.loc["kenaikan", ["per_kpm_bulan", "terhadap_bulanan"]] = 315_160.0, 125.0
    assert (
        buku.build("pkh", kenaikan)
        .kalimat["jawab"]
        .startswith("Ya: pada bulan kenaikan keluarga menerima **Rp315.160**")
    )
    uji = bansos.rate_check(bansos.disbursements(d2020)).query("satuan == 'rupiah'")
    assert buku.build("uji", uji, sama=21, diuji=22).kalimat["jawab"].startswith("Sebagian: ")
    belanja = bansos.reconcile(d2020).set_index("langkah", drop=False)
    belanja.loc["sisa", "sisa"] = 2_000_000_000_000
    assert "**Rp2,00 triliun** di luarnya" in buku.build("belanja", belanja).kalimat["jawab"]


def test_year_without_optional_sources(d2020):
    tabel = {nama: d2020[nama] for nama in d2020.tables if nama not in ("pen_november", "pen_bentuk", "konteks")}
    d = data.Data(2020, tabel, d2020.satuan, d2020.sumber)
    lain = Buku("pen_bansos", tahun=2020, bahasa="id", data=d)
    assert bansos.reconcile(d).set_index("langkah").loc["beras_pkh", "asal"] == "tidak_tersedia"
    assert lain.build("sumber_kedua", bansos.second_source(d)).frame.empty
    assert lain.build("bentuk", bansos.forms(d)).frame.empty
    keluarga = bansos.per_family(d).set_index("program", drop=False).assign(persen=float("nan"))
    assert "garis kemiskinan" not in lain.build("keluarga", keluarga).kalimat["jawab"]
    lama = data.Data(2020, tabel | {"pen_aturan": _without_rise(d2020)}, d2020.satuan, d2020.sumber)
    kenaikan = pkh.rise(lama).set_index("periode", drop=False)
    assert lain.build("pkh", kenaikan).kalimat["jawab"].startswith("Tahun ini tidak ada kenaikan sementara")


def _without_rise(d):
    aturan = d["pen_aturan"]
    return aturan[aturan["ukuran"] != "kenaikan_bantuan"]


@pytest.mark.parametrize(("program", "banyak"), [("semua", 44), ("pkh", 9), ("beras_pkh", 1)])
def test_parameters_choose_the_detailed_payments(program, banyak):
    assert len(run("pen_bansos", program=program).jawab["penyaluran"].frame) == banyak


def test_periods_are_named_in_both_languages(jawab):
    def teks(bahasa):
        tabel = run("pen_bansos", bahasa).jawab["penyaluran"].tabel
        (kolom,) = [x for x in tabel.kolom if x.nama == "periode"]
        with fmt.using(bahasa):
            return set(tabel.texts(kolom))

    assert {"April", "Tahap IV", "Tiga bulan", "Sekali"} <= teks("id")
    assert {"April", "Stage IV", "Three months", "Once"} <= teks("en")


def test_payments_control_follows_its_choice(buku):
    panel = kendali.payments(buku)
    assert panel.hasil.teks.startswith("Rp121,58 triliun tersalur")
    panel.controls["program"].value = "bst"
    panel.controls["bulan"].value = (4, 6)
    # 5.347.248.000.000 + 5.357.799.000.000 + 5.595.976.800.000
    assert panel.hasil.teks == "Rp16,3 triliun tersalur, paling banyak lewat BST (100 persen)."
    assert panel.hasil.png.startswith(b"\x89PNG")
    panel.controls["program"].value = "beras_pkh"
    panel.controls["bulan"].value = (1, 12)
    assert panel.hasil.teks == "Rupiahnya tidak tertulis dalam laporan."
    panel.controls["bulan"].value = (1, 2)
    assert panel.hasil is None and isinstance(panel.galat, GalatParameter)


def test_family_control_answers_like_the_function(buku):
    panel = kendali.family(buku, {"sd": 1})
    assert "Rp900.000 setahun atau Rp75.000 sebulan" in panel.hasil.teks
    panel.controls["ibu_hamil"].value = 4
    assert "Rp10.800.000 setahun" in panel.hasil.teks and "1 orang di luar batas" in panel.hasil.teks
    assert panel.hasil.tabel.frame["jumlah"].tolist()[-2:] == [12_000_000, 10_800_000]
    panel.controls["sd"].value = 0
    assert "batas tertinggi berlaku" in panel.hasil.teks
    panel.controls["ibu_hamil"].value = 0
    assert panel.hasil is None and "sedikitnya satu orang" in str(panel.galat)


def _cells(jawaban, nama):
    (kolom,) = [x for x in jawaban.tabel.kolom if x.nama == nama]
    return jawaban.tabel.cells(kolom)
