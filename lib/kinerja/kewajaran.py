"""Pemeriksaan satu tahun sebelum dirender: apa yang lengkap, kurang, dan janggal di samping tahun sebelumnya.

Kejanggalan bukan kesalahan: angkanya sah menurut skema dan tetap dipakai, tetapi patut dilihat orang.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from kinerja import capaian
from kinerja.data.load import Data
from kinerja.data.templat import ISI, year_tables

KALI_JANGGAL = 100
"""Angka sebesar ini kali tahun lalu, atau seperseratusnya, biasanya salah satuan (juta ditulis sebagai rupiah)."""

PENYEBUT_BERGESER = 10.0
"""Persen perubahan penyebut yang membuat dua persentase patut dicurigai tidak sebanding."""

KOLOM = ("jenis", "id", "uraian")

_TANGGAL = re.compile(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def completeness(d: Data, lalu: Data | None = None) -> pd.DataFrame:
    """Satu baris per tabel tahunan yang ada tahun ini, ada tahun lalu, atau wajib.

    Returns
    -------
    pandas.DataFrame
        tabel, uraian, baris (int), tidak_tersedia (int), isian (banyaknya baris yang masih memuat penanda ISI), status
        ("lengkap", "sebagian", "belum").
    """
    baris = []
    for x in year_tables():
        if not (x.wajib or d.has(x.nama) or (lalu is not None and lalu.has(x.nama))):
            continue
        isi = d[x.nama] if d.has(x.nama) else pd.DataFrame({"keadaan": [], "bagian": []})
        kosong, isian = int((isi["keadaan"] == "tidak_tersedia").sum()), int((isi["bagian"] == ISI).sum())
        status = "belum" if isi.empty else "sebagian" if isian or kosong == len(isi) else "lengkap"
        butir = {"tabel": x.nama, "uraian": x.uraian["id"], "baris": len(isi), "tidak_tersedia": kosong}
        baris.append(butir | {"isian": isian, "status": status})
    return pd.DataFrame(baris)


def unfinished_sources(d: Data) -> list[str]:
    """Id sumber yang dipakai tahun ini tetapi catatannya masih memuat penanda ISI."""
    dipakai = {x for nama in d.tables for x in d[nama]["sumber"]}
    sumber = d.sumber[d.sumber["id"].isin(dipakai)]
    return sumber.loc[(sumber == ISI).any(axis=1), "id"].tolist()


def suspicions(d: Data, lalu: Data) -> pd.DataFrame:
    """Hal yang janggal di samping tahun sebelumnya.

    Parameters
    ----------
    d, lalu : Data
        Tahun yang diperiksa dan tahun pembandingnya. Baris dipasangkan menurut id; bagian id yang menyebut tahun
        laporan atau tanggal laporan digeser lebih dahulu.

    Returns
    -------
    pandas.DataFrame
        Kolom ``KOLOM``: jenis ("besar", "satuan", "target_tercapai", "penyebut", "nama", "indikator"), id, uraian.
        Tanpa baris bila tidak ada yang janggal.
    """
    bagian = [_magnitudes(d, lalu), _units(d, lalu), _indicators(d, lalu), _targets(d, lalu), _denominators(d, lalu)]
    return pd.DataFrame([x for daftar in bagian for x in daftar], columns=list(KOLOM))


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _paired(d: Data, lalu: Data) -> pd.DataFrame:
    """Angka kedua tahun yang id-nya sepadan."""
    dulu = lalu.facts.assign(kunci=[_key(x, lalu) for x in lalu.facts.index], id_lalu=lalu.facts.index)
    kini = d.facts.assign(kunci=[_key(x, d) for x in d.facts.index], id=d.facts.index)
    acuan = kini["tabel"].isin([x.nama for x in year_tables()])
    pasang = kini[acuan & ~kini["kunci"].duplicated(keep=False)]
    return pasang.merge(dulu.drop_duplicates("kunci", keep=False), on="kunci", suffixes=("", "_lalu"))


def _key(id_: str, d: Data) -> str:
    ganti = {str(d.tahun): "T", str(d.tahun - 1): "T-1"}
    return "/".join("tanggal" if _TANGGAL.match(x) else ganti.get(x, x) for x in id_.split("/"))


def _magnitudes(d: Data, lalu: Data) -> list[dict[str, str]]:
    p = _paired(d, lalu)
    p = p[(p["satuan"] == p["satuan_lalu"]) & (p["nilai"] != 0) & (p["nilai_lalu"] != 0)].dropna(
        subset=["nilai", "nilai_lalu"]
    )
    kali = (p["nilai"] / p["nilai_lalu"]).abs()
    p = p[(kali >= KALI_JANGGAL) | (kali <= 1 / KALI_JANGGAL)]
    return [
        _row(
            "besar",
            x.id,
            f"{x.nilai:.10g} {x.satuan}; {lalu.tahun}: {x.nilai_lalu:.10g} ({x.nilai / x.nilai_lalu:.4g} kali)",
        )
        for x in p.itertuples()
    ]


def _units(d: Data, lalu: Data) -> list[dict[str, str]]:
    p = _paired(d, lalu)
    p = p[p["satuan"] != p["satuan_lalu"]]
    return [_row("satuan", x.id, f"satuan {x.satuan}; {lalu.tahun}: {x.satuan_lalu}") for x in p.itertuples()]


def _indicators(d: Data, lalu: Data) -> list[dict[str, str]]:
    kini, dulu = (x["iku"].set_index("kode") for x in (d, lalu))
    baru, hilang = kini.index.difference(dulu.index), dulu.index.difference(kini.index)
    baris = [_row("indikator", f"iku/{k}", f"baru; tidak ada pada {lalu.tahun}") for k in baru]
    baris += [_row("indikator", f"iku/{k}", f"tidak ada lagi; ada pada {lalu.tahun}") for k in hilang]
    for kode in kini.index.intersection(dulu.index):
        for kolom, jenis in (("nama", "nama"), ("satuan", "satuan"), ("arah", "indikator")):
            a, b = kini.at[kode, kolom], dulu.at[kode, kolom]
            if a != b:
                baris.append(_row(jenis, f"iku/{kode}", f"{kolom} '{a}'; {lalu.tahun}: '{b}'"))
    return baris


def _targets(d: Data, lalu: Data) -> list[dict[str, str]]:
    """Target tahun ini yang sudah tercapai oleh realisasi tahun lalu."""
    kini, dulu = capaian.iku(d).set_index("kode"), capaian.iku(lalu).set_index("kode")
    baris = []
    for kode in kini.index.intersection(dulu.index):
        target, realisasi = kini.at[kode, "target"], dulu.at[kode, "realisasi"]
        if np.isnan(target) or np.isnan(realisasi) or kini.at[kode, "satuan"] != dulu.at[kode, "satuan"]:
            continue
        if (realisasi > target) if kini.at[kode, "arah"] == capaian.NAIK else (realisasi < target):
            uraian = f"target {target:.10g}; realisasi {lalu.tahun}: {realisasi:.6g}"
            baris.append(_row("target_tercapai", f"iku/{kode}", uraian))
    return baris


def _denominators(d: Data, lalu: Data) -> list[dict[str, str]]:
    kini, dulu = (x["iku"].query("cara == 'rasio'").set_index("kode")["penyebut"] for x in (d, lalu))
    baris = []
    for kode in kini.index.intersection(dulu.index):
        a, b = d.nilai(kini[kode]), lalu.nilai(dulu[kode])
        if a and b and abs(a / b - 1) * 100 > PENYEBUT_BERGESER:
            uraian = f"penyebut {kode} {a:.10g}; {lalu.tahun}: {b:.10g} ({(a / b - 1) * 100:+.1f}%)"
            baris.append(_row("penyebut", kini[kode], uraian))
    return baris


def _row(jenis: str, id_: str, uraian: str) -> dict[str, str]:
    return dict(zip(KOLOM, (jenis, id_, uraian), strict=True))
