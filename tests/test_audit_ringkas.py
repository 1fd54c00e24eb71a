"""Hasil audit disusun untuk dibaca: bab, perihal, hitungan, saringan, salinan, salah tulis."""

import pandas as pd
import pytest

from kinerja import anggaran, audit, fmt
from kinerja.data.load import Data
from kinerja.errors import GalatParameter


@pytest.fixture(scope="module")
def semua(d2020):
    return audit.verdicts(d2020)


def test_bab_besar_diperinci_dan_jumlahnya_utuh(semua):
    hitung = audit.counts(semua)
    assert {"Capaian Kinerja: SS 1", "Capaian Kinerja: SS 2", "Perencanaan Kinerja"} <= set(hitung.index)
    assert "Capaian Kinerja" not in set(hitung.index)
    jumlah, rinci = hitung.loc[audit.JUMLAH], hitung.drop(audit.JUMLAH)
    for kolom in (*audit.VONIS, "diuji", "tidak_cocok", "semua"):
        assert jumlah[kolom] == rinci[kolom].sum(), kolom
    assert jumlah["semua"] == len(semua)
    assert jumlah["diuji"] == jumlah["cocok"] + jumlah["tidak_cocok"]
    # sumber kedua menyusul laporan
    assert list(hitung.index).index("Perluasan SLRT") > list(hitung.index).index("Penghargaan")


def test_bab_dari_bagian():
    bagian = ["A: x (prosa)", "A: x (tabel)", "A: y", "B (prosa)", "C: z"]
    tabel = pd.DataFrame({"bagian": bagian, "vonis": ["cocok"] * 4 + ["tak_dapat_dihitung"]})
    # A memuat 3 dari 4 angka yang diuji, B 1 dari 4
    assert list(audit.sections(tabel)) == ["A: x", "A: x", "A: y", "B", "C"]


def test_saringan(semua):
    assert len(audit.select(semua)) == (semua["vonis"] != "tak_dapat_dihitung").sum()
    salah = audit.select(semua, "bertentangan", "Capaian Kinerja: SS 2")
    assert set(salah["vonis"]) == {"bertentangan"}
    assert "sdm/semua/populasi/prosa" in set(salah["id"])
    assert list(audit.select(semua, cari="  DUA DIGIT tertukar ")["id"]) == ["sdm/semua/populasi/prosa"]
    assert audit.select(semua, cari="a.b*c").empty
    with pytest.raises(GalatParameter, match="Vonis 'salah' tidak dikenal"):
        audit.select(semua, "salah")
    with pytest.raises(GalatParameter, match="Bagian 'Bab 9' tidak ada"):
        audit.select(semua, bab="Bab 9")


@pytest.mark.parametrize("toleransi", [-1, 1.5, True])
def test_toleransi_salah(d2020, toleransi):
    with pytest.raises(GalatParameter, match="Toleransi"):
        audit.verdicts(d2020, toleransi)


def test_perihal_indikator(semua):
    isi = semua.set_index("id_tercetak")
    assert isi.at["iku_tercetak/KEMENSOS/capaian/pengukuran", "perihal"] == "Kementerian Sosial: capaian"
    assert isi.at["iku_tercetak/SS2/capaian/prosa_ss2", "perihal"] == "SS 2: capaian"
    populasi = isi.loc["sdm/semua/populasi/prosa"]
    assert (populasi["tingkat"], populasi["perihal"]) == ("dasar", "SDM tersertifikasi: populasi")
    assert isi.loc[["lks/2020/sasaran_tahunan", "penghargaan/lama_latsar"], "perihal"].isna().all()
    # 226,29 terhadap 90,52: satu setengah kali lipat lebih
    assert round(isi.at["iku_tercetak/IKU6/capaian_akhir/prosa_iku6", "simpangan"]) == 150


def test_keluaran_pn_di_samping_bab_lain(d2020, semua):
    isi = audit.copies(d2020, semua).set_index(["id_pn", "id_lain"])
    kube = isi.loc[("pn_nilai/OUT18/realisasi", "program_ss1/kube/kpm_meningkat/kotak")]
    assert (kube["nilai_pn"], kube["nilai_lain"], kube["selisih"]) == (29_599, 26_629, 2_970)
    assert kube["vonis"] == "bertentangan"
    lks = isi.loc[("pn_nilai/OUT22/realisasi", "lks/2020/terakreditasi")]
    assert (lks["selisih"], lks["vonis"]) == (607, "bertentangan")
    assert len(isi) >= 14


def test_anggaran_sama_sampai_rupiah_terakhir(d2020):
    isi = anggaran.breakdowns(d2020)
    assert list(isi["hasil"]).count("sama") == 8
    assert (isi.loc[isi["hasil"] == "sama", "selisih"] == 0).all()
    unit = isi[(isi["rincian"] == "uke1") & (isi["ukuran"] == "realisasi")].iloc[0]
    # 392,15 + 31,82 + 5.680 + 868,85 + 46.160 + 76.820 + 354,80 miliar
    assert unit["jumlah"] == 130_307_620_000_000
    assert unit["hasil"] == "dalam_kisaran"
    assert unit["bawah"] <= unit["total"] <= unit["atas"]


def test_versi_yang_sama_menjadi_satu_baris(d2020, semua):
    isi = audit.printed_versions(d2020, semua)
    realisasi = isi[(isi["kode"] == "IKU6") & (isi["ukuran"] == "realisasi")]
    assert realisasi["tercetak"].tolist() == [90.52] and realisasi["id"].iloc[0].count(";") == 1
    beda = isi[(isi["kode"] == "IKU6") & (isi["verdik"] == "beda")]
    # laporan: target 2024 100% dan capaian 226,29%; Renstra: 80%
    assert sorted(beda["tercetak"]) == [100, 226.29]
    utama = isi[(isi["kode"] == "KEMENSOS") & (isi["ukuran"] == "capaian")].set_index("tercetak")
    assert utama["verdik"].to_dict() == {101.52: "sama", 103.58: "beda"} and set(utama["versi"]) == {2}
    berversi = isi.query("versi > 1")
    assert sorted(berversi.loc[berversi["kode"] == "SS2", "tercetak"]) == [90.80, 90.93, 90.94]
    assert "IKU7" not in set(berversi["kode"])


def test_setiap_tempat_angka_indikator_diuji(d2020, semua):
    isi = audit.printed_versions(d2020, semua)
    isi = isi.assign(id=isi["id"].str.split("; ")).explode("id").set_index("id")
    assert set(isi.index[isi["verdik"] == "beda"]) == {
        "iku_tercetak/KEMENSOS/capaian/pengukuran",  # 103,58
        "iku_tercetak/SS2/capaian/tabel_utama",  # 90,93
        "iku_tercetak/SS2/capaian/prosa_ss2",  # 90,80
        "iku_tercetak/IKU4/realisasi/tabel_utama",  # 22,09
        "iku_tercetak/IKU4/capaian/tabel_utama",  # 78,82
        "iku_tercetak/IKU3/capaian/prosa_iku3",  # 83,98
        "iku_tercetak/IKU3/capaian_akhir/prosa_iku3",  # 84 tanpa desimal
        "iku_tercetak/IKU4/capaian/prosa_iku4",  # 78,89
        "iku_tercetak/IKU6/target_akhir/prosa_iku6",  # 100; Renstra 80
        "iku_tercetak/IKU6/capaian_akhir/prosa_iku6",  # 226,29 adalah capaian terhadap target 2020, bukan 2024
    }
    selisih = semua.set_index("id_tercetak")["selisih"]
    assert round(selisih["iku_tercetak/KEMENSOS/capaian/pengukuran"], 2) == 2.06
    assert isi.loc["iku_tercetak/IKU3/realisasi/tabel_utama", "verdik"] == "sama", "21 dicetak tanpa desimal"
    assert isi.loc["iku_tercetak/IKU6/capaian_tanpa_batas/prosa_ss3", "verdik"] == "sama", "226,3"
    assert (isi.loc[isi["dihitung"].isna(), "verdik"] == "tidak_dihitung").all()
    assert sorted(isi.index) == sorted(d2020["iku_tercetak"]["id"])


def test_salah_tulis_yang_dibetulkan_memang_lain_di_data(d2020):
    isi = audit.misprints(d2020).set_index("kode")
    assert set(isi["perlakuan"]) == {"dibetulkan", "dibiarkan"}
    assert (isi["dibaca"].str.contains(r"\[sic\]") == (isi["perlakuan"] == "dibiarkan")).all()
    assert d2020["pn_output"]["nama"].str.contains("Puskesos").any()
    assert not d2020["pn_output"]["nama"].str.contains("Puskesmas").any()
    assert not d2020["kearsipan"]["kementerian"].str.contains("Pertubuhan").any()
    assert d2020["ikesos_kerangka"]["nama"].isin(["Tingkat Kesepakatan Kerja"]).any()
    with fmt.using("en"):
        assert audit.misprints(d2020).set_index("kode").at["pnbp", "alasan"].startswith("Non-tax")


def test_tahun_tanpa_tabel_pilihan(d2020):
    """Tanpa klaim, PEN, PN, dan rincian anggaran: susunan data sendiri yang menguji, dan bingkai lain kosong."""
    nama = "aturan sasaran iku iku_tercetak pk_target ikesos ips sdm lks slrt dtks rb"
    d = Data(2031, {n: d2020[n] for n in nama.split()}, d2020.satuan, d2020.sumber)
    semua = audit.verdicts(d)
    diuji = semua[semua["vonis"] != "tak_dapat_dihitung"]
    assert diuji["kode"].str.startswith("susunan").all()
    tercetak = d["iku_tercetak"]["ukuran"].value_counts()
    hasil = diuji["id_tercetak"].str.split("/").str[2].value_counts()
    for ukuran in ("target", "realisasi", "capaian", "capaian_tanpa_batas"):
        assert hasil[ukuran] == tercetak[ukuran], ukuran
    for frame in (anggaran.breakdowns(d), audit.copies(d, semua), audit.misprints(d)):
        assert frame.empty
