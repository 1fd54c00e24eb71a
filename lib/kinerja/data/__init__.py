"""Data satu tahun laporan: dibaca dari ``data/raw``, diperiksa, dan disajikan sebagai tabel panjang bertipe."""

from kinerja.data.load import Data, load, remembered

__all__ = ["Data", "load", "remembered"]
