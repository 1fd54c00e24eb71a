"""Kinerja: laporan kinerja tahunan kementerian, dihitung ulang dari berkas data.

Mulai dari sini::

    import kinerja as kj
    d = kj.open(2020)
    d.capaian()
"""

from typing import Any

__version__ = "0.1.0"
__all__ = ["open", "sweep"]


def __getattr__(nama: str) -> Any:
    # pandas baru dimuat saat diperlukan: perintah yang hanya menjawab "tidak ada yang berubah" tidak memerlukannya
    if nama in __all__:
        from kinerja import pintu

        return getattr(pintu, nama)
    raise AttributeError(f"module 'kinerja' has no attribute {nama!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
