"""Rencana render: permintaan yang salah dihentikan sebelum ada yang berjalan, dengan nama yang ada."""

import nbformat
import pytest

from kinerja.errors import GalatParameter
from kinerja.render.rencana import Parameter, available, plan, read_parameters, read_value


def test_semua_notebook_dengan_parameter_bawaan(proyek):
    tugas = plan(2020)
    assert [(x.notebook, x.judul, x.parameter) for x in tugas] == [
        ("angka", "Angka <mungil> 2020", {"tahun": 2020, "bahasa": "id"}),
        ("gambar", "Gambar mungil", {"tahun": 2020, "bahasa": "id"}),
    ]
    assert tugas[0].baku == {"tahun": 2020, "bahasa": "id", "kali": 1}


def test_bahasa_mengganti_judul(proyek):
    assert plan(2020, bahasa="en")[0].judul == "Tiny <numbers> 2020"


def test_parameter_hanya_untuk_notebook_yang_memilikinya(proyek):
    angka, gambar = plan(2020, parameter=[("kali", "5"), ("rusak", "ya")])
    assert angka.parameter == {"tahun": 2020, "bahasa": "id", "kali": 5}
    assert gambar.parameter == {"tahun": 2020, "bahasa": "id", "rusak": True}


@pytest.mark.parametrize("nama", ["angka", "angka.ipynb", "notebooks/angka.ipynb"])
def test_notebook_disebut_dengan_berbagai_cara(proyek, nama):
    assert [x.notebook for x in plan(2020, notebook=[nama])] == ["angka"]


@pytest.mark.parametrize(
    ("permintaan", "pesan"),
    [
        ({"tahun": 1999}, "Tahun 1999 tidak ada; yang ada: 2020"),
        ({"notebook": ["anka"]}, r"Notebook anka tidak ada; mungkin maksudnya angka\. Yang ada: angka, gambar"),
        ({"parameter": [("kalli", "2")]}, "'kalli' tidak ada .* mungkin maksudnya kali.*angka: kali; gambar: rusak"),
        ({"parameter": [("kali", "dua")]}, "'kali' berjenis int .*'dua'"),
        ({"parameter": [("kali", "2.5")]}, "'kali' berjenis int"),
        ({"parameter": [("kali", True)]}, "'kali' berjenis int"),
        ({"parameter": [("rusak", "mungkin")]}, "'rusak' berjenis bool"),
        ({"parameter": [("jeda", "1,5")]}, "'jeda' berjenis float"),
        ({"parameter": [("kali", "1"), ("kali", "2")]}, "'kali' diberikan dua kali"),
        ({"parameter": [("tahun", "2019")]}, "disetel dengan --tahun"),
        ({"parameter": [("rusak", "ya")], "notebook": ["angka"]}, "'rusak' tidak ada di notebook yang dirender"),
        ({"bahasa": "fr"}, "Bahasa 'fr' tidak dikenal"),
    ],
)
def test_permintaan_yang_salah(proyek, permintaan, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        plan(**{"tahun": 2020, **permintaan})


@pytest.mark.parametrize(
    ("jenis", "teks", "nilai"),
    [
        ("int", " -3 ", -3),
        ("float", "1.5", 1.5),
        ("float", 2, 2),
        ("str", "12", "12"),
        ("bool", "tidak", False),
        ("bool", "True", True),
        ("str | None", "None", None),
        ("str | None", "11", "11"),
        ("Optional[int]", "7", 7),
        ("list", "a, b", ["a", "b"]),
        ("list", "[1, 2]", [1, 2]),
        ("list[str]", "a,b", ["a", "b"]),
        ("dict", "{'a': 1}", {"a": 1}),
    ],
)
def test_nilai_dibaca_menurut_jenis(jenis, teks, nilai):
    assert read_value(teks, Parameter("x", jenis, None, "")) == nilai


def test_keterangan_dan_jenis_parameter_terbaca(proyek):
    kali = read_parameters(proyek / "notebooks" / "angka.ipynb")["kali"]
    assert (kali.jenis, kali.baku, kali.keterangan) == ("int", 1, "pengali")


def test_urutan_daftar_isi(proyek):
    for nama in ("zzz", "keuangan", "ringkasan"):
        (proyek / "notebooks" / f"{nama}.ipynb").write_bytes((proyek / "notebooks" / "angka.ipynb").read_bytes())
    assert list(available()) == ["ringkasan", "keuangan", "angka", "gambar", "zzz"]


def test_notebook_yang_rusak_disebut_namanya(proyek):
    (proyek / "notebooks" / "angka.ipynb").write_text("bukan json", "utf-8")
    with pytest.raises(GalatParameter, match="angka.ipynb tidak dapat dibaca"):
        plan(2020)


def test_notebook_tanpa_parameter_tahun(proyek):
    berkas = proyek / "notebooks" / "angka.ipynb"
    nb = nbformat.read(berkas, as_version=4)
    nb.cells[1].source = 'bahasa: str = "id"  # bahasa'
    nbformat.write(nb, berkas)
    with pytest.raises(GalatParameter, match="angka tidak punya parameter tahun"):
        plan(2020)


def test_judul_dari_notebook_bila_tanpa_teks(proyek):
    (proyek / "lib" / "kinerja" / "teks" / "gambar.yml").unlink()
    assert plan(2020, notebook=["gambar"])[0].judul == "Gambar mungil"


def test_belum_ada_notebook(proyek):
    for berkas in (proyek / "notebooks").iterdir():
        berkas.unlink()
    with pytest.raises(GalatParameter, match="Belum ada notebook"):
        plan(2020)
