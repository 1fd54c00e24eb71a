"""Nilai tertahan diserang dengan aljabar linear atas semua yang terbit; tidak satu pun boleh tertentu."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinerja.kerahasiaan import tahan_pohon, tahan_tabel


def pecahkan(baris, terbit, sasaran):
    """Nilai setiap sasaran yang tertentu dari baris-baris terbit: kuadrat terkecil, lalu diperiksa ketepatannya."""
    isi, *_ = np.linalg.lstsq(baris[terbit].T, sasaran.T, rcond=None)
    return np.abs(baris[terbit].T @ isi - sasaran.T).max(axis=0) < 1e-8


def koefisien(h, siap, agregasi):
    """Tiap simpul sebagai kombinasi linear indikator (aritmetik) atau log indikator (geometrik), dari pohonnya saja."""
    daun = list(siap.kerangka.pohon.indicators)
    hasil = {k: (np.arange(len(daun)) == i).astype(float) for i, k in enumerate(daun)}
    anak = {k: list(v) for k, v in siap.kerangka.pohon.children.items()}
    dipakai = h.set_index("simpul")["dipakai"]

    def isi(k):
        if k not in hasil:
            ikut = [c for c in anak[k] if dipakai[c]]
            hasil[k] = np.mean([isi(c) for c in ikut], axis=0) if ikut else np.zeros(len(daun))
        return hasil[k]

    return np.array([isi(k) for k in h["simpul"]])


@pytest.mark.parametrize("agregasi", ["aritmetik", "geometrik"])
@pytest.mark.parametrize("dasar", ["sama", "tersedia"])
def test_nilai_tertahan_tidak_dapat_dihitung_dari_yang_terbit(siap_susenas, agregasi, dasar):
    tingkat = ("nasional", "daerah", "kelamin", "provinsi")
    mentah = {t: siap_susenas.hitung(t, simpul="semua", agregasi=agregasi, dasar=dasar) for t in tingkat}
    tabel = tahan_tabel(mentah)
    tertahan = 0
    for t in tingkat:
        bersih = siap_susenas.hitung(t, simpul="semua", agregasi=agregasi, dasar=dasar, tahan=False)
        banyak = bersih["simpul"].nunique()
        for awal in range(0, len(bersih), banyak):
            h, asli = tabel[t].iloc[awal : awal + banyak], bersih.iloc[awal : awal + banyak]
            c = koefisien(h, siap_susenas, agregasi)
            terbit = h["nilai"].notna().to_numpy()
            rahasia = (~terbit & asli["nilai"].notna()).to_numpy()
            # pembanding: hubungan linear itu memang berlaku bagi nilai aslinya
            x = np.where(asli["jenis"] == "indikator", np.nan, asli["nilai"])
            daun = siap_susenas.normal(t, skala_bawah=1.0 if agregasi == "geometrik" else 0.0).iloc[awal // banyak]
            daun = np.where(daun.isna(), 1.0, daun)
            duga = np.exp(c @ np.log(daun)) if agregasi == "geometrik" else c @ daun
            ada = ~np.isnan(x)
            np.testing.assert_allclose(duga[ada], x[ada], rtol=1e-9)
            tertahan += rahasia.sum()
            assert not pecahkan(c, terbit, c[rahasia]).any()
    assert tertahan > 500


def test_tanpa_pelengkap_nilai_sasaran_memang_terbuka(siap_susenas):
    """Serangan di atas dapat menang: dengan hanya yang kecil ditahan, nilai disabilitas kembali sebagai 3 x - y - z."""
    h = siap_susenas.hitung("provinsi", simpul="semua", dasar="tersedia", tahan=False)
    kecil = (h["n"] < 30).to_numpy()
    banyak, menang = h["simpul"].nunique(), 0
    for awal in range(0, len(h), banyak):
        satu, tutup = h.iloc[awal : awal + banyak], kecil[awal : awal + banyak]
        c = koefisien(satu, siap_susenas, "aritmetik")
        rahasia = tutup & satu["dipakai"].to_numpy() & (satu["jenis"] == "sasaran").to_numpy()
        menang += pecahkan(c, ~tutup & satu["nilai"].notna().to_numpy(), c[rahasia]).sum()
    assert menang >= 5


def test_dihitung_tangan():
    # puncak(0: a, b), a(daun 0, 1), b(daun 2, 3): simpul 0-3 daun, 4 = a, 5 = b, 6 = puncak
    anak = [np.array([0, 1]), np.array([2, 3]), np.array([4, 5])]
    pakai = np.ones((7, 1), dtype=bool)
    n = np.array([50, 40, 90, 60, 90, 100, 150])[:, None]
    hanya = np.zeros((7, 1), dtype=bool)
    hanya[0] = True
    # daun 0 = 2a - daun 1: saudaranya ikut ditahan
    assert np.flatnonzero(tahan_pohon(hanya, pakai, anak, n)).tolist() == [0, 1]
    # a dan kedua daunnya ditahan, a = 2 puncak - b: b dan satu daunnya (n terkecil) ikut ditahan, puncak tetap terbit
    tiga = np.zeros((7, 1), dtype=bool)
    tiga[[0, 1, 4]] = True
    assert np.flatnonzero(tahan_pohon(tiga, pakai, anak, n)).tolist() == [0, 1, 3, 4, 5]
    # daun 1 tidak tersedia: a sama dengan daun 0, jadi a ikut ditahan, lalu b
    pakai[1] = False
    assert np.flatnonzero(tahan_pohon(hanya, pakai, anak, n)).tolist() == [0, 3, 4, 5]


@st.composite
def pohon_acak(draw):
    daun = draw(st.integers(2, 9))
    akar, anak, letak = list(range(daun)), [], daun
    while len(akar) > 1:
        k = draw(st.integers(1, min(4, len(akar))))
        if k == 1 and draw(st.booleans()):
            k = min(2, len(akar))
        anak.append(np.array(akar[:k]))
        akar = [*akar[k:], letak]
        letak += 1
        if letak > 30:
            anak.append(np.array(akar))
            letak += 1
            break
    besar = (letak, 5)
    acak = np.random.default_rng(draw(st.integers(0, 10**6)))
    ada = acak.random(besar) < 0.85
    for c, isi in enumerate(anak):
        ada[daun + c] = ada[isi].any(axis=0) & ada[daun + c]
    return anak, acak.random(besar) < draw(st.floats(0.02, 0.6)), ada, acak.integers(1, 200, besar), acak


@settings(max_examples=200, deadline=None)
@given(pohon_acak())
def test_pelengkap_menutup_menurut_aljabar(isi):
    anak, ditahan, dipakai, n, acak = isi
    daun = len(n) - len(anak)
    bobot = acak.random(len(n)) + 0.1
    for u in range(n.shape[1]):
        c = np.zeros((len(n), daun))
        c[:daun] = np.eye(daun)
        for k, milik in enumerate(anak):
            ikut = milik[dipakai[milik, u]]
            if len(ikut):
                c[daun + k] = bobot[ikut] @ c[ikut] / bobot[ikut].sum()
        bernilai = np.abs(c).any(axis=1)
        akhir = tahan_pohon(ditahan, dipakai, anak, n)
        assert (akhir >= ditahan).all()
        aman = akhir[:, u] & bernilai
        assert not (pecahkan(c, ~akhir[:, u], c) & aman).any()


def test_tabel_berpohon_yang_tidak_utuh_ditolak():
    isi = pd.DataFrame(
        {"simpul": ["a", "b", "a"], "n": [50, 50, 50], "provinsi": [1, 1, 2], "induk": ["", "a", ""], "dipakai": True}
    )
    with pytest.raises(Exception, match="berurutan sama"):
        tahan_tabel({"provinsi": isi})
