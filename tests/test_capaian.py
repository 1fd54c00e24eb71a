"""Capaian: contoh yang dihitung tangan, sifat rumus, dan angka yang tercetak di laporan 2020."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja import capaian, dtks
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatParameter

BESAR = st.floats(0.001, 1e6)
ARAH = st.sampled_from(["naik", "turun"])


def with_rows(d: Data, nama: str, ubah) -> Data:
    """Data yang sama dengan satu tabel diganti; hanya di memori."""
    tabel = {t: d[t] for t in d.tables}
    tabel[nama] = ubah(tabel[nama])
    return Data(d.tahun, tabel, d.satuan, d.sumber)


def set_value(d: Data, nama: str, id_: str, **isi) -> Data:
    def ubah(tabel):
        assert (tabel["id"] == id_).sum() == 1, id_
        for kolom, nilai in isi.items():
            tabel.loc[tabel["id"] == id_, kolom] = nilai
        return tabel

    return with_rows(d, nama, ubah)


# Rumus


@pytest.mark.parametrize(
    ("realisasi", "target", "arah", "batas", "harapan"),
    [
        (50, 40, "naik", None, 125.0),
        (50, 40, "naik", 120, 120.0),
        (30, 40, "naik", 120, 75.0),
        (30, 40, "turun", None, 125.0),  # 1 + (1 - 0,75)
        (40, 40, "turun", None, 100.0),
        (60, 40, "turun", None, 50.0),  # 1 + (1 - 1,5)
        (100, 40, "turun", None, 0.0),  # 1 + (1 - 2,5) = -0,5
        (30, 40, "turun", 120, 120.0),
        (0, 40, "naik", None, 0.0),
        (0, 40, "turun", None, 200.0),
        (0, 0, "naik", 120, 100.0),
        (0, 0, "turun", None, 100.0),
        (3, 0, "naik", 120, 120.0),
        (3, 0, "turun", 120, 0.0),
        (3, 0, "naik", None, math.nan),
        (None, 40, "naik", 120, math.nan),
        (40, None, "naik", 120, math.nan),
        (math.nan, 0, "turun", 120, math.nan),
        (-1, 40, "naik", 120, 0.0),  # -1/40, paling rendah 0
        (-1, 40, "turun", None, 202.5),  # 1 + (1 + 1/40)
        (1, -2, "naik", None, 250.0),  # 1 + (1 + 2)/2
        (-3, -5, "naik", None, 140.0),  # 1 + 2/5
        (-3, -5, "turun", None, 60.0),  # 1 - 2/5
        (-1, 0, "turun", 120, 120.0),
        (-1, 0, "naik", 120, 0.0),
    ],
)
def test_achievement_by_hand(realisasi, target, arah, batas, harapan):
    hasil = capaian.achievement(realisasi, target, arah, batas)
    assert isinstance(hasil, float)
    assert hasil == pytest.approx(harapan, nan_ok=True)


def test_achievement_vectorised():
    hasil = capaian.achievement([50, 30, None], pd.Series([40, 40, 40]), ["naik", "turun", "naik"], 120)
    np.testing.assert_allclose(hasil, [120, 120, np.nan])
    np.testing.assert_allclose(capaian.achievement(np.array([1.0, 2.0]), 4), [25, 50])
    assert capaian.achievement(pd.array([1, None], dtype="Int64"), 2)[0] == 50


def test_achievement_rejects():
    with pytest.raises(GalatParameter, match="'mundur' tidak dikenal; pilih naik atau turun"):
        capaian.achievement(1, 1, "mundur")
    for batas in (99, 0, -1, math.inf, math.nan, "120", True):
        with pytest.raises(GalatParameter, match="Batas capaian harus bilangan 100 atau lebih"):
            capaian.achievement(1, 1, "naik", batas)


@given(BESAR, BESAR, ARAH, st.floats(100, 1000))
def test_cap_and_direction(realisasi, target, arah, batas):
    tanpa = capaian.achievement(realisasi, target, arah)
    dengan = capaian.achievement(realisasi, target, arah, batas)
    assert 0 <= dengan <= batas
    assert dengan == min(tanpa, batas)
    lain = capaian.achievement(realisasi, target, "turun" if arah == "naik" else "naik")
    if realisasi <= 2 * target:  # di luar itu arah turun berhenti di 0
        assert tanpa + lain == pytest.approx(200, rel=1e-9)


@given(BESAR, BESAR, BESAR, ARAH)
def test_scale_free_and_monotone(realisasi, target, kali, arah):
    semula = capaian.achievement(realisasi, target, arah)
    assert capaian.achievement(realisasi * kali, target * kali, arah) == pytest.approx(semula, rel=1e-9, abs=1e-9)
    lebih = capaian.achievement(realisasi * 1.5, target, arah)
    assert lebih >= semula if arah == "naik" else lebih <= semula


@pytest.mark.parametrize(
    ("realisasi", "target", "jenjang", "harapan"),
    [
        ("WTP", "WTP", (), 100.0),
        (" wtp ", "WTP", (), 100.0),
        ("WDP", "WTP", (), 0.0),  # jenjang umum
        ("AA", "A", (), 100.0),
        ("BB", "A", (), 0.0),
        ("Utama", "Madya", (), math.nan),  # berbeda, dan jenjangnya tidak diketahui
        ("AA", "A", ("B", "BB", "A", "AA"), 100.0),
        ("BB", "A", ("B", "BB", "A", "AA"), 0.0),
        ("", "A", (), math.nan),
        (None, "A", (), math.nan),
        ("A", None, (), math.nan),
    ],
)
def test_text_target(realisasi, target, jenjang, harapan):
    assert capaian.achievement_text(realisasi, target, jenjang) == pytest.approx(harapan, nan_ok=True)


def test_text_target_outside_scale():
    with pytest.raises(GalatParameter, match="Predikat 'Z' tidak ada dalam jenjang: B, A"):
        capaian.achievement_text("Z", "A", ("B", "A"))


@pytest.mark.parametrize(
    ("nilai", "realisasi", "target", "desimal", "harapan"),
    [
        (100.0, None, None, 2, "tepat"),
        (100.0099, 150 / 514 * 100, 29.18, 2, "tepat"),
        (98.4, 24.6, 25.0, 2, "di_bawah"),  # 24,6 bukan 25,00, walau target dicetak tanpa desimal
        (99.98, 24.996, 25.0, 2, "tepat"),
        (100.29, 0.684, 0.682, 3, "di_atas"),
        (math.nan, None, 25.0, 2, "tidak_dinilai"),
    ],
)
def test_classify(nilai, realisasi, target, desimal, harapan):
    assert capaian.classify(nilai, realisasi, target, desimal) == harapan


# Laporan 2020: nilai harapan dari cetakan laporan


def test_iku_2020(d2020):
    frame = capaian.iku(d2020).set_index("kode")
    tercetak = {"IKU1": 93.68, "IKU2": 100.29, "IKU3": 84.62, "IKU5": 100.01, "IKU6": 120.0, "IKU7": 101.46}
    for kode, nilai in tercetak.items():
        assert round(frame.loc[kode, "capaian"], 2) == nilai, kode
    assert frame.loc["IKU3", "realisasi"] == 35841 / 169423 * 100
    assert frame.loc["IKU4", "capaian"] == pytest.approx(8829 / 40000 / 0.28 * 100)
    assert round(frame.loc["IKU6", "capaian_tanpa_batas"], 2) == 226.29
    assert dict(frame["keadaan_realisasi"]) == {
        "IKU1": "dikutip",
        "IKU2": "dikutip",
        "IKU3": "diturunkan",
        "IKU4": "diturunkan",
        "IKU5": "diturunkan",
        "IKU6": "diturunkan",
        "IKU7": "dikutip",
    }
    assert frame.loc["IKU5", "golongan"] == "tepat"


def test_sasaran_and_institution_2020(d2020):
    ss = capaian.sasaran(d2020).set_index("kode")["capaian"]
    assert [round(x, 2) for x in ss] == [93.68, 90.94, 120.0, 101.46]
    assert round(capaian.mean_achievement(d2020), 2) == 101.52
    # Rata-rata empat sasaran dari angka dasar, tanpa memakai fungsi capaian.
    tangan = (
        38.41 / 41
        + (0.684 / 0.682 + 35841 / 169423 / 0.25 + 8829 / 40000 / 0.28 + 150 / 514 / 0.2918) / 4
        + 1.2
        + 81.17 / 80
    ) * 25
    assert capaian.mean_achievement(d2020) == pytest.approx(tangan, abs=1e-12)
    tanpa = tangan - 30 + 544 / 601 / 0.4 * 25
    assert capaian.mean_achievement(d2020, terbatas=False) == pytest.approx(tanpa, abs=1e-12)
    cara = capaian.institusi(d2020).set_index("cara")
    assert cara.loc["rata_rata_sasaran", "dipakai"] and not cara.loc["rata_rata_iku", "dipakai"]
    assert cara.loc["rata_rata_iku", "jumlah"] == 7


def test_summary_2020(d2020):
    frame = capaian.summary(d2020)
    assert list(frame["kode"]) == [
        "",
        "SS1",
        "IKU1",
        "SS2",
        "IKU2",
        "IKU3",
        "IKU4",
        "IKU5",
        "SS3",
        "IKU6",
        "SS4",
        "IKU7",
    ]
    assert round(frame.loc[0, "capaian"], 2) == 101.52
    assert frame["menonjol"].sum() == 5
    assert frame.loc[frame["menonjol"], "target"].isna().all()


def test_cap_is_a_parameter(d2020):
    assert capaian.cap(d2020) == 120
    seratus = capaian.iku(d2020, 100).set_index("kode")
    assert seratus["capaian"].max() == 100
    assert seratus.loc["IKU6", "golongan"] == "di_atas", "batas tidak boleh mengubah golongan"
    assert capaian.mean_achievement(d2020, 150) == pytest.approx(capaian.mean_achievement(d2020) + 30 / 4)
    with pytest.raises(GalatParameter):
        capaian.iku(d2020, 90)


def test_counts_2020(d2020):
    frame = capaian.counts(d2020)
    assert list(frame["jumlah"]) == [3, 1, 3, 2, 0, 2]
    ada = frame["tercetak"].notna()
    assert (frame.loc[ada, "jumlah"] == frame.loc[ada, "tercetak"]).all()
    assert frame.loc[1, "kode"] == "IKU5"


def test_distance_2020(d2020):
    frame = capaian.distance(d2020).set_index("kode")
    assert frame.loc["IKU1", "jarak"] == pytest.approx(13.59)
    # Nilai 2019: (52 - 38,41) / 5 tahun, bukan empat tahun dari tahun laporan.
    assert (frame.loc["IKU1", "tahun_data"], frame.loc["IKU1", "sisa_tahun"]) == (2019, 5)
    assert frame.loc["IKU1", "laju_perlu"] == pytest.approx(2.718)
    assert round(frame.loc["IKU1", "capaian_akhir"], 2) == 73.87
    assert round(frame.loc["IKU4", "capaian_akhir"], 2) == 55.18
    assert round(frame.loc["IKU2", "capaian_akhir"], 2) == 97.71
    assert bool(frame.loc["IKU6", "tercapai"]) and frame.loc["IKU6", "laju_perlu"] == 0


def test_trajectory_2020(d2020):
    frame = capaian.trajectory(d2020).query("kode == 'IKU5'")
    target = frame[frame["ukuran"] == "target_renstra"]
    assert list(target["nilai"]) == [56, 68, 79, 81, 100]
    assert frame.loc[frame["ukuran"] == "target_berlaku", "nilai"].item() == 29.18
    assert frame.loc[frame["ukuran"] == "realisasi", "keadaan"].item() == "diturunkan"


# Keadaan yang tidak ada di laporan 2020


def test_missing_realisation(d2020):
    d = set_value(d2020, "ips", "ips/nilai", nilai=np.nan)
    per_iku = capaian.iku(d).set_index("kode")
    assert math.isnan(per_iku.loc["IKU2", "capaian"])
    assert per_iku.loc["IKU2", "golongan"] == "tidak_dinilai"
    assert per_iku.loc["IKU2", "keadaan_realisasi"] == "tidak_tersedia"
    ss2 = capaian.sasaran(d).set_index("kode").loc["SS2"]
    assert (ss2["iku_dinilai"], ss2["jumlah_iku"]) == (3, 4)
    assert ss2["capaian"] == pytest.approx((84.618971 + 78.830357 + 100.009868) / 3, abs=1e-6)
    assert "tidak_dinilai" in set(capaian.counts(d)["golongan"])
    assert capaian.distance(d).set_index("kode").at["IKU2", "keadaan"] == "tidak_tersedia"


def test_sasaran_without_any_realisation_leaves_the_mean(d2020):
    d = set_value(d2020, "rb", "rb/2020/pmprb", nilai=np.nan)
    assert math.isnan(capaian.sasaran(d).set_index("kode").loc["SS4", "capaian"])
    frame = capaian.institusi(d).set_index("cara")
    assert frame.loc["rata_rata_sasaran", "jumlah"] == 3


def test_zero_denominator(d2020):
    d = set_value(d2020, "dtks", "dtks/kld_total", nilai=0.0)
    assert math.isnan(capaian.iku(d).set_index("kode").loc["IKU6", "capaian"])


def test_text_indicator(d2020):
    def ubah(tabel):
        baris = tabel["kode"] == "IKU7"
        target = "pk_target/januari/lampiran/6"
        tabel.loc[baris, ["satuan", "target", "pembilang"]] = ["teks", target, target]
        return tabel

    baris = capaian.iku(with_rows(d2020, "iku", ubah)).set_index("kode").loc["IKU7"]
    assert (baris["target_teks"], baris["capaian"], baris["golongan"]) == ("WTP", 100.0, "tepat")
    assert math.isnan(baris["target"])


def test_direction_down_is_data(d2020):
    def ubah(tabel):
        tabel.loc[tabel["kode"] == "IKU7", "arah"] = "turun"
        return tabel

    d = with_rows(d2020, "iku", ubah)
    baris = capaian.iku(d).set_index("kode").loc["IKU7"]
    assert baris["capaian"] == pytest.approx(200 - 101.4625)
    assert baris["golongan"] == "di_bawah"
    assert capaian.distance(d).set_index("kode").at["IKU7", "tercapai"]  # 81,17 sudah di bawah 100


def test_aggregation_is_data(d2020):
    d = set_value(d2020, "aturan", "aturan/agregasi_institusi", teks="rata_rata_iku")
    assert capaian.mean_achievement(d) == pytest.approx(capaian.iku(d)["capaian"].mean())
    with pytest.raises(GalatHitung, match="'median'.*yang ada: rata_rata_sasaran, rata_rata_iku"):
        capaian.institusi(set_value(d2020, "aturan", "aturan/agregasi_institusi", teks="median"))
    with pytest.raises(GalatHitung, match="agregasi_sasaran"):
        capaian.sasaran(set_value(d2020, "aturan", "aturan/agregasi_sasaran", teks="terendah"))


def test_contradicting_printed_counts_stop(d2020):
    d = set_value(d2020, "hitungan", "hitungan/iku_di_atas_100/penutup", nilai=4.0)
    with pytest.raises(GalatHitung, match="'iku_di_atas_100' tercetak berbeda-beda: 3, 4"):
        capaian.counts(d)


def test_last_renstra_year(d2020):
    akhir = set_value(d2020, "aturan", "aturan/tahun_akhir_renstra", nilai=2020.0)
    frame = capaian.distance(akhir).set_index("kode")
    assert frame.loc["IKU1", "laju_perlu"] == pytest.approx(41 - 38.41)  # nilai 2019 masih punya satu tahun
    assert frame.loc["IKU3", "sisa_tahun"] == 0 and math.isnan(frame.loc["IKU3", "laju_perlu"])
    assert frame.loc["IKU7", "laju_perlu"] == 0  # 81,17 sudah melewati 80


def test_required_pace_by_hand():
    assert capaian.required_pace(38.41, 2019, 52, 2024) == pytest.approx(2.718)
    assert capaian.required_pace(77.08, 2019, 100, 2024) == pytest.approx(4.584)
    assert capaian.required_pace(24.6, 2032, 20, 2035, "turun") == pytest.approx(-4.6 / 3)
    assert capaian.required_pace(18, 2032, 20, 2035, "turun") == 0 == capaian.required_pace(53, 2019, 52, 2024)
    assert math.isnan(capaian.required_pace(40, 2024, 52, 2024)) and math.isnan(capaian.required_pace(np.nan, 1, 2, 3))
    assert capaian.required_pace([1, 3], 2020, [3, 3], [2021, 2020]).tolist() == [2, 0]


def test_strip_2020(d2020):
    """Tahun sebelumnya hanya bila sebanding: LKj 2020 mencetak kenaikan 7,21 (SDM) dan 6,02 (LKS) poin persen."""
    frame = capaian.strip(d2020)
    assert list(frame.index) == [f"IKU{i}" for i in range(1, 8)]
    assert frame.loc["IKU1", ["realisasi", "lalu", "tahun_data"]].tolist() == [38.41, 37.75, 2019]
    assert round(frame.loc["IKU3", "lalu"], 2) == 13.95 and round(frame.loc["IKU3", "perubahan"], 2) == 7.21
    assert frame.loc["IKU4", "perubahan"] == pytest.approx(6.015)
    assert frame.loc["IKU5", "perubahan"] == 0
    # IPS dan DTKS tidak punya tahun lalu; nilai RB 2020 penilaian mandiri, 2019 evaluasi luar.
    assert frame.loc[["IKU2", "IKU6", "IKU7"], "lalu"].isna().all()
    assert frame["akhir"].tolist() == [52, 0.7, 25, 40, 100, 80, 100]
    assert frame["hasil"].tolist() == [  # 38,41 naik dari 37,75, tetapi bukan nilai 2020
        "tak_sebanding", "tak_sebanding", "membaik", "membaik", "tetap", "tak_sebanding", "tak_sebanding",
    ]  # fmt: skip
    assert frame.attrs["satuan"]["lalu"] == "=satuan" and set(frame.attrs["satuan"]) <= set(frame)
    assert list(capaian.strip(d2020, "SS2").index) == ["IKU2", "IKU3", "IKU4", "IKU5"]
    with pytest.raises(GalatParameter, match="'SS9' tidak dikenal; yang ada: SS1"):
        capaian.strip(d2020, "SS9")


def test_without_renstra(d2020):
    d = Data(2020, {t: d2020[t] for t in d2020.tables if t not in ("renstra", "hitungan")}, d2020.satuan, d2020.sumber)
    assert capaian.distance(d)["target_akhir"].isna().all()
    assert set(capaian.trajectory(d)["ukuran"]) == {"target_berlaku", "realisasi"}
    assert capaian.counts(d)["tercetak"].isna().all()


def test_mean_by_rule_by_hand(d2020):
    """Tanpa SS3: (93,682927 + 90,938113 + 101,4625) / 3; DTKS hanya K/L: 30 / 87 / 40% = 86,21 menggantikan 120."""
    frame = capaian.mean_by_rule(d2020, lain={"kl_saja": dtks.institution_mean(d2020), "tak_ada": math.nan})
    assert list(frame.index) == ["dipakai", "rata_rata_iku", "tanpa_batas", "tanpa_tertinggi", "kl_saja"]
    assert frame["dipakai"].tolist() == [True, False, False, False, False]
    dua = [round(x, 2) for x in frame["capaian"]]
    assert dua == [101.52, 96.99, 128.09, 95.36, 93.07]
    assert frame.loc["kl_saja", "capaian"] == pytest.approx(
        (93.682927 + 90.938113 + 3000 / 87 / 40 * 100 + 101.4625) / 4
    )
    assert frame.loc["tanpa_tertinggi", "sasaran"] == "SS3"
    assert frame["golongan"].tolist() == ["di_atas", "di_bawah", "di_atas", "di_bawah", "di_bawah"]
