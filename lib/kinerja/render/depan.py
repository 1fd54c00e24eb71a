"""Halaman depan dan sampul: pokok-pokok tiap bab dan pernyataan penerbit, dibaca, tidak pernah diketik."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import yaml

from kinerja import fmt
from kinerja.render.halaman import Halaman

UTAMA = "ringkasan"
"""Halaman yang pokok-pokoknya menjadi pokok laporan."""


def read_summaries(folder: Path, semua: Sequence[Halaman]) -> dict[str, dict[str, Any]]:
    """Ringkasan tiap halaman (``Ringkasan.to_meta``) yang sudah ditulis kernelnya, menurut urutan halaman."""
    berkas = {x.nama: folder / "ringkas" / f"{x.nama}-ringkas.json" for x in semua}
    return {nama: json.loads(x.read_text("utf-8")) for nama, x in berkas.items() if x.is_file()}


@cache
def _imprint_texts() -> dict[str, Any]:
    return yaml.safe_load(resources.files("kinerja.render").joinpath("terbitan.yml").read_text("utf-8"))


def imprint(institusi: str, tahun: int) -> Mapping[str, str]:
    """Pernyataan, penerbit, kontak, lisensi, dan cara mengutip dalam bahasa yang berlaku."""
    isi = _imprint_texts()
    nilai = {
        "institusi": institusi,
        "tahun": tahun,
        "versi": metadata.version("kinerja"),
        "tanggal": fmt.tanggal(isi["tanggal"]),
        "tahun_terbit": isi["tanggal"].year,
    }
    return {kunci: fmt.pick(x).format(**nilai) for kunci, x in isi.items() if isinstance(x, dict)}
