"""Halaman penjelajah: satu berkas HTML yang memuat gaya, skrip, teks dua bahasa, dan datanya."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import jinja2
from markupsafe import Markup

from kinerja.berkas_yaml import parse_yaml
from kinerja.render.halaman import words
from kinerja.render.jelajah.himpunan import Himpunan
from kinerja.render.jelajah.muatan import pack
from kinerja.wilayah import Regions

SKRIP = ("data", "sebaran", "hitung", "keadaan", "gambar", "kendali")
"""Berkas skrip menurut urutan muatnya; semuanya satu lingkup."""


@cache
def _read(nama: str) -> str:
    return resources.files("kinerja.render.jelajah").joinpath(nama).read_text("utf-8")


def page(himpunan: Sequence[Himpunan], daftar: Regions, *, tahun: int, bahasa: str) -> str:
    """Isi ``jelajah.html``; byte yang sama untuk masukan yang sama.

    Parameters
    ----------
    himpunan : sequence of Himpunan
        Yang dapat dipilih; yang pertama tampil lebih dulu. Yang berkode sama menjadi tingkat satu pilihan.
    daftar : Regions
        Nama provinsi dan petaknya pada peta.
    bahasa : str
        Bahasa saat dibuka; halamannya memuat keduanya.

    Raises
    ------
    GalatHitung
        Datanya terlalu besar bagi satu halaman.
    """
    kode = {x or k for h in himpunan for t in h.tingkat for x, k in zip(t.induk, t.wilayah, strict=True)}
    letak = daftar.map_tiles(kode & set(daftar.names))
    petak = {x: (a, b) for x, a, b in letak[["wilayah", "baris", "lajur"]].itertuples(index=False) if x in kode}
    umum = {"tahun": tahun, "bahasa": bahasa, "provinsi": _provinces(himpunan, daftar, kode)}
    kata = parse_yaml(_read("teks.yml")) | {"laporan": {x: f"{isi['laporan']} {tahun}" for x, isi in words().items()}}
    templat = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return templat.from_string(_read("jelajah.html.j2")).render(
        bahasa=bahasa,
        kata=kata,
        gaya=Markup(_read("jelajah.css")),
        teks=_safe_json(kata),
        muatan=Markup(pack(himpunan, petak, umum)),
        skrip=Markup("\n".join(_read(f"{x}.js") for x in SKRIP)),
    )


def _provinces(himpunan: Sequence[Himpunan], daftar: Regions, kode: set[str]) -> dict[str, str]:
    """Nama provinsi: seperti di himpunannya bila tingkat itu ada, kalau tidak dari daftar."""
    milik = {k: n for h in himpunan for t in h.tingkat if t.kode == "provinsi" for k, n in zip(t.wilayah, t.nama, strict=True)}
    return {x: milik.get(x, daftar.name(x)) for x in sorted(kode)}


def _safe_json(isi: Mapping) -> Markup:
    """JSON yang aman di dalam ``<script>``."""
    return Markup(json.dumps(isi, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))
