"""Angka yang tercetak di laporan, dalam setiap versinya, di samping hasil hitung ulang."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja import anggaran, fmt
from kinerja.capaian.agregat import mean_achievement, sasaran
from kinerja.capaian.indikator import iku, short_names
from kinerja.capaian.jalur import distance, plan_target
from kinerja.data import Data
from kinerja.istilah import spaced


def printed_versions(d: Data) -> pd.DataFrame:
    """Setiap versi tercetak dari ``iku_tercetak`` di samping hasil hitung ulang.

    Perbandingan dilakukan pada banyaknya desimal yang tercetak. Batas yang dipakai adalah ``aturan/batas_capaian``,
    karena laporan dicetak dengan batas itu.

    Returns
    -------
    pandas.DataFrame
        kode, ukuran, tempat, bagian, satuan, desimal, tercetak, dihitung (tanpa pembulatan; NaN bila tidak ada
        dasarnya), selisih (tercetak dikurangi hitungan yang dibulatkan pada desimal tercetak), verdik ("sama",
        "beda", "tidak_dihitung"), keadaan, catatan, id. Tanpa baris bila tabel ``iku_tercetak`` tidak diisi.
    """
    kolom = "kode ukuran tempat bagian satuan desimal tercetak dihitung selisih verdik keadaan catatan id".split()
    if not d.has("iku_tercetak"):
        return pd.DataFrame(columns=kolom).astype(dict.fromkeys(("tercetak", "dihitung", "selisih"), float))
    hitung = _recomputed(d)
    frame = d["iku_tercetak"].rename(columns={"nilai": "tercetak"})
    frame["dihitung"] = [hitung.get((k, u), np.nan) for k, u in zip(frame["kode"], frame["ukuran"], strict=True)]
    bulat = [fmt.round_half_up(x, n) for x, n in zip(frame["dihitung"], frame["desimal"], strict=True)]
    frame["selisih"] = [
        fmt.round_half_up(t - b, n) for t, b, n in zip(frame["tercetak"], bulat, frame["desimal"], strict=True)
    ]
    frame["verdik"] = np.select(
        [frame["selisih"].isna(), frame["selisih"] == 0], ["tidak_dihitung", "sama"], default="beda"
    )
    return frame[kolom]


def printed_places(d: Data) -> pd.DataFrame:
    """Versi tercetak, satu baris per angka yang berbeda: :func:`printed_versions` dengan semua tempatnya.

    Returns
    -------
    pandas.DataFrame
        kode, nama (IKU, sasaran, atau institusi), ukuran, satuan, desimal, tercetak, dihitung, verdik, bagian dan id
        (semua tempatnya, dipisah titik koma), versi (banyaknya angka berbeda bagi kode dan ukuran itu), keadaan.
    """
    kunci = ["kode", "ukuran", "satuan", "desimal", "tercetak", "dihitung", "verdik"]
    cetak = printed_versions(d).groupby(kunci, sort=False, dropna=False)[["bagian", "id"]]
    ringkas = cetak.agg(lambda isi: "; ".join(dict.fromkeys(isi))).reset_index()
    nama = short_names(d) | {x: spaced(x) for x in d["sasaran"]["kode"]}
    sebutan = [nama.get(x) or d.rule_text("nama_institusi") for x in ringkas["kode"]]
    ringkas.insert(1, "nama", pd.Series(sebutan, index=ringkas.index, dtype=object))
    besaran = ringkas.groupby(["kode", "ukuran"], sort=False)
    ringkas["versi"] = besaran["tercetak"].transform("nunique")
    urut = besaran.ngroup().sort_values(kind="stable").index  # versi sebuah besaran berdampingan, urutan cetak
    return ringkas.loc[urut].reset_index(drop=True).assign(keadaan="dikutip")


def _recomputed(d: Data) -> dict[tuple[str, str], float]:
    hasil: dict[tuple[str, str], float] = {}
    jarak = distance(d).set_index("kode")
    for i in iku(d).itertuples():
        hasil |= {
            (i.kode, "target"): i.target,
            (i.kode, "realisasi"): i.realisasi,
            (i.kode, "capaian"): i.capaian,
            (i.kode, "capaian_tanpa_batas"): i.capaian_tanpa_batas,
            (i.kode, "target_akhir"): jarak.loc[i.kode, "target_akhir"],
            (i.kode, "capaian_akhir"): jarak.loc[i.kode, "capaian_akhir"],
            (i.kode, "target_semula"): plan_target(d, i.kode, d.tahun),
            (i.kode, "target_tahun_depan"): plan_target(d, i.kode, d.tahun + 1),
        }
    hasil |= {(s.kode, "capaian"): s.capaian for s in sasaran(d).itertuples()}
    institusi_ = set(d["iku_tercetak"]["kode"]) - set(d["iku"]["kode"]) - set(d["sasaran"]["kode"])
    rata, serapan = mean_achievement(d), _absorption(d)
    for kode in institusi_:
        hasil[kode, "capaian"] = rata
        hasil[kode, "realisasi_keuangan"] = serapan.get("total", float("nan"))
    return hasil | {(k, "realisasi_keuangan"): serapan[k] for k in d["sasaran"]["kode"] if k in serapan}


def _absorption(d: Data) -> dict[str, float]:
    """Realisasi / pagu dalam persen pada tanggal laporan: kunci "total" dan kode sasaran."""
    baris = anggaran.lines(d, "sasaran")
    kunci = baris["kode"].mask(baris["jumlah"], "total")
    return dict(zip(kunci, baris["penyerapan"], strict=True))
