"""Alamat aplikasi: parameter yang diminta pengunjung diperiksa sebelum kernel dinyalakan."""

import nbformat
import pytest

from kinerja import paths
from kinerja.aplikasi import GalatPermintaan, introduction, prepare, read_query, tasks
from kinerja.render.rencana import available
from kinerja.render.ulang import Permintaan

BAKU = Permintaan(2020, (), (), "id")


def baca(nama):
    return nbformat.read(paths.notebooks() / f"{nama}.ipynb", as_version=4)


def sisipan(nb):
    (sel,) = [x for x in nb.cells if "injected-parameters" in x.metadata.tags]
    return sel.source


def test_tanpa_argumen_memakai_bawaan():
    assert read_query({}, BAKU) == BAKU


def test_argumen_mengganti_bawaan_dan_yang_lain_tetap():
    baku = Permintaan(2020, (), (("batas_capaian", "110"), ("mikro", "survei.parquet")), "id")
    hasil = read_query({"bahasa": ["en"], "batas_capaian": ["100"], "theme": ["dark"]}, baku)
    assert (hasil.tahun, hasil.bahasa) == (2020, "en")
    assert dict(hasil.parameter) == {"batas_capaian": "100", "mikro": "survei.parquet"}


@pytest.mark.parametrize(
    ("argumen", "pesan"),
    [
        ({"tahun": ["dua ribu"]}, "Tahun 'dua ribu' bukan bilangan"),
        ({"tahun": ["²"]}, "bukan bilangan"),
        ({"bahasa": ["jv"]}, "Bahasa 'jv' tidak ada; pilih id atau en"),
        ({"sasaran": ["rt", "pd"]}, "Parameter 'sasaran' diberikan dua kali"),
        ({"mikro": ["/etc/passwd"]}, "Parameter 'mikro' hanya dapat disetel saat aplikasi dinyalakan"),
        ({"kodebuku": ["x.csv"]}, "Parameter 'kodebuku' hanya dapat disetel"),
    ],
)
def test_argumen_yang_ditolak(argumen, pesan):
    with pytest.raises(GalatPermintaan, match=pesan):
        read_query(argumen, BAKU)


def test_parameter_disisipkan_dalam_jenisnya_dan_teks_diterjemahkan():
    nb = prepare(baca("ringkasan"), "ringkasan", Permintaan(2020, (), (("batas_capaian", "110"),), "en"))
    baris = dict(x.split(" = ") for x in sisipan(nb).splitlines() if " = " in x)
    assert baris == {"tahun": "2020", "bahasa": '"en"', "batas_capaian": "110.0"}
    assert nb.cells[0].source.startswith("# Performance summary")
    assert nb.metadata.kinerja["judul"] == "Performance summary 2020"


def test_menu_memuat_semua_notebook_menurut_urutan_daftar_isi():
    nb = prepare(baca("keuangan"), "keuangan", BAKU)
    nama = [x["nama"] for x in nb.metadata.kinerja["menu"]]
    assert nama == list(available()) == [x.notebook for x in tasks(BAKU)]
    assert nama[nb.metadata.kinerja["letak"]] == "keuangan"


@pytest.mark.parametrize(
    ("nama", "permintaan", "pesan"),
    [
        ("tidak_ada", BAKU, "Notebook 'tidak_ada' tidak ada; yang ada: ringkasan"),
        ("ringkasan", Permintaan(1999, (), (), "id"), "Tahun 1999 tidak ada"),
        ("ringkasan", Permintaan(2020, (), (("batas", "1"),), "id"), "Parameter 'batas' tidak ada"),
        (
            "ringkasan",
            Permintaan(2020, (), (("batas_capaian", "banyak"),), "id"),
            "tidak dapat dibaca sebagai nilainya",
        ),
    ],
)
def test_permintaan_yang_tidak_dapat_dipenuhi(nama, permintaan, pesan):
    with pytest.raises(GalatPermintaan, match=pesan):
        prepare(baca("ringkasan"), nama, permintaan)


def test_parameter_bawaan_aplikasi_dilewati_notebook_yang_tidak_memilikinya():
    nb = prepare(baca("ringkasan"), "ringkasan", Permintaan(2020, (), (("mikro", "survei.parquet"),), "id"))
    assert "mikro" not in sisipan(nb)


@pytest.mark.parametrize("nama", list(available()))
@pytest.mark.parametrize("bahasa", ["id", "en"])
def test_setiap_notebook_punya_alinea_pembuka(nama, bahasa):
    isi = introduction(nama, bahasa)
    assert len(isi) > 30 and not set("#*`") & set(isi)
