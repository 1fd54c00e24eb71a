"""Data mikro yang melebihi memori diringkas di mesin hitung menjadi sel PSU x domain.

Hasilnya `Sel` yang sama dengan :func:`kinerja.survey.ringkas`, jadi semua taksiran (galat baku, domain, Ikesos) bekerja
di atasnya tanpa berubah. Yang masuk ke memori hanya sel: paling banyak PSU x domain yang benar-benar ada.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from kinerja.errors import GalatHitung, GalatParameter
from kinerja.survey.desain import Desain, gabung_psu
from kinerja.survey.kode import daftar_kolom, gabung_kode, kode_kolom
from kinerja.survey.sel import Momen, Sel

if TYPE_CHECKING:
    import ibis

_MAKS_KATEGORI = 1000


def ringkas_besar(
    tabel: ibis.Table,
    variabel: Sequence[str] = (),
    *,
    bobot: str,
    psu: str | Sequence[str],
    strata: str | Sequence[str] | None = None,
    domain: str | Sequence[str] = (),
    kategori: Sequence[str] = (),
    rasio: Mapping[str, tuple[str, str]] | None = None,
    bersarang: bool = False,
    psu_tunggal: str = "fail",
) -> Sel:
    """Ringkas tabel Ibis menjadi sel PSU x domain, dua kali baca.

    Parameters
    ----------
    tabel : ibis.Table
        Satu baris per responden, SELURUH sampel; Parquet lewat DuckDB atau Spark. Kolomnya boleh ekspresi.
    variabel, domain, kategori, rasio
        Seperti :func:`kinerja.survey.ringkas`.
    bobot : str
        Kolom bobot: tidak negatif, tidak kosong.
    psu, strata : str atau daftar str
        Rancangan; lihat `bersarang`.
    bersarang, psu_tunggal
        Lihat :class:`kinerja.survey.Desain`.

    Returns
    -------
    Sel
        Rancangannya tanpa larik sepanjang responden: taksiran linear berjalan, bobot replikasi per orang tidak.

    Raises
    ------
    GalatParameter
        Kolom tidak ada atau bukan bilangan, nama ukuran kembar, tidak ada ukuran.
    GalatHitung
        Tabel kosong, bobot tidak sah, strata atau PSU kosong, PSU di dua strata, nilai tak hingga, strata ber-PSU
        tunggal.
    """
    rasio = dict(rasio or {})
    kolom_psu, kolom_strata, kolom_domain = daftar_kolom(psu), daftar_kolom(strata), daftar_kolom(domain)
    variabel, kategori = daftar_kolom(variabel), daftar_kolom(kategori)
    perlu = [
        *variabel,
        *kolom_domain,
        *kategori,
        bobot,
        *kolom_psu,
        *kolom_strata,
        *(k for p in rasio.values() for k in p),
    ]
    hilang = [k for k in perlu if k not in tabel.columns]
    if hilang:
        raise GalatParameter(f"Kolom tidak ada di data: {', '.join(dict.fromkeys(hilang))}.")
    ukuran = _ukuran(tabel, variabel, kategori, rasio)
    if not ukuran:
        raise GalatParameter("Tidak ada ukuran yang diringkas: isi variabel, kategori, atau rasio.")
    w = _bilangan(tabel, bobot)
    nilai = {f"y{i}": y for i, (y, _) in enumerate(ukuran.values())}
    nilai |= {f"x{i}": x for i, (_, x) in enumerate(ukuran.values()) if x is not None}
    kunci = {f"s{i}": tabel[k] for i, k in enumerate(kolom_strata)} | {
        f"p{i}": tabel[k] for i, k in enumerate(kolom_psu)
    }
    kunci |= {f"d{i}": _tanpa_nan(tabel[k]) for i, k in enumerate(kolom_domain)}
    t = tabel.select(w=w, **kunci, **nilai)
    pusat = _pusat(t, list(ukuran), bobot)
    isi = t.group_by(*kunci).agg(**_jumlah(t, ukuran, pusat)).to_pandas()
    desain, nomor_psu = _desain(isi, kolom_strata, kolom_psu, bersarang, psu_tunggal)
    kode, label = {}, {}
    for i, nama in enumerate(kolom_domain):
        kode[nama], label[nama] = kode_kolom(isi[f"d{i}"])
    # Urutan yang sama dengan `ringkas`: PSU, lalu domain menurut urutan kolomnya, kosong lebih dahulu.
    urutan = np.lexsort([*(kode[k] for k in reversed(kolom_domain)), nomor_psu])
    momen = {nama: _momen(isi, i, x is not None, pusat, urutan) for i, (nama, (_, x)) in enumerate(ukuran.items())}
    return Sel(desain, momen, nomor_psu[urutan], {k: v[urutan] for k, v in kode.items()}, label)


def _tanpa_nan(kolom: ibis.Column) -> ibis.Column:
    return kolom.isnan().ifelse(None, kolom) if kolom.type().is_floating() else kolom


def _bilangan(tabel: ibis.Table, nama: str) -> ibis.Column:
    """Kolom sebagai float64; NaN menjadi kosong, sebab mesin membedakan keduanya dan pandas tidak."""
    kolom = tabel[nama]
    if not (kolom.type().is_numeric() or kolom.type().is_boolean()):
        raise GalatParameter(f"Kolom '{nama}' bukan bilangan; berikan sebagai kategori.")
    kolom = _tanpa_nan(kolom)
    if kolom.type().is_boolean():
        return kolom.cast("int64").cast("float64")
    return kolom.cast("float64")


def _ukuran(tabel, variabel, kategori, rasio) -> dict[str, tuple]:
    """Nama ukuran -> (pembilang, penyebut atau None)."""
    hasil: dict[str, tuple] = {}

    def tambah(nama: str, y, x=None) -> None:
        if nama in hasil:
            raise GalatParameter(f"Nama ukuran '{nama}' dipakai dua kali.")
        hasil[nama] = y, x

    for nama in variabel:
        tambah(nama, _bilangan(tabel, nama))
    for nama in kategori:
        kolom = tabel[nama].strip().nullif("") if tabel[nama].type().is_string() else tabel[nama]
        ada = (
            tabel.select(k=kolom).distinct().filter(lambda t: t.k.notnull()).limit(_MAKS_KATEGORI + 1).to_pandas()["k"]
        )
        if len(ada) > _MAKS_KATEGORI:
            raise GalatParameter(f"Kolom '{nama}' memuat lebih dari {_MAKS_KATEGORI} kategori.")
        for k in sorted(ada):
            tambah(f"{nama}={k}", (kolom == k).cast("int64").cast("float64"))
    for nama, (atas, bawah) in rasio.items():
        y, x = _bilangan(tabel, atas), _bilangan(tabel, bawah)
        tambah(nama, x.isnull().ifelse(None, y), y.isnull().ifelse(None, x))
    return hasil


def _pusat(t: ibis.Table, nama: list[str], bobot: str) -> dict[str, np.ndarray]:
    """Bacaan pertama: bobot dan isi diperiksa; rerata tertimbang tiap ukuran menjadi titik pusat kuadratnya."""
    w = t["w"]
    banyak = range(len(nama))
    hasil = t.agg(
        baris=t.count(),
        buruk=t.count(where=w.isnull() | w.isinf() | (w < 0)),
        total=w.sum(),
        **{f"inf{i}": reduce(or_, [t[k].isinf() for k in (f"y{i}", f"x{i}") if k in t.columns]).sum() for i in banyak},
        **{f"n{i}": t.count(where=t[f"y{i}"].notnull() & (w > 0)) for i in banyak},
        **{f"lain{i}": t.count(where=(t[f"y{i}"] != 0) & (t[f"y{i}"] != 1)) for i in banyak},
        **{f"wy{i}": (w * t[f"y{i}"]).sum() for i in banyak},
        **{f"w{i}": w.sum(where=t[f"y{i}"].notnull()) for i in banyak},
    ).to_pandas()
    x = hasil.iloc[0].astype(float).fillna(0.0)
    if x["baris"] == 0:
        raise GalatHitung("Data survei tidak berisi satu baris pun.")
    if x["buruk"]:
        raise GalatHitung(f"Kolom bobot '{bobot}' memuat nilai kosong, tak hingga, atau negatif.")
    if not x["total"]:
        raise GalatHitung(f"Semua bobot di kolom '{bobot}' nol.")
    for i, satu in enumerate(nama):
        if x[f"inf{i}"]:
            raise GalatHitung(f"Kolom '{satu}' memuat nilai tak hingga.")
    proporsi = np.array([x[f"lain{i}"] == 0 and x[f"n{i}"] > 0 for i in banyak])
    geser = np.array([x[f"wy{i}"] / x[f"w{i}"] if x[f"w{i}"] > 0 and not proporsi[i] else 0.0 for i in banyak])
    return {"proporsi": proporsi, "geser": geser}


def _jumlah(t: ibis.Table, ukuran: Mapping[str, tuple], pusat: dict[str, np.ndarray]) -> dict:
    """Bacaan kedua: jumlah tertimbang tiap sel."""
    w = t["w"]
    hasil = {"berbobot": t.count(where=w > 0)}
    for i, (_, x) in enumerate(ukuran.values()):
        y = t[f"y{i}"]
        hasil[f"n_{i}"] = t.count(where=y.notnull() & (w > 0))
        hasil[f"w_{i}"] = w.sum(where=y.notnull())
        hasil[f"y_{i}"] = (w * y).sum()
        if x is not None:
            wx = w * t[f"x{i}"]
            hasil |= {f"x_{i}": wx.sum(), f"yy_{i}": (w * y * y).sum(), f"xy_{i}": (wx * y).sum()}
            hasil[f"xx_{i}"] = (wx * t[f"x{i}"]).sum()
        elif not pusat["proporsi"][i]:
            beda = y - float(pusat["geser"][i])
            hasil[f"yy_{i}"] = (w * beda * beda).sum()
    return hasil


def _momen(isi: pd.DataFrame, i: int, rasio: bool, pusat: dict[str, np.ndarray], urutan: np.ndarray) -> Momen:
    def larik(apa: str) -> np.ndarray:
        # Sel yang seluruh isinya kosong berjumlah NULL di mesin, nol di sini.
        return np.nan_to_num(isi[f"{apa}_{i}"].to_numpy(dtype=float, na_value=np.nan), nan=0.0)[urutan]

    n, w, y = larik("n").astype(np.int64), larik("w"), larik("y")
    if rasio:
        return Momen(n, w, larik("x"), y, (larik("yy"), larik("xy"), larik("xx")), 0.0, False, True)
    if pusat["proporsi"][i]:
        return Momen(n, w, w, y, y, 0.0, True, False)
    return Momen(n, w, w, y, larik("yy"), float(pusat["geser"][i]), False, False)


def _desain(
    isi: pd.DataFrame, strata: tuple[str, ...], psu: tuple[str, ...], bersarang: bool, psu_tunggal: str
) -> tuple[Desain, np.ndarray]:
    """Rancangan dari sel, dan nomor PSU tiap sel; penomorannya sama dengan `Desain.dari_bingkai`."""
    kode_strata, label_strata = _kode_lengkap(isi, "s", strata)
    if not strata:
        label_strata = pd.DataFrame({"strata": ["semua"]})
    nomor, strata_psu = gabung_psu(kode_strata, label_strata, *_kode_lengkap(isi, "p", psu), bersarang)
    berbobot = np.bincount(nomor, weights=isi["berbobot"], minlength=len(strata_psu)) > 0
    desain = Desain(
        np.empty(0), np.empty(0, dtype=np.int64), strata_psu, label_strata,
        psu_tunggal=psu_tunggal, psu_berbobot=berbobot,
    )  # fmt: skip
    return desain, nomor


def _kode_lengkap(isi: pd.DataFrame, awalan: str, nama: tuple[str, ...]) -> tuple[np.ndarray, pd.DataFrame]:
    pasangan = [kode_kolom(isi[f"{awalan}{i}"]) for i in range(len(nama))]
    for satu, (kode, _) in zip(nama, pasangan, strict=True):
        if (kode < 0).any():
            raise GalatHitung(f"Kolom '{satu}' memuat nilai kosong, padahal bagian dari rancangan survei.")
    return gabung_kode([k for k, _ in pasangan], [x for _, x in pasangan], nama, len(isi))
