"""Dari tahun ke tahun: tahun sebelumnya, jalur target Renstra, dan jarak ke target akhirnya."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kinerja import fmt, paths, periode
from kinerja.capaian.indikator import DEFINISI_UTAMA, iku, realisation
from kinerja.capaian.rumus import NAIK, RENTANG, TURUN, achievement, change_unit, equal_as_printed, required_pace
from kinerja.data import Data, load
from kinerja.errors import GalatParameter

HASIL = ("membaik", "tetap", "memburuk", "tak_sebanding")
TAHUN_RENSTRA = 5
"""Lamanya satu Renstra."""

_KOLOM_STRIP = (
    "sasaran nama satuan desimal arah target realisasi target_teks realisasi_teks target_semula target_semula_teks "
    "target_tahun target_tahun_teks capaian capaian_tanpa_batas capaian_tahun target_bawah target_atas batas "
    "lalu tahun_lalu keadaan_lalu perubahan "
    "satuan_perubahan hasil tahun_akhir akhir laju_perlu tahun_data golongan sebab keadaan_realisasi"
).split()

_KOLOM_JARAK = (
    "kode nama_pendek satuan desimal realisasi tahun_data tahun_akhir target_akhir jarak sisa_tahun laju_perlu "
    "capaian_akhir tercapai keadaan"
).split()


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

    Parameters
    ----------
    d : Data
    sasaran : str, optional
        Hanya IKU sasaran strategis ini; bawaan semuanya.
    batas : float, optional
        Capaian tertinggi dalam persen; bawaan dari ``aturan/batas_capaian``.

    Returns
    -------
    pandas.DataFrame
        Berindeks ``kode``, urutan tabel ``iku``: sasaran, nama (pendek), satuan, desimal, arah, target, realisasi,
        target_teks, realisasi_teks, capaian (persen, dengan batas), capaian_tanpa_batas, lalu (nilai ``tahun_lalu``,
        dengan ``keadaan_lalu``), perubahan (realisasi dikurangi lalu), hasil ("membaik", "tetap", "memburuk";
        "tak_sebanding" bila tidak ada pembandingnya atau nilainya bukan milik tahun laporan), tahun_akhir, akhir
        (target tahun itu), laju_perlu (:func:`required_pace`), tahun_data, golongan, keadaan_realisasi.
        ``attrs["satuan"]`` memuat satuan setiap kolom angka; "=satuan" menunjuk kolom.

    Raises
    ------
    GalatParameter
        Sasaran tidak dikenal.
    """
    per_iku = iku(d, batas)
    if sasaran is not None:
        if sasaran not in set(per_iku["sasaran"]):
            raise GalatParameter(
                f"Sasaran {sasaran!r} tidak dikenal; yang ada: {', '.join(dict.fromkeys(per_iku['sasaran']))}."
            )
        per_iku = per_iku[per_iku["sasaran"] == sasaran]
    jarak = distance(d).set_index("kode")[["tahun_akhir", "target_akhir", "laju_perlu"]]
    frame = per_iku.set_index("kode").join(jarak.rename(columns={"target_akhir": "akhir"}))
    frame["nama"] = frame["nama_pendek"]
    lalu = [_before(d, i, 1) for i in per_iku.itertuples()]
    frame["lalu"], frame["keadaan_lalu"] = (pd.Series([x[n] for x in lalu], index=frame.index) for n in (0, 1))
    frame["tahun_lalu"] = frame["tahun_data"] - 1
    frame["perubahan"] = frame["realisasi"] - frame["lalu"]
    frame["satuan_perubahan"] = [change_unit(x) for x in frame["satuan"]]
    baik = frame["perubahan"] * frame["arah"].map({NAIK: 1, TURUN: -1})
    baik = baik.where(frame["tahun_data"] == d.tahun)
    frame["hasil"] = np.select([baik > 0, baik == 0, baik < 0], HASIL[:3], HASIL[3])
    frame = frame[list(_KOLOM_STRIP)]
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

    Parameters
    ----------
    d : Data
        Standar nasional dari ``iku_nilai`` (ukuran ``standar_nasional``), penyebab dari ``penjelasan`` berjenis
        ``alasan``; yang tidak ada kosong.
    batas : float, optional
        Lihat :func:`strip`.

    Returns
    -------
    pandas.DataFrame
        Kolom :func:`strip`, ditambah lalu_2 (dua tahun sebelumnya, dengan keadaan_lalu_2 dan tahun_lalu_2),
        capaian_akhir (persen dari target akhir Renstra, tanpa batas), standar, standar_teks, capaian_standar (persen,
        tanpa batas), dan penyebab (kalimat pertamanya, dalam bahasa yang berlaku).
    """
    frame, per_iku = strip(d, batas=batas), iku(d, batas)
    dulu = [_before(d, i, 2) for i in per_iku.itertuples()]
    frame["lalu_2"], frame["keadaan_lalu_2"] = (pd.Series([x[n] for x in dulu], index=frame.index) for n in (0, 1))
    frame["tahun_lalu_2"] = frame["tahun_data"] - 2
    frame["capaian_akhir"] = distance(d).set_index("kode")["capaian_akhir"]
    standar = d["iku_nilai"].query("ukuran == 'standar_nasional'") if d.has("iku_nilai") else pd.DataFrame()
    standar = standar.set_index("kode") if len(standar) else pd.DataFrame(columns=["nilai", "teks"], dtype=object)
    frame["standar"] = standar["nilai"].reindex(frame.index).astype(float)
    frame["standar_teks"] = standar["teks"].reindex(frame.index)
    angka = zip(frame["realisasi"], frame["standar"], frame["arah"], per_iku["rumus"], strict=True)
    frame["capaian_standar"] = [
        float("nan") if arah == RENTANG else achievement(nilai, acuan, arah, None, rumus)
        for nilai, acuan, arah, rumus in angka
    ]
    frame["penyebab"] = _first_reasons(d).reindex(frame.index).fillna("")
    return frame.assign(kode=frame.index)


def _first_reasons(d: Data) -> pd.Series:
    """Kalimat alasan pertama setiap IKU dalam bahasa yang berlaku."""
    if not d.has("penjelasan"):
        return pd.Series(dtype=object)
    isi = d["penjelasan"].query("jenis == 'alasan' and indikator != ''").drop_duplicates("indikator")
    isi = isi.set_index("indikator")
    return (
        isi["ringkas"] if fmt.language() == "id" else isi["ringkas_en"].where(isi["ringkas_en"] != "", isi["ringkas"])
    )


def trajectory(d: Data, kode: str | None = None) -> pd.DataFrame:
    """Jalur target Renstra, target yang berlaku, dan realisasi, yang berdiri di tahun datanya.

    Parameters
    ----------
    d : Data
    kode : str, optional
        Satu IKU; bawaan semuanya.

    Returns
    -------
    pandas.DataFrame
        Panjang: kode, nama_pendek, tahun, ukuran ("target_renstra", "target_berlaku", "realisasi"; untuk target rentang
        juga "target_bawah" dan "target_atas"), nilai, satuan, keadaan. IKU bertarget teks tidak ikut.

    Raises
    ------
    GalatParameter
        IKU tidak dikenal.
    """
    per_iku = _choose(iku(d), kode)
    per_iku = per_iku[per_iku["satuan"] != "teks"]
    renstra = d["renstra"] if d.has("renstra") else pd.DataFrame(columns=["kode", "tahun", "nilai", "keadaan"])
    baris = []
    for i in per_iku.itertuples():
        milik = renstra[renstra["kode"] == i.kode].sort_values("tahun")
        butir = [(r.tahun, "target_renstra", r.nilai, r.keadaan) for r in milik.itertuples()]
        butir.append((d.tahun, "target_berlaku", i.target, "dikutip"))
        butir.append((i.tahun_data, "realisasi", i.realisasi, i.keadaan_realisasi))
        if i.arah == RENTANG:
            butir += [(d.tahun, f"target_{x}", getattr(i, f"target_{x}"), "dikutip") for x in ("bawah", "atas")]
        baris += [
            {
                "kode": i.kode,
                "nama_pendek": i.nama_pendek,
                "tahun": int(tahun),
                "ukuran": ukuran,
                "nilai": nilai,
                "satuan": i.satuan,
                "keadaan": keadaan,
            }
            for tahun, ukuran, nilai, keadaan in butir
        ]
    return pd.DataFrame(baris, columns=["kode", "nama_pendek", "tahun", "ukuran", "nilai", "satuan", "keadaan"])


def distance(d: Data, kode: str | None = None) -> pd.DataFrame:
    """Jarak realisasi terakhir ke target akhir Renstra, dan laju tahunan yang diperlukan (:func:`required_pace`).

    Sisa tahun dihitung dari tahun data realisasinya sampai tahun akhir Renstra. Jarak positif berarti masih kurang;
    target yang sudah tercapai memerlukan laju 0. Bila tahunnya habis dan target belum tercapai, laju tidak tersedia.

    Parameters
    ----------
    d : Data
    kode : str, optional
        Satu IKU; bawaan semuanya.

    Returns
    -------
    pandas.DataFrame
        kode, nama_pendek, satuan, desimal, realisasi, tahun_data, tahun_akhir, target_akhir, jarak, sisa_tahun,
        laju_perlu (per tahun, bertanda searah perbaikan angka), capaian_akhir (persen, tanpa batas), tercapai (bool),
        keadaan.

    Raises
    ------
    GalatParameter
        IKU tidak dikenal.
    """
    baris = [_distance(d, i) for i in _choose(iku(d), kode).itertuples()]
    return pd.DataFrame(baris, columns=list(_KOLOM_JARAK))


def renstra_path(d: Data) -> pd.DataFrame:
    """Target Renstra setiap IKU di samping realisasi dan jaraknya ke target akhir.

    Returns
    -------
    pandas.DataFrame
        Kolom :func:`distance`, berindeks ``kode``, ditambah keadaan_realisasi, target (yang berlaku tahun ini),
        satuan_jarak, dan renstra_1 sampai renstra_5: target lima tahun yang berakhir pada ``tahun_akhir``.
    """
    frame = distance(d).set_index("kode", drop=False)
    per_iku = iku(d).set_index("kode")
    frame = frame.join(per_iku[["target", "keadaan_realisasi"]])
    frame["satuan_jarak"] = [change_unit(x) for x in frame["satuan"]]
    for n in range(1, TAHUN_RENSTRA + 1):
        frame[f"renstra_{n}"] = [plan_target(d, kode, end_year(d) - TAHUN_RENSTRA + n) for kode in frame["kode"]]
    return frame.rename_axis(None)


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
        rujukan = {k: catatan.at[tahun, k] for k in ("cara", "pembilang", "penyebut")}
        return realisation(d, i.kode, i.satuan, **rujukan)
    if tahun not in paths.tahun_tersedia():
        return tidak_ada
    dulu_ = iku(load(tahun).at(d.periode)).set_index("kode")
    cocok = {"satuan": i.satuan, "arah": i.arah, "tahun_data": tahun}
    if i.kode not in dulu_.index or any(dulu_.at[i.kode, k] != x for k, x in cocok.items()):
        return tidak_ada
    return float(dulu_.at[i.kode, "realisasi"]), str(dulu_.at[i.kode, "keadaan_realisasi"])


def plan_target(d: Data, kode: str, tahun: int) -> float:
    if not d.has("renstra"):
        return float("nan")
    r = d["renstra"]
    isi = r.loc[(r["kode"] == kode) & (r["tahun"] == tahun), "nilai"]
    return float(isi.iloc[0]) if len(isi) else float("nan")


def _choose(per_iku: pd.DataFrame, kode: str | None) -> pd.DataFrame:
    if kode is None:
        return per_iku
    if kode not in set(per_iku["kode"]):
        raise GalatParameter(f"IKU {kode!r} tidak dikenal; yang ada: {', '.join(per_iku['kode'])}.")
    return per_iku[per_iku["kode"] == kode]


def _distance(d: Data, i: Any) -> dict[str, Any]:
    tahun_akhir = end_year(d)
    # Jarak ke sebuah rentang tidak punya satu angka; angka yang masih terkumpul belum setara target setahun.
    terkumpul = d.periode != periode.TAHUN and not i.setahun and i.cara in ("jumlah", "kumulatif")
    target = float("nan") if i.arah == RENTANG or terkumpul else plan_target(d, i.kode, tahun_akhir)
    kurang = (target - i.realisasi) * (1 if i.arah == NAIK else -1)
    ada = not np.isnan(kurang)
    tercapai = bool(ada and (kurang <= 0 or equal_as_printed(i.realisasi, target, i.desimal)))
    return {
        "kode": i.kode,
        "nama_pendek": i.nama_pendek,
        "satuan": i.satuan,
        "desimal": i.desimal,
        "realisasi": i.realisasi,
        "tahun_data": i.tahun_data,
        "tahun_akhir": tahun_akhir,
        "target_akhir": target,
        "jarak": kurang,
        "sisa_tahun": tahun_akhir - i.tahun_data,
        "laju_perlu": 0.0 if tercapai else required_pace(i.realisasi, i.tahun_data, target, tahun_akhir, i.arah),
        "capaian_akhir": achievement(i.realisasi, target, i.arah, None, i.rumus) if i.arah != RENTANG else float("nan"),
        "tercapai": tercapai,
        "keadaan": "diturunkan" if ada else "tidak_tersedia",
    }
