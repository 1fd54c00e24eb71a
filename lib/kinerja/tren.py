"""Tren IKU dan anggaran; dua tahun hanya dibandingkan bila definisi, satuan, dan arahnya sama.

Nilai berdiri di tahun datanya: tahun laporan yang realisasinya memakai nilai tahun lain tetap kosong. Nilai sebuah
tahun berasal dari folder tahun itu sendiri; tahun yang tidak punya folder memakai tabel ``iku_riwayat`` tahun laporan.
Kode definisi juga dari ``iku_riwayat``: populasi yang diganti atau cara hitung yang berubah adalah definisi lain.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from kinerja import anggaran, capaian, paths, periode
from kinerja.data import Data, load

SEBANDING, BEDA_DEFINISI, BEDA_SATUAN, TANPA_NILAI = "sebanding", "definisi", "satuan", "tanpa_nilai"
BELUM_SETAHUN = "belum_setahun"
"""Tahun berjalan yang triwulannya belum lengkap tidak dibandingkan dengan tahun penuh."""


def other_years(d: Data) -> list[Data]:
    """Data periode yang sama pada tahun-tahun sebelum tahun laporan yang punya folder."""
    return [load(x).at(d.periode) for x in paths.tahun_tersedia() if x < d.tahun]


def history(d: Data, lain: Iterable[Data] = ()) -> pd.DataFrame:
    """Realisasi setiap IKU menurut tahun.

    Daftar IKU dan kode definisinya dari tahun laporan; ``lain`` tahun lain yang punya folder, dan yang sesudah tahun
    laporan diabaikan.

    Urut IKU lalu tahun: kode, nama_pendek, satuan, arah, desimal, tahun, target, realisasi, capaian (persen), definisi,
    uraian (definisi itu), setahun (bool), cara, keadaan, asal ("laporan": tahun laporan; "folder": folder tahun lain;
    "riwayat": tabel ``iku_riwayat``). IKU bertarget teks tidak ikut.
    """
    per_iku = capaian.iku(d).set_index("kode", drop=False)
    tahunan = {x.tahun: capaian.iku(x).set_index("kode", drop=False) for x in lain if x.tahun < d.tahun}
    tahunan[d.tahun] = per_iku
    # Nilai yang tercatat di iku_riwayat adalah nilai setahun, bukan nilai sebuah triwulan.
    ada = d.has("iku_riwayat") and d.periode == periode.TAHUN
    riwayat = d["iku_riwayat"] if ada else pd.DataFrame(columns=["kode", "tahun", "definisi", "uraian"])
    catatan = {(x.kode, x.tahun): x for x in riwayat.itertuples()}
    baris = []
    for i in per_iku[per_iku["satuan"] != "teks"].itertuples():
        tercatat = {tahun for kode, tahun in catatan if kode == i.kode}
        for tahun in sorted(x for x in {*tahunan, *tercatat, i.tahun_data} if x <= d.tahun):
            tertulis = catatan.get((i.kode, tahun))
            if tahun in tahunan and i.kode in tahunan[tahun].index:
                isi = _from_folder(tahunan[tahun].loc[i.kode], tahun)
                isi["asal"] = "laporan" if tahun == d.tahun else "folder"
            elif tertulis is not None:
                isi = _from_record(d, i, tertulis)
            elif tahun == i.tahun_data:
                isi = _from_folder(per_iku.loc[i.kode], tahun) | {"target": np.nan, "asal": "laporan"}
            else:
                continue
            definisi = {"definisi": capaian.DEFINISI_UTAMA, "uraian": ""}
            if tertulis is not None:
                definisi = {k: getattr(tertulis, k) for k in definisi}
            umum = {"kode": i.kode, "nama_pendek": i.nama_pendek, "desimal": i.desimal, "tahun": int(tahun)}
            baris.append(umum | isi | definisi)
    kolom = (
        "kode nama_pendek satuan arah desimal tahun target realisasi capaian definisi uraian setahun cara keadaan asal"
    ).split()
    frame = pd.DataFrame(baris, columns=kolom)
    # Triwulan dibandingkan dengan triwulan yang sama, jadi belum genap setahun bukan halangan.
    return frame.assign(setahun=frame["setahun"].astype(bool) | (d.periode != periode.TAHUN))


def quarters(d: Data, lain: Iterable[Data] = ()) -> pd.DataFrame:
    """Target dan realisasi setiap IKU menurut triwulan atau semester, tahun demi tahun sampai periode laporan.

    Kolom :func:`kinerja.capaian.quarters`, tahun, waktu ("I 2031": sebutan periode itu, urut waktu), dan asal
    ("laporan": tahun laporan; "folder": folder tahun lain). IKU yang tidak ada pada tahun laporan tidak ikut. Tanpa
    baris bila tidak ada angka triwulanan.
    """
    semua = [x for x in (*sorted(lain, key=lambda x: x.tahun), d) if x.tahun <= d.tahun]
    bagian = [capaian.quarters(x).assign(tahun=x.tahun) for x in semua]
    frame = pd.concat([x for x in bagian if len(x)] or bagian[-1:], ignore_index=True)
    lewat = (frame["tahun"] == d.tahun) & (frame["triwulan"] > periode.last_quarter(d.periode))
    frame = frame[frame["kode"].isin(d["iku"]["kode"]) & ~lewat]
    frame = frame.sort_values(["tahun", "triwulan"], kind="stable", ignore_index=True)
    frame["asal"] = np.where(frame["tahun"] == d.tahun, "laporan", "folder")
    waktu = [periode.short(t, p) for t, p in zip(frame["tahun"], frame["periode"], strict=True)]
    frame.insert(0, "waktu", pd.Series(waktu, dtype=object))
    return frame


def spending(d: Data, lain: Iterable[Data] = ()) -> pd.DataFrame:
    """Pagu dan realisasi seluruhnya menurut tahun dan tanggal, sampai periode laporan.

    Urut tanggal: tahun, per, pagu, realisasi, sisa (rupiah, Int64), penyerapan (persen), keadaan_realisasi. Hanya
    tanggal yang totalnya tertulis atau dapat dijumlahkan.
    """
    kolom = "tahun per pagu realisasi sisa penyerapan keadaan_realisasi".split()
    bagian = [pd.DataFrame(columns=kolom).astype(dict.fromkeys(kolom[2:5], "Int64") | {"penyerapan": float})]
    for x in (x for x in (*sorted(lain, key=lambda x: x.tahun), d) if anggaran.has_money(x)):
        for per in sorted(set(x["anggaran"]["per"])):
            baris = anggaran.lines(x, per=per)
            if per <= anggaran.report_date(x) and baris.tail(1)[["pagu", "penyerapan"]].notna().any(axis=None):
                bagian.append(baris.tail(1).assign(tahun=x.tahun, per=per)[kolom])
    isi = [x for x in bagian if len(x)] or bagian
    frame = pd.concat(isi, ignore_index=True)
    frame.attrs = {"satuan": dict.fromkeys(kolom[2:5], "rupiah") | {"penyerapan": "persen"}}
    return frame


def changes(tren: pd.DataFrame, *, paksa: bool = False) -> pd.DataFrame:
    """Perubahan realisasi dari tahun sebelumnya yang tercatat, dari keluaran :func:`history`.

    ``paksa`` membandingkan juga tahun yang definisinya berbeda; satuan yang berbeda tetap tidak dibandingkan.

    Baris ``tren`` ditambah dari (tahun pembanding, Int64), lalu (nilainya), perubahan (satuan IKU), persen_perubahan,
    hasil ("membaik", "memburuk", "tetap"; kosong bila tidak dibandingkan), banding ("sebanding", "definisi", "satuan",
    "tanpa_nilai", "belum_setahun"; kosong pada tahun pertama), ruas (0, 1, ...: rentang tahun yang boleh disambung
    garis), kini (bool: ruas terakhir), satuan_perubahan, dan keadaan_perubahan.
    """
    lalu = tren.groupby("kode", sort=False).shift()
    banding = np.select(
        [
            lalu["tahun"].isna(),
            (tren["satuan"] != lalu["satuan"]) | (tren["arah"] != lalu["arah"]),
            tren["definisi"] != lalu["definisi"],
            tren["realisasi"].isna() | lalu["realisasi"].isna(),
            ~(tren["setahun"].astype(bool) & lalu["setahun"].eq(True)),
        ],
        ["", BEDA_SATUAN, BEDA_DEFINISI, TANPA_NILAI, BELUM_SETAHUN],
        default=SEBANDING,
    )
    boleh = (banding == SEBANDING) | (paksa & (banding == BEDA_DEFINISI))
    dulu = lalu["realisasi"].astype(float).where(boleh)
    beda = tren["realisasi"].astype(float) - dulu
    searah = beda * tren["arah"].map({capaian.NAIK: 1.0, capaian.TURUN: -1.0}).astype(float)
    hasil = np.select([searah > 0, searah < 0, searah == 0], ["membaik", "memburuk", "tetap"], default="")
    frame = tren.assign(
        dari=lalu["tahun"].astype("Int64"),
        lalu=dulu,
        perubahan=beda,
        persen_perubahan=beda / dulu.replace(0, np.nan) * 100,
        hasil=hasil,
        banding=banding,
    )
    frame["keadaan_perubahan"] = np.where(frame["perubahan"].isna(), "tidak_tersedia", "diturunkan")
    putus = frame["banding"].isin([BEDA_SATUAN] if paksa else [BEDA_DEFINISI, BEDA_SATUAN]).astype(int)
    frame["ruas"] = putus.groupby(frame["kode"]).cumsum()
    frame["kini"] = frame["ruas"] == frame.groupby("kode")["ruas"].transform("max")
    frame["satuan_perubahan"] = [capaian.change_unit(x) for x in frame["satuan"]]
    frame.attrs["satuan"] = dict.fromkeys(("target", "realisasi", "lalu"), "=satuan")
    frame.attrs["satuan"] |= {"perubahan": "=satuan_perubahan", "persen_perubahan": "persen_perubahan"}
    return frame


def pace(d: Data, tren: pd.DataFrame) -> pd.DataFrame:
    """Laju yang diperlukan sampai akhir Renstra di samping laju yang sudah terjadi.

    Laju nyata adalah perubahan rata-rata per tahun di dalam rentang tahun terakhir yang definisinya sama; satu
    tahun saja tidak menghasilkan laju.

    Kolom :func:`kinerja.capaian.renstra_path` tanpa IKU bertarget teks, ditambah laju_nyata (satuan per tahun),
    bagian_laju (laju_nyata dalam persen dari laju_perlu), desimal_laju, tahun_awal dan tahun_ujung (rentang itu,
    Int64), realisasi dan keadaan di kedua ujungnya (realisasi_awal, keadaan_awal, ...), dan cukup ("sudah", "cukup",
    "kurang"; kosong bila tidak dapat dinilai).
    """
    frame = capaian.renstra_path(d)
    frame = frame[(frame["satuan"] != "teks") & frame["target_akhir"].notna().any()]
    laju = {kode: _observed_pace(isi) for kode, isi in tren.groupby("kode")}
    frame = frame.join(pd.DataFrame.from_dict(laju, orient="index", columns=list(_LAJU)).astype(_LAJU))
    teks = [k for k in _LAJU if k.startswith("keadaan")]
    frame[teks] = frame[teks].fillna("tidak_tersedia")
    tanda = np.where(frame["kode"].map(tren.drop_duplicates("kode").set_index("kode")["arah"]) == capaian.TURUN, -1, 1)
    perlu, nyata = frame["laju_perlu"], frame["laju_nyata"]
    pilihan = [frame["tercapai"], perlu.isna() | nyata.isna(), tanda * nyata >= tanda * perlu]
    frame["cukup"] = np.select(pilihan, ["sudah", "", "cukup"], default="kurang")
    frame["keadaan_laju"] = np.where(nyata.isna(), "tidak_tersedia", "diturunkan")
    frame["bagian_laju"] = nyata / perlu.replace(0, np.nan) * 100
    # Sepertiga kejadian per tahun tidak boleh tampil sebagai 0.
    frame["desimal_laju"] = frame["desimal"].clip(lower=1)
    frame.attrs["satuan"] = dict.fromkeys(("realisasi", "target_akhir"), "=satuan")
    frame.attrs["satuan"] |= dict.fromkeys(("jarak", "laju_perlu", "laju_nyata"), "=satuan_jarak")
    frame.attrs["satuan"] |= {"bagian_laju": "persen_perubahan"}
    return frame


_LAJU = {
    "laju_nyata": float,
    **{f"{k}_{x}": tipe for x in ("awal", "ujung") for k, tipe in (("tahun", "Int64"), ("realisasi", float))},
    **dict.fromkeys(("keadaan_awal", "keadaan_ujung"), object),
}


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _from_folder(iku: pd.Series, tahun: int) -> dict[str, Any]:
    kolom = ("satuan", "arah", "target", "realisasi", "capaian", "setahun", "cara")
    isi = {k: iku[k] for k in kolom} | {"keadaan": iku["keadaan_realisasi"]}
    if iku["tahun_data"] == tahun:
        return isi
    return isi | {"realisasi": np.nan, "capaian": np.nan, "keadaan": "tidak_tersedia"}


def _from_record(d: Data, iku: Any, catatan: Any) -> dict[str, Any]:
    nilai, keadaan = capaian.realisation(d, iku, catatan)
    isi = {"satuan": iku.satuan, "arah": iku.arah, "target": np.nan, "realisasi": nilai, "capaian": np.nan}
    return isi | {"setahun": True, "cara": catatan.cara, "keadaan": keadaan, "asal": "riwayat"}


def _observed_pace(isi: pd.DataFrame) -> list[Any]:
    """Laju, lalu tahun, realisasi, dan keadaan di kedua ujungnya (:data:`_LAJU`); kosong bila tidak ada."""
    isi = isi[isi["setahun"].astype(bool)].dropna(subset=["realisasi"]).sort_values("tahun")
    # Rentang terakhir yang tidak terputus: tahun sebelum definisi lain tidak ikut.
    sama = (isi[["definisi", "satuan", "arah"]] == isi[["definisi", "satuan", "arah"]].tail(1).squeeze()).all(axis=1)
    rentang = isi[sama[::-1].cummin()[::-1]]
    if len(rentang) < 2:
        return [np.nan, pd.NA, np.nan, pd.NA, np.nan, None, None]
    awal, akhir = rentang.iloc[0], rentang.iloc[-1]
    laju = float((akhir["realisasi"] - awal["realisasi"]) / (akhir["tahun"] - awal["tahun"]))
    ujung = [x[k] for x in (awal, akhir) for k in ("tahun", "realisasi")]
    return [laju, *ujung, awal["keadaan"], akhir["keadaan"]]
