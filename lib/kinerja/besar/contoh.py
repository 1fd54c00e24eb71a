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
from kinerja.besar import buat, mesin, periksa
from kinerja.besar.nik import kode_kabkota
from kinerja.data import Data

BARIS = 200_000


def folder() -> Path:
    """``data/processed/daftar``; tidak dilacak git."""
    return paths.processed() / "daftar"


def hasil_contoh(d: Data) -> pd.DataFrame:
    """Hasil :func:`kinerja.besar.periksa.hitung` atas daftar sintetis `BARIS` baris.

    Parameters
    ----------
    d : Data
        Memuat ``provinsi``, ``nik_wilayah``, ``bansos_rangkap``.
    """
    acuan = [d[x] for x in ("provinsi", "nik_wilayah", "bansos_rangkap")]
    berkas = folder() / f"mutu-{_kunci(acuan)}.csv"
    if not berkas.is_file():
        _hitung(acuan, berkas)
    jenis = {"program": "str", "rupiah": "Int64"}
    return pd.read_csv(berkas, dtype=jenis, keep_default_na=False, na_values={"rupiah": ""})


def _kunci(acuan: list[pd.DataFrame]) -> str:
    sidik = hashlib.sha256(str(BARIS).encode())
    for berkas in sorted(Path(__file__).parent.iterdir()):
        if berkas.suffix in (".py", ".yml"):
            sidik.update(berkas.read_bytes())
    for tabel in acuan:
        sidik.update(tabel.to_csv(index=False).encode())
    return sidik.hexdigest()[:16]


def _hitung(acuan: list[pd.DataFrame], berkas: Path) -> None:
    provinsi, nik_wilayah, rangkap = acuan
    kabkota = kode_kabkota(nik_wilayah)
    berkas.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=berkas.parent, prefix=".daftar-") as sementara:
        daftar = Path(sementara) / "isi"
        buat.buat(daftar, buat.susun_rencana(BARIS, provinsi, kabkota))
        with mesin.buka(sementara=Path(sementara), memori_gb=1) as con:
            dtks, bayar = (periksa.baca(con, daftar, x)[0] for x in (buat.DTKS, buat.PEMBAYARAN))
            larangan = list(zip(rangkap["program"], rangkap["rangkap"], strict=True))
            hasil = periksa.hitung(con, dtks, bayar, kabkota=kabkota, larangan=larangan, provinsi=provinsi["kode_bps"])
        baru = Path(sementara) / "hasil.csv"
        hasil.to_csv(baru, index=False, lineterminator="\n")
        os.replace(baru, berkas)
    for lama in berkas.parent.glob("mutu-*.csv"):
        if lama != berkas:
            lama.unlink(missing_ok=True)
