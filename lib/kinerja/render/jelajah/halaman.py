"""Halaman penjelajah: satu berkas HTML yang memuat gaya, skrip, teks dua bahasa, dan datanya."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from kinerja.berkas import parse_yaml
from kinerja.data import Data
from kinerja.kolom import SUMBER_BUATAN
from kinerja.render.halaman import words
from kinerja.render.jelajah.himpunan import Himpunan, from_survey, regions
from kinerja.render.jelajah.muatan import pack
from kinerja.render.jelajah.terbitan import published
from kinerja.simpanan import buka_ikesos

NAMA = "jelajah.html"

SKRIP = ("data", "sebaran", "hitung", "keadaan", "gambar", "kalimat", "tampil", "unduh", "kendali")
"""Berkas skrip menurut urutan muatnya; semuanya satu lingkup."""


@cache
def _read(nama: str) -> str:
    return resources.files("kinerja.render.jelajah").joinpath(nama).read_text("utf-8")


def page(himpunan: Sequence[Himpunan], data: Data, *, bahasa: str, peragaan: bool = False) -> str:
    """Isi ``jelajah.html``; byte yang sama untuk masukan yang sama.

    Parameters
    ----------
    himpunan : sequence of Himpunan
        Yang dapat dipilih; yang pertama tampil lebih dulu. Yang berkode sama menjadi tingkat satu pilihan.
    data : Data
        Tahun laporan, dan nama serta petak provinsi.
    bahasa : str
        Bahasa saat dibuka; halamannya memuat keduanya.
    peragaan : bool
        Halaman situs peragaan, bukan laporan.

    Raises
    ------
    GalatHitung
        Datanya terlalu besar bagi satu halaman.
    """
    provinsi, petak = _provinces(himpunan, data)
    kata = parse_yaml(_read("teks.yml"))
    kata |= {"laporan": {x: f"{isi['laporan']} {data.tahun}" for x, isi in words(peragaan).items()}}
    kata |= {"spanduk_sintetis": SUMBER_BUATAN}
    templat = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return templat.from_string(_read("jelajah.html.j2")).render(
        bahasa=bahasa,
        kata=kata,
        gaya=Markup(_read("jelajah.css")),
        teks=_safe_json(kata),
        muatan=Markup(pack(himpunan, petak, {"tahun": data.tahun, "bahasa": bahasa, "provinsi": provinsi})),
        skrip=Markup("\n".join(_read(f"{x}.js") for x in SKRIP)),
    )


def write(folder: Path, data: Data, *, bahasa: str, survei: Mapping[str, Any], peragaan: bool = False) -> None:
    """Tulis ``jelajah.html`` satu laporan; tanpa data yang dapat dijelajahi tidak ada halamannya.

    Parameters
    ----------
    folder : Path
        Laporan yang sedang dibangun.
    survei : mapping
        Parameter survei (:data:`kinerja.pilihan_berkas.SURVEI`). Tanpa ``mikro`` tidak ada Ikesos di laporan; situs
        peragaan memuat survei sintetis, dan hanya itu.
    """
    himpunan = [] if peragaan else published(data)
    if peragaan or survei.get("mikro"):
        himpunan.insert(0, _survey(data, survei))
    if himpunan:
        (folder / NAMA).write_text(page(himpunan, data, bahasa=bahasa, peragaan=peragaan), "utf-8")


def _survey(data: Data, survei: Mapping[str, Any]) -> Himpunan:
    pilihan = {"tahun" if k == "tahun_survei" else k: v for k, v in survei.items()}
    siap = buka_ikesos(data, **pilihan).siap
    sintetis = siap.keadaan == "sintetis"
    sumber = SUMBER_BUATAN if sintetis else {"id": "berkas survei pengguna.", "en": "the user's survey file."}
    judul = {"id": "Ikesos dari survei", "en": "Ikesos from a survey"}
    return from_survey(siap, data, judul=judul, sumber=sumber)


def _provinces(himpunan: Sequence[Himpunan], data: Data) -> tuple[dict[str, dict[str, str]], dict[str, tuple]]:
    """Nama dan petak provinsi yang ada di himpunannya, menurut kode bagi pembaca."""
    nama, petak = {}, {}
    for h in himpunan:
        kode = {x or k for t in h.tingkat for x, k in zip(t.induk, t.wilayah, strict=True)}
        daftar = regions(data, h.keadaan)
        ada = [k for k in daftar["id"].tiles["wilayah"] if daftar["id"].code(k) in kode]
        for x in daftar["id"].map_tiles(ada).itertuples():
            letak = daftar["id"].code(x.wilayah)
            if letak in kode:
                petak[letak] = (x.baris, x.lajur)
                nama[letak] = {bahasa: satu.name(x.wilayah) for bahasa, satu in daftar.items()}
    return nama, petak


def _safe_json(isi: Mapping) -> Markup:
    """JSON yang aman di dalam ``<script>``."""
    return Markup(json.dumps(isi, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))
