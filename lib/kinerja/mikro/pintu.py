"""Yang diperiksa di pintu: gelombang berkas, label kolomnya, dan kode-kode di dalamnya terhadap yang diharapkan.

Variabel yang gagal membuat indikator yang memakainya *tidak tersedia* dengan sebabnya; kode yang tidak dikenal tidak
pernah menjadi "tidak" secara diam-diam.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import is_numeric_dtype

from kinerja.errors import GalatData
from kinerja.istilah import Catatan
from kinerja.mikro.kodebuku import Kodebuku, kata_label
from kinerja.mikro.tata_letak import Variabel, baca_acuan

LABEL = "label_variabel"
"""Kunci ``attrs`` bingkai: nama kolom -> label di berkasnya."""

BAGIAN_ASING = 0.01
"""Di atas bagian jawaban ini kode yang tidak dikenal menggagalkan variabelnya; di bawahnya dianggap tidak diketahui."""

BANYAK_BERARTI = 30
"""Kolom sependek ini belum membuktikan apa pun dari yang tidak muncul di dalamnya."""

_BERKODE = ("kode", "angka", "huruf")
_KATA_UTUH = 3


@dataclass(frozen=True)
class Temuan:
    """Hasil pemeriksaan satu kolom."""

    nama: str
    arti: str
    """Menurut tata letak."""
    label: str
    """Di berkas; kosong bila formatnya tidak berlabel."""
    n: int
    kosong: int = 0
    nol: int = 0
    """Yang 0 tanpa arti (dilewati)."""
    hilang: int = 0
    """Yang berkode "tidak tahu"."""
    kode: Mapping[str, int] | None = None
    """Kode yang muncul -> banyaknya (hanya variabel berkode)."""
    asing: Mapping[str, int] | None = None
    """Kode yang tidak dikenal."""
    tiada: tuple[str, ...] = ()
    """Kode yang diharapkan tetapi tidak pernah muncul."""
    gagal: str = ""
    """Sebab kolom ini tidak boleh dipakai; kosong bila boleh."""
    peringatan: tuple[str, ...] = ()


def kenali_gelombang(kolom: Iterable[str]) -> tuple[int, ...]:
    """Gelombang yang paling cocok dengan nama-nama kolom; kosong bila tidak ada satu tanda pun.

    Lebih dari satu bila tandanya sama banyak, misalnya 2020 dan 2021 tanpa kolom ``WI3``.
    """
    ada = {x.strip().upper() for x in kolom}
    suara = Counter(t for nama, tahun in _tanda().items() if nama in ada for t in tahun)
    return tuple(sorted(t for t, n in suara.items() if n == max(suara.values())))


def periksa_gelombang(kolom: Iterable[str], tahun: int, nama: str) -> None:
    """Berhenti bila tanda-tanda pada nama kolom sebuah berkas lebih cocok dengan gelombang lain."""
    ada = {x.strip().upper() for x in kolom}
    cocok = kenali_gelombang(ada)
    if cocok and tahun not in cocok:
        sebab = [x for x, t in _tanda().items() if x in ada and tahun not in t]
        temuan = f"kolom {', '.join(sebab)}, tanda Susenas {' atau '.join(map(str, cocok))}"
        raise GalatData(nama, ditemukan=temuan, diharapkan=f"berkas Susenas {tahun}; sebutkan tahun yang benar")


def _tanda() -> dict[str, tuple[int, ...]]:
    """Nama kolom yang menandai gelombang -> gelombang-gelombangnya."""
    isi = baca_acuan("tanda_gelombang.csv")
    for baris, teks in zip(isi["baris"], isi["tahun"], strict=True):
        if not re.fullmatch(r"[0-9]{4}( [0-9]{4})*", teks):
            nama, harapan = "acuan/susenas/tanda_gelombang.csv", "tahun-tahun berpemisah spasi"
            raise GalatData(nama, baris=int(baris), kolom="tahun", ditemukan=f"'{teks}'", diharapkan=harapan)
    return {k: tuple(map(int, t.split())) for k, t in zip(isi["kolom"], isi["tahun"], strict=True)}


def label_lain(label: str, kata: tuple[str, ...], semua: Mapping[str, tuple[str, ...]]) -> str:
    """Konsep lain yang disebut label; kosong bila label memuat katanya sendiri atau tidak dikenal."""
    teks = label.lower()
    if not teks or not kata or _menyebut(teks, kata):
        return ""
    return next((k for k, milik in semua.items() if _menyebut(teks, milik)), "")


def _menyebut(teks: str, kata: Iterable[str]) -> bool:
    """Kata pendek harus berdiri sendiri: ``hp`` tidak ada di dalam ``mahpilih``."""
    utuh = set(re.findall(r"\w+", teks))
    return any(k in utuh if len(k) <= _KATA_UTUH else k in teks for k in kata)


def periksa_variabel(bingkai: pd.DataFrame, kodebuku: Kodebuku) -> dict[str, Temuan]:
    """Periksa setiap kolom yang disebut kodebuku dan ada di data.

    ``bingkai`` memuat satu baris per anggota rumah tangga; ``attrs["label_variabel"]`` labelnya bila ada.
    """
    label = bingkai.attrs.get(LABEL, {})
    semua = kata_label() if label else {}
    hasil = {}
    for nama in (x for x in kodebuku.variabel if x in bingkai):
        v, label_ini = kodebuku.isian.get(nama), label.get(nama.upper(), "")
        arti = v.arti if v is not None else ""
        if lain := label_lain(label_ini, kodebuku.kata.get(nama, ()), semua):
            isi = {"label": label_ini, "lain": lain.replace("_", " "), "arti": arti or nama}
            sebab = Catatan("label_lain", kolom=nama, **isi)
            hasil[nama] = Temuan(nama, arti, label_ini, len(bingkai), gagal=sebab)
        else:
            hasil[nama] = _periksa_kode(bingkai[nama], v, nama, arti, label_ini)
    return hasil


def _periksa_kode(kolom: pd.Series, v: Variabel | None, nama: str, arti: str, label: str) -> Temuan:
    n = len(kolom)
    if v is None or v.jenis not in _BERKODE or not (v.kode or v.rentang):
        return Temuan(nama, arti, label, n, kosong=int(kolom.isna().sum()))
    banyak = Counter()
    for isi, jumlah in kolom.value_counts(dropna=False).items():
        banyak[_kunci(isi, v)] += int(jumlah)
    kosong = banyak.pop(None, 0)
    hilang = sum(banyak.pop(k, 0) for k in list(banyak) if k in v.hilang)
    nol = 0 if _sah(0, v) else banyak.pop(0, 0)
    asing = {_tulis(k): j for k, j in sorted(banyak.items(), key=lambda x: -x[1]) if not _sah(k, v)}
    tiada = tuple(_tulis(k) for k in v.kode if k not in banyak) if v.jenis == "kode" else ()
    jawaban, salah = sum(banyak.values()), sum(asing.values())
    gagal, peringatan = "", []
    contoh = [Catatan("kali", kode=k, n=j) for k, j in list(asing.items())[:5]]
    if salah > BAGIAN_ASING * jawaban:
        rentang = [] if v.rentang is None else [f"{v.rentang[0]}..{'' if v.rentang[1] is None else v.rentang[1]}"]
        harapan = ", ".join([*rentang, *map(_tulis, v.kode)])
        gagal = Catatan("kode_asing", kolom=nama, contoh=contoh, harapan=harapan)
    elif salah:
        peringatan.append(Catatan("kode_asing_sedikit", kolom=nama, contoh=contoh))
    if not gagal and n >= BANYAK_BERARTI and not jawaban and not (v.jenis == "angka" and nol):
        gagal = Catatan("huruf_kosong" if v.jenis == "huruf" else "kosong_seluruhnya", kolom=nama)
    if nol and v.lewat == "tidak":
        peringatan.append(Catatan("nol_tanpa_lewat", kolom=nama, n=nol))
    kode = {_tulis(k): j for k, j in sorted(banyak.items(), key=lambda x: str(x[0]).zfill(8))}
    return Temuan(nama, arti, label, n, kosong, nol, hilang, kode, asing, tiada, gagal, tuple(peringatan))


def _kunci(isi: object, v: Variabel) -> object:
    """Nilai sel sebagai kode: bilangan, huruf, atau None bila kosong."""
    if pd.isna(isi):
        return None
    if isinstance(isi, str):
        isi = isi.strip()
        if not isi or isi == ".":
            return None
        if v.jenis == "huruf" and isi != "0":
            return isi
        try:
            isi = float(isi.replace(",", "."))
        except ValueError:
            return isi
    return int(isi) if float(isi).is_integer() else float(isi)


def _sah(kunci: object, v: Variabel) -> bool:
    if kunci in v.kode or kunci in v.hilang:
        return True
    if v.rentang is None or isinstance(kunci, str):
        return False
    return v.rentang[0] <= kunci and (v.rentang[1] is None or kunci <= v.rentang[1])


def _tulis(kunci: object) -> str:
    return kunci if isinstance(kunci, str) else f"{kunci:g}"


def bersihkan(bingkai: pd.DataFrame, kodebuku: Kodebuku, temuan: Mapping[str, Temuan]) -> pd.DataFrame:
    """Kode "tidak tahu", kode yang tidak dikenal, dan 0 pada pertanyaan yang tidak pernah dilewati menjadi kosong.

    Teks pada variabel berkode bilangan menjadi bilangan.
    """
    baru = {}
    for nama, t in temuan.items():
        v = kodebuku.isian.get(nama)
        buang_nol = t.nol and v.lewat == "tidak"
        bukan_bilangan = v is not None and v.jenis in ("kode", "angka") and not is_numeric_dtype(bingkai[nama].dtype)
        if not (t.hilang or t.asing or buang_nol or bukan_bilangan) or t.gagal:
            continue
        nilai = bingkai[nama].unique()
        buang = [
            x for x in nilai
            if (k := _kunci(x, v)) is not None and (k in v.hilang or (not _sah(k, v) and (k != 0 or buang_nol)))
        ]  # fmt: skip
        baru[nama] = bingkai[nama].mask(np.asarray(bingkai[nama].isin(buang)))
        if bukan_bilangan:
            arti = {x: _kunci(x, v) for x in nilai}
            baru[nama] = pd.Series([arti.get(x, np.nan) for x in baru[nama]], index=bingkai.index, dtype=float)
    return bingkai.assign(**baru) if baru else bingkai
