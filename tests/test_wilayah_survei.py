"""Survei dengan wilayah yang tidak biasa: 38 provinsi yang dilipat, satu provinsi, kode tanpa nama, tanpa PSU."""

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from kinerja import simpanan
from kinerja.cli import app
from kinerja.ikesos import hitung_ketidakpastian
from kinerja.jelajah import Pilihan, open_survey
from kinerja.mikro import tulis_sintetis
from kinerja.profil_ikesos import open_profile
from kinerja.simpanan import buka_ikesos
from kinerja.wilayah import Regions
from notebook_di_proses import run

TAHUN = 2024


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("survei")


@pytest.fixture(scope="module", autouse=True)
def gudang(folder):
    """Folder simpanan sementara."""
    with pytest.MonkeyPatch.context() as tempel:
        tempel.setattr(simpanan, "folder_mikro", lambda: folder / "gudang")
        yield folder / "gudang"


def tulis(folder, nama, provinsi=(), ubah=None):
    """Survei gelombang 2024 sebagai pilihan ``mikro``, tanpa tanda sintetisnya seperti berkas pengguna.

    ``ubah``: pengganti (R101, R102) tiap berkas.
    """
    berkas, _ = tulis_sintetis(TAHUN, provinsi=provinsi, format="parquet", folder=folder / nama)
    for satu in berkas:
        if satu.suffix != ".parquet":
            continue
        isi = pd.read_parquet(satu)
        isi = isi.drop(columns=[k for k in isi if k.upper().startswith("SINTETIS")])
        if ubah is not None and "R101" in isi:
            isi["R101"], isi["R102"] = ubah(isi["R101"].astype(int), isi["R102"].astype(int))
        isi.to_parquet(satu)
    return ";".join(str(x) for x in berkas if x.suffix == ".parquet")


def test_lipat_sama_dengan_menulis_ulang_kode_di_berkas(d2020, folder):
    baru = d2020["wilayah_baru"]
    lama = dict(zip(baru["kode"].astype(int), baru["kode_lama"].astype(int), strict=True))

    def ubah(provinsi, kabkota):
        kode = (provinsi * 100 + kabkota).replace(lama)
        return kode // 100, kode % 100

    timur = [82, 91, 92, 94, 95, 96, 97]
    asli = tulis(folder, "asli", timur)
    lipat = buka_ikesos(d2020, asli, tahun=TAHUN, lipat_papua=True).siap
    tangan = buka_ikesos(d2020, tulis(folder, "tangan", timur, ubah), tahun=TAHUN).siap
    out = folder / "hasil"
    perintah = ["ikesos", *(x for b in asli.split(";") for x in ("--mikro", b)), "--out", str(out), "--lipat-papua"]
    assert CliRunner().invoke(app, perintah).exit_code == 0
    csv = pd.read_csv(out / "ikesos-provinsi.csv")
    assert csv["provinsi"].unique().tolist() == [82, 91, 94] and "dilipat" in (out / "catatan.txt").read_text("utf-8")
    for tingkat in ("nasional", "provinsi", "kabkota"):
        pd.testing.assert_frame_equal(
            lipat.hitung(tingkat, simpul="semua"), tangan.hitung(tingkat, simpul="semua"), check_exact=True
        )
    assert any("92 Papua Barat Daya ke 91 Papua Barat" in x for x in lipat.keterangan)
    profil = open_profile(d2020, "94", asli, "", TAHUN, True)
    assert profil.nama == "Papua" and len(profil.districts) == 29


def test_38_provinsi_menjadi_34_dan_pilihannya_ikut_kunci_simpanan(d2020, folder, gudang):
    mikro, ada = tulis(folder, "semua"), len(list(gudang.glob("*.sel")))
    for lipat, banyak in ((False, 38), (True, 34), (False, 38)):
        siap = buka_ikesos(d2020, mikro, tahun=TAHUN, lipat_papua=lipat).siap
        assert (len(siap.label("provinsi")), len(siap.label("kabkota"))) == (banyak, 514)
    assert len(list(gudang.glob("*.sel"))) == ada + 2


def test_lipat_tanpa_provinsi_baru_disebut(d2020):
    kosong = buka_ikesos(d2020, "", tahun=2020, lipat_papua=True).siap
    assert any("tidak memuat kode provinsi hasil pemekaran" in x for x in kosong.keterangan)


def test_notebook_pada_survei_satu_provinsi(folder):
    mikro = tulis(folder, "satu", [96])
    jelajah = run("jelajah_ikesos", mikro=mikro, tahun_survei=TAHUN).jawab
    peringkat, urai = jelajah["peringkat"].tabel, jelajah["urai"]
    assert peringkat.frame["label"].tolist() == ["Papua Tengah"] and peringkat.frame["nilai"].notna().all()
    assert "Survei: berkas pengguna." in peringkat.sumber
    assert urai.frame.empty and "Kurang dari dua wilayah" in urai.kalimat["jawab"]


def test_notebook_pada_kode_tanpa_nama(folder):
    def ubah(provinsi, kabkota):
        return provinsi.replace(12, 99), kabkota.mask((provinsi == 11) & (kabkota == 1), 88)

    mikro = tulis(folder, "asing", [11, 12], ubah)
    terlihat = run("jelajah_ikesos", mikro=mikro, tahun_survei=TAHUN)
    peringkat = terlihat.jawab["peringkat"].tabel
    assert set(peringkat.frame["label"]) == {"Aceh", "99"}
    assert "kode wilayah tidak ada di daftar nama" in " ".join(peringkat.notes())
    j, p = terlihat.panel[0].jelajah, Pilihan(tampilan="peta")
    fig = j.draw(p, j.frame(p)).fig
    peta = [x.get_text().replace("\n", " ") for x in fig.findobj(lambda a: hasattr(a, "get_text"))]
    assert "99" in peta and any("ditulis sebagai kodenya: 99" in x for x in peta)
    assert "Sumber: berkas survei pengguna." in peta and "SINTETIS" not in peta


def test_baris_tanpa_kode_wilayah_disebut_dan_kode_lain_tetap_bulat(d2020, folder):
    def ubah(provinsi, kabkota):
        return provinsi.astype(float).mask((provinsi == 11) & (kabkota == 1)), kabkota

    siap = buka_ikesos(d2020, tulis(folder, "bolong", [11, 12], ubah), tahun=TAHUN).siap
    assert list(map(str, siap.label("provinsi"))) == ["11", "12"]
    assert any(x.startswith("provinsi tidak diketahui di ") for x in siap.keterangan)
    n = siap.hitung("provinsi")["n"].sum(), siap.hitung()["n"].item()
    assert 0 < n[0] < n[1], "baris itu tetap ikut angka nasional"


def test_survei_tanpa_psu_dan_strata_disebut(d2020):
    kalimat = open_survey(d2020, tahun_survei=2019).notes()
    assert "Kolom PSU tidak ada" in kalimat and "strata = kabkota x daerah" in kalimat
    assert kalimat in " ".join(run("jelajah_ikesos", tahun_survei=2019).jawab["peringkat"].tabel.notes())


def test_ragam_peringkat_kosong_bila_tidak_satu_wilayah_pun_selalu_bernilai(d2020):
    tabel = hitung_ketidakpastian(buka_ikesos(d2020, "", tahun=2020).siap, "kabkota", ulangan=40, titik=16).tabel
    assert len(tabel) == 514 and np.isnan(tabel[["bagian_sampel", "bagian_metode", "bagian_bersama"]]).all(axis=None)


def test_petak_bagi_kode_tanpa_nama(d2020):
    wilayah = Regions.of(d2020)
    petak = wilayah.map_tiles(["11", "99", *(str(k) for k in range(40, 50))])
    assert {"99", "40", "49"} <= set(petak["wilayah"]) and not petak.duplicated(["baris", "lajur"]).any()
    assert petak.dtypes.equals(wilayah.tiles.dtypes)
