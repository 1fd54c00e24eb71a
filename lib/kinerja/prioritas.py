"""Keluaran (output) prioritas nasional: capaian tanpa batas dan dengan batas, dan sandingannya dengan daftar rencana.

Capaian dihitung ulang tanpa pembulatan dari target dan realisasi. Laporan mencetaknya tanpa batas; batas di sini hanya
pilihan pembaca.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from kinerja import capaian as aturan_capaian
from kinerja import fmt
from kinerja.anggaran import difference
from kinerja.data import Data, remembered
from kinerja.errors import GalatParameter

SEMUA = "semua"
TINGKAT = ("pn", "pp", "kp")
GOLONGAN = ("di_bawah", "tepat", "di_atas")


@remembered
def outputs(d: Data, batas: float | None = None, pn: str = SEMUA) -> pd.DataFrame:
    """Setiap keluaran dengan capaian yang dihitung ulang, di samping yang tercetak (``pn_output``, ``pn_nilai``).

    Parameters
    ----------
    d : Data
    batas : float, optional
        Capaian tertinggi (persen) pada kolom ``capaian_batas``; None atau 0 berarti tanpa batas.
    pn : str
        Kode prioritas nasional, atau "semua".

    Returns
    -------
    pandas.DataFrame
        Satu baris per keluaran, urut menurut PN, PP, KP sebagaimana pertama kali muncul: kode, pn, nama_pn, pp, kp,
        nama, nama_pendek, satuan, target, realisasi (Int64), lebih (realisasi - target, Int64), capaian (persen tanpa
        batas), capaian_batas, tercetak, desimal (banyaknya desimal tercetak), selisih (tercetak - hitungan pada desimal
        tercetak), verdik ("sama", "dipotong" bila hanya sama tanpa pembulatan ke atas, "beda", "tidak_dihitung"),
        golongan ("di_bawah", "tepat", "di_atas", "tidak_dinilai"), keadaan, catatan, id.

    Raises
    ------
    GalatParameter
        PN tidak dikenal, atau batas di bawah 100.
    """
    frame = d["pn_output"].merge(_values(d), on="kode", how="left")
    ada = list(dict.fromkeys(frame["pn"]))
    if pn not in (SEMUA, *ada):
        raise GalatParameter(f"Prioritas nasional {pn!r} tidak ada; yang ada: {SEMUA}, {', '.join(ada)}.")
    # menurut PN, PP, KP dalam urutan kemunculannya, tanpa mengubah urutan keluaran di dalamnya
    urutan = pd.DataFrame({k: pd.factorize(frame[k])[0] for k in TINGKAT})
    frame = frame.iloc[urutan.sort_values(list(TINGKAT), kind="stable").index]
    frame = frame if pn == SEMUA else frame[frame["pn"] == pn]
    target, realisasi = (x.astype("Float64").to_numpy(float, na_value=np.nan) for x in (frame.target, frame.realisasi))
    frame["lebih"] = frame["realisasi"] - frame["target"]
    frame["capaian"] = aturan_capaian.achievement(realisasi, target)
    frame["capaian_batas"] = aturan_capaian.achievement(realisasi, target, batas=batas or None)
    frame["selisih"] = list(map(difference, frame["tercetak"], frame["capaian"], frame["desimal"]))
    frame["verdik"] = list(map(_verdict, frame["capaian"], frame["tercetak"], frame["desimal"]))
    frame["golongan"] = [aturan_capaian.classify(x) for x in frame["capaian"]]
    kolom = (
        "kode pn nama_pn pp kp nama nama_pendek satuan target realisasi lebih capaian capaian_batas tercetak desimal "
        "selisih verdik golongan keadaan catatan id"
    ).split()
    frame = frame.assign(keadaan="diturunkan")[kolom].reset_index(drop=True)
    frame.attrs["satuan"] = {
        **dict.fromkeys(("target", "realisasi", "lebih"), "=satuan"),
        **dict.fromkeys(("capaian", "capaian_batas", "tercetak"), "persen_capaian"),
    }
    return frame


def crosswalk(d: Data) -> pd.DataFrame:
    """Sandingan daftar keluaran pada bab perencanaan dengan keluaran pada bab capaian.

    Satu baris per pasangan, urut nomor daftar lalu keluaran yang tidak terdaftar: nomor (Int64; kosong bila tidak
    terdaftar), nama_rencana, kode, nama_capaian, pn_rencana, kp, hubungan ("satu_satu", "digabung" bila satu butir
    rencana menjadi beberapa keluaran, "tidak_terdaftar", "tanpa_capaian"), keadaan.
    """
    capaian, baris = d["pn_output"].set_index("kode"), []
    for r in d["rkp_output"].sort_values("nomor").itertuples():
        kode = r.kode_output.split()
        hubungan = "digabung" if len(kode) > 1 else "satu_satu" if kode else "tanpa_capaian"
        for k in kode or [""]:
            baris.append((r.nomor, r.nama, k, capaian.at[k, "nama"] if k else "", r.pn, r.kp, hubungan))
    for x in capaian.drop([k for _, _, k, *_ in baris if k]).itertuples():
        baris.append((pd.NA, "", x.Index, x.nama, x.pn, x.kp, "tidak_terdaftar"))
    kolom = ["nomor", "nama_rencana", "kode", "nama_capaian", "pn_rencana", "kp", "hubungan"]
    hasil = pd.DataFrame(baris, columns=kolom).astype({"nomor": "Int64"})
    return hasil.assign(keadaan=np.where(hasil["hubungan"] == "tidak_terdaftar", "diturunkan", "dikutip"))


def _values(d: Data) -> pd.DataFrame:
    lebar = d.wide("pn_nilai", "kode").reindex(columns=["kode", "target", "realisasi", "capaian"])
    cetak = d["pn_nilai"].query("ukuran == 'capaian'").set_index("kode")["desimal"]
    desimal = lebar["kode"].map(cetak).fillna(aturan_capaian.DESIMAL_CETAK).astype("int64")
    return lebar.rename(columns={"capaian": "tercetak"}).assign(desimal=desimal)


def _verdict(capaian: float, tercetak: float, desimal: int) -> str:
    if math.isnan(capaian) or pd.isna(tercetak):
        return "tidak_dihitung"
    if fmt.round_half_up(capaian, desimal) == tercetak:
        return "sama"
    # 157,2960 tercetak 157,29: angka di belakangnya dibuang, bukan dibulatkan
    dipotong = math.floor(fmt.round_half_up(capaian * 10**desimal, 6)) / 10**desimal
    return "dipotong" if dipotong == tercetak else "beda"
