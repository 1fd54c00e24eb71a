"""Dari berkas (satu atau beberapa) dan kodebuku ke satu tabel anggota rumah tangga yang siap dihitung.

Jati diri rumah tangga diperiksa, bukan dipercaya.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from kinerja import terbaca
from kinerja.errors import GalatData, GalatParameter
from kinerja.fmt import angka, persen
from kinerja.istilah import Catatan
from kinerja.mikro.berkas import baca_kolom, daftar_kolom, daftar_label
from kinerja.mikro.ekspresi import Penilai
from kinerja.mikro.kodebuku import Kodebuku, baca_kodebuku, jenis_variabel
from kinerja.mikro.pintu import LABEL, kenali_gelombang, periksa_gelombang
from kinerja.mikro.rapikan import rapikan
from kinerja.mikro.sintetis import TAHUN_BAKU, TANDA, buat_sintetis
from kinerja.mikro.tulis import berkas_bawaan, folder_sintetis
from kinerja.pilihan_berkas import pisah_berkas

ANGGOTA = "R401"
"""Nomor anggota pada semua gelombang Kor; kodebuku dapat menyebut yang lain pada baris ``anggota``."""

BATAS_JANGGAL = 0.01
"""Bagian rumah tangga tanpa satu kepala, atau nilai yang berbeda di dua berkas, yang masih sekadar disebut."""

BATAS_COCOK = 0.5
"""Penggabungan dengan kecocokan di bawah ini dihentikan."""

_WAJIB = ("bobot", "ruta", "kepala_ruta", "provinsi")
_TETAP = {"psu": "PSU", "strata": "strata", "provinsi": "provinsi", "kabkota": "kabupaten/kota"}


@dataclass(frozen=True)
class Mikro:
    """Data mikro yang sudah dibaca."""

    bingkai: pd.DataFrame
    """Satu baris per anggota rumah tangga (atau per rumah tangga, lihat ``orang``), kolom bernama seperti kodebuku."""
    kodebuku: Kodebuku
    nama: str
    sintetis: bool
    """Berkas memuat kolom ``SINTETIS``; semua hasilnya berkeadaan sintetis."""
    catatan: tuple[str, ...] = ()
    """Kecocokan penggabungan dan kejanggalan yang tidak menghentikan pembacaan."""
    orang: bool = True
    """Salah: berkasnya hanya memuat rumah tangga."""

    @property
    def keadaan(self) -> str:
        """Keadaan angka yang dihitung dari data ini: ``sintetis`` atau ``diturunkan``."""
        return "sintetis" if self.sintetis else "diturunkan"


def berkas_mikro(mikro: str | Path | Sequence[str | Path] = "", tahun: int | None = None) -> list[Path]:
    """Berkas yang dimaksud sebuah pilihan ``mikro``; kosong: :func:`berkas_bawaan` gelombang ``tahun``."""
    berkas = [Path(x) for x in pisah_berkas(mikro)] or berkas_bawaan(TAHUN_BAKU if tahun is None else tahun)
    for satu in berkas:
        terbaca.note_file(satu)
    return berkas


def kodebuku_bagi(
    mikro: str | Path | Sequence[str | Path] = "",
    kodebuku: Kodebuku | str | Path | None = None,
    tahun: int | None = None,
) -> Kodebuku:
    """Kodebuku bagi berkas-berkas ini: yang disebut, atau milik gelombangnya; parameternya seperti :func:`muat`.

    Raises
    ------
    GalatData
        Berkas tampak dari gelombang lain.
    GalatParameter
        Gelombangnya tidak dikenali atau lebih dari satu yang cocok.
    """
    if isinstance(kodebuku, Kodebuku):
        tahun = kodebuku.tahun if tahun is None else tahun
    if not pisah_berkas(mikro):
        tahun = TAHUN_BAKU if tahun is None else tahun
    else:
        daftar = berkas_mikro(mikro)
        kolom = [k for x in daftar for k in daftar_kolom(x)]
        nama = " + ".join(x.name for x in daftar)
        if tahun is not None:
            periksa_gelombang(kolom, tahun, nama)
        elif not kodebuku:
            cocok = kenali_gelombang(kolom)
            if len(cocok) != 1:
                temuan = f"cocok dengan {' atau '.join(map(str, cocok))}" if cocok else "tidak dikenali dari kolomnya"
                raise GalatParameter(f"Gelombang Susenas {nama} {temuan}; sebutkan tahunnya (--tahun).")
            tahun = cocok[0]
    return kodebuku if isinstance(kodebuku, Kodebuku) else baca_kodebuku(kodebuku or None, tahun)


def muat(
    mikro: str | Path | Sequence[str | Path] = "",
    kodebuku: Kodebuku | str | Path | None = None,
    tahun: int | None = None,
) -> Mikro:
    """Baca data mikro.

    Parameters
    ----------
    mikro : path, daftar path, teks berpemisah titik koma, atau ""
        Kosong: survei sintetis kecil, dibuat bila belum ada. Berkas apa pun dari satu survei, urutan bebas: belahan
        anggota digabung menurut rumah tangga dan nomor anggota, berkas rumah tangga dan KP blok 43 menurut rumah
        tangga. Berkas rumah tangga saja juga dapat dibaca.
    kodebuku, tahun
        Baku: kodebuku gelombang itu, dan gelombang yang dikenali dari nama kolomnya.

    Raises
    ------
    GalatData
        Berkas tidak terbaca, kolom wajib tidak ada, kunci tidak ada, berulang, atau tidak cocok, atau penimbang tidak
        sah.
    """
    kodebuku = kodebuku_bagi(mikro, kodebuku, tahun)
    jenis = jenis_variabel(kodebuku)
    try:
        daftar = berkas_mikro(mikro, kodebuku.tahun)
    except OSError:
        # folder hanya-baca: survei sintetis tetap dapat dipakai, hanya tidak tersimpan
        isi = buat_sintetis(kodebuku.tahun or TAHUN_BAKU).gabungan(kodebuku.variabel)
        rapi = {k: rapikan(pa.array(isi[k]), k, TANDA, jenis=jenis.get(k, "")) for k in isi if k != TANDA}
        return Mikro(pd.DataFrame(rapi, copy=False), kodebuku, folder_sintetis(kodebuku.tahun or TAHUN_BAKU).name, True)
    ruta, anggota = _kunci(kodebuku, "ruta"), (_kunci(kodebuku, "anggota") or [ANGGOTA])[0]
    kepala, bobot = _kunci(kodebuku, "kepala_ruta"), _kunci(kodebuku, "bobot")
    bagian, bertanda = [], False
    for berkas in daftar:
        isi = baca_kolom(berkas, [*dict.fromkeys([*kodebuku.variabel, anggota, TANDA])], {anggota: "nomor", **jenis})
        bertanda |= TANDA in isi
        orang = anggota in isi or all(k in isi for k in kepala)
        bagian.append(_Bagian(berkas.name, isi.drop(columns=TANDA, errors="ignore"), orang))
    _periksa_kolom(bagian, kodebuku)
    hasil, catatan = _gabung(bagian, ruta, anggota, bobot)
    if not hasil.orang:
        catatan.append(Catatan("hanya_ruta", berkas=hasil.nama))
    catatan += _periksa(hasil, ruta, kodebuku)
    bingkai = hasil.isi if anggota in kodebuku.variabel else hasil.isi.drop(columns=anggota, errors="ignore")
    bingkai.attrs[LABEL] = {
        "".join(k.split()).upper(): x for berkas in reversed(daftar) for k, x in daftar_label(berkas).items()
    }
    return Mikro(bingkai, kodebuku, " + ".join(x.name for x in daftar), bertanda, tuple(catatan), hasil.orang)


def nomor_ruta(bingkai: pd.DataFrame, kodebuku: Kodebuku) -> np.ndarray:
    """Nomor rumah tangga tiap baris, 0, 1, ...; semua kolom yang disebut baris ``ruta`` bersama-sama kuncinya."""
    return _nomor(bingkai, _kunci(kodebuku, "ruta"))


def _kunci(kodebuku: Kodebuku, nama: str) -> list[str]:
    butir = kodebuku.rancangan(nama)
    return [x for x in butir.nama_variabel if x not in kodebuku.parameter] if butir else []


@dataclass(frozen=True)
class _Bagian:
    """Satu berkas yang sudah dibaca; ``orang``: satu baris per anggota, selain itu satu baris per rumah tangga."""

    nama: str
    isi: pd.DataFrame
    orang: bool

    def galat(self, kolom: Sequence[str], ditemukan: str, diharapkan: str) -> GalatData:
        return GalatData(self.nama, kolom=", ".join(kolom), ditemukan=ditemukan, diharapkan=diharapkan)


# Yang diperiksa -------------------------------------------------------------------------------------------------------


def _periksa_kolom(bagian: Sequence[_Bagian], kodebuku: Kodebuku) -> None:
    """Kolom wajib ada di salah satu berkas; kepala rumah tangga hanya wajib bila ada berkas anggota."""
    ada = {k for x in bagian for k in x.isi}
    for wajib in _WAJIB:
        butir = kodebuku.rancangan(wajib)
        kurang = kodebuku.kurang(butir, ada)
        if kurang and not (wajib == "kepala_ruta" and not any(x.orang for x in bagian)):
            raise GalatData(
                " + ".join(x.nama for x in bagian),
                kolom=kurang[0],
                ditemukan=f"kolom {', '.join(kurang)} tidak ada",
                diharapkan=f"kolom untuk {butir.nama.lower()}; sesuaikan baris '{butir.butir}' di {kodebuku.nama}",
            )


def _periksa(hasil: _Bagian, ruta: Sequence[str], kodebuku: Kodebuku) -> list[str]:
    """Penimbang, tempat, dan kepala tiap rumah tangga; yang sekadar perlu disebut dikembalikan."""
    catatan = _periksa_bobot(hasil, kodebuku)
    tetap = {sebutan: _kunci(kodebuku, nama) for nama, sebutan in _TETAP.items()}
    kode = _nomor(hasil.isi, ruta)
    _periksa_tempat(hasil, kode, ruta, {x: k for x, k in tetap.items() if k and all(y in hasil.isi for y in k)})
    if hasil.orang:
        kolom = _kunci(kodebuku, "kepala_ruta")
        try:
            nilai = Penilai(hasil.isi, parameter=kodebuku.parameter).nilai(kodebuku.rancangan("kepala_ruta").pembilang)
        except GalatParameter as galat:
            raise hasil.galat(kolom, "isi yang bukan kode", "kode kepala rumah tangga") from galat
        catatan += _periksa_kepala(hasil, nilai.pasti(), kode, kolom)
    return catatan


def _periksa_bobot(hasil: _Bagian, kodebuku: Kodebuku) -> list[str]:
    butir, n = kodebuku.rancangan("bobot"), len(hasil.isi)
    kolom = butir.nama_variabel
    try:
        nilai = Penilai(hasil.isi, parameter=kodebuku.parameter).nilai(butir.pembilang)
        bobot = np.broadcast_to(np.asarray(nilai.isi, float), n)
    except (GalatParameter, ValueError) as galat:
        raise hasil.galat(kolom, "penimbang yang bukan angka", "penimbang berupa bilangan") from galat
    kosong = np.broadcast_to(False if nilai.kosong is None else nilai.kosong, n)
    negatif, tak_hingga = ~kosong & (bobot < 0), ~kosong & ~np.isfinite(bobot)
    for salah, sebutan in ((kosong, "kosong"), (negatif, "negatif"), (tak_hingga, "tak hingga")):
        if banyak := int(salah.sum()):
            temuan = f"penimbang {sebutan} di {angka(banyak)} dari {angka(n)} baris"
            raise hasil.galat(kolom, temuan, "penimbang positif di tiap baris")
    nol = int((bobot == 0).sum())
    if nol == n:
        raise hasil.galat(kolom, "penimbang nol di semua baris", "penimbang positif")
    return [Catatan("bobot_nol", berkas=hasil.nama, n=nol)] if nol else []


def _periksa_tempat(hasil: _Bagian, kode: np.ndarray, ruta: Sequence[str], tetap: Mapping[str, Sequence[str]]) -> None:
    """Satu rumah tangga berada di satu PSU, strata, dan wilayah; bila tidak, nomornya tidak unik."""
    awal = np.flatnonzero(~pd.Series(kode).duplicated())
    for hal, kolom in tetap.items():
        isi = _nomor(hasil.isi, kolom)
        dua = len(np.unique(kode[isi != isi[awal][kode]]))
        if dua:
            banyak = f"{angka(dua)} dari {angka(len(awal))} rumah tangga"
            kunci = " + ".join(dict.fromkeys([*kolom, *ruta]))
            harapan = f"nomor yang unik; tulis kunci majemuk pada baris 'ruta' kodebuku, misalnya {kunci}"
            raise hasil.galat(ruta, f"{banyak} berada di lebih dari satu {hal} ({', '.join(kolom)})", harapan)


def _periksa_kepala(hasil: _Bagian, kepala: np.ndarray, ruta: np.ndarray, kolom: Sequence[str]) -> list[str]:
    """Tepat satu kepala di tiap rumah tangga; sedikit yang lain disebut, lebih dari `BATAS_JANGGAL` dihentikan."""
    banyak = np.bincount(ruta, weights=kepala).astype(int)
    tanpa, lebih = int((banyak == 0).sum()), int((banyak > 1).sum())
    if not tanpa + lebih:
        return []
    if max(tanpa, lebih) > BATAS_JANGGAL * len(banyak):
        temuan = f"{angka(tanpa)} tanpa kepala dan {angka(lebih)} berkepala dua atau lebih, dari {angka(len(banyak))}"
        raise hasil.galat(kolom, f"{temuan} rumah tangga", "tepat satu kepala di tiap rumah tangga")
    return [Catatan("kepala_janggal", berkas=hasil.nama, tanpa=tanpa, lebih=lebih, dari=len(banyak))]


# Menggabungkan --------------------------------------------------------------------------------------------------------


def _gabung(bagian: Sequence[_Bagian], ruta: Sequence[str], anggota: str, bobot: Sequence[str]) -> tuple[_Bagian, list]:
    """Gabungkan semua berkas pada berkas anggota pertama; tanpa berkas anggota, pada berkas rumah tangga pertama.

    ``ruta``: kolom-kolom yang bersama-sama menunjuk satu rumah tangga. Kolom ``bobot`` boleh berbeda antara berkas
    rumah tangga dan anggota. Catatannya: kecocokan tiap penggabungan dan yang berbeda.
    """
    catatan: list[str] = []
    siap = [_bersih(x, ruta, catatan) for x in bagian]
    for x in siap:
        if x.orang and anggota in x.isi and (kosong := int(x.isi[anggota].isna().sum())):
            raise x.galat([anggota], f"{angka(kosong)} baris tanpa nomor anggota", "nomor di tiap baris")
    orang = [x for x in siap if x.orang]
    dasar = orang[0] if orang else siap[0]
    kunci = {True: [*ruta, *([anggota] if anggota in dasar.isi else [])], False: list(ruta)}
    _periksa_unik(dasar, kunci[dasar.orang], _nomor(dasar.isi, kunci[dasar.orang]), len(orang) > 1)
    for lain in sorted((x for x in siap if x is not dasar), key=lambda x: not x.orang):
        dasar = _gabung_satu(dasar, lain, kunci[lain.orang], bobot, catatan)
    return dasar, catatan


def _nomor(bingkai: pd.DataFrame, kolom: Sequence[str]) -> np.ndarray:
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


def _bersih(bagian: _Bagian, ruta: Sequence[str], catatan: list[str]) -> _Bagian:
    """Tanpa baris yang seluruhnya kosong; setiap baris lain harus bernomor rumah tangga."""
    if kurang := [k for k in ruta if k not in bagian.isi]:
        harapan = "nomor rumah tangga; kolomnya disebut baris 'ruta' di kodebuku"
        raise GalatData(bagian.nama, ditemukan=f"tanpa kolom {', '.join(kurang)}", diharapkan=harapan)
    kosong = bagian.isi[list(ruta)].isna().any(axis=1).to_numpy()
    if not kosong.any():
        return bagian
    hampa = kosong.copy()
    hampa[kosong] = bagian.isi[kosong].isna().all(axis=1).to_numpy()
    if sisa := int((kosong & ~hampa).sum()):
        raise bagian.galat(ruta, f"{angka(sisa)} baris tanpa nomor rumah tangga", "nomor di tiap baris")
    catatan.append(Catatan("baris_kosong", berkas=bagian.nama, n=int(hampa.sum())))
    return replace(bagian, isi=bagian.isi[~hampa].reset_index(drop=True))


def _periksa_unik(bagian: _Bagian, kunci: Sequence[str], kode: np.ndarray, bersama: bool) -> None:
    kali = np.bincount(kode)
    ganda = int((kali > 1).sum())
    if not ganda or (bagian.orang and len(kunci) == 1 and not bersama):
        # berkas anggota tanpa nomor anggota: rumah tangga memang berulang
        return
    if bagian.orang:
        apa = "pasangan rumah tangga dan anggota berulang"
        harapan = "satu baris per anggota; nomor rumah tangga mungkin hanya unik di dalam PSU atau kabupaten/kota"
    else:
        apa = "rumah tangga ganda"
        harapan = "satu baris per rumah tangga; berkas KP blok 41 dan 42 berbaris per komoditas, pakai blok 43"
    raise bagian.galat(kunci, f"{angka(ganda)} {apa}, sampai {angka(int(kali.max()))} kali", harapan)


def _gabung_satu(
    dasar: _Bagian, lain: _Bagian, kunci: Sequence[str], bobot: Sequence[str], catatan: list[str]
) -> _Bagian:
    if kurang := [k for k in kunci if k not in lain.isi]:
        raise lain.galat(kunci, f"tanpa kolom {', '.join(kurang)}", "kunci yang sama dengan berkas pertama")
    # kode kunci kedua berkas di ruang yang sama
    kode = _nomor(pd.DataFrame({k: _tumpuk(*_samakan(dasar, lain, k, catatan)) for k in kunci}, copy=False), kunci)
    kiri, kanan = kode[: len(dasar.isi)], kode[len(dasar.isi) :]
    _periksa_unik(lain, kunci, kanan, True)
    if set(dasar.isi) == set(lain.isi) and dasar.orang == lain.orang and not np.isin(kanan, kiri).any():
        catatan.append(Catatan("ditambahkan", berkas=lain.nama, n=len(lain.isi), dasar=dasar.nama))
        tumpuk = {k: _tumpuk(dasar.isi[k], lain.isi[k]) for k in dasar.isi}
        return replace(dasar, isi=pd.DataFrame(tumpuk, copy=False))
    letak = np.full(int(kode.max()) + 1, -1)
    letak[kanan] = np.arange(len(kanan))
    letak = letak[kiri]
    cocok = letak >= 0
    sisa = len(kanan) - _berbeda(letak[cocok])
    apa = "anggota" if lain.orang else "rumah tangga"
    banyak_kiri = len(kiri) if lain.orang else _berbeda(kiri)
    banyak_cocok = _berbeda(kiri[cocok])
    bagian = 100 * banyak_cocok / banyak_kiri
    if banyak_cocok < BATAS_COCOK * banyak_kiri:
        yang_cocok = f"{angka(banyak_cocok)} dari {angka(banyak_kiri)} {apa} ({persen(bagian)})"
        temuan = f"{yang_cocok if banyak_cocok else f'tidak satu pun {apa}'} cocok dengan {dasar.nama}"
        raise lain.galat(kunci, temuan, "nomor yang sama di kedua berkas")
    catatan.append(
        Catatan(
            "anggota_cocok" if lain.orang else "ruta_cocok",
            berkas=lain.nama, cocok=banyak_cocok, dari=banyak_kiri, bagian=bagian, dasar=dasar.nama, sisa=sisa,
        )
    )  # fmt: skip
    baru = {k: _ambil(lain.isi[k], letak) for k in lain.isi if k not in dasar.isi}
    for k in (k for k in lain.isi if k in dasar.isi and k not in kunci):
        _periksa_sama(dasar, lain, k, letak, k in bobot and not lain.orang, catatan)
    return replace(dasar, isi=dasar.isi.assign(**baru))


def _teks(*kolom: pd.Series) -> list[bool]:
    return [isinstance(x.dtype, pd.CategoricalDtype) for x in kolom]


def _samakan(a: _Bagian, b: _Bagian, k: str, catatan: list[str]) -> tuple[pd.Series, pd.Series]:
    """Nomor yang teks di satu berkas dan bilangan di berkas lain dibaca sebagai bilangan bila tetap tunggal."""
    x, y = a.isi[k], b.isi[k]
    x_teks, y_teks = _teks(x, y)
    if x_teks == y_teks:
        return x, y
    bagian, kolom, lain = (a, x, b.nama) if x_teks else (b, y, a.nama)
    isi = kolom.cat.categories
    if not isi.str.fullmatch("[0-9]{1,18}").all() or len({int(i) for i in isi}) != len(isi):
        temuan = f"nomor berupa teks (misalnya '{isi[0]}'), sedangkan di {lain} berupa bilangan"
        raise bagian.galat([k], temuan, "nomor yang disimpan dengan cara yang sama")
    catatan.append(Catatan("nomor_dua_jenis", kolom=k, teks=bagian.nama, bilangan=lain, n=len(isi)))
    bilangan = pd.Series(isi.astype("int64").to_numpy()[kolom.cat.codes], index=kolom.index)
    return (bilangan, y) if x_teks else (x, bilangan)


def _tumpuk(a: pd.Series, b: pd.Series) -> pd.Series:
    teks = _teks(a, b)
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


def _periksa_sama(dasar: _Bagian, lain: _Bagian, k: str, letak: np.ndarray, ringan: bool, catatan: list[str]) -> None:
    """Kolom yang ada di kedua berkas harus sama isinya bagi baris yang cocok."""
    a, b = dasar.isi[k], lain.isi[k]
    cocok = letak >= 0
    if not cocok.all():
        a, letak = a[cocok], letak[cocok]
    b = b.iloc[letak]
    ada = a.notna().to_numpy() & b.notna().to_numpy()
    teks = _teks(a, b)
    if all(teks):
        # kode kategori, bukan 1,2 juta teks; yang tidak ada di kategori a menjadi -1
        padanan = np.append(a.cat.categories.get_indexer(b.cat.categories), -1)
        berbeda = a.cat.codes.to_numpy() != padanan[b.cat.codes.to_numpy()]
    elif any(teks):
        berbeda = a.astype(object).astype(str).to_numpy() != b.astype(object).astype(str).to_numpy()
    else:
        berbeda = a.to_numpy() != b.to_numpy()
    beda, dari = int((berbeda & ada).sum()), int(ada.sum())
    if not beda:
        return
    if beda > BATAS_JANGGAL * dari and not ringan:
        temuan = f"{k} berbeda antara {dasar.nama} dan {lain.nama} di {angka(beda)} dari {angka(dari)} baris yang cocok"
        raise lain.galat([k], temuan, "isi yang sama; kuncinya mungkin tidak menunjuk orang yang sama")
    catatan.append(Catatan("isi_berbeda", kolom=k, dasar=dasar.nama, berkas=lain.nama, beda=beda, dari=dari))
