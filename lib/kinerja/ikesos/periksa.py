"""Pemeriksaan kodebuku terhadap satu berkas: tiap butir, tiap variabel, dan angka terbitan BPS di sampingnya."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from kinerja import fmt, terbaca
from kinerja.data import schema
from kinerja.data.reading import read_numbers
from kinerja.errors import GalatData
from kinerja.ikesos.ukuran import PERLU_ORANG, Mulai, mulai_nilai, nilai_butir, sebab_kurang
from kinerja.mikro import Kodebuku, Temuan
from kinerja.mikro.pintu import BANYAK_BERARTI
from kinerja.mikro.tata_letak import folder_susenas

BAIK, HATI, TOLAK = "baik", "periksa", "tidak tersedia"
BEDA_TERBESAR = 0.01
"""Selisih (poin persen) terhadap angka terbitan BPS yang masih dapat berasal dari pembulatan."""

_KODE_DITULIS = 12


@dataclass(frozen=True)
class HasilPeriksa:
    """Tiga tabel pemeriksaan.

    Attributes
    ----------
    butir : DataFrame
        Satu baris per sasaran, indikator, dan pembanding: ``butir``, ``nama``, ``pembilang``, ``penyebut``, ``yakin``,
        ``n`` (responden), ``nilai`` (persen tertimbang seluruh berkas), ``putusan``, ``sebab``.
    variabel : DataFrame
        Satu baris per kolom yang disebut: ``variabel``, ``arti``, ``label``, ``n``, ``kosong``, ``nol``, ``hilang``
        (bagian 0 sampai 1), ``kode`` (kode yang muncul dan banyaknya), ``diharapkan_tiada``, ``putusan``, ``sebab``.
    bps : DataFrame
        ``kode_bps``, ``butir``, ``nama``, ``n``, ``nilai``, ``bps``, ``selisih``, ``cocok`` (bool), ``bagian``.
    """

    butir: pd.DataFrame
    variabel: pd.DataFrame
    bps: pd.DataFrame


def periksa_berkas(bingkai: pd.DataFrame, kodebuku: Kodebuku, *, minimum: int = BANYAK_BERARTI) -> HasilPeriksa:
    """Periksa satu berkas yang sudah dibaca.

    Parameters
    ----------
    bingkai : DataFrame
        Lihat :func:`kinerja.mikro.muat`.
    kodebuku : Kodebuku
    minimum : int
        Nilai dan banyaknya jawaban dengan responden lebih sedikit tidak ditulis.

    Raises
    ------
    GalatData
        Penimbang, rumah tangga, atau wilayahnya tidak dapat dipakai.
    """
    mulai = mulai_nilai(bingkai, kodebuku)
    baris, nilai = [], {}
    for butir in kodebuku.butir.values():
        if butir.jenis not in ("sasaran", "indikator", "pembanding"):
            continue
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
            "sebab": sebab_kurang(butir, kodebuku, mulai.bingkai, mulai.temuan),
        }
        if not isi["sebab"] and not mulai.orang and butir.unit == "art" and butir.jenis != "sasaran":
            isi["sebab"] = PERLU_ORANG
        if not isi["sebab"]:
            try:
                kode = nilai_butir(mulai.penilai, butir, kodebuku, len(bingkai))
            except GalatData as galat:
                isi["sebab"] = galat.ditemukan
            else:
                if butir.unit == "ruta" and butir.jenis != "sasaran":
                    kode = np.where(mulai.kepala, kode, np.int8(-1))
                nilai[butir.butir] = kode
                ikut = kode >= 0
                isi |= {"n": int(ikut.sum()), "nilai": _persen(kode, ikut, mulai.bobot)}
                isi["putusan"], isi["sebab"] = _putusan(isi, butir.nama_variabel, mulai.temuan)
                if 0 < isi["n"] < minimum:
                    isi |= {"n": pd.NA, "nilai": np.nan, "putusan": HATI, "sebab": f"kurang dari {minimum} responden"}
        baris.append(isi)
    return HasilPeriksa(
        pd.DataFrame(baris), _tabel_variabel(mulai.temuan, minimum), _banding_bps(nilai, mulai, kodebuku, minimum)
    )


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
    """Angka terbitan BPS satu gelombang: ``kode_bps`` (0 = Indonesia), ``butir``, ``angka``, ``bagian``.

    Raises
    ------
    GalatData
        Berkasnya rusak.
    """
    berkas = folder_susenas() / "angka_bps.csv"
    terbaca.note_file(berkas)
    kolom = schema.tables()["angka_bps"].kolom
    isi = read_numbers(berkas, f"acuan/susenas/{berkas.name}", kolom, ("tahun", "kode_bps"), ("angka",))
    return isi[isi["tahun"] == tahun]


def _banding_bps(nilai: dict[str, np.ndarray], mulai: Mulai, kodebuku: Kodebuku, minimum: int) -> pd.DataFrame:
    """Nilai tiap provinsi yang ada di berkas di samping angka terbitannya.

    Angka Indonesia hanya dibandingkan bila berkasnya memuat semua provinsi yang bernomor di terbitan tahun itu.
    """
    butir = kodebuku.rancangan("provinsi")
    bobot = mulai.bobot
    provinsi = np.broadcast_to(mulai.penilai.nilai(butir.pembilang).isi, bobot.shape).astype(float)
    terbit = angka_bps(kodebuku.tahun)
    ada = set(np.unique(provinsi[~np.isnan(provinsi)]).astype(int))
    nasional = len(ada) >= 34
    baris = []
    for isi in terbit.to_dict("records"):
        kode = nilai.get(isi["butir"])
        if kode is None or (not nasional if isi["kode_bps"] == 0 else isi["kode_bps"] not in ada):
            continue
        ikut = kode >= 0
        if isi["kode_bps"]:
            ikut = ikut & (provinsi == isi["kode_bps"])
        if ikut.sum() < minimum:
            continue
        hasil = _persen(kode, ikut, bobot)
        selisih = hasil - isi["angka"]
        baris.append(
            {
                "kode_bps": isi["kode_bps"],
                "butir": isi["butir"],
                "nama": kodebuku.butir[isi["butir"]].nama,
                "n": int(ikut.sum()),
                "nilai": hasil,
                "bps": isi["angka"],
                "selisih": selisih,
                "cocok": bool(abs(selisih) <= BEDA_TERBESAR),
                "bagian": isi["bagian"],
            }
        )
    kolom = ["kode_bps", "butir", "nama", "n", "nilai", "bps", "selisih", "cocok", "bagian"]
    return pd.DataFrame(baris, columns=kolom)


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
