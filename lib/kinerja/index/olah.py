"""Pemeriksaan indikator, penanganan pencilan, dan imputasi; setiap sel yang berubah tercatat.

Kemencengan dan keruncingan memakai rumus tipe 2 (Joanes dan Gill 1998; sama dengan SKEW dan KURT di lembar kerja).
Aturan pencilan mengikuti COIN Tool: indikator diolah bila |kemencengan| > 2 dan keruncingan > 3,5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
import pandas as pd

from kinerja.errors import GalatParameter
from kinerja.index.normalisasi import Acuan, Normalisasi, fit_array
from kinerja.index.outliers import OUTLIER_RULES, Transform, kurtosis, present, skewness
from kinerja.index.pohon import Pohon, code_columns, name_list, unknown_name_error

KOLOM_CATATAN = ["unit", "indikator", "tindakan", "nilai_lama", "nilai_baru", "alasan"]


@dataclass(frozen=True)
class Olahan:
    """Aturan penanganan pencilan.

    Attributes
    ----------
    cara : str
        Kode di :data:`kinerja.index.outliers.OUTLIER_RULES`. Bila hasilnya belum lulus, data asli dipertahankan dan
        indikatornya dinyatakan gagal.
    maks_titik : int
        Paling banyak sel yang diwinsor per indikator.
    batas_menceng, batas_runcing : float
        Lulus bila |kemencengan| atau keruncingan di bawah batasnya.
    batas_nol : float
        Indikator dengan bagian nol lebih dari ini tidak diolah: pencilannya adalah isinya.
    """

    cara: str = "winsor_lalu_log"
    maks_titik: int = 5
    batas_menceng: float = 2.0
    batas_runcing: float = 3.5
    batas_nol: float = 0.5

    def __post_init__(self) -> None:
        if self.cara not in OUTLIER_RULES:
            raise unknown_name_error("Cara olah", [self.cara], OUTLIER_RULES)
        if self.maks_titik < 0:
            raise GalatParameter("maks_titik tidak boleh negatif.")
        if not 0 <= self.batas_nol <= 1:
            raise GalatParameter("batas_nol harus antara 0 dan 1.")

    @classmethod
    def dari_dict(cls, isi: Mapping[str, object] | str) -> Olahan:
        """Dari nama cara atau dari kamus (misalnya hasil YAML)."""
        if isinstance(isi, str):
            return cls(isi)
        asing = set(isi) - {f.name for f in fields(cls)}
        if asing:
            raise unknown_name_error("Isi olahan", asing, [f.name for f in fields(cls)])
        return cls(**isi)


@dataclass(frozen=True, eq=False)
class HasilOlah:
    """Data sesudah diolah atau diimputasi.

    Attributes
    ----------
    data : DataFrame
        Seperti masukan, dengan sel yang berubah sudah diganti.
    catatan : DataFrame
        Satu baris per sel: unit, indikator, tindakan, nilai_lama, nilai_baru, alasan.
    ringkasan : DataFrame
        Satu baris per indikator.
    """

    data: pd.DataFrame
    catatan: pd.DataFrame
    ringkasan: pd.DataFrame


def inspect_indicators(data: pd.DataFrame, pohon: Pohon, aturan: Olahan | None = None) -> pd.DataFrame:
    """Keadaan tiap indikator sebelum apa pun dihitung.

    Parameters
    ----------
    data : DataFrame
        Unit x indikator; indikator tanpa kolom dilaporkan sebagai tidak tersedia.
    aturan : Olahan, optional
        Batas pencilan dan batas bagian nol.

    Returns
    -------
    DataFrame
        Indeks kode: n, hilang, unik, bagian_nol, minimum, maksimum, kemencengan, keruncingan, dan ``keadaan``: "tidak
        tersedia", "konstan", "biner", "sebagian besar nol", "berpencilan", atau "baik".
    """
    aturan = aturan or Olahan()
    x = pohon.values(data, "kosong")
    baris = []
    for k, kode in enumerate(pohon.indikator):
        isi = present(x[:, k])
        miring, runcing = skewness(isi), kurtosis(isi)
        baris.append(
            {
                "kode": kode,
                "nama": pohon.nama(kode),
                "n": len(isi),
                "hilang": int(np.isnan(x[:, k]).sum()),
                "unik": len(np.unique(isi)),
                "bagian_nol": float((isi == 0).mean()) if len(isi) else np.nan,
                "minimum": isi.min() if len(isi) else np.nan,
                "maksimum": isi.max() if len(isi) else np.nan,
                "kemencengan": miring,
                "keruncingan": runcing,
                "keadaan": _condition(isi, aturan),
            }
        )
    return pd.DataFrame(baris).set_index("kode")


def _condition(isi: np.ndarray, aturan: Olahan) -> str:
    if len(isi) == 0:
        return "tidak tersedia"
    banyak = len(np.unique(isi))
    if banyak == 1:
        return "konstan"
    if banyak == 2:
        return "biner"
    if (isi == 0).mean() > aturan.batas_nol:
        return "sebagian besar nol"
    return "baik" if _passes(isi, aturan) else "berpencilan"


def _passes(isi: np.ndarray, aturan: Olahan) -> bool:
    return not (abs(skewness(isi)) > aturan.batas_menceng and kurtosis(isi) > aturan.batas_runcing)


# -------------------------------------------------------------------- pencilan


@dataclass(frozen=True, eq=False)
class OlahanTerpasang:
    """Keputusan olahan yang dapat diterapkan lagi pada ulangan.

    Attributes
    ----------
    ubahan : dict of int to Transform
        Letak indikator -> ubahannya; yang tidak diolah tidak ada.
    ringkasan : DataFrame
    """

    ubahan: Mapping[int, Transform]
    ringkasan: pd.DataFrame

    def terapkan(self, x: np.ndarray) -> np.ndarray:
        """Terapkan pada larik (..., unit, indikator)."""
        hasil = np.array(x, dtype=float)
        for k, satu in self.ubahan.items():
            hasil[..., k] = satu(hasil[..., k])
        return hasil


def fit_treatment(x: np.ndarray, kode: tuple[str, ...], aturan: Olahan) -> OlahanTerpasang:
    """Putuskan olahan tiap indikator dari larik (unit, indikator)."""
    ubahan: dict[int, Transform] = {}
    baris = []
    for k, nama in enumerate(kode):
        isi = present(x[:, k])
        keadaan = _condition(isi, aturan)
        tindakan, akhir, banyak = "tidak perlu" if keadaan == "baik" else f"tidak diolah: {keadaan}", isi, 0
        if keadaan == "berpencilan":
            tindakan = "gagal, data asli dipertahankan"
            satu = OUTLIER_RULES[aturan.cara].fit(isi, partial(_passes, aturan=aturan), aturan.maks_titik)
            if satu is not None:
                ubahan[k], akhir, tindakan = satu, satu(isi), satu.action
                banyak = int((akhir != isi).sum()) if tindakan == "winsor" else 0
        baris.append(
            {
                "kode": nama,
                "keadaan": keadaan,
                "kemencengan": skewness(isi),
                "keruncingan": kurtosis(isi),
                "tindakan": tindakan,
                "titik_winsor": banyak,
                "kemencengan_akhir": skewness(akhir),
                "keruncingan_akhir": kurtosis(akhir),
            }
        )
    return OlahanTerpasang(ubahan, pd.DataFrame(baris).set_index("kode"))


def treat_outliers(data: pd.DataFrame, pohon: Pohon, aturan: Olahan | None = None) -> HasilOlah:
    """Tangani pencilan indikator (satuan asli), dengan catatan sel demi sel.

    Parameters
    ----------
    data : DataFrame
        Unit x indikator; kolom lain dibiarkan.
    aturan : Olahan, optional

    Returns
    -------
    HasilOlah
        ``ringkasan``: keadaan, tindakan ("tidak perlu", "winsor", "log", "gagal ...", "tidak diolah: biner" ...), dan
        kemencengan serta keruncingan sebelum dan sesudah. Indikator konstan, biner, atau sebagian besar nol
        tidak diolah.
    """
    aturan = aturan or Olahan()
    x = pohon.values(data, "kosong")
    terpasang = fit_treatment(x, pohon.indikator, aturan)
    baru = terpasang.terapkan(x)
    tindakan = np.full(x.shape, "", dtype=object)
    for k, satu in terpasang.ubahan.items():
        tindakan[:, k] = satu.labels(x[:, k], baru[:, k])
    alasan = [
        f"kemencengan {m:.3f}, keruncingan {r:.3f}"
        for m, r in zip(terpasang.ringkasan["kemencengan"], terpasang.ringkasan["keruncingan"], strict=True)
    ]
    berubah = (baru != x) & ~np.isnan(x)
    catatan = _cell_log(data.index, pohon.indikator, berubah, x, baru, tindakan, alasan)
    return HasilOlah(_with_values(data, pohon, baru), catatan, terpasang.ringkasan)


def _cell_log(unit, kode, berubah, lama, baru, tindakan, alasan) -> pd.DataFrame:
    baris, kolom = np.nonzero(berubah)
    return pd.DataFrame(
        {
            "unit": unit[baris],
            "indikator": np.array(kode, dtype=object)[kolom],
            "tindakan": tindakan[baris, kolom],
            "nilai_lama": lama[baris, kolom],
            "nilai_baru": baru[baris, kolom],
            "alasan": [alasan[k] for k in kolom] if isinstance(alasan, list) else alasan[baris, kolom],
        },
        columns=KOLOM_CATATAN,
    )


def _with_values(data: pd.DataFrame, pohon: Pohon, baru: np.ndarray) -> pd.DataFrame:
    hasil = data.copy()
    kolom = code_columns(data, pohon.indikator)
    for k, kode in enumerate(pohon.indikator):
        if kode in kolom:
            hasil.isetitem(kolom[kode], baru[:, k])
    return hasil


# -------------------------------------------------------------------- imputasi


def impute_group(
    data: pd.DataFrame, pohon: Pohon, kelompok: pd.Series | str | None = None, statistik: str = "rata"
) -> HasilOlah:
    """Isi sel kosong dengan rata-rata (atau median) indikator itu di kelompok unitnya.

    Parameters
    ----------
    kelompok : Series or str, optional
        Kelompok tiap unit (misalnya pulau): nama kolom ``data`` atau Series berindeks unit. None: seluruh unit.
    statistik : {"rata", "median"}

    Returns
    -------
    HasilOlah
        Sel yang kelompoknya kosong sama sekali tetap kosong, dengan tindakan "tetap kosong".

    Raises
    ------
    GalatParameter
        Kelompok tidak dikenal, tidak lengkap, atau statistik tidak dikenal.
    """
    if statistik not in ("rata", "median"):
        raise GalatParameter("statistik imputasi harus 'rata' atau 'median'.")
    x = pohon.values(data, "kosong")
    label = _group_labels(data, kelompok)
    hitung = np.mean if statistik == "rata" else np.median
    baru = x.copy()
    for nama in pd.unique(label):
        anggota = np.flatnonzero((label == nama).to_numpy())
        for k in np.flatnonzero(np.isnan(x[anggota]).any(axis=0)):
            isi = x[anggota, k]
            if not np.isnan(isi).all():
                baru[anggota, k] = np.where(np.isnan(isi), hitung(present(isi)), isi)
    sebut = f"{'rata-rata' if statistik == 'rata' else 'median'} kelompok"
    alasan = np.array([f"{sebut} '{nama}'" for nama in label], dtype=object)[:, None]
    return _imputation_result(data, pohon, x, baru, np.broadcast_to(alasan, x.shape))


def _group_labels(data: pd.DataFrame, kelompok: pd.Series | str | None) -> pd.Series:
    if kelompok is None:
        return pd.Series("semua unit", index=data.index)
    if isinstance(kelompok, str):
        if kelompok not in data.columns:
            raise unknown_name_error("Kolom kelompok", [kelompok], data.columns)
        if list(data.columns).count(kelompok) > 1:
            raise GalatParameter(f"Kolom kelompok ganda: '{kelompok}'.")
        label = data[kelompok]
    else:
        if kelompok.index.has_duplicates:
            raise GalatParameter("Series kelompok memuat unit ganda.")
        label = kelompok.reindex(data.index)
    if label.isna().any():
        raise GalatParameter(f"Kelompok kosong untuk unit {name_list(label.index[label.isna()])}.")
    return label


def impute_siblings(data: pd.DataFrame, pohon: Pohon, tingkat: int = 2) -> HasilOlah:
    """Isi sel kosong dengan rata-rata saudaranya pada unit yang sama.

    Indikator dibawa dulu ke 0-1 (min-maks, searah), dirata-ratakan dengan saudara yang tersedia, lalu dikembalikan ke
    satuan asli.

    Parameters
    ----------
    tingkat : int
        Saudara = indikator di bawah leluhur yang sama pada tingkat ini (2 = induk langsung, bila semua daun setingkat).

    Returns
    -------
    HasilOlah
        Sel tanpa saudara yang tersedia tetap kosong dan dicatat begitu.
    """
    x = pohon.values(data, "kosong")
    pohon.setingkat(tingkat)
    acuan = Acuan.dari_pohon(pohon)
    terisi = np.flatnonzero(~np.isnan(x).all(axis=0))
    u = np.full(x.shape, np.nan)
    t = fit_array(x[:, terisi], Normalisasi("minmax", 0, 1, konstan="tengah"), acuan.pilih(terisi))
    u[:, terisi] = t.terapkan(x[:, terisi])
    baru, alasan = x.copy(), np.full(x.shape, "tanpa saudara yang tersedia", dtype=object)
    tinggi = pohon.kolom("tingkat")
    for k, kode in enumerate(pohon.indikator):
        kosong = np.isnan(x[:, k])
        if not kosong.any():
            continue
        induk = next((a for a in pohon.leluhur(kode) if tinggi[a] >= tingkat), pohon.puncak)
        saudara = [i for i, nama in enumerate(pohon.indikator) if nama in pohon.daun(induk) and i != k]
        ada = ~np.isnan(u[:, saudara])
        if kosong.all():
            continue
        isi = kosong & ada.any(axis=1)
        rata = np.where(ada, u[:, saudara], 0.0).sum(axis=1)[isi] / ada.sum(axis=1)[isi]
        letak = int(np.searchsorted(terisi, k))
        baru[isi, k] = t.balik(np.broadcast_to(rata[:, None], (len(rata), len(terisi))))[:, letak]
        alasan[isi, k] = f"rata-rata saudara di bawah '{induk}'"
    return _imputation_result(data, pohon, x, baru, alasan)


def _imputation_result(data, pohon: Pohon, x: np.ndarray, baru: np.ndarray, alasan: np.ndarray) -> HasilOlah:
    kosong = np.isnan(x)
    tindakan = np.where(np.isnan(baru), "tetap kosong", "imputasi")
    catatan = _cell_log(data.index, pohon.indikator, kosong, x, baru, tindakan, alasan)
    ringkasan = pd.DataFrame(
        {
            "hilang": kosong.sum(axis=0),
            "diimputasi": (kosong & ~np.isnan(baru)).sum(axis=0),
            "tetap_kosong": np.isnan(baru).sum(axis=0),
        },
        index=pd.Index(pohon.indikator, name="kode"),
    )
    return HasilOlah(_with_values(data, pohon, baru), catatan, ringkasan)
