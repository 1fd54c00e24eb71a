"""nbval: bandingkan semua keluaran yang disimpan, kecuali stderr, dengan penyeragam di ``sanitasi.cfg``."""

import os
from pathlib import Path

SANITASI = Path(__file__).with_name("sanitasi.cfg")


def pytest_configure(config):
    # Supaya `pytest --nbval notebooks` saja sudah memakai penyeragam yang sama dengan CI.
    if config.getoption("nbval", default=False) and not config.option.nbval_sanitize_with:
        config.option.nbval_sanitize_with = str(SANITASI)
    # Render menulis ke folder laporan; notebook yang diuji tidak boleh ikut menulis ke sana.
    for nama in ("KINERJA_KELUARAN", "KINERJA_HALAMAN"):
        os.environ.pop(nama, None)


def pytest_collectstart(collector):
    if getattr(collector, "skip_compare", None) is not None:
        collector.skip_compare += ("stderr",)
