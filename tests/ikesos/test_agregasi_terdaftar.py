"""Setiap agregasi yang terdaftar dapat dipilih di Ikesos, di penjelajah, dan disebut bila pilihannya salah."""

from pathlib import Path

import numpy as np
import pytest

from kinerja.errors import GalatParameter
from kinerja.ikesos import CARA_AGREGASI, hitung_ketidakpastian
from kinerja.jelajah.pilihan import AGREGASI

AKAR = Path(__file__).parents[2]
PILIHAN = tuple(CARA_AGREGASI)


@pytest.mark.parametrize("agregasi", PILIHAN)
def test_agregasi_terdaftar_dapat_dipilih(siap_susenas, agregasi):
    hasil = siap_susenas.hitung(simpul="semua", agregasi=agregasi).set_index("simpul")
    puncak = siap_susenas.kerangka.pohon.top
    assert hasil.loc[puncak, "nilai"] > 0 and hasil.loc[puncak, "se"] > 0
    if not CARA_AGREGASI[agregasi].internal:
        # cabang di bawah puncak tetap rata-rata aritmetik, pada skala agregasinya
        dasar = siap_susenas.hitung(simpul="sasaran").set_index("simpul")["nilai"]
        bawah = CARA_AGREGASI[agregasi].base
        np.testing.assert_allclose(hasil.loc[dasar.index, "nilai"], bawah + dasar * (100 - bawah) / 100, rtol=1e-9)


def test_denda_di_puncak_ikesos(siap_susenas):
    hasil = siap_susenas.hitung(simpul="semua", agregasi="mazziotta_pareto").set_index("simpul")
    s = hasil.loc[hasil["jenis"] == "sasaran", "nilai"].to_numpy()
    puncak = hasil.loc[siap_susenas.kerangka.pohon.top, "nilai"]
    assert len(s) == 3 and puncak == pytest.approx(s.mean() - s.var() / s.mean(), rel=1e-12)


def test_pilihan_disebut_bila_salah(siap_susenas):
    assert tuple(AGREGASI) == PILIHAN and "pangkat" not in PILIHAN
    with pytest.raises(GalatParameter, match=f"tidak dikenal; pilih {', '.join(PILIHAN)}"):
        siap_susenas.hitung(agregasi="median")


def test_selang_serentak_memuat_sebaran_sampel(siap_susenas):
    t = hitung_ketidakpastian(siap_susenas, "provinsi", ulangan=200, ulangan_sampel=60, titik=0).tabel
    t = t[t["peringkat"].notna()]
    assert (t["bawah_serentak"] <= t["peringkat"]).all() and (t["peringkat"] <= t["atas_serentak"]).all()
    assert (t["bawah_serentak"] <= t["bawah_sampel"]).all() and (t["atas_sampel"] <= t["atas_serentak"]).all()
