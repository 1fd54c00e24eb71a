"""Pagu, realisasi, dan penyerapan menurut rincian pada tanggal laporan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from kinerja import fmt, periode
from kinerja.data import Data, remembered
from kinerja.errors import GalatParameter

_URUTAN_TOTAL = ("sasaran", "program", "kegiatan", "jenis_belanja")
_JAUH_HARI = 45


def report_date(d: Data) -> str:
    """Tanggal laporan (ISO): ``per`` terakhir, atau bagi triwulan dan semester yang terdekat dengan akhir periodenya.

    Raises
    ------
    GalatParameter
        Tidak ada ``per`` dalam 45 hari dari akhir periode itu.
    """
    ada = sorted(set(d["anggaran"]["per"]))
    if d.periode == periode.TAHUN:
        return ada[-1]
    akhir = periode.end_date(d.tahun, d.periode)
    jauh = {x: abs((dt.date.fromisoformat(x) - akhir).days) for x in ada}
    dekat = min(ada, key=lambda x: jauh[x])
    if jauh[dekat] > _JAUH_HARI:
        raise GalatParameter(
            f"Tabel anggaran tidak punya angka untuk {periode.label(d.tahun, d.periode)} (paling jauh "
            f"{_JAUH_HARI} hari dari {akhir}); tanggal yang ada: {', '.join(ada)}."
        )
    return dekat


def has_money(d: Data) -> bool:
    """Apakah ada angka anggaran pada periode laporan."""
    try:
        return d.has("anggaran") and bool(report_date(d))
    except GalatParameter:
        return False


def step(d: Data) -> int:
    """Ketelitian uang dalam rupiah: ``aturan/pembulatan_uang``, atau 1 bila rupiahnya utuh."""
    return int(d.rule("pembulatan_uang") or 1)


def step_name(d: Data) -> str:
    """Ketelitian uang dalam kata ("juta rupiah"); kosong bila rupiahnya utuh."""
    return "" if step(d) == 1 else fmt.satuan("rupiah", fmt.scale_of(step(d)) or "ribu")


def main_breakdown(d: Data) -> str:
    """Rincian utama yang tertulis: jenis belanja, program, kegiatan, atau sasaran; "jenis_belanja" bila tidak ada."""
    ada = details(d)
    return next((x for x in ("jenis_belanja", "program", "kegiatan", "sasaran") if x in ada), "jenis_belanja")


def details(d: Data, per: str | None = None) -> list[str]:
    """Rincian pada satu tanggal (bawaan tanggal laporan), total lebih dahulu bila ada atau dapat dijumlahkan."""
    if not has_money(d):
        return []
    a = d["anggaran"]
    ada = list(dict.fromkeys(a.loc[a["per"] == (report_date(d) if per is None else per), "rincian"]))
    return ["total", *ada] if "total" not in ada and _parts_of_total(d, ada) else ada


@remembered
def absorption(d: Data, rincian: str, per: str | None = None) -> pd.DataFrame:
    """Pagu, realisasi, dan penyerapan satu rincian.

    Total yang tidak tertulis adalah jumlah rincian lengkap yang pertama (sasaran, program, kegiatan, jenis belanja).
    Realisasi yang tidak tertulis dihitung dari pagu dan persen terserapnya.

    Parameters
    ----------
    d : Data
    rincian : str
        "total", "jenis_belanja", "sasaran", atau rincian lain pada tabel ``anggaran``.
    per : str, optional
        Tanggal ISO; bawaan tanggal laporan.

    Returns
    -------
    pandas.DataFrame
        Urutan data: kode, nama, pagu, realisasi, sisa (rupiah, Int64), penyerapan (persen, tanpa pembulatan; yang
        tertulis bila pagu atau realisasinya tidak ada), penyerapan_tercetak, selisih (tercetak dikurangi hitungan pada
        desimal tercetak, poin persen), bagian_pagu dan bagian_realisasi (persen dari jumlah rincian itu; NaN bila ada
        bagian yang tidak tersedia), per, keadaan, dan keadaan_realisasi (diturunkan bila dihitung dari persennya,
        tidak_tersedia bila tidak ada).

    Raises
    ------
    GalatParameter
        Rincian atau tanggal tidak ada; lihat :func:`details` untuk yang ada.
    """
    per = report_date(d) if per is None else per
    if rincian == "total" and (bagian := _parts_of_total(d, _details_at(d, per))):
        return _sum_up(d, absorption(d, bagian, per))
    a = _part(d, rincian, per)
    lebar = _wide(a)
    tercetak = a[a["ukuran"] == "penyerapan"].set_index("kode")
    lebar["penyerapan_tercetak"] = lebar["kode"].map(tercetak["nilai"])
    tertulis = lebar["realisasi"].notna()
    rupiah = (lebar["pagu"].astype("Float64") * lebar["penyerapan_tercetak"] / 100).round().astype("Int64")
    lebar["realisasi"] = lebar["realisasi"].fillna(rupiah)
    keadaan = np.select([tertulis, lebar["realisasi"].notna()], ["dikutip", "diturunkan"], "tidak_tersedia")
    lebar["sisa"] = lebar["pagu"] - lebar["realisasi"]
    hitung = percent(lebar["realisasi"], lebar["pagu"])
    desimal = lebar["kode"].map(tercetak["desimal"])
    lebar["selisih"] = [difference(*x) for x in zip(lebar["penyerapan_tercetak"], hitung, desimal, strict=True)]
    lebar["penyerapan"] = hitung.where(tertulis, lebar["penyerapan_tercetak"])
    for ukuran in ("pagu", "realisasi"):
        lebar[f"bagian_{ukuran}"] = percent(lebar[ukuran], lebar[ukuran].sum(skipna=False))
    return lebar.assign(per=per, keadaan="dikutip", keadaan_realisasi=keadaan)


def lines(d: Data, *rincian: str, per: str | None = None) -> pd.DataFrame:
    """Pagu, realisasi, dan sisa menurut satu atau beberapa rincian, dengan total institusi di baris terakhir.

    Parameters
    ----------
    d : Data
    *rincian : str
        Misalnya "jenis_belanja" atau "sasaran"; yang belum diisi dilewati.
    per : str, optional
        Tanggal ISO; bawaan tanggal laporan.

    Returns
    -------
    pandas.DataFrame
        Berindeks kode, baris total "total": kode, nama, rincian, pagu, realisasi, sisa (rupiah, Int64), penyerapan
        (persen), keadaan_realisasi, jumlah (bool: baris total, kosong bila total tidak tertulis dan tidak dapat
        dijumlahkan). Tanpa baris bila tidak ada anggaran. ``attrs`` seperti
        :meth:`kinerja.data.Data.wide`; ``attrs["totals"]`` menyebut kolom ``jumlah``.
    """
    kolom = "kode nama rincian pagu realisasi sisa penyerapan keadaan_realisasi".split()
    ada = [x for x in dict.fromkeys((*rincian, "total")) if x in details(d, per)]
    bagian = [absorption(d, x, per).assign(rincian=x)[kolom] for x in ada]
    tipe = dict.fromkeys(kolom[3:6], "Int64") | {"penyerapan": float}
    if "total" not in ada:
        isi = {"kode": "total", "nama": d.rule_text("nama_institusi"), "rincian": "total"}
        kosong = [isi | {"keadaan_realisasi": "tidak_tersedia"}] if details(d, per) else []
        bagian.append(pd.DataFrame(kosong, columns=kolom).astype(tipe))
    frame = pd.concat(bagian, ignore_index=True)
    frame["jumlah"] = frame["rincian"] == "total"
    ganda = frame["kode"].duplicated(keep=False)  # kode program dan kegiatannya boleh sama
    kunci = frame["kode"].mask(ganda, frame["rincian"] + "/" + frame["kode"]).mask(frame["jumlah"], "total")
    frame.index = pd.Index(kunci.tolist(), dtype=object)
    frame.attrs = {"satuan": dict.fromkeys(("pagu", "realisasi", "sisa"), "rupiah") | {"penyerapan": "persen"}}
    frame.attrs["totals"] = "jumlah"
    if len(frame):
        a = d["anggaran"]
        a = a[(a["per"] == (report_date(d) if per is None else per)) & a["rincian"].isin(ada)]
        kunci = dict(zip(zip(frame["rincian"], frame["kode"], strict=True), frame.index, strict=True))
        kunci = pd.Series([kunci[x] for x in zip(a["rincian"], a["kode"], strict=True)], index=a.index)
        frame.attrs["sumber"] = sorted(set(a["sumber"]))
        for nama, isi in (("ids", "id"), ("keadaan", "keadaan")):
            frame.attrs[nama] = {
                u: dict(zip(kunci[a["ukuran"] == u], a.loc[a["ukuran"] == u, isi], strict=True))
                for u in ("pagu", "realisasi")
            }
    return frame


def total(d: Data) -> pd.Series:
    """Pagu, realisasi, sisa, dan penyerapan seluruhnya; kosong bila tidak tertulis dan tidak dapat dijumlahkan."""
    frame = lines(d)
    kosong = pd.Series({"pagu": pd.NA, "realisasi": pd.NA, "sisa": pd.NA, "penyerapan": np.nan}, dtype=object)
    return frame.loc["total"] if len(frame) else kosong


def cutoffs(d: Data) -> pd.DataFrame:
    """Realisasi total menurut tanggal batas; pembaginya selalu pagu pada tanggal laporan.

    Returns
    -------
    pandas.DataFrame
        Urut tanggal: per, sumber, judul_sumber, realisasi (Int64), penyerapan (persen), penyerapan_tercetak,
        selisih_realisasi (terhadap tanggal laporan, rupiah), keadaan.
    """
    kolom = "per sumber realisasi penyerapan penyerapan_tercetak keadaan selisih_realisasi judul_sumber".split()
    pagu = total(d)["pagu"]
    if pd.isna(pagu):
        return pd.DataFrame(columns=kolom)
    a = d["anggaran"]
    tertulis = a[a["rincian"] == "total"]
    baris = []
    for per, isi in tertulis.sort_values("per", kind="stable").groupby("per"):
        isi = isi.set_index("ukuran")
        if "realisasi" not in isi.index or pd.isna(isi.loc["realisasi", "nilai"]):
            continue
        realisasi = int(isi.loc["realisasi", "nilai"])
        baris.append(
            {
                "per": per,
                "sumber": isi.loc["realisasi", "sumber"],
                "realisasi": realisasi,
                "penyerapan": realisasi / pagu * 100,
                "penyerapan_tercetak": isi["nilai"].get("penyerapan", np.nan),
                "keadaan": isi.loc["realisasi", "keadaan"],
            }
        )
    frame = pd.DataFrame(baris, columns=kolom[:6]).astype({"realisasi": "Int64"})
    frame["selisih_realisasi"] = frame["realisasi"] - (frame["realisasi"].iloc[-1] if len(frame) else pd.NA)
    frame["judul_sumber"] = frame["sumber"].map(d.sumber.set_index("id")["judul_pendek"])
    return frame


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _details_at(d: Data, per: str) -> list[str]:
    """Rincian yang tertulis pada satu tanggal."""
    a = d["anggaran"]
    return list(dict.fromkeys(a.loc[a["per"] == per, "rincian"]))


def _parts_of_total(d: Data, ada: Sequence[str]) -> str:
    """Rincian yang dijumlahkan menjadi total; kosong bila total tertulis atau tidak ada rincian yang lengkap.

    Anggaran sebagian sasaran bukan total; sasaran tanpa anggaran membuat rincian itu tidak lengkap.
    """
    if "total" in ada:
        return ""
    a = d["anggaran"]
    for rincian in (x for x in _URUTAN_TOTAL if x in ada):
        kode = set(a.loc[a["rincian"] == rincian, "kode"])
        if rincian != "sasaran" or kode >= set(d["sasaran"]["kode"]):
            return rincian
    return ""


def _sum_up(d: Data, bagian: pd.DataFrame) -> pd.DataFrame:
    """Satu baris total dari jumlah bagiannya; kosong bila ada bagian yang tidak tersedia."""
    jumlah = {k: bagian[k].sum(skipna=False) for k in ("pagu", "realisasi", "sisa")}
    frame = pd.DataFrame([{"kode": "total", "nama": d.rule_text("nama_institusi"), **jumlah}])
    frame = frame.astype(dict.fromkeys(jumlah, "Int64"))
    frame["penyerapan"] = percent(frame["realisasi"], frame["pagu"])
    ada = frame["realisasi"].notna().map({True: "diturunkan", False: "tidak_tersedia"})
    kosong = dict.fromkeys(("penyerapan_tercetak", "selisih"), np.nan)
    bagian_ = {f"bagian_{k}": frame[k].notna().map({True: 100.0, False: np.nan}) for k in ("pagu", "realisasi")}
    per = bagian["per"].iloc[0]
    return frame.assign(keadaan_realisasi=ada, **kosong, **bagian_, per=per, keadaan="diturunkan")


def _part(d: Data, rincian: str, per: str) -> pd.DataFrame:
    a = d["anggaran"]
    if rincian not in set(a["rincian"]):
        raise GalatParameter(
            f"Rincian anggaran {rincian!r} tidak ada; pilih: {', '.join(dict.fromkeys(a['rincian']))}."
        )
    hasil = a[(a["rincian"] == rincian) & (a["per"] == per)]
    if hasil.empty:
        ada = sorted(set(a.loc[a["rincian"] == rincian, "per"]))
        raise GalatParameter(f"Anggaran {rincian!r} per {per} tidak ada; yang ada: {', '.join(ada)}.")
    return hasil


def _wide(a: pd.DataFrame) -> pd.DataFrame:
    uang = a[a["satuan"] == "rupiah"]
    lebar = uang.pivot(index=["kode", "nama"], columns="ukuran", values="nilai").reindex(columns=["pagu", "realisasi"])
    urutan = pd.MultiIndex.from_frame(a[["kode", "nama"]].drop_duplicates())
    lebar = lebar.reindex(urutan).astype("Int64")
    lebar.columns.name = None
    return lebar.reset_index()


def percent(bagian: pd.Series, seluruh: Any) -> pd.Series:
    """Persen sebagai float64; pembagi 0 atau hilang memberi NaN."""
    b = bagian.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    s = pd.Series(seluruh, index=bagian.index).astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    hasil = np.divide(b, s, out=np.full(b.shape, np.nan), where=np.isfinite(s) & (s != 0))
    return pd.Series(hasil * 100, index=bagian.index)


def difference(tercetak: float, dihitung: float, desimal: float) -> float:
    """Tercetak dikurangi hitungan yang dibulatkan pada desimal tercetak; NaN bila salah satunya tidak ada."""
    if fmt.is_missing(tercetak) or fmt.is_missing(dihitung):
        return float("nan")
    return fmt.round_half_up(tercetak - fmt.round_half_up(float(dihitung), int(desimal)), int(desimal))
