"""Pemeriksaan satu tahun sebelum dirender: apa yang lengkap, kurang, dan janggal di samping tahun sebelumnya.

Kejanggalan bukan kesalahan: angkanya sah menurut skema dan tetap dipakai, tetapi patut dilihat orang.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

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

KOLOM = ("jenis", "id", "uraian")

_DESIMAL_BANDING = 9
_NAMA_UKURAN = {"realisasi": "realisasi", "target": "target", "lalu": "realisasi tahun lalu"}
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


def suspicions(d: Data, lalu: Data | None = None) -> pd.DataFrame:
    """Hal yang janggal pada tahun itu sendiri, dan di samping tahun sebelumnya.

    Parameters
    ----------
    d : Data
        Tahun yang diperiksa.
    lalu : Data, optional
        Tahun pembandingnya. Baris dipasangkan menurut id; bagian id yang menyebut tahun laporan atau tanggal laporan
        digeser lebih dahulu.

    Returns
    -------
    pandas.DataFrame
        Kolom ``KOLOM``: jenis (kunci :data:`JENIS`), id, uraian. Tanpa baris bila tidak ada yang janggal.
    """
    bagian = [_row_units(d), _over_ceiling(d), _dates(d), _leftovers(d), *_measures(d)]
    if lalu is not None:
        bagian += [
            _magnitudes(d, lalu),
            _units(d, lalu),
            _indicators(d, lalu),
            _targets(d, lalu),
            _denominators(d, lalu),
        ]
    return pd.DataFrame([x for daftar in bagian for x in daftar], columns=list(KOLOM))


# Tahun itu sendiri ----------------------------------------------------------------------------------------------------


def _row_units(d: Data) -> list[dict[str, str]]:
    """Angka yang dirujuk indikator apa adanya tetapi bersatuan lain daripada indikatornya."""
    baris = []
    for i in d["iku"].itertuples():
        rujukan = i.target.split() + ([] if i.cara == "rasio" else i.pembilang.split())
        beda = {x: satuan for x in rujukan if (satuan := d.baris(x)["satuan"]) != i.satuan}
        baris += [
            _row("satuan_baris", x, f"satuan {satuan}; satuan indikator {i.kode}: {i.satuan}")
            for x, satuan in beda.items()
        ]
    return baris


def _over_ceiling(d: Data) -> list[dict[str, str]]:
    if not d.has("anggaran"):
        return []
    a = d["anggaran"]
    lebar = a[a["satuan"] == "rupiah"].pivot(index=["rincian", "kode", "per"], columns="ukuran", values=["nilai", "id"])
    if not {("nilai", "pagu"), ("nilai", "realisasi")} <= set(lebar.columns):
        return []
    lewat = lebar[lebar["nilai", "realisasi"].astype(float) > lebar["nilai", "pagu"].astype(float) * KALI_PAGU]
    return [
        _row(
            "pagu",
            x["id", "realisasi"],
            " jauh di atas ".join(f"{k} {_said(x['nilai', k], 'rupiah')}" for k in ("realisasi", "pagu")),
        )
        for _, x in lewat.iterrows()
    ]


def _dates(d: Data) -> list[dict[str, str]]:
    """Tanggal sebelum tahun laporan, atau sesudah pertengahan tahun berikutnya."""
    baris = []
    awal, akhir = f"{d.tahun}-01-01", f"{d.tahun + 1}-06-30"
    for x in year_tables():
        for kolom in (k for k, tipe in x.tipe.items() if tipe == "tanggal" and d.has(x.nama)):
            isi = d[x.nama]
            luar = isi[(isi[kolom] < awal) | (isi[kolom] > akhir)]
            uraian = f"di luar tahun {d.tahun} dan enam bulan sesudahnya"
            baris += [_row("tanggal", y.id, f"{fmt.tanggal(getattr(y, kolom))} {uraian}") for y in luar.itertuples()]
    return baris


def _leftovers(d: Data) -> list[dict[str, str]]:
    """Penanda ISI yang tertinggal di baris yang diterbitkan; baris yang belum diisi disebut :func:`completeness`."""
    baris = []
    for x in (x for x in year_tables() if d.has(x.nama)):
        isi = d[x.nama].query("keadaan != 'tidak_tersedia'")
        for kolom in [k for k in isi if k not in ("id", "berkas") and pd.api.types.is_string_dtype(isi[k])]:
            kena = isi[isi[kolom].astype(str).str.contains(rf"\b{ISI}\b")]
            baris += [_row("isi", y.id, f"kolom {kolom} masih memuat {ISI}") for y in kena.itertuples()]
    return baris


def _measures(d: Data) -> list[list[dict[str, str]]]:
    """Target, realisasi, dan nilai tahun lalu setiap indikator: kelipatan bulat, persen yang ganjil, dan salinan."""
    if not d.has("iku"):
        return []
    isi = capaian.strip(d)
    kali, persen = [], []
    for kode, x in isi.iterrows():
        angka = {k: x[k] for k in ("realisasi", "target", "lalu") if not np.isnan(x[k])}
        kata = {k: f"{_NAMA_UKURAN[k]} {_said(v, x['satuan'], x['desimal'])}" for k, v in angka.items()}
        for atas, bawah in (("realisasi", "target"), ("realisasi", "lalu"), ("target", "lalu")):
            if {atas, bawah} <= set(angka) and (berapa := times(angka[atas], angka[bawah])):
                kali.append(_row("kali", f"iku/{kode}", f"{kata[atas]} tepat {berapa} {kata[bawah]}"))
                break
        if x["satuan"] == "persen":
            persen += [_row("persen", f"iku/{kode}", y) for y in _odd_percents(angka, kata)]
    sama = isi[isi["realisasi"] == isi["lalu"]]
    dinilai = isi.dropna(subset=["realisasi", "lalu"])
    if len(dinilai) >= SALINAN and len(sama) == len(dinilai):
        return [kali, persen, [_row("salinan", "iku", f"semua {len(sama)} realisasi indikator sama dengan tahun lalu")]]
    return [kali, persen]


def _odd_percents(angka: dict[str, float], kata: dict[str, str]) -> Iterator[str]:
    terbesar = max((abs(v) for v in angka.values()), default=0)
    for k, v in angka.items():
        if k != "lalu" and (v > 100 or v < 0):
            yield f"{kata[k]} di luar 0 sampai 100"
        elif 0 < v <= 1 and terbesar >= 10:
            yield f"{kata[k]} di samping yang lain puluhan; mungkin {_said(v * 100, 'persen')}"


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


def _magnitudes(d: Data, lalu: Data) -> list[dict[str, str]]:
    """Angka yang tepat sekian kali, jauh lebih besar, atau sama sampai rupiahnya dengan tahun lalu."""
    p = _paired(d, lalu)
    p = p[(p["satuan"] == p["satuan_lalu"]) & (p["nilai"] != 0) & (p["nilai_lalu"] != 0) & (p["tabel"] != "iku_nilai")]
    baris = []
    for x in p.dropna(subset=["nilai", "nilai_lalu"]).itertuples():
        kini, dulu = (_said(v, x.satuan, x.desimal) for v in (x.nilai, x.nilai_lalu))
        kali = abs(x.nilai / x.nilai_lalu)
        if tepat := times(x.nilai, x.nilai_lalu):
            baris.append(_row("kali", x.id, f"{kini} tepat {tepat} {lalu.tahun}: {dulu}"))
        elif kali >= KALI_JANGGAL or kali <= 1 / KALI_JANGGAL:
            berapa = f"{fmt.angka(kali)} kali" if kali > 1 else f"seper-{fmt.angka(1 / kali)}"
            baris.append(_row("besar", x.id, f"{kini}; {lalu.tahun}: {dulu} ({berapa})"))
        elif kali == 1 and x.satuan == "rupiah" and "/realisasi/" in x.id:
            baris.append(_row("salinan", x.id, f"{kini}, sama sampai rupiahnya dengan {lalu.tahun}"))
    return baris


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
    """Target periode ini yang sudah tercapai oleh realisasi periode yang sama tahun lalu."""
    kini, dulu = (capaian.iku(x).set_index("kode") for x in (d, lalu.at(d.periode)))
    baris = []
    for kode in kini.index.intersection(dulu.index):
        target, realisasi = kini.at[kode, "target"], dulu.at[kode, "realisasi"]
        if np.isnan(target) or np.isnan(realisasi) or kini.at[kode, "satuan"] != dulu.at[kode, "satuan"]:
            continue
        if (realisasi > target) if kini.at[kode, "arah"] == capaian.NAIK else (realisasi < target):
            satuan = kini.at[kode, "satuan"]
            uraian = f"target {_said(target, satuan)}; realisasi {lalu.tahun}: {_said(realisasi, satuan)}"
            baris.append(_row("target_tercapai", f"iku/{kode}", uraian))
    return baris


def _denominators(d: Data, lalu: Data) -> list[dict[str, str]]:
    kini, dulu = (x["iku"].query("cara == 'rasio'").set_index("kode")["penyebut"] for x in (d, lalu))
    baris = []
    for kode in kini.index.intersection(dulu.index):
        a, b = d.nilai(kini[kode]), lalu.nilai(dulu[kode])
        if a and b and abs(a / b - 1) * 100 > PENYEBUT_BERGESER:
            uraian = (
                f"penyebut {kode} {fmt.angka(a)}; {lalu.tahun}: {fmt.angka(b)} ({fmt.selisih((a / b - 1) * 100, 1)}%)"
            )
            baris.append(_row("penyebut", kini[kode], uraian))
    return baris


def _said(x: float, satuan: str, desimal: int | None = None) -> str:
    return fmt.nilai(x, satuan, desimal, kata=True)


def _row(jenis: str, id_: str, uraian: str) -> dict[str, str]:
    return dict(zip(KOLOM, (jenis, id_, uraian), strict=True))
