"""Perubahan pagu sepanjang tahun, dan anggaran program dalam versi-versi Perjanjian Kinerja."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from kinerja import fmt
from kinerja.anggaran.serapan import percent, total
from kinerja.data import Data
from kinerja.errors import GalatHitung, GalatParameter

JUMLAH = "jumlah"
"""Kode baris jumlah pada tabel ``pk_anggaran``."""


def ceiling_steps(d: Data) -> pd.DataFrame:
    """Langkah perubahan pagu dari awal sampai akhir, dengan pemeriksaan tiap langkah.

    Returns
    -------
    pandas.DataFrame
        langkah, urutan, nama, jenis ("awal", "tambah", "kurang", "akhir"), perubahan (Int64; kosong di langkah awal dan
        akhir), pagu (tercetak), pagu_dihitung (pagu langkah sebelumnya ditambah perubahan), selisih (tercetak -
        dihitung), nilai (pagu pada langkah awal dan akhir, perubahan di antaranya), jumlah (bool: awal dan akhir),
        keadaan, tanda ("–", bagi perubahan yang memang tidak ada). Baris "pagu_akhir" mengulang pagu langkah terakhir.
        Tanpa baris bila tabel ``pagu`` tidak diisi.

    Raises
    ------
    GalatHitung
        Langkah pertama tidak punya pagu.
    """
    kolom = "langkah urutan nama jenis perubahan pagu pagu_dihitung selisih nilai jumlah keadaan tanda".split()
    if not d.has("pagu"):
        return pd.DataFrame(columns=kolom).astype(dict.fromkeys(kolom[4:9], "Int64") | {"jumlah": bool})
    lebar = _by_step(d)
    lebar = lebar[lebar["pagu"].notna()].reset_index(drop=True)
    if lebar.empty or not pd.isna(lebar["perubahan"].iloc[0]):
        raise GalatHitung("Tabel pagu harus dimulai dengan pagu awal yang tidak punya perubahan.")
    # Setiap langkah dihitung dari pagu tercetak sebelumnya, supaya satu salah cetak tidak menjalar ke bawah.
    lebar["pagu_dihitung"] = (lebar["pagu"].shift() + lebar["perubahan"]).fillna(lebar["pagu"])
    lebar["selisih"] = lebar["pagu"] - lebar["pagu_dihitung"]
    lebar["jenis"] = np.where(lebar["perubahan"].fillna(0) < 0, "kurang", "tambah")
    lebar.loc[0, "jenis"] = "awal"
    akhir = lebar.tail(1).assign(langkah="pagu_akhir", nama="Pagu Akhir", jenis="akhir", perubahan=pd.NA, selisih=0)
    akhir = akhir.assign(urutan=akhir["urutan"] + 1, pagu_dihitung=akhir["pagu"]).astype(lebar.dtypes)
    lebar = pd.concat([lebar, akhir], ignore_index=True)
    lebar["jumlah"] = lebar["jenis"].isin(["awal", "akhir"])
    lebar["nilai"] = lebar["pagu"].where(lebar["jumlah"], lebar["perubahan"])
    lebar = lebar.assign(keadaan="dikutip", tanda=fmt.TIDAK_BERLAKU)[kolom]
    lebar.attrs["satuan"] = dict.fromkeys(kolom[4:9], "rupiah")
    return lebar


def ceiling_change(d: Data) -> pd.DataFrame:
    """Pagu awal, pagu akhir, dan perubahannya di samping yang tercetak; satu baris, berindeks "pagu".

    Returns
    -------
    pandas.DataFrame
        awal, akhir, tambahan (rupiah, Int64), persen (float), tambahan_tercetak, persen_tercetak. Kosong semuanya bila
        tabel ``pagu`` tidak diisi.
    """
    langkah = ceiling_steps(d)
    isi: dict[str, Any] = {}
    if len(langkah):
        awal, akhir = langkah["pagu"].iloc[0], langkah["pagu"].iloc[-1]
        isi = {"awal": awal, "akhir": akhir, "tambahan": akhir - awal, "persen": (akhir - awal) / awal * 100}
        cetak = _by_step(d).query("pagu.isna()").head(1)
        isi |= {"tambahan_tercetak": cetak["perubahan"].max(), "persen_tercetak": cetak["persen_perubahan"].max()}
    rupiah, persen = ["awal", "akhir", "tambahan", "tambahan_tercetak"], ["persen", "persen_tercetak"]
    frame = pd.DataFrame([isi], index=["pagu"], columns=[*rupiah, *persen])
    frame = frame.astype(dict.fromkeys(rupiah, "Int64") | dict.fromkeys(persen, float))
    frame.attrs["satuan"] = dict.fromkeys(rupiah, "rupiah") | dict.fromkeys(persen, "persen_perubahan")
    return frame


def versions(d: Data) -> list[str]:
    """Versi Perjanjian Kinerja yang memuat anggaran, dalam urutan data; kosong bila tidak ada."""
    return [] if not d.has("pk_anggaran") else list(dict.fromkeys(d["pk_anggaran"]["versi"]))


def previous_version(d: Data, versi: str) -> str | None:
    """Versi Perjanjian Kinerja sebelum ``versi``; None untuk versi pertama."""
    urutan = versions(d)
    return None if versi not in urutan[1:] else urutan[urutan.index(versi) - 1]


def agreements(d: Data) -> pd.DataFrame:
    """Anggaran per program dalam setiap versi Perjanjian Kinerja, tanpa baris jumlah.

    Returns
    -------
    pandas.DataFrame
        Panjang: versi, program, nama, nilai (rupiah, int64), bagian (persen dari jumlah versi itu), satuan, keadaan.
    """
    kolom = ["versi", "program", "nama", "nilai", "bagian", "satuan", "keadaan"]
    if not versions(d):
        return pd.DataFrame(columns=kolom).astype({"nilai": "Int64", "bagian": float})
    frame = d["pk_anggaran"]
    frame = frame[frame["program"] != JUMLAH].reset_index(drop=True)
    frame = frame.astype({"nilai": "Int64"})
    frame["bagian"] = percent(frame["nilai"], frame.groupby("versi")["nilai"].transform("sum"))
    return frame[kolom]


def agreement(d: Data, versi: str, pembanding: str | None = None) -> pd.DataFrame:
    """Satu versi Perjanjian Kinerja per program, dibandingkan dengan versi lain.

    Parameters
    ----------
    d : Data
    versi : str
        Salah satu dari :func:`versions`.
    pembanding : str, optional
        Bawaan versi sebelumnya; versi pertama tidak punya pembanding, sehingga kolom perbandingannya kosong.

    Returns
    -------
    pandas.DataFrame
        program, nama, nilai, bagian, nilai_pembanding, bagian_pembanding, selisih (rupiah), persen_perubahan,
        selisih_bagian (poin persen), keadaan. Terurut menurut nilai, terbesar di atas. Tanpa baris bila tahun ini tidak
        punya anggaran Perjanjian Kinerja.

    Raises
    ------
    GalatParameter
        Versi tidak ada.
    """
    for nama in (versi, pembanding):
        if nama is not None and versions(d) and nama not in versions(d):
            raise GalatParameter(f"Versi Perjanjian Kinerja {nama!r} tidak ada; pilih: {', '.join(versions(d))}.")
    pembanding = previous_version(d, versi) if pembanding is None else pembanding
    semua = agreements(d)
    isi = semua[semua["versi"] == versi].set_index("program")
    lain = semua[semua["versi"] == pembanding].set_index("program")
    frame = isi[["nama", "nilai", "bagian", "keadaan"]].join(
        lain[["nilai", "bagian"]].add_suffix("_pembanding"), how="left"
    )
    frame["selisih"] = frame["nilai"] - frame["nilai_pembanding"]
    frame["persen_perubahan"] = percent(frame["selisih"], frame["nilai_pembanding"])
    frame["selisih_bagian"] = frame["bagian"] - frame["bagian_pembanding"]
    return frame.sort_values("nilai", ascending=False, kind="stable").reset_index()


def agreement_change(d: Data, dari: str | None = None, ke: str | None = None) -> pd.DataFrame:
    """Anggaran tiap program dalam dua versi Perjanjian Kinerja dan jumlahnya; bawaan yang pertama dan terakhir.

    Returns
    -------
    pandas.DataFrame
        program, nama, dari, ke (kode versi), awal, akhir, selisih (rupiah, Int64), persen_perubahan, jumlah (bool:
        baris terakhir), keadaan; kenaikan terbesar di atas. Tanpa baris bila versinya kurang dari dua.
    """
    kolom = ["program", "nama", "dari", "ke", "awal", "akhir", "selisih", "persen_perubahan", "jumlah", "keadaan"]
    urutan = versions(d)
    if len(urutan) < 2:
        tipe = dict.fromkeys(kolom[4:7], "Int64") | {"persen_perubahan": float, "jumlah": bool}
        return pd.DataFrame(columns=kolom).astype(tipe)
    dari, ke = dari or urutan[0], ke or urutan[-1]
    frame = agreement(d, ke, dari).rename(columns={"nilai": "akhir", "nilai_pembanding": "awal"})
    frame = frame.sort_values("selisih", ascending=False, kind="stable").assign(jumlah=False)
    total = frame[["awal", "akhir", "selisih"]].sum(skipna=False)
    total = pd.DataFrame([{"program": JUMLAH, "nama": "Jumlah", **total, "jumlah": True, "keadaan": "dikutip"}])
    total["persen_perubahan"] = percent(total["selisih"], total["awal"])
    hasil = pd.concat([frame, total], ignore_index=True).assign(dari=dari, ke=ke)
    hasil = hasil.astype(dict.fromkeys(kolom[4:7], "Int64"))[kolom]
    hasil.attrs["satuan"] = dict.fromkeys(kolom[4:7], "rupiah") | {"persen_perubahan": "persen_perubahan"}
    return hasil


def agreement_totals(d: Data) -> pd.DataFrame:
    """Jumlah setiap versi Perjanjian Kinerja, dan langkah pagu yang nilainya sama.

    Returns
    -------
    pandas.DataFrame
        versi, jumlah_tercetak, jumlah_dihitung, selisih (rupiah, Int64), langkah, nama_langkah (kosong bila tidak ada
        pagu yang sama), jarak_ke_akhir (pagu akhir dikurangi jumlah), keadaan.
    """
    kolom = ["jumlah_tercetak", "jumlah_dihitung", "selisih", "jarak_ke_akhir"]
    if not versions(d):
        return pd.DataFrame(columns=["versi", *kolom[:3], "langkah", "nama_langkah", kolom[3], "keadaan"])
    semua = d["pk_anggaran"].astype({"nilai": "Int64"})
    langkah = ceiling_steps(d)
    akhir = total(d)["pagu"]
    baris = []
    for versi in versions(d):
        isi = semua[semua["versi"] == versi]
        cetak = isi.loc[isi["program"] == JUMLAH, "nilai"]
        hitung = isi.loc[isi["program"] != JUMLAH, "nilai"].sum()
        cocok = langkah[langkah["pagu"] == hitung]
        baris.append(
            {
                "versi": versi,
                "jumlah_tercetak": cetak.iloc[0] if len(cetak) else pd.NA,
                "jumlah_dihitung": hitung,
                "selisih": cetak.iloc[0] - hitung if len(cetak) else pd.NA,
                "langkah": cocok["langkah"].iloc[0] if len(cocok) else "",
                "nama_langkah": cocok["nama"].iloc[0] if len(cocok) else "",
                "jarak_ke_akhir": akhir - hitung,
                "keadaan": "dikutip",
            }
        )
    return pd.DataFrame(baris).astype(dict.fromkeys(kolom, "Int64"))


def _by_step(d: Data) -> pd.DataFrame:
    tabel = d["pagu"]
    lebar = tabel.pivot(index=["langkah", "urutan", "nama"], columns="ukuran", values="nilai")
    lebar = lebar.reindex(columns=["perubahan", "pagu", "persen_perubahan"])
    lebar.columns.name = None
    lebar = lebar.reset_index().sort_values("urutan", kind="stable", ignore_index=True)
    return lebar.astype({"perubahan": "Int64", "pagu": "Int64"})
