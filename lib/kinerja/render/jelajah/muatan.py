"""Himpunan data menjadi satu muatan biner: kepala JSON, lalu larik angka, dimampatkan dengan byte yang tetap.

Setiap larik ditulis byte demi byte (semua byte pertama, lalu semua byte kedua, ...), yang jauh lebih mampat. Kovarian
ditulis sebagai galat baku dan korelasi titik tetap; ketelitian korelasinya diturunkan hanya bila muatannya melewati
batas, dan halaman menyebutnya.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping, Sequence

import numpy as np

from kinerja.errors import GalatHitung
from kinerja.render.jelajah.himpunan import Himpunan, Tingkat

BATAS = 3_800_000
"""Panjang muatan terkemas (base64); halaman seluruhnya paling banyak 4 MB."""

LANGKAH = (39, 31, 15, 12)
"""Bit di belakang koma korelasi, dari yang paling teliti. Galat baku relatifnya sampai 1e-11, 1e-9, 1e-5, dan 1e-4."""

_SELANG = 1000
"""Batas selang indikator ditulis sampai seperseribu."""


def pack(himpunan: Sequence[Himpunan], petak: Mapping[str, tuple[float, float]], umum: Mapping | None = None) -> str:
    """Muatan sebagai base64.

    Parameters
    ----------
    himpunan : sequence of Himpunan
    petak : mapping
        Kode provinsi -> (baris, lajur) pada peta kotak.
    umum : mapping, optional
        Isi kepala lainnya.

    Raises
    ------
    GalatHitung
        Tidak muat juga dengan ketelitian terkecil.
    """
    for langkah in LANGKAH:
        isi = base64.b64encode(_bytes(himpunan, petak, dict(umum or {}), langkah)).decode()
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
