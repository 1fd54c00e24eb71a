"""Bentuk tabel yang nyata di lembaga lain, satu per satu; setiap harapan dihitung tangan di sampingnya."""

import math

import pandas as pd
import pytest

from buat_lembaga import write
from kinerja import anggaran, capaian, data, nka
from kinerja.errors import GalatData, GalatHitung, GalatParameter
from notebook_di_proses import run

# kode: keterangan indikator, (realisasi, capaian dengan batas 120, sebab)
BENTUK = {
    "persen_lewat": ({"target": 100, "realisasi": 112.5}, (112.5, 112.5, "")),
    "negatif_naik": ({"target": 5, "realisasi": -1}, (-1, 0, "")),  # pertumbuhan -1% dari target 5%
    "target_negatif": ({"target": -5, "realisasi": -4}, (-4, 120, "")),  # 1 + (-4 + 5)/5 = 120%
    "turun_negatif": ({"arah": "turun", "target": 4, "realisasi": -1}, (-1, 120, "")),  # 1 + (1 + 1/4) = 225, batas
    "jenjang_bb": ({"satuan": "teks", "target": "A", "realisasi": "BB"}, (None, 0, "")),  # SAKIP: BB di bawah A
    "jenjang_aa": ({"satuan": "teks", "target": "A", "realisasi": "AA"}, (None, 100, "")),
    "jenjang_sendiri": ({"satuan": "teks", "target": "Madya", "realisasi": "Utama"}, (None, 100, "")),
    "tanpa_jenjang": ({"satuan": "teks", "target": "Kota Sehat", "realisasi": "Padapa"}, (None, None, "tanpa_jenjang")),
    "rentang_dalam": ({"arah": "rentang", "target_bawah": 3, "target_atas": 4, "realisasi": 3.5}, (3.5, 100, "")),
    "rentang_lewat": ({"arah": "rentang", "target_bawah": 3, "target_atas": 4, "realisasi": 5}, (5, 80, "")),  # 4/5
    "rentang_kurang": ({"arah": "rentang", "target_bawah": 3, "target_atas": 4, "realisasi": 2.4}, (2.4, 80, "")),
    "rentang_selisih": (
        {"arah": "rentang", "target_bawah": 3, "target_atas": 4, "realisasi": 5}, (5, 75, "")  # 1 + (1 - 5/4)
    ),
    "paling_sedikit": ({"arah": "rentang", "target_bawah": 3, "realisasi": 7}, (7, 100, "")),
    "paling_banyak": ({"arah": "rentang", "target_atas": 5, "realisasi": 6.25}, (6.25, 80, "")),  # 5/6,25
    "turun_selisih": ({"arah": "turun", "target": 40, "realisasi": 50}, (50, 75, "")),  # 1 + (1 - 50/40)
    "turun_kebalikan": ({"arah": "turun", "target": 40, "realisasi": 50}, (50, 80, "")),  # 40/50
    "kebalikan_nol": ({"arah": "turun", "target": 40, "realisasi": 0}, (0, 120, "")),  # 40/0: sebesar batas
    "batas_sendiri": ({"target": 10, "realisasi": 20}, (20, 150, "")),
    "tanpa_batas": ({"target": 10, "realisasi": 20}, (20, 200, "")),
    "nol_tercapai": ({"arah": "turun", "target": 0, "realisasi": 0}, (0, 100, "")),
    "nol_terlewati": ({"target": 0, "realisasi": 3}, (3, 120, "")),
    "nol_tanpa_batas": ({"target": 0, "realisasi": 3}, (3, None, "target_nol")),
    "tanpa_realisasi": ({"target": 10}, (None, None, "tanpa_realisasi")),
    "tanpa_target": ({"realisasi": 7}, (7, None, "tanpa_target")),
    "direvisi": ({"target_semula": 80, "target": 64, "realisasi": 48}, (48, 75, "")),  # 48/64, bukan 48/80
}  # fmt: skip
ATURAN = [
    {"kode": "rentang_selisih", "kunci": "rumus", "teks": "selisih", "satuan": "teks"},
    {"kode": "turun_kebalikan", "kunci": "rumus", "teks": "kebalikan", "satuan": "teks"},
    {"kode": "kebalikan_nol", "kunci": "rumus", "teks": "kebalikan", "satuan": "teks"},
    {"kode": "batas_sendiri", "kunci": "batas_capaian", "nilai": 150, "satuan": "persen_capaian"},
    {"kode": "tanpa_batas", "kunci": "batas_capaian", "teks": "tanpa", "satuan": "teks"},
    {"kode": "nol_tanpa_batas", "kunci": "batas_capaian", "teks": "tanpa", "satuan": "teks"},
]
JENJANG = [{"kode": "jenjang_sendiri", "urutan": n, "sebutan": x} for n, x in enumerate(("Pratama", "Madya", "Utama"))]
DUA = [{"kode": k, "sasaran": s, "target": 4, "realisasi": 3} for k, s in (("K1", "S1"), ("K2", "S2"))]


def kinds():
    return [{"kode": kode, **isi} for kode, (isi, _) in BENTUK.items()]


@pytest.fixture(scope="module")
def semua(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bentuk")
    write(folder, 2031, iku=kinds(), aturan={"batas_capaian": 120}, iku_aturan=ATURAN, jenjang=JENJANG)
    return data.load(2031, folder / "raw")


@pytest.mark.parametrize("kode", BENTUK)
def test_each_kind_by_hand(semua, kode):
    realisasi, harapan, sebab = BENTUK[kode][1]
    baris = capaian.iku(semua).set_index("kode").loc[kode]
    assert baris["realisasi"] == pytest.approx(math.nan if realisasi is None else realisasi, nan_ok=True)
    assert baris["capaian"] == pytest.approx(math.nan if harapan is None else harapan, nan_ok=True)
    assert (baris["sebab"], baris["golongan"] == "tidak_dinilai") == (sebab, harapan is None)


def test_what_the_page_shows_of_them(semua):
    frame = capaian.strip(semua)
    rentang = ["rentang_dalam", "paling_sedikit", "paling_banyak"]
    assert frame.loc[rentang, "target_teks"].tolist() == ["3,00%–4,00%", "≥ 3,00%", "≤ 5,00%"]
    assert frame.loc["direvisi", ["target", "target_semula"]].tolist() == [64, 80]
    assert frame["target_tahun"].isna().all(), "laporan setahun hanya punya satu target"
    luring = {x["kode"]: x for x in capaian.offline_cap(semua)["iku"]}
    assert (luring["batas_sendiri"]["capaian"], luring["batas_sendiri"]["dibatasi"]) == (150, False)
    assert luring["persen_lewat"]["dibatasi"] and luring["nol_terlewati"]["nol"]


def test_rules_that_are_not_known_are_refused(tmp_path):
    iku = [{"kode": "K1", "target": 1, "realisasi": 1}]
    for kunci, isi, pesan in (
        ("rumus", {"teks": "terbalik", "satuan": "teks"}, "selisih, kebalikan"),
        ("batas", {"nilai": 120, "satuan": "persen_capaian"}, "batas_capaian, rumus"),
        ("batas_capaian", {"nilai": 120, "satuan": "persen"}, "persen_capaian"),
    ):
        write(tmp_path, 2031, iku=iku, iku_aturan=[{"kode": "K1", "kunci": kunci, **isi}])
        with pytest.raises(GalatData, match=pesan):
            data.load(2031, tmp_path / "raw")
    with pytest.raises(GalatParameter, match="Rumus 'kuadrat'"):
        capaian.achievement(1, 1, "turun", rumus="kuadrat")


# Uang -----------------------------------------------------------------------------------------------------------------


def money(tmp_path, anggaran_, iku=(), tahun=2031, **lain):
    write(tmp_path, tahun, anggaran=anggaran_, iku=iku, **lain)
    return data.load(tahun, tmp_path / "raw")


def test_absorption_known_only_as_percent(tmp_path):
    """80,5% dari 200 juta adalah 161 juta; tanpa pagu hanya persennya yang ada."""
    d = money(tmp_path, [("total", "kantor", 200_000_000, None, 80.5), ("program", "p1", None, None, 75)])
    total = anggaran.total(d)
    assert total[["realisasi", "sisa", "penyerapan"]].tolist() == [161_000_000, 39_000_000, 80.5]
    assert total["keadaan_realisasi"] == "diturunkan"
    p1 = anggaran.lines(d, "program").loc["p1"]
    assert p1["penyerapan"] == 75 and pd.isna(p1["realisasi"]) and p1["keadaan_realisasi"] == "tidak_tersedia"


def test_total_that_is_not_written_is_the_sum_of_a_complete_breakdown(tmp_path):
    """Program dan kegiatan: 60 + 40; 45 + 35 = 80%."""
    baris = [("program", "a", 60, 45), ("program", "b", 40, 35), ("kegiatan", "a1", 30, 15)]
    d = money(tmp_path, baris)
    frame = anggaran.lines(d, "program", "kegiatan")
    assert frame.index.tolist() == ["a", "b", "a1", "total"]
    assert frame.loc["total", ["pagu", "realisasi", "sisa", "penyerapan"]].tolist() == [100, 80, 20, 80]
    assert anggaran.reconcile(d).set_index(["rincian", "ukuran"]).loc[("kegiatan", "pagu"), "selisih"] == -70


def test_budget_of_some_objectives_only_has_no_total(tmp_path):
    iku = [{"kode": "K1", "sasaran": "S1", "target": 1, "realisasi": 1}]
    iku.append({"kode": "K2", "sasaran": "S2", "target": 1, "realisasi": 1})
    d = money(tmp_path, [("sasaran", "S1", 50, 40)], iku)
    assert anggaran.lines(d, "sasaran").index.tolist() == ["S1", "total"]
    assert anggaran.total(d)[["pagu", "penyerapan"]].isna().all()
    assert anggaran.cutoffs(d).empty and anggaran.reconcile(d).empty


def test_budget_without_spending_at_the_start_of_the_year(tmp_path):
    d = money(tmp_path, [("total", "kantor", 100, None), ("program", "a", 100, None)])
    assert anggaran.total(d)["pagu"] == 100 and pd.isna(anggaran.total(d)["penyerapan"])
    assert anggaran.reconcile(d)["ukuran"].tolist() == ["pagu"]


def test_rounded_money_is_compared_at_its_precision(tmp_path):
    """Dua bagian dibulatkan ke juta dapat meleset 3 x 0,5 juta dari total yang dibulatkan sendiri."""
    baris = [("total", "kantor", 11_000_000, 9_000_000), ("program", "a", 5_000_000, 4_000_000),
             ("program", "b", 5_000_000, 2_000_000)]  # fmt: skip
    d = money(tmp_path, baris, aturan={"pembulatan_uang": 1_000_000})
    assert anggaran.step(d) == 1_000_000
    hasil = anggaran.breakdowns(d).set_index("ukuran")["hasil"]
    assert (hasil["pagu"], hasil["realisasi"]) == ("dalam_kisaran", "beda")  # meleset 1 juta dan 3 juta
    utuh = money(tmp_path, baris)
    assert anggaran.breakdowns(utuh)["hasil"].tolist() == ["beda", "beda"]


def test_finance_without_indicators_and_indicators_without_finance(tmp_path):
    uang = money(tmp_path / "uang", [("total", "kantor", 100, 80)])
    assert capaian.strip(uang).empty and capaian.sasaran(uang).empty and capaian.counts(uang)["jumlah"].sum() == 0
    assert math.isnan(capaian.mean_achievement(uang)) and capaian.renstra_path(uang).empty
    assert capaian.quarters(uang).empty and capaian.trajectory(uang).empty and len(capaian.summary(uang)) == 1
    iku = money(tmp_path / "iku", [], [{"kode": "K1", "target": 4, "realisasi": 3}])
    assert anggaran.lines(iku, "sasaran").empty and anggaran.units(iku).empty and anggaran.breakdowns(iku).empty
    assert anggaran.details(iku) == [] and anggaran.cutoffs(iku).empty and capaian.mean_achievement(iku) == 75


def test_score_recomputed_from_its_components(tmp_path, d2020):
    """EKA 0,097 x 95,53 + 0,182 x 99,61 + 0,435 x 99,72 + 0,286 x 59,98 = 87,93 (LAKIP Puslatbang KMP LAN 2021)."""
    isi = {"penyerapan": 95.53, "konsistensi": 99.61, "keluaran": 99.72, "efisiensi": 59.98, "evaluasi": 87.93,
           "ikpa": 95, "nka": 90.9}  # fmt: skip
    baris = [{"komponen": k, "nama": k, "nilai": x, "satuan": "nilai"} for k, x in isi.items()]
    bobot = d2020["nka_bobot"].drop(columns=["id", "berkas", "baris", "desimal"]).assign(sumber="rekaan")
    bobot["nilai"] = ["" if pd.isna(x) else x for x in bobot["nilai"]]
    d = money(tmp_path, [("total", "kantor", 100, 95)], tahun=2022, nka=baris, nka_bobot=bobot.to_dict("records"))
    frame = nka.report_scores(d).set_index("komponen")
    assert (
        frame.loc["evaluasi", "dihitung"] == pytest.approx(87.93, abs=0.005) and frame.loc["evaluasi", "selisih"] == 0
    )
    # 0,6 x 87,93 + 0,4 x 95 = 90,758: 90,8 pada satu desimal; tercetak 90,9
    assert frame.loc["nka", "dihitung"] == pytest.approx(90.758) and frame.loc["nka", "selisih"] == 0.1
    assert nka.report_composition(d)["nilai"].notna().all()


def test_comparison_with_plan_standard_and_causes(tmp_path, d2020):
    """PermenPANRB 53/2014: 60 terhadap target 50, standar nasional 80, dan target akhir 120; yang tidak ada kosong."""
    iku = [
        {"kode": "A", "target": 50, "realisasi": 60, "lain": {("standar_nasional", "tahun"): 80}},
        {"kode": "B", "arah": "turun", "target": 40, "realisasi": 50, "lain": {("standar_nasional", "tahun"): 40}},
        {"kode": "C", "target": 10, "realisasi": 10},
    ]
    alasan = [
        {"kode": f"x{n}", "notebook": "ringkasan", "indikator": "A", "jenis": jenis, "ringkas": f"Sebab {n}.", "ringkas_en": ""}
        for n, jenis in enumerate(("tantangan", "alasan", "alasan"), 1)
    ]  # fmt: skip
    renstra = [{"kode": "A", "tahun": 2034, "nilai": 120, "satuan": "persen"}]
    frame = capaian.comparison(money(tmp_path, [], iku, penjelasan=alasan, renstra=renstra))
    assert frame["capaian"].tolist() == [120, 75, 100], "standar tidak mengubah capaian"
    assert frame["standar"].fillna(0).tolist() == [80, 40, 0]
    assert frame["capaian_standar"].fillna(0).tolist() == [75, 75, 0]  # 60/80; 1 + (1 - 50/40)
    assert frame["capaian_akhir"].fillna(0).tolist() == [50, 0, 0]  # 60/120
    assert frame["penyebab"].tolist() == ["Sebab 2.", "", ""] and frame["lalu_2"].isna().all()
    # SLRT 2018: 130 dari 514 kabupaten/kota
    assert capaian.comparison(d2020).loc["IKU5", "lalu_2"] == pytest.approx(130 / 514 * 100, abs=0.005)


def test_long_names_and_many_indicators(tmp_path):
    iku = [{"kode": f"K{n}", "nama": "Persentase " + "x" * 390, "target": 10, "realisasi": n} for n in range(1, 41)]
    d = money(tmp_path, [], iku)
    assert len(capaian.strip(d)) == 40 and capaian.mean_achievement(d) == pytest.approx(205)  # rata-rata 1..40 per 10


def test_one_row_too_many_for_a_number(tmp_path):
    d = money(tmp_path, [], [{"kode": "K1", "target": 1, "target_atas": 2, "realisasi": 1}])
    with pytest.raises(GalatHitung, match="'naik' memerlukan 1 baris target, bukan 2"):
        capaian.iku(d)


# Halaman --------------------------------------------------------------------------------------------------------------


def no_origin(halaman):
    """Sel turunan sebuah halaman yang tidak punya jabaran."""
    return [
        (nama, kolom.nama, x.tabel.frame.index[n])
        for nama, x in halaman.jawab.items()
        for kolom in x.tabel.shown if kolom.bernilai
        for n, sel in enumerate(x.tabel.cells(kolom))
        if sel.keadaan == "diturunkan" and sel.nilai is not None and len(x.tabel.origin(kolom, n, sel)) < 2
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("isi", "notebook", "kalimat"),
    [
        (
            {"anggaran": [("total", "k", 100_000_000, 80_000_000)]}, "ringkasan",
            "80 persen anggaran terserap; capaian kinerja tidak ada dalam data",
        ),
        (
            {"anggaran": [("sasaran", "S1", 50_000_000, 40_000_000)], "iku": DUA}, "keuangan",
            "Anggaran seluruhnya tidak tertulis, dan rinciannya tidak lengkap",
        ),
        (
            {"anggaran": [("total", "k", 100_000_000, None)]}, "keuangan",
            "Pagu Rp100 juta; realisasinya belum tertulis",
        ),
        ({"anggaran": [("total", "k", None, None, 80.5)]}, "keuangan", "80,5 persen anggaran terserap; rupiahnya tidak tertulis"),
        ({"iku": DUA}, "tren", "Belum ada tahun lain yang dapat dibandingkan dengan 2031"),
    ],
)  # fmt: skip
def test_page_says_what_is_missing(tmp_path, monkeypatch, isi, notebook, kalimat):
    monkeypatch.setenv("KINERJA_DATA", str(write(tmp_path, 2031, **isi)))
    run.cache_clear()
    assert run(notebook, tahun=2031).ringkas.kepala == kalimat


def test_page_of_every_kind(tmp_path, monkeypatch):
    """Kedua halaman memuat semua bentuk; yang tidak dinilai menyebut sebabnya."""
    uang = [("program", "a", 5_000_000, 4_000_000), ("program", "b", 6_000_000, None, 50)]
    isi = {"iku": kinds(), "iku_aturan": ATURAN, "jenjang": JENJANG, "anggaran": uang}
    aturan = {"batas_capaian": 120, "pembulatan_uang": 1_000_000}
    monkeypatch.setenv("KINERJA_DATA", str(write(tmp_path, 2031, aturan=aturan, **isi)))
    run.cache_clear()
    assert no_origin(run("ringkasan", tahun=2031)) == [] == no_origin(run("keuangan", tahun=2031))
    tabel = run("ringkasan", tahun=2031).jawab["utama"].tabel.to_text()
    for kata in ("≥ 3,00%", "Target semula", "target 0 terlampaui", "Target berupa teks: terpenuhi 100"):
        assert kata in tabel, kata
    uang = run("keuangan", tahun=2031)
    assert uang.ringkas.kepala.startswith("Rp4,00 juta tidak terserap, 75 persen di antaranya Bagian b")  # 3 dari 1 + 3
    catatan = uang.jawab["jenis_belanja"].tabel.catatan
    assert "dibulatkan ke juta rupiah" in catatan[0] and "persen terserap yang tertulis" in catatan[1]
