"""Dari IKU ke sasaran strategis dan institusi, menurut aturan merata-ratakan institusi itu."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kinerja import fmt
from kinerja.capaian.indikator import cap, iku, indicator_rules, predicates
from kinerja.capaian.rumus import GOLONGAN, TIDAK_DINILAI, classify
from kinerja.data import Data, remembered
from kinerja.errors import GalatHitung
from kinerja.istilah import term

DESIMAL_CETAK = 2
"""Banyaknya desimal persen capaian di laporan; dipakai untuk menyatakan sebuah rata-rata tepat 100."""

TERTIMBANG = "rata_rata_tertimbang"
_KOLOM_SASARAN = "kode nama jumlah_iku iku_dinilai capaian_tanpa_batas capaian golongan keadaan".split()


@remembered
def sasaran(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Capaian setiap sasaran strategis: rata-rata capaian IKU pembentuknya, menurut ``aturan/agregasi_sasaran``.

    ``rata_rata`` memberi setiap IKU bobot sama; ``rata_rata_tertimbang`` memakai tabel ``bobot``.

    IKU yang tidak dapat dinilai tidak ikut rata-rata; ``iku_dinilai`` dan ``jumlah_iku`` memperlihatkannya.

    Returns
    -------
    pandas.DataFrame
        kode, nama, jumlah_iku, iku_dinilai, capaian_tanpa_batas, capaian (persen), golongan, keadaan, predikat.

    Raises
    ------
    GalatHitung
        ``aturan/agregasi_sasaran`` bukan cara yang dikenal.
    """
    cara = _rule_of(d, "sasaran")
    if cara not in ("rata_rata", TERTIMBANG):
        raise GalatHitung(
            f"Cara agregasi sasaran {cara!r} (aturan/agregasi_sasaran) tidak dikenal; "
            f"yang ada: rata_rata, {TERTIMBANG}."
        )
    return _objectives(d, iku(d, batas))


def _rule_of(d: Data, tingkat: str) -> str:
    return d.rule_text(f"agregasi_{tingkat}", {"sasaran": "rata_rata", "institusi": "rata_rata_sasaran"}[tingkat])


def _objectives(d: Data, per_iku: pd.DataFrame) -> pd.DataFrame:
    bobot = _weights(d, per_iku["kode"]) if _rule_of(d, "sasaran") == TERTIMBANG else None
    baris = []
    for s in d["sasaran"].itertuples():
        milik = per_iku[per_iku["sasaran"] == s.kode]
        capaian = _mean(milik["capaian"], bobot)
        semua_tepat = len(milik) > 0 and (milik["golongan"] == "tepat").all()
        baris.append(
            {
                "kode": s.kode,
                "nama": s.nama,
                "jumlah_iku": len(milik),
                "iku_dinilai": int(milik["capaian"].notna().sum()),
                "capaian_tanpa_batas": _mean(milik["capaian_tanpa_batas"], bobot),
                "capaian": capaian,
                "golongan": "tepat" if semua_tepat else classify(capaian, capaian, 100.0, DESIMAL_CETAK),
                "keadaan": "diturunkan",
            }
        )
    frame = pd.DataFrame(baris, columns=list(_KOLOM_SASARAN))
    return frame.assign(predikat=predicates(d, frame["capaian"]))


def institusi(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Capaian institusi menurut dua cara rata-rata; yang dipakai laporan ditandai.

    Returns
    -------
    pandas.DataFrame
        Baris ``rata_rata_sasaran`` dan ``rata_rata_iku``, ditambah ``rata_rata_tertimbang_...`` bila tabel ``bobot``
        memuat bobotnya: cara, jumlah (yang dirata-ratakan), capaian_tanpa_batas, capaian (persen), dipakai (menurut
        ``aturan/agregasi_institusi``), golongan, keadaan, predikat.

    Raises
    ------
    GalatHitung
        ``aturan/agregasi_institusi`` bukan salah satu cara itu.
    """
    return _institution(d, sasaran(d, batas), iku(d, batas))


def _institution(d: Data, per_sasaran: pd.DataFrame, per_iku: pd.DataFrame) -> pd.DataFrame:
    dasar = {"sasaran": per_sasaran, "iku": per_iku}
    per_cara: dict[str, tuple[pd.DataFrame, pd.Series | None]]
    per_cara = {f"rata_rata_{k}": (frame, None) for k, frame in dasar.items()}
    berbobot = set(d["bobot"]["kode"]) if d.has("bobot") else set()
    per_cara |= {
        f"{TERTIMBANG}_{k}": (frame, _weights(d, frame["kode"]))
        for k, frame in dasar.items()
        if len(frame) and berbobot.issuperset(frame["kode"])
    }
    dipakai = _rule_of(d, "institusi")
    if dipakai not in per_cara:
        raise GalatHitung(
            f"Cara agregasi institusi {dipakai!r} (aturan/agregasi_institusi) tidak dikenal; "
            f"yang ada: {', '.join(per_cara)}."
        )
    baris = []
    for cara, (frame, bobot) in per_cara.items():
        capaian = _mean(frame["capaian"], bobot)
        baris.append(
            {
                "cara": cara,
                "jumlah": int(frame["capaian"].notna().sum()),
                "capaian_tanpa_batas": _mean(frame["capaian_tanpa_batas"], bobot),
                "capaian": capaian,
                "dipakai": cara == dipakai,
                "golongan": classify(capaian, capaian, 100.0, DESIMAL_CETAK),
                "keadaan": "diturunkan",
            }
        )
    frame = pd.DataFrame(baris)
    return frame.assign(predikat=predicates(d, frame["capaian"]))


def mean_achievement(d: Data, batas: float | None = None, *, terbatas: bool = True) -> float:
    """Capaian institusi (persen) menurut cara yang dipakai; ``terbatas=False`` menghitungnya tanpa batas."""
    frame = institusi(d, batas)
    return float(frame.loc[frame["dipakai"], "capaian" if terbatas else "capaian_tanpa_batas"].iloc[0])


def offline_cap(d: Data, batas: float | None = None) -> dict[str, Any]:
    """Isi kendali ``batas`` (:mod:`kinerja.jawaban`): capaian tanpa batas setiap IKU, dan cara merata-ratakannya.

    Dengan batas b capaian sebuah IKU menjadi yang terkecil dari capaiannya dan b bila ``dibatasi`` (target berupa
    bilangan), b bila ``nol`` (target 0 yang terlampaui), selebihnya tetap.

    Returns
    -------
    dict
        ``batas`` (100 bila tidak ada), ``terbatas`` (apakah ada), ``dari`` (``sasaran`` atau ``iku``: yang
        dirata-ratakan), ``iku`` dan ``sasaran`` dengan bobotnya.
    """
    per_iku, per_sasaran, cara = iku(d, batas), sasaran(d, batas), _rule_of(d, "institusi")
    # IKU bertarget 0 yang terlampaui bernilai batas yang berlaku, berapa pun batas itu; tanpa batas tidak tersedia.
    nol = per_iku["capaian_tanpa_batas"].isna() & iku(d, 100.0)["capaian"].notna()
    sendiri = {k for k, x in indicator_rules(d).items() if "batas" in x}
    tetap = (per_iku["target_teks"] != "") | per_iku["kode"].isin(sendiri)
    per_iku = per_iku.assign(nol=nol & ~tetap, dibatasi=~tetap)
    per_iku["isi"] = per_iku["capaian_tanpa_batas"].where(~per_iku["kode"].isin(sendiri), per_iku["capaian"])
    dalam = _weights(d, per_iku["kode"]) if _rule_of(d, "sasaran") == TERTIMBANG else per_iku["kode"] != ""
    dari = cara.rsplit("_", 1)[1]
    atas = _weights(d, (per_iku if dari == "iku" else per_sasaran)["kode"]) if cara.startswith(TERTIMBANG) else None
    bobot = dict.fromkeys([*per_iku["kode"], *per_sasaran["kode"]], 1.0)
    if atas is not None:
        bobot |= dict(zip((per_iku if dari == "iku" else per_sasaran)["kode"], atas.astype(float), strict=True))
    return {
        "batas": cap(d, batas) or 100.0,
        "terbatas": cap(d, batas) is not None,
        "dari": dari,
        "iku": [
            {
                "kode": x.kode,
                "sasaran": x.sasaran,
                "nama": term(x.nama_pendek),
                "capaian": None if np.isnan(x.isi) else float(x.isi),
                "dibatasi": x.dibatasi,
                "nol": bool(x.nol),
                "bobot": bobot[x.kode],
                "bobot_sasaran": float(w),
            }
            for x, w in zip(per_iku.itertuples(), dalam, strict=True)
        ],
        "sasaran": [{"kode": k, "bobot": bobot[k]} for k in per_sasaran["kode"]],
    }


def mean_with(d: Data, ganti: Mapping[str, float], batas: float | None = None) -> float:
    """Capaian institusi (persen) bila capaian beberapa IKU diganti; yang lain tetap.

    Parameters
    ----------
    d : Data
    ganti : mapping of str to float
        Kode IKU -> capaian (persen).
    batas : float, optional
    """
    per_iku = iku(d, batas)
    per_iku["capaian"] = per_iku["kode"].map(ganti).astype(float).fillna(per_iku["capaian"])
    frame = _institution(d, _objectives(d, per_iku), per_iku)
    return float(frame.loc[frame["dipakai"], "capaian"].iloc[0])


def mean_by_rule(d: Data, batas: float | None = None, lain: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Capaian institusi menurut aturan yang berbeda, supaya terlihat pada apa angkanya bertumpu.

    Parameters
    ----------
    d : Data
    batas : float, optional
    lain : mapping of str to float, optional
        Aturan lain -> capaian (persen) menurut aturan itu; yang NaN tidak ikut.

    Returns
    -------
    pandas.DataFrame
        Baris :func:`institusi` dengan batas (yang dipakai laporan lebih dahulu, berindeks "dipakai"), ``tanpa_batas``
        (cara yang dipakai, tanpa batas; hanya bila ada batas), ``tanpa_tertinggi`` (rata-rata biasa sasaran lain bila
        yang bercapaian tertinggi tidak ikut; hanya bila sasarannya lebih dari satu), lalu ``lain``, berindeks kode
        aturannya: aturan, capaian (persen), dipakai (bool), sasaran dan nama (kode dan nama yang tertinggi itu; kosong
        pada baris lain), golongan.
    """
    semua, per_sasaran = institusi(d, batas).sort_values("dipakai", ascending=False, kind="stable"), sasaran(d, batas)
    nilai = dict(zip(semua["cara"], semua["capaian"], strict=True))
    if iku(d, batas)["batas"].notna().any():
        nilai["tanpa_batas"] = mean_achievement(d, batas, terbatas=False)
    capaian_ = per_sasaran.set_index("kode")["capaian"].dropna()
    tertinggi = capaian_.idxmax() if len(capaian_) > 1 else ""
    if tertinggi:
        nilai["tanpa_tertinggi"] = float(capaian_.drop(tertinggi).mean())
    nilai |= {k: x for k, x in (lain or {}).items() if not np.isnan(x)}
    frame = pd.DataFrame({"aturan": list(nilai), "capaian": list(nilai.values())}, index=list(nilai))
    frame["dipakai"] = frame["aturan"] == semua["cara"].iloc[0]
    frame["sasaran"] = frame["aturan"].map({"tanpa_tertinggi": tertinggi}).fillna("")
    frame["nama"] = frame["sasaran"].map(per_sasaran.set_index("kode")["nama"]).astype(object).fillna("")
    frame["golongan"] = [classify(x, x, 100.0, DESIMAL_CETAK) for x in frame["capaian"]]
    frame.attrs["satuan"] = {"capaian": "persen_capaian"}
    return frame.rename(index={semua["cara"].iloc[0]: "dipakai"})


def summary(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Tabel utama laporan: institusi, setiap sasaran, dan IKU di bawah sasarannya.

    Returns
    -------
    pandas.DataFrame
        jenis ("institusi", "sasaran", "iku"), kode, nama, target, realisasi, satuan, desimal (NaN dan kosong pada baris
        rata-rata), target_teks, realisasi_teks, capaian_tanpa_batas, capaian (persen), golongan, predikat,
        keadaan_realisasi, menonjol (bool: baris rata-rata), catatan.
    """
    per_iku, per_sasaran = iku(d, batas), sasaran(d, batas)
    dipakai = institusi(d, batas).query("dipakai").assign(kode="", nama=d.teks("aturan/nama_institusi"))
    bagian = [dipakai.assign(jenis="institusi")]
    for kode in per_sasaran["kode"]:
        bagian.append(per_sasaran[per_sasaran["kode"] == kode].assign(jenis="sasaran"))
        bagian.append(per_iku[per_iku["sasaran"] == kode].assign(jenis="iku"))
    kolom = (
        "jenis kode nama target realisasi satuan desimal target_teks realisasi_teks capaian_tanpa_batas capaian "
        "golongan predikat keadaan_realisasi catatan"
    ).split()
    frame = pd.concat([b.reindex(columns=kolom) for b in bagian], ignore_index=True)
    teks = ["satuan", "target_teks", "realisasi_teks", "predikat", "keadaan_realisasi", "catatan"]
    frame[teks] = frame[teks].astype(object).fillna("")
    return frame.assign(menonjol=frame["jenis"] != "iku").astype({"desimal": "Int64"})


def counts(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Banyaknya IKU dan sasaran di atas, tepat, dan di bawah 100, di samping hitungan yang tercetak.

    Returns
    -------
    pandas.DataFrame
        jenis ("iku", "sasaran"), golongan, jumlah (int), tercetak (Int64; kosong bila laporan tidak menyebutnya),
        kode (anggotanya), satuan, keadaan.

    Raises
    ------
    GalatHitung
        Laporan mencetak dua hitungan yang berbeda untuk hal yang sama, sehingga tidak dapat disandingkan.
    """
    tercetak = _printed_counts(d)
    baris = []
    for jenis, frame, satuan in (("iku", iku(d, batas), "indikator"), ("sasaran", sasaran(d, batas), "sasaran")):
        ada = [*GOLONGAN, *([TIDAK_DINILAI] if (frame["golongan"] == TIDAK_DINILAI).any() else [])]
        for golongan in ada:
            anggota = frame.loc[frame["golongan"] == golongan, "kode"]
            baris.append(
                {
                    "jenis": jenis,
                    "golongan": golongan,
                    "jumlah": len(anggota),
                    "tercetak": tercetak.get(f"{jenis}_{golongan}_100"),
                    "kode": ", ".join(anggota),
                    "satuan": satuan,
                    "keadaan": "diturunkan",
                }
            )
    return pd.DataFrame(baris).astype({"tercetak": "Int64"})


def _mean(nilai: pd.Series, bobot: pd.Series | None = None) -> float:
    """Rata-rata nilai yang ada; ``bobot`` berindeks sama dengan nilai."""
    ada = nilai.dropna()
    if ada.empty:
        return float("nan")
    if bobot is None:
        return float(ada.mean())
    w = bobot.loc[ada.index]
    return float((ada * w).sum() / w.sum())


def _rule(d: Data, kunci: str) -> int | float | None:
    """Satu aturan berupa angka; None bila institusi ini tidak punya aturan itu."""
    return d.nilai(f"aturan/{kunci}") if (d["aturan"]["kunci"] == kunci).any() else None


def _weights(d: Data, kode: pd.Series) -> pd.Series:
    """Bobot setiap kode menurut tabel ``bobot``, berindeks sama dengan ``kode``."""
    bobot = d["bobot"].set_index("kode")["nilai"] if d.has("bobot") else pd.Series(dtype=float)
    hasil = kode.map(bobot)
    salah = kode[hasil.isna() | (hasil <= 0)]
    if len(salah):
        raise GalatHitung(f"Bobot {salah.iloc[0]} tidak ada atau tidak positif di tabel bobot.")
    return hasil


def _printed_counts(d: Data) -> dict[str, int]:
    if not d.has("hitungan"):
        return {}
    hitungan = d["hitungan"].dropna(subset=["nilai"])
    hasil = {}
    for hal, isi in hitungan.groupby("hal")["nilai"]:
        if not hal.endswith("_100"):
            continue
        if isi.nunique() > 1:
            raise GalatHitung(
                f"Hitungan {hal!r} tercetak berbeda-beda: {', '.join(fmt.angka(x) for x in isi.unique())}."
            )
        hasil[hal] = int(isi.iloc[0])
    return hasil
