"""Audit hari pertama: tanpa satu pun klaim tertulis, susunan data sendiri yang menguji. Angkanya dihitung tangan."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest

from kinerja import data, fmt
from kinerja.audit import Audit, verdicts
from kinerja.audit.sebab import Sebab
from kinerja.data import Data

ASAL = Path(__file__).parent / "lembaga_lain" / "data" / "raw"
PER = "2032-01-10"


@pytest.fixture(scope="module")
def dinas(tmp_path_factory) -> Iterator[Data]:
    """Dinas rekaan: sebelas indikator segala arah, rata-rata berbobot, batas 110, tanpa tabel klaim."""
    folder = tmp_path_factory.mktemp("dinas")
    shutil.copytree(ASAL, folder / "raw")
    with pytest.MonkeyPatch.context() as m:
        m.setenv("KINERJA_DATA", str(folder))
        d = data.load(2031)
        assert not d.has("klaim") and not d.has("jumlah")
        yield Data(2031, {n: d[n] for n in d.tables}, d.satuan, d.sumber)


def _tambah(d: Data, tabel: str, id_: str, nilai: str, satuan: str, **kolom: object) -> Data:
    """Data dengan satu angka tercetak lagi (atau yang diganti)."""
    ada = {n: d[n] for n in d.tables}
    lama = ada.get(tabel, ada["iku_tercetak"])
    isi = lama.iloc[0].to_dict() | {"id": f"{tabel}/{id_}", "nilai": float(nilai or "nan"), "satuan": satuan}
    isi |= {"desimal": len(nilai.partition(".")[2]), "baris": 99, "keadaan": "dikutip"} | kolom
    ada[tabel] = pd.concat([lama[lama["id"] != isi["id"]] if tabel in ada else lama[:0], pd.DataFrame([isi])])
    satuan_ = pd.concat([d.satuan, d.satuan.loc[["rupiah"]].rename({"rupiah": "butir"})])
    return Data(d.tahun, ada, satuan_, d.sumber)


def _cetak(d: Data, id_: str, nilai: str, satuan: str = "persen_capaian") -> Data:
    kode, ukuran, tempat = id_.split("/")
    return _tambah(d, "iku_tercetak", id_, nilai, satuan, kode=kode, ukuran=ukuran, tempat=tempat)


def _anggaran(d: Data, id_: str, nilai: str, satuan: str = "rupiah") -> Data:
    rincian, kode, ukuran, per = id_.split("/")
    return _tambah(d, "anggaran", id_, nilai, satuan, rincian=rincian, kode=kode, ukuran=ukuran, per=per)


def _vonis(d: Data, id_: str) -> tuple[str, str]:
    tabel = Audit(d).table()
    satu = tabel[tabel["id_tercetak"] == id_].iloc[0]
    return satu["vonis"], satu["penjelasan"]


CAPAIAN = {
    # 41.250 / 55.000 = 75; 75 / 72 = 104,17
    "rasio": ("K01/capaian/x", "104.17", "cocok", "75 / 72 × 100, paling tinggi 110"),
    "rasio salah": ("K01/capaian/x", "104.71", "bertentangan", "Dua digit tertukar"),
    "jumlah triwulan": ("K02/realisasi/x", "750", "cocok", "120 + 180 + 210 + 240"),
    "turun": ("K03/capaian/x", "108.00", "cocok", "(2 − 23 / 25) × 100"),
    # yang lazim keliru: 23 / 25 = 92
    "turun dibaca naik": ("K03/capaian/x", "92.00", "bertentangan", "Sama bila dihitung realisasi terhadap target"),
    "target nol": ("K04/capaian/x", "100.00", "cocok", ""),
    "rentang": ("K05/capaian/x", "100.00", "cocok", "7,2 terhadap rentang 6,5–8,5"),
    "rata-rata triwulan": ("K06/realisasi/x", "85.50", "cocok", "(84 + 85 + 86 + 87) / 4"),
    # 96 / 80 = 120, batas 110
    "berbatas": ("K07/capaian/x", "110.00", "cocok", "paling tinggi 110"),
    "tanpa batas": ("K07/capaian/x", "120.00", "beda", "Sama bila tanpa batas capaian"),
    "ukuran tanpa batas": ("K07/capaian_tanpa_batas/x", "120.00", "cocok", ""),
    "teks": ("K09/capaian/x", "100.00", "cocok", "WTP terhadap target WTP"),
    "teks salah": ("K09/capaian/x", "95.00", "beda", ""),
    "tanpa realisasi": ("K11/capaian/x", "50.00", "tak_dapat_dihitung", "Tidak diuji"),
    # 40, 20, 20, 20 atas 104,1667; 93,75; 108; 100
    "sasaran": ("ST1/capaian/x", "102.02", "cocok", ""),
    "sasaran tanpa bobot": ("ST1/capaian/x", "101.48", "beda", "tanpa bobot"),
    # (100 + 95 + 120 + 120) / 4 bila tanpa batas
    "sasaran tanpa batas": ("ST2/capaian/x", "108.75", "bertentangan", "Sama bila tanpa batas capaian"),
    "sasaran dari yang dibulatkan": ("ST1/capaian/y", "102.018", "beda_pembulatan", "dibulatkan lebih dahulu"),
    "lembaga": ("DINAS/capaian/x", "101.98", "cocok", ""),
    "target tercetak lain": ("K08/target/x", "12", "bertentangan", "Yang dipegang: 10"),
}  # fmt: skip


@pytest.mark.parametrize(("id_", "nilai", "vonis", "kata"), CAPAIAN.values(), ids=CAPAIAN)
def test_capaian_menurut_aturan_indikatornya(dinas, id_, nilai, vonis, kata):
    hasil = _vonis(_cetak(dinas, id_, nilai), f"iku_tercetak/{id_}")
    assert hasil[0] == vonis, hasil
    assert kata in hasil[1]


TRIWULAN_II = {
    # (120 + 180) / (150 + 200); 45 / 40 dengan batas 110; rata-rata 84 dan 85 terhadap 90
    "jumlah": ("K02/capaian/x", "85.71", "cocok"),
    "jumlah setahun": ("K02/capaian/x", "37.50", "beda"),
    "target sampai": ("K02/target/x", "350", "cocok"),
    "kumulatif": ("K07/capaian/x", "110.00", "cocok"),
    "rata-rata": ("K06/capaian/x", "93.89", "cocok"),
}  # fmt: skip


@pytest.mark.parametrize(("id_", "nilai", "vonis"), TRIWULAN_II.values(), ids=TRIWULAN_II)
def test_laporan_triwulan_diuji_dengan_target_triwulannya(dinas, id_, nilai, vonis):
    assert _vonis(_cetak(dinas, id_, nilai).at("tw2"), f"iku_tercetak/{id_}")[0] == vonis


def test_aturan_indikator_sendiri(dinas):
    """K03 memakai T/R: 25 / 23 = 108,70; K07 tidak dibatasi: 96 / 80 = 120."""
    isi = dict(kode="K03", kunci="rumus", teks="kebalikan")
    d = _tambah(dinas, "iku_aturan", "K03/rumus", "", "teks", **isi)
    d = _tambah(
        d,
        "iku_aturan",
        "K07/batas_capaian",
        "",
        "teks",
        **isi | {"kode": "K07", "kunci": "batas_capaian", "teks": "tanpa"},
    )
    d = _cetak(_cetak(d, "K03/capaian/tabel_utama", "108.70"), "K07/capaian/x", "120.00")
    assert _vonis(d, "iku_tercetak/K03/capaian/tabel_utama") == (
        "cocok",
        "25 / 23 × 100, paling tinggi 110 = 108,695652.",
    )
    assert _vonis(d, "iku_tercetak/K07/capaian/x")[0] == "cocok"


UANG = {
    # 307.055.630 / 398.379.650 = 77,08
    "penyerapan": ({"program/a/pagu": "398379650", "program/a/realisasi": "307055630"}, "program/a/penyerapan", "80.5", "beda", "77,07"),
    "sisa": ({"program/a/pagu": "398379650", "program/a/realisasi": "307055630"}, "program/a/sisa", "91324020", "cocok", ""),
    # 12 dari 48 miliar
    "bagian": ({"kegiatan/a/pagu": "12000000000"}, "kegiatan/a/bagian_pagu", "25.0", "cocok", ""),
    "rincian berjumlah": ({}, "total/dinas/pagu", "48000000000", "cocok", "18.000.000.000 + 30.000.000.000"),
    "rincian tidak berjumlah": ({}, "total/dinas/pagu", "48100000000", "beda", ""),
}  # fmt: skip


@pytest.mark.parametrize(("isi", "id_", "nilai", "vonis", "kata"), UANG.values(), ids=UANG)
def test_uang_yang_bersebelahan(dinas, isi, id_, nilai, vonis, kata):
    for x, rupiah in isi.items():
        dinas = _anggaran(dinas, f"{x}/{PER}", rupiah)
    satuan = "persen" if "." in nilai else "rupiah"
    hasil = _vonis(_anggaran(dinas, f"{id_}/{PER}", nilai, satuan), f"anggaran/{id_}/{PER}")
    assert hasil[0] == vonis, hasil
    assert kata in hasil[1]


def test_sasaran_sebagian_tidak_diadu_dengan_totalnya(dinas):
    """Anggaran dua dari tiga sasaran bukan kesalahan jumlah."""
    a = dinas["anggaran"]
    ada = {n: dinas[n] for n in dinas.tables} | {"anggaran": a[a["kode"] != "ST3"]}
    klaim = Audit(Data(2031, ada, dinas.satuan, dinas.sumber)).klaim
    assert not [x for x in klaim if any("/sasaran/ST1/pagu" in y for y in x.masukan) and x.menjumlah]


def test_uang_bulat_ke_juta_tidak_disebut_salah(dinas):
    """Rincian dibulatkan ke juta: 18.000 juta + 30.000 juta boleh berselisih sampai satu juta dari totalnya."""
    bulat = _tambah(dinas, "aturan", "pembulatan_uang", "1000000", "rupiah", kunci="pembulatan_uang", teks="")
    lebih = _anggaran(bulat, f"total/dinas/pagu/{PER}", "48001000000")
    assert _vonis(lebih, f"anggaran/total/dinas/pagu/{PER}")[0] == "beda_pembulatan"
    jauh = _anggaran(bulat, f"total/dinas/pagu/{PER}", "48003000000")
    assert _vonis(jauh, f"anggaran/total/dinas/pagu/{PER}")[0] == "beda"


def test_hitungan_menurut_golongan(dinas):
    """Di atas 100: K01, K03, K07, K08; tepat: K04, K05, K09; di bawah: K02, K06, K10."""
    for hal, nilai, vonis in (
        ("iku_di_atas_100", "4", "cocok"),
        ("iku_tepat_100", "4", "beda"),
        ("iku", "11", "cocok"),
    ):
        isi = _tambah(dinas, "hitungan", f"{hal}/x", nilai, "butir", hal=hal, tempat="x")
        assert _vonis(isi, f"hitungan/{hal}/x")[0] == vonis, hal


def test_klaim_tertulis_mengalahkan_turunan(dinas):
    klaim = {"kode": "k", "tercetak": "iku_tercetak/K10/capaian/*", "rumus": "[iku_nilai/K10/realisasi/tahun] + 20.59"}
    kosong = dict.fromkeys(("opsi", "alternatif", "besaran", "uraian", "uraian_en"), "")
    ada = {n: dinas[n] for n in dinas.tables}
    ada["klaim"] = pd.DataFrame([klaim | kosong | {"berkas": "2031/klaim.csv", "baris": 2}])
    hasil = Audit(Data(2031, ada, dinas.satuan, dinas.sumber))
    assert [x.kode for x in hasil.klaim if x.tercetak.startswith("iku_tercetak/K10/")] == ["k"]
    assert hasil.table().set_index("id").at["iku_tercetak/K10/capaian/tabel_utama", "vonis"] == "cocok"


def test_jejak_lewat_besaran_antara(dinas):
    """Capaian sasaran yang dicetak turun lewat capaian indikator yang tidak dicetak sampai baris mentahnya."""
    jejak = Audit(dinas).trace("iku_tercetak/ST2/capaian/tabel_utama")
    isi = {x["id"]: x for x in jejak}
    assert isi["iku/K07/capaian"]["nilai"] == "110.00" and isi["iku/K07/capaian"]["berkas"] == "2031/iku.csv"
    assert {"iku_nilai/K07/realisasi/tw4", "iku_nilai/K07/target/tahun", "aturan/batas_capaian"} <= set(isi)
    assert all(x["baris"] > 1 for x in jejak)


def test_yang_tidak_diuji_tidak_dikatakan_tanpa_asal(dinas):
    """Angka lepas hanya dikatakan tidak diuji; angka pokok menyebut berapa angka yang dihitung darinya."""
    semua = verdicts(dinas).set_index("id")
    assert "Tidak diuji" in semua.at["iku_nilai/K11/target/tahun", "penjelasan"]
    assert "menghitung ulang" in semua.at["konteks/rt_air", "penjelasan"]
    with fmt.using("en"):
        assert "Not tested" in verdicts(dinas).set_index("id").at["iku_nilai/K11/target/tahun", "penjelasan"]


def test_pencarian_pengganti_terbatas(dinas):
    """Puluhan masukan dengan banyak versi tidak membuat pencarian sebab tak berujung."""
    a = Audit(dinas)
    klaim = next(x for x in a.klaim if x.tercetak == "iku_tercetak/ST2/capaian/tabel_utama")
    banyak = tuple(x for x in a.pola.ids if isinstance(a.written(x), Fraction))
    penuh = replace(klaim, alternatif=dict.fromkeys(klaim.masukan, banyak))
    assert Sebab(a, penuh, Fraction(12345, 100), Fraction(1, 100)).substitution() is None
