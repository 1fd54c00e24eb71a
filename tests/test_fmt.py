"""Tulisan angka: dihitung tangan, dibaca kembali, nilai hilang, dan bilangan bulat besar."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja import fmt
from kinerja.errors import GalatHitung, GalatParameter

PAGU_AKHIR = 134_171_839_274_000
HILANG = [None, float("nan"), np.nan, pd.NA, pd.NaT, Decimal("NaN")]
# Tiga puluh empat digit: jauh di luar 2**53 (pecahan biner) dan 28 digit (presisi Decimal bawaan).
RAKSASA = 1_234_567_890_123_456_789_012_345_678_901_234

BILANGAN = st.one_of(
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15),
)


@pytest.fixture(autouse=True)
def _bahasa_kembali():
    with fmt.using("id"):
        yield


def _baca(teks: str) -> Decimal:
    """Baca kembali tulisan Indonesia: titik ribuan, koma desimal, minus tipografi."""
    return Decimal(teks.replace(".", "").replace(",", ".").replace("\N{MINUS SIGN}", "-"))


# Pembulatan -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "desimal", "hasil"),
    [
        (2.675, 2, 2.68),  # biner 2,67499999...: pembulatan biasa memberi 2,67
        (1.005, 2, 1.01),
        (0.125, 2, 0.13),  # pembulatan bankir memberi 0,12
        (-2.675, 2, -2.68),
        (0.5, 0, 1.0),
        (-0.5, 0, -1.0),
        (1.5, 0, 2.0),
        (2.5, 0, 3.0),
        (84.615, 2, 84.62),
        (-0.4, 0, 0.0),
        (1234.0, -2, 1200.0),
        (1250.0, -2, 1300.0),
    ],
)
def test_setengah_menjauhi_nol(x, desimal, hasil):
    assert fmt.round_half_up(x, desimal) == hasil


def test_bilangan_bulat_tetap_bulat_dan_persis():
    assert fmt.round_half_up(RAKSASA) == RAKSASA
    assert fmt.round_half_up(RAKSASA, 2) == RAKSASA
    assert fmt.round_half_up(10**40 + 5, -1) == 10**40 + 10
    assert isinstance(fmt.round_half_up(np.int64(PAGU_AKHIR)), int)
    assert fmt.round_half_up(Decimal("2.675"), 2) == Decimal("2.68")


@pytest.mark.parametrize("x", HILANG)
def test_nilai_hilang_lewat_begitu_saja(x):
    assert fmt.is_missing(fmt.round_half_up(x, 2))
    assert fmt.angka(x) == fmt.HILANG
    assert fmt.persen(x) == fmt.HILANG
    assert fmt.nilai(x, "rupiah", skala="triliun") == fmt.HILANG
    assert fmt.nilai(x, "kpm", kata=True) == fmt.HILANG
    assert fmt.selisih(x) == fmt.HILANG


@pytest.mark.parametrize("x", [0, 0.0, "", "WTP", np.int64(0), Decimal(0), np.float64(3.5)])
def test_nol_dan_teks_bukan_nilai_hilang(x):
    assert not fmt.is_missing(x)


@pytest.mark.parametrize("x", [True, "tujuh", [1], object()])
def test_yang_bukan_bilangan_ditolak(x):
    with pytest.raises(GalatHitung, match="bukan bilangan"):
        fmt.angka(x)


def test_tak_hingga_tertulis():
    assert fmt.angka(float("inf")) == "∞"
    assert fmt.persen(float("-inf")) == "\N{MINUS SIGN}∞%"


# Angka ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tulisan", "hasil"),
    [
        (lambda: fmt.angka(35841), "35.841"),
        (lambda: fmt.angka(0.684, 3), "0,684"),
        (lambda: fmt.angka(-1234.5, 1), "−1.234,5"),
        (lambda: fmt.angka(-0.4), "0"),
        (lambda: fmt.angka(-0.004, 2), "0,00"),
        (lambda: fmt.nilai(19_037_175, "orang", skala="juta"), "19,04 juta"),
        (lambda: fmt.angka(RAKSASA), "1.234.567.890.123.456.789.012.345.678.901.234"),
        (lambda: fmt.angka(np.float32(0.1), 1), "0,1"),
        (lambda: fmt.persen(97.1197), "97,12%"),
        (lambda: fmt.persen(120, 0), "120%"),
        (lambda: fmt.nilai(PAGU_AKHIR, "rupiah"), "Rp134.171.839.274.000"),
        (lambda: fmt.nilai(PAGU_AKHIR, "rupiah", skala="triliun"), "Rp134,17 triliun"),
        (lambda: fmt.nilai(62_767_643_594_000, "rupiah", skala="triliun"), "Rp62,77 triliun"),
        (lambda: fmt.nilai(-2_080_876_364_000, "rupiah", skala="triliun"), "−Rp2,08 triliun"),
        (lambda: fmt.nilai(166_666.67, "rupiah", 2), "Rp166.666,67"),
        (lambda: fmt.selisih(1.46), "+1,46"),
        (lambda: fmt.selisih(-0.1), "−0,10"),
        (lambda: fmt.selisih(0.001), "0,00"),
        (lambda: fmt.nilai(43_754_136_500_000, "rupiah", skala="triliun", plus=True), "+Rp43,75 triliun"),
        (lambda: fmt.nilai(10_000_000, "kpm", kata=True), "10.000.000 KPM"),
        (lambda: fmt.nilai(1.46, "poin_persen", kata=True), "1,46 persen poin"),
        (lambda: fmt.nilai(226.2895, "persen_capaian"), "226,29%"),
        (lambda: fmt.nilai(226.2895, "persen_capaian", lambang=False), "226,29"),
        (lambda: fmt.nilai(PAGU_AKHIR, "rupiah", skala="triliun", lambang=False), "134,17"),
        (lambda: fmt.nilai(0.682, "indeks"), "0,682"),
        (lambda: fmt.nilai(2024, "tahun"), "2024"),
        (lambda: fmt.nilai("WTP", "teks"), "WTP"),
    ],
)
def test_tulisan_indonesia(tulisan, hasil):
    assert tulisan() == hasil


@pytest.mark.parametrize(
    ("tulisan", "hasil"),
    [
        (lambda: fmt.angka(-1234.5, 1), "−1,234.5"),
        (lambda: fmt.nilai(PAGU_AKHIR, "rupiah", skala="triliun"), "Rp134.17 trillion"),
        (lambda: fmt.nilai(PAGU_AKHIR, "rupiah"), "Rp134,171,839,274,000"),
        (lambda: fmt.persen(97.1197), "97.12%"),
        (lambda: fmt.satuan("rupiah", "miliar"), "billion rupiah"),
        (lambda: fmt.bulan(8), "August"),
        (lambda: fmt.bulan(8, pendek=True), "Aug"),
        (lambda: fmt.tanggal("2021-02-06"), "6 February 2021"),
        (lambda: fmt.missing(), "not in the source"),
    ],
)
def test_tulisan_inggris(tulisan, hasil):
    with fmt.using("en"):
        assert tulisan() == hasil


@given(BILANGAN, st.integers(0, 6))
def test_tulisan_dapat_dibaca_kembali(x, desimal):
    # Jalan lain ke aturan yang sama, tanpa Decimal: setengah satuan terkecil ditambahkan, lalu dipotong.
    persis = Fraction(x) if isinstance(x, int) else Fraction(repr(x))
    terkecil = (abs(persis) * 10**desimal + Fraction(1, 2)) // 1
    tulisan = Fraction(_baca(fmt.angka(x, desimal)))
    assert abs(tulisan) == Fraction(terkecil, 10**desimal)
    assert tulisan == 0 or (tulisan < 0) == (x < 0)


@given(st.integers(-(10**60), 10**60))
def test_bilangan_bulat_besar_tertulis_persis(x):
    assert int(fmt.angka(x).replace(".", "").replace("\N{MINUS SIGN}", "-")) == x
    assert int(fmt.nilai(x, "rupiah").replace(".", "").replace("Rp", "").replace("\N{MINUS SIGN}", "-")) == x


@given(BILANGAN, st.integers(0, 4))
def test_bahasa_hanya_menukar_titik_dan_koma(x, desimal):
    indonesia = fmt.angka(x, desimal)
    with fmt.using("en"):
        inggris = fmt.angka(x, desimal)
    assert inggris.translate(str.maketrans(",.", ".,")) == indonesia


# Bahasa, satuan, tanggal ----------------------------------------------------------------------------------------------


def test_bahasa_kembali_sesudah_blok_walau_gagal():
    with pytest.raises(ZeroDivisionError), fmt.using("en"):
        assert fmt.language() == "en"
        raise ZeroDivisionError
    assert fmt.language() == "id"


def test_bahasa_lain_ditolak():
    with pytest.raises(GalatParameter, match="id, en"):
        fmt.use("nl")
    assert fmt.language() == "id"


def test_pick_tidak_pernah_memakai_bahasa_lain():
    assert fmt.pick({"id": "a", "en": "b"}) == "a"
    with fmt.using("en"), pytest.raises(GalatParameter, match="'en' tidak ada"):
        fmt.pick({"id": "a"})


def test_satuan():
    assert fmt.satuan("kpm") == "KPM"
    assert fmt.satuan("rupiah", "triliun") == "triliun rupiah"
    assert fmt.decimals("indeks") == 3
    with pytest.raises(GalatParameter, match="'kilometer' tidak ada di acuan/satuan.csv"):
        fmt.satuan("kilometer")
    with pytest.raises(GalatParameter, match="Skala 'biliun'"):
        fmt.nilai(1, "orang", skala="biliun")
    with pytest.raises(GalatParameter, match="Skala 'biliun'"):
        fmt.satuan("rupiah", "biliun")


def test_setiap_satuan_dapat_ditulis_dalam_kedua_bahasa(akar_satuan):
    for kode in akar_satuan:
        for bahasa in fmt.BAHASA:
            with fmt.using(bahasa):
                assert fmt.nilai(1, kode, kata=True)
                assert fmt.satuan(kode)


@pytest.fixture
def akar_satuan():
    from kinerja import paths

    return pd.read_csv(paths.acuan() / "satuan.csv")["kode"].tolist()


@pytest.mark.parametrize("hari", ["2021-02-06", dt.date(2021, 2, 6), pd.Timestamp(2021, 2, 6)])
def test_tanggal(hari):
    assert fmt.tanggal(hari) == "6 Februari 2021"


def test_bulan_dan_tanggal_salah():
    assert [fmt.bulan(n, pendek=True) for n in (1, 5, 8, 12)] == ["Jan", "Mei", "Agu", "Des"]
    with pytest.raises(GalatParameter, match="1 sampai 12"):
        fmt.bulan(13)
    with pytest.raises(GalatParameter, match="bukan tanggal"):
        fmt.tanggal("6 Februari 2021")
    assert fmt.tanggal(None) == fmt.HILANG


@pytest.mark.parametrize(
    ("terbesar", "skala"), [(PAGU_AKHIR, "triliun"), (-(10**9), "miliar"), (999_999, None), (np.nan, None)]
)
def test_skala_yang_pantas(terbesar, skala):
    assert fmt.scale_of(terbesar) == skala


# Sumbu ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("satuan", "skala", "letak", "tulisan"),
    [
        ("persen", None, [0, 0.1, 0.1 + 0.2], ["0,0%", "0,1%", "0,3%"]),
        ("persen_capaian", None, [0, 50, 100], ["0%", "50%", "100%"]),
        ("rupiah", "triliun", [0, 2.5e13, 5e13], ["0", "25", "50"]),
        ("rupiah", "triliun", [0, 2.5e12], ["0,0", "2,5"]),
        ("kpm", None, [0, 10_000_000], ["0", "10.000.000"]),
        ("tahun", None, [2018, 2024], ["2018", "2024"]),
        ("poin", None, [-1.0, 0.0], ["−1", "0"]),
    ],
)
def test_angka_sumbu(satuan, skala, letak, tulisan):
    assert fmt.axis_formatter(satuan, skala).format_ticks(letak) == tulisan


def test_angka_sumbu_ikut_bahasa_saat_digambar():
    pemformat = fmt.axis_formatter("kpm")
    with fmt.using("en"):
        assert pemformat.format_ticks([10_000]) == ["10,000"]
    with pytest.raises(GalatParameter):
        fmt.axis_formatter("rupiah", "biliun")
