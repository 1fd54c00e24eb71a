"""Keluaran prioritas nasional: nilai harapan dari cetakan laporan atau hitungan tangan."""

import pytest

from kinerja import data, prioritas
from kinerja.errors import GalatParameter


def changed(d, tabel, id_, **isi):
    """Salinan data dengan satu baris yang diubah."""
    frame = d[tabel]
    for kolom, nilai in isi.items():
        frame.loc[frame["id"] == id_, kolom] = nilai
    return data.Data(d.tahun, {nama: frame if nama == tabel else d[nama] for nama in d.tables}, d.satuan, d.sumber)


@pytest.fixture(scope="module")
def keluaran(d2020):
    return prioritas.outputs(d2020).set_index("kode")


def test_26_outputs_in_three_priorities(keluaran):
    assert len(keluaran) == 26
    assert keluaran["pn"].value_counts().to_dict() == {"PN1": 23, "PN5": 2, "PN3": 1}
    assert (keluaran["pp"].nunique(), keluaran["kp"].nunique()) == (5, 7)
    # dicetak di bab capaian: 4 kurang dari, 11 tepat, 11 lebih dari 100%
    assert keluaran["golongan"].value_counts().to_dict() == {"tepat": 11, "di_atas": 11, "di_bawah": 4}


@pytest.mark.parametrize(
    ("kode", "target", "realisasi", "capaian"),
    [
        ("OUT01", 107_200_000, 96_961_792, 90.449433),
        ("OUT10", 1_305, 3_498, 268.045977),
        ("OUT13", 612_805, 735_518, 120.024804),
        ("OUT19", 20_000_000, 19_037_175, 95.185875),
        ("OUT26", 50, 50, 100.0),
    ],
)
def test_achievement_by_hand(keluaran, kode, target, realisasi, capaian):
    baris = keluaran.loc[kode]
    assert (baris["target"], baris["realisasi"]) == (target, realisasi)
    assert baris["capaian"] == pytest.approx(capaian, abs=1e-6)
    assert baris["lebih"] == realisasi - target


def test_printed_values_that_were_cut_not_rounded(keluaran):
    """157,296 tercetak 157,29; 95,186 tercetak 95,18; 99,899 tercetak 99,89. Yang lain sama."""
    assert keluaran["verdik"].value_counts().to_dict() == {"sama": 23, "dipotong": 3}
    assert set(keluaran.index[keluaran["verdik"] == "dipotong"]) == {"OUT08", "OUT18", "OUT19"}
    assert set(keluaran.loc[keluaran["verdik"] == "dipotong", "selisih"]) == {-0.01}


def test_a_wrong_print_is_seen(d2020):
    d = changed(d2020, "pn_nilai", "pn_nilai/OUT25/capaian", nilai=156.62)
    isi = prioritas.outputs(d).set_index("kode").loc["OUT25"]
    assert (isi["verdik"], isi["selisih"]) == ("beda", -9.0)


def test_cap(d2020):
    terbatas = prioritas.outputs(d2020, 120).set_index("kode")
    terkena = terbatas.index[terbatas["capaian_batas"] < terbatas["capaian"]]
    assert set(terkena) == {"OUT08", "OUT10", "OUT11", "OUT13", "OUT23", "OUT25"}
    assert terbatas["capaian_batas"].max() == 120
    tanpa = prioritas.outputs(d2020, 0)
    assert (tanpa["capaian_batas"] == tanpa["capaian"]).all()
    with pytest.raises(GalatParameter):
        prioritas.outputs(d2020, 90)


def test_crosswalk_23_items_to_26_outputs(d2020):
    isi = prioritas.crosswalk(d2020)
    assert isi["nomor"].nunique() == 23
    assert sorted(isi["kode"]) == [f"OUT{n:02d}" for n in range(1, 27)]
    assert isi["hubungan"].value_counts().to_dict() == {"satu_satu": 22, "digabung": 2, "tidak_terdaftar": 2}
    assert set(isi.loc[isi["hubungan"] == "tidak_terdaftar", "kode"]) == {"OUT14", "OUT15"}


def test_unknown_priority(d2020):
    with pytest.raises(GalatParameter, match="PN2.*PN1, PN3, PN5"):
        prioritas.outputs(d2020, pn="PN2")


def test_missing_realisation_is_not_judged(d2020):
    d = changed(d2020, "pn_nilai", "pn_nilai/OUT26/realisasi", nilai=float("nan"), keadaan="tidak_tersedia")
    satu = prioritas.outputs(d).set_index("kode").loc["OUT26"]
    assert (satu["golongan"], satu["verdik"]) == ("tidak_dinilai", "tidak_dihitung")
