"""Angka, target, tanggal, dan kata seperti ditulis orang."""

import pytest

from kinerja.data import tulisan

ANGKA = [
    ("1234.5", "1234.5"),
    ("1.234,5", "1234.5"),
    ("12,50%", "12.50"),
    ("Rp1.000.000,00", "1000000"),
    ("Rp2.500,-", "2500"),
    ("Rp 750.000", "750000"),
    ("1,234,567.8", "1234567.8"),
    ("Rp1,5 miliar", "1500000000"),
    ("12,25 juta", "12250000"),
    ("(12.500.000)", "-12500000"),
    ("\u22125,2", "-5.2"),
    ("\u00a052.000.000.000 ", "52000000000"),
    ("0.125", "0.125"),
    ("-", ""),
    ("Belum ada", ""),
]


@pytest.mark.parametrize(("tulis", "angka"), ANGKA)
def test_number(tulis, angka):
    assert tulisan.number(tulis) == angka


@pytest.mark.parametrize(
    ("tulis", "harap"),
    [
        ("1.234", "1234 atau 1,234"),
        ("satu", "misalnya 1234,5"),
        ("1.23.4", "misalnya 1234,5"),
        ("12 orang", "misalnya 1234,5"),
        ("1e5", "misalnya 1234,5"),
        ("1234567890123456", "15 angka"),
    ],
)
def test_number_refused(tulis, harap):
    with pytest.raises(ValueError, match=harap):
        tulisan.number(tulis)


def test_whole_units_make_a_dot_a_thousands_mark():
    assert tulisan.number("1.234", utuh=True) == "1234"
    assert tulisan.number("1,5", utuh=True) == "1.5"  # yang menolaknya satuannya


@pytest.mark.parametrize(
    ("isi", "persen", "angka"),
    [
        (0.9712, True, "97.12"),  # 0.9712 * 100 dalam biner adalah 97.11999999999999
        (1.1, True, "110"),
        (0.1 + 0.2, False, "0.3"),
        (4250000000, False, "4250000000"),
        (12.0, False, "12"),
        (-0.0, False, "0"),
        (1e-7, False, "0.0000001"),
    ],
)
def test_cell_number(isi, persen, angka):
    assert tulisan.cell_number(isi, persen=persen) == angka


@pytest.mark.parametrize(
    ("tulis", "batas"),
    [
        ("12,5", ("12.5", "12.5")),
        ("≥ 3", ("3", "")),
        ("minimal 90%", ("90", "")),
        ("maks. 5", ("", "5")),
        ("<= 2,5", ("", "2.5")),
        ("3-4", ("3", "4")),
        ("6,5 – 8,5", ("6.5", "8.5")),
        ("3 s.d. 4", ("3", "4")),
        ("-2", ("-2", "-2")),
        ("WTP", None),
        ("BB", None),
    ],
)
def test_target(tulis, batas):
    assert tulisan.target(tulis) == batas


@pytest.mark.parametrize(
    "tulis", ["31 Desember 2026", "31/12/2026", "31-Des-2026", "2026-12-31", "31.12.2026", "31 december 2026"]
)
def test_date(tulis):
    assert tulisan.date(tulis) == "2026-12-31"


@pytest.mark.parametrize("tulis", ["12/31/2026", "31/12/26", "Desember 2026", "31 Februari 2026"])
def test_date_refused(tulis):
    with pytest.raises(ValueError, match="31 Desember 2026"):
        tulisan.date(tulis)
