"""Angka utama di halaman depan: kartu yang dibaca dari uraian tabel, tidak pernah diketik."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kinerja import fmt
from kinerja.render.halaman import words
from kinerja.render.rencana import layout
from kinerja.tables import NAMA_KEADAAN

_TARGET = 100


def cards(tabel: Mapping[str, Sequence[Mapping[str, Any]]], bahasa: str) -> list[dict[str, Any]]:
    """Kartu angka utama: baris tebal tabel utama (institusi dan sasaran), lalu penyerapan anggaran.

    Parameters
    ----------
    tabel : mapping
        Nama halaman -> uraian tabelnya (``Tabel.to_meta``).
    bahasa : str
        Bahasa laporan.

    Returns
    -------
    list of dict
        ``kode``, ``nama``, ``nilai`` (persen, sudah diformat), ``ukuran``, ``golongan``, ``keadaan``, serta ``lebar``
        dan ``target``: letak nilai dan target pada garis 0 sampai nilai terbesar, dalam persen. Kosong bila tabelnya
        tidak ada, misalnya pada laporan sebagian.
    """
    hasil = _achievement(tabel) + _absorption(tabel, bahasa)
    terbesar = max([_TARGET, *(satu["_nilai"] for satu in hasil)])
    for satu in hasil:
        satu["lebar"] = round(100 * max(satu.pop("_nilai"), 0) / terbesar, 2)
        satu["target"] = round(100 * _TARGET / terbesar, 2)
    return hasil


def _achievement(tabel: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    aturan = layout()["utama"]
    uraian, kolom = _columns(tabel, aturan)
    if not all(aturan[x] in kolom for x in ("kode", "nama", "nilai", "golongan")):
        return []
    kode, nama, nilai, golongan = (kolom[aturan[x]] for x in ("kode", "nama", "nilai", "golongan"))
    return [
        {
            **_figure(nilai, i),
            "kode": kode["isi"][i],
            "nama": nama["isi"][i],
            "ukuran": _measure(nilai),
            "golongan": f"{golongan['judul']}: {golongan['isi'][i]}",
        }
        for i in _bold_with_number(uraian, nilai)
    ]


def _absorption(tabel: Mapping[str, Sequence[Mapping[str, Any]]], bahasa: str) -> list[dict[str, Any]]:
    aturan = layout()["anggaran"]
    uraian, kolom = _columns(tabel, aturan)
    if not all(aturan[x] in kolom for x in ("nilai", "realisasi", "pagu")):
        return []
    nilai, realisasi, pagu = (kolom[aturan[x]] for x in ("nilai", "realisasi", "pagu"))
    rupiah = {nama: [fmt.rupiah(x[0], "auto") for x in isi["isi"]] for nama, isi in (("r", realisasi), ("p", pagu))}
    return [
        {
            **_figure(nilai, i),
            "kode": "",
            "nama": nilai["judul"],
            "ukuran": words()[bahasa]["penyerapan_dari"].format(realisasi=rupiah["r"][i], pagu=rupiah["p"][i]),
            "golongan": "",
        }
        for i in _bold_with_number(uraian, nilai)[:1]
    ]


def _columns(
    tabel: Mapping[str, Sequence[Mapping[str, Any]]], aturan: Mapping[str, str]
) -> tuple[Mapping[str, Any], dict[str, Mapping[str, Any]]]:
    """Uraian tabel yang disebut aturan dan kolomnya menurut nama; kosong bila halaman atau tabel itu tidak ada."""
    for uraian in tabel.get(aturan["halaman"], ()):
        if uraian["nama"] == aturan["tabel"]:
            return uraian, {kolom["nama"]: kolom for kolom in uraian["kolom"]}
    return {}, {}


def _bold_with_number(uraian: Mapping[str, Any], nilai: Mapping[str, Any]) -> list[int]:
    return [i for i, tebal in enumerate(uraian["tebal"]) if tebal and isinstance(nilai["isi"][i][0], (int, float))]


def _figure(kolom: Mapping[str, Any], baris: int) -> dict[str, Any]:
    nilai, satuan, keadaan, desimal = kolom["isi"][baris]
    return {
        "_nilai": nilai,
        "nilai": fmt.nilai(nilai, satuan, desimal),
        "keadaan": fmt.pick(NAMA_KEADAAN[keadaan]),
    }


def _measure(kolom: Mapping[str, Any]) -> str:
    """Sebutan ukuran dari kepala kolom dan kepala kelompoknya: "Capaian, dengan batas 120%"."""
    if not kolom["grup"]:
        return kolom["judul"]
    return f"{kolom['grup']}, {kolom['judul'][:1].lower()}{kolom['judul'][1:]}"
