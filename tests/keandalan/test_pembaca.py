"""Pembaca menghadapi berkas apa pun: hasil yang benar atau satu kalimat, tidak pernah jejak tumpukan."""

import re
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kinerja import paths
from kinerja.data import schema
from kinerja.data.process import load_sources
from kinerja.data.reading import read_table, read_units
from kinerja.errors import GalatData, GalatKinerja
from kinerja.mikro import baca_kodebuku, baca_kolom
from kinerja.mikro.berkas import daftar_kolom

acak = settings(settings.get_profile("keandalan"))
TABEL = schema.tables()["dtks"]
KEPALA = ",".join(TABEL.kolom) + "\n"
SEL = st.one_of(
    st.sampled_from(
        ["", "12", "-3", "1.5", "1,5", "1.234", "1.234.567", "1.234,5", "12%", "Rp5", "1e3", "١٢", "12\n", " 12", "12 ",
         "0x1F", "1_000", "nan", "inf", "-", "+5", "=1+1", "31/12/2020", "9" * 40, "0" * 20 + "7", "<b>", "{nilai}"]
    ),
    st.text(max_size=8),
)  # fmt: skip


@pytest.fixture(scope="module")
def acuan():
    return read_units(paths.raw()), frozenset(load_sources(paths.raw())["id"])


@pytest.fixture
def tempat(tmp_path):
    (tmp_path / "2020").mkdir()
    return tmp_path


def satu_kalimat(galat):
    for pesan in str(galat).splitlines():  # beberapa masalah: satu kalimat satu baris
        assert pesan.isprintable() and len(pesan) < 1500
    pesan = str(galat)
    assert "Traceback" not in pesan and "Error" not in pesan.split(": ditemukan")[0]


def baca(tempat, isi, acuan):
    (tempat / "2020" / "dtks.csv").write_bytes(isi)
    return read_table(tempat, TABEL, 2020, *acuan)


@acak
@given(isi=st.binary(max_size=300), awalan=st.sampled_from([b"", KEPALA.encode()]))
def test_bita_apa_pun(tempat, acuan, isi, awalan):
    try:
        baca(tempat, awalan + isi, acuan)
    except GalatData as galat:
        satu_kalimat(galat)


def meant(tulisan):
    """Angka yang dimaksud penulisnya: titik desimal seperti CSV, selebihnya menurut docs/lembaga.md; None: bukan angka."""
    isi = tulisan.strip().replace("\u2212", "-")
    if isi.startswith("(") and isi.endswith(")"):
        isi = "-" + isi[1:-1].strip()
    isi = re.sub(r"(?i)(?<![0-9a-z])(rp\.?|idr)\s*", "", isi)
    isi = re.sub(r"\s*(%|persen)$|,-{1,2}$|[.,]+$", "", isi)
    isi = re.sub(r"^([+-])\s", r"\1", isi).removeprefix("+")
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", isi):
        return Decimal(isi)
    if re.fullmatch(r"-?([0-9]+,[0-9]+|[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?)", isi):
        return Decimal(isi.replace(".", "").replace(",", "."))
    if re.fullmatch(r"-?[0-9]{1,3}((,[0-9]{3}){2,}(\.[0-9]+)?|,[0-9]{3}\.[0-9]+)", isi):
        return Decimal(isi.replace(",", ""))
    return None


@pytest.mark.parametrize(
    ("tulisan", "satuan", "nilai"),
    [
        ("1.234", "rupiah", None),
        ("1.234", "persen", "1.234"),
        ("12%", "persen", 12),
        ("31,2 persen", "persen", "31.2"),
        ("1,5", "persen", "1.5"),
    ]
    + [("Rp5", "rupiah", 5), ("1e3", "rupiah", None), ("1.234.567,00", "rupiah", 1234567), ("1,2,3", "persen", None)],
)
def test_angka_seperti_ditulis_orang(tempat, acuan, tulisan, satuan, nilai):
    isi = (KEPALA + f'kl_total,"{tulisan}",{satuan},dikutip,lkj-2020,Bab,\n').encode()
    if nilai is None:
        with pytest.raises(GalatData, match="kolom 'nilai'"):
            baca(tempat, isi, acuan)
    else:
        assert meant(tulisan) == Decimal(nilai)
        assert baca(tempat, isi, acuan)["nilai"].item() == float(nilai)


@acak
@example(nilai="34.48", ukuran="persen_kl", satuan="persen")
@example(nilai="-0", ukuran="kl_total", satuan="kl")
@example(nilai="123456789012345", ukuran="kl_total", satuan="rupiah")
@example(nilai="12\n", ukuran="kl_total", satuan="kl")
@example(nilai="12", ukuran="kl_total\n", satuan="kl")
@given(nilai=SEL, ukuran=st.one_of(st.just("kl_total"), SEL), satuan=st.sampled_from(["kl", "persen", "rupiah"]))
def test_tidak_ada_angka_salah_diam_diam(tempat, acuan, nilai, ukuran, satuan):
    def kutip(x):
        return '"' + x.replace('"', '""') + '"'

    baris = ",".join([kutip(ukuran), kutip(nilai), satuan, "dikutip", "lkj-2020", "Bab", ""]) + "\n"
    try:
        hasil = baca(tempat, (KEPALA + baris).encode("utf-8", "surrogatepass"), acuan)
    except GalatData as galat:
        satu_kalimat(galat)
        return
    # yang diterima hanya penulisan yang bermakna tunggal, dan nilainya persis yang dimaksud
    assert meant(nilai) == Decimal(repr(float(hasil["nilai"].iloc[0])))
    assert hasil["ukuran"].iloc[0] == ukuran and re.fullmatch(r"[A-Za-z0-9_]+", ukuran)


@acak
@given(isi=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda x: x.encode("utf-8", "replace"))))
def test_kodebuku_dan_catatan_sumber_apa_pun(tmp_path, isi):
    (tmp_path / "sources.yml").write_bytes(isi)
    kepala = ",".join(schema.tables()["kodebuku-2020"].kolom).encode() + b"\n"
    (tmp_path / "kodebuku.csv").write_bytes(kepala + isi)
    for panggil in (lambda: load_sources(tmp_path), lambda: baca_kodebuku(tmp_path / "kodebuku.csv")):
        with pytest.raises(GalatKinerja) as galat:
            panggil()
        satu_kalimat(galat.value)


@acak
@given(
    isi=st.binary(max_size=300), akhiran=st.sampled_from([".csv", ".csv", ".parquet", ".dta", ".sav", ".dbf", ".xlsx"])
)
def test_data_mikro_apa_pun(tmp_path, isi, akhiran):
    berkas = tmp_path / f"survei{akhiran}"
    berkas.write_bytes(isi if akhiran != ".csv" else b"R101,R407\n" + isi)
    try:
        daftar_kolom(berkas)
        baca_kolom(berkas, ["R101", "R407"])
    except GalatKinerja as galat:
        satu_kalimat(galat)


DIBACA = {
    "titik koma": lambda t: t.replace(",", ";"),
    "desimal koma": lambda t: t.replace("34.48", '"34,48"'),
    "titik ribuan": lambda t: t.replace("84117470", "84.117.470"),
    "tanda persen": lambda t: t.replace("34.48", "34.48%"),
    "baris kosong di belakang": lambda t: t + "," * 6 + "\n",
    "BOM UTF-8": lambda t: "\ufeff" + t,
    "akhir baris Windows": lambda t: t.replace("\n", "\r\n"),
}


@pytest.mark.parametrize("ubah", DIBACA.values(), ids=DIBACA)
def test_simpanan_excel_indonesia_dibaca_sama(tempat, acuan, ubah):
    asal = (paths.raw() / "2020" / "dtks.csv").read_text("utf-8")
    isi = ubah(asal)
    assert isi != asal
    pd.testing.assert_frame_equal(baca(tempat, isi.encode(), acuan), baca(tempat, asal.encode(), acuan))


EXCEL = {
    "kolom kosong di belakang": (lambda t: t.replace("\n", ",,\n"), "kolom tak dikenal"),
    "kepala gabungan": (lambda t: "Tabel DTKS,,,,,,\n" + t, "tidak ada"),
    "kepala dua baris": (lambda t: t.replace("\n", "\n(kode),(angka),,,,,\n", 1), "'(angka)'"),
    "spasi di belakang kode": (lambda t: t.replace("kl_total,", "kl_total ,"), "'kl_total '"),
}


@pytest.mark.parametrize(("ubah", "temuan"), EXCEL.values(), ids=EXCEL)
def test_simpanan_excel_indonesia_ditolak_dengan_sebabnya(tempat, acuan, ubah, temuan):
    asal = (paths.raw() / "2020" / "dtks.csv").read_text("utf-8")
    isi = ubah(asal)
    assert isi != asal
    with pytest.raises(GalatData) as galat:
        baca(tempat, isi.encode(), acuan)
    assert temuan in str(galat.value)


TANGGAL = {
    "31/12/2020": True, "31-12-2020": True, "31 Desember 2020": True,
    "12/31/2020": False, "44196": False, "2020-13-01": False, "2020-12-32": False, "31/12/20": False,
}  # fmt: skip


@pytest.mark.parametrize(("tanggal", "terbaca"), TANGGAL.items(), ids=TANGGAL)
def test_tanggal_gaya_lain(raw, tanggal, terbaca, acuan):
    tabel = schema.tables()["anggaran"]
    isi = (raw / "2020" / "anggaran.csv").read_text("utf-8")
    per = re.search(r"\d{4}-\d{2}-\d{2}", isi).group()
    (raw / "2020" / "anggaran.csv").write_text(isi.replace(per, tanggal), "utf-8")
    if terbaca:
        assert "2020-12-31" in set(read_table(raw, tabel, 2020, *acuan)["per"])
    else:
        with pytest.raises(GalatData, match="tanggal, misalnya 31 Desember 2026 atau 2026-12-31"):
            read_table(raw, tabel, 2020, *acuan)


SANDI = {
    "UTF-16": lambda t: t.encode("utf-16"),
    "UTF-16 tanpa BOM": lambda t: t.encode("utf-16-le"),
    "cp1252": lambda t: t.replace("Tercetak", "Tercetak \u2013 \u201cdua\u201d").encode("cp1252"),
}


@pytest.mark.parametrize("sandi", SANDI.values(), ids=SANDI)
def test_sandi_huruf_lain_ditolak(tempat, acuan, sandi):
    isi = sandi((paths.raw() / "2020" / "dtks.csv").read_text("utf-8"))
    with pytest.raises(GalatData) as galat:
        baca(tempat, isi, acuan)
    satu_kalimat(galat.value)


MIKRO = {
    "titik koma dan desimal koma": ("R101;FWT\n11;10,25\n12;3\n", [10.25, 3]),
    "desimal koma dalam kutip": ('R101,FWT\n11,"10,25"\n12,"3"\n', [10.25, 3]),
    "titik koma dan desimal titik": ("R101;FWT\n11;10.25\n12;3\n", [10.25, 3]),
    "spasi di belakang": ('R101,FWT\n11,"10 "\n12," 3"\n', [10, 3]),
    "titik ribuan": ("R101;FWT\n11;1.234\n12;3\n", None),
    "titik ribuan desimal koma": ("R101;FWT\n11;1.234,5\n12;3\n", None),
    "koma ribuan": ('R101,FWT\n11,"1,234"\n12,3\n', None),
    "tanda persen": ("R101,FWT\n11,10%\n12,3\n", None),
    "rupiah": ("R101,FWT\n11,Rp10\n12,3\n", None),
    "sel berlebih di setiap baris": ("R101,FWT\n11,10,9\n12,3,9\n", None),
    "sel berlebih di satu baris": ("R101,FWT\n11,10\n12,3,9\n", None),
    "kolom ganda": ("R101,FWT,FWT\n11,10,9\n", None),
    "terputus di tengah baris": ("R101,FWT\n11,10\n12", None),
}


@pytest.mark.parametrize(("isi", "nilai"), MIKRO.values(), ids=MIKRO)
def test_data_mikro_simpanan_excel(tmp_path, isi, nilai):
    berkas = tmp_path / "kor.csv"
    berkas.write_text(isi, "utf-8")
    if nilai is not None:
        assert baca_kolom(berkas, ["R101", "FWT"])["FWT"].tolist() == nilai
        return
    with pytest.raises(GalatData) as galat:
        baca_kolom(berkas, ["R101", "FWT"])
    satu_kalimat(galat.value)


@pytest.mark.parametrize("sandi", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_data_mikro_sandi_lain(tmp_path, sandi):
    (tmp_path / "kor.csv").write_bytes("R101,NAMA\n11,caf\u00e9\n".encode(sandi))
    assert baca_kolom(tmp_path / "kor.csv", ["R101", "NAMA"]).to_dict("list") == {"R101": [11], "NAMA": ["caf\u00e9"]}


def test_data_mikro_utf16_tanpa_tanda_ditolak(tmp_path):
    (tmp_path / "kor.csv").write_bytes("R101,NAMA\n11,a\n".encode("utf-16-le"))
    with pytest.raises(GalatData, match="isi biner") as galat:
        baca_kolom(tmp_path / "kor.csv", ["R101", "NAMA"])
    satu_kalimat(galat.value)


def test_sejuta_baris(tmp_path, tempat, acuan):
    banyak = 1_000_000
    berkas = tmp_path / "kor.csv"
    pd.DataFrame({"R101": 11, "FWT": range(banyak)}).to_csv(berkas, index=False)
    assert baca_kolom(berkas, ["R101", "FWT"])["FWT"].sum() == banyak * (banyak - 1) // 2
    # tabel laporan sebesar itu ditolak dari ukurannya, tanpa dibaca
    baris = b"kl_total,1,kl,dikutip,lkj-2020,Bab," + b"x" * 40 + b"\n"
    with pytest.raises(GalatData, match="MB; diharapkan tabel laporan"):
        baca(tempat, KEPALA.encode() + baris * banyak, acuan)
