"""Andaian: angka yang diganti terlihat di setiap bingkai, tabel, dan gambar, dan tidak masuk laporan."""

import pytest
import seaborn as sns

import kinerja as kj
from kinerja import buku as modul
from kinerja.buku import open_buku
from kinerja.errors import GalatParameter
from kinerja.figures import canvas


@pytest.fixture(scope="module")
def d():
    return kj.open(2020)


@pytest.fixture(scope="module")
def andai(d):
    return d.replace({"ikesos/2019/nilai": 45.1})


def test_angka_baru_dihitung_terus_dan_yang_berubah_ditandai(d, andai):
    # target IKU 1 41,00: 45,1 / 41 = 110 persen, sumbernya 38,41
    iku = andai.iku().set_index("kode")
    assert iku.at["IKU1", "capaian"] == pytest.approx(110)
    assert iku.index[iku["andaian"]].tolist() == ["IKU1"]
    assert (iku["keadaan_realisasi"] == "diandaikan").tolist() == (iku.index == "IKU1").tolist()
    jenjang = andai.capaian().query("andaian")
    assert jenjang["jenis"].tolist() == ["institusi", "sasaran", "iku"], "institusi, SS1, dan IKU1 saja"
    assert andai.facts.at["ikesos/2019/nilai", "keadaan"] == "diandaikan"
    assert andai.wide("ikesos", "tahun").attrs["keadaan"]["nilai"][2019] == "diandaikan"
    assert d.nilai("ikesos/2019/nilai") == 38.41 and "andaian" not in d.iku(), "data asal tidak berubah"
    assert d.facts.at["ikesos/2019/nilai", "keadaan"] == "dikutip"


def test_definisi_lain_bagi_satu_iku(d):
    iku = d["iku"]
    iku.loc[iku["kode"] == "IKU3", "penyebut"] = "sdm/semua/populasi/prosa"
    lain = d.replace(iku=iku)
    # LKj mencetak dua populasi SDM; institusi 101,5209 menjadi 101,5265 (hitungan tangan)
    assert lain.capaian()["capaian"].iloc[0] == pytest.approx(101.5265, abs=5e-5)
    assert [x.id for x in lain.andaian] == ["iku/IKU3/penyebut"]
    ganda = lain.replace({"ikesos/2019/nilai": 41.0})
    assert len(ganda.andaian) == 2 and ganda.capaian().query("andaian and jenis == 'iku'")["kode"].tolist() == [
        "IKU1", "IKU3"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("nilai", "tabel", "kalimat"),
    [
        ({"ikesos/2019/nilia": 1}, {}, "Tidak ada angka"),
        ({"dtks/nik_padan": 1.5}, {}, "diharapkan bilangan bulat"),
        ({"dtks/nik_padan": "1"}, {}, "diharapkan bilangan bersatuan"),
        ({"ikesos/2019/nilai": float("inf")}, {}, "diharapkan bilangan bersatuan"),
        ({}, {"ikesos": lambda x: x}, "ganti angkanya menurut id"),
        ({}, {"iku": lambda x: x.head(3)}, "berkolom dan berbaris sama"),
    ],
)
def test_andaian_yang_salah(d, nilai, tabel, kalimat):
    with pytest.raises(GalatParameter, match=kalimat):
        d.replace(nilai, **{k: ubah(d[k]) for k, ubah in tabel.items()})


def test_kosong_menjadi_tidak_tersedia(d):
    assert d.replace({"ikesos/2019/nilai": None}).iku()["capaian"].isna().iloc[0]


def test_pen_wilayah_dan_kerangka_indeks_juga_ditandai(d):
    pen = d.replace({"pen_penyaluran/pkh/april/kpm": 9_999_999}).pen().query("andaian")
    assert pen[["program", "bulan", "kpm"]].values.tolist() == [["pkh", 4, 9_999_999]]
    ipm = d.replace({"deret_provinsi/ipm/94/2020": 70.0}).wilayah().query("andaian")
    assert ipm[["nama", "ipm"]].values.tolist() == [["Papua", 70.0]]
    kerangka = d["ikesos_kerangka"]
    kerangka.loc[kerangka["kode"] == "KD3", "berlaku_rt"] = "tidak"
    lain, asal = d.replace(ikesos_kerangka=kerangka).ikesos(), d.ikesos()
    assert lain["andaian"].item() and lain["nilai"].item() != asal["nilai"].item()
    assert lain["keadaan"].item() == "sintetis", "angka buatan tetap bertanda buatan"


def test_tabel_dan_gambar_menyebut_andaiannya(andai, monkeypatch):
    keluar = []
    monkeypatch.setattr(modul, "display", lambda isi, **_: keluar.append(isi))
    buku = open_buku("coretan_saya", tahun=2020, data=andai)
    fig, ax = canvas(size="pendek")
    frame = andai.iku()[["kode", "realisasi", "keadaan"]]
    sns.barplot(frame, x="realisasi", y="kode", ax=ax)
    buku.answer("coba", frame, ax, judul="Realisasi", satuan={"realisasi": "indeks_100"}, dari=["iku"])
    kalimat = "Andaian, bukan angka sumber: ikesos/2019/nilai = 45,10 (sumber: 38,41)."
    tabel = keluar[-1]["text/plain"]
    assert kalimat in tabel and "45,10ᵃ" in tabel and "LKj Kemensos 2020" in tabel
    assert "ANDAIAN" in [x.get_text() for x in fig.texts]
    assert any(kalimat in x.get_text().replace("\n", " ") for x in fig.texts)


def test_audit_dan_laporan_menolaknya(andai, monkeypatch, tmp_path):
    with pytest.raises(GalatParameter, match="Audit memeriksa angka sumber"):
        andai.audit()
    monkeypatch.setenv("KINERJA_KELUARAN", str(tmp_path))
    with pytest.raises(GalatParameter, match=r"Angka andaian tidak masuk laporan\. .* = 45,10 \(sumber: 38,41\)"):
        open_buku("coretan_saya", tahun=2020, data=andai)
