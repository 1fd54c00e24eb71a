"""Kinerja: laporan kinerja tahunan kementerian, dihitung ulang dari berkas data."""

__version__ = "0.1.0"
