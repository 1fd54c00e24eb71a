"""Kabupaten/kota yang ada pada satu gelombang."""

from __future__ import annotations

import numpy as np
import pandas as pd

from kinerja import paths, terbaca


def kabkota(tahun: int) -> pd.DataFrame:
    """Kode provinsi dan nomor kabupaten/kota (dua angka; 71 ke atas kota) semua kabupaten/kota satu gelombang.

    Returns
    -------
    DataFrame
        ``provinsi``, ``kabkota``; 514 baris.
    """
    berkas = paths.acuan() / "provinsi.csv"
    terbaca.note_file(berkas)
    p = pd.read_csv(berkas, usecols=["kode_bps", "n_kab", "n_kota"])
    banyak = (p["n_kab"] + p["n_kota"]).to_numpy()
    nomor = [np.r_[1 : kab + 1, 71 : 71 + kota] for kab, kota in zip(p["n_kab"], p["n_kota"], strict=True)]
    return pd.DataFrame({"provinsi": np.repeat(p["kode_bps"].to_numpy(), banyak), "kabkota": np.concatenate(nomor)})
