"""Hasil pemeriksaan satu daftar sintetis kecil, dihitung sekali dan disimpan: notebook hanya membacanya.

Simpanannya bernama menurut isi semua yang menentukannya (kode paket ini, bentuk daftar, tabel acuan), jadi tidak pernah
basi; yang ditulis utuh dahulu baru diberi nama itu, jadi beberapa notebook boleh memerlukannya sekaligus.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import pandas as pd

from kinerja import paths
from kinerja.besar import buat
from kinerja.besar.acuan import Acuan, hitung

BARIS = 200_000


def folder() -> Path:
    """``data/processed/daftar``; tidak dilacak git."""
    return paths.processed() / "daftar"


def hasil_contoh(a: Acuan) -> pd.DataFrame:
    """Hasil :func:`kinerja.besar.periksa.hitung` atas daftar sintetis `BARIS` baris.

    Parameters
    ----------
    a : Acuan
    """
    berkas = folder() / f"mutu-{_kunci(a)}.csv"
    if not berkas.is_file():
        _hitung(a, berkas)
    jenis = {"program": "str", "rupiah": "Int64"}
    return pd.read_csv(berkas, dtype=jenis, keep_default_na=False, na_values={"rupiah": ""})


def _kunci(a: Acuan) -> str:
    sidik = hashlib.sha256(str(BARIS).encode())
    for berkas in sorted(Path(__file__).parent.iterdir()):
        if berkas.suffix in (".py", ".yml"):
            sidik.update(berkas.read_bytes())
    sidik.update(a.provinsi.to_csv(index=False).encode())
    sidik.update(repr(a[1:]).encode())
    return sidik.hexdigest()[:16]


def _hitung(a: Acuan, berkas: Path) -> None:
    berkas.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=berkas.parent, prefix=".daftar-") as sementara:
        daftar = Path(sementara) / "isi"
        buat.buat(daftar, buat.susun_rencana(BARIS, a.provinsi, a.kabkota))
        hasil, _ = hitung(daftar, Path(sementara), a, memori=1)
        baru = Path(sementara) / "hasil.csv"
        hasil.to_csv(baru, index=False, lineterminator="\n")
        os.replace(baru, berkas)
    for lama in berkas.parent.glob("mutu-*.csv"):
        if lama != berkas:
            lama.unlink(missing_ok=True)
