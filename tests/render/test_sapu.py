"""Notebook sendiri, notebook resmi yang baru, dan sapuannya."""

import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest

import kinerja as kj
from kinerja import fmt, paths
from kinerja.buku import collecting
from kinerja.cli import main
from kinerja.errors import GalatKinerja, GalatParameter
from kinerja.render import coba, notebook

AKAR = Path(__file__).resolve().parents[2]


@pytest.fixture
def akar(tmp_path, monkeypatch):
    """Akar proyek tanpa notebook, berdata proyek ini."""
    (tmp_path / "data").symlink_to(paths.root() / "data")
    monkeypatch.setenv("KINERJA_AKAR", str(tmp_path))
    monkeypatch.delenv("KINERJA_KELUARAN", raising=False)
    return tmp_path


def test_notebook_sendiri_langsung_jalan_dan_dapat_disapu(akar, capsys):
    main_ok("notebook-baru", "coba_saya")
    berkas = paths.notebook("coba_saya")
    assert berkas == akar / "kerja" / "coba_saya.ipynb" and not (akar / "lib").exists(), "tanpa berkas teks"
    main_ok(
        "sapu", "coba_saya", "-p", "bahasa", "id,en", "--andai", "ikesos/2019/nilai=20.5,41", "--out", akar / "s.csv"
    )
    assert "4 gabungan, 1 jawaban, 28 baris" in capsys.readouterr().out
    hasil = pd.read_csv(akar / "s.csv")
    assert list(hasil)[:4] == ["bahasa", "ikesos/2019/nilai", "jawaban", "baris"]
    # target IKU 1 41,00
    ikesos = hasil[hasil["nama_pendek"] == "Ikesos"].groupby("ikesos/2019/nilai")["capaian"].unique()
    assert {k: list(x) for k, x in ikesos.items()} == {20.5: [50], 41.0: [100]}
    assert set(hasil["keadaan"]) == {"diandaikan"} and fmt.language() == "id"


def test_notebook_resmi_membawa_teks_dua_bahasa(akar):
    notebook.create("serapan_saya", resmi=True)
    tercetak = kj.open(2020).anggaran("sasaran")["penyerapan_tercetak"].max()  # LKj mencetak persennya
    for bahasa, kepala in (
        ("id", "Penyerapan tertinggi {} persen"),
        ("en", "The highest share of budget spent is {}%"),
    ):
        with collecting() as dibuka, fmt.using(bahasa):
            coba.run_cells(paths.notebook("serapan_saya"), {"bahasa": bahasa})
            assert dibuka[0].ringkas.kepala.startswith(kepala.format(fmt.angka(tercetak, 1)))
        assert set(dibuka[0].jawab) == {"serapan"}


def test_nama_yang_terpakai_atau_salah(akar):
    notebook.create("coba_saya")
    for nama, resmi, kalimat in (
        ("coba_saya", False, "sudah dipakai"), ("coba_saya", True, "sudah dipakai"), ("../x", False, "huruf kecil"),
        ("Coba", False, "huruf kecil"),
    ):  # fmt: skip
        with pytest.raises(GalatParameter, match=kalimat):
            notebook.create(nama, resmi=resmi)
    with pytest.raises(GalatParameter, match=r"Notebook lain tidak ada\. Yang ada: coba_saya"):
        paths.notebook("lain")


def test_nilai_sapuan_dibaca_menurut_jenisnya():
    kisi = coba.read_grid(
        paths.notebook("jelajah_ikesos"),
        [("agregasi", "aritmetik, geometrik"), ("bobot", "{'KD': 2, 'KE': 1}, {}"), ("pasangan", '"A,B",C'),
         ("lipat_papua", "ya,tidak"), ("agregasi", "harmonik")],
    )  # fmt: skip
    assert kisi == {
        "agregasi": ["aritmetik", "geometrik", "harmonik"], "bobot": [{"KD": 2, "KE": 1}, {}], "pasangan": ["A,B", "C"],
        "lipat_papua": [True, False],
    }  # fmt: skip
    for isi, kalimat in ((("agregasj", "x"), "agregasi"), (("tahun", "2020,dua"), "berjenis int")):
        with pytest.raises(GalatParameter, match=kalimat):
            coba.read_grid(paths.notebook("jelajah_ikesos"), [isi])


def test_sel_yang_gagal_menyebut_gabungannya(akar):
    notebook.create("coba_saya")
    berkas = paths.notebook("coba_saya")
    with pytest.raises(GalatKinerja, match="coba_saya dengan tahun = 1999: .*1999"):
        coba.sweep(berkas, {"tahun": [1999]})
    with pytest.raises(GalatParameter, match="tidak menjawab nomor; yang ada: capaian"):
        coba.sweep(berkas, {"bahasa": ["id"]}, jawaban=["nomor"])


def main_ok(*argv):
    with pytest.raises(SystemExit) as henti:
        main([str(x) for x in argv])
    assert not henti.value.code


def test_uji_menyebut_beda_dan_sel_yang_gagal(akar):
    def buat(nama, kode, keluaran=()):
        isi = nbformat.v4.new_code_cell(kode, outputs=[nbformat.v4.new_output("stream", text=x) for x in keluaran])
        (akar / nama).with_suffix(".ipynb").write_text(nbformat.writes(nbformat.v4.new_notebook(cells=[isi])), "utf-8")
        return (akar / nama).with_suffix(".ipynb")

    (akar / "notebooks").mkdir()
    shutil.copy(AKAR / "notebooks" / "sanitasi.cfg", akar / "notebooks")
    kode = "print('a 1'); print(object())"
    sama = buat("sama", kode, ["a 1\n", "<object object at 0x7f>\n"])
    berkas = [
        sama,
        buat("beda", kode, ["a 2\n<object object at 0x8f>\n"]),
        buat("baru", kode),
        buat("gagal", "1 / 0"),
    ]
    gagal = dict(notebook.verify(berkas))
    assert set(gagal) == {"beda", "gagal"}
    assert gagal["beda"].endswith(": 2 -> 1") and "ZeroDivisionError: division by zero" in gagal["gagal"]
