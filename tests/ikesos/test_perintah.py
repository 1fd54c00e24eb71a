"""``kinerja mikro`` dan ``kinerja ikesos``: dari berkas ke tabel, dan apa yang dikatakannya."""

import openpyxl
import pandas as pd
import pytest

from kinerja import cli
from kinerja.mikro import buat_sintetis


@pytest.fixture(scope="module")
def berkas(tmp_path_factory):
    """Enam provinsi tahun 2020 dalam satu tabel, supaya uji ini cepat; ``kor`` tanpa tanda sintetis, PSU, dan strata."""
    folder = tmp_path_factory.mktemp("perintah")
    isi = buat_sintetis(2020, benih=5, provinsi=(11, 12, 13, 14, 15, 16)).gabungan()
    isi.to_csv(folder / "kecil.csv", index=False)
    isi.drop(columns=["SINTETIS", "PSU", "STRATA"]).to_csv(folder / "kor.csv", index=False)
    return folder


def cli_main(*argumen):
    try:
        cli.main([*argumen])
    except SystemExit as henti:
        return henti.code
    return 0


def test_dari_berkas_ke_tabel(berkas, capsys):
    keluar = berkas / "hasil"
    assert cli_main("ikesos", "--mikro", str(berkas / "kecil.csv"), "--tahun", "2020", "--out", str(keluar)) == 0
    layar = capsys.readouterr().out
    assert "SINTETIS" in layar and "Seluruhnya: 41 dari 73 indikator tersedia" in layar
    nama = {f"ikesos-{t}.csv" for t in ("nasional", "daerah", "kelamin", "provinsi", "kabkota", "sandaran", "penduduk")}
    assert {b.name for b in keluar.iterdir()} == nama | {"ikesos.xlsx", "catatan.txt"}
    nasional = pd.read_csv(keluar / "ikesos-nasional.csv").set_index("simpul")
    assert set(nasional["keadaan"]) <= {"sintetis", "tidak_tersedia"}
    assert f"{nasional.loc['IKESOS', 'nilai']:.2f}".replace(".", ",") in layar
    buku = openpyxl.load_workbook(keluar / "ikesos.xlsx", read_only=True)
    assert buku.sheetnames == [
        "catatan",
        "nasional",
        "daerah",
        "kelamin",
        "provinsi",
        "kabkota",
        "sandaran",
        "penduduk",
    ]
    lembar = list(buku["provinsi"].iter_rows(values_only=True))
    assert lembar[0][0].startswith("SINTETIS")
    assert len(lembar) == 2 + len(pd.read_csv(keluar / "ikesos-provinsi.csv"))
    # nilai terbitan laporan tidak ikut di mana pun
    assert "38,41" not in layar and "37,75" not in layar


def test_berkas_kor_menyebut_yang_tidak_terhitung(berkas, capsys):
    keluar = berkas / "kor"
    assert cli_main("ikesos", "--mikro", str(berkas / "kor.csv"), "--tahun", "2020", "--out", str(keluar)) == 0
    layar = capsys.readouterr().out
    assert "SINTETIS:" not in layar
    assert "Tidak tersedia: PS9" in layar and "sumbernya Podes" in layar
    assert "Angka terbitan BPS: " in layar and (keluar / "ikesos-bps.csv").exists()
    assert "Kolom PSU tidak ada di data" in layar
    assert "bersandar pada" in layar
    assert (keluar / "catatan.txt").read_text(encoding="utf-8").strip() in layar
    assert "sintetis" not in set(pd.read_csv(keluar / "ikesos-provinsi.csv")["keadaan"])


def test_bobot_agregasi_dan_definisi(berkas, capsys):
    keluar = berkas / "lain"
    pilihan = ["-b", "KD=2", "-b", "rt/KE=0,5", "--agregasi", "geometrik", "--definisi", "rt=rt_bansos"]
    assert (
        cli_main("ikesos", "--mikro", str(berkas / "kecil.csv"), "--tahun", "2020", "--out", str(keluar), *pilihan) == 0
    )
    assert "Agregasi geometrik; bobot sama di setiap simpul, kecuali KD = 2; rt/KE = 0,5." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("pilihan", "pesan"),
    [
        (["--mikro", "tiada.dta"], "tiada.dta: ditemukan berkas tidak ada"),
        (["--agregasi", "median"], "Agregasi 'median' tidak dikenal"),
        (["-b", "KD"], "harus berbentuk NAMA=NILAI"),
        (["-b", "KD=banyak"], "harus angka"),
        (["--definisi", "rt=xx"], "rt, rt_bansos"),
        (["--kodebuku", "tiada.csv"], "tiada.csv: ditemukan berkas tidak ada"),
        (["--tidak-pasti", "mungkin"], "berlaku, tidak"),
    ],
)
def test_permintaan_salah_menjadi_satu_pesan(berkas, capsys, pilihan, pesan):
    isi = pilihan if "--mikro" in pilihan else ["--mikro", str(berkas / "kecil.csv"), "--tahun", "2020", *pilihan]
    assert cli_main("ikesos", "--out", str(berkas / "salah"), *isi) == 2
    tangkap = capsys.readouterr()
    assert pesan in tangkap.err and "Traceback" not in tangkap.err
    assert not (berkas / "salah").exists()


def test_ukuran_salah(capsys):
    assert cli_main("mikro", "--ukuran", "besar") == 2
    assert "kecil, penuh" in capsys.readouterr().err
