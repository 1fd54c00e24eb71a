"""Audit: setiap vonis dengan kasus hitungan tangan, lalu laporan 2020 yang sebenarnya."""

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from colformula import round_half_away
from colformula.tree import Call
from kinerja import data, fmt
from kinerja.audit import JUMLAH, KOLOM, VONIS, Audit, counts, verdicts
from kinerja.audit.tulisan import truncate
from kinerja.data.load import Data
from kinerja.errors import GalatData, GalatParameter


def _data(fakta: list[tuple], klaim: list[tuple]) -> Data:
    """Data kecil: fakta (id, nilai seperti tercetak) dan klaim (tercetak, rumus, opsi, alternatif, besaran)."""
    baris = [
        {
            "id": f"x/{id_}", "nilai": float(nilai) if nilai else float("nan"), "teks": "",
            "desimal": len(nilai.partition(".")[2]), "satuan": "persen",
            "keadaan": "dikutip" if nilai else "tidak_tersedia", "sumber": "s", "bagian": f"Bab {id_}", "catatan": "",
            "berkas": "x.csv", "baris": n, "hal": id_,
        }
        for n, (id_, nilai) in enumerate(fakta, 2)
    ]  # fmt: skip
    register = [
        {
            "kode": f"k{n}",
            "uraian": "",
            "uraian_en": "",
            "berkas": "2020/klaim.csv",
            "baris": n,
            **dict(zip(KOLOM_KLAIM, [*k, *[""] * 6], strict=False)),
        }
        for n, k in enumerate(klaim, 2)
    ]
    satuan = pd.DataFrame({"jenis": ["persen"]}, index=["persen"])
    return Data(2020, {"konteks": pd.DataFrame(baris), "klaim": pd.DataFrame(register)}, satuan, pd.DataFrame())


KOLOM_KLAIM = ("tercetak", "rumus", "opsi", "alternatif", "besaran")


def _satu(fakta, klaim) -> pd.Series:
    tabel = Audit(_data(fakta, klaim)).table()
    return tabel[tabel["id_tercetak"] == klaim[0][0]].iloc[0]


VONIS_TANGAN = {
    "cocok": ([("p", "33.33"), ("a", "1"), ("b", "3")], [("x/p", "[x/a] / [x/b] * 100")], "cocok", ""),
    # 1/8 = 12,5% -> 13 bila dibulatkan setengah menjauhi nol (pembulatan bankir memberi 12)
    "setengah menjauhi nol": ([("p", "13"), ("a", "1"), ("b", "8")], [("x/p", "[x/a] / [x/b] * 100")], "cocok", ""),
    "dipotong": ([("p", "66.66"), ("a", "2"), ("b", "3")], [("x/p", "[x/a] / [x/b] * 100")], "beda_pembulatan", "dipotong"),
    # 2/3 = 66,67%; 66,67 - 0,4 = 66,27, sedangkan 66,6667 - 0,4 = 66,2667 -> 66,27; dengan x1,5: 100,005 -> 100,01, tepat 100
    "dibulatkan di tengah": (
        [("p", "100.01"), ("q", "66.67"), ("a", "2"), ("b", "3"), ("k", "1.5")],
        [("x/p", "[=x/q] * [x/k]"), ("x/q", "[x/a] / [x/b] * 100")],
        "beda_pembulatan",
        "dibulatkan lebih dahulu menjadi 66,67",
    ),
    "salah": ([("p", "34.50"), ("a", "1"), ("b", "3")], [("x/p", "[x/a] / [x/b] * 100")], "beda", "tidak dapat ditunjukkan"),
    "digit tertukar": ([("p", "1324"), ("a", "1000"), ("b", "234")], [("x/p", "[x/a] + [x/b]")], "beda", "Dua digit tertukar"),
    "satu digit": ([("p", "1834"), ("a", "1000"), ("b", "234")], [("x/p", "[x/a] + [x/b]")], "beda", "8 seharusnya 2"),
    "letak koma": ([("p", "123.4"), ("a", "1000"), ("b", "234")], [("x/p", "[x/a] + [x/b]")], "beda", "10 pangkat -1"),
    "dasar lain": (
        [("p", "50"), ("a", "20"), ("b", "80"), ("lain", "40")],
        [("x/p", "[x/a] / [x/b] * 100", "", "x/b x/lain")],
        "beda",
        "",
    ),
    "tidak tersedia": ([("p", "50"), ("a", ""), ("b", "2")], [("x/p", "[x/a] / [x/b] * 100")], "tak_dapat_dihitung", "x/a"),
    "penyebut nol": ([("p", "50"), ("a", "1"), ("b", "0")], [("x/p", "[x/a] / [x/b] * 100")], "tak_dapat_dihitung", ""),
    "dicetak dua kali sama": ([("p", "7.0"), ("a", "7")], [("x/p", "[x/a]")], "cocok", "Sama dengan 7"),
    "dicetak dua kali beda": ([("p", "26629"), ("a", "29599")], [("x/p", "[x/a]")], "bertentangan", "Yang dipegang: 29.599"),
    "dua versi": (
        [("p", "40"), ("v", "50"), ("a", "1"), ("b", "2")],
        [("x/p", "[x/a] / [x/b] * 100", "", "", "b"), ("x/v", "[x/a] / [x/b] * 100", "", "", "b")],
        "bertentangan",
        "Versi yang sesuai hitungan: 50",
    ),
    "batas capaian": (
        [("p", "120"), ("r", "90.5"), ("t", "40"), ("batas", "120")],
        [("x/p", "at_most([x/r] / [x/t] * 100, [x/batas])")],
        "cocok",
        "paling tinggi 120",
    ),
    # lebih rendah lebih baik: 1 + (1 - 8/10) = 120%
    "arah turun": ([("p", "120.0"), ("r", "8"), ("t", "10")], [("x/p", "(2 - [x/r] / [x/t]) * 100")], "cocok", ""),
    "hitungan": (
        [("p", "1"), ("a", "100.04"), ("b", "99.9"), ("c", "101")],
        [("x/p", "count(round(list([x/a], [x/b], [x/c]), 1) = 100)")],
        "cocok",
        "",
    ),
    "pasangan": (
        [("p", "1"), ("a", "90"), ("b", "97"), ("c", "120"), ("d", "98")],
        [("x/p", "count(list([x/a], [x/c]) > list([x/b], [x/d]))")],
        "cocok",
        "",
    ),
    "empat terbesar": ([("p", "14"), ("a", "5"), ("b", "4"), ("c", "3"), ("d", "2"), ("e", "1")],
                       [("x/p", "sum(largest(list([x/a], [x/b], [x/c], [x/d], [x/e]), 4))")], "cocok", ""),
    "perubahan": ([("p", "113.76"), ("a", "213.76"), ("b", "100")], [("x/p", "([x/a] / [x/b] - 1) * 100")], "cocok", ""),
    "terkecil": ([("p", "3"), ("a", "9"), ("b", "3")], [("x/p", "min([x/a], [x/b])")], "cocok", ""),
    "bagi": ([("p", "2.26"), ("a", "9.03"), ("b", "4")], [("x/p", "[x/a] / [x/b]")], "cocok", ""),
    "rata-rata": ([("p", "2.5"), ("a", "2"), ("b", "3")], [("x/p", "mean([x/a], [x/b])")], "cocok", ""),
    "selisih": ([("p", "-1"), ("a", "2"), ("b", "3")], [("x/p", "[x/a] - [x/b]")], "cocok", ""),
    "ketelitian": ([("p", "1300"), ("a", "1234"), ("b", "33")], [("x/p", "[x/a] + [x/b]", "ketelitian=100")], "cocok", ""),
    "terbesar": ([("p", "9"), ("b", "3")], [("x/p", "max([x/p], [x/b])")], "cocok", "Terbesar dari 9; 3"),
    "bukan terbesar": ([("p", "9"), ("b", "30")], [("x/p", "max([x/p], [x/b])")], "beda", ""),
    # 7 dari 9 orang = 77,78%; 77,5% tidak dapat berasal dari 9 orang
    "bagian bulat": ([("p", "77.78"), ("n", "9")], [("x/p", "nearest_share([x/p], [x/n])")], "cocok", ""),
    "bukan bagian bulat": ([("p", "77.50"), ("n", "9")], [("x/p", "nearest_share([x/p], [x/n])")], "beda", "77,777778"),
    # masukan bulat ke 1: 10 + 20 + 30 dapat berasal dari 58,5 sampai 61,5
    "masukan bulat": (
        [("p", "61.4"), ("a", "10"), ("b", "20"), ("c", "30")],
        [("x/p", "[x/a] + [x/b] + [x/c]", "pembulatan_masukan=1")],
        "beda_pembulatan",
        "antara 58,5 dan 61,5",
    ),
    "di luar masukan bulat": (
        [("p", "61.6"), ("a", "10"), ("b", "20"), ("c", "30")],
        [("x/p", "[x/a] + [x/b] + [x/c]", "pembulatan_masukan=1,1,1")],
        "beda",
        "",
    ),
    "salah ketik dari angka sebelah": (
        [("p", "26629"), ("realisasi", "29599"), ("target", "29629")],
        [("x/p", "[x/realisasi]", "", "x/target")],
        "bertentangan",
        "6 seharusnya 9",
    ),
    "tetapan": ([("p", "75"), ("a", "900")], [("x/p", "[x/a] / 12")], "cocok", ""),
    "ribuan dipotong": ([("p", "166000"), ("a", "2000000")], [("x/p", "[x/a] / 12")], "beda_pembulatan", "dipotong ke ribuan"),
}  # fmt: skip


@pytest.mark.parametrize(("fakta", "klaim", "vonis", "kata"), VONIS_TANGAN.values(), ids=VONIS_TANGAN)
def test_vonis(fakta, klaim, vonis, kata):
    hasil = _satu(fakta, klaim)
    assert hasil["vonis"] == vonis, hasil["penjelasan"]
    assert kata in hasil["penjelasan"]


def test_sebab_dasar_salah_disebut():
    fakta = [("iku/p", "226.29"), ("iku/r", "90.5158"), ("iku/akhir", "100"), ("iku/kini", "40")]
    hasil = _satu(fakta, [("x/iku/p", "[x/iku/r] / [x/iku/akhir] * 100", "", "x/iku/kini")])
    assert hasil["vonis"] == "beda"
    assert "Sama bila memakai 40" in hasil["penjelasan"]
    assert hasil["selisih"] == pytest.approx(226.29 - 90.5158)


def test_pola_dijabarkan_dan_persen_mengumpulkan():
    fakta = [("a/n", "1"), ("b/n", "2"), ("a/p", "25"), ("b/p", "67"), ("semua", "3")]
    tabel = (
        Audit(_data(fakta, [("x/a|b/p", "[x/{0}/n] / [x/semua] * 100"), ("x/semua", "sum([x/*/n])")]))
        .table()
        .set_index("id")
    )
    assert tabel.loc["x/b/p", "vonis"] == "cocok"
    assert tabel.loc["x/a/p", "vonis"] == "beda"
    assert tabel.loc["x/semua", "vonis"] == "cocok"


@pytest.mark.parametrize(
    ("klaim", "pesan"),
    [
        ([("x/p", "tambah([x/a])")], "'tambah'"),
        ([("x/tidak/ada", "[x/a]")], "tanpa satu pun angka"),
        ([("x/p", "[x/zzz]")], "'x/zzz'"),
        ([("x/p", "sum([=x/a])"), ("x/a", "sum([=x/p])")], "lingkaran"),
        ([("x/p", "sum([x/a])", "ketelitian=1 pembulatan_masukan=1,1")], "2 pembulatan masukan"),
    ],
)
def test_register_salah(klaim, pesan):
    with pytest.raises(GalatData, match=pesan):
        Audit(_data([("p", "1"), ("a", "3")], klaim)).table()


@given(st.fractions(), st.integers(0, 6))
def test_pembulatan_tepat(x, desimal):
    bulat, potong = round_half_away(x, desimal), truncate(x, desimal)
    setengah = Fraction(1, 2 * 10**desimal)
    assert abs(bulat - x) <= setengah
    assert abs(potong) <= abs(x) < abs(potong) + 2 * setengah
    assert round_half_away(-x, desimal) == -bulat
    if abs(bulat - x) == setengah:
        assert abs(bulat) > abs(x)


@settings(deadline=None)  # menyusun data, bukan menguji waktu
@given(st.lists(st.integers(1, 10**15), min_size=2, max_size=6))
def test_jumlah_rupiah_tepat(x):
    fakta = [(f"n/{n}", str(nilai)) for n, nilai in enumerate(x)]
    a = Audit(_data([("p", str(sum(x))), *fakta], [("x/p", "sum([x/n/*])")]))
    assert a.recompute("x/p") == sum(x)


# --- laporan 2020 -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tabel(d2020):
    return verdicts(d2020)


def test_banyaknya_klaim(tabel):
    """Sekurang-kurangnya 250 angka diuji, dan tidak ada bab angka yang terlewat."""
    ringkas = counts(tabel)
    assert ringkas.loc[JUMLAH, "diuji"] >= 450
    minimal = {
        "Capaian Kinerja": 272, "Akuntabilitas Keuangan": 23, "Perencanaan Kinerja": 57, "Ringkasan Eksekutif": 10,
        "Penutup": 9, "Lampiran": 22, "Pelaksanaan Program Perlindungan Sosial PEN": 46, "Pendahuluan": 4,
        "Pengantar": 3, "Penghargaan": 3, "Realisasi total": 2,
        "Pagu dan realisasi PEN per program, 3 November 2020": 3,
    }  # fmt: skip
    per_bab = ringkas.drop(JUMLAH)["diuji"].groupby(lambda bab: bab.split(":")[0]).sum()
    kurang = {bab: (int(per_bab[bab]), n) for bab, n in minimal.items() if per_bab[bab] < n}
    assert not kurang
    assert set(tabel["vonis"]) <= set(VONIS)
    assert set(KOLOM) <= set(tabel.columns)
    assert tabel["id"].is_unique


def test_setiap_angka_yang_dikutip_ada_dalam_audit(d2020, tabel):
    fakta = d2020.facts
    dikutip = fakta[(fakta["keadaan"] == "dikutip") & (fakta["nilai"].notna() | (fakta["teks"] != ""))]
    assert set(dikutip.index) == set(tabel["id_tercetak"])


# hitungan tangan dari angka pokok sumber: 35.841/169.423, 8.829/40.000, 150/514, 544/601, 81,17/80, 38,41/41
DIKENAL = {
    "iku_tercetak/KEMENSOS/capaian/ringkasan": "cocok",
    "iku_tercetak/KEMENSOS/capaian/pengukuran": "bertentangan",
    "iku_tercetak/SS2/capaian/tabel_ss2": "cocok",
    "iku_tercetak/SS2/capaian/tabel_utama": "beda_pembulatan",
    "iku_tercetak/SS2/capaian/prosa_ss2": "bertentangan",
    "iku_tercetak/IKU3/capaian/tabel_utama": "cocok",
    "iku_tercetak/IKU3/capaian/prosa_iku3": "bertentangan",
    "iku_tercetak/IKU4/realisasi/tabel_utama": "bertentangan",
    "iku_tercetak/IKU4/capaian/prosa_iku4": "bertentangan",
    "iku_tercetak/IKU6/capaian_akhir/prosa_iku6": "beda",
    "sdm/semua/populasi/prosa": "bertentangan",
    "program_ss1/kube/kpm_meningkat/kotak": "bertentangan",
    "program_ss1/sembako/persen_terpenuhi/kotak": "cocok",
    "pn_nilai/OUT19/capaian": "beda_pembulatan",
    "lks/2020/sasaran_tahunan": "beda",
    "pkh_komponen/sma/per_bulan": "beda_pembulatan",
    "pagu/jumlah_penambahan/persen_perubahan": "cocok",
    "anggaran/jenis_belanja/bansos/penyerapan/2021-02-06": "cocok",
    "hitungan/iku_tepat_100/ringkasan": "cocok",
    "hitungan/sasaran_dasar_kalimat/ringkasan": "bertentangan",
    "hitungan/output_di_atas_100/prioritas_nasional": "cocok",
    "pen_penyaluran/bst/april/rupiah": "cocok",
    "rb/2019/kenaikan_rata_rata": "cocok",
    "ips/nilai": "tak_dapat_dihitung",
    "nka/nka": "tak_dapat_dihitung",
    "penghargaan/lama_latsar": "beda",
    # dicetak lagi: UU 11/2009 menjadi 11/2011, PN 3 menjadi PN 2, target tahun 2024 menjadi 2025 dan 2020
    "ulangan/tahun_uu_kesejahteraan_sosial/prosa_iku4": "bertentangan",
    "ulangan/nomor_pn_infrastruktur/bab_capaian": "bertentangan",
    "ulangan/nomor_peraturan_renstra/lampiran_iku": "bertentangan",
    "ulangan/tahun_target_akhir/prosa_iku3": "bertentangan",
    "ulangan/tahun_target_akhir/prosa_iku4": "bertentangan",
    "ulangan/tahun_target_akhir/prosa_iku7": "cocok",
    "ulangan/realisasi/penutup": "cocok",
    "hitungan/output/rencana_kerja_kotak": "beda",  # daftar bab perencanaan memuat 23 butir
    "pn_nilai/OUT22/realisasi": "bertentangan",  # bernama "terakreditasi" (2.406), angkanya peserta (3.013)
    # 128,83 dan 87,43 dari angka yang dicetak bulat ke Rp0,01 triliun dan Rp0,1 triliun
    "pen_november/jumlah/pagu": "beda_pembulatan",
    "pen_november/jumlah/penyerapan": "beda_pembulatan",
    "pen_november/jumlah/realisasi": "beda",
    "anggaran/total/kemensos/realisasi/2021-01-13": "beda_pembulatan",
    "p2k2/keuangan_keluarga/kpm": "cocok",
    "p2k2/kesejahteraan_keluarga/kpm": "cocok",
    # 335/626, 306/626, 300/626, 194/626, 97/626, 148/514
    "sembako_pantau/bsnt/beras_telur_nabati": "cocok",
    "sembako_pantau/bsnt/beras_telur_saja": "cocok",
    "dtks/persen_kabkota_mutakhir": "cocok",
}


@pytest.mark.parametrize(("id_", "vonis"), DIKENAL.items())
def test_vonis_2020(tabel, id_, vonis):
    ada = tabel[tabel["id_tercetak"] == id_]
    assert vonis in set(ada["vonis"]), ada[["vonis", "penjelasan"]].to_dict("records")


def test_angka_turunan_kita_benar(d2020):
    """Angka berkeadaan diturunkan yang punya aturan harus sama dengan hasil hitung ulangnya."""
    a = Audit(d2020)
    turunan = d2020.facts.query("keadaan == 'diturunkan' and nilai.notna()").index
    berrumus = [id_ for id_ in turunan if id_ in {k.tercetak for k in a.klaim}]
    assert len(berrumus) >= 4
    for id_ in berrumus:
        assert float(a.recompute(id_)) == d2020.nilai(id_), id_


def test_mengubah_satu_angka_mengubah_vonis(d2020):
    """Setiap angka yang menopang klaim yang cocok dijaga: mengubahnya mengubah vonis; di klaim yang sudah beda, selisihnya."""
    a = Audit(d2020)

    def hasil(audit_: Audit) -> dict[str, tuple]:
        return {
            f"{r['id_tercetak']} {r['kode']}": (r["vonis"], str(r["selisih"]))
            for r in audit_.table().to_dict("records")
        }

    asal = hasil(a)
    # yang terbesar atau terkecil hanya dijaga oleh pesaing terdekatnya
    teruji = [
        k
        for k in a.klaim
        if not (isinstance(k.rumus, Call) and k.rumus.name in ("min", "max")) and a.compute(k) is not None
    ]
    menopang = {
        t.removeprefix("=")
        for k in teruji
        if asal.get(f"{k.tercetak} {k.kode}", ("",))[0] == "cocok"
        for t in (k.tercetak, *k.masukan)
    }
    semua = {t for k in teruji for t in (k.tercetak, *(m for m in k.masukan if m[0] != "="))}
    dicetak = d2020.facts.index[(d2020.facts["keadaan"] == "dikutip") & d2020.facts["nilai"].notna()]
    luput = []
    for id_ in sorted(semua & set(dicetak))[::13]:
        nilai, desimal = d2020.facts.at[id_, "nilai"], d2020.facts.at[id_, "desimal"]
        # geser cukup jauh agar tidak hilang dalam pembulatan: dua kali lipat ditambah tujuh satuan terakhir
        lain = Fraction(str(nilai)) * 2 + Fraction(7, 10 ** int(desimal))
        andai = Audit(d2020)
        andai._nilai[id_] = lain
        kini = hasil(andai)
        beda_vonis = any(kini[k][0] != asal[k][0] for k in asal)
        if not (beda_vonis if id_ in menopang else kini != asal):
            luput.append(id_)
    assert not luput


def test_salinan_yang_dirusak_di_berkas(edit):
    raw = edit("2020/lks.csv", "2019,terakreditasi_kumulatif,6423,", "2019,terakreditasi_kumulatif,6422,")
    with pytest.raises(GalatData, match="lks/2020/terakreditasi_kumulatif"):
        data.load(2020, raw=raw)


def test_jejak_sampai_baris_mentah(d2020):
    jejak = Audit(d2020).trace("iku_tercetak/IKU3/capaian/tabel_ss2")
    daun = {langkah["id"]: (langkah["berkas"], langkah["baris"]) for langkah in jejak}
    assert jejak[0]["rumus"].startswith("21,154743 / 25 × 100")
    assert daun["sdm/semua/tersertifikasi_kumulatif/prosa"][0] == "2020/sdm.csv"
    baris = d2020["sdm"].set_index("id").loc["sdm/semua/tersertifikasi_kumulatif/prosa"]
    assert daun["sdm/semua/tersertifikasi_kumulatif/prosa"][1] == baris["baris"]
    with pytest.raises(GalatParameter):
        Audit(d2020).trace("tidak/ada")


def test_jejak_setiap_angka_berujung(d2020):
    """Total dan bagian yang saling memeriksa tidak membuat jejak berputar; setiap langkah punya berkas dan baris."""
    a = Audit(d2020)
    for id_ in d2020.facts.index:
        jejak = a.trace(id_)
        assert jejak[0]["id"] == id_
        assert all(langkah["berkas"] and langkah["baris"] > 1 for langkah in jejak)


def test_bahasa_inggris_mengubah_kata_bukan_vonis(d2020, tabel):
    with fmt.using("en"):
        inggris = Audit(d2020).table()
    assert list(inggris["vonis"]) == list(tabel["vonis"])
    assert list(inggris["dihitung"]) == list(tabel["dihitung"])
    kata = " ".join([*inggris["penjelasan"], *inggris["uraian"]])
    for indonesia in ("tercetak", "Yang dipegang", "seharusnya", "Sama bila", "Angka pokok", "Banyaknya"):
        assert indonesia not in kata
    satu = inggris.set_index("id").loc["sdm/semua/populasi/prosa", "penjelasan"]
    assert "= 169,423; printed 169,243. Two digits are swapped." in satu


def test_tahun_tanpa_pemisah_ribuan(tabel):
    penjelasan = tabel.set_index("id").loc["ulangan/tahun_target_akhir/prosa_iku3", "penjelasan"]
    assert "Sama dengan 2024; tertulis 2025." in penjelasan


def test_toleransi(d2020):
    longgar = Audit(d2020, toleransi=1).table().set_index("id")
    assert longgar.loc["iku_tercetak/SS2/capaian/tabel_utama", "vonis"] == "cocok"
