"""Keuangan: jawaban notebook terhadap cetakan LKj 2020, pernyataan Menteri Sosial, dan hitungan tangan."""

import pytest

from kinerja import anggaran, fmt, kendali, nka
from kinerja.buku import Buku
from kinerja.data import Data
from notebook_di_proses import run
from tergambar import plotted


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


@pytest.fixture(scope="module")
def jawab():
    return run("keuangan").jawab


def without(d, *tabel):
    return Data(d.tahun, {t: d[t] for t in d.tables if t not in tabel}, d.satuan, d.sumber)


def bars(jawaban):
    (ax,) = jawaban.axes
    return [x for jenis, _, angka in plotted(ax) if jenis == "batang" for x in angka]


def test_headline_and_points():
    ringkas = run("keuangan").ringkas
    assert ringkas.kepala == (
        "Pagu menjadi lebih dari dua kali lipat; Rp3,86 triliun tidak terserap, 96 persen di antaranya belanja bansos"
    )
    isi = " ".join(ringkas.butir)
    # tercetak: 113,76 dan 97,12 persen; 128,10 - 124,40; 503,16 - 445,57; 76,82 / 95,38% - 76,82; 0,39 menjadi 4,89
    for kata in (
        "113,8 persen", "97,1 persen", "Rp3,70 triliun", "88,6 persen", "Rp57,59 miliar", "Ditjen Penanganan Fakir",
        "Rp3,72 triliun", "Rp391,76 miliar", "Rp4,89 triliun", "BA BUN",
    ):  # fmt: skip
        assert kata in isi, kata
    assert run("keuangan", "en").ringkas.kepala == (
        "The budget more than doubled; Rp3.86 trillion was left unspent, 96% of it on social assistance"
    )


def test_ceiling_waterfall(jawab):
    assert bars(jawab["pagu"]) == [
        62_767_643_594_000, 43_754_136_500_000, -2_080_876_364_000, 20_325_015_376_000, 9_243_000_000_000,
        162_920_168_000, 134_171_839_274_000,
    ]  # fmt: skip
    (ax,) = jawab["pagu"].axes
    letak = [(p.get_x(), p.get_x() + p.get_width()) for p in ax.patches]
    assert letak[2] == (106_521_780_094_000, 104_440_903_730_000), "penghematan turun dari puncaknya"
    assert letak[-2][1] == letak[-1][1] == 134_171_839_274_000
    assert (
        jawab["pagu"].kalimat["gambar"] == "Pagu naik dari Rp62,77 triliun menjadi Rp134,17 triliun lewat 5 perubahan"
    )
    assert (jawab["pagu"].frame["selisih"] == 0).all()


def test_unspent_by_type_of_spending(jawab):
    """Pagu dikurangi realisasi tercetak; sisa terbesar di atas, total di bawah."""
    frame = jawab["jenis_belanja"].frame
    assert frame["sisa"].to_dict() == {
        "bansos": 3_702_733_664_928,
        "barang": 102_947_873_474,
        "pegawai": 57_594_152_115,
        "modal": 1_213_054_812,
        "total": 3_864_488_745_329,
    }
    assert bars(jawab["jenis_belanja"]) == frame["sisa"].tolist()[:-1]
    assert [round(x, 2) for x in frame["penyerapan"]] == [97.11, 98.06, 88.55, 99.51, 97.12]  # tercetak
    assert frame.loc["bansos", "bagian"] == pytest.approx(3_702_733_664_928 / 3_864_488_745_329 * 100)
    assert "**95,8 persen** dari seluruhnya" in jawab["jenis_belanja"].kalimat["jawab"]


def test_source_line_names_only_the_source_used(jawab):
    assert "Menteri Sosial" not in jawab["jenis_belanja"].tabel.sumber
    assert "Menteri Sosial 13 Januari 2021" in jawab["uke1"].tabel.sumber
    assert "LKj" not in jawab["uke1"].tabel.sumber
    assert "Menteri Sosial" not in jawab["efisiensi"].tabel.sumber + jawab["nka_susunan"].tabel.sumber


def test_unspent_by_unit(jawab):
    frame = jawab["uke1"].frame
    assert frame.index[0] == "pfm"
    assert frame.loc["pfm", "sisa"] == pytest.approx(76.82e12 / 0.9538 - 76.82e12)
    assert frame.loc["pfm", "sisa_bawah"] == pytest.approx(76.815e12 / 0.95385 - 76.815e12)
    assert frame.loc["pfm", "sisa_atas"] == pytest.approx(76.825e12 / 0.95375 - 76.825e12)
    assert "Ditjen Penanganan Fakir Miskin menyisakan sekitar Rp3,72 triliun" in jawab["uke1"].kalimat["gambar"]


def test_programmes_between_versions(jawab):
    frame = jawab["program"].frame
    assert frame.loc["penanganan_fakir_miskin", "selisih"] == 81_506_288_294_000 - 28_975_250_028_000
    assert frame.loc["pemberdayaan_sosial", "persen_perubahan"] == pytest.approx((4893.053799 / 391.757849 - 1) * 100)
    assert frame.loc["jumlah", ["awal", "akhir"]].tolist() == [62_767_643_594_000, 134_008_919_106_000]
    assert jawab["program"].kalimat["gambar"] == "3 program bertambah dan 4 berkurang dari versi Januari ke Agustus"
    assert min(bars(jawab["program"])) == -155_000_000_000


def test_budget_score(jawab):
    """0,6 E + 0,4 I = 93,065 dengan I atau E = 100; lebih dari 90 sangat baik (PMK 22/2021)."""
    kalimat = jawab["nka"].kalimat["jawab"]
    assert "**93,07**, predikat Sangat Baik" in kalimat
    assert "evaluasi sedikitnya 88,44" in kalimat and "(IKPA) sedikitnya 82,66" in kalimat


def test_scores_beside_share_spent(jawab, d2020):
    frame = jawab["efisiensi"].frame
    lebih, kurang = (d2020.nilai(f"hitungan/sasaran_kinerja_{x}/analisis_efisiensi") for x in (
        "melebihi_keuangan", "kurang_dari_keuangan",
    ))  # fmt: skip
    assert ((frame["selisih"] > 0).sum(), (frame["selisih"] < 0).sum()) == (lebih, kurang) == (2, 2)
    assert "bukan ukuran efisiensi" in jawab["efisiensi"].kalimat["jawab"]


def test_details(jawab):
    assert len(jawab["pk_semua"].frame) == 21
    assert jawab["pk_jumlah"].frame["jarak_ke_akhir"].tolist()[-1] == 162_920_168_000
    assert jawab["tanggal"].frame["selisih_realisasi"].iloc[0] == 130_300_865_759_231 - 130_307_350_528_671
    assert jawab["nka_susunan"].frame["bobot"].tolist()[:4] == [9.7, 18.2, 43.5, 28.6]  # PMK 214/2017


def test_year_without_optional_tables(d2020):
    d = without(d2020, "pagu", "pk_anggaran", "nka", "nka_bobot")
    buku = Buku("keuangan", tahun=2020, bahasa="id", data=d)
    program = anggaran.agreement_change(d).set_index("program", drop=False)
    assert buku.build("program", program, naik=0, turun=0).kalimat["jawab"].count("Angkanya tidak tersedia") == 1
    assert (
        buku.build("pagu", anggaran.ceiling_steps(d), banyak=0).kalimat["jawab"].count("Angkanya tidak tersedia") == 1
    )
    for nama, frame in (
        ("nka", nka.report_scores(d)),
        ("nka_susunan", nka.report_composition(d)),
        ("pk_semua", anggaran.agreements(d)),
        ("pk_jumlah", anggaran.agreement_totals(d)),
    ):
        assert buku.build(nama, frame).frame.empty, nama


def test_smaller_budget_is_not_called_a_rise(d2020):
    buku = Buku("keuangan", tahun=2020, bahasa="id", data=d2020)
    langkah = anggaran.ceiling_steps(d2020).set_index("langkah", drop=False)
    langkah.loc["pagu_akhir", "pagu"] = 60_000_000_000_000
    jawaban = buku.build("pagu", langkah, banyak=5)
    assert jawaban.kalimat["gambar"] == "Pagu berubah dari Rp62,77 triliun menjadi Rp60 triliun lewat 5 perubahan"


def test_version_control(d2020):
    panel = kendali.agreement(Buku("keuangan", tahun=2020, bahasa="id", data=d2020))
    assert panel.hasil.teks.startswith("Dari versi Januari ke Agustus, 3 program bertambah dan 4 berkurang")
    panel.controls["dari"].value = "mei"
    assert panel.galat is None and panel.hasil.teks.startswith("Dari versi Mei ke Agustus, 3 program bertambah dan 0")
    assert "Rp21,51 triliun" in panel.hasil.teks  # 81.506,29 - 59.993,15 miliar
    assert panel.hasil.png.startswith(b"\x89PNG")
