"""Artis tiap tampilan memuat angka bingkainya, tidak menyimpan keadaan lama, dan tulisannya tidak bertindihan."""

import io
from dataclasses import replace

import matplotlib.image
import numpy as np
import pytest
from matplotlib.transforms import Bbox

from kinerja import figures, fmt
from kinerja.buku import Buku
from kinerja.jelajah import Jelajah, Pilihan, open_survey
from kinerja.jelajah.pilihan import TAMPILAN, weight_names
from kinerja.jelajah.tampilan import fast_png

BERAT = Pilihan(bobot={"KD": 2.5, "ls": 0.4}, agregasi="geometrik", pasangan="L,AH")


def _legend(t):
    """Arti tanda yang sedang diperlihatkan."""
    return [teks.get_text() for _, teks in t.legenda.butir.values() if teks.get_visible()]


def test_keterangan_tanda_hanya_yang_tergambar(j):
    t = j.draw(Pilihan(), j.frame(Pilihan()))
    assert _legend(t) == ["taksiran dan selangnya", "dasar data lain, tidak diperingkat", "ditahan atau tidak tersedia"]
    t = j.draw(BERAT, j.frame(BERAT))
    assert "wilayah yang dibandingkan" in _legend(t)
    assert t.tanda["layak"].get_color() == figures.WARNA["data"]
    warna = {x.get_color() for x in t.tanda.values()} | {x.get_markeredgecolor() for x in t.tanda.values()}
    assert figures.WARNA["kurang"] not in warna, "jingga hanya berarti di bawah target"


def test_artis_memuat_angka_bingkai(j):
    p = replace(BERAT, pasangan="L,AH")
    rank = j.frame(p)
    t = j.draw(p, rank)
    x = np.concatenate([t.tanda[k].get_xdata() for k in ("layak", "hati", "pilih", "lepas")])
    assert sorted(x) == sorted(rank["nilai"].dropna())
    assert list(t.tanda["pilih"].get_xdata()) == rank.loc[rank["wilayah"].isin(["L", "AH"]), "nilai"].tolist()
    ruas = {tuple(s[:, 0]) for s in t.selang.get_segments()}
    assert {x for x in ruas if x[0] == x[0]} == set(zip(rank["bawah"].dropna(), rank["atas"].dropna(), strict=True))
    assert [teks.get_text() for teks in t.nama if teks.get_visible()] == rank["label"].tolist()


@pytest.mark.parametrize("bahasa_gambar", ["id", "en"])
def test_yang_bernilai_tanpa_peringkat_digambar_lain(d2020, bahasa_gambar):
    with fmt.using(bahasa_gambar):
        j = Jelajah(Buku("jelajah_ikesos", tahun=2020, bahasa=bahasa_gambar, data=d2020), open_survey(d2020))
        rank = j.frame(BERAT)
        lepas = rank[rank["peringkat"].isna() & rank["nilai"].notna()]
        assert len(lepas)
        p = replace(BERAT, pasangan=f"L,{lepas['wilayah'].iloc[0]}")
        t = j.draw(p, j.frame(p))
        assert list(zip(*t.tanda["lepas"].get_data(), strict=True)) == list(
            zip(lepas["nilai"], lepas.index, strict=True)
        )
        # yang dibandingkan pun tidak menjadi belah ketupat berperingkat; namanya tetap tebal
        assert len(t.tanda["pilih"].get_xdata()) == 1 and t.nama[lepas.index[0]].get_fontweight() == "bold"
        assert t.tanda["lepas"].get_markerfacecolor() == "white"
        assert len(t.tanda["tahan"].get_xdata()) == rank["nilai"].isna().sum()
        kata = {"id": "dasar data lain, tidak diperingkat", "en": "other data basis, not ranked"}[bahasa_gambar]
        assert kata in _legend(t)
        # pada gambar peringkat ia tidak punya letak, dan bukan "ditahan"
        p = p.view("ketidakpastian")
        t = j.draw(p, j.frame(p))
        assert t.tanda["lepas"].get_ydata().tolist() == lepas.index.tolist()
        assert len(t.tanda["tahan"].get_xdata()) == rank["nilai"].isna().sum()


@pytest.mark.parametrize("tampilan", TAMPILAN)
def test_keterangan_terpanjang_tidak_terpotong_dan_tidak_menimpa(j, tampilan):
    """Semua saringan dan semua bobot sekaligus: tetap di dalam gambar, di atas sumbu dan keterangan simbol."""
    bobot = dict.fromkeys(weight_names(j.survei.siap), 1.5)
    # sasaran rt: nilainya masih terbit di belasan provinsi setelah disaring dua kali
    p = Pilihan(daerah="1", kelamin="1", bobot=bobot, agregasi="hasil_kali", tampilan=tampilan, simpul="rt/KE")
    t = j.draw(p, j.frame(p))
    t.png()
    kotak, legenda = t.keterangan.get_window_extent(), t.ax.get_legend()
    tanda = [legenda] if legenda else [teks for _, teks in t.legenda.butir.values() if teks.get_visible()]
    legenda = Bbox.union([x.get_window_extent() for x in tanda])
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
        Pilihan(tampilan=tampilan, simpul="ls/KD", sasaran="ls", pasangan="A,B"),
        replace(BERAT, tampilan=tampilan, simpul="rt/KE", bobot={"KE": 0.3}, pasangan=""),
    ]
    for p in langkah:
        lama = j.draw(p, j.frame(p))
    lama = lama.png()
    bersih = Jelajah(j.buku, j.survei)
    bersih.ulangan = j.ulangan
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
        assert any("Data buatan" in x for x in tulisan) and not any("Sumber" in x for x in tulisan), tampilan
