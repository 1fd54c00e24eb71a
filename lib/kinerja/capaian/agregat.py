"""Dari IKU ke sasaran strategis dan institusi, dan ke tahun lain: tahun sebelumnya dan target akhir Renstra.

Cara merata-ratakan dan batas capaiannya adalah aturan institusi itu di data.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from kinerja import fmt, paths, periode
from kinerja.capaian.indikator import (
    DEFINISI_UTAMA,
    GOLONGAN,
    NAIK,
    RENTANG,
    TIDAK_DINILAI,
    TURUN,
    achievement,
    cap,
    change_unit,
    classify,
    equal_as_printed,
    iku,
    indicator_rules,
    predicates,
    realisation,
    required_pace,
)
from kinerja.data import Data, load, remembered
from kinerja.errors import GalatHitung, GalatParameter
from kinerja.istilah import term

DESIMAL_CETAK = 2
"""Banyaknya desimal persen capaian di laporan; dipakai untuk menyatakan sebuah rata-rata tepat 100."""

HASIL = ("membaik", "tetap", "memburuk", "tak_sebanding")
TERTIMBANG = "rata_rata_tertimbang"
TAHUN_RENSTRA = 5
"""Lamanya satu Renstra."""

_KOLOM_STRIP = (
    "sasaran nama satuan desimal arah target realisasi target_teks realisasi_teks target_semula target_semula_teks "
    "target_tahun target_tahun_teks capaian capaian_tanpa_batas capaian_tahun target_bawah target_atas batas "
    "lalu tahun_lalu keadaan_lalu perubahan "
    "satuan_perubahan hasil tahun_akhir akhir laju_perlu tahun_data golongan sebab keadaan_realisasi"
).split()
_KOLOM_UTAMA = (
    "jenis kode nama target realisasi satuan desimal target_teks realisasi_teks capaian_tanpa_batas capaian golongan "
    "predikat keadaan_realisasi catatan"
).split()
_RATA = ("capaian_tanpa_batas", "capaian")


# Rata-rata sasaran dan institusi --------------------------------------------------------------------------------------


@remembered
def sasaran(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Capaian setiap sasaran strategis: rata-rata capaian IKU pembentuknya, menurut ``aturan/agregasi_sasaran``.

    ``rata_rata`` memberi setiap IKU bobot sama; ``rata_rata_tertimbang`` memakai tabel ``bobot``. IKU yang tidak dapat
    dinilai tidak ikut rata-rata; ``iku_dinilai`` dan ``jumlah_iku`` memperlihatkannya.

    Kolom: kode, nama, jumlah_iku, iku_dinilai, capaian_tanpa_batas, capaian (persen), golongan, keadaan, predikat.

    Raises
    ------
    GalatHitung
        ``aturan/agregasi_sasaran`` bukan cara yang dikenal.
    """
    return _objectives(d, iku(d, batas))


def institusi(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Capaian institusi menurut dua cara rata-rata; yang dipakai laporan ditandai.

    Baris ``rata_rata_sasaran`` dan ``rata_rata_iku``, ditambah ``rata_rata_tertimbang_...`` bila tabel ``bobot`` memuat
    bobotnya: cara, jumlah (yang dirata-ratakan), capaian_tanpa_batas, capaian (persen), dipakai (menurut
    ``aturan/agregasi_institusi``), golongan, keadaan, predikat.

    Raises
    ------
    GalatHitung
        ``aturan/agregasi_institusi`` bukan salah satu cara itu.
    """
    return _institution(d, sasaran(d, batas), iku(d, batas))


def mean_achievement(d: Data, batas: float | None = None, *, terbatas: bool = True) -> float:
    """Capaian institusi (persen) menurut cara yang dipakai; ``terbatas=False`` menghitungnya tanpa batas."""
    return float(institusi(d, batas).set_index("dipakai").at[True, "capaian" if terbatas else "capaian_tanpa_batas"])


def mean_with(d: Data, ganti: Mapping[str, float], batas: float | None = None) -> float:
    """Capaian institusi (persen) bila capaian (persen) beberapa IKU, menurut kodenya, diganti; yang lain tetap."""
    per_iku = iku(d, batas)
    per_iku["capaian"] = per_iku["kode"].map(ganti).astype(float).fillna(per_iku["capaian"])
    return float(_institution(d, _objectives(d, per_iku), per_iku).set_index("dipakai").at[True, "capaian"])


def mean_by_rule(d: Data, batas: float | None = None, lain: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Capaian institusi menurut aturan yang berbeda, supaya terlihat pada apa angkanya bertumpu.

    Baris :func:`institusi` dengan batas (yang dipakai laporan lebih dahulu, berindeks "dipakai"), ``tanpa_batas`` (cara
    yang dipakai, tanpa batas; hanya bila ada batas), ``tanpa_tertinggi`` (rata-rata biasa sasaran lain bila yang
    bercapaian tertinggi tidak ikut; hanya bila sasarannya lebih dari satu), lalu aturan ``lain`` (kode -> capaian dalam
    persen; yang NaN tidak ikut), berindeks kode aturannya: aturan, capaian (persen), dipakai (bool), sasaran dan nama
    (kode dan nama yang tertinggi itu; kosong pada baris lain), golongan.
    """
    semua, per_sasaran = institusi(d, batas).sort_values("dipakai", ascending=False, kind="stable"), sasaran(d, batas)
    dipakai = semua["cara"].iloc[0]
    nilai = dict(zip(semua["cara"], semua["capaian"], strict=True))
    if iku(d, batas)["batas"].notna().any():
        nilai["tanpa_batas"] = mean_achievement(d, batas, terbatas=False)
    rata = per_sasaran.set_index("kode")["capaian"].dropna()
    tertinggi = rata.idxmax() if len(rata) > 1 else ""
    if tertinggi:
        nilai["tanpa_tertinggi"] = float(rata.drop(tertinggi).mean())
    nilai |= {k: x for k, x in (lain or {}).items() if not np.isnan(x)}
    frame = pd.DataFrame({"aturan": list(nilai), "capaian": list(nilai.values())}, index=list(nilai))
    frame["dipakai"] = frame["aturan"] == dipakai
    frame["sasaran"] = frame["aturan"].map({"tanpa_tertinggi": tertinggi}).fillna("")
    frame["nama"] = frame["sasaran"].map(per_sasaran.set_index("kode")["nama"]).astype(object).fillna("")
    frame["golongan"] = [_class_of_mean(x) for x in frame["capaian"]]
    frame.attrs["satuan"] = {"capaian": "persen_capaian"}
    return frame.rename(index={dipakai: "dipakai"})


def offline_cap(d: Data, batas: float | None = None) -> dict[str, Any]:
    """Isi kendali ``batas`` (:mod:`kinerja.jawaban`): capaian tanpa batas setiap IKU, dan cara merata-ratakannya.

    Dengan batas b capaian sebuah IKU menjadi yang terkecil dari capaiannya dan b bila ``dibatasi`` (target berupa
    bilangan), b bila ``nol`` (target 0 yang terlampaui), selebihnya tetap. Isinya ``batas`` (100 bila tidak ada),
    ``terbatas`` (apakah ada), ``dari`` (``sasaran`` atau ``iku``: yang dirata-ratakan), ``iku`` dan ``sasaran`` dengan
    bobotnya.
    """
    per_iku, per_sasaran, cara = iku(d, batas), sasaran(d, batas), _rule_of(d, "institusi")
    kode, dari = {"iku": per_iku["kode"], "sasaran": per_sasaran["kode"]}, cara.rsplit("_", 1)[1]
    # IKU bertarget 0 yang terlampaui bernilai batas yang berlaku, berapa pun batas itu; tanpa batas tidak tersedia.
    nol = per_iku["capaian_tanpa_batas"].isna() & iku(d, 100.0)["capaian"].notna()
    sendiri = kode["iku"].isin([k for k, x in indicator_rules(d).items() if "batas" in x])
    tetap = (per_iku["target_teks"] != "") | sendiri
    isi = per_iku["capaian_tanpa_batas"].where(~sendiri, per_iku["capaian"])
    dalam = _weights(d, kode["iku"]) if _rule_of(d, "sasaran") == TERTIMBANG else pd.Series(1.0, index=per_iku.index)
    bobot = dict.fromkeys([*kode["iku"], *kode["sasaran"]], 1.0)
    if cara.startswith(TERTIMBANG):
        bobot |= dict(zip(kode[dari], _weights(d, kode[dari]).astype(float), strict=True))
    return {
        "batas": cap(d, batas) or 100.0,
        "terbatas": cap(d, batas) is not None,
        "dari": dari,
        "iku": [
            {
                "kode": x.kode,
                "sasaran": x.sasaran,
                "nama": term(x.nama_pendek),
                "capaian": None if np.isnan(isi[x.Index]) else float(isi[x.Index]),
                "dibatasi": not tetap[x.Index],
                "nol": bool(nol[x.Index] and not tetap[x.Index]),
                "bobot": bobot[x.kode],
                "bobot_sasaran": float(dalam[x.Index]),
            }
            for x in per_iku.itertuples()
        ],
        "sasaran": [{"kode": k, "bobot": bobot[k]} for k in kode["sasaran"]],
    }


def summary(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Tabel utama laporan: institusi, setiap sasaran, dan IKU di bawah sasarannya.

    Kolom: jenis ("institusi", "sasaran", "iku"), kode, nama, target, realisasi, satuan, desimal (NaN dan kosong pada
    baris rata-rata), target_teks, realisasi_teks, capaian_tanpa_batas, capaian (persen), golongan, predikat,
    keadaan_realisasi, menonjol (bool: baris rata-rata), catatan.
    """
    per_iku, per_sasaran = iku(d, batas).assign(jenis="iku"), sasaran(d, batas).assign(jenis="sasaran")
    nama = d.teks("aturan/nama_institusi")
    bagian = [institusi(d, batas).query("dipakai").assign(jenis="institusi", kode="", nama=nama)]
    for kode in per_sasaran["kode"]:
        bagian += [per_sasaran[per_sasaran["kode"] == kode], per_iku[per_iku["sasaran"] == kode]]
    frame = pd.concat([b.reindex(columns=_KOLOM_UTAMA) for b in bagian], ignore_index=True)
    teks = ["satuan", "target_teks", "realisasi_teks", "predikat", "keadaan_realisasi", "catatan"]
    frame[teks] = frame[teks].astype(object).fillna("")
    return frame.assign(menonjol=frame["jenis"] != "iku").astype({"desimal": "Int64"})


def counts(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Banyaknya IKU dan sasaran di atas, tepat, dan di bawah 100, di samping hitungan yang tercetak.

    Kolom: jenis ("iku", "sasaran"), golongan, jumlah (int), tercetak (Int64; kosong bila laporan tidak menyebutnya),
    kode (anggotanya), satuan, keadaan.

    Raises
    ------
    GalatHitung
        Laporan mencetak dua hitungan yang berbeda untuk hal yang sama, sehingga tidak dapat disandingkan.
    """
    tercetak, baris = _printed_counts(d), []
    for jenis, frame, satuan in (("iku", iku(d, batas), "indikator"), ("sasaran", sasaran(d, batas), "sasaran")):
        for golongan in (*GOLONGAN, TIDAK_DINILAI):
            anggota = frame.loc[frame["golongan"] == golongan, "kode"]
            cetak = tercetak.get(f"{jenis}_{golongan}_100")
            if golongan != TIDAK_DINILAI or len(anggota):
                baris.append((jenis, golongan, len(anggota), cetak, ", ".join(anggota), satuan, "diturunkan"))
    kolom = ["jenis", "golongan", "jumlah", "tercetak", "kode", "satuan", "keadaan"]
    return pd.DataFrame(baris, columns=kolom).astype({"tercetak": "Int64"})


# Tahun lain dan Renstra -----------------------------------------------------------------------------------------------


def end_year(d: Data) -> int:
    """Tahun akhir Renstra: ``aturan/tahun_akhir_renstra``, tahun terakhir tabel ``renstra``, atau tahun laporan."""
    akhir = d.rule("tahun_akhir_renstra")
    if akhir is None and d.has("renstra"):
        akhir = d["renstra"]["tahun"].max()
    return d.tahun if akhir is None else int(akhir)


def strip(d: Data, sasaran: str | None = None, batas: float | None = None) -> pd.DataFrame:
    """Baris pembuka setiap halaman: target, hasil, tahun sebelumnya, dan target akhir Renstra setiap IKU.

    Nilai berdiri di tahun datanya: ``lalu`` adalah nilai setahun sebelum ``tahun_data``, dari tabel ``iku_riwayat``
    atau folder tahun itu, dan hanya bila definisi dan satuannya sama.

    ``sasaran`` memilih IKU satu sasaran strategis, dan ``batas`` (persen) bawaan dari ``aturan/batas_capaian``.

    Berindeks ``kode``, urutan tabel ``iku``: sasaran, nama (pendek), satuan, desimal, arah, target, realisasi,
    target_teks, realisasi_teks, capaian (persen, dengan batas), capaian_tanpa_batas, lalu (nilai ``tahun_lalu``, dengan
    ``keadaan_lalu``), perubahan (realisasi dikurangi lalu), hasil ("membaik", "tetap", "memburuk"; "tak_sebanding" bila
    tidak ada pembandingnya atau nilainya bukan milik tahun laporan), tahun_akhir, akhir (target tahun itu), laju_perlu
    (:func:`required_pace`), tahun_data, golongan, keadaan_realisasi. ``attrs["satuan"]`` memuat satuan setiap kolom
    angka; "=satuan" menunjuk kolom.

    Raises
    ------
    GalatParameter
        Sasaran tidak dikenal.
    """
    per_iku = iku(d, batas)
    if sasaran is not None:
        ada = dict.fromkeys(per_iku["sasaran"])
        if sasaran not in ada:
            raise GalatParameter(f"Sasaran {sasaran!r} tidak dikenal; yang ada: {', '.join(ada)}.")
        per_iku = per_iku[per_iku["sasaran"] == sasaran]
    jarak = distance(d).set_index("kode")[["tahun_akhir", "target_akhir", "laju_perlu"]]
    frame = per_iku.set_index("kode").join(jarak.rename(columns={"target_akhir": "akhir"})).join(_past(d, per_iku, 1))
    frame["nama"] = frame["nama_pendek"]
    frame["perubahan"] = frame["realisasi"] - frame["lalu"]
    frame["satuan_perubahan"] = [change_unit(x) for x in frame["satuan"]]
    baik = frame["perubahan"] * frame["arah"].map({NAIK: 1, TURUN: -1})
    baik = baik.where(frame["tahun_data"] == d.tahun)
    frame["hasil"] = np.select([baik > 0, baik == 0, baik < 0], HASIL[:3], HASIL[3])
    frame = frame[_KOLOM_STRIP]
    frame.attrs["satuan"] = {
        **dict.fromkeys(("target", "target_semula", "target_tahun", "realisasi", "lalu", "akhir"), "=satuan"),
        **dict.fromkeys(("perubahan", "laju_perlu"), "=satuan_perubahan"),
        **dict.fromkeys(("capaian", "capaian_tanpa_batas", "capaian_tahun"), "persen_capaian"),
        **dict.fromkeys(("tahun_data", "tahun_akhir", "tahun_lalu"), "tahun"),
    }
    frame.attrs["tahun"] = d.tahun
    return frame


def comparison(d: Data, batas: float | None = None) -> pd.DataFrame:
    """Perbandingan yang diminta PermenPANRB 53/2014 bagi setiap IKU.

    Standar nasional dari ``iku_nilai`` (ukuran ``standar_nasional``), penyebab dari ``penjelasan`` berjenis ``alasan``;
    yang tidak ada kosong.

    Kolom :func:`strip`, ditambah lalu_2 (dua tahun sebelumnya, dengan keadaan_lalu_2 dan tahun_lalu_2), capaian_akhir
    (persen dari target akhir Renstra, tanpa batas), standar, standar_teks, capaian_standar (persen, tanpa batas), dan
    penyebab (kalimat pertamanya, dalam bahasa yang berlaku).
    """
    frame, per_iku = strip(d, batas=batas), iku(d, batas)
    dulu = _past(d, per_iku, 2)
    frame = frame.assign(**{f"{k}_2": dulu[k] for k in ("lalu", "keadaan_lalu", "tahun_lalu")})
    frame["capaian_akhir"] = distance(d).set_index("kode")["capaian_akhir"]
    standar = d["iku_nilai"].query("ukuran == 'standar_nasional'") if d.has("iku_nilai") else pd.DataFrame()
    standar = standar.set_index("kode") if len(standar) else pd.DataFrame(columns=["nilai", "teks"], dtype=object)
    frame["standar"] = standar["nilai"].reindex(frame.index).astype(float)
    frame["standar_teks"] = standar["teks"].reindex(frame.index)
    frame["capaian_standar"] = _against(per_iku, frame["standar"])
    frame["penyebab"] = _first_reasons(d).reindex(frame.index).fillna("")
    return frame.assign(kode=frame.index)


def trajectory(d: Data) -> pd.DataFrame:
    """Jalur target Renstra, target yang berlaku, dan realisasi, yang berdiri di tahun datanya.

    Panjang: kode, nama_pendek, tahun, ukuran ("target_renstra", "target_berlaku", "realisasi"; untuk target rentang
    juga "target_bawah" dan "target_atas"), nilai, satuan, keadaan. IKU bertarget teks tidak ikut.
    """
    renstra, baris = _plan(d).sort_values("tahun"), []
    for i in iku(d).query("satuan != 'teks'").itertuples():
        milik = renstra[renstra["kode"] == i.kode]
        butir = [(r.tahun, "target_renstra", r.nilai, r.keadaan) for r in milik.itertuples()]
        butir.append((d.tahun, "target_berlaku", i.target, "dikutip"))
        butir.append((i.tahun_data, "realisasi", i.realisasi, i.keadaan_realisasi))
        if i.arah == RENTANG:
            butir += [(d.tahun, f"target_{x}", getattr(i, f"target_{x}"), "dikutip") for x in ("bawah", "atas")]
        baris += [(i.kode, i.nama_pendek, int(tahun), ukuran, x, i.satuan, k) for tahun, ukuran, x, k in butir]
    return pd.DataFrame(baris, columns=["kode", "nama_pendek", "tahun", "ukuran", "nilai", "satuan", "keadaan"])


def distance(d: Data) -> pd.DataFrame:
    """Jarak realisasi terakhir setiap IKU ke target akhir Renstra, dan laju tahunan yang diperlukan.

    Sisa tahun dihitung dari tahun data realisasinya sampai tahun akhir Renstra. Jarak positif berarti masih kurang;
    target yang sudah tercapai memerlukan laju 0. Bila tahunnya habis dan target belum tercapai, laju tidak tersedia
    (:func:`required_pace`).

    Kolom: kode, nama_pendek, satuan, desimal, realisasi, tahun_data, tahun_akhir, target_akhir, jarak, sisa_tahun,
    laju_perlu (per tahun, bertanda searah perbaikan angka), capaian_akhir (persen, tanpa batas), tercapai (bool),
    keadaan.
    """
    semua, akhir = iku(d), end_year(d)
    frame = semua[["kode", "nama_pendek", "satuan", "desimal", "realisasi", "tahun_data"]].assign(tahun_akhir=akhir)
    # Jarak ke sebuah rentang tidak punya satu angka; angka yang masih terkumpul belum setara target setahun.
    terkumpul = ~semua["setahun"].astype(bool) & semua["cara"].isin(["jumlah", "kumulatif"])
    tanpa = (semua["arah"] == RENTANG) | (terkumpul & (d.periode != periode.TAHUN))
    frame["target_akhir"] = _plan_targets(d, frame["kode"], akhir).mask(tanpa)
    frame["jarak"] = (frame["target_akhir"] - frame["realisasi"]) * np.where(semua["arah"] == NAIK, 1, -1)
    frame["sisa_tahun"] = akhir - frame["tahun_data"]
    sama = map(equal_as_printed, frame["realisasi"], frame["target_akhir"], frame["desimal"])
    tercapai = frame["jarak"].notna() & ((frame["jarak"] <= 0) | pd.Series(list(sama), index=frame.index, dtype=bool))
    laju = required_pace(frame["realisasi"], frame["tahun_data"], frame["target_akhir"], akhir, semua["arah"])
    frame["laju_perlu"] = np.where(tercapai, 0.0, laju)
    frame["capaian_akhir"] = _against(semua, frame["target_akhir"])
    keadaan = np.where(frame["jarak"].notna(), "diturunkan", "tidak_tersedia")
    return frame.assign(tercapai=tercapai, keadaan=keadaan)


def renstra_path(d: Data) -> pd.DataFrame:
    """Target Renstra setiap IKU di samping realisasi dan jaraknya ke target akhir.

    Kolom :func:`distance`, berindeks ``kode``, ditambah keadaan_realisasi, target (yang berlaku tahun ini),
    satuan_jarak, dan renstra_1 sampai renstra_5: target lima tahun yang berakhir pada ``tahun_akhir``.
    """
    frame = distance(d).set_index("kode", drop=False)
    frame = frame.join(iku(d).set_index("kode")[["target", "keadaan_realisasi"]])
    frame["satuan_jarak"] = [change_unit(x) for x in frame["satuan"]]
    for n in range(1, TAHUN_RENSTRA + 1):
        frame[f"renstra_{n}"] = _plan_targets(d, frame["kode"], end_year(d) - TAHUN_RENSTRA + n)
    return frame.rename_axis(None)


# Bagian dalam ---------------------------------------------------------------------------------------------------------


def _rule_of(d: Data, tingkat: str) -> str:
    return d.rule_text(f"agregasi_{tingkat}", {"sasaran": "rata_rata", "institusi": "rata_rata_sasaran"}[tingkat])


def _class_of_mean(capaian: float) -> str:
    return classify(capaian, capaian, 100.0, DESIMAL_CETAK)


def _objectives(d: Data, per_iku: pd.DataFrame) -> pd.DataFrame:
    cara = _rule_of(d, "sasaran")
    if cara not in ("rata_rata", TERTIMBANG):
        raise GalatHitung(
            f"Cara agregasi sasaran {cara!r} (aturan/agregasi_sasaran) tidak dikenal; "
            f"yang ada: rata_rata, {TERTIMBANG}."
        )
    bobot = _weights(d, per_iku["kode"]) if cara == TERTIMBANG else None
    baris = []
    for s in d["sasaran"].itertuples():
        milik = per_iku[per_iku["sasaran"] == s.kode]
        rata = [_mean(milik[x], bobot) for x in _RATA]
        semua_tepat = len(milik) > 0 and (milik["golongan"] == "tepat").all()
        golongan = "tepat" if semua_tepat else _class_of_mean(rata[1])
        baris.append((s.kode, s.nama, len(milik), int(milik["capaian"].notna().sum()), *rata, golongan))
    frame = pd.DataFrame(baris, columns=["kode", "nama", "jumlah_iku", "iku_dinilai", *_RATA, "golongan"])
    return frame.assign(keadaan="diturunkan", predikat=predicates(d, frame["capaian"]))


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
    baris = [
        (cara, int(frame["capaian"].notna().sum()), *(_mean(frame[x], bobot) for x in _RATA), cara == dipakai)
        for cara, (frame, bobot) in per_cara.items()
    ]
    frame = pd.DataFrame(baris, columns=["cara", "jumlah", *_RATA, "dipakai"])
    golongan = [_class_of_mean(x) for x in frame["capaian"]]
    return frame.assign(golongan=golongan, keadaan="diturunkan", predikat=predicates(d, frame["capaian"]))


def _mean(nilai: pd.Series, bobot: pd.Series | None) -> float:
    """Rata-rata nilai yang ada; ``bobot`` berindeks sama dengan nilai."""
    ada = nilai.dropna()
    if ada.empty or bobot is None:
        return float(ada.mean())
    w = bobot.loc[ada.index]
    return float((ada * w).sum() / w.sum())


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
    hasil = {}
    for hal, isi in d["hitungan"].dropna(subset=["nilai"]).groupby("hal")["nilai"]:
        if hal.endswith("_100"):
            if isi.nunique() > 1:
                versi = ", ".join(fmt.angka(x) for x in isi.unique())
                raise GalatHitung(f"Hitungan {hal!r} tercetak berbeda-beda: {versi}.")
            hasil[hal] = int(isi.iloc[0])
    return hasil


def _plan(d: Data) -> pd.DataFrame:
    return d["renstra"] if d.has("renstra") else pd.DataFrame(columns=["kode", "tahun", "nilai", "keadaan"])


def _plan_targets(d: Data, kode: pd.Series, tahun: int) -> pd.Series:
    renstra = _plan(d)
    isi = renstra[renstra["tahun"] == tahun].drop_duplicates("kode").set_index("kode")["nilai"]
    return kode.map(isi).astype(float)


def _against(per_iku: pd.DataFrame, target: pd.Series) -> list[float]:
    """Capaian (persen, tanpa batas) realisasi setiap IKU terhadap target lain; NaN bila targetnya rentang."""
    return [
        float("nan") if i.arah == RENTANG else achievement(i.realisasi, x, i.arah, None, i.rumus)
        for i, x in zip(per_iku.itertuples(), target, strict=True)
    ]


def _first_reasons(d: Data) -> pd.Series:
    """Kalimat alasan pertama setiap IKU dalam bahasa yang berlaku."""
    if not d.has("penjelasan"):
        return pd.Series(dtype=object)
    isi = d["penjelasan"].query("jenis == 'alasan' and indikator != ''").drop_duplicates("indikator")
    isi = isi.set_index("indikator")
    inggris = isi["ringkas_en"].where(isi["ringkas_en"] != "", isi["ringkas"])
    return isi["ringkas"] if fmt.language() == "id" else inggris


def _past(d: Data, per_iku: pd.DataFrame, mundur: int) -> pd.DataFrame:
    """Nilai beberapa tahun sebelum tahun datanya, berindeks kode: ``lalu``, ``keadaan_lalu``, ``tahun_lalu``."""
    isi = [(*_before(d, i, mundur), i.tahun_data - mundur) for i in per_iku.itertuples()]
    frame = pd.DataFrame(isi, columns=["lalu", "keadaan_lalu", "tahun_lalu"], index=pd.Index(per_iku["kode"]))
    return frame.astype({"lalu": float, "tahun_lalu": int})


def _before(d: Data, i: Any, mundur: int) -> tuple[float, str]:
    """Realisasi periode yang sama beberapa tahun sebelumnya dan keadaannya.

    NaN bila tak ada, belum setahun, atau definisinya lain.
    """
    tidak_ada = float("nan"), "tidak_tersedia"
    tahun, setahun = i.tahun_data - mundur, d.periode == periode.TAHUN
    riwayat = d["iku_riwayat"] if d.has("iku_riwayat") else pd.DataFrame(columns=["kode", "tahun", "definisi"])
    catatan = riwayat[riwayat["kode"] == i.kode].set_index("tahun")
    kini, dulu = (catatan["definisi"].get(x, DEFINISI_UTAMA) for x in (i.tahun_data, tahun))
    if kini != dulu or (setahun and not i.setahun) or i.satuan == "teks":
        return tidak_ada
    if setahun and tahun in catatan.index:
        return realisation(d, i, catatan.loc[tahun])
    if tahun not in paths.tahun_tersedia():
        return tidak_ada
    dulu_ = iku(load(tahun).at(d.periode)).set_index("kode")
    cocok = {"satuan": i.satuan, "arah": i.arah, "tahun_data": tahun}
    if i.kode not in dulu_.index or any(dulu_.at[i.kode, k] != x for k, x in cocok.items()):
        return tidak_ada
    return float(dulu_.at[i.kode, "realisasi"]), str(dulu_.at[i.kode, "keadaan_realisasi"])
