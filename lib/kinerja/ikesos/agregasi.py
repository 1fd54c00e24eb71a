"""Agregasi yang dapat dipilih: kode bagi pembaca, dan kelas :mod:`indextree` yang menghitungnya."""

from __future__ import annotations

from indextree import MEANS, Mean
from indextree.aggregation import choices
from kinerja.errors import GalatParameter

_KODE = {"arithmetic": "aritmetik", "geometric": "geometrik", "harmonic": "harmonik", "product": "hasil_kali"}

CARA_AGREGASI: dict[str, type[Mean]] = {_KODE.get(k, k): MEANS[k] for k in choices(parameter=False)}
"""Kode -> kelas: setiap yang terdaftar dan tidak menuntut angka pangkat; yang tidak punya kode Indonesia memakai
kodenya sendiri."""


def cara_agregasi(kode: str) -> type[Mean]:
    """Kelas satu kode.

    Raises
    ------
    GalatParameter
        Kode tidak dikenal; pesannya menyebut yang ada.
    """
    if kode not in CARA_AGREGASI:
        raise GalatParameter(f"Agregasi '{kode}' tidak dikenal; pilih {', '.join(CARA_AGREGASI)}.")
    return CARA_AGREGASI[kode]
