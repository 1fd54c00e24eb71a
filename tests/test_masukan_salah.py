"""Setiap masukan yang salah berhenti dengan satu pesan: berkas, baris, kolom, yang ditemukan, yang diharapkan."""

import pytest

from kinerja import data
from kinerja.errors import GalatData
from kinerja.ikesos.periksa import angka_bps
from kinerja.mikro.pintu import kenali_gelombang
from kinerja.mikro.sintetis.populasi import kabkota
from kinerja.mikro.tata_letak import tata_letak

DTKS = "2020/dtks.csv"
KASUS = {
    "teks di tempat angka": (
        DTKS,
        "kl_memanfaatkan,30,",
        "kl_memanfaatkan,tiga puluh,",
        2,
        "nilai",
        "'tiga puluh'",
        "misalnya 1234,5",
    ),
    "ribuan satu titik": (
        DTKS,
        "kld_memanfaatkan,544,",
        "kld_memanfaatkan,5.440,",
        7,
        "nilai",
        "'5.440'",
        "bilangan bulat untuk satuan kld",
    ),
    "satuan tak dikenal": (
        DTKS,
        "kl_total,87,kl,",
        "kl_total,87,kementrian,",
        3,
        "satuan",
        "'kementrian'",
        "satuan yang terdaftar",
    ),
    "persen di atas batas": (
        DTKS,
        "persen_kl,34.48,",
        "persen_kl,134.48,",
        4,
        "nilai",
        "'134.48' persen",
        "paling besar 100",
    ),
    "persen di bawah batas": (
        DTKS,
        "persen_kl,34.48,",
        "persen_kl,-4.48,",
        4,
        "nilai",
        "'-4.48' persen",
        "paling kecil 0",
    ),
    "keadaan tak dikenal": (
        DTKS,
        "kl_total,87,kl,dikutip",
        "kl_total,87,kl,dikarang",
        3,
        "keadaan",
        "'dikarang'",
        "dikutip, diturunkan",
    ),
    "sumber tak dikenal": (
        DTKS,
        "kl_total,87,kl,dikutip,lkj-2020",
        "kl_total,87,kl,dikutip,lkj-2021",
        3,
        "sumber",
        "'lkj-2021'",
        "sources.yml",
    ),
    "nilai kosong": (DTKS, "kl_total,87,", "kl_total,,", 3, "nilai", "sel kosong", "keadaan tidak_tersedia"),
    "kunci ganda": (DTKS, "kl_total,87,", "kl_memanfaatkan,87,", 3, "ukuran", "kunci ganda kl_memanfaatkan", "unik"),
    "kolom hilang": (
        DTKS,
        "ukuran,nilai,satuan",
        "ukuran,satuan",
        1,
        "nilai",
        "kolom nilai tidak ada",
        "kepala ukuran, nilai",
    ),
    "kolom lebih": (
        DTKS,
        "ukuran,nilai,satuan",
        "ukuran,nilai,satuan,pic",
        1,
        "pic",
        "kolom tak dikenal 'pic'",
        "kepala",
    ),
    "sel kurang": (DTKS, "kl_total,87,kl,", "kl_total,87,", 3, None, "6 sel", "7 sel"),
    "bagian tak berjumlah": (
        DTKS,
        "kl_memanfaatkan,30,",
        "kl_memanfaatkan,31,",
        7,
        "nilai",
        "jumlah bagiannya 545",
        "jumlah.csv",
    ),
    "rujukan putus": (
        "2020/iku.csv",
        "dtks/kld_total",
        "dtks/kld_semua",
        7,
        "penyebut",
        "'dtks/kld_semua'",
        "id baris yang ada",
    ),
    "jumlah atas yang bukan angka": (
        "2020/jumlah.csv",
        "7,anggaran/total/kemensos/pagu/2021-02-06,pagu/pnbp/pagu",
        "7,sasaran/SS1,pagu/pnbp/pagu",
        2,
        None,
        "'sasaran/SS1'",
        "id baris tabel angka",
    ),
    "kode rujukan putus": ("2020/pn_nilai.csv", "OUT26,target", "OUT27,target", 77, "kode", "'OUT27'", "pn_output.csv"),
    "tanda kutip rusak": (
        DTKS,
        "kl_total,87,kl,",
        'kl_total,87,"kl"x,',
        3,
        None,
        "susunan CSV yang rusak",
        "tanda kutip ganda",
    ),
    "angka terlalu panjang": (
        DTKS,
        "nik_padan,84117470,",
        "nik_padan,8411747084117470,",
        11,
        "nilai",
        "'8411747084117470'",
        "15 angka",
    ),
}


@pytest.mark.parametrize(("berkas", "lama", "baru", "baris", "kolom", "temuan", "harapan"), KASUS.values(), ids=KASUS)
def test_pesan(edit, berkas, lama, baru, baris, kolom, temuan, harapan):
    raw = edit(berkas, lama, baru)
    with pytest.raises(GalatData) as galat:
        data.load(2020, raw=raw)
    assert (galat.value.berkas, galat.value.baris, galat.value.kolom) == (berkas, baris, kolom)
    assert temuan in galat.value.ditemukan
    assert harapan in galat.value.diharapkan


BENTUK = {
    "bukan UTF-8": (lambda isi: isi.replace(b"Tercetak", b"Tercetak\xa0", 1), 13, "bukan UTF-8"),
    "bita nol": (lambda isi: isi.replace(b"kl_total", b"kl\x00total"), 3, "bita nol"),
    "kosong": (lambda isi: b"", 1, "tidak ada"),
}


@pytest.mark.parametrize(("ubah", "baris", "temuan"), BENTUK.values(), ids=BENTUK)
def test_bentuk_berkas(raw, ubah, baris, temuan):
    berkas = raw / DTKS
    berkas.write_bytes(ubah(berkas.read_bytes()))
    with pytest.raises(GalatData) as galat:
        data.load(2020, raw=raw)
    assert (galat.value.berkas, galat.value.baris) == (DTKS, baris)
    assert temuan in galat.value.ditemukan


def test_angka_seperti_ditulis_orang_diterima(edit):
    asal = data.load(2020)
    edit(DTKS, "persen_kl,34.48,", 'persen_kl,"34,48%",')
    edit(DTKS, "nik_padan,84117470,", "nik_padan,84.117.470,")
    edit("2020/anggaran.csv", "Belanja Modal,248572575000,", '"Belanja Modal","Rp248.572.575.000,00",')
    raw = edit("2020/anggaran.csv", "total,kemensos,realisasi,2021-01-13", "total,kemensos,realisasi,13 Januari 2021")
    kini = data.load(2020, raw=raw)
    for nama in ("dtks", "anggaran"):
        assert kini[nama].equals(asal[nama])


def test_semua_masalah_sekaligus_dan_yang_mirip_ditawarkan(edit):
    edit(DTKS, "kl_total,87,kl,dikutip", "kl_total,87,kll,dikutip")
    edit(DTKS, "persen_kl,34.48,", "persen_kl,134.48.1,")
    raw = edit("2020/iku.csv", "persen,naik,pk_target/agustus/lampiran/6", "persen,nalk,pk_target/agustus/lampiran/6")
    with pytest.raises(GalatData) as galat:
        data.load(2020, raw=raw)
    pesan = str(galat.value).splitlines()
    assert pesan[0] == "3 masalah:" and len(pesan) == 4
    assert "iku.csv, baris 7, kolom 'arah': ditemukan 'nalk'" in pesan[1] and "(mungkin naik)" in pesan[1]
    assert "dtks.csv, baris 4, kolom 'nilai'" in pesan[2] and "dtks.csv, baris 3, kolom 'satuan'" in pesan[3]
    assert "(mungkin kl" in pesan[3]


def test_simpanan_excel_diterima(raw):
    """BOM, CRLF, titik koma, dan baris kosong di akhir: isinya sama."""
    asal, berkas = data.load(2020, raw=raw)["dtks"], raw / DTKS
    assert b'"' not in berkas.read_bytes()
    berkas.write_bytes(
        b"\xef\xbb\xbf" + berkas.read_bytes().replace(b",", b";").replace(b"\n", b"\r\n") + b";;;\r\n\r\n"
    )
    assert data.load(2020, raw=raw)["dtks"].equals(asal)


def test_berkas_wajib_hilang(raw):
    (raw / "2020/aturan.csv").unlink()
    with pytest.raises(GalatData, match=r"2020/aturan\.csv: ditemukan berkas tidak ada"):
        data.load(2020, raw=raw)


def test_berkas_tak_dikenal(raw):
    (raw / "2020/ikuu.csv").write_text("x\n")
    with pytest.raises(GalatData, match=r"2020/ikuu\.csv: ditemukan berkas yang tidak ada dalam skema"):
        data.load(2020, raw=raw)


@pytest.mark.parametrize(
    ("isi", "temuan"),
    [
        ("sumber: [", "bukan YAML"),
        ("lain: 1\n", "tanpa daftar 'sumber'"),
        ("sumber:\n- id: a\n", "tanpa judul"),
        ("sumber: [3]\n", "bukan pasangan"),
    ],
)
def test_catatan_sumber_rusak(raw, isi, temuan):
    (raw / "sources.yml").write_text(isi)
    with pytest.raises(GalatData, match=temuan):
        data.load(2020, raw=raw)


@pytest.mark.parametrize(
    ("berkas", "lama", "baru", "baca", "pesan"),
    [
        ("acuan/kabkota.csv", "\n1102,", "\n11o2,", lambda: kabkota(2020), r"acuan/kabkota.csv.*baris 3.*kode.*'11o2'"),
        ("acuan/kabkota.csv", "kode,nama,", "kod,nama,", lambda: kabkota(2020), r"acuan/kabkota.csv.*kolom kode tidak ada"),
        ("acuan/wilayah_baru.csv", "Papua Barat Daya,91,", "Papua Barat Daya,,", lambda: kabkota(2024),
         r"acuan/wilayah_baru.csv.*baris 2.*kode_lama.*sel kosong"),
        ("acuan/susenas/angka_bps.csv", "2018,0,KD7,95.66,", '2018,0,KD7,"95,66",', lambda: angka_bps(2020),
         r"angka_bps.csv.*baris 2.*angka.*'95,66'"),
        ("acuan/susenas/angka_bps.csv", "2018,11,KD7,", "2018,sebelas,KD7,", lambda: angka_bps(2020),
         r"angka_bps.csv.*baris 3.*kode_bps.*'sebelas'"),
        ("acuan/susenas/tanda_gelombang.csv", "URUT,2018 2022", "URUT,2018; 2022", lambda: kenali_gelombang(["URUT"]),
         r"tanda_gelombang.csv.*baris 2.*tahun"),
    ],
)  # fmt: skip
def test_acuan_survei_yang_rusak(raw, edit, monkeypatch, berkas, lama, baru, baca, pesan):
    monkeypatch.setenv("KINERJA_AKAR", str(raw.parents[1]))
    baca()
    edit(berkas, lama, baru)
    with pytest.raises(GalatData, match=pesan):
        baca()


def test_tahun_tata_letak_yang_rusak(raw, monkeypatch):
    monkeypatch.setenv("KINERJA_AKAR", str(raw.parents[1]))
    berkas = raw / "acuan/susenas/struktur.csv"
    baris = berkas.read_text("utf-8").split("\n")
    berkas.write_text("\n".join([baris[0], baris[1].replace("2018", "dua ribu", 1), *baris[2:]]), "utf-8")
    with pytest.raises(GalatData, match=r"struktur.csv.*baris 2.*tahun.*dua ribu"):
        tata_letak(2020)
