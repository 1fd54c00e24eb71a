"""Himpunan terberat: 514 kabupaten/kota x 73 indikator, semuanya ada, dengan kovarian penuh; uji dan tolok ukur memakainya."""

import numpy as np

from kinerja.ikesos import SiapIkesos
from kinerja.render.jelajah import Himpunan, Tingkat
from kinerja.wilayah import Regions


def dense(siap: SiapIkesos, daftar: Regions, benih: int = 1) -> Himpunan:
    """Pohon Ikesos yang penuh berisi di 514 kabupaten/kota: nilai, responden, dan kovarian acak."""
    rng = np.random.default_rng(benih)
    s, simpul = siap.susunan(), []
    for i, kode in enumerate(s.codes):
        tonggak = {"bawah": 0.0, "atas": 100.0, "arah": 1, "satuan": "persen"} if i < s.n_indicators else {}
        simpul.append({"nama": {"id": kode, "en": kode}, "jenis": "x", "kode": kode, **tonggak})
    wilayah = sorted(k for k in daftar.names if len(k) == 4 and k not in daftar.old)
    d, v, banyak = len(wilayah), s.n_indicators, len(s.codes)
    isi = rng.uniform(2, 98, (d, v))
    akar = rng.normal(0, 1, (d, v, 12)) * rng.uniform(0.5, 4, (d, v, 1))
    kovarian = list(akar @ akar.transpose(0, 2, 1) + np.eye(v) * 0.5)
    tingkat = Tingkat(
        "kabkota",
        wilayah,
        {"id": [daftar.name(k) for k in wilayah]},
        [k[:2] for k in wilayah],
        isi,
        np.zeros((d, v), np.uint8),
        np.ones(v, dtype=bool),
        n=rng.integers(200, 2500, (d, banyak)),
        df=rng.integers(20, 80, (d, 1)).repeat(banyak, axis=1),
        selang=np.stack([isi - 3, isi + 3], axis=2),
        raguan=np.zeros((d, v), dtype=bool),
        kovarian=kovarian,
    )
    dua = {"id": "Data acak", "en": "Random data"}
    return Himpunan("acak", dua, dua, "sintetis", s, simpul, [tingkat], minimum=30)
