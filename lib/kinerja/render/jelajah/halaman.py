"""Halaman penjelajah: satu berkas HTML yang memuat gaya, skrip, teks dua bahasa, dan datanya.

Datanya satu muatan biner: kepala JSON, lalu larik angka, dimampatkan dengan byte yang tetap. Setiap larik ditulis byte
demi byte (semua byte pertama, lalu semua byte kedua, ...), yang jauh lebih mampat. Kovarian ditulis sebagai galat baku
dan korelasi titik tetap; ketelitian korelasinya diturunkan hanya bila muatannya melewati batas.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
from markupsafe import Markup

from kinerja.berkas import parse_yaml
from kinerja.data import Data
from kinerja.errors import GalatHitung
from kinerja.kolom import SUMBER_BUATAN
from kinerja.render.halaman import words
from kinerja.render.jelajah.himpunan import Himpunan, Tingkat, from_survey, published, regions
from kinerja.simpanan import buka_ikesos

NAMA = "jelajah.html"

SKRIP = ("data", "sebaran", "hitung", "keadaan", "gambar", "kalimat", "tampil", "unduh", "kendali")
"""Berkas skrip menurut urutan muatnya; semuanya satu lingkup."""

BATAS = 3_800_000
"""Panjang muatan terkemas (base64); halaman seluruhnya paling banyak 4 MB."""

LANGKAH = (39, 31, 15, 12)
"""Bit di belakang koma korelasi, dari yang paling teliti. Galat baku relatifnya sampai 1e-11, 1e-9, 1e-5, dan 1e-4."""

_SELANG = 1000
"""Batas selang indikator ditulis sampai seperseribu."""


@cache
def _read(nama: str) -> str:
    return resources.files("kinerja.render.jelajah").joinpath(nama).read_text("utf-8")


def page(himpunan: Sequence[Himpunan], data: Data, *, bahasa: str, peragaan: bool = False) -> str:
    """Isi ``jelajah.html``; byte yang sama untuk masukan yang sama.

    Himpunan yang pertama tampil lebih dulu; yang berkode sama menjadi tingkat satu pilihan. ``bahasa`` hanya bahasa
    saat dibuka: halamannya memuat keduanya. Datanya yang terlalu besar bagi satu halaman adalah GalatHitung.
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

    ``survei``: parameter survei (:data:`kinerja.pilihan_berkas.SURVEI`). Tanpa ``mikro`` tidak ada Ikesos di laporan;
    situs peragaan memuat survei sintetis, dan hanya itu.
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


# Muatan ---------------------------------------------------------------------------------------------------------------


def pack(himpunan: Sequence[Himpunan], petak: Mapping[str, tuple[float, float]], umum: Mapping) -> str:
    """Muatan sebagai base64; ``petak`` kode provinsi -> (baris, lajur) pada peta kotak, ``umum`` isi kepala lainnya."""
    for langkah in LANGKAH:
        isi = base64.b64encode(_bytes(himpunan, petak, dict(umum), langkah)).decode()
        if len(isi) <= BATAS:
            return isi
    raise GalatHitung(f"Muatan penjelajah {len(isi):,} huruf, melewati {BATAS:,}; kurangi himpunan datanya.")


def _bytes(himpunan: Sequence[Himpunan], petak: Mapping, umum: dict, langkah: int) -> bytes:
    larik: list[tuple[str, np.ndarray]] = []
    kepala = umum | {
        "petak": {k: [float(a), float(b)] for k, (a, b) in petak.items()},
        "himpunan": [_header(h, larik, langkah) for h in himpunan],
        "larik": [[kode, x.size] for kode, x in larik],
    }
    teks = json.dumps(kepala, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    badan = [x.view(np.uint8).reshape(-1, x.dtype.itemsize).T[: int(kode[1])].tobytes() for kode, x in larik]
    return gzip.compress(b"".join([len(teks).to_bytes(4, "little"), teks, *badan]), 9, mtime=0)


def _header(h: Himpunan, larik: list[tuple[str, np.ndarray]], langkah: int) -> dict:
    s = h.susunan
    letak = {int(j): s.n_indicators + c for c, anak in enumerate(s.children) for j in anak}
    simpul = [
        {
            "id": kode,
            "induk": letak.get(i, -1),
            "bobot": float(s.weight[i]),
            **{k: _plain(x) for k, x in uraian.items()},
        }
        for i, (kode, uraian) in enumerate(zip(s.codes, h.simpul, strict=True))
    ]
    for c, (ambang, menurut_bobot) in enumerate(zip(s.threshold, s.by_weight, strict=True)):
        simpul[s.n_indicators + c] |= {"ambang": float(ambang), "menurutBobot": bool(menurut_bobot)}
    return {
        "kode": h.kode,
        "judul": dict(h.judul),
        "sumber": dict(h.sumber),
        "catatan": dict(h.catatan),
        "keadaan": h.keadaan,
        "agregasi": h.agregasi,
        "ternormal": h.ternormal,
        "indeks": h.indeks,
        "minimum": h.minimum,
        "ambangBobot": h.ambang_bobot,
        "banyakDaun": s.n_indicators,
        "langkah": langkah,
        "simpul": simpul,
        "tingkat": [_level(t, larik, langkah) for t in h.tingkat],
    }


def _level(t: Tingkat, larik: list[tuple[str, np.ndarray]], langkah: int) -> dict:
    def simpan(x: np.ndarray, kode: str) -> int:
        """``f8``, ``f4``, ``u1``, ``i4``, atau ``oN``: bilangan bulat N byte yang digeser supaya tidak negatif."""
        if kode[0] == "o":
            x = (np.asarray(x, dtype=np.int64) + (1 << 8 * int(kode[1]) - 1)).astype("<u8")
        larik.append((kode, np.ascontiguousarray(x, dtype=f"<{kode}" if kode[0] != "o" else "<u8").ravel()))
        return len(larik) - 1

    ada = t.status == 0
    isi = {
        "kode": t.kode,
        "wilayah": t.wilayah,
        "nama": t.nama if len({*map(tuple, t.nama.values())}) > 1 else {"id": t.nama["id"]},
        "induk": t.induk,
        "lepas": list(t.lepas),
        "dasar": simpan(t.dasar, "u1"),
        "status": simpan(t.status, "u1"),
        "isi": simpan(t.isi[ada], "f8"),
        "beku": t.beku,
        "halus": t.halus,
    }
    if t.n is None:
        return isi
    sd = [np.sqrt(np.diag(k)) for k in t.kovarian]
    with np.errstate(invalid="ignore", divide="ignore"):
        korelasi = [
            np.nan_to_num(k / np.outer(x, x))[np.tril_indices(len(x), -1)] for k, x in zip(t.kovarian, sd, strict=True)
        ]
    bulat = np.rint(np.concatenate(korelasi or [np.empty(0)]) * 2.0**langkah)
    puncak = 2**langkah - 1
    return isi | {
        "n": simpan(t.n, "i4"),
        "df": simpan(t.df, "i4"),
        "selang": simpan(np.rint(t.selang[ada] * _SELANG), "i4"),
        "raguan": simpan(t.raguan[ada], "u1"),
        "sd": simpan(np.concatenate(sd or [np.empty(0)]), "f8" if langkah > 15 else "f4"),
        "korelasi": simpan(np.clip(bulat, -puncak, puncak), f"o{langkah // 8 + 1}"),
    }


def _plain(x):
    return float(x) if isinstance(x, float | np.floating) else x
