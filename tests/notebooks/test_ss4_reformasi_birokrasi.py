"""SS 4: jawaban notebook terhadap cetakan LKj 2020 dan hitungan tangan."""

import pandas as pd
import pytest

from kinerja import birokrasi, fmt
from kinerja.buku import Buku
from kinerja.data import Data
from notebook_di_proses import run
from tergambar import plotted

NAMA = "ss4_reformasi_birokrasi"


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


@pytest.fixture(scope="module")
def jawab():
    return run(NAMA).jawab


def dua(x):
    return fmt.round_half_up(float(x), 2)


def test_kepala_dan_pokok():
    ringkas = run(NAMA).ringkas
    assert ringkas.kepala == "Penilaian mandiri 81,17 melewati target 80; penilaian luar terakhir 77,08"
    isi = " ".join(ringkas.butir)
    # dicetak: 101,46%, 96,35%, rata-rata 2,26 poin; (100 - 77,08) / 5 = 4,584
    for kata in ("101,5 persen", "96,4 persen", "2,26 poin", "4,58 poin setahun", "77,08 pada 2019"):
        assert kata in isi
    assert run(NAMA, "en").ringkas.kepala == (
        "The self-assessment, 81.17, exceeded the target of 80; the latest external score was 77.08"
    )


def test_capaian_seperti_dicetak(jawab):
    frame = jawab["nilai"].frame
    assert {k: dua(x) for k, x in frame["capaian"].items()} == {"nilai_rb": 96.35, "pmprb": 101.46}
    assert {k: dua(x) for k, x in frame["perlu"].items()} == {"nilai_rb": 4.58, "pmprb": 4.71}
    (ax,) = jawab["nilai"].axes
    ((jenis, _, letak),) = [x for x in plotted(ax) if x[0] == "titik"]
    assert {77.08, 81.17} <= set(letak)
    assert "Target 80" in {t.get_text() for t in ax.texts}


def test_hanya_penilaian_luar_yang_diperpanjang(jawab):
    frame = jawab["jalan"].frame
    # 77,08 + 2,2575 x tahun sesudah 2019; 81,17 + 4 x 2,2575 = 90,20 tidak ada di mana pun
    harap = {2019: 77.08, 2020: 79.3375, 2021: 81.595, 2022: 83.8525, 2023: 86.11, 2024: 88.3675}
    assert frame["sampai"].dropna().to_dict() == pytest.approx(harap)
    assert jawab["jalan"].kalimat["gambar"].endswith("88,37 pada 2024, bukan 100")
    (ax,) = jawab["jalan"].axes
    tergambar = [x for jenis, _, angka in plotted(ax) if jenis == "garis" for x in angka]
    assert 81.17 not in tergambar and max(frame["sampai"].dropna()) < 90.2
    assert jawab["nilai"].frame["naik"].notna().tolist() == [True, False]


def test_kalimat_berganti_bila_penilaian_luar_melewati_target(d2020):
    buku, frame = Buku(NAMA, tahun=2020, bahasa="id", data=d2020), run(NAMA).jawab["nilai"].frame
    lebih = frame.assign(nilai=[85.0, 86.0], capaian=[106.25, 107.5])
    lebih.attrs = frame.attrs
    kalimat = buku.build("nilai", lebih).kalimat
    assert "Hanya" not in kalimat["gambar"] and "di bawahnya" not in kalimat["jawab"]
    jalan = run(NAMA).jawab["jalan"].frame
    cukup = jalan.assign(sampai=jalan["target"])
    cukup.attrs = jalan.attrs
    assert buku.build("jalan", cukup).kalimat["jawab"].startswith("Ya")


def test_angka_upaya_dan_area(jawab):
    kerja = jawab["kerja"].frame
    assert kerja.loc[["agen_perubahan", "pejabat_disetarakan", "pejabat_inpassing", "asn_belum_lapor"], "nilai"].tolist() == [
        311, 416, 2, 11,
    ]  # fmt: skip
    assert kerja.loc[["peraturan_presiden", "peraturan_pemerintah", "peraturan_menteri"], "nilai"].tolist() == [
        1,
        4,
        17,
    ]
    assert kerja.at["indeks_pelayanan", "nilai"] == 3.56 and (kerja["nama_area"] != "").all()
    area = jawab["area"].frame
    assert area["upaya"].tolist() == [6, 6, 2, 4, 11, 7, 6, 7]
    assert area["rekomendasi"].tolist() == [3, 4, 1, 3, 5, 4, 4, 2]


def test_komponen_berjumlah_penilaian_mandiri(jawab):
    frame = jawab["komponen"].frame
    assert frame["nilai"].to_dict() == {"pmprb_proses": 45.86, "pmprb_hasil": 35.31, "pmprb": 81.17}
    assert dua(frame.at["pmprb_proses", "bagian"]) == 56.50  # 45,86 / 81,17


def test_tahun_tanpa_kearsipan_tetap_terjawab(d2020):
    tanpa = Data(2020, {nama: d2020[nama] for nama in d2020.tables if nama != "kearsipan"}, d2020.satuan, d2020.sumber)
    buku = Buku(NAMA, tahun=2020, bahasa="id", data=tanpa)
    jawaban = buku.build("kearsipan", birokrasi.archives(tanpa))
    assert isinstance(jawaban.frame, pd.DataFrame) and jawaban.frame.empty
    assert jawaban.kalimat["jawab"].endswith("Angkanya tidak tersedia di sumber untuk tahun ini.")
