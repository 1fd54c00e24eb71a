"""Pemeriksaan kodebuku terhadap satu berkas: tiap butir, tiap variabel, dan angka terbitan BPS di sampingnya."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja import fmt
from kinerja.errors import GalatData
from kinerja.ikesos.ukuran import Mulai
from kinerja.mikro import Kodebuku, Temuan
from kinerja.mikro.kodebuku import Butir
from kinerja.mikro.pintu import BANYAK_BERARTI
from kinerja.mikro.tata_letak import baca_acuan

BAIK, HATI, TOLAK = "baik", "periksa", "tidak tersedia"
BEDA_TERBESAR = 0.01
"""Selisih (poin persen) terhadap angka terbitan BPS yang masih dapat berasal dari pembulatan."""

_KODE_DITULIS = 12


@dataclass(frozen=True)
class HasilPeriksa:
    """Tiga tabel pemeriksaan."""

    butir: pd.DataFrame
    """Satu baris per sasaran, indikator, dan pembanding: ``butir``, ``nama``, ``pembilang``, ``penyebut``, ``yakin``,
    ``n`` (responden), ``nilai`` (persen tertimbang seluruh berkas), ``putusan``, ``sebab``."""
    variabel: pd.DataFrame
    """Satu baris per kolom yang disebut: ``variabel``, ``arti``, ``label``, ``n``, ``kosong``, ``nol``, ``hilang``
    (bagian 0 sampai 1), ``kode`` (kode yang muncul dan banyaknya), ``diharapkan_tiada``, ``putusan``, ``sebab``."""
    bps: pd.DataFrame
    """``kode_bps``, ``butir``, ``nama``, ``n``, ``nilai``, ``bps``, ``selisih``, ``cocok`` (bool), ``bagian``."""


def periksa_berkas(bingkai: pd.DataFrame, kodebuku: Kodebuku, *, minimum: int = BANYAK_BERARTI) -> HasilPeriksa:
    """Periksa satu berkas yang sudah dibaca; lihat :func:`kinerja.mikro.muat`.

    Nilai dan banyaknya jawaban dengan responden kurang dari ``minimum`` tidak ditulis.

    Raises
    ------
    GalatData
        Penimbang, rumah tangga, atau wilayahnya tidak dapat dipakai.
    """
    mulai = Mulai(bingkai, kodebuku)
    kode: dict[str, np.ndarray] = {}
    diperiksa = (b for b in kodebuku.butir.values() if b.jenis in ("sasaran", "indikator", "pembanding"))
    butir = pd.DataFrame([_periksa_butir(b, mulai, minimum, kode) for b in diperiksa])
    return HasilPeriksa(butir, _tabel_variabel(mulai.temuan, minimum), _banding_bps(kode, mulai, minimum))


def _periksa_butir(butir: Butir, mulai: Mulai, minimum: int, semua_kode: dict[str, np.ndarray]) -> dict[str, object]:
    """Satu baris tabel butir; kode tiap responden yang dapat dihitung ditambahkan ke ``semua_kode``."""
    isi = {
        "butir": butir.butir,
        "jenis": butir.jenis,
        "nama": butir.nama,
        "pembilang": butir.pembilang.teks if butir.pembilang else "",
        "penyebut": butir.penyebut.teks if butir.penyebut else "",
        "yakin": butir.yakin,
        "n": 0,
        "nilai": np.nan,
        "putusan": TOLAK,
        "sebab": mulai.sebab_kurang(butir),
    }
    if isi["sebab"]:
        return isi
    try:
        kode = mulai.kode(butir)
    except GalatData as galat:
        return isi | {"sebab": galat.ditemukan}
    if butir.unit == "ruta" and butir.jenis != "sasaran":
        kode = np.where(mulai.kepala, kode, np.int8(-1))
    semua_kode[butir.butir] = kode
    ikut = kode >= 0
    isi |= {"n": int(ikut.sum()), "nilai": _persen(kode, ikut, mulai.bobot)}
    if 0 < isi["n"] < minimum:
        return isi | {"n": pd.NA, "nilai": np.nan, "putusan": HATI, "sebab": f"kurang dari {minimum} responden"}
    isi["putusan"], isi["sebab"] = _putusan(isi, butir.nama_variabel, mulai.temuan)
    return isi


def _persen(kode: np.ndarray, ikut: np.ndarray, bobot: np.ndarray) -> float:
    jumlah = bobot[ikut].sum()
    return float(100 * bobot[ikut & (kode == 1)].sum() / jumlah) if jumlah > 0 else np.nan


def _putusan(isi: dict, nama: tuple[str, ...], temuan: dict[str, Temuan]) -> tuple[str, str]:
    sebab = [p for n in nama if n in temuan for p in temuan[n].peringatan]
    if isi["n"] == 0:
        sebab.append("tidak seorang pun masuk penyebutnya")
    elif isi["n"] >= BANYAK_BERARTI and isi["nilai"] in (0.0, 100.0):
        sebab.append(f"tepat {isi['nilai']:.0f} persen pada {isi['n']} responden")
    sebab += [
        f"kode {', '.join(temuan[n].tiada)} pada {n} tidak pernah muncul"
        for n in nama
        if n in temuan and temuan[n].tiada and sum((temuan[n].kode or {}).values()) >= BANYAK_BERARTI
    ]
    return (HATI, "; ".join(sebab)) if sebab else (BAIK, "")


def _tabel_variabel(temuan: dict[str, Temuan], minimum: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "variabel": t.nama,
            "arti": t.arti,
            "label": t.label,
            "n": t.n,
            "kosong": t.kosong / max(t.n, 1),
            "nol": t.nol / max(t.n, 1),
            "hilang": t.hilang / max(t.n, 1),
            "kode": _daftar_kode(t, minimum),
            "diharapkan_tiada": ", ".join(t.tiada),
            "putusan": TOLAK if t.gagal else HATI if t.peringatan or t.tiada else BAIK,
            "sebab": t.gagal or "; ".join(t.peringatan),
        }
        for t in temuan.values()
    )


def _daftar_kode(t: Temuan, minimum: int) -> str:
    isi, kecil = list((t.kode or {}).items()), f"<{minimum}"
    ekor = f", dan {len(isi) - _KODE_DITULIS} lagi" if len(isi) > _KODE_DITULIS else ""
    return ", ".join(f"{k}: {n if n >= minimum else kecil}" for k, n in isi[:_KODE_DITULIS]) + ekor


def angka_bps(tahun: int | None) -> pd.DataFrame:
    """Angka terbitan BPS satu gelombang: ``kode_bps`` (0 = Indonesia), ``butir``, ``angka``, ``bagian``."""
    isi = baca_acuan("angka_bps.csv", ("tahun", "kode_bps"), ("angka",))
    return isi[isi["tahun"] == tahun]


def _banding_bps(nilai: dict[str, np.ndarray], mulai: Mulai, minimum: int) -> pd.DataFrame:
    """Nilai tiap provinsi yang ada di berkas di samping angka terbitannya.

    Angka Indonesia hanya dibandingkan bila berkasnya memuat semua provinsi yang bernomor di terbitan tahun itu.
    """
    kodebuku, bobot = mulai.kodebuku, mulai.bobot
    provinsi = mulai.sebaris(mulai.penilai.nilai(kodebuku.rancangan("provinsi").pembilang).isi).astype(float)
    ada = set(np.unique(provinsi[~np.isnan(provinsi)]).astype(int))
    baris = []
    for isi in angka_bps(kodebuku.tahun).to_dict("records"):
        kode = nilai.get(isi["butir"])
        if kode is None or (len(ada) < 34 if isi["kode_bps"] == 0 else isi["kode_bps"] not in ada):
            continue
        ikut = kode >= 0
        if isi["kode_bps"]:
            ikut = ikut & (provinsi == isi["kode_bps"])
        if ikut.sum() >= minimum:
            hasil = {"n": int(ikut.sum()), "nilai": _persen(kode, ikut, bobot)}
            baris.append(isi | hasil | {"nama": kodebuku.butir[isi["butir"]].nama, "bps": isi["angka"]})
    hasil = pd.DataFrame(baris, columns=["kode_bps", "butir", "nama", "n", "nilai", "bps", "bagian"])
    hasil.insert(6, "selisih", hasil["nilai"] - hasil["bps"])
    hasil.insert(7, "cocok", hasil["selisih"].abs() <= BEDA_TERBESAR)
    return hasil


def laporan(hasil: HasilPeriksa) -> list[str]:
    """Baris-baris yang dicetak: tiap butir dengan variabelnya, lalu angka BPS."""
    variabel = hasil.variabel.set_index("variabel")
    isi = []
    for b in hasil.butir.to_dict("records"):
        angka = "" if pd.isna(b["nilai"]) else f" {fmt.angka(b['nilai'], 2)} persen, n {fmt.angka(b['n'])}"
        isi.append(f"[{b['putusan']}] {b['butir']} {b['nama']} ({b['yakin'].replace('_', ' ')}):{angka}")
        if b["sebab"]:
            isi.append(f"    sebab: {b['sebab']}")
        if b["pembilang"]:
            isi.append(f"    {b['pembilang']}" + (f"  /  {b['penyebut']}" if b["penyebut"] else ""))
    isi.append("Variabel:")
    for nama, v in variabel.iterrows():
        bagian = ", ".join(f"{apa} {fmt.persen(100 * v[apa])}" for apa in ("kosong", "nol", "hilang") if v[apa] > 0)
        label = f" | label: {v['label']}" if v["label"] else ""
        isi.append(f"[{v['putusan']}] {nama}: {v['arti']}{label}" + (f" | {bagian}" if bagian else ""))
        if v["kode"]:
            isi.append(f"    kode: {v['kode']}")
        if v["sebab"]:
            isi.append(f"    sebab: {v['sebab']}")
    return isi + laporan_bps(hasil.bps)


def laporan_bps(bps: pd.DataFrame) -> list[str]:
    """Baris-baris perbandingan dengan angka terbitan BPS."""
    if not len(bps):
        return ["Angka terbitan BPS: tidak ada yang dapat dibandingkan dengan berkas ini."]
    cocok, batas = int(bps["cocok"].sum()), fmt.angka(BEDA_TERBESAR, 2)
    isi = [f"Angka terbitan BPS: {cocok} dari {len(bps)} cocok sampai {batas} poin."]
    for b in bps.to_dict("records"):
        tanda = "cocok" if b["cocok"] else "BEDA"
        tempat = "Indonesia" if not b["kode_bps"] else f"provinsi {b['kode_bps']}"
        isi.append(
            f"[{tanda}] {tempat} {b['butir']} {b['nama']}: berkas {fmt.angka(b['nilai'], 2)}, "
            f"BPS {fmt.angka(b['bps'], 2)} ({b['bagian']})"
        )
    return isi
