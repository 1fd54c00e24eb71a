"""Rincian anggaran di samping totalnya, dan unit kerja yang pagunya diturunkan dari angka yang dibulatkan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kinerja import fmt
from kinerja.anggaran.pagu import JUMLAH, agreements, ceiling_change, versions
from kinerja.anggaran.serapan import absorption, cutoffs, details, has_money, step, total
from kinerja.data import Data

_SKALA = (12, 9, 6)
_DESIMAL_BERITA = 2


def reconcile(d: Data) -> pd.DataFrame:
    """Jumlah setiap rincian lengkap di samping total institusi pada tanggal laporan, dan Renja di samping pagu awal.

    Returns
    -------
    pandas.DataFrame
        rincian, ukuran ("pagu", "realisasi", "pagu_awal"), jumlah, total, selisih (rupiah, int64), ruang (selisih
        terbesar yang masih sesuai pembulatan uangnya, rupiah), cocok (bool: selisih di dalam ruang itu), keadaan.
    """
    baris, seluruh, setengah = [], total(d), step(d) / 2
    for rincian in (x for x in details(d) if x != "total"):
        frame = absorption(d, rincian)
        for ukuran in ("pagu", "realisasi"):
            if frame[ukuran].isna().any() or fmt.is_missing(seluruh[ukuran]):
                continue
            ruang = int(setengah * (len(frame) + 1)) if step(d) > 1 else 0
            baris.append((rincian, ukuran, int(frame[ukuran].sum()), int(seluruh[ukuran]), ruang))
    if d.has("renja_anggaran") and d.has("pagu"):
        jumlah, awal = d["renja_anggaran"]["nilai"].sum(), ceiling_change(d)["awal"].iloc[0]
        baris.append(("renja", "pagu_awal", int(jumlah), int(awal), 0))
    frame = pd.DataFrame(baris, columns=["rincian", "ukuran", "jumlah", "total", "ruang"])
    frame["selisih"] = frame["jumlah"] - frame["total"]
    return frame.assign(cocok=frame["selisih"].abs() <= frame["ruang"], keadaan="diturunkan")


def units(d: Data, rincian: str = "uke1") -> pd.DataFrame:
    """Realisasi per unit kerja eselon I menurut sumber kedua, dengan pagu yang diturunkan dari realisasi / penyerapan.

    Realisasi diucapkan dengan dua desimal dalam triliun atau miliar dan penyerapan dicetak dengan dua desimal;
    ``pagu_bawah`` dan ``pagu_atas`` adalah pagu terkecil dan terbesar yang masih sesuai dengan kedua pembulatan itu.

    Returns
    -------
    pandas.DataFrame
        kode, nama, realisasi (Int64), langkah_bulat (rupiah), penyerapan (persen), pagu (diturunkan, rupiah, float),
        pagu_bawah, pagu_atas, sisa (pagu - realisasi), sisa_bawah, sisa_atas (dari kedua pembulatan), per, sumber,
        keadaan ("dikutip" untuk realisasi), keadaan_pagu; sisa terbesar di atas. Kosong bila rincian itu tidak ada
        untuk tahun ini.
    """
    a = d["anggaran"] if d.has("anggaran") else pd.DataFrame(columns=["rincian"])
    a = a[a["rincian"] == rincian]
    kolom = (
        "kode nama realisasi langkah_bulat penyerapan pagu pagu_bawah pagu_atas sisa sisa_bawah sisa_atas per sumber "
        "keadaan keadaan_pagu"
    ).split()
    if a.empty:
        return pd.DataFrame(columns=kolom).astype(dict.fromkeys(kolom[4:11], float))
    a = a[a["per"] == a["per"].max()]
    baris = []
    for kode, isi in a.groupby("kode", sort=False):
        isi = isi.set_index("ukuran")
        butir = {"kode": kode, "nama": isi["nama"].iloc[0], "per": isi["per"].iloc[0], "sumber": isi["sumber"].iloc[0]}
        baris.append(butir | _unit(isi))
    frame = pd.DataFrame(baris).astype({"realisasi": "Int64", "langkah_bulat": "Int64"})[kolom]
    frame = frame.sort_values("sisa", ascending=False, kind="stable", ignore_index=True)
    rupiah = [k for k in kolom if k.startswith(("realisasi", "pagu", "sisa"))]
    frame.attrs["satuan"] = dict.fromkeys(rupiah, "rupiah") | {"penyerapan": "persen"}
    return frame


def unit_totals(d: Data, rincian: str = "uke1") -> pd.DataFrame:
    """Jumlah UKE 1 beserta kisaran pembulatannya, di samping total institusi.

    Returns
    -------
    pandas.DataFrame
        Baris "realisasi" (total pada tanggal yang sama) dan "pagu" (total pada tanggal laporan): ukuran, jumlah, bawah,
        atas, total (rupiah, float), sesuai (bool: total ada di dalam kisaran), keadaan. Tanpa baris bila rincian itu
        tidak ada.
    """
    u = units(d, rincian)
    kolom = ["ukuran", "jumlah", "bawah", "atas", "total", "sesuai", "keadaan"]
    if u.empty:
        return pd.DataFrame(columns=kolom)
    setengah = float(u["langkah_bulat"].sum()) / 2
    realisasi = float(u["realisasi"].sum())
    per_tanggal = cutoffs(d).set_index("per")["realisasi"].get(u["per"].iloc[0], np.nan)
    pagu = [float(u[k].sum(skipna=False)) for k in ("pagu", "pagu_bawah", "pagu_atas")]
    baris = [
        ("realisasi", realisasi, realisasi - setengah, realisasi + setengah, float(per_tanggal)),
        ("pagu", *pagu, float(pd.to_numeric(total(d)["pagu"], errors="coerce"))),
    ]
    frame = pd.DataFrame(baris, columns=kolom[:5])
    frame["sesuai"] = frame["total"].between(frame["bawah"], frame["atas"])
    return frame.assign(keadaan="diturunkan")


def breakdowns(d: Data) -> pd.DataFrame:
    """Semua rincian anggaran di samping totalnya: sasaran, jenis belanja, Renja, unit kerja, dan Perjanjian Kinerja.

    Returns
    -------
    pandas.DataFrame
        rincian (kode; "program" untuk Perjanjian Kinerja), ukuran, jumlah, total, selisih (rupiah, Int64), bawah, atas
        (kisaran jumlah bila bagiannya ditulis bulat), hasil ("sama", "dalam_kisaran", "beda"), keadaan.
    """
    kolom = ["rincian", "ukuran", "jumlah", "total", "bawah", "atas", "hasil", "keadaan"]
    baris = []
    if has_money(d):
        sama, unit = reconcile(d), unit_totals(d).assign(rincian="uke1")
        hasil = np.select([sama["selisih"] == 0, sama["cocok"]], ["sama", "dalam_kisaran"], "beda")
        baris.append(sama.assign(hasil=hasil))
        baris.append(unit.assign(hasil=unit["sesuai"].map({True: "dalam_kisaran", False: "beda"})))
    if versions(d):
        jumlah = agreements(d).groupby("versi", sort=False)["nilai"].sum()
        total = d["pk_anggaran"].set_index("program").loc[[JUMLAH]].set_index("versi")["nilai"]
        program = pd.DataFrame({"jumlah": jumlah, "total": total}).rename_axis("ukuran").reset_index()
        program["hasil"] = (program["jumlah"] == program["total"]).map({True: "sama", False: "beda"})
        baris.append(program.assign(rincian="program", keadaan="diturunkan"))
    isi = [x.reindex(columns=kolom).astype(object) for x in baris if len(x)]
    hasil = pd.concat(isi, ignore_index=True) if isi else pd.DataFrame(columns=kolom)
    for k in ("jumlah", "total", "bawah", "atas"):
        hasil[k] = pd.to_numeric(hasil[k]).round().astype("Int64")
    return hasil.assign(selisih=hasil["jumlah"] - hasil["total"])


def _rounding_step(rupiah: int) -> int:
    """Langkah pembulatan angka berita: dua desimal dalam triliun, miliar, atau juta, menurut besarnya.

    Angka yang tidak habis dibagi langkah itu diucapkan lebih rinci; langkahnya adalah pangkat sepuluh yang membaginya.
    """
    for pangkat in _SKALA:
        if rupiah >= 10**pangkat:
            langkah = 10 ** (pangkat - _DESIMAL_BERITA)
            if rupiah % langkah == 0:
                return langkah
            break
    langkah = 1
    while rupiah and rupiah % (langkah * 10) == 0:
        langkah *= 10
    return langkah


def _unit(isi: pd.DataFrame) -> dict[str, Any]:
    realisasi = isi["nilai"].get("realisasi", np.nan)
    persen = isi["nilai"].get("penyerapan", np.nan)
    pagu = isi["nilai"].get("pagu", np.nan)
    hasil: dict[str, Any] = {
        "realisasi": pd.NA if pd.isna(realisasi) else int(realisasi),
        "langkah_bulat": pd.NA if pd.isna(realisasi) else _rounding_step(int(realisasi)),
        "penyerapan": persen,
        "keadaan": "dikutip",
    }
    if not pd.isna(pagu):
        sisa = pagu - realisasi
        tepi = {"pagu_bawah": pagu, "pagu_atas": pagu, "sisa_bawah": sisa, "sisa_atas": sisa}
        return hasil | {"pagu": pagu, "sisa": sisa, "keadaan_pagu": "dikutip"} | tepi
    if pd.isna(realisasi) or pd.isna(persen) or persen <= 0:
        kosong = dict.fromkeys(("pagu", "pagu_bawah", "pagu_atas", "sisa", "sisa_bawah", "sisa_atas"), np.nan)
        return hasil | kosong | {"keadaan_pagu": "tidak_tersedia"}
    setengah = hasil["langkah_bulat"] / 2
    setengah_persen = 0.5 * 10.0 ** -int(isi.loc["penyerapan", "desimal"])
    # Keduanya naik bersama realisasi dan turun bila penyerapan naik, sehingga tepinya ada di sudut pembulatan.
    sudut = [(0, 0), (-setengah, setengah_persen), (setengah, -setengah_persen)]
    pagu = [(realisasi + r) / (persen + p) * 100 for r, p in sudut]
    sisa = [x - realisasi - r for x, (r, _) in zip(pagu, sudut, strict=True)]
    return (
        hasil
        | dict(zip(("pagu", "pagu_bawah", "pagu_atas"), pagu, strict=True))
        | dict(zip(("sisa", "sisa_bawah", "sisa_atas"), sisa, strict=True))
        | {"keadaan_pagu": "diturunkan"}
    )
