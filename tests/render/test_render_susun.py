"""Halaman depan dan sampul: pernyataan penerbit dalam kedua bahasa, dan ringkasan yang ditulis kernel."""

import json

from kinerja import fmt, paths
from kinerja.render.halaman import Halaman
from kinerja.render.rencana import complete
from kinerja.render.susun import imprint, read_summaries


def test_pernyataan_menyebut_institusi_dan_bukan_terbitannya():
    with fmt.using("id"):
        isi = imprint("Badan Uji", 2021)
    assert isi["pernyataan"] == "Analisis atas Laporan Kinerja Badan Uji 2021. Bukan terbitan Badan Uji."
    assert set(isi) == {"pernyataan", "penerbit", "kontak", "lisensi", "kutipan"}
    with fmt.using("en"):
        assert imprint("Badan Uji", 2021)["pernyataan"].startswith("An analysis of the 2021 performance report")


def test_folder_data_orang_lain_bukan_terbitan_proyek(monkeypatch):
    monkeypatch.setattr(paths, "is_own_data", lambda: False)
    with fmt.using("id"):
        isi = imprint("Balai Uji", 2026)
        lain = imprint("Balai Uji", 2026, "Dinas Uji", "uji@contoh.id")
    assert isi["pernyataan"].startswith("Analisis kinerja Balai Uji 2026")
    assert isi["penerbit"].startswith("Diterbitkan oleh Balai Uji;") and isi["kontak"].endswith(": Balai Uji.")
    assert lain["penerbit"].startswith("Diterbitkan oleh Dinas Uji;") and lain["kontak"].endswith(": uji@contoh.id.")
    assert not any(kata in x for x in isi.values() for kata in ("Bukan terbitan", "proyek"))
    assert complete(["ringkasan", "tren", "keuangan", "audit"]) and not complete(["ringkasan"])


def test_ringkasan_menurut_urutan_halaman_dan_yang_ada_saja(tmp_path):
    (tmp_path / "ringkas").mkdir()
    for nama in ("b", "a"):
        berkas = tmp_path / "ringkas" / f"{nama}-ringkas.json"
        berkas.write_text(json.dumps({"kepala": f"Kepala {nama}"}), "utf-8")
    semua = [Halaman(x, x, "") for x in ("b", "c", "a")]
    assert [x["kepala"] for x in read_summaries(tmp_path, semua).values()] == ["Kepala b", "Kepala a"]
