"""Tabel mutu daftar penerima bagi ``ss3_dtks`` dan ``pen_bansos``: daftar sintetis, sel kecil ditahan."""

from __future__ import annotations

import pandas as pd

from kinerja.besar.acuan import Acuan
from kinerja.besar.buat import DTKS, PEMBAYARAN
from kinerja.besar.contoh import hasil_contoh
from kinerja.besar.tabel import susun_tabel
from kinerja.data import Data

DI_DTKS = ("baris", "nik_kosong", "nik_bukan_16_angka", "nik_wilayah", "nik_tanggal", "nik_urut", "ganda")
DI_PROGRAM = ("ganda", "rangkap", "luar_dtks", "mengendap", "lebih")


def issued_until(d: Data) -> str:
    """Tanggal daftar kode NIK yang paling baru: yang terbit sesudahnya tidak dikenal."""
    return Acuan.of(d).terbit


def register_table(d: Data) -> pd.DataFrame:
    """Cacat daftar DTKS sintetis: ``ukuran``, ``n``, ``persen``, ``tanda``."""
    isi = susun_tabel(hasil_contoh(Acuan.of(d)), tingkat={DTKS: {"nasional": ()}})["dtks-nasional"]
    isi = isi[isi["ukuran"].isin(DI_DTKS)]
    return isi.drop(columns="rupiah").reset_index(drop=True)


def programme_table(d: Data) -> pd.DataFrame:
    """Temuan daftar pembayaran sintetis tiap program, melebar: baris, lalu persen tiap temuan; <NA> = ditahan.

    ``rupiah_mengendap``: dibayar, tidak ditransaksikan, dan tidak dikembalikan.
    """
    tingkat = {PEMBAYARAN: {"nasional": (), "program": ("program",)}}
    isi = susun_tabel(hasil_contoh(Acuan.of(d)), tingkat=tingkat)["pembayaran-program"]
    nama = d["pen_program"].sort_values("urutan").set_index("kode")["nama_pendek"]
    lebar = isi.pivot(index="program", columns="ukuran", values="persen").reindex(index=nama.index, columns=DI_PROGRAM)
    baris = isi[isi["ukuran"] == "baris"].set_index("program")["n"]
    rupiah = isi[isi["ukuran"] == "mengendap"].set_index("program")["rupiah"]
    # Pasangan terlarang tidak berlaku bagi semua program: nol di sana bukan temuan, tetapi bukan pula ditahan.
    ada = isi.groupby("program")["ukuran"].agg(set)
    for ukuran in DI_PROGRAM:
        lebar.loc[[ukuran not in ada.get(p, set()) for p in lebar.index], ukuran] = 0.0
    lebar = lebar.rename_axis(columns=None).assign(baris=baris, rupiah_mengendap=rupiah)
    return lebar.reset_index(names="program").assign(nama_program=nama.to_numpy())
