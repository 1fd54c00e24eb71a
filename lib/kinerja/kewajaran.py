"""Pemeriksaan satu tahun sebelum dirender: apa yang lengkap, kurang, dan janggal di samping tahun sebelumnya.

Kejanggalan bukan kesalahan: angkanya sah menurut skema dan tetap dipakai, tetapi patut dilihat orang.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

import numpy as np
import pandas as pd

from kinerja import capaian, fmt
from kinerja.data.load import Data
from kinerja.data.templat import ISI, year_tables

KALI_JANGGAL = 100
"""Angka sebesar ini kali tahun lalu, atau seperseratusnya, biasanya salah satuan (juta ditulis sebagai rupiah)."""

PENYEBUT_BERGESER = 10.0
"""Persen perubahan penyebut yang membuat dua persentase patut dicurigai tidak sebanding."""

KALI_TEPAT = {10: "sepersepuluh", 100: "seperseratus", 1000: "seperseribu"}
"""Kelipatan yang biasanya koma atau nol yang salah tempat."""

KALI_PAGU = 1.1
"""Realisasi di atas sekian kali pagu biasanya salah baris atau salah angka nol."""

SALINAN = 3
"""Paling sedikit sekian indikator yang semuanya sama dengan tahun lalu dianggap salinan."""

JENIS = {
    "kali": "Tepat 10, 100, atau 1000 kali",
    "besar": "Jauh lebih besar atau kecil dari tahun lalu",
    "persen": "Persen yang ganjil",
    "pagu": "Realisasi jauh di atas pagu",
    "salinan": "Sama dengan tahun lalu",
    "tanggal": "Tanggal di luar tahun",
    "satuan_baris": "Satuan baris berbeda dari indikatornya",
    "isi": "Penanda ISI tertinggal",
    "satuan": "Satuan berubah",
    "target_tercapai": "Target sudah tercapai tahun lalu",
    "penyebut": "Penyebut bergeser",
    "nama": "Indikator berganti nama",
    "indikator": "Daftar indikator berubah",
}
"""Jenis kejanggalan dan kepalanya di layar."""

_DESIMAL_BANDING = 9
_NAMA_UKURAN = {"realisasi": "realisasi", "target": "target", "lalu": "realisasi tahun lalu"}
_TANGGAL = re.compile(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")

Temuan = Iterator[tuple[str, str, str]]
"""Kejanggalan: jenis (kunci :data:`JENIS`), id, dan uraian."""


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
        baris.append((x.nama, x.uraian["id"], len(isi), kosong, isian, status))
    return pd.DataFrame(baris, columns=["tabel", "uraian", "baris", "tidak_tersedia", "isian", "status"])


def unfinished_sources(d: Data) -> list[str]:
    """Id sumber yang dipakai tahun ini tetapi catatannya masih memuat penanda ISI."""
    dipakai = {x for nama in d.tables for x in d[nama]["sumber"]}
    sumber = d.sumber[d.sumber["id"].isin(dipakai)]
    return sumber.loc[(sumber == ISI).any(axis=1), "id"].tolist()


def suspicions(d: Data, lalu: Data | None = None) -> pd.DataFrame:
    """Hal yang janggal pada tahun itu sendiri, dan di samping tahun sebelumnya.

    Parameters
    ----------
    lalu : Data, optional
        Tahun pembandingnya. Baris dipasangkan menurut id; bagian id yang menyebut tahun laporan atau tanggal laporan
        digeser lebih dahulu.

    Returns
    -------
    pandas.DataFrame
        jenis (kunci :data:`JENIS`), id, uraian. Tanpa baris bila tidak ada yang janggal.
    """
    sendiri = (_row_units, _over_ceiling, _dates, _leftovers, _multiples, _percents, _copied)
    banding = (_magnitudes, _units, _indicators, _targets, _denominators) if lalu is not None else ()
    temuan = chain(*(periksa(d) for periksa in sendiri), *(periksa(d, lalu) for periksa in banding))
    return pd.DataFrame(temuan, columns=["jenis", "id", "uraian"])


# Tahun itu sendiri ----------------------------------------------------------------------------------------------------


def _row_units(d: Data) -> Temuan:
    """Angka yang dirujuk indikator apa adanya tetapi bersatuan lain daripada indikatornya."""
    for i in d["iku"].itertuples():
        for x in dict.fromkeys(i.target.split() + ([] if i.cara == "rasio" else i.pembilang.split())):
            if (satuan := d.baris(x)["satuan"]) != i.satuan:
                yield "satuan_baris", x, f"satuan {satuan}; satuan indikator {i.kode}: {i.satuan}"


def _over_ceiling(d: Data) -> Temuan:
    if not d.has("anggaran"):
        return
    a = d["anggaran"]
    lebar = a[a["satuan"] == "rupiah"].pivot(index=["rincian", "kode", "per"], columns="ukuran", values=["nilai", "id"])
    if not {("nilai", "pagu"), ("nilai", "realisasi")} <= set(lebar.columns):
        return
    for _, x in lebar.iterrows():
        realisasi, pagu = (float(x["nilai", k]) for k in ("realisasi", "pagu"))
        if realisasi > pagu * KALI_PAGU:
            uraian = f"realisasi {_said(realisasi, 'rupiah')} jauh di atas pagu {_said(pagu, 'rupiah')}"
            yield "pagu", x["id", "realisasi"], uraian


def _dates(d: Data) -> Temuan:
    """Tanggal sebelum tahun laporan, atau sesudah pertengahan tahun berikutnya."""
    awal, akhir = f"{d.tahun}-01-01", f"{d.tahun + 1}-06-30"
    for x in year_tables():
        for kolom in (k for k, tipe in x.tipe.items() if tipe == "tanggal" and d.has(x.nama)):
            isi = d[x.nama].set_index("id")[kolom]
            for id_, tanggal in isi[(isi < awal) | (isi > akhir)].items():
                yield "tanggal", id_, f"{fmt.tanggal(tanggal)} di luar tahun {d.tahun} dan enam bulan sesudahnya"


def _leftovers(d: Data) -> Temuan:
    """Penanda ISI yang tertinggal di baris yang diterbitkan; baris yang belum diisi disebut :func:`completeness`."""
    for x in (x for x in year_tables() if d.has(x.nama)):
        isi = d[x.nama].query("keadaan != 'tidak_tersedia'").set_index("id")
        for kolom in [k for k in isi if k != "berkas" and pd.api.types.is_string_dtype(isi[k])]:
            for id_ in isi.index[isi[kolom].astype(str).str.contains(rf"\b{ISI}\b")]:
                yield "isi", id_, f"kolom {kolom} masih memuat {ISI}"


def _measures(d: Data) -> Iterator[tuple[str, str, dict[str, float], dict[str, str]]]:
    """Kode dan satuan setiap indikator; realisasi, target, dan nilai tahun lalu yang ada, dan tulisannya."""
    for kode, x in capaian.strip(d).iterrows() if d.has("iku") else ():
        angka = {k: x[k] for k in _NAMA_UKURAN if not np.isnan(x[k])}
        kata = {k: f"{_NAMA_UKURAN[k]} {_said(v, x['satuan'], x['desimal'])}" for k, v in angka.items()}
        yield kode, x["satuan"], angka, kata


def _multiples(d: Data) -> Temuan:
    for kode, _, angka, kata in _measures(d):
        for atas, bawah in (("realisasi", "target"), ("realisasi", "lalu"), ("target", "lalu")):
            if {atas, bawah} <= set(angka) and (berapa := times(angka[atas], angka[bawah])):
                yield "kali", f"iku/{kode}", f"{kata[atas]} tepat {berapa} {kata[bawah]}"
                break


def _percents(d: Data) -> Temuan:
    for kode, satuan, angka, kata in _measures(d):
        terbesar = max(map(abs, angka.values()), default=0)
        for k, v in angka.items() if satuan == "persen" else ():
            if k != "lalu" and (v > 100 or v < 0):
                yield "persen", f"iku/{kode}", f"{kata[k]} di luar 0 sampai 100"
            elif 0 < v <= 1 and terbesar >= 10:
                uraian = f"{kata[k]} di samping yang lain puluhan; mungkin {_said(v * 100, 'persen')}"
                yield "persen", f"iku/{kode}", uraian


def _copied(d: Data) -> Temuan:
    pasang = [(x["realisasi"], x["lalu"]) for _, _, x, _ in _measures(d) if {"realisasi", "lalu"} <= set(x)]
    if len(pasang) >= SALINAN and all(kini == dulu for kini, dulu in pasang):
        yield "salinan", "iku", f"semua {len(pasang)} realisasi indikator sama dengan tahun lalu"


def times(a: float, b: float) -> str:
    """Kata bagi a yang tepat 10, 100, atau 1000 kali b atau sebaliknya; kosong bila tidak.

    Dibandingkan sebagai desimal: 0,3 tepat 10 kali 0,03, walau dalam biner tidak.
    """
    x, y = (Decimal(f"{v:.{_DESIMAL_BANDING}f}") for v in (a, b))
    for n, kata in KALI_TEPAT.items():
        if x and y and x in (y * n, y / n):
            return f"{n} kali" if x == y * n else kata
    return ""


# Di samping tahun sebelumnya ------------------------------------------------------------------------------------------


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


def _magnitudes(d: Data, lalu: Data) -> Temuan:
    """Angka yang tepat sekian kali, jauh lebih besar, atau sama sampai rupiahnya dengan tahun lalu."""
    p = _paired(d, lalu)
    p = p[(p["satuan"] == p["satuan_lalu"]) & (p["nilai"] != 0) & (p["nilai_lalu"] != 0) & (p["tabel"] != "iku_nilai")]
    for x in p.dropna(subset=["nilai", "nilai_lalu"]).itertuples():
        kini, dulu = (_said(v, x.satuan, x.desimal) for v in (x.nilai, x.nilai_lalu))
        kali = abs(x.nilai / x.nilai_lalu)
        if tepat := times(x.nilai, x.nilai_lalu):
            yield "kali", x.id, f"{kini} tepat {tepat} {lalu.tahun}: {dulu}"
        elif kali >= KALI_JANGGAL or kali <= 1 / KALI_JANGGAL:
            berapa = f"{fmt.angka(kali)} kali" if kali > 1 else f"seper-{fmt.angka(1 / kali)}"
            yield "besar", x.id, f"{kini}; {lalu.tahun}: {dulu} ({berapa})"
        elif kali == 1 and x.satuan == "rupiah" and "/realisasi/" in x.id:
            yield "salinan", x.id, f"{kini}, sama sampai rupiahnya dengan {lalu.tahun}"


def _units(d: Data, lalu: Data) -> Temuan:
    for x in _paired(d, lalu).query("satuan != satuan_lalu").itertuples():
        yield "satuan", x.id, f"satuan {x.satuan}; {lalu.tahun}: {x.satuan_lalu}"


def _indicators(d: Data, lalu: Data) -> Temuan:
    kini, dulu = (x["iku"].set_index("kode") for x in (d, lalu))
    for kode in kini.index.difference(dulu.index):
        yield "indikator", f"iku/{kode}", f"baru; tidak ada pada {lalu.tahun}"
    for kode in dulu.index.difference(kini.index):
        yield "indikator", f"iku/{kode}", f"tidak ada lagi; ada pada {lalu.tahun}"
    for kode in kini.index.intersection(dulu.index):
        for kolom, jenis in (("nama", "nama"), ("satuan", "satuan"), ("arah", "indikator")):
            a, b = kini.at[kode, kolom], dulu.at[kode, kolom]
            if a != b:
                yield jenis, f"iku/{kode}", f"{kolom} '{a}'; {lalu.tahun}: '{b}'"


def _targets(d: Data, lalu: Data) -> Temuan:
    """Target periode ini yang sudah tercapai oleh realisasi periode yang sama tahun lalu."""
    kini, dulu = capaian.iku(d), capaian.iku(lalu.at(d.periode))[["kode", "satuan", "realisasi"]]
    pasang = kini.drop(columns="realisasi").merge(dulu, on=["kode", "satuan"]).dropna(subset=["target", "realisasi"])
    for x in pasang.itertuples():
        if (x.realisasi > x.target) if x.arah == capaian.NAIK else (x.realisasi < x.target):
            uraian = f"target {_said(x.target, x.satuan)}; realisasi {lalu.tahun}: {_said(x.realisasi, x.satuan)}"
            yield "target_tercapai", f"iku/{x.kode}", uraian


def _denominators(d: Data, lalu: Data) -> Temuan:
    kini, dulu = (x["iku"].query("cara == 'rasio'").set_index("kode")["penyebut"] for x in (d, lalu))
    for kode in kini.index.intersection(dulu.index):
        a, b = d.nilai(kini[kode]), lalu.nilai(dulu[kode])
        if a and b and abs(a / b - 1) * 100 > PENYEBUT_BERGESER:
            geser = fmt.selisih((a / b - 1) * 100, 1)
            yield "penyebut", kini[kode], f"penyebut {kode} {fmt.angka(a)}; {lalu.tahun}: {fmt.angka(b)} ({geser}%)"


def _said(x: float, satuan: str, desimal: int | None = None) -> str:
    return fmt.nilai(x, satuan, desimal, kata=True)
