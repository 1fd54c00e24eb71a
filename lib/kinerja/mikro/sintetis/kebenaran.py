"""Kebenaran yang ditanam: nilai tiap indikator bagi tiap sasaran, langsung dari jawaban, tanpa kolom atau kodebuku."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja.mikro.sintetis.jawaban import JAMINAN, NAKES, VAKSIN, Responden
from kinerja.mikro.tata_letak import TataLetak

BAGIAN_TERBAWAH = 0.40
PROTEIN_CUKUP, KALORI_CUKUP = 57, 2100
LUAS_LAYAK = 7.2
_ATAP = ("beton", "genteng", "seng", "kayu/sirap")
_DINDING = ("tembok", "plesteran anyaman bambu/kawat", "kayu/papan", "batang kayu")
_LANTAI_BURUK = ("tanah", "bambu", "lainnya")
_AIR = ("leding", "sumur bor/pompa", "sumur terlindung", "mata air terlindung", "air hujan")
_UMUR_JENJANG = ((7, 12, 1), (13, 15, 2), (16, 18, 3))


@dataclass(frozen=True)
class _Indikator:
    """Satu indikator bagi beberapa sasaran: yang harus ditanya gelombang itu, dan cara menghitungnya."""

    kode: str
    sasaran: tuple[str, ...]
    rumah: bool
    perlu: tuple[str, ...]
    hitung: Callable[[Responden], tuple[np.ndarray, np.ndarray]]


def kebenaran(responden: Responden) -> pd.DataFrame:
    """Nilai tiap indikator x sasaran yang variabelnya diketahui tata letak.

    Returns
    -------
    DataFrame
        ``simpul`` (``rt/KD1``), ``nilai`` (persen tertimbang), ``n`` (orang, atau rumah tangga bagi indikator rumah
        tangga pada sasaran ``rt``), ``tertimbang`` (jumlah penimbang penyebut).
    """
    p, letak = responden.p, responden.letak
    bobot, kepala = p.bobot[p.ruta], p.kepala
    anggota = _sasaran(responden)
    baris = []
    for indikator in INDIKATOR:
        if not letak.diketahui(*_perlu(indikator, responden)):
            continue
        ya, penyebut = indikator.hitung(responden)
        if indikator.rumah:
            ya, penyebut = ya[p.ruta], penyebut[p.ruta]
        for sasaran in indikator.sasaran:
            if sasaran not in anggota:
                continue
            ikut = anggota[sasaran] & penyebut
            if indikator.rumah and sasaran == "rt":
                ikut &= kepala
            jumlah = bobot[ikut].sum()
            if jumlah > 0:
                nilai = 100 * bobot[ikut & ya].sum() / jumlah
                baris.append((f"{sasaran}/{indikator.kode}", nilai, int(ikut.sum()), jumlah))
    hasil = pd.DataFrame(baris, columns=["simpul", "nilai", "n", "tertimbang"])
    urut = {s: i for i, s in enumerate(("rt", "pd", "ls"))}
    return hasil.sort_values("simpul", key=lambda x: x.str[:2].map(urut), kind="stable", ignore_index=True)


def _perlu(indikator: _Indikator, responden: Responden) -> tuple[str, ...]:
    if indikator.kode == "KE8":
        return _pos_kredit(responden.letak)
    kartu = (
        k for k in responden.letak.konsep if indikator.kode == "KD5" and k.startswith("kartu_") and k.endswith("_tgl")
    )
    return (*indikator.perlu, *kartu)


def _sasaran(responden: Responden) -> dict[str, np.ndarray]:
    p, letak = responden.p, responden.letak
    hasil = {}
    if letak.diketahui("kapita") or letak.diketahui("pengeluaran_rt"):
        urut = np.argsort(p.pengeluaran, kind="stable")
        jumlah = np.cumsum((p.bobot * p.isi)[urut])
        batas = p.pengeluaran[urut[np.searchsorted(jumlah, BAGIAN_TERBAWAH * jumlah[-1])]]
        hasil["rt"] = (p.pengeluaran <= batas)[p.ruta]
    if letak.diketahui("sulit_melihat", "sulit_mengurus_diri"):
        hasil["pd"] = responden.sulit
    hasil["ls"] = p.umur >= 60
    return hasil


# ---------------------------------------------------------------------- satu fungsi satu indikator


def _semua(n: int) -> np.ndarray:
    return np.ones(n, dtype=bool)


def _layak_huni(x: Responden) -> tuple[np.ndarray, np.ndarray]:
    """Luas tidak diketahui: pasti tidak layak bila syarat lain gagal, selain itu di luar penyebut."""
    p, r = x.p, x.rumah
    minum, mandi = r["air_minum"], r["air_mandi"]
    saniter = r["bab"].adalah("sendiri", "bersama ruta tertentu", "MCK komunal") & r["kloset"].adalah("leher angsa")
    saniter &= r["tinja"].adalah("tangki septik", "IPAL") | (r["tinja"].adalah("lubang tanah") & (p.daerah == 2))
    air = minum.adalah(*_AIR) | (minum.adalah("kemasan", "isi ulang") & mandi.adalah(*_AIR))
    lain = (
        r["atap"].adalah(*_ATAP) & r["dinding"].adalah(*_DINDING) & ~r["lantai"].adalah(*_LANTAI_BURUK) & saniter & air
    )
    luas = r["luas_lantai"]
    cukup = luas.nilai / p.isi >= LUAS_LAYAK
    return lain & cukup & ~luas.hilang, ~luas.hilang | ~lain


def _jaminan(x: Responden) -> tuple[np.ndarray, np.ndarray]:
    jalan, inap = (x.art[k].adalah("ya") for k in ("berobat_jalan", "rawat_inap"))
    pakai = [_salah_satu(x.art, (f"jaminan_{cara}_{nama}" for nama in JAMINAN)) for cara in ("jalan", "inap")]
    return jalan & pakai[0] | inap & pakai[1], jalan | inap


def _imunisasi(x: Responden) -> tuple[np.ndarray, np.ndarray]:
    ya, ikut = np.zeros(x.p.n, dtype=bool), np.zeros(x.p.n, dtype=bool)
    ya[x.balita] = x.imunisasi_lengkap
    ikut[x.balita] = (x.bulan >= 12) & (x.bulan <= 23)
    return ya, ikut


def _apm(x: Responden) -> tuple[np.ndarray, np.ndarray]:
    umur = x.p.umur
    ya = np.zeros(x.p.n, dtype=bool)
    for bawah, atas, tingkat in _UMUR_JENJANG:
        ya |= (umur >= bawah) & (umur <= atas) & x.sekolah & (x.tingkat == tingkat)
    return ya, (umur >= 7) & (umur <= 18)


def _salah_satu(jawaban: dict, konsep: Iterable[str]) -> np.ndarray:
    return np.logical_or.reduce([jawaban[k].adalah("ya") for k in konsep])


def _serumah_produktif(x: Responden) -> tuple[np.ndarray, np.ndarray]:
    produktif = (x.p.umur >= 15) & (x.p.umur <= 59)
    return (np.bincount(x.p.ruta, weights=produktif, minlength=x.p.r) > 0)[x.p.ruta], _semua(x.p.n)


def _bekerja_tidak_penuh(x: Responden) -> tuple[np.ndarray, np.ndarray]:
    jam = x.art["jam_seluruh"].nilai
    return x.bekerja & (jam >= 1) & (jam <= 34), x.bekerja


def _pos_kredit(letak: TataLetak) -> tuple[str, ...]:
    return tuple(k for k in letak.konsep if k.startswith("kredit_"))


_BACA = ("baca_latin", "baca_arab", "baca_lain")
_KERJA = ("kegiatan_bekerja", "sementara_tidak_bekerja")
INDIKATOR = (
    _Indikator("KD1", ("rt", "pd", "ls"), True,
               ("luas_lantai", "atap", "dinding", "lantai", "bab", "kloset", "tinja", "air_minum", "air_mandi"),
               _layak_huni),
    _Indikator("KD2", ("rt", "pd"), True, ("protein",),
               lambda x: (x.rumah["protein"].nilai >= PROTEIN_CUKUP, _semua(x.p.r))),
    _Indikator("KD2", ("ls",), True, ("kalori",), lambda x: (x.rumah["kalori"].nilai >= KALORI_CUKUP, _semua(x.p.r))),
    _Indikator("KD3", ("rt", "pd", "ls"), False,
               ("berobat_jalan", "rawat_inap", "jaminan_jalan_tidak", "jaminan_inap_tidak"), _jaminan),
    _Indikator("KD4", ("rt", "pd"), False, ("lahir_terakhir", "penolong_lahir"),
               lambda x: (x.art["penolong_lahir"].adalah(*NAKES),
                          x.art["lahir_terakhir"].adalah("dua tahun terakhir"))),
    _Indikator("KD5", ("rt",), False, ("umur_bulan", "kartu", *(f"ingat_{v}" for v in VAKSIN)), _imunisasi),
    _Indikator("KD6", ("rt", "pd"), False, ("partisipasi_sekolah", "jenjang"), _apm),
    _Indikator("KD7", ("pd", "ls"), False, _BACA, lambda x: (_salah_satu(x.art, _BACA), x.p.umur >= 15)),
    _Indikator("KD8", ("rt", "pd"), False, ("akta",),
               lambda x: (x.art["akta"].adalah("ya ditunjukkan", "ya tidak ditunjukkan"), x.p.umur <= 17)),
    _Indikator("KD9", ("rt", "pd", "ls"), False, ("nik",), lambda x: (x.art["nik"].adalah("ya"), _semua(x.p.n))),
    _Indikator("PS7", ("pd", "ls"), False, ("sulit_mengurus_diri",),
               lambda x: (x.art["sulit_mengurus_diri"].adalah("tidak kesulitan", "sedikit kesulitan"), x.p.umur >= 2)),
    _Indikator("PS8", ("ls",), False, ("umur",), _serumah_produktif),
    _Indikator("PS10", ("rt", "pd", "ls"), False, ("internet",),
               lambda x: (x.art["internet"].adalah("ya"), x.p.umur >= 5)),
    _Indikator("KE1", ("rt", "pd"), False, _KERJA, lambda x: (x.bekerja, x.p.umur >= 15)),
    _Indikator("KE1", ("ls",), False, (*_KERJA, "jam_seluruh"), _bekerja_tidak_penuh),
    _Indikator("KE2", ("pd", "ls"), False, (*_KERJA, "tujuan_menjual"),
               lambda x: (x.art["tujuan_menjual"].adalah("ya"), x.bekerja & (x.p.umur >= 15))),
    _Indikator("KE3", ("pd", "ls"), True, ("pensiun", "hari_tua"),
               lambda x: (_salah_satu(x.rumah, ("pensiun", "hari_tua")), _semua(x.p.r))),
    _Indikator("KE4", ("rt", "pd", "ls"), True, _KERJA,
               lambda x: (np.bincount(x.p.ruta, weights=x.bekerja, minlength=x.p.r) >= 2, _semua(x.p.r))),
    _Indikator("KE5", ("rt", "pd", "ls"), True, ("emas",), lambda x: (x.rumah["emas"].adalah("ya"), _semua(x.p.r))),
    _Indikator("KE7", ("rt", "pd", "ls"), False, ("rekening",),
               lambda x: (x.art["rekening"].adalah("ya"), x.p.umur >= 15)),
    _Indikator("KE8", ("rt", "pd", "ls"), True, (),
               lambda x: (_salah_satu(x.rumah, _pos_kredit(x.letak)), _semua(x.p.r))),
)  # fmt: skip
