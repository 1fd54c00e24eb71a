"""Pemanfaatan DTKS: angka harapan dari cetakan laporan dan hitungan tangan."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinerja import capaian, dtks, fmt
from kinerja.data import Data, load
from kinerja.errors import GalatHitung, GalatParameter


@pytest.fixture
def d(d2020):
    return d2020


def ubah(d, tabel, **baris):
    """Data yang sama dengan ``nilai`` (dan ``desimal``) beberapa baris ``tabel`` diganti."""
    isi = {nama: d[nama] for nama in d.tables}
    for ukuran, (nilai, desimal) in baris.items():
        isi[tabel].loc[isi[tabel]["ukuran"] == ukuran, ["nilai", "desimal"]] = [nilai, desimal]
    return Data(d.tahun, isi, d.satuan, d.sumber)


def test_skor_semua_kabkota_sama_dengan_cetakan(d):
    baris = dtks.scores(d).set_index("aturan").loc["tercetak"]
    assert (baris["memakai"], baris["total"]) == (544, 601)
    assert fmt.persen(baris["realisasi"]) == "90,52%"
    assert fmt.persen(baris["capaian_tanpa_batas"]) == "226,29%"
    assert fmt.persen(baris["capaian_tanpa_batas"], 1) == "226,3%"
    assert baris["capaian"] == 120
    assert baris["target"] == 40 and baris["mencapai"]


def test_kl_saja_memakai_penyebut_kl(d):
    baris = dtks.scores(d).set_index("aturan").loc["kl_saja"]
    assert (baris["memakai"], baris["total"], baris["kabkota"]) == (30, 87, 0)
    assert fmt.persen(baris["realisasi"]) == "34,48%"  # tercetak
    assert baris["capaian"] == pytest.approx(30 / 87 / 0.4 * 100)  # 86,21
    assert not baris["mencapai"]


def test_hanya_yang_memutakhirkan(d):
    # 147/514 = 28,599; 148/514 = 28,794; 149/514 = 28,988: hanya 148 yang tercetak 28,8
    assert dtks.updating_districts(d) == {"tengah": 148, "terkecil": 148, "terbesar": 148, "total": 514}
    baris = dtks.scores(d).set_index("aturan").loc["mutakhir"]
    assert baris["memakai"] == 30 + 148
    assert baris["realisasi"] == pytest.approx(178 / 601 * 100)  # 29,62
    assert fmt.persen(baris["capaian"]) == "74,04%"
    assert not baris["mencapai"]


@pytest.mark.parametrize(("persen", "desimal", "batas"), [(29.0, 0, (147, 151)), (30.0, 0, (152, 156))])
def test_pembulatan_tanpa_desimal_memberi_rentang(d, persen, desimal, batas):
    # 28,5% dari 514 = 146,49 sampai 29,5% = 151,63; 29,5% = 151,63 sampai 30,5% = 156,77
    hasil = dtks.updating_districts(ubah(d, "dtks", persen_kabkota_mutakhir=(persen, desimal)))
    assert (hasil["terkecil"], hasil["terbesar"]) == batas
    assert hasil["terkecil"] <= hasil["tengah"] <= hasil["terbesar"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 514))
def test_bilangan_asal_selalu_di_dalam_rentang(n):
    data = ubah(load(2020), "dtks", persen_kabkota_mutakhir=(fmt.round_half_up(n / 514 * 100, 1), 1))
    hasil = dtks.updating_districts(data)
    assert hasil["terkecil"] <= n <= hasil["terbesar"]


def test_persen_yang_mustahil_ditolak(d):
    with pytest.raises(GalatHitung, match="28,75%"):  # 147/514 = 28,60 dan 148/514 = 28,79
        dtks.updating_districts(ubah(d, "dtks", persen_kabkota_mutakhir=(28.75, 2)))


def test_pilihan_bebas(d):
    baris = dtks.scores(d, 211).set_index("aturan").loc["pilihan"]
    assert (baris["kabkota"], baris["memakai"]) == (211, 241)
    assert baris["mencapai"] and baris["capaian"] == pytest.approx(241 / 601 / 0.4 * 100)
    assert not dtks.scores(d, 210).set_index("aturan").loc["pilihan", "mencapai"]
    assert "pilihan" not in set(dtks.scores(d, -1)["aturan"])


@pytest.mark.parametrize("salah", [-2, 515, 12.5, True, "semua"])
def test_pilihan_di_luar_batas_ditolak(d, salah):
    with pytest.raises(GalatParameter, match="isi 0 sampai 514, atau -1"):
        dtks.resolve_districts(d, salah)


def test_jalur_naik_satu_per_enam_ratus_satu(d):
    jalur = dtks.score(d, range(515))
    assert list(jalur["kabkota"]) == list(range(515))
    assert jalur["realisasi"].iloc[0] == pytest.approx(30 / 601 * 100)
    assert (jalur["realisasi"].diff().dropna() - 100 / 601).abs().max() < 1e-9
    assert jalur["capaian"].max() == 120
    assert (jalur["capaian"] <= jalur["capaian_tanpa_batas"]).all()


def test_yang_perlu_untuk_tiap_target(d):
    perlu = dtks.required(d).set_index(["asal", "tahun"])
    # 40% dari 601 = 240,4 -> 241; 50% = 300,5 -> 301; 60% = 360,6 -> 361; 70% = 420,7 -> 421; 80% = 480,8 -> 481
    assert list(perlu.loc["renstra", "kld_perlu"]) == [241, 301, 361, 421, 481]
    assert list(perlu.loc["renstra", "kabkota_perlu"]) == [211, 271, 331, 391, 451]
    laporan = perlu.loc[("laporan", 2024)]
    assert laporan["target"] == 100  # prosa laporan; Renstra mencetak 80
    assert laporan["kld_perlu"] == 601 and laporan["kl_perlu"] == 87
    assert perlu["kabkota_perlu"].isna().tolist() == [False] * 5 + [True]
    assert fmt.persen(laporan["capaian_tercetak"]) == "90,52%"


def test_pemakai_menurut_kelompok(d):
    frame = dtks.coverage(d).set_index("kelompok")
    assert frame["memakai"].to_dict() == {"kl": 30, "kabkota": 514, "kabkota_mutakhir": 148, "kld": 544}
    assert frame["total"].to_dict() == {"kl": 87, "kabkota": 514, "kabkota_mutakhir": 514, "kld": 601}
    for kelompok, desimal in (("kl", 2), ("kabkota_mutakhir", 1), ("kld", 2)):
        assert fmt.round_half_up(frame.loc[kelompok, "persen"], desimal) == frame.loc[kelompok, "tercetak"], kelompok


def test_kabkota_sama_dengan_jumlah_provinsi(d):
    assert d.nilai("dtks/kabkota_total") == d["provinsi"]["n_kabkota"].sum() == 514


def test_padan_nik(d):
    isi = dtks.nik_matching(d).set_index("hal")["nilai"]
    assert isi["padan"] == 84117470
    # 84.117.470 / 0,86755 = 96.959.794,82 dan / 0,86745 = 96.970.972,39
    assert (isi["total_terkecil"], isi["total_terbesar"]) == (96959795, 96970972)
    assert isi["total_tersirat"] == 96965383
    assert isi["total_terkecil"] <= isi["keluaran_pn"] == 96961792 <= isi["total_terbesar"]
    assert isi["tidak_padan"] == 12844322
    assert fmt.persen(isi["persen_dihitung"]) == "86,75%"


def test_tanpa_keluaran_pn_hanya_rentang(d):
    isi = {nama: d[nama] for nama in d.tables if nama not in ("pn_output", "pn_nilai")}
    hasil = dtks.nik_matching(Data(d.tahun, isi, d.satuan, d.sumber)).set_index("hal")["nilai"].dropna()
    assert list(hasil.index) == ["padan", "persen", "total_terkecil", "total_tersirat", "total_terbesar"]


def test_kelompok_pengguna(d):
    kelompok = dtks.users(d)["kelompok"].value_counts().to_dict()
    assert kelompok == {"kementerian": 15, "lembaga": 11, "lainnya": 4}
    lain = dtks.users(d).loc[lambda x: x["kelompok"] == "lainnya", "nomor"]
    assert list(lain) == [9, 15, 28, 29]  # Baznas dan Rumah Zakat, BPJS, Kartu Prakerja, Gugus Tugas


def test_daftar_pengguna_sebanyak_yang_dihitung(d):
    assert len(dtks.users(d)) == d.nilai("dtks/kl_memanfaatkan") == 30


def test_golongan_tujuan_dihitung_tangan(d):
    frame = dtks.users(d).set_index("nomor")
    assert list(frame.index[frame["pengawasan"]]) == [22, 23, 24, 26, 30]
    assert list(frame.index[frame["perencanaan"]]) == [7, 10, 11, 16, 17, 18, 20, 21, 24, 25, 27]
    assert frame["penyaluran"].sum() == 20
    assert not frame["lainnya"].any()
    assert frame.loc[19, "tujuan"] == "" and not frame.loc[19, ["penyaluran", "perencanaan", "pengawasan"]].any()
    assert dtks.users_by_purpose(d).groupby("golongan")["nilai"].sum().to_dict() == {
        "penyaluran": 20,
        "perencanaan": 11,
        "pengawasan": 5,
        "tidak_dicetak": 1,
    }


@pytest.mark.parametrize(
    ("tujuan", "golongan"),
    [
        ("Subsidi Listrik", ("penyaluran",)),
        ("Petani teladan", ("lainnya",)),  # "peta" hanya cocok sebagai kata utuh
        ("Pemetaan, evaluasi.", ("perencanaan", "pengawasan")),
        ("", ("tidak_dicetak",)),
    ],
)
def test_aturan_golongan(tujuan, golongan):
    assert dtks.purpose_groups(tujuan) == golongan


@pytest.mark.parametrize(
    ("nama", "kelompok"),
    [
        ("Kementerian Agama", "kementerian"),
        ("KOMISI Yudisial", "lembaga"),
        ("Baznas dan Rumah Zakat", "lainnya"),
        ("", "lainnya"),
    ],
)
def test_aturan_kelompok(nama, kelompok):
    assert dtks.user_group(nama) == kelompok


def test_tahun_tanpa_iku_dtks_ditolak(d):
    isi = {nama: d[nama] for nama in d.tables}
    isi["iku"] = isi["iku"][~isi["iku"]["pembilang"].str.startswith("dtks/")]
    with pytest.raises(GalatHitung, match="Tidak ada IKU"):
        capaian.indicator_from(Data(d.tahun, isi, d.satuan, d.sumber), "dtks")
