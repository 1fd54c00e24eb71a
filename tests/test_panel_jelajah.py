"""Penjelajah Ikesos: hitungan di balik tiap tampilan, artisnya, setiap kendali, dan tampilan yang disimpan."""

import base64
import io
import re
import shlex
from dataclasses import asdict, replace

import ipywidgets as widgets
import matplotlib.image
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from indextree import rank_array
from kinerja import fmt
from kinerja.buku import Buku
from kinerja.errors import GalatHitung, GalatParameter
from kinerja.explore_gambar import fast_png
from kinerja.panels import jelajah_ikesos as jelajah
from kinerja.panels.jelajah_ikesos import AGREGASI, TAMPILAN, Jelajah, Pilihan
from kinerja.simpanan import buka_ikesos


@pytest.fixture(autouse=True)
def bahasa():
    with fmt.using("id"):
        yield


@pytest.fixture(scope="module")
def survei(d2020):
    return buka_ikesos(d2020).siap


@pytest.fixture(scope="module")
def j(d2020, survei):
    """Penjelajah yang kanvasnya dipakai bersama semua uji: persis keadaan panel yang lama terbuka."""
    return Jelajah(Buku("jelajah_ikesos", tahun=2020, bahasa="id", data=d2020), survei)


@pytest.fixture
def panel(d2020, survei):
    return Jelajah(Buku("jelajah_ikesos", tahun=2020, bahasa="id", data=d2020), survei).panel(Pilihan())


BERAT = Pilihan(bobot={"KD": 2.5, "ls": 0.4}, agregasi="geometrik", pasangan="32,94")


# Hitungan -------------------------------------------------------------------------------------------------------------


def test_peringkat_adalah_hasil_hitung(j, survei):
    rank = j.frame(BERAT)
    langsung = survei.hitung("provinsi", bobot=BERAT.bobot, agregasi="geometrik").set_index("provinsi")
    ambil = langsung.loc[rank["wilayah"].astype(int)]
    np.testing.assert_array_equal(rank["nilai"], ambil["nilai"])
    np.testing.assert_array_equal(rank["bawah"], ambil["bawah"])
    diperingkat = rank["peringkat"].notna()
    assert rank.loc[diperingkat, "nilai"].is_monotonic_decreasing
    # yang dasarnya berbeda disebut, tidak diperingkat, dan ada di bawah; bagian bobot yang diperingkat satu
    lepas = rank[~diperingkat & rank["nilai"].notna()]
    assert lepas.index.min() > diperingkat.sum() - 1 and lepas["keterangan"].str.contains("dasar berbeda").all()
    assert rank.loc[diperingkat, "bagian_bobot"].nunique() == 1
    assert rank["label"].is_unique and "Jawa Barat" in set(rank["label"])


def test_saringan_memakai_subpopulasi(j, survei):
    kota = j.frame(replace(BERAT, daerah="1"))
    langsung = survei.hitung("provinsi", bobot=BERAT.bobot, agregasi="geometrik", saring={"daerah": 1})
    assert np.nansum(kota["nilai"]) == pytest.approx(langsung["nilai"].sum(), abs=1e-9)
    assert not np.allclose(np.nansum(kota["nilai"]), np.nansum(j.frame(BERAT)["nilai"]))


@pytest.mark.parametrize("agregasi", AGREGASI)
@pytest.mark.parametrize("simpul", ["puncak", "rt/KD"])
def test_urai_berjumlah_tepat(j, agregasi, simpul):
    p = replace(BERAT, agregasi=agregasi, simpul=simpul, tampilan="urai", bobot={"KD": 1.7})
    u = j.frame(p)
    nilai = j.frame(p.view("peringkat")).set_index("wilayah")["nilai"]
    assert u["sumbangan_beda"].sum() == pytest.approx(nilai["94"] - nilai["32"], abs=1e-9)
    assert set(u["wilayah_a"]) == {"32"} and set(u["wilayah_b"]) == {"94"}
    if simpul == "rt/KD":
        bawah = 0.0 if agregasi == "aritmetik" else 1.0
        assert u["sumbangan_a"].sum() == pytest.approx(nilai["32"] - bawah, abs=1e-9)


def test_urai_aritmetik_dihitung_tangan(j, survei):
    # Rata-rata berbobot: sumbangan = bobot anak / jumlah bobot x nilai anak.
    u = j.frame(Pilihan(simpul="rt/KD", pasangan="32,35", tampilan="urai")).set_index("simpul")
    anak = survei.hitung("provinsi", simpul=list(u.index)).pivot(index="simpul", columns="provinsi", values="nilai")
    for kode in u.index:
        assert u.loc[kode, "sumbangan_a"] == pytest.approx(anak.loc[kode, 32] / len(u), abs=1e-9)
        assert u.loc[kode, "sumbangan_beda"] == pytest.approx((anak.loc[kode, 35] - anak.loc[kode, 32]) / len(u))


def test_satu_bagian_tertahan_digabung_dengan_satu_lagi():
    frame = pd.DataFrame(
        {
            "simpul": ["a", "b", "c"], "label": ["A", "B", "C"], "sumbangan_a": [5.0, 1.0, 9.0],
            "sumbangan_b": [4.0, 2.0, 7.0], "sumbangan_beda": [-1.0, 1.0, -2.0],
        }
    )  # fmt: skip
    hasil = jelajah._pool(frame, np.array([True, False, False]))
    assert hasil["simpul"].tolist() == ["c", ""]
    assert hasil.iloc[1][["sumbangan_a", "sumbangan_b", "sumbangan_beda"]].tolist() == [6.0, 6.0, 0.0]


def test_selang_peringkat_dari_ulangan(j, survei):
    p = replace(BERAT, tampilan="ketidakpastian", dasar="tersedia")
    hasil = j.frame(p).set_index("wilayah")
    susunan = survei.susunan("geometrik")
    w = survei.larik_bobot(p.bobot, susunan)
    letak = susunan.positions(survei.kerangka.pilih("puncak"))[0]
    kode = survei.dasar("provinsi").domain["provinsi"].astype(str)
    lepas = hasil.loc[kode, "peringkat"].isna().to_numpy()
    semua = []
    for satu in survei.ulangan("provinsi", jelajah.ULANGAN["provinsi"]):
        normal, _ = survei.normalkan(satu, 1.0)
        semua.append(rank_array(np.where(lepas, np.nan, susunan.compute(normal, w)[letak])[None])[0])
    bawah, atas = np.percentile(np.array(semua, dtype=float), (5, 95), axis=0)
    bawah[lepas], atas[lepas] = np.nan, np.nan
    np.testing.assert_allclose(hasil.loc[kode, "bawah"], bawah)
    np.testing.assert_allclose(hasil.loc[kode, "atas"], atas)
    assert sorted(hasil["nilai"].dropna()) == list(range(1, 35 - lepas.sum()))


def test_kabupaten_yang_ditahan_tidak_diperingkat_dan_n_kecil_kosong(j):
    p = Pilihan(wilayah="kabkota")
    rank = j.frame(p)
    tahan = rank["nilai"].isna()
    assert tahan.sum() > 300, "survei kecil menahan sebagian besar kabupaten/kota"
    assert rank.loc[tahan, "peringkat"].isna().all()
    assert not rank["n"].between(1, 29).any()
    tak_pasti = j.frame(p.view("ketidakpastian"))
    assert (
        tak_pasti.loc[tak_pasti["wilayah"].isin(rank.loc[tahan, "wilayah"]), ["nilai", "bawah"]].isna().all(axis=None)
    )


@pytest.mark.parametrize(
    ("ubah", "pesan"),
    [
        ({"sasaran": "anak"}, "sasaran = 'anak'.*semua, rt, pd, ls"),
        ({"wilayah": "desa"}, "wilayah = 'desa'.*provinsi, kabkota"),
        ({"daerah": "3"}, "daerah = '3'"),
        ({"kelamin": "x"}, "kelamin = 'x'"),
        ({"agregasi": "pangkat"}, "agregasi = 'pangkat'"),
        ({"tampilan": "pai"}, "tampilan = 'pai'"),
        ({"simpul": "rt/ZZ"}, "Simpul 'rt/ZZ'"),
        ({"simpul": "ls/KD", "sasaran": "rt"}, "Simpul 'ls/KD' tidak ada bagi sasaran 'rt'"),
        ({"bobot": {"ZZ": 1}}, "Bobot 'ZZ'"),
        ({"bobot": {"KD": 4}}, "Bobot KD = 4"),
        ({"bobot": {"KD": True}}, "Bobot KD = True"),
        ({"bobot": {"KD": float("nan")}}, "Bobot KD = nan"),
        ({"pasangan": "32,99"}, "'99'"),
        ({"pasangan": "32,32"}, "sama"),
        ({"pasangan": "1,2,3"}, "paling banyak dua"),
    ],
)
def test_parameter_salah_satu_kalimat(survei, ubah, pesan):
    with pytest.raises(GalatParameter, match=pesan):
        jelajah.check(survei, replace(Pilihan(), **ubah))


def test_saringan_asing_satu_kalimat():
    with pytest.raises(GalatParameter, match="saring memuat 'umur'; pilih: daerah, kelamin"):
        jelajah.subgroup({"umur": 1})


def test_satu_indikator_tidak_diurai(j, survei):
    simpul = "rt/KD8"
    assert jelajah.node_options(survei)[simpul][0] == "indikator"
    with pytest.raises(GalatHitung, match="tidak punya bagian"):
        j.frame(Pilihan(simpul=simpul, tampilan="urai"))


# Gambar ---------------------------------------------------------------------------------------------------------------


def test_artis_memuat_angka_bingkai(j):
    p = replace(BERAT, pasangan="32,94")
    rank = j.frame(p)
    t = j.draw(p, rank)
    x = np.concatenate([a.get_xdata() for a in (t.titik, t.hati, t.pilih, t.lepas)])
    assert sorted(x) == sorted(rank["nilai"].dropna())
    assert list(t.pilih.get_xdata()) == rank.loc[rank["wilayah"].isin(["32", "94"]), "nilai"].tolist()
    ruas = {tuple(s[:, 0]) for s in t.selang.get_segments()}
    assert {x for x in ruas if x[0] == x[0]} == set(zip(rank["bawah"].dropna(), rank["atas"].dropna(), strict=True))
    assert [teks.get_text() for teks in t.nama if teks.get_visible()] == rank["label"].tolist()


@pytest.mark.parametrize("bahasa_gambar", ["id", "en"])
def test_yang_bernilai_tanpa_peringkat_digambar_lain(d2020, survei, bahasa_gambar):
    with fmt.using(bahasa_gambar):
        j = Jelajah(Buku("jelajah_ikesos", tahun=2020, bahasa=bahasa_gambar, data=d2020), survei)
        rank = j.frame(BERAT)
        lepas = rank[rank["peringkat"].isna() & rank["nilai"].notna()]
        assert len(lepas)
        p = replace(BERAT, pasangan=f"32,{lepas['wilayah'].iloc[0]}")
        t = j.draw(p, j.frame(p))
        assert list(zip(t.lepas.get_xdata(), t.lepas.get_ydata(), strict=True)) == list(
            zip(lepas["nilai"], lepas.index, strict=True)
        )
        # yang dibandingkan pun tidak menjadi belah ketupat berperingkat; namanya tetap tebal
        assert len(t.pilih.get_xdata()) == 1 and t.nama[lepas.index[0]].get_fontweight() == "bold"
        assert t.lepas.get_markerfacecolor() == "white" and len(t.tahan.get_xdata()) == rank["nilai"].isna().sum()
        kata = {"id": "dasar data lain, tidak diperingkat", "en": "other data basis, not ranked"}[bahasa_gambar]
        assert kata in [x.get_text() for x in t.ax.get_legend().get_texts()]
        # pada gambar peringkat ia tidak punya letak, dan bukan "ditahan"
        p = p.view("ketidakpastian")
        t = j.draw(p, j.frame(p))
        assert t.lepas.get_ydata().tolist() == lepas.index.tolist()
        assert len(t.tahan.get_xdata()) == rank["nilai"].isna().sum()


@pytest.mark.parametrize("tampilan", TAMPILAN)
def test_keterangan_terpanjang_tidak_terpotong_dan_tidak_menimpa(j, tampilan):
    """Semua saringan dan semua bobot sekaligus: tetap di dalam gambar, di atas sumbu dan keterangan simbol."""
    bobot = dict.fromkeys(jelajah.weight_names(j.siap), 1.5)
    # sasaran rt: nilainya masih terbit di belasan provinsi setelah disaring dua kali
    p = Pilihan(daerah="1", kelamin="1", bobot=bobot, agregasi="hasil_kali", tampilan=tampilan, simpul="rt/KE")
    t = j.draw(p, j.frame(p))
    t.png()
    kotak, legenda = t.keterangan.get_window_extent(), t.ax.get_legend().get_window_extent()
    assert kotak.x1 <= t.fig.bbox.x1
    assert not kotak.overlaps(legenda)
    assert not kotak.overlaps(t.ax.get_tightbbox())
    assert t.keterangan.get_text().count("\n") == 1


def test_artis_panas_peta_urai(j):
    p = BERAT.view("panas")
    panas = j.frame(p)
    isi = j.draw(p, panas).citra.get_array()
    np.testing.assert_array_equal(np.ma.filled(isi, np.nan).ravel(), panas["nilai"])
    p = BERAT.view("peta")
    peta = j.frame(p)
    t = j.draw(p, peta)
    np.testing.assert_array_equal(
        np.ma.filled(t.kotak.get_array(), np.nan), peta.set_index("wilayah")["nilai"].reindex(t.letak["wilayah"])
    )
    ada = {fmt.angka(x, 1) for x in peta["nilai"].dropna()}
    assert {angka.get_text() for _, angka in t.teks} - ada <= {"", "–", fmt.HILANG}
    assert ada <= {angka.get_text() for _, angka in t.teks}
    p = BERAT.view("urai")
    urai = j.frame(p)
    t = j.draw(p, urai)
    assert [r.get_width() for r in t.batang_beda] == urai["sumbangan_beda"].tolist()
    assert [x.get_text() for x in t.angka] == [fmt.selisih(x, 2) for x in urai["sumbangan_beda"]]


def test_peta_tanpa_satu_nilai_tidak_menyimpan_rentang_lama(j):
    j.draw(Pilihan(tampilan="peta"), j.frame(Pilihan(tampilan="peta")))
    p = Pilihan(tampilan="peta", simpul="rt/PS")
    frame = j.frame(p)
    assert frame["nilai"].isna().all(), "partisipasi sosial tidak ditanyakan Kor"
    norma = j.draw(p, frame).kotak.norm
    assert (norma.vmin, norma.vmax) == (0, 100)


@pytest.mark.parametrize("tampilan", TAMPILAN)
def test_kanvas_lama_sama_dengan_kanvas_baru(j, tampilan):
    """Tidak ada sisa keadaan sebelumnya: gambar yang diperbarui sama dengan yang digambar dari awal, titik demi titik."""
    langkah = [
        Pilihan(tampilan=tampilan),
        replace(BERAT, tampilan=tampilan, daerah="1"),
        Pilihan(tampilan=tampilan, simpul="ls/KD", sasaran="ls", pasangan="11,12"),
        replace(BERAT, tampilan=tampilan, simpul="rt/KE", bobot={"KE": 0.3}, pasangan=""),
    ]
    for p in langkah:
        lama = j.draw(p, j.frame(p))
    lama = lama.png()
    bersih = Jelajah(j.buku, j.siap, j.ulangan)
    baru = bersih.draw(p, bersih.frame(p)).png()
    np.testing.assert_array_equal(*(matplotlib.image.imread(io.BytesIO(x)) for x in (lama, baru)))


def test_peta_dengan_provinsi_yang_ditahan(j):
    p = Pilihan(sasaran="pd", simpul="pd/KE", tampilan="peta")
    frame = j.frame(p)
    t = j.draw(p, frame)
    t.png()
    ditahan = int(frame["nilai"].isna().sum())
    assert 0 < ditahan < 34
    assert len(t.tahan.get_paths()) == ditahan == sum(angka.get_text() == "–" for _, angka in t.teks)


def test_png_cepat_sama_dengan_kanvas(j):
    t = j.draw(BERAT, j.frame(BERAT))
    citra = matplotlib.image.imread(io.BytesIO(fast_png(t.fig, dpi=80)))
    rgba = np.asarray(t.fig.canvas.buffer_rgba())
    np.testing.assert_array_equal(np.round(citra[..., :3] * 255).astype(np.uint8), rgba[..., :3])
    assert (rgba[..., 3] == 255).all()


def test_sintetis_di_dalam_setiap_gambar(j):
    for tampilan in TAMPILAN:
        p = Pilihan(tampilan=tampilan)
        tulisan = [x.get_text() for x in j.draw(p, j.frame(p)).fig.findobj(lambda a: hasattr(a, "get_text"))]
        assert "SINTETIS" in tulisan, tampilan
        assert any("Sumber" in x for x in tulisan), tampilan


# Kendali --------------------------------------------------------------------------------------------------------------


def gambar(panel):
    return panel._gambar.value


def test_setiap_nilai_setiap_menu(panel):
    for nama in ("tampilan", "sasaran", "jenjang", "wilayah", "daerah", "kelamin", "agregasi", "simpul"):
        kendali = panel.controls[nama]
        awal = kendali.value
        for _, nilai in kendali.options:
            kendali.value = nilai
            assert getattr(panel.state(), nama, nilai) == nilai
            assert panel.galat is None and "<img" in gambar(panel), (nama, nilai, panel.galat)
        kendali.value = awal
    assert panel.state() == Pilihan()


def test_setiap_wilayah_pembanding(panel):
    panel.controls["tampilan"].value = "urai"
    for nama in ("wilayah_a", "wilayah_b"):
        kode = [k for _, k in panel.controls[nama].options]
        assert len(kode) == 35
        for k in kode[1::6]:
            panel.controls[nama].value = k
            assert panel.galat is None, panel.galat
            assert k in panel.state().dua
        panel.controls[nama].value = ""


def test_setiap_penggeser_mengubah_hasil(panel):
    for nama in [k for k in panel.controls if k.startswith("bobot:")]:
        lama = gambar(panel)
        panel.controls[nama].value = 2.3
        assert gambar(panel) != lama, nama
        assert panel.state().bobot == {nama.removeprefix("bobot:"): 2.3}
        panel.controls[nama].value = 1.0
        assert gambar(panel) == lama, "kembali ke bobot semula, kembali ke gambar semula"


def test_tidak_menghitung_selagi_digeser_dan_sekali_per_perubahan(panel, monkeypatch):
    kali = []
    asli = panel.jelajah.answer
    monkeypatch.setattr(panel.jelajah, "answer", lambda p: kali.append(p) or asli(p))
    assert all(not w.continuous_update for w in panel.controls.values() if isinstance(w, widgets.FloatSlider))
    panel.controls["sasaran"].value = "rt"
    panel.controls["jenjang"].value = "dimensi"
    panel.controls["wilayah"].value = "kabkota"
    assert len(kali) == 3, "kendali yang bergantung tidak menambah hitungan"
    assert kali[1].simpul.startswith("rt/")


def test_kesalahan_menyingkirkan_gambar_lama(panel):
    panel.controls["wilayah_a"].value = "32"
    panel.controls["wilayah_b"].value = "32"
    assert isinstance(panel.galat, GalatParameter)
    assert 'role="alert"' in panel._teks.value and "sama" in panel._teks.value
    assert gambar(panel) == "" and panel._bawah.value == ""
    panel.controls["wilayah_b"].value = "11"
    assert panel.galat is None and panel._teks.value == "" and "<img" in gambar(panel)


def test_semua_bobot_nol_menjadi_kalimat(panel):
    for nama in [k for k in panel.controls if k.startswith("bobot:")]:
        panel.controls[nama].value = 0.0
    assert "semuanya nol" in panel._teks.value and gambar(panel) == ""


def test_label_kendali_dua_bahasa(d2020, survei):
    for bahasa, kata in (("id", "Tampilan"), ("en", "View")):
        with fmt.using(bahasa):
            p = Jelajah(Buku("jelajah_ikesos", tahun=2020, bahasa=bahasa, data=d2020), survei).panel(Pilihan())
            assert p.controls["tampilan"].description == kata
            assert all(w.description for w in p.controls.values())
            assert "alt=" in gambar(p)


# Tampilan yang disimpan -----------------------------------------------------------------------------------------------


def test_csv_memuat_bingkai(panel, j):
    panel.controls["tampilan"].value = "panas"
    isi = re.search(r'download="([^"]+)" href="data:text/csv;charset=utf-8;base64,([^"]+)"', panel._bawah.value)
    assert isi[1] == "jelajah_ikesos-panas.csv"
    terbaca = pd.read_csv(io.BytesIO(base64.b64decode(isi[2])))
    assert len(terbaca) == 34 * 9
    np.testing.assert_allclose(terbaca["nilai"], j.frame(Pilihan(tampilan="panas"))["nilai"])


LENGKAP = Pilihan(
    "ls", "ls/KD", "kabkota", "2", "1", {"KD": 0.3, "ls": 2.0}, "harmonik", "tersedia", "1101,9471", "panas"
)


def test_isi_sel_parameter_kembali_ke_pilihan_yang_sama():
    ruang = {}
    exec(jelajah.literals(LENGKAP), {}, ruang)
    saring = ruang.pop("saring")
    assert Pilihan(**ruang, **jelajah.subgroup(saring)) == LENGKAP
    assert asdict(Pilihan()).keys() == ruang.keys() | {"daerah", "kelamin"}


def test_perintah_render_menghasilkan_tampilan_yang_sama(tmp_path):
    from kinerja import cli

    p = Pilihan(sasaran="rt", bobot={"KD": 2.0}, agregasi="geometrik", pasangan="32,94")
    argumen = shlex.split(jelajah.command(p, 2020))[1:]
    hasil = CliRunner().invoke(cli.app, cli.spread_arguments([*argumen, "--out", str(tmp_path / "l")]))
    assert hasil.exit_code == 0, hasil.output
    tabel = pd.read_csv(tmp_path / "l" / "tabel" / "jelajah_ikesos-peringkat.csv")
    from kinerja import data

    langsung = buka_ikesos(data.load(2020)).siap.hitung("provinsi", "rt", {"KD": 2.0}, "geometrik")
    assert tabel["nilai"].max() == pytest.approx(langsung["nilai"].max(), abs=1e-9)
    isi = (tmp_path / "l" / "jelajah_ikesos.html").read_text("utf-8")
    assert "bobot KD 2,0" in isi and "Rata-rata geometrik" in isi
