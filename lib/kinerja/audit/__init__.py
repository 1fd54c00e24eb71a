"""Audit angka tercetak: dihitung ulang dari angka yang paling pokok, dibandingkan pada ketelitian cetaknya.

Rumusnya data: kolom ``rumus`` tabel ``klaim``, berbahasa :mod:`colformula`. Semua hitungan memakai pecahan tepat,
sehingga pembulatan setengah menjauhi nol tidak bergantung pada bilangan titik kambang. Tidak ada vonis yang ditulis
tangan.

Rujukan dalam kolom ``rumus`` (di antara kurung siku) dan ``alternatif``:

``sdm/semua/lulus/prosa``
    angka tercetak dengan id itu
``=iku_tercetak/IKU3/realisasi/tabel_ss2``
    hasil hitung ulang (tidak dibulatkan) dari klaim atas angka itu
``sdm/*/lulus/rekapitulasi``
    semua id yang cocok, menurut urutan data
``{0}``, ``{1}``
    isi tanda ``*`` atau pilihan ``a|b`` ke-1, ke-2 dalam kolom ``tercetak``
"""

from __future__ import annotations

import pandas as pd

from kinerja.audit.mesin import Audit
from kinerja.data.load import Data

__all__ = ["KOLOM", "VONIS", "Audit", "audit", "summary"]

VONIS = ("cocok", "beda_pembulatan", "beda", "bertentangan", "tak_dapat_dihitung")
KOLOM = ("id", "bagian", "uraian", "tercetak", "dihitung", "selisih", "vonis", "penjelasan", "sumber")


def audit(d: Data, toleransi: int = 0) -> pd.DataFrame:
    """Vonis setiap angka tercetak satu tahun; lihat `Audit.table`."""
    return Audit(d, toleransi).table()


def summary(tabel: pd.DataFrame) -> pd.DataFrame:
    """Banyaknya angka per bab dan vonis.

    Parameters
    ----------
    tabel : pandas.DataFrame
        Keluaran `audit`.

    Returns
    -------
    pandas.DataFrame
        Satu baris per bab (bagian sebelum titik dua) ditambah baris ``Jumlah``; satu kolom Int64 per vonis, ``diuji``,
        dan ``jumlah``.
    """
    bab = tabel["bagian"].str.split(":").str[0].str.strip()
    hitung = pd.crosstab(bab, tabel["vonis"]).reindex(columns=list(VONIS), fill_value=0)
    hitung = hitung.loc[list(dict.fromkeys(bab))]
    hitung.loc["Jumlah"] = hitung.sum()
    hitung["jumlah"] = hitung.sum(axis=1)
    hitung["diuji"] = hitung["jumlah"] - hitung["tak_dapat_dihitung"]
    hitung.columns.name = None
    return hitung.rename_axis("bab").reset_index().astype({k: "Int64" for k in (*VONIS, "jumlah", "diuji")})
