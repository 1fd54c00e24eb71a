"""Muatan penjelajah: hanya yang terbit, tidak dapat dibalik, byte yang tetap, dan paling besar 4 MB."""

import base64
import gzip
import json

import numpy as np
import pandas as pd
import pytest
from jelajah_padat import dense

from indextree import Tree, node_gradients
from kinerja.errors import GalatHitung, GalatParameter
from kinerja.ikesos.siap import SiapIkesos
from kinerja.kerahasiaan import tahan_tabel
from kinerja.render.jelajah import from_survey, from_tree, page, published, write
from kinerja.render.jelajah import halaman as modul
from kinerja.simpanan import buka_ikesos
from kinerja.wilayah import Regions

DUA = {"id": "x", "en": "x"}


@pytest.fixture(scope="module")
def survei(d2020):
    return buka_ikesos(d2020).siap


@pytest.fixture(scope="module")
def himpunan(survei, d2020):
    return from_survey(survei, d2020, judul=DUA, sumber=DUA)


def buka(teks):
    """Kepala muatan dan lariknya, dibaca dari byte seperti dilakukan halaman."""
    isi = gzip.decompress(base64.b64decode(teks))
    panjang = int.from_bytes(isi[:4], "little")
    kepala, letak, larik = json.loads(isi[4 : 4 + panjang]), 4 + panjang, []
    for kode, banyak in kepala["larik"]:
        lebar = int(kode[1])
        byte = np.frombuffer(isi, np.uint8, banyak * lebar, letak).reshape(lebar, banyak).T
        letak += banyak * lebar
        if kode[0] == "o":
            larik.append((byte.astype(np.int64) << 8 * np.arange(lebar)).sum(axis=1) - (1 << 8 * lebar - 1))
        else:
            larik.append(np.frombuffer(byte.tobytes(), f"<{kode}"))
    assert letak == len(isi)
    return kepala, larik


def test_yang_ditahan_tidak_ada_di_muatan(survei, himpunan):
    """Nilai, responden, selang, dan galat setiap sel yang tidak terbit tidak ada; yang terbit ada semuanya."""
    kepala, larik = buka(modul.pack([himpunan], {}, {}))
    terbit = tahan_tabel({k: survei.hitung(k, simpul="semua") for k in survei.tingkat})
    banyak, v = len(survei.kerangka.pohon.codes), len(survei.kerangka.pohon.indicators)
    for t in kepala["himpunan"][0]["tingkat"]:
        frame = terbit[t["kode"]]
        nilai = frame["nilai"].to_numpy(dtype=float, na_value=np.nan).reshape(-1, banyak)[:, ::-1]
        nampak = ~np.isnan(nilai)
        assert (~nampak).any() and nampak[:, :v].any()
        status = larik[t["status"]].reshape(-1, v)
        assert ((status == 0) == nampak[:, :v]).all()
        np.testing.assert_array_equal(larik[t["isi"]], nilai[:, :v][nampak[:, :v]])
        assert len(larik[t["selang"]]) == 2 * nampak[:, :v].sum()
        n = larik[t["n"]].reshape(-1, banyak)
        assert (n[~nampak] == 0).all() and (larik[t["df"]].reshape(-1, banyak)[~nampak] == 0).all()
        assert n[n > 0].min() >= survei.n_minimum
        for d, i, x, _ in t["beku"]:
            assert nampak[d, i] and x == nilai[d, i]
        unsur = [nampak[d, :v].sum() + sum(b[0] == d for b in t["beku"]) for d in range(len(n))]
        assert len(larik[t["sd"]]) == sum(unsur) and len(larik[t["korelasi"]]) == sum(u * (u - 1) // 2 for u in unsur)


def _tertentu(baris, letak):
    """Apakah indikator ke-``letak`` tertentu oleh fungsi-fungsi linear yang diketahui."""
    satuan = np.zeros(baris.shape[1])
    satuan[letak] = 1.0
    sisa = satuan - np.linalg.lstsq(baris.T, satuan, rcond=None)[0] @ baris
    return np.linalg.norm(sisa) < 1e-7


def test_indikator_yang_ditahan_tidak_tertentu_dari_semua_yang_dipaketkan(survei, himpunan):
    """Serangan aljabar: indikator terbit dan simpul beku sebagai fungsi linear tidak menentukan satu pun yang ditahan."""
    susunan, v = survei.susunan(), survei.susunan().n_indicators
    banyak_ditahan = 0
    for t in himpunan.tingkat:
        d, sandaran = survei.dasar(t.kode), survei.sandaran_bersama(t.kode)
        normal, turunan = survei.normalkan(np.where(sandaran.daun, d.persen, np.nan), 0.0)
        w = sandaran.bobot(susunan, susunan.weight)
        simpul = susunan.compute(normal, w)
        for x in range(len(t.wilayah)):
            ditahan = np.flatnonzero((t.status[x] == 2) & sandaran.daun)
            if not len(ditahan):
                continue
            beku = sorted(i for y, i, *_ in t.beku if y == x)
            g = node_gradients(susunan, simpul[:, [x]], w, beku)[:, 0] * turunan[x] if beku else np.empty((0, v))
            baris = np.vstack([np.eye(v)[t.status[x] == 0], np.nan_to_num(g)])
            banyak_ditahan += len(ditahan)
            assert not [k for k in ditahan if _tertentu(baris, k)]
    assert banyak_ditahan > 100


def test_serangan_itu_menemukan_kebocoran_bila_ada():
    assert _tertentu(np.array([[1.0, 0, 0], [0.5, 0.5, 0]]), 1)
    assert not _tertentu(np.array([[1.0, 0, 0], [0.5, 0.25, 0.25]]), 1)


def test_keputusan_menahan_ditanyakan_kepada_kerahasiaan(survei, d2020, monkeypatch):
    """Menahan lebih banyak di satu tempat saja sudah sampai ke muatan."""
    asli = SiapIkesos.hitung

    def lebih(self, *a, **k):
        hasil = asli(self, *a, **k)
        pilih = (hasil["simpul"] == "rt/KD1") & hasil["nilai"].notna()
        hasil.loc[pilih, ["nilai", "se", "bawah", "atas"]] = np.nan
        hasil.loc[pilih, "tanda"] = "ditahan"
        return hasil

    monkeypatch.setattr(SiapIkesos, "hitung", lebih)
    baru = from_survey(survei, d2020, judul=DUA, sumber=DUA)
    letak = survei.kerangka.pohon.indicators.index("rt/KD1")
    assert all(not (t.status[:, letak] == 0).any() for t in baru.tingkat)


def test_survei_sintetis_tanpa_nama_daerah(himpunan, d2020):
    halaman = page([himpunan], d2020, bahasa="id", peragaan=True)
    kepala, _ = buka(halaman.split('id="muatan">')[1].split("<")[0])
    isi = json.dumps(kepala, ensure_ascii=False)
    assert not [x for x in [*d2020["provinsi"]["provinsi"], *d2020["kabkota"]["nama"]] if f'"{x}"' in isi]
    assert kepala["himpunan"][0]["tingkat"][0]["nama"]["id"][0].startswith("Wilayah ")
    assert kepala["himpunan"][0]["tingkat"][0]["nama"]["en"][0].startswith("Region ")


def test_laporan_biasa_tanpa_angka_sintetis(d2020, tmp_path):
    write(tmp_path, d2020, bahasa="en", survei={})
    teks = (tmp_path / "jelajah.html").read_text("utf-8")
    kepala, _ = buka(teks.split('id="muatan">')[1].split("<")[0])
    assert {h["kode"] for h in kepala["himpunan"]} == {"coba", "deret"}
    assert {h["keadaan"] for h in kepala["himpunan"]} == {"dikutip", "diturunkan"}
    assert "://" not in teks.split('id="muatan">')[0] and '<html lang="en">' in teks
    write(tmp_path, d2020, bahasa="en", survei={})
    assert (tmp_path / "jelajah.html").read_text("utf-8") == teks, "byte yang sama"


def test_angka_terbitan_utuh_di_muatan(d2020):
    kepala, larik = buka(modul.pack(published(d2020), {}, {}))
    deret = next(h for h in kepala["himpunan"] if h["kode"] == "deret" and h["tingkat"][0]["kode"] == "provinsi")
    t, letak = deret["tingkat"][0], [x["id"] for x in deret["simpul"]].index("ipm")
    v = deret["banyakDaun"]
    status = larik[t["status"]].reshape(-1, v)
    isi = np.full(status.shape, np.nan)
    isi[status == 0] = larik[t["isi"]]
    # BPS, Statistik Indonesia 2021, Tabel 4.6.7: IPM 2020 DKI Jakarta 80,77, Papua 60,44
    ipm = dict(zip(t["wilayah"], isi[:, letak], strict=True))
    assert (ipm["31"], ipm["94"]) == (80.77, 60.44)
    assert "2020" in deret["simpul"][letak]["nama"]["id"]


def test_sumber_terbitan_dalam_kedua_bahasa(d2020):
    for satu in published(d2020):
        for kalimat in (satu.sumber, *(x["sumber"] for x in satu.simpul if "sumber" in x)):
            assert "BPS" not in kalimat["id"] or kalimat["id"] != kalimat["en"], kalimat
            assert not {"Tabel", "menurut", "angka", "penduduk", "kabupaten/kota"} & set(kalimat["en"].split()), kalimat


def test_514_kali_73_berkovarian_penuh_muat_4_mb(survei, d2020):
    padat = dense(survei, Regions.of(d2020))
    assert padat.tingkat[0].isi.shape == (514, 73)
    assert len(page([padat], d2020, bahasa="id").encode()) < 4_000_000


def test_korelasi_dipulihkan_sampai_ketelitiannya(himpunan):
    for langkah, batas in ((39, 1e-11), (15, 2e-5)):
        isi = base64.b64encode(modul._bytes([himpunan], {}, {}, langkah)).decode()
        kepala, larik = buka(isi)
        t, asli = kepala["himpunan"][0]["tingkat"][0], himpunan.tingkat[0].kovarian
        sd, korelasi, s, r = larik[t["sd"]], larik[t["korelasi"]] * 2.0**-langkah, 0, 0
        for k in asli:
            n = len(k)
            pulih = np.eye(n)
            pulih[np.tril_indices(n, -1)] = korelasi[r : r + n * (n - 1) // 2]
            rujukan = np.sqrt(np.diag(k))
            with np.errstate(invalid="ignore", divide="ignore"):
                acuan = np.nan_to_num(k / np.outer(rujukan, rujukan))
            assert np.abs(np.tril(pulih, -1) - np.tril(acuan, -1)).max(initial=0) <= batas
            np.testing.assert_allclose(sd[s : s + n], rujukan, rtol=1e-7)
            s, r = s + n, r + n * (n - 1) // 2


def test_yang_terlalu_besar_berhenti(himpunan, monkeypatch):
    monkeypatch.setattr(modul, "BATAS", 1000)
    with pytest.raises(GalatHitung, match="kurangi himpunan"):
        modul.pack([himpunan], {}, {})


def test_pohon_tanpa_tonggak_dan_tingkat_asing_ditolak():
    tabel = pd.DataFrame({"code": ["a", "b", "i"], "parent": ["i", "i", ""]})
    pohon, nilai = Tree.from_table(tabel), pd.DataFrame({"a": [1.0], "b": [2.0]}, index=["11"])
    isi = {"judul": DUA, "sumber": DUA, "keadaan": "dikutip"}
    with pytest.raises(GalatParameter, match="'?a'? tidak punya tonggak"):
        from_tree("x", pohon, {"provinsi": nilai}, {"provinsi": {}}, **isi)
    with pytest.raises(GalatParameter, match="desa"):
        from_tree("x", pohon, {"desa": nilai}, {"desa": {}}, **isi)
    h = from_tree("x", pohon, {"provinsi": nilai}, {"provinsi": {}}, ternormal=True, **isi)
    assert h.tingkat[0].wilayah == ["11"]
