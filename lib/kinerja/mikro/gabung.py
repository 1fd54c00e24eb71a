"""Beberapa berkas satu survei menjadi satu tabel, dan jati diri rumah tangga yang diperiksa, bukan dipercaya."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja.errors import GalatData
from kinerja.fmt import angka, persen
from kinerja.istilah import Catatan

BATAS_JANGGAL = 0.01
"""Bagian rumah tangga tanpa satu kepala, atau nilai yang berbeda di dua berkas, yang masih sekadar disebut."""

BATAS_COCOK = 0.5
"""Penggabungan dengan kecocokan di bawah ini dihentikan."""


@dataclass(frozen=True)
class Bagian:
    """Satu berkas yang sudah dibaca.

    Attributes
    ----------
    nama : str
    isi : DataFrame
    orang : bool
        Satu baris per anggota rumah tangga; selain itu satu baris per rumah tangga.
    """

    nama: str
    isi: pd.DataFrame
    orang: bool


def gabung(bagian: Sequence[Bagian], ruta: Sequence[str], anggota: str, bobot: Sequence[str]) -> tuple[Bagian, list]:
    """Gabungkan semua berkas pada berkas anggota pertama; tanpa berkas anggota, pada berkas rumah tangga pertama.

    Parameters
    ----------
    bagian : sequence of Bagian
    ruta : sequence of str
        Kolom-kolom yang bersama-sama menunjuk satu rumah tangga.
    anggota : str
        Kolom nomor anggota di dalam rumah tangga.
    bobot : sequence of str
        Kolom penimbang; penimbang rumah tangga boleh berbeda dari penimbang anggota.

    Returns
    -------
    hasil : Bagian
    catatan : list of str
        Kecocokan tiap penggabungan dan yang berbeda.

    Raises
    ------
    GalatData
        Kunci tidak ada, kosong, berulang, atau tidak cocok; atau kolom yang sama berbeda isi.
    """
    catatan: list[str] = []
    siap = [_bersih(x, ruta, catatan) for x in bagian]
    for x in siap:
        if x.orang and anggota in x.isi and x.isi[anggota].isna().any():
            raise _galat(x, [anggota], f"{_n(x.isi[anggota].isna())} baris tanpa nomor anggota", "nomor di tiap baris")
    orang = [x for x in siap if x.orang]
    dasar = orang[0] if orang else siap[0]
    kunci = {True: [*ruta, *([anggota] if anggota in dasar.isi else [])], False: list(ruta)}
    _periksa_unik(dasar, kunci[dasar.orang], nomor(dasar.isi, kunci[dasar.orang]), len(orang) > 1)
    for lain in sorted((x for x in siap if x is not dasar), key=lambda x: not x.orang):
        dasar = _gabung_satu(dasar, lain, kunci[lain.orang], bobot, catatan)
    return dasar, catatan


def nomor(bingkai: pd.DataFrame, kolom: Sequence[str]) -> np.ndarray:
    """Nomor urut 0, 1, ... bagi tiap isi unik kolom-kolom itu bersama-sama, menurut kemunculan."""
    hasil = None
    for k in kolom:
        satu, unik = pd.factorize(bingkai[k], use_na_sentinel=False)
        if hasil is not None:
            # difaktorkan lagi tiap langkah supaya hasil kalinya tidak meluap
            satu = pd.factorize(hasil * len(unik) + satu)[0]
        hasil = satu.astype(np.int64)
    return np.zeros(len(bingkai), np.int64) if hasil is None else hasil


def _berbeda(kode: np.ndarray) -> int:
    """Banyaknya kode padat (0, 1, ...) yang berbeda; jauh lebih murah daripada ``np.unique`` atas jutaan baris."""
    return int(np.count_nonzero(np.bincount(kode)))


def periksa_ruta(bingkai: pd.DataFrame, ruta: Sequence[str], tetap: Mapping[str, Sequence[str]], nama: str) -> None:
    """Satu rumah tangga berada di satu PSU, strata, dan wilayah.

    Parameters
    ----------
    tetap : mapping of str to sequence of str
        Nama hal (``PSU``) -> kolom-kolomnya.

    Raises
    ------
    GalatData
        Ada rumah tangga di dua tempat: nomornya tidak unik.
    """
    kode = nomor(bingkai, ruta)
    awal = np.flatnonzero(~pd.Series(kode).duplicated())
    for hal, kolom in tetap.items():
        isi = nomor(bingkai, kolom)
        dua = np.unique(kode[isi != isi[awal][kode]])
        if len(dua):
            raise GalatData(
                nama,
                kolom=", ".join(ruta),
                ditemukan=f"{angka(len(dua))} dari {angka(len(awal))} rumah tangga berada di lebih dari satu {hal} "
                f"({', '.join(kolom)})",
                diharapkan="nomor yang unik; tulis kunci majemuk pada baris 'ruta' kodebuku, misalnya "
                f"{' + '.join(dict.fromkeys([*kolom, *ruta]))}",
            )


def periksa_kepala(kepala: np.ndarray, ruta: np.ndarray, nama: str, kolom: str) -> list[str]:
    """Tepat satu kepala di tiap rumah tangga; sedikit yang lain disebut, banyak dihentikan.

    Raises
    ------
    GalatData
        Lebih dari ``BATAS_JANGGAL`` rumah tangga tanpa kepala, atau berkepala dua atau lebih.
    """
    banyak = np.bincount(ruta, weights=kepala).astype(int)
    tanpa, lebih = int((banyak == 0).sum()), int((banyak > 1).sum())
    if not tanpa + lebih:
        return []
    if max(tanpa, lebih) > BATAS_JANGGAL * len(banyak):
        temuan = f"{angka(tanpa)} tanpa kepala dan {angka(lebih)} berkepala dua atau lebih, dari {angka(len(banyak))}"
        raise GalatData(
            nama, kolom=kolom, ditemukan=f"{temuan} rumah tangga", diharapkan="tepat satu kepala di tiap rumah tangga"
        )
    return [Catatan("kepala_janggal", berkas=nama, tanpa=tanpa, lebih=lebih, dari=len(banyak))]


def _bersih(bagian: Bagian, ruta: Sequence[str], catatan: list[str]) -> Bagian:
    """Tanpa baris yang seluruhnya kosong; setiap baris lain harus bernomor rumah tangga."""
    kurang = [k for k in ruta if k not in bagian.isi]
    if kurang:
        raise GalatData(
            bagian.nama,
            ditemukan=f"tanpa kolom {', '.join(kurang)}",
            diharapkan="nomor rumah tangga; kolomnya disebut baris 'ruta' di kodebuku",
        )
    kosong = bagian.isi[list(ruta)].isna().any(axis=1).to_numpy()
    if not kosong.any():
        return bagian
    hampa = kosong.copy()
    hampa[kosong] = bagian.isi[kosong].isna().all(axis=1).to_numpy()
    if (sisa := int((kosong & ~hampa).sum())) > 0:
        raise _galat(bagian, ruta, f"{angka(sisa)} baris tanpa nomor rumah tangga", "nomor di tiap baris")
    catatan.append(Catatan("baris_kosong", berkas=bagian.nama, n=int(hampa.sum())))
    return Bagian(bagian.nama, bagian.isi[~hampa].reset_index(drop=True), bagian.orang)


def _periksa_unik(bagian: Bagian, kunci: Sequence[str], kode: np.ndarray, bersama: bool) -> None:
    kali = np.bincount(kode)
    ganda = int((kali > 1).sum())
    if not ganda or (bagian.orang and len(kunci) == 1 and not bersama):
        # berkas anggota tanpa nomor anggota: rumah tangga memang berulang
        return
    if bagian.orang:
        raise _galat(
            bagian,
            kunci,
            f"{angka(ganda)} pasangan rumah tangga dan anggota berulang, sampai {angka(int(kali.max()))} kali",
            "satu baris per anggota; nomor rumah tangga mungkin hanya unik di dalam PSU atau kabupaten/kota",
        )
    raise _galat(
        bagian,
        kunci,
        f"{angka(ganda)} rumah tangga ganda, sampai {angka(int(kali.max()))} kali",
        "satu baris per rumah tangga; berkas KP blok 41 dan 42 berbaris per komoditas, pakai blok 43",
    )


def _gabung_satu(dasar: Bagian, lain: Bagian, kunci: Sequence[str], bobot: Sequence[str], catatan: list[str]) -> Bagian:
    kurang = [k for k in kunci if k not in lain.isi]
    if kurang:
        raise _galat(lain, kunci, f"tanpa kolom {', '.join(kurang)}", "kunci yang sama dengan berkas pertama")
    kiri, kanan = _kode_bersama(dasar, lain, kunci, catatan)
    _periksa_unik(lain, kunci, kanan, True)
    if set(dasar.isi) == set(lain.isi) and dasar.orang == lain.orang and not np.isin(kanan, kiri).any():
        catatan.append(Catatan("ditambahkan", berkas=lain.nama, n=len(lain.isi), dasar=dasar.nama))
        tumpuk = {k: _tumpuk(dasar.isi[k], lain.isi[k]) for k in dasar.isi}
        return Bagian(dasar.nama, pd.DataFrame(tumpuk, copy=False), dasar.orang)
    letak = np.full(int(max(kiri.max(), kanan.max())) + 1, -1)
    letak[kanan] = np.arange(len(kanan))
    letak = letak[kiri]
    cocok = letak >= 0
    sisa = len(kanan) - _berbeda(letak[cocok])
    apa = "anggota" if lain.orang else "rumah tangga"
    banyak_kiri = len(kiri) if lain.orang else _berbeda(kiri)
    banyak_cocok = _berbeda(kiri[cocok])
    bagian = 100 * banyak_cocok / banyak_kiri
    if banyak_cocok < BATAS_COCOK * banyak_kiri:
        cocok = f"{angka(banyak_cocok)} dari {angka(banyak_kiri)} {apa} ({persen(bagian)})"
        temuan = f"{cocok if banyak_cocok else f'tidak satu pun {apa}'} cocok dengan {dasar.nama}"
        raise _galat(lain, kunci, temuan, "nomor yang sama di kedua berkas")
    catatan.append(
        Catatan(
            "anggota_cocok" if lain.orang else "ruta_cocok",
            berkas=lain.nama, cocok=banyak_cocok, dari=banyak_kiri, bagian=bagian, dasar=dasar.nama, sisa=sisa,
        )
    )  # fmt: skip
    baru = {k: _ambil(lain.isi[k], letak) for k in lain.isi if k not in dasar.isi}
    for k in lain.isi:
        if k in dasar.isi and k not in kunci:
            ringan = k in bobot and not lain.orang
            _periksa_sama(dasar, lain, k, letak, ringan, catatan)
    return Bagian(dasar.nama, dasar.isi.assign(**baru), dasar.orang)


def _kode_bersama(a: Bagian, b: Bagian, kunci: Sequence[str], catatan: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Kode kunci kedua berkas di ruang yang sama."""
    kolom = {k: _tumpuk(*_samakan(a, b, k, catatan)) for k in kunci}
    kode = nomor(pd.DataFrame(kolom, copy=False), kunci)
    return kode[: len(a.isi)], kode[len(a.isi) :]


def _samakan(a: Bagian, b: Bagian, k: str, catatan: list[str]) -> tuple[pd.Series, pd.Series]:
    """Nomor yang teks di satu berkas dan bilangan di berkas lain dibaca sebagai bilangan bila tetap tunggal."""
    x, y = a.isi[k], b.isi[k]
    teks = [isinstance(s.dtype, pd.CategoricalDtype) for s in (x, y)]
    if teks[0] == teks[1]:
        return x, y
    bagian, kolom = (a, x) if teks[0] else (b, y)
    isi = kolom.cat.categories
    if not isi.str.fullmatch("[0-9]{1,18}").all() or len({int(i) for i in isi}) != len(isi):
        raise _galat(
            bagian,
            [k],
            f"nomor berupa teks (misalnya '{isi[0]}'), sedangkan di {(b if teks[0] else a).nama} berupa bilangan",
            "nomor yang disimpan dengan cara yang sama",
        )
    lain = (b if teks[0] else a).nama
    catatan.append(Catatan("nomor_dua_jenis", kolom=k, teks=bagian.nama, bilangan=lain, n=len(isi)))
    bilangan = pd.Series(isi.astype("int64").to_numpy()[kolom.cat.codes], index=kolom.index)
    return (bilangan, y) if teks[0] else (x, bilangan)


def _tumpuk(a: pd.Series, b: pd.Series) -> pd.Series:
    teks = [isinstance(s.dtype, pd.CategoricalDtype) for s in (a, b)]
    if not any(teks):
        return pd.concat([a, b], ignore_index=True)
    semua = [s if t else s.map(lambda x: None if pd.isna(x) else f"{x:g}") for s, t in zip((a, b), teks, strict=True)]
    satu = pd.concat([s.astype(object) for s in semua], ignore_index=True)
    return satu.astype(pd.CategoricalDtype(pd.Index(sorted(satu.dropna().unique()), dtype="str")))


def _ambil(kolom: pd.Series, letak: np.ndarray) -> pd.Series:
    """Isi kolom di letak itu; -1 menjadi kosong."""
    if (letak >= 0).all():
        return kolom.iloc[letak].reset_index(drop=True)
    if isinstance(kolom.dtype, pd.CategoricalDtype):
        kode = np.append(kolom.cat.codes.to_numpy(), -1)[letak]
        return pd.Series(pd.Categorical.from_codes(kode, dtype=kolom.dtype))
    isi = kolom.to_numpy()
    tipe = np.float32 if isi.dtype.kind == "i" and isi.dtype.itemsize <= 2 else np.float64
    return pd.Series(np.append(isi, 0).astype(tipe)[letak]).mask(letak < 0)


def _periksa_sama(dasar: Bagian, lain: Bagian, k: str, letak: np.ndarray, ringan: bool, catatan: list[str]) -> None:
    """Kolom yang ada di kedua berkas harus sama isinya bagi baris yang cocok."""
    a, b = dasar.isi[k], lain.isi[k]
    cocok = letak >= 0
    if not cocok.all():
        a, letak = a[cocok], letak[cocok]
    b = b.iloc[letak]
    ada = a.notna().to_numpy() & b.notna().to_numpy()
    teks = [isinstance(x.dtype, pd.CategoricalDtype) for x in (a, b)]
    if all(teks):
        # kode kategori, bukan 1,2 juta teks; yang tidak ada di kategori a menjadi -1
        padanan = np.append(a.cat.categories.get_indexer(b.cat.categories), -1)
        berbeda = a.cat.codes.to_numpy() != padanan[b.cat.codes.to_numpy()]
    elif any(teks):
        berbeda = a.astype(object).astype(str).to_numpy() != b.astype(object).astype(str).to_numpy()
    else:
        berbeda = a.to_numpy() != b.to_numpy()
    beda = int((berbeda & ada).sum())
    if not beda:
        return
    dari = int(ada.sum())
    if beda > BATAS_JANGGAL * dari and not ringan:
        temuan = f"{k} berbeda antara {dasar.nama} dan {lain.nama} di {angka(beda)} dari {angka(dari)} baris yang cocok"
        raise _galat(lain, [k], temuan, "isi yang sama; kuncinya mungkin tidak menunjuk orang yang sama")
    catatan.append(Catatan("isi_berbeda", kolom=k, dasar=dasar.nama, berkas=lain.nama, beda=beda, dari=dari))


def _galat(bagian: Bagian, kolom: Sequence[str], ditemukan: str, diharapkan: str) -> GalatData:
    return GalatData(bagian.nama, kolom=", ".join(kolom), ditemukan=ditemukan, diharapkan=diharapkan)


def _n(tanda: pd.Series) -> str:
    return angka(int(tanda.sum()))
