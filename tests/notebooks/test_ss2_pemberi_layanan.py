"""SS 2: jawaban notebook terhadap cetakan LKj 2020 dan hitungan tangan."""

import pytest

from kinerja import fmt, kendali
from kinerja.buku import Buku
from notebook_di_proses import run
from tergambar import plotted

NAMA = "ss2_pemberi_layanan"


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


@pytest.fixture(scope="module")
def jawab():
    return run(NAMA).jawab


@pytest.fixture
def buku(d2020):
    return Buku(NAMA, tahun=2020, bahasa="id", data=d2020)


def dua(x):
    return fmt.round_half_up(float(x), 2)


def batang(jawaban):
    return [angka for ax in jawaban.axes for jenis, _, angka in plotted(ax) if jenis == "batang"]


def test_kepala_dan_pokok():
    ringkas = run(NAMA).ringkas
    assert ringkas.kepala == (
        "Sertifikasi dan akreditasi meleset; SLRT tepat karena targetnya diturunkan dari 56 ke 29 persen"
    )
    isi = " ".join(ringkas.butir)
    # 42.356 - 23.632; 11.200 - 6.423; dicetak: 21,15% (naik 7,2), 66,10% (turun 19,3), 22,07% (naik 6,02), 60,72%
    for kata in ("18.724 orang dan 4.777 lembaga", "21,2 persen", "+7,2 persen poin", "85,4 ke 66,1 persen"):
        assert kata in isi
    for kata in ("22,1 persen", "+6,0 persen poin", "60,7 persen", "150 dari 514", "17,7 persen poin", "3.387 orang"):
        assert kata in isi
    assert run(NAMA, "en").ringkas.kepala == (
        "Certification and accreditation fell short; referral services met a target cut from 56 to 29%"
    )


def test_target_memerlukan_lebih_dari_pesertanya(jawab):
    frame = jawab["masuk"].frame
    # 25% dari 169.423 = 42.355,75; 28% dari 40.000 = 11.200 (dicetak)
    assert frame["sasaran"].tolist() == [42356, 11200]
    assert frame["perlu"].tolist() == [42356 - 23632, 11200 - 6423]
    assert frame["kurang"].tolist() == [42356 - 35841, 11200 - 8829]
    # walau semua peserta lulus: (23.632 + 18.471) / 169.423 = 24,85% dan (6.423 + 3.013) / 40.000 = 23,59%
    assert ((frame["tahun_lalu"] + frame["peserta"]) / frame["populasi"] * 100 < frame["target"]).all()
    assert jawab["masuk"].kalimat["jawab"].startswith("Tidak.")
    tergambar = {x for satu in batang(jawab["masuk"]) for x in satu}
    assert tergambar == {18724, 18471, 12209, 4777, 3013, 2406}


def test_kalimat_berganti_bila_pesertanya_cukup(buku, jawab):
    frame = jawab["masuk"].frame
    cukup = frame.assign(peserta=frame["populasi"])
    cukup.attrs = frame.attrs
    kalimat = buku.build("masuk", cukup).kalimat
    assert not kalimat["jawab"].startswith("Tidak") and "lebih banyak" not in kalimat["gambar"]


def test_kelulusan_seperti_dicetak(jawab):
    frame = jawab["ujian"].frame
    cetak = {
        "semua": (66.10, 20.42, 13.48), "tks": (71.94, 18.90, 9.15), "peksos": (68.50, 5.16, 26.34),
        "penyuluh": (98.00, 1.00, 1.00), "relawan": (47.86, 32.55, 19.59),
    }  # fmt: skip
    kolom = ["persen_lulus", "persen_tidak_lulus", "persen_tidak_hadir"]
    assert {k: tuple(map(dua, frame.loc[k, kolom])) for k in frame.index} == cetak
    assert list(frame.index) == ["semua", "penyuluh", "tks", "peksos", "relawan"]
    assert frame["peserta"].to_dict() == {
        "semua": 18471,
        "tks": 11987,
        "peksos": 2092,
        "penyuluh": 100,
        "relawan": 4292,
    }
    assert frame.at["semua", "lulus_lalu"] == 85.4
    # 108.341 / 169.423 dan 4.292 / 108.341
    assert dua(frame.at["relawan", "pangsa"]) == 63.95 and dua(frame.at["relawan", "diuji"]) == 3.96
    lebar = sorted(dua(x) for satu in batang(jawab["ujian"]) for x in satu)
    assert lebar == sorted(x for tiga in cetak.values() for x in tiga)


def test_lebih_sedikit_lolos_lebih_banyak_bernilai_baik(jawab):
    frame = jawab["lks"].frame
    assert frame["persen_a_b"].to_dict() == {2018: 58.70, 2019: 51.88, 2020: 60.72}
    assert frame["persen_terakreditasi"].dropna().to_dict() == {2019: 86.70, 2020: 79.85}
    assert [dua(x) for x in frame["bagian"].dropna()] == [16.06, 22.07]
    assert jawab["lks"].kalimat["jawab"].startswith("Sebagian.")
    nilai = jawab["akreditasi"].frame
    assert [dua(x) for x in nilai["persen"]] == [14.17, 46.55, 39.28]  # dicetak, dari 2.406 yang terakreditasi
    assert dua(nilai.loc[["nilai_a", "nilai_b"], "persen"].sum()) == 60.72


def test_slrt_tidak_bertambah_dan_targetnya_turun(jawab):
    frame = jawab["slrt"].frame
    assert frame["kabkota_slrt"].tolist() == [50, 70, 130, 150, 150]
    assert frame.at[2020, "tambahan"] == 0 and dua(frame.at[2020, "bagian"]) == 29.18
    assert frame.at[2020, "sasaran_semula"] == 288  # 56% dari 514 = 287,84
    (ax,) = jawab["slrt"].axes
    assert {"Target semula 56%", "Target sesudah revisi 29,18%"} <= {t.get_text() for t in ax.texts}
    assert sorted(x.get_ydata()[0] for x in ax.lines if x.get_linestyle() == "--") == [29.18, 56]
    assert "288 kabupaten/kota" in jawab["slrt"].kalimat["jawab"]


def test_ips_di_kelas_yang_dicetak(jawab, d2020):
    frame = jawab["ips"].frame
    assert frame["nilai"].to_dict() == {"batas_kelas": 0.6801, "target": 0.682, "realisasi": 0.684, "target_akhir": 0.7}
    assert frame.at["realisasi", "selisih"] == pytest.approx(0.002)
    assert frame.at["realisasi", "kelas"] == "B"
    assert frame.at["realisasi", "sebutan"] == d2020.teks("ips/kategori") == "Tinggi"
    assert "3.387" in jawab["ips"].kalimat["jawab"] and "32 provinsi" in jawab["ips"].kalimat["jawab"]
    assert list(jawab["alat_ukur"].frame["alat_ukur"]).count("ada dan dipakai") == 1


def test_kenaikan_yang_diperlukan_dengan_rumusnya(jawab):
    tabel = jawab["sampai_akhir"].tabel
    # (25 - 21,1547) / 4; (40 - 22,0725) / 4; (100 - 29,1829) / 4; (0,700 - 0,684) / 4
    assert tabel.frame["laju_perlu"].to_dict() == pytest.approx(
        {"IKU2": 0.004, "IKU3": 0.9613, "IKU4": 4.4819, "IKU5": 17.7043}, abs=1e-4
    )
    (kolom,) = [x for x in tabel.kolom if x.nama == "realisasi"]
    nomor = list(tabel.frame.index).index("IKU3")
    isi = list(tabel.origin(kolom, nomor, tabel.cells(kolom)[nomor]))
    assert isi[0] == "35.841 / 169.423 × 100 = 21,15"  # dicetak: 35.841 dari 169.423 orang, 21,15%


def test_skenario_menjawab_seperti_parameternya(buku):
    panel = kendali.scenario(buku, "IKU3", 0, 0.0)
    panel.controls["indikator"].value = "IKU4"
    panel.controls["peserta"].value = 1500
    panel.controls["kelulusan"].value = 80.0
    assert panel.galat is None
    # 8.829 + 4 x 1.200 = 13.629; target 16.000; kurang 7.171 / 4 = 1.793 lulus, / 80% = 2.242 peserta setahun
    assert panel.hasil.tabel.frame["terpenuhi"].tolist() == [8829, 10029, 11229, 12429, 13629]
    assert "34,1 persen pada 2024; targetnya 40 persen" in panel.hasil.teks and "2.242 peserta" in panel.hasil.teks
    assert panel.hasil.png
    parameter = run(NAMA, indikator_andai="IKU4", peserta_andai=1500, kelulusan_andai=80.0).jawab["andai"]
    assert parameter.kalimat["jawab"] == panel.hasil.teks


def test_masukan_salah_menjadi_satu_kalimat(buku):
    panel = kendali.scenario(buku, "IKU4", 0, 0.0)
    panel.controls["peserta"].max = 50_000
    panel.controls["peserta"].value = 40_001
    assert panel.hasil is None and "Peserta per tahun 40001" in str(panel.galat)
