"""Sebutan: setiap nama dan kode tahun ini punya padanan Inggris, dan yang belum dikenal tetap terbaca."""

from kinerja import fmt, istilah, pendukung


def test_every_name_of_the_year_has_an_english_term(d2020):
    kolom = [
        ("sdm", "nama"), ("ikesos_simpul", "nama"), ("ikesos_kerangka", "nama"), ("ikesos_sasaran", "nama"),
        ("ikesos_program", "program"), ("p2k2", "nama"), ("sembako_pantau", "nama"), ("program_ss1", "nama"),
        ("ppks", "nama"), ("ppks", "catatan"), ("pkh_graduasi", "nama"), ("ips_kelas", "nama"),
        ("ips_alat_ukur", "alat_ukur"), ("ips_alat_ukur", "komponen"), ("ikesos_kategori", "nama"),
        ("rb_area", "nama"), ("rb_angka", "nama"), ("kearsipan", "kementerian"), ("kearsipan", "predikat"),
        *[("ikesos_kerangka", f"tercetak_{x}") for x in pendukung.target_groups(d2020)],
    ]  # fmt: skip
    ada = {nama for tabel, k in kolom for nama in d2020[tabel][k] if nama}
    ada |= {*d2020["iku"]["nama"], *d2020["iku"]["nama_pendek"]}
    for tabel in ("ikesos", "program_ss1", "kemiskinan", "ips", "sdm", "lks", "slrt"):
        ada |= set(d2020[tabel].query("keadaan == 'tidak_tersedia'")["catatan"]) - {""}
    assert sorted(ada - set(istilah.terms()["nama"])) == []


def test_every_code_of_the_year_is_named(d2020):
    kode = {*d2020["program_ss1"]["ukuran"], *d2020["program_ss1"]["tempat"], *d2020["sembako_pantau"]["survei"]}
    kode |= {"keluhan", "kabkota_dikembangkan"}
    kode |= set(d2020["iku_tercetak"].query("kode in ['IKU1', 'IKU2', 'IKU3', 'IKU4', 'IKU5']")["tempat"])
    assert sorted(kode - set(istilah.terms()["kode"])) == []


def test_an_unknown_name_stays_readable():
    with fmt.using("en"):
        assert istilah.term("Program Baru") == "Program Baru"
        assert istilah.code_name("ukuran_baru") == "ukuran baru"
